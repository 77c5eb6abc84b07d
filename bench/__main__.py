"""Time Day 06's training recipe against plain Keras defaults of the same network on the same data: `make bench`.

    python -m bench                  seeds 0, 1, 2, one training after another (about 40 minutes on two cores)
    python -m bench --seeds 0        one seed, to try it out; README.md and results.json stay as they are

Both sides train the network of course/day06_convolutions/lesson.py on the 60,000 pictures of Fashion-MNIST, in a
fresh process each, with batches of 128. The recipe is the lesson's own code, its cells tagged "recipe". Its rate falls
to nothing at the end, so it is run with several numbers of epochs; the shortest run that reached an accuracy with every
seed counts for it. Plain Keras is what a first `compile` and `fit` give: Adam with its default rate, Keras' own batch
normalisation, float32, no augmentation, no schedule. It is run as it comes (first seed) and, every seed, with the one
switch that the course sets for every notebook, oneDNN's kernels. After each of its epochs the test pictures are looked
at, and its best epoch counts, which flatters it. It is stopped when it has the last of the wanted accuracies, or has
had `FACTOR` times the recipe's time. Seconds are those of `fit` alone, the tracing of the graph included.

Writes bench/results.json and the table in README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import types

import numpy as np

from tools import ROOT, between

LESSON = ROOT / "course" / "day06_convolutions" / "lesson.py"
RESULTS = ROOT / "bench" / "results.json"
LEVELS = (0.88, 0.91)  # test accuracies to be reached
FACTOR = 5  # plain Keras gets this many times the seconds that the recipe took to the last level
EPOCHS = (1, 2, 3)  # lengths of the recipe
BOOK_EPOCHS, BOOK_STEPS, BOOK_PICTURES = 10, 40, 55_000
BEGIN, END = "<!-- bench: written by `make bench` -->", "<!-- bench: end -->"


def recipe(seed: int, precision: str | None) -> dict:
    """Run the lesson's cells tagged "recipe"; return their names.

    Args:
        seed: of weights, order and augmentation.
        precision: a Keras dtype policy, set as in a notebook; None leaves Keras as it comes.
    """
    from tools.build import Script
    from utils import data, fast, runtime
    from utils.runtime import keras  # and not before: utils.runtime switches oneDNN's kernels on

    ready = types.SimpleNamespace(seed=seed) if precision is None else runtime.setup(seed=seed, precision=precision)
    names = {
        "ready": ready,
        "data": data,
        "fast": fast,
        "keras": keras,
        "layers": keras.layers,
        "np": np,
        "ops": keras.ops,
    }
    for _, cell, line in Script(LESSON).cells():
        if "recipe" in cell.metadata.get("tags", []):
            exec(compile("\n" * line + cell.source, LESSON, "exec"), names)
    return names


def accuracy(network, pictures, kinds) -> float:
    """Return the share of right answers."""
    return float((network.predict(pictures, batch_size=500, verbose=0).argmax(axis=1) == kinds).mean())


def run_recipe(epochs: int, precision: str, seed: int) -> dict:
    """Train the lesson's network with the lesson's recipe."""
    names = recipe(seed, precision)
    network = names["fashion_network"]()
    start = time.perf_counter()
    batches = names["Mirrored"](names["pictures"], names["kinds"], names["BATCH"])
    names["train_modern"](network, batches, epochs, names["PEAK"], verbose=0)
    seconds = time.perf_counter() - start
    reached = float((names["look_twice"](network, names["test_pictures"]).argmax(axis=1) == names["test_kinds"]).mean())
    return {"epochs": epochs, "seconds": seconds, "accuracy": reached, "weights": network.count_params()}


def run_plain(seed: int, limit: float) -> dict:
    """Train the same layers with Keras' defaults, until an epoch ends with the last level or `limit` seconds are over.

    Returns:
        Epochs, seconds, best accuracy, and the history: pairs of seconds so far and accuracy on the test pictures.
    """
    import keras  # before utils, so that Keras is as it comes, but for what the environment says

    names = recipe(seed, None)
    keras.utils.set_random_seed(seed)
    network = keras.models.clone_model(names["fashion_network"](), clone_function=_plain_layer)
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    pictures, kinds, seconds, history = names["pictures"], names["kinds"], 0.0, []
    while not history or (history[-1][1] < LEVELS[-1] and seconds < limit):
        start = time.perf_counter()
        network.fit(pictures, kinds, batch_size=128, verbose=0)
        seconds += time.perf_counter() - start
        history.append((seconds, accuracy(network, names["test_pictures"], names["test_kinds"])))
    best = max(reached for _, reached in history)
    weights = network.count_params()
    return {"epochs": len(history), "seconds": seconds, "accuracy": best, "weights": weights, "history": history}


def _plain_layer(layer):
    import keras

    if isinstance(layer, keras.layers.BatchNormalization):
        return keras.layers.BatchNormalization(name=layer.name)
    return layer.__class__.from_config(layer.get_config())


def run_book() -> dict:
    """Time some steps of the convolutional network of Géron's book (3rd edition, chapter 14), and extrapolate."""
    import keras
    from keras import layers

    widths, maps = (128, 128, 256, 256), keras.Input(shape=(28, 28, 1))
    pictures = maps
    maps = layers.MaxPooling2D()(layers.Conv2D(64, 7, padding="same", activation="relu")(maps))
    for number, width in enumerate(widths):
        maps = layers.Conv2D(width, 3, padding="same", activation="relu")(maps)
        maps = layers.MaxPooling2D()(maps) if number % 2 else maps
    features = layers.Flatten()(maps)
    for width in (128, 64):
        features = layers.Dropout(0.5)(layers.Dense(width, activation="relu")(features))
    network = keras.Model(pictures, layers.Dense(10, activation="softmax")(features))
    network.compile(optimizer="nadam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    random = np.random.default_rng(0)
    noise, kinds = random.random((32 * BOOK_STEPS, 28, 28, 1), "float32"), random.integers(10, size=32 * BOOK_STEPS)
    network.fit(noise[:64], kinds[:64], batch_size=32, verbose=0)
    start = time.perf_counter()
    network.fit(noise, kinds, batch_size=32, verbose=0)
    step = (time.perf_counter() - start) / BOOK_STEPS
    return {"epochs": BOOK_EPOCHS, "seconds": step * BOOK_EPOCHS * -(-BOOK_PICTURES // 32), "steps timed": BOOK_STEPS}


def one(*arguments: object, onednn: bool = False) -> dict:
    """Run one training in a fresh process, oneDNN's kernels switched on from outside or not; return its figures."""
    command = [sys.executable, "-m", "bench", "--one", *map(str, arguments)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment.pop("COURSE_SEED", None)
    environment.pop("TF_ENABLE_ONEDNN_OPTS", None)
    if onednn:
        environment["TF_ENABLE_ONEDNN_OPTS"] = "1"
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    result = json.loads(done.stdout.splitlines()[-1])
    shown = {key: round(value, 4) for key, value in result.items() if key != "history"}
    print(" ".join(map(str, arguments)), "with oneDNN" if onednn else "", shown, flush=True)
    return result


def measure(seeds: list[int]) -> dict:
    """Train everything, one after another; return all figures with the machine they were taken on."""
    from utils.runtime import find_devices, likes_bfloat16

    device = find_devices()[0]
    formats = ["float32", "mixed_bfloat16"] if likes_bfloat16(device) else ["float32"]
    recipes = {each: [[one("recipe", n, each, seed) for seed in seeds] for n in EPOCHS] for each in formats}
    reached = [_seconds(fastest(recipes[each], LEVELS[-1]) or recipes[each][-1]) for each in formats]
    limit = round(FACTOR * max(reached), 1)
    return {
        "cores": os.cpu_count() if device == "CPU" else None,
        "device": device,
        "processor": platform.machine(),
        "formats": formats,
        "seeds": seeds,
        "recipe": recipes,
        "plain, oneDNN": [one("plain", seed, limit, onednn=True) for seed in seeds],
        "plain, as it comes": [one("plain", seeds[0], limit)],
        "book": one("book"),
    }


def _seconds(runs):
    return statistics.median(run["seconds"] for run in runs)


def _row(name, runs):
    epochs = sorted({run["epochs"] for run in runs})
    reached = " / ".join(f"{run['accuracy']:.4f}" for run in runs)
    counted = epochs[0] if len(epochs) == 1 else f"{epochs[0]}–{epochs[-1]}"
    return f"| {name} | {counted} | {_seconds(runs):.0f} | {reached} |"


def fastest(lengths: list[list[dict]], level: float) -> list[dict] | None:
    """Return the runs of the shortest recipe that reached the level with every seed, or None."""
    return next((runs for runs in lengths if all(run["accuracy"] >= level for run in runs)), None)


def ratio(plain: list[dict], recipe: list[dict] | None, level: float) -> str:
    """Say how many times as fast the recipe reached the level as plain Keras, by medians over the seeds.

    A run of plain Keras that never reached it counts with all its seconds, and the ratio becomes a lower bound.
    """
    if recipe is None:
        return "not reached by the recipe"
    first = [next((seconds for seconds, reached in run["history"] if reached >= level), None) for run in plain]
    used = [run["seconds"] if seconds is None else seconds for run, seconds in zip(plain, first, strict=True)]
    bound = "more than " if first.count(None) > len(first) / 2 else ""
    return f"{bound}{statistics.median(used) / _seconds(recipe):.1f} times"


def table(results: dict) -> str:
    """Return the tables of README.md for the figures of `measure`."""
    formats, kinds = results["formats"], ("plain, as it comes", "plain, oneDNN")
    plain = {"as it comes": results[kinds[0]], "with oneDNN's kernels": results[kinds[1]]}
    machine = f"{results['cores']} CPU cores" if results["cores"] else f"a {results['device']}"
    weights = results[kinds[0]][0]["weights"]
    lines = [
        f"Fashion-MNIST, {weights:,} weights, {machine} ({results['processor']}), seeds"
        f" {', '.join(map(str, results['seeds']))}:",
        "",
        "| Training | epochs | seconds (median) | test accuracy, each seed |",
        "|---|---|---|---|",
    ]
    for each in formats:
        lines += [_row(f"the recipe of Day 06, {each}", runs) for runs in results["recipe"][each]]
    lines += [_row(f"plain Keras, {how}, best epoch", runs) for how, runs in plain.items()]
    book = f"| a well-known book's network, float32 | {BOOK_EPOCHS} | {results['book']['seconds']:.0f}, extrapolated |"
    lines += [book + " .9117, published |", ""]
    lines.append("| How much faster the recipe reaches | " + " | ".join(f"{level}" for level in LEVELS) + " |")
    lines.append("|---" * (len(LEVELS) + 1) + "|")
    for each in formats:
        for how, runs in plain.items():
            ratios = [ratio(runs, fastest(results["recipe"][each], level), level) for level in LEVELS]
            lines.append(f"| {each} against plain Keras {how} | " + " | ".join(ratios) + " |")
    lines.append("")
    if len(formats) == 1:
        lines.append("This processor has no unit for bfloat16, so the recipe stays with float32 here by itself.")
    lines.append(
        f"Plain Keras was stopped at {LEVELS[-1]} or after {FACTOR} times the recipe's time; where most of its runs"
        ' never reached the accuracy, the table says "more than".'
    )
    lines.append(
        "The book's network is that of Géron, *Hands-On Machine Learning*, 3rd ed., chapter 14;"
        f" {results['book']['steps timed']} of its steps were timed."
    )
    return "\n".join(lines)


def write_readme(text: str, new_table: str) -> str:
    """Return the README's text with the table between the two marks replaced; see `tools.between`."""
    return between(text, BEGIN, END, new_table)


def main() -> None:
    """Run the benchmark, or one of its trainings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[0, 1, 2], help="default 0 1 2; others are not recorded"
    )
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        kind, *rest = options.one
        runs = {
            "plain": lambda seed, limit: run_plain(int(seed), float(limit)),
            "recipe": lambda epochs, precision, seed: run_recipe(int(epochs), precision, int(seed)),
            "book": run_book,
        }
        print("\n" + json.dumps(runs[kind](*rest)))
        return
    results = measure(options.seeds)
    print("\n" + table(results))
    if options.seeds == [0, 1, 2]:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        readme = ROOT / "README.md"
        readme.write_text(write_readme(readme.read_text(encoding="utf-8"), table(results)), encoding="utf-8")


if __name__ == "__main__":
    main()
