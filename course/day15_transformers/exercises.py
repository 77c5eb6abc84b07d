# %% [markdown]
# # Day 15 · Exercises: who may look at whom, and when to say nothing
#
# **Six exercises: you build masks and attention that survive every edge case, move positions by a rotation, turn temperature into "this many choices", take GPT-2's heads apart, write a chatbot that says "I don't know", and a memory that spares a language model most of its work.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The exercises do not depend on each
# other. Stuck for more than ten minutes? Fold out a hint.

# %% tags=["setup"]
import warnings

from utils import plots, pretrained, runtime
from utils.check import Exercises

import numpy as np
from keras import layers, ops
from matplotlib import pyplot as plt

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day15_transformers")

# %% [markdown]
# ## Exercise 1 · Who may look at whom
#
# Difficulty ●●●○○ · Importance ●●●●● · 30 minutes
#
# A language model that sees in training what it is to predict learns to copy, nothing else. Three rules together say whether position $i$ may look at position $j$:
#
# - $j$ does not lie behind $i$, that is, later in the text (itself it may see: from there the *next* piece is predicted);
# - $j$ lies inside the window: `window` positions (padding counts), $i$ itself included, counted backwards. `None` means no limit. ([Mistral 7B](https://arxiv.org/abs/2310.06825) has a window of 4,096.)
# - $j$ is text, not padding.
#
# Then write the attention that obeys such a mask, *any* mask. Its row $i$ says where query $i$ may look. A row in which nothing is allowed (padding in front of a text makes such rows) gives weights 0 and output 0, not "not a number".
#
# <details><summary>Hint 1</summary>
#
# `place = np.arange(length)`; then `place[:, None]` is $i$, `place[None, :]` is $j$, and `&` joins conditions. `is_text[:, None, :]` asks about $j$. In the attention, forbid *before* the softmax: a score so small that nothing is left of it.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `step = place[:, None] - place[None, :]`; `mask = (step >= 0) & is_text[:, None, :]`, and with a window `mask & (step < window)`. Attention: `scores = queries @ keys.swapaxes(-1, -2) / np.sqrt(keys.shape[-1])`; `scores = np.where(mask, scores, -1e9)`; softmax over the last axis (take off each row's largest first, or use `np.asarray(ops.softmax(scores))`); multiply the weights by `mask`, which empties the rows that may see nothing; then `weights @ values`.
#
# </details>


# %%
def look_mask(is_text, window=None):
    """Say who may look at whom.

    Args:
        is_text: boolean array (texts, length), False at padding.
        window: how many positions a position sees at most, itself included; None for no limit.

    Returns:
        Boolean array (texts, length, length): [text, i, j] is True if position i may look at position j.
    """
    ### BEGIN SOLUTION
    place = np.arange(is_text.shape[1])
    step = place[:, None] - place[None, :]
    near = step >= 0
    if window is not None:
        near = near & (step < window)
    return near[None] & is_text[:, None, :]
    ### END SOLUTION


def masked_attention(queries, keys, values, mask):
    """Scaled dot-product attention that looks only where it may.

    Args:
        queries: array (texts, rows, width).
        keys: array (texts, columns, width).
        values: array (texts, columns, size).
        mask: boolean array (texts, rows, columns), True where a query may look.

    Returns:
        Outputs (texts, rows, size), weights (texts, rows, columns). Both are 0 in a row in which nothing is allowed.
    """
    ### BEGIN SOLUTION
    scores = queries @ np.swapaxes(keys, -1, -2) / np.sqrt(keys.shape[-1])
    scores = np.where(mask, scores, -1e9)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = mask * weights / weights.sum(axis=-1, keepdims=True)
    return weights @ values, weights
    ### END SOLUTION


# %%
with check("causal_mask", points=2):
    everything = np.ones((1, 5), dtype=bool)
    found = look_mask(everything.copy())
    check.shape(found, (1, 5, 5), "One square per text: row i, column j.")
    hint = "Return True and False, not numbers that are added to the scores."
    check.true(np.isin(np.asarray(found, "float64"), (0, 1)).all(), hint)
    found = np.asarray(found, bool)
    hint = "Your mask is the opposite: True must mean *allowed*."
    check.true(not np.array_equal(~found[0], np.tril(np.ones((5, 5), dtype=bool))), hint)
    places = [(i, j) for i in range(5) for j in range(5)]
    hint = "The mask is transposed: row i is the one who looks, column j the one that is looked at. Position 0 sees only itself."
    check.true(not (found[0, 0].all() and not found[0, 4, 0]), hint)
    hint = "A position may look at itself, too: the diagonal is True. Only what lies behind it is hidden."
    check.true(found[0].diagonal().all(), hint)
    hint = "True must mean *allowed*; a position sees itself and what lies before it, nothing behind."
    check.true(not any(found[0, i, j] for i, j in places if j > i), hint)
    hint = "Without a window (`None`, the default) a position sees everything before it, from position 0 on."
    check.equal(found[0, 4].tolist(), [True] * 5, "That is row 4. " + hint)
    check.equal(found[0].tolist(), [[j <= i for j in range(5)] for i in range(5)], hint)
    found = np.asarray(look_mask(everything, window=2), bool)
    hint = "A window of 2 is the position itself and *one* before it; yours is wider."
    check.true(not found[0, 2, 0] and not found[0, 4, 1], hint)
    hint = "A window of 2: the position itself and the one before it, and still nothing behind."
    check.equal(found[0].tolist(), [[0 <= i - j < 2 for j in range(5)] for i in range(5)], hint)
    found = np.asarray(look_mask(everything, 1), bool)
    check.equal(found[0].tolist(), np.eye(5, dtype=bool).tolist(), "A window of 1 is the position itself alone.")
    found = np.asarray(look_mask(everything, 9), bool)
    hint = "A window longer than the text hides nothing of what lies before."
    check.equal(int(found.sum()), 15, hint)
    is_text = np.array([[True, True, True, False, False], [False, True, True, True, True]])
    given = is_text.copy()
    found = look_mask(given, 3)
    check.true(np.array_equal(given, is_text), "Your function changed the array it was given.")
    check.shape(found, (2, 5, 5), "Two texts, two squares: each has its own padding.")
    found = np.asarray(found, bool)
    hint = "Padding is not looked *at*: rule it out in the columns (j), not in the rows."
    check.true(not found[0, :, 3:].any() and not found[1, :, 0].any(), hint)
    hint = "The window counts *positions*, padding included: a window of 3 at position 3 is 1, 2 and 3."
    check.true(not found[0, 3, 0], hint)
    hint = "The three rules ask about j: whether the position i that looks is padding itself plays no part (nobody reads its answer)."
    check.equal(found[0, 3].tolist(), [False, True, True, False, False], hint)
    wanted = [[[0 <= i - j < 3 and bool(row[j]) for j in range(5)] for i in range(5)] for row in is_text]
    check.equal(found.tolist(), wanted, "All three rules hold at once: not behind, inside the window, text.")

    random = np.random.default_rng(7)
    shapes = (2, 4, 3), (2, 6, 3), (2, 6, 5)
    queries, keys, values = (random.normal(0, 2, size=shape).astype("float32") for shape in shapes)
    mask = random.random((2, 4, 6)) < 0.6
    mask[:, :, 1] = True
    given = queries.copy(), keys.copy(), values.copy(), mask.copy()
    found = masked_attention(*given)
    check.true(isinstance(found, tuple | list) and len(found) == 2, "Return two things: outputs and weights.")
    hint = "Your function changed an array that it was given."
    kept = zip(given, (queries, keys, values, mask), strict=True)
    check.true(all(np.array_equal(mine, before) for mine, before in kept), hint)
    check.shape(found[1], (2, 4, 6), "Weights: one per query (4) and key (6).")
    check.shape(found[0], (2, 4, 5), "Outputs: one per query, as wide as a value (5). Exchanged with the weights?")
    outputs, weights = np.asarray(found[0], "float64"), np.asarray(found[1], "float64")
    check.true(
        np.isfinite(outputs).all() and np.isfinite(weights).all(), "Not a number, where every row may see something."
    )
    hint = "Forbidden places get weight: is the mask obeyed, and does True mean *allowed*?"
    check.true(np.abs(weights[~mask]).max() < 1e-6, hint)
    hint = "All weights are 0: you forbid what is allowed. `np.where(mask, scores, -1e9)` keeps the score where mask is True."
    check.true(np.abs(weights).max() > 1e-6, hint)
    hint = "The rows of the weights do not add up to 1. Softmax runs over the *keys* (last axis), and the mask comes before it: masked afterwards, a part of the weight is lost."
    check.close(weights.sum(axis=-1), np.ones((2, 4)), hint)

    def keras_weights(queries, scale):
        one_head = [
            ops.convert_to_tensor(each[:, :, None])
            for each in (queries, keys, np.tile(np.eye(6, dtype="float32"), (2, 1, 1)))
        ]
        return np.asarray(ops.dot_product_attention(*one_head, mask=mask[:, None], scale=scale))[:, :, 0]

    hint = "The scores are not scaled: divide them by the square root of the width of the keys (3 here)."
    check.true(np.abs(weights - keras_weights(queries, 1.0)).max() > 1e-3, hint)
    hint = "Divide by the *square root* of the width of the keys, not by the width."
    check.true(np.abs(weights - keras_weights(queries, 1 / 3)).max() > 1e-3, hint)
    hint = "Divide by the square root of the width of the *keys* (3), not of the values, of the texts or of the number of keys."
    check.true(all(np.abs(weights - keras_weights(queries, n**-0.5)).max() > 1e-3 for n in (2, 4, 5, 6)), hint)
    hint = "The weights differ from those of `ops.dot_product_attention`: queries times keys, divided by √3, masked, softmax."
    check.close(weights, keras_weights(queries, 3**-0.5), hint, 1e-4)
    check.close(
        outputs, np.einsum("tij,tjs->tis", weights, values), "The outputs are the weights times the values.", 1e-4
    )
    steep = (
        np.array([[[40.0]], [[-40.0]]]),
        np.array([[[50.0], [49.95], [-1.0]]] * 2),
        np.eye(3)[None].repeat(2, axis=0),
    )
    every, third = np.ones((2, 1, 3), dtype=bool), np.array([[[False, False, True]], [[True, True, False]]])
    with np.errstate(all="ignore"):
        found = np.asarray(masked_attention(*steep, every)[1], "float64")
        last = np.asarray(masked_attention(*steep, third)[1], "float64")
    hint = "Scores of 2,000 overflow in `exp`: take off the largest score of each row first."
    check.true(np.isfinite(found).all(), hint)
    hint += " And do not cut scores off. (These keys are 1 wide: divide by 1, not by √3.)"
    check.close(found[:, 0], [[0.880797, 0.119203, 0.0], [0.0, 0.0, 1.0]], hint, 1e-4)
    hint = "A forbidden score was larger than the allowed ones by 2,000, and nothing was left of those: forbid *before* the softmax, and take off the largest of what is left."
    check.true(np.isfinite(last).all() and np.abs(last.sum(axis=-1) - 1).max() < 1e-4, hint)
    check.close(last[:, 0], [[0.0, 0.0, 1.0], [0.119203, 0.880797, 0.0]], hint, 1e-4)
    blind = mask.copy()
    blind[0, 2] = False
    with np.errstate(all="ignore"):
        outputs, weights = (np.asarray(each, "float64") for each in masked_attention(queries, keys, values, blind))
    hint = "Where nothing is allowed you return “not a number”: −∞ minus −∞, or 0/0. Such a row is 0."
    check.true(np.isfinite(outputs).all() and np.isfinite(weights).all(), hint)
    hint = "Where nothing is allowed all scores are equally small, and the softmax gives every key the same weight: empty that row (weights times mask)."
    check.true(np.abs(weights[0, 2]).max() < 1e-6, hint)
    check.close(outputs[0, 2], np.zeros(5), "Where nothing is allowed the output is 0.")
    rest = np.delete(weights.reshape(8, 6), 2, axis=0).sum(axis=1)
    check.close(rest, np.ones(7), "A row in which nothing is allowed must not change the other rows.")
    states = random.normal(size=(2, 5, 4))
    later = states.copy()
    later[:, 3:] += 9
    with np.errstate(all="ignore"):
        before = np.asarray(masked_attention(states, states, states, np.asarray(look_mask(is_text), bool))[0])
        after = np.asarray(masked_attention(later, later, later, np.asarray(look_mask(is_text), bool))[0])
    check.close(
        after[:, :3],
        before[:, :3],
        "Changing positions 3 and 4 changed the answers of positions 0 to 2: they saw the future.",
    )
    one_text = steep[0].reshape(1, 2, 1), steep[1][:1], steep[2][:1]
    with np.errstate(all="ignore"):
        found = np.asarray(masked_attention(*one_text, every.reshape(1, 2, 3))[1])
    hint = "Two queries of *one* text, scores of 2,000 and −2,000: take off each *row's* largest."
    check.close(found[0], [[0.880797, 0.119203, 0.0], [0.0, 0.0, 1.0]], hint, 1e-4)
    low = np.array([[[200.0]]]), np.array([[[-200.0], [1.0]]]), np.eye(2)[None]
    with np.errstate(all="ignore"):
        found = np.asarray(masked_attention(*low, np.array([[[True, False]]]))[1])
    hint = "Forbid with a score below *every* allowed one, here −40,000: −1e9 is low enough, −1e4 is not."
    check.close(found, [[[1.0, 0.0]]], hint)

# %% [markdown] tags=["solution"]
# **Discussion.** Why the rule about empty rows? A large negative number instead of −∞ gives *every* key the same weight where nothing is allowed: padding then reads padding, no error appears, and the means and norms computed over such rows are wrong. −∞ gives "not a number", and from there it spreads to every weight of the network within one step. The window lets the cost grow with length × window instead of length², in a program that leaves out what is forbidden. And information still travels further than the window: a second block sees what the first one carried there.

# %% [markdown]
# ## Exercise 2 · Positions, and how to move them
#
# Difficulty ●●●○○ · Importance ●●●●○ · 20 minutes
#
# Attention does not know the order of its inputs, so the order is added as numbers. [Vaswani et al. (2017)](https://arxiv.org/abs/1706.03762) take, for position $p$ and pair $k = 0, 1, \dots, \text{width}/2 - 1$,
#
# $$\text{column } 2k:\ \sin(p\,\omega_k) \qquad \text{column } 2k+1:\ \cos(p\,\omega_k) \qquad \omega_k = \text{base}^{-2k/\text{width}}$$
#
# They chose it because a step of fixed length should be easy to learn. Write `shifted`, which uses this: it gets rows **without being told their positions** and returns the rows for positions that lie `steps` further. It is a rotation of every pair, the same for all rows, and so it works for sums of rows as well.
#
# <details><summary>Hint 1</summary>
#
# Fill the even columns and the odd columns separately: `result[:, 0::2] = …`. For the shift, remember $\sin(a+b) = \sin a\cos b + \cos a\sin b$ and $\cos(a+b) = \cos a\cos b - \sin a\sin b$.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `frequency = base ** (-np.arange(0, width, 2) / width)`; `angle = np.asarray(positions)[:, None] * frequency`. In `shifted` only $b$ = `steps * frequency` is needed: `sine, cosine = encoding[:, 0::2], encoding[:, 1::2]` are $\sin a$ and $\cos a$ already.
#
# </details>


# %%
def sinusoids(positions, width, base=10_000.0):
    """Encode positions in waves.

    Args:
        positions: array of numbers (places,), such as 0, 1, 2 …; fractions and negative numbers are allowed.
        width: number of columns, even.
        base: the larger, the slower the slow pairs turn.

    Returns:
        Array (places, width): sine and cosine in turn, the fastest pair first.
    """
    ### BEGIN SOLUTION
    angle = np.asarray(positions)[:, None] * base ** (-np.arange(0, width, 2) / width)
    result = np.empty((len(angle), width))
    result[:, 0::2] = np.sin(angle)
    result[:, 1::2] = np.cos(angle)
    return result
    ### END SOLUTION


def shifted(encoding, steps, base=10_000.0):
    """Move encoded positions without knowing them.

    Args:
        encoding: array (places, width): rows of `sinusoids`, or sums of such rows.
        steps: how far to move, one number; may be negative or a fraction.
        base: that of the encoding.

    Returns:
        Array (places, width): what the rows would be `steps` positions further.
    """
    ### BEGIN SOLUTION
    width = encoding.shape[1]
    angle = steps * base ** (-np.arange(0, width, 2) / width)
    sine, cosine = encoding[:, 0::2], encoding[:, 1::2]
    result = np.empty(encoding.shape)
    result[:, 0::2] = sine * np.cos(angle) + cosine * np.sin(angle)
    result[:, 1::2] = cosine * np.cos(angle) - sine * np.sin(angle)
    return result
    ### END SOLUTION


# %%
with check("positions"):
    found = sinusoids(np.arange(4), 6)
    check.shape(found, (4, 6), "One row per position, `width` columns.")
    found = np.asarray(found, "float64")
    hint = "Sine stands in the even columns, cosine in the odd ones: at position 0 the row is 0 1 0 1 0 1. Yours has them the other way round, or positions begin with 1."
    check.true(abs(found[0, 0]) < 1e-6, hint)
    hint = "Sine and cosine come *in turn*, pair by pair (0 1 0 1 0 1 at position 0), not all sines first."
    check.close(found[0], [0, 1, 0, 1, 0, 1], hint)
    hint = (
        "Position 1 gives only zeros: does your array hold whole numbers? Then everything after the point is cut off."
    )
    check.true(np.abs(found[1]).max() > 0, hint)
    is_right = np.abs(found[1, :2] - [0.841471, 0.540302]) < 1e-4
    hint = "Sine and cosine of one pair share *one* frequency: columns 0 and 1 both take k = 0."
    check.true(is_right[1] or not is_right[0], hint)
    hint = "The first pair has the frequency 1: sin(1) = 0.841, cos(1) = 0.540 at position 1, in radians."
    check.close(found[1, :2], [0.841471, 0.540302], hint)
    speed = found[1, 2]  # the sine of the second pair's frequency
    hint = "The frequencies fall from pair to pair: *divide* by base^(2k/width), or take the exponent −2k/width."
    check.true(0 < speed < 0.3, hint)
    hint = "The exponent is −2k/width with k the number of the *pair*: 0, 2/6, 4/6 for six columns. You doubled it or left the 2 out, or divided by another number."
    check.close(speed, 0.0463992, hint, 1e-4)
    check.close(found[:, 4], np.sin(np.arange(4) * 10_000 ** (-4 / 6)), hint, 1e-6)
    check.close(found[3], [0.14112, -0.989992, 0.138798, 0.990321, 0.00646326, 0.999979], "Position 3 is wrong.", 1e-4)
    some = np.array([250.0, -3.0, 0.5])
    given = some.copy()
    found = np.asarray(sinusoids(given, 4), "float64")
    check.true(np.array_equal(given, some), "Your function changed the positions it was given.")
    check.shape(found, (3, 4), "As many rows as positions were given.")
    hint = "Use the positions that are given (here 250, −3 and 0.5), not 0, 1, 2 …"
    check.close(found[:, 0], np.sin(some), hint, 1e-4)
    check.close(found[:, 2:], np.stack([np.sin(some / 100), np.cos(some / 100)], axis=1), hint, 1e-4)
    found = np.asarray(sinusoids(np.array([2.0, 5.0]), 8, base=16.0), "float64")
    hint = "Use `base`: with 16 and eight columns the frequencies are 1, 1/2, 1/4 and 1/8."
    check.close(found[:, 0::2], np.sin([[2, 1, 0.5, 0.25], [5, 2.5, 1.25, 0.625]]), hint)
    check.close(found[:, 1::2], np.cos([[2, 1, 0.5, 0.25], [5, 2.5, 1.25, 0.625]]), hint)
    check.close(sinusoids(np.array([1]), 2), [[0.841471, 0.540302]], "Two columns are one pair, of frequency 1.")

    angles = np.multiply.outer(np.array([11.0, 2.0, 700.0]), 10_000 ** -np.array([0, 0.25, 0.5, 0.75]))
    rows = np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(3, 8)
    moved = np.multiply.outer(np.array([16.0, 7.0, 705.0]), 10_000 ** -np.array([0, 0.25, 0.5, 0.75]))
    wanted = np.stack([np.sin(moved), np.cos(moved)], axis=2).reshape(3, 8)
    given = rows.copy()
    found = shifted(given, 5)
    check.true(np.array_equal(given, rows), "Your function `shifted` changed the array it was given.")
    check.shape(found, (3, 8), "`shifted` returns as many rows and columns as it got.")
    found = np.asarray(found, "float64")
    hint = "You turned the wrong way: 5 steps further, not 5 back. Look at the signs of the addition formulas."
    back = np.stack([np.sin(2 * angles - moved), np.cos(2 * angles - moved)], axis=2).reshape(3, 8)
    check.true(np.abs(found - back).max() > 1e-3, hint)
    is_right = np.abs(found[:, :2] - wanted[:, :2]).max(axis=0) < 1e-3
    hint = "The sines are right, the cosines are not: cos(a+b) = cos a cos b − sin a sin b, with a minus, with the same angle b, and with the *old* sine (slices such as `r[:, 0::2]` are views: they change when you write into `r`)."
    check.true(is_right[1] or not is_right[0], hint)
    hint = "The rows come from positions 11, 2 and 700, which nobody tells you: do not count them from 0, and do not move the rows about. Turn each pair by steps × its frequency."
    check.close(found[:, :2], wanted[:, :2], hint, 1e-4)
    hint = "The first pair is right, another is not: each pair turns by steps × its *own* frequency base^(−2k/width)."
    check.close(found, wanted, hint, 1e-4)
    check.close(shifted(rows, 0), rows, "0 steps change nothing.", 1e-6)
    hint = "Sums of rows move like single rows: use only products with cos(b), sin(b) and sums, no inverse functions (`arctan2`), no normalisation."
    check.close(shifted(rows[:1] + rows[1:2], 5), wanted[:1] + wanted[1:2], hint, 1e-4)
    check.close(shifted(3 * rows, 5), 3 * wanted, hint, 1e-4)
    hint = "Steps may be negative or fractions: back again must give what was there."
    check.close(shifted(wanted, -5), rows, hint, 1e-4)
    check.close(shifted(np.array([[0.0, 1.0]]), 0.5), [[0.479426, 0.877583]], hint, 1e-4)
    hint = "`shifted` must use its `base`, too."
    check.close(
        shifted(np.array([[0.0, 1.0, 0.0, 1.0]]), 2.0, base=16.0),
        [[np.sin(2), np.cos(2), np.sin(0.5), np.cos(0.5)]],
        hint,
    )
    mine = np.asarray(sinusoids(np.arange(20) + 3, 10, 50.0))
    check.close(
        shifted(np.asarray(sinusoids(np.arange(20), 10, 50.0)), 3, 50.0),
        mine,
        "Your two functions do not fit together.",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** As a matrix, `shifted` is block-diagonal: one 2 × 2 rotation per pair. A head can learn such a matrix in its query or key kernel and so look "three places back" wherever it stands. And the product of two rows is $\sum_k \cos((p - q)\,\omega_k)$: it depends on the distance alone. The picture below shows it. *Rotary* encodings ([Su et al. 2021](https://arxiv.org/abs/2104.09864)), used for example in [LLaMA](https://arxiv.org/abs/2302.13971), turn queries and keys by these angles instead of adding anything.

# %%
try:
    waves = np.asarray(sinusoids(np.arange(60), 64))
    figure, axes = plt.subplots(figsize=(7, 3.2))
    distances = np.arange(-20, 21)
    for place, style in ((20, "-"), (30, "--"), (39, ":")):
        axes.plot(distances, waves[place + distances] @ waves[place], style, label=f"from position {place}")
    axes.set(xlabel="distance (positions)", ylabel="product of two rows", title="Positions know their distance")
    figure.legend(loc="outside right")
    top, far = waves[20] @ waves[20], waves[20] @ waves[40]
    plots.show(
        figure,
        alt=f"Product of the encodings of two positions against their distance, from positions 20, 30 and 39: three curves that fall onto one another, {top:.0f} at distance 0 and {far:.1f} at distance 20, the same to both sides.",
    )
except NotImplementedError:
    print("Solve the exercise first, then this cell draws what positions know of each other.")

# %% [markdown]
# ## Exercise 3 · Temperature, set by the number of choices
#
# Difficulty ●●●○○ · Importance ●●●●● · 25 minutes
#
# A language model gives each piece a number, its *logit*. Divided by the temperature, they become probabilities by softmax. Write `soften` so that it never breaks:
#
# - temperature 0: the largest logit gets everything (the first one, if several are equally large);
# - negative temperature: `raise ValueError`, not `assert` (which Python may leave out);
# - logits of any size, and −∞, by which a piece is forbidden.
#
# But which temperature is right? 0.7 means little: it depends on the size of the logits. The *effective number of choices* is easier to grasp, $\exp(-\sum_i p_i \ln p_i)$: 1 if one piece has it all, 10 if ten pieces are equally likely. It grows with the temperature. `temperature_for` finds the temperature that gives the number you want.
#
# <details><summary>Hint 1</summary>
#
# Take the largest logit off *before* dividing: the result is the same, and nothing overflows. For the search, halve an interval: is the middle too cold or too hot? The temperature runs over six powers of ten, so take the middle of the logarithms, √(low · high).
#
# </details>
# <details><summary>Hint 2</summary>
#
# At temperature 0: `np.eye(logits.shape[-1])[np.argmax(logits, axis=-1)]`. The search: `low, high = 1e-3, 1e3`; 60 times: `middle = np.sqrt(low * high)`; `p = soften(logits, middle)`; `p = p[p > 0]` (0 · ln 0 is not a number); if `np.exp(-np.sum(p * np.log(p)))` is smaller than `choices`, then `low = middle`, else `high = middle`.
#
# </details>


# %%
def soften(logits, temperature):
    """Turn logits into probabilities.

    Args:
        logits: array (…, pieces), numbers or −∞; in each row at least one is a number.
        temperature: one number, 0 or larger.

    Returns:
        Array (…, pieces); each row adds up to 1.

    Raises:
        ValueError: if the temperature is negative.
    """
    ### BEGIN SOLUTION
    if temperature < 0:
        raise ValueError(f"The temperature is {temperature}; it must be 0 or larger.")
    if temperature == 0:
        return np.eye(logits.shape[-1])[np.argmax(logits, axis=-1)]
    odds = np.exp((logits - np.max(logits, axis=-1, keepdims=True)) / temperature)
    return odds / odds.sum(axis=-1, keepdims=True)
    ### END SOLUTION


def temperature_for(logits, choices):
    """Find the temperature that gives a wanted effective number of choices.

    Args:
        logits: array (pieces,).
        choices: the number wanted, to be met within 1 %. It is met by a temperature between 0.001 and 1000.

    Returns:
        The temperature, one number.
    """
    ### BEGIN SOLUTION
    low, high = 1e-3, 1e3
    for _ in range(60):
        middle = np.sqrt(low * high)
        p = soften(logits, middle)
        p = p[p > 0]
        if np.exp(-np.sum(p * np.log(p))) < choices:
            low = middle
        else:
            high = middle
    return middle
    ### END SOLUTION


# %%
with check("temperature", points=2):
    three = np.array([1.0, 2.0, 4.0])
    given = three.copy()
    found = soften(given, 1.0)
    check.shape(found, (3,), "One probability per piece.")
    check.true(np.array_equal(given, three), "Your function changed the logits it was given (`/=` does that).")
    check.close(np.sum(np.asarray(found)), 1.0, "The probabilities add up to 1.")
    check.close(found, [0.0420101, 0.114195, 0.843795], "At temperature 1 it is the plain softmax.")
    found = np.asarray(soften(three.copy(), 2.0), "float64")
    hint = "At temperature 2 nothing became softer: divide the *logits* by the temperature. Probabilities divided by it and brought to the sum 1 are what they were."
    check.true(np.abs(found - [0.0420101, 0.114195, 0.843795]).max() > 1e-3, hint)
    check.close(
        found.sum(), 1.0, "At temperature 2 the probabilities do not add up to 1: divide by their sum afterwards."
    )
    hint = "A high temperature makes the likely piece *less* likely: divide by the temperature, do not multiply."
    check.true(found[2] < 0.8438, hint)
    check.close(found, [0.140244, 0.231224, 0.628532], "Divide the logits by the temperature, then the softmax, once.")
    given = three.copy()
    soften(given, 0.5)
    check.true(np.array_equal(given, three), "Your function changed the logits it was given (`/=` does that).")
    with np.errstate(all="ignore"):
        found = np.asarray(soften(np.array([1001.0, 1000.0, -1000.0]), 1.0), "float64")
        hint = "Logits of 1,000 overflow in `exp`: take off the largest first."
        check.true(np.isfinite(found).all(), hint)
        check.close(found, [0.731059, 0.268941, 0.0], hint)
        found = np.asarray(soften(np.array([0.0, -2000.0]), 1000.0), "float64")
        hint = "The temperature must work on the logits: as a probability the second piece had become 0 before the temperature could lift it."
        check.close(found, [0.880797, 0.119203], hint)
        found = np.asarray(soften(np.array([3.0, 2.0, -4.0]), 1e-4), "float64")
        hint = "A small temperature makes large numbers, and they overflow: take off the largest, then divide."
        check.true(np.isfinite(found).all(), hint)
        check.close(found, [1.0, 0.0, 0.0], hint)
        found = np.asarray(soften(np.array([-5000.0, -5001.0]), 1.0), "float64")
        hint = "Logits may all be very small: take off the largest *logit* (not the largest size), then `exp`."
        check.close(found, [0.731059, 0.268941], hint, 1e-4)
        found = np.asarray(soften(np.array([2.0, -np.inf, 1.0]), 2.0), "float64")
        hint = "A logit of −∞ forbids a piece: its probability is 0, and the others share the rest."
        check.true(np.isfinite(found).all(), hint)
        check.close(found, [0.622459, 0.0, 0.377541], hint)
        cold = np.asarray(soften(three, 0), "float64")
        hint = "At temperature 0 you divide by zero: the largest logit gets everything."
        check.true(np.isfinite(cold).all(), hint)
        check.close(cold, [0.0, 0.0, 1.0], "At temperature 0 the largest logit gets everything, the others 0.")
        cold = np.asarray(soften(np.array([-np.inf, 7.0, 3.0, 7.0]), 0.0), "float64")
        hint = "Temperature 0 and two largest logits: the *first* gets everything, 0 1 0 0."
        check.close(cold, [0.0, 1.0, 0.0, 0.0], hint)
        rows = np.array(
            [[[0.0, 3.0, 1.0, -2.0], [500.0, 1.0, 1.0, 1.0]], [[2.0, 2.0, 2.0, 9.0], [-700.0, -700.0, -800.0, -800.0]]]
        )
        cold = soften(rows, 0)
    check.shape(cold, (2, 2, 4), "Temperature 0 keeps the shape (…, pieces): here (2, 2, 4).")
    hint = "At temperature 0 each row has its own largest logit: `argmax` along the last axis."
    check.equal(np.argmax(np.asarray(cold), axis=-1).tolist(), [[1, 0], [3, 0]], hint)
    check.close(np.asarray(cold, "float64").sum(axis=-1), np.ones((2, 2)), hint)
    with np.errstate(all="ignore"):
        warm = soften(rows.copy(), 1.5)
    check.shape(warm, (2, 2, 4), "Any axes may stand before the last: here (2, 2, 4).")
    warm = np.asarray(warm, "float64")
    check.true(np.isfinite(warm).all(), "In a batch each row needs its *own* largest logit taken off.")
    hint = "Softmax along the last axis, each row by itself: every row adds up to 1."
    check.close(warm.sum(axis=-1), np.ones((2, 2)), hint)
    check.close(
        warm, ops.convert_to_numpy(ops.softmax(rows / 1.5)), "With several rows the probabilities are wrong. " + hint
    )
    check.close(soften(np.array([1, 2, 4]), 2), [0.140244, 0.231224, 0.628532], "Logits may be whole numbers, too.")
    refused = False
    try:
        with np.errstate(all="ignore"):
            soften(three, -1.0)
    except (ValueError, AssertionError) as error:
        refused = isinstance(error, ValueError)
    hint = (
        "A negative temperature turns the order round, the unlikeliest piece first: `raise ValueError`, not `assert`."
    )
    check.true(refused, hint)

    def choices_at(logits, temperature):
        p = np.exp((logits - logits.max()) / temperature)
        p = p[p > 0] / p.sum()
        return np.exp(-np.sum(p * np.log(p)))

    logits = np.random.default_rng(5).normal(0, 3, size=50)
    given = logits.copy()
    with np.errstate(all="ignore"):
        found = temperature_for(given, 10)
    check.true(found is not None, "`temperature_for` returned None: does it end in `return`?")
    check.true(np.array_equal(given, logits), "Your function `temperature_for` changed the logits it was given.")
    check.true(np.ndim(found) == 0, "Return the temperature, one number.")
    check.true(np.isfinite(found) and found > 0, "The temperature must be a number above 0; is 0 · ln 0 in your sum?")
    for scale, wanted in ((1, 10), (1, 2), (1, 40), (100, 10), (0.01, 10), (100, 40), (0.01, 4)):
        with np.errstate(all="ignore"):
            found = float(temperature_for(scale * logits, wanted))
        got = choices_at(scale * logits, found) if found > 0 else float("nan")
        hint = (
            f"For {wanted} choices of 50 (logits of size {3 * scale:g}) your temperature {found:.4g} gives {got:.3g}. "
        )
        is_met = abs(got / wanted - 1) < 0.01
        ends = "Your search ended at the hot end. Wrong direction? Minus forgotten? Or `exp` forgotten: the sum alone is at most ln 50 = 3.9 and never reaches 10. (Or is your sum a mean?)"
        check.true(is_met or not found > 990, hint + ends)
        ends = "Your search ended at the cold end. Wrong direction? With *too few* choices the temperature must rise. (Or is your sum not a number, 0 · ln 0?)"
        check.true(is_met or not 0 < found < 0.00101, hint + ends)
        hint += "Does the search run from 0.001 to 1000, long enough (1 % off is allowed, no more), in the right direction? In equal steps? They are too coarse for small temperatures: halve an interval, or use `np.geomspace`. Does it measure with exp(−Σ p ln p), with e and ln (or 2 and log2) together, and without 0 · ln 0?"
        check.true(is_met, hint)
    with np.errstate(all="ignore"):
        found = float(temperature_for(logits + 2000, 10))
    hint = "A constant added to all logits must change nothing: the temperature is about their differences."
    check.true(abs(choices_at(logits, found) / 10 - 1) < 0.02, hint)
    masked = np.where(np.arange(50) < 20, logits, -np.inf)
    with np.errstate(all="ignore"):
        found = float(temperature_for(masked, 6))
    hint = "With 30 pieces forbidden (−∞), 6 choices out of 20 can still be had: leave probabilities of 0 out of the sum, since 0 · ln 0 is not a number."
    check.true(found > 0 and abs(choices_at(masked, found) / 6 - 1) < 0.01, hint)
    with np.errstate(all="ignore"):
        found = soften(np.array([0.0003, 0.0002, -1.0]), 1e-4)
    hint = "`soften`: a temperature of 0.0001 is small, but not 0, and nothing is added to it."
    check.close(found, [0.731059, 0.268941, 0.0], hint)

# %% [markdown] tags=["solution"]
# **Discussion.** exp of the entropy is the *perplexity* of the distribution, the same number by which language models are compared. A fixed temperature lets the number of choices swing: after "the United States of" hardly a choice is left, after "She was" there are many. That swing is language, and your search would take it away if you ran it at every step. *Mirostat* ([Basu et al. 2020](https://arxiv.org/abs/2007.14966)) steers the surprise of a whole text instead, by feedback.

# %% [markdown]
# ## Exercise 4 · GPT-2's heads, taken apart
#
# Difficulty ●●●●○ · Importance ●●●●○ · 25 minutes
#
# Keras keeps the kernels of `MultiHeadAttention` in three axes. GPT-2 stores them otherwise: **one** kernel of shape (width, 3 · width) makes queries, keys and values at once ([its code](https://github.com/openai/gpt-2/blob/master/src/model.py)): the first third of the columns are the queries, then the keys, then the values. Head 0 owns the first width/heads columns of each third, head 1 the next, and so on. Write what is needed to run such weights: `split_heads`, its inverse `join_heads`, and `multi_head`, in which everybody looks at everybody (no mask).
#
# <details><summary>Hint 1</summary>
#
# A reshape never changes the order in which the numbers lie in memory. So split the *last* axis in two first, then exchange two axes. A reshape straight to (texts, heads, length, …) mixes positions and heads, and no error appears.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `x.reshape(texts, length, heads, width // heads).transpose(0, 2, 1, 3)`; back: the same transpose, then a reshape. In `multi_head`: `q, k, v = (split_heads(part, heads) for part in np.split(x @ kernel + bias, 3, axis=-1))`; `weights = np.asarray(ops.softmax(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])))` (`ops` returns tensors, which have no `.transpose`; `np.asarray` makes arrays of them); what a head makes has the shape (texts, heads, length, width/heads) again; join, then the output kernel and its bias.
#
# </details>


# %%
def split_heads(x, heads):
    """Give each head its own columns.

    Args:
        x: array (texts, length, width).
        heads: number of heads; it divides the width.

    Returns:
        Array (texts, heads, length, width / heads).
    """
    ### BEGIN SOLUTION
    texts, length, width = x.shape
    return x.reshape(texts, length, heads, width // heads).transpose(0, 2, 1, 3)
    ### END SOLUTION


def join_heads(x):
    """Put the heads' columns side by side again: the inverse of split_heads.

    Args:
        x: array (texts, heads, length, size).

    Returns:
        Array (texts, length, heads · size).
    """
    ### BEGIN SOLUTION
    texts, heads, length, size = x.shape
    return x.transpose(0, 2, 1, 3).reshape(texts, length, heads * size)
    ### END SOLUTION


def multi_head(x, kernel, bias, output_kernel, output_bias, heads):
    """Self-attention with several heads, from weights as GPT-2 stores them.

    Args:
        x: array (texts, length, width).
        kernel: array (width, 3 · width): columns for queries, then keys, then values.
        bias: array (3 · width,).
        output_kernel: array (width, width), applied to the joined heads.
        output_bias: array (width,).
        heads: number of heads.

    Returns:
        Array (texts, length, width).
    """
    ### BEGIN SOLUTION
    queries, keys, values = (split_heads(part, heads) for part in np.split(x @ kernel + bias, 3, axis=-1))
    scores = queries @ np.swapaxes(keys, -1, -2) / np.sqrt(queries.shape[-1])
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return join_heads(weights @ values) @ output_kernel + output_bias
    ### END SOLUTION


# %%
with check("heads", points=2):
    numbered = np.arange(2 * 3 * 8).reshape(2, 3, 8)
    given = numbered.copy()
    found = split_heads(given, 4)
    check.shape(
        found, (2, 4, 3, 2), "2 texts, 4 heads, 3 positions, 8/4 = 2 columns: (texts, heads, length, width / heads)."
    )
    check.true(np.array_equal(given, numbered), "Your function `split_heads` changed the array it was given.")
    found = np.asarray(found)
    hint = "Positions and heads got mixed: head 0 holds columns 0 and 1 of *every* position. Split the last axis first, then exchange axes; a reshape alone only looks right."
    check.true(not np.array_equal(found, numbered.reshape(2, 4, 3, 2)), hint)
    hint = "Head 0 owns the *first* 2 columns (0 and 1), head 1 the next two. Yours takes every 4th column: split the width into (heads, size), not (size, heads)."
    check.true(not np.array_equal(found[0, 0, 0], [0, 4]), hint)
    check.equal(
        found[1, 2].tolist(), numbered[1, :, 4:6].tolist(), "Head 2 owns columns 4 and 5 of every position. " + hint
    )
    check.equal(found[:, 0].tolist(), numbered[:, :, :2].tolist(), "Head 0 owns columns 0 and 1 of every position.")
    square = np.arange(2 * 4 * 12).reshape(2, 4, 12)
    hint = "With as many positions as heads (4) the shape is right in any case, and the numbers are not: head 1 owns columns 3 to 5."
    check.equal(np.asarray(split_heads(square, 4))[0, 1].tolist(), square[0, :, 3:6].tolist(), hint)
    check.equal(np.asarray(split_heads(square, 1))[:, 0].tolist(), square.tolist(), "A single head owns all columns.")
    parts = np.arange(2 * 4 * 3 * 2).reshape(2, 4, 3, 2)
    given = parts.copy()
    found = join_heads(given)
    check.true(np.array_equal(given, parts), "Your function `join_heads` changed the array it was given.")
    check.shape(
        found,
        (2, 3, 8),
        "`join_heads`: (texts, heads, length, size) becomes (texts, length, heads · size), here (2, 3, 8).",
    )
    found = np.asarray(found)
    hint = "`join_heads` mixes positions and heads: exchange the axes back *before* the reshape."
    check.true(not np.array_equal(found, parts.reshape(2, 3, 8)), hint)
    hint = "`join_heads` puts head 0's columns first, then head 1's: row p is the heads' rows p side by side."
    check.equal(found[0, 1].tolist(), np.concatenate(parts[0, :, 1]).tolist(), hint)
    check.equal(found.tolist(), np.concatenate([parts[:, head] for head in range(4)], axis=-1).tolist(), hint)

    random = np.random.default_rng(3)
    width, heads = 12, 3
    x = random.normal(size=(2, 5, width)).astype("float32")
    kernel, bias = (random.normal(0, 0.6, size=shape).astype("float32") for shape in ((width, 3 * width), 3 * width))
    output_kernel, output_bias = (
        random.normal(0, 0.5, size=shape).astype("float32") for shape in ((width, width), width)
    )
    packed = x, kernel, bias, output_kernel, output_bias
    given = tuple(each.copy() for each in packed)
    found = multi_head(*given, heads)
    check.shape(
        found,
        (2, 5, 12),
        "`multi_head` returns as many columns as came in: the heads are joined, not averaged or stacked.",
    )
    same = all(np.array_equal(mine, before) for mine, before in zip(given, packed, strict=True))
    check.true(same, "Your function `multi_head` changed an array that it was given.")
    found = np.asarray(found, "float64")

    def by_keras(heads, x, kernel, bias, output_kernel, output_bias, stretch=1.0):
        """The same weights in Keras' layer; `stretch` multiplies the scores."""
        width = kernel.shape[0]
        layer = layers.MultiHeadAttention(heads, width // heads)
        layer.build(x.shape, x.shape)
        weights = []
        for part in range(3):
            columns, factor = slice(part * width, (part + 1) * width), stretch if part == 0 else 1.0
            weights += [
                factor * kernel[:, columns].reshape(width, heads, -1),
                factor * bias[columns].reshape(heads, -1),
            ]
        layer.set_weights([*weights, output_kernel.reshape(heads, -1, width), output_bias])
        return ops.convert_to_numpy(layer(x, x)).astype("float64")

    def like(*arguments, **stretch):
        return np.abs(found - by_keras(*arguments, **stretch)).max() < 1e-3

    hint = "The output bias is missing."
    check.true(not like(heads, *packed[:4], 0 * output_bias), hint)
    hint = "The first bias is missing: queries, keys and values are x @ kernel + bias."
    check.true(not like(heads, x, kernel, 0 * bias, output_kernel, output_bias), hint)
    hint = "The output kernel is missing: the joined heads are multiplied by it."
    check.true(not like(heads, x, kernel, bias, np.eye(width, dtype="float32"), output_bias), hint)
    hint = "The scale is 1/√(columns of *one head*) = 1/√4 here. You divided by the root of the whole width."
    check.true(not like(heads, *packed, stretch=3**-0.5), hint)
    hint = "The scores are not scaled: divide them by √(columns of one head) = √4."
    check.true(not like(heads, *packed, stretch=2.0), hint)
    hint = "The scale is 1/√4, the root of one head's columns; you divided by the columns themselves."
    check.true(not like(heads, *packed, stretch=0.5), hint)
    hint = "The scale is 1/√4, the root of one head's columns, not of the number of heads or positions."
    check.true(not like(heads, *packed, stretch=2 / 3**0.5) and not like(heads, *packed, stretch=2 / 5**0.5), hint)
    hint = "That is attention with a *single* head: split queries, keys and values before the scores."
    check.true(not like(1, *packed) and not like(1, *packed, stretch=3**0.5), hint)
    for order in ((0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)):
        columns = np.concatenate([np.arange(width) + width * part for part in order])
        hint = "The thirds of the kernel are queries, keys, values, in this order; you exchanged two. (Or keys times queries? Queries @ keysᵀ.)"
        check.true(not like(heads, x, kernel[:, columns], bias[columns], output_kernel, output_bias), hint)
    places = np.arange(3 * width)
    blocks = places.reshape(heads, 3, -1).transpose(1, 0, 2).ravel()
    hint = "You gave each head its own block of queries, keys and values. Here the *thirds* come first: cut into three, then into heads."
    check.true(not like(heads, x, kernel[:, blocks], bias[blocks], output_kernel, output_bias), hint)
    in_turn = places.reshape(-1, 3).T.ravel()
    hint = "You took query, key and value columns in turn. Here the *thirds* come first: the first 12 columns are the queries, then the keys, then the values."
    check.true(not like(heads, x, kernel[:, in_turn], bias[in_turn], output_kernel, output_bias), hint)
    hint = "The result differs from Keras' layer with the same weights. Joined by a reshape alone? Use `join_heads`. Softmax over the keys (the last axis of the scores), without a mask? Head by head, then joined, then the output kernel?"
    check.close(found, by_keras(heads, *packed), hint, 1e-4)
    for other in (1, 4, 12):
        hint = f"With 3 heads right, with {other} wrong: use `heads` everywhere."
        check.close(multi_head(*packed, other), by_keras(other, *packed), hint, 1e-4)
    small = x[:1, :2, :4], kernel[:4, :12], bias[:12], output_kernel[:4, :4], output_bias[:4]
    hint = "Another width (4), one text, two positions: use the shapes of what you are given."
    check.close(multi_head(*small, 2), by_keras(2, *small), hint, 1e-4)
    loud = (60 * x, *packed[1:])
    with np.errstate(all="ignore"):
        found = np.asarray(multi_head(*loud, heads), "float64")
    hint = "Large scores overflow in `exp`: take off each row's largest, or use `ops.softmax`. (`ops` returns tensors, which have no `.transpose`; `np.asarray` makes arrays of them.)"
    check.true(np.isfinite(found).all(), hint)
    hint = "With large scores the result differs from Keras': do not cut scores off and do not replace “not a number” by 0; take off each row's largest."
    check.close(found, by_keras(heads, *loud), hint, 1e-3)

# %% [markdown] tags=["solution"]
# **Discussion.** The check carries the same numbers into `layers.MultiHeadAttention`: kernels (width, heads, size) are the columns of one third, folded. Nothing is learned or lost in that, only the order of axes. This is what loading foreign weights means in practice, and why one compares *outputs* afterwards, not shapes: the wrong reshape has the right shape, the loss begins a little too high, and nobody is told. Note what heads do not cost: h heads of width/h columns take as many multiplications for the kernels as a single head over all columns.

# %% [markdown]
# ## Exercise 5 · A chatbot that says "I don't know"
#
# Difficulty ●●●○○ · Importance ●●●●● · 35 minutes
#
# The bot has known questions, each with its answer. For a new question it finds the known one with the most similar vector (cosine) and gives that answer. It answers `REFUSAL`
#
# - if the best similarity is below `threshold`, or
# - if a *different* answer is nearly as good: the best similarity minus the best one among the known questions with **another** answer is below `margin`. (Two known questions with the same answer are no rivals.)
#
# Where to put the threshold? A right answer counts +1, a refusal 0 (also where there is no answer, unlike in the lesson), a wrong answer −`penalty`. `choose_threshold` gets validation questions: the best similarity of each, and whether the answer found there is right (for a question that has no answer it is never right). It returns the threshold with the largest sum, counting as answered what is *at or above* it; of several equally good ones, one that answers fewest.
#
# <details><summary>Hint 1</summary>
#
# Bring both sides to length 1, then `asked @ known.T` holds all cosines. (A vector of zeros has no direction: leave it zero, so that nothing resembles it.) For the threshold only the similarities themselves are worth trying, and one beyond them all, which refuses everything.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)`. For each row of similarities: `best = np.argmax(row)`; `rivals = [s for s, answer in zip(row, answers) if answer != answers[best]]`. Thresholds: `for threshold in [np.inf, *sorted(similarities, reverse=True)]`, from careful to bold; sum `np.where(is_right, 1, -penalty)` over the answered ones; replace the best only by something *larger*.
#
# </details>


# %%
REFUSAL = "I don't know."


def reply(asked, known, answers, threshold, margin=0.0):
    """Answer questions, or refuse to.

    Args:
        asked: array (questions, size): vectors of the new questions, of any norm (norm 0, too: such a vector resembles
            nothing).
        known: array (entries, size): vectors of the known questions, of any norm (0, too).
        answers: list of texts, the answer to each known question; several may have the same.
        threshold: smallest cosine at which the bot answers.
        margin: by how much the best must beat the best entry with another answer.

    Returns:
        List of texts, one per new question: an answer, or REFUSAL.
    """
    ### BEGIN SOLUTION
    asked, known = (
        vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12) for vectors in (asked, known)
    )
    result = []
    for row in asked @ known.T:
        best = np.argmax(row)
        rivals = [similarity for similarity, answer in zip(row, answers, strict=True) if answer != answers[best]]
        is_clear = row[best] - max(rivals, default=-np.inf) >= margin
        result.append(answers[best] if row[best] >= threshold and is_clear else REFUSAL)
    return result
    ### END SOLUTION


def choose_threshold(similarities, is_right, penalty):
    """Choose the threshold on validation questions.

    Args:
        similarities: array (questions,): the best similarity of each question.
        is_right: boolean array (questions,): whether the answer found there is right.
        penalty: what a wrong answer costs; a right one counts 1, a refusal 0.

    Returns:
        A threshold with the largest sum; of several, one that answers fewest questions.
    """
    ### BEGIN SOLUTION
    gain, best, chosen = np.where(is_right, 1.0, -penalty), -np.inf, np.inf
    for threshold in [np.inf, *sorted(similarities, reverse=True)]:
        total = gain[similarities >= threshold].sum()
        if total > best:
            best, chosen = total, threshold
    return chosen
    ### END SOLUTION


# %% [markdown]
# The check tries your functions on small vectors first, then with MiniLM on questions about this course: these entries, and questions that are worded differently or have no answer here.

# %%
ENTRIES = [
    ("What does a convolution do?", "It slides one small kernel over the picture and looks for the same pattern everywhere."),
    ("What is overfitting?", "The network learns its training data by heart and fails on new data."),
    ("How can I tell that my model overfits?", "The network learns its training data by heart and fails on new data."),
    ("What is dropout good for?", "It switches off random units in training, so that none relies on another."),
    ("How large should the learning rate be?", "Try powers of ten; just below the rate at which the loss blows up is often best."),
    ("Why do we need validation data?", "To choose settings without looking at the test."),
    ("What does a pooling layer do?", "It keeps one number of each small region, so that the picture becomes smaller."),
    ("How does an LSTM remember?", "A cell state is carried along; gates decide what is kept, added and shown."),
    ("Why are positions added in a transformer?", "Attention by itself does not know the order of its inputs."),
    ("What does softmax compute?", "Probabilities: positive numbers that add up to 1."),
    ("How do I run the notebooks on Colab?", "Click on the badge at the top of the notebook."),
    ("What is transfer learning?", "A network trained on much data is taken over, and only its end is trained anew."),
]  # fmt: skip
# (question, number of the entry whose answer is right; None: no entry answers it)
VALIDATION = [
    ("Why split off a validation set?", 5), ("What is a good step size for gradient descent?", 4),
    ("What is the purpose of dropout?", 3), ("How do convolutional layers work?", 0),
    ("My training loss is tiny, the test loss is large. Why?", 1), ("How can I open a notebook in Colab?", 10),
    ("Who won the football match yesterday?", None), ("How do I bake bread?", None),
    ("What is a decision tree?", None), ("How do I install a printer?", None),
    ("Which layer makes probabilities that add up to one?", 9), ("How much does a graphics card cost?", None),
]  # fmt: skip
TEST = [
    ("What is max pooling for?", 6), ("Can I reuse a pretrained network?", 11),
    ("How do the gates of an LSTM keep information?", 7), ("Why does a transformer need positional encoding?", 8),
    ("What is a kernel sliding over an image?", 0), ("How do I choose the learning rate?", 4),
    ("What is the capital of France?", None), ("Will it rain tomorrow?", None),
    ("How do I boil an egg?", None), ("How tall is the Eiffel Tower?", None),
    ("What is a support vector machine?", None), ("How do I print a notebook?", None),
]  # fmt: skip
TOOLS = {}


def vectors_of(texts):
    """Return MiniLM's vectors (texts, 384) of a list of texts; their lengths differ."""
    if not TOOLS:
        TOOLS.update(tokenizer=pretrained.WordPiece(), encoder=pretrained.minilm(pooling="mean"))
    return ops.convert_to_numpy(TOOLS["encoder"](TOOLS["tokenizer"](texts)))


# %%
with check("chatbot", points=2):
    known = np.array([[2.0, 0.0, 0.0], [0.0, 0.1, 0.0], [0.0, 0.0, 30.0], [0.0, 3.0, 4.0]])
    texts = ["east", "north", "up", "slope"]
    asked = np.array([[9.0, 0.0, 1.0], [0.1, 0.5, 0.1], [0.0, 0.0, 0.01]])
    given = asked.copy(), known.copy(), list(texts)
    found = reply(*given, 0.9)
    check.true(found is not None, "Your function returned None: does it end in `return`?")
    check.true(not isinstance(found, str), "Return a list, one text per question, also if there is one question only.")
    hint = "Return a list, one answer per question (3 here)."
    check.equal(len(found), 3, hint)
    hint = "Your function changed what it was given (`/=` changes the array itself)."
    check.true(np.array_equal(given[0], asked) and np.array_equal(given[1], known) and given[2] == texts, hint)
    check.true(
        all(isinstance(each, str) for each in found),
        "Return texts: the answers themselves or REFUSAL, not numbers or None.",
    )
    found = [str(each) for each in found]
    hint = "“I don't know” to questions whose cosine is 0.96 and more: the threshold is a *similarity* (not a distance), and the bot answers at or above it. Or were the lengths taken of the whole array instead of row by row (`axis=1, keepdims=True`)?"
    check.true(found.count(REFUSAL) < 3, hint)
    hint = "Long vectors win over similar ones, or short ones lose: bring *both* sides to length 1, row by row."
    check.equal(found, ["east", "north", "up"], hint)

    def says(question, entries, answers, *settings):
        """The bot's answer to one question, small vectors given as lists."""
        with np.errstate(all="ignore"):
            found = reply(np.array([question], float), np.array(entries, float), answers, *settings)
        hint = "Return a list, one text per question, also if there is one question only. A refused question gets a text, too: REFUSAL."
        check.true(found is not None and not isinstance(found, str) and len(found) == 1, hint)
        (said,) = found
        check.true(isinstance(said, str), "Return texts: the answers themselves or REFUSAL, not numbers or None.")
        return str(said)

    hint = "Its best cosine is 0.81, the threshold 0.97: refuse, with the text of REFUSAL."
    check.equal(says([1, 1, 1], known, texts, 0.97), REFUSAL, hint)
    check.equal(says([0, 5, 1], known, texts, 0.97), "north", "Cosine 0.98, threshold 0.97: answer.")
    check.equal(says([3, 4], [[1, 0]], ["east"], 0.5), "east", "One entry, cosine 0.6, threshold 0.5: answer.")
    check.equal(says([3, 4], [[1, 0]], ["east"], 0.7), REFUSAL, "Cosine 0.6, threshold 0.7: refuse.")
    hint = "*At* the threshold (cosine 0, threshold 0) the bot answers; only below it refuses."
    check.equal(says([0, 4], [[2, 0]], ["east"], 0.0), "east", hint)
    hint = "The opposite direction has the cosine −1: nothing resembles it less. Refuse."
    check.equal(says([-1, 0], [[1, 0]], ["east"], 0.5), REFUSAL, hint)
    hint = "A question whose vector is all zeros resembles nothing: refuse. 0/0 is not a number, and no comparison with it is true."
    check.equal(says([0, 0, 0], known, texts, 0.3), REFUSAL, hint)
    hint = "An entry whose vector is all zeros resembles nothing: it must not win (`argmax` takes “not a number” for the largest)."
    check.equal(says([0, 1], [[0, 0], [0, 2]], ["empty", "full"], 0.5), "full", hint)
    pair, near = [[1, 0], [0.98, 0.2], [0, 1]], [1, 0.09]
    hint = "Two different answers fit equally well, and the margin is 0.05: refuse."
    check.equal(says(near, pair, ["a", "b", "c"], 0.5, 0.05), REFUSAL, hint)
    hint = "Without a margin (default 0) the better of two answers is given."
    check.equal(says(near, pair, ["a", "b", "c"], 0.5), "a", hint)
    hint = "The two best entries have the *same* answer, so they are no rivals: compare with the best entry of another answer."
    check.equal(says(near, pair, ["same", "same", "c"], 0.5, 0.05), "same", hint)
    hint = "The two best entries share an answer, but the *third* is another answer within the margin: refuse."
    three = [[1, 0], [1, 0.02], [1, 0.1], [0, 1]]
    check.equal(says([1, 0], three, ["same", "same", "other", "far"], 0.5, 0.05), REFUSAL, hint)
    hint = "If all entries have the same answer, the best has no rival: answer."
    check.equal(says(near, pair, ["same", "same", "same"], 0.5, 0.3), "same", hint)
    check.equal(says([3, 4], [[1, 0]], ["east"], 0.5, 0.7), "east", hint)
    check.equal(says([3, 4], [[1, 0]], ["east"], 0.5, 2.0), "east", hint)
    hint = "Two answers fit equally well, and the margin is 0. *Below* `margin` it refuses: a difference of 0 is not below 0."
    check.true(says([1, 0], [[2, 0], [2, 0]], ["a", "b"], 0.5) != REFUSAL, hint)
    hint = "The margin is about the *difference* of two cosines: 1.00 − 0.60 is above 0.3. Answer."
    check.equal(says([5, 0], [[1, 0], [3, 4]], ["a", "b"], 0.5, 0.3), "a", hint)
    hint = "1.00 − 0.60 is below a margin of 0.5: refuse."
    check.equal(says([5, 0], [[1, 0], [3, 4]], ["a", "b"], 0.5, 0.5), REFUSAL, hint)
    hint = "0.60 − 0.28 is below a margin of 0.4: refuse. The difference counts, not the ratio."
    check.equal(says([1, 0], [[3, 4], [7, 24]], ["a", "b"], 0.5, 0.4), REFUSAL, hint)
    hint = "0.60 − (−1) is above a margin of 1.2: answer. Take negative cosines as they are."
    check.equal(says([1, 0], [[3, 4], [-1, 0]], ["a", "b"], 0.5, 1.2), "a", hint)
    hint = "Cosines −1 and −0.6, threshold −0.8: the second answers. The best can be below 0."
    check.equal(says([-1, 0], [[1, 0], [3, 4]], ["a", "b"], -0.8), "b", hint)
    hint = "The best *entry* decides (1.00), not a mean over the entries with the same answer."
    check.equal(says([1, 0], [[1, 0], [0, 1]], ["same", "same"], 0.9), "same", hint)
    asked = np.array([[1.0, 0.0], [1.0, 0.9], [-1.0, -1.0], [0.0, 2.0]])
    known = np.array([[2.0, 0.0], [0.0, 1.0]])
    found = [str(each) for each in reply(asked, known, ["a", "b"], 0.5, 0.4)]
    hint = "Four questions at once, with a margin: each is judged by itself, each gets one text."
    check.equal(found, ["a", REFUSAL, REFUSAL, "b"], hint)

    values, right = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4]), np.array([True, True, False, True, True, False])
    given = values.copy(), right.copy()
    chosen = choose_threshold(*given, 1.0)
    check.true(chosen is not None and np.ndim(chosen) == 0, "`choose_threshold` returns one number.")
    hint = "Your function `choose_threshold` changed what it was given."
    check.true(np.array_equal(given[0], values) and np.array_equal(given[1], right), hint)
    hint = "`choose_threshold`, penalty 1: answering the best five gives 1+1−1+1+1 = 3, the largest sum. A refusal counts 0: it costs nothing and *earns* nothing (the lesson gave +1 for a right one). What is at or above the threshold is answered."
    check.equal(int(np.sum(values >= chosen)), 5, hint)

    def threshold_of(similarities, is_right, penalty):
        """What choose_threshold returns, one number."""
        chosen = choose_threshold(np.array(similarities), np.array(is_right, bool), penalty)
        hint = "To refuse everything, return a threshold above all similarities (such as `np.inf`), not None and not “not a number”."
        check.true(chosen is not None, hint)
        check.true(np.ndim(chosen) == 0, "`choose_threshold` returns one number.")
        check.true(not np.isnan(float(chosen)), hint)
        return float(chosen)

    hint = "Penalty 10: one wrong answer eats ten right ones; only the best two are answered. Use `penalty`, and take it off."
    check.equal(int(np.sum(values >= threshold_of(values, right, 10.0))), 2, hint)
    hint = "Penalty 2: two answers give 2, five give 4 − 2 = 2, too. (A refusal costs nothing.) Of equally good thresholds take one that answers *fewest*."
    check.equal(int(np.sum(values >= threshold_of(values, right, 2.0))), 2, hint)
    hint = "Penalty 0: answering costs nothing, so at least the five best are answered (the sixth adds nothing)."
    check.equal(int(np.sum(values >= threshold_of(values, right, 0.0))), 5, hint)
    hint = "Not one answer is right: the best is to refuse everything, with a threshold beyond all similarities."
    check.equal(int(np.sum(values >= threshold_of(values, np.zeros(6, bool), 1.0))), 0, hint)
    hint = "All answers are right: answer everything, so the threshold is at most the smallest similarity."
    check.equal(int(np.sum(values >= threshold_of(values, np.ones(6, bool), 3.0))), 6, hint)
    order = np.array([3, 0, 5, 1, 4, 2])
    hint = "The questions come in any order: sort, or compare with every threshold."
    check.equal(int(np.sum(values >= threshold_of(values[order], right[order], 10.0))), 2, hint)
    far = threshold_of([-0.2, -0.3, -0.6], [True, True, False], 5.0)
    hint = "Similarities may be negative, and a fixed grid from 0 to 1 misses them: try the similarities themselves."
    check.true(-0.6 < far <= -0.3, hint)
    tie = threshold_of([0.5, 0.5, 0.4], [True, False, False], 0.5)
    hint = "Two questions with the same similarity, one right, one wrong, are answered or refused *together*: 1 − 0.5 is still above 0."
    check.true(0.4 < tie <= 0.5, hint)
    hint = "Two questions with the same similarity are answered together: 1 − 2 is below 0, so refuse both. With running sums, look only where the similarity changes."
    check.true(threshold_of([0.5, 0.5, 0.4], [True, False, False], 2.0) > 0.5, hint)
    check.true(threshold_of([0.5, 0.5, 0.4], [False, True, False], 2.0) > 0.5, hint)
    hint = "A similarity can be 1.0: “beyond all” is more than the largest, for example `np.inf`."
    check.true(threshold_of([1.0], [False], 1.0) > 1, hint)
    near = threshold_of([0.7001, 0.7002, 0.7003], [False, True, True], 5.0)
    hint = "Thresholds that lie between 0.7001 and 0.7002 were not tried: try the similarities themselves, not a grid."
    check.true(0.7001 < near <= 0.7002, hint)
    near = threshold_of([0.2, 0.700012, 0.700018, 0.9], [False, False, True, True], 5.0)
    hint = "Nothing between 0.700012 and 0.700018 was tried: try the similarities, not a grid."
    check.true(0.700012 < near <= 0.7000181, hint)

    known, texts = vectors_of([question for question, _ in ENTRIES]), [answer for _, answer in ENTRIES]
    asked, numbers = vectors_of([question for question, _ in VALIDATION]), [number for _, number in VALIDATION]
    always = [str(each) for each in reply(asked, known, texts, -2.0)]
    check.true(REFUSAL not in always, "No cosine is below −2: with that threshold the bot answers every question.")
    fits = np.array([n is not None and texts[n] == said for n, said in zip(numbers, always, strict=True)])
    to_unit = layers.UnitNormalization()
    best = np.max(ops.convert_to_numpy(to_unit(asked)) @ ops.convert_to_numpy(to_unit(known)).T, axis=1)
    print("Validation questions by their best similarity:")
    for n in np.argsort(-best):
        print(f"  {best[n]:.2f}  {'right' if fits[n] else 'would be wrong':14}  {VALIDATION[n][0]}")
    bold, threshold = (float(choose_threshold(best, fits, penalty)) for penalty in (0.5, 2.0))
    said = [str(each) for each in reply(vectors_of([question for question, _ in TEST]), known, texts, threshold)]
    print(
        f"Threshold {bold:.2f} with penalty 0.5, {threshold:.2f} with penalty 2. With the latter, {len(TEST)} test questions:"
    )
    count = 0
    for (question, number), answer in zip(TEST, said, strict=True):
        is_right = answer == (REFUSAL if number is None else texts[number])
        count += is_right
        label = "right" if is_right else "refused" if answer == REFUSAL else "wrong"
        print(f"  {label:7}  {question:50}  {answer}")
    print(f"{count} of {len(TEST)}: this is the bot's limit, not an error in your code.")

# %% [markdown] tags=["solution"]
# **Discussion.** The same bot is cautious or bold, depending on what an error costs, and that is not for the network to know: `penalty` is a decision. Twelve validation questions are far too few to trust the second digit of the threshold, and test questions worded in words of their own are refused although there is an answer. A similarity is no probability either: look in the validation list which question would be answered wrongly with a higher similarity than one that is answered rightly. Questions just outside what the bot knows are harder than eggs and towers: see what it says about printing a notebook. A real bot needs many such questions in its validation data.

# %% [markdown]
# Ask your own bot. Change the questions:

# %%
try:
    reply(np.ones((1, 2)), np.ones((1, 2)), ["ready"], 0.5)  # until the exercise is solved, this cell ends here
    for question, said in zip(
        questions := ["What is a learning rate?", "Is it hot today?", "Explain pooling to me."],
        reply(
            vectors_of(questions),
            vectors_of([q for q, _ in ENTRIES]),
            [a for _, a in ENTRIES],
            threshold=0.5,
            margin=0.02,
        ),
        strict=True,
    ):
        print(f"{question}\n  → {said}")
except NotImplementedError:
    print("Solve the exercise first, then this cell talks to you.")

# %% [markdown]
# ## Exercise 6 · A memory that spares the work
#
# Difficulty ●●●●○ · Importance ●●●●○ · 25 minutes
#
# A language model writes piece by piece, and each piece looks back at all earlier ones. Their keys and values do not change any more, so they are kept: the *KV cache*. Write attention (one head, causal) that gets only the **new** pieces, one or several, and the cache of the old ones. It returns the outputs of the new pieces and the longer cache. The outputs must be those that the whole text in one go would have given.
#
# The cache you were given stays as it is: it may be continued in two ways.
#
# <details><summary>Hint 1</summary>
#
# Keys and values of the new pieces go *behind* the old ones: `np.concatenate`. New piece number $i$ may look at all old ones and at the new ones up to $i$: the mask is no square but (new, old + new). Is there a cache at all? Ask `if cache is not None`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# With `old = keys.shape[1] - new` after the concatenation: `mask = np.arange(keys.shape[1])[None, :] <= old + np.arange(new)[:, None]`, or `np.tril(np.ones((new, old + new), bool), k=old)`. Scores divided by `np.sqrt(keys.shape[-1])`, forbidden ones −1e9, `np.asarray(ops.softmax(scores))`, times the values.
#
# </details>


# %%
def attend(x, kernels, cache=None):
    """Causal attention of new pieces, with a memory for the old ones.

    Args:
        x: array (texts, new, width): states of the new pieces alone.
        kernels: three arrays (width, size), for queries, keys and values.
        cache: None at the beginning, then what the last call returned.

    Returns:
        Outputs (texts, new, size), and the cache: a pair (keys, values), each (texts, old + new, size).
    """
    ### BEGIN SOLUTION
    queries, keys, values = (x @ kernel for kernel in kernels)
    if cache is not None:
        keys, values = (np.concatenate(pair, axis=1) for pair in zip(cache, (keys, values), strict=True))
    new, places = x.shape[1], keys.shape[1]
    mask = np.tril(np.ones((new, places), dtype=bool), k=places - new)
    scores = np.where(mask, queries @ np.swapaxes(keys, -1, -2) / np.sqrt(keys.shape[-1]), -1e9)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True) @ values, (keys, values)
    ### END SOLUTION


# %%
with check("cache"):
    random = np.random.default_rng(8)
    kernels = [random.normal(0, 0.7, size=(6, 4)).astype("float32") for _ in range(3)]
    x = random.normal(size=(2, 7, 6)).astype("float32")

    def in_one_go(x, scale=0.5, is_causal=True, parts=(0, 1, 2)):
        """Keras' attention over the whole text."""
        one_head = [ops.convert_to_tensor((x @ kernels[part])[:, :, None]) for part in parts]
        return np.asarray(ops.dot_product_attention(*one_head, scale=scale, is_causal=is_causal))[:, :, 0]

    def in_parts(*lengths):
        """Outputs of attend, called part after part."""
        cache, found, begin = None, [], 0
        for length in lengths:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Keras asks whether the softmax over a single key was meant
                piece, cache = attend(x[:, begin : begin + length].copy(), kernels, cache)
            found, begin = [*found, np.asarray(piece, "float64")], begin + length
        return np.concatenate(found, axis=1)

    def agree(found, wanted, hint, tolerance=1e-4):
        """Compare piece by piece, so that the message shows numbers that differ."""
        check.shape(found, wanted.shape, hint)
        for text, piece in np.ndindex(wanted.shape[:2]):
            where = f"(This is piece {piece} of text {text}.) "
            check.close(found[text, piece], wanted[text, piece], where + hint, tolerance)

    given, copies = x.copy(), [kernel.copy() for kernel in kernels]
    found = attend(given, copies)
    check.true(isinstance(found, tuple | list) and len(found) == 2, "Return two things: the outputs and the cache.")
    outputs, cache = found
    check.shape(outputs, (2, 7, 4), "Outputs: one row of `size` numbers per *new* piece.")
    check.true(
        cache is not None and len(cache) == 2, "The cache is a pair: keys and values. Also the first call returns it."
    )
    check.true(not isinstance(cache, dict), "The cache is a pair `(keys, values)`, no dictionary.")
    check.shape(cache[0], (2, 7, 4), "The cache's keys: (texts, pieces so far, size). Keep keys, not states.")
    check.shape(cache[1], (2, 7, 4), "The cache's values: (texts, pieces so far, size).")
    unchanged = np.array_equal(given, x) and all(np.array_equal(a, b) for a, b in zip(copies, kernels, strict=True))
    check.true(unchanged, "Your function changed the states or the kernels it was given.")
    outputs = np.asarray(outputs, "float64")
    check.true(np.isfinite(outputs).all(), "Not a number in the outputs: every piece may at least see itself.")
    hint = "The new pieces see the pieces behind them: also a part of several pieces needs the causal mask."
    check.true(np.abs(outputs - in_one_go(x, is_causal=False)).max() > 1e-3, hint)
    hint = "Queries, keys and values take the kernels in this order; you exchanged two. (Or keys times queries? Queries @ keysᵀ.)"
    others = ((0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
    check.true(all(np.abs(outputs - in_one_go(x, parts=parts)).max() > 1e-3 for parts in others), hint)
    hint = "The scores are not scaled rightly: divide by √size = √4, the columns of the keys, not of the states."
    check.true(all(np.abs(outputs - in_one_go(x, scale=s)).max() > 1e-3 for s in (1.0, 0.25, 6**-0.5, 7**-0.5)), hint)
    agree(
        outputs,
        in_one_go(x),
        "Without a cache it is plain causal attention; yours differs from Keras' `ops.dot_product_attention(…, is_causal=True)`. Masked *after* the softmax? Forbidden scores set to 0?",
        1e-4,
    )
    check.close(cache[0], x @ kernels[1], "The cache's first entry is the keys: states times the second kernel.", 1e-4)
    check.close(
        cache[1], x @ kernels[2], "The cache's second entry is the values: states times the third kernel.", 1e-4
    )
    first, cache = attend(x[:, :4], kernels)
    kept = [np.array(each) for each in cache]
    second, longer = attend(x[:, 4:5], kernels, cache)
    check.shape(second, (2, 1, 4), "One new piece, one output: return the outputs of the new pieces only.")
    check.shape(
        longer[0],
        (2, 5, 4),
        "Four old pieces and a new one: five keys in the cache. Do not forget the old ones, and keep the pieces on axis 1.",
    )
    check.shape(longer[1], (2, 5, 4), "Four old pieces and a new one: five values in the cache.")
    hint = "The cache you were given was changed: a second continuation of the same text would begin with the first one's pieces."
    check.true(
        len(cache) == 2
        and all(np.shape(a) == np.shape(b) and np.array_equal(a, b) for a, b in zip(cache, kept, strict=True)),
        hint,
    )
    hint = "In the cache the new keys and values stand *behind* the old ones."
    check.close(longer[0], x[:, :5] @ kernels[1], hint, 1e-4)
    check.close(longer[1], x[:, :5] @ kernels[2], hint, 1e-4)
    hint = "One new piece after four old ones: its output differs from that of the whole text. It sees all old pieces and itself."
    check.close(second, in_one_go(x)[:, 4:5], hint, 1e-4)
    third, _ = attend(x[:, 5:6], kernels, cache)
    other = in_one_go(np.concatenate([x[:, :4], x[:, 5:6]], axis=1))[:, 4:]
    check.close(
        third,
        other,
        "The same cache continued in another way gives a wrong answer: it was changed, or kept elsewhere.",
        1e-4,
    )
    agree(
        in_parts(1, 1, 1, 1, 1, 1, 1),
        in_one_go(x),
        "Piece by piece from the first one on: the outputs differ from those in one go.",
        1e-4,
    )
    hint = "Several new pieces with a cache (3, then 4): new piece i sees *all old ones* and the new ones up to itself, so the mask is (new, old + new), shifted by the old ones."
    agree(in_parts(3, 4), in_one_go(x), hint)
    agree(in_parts(1, 4, 2), in_one_go(x), hint)
    loud = 40 * x
    with np.errstate(all="ignore"):
        found = np.asarray(attend(loud, kernels)[0], "float64")
    hint = "Not a number with large scores: `exp` overflows (take off each row's largest, or use `ops.softmax`), or the mask comes after the softmax and leaves 0/0."
    check.true(np.isfinite(found).all(), hint)
    agree(
        found,
        in_one_go(loud),
        "With large scores the outputs differ. Is your forbidden score small enough (−1e9 is), and does the mask come *before* the softmax? Do not cut scores off.",
        1e-3,
    )
    kernels, x = [kernel[:3, :2] for kernel in kernels], x[:1, :, :3]
    hint = "One text, width 3, size 2: use the shapes of what you are given (here √size = √2)."
    agree(in_parts(2, 5), in_one_go(x, scale=2**-0.5), hint)
    kernels = [np.array([[number]], "float32") for number in (1, -1, 1)]
    with np.errstate(all="ignore"):
        found, _ = attend(np.array([[[200.0], [1.0]]], "float32"), kernels)
    hint = "Forbid with a score below *every* allowed one, here −40,000: −1e9 is low enough, −1e4 is not."
    check.close(found, [[[200.0], [1.0]]], hint)

# %% [markdown] tags=["solution"]
# **Discussion.** Without a cache, writing piece number n means n rows of attention again, and all the layers around it; with it, one row. The price is memory: for each piece and each block one key and one value. GPT-3 has 96 blocks of width 12,288 ([Brown et al. 2020](https://arxiv.org/abs/2005.14165)): 2 · 96 · 12,288 numbers of 2 bytes are 4.7 million bytes *per piece*, so a text of 2,048 pieces takes 9.7 GB, for each reader at the same time. This is why several heads may share keys and values ([Ainslie et al. 2023](https://arxiv.org/abs/2305.13245)), or there is a window as in exercise 1.
