"""tools/progress.py, bands.py, execute.py and answers.py on courses of one tiny day."""

import json
import math
import os

import nbformat
import pytest

from tools import answers, bands, execute, progress
from tools.build import ROOT, Script, SourceError, build

# The learner's table


def test_the_table_shows_every_exercise_and_a_sum(tiny_course, tmp_path):
    build(tiny_course)
    file = tmp_path / "progress.jsonl"
    outcomes = [("day07_tiny", "double", "not yet"), ("day07_tiny", "double", "right"), ("day07_tiny", "gone", "right")]
    lines = [json.dumps({"day": day, "exercise": name, "outcome": outcome}) for day, name, outcome in outcomes]
    file.write_text("\n".join(lines), encoding="utf-8")
    table = [line.split() for line in progress.table(tiny_course, file).splitlines()]
    assert table == [
        ["day07_tiny:", "1", "of", "2", "right"],
        ["✓", "double", "right"],
        ["○", "halve", "not", "attempted"],
    ]


def test_the_table_without_progress_or_days(tiny_course, tmp_path):
    assert progress.table(tiny_course, tmp_path / "none.jsonl") == ""
    build(tiny_course)
    assert progress.table(tiny_course, tmp_path / "none.jsonl").startswith("day07_tiny: 0 of 2 right\n")


# Bands


def lesson(*lines):
    text = "# %% [markdown]\n# # Day 07 · Tiny\n\n# %%\nx = 1\n" + "\n".join(lines) + "\n"
    return Script(ROOT / "course" / "day07_tiny" / "lesson.py", text)


def test_bands_are_read_from_the_lesson():
    script = lesson(
        'expect("a", x, low=1, high=2)', 'expect("b", x,', "    low=-0.5)", 'print(x)\nexpect("c", f(x), high=1e-3)'
    )
    assert bands.bands(script) == {"a": (1, 2), "b": (-0.5, math.inf), "c": (-math.inf, 0.001)}


@pytest.mark.parametrize("call", ['expect("a", x, low=x)', 'expect("a", x, high=2 * 3)', 'expect(f"a {x}", x, low=1)'])
def test_bands_that_are_not_constants_are_refused(call):
    script = lesson("y = 2", call)
    with pytest.raises(SourceError, match=r"lesson\.py:7: write `expect`'s name, low= and high= as constants"):
        bands.bands(script)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (['expect("a", x, 1, 2)'], "write `expect\\("),
        (['expect("a", x, low=1); expect("a", x, low=2)'], "“a” is used by two results"),
    ],
)
def test_bands_that_would_be_lost_are_refused(lines, message):
    with pytest.raises(SourceError, match=rf"lesson\.py:6: .*{message}"):
        bands.bands(lesson(*lines))


def test_measuring_runs_the_lesson_with_three_seeds(tiny_course, monkeypatch):
    monkeypatch.delenv("COURSE_SEED", raising=False)
    monkeypatch.delenv("COURSE_RECORD", raising=False)
    source = (
        f"import os, sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom utils.expect import expect\n"
        'expect("seed (none)", int(os.environ["COURSE_SEED"]), low=0)\nexpect("third", 1 / 3, low=0, high=0.1)'
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    (tiny_course / "notebooks").mkdir()
    nbformat.write(notebook, tiny_course / "notebooks" / "day07_tiny.ipynb")
    measured = bands.measure("day07_tiny", tiny_course)
    assert measured["values"] == {"seed (none)": [0, 1, 2], "third": [0.333333333] * 3}
    file = tiny_course / "course" / "day07_tiny" / "bands.json"
    assert json.loads(file.read_text(encoding="utf-8")) == measured
    assert "COURSE_SEED" not in os.environ and "COURSE_RECORD" not in os.environ


# The order in which notebooks are executed


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """Five days of built notebooks, never run so far."""
    for folder in ("notebooks", "exercises", "solutions"):
        (tmp_path / folder).mkdir()
        for day in range(1, 6):
            (tmp_path / folder / f"day{day:02d}.ipynb").touch()
    monkeypatch.setattr(execute, "ROOT", tmp_path)
    monkeypatch.setattr(execute, "TIMES", tmp_path / "times.json")
    return tmp_path


def names(paths):
    return [f"{path.parent.name}/{path.stem}" for path in paths]


def test_notebooks_start_in_the_planned_order(notebooks):
    chosen = names(execute.choose("1/1", []))
    assert chosen == [
        f"{folder}/day0{day}" for folder in ("notebooks", "solutions", "exercises") for day in range(1, 6)
    ]


def test_notebooks_start_longest_first_by_the_last_times(notebooks):
    times = {"exercises/day03": 300.0, "notebooks/day04": 200.5, "notebooks/day01": 1.0}
    execute.TIMES.write_text(json.dumps(times), encoding="utf-8")
    chosen = names(execute.choose("1/1", []))
    assert chosen[:3] == ["exercises/day03", "notebooks/day04", "notebooks/day02"]
    assert chosen[-1] == "notebooks/day01" and len(chosen) == 15


def test_named_days_alone_are_chosen(notebooks):
    assert names(execute.choose("1/1", ["day02", "day05"])) == [
        f"{folder}/day{day}" for folder in ("notebooks", "solutions", "exercises") for day in ("02", "05")
    ]


@pytest.mark.parametrize("count", [1, 2, 4, 15])
def test_shards_are_disjoint_and_complete(notebooks, count):
    shards = [names(execute.choose(f"{number}/{count}", [])) for number in range(1, count + 1)]
    assert sorted(name for shard in shards for name in shard) == sorted(names(execute.choose("1/1", [])))
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


@pytest.mark.parametrize("shard", ["0/3", "4/3", "1/0", "2", "", "a/b", "1/2/3", "-1/2", "1.5/2"])
def test_a_bad_shard_is_refused(notebooks, shard):
    with pytest.raises(ValueError, match=rf'the shard "{shard}" must look like 2/3'):
        execute.choose(shard, [])


def test_nothing_chosen_runs_nothing(notebooks, monkeypatch, capsys):
    monkeypatch.setattr(execute, "EXECUTED", notebooks / "executed")
    assert execute.run(execute.choose("1/1", ["day99"]), workers=1) == 1
    assert "no notebook to run" in capsys.readouterr().out


def test_a_run_of_one_day_keeps_the_times_of_the_others(notebooks, capsys):
    execute.TIMES.write_text('{"notebooks/day01": 9.5, "notebooks/day02": 1.0}', encoding="utf-8")
    report = notebooks / "report.xml"
    report.write_text('<r><testcase classname="" name="notebooks/day02.ipynb" time="2.0"/></r>', encoding="utf-8")
    execute._print_times(report, 1)
    assert json.loads(execute.TIMES.read_text(encoding="utf-8")) == {"notebooks/day01": 9.5, "notebooks/day02": 2.0}


# Planted wrong answers


def plant(root, *wrongs):
    """Write wrong answers, (exercise, what the hint must say, code), beside the tiny day's sheet and judge them."""
    day = root / "course" / "day07_tiny"
    text = "\n\n".join(f'@wrong("{exercise}", "is planted", says="{says}")\n{code}' for exercise, says, code in wrongs)
    (day / "wrong_answers.py").write_text(text + "\n", encoding="utf-8")
    return answers.judge(day)


def test_wrong_answers_are_judged_by_the_hint_they_get(tiny_course, capsys):
    accepted, named, unnamed, stopped = plant(
        tiny_course,
        ("double", ".", "def double(number):\n    return number + 3"),
        ("double", "ADD TWO", "def double(number):\n    return number + 2"),
        ("halve", "sign", "def halve(number):\n    return number // 2"),
        ("halve", "TypeError", "def halve(number):\n    return number / 'two'"),
    )
    assert (accepted.message, accepted.is_helpful) == (None, False)
    expected = "✗ double: not yet · got 5, expected 6. Did you add two instead of multiplying by it?"
    assert named.message == expected
    assert (named.exercise, named.mistake) == ("double", "is planted")
    assert [verdict.is_helpful for verdict in (named, unnamed, stopped)] == [True, False, True]
    assert capsys.readouterr().out == ""


def test_each_wrong_answer_works_with_the_right_rest_of_the_sheet(tiny_course):
    verdicts = plant(
        tiny_course,
        ("double", "got 7", "def double(number):\n    return 4 * halve(number) + 1"),
        ("halve", "got 2.5", "def halve(number):\n    return double(number) / 4 + 1"),
        ("double", "got 8", "def double(number):\n    return 1 if number == 0 else double(number - 1) * 2"),
    )
    assert [verdict.is_helpful for verdict in verdicts] == [True, True, True]


def test_a_wrong_answer_is_taken_out_again(tiny_course):
    _, halve_is_right = plant(
        tiny_course,
        ("halve", "round", "def halve(number):\n    return number // 2"),
        ("halve", ".", "def double(number):\n    return 0"),  # which the check of halve does not call
    )
    assert halve_is_right.message is None


def test_judging_leaves_the_learners_progress_alone(tiny_course, tmp_path, monkeypatch):
    file = tmp_path / "progress.jsonl"
    file.write_text("as it was\n", encoding="utf-8")
    monkeypatch.setenv("COURSE_PROGRESS", str(file))
    assert plant(tiny_course, ("double", "two", "def double(number):\n    return 0"))[0].is_helpful
    assert file.read_text(encoding="utf-8") == "as it was\n"
    assert os.environ["COURSE_PROGRESS"] == str(file)
    monkeypatch.delenv("COURSE_PROGRESS")
    answers.judge(tiny_course / "course" / "day07_tiny")
    assert "COURSE_PROGRESS" not in os.environ


@pytest.mark.parametrize(("exercise", "function"), [("double", "dubble"), ("dubble", "double")])
def test_a_wrong_answer_to_nothing_is_an_error(tiny_course, exercise, function):
    with pytest.raises(KeyError, match="dubble"):
        plant(tiny_course, (exercise, ".", f"def {function}(number):\n    return 0"))


def test_a_wrong_answer_is_planted_in_a_sheet_that_runs(tiny_course):
    first, second = (f"def double(number):\n    return halve(number) + {number}" for number in (1, 2))
    later = "@wrong('halve', 'is planted', says='.')\ndef halve(number, right=halve):\n    return right(number) + 1"
    plant(tiny_course, ("double", "got", first), ("double", "got", second))
    day = tiny_course / "course" / "day07_tiny"
    with (day / "wrong_answers.py").open("a", encoding="utf-8") as file:
        file.write("\n\n" + later + "\n")
    names = {"double": None}  # as the sheet is before its second exercise
    answers.plant(names, day, "double", 1)
    with pytest.raises(LookupError, match=r"halve has 0 wrong answers here.*name 'halve'"):
        answers.plant(names, day, "halve", 0)
    names["halve"] = lambda number: number / 2
    assert names["double"](6) == 5
    answers.plant(names, day, "halve", 0)
    assert (names["halve"](6), names["double"](6)) == (4, 6)
    with pytest.raises(LookupError, match="double has 2 wrong answers here; number 2"):
        answers.plant(names, day, "double", 2)


def test_a_check_that_rejects_the_reference_is_an_error(tiny_course):
    sheet = tiny_course / "course" / "day07_tiny" / "exercises.py"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("return number / 2", "return number"), encoding="utf-8")
    with pytest.raises(answers.NotYet, match="Half of three"):
        plant(tiny_course, ("double", ".", "def double(number):\n    return 0"))
