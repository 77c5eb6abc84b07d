"""Train the checkpoints of day 14: three translators, German to English, each with the same batches.

    .venv/bin/python course/day14_seq2seq/checkpoints/train.py plain
    .venv/bin/python course/day14_seq2seq/checkpoints/train.py attention --steps 4500
    .venv/bin/python course/day14_seq2seq/checkpoints/train.py transformer --minutes 8

It reads the cells tagged "recipe" out of the lesson's source, runs them, and trains. Stopped, or after --minutes, it goes on
where it was: call it again in the same way. The state lies in work/day14/, which git ignores. The weights with the lowest loss
on the validation sentences are kept. In the end it writes, beside this file, NAME.npz (weights, tables rounded to 16 bits),
NAME.csv (the log) and NAME.json (steps, seed, CPU minutes, machine, versions, losses); and pieces.txt, the pieces of words,
before the first training. COURSE_SEED sets the seed, 1 if it is not set.
"""

import argparse
import hashlib
import pathlib
import sys
import time
from collections import Counter, defaultdict

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT))

from utils import data, fast, runtime

import keras
import numpy as np
import pandas as pd
from keras import ops

from tools import training

STATE = ROOT / "work" / "day14"
LESSON = HERE.parent / "lesson.py"
CHUNK = 100  # steps between two saved states
PLACES = 640  # in a batch: 32 for each of 20 pairs, or 12 for each of 53
LENGTHS = (12, 20, 32)  # batches come in three lengths
PIECES = 2000
PEAK = {"plain": 2.5e-3, "attention": 2.5e-3, "transformer": 1.5e-3}  # learning rates
SMOOTHING = 0.1


def learn_merges(counts: Counter, how_many: int) -> list[tuple[str, str]]:
    """Byte-pair encoding, day 13's: the pairs to be joined, in the order in which they were found."""
    spelled = [(list(word), count) for word, count in counts.items()]
    pair_counts, places = Counter(), defaultdict(set)
    for index, (pieces, count) in enumerate(spelled):
        for pair in zip(pieces, pieces[1:]):
            pair_counts[pair] += count
            places[pair].add(index)
    merges = []
    while len(merges) < how_many:
        best = max(pair_counts, key=lambda pair: (pair_counts[pair], pair))
        merges.append(best)
        for index in places.pop(best):
            pieces, count = spelled[index]
            joined = []
            for piece in pieces:
                if joined and (joined[-1], piece) == best:
                    joined[-1] += piece
                else:
                    joined.append(piece)
            spelled[index] = joined, count
            for pair in zip(pieces, pieces[1:]):
                pair_counts[pair] -= count
            for pair in zip(joined, joined[1:]):
                pair_counts[pair] += count
                places[pair].add(index)
        del pair_counts[best]
        if len(merges) % 20 == 0:
            pair_counts = +pair_counts
    return merges


def write_pieces(names: dict) -> None:
    """Learn the pieces from the training pairs: the letters in the first line, then a pair to be joined in each."""
    texts = [
        text
        for part in ("train", "phrase")
        for side in ("german", "english")
        for text in names["sentence_parts"][part][side]
    ]
    counts = Counter(word for text in texts for word in names["sentence_words"](text))
    letters = sorted({letter for word in counts for letter in word})
    merges = learn_merges(counts, PIECES - 3 - len(letters))
    lines = ["".join(letters), *(" ".join(pair) for pair in merges)]
    (HERE / "pieces.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def read_pieces(names: dict):
    letters, *merges = (HERE / "pieces.txt").read_text(encoding="utf-8").split("\n")[:-1]
    return names["SentencePieces"](letters, [line.split(" ") for line in merges])


class Batches:
    """Batches of pairs of about one length; the same ones whatever the network, from any step on."""

    def __init__(self, names: dict, seed: int):
        pieces, pad = read_pieces(names), names["pad_sentences"]
        both = pd.concat([names["sentence_parts"]["train"], names["sentence_parts"]["phrase"]])
        self.sides = [[pieces.numbers(text) for text in both[side]] for side in ("german", "english")]
        longest = np.array([max(len(one), len(other)) + 1 for one, other in zip(*self.sides, strict=True)])
        self.group = np.searchsorted(LENGTHS, longest).clip(max=len(LENGTHS) - 1)
        self.pad, self.seed, self.epoch, self.plan = pad, seed, -1, []
        self.count = sum(self.group_size(group) // (PLACES // n) for group, n in enumerate(LENGTHS))
        validation = names["sentence_parts"]["validation"]
        self.validation = self.arrays(
            *([pieces.numbers(text) for text in validation[side]] for side in ("german", "english")), LENGTHS[-1]
        )

    def group_size(self, group: int) -> int:
        return int((self.group == group).sum())

    def arrays(self, german: list, english: list, length: int):
        """(source, given), target: what was said, what the decoder is given, what it should say."""
        source, target = self.pad(german, length), self.pad(english, length)
        given = np.concatenate([np.ones_like(target[:, :1]), target[:, :-1]], axis=1)
        return [source, np.where(given == 2, 0, given)], target

    def __getitem__(self, step: int):
        epoch, place = divmod(step, self.count)
        if epoch != self.epoch:
            random, self.epoch, self.plan = np.random.default_rng([self.seed, epoch]), epoch, []
            for group, length in enumerate(LENGTHS):
                rows, size = random.permutation(np.flatnonzero(self.group == group)), PLACES // length
                self.plan += [(length, rows[start : start + size]) for start in range(0, len(rows) - size + 1, size)]
            random.shuffle(self.plan)
        length, rows = self.plan[place]
        return self.arrays(*([side[row] for row in rows] for side in self.sides), length)


def smoothed_loss(target, logits):
    """Cross-entropy per piece, padding left out; a tenth of the truth is spread over all pieces (label smoothing)."""
    log_p, real = ops.log_softmax(logits), ops.cast(ops.not_equal(target, 0), "float32")
    right = ops.take_along_axis(log_p, ops.cast(target, "int32")[:, :, None], axis=-1)[:, :, 0]
    loss = -(1 - SMOOTHING) * right - SMOOTHING * ops.mean(log_p, axis=-1)
    return ops.sum(loss * real) / ops.sum(real)


def validation_loss(trainer, inputs, target) -> float:
    """Plain cross-entropy per piece on the validation sentences."""
    total = 0.0
    for start in range(0, len(target), 125):
        logits = trainer.predict_on_batch([each[start : start + 125] for each in inputs]).astype("float64")
        logits -= logits.max(axis=-1, keepdims=True)
        log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        here = target[start : start + 125]
        total -= np.take_along_axis(log_p, here[:, :, None], axis=-1)[:, :, 0][here > 0].sum()
    return float(total / (target > 0).sum())


def save_state(name: str, parts: list, best: list, step: int, seconds: float, lowest: tuple) -> None:
    """Write weights, optimizer and the best weights so far to work/day14."""
    best = {f"best_{number}": array for number, array in enumerate(best)}
    numbers = {"step": step, "seconds": seconds, "lowest": np.array(lowest)}
    training.save(STATE / f"{name}.npz", training.values_of(parts), **best, **numbers)


def load_state(name: str, parts: list):
    """Put a saved state back; return (best weights, steps done, seconds spent, (lowest loss, its step))."""
    state = training.restore(STATE / f"{name}.npz", parts)
    step = int(state.get("step", 0))
    training.cut_log(STATE / f"{name}.csv", step)
    if not state:
        return parts[0].get_weights(), 0, 0.0, (np.inf, 0)
    best = [state[f"best_{number}"] for number in range(len(parts[0].get_weights()))]
    return best, step, float(state["seconds"]), tuple(map(float, state["lowest"]))


def train(name: str, ready, steps: int, minutes: float) -> None:
    """Train until `steps` are done, or for so many minutes; then the checkpoint or the state is written."""
    names, began = training.recipe(LESSON, ready=ready), time.time()
    if not (HERE / "pieces.txt").exists():
        write_pieces(names)
    batches = Batches(names, ready.seed)
    keras.utils.set_random_seed(ready.seed)
    trainer, *_ = names["TRANSLATORS"][name]()
    optimizer = keras.optimizers.AdamW(
        fast.OneCycle(PEAK[name], steps), weight_decay=0.01, beta_2=0.98, global_clipnorm=1.0
    )
    trainer.compile(optimizer, smoothed_loss, jit_compile=False)
    optimizer.build(trainer.trainable_variables)
    best, step, seconds, lowest = load_state(name, [trainer, optimizer])
    print(f"{name}: {trainer.count_params():,} weights, {batches.count} steps are once through; begins at {step}")
    while step < steps and time.time() - began < minutes * 60:
        start, losses = time.process_time(), []
        while len(losses) < min(CHUNK, steps - step):
            losses.append(trainer.train_on_batch(*batches[step + len(losses)]))
            trainer.reset_metrics()
        step += len(losses)
        found = validation_loss(trainer, *batches.validation)
        if found < lowest[0]:
            best, lowest = trainer.get_weights(), (found, step)
        seconds += time.process_time() - start
        row = {"step": step, "seconds": seconds, "loss": float(np.mean(losses)), "validation_loss": found}
        print(row, flush=True)
        training.append(STATE / f"{name}.csv", row)
        save_state(name, [trainer, optimizer], best, step, seconds, lowest)
    if step < steps:
        return
    about = {
        "what": f"German to English: {WHAT[name]}",
        "steps": steps,
        "places in a batch": PLACES,
        "seed": ready.seed,
    }
    about |= {"minutes": round(seconds / 60, 1), "weights": trainer.count_params()}
    about |= {"validation loss": round(lowest[0], 4), "kept from step": int(lowest[1])}
    about |= {"data": hashlib.sha256(data.path("german_english").read_bytes()).hexdigest()}
    about |= {"pieces": hashlib.sha256((HERE / "pieces.txt").read_bytes()).hexdigest()}
    training.publish(HERE, name, best, about, STATE / f"{name}.csv")


WHAT = {
    "plain": "encoder and decoder of GRUs without attention",
    "attention": "encoder and decoder of GRUs with dot-product attention",
    "transformer": "a small transformer, encoder and decoder of two blocks each",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=list(WHAT))
    parser.add_argument("--steps", type=int, default=4500, help="training steps in all")
    parser.add_argument("--minutes", type=float, default=1e9, help="then stop, and go on at the next call")
    arguments = parser.parse_args()
    ready = runtime.setup(seed=1, precision="float32")
    train(arguments.name, ready, arguments.steps, arguments.minutes)


if __name__ == "__main__":
    main()
