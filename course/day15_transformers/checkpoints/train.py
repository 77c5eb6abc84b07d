"""Train the checkpoint of day 15: the lesson's own GPT, wider, on both books, for longer.

    .venv/bin/python course/day15_transformers/checkpoints/train.py gpt
    .venv/bin/python course/day15_transformers/checkpoints/train.py gpt --minutes 8

It reads the cells tagged "gpt" out of the lesson's source, runs them, and trains. Interrupted, or at the end of
--minutes, it stops with its state in work/day15/, which git ignores; call it again in the same way and it goes on. Every
EVERY steps it measures bits per character on the beginning of both validation parts; the weights with the best mean are
kept. In the end it writes, beside this file, gpt.npz (weights; matrices rounded to 16 bits), gpt.csv (the log) and gpt.json (build, steps,
seed, minutes, machine, versions, bits per character on the test parts). COURSE_SEED sets the seed, 1 if it is not set.
"""

import argparse
import csv
import hashlib
import json
import os
import pathlib
import platform
import re
import sys
import time
from collections import Counter, defaultdict

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT))

from utils import data, pretrained, runtime

import keras
import numpy as np
from keras import layers, ops

from tools.build import Script

STATE = ROOT / "work" / "day15"
EVERY = 250  # steps between two measurements and saved states
BUILD = {"pieces": 2000, "context": 128, "width": 192, "blocks": 4, "heads": 4}
BATCH, PEAK, DROPOUT = 16, 0.01, 0.15


def recipe(source: pathlib.Path) -> dict:
    """Run the lesson's cells tagged "gpt"; return their names."""
    names = {"data": data, "pretrained": pretrained, "keras": keras, "np": np, "layers": layers, "ops": ops}
    names |= {"re": re, "Counter": Counter, "defaultdict": defaultdict}
    script = Script(source)
    for _, cell, line in script.cells():
        if "gpt" in cell.metadata.get("tags", []):
            exec(compile("\n" * line + cell.source, str(script.path), "exec"), names)
    return names


def save_state(name: str, arrays: list, **numbers) -> None:
    """Write arrays and numbers to work/day15; the old state stays until the new one is complete."""
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / f"{name}.part").open("wb") as stream:
        np.savez(stream, *arrays, **numbers)
    os.replace(STATE / f"{name}.part", STATE / f"{name}.npz")


def append(row: dict) -> None:
    """Append a row to the log in work/day15."""
    STATE.mkdir(parents=True, exist_ok=True)
    file = STATE / "gpt.csv"
    fresh = not file.exists()
    with file.open("a", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(row))
        if fresh:
            writer.writeheader()
        writer.writerow({key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()})
    print(row, flush=True)


def finish(network, about: dict) -> None:
    """Write the checkpoint and what belongs beside it."""
    weights = [array.astype("float16") if array.ndim > 1 else array for array in network.get_weights()]
    np.savez_compressed(HERE / "gpt.npz", *weights)
    processor, info = platform.processor() or platform.machine(), pathlib.Path("/proc/cpuinfo")
    if info.exists():
        named = [line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        processor = named[0] if named else processor
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    content = (HERE / "gpt.npz").read_bytes()
    about |= {
        "machine": f"{cores} {'core' if cores == 1 else 'cores'}, {processor}",
        "python": platform.python_version(),
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    (HERE / "gpt.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(STATE / "gpt.csv", HERE / "gpt.csv")
    for name in ("gpt", "best"):
        (STATE / f"{name}.npz").unlink(missing_ok=True)
    print(json.dumps(about, indent=1, ensure_ascii=False))


def train(ready, source: pathlib.Path, steps: int, minutes: float) -> None:
    """Train until `steps`, or until `minutes` have passed; then go on another time."""
    began, names = time.time(), recipe(source)
    books = {name: array.tobytes().decode("utf-8") for name, array in data.load("books").items()}
    tokeniser = names["Pieces"](books["moby_dick_train"] + books["speeches_train"], BUILD["pieces"])
    numbers = np.concatenate([tokeniser(books["moby_dick_train"]), tokeniser(books["speeches_train"])])

    def bits(network, part, characters=None):
        measured = {}
        for book in ("moby_dick", "speeches"):
            text = books[f"{book}_{part}"][:characters]
            measured[book] = names["bits_per_character"](network, text, tokeniser, BUILD["context"])
        return measured

    network = names["make_gpt"](**BUILD, dropout=DROPOUT)
    names["compile_gpt"](network, PEAK, steps)
    network.optimizer.build(network.trainable_variables)
    variables = [*network.weights, *network.optimizer.variables]
    step, seconds, best = 0, 0.0, np.inf
    if (STATE / "gpt.npz").exists():
        with np.load(STATE / "gpt.npz", allow_pickle=False) as arrays:
            if int(arrays["steps"]) != steps:
                raise SystemExit(f"work/day15 holds a training of {arrays['steps']} steps: finish it, or delete it.")
            for number, variable in enumerate(variables):
                variable.assign(arrays[f"arr_{number}"])
            step, seconds, best = int(arrays["step"]), float(arrays["seconds"]), float(arrays["best"])
    while step < steps:
        start, many = time.time(), min(EVERY, steps - step)
        if (start - began + (seconds / step if step else 0.5) * many) / 60 > minutes:
            return print(f"{step} of {steps} steps after {seconds / 60:.1f} minutes: call again to go on")
        random = np.random.default_rng([ready.seed, step])
        losses = names["train_gpt"](network, numbers, BUILD["context"], BATCH, many, random, report=EVERY)
        found, step = bits(network, "validation", 50_000), step + many
        mean, seconds = float(np.mean(list(found.values()))), seconds + time.time() - start
        append({"step": step, "seconds": seconds, "loss": float(np.mean(losses))} | found)
        if mean < best:
            best = mean
            save_state("best", network.get_weights(), step=step)
        arrays = [ops.convert_to_numpy(variable) for variable in variables]
        save_state("gpt", arrays, steps=steps, step=step, seconds=seconds, best=best)
    with np.load(STATE / "best.npz", allow_pickle=False) as arrays:
        network.set_weights([arrays[f"arr_{number}"] for number in range(len(network.weights))])
        taken = int(arrays["step"])
    about = {"what": "the lesson's GPT, wider, on Moby Dick and speeches", **BUILD, "steps": taken, "of": steps}
    about |= {"batch_size": BATCH, "dropout": DROPOUT, "seed": ready.seed, "minutes": round(seconds / 60, 1)}
    about |= {f"{book}_test_bits": round(value, 4) for book, value in bits(network, "test").items()}
    finish(network, about)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=["gpt"])
    parser.add_argument("--steps", type=int, default=6000, help="training steps in all")
    parser.add_argument("--minutes", type=float, default=np.inf, help="stop after so many minutes, to go on later")
    parser.add_argument("--source", type=pathlib.Path, default=HERE.parent / "lesson.py", help="the lesson")
    arguments = parser.parse_args()
    train(runtime.setup(seed=1, precision="float32"), arguments.source.resolve(), arguments.steps, arguments.minutes)


if __name__ == "__main__":
    main()
