"""utils/check.py: three outcomes, their messages, and the progress file."""

import json
import re
import statistics
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from utils.check import Exercises, NotAttempted, NotYet, progress_path, read_progress

ROOT = Path(__file__).resolve().parents[1]
DAY = "day07_tiny"
check = Exercises(DAY)


@pytest.fixture(autouse=True)
def progress(tmp_path, monkeypatch):
    """A progress file of the test's own, in a folder that does not exist yet."""
    path = tmp_path / "work" / "progress.jsonl"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    return path


def plain(text):
    return re.sub(r"\033\[[0-9;]*m", "", text)


def not_yet(answer, *arguments, exercise="double"):
    """Run something inside a check that must not pass, and return the message."""
    with pytest.raises(NotYet) as caught, check(exercise):
        answer(*arguments)
    return plain(str(caught.value))


def right(exercise):
    with check(exercise):
        check.true(True, "no hint")


# The three outcomes


def test_right_is_said_and_kept(progress, capsys):
    with check("double", points=2):
        check.equal(4, 4, "no hint")
    assert plain(capsys.readouterr().out) == "✓ double: right · well done!\n"
    (entry,) = map(json.loads, progress.read_text(encoding="utf-8").splitlines())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", entry.pop("time"))
    assert entry == {"day": DAY, "exercise": "double", "outcome": "right"}


def test_not_yet_gives_the_hint(capsys):
    assert not_yet(check.true, False, "Mind the sign.") == "✗ double: not yet · Mind the sign."
    assert capsys.readouterr().out == ""
    assert read_progress() == {(DAY, "double"): "not yet"}


def test_not_attempted_says_what_to_do():
    def untouched():
        raise NotImplementedError

    with pytest.raises(NotAttempted) as caught, check("double"):
        untouched()
    assert plain(str(caught.value)).startswith(
        "○ double: not attempted · replace `raise NotImplementedError` in `untouched`, run"
    )
    assert read_progress() == {(DAY, "double"): "not attempted"}


def test_a_check_ends_at_the_first_hint():
    def two_mistakes():
        check.equal(1, 2, "First.")
        check.equal(1, 3, "Second.")

    assert not_yet(two_mistakes).endswith("First.")


def test_an_interruption_is_not_an_answer(progress):
    with pytest.raises(KeyboardInterrupt), check("double"):
        raise KeyboardInterrupt
    assert not progress.exists()


# Errors in the learner's code


def test_an_error_names_its_kind_and_the_failing_line():
    def learners_answer(table):
        return table["height"]

    message = not_yet(learners_answer, {})
    assert message == """✗ double: not yet · your code stopped with KeyError: 'height', at `return table["height"]`"""


def test_an_error_inside_a_library_names_the_learners_line():
    def learners_answer():
        return statistics.mean([])

    assert not_yet(learners_answer).endswith("at `return statistics.mean([])`")


def test_a_librarys_not_implemented_error_is_an_attempt():
    def learners_answer():
        raise NotImplementedError("Model `Mine` has no `call()`")

    assert "your code stopped with NotImplementedError: Model" in not_yet(learners_answer)


def test_a_variable_read_too_early_does_not_blame_the_set_up():
    message = not_yet(exec, "def f():\n    x += 1\nf()", {})
    assert "UnboundLocalError" in message and "Did you run" not in message


def test_an_error_of_several_lines_becomes_one():
    def learners_answer():
        raise ValueError("first\n  second")

    assert "ValueError: first second, at `raise" in not_yet(learners_answer)


def test_a_missing_name_asks_whether_the_cell_was_run():
    message = not_yet(exec, "double(2)", {})
    assert "name 'double' is not defined. Did you run every cell above this one" in message


@pytest.mark.parametrize("compare", [check.equal, check.close, check.shape])
def test_a_forgotten_return_is_named(compare):
    message = not_yet(compare, None, (2,), "Sum.")
    assert "returned None: does every path end in `return`? Sum." in message


# The comparisons


@pytest.mark.parametrize(
    ("compare", "actual", "expected"),
    [
        (check.equal, 4, 4),
        (check.equal, "cat", "cat"),
        (check.equal, None, None),
        (check.equal, np.arange(3), [0, 1, 2]),
        (check.equal, {"a": 1}, {"a": 1}),
        (check.close, 1.000001, 1),
        (check.close, [1000.005], np.array([1000.0])),
        (check.close, [], []),
        (check.shape, np.zeros((2, 3)), (2, 3)),
        (check.shape, 1.5, ()),
        (check.shape, [[1], [2]], [2, 1]),
    ],
)
def test_comparisons_pass(compare, actual, expected):
    with check("double"):
        compare(actual, expected, "no hint")
    assert read_progress() == {(DAY, "double"): "right"}


@pytest.mark.parametrize(
    ("compare", "actual", "expected", "words"),
    [
        (check.equal, 5, 4, "got 5, expected 4. Hint."),
        (check.equal, np.int64(5), 4, "got 5, expected 4. Hint."),
        (check.equal, "1", 1, "got '1', expected 1. Hint."),
        (check.equal, 0, None, "got 0, expected None. Hint."),
        (check.equal, [1, 2], [1, 2, 3], "got [1, 2], expected [1, 2, 3]. Hint."),
        (check.equal, "x" * 90, 1, "x…, expected 1. Hint."),
        (check.close, 1.0001, 1.0, "got 1.0001, expected 1. Hint."),
        (check.close, [1000.02], [1000.0], "got [1000.02], expected [1000.]. Hint."),
        (check.close, np.nan, 1.0, "got nan, expected 1. Hint."),
        (check.close, [1.0, np.nan], [1.0, 2.0], "got [ 1. nan], expected [1. 2.]. Hint."),
        (check.close, np.ones(2), np.zeros(2), "got [1. 1.], expected [0. 0.]. Hint."),
        (check.close, np.eye(3), np.full((3, 3), 0.5), "got 1 at [0, 0], expected 0.5 there. Hint."),
        (check.close, [0] * 8 + [np.nan], [1] * 9, "got nan at [8], expected 1 there. Hint."),
        (check.close, [1.0], 1.0, "the shape is (1,), expected (). Hint."),
        (check.shape, np.zeros((2, 3)), (3, 2), "the shape is (2, 3), expected (3, 2). Hint."),
    ],
)
def test_comparisons_fail_with_both_values_and_the_hint(compare, actual, expected, words):
    assert not_yet(compare, actual, expected, "Hint.").endswith(words)


def test_the_tolerance_can_be_set():
    with check("double"):
        check.close(1.05, 1.0, "no hint", tolerance=0.1)
    assert "got 1.05" in not_yet(lambda: check.close(1.05, 1.0, "Hint.", tolerance=0.01))


# The progress file


def test_progress_lies_in_the_learners_folder(monkeypatch):
    monkeypatch.delenv("COURSE_PROGRESS")
    assert progress_path() == ROOT / "work" / "progress.jsonl"


def test_outcomes_are_appended_and_the_last_counts(progress):
    right("double")
    not_yet(check.true, False, "Hint.", exercise="halve")
    not_yet(check.true, False, "Hint.")
    assert len(progress.read_text(encoding="utf-8").splitlines()) == 3
    assert read_progress() == {(DAY, "double"): "not yet", (DAY, "halve"): "not yet"}


@pytest.mark.parametrize(
    "damage",
    [
        b'{"day": "day07_tiny", "exercise": "double", "outcome": "rig"}',
        b"{",
        b"[1]",
        b"7",
        b'{"day": "a"}',
        b"\xff\xfe",
        b"",
        b'{"day": [], "exercise": 1}',
    ],
)
def test_a_damaged_line_costs_nothing_else(progress, damage):
    right("double")
    with progress.open("ab") as file:
        file.write(damage + b"\n")
    right("halve")
    assert read_progress(progress) == {(DAY, "double"): "right", (DAY, "halve"): "right"}


def test_an_unfinished_last_line_costs_nothing_else(progress):
    right("double")
    with progress.open("ab") as file:
        file.write(b'{"day": "day07_tiny", "exerc')
    right("halve")
    assert read_progress() == {(DAY, "double"): "right", (DAY, "halve"): "right"}


def test_no_progress_yet(tmp_path):
    assert read_progress(tmp_path / "none.jsonl") == {}


def test_an_unwritable_progress_file_does_not_hide_the_outcome(progress, capsys):
    progress.mkdir(parents=True)
    assert read_progress() == {}
    right("double")
    assert re.search(r"✓ double: right · well done! \(progress not saved: .+\)", plain(capsys.readouterr().out))
    assert re.search(r"not yet · Hint\. \(progress not saved: .+\)$", not_yet(check.true, False, "Hint."))


# In a notebook


def test_each_message_is_one_line_in_a_notebook():
    cells = [
        'from utils.check import Exercises\ncheck = Exercises("day07_tiny")',
        'with check("double"):\n    check.equal(5, 4, "Mind\\nthe sign.")',
        'with check("double"):\n    raise NotImplementedError',
        'with check("double"):\n    1 / 0',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=None, allow_errors=True, resources={"metadata": {"path": str(ROOT)}}).execute()
    found = [[output.traceback for output in cell.outputs] for cell in notebook.cells]
    lines = [plain(traceback[0]) for outputs in found for traceback in outputs]
    assert [[len(traceback) for traceback in outputs] for outputs in found] == [[], [1], [1], [1]]
    assert not any("\n" in line for line in lines)
    assert lines[0] == "✗ double: not yet · got 5, expected 4. Mind the sign."
    assert lines[1].startswith("○ double: not attempted · ")
    assert lines[2] == "✗ double: not yet · your code stopped with ZeroDivisionError: division by zero, at `1 / 0`"
