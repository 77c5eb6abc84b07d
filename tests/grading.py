"""What the tests of grading share: nbgrader's commands in a folder of their own, and the points in its gradebook."""

import json
import os
import pathlib
import re
import subprocess
import sys

from nbgrader.api import Gradebook

from tools.build import ROOT, build

TINY = "day07_tiny"


def build_tiny(tiny_course: pathlib.Path) -> pathlib.Path:
    """Build the course of one tiny day and lay the course's utils beside it; return its folder."""
    build(tiny_course)
    (tiny_course / "utils").symlink_to(ROOT / "utils", target_is_directory=True)
    return tiny_course


def commands(heading: str) -> list[list[str]]:
    """Return the nbgrader commands in the first block below a heading of TEACHING.md, for the tiny day."""
    guide = (ROOT / "TEACHING.md").read_text(encoding="utf-8")
    block = re.search(rf"^### {heading}\n.*?```bash\n(.*?)```", guide, re.MULTILINE | re.DOTALL).group(1)
    lines = re.findall(r"^nbgrader (.*?)(?: +#.*)?$", block, re.MULTILINE)
    return [line.replace("day01_hello_sine", TINY).split() for line in lines]


def run_nbgrader(folder: pathlib.Path, *arguments: str) -> None:
    """Run an nbgrader command in a folder, apart from the user's own Jupyter; an error shows nbgrader's log."""
    home = folder.parent / "home"
    own = {"JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home), "COURSE_PROGRESS": str(home / "progress")}
    own["PATH"] = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=folder, env=os.environ | own, capture_output=True, text=True)
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    assert not (home / "progress").exists(), "learners' outcomes went into the instructor's progress"


def hand_in(folder: pathlib.Path, learner: str, day: str, notebook: dict) -> None:
    """Lay a learner's notebook where nbgrader looks for submissions."""
    path = folder / "submitted" / learner / day / f"{day}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def scores(folder: pathlib.Path, day: str) -> dict[str, dict[str, float]]:
    """Return learner -> exercise -> points from the gradebook."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {grade.name: grade.score for grade in submission.notebooks[0].grades}
            for submission in gradebook.assignment_submissions(day)
        }
