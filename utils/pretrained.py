"""A network that has seen ImageNet: EfficientNet-Lite0 with its trained weights, on every backend of Keras.

    from utils import data, pretrained
    model = pretrained.efficientnet_lite0()
    images = data.load("photographs")["coffee"][None]  # (1, 256, 384, 3), pixels from 0 to 255
    images = keras.ops.image.resize(images, (224, 224), interpolation="bicubic", crop_to_aspect_ratio=True)
    pretrained.decode_predictions(model.predict(images), top=1)  # [[("espresso", 0.94)]]

Source: Tan and Le (2019), arXiv:1905.11946, in the variant "Lite" of the repository tensorflow/tpu: without
squeeze-and-excitation, and with ReLU6 instead of swish. See data/SOURCES.md for where the weights come from.
"""

import hashlib
import io
import json

import numpy as np

from utils import data
from utils.fast import BatchNormalization
from utils.runtime import keras  # through utils.runtime, which sets TensorFlow up before Keras imports it

layers = keras.layers

# kernel, stride of the first block, expansion, channels, number of blocks
STAGES = [(3, 1, 1, 16, 1), (3, 2, 6, 24, 2), (5, 2, 6, 40, 2), (3, 2, 6, 80, 3)]
STAGES += [(5, 1, 6, 112, 3), (5, 2, 6, 192, 4), (3, 1, 6, 320, 1)]


def efficientnet_lite0(
    include_top: bool = True, input_shape: tuple = (224, 224, 3), weights: str | None = "imagenet"
) -> keras.Model:
    """Build EfficientNet-Lite0, 4.7 million weights (3.4 without the classifier).

    Args:
        include_top: True ends in the probabilities of the 1,000 classes of ImageNet; False ends in features.
        input_shape: (height, width, 3); height and width may be any from 32 pixels on, or None. Trained at 224.
        weights: "imagenet" for the trained weights, None for random ones.

    Returns:
        A functional model. It takes pixels from 0 to 255, shape (images, height, width, 3), and scales them itself.
        With the top it returns probabilities of shape (images, 1000); without, features of shape
        (images, height / 32, width / 32, 1280), rounded up. Layers that end in `_out`, such as "block4c_out" at
        1/16 of the height and width, are good places to look inside.

    Raises:
        ValueError: another number of channels, or unknown weights.
        utils.data.DataError: the file with the weights is damaged, or missing and cannot be downloaded.
    """
    if len(input_shape) != 3 or input_shape[-1] != 3:
        raise ValueError(f"input_shape must be (height, width, 3), with colours, but is {input_shape}.")
    if weights not in ("imagenet", None):
        raise ValueError(f'There are no weights {weights!r}: choose "imagenet" or None.')
    inputs = keras.Input(input_shape, name="pixels")
    x = layers.Rescaling(1 / 128, offset=-127 / 128, name="scaling")(inputs)
    x = _convolution(x, "stem", 32, kernel_size=3, strides=2)
    for number, (kernel_size, strides, expansion, channels, count) in enumerate(STAGES, start=1):
        for index in range(count):
            x = _block(x, f"block{number}{'abcd'[index]}", kernel_size, 1 if index else strides, expansion, channels)
    x = _convolution(x, "head", 1280, kernel_size=1)
    if include_top:
        x = layers.GlobalAveragePooling2D(name="pooling")(x)
        x = layers.Dropout(0.2, name="dropout")(x)
        x = layers.Dense(1000, activation="softmax", dtype="float32", name="classifier")(x)
    model = keras.Model(inputs, x, name="efficientnet_lite0")
    if weights == "imagenet":
        arrays = data.load("efficientnet_lite0")
        for layer in model.layers:
            for variable in layer.weights:
                variable.assign(arrays[f"{layer.name}/{variable.name}"])
    return model


def checkpoint(day: str, name: str, network: keras.Model | None = None) -> dict:
    """Read a checkpoint that lies beside a lesson, and put its weights into a network.

    Args:
        day: the lesson's name, such as "day10_generative_images".
        name: the checkpoint's: NAME.npz and NAME.json in course/DAY/checkpoints, where its script train.py lies too.
        network: a model of the build that was trained; None reads only how it was made.

    Returns:
        What NAME.json says: what it is, steps, seed, minutes, machine, bytes, …

    Raises:
        utils.data.DataError: a file is missing or damaged.
        ValueError: the network is built otherwise than the one that was trained.
    """
    file = data.ROOT / "course" / day / "checkpoints" / f"{name}.npz"
    try:
        about = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != about["sha256"]:
            raise ValueError("the checksum differs")
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = [stored[f"arr_{number}"].astype("float32") for number in range(len(stored))]
    except (OSError, ValueError, KeyError) as error:
        raise data.DataError(
            f"The checkpoint {name} of {day} is missing or damaged: `git checkout -- course`."
        ) from error
    if network is not None:
        wanted = [tuple(weight.shape) for weight in network.weights]
        if wanted != [array.shape for array in arrays]:
            raise ValueError(
                f"The checkpoint {name} belongs to a network of another build. Did you change it? "
                "Train it anew with train.py beside it, or change the network back."
            )
        network.set_weights(arrays)
    return about


def imagenet_names() -> list[str]:
    """Return the names of ImageNet's 1,000 classes, in the order of the network's outputs."""
    return data.load("imagenet_names")["name"].tolist()


def decode_predictions(predictions: np.ndarray, top: int = 5) -> list[list[tuple[str, float]]]:
    """Name the likeliest classes.

    Args:
        predictions: probabilities, shape (images, 1000).
        top: how many classes to name, the likeliest first.

    Returns:
        For each image a list of pairs (name, probability).

    Raises:
        ValueError: predictions of another shape, such as those of one image without the first axis.
    """
    predictions = keras.ops.convert_to_numpy(predictions)
    if predictions.ndim != 2 or predictions.shape[1] != 1000:
        raise ValueError(f"predictions must have the shape (images, 1000), but have {predictions.shape}.")
    names = imagenet_names()
    order = np.argsort(-predictions, axis=1)[:, :top]
    return [
        [(names[number], float(row[number])) for number in best] for row, best in zip(predictions, order, strict=True)
    ]


def _convolution(x, name, channels=None, activation=True, **arguments):
    """Convolution without bias, one per channel where `channels` is None; normalisation; ReLU6."""
    arguments |= {"padding": "same", "use_bias": False, "name": f"{name}_conv"}
    layer = layers.Conv2D(channels, **arguments) if channels else layers.DepthwiseConv2D(**arguments)
    x = BatchNormalization(epsilon=1e-3, momentum=0.99, name=f"{name}_bn")(layer(x))
    return layers.ReLU(6.0, name=f"{name}_relu")(x) if activation else x


def _block(inputs, name, kernel_size, strides, expansion, channels):
    """The inverted residual block: widen, convolve each channel by itself, narrow; skip where the shape stays."""
    x = inputs
    if expansion > 1:
        x = _convolution(x, f"{name}_expand", expansion * inputs.shape[-1], kernel_size=1)
    x = _convolution(x, f"{name}_depthwise", kernel_size=kernel_size, strides=strides)
    x = _convolution(x, f"{name}_project", channels, activation=False, kernel_size=1)
    if strides == 1 and inputs.shape[-1] == channels:
        return layers.Add(name=f"{name}_out")([inputs, x])
    return layers.Identity(name=f"{name}_out")(x)
