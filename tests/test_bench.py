"""The benchmark: what it times is the lesson's own code, and its table says what was measured."""

import json

import keras
import numpy as np
import pytest

from bench import __main__ as bench
from tools import ROOT
from utils import fast


@pytest.fixture(scope="module")
def names():
    return bench.recipe(0, None)


def test_the_recipe_of_the_lesson_learns(names):
    network = names["fashion_network"]()
    batches = names["Mirrored"](names["pictures"][:1024], names["kinds"][:1024], 64)
    losses = names["train_modern"](network, batches, epochs=3, peak=names["PEAK"], verbose=0).history["loss"]
    assert losses[-1] < 0.75 * losses[0]


@pytest.mark.parametrize("whose", ["lesson", "utils.fast"])
def test_muon_steps_kernels_in_all_directions_alike_and_the_rest_as_adamw(names, whose):
    random = np.random.default_rng(0)
    lopsided = (random.normal(size=(36, 8)) * np.geomspace(1, 0.05, 8)).astype("float32")
    kernel, bias = keras.Variable(np.zeros((3, 3, 4, 8), "float32")), keras.Variable(np.zeros(8, "float32"))
    twin, gradient = keras.Variable(np.zeros(8, "float32")), keras.ops.ones(8)
    optimizer, adamw = (names["Muon"] if whose == "lesson" else fast.Muon)(0.1), keras.optimizers.AdamW(0.1)
    optimizer.apply([keras.ops.reshape(lopsided, kernel.shape), gradient], [kernel, bias])
    adamw.apply([gradient], [twin])
    np.testing.assert_allclose(keras.ops.convert_to_numpy(bias), keras.ops.convert_to_numpy(twin), rtol=1e-6)
    lengths = np.linalg.svd(keras.ops.convert_to_numpy(kernel).reshape(36, 8), compute_uv=False)
    before = np.linalg.svd(lopsided, compute_uv=False)
    assert before[0] / before[-1] > 10 and lengths[0] / lengths[-1] < 2
    assert lengths.min() / (0.1 * 0.2 * 6) > 0.6 and lengths.max() / (0.1 * 0.2 * 6) < 1.3


def test_the_helpers_of_later_days_do_what_day_06_writes_out(names):
    theirs, ours = names["OneCycle"](0.3, 50), fast.OneCycle(0.3, 50)
    assert [float(theirs(step)) for step in range(51)] == [float(ours(step)) for step in range(51)]
    assert fast.OneCycle.from_config(ours.get_config()).get_config() == theirs.get_config()
    random, kernels = np.random.default_rng(1), []
    gradients = random.normal(size=(4, 3, 3, 4, 8)).astype("float32")
    for kind, rate in ((names["Muon"], theirs), (fast.Muon, ours)):
        kernel, optimizer = keras.Variable(np.ones((3, 3, 4, 8), "float32")), kind(rate, weight_decay=0.1)
        for gradient in gradients:
            optimizer.apply([gradient], [kernel])
        kernels.append(keras.ops.convert_to_numpy(kernel))
    np.testing.assert_array_equal(*kernels)


def test_plain_keras_is_the_same_network_with_keras_own_layers(names):
    network = names["fashion_network"]()
    plain = keras.models.clone_model(network, clone_function=bench._plain_layer)
    assert [w.shape for w in plain.weights] == [w.shape for w in network.weights]
    kinds = [type(layer) for layer in plain.layers]
    assert keras.layers.BatchNormalization in kinds and names["fast"].BatchNormalization not in kinds
    assert {layer.momentum for layer in plain.layers if hasattr(layer, "momentum")} == {0.99}


def test_lost_marks_are_an_error_that_says_what_to_do():
    with pytest.raises(SystemExit, match="put the lines"):
        bench.write_readme("no marks here", "table")


def run(epochs, seconds, accuracy):
    return {"epochs": epochs, "seconds": seconds, "accuracy": accuracy, "weights": 5}


def plain(*history):
    return run(len(history), history[-1][0], max(reached for _, reached in history)) | {"history": list(history)}


def results(formats=("float32",)):
    slow = [plain((100.0, 0.85), (200.0, 0.9), (300.0, last)) for last in (0.92, 0.9, 0.9)]
    return {
        "cores": 2, "device": "CPU", "processor": "x86_64", "formats": list(formats), "seeds": [0, 1, 2],
        "recipe": {
            each: [[run(1, 20.0, 0.905)] * 3, [run(2, 30.0, 0.909), run(2, 30.0, 0.92), run(2, 30.0, 0.92)],
                   [run(3, 40.0, 0.915)] * 3]
            for each in formats
        },
        "plain, oneDNN": slow, "plain, as it comes": [plain((400.0, 0.89), (800.0, 0.92))],
        "book": {"epochs": 10, "seconds": 2000.0, "steps timed": 40},
    }  # fmt: skip


def test_the_ratio_takes_the_shortest_length_that_every_seed_reached():
    text = bench.table(results())
    assert "| float32 against plain Keras as it comes | 20.0 times | 20.0 times |" in text  # 400 / 20 and 800 / 40
    assert "no unit for bfloat16" in text
    both = bench.table(results(formats=("float32", "mixed_bfloat16")))
    assert both.count("against plain Keras") == 4 and "no unit" not in both


def test_the_ratio_is_a_lower_bound_where_plain_keras_did_not_arrive():
    assert "| float32 against plain Keras with oneDNN's kernels | 10.0 times | more than 7.5 times |" in bench.table(
        results()
    )


def test_no_ratio_where_the_recipe_did_not_arrive():
    missed = results()
    missed["recipe"]["float32"][2][1] = run(3, 40.0, 0.9)
    assert "not reached by the recipe" in bench.table(missed)


def test_readme_shows_the_recorded_figures():
    recorded = json.loads(bench.RESULTS.read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert bench.write_readme(readme, bench.table(recorded)) == readme


def test_the_recorded_figures_hold_what_the_course_claims():
    recorded = json.loads(bench.RESULTS.read_text(encoding="utf-8"))
    for lengths in recorded["recipe"].values():
        runs = bench.fastest(lengths, 0.92)
        assert runs is not None and max(run["seconds"] for run in runs) <= 150
        last = bench.LEVELS[-1]
        for kind in ("plain, oneDNN", "plain, as it comes"):
            said = bench.ratio(recorded[kind], bench.fastest(lengths, last), last)
            assert float(said.removeprefix("more than ").removesuffix(" times")) >= 4
