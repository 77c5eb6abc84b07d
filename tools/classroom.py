"""Lay out a folder for nbgrader: `python -m tools.classroom [FOLDER] [day ...]` (or `make classroom`).

FOLDER/source/DAY/DAY.ipynb   the exercise sheet, its solutions in the answer cells; nbgrader makes the release of it
FOLDER/nbgrader_config.py     nbgrader's settings for these sheets
FOLDER/utils                  a link to the course's utils, if FOLDER lies outside the course

FOLDER is work/classroom by default. A file that is there already and differs is kept and named on the screen.
TEACHING.md says how to hand out, collect and grade.
"""

from __future__ import annotations

import os
import pathlib
import sys

import nbformat

from tools import ROOT

CONFIG = '''\
"""nbgrader's settings for the course's exercise sheets, written by tools.classroom; change what you like."""

import os
import pathlib

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "twenty-days"
c.CourseDirectory.root = str(pathlib.Path(__file__).resolve().parent)

# The stub of the course's own sheets, so that a release and a sheet from `make lab` are the same.
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}

# Seconds for one cell, against loops without end; nbgrader's own 30 would stop a training on a slow computer.
c.Execute.timeout = 300
# A wrong answer raises an exception. nbgrader would take the points for a mere warning, too, or a progress bar.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"(?s).*"
# A check that a learner deleted comes back.
c.OverwriteCells.add_missing_cells = True
# Learners' outcomes stay out of your own progress table.
c.Execute.extra_arguments = [f"--IPKernelApp.exec_lines=import os; os.environ['COURSE_PROGRESS'] = {os.devnull!r}"]

# The names of files for `nbgrader zip_collect`: LEARNER_DAY.ipynb, such as ada_day01_hello_sine.ipynb
c.FileNameCollectorPlugin.named_regexp = r".*?(?P<student_id>[\\w.@-]+?)_(?P<file_id>day\\d\\d_\\w+)\\.ipynb$"
'''


def source(day: str, root: pathlib.Path = ROOT) -> nbformat.NotebookNode:
    """Return nbgrader's source of a sheet: the exercise sheet, its answer cells filled from the solutions.

    Args:
        day: the day's name, such as "day01_hello_sine".
        root: the course's folder with the built notebooks.

    Raises:
        FileNotFoundError: if there is no such day.
    """
    sheet, solved = (
        nbformat.read(root / folder / f"{day}.ipynb", as_version=4) for folder in ("exercises", "solutions")
    )
    answers = {cell.id: cell.source for cell in solved.cells}
    for cell in sheet.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answers[cell.id]
    return sheet


def points(sheet: nbformat.NotebookNode) -> dict[str, int]:
    """Return exercise -> points of a sheet, in order."""
    grading = [cell.metadata.get("nbgrader", {}) for cell in sheet.cells]
    return {each.grade_id: each.points for each in grading if each.get("grade")}


def lay_out(folder: pathlib.Path, days: list[str] | None = None, root: pathlib.Path = ROOT) -> list[str]:
    """Lay out an nbgrader course; nothing that exists is overwritten.

    Args:
        folder: where; it is made if it does not exist.
        days: the days' names; all by default.
        root: the course's folder with the built notebooks.

    Returns:
        One line for each file that was kept although the course's differs.

    Raises:
        FileNotFoundError: if a day does not exist.
        OSError: if the folder lies outside the course and the system refuses the link to utils (Windows may).
    """
    days = days or sorted(path.stem for path in (root / "exercises").glob("day*.ipynb"))
    files = {folder / "nbgrader_config.py": CONFIG}
    for day in days:
        files[folder / "source" / day / f"{day}.ipynb"] = nbformat.writes(source(day, root)) + "\n"
    kept = []
    for path, text in files.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        elif path.read_text(encoding="utf-8") != text:
            kept.append(f"{path.relative_to(folder)} differs from the course's and was kept; delete it to get that")
    # A sheet looks for utils/ in its own folder and in those above it; utils then finds data/ beside itself.
    link = folder / "utils"
    if root.resolve() not in folder.resolve().parents and not link.exists():
        link.symlink_to(root.resolve() / "utils", target_is_directory=True)
    return kept


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1]) if sys.argv[1:] else ROOT / "work" / "classroom"
    try:
        told = lay_out(folder, sys.argv[2:])
    except FileNotFoundError as error:
        sys.exit(f"{error.filename} is missing: is the day's name right? Names are those of the files in exercises/")
    except OSError as error:
        sys.exit(f"{error}: take a folder in which you may write; one inside the course's, such as work/classroom")
    for sheet in sorted((folder / "source").glob("*/*.ipynb")):
        counts = points(nbformat.read(sheet, as_version=4))
        print(f"{sheet.stem}: {sum(counts.values())} points: " + ", ".join(f"{n} {k}" for k, n in counts.items()))
    print(*told, sep="\n", end="\n" if told else "")
    print(f"\nnext: cd {os.path.relpath(folder)}; nbgrader generate_assignment DAY      (TEACHING.md has the rest)")
