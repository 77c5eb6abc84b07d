"""bench/many_devices.py and the scope of several devices, as far as TensorFlow goes; tests/backends has the rest."""

import contextlib
import importlib.util
import json
import os
import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest

from bench import many_devices
from utils import runtime

ROOT = pathlib.Path(__file__).resolve().parents[1]
SMALL = ["--batch", "128", "--images", "512", "--epochs", "3", "--neurons", "16"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--batch", "1022", "--images", "8176"], "a batch of 1022 cannot be divided into 4 equal parts"),
        (["--batch", "1000"], "8192 pictures are no whole number of batches of 1000"),
        (["--devices", "0"], "--devices 0: give numbers from 1 on, or all, or first"),
        (["--devices", "two"], "--devices two: give numbers"),
        (["--images", "61440"], "there are 60,000 of them"),
        (["--epochs", "1"], "give at least 2"),
        (["--process", "0"], "--process needs --address"),
        (["--process", "0", "--address", "127.0.0.1:8000", "--engine", "tensorflow"], "together on JAX only"),
    ],
)
def test_options_that_cannot_work_are_refused(capsys, arguments, message):
    with pytest.raises(SystemExit):
        many_devices.parse(arguments)
    assert message in capsys.readouterr().err


def test_a_machine_that_takes_part_uses_jax_and_all_it_has_and_a_comparison_virtual_devices():
    alone, together = (many_devices.parse(each) for each in ([], ["--process", "1", "--address", "10.0.0.1:8000"]))
    assert (alone.engine, alone.devices) == (["jax", "tensorflow"], ["2", "4"])
    assert (together.engine, together.devices) == (["jax"], ["all"])


def test_the_processes_are_fed_equal_parts_of_every_batch_and_together_all_of_it():
    rows = np.arange(24).reshape(12, 2)
    parts = [many_devices.own_part(rows, batch=6, processes=3, process=each) for each in range(3)]
    assert parts[1][:, 0].tolist() == [4, 6, 16, 18]
    for batch in range(2):
        together = np.concatenate([part[2 * batch : 2 * batch + 2] for part in parts])
        np.testing.assert_array_equal(together, rows[6 * batch : 6 * batch + 6])


@pytest.mark.parametrize(
    ("engine", "name", "rest"), [("jax", "JAX", "tensorflow"), ("tensorflow", "TensorFlow", "jax")]
)
def test_a_missing_engine_says_how_to_get_it(monkeypatch, engine, name, rest):
    monkeypatch.setattr(sys, "argv", ["many_devices", "--engine", engine])
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as error:
        many_devices.main()
    assert str(error.value).startswith(f"{name} is not installed")
    assert "make test-backends" in str(error.value)
    assert f"-m pip install {engine}" in str(error.value)
    assert str(error.value).endswith(f"--engine {rest}")


def test_two_processors_of_tensorflow_learn_what_one_learns():
    rows = many_devices.compare(many_devices.parse(["--engine", "tensorflow", "--devices", "2", *SMALL]))
    assert [(row["engine"], row["devices"], row["processes"]) for row in rows] == [
        ("tensorflow", 1, 1),
        ("tensorflow", 2, 1),
    ]
    one, two = rows
    assert 0 < one["loss"] < 2  # it learns: chance is 2.3
    assert two["loss"] == pytest.approx(one["loss"], abs=1e-5)
    assert two["losses apart"] < 1e-5
    assert two["weights apart"] < 1e-4
    assert f"| tensorflow | 2 | 1 | {two['seconds']:.4f} | {two['loss']:.6f} |" in many_devices.table(rows)


def test_a_process_that_fails_ends_the_run_and_its_error_is_shown(capfd):
    options = many_devices.parse(["--neurons", "0"])
    with pytest.raises(SystemExit, match=r"tensorflow with 1 device\(s\) in 1 process\(es\) failed, see above"):
        many_devices.run("tensorflow", "1", 1, options)
    assert "ValueError" in capfd.readouterr().err


PROGRAM = """
import json
import tensorflow as tf

two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], two)

from utils import runtime
import keras, numpy as np

runtime.find_devices = lambda: ("CPU", 2)  # virtual processors count as one device otherwise
ready = runtime.setup(seed=1, precision="float32")
inputs = np.random.default_rng(1).normal(size=(64, 3)).astype("float32") * np.linspace(0.5, 2, 64)[:, None]
wanted = inputs.sum(axis=1, keepdims=True)


def losses(scope, middle):
    keras.utils.set_random_seed(1)
    with scope():
        hidden = keras.layers.Dense(4, activation="relu")
        model = keras.Sequential([keras.Input((3,)), hidden, *middle(), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.05), "mse", jit_compile=False)
        found = model.fit(inputs, wanted, batch_size=32, epochs=4, shuffle=False, verbose=0).history["loss"]
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
    return found, replicas


from contextlib import nullcontext

layers = keras.layers
kinds = {
    "plain": lambda: [],
    "normalised": lambda: [layers.BatchNormalization()],
    "synchronised": lambda: [layers.BatchNormalization(synchronized=True)],
}
found = {name: [losses(nullcontext, middle), losses(ready.scope, middle)] for name, middle in kinds.items()}
print(json.dumps([ready.device_count, found]))
"""


def test_the_scope_of_setup_shares_the_training_and_normalises_as_the_lesson_says():
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": "-1", "KERAS_BACKEND": "tensorflow"}
    result = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    count, found = json.loads(result.stdout.splitlines()[-1])
    assert count == 2
    assert all((alone[1], shared[1]) == (1, 2) for alone, shared in found.values())
    apart = {name: np.abs(np.subtract(alone[0], shared[0])).max() for name, (alone, shared) in found.items()}
    assert apart["plain"] < 1e-5
    assert apart["synchronised"] < 1e-4
    assert apart["normalised"] > 1e-3  # each device takes the means of its own part


@pytest.mark.parametrize(("backend", "count"), [("torch", 2), ("tensorflow", 1), ("jax", 1)])
def test_one_device_and_torch_need_no_scope(monkeypatch, backend, count):
    monkeypatch.setattr(keras.backend, "backend", lambda: backend)
    assert runtime._scope("GPU", count) is contextlib.nullcontext
