"""Train the checkpoint "masked" of day 15: MiniLM's third block and a head learn to guess hidden words.

    .venv/bin/python course/day15_transformers/checkpoints/train_masked.py --minutes 4

It reads the cells tagged "masked" out of the lesson's source, runs them, and trains on the film sentences' training part and on
the training parts of Moby Dick and the speeches: five rounds, each with newly drawn masks. It stops after a round when its
minutes are over; call it again in the same way and it goes on. The state lies in work/day15/, which git ignores. In the end it
writes, beside this file, masked.npz (weights, 16 bits), masked.csv (the log) and masked.json (what it is, seed, minutes,
machine, and the share right on sentences laid aside for choosing). COURSE_SEED sets the seed, 1 if it is not set.
"""

import argparse
import csv
import pathlib
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT))

from utils import data, pretrained, runtime

import keras
import numpy as np

from tools import training

STATE = ROOT / "work" / "day15"
ROUNDS, BATCH, PEAK, SHARE, BOOKS = 5, 64, 1e-3, 0.3, 6000  # BOOKS: sentences of books in each round


def book_sentences() -> list[str]:
    """Sentences of 6 to 40 words from the books' training parts."""
    books, sentences = data.load("books"), []
    for name in ("moby_dick_train", "speeches_train"):
        for line in books[name].tobytes().decode("utf-8").split("\n"):
            sentences += [part for part in re.split(r"(?<=[.!?;]) ", line) if 6 <= len(part.split()) <= 40]
    return sentences


def share_right(network, names: dict, states, masked, places, numbers, top: int) -> float:
    """Share of the hidden words among the `top` likeliest guesses."""
    right = 0
    for rows, length in names["batches_of"](masked, 64):
        inputs = [states[rows, :length].astype("float32"), masked[rows, :length], np.minimum(places[rows], length - 1)]
        logits = network.predict_on_batch(inputs)
        own = np.take_along_axis(logits, np.maximum(numbers[rows], 0)[..., None], axis=2)
        right += np.sum(((logits > own).sum(axis=2) < top) & (numbers[rows] >= 0))
    return float(right / np.sum(numbers > -2))


def main() -> None:
    """Train until all rounds are done or the minutes are over."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after the round in which they are over")
    parser.add_argument("--source", type=pathlib.Path, default=HERE.parent / "lesson.py", help="the lesson")
    options = parser.parse_args()
    begin = time.time()
    ready = runtime.setup(seed=1, precision="float32")
    names = training.recipe(options.source.resolve(), "masked")
    encoder = pretrained.minilm()
    lower = keras.Model(encoder.input, encoder.get_layer("block2_norm").output)
    network = names["word_guesser"](encoder)
    films, books = names["film_tokens"][names["fit_rows"]], names["read"](book_sentences())
    steps = ROUNDS * -(-(len(films) + BOOKS) // BATCH)
    schedule = keras.optimizers.schedules.CosineDecay(
        PEAK / 50, steps, 0.0, warmup_target=PEAK, warmup_steps=steps // 10
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=0.01)
    network.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    optimizer.build(network.trainable_variables)
    parts, state, log = [network, optimizer], STATE / "masked.npz", STATE / "masked.csv"
    known = training.restore(state, parts)
    done, seconds = int(known.get("done", 0)), float(known.get("seconds", 0))
    training.cut_log(log, done)
    laid_aside = names["film_tokens"][names["choose_rows"]]
    laid_aside = names["hide_words"](laid_aside, 0.15, np.random.default_rng(0))
    laid_aside = [names["states_of"](lower, laid_aside[0]), *laid_aside]
    while done < ROUNDS and time.time() - begin < 60 * options.minutes:
        start, random = time.time(), np.random.default_rng([ready.seed, done])
        tokens = np.concatenate([films, books[random.choice(len(books), BOOKS, replace=False)]])
        masked, places, numbers = names["hide_words"](tokens, SHARE, random)
        states = names["states_of"](lower, masked)
        plan = names["batches_of"](masked, BATCH, random)
        losses = names["train_guesser"](network, states, masked, places, numbers, plan)
        done, seconds = done + 1, seconds + time.time() - start
        row = {"round": done, "loss": round(float(np.mean(losses)), 4), "seconds": round(seconds)}
        row |= {f"top {top}": round(share_right(network, names, *laid_aside, top), 4) for top in (1, 5)}
        print(row, flush=True)
        training.append(log, row)
        training.save(state, training.values_of(parts), done=done, seconds=seconds)
    if done < ROUNDS:
        return
    with log.open(encoding="utf-8", newline="") as stream:
        right = float(list(csv.DictReader(stream))[-1]["top 5"])
    about = {
        "what": "the lesson's word guesser: MiniLM's block 3 and a head of 3,000 words, on states of block 2",
        "rounds": ROUNDS,
        "steps": int(optimizer.iterations),
        "batch_size": BATCH,
        "seed": ready.seed,
        "minutes": round(seconds / 60, 1),
        "top 5 on 800 sentences laid aside": right,
    }
    training.publish(HERE, "masked", network.get_weights(), about, log)


if __name__ == "__main__":
    main()
