"""tools/classroom.py and nbgrader itself: every sheet released, a tiny course graded with TEACHING.md's commands."""

import copy
import csv
import json
import re
import zipfile

import nbformat
import nbgrader.nbgraderformat
import pytest
from grading import TINY, build_tiny, commands, run_nbgrader, scores

from tools import classroom
from tools.build import BEGIN, END, ROOT, Script, check_name, check_points

DAYS = sorted(path.stem for path in (ROOT / "exercises").glob("day*.ipynb"))


# The layout


def test_the_source_is_the_sheet_with_the_solutions_in_it(tiny_course):
    tiny = build_tiny(tiny_course)
    source = classroom.source(TINY, tiny)
    sheet = nbformat.read(tiny / "exercises" / f"{TINY}.ipynb", as_version=4)
    differ = [one.id for one, other in zip(source.cells, sheet.cells, strict=True) if one != other]
    assert differ == ["double-answer", "halve-answer"]
    assert classroom.points(source) == {"double": 2, "halve": 1}


def test_what_an_instructor_changed_is_kept_and_named(tiny_course, tmp_path):
    tiny = build_tiny(tiny_course)
    folder = tmp_path / "class"
    assert classroom.lay_out(folder, root=tiny) == []
    assert classroom.lay_out(folder, root=tiny) == []
    for name in ("nbgrader_config.py", f"source/{TINY}/{TINY}.ipynb"):
        (folder / name).write_text("mine", encoding="utf-8")
        (told,) = classroom.lay_out(folder, root=tiny)
        assert told.startswith(name) and "kept" in told and (folder / name).read_text(encoding="utf-8") == "mine"
        (folder / name).unlink()


def test_utils_is_linked_only_outside_the_course(tiny_course, tmp_path):
    tiny = build_tiny(tiny_course)
    classroom.lay_out(tiny / "work" / "classroom", root=tiny)
    assert not (tiny / "work" / "classroom" / "utils").exists()
    classroom.lay_out(tmp_path / "class", root=tiny)
    assert (tmp_path / "class" / "utils" / "runtime.py").samefile(ROOT / "utils" / "runtime.py")


def test_a_day_that_does_not_exist_is_refused_before_anything_is_written(tiny_course, tmp_path):
    tiny = build_tiny(tiny_course)
    with pytest.raises(FileNotFoundError, match="day08_gone"):
        classroom.lay_out(tmp_path / "class", [TINY, "day08_gone"], tiny)
    assert not (tmp_path / "class").exists()


# All days, without running them


def test_every_sheet_is_released_as_the_course_has_it_with_its_points_and_without_its_solutions(tmp_path):
    folder = tmp_path / "class"
    classroom.lay_out(folder)
    run_nbgrader(folder, "generate_assignment", "*")  # refuses names used twice and solutions outside answer cells
    for day in DAYS:
        source, release = (
            nbgrader.nbgraderformat.read(str(folder / part / day / f"{day}.ipynb"), as_version=4)  # validates metadata
            for part in ("source", "release")
        )
        sheet = nbformat.read(ROOT / "exercises" / f"{day}.ipynb", as_version=4)
        assert [cell.source for cell in release.cells] == [cell.source for cell in sheet.cells]
        script = Script(ROOT / "course" / day / "exercises.py")
        checks = [cell.source for _, cell, _ in script.cells() if check_name(cell.source)]
        stated = {check_name(check): check_points(check) for check in checks}
        assert classroom.points(release) == classroom.points(source) == stated
        text = "\n".join(cell.source for cell in release.cells)
        solutions = re.findall(f"{BEGIN}\n(.*?)\n *{END}", "\n".join(cell.source for cell in source.cells), re.DOTALL)
        discussions = [cell.source for _, cell, _ in script.cells() if "solution" in cell.metadata.get("tags", [])]
        assert len(solutions) >= len(stated) and discussions
        assert [each for each in solutions + discussions if each in text] == []


# nbgrader end to end, with the commands of the guide


def changed(notebook, name, source):
    """Return a copy of a notebook whose cell `name` holds another source; None deletes the cell."""
    notebook = copy.deepcopy(notebook)
    (place,) = [place for place, cell in enumerate(notebook["cells"]) if cell["id"] == name]
    if source is None:
        del notebook["cells"][place]
    else:
        notebook["cells"][place]["source"] = source
    return notebook


def test_points_go_to_right_answers_only_and_a_wrong_one_costs_its_own(tiny_course, tmp_path):
    tiny = build_tiny(tiny_course)
    solved, untouched = (
        json.loads((tiny / part / f"{TINY}.ipynb").read_text(encoding="utf-8")) for part in ("solutions", "exercises")
    )
    warns = (
        "def double(number):\n    import sys, warnings\n    warnings.warn('old')\n    print('5 %', file=sys.stderr)\n"
    )
    expected = {
        "right": (solved, 2, 1),
        "untouched": (untouched, 0, 0),
        "wrong": (changed(solved, "double-answer", "def double(number):\n    return number + 2"), 0, 1),
        "stops": (changed(solved, "halve-answer", "def halve(number):\n    return [][number]"), 2, 0),
        "broken": (changed(solved, "double-answer", "def double(number) return"), 0, 1),
        "loops": (changed(solved, "double-answer", "def double(number):\n    while True:\n        pass"), 0, 1),
        "leaves": (changed(solved, "halve-answer", "def halve(number):\n    raise SystemExit"), 2, 0),
        "warns": (changed(solved, "double-answer", warns + "    return 2 * number"), 2, 1),
        "edits-check": (changed(untouched, "double", 'print("right")'), 0, 0),
        "no-check": (changed(solved, "double", None), 2, 1),
    }
    folder = tmp_path / "class"
    classroom.lay_out(folder, root=tiny)
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("c.Execute.timeout = 15\n")  # enough for every cell but the one that loops
    archive = folder / "downloaded" / TINY / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "from the platform.zip", "w") as platform:
        for learner, (notebook, *_) in expected.items():
            name, text = f"{learner}_{TINY}.ipynb", json.dumps(notebook)
            if learner == "right":
                (archive / name).write_text(text, encoding="utf-8")
            else:
                platform.writestr(name, text)
    run = commands("Without a server")
    assert [command[0] for command in run] == (
        ["generate_assignment", "zip_collect", "autograde", "generate_feedback", "export"]
    )
    for command in run:
        run_nbgrader(folder, *command)
    assert scores(folder, TINY) == {
        learner: {"double": double, "halve": halve} for learner, (_, double, halve) in expected.items()
    }
    with (folder / "grades.csv").open(encoding="utf-8") as table:
        exported = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(table)}
    assert exported == {learner: (double + halve, 3) for learner, (_, double, halve) in expected.items()}
    feedback = (folder / "feedback" / "wrong" / TINY / f"{TINY}.html").read_text(encoding="utf-8")
    assert "Did you add two instead of multiplying by it?" in feedback
