"""The words and their sounds: what is in the file, that the test part is a test, and how the script deals them out."""

import hashlib
import importlib
import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from utils import data

ROOT = Path(__file__).resolve().parents[1]
PHONEMES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "data"))
    return importlib.import_module("speech")


@pytest.fixture(scope="module")
def table():
    return data.load("pronunciations")


def test_words_and_sounds(table):
    assert list(table.columns) == ["word", "sounds", "part"] and not table.isna().any(axis=None)
    assert table["part"].value_counts().to_dict() == {"train": 103_907, "test": 2000, "validation": 1000}
    assert table["word"].str.fullmatch("[a-z]{3,12}").all()
    assert set(" ".join(table["sounds"]).split(" ")) == set(PHONEMES.split(" "))
    assert table["sounds"].str.split(" ").str.len().between(1, 15).all()


def test_known_words(table):
    sounds = table.set_index("word")["sounds"]
    assert sounds["cleverly"] == "K L EH V ER L IY" and sounds["spectroscopy"] == "S P EH K T R AA S K AH P IY"


def test_no_family_is_in_two_parts(table, script):
    assert table["word"].is_unique
    assert (table.groupby(table["word"].map(script.family))["part"].nunique() == 1).all()


def test_plurals_and_participles_are_in_the_part_of_their_word(table):
    """Look for relatives without the script's help: it might be wrong about who belongs to a family."""
    part, pairs = dict(zip(table["word"], table["part"], strict=True)), 0
    for word in part:
        relatives = [word + ending for ending in ("s", "es", "ed", "ing", "er", "ly")]
        relatives += [word + word[-1] + ending for ending in ("ed", "ing", "er")]
        relatives += [word[:-1] + ending for ending in ("ed", "ing", "er", "es") if word.endswith("e")]
        relatives += [word[:-1] + ending for ending in ("ies", "ied", "ier") if word.endswith("y")]
        for relative in relatives if len(word) >= 4 else []:
            if relative in part:
                pairs += 1
                assert part[word] == part[relative], f"{word} and {relative}"
    assert pairs > 20_000


def test_the_file_is_the_registered_one():
    registered = json.loads((ROOT / "data" / "registry.json").read_text(encoding="utf-8"))["pronunciations"]
    content = (ROOT / "data" / registered["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == registered["sha256"]
    licence = (ROOT / "data" / registered["licence_file"]).read_text(encoding="utf-8")
    assert re.search("Carnegie Mellon University", licence) and "Redistribution and use" in licence


def test_families(script):
    assert len({script.family(word) for word in ("bake", "bakes", "baked", "baking", "baker")}) == 1
    assert len({script.family(word) for word in ("adapt", "adapts", "adapting", "adaptability")}) == 1
    for relatives in (("stop", "stopped", "stopping"), ("city", "cities"), ("happy", "happier"), ("bell", "bells")):
        assert len({script.family(word) for word in relatives}) == 1
    assert script.family("bring") == "bring" and script.family("bus") == "bus"  # three letters stay


def test_reading_leaves_out_what_is_not_plain(script):
    lines = ["adapt AH0 D AE1 P T", "read R EH1 D", "read(2) R IY1 D", "o'neil OW0 N IY1 L", "ibm AY1 B IY2 EH1 M"]
    lines += ["aalen AE1 L AH0 N # place, german", "tv T IY1 V IY1", "nbc EH2 N B IY2 S IY1"]
    found = script.read_dictionary("\n".join(lines))
    assert found == {"adapt": "AH D AE P T", "ibm": "AY B IY EH M"}


def test_dealing_out_is_repeatable(script):
    content = "\n".join(f"{a}{b}a{c} B AH1" for a in "bdfglm" for b in "aeiou" for c in ("", "s", "ing", "ka", "to"))
    wanted = {"test": 20, "validation": 10}
    assert script.pronunciations_bytes(content, wanted) == script.pronunciations_bytes(content + "\n", wanted)
    found = pd.read_csv(io.BytesIO(script.pronunciations_bytes(content, wanted)))
    assert (found["part"].value_counts()[list(wanted)] == list(wanted.values())).all() and found["word"].is_unique
    assert len(found) > 130  # of 150, less what is left of the last families
    assert (found.groupby(found["word"].map(script.family))["part"].nunique() == 1).all()
