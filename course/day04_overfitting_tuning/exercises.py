# %% [markdown]
# # Day 04 · Exercises: batches, penalty, dropout, stopping, diagnosis, budget
#
# **Six exercises on what you saw today, from ten minutes to half an hour. Each one answers back.**
#
# <!-- badges -->
#
# How it works: write your code where it says `raise NotImplementedError`, run that cell, then run the check below it (a click unfolds it). The check says
# *right*, *not yet* with a hint, or *not attempted*. The exercises do not depend on each other: take them in any order. Stuck for more
# than ten minutes? Fold out a hint; that is what they are for. On your own computer, `make progress` shows how far you are.

# %% tags=["setup"]
from utils import data, plots, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np
import pathlib
import tempfile
from keras import layers
from threadpoolctl import threadpool_limits

ready = runtime.setup(seed=1, precision="float32", needs=("keras-tuner",))
import keras_tuner

threadpool_limits(1, user_api="blas")  # today's matrices are small: two threads would mostly wait for each other
check = Exercises("day04_overfitting_tuning")

# %% [markdown]
# ## Exercise 1 · Mini-batches
#
# Difficulty ●○○○○ · Importance ●●●●● · 10 minutes
#
# Every training loop deals out its data in batches, and every second home-made one does it wrongly. In one **epoch**, each example must come exactly once, in a new random order, with its own label, and the
# last batch may be smaller than the others: nobody is left out.
#
# Write a function that returns the batches of one epoch.
#
# <details><summary>Hint 1</summary>
#
# Draw one random order of all examples, `random.permutation(len(inputs))`, and cut it into pieces. Use the same piece for inputs and labels.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `range(0, len(inputs), batch_size)` gives the beginnings; `order[first : first + batch_size]` is a piece, and a slice beyond the end is simply shorter.
#
# </details>


# %%
def minibatches(inputs, labels, batch_size, random):
    """Deal out one epoch in random order.

    Args:
        inputs: array of shape (examples, …).
        labels: array of shape (examples,).
        batch_size: examples per batch; the last batch may hold fewer.
        random: a NumPy generator, as np.random.default_rng() makes it.

    Returns:
        List of pairs (inputs of shape (batch, …), labels of shape (batch,)).
    """
    ### BEGIN SOLUTION
    order = random.permutation(len(inputs))
    pieces = [order[first : first + batch_size] for first in range(0, len(inputs), batch_size)]
    return [(inputs[piece], labels[piece]) for piece in pieces]
    ### END SOLUTION


# %%
with check("minibatches"):
    numbers = np.arange(10)
    pairs = minibatches(np.stack([numbers, 10 * numbers], axis=1), 100 * numbers, 4, np.random.default_rng(0))
    check.true(pairs is not None, "Your function returned None: does it end in `return`?")
    pairs = list(pairs)
    check.true(
        len(pairs) > 0 and all(len(pair) == 2 for pair in pairs),
        "Return a list of pairs (inputs, labels), one per batch.",
    )
    pairs = [(np.asarray(part), np.asarray(answers)) for part, answers in pairs]
    sizes = [len(part) for part, _ in pairs]
    check.true(
        sizes != [4, 4],
        "10 examples in batches of 4: the last 2 examples are left out. A smaller last batch is allowed.",
    )
    check.equal(sizes, [4, 4, 2], "10 examples in batches of 4 make batches of 4, 4 and 2.")
    check.shape(pairs[0][0], (4, 2), "A batch of inputs keeps all its columns: shape (batch, …).")
    dealt = np.concatenate([part[:, 0] for part, _ in pairs])
    answers = np.concatenate([part for _, part in pairs])
    check.true(
        len(set(dealt.tolist())) == 10,
        "Some example comes twice and another not at all: draw an order (`permutation`), don't draw examples (`choice`, `integers`).",
    )
    check.equal(
        np.sort(answers),
        100 * numbers,
        "The labels of an epoch must be all labels, each once: cut them with the same pieces.",
    )
    check.true(np.array_equal(answers, 100 * dealt), "Inputs got other examples' labels: use the same order for both.")
    blocks = [part for part, _ in minibatches(np.arange(40), np.arange(40), 4, np.random.default_rng(2))]
    check.true(
        all(len(part) > 0 for part in blocks),
        "40 examples in batches of 4 make 10 batches; yours hold an empty one as well: the beginnings are `range(0, len(inputs), batch_size)`.",
    )
    hint = "Inputs of shape (examples,) make batches of shape (batch,): glue inputs and labels to no common table; cut both with the same order."
    check.shape(blocks[0], (4,), hint)
    check.true(
        not np.array_equal(np.concatenate(blocks), np.arange(40)), "The examples come in their old order: shuffle them."
    )
    dealt = np.concatenate(blocks)
    check.true(
        not np.array_equal(dealt, np.arange(40)[::-1]),
        "The examples come backwards: that is an order, too; shuffle them.",
    )
    check.true(
        not all(np.ptp(part) == 3 for part in blocks),
        "You shuffle the batches, or inside them, but the examples stay with their neighbours: shuffle the examples, then cut.",
    )
    neighbours = int(np.sum(np.isin(np.diff(dealt), (1, -1))))
    hint = f"{neighbours} of 39 neighbours are still neighbours: every example must be able to come anywhere (`random.permutation`)."
    check.true(neighbours < 15, hint)
    kept = np.arange(12), np.arange(12)
    list(minibatches(*kept, 4, np.random.default_rng(0)))
    hint = "Your function shuffled the arrays it was given: index with an order, `inputs[order]`, and leave them as they are."
    check.true(all(np.array_equal(each, np.arange(12)) for each in kept), hint)
    sizes = [len(part) for part, _ in minibatches(np.arange(50), np.arange(50), 8, np.random.default_rng(1))]
    check.equal(sizes, [8] * 6 + [2], "50 examples in batches of 8: use the parameter `batch_size`, no fixed number.")
    generator = np.random.default_rng(1)
    first, second = (
        np.concatenate([part for part, _ in minibatches(np.arange(50), np.arange(50), 8, generator)]) for _ in range(2)
    )
    check.true(
        not np.array_equal(first, second),
        "Two epochs came in the same order: use the generator you are given, and make none of your own inside.",
    )
    first, second = (
        np.concatenate([part for part, _ in minibatches(np.arange(50), np.arange(50), 8, np.random.default_rng(1))])
        for _ in range(2)
    )
    check.equal(
        first,
        second,
        "Two generators with the same seed gave different orders: draw from `random`, the generator you are given, not from `np.random`.",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Why so strict? Data files are often sorted (all shirts, then all shoes). Unshuffled batches then each pull in one class's direction, and the network forgets shirts while it learns shoes. Drawing *with* replacement
# would also work on average, but in one epoch more than a third of the examples would not be seen at all (about $1/e$). And labels in another order make a perfect learning-by-heart
# experiment, as in section 2, only that you did not mean it.

# %% [markdown]
# ## Exercise 2 · The L2 penalty by hand
#
# Difficulty ●●○○○ · Importance ●●●●● · 15 minutes
#
# You have a loss and its gradients, from whatever network. Add the L2 penalty $\lambda \sum w^2$ over **all weight matrices**; biases go free. Return the new loss and the new gradients. Keras'
# `keras.regularizers.L2` will be your judge.
#
# <details><summary>Hint 1</summary>
#
# The penalty is one number: the squares of all weights of all layers, summed, times λ. Its gradient for one weight is $2 \lambda w$.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `loss + strength * sum(np.sum(weights**2) for weights, _ in network)`, and a list of pairs `(gradient + 2 * strength * weights, bias_gradient)`, walked through with `zip(gradients, network)`.
#
# </details>


# %%
def add_l2(loss, gradients, network, strength):
    """Add the L2 penalty to a loss and to its gradients.

    Args:
        loss: the loss without penalty, a number.
        gradients: list of (gradient of the weights, gradient of the biases), one pair per layer, of the loss without penalty.
        network: list of (weights, biases), of the same shapes.
        strength: λ; the penalty is λ times the sum of all squared weights, biases left out.

    Returns:
        (loss, gradients) with the penalty; the arrays given are left as they are.
    """
    ### BEGIN SOLUTION
    penalty = strength * sum(np.sum(weights**2) for weights, _ in network)
    changed = [
        (gradient + 2 * strength * weights, bias_gradient)
        for (gradient, bias_gradient), (weights, _) in zip(gradients, network, strict=True)
    ]
    return loss + penalty, changed
    ### END SOLUTION


# %%
with check("add_l2", points=2):
    random = np.random.default_rng(0)
    network = [(random.normal(size=(3, 4)), random.normal(size=4)), (random.normal(size=(4, 2)), random.normal(size=2))]
    slopes = [(random.normal(size=w.shape), random.normal(size=b.shape)) for w, b in network]
    copies = [array.copy() for pair in network + slopes for array in pair]
    answer = add_l2(1.5, slopes, network, 0.1)
    check.true(isinstance(answer, (tuple, list)) and len(answer) == 2, "Return two things: `return loss, gradients`.")
    hint = "First the loss, one number, then the gradients: `return loss, gradients`."
    check.true(not isinstance(answer[0], (tuple, list)), hint)
    changed_loss, changed = answer
    check.true(changed is not None, "The gradients are None: return the new list.")
    changed = list(changed)
    check.true(
        all(np.array_equal(a, b) for a, b in zip(copies, [array for pair in network + slopes for array in pair])),
        "Your function changed the arrays it was given: write `gradient + …`, not `gradient += …`.",
    )
    check.shape(changed_loss, (), "The loss is one number: sum the squares over all weights.")
    squares = [np.sum(w**2) for w, _ in network]
    everything = sum(np.sum(array**2) for pair in network for array in pair)
    check.true(
        not np.isclose(changed_loss, 1.5 + 0.1 * everything),
        "You penalise the biases too: they only shift a neuron, so they go free.",
    )
    check.true(
        not np.isclose(changed_loss, 1.5 + 0.1 * sum(np.abs(w).sum() for w, _ in network)),
        "That is the L1 penalty, the sum of sizes: L2 sums the squares.",
    )
    check.true(
        not np.isclose(changed_loss, 1.5 + 0.05 * sum(squares)),
        "Half of what was asked: some books write λ/2, here and in Keras it is λ times the sum of squares.",
    )
    check.true(
        not np.isclose(changed_loss, 1.5 + 0.1 * sum(np.sqrt(squares))),
        "You took the square root: the penalty is the *squared* length, without a root.",
    )
    check.true(
        not np.isclose(changed_loss, 1.5 + 0.1 * sum(np.mean(w**2) for w, _ in network)),
        "You took the mean: the penalty is the *sum* of the squares, so a larger network pays more.",
    )
    for part in squares:
        check.true(not np.isclose(changed_loss, 1.5 + 0.1 * part), "Only one layer pays: sum over all layers.")
    check.true(
        not np.isclose(changed_loss, 1.5), "The loss is unchanged: add the penalty to it, not only to the gradients."
    )
    check.true(
        not np.isclose(changed_loss, 1.5 + 0.1 * sum(np.linalg.norm(w, 2) ** 2 for w, _ in network)),
        "For a matrix, `np.linalg.norm(weights, 2)` is something else (its largest stretch): write `np.sum(weights**2)`.",
    )
    check.true(
        not np.isclose(changed_loss, 1.5 + 0.1 * sum(np.sum(w) ** 2 for w, _ in network)),
        "You squared the sum: square each weight first, then sum.",
    )
    products = [np.sum(w.T @ w) for w, _ in network]
    check.true(
        not np.isclose(changed_loss, 1.5 + 0.1 * sum(products)),
        "`weights.T @ weights` also multiplies different weights with each other: square each one, `weights**2`.",
    )
    hint = "You subtracted the penalty: it makes the loss larger."
    check.true(not np.isclose(changed_loss, 1.5 - 0.1 * sum(squares)), hint)
    hint = "That is the penalty alone: add it to the loss you were given."
    check.true(not np.isclose(changed_loss, 0.1 * sum(squares)), hint)
    check.true(
        not np.isclose(changed_loss, 1.5 + 0.1 * sum(np.sum(s**2) for s, _ in slopes)),
        "You squared the gradients: the penalty is made of the weights.",
    )
    wanted_loss = 1.5 + float(sum(np.asarray(keras.regularizers.L2(0.1)(w.astype("float32"))) for w, _ in network))
    check.close(changed_loss, wanted_loss, "Loss plus λ times the sum of all squared weights.")
    check.true(
        len(changed) == 2 and all(len(pair) == 2 for pair in changed),
        "Return the gradients as they came: one pair (weights, biases) per layer.",
    )
    for (gradient, bias_gradient), (slope, bias_slope), (weights, _) in zip(changed, slopes, network):
        check.shape(gradient, slope.shape, "A gradient has the shape of its weights.")
        check.close(bias_gradient, bias_slope, "The biases go free: their gradients must stay as they are.")
        added = gradient - slope
        hint = "That is the penalty's gradient alone: add it to the gradient you were given."
        check.true(not np.allclose(gradient, 0.2 * weights), hint)
        check.true(not np.allclose(added, 0.1 * weights), "The gradient of w² is 2w: you forgot the factor 2.")
        check.true(
            not np.allclose(added, -0.2 * weights),
            "Wrong sign: the penalty *adds* 2λw; the step downhill subtracts it.",
        )
        check.true(not np.allclose(added, 0.0), "The gradients are unchanged: the penalty has a gradient, too.")
        check.true(not np.allclose(added, 0.1 * np.sign(weights)), "λ · sign(w) is the gradient of L1, not of L2.")
        check.close(added, 0.2 * weights, "Added to each weight's gradient must be 2λw.")
    three = [(np.full((2, 2), value), np.zeros(2)) for value in (1.0, 2.0, 3.0)]
    loss, gradients = add_l2(0.0, [(np.zeros((2, 2)), np.zeros(2)) for _ in three], three, 0.5)
    check.close(
        loss,
        28.0,
        "Three layers and λ = 0.5: every layer pays, however many there are, and by the parameter `strength`.",
    )
    for (gradient, _), (weights, _) in zip(gradients, three, strict=True):
        check.close(gradient, weights, "Three layers and λ = 0.5: 2λw is w. Use `strength` in the gradient as well.")

# %% [markdown] tags=["solution"]
# **Discussion.** Put the gradient into a step: $w - \eta\,(g + 2\lambda w) = (1 - 2\eta\lambda)\,w - \eta g$. Each step first shrinks every weight by the same share: *weight decay*. With $\eta = 0.1$ and $\lambda = 0.002$ it is 0.04 % a step,
# and over the lesson's 1,550 steps a weight that nothing else holds falls to $(1 - 0.0004)^{1550} \approx 0.54$ of its size. The loss that Keras prints in training **includes** the penalty, so compare models by their accuracy or by
# a loss computed without it.

# %% [markdown]
# ## Exercise 3 · Dropout, then and now
#
# Difficulty ●●○○○ · Importance ●●●●○ · 15 minutes
#
# Dropout must not change how loud the layer is on average. There are two ways to see to that. In training, the **original** of 2014 leaves the survivors as they are; in use, it turns *everything* down. Today's **inverted** dropout turns
# the survivors up in training, and in use does nothing at all. Write both. `rate` is, for both and for each number on its own, the probability of being switched **off**.
#
# <details><summary>Hint 1</summary>
#
# `random.random(activations.shape) >= rate` is True with probability 1 − rate, for each number on its own. Four cases: two modes, each in training and in use.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Let `keep = 1 - rate`. Inverted: training `activations * mask / keep`, use `activations`. Original: training `activations * mask`, use `activations * keep`.
#
# </details>


# %%
def dropout(activations, rate, training, random, inverted=True):
    """Switch off random activations in training, and keep their mean.

    Args:
        activations: float array of any shape, the first axis being the examples.
        rate: probability of each number to be switched off, at least 0 and below 1.
        training: True in training, False in use.
        random: a NumPy generator.
        inverted: True for today's dropout, which scales in training; False for the original, which scales in use.

    Returns:
        Array of the same shape; `activations` is left as it is.
    """
    ### BEGIN SOLUTION
    keep = 1 - rate
    if not training:
        return activations if inverted else activations * keep
    mask = random.random(activations.shape) >= rate
    return activations * mask / keep if inverted else activations * mask
    ### END SOLUTION


# %%
with check("dropout", points=2):
    ones = np.ones((400, 50))
    given = ones.copy()
    generator = np.random.default_rng(0)
    dropped = dropout(ones, 0.2, True, generator)
    check.shape(dropped, (400, 50), "The shape stays: switched off means 0, not removed.")
    dropped = np.asarray(dropped)
    check.true(
        np.array_equal(ones, given), "Your function changed the activations it was given: make a new array, no `*=`."
    )
    check.true(
        np.any(dropped == 0),
        "With training=True nothing was switched off: draw one random number for each activation, not one for all.",
    )
    hint = "Whole examples are switched off: draw one random number for each activation, `random.random(activations.shape)`."
    check.true(not np.all(dropped == dropped[:, :1]), hint)
    hint = "The same numbers are switched off in every example: draw the mask with the whole shape, `random.random(activations.shape)`."
    check.true(not np.all(dropped == dropped[:1]), hint)
    off = float(np.mean(dropped == 0))
    check.true(
        not 0.75 < off < 0.85,
        f"A share of {off:.2f} was switched off at rate 0.2: rate is the chance to be switched *off*, not on.",
    )
    check.true(0.17 < off < 0.23, f"A share of {off:.2f} was switched off, wanted 0.2.")
    check.true(
        np.ptp(np.sum(dropped == 0, axis=1)) > 0,
        "Every example loses exactly as many numbers: let chance decide for each number on its own.",
    )
    survivors = np.unique(dropped[dropped != 0])
    check.true(
        not np.allclose(survivors, 1.0),
        "Inverted dropout in training: the survivors must be scaled up, so that the mean stays.",
    )
    check.true(
        not np.allclose(survivors, 0.8),
        "You scale the survivors down; they must become larger: divide by the share that is kept.",
    )
    check.true(not np.allclose(survivors, 5.0), "You divide by the rate; divide by the share that is *kept*, 1 − rate.")
    check.close(
        survivors, np.full(survivors.shape, 1.25), "Survivors of rate 0.2 become 1 / 0.8 = 1.25 times as large."
    )
    again = dropout(ones, 0.2, True, generator)
    check.true(
        not np.array_equal(dropped, again),
        "The second call switched off the same numbers: use the generator you are given.",
    )
    check.true(
        {int(np.sum(np.asarray(each) == 0)) for each in (dropped, again)} != {4000},
        "Exactly 4000 of 20000 were switched off, twice: let chance decide for each number on its own.",
    )
    check.true(
        np.array_equal(*(dropout(ones, 0.2, True, np.random.default_rng(5)) for _ in range(2))),
        "Two generators with the same seed switched off different numbers: draw from `random`, not from `np.random`.",
    )
    used = dropout(ones, 0.2, False, generator)
    check.true(np.all(np.asarray(used) != 0), "In use (training=False) nothing may be switched off.")
    check.close(used, ones, "Inverted dropout in use does nothing: all the scaling was done in training.")
    old = dropout(ones, 0.2, True, generator, inverted=False)
    check.shape(old, (400, 50), "The original dropout in training, `inverted=False`, is a case of its own.")
    old = np.asarray(old)
    check.true(np.any(old == 0), "The original dropout switches off in training as well.")
    check.close(
        np.unique(old[old != 0]),
        np.ones(1),
        "The original dropout leaves the survivors as they are in training; it scales in use.",
    )
    off = float(np.mean(old == 0))
    check.true(
        not np.all(old == old[:1]) and not np.all(old == old[:, :1]),
        "The original dropout needs a mask of the whole shape, too: `random.random(activations.shape)`.",
    )
    hint = f"The original dropout switched off a share of {off:.2f} at rate 0.2: here, too, rate is the chance to be switched *off*."
    check.true(0.17 < off < 0.23, hint)
    old_used = dropout(ones, 0.2, False, generator, inverted=False)
    check.true(
        not np.allclose(old_used, 1.0),
        "The original dropout in use: all speak now, so turn everything down, to what was heard in training.",
    )
    check.close(
        old_used,
        np.full(ones.shape, 0.8),
        "The original dropout in use multiplies by the share that was kept, 1 − rate = 0.8.",
    )
    check.close(dropout(ones, 0.0, True, generator), ones, "At rate 0 nothing happens.")
    pictures = np.asarray(dropout(np.ones((8, 8, 8)), 0.5, True, np.random.default_rng(3)), dtype=object)
    hint = "Activations of shape (8, 8, 8): draw the mask with `activations.shape`, however many axes there are."
    check.shape(pictures, (8, 8, 8), hint)
    check.true(not any(np.all(pictures == pictures.take([0], axis)) for axis in range(3)), hint)
    signal = generator.normal(size=(200, 20))
    for training in (True, False):
        for inverted in (True, False):
            before = signal.copy()
            found = np.asarray(dropout(signal, 0.5, training, np.random.default_rng(3), inverted=inverted))
            hint = f"With training={training}, inverted={inverted} your function changed the activations it was given."
            check.true(np.array_equal(signal, before), hint)
            factor = (2.0 if inverted else 1.0) if training else (1.0 if inverted else 0.5)
            wanted = np.where(found == 0, 0.0, factor * signal)
            hint = f"Activations of any size, rate 0.5, training={training}, inverted={inverted}: each is either 0 or {factor:g} times itself."
            check.close(found, wanted, hint)

# %% [markdown] tags=["solution"]
# **Discussion.** Both keep the mean; inverted dropout won because the network in use needs no knowledge of how it was trained: take the layer out and nothing changes. Keep the two apart when you read old code or old papers. A share of the surprise is that the *mean* is all
# that is kept: the **spread** is not, which is why dropout right before a batch normalisation or a regression output can do harm.

# %% [markdown]
# ## Exercise 4 · Early stopping as a callback of your own
#
# Difficulty ●●●○○ · Importance ●●●●○ · 25 minutes
#
# Keras calls a callback's methods while it trains: `on_train_begin` once, `on_epoch_end(epoch, logs)` after each epoch with the results in the dictionary `logs`, `on_train_end` once. Inside, `self.model` is the network; set `self.model.stop_training = True`
# and training ends after this epoch.
#
# Write `StopEarly`: it watches `logs["val_loss"]`, stops when there was no new **best** value for `patience` epochs in a row, and at the end puts the best epoch's weights back, whether it stopped the training or not.
#
# <details><summary>Hint 1</summary>
#
# Remember three things: the best value so far (begin with infinity), the weights at that time (`self.model.get_weights()` makes copies), and how many epochs have passed without a new best.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `if logs["val_loss"] < self.best:` note value and weights, set `self.waited = 0`; `else:` add one to `self.waited`, and if it has reached `self.patience`, stop. All three are set afresh in `on_train_begin`, so that the callback can be used again.
#
# </details>


# %%
class StopEarly(keras.callbacks.Callback):
    """Stop when val_loss (a number, lower is better) has had no new best for `patience` epochs; restore the best weights."""

    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        """Forget everything from an earlier training."""
        ### BEGIN SOLUTION
        self.best, self.best_weights, self.waited = np.inf, None, 0
        ### END SOLUTION

    def on_epoch_end(self, epoch, logs=None):
        """Compare logs["val_loss"] with the best so far; note the weights or lose patience."""
        ### BEGIN SOLUTION
        if logs["val_loss"] < self.best:
            self.best, self.best_weights, self.waited = logs["val_loss"], self.model.get_weights(), 0
        else:
            self.waited += 1
            if self.waited >= self.patience:
                self.model.stop_training = True
        ### END SOLUTION

    def on_train_end(self, logs=None):
        """Put the best weights back."""
        ### BEGIN SOLUTION
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)
        ### END SOLUTION


# %%
def play_training(callback, curve):
    """Call a callback as `fit` would; after epoch n the only weight is n. Return (epochs trained, weight at the end)."""
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False)])
    callback.set_model(model)
    model.stop_training = False
    callback.on_train_begin({})
    for epoch, value in enumerate(curve):
        model.set_weights([np.array([[epoch]], dtype="float32")])
        callback.on_epoch_end(epoch, {"loss": 1 / (epoch + 1), "val_loss": value})
        if model.stop_training:
            break
    callback.on_train_end({})
    return epoch + 1, float(model.get_weights()[0][0, 0])


# %%
with check("stop_early", points=3):
    curve = [1.0, 0.8, 0.9, 0.7, 0.75, 0.65, 0.7, 0.68, 0.66, 0.9, 1.0, 1.1, 1.2, 1.3]
    hint = (
        "Keras' own EarlyStopping works for you here: write the three methods yourself, on `keras.callbacks.Callback`."
    )
    check.true(not issubclass(StopEarly, keras.callbacks.EarlyStopping), hint)
    callback = StopEarly(patience=2)
    callback.set_model(keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False)]))
    callback.model.stop_training = False
    callback.on_train_begin({})
    for epoch, value in enumerate([3000.0, 2000.0]):
        callback.on_epoch_end(epoch, {"loss": value, "val_loss": value})
    hint = "val_loss fell from 3000 to 2000, and none was a new best: the best so far begins with infinity, `np.inf`."
    check.true(not callback.model.stop_training, hint)
    callback = StopEarly(patience=3)
    trained, weight = play_training(callback, curve)
    check.true(
        trained != 14,
        "Training was never stopped: set `self.model.stop_training = True` when patience is lost, and watch val_loss, not loss.",
    )
    check.true(trained != 3, "Stopped at the first bump, after 3 epochs: wait `patience` epochs.")
    check.true(trained != 4, "Stopped after 4 epochs, when val_loss was falling: for a loss, lower is better.")
    check.true(
        trained != 7,
        "Stopped after 7 epochs: you count bumps over the whole training. A new best sets the waiting back to 0.",
    )
    check.true(
        trained != 8, "Stopped after 8 epochs, one too early: the epoch of the best itself is no epoch of waiting."
    )
    check.true(
        trained != 10,
        "Stopped after 10 epochs, one too late: with a patience of 3, the third epoch without a new best is the last.",
    )
    check.true(
        trained != 12, "Stopped after 12 epochs: you compare with the epoch before. Compare with the best value so far."
    )
    check.equal(
        trained,
        9,
        "The best is epoch 6 (0.65); three epochs without a new best later, after epoch 9, training must stop.",
    )
    check.true(
        weight != 8,
        "The network ended with the last epoch's weights: put the best ones back in on_train_end. (`self.model.weights` are the live variables; `get_weights()` makes copies.)",
    )
    check.equal(weight, 5.0, "The network must end with the weights of the best epoch, the one with val_loss 0.65.")
    trained, weight = play_training(StopEarly(patience=2), [1.0, 0.9, 0.95, 0.92, 0.93, 0.8])
    hint = "With patience=2, stopped after 5 epochs instead of 4: use `self.patience`, no fixed number."
    check.true(trained != 5, hint)
    check.equal(
        trained,
        4,
        "0.92 is better than the epoch before, but no new best: compare with the best so far, not with the epoch before.",
    )
    trained, weight = play_training(StopEarly(patience=3), [1.0, 0.5, 0.6, 0.7])
    check.equal(
        weight,
        1.0,
        "When training ends by itself, before patience is lost, the best weights must be put back all the same.",
    )
    trained, weight = play_training(callback, [5.0, 4.0, 4.5, 3.0])
    check.equal(
        trained,
        4,
        "Used a second time, the callback still remembers the first training: set everything back in on_train_begin.",
    )
    check.equal(
        weight,
        3.0,
        "Used a second time, the callback put weights of the first training back: forget them in on_train_begin.",
    )
    trained, weight = play_training(StopEarly(patience=2), [1.0, 0.999, 0.998, 0.997, 0.996])
    check.equal(trained, 5, "Every epoch was a little better than the best before, by 0.001: any improvement counts.")
    trained, weight = play_training(StopEarly(patience=2), [0.5, 0.5, 0.5, 0.5])
    check.equal(trained, 3, "A value equal to the best is no improvement: `<`, not `<=`.")
    check.equal(weight, 0.0, "Of equal epochs keep the first: `<`, not `<=`.")

# %% [markdown] tags=["solution"]
# And in a real training, beside Keras' own:

# %% tags=["solution"]
noisy_x = np.random.default_rng(0).uniform(-3, 3, size=(60, 1)).astype("float32")
noisy_y = (np.sin(noisy_x) + np.random.default_rng(1).normal(scale=0.3, size=noisy_x.shape)).astype("float32")
keras.utils.set_random_seed(0)
model = keras.Sequential([keras.Input((1,)), layers.Dense(32, activation="tanh"), layers.Dense(1)])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mse")
start = model.get_weights()
for stopper in (StopEarly(patience=5), keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)):
    model.set_weights(start)
    history = model.fit(
        noisy_x, noisy_y, validation_split=0.5, batch_size=10, epochs=40, verbose=0, callbacks=[stopper]
    )
    left = float(np.mean((np.asarray(model(noisy_x[30:])) - noisy_y[30:]) ** 2))
    print(
        f"{type(stopper).__name__:<14} epochs: {len(history.epoch):>2}, validation loss: lowest"
        f" {min(history.history['val_loss']):.4f}, last {history.history['val_loss'][-1]:.4f}, of the network we have now {left:.4f}"
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Twenty lines, and you know now what each argument of Keras' `EarlyStopping` is for. The costliest bug in such callbacks is silent: storing `self.model.weights`, the living variables, instead of copies. Everything seems to work, "restores" the last weights, and nobody notices. That is why
# the check looks at the weight itself.

# %% [markdown]
# ## Exercise 5 · Pick the runs that overfit
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# Six runs, real ones: scikit-learn's network on Fashion-MNIST in 14 × 14 pixels. Some overfit, some underfit, one is driven too fast, one is fine. First look, then write a rule that a machine can apply.

# %%
from sklearn.neural_network import MLPClassifier

fashion = data.load("fashion_mnist")
pictures = fashion["train_images"][:6000].reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196) / 255
pictures, answers = ((pictures - 0.285) / 0.33).astype("float32"), fashion["train_labels"][:6000]
settings = {  # images, hidden layers, learning rate, L2
    "A": (300, (128,), 0.02, 0.0),
    "B": (4000, (2,), 0.003, 0.0),
    "C": (4000, (64,), 0.0003, 0.0),
    "D": (1000, (64,), 0.1, 0.0),
    "E": (1000, (128, 64), 0.002, 0.0),
    "F": (1000, (64,), 0.002, 10.0),
}


def record(images, hidden, rate, l2, epochs=20):
    """Train; return a history as Keras keeps it, with the cross-entropy on training and validation pictures."""
    network = MLPClassifier(hidden, learning_rate_init=rate, alpha=l2, batch_size=50, random_state=1)
    history = {"loss": [], "val_loss": []}
    for _ in range(epochs):
        network.partial_fit(pictures[:images], answers[:images], classes=np.arange(10))
        for name, part in (("loss", slice(0, min(images, 1000))), ("val_loss", slice(5000, 6000))):
            right = network.predict_proba(pictures[part])[np.arange(len(answers[part])), answers[part]]
            history[name].append(float(-np.log(right + 1e-9).mean()))
    return history


histories = {name: record(*setting) for name, setting in settings.items()}

# %%
figure, panels = plt.subplots(2, 3, figsize=(9.5, 5.4), sharex=True)
for axes, (name, history) in zip(panels.ravel(), histories.items(), strict=True):
    axes.plot(range(1, 21), history["loss"], "-", label="training")
    axes.plot(range(1, 21), history["val_loss"], "--", label="validation")
    axes.set(title=f"run {name}", ylabel="cross-entropy", ylim=(0, max(max(history["val_loss"]), 1) * 1.1))
for axes in panels[1]:
    axes.set(xlabel="epoch", xticks=range(0, 21, 5))
panels[0, 0].legend()
plots.show(
    figure,
    alt="Learning curves of six runs, cross-entropy over 20 epochs, first and last value. "
    + "; ".join(
        f"{name}: training {h['loss'][0]:.2f} to {h['loss'][-1]:.2f}, validation {h['val_loss'][0]:.2f} to {h['val_loss'][-1]:.2f}, lowest {min(h['val_loss']):.2f}"
        for name, h in histories.items()
    )
    + ".",
)

# %% [markdown]
# The rule. A run **overfits** if, from the epoch of its lowest validation loss to the end,
#
# 1. the validation loss has risen by **more than 10 %** of that lowest value (the end being the mean of the **last three** epochs, because single epochs jump), and
# 2. the training loss at the end (its mean over the **last three** epochs, too) is **lower**, by however little, than it was in that one epoch.
#
# Without the second half, a training that blows up would count: there both losses rise. A large gap alone does not count, nor does a high loss.
#
# <details><summary>Hint 1</summary>
#
# `best = int(np.argmin(history["val_loss"]))` is the epoch of the lowest validation loss. `np.mean(history["val_loss"][-3:])` is the end.
#
# </details>
# <details><summary>Hint 2</summary>
#
# For each run: `risen = np.mean(val[-3:]) > 1.1 * val[best]` and `falling = np.mean(loss[-3:]) < loss[best]`. Collect the names for which both hold, in the order of the dictionary.
#
# </details>


# %%
def runs_that_overfit(histories):
    """Find the runs that overfit by the rule above.

    Args:
        histories: dictionary from a run's name to its history: a dictionary with lists "loss" and "val_loss", one
            cross-entropy per epoch (at least three).

    Returns:
        List of the names of the runs that overfit, in the dictionary's order.
    """
    ### BEGIN SOLUTION
    chosen = []
    for name, history in histories.items():
        loss, val_loss = history["loss"], history["val_loss"]
        best = int(np.argmin(val_loss))
        if np.mean(val_loss[-3:]) > 1.1 * val_loss[best] and np.mean(loss[-3:]) < loss[best]:
            chosen.append(name)
    return chosen
    ### END SOLUTION


# %%
with check("runs_that_overfit", points=2):
    cases = {
        "classic": {"loss": [1.0, 0.5, 0.3, 0.2, 0.1, 0.05], "val_loss": [1.1, 0.7, 0.6, 0.7, 0.8, 0.9]},
        "gap": {"loss": [1.0, 0.5, 0.3, 0.2, 0.1, 0.05], "val_loss": [1.1, 0.9, 0.8, 0.75, 0.74, 0.74]},
        "underfit": {"loss": [2.2, 2.0, 1.9, 1.9, 1.9, 1.9], "val_loss": [2.2, 2.0, 1.95, 1.93, 1.93, 1.94]},
        "blown up": {"loss": [1.0, 0.6, 0.5, 2.0, 5.0, 9.0], "val_loss": [1.1, 0.7, 0.6, 2.2, 5.5, 9.9]},
        "one jump": {"loss": [1.0, 0.6, 0.5, 0.4, 0.35, 0.3], "val_loss": [1.1, 0.8, 0.7, 0.62, 0.61, 0.72]},
        "late": {"loss": [1.0, 0.6, 0.4, 0.3, 0.2, 0.1], "val_loss": [3.0, 1.0, 0.5, 0.52, 0.58, 0.6]},
        "mild": {"loss": [1.0, 0.6, 0.4, 0.3, 0.2, 0.1], "val_loss": [1.0, 0.8, 0.7, 0.72, 0.74, 0.75]},
        "climbs back": {"loss": [2.0, 0.6, 0.5, 0.8, 1.0, 1.2], "val_loss": [2.1, 0.7, 0.6, 0.9, 1.1, 1.4]},
        "restless": {"loss": [1.0, 0.6, 0.5, 0.2, 0.2, 0.6], "val_loss": [1.1, 0.7, 0.6, 0.68, 0.7, 0.72]},
    }
    found = runs_that_overfit(cases)
    check.true(found is not None, "Your function returned None: does it end in `return`?")
    check.true(
        isinstance(found, (list, tuple, np.ndarray)) and all(str(name) in cases for name in found),
        "Return a list of names of runs, such as ['A', 'E'].",
    )
    check.true("classic" in found, "The textbook case is missing: training 0.05, validation first 0.6, then 0.9.")
    check.true(
        "blown up" not in found,
        "A run whose training loss rises as well has blown up; that is not overfitting: see the second half of the rule.",
    )
    check.true(
        "gap" not in found,
        "A gap alone is no overfitting: in this run the validation loss is still at its lowest. Compare it with its own lowest value, not with the training loss.",
    )
    check.true("underfit" not in found, "A high loss is underfitting: here the loss rises by less than 10 %.")
    check.true("one jump" not in found, "A single last epoch jumped: average over the last three.")
    check.true(
        "late" in found,
        "This run fell from 3.0 to 0.5; the mean of its last three, 0.52, 0.58 and 0.60, lies 13 % above that. Compare the mean of just these three with the lowest value, not with the beginning, and by a share of it, not by a fixed amount.",
    )
    check.true("mild" not in found, "A rise of 5 % is within the 10 % that the rule allows.")
    check.true(
        "climbs back" not in found,
        "This run's training loss rises again after its best epoch, from 0.5 to about 1: compare its end with the best epoch, not with the first.",
    )
    check.true(
        "restless" in found,
        "In this run only the very last training loss jumped up: average the training loss over the last three epochs as well.",
    )
    check.equal(
        [str(name) for name in found],
        ["classic", "late", "restless"],
        "Both halves of the rule must hold; keep the dictionary's order.",
    )
    found = runs_that_overfit(dict(reversed(cases.items())))
    hint = "Asked in another order, the runs must come in that order: keep the dictionary's, don't sort."
    check.equal([str(name) for name in found], ["restless", "late", "classic"], hint)
    more = {
        "plateau": {"loss": [1.0, 0.5, 0.4, 0.3, 0.2, 0.1], "val_loss": [0.5, 0.51, 0.51, 0.56, 0.56, 0.56]},
        "comes back": {"loss": [1.2, 0.6, 0.2, 0.5, 0.65, 0.7], "val_loss": [1.1, 0.5, 0.6, 0.7, 0.8, 0.9]},
        "hardly": {"loss": [1.0, 0.6, 0.5, 0.48, 0.48, 0.48], "val_loss": [1.1, 0.7, 0.6, 0.7, 0.8, 0.9]},
    }
    found = runs_that_overfit(more)
    hint = "The last three are 12 % above the lowest: they alone are the end, not all epochs since the best."
    check.true("plateau" in found, hint)
    hint = "The training loss was 0.6 in the best epoch, then fell to 0.2 and came back to a mean of 0.62 at the end: compare the last three with that one epoch."
    check.true("comes back" not in found, hint)
    hint = "Here the training loss fell from 0.50 to 0.48: lower is lower; the 10 % hold for the validation loss only."
    check.true("hardly" in found, hint)
    falling = [1.0, 0.5, 0.4, 0.3, 0.2, 0.1]
    edges = {
        "9 %": [1.0, 0.6, 0.5, 0.545, 0.545, 0.545],
        "11 %": [1.0, 0.6, 0.5, 0.555, 0.555, 0.555],
        "small": [0.2, 0.08, 0.05, 0.058, 0.06, 0.062],
        "two high": [1.0, 0.7, 0.6, 0.6, 0.68, 0.69],
    }
    found = runs_that_overfit({name: {"loss": falling, "val_loss": values} for name, values in edges.items()})
    check.true("9 %" not in found, "Here the end lies 9 % above the lowest value: the rule allows 10 %.")
    check.true(
        "11 %" in found, "Here the end lies 11 % above the lowest value: the rule allows 10 % of the *lowest*, no more."
    )
    check.true("small" in found, "From 0.05 to 0.06 is a rise of 20 %: measure it as a share, not by a fixed amount.")
    hint = "The last three are 0.60, 0.68, 0.69: their *mean* lies 9 % above the lowest. All three, and the mean, not the median."
    check.true("two high" not in found, hint)
    chosen = runs_that_overfit(histories)
    check.true("A" in chosen and "E" in chosen, "Look at the pictures: A and E overfit, and your rule does not say so.")
    check.true("B" not in chosen, "Look at the pictures: B is too small a network; it does not overfit.")

# %% [markdown] tags=["solution"]
# **Discussion.** Which is which? A and E learn few pictures by heart. B has a hidden layer of *two* neurons: underfitting, both curves high and level. C has more data and a small rate: fine so far, and a candidate for more epochs. D's learning rate is far too high. F's penalty is so strong that
# training and validation stay together, and stay high. A rule like yours runs every night on somebody's hundred trainings; but the thresholds (10 %, three epochs) are a choice, and the picture is still worth a look.

# %% [markdown]
# ## Exercise 6 · A search with a budget
#
# Difficulty ●●●●○ · Importance ●●●●○ · 30 minutes
#
# You may spend **60 epochs**, no more. A trial of `epochs` epochs costs just that. Write two functions for keras-tuner:
#
# - `declare(hp)` declares three dials and returns their values: **rate** any number from 0.0001 to 1, drawn by factors (as often between 0.001 and 0.01 as between 0.1 and 1); **width** one of 8, 16, 32, … 256, doubling; **dropout** one of 0.0, 0.1, 0.2, 0.3, 0.4, 0.5;
# - `search(measure, budget, epochs, folder)` makes a random search whose trials together cost at most the budget, runs it, and returns the best dials found.
#
# `measure(rate, width, dropout, epochs)` stands for a training: it returns a validation **accuracy** and keeps account of what you spend. The class `Trials` below is the random search to use: it runs each trial by calling `measure` with the dials of `declare`, and needs no function that builds a model.


# %%
class Trials(keras_tuner.RandomSearch):
    """A random search whose trials call `measure` with the dials of `declare`."""

    def run_trial(self, trial, measure, epochs, **_):
        """Run one trial; return its result under the name of the objective."""
        return {"val_accuracy": measure(**declare(trial.hyperparameters), epochs=epochs)}


# %% [markdown]
# <details><summary>Hint 1</summary>
#
# `hp.Float("rate", low, high, sampling="log")`, `hp.Int("width", low, high, step=2, sampling="log")`, `hp.Choice("dropout", [...])`. How many trials does the budget pay for? And is an accuracy to be made large or small? `keras_tuner.Objective` wants to know.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `Trials(objective=keras_tuner.Objective("val_accuracy", "max"), max_trials=budget // epochs, directory=folder, project_name="budget", seed=1)`, then `.search(measure=measure, epochs=epochs, verbose=0)`; the best dials are `tuner.get_best_hyperparameters(1)[0].values`.
#
# </details>


# %%
def declare(hp):
    """Declare the dials.

    Args:
        hp: a keras_tuner.HyperParameters.

    Returns:
        Dictionary with the values of "rate" (float), "width" (int) and "dropout" (float).
    """
    ### BEGIN SOLUTION
    return {
        "rate": hp.Float("rate", 1e-4, 1.0, sampling="log"),
        "width": hp.Int("width", 8, 256, step=2, sampling="log"),
        "dropout": hp.Choice("dropout", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
    }
    ### END SOLUTION


def search(measure, budget, epochs, folder):
    """Search at random within a budget.

    Args:
        measure: function (rate, width, dropout, epochs) -> validation accuracy; each call costs `epochs` epochs.
        budget: epochs that may be spent in all.
        epochs: epochs of one trial.
        folder: where the search keeps its notes.

    Returns:
        Dictionary with the best "rate", "width" and "dropout".
    """
    ### BEGIN SOLUTION
    tuner = Trials(
        objective=keras_tuner.Objective("val_accuracy", "max"),
        max_trials=budget // epochs,
        directory=folder,
        project_name="budget",
        seed=1,
    )
    tuner.search(measure=measure, epochs=epochs, verbose=0)
    return tuner.get_best_hyperparameters(1)[0].values
    ### END SOLUTION


# %%
class Account:
    """A pretended training that costs nothing: accuracy by a formula, best at rate 0.03, width 128, dropout 0.3."""

    def __init__(self):
        self.calls = []

    def __call__(self, rate, width, dropout, epochs):
        miss = 0.04 * np.log10(rate / 0.03) ** 2 + 0.01 * np.log2(width / 128) ** 2 + 0.3 * (dropout - 0.3) ** 2
        self.calls.append(({"rate": rate, "width": width, "dropout": dropout}, epochs, float(0.9 - miss)))
        return self.calls[-1][2]


# %%
with check("search", points=3):
    dials = declare(keras_tuner.HyperParameters())
    check.true(
        isinstance(dials, dict) and set(dials) == {"rate", "width", "dropout"},
        "`declare` returns a dictionary with the keys rate, width and dropout.",
    )
    account = Account()
    with tempfile.TemporaryDirectory() as folder:
        hint = "No trial was run: call `tuner.search(measure=measure, epochs=epochs, verbose=0)`. (You did? Then without `directory=folder`: an earlier search, found finished, was taken up again.)"
        try:
            best = search(account, 60, 3, folder)
        except IndexError:  # the tuner's, asked for the best of no trials
            check.true(len(account.calls) > 0, hint)
            raise
        check.true(len(account.calls) > 0, hint)
        check.true(
            any(pathlib.Path(folder).rglob("oracle.json")),
            "The search left no notes in the folder it was given: pass `directory=folder`.",
        )
    cost = sum(epochs for _, epochs, _ in account.calls)
    check.true(
        len(account.calls) != 21,
        "You trained 21 times; the budget pays for 20. The best dials have been measured in their trial and need no further training.",
    )
    check.true(
        cost <= 60, f"You spent {cost} epochs of 60: `max_trials` counts trials, and each costs `epochs` epochs."
    )
    check.true(all(epochs == 3 for _, epochs, _ in account.calls), "Each trial must train for the `epochs` given.")
    check.true(cost > 57, f"You spent only {cost} of 60 epochs: use the whole budget, `budget // epochs` trials.")
    names = sorted(best) if isinstance(best, dict) else []
    check.true(
        not names or {"rate", "width", "dropout"} <= set(names),
        f"You returned a dictionary of {names}: `.values` holds what `hp` drew. If `declare` computes with that, return `declare(tuner.get_best_hyperparameters(1)[0])`.",
    )
    check.true(
        isinstance(best, dict) and {"rate", "width", "dropout"} <= set(best),
        f"Return the best dials, a dictionary with rate, width and dropout; you returned {type(best).__name__}.",
    )
    ranked = sorted(account.calls, key=lambda call: call[2])
    result = {name: best[name] for name in ("rate", "width", "dropout")}
    check.true(
        any(result == call[0] for call in account.calls),
        "These dials were tried in no trial: `.values` holds what `hp` drew. If `declare` computes with that, as in `2 ** hp.Int(…)`, return `declare(tuner.get_best_hyperparameters(1)[0])`.",
    )
    check.true(
        result != ranked[0][0], 'That is the *worst* trial: an accuracy is to be made large, `Objective(…, "max")`.'
    )
    check.true(
        result == ranked[-1][0],
        "That is not the best trial: ask the tuner, `get_best_hyperparameters(1)[0].values`; the last trial is not the best.",
    )
    probe = Account()
    with tempfile.TemporaryDirectory() as folder:
        search(probe, 200, 1, folder)
    rates, widths, drops = (np.array([call[0][name] for call in probe.calls]) for name in ("rate", "width", "dropout"))
    check.true(
        len(set(rates.tolist())) >= 0.5 * len(rates),
        f"Only {len(set(rates.tolist()))} different rates came: let `hp.Float` draw any number between, without `step` and not from a list.",
    )
    check.true(
        len(rates) == 200,
        f"With a budget of 200 and trials of 1 epoch there are 200 trials; you ran {len(rates)}: use the parameters, not the numbers 60 and 3.",
    )
    rest = Account()
    with tempfile.TemporaryDirectory() as folder:
        search(rest, 20, 3, folder)
    check.true(
        len(rest.calls) < 7,
        "20 epochs, 3 each: a seventh trial would cost 21. Round down, `budget // epochs`; a budget is a budget.",
    )
    check.true(
        np.mean(rates > 0.1) < 0.5, 'Nine of ten rates are above 0.1: draw the rate by factors, `sampling="log"`.'
    )
    hint = (
        f"The rates reach from {rates.min():.2g} to {rates.max():.2g}, further than from 0.0001 to 1: count the zeros."
    )
    check.true(rates.min() >= 0.99e-4 and rates.max() <= 1.01, hint)
    check.true(rates.min() < 3e-4 and rates.max() > 0.3, "The rates do not reach from 0.0001 to 1.")
    check.true(
        set(widths.tolist()) == {8, 16, 32, 64, 128, 256},
        'The widths must be 8, 16, 32, 64, 128, 256: `step=2` together with `sampling="log"` doubles.',
    )
    levels = set(np.round(drops, 6).tolist())
    check.true(
        levels != {0.0, 0.1, 0.2, 0.3, 0.4},
        "Dropout 0.5 never comes: for `Float` with step=0.1 the last step is lost, 0.5 // 0.1 being 4 in floating-point numbers. Name the values: `hp.Choice`.",
    )
    check.true(
        levels == {0.0, 0.1, 0.2, 0.3, 0.4, 0.5},
        "Dropout must take the values 0, 0.1, … 0.5 and no others: name them with `hp.Choice`.",
    )

# %% [markdown] tags=["solution"]
# Was three epochs each the right way to spend sixty? Here every trial tells the truth after any number of epochs; in life, short trials lie (they favour fast learners) and long ones are few. That is the dilemma that Hyperband is about. What twenty random trials found:

# %% tags=["solution"]
figure, axes = plt.subplots(figsize=(6.5, 3.4))
scores = [score for _, _, score in account.calls]
axes.plot(range(1, len(scores) + 1), scores, "o", label="trial")
axes.step(range(1, len(scores) + 1), np.maximum.accumulate(scores), where="post", linestyle="--", label="best so far")
axes.set(xlabel="trial", ylabel="validation accuracy", xticks=range(0, 21, 5))
axes.legend(loc="lower right")
plots.show(
    figure,
    alt=f"Accuracy of 20 random trials and the best so far, which rises to {max(scores):.3f}; the best possible is 0.9.",
)

# %% [markdown] tags=["solution"]
# **Discussion.** The curve of the best so far rises quickly and then by rare luck: after $n$ random trials you are, with probability $1 - 0.95^n$, among the best 5 % of the space; for $n = 20$ that is 64 %, for 60 it is 95 %. That little formula is the best
# argument for random search, and it does not depend on the number of dials.
