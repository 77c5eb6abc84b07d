# %% [markdown]
# # Day 08 · Exercises: a leak, a thaw, a heat map, a first sight
#
# **Seven exercises: you shuffle columns, find the same animal on both sides of a split, thaw a network as far as it should be and no further, write
# Grad-CAM, and recognise things from one picture each.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The exercises do not depend on each
# other. Stuck for more than ten minutes? Fold out a hint.

# %% tags=["setup"]
from utils import data, plots, pretrained, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day08_transfer_learning")

# %% [markdown]
# The lesson's hundred animals, on white, at their own 96 × 96 pixels, and what EfficientNet-Lite0 has to say about each: 1,280 features.

# %%
cutouts = data.load("cutouts")
in_learn, in_test = (
    np.isin(cutouts["classes"][cutouts[f"{part}_labels"]], ["bird", "mammal"]) for part in ("train", "test")
)
rgba = np.concatenate([cutouts["train_images"][in_learn], cutouts["test_images"][in_test]])
titles = np.concatenate([cutouts["train_names"][in_learn], cutouts["test_names"][in_test]])
opacity = rgba[..., 3:].astype("float32") / 255
paper = rgba[..., :3] * opacity + 255 * (1 - opacity)
network = pretrained.efficientnet_lite0(input_shape=(96, 96, 3))
body = keras.Model(network.input, network.get_layer("head_relu").output)
features = body.predict(paper, verbose=0).mean(axis=(1, 2))  # (100, 1280)

# %% [markdown]
# ## Exercise 1 · Permutation importance by hand
#
# Difficulty ●●○○○ · Importance ●●●●● · 15 minutes
#
# How much does a model rely on a column? Shuffle that column, leave all others as they are, and see by how much the accuracy falls. Do it `repeats` times for each column, every time with a new shuffle, and return the mean fall.
#
# <details><summary>Hint 1</summary>
#
# Two loops: over the columns, and over the repeats. Make a fresh copy of the inputs inside, or the columns before stay shuffled. One random generator, made *once*, before the loops.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `random = np.random.default_rng(seed)`, `base = np.mean(predict(inputs) == answers)`; inside: `changed = inputs.copy()`, `changed[:, column] = random.permutation(changed[:, column])`; the fall is `base - np.mean(predict(changed) == answers)`.
#
# </details>


# %%
def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
    """Mean fall of the accuracy when one column is shuffled.

    Args:
        predict: function from an array (rows, columns) to class numbers (rows,).
        inputs: array (rows, columns); stays as it is.
        answers: true class numbers (rows,).
        repeats: shuffles per column.
        seed: of the shuffles: the same seed gives the same result.

    Returns:
        Array (columns,): accuracy as it is minus mean accuracy with this column shuffled.
    """
    ### BEGIN SOLUTION
    random = np.random.default_rng(seed)
    base = np.mean(predict(inputs) == answers)
    falls = np.zeros((inputs.shape[1], repeats))
    for column in range(inputs.shape[1]):
        for repeat in range(repeats):
            changed = inputs.copy()
            changed[:, column] = random.permutation(changed[:, column])
            falls[column, repeat] = base - np.mean(predict(changed) == answers)
    return falls.mean(axis=1)
    ### END SOLUTION


# %%
with check("permutation_importance", points=2):
    dice = np.random.default_rng(0)
    table = dice.normal(size=(400, 3)) + np.array([0.0, 5.0, -3.0])
    truth = (table[:, 0] > 0).astype(int)
    calls = []

    def watched(rows):
        """A model that looks at column 0 only, and a spy that keeps what it was asked."""
        calls.append(np.array(rows, "float64"))
        return (np.asarray(rows)[:, 0] > 0).astype(int)

    given, given_truth = table.copy(), truth.copy()
    found = permutation_importance(watched, given, given_truth, repeats=5, seed=3)
    check.shape(found, (3,), "Return one number per column: the mean over the repeats.")
    hint = "Your function changed the array it was given: shuffle in a copy."
    check.true(np.array_equal(given, table) and np.array_equal(given_truth, truth), hint)
    check.true(calls, "The model was never asked: call `predict` with one column shuffled.")
    hint = "The model was not asked about tables of 3 columns: shuffle one in its place, leave none out, add none."
    check.true(all(call.ndim == 2 and call.shape[1] == 3 for call in calls), hint)
    hint = "The model was asked about a part of the rows only: ask it about all rows of each table."
    asked = np.concatenate(calls)
    whole = all(len(call) % 400 == 0 for call in calls)
    in_parts = len(asked) % 400 == 0 and len(np.unique(asked[:400, 2])) == 400
    check.true(whole or in_parts, hint)
    asked = asked.reshape(-1, 400, 3)
    moved = [
        tuple(np.flatnonzero([not np.allclose(one[:, c], table[:, c], atol=1e-5) for c in range(3)])) for one in asked
    ]
    hint = (
        "The answers were shuffled, or nothing was: the model was never asked about a table with one column shuffled."
    )
    check.true(any(len(each) for each in moved), hint)
    tidy = all(np.allclose(np.sort(one[:, c]), np.sort(table[:, c])) for one in asked for c in range(3))
    hint = "A column got values that were not in it: *shuffle* it (so that its values stay), don't overwrite it with zeros, means or noise."
    check.true(tidy, hint)
    rows_kept = any(
        len(each) == 3 and np.array_equal(one[np.argsort(one[:, 0])], table[np.argsort(table[:, 0])])
        for one, each in zip(asked, moved, strict=True)
    )
    check.true(
        not rows_kept, "You shuffled whole rows: all columns moved together. One column only, `changed[:, column]`."
    )
    hint = "More than one column was shuffled at a time: begin with a fresh copy for every column, so that the last one is back in order."
    check.true(all(len(each) <= 1 for each in moved), hint)
    for column in range(3):
        mine = [one[:, column] for one, each in zip(asked, moved, strict=True) if each == (column,)]
        hint = f"Column {column} was shuffled {len(mine)} times instead of `repeats` = 5 times."
        check.true(len(mine) == 5, hint)
        hint = "Every repeat used the same shuffle: make the random generator once, before the loops."
        check.true(len({one.tobytes() for one in mine}) == 5, hint)
        turned = any(np.array_equal(np.roll(one, step), table[:, column]) for one in mine for step in range(400))
        check.true(
            not turned, "The column was only moved round (`np.roll`), so neighbours stay neighbours: shuffle it."
        )
    after = {
        c: np.mean([np.mean((one[:, 0] > 0) == truth) for one, each in zip(asked, moved, strict=True) if each == (c,)])
        for c in range(3)
    }
    found = np.asarray(found, "float64")
    check.true(
        not np.allclose(found, list(after.values())),
        "You returned the accuracy *after* shuffling: wanted is the fall, base − after.",
    )
    hint = "The sign: a useful column has a *positive* importance, base − after."
    check.true(not np.allclose(found, [after[c] - 1 for c in range(3)]), hint)
    check.true(
        not np.allclose(found, [5 * (1 - after[c]) for c in range(3)]),
        "That is the sum over the repeats: take the mean.",
    )
    check.close(
        found,
        [1 - after[c] for c in range(3)],
        "The mean over the repeats of base accuracy minus accuracy after the shuffle.",
    )
    asked_by_seed = {}
    for number, seed in enumerate((3, 3, 4)):
        calls.clear()
        permutation_importance(watched, table, truth, repeats=5, seed=seed)
        asked_by_seed[number] = [call.tobytes() for call in calls]
    hint = "The same seed gave another result: use `np.random.default_rng(seed)`."
    check.true(asked_by_seed[0] == asked_by_seed[1], hint)
    hint = "Another seed gave the very same result: use the parameter `seed`."
    check.true(asked_by_seed[0] != asked_by_seed[2], hint)
    wide = np.column_stack([dice.normal(size=300), np.zeros(300), dice.normal(size=(300, 2))])
    wide[:, 1] = dice.normal(0, 0.1, size=300) - 0.9 * wide[:, 0]
    three = (wide[:, 0] > 0).astype(int) + (wide[:, 3] > 0)
    seen = []

    def flawed(rows):
        """A poor model with three classes, which column 1 misleads; it keeps what it was asked."""
        rows = np.array(rows, "float64")
        seen.append(rows)
        return (rows[:, 0] + rows[:, 1] > 0).astype(int) + (rows[:, 3] > 0)

    base = np.mean(flawed(wide) == three)
    seen.clear()
    result = np.asarray(permutation_importance(flawed, wide.copy(), three, repeats=7), "float64")
    check.shape(result, (4,), "With four columns there are four numbers.")
    falls = {c: [] for c in range(4)}
    for one in np.concatenate(seen).reshape(-1, 300, 4):
        for c in np.flatnonzero([not np.allclose(one[:, c], wide[:, c], atol=1e-5) for c in range(4)]):
            falls[c].append(base - np.mean(flawed(one) == three))
    check.true(
        all(len(each) == 7 for each in falls.values()),
        "With repeats=7 each column is shuffled seven times: use `repeats`.",
    )
    expected = np.array([np.mean(falls[c]) for c in range(4)])
    hint = "Base is the model's *own* accuracy on the inputs as they are, not 1."
    check.true(not np.allclose(result, expected + 1 - base), hint)
    hint = "Column 1 *misleads* this model: shuffled, the accuracy rises, and the importance is negative. No absolute value, nothing cut off at 0."
    check.true(not (result[1] >= 0 and np.allclose(result[[0, 3]], expected[[0, 3]])), hint)
    hint = "A model with three classes (0, 1, 2) that is often wrong: compare its class numbers with the *true* answers, `predict(…) == answers`, and subtract, base − after."
    check.close(result, expected, hint)
    again = permutation_importance(flawed, wide.copy(), three, repeats=7)
    hint = "Called twice with seed 0, it gave two results: 0 is a seed like any other."
    check.close(again, result, hint)

# %% [markdown] tags=["solution"]
# **Discussion.** `sklearn.inspection.permutation_importance` does this for models of scikit-learn. An importance slightly below zero is no error: by luck the shuffled column was a little better than the true one, which means that it is worth nothing. The spread over the repeats says how far to trust the mean; the lesson draws it as a whisker.

# %% [markdown]
# ## Exercise 2 · A leak: the same animal on both sides
#
# Difficulty ●●○○○ · Importance ●●●●● · 15 minutes
#
# Somebody "enlarged" a data set with mirrored and darkened copies and *then* split it at random. The test score looks wonderful. Find the twins: compare every picture to learn from with every picture of the test by the **cosine** of their features,
# $\cos = \frac{a \cdot b}{|a|\,|b|}$. Of a picture and its mirrored, darkened copy it is still large: for our hundred animals between 0.81 and 1, where 1 would be the very same direction.
#
# <details><summary>Hint 1</summary>
#
# Divide every row by its length; then one matrix product gives all cosines at once, of shape (pictures to learn from, test pictures).
#
# </details>
# <details><summary>Hint 2</summary>
#
# `a = learn / np.linalg.norm(learn, axis=1, keepdims=True)`, `b` the same; `np.argwhere(a @ b.T >= threshold)` is the list of pairs, in the right order.
#
# </details>


# %%
def find_twins(learn, test, threshold=0.8):
    """Find pairs of a picture to learn from and a test picture that are (nearly) the same.

    Args:
        learn: features of the pictures to learn from, (pictures, numbers); no row is all zeros.
        test: features of the test pictures, (other pictures, numbers).
        threshold: smallest cosine that counts as a twin.

    Returns:
        Integer array (pairs, 2): number in `learn`, number in `test`, ordered by the first, then the second; (0, 2) if there are none.
    """
    ### BEGIN SOLUTION
    a = learn / np.linalg.norm(learn, axis=1, keepdims=True)
    b = test / np.linalg.norm(test, axis=1, keepdims=True)
    return np.argwhere(a @ b.T >= threshold)
    ### END SOLUTION


# %%
with check("find_twins", points=2):
    a = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [3.0, 4.0, 0.0], [0.0, 0.1, 0.0]])
    b = np.array([[0.0, 5.0, 0.0], [-2.0, 0.0, 0.0], [6.0, 8.0, 0.5], [30.0, 40.0, 0.0], [1.0, 1.0, 1.0]])
    wanted = [[1, 0], [2, 2], [2, 3], [3, 0]]
    given = a.copy(), b.copy()
    found = find_twins(*given, threshold=0.99)
    check.true(found is not None, "Your function returned None: does it end in `return`?")
    check.true(
        np.array_equal(given[0], a) and np.array_equal(given[1], b),
        "Your function changed its inputs: no `/=` on what you were given.",
    )
    found = np.asarray(found)
    hint = (
        "No pair was found, but with threshold 0.99 there are four. "
        "A cosine divides by the lengths of *these two* rows, of no others."
    )
    check.true(found.shape != (0,), hint)
    check.true(found.dtype.kind != "f", "Return whole numbers: the numbers of the pictures are integers.")
    check.true(found.dtype != bool, "Return the *numbers* of the pairs, not True and False: `np.argwhere`.")
    check.true(found.ndim == 2 and found.shape[1] == 2, "Return an array of shape (pairs, 2): one row per pair.")
    rows = found.astype(int).tolist()
    hint = "The order in a pair: first the number in `learn`, then the number in `test`; yours are the other way round."
    check.true(sorted([q, p] for p, q in rows) != sorted(wanted), hint)
    hint = "Pictures 0 of learn and 1 of test point in *opposite* directions: a cosine of −1 is no twin. No absolute value."
    check.true([0, 1] not in rows, hint)
    got = {tuple(row) for row in rows}
    hint = "Picture 2 of learn has two twins in the test, 2 and 3, and picture 0 of the test has two in learn: report all pairs above the threshold, not the best of each."
    check.true(got not in ({(1, 0), (2, 2), (2, 3)}, {(1, 0), (2, 3), (3, 0)}, {(1, 0), (2, 2), (3, 0)}), hint)
    check.true(
        not {(0, 0), (1, 1), (3, 3)} <= got, "You compared `learn` with itself: its pictures with those of `test`."
    )
    hint = (
        "You compared only pictures with an equal or a higher number in `test`. The numbers say "
        "nothing: compare *every* row of `learn` with *every* row of `test`."
    )
    if got in ({(2, 2)}, {(2, 3)}, {(2, 2), (2, 3)}):  # is a lower number found if `test` is turned round?
        lower = any(q < p for p, q in np.asarray(find_twins(a, b[::-1], threshold=0.99)).reshape(-1, 2))
        check.true(lower, hint)
    hint = "Bright and dark copies are twins too: (0, 2, 0), (0, 5, 0) and (0, 0.1, 0) have the same direction. Divide *each row* by its own length (`axis=1, keepdims=True`); don't compare distances."
    check.true({(1, 0), (3, 0), (2, 3)} <= got, hint)
    hint = "A pair is missing: report all pairs of a learning picture and a test picture whose cosine reaches the threshold."
    check.true({(2, 2), (2, 3), (1, 0), (3, 0)} <= got, hint)
    check.true(
        [2, 4] not in rows and [1, 4] not in rows,
        "Test picture 4 is like no other: cosines up to 0.81 only. Did you divide by both lengths, and use the threshold?",
    )
    check.equal(sorted(rows), wanted, "With threshold 0.99 there are exactly four pairs.")
    check.equal(rows, wanted, "All pairs are there; order them by the number in `learn`, then in `test`.")
    strict = np.asarray(find_twins(a, b, threshold=0.9999)).tolist()
    check.equal(strict, [[1, 0], [2, 3], [3, 0]], "Use the parameter `threshold`: at 0.9999 the pair (2, 2) is out.")
    loose = np.asarray(find_twins(a, b, threshold=0.79)).tolist()
    hint = (
        "At threshold 0.79 more pairs count. Did you subtract each row's mean, as `np.corrcoef` "
        "does? That is the correlation; the cosine takes the rows as they are."
    )
    check.true(loose != wanted, hint)
    check.equal(
        loose,
        [[1, 0], [1, 2], [1, 3], [2, 0], [2, 2], [2, 3], [2, 4], [3, 0], [3, 2], [3, 3]],
        "At threshold 0.79 more pairs count.",
    )
    check.shape(find_twins(a[:1], b[:1]), (0, 2), "No twins: return an empty array of shape (0, 2).")
    hint = (
        "No twins: the empty array must hold integers, too (`dtype=int`). NumPy's empty arrays "
        "hold decimal numbers, and with those nobody can pick pictures."
    )
    check.true(np.asarray(find_twins(a[:1], b[:1])).dtype.kind in "iu", hint)
    long = np.array([[1.0, 0, 0, 0, 0], [1.0, 0, 0, 0, 0.028], [0, 0, 0, 2.0, 1.0]])
    other = np.array([[1.0, 0, 0, 9.0, 0], [2.0, 0, 0, 0, 0], [0, 1.0, 0, 0, 0]])
    hint = "Codes of five numbers: all of them count, in the lengths as well as in the product."
    check.equal(np.asarray(find_twins(long, other, threshold=0.5)).tolist(), [[0, 1], [1, 1], [2, 0]], hint)
    hint = "A cosine of 0.9996 is below the threshold 0.9999: don't round."
    check.equal(np.asarray(find_twins(long, other, threshold=0.9999)).tolist(), [[0, 1]], hint)
    hint = "A pair whose cosine *is* the threshold counts (at right angles it is 0, and the threshold here is 0): >=."
    check.equal(np.asarray(find_twins(long[:1], other[2:], threshold=0.0)).tolist(), [[0, 0]], hint)
    random = np.random.default_rng(1)
    darkened = body.predict(0.8 * paper[:, :, ::-1], verbose=0).mean(axis=(1, 2))
    everything = np.concatenate([features, darkened])
    owner = np.tile(np.arange(100), 2)
    order = random.permutation(200)
    learn, test = order[:150], order[150:]
    pairs = np.asarray(find_twins(everything[learn], everything[test], threshold=0.8))
    same = owner[learn[pairs[:, 0]]] == owner[test[pairs[:, 1]]]
    present = sum(owner[k] in owner[learn] for k in test)
    print(
        f"{present} of 50 test pictures have their mirrored, darkened copy in the learning part; found {same.sum()}, and {np.sum(~same)} other look-alikes"
    )
    check.true(same.sum() >= 0.6 * present, "On real features most of the planted copies are not found.")
    check.true(np.sum(~same) < 500, "On real features hundreds of pairs are reported that have nothing in common.")

# %% [markdown] tags=["solution"]
# **Discussion.** The remedy is not to throw pairs away until the score looks right but to split *before* anything is copied, and by the thing that must not be on both sides: the animal, the patient, the camera, the day. A search for twins is the check afterwards. It finds look-alikes as well, which is
# worth a look with the eye: two photographs of one animal a second apart are twins, too. For millions of pictures, compare short hashes instead of all pairs.

# %% [markdown]
# ## Exercise 3 · Thaw the top, and not the norms
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# Before fine-tuning, every layer must be told whether it may learn. From the layer called `first` on (in the order of `model.layers`) all layers may, **except batch normalisation**; all layers before it are frozen. The model may come with any mixture of frozen and free layers, or even frozen as a whole (`model.trainable` is False).
#
# <details><summary>Hint 1</summary>
#
# Set every layer's own `trainable`, to True or to False. `model.trainable = False` as a whole freezes the *model*: then nothing in it is trainable, whatever you say about single layers afterwards.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `model.trainable = True`, `started = False`; in the loop over `model.layers`: `started = started or layer.name == first`, then `layer.trainable = started and not isinstance(layer, layers.BatchNormalization)`. Sum `int(np.prod(w.shape))` over `model.trainable_weights`.
#
# </details>


# %%
def thaw_from(model, first):
    """Prepare a model for fine-tuning, in place.

    Args:
        model: a functional Keras model.
        first: name of the first layer that may learn.

    Returns:
        How many numbers of the model may learn now (single weights, not arrays).
    """
    ### BEGIN SOLUTION
    model.trainable = True
    started = False
    for layer in model.layers:
        started = started or layer.name == first
        layer.trainable = started and not isinstance(layer, layers.BatchNormalization)
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    ### END SOLUTION


# %%
def toy_model():
    """A small model with two batch normalisations that do not say so in their names."""
    inputs = keras.Input((8, 8, 3), name="picture")
    x = layers.Conv2D(4, 3, name="low")(inputs)
    x = layers.BatchNormalization(name="low_second")(x)
    x = layers.Conv2D(5, 3, use_bias=False, name="middle")(x)
    x = layers.BatchNormalization(name="middle_second")(x)
    x = layers.Conv2D(6, 1, name="high")(layers.ReLU(name="relu")(x))
    return keras.Model(inputs, layers.Dense(2, name="answer")(layers.GlobalAveragePooling2D(name="pool")(x)))


# %%
with check("thaw_from", points=2):
    model = toy_model()
    before = [weight.copy() for weight in model.get_weights()]
    count = thaw_from(model, "middle")
    check.true(count is not None, "Your function returned None: return the number of weights that may learn.")
    free = [layer.name for layer in model.layers if layer.weights and layer.trainable and layer.trainable_weights]
    hint = "Nothing may learn now. Did you set `model.trainable = False`? That freezes the model as a whole, whatever its layers say."
    check.true(len(model.trainable_weights) > 0, hint)
    hint = (
        "Batch normalisation was thawed with the others, or left free: it must keep the statistics "
        "of ImageNet's pictures. Ask `isinstance`, not the name; and don't just skip it, set its "
        "`trainable` to False."
    )
    check.true("middle_second" not in free, hint)
    check.true(
        "low_second" not in free,
        "The batch normalisation *before* `first` may still learn: all layers before it are frozen, too.",
    )
    check.true("low" not in free, "The layer `low` comes before `first` and may still learn: freeze all layers before.")
    check.true("middle" in free, "The layer called `first` itself may learn: your thaw begins one layer too late.")
    check.true("answer" in free and "high" in free, "*All* layers from `first` on may learn, to the end of the model.")
    check.true(
        all(np.array_equal(x, y) for x, y in zip(before, model.get_weights(), strict=True)),
        "The weights themselves must not change.",
    )
    wanted = 3 * 3 * 4 * 5 + (5 * 6 + 6) + (6 * 2 + 2)
    check.true(
        not np.array_equal(count, len(model.trainable_weights)),
        f"{count} is the number of *arrays*: sum up the single weights in them.",
    )
    check.true(
        not np.array_equal(count, model.count_params()),
        "That is the number of all weights: count only those that may learn.",
    )
    check.equal(count, wanted, "180 in `middle`, 36 in `high`, 14 in `answer`.")
    check.equal(
        thaw_from(model, "answer"), 14, "Called again with a later layer: what was free before must be frozen now."
    )
    check.equal(
        thaw_from(model, "low"),
        wanted + 3 * 3 * 3 * 4 + 4,
        "Called with the first layer: what was frozen before must be thawed.",
    )
    model.trainable = False
    check.equal(
        thaw_from(model, "high"),
        50,
        "The model came to you frozen as a whole (`model.trainable = False`): set it back to True "
        "first, *before* the loop; at the end that would free all its layers again.",
    )
    alike = keras.Sequential([keras.Input((2,)), layers.Dense(3, name="block12"), layers.Dense(4, name="block1")])
    hint = "From the layer called `first` on: the *whole* name counts; `block12` is not `block1`."
    check.equal(thaw_from(alike, "block1"), 16, hint)
    upper = thaw_from(network, "block6a_expand_conv")
    share = upper / network.count_params()
    print(
        f"EfficientNet-Lite0 from block 6 on, without norms: {upper:,} of {network.count_params():,} weights ({100 * share:.0f} %)"
    )
    norms = [layer for layer in network.layers if isinstance(layer, layers.BatchNormalization)]
    hint = (
        "In EfficientNet some batch normalisations may still learn. Set the *layer's* `trainable` "
        "to False: with γ and β alone frozen, its moving averages still move."
    )
    check.true(not any(layer.trainable for layer in norms), hint)
    place = [layer.name for layer in network.layers].index("block6a_expand_conv")
    free = [layer for layer in network.layers[place:] if layer.weights and layer not in norms]
    hint = "In EfficientNet some layers after `first` stay frozen: *all* kinds of layers may learn (depthwise convolutions, too), except batch normalisation."
    check.equal(upper, sum(layer.count_params() for layer in free), hint)
    rare = [keras.Input((2,)), layers.LayerNormalization(name="norm"), layers.PReLU(name="bend")]
    hint = (
        "`LayerNormalization` has 4 weights and `PReLU` 2, though neither has a kernel, and all "
        "may learn: only *batch* normalisation stays frozen."
    )
    check.equal(thaw_from(keras.Sequential(rare), "norm"), 6, hint)
    for name in ("middle_second", "relu"):
        hint = (
            f"`first` is `{name}` now: whatever kind of layer bears that name, the thaw begins "
            "there (36 in `high`, 14 in `answer`). Compare the name before you skip a layer; "
            "but a batch normalisation stays frozen, even if it is `first` itself."
        )
        check.equal(thaw_from(toy_model(), name), 50, hint)
    model = toy_model()
    thaw_from(model, "middle")
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    old = {layer.name: layer.get_weights() for layer in model.layers}
    pictures = np.random.default_rng(0).normal(size=(8, 8, 8, 3)).astype("float32")
    model.train_on_batch(pictures, np.ones((8, 2), "float32"))
    moved = {
        name
        for name, arrays in old.items()
        for x, y in zip(arrays, model.get_layer(name).get_weights(), strict=True)
        if not np.array_equal(x, y)
    }
    check.equal(
        sorted(moved),
        ["answer", "high", "middle"],
        "After one training step exactly these layers should have changed; the moving averages of the norms should not.",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** In Keras a frozen batch normalisation also *runs* in inference mode; that is why the moving averages stood still in the last check. Set `trainable` before `compile`, or compile again: what may learn is settled there. And look at the count: one wrong line and you train all or nothing, without any message.

# %% [markdown]
# ## Exercise 4 · How many layers to unfreeze?
#
# Difficulty ●●●○○ · Importance ●●●●○ · 15 minutes
#
# You fine-tuned with 0, 1, 2, … blocks thawed, each in the same folds, and have a table of validation accuracies. The best mean is a little better than the others, as the best of many always is, even if all are equal. So take the **one-standard-error rule**: find the option with the best mean, take the standard error of *its* mean (standard deviation over its folds with `ddof=1`, divided by $\sqrt{\text{folds}}$), and choose the *smallest* number of blocks whose mean is
# not below best mean − standard error. Less thawed is cheaper and forgets less.
#
# <details><summary>Hint 1</summary>
#
# Means along `axis=1`; `argmax` says which option is best (the first of them, if several are equal). Its standard error comes from its own row alone.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `limit = means[best] - scores[best].std(ddof=1) / np.sqrt(scores.shape[1])`; the answer is the first option with `means >= limit`: `int(np.argmax(means >= limit))`.
#
# </details>


# %%
def choose_depth(scores):
    """Choose how many blocks to thaw.

    Args:
        scores: validation accuracies, array (options, folds) or list of lists; row k belongs to k thawed blocks.

    Returns:
        The number of blocks, an integer. (If several options have the same best mean, the first of them is the best.)
    """
    ### BEGIN SOLUTION
    scores = np.asarray(scores)
    means = scores.mean(axis=1)
    best = np.argmax(means)
    limit = means[best] - scores[best].std(ddof=1) / np.sqrt(scores.shape[1])
    return int(np.argmax(means >= limit))
    ### END SOLUTION


# %%
with check("choose_depth"):
    table = np.array(
        [[0.80, 0.80, 0.80, 0.80], [0.88, 0.90, 0.88, 0.90], [0.90, 0.86, 0.94, 0.90], [0.90, 0.90, 0.89, 0.905]]
    )
    given = table.copy()
    found = choose_depth(given)
    check.true(found is not None, "Your function returned None: does it end in `return`?")
    check.true(np.array_equal(given, table), "Your function changed the table.")
    check.true(np.ndim(found) == 0, "Return one number: how many blocks.")
    check.true(not np.array_equal(found, 0.89), "You returned the accuracy: wanted is the *number of blocks*, the row.")
    hint = "2 has the best mean, but 1 is within one standard error of it (of the *best* row's, .0163) and cheaper: the rule takes the smallest number that is good enough."
    check.true(found != 2, hint)
    check.true(found != 3, "Option 3 is good enough, and so is 1: take the *smallest* number of blocks.")
    check.equal(found, 1, "Means .80, .89, .90, .899; the best row's standard error is .0163, so the limit is .8837.")
    hint = (
        "Limit .8837, and 0 blocks have .872. Did you take the standard *deviation* over the "
        "folds? The standard error is that divided by the root of the number of folds; and it is "
        "taken once, not 1.96 times."
    )
    wide = np.array([[0.872, 0.872, 0.872, 0.872], [0.90, 0.86, 0.94, 0.90]])
    check.equal(choose_depth(wide), 1, hint)
    edge = np.array([[0.885, 0.885, 0.885, 0.885], [0.90, 0.86, 0.94, 0.90]])
    hint = (
        "Limit .8837: .885 is above it, so 0 blocks will do. (With `ddof=0` the limit would be "
        ".8859: divide by folds − 1 inside the standard deviation, `ddof=1`. And only the numbers "
        "of the best row count, not the whole table or the means.)"
    )
    check.equal(choose_depth(edge), 0, hint)
    skewed = np.array([[0.5, 0.9, 0.9, 0.9], [0.80, 0.82, 0.84, 0.86]])
    check.equal(
        choose_depth(skewed),
        1,
        "Compare the *means* over the folds, not the medians, by the best row's own standard error: .80 against .83, limit .817.",
    )
    noisy_low = np.array([[0.6, 0.9, 0.95, 0.95], [0.90, 0.90, 0.90, 0.91]])
    check.equal(
        choose_depth(noisy_low),
        1,
        "The standard error is that of the *best* option, not of the one it is compared with, and not the largest.",
    )
    shifted = np.array([[0.7, 0.9, 0.7], [0.72, 0.93, 0.72], [0.80, 0.81, 0.79], [0.80, 0.80, 0.80]])
    check.equal(choose_depth(shifted), 2, "More options than folds: the mean of an option is along its row, `axis=1`.")
    check.equal(
        choose_depth([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]),
        0,
        "All the same, no spread: then the limit is the best mean itself, and 0 blocks reach it (not below: >=).",
    )
    check.equal(
        choose_depth([[0.95, 0.94], [0.5, 0.5], [0.96, 0.93]]),
        0,
        "Lists of lists are allowed; and option 0 reaches the limit, whatever lies between it and the best.",
    )
    check.equal(choose_depth([[0.1, 0.2], [0.8, 0.9], [0.5, 0.6]]), 1, "Accuracies: the largest mean is the best.")
    gap = [[0.70, 0.90, 0.80], [0.6, 0.61, 0.6], [0.80, 0.95, 0.74]]
    check.equal(
        choose_depth(gap), 0, "Option 0 is good enough, whatever lies between it and the best: ask every option."
    )
    random = np.random.default_rng(0)
    for options, count in ((2, 9), (5, 3), (7, 5), (4, 12), (3, 2)) * 12:
        many = random.normal(0.8, 0.03, size=(options, count))
        means, best = many.mean(axis=1), many.mean(axis=1).argmax()
        limit = means[best] - many[best].std(ddof=1) / count**0.5
        hint = f"{options} options, {count} folds: the standard error divides by the root of the number of *folds*, and the *smallest number* of blocks wins that is not below the limit, not the smallest mean."
        check.equal(choose_depth(many), int(np.flatnonzero(means >= limit)[0]), hint)
    hint = (
        "1 and 2 have the same best mean, .75: the *first* of them is the best, and its standard "
        "error alone counts. It is 0 here, so .70 is not good enough."
    )
    check.equal(choose_depth([[0.70, 0.70], [0.75, 0.75], [0.50, 1.00]]), 1, hint)

# %% [markdown] tags=["solution"]
# **Discussion.** The rule comes from Breiman and others (*Classification and Regression Trees*, 1984), for pruning trees. It guards against the winner's curse: the best of ten noisy means is best partly by luck. And note what the table must hold: *validation* accuracies. If you choose by the test, there is no honest number left to report.

# %% [markdown]
# ## Exercise 5 · Grad-CAM
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# You get the maps $A$ of a layer and the slopes $\partial s / \partial A$ of each picture's score. Return the heat: $\alpha_k$ is the mean slope of channel $k$ over all places of that picture; heat = ReLU$(\sum_k \alpha_k A^k)$; then divide each picture's heat by its own largest value, so that it lies between 0 and 1. If nothing speaks for the class, the heat is 0 everywhere, and stays 0.
#
# <details><summary>Hint 1</summary>
#
# The axes are (pictures, height, width, channels). Average the slopes over axes 1 and 2; keep them with `keepdims=True`, and they fit to the maps by broadcasting.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `alpha = slopes.mean(axis=(1, 2), keepdims=True)`, `heat = np.maximum((alpha * maps).sum(axis=-1), 0)`, `top = heat.max(axis=(1, 2), keepdims=True)`, and `heat / np.where(top > 0, top, 1)`.
#
# </details>


# %%
def grad_cam(maps, slopes):
    """Grad-CAM's heat maps.

    Args:
        maps: array (pictures, height, width, channels), what a layer says.
        slopes: array of the same shape: slope of each picture's score with respect to its maps.

    Returns:
        Array (pictures, height, width), each picture's heat from 0 to 1; all 0 where nothing speaks for the class.
    """
    ### BEGIN SOLUTION
    alpha = slopes.mean(axis=(1, 2), keepdims=True)
    heat = np.maximum((alpha * maps).sum(axis=-1), 0)
    top = heat.max(axis=(1, 2), keepdims=True)
    return heat / np.where(top > 0, top, 1)
    ### END SOLUTION


# %%
def animal_maps(pictures, layer_name="block6d_out"):
    """Given: maps and slopes of the score log(p(animal) / p(no animal)) of ImageNet's network, for the check."""
    import tensorflow as tf

    below = keras.Model(network.input, network.get_layer(layer_name).output)
    above = keras.Model(network.get_layer(layer_name).output, network.output)
    maps = ops.convert_to_tensor(below.predict(pictures, verbose=0))
    with tf.GradientTape() as tape:
        tape.watch(maps)
        probability = above(maps, training=False)
        animal = ops.sum(probability[:, :398], axis=1)  # ImageNet's first 398 classes are animals
        score = ops.sum(ops.log(animal + 1e-6) - ops.log(1 - animal + 1e-6))
    return ops.convert_to_numpy(maps), ops.convert_to_numpy(tape.gradient(score, maps))


# %%
with check("grad_cam", points=3):
    random = np.random.default_rng(0)
    maps, slopes = random.normal(size=(3, 4, 5, 6)), random.normal(size=(3, 4, 5, 6))
    maps[1] *= 10
    given = maps.copy(), slopes.copy()
    found = grad_cam(*given)
    check.shape(found, (3, 4, 5), "One heat map per picture: sum over the channels, the last axis.")
    found = np.asarray(found, "float64")
    check.true(np.array_equal(given[0], maps) and np.array_equal(given[1], slopes), "Your function changed its inputs.")
    hint = (
        "Some of the heat is no number (NaN): 0 was divided by 0. Divide by the largest value of "
        "the whole picture, over height *and* width, `axis=(1, 2)`."
    )
    check.true(not np.isnan(found).any(), hint)

    def heated(raw, cut=lambda h: np.maximum(h, 0)):
        heat = cut(raw)
        return heat / heat.max(axis=(1, 2), keepdims=True)

    alpha = slopes.mean(axis=(1, 2), keepdims=True)
    raw = (alpha * maps).sum(axis=-1)
    mistakes = {
        "You multiplied every place with its own slope. Grad-CAM first averages the slopes over the places: one weight per channel.": heated((slopes * maps).sum(axis=-1)),
        "You averaged the slopes over the *channels*: average over height and width, one weight per channel remains.": heated((slopes.mean(axis=-1, keepdims=True) * maps).sum(axis=-1)),
        "The averages run over all pictures: each picture has weights of its own (no axis 0 in the mean).": heated((slopes.mean(axis=(0, 1, 2)) * maps).sum(axis=-1)),
        "You took the absolute value: what speaks *against* the class is to be cut off, not turned round.": heated(raw, np.abs),
        "The ReLU comes after the sum over the channels, not on the weights.": heated((np.maximum(alpha, 0) * maps).sum(axis=-1)),
        "The ReLU comes after the sum, not on each channel before it.": heated(np.maximum(alpha * maps, 0).sum(axis=-1)),
        "You took the largest slope of a channel as its weight: it is the mean over the places.": heated((slopes.max(axis=(1, 2), keepdims=True) * maps).sum(axis=-1)),
        "The slopes were not used: these are the summed maps.": heated(maps.sum(axis=-1)),
        "You exchanged maps and slopes: the *slopes* are averaged, the maps keep their places.": heated((maps.mean(axis=(1, 2), keepdims=True) * slopes).sum(axis=-1)),
    }  # fmt: skip
    for hint, theirs in mistakes.items():
        check.true(not np.allclose(found, theirs, atol=1e-6), hint)
    hint = "The heat was not brought to 0…1: divide each picture's heat by its largest value."
    check.true(
        not np.allclose(found, np.maximum(raw, 0))
        and not np.allclose(found, np.maximum(raw.mean(axis=-1) if raw.ndim > 3 else raw / 6, 0)),
        hint,
    )
    one = np.maximum(raw, 0) / np.maximum(raw, 0).max()
    check.true(
        not np.allclose(found, one),
        "You divided by the largest value of *all* pictures: each has its own, `axis=(1, 2), keepdims=True`.",
    )
    check.true(found.min() > -1e-9, "There is negative heat: the ReLU is missing.")
    low = raw - raw.min(axis=(1, 2), keepdims=True)
    check.true(
        not np.allclose(found, low / low.max(axis=(1, 2), keepdims=True)),
        "Instead of cutting off what is negative you moved everything up: ReLU, then divide by the maximum.",
    )
    check.close(
        found,
        heated(raw),
        "Mean slope per picture and channel, weighted sum of the maps, ReLU, divided by the picture's maximum.",
    )
    with np.errstate(all="ignore"):
        cold = np.asarray(grad_cam(np.ones((2, 3, 3, 2)), np.stack([-np.ones((3, 3, 2)), np.ones((3, 3, 2))])))
    check.true(
        np.isfinite(cold).all(),
        "Nothing speaks for the first picture's class, and you divided by 0: the heat must stay 0.",
    )
    check.close(
        cold,
        np.stack([np.zeros((3, 3)), np.ones((3, 3))]),
        "First picture: all slopes negative, no heat. Second: even heat 1.",
    )
    tiny = grad_cam(1e-5 * maps[:1], 1e-5 * slopes[:1])
    check.close(
        tiny,
        found[:1],
        "The same picture with maps and slopes a hundred thousand times smaller has the same heat: "
        "no constant in the divisor, neither added nor as its smallest value. Ask whether it is 0.",
    )

    places = [(0, 0), (0, 48), (48, 48), (48, 0)]
    chosen = [int(np.flatnonzero(titles == name)[0]) for name in ("tiger", "toucan", "elephant", "pelican")]
    ground = data.load("photographs")["china"][40:136, 140:236].astype("float32")
    scenes, masks = np.repeat(ground[None], 4, axis=0), np.zeros((4, 96, 96))
    for k, (row, column), scene, mask in zip(chosen, places, scenes, masks, strict=True):
        cover, colours = opacity[k, ::2, ::2], rgba[k, ::2, ::2, :3]
        scene[row : row + 48, column : column + 48] *= 1 - cover
        scene[row : row + 48, column : column + 48] += cover * colours
        mask[row : row + 48, column : column + 48] = cover[..., 0]
    heat = ops.convert_to_numpy(
        ops.image.resize(np.asarray(grad_cam(*animal_maps(scenes)))[..., None].astype("float32"), (96, 96))
    )[..., 0]
    inside = (heat * masks).sum() / heat.sum()
    figure, panels = plt.subplots(1, 4, figsize=(9, 2.5))
    for axes, scene, each, k in zip(panels, scenes, heat, chosen, strict=True):
        axes.imshow(scene.astype("uint8"))
        axes.imshow(each, cmap="inferno", alpha=0.5)
        axes.set_title(titles[k], fontsize=9)
        axes.axis("off")
    plots.show(
        figure,
        alt=f"Four animals, each in one quarter of a photograph of a temple, with Grad-CAM's heat; {100 * inside:.0f} % of the heat lies on the animals, which cover {100 * masks.mean():.0f} %.",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Averaging the slopes over the places looks like a loss, and is the point: single slopes are noisy, their mean says what the channel is *for*. If the layer is the last before global average pooling and one dense layer, the slopes of a channel are the same at all places, namely the dense weight divided by the number of places; Grad-CAM is then the older CAM ([Zhou and others, 2016](https://arxiv.org/abs/1512.04150)).

# %% [markdown]
# ## Exercise 6 · The contrastive loss
#
# Difficulty ●●○○○ · Importance ●●●○○ · 10 minutes
#
# Codes of two pictures per pair, and whether they show the same thing. With the Euclidean distance $d$ of the two codes of a pair: $L = \text{same} \cdot d^2 + (1 - \text{same}) \cdot \max(0,\, m - d)^2$, averaged over the pairs.
#
# <details><summary>Hint 1</summary>
#
# The distance is one number per pair: root of the *sum* of squared differences along `axis=1`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `d = np.linalg.norm(first - second, axis=1)`; then `np.mean(same * d**2 + (1 - same) * np.maximum(0, margin - d) ** 2)`.
#
# </details>


# %%
def contrastive_loss(first, second, same, margin=1.0):
    """Mean contrastive loss.

    Args:
        first, second: codes of the two pictures of each pair, arrays (pairs, numbers).
        same: 1 where a pair shows the same thing, 0 where not, (pairs,).
        margin: from this distance on, different things are far enough apart.

    Returns:
        One number.
    """
    ### BEGIN SOLUTION
    distance = np.linalg.norm(first - second, axis=1)
    return np.mean(same * distance**2 + (1 - same) * np.maximum(0, margin - distance) ** 2)
    ### END SOLUTION


# %%
with check("contrastive_loss"):
    first = np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 1.0], [0.5, 0.0]])
    second = np.array([[0.3, 0.4], [0.3, 0.4], [1.0, 1.0], [3.5, 4.0]])
    given = first[:1].copy(), second[:1].copy()
    found = contrastive_loss(*given, np.array([1]))
    hint = "Your function changed the codes it was given: no `-=` on them."
    check.true(np.array_equal(given[0], first[:1]) and np.array_equal(given[1], second[:1]), hint)
    check.true(found is not None, "Your function returned None: does it end in `return`?")
    check.true(np.ndim(found) == 0, "Return one number: the mean over the pairs.")
    check.true(not np.isclose(found, 0.5), "For the same thing the distance is *squared*: 0.5² = 0.25.")
    check.true(
        not np.isclose(found, 0.125),
        "The distance is the root of the *sum* of the squared differences along `axis=1`, not of their mean; and there is no factor ½ in our loss.",
    )
    check.close(found, 0.25, "One pair of the same thing at distance 0.5: 0.5² = 0.25.")
    wide = contrastive_loss(first[:1], second[:1], np.array([1]), margin=3.0)
    check.true(not np.isclose(wide, 6.25), "You exchanged same and different: same = 1 takes the squared distance.")
    check.close(wide, 0.25, "The margin has no say for pairs of the same thing.")
    far = contrastive_loss(first[:1], second[:1], np.array([1]), margin=0.2)
    check.close(far, 0.25, "The margin has no say for pairs of the same thing.")
    different = contrastive_loss(first[3:], second[3:], np.array([0]))
    check.close(
        different,
        0.0,
        "Different things at distance 5, margin 1: far enough apart, so the loss is 0. Cut off with max(0, …) *before* squaring.",
    )
    near = contrastive_loss(first[2:3], second[2:3], np.array([0]), margin=2.0)
    check.true(not np.isclose(near, 1.0), "Use the parameter `margin`.")
    check.true(not np.isclose(near, 2.0), "For different things (margin − distance) is squared, too: 2² = 4.")
    check.close(near, 4.0, "Different things at distance 0 with margin 2: (2 − 0)² = 4.", tolerance=1e-3)
    half = contrastive_loss(first[1:2], second[1:2], np.array([0]), margin=2.0)
    check.true(
        not np.isclose(half, 1.75) and not np.isclose(half, 1.75**2),
        "The margin is compared with the distance, not with its square: (2 − 0.5)² = 2.25.",
    )
    check.close(half, 2.25, "Different things at distance 0.5 with margin 2: (2 − 0.5)² = 2.25.")
    mixed = contrastive_loss(first, second, np.array([1, 0, 1, 0]))
    check.true(not np.isclose(mixed, 0.5), "That is the sum over the pairs: take the mean.")
    check.close(mixed, 0.125, "Four pairs: 0.25, 0.25, 0 and 0, on average 0.125.")
    random = np.random.default_rng(0)
    a, b, same = random.normal(size=(50, 7)), random.normal(size=(50, 7)), random.integers(0, 2, 50)
    gaps = np.sqrt(((a - b) ** 2).sum(axis=1))
    expected = np.where(same == 1, gaps**2, np.maximum(0, 4 - gaps) ** 2).mean()
    check.close(
        contrastive_loss(a, b, same, margin=4),
        expected,
        "On 50 random pairs with seven numbers each and margin 4 the loss differs. Is `margin` used everywhere, also where the loss is cut off?",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** In training, Keras computes the same with its own operations, so that gradients flow. At distance 0 the slope of the *root* is infinite; the lesson adds 1e-9 under it. Later losses compare three pictures at once (*triplet loss*) or a whole batch (*InfoNCE*, behind CLIP); the idea is the same: near if the same, far if not.

# %% [markdown]
# ## Exercise 7 · A one-shot classifier
#
# Difficulty ●●●○○ · Importance ●●●●○ · 15 minutes
#
# One reference picture per thing, given as codes, and the things' names. For each query, return the name of the nearest reference by Euclidean distance; but if even the nearest is *farther* away than `limit`, the answer is `"unknown"`. The check takes 50 animals as an album (the references with their names), lets you recognise them mirrored and moved, and asks about 50 strangers, which are not in the album.
#
# <details><summary>Hint 1</summary>
#
# You need all distances, shape (queries, references): give the two arrays axes of their own, `queries[:, None]` and `references[None]`, subtract, and take the length along the last axis.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `distance = np.linalg.norm(queries[:, None] - references[None], axis=2)`; nearest: `distance.argmin(axis=1)`. Build the answers in a Python list; a NumPy array of short names would cut "unknown" off.
#
# </details>


# %%
def one_shot(references, names, queries, limit=np.inf):
    """Recognise things from one example each.

    Args:
        references: codes, one per thing, array (things, numbers).
        names: their names, list of texts or array.
        queries: codes of the pictures to recognise, array (queries, numbers).
        limit: largest distance at which a thing is recognised.

    Returns:
        List of texts, one per query: a name, or "unknown".
    """
    ### BEGIN SOLUTION
    distance = np.linalg.norm(queries[:, None] - references[None], axis=2)
    nearest = distance.argmin(axis=1)
    return [str(names[k]) if row[k] <= limit else "unknown" for k, row in zip(nearest, distance, strict=True)]
    ### END SOLUTION


# %%
with check("one_shot", points=3):
    references = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 3.0]])
    queries = np.array([[1.0, 0.0], [8.0, 1.0], [0.0, 2.0], [100.0, 0.0], [0.0, 6.0]])
    found = one_shot(references, ["cat", "dog", "owl"], queries)
    check.true(found is not None, "Your function returned None: does it end in `return`?")
    check.true(
        np.ndim(found) == 1 and len(found) == 5,
        f"Five queries, so five answers; there are {np.size(found)}. Distances have the shape (queries, references).",
    )
    check.true(not isinstance(found[0], (int, np.integer)), "Return the *names*, not the numbers of the references.")
    given, names = (references.copy(), queries.copy()), ["cat", "dog", "owl"]
    one_shot(given[0], names, given[1], limit=2.5)
    kept = np.array_equal(given[0], references) and np.array_equal(given[1], queries) and len(names) == 3
    check.true(kept, "Your function changed what it was given (codes, or the list of names).")
    found = [str(each) for each in found]
    hint = (
        "Without a limit nothing is unknown: the default is infinite. (Or is a distance NaN? Take "
        "the codes as they are: the cat's, (0, 0), can't be divided by its length.)"
    )
    check.true("unknown" not in found, hint)
    check.true(found[0] == "cat" or found[1] == "dog", "Query 0 lies next to the cat: take the *smallest* distance.")
    hint = "Query 3 points towards the dog but lies far out; query 0 lies nearest to the cat, whose code is (0, 0). A dot product or cosine is no distance."
    check.true(found[0] == "cat", hint)
    check.equal(
        found,
        ["cat", "dog", "owl", "dog", "owl"],
        "Each query gets the name of its nearest reference by Euclidean distance.",
    )
    found = [str(each) for each in one_shot(references, ["cat", "dog", "owl"], queries, limit=2.5)]
    check.true(
        "unk" not in found,
        "“unknown” was cut off to “unk”: an array of three-letter names holds only three letters. Use a list.",
    )
    hint = 'What is too far away is called exactly "unknown", in small letters: not None.'
    check.true(set(found) <= {"cat", "dog", "owl", "unknown"}, hint)
    check.true(
        found[3] == "unknown", "Query 3 is 90 away from the nearest reference; the limit is 2.5, so it is unknown."
    )
    check.true(
        found[4] == "unknown",
        "Query 4 is 3 away from the owl, with limit 2.5: compare the nearest *distance* with the "
        "limit, the root of the *sum* of the squares, not of their mean.",
    )
    hint = (
        "Query 1 is 2.24 away from the dog and was called unknown: is the distance squared, or "
        "compared per number, or did you compare another one than the *nearest* with the limit?"
    )
    check.true(found[1] == "dog", hint)
    check.equal(found, ["cat", "dog", "owl", "unknown", "unknown"], "With limit 2.5 the last two are unknown.")
    found = [str(each) for each in one_shot(references, np.array(["cat", "dog", "owl"]), queries[4:], limit=3)]
    check.equal(
        found,
        ["owl"],
        "At distance 3 with limit 3 it is still known (farther than the limit: >), and names may be an array, queries a single row.",
    )
    long = [str(each) for each in one_shot(references[:2], ["elephant", "rhinoceros"], queries[:4], limit=2.5)]
    hint = "Long names were cut off: an array of texts has a fixed width. Collect the answers in a list."
    check.equal(long, ["elephant", "rhinoceros", "elephant", "unknown"], hint)
    found = [str(each) for each in one_shot(references[:1], ["cat"], queries[:2], limit=5)]
    check.equal(found, ["cat", "unknown"], "With one reference only.")
    found = one_shot(references, ["cat", "dog", "owl"], queries[[2, 2, 0, 1]], limit=2.2)
    hint = (
        "Two queries may be the same thing (both owls); and 2.24, the last query's distance to the "
        "dog, is more than the limit 2.2: don't round."
    )
    check.equal([str(each) for each in found], ["owl", "owl", "cat", "unknown"], hint)
    codes = features / np.linalg.norm(features, axis=1, keepdims=True)
    changed = np.roll(paper[:, :, ::-1], (5, -5), axis=(1, 2))
    changed_codes = body.predict(changed, verbose=0).mean(axis=(1, 2))
    changed_codes /= np.linalg.norm(changed_codes, axis=1, keepdims=True)
    album = np.arange(0, 100, 2)
    answers = np.array([str(each) for each in one_shot(codes[album], [f"{k}" for k in album], changed_codes[album])])
    right = np.mean(answers == album.astype(str))
    strangers = one_shot(codes[album], [f"{k}" for k in album], changed_codes[1::2], limit=0.55)
    refused = np.mean([str(each) == "unknown" for each in strangers])
    print(
        f"album of 50 animals, mirrored and moved queries: {100 * right:.0f} % recognised; of 50 strangers {100 * refused:.0f} % refused at limit 0.55"
    )
    check.true(right > 0.7, "On real codes too few animals are recognised.")
    check.true(
        refused > 0.5, "On real codes too few strangers are refused: is it the Euclidean distance of all numbers?"
    )

# %% [markdown] tags=["solution"]
# **Discussion.** No training at all: the frozen features of ImageNet are the codes, and a new animal costs one row in the album. A Siamese network (lesson, section 9) learns codes in which the changes that don't matter move a picture as little as possible. The limit is a decision about costs: a door that lets a stranger in is worse than one that asks twice.
