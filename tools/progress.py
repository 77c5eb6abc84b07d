"""Show the learner's table of exercises: `python -m tools.progress` (or `make progress`)."""

from __future__ import annotations

import pathlib

import nbformat

from tools import ROOT
from utils.check import NOT_ATTEMPTED, NOT_YET, RIGHT, progress_path, read_progress

SIGNS = {RIGHT: "✓", NOT_YET: "✗", NOT_ATTEMPTED: "○"}


def exercises(notebook: pathlib.Path) -> list[str]:
    """Return the names of a built sheet's exercises, in order."""
    cells = nbformat.read(notebook, as_version=4).cells
    return [cell.metadata.nbgrader.grade_id for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]


def table(root: pathlib.Path = ROOT, progress: pathlib.Path | None = None) -> str:
    """Return the progress of all built days as text, a line per exercise and a sum per day.

    Args:
        root: the course's folder.
        progress: the progress file; by default the learner's own.
    """
    outcomes, lines = read_progress(progress), []
    for sheet in sorted((root / "exercises").glob("*.ipynb")):
        names = exercises(sheet)
        found = [outcomes.get((sheet.stem, name), NOT_ATTEMPTED) for name in names]
        lines.append(f"{sheet.stem}: {found.count(RIGHT)} of {len(names)} right")
        lines += [f"  {SIGNS[outcome]} {name:<32} {outcome}" for name, outcome in zip(names, found, strict=True)]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
    print(f"\n(kept in {progress_path()})")
