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
import pathlib
import sys
import time
from collections import Counter, defaultdict

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT))

from utils import data, runtime

import numpy as np

from tools import training

STATE = ROOT / "work" / "day15"
EVERY = 250  # steps between two measurements and saved states
BUILD = {"pieces": 2000, "context": 128, "width": 192, "blocks": 4, "heads": 4}
BATCH, PEAK, DROPOUT = 16, 0.01, 0.15


def train(ready, source: pathlib.Path, steps: int, minutes: float) -> None:
    """Train until `steps`, or until `minutes` have passed; then go on another time."""
    began = time.time()
    names = training.recipe(source, "gpt", Counter=Counter, defaultdict=defaultdict)
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
    parts, state, kept = [network, network.optimizer], STATE / "gpt.npz", STATE / "best.npz"
    done = training.restore(state, parts)
    if done and int(done["steps"]) != steps:
        raise SystemExit(f"work/day15 holds a training of {done['steps']} steps: finish it, or delete it.")
    step, seconds, best = int(done.get("step", 0)), float(done.get("seconds", 0)), float(done.get("best", np.inf))
    training.cut_log(STATE / "gpt.csv", step)
    while step < steps:
        start, many = time.time(), min(EVERY, steps - step)
        if (start - began + (seconds / step if step else 0.5) * many) / 60 > minutes:
            return print(f"{step} of {steps} steps after {seconds / 60:.1f} minutes: call again to go on")
        random = np.random.default_rng([ready.seed, step])
        losses = names["train_gpt"](network, numbers, BUILD["context"], BATCH, many, random, report=EVERY)
        found, step = bits(network, "validation", 50_000), step + many
        mean, seconds = float(np.mean(list(found.values()))), seconds + time.time() - start
        row = {"step": step, "seconds": seconds, "loss": float(np.mean(losses))} | found
        print(row, flush=True)
        training.append(STATE / "gpt.csv", row)
        if mean < best:
            best = mean
            training.save(kept, training.values_of([network]), step=step)
        training.save(state, training.values_of(parts), steps=steps, step=step, seconds=seconds, best=best)
    taken = int(training.restore(kept, [network])["step"])
    about = {"what": "the lesson's GPT, wider, on Moby Dick and speeches", **BUILD, "steps": taken, "of": steps}
    about |= {"batch_size": BATCH, "dropout": DROPOUT, "seed": ready.seed, "minutes": round(seconds / 60, 1)}
    about |= {f"{book}_test_bits": round(value, 4) for book, value in bits(network, "test").items()}
    training.publish(HERE, "gpt", network.get_weights(), about, STATE / "gpt.csv")
    kept.unlink()


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
