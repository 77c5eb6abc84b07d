# %% [markdown]
# # Day 11 · Exercises: windows, a leak, backpropagation through time, a forecast with its doubt
#
# **Six exercises: you cut windows, close a leak, compute MASE, walk back through time by hand, beat seasonal naive on real electricity, and draw how a forecast's error grows.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The exercises do not depend on each
# other. Stuck for more than ten minutes? Fold out a hint.

# %% tags=["setup"]
from utils import data, plots, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day11_recurrent_networks")

# %% [markdown]
# The real series is the electricity demand of Victoria in 2014, in hourly means (GW). Hours 0 to 6,551, January to September, are yours to learn from: `known_demand`. `demand` holds the whole year; its later hours are for the checks.

# %%
demand = data.load("electricity")["demand_gw"].to_numpy().reshape(-1, 2).mean(axis=1)
known_demand = demand[:6552].copy()

# %% [markdown]
# ## Exercise 1 · How many windows?
#
# Difficulty ●○○○○ · Importance ●●●●● · 10 minutes
#
# Windows need not move by one step: with `stride` 2 they begin at 0, 2, 4, … Compute how many windows of `width` values, each followed by `horizon` target values, fit into a series of `n`
# points. If none fits, the answer is 0. Don't cut the series; compute it.
#
# <details><summary>Hint 1</summary>
#
# Where does the last possible window begin? Its target must end at the last point. With a stride of 1 every start from 0 to there counts.
#
# </details>
# <details><summary>Hint 2</summary>
#
# The last possible start is `last = n - width - horizon`. If it is negative there is no window; else the starts are 0, stride, 2·stride, … ≤ last: `last // stride + 1` of them.
#
# </details>


# %%
def count_windows(n, width, horizon, stride=1):
    """Count the windows that fit into a series.

    Args:
        n: points in the series.
        width: input values of a window.
        horizon: target values directly after them.
        stride: steps between the beginnings of neighbouring windows.

    Returns:
        How many windows fit, a whole number, 0 or more.
    """
    ### BEGIN SOLUTION
    last = n - width - horizon
    return max(0, last // stride + 1)
    ### END SOLUTION


# %%
with check("count_windows"):
    given = count_windows(10, 4, 2)
    check.true(given is not None, "Your function returned None: does it end in `return`?")
    check.true(np.ndim(given) == 0, "Return one number, the count; not the windows or their starts.")
    check.true(given != 4, "You are one short: starts 0 and n − width − horizon both count (fence posts).")
    hint = "You forgot the target: the last window must leave room for `horizon` values after it."
    check.true(given != 7, hint)
    check.true(given != 6, "You left room for one target value; there are `horizon` of them.")
    check.equal(given, 5, "10 points, width 4, horizon 2: the windows begin at 0, 1, 2, 3, 4.")
    check.equal(count_windows(100, 20, 1), 80, "100 points, width 20, horizon 1: starts 0 to 79.")
    check.equal(count_windows(25, 20, 5), 1, "25 points hold exactly one window of 20 + 5.")
    given = count_windows(24, 20, 5)
    check.equal(given, 0, "24 points can't hold a window of 20 + 5: the answer is 0.")
    check.equal(count_windows(3, 20, 5), 0, "3 points can't hold a window of 20 + 5: the answer is 0, not negative.")
    given = count_windows(10, 4, 2, stride=2)
    check.true(given != 5, "With stride 2 the windows begin at 0, 2, 4, …: you ignored `stride`.")
    hint = "With stride 2 the windows begin at 0, 2, 4: three. The start 4 is the last possible one, and it counts (first floor, then + 1)."
    check.equal(given, 3, hint)
    check.true(isinstance(given, (int, np.integer)), "A count is a whole number: divide with `//`.")
    for n, width, horizon, stride in (
        (11, 4, 2, 2),
        (12, 4, 2, 3),
        (9, 4, 2, 5),
        (1000, 168, 48, 7),
        (50, 1, 1, 50),
        (24, 20, 5, 2),
        (22, 20, 5, 1),
        (23, 20, 5, 4),
        (20, 20, 5, 3),
    ):
        wanted = len([start for start in range(0, n, stride) if start + width + horizon <= n])
        given = count_windows(n, width, horizon, stride)
        hint = f"n = {n}, width {width}, horizon {horizon}, stride {stride}: starts 0, {stride}, {2 * stride}, … as long as the target fits (round down, then + 1; 0 if not even the first fits)."
        check.equal(given, wanted, hint)

# %% [markdown] tags=["solution"]
# **Discussion.** `len(range(0, n - width - horizon + 1, stride))` says the same, and an empty range counts 0 by itself. With stride 1 neighbouring windows share all but one value: 5,000 windows are far from 5,000
# independent examples. A larger stride gives fewer, less similar ones.

# %% [markdown]
# ## Exercise 2 · Close the leaks
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# A colleague's preparation gives wonderful test errors. The code below contains **three leaks**. Write it anew, without them:
#
# ```python
# def leaky_preparation(values, split, width, horizon):
#     values = (values - values.mean()) / values.std()
#     samples = len(values) - width - horizon + 1
#     rows = np.arange(samples)[:, None]
#     x, y = values[rows + np.arange(width)], values[rows + width + np.arange(horizon)]
#     order = np.random.permutation(samples)
#     train, test = order[: split - width], order[split - width :]
#     return x[train], y[train], x[test], y[test]
# ```
#
# The rules: inputs and targets of both parts are scaled, with one mean and one standard deviation, those of the training part `values[:split]` (NumPy's `.std()`). Training windows, *targets included*, lie inside it. Test windows have all their *targets* at `split` or later; their inputs may look
# back into the training part, since at the forecast's origin that is known. Every window that satisfies this is used, in the order of time; nothing is shuffled, and the given series stays as it is.
#
# <details><summary>Hint 1</summary>
#
# The third leak is the quiet one: a window that begins before the split can have targets behind it. Look at where the *first target* stands: `start + width`, and the last: `start + width + horizon - 1`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Scale all values with `values[:split].mean()` and `.std()`. With `start = np.arange(samples)`: training where `start + width + horizon <= split`, test where `start + width >= split`. The windows between the two belong to neither.
#
# </details>


# %%
def honest_preparation(values, split, width, horizon):
    """Windows for training and testing, scaled, without any leak.

    Args:
        values: array (n,).
        split: first index of the test part.
        width: input values of a window.
        horizon: target values after it.

    Returns:
        (train inputs (samples, width), train targets (samples, horizon), test inputs, test targets), in the order of time.
    """
    ### BEGIN SOLUTION
    known = values[:split]
    scaled = (values - known.mean()) / known.std()
    start = np.arange(len(values) - width - horizon + 1)
    inputs = scaled[start[:, None] + np.arange(width)]
    targets = scaled[start[:, None] + width + np.arange(horizon)]
    train, test = start + width + horizon <= split, start + width >= split
    return inputs[train], targets[train], inputs[test], targets[test]
    ### END SOLUTION


# %%
with check("honest_preparation", points=2):
    random = np.random.default_rng(0)
    for n, split, width, horizon in ((60, 40, 5, 3), (50, 30, 7, 1), (80, 55, 4, 6)):
        values = np.cumsum(random.normal(0.5, 1, n)) + 20
        kept = values.copy()
        parts = honest_preparation(values, split, width, horizon)
        check.true(isinstance(parts, (tuple, list)) and len(parts) == 4, "Return four arrays.")
        flat = all(np.ndim(part) == 2 for part in parts)
        check.true(
            flat, "All four have two axes, (samples, width) or (samples, horizon); the axis for features comes later."
        )
        check.true(np.array_equal(values, kept), "Your function changed the series it was given: make new arrays.")
        lengths = [np.shape(part)[1] for part in parts]
        hint = f"Your four arrays have {lengths} columns, wanted are {[width, horizon] * 2}:"
        hint += " training inputs, training targets, test inputs, test targets, in this order."
        check.true(lengths == [width, horizon] * 2, hint)
        other = values.copy()
        other[split:] = 1000 + random.normal(size=n - split)
        again = honest_preparation(other, split, width, horizon)
        same_size = np.shape(parts[0]) == np.shape(again[0]) and np.shape(parts[1]) == np.shape(again[1])
        check.true(same_size, "The number of training windows must not depend on the values.")
        repeated = honest_preparation(values.copy(), split, width, horizon)
        hint = "Twice the same series, two different results: nothing may be shuffled."
        check.true(all(np.array_equal(a, b) for a, b in zip(parts, repeated)), hint)
        mean, deviation = values[:split].mean(), values[:split].std()
        hint = "The whole series was used for scaling: the training data changed when only the test part did. Mean and deviation come from `values[:split]`."
        whole = (values[:width] - values.mean()) / values.std()
        check.true(not np.allclose(np.asarray(parts[0])[0], whole), hint)
        hint = "The training windows were scaled by themselves, window by window: one mean and one deviation for all, from `values[:split]`."
        check.true(abs(np.mean(np.asarray(parts[0])[0])) > 1e-6, hint)
        backwards = np.allclose(np.asarray(parts[0])[-1], (values[:width] - mean) / deviation)
        check.true(not backwards, "The windows stand in reverse: keep the order of time, oldest first.")
        later = (values[np.arange(1, n - width)[:, None] + np.arange(width)] - mean) / deviation
        hint = "Your first training window does not begin at 0, it is a later one: shuffled (a"
        hint += " fixed seed shuffles, too), training and test part exchanged, or off by one?"
        check.true(not np.isclose(later, np.asarray(parts[0])[0]).all(axis=1).any(), hint)
        hint = "The values are not scaled, or not with mean *and* standard deviation of `values[:split]` (divide by n, as NumPy does)."
        check.close(np.asarray(parts[0])[0], (values[:width] - mean) / deviation, hint)
        hint = "The training targets changed when only the test part did: a training window's *last* target must lie before the split."
        check.true(np.allclose(parts[1], again[1]), hint)
        check.true(np.allclose(parts[0], again[0]), "Training inputs changed when only the test part did.")
        number = split - width - horizon + 1
        check.shape(
            parts[0],
            (number, width),
            "Training: every window whose last target lies before the split, inputs of shape (samples, width).",
        )
        check.shape(parts[1], (number, horizon), "Training targets: (samples, horizon).")
        first, count = split - width, n - horizon - split + 1
        hint = "Test windows may *look back* into the training part; the first test target is `values[split]`. You dropped the first ones."
        check.true(len(parts[2]) != count - width, hint)
        hint = "A test window has targets from the training part: its *first* target must stand at `split` or later."
        check.true(len(parts[2]) <= count, hint)
        check.shape(parts[2], (count, width), "Test: every window whose first target stands at `split` or later.")
        check.shape(parts[3], (count, horizon), "Test targets: (samples, horizon).")
        scaled = (values - mean) / deviation
        starts = np.arange(number)[:, None]
        check.close(parts[0], scaled[starts + np.arange(width)], "Training inputs: windows in the order of time.")
        unscaled = np.allclose(parts[1], values[starts + width + np.arange(horizon)])
        check.true(not unscaled, "The training targets are not scaled: scale first, then cut.")
        check.close(
            parts[1],
            scaled[starts + width + np.arange(horizon)],
            "Training targets: the `horizon` values directly after each window.",
        )
        starts = first + np.arange(count)[:, None]
        hint = "Test inputs: the `width` values just before the targets, scaled with the *training* part's mean and deviation, as everything is."
        check.close(parts[2], scaled[starts + np.arange(width)], hint)
        check.close(
            parts[3],
            scaled[starts + width + np.arange(horizon)],
            "Test targets: scaled with the training part's mean and deviation, too.",
        )

# %% [markdown] tags=["solution"]
# **Discussion.** The three leaks: scaling with the whole series, shuffling overlapping windows across the split, and training targets behind the split. The check finds them in the most reliable way there is: **change the future and see whether anything changes in the
# training data.** That works for any pipeline, also for those whose code you can't read. The horizon − 1 windows between the two parts belong to neither.

# %% [markdown]
# ## Exercise 3 · MASE
#
# Difficulty ●●○○○ · Importance ●●●●● · 10 minutes
#
# Write the mean absolute scaled error: the mean absolute error of the forecast, divided by the mean absolute error that the seasonal naive forecast with season `season` makes *inside* the training part.
#
# <details><summary>Hint 1</summary>
#
# Inside the training part, seasonal naive says for each value: as `season` steps earlier. The first `season` values have no predecessor and don't count.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `np.abs(train[season:] - train[:-season]).mean()` is the divisor. `np.asarray(…, float)` makes arrays of lists.
#
# </details>


# %%
def mase(train, truth, forecast, season=1):
    """Mean absolute scaled error.

    Args:
        train: the training part, (n,), n > season. All three may be arrays or lists.
        truth: what came, any shape, for instance (origins, horizon).
        forecast: what was forecast, the same shape.
        season: steps in a season; 1 for none.

    Returns:
        MASE, one number without unit.
    """
    ### BEGIN SOLUTION
    train, truth, forecast = (np.asarray(each, dtype=float) for each in (train, truth, forecast))
    return np.abs(truth - forecast).mean() / np.abs(train[season:] - train[:-season]).mean()
    ### END SOLUTION


# %%
with check("mase"):
    random = np.random.default_rng(3)
    train = np.tile([1.0, 4.0, 2.0, 9.0], 10) + np.arange(40) * 0.3 + random.normal(0, 0.4, 40)
    truth, forecast = random.normal(12, 3, (5, 6)), random.normal(12, 3, (5, 6))
    kept = train.copy(), truth.copy(), forecast.copy()
    given = mase(train, truth, forecast, season=4)
    unchanged = all(map(np.array_equal, kept, (train, truth, forecast)))
    check.true(
        unchanged, "Your function changed an array it was given: write `truth - forecast`, not `truth -= forecast`."
    )
    check.true(given is not None, "Your function returned None: does it end in `return`?")
    check.true(np.ndim(given) == 0, "One number is wanted: average over all forecasts and steps.")
    error, scale = np.abs(truth - forecast).mean(), np.abs(train[4:] - train[:-4]).mean()
    for value, hint in (
        (error, "The error is not scaled: divide by the seasonal naive error of the training part."),
        (error / np.abs(np.diff(train)).mean(), "You divided by the error of the *plain* naive forecast, one step back: use `season` steps."),
        (error / np.abs(truth[:, 4:] - truth[:, :-4]).mean(), "You scaled with the test part: the divisor comes from `train`."),
        (np.sqrt(((truth - forecast) ** 2).mean()) / scale, "You took squares: MASE is made of *absolute* errors."),
        (np.mean((truth - forecast) ** 2) / np.mean((train[4:] - train[:-4]) ** 2), "You took squares: MASE is made of *absolute* errors."),
        (abs((truth - forecast).mean()) / scale, "Errors up and down cancelled: absolute value first, mean second."),
        ((truth - forecast).mean() / scale, "Errors up and down cancelled: absolute value first, mean second."),
        (error / abs((train[4:] - train[:-4]).mean()), "In the divisor, errors up and down cancelled: absolute value first, mean second."),
        (error / np.abs(train).mean(), "You divided by the mean of the series: that is a percentage, not MASE."),
        (error / train.std(), "You divided by the standard deviation; the divisor is seasonal naive's error."),
        (np.abs(truth - forecast).sum() / np.abs(train[4:] - train[:-4]).sum(), "Means, not sums: the two parts have different lengths."),
        (scale / error, "Upside down: the forecast's error stands above."),
        (np.median(np.abs(truth - forecast)) / scale, "The mean, not the median."),
        (
            np.sqrt(np.mean((truth - forecast) ** 2) / np.mean((train[4:] - train[:-4]) ** 2)),
            "You took squares and then roots: MASE is made of *absolute* errors.",
        ),
        (
            np.abs((truth - forecast).mean(axis=0)).mean() / scale,
            "Errors up and down cancelled over the forecasts: absolute value first, mean second.",
        ),
        (
            np.abs((truth - forecast).mean(axis=1)).mean() / scale,
            "Errors up and down cancelled over the steps: absolute value first, mean second.",
        ),
        (
            error / np.abs(np.diff(train, 4)).mean(),
            "`np.diff(train, n)` takes neighbours' differences n times over; wanted is the"
            " difference to the value `season` steps earlier: `train[season:] - train[:-season]`.",
        ),
        (
            error / np.abs(train - np.roll(train, 4)).mean(),
            "The first `season` values have no predecessor and don't count; `np.roll` and negative"
            " indices wrap around. MASE = mean |truth − forecast| / mean |train[season:] −"
            " train[:−season]|.",
        ),
        (
            error / (np.abs(train[4:] - train[:-4]).sum() / len(train)),
            "You divided the divisor's sum by n; only n − season values have a predecessor.",
        ),
    ):  # fmt: skip
        check.true(not abs(given - value) < 1e-5, hint)
    given = float(given)
    check.true(
        np.isfinite(given),
        "Your result is not a number (NaN or infinite): was something divided by 0, or an average taken of nothing?",
    )
    check.close(given, error / scale, "MASE = mean |truth − forecast| / mean |train[season:] − train[:−season]|.", 1e-5)
    hint = "Without the argument `season` it is 1: did you use the argument, or the number 4?"
    check.close(mase(train, truth, forecast), error / np.abs(np.diff(train)).mean(), hint, 1e-5)
    hint = "Use the argument `season`, not the number 4."
    check.close(mase(train, truth, forecast, 7), error / np.abs(train[7:] - train[:-7]).mean(), hint, 1e-5)
    check.close(
        mase(train, truth[0], forecast[0], 4),
        np.abs(truth - forecast)[0].mean() / scale,
        "It must work for one forecast, shape (horizon,), as well.",
        1e-5,
    )
    check.close(
        mase(1000 * train, 1000 * truth, 1000 * forecast, 4), given, "In other units MASE must stay the same.", 1e-5
    )
    check.close(mase([1, 3, 2, 6], [5, 7], [6, 9], 1), 1.5 / (7 / 3), "It must work for lists of whole numbers.", 1e-5)

# %% [markdown] tags=["solution"]
# **Discussion.** The divisor comes from the training part for two reasons: it must not depend on how lucky the test part is, and with a short test part (one forecast of six steps) it could be 0. Its price: MASE below 1 does not prove that you beat seasonal naive *on the test
# part*. Report both.

# %% [markdown]
# ## Exercise 4 · Three steps back by hand
#
# Difficulty ●●●●○ · Importance ●●●●○ · 25 minutes
#
# The smallest recurrent network: one unit, one feature, one sample; all parameters are plain numbers.
#
# $$ h_t = \tanh(w\,x_t + u\,h_{t-1} + b), \quad h_0 = 0, \qquad \hat y = v\,h_T, \qquad L = \tfrac12 (\hat y - y)^2 $$
#
# Take paper first: for $T = 3$ write down $\partial L/\partial u$; it has three terms, one for each step (and one of them is 0, because $h_0$ is). Then program it for any number of steps.
#
# <details><summary>Hint 1</summary>
#
# First forward, keeping every $h_t$. Then $\delta_T = (\hat y - y)\,v$. Each step back: $g_t = \delta_t (1 - h_t^2)$, which every parameter's sum gets a share of, and $\delta_{t-1} = g_t\,u$.
#
# </details>
# <details><summary>Hint 2</summary>
#
# In the loop over `t = T, …, 1`: `dw += g * x[t - 1]`, `du += g * h[t - 1]` (with `h[0] = 0`), `db += g`, and then `delta = g * u`. Before the loop, `dv = (prediction - y) * h[T]`.
#
# </details>


# %%
def bptt(x, y, w, u, b, v):
    """Gradients of the loss by backpropagation through time.

    Args:
        x: the inputs, (steps,), one number per step, an array or a list.
        y: the target, a number.
        w, u, b, v: the parameters, numbers.

    Returns:
        Dict with ∂L/∂w, ∂L/∂u, ∂L/∂b, ∂L/∂v under the names "w", "u", "b", "v".
    """
    ### BEGIN SOLUTION
    h = [0.0]
    for value in x:
        h.append(np.tanh(w * value + u * h[-1] + b))
    slope = v * h[-1] - y
    found = {"w": 0.0, "u": 0.0, "b": 0.0, "v": slope * h[-1]}
    delta = slope * v
    for t in range(len(x), 0, -1):
        g = delta * (1 - h[t] ** 2)
        found["w"] += g * x[t - 1]
        found["u"] += g * h[t - 1]
        found["b"] += g
        delta = g * u
    return found
    ### END SOLUTION


# %% [markdown]
# Two helpers of the check (run this cell, too): they measure gradients by nudging, step by step.


# %%
def loss_of(x, y, w, u, b, v):
    """The loss; w, u, b may be numbers or one number per step, so that each step's share can be measured by nudging."""
    steps, h, states = len(x), 0.0, [0.0]
    for t in range(steps):
        h = np.tanh(
            np.broadcast_to(w, steps)[t] * x[t] + np.broadcast_to(u, steps)[t] * h + np.broadcast_to(b, steps)[t]
        )
        states.append(h)
    return 0.5 * (v * h - y) ** 2, np.array(states)


def shares(x, y, w, u, b, v):
    """By finite differences: name -> array (steps,), each step's share of the gradient; "v" alone has one number."""
    found, parameters = {}, {name: np.full(len(x), float(value)) for name, value in (("w", w), ("u", u), ("b", b))}
    for name in parameters:
        found[name] = np.zeros(len(x))
        for t in range(len(x)):
            up, down = (
                {**parameters, name: parameters[name] + sign * 1e-5 * (np.arange(len(x)) == t)} for sign in (1, -1)
            )
            found[name][t] = (loss_of(x, y, v=v, **up)[0] - loss_of(x, y, v=v, **down)[0]) / 2e-5
    found["v"] = (loss_of(x, y, w, u, b, v + 1e-5)[0] - loss_of(x, y, w, u, b, v - 1e-5)[0]) / 2e-5
    return found


# %%
with check("bptt", points=3):
    p = {"w": 0.7, "u": -0.9, "b": 0.2, "v": 1.4}
    found = bptt(np.array([0.8]), 0.3, **p)
    check.true(
        isinstance(found, dict) and set(found) == set("wubv"), 'Return a dict with the names "w", "u", "b", "v".'
    )
    check.true(all(np.ndim(value) == 0 for value in found.values()), "Every gradient is one number here.")
    h = np.tanh(0.7 * 0.8 + 0.2)
    error = 1.4 * h - 0.3
    hint = "One step already: the gradient has the wrong sign. The slope of the loss is prediction − target."
    check.true(not np.isclose(found["v"], -error * h), hint)
    hint = "Twice too large: with the ½ in the loss, its slope is prediction − target."
    check.true(not np.isclose(found["v"], 2 * error * h), hint)
    hint = "∂L/∂v = (prediction − target) · h_T, the last state."
    check.close(found["v"], error * h, hint, 1e-6)
    for value, hint in (
        (error * 1.4, "You forgot the slope of tanh, 1 − h² (with h of the *same* step)."),
        (error * (1 - h**2), "You forgot v: on its way to h the gradient is multiplied by v."),
        (error * 1.4 * (1 - h), "The slope of tanh is 1 − h² (squared)."),
        (error * 1.4 * (1 - (0.7 * 0.8 + 0.2) ** 2), "The slope of tanh is 1 − h², with h *after* the tanh."),
        (error * 1.4 * h * (1 - h), "h · (1 − h) is the sigmoid's slope; tanh's is 1 − h²."),
    ):
        check.true(not np.isclose(found["b"], value), hint)
    check.close(found["b"], error * 1.4 * (1 - h**2), "One step: ∂L/∂b = (prediction − target) · v · (1 − h²).", 1e-6)
    check.close(found["w"], error * 1.4 * (1 - h**2) * 0.8, "One step: ∂L/∂w is ∂L/∂b times the input.", 1e-6)
    check.true(
        not np.isclose(found["u"], error * 1.4 * (1 - h**2) * h),
        "u is multiplied with the state *before* the step, h_{t−1}; with one step that is h₀ = 0.",
    )
    check.close(found["u"], 0.0, "With a single step, u meets only h₀ = 0.", 1e-6)
    random = np.random.default_rng(5)
    for steps in (3, 2, 7, 12):
        x, y = random.normal(size=steps), 0.4
        p = {"w": 0.6, "u": random.choice([-1, 1]) * random.uniform(0.6, 1.2), "b": -0.3, "v": random.uniform(0.7, 1.5)}
        given = x.copy()
        found, wanted = bptt(given, y, **p), shares(x, y, **p)
        check.true(np.array_equal(given, x), "Your function changed the inputs it was given.")
        states = loss_of(x, y, **p)[1]
        total = {name: np.sum(share) for name, share in wanted.items()}
        last, mean = {n: wanted[n][-1] for n in "wub"}, {n: np.mean(wanted[n]) for n in "wub"}
        first = {"w": wanted["w"][0], "u": wanted["u"][0], "b": wanted["b"][0]}
        for kind, hint in (
            (last, "that is the last step's share alone. Walk on: δ is handed to the step before through u, and every step adds its share."),
            (first, "only the first step's share is left after the loop: add up with `+=` instead of overwriting."),
            (mean, "you averaged over the steps; the same weight works at each step, so the shares are *summed*."),
        ):  # fmt: skip
            for name in "wub":
                same = np.isclose(found[name], kind[name], rtol=1e-4) and not np.isclose(
                    kind[name], total[name], rtol=1e-4
                )
                check.true(not same, f"∂L/∂{name}: {hint}")
        hint = "∂L/∂u: step t's share is g_t · h_{t−1}, the state *before* the step; you took h_t."
        check.true(not np.isclose(found["u"], np.sum(wanted["b"] * states[1:]), rtol=1e-4), hint)
        hint = "∂L/∂w: the inputs and the steps don't match: h_t was made from x_t, which is `x[t - 1]` if `h[0]` is the start."
        check.true(not np.isclose(found["w"], np.sum(wanted["b"] * x[::-1]), rtol=1e-4), hint)
        hint = f"∂L/∂v = (prediction − target) · h_T, with the *last* state alone; {steps} steps."
        check.close(found["v"], total["v"], hint, 1e-6)
        for name, factor in (("b", ""), ("w", "x_t"), ("u", "h_(t−1)")):
            hint = f"∂L/∂{name} differs from finite differences for {steps} steps. One step was right, so look at what is handed back: δ_(t−1) = g_t · u, with g_t = δ_t (1 − h_t²) of *that* step."
            if factor:  # ∂L/∂b has passed
                hint = f"∂L/∂b is right for {steps} steps, so every g_t is; ∂L/∂{name} isn't:"
                hint += f" step t's share is g_t · {factor}, with the {factor} of *that* step."
            check.close(found[name], total[name], hint, 1e-6)
    p = {"w": -0.5, "u": 0.8, "b": 0.1, "v": -0.7}
    check.close(
        bptt([1, 0, 2], 1, **p)["u"],
        np.sum(shares([1, 0, 2], 1, **p)["u"]),
        "It must work for a list of whole numbers.",
        1e-6,
    )
    near, far = (bptt([1, 0, 2], target, **p) for target in (1, 1e12))
    prediction = p["v"] * loss_of([1, 0, 2], 1, **p)[1][-1]
    times = (prediction - 1e12) / (prediction - 1)
    hint = "With a target of 10¹² every gradient must grow as prediction − target does; yours"
    hint += " don't. Measured by nudging (the difference drowns in rounding), or clipped? Walk back"
    hint += " step by step."
    check.close([far[name] / times for name in "wubv"], [near[name] for name in "wubv"], hint, 1e-4)
    model = keras.Sequential([keras.Input((5, 1)), layers.SimpleRNN(1), layers.Dense(1, use_bias=False)])
    model.set_weights(
        [np.full(shape, p[name]) for name, shape in (("w", (1, 1)), ("u", (1, 1)), ("b", (1,)), ("v", (1, 1)))]
    )
    x = random.normal(size=5).astype("float32")
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse")  # half the rate: Keras' loss has no ½
    model.train_on_batch(x.reshape(1, 5, 1), np.array([[0.4]]))
    moved = [p[name] - float(np.ravel(after)[0]) for name, after in zip("wubv", model.get_weights())]
    check.close(
        [bptt(x, 0.4, **p)[name] for name in "wubv"],
        moved,
        "Keras' SimpleRNN with one unit finds another gradient.",
        1e-4,
    )

# %% [markdown] tags=["solution"]
# **Discussion.** On paper, for $T = 3$: $\;\partial L/\partial u = (\hat y - y)\,v\,\big[(1-h_3^2)\,h_2 + (1-h_3^2)\,u\,(1-h_2^2)\,h_1 + (1-h_3^2)\,u\,(1-h_2^2)\,u\,(1-h_1^2)\,h_0\big]$. Each step further back brings one more factor $u\,(1-h_t^2)$. If that is below 1 on average, what happened long ago has no say in
# the gradient. That is tomorrow's subject.

# %% [markdown]
# ## Exercise 5 · Beat seasonal naive
#
# Difficulty ●●●○○ · Importance ●●●●● · 25 minutes
#
# Forecast the next 24 hours of demand, given the hours before. How you do it is up to you: a clever copy, a regression fitted on `known_demand`, a network. The check stands at 75 origins in October to December, hands you the history up to there (it may begin at any hour, so count from its end), and wants a mean
# absolute error **at least 10 % below seasonal naive's** (the same hour a week ago). Learn from `known_demand` alone; the check looks for answers that know the future, though it can't find every way to cheat.
#
# <details><summary>Hint 1</summary>
#
# Two cheap ideas: one week ago is a single noisy example, the mean of several weeks is a calmer one. And if the *last hour* is 0.4 GW above what you would have forecast for it, the next hour will hardly be back to normal.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `weeks = history[-3 * 168:].reshape(3, 168).mean(axis=0)`; its first 24 values belong to the next 24 hours, its last one to the hour just past. `gap = history[-1] - weeks[-1]` (a little too small, because the last hour is one of the three that were averaged; that does no harm). Add `gap * 0.9 ** np.arange(1, 25)`.
#
# </details>


# %%
def forecast_demand(history):
    """Forecast the demand of the next 24 hours.

    Args:
        history: hourly demand in GW up to now, oldest first, (hours,), at least five weeks.

    Returns:
        Demand in GW of the next 24 hours, array (24,).
    """
    ### BEGIN SOLUTION
    weeks = history[-3 * 168 :].reshape(3, 168).mean(axis=0)
    gap = history[-1] - weeks[-1]
    return weeks[:24] + gap * 0.9 ** np.arange(1, 25)
    ### END SOLUTION


# %%
with check("forecast_demand", points=2):
    test_origins, random = 6552 + 29 * np.arange(75), np.random.default_rng(4)
    kept = demand.copy()
    given = forecast_demand(kept[: test_origins[0]].copy())
    check.shape(given, (24,), "24 hours are wanted, the next 24, as an array of shape (24,).")
    check.true(np.isfinite(np.asarray(given, float)).all(), "Your forecast holds values that are not numbers.")
    history = kept[: test_origins[3]].copy()
    before = history.copy()
    first = np.array(forecast_demand(history), float)
    check.true(np.array_equal(history, before), "Your function changed the history it was given: work on a copy.")
    unreal = "For some histories your forecast holds values that are not numbers (NaN or infinite):"
    unreal += " a root of a negative number, or a division by 0?"
    check.true(np.isfinite(first).all(), unreal)
    check.close(
        forecast_demand(before.copy()),
        first,
        "Twice the same history, two different forecasts: states not reset, or chance without a fixed seed?",
        1e-4,
    )
    cut = np.array(forecast_demand(kept[2 * 168 + 5 : test_origins[3]].copy()), float)
    hint = "Two weeks and five hours fewer at the *beginning* of the history changed the forecast by much: count from the end (`history[-168]`), not from the beginning, and don't look up by position in `demand`."
    check.true(np.abs(cut - first).mean() < 0.15, hint)
    hint = "Your forecast does not depend on the history's last three weeks at all."
    changed = before.copy()
    changed[-3 * 168 :] += 1.0
    check.true(np.abs(np.array(forecast_demand(changed), float) - first).max() > 1e-6, hint)
    answers = np.array([forecast_demand(kept[origin % 168 : origin].copy()) for origin in test_origins], float)
    check.true(np.isfinite(answers).all(), unreal)
    try:
        demand[6552:] = random.permutation(demand[6552:]) + 1  # not even their mean may be used
        blind = np.array([forecast_demand(kept[origin % 168 : origin].copy()) for origin in test_origins[:10]], float)
    finally:
        demand[:] = kept
    hint = "Your function looks into the future: with the hours after September in `demand` mixed up and raised, its forecasts changed. Use `history` and what you learned from `known_demand` only."
    check.true(np.allclose(blind, answers[:10], atol=1e-4), hint)
    future = np.array([kept[origin : origin + 24] for origin in test_origins])
    naive = np.array([kept[origin - 168 : origin - 144] for origin in test_origins])
    ours, theirs = np.abs(answers - future).mean(), np.abs(naive - future).mean()
    gain = 100 * (1 - ours / theirs)
    hint = f"{gain:.0f} % below seasonal naive can't be had without knowing the answers: you learned from hours after September, in `demand`. Only `known_demand` is yours."
    check.true(gain < 40, hint)
    check.true(not np.allclose(answers, naive), "That *is* seasonal naive, the same hour a week ago. Now beat it.")
    hint = "That is yesterday: on Saturdays and Mondays it is wrong. A week ago is a better start."
    check.true(not np.allclose(answers, [kept[origin - 24 : origin] for origin in test_origins]), hint)
    check.true(
        answers.std(axis=1).mean() > 0.05,
        "Your forecast is (nearly) the same for all 24 hours: the day's shape is missing.",
    )
    shifted = np.abs(answers[:, :-1] - future[:, 1:]).mean(), np.abs(answers[:, 1:] - future[:, :-1]).mean()
    hint = f"Your forecast fits better when moved by an hour: off by one? Error {ours:.3f} GW as it is, {min(shifted):.3f} GW when moved."
    check.true(min(shifted) > 0.9 * ours, hint)
    compared = f"{gain:.1f} % below" if gain >= 0 else f"{-gain:.1f} % above"
    hint = f"error {ours:.3f} GW, seasonal naive {theirs:.3f} GW: {compared}. At least 10 % below is wanted: average several weeks, and use how far the last hour is off."
    check.true(gain >= 10, hint)
    print(f"mean absolute error {ours:.3f} GW, seasonal naive {theirs:.3f} GW: {gain:.0f} % lower")

# %% [markdown] tags=["solution"]
# **Discussion.** No network, two lines. The mean of three weeks takes out noise, and the fading gap is an autoregression with one weight, 0.9, on the *differences to the expected week*: what ARIMA does in the lesson, by eye. Linear regression on the last 336 hours does better still: try it. (The last of the three weeks ends with the hour just past, so `gap` is two thirds of the true gap; seen that way the weight is smaller.) Tomorrow's networks, which also see temperature and
# calendar, must beat a rival as strong as *this*, not just seasonal naive. (We picked 0.9 with a look at the lesson; properly it is chosen on the training part: try 0.8 and 0.95 at origins before October.)

# %% [markdown]
# ## Exercise 6 · Draw the doubt
#
# Difficulty ●●●○○ · Importance ●●●●○ · 15 minutes
#
# A forecast without an error bar is half a forecast. The most honest bar is experience: how far off were we, *at this horizon*, on earlier occasions? You get forecasts of the past with what came. For every horizon, take the
# quantiles (NumPy's default kind) of the past errors (truth − forecast) that leave out $(1 - \text{coverage})/2$ at either side, and add them to the new forecast. The check then draws it for you.
#
# <details><summary>Hint 1</summary>
#
# Errors have the shape (occasions, horizon). Each horizon is a column with its own quantiles: `axis=0`. Keep the signs: if we were always too low, the band belongs higher.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `errors = past_truths - past_forecasts`; `tail = (1 - coverage) / 2`; `low, high = np.quantile(errors, [tail, 1 - tail], axis=0)`; return `forecast + low, forecast + high`.
#
# </details>


# %%
def error_band(past_forecasts, past_truths, forecast, coverage=0.8):
    """A band around a forecast, from past errors.

    Args:
        past_forecasts, past_truths: arrays (occasions, horizon).
        forecast: the new forecast, (horizon,).
        coverage: share of past errors that the band holds, between 0 and 1.

    Returns:
        (low, high), two arrays (horizon,): forecast plus the quantiles of the errors at each horizon.
    """
    ### BEGIN SOLUTION
    errors = np.asarray(past_truths, float) - np.asarray(past_forecasts, float)
    tail = (1 - coverage) / 2
    low, high = np.quantile(errors, [tail, 1 - tail], axis=0)
    return np.asarray(forecast) + low, np.asarray(forecast) + high
    ### END SOLUTION


# %% [markdown]
# A forecast for the check to put a band around (run this cell, too):


# %%
def fading_gap(origin):
    """A forecast for 24 hours from `origin`: last week, plus the gap of the last hour, fading (given)."""
    return demand[origin - 168 : origin - 144] + (demand[origin - 1] - demand[origin - 169]) * 0.9 ** np.arange(1, 25)


# %%
with check("error_band", points=2):
    random = np.random.default_rng(8)
    past, spreads = random.normal(50, 5, (400, 6)), np.array([1.0, 2, 3, 4, 5, 6])
    came = past + random.exponential(1, (400, 6)) * spreads + np.array([0.5, 0, -1, 0, 2, 0])
    forecast = random.normal(50, 5, 6)
    given = past.copy(), came.copy(), forecast.copy()
    band = error_band(*given)
    unchanged = all(map(np.array_equal, given, (past, came, forecast)))
    check.true(
        unchanged,
        "Your function changed an array it was given: write `truths - forecasts`, not `-=`, `forecast + low`, not `+=`.",
    )
    two = isinstance(band, (tuple, list, np.ndarray)) and len(band) == 2
    check.true(two and np.ndim(band[0]) > 0, "Return two things: low and high.")
    low, high = band
    check.shape(low, (6,), "`low` has one value per horizon: quantiles along the occasions, `axis=0`.")
    check.shape(high, (6,), "`high` has one value per horizon: quantiles along the occasions, `axis=0`.")
    low, high = np.asarray(low, float), np.asarray(high, float)
    brackets = np.allclose(low, forecast + np.quantile(came - past, 0.6, axis=0))
    check.true(not brackets, "Brackets: leave out (1 − coverage) / 2, not 1 − coverage / 2.")
    check.true((low < high).all(), "`low` must lie below `high`: which quantile is which?")
    errors = came - past
    lows, highs = np.quantile(errors, [0.1, 0.9], axis=0)
    check.true(not np.allclose(low, lows), "Those are the errors' quantiles alone: add them to the forecast.")
    hint = "The errors have the wrong sign: truth − forecast, so that forecast + error is the truth."
    check.true(
        not (np.allclose(high, forecast - lows) or np.allclose(low, forecast + np.quantile(-errors, 0.1, axis=0))), hint
    )
    size = np.quantile(np.abs(errors), 0.8, axis=0)
    hint = "Your band is symmetric: the signs are lost (`abs`), or a bell curve was assumed. Take the quantiles of the signed errors."
    check.true(
        not np.allclose(forecast - low, high - forecast)
        and not np.allclose(np.r_[forecast - low, high - forecast], np.r_[size, size]),
        hint,
    )
    middle, deviation = errors.mean(axis=0), errors.std(axis=0)
    around = np.allclose((low + high) / 2, forecast + middle)
    check.true(
        not around,
        "Your band is symmetric around the mean error: a bell curve was assumed. Take quantiles: these errors are skewed.",
    )
    together = np.quantile(errors, [0.1, 0.9])
    hint = "The same width at every horizon: the quantiles were taken over all errors at once. Use `axis=0`, each horizon by itself."
    check.true(np.ptp(high - low) > 1e-9 and not np.allclose(low, forecast + together[0]), hint)
    hint = "Your band leaves out 20 % at *each* side: coverage 0.8 leaves 10 % below and 10 % above."
    check.true(not np.allclose(low, forecast + np.quantile(errors, 0.2, axis=0)), hint)
    hint = "Your band reaches from the smallest to the largest past error; coverage 0.8 leaves out 10 % at each side."
    check.true(not np.allclose(high, forecast + errors.max(axis=0)), hint)
    hint = "The band lies around the *mean of the past forecasts* or truths; it belongs around the new `forecast`."
    check.true(
        not (np.allclose(low, np.quantile(came, 0.1, axis=0)) or np.allclose(low, past.mean(axis=0) + lows)), hint
    )
    one_sided = np.allclose(high, forecast + np.quantile(errors, 0.8, axis=0))
    check.true(not one_sided, "At the upper end you took the quantile 0.8; with 10 % left out at each side it is 0.9.")
    percent = np.allclose(low, forecast + np.percentile(errors, 0.1, axis=0))
    hint = "`np.percentile` counts in percent, 10 and not 0.1; `np.quantile` takes shares."
    check.true(not percent, hint)
    hint = "You subtracted the lower quantile. It carries its own sign: add it, like the upper one."
    check.true(not any(np.allclose(low, forecast - each) for each in (lows, np.abs(lows))), hint)
    hint = "You took the mean or median error out first. Keep it: if we were always too low, the"
    hint += " band belongs higher."
    centred = [forecast + lows - centre for centre in (middle, np.median(errors, axis=0))]
    check.true(not any(np.allclose(low, each) for each in centred), hint)
    check.close(low, forecast + lows, "low = forecast + quantile (1 − coverage) / 2 of the signed errors, per horizon.")
    check.close(
        high, forecast + highs, "high = forecast + quantile 1 − (1 − coverage) / 2 of the signed errors, per horizon."
    )
    for coverage in (0.5, 0.95):
        wanted = forecast + np.quantile(errors, [(1 - coverage) / 2, (1 + coverage) / 2], axis=0)
        hint = f"For coverage {coverage}: use the argument, not the number 0.8."
        check.close(np.array(error_band(past, came, forecast, coverage)), wanted, hint)
    found = error_band(past[:50, :3], came[:50, :3], forecast[:3], 0.6)
    wanted = forecast[:3] + np.quantile(errors[:50, :3], [0.2, 0.8], axis=0)
    check.close(np.array(found), wanted, "It must work for any number of occasions and horizons.")
    earlier, later = np.arange(3000, 6500, 29), 6552 + 31 * np.arange(60)
    told = [np.array([make(origin) for origin in earlier]) for make in (fading_gap, lambda o: demand[o : o + 24])]
    bands = np.array([error_band(*told, fading_gap(origin)) for origin in later])  # (origins, 2, 24)
    inside = np.mean(
        [(bands[i, 0] <= demand[o : o + 24]) & (demand[o : o + 24] <= bands[i, 1]) for i, o in enumerate(later)]
    )
    figure, axes = plt.subplots(figsize=(8.5, 3.8))
    origin, (low, high) = later[6], bands[6]
    axes.plot(np.arange(-48, 24), demand[origin - 48 : origin + 24], color="black", linewidth=1.2, label="measured")
    axes.plot(np.arange(24), fading_gap(origin), "--", label="forecast")
    axes.fill_between(np.arange(24), low, high, alpha=0.25, label="80 % of past errors")
    axes.set(
        xlabel="hours from the origin", ylabel="demand (GW)", title="The doubt grows with the horizon", ylim=(2.9, 6.2)
    )
    axes.legend(loc="upper left", ncols=3)
    plots.show(
        figure,
        alt=f"Two days of demand, a forecast for 24 hours and a band that widens from {high[0] - low[0]:.2f} GW in the first hour to {(high - low).max():.2f} GW at its widest.",
    )
    print(f"over 60 later origins the 80 % band holds {inside:.0%} of what came")

# %% [markdown] tags=["solution"]
# **Discussion.** No formula, no bell curve: it only assumes that the errors to come are like those of the past. Does it hold? The printed share of later values inside the band is the test; if it is well below 80 %, the world has become harder than the past (here: spring and its first hot days).
# Always compute the band from forecasts that were made *without* seeing what came: with errors on training data it is too narrow.
#
# **Well done.** Tomorrow, day 12, the recurrent network gets a memory that lasts.
