"""The rated film sentences: what is in the file, that the test part is a test, and how the script cleans."""

import importlib
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from utils import data

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "data"))
    return importlib.import_module("sentences")


@pytest.fixture(scope="module")
def table():
    return data.load("movie_sentences")


def test_sentences_and_ratings(table):
    assert table.shape == (10_601, 3) and not table.isna().any(axis=None)
    assert list(table.columns) == ["text", "score", "split"]
    assert table["score"].between(-4, 4).all() and abs(table["score"].mean()) < 0.02
    clear = table[table["score"].abs() > 1]
    counts = pd.crosstab(clear["split"], clear["score"] > 0)
    assert counts.loc["test"].sum() == 1805 and counts.loc["train"].sum() == 7214
    assert counts.min(axis=None) > 870 and abs(counts.loc["train", True] / 7214 - 0.5) < 0.01
    assert table["text"].str.len().between(3, 300).all()
    assert not table["text"].str.contains(r"&\w+;|''|  |^\s|\s$|\t", regex=True).any()


def test_words_tell_the_sign_of_the_rating(table):
    for words, sign in ((["dull", "worst", "tedious"], -1), (["moving", "delight", "wonderful"], 1)):
        for word in words:
            assert sign * table.loc[table["text"].str.contains(rf"\b{word}\b", case=False), "score"].mean() > 0.7


def test_no_sentence_of_the_test_is_in_training(table):
    plain = table["text"].str.lower().str.replace(r"\W+", " ", regex=True).str.strip()
    assert plain.is_unique
    bags = [frozenset(re.findall(r"\w+", text)) for text in plain]
    train = [bag for bag, part in zip(bags, table["split"], strict=True) if part == "train"]
    by_word = {}
    for number, bag in enumerate(train):
        for word in bag:
            by_word.setdefault(word, []).append(number)
    for bag in (bag for bag, part in zip(bags, table["split"], strict=True) if part == "test"):
        rare = sorted(bag, key=lambda word: len(by_word.get(word, ())))[: max(1, len(bag) // 2)]
        near = {number for word in rare for number in by_word.get(word, ()) if len(by_word[word]) < 200}
        assert all(len(bag & train[number]) < 0.6 * len(bag | train[number]) for number in near)


def test_cleaning(script):
    assert script.clean("Lovely &amp; Amazing") == "Lovely & Amazing"
    assert script.clean("''Empire''") == '"Empire"'
    assert script.clean(" just as good    and bad    as ever ") == "just as good – and bad – as ever"


def test_look_alikes(script):
    texts = ["A tremendous piece of work.", "(A) strong piece of work.", "Dull.", "dull", "something else entirely"]
    assert script.look_alikes(texts).tolist() == [True, True, True, True, False]
    assert script.look_alikes(texts, threshold=0.8).tolist() == [False, False, True, True, False]


def test_split_of_a_small_file(script, monkeypatch):
    monkeypatch.setattr(script, "TEST_SENTENCES", 10)
    random = np.random.default_rng(0)
    lines = [
        f"{number}\t{random.uniform(-4, 4):.6f}\t" + " ".join(f"w{word}" for word in random.integers(0, 5000, size=9))
        for number in range(60)
    ]
    lines += ["61\t2.0\tThe same twice!", "62\t3.0\tthe same twice"]
    content = script.sentences_bytes("\r\n".join(lines) + "\r\n")
    assert content == script.sentences_bytes("\r\n".join(lines))
    found = pd.read_csv(io.BytesIO(content))
    assert len(found) == 60 and not found["text"].str.contains("twice").any()
    clear = found["score"].abs() > 1
    assert (found["split"][clear] == "test").sum() == 10
    assert (found["split"][~clear] == "test").sum() == 10 * (~clear).sum() // clear.sum()
