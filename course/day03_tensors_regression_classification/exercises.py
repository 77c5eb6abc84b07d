# %% [markdown]
# # Day 03 · Exercises: broadcast, encode, build, read, count
#
# **Six exercises on shapes, tables, heads, curves and mistakes, from ten minutes to half an hour. Each one answers back.**
#
# <!-- badges -->
#
# How it works: write your code where it says `raise NotImplementedError`, run that cell, then run the check below it (a click unfolds it). The check says
# *right*, *not yet* with a hint, or *not attempted*. The exercises do not depend on each other: take them in any order. Stuck for more
# than ten minutes? Fold out a hint; that is what they are for.

# %% tags=["setup"]
from utils import data, plots, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras import layers
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day03_tensors_regression_classification")
threadpool_limits(1)  # today's tables are small: one core is faster than two that wait for each other
passengers = data.load("titanic")

# %% [markdown]
# ## Exercise 1 · Will it broadcast?
#
# Difficulty ●●○○○ · Importance ●●●●● · 10 minutes
#
# Whoever can predict a shape finds most bugs before they happen. Write the rule of section 1 as a function: given two shapes, say which
# shape comes out, or `None` if NumPy would refuse. Do it without NumPy, with the rule alone: align at the right; missing axes count as 1;
# two lengths fit if they are equal or one of them is 1.
#
# <details><summary>Hint 1</summary>
#
# Make both shapes equally long first. On which side do the missing ones go?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `rank = max(len(left), len(right))`, then `left = (1,) * (rank - len(left)) + tuple(left)`, the same for `right`. Now walk through
# `zip(left, right)`: if they differ and neither is 1, return `None`; otherwise the larger one is the result's length.
#
# </details>


# %%
def broadcast_shape(left, right):
    """Predict the shape of `a + b` from the shapes of a and b.

    Args:
        left: tuple of whole numbers ≥ 1, the shape of a; () is a single number.
        right: tuple of whole numbers ≥ 1, the shape of b.

    Returns:
        The shape of the result, a tuple, or None if the two do not broadcast.
    """
    ### BEGIN SOLUTION
    rank = max(len(left), len(right))
    left = (1,) * (rank - len(left)) + tuple(left)
    right = (1,) * (rank - len(right)) + tuple(right)
    if any(a != b and 1 not in (a, b) for a, b in zip(left, right, strict=True)):
        return None
    return tuple(max(a, b) for a, b in zip(left, right, strict=True))
    ### END SOLUTION


# %%
with check("broadcast_shape"):
    for left, right, wanted, hint in (
        ((4, 3), (4, 3), (4, 3), "equal shapes stay as they are."),
        ((4, 3), (4, 1), (4, 3), "an axis of length 1 fits any length: it is repeated."),
        ((1, 3), (4, 3), (4, 3), "an axis of length 1 fits any length, in the first shape as well as in the second."),
        ((4, 3), (3,), (4, 3), "shapes are aligned at the right; missing axes count as 1."),
        ((3,), (4, 1), (4, 3), "the shorter shape may also be the first one."),
        (
            (4, 1),
            (4,),
            (4, 4),
            "the silent mistake of section 1: the result is a 4 × 4 table, no error and not (4, 1).",
        ),
        ((), (5, 2), (5, 2), "a single number has the shape () and fits everything."),
    ):
        said = broadcast_shape(left, right)
        hint = f"{left} with {right}: {hint}"
        check.true(said is not None, f"You say that NumPy refuses (or your function doesn't `return`). {hint}")
        check.true(isinstance(said, tuple), f"Return a tuple, not a {type(said).__name__}. {hint}")
        check.equal(said, wanted, hint)
    hint = "(4, 3) with (4,): 3 stands above 4, so NumPy refuses. Did you align at the left, or forget to return None?"
    check.equal(broadcast_shape((4, 3), (4,)), None, hint)
    check.equal(
        broadcast_shape((2, 3), (4, 3)), None, "2 and 4 differ and neither is 1: the larger does not simply win."
    )
    for left, right in (
        ((32, 1, 5), (7, 5)),
        ((8, 28, 28, 3), (3,)),
        ((6, 1, 2), (1, 5, 1)),
        ((2, 1), (3, 2, 4)),
        ((), ()),
    ):
        wanted = np.broadcast_shapes(left, right)
        check.equal(broadcast_shape(left, right), wanted, f"This is what NumPy makes of {left} and {right}.")

# %% [markdown] tags=["solution"]
# **Discussion.** The rule never *looks* for axes that fit: (4, 3) with (4,) is refused although a person sees what was meant. Say it explicitly with
# `b[:, None]` (shape (4, 1)). NumPy's own function is `np.broadcast_shapes`; TensorFlow, PyTorch, JAX and `keras.ops` follow the same rule.

# %% [markdown]
# ## Exercise 2 · Three puzzles without a loop
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# Each of these is one line with broadcasting, and each comes back in later weeks: shares in the softmax, channel means in front of a
# convolutional network, distances in K-means and in search.
#
# 1. `shares`: divide every row of a table by its own sum, so that each row adds up to 1.
# 2. `centre_channels`: subtract from colour pictures the mean of each colour channel, taken over all pictures and all pixels.
# 3. `distances`: the Euclidean distance from each of n points to each of k centres.
#
# <details><summary>Hint 1</summary>
#
# A sum over axis 1 takes that axis away. `keepdims=True` leaves it with length 1. And `axis` may be several at once: `axis=(0, 1, 2)`.
# For the distances: give both arrays an axis of length 1, so that points lie along one and centres along the other. Which shapes then broadcast to (n, k, d)?
#
# </details>
# <details><summary>Hint 2</summary>
#
# The divisor is `table.sum(axis=1, keepdims=True)`; the mean of a channel is `images.mean(axis=(0, 1, 2))`; `points[:, None] - centres[None]` has the
# shape (n, k, d), and the distance is the root of the sum of squares over the last axis.
#
# </details>


# %%
def shares(table):
    """Divide each row by its sum: (rows, columns) -> (rows, columns)."""
    ### BEGIN SOLUTION
    return table / table.sum(axis=1, keepdims=True)
    ### END SOLUTION


def centre_channels(images):
    """Subtract each channel's mean over all images and pixels: (images, height, width, channels), uint8 -> the same shape, float."""
    ### BEGIN SOLUTION
    return images - images.mean(axis=(0, 1, 2))
    ### END SOLUTION


def distances(points, centres):
    """Return the Euclidean distances from points (n, d) to centres (k, d), shape (n, k)."""
    ### BEGIN SOLUTION
    return np.sqrt(np.sum((points[:, None] - centres[None]) ** 2, axis=2))
    ### END SOLUTION


# %%
with check("broadcasting_puzzles", points=2):
    square = np.array([[1.0, 1.0, 2.0], [2.0, 2.0, 4.0], [1.0, 0.0, 0.0]])
    kept = square.copy()
    found = np.asarray(shares(square))
    check.equal(square, kept, "shares: you overwrote the table you were given: return a new one.")
    check.shape(found, (3, 3), "shares: the table keeps its shape.")
    columns_first = np.allclose(found, square / square.sum(axis=0))
    check.true(not columns_first, "shares: now the *columns* add up to 1. Rows: sum over axis 1.")
    check.true(not np.isclose(found.sum(), 1), "shares: now the whole table adds up to 1; each row has its own sum.")
    if np.allclose(found, square / square.sum(axis=1)):
        check.true(
            False,
            "shares: row 0 must be divided by the sum of row 0. A sum of shape (3,) lies along the columns: keepdims=True.",
        )
    check.close(found.sum(axis=1), np.ones(3), "shares: each row must add up to 1. Divided by the row's *sum*?")
    check.close(
        found[0],
        [0.25, 0.25, 0.5],
        "shares: 1, 1, 2 add up to 4, so the shares are ¼, ¼ and ½: just divide (no softmax).",
    )
    check.close(np.asarray(shares(square[:2])), found[:2], "shares: a 2 × 3 table must work, too.")

    images = np.zeros((4, 2, 2, 3), dtype="uint8")
    images[..., 0], images[:2, ..., 1], images[..., 2] = 200, 100, (np.arange(16) ** 2 // 2).reshape(4, 2, 2)
    kept = images.copy()
    centred = np.asarray(centre_channels(images))
    check.equal(images, kept, "centre_channels: you overwrote the pictures you were given: return new ones.")
    check.shape(centred, images.shape, "centre_channels: the pictures keep their shape.")
    scaled = "centre_channels: only subtract the mean; don't divide (by 255 or by the standard deviation)."
    shifted = images - images.mean(axis=(0, 1, 2))
    sizes = shifted.std(axis=(0, 1, 2))[1:] / np.maximum(centred.std(axis=(0, 1, 2))[1:], 1e-9)
    balanced = np.allclose(centred.mean(axis=(0, 1, 2)), 0, atol=1e-3)
    check.true(
        not (balanced and sizes.min() > 1.5 and np.allclose(centred[..., 1:] * sizes, shifted[..., 1:], atol=0.5)),
        scaled,
    )
    turned = "centre_channels: the signs are the wrong way round: pictures − mean, not mean − pictures."
    check.true(not np.allclose(centred, -shifted, atol=1e-3), turned)
    for axes in ((0, 1), (0, 2)):
        part = np.allclose(centred, images - images.mean(axis=axes, keepdims=True))
        side = "width" if axes == (0, 1) else "height"
        check.true(not part, f"centre_channels: the mean must run over the {side}, too: axis=(0, 1, 2).")
    hint = "centre_channels: a channel that is the same everywhere must become 0; one mean for all the colours together won't do."
    check.close(centred[..., 0], np.zeros((4, 2, 2)), hint)
    blue = images[..., 2].astype(float)
    away = "centre_channels: pixels *below* the mean must become negative: no absolute value."
    check.true(not np.allclose(centred[..., 2], np.abs(blue - blue.mean())), away)
    wraps = "centre_channels: nothing is negative: uint8 wraps around below 0 (0 − 50 = 206). Compute with floats."
    check.true(np.min(centred) < 0, wraps)
    hint = (
        "centre_channels: two of four pictures have green 100, the others 0, so the mean over *all* pictures is 50 and"
        " they become +50 and −50. Is the mean taken over the pictures, too?"
    )
    check.close(centred[:, 0, 0, 1], [50.0, 50.0, -50.0, -50.0], hint)
    middle = "centre_channels: that is the *median* of the channel; the task asks for the mean."
    check.true(not np.allclose(centred[..., 2], blue - np.median(blue)), middle)
    own = np.allclose(centred, images - images.mean(axis=0))
    hint = "centre_channels: now each *pixel* has its own mean. The mean runs over height and width as well: axis=(0, 1, 2)."
    check.true(not own, hint)
    whole = np.allclose(centred, np.round(centred))
    check.true(
        not whole, "centre_channels: the answers are whole numbers: the mean, or the result, was cut to an integer."
    )
    hint = "centre_channels: the mean of a channel runs over height and width as well: axis=(0, 1, 2)."
    check.close(centred[..., 2], blue - blue.mean(), hint, tolerance=1e-4)

    random = np.random.default_rng(0)
    points, centres = random.normal(size=(6, 3)), random.normal(size=(4, 3))
    found = np.asarray(distances(points, centres))
    check.shape(
        found, (6, 4), "distances: one row per point, one column per centre: sum over the coordinates, the last axis."
    )
    wanted = np.linalg.norm(points[:, None] - centres[None], axis=2)
    check.true(not np.allclose(found, wanted**2), "distances: these are *squared* distances; take the root.")
    manhattan = np.abs(points[:, None] - centres[None]).sum(axis=2)
    check.true(
        not np.allclose(found, manhattan),
        "distances: absolute differences make the city-block distance: square, sum, root.",
    )
    check.close(found, wanted, "distances: square the differences, sum over the coordinates, then take the root.")
    check.close(
        np.diagonal(np.asarray(distances(centres, centres))), np.zeros(4), "distances: from a centre to itself it is 0."
    )

# %% [markdown] tags=["solution"]
# **Discussion.** The square table was there on purpose: without `keepdims`, a 2 × 3 table stops with an error, but a 3 × 3 table gives wrong numbers without
# a word. Mind the memory, too: `points[:, None] - centres[None]` holds n · k · d numbers at once. With 100,000 points and 1,000 centres in 64 dimensions
# that is 51 GB in float64; then one uses $|a-b|^2 = |a|^2 - 2\,a \cdot b + |b|^2$, a single matrix product.

# %% [markdown]
# ## Exercise 3 · Encode a table without leaking the test set
#
# Difficulty ●●●●○ · Importance ●●●●● · 30 minutes
#
# Do by hand what the lesson's pipeline did: turn the columns `age` and `passenger_class` into numbers. Whatever has to be *learned* from data (median, mean,
# standard deviation, the list of classes) is learned from the **training** table; the test table is only transformed. The columns of the result, in this order:
#
# 1. the age, gaps filled with the median, then scaled to mean 0 and standard deviation 1 (NumPy's, which divides by n; of the *filled* training column);
# 2. 1 where the age was missing, else 0 (the column stays even where no age is missing);
# 3. and further: one column for each class, in sorted order: 1 where it is the passenger's class, else 0. A class that the training table doesn't have gets 0 in all of them.
#
# <details><summary>Hint 1</summary>
#
# First compute everything from `train` alone: `median`, `filled`, `mean`, `deviation`, `classes = sorted(train["passenger_class"].unique())`. Then write an inner function
# that transforms one table with these, and call it twice.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `age = table["age"].fillna(median).to_numpy()`; `one_hot = table["passenger_class"].to_numpy()[:, None] == np.array(classes)[None]` (broadcasting again!);
# `np.column_stack([(age - mean) / deviation, table["age"].isna(), one_hot]).astype(float)`. For the deviation take NumPy's: `filled.to_numpy().std()`.
#
# </details>


# %%
def encode(train, test):
    """Turn ages and classes into numbers; learn from the training table only.

    Args:
        train: pandas.DataFrame with the columns "age" (years, may be NaN) and "passenger_class" (text).
        test: another one; it may hold classes that `train` doesn't have. Neither table is changed.

    Returns:
        (train_numbers, test_numbers): float arrays of shape (rows, 2 + classes of the training table).
    """
    ### BEGIN SOLUTION
    median = train["age"].median()
    filled = train["age"].fillna(median).to_numpy()
    mean, deviation = filled.mean(), filled.std()
    classes = np.array(sorted(train["passenger_class"].unique()))

    def transform(table):
        age = (table["age"].fillna(median).to_numpy() - mean) / deviation
        one_hot = table["passenger_class"].to_numpy()[:, None] == classes[None]
        return np.column_stack([age, table["age"].isna(), one_hot]).astype(float)

    return transform(train), transform(test)
    ### END SOLUTION


# %%
with check("encode", points=3):
    old = pd.DataFrame({"age": [20, np.nan, 40, 36.0], "passenger_class": ["1st", "3rd", "2nd", "3rd"]})
    new = pd.DataFrame({"age": [np.nan, 60.0, 70.0], "passenger_class": ["3rd", "crew", "1st"]}, index=[7, 8, 9])
    kept = old.copy(), new.copy()
    result = encode(old, new)
    check.true(
        isinstance(result, (tuple, list)) and len(result) == 2,
        "Return two arrays: `return train_numbers, test_numbers`.",
    )
    check.true(old.equals(kept[0]) and new.equals(kept[1]), "You changed the tables you were given: work on copies.")
    x_old, x_new = (np.asarray(each, dtype=float) for each in result)
    hint = "Too many rows: pandas lined them up by their index, and the test table's is 7, 8, 9. Use `.to_numpy()`."
    swapped = (len(x_old), len(x_new)) == (3, 4)
    check.true(not swapped, "You returned the test table first: `return train_numbers, test_numbers`.")
    check.true(len(x_new) <= 3, hint)
    check.equal(
        [len(x_old), len(x_new)], [4, 3], "Keep every passenger: a row with a missing age is filled, not dropped."
    )
    hint = (
        "Columns: age, was missing, and one for each class *of the training table*; the test table's “crew” gets none."
    )
    check.shape(x_old, (4, 5), hint)
    check.shape(x_new, (3, 5), "The test table gets the same columns as the training table. " + hint)
    hint = "Known test ages became NaN: pandas lines rows up by their index, and here it is 7, 8, 9. Use `.to_numpy()`."
    check.true(not np.isfinite(x_old).all() or np.isfinite(x_new[1:, 0]).all(), hint)
    check.true(np.isfinite(x_old).all() and np.isfinite(x_new).all(), "There are gaps (NaN) left: fill the ages.")
    gaps = np.array([0, 1, 0, 0])
    for ddof in (0, 1):
        also = np.allclose(x_old[:, 1], (gaps - gaps.mean()) / gaps.std(ddof=ddof), atol=1e-3)
        check.true(
            not also, "You scaled the second column, too. Only the age is scaled; all the other columns stay 0 and 1."
        )
    turned = "The second column is the wrong way round: 1 where the age was *missing*, 0 where it is known."
    check.true(not np.array_equal(x_old[:, 1], 1 - gaps), turned)
    hint = (
        "The second column, x[:, 1], says whether the age was missing. Is it in its place, after the age and before the classes?"
        " And did you ask before you filled the gaps?"
    )
    check.close(x_old[:, 1], [0, 1, 0, 0], hint)
    check.close(x_new[:, 1], [1, 0, 0], "The test table's second column: whether *its* age was missing.")
    ages = np.array([20, 36, 40, 36.0])  # gaps filled with the training median
    every = np.array([20, 40, 40, 36, 40, 60, 70.0])  # 40: the median of training and test rows together
    wrong = np.array([20, 32, 40, 36.0])
    check.true(
        not np.isclose(x_old[1, 0], (32 - wrong.mean()) / wrong.std(), atol=1e-3),
        "The gap was filled with the mean (32); the task asks for the median of the training ages (36).",
    )
    check.true(
        not np.allclose(x_old[:, 0], (ages - ages.mean()) / ages.std(ddof=1), atol=1e-3),
        "Nearly: pandas' `.std()` divides by n − 1. Take NumPy's, as StandardScaler does: `filled.to_numpy().std()`.",
    )
    check.true(
        np.abs(x_old[:, 0]).max() < 5,
        "The first column, the age, is not scaled: subtract the mean and divide by the standard deviation.",
    )
    together = np.allclose(x_old[:, 0], (every[:4] - every.mean()) / every.std(), atol=1e-3)
    check.true(not together, "A leak: median, mean and deviation were learned from training and test rows together.")
    for median, mean, deviation in ((40, None, None), (36, every.mean(), every.std()), (36, None, every.std())):
        filled = np.array([20, median, 40, 36.0])
        mean, deviation = filled.mean() if mean is None else mean, filled.std() if deviation is None else deviation
        leaks = np.allclose(x_old[:, 0], (filled - mean) / deviation, atol=1e-3)
        check.true(
            not leaks, "A leak: median, mean or deviation of the age was learned from training and test rows together."
        )
    hint = "The age in the training table: fill with the training median, then scale with mean and deviation of the filled column."
    check.close(x_old[:, 0], (ages - ages.mean()) / ages.std(), hint, tolerance=1e-4)
    hint = "A leak: the test ages must be filled and scaled with what the *training* table says, not with their own median, mean and deviation."
    check.close(x_new[:, 0], (np.array([36, 60.0, 70.0]) - ages.mean()) / ages.std(), hint, tolerance=1e-4)
    check.close(
        x_old[:, 2:], [[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]], "One-hot: classes in sorted order, 1st, 2nd, 3rd."
    )
    check.close(
        x_new[:, 2:],
        [[0, 0, 1], [0, 0, 0], [1, 0, 0]],
        "Same columns for the test table; an unknown class gets 0 in all of them.",
    )
    alone = np.asarray(encode(old, new.iloc[:1])[1], dtype=float)
    check.close(
        alone, x_new[:1], "A leak: a test passenger's numbers must not depend on who else is in the test table."
    )
    crew = pd.DataFrame({"age": [20.0, 30.0], "passenger_class": ["stoker", "cook"]})
    hint = "The list of classes is learned from the training table, not written down: a table of cooks and stokers has two."
    x_crew = np.asarray(encode(crew, new)[0], dtype=float)
    gapless = "No age is missing in this training table: keep the second column nevertheless, filled with 0."
    check.true(x_crew.shape != (2, 3), gapless)
    check.shape(x_crew, (2, 4), hint)
    check.close(x_crew[:, 2:], [[0, 1], [1, 0]], "Classes in sorted order: the cook's column before the stoker's.")
    x_all = np.asarray(encode(passengers.iloc[:1000], passengers.iloc[1000:])[0], dtype=float)
    check.close(np.mean(x_all[:, 0]), 0.0, "On the real table the training column must have mean 0.")

# %% [markdown] tags=["solution"]
# **Discussion.** The test that found the leak is worth keeping for your own projects: *encode one test row alone, and among others; the numbers must be equal.*
# And mind the order: ask who is missing **before** you fill. In real work you write `make_column_transformer(...)` as in the lesson; it remembers what it
# learned in `fit`, which is exactly the point of having `fit` and `transform` apart.

# %% [markdown]
# ## Exercise 4 · Build both heads
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# Write one function that builds **and compiles** a network for each kind of question: `"how much"` (one number of any size), `"yes or no"` (a probability), and
# `"which"` (one probability for each of `classes` classes; the targets are whole numbers 0, 1, 2 …). One hidden layer of 16 ReLU neurons will do; for
# "how much" the loss is `mse` or `mae`. The check does not train it: it fills in random weights, looks at what comes out, and at how the loss punishes it.
#
# <details><summary>Hint 1</summary>
#
# The table at the end of section 8 has one row for each. Only two things change between the three: the last layer and the loss.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `heads = {"how much": (layers.Dense(1), "mse"), "yes or no": (layers.Dense(1, activation="sigmoid"), "binary_crossentropy"), …}`; for `"which"` it is `Dense(classes,
# activation="softmax")` and `"sparse_categorical_crossentropy"`.
#
# </details>


# %%
def build_network(inputs, question, classes=2):
    """Build and compile a network with the head that fits the question.

    Args:
        inputs: number of input columns.
        question: "how much", "yes or no" or "which".
        classes: for "which": the number of classes; targets are whole numbers from 0.

    Returns:
        A compiled Keras model: (examples, inputs) -> (examples, 1), or (examples, classes) for "which".
    """
    ### BEGIN SOLUTION
    head, loss = {
        "how much": (layers.Dense(1), "mse"),
        "yes or no": (layers.Dense(1, activation="sigmoid"), "binary_crossentropy"),
        "which": (layers.Dense(classes, activation="softmax"), "sparse_categorical_crossentropy"),
    }[question]
    model = keras.Sequential([keras.Input(shape=(inputs,)), layers.Dense(16, activation="relu"), head])
    model.compile(optimizer="adam", loss=loss)
    return model
    ### END SOLUTION


# %%
with check("build_network", points=2):
    random = np.random.default_rng(0)
    probe = random.normal(size=(64, 4)).astype("float32")
    number = random.normal(size=(64, 1)).astype("float32") * 3
    yes, kind = random.integers(0, 2, size=(64, 1)), random.integers(0, 3, size=64)

    def build(*arguments, inputs=probe):
        """Build a network with fixed random weights and check that it is a compiled model; return it and its answers."""
        model = build_network(inputs.shape[1], *arguments)
        check.true(isinstance(model, keras.Model), f"Return the model itself; you returned {type(model).__name__}.")
        compiled = getattr(model, "optimizer", None) is not None
        check.true(compiled, "The model is not compiled: it needs a loss and an optimizer.")
        check.true(
            getattr(model, "loss", None) is not None, "`compile` got no loss: training would have nothing to minimise."
        )
        known = "The model doesn't know its number of inputs yet: let it begin with `keras.Input(shape=(inputs,))`."
        check.true(getattr(model, "input_shape", None) is not None, known)
        fixed = "Does the first layer take as many columns as the parameter `inputs` says?"
        check.equal(model.input_shape[-1], inputs.shape[1], fixed)
        for (
            weight
        ) in model.trainable_variables:  # the others, a BatchNormalization's variance, can't be just any number
            weight.assign(random.normal(scale=0.5, size=weight.shape))
        return model, np.asarray(model(inputs), dtype=float)

    def loss_of(model, targets, answers, hint):
        """Return what the model's loss says of these answers; where it refuses the targets, that is the hint's subject."""
        loss = model.loss[0] if isinstance(model.loss, list) else model.loss
        try:
            return float(np.mean(np.asarray(keras.losses.get(loss)(targets, answers.astype("float32")))))
        except Exception:  # each backend refuses in its own words: wrong shape, or class number -3
            check.true(False, hint)

    def is_straight(model, undo):
        """Say whether the scores before the head's activation are a straight-line function of the inputs."""
        ends = np.asarray(model(probe), dtype=float), np.asarray(model(probe[::-1].copy()), dtype=float)
        middle = np.asarray(model((probe + probe[::-1]) / 2), dtype=float)
        return np.abs(undo(ends[0]) + undo(ends[1]) - 2 * undo(middle)).max() < 1e-2

    tries = [build("how much") for _ in range(5)]
    model, answers = tries[0]
    every = np.concatenate([each for _, each in tries])
    check.shape(answers, (64, 1), "“how much” is one number per example: Dense(1).")
    check.true(np.std(answers) > 1e-6, "“how much”: the same answer to every input; softmax on one unit is always 1.")
    hint = "“how much”: never below zero. ReLU, sigmoid or softmax on a regression head? It needs none."
    check.true(every.min() < 0, hint)
    hint = "“how much”: answers stay between −1 and 1. A regression head has no activation (no tanh)."
    check.true(np.abs(every).max() > 1.001, hint)
    head = getattr(model.layers[-1], "activation", None)
    hint = (
        "“how much”: the last layer has an activation. A regression head has none: it must be able to give any number."
    )
    check.true(head in (None, keras.activations.linear), hint)
    straight = is_straight(model, lambda scores: scores)
    bend = "the network is a straight line: it needs a *hidden* layer, and that layer needs an activation."
    check.true(not straight, f"“how much”: {bend}")
    loss = loss_of(model, number, answers, "“how much”: the loss refuses the targets, any number; use mse or mae.")
    miss = answers - number
    is_distance = np.isclose(loss, [np.mean(miss**2), np.mean(np.abs(miss))], rtol=1e-3).any()
    check.true(is_distance, "“how much”: the loss is neither the mean squared nor the mean absolute error.")

    model, answers = build("yes or no")
    check.shape(answers, (64, 1), "“yes or no” is one probability per example: one unit, Dense(1).")
    hint = "“yes or no”: every input gets the same answer: softmax on *one* unit is always 1, a ReLU often 0. Use a sigmoid."
    check.true(np.std(answers) > 1e-6, hint)
    is_inside = answers.min() >= 0 and np.asarray(model(1000 * probe)).max() <= 1
    check.true(is_inside, "“yes or no”: answers outside 0 to 1 are no probabilities: the head needs a sigmoid.")
    straight = is_straight(model, lambda chance: np.log(np.clip(chance, 1e-6, 1) / np.clip(1 - chance, 1e-6, 1)))
    check.true(not straight, f"“yes or no”: before the sigmoid {bend}")
    answers = 0.98 * answers + 0.01  # away from 0 and 1, where each loss rounds in its own way
    hint = "“yes or no”: the loss refuses targets 0 and 1 of shape (examples, 1): use binary_crossentropy."
    loss = loss_of(model, yes, answers, hint)
    check.true(
        not np.isclose(loss, np.mean((answers - yes) ** 2), rtol=1e-3),
        "“yes or no”: the loss is the mean squared error. It hardly punishes being sure and wrong: use the cross-entropy.",
    )
    squashed = 1 / (1 + np.exp(-answers))
    twice = np.isclose(loss, -np.mean(np.log(np.where(yes == 1, squashed, 1 - squashed))), rtol=1e-3)
    check.true(
        not twice,
        "“yes or no”: a sigmoid in the head *and* from_logits=True: the loss squashes a second time. One or the other.",
    )
    wanted = -np.mean(np.log(np.where(yes == 1, answers, 1 - answers)))
    check.close(loss, wanted, "“yes or no”: the loss is not the binary cross-entropy.", tolerance=1e-3)

    model, answers = build("which", 3)
    check.shape(answers, (64, 3), "“which” has one unit for each class: Dense(classes).")
    is_inside = answers.min() >= 0 and answers.max() <= 1
    check.true(is_inside, "“which”: answers outside 0 to 1 are no probabilities: the head needs a softmax.")
    hint = "“which”: the probabilities of an example must add up to 1. Sigmoids answer each class for itself; softmax makes them compete."
    check.close(answers.sum(axis=1), np.ones(64), hint, tolerance=1e-3)
    straight = is_straight(model, lambda chances: np.diff(np.log(np.clip(chances, 1e-6, 1)), axis=1))
    check.true(not straight, f"“which”: before the softmax {bend}")
    answers = 0.97 * answers + 0.01  # away from 0; the three still add up to 1
    hint = (
        "“which”: this loss can't take class numbers as targets; the one that can is sparse_categorical_crossentropy."
    )
    loss = loss_of(model, kind, answers, hint)
    shifted = np.log(np.exp(answers).sum(axis=1)) - answers[np.arange(64), kind]
    hint_twice = (
        "“which”: a softmax in the head *and* from_logits=True: the loss applies a second one. One or the other."
    )
    check.true(not np.isclose(loss, shifted.mean(), rtol=1e-3), hint_twice)
    wanted = -np.mean(np.log(answers[np.arange(64), kind]))
    check.close(
        loss, wanted, "“which”: the loss is not the cross-entropy: use sparse_categorical_crossentropy.", tolerance=1e-3
    )
    check.shape(build("which", 5)[1], (64, 5), "“which” must work for any number of classes: use the parameter.")
    build("how much", inputs=random.normal(size=(8, 7)).astype("float32"))

# %% [markdown] tags=["solution"]
# **Discussion.** A yes-or-no question may also be asked as "which" with two classes: two softmax units say the same as one sigmoid unit, with more parameters. In
# practice one often leaves the last activation away and tells the loss so, `keras.losses.BinaryCrossentropy(from_logits=True)`: logarithm and exponential then cancel
# on paper instead of in 32 bits. Do one *or* the other: with both, Keras on
# TensorFlow notices while it trains and warns, but the other backends apply the sigmoid twice.

# %% [markdown]
# ## Exercise 5 · Read four learning curves
#
# Difficulty ●●○○○ · Importance ●●●●● · 10 minutes
#
# Four trainings on the Titanic, each with its own trouble. Run the next two cells (about ten seconds), then look at the picture before you go on: that is how you will meet such curves.

# %%
known = passengers.dropna(subset="age")
numbers = np.column_stack(
    [
        known["age"] / 14 - 2,
        known[["siblings_spouses", "parents_children"]],
        known["sex"] == "male",
        known["passenger_class"].str[0].astype(int) - 2,
    ]
).astype(float)
x_train, x_val, y_train, y_val = train_test_split(numbers, known["survived"] == "yes", test_size=0.4, random_state=0)


def train_and_note(rows, columns, hidden, rate, epochs=60):
    """Train a scikit-learn network; return the cross-entropy of training and validation after each epoch, (epochs, 2)."""
    x, y, x_new = x_train[:rows, columns], y_train[:rows], x_val[:, columns]
    model = MLPClassifier(hidden_layer_sizes=hidden, learning_rate_init=rate, batch_size=32, random_state=1, alpha=0)
    losses = []
    for _ in range(epochs):
        model.partial_fit(x, y, classes=[False, True])
        losses.append([log_loss(y, model.predict_proba(x)), log_loss(y_val, model.predict_proba(x_new))])
    return np.array(losses)


every, family = slice(0, 5), slice(1, 3)
curves = {
    "P": train_and_note(600, every, (16,), 0.0001),
    "Q": train_and_note(80, every, (128, 64), 0.005),
    "R": train_and_note(600, every, (32, 16), 0.3),
    "S": train_and_note(600, family, (16,), 0.005),
}

# %%
figure, grid = plt.subplots(2, 2, figsize=(9, 5.6), sharex=True, sharey=True)
for axes, (name, losses) in zip(grid.flat, curves.items(), strict=True):
    axes.plot(np.arange(1, 61), losses[:, 0], "-", label="training")
    axes.plot(np.arange(1, 61), losses[:, 1], "--", label="validation")
    axes.set(title=name, ylim=(0, 1.6))
grid[0, 0].legend(loc="lower left")
figure.supxlabel("epoch", size=10.5)
figure.supylabel("loss (binary cross-entropy)", size=10.5)
told = [
    f"{name} {losses[0, 0]:.2f} / {losses[0, 1]:.2f} to {losses[-1, 0]:.2f} / {losses[-1, 1]:.2f}"
    for name, losses in curves.items()
]
plots.show(
    figure,
    alt=f"Four learning curves over 60 epochs, training / validation loss at the start and at the end: {', '.join(told)}. P falls slowly"
    " and steadily to the last epoch, both lines together. In Q the lines part. In R both wander and jump without ever settling."
    " In S both are flat almost from the start.",
)

# %% [markdown]
# Give each picture **one** of these diagnoses, and name the one training to which *more passengers* would help most:
#
# - `"overfitting"`
# - `"stopped too early"` (or the learning rate is too low: it would still get better)
# - `"rate too high"` (the learning rate: the steps are too long)
# - `"inputs or model too poor"`
#
# <details><summary>Hint 1</summary>
#
# Always in this order: is the *training* loss low? If not: is it still falling, flat, or jumping? Only then look at the gap.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Only one of the four has a low training loss. Of the other three one is still on its way down, one has arrived (too high up), and one never settles.
# More examples close a *gap*.
#
# </details>


# %%
def read_curves():
    """Return the diagnosis of each curve, a dict from "P", "Q", "R", "S" to one of the four texts above."""
    ### BEGIN SOLUTION
    return {
        "P": "stopped too early",
        "Q": "overfitting",
        "R": "rate too high",
        "S": "inputs or model too poor",
    }
    ### END SOLUTION


def most_helped_by_more_data():
    """Return the letter of the training that more passengers would help most."""
    ### BEGIN SOLUTION
    return "Q"
    ### END SOLUTION


# %%
with check("read_curves"):
    said = read_curves()
    allowed = ("overfitting", "stopped too early", "rate too high", "inputs or model too poor")
    check.true(
        isinstance(said, dict) and set(said) == set("PQRS"), "Return a dict with the four letters P, Q, R, S as keys."
    )
    said = {name: str(each).strip().lower() for name, each in said.items()}
    whole = "Take only the words between the quotation marks: “stopped too early”, without the brackets after it."
    check.true(not any(each.startswith("stopped too early ") for each in said.values()), whole)
    odd = [each for each in said.values() if each not in allowed]
    check.true(not odd, f"{odd[:1]} is not one of the four diagnoses: copy them letter by letter.")
    hint = "Q: the training loss is low and the validation loss rises away from it. What is a growing gap called?"
    check.true(said["Q"] == "overfitting", hint)
    hint = "overfitting needs a gap that grows, with the training loss low and going down: P and S have no such gap."
    check.true("overfitting" not in (said["P"], said["S"]), hint)
    hint = "R: look at the training loss alone: it is not low, and it jumps up and down. In overfitting it is low and goes down."
    check.true(said["R"] != "overfitting", hint)
    hint = "R: both lines jump up and down together and never settle. Which dial makes the steps too long?"
    check.true(said["R"] == "rate too high", hint)
    hint = "P: look at the last epochs: the line still points down. It has not arrived; is that a poor model?"
    check.true(said["P"] == "stopped too early", hint)
    hint = "S: flat from early on, and high. Waiting longer changes nothing; what does the network lack?"
    check.true(said["S"] == "inputs or model too poor", hint)
    helped = str(most_helped_by_more_data()).strip().upper()
    check.true(helped in tuple("PQRS"), f"Return one of the letters P, Q, R, S; you returned {helped!r}.")
    hint = "More examples close a gap between training and validation. Where the two lines lie together, they change little."
    check.true(helped == "Q", f"Not {helped}. {hint}")

# %% [markdown] tags=["solution"]
# **Discussion.** What they were: **P** a learning rate of 0.0001, so 60 epochs were far too few. **Q** 80 passengers for a network of about 9,000 weights. **R** a rate of 0.3: each step jumps
# across the valley. **S** only the two columns about the family; the sex and the class, which decide, are not among the inputs, and no network finds what isn't there.
# Each remedy helps in its own case only: "train longer" is right for P, useless for S and R, and harmful for Q.

# %% [markdown]
# ## Exercise 6 · The confusion matrix by hand
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# Ten mails; the filter called some of them spam (1), the others ham (0):
#
# | mail | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |
# |---|---|---|---|---|---|---|---|---|---|---|
# | truth | 1 | 1 | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 0 |
# | filter | 1 | 1 | 1 | 0 | 1 | 1 | 0 | 0 | 0 | 0 |
#
# Fill in the four fields on paper first, rows the truth, columns the answer, and from them precision and recall of "spam". Then write the two functions, for
# any number of classes, without scikit-learn. Where nothing was called (or nothing was there to be found), the precision (or recall) is 0 by convention.
#
# <details><summary>Hint 1</summary>
#
# Start with zeros of shape (classes, classes) and count: each example adds 1 to one field. Precision divides a diagonal field by the sum of its *column*, recall
# by the sum of its *row*.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `for t, p in zip(true, predicted): matrix[t, p] += 1`. Then `called = matrix[:, chosen].sum()`, `there = matrix[chosen].sum()`, and `hits / called if called else 0.0`.
#
# </details>


# %%
def count_confusions(true, predicted, classes):
    """Count how often each true class was taken for each class.

    Args:
        true: sequence of whole numbers from 0 to classes - 1, shape (examples,).
        predicted: the same for the answers.
        classes: number of classes, also those that do not occur.

    Returns:
        Integer array of shape (classes, classes): rows the truth, columns the answer.
    """
    ### BEGIN SOLUTION
    matrix = np.zeros((classes, classes), dtype=int)
    for t, p in zip(true, predicted, strict=True):
        matrix[t, p] += 1
    return matrix
    ### END SOLUTION


def precision_and_recall(matrix, chosen):
    """Compute precision and recall of one class from a confusion matrix.

    Args:
        matrix: array of shape (classes, classes): rows the truth, columns the answer.
        chosen: number of the class.

    Returns:
        (precision, recall), each from 0 to 1; 0.0 where there is nothing to divide by.
    """
    ### BEGIN SOLUTION
    hits, called, there = matrix[chosen, chosen], matrix[:, chosen].sum(), matrix[chosen].sum()
    return (hits / called if called else 0.0), (hits / there if there else 0.0)
    ### END SOLUTION


# %%
with check("confusion_by_hand", points=2):
    truth, answers = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    matrix = count_confusions(truth, answers, 2)
    check.shape(matrix, (2, 2), "Two classes: two rows, two columns.")
    check.true(
        np.max(matrix) != 1 or np.sum(matrix) != 4,
        "`matrix[true, predicted] += 1` counts each kind of pair only once: add the examples one by one (or use np.add.at).",
    )
    total = np.sum(matrix)
    same = (
        "Both rows are one and the same list: `[[0] * n] * n` repeats it. Use np.zeros((classes, classes), dtype=int)."
    )
    check.true(not np.array_equal(matrix, [[5, 5], [5, 5]]), same)
    plain = "Nothing was counted, or too much. Do you compute with a list as if it were an array (`true == 1`, `true * 2`)? Begin with true = np.asarray(true). Or did a `+ 1` change nothing, where `+= 1` was meant?"
    check.true(total not in (0, 30), plain)
    pairs = "100 = 10 × 10: each truth met every answer. Walk through both together: zip(true, predicted)."
    check.true(total != 100, pairs)
    whole = np.issubdtype(np.asarray(matrix).dtype, np.integer)
    check.equal(int(np.sum(matrix)), 10, "Ten mails: the four fields must add up to 10, as counts, not as shares.")
    check.true(
        not np.array_equal(matrix, [[4, 1], [2, 3]]),
        "Rows and columns are exchanged: the rows are the truth, the columns the answer.",
    )
    first = "You began with spam. Row 0 and column 0 belong to class 0 (ham): count in matrix[true, predicted]."
    check.true(not any(np.array_equal(matrix, each) for each in ([[3, 1], [2, 4]], [[3, 2], [1, 4]])), first)
    check.true(whole, "Counts are whole numbers: np.zeros(…) makes floats unless you say dtype=int.")
    many = np.asarray(count_confusions([0] * 300, [1] * 300, 2))
    check.shape(many, (2, 2), "Only ham came, and all was called spam: still two rows and two columns. Use `classes`.")
    check.equal(
        int(many.sum()),
        300,
        "300 equal pairs must count 300: the data type is too small and wraps around (uint8 ends at 255).",
    )
    hint = "300 times truth 0, answer 1: they belong in row 0, column 1, whichever labels occur."
    check.equal(many, np.array([[0, 300], [0, 0]]), hint)
    check.equal(matrix, np.array([[4, 2], [1, 3]]), "Row 0: ham kept, ham called spam. Row 1: spam missed, spam found.")
    three = count_confusions(np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 0]), 3)
    check.shape(three, (3, 3), "A class that does not occur still has its row and its column: use `classes`.")
    check.equal(
        three, np.array([[1, 1, 0], [1, 2, 0], [0, 0, 0]]), "Equal pairs must be added up, each example counts once."
    )

    spam = precision_and_recall(np.array([[4, 2], [1, 3]]), 1)
    check.true(np.shape(spam) == (2,), "Return two numbers: `return precision, recall`.")
    check.true(
        not np.allclose(spam, [0.75, 0.6]),
        "Precision and recall are exchanged: of the 5 mails *called* spam 3 were (precision); of the 4 that *were* spam 3 were found.",
    )
    check.true(
        not np.isclose(spam[0], 0.7),
        "That is the accuracy, (4 + 3) / 10. Precision: of those called spam, how many were?",
    )
    check.close(spam[0], 0.6, "Precision of spam: 5 mails were called spam (a column), 3 of them rightly.")
    check.close(spam[1], 0.75, "Recall of spam: 4 mails were spam (a row), 3 of them were found.")
    ham = precision_and_recall(np.array([[4, 2], [1, 3]]), 0)
    check.true(not np.allclose(ham, [0.8, 0.67], atol=1e-9), "4 / 6 is not 0.67: don't round.")
    check.close(
        ham, [0.8, 4 / 6], "Precision and recall of ham (class 0): use the parameter `chosen`, not always class 1."
    )
    with np.errstate(all="ignore"):
        never = precision_and_recall(np.array([[6, 0], [4, 0]]), 1)
    check.true(
        np.isfinite(never).all(), "Nothing was called spam: 0 / 0. By convention the precision is 0.0 then, not NaN."
    )
    check.close(never, [0.0, 0.0], "A filter that never calls spam has precision 0 (by convention) and recall 0.")
    with np.errstate(all="ignore"):
        absent = precision_and_recall(np.array([[6, 2], [0, 0]]), 1)
    hint = "There was no spam at all, and two mails were called spam: 0 / 0 for the recall. By convention it is 0.0, and so is the precision."
    check.true(np.allclose(absent, [0.0, 0.0]), hint)
    big = np.array([[50, 3, 2], [4, 40, 6], [0, 1, 30]])
    wanted = [40 / 44, 40 / 50]
    check.close(
        precision_and_recall(big, 1),
        wanted,
        "With three classes: the whole column for precision, the whole row for recall.",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** For the ten mails: 4 ham kept, 2 ham called spam, 1 spam missed, 3 spam found; precision 3/5, recall 3/4, accuracy 7/10. A filter that never says spam
# has accuracy 6/10 and finds nothing, which is why one number is not enough. Which error is worse depends on the use: a lost offer of a job (low precision) or one more
# advertisement (low recall). scikit-learn's `confusion_matrix` has the same orientation, but other books and tools put the truth into the columns: look at the labels.
