"""The course's own sheets through nbgrader, and its exchange: `make test-classroom`, not in `make test`: minutes a day.

The reference must get every point, the untouched sheet none, and each planted wrong answer must lose the points of its
exercise, while those that the same learner has right keep theirs.
"""

import json
import math

import pytest
from grading import TINY, build_tiny, commands, hand_in, run_nbgrader, scores

from tools import answers, classroom
from tools.build import ROOT

DAYS = sorted(path.stem for path in (ROOT / "exercises").glob("day*.ipynb"))


def share_out(day):
    """Return for each learner a dictionary exercise -> number of a wrong answer.

    Each wrong answer goes to one learner; each learner has at least one exercise right.
    """
    exercises = list(classroom.points(classroom.source(day)))
    verdicts = [verdict.exercise for verdict in answers.judge(ROOT / "course" / day)]
    counts = {exercise: verdicts.count(exercise) for exercise in exercises}
    assert sum(counts.values()) == len(verdicts) and min(counts.values()) > 0
    learners = [{} for _ in range(max(*counts.values(), math.ceil(len(verdicts) / (len(exercises) - 1))))]
    everything = [(exercise, number) for exercise, count in counts.items() for number in range(count)]
    for place, (exercise, number) in enumerate(everything):
        learners[place % len(learners)][exercise] = number
    assert sum(map(len, learners)) == len(verdicts) and max(map(len, learners)) < len(exercises)
    return learners


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


@pytest.mark.parametrize("day", DAYS)
def test_each_wrong_answer_loses_the_points_of_its_exercise_and_no_others(folder, day, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # the planted cells import tools.answers
    expected = {}
    for place, mistakes in enumerate(share_out(day)):
        learner, notebook = f"learner{place:02}", sheet("solutions", day)
        cells = {cell["id"]: cell for cell in notebook["cells"]}
        for exercise, number in mistakes.items():
            call = f"answers.plant(globals(), answers.ROOT / 'course' / {day!r}, {exercise!r}, {number})"
            planted = f"\n\nfrom tools import answers\n\n{call}"
            cells[f"{exercise}-answer".replace("_", "-")]["source"].append(planted)
        hand_in(folder, learner, day, notebook)
        expected[learner] = classroom.points(classroom.source(day)) | dict.fromkeys(mistakes, 0)
    run_nbgrader(folder, "autograde", day)
    assert scores(folder, day) == expected


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
