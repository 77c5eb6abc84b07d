"""EfficientNet-Lite0 and MiniLM with their weights: what they say of known inputs, shapes, files, errors."""

import importlib
import io
import json
import math
import os
import pickle
import shutil
import struct
import sys
import types
from pathlib import Path

import keras
import numpy as np
import pytest

from utils import data, pretrained

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def model():
    return pretrained.efficientnet_lite0()


@pytest.fixture
def weights_script(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "data"))
    return importlib.import_module("weights")


def photograph(name):
    """Bring a photograph to (1, 224, 224, 3): the shorter side fits, the middle is kept."""
    images = data.load("photographs")[name][None].astype("float32")
    return keras.ops.image.resize(images, (224, 224), interpolation="bicubic", crop_to_aspect_ratio=True)


# What it sees


@pytest.mark.parametrize(
    ("name", "says", "low", "high"), [("chelsea", "Egyptian cat", 0.33, 0.45), ("coffee", "espresso", 0.9, 0.97)]
)
def test_known_photographs(model, name, says, low, high):
    ((best, second),) = pretrained.decode_predictions(model(photograph(name)), top=2)
    assert best[0] == says and low < best[1] < high
    assert second[1] < best[1]


def test_every_photograph_is_taken_for_something_like_it(model):
    expected = {"china": {"palace", "bell cote"}, "flower": {"daisy"}, "rocket": {"missile", "drilling platform"}}
    for name, words in expected.items():
        (best,) = pretrained.decode_predictions(model(photograph(name)), top=3)
        assert words & {word for word, _ in best}


def test_probabilities_sum_to_one_also_in_half_precision():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        predictions = pretrained.efficientnet_lite0()(photograph("coffee"))
    finally:
        keras.config.set_dtype_policy(policy)
    assert keras.backend.standardize_dtype(predictions.dtype) == "float32"
    assert float(keras.ops.sum(predictions)) == pytest.approx(1, abs=1e-5)
    assert pretrained.decode_predictions(predictions)[0][0][0] == "espresso"


def test_first_layers_are_computed_as_the_authors_did(model):
    """Scaling, padding (none above and left where the stride is 2), normalisation and ReLU6 against NumPy."""
    pixels = np.random.default_rng(0).integers(0, 256, (1, 32, 32, 3)).astype(np.float32)
    small = pretrained.efficientnet_lite0(include_top=False, input_shape=(32, 32, 3))
    found = keras.ops.convert_to_numpy(keras.Model(small.input, small.get_layer("stem_relu").output)(pixels))[0]
    arrays = data.load("efficientnet_lite0")
    padded = np.pad((pixels[0] - 127) / 128, ((0, 1), (0, 1), (0, 0)))
    kernel = arrays["stem_conv/kernel"].astype(np.float32)
    sums = [
        [(padded[y : y + 3, x : x + 3, :, None] * kernel).sum((0, 1, 2)) for x in range(0, 32, 2)]
        for y in range(0, 32, 2)
    ]
    mean, variance = arrays["stem_bn/moving_mean"], arrays["stem_bn/moving_variance"]
    normal = (np.array(sums) - mean) / np.sqrt(variance + 1e-3) * arrays["stem_bn/gamma"] + arrays["stem_bn/beta"]
    np.testing.assert_allclose(found, np.clip(normal, 0, 6), atol=2e-4)


# Shapes and weights


def test_number_of_weights(model):
    assert model.count_params() == 4_694_024
    assert sum(keras.ops.size(weight) for weight in model.trainable_weights) == 4_652_008
    assert pretrained.efficientnet_lite0(include_top=False, weights=None).count_params() == 3_413_024
    assert model.name == "efficientnet_lite0" and model.output_shape == (None, 1000)


@pytest.mark.parametrize(("shape", "features"), [((96, 96, 3), (3, 3)), ((65, 100, 3), (3, 4))])
def test_features_of_any_size(shape, features):
    network = pretrained.efficientnet_lite0(include_top=False, input_shape=shape)
    assert network.output_shape == (None, *features, 1280)
    middle = keras.Model(network.input, network.get_layer("block4c_out").output)
    assert middle.output_shape == (None, -(-shape[0] // 16), -(-shape[1] // 16), 80)
    open_size = pretrained.efficientnet_lite0(include_top=False, input_shape=(None, None, 3))
    images = np.random.default_rng(0).uniform(0, 255, (2, *shape)).astype(np.float32)
    ours, theirs = (keras.ops.convert_to_numpy(one(images)) for one in (network, open_size))
    np.testing.assert_allclose(ours, theirs, atol=1e-3)
    assert (ours >= 0).all() and ours.std() > 0.1


def test_every_array_of_the_file_has_its_place(model):
    with np.load(data.path("efficientnet_lite0"), allow_pickle=False) as arrays:
        kinds = {name: arrays[name].dtype.name for name in arrays.files}
    places = [f"{layer.name}/{weight.name}" for layer in model.layers for weight in layer.weights]
    assert sorted(kinds) == sorted(places) and len(set(places)) == 247
    assert set(kinds.values()) == {"float16", "float32"}


def test_random_weights_know_nothing():
    network = pretrained.efficientnet_lite0(weights=None)
    assert keras.ops.convert_to_numpy(network(photograph("coffee"))).max() < 0.2


# Names


def test_names_of_the_classes():
    names = pretrained.imagenet_names()
    assert len(names) == len(set(names)) == 1000
    assert [names[number] for number in (0, 285, 340, 967, 999)] == [
        "tench",
        "Egyptian cat",
        "zebra",
        "espresso",
        "toilet tissue",
    ]


def test_decoding():
    predictions = np.full((2, 1000), 0.0005)
    predictions[0, 340] = 0.5
    predictions[1, [0, 967]] = 0.2, 0.3
    first, second = pretrained.decode_predictions(predictions, top=2)
    assert first[0] == ("zebra", 0.5) and len(first) == 2
    assert second == [("espresso", 0.3), ("tench", 0.2)]


@pytest.mark.parametrize("shape", [(1000,), (1, 10), (1, 3, 1000)])
def test_decoding_of_another_shape(shape):
    with pytest.raises(ValueError, match=r"must have the shape \(images, 1000\)"):
        pretrained.decode_predictions(np.zeros(shape))


# Errors


@pytest.mark.parametrize("shape", [(224, 224, 1), (224, 224), (1, 224, 224, 3)])
def test_pictures_without_colours(shape):
    with pytest.raises(ValueError, match=r"must be \(height, width, 3\), with colours"):
        pretrained.efficientnet_lite0(input_shape=shape)


def test_unknown_weights():
    with pytest.raises(ValueError, match=r"no weights 'noisy-student': choose \"imagenet\" or None"):
        pretrained.efficientnet_lite0(weights="noisy-student")


def test_damaged_weights_are_refused(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data" / "registry.json", tmp_path / "data")
    content = bytearray(data.path("efficientnet_lite0").read_bytes())
    content[5_000_000] ^= 1
    (tmp_path / "data" / "efficientnet_lite0.npz").write_bytes(content)
    monkeypatch.setattr(data, "ROOT", tmp_path)
    with pytest.raises(data.DataError, match=r"efficientnet_lite0\.npz is damaged.*git checkout"):
        pretrained.efficientnet_lite0()


# The script that reads PyTorch's file


class _Torch(pickle.Pickler):
    """Write arrays as PyTorch does, so far as the reader needs it."""

    def persistent_id(self, item):
        return ("storage", self.torch.FloatStorage, item.key, "cpu", 6, None) if hasattr(item, "key") else None


def pth_bytes(monkeypatch, extra=None):
    """Write a .pth file of the old format that holds the array [[0, 1], [2, 3], [4, 5]], stored by columns."""
    torch, inside = types.ModuleType("torch"), types.ModuleType("torch._utils")
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})

    def _rebuild_tensor_v2(*arguments):
        raise AssertionError("must not run")

    _rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    inside._rebuild_tensor_v2, torch._utils, _Torch.torch = _rebuild_tensor_v2, inside, torch
    storage = types.SimpleNamespace(key="7")

    class Tensor:
        def __reduce__(self):
            return _rebuild_tensor_v2, (storage, 0, (3, 2), (1, 3), False, None)

    stream = io.BytesIO()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "torch", torch)
        patch.setitem(sys.modules, "torch._utils", inside)
        parts = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}, {"a": Tensor()} | (extra or {}), ["7"]]
        for part in parts:
            _Torch(stream, 2).dump(part)
    stream.write(struct.pack("<q", 6) + np.array([0, 2, 4, 1, 3, 5], "<f4").tobytes())
    return stream.getvalue()


def test_pytorch_file_is_read_without_pytorch(weights_script, monkeypatch):
    arrays = weights_script.read_pth(pth_bytes(monkeypatch))
    assert arrays["a"].tolist() == [[0, 1], [2, 3], [4, 5]]


def test_pytorch_file_cannot_run_anything(weights_script, monkeypatch, tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "trap"),)

    with pytest.raises(pickle.UnpicklingError, match=r"mkdir has no place among weights"):
        weights_script.read_pth(pth_bytes(monkeypatch, {"b": Trap()}))
    assert not (tmp_path / "trap").exists()


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("_conv_stem.weight", "stem_conv/kernel"),
        ("_bn0.running_var", "stem_bn/moving_variance"),
        ("_blocks.0._depthwise_conv.weight", "block1a_depthwise_conv/kernel"),
        ("_blocks.2._bn0.bias", "block2b_expand_bn/beta"),
        ("_blocks.15._bn2.running_mean", "block7a_project_bn/moving_mean"),
        ("_conv_head.weight", "head_conv/kernel"),
        ("_bn1.weight", "head_bn/gamma"),
        ("_fc.weight", "classifier/kernel"),
        ("_fc.bias", "classifier/bias"),
    ],
)
def test_names_of_the_layers(weights_script, theirs, ours):
    assert weights_script.keras_key(theirs) == ours


# MiniLM: the network


WEATHER = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
PUBLISHED = [0.6660, 0.1046, 0.1411]  # similarities that the quickstart of sbert.net prints for these three sentences


@pytest.fixture(scope="module")
def encoder():
    return pretrained.minilm(pooling="mean")


@pytest.fixture(scope="module")
def tokenizer():
    return pretrained.WordPiece()


def cosines(vectors):
    vectors = keras.ops.convert_to_numpy(vectors)
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]


def test_similarities_of_sentences_are_the_published_ones(encoder, tokenizer):
    np.testing.assert_allclose(cosines(encoder(tokenizer(WEATHER))), PUBLISHED, atol=0.004)  # the weights are rounded


def test_padding_changes_nothing(encoder, tokenizer):
    short, long = encoder(tokenizer(WEATHER)), encoder(tokenizer(WEATHER, length=64))
    np.testing.assert_allclose(*map(keras.ops.convert_to_numpy, (short, long)), atol=1e-5)
    alone = encoder(tokenizer(WEATHER[:1]))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(alone)[0], keras.ops.convert_to_numpy(long)[0], atol=1e-5)


def test_blocks_are_computed_as_bert_does(tokenizer):
    """Embedding, attention, feed-forward, norms and mean against NumPy, for a text with padding."""
    arrays = data.load("minilm")
    tokens = tokenizer(WEATHER, length=12)

    def dense(x, name):
        scale = arrays[f"{name}/scale"].astype(np.float32)
        return x @ (arrays[f"{name}/kernel"] * scale) + arrays[f"{name}/bias"]

    def norm(x, name):
        x = x - x.mean(axis=-1, keepdims=True)
        return x / np.sqrt((x**2).mean(axis=-1, keepdims=True)) * arrays[f"{name}/gamma"] + arrays[f"{name}/beta"]

    def gelu(x):
        return x * (1 + np.vectorize(math.erf)(x / np.sqrt(2))) / 2

    x = (arrays["pieces/embeddings"] * arrays["pieces/scale"])[tokens] + arrays["places/embeddings"][:12]
    x = norm(x.astype(np.float32), "embedding_norm")
    for block in (f"block{number}" for number in range(1, 7)):
        heads = [
            dense(x, f"{block}_attention/{part}").reshape(3, 12, 12, 32).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        ]
        scores = heads[0] @ heads[1].transpose(0, 1, 3, 2) / np.sqrt(32)
        weights = np.exp(np.where(tokens[:, None, None, :] > 0, scores, -np.inf))
        weights /= weights.sum(axis=-1, keepdims=True)
        looked = (weights @ heads[2]).transpose(0, 2, 1, 3).reshape(3, 12, 384)
        x = norm(x + dense(looked, f"{block}_attention/attention_output"), f"{block}_attention_norm")
        x = norm(x + dense(gelu(dense(x, f"{block}_wide")), f"{block}_narrow"), f"{block}_norm")
    found = keras.ops.convert_to_numpy(pretrained.minilm()(tokens))
    assert found.shape == (3, 12, 384)
    np.testing.assert_allclose(found[tokens > 0], x[tokens > 0], atol=2e-5)


def test_minilm_number_of_weights_and_places(encoder):
    assert encoder.count_params() == 22_564_608 and encoder.output_shape == (None, 384)
    with np.load(data.path("minilm"), allow_pickle=False) as arrays:
        kinds = {name: arrays[name].dtype.name for name in arrays.files}
    paths = {weight.path for layer in encoder.layers for weight in layer.weights}
    assert {name for name in kinds if not name.endswith("/scale")} == paths | {"vocabulary"}
    whole = {name for name, kind in kinds.items() if kind == "int8"}
    assert len(whole) == 37 and all(f"{name.rpartition('/')[0]}/scale" in kinds for name in whole)


def test_minilm_can_be_cut(encoder, tokenizer):
    tokens = keras.ops.convert_to_tensor(tokenizer(WEATHER))
    middle = encoder.get_layer("block4_norm").output
    states = keras.Model(encoder.input, middle)(tokens)
    upper = keras.Model([encoder.input, middle], encoder.output)
    assert sum(int(np.prod(weight.shape)) for weight in upper.trainable_weights) == 2 * 1_774_464
    whole, parts = encoder(tokens), upper([tokens, states])
    np.testing.assert_allclose(*map(keras.ops.convert_to_numpy, (whole, parts)), atol=1e-5)


def test_minilm_with_random_weights_and_in_half_precision(tokenizer):
    assert np.abs(cosines(pretrained.minilm(pooling="mean", weights=None)(tokenizer(WEATHER))) - PUBLISHED).max() > 0.1
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        vectors = pretrained.minilm(pooling="mean")(tokenizer(WEATHER))
    finally:
        keras.config.set_dtype_policy(policy)
    assert keras.backend.standardize_dtype(vectors.dtype) == "float32"
    np.testing.assert_allclose(cosines(vectors), PUBLISHED, atol=0.03)


def test_minilm_unknown_choices():
    with pytest.raises(ValueError, match=r"no pooling 'max': choose \"mean\" or None"):
        pretrained.minilm(pooling="max")
    with pytest.raises(ValueError, match=r"no weights 'bert': choose \"minilm\" or None"):
        pretrained.minilm(weights="bert")


# MiniLM: the tokenizer


@pytest.mark.parametrize(
    ("text", "numbers"),  # as the library "tokenizers" 0.23 gives them with the package's own tokenizer.json
    [
        ("It's don't 3,000.5!", "2009 1005 1055 2123 1005 1056 1017 1010 2199 1012 1019 999"),
        ("\u010ce\u0161tina na\xefve caf\xe9 Stra\xdfe", "8292 16643 2532 15743 7668 2358 27807"),
        ("\u4f60\u597d world", "100 100 2088"),
        ("emoji \U0001f600 fire\U0001f525!", "7861 29147 2072 100 100 999"),
        ("zero\u200bwidth soft\xadhyphen nbsp\xa0x", "5717 9148 11927 2232 3730 10536 8458 2368 1050 5910 2361 1060"),
        ("a\x00b\ufffdc\x85d\tnew\r\nline", "5925 2094 2047 2240"),
        ("\u03a9 \u03a3\u0391\u03a3 \u03c2", "1179 1173 14608 29733 1172"),
        ("$100 + 5% = `code` ^_^ ~", "1002 2531 1009 1019 1003 1027 1036 3642 1036 1034 1035 1034 1066"),
        ("unwatchable Donaudampfschifffahrt", "4895 18866 3085 24260 14066 8737 10343 5428 4246 7011 8093 2102"),
        ("x" * 101, "100"),
        ("", ""),
        ("\u2026\u2014\u201cquotes\u201d \xbfqu\xe9?", "1529 1517 1523 16614 1524 1094 10861 1029"),
        ("\ufb01n \xbd \u2167 \ud55c\uad6d\uc5b4", "1984 2078 1092 100 1469 30006 30021 29991 30014 30020 29999 30008"),
    ],
)  # fmt: skip
def test_numbers_of_pieces(tokenizer, text, numbers):
    assert tokenizer([text]).tolist() == [[101, *map(int, numbers.split()), 102]]


def test_pieces_padding_and_truncation(tokenizer):
    assert tokenizer.pieces("An unwatchable film!") == ["an", "un", "##watch", "##able", "film", "!"]
    rows = tokenizer(["A film.", "An unwatchable film!", ""], length=6)
    assert rows.dtype == np.int32 and rows.tolist() == [
        [101, 1037, 2143, 1012, 102, 0],
        [101, 2019, 4895, 18866, 3085, 102],  # the end of the text goes, the sign for the end stays
        [101, 102, 0, 0, 0, 0],
    ]
    assert tokenizer([]).shape == (0, 2)
    with pytest.raises(ValueError, match=r"Give a list of texts"):
        tokenizer("A film.")
    assert tokenizer(["A film."], length=2).tolist() == [[101, 102]]
    for length in (1, 0, -3):
        with pytest.raises(ValueError, match=rf"length of {length} has no room.*give 2 or more"):
            tokenizer(["A film."], length=length)


def test_vocabulary(tokenizer):
    assert len(tokenizer.vocabulary) == len(set(tokenizer.vocabulary)) == 30_522
    assert [tokenizer.vocabulary[number] for number in (0, 100, 101, 102, 103, 1996, 30_521)] == [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "the",
        "##\uff5e",
    ]
    own = pretrained.WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "film", "##s"])
    assert own(["Films, film", "filmed"]).tolist() == [[2, 4, 5, 1, 4, 3], [2, 1, 3, 0, 0, 0]]
    with pytest.raises(ValueError, match=r"must begin with"):
        pretrained.WordPiece(["[UNK]", "[PAD]", "[CLS]", "[SEP]"])


def test_rounding_of_weights(weights_script):
    array = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32)
    for axis in (0, 1):
        whole, scale = weights_script.rounded(array, 127, axis)
        assert whole.dtype == np.int8 and (np.abs(whole).max(axis=axis) == 127).all()
        assert (np.abs(whole * scale - array) <= scale / 2 + 1e-7).all()


def test_safetensors_are_read(weights_script):
    arrays = {"a": np.arange(6, dtype="<f4").reshape(2, 3), "b": np.array([7, 8], "<f4")}
    table, start = {"__metadata__": {"format": "pt"}, "n": {"dtype": "I64", "shape": [1], "data_offsets": [32, 40]}}, 0
    for name, array in arrays.items():
        table[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [start, start + array.nbytes]}
        start += array.nbytes
    head = json.dumps(table).encode()
    content = struct.pack("<Q", len(head)) + head + b"".join(array.tobytes() for array in arrays.values()) + bytes(8)
    found = weights_script.read_safetensors(content)
    assert {name: array.tolist() for name, array in found.items()} == {
        name: array.tolist() for name, array in arrays.items()
    }
