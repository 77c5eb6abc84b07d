# %% [markdown]
# # Day 05 · Exercises: limits, AdamW, range test, schedules, divergence, clipping
#
# **Six exercises from ten to twenty minutes each, each a tool you will use again. Each one answers back.**
#
# <!-- badges -->
#
# How it works: write your code where it says `raise NotImplementedError`, run that cell, then run the check below it (a click unfolds it). The check says
# *right*, *not yet* with a hint, or *not attempted*. The exercises do not depend on each other (3 and 4 need the laboratory's cell above them). Stuck for more than ten minutes? Fold out a
# hint; that is what they are for.

# %% tags=["setup"]
from utils import data, plots, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day05_optimizers")

# %% [markdown]
# ## Exercise 1 · How high may the rate be?
#
# Difficulty ●○○○○ · Importance ●●●●○ · 10 minutes
#
# A surface has a minimum, and you know its curvature in each of its main directions: $f = \frac12 (c_1 x_1^2 + c_2 x_2^2 + \dots)$. One step of
# gradient descent multiplies $x_i$ by $1 - \text{rate} \cdot c_i$. Find
#
# - the **limit**: from which rate on does gradient descent no longer come down?
# - the **best** rate: the one whose *slowest* direction is as fast as possible. The speed of a direction is the size of its factor,
#   $|1 - \text{rate} \cdot c_i|$, and the largest of these sizes should be as small as possible.
#
# <details><summary>Hint 1</summary>
#
# For the limit only the steepest direction counts. For the best rate two directions count, the steepest and the flattest. Draw both sizes against
# the rate: one falls, the other first falls and then rises.
#
# </details>
# <details><summary>Hint 2</summary>
#
# At the best rate both are equally slow, one positive, one negative: $1 - \text{rate} \cdot c_\text{min} = -(1 - \text{rate} \cdot c_\text{max})$. Solve for the rate.
#
# </details>


# %%
def rate_limits(curvatures):
    """Find the limit of the learning rate of gradient descent, and the best rate.

    Args:
        curvatures: list of positive numbers, in any order.

    Returns:
        (limit, best): the rate from which on it no longer converges, and the rate whose slowest direction is fastest.
    """
    ### BEGIN SOLUTION
    flattest, steepest = min(curvatures), max(curvatures)
    return 2 / steepest, 2 / (steepest + flattest)
    ### END SOLUTION


# %%
with check("rate_limits"):
    answer = rate_limits([4.0])
    check.true(np.shape(answer) == (2,), "Return two numbers: `return limit, best`.")
    check.true(not np.allclose(answer, [0.25, 0.5]), "The two are exchanged: return (limit, best), the limit first.")
    check.close(answer[0], 0.5, "With curvature 4 the factor is 1 − 4 · rate; it reaches −1 (not 0!) at a rate of 2/4.")
    check.close(
        answer[1], 0.25, "With one direction of curvature 4, a rate of 1/4 makes the factor 0: one step to the goal."
    )
    limit, best = rate_limits([1.0, 50.0])
    check.true(
        limit < 1.9,
        "At that rate the steep direction (curvature 50) explodes: the *steepest* direction sets the limit.",
    )
    check.close(limit, 0.04, "The lesson's ravine: the steepest direction alone sets the limit, no average, no sum.")
    check.true(
        best <= limit,
        "Your best rate lies above the limit, where the steepest direction explodes: which two directions count?",
    )
    check.true(
        abs(best - 0.02) > 1e-6,
        "1 / 50 suits the steepest direction perfectly and leaves the flattest too slow: which two directions count?",
    )
    check.close(best, 2 / 51, "At the best rate the steepest and the flattest direction are equally slow.")
    limit, best = rate_limits([3.0, 10.0, 0.5, 7.0])
    check.close(
        limit, 0.2, "Directions come in any order: the steepest is the *largest* curvature, not the last or the first."
    )
    check.close(
        best,
        2 / 10.5,
        "Directions come in any order, and those in between do not count: use the smallest and the largest.",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** At the best rate the slowest factor is $(c_\text{max} - c_\text{min}) / (c_\text{max} + c_\text{min})$: for the ravine 49/51 = 0.961, so
# each step removes 4 % of the error. The ratio $c_\text{max} / c_\text{min}$ is called the **condition number**, and it is the enemy. Scaling the inputs
# to equal spread lowers it before the training begins, which is why every lesson does it; momentum and Adam fight what is left.

# %% [markdown]
# ## Exercise 2 · AdamW
#
# Difficulty ●●○○○ · Importance ●●●●● · 20 minutes
#
# Write one step of AdamW as a function that changes nothing it is given: it takes the state (mean $m$, mean square $s$, number of steps $t$ so far) and
# returns the new one. As in Keras, with $\lambda$ for `weight_decay` and $g$ for the gradient:
#
# $$t \leftarrow t + 1 \qquad m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad s \leftarrow \beta_2 s + (1 - \beta_2)\, g^2$$
# $$w \leftarrow w - \text{rate} \cdot \lambda\, w - \text{rate} \cdot \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \cdot \frac{m}{\sqrt{s} + \epsilon}$$
#
# <details><summary>Hint 1</summary>
#
# First count: the first call has $t = 0$ in its state, and the formula needs $t = 1$. The decay never touches the gradient.
#
# </details>
# <details><summary>Hint 2</summary>
#
# After `mean, square, steps = state`: `steps = steps + 1`, then the two averages (with `=` and not `+=`, which would change the arrays you were
# given), then the correction, then `weights - rate * decay * weights - rate * correction * mean / (np.sqrt(square) + epsilon)`.
#
# </details>


# %%
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    """Make one step of AdamW.

    Args:
        weights: float array of any shape.
        gradient: float array of the same shape.
        state: (mean, square, steps): two arrays of that shape, at first zeros, and the number of steps made so far.
        learning_rate, weight_decay, beta_1, beta_2, epsilon: numbers, as in the formula.

    Returns:
        (new weights, new state); what was given stays unchanged.
    """
    ### BEGIN SOLUTION
    mean, square, steps = state
    steps = steps + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    square = beta_2 * square + (1 - beta_2) * gradient**2
    correction = np.sqrt(1 - beta_2**steps) / (1 - beta_1**steps)
    decayed = weights - learning_rate * weight_decay * weights
    return decayed - learning_rate * correction * mean / (np.sqrt(square) + epsilon), (mean, square, steps)
    ### END SOLUTION


# %%
with check("adamw_step", points=2):
    random = np.random.default_rng(0)
    given = np.ones(3), np.array([2.0, -0.5, 0.01]), np.zeros(3), np.zeros(3)
    weights, gradient, mean, square = (array.copy() for array in given)
    with np.errstate(all="ignore"):
        answer = adamw_step(weights, gradient, (mean, square, 0), 0.1, 0.0)
    check.true(
        isinstance(answer, (tuple, list)) and len(answer) == 2 and len(answer[1]) == 3,
        "Return the new weights and the new state: `return weights, (mean, square, steps)`.",
    )
    check.true(
        all(np.array_equal(one, other) for one, other in zip((weights, gradient, mean, square), given, strict=True)),
        "Your function changed an array it was given: write `mean = …` and `weights = …`, not `mean += …` or `weights -= …`.",
    )
    new_mean, new_square, new_steps = answer[1]
    check.true(np.ndim(new_steps) == 0, "The state is (mean, square, steps), in this order: the number comes last.")
    check.true(
        not np.allclose(new_mean, given[1]) and not np.allclose(new_square, given[1] ** 2),
        "The state passed on holds a *corrected* average: pass on m and s as they are, the correction is only for the step.",
    )
    for name, new, wanted, rule in (
        ("m", new_mean, 0.1 * given[1], "β₁ m + (1 − β₁) g"),
        ("s", new_square, 0.001 * given[1] ** 2, "β₂ s + (1 − β₂) g²"),
    ):
        check.close(new, wanted, f"The state passed on must hold the new {name}, of this step: {rule}.", tolerance=1e-7)
    moved = np.asarray(answer[0]) - 1
    check.true(
        np.isfinite(moved).all(), "The first step gives NaN or infinity: t must be 1, not 0, in the corrections."
    )
    check.equal(answer[1][2], 1, "Count the step: after the first call the state must say 1.")
    check.true(
        np.abs(moved).max() > 1e-9,
        "The weights did not move: is the step subtracted, with the *new* m (in the state given it is still 0) and t = 1?",
    )
    check.true(
        not np.allclose(np.abs(moved + 1), 0.1, rtol=1e-2),
        "You return the step alone: return the new weights, w minus the step.",
    )
    check.true(
        not np.allclose(moved / given[1], moved[0] / given[1][0], rtol=1e-2),
        "The step is proportional to the gradient: divide m by √s + ε, with the *new* s (in the state given it is still 0).",
    )
    check.true(
        not np.allclose(np.abs(moved), 0.1 * 0.1 / np.sqrt(0.001), rtol=1e-2),
        "Your first step is 3.16 times too long: the bias correction is missing.",
    )
    check.true(
        not np.allclose(np.abs(moved), 0.1 / np.sqrt(0.001), rtol=1e-2),
        "The mean is corrected, the square is not: where is √(1 − β₂ᵗ)?",
    )
    check.true(
        not np.allclose(np.abs(moved), 0.1 * 0.1, rtol=1e-2),
        "The square is corrected, the mean is not: where is 1 − β₁ᵗ?",
    )
    check.true(
        not np.allclose(moved, [-0.1, 0.1, -0.1 * 0.5**0.5], rtol=1e-2),
        "The third weight, with a gradient of 0.01, steps too short: ε belongs outside the root, √s + ε.",
    )
    check.true(
        np.ptp(np.abs(moved)) < 0.01 * np.mean(np.abs(moved)),
        "The first step must not depend on the gradient's size: divide by √s, not by s.",
    )
    check.close(
        moved,
        [-0.1, 0.1, -0.1],
        "The first step of each weight is the rate, against the sign of its gradient. Is the sign right, √(1 − β₂ᵗ) above and"
        " 1 − β₁ᵗ below, and t = 1 in both?",
        1e-4,
    )
    given = np.ones(1), np.ones(1), np.full(1, 2.0), np.full(1, 3.0)
    weights, gradient, mean, square = (array.copy() for array in given)
    with np.errstate(all="ignore"):
        _, state = adamw_step(weights, gradient, (mean, square, 4), 0.1, 0.0)
        adamw_step(weights, gradient, (mean, square, 4), 0.1, 0.5)
    check.true(
        all(np.array_equal(one, other) for one, other in zip((weights, gradient, mean, square), given, strict=True)),
        "With decay and a state that is no longer zero your function changed an array it was given: write `mean = …` and"
        " `weights = …`, not `mean *= …` or `weights -= …`.",
    )
    hint = "m = 2, s = 3 and a gradient of 1 give 0.9 · 2 + 0.1 and 0.999 · 3 + 0.001: does each average begin with β times what the"
    hint += " state holds?"
    check.close([float(state[0][0]), float(state[1][0])], [1.9, 2.998], hint)
    weights, gradient, state = np.ones(1), np.array([2.0]), (np.zeros(1), np.zeros(1), 0)
    with np.errstate(all="ignore"):
        for step in (1, 2, 3):
            weights, state = adamw_step(weights, gradient, state, 0.1, 0.0)
            hint = "With the same gradient every time each step is as long as the first. Does t grow, and is it 1 − βᵗ, a *power*?"
            check.close(weights, [1 - 0.1 * step], hint, 1e-4)
        still, _ = adamw_step(np.array([4.0]), np.zeros(1), (np.zeros(1), np.zeros(1), 0), 0.1, 0.5)
    check.true(
        np.isfinite(still).all(),
        "With a gradient of zero you get NaN, 0/0: ε in the denominator is there to prevent it.",
    )
    still, _ = adamw_step(np.array([4.0]), np.zeros(1), (np.zeros(1), np.zeros(1), 0), 0.1, 0.5)
    check.true(
        abs(still[0] - 4) > 1e-9, "With a gradient of zero the weight must still shrink: where is the weight decay?"
    )
    check.true(
        abs(still[0] - 3.9) > 1e-3,
        "The decay went through the gradient (an L2 penalty), so Adam rescaled it: subtract it from the weights directly.",
    )
    check.true(abs(still[0] - 2) > 1e-6, "The decay of a step is rate · λ · w: multiply it by the learning rate.")
    check.true(
        abs(still[0] - 3.93675) > 1e-4,
        "You multiplied the decay by the bias correction, too: that belongs to the step with m alone.",
    )
    check.close(still, [3.8], "Without gradient the weight shrinks by the share rate · λ, here 0.1 · 0.5.")
    _, (mean, square, _) = adamw_step(np.ones(1), np.ones(1), (np.zeros(1), np.zeros(1), 0), beta_1=0.5, beta_2=0.75)
    hint = "With beta_1=0.5 and beta_2=0.75, a gradient of 1 gives m = 0.5 and s = 0.25: use the parameters, not 0.9 and 0.999."
    check.close([float(mean[0]), float(square[0])], [0.5, 0.25], hint)
    weights, _ = adamw_step(np.ones(1), np.ones(1), (np.zeros(1), np.zeros(1), 0), 0.1, 0.0, beta_1=0.5, beta_2=0.75)
    hint = "With other betas the first step is no longer the rate: use the parameters in the *corrections*, too."
    check.close(weights, [0.9], hint, 1e-4)
    far, _ = adamw_step(np.array([0.0]), np.array([1.0]), (np.zeros(1), np.zeros(1), 0), 0.1, 0.0, epsilon=1.0)
    hint = "With epsilon=1 the first step is much shorter: use the parameter `epsilon`."
    check.true(abs(far[0]) < 0.06, hint)
    theirs = keras.optimizers.AdamW(0.05, weight_decay=0.1)
    variable = keras.Variable(np.ones((4, 3)), dtype="float32")
    weights, state = np.ones((4, 3)), (np.zeros((4, 3)), np.zeros((4, 3)), 0)
    for _ in range(50):
        gradient = random.normal(size=(4, 3))
        weights, state = adamw_step(weights, gradient, state, 0.05, 0.1)
        theirs.apply([keras.ops.convert_to_tensor(gradient, "float32")], [variable])
    check.close(
        weights,
        keras.ops.convert_to_numpy(variable),
        "The first step is right, but after 50 you are not where keras.optimizers.AdamW is: does the decay take the weights as they"
        " were before the step, and do both averages begin with what the state holds?",
        tolerance=1e-4,
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Such pure functions, state in, state out, are how JAX writes optimizers (its library Optax does exactly this). Keras keeps the state in
# variables, which is why a second `fit` goes on with the old averages, and why the lesson had to set them to zero between two comparisons. In
# practice biases and normalisation parameters are left out of the decay: `optimizer.exclude_from_weight_decay(var_names=["bias"])`.

# %% [markdown]
# ## A small laboratory
#
# Exercises 3 and 4 use this function: it trains a small network (196 inputs, 24 ReLU neurons, 10 outputs) on 14 × 14 pictures of Fashion-MNIST, with Adam and
# any schedule, in a fraction of a second. Run the cell; there is nothing to solve in it.

# %%
fashion = data.load("fashion_mnist")
small = fashion["train_images"][:12000].reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196) / 255 * 4 - 1.2
small, classes = small.astype("float32"), fashion["train_labels"][:12000].astype(int)


def train_small(schedule, steps=200, seed=0):
    """Train with batches of 64; return (losses of the steps, shape (steps,), loss on 2,000 other pictures)."""
    random = np.random.default_rng(seed)
    weights = [
        random.normal(scale=0.1, size=(196, 24)),
        np.zeros(24),
        random.normal(scale=0.29, size=(24, 10)),
        np.zeros(10),
    ]
    means, squares, losses = [0.0] * 4, [0.0] * 4, []
    for step in range(steps + 1):
        rows = random.integers(2000, 12000, size=64) if step < steps else np.arange(2000)
        hidden = np.maximum(0, small[rows] @ weights[0] + weights[1])
        scores = hidden @ weights[2] + weights[3]
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        delta = scores / scores.sum(axis=1, keepdims=True)
        losses.append(-np.log(delta[np.arange(len(rows)), classes[rows]] + 1e-30).mean())
        if step == steps:
            return np.array(losses[:-1]), float(losses[-1])
        delta[np.arange(64), classes[rows]] -= 1
        back = delta @ weights[2].T * (hidden > 0)
        gradients = [small[rows].T @ back / 64, back.mean(axis=0), hidden.T @ delta / 64, delta.mean(axis=0)]
        means = [0.9 * m + 0.1 * g for m, g in zip(means, gradients, strict=True)]
        squares = [0.999 * s + 0.001 * g**2 for s, g in zip(squares, gradients, strict=True)]
        rate = float(schedule(step)) * (1 - 0.999 ** (step + 1)) ** 0.5 / (1 - 0.9 ** (step + 1))
        weights = [w - rate * m / (np.sqrt(s) + 1e-7) for w, m, s in zip(weights, means, squares, strict=True)]


def smooth(losses, beta=0.9):
    """Moving average that forgets, with bias correction; same length as losses."""
    mean, averages = 0.0, []
    for step, loss in enumerate(losses, 1):
        mean = beta * mean + (1 - beta) * loss
        averages.append(mean / (1 - beta**step))
    return np.array(averages)


# %% [markdown]
# ## Exercise 3 · Find a rate with the range test
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# A range test gives two arrays: the rates it tried and the loss of each step. Turn them into advice, by the lesson's rule: where the *smoothed* loss is
# lowest, take **a tenth** of that rate as a constant rate and **a third** as the peak of a schedule.
#
# Real tests are untidy. Losses jump from batch to batch, so one lucky batch must not decide. And at the end they may become infinite or NaN: whatever comes from
# the first such value on must be ignored.
#
# Use the given `smooth`. The check tries your function on made-up tests and on a real one, made with the laboratory, and then trains with your rate.
#
# <details><summary>Hint 1</summary>
#
# `np.isfinite(losses)` says which values are numbers. Cut the arrays *before* smoothing: one NaN in a moving average makes all later averages NaN.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `bad = np.flatnonzero(~np.isfinite(losses))`, `end = bad[0] if len(bad) else len(losses)`, then `lowest = rates[smooth(losses[:end]).argmin()]`.
#
# </details>


# %%
def suggest_rates(rates, losses):
    """Read a range test.

    Args:
        rates: float array of shape (steps,), growing.
        losses: float array of shape (steps,): the loss of each step; the last ones may be infinite or NaN.

    Returns:
        (constant, peak): a tenth and a third of the rate at which the smoothed loss is lowest.
    """
    ### BEGIN SOLUTION
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    lowest = rates[smooth(losses[:end]).argmin()]
    return lowest / 10, lowest / 3
    ### END SOLUTION


# %%
with check("suggest_rates", points=2):
    tried = np.geomspace(1e-5, 10, 121)
    valley = 0.5 + 0.3 * (np.log10(tried) + 2) ** 2  # lowest at 0.01; the smoothed loss a little later
    wanted = tried[smooth(valley).argmin()]
    given = tried.copy(), valley.copy()
    answer = suggest_rates(tried, valley)
    check.true(
        np.array_equal(tried, given[0]) and np.array_equal(valley, given[1]),
        "Your function changed the rates or the losses it was given: work on copies.",
    )
    check.true(np.shape(answer) == (2,), "Return two rates: `return constant, peak`.")
    constant, peak = answer
    check.true(
        abs(constant - wanted) > 1e-9 and abs(peak - wanted) > 1e-9,
        "At the lowest loss the rate is already too high: take a tenth and a third of it.",
    )
    check.true(constant < peak, "The peak of a schedule is higher than the constant rate: return (constant, peak).")
    check.true(
        abs(constant - valley.min() / 10) > 1e-3 and constant < 0.04,
        "That is far too high: take the rate where the smoothed loss is *lowest*, `rates[place]`; not a loss, not a place in the array, not"
        " the end of the test.",
    )
    lucky = valley.copy()
    lucky[30] = 0.1  # one batch of easy pictures, at a rate of 0.00032
    check.true(
        not 0.9 < suggest_rates(tried, lucky)[0] * 10 / tried[30] < 1.1,
        "One lucky batch decided: look for the lowest *smoothed* loss.",
    )
    hint = "A tenth of the rate at which the smoothed loss is *lowest* (not where it falls fastest)."
    check.close(constant, wanted / 10, hint, tolerance=1e-7)
    check.close(
        peak, wanted / 3, "The peak is a third of the rate at which the smoothed loss is lowest.", tolerance=1e-7
    )
    broken = valley.copy()
    broken[100:] = np.nan
    hint = "With NaN at the end of the losses the advice changes or fails: cut the arrays at the first value that is not finite."
    check.close(suggest_rates(tried, broken)[0], wanted / 10, hint, tolerance=1e-7)
    broken[100:] = np.inf
    broken[101:] = 0.0  # some programs go on with zeros
    hint = "Everything *from the first* infinite or NaN loss on must be ignored, what follows it, too."
    check.close(suggest_rates(tried, broken)[0], wanted / 10, hint, tolerance=1e-7)
    broken[100], broken[101:] = np.nan, 0.0
    given = broken.copy()
    check.close(suggest_rates(tried, broken)[0], wanted / 10, hint, tolerance=1e-7)
    check.true(
        np.array_equal(broken, given, equal_nan=True), "Your function changed the losses it was given: work on a copy."
    )
    slowly = np.geomspace(1e-6, 1, 300)
    late = 0.5 + 0.3 * (np.log10(slowly) + 1) ** 2
    hint = "A test of 300 steps, lowest near the end: use all the finite losses, however many there are."
    check.close(suggest_rates(slowly, late)[0], slowly[smooth(late).argmin()] / 10, hint, tolerance=1e-7)
    falling, ended = np.linspace(2.0, 1.0, 121), np.linspace(2.0, 1.0, 121)
    ended[80:] = np.nan
    for losses, last in ((falling, 120), (ended, 79)):
        hint = f"A loss that falls to the end is lowest at the last finite one, place {last}: it counts, too."
        check.close(suggest_rates(tried, losses)[0], tried[last] / 10, hint, tolerance=1e-7)
    longer = np.geomspace(1e-5, 1e6, 1321)
    for bad in (np.nan, np.inf):
        hint = "Cut the losses off at the first infinite or NaN one: a large number in its place is soon forgotten by the average."
        told = suggest_rates(longer, np.concatenate([valley, [bad], np.zeros(1199)]))
        check.close(told[0], longer[smooth(valley).argmin()] / 10, hint, tolerance=1e-7)
    test_rates = np.geomspace(1e-5, 1, 100)
    test_losses, _ = train_small(lambda step: test_rates[step], steps=100)
    constant, peak = suggest_rates(test_rates, test_losses)
    reached = train_small(lambda step: constant)[1]
    check.true(
        reached < 0.75,
        f"With your constant rate {constant:.2g} the laboratory reaches a loss of {reached:.2f}, wanted 0.75.",
    )

# %% [markdown] tags=["solution"]
# The real test, drawn, and what three constant rates do:

# %% tags=["solution"]
figure, axes = plt.subplots()
axes.plot(test_rates, test_losses, ".", color="0.7", label="loss of each batch")
axes.plot(test_rates, smooth(test_losses), label="smoothed")
axes.axvline(constant, color="black", linestyle=":", label=f"suggested constant rate {constant:.2g}")
axes.axvline(peak, color="black", linestyle="--", label=f"suggested peak {peak:.2g}")
axes.set(xlabel="learning rate", ylabel="loss (cross-entropy)", xscale="log", ylim=(0, 5))
axes.legend(loc="lower left")
plots.show(
    figure,
    alt=f"A range test: the loss falls, is lowest and then rises; marked are the suggested constant rate {constant:.2g} and peak {peak:.2g}.",
)
for rate in (constant / 30, constant, constant * 30):
    print(f"constant rate {rate:.2g}: loss {train_small(lambda step, rate=rate: rate)[1]:.3f}")

# %% [markdown] tags=["solution"]
# **Discussion.** The smoothed curve lags behind: a moving average with β = 0.9 is about ten steps late, and in ten steps this test's rate grows by a factor of
# three. That is one reason for the cautious tenth. A test with more steps lags less and costs more.

# %% [markdown]
# ## Exercise 4 · A schedule of your own
#
# Difficulty ●●●○○ · Importance ●●●●○ · 20 minutes
#
# Invent a schedule: any function from the step to the rate, as long as it
#
# - **warms up**: the first step's rate is at most a fifth of the peak, and above zero;
# - **reaches the peak**: its largest value lies between 90 % and 100 % of the peak;
# - **ends low**: the last step's rate is at most a twentieth of the peak, and not below zero;
# - **does not jump**: between two steps it changes by at most 15 % of the peak (for 200 steps);
# - **fits any length**: the same shape whether there are 100 or 5,000 steps.
#
# And it must be worth it: with the peak 0.02, on the laboratory's network, the mean loss over twelve seeds must be lower than that of *every* constant rate in the
# list 0.001, 0.003, 0.01, 0.02.
#
# <details><summary>Hint 1</summary>
#
# Compute the share of the training that is over, `share = step / (steps - 1)`, from 0 to 1, and describe the shape as a function of `share`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# A trapezium works: `up = (share + 0.01) / 0.2`, `down = (1 - share) / 0.5`, and `peak * min(up, 1, down)`.
#
# </details>


# %%
def my_schedule(step, steps, peak):
    """Give the learning rate of a step.

    Args:
        step: number of the step, from 0 to steps - 1.
        steps: number of steps of the whole training, at least 100.
        peak: the highest rate.

    Returns:
        The rate, a number.
    """
    ### BEGIN SOLUTION
    share = step / (steps - 1)
    return peak * min((share + 0.01) / 0.2, 1, (1 - share) / 0.5)
    ### END SOLUTION


# %%
with check("my_schedule", points=2):
    hint = "Return a number, the rate of this step; a schedule object of Keras must be called: `schedule(step)`."
    check.true(not callable(my_schedule(0, 200, 0.02)), hint)
    rates = np.array([my_schedule(step, 200, 0.02) for step in range(200)], dtype="float64")
    check.true(np.isfinite(rates).all(), "Some of your rates are None or NaN: does every path end in `return`?")
    check.true(np.ptp(rates) > 0, "Your rate never changes: that is a constant rate.")
    check.true(rates.min() >= 0, f"A rate is negative ({rates.min():.2g}): that would climb the hill.")
    check.true(rates[0] > 0, "The first rate is 0: the first step would be wasted. Begin one step further: step + 1.")
    check.true(rates[0] <= 0.02 / 5, f"No warm-up: the first rate is {rates[0]:.2g}, allowed is a fifth of the peak.")
    check.true(rates.max() <= 0.02 * 1.0001, f"The rate rises to {rates.max():.5g}, above the peak of 0.02.")
    check.true(rates.max() >= 0.9 * 0.02, f"The peak is never reached: the highest rate is {rates.max():.2g} of 0.02.")
    check.true(
        rates[-1] <= 0.02 / 20, f"It ends too high, at {rates[-1]:.2g}: bring it down to a twentieth of the peak."
    )
    jump = np.abs(np.diff(rates)).max()
    check.true(
        jump <= 0.15 * 0.02 * 1.0001, f"It jumps by {jump:.2g} from one step to the next: 15 % of the peak are allowed."
    )
    other = np.array([my_schedule(step, 200, 0.3) for step in range(200)])
    check.close(other / 15, rates, "With another peak the shape changes: use the parameter `peak`, not a number.")
    for steps in (100, 5000):
        longer = np.array([my_schedule(step, steps, 0.02) for step in range(steps)])
        check.true(
            longer[0] > 0 and longer.min() >= 0,
            f"With {steps} steps the first rate is 0 or a rate is negative: is a rate rounded, or the number of steps fixed?",
        )
        places = np.linspace(0, 1, 21 if steps == 100 else 200)
        same = np.interp(places, np.linspace(0, 1, steps), longer) - np.interp(places, np.linspace(0, 1, 200), rates)
        check.true(
            np.abs(same).max() < 0.004,
            f"With {steps} steps the shape is another one: describe it by the share of the training, step / (steps − 1).",
        )
    mine = np.mean([train_small(lambda step: my_schedule(step, 200, 0.02), seed=seed)[1] for seed in range(12)])
    constants = {
        rate: np.mean([train_small(lambda step, rate=rate: rate, seed=seed)[1] for seed in range(12)])
        for rate in (0.001, 0.003, 0.01, 0.02)
    }
    best_constant = min(constants, key=constants.get)
    high = np.mean(rates >= 0.5 * 0.02)
    fall = np.flatnonzero(rates >= 0.1 * 0.02)[-1] - np.flatnonzero(rates >= 0.9 * 0.02)[-1]
    advice = "Warm up more slowly, over 10 to 20 % of the steps, or stay longer at the peak."
    if high < 0.35:
        advice = f"Only {high:.0%} of its steps are above half the peak: stay longer at high rates."
    elif fall < 20:
        advice = f"It falls from 90 % to 10 % of the peak in {fall} steps: let it fall more gently."
    check.true(
        mine < constants[best_constant],
        f"It obeys all the rules but reaches a loss of {mine:.4f}; the constant rate {best_constant} reaches"
        f" {constants[best_constant]:.4f}. {advice}",
    )

# %% tags=["solution"]
figure, axes = plt.subplots(figsize=(6.5, 3.2))
axes.plot(rates)
axes.set(
    xlabel="step",
    ylabel="learning rate",
    title=f"loss {mine:.3f}; best constant rate {best_constant}: {constants[best_constant]:.3f}",
)
plots.show(
    figure,
    alt=f"A trapezium: up in a fifth of the steps, flat, down in the second half. Loss {mine:.3f} against {constants[best_constant]:.3f}"
    " at the best constant rate.",
)

# %% [markdown] tags=["solution"]
# **Discussion.** Did you notice what the check did? It gave the constant rate four tries and your schedule one, and compared means over the same twelve seeds.
# The trapezium (warm-up, stable, decay) has a practical charm: you need not know at the start how long you will train. Stay on the plateau as long as there is
# time, and begin the descent when it runs out.

# %% [markdown]
# ## Exercise 5 · Explain a diverging run
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# Four colleagues send you the losses of their trainings and ask what went wrong. Write down how you decide. `chance` is the loss of a network that knows
# nothing (for ten classes ln 10 = 2.30). In this order:
#
# 1. `"rate too high"`: some *finite* loss is more than **twice chance**, and all losses before it are finite numbers, too. (What comes later does not matter: it may become NaN,
#    stay high, or come back.)
# 2. `"look at the data"`: some loss is NaN or infinite, and before it no loss was more than twice chance. A rate that is too high shows itself first; this came
#    out of the blue.
# 3. `"rate too low"`: the mean of the last ten losses is more than **90 %** of the mean of the first ten.
# 4. `"healthy"` otherwise.
#
# (The simple rules assume that the start is at about chance, as it is with sensible initial weights.)
#
# <details><summary>Hint 1</summary>
#
# Everything hangs on what comes first: find the place of the first loss that is not finite, and look only at the losses before it. Mind that comparing NaN
# with anything gives False.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `bad = np.flatnonzero(~np.isfinite(losses))`, `end = bad[0] if len(bad) else len(losses)`; then `if (losses[:end] > 2 * chance).any()`, then `if len(bad)`, then the
# two means.
#
# </details>


# %%
def diagnose(losses, chance):
    """Say what is wrong with a training.

    Args:
        losses: float array of shape (steps,), at least 20 steps: the loss of each step.
        chance: the loss of a network that knows nothing.

    Returns:
        "rate too high", "look at the data", "rate too low" or "healthy".
    """
    ### BEGIN SOLUTION
    losses = np.asarray(losses)
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    if (losses[:end] > 2 * chance).any():
        return "rate too high"
    if len(bad):
        return "look at the data"
    if losses[-10:].mean() > 0.9 * losses[:10].mean():
        return "rate too low"
    return "healthy"
    ### END SOLUTION


# %%
with check("diagnose", points=2):
    verdicts = ("rate too high", "look at the data", "rate too low", "healthy")
    chance = np.log(10)
    wobble = 0.2 * np.sin(np.arange(200) * 2.4)
    good = 0.5 + 1.8 * np.exp(-np.arange(200) / 30) + wobble * 0.4

    def say(losses, chance=chance):
        """Diagnose a copy, and check that the answer is one of the four texts."""
        said = diagnose(losses.copy(), chance)
        check.true(said in verdicts, f"{said!r} is not one of the four texts: {', '.join(map(repr, verdicts))}.")
        return said

    check.equal(say(good), "healthy", "This loss falls from 2.3 to 0.5. Nothing is wrong.")
    blown = np.minimum(2.3 * 1.3 ** np.arange(200), 1e30)
    check.equal(say(blown), "rate too high", "The loss grows by 30 % a step, beyond twice chance.")
    overflow = blown.copy()
    overflow[40:] = np.nan
    hint = "It is NaN only *after* it had grown far beyond twice chance: that is the rate. What comes first decides."
    check.equal(say(overflow), "rate too high", hint)
    recovered = good.copy()
    recovered[1:6] = (5000.0, 900.0, 90.0, 20.0, 6.0)
    hint = "It leapt to 5,000 at once and came back: the end alone does not show it. Look at every step."
    check.equal(say(recovered), "rate too high", hint)
    sudden = good.copy()
    sudden[120:] = np.nan
    hint = "NaN out of the blue, after 120 good steps, is not the rate: a damaged picture, a logarithm of zero."
    check.equal(say(sudden), "look at the data", hint)
    check.equal(
        say(np.full(50, np.nan)),
        "look at the data",
        "NaN from the very first step: no step has been made yet, so it cannot be the rate. Note that NaN == NaN is False.",
    )
    single = good.copy()
    single[50] = np.inf
    single[51:] = 9.0
    hint = "One infinite loss at step 50, high losses only afterwards: infinite counts like NaN, and what comes first decides."
    check.equal(say(single), "look at the data", hint)
    recovered[120:] = np.nan
    hint = "It leapt to 5,000 early, came back, and is NaN from step 120 on: *every* loss before the first NaN counts, not the last alone."
    check.equal(say(recovered), "rate too high", hint)
    slow = 2.3 - 0.0005 * np.arange(200) + wobble
    slow[-1] -= 0.4
    check.true(say(slow) != "rate too high", "Losses up to 2.5 are no alarm: *twice* chance is, here 4.6.")
    hint = "From 2.3 to 2.2 in 200 steps. Compare means of ten: single losses jump too much (this one ends on a lucky batch)."
    check.equal(say(slow), "rate too low", hint)
    two = np.full(60, 0.69) + 0.1 * np.sin(np.arange(60))
    check.equal(say(two, np.log(2)), "rate too low", "Two classes: chance is 0.69 here, and the loss does not move.")
    hint = "Two classes again: 1.6 is more than twice chance (0.69). Use the parameter `chance`, not 2.3."
    two[5] = 1.6
    check.equal(say(two, np.log(2)), "rate too high", hint)
    check.equal(
        say(np.linspace(2.3, 1.9, 100)),
        "healthy",
        "It fell from 2.3 to 1.9, by more than 10 %: slow perhaps, but on its way.",
    )
    hint = "A good run until step 150, then a loss of 50: the rate was too high after all. Look at every step."
    late = good.copy()
    late[150] = 50.0
    check.equal(say(late), "rate too high", hint)
    for height, wanted in ((1.8, "healthy"), (2.1, "rate too high")):
        peak = good.copy()
        peak[3] = height * chance
        hint = f"One loss of {height} times chance, and it falls from 2.3 to 0.5: the alarm begins at *twice* chance."
        check.equal(say(peak), wanted, hint)
    flat = np.full(100, 1.0)
    hint = "It begins at 1.0 (perhaps trained before) and stays there: compare the last ten with the *first ten*, not with chance."
    check.equal(say(flat), "rate too low", hint)
    flat[0] = 1.8
    hint = "Only the very first loss was higher: compare the mean of the last ten with the mean of the first *ten*."
    check.equal(say(flat), "rate too low", hint)
    flat[50] = 4.0
    hint = "4.0 is four times where it began, but not twice chance (4.6): the alarm is measured from `chance`."
    check.equal(say(flat), "rate too low", hint)
    for share, wanted in ((0.875, "healthy"), (0.925, "rate too low")):
        halves = np.repeat([2.0, 2.0 * share], 50)
        hint = f"The last ten have {share:.1%} of the first ten's mean: the limit is 90 %."
        check.equal(say(halves), wanted, hint)
    ends = np.ones(200)
    ends[-10:], ends[-1] = 0.92, 0.5
    hint = "The mean of the last ten losses is 87.8 % of the first ten's: exactly ten of the 200, the very last included, `losses[-10:]`."
    check.equal(say(ends), "healthy", hint)
    ends = np.ones(200)
    ends[-5:] = 0.85
    hint = "Only the last five losses fell, to 0.85: the mean of the last *ten* is 92.5 % of the first ten's."
    check.equal(say(ends), "rate too low", hint)
    ends = np.ones(200)
    ends[:10] = 1.15
    hint = "The first ten losses are 1.15, all others 1, which is 87 % of it: compare with the first *ten*, no more."
    check.equal(say(ends), "healthy", hint)

# %% [markdown] tags=["solution"]
# **Discussion.** The rule behind the rules: look at the *first* thing that went wrong, not at the last. A NaN spreads within one step to every weight, so
# everything after it is noise without information. In Keras, `keras.callbacks.TerminateOnNaN()` stops there, and a per-step record like the lesson's `RatePerStep` shows
# the steps before. Real runs are less clear than these: a loss can also diverge slowly, after thousands of steps, when the weights have grown; weight
# decay, clipping and a falling rate all help against that. And rule 3 is blunt: it also says "rate too low" of a loss that creeps *up* without reaching twice
# chance. So look at the curve as well.

# %% [markdown]
# ## Exercise 6 · Gradient clipping
#
# Difficulty ●●●○○ · Importance ●●●●○ · 15 minutes
#
# Some loss surfaces have cliffs: almost everywhere the gradient is moderate, at one place it is a thousand times as large, and a single step there throws the
# weights out of everything learned. Recurrent networks (day 12) are full of them. The cure: if the gradient is longer than a limit, **shorten it to the limit and keep
# its direction** ([Pascanu et al., 2013](https://arxiv.org/abs/1211.5063)).
#
# A network's gradient is a *list* of arrays, one per weight array. Its length (norm) is that of all the numbers together, the root of the sum of *all* squares; and all arrays
# must be shortened by the *same* factor, or the direction changes.
#
# <details><summary>Hint 1</summary>
#
# One norm for the whole list: add up the squares of all arrays, then take one root. Which factor brings it to the limit, and when must the factor be 1?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `norm = np.sqrt(sum((gradient**2).sum() for gradient in gradients))`; if `norm <= limit` there is nothing to do; otherwise multiply each by `limit / norm`.
#
# </details>


# %%
def clip_gradients(gradients, limit):
    """Shorten a network's gradient to a largest length, keeping its direction.

    Args:
        gradients: list of float arrays of any shapes.
        limit: largest allowed norm of all of them together, above 0.

    Returns:
        New list of arrays with the same shapes; what was given stays unchanged.
    """
    ### BEGIN SOLUTION
    norm = np.sqrt(sum((gradient**2).sum() for gradient in gradients))
    factor = min(1.0, limit / norm) if norm > 0 else 1.0
    return [factor * gradient for gradient in gradients]
    ### END SOLUTION


# %%
with check("clip_gradients", points=2):
    random = np.random.default_rng(0)
    two = [np.array([3.0, 0.0]), np.array([[4.0]])]  # together: norm 5
    answer = clip_gradients([array.copy() for array in two], 1.0)
    check.true(answer is not None, "Your function returned None: does it end in `return`?")
    check.true(
        isinstance(answer, (list, tuple)) and len(answer) == 2, "Return a list with one array for each that was given."
    )
    for clipped, array in zip(answer, two, strict=True):
        check.shape(clipped, array.shape, "Each array keeps its shape.")
    check.true(
        not np.allclose(answer[0], [1, 0]) or not np.allclose(answer[1], [[1]]),
        "You clip each array (or each number) by itself: that changes the direction. One norm, one factor for all.",
    )
    length = np.sqrt(sum((np.asarray(array) ** 2).sum() for array in answer))
    check.true(abs(length - 1 / 5) > 1e-6, "You divided by the square of the norm, or twice: did you forget the root?")
    check.true(
        abs(length - 5 / 7) > 1e-6,
        "You added up the norms of the arrays (3 + 4 = 7): add the *squares*, then take one root.",
    )
    check.close(answer[0], [0.6, 0.0], "Together they have norm 5; shortened to 1, each is multiplied by 1/5.")
    check.close(answer[1], [[0.8]], "Every array is multiplied by the same factor.")
    uneven = [np.array([3.0, 0.0]), np.array([0.1])]
    hint = "A long array and a short one: the norm of all of them together decides, and *both* get the same factor."
    norm = np.sqrt(9.01)
    for clipped, array in zip(clip_gradients([each.copy() for each in uneven], 1.0), uneven, strict=True):
        check.close(clipped, array / norm, hint)
    matrix = [np.array([[3.0, 0.0], [0.0, 4.0]]), np.array([12.0])]
    hint = "A matrix with 3 and 4 and a vector with 12 have norm 13 together: *all* squares count, also those inside a matrix (no"
    hint += " `np.linalg.norm(…, 2)`, no norm per row or column)."
    for clipped, array in zip(clip_gradients([each.copy() for each in matrix], 1.0), matrix, strict=True):
        check.close(clipped, array / 13, hint)
    calm = [np.array([0.3]), np.array([[-0.4]])]
    hint = "For a gradient shorter than the limit your function returns None: every path must `return`."
    check.true(clip_gradients(calm, 1.0) is not None, hint)
    for limit in (6.0, 10.0):
        hint = f"Norm 5 and limit {limit:g}: nothing to clip. Is the norm itself compared (with its root), and with `limit`, not 1?"
        for clipped, array in zip(clip_gradients([each.copy() for each in two], limit), two, strict=True):
            check.close(clipped, array, hint)
    for clipped, array in zip(clip_gradients(calm, 1.0), calm, strict=True):
        check.close(clipped, array, "A gradient shorter than the limit (0.5 < 1) stays as it is: never make it longer.")
    zero = clip_gradients([np.zeros(3), np.zeros((2, 2))], 1.0)
    check.true(
        all(np.array_equal(array, np.zeros(np.shape(array))) for array in zero),
        "A gradient of zero must stay zero: you divide by a norm of 0 and get NaN.",
    )
    given = [random.normal(size=(4, 3)), random.normal(size=3)]
    copies, before = [array.copy() for array in given], list(given)
    clip_gradients(given, 0.1)
    check.true(
        len(given) == 2 and all(one is other for one, other in zip(given, before, strict=True)),
        "Your function changed the *list* it was given (`gradients[i] = …`): build a new list.",
    )
    check.true(
        all(np.array_equal(one, other) for one, other in zip(given, copies, strict=True)),
        "Your function changed the arrays it was given: make new ones (`factor * gradient`, not `gradient *= factor`).",
    )
    check.close(clip_gradients([np.array([30.0, 40.0])], 10.0)[0], [6.0, 8.0], "Use the parameter `limit`.")
    theirs = keras.optimizers.SGD(1.0, global_clipnorm=0.7)
    variables = [keras.Variable(np.zeros(array.shape), dtype="float32") for array in given]
    theirs.apply([keras.ops.convert_to_tensor(array, "float32") for array in given], variables)
    for clipped, variable in zip(clip_gradients(given, 0.7), variables, strict=True):
        check.close(
            -np.asarray(clipped),
            keras.ops.convert_to_numpy(variable),
            "Keras with global_clipnorm=0.7 makes another step.",
        )

# %% [markdown] tags=["solution"]
# A cliff to try it on: a gentle slope, then a wall. Both walkers have the same rate.


# %% tags=["solution"]
def cliff(x):
    """Height and gradient: a parabola around 1, and a wall that rises steeply where x is below 0."""
    wall = np.maximum(0, -x)
    return 0.1 * (x - 1) ** 2 + 200 * wall**2, 0.2 * (x - 1) - 400 * wall


figure, axes = plt.subplots()
line = np.linspace(-0.4, 24, 800)
axes.plot(line, cliff(line)[0], color="0.6", label="the surface")
told = []
for name, limit, style in (("without clipping", np.inf, "--o"), ("clipped to 1", 1.0, "-s")):
    x = [-0.06]
    for _ in range(12):
        x.append(x[-1] - 0.9 * clip_gradients([np.array([cliff(x[-1])[1]])], limit)[0].item())
    axes.plot(x, [cliff(place)[0] for place in x], style, markersize=4, linewidth=1, label=name)
    told.append(f"{name}: largest x {max(x):.1f}")
axes.set(xlabel="weight x", ylabel="height", xlim=(-0.5, 24), ylim=(-2, 50))
axes.legend()
plots.show(
    figure,
    alt="A walker beside a cliff, rate 0.9. " + "; ".join(told) + ". Without clipping one step throws it far away.",
)
print("; ".join(told))

# %% [markdown] tags=["solution"]
# **Discussion.** In Keras: `keras.optimizers.Adam(global_clipnorm=1.0)`. There are also `clipnorm` (each array by itself) and `clipvalue` (each number by
# itself), which change the direction. How to choose the limit? Record the norm for a while and take about what is usual: clipping should act on the
# exceptions. If it acts at every step you have merely found a complicated way of lowering the learning rate.
