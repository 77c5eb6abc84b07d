"""Checks that answer back: right, not yet (with a hint that names the mistake), or not attempted.

An exercise sheet makes one `Exercises` and opens each check with a `with` statement:

    check = Exercises("day01_hello_sine")
    with check("count_parameters"):
        check.equal(count_parameters([1, 1]), 2, "One weight and one bias make two.")

What a check raises shows as one line in a notebook. Each outcome is appended to a progress file, one JSON line each,
so that a crash or a damaged line costs nothing else; `make progress` shows the table.
"""

from __future__ import annotations

import json
import os
import pathlib
import sysconfig
import time
import traceback

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]
_LIBRARIES = tuple({*map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")), str(ROOT / "utils")})
RIGHT, NOT_YET, NOT_ATTEMPTED = "right", "not yet", "not attempted"
_COLOURS = {RIGHT: "\033[1;32m", NOT_YET: "\033[1;33m", NOT_ATTEMPTED: "\033[1;34m"}
_SIGNS = {RIGHT: "✓", NOT_YET: "✗", NOT_ATTEMPTED: "○"}


class _OneLine:
    """Render an exception as its message alone, one line, in IPython kernels (a traceback elsewhere)."""

    def _render_traceback_(self):
        return [str(self)]


class NotYet(_OneLine, AssertionError):
    """The answer is not right yet; the message holds the hint."""


class NotAttempted(_OneLine, NotImplementedError):
    """The exercise still holds `raise NotImplementedError`."""


def progress_path() -> pathlib.Path:
    """Return the progress file: the environment variable COURSE_PROGRESS, else work/progress.jsonl of the course."""
    return pathlib.Path(os.environ.get("COURSE_PROGRESS", ROOT / "work" / "progress.jsonl"))


def read_progress(path: pathlib.Path | None = None) -> dict[tuple[str, str], str]:
    """Read the last outcome of every exercise.

    Args:
        path: the progress file; by default the learner's own.

    Returns:
        (day, exercise) -> "right", "not yet" or "not attempted". Lines that can't be read are passed over.
    """
    path = path or progress_path()
    outcomes = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []:
        try:
            entry = json.loads(line)
            if entry["outcome"] in _SIGNS:
                outcomes[entry["day"], entry["exercise"]] = entry["outcome"]
        except (ValueError, KeyError, TypeError):
            continue
    return outcomes


class Exercises:
    """The checks of one day's sheet."""

    def __init__(self, day: str):
        """
        Args:
            day: the day's name, such as "day01_hello_sine".
        """
        self.day = day

    def __call__(self, exercise: str, points: int = 1) -> _Check:
        """Open the check of one exercise in a `with` statement.

        Args:
            exercise: the exercise's name, unique on the sheet.
            points: what it counts when an instructor collects the sheet with nbgrader.
        """
        return _Check(self.day, exercise)

    @staticmethod
    def true(condition, hint: str) -> None:
        """Pass if the condition holds. Raises NotYet with the hint otherwise."""
        if not condition:
            raise NotYet(hint)

    @staticmethod
    def equal(actual, expected, hint: str) -> None:
        """Pass if two plain values are equal. Raises NotYet with both values and the hint otherwise."""
        if actual is None and expected is not None:
            raise NotYet(f"your function returned None: does every path end in `return`? {hint}")
        if not np.array_equal(actual, expected):
            raise NotYet(f"got {_short(actual)}, expected {_short(expected)}. {hint}")

    @staticmethod
    def shape(array, expected: tuple[int, ...], hint: str) -> None:
        """Pass if the array has the expected shape. Raises NotYet with both shapes and the hint otherwise."""
        if array is None:
            raise NotYet(f"your function returned None: does every path end in `return`? {hint}")
        if np.shape(array) != tuple(expected):
            raise NotYet(f"the shape is {np.shape(array)}, expected {tuple(expected)}. {hint}")

    @staticmethod
    def close(actual, expected, hint: str, tolerance: float = 1e-5) -> None:
        """Pass if numbers agree within `tolerance`, relative to the largest expected size (or to 1 if that is smaller).

        Args:
            actual: number or array from the learner.
            expected: number or array of the same shape.
            hint: names the mistake this comparison finds.
            tolerance: allowed difference.

        Raises:
            NotYet: with what was found and the hint.
        """
        Exercises.shape(actual, np.shape(expected), hint)
        actual, expected = np.asarray(actual, "float64"), np.asarray(expected, "float64")
        difference = np.abs(actual - expected).max(initial=0.0)
        if not difference <= tolerance * max(1.0, np.abs(expected).max(initial=0.0)):
            raise NotYet(f"{_comparison(actual, expected)}. {hint}")


def _comparison(actual, expected):
    """Say what was found and what was expected; in an array that can't be shown whole, where they differ most."""
    if actual.size <= 8:
        return f"got {_short(actual)}, expected {_short(expected)}"
    difference = np.nan_to_num(np.abs(actual - expected), nan=np.inf)
    place = np.unravel_index(difference.argmax(), actual.shape)
    where = ", ".join(str(index) for index in place)
    return f"got {_short(actual[place])} at [{where}], expected {_short(expected[place])} there"


def _short(value):
    if isinstance(value, np.generic) and not isinstance(value, np.floating):
        value = value.item()  # "5", not "np.int64(5)"
    if isinstance(value, (float, np.floating)) or (np.ndim(value) == 0 and isinstance(value, np.ndarray)):
        return f"{float(value):.6g}"
    text = (
        " ".join(np.array2string(value, precision=4, threshold=8).split())
        if isinstance(value, np.ndarray)
        else repr(value)
    )
    return text if len(text) <= 80 else text[:77] + "…"


class _Check:
    """One check while it is open: turns what happens inside into one of the three outcomes."""

    def __init__(self, day, exercise):
        self.day, self.exercise = day, exercise

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            print(self._line(RIGHT, "well done!", self._record(RIGHT)))
        elif issubclass(kind, NotImplementedError) and not error.args:  # Keras raises it with a message
            function = traceback.extract_tb(trace)[-1].name
            place = "" if function.startswith("<") else f" in `{function}`"
            todo = f"replace `raise NotImplementedError`{place}, run the cell, then this one"
            raise NotAttempted(self._line(NOT_ATTEMPTED, todo, self._record(NOT_ATTEMPTED))) from None
        elif issubclass(kind, NotYet):
            raise NotYet(self._line(NOT_YET, str(error), self._record(NOT_YET))) from None
        elif issubclass(kind, Exception):
            raise NotYet(self._line(NOT_YET, _stopped(error, trace), self._record(NOT_YET))) from error
        return False

    def _line(self, outcome, text, note):
        return (
            f"{_COLOURS[outcome]}{_SIGNS[outcome]} {self.exercise}: {outcome}\033[0m · {' '.join(text.split())}{note}"
        )

    def _record(self, outcome):
        """Append the outcome to the progress file; return a note for the learner if that can't be done."""
        entry = {
            "day": self.day,
            "exercise": self.exercise,
            "outcome": outcome,
            "time": time.strftime("%Y-%m-%dT%H:%M:%S"),
        }
        try:
            path = progress_path()
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as progress:
                progress.write("\n" * _line_is_open(path) + json.dumps(entry) + "\n")
        except OSError as error:
            return f" (progress not saved: {error.strerror})"
        return ""


def _line_is_open(path):
    """Return whether the file ends in the middle of a line, as after a crash."""
    return path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")


def _stopped(error, trace):
    """Describe an error in the learner's code: its kind, message and place."""
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return f"{error}. Did you run every cell above this one, from the set-up cell at the top to your answer?"
    # The deepest line that is not a library's: packages and the standard library lie below one of these folders.
    places = traceback.extract_tb(trace)
    place = next((each for each in reversed(places) if not each.filename.startswith(_LIBRARIES)), places[-1])
    where = f", at `{place.line.strip()}`" if place.line else ""
    return f"your code stopped with {type(error).__name__}: {error}{where}"
