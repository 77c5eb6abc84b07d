"""Running lessons on other backends: what is run, what an error leaves, what shorter training cuts."""

import nbformat
import numpy as np
import pytest

from tools import backends, shorter, works
from utils.runtime import keras

LESSON = """import os
import sys
sys.path.insert(0, {root!r})
print("Ready: Keras 1.0 on " + os.environ["KERAS_BACKEND"] + " 2.0 · CPU (2 cores)")"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one lesson, which prints what it is told."""
    root = str(backends.ROOT)

    def write(*sources, stated="TensorFlow, JAX."):
        setup = nbformat.v4.new_code_cell(LESSON.format(root=root))
        head = nbformat.v4.new_markdown_cell(f"# Day 01\n\n**Backends:** {stated}")
        cells = [head, setup, *map(nbformat.v4.new_code_cell, sources)]
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "notebooks" / "day01_hello_sine.ipynb")

    monkeypatch.setattr(backends, "ROOT", tmp_path)
    monkeypatch.setattr(backends, "EXECUTED", tmp_path / "build" / "backends")
    return write


def test_a_lesson_runs_with_the_backend_in_its_environment(course):
    course("print('✓ one (1 to 2)')", "print('• two (1 to 2)')")
    found = works.result(backends.run("day01_hello_sine", "jax"))
    assert found["passed"] and found["ready"].startswith("Ready: Keras 1.0 on jax 2.0")
    assert (found["kept"], found["results"], found["shorter"]) == (1, 2, False)


def test_an_error_stops_the_lesson_and_is_kept(course):
    course("1 / 0", "print('✓ never (1 to 2)')")
    found = works.result(backends.run("day01_hello_sine", "jax"))
    assert not found["passed"] and found["error"].startswith("ZeroDivisionError") and found["kept"] == 0


def test_shorter_training_is_started_before_the_lesson_s_own_cells(course):
    course("import keras\nprint('✓ cut' if keras.Model.fit.__module__ == 'tools.shorter' else '• whole')")
    found = works.result(backends.run("day01_hello_sine", "tensorflow", steps=3))
    assert found["shorter"] and found["kept"] == 1


def test_only_the_backends_of_the_head_are_stated(course):
    course("pass")
    assert backends.stated("day01_hello_sine") == ["tensorflow", "jax"]
    course("pass", stated="TensorFlow; JAX and PyTorch later.")
    assert backends.stated("day01_hello_sine") == ["tensorflow"]
    course("pass", stated="Theano.")
    with pytest.raises(ValueError, match="Backends"):
        backends.stated("day01_hello_sine")


@pytest.fixture
def network(monkeypatch):
    """A small network, and a list into which each of its trainings' steps is written."""
    for name in ("fit", "train_on_batch"):  # put back after the test
        monkeypatch.setattr(keras.Model, name, getattr(keras.Model, name))
    shorter.shorten(steps=3, single_steps=5)
    model, steps = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), []
    model.compile("sgd", "mse")

    class Count(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            steps.append(batch)

    return model, steps, Count()


class Pairs(keras.utils.PyDataset):
    def __len__(self):
        return 8

    def __getitem__(self, index):
        return np.ones((4, 2), "float32"), np.ones((4, 1), "float32")


@pytest.mark.parametrize("rows, expected", [(160, 3), (40, 2)])
def test_fit_takes_few_steps_of_each_epoch(network, rows, expected):
    model, steps, count = network
    x, y = np.ones((rows, 2), "float32"), np.ones((rows, 1), "float32")
    history = model.fit(x, y, epochs=2, verbose=0, callbacks=[count]).history["loss"]
    assert len(history) == 2 and steps == [*range(expected)] * 2


def test_fit_takes_few_steps_of_a_dataset(network):
    model, steps, count = network
    model.fit(Pairs(), epochs=2, verbose=0, callbacks=[count])
    assert steps == [0, 1, 2] * 2


def test_single_steps_stop_training_after_a_few(network):
    model, _, _ = network
    x, y = np.ones((4, 2), "float32"), np.zeros((4, 1), "float32")
    weights, losses = [], []
    for _ in range(8):
        losses.append(float(model.train_on_batch(x, y)))
        weights.append(model.get_weights()[0].sum())
    assert len(set(weights)) == 5 and weights[4:] == weights[4:5] * 4 and losses[4:] == losses[4:5] * 4
