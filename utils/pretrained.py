"""Networks that others have trained, on every backend of Keras: EfficientNet-Lite0 has seen ImageNet, MiniLM has read.

    from utils import data, pretrained
    model = pretrained.efficientnet_lite0()
    images = data.load("photographs")["coffee"][None]  # (1, 256, 384, 3), pixels from 0 to 255
    images = keras.ops.image.resize(images, (224, 224), interpolation="bicubic", crop_to_aspect_ratio=True)
    pretrained.decode_predictions(model.predict(images), top=1)  # [[("espresso", 0.94)]]

    tokenizer, encoder = pretrained.WordPiece(), pretrained.minilm(pooling="mean")
    vectors = encoder.predict(tokenizer(["It is sunny.", "The sun shines."]))  # (2, 384)

Sources: Tan and Le (2019), arXiv:1905.11946, in the variant "Lite" of the repository tensorflow/tpu: without
squeeze-and-excitation, and with ReLU6 instead of swish. Devlin et al. (2018), arXiv:1810.04805, for the network and
the pieces of words of BERT; Wang et al. (2020), arXiv:2002.10957, for the small one. See data/SOURCES.md for where the
weights come from.
"""

import hashlib
import io
import json
import unicodedata
from collections.abc import Sequence

import numpy as np

from utils import data
from utils.fast import BatchNormalization, DepthwiseConv2D
from utils.runtime import keras  # through utils.runtime, which sets TensorFlow up before Keras imports it

layers = keras.layers

# kernel, stride of the first block, expansion, channels, number of blocks
STAGES = [(3, 1, 1, 16, 1), (3, 2, 6, 24, 2), (5, 2, 6, 40, 2), (3, 2, 6, 80, 3)]
STAGES += [(5, 1, 6, 112, 3), (5, 2, 6, 192, 4), (3, 1, 6, 320, 1)]

# Unicode's blocks of Chinese characters, as BERT lists them
CHINESE = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F)]
CHINESE += [(0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]


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
    layer = layers.Conv2D(channels, **arguments) if channels else DepthwiseConv2D(**arguments)
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


def minilm(pooling: str | None = None, weights: str | None = "minilm") -> keras.Model:
    """Build MiniLM-L6, a small BERT with 22.6 million weights: 6 blocks, 384 wide, 12 heads.

    Args:
        pooling: None for the states of all tokens; "mean" for one vector per text, the mean over its tokens.
        weights: "minilm" for the trained weights, None for random ones.

    Returns:
        A functional model. It takes whole numbers of shape (texts, tokens) as a `WordPiece` gives them, at most 512
        tokens; zeros are padding, and nothing looks at them. Without pooling it returns states of shape
        (texts, tokens, 384), with it vectors of shape (texts, 384), which were trained to be compared by their cosine.
        The layers `block1_norm` to `block6_norm` are the ends of the blocks. From one of them on, the upper part is a
        model of its own: `keras.Model([model.input, model.get_layer("block4_norm").output], model.output)`.

    Raises:
        ValueError: unknown pooling or weights.
        utils.data.DataError: the file with the weights is damaged, or missing and cannot be downloaded.
    """
    if pooling not in ("mean", None):
        raise ValueError(f'There is no pooling {pooling!r}: choose "mean" or None.')
    if weights not in ("minilm", None):
        raise ValueError(f'There are no weights {weights!r}: choose "minilm" or None.')
    ops = keras.ops
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    is_text = ops.not_equal(tokens, 0)
    numbered = ops.cumsum(ops.ones_like(tokens), axis=1) - 1  # 0, 1, 2 ...
    places = layers.Embedding(512, 384, name="places")(numbered)
    x = layers.Add()([layers.Embedding(30_522, 384, name="pieces")(tokens), places])
    x = layers.LayerNormalization(epsilon=1e-12, name="embedding_norm")(x)
    for number in range(1, 7):
        x = _transformer_block(x, is_text[:, None, :], f"block{number}")
    if pooling:
        x = layers.GlobalAveragePooling1D(dtype="float32", name="mean")(x, mask=is_text)
    model = keras.Model(tokens, x, name="minilm")
    if weights == "minilm":
        arrays = data.load("minilm")
        for layer in model.layers:
            for variable in layer.weights:
                array, (path, _, kind) = arrays[variable.path], variable.path.rpartition("/")
                if kind != "bias" and f"{path}/scale" in arrays:
                    array = array * arrays[f"{path}/scale"]
                variable.assign(array.astype("float32").reshape(variable.shape))
    return model


def _transformer_block(x, is_text, name):
    """Every token looks at every other that is no padding, then each is worked on by itself; twice skip and norm."""
    attention = layers.MultiHeadAttention(12, 32, name=f"{name}_attention")(x, x, attention_mask=is_text)
    x = layers.LayerNormalization(epsilon=1e-12, name=f"{name}_attention_norm")(layers.Add()([x, attention]))
    wide = layers.Dense(1536, activation="gelu", name=f"{name}_wide")(x)
    narrow = layers.Dense(384, name=f"{name}_narrow")(wide)
    return layers.LayerNormalization(epsilon=1e-12, name=f"{name}_norm")(layers.Add()([x, narrow]))


class WordPiece:
    """The tokenizer of BERT: small letters without accents, words and signs, cut into the longest known pieces."""

    def __init__(self, vocabulary: Sequence[str] | None = None):
        """
        Args:
            vocabulary: the pieces in the order of their numbers; what continues a word begins with "##". "[PAD]" must
                be number 0; "[UNK]", "[CLS]" and "[SEP]" must be there. By default MiniLM's 30,522 pieces.

        Raises:
            ValueError: one of the four is missing, or "[PAD]" is not the first.
        """
        if vocabulary is None:
            vocabulary = data.load("minilm")["vocabulary"].tobytes().decode("utf-8").split("\n")
        self.vocabulary = list(vocabulary)
        self.numbers = {piece: number for number, piece in enumerate(self.vocabulary)}
        self._known = {}
        if self.vocabulary[:1] != ["[PAD]"] or not {"[UNK]", "[CLS]", "[SEP]"} <= set(self.numbers):
            raise ValueError('The vocabulary must begin with "[PAD]" and hold "[UNK]", "[CLS]" and "[SEP]".')

    def __call__(self, texts: Sequence[str], length: int | None = None) -> np.ndarray:
        """Turn texts into numbers.

        Args:
            texts: several texts (one text by itself must stand in a list, too).
            length: number of tokens per text: longer ones lose their end, shorter ones are filled up with 0. None
                takes that of the longest text.

        Returns:
            Array (texts, length), int32: "[CLS]", the pieces, "[SEP]", padding.

        Raises:
            ValueError: one text instead of several, or a length below 2, which holds no "[CLS]" and "[SEP]".
        """
        if isinstance(texts, str):
            raise ValueError("Give a list of texts, also where it is only one.")
        rows = [self.pieces(text) for text in texts]
        length = max(map(len, rows), default=0) + 2 if length is None else length
        if length < 2:
            raise ValueError(f'A length of {length} has no room for "[CLS]" and "[SEP]": give 2 or more.')
        result = np.zeros((len(rows), length), np.int32)
        for row, pieces in zip(result, rows, strict=True):
            pieces = ["[CLS]", *pieces[: length - 2], "[SEP]"]
            row[: len(pieces)] = [self.numbers[piece] for piece in pieces]
        return result

    def pieces(self, text: str) -> list[str]:
        """Cut a text into pieces; "[UNK]" stands for a word with a sign that no piece has."""
        pieces = []
        for part in text.split(" "):
            if part not in self._known:
                self._known[part] = [piece for word in _words(part) for piece in self._cut(word)]
            pieces += self._known[part]
        return pieces

    def _cut(self, word):
        """Take the longest piece that fits at the beginning, then the longest that fits behind it, and so on."""
        pieces, start = [], 0
        while start < len(word) <= 100:
            ends = range(len(word), start, -1)
            candidates = (("##" if start else "") + word[start:end] for end in ends)
            piece = next((candidate for candidate in candidates if candidate in self.numbers), None)
            if piece is None:
                return ["[UNK]"]
            pieces.append(piece)
            start += len(piece) - (2 if start else 0)
        return pieces or ["[UNK]"]


def _words(text):
    """Words, signs and Chinese characters one by one, in small letters without accents."""
    result = []
    for sign in unicodedata.normalize("NFD", text):
        kind = unicodedata.category(sign)
        if sign in "\t\n\r" or kind[0] == "Z":
            result.append(" ")
        elif kind == "Mn" or kind[0] == "C" or sign == "\ufffd":
            continue
        elif kind[0] == "P" or (sign.isascii() and not sign.isalnum()) or _is_chinese(ord(sign)):
            result.append(f" {sign} ")
        else:
            result.append(sign.lower())
    return "".join(result).split()


def _is_chinese(code):
    return any(low <= code <= high for low, high in CHINESE)
