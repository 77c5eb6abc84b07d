"""The course's own sheets through nbgrader, and its exchange: `make test-classroom`, not in `make test`: minutes a day.

The reference must get every point, the untouched sheet none, and each planted wrong answer that is written as a
function must lose the points of its own exercise and of no other.
"""

import ast
import functools
import json

import pytest
from grading import TINY, build_tiny, commands, hand_in, run_nbgrader, scores

from tools import classroom
from tools.build import ROOT

DAYS = sorted(path.stem for path in (ROOT / "exercises").glob("day*.ipynb"))


@functools.cache
def planted(day):
    """Return (helpers, [(exercise, mistake, answer)]): source text of what wrong_answers.py defines."""
    helpers, answers = [], []
    for node in ast.parse((ROOT / "course" / day / "wrong_answers.py").read_text(encoding="utf-8")).body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            continue
        calls = [mark for mark in getattr(node, "decorator_list", []) if ast.unparse(mark).startswith("wrong(")]
        if calls:
            node.decorator_list.remove(calls[0])
            exercise, mistake = (ast.literal_eval(argument) for argument in calls[0].args)
            answers.append((exercise, mistake, ast.unparse(node)))
        elif "wrong(" not in ast.unparse(node):
            helpers.append(ast.unparse(node))
    return "\n\n\n".join(helpers), answers


def sheet(folder, day):
    return json.loads((ROOT / folder / f"{day}.ipynb").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path, day):
    """An nbgrader course with one day released."""
    folder = tmp_path / "class"
    classroom.lay_out(folder, [day])
    run_nbgrader(folder, "generate_assignment", day)
    return folder


@pytest.mark.parametrize("day", DAYS)
def test_the_reference_gets_every_point_and_the_untouched_sheet_none(folder, day):
    released = json.loads((folder / "release" / day / f"{day}.ipynb").read_text(encoding="utf-8"))
    hand_in(folder, "reference", day, sheet("solutions", day))
    hand_in(folder, "untouched", day, sheet("exercises", day))
    hand_in(folder, "released", day, released)
    run_nbgrader(folder, "autograde", day)
    points = classroom.points(classroom.source(day))
    nothing = dict.fromkeys(points, 0)
    assert scores(folder, day) == {"reference": points, "untouched": nothing, "released": nothing}


EXERCISES = [(day, name) for day in DAYS for name in dict.fromkeys(name for name, _, _ in planted(day)[1])]


@pytest.mark.parametrize(("day", "exercise"), EXERCISES)
def test_a_wrong_answer_loses_the_points_of_its_exercise_and_no_others(folder, day, exercise):
    helpers, answers = planted(day)
    mistakes = {}
    for number, (_, mistake, answer) in enumerate(each for each in answers if each[0] == exercise):
        learner = f"learner{number:02}"
        mistakes[learner] = f"{number}: {mistake}"
        notebook = sheet("solutions", day)
        (cell,) = [cell for cell in notebook["cells"] if cell["id"] == f"{exercise}-answer".replace("_", "-")]
        cell["source"] = "\n\n\n".join(["".join(cell["source"]), helpers, answer])
        hand_in(folder, learner, day, notebook)
    run_nbgrader(folder, "autograde", day)
    expected = classroom.points(classroom.source(day)) | {exercise: 0}
    found = scores(folder, day)
    assert {mistakes[learner]: points for learner, points in found.items()} == dict.fromkeys(
        mistakes.values(), expected
    )


def test_the_exchange_hands_out_collects_and_hands_back(tiny_course, tmp_path):
    tiny = build_tiny(tiny_course)
    folder, learner, exchange = tmp_path / "class", tmp_path / "learner", tmp_path / "exchange"
    classroom.lay_out(folder, root=tiny)
    for place in (learner, exchange):
        place.mkdir()
    exchange.chmod(0o777)
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"c.Exchange.root = {str(exchange)!r}\n")
    ran = []
    for command in commands("On a server"):
        is_learner = command[0] in ("fetch_assignment", "submit", "fetch_feedback")
        own = [f"--Exchange.root={exchange}"] if is_learner else []
        run_nbgrader(learner if is_learner else folder, *command, *own)
        if command[0] == "fetch_assignment":  # the learner solves the sheet
            (learner / TINY / f"{TINY}.ipynb").write_bytes((tiny / "solutions" / f"{TINY}.ipynb").read_bytes())
        ran.append(command[0])
    assert ran == [
        *("generate_assignment", "release_assignment", "fetch_assignment", "submit", "collect", "autograde"),
        *("generate_feedback", "release_feedback", "fetch_feedback"),
    ]
    assert list(scores(folder, TINY).values()) == [{"double": 2, "halve": 1}]
    assert list(learner.rglob("*.html"))
