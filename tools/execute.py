"""Execute the built notebooks with nbmake and print their times: `python -m tools.execute` (part of `make test`).

The notebooks run whole, as a learner runs them, in copies under build/executed/, which keep their outputs (for the
tests in tests/executed and for the web book). Longest first; several kernels at once, sharing the processor's cores.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from tools import FOLDERS, ROOT

BUDGET_SECONDS = 60 * 60
PLANNED_SECONDS = {"notebooks": 100, "solutions": 45, "exercises": 8}
EXECUTED = ROOT / "build" / "executed"
TIMES = ROOT / "build" / "times.json"


def choose(shard: str, days: list[str]) -> list[pathlib.Path]:
    """Return the built notebooks to run, longest first by the last run's times, else by the plan.

    Args:
        shard: "2/3" for the second of three equal parts; "1/1" for all.
        days: the days' names; empty for all.

    Raises:
        ValueError: if the shard is not of that form.
    """
    found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", shard)
    if not found or int(found[1]) > int(found[2]):
        raise ValueError(f'the shard "{shard}" must look like 2/3: the second part of three')
    times = json.loads(TIMES.read_text()) if TIMES.exists() else {}
    paths = [
        path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.ipynb")) if not days or path.stem in days
    ]
    paths.sort(key=lambda path: -times.get(f"{path.parent.name}/{path.stem}", PLANNED_SECONDS[path.parent.name]))
    return paths[int(found[1]) - 1 :: int(found[2])]


def run(paths: list[pathlib.Path], workers: int) -> int:
    """Execute copies of the notebooks under build/executed/ and print the table of times.

    Args:
        paths: the notebooks, in the order in which they should start.
        workers: how many kernels at once.

    Returns:
        pytest's exit status, 0 if every notebook ran.
    """
    if not paths:  # without a path pytest would collect the unit tests
        print("no notebook to run: is the day's name right, and are there fewer notebooks than shards?")
        return 1
    shutil.rmtree(EXECUTED, ignore_errors=True)
    copies = [EXECUTED / path.parent.name / path.name for path in paths]
    for path, copy in zip(paths, copies, strict=True):
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    threads = str(max(1, (os.cpu_count() or 1) // workers))
    limits = dict.fromkeys(("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"), threads)
    own = {"COURSE_STRICT": "1", "COURSE_PROGRESS": str(EXECUTED / "progress.jsonl")}
    report = EXECUTED / "report.xml"
    options = ["--nbmake", "--overwrite", "--nbmake-timeout=0", f"--junitxml={report}", "-q", "-p", "no:cacheprovider"]
    parallel = ["-n", str(workers), "--dist", "load", "--maxschedchunk", "1"] if workers > 1 else []
    command = [sys.executable, "-m", "pytest", *options, *parallel, *map(str, copies)]
    status = subprocess.run(command, cwd=ROOT, env=os.environ | limits | own).returncode
    _print_times(report, workers)
    return status


def _print_times(report, workers):
    cases = ElementTree.parse(report).getroot().iter("testcase")
    times = {}
    for case in cases:
        folder, day = re.search(
            r"(notebooks|exercises|solutions)[./](\w+)", f"{case.get('classname')}/{case.get('name')}"
        ).groups()
        times[f"{folder}/{day}"] = float(case.get("time"))
    known = json.loads(TIMES.read_text()) if TIMES.exists() else {}
    TIMES.write_text(json.dumps(known | times, indent=1, sort_keys=True) + "\n")
    print(f"\n{'notebook':<42}{'seconds':>8}{'planned':>9}")
    for name, seconds in sorted(times.items(), key=lambda item: -item[1]):
        print(f"{name:<42}{seconds:>8.1f}{PLANNED_SECONDS[name.split('/')[0]]:>9}")
    print(f"{'all, one after the other':<42}{sum(times.values()):>8.1f}")
    print(f"({workers} at once; the budget of make test is {BUDGET_SECONDS} s on 2 cores)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("days", nargs="*", help="such as day01_hello_sine; all by default")
    parser.add_argument("--shard", default="1/1", help="run the second of three parts: 2/3")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="kernels at once")
    options = parser.parse_args()
    sys.exit(run(choose(options.shard, options.days), options.workers))
