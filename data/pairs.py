"""German and English sentences out of a dictionary's examples; `build.py` calls what stands here."""

import re

import numpy as np
import pandas as pd
from packages import DataSet, csv_bytes, debian_package
from sentences import look_alikes

INSIDE = "usr/share/trans/de-en"
CHECKSUM = "45f6b4cf1c434776fba6811d7bc522efabb5425c43ba8afd0e289bf9e2e53df4"
HELD = 500  # sentences to test with, and as many to validate with
LONGEST = 14  # words in a sentence
# gender, region or subject, remark, see also, short form
NOTES = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)|<[^>]*>|/[A-Z][^/ ]*/")
RUDE = re.compile(r"\[(?:vulg|pej|slang|sexual)")
QUOTES = str.maketrans("’‘‚„“”", "'''\"\"\"")
PLAIN = re.compile(r"[A-Za-zÄÖÜäöüßé0-9 .,!?'\":%€-]+")
PLACEHOLDERS = re.compile(r"\b(?:etw|jdm|jdn|jds|jmd|sth|sb)\b")


def tidy(text: str) -> str:
    """Take the dictionary's notes out of a text and write its quotation marks plainly."""
    text = re.sub(r"\s+", " ", NOTES.sub(" ", text).translate(QUOTES)).strip()
    return re.sub(r" ([.,!?])", r"\1", text)


def entries(content: str) -> list[tuple[str, str, bool]]:
    """Read the dictionary: (German, English, whether the entry bears a note such as [techn.]) for each form."""
    found = []
    for line in content.splitlines():
        german, _, english = line.partition(" :: ")
        left, right = german.split(" | "), english.split(" | ")
        if not line.startswith("#") and len(left) == len(right) and not RUDE.search(line):
            special = "[" in line
            found += [(tidy(one), tidy(other), special) for one, other in zip(left, right, strict=True)]
    return found


def is_plain(*texts: str) -> bool:
    return all(PLAIN.fullmatch(text) and not PLACEHOLDERS.search(text) for text in texts)


def sentence(german: str, english: str) -> tuple[str, str] | None:
    """Return a pair of whole sentences, of several translations the first, or None if it is no such pair."""
    pair = tuple(re.split(r" / |(?<=[.!?]); ", text)[0] for text in (german, english))
    whole = all(re.search(r"[^.][.!?]$", text) for text in pair) and pair[0][0].isupper()
    short = all(2 <= len(text.split()) <= LONGEST for text in pair) and len(pair[0].split()) >= 3
    return pair if whole and short and is_plain(*pair) else None


def phrase(german: str, english: str) -> tuple[str, str] | None:
    """Return a pair of short phrases without stops, of several translations the first, or None."""
    pair = tuple(text.split(";")[0].strip() for text in (german, english))
    short = all(2 <= len(text.split()) <= 6 for text in pair)
    return pair if short and is_plain(*pair) and not re.search(r"[.,!?:]", "".join(pair)) else None


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of two to six words in a text."""
    words = words_of(text)
    return {tuple(words[start : start + size]) for size in range(2, 7) for start in range(len(words) - size + 1)}


def build_german_english() -> bytes:
    return pairs_bytes(debian_package("trans-de-en", CHECKSUM)[INSIDE].decode("utf-8"))


def pairs_bytes(content: str) -> bytes:
    """Choose sentences and phrases, lay sentences without a look-alike aside, see that no phrase gives them away."""
    found = entries(content)
    table = pd.DataFrame(
        [pair for german, english, _ in found if german and english and (pair := sentence(german, english))],
        columns=["german", "english"],
    )
    table = table[~table["german"].map(words_of).map(tuple).duplicated()].reset_index(drop=True)
    alike = look_alikes(table["german"].tolist()) | look_alikes(table["english"].tolist())
    order = np.random.default_rng(0).permutation(len(table))
    alone = order[~alike[order]]
    table["part"] = "train"
    table.loc[alone[:HELD], "part"] = "test"
    table.loc[alone[HELD : 2 * HELD], "part"] = "validation"
    parts = [table.iloc[order], phrases_for(table, found)]
    return csv_bytes(pd.concat(parts))


def phrases_for(table: pd.DataFrame, found: list[tuple[str, str, bool]]) -> pd.DataFrame:
    """Phrases of everyday words; none is part of, or looks like, a sentence that is laid aside."""
    held = table[table["part"] != "train"]
    known = {word for text in table.loc[table["part"] == "train", "english"] for word in words_of(text)}
    given = [{run for text in held[side] for run in runs(text)} for side in ("german", "english")]
    pairs = [phrase(german, english) for german, english, special in found if not special]
    chosen = pd.DataFrame([pair for pair in pairs if pair], columns=["german", "english"])
    chosen = chosen[~chosen["german"].map(words_of).map(tuple).duplicated()]
    chosen = chosen[[known.issuperset(words_of(text)) for text in chosen["english"]]]
    for side, inside in zip(("german", "english"), given, strict=True):
        chosen = chosen[[tuple(words_of(text)) not in inside for text in chosen[side]]]
        alike = look_alikes([*held[side], *chosen[side]])
        chosen = chosen[~alike[len(held) :]]
    order = np.random.default_rng(0).permutation(len(chosen))
    return chosen.iloc[order].assign(part="phrase")


DATA_SETS = [
    DataSet(
        name="german_english",
        file="german_english.csv",
        build=build_german_english,
        description=(
            "16,081 German sentences of at most 14 words, each with an English translation: 15,081 to train with, "
            "500 to validate, 500 to test; and 7,392 pairs of short phrases for training."
        ),
        source=(
            "Debian package trans-de-en 1.9-6: the dictionary of Chemnitz University of Technology, version devel "
            "2023-01-30 (dict.tu-chemnitz.de)"
        ),
        changes=(
            "Examples that are whole sentences on both sides, and phrases of two to six words from entries without a "
            "note on region or subject, all of whose English words occur in the training sentences. Notes in brackets "
            "were taken out, of several translations the first was taken, quotation marks are written plainly; entries "
            "marked vulgar, pejorative or slang were left out, and texts with other signs. The sentences for "
            "validation and test were drawn at random (seed 0) from those that share less than three fifths of their "
            "words, German or English, with any other sentence; phrases that stand inside one of them or resemble one "
            "were left out, and phrases that resemble each other."
        ),
        licence="GPL-2 or later (Frank Richter)",
        licence_file="LICENSES/GPL-2.0.txt",
        citation="Richter F: Ding, a dictionary lookup program, with the word list of dict.tu-chemnitz.de.",
        days=(14,),
    )
]
