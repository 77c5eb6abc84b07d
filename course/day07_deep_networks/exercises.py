# %% [markdown]
# # Day 07 · Exercises: dead neurons, batch norm, skips, a sick network
#
# **Six exercises: you count dead neurons, write batch normalisation and mixup, walk backward through a residual block, add skips to a plain
# network, and cure one that does not learn.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The exercises do not depend on each
# other. Stuck for more than ten minutes? Fold out a hint.

# %% tags=["setup"]
from utils import data, runtime
from utils.check import Exercises

import keras
import numpy as np
from keras import layers

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day07_deep_networks")

# %% [markdown]
# The pictures are those of the lesson: Fashion-MNIST, 14 × 14 = 196 numbers each, standardised.

# %%
fashion = data.load("fashion_mnist")
pictures = fashion["train_images"][:8000].reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196)
pictures = ((pictures - pictures.mean()) / pictures.std()).astype("float32")
picture_labels = fashion["train_labels"][:8000].astype("int32")

# %% [markdown]
# ## Exercise 1 · Find the dead ReLUs
#
# Difficulty ●○○○○ · Importance ●●●○○ · 10 minutes
#
# A ReLU neuron is **dead** if it outputs 0 for *every* example: its slope is then 0 everywhere, and it will never learn again. You get the
# outputs of a network's hidden layers for a few thousand examples; return, for each layer, the numbers of its dead neurons, counted from 0.
#
# <details><summary>Hint 1</summary>
#
# One layer's outputs have the shape (examples, neurons). A neuron is a *column*; look along it over all examples.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `(outputs == 0).all(axis=0)` is True for the dead columns; `np.flatnonzero` turns that into their numbers. Do it for each layer in a list.
#
# </details>


# %%
def find_dead(layer_outputs):
    """Find the neurons that are 0 for every example.

    Args:
        layer_outputs: list, one array of shape (examples, neurons) per hidden layer, as they come out of the ReLU.

    Returns:
        List, one array per layer: the numbers of its dead neurons, from 0, ascending; empty if none is dead.
    """
    ### BEGIN SOLUTION
    return [np.flatnonzero((outputs == 0).all(axis=0)) for outputs in layer_outputs]
    ### END SOLUTION


# %%
with check("find_dead"):
    first = np.array([[0.0, 1.0, 0.0, 0.0], [0.0, 2.0, 0.0, 3.0], [0.0, 0.0, 0.0, 0.0]])
    found = find_dead([first.copy()])
    check.true(found is not None, "Your function returned None: does it end in `return`?")
    hint = "Return a list with one array of neuron numbers per layer (square brackets: round ones or `yield` make a generator)."
    check.true(isinstance(found, (list, tuple, np.ndarray)) and len(found) == 1, hint)
    hint = "The array of a layer has one axis: `np.where` gives a tuple around it, `np.argwhere` a column, `np.flatnonzero` the array itself."
    check.true(np.ndim(found[0]) < 2, hint)
    check.true(np.ndim(found[0]) == 1, "Return a list with one array of neuron numbers per layer.")
    given = np.asarray(found[0])
    hint = (
        "Return the *numbers* of the dead neurons, not True and False (or 1 and 0) for all of them: `np.flatnonzero`."
    )
    check.true(given.dtype != bool and not np.array_equal(given, [1, 0, 1, 0]), hint)
    check.true(
        not np.array_equal(given, [2]),
        "Example 2 (a row) is all zeros, but neurons are the columns: look along `axis=0`.",
    )
    three = np.asarray(find_dead([first[:, :3].copy()])[0])
    check.true(not np.array_equal(three, [1, 3]), "Number the neurons from 0; yours are counted from 1.")
    check.true(0 in given or 1 not in given, "You collected the *living* neurons: wanted are those that are always 0.")
    hint = (
        "Neuron 3 is 0 for two of three examples but answers 3.0 to the other, so it is alive: 0 for *every* example."
    )
    check.true(3 not in given, hint)
    check.true(1 not in given, "Neuron 1 answers 1.0 and 2.0: it is alive.")
    check.equal(given, [0, 2], "Neurons 0 and 2 are 0 for every example: judge each column by itself, `.all(axis=0)`.")
    second = np.abs(np.random.default_rng(0).normal(size=(50, 3))) + 0.1
    found = find_dead([first, second])
    check.equal(
        len(found),
        2,
        "One array per layer, an empty one where no neuron is dead; and does your `return` stand inside the loop?",
    )
    check.equal(len(found[1]), 0, "In this layer every neuron is alive: an empty array is wanted.")
    faint = np.zeros((5000, 3), "float32")
    faint[-1, 0] = 1e-30
    faint[:, 2] = 3
    found = np.asarray(find_dead([faint.copy()])[0])
    hint = "Neuron 0 answers a tiny 1e-30 to the last of 5,000 examples: it still has a slope, and is alive. Compare with 0 itself, over all examples."
    check.true(0 not in found, hint)
    hint = "Neuron 2 answers 3 to every example: that is dull, but not dead. Its slope is 1."
    check.true(2 not in found, hint)
    check.equal(found, [1], "Neuron 1 is 0 for every example.")
    given = [first.copy(), second.copy()]
    find_dead(given)
    hint = "Your function changed the outputs it was given."
    check.true(np.array_equal(given[0], first) and np.array_equal(given[1], second), hint)
    keras.utils.set_random_seed(0)
    hidden = [layers.Dense(20, activation="relu") for _ in range(3)]
    model = keras.Sequential([keras.Input((196,)), *hidden])
    kernel, bias = hidden[1].get_weights()
    bias[[4, 11]] = -100.0
    hidden[1].set_weights([kernel, bias])
    signals = [pictures[:2000]]
    for layer in hidden:
        signals.append(np.asarray(layer(signals[-1])))
    planted = find_dead(signals[1:])
    dead = set(np.asarray(planted[1]).tolist())
    check.true(
        {4, 11} <= dead,
        "In the second layer neurons 4 and 11 were killed by a bias of −100. (Every layer counts from 0 anew.)",
    )
    for place, values in enumerate(signals[1:]):
        alive = [int(number) for number in planted[place] if values[:, int(number)].any()]
        hint = f"Hidden layer {place + 1}: you call {alive} dead, but they answer to some example. Judge each layer by its own outputs."
        check.true(not alive, hint)
    print("dead neurons in a Keras network, layer by layer:", [np.asarray(numbers).tolist() for numbers in planted])

# %% [markdown] tags=["solution"]
# **Discussion.** "Dead" is a statement about *these* examples; that is why one looks at thousands, and not at a batch of ten. Dead neurons come from a step too
# large (day 01 and today), or from a bad start. What helps: a smaller rate, batch normalisation, or an activation whose slope is never exactly zero (leaky ReLU, GELU).
# A few dead ones among many do no harm; a layer that is dead as a whole is a wall.

# %% [markdown]
# ## Exercise 2 · Batch normalisation, both faces
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# Write the whole layer for inputs of shape (examples, neurons). In training it standardises with the batch's own mean and variance and updates the moving averages,
# $\text{moving} \leftarrow m \cdot \text{moving} + (1 - m) \cdot \text{batch}$, with the momentum $m$. In inference it uses the moving averages and leaves them alone. In both:
# $\text{output} = \gamma\,(z - \text{mean}) / \sqrt{\text{variance} + \epsilon} + \beta$.
#
# <details><summary>Hint 1</summary>
#
# First decide which mean and variance to use, with `if training`; the formula after that is the same for both. Statistics are per neuron: `axis=0`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# In training: `mean, variance = z.mean(axis=0), z.var(axis=0)`, then `moving_mean = momentum * moving_mean + (1 - momentum) * mean`, the same for the variance. Else:
# `mean, variance = moving_mean, moving_variance`. Don't use `*=` on what you were given: it would change the caller's arrays.
#
# </details>


# %%
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    """Batch normalisation.

    Args:
        z: array (examples, neurons).
        gain, shift: the parameters γ and β, arrays (neurons,).
        moving_mean, moving_variance: the averages so far, arrays (neurons,).
        training: True or False.
        momentum: share of the old average that is kept.
        epsilon: added to the variance, under the root.

    Returns:
        (output (examples, neurons), moving mean, moving variance); the averages are unchanged if not training.
    """
    ### BEGIN SOLUTION
    if training:
        mean, variance = z.mean(axis=0), z.var(axis=0)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    else:
        mean, variance = moving_mean, moving_variance
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance
    ### END SOLUTION


# %%
with check("batch_norm", points=2):
    random = np.random.default_rng(0)
    z = random.normal((3, -1, 0.5), (2, 0.5, 1), size=(4, 3))
    gain, shift = np.array([1.0, 2.0, 0.5]), np.array([0.0, 1.0, -1.0])
    old_mean, old_variance = np.array([1.0, 0.0, -1.0]), np.array([1.0, 4.0, 0.25])
    given = [each.copy() for each in (z, gain, shift, old_mean, old_variance)]
    result = batch_norm(*given, training=True)
    check.true(
        isinstance(result, (tuple, list)) and len(result) == 3,
        "Return three things: the output, the moving mean and the moving variance.",
    )
    hint = "Your function changed the arrays it was given: write `moving = momentum * moving + …`, not `*=` or `+=`."
    check.true(all(map(np.array_equal, given, (z, gain, shift, old_mean, old_variance))), hint)
    output, new_mean, new_variance = result
    check.shape(output, (4, 3), "The output has the shape of z.")
    plain = batch_norm(z, np.ones(3), np.zeros(3), old_mean, old_variance, training=True)[0]
    wanted = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-3)
    per_example = (z - z.mean(axis=1, keepdims=True)) / np.sqrt(z.var(axis=1, keepdims=True) + 1e-3)
    hint = "You normalised each example over its neurons (that is layer normalisation, day 15): per neuron over the batch is `axis=0`."
    check.true(not np.allclose(plain, per_example), hint)
    hint = "You took one mean over everything: each neuron has its own, `axis=0`."
    check.true(not np.allclose(plain, (z - z.mean()) / np.sqrt(z.var() + 1e-3)), hint)
    with_average = (z - old_mean) / np.sqrt(old_variance + 1e-3)
    hint = "In training you used the moving averages; there the *batch's* mean and variance count."
    check.true(not np.allclose(plain, with_average), hint)
    late = batch_norm(z, np.ones(3), np.zeros(3), old_mean, old_variance, True, momentum=0.0)[0]
    hint = "In training you normalised with the *updated* averages: use the batch's own mean and variance there."
    check.true(np.allclose(plain, late) or not np.allclose(late, wanted), hint)
    unbiased = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0, ddof=1) + 1e-3)
    hint = "The variance is divided by the number of examples, not by one less (`ddof=0`, NumPy's default)."
    check.true(not np.allclose(plain, unbiased), hint)
    hint = "You divided by the variance: it is the square *root* of variance + epsilon."
    check.true(not np.allclose(plain, (z - z.mean(axis=0)) / (z.var(axis=0) + 1e-3)), hint)
    outside = (z - z.mean(axis=0)) / (z.std(axis=0) + 1e-3)
    check.true(not np.allclose(plain, outside, atol=1e-7), "Epsilon belongs *under* the root, not added to it.")
    check.close(plain, wanted, "With γ = 1 and β = 0: (z − mean) / sqrt(variance + epsilon), per neuron.")
    check.close(output, gain * wanted + shift, "Multiply by the gain γ, then add the shift β.")
    mean, variance = z.mean(axis=0), z.var(axis=0)
    hint = "Wrong order: the moving mean comes second, the moving variance third; you swapped them."
    check.true(not np.allclose(new_mean, 0.9 * old_variance + 0.1 * variance), hint)
    hint = "The momentum is the share of the *old* average that is kept: 0.9 · old + 0.1 · batch; yours is the other way round."
    check.true(not np.allclose(new_mean, 0.1 * old_mean + 0.9 * mean), hint)
    check.true(not np.allclose(new_variance, 0.1 * old_variance + 0.9 * variance), hint)
    hint = "The moving averages did not move in training: update them."
    check.true(not np.allclose(new_mean, old_mean) and not np.allclose(new_variance, old_variance), hint)
    check.close(
        new_mean, 0.9 * old_mean + 0.1 * mean, "The moving mean: momentum · old + (1 − momentum) · mean of the batch."
    )
    hint = "Into the moving variance goes the variance of the formula, divided by the number of examples (`ddof=0`; PyTorch takes one less here)."
    check.true(not np.allclose(new_variance, 0.9 * old_variance + 0.1 * z.var(axis=0, ddof=1)), hint)
    hint = "The moving variance: momentum · old + (1 − momentum) · variance of the batch (not its root)."
    check.close(new_variance, 0.9 * old_variance + 0.1 * variance, hint)
    other_mean = batch_norm(z, gain, shift, old_mean, old_variance, True, momentum=0.5)[1]
    other_variance = batch_norm(z, gain, shift, old_mean, old_variance, True, momentum=0.5)[2]
    check.close(other_mean, 0.5 * old_mean + 0.5 * mean, "Use the parameter `momentum`, not the number 0.9.")
    hint = "Use the parameter `momentum` for the variance, too, not the number 0.9."
    check.close(other_variance, 0.5 * old_variance + 0.5 * variance, hint)
    large = batch_norm(z, gain, shift, old_mean, old_variance, True, epsilon=0.5)[0]
    hint = "Use the parameter `epsilon`, not the number 1e-3."
    check.close(large, gain * (z - mean) / np.sqrt(variance + 0.5) + shift, hint)
    given = [each.copy() for each in (z, gain, shift, old_mean, old_variance)]
    result = batch_norm(*given, training=False)
    hint = "In inference, too, three things are returned: the output and both averages, unchanged."
    full = isinstance(result, (tuple, list)) and len(result) == 3 and all(each is not None for each in result)
    check.true(full, hint)
    used, same_mean, same_variance = result
    hint = "In inference your function changed the arrays it was given: write `z = …`, not `z -= …`."
    check.true(all(map(np.array_equal, given, (z, gain, shift, old_mean, old_variance))), hint)
    hint = "In inference you used the batch's statistics: the answer to one example must not depend on the others."
    check.true(not np.allclose(used, gain * wanted + shift), hint)
    hint = "In inference the moving averages must not change."
    check.true(np.allclose(same_mean, old_mean) and np.allclose(same_variance, old_variance), hint)
    check.close(used, gain * with_average + shift, "In inference: the moving averages in the formula, then γ and β.")
    large = batch_norm(z, gain, shift, old_mean, old_variance, False, epsilon=0.5)[0]
    hint = "Use the parameter `epsilon` in inference, too."
    check.close(large, gain * (z - old_mean) / np.sqrt(old_variance + 0.5) + shift, hint)
    five = random.normal(size=(6, 5))
    hint = "The layer must work for any number of neurons and examples; these are 6 examples with 5 neurons."
    output = batch_norm(five, np.ones(5), np.zeros(5), np.zeros(5), np.ones(5), True)[0]
    check.close(output, (five - five.mean(axis=0)) / np.sqrt(five.var(axis=0) + 1e-3), hint)
    layer = layers.BatchNormalization(momentum=0.9)
    moving = (np.zeros(3), np.ones(3))
    for _ in range(5):
        batch = random.normal(2, 3, size=(8, 3)).astype("float32")
        theirs = np.asarray(layer(batch, training=True))
        ours, *moving = batch_norm(batch, np.ones(3), np.zeros(3), *moving, training=True)
    check.close(ours, theirs, "Five batches through Keras' layer give another output.", 1e-4)
    check.close(
        moving[1], np.asarray(layer.moving_variance), "Keras' moving variance differs after five batches.", 1e-4
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Nothing in inference is random or depends on the batch: then the layer is a fixed multiplication and addition per neuron, and is often merged
# into the weights before it, so that it costs nothing on a telephone. If a model is good in training and bad in use, compare the two modes on the *same* batch first: if
# they differ much, the averages have not arrived (lesson, section 3).

# %% [markdown]
# ## Exercise 3 · Backward through a residual block
#
# Difficulty ●●●●○ · Importance ●●●●○ · 25 minutes
#
# The forward pass is given: $y = x + \text{ReLU}(x W_1 + b_1)\,W_2 + b_2$. From the gradient at $y$, find those at the four parameters and at $x$. The check compares
# with finite differences, one name at a time.
#
# <details><summary>Hint 1</summary>
#
# $y$ depends on $x$ along two ways, so two gradients arrive at $x$ and are added. Along the skip nothing is multiplied.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `slope_z = (slope @ W2.T) * (hidden > 0)`. Then `W2`: `hidden.T @ slope`; `b2`: `slope.sum(axis=0)`; `W1`: `x.T @ slope_z`; `b1`: `slope_z.sum(axis=0)`; and
# `x`: `slope + slope_z @ W1.T`.
#
# </details>


# %%
def residual_forward(p, x):
    """The block, given: p holds W1 (d, h), b1 (h,), W2 (h, d), b2 (d,); x (examples, d) -> y (examples, d)."""
    hidden = np.maximum(0, x @ p["W1"] + p["b1"])
    return x + hidden @ p["W2"] + p["b2"]


def residual_backward(p, x, slope):
    """Gradients of the loss through the block.

    Args:
        p: dict of the parameters, as in residual_forward.
        x: the block's input, array (examples, d).
        slope: ∂L/∂y, array (examples, d).

    Returns:
        Dict with ∂L/∂ of "W1", "b1", "W2", "b2" and "x", each of the shape of its own.
    """
    ### BEGIN SOLUTION
    hidden = np.maximum(0, x @ p["W1"] + p["b1"])
    slope_z = (slope @ p["W2"].T) * (hidden > 0)
    return {
        "W1": x.T @ slope_z,
        "b1": slope_z.sum(axis=0),
        "W2": hidden.T @ slope,
        "b2": slope.sum(axis=0),
        "x": slope + slope_z @ p["W1"].T,
    }
    ### END SOLUTION


# %%
with check("residual_backward", points=3):
    random = np.random.default_rng(2)
    sizes = {"W1": (4, 5), "b1": (5,), "W2": (5, 4), "b2": (4,)}
    p = {name: random.normal(size=size) for name, size in sizes.items()}
    x, slope = random.normal(size=(7, 4)), random.normal(size=(7, 4))
    kept = {name: values.copy() for name, values in p.items()} | {"x": x.copy()}
    given = x.copy(), slope.copy()
    found = residual_backward(p, *given)
    check.true(
        isinstance(found, dict) and {*sizes, "x"} <= set(found), 'Return a dict with "W1", "b1", "W2", "b2", "x".'
    )
    check.true(all(np.array_equal(kept[n], p[n]) for n in p), "Your function changed the parameters it was given.")
    hint = "Your function changed x or slope: write `slope + …`, not `slope += …`."
    check.true(np.array_equal(given[0], x) and np.array_equal(given[1], slope), hint)

    def measure(block, x, slope):
        """Every gradient by finite differences."""
        gradients = {}
        for name, values in {**block, "x": x}.items():
            numeric = np.zeros_like(values)
            for place in np.ndindex(values.shape):
                pair = []
                for nudge in (1e-6, -1e-6):
                    moved = values.copy()
                    moved[place] += nudge
                    changed = block if name == "x" else {**block, name: moved}
                    pair.append(np.sum(residual_forward(changed, moved if name == "x" else x) * slope))
                numeric[place] = (pair[0] - pair[1]) / 2e-6
            gradients[name] = numeric
        return gradients

    wanted = measure(p, x, slope)
    for name, values in wanted.items():
        check.shape(found[name], values.shape, f"The gradient of {name} has the shape of {name}.")
    check.close(
        found["b2"],
        wanted["b2"],
        "b2: every example used it, so their slopes are added (sum, not mean); and after the sum this block has no ReLU.",
    )
    check.close(
        found["W2"],
        wanted["W2"],
        "W2: hidden.T @ slope, with the hidden values *after* the ReLU; a sum over the examples, not a mean.",
    )
    hint = "b1: did the gradient pass through the ReLU? Its slope is 1 where hidden > 0, else 0. And a sum over the examples, not a mean."
    check.close(found["b1"], wanted["b1"], hint)
    check.close(found["W1"], wanted["W1"], "W1: x.T @ (gradient before the ReLU); a sum over the examples, not a mean.")
    through = wanted["x"] - slope
    check.true(
        not np.allclose(found["x"], through, atol=1e-6),
        "x: you forgot the skip; what arrives at y also reaches x directly.",
    )
    check.true(not np.allclose(found["x"], slope), "x: you forgot the way through the two layers; both ways are added.")
    check.close(found["x"], wanted["x"], "x: the slope itself *plus* the gradient before the ReLU times W1 transposed.")
    dead = {**p, "b1": np.full(5, -100.0)}
    check.close(
        residual_backward(dead, x, slope)["x"],
        slope,
        "With every ReLU dead, the skip alone carries the gradient: slope, unchanged.",
    )
    small = {"W1": p["W1"][:2, :3], "b1": p["b1"][:3], "W2": p["W2"][:3, :2], "b2": p["b2"][:2]}
    found = residual_backward(small, x[:3, :2], slope[:3, :2])
    for name, values in measure(small, x[:3, :2], slope[:3, :2]).items():
        hint = f"{name} of another block, with d = 2, h = 3 and three examples: take the sizes from the arrays, don't write them out."
        check.close(found[name], values, hint)
    origin = np.zeros((1, 4))
    just_open, open_wide = ({**p, "b1": np.full(5, above)} for above in (1e-9, 1.0))
    hint = "At x = 0 and b1 = 1e-9 every hidden value is just above 0, and the ReLU's slope is 1 as anywhere above 0. Work the gradients out (chain rule); measured with a small nudge they are wrong here."
    expected = residual_backward(open_wide, origin, slope[:1])["x"]
    check.close(residual_backward(just_open, origin, slope[:1])["x"], expected, hint)

# %% [markdown] tags=["solution"]
# **Discussion.** The last check is the point of it all: even with the whole block dead the gradient passes, unchanged, to the layers below. In a plain block it would be
# zero, and everything below would stop learning.

# %% [markdown]
# ## Exercise 4 · Mixup
#
# Difficulty ●●○○○ · Importance ●●●○○ · 10 minutes
#
# Mix each example with a partner: with a share of 0.8, 80 % of the example and 20 % of its partner, inputs and targets alike. The shares and the partners
# are drawn for you, so that the result can be checked. Your function should work for tables (n, features) as well as for pictures (n, height, width, channels).
#
# <details><summary>Hint 1</summary>
#
# `inputs[partner]` are the partners, in the right order. The trouble is broadcasting: shares of shape (n,) against inputs of shape (n, …).
#
# </details>
# <details><summary>Hint 2</summary>
#
# `share.reshape(-1, *[1] * (inputs.ndim - 1))` has as many axes as the inputs. Then `s * inputs + (1 - s) * inputs[partner]`; the targets have two axes.
#
# </details>


# %%
def mix(inputs, targets, share, partner):
    """Mixup with given shares and partners.

    Args:
        inputs: float array (n, …), with one or more further axes.
        targets: array (n, classes), one-hot.
        share: array (n,), from 0 to 1: the part of the example itself.
        partner: whole numbers (n,): which example to mix in.

    Returns:
        (mixed inputs, mixed targets), of the shapes of inputs and targets.
    """
    ### BEGIN SOLUTION
    for_inputs = share.reshape(-1, *[1] * (inputs.ndim - 1))
    mixed = for_inputs * inputs + (1 - for_inputs) * inputs[partner]
    return mixed, share[:, None] * targets + (1 - share[:, None]) * targets[partner]
    ### END SOLUTION


# %%
with check("mix"):
    random = np.random.default_rng(3)
    table, targets = random.normal(size=(4, 4)), np.eye(4)[[2, 0, 1, 3]]
    share, partner = np.array([1.0, 0.75, 0.5, 0.2]), np.array([1, 2, 3, 0])
    given = table.copy(), targets.copy()
    result = mix(*given, share.copy(), partner.copy())
    check.true(
        isinstance(result, (tuple, list)) and len(result) == 2, "Return two arrays: mixed inputs and mixed targets."
    )
    check.true(
        np.array_equal(given[0], table) and np.array_equal(given[1], targets), "Your function changed its inputs."
    )
    inputs, mixed = map(np.asarray, result)
    check.shape(inputs, (4, 4), "The mixed inputs have the shape of the inputs.")
    check.shape(mixed, (4, 4), "The mixed targets have the shape of the targets.")
    column = share[:, None]
    across = share * table + (1 - share) * table[partner]
    hint = "The shares were applied along the wrong axis: one share per *example* (row), `share[:, None]` for a table."
    check.true(not np.allclose(inputs, across), hint)
    swapped = (1 - column) * table + column * table[partner]
    check.true(not np.allclose(inputs, swapped), "The share belongs to the example itself, 1 − share to its partner.")
    one = share.mean() * table + (1 - share.mean()) * table[partner]
    check.true(not np.allclose(inputs, one), "Each example has a share of its own; you used one for all.")
    back = column * table + (1 - column) * table[np.argsort(partner)]
    check.true(not np.allclose(inputs, back), "The partner of example i is example partner[i]: `inputs[partner]`.")
    hint = "Example 0 has share 1 and should stay as it is; example 2 is half itself, half example 3. Shares and partners are given: draw none yourself."
    check.close(inputs, column * table + (1 - column) * table[partner], hint)
    check.true(
        not np.allclose(mixed, targets), "The targets were not mixed: 80 % sneaker must also be *called* 80 % sneaker."
    )
    hint = "The targets' rows do not add up to 1: share · own + (1 − share) · partner's, per example."
    check.close(mixed.sum(axis=1), np.ones(4), hint)
    hint = "Mix the targets with the same shares and the same partners as the inputs, and don't round them."
    check.close(mixed, column * targets + (1 - column) * targets[partner], hint)
    images = random.normal(size=(4, 3, 4, 1))
    wide = share[:, None, None, None]
    hint = "Pictures have four axes: give the shares as many, `share.reshape(-1, 1, 1, 1)`, in general `inputs.ndim - 1` ones."
    check.shape(mix(images, targets, share, partner)[0], images.shape, hint)
    pair = mix(images, targets, share, partner)
    check.close(pair[0], wide * images + (1 - wide) * images[partner], hint)
    hint = "With pictures the targets still have two axes: they need shares of their own, `share[:, None]`."
    check.shape(pair[1], (4, 4), hint)
    check.close(pair[1], column * targets + (1 - column) * targets[partner], hint)
    series = random.normal(size=(4, 6, 2))
    middle = share[:, None, None]
    hint = "Inputs may have any number of axes; these have three: `share.reshape(-1, *[1] * (inputs.ndim - 1))`."
    check.shape(mix(series, targets, share, partner)[0], series.shape, hint)
    check.close(mix(series, targets, share, partner)[0], middle * series + (1 - middle) * series[partner], hint)
    ordinary = np.array([3, 0, 0, 1])
    pair = mix(table, targets, share, ordinary)
    late = table.copy()
    for i, other in enumerate(ordinary):
        late[i] = share[i] * late[i] + (1 - share[i]) * late[other]
    hint = "Some partners were mixed already when you mixed them in: read them from the inputs as given, and write to another array."
    check.true(not np.allclose(pair[0], late), hint)
    hint = "Use the given partners, for inputs and targets alike; two examples may share one."
    check.close(pair[0], column * table + (1 - column) * table[ordinary], hint)
    check.close(pair[1], column * targets + (1 - column) * targets[ordinary], hint)
    whole = mix(table, targets.astype(int), share, partner)[1]
    hint = (
        "One-hot targets often are whole numbers: the mixed ones must not be (did `zeros_like` cut the decimals off?)."
    )
    check.close(whole, column * targets + (1 - column) * targets[partner], hint)
    shares, partners = np.linspace(0, 1, 7), np.arange(7)[::-1]
    more, kinds = random.normal(size=(7, 2)), np.eye(3)[[0, 1, 2, 0, 1, 2, 0]]
    pair = mix(more, kinds, shares, partners)
    hint = "Take the number of examples from the arrays: here there are seven."
    check.close(pair[0], shares[:, None] * more + (1 - shares[:, None]) * more[partners], hint)
    hint = "Take the numbers of examples and classes from the targets: here there are seven, of three classes."
    check.close(pair[1], shares[:, None] * kinds + (1 - shares[:, None]) * kinds[partners], hint)

# %% [markdown] tags=["solution"]
# **Discussion.** One loss, one forward pass: mixup costs next to nothing. With `CategoricalCrossentropy` the mixed targets are used as they are; with the sparse
# version, which wants class numbers, one computes the loss for both labels and mixes the *losses*, which is the same because the cross-entropy is linear in the targets.

# %% [markdown]
# ## Exercise 5 · Add skips to a plain network
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# The plain network below stacks blocks of two dense layers. Write the residual one: the same layers in the same order, the same number of parameters, and in every
# block the block's input added *before the block's last ReLU*: $y = \text{ReLU}(x + F(x))$, where $x$ is the block's input and $F$ its two dense layers with the
# ReLU between them. The initialisation stays Keras' default.
#
# The check compares with NumPy, and at the end trains both.
#
# <details><summary>Hint 1</summary>
#
# You must keep the block's input under a name of its own before the first layer overwrites `x`. A skip adds no parameters: no new Dense.
#
# </details>
# <details><summary>Hint 2</summary>
#
# In the loop: `block_input = x`, then the two Dense layers; the second *without* activation; then `layers.ReLU()(layers.Add()([block_input, x]))`.
#
# </details>


# %%
def plain_network(blocks=8, width=32):
    """The plain network, given: (n, 196) -> scores (n, 10)."""
    inputs = keras.Input((196,))
    x = layers.Dense(width, activation="relu")(inputs)
    for _ in range(blocks):
        x = layers.Dense(width, activation="relu")(x)
        x = layers.Dense(width)(x)
        x = layers.ReLU()(x)
    return keras.Model(inputs, layers.Dense(10)(x))


def residual_network(blocks=8, width=32):
    """The same network with a skip around every block.

    Args:
        blocks: number of blocks of two dense layers.
        width: neurons per hidden layer.

    Returns:
        Keras model: (n, 196) -> scores (n, 10).
    """
    ### BEGIN SOLUTION
    inputs = keras.Input((196,))
    x = layers.Dense(width, activation="relu")(inputs)
    for _ in range(blocks):
        block_input = x
        x = layers.Dense(width, activation="relu")(x)
        x = layers.Dense(width)(x)
        x = layers.ReLU()(layers.Add()([block_input, x]))
    return keras.Model(inputs, layers.Dense(10)(x))
    ### END SOLUTION


# %%
def short_training(model, steps=15):
    """Train on 15 batches of 64 and return the loss on 1,000 of the training pictures; given."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss=loss, run_eagerly=True)
    for start in range(0, 64 * steps, 64):
        model.train_on_batch(pictures[start : start + 64], picture_labels[start : start + 64])
    return float(loss(picture_labels[:1000], model(pictures[:1000])))


# %%
with check("residual_network", points=2):
    keras.utils.set_random_seed(0)
    network, reference = residual_network(blocks=3, width=8), plain_network(blocks=3, width=8)
    check.true(isinstance(network, keras.Model), "Return the Keras model: `return keras.Model(inputs, …)`.")
    check.shape(network(pictures[:20]), (20, 10), "The network ends in ten scores per picture.")
    hint = (
        f"The plain network has {reference.count_params()} parameters, yours {network.count_params()}: a skip has none. Did you *add* the block's"
        " input (not concatenate), without further layers, and respect `blocks` and `width`?"
    )
    fewer = f"The plain network has {reference.count_params()} parameters, yours only {network.count_params()}: every block needs two Dense layers of its own, made anew inside the loop."
    check.true(network.count_params() >= reference.count_params(), fewer)
    check.true(network.count_params() == reference.count_params(), hint)
    random = np.random.default_rng(0)
    weights = [random.normal(0, 0.5, size=array.shape) for array in network.get_weights()]
    check.true(
        [w.shape for w in weights] == [w.shape for w in reference.get_weights()],
        "Keep the plain network's layers in their order.",
    )
    network.set_weights(weights)
    x = pictures[:20].astype("float64")
    answers = np.asarray(network(pictures[:20]), "float64")

    def compute(how):
        """The network in NumPy, with the skip placed in the right or in a wrong way."""
        relu = lambda z: np.maximum(z, 0)  # noqa: E731
        stem = h = x @ weights[0] + weights[1] if how == "linear" else relu(x @ weights[0] + weights[1])
        for i in range(2, len(weights) - 2, 4):
            inner = relu(h @ weights[i] + weights[i + 1])
            change, last = inner @ weights[i + 2] + weights[i + 3], i == len(weights) - 6
            h = {
                "right": lambda h=h, c=change: relu(h + c),
                "plain": lambda c=change: relu(c),
                "after": lambda h=h, c=change: h + relu(c),
                "no last": lambda h=h, c=change: h + c,
                "stem": lambda c=change: relu(stem + c),
                "inner": lambda n=inner, c=change: relu(n + c),
                "product": lambda h=h, c=change: relu(h * c),
                "mean": lambda h=h, c=change: relu((h + c) / 2),
                "minus": lambda h=h, c=change: relu(h - c),
                "twice": lambda c=change: relu(c + c),
                "whole": lambda c=change, last=last: relu(stem * last + c),
                "linear": lambda h=h, c=change: relu(h + c),
            }["right" if isinstance(how, tuple) and i not in how else "plain" if isinstance(how, tuple) else how]()
        return h @ weights[-2] + weights[-1]

    hints = {
        "plain": "Your network computes exactly what the plain one does: is the sum really used further on?",
        "after": "F(x) went through a ReLU *before* the sum: the second Dense has no activation, the sum comes first, then the ReLU.",
        "no last": "The ReLU after the sum is missing: y = ReLU(x + F(x)).",
        "stem": "Every block got the *first* block's input: keep the input of each block anew, inside the loop.",
        "inner": "You added the output of the block's first layer: keep the name *before* the first Dense of the block.",
        "product": "You multiplied where you should add.",
        "mean": "You averaged (`Average`) where you should add (`Add`).",
        "minus": "You subtracted where you should add.",
        "twice": "You added the second layer's output to itself: keep the block's input *before* its first Dense overwrites x.",
        "whole": "There is one skip around all blocks together: every block gets its own, inside the loop.",
        "linear": "The first Dense of the network, before the blocks, has lost its ReLU.",
    }
    hints |= dict.fromkeys(
        [(2,), (6,), (10,), (2, 6), (2, 10), (6, 10)], "Some blocks have no skip: every block gets one."
    )
    hint = "Your network ends in a softmax; wanted are the scores, as in the plain one."
    check.true(answers.min() < 0 or not np.allclose(answers.sum(axis=1), 1, atol=1e-3), hint)
    hint = "Your network's last Dense has a ReLU; a score may be negative."
    check.true(not np.allclose(answers, np.maximum(compute("right"), 0), rtol=1e-4, atol=1e-4), hint)
    for how, hint in hints.items():
        check.true(not np.allclose(answers, compute(how), rtol=1e-4, atol=1e-4), hint)
    hint = "Your network computes something else than ReLU(x + F(x)) per block, F being Dense, ReLU, Dense (or it makes the layers in another order than the plain one)."
    check.close(answers, compute("right"), hint, 1e-4)
    in_training = np.asarray(network(pictures[:20], training=True), "float64")
    hint = "In training your network computes something else than in use: no dropout and no noise in this one."
    check.close(in_training, answers, hint, 1e-4)
    check.true(not network.losses, "Your network adds a penalty to the loss; wanted are the plain network's layers.")
    bigger, usual = residual_network(), plain_network()
    bigger(pictures[:2])
    hint = "Called without arguments, the function must build 8 blocks of width 32, as the plain one does."
    check.true(bigger.count_params() == usual.count_params(), hint)
    keras.utils.set_random_seed(0)
    plain_loss, residual_loss = short_training(plain_network()), short_training(residual_network())
    print(
        f"17 hidden layers, 15 steps: loss plain {plain_loss:.2f}, residual {residual_loss:.2f}; guessing costs {np.log(10):.2f}"
    )
    hint = f"The residual network's loss rose to {residual_loss:.2f}: every skip adds to the signal, and kernels larger than Keras' default (such as he_normal) blow it up. Start as the plain network does."
    check.true(residual_loss < 5, hint)
    hint = f"After 15 steps the residual network's loss is {residual_loss:.2f}, the plain one's {plain_loss:.2f}: are there skips around *all* blocks?"
    check.true(residual_loss < plain_loss - 0.2, hint)

# %% [markdown] tags=["solution"]
# **Discussion.** No batch normalisation here, and still the residual network starts well: Keras' Glorot weights are small, so $F(x)$ is smaller than $x$. In the plain
# network the same small weights let the signal die (lesson, section 2). At 60 blocks the sums would grow too large; then you need the normalisation, or γ = 0.

# %% [markdown]
# ## Exercise 6 · The sick network
#
# Difficulty ●●●●○ · Importance ●●●●● · 25 minutes
#
# `sick_network` below has **three faults**. None raises an error; together they keep the network from learning anything. Find them, and write the cured network:
# ten hidden layers of 64 neurons with ReLU, compiled, ready to train. Keep depth and width; you may add what you learned today (batch normalisation, skips), but you
# don't need to: three small changes suffice. The check trains it for three epochs on 6,400 pictures and wants 70 % of 1,600 others right.
#
# <details><summary>Hint 1</summary>
#
# Print before you think: the scores of the fresh network for some pictures (do they differ?), their smallest value (may a score be negative?), and what the loss
# expects against what the network gives.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `stddev=0.01` lets the signal die in ten layers: `kernel_initializer="he_normal"`. A score must be able to be negative: no ReLU on the last Dense. And a loss without
# `from_logits=True` takes what it gets for probabilities: tell it that these are scores (or end the network with a softmax).
#
# </details>


# %%
def sick_network():
    """Three faults. Given, to be cured."""
    small = keras.initializers.RandomNormal(stddev=0.01)
    hidden = [layers.Dense(64, activation="relu", kernel_initializer=small) for _ in range(10)]
    model = keras.Sequential([keras.Input((196,)), *hidden, layers.Dense(10, activation="relu")])
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.001), loss=loss, metrics=["accuracy"])
    return model


def cured_network():
    """The network without the faults.

    Returns:
        Compiled Keras model: (n, 196) -> (n, 10), with ten hidden layers of 64 neurons, loss for class numbers.
    """
    ### BEGIN SOLUTION
    hidden = [layers.Dense(64, activation="relu", kernel_initializer="he_normal") for _ in range(10)]
    model = keras.Sequential([keras.Input((196,)), *hidden, layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.001), loss=loss, metrics=["accuracy"])
    return model
    ### END SOLUTION


# %%
with check("cured_network", points=3):
    keras.utils.set_random_seed(0)
    patient = cured_network()
    check.true(isinstance(patient, keras.Model), "Return the compiled model: `return model`.")
    check.true(
        getattr(patient, "optimizer", None) is not None,
        "The model is not compiled: call `compile` before you return it.",
    )
    answers = np.asarray(patient(pictures[:500]), "float64")
    check.shape(answers, (500, 10), "Ten outputs per picture.")
    square = [array.shape for array in patient.get_weights()].count((64, 64))
    hint = f"Ten hidden layers of 64 neurons have nine kernels of (64, 64); yours has {square}. Cure the network, don't shorten or lengthen it."
    check.true(square == 9, hint)
    kernels = [len(variable.shape) for variable in patient.trainable_variables].count(2)
    check.true(kernels >= 11, f"Only {kernels} of the 11 kernels are trainable: a frozen layer is no cure.")
    dense = [layer for layer in patient._flatten_layers() if isinstance(layer, layers.Dense)]
    name = lambda layer: getattr(layer.activation, "__name__", "")  # noqa: E731
    flat = list(patient._flatten_layers())
    apart = [
        layer for layer in flat if isinstance(layer, layers.Activation)
    ]  # activations that are layers of their own
    final = [layer for layer in apart if getattr(layer, "output", np.zeros(1)).shape[-1] == 10]
    kinds = {name(layer) for layer in dense if layer.units == 64} | {
        name(layer) for layer in apart if layer not in final
    }
    kinds |= {type(layer).__name__ for layer in flat}
    others = {
        "leaky_relu",
        "LeakyReLU",
        "PReLU",
        "ELU",
        "tanh",
        "sigmoid",
        "elu",
        "gelu",
        "selu",
        "silu",
        "softplus",
        "softsign",
        "mish",
        "hard_sigmoid",
    }
    hint = (
        f"The hidden layers shall stay ReLU layers; yours use {sorted(kinds & others)}. Three other things are wrong."
    )
    check.true(not kinds & others, hint)
    both = np.asarray(patient(np.concatenate([pictures[:50], -pictures[:50], 0 * pictures[:50]])), "float64")
    scores = np.log(both + 1e-30) if both.min() >= 0 else both  # of probabilities, up to a constant per picture
    there, opposite, zero = np.split(scores - scores.mean(axis=1, keepdims=True), 3)
    hint = "There is no ReLU left in the hidden layers: your network is one big linear map, however deep."
    check.true(not np.allclose(there + opposite, 2 * zero, atol=1e-4 * np.ptp(there)) or not np.ptp(there), hint)
    relus = sum(name(layer) != "linear" for layer in dense if layer.units == 64)
    for layer in flat:
        if isinstance(layer, layers.ReLU) or (layer in apart and layer not in final):
            relus += len(getattr(layer, "_inbound_nodes", ())) or 1  # one layer may be used several times
    steps = getattr(patient, "operations", ())  # of a functional model: keras.ops, too
    relus += sum(type(step).__name__ in ("Relu", "Maximum") for step in steps)
    opaque = not (steps or isinstance(patient, keras.Sequential)) or any(
        isinstance(layer, (keras.Model, layers.Lambda)) for layer in flat if layer is not patient
    )
    hint = f"Ten hidden layers, but only {relus} ReLU: dense layers in a row with none between them are one linear map."
    check.true(opaque or relus >= 5, hint)
    ends = {name(layer) for layer in dense if layer.units == 10} | {name(layer) for layer in final}
    odd = sorted(ends & others)
    hint = f"The last Dense ends in {odd}: a score may be any number (and probabilities need a softmax)."
    check.true(not odd, hint)
    signal_dies = answers.std(axis=0).max() <= 1e-3
    dies = "The fresh network gives (nearly) the same answer to every picture: the signal dies on its way through ten layers. Look at the initialisation."
    check.true(not signal_dies or "relu" not in ends, dies)
    are_probabilities = np.allclose(answers.sum(axis=1), 1, atol=1e-4) and answers.min() >= 0
    lowest = np.isclose(answers, answers.min(axis=1, keepdims=True), atol=1e-12).sum(axis=1)
    hint = "Many of the outputs are cut off at the same lowest value: a score must be able to be negative, so no ReLU on the last Dense."
    check.true("relu" not in ends and (lowest.mean() < 1.5 or signal_dies), hint)
    hint = "The network ends in a softmax, so its loss must not say from_logits=True. (Keras notices and warns here; elsewhere it is a second softmax.)"
    told_scores = getattr(patient.loss, "_fn_kwargs", {}).get("from_logits", False)
    check.true(not (are_probabilities and told_scores), hint)
    targets = picture_labels[:500]
    told = patient.evaluate(pictures[:500], targets, verbose=0, return_dict=True)["loss"]
    told -= float(sum(patient.losses))  # penalties on the weights, if there are any
    shifted = answers - answers.max(axis=1, keepdims=True)
    as_scores = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(500), targets])
    if are_probabilities:
        wanted = -np.mean(np.log(answers[np.arange(500), targets] + 1e-12))
        hint = f"The network gives probabilities, and the loss takes them for scores and does a second softmax (it says {told:.2f} instead of {wanted:.2f})."
    else:
        wanted = as_scores
        hint = f"The network gives scores, and the loss takes them for probabilities (it says {told:.2f} instead of {wanted:.2f}): from_logits=True."
    check.true(abs(told - wanted) < 0.02 * max(wanted, 1), hint)
    loud = answers.max(axis=1).mean() > 0.95 if are_probabilities else np.abs(answers).max() > 100
    patient.fit(pictures[:6400], picture_labels[:6400], batch_size=64, epochs=3, verbose=0)
    score = np.mean(np.argmax(np.asarray(patient(pictures[6400:])), axis=1) == picture_labels[6400:])
    print(f"after 3 epochs: accuracy {score:.3f} on 1,600 pictures that it has not seen")
    norms = any(isinstance(layer, layers.BatchNormalization) for layer in flat)
    hint = "Batch normalisation hides the tiny kernels in training only: in use, after 300 steps, its moving averages (momentum 0.99) are still far off. Cure the initialisation itself, or set momentum=0.9."
    check.true(score >= 0.70 or not (signal_dies and norms), hint)
    check.true(score >= 0.70 or not signal_dies, dies)
    hint = "The fresh network is already far too sure of itself: the signal explodes on its way through ten layers. The kernels start too large; `he_normal` has the right size."
    check.true(score >= 0.70 or not loud, hint)
    hint = f"Accuracy after 3 epochs is {score:.2f}, wanted 0.70: is the optimizer still Adam with a rate near 0.001, the activation a ReLU?"
    check.true(score >= 0.70, hint)

# %% [markdown] tags=["solution"]
# **Discussion.** Each fault has a sign of its own that shows *before* any training: answers that don't differ (the signal died), outputs piled up at one value (a ReLU where
# none belongs), a first loss that does not fit the outputs (scores taken for probabilities). That is why experienced people look at a fresh network first: the first
# loss should lie a little above log 10 = 2.3, and the answers should differ from picture to picture.
