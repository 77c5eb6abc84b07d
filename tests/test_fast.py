"""utils/fast.py: its layers give Keras' own numbers, and fall back to Keras' code where it must."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from utils import fast

ROOT = Path(__file__).resolve().parents[1]
ON_TENSORFLOW = keras.backend.backend() == "tensorflow"
needs_tensorflow = pytest.mark.skipif(not ON_TENSORFLOW, reason="the kernel is TensorFlow's")


def numbers(layer, batch, **options):
    """A layer's outputs as a NumPy array, whatever the backend."""
    return ops.convert_to_numpy(layer(batch, **options))


def batches(shape=(16, 7, 5, 6), count=3):
    rng = np.random.default_rng(0)
    return [rng.normal(3, 2, shape).astype("float32") * np.arange(1, shape[-1] + 1) for _ in range(count)]


def pair(shape=(16, 7, 5, 6), **options):
    """Return Keras' layer and ours with the same weights, none of them at its start."""
    layers = [kind(momentum=0.9, **options) for kind in (keras.layers.BatchNormalization, fast.BatchNormalization)]
    rng = np.random.default_rng(1)
    for layer in layers:
        layer.build(shape)
    start = [rng.uniform(0.5, 2, weight.shape) for weight in layers[0].weights]
    for layer in layers:
        layer.set_weights(start)
    return layers


@pytest.fixture
def count_fused(monkeypatch):
    calls = []
    original = fast.BatchNormalization._fused

    def counted(self, inputs, learns):
        calls.append(learns)
        return original(self, inputs, learns)

    monkeypatch.setattr(fast.BatchNormalization, "_fused", counted)
    return calls


@pytest.mark.parametrize("epsilon", [1e-3, 1e-5])
def test_outputs_and_moving_statistics_are_those_of_keras(epsilon, count_fused):
    keras_layer, ours = pair(epsilon=epsilon)
    for batch in batches():
        np.testing.assert_allclose(
            numbers(ours, batch, training=True), numbers(keras_layer, batch, training=True), atol=3e-5
        )
    for mine, his in zip(ours.get_weights(), keras_layer.get_weights(), strict=True):
        np.testing.assert_allclose(mine, his, rtol=1e-5)
    for batch in batches():
        np.testing.assert_allclose(
            numbers(ours, batch, training=False), numbers(keras_layer, batch, training=False), atol=3e-5
        )
        np.testing.assert_allclose(numbers(ours, batch), numbers(keras_layer, batch), atol=3e-5)
    assert len(count_fused) == (9 if ON_TENSORFLOW else 0)


@needs_tensorflow
@pytest.mark.parametrize("training", [True, False])
def test_gradients_are_those_of_keras(training):
    import tensorflow as tf

    (batch,) = batches(count=1)
    towards = np.random.default_rng(2).normal(size=batch.shape).astype("float32")
    gradients = []
    for layer in pair():
        inputs = tf.constant(batch)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            loss = tf.reduce_sum(towards * layer(inputs, training=training))
        gradients.append(tape.gradient(loss, [inputs, layer.gamma.value, layer.beta.value]))
    for his, mine in zip(*gradients, strict=True):
        np.testing.assert_allclose(mine, his, rtol=1e-4, atol=1e-4)
        assert np.abs(his).max() > 0.01


@needs_tensorflow
def test_in_bfloat16_it_stays_as_close_as_the_format_allows(count_fused):
    keras_layer, ours = pair(dtype="mixed_bfloat16")
    for batch in batches():
        mine, his = (np.array(ops.cast(layer(batch, training=True), "float32")) for layer in (ours, keras_layer))
        np.testing.assert_allclose(mine, his, rtol=0.02, atol=0.02)
    for mine, his in zip(ours.get_weights(), keras_layer.get_weights(), strict=True):
        assert mine.dtype == "float32"
        np.testing.assert_allclose(mine, his, rtol=1e-2)
    assert count_fused == [True] * 3


def test_a_network_trains_as_with_keras_and_comes_back_from_its_file(tmp_path):
    images, labels = batches((64, 8, 8, 3), 1)[0], np.arange(64) % 4
    results = {}
    for kind in (keras.layers.BatchNormalization, fast.BatchNormalization):
        keras.utils.set_random_seed(0)
        network = keras.Sequential(
            [
                keras.Input((8, 8, 3)),
                keras.layers.Conv2D(5, 3, use_bias=False),
                kind(momentum=0.8),
                keras.layers.ReLU(),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(4, activation="softmax"),
            ]
        )
        network.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        network.fit(images, labels, batch_size=16, epochs=2, shuffle=False, verbose=0)
        results[kind] = network, network.predict(images, verbose=0)
    (_, his), (network, mine) = results.values()
    np.testing.assert_allclose(mine, his, atol=1e-4)

    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras", safe_mode=True)
    assert isinstance(again.layers[1], fast.BatchNormalization)
    assert again.layers[1].momentum == 0.8
    np.testing.assert_allclose(again.predict(images, verbose=0), mine, atol=1e-6)


def test_weights_and_arguments_are_named_as_in_keras_own_layer():
    keras_layer, ours = pair()
    assert [weight.path.split("/")[-1] for weight in ours.weights] == [
        "gamma",
        "beta",
        "moving_mean",
        "moving_variance",
    ]
    theirs = {name: value for name, value in keras_layer.get_config().items() if name not in ("name", "dtype")}
    assert theirs == {name: value for name, value in ours.get_config().items() if name not in ("name", "dtype")}


def test_frozen_it_moves_nothing(count_fused):
    _, ours = pair()
    ours.trainable = False
    before = ours.get_weights()
    (batch,) = batches(count=1)
    np.testing.assert_allclose(numbers(ours, batch, training=True), numbers(ours, batch, training=False))
    for weight, old in zip(ours.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)
    assert count_fused == ([False] * 2 if ON_TENSORFLOW else [])


@pytest.mark.parametrize(
    ("shape", "options"),
    [
        ((16, 6), {}),
        ((16, 7, 6), {}),
        ((16, 6, 7, 5), {"axis": 1}),
        ((16, 7, 5, 6), {"scale": False}),
        ((16, 7, 5, 6), {"center": False}),
        ((16, 7, 5, 6), {"renorm": True}),
        ((16, 7, 5, 6), {"dtype": "float64"}),
    ],
)
def test_where_the_kernel_does_not_apply_keras_code_runs(shape, options, count_fused):
    keras_layer, ours = pair(shape, **options)
    for batch in batches(shape):
        np.testing.assert_array_equal(numbers(ours, batch, training=True), numbers(keras_layer, batch, training=True))
    for mine, his in zip(ours.get_weights(), keras_layer.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, his)
    assert count_fused == []


def test_a_mask_is_obeyed(count_fused):
    keras_layer, ours = pair()
    (batch,) = batches(count=1)
    mask = np.random.default_rng(3).random(batch.shape[:3]) < 0.5
    one, other = (numbers(layer, batch, training=True, mask=mask) for layer in (ours, keras_layer))
    np.testing.assert_array_equal(one, other)
    assert count_fused == []


# Depthwise convolution

SHAPES = [
    ((2, 9, 9, 4), {"kernel_size": 3}),
    ((2, 9, 8, 4), {"kernel_size": 3, "padding": "same"}),
    ((2, 9, 8, 4), {"kernel_size": 5, "padding": "same", "strides": 2}),
    ((2, 10, 7, 4), {"kernel_size": 5, "strides": 2}),
    ((2, 8, 8, 4), {"kernel_size": 2, "padding": "same", "strides": 3}),
    ((2, 6, 11, 3), {"kernel_size": (1, 4), "padding": "same"}),
    ((1, 3, 3, 2), {"kernel_size": 3, "activation": "relu", "use_bias": False}),
    ((2, 9, 8, 4), {"kernel_size": 3, "padding": "same", "dtype": "mixed_bfloat16"}),
]


def depthwise_pair(shape, options):
    """Return Keras' layer and ours with the same weights, and a batch."""
    layers = [kind(**options) for kind in (keras.layers.DepthwiseConv2D, fast.DepthwiseConv2D)]
    random = np.random.default_rng(0)
    for layer in layers:
        layer.build(shape)
    start = [random.normal(size=weight.shape) for weight in layers[0].weights]
    for layer in layers:
        layer.set_weights(start)
    return *layers, random.normal(size=shape).astype("float32")


@pytest.mark.parametrize(("shape", "options"), SHAPES)
def test_a_sum_of_shifted_maps_is_the_depthwise_convolution(shape, options):
    keras_layer, ours, batch = depthwise_pair(shape, options)
    batch = ops.cast(batch, keras_layer.compute_dtype)
    expected, shifted = keras_layer(batch), ours._shifted(batch)
    assert shifted.dtype == expected.dtype and np.abs(ops.convert_to_numpy(ops.cast(expected, "float32"))).max() > 0.1
    near = 0.03 if "dtype" in options else 1e-5
    for mine in (shifted, ours(batch)):
        one, other = (ops.convert_to_numpy(ops.cast(answer, "float32")) for answer in (mine, expected))
        np.testing.assert_allclose(one, other, rtol=near, atol=near)


@pytest.mark.parametrize(
    ("shape", "options", "is_plain"),
    [
        ((2, 9, 9, 4), {}, True),
        ((2, 9, 9, 4), {"padding": "same", "strides": 2}, True),
        ((2, 9, 9, 4), {"dilation_rate": 2}, False),
        ((2, 9, 9, 4), {"depth_multiplier": 2}, False),
        ((2, 9, 9, 4), {"dtype": "float64"}, False),
    ],
)
def test_shifts_are_for_jax_on_a_processor_and_plain_layers_only(shape, options, is_plain, monkeypatch):
    keras_layer, ours, batch = depthwise_pair(shape, {"kernel_size": 3} | options)
    calls, original = [], fast.DepthwiseConv2D._shifted
    monkeypatch.setattr(fast.DepthwiseConv2D, "_shifted", lambda self, maps: calls.append(1) or original(self, maps))
    np.testing.assert_allclose(numbers(ours, batch), numbers(keras_layer, batch), rtol=1e-4, atol=1e-4)
    assert bool(calls) == (is_plain and keras.backend.backend() == "jax")


def test_a_window_larger_than_the_maps_is_keras_error_and_no_empty_answer():
    with pytest.raises(ValueError):
        keras.Sequential([keras.Input((2, 2, 3)), fast.DepthwiseConv2D(3)])


def test_the_depthwise_layer_comes_back_from_its_file(tmp_path):
    network = keras.Sequential([keras.Input((6, 6, 3)), fast.DepthwiseConv2D(3, padding="same")])
    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras", safe_mode=True)
    assert type(again.layers[0]) is fast.DepthwiseConv2D
    batch = np.random.default_rng(4).normal(size=(2, 6, 6, 3)).astype("float32")
    np.testing.assert_array_equal(*(ops.convert_to_numpy(each(batch)) for each in (network, again)))


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_on_other_backends(backend):
    """These very tests again, in a process of their own, where the backend is installed."""
    if keras.backend.backend() == backend or importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed, or runs already")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__, "-k", "not other_backends"]
    environment = os.environ | {"KERAS_BACKEND": backend}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-3000:]
