"""The course as it lies in the repository: drift, bands, wrong answers."""

import filecmp
import json
import math

import pytest

from tools import answers, bands, build

DAYS = sorted(path for path in (build.ROOT / "course").glob("day*"))
by_day = pytest.mark.parametrize("day", DAYS, ids=[day.name for day in DAYS])


def test_notebooks_are_in_step_with_their_sources(tmp_path):
    built = build.build(target=tmp_path)
    committed = {path.relative_to(build.ROOT) for f in build.FOLDERS for path in (build.ROOT / f).glob("*.ipynb")}
    assert committed == {path.relative_to(tmp_path) for path in built}, "run `make notebooks` and commit the result"
    for path in built:
        other = build.ROOT / path.relative_to(tmp_path)
        assert filecmp.cmp(path, other, shallow=False), f"{other} differs from its source: run `make notebooks`"


def test_the_build_is_the_same_every_time(tmp_path):
    once, again = build.build(target=tmp_path / "a"), build.build(target=tmp_path / "b")
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]


@by_day
def test_bands_hold_the_three_measured_values(day):
    measured = json.loads((day / "bands.json").read_text(encoding="utf-8"))
    stated = bands.bands(build.Script(day / "lesson.py"))
    assert stated.keys() == measured["values"].keys(), f"run `make bands DAY={day.name}`"
    assert measured["seeds"] == [0, 1, 2]
    for what, (low, high) in stated.items():
        assert all(low <= value <= high for value in measured["values"][what]), what
        assert not (math.isinf(low) and math.isinf(high)), what


@by_day
def test_every_wrong_answer_is_rejected_with_a_hint_that_names_the_mistake(day):
    verdicts = answers.judge(day)
    for verdict in verdicts:
        assert verdict.message is not None, f"{verdict.exercise}: accepted an answer that {verdict.mistake}"
        assert verdict.is_helpful, f"{verdict.exercise}, {verdict.mistake}: {verdict.message}"
    script = build.Script(day / "exercises.py")
    exercises = {build.check_name(cell.source) for _, cell, _ in script.cells() if cell.cell_type == "code"} - {None}
    for exercise in exercises:
        assert sum(verdict.exercise == exercise for verdict in verdicts) >= 3, f"{exercise} has fewer than three"
