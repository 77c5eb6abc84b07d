"""Measure a lesson's bands: `python -m tools.bands day01_hello_sine` runs it with seeds 0, 1 and 2.

Every value a lesson gives to `expect` is written to course/DAY/bands.json, with the versions it was measured with. The
author then sets the bands in the lesson around the three values; a test holds both against each other.
"""

from __future__ import annotations

import ast
import importlib.metadata
import json
import os
import pathlib
import platform
import sys
import tempfile

import nbformat
from nbclient import NotebookClient

from tools import ROOT
from tools.build import Script

SEEDS = (0, 1, 2)


def record(lesson: pathlib.Path, seed: int) -> dict[str, float]:
    """Execute a built lesson with one seed and return the value of each `expect`.

    Raises:
        nbclient.exceptions.CellExecutionError: if a cell fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "record.jsonl"
        os.environ.update(COURSE_SEED=str(seed), COURSE_RECORD=str(file))
        try:
            notebook = nbformat.read(lesson, as_version=4)
            NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(lesson.parent)}}).execute()
        finally:
            del os.environ["COURSE_SEED"], os.environ["COURSE_RECORD"]
        entries = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {entry["what"]: entry["value"] for entry in entries}


def measure(day: str, root: pathlib.Path = ROOT) -> dict:
    """Run a lesson with the three seeds and write course/DAY/bands.json.

    Args:
        day: the day's name.
        root: the course's folder.

    Returns:
        The content of bands.json: seeds, versions, and values (result -> one value per seed).
    """
    runs = [record(root / "notebooks" / f"{day}.ipynb", seed) for seed in SEEDS]
    measured = {
        "seeds": list(SEEDS),
        "versions": {name: importlib.metadata.version(name) for name in ("tensorflow", "keras", "numpy")},
        "processor": f"{platform.machine()}, {os.cpu_count()} cores",
        "values": {what: [float(f"{run[what]:.9g}") for run in runs] for what in runs[0]},
    }
    path = root / "course" / day / "bands.json"
    path.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return measured


def bands(script: Script) -> dict[str, tuple[float, float]]:
    """Read the bands from a lesson's `expect("name", value, low=…, high=…)` calls.

    Raises:
        SourceError: if a name or an end of a band is not written out as a constant.
    """
    found = {}
    for _, cell, line in script.cells():
        for node in ast.walk(ast.parse(cell.source)) if cell.cell_type == "code" else []:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "expect":
                if len(node.args) != 2:
                    raise script.error(line + node.lineno, 'write `expect("name", value, low=…, high=…)`')
                try:
                    ends = {word.arg: ast.literal_eval(word.value) for word in node.keywords}
                    what = ast.literal_eval(node.args[0])
                except ValueError:
                    raise script.error(
                        line + node.lineno, "write `expect`'s name, low= and high= as constants"
                    ) from None
                if what in found:
                    raise script.error(line + node.lineno, f"the name “{what}” is used by two results")
                found[what] = (ends.get("low", float("-inf")), ends.get("high", float("inf")))
    return found


if __name__ == "__main__":
    for name in sys.argv[1:] or sys.exit("name a day, such as day01_hello_sine"):
        for what, values in measure(name)["values"].items():
            low, high = bands(Script(ROOT / "course" / name / "lesson.py"))[what]
            inside = all(low <= value <= high for value in values)
            print(f"{'inside ' if inside else 'OUTSIDE'} [{low:g}, {high:g}]  {what}: {values}")
