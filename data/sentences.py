"""Sentences on films with the mean of many people's ratings; `build.py` calls what stands here."""

import html
import io
import re
import tarfile
import zipfile

import numpy as np
import pandas as pd
from packages import DataSet, csv_bytes, pypi_source
from scipy import sparse

INSIDE = "vaderSentiment-0.5/additional_resources/hutto_ICWSM_2014.tar.gz"
TEST_SENTENCES = 1805  # among those that are clearly good or bad


def clean(text: str) -> str:
    """Undo what the way through web pages did to a sentence: entities, doubled quotes, dashes that became blanks."""
    text = html.unescape(text).replace("''", '"').strip()
    return re.sub(r"\s{2,}", " – ", text).replace("\xa0", " ")


def words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def look_alikes(texts: list[str], threshold: float = 0.6) -> np.ndarray:
    """Say of each text whether another shares at least `threshold` of the words that the two have together."""
    sets = [words_of(text) for text in texts]
    numbers = {word: number for number, word in enumerate(sorted(set().union(*sets)))}
    rows = [row for row, words in enumerate(sets) for _ in words]
    columns = [numbers[word] for words in sets for word in sorted(words)]
    table = sparse.csr_array((np.ones(len(rows), np.int32), (rows, columns)), shape=(len(sets), len(numbers)))
    sizes = np.array([len(words) for words in sets])
    found = np.zeros(len(sets), bool)
    for start in range(0, len(sets), 500):
        shared = (table[start : start + 500] @ table.T).tocoo()
        first, second = shared.coords[0] + start, shared.coords[1]
        alike = shared.data >= threshold * (sizes[first] + sizes[second] - shared.data)
        found[first[alike & (first != second)]] = True
    return found


def build_movie_sentences() -> bytes:
    checksum = "5d97c37f3ef6e24eef331122e055dbedafeb6a56abfce0608b326701116ea49a"
    with zipfile.ZipFile(io.BytesIO(pypi_source("vaderSentiment", "0.5", checksum))) as package:
        archive = package.read(INSIDE)
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        content = files.extractfile("hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt").read()
    return sentences_bytes(content.decode("utf-8"))


def sentences_bytes(content: str) -> bytes:
    """Clean the table, take out what stands there twice, and lay a fifth aside as the test set."""
    lines = [line.split("\t") for line in content.splitlines() if line]
    table = pd.DataFrame(lines, columns=["number", "score", "text"]).astype({"score": float})
    table["score"], table["text"] = table["score"].round(4), table["text"].map(clean)
    plain = table["text"].str.lower().str.replace(r"\W+", " ", regex=True).str.strip()
    table = table[~plain.duplicated(keep=False)]
    clear, alike = (table["score"].abs() > 1).to_numpy(), look_alikes(table["text"].tolist())
    order = np.random.default_rng(0).permutation(len(table))
    order = order[~alike[order]]  # sentences with a look-alike stay in the training part
    undecided = (~clear).sum() * TEST_SENTENCES // clear.sum()
    test = np.concatenate([order[clear[order]][:TEST_SENTENCES], order[~clear[order]][:undecided]])
    table["split"] = np.where(np.isin(np.arange(len(table)), test), "test", "train")
    return csv_bytes(table[["text", "score", "split"]])


DATA_SETS = [
    DataSet(
        name="movie_sentences",
        file="movie_sentences.csv",
        build=build_movie_sentences,
        description=(
            "10,601 sentences from film reviews, each with the mean rating of about 20 people, from -4 (extremely "
            "negative) to 4 (extremely positive)."
        ),
        source=(
            "PyPI package vaderSentiment 0.5, its source archive (additional_resources/hutto_ICWSM_2014.tar.gz: "
            "movieReviewSnippets_GroundTruth.txt)"
        ),
        changes=(
            "Entities of web pages became characters, two apostrophes a quotation mark, and two or more blanks (they "
            "stand where a dash was lost) a dash. Two sentences that stand there twice were left out, both times. "
            "A column says which sentences are for testing: drawn at random (seed 0), 1,805 of those whose mean "
            "rating is above 1 or below -1, and as large a share of the others. Sentences that share three fifths of "
            "their words with another stay in the training part. Ratings are rounded to 4 decimals."
        ),
        licence="MIT (C.J. Hutto); the sentences are short quotations from reviews, on rottentomatoes.com",
        licence_file="LICENSES/MIT-vaderSentiment.txt",
        citation=(
            "Hutto CJ, Gilbert E (2014): VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social "
            "Media Text. ICWSM-14. The sentences: Pang B, Lee L (2004): A Sentimental Education. ACL."
        ),
        days=(13, 15),
    )
]
