"""Moby Dick and the speeches: what is in the file, that the test parts are tests, and how the script cuts."""

import importlib
import io
from pathlib import Path

import numpy as np
import pytest

from utils import data

ROOT = Path(__file__).resolve().parents[1]
BOOKS, PARTS = ("moby_dick", "speeches"), ("train", "validation", "test")


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "data"))
    return importlib.import_module("books")


@pytest.fixture(scope="module")
def texts():
    return {name: array.tobytes().decode("utf-8") for name, array in data.load("books").items()}


def test_sizes(texts):
    assert set(texts) == {f"{book}_{part}" for book in BOOKS for part in PARTS}
    characters = {name: len(text) for name, text in texts.items()}
    assert characters["moby_dick_train"] == 966_068 and characters["moby_dick_test"] == 92_255
    assert 1_300_000 < characters["speeches_train"] < 1_400_000 and characters["speeches_test"] > 160_000
    assert len(set("".join(texts.values()))) < 90
    for text in texts.values():
        assert text.endswith("\n") and "\r" not in text and "  " not in text and "\n\n\n" not in text


def test_every_chapter_stands_there_once(texts):
    heads = [
        line.split(".")[0]
        for part in PARTS
        for line in texts[f"moby_dick_{part}"].split("\n")
        if line.startswith("CHAPTER ")
    ]
    assert sorted(heads) == sorted(f"CHAPTER {number}" for number in range(1, 136))
    tests = [line for line in texts["moby_dick_test"].split("\n") if line.startswith("CHAPTER ")]
    assert [int(line.split()[1].rstrip(".")) % 10 for line in tests] == [0] * 13
    for opening in ("Call me Ishmael.", "It was the devious-cruising Rachel"):
        assert sum(text.count(opening) for text in texts.values()) == 1


def test_nothing_of_the_test_stands_in_training(texts):
    known = texts["moby_dick_train"] + texts["speeches_train"]
    random, checked = np.random.default_rng(0), 0
    for name, text in texts.items():
        if name.endswith("_train"):
            continue
        for start in random.integers(len(text) - 60, size=150):
            assert text[start : start + 60] not in known, name
            checked += 1
    assert checked == 600


def test_all_windows(script, texts):
    known = script.windows(texts["moby_dick_train"]) | script.windows(texts["speeches_train"])
    for name, text in texts.items():
        if name.endswith("_test"):
            assert not script.windows(text) & known


def test_cleaning(script):
    assert script.clean("“Ay”,  said\r\n\r\n he*. ") == '"Ay", said\nhe.'
    assert script.clean("Thank you. NOTE: The President spoke at 9 p.m.") == "Thank you."


def test_known_sentences_are_taken_out(script):
    known = "It was so long a sentence that nobody could have written it twice by chance alone."
    text = f"New words. {known} More new words.\n"
    assert script.without(text, script.windows(known)) == "New words. More new words.\n"
    assert script.without(text, set()) == text


def test_parts_of_a_small_book(script):
    numbers = range(1, 136)
    novel = {f"chapter_{number}.txt": f"CHAPTER {number}. Head.\n\nText {number}." for number in numbers}
    novel |= {"epilogue.txt": "The drama's done.", "data.txt": "CHAPTER 1. Head. again"}
    speeches = {f"{year}_a_president_d.txt": f"Speech of {year}." for year in range(1940, 2010)}
    speeches["1981_jimmy_carter_d.txt"] = "A written message."
    with np.load(io.BytesIO(script.books_bytes(novel, speeches)), allow_pickle=False) as arrays:
        found = {name: arrays[name].tobytes().decode("utf-8") for name in arrays.files}
    assert found["moby_dick_test"].startswith("CHAPTER 10. Head.\nText 10.\n\nCHAPTER 20.")
    assert found["moby_dick_validation"].count("CHAPTER") == 14 and found["moby_dick_train"].count("CHAPTER") == 108
    assert found["moby_dick_train"].endswith("The drama's done.\n")
    assert found["speeches_test"].startswith("1956, A President\nSpeech of 1956.\n\n1966")
    together = "".join(found.values())
    assert "written message" not in together and "1940" not in together and "again" not in together
