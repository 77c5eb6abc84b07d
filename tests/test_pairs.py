"""The German and English pairs: what is in the file, that the test part is a test, and how the script chooses."""

import hashlib
import importlib
import io
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from utils import data

ROOT = Path(__file__).resolve().parents[1]
HELD = ("validation", "test")


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "data"))
    return importlib.import_module("pairs")


@pytest.fixture(scope="module")
def table():
    return data.load("german_english")


def plain(texts):
    return texts.str.lower().str.replace(r"\W+", " ", regex=True).str.strip()


def test_the_file_is_the_registered_one():
    entry = json.loads((ROOT / "data" / "registry.json").read_text(encoding="utf-8"))["german_english"]
    content = (ROOT / "data" / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"] and len(content) == entry["bytes"] < 2_000_000


def test_pairs_and_parts(table):
    assert list(table.columns) == ["german", "english", "part"] and not table.isna().any(axis=None)
    assert table["part"].value_counts().to_dict() == {"train": 15_081, "phrase": 7392, "test": 500, "validation": 500}
    whole = table[table["part"] != "phrase"]
    for side, shortest in (("german", 3), ("english", 2)):
        assert whole[side].str.fullmatch(r".*[^.][.!?]").all()
        assert whole[side].str.split().str.len().between(shortest, 14).all()
        assert not table[side].str.contains(r"[\[\](){}<>/|;…’„“]|  |^\s|\s$", regex=True).any()
        phrases = table.loc[table["part"] == "phrase", side]
        assert phrases.str.split().str.len().between(2, 6).all() and not phrases.str.contains(r"[.,!?:]").any()


def test_german_is_german_and_english_english(table):
    for side, common, foreign in (
        ("german", "der|die|das|ist", "the|is|of"),
        ("english", "the|is|of", "ist|und|nicht"),
    ):
        assert table[side].str.contains(rf"\b(?:{common})\b", case=False).mean() > 0.35
        assert table[side].str.contains(rf"\b(?:{foreign})\b", case=False).mean() < 0.01


@pytest.mark.parametrize("side", ["german", "english"])
def test_no_held_sentence_or_near_duplicate_is_in_training(table, side):
    texts, parts = plain(table[side]), table["part"].to_numpy()
    bags = [frozenset(text.split()) for text in texts]
    by_word = {}
    for number, bag in enumerate(bags):
        for word in bag:
            by_word.setdefault(word, set()).add(number)
    checked = 0
    for number in np.flatnonzero(np.isin(parts, HELD)):
        bag = bags[number]
        # Who shares three fifths of the words of both has at least one of any two fifths of this one's words, and more.
        rare = sorted(bag, key=lambda word: len(by_word[word]))[: 2 * len(bag) // 5 + 1]
        for other in set().union(*(by_word[word] for word in rare)) - {number}:
            shared = len(bag & bags[other])
            assert shared < 0.6 * (len(bag) + len(bags[other]) - shared), (texts[number], texts[other])
            checked += 1
    assert checked > 10_000
    held = set(texts[np.isin(parts, HELD)])
    assert len(held) == 1000 and not held & set(texts[~np.isin(parts, HELD)])


def test_no_phrase_stands_inside_a_held_sentence(table):
    phrases = {side: set(plain(table.loc[table["part"] == "phrase", side])) for side in ("german", "english")}
    for side, known in phrases.items():
        for text in plain(table.loc[table["part"].isin(HELD), side]):
            words = text.split()
            runs = {" ".join(words[k : k + size]) for size in range(2, 7) for k in range(len(words) - size + 1)}
            assert not runs & known


def test_tidy(script):
    assert script.tidy("Das ist „gut“ {n} [ugs.] (sehr) .") == 'Das ist "gut".'
    assert script.tidy("That’s it. /TI/") == "That's it."


def test_sentences_and_phrases(script):
    assert script.sentence("Er kam gestern. / Gestern kam er.", "He came yesterday.") == (
        "Er kam gestern.",
        "He came yesterday.",
    )
    for german in ("er kam gestern.", "Er kam gestern", "Er kam.", "Er kam und …", "Er hat etw. gesagt.", "A b c..."):
        assert script.sentence(german, "He came yesterday.") is None
    assert script.sentence("Er " + "kam " * 14 + "an.", "He came.") is None
    assert script.phrase("frische Luft; Frischluft", "fresh air") == ("frische Luft", "fresh air")
    for german in ("Luft", "etw. tun", "frische/kalte Luft", "frische Luft!"):
        assert script.phrase(german, "fresh air") is None


def test_entries(script):
    content = "# A :: B\nLuft {f} | Er kam. :: air | He came.\na | b :: c\nx [vulg.] :: y\nz [techn.] :: z\n"
    assert script.entries(content) == [("Luft", "air", False), ("Er kam.", "He came.", False), ("z", "z", True)]


def test_split_of_a_small_file(script, monkeypatch):
    monkeypatch.setattr(script, "HELD", 10)
    random = np.random.default_rng(0)
    words = [
        ("".join(random.choice(list("abcdefgh"), 6)), "".join(random.choice(list("rstuvwxy"), 6))) for _ in range(600)
    ]
    lines = []
    for _ in range(60):
        chosen = random.integers(0, 600, size=7)
        lines.append(
            f"{' '.join(words[k][0] for k in chosen).capitalize()}. :: {' '.join(words[k][1] for k in chosen)}."
        )
    lines += [
        "Das ist ganz gleich. :: It is alike.",
        "Das ist ganz gleich! :: Who cares at all.",
        "Das ist doch ganz gleich. :: So.",
    ]
    first = lines[0].split(" :: ")
    inside = " :: ".join(" ".join(re.findall(r"\w+", side)[1:4]) for side in first)
    found = pd.read_csv(io.BytesIO(script.pairs_bytes("\n".join([*lines, inside]) + "\n")))
    assert found["part"].value_counts()[["test", "validation"]].tolist() == [10, 10]
    alike = found[found["german"].str.contains("ganz gleich")]
    assert len(alike) == 1 and (alike["part"] == "train").all()  # "So." is too short, the other stands there twice
    phrases, held = found[found["part"] == "phrase"], found[found["part"].isin(HELD)]
    assert len(phrases) == (0 if first[0] in set(held["german"]) else 1)


@pytest.mark.parametrize("name", ["plain", "attention", "transformer"])
def test_checkpoints_belong_to_these_pairs_and_pieces(table, name):
    folder = ROOT / "course" / "day14_seq2seq" / "checkpoints"
    about = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    registry = json.loads((ROOT / "data" / "registry.json").read_text(encoding="utf-8"))
    assert about["data"] == registry["german_english"]["sha256"]
    assert about["pieces"] == hashlib.sha256((folder / "pieces.txt").read_bytes()).hexdigest()
    letters, *merges = (folder / "pieces.txt").read_text(encoding="utf-8").split("\n")[:-1]
    assert set("".join(table["german"] + table["english"]).lower().replace(" ", "_")) <= set(letters)
    assert len(letters) + len(merges) + 3 == 2000 and all(len(line.split(" ")) == 2 for line in merges)
