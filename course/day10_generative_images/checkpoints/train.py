"""Train the checkpoints of day 10: the lesson's own cells, for longer.

    .venv/bin/python course/day10_generative_images/checkpoints/train.py judge
    .venv/bin/python course/day10_generative_images/checkpoints/train.py gan --steps 3000
    .venv/bin/python course/day10_generative_images/checkpoints/train.py diffusion --steps 2000

It reads the cells tagged "recipe" out of the lessons' sources (the judge: day 06, the others: day 10), runs them, and trains.
Interrupted, it goes on where it was: call it again in the same way. The state lies in work/day10/, which git ignores. In the
end it writes, beside this file, NAME.npz (weights, kernels rounded to 16 bits), NAME.csv (the log) and NAME.json (steps, seed,
minutes, machine, versions, and what the judge says to 1,000 pictures). COURSE_SEED sets the seed, 1 if it is not set.
"""

import argparse
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT))

from utils import runtime

import numpy as np

from tools import training

STATE = ROOT / "work" / "day10"
CHUNK = 200  # steps between two saved states
BATCH = 64  # the lesson has batches of 32: here there is time for calmer gradients


def recipe(day: str, ready) -> dict:
    """Run the recipe cells of a lesson; return their names."""
    return training.recipe(ROOT / "course" / day / "lesson.py", ready=ready)


def save_state(name: str, parts: list, step: int, seconds: float) -> None:
    """Write weights and optimizers to work/day10."""
    training.save(STATE / f"{name}.npz", training.values_of(parts), step=step, seconds=seconds)


def load_state(name: str, parts: list) -> tuple[int, float]:
    """Put a saved state back; return (steps done, seconds spent), (0, 0.0) if there is none."""
    state = training.restore(STATE / f"{name}.npz", parts)
    step = int(state.get("step", 0))
    training.cut_log(STATE / f"{name}.csv", step)
    return step, float(state.get("seconds", 0))


def append(name: str, row: dict) -> None:
    """Append a row to the log in work/day10."""
    training.append(STATE / f"{name}.csv", row)


def finish(name: str, network, about: dict) -> None:
    """Write the checkpoint and what belongs beside it; clear the state."""
    training.publish(HERE, name, network.get_weights(), about, STATE / f"{name}.csv")


def train_judge(ready) -> None:
    """Day 06's network for Fashion-MNIST by day 06's recipe; about three minutes, not interruptible."""
    names, start = recipe("day06_convolutions", ready), time.time()
    network = names["fashion_network"]()
    batches = names["Mirrored"](names["pictures"], names["kinds"], names["BATCH"])
    history = names["train_modern"](network, batches, names["EPOCHS"], names["PEAK"]).history
    for epoch in range(names["EPOCHS"]):
        append("judge", {"epoch": epoch + 1} | {key: float(values[epoch]) for key, values in history.items()})
    found = network.predict(names["test_pictures"], batch_size=500, verbose=0).argmax(axis=1)
    accuracy = float(np.mean(found == names["test_kinds"]))
    steps = names["EPOCHS"] * len(batches)
    minutes = round((time.time() - start) / 60, 1)
    about = {"what": "day 06's network for Fashion-MNIST", "steps": steps, "seed": ready.seed, "minutes": minutes}
    finish("judge", network, about | {"test_accuracy": round(accuracy, 4)})


def train_gan(ready, steps: int) -> None:
    """The lesson's conditional GAN, with larger batches."""
    names = recipe("day10_generative_images", ready)
    game = names["Game"](10, rounds=steps)
    parts = [game.generator, game.discriminator, game.discriminator.optimizer, game.row.optimizer]
    game.step, seconds = load_state("gan", parts)
    noise = np.random.default_rng([ready.seed, 10]).standard_normal((len(names["ordered"]), names["NOISE"]), "float32")
    while game.step < steps:
        start, done = time.time(), len(game.log)
        names["play"](game, min(steps, game.step + CHUNK), BATCH, every=CHUNK)
        seconds += time.time() - start
        losses = {key: float(np.mean([row[key] for row in game.log[done:]])) for key in ("discriminator", "generator")}
        append(
            "gan",
            {"step": game.step, "seconds": seconds}
            | losses
            | names["judge_pictures"](game.draw(noise, names["ordered"])),
        )
        save_state("gan", parts, game.step, seconds)
    names["finish"](game, passes=20)
    found = names["judge_pictures"](game.draw(noise, names["ordered"]))
    about = {
        "what": "the lesson's conditional GAN, the generator",
        "steps": steps,
        "batch_size": BATCH,
        "seed": ready.seed,
    }
    finish(
        "gan",
        game.generator,
        about | {"minutes": round(seconds / 60, 1)} | {key: round(value, 4) for key, value in found.items()},
    )


def train_diffusion(ready, steps: int) -> None:
    """The lesson's denoising U-Net, with larger batches."""
    names = recipe("day10_generative_images", ready)
    network = names["make_denoiser"](steps)
    parts = [network, network.optimizer]
    step, seconds = load_state("diffusion", parts)
    noise = np.random.default_rng([ready.seed, 10]).standard_normal((len(names["ordered"]), 28, 28, 1), "float32")
    while step < steps:
        start = time.time()
        batches = names["Noised"](min(CHUNK, steps - step), BATCH)
        batches.epoch = step // CHUNK
        loss = network.fit(batches, epochs=1, verbose=0).history["loss"][0]
        step, seconds = step + len(batches), seconds + time.time() - start
        row = {"step": step, "seconds": seconds, "loss": float(loss)}
        print(row, flush=True)
        append("diffusion", row)
        save_state("diffusion", parts, step, seconds)
    found = names["judge_pictures"](names["draw_from_noise"](network, noise, names["ordered"]))
    about = {
        "what": "the lesson's denoising U-Net",
        "steps": steps,
        "batch_size": BATCH,
        "seed": ready.seed,
        "minutes": round(seconds / 60, 1),
    }
    finish("diffusion", network, about | {key: round(value, 4) for key, value in found.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=["judge", "gan", "diffusion"])
    parser.add_argument("--steps", type=int, default=3000, help="training steps in all (not for the judge)")
    arguments = parser.parse_args()
    ready = runtime.setup(seed=1, precision="float32")
    if arguments.name == "judge":
        train_judge(ready)
    else:
        {"gan": train_gan, "diffusion": train_diffusion}[arguments.name](ready, arguments.steps)


if __name__ == "__main__":
    main()
