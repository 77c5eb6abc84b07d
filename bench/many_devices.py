"""Train Day 05's network data-parallel over several devices and compare with one: `python -m bench.many_devices`.

    python -m bench.many_devices                        virtual devices and two processes, all on this computer
    python -m bench.many_devices --devices all          the GPUs or TPUs of this computer against one of them
    python -m bench.many_devices --engine tensorflow    without JAX

    python -m bench.many_devices --address 192.168.0.10:8000 --process 0    on the machine that has this address, and
    python -m bench.many_devices --address 192.168.0.10:8000 --process 1    on another one: both train one network

Three ways: `keras.distribution.DataParallel` on JAX in one process, the same over several processes that find
each other at an address, and TensorFlow's `MirroredStrategy` in one process. Every training starts from the same
weights and takes the same batches, so the losses must be those of one device, up to rounding. Each runs in a fresh
process; the first epoch, in which the graph is compiled, is not timed. Virtual devices share the cores of one
processor: they show that the numbers are right, not how fast several real devices are.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import itertools
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

import numpy as np

from tools import ROOT

REAL = ("all", "first")  # of the devices which the computer really has


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line.

    Raises:
        SystemExit: if the batch cannot be divided among the devices, or the pictures among the batches.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--engine", choices=("jax", "tensorflow"), nargs="+", help="both, but JAX with --process")
    parser.add_argument(
        "--devices", nargs="+", help="numbers of virtual devices, or all, or first; 2 4 or, with --process, all"
    )
    parser.add_argument("--processes", type=int, default=2, help="processes that train together, on JAX")
    parser.add_argument("--batch", type=int, default=1024, help="pictures a step, of all devices together")
    parser.add_argument("--images", type=int, default=8192, help="pictures an epoch")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--neurons", type=int, nargs="+", default=[256, 128], help="neurons of the hidden layers")
    parser.add_argument("--address", help="host:port of process 0")
    parser.add_argument("--process", type=int, help="take part as this process, counted from 0")
    parser.add_argument("--result", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    together = options.process is not None
    options.engine = options.engine or (["jax"] if together else ["jax", "tensorflow"])
    options.devices = options.devices or (["all"] if together else ["2", "4"])
    virtual = [each for each in options.devices if each not in REAL]
    if wrong := [each for each in virtual if not (each.isdecimal() and int(each))]:
        parser.error(f"--devices {wrong[0]}: give numbers from 1 on, or all, or first")
    for parts in [options.processes, *map(int, virtual)]:
        if options.batch % parts:
            parser.error(f"a batch of {options.batch} cannot be divided into {parts} equal parts: change --batch")
    if not 0 < options.images <= 60_000:
        parser.error("--images: there are 60,000 of them")
    if options.images % options.batch:
        parser.error(f"{options.images} pictures are no whole number of batches of {options.batch}: change --images")
    if options.epochs < 2:
        parser.error("--epochs: give at least 2, the first is not timed")
    if together and options.processes > 1 and not options.address:
        parser.error("--process needs --address, the host:port of process 0")
    if together and options.processes > 1 and options.engine != ["jax"]:
        parser.error("several processes train together on JAX only: --engine jax")
    return options


def first_weights(sizes: list[int]) -> list[np.ndarray]:
    """Return He-normal start weights [matrix, bias, matrix, bias, …], the same for every engine."""
    random, weights = np.random.default_rng(1), []
    for inputs, outputs in itertools.pairwise(sizes):
        weights += [random.normal(scale=np.sqrt(2 / inputs), size=(inputs, outputs)), np.zeros(outputs)]
    return [each.astype("float32") for each in weights]


def own_part(rows: np.ndarray, batch: int, processes: int, process: int) -> np.ndarray:
    """Return what one of several processes is fed: its part of every batch.

    Args:
        rows: all examples, shape (batches · batch, …).
        batch: size of a whole batch, of all processes together.
        processes: how many there are.
        process: which one this is, from 0.

    Returns:
        Shape (batches · batch / processes, …).
    """
    parts = rows.reshape(-1, processes, batch // processes, *rows.shape[1:])
    return parts[:, process].reshape(-1, *rows.shape[1:])


def train(options: argparse.Namespace) -> dict:
    """Train in this process, alone or as one of several, with the first of the engines and numbers of devices.

    Returns:
        devices (of all processes), seconds (a step), losses (one an epoch), and the weights as weight0, weight1, …
    """
    engine, wanted = options.engine[0], options.devices[0]
    os.environ["KERAS_BACKEND"] = engine
    if wanted not in REAL:
        os.environ.update(JAX_PLATFORMS="cpu", CUDA_VISIBLE_DEVICES="-1")
    if engine == "jax":
        scope, devices = on_jax(wanted, options)
    else:
        scope, devices = on_tensorflow(wanted)

    from utils import data
    from utils.runtime import keras

    pictures = data.load("fashion_mnist")
    images = pictures["train_images"][: options.images].reshape(-1, 784).astype("float32") / 255
    labels = pictures["train_labels"][: options.images].astype("int32")
    images, labels = (own_part(each, options.batch, options.processes, options.process) for each in (images, labels))
    with scope():
        layers = [keras.layers.Dense(each, activation="relu") for each in options.neurons]
        layers = [keras.Input((784,)), *layers, keras.layers.Dense(10, activation="softmax")]
        network = keras.Sequential(layers)
        optimizer = keras.optimizers.SGD(0.05, momentum=0.9)  # Adam would enlarge the rounding of tiny gradients
        network.compile(optimizer, "sparse_categorical_crossentropy", jit_compile=engine == "jax")
        network.set_weights(first_weights([784, *options.neurons, 10]))
        settings = {"batch_size": options.batch // options.processes, "shuffle": False, "verbose": 0}
        losses = network.fit(images, labels, **settings).history["loss"]
        start = time.perf_counter()
        losses += network.fit(images, labels, epochs=options.epochs - 1, **settings).history["loss"]
        seconds = time.perf_counter() - start
        weights = {f"weight{number}": weight for number, weight in enumerate(network.get_weights())}
    steps = options.images // options.batch * (options.epochs - 1)
    return {"devices": devices, "seconds": seconds / steps, "losses": np.array(losses), **weights}


def on_jax(wanted, options):
    """Return (scope, number of devices of all processes) on JAX; `wanted` is an entry of --devices."""
    if wanted not in REAL:
        os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={wanted}"
    import jax

    from utils.runtime import keras

    if options.processes > 1:
        jax.config.update("jax_cpu_collectives_implementation", "gloo")  # how processors exchange; GPUs have their own
        keras.distribution.initialize(options.address, options.processes, options.process)
    devices = keras.distribution.list_devices()
    if len(devices) == 1 or wanted == "first":  # what is in no scope is computed by the first
        return contextlib.nullcontext, 1
    return keras.distribution.DataParallel(devices=devices, auto_shard_dataset=False).scope, len(devices)


def on_tensorflow(wanted):
    """Return (scope, number of devices) on TensorFlow; `wanted` is an entry of --devices."""
    import tensorflow as tf

    if wanted not in REAL:
        parts = [tf.config.LogicalDeviceConfiguration()] * int(wanted)
        tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], parts)
    devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    if len(devices) == 1 or wanted == "first":
        return contextlib.nullcontext, 1
    return tf.distribute.MirroredStrategy([each.name for each in devices]).scope, len(devices)


def run(engine: str, devices: str, processes: int, options: argparse.Namespace) -> dict:
    """Run one training in fresh processes and return what `train` found, the seconds those of the slowest process.

    Args:
        engine: "jax" or "tensorflow".
        devices: how many virtual devices each process has; or "all" or "first" of the real ones.
        processes: how many train together.
        options: see `parse`.

    Raises:
        SystemExit: if a process fails; its output stands above.
    """
    with socket.socket() as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"  # a port that is free now
        probe.close()
        command = [sys.executable, "-m", "bench.many_devices", "--engine", engine, "--devices", devices]
        for name in ("batch", "images", "epochs"):
            command += [f"--{name}", str(getattr(options, name))]
        command += ["--neurons", *map(str, options.neurons), "--processes", str(processes), "--address", address]
        files = [pathlib.Path(folder, f"{process}.npz") for process in range(processes)]
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        settings = {"cwd": ROOT, "env": environment, "text": True}
        with contextlib.ExitStack() as stack:
            notices = [stack.enter_context(tempfile.TemporaryFile("w+")) for _ in files]
            running = [
                subprocess.Popen([*command, "--process", str(number), "--result", str(file)], **settings, stderr=notice)
                for number, (file, notice) in enumerate(zip(files, notices, strict=True))
            ]
            try:
                while None in (codes := [process.poll() for process in running]) and not any(codes):
                    time.sleep(0.1)
            finally:
                for process in running:  # if one has failed, the others would wait for it
                    process.kill()
                    process.wait()
            for number, (code, notice) in enumerate(zip(codes, notices, strict=True)):
                if code:
                    notice.seek(0)
                    print(f"Process {number}:\n{notice.read()}", file=sys.stderr)
        if any(codes):
            raise SystemExit(f"{engine} with {devices} device(s) in {processes} process(es) failed, see above")
        results = [dict(np.load(file)) for file in files]
    for other in results[1:]:
        for name in other.keys() - {"seconds"}:
            if not np.array_equal(other[name], results[0][name]):
                raise SystemExit(f"the processes disagree about {name}: their copies of the weights are not the same")
    return results[0] | {"seconds": max(float(each["seconds"]) for each in results)}


def compare(options: argparse.Namespace) -> list[dict]:
    """Run every way; return one row each: engine, devices, processes, seconds, loss, and differences to one device."""
    rows = []
    for engine in options.engine:
        real = options.devices[0] in REAL
        alone = run(engine, "first" if real else "1", 1, options)
        ways = [(alone, 1), *[(run(engine, each, 1, options), 1) for each in options.devices]]
        if engine == "jax" and options.processes > 1 and not real:
            ways.append((run(engine, "1", options.processes, options), options.processes))
        for found, processes in ways:
            weights = [name for name in alone if name.startswith("weight")]
            rows.append(
                {
                    "engine": engine,
                    "devices": int(found["devices"]),
                    "processes": processes,
                    "seconds": found["seconds"],
                    "loss": float(found["losses"][-1]),
                    "losses apart": float(np.abs(found["losses"] - alone["losses"]).max()),
                    "weights apart": max(float(np.abs(found[name] - alone[name]).max()) for name in weights),
                }
            )
    return rows


def table(rows: list[dict]) -> str:
    """Return the rows of `compare` as a Markdown table."""
    lines = [
        "| engine | devices | processes | seconds a step | loss of the last epoch |"
        " largest difference to one device: losses | weights |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row['engine']} | {row['devices']} | {row['processes']} | {row['seconds']:.4f} | {row['loss']:.6f}"
            f" | {row['losses apart']:.1e} | {row['weights apart']:.1e} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Compare all ways on this computer, or take part in one training."""
    options = parse()
    for engine in options.engine:
        if importlib.util.find_spec(engine) is None:
            name = {"jax": "JAX", "tensorflow": "TensorFlow"}[engine]
            raise SystemExit(
                f"{name} is not installed in this Python's environment. `make test-backends` makes one that has it;"
                f" or run `{sys.executable} -m pip install {engine}` in an environment of your own;"
                f" or leave it out: --engine {'tensorflow' if engine == 'jax' else 'jax'}"
            )
    if options.process is None:
        print(table(compare(options)))
        return
    found = train(options)
    if options.result:
        np.savez(options.result, **found)
    else:
        losses = ", ".join(f"{loss:.6f}" for loss in found["losses"])
        print(f"{found['devices']} devices, {found['seconds']:.4f} seconds a step, losses {losses}")


if __name__ == "__main__":
    main()
