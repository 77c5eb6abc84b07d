"""Several devices on JAX: DataParallel over virtual devices and over two processes, and the way of setup on a TPU."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

from bench import many_devices

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_two_devices_four_devices_and_two_processes_learn_what_one_device_learns():
    arguments = ["--engine", "jax", "--batch", "128", "--images", "512", "--epochs", "3", "--neurons", "16"]
    one, *others = rows = many_devices.compare(many_devices.parse([*arguments, "--devices", "2", "4"]))
    assert [(row["devices"], row["processes"]) for row in rows] == [(1, 1), (2, 1), (4, 1), (2, 2)]
    assert 0 < one["loss"] < 2  # it learns: chance is 2.3
    for row in others:
        assert row["loss"] == pytest.approx(one["loss"], abs=1e-5), row
        assert row["losses apart"] < 1e-5, row
        assert row["weights apart"] < 1e-4, row


PROGRAM = """
import json
import sys

sys.modules["tensorflow"] = None  # as on Colab's TPUs, where TensorFlow is not installed: importing it is an error
import jax

from utils import runtime
import keras, numpy as np

runtime.find_devices = lambda: ("TPU", jax.device_count())  # the virtual processors stand for a TPU's cores
ready = runtime.setup(seed=1, precision=sys.argv[1])
inputs = np.random.default_rng(1).normal(size=(64, 3)).astype("float32") * np.linspace(0.5, 2, 64)[:, None]
wanted = inputs.sum(axis=1, keepdims=True)


def train(rows=64):
    keras.utils.set_random_seed(1)
    middle = [keras.layers.Dense(4, activation="relu"), keras.layers.BatchNormalization()]
    model = keras.Sequential([keras.Input((3,)), *middle, keras.layers.Dense(1, dtype="float32")])
    model.compile(keras.optimizers.SGD(0.05), "mse")
    history = model.fit(inputs[:rows], wanted[:rows], batch_size=32, epochs=4, shuffle=False, verbose=0)
    answers = model.predict(inputs[:32], verbose=0)
    return history.history["loss"], answers.ravel().tolist(), len(model.weights[0].value.sharding.device_set)


with ready.scope():
    shared = train()
print(json.dumps([shared, train(), train(rows=61)]))
"""


@pytest.mark.parametrize(
    ("precision", "chosen", "close"), [("float32", "float32", 1e-5), ("auto", "mixed_bfloat16", 0.05)]
)
def test_setup_on_a_tpu_of_four_devices_and_no_tensorflow(precision, chosen, close):
    environment = os.environ | {
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "--xla_force_host_platform_device_count=4",
    }
    command = [sys.executable, "-c", PROGRAM, precision]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    first, *_, last = result.stdout.splitlines()
    assert first.startswith("Ready: Keras ")
    assert f" · TPU (4) · {chosen} · seed 1" in first
    (shared, answers, on), (alone, answers_alone, on_alone), (uneven, _, on_uneven) = json.loads(last)
    assert (on, on_alone, on_uneven) == (4, 1, 1)  # outside the scope one device works, and takes batches of any size
    assert alone[-1] < 0.9 * alone[0]
    assert shared == pytest.approx(alone, abs=close)  # batch normalisation takes the whole batch on JAX
    assert answers == pytest.approx(answers_alone, abs=close)
    assert len(uneven) == 4
