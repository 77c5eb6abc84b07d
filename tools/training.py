"""What the scripts beside the lessons share: run a lesson's own cells, be interrupted, and store what was trained.

`course/DAY/checkpoints/*.py` and `course/DAY/curves/*.py` train a lesson's networks for longer, or with more seeds. An
author runs them, in parts where it takes long; tests/test_checkpoints.py tests what stands here, and what it wrote.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import pathlib
import platform
import re

import numpy as np
import pandas as pd

from tools.build import Script
from utils import data, fast, pretrained
from utils.runtime import keras

# What the set-up cells of the lessons import, for the cells that a script runs without them.
MODULES = {"data": data, "fast": fast, "pretrained": pretrained, "np": np, "pd": pd, "re": re}
MODULES |= {"keras": keras, "layers": keras.layers, "ops": keras.ops}


def recipe(lesson: pathlib.Path, tag: str = "recipe", **names) -> dict:
    """Run the cells of a lesson that carry a tag.

    Args:
        lesson: the lesson's source, course/DAY/lesson.py.
        tag: the tag of the cells.
        names: what the cells use of the set-up cell beside MODULES, such as `ready=ready`.

    Returns:
        All names after the last cell.

    Raises:
        ValueError: if no cell carries the tag.
    """
    script, names, found = Script(lesson), MODULES | names, 0
    for _, cell, line in script.cells():
        if tag in cell.metadata.get("tags", []):
            exec(compile("\n" * line + cell.source, str(script.path), "exec"), names)
            found += 1
    if not found:
        raise ValueError(f"{lesson} has no cell with the tag “{tag}”")
    return names


def processor() -> str:
    """Return the processor's name, where Linux tells it; else its kind."""
    info = pathlib.Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    known = (line.split(":")[1].strip() for line in lines if "model name" in line)
    return next(known, platform.processor() or platform.machine())


def machine() -> dict[str, str]:
    """Return what a result was computed with: cores that may be used, processor, and the versions."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "machine": f"{cores} {'core' if cores == 1 else 'cores'}, {processor()}",
        "python": platform.python_version(),
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
    }


def append(file: pathlib.Path, row: dict) -> None:
    """Append a row to a log (csv, the first row brings the heading); floats are rounded to 5 decimals."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = not file.exists()
    with file.open("a", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(row), lineterminator="\n")
        if fresh:
            writer.writeheader()
        writer.writerow({key: round(value, 5) if isinstance(value, float) else value for key, value in row.items()})


def cut_log(file: pathlib.Path, last: int) -> None:
    """Drop the rows of a log whose first column, a number of steps or rounds, is beyond `last`.

    After an interruption between log and state the log is a row ahead. Without a log nothing happens.
    """
    if not file.exists():
        return
    with file.open(newline="", encoding="utf-8") as stream:
        head, *rows = csv.reader(stream)
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows([head, *(row for row in rows if int(row[0]) <= last)])


def save(file: pathlib.Path, arrays: list, **numbers) -> None:
    """Write arrays (as arr_0, arr_1, …) and numbers to an npz; the old one stays until the new one is complete."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    with part.open("wb") as stream:
        np.savez(stream, *arrays, **numbers)
    os.replace(part, file)


def variables_of(parts: list) -> list:
    """Return all variables of networks and optimizers, in order."""
    return [variable for part in parts for variable in part.variables]


def values_of(parts: list) -> list[np.ndarray]:
    """Return the values of all variables of networks and optimizers, for `save`."""
    return [keras.ops.convert_to_numpy(variable) for variable in variables_of(parts)]


def restore(file: pathlib.Path, parts: list) -> dict[str, np.ndarray]:
    """Put the arrays of `save(file, values_of(parts), …)` back.

    Returns:
        The named numbers; {} if there is no such file, and then nothing is changed.

    Raises:
        ValueError: if the file holds another build; then nothing is changed either.
    """
    if not file.exists():
        return {}
    variables = variables_of(parts)
    with np.load(file, allow_pickle=False) as stored:
        count = sum(name.startswith("arr_") for name in stored.files)
        arrays = [stored[f"arr_{number}"] for number in range(count)]
        numbers = {name: stored[name] for name in stored.files if not name.startswith("arr_")}
    if [array.shape for array in arrays] != [tuple(variable.shape) for variable in variables]:
        raise ValueError(f"{file} holds a training of another build: finish it with the old script, or delete it.")
    for array, variable in zip(arrays, variables, strict=True):
        variable.assign(array)
    return numbers


def publish(folder: pathlib.Path, name: str, weights: list[np.ndarray], about: dict, log: pathlib.Path) -> None:
    """Write a checkpoint and what belongs beside it, and clear the state.

    Args:
        folder: where NAME.npz (weights, matrices rounded to 16 bits), NAME.csv and NAME.json go.
        name: the checkpoint's name.
        weights: as `network.get_weights()` gives them.
        about: what it is, steps, seed, minutes, results; machine, versions, bytes and SHA-256 are added.
        log: the log, which is moved; the state beside it (same name, .npz) is deleted.
    """
    file = folder / f"{name}.npz"
    np.savez_compressed(file, *[array.astype("float16") if array.ndim > 1 else array for array in weights])
    content = file.read_bytes()
    about = about | machine() | {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    text = json.dumps(about, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    os.replace(log, folder / f"{name}.csv")
    log.with_suffix(".npz").unlink(missing_ok=True)
    print(text)
