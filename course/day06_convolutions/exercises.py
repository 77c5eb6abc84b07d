# %% [markdown]
# # Day 06 · Exercises: sizes, an edge filter, pooling backwards, separable, receptive fields, a diet
#
# **Six exercises that make convolutions yours: predict every shape, send gradients back through pooling, take a convolution apart, and put a network on a diet.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The exercises do not depend on each other. Stuck for more than ten minutes? Fold out a hint.

# %% tags=["setup"]
from utils import plots, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops
from sklearn.datasets import load_digits, load_sample_image

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day06_convolutions")

# %% [markdown]
# ## Exercise 1 · What comes out?
#
# Difficulty ●○○○○ · Importance ●●●●● · 10 minutes
#
# Half of all errors in convolutional networks are sizes that do not fit. Predict them. With a window of $a$ pixels and stride $s$, Keras makes from $n$ pixels
#
# - with padding `"valid"`: as many as there are whole windows, $\lfloor (n - a) / s \rfloor + 1$;
# - with padding `"same"`: $\lceil n / s \rceil$, whatever the window.
#
# Write a function for one convolutional layer: the shape of its output *and* the number of its parameters, biases included.
#
# <details><summary>Hint 1</summary>
#
# Height and width follow the same rule, each with its own number. The number of channels that come out does not depend on the number that go in; the parameters do.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `(n - a) // s + 1` and `-(-n // s)` (rounding up). Parameters: `a * a * channels * filters + filters`.
#
# </details>


# %%
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    """Predict what a convolutional layer makes of its input.

    Args:
        shape: (height, width, channels) of the input.
        filters: number of filters.
        window: height and width of the filters, in pixels.
        stride: step of the window, in pixels.
        padding: "valid" or "same".

    Returns:
        ((height, width, channels) of the output, number of parameters).
    """
    ### BEGIN SOLUTION
    height, width, channels = shape
    if padding == "same":
        height, width = -(-height // stride), -(-width // stride)
    else:
        height, width = (height - window) // stride + 1, (width - window) // stride + 1
    return (height, width, filters), window * window * channels * filters + filters
    ### END SOLUTION


# %%
with check("conv_layer"):
    found = conv_layer((6, 6, 1), 1, 3)
    check.true(
        isinstance(found, (tuple, list)) and len(found) == 2 and np.size(found[0]) == 3,
        "Return two things: the shape (height, width, channels) and the number of parameters.",
    )
    check.equal(
        tuple(found[0]), (4, 4, 1), "A window of 3 fits into 6 pixels 4 times: n − a + 1. Did you forget the + 1?"
    )
    check.equal(found[1], 10, "Nine weights and one bias make ten parameters.")
    check.equal(
        tuple(conv_layer((8, 8, 3), 5, 3)[0]),
        (6, 6, 5),
        "Each filter gives one map: the output has as many channels as filters.",
    )
    check.equal(
        conv_layer((8, 8, 3), 5, 3)[1],
        140,
        "Each of the 5 filters looks through all 3 input channels, and has one bias: 5 · (3 · 3 · 3 + 1).",
    )
    check.equal(tuple(conv_layer((7, 9, 2), 4, 3)[0]), (5, 7, 4), "Height and width may differ: each has its own size.")
    check.equal(
        tuple(conv_layer((8, 8, 1), 1, 3, stride=2)[0]),
        (3, 3, 1),
        "With stride 2 a window of 3 fits into 8 pixels at 0, 2, 4: subtract the window *before* you divide, and round down.",
    )
    check.equal(
        tuple(conv_layer((7, 7, 1), 1, 3, stride=2, padding="same")[0]),
        (4, 4, 1),
        'With "same" and stride 2, 7 pixels become 4: round up, n / s.',
    )
    for shape, filters, window, stride, padding in (
        ((28, 28, 1), 32, 5, 1, "same"),
        ((29, 17, 8), 16, 4, 3, "valid"),
        ((29, 17, 8), 16, 4, 3, "same"),
        ((224, 224, 3), 96, 11, 4, "valid"),
        ((5, 6, 16), 120, 5, 1, "valid"),
        ((14, 15, 7), 3, 2, 2, "same"),
        ((10, 11, 4), 2, 1, 2, "valid"),
        ((5, 10, 2), 3, 3, 2, "same"),
        ((10, 7, 2), 3, 3, 3, "same"),
        ((10, 12, 1), 2, 3, 2, "valid"),
    ):
        layer = layers.Conv2D(filters, window, strides=stride, padding=padding)
        output = layer(keras.Input(shape))
        shape_found, parameters = conv_layer(shape, filters, window, stride, padding)
        rule = "⌈n / s⌉, whatever the window" if padding == "same" else "⌊(n − a) / s⌋ + 1"
        hint = (
            f"This is what Keras makes of {shape} with {filters} filters of {window} × {window},"
            f" stride {stride}, {padding!r}"
        )
        check.equal(tuple(shape_found), tuple(output.shape[1:]), f"{hint}: {rule}.")
        check.equal(parameters, layer.count_params(), hint + ". (Parameters; stride and padding do not change them.)")

# %% [markdown] tags=["solution"]
# **Discussion.** Two things to keep. The parameters do not depend on the size of the picture at all; that is weight sharing in one formula. And `"valid"` with a stride may leave
# pixels at the right and bottom border that no window sees: for 8 pixels, window 3, stride 2 the last one. In most networks nobody notices; in segmentation (day 09) it shifts the result.

# %% [markdown]
# ## Exercise 2 · Find the vertical edges
#
# Difficulty ●●○○○ · Importance ●●●○○ · 10 minutes
#
# Design a filter that answers to vertical edges, where left and right differ, and to nothing else: not to even surfaces, however bright, and not to horizontal edges. Any size up to 9 × 9 will do; there are many right answers.
# (Large answers may be positive or negative.) The cell shows what your filter makes of the photograph.
#
# <details><summary>Hint 1</summary>
#
# An even surface gives (sum of all weights) × brightness. What must that sum be? And a horizontal edge is even along each row: what must hold for each *row* of the filter?
#
# </details>
# <details><summary>Hint 2</summary>
#
# Negative on the left, positive on the right, every row summing to zero: `np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])`.
#
# </details>


# %%
def vertical_edge_filter():
    """A filter for vertical edges.

    Returns:
        Array of shape (height, width), at most 9 each: the weights, as in the lesson (no flipping).
    """
    ### BEGIN SOLUTION
    return np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    ### END SOLUTION


# %%
def slide(picture, table):
    """Slide a filter over a picture (height, width) without padding; the weights are scaled so that their sizes sum to 1."""
    table = np.asarray(table, "float32")
    table = table / np.abs(table).sum()
    answer = ops.conv(np.asarray(picture, "float32")[None, :, :, None], table[:, :, None, None], padding="valid")
    return ops.convert_to_numpy(answer)[0, :, :, 0]


grey = load_sample_image("china.jpg")[::2, ::2].mean(axis=2) / 255
try:
    answer = np.abs(slide(grey, vertical_edge_filter()))
except Exception:  # not written yet, or not a filter: the check below says what is wrong
    answer = np.zeros_like(grey)
figure, axes = plt.subplots(figsize=(5, 3.3))
axes.imshow(answer, cmap="gray", vmin=0, vmax=0.25)
axes.axis("off")
plots.show(
    figure,
    alt=f"What the filter makes of the photograph (size of the answer, at most {answer.max():.2f}); black where it finds nothing.",
)

# %%
with check("vertical_edge_filter"):
    table = vertical_edge_filter()
    check.true(
        np.ndim(table) == 2,
        f"Return a table with two axes, height and width; yours has {np.ndim(table)} (the check adds the channels).",
    )
    table = np.asarray(table, "float64")
    check.true(
        min(table.shape) >= 1 and max(table.shape) <= 9 and table.shape[1] >= 2,
        f"Yours is {table.shape} (height, width). From 2 to 9 pixels wide, please, at most 9 high:"
        " at a vertical edge left and right differ, so one column alone cannot find it.",
    )
    check.true(
        np.isfinite(table).all() and np.abs(table).max() > 0,
        "All weights are zero (or not numbers): such a filter finds nothing.",
    )
    even = np.ones((20, 20))
    step = np.where(np.arange(20) < 10, 0.0, 1.0)
    vertical, horizontal = np.tile(step, (20, 1)), np.tile(step[:, None], (1, 20))
    answers = {
        name: float(np.abs(slide(each, table)).max())
        for name, each in (("even", even), ("|", vertical), ("—", horizontal))
    }
    if answers["even"] > 1e-4 and answers["|"] >= 0.2:
        check.true(
            False,
            "It answers to an even surface: all weights together must sum to zero, or brightness counts as an edge.",
        )
    check.true(
        not (answers["—"] > 0.2 and answers["|"] < 0.05),
        "It finds horizontal edges and no vertical ones: it is turned by 90 degrees (transpose it).",
    )
    check.true(
        answers["|"] >= 0.2,
        f"A vertical edge gives {answers['|']:.2f} only (with the weights' sizes summing to 1): put one sign on the left, the other on the right.",
    )
    check.true(
        answers["—"] < 1e-4,
        f"It answers to a horizontal edge as well ({answers['—']:.2f}): each *row* of the filter must sum to zero.",
    )
    one_edge = slide(vertical, table)
    check.true(
        min(one_edge.max(), -one_edge.min()) < 0.1,
        "One edge gives a bright and a dark answer side by side: that filter finds thin lines. For edges put one sign on the left"
        " and the other on the right, so that dark-to-bright and bright-to-dark can be told apart.",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Sobel's 1, 2, 1 downwards is a small blur along the edge: it averages over three rows and so is less disturbed by noise; the minus and plus across are the slope.
# `[[-1, 1]]` is right as well, and the noisiest of all. A filter that is a product of a column and a row, as these are, is called *separable*: two passes with 3 weights each do the work of 9. Exercise 4 uses the same idea for channels.

# %% [markdown]
# ## Exercise 3 · Max pooling, backwards
#
# Difficulty ●●●○○ · Importance ●●●○○ · 20 minutes
#
# Day 02 in small: the loss's gradient with respect to the *pooled* map is given, wanted is the gradient with respect to the *input* of max pooling, with squares of 2 × 2. Only the largest pixel of a square decided what came out; so
# only it gets the gradient, the other three get zero.
#
# **Ties.** If the largest value stands in a square twice, share it as you like, but hand on the gradient *once*, not twice: the four gradients of a square must add up to the one that came in. (After ReLU, squares
# of four zeros are common!)
#
# <details><summary>Hint 1</summary>
#
# Reshape the map to (rows, 2, columns, 2), as `pool` does in the lesson, and compare with the maximum of each square: that gives a mask. Divide the mask by its sum over the square, and ties are shared.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `squares = x.reshape(rows, 2, columns, 2)`, `mask = squares == squares.max(axis=(1, 3), keepdims=True)`, `mask = mask / mask.sum(axis=(1, 3), keepdims=True)`, then `(mask * upstream[:, None, :, None]).reshape(x.shape)`.
#
# </details>


# %%
def max_pool_backward(x, upstream):
    """Send a gradient back through max pooling with squares of 2 × 2.

    Args:
        x: the input of the pooling, shape (height, width), both even.
        upstream: gradient of the loss with respect to the pooled map, shape (height / 2, width / 2).

    Returns:
        Gradient of the loss with respect to x, shape (height, width).
    """
    ### BEGIN SOLUTION
    rows, columns = upstream.shape
    squares = x.reshape(rows, 2, columns, 2)
    mask = squares == squares.max(axis=(1, 3), keepdims=True)
    mask = mask / mask.sum(axis=(1, 3), keepdims=True)
    return (mask * upstream[:, None, :, None]).reshape(x.shape)
    ### END SOLUTION


# %%
def pool(x):
    """Max pooling with squares of 2 × 2: (height, width) -> (height / 2, width / 2)."""
    return x.reshape(x.shape[0] // 2, 2, x.shape[1] // 2, 2).max(axis=(1, 3))


# %%
with check("max_pool_backward", points=2):
    random = np.random.default_rng(0)
    x = np.array([[1.0, 4.0], [2.0, 3.0]])
    given = x.copy()
    found = max_pool_backward(x, np.array([[5.0]]))
    check.shape(found, (2, 2), "The gradient has the shape of the input, not of the pooled map.")
    check.true(np.array_equal(x, given), "Your function changed the map it was given; work on a copy.")
    found = np.asarray(found, "float64")
    check.true(abs(found[0, 1]) > 1e-9, "The largest pixel, 4, got no gradient; it alone decided what came out.")
    check.true(
        np.abs(found).sum() - abs(found[0, 1]) < 1e-9,
        "Only the largest pixel of a square gets a gradient; the other three get 0 (sharing among all four is *average* pooling).",
    )
    check.close(
        found, [[0, 5], [0, 0]], "The gradient that came in was 5: hand it on as it is, without the pixel's value."
    )
    check.close(
        max_pool_backward(-x, np.array([[5.0]])),
        [[5, 0], [0, 0]],
        "All pixels are negative here, and the largest is −1, top left: do not take sizes, and do not compare with zero.",
    )
    x = random.permutation(48).reshape(8, 6) / 4 - 6.0
    upstream = random.normal(size=(4, 3))
    numeric = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[place] = 1e-4
        numeric[place] = np.sum(upstream * (pool(x + nudge) - pool(x - nudge))) / 2e-4
    found = np.asarray(max_pool_backward(x.copy(), upstream.copy()), "float64")
    check.shape(found, x.shape, "One gradient for each pixel of the input.")
    sums = found.reshape(4, 2, 3, 2).sum(axis=(1, 3))
    check.true(
        not np.allclose(sums.ravel(), upstream.T.ravel()) or np.allclose(sums, upstream),
        "The gradients reach the wrong squares: rows and columns are swapped somewhere.",
    )
    hint = (
        "This is the gradient by finite differences, on an 8 × 6 map: does each square get"
        " *its own* number of `upstream`, at its own largest pixel?"
        " (`x.reshape(-1, 4)` cuts runs of four out of the rows, not squares.)"
    )
    check.close(found, numeric, hint)
    twice = np.array([[9.0, 1, 2, 9], [3, 4, 5, 6], [9, 0, 9, 1], [2, 3, 4, 5]])  # the same maximum in all four squares
    found = np.asarray(max_pool_backward(twice.copy(), np.array([[1.0, 2.0], [3.0, 4.0]])), "float64")
    wanted = np.array([[1.0, 0, 0, 2], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]])
    check.close(
        found,
        wanted,
        "Four squares with the same largest value, 9: look for it inside each square, not in the whole map.",
    )
    given = np.array([[7.0, 7], [7, 1]]), np.array([[6.0]])
    found = np.asarray(max_pool_backward(given[0], given[1]), "float64")
    unchanged = np.array_equal(given[0], [[7, 7], [7, 1]]) and given[1][0, 0] == 6
    check.true(unchanged, "Your function changed the map or `upstream`; work on copies.")
    check.close(
        found.sum(),
        6.0,
        "Ties: the gradients of three equal values in a square must still sum to the one that came in, 6.",
    )
    tied = np.array([[0.0, 0, 7, 1], [0, 0, 2, 7]])
    found = np.asarray(max_pool_backward(tied.copy(), np.array([[1.0, 3.0]])), "float64")
    check.true(
        np.allclose(found.reshape(1, 2, 2, 2).sum(axis=(1, 3)), [[1, 3]]),
        "Ties: where the largest value stands more than once in a square, the gradients of the square must still sum to the one that came in (here 1 and 3);"
        f" yours sum to {found.reshape(1, 2, 2, 2).sum(axis=(1, 3)).ravel().round(3).tolist()}.",
    )
    check.true(
        abs(found[0, 3]) + abs(found[1, 2]) < 1e-9,
        "In the second square only the two 7s may get a gradient, the 1 and the 2 get none.",
    )
    near = np.tile([[1.0, 1.000005], [0.5, 0.0]], 4)  # four squares alike
    check.close(
        max_pool_backward(near, np.array([[1.0, 2.0, 3.0, 4.0]])),
        [[0, 1, 0, 2, 0, 3, 0, 4], [0] * 8],
        "1 and 1.000005 are no tie. The maximum is exactly one of the four values, so compare with"
        " `==`: no tolerance (`np.isclose`), no rounding, no added noise.",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** At a tie the maximum has a kink, and there is no single right gradient there, as for ReLU at 0 (day 02). TensorFlow gives all of it to the first of the equal pixels; the solution shares it. Both are subgradients, and both sum to what came in.
# Handing the *whole* gradient to each of the equals is none: it would multiply the gradient by up to four in all the dark regions of a picture, where after ReLU everything is zero.

# %% [markdown]
# ## Exercise 4 · Take the convolution apart
#
# Difficulty ●●●●○ · Importance ●●●●○ · 25 minutes
#
# Xception's separable convolution in NumPy, for one picture, stride 1, without padding. First **depthwise**: map $c$ is filtered with a small table of its own, and nothing is mixed. Then **pointwise**: at each place the D new
# channels are sums over the C filtered ones. The check compares with `keras.layers.SeparableConv2D`.
#
# <details><summary>Hint 1</summary>
#
# In the lesson's `convolve`, a window of shape (A, B, C) was multiplied with the kernel and summed over A, B *and C*. Depthwise sums over A and B only.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Inside two loops over the output's places: `filtered[i, j] = np.sum(picture[i : i + a, j : j + b] * depthwise, axis=(0, 1))`. After the loops: `return filtered @ pointwise + bias`.
#
# </details>


# %%
def separable_convolution(picture, depthwise, pointwise, bias):
    """Depthwise, then pointwise convolution.

    Args:
        picture: array of shape (height, width, C).
        depthwise: array of shape (A, B, C), one table for each channel.
        pointwise: array of shape (C, D).
        bias: array of shape (D,).

    Returns:
        Array of shape (height − A + 1, width − B + 1, D).
    """
    ### BEGIN SOLUTION
    a, b, channels = depthwise.shape
    rows, columns = picture.shape[0] - a + 1, picture.shape[1] - b + 1
    filtered = np.zeros((rows, columns, channels))
    for i in range(rows):
        for j in range(columns):
            filtered[i, j] = np.sum(picture[i : i + a, j : j + b] * depthwise, axis=(0, 1))
    return filtered @ pointwise + bias
    ### END SOLUTION


# %%
with check("separable_convolution", points=2):
    random = np.random.default_rng(1)

    def keras_separable(picture, depthwise, pointwise, bias):
        layer = layers.SeparableConv2D(pointwise.shape[1], depthwise.shape[:2])
        layer.build((None, *picture.shape))
        layer.set_weights([depthwise[..., None], pointwise[None, None], bias])
        return ops.convert_to_numpy(layer(picture[None].astype("float32")))[0]

    def example(height, width, a, b, c, d):
        shapes = ((height, width, c), (a, b, c), (c, d), (d,))
        return [random.normal(size=shape).astype("float32") for shape in shapes]

    picture, depthwise, pointwise, bias = example(6, 6, 3, 3, 2, 5)
    given = [part.copy() for part in (picture, depthwise, pointwise, bias)]
    one = separable_convolution(*given)
    check.shape(
        one,
        (4, 4, 5),
        "Without padding a window of 3 leaves 4 of 6 places; the last axis has D channels, here 5.",
    )
    unchanged = all(map(np.array_equal, given, (picture, depthwise, pointwise, bias)))
    check.true(
        unchanged,
        "Your function wrote into an array it was given (a slice is no copy): use `np.zeros`.",
    )
    none = separable_convolution(np.zeros_like(picture), depthwise, pointwise, bias)
    check.close(
        none,
        np.broadcast_to(bias, (4, 4, 5)),
        "For a black picture only the bias remains: is it added once, after the pointwise step?",
    )
    zero = np.zeros(5, "float32")
    spot = np.zeros_like(picture)
    spot[2, 2, 0] = 1  # only channel 0 has anything
    only_zero = pointwise.copy()
    only_zero[0] = 0  # and channel 0 is mixed with weight 0
    check.close(
        separable_convolution(spot, depthwise, only_zero, zero),
        np.zeros((4, 4, 5)),
        "Channels are mixed in the depthwise step already: sum over the window's height and width only, not over its channels.",
        tolerance=1e-4,
    )
    check.close(
        separable_convolution(spot, depthwise, pointwise, zero),
        keras_separable(spot, depthwise, pointwise, zero),
        "One bright pixel, one channel: are the weights applied as they stand (not flipped),"
        " each to its own pixel of the window, and is it this channel's own table?"
        " Nothing happens between the two steps, no activation either.",
        tolerance=1e-4,
    )
    check.close(
        one,
        keras_separable(picture, depthwise, pointwise, bias),
        "This is SeparableConv2D's answer: has each channel its own table, `depthwise[:, :, c]`?",
        tolerance=1e-4,
    )
    for sizes in ((5, 8, 3, 3, 3, 5), (6, 7, 3, 2, 3, 5), (7, 4, 1, 3, 5, 2), (4, 4, 4, 4, 1, 3)):
        parts = example(*sizes)
        hint = f"Picture {parts[0].shape}, depthwise {parts[1].shape}, pointwise {parts[2].shape}: height and width, A and B, C and D may all differ."
        given = [part.copy() for part in parts]
        check.close(separable_convolution(*given), keras_separable(*parts), hint, tolerance=1e-4)
        unchanged = all(np.array_equal(a, b) for a, b in zip(given, parts, strict=True))
        check.true(unchanged, "Your function changed the arrays it was given; work on copies.")

# %% [markdown] tags=["solution"]
# **Discussion.** For 3 × 3 windows and 256 channels in and out: 589,824 weights whole, 9 · 256 + 256 · 256 = 67,840 taken apart, nearly nine times fewer. What is lost? A full kernel may look for another pattern in each pair of channels; the separable one has *one* table per
# channel, and only weighs them. That this loses so little says something about pictures: *where* and *what* can largely be treated one after the other. MobileNet and EfficientNet, which we use on day 08, are built from it.

# %% [markdown]
# ## Exercise 5 · How far can a neuron see?
#
# Difficulty ●●●○○ · Importance ●●●○○ · 15 minutes
#
# A neuron of the first 3 × 3 layer sees 3 × 3 pixels of the picture. One of a second such layer sees 3 × 3 neurons, and so 5 × 5 pixels: that is its **receptive field**. After a pooling the next window sees twice as far, because its
# inputs stand two pixels apart. Compute the receptive field of a neuron after a chain of layers. Pooling counts as a layer with window and stride 2.
#
# <details><summary>Hint 1</summary>
#
# Keep two numbers: how far a neuron sees (at first 1), and how many pixels of the picture lie between two neighbouring neurons (at first 1). What does a window of $a$ add to the first? What does a stride of $s$ do to the second?
#
# </details>
# <details><summary>Hint 2</summary>
#
# For each layer: `field += (window - 1) * distance`, then `distance *= stride`.
#
# </details>


# %%
def receptive_field(chain):
    """Height (= width) of the part of the picture that a neuron after the last layer sees.

    Args:
        chain: list of (window, stride), first layer first; without any layer a neuron is a pixel.

    Returns:
        The size in pixels, a whole number: from the first pixel it sees to the last, gaps included.
    """
    ### BEGIN SOLUTION
    field, distance = 1, 1
    for window, stride in chain:
        field += (window - 1) * distance
        distance *= stride
    return field
    ### END SOLUTION


# %%
with check("receptive_field"):

    def measured(chain, size=160):
        """Count the pixels that reach one neuron: which of many single bright pixels change its answer?"""
        # `size` pictures of height 1, one bright pixel in each
        pixels = np.eye(size, dtype="float32")[:, None, :, None]
        for window, stride in chain:
            pixels = ops.convert_to_numpy(ops.conv(pixels, np.ones((1, window, 1, 1), "float32"), strides=(1, stride)))
        return int(np.count_nonzero(pixels[:, 0, 0, 0]))

    check.equal(receptive_field([(3, 1)]), 3, "A single layer sees its own window.")
    check.equal(receptive_field([(2, 1)]), 2, "A window of size a adds a − 1 pixels, whether a is odd or even.")
    check.equal(
        receptive_field([(3, 1), (3, 1)]),
        5,
        "Two layers of 3: the windows overlap, so the second adds 2, not 3 (and does not multiply).",
    )
    check.equal(
        receptive_field([(3, 1), (2, 2)]),
        4,
        "A layer's stride widens what *later* layers see, not what it sees itself.",
    )
    check.equal(
        receptive_field([(2, 2), (3, 1)]),
        6,
        "After a stride of 2 the next window's inputs stand 2 pixels apart: 2 + 2 · 2.",
    )
    check.equal(
        receptive_field([(3, 2), (3, 2), (3, 1)]),
        15,
        "Strides multiply: after two strides of 2, neighbours stand 4 pixels apart.",
    )
    for chain in (
        [(1, 1)],
        [(5, 1), (2, 2), (5, 1), (2, 2)],
        [(7, 2), (3, 2), (1, 1), (3, 1), (1, 1)],
        [(11, 4), (3, 2), (5, 1), (3, 2)],
        [(3, 1), (3, 2), (3, 3), (2, 1)],
    ):
        given = list(chain)
        found = receptive_field(given)
        check.true(
            given == chain,
            "Your function changed the list it was given: go through it with `for`, don't `pop` or `reverse` it.",
        )
        check.equal(found, measured(chain), f"Measured with single bright pixels, for the chain {chain}.")
    hint = "A layer of 1 × 1 with a stride of 2 sees one pixel, but its neighbours stand 2 apart: 1 + 2 · 2 for the next window of 3."
    check.equal(receptive_field([(1, 2), (3, 1)]), 5, hint)
    check.equal(receptive_field([]), 1, "Without any layer a neuron is a pixel: 1.")

# %% [markdown] tags=["solution"]
# **Discussion.** LeNet-5's last sub-sampling sees 16 of 32 pixels, half a digit; the dense layers put the halves together. The last convolution of VGG-16 sees 196 of 224. Growth by stride 1 is slow, 2 pixels per layer of 3 × 3; every pooling doubles it. That is
# why all networks shrink the maps on the way. In practice the centre of the field counts far more than its border: more paths lead there.

# %% [markdown]
# ## Exercise 6 · The diet
#
# Difficulty ●●●●○ · Importance ●●●●○ · 25 minutes
#
# `big_network` below has 60,226 parameters and reads 8 × 8 digits (1,797 of them, from scikit-learn) with an accuracy of 0.96 to 0.99, depending on its starting weights, on digits it has not seen. A sensor's chip has room for **4,000**. Build a *convolutional* network with at most 4,000 parameters that reaches **0.96** with the
# very same training. You return a new, untrained network; the check counts, trains it, and tests it on 500 digits held out. (Digits as small as these are easy: a single dense layer without any convolution, 650 parameters, reaches about 0.95. So convolutions must bring more than that.)
#
# <details><summary>Hint 1</summary>
#
# Where do the parameters of the big one sit? `big_network().summary()`. Pooling costs nothing, Flatten is expensive for the dense layer behind it.
#
# </details>
# <details><summary>Hint 2</summary>
#
# For instance: convolution 3 × 3 with 12 filters, max pooling, convolution 3 × 3 with 24, max pooling to 2 × 2, Flatten, Dense(10): all convolutions with `padding="same"` and `activation="relu"`.
#
# </details>

# %%
digits = load_digits()
digit_images = (digits.images[..., None] / 16).astype("float32")  # (1797, 8, 8, 1), 0 to 1
order = np.random.default_rng(0).permutation(len(digit_images))
held_out, learned = order[:500], order[500:]


def big_network():
    """The network that is too big."""
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(40, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def train_and_test(model):
    """The same training for every network; return the accuracy on the 500 digits held out."""
    keras.utils.set_random_seed(1)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy")
    model.fit(digit_images[learned], digits.target[learned], batch_size=32, epochs=10, verbose=0)
    answers = ops.convert_to_numpy(model(digit_images[held_out])).argmax(axis=1)
    return float(np.mean(answers == digits.target[held_out]))


print(f"the big network has {big_network().count_params():,} parameters")


# %%
def small_network():
    """Build a network for the digits with at most 4,000 parameters.

    Returns:
        An untrained Keras model: pictures of shape (8, 8, 1) to ten probabilities.
    """
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 1)),
            layers.Conv2D(12, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(24, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %%
with check("small_network", points=2):
    keras.utils.set_random_seed(1)
    model = small_network()
    check.true(isinstance(model, keras.Model), f"Return the Keras model itself; you returned {type(model).__name__}.")
    try:
        probe = ops.convert_to_numpy(model(digit_images[:20]))
    except (ValueError, TypeError) as error:
        check.true(False, f"The network must take pictures of shape (8, 8, 1); Keras says: {str(error)[:150]}")
    check.shape(probe, (20, 10), "Ten probabilities per picture.")
    check.true(
        probe.min() >= 0 and np.allclose(probe.sum(axis=1), 1, atol=1e-3),
        "The answers are not probabilities: the last layer needs `softmax`, which makes ten numbers sum to 1.",
    )
    check.true(
        model is not small_network(), "Build the network *inside* the function, so that each call gives a new one."
    )
    fresh = np.mean(ops.convert_to_numpy(model(digit_images)).argmax(axis=1) == digits.target)
    check.true(fresh < 0.5, f"Your network knows {fresh:.0%} of the digits before any training: return it untrained.")
    kinds = (layers.Conv2D, layers.SeparableConv2D, layers.DepthwiseConv2D)
    found = [layer for layer in model._flatten_layers() if isinstance(layer, kinds)]
    hint = "There is no convolution with a window larger than 1 × 1 in your network: diet, not amputation."
    check.true(any(max(layer.kernel_size) > 1 for layer in found), hint)
    names = {
        getattr(layer.activation, "__name__", "linear")
        for layer in model._flatten_layers()
        if hasattr(layer, "activation")
    }
    pools = any(isinstance(layer, layers.MaxPooling2D) for layer in model._flatten_layers())
    bends = bool(names - {"linear", "softmax"}) or any(
        "ReLU" in type(layer).__name__ for layer in model._flatten_layers()
    )

    def scores(pictures):
        """The numbers before the softmax, less their mean: of a linear network they are linear."""
        logarithms = np.log(ops.convert_to_numpy(model(pictures)).astype("float64") + 1e-12)
        return logarithms - logarithms.mean(axis=1, keepdims=True)

    one, other = digit_images[:100], digit_images[100:200]
    curve = scores(one) + scores(other) - 2 * scores((one + other) / 2)
    bends = bends or np.abs(curve).max() > 1e-3  # an `ops.relu` bends, too, and is no layer
    hint = 'No layer before the softmax has an activation: your convolutions are one linear map. `activation="relu"`.'
    check.true(bends or pools, hint)
    parameters = model.count_params()
    check.true(
        parameters <= 4000,
        f"{parameters:,} parameters are more than 4,000: `model.summary()` shows which layer is the glutton. Flatten less, or use fewer filters.",
    )
    slides = [layer for layer in found if min(layer.kernel_size) < 8 or layer.padding == "same"]
    check.true(
        any(max(layer.kernel_size) > 1 for layer in slides),
        "Your window is as large as the picture, 8 × 8: it cannot slide, so this is a dense layer."
        " Take a smaller window, 3 × 3 for instance.",
    )
    reached = train_and_test(model)
    check.true(
        reached > 0.2,
        f"Accuracy {reached:.3f}, hardly better than guessing: is something missing between the layers, an activation, or is a layer dead?",
    )
    check.true(
        reached >= 0.96,
        f"{parameters:,} parameters fit the chip, but the accuracy is {reached:.3f}, wanted 0.96: use more of the 4,000, and spend them on convolutions; with global average pooling ten epochs may be too few.",
    )
    print(f"{parameters:,} parameters, accuracy {reached:.3f}")

# %% [markdown] tags=["solution"]
# **Discussion.** Of the big network's 60,226 parameters, 41,000 sit in the dense layer behind its Flatten. One more pooling and no hidden dense layer take that away, and fewer filters the rest; what is lost is next to nothing (in our run 0.984 became 0.982, one digit in 500). 3,706 numbers in 8 bits each are less than 4 kB:
# this fits into a microcontroller. Other routes: separable convolutions (exercise 4), stride instead of pooling, or a 1 × 1 bottleneck. Serious diets also go on *after* the training: rounding weights to 8 bits, cutting small ones, or letting the small network imitate the big one's probabilities.
