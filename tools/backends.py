"""Run the lessons on another Keras backend: `python -m tools.backends jax [day ...]` (part of `make test-backends`).

Each lesson's head states its backends; a lesson that states this one runs whole, as a learner runs it, in a kernel with
KERAS_BACKEND set, and is left with its outputs in build/backends/BACKEND/. Its results are compared with the bands,
which were measured on TensorFlow, and the comparison is reported. JAX is slow at convolutions on a CPU, so the lessons
in SHORTER train only a few steps there (all with --whole): they show that the code runs, not what it reaches.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tools import ROOT
from tools.works import NAMES, result

SHORTER = {"jax": {"day08": 3, "day09": 3, "day10": 3, "day15": 3}}  # steps of each epoch
EXECUTED = ROOT / "build" / "backends"


def stated(day: str) -> list[str]:
    """Return the backends that a lesson's head states, such as ["tensorflow", "jax"].

    Args:
        day: the day's name.

    Raises:
        ValueError: if the head has no line `**Backends:** …`, or names none that Keras knows.
    """
    head = nbformat.read(ROOT / "notebooks" / f"{day}.ipynb", as_version=4).cells[0].source
    line = re.search(r"^\*\*Backends:\*\* ([^.;(]*)", head, re.MULTILINE)
    found = [backend for backend, name in NAMES.items() if line and name in line[1]]
    if not found:
        raise ValueError(f"the head of {day} must say `**Backends:** TensorFlow, JAX, PyTorch.` (those it runs on)")
    return found


def run(day: str, backend: str, steps: int | None = None) -> pathlib.Path:
    """Execute a lesson on a backend, print one line, and store the notebook with its outputs.

    Args:
        day: the day's name.
        backend: "tensorflow", "jax" or "torch".
        steps: train only so many steps of each epoch.

    Returns:
        The path of the executed notebook. Its metadata say whether it trained shorter, and which error stopped it.
    """
    notebook = nbformat.read(ROOT / "notebooks" / f"{day}.ipynb", as_version=4)
    notebook.metadata["course"] = {"backend": backend, "shorter": bool(steps), "error": None}
    if steps:
        setup = next(n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code")
        notebook.cells.insert(
            setup + 1, nbformat.v4.new_code_cell(f"from tools.shorter import shorten\n\nshorten({steps})")
        )
    path = EXECUTED / backend / f"{day}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute(env=os.environ | {"KERAS_BACKEND": backend, "COURSE_STRICT": "0"})
    except CellExecutionError as error:
        notebook.metadata["course"]["error"] = f"{error.ename}: {error.evalue}"
    nbformat.write(notebook, path)
    return path


def main() -> int:
    """Run what the command line names; return 0 if every lesson ran."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("backend", choices=NAMES)
    parser.add_argument("days", nargs="*", help="such as day01_hello_sine; by default all that state this backend")
    parser.add_argument("--whole", action="store_true", help="train whole everywhere; on JAX this takes hours")
    options = parser.parse_args()
    days = options.days or sorted(path.stem for path in (ROOT / "notebooks").glob("day*.ipynb"))
    failed = 0
    for day in [day for day in days if options.backend in stated(day)]:
        steps = None if options.whole else SHORTER.get(options.backend, {}).get(day[:5])
        found = result(run(day, options.backend, steps))
        failed += not found["passed"]
        print(f"{day:<42}{found['seconds']:>7} s  {found['kept']} of {found['results']}  {found['error'] or ''}")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
