"""Search hyperparameters on many machines with keras-tuner: one chief, any number of workers (day 04 explains it).

    python examples/tune_on_many_machines.py local --workers 2 --trials 6          # all on this computer: a rehearsal
    python examples/tune_on_many_machines.py chief --address 192.168.0.10:8000     # on the machine with this address
    python examples/tune_on_many_machines.py worker1 --address 192.168.0.10:8000   # on another machine
    python examples/tune_on_many_machines.py worker2 --address 192.168.0.10:8000   # and another: each its own name

The chief trains nothing: it keeps the list of trials and hands them out. Each worker asks for a trial, trains it,
reports its result and asks again. The order of starting does not matter. --folder should lie on a disk that all
machines share; start all of them again with the same folder, and the search resumes where it was. The connection is
not encrypted and asks for no password: keep it inside your own network.
"""

import argparse
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def build(hp):
    """Return a compiled network for 28 × 28 pictures and ten classes, its dials declared and chosen through `hp`."""
    import keras
    from keras import layers

    network = keras.Sequential([keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Flatten()])
    for _ in range(hp.Int("depth", 1, 2)):
        network.add(layers.Dense(hp.Choice("width", [32, 64, 128]), activation="relu"))
        network.add(layers.Dropout(hp.Choice("dropout", [0.0, 0.25, 0.5])))
    network.add(layers.Dense(10, activation="softmax"))
    optimizer = keras.optimizers.Adam(hp.Float("learning_rate", 1e-4, 1e-2, sampling="log"))
    network.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return network


def take_part(options: argparse.Namespace) -> None:
    """Take part in the search, as the chief or as a worker, until all trials are done.

    Args:
        options: the command line, see `parse`.
    """
    host, port = options.address.rsplit(":", 1)
    os.environ["KERASTUNER_TUNER_ID"] = options.name  # "chief", or a name of its own for each worker
    os.environ["KERASTUNER_ORACLE_IP"] = host  # where the chief listens
    os.environ["KERASTUNER_ORACLE_PORT"] = port
    os.environ["no_grpc_proxy"] = host  # straight to the chief, past any proxy  # noqa: SIM112

    from utils import data, runtime

    import keras_tuner  # isort: skip (utils.runtime withholds Keras' start-up notices if it comes first)

    class Search(keras_tuner.RandomSearch):
        """A random search that says who has trained what."""

        def on_search_begin(self):
            """In a rehearsal wait until all are here: trials this short might else all go to the first worker."""
            if options.together:
                present = pathlib.Path(options.folder, "present")
                present.mkdir(parents=True, exist_ok=True)
                (present / options.name).touch()
                while len(list(present.iterdir())) < options.together:
                    time.sleep(0.1)

        def on_trial_end(self, trial):
            super().on_trial_end(trial)
            print(f"{options.name} has trained trial {trial.trial_id}", flush=True)

    runtime.setup(seed=1, precision="float32")
    fashion, half = data.load("fashion_mnist"), options.images
    images, labels = fashion["train_images"][: 2 * half], fashion["train_labels"][: 2 * half]
    tuner = Search(
        build,
        objective="val_accuracy",
        max_trials=options.trials,
        seed=1,
        directory=options.folder,
        project_name="shared",
    )
    tuner.search(  # a worker trains; the chief serves until all trials are done
        images[:half],
        labels[:half],
        validation_data=(images[half:], labels[half:]),
        batch_size=32,
        epochs=options.epochs,
        verbose=0,
    )
    if options.name == "chief":
        tuner.oracle.save()  # its last note still has the last trials under way: a resumed search would repeat them
        for trial in tuner.oracle.get_best_trials(options.trials):
            print(f"trial {trial.trial_id}: {trial.score:.3f} with {trial.hyperparameters.values}", flush=True)


def rehearse(options: argparse.Namespace) -> int:
    """Start the chief and the workers as processes on this computer; return 0 if the search came to its end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        options.address = f"127.0.0.1:{probe.getsockname()[1]}"  # a port that is free now
    common = ["--address", options.address, "--folder", options.folder, "--trials", str(options.trials)]
    common += ["--images", str(options.images), "--epochs", str(options.epochs), "--together", str(options.workers)]
    shutil.rmtree(pathlib.Path(options.folder, "present"), ignore_errors=True)  # of an earlier rehearsal
    names = ["chief", *[f"worker{number + 1}" for number in range(options.workers)]]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # asked to end, it still comes by the `finally` below
    running = {name: subprocess.Popen([sys.executable, __file__, name, *common]) for name in names}
    try:
        while running["chief"].poll() != 0:  # it leaves last
            failed = [name for name, process in running.items() if process.poll()]
            if failed:  # the chief would wait for the lost trial for ever
                print(f"{', '.join(failed)} failed; stopping the others", file=sys.stderr)
                return 1
            time.sleep(0.5)
        return 0
    finally:
        for process in running.values():
            process.kill()
            process.wait()


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n")[0],
        epilog="The head of this file shows how to start it on several machines.",
    )
    parser.add_argument("name", help="chief, local (chief and workers on this computer), or any name for a worker")
    parser.add_argument("--address", default="127.0.0.1:8000", help="host:port where the chief listens")
    parser.add_argument("--folder", default=str(ROOT / "work" / "tuning"), help="where the search keeps its notes")
    parser.add_argument("--trials", type=int, default=6, help="how many trials in all")
    parser.add_argument("--workers", type=int, default=2, help="how many workers, for local")
    parser.add_argument("--images", type=int, default=2000, help="training pictures; as many again for validation")
    parser.add_argument("--epochs", type=int, default=3, help="epochs of one trial")
    parser.add_argument("--together", type=int, default=0, help="workers to wait for before the first trial")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    chosen = parse()
    sys.exit(rehearse(chosen) if chosen.name == "local" else take_part(chosen))
