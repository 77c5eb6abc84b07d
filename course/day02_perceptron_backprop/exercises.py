# %% [markdown]
# # Day 02 · Exercises: correct, bend, add up, surprise, shuffle, go back
#
# **Six exercises: the pieces of backpropagation one by one, then all of it. The gradient check is the judge.**
#
# <!-- badges -->
#
# How it works: write your code where it says `raise NotImplementedError`, run that cell, then run the check below it (a click unfolds it). The check says
# *right*, *not yet* with a hint, or *not attempted*. The exercises do not depend on each other: take them in any order. Stuck for more
# than ten minutes? Fold out a hint; that is what they are for. On your own computer, `make progress` shows how far you are.

# %% tags=["setup"]
from utils import data, plots, runtime
from utils.check import Exercises

import matplotlib.pyplot as plt
import numpy as np

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day02_perceptron_backprop")

# %% [markdown]
# From the lesson, as it was: the function that judges gradients. Use it on your own code whenever you like; the checks do too.


# %%
def gradient_check(loss, parameters, gradients, nudge=1e-5):
    """Compare gradients with central finite differences.

    loss: function of the parameters, a number. parameters, gradients: dicts name -> float64 array of equal shapes.
    Returns name -> relative error |g - f| / (|g| + |f|) in the Euclidean norm: below 1e-6 is right, above 1e-4 wrong.
    """
    errors = {}
    for name, values in parameters.items():
        found = np.zeros_like(values)
        for place in np.ndindex(values.shape):
            kept = values[place]
            values[place] = kept + nudge
            above = loss(parameters)
            values[place] = kept - nudge
            below = loss(parameters)
            values[place] = kept
            found[place] = (above - below) / (2 * nudge)
        size = np.linalg.norm(gradients[name]) + np.linalg.norm(found)
        errors[name] = np.linalg.norm(gradients[name] - found) / max(size, 1e-12)
    return errors


# %% [markdown]
# ## Exercise 1 · One correction
#
# Difficulty ●○○○○ · Importance ●●●○○ · 10 minutes
#
# Rosenblatt's rule, for a single example: answer with the step function (1 if $z > 0$, else 0), compare, and correct weights and bias.
#
# <details><summary>Hint 1</summary>
#
# The answer is `int(x @ weights + bias > 0)`, and `y` minus the answer is 1, 0 or −1. What must each of the three do to the weights?
#
# </details>
# <details><summary>Hint 2</summary>
#
# With `error = y - answer` the new weights are `weights + error * x`. The bias is a weight on an input that is always 1.
#
# </details>


# %%
def correct(weights, bias, x, y):
    """Apply the perceptron rule to one example.

    Args:
        weights: array of shape (inputs,); stays as it is.
        bias: number.
        x: the example, array of shape (inputs,).
        y: the right answer, 0 or 1.

    Returns:
        (weights, bias) after the correction: a new array of shape (inputs,) and a number.
    """
    ### BEGIN SOLUTION
    answer = int(x @ weights + bias > 0)
    error = y - answer
    return weights + error * x, bias + error
    ### END SOLUTION


# %%
with check("correct"):
    start, example = np.array([0.5, -1.0]), np.array([2.0, 3.0])
    result = correct(start.copy(), 0.0, kept := example.copy(), 0)  # z = -2, answer 0, right
    check.true(np.array_equal(kept, example), "Your function changed the example it was given: no `*=` on it.")
    ways = [correct(start.copy(), *case) for case in ((0.0, example.copy(), 1), (5.0, example.copy(), 0))]
    hint = "One way through your function returns nothing (None): right or wrong, end with `return weights, bias`."
    check.true(all(way is not None for way in [result, *ways]), hint)
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    check.true(pair, "Return two things: `return weights, bias`.")
    correct(start.copy(), 0.0, kept := example.copy(), 1)
    check.true(np.array_equal(kept, example), "Your function changed the example it was given: no `*=` on it.")
    check.shape(result[0], (2,), "First come the weights, an array of the shape they had; then the bias.")
    check.shape(result[1], (), "Second comes the bias, a plain number: it is corrected by the error alone, without x.")
    hint = "Your answer seems to be z itself (−2): it must be 0 or 1, 1 only if z > 0."
    check.true(not np.allclose(result[0], start + 2 * example), hint)
    hint = "You added the example, though the answer was right (z = −2, so 0). Do you compare with y, and does your step function say 0, not −1, where z is not positive?"
    check.true(not np.allclose(result[0], start + example), hint)
    check.close(result[0], start, "The answer was right (z = −2, so 0): then nothing changes.")
    check.close(result[1], 0.0, "The answer was right (z = −2, so 0): then the bias does not change either.")
    weights, bias = correct(start.copy(), 0.0, example, 1)
    check.true(
        not np.allclose(weights, start - example),
        "It said 0 and should say 1, but you subtracted the example: the error is wanted minus answered, y − ŷ.",
    )
    part = np.asarray(weights)[0] / 2 - 0.25  # of the example, 2.0 and 3.0
    hint = "You added only a part of the example: this rule has no learning rate, the whole x is added."
    check.true(not (0 < part < 0.99 and np.allclose(weights, start + part * example)), hint)
    check.close(weights, start + example, "It said 0 and should say 1: the example is *added* to the weights.")
    check.close(bias, 1.0, "The weights are right, the bias is not: it is corrected too, as a weight on the input 1.")
    weights, bias = correct(start.copy(), 5.0, example, 0)  # z = 3, answer 1, wrong
    check.true(not np.allclose(weights, start + example), "It said 1 and should say 0, but you added the example.")
    check.close(
        weights, start - example, "z is −2 + bias = 3, so it says 1: is the bias part of your z? Then subtract."
    )
    check.close(bias, 4.0, "It said 1 and should say 0: the bias goes down by 1.")
    untouched = np.array([1.0, 0.5, 0.5])
    wide = correct(np.array([0.25, -0.5, 1.0]), 0.0, untouched, 1)  # z = 0.5, answer 1, right
    check.true(np.array_equal(untouched, [1.0, 0.5, 0.5]), "Your function changed the example it was given.")
    check.close(
        wide[0],
        [0.25, -0.5, 1.0],
        "z = 0.5 is greater than 0, so it says 1: compare z itself, with *all* inputs in it.",
    )
    weights, bias = correct(np.zeros(2), 0.0, example, 0)
    check.close(weights, np.zeros(2), "At z = 0 exactly the step function says 0: 1 only if z > 0, not z >= 0.")
    weights, bias = correct(np.array([-10.0, -10.0]), 0.0, example.copy(), 1)  # z = -50, after it -36
    hint = "One example, *one* correction, even if it is still answered wrongly afterwards: no loop until it is right."
    check.close(weights, [-8.0, -7.0], hint)
    given = np.array([0.5, -1.0])
    correct(given, 0.0, example, 1)
    hint = "Your function changed the weights it was given: `weights + …` makes a new array, `+=` does not."
    check.true(np.array_equal(given, start), hint)

# %% [markdown] tags=["solution"]
# **Discussion.** `error` is 0 when the answer was right, so one line serves all three cases. It has the form of every gradient step you saw
# today: (wanted − answered) times the input. Only the learning rate is missing, and it would do nothing here: if you start from zero, it scales weights and
# bias together and changes no answer.

# %% [markdown]
# ## Exercise 2 · Back through tanh
#
# Difficulty ●●○○○ · Importance ●●●●● · 5 minutes
#
# A tanh layer received $Z$ and gave $H = \tanh(Z)$. From the right arrives $\partial L/\partial H$. What goes on to the left,
# $\partial L/\partial Z$? Use the output $H$, which the forward pass has kept; $Z$ is gone.
#
# <details><summary>Hint 1</summary>
#
# Chain rule, entry by entry: what arrives times the local derivative. The derivative of $\tanh(z)$ is $1 - \tanh^2(z)$.
#
# </details>
# <details><summary>Hint 2</summary>
#
# $\tanh(z)$ *is* the output you are given. So the local derivative is `1 - outputs**2`.
#
# </details>


# %%
def tanh_backward(outputs, slope):
    """Send a gradient back through tanh.

    Args:
        outputs: H = tanh(Z), array of shape (examples, neurons).
        slope: ∂L/∂H, array of the same shape.

    Returns:
        ∂L/∂Z, a new array of the same shape.
    """
    ### BEGIN SOLUTION
    return slope * (1 - outputs**2)
    ### END SOLUTION


# %%
with check("tanh_backward"):
    random = np.random.default_rng(0)
    scores, arriving = random.normal(size=(4, 3)), random.normal(size=(4, 3))
    outputs = np.tanh(scores)
    given = outputs.copy(), arriving.copy()
    result = tanh_backward(*given)
    check.shape(result, (4, 3), "Entry by entry: the result has the shape of the outputs. No sum, no matrix product.")
    unchanged = np.array_equal(given[0], outputs) and np.array_equal(given[1], arriving)
    check.true(unchanged, "Your function changed the arrays it was given: no `*=` on them.")
    known = {
        "You took tanh once more: `outputs` is tanh(Z) already.": arriving * (1 - np.tanh(outputs) ** 2),
        "That is the local derivative alone: multiply it by what arrives, `slope`.": 1 - outputs**2,
        "You multiplied by 1 − h instead of 1 − h²: the square is missing.": arriving * (1 - outputs),
        "That is the sigmoid's derivative, h (1 − h); tanh has 1 − h².": arriving * outputs * (1 - outputs),
        "You multiplied by h itself; the derivative of tanh is 1 − h².": arriving * outputs,
        "You squared after multiplying: first the local derivative 1 − h², then times `slope`.": (arriving * outputs)
        ** 2,
        "A sign is wrong: the derivative of tanh, 1 − h², is never negative.": arriving * (outputs**2 - 1),
        "You squared the bracket: it is 1 − h², not (1 − h)².": arriving * (1 - outputs) ** 2,
        "Brackets are missing: `slope * (1 - outputs**2)`.": arriving - outputs**2,
        "You differentiated 1 − h² once more: it *is* the derivative of tanh, so multiply by it.": arriving
        * -2
        * outputs,
        "You passed on what arrived, unchanged: multiply it by the local derivative 1 − h².": arriving,
        "A sign is wrong inside: 1 *minus* h².": arriving * (1 + outputs**2),
        "You mixed up the two arrays: the square belongs to `outputs`.": outputs * (1 - arriving**2),
        "You added the local derivative: the chain rule multiplies.": arriving + 1 - outputs**2,
        "No 1/n here: that is in what arrives already.": arriving * (1 - outputs**2) / 4,
    }
    for hint, mistake in known.items():
        check.true(not np.allclose(result, mistake), hint)
    saturated = np.tanh([[8.0, -8.0, 0.5, 9.0, 0.0], [0.1, 7.0, -0.2, 8.5, 1.0]])
    hint = "A saturated neuron passes on almost nothing, and any shape will do: 1 − h², nothing else."
    check.close(tanh_backward(saturated.copy(), np.ones((2, 5))), 1 - saturated**2, hint)
    errors = gradient_check(lambda p: np.sum(arriving * np.tanh(p["Z"])), {"Z": scores}, {"Z": np.asarray(result)})
    hint = (
        f"The gradient check says: relative error {errors['Z']:.1e}. Multiply what arrives by 1 − h², entry by entry."
    )
    check.true(errors["Z"] < 1e-6, hint)

# %% [markdown] tags=["solution"]
# **Discussion.** This is the pattern of every layer's backward pass: *what arrives, times the local derivative*. That it can be
# written with the output alone is why tanh is cheap to train: nothing else has to be kept. And where $h$ is near ±1 the factor is near 0:
# a saturated neuron passes hardly anything on.

# %% [markdown]
# ## Exercise 3 · The bias's share
#
# Difficulty ●●○○○ · Importance ●●●●○ · 10 minutes
#
# $Z = XW + b$: one bias per neuron is added to *every* row of the batch (that is broadcasting). Given $\partial L/\partial Z$, what is
# $\partial L/\partial b$? The gradient must have exactly the shape of the bias, whether that was stored as `(neurons,)` or as `(1, neurons)`;
# otherwise the next update silently turns the bias into something else.
#
# <details><summary>Hint 1</summary>
#
# Each bias was used once for each example. Each use has its own wish, and by the chain rule for branches the wishes add up.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `slope.sum(axis=0)` sums over the examples; `.reshape(bias.shape)` gives it the bias's shape. No division by $n$: if the loss is a mean, the
# $1/n$ is already in `slope`.
#
# </details>


# %%
def bias_gradient(slope, bias):
    """Gradient of the loss with respect to a bias that was added to every row.

    Args:
        slope: ∂L/∂Z, array of shape (examples, neurons).
        bias: array of shape (neurons,) or (1, neurons); only its shape matters.

    Returns:
        ∂L/∂b, array of the bias's shape.
    """
    ### BEGIN SOLUTION
    return slope.sum(axis=0).reshape(bias.shape)
    ### END SOLUTION


# %%
with check("bias_gradient"):
    slope = np.array([[1.0, 10.0, 100.0], [4.0, 40.0, 400.0]])
    result = bias_gradient(slope.copy(), np.zeros(3))
    shapes = {
        (2,): "You summed over the neurons. One bias belongs to one neuron: sum over the examples, axis 0.",
        (): "You summed everything into one number. There is one bias per neuron: sum over axis 0 only.",
        (2, 3): "That is still one row per example: their wishes must be added up over axis 0.",
        (1, 3): "Here the bias has shape (3,) and your gradient (1, 3): keep the shape of the bias.",
    }
    check.shape(result, (3,), shapes.get(np.shape(result), "The gradient has the shape of the bias."))
    hint = "That is the mean. The wishes of the examples add up; a 1/n of the loss is in `slope` already."
    check.true(not np.allclose(result, slope.mean(axis=0)), hint)
    hint = "You divided the sum by the number of neurons: no division at all, the wishes add up."
    check.true(not np.allclose(result, slope.sum(axis=0) / 3), hint)
    check.true(not np.allclose(result, slope[0]), "That is the first example's wish only: add up all of them.")
    check.close(result, [5.0, 50.0, 500.0], "Sum `slope` over the examples, axis 0.")
    given = slope.copy(), np.zeros(3)
    bias_gradient(*given)
    unchanged = np.array_equal(given[0], slope) and not given[1].any()
    check.true(unchanged, "Your function changed the slope or the bias it was given: make a new array.")
    hint = "The value of the bias doesn't enter, only its shape."
    check.close(bias_gradient(slope.copy(), np.ones(3)), [5.0, 50.0, 500.0], hint)
    row = bias_gradient(slope.copy(), np.zeros((1, 3)))
    check.shape(row, (1, 3), "This bias is stored as (1, 3): its gradient must keep the shape of the bias.")
    check.close(row, [[5.0, 50.0, 500.0]], "The same sum is due, in the shape (1, 3).")
    hint = "This bias is stored as (1, 2): use `bias.shape`, whatever it is."
    check.close(bias_gradient(slope[:, :2].copy(), np.zeros((1, 2))), [[5.0, 50.0]], hint)
    hint = (
        "A layer of one neuron has a bias of shape (1,), and so has its gradient: `reshape(bias.shape)`, not `squeeze`."
    )
    check.close(bias_gradient(slope[:, :1].copy(), np.zeros(1)), [5.0], hint)
    random = np.random.default_rng(0)
    outputs, wanted = random.normal(size=(5, 2)), random.normal(size=(5, 2))
    parameters = {"b": random.normal(size=2)}
    gradients = {"b": bias_gradient((outputs + parameters["b"] - wanted) / 5, parameters["b"])}
    errors = gradient_check(lambda p: np.sum((outputs + p["b"] - wanted) ** 2) / 10, parameters, gradients)
    check.true(errors["b"] < 1e-6, f"The gradient check says: relative error {errors['b']:.1e}. Sum over all examples.")

# %% [markdown] tags=["solution"]
# **Discussion.** Whenever the forward pass *broadcasts* (uses one number in many places), the backward pass *sums* over these
# places. The shape is not pedantry: a bias of shape (3,) minus a gradient of shape (1, 3) is an array of shape (1, 3), NumPy does not
# complain, and the mistake surfaces ten cells later.

# %% [markdown]
# ## Exercise 4 · Softmax, surprise, and 1000
#
# Difficulty ●●●○○ · Importance ●●●●● · 30 minutes
#
# Write softmax and cross-entropy as one function that returns the mean loss *and* its gradient with respect to the scores. It
# must survive scores such as 1000: $e^{1000}$ overflows, and the logarithm of a probability that was rounded to 0 is $-\infty$.
#
# First a minute with a pencil: if $c$ is the right class, $L = -\log p_c$. Write $\log p_c$ without a fraction, and take the derivative by each score $z_i$.
#
# <details><summary>The four lines</summary>
#
# $p_c = e^{z_c} / \sum_j e^{z_j}$, so $\log p_c = z_c - \log \sum_j e^{z_j}$ and $L = -z_c + \log \sum_j e^{z_j}$. The derivative of the second term by $z_i$ is
# $e^{z_i} / \sum_j e^{z_j} = p_i$; the first gives $-1$ for $i = c$, else 0. Together $\partial L/\partial z_i = p_i - y_i$.
#
# </details>
# <details><summary>Hint 1</summary>
#
# Softmax does not change if you subtract the same number from all scores of a row. And
# $\log p_i = z_i - \log \sum_j e^{z_j}$, so the probability need not be computed first to take its logarithm. Sums and maxima over rows need
# `axis=1, keepdims=True`, so that they keep their column and broadcast.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `shifted = scores - scores.max(axis=1, keepdims=True)`, then `log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))`. With `n = len(scores)` the loss is
# `-(targets * log_p).sum() / n`, the gradient `(np.exp(log_p) - targets) / n`.
#
# </details>


# %%
def softmax_cross_entropy(scores, targets):
    """Mean cross-entropy of a softmax, and its gradient.

    Args:
        scores: float64 array of shape (examples, classes), its numbers as large as ±1e4.
        targets: one-hot array of the same shape.

    Returns:
        (loss, gradient): the mean over the examples of -log p(right class), a number; and its derivative with respect
        to the scores, array of shape (examples, classes).
    """
    ### BEGIN SOLUTION
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -(targets * log_probabilities).sum() / len(scores)
    return loss, (np.exp(log_probabilities) - targets) / len(scores)
    ### END SOLUTION


# %%
with check("softmax_cross_entropy", points=2), np.errstate(all="ignore"):
    random = np.random.default_rng(0)
    scores, targets = random.normal(size=(4, 3)), np.eye(3)[[0, 2, 1, 2]]
    powers = np.exp(scores)
    rows_sum = powers / powers.sum(axis=1, keepdims=True)
    wanted, in_columns, in_all = (
        -np.log(np.sum(p * targets, axis=1)).mean()
        for p in (rows_sum, powers / powers.sum(axis=0), powers / powers.sum())
    )
    given = scores.copy(), targets.copy()
    result = softmax_cross_entropy(*given)
    unchanged = np.array_equal(given[0], scores) and np.array_equal(given[1], targets)
    check.true(unchanged, "Your function changed the scores or targets it was given: no `-=` on them.")
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    check.true(pair, "Return two things: `return loss, gradient`.")
    loss, gradient = result
    check.shape(loss, (), "The loss is one number: the mean over the examples.")
    by_column = np.exp(scores - scores.max(axis=0))
    by_column = -np.log(np.sum(by_column * targets, axis=1) / by_column.sum(axis=1)).mean()
    for hint, mistake in {
        "Your loss is the sum over the examples: divide it by their number.": 4 * wanted,
        "Your loss is divided by the number of classes too: it is a mean over examples only.": wanted / 3,
        "Your loss is negative: it is *minus* the logarithm.": -wanted,
        "Your logarithm has base 2: take the natural one, `np.log`.": wanted / np.log(2),
        "Your logarithm has base 10: take the natural one, `np.log`.": wanted / np.log(10),
        "Your softmax adds up columns: the probabilities of each *row* add up to 1, axis 1.": in_columns,
        "Your softmax adds up the whole array: the probabilities of each *row* add up to 1, axis 1.": in_all,
        "You subtracted the largest score of each *column*; that changes the softmax. Of each *row*: axis 1.": by_column,
        "That is the logarithm of the mean: first −log p of each example, then the mean.": -np.log(
            np.sum(rows_sum * targets) / 4
        ),
        "You also added −log(1 − p) of the wrong classes, as for yes or no: only the right class counts.": wanted
        - np.sum((1 - targets) * np.log(1 - rows_sum)) / 4,
    }.items():
        check.true(not np.isclose(loss, mistake), hint)
    check.close(loss, wanted, "The loss is the mean of −log p of the right class.")
    check.shape(gradient, (4, 3), "The gradient has the shape of the scores.")
    right = (rows_sum - targets) / 4
    for hint, mistake in {
        "Your gradient is not divided by the number of examples, but the loss is a mean.": 4 * right,
        "The sign of your gradient is wrong: it is answer minus wanted, p − y.": -right,
        "You forgot to subtract the targets: p − y, not p.": rows_sum / 4,
        "Your gradient is divided by the classes too: the loss is a mean over examples only.": right / 3,
        "That is the derivative by p; the scores come before the softmax: p − y.": -targets / rows_sum / 4,
        "You sent the gradient through p (1 − p) as for a sigmoid alone: with cross-entropy that factor cancels.": right
        * rows_sum
        * (1 - rows_sum),
    }.items():
        check.true(not np.allclose(gradient, mistake), hint)
    errors = gradient_check(
        lambda p: softmax_cross_entropy(p["z"], targets)[0], {"z": scores}, {"z": np.asarray(gradient)}
    )
    hint = "The gradient is right, but your loss is too rough for the gradient check: compute in float64, not float32, don't round, and add nothing to p inside the logarithm."
    check.true(errors["z"] < 1e-6 or not np.allclose(gradient, right, atol=1e-5), hint)
    check.true(errors["z"] < 1e-6, f"The gradient check says: relative error {errors['z']:.1e}. It is (p − y) / n.")
    large = np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1000.0, -1000.0]])
    loss, gradient = softmax_cross_entropy(large.copy(), np.eye(3)[[0, 1]])
    hint = "Scores of ±1000 give a gradient of infinity or NaN: subtract the largest score *of each row* before the exponential."
    check.true(np.isfinite(gradient).all(), hint)
    hint = "Scores of ±1000 give a wrong gradient: an exponential still overflows, Σ eᶻ is infinite. Subtract the *largest* score"
    check.true(
        np.allclose(gradient, [[0, 0, 0], [1 / 6, -1 / 3, 1 / 6]], atol=1e-5), hint + " of each row, nothing else."
    )
    hint = "Scores of ±1000 give a loss of infinity or NaN, though the gradient survives: a p was rounded to 0, its logarithm is −∞, and"
    check.true(np.isfinite(loss), hint + " 0 · (−∞) is NaN. Compute log p = z − log Σ eᶻ instead.")
    check.close(loss, np.log(3) / 2, "Scores of ±1000: row 1 is sure and right (0), row 2 does not know (log 3).")
    loss, gradient = softmax_cross_entropy(10 * large, np.eye(3)[[2, 1]])
    hint = "Sure and wrong by 20000 costs 20000: use log p = z − log Σ eᶻ, not the logarithm of a p rounded to 0 or clipped."
    check.close(loss, (20000 + np.log(3)) / 2, hint)
    hint = "The loss survives scores of ±10000, the gradient does not: it is p − y with p = exp(log p)."
    check.close(gradient, [[0.5, 0, -0.5], [1 / 6, -1 / 3, 1 / 6]], hint)

# %% [markdown] tags=["solution"]
# **Discussion.** Two troubles, two cures. $e^{1000}$ is cured by the shift, $\log 0$ by never computing $p$ before its logarithm. Clipping $p$ at
# $10^{-12}$ only hides the second: the loss is then wrong, and flat, just for the examples that are worst. This is what
# `from_logits=True` in Keras does for you, and why it is better than a softmax layer with a separate loss.

# %% [markdown]
# ## Exercise 5 · Mini-batches: stochastic gradient descent
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# The lesson used all the birds for every step. With a million examples you can't. Write the loop that everybody uses instead: in
# every epoch shuffle the examples anew, cut them into mini-batches, and take one step for each batch.
#
# <details><summary>Hint 1</summary>
#
# `order = random.permutation(len(inputs))` gives a new order. Take slices of it with `range(0, len(inputs), batch_size)`; a slice
# beyond the end is simply shorter.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Per batch: `chosen = order[start : start + batch_size]`, `gradients = gradients_of(parameters, inputs[chosen], targets[chosen])`, and for each name
# `parameters[name] = parameters[name] - learning_rate * gradients[name]`. Begin with `parameters = dict(parameters)`.
#
# </details>


# %%
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    """Mini-batch stochastic gradient descent without momentum.

    Args:
        parameters: dict name -> array; neither the dict nor its arrays are changed.
        gradients_of: function (parameters, inputs, targets) -> dict of gradients with the same names, of the
            mean loss over the examples it is given; call it once per batch.
        inputs, targets: arrays with one row per example; stay as they are.
        learning_rate: number.
        batch_size: examples in a batch; the last batch of an epoch may be smaller.
        epochs: how often to go through all examples.
        random: a numpy.random.Generator, for the shuffling.

    Returns:
        The trained parameters, a dict name -> array.
    """
    ### BEGIN SOLUTION
    parameters = dict(parameters)
    for _ in range(epochs):
        order = random.permutation(len(inputs))
        for start in range(0, len(inputs), batch_size):
            chosen = order[start : start + batch_size]
            gradients = gradients_of(parameters, inputs[chosen], targets[chosen])
            for name in parameters:
                parameters[name] = parameters[name] - learning_rate * gradients[name]
    return parameters
    ### END SOLUTION


# %%
with check("train_sgd", points=2):
    seen = []

    def note_batch(parameters, inputs, targets):
        """Gradient of 1/2 (w - mean target)², which notes the batch it was given."""
        seen.append((np.asarray(inputs)[:, 0].copy(), np.array(targets), float(parameters["w"][0])))
        return {"w": parameters["w"] - np.mean(targets)}

    start, rows, answers = {"w": np.array([100.0])}, np.arange(10.0).reshape(10, 1), 2 * np.arange(10.0)
    result = train_sgd(start, note_batch, rows, answers, 0.1, 4, 3, np.random.default_rng(0))
    check.true(isinstance(result, dict) and "w" in result, "Return the dict of trained parameters.")
    hint = "Your function changed the parameters it was given: copy the dict, and no `-=` on its arrays."
    check.true(np.array_equal(start["w"], [100.0]), hint)
    untouched = np.array_equal(rows[:, 0], np.arange(10)) and np.array_equal(answers, 2 * np.arange(10))
    check.true(untouched, "Your function shuffled the data it was given: shuffle an order, not the data.")
    sizes = [len(batch) for batch, *_ in seen]
    check.true(set(sizes) != {10}, "Every step used all the examples: cut them into batches of batch_size.")
    check.true(sizes != [4, 4] * 3, "10 examples, batches of 4: you left out the last 2. The last batch is smaller.")
    check.true(sizes != [4] * 3, "There was one batch per epoch: go through *all* the batches in every epoch.")
    check.true(
        sizes != [4, 4, 2], "There was one epoch only: is your `return` inside the loop, or is one loop missing?"
    )
    check.true(sizes != [1] * 30, "One example per step: take batch_size examples at a time.")
    hint = (
        "There was one batch only: your `return` stands inside the loop over the batches; it belongs after both loops."
    )
    check.true(sizes != [4], hint)
    hint = (
        "All batches are full: the last one of an epoch holds only the 2 examples that are left, no others fill it up."
    )
    check.true(sizes != [4] * 9, hint)
    hint = "You shuffled whole batches: first shuffle the *examples*, then cut, so that only the last batch is short."
    check.true(sizes == [4, 4, 2] * 3 or sorted(sizes) != sorted([4, 4, 2] * 3), hint)
    check.equal(sizes, [4, 4, 2] * 3, "In each of the 3 epochs batches of 4, 4 and 2 examples are due.")
    together = all(np.array_equal(2 * batch, wanted) for batch, wanted, _ in seen)
    check.true(together, "Inputs and targets no longer belong together: use the same order for both.")
    orders = [np.concatenate([batch for batch, *_ in seen[3 * epoch : 3 * epoch + 3]]) for epoch in range(3)]
    once = all(np.array_equal(np.sort(order), np.arange(10)) for order in orders)
    check.true(
        once,
        "In an epoch every example comes exactly once: *one* permutation per epoch, drawn before the loop over its batches.",
    )
    check.true(not np.array_equal(orders[0], np.arange(10)), "The examples came in their given order: shuffle them.")
    hint = "Each batch holds the same examples in every epoch: shuffle all examples first, then cut the new order."
    check.true({frozenset(order[:4].tolist()) for order in orders} != {frozenset(range(4))}, hint)
    near = np.mean([np.diff(order) % 10 == 1 for order in orders])
    check.true(near < 0.6, "Most examples still follow their neighbour: shuffle them all, do not only begin elsewhere.")
    check.true(not np.array_equal(orders[0], orders[1]), "Every epoch had the same order: shuffle anew in each.")
    steps = np.array([w for *_, w in seen] + [float(result["w"][0])])
    moved, gradient = np.diff(steps), steps[:-1] - np.array([wanted.mean() for _, wanted, _ in seen])
    check.true(not np.allclose(moved, 0.1 * gradient), "You went uphill: *subtract* the gradient.")
    check.true(not np.allclose(moved, -gradient), "The learning rate is missing in your step.")
    divided = any(np.allclose(moved, -0.1 * gradient / count) for count in (np.array(sizes), 4, 10))
    check.true(
        not divided, "You divided by the number of examples: `gradients_of` gives the mean over the batch already."
    )
    hint = "`gradients_of` got the same parameters every time, the given ones: hand it those that have moved."
    check.true(not np.allclose(steps[:-1], 100.0), hint)
    hint = "Every epoch began again at the given parameters: copy them once, before the loop over the epochs."
    check.true(not np.allclose(steps[[3, 6]], 100.0), hint)
    once_per_epoch = np.allclose(np.delete(moved, [2, 5, 8]), 0)
    check.true(not once_per_epoch, "The parameters moved once per epoch: take a step for *each batch*.")
    hint = "A step is exactly minus learning_rate times this batch's gradient at the *current* parameters; no momentum."
    check.close(moved, -0.1 * gradient, hint)
    again = train_sgd(start, note_batch, rows, answers, 0.1, 4, 3, np.random.default_rng(0))
    hint = "The same generator must give the same training: shuffle with `random`, not with `np.random`."
    check.close(again["w"], result["w"], hint, tolerance=1e-12)
    other = train_sgd(start, note_batch, rows, answers, 0.1, 4, 3, np.random.default_rng(1))
    hint = "Another generator must give another order: your function ignores `random`."
    check.true(not np.allclose(other["w"], result["w"], rtol=1e-12), hint)
    met = []

    def coupled(parameters, inputs, targets):
        """Gradients of two parameters that depend on each other; notes the batch size and the parameters."""
        met.append((len(inputs), parameters["w"].copy(), parameters["v"].copy()))
        return {"w": parameters["w"] + parameters["v"].sum(), "v": parameters["v"] - parameters["w"]}

    two = {"w": np.array([5.0]), "v": np.array([1.0, -2.0])}
    final = train_sgd(two, coupled, np.zeros((8, 1)), np.zeros(8), 0.1, 4, 1, np.random.default_rng(0))
    hint = "You asked for the gradients once for each parameter: take them once per batch, then move *all* parameters."
    check.true([n for n, *_ in met] != [4] * 4, hint)
    check.equal(
        [n for n, *_ in met[:3]], [4, 4], "8 examples in batches of 4 make two batches, and no empty third one."
    )
    check.true(set(final) == {"w", "v"}, "With two parameters only one came back: keep all the names.")
    (_, w, v), (_, next_w, next_v) = met
    moved = not np.allclose(next_w, w), not np.allclose(next_v, v)
    check.true(all(moved), "With two parameters only one moved: does the update stand inside the loop over the names?")
    hint = "Take all gradients of a batch first, then move: the second was taken with the first already moved."
    check.close(next_v, v - 0.1 * (v - w), hint)
    check.close(next_w, w - 0.1 * (w + v.sum()), hint)
    met.clear()
    train_sgd(two, coupled, np.zeros((9, 1)), np.zeros(9), 0.1, 4, 1, np.random.default_rng(0))
    check.equal([n for n, *_ in met], [4, 4, 1], "9 examples in batches of 4: the last batch holds a single one.")

# %% [markdown] tags=["solution"]
# **Discussion.** Shuffling an *order* leaves the data alone and keeps inputs and targets together for free. The last, smaller batch is the
# classic leak: `range(len(inputs) // batch_size)` drops up to `batch_size − 1` examples in every epoch. Why mini-batches work, and how noisy they are,
# is measured on day 04; momentum comes on day 05.

# %% [markdown]
# ## Exercise 6 · Three layers back
#
# Difficulty ●●●●○ · Importance ●●●●● · 30 minutes
#
# One hidden layer more than in the lesson. The forward pass is given; write the backward pass. The gradient check judges each of the six
# gradients by itself, and the hint tells you where the first mistake sits, counted from the loss backward.
# The batch in the check has $n = 7$ examples, $d = 4$ inputs, $h_1 = 6$ and $h_2 = 5$ hidden neurons, $k = 3$ classes: read the shapes in error messages with that.
#
# $$ H_1 = \tanh(X W_1 + b_1), \quad H_2 = \tanh(H_1 W_2 + b_2), \quad P = \text{softmax}(H_2 W_3 + b_3) $$
#
# <details><summary>Hint 1</summary>
#
# Start with $\partial L/\partial Z_3 = (P - Y)/n$. Then the same three steps twice: gradients of this layer's weights and bias; back along the
# weights to $\partial L/\partial H$; times the slope of tanh.
#
# </details>
# <details><summary>Hint 2</summary>
#
# With `n = len(targets)`, `P = kept["probabilities"]`, `H2 = kept["hidden2"]` and so on: `slope3 = (P - Y) / n`; `slope2 = (slope3 @ W3.T) * (1 - H2**2)`; `slope1 = (slope2 @ W2.T) * (1 - H1**2)`. The weights' gradients are
# `H2.T @ slope3`, `H1.T @ slope2`, `X.T @ slope1`; the biases' are the sums of the slopes over axis 0.
#
# </details>


# %%
def forward(parameters, inputs):
    """Three-layer network: inputs (n, d) -> dict with inputs, hidden1 (n, h1), hidden2 (n, h2), probabilities (n, k)."""
    hidden1 = np.tanh(inputs @ parameters["W1"] + parameters["b1"])
    hidden2 = np.tanh(hidden1 @ parameters["W2"] + parameters["b2"])
    scores = hidden2 @ parameters["W3"] + parameters["b3"]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    return {"inputs": inputs, "hidden1": hidden1, "hidden2": hidden2, "probabilities": probabilities}


def backward(parameters, kept, targets):
    """Gradients of the mean cross-entropy of the three-layer network.

    Args:
        parameters: dict with W1, b1, W2, b2, W3, b3; shapes (d, h1), (h1,), (h1, h2), (h2,), (h2, k), (k,).
        kept: what `forward` returned.
        targets: one-hot array of shape (n, k).

    Returns:
        dict with the same six names, each gradient of the shape of its parameter.
    """
    ### BEGIN SOLUTION
    slope3 = (kept["probabilities"] - targets) / len(targets)
    slope2 = slope3 @ parameters["W3"].T * (1 - kept["hidden2"] ** 2)
    slope1 = slope2 @ parameters["W2"].T * (1 - kept["hidden1"] ** 2)
    return {
        "W1": kept["inputs"].T @ slope1,
        "b1": slope1.sum(axis=0),
        "W2": kept["hidden1"].T @ slope2,
        "b2": slope2.sum(axis=0),
        "W3": kept["hidden2"].T @ slope3,
        "b3": slope3.sum(axis=0),
    }
    ### END SOLUTION


# %%
with check("backward", points=3):
    random, parameters = np.random.default_rng(0), {}
    for number, size in enumerate(((4, 6), (6, 5), (5, 3)), 1):
        parameters |= {f"W{number}": random.normal(size=size), f"b{number}": random.normal(size=size[1])}
    inputs, targets = random.normal(size=(7, 4)), np.eye(3)[random.integers(3, size=7)]
    kept = forward(parameters, inputs)
    copies = [{name: values.copy() for name, values in group.items()} for group in (parameters, kept)]
    wanted = targets.copy()
    gradients = backward(parameters, kept, wanted)
    for group, copy in zip((parameters, kept), copies, strict=True):
        changed = [name for name in copy if not np.array_equal(group[name], copy[name])]
        check.true(
            not changed, f"Your function changed what it was given: {', '.join(changed)}. No `-=`, no `/=` on them."
        )
    check.true(np.array_equal(wanted, targets), "Your function changed the targets it was given.")
    check.true(isinstance(gradients, dict), "Return a dict with the six gradients W1, b1, W2, b2, W3, b3.")
    missing = sorted(set(parameters) - set(gradients))
    check.true(not missing, f"These gradients are missing: {', '.join(missing)}.")
    for name, values in parameters.items():
        check.shape(gradients[name], values.shape, f"∂L/∂{name} must have the shape of {name}.")
    gradients = {name: np.asarray(gradients[name], "float64") for name in parameters}

    def probe_loss(p):
        """Mean cross-entropy on the probe batch."""
        return -np.mean(np.log(np.sum(forward(p, inputs)["probabilities"] * targets, axis=1)))

    errors = gradient_check(probe_loss, parameters, gradients)
    bad = [name for name in ("b3", "W3", "b2", "W2", "b1", "W1") if not errors[name] < 1e-6]
    found = "The gradient check rejects " + ", ".join(f"{name} (relative error {errors[name]:.0e})" for name in bad)
    wanted_b3 = np.mean(kept["probabilities"] - targets, axis=0)
    no_mean, uphill = np.allclose(gradients["b3"], 7 * wanted_b3), np.allclose(gradients["b3"], -wanted_b3)
    check.true(not (len(bad) == 6 and no_mean), f"{found}. The loss is a mean over n examples: divide P − Y by n.")
    check.true(not (len(bad) == 6 and uphill), f"{found}. The sign is wrong at the start: answer minus wanted, P − Y.")
    large, small = (
        [name for name in bad if gradient_check(probe_loss, parameters, scaled)[name] < 1e-6]
        for scaled in ({name: factor * values for name, values in gradients.items()} for factor in (1 / 7, 7))
    )
    hint = "exactly n = 7 times too large, so 1/n is missing there: put it into slope3 = (P − Y)/n, and all six have it once."
    check.true(not large, f"{found}. Of these {', '.join(large)}: {hint}")
    only_biases = bool(bad) and set(bad) <= {"b1", "b2", "b3"}
    hint = "The weights are right, so the slopes are: a bias gradient is their *sum* over the examples, not a mean."
    check.true(not only_biases, f"{found}. {hint}")
    hint = "exactly n = 7 times too small: 1/n belongs in slope3 = (P − Y)/n and nowhere else; no second division, no mean."
    check.true(not small, f"{found}. Of these {', '.join(small)}: {hint}")
    both = np.allclose(gradients["b3"], -7 * wanted_b3)
    check.true(not both, f"{found}. Two things at the start: answer minus wanted, P − Y, and divide by n.")
    for name, hint in {
        "b3": "Begin at the loss: the slope of Z3 is (P − Y)/n with n = len(targets), and ∂L/∂b3 is its sum over axis 0.",
        "W3": "b3 is right; ∂L/∂W3 is hidden2ᵀ times the slope of Z3: what went *into* layer 3?",
        "b2": "Layer 3 is right; the slope of Z2 is slope3 W3ᵀ times tanh's slope, 1 − hidden2².",
        "W2": "The slope of Z2 is right; ∂L/∂W2 is hidden1ᵀ times it: what went *into* layer 2?",
        "b1": "Layers 3 and 2 are right; the slope of Z1 is slope2 W2ᵀ times tanh's slope, 1 − hidden1².",
        "W1": "Only the last one is wrong: ∂L/∂W1 is inputsᵀ times the slope of Z1.",
    }.items():
        check.true(name not in bad, f"{found}. {hint}")
    more = np.concatenate([inputs, inputs[:4]])
    twice = backward(parameters, forward(parameters, more), np.concatenate([targets, targets[:4]]))
    slope3 = (forward(parameters, more)["probabilities"] - np.concatenate([targets, targets[:4]])) / 11
    check.close(twice["b3"], slope3.sum(axis=0), "With 11 examples instead of 7 it is wrong: divide by `len(targets)`.")

# %% [markdown] tags=["solution"]
# **Discussion.** After the third layer there is nothing new: the same three lines, once per layer. That is why a library can do it for a
# hundred layers, and why it is called back*propagation*. If you like, write it as a loop over a list of layers: it becomes shorter than
# the solution above.

# %% [markdown]
# ## Use it
#
# Once exercise 6 is solved, this cell trains your three-layer network on the penguins and draws its learning curve.

# %%
columns = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
penguins = data.load("penguins").dropna(subset=columns)
features = penguins[columns].to_numpy(dtype="float64")
features = (features - features.mean(axis=0)) / features.std(axis=0)
one_hot = np.eye(3)[penguins["species"].astype("category").cat.codes.to_numpy()]

random, network = np.random.default_rng(ready.seed), {}
for number, size in enumerate(((4, 8), (8, 8), (8, 3)), 1):
    limit = np.sqrt(6 / sum(size))
    network |= {f"W{number}": random.uniform(-limit, limit, size=size), f"b{number}": np.zeros(size[1])}

# %%
losses = []
try:
    for _ in range(300):
        kept = forward(network, features)
        losses.append(-np.mean(np.log(np.sum(kept["probabilities"] * one_hot, axis=1))))
        gradients = backward(network, kept, one_hot)
        network = {name: values - 0.5 * gradients[name] for name, values in network.items()}
except Exception as problem:
    print(f"Exercise 6 is still open ({type(problem).__name__}): solve it, then run this cell again.")
else:
    figure, axes = plt.subplots(figsize=(7, 3))
    axes.plot(losses)
    axes.set(xlabel="step", ylabel="loss (cross-entropy)", yscale="log", title="Your backward pass at work")
    told = f"{losses[0]:.2f} at the start, {losses[-1]:.3f} after 300 steps"
    plots.show(figure, alt=f"Training loss of your three-layer network on the penguins: {told}.")
