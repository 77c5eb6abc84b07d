"""Record what works today and write the table into README: `python -m tools.works [--packages newest] FOLDER ...`.

An executed notebook tells by itself what it ran on: its set-up cell prints the versions, its cells carry times, its
results stand against their bands. This tool reads executed lessons (build/executed/notebooks after `make test`,
build/backends/jax after `make test-backends`), keeps what it found in book/works.json, dated, and writes the table.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import sys

import nbformat

from tools import ROOT, between

RECORD = ROOT / "book" / "works.json"
PACKAGES = ("lock", "newest", "lock = newest")  # the last: on the day of the run `make lock` changed nothing
BEGIN, END = "<!-- works: written by `python -m tools.works` -->", "<!-- works: end -->"
NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


def result(path: pathlib.Path) -> dict:
    """Read one executed lesson.

    Args:
        path: the executed notebook.

    Returns:
        `passed`: every code cell ran without an error; `seconds`: from the first cell's start to the last one's end;
        `kept` of `results`: how many of the results and guards it holds against bands were kept; `shorter`: whether it
        trained only a few steps; `error`: the first error's text or None; `ready`: the line of its set-up cell, None if
        that cell failed; `date` and `python`.

    Raises:
        ValueError: if the notebook was not executed.
    """
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.get("outputs", [])]
    lines = [line for output in outputs for line in output.get("text", "").splitlines()]
    ready = next((line for line in lines if line.startswith("Ready: ")), None)
    times = sorted(
        cell.metadata["execution"][name]
        for cell in code
        for name in ("iopub.execute_input", "shell.execute_reply")
        if name in cell.metadata.get("execution", {})
    )
    errors = [f"{output.ename}: {output.evalue}" for output in outputs if output.output_type == "error"]
    if not times or (ready is None and not errors):
        raise ValueError(f"{path} was not executed: run `make test` or `make test-backends` first")
    kept, missed = (sum(line.startswith(mark) for line in lines) for mark in ("✓ ", "• "))
    start, end = (datetime.datetime.fromisoformat(time) for time in (times[0], times[-1]))
    return {
        "passed": not errors and all(cell.execution_count for cell in code if cell.source),
        "seconds": round((end - start).total_seconds()),
        "kept": kept,
        "results": kept + missed,
        "shorter": notebook.metadata.get("course", {}).get("shorter", False),
        "error": errors[0] if errors else None,
        "ready": ready,
        "date": times[-1][:10],
        "python": notebook.metadata.language_info.version,
    }


def column(ready: str, python: str, packages: str) -> dict:
    """Return what a run was made with: Python, packages (one of PACKAGES), Keras, backend, its version, device.

    Args:
        ready: the line that `utils.runtime.setup` prints.
        python: the Python version.
        packages: one of PACKAGES.

    Raises:
        ValueError: if the line is not one of `setup`'s.
    """
    found = re.match(r"Ready: Keras (\S+) on (\w+) (\S+) · (\w+)", ready)
    if not found:
        raise ValueError(f"“{ready}” is not a line of utils.runtime.setup")
    keras, backend, version, device = found.groups()
    own = {"python": python, "packages": packages, "keras": keras, "backend": backend, "version": version}
    return own | {"device": device, "machine": f"{os.cpu_count()} cores, {platform.machine()}"}


def record(paths: list[pathlib.Path], packages: str, runs: list[dict]) -> list[dict]:
    """Merge executed lessons into the record; a newer run of the same lesson on the same column replaces the older.

    Args:
        paths: executed lessons.
        packages: one of PACKAGES.
        runs: the record so far.

    Returns:
        The record, one entry a column: what it was made with, and `lessons`, day → result.

    Raises:
        ValueError: if a lesson was not executed, or its set-up cell failed and no other lesson of its folder tells the
            versions.
    """
    runs = [run | {"lessons": dict(run["lessons"])} for run in runs]
    results = {path: result(path) for path in paths}
    for path, found in results.items():
        beside = [each["ready"] for other, each in results.items() if other.parent == path.parent and each["ready"]]
        if not beside:
            raise ValueError(f"in {path.parent} no lesson's set-up cell ran: {found['error']}")
        own = column(found["ready"] or beside[0], found["python"], packages)
        found = {name: value for name, value in found.items() if name not in ("ready", "python")}
        run = next((run for run in runs if all(run[name] == value for name, value in own.items())), None)
        if run is None:  # what an older version of the same thing did is of yesterday
            run = own | {"lessons": {}}
            runs = [each for each in runs if _place(each) != _place(run)] + [run]
        run["lessons"][path.stem] = found
    return sorted(runs, key=lambda run: (list(NAMES).index(run["backend"]), run["packages"], run["python"]))


def _place(run):
    return run["python"].rsplit(".", 1)[0], run["packages"].split()[0], run["backend"], run["device"]


def table(runs: list[dict]) -> str:
    """Return the table as Markdown: a row for each lesson, a column for each run, and what the columns are.

    Args:
        runs: the record.
    """
    days = sorted({day for run in runs for day in run["lessons"]})
    heads, shares, lines = [], [], []
    for run in runs:
        heads.append(f"{NAMES[run['backend']]} {run['version']}<br>Python {run['python']}, {run['packages']}")
        lessons = run["lessons"].values()
        dates = sorted({lesson["date"] for lesson in lessons})
        dated = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
        shares.append(f"{sum(lesson['passed'] for lesson in lessons)} of {len(lessons)}<br>{dated}")
    for day in days:
        link = f"[{day[3:5]} {day[6:].replace('_', ' ')}](notebooks/{day}.ipynb)"
        lines.append(f"| {link} | " + " | ".join(_cell(run["lessons"].get(day)) for run in runs) + " |")
    keras = sorted({run["keras"] for run in runs})
    devices = sorted({run["device"].replace("CPU", "no GPU") for run in runs})
    machines = sorted({run["machine"] for run in runs})
    note = (
        f"Keras {', '.join(keras)}; {'; '.join(machines)}; {', '.join(devices)}. A cell: seconds of the clock, and how"
        " many of the lesson's results and guards lie in the bands measured on TensorFlow. “short”: trained a few steps"
        " only, to see that the code runs. “–”: the lesson does not state this backend, or was not run. “lock ="
        " newest”: on that day the lock held the newest releases."
    )
    return "\n".join(
        [
            "| Lesson | " + " | ".join(heads) + " |",
            "|---|" + "---|" * len(runs),
            *lines,
            "| ran | " + " | ".join(shares) + " |",
            "",
            note,
        ]
    )


def _cell(lesson):
    if lesson is None:
        return "–"
    if not lesson["passed"]:
        return "✗ `" + re.sub(r"[`|]", "", lesson["error"].splitlines()[0][:60]) + "`"
    share = "short" if lesson["shorter"] else f"{lesson['kept']} of {lesson['results']}"
    return f"✓ {lesson['seconds']} s, {share}".replace(" ", "\N{NO-BREAK SPACE}")


def written(page: str, runs: list[dict]) -> str:
    """Return a page with the table between its marks; see `tools.between`."""
    return between(page, BEGIN, END, table(runs))


def main() -> int:
    """Read the folders, update the record, write README."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=pathlib.Path, help="folders of executed lessons")
    parser.add_argument("--packages", choices=PACKAGES, default="lock")
    options = parser.parse_args()
    runs = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else []
    paths = [path for folder in options.folders for path in sorted(folder.glob("day*.ipynb"))]
    if options.folders and not paths:
        print("no executed lesson in " + ", ".join(map(str, options.folders)))
        return 1
    runs = record(paths, options.packages, runs)
    RECORD.write_text(json.dumps(runs, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    readme = ROOT / "README.md"
    readme.write_text(written(readme.read_text(encoding="utf-8"), runs), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
