"""Train the agents of day 16 with the seeds 0, 1, 2, and store their learning curves and tests.

    .venv/bin/python course/day16_reinforcement_learning/curves/train.py                      # all methods, all seeds
    .venv/bin/python course/day16_reinforcement_learning/curves/train.py cartpole_ppo --seeds 1

It reads the cells tagged "recipe" out of the lesson's source, runs them, and trains: the very code of the lesson. Beside this
file it writes METHOD.csv (seed, steps, return of each training episode) and, in results.csv, one row for each method and seed:
steps and seconds of processor time of the training, mean and standard error of 100 fresh test episodes, the machine.
A row that is there already is replaced.
"""

import argparse
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT))

from utils import runtime

import gymnasium
import keras
import pandas as pd

from tools import training

LESSON = HERE.parent / "lesson.py"
METHODS = {  # method: (function, environment, settings), names of the lesson
    "cartpole_reinforce": ("reinforce", "CartPole-v1", "CARTPOLE_REINFORCE"),
    "cartpole_dqn": ("double_dqn", "CartPole-v1", "CARTPOLE_DQN"),
    "cartpole_ppo": ("ppo", "CartPole-v1", "CARTPOLE_PPO"),
    "lander_dqn": ("double_dqn", "LANDER", "LANDER_DQN"),
    "lander_ppo": ("ppo", "LANDER", "LANDER_PPO"),
}
TEST_EPISODES = 100


def store(file: pathlib.Path, rows: pd.DataFrame, keys: list[str]) -> None:
    """Add rows to a table on disk; rows there with the same keys are replaced."""
    if file.exists():
        old = pd.read_csv(file)
        known = set(rows[keys].itertuples(index=False, name=None))
        rows = pd.concat([old[[row not in known for row in old[keys].itertuples(index=False, name=None)]], rows])
    rows = rows.sort_values(keys, kind="stable")
    rows.to_csv(file, index=False, lineterminator="\n", float_format="%.6g")


def run(names: dict, method: str, seed: int) -> None:
    """Train one method with one seed, test it, store both."""
    function, environment, settings = METHODS[method]
    environment = names.get(environment, environment)  # LANDER is a name of the lesson
    began = time.process_time()
    model, curve = names[function](environment, seed, **names[settings])
    seconds = time.process_time() - began
    test_seed = names["TEST_SEED"] + 1000 * seed
    found = names["evaluate"](names["greedy"](model), environment, TEST_EPISODES, test_seed)
    result = {
        "method": method,
        "seed": seed,
        "steps": int(curve["steps"].iloc[-1]),
        "episodes": len(curve),
        "seconds": round(seconds, 1),
        "mean": round(float(found.mean()), 2),
        "standard_error": round(float(found.std(ddof=1) / TEST_EPISODES**0.5), 2),
        "least": round(float(found.min()), 2),
        "machine": training.processor(),
        "keras": f"{keras.__version__} on {keras.backend.backend()}",
    }
    print(result, flush=True)
    curve = curve.assign(seed=seed, **{"return": curve["return"].round(1)})[["seed", "steps", "return"]]
    store(HERE / f"{method}.csv", curve, ["seed"])
    store(HERE / "results.csv", pd.DataFrame([result]), ["method", "seed"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("methods", nargs="*", help=f"of {', '.join(METHODS)}; none: all")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--lesson", type=pathlib.Path, default=LESSON, help="where the recipe cells are read from")
    arguments = parser.parse_args()
    if unknown := set(arguments.methods) - set(METHODS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(METHODS)}")
    runtime.setup(seed=1, precision="float32")
    names = training.recipe(arguments.lesson, gymnasium=gymnasium)
    for method in arguments.methods or METHODS:
        for seed in arguments.seeds:
            run(names, method, seed)


if __name__ == "__main__":
    main()
