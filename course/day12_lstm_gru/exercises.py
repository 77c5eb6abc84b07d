# %% [markdown]
# # Day 12 · Exercises: gates, counts, a GRU with a mask, peeking, temperature, an LSTM by hand
#
# **Six exercises from ten to thirty minutes each: from one number to an LSTM whose weights you write yourself, without any training. Each one answers back.**
#
# <!-- badges -->
#
# How it works: write your code where it says `raise NotImplementedError`, run that cell, then run the check below it (a click unfolds it). The check says
# *right*, *not yet* with a hint, or *not attempted*. The exercises do not depend on each other. Stuck for more than ten minutes? Fold out a
# hint; that is what they are for.

# %% tags=["setup"]
from utils import plots, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day12_lstm_gru")


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


# %% [markdown]
# ## Exercise 1 · The forget gate
#
# Difficulty ●○○○○ · Importance ●●●●○ · 10 minutes
#
# An LSTM's forget gate is $f = \sigma(b)$ when nothing but its bias speaks. After $n$ steps, the share $f^n$ is left of what was on the belt. Turn the question round: **which bias leaves the share `left` after `steps` steps?**
#
# <details><summary>Hint 1</summary>
#
# Two steps. First the gate: which number, multiplied by itself `steps` times, gives `left`? Then the bias: which $b$ has $\sigma(b) = f$?
#
# </details>
# <details><summary>Hint 2</summary>
#
# $f = \text{left}^{1/\text{steps}}$, and from $f = 1 / (1 + e^{-b})$ follows $b = \ln\dfrac{f}{1 - f}$.
#
# </details>


# %%
def forget_bias(left, steps):
    """Find the bias of a forget gate.

    Args:
        left: share that is left after all steps, between 0 and 1 (both excluded).
        steps: number of steps, 1 or more.

    Returns:
        The bias, a number.
    """
    ### BEGIN SOLUTION
    gate = left ** (1 / steps)
    return np.log(gate / (1 - gate))
    ### END SOLUTION


# %%
with check("forget_bias"):
    answer = forget_bias(0.5, 1)
    check.true(answer is not None, "your function returned None: does every path end in `return`?")
    check.true(np.ndim(answer) == 0, "Return one number, the bias.")
    check.true(abs(answer - 0.5) > 1e-9, "That is the gate, not the bias: which b has σ(b) equal to it?")
    check.true(
        abs(answer - sigmoid(0.5)) > 1e-9, "You applied the sigmoid; you need its *inverse*: from the gate to the bias."
    )
    check.close(answer, 0.0, "One step that leaves one half: the gate is 0.5, and σ(0) = 0.5, so the bias is 0.")
    answer = float(forget_bias(0.9, 1))
    check.true(
        abs(answer + np.log(9)) > 1e-6, "The sign is turned: a gate of 0.9 needs a *positive* bias (1 means keep)."
    )
    check.true(
        abs(answer - np.log(9) / np.log(2)) > 1e-6 and abs(answer - np.log10(9)) > 1e-6,
        "Use the natural logarithm, `np.log`.",
    )
    check.close(answer, np.log(9), "One step that leaves 0.9: the bias is ln(0.9 / 0.1).")
    answer = float(forget_bias(0.5, 10))
    check.true(abs(answer) > 1e-6, "You ignore `steps`: after 10 steps with a bias of 0 only a thousandth is left.")
    kept = sigmoid(answer) ** 10
    check.true(
        abs(sigmoid(answer) - 0.5**10) > 1e-6,
        "You raised `left` to the power of `steps`; which gate, multiplied by itself 10 times, *gives* `left`?",
    )
    check.true(
        abs(sigmoid(answer) - 0.05) > 1e-6,
        "You divided by the steps; the gate is *multiplied* by itself: `left ** (1 / steps)`, with the brackets.",
    )
    check.true(
        abs(sigmoid(answer) - 0.95) > 1e-6,
        "You take equal *amounts* away at each step; the gate keeps an equal *share*: f · f · f …",
    )
    answer = float(forget_bias(0.9, 10))
    once = abs(answer - float(forget_bias(0.9, 1)) / 10) > 1e-6 and abs(answer - float(forget_bias(0.9, 1)) * 10) > 1e-6
    check.true(
        once,
        "You multiplied or divided the *bias* by the steps; the gate is multiplied by itself, so take the root of `left` first.",
    )
    check.close(
        kept, 0.5, "After 10 steps with your bias another share is left than 0.5: is the gate the 10th root of it?"
    )
    for left, steps in ((0.9, 60), (0.1, 7), (0.5, 1000), (0.999, 3)):
        kept = float(sigmoid(forget_bias(left, steps)) ** steps)
        check.close(kept, left, f"With left={left} and steps={steps} your bias leaves another share.", 1e-4)
    answer = float(forget_bias(0.2, 1))
    check.true(
        answer < 0,
        "A gate of 0.2 is nearer to shut than to open: its bias is *negative*. Keep the sign.",
    )
    check.close(answer, -np.log(4), "One step that leaves 0.2: the bias is ln(0.2 / 0.8).")

# %% [markdown] tags=["solution"]
# **Discussion.** To keep one half over 60 steps takes a bias of 4.5, to keep 0.9 one of 6.3: Keras' 1 is far from both. There is a rule made of this: draw the forget biases so that the units' memories have lengths between 1 step and the length of
# the sequence ([Tallec and Ollivier, 2018](https://arxiv.org/abs/1804.11188), "chrono initialisation"). It needs `unit_forget_bias=False` and a bias initialiser of your own.

# %% [markdown]
# ## Exercise 2 · How many weights?
#
# Difficulty ●●○○○ · Importance ●●●○○ · 15 minutes
#
# Count the weights of a stack of recurrent layers as Keras builds it. With $d$ inputs and $n$ units, each of the parts that a cell computes has $d \cdot n$ weights on the input, $n \cdot n$ on the state, and $n$ biases. A simple RNN has one part, an LSTM four, a GRU three, and in Keras' GRU
# (`reset_after=True`) every part has *two* sets of biases. A bidirectional layer has two of everything, and its output is twice as wide.
#
# <details><summary>Hint 1</summary>
#
# Go through the stack and carry along the width: what the first layer puts out is the second layer's `d`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `parts, biases = {"SimpleRNN": (1, 1), "LSTM": (4, 1), "GRU": (3, 2)}[kind]`; one layer has `parts * (d * n + n * n + biases * n)` weights, times 2 if bidirectional; after it `d = 2 * n` or `d = n`.
#
# </details>


# %%
def count_weights(features, stack):
    """Count the weights of a stack of recurrent layers.

    Args:
        features: number of inputs at each step.
        stack: list of (kind, units, bidirectional), from the input up; kind is "SimpleRNN", "LSTM" or "GRU".

    Returns:
        Number of weights of all layers together, a whole number.
    """
    ### BEGIN SOLUTION
    total = 0
    for kind, units, bidirectional in stack:
        parts, biases = {"SimpleRNN": (1, 1), "LSTM": (4, 1), "GRU": (3, 2)}[kind]
        directions = 2 if bidirectional else 1
        total += directions * parts * units * (features + units + biases)
        features = directions * units
    return total
    ### END SOLUTION


# %%
def keras_count(features, stack):
    """What Keras says."""
    x = inputs = keras.Input((None, features))
    for kind, units, both in stack:
        layer = getattr(layers, kind)(units, return_sequences=True)
        x = (layers.Bidirectional(layer) if both else layer)(x)
    return keras.Model(inputs, x).count_params()


# %%
with check("count_weights"):
    stack = [("SimpleRNN", 5, False)]
    answer = count_weights(3, stack)
    check.true(len(stack) == 1, "Your function changed the stack it was given: go through it with `for`, don't `pop`.")
    check.true(answer is not None, "your function returned None: does every path end in `return`?")
    check.true(answer != 40, "You forget the biases: one for each unit.")
    check.true(answer != 20, "You forget the weights from the state to the state, units · units.")
    check.equal(answer, 45, "A simple RNN with 3 inputs and 5 units: 3 · 5 + 5 · 5 + 5.")
    answer = count_weights(3, [("LSTM", 5, False)])
    check.true(answer != 135, "An LSTM has *four* parts: three gates and the candidate.")
    check.true(answer != 200, "An LSTM has one set of biases for each part, two only in the GRU: 4 · 5 of them here.")
    check.equal(answer, 180, "An LSTM has four times the weights of a simple RNN of its size.")
    answer = count_weights(3, [("GRU", 5, False)])
    check.true(
        answer != 135,
        "Keras' GRU (reset_after=True) has *two* sets of biases: one on the input's side, one on the state's.",
    )
    check.true(answer not in (140, 180), "A GRU has three parts, each with two sets of biases.")
    check.equal(answer, 150, "A GRU with 3 inputs and 5 units: 3 · (3 · 5 + 5 · 5 + 2 · 5).")
    answer = count_weights(3, [("LSTM", 5, True)])
    check.true(answer != 180, "You ignore `bidirectional`: two directions, twice the weights.")
    check.equal(answer, 360, "A bidirectional layer has two of everything, each with the units given.")
    check.equal(count_weights(3, []), 0, "An empty stack has no weights.")
    answer = count_weights(3, [("LSTM", 5, False), ("LSTM", 7, False)])
    check.true(
        answer != 180 + 4 * 7 * (3 + 7 + 1),
        "The second layer's inputs are not the features: they are the units of the layer below.",
    )
    check.true(answer not in (180, 364), "Add up *all* layers: you returned only one of them.")
    check.equal(answer, 180 + 4 * 7 * (5 + 7 + 1), "Two layers: the second one's inputs are the first one's units.")
    answer = count_weights(2, [("GRU", 8, True), ("GRU", 4, False)])
    check.true(
        answer != 2 * 3 * 8 * (2 + 8 + 2) + 3 * 4 * (8 + 4 + 2),
        "A bidirectional layer puts out both directions side by side: the next layer has 2 · units inputs.",
    )
    check.equal(
        answer, keras_count(2, [("GRU", 8, True), ("GRU", 4, False)]), "Bidirectional below, one direction above."
    )
    for features, stack in (
        (1, [("GRU", 16, True), ("LSTM", 3, True), ("SimpleRNN", 6, True)]),
        (9, [("SimpleRNN", 4, True), ("LSTM", 11, False), ("GRU", 2, False), ("GRU", 2, True)]),
    ):
        check.equal(
            count_weights(features, stack),
            keras_count(features, stack),
            f"Not what Keras counts for {features} features and {stack}.",
        )

# %% [markdown] tags=["solution"]
# **Discussion.** The number of *steps* appears nowhere: the same weights work at every step. And the term $n^2$ dominates: twice the units, four times the weights. When somebody compares an LSTM with a GRU "of the same size", ask: same units or same weights? For
# the same number of weights a GRU may have about 15 % more units than an LSTM.

# %% [markdown]
# ## Exercise 3 · The paper's GRU, with a mask
#
# Difficulty ●●●○○ · Importance ●●●●○ · 25 minutes
#
# The lesson's GRU was Keras' default, which resets *after* the matrix product. Write, in NumPy and without Keras, the GRU of the paper, which resets *before* it, and let it obey a **mask**: at a masked step (`False`) the state stays as it is.
#
# $$z = \sigma(x W_z + h U_z + b_z) \quad r = \sigma(x W_r + h U_r + b_r) \quad \tilde h = \tanh(x W_h + (r \odot h)\, U_h + b_h) \quad h \leftarrow z \odot h + (1 - z) \odot \tilde h$$
#
# The weights lie side by side in Keras' order z, r, h.
#
# <details><summary>Hint 1</summary>
#
# Split `W`, `U` and `b` in three along their last axis. $\tilde h$ needs $r$, so the product with $U_h$ must wait until $r$ is known; it can't be done in one product with the others.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `W_z, W_r, W_h = np.split(W, 3, axis=-1)` and so on. In the loop over `t`: `z`, `r`, `new`, then `after = z * h + (1 - z) * new`, and last `h = np.where(mask[:, t, None], after, h)`: the mask is per sample, so it needs an axis for the units.
#
# </details>


# %%
def paper_gru(x, mask, W, U, b):
    """Run a GRU that resets before the matrix product, from a state of zeros.

    Args:
        x: array (samples, steps, features).
        mask: boolean array (samples, steps); False: this step is padding.
        W: array (features, 3 · units).
        U: array (units, 3 · units).
        b: array (3 · units,).

    Returns:
        The last state, array (samples, units).
    """
    ### BEGIN SOLUTION
    (W_z, W_r, W_h), (U_z, U_r, U_h), (b_z, b_r, b_h) = (np.split(each, 3, axis=-1) for each in (W, U, b))
    h = np.zeros((len(x), len(U)))
    for t in range(x.shape[1]):
        z = sigmoid(x[:, t] @ W_z + h @ U_z + b_z)
        r = sigmoid(x[:, t] @ W_r + h @ U_r + b_r)
        new = np.tanh(x[:, t] @ W_h + (r * h) @ U_h + b_h)
        after = z * h + (1 - z) * new
        h = np.where(mask[:, t, None], after, h)
    return h
    ### END SOLUTION


# %%
def gru_case(samples, steps, features, units, seed):
    """Random x and weights."""
    random = np.random.default_rng(seed)
    shapes = (samples, steps, features), (features, 3 * units), (units, 3 * units), (3 * units,)
    return [random.normal(size=shape) for shape in shapes]


def keras_gru(x, mask, W, U, b, **options):
    """The same by Keras, last state; b for reset_after=True has shape (2, 3 · units)."""
    layer = layers.GRU(len(U), **({"reset_after": False} | options))
    layer.build(x.shape)
    layer.set_weights([W, U, b])
    return ops.convert_to_numpy(layer(x.astype("float32"), mask=mask))


# %%
with check("paper_gru", points=2):
    x, W, U, b = gru_case(4, 1, 3, 5, 0)
    everything = np.ones((4, 1), dtype=bool)
    kept = [each.copy() for each in (x, W, U, b)]
    answer = paper_gru(x, everything, W, U, b)
    check.shape(answer, (4, 5), "Return the last state of each sample: (samples, units).")
    answer = np.asarray(answer)
    check.true(
        all(np.array_equal(one, other) for one, other in zip(kept, (x, W, U, b), strict=True)),
        "Your function changed an array it was given.",
    )
    first = keras_gru(x, everything, W, U, b)
    check.true(
        answer.any(), "The answer is all zeros although no step is masked: True means valid, False means padding."
    )
    z, r, new = np.split(x[:, 0] @ W + b, 3, axis=-1)
    check.true(
        np.abs(answer - sigmoid(z) * np.tanh(new)).max() > 1e-4,
        "z and 1 − z are exchanged: in Keras z keeps the *old* state and 1 − z lets the new one in.",
    )
    z, r, new = np.split(x[:, 0] @ W, 3, axis=-1)
    check.true(np.abs(answer - (1 - sigmoid(z)) * np.tanh(new)).max() > 1e-4, "The biases are missing.")
    z, r, new = np.split(x[:, 0] @ W + b, 3, axis=-1)
    check.true(
        np.abs(answer - (1 - sigmoid(r)) * np.tanh(new)).max() > 1e-4,
        "z and r are exchanged: Keras' order is z, r, h.",
    )
    check.true(
        np.abs(answer - (1 - sigmoid(z)) * sigmoid(new)).max() > 1e-4,
        "The candidate's activation is tanh; the sigmoid is for the gates.",
    )
    check.close(
        answer,
        first,
        "Already the first step (from a state of zeros) differs from Keras: check order (z, r, h), activations and the mix.",
        1e-4,
    )
    for case, sizes in enumerate(((4, 6, 3, 5), (1, 12, 2, 1), (7, 3, 1, 8))):
        x, W, U, b = gru_case(*sizes, seed=case + 1)
        everything = np.ones(sizes[:2], dtype=bool)
        kept = [each.copy() for each in (x, W, U, b)]
        answer = paper_gru(x, everything, W, U, b)
        check.shape(answer, (sizes[0], sizes[3]), "Return the last state, (samples, units), for any sizes.")
        answer = np.asarray(answer)
        check.true(
            all(np.array_equal(one, other) for one, other in zip(kept, (x, W, U, b), strict=True)),
            "Your function changed an array it was given.",
        )
        after = keras_gru(x, everything, W, U, np.stack([b, np.zeros_like(b)]), reset_after=True)
        check.true(
            sizes[3] == 1 or np.abs(answer - after).max() > 1e-3,
            "That is Keras' default: you reset *after* the product, r ⊙ (h U_h). The paper resets *before* it: (r ⊙ h) U_h.",
        )
        no_reset = np.concatenate([b[: sizes[3]], b[sizes[3] : 2 * sizes[3]] + 1e3, b[2 * sizes[3] :]])
        check.true(
            np.abs(answer - keras_gru(x, everything, W, U, no_reset)).max() > 1e-3,
            "Your candidate sees the whole old state: where does r come in?",
        )
        check.close(
            answer,
            keras_gru(x, everything, W, U, b),
            "One step is right, several are not: does each step use the state of the one before (in z, r and the candidate)?",
            1e-4,
        )
    x, W, U, b = gru_case(5, 8, 3, 4, 9)
    lengths = np.array([8, 3, 1, 5, 0])
    mask = np.arange(8) < lengths[:, None]
    given = x.copy(), mask.copy()
    answer = np.asarray(paper_gru(*given, W, U, b))
    unchanged = np.array_equal(given[0], x) and np.array_equal(given[1], mask)
    check.true(unchanged, "Your function changed x or the mask it was given: work on copies.")
    inputs_only = keras_gru(x * mask[..., None], np.ones_like(mask), W, U, b)
    check.true(
        np.abs(answer - inputs_only).max() > 1e-4,
        "Setting masked *inputs* to zero is not masking: the state goes on changing. Keep the state.",
    )
    check.shape(answer, (5, 4), "With a mask, too, the answer has the shape (samples, units).")
    whole = keras_gru(x, np.ones_like(mask), W, U, b)
    check.true(
        np.abs(answer - whole).max() > 1e-4, "You ignore the mask: at a masked step the state must stay as it was."
    )
    together = np.abs(answer[0] - keras_gru(x[:1], np.ones((1, 8), bool), W, U, b)[0]).max() > 1e-4
    check.true(
        not together,
        "The first sample has no masked step and still changed: the mask counts for each sample by itself.",
    )
    check.true(
        np.abs(answer[1:]).min() > 0 or np.abs(answer[1:4]).max() > 0,
        "At a masked step the state must *stay*, not become zero.",
    )
    check.true(
        np.abs(answer[4]).max() == 0,
        "A sample without a single valid step must end with the state it began with, zeros.",
    )
    wanted = np.concatenate(
        [
            keras_gru(x[k : k + 1, :length], np.ones((1, length), bool), W, U, b) if length else np.zeros((1, 4))
            for k, length in enumerate(lengths)
        ]
    )
    check.close(
        answer, wanted, "With the mask the last state must be the one after the last *valid* step of each sample.", 1e-4
    )
    mask = np.random.default_rng(3).random((5, 8)) < 0.6
    wanted = np.concatenate(
        [keras_gru(x[k : k + 1, mask[k]], np.ones((1, mask[k].sum()), bool), W, U, b) for k in range(5)]
    )
    check.close(
        paper_gru(x, mask, W, U, b),
        wanted,
        "A mask may have holes: each masked step is skipped, the steps behind it are not.",
        1e-4,
    )

# %% [markdown] tags=["solution"]
# **Discussion.** For one unit both kinds of GRU can be turned into each other, since a number commutes with a number; for more they are different functions. So weights trained with one are worthless in the other, and a file of
# weights that does not say which it is will cost somebody a day. The mask per *sample* is the reason for `mask[:, t, None]`: some sequences of the batch have ended, others go on.

# %% [markdown]
# ## Exercise 4 · Who is peeking?
#
# Difficulty ●●●○○ · Importance ●●●●● · 25 minutes
#
# A colleague forecasts, *at every step*, the next value of a series, and reports a wonderful error. Her network: a bidirectional GRU with `return_sequences=True`. The answer at step $t$ may use the inputs up to $t$, and no later one; a bidirectional layer reads from the end as well, so it *sees* the next value
# and only needs to copy it.
#
# Write a detector that needs no look at the code: **how many steps ahead does a model look?** Change the inputs from one step $s$ on, and see which answers change. Return the largest number of steps between a changed answer and the first changed input behind it; 0 for an honest model. Add random numbers of about the size 1, different ones everywhere, and look at the *size* of the change in the answers (a model may answer −x). You may call `predict` as often as you like, always with inputs of the shape of `x`.
#
# <details><summary>Hint 1</summary>
#
# For each step `s` from 1 on: copy `x`, replace everything from `s` on by other numbers, ask again. If the answer at an earlier step `t < s` has changed, the model looks ahead at least `s - t` steps. Which `s` and which `t` give the largest such number?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `changed = np.abs(predict(other) - before)[:, :s]`, then the earliest step with a change: `t = np.flatnonzero(changed.reshape(len(x), s, -1).max(axis=(0, 2)) > tolerance)`, if there is any, and `s - t[0]`. The result is the maximum over all `s`.
#
# </details>


# %%
def steps_ahead(predict, x, tolerance=1e-6):
    """Find how many steps a sequence model looks ahead.

    Args:
        predict: function, inputs (samples, steps, features) -> answers (samples, steps) or (samples, steps, outputs).
        x: inputs to try it on, float array (samples, steps, features).
        tolerance: an answer that changes by more than this has changed.

    Returns:
        Whole number: 0 if no answer depends on a later input, else the largest distance.
    """
    ### BEGIN SOLUTION
    before = np.asarray(predict(x))
    random = np.random.default_rng(0)
    farthest = 0
    for s in range(1, x.shape[1]):
        other = np.array(x, dtype="float64")
        other[:, s:] += 1 + random.random(other[:, s:].shape)
        changed = np.abs(np.asarray(predict(other)) - before)[:, :s]
        t = np.flatnonzero(changed.reshape(len(x), s, -1).max(axis=(0, 2)) > tolerance)
        if len(t):
            farthest = max(farthest, s - int(t[0]))
    return farthest
    ### END SOLUTION


# %%
def shifted(lead):
    """A model whose answer at step t is x at step t + lead (0 behind the end)."""

    def predict(x):
        answer = np.zeros(np.shape(x))
        if lead >= 0:
            answer[:, : x.shape[1] - lead] = x[:, lead:]
        else:
            answer[:, -lead:] = x[:, :lead]
        return answer

    return predict


def only_second(x):
    """Peeks two steps ahead, but only in the second sample."""
    return shifted(2)(x) * (np.arange(len(x)) == 1)[:, None, None]


def only_third(x):
    """Peeks two steps ahead, but only in the answer at step 3."""
    return np.where(np.arange(9)[:, None] == 3, np.roll(x, -2, axis=1), x)


# %%
with check("steps_ahead"):
    x = np.random.default_rng(1).normal(size=(3, 9, 2))
    kept = x.copy()
    answer = steps_ahead(shifted(0), x)
    check.true(answer is not None, "your function returned None: does every path end in `return`?")
    check.true(not isinstance(answer, (bool, np.bool_)), "Return a *number* of steps, not True or False.")
    check.true(np.array_equal(x, kept), "Your function changed x: work on a copy, `x.copy()`.")
    check.equal(
        answer,
        0,
        "A model whose answer at t is the input at t is honest. Only answers *before* the change count, t < s.",
    )
    check.equal(steps_ahead(shifted(-2), x), 0, "A model that looks *back* two steps is honest.")
    check.equal(
        steps_ahead(lambda x: x.cumsum(axis=1), x),
        0,
        "A running sum is honest: each answer uses only what came before.",
    )
    answer = steps_ahead(shifted(1), x)
    check.true(
        answer != 0,
        "A model that copies the *next* input was called honest. Do you change the inputs *from s on* and look at the answers before s? And is the distance s − t, with nothing taken off?",
    )
    check.equal(
        answer,
        1,
        "A model that copies the next input looks exactly 1 step ahead: a change at s is seen at s − 1, and s − (s − 1) = 1.",
    )
    answer = steps_ahead(shifted(4), x)
    check.true(
        answer != 1,
        "A model that copies what comes 4 steps later: look at *all* earlier answers, not only at the one just before the change, and keep the *largest* distance.",
    )
    check.equal(answer, 4, "It looks 4 steps ahead.")
    answer = steps_ahead(lambda x: x[:, ::-1].cumsum(axis=1)[:, ::-1], x)
    check.true(answer != 1, "A sum from the end: the *earliest* answer that changes counts, not the latest.")
    check.equal(
        answer,
        8,
        "A sum from the end sees, at step 0, the last of 9 steps: 8 ahead. Do you try every s, the last one, too?",
    )
    check.equal(
        steps_ahead(lambda x: 0 * x + x[:, -1:], x),
        8,
        "A model that shows the last input everywhere looks 8 steps ahead at step 0.",
    )
    check.equal(
        steps_ahead(lambda x: shifted(3)(x)[..., 1], x),
        3,
        "This model has one answer for each step, (samples, steps), and uses only the second feature: change *all* features.",
    )
    check.equal(steps_ahead(only_second, x), 2, "Only the second of three samples shows it: look at all of them.")
    check.equal(
        steps_ahead(lambda x: -shifted(3)(x), x),
        3,
        "This model answers −x: a change may make the answer smaller, so take its size, `np.abs`.",
    )
    for output in (0, 1):
        hint = "Only one of the two outputs peeks: look at all outputs."
        check.equal(steps_ahead(lambda x, k=output: shifted(2)(x) * (np.arange(2) == k), x), 2, hint)
    hint = (
        "Few answers among many change a little more than the tolerance: take the largest change, "
        "not the mean, and no relative tolerance; and change the inputs by numbers near 1."
    )
    many = np.random.default_rng(2).normal(size=(300, 9, 2))
    check.equal(steps_ahead(lambda x: 1000 + 5e-6 * only_second(x), many), 2, hint)
    check.equal(
        steps_ahead(only_third, x),
        2,
        "Only the answer at step 3 peeks, at step 5: try every place of the change and every earlier answer.",
    )
    check.equal(
        steps_ahead(lambda x: np.abs(shifted(2)(x)), x),
        2,
        "This one hides the sign: a change that only flips signs (x → −x) goes unseen.",
    )
    check.equal(
        steps_ahead(lambda x: shifted(2)(x) - shifted(2)(x)[:1] * 0, 0 * x),
        2,
        "On inputs of zero nothing changes if you multiply, shuffle or set to zero: *add* random numbers.",
    )
    check.equal(
        steps_ahead(lambda x: shifted(1)(x) - shifted(1)(x).mean(axis=-1, keepdims=True), x),
        1,
        "This model sees only *differences* between features: change them by different amounts, at random.",
    )
    check.equal(
        steps_ahead(lambda x: shifted(2)(x) * 1e-9, x),
        0,
        "Changes below the tolerance do not count (they are rounding errors).",
    )
    check.equal(steps_ahead(lambda x: shifted(2)(x) * 1e-9, x, tolerance=1e-12), 2, "Use the parameter `tolerance`.")
    check.equal(steps_ahead(shifted(11), np.ones((2, 14, 1))), 11, "For 14 steps of one feature, too.")
    check.equal(
        steps_ahead(lambda x: x[:, [5] * 6 + [8] * 3], x),
        5,
        "This model reads in two blocks, steps 0 to 5 and 6 to 8, and sees the end of its block: "
        "the last change does not show the farthest look. Keep the *largest* distance over all s.",
    )

# %% [markdown]
# Now ask your detector about four real (untrained) layers. Which of them may forecast the next value at every step?

# %%
try:
    series = np.random.default_rng(0).normal(size=(2, 12, 1)).astype("float32")
    suspects = {
        "GRU": layers.GRU(4, return_sequences=True),
        "Bidirectional(GRU)": layers.Bidirectional(layers.GRU(4, return_sequences=True)),
        'Conv1D(kernel 5, "same")': layers.Conv1D(4, 5, padding="same"),
        'Conv1D(kernel 5, "causal")': layers.Conv1D(4, 5, padding="causal"),
    }
    for name, layer in suspects.items():
        ahead = steps_ahead(lambda x, layer=layer: ops.convert_to_numpy(layer(np.asarray(x, "float32"))), series)
        print(f"{name:<28} looks {ahead} steps ahead")
except NotImplementedError:
    print("Solve the exercise first.")

# %% [markdown] tags=["solution"]
# **Discussion.** Of the four, the GRU and the causal convolution are honest; the bidirectional layer sees everything, `padding="same"` half a kernel. None is wrong in itself: to *classify* a name, or when all inputs are known beforehand (the lesson's electricity), both directions are fine.
# The mistake is the combination with a target that lies among the inputs. The same detector finds centred moving averages, scalers fitted on the whole series (a tiny effect at every distance) and features that were shifted the wrong way.

# %% [markdown]
# ## Exercise 5 · Temperature
#
# Difficulty ●●○○○ · Importance ●●●●○ · 20 minutes
#
# Draw the next letter for several names at once. From the logits come probabilities, softmax(logits / T); from a probability and a random number $u$ between 0 and 1 comes a letter: **the first one at which the running sum of the probabilities exceeds $u$**. So that the check can follow you, the random numbers are given. With $T = 0$, take the letter of
# the largest logit (the first, if several are equal).
#
# <details><summary>Hint 1</summary>
#
# Subtract the largest logit of each row before `np.exp`, otherwise large logits overflow. For the drawing: `np.cumsum` along the last axis, and count for each row how many of its sums are *not* above `u`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `if temperature == 0: return logits.argmax(axis=-1)`. Else `scaled = logits / temperature`, `sums = np.exp(scaled - scaled.max(axis=-1, keepdims=True)).cumsum(axis=-1)`, and `(sums / sums[:, -1:] <= uniform[:, None]).sum(axis=-1)`; rounding may make the last sum 0.9999999, so divide the sums by their last one.
#
# </details>


# %%
def draw_letters(logits, temperature, uniform):
    """Draw one letter for each name.

    Args:
        logits: float array (names, letters); −infinity means: never.
        temperature: 0 or more.
        uniform: float array (names,), random numbers from 0 (included) to 1 (excluded).

    Returns:
        Whole numbers, array (names,): the letters drawn, from 0.
    """
    ### BEGIN SOLUTION
    logits, uniform = np.asarray(logits, "float64"), np.asarray(uniform)
    if temperature == 0:
        return logits.argmax(axis=-1)
    scaled = logits / temperature
    sums = np.exp(scaled - scaled.max(axis=-1, keepdims=True)).cumsum(axis=-1)
    return (sums / sums[:, -1:] <= uniform[:, None]).sum(axis=-1)
    ### END SOLUTION


# %%
with check("draw_letters"):
    even = (np.arange(1000) + 0.5) / 1000  # evenly spread "random" numbers
    chances = np.array([0.1, 0.6, 0.3])
    logits = np.tile(np.log(chances), (1000, 1))
    kept = logits.copy()
    with np.errstate(all="ignore"):
        answer = draw_letters(logits, 1.0, even)
        check.shape(answer, (1000,), "Return one letter for each name: shape (names,).")
        check.true(np.array_equal(logits, kept), "Your function changed the logits it was given.")
        answer = np.asarray(answer)
        check.true(
            np.array_equal(answer, answer.astype(int)) and answer.min() >= 0,
            "Return whole numbers from 0, the letters' places.",
        )
        check.true(answer.max() <= 2, "You returned a letter beyond the last one: letters are numbered from 0.")
        check.true(
            len(set(answer.tolist())) > 1,
            "All names got the same letter although their random numbers differ: use `uniform`, one number for each name.",
        )
        check.true(
            not np.array_equal(answer[[0, 99, 100, 699, 700]], [2, 2, 2, 1, 1]),
            "The order is turned round: a small u must give the *first* letters; add the probabilities up from the first one.",
        )
        counts = np.bincount(answer.astype(int), minlength=3) / 1000
        check.true(
            not np.allclose(counts, [0.3, 0.6, 0.1], atol=0.01),
            "The order is turned round: add the probabilities up from the first letter.",
        )
        check.close(
            counts, chances, "At T = 1 the letters must come as often as softmax(logits) says: 0.1, 0.6, 0.3.", 0.01
        )
        check.equal(
            answer[[0, 99, 100, 699, 700]],
            [0, 0, 1, 1, 2],
            "The first letter whose running sum *exceeds* u: with chances 0.1, 0.6, 0.3 the numbers below 0.1 give letter 0, up to 0.7 letter 1.",
        )
        given = logits.copy()
        draw_letters(given, 0.5, even)
        check.true(
            np.array_equal(given, logits),
            "Your function changed the logits: write `scaled = logits / temperature`, not `/=`.",
        )
        for temperature in (0.5, 2.0, 0.25):
            wanted = chances ** (1 / temperature) / (chances ** (1 / temperature)).sum()
            counts = np.bincount(np.asarray(draw_letters(logits, temperature, even)).astype(int), minlength=3) / 1000
            other = chances**temperature / (chances**temperature).sum()
            check.true(
                not np.allclose(counts, chances, atol=0.01),
                "The temperature has no effect: divide the *logits* by T before the softmax.",
            )
            check.true(
                not np.allclose(counts, other, atol=0.01),
                "It works the wrong way round: you multiply by T, or divide too late. A *low* temperature makes the likely likelier.",
            )
            check.close(
                counts, wanted, f"At T = {temperature} the letters come as often as softmax(logits / T) says.", 0.01
            )
        mixed = np.log([[0.1, 0.6, 0.3], [0.4, 0.35, 0.25], [0.2, 0.3, 0.5], [0.1, 0.46, 0.44]])
        answer = draw_letters(mixed, 0, even[[0, 999, 0, 999]])
        check.equal(
            answer,
            [1, 0, 2, 1],
            "At T = 0 each name gets the letter of the largest logit of *its own row*, whatever u is.",
        )
        answer = draw_letters(logits[:4], 0, even[[0, 300, 800, 999]])
        check.equal(
            answer,
            [1, 1, 1, 1],
            "At T = 0 every name gets the letter of the largest logit (and nothing is divided by 0).",
        )
        answer = np.asarray(draw_letters(np.array([[1000.0, 999.0, -1000.0]] * 2), 1.0, np.array([0.5, 0.9])))
        check.equal(answer, [0, 1], "Logits of 1,000 overflow in exp: subtract each row's largest logit first.")
        answer = np.asarray(draw_letters(np.array([[1000.0, 999.0, -1000.0]] * 2), 0.5, np.array([0.5, 0.9])))
        check.equal(answer, [0, 1], "With T = 0.5, too: first divide by T, then subtract the largest of *those*.")
        given = logits.copy(), even.copy()
        draw_letters(given[0], 0.5, given[1])
        unchanged = np.array_equal(given[0], logits) and np.array_equal(given[1], even)
        check.true(
            unchanged, "Your function changed logits or uniform: write `scaled = logits / temperature`, not `/=`."
        )
        rows = np.array([[0.0, 5.0, 0.0], [2000.0, 1990.0, 1995.0], [-900.0, -905.0, -900.0]])
        answer = draw_letters(rows, 1.0, np.array([0.5, 0.5, 0.7]))
        check.equal(
            answer,
            [1, 0, 2],
            "Each name has its own row: subtract the largest logit and divide by the sum *row by row*.",
        )
        never = np.array([[-np.inf, 0.0, -np.inf]] * 3)
        answer = draw_letters(never, 0.7, np.array([0.0, 0.5, 0.999]))
        check.equal(
            answer,
            [1, 1, 1],
            "A logit of −infinity means never: with u = 0 the first letter must not come (the sum must *exceed* u).",
        )
        tricky = np.log(np.full((1, 7), 1 / 7))
        answer = draw_letters(tricky, 1.0, np.array([np.nextafter(1.0, 0.0)]))
        check.equal(
            answer,
            [6],
            "With u just below 1 the last letter comes, although the running sum ends at 0.9999999 by rounding.",
        )
        wide = np.random.default_rng(2).normal(size=(50, 28))
        uniform = np.random.default_rng(3).random(50)
        sums = np.exp(wide / 0.8).cumsum(axis=1)
        wanted = [int(np.argmax(total / total[-1] > u)) for total, u in zip(sums, uniform, strict=True)]
        check.equal(
            draw_letters(wide, 0.8, uniform),
            wanted,
            "50 names with 28 letters, T = 0.8: is each name drawn from its own row with its own u?",
        )
        answer = draw_letters(np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]]), 0, np.array([0.9, 0.5]))
        check.equal(
            answer,
            [1, 0],
            "At T = 0 the *first* of several equal logits, whatever u is; a tiny T still draws.",
        )

# %% [markdown] tags=["solution"]
# **Discussion.** This is *inverse transform sampling*, and it is what `np.random.choice(p=…)` does inside; with the random numbers outside, a sampler can be tested. The temperature does not change the *order* of the letters, only how much it counts. Large language
# models are driven by the same few lines, with two additions that day 15 brings: top-k and top-p.

# %% [markdown]
# ## Exercise 6 · An LSTM that nobody trained
#
# Difficulty ●●●●● · Importance ●●●○○ · 30 minutes
#
# The adding problem from the lesson: two inputs at each step, a value between −1 and 1 and a marker that is 1 at exactly two steps, else 0; wanted is the sum of the two marked values. You know what an LSTM should do about it. **So write its weights yourself**, for *one* unit, without training:
#
# - the input gate opens only where the marker is 1;
# - the forget gate keeps everything;
# - the candidate is the value, made small, because tanh is only nearly a straight line near 0;
# - the output gate is open as well, and at the end you scale up what you scaled down.
#
# The answer is `scale * h` with the last $h = o \tanh(c)$. It must be right to 0.01 up to 500 steps, which the check tries. (The two marks may stand anywhere here.)
#
# <details><summary>Hint 1</summary>
#
# A gate is a sigmoid: with an argument of −20 it is shut (2 · 10⁻⁹), with +20 it is open. The input gate needs +20 where the marker is 1 and −20 where it is 0: a weight on the marker and a bias. The others need only a bias. The recurrent weights `U` may all be zero.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Keras' order is i, f, c̃, o. `W = [[0, 0, 0.01, 0], [40, 0, 0, 0]]` (rows: value, marker), `b = [-20, 20, 0, 20]`. With the candidate tanh(0.01 · value) everything is a hundred times too small: `scale = 100`.
#
# </details>


# %%
def handmade_lstm():
    """Write the weights of an LSTM with one unit that solves the adding problem.

    Returns:
        (W, U, b, scale): W (2, 4), rows value and marker, columns i, f, c̃, o as in Keras; U (1, 4); b (4,); scale: a number.
    """
    ### BEGIN SOLUTION
    W = np.array([[0.0, 0.0, 0.01, 0.0], [40.0, 0.0, 0.0, 0.0]])
    U = np.zeros((1, 4))
    b = np.array([-20.0, 20.0, 0.0, 20.0])
    return W, U, b, 100.0
    ### END SOLUTION


# %%
def run_lstm(x, W, U, b):
    """An LSTM in NumPy, as in the lesson; returns the last h, (samples, units), and the mean gates (i, f, o) at marked and other steps."""
    h = c = np.zeros((len(x), 1))
    gates = []
    for t in range(x.shape[1]):
        i, f, new, o = np.split(x[:, t] @ W + h @ U + b, 4, axis=-1)
        i, f, o = sigmoid(i), sigmoid(f), sigmoid(o)
        c = f * c + i * np.tanh(new)
        h = o * np.tanh(c)
        gates.append(np.concatenate([i, f, o], axis=1))
    gates, marked = np.stack(gates, axis=1), x[:, :, 1] == 1
    return h, gates[marked].mean(axis=0) if marked.any() else None, gates[~marked].mean(axis=0)


def adding(count, steps, seed):
    """The adding problem: x (count, steps, 2), answers (count,)."""
    random = np.random.default_rng(seed)
    x = np.stack([random.uniform(-1, 1, size=(count, steps)), np.zeros((count, steps))], axis=-1)
    for row in x:
        row[random.choice(steps, 2, replace=False), 1] = 1
    return x, (x[:, :, 0] * x[:, :, 1]).sum(axis=1)


# %%
with check("handmade_lstm", points=2):
    answer = handmade_lstm()
    check.true(isinstance(answer, (tuple, list)) and len(answer) == 4, "Return four things: `return W, U, b, scale`.")
    W, U, b, scale = (np.asarray(each, "float64") for each in answer)
    check.shape(W, (2, 4), "W has a row for the value and one for the marker, and four columns i, f, c̃, o.")
    check.shape(U, (1, 4), "U has one row (one unit) and four columns.")
    check.shape(b, (4,), "b has four entries, for i, f, c̃, o.")
    check.true(scale.ndim == 0 and np.isfinite(scale), "scale is one number.")
    x, wanted = adding(200, 10, 0)
    h, at_mark, elsewhere = run_lstm(x, W, U, b)
    check.true(
        at_mark[0] > 0.9,
        f"At the marks your input gate is only {at_mark[0]:.2f}: the marked values are not written. Column 0 of W is the input gate; which row is the marker? "
        "There the marker's weight plus the bias must be far above 0.",
    )
    check.true(
        elsewhere[0] < 0.01,
        f"Where the marker is 0 your input gate is {elsewhere[0]:.3f}: unmarked values are written, too. It needs a strongly negative bias.",
    )
    check.true(
        min(at_mark[1], elsewhere[1]) > 0.9,
        f"Your forget gate is {min(at_mark[1], elsewhere[1]):.2f}, and 1 means *keep*: it is column 1, and a large bias opens it.",
    )
    check.true(
        min(at_mark[2], elsewhere[2]) > 0.9,
        f"Your output gate is {min(at_mark[2], elsewhere[2]):.2f}: column 3, and a large bias opens it.",
    )
    check.true(
        h.std() > 1e-3 * np.abs(h).max(),
        "The answer never changes: the candidate, column 2, must see the value.",
    )
    given = scale * h[:, 0]
    slope = float(given @ wanted / (wanted @ wanted))
    check.true(
        slope > 0, "The answers have the wrong sign: do the candidate's weight and the scale have the same sign?"
    )
    check.true(
        abs(slope - 1) < 0.05 or np.abs(given / slope - wanted).max() > 0.05,
        f"The answers are {slope:.3g} times what they should be: does `scale` undo what the candidate's weight made small?",
    )
    bent = np.abs(given - wanted)
    check.true(
        bent.max() < 0.01 or W[0, 2] ** 2 < 0.003,
        f"Off by up to {bent.max():.3f}: tanh bends. Make the candidate's weight smaller, and the scale larger.",
    )
    check.true(
        bent.max() < 0.01,
        f"Off by up to {bent.max():.3f} with 10 steps: look for a constant that is added, or for a gate that is not fully open or shut.",
    )
    for steps in (3, 100, 500):
        x, wanted = adding(200, steps, steps)
        h, at_mark, elsewhere = run_lstm(x, W, U, b)
        worst = np.abs(scale * h[:, 0] - wanted).max()
        check.true(
            worst < 0.01,
            f"Right with 10 steps, off by {worst:.3f} with {steps}: a forget gate of 0.99 is not 1, an input gate of 0.001 is not 0, over {steps} steps.",
        )
    layer = layers.LSTM(1)
    layer.build(x.shape)
    layer.set_weights([W, U, b])
    by_keras = float(scale) * ops.convert_to_numpy(layer(x[:50, :100].astype("float32")))[:, 0]
    hint = "Your weights do it in NumPy, in 64 bits, and not in Keras, in 32: is the candidate's weight so small that it drowns in rounding?"
    check.close(by_keras, (x[:50, :100, 0] * x[:50, :100, 1]).sum(axis=1), hint, 0.01)

# %% [markdown] tags=["solution"]
# **Discussion.** Four numbers that are not zero, apart from the biases, and it works for five hundred steps or five thousand: nothing in it depends on the length. The training of the lesson found something like it with 32 units. A simple RNN
# has no such solution: it would have to keep the sum in $h$, and $h = \tanh(\dots)$ is squeezed at every step. It can come near it with tiny numbers, where tanh is straight; but then nothing can *shut out* the unmarked values, for that is a product of two inputs, value times marker, and a gate is what multiplies.

# %%
try:
    W, U, b, scale = handmade_lstm()
    x, wanted = adding(1, 60, 4)
    kept = [
        scale * float(run_lstm(x[:, : t + 1], np.asarray(W), np.asarray(U), np.asarray(b))[0][0, 0]) for t in range(60)
    ]
    figure, axes = plt.subplots(figsize=(8, 3.2))
    axes.vlines(np.arange(60), 0, x[0, :, 0], color="0.75", label="values")
    marked = np.flatnonzero(x[0, :, 1])
    axes.plot(marked, x[0, marked, 0], "D", color=plots.COLOURS[5], label="marked")
    axes.plot(kept, color=plots.COLOURS[0], label="your LSTM says")
    axes.set(xlabel="step", ylabel="value", title="An LSTM by hand")
    figure.legend(loc="outside right")
    plots.show(
        figure,
        alt=f"Sixty values, two of them marked, at steps {marked[0]} and {marked[1]}, and the answer of the handmade LSTM: 0 at first, then a step at each mark, at the end {kept[-1]:.2f}; the sum is {wanted[0]:.2f}.",
    )
except NotImplementedError:
    print("Solve the exercise first, then this cell draws what your LSTM does.")
