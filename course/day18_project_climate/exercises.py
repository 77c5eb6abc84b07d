# %% [markdown]
# # Day 18 · Milestones: from the protocol to 2050
#
# **Six milestones of one project: a protocol that can't peek, baselines, a unit-root test by hand, rows for a network, a band that was counted, and the year in which a threshold is crossed.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The milestones follow the project, but each stands by itself: a check brings what it needs. A team may share them. Stuck for more than ten
# minutes? Fold out a hint. The rubric at the end of the lesson says how a whole project is judged.

# %% tags=["setup"]
from utils import data, plots, runtime
from utils.check import Exercises

import warnings

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from statsmodels.tsa.stattools import adfuller

ready = runtime.setup(seed=1, precision="float32")
warnings.simplefilter("ignore", FutureWarning)  # adfuller announces another form of its result
check = Exercises("day18_project_climate")

# %% [markdown]
# The series, as in the lesson: yearly means of the Earth's surface temperature, 1880 to 2023, in °C from the mean of 1951–1980.

# %%
table = data.load("global_temperature")
years, anomaly = table["year"].to_numpy(), table["anomaly_c"].to_numpy()

# %% [markdown]
# ## Exercise 1 · Milestone 1: a protocol that can't peek
#
# Difficulty ●●○○○ · Importance ●●●●● · 15 minutes
#
# All that follows is judged by rolling origins, so the function that rolls must be right. An origin is given as a **number of known values**: `origin` 91 means that the values 0 to 90 are known and the first forecast is for value 91. For each origin hand the model a **copy** of the known values
# (a careless model may change what it gets) and collect its forecasts and the truth. Where an outcome lies beyond the end of the series, the truth is `np.nan`.
#
# <details><summary>Hint 1</summary>
#
# Known: `values[:origin]`. Outcomes: `values[origin : origin + horizon]`, which may be shorter than `horizon` near the end. Don't leave such origins out, and don't let them come out shorter: fill up with NaN.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `padded = np.concatenate([values, np.full(horizon, np.nan)])`, then `truth = np.array([padded[o : o + horizon] for o in origins])` and `forecasts = np.array([model(values[:o].copy()) for o in origins])`.
#
# </details>


# %%
def rolling_forecasts(model, values, origins, horizon):
    """Forecast from many origins, each with nothing but what was known there.

    Args:
        model: function, known values (n,) -> forecast (horizon,).
        values: the whole series, array (length,).
        origins: how many values are known at each origin, sequence of whole numbers.
        horizon: steps ahead.

    Returns:
        (forecasts, truth), two arrays (origins, horizon); truth is NaN where the outcome is not in the series.
    """
    ### BEGIN SOLUTION
    padded = np.concatenate([np.asarray(values, dtype=float), np.full(horizon, np.nan)])
    forecasts = np.array([model(padded[:origin].copy()) for origin in origins])
    truth = np.array([padded[origin : origin + horizon] for origin in origins])
    return forecasts, truth
    ### END SOLUTION


# %%
with check("rolling_forecasts", points=2):
    series, chosen, seen = np.arange(12.0) ** 2, [4, 7, 11], []

    def spy(known_values):
        """A model that writes down what it was shown, then spoils it."""
        seen.append(np.array(known_values))
        answer = np.array([known_values[-1], len(known_values), known_values[0] - 1.0])
        check.true(isinstance(known_values, np.ndarray), "Hand the model an array: `values[:origin].copy()`.")
        known_values[:] = -1000.0
        return answer

    kept = series.copy()
    try:
        given = rolling_forecasts(spy, series, chosen, 3)
    except ValueError as error:
        hint = "Rows of different lengths make no array: near the end fill the truth up with NaN, so that every row has `horizon` values."
        check.true("inhomogeneous" not in str(error), hint)
        raise
    check.true(given is not None, "Your function returned None: does it end in `return`?")
    two = isinstance(given, (tuple, list, np.ndarray)) and len(given) == 2
    check.true(two, "Return two arrays: the forecasts and the truth.")
    found, came = given
    hint = "The model got the series itself, not a copy, and could change it (ours did): hand over `values[:origin].copy()`."
    check.true(np.array_equal(series, kept), hint)
    check.true(
        len(seen) == 3, f"The model must be asked once for each of the 3 origins; it was asked {len(seen)} times."
    )
    hint = "The model was shown the values from `origin` on: that is the future."
    check.true(not (len(seen[0]) and seen[0][0] == kept[4]), hint)
    hint = "The model was shown one value too many: with `origin` 4 the values 0 to 3 are known; value 4 is the first to be forecast."
    check.true(len(seen[0]) != 5, hint)
    check.true(len(seen[0]) != 12, "The model was shown the whole series, future included.")
    check.true(len(seen[0]) != 3, "The model was shown one value too few: with `origin` 4 *four* values are known.")
    hint = "The model was shown a window of fixed length: hand it everything that was known at the origin."
    check.true(len(seen[1]) == 7 and len(seen[2]) == 11, hint)
    hint = "What an earlier model call did to its values shows up at a later origin: make a new copy for each."
    check.true(all(np.array_equal(part, kept[: len(part)]) for part in seen), hint)
    hint = "Your forecasts differ in length: keep all `horizon` of them; only the truth is filled up with NaN."
    check.true(len({np.size(row) for row in found}) == 1, hint)
    hint = "There is NaN among the forecasts: return the forecasts first, then the truth, and leave a forecast standing where its outcome is unknown."
    check.true(not np.isnan(np.asarray(found, float)).any(), hint)
    check.shape(found, (3, 3), "Forecasts: one row per origin, `horizon` columns.")
    check.close(
        found, [[9, 4, -1], [36, 7, -1], [100, 11, -1]], "Forecasts are what the model returned, origin by origin."
    )
    came = np.asarray(came, dtype=object) if len({np.size(row) for row in came}) > 1 else np.asarray(came, dtype=float)
    check.shape(
        came,
        (3, 3),
        "Near the end fewer outcomes are in the series: fill up with NaN, so that every row has `horizon` values.",
    )
    check.true(
        not np.array_equal(came[0], kept[3:6]),
        "The truth begins one step early: the first outcome is `values[origin]`.",
    )
    check.true(
        not np.array_equal(came[0], kept[5:8]), "The truth begins one step late: the first outcome is `values[origin]`."
    )
    check.close(came[:2], [kept[4:7], kept[7:10]], "Truth: the `horizon` values from `origin` on.")
    check.close(came[2, 0], kept[11], "The origin 11 still has one outcome in the series: value 11.")
    hint = "Outcomes beyond the end of the series are unknown: `np.nan`, not 0 and not the last value."
    check.true(np.isnan(came[2, 1:]).all(), hint)
    found, came = rolling_forecasts(lambda v: np.full(5, v[-1]), kept.copy(), [12, 6], 5)
    check.close(np.asarray(found, float)[:, 0], [121, 25], "Keep the order in which the origins were given.")
    check.true(
        np.isnan(np.asarray(came, float)[0]).all(), "At the end of the series nothing of the truth is known: all NaN."
    )
    check.close(np.asarray(came, float)[1], kept[6:11], "`horizon` must be the argument, not a number of your own.")

# %% [markdown] tags=["solution"]
# **Discussion.** The check does what a suspicious colleague does: it hands you a *spy* for a model, which writes down everything it is shown. Build such a spy into your own projects; it takes five lines and finds leaks that no reading finds. NaN for what is not yet known is
# better than leaving rows out: each mean over horizons must then say, with `np.nanmean`, that it has fewer cases at the far end.

# %% [markdown]
# ## Exercise 2 · Milestone 2: baselines
#
# Difficulty ●●○○○ · Importance ●●●●● · 10 minutes
#
# Two baselines that know of trends. `drift_forecast` starts at the last value and goes on by the mean change over all known years. `line_forecast` fits a straight line by least squares through the last `width` values and follows it; it need *not* pass through the last value.
#
# <details><summary>Hint 1</summary>
#
# The mean of all yearly changes is (last − first) / (n − 1): everything in between cancels. The first forecast is one change *after* the last value. For the line, let time 0 be the last known year; then the years ahead are 1, 2, …, horizon.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `slope, level = np.polyfit(np.arange(-width + 1, 1), values[-width:], 1)` gives slope and value at time 0; the forecast is `level + slope * np.arange(1, horizon + 1)`.
#
# </details>


# %%
def drift_forecast(values, horizon):
    """From the last value on, by the mean change per step.

    Args:
        values: known values, array (n,), in °C.
        horizon: steps ahead.

    Returns:
        Forecast, array (horizon,), in °C.
    """
    ### BEGIN SOLUTION
    change = (values[-1] - values[0]) / (len(values) - 1)
    return values[-1] + change * np.arange(1, horizon + 1)
    ### END SOLUTION


def line_forecast(values, horizon, width):
    """Along the least-squares line through the last `width` values.

    Args:
        values: known values, array (n,), in °C.
        horizon: steps ahead.
        width: how many of the last values the line is fitted to.

    Returns:
        Forecast, array (horizon,), in °C.
    """
    ### BEGIN SOLUTION
    slope, level = np.polyfit(np.arange(-width + 1, 1), values[-width:], 1)
    return level + slope * np.arange(1, horizon + 1)
    ### END SOLUTION


# %%
with check("baselines", points=2):
    random = np.random.default_rng(6)
    values = np.cumsum(random.normal(0.3, 1, 40)) + 0.02 * np.arange(40) ** 2
    kept = values.copy()
    given = drift_forecast(values, 6)
    check.shape(given, (6,), "`drift_forecast` returns one value per step ahead, (horizon,).")
    given, ahead = np.asarray(given, float), np.arange(1, 7)
    per_step = (values[-1] - values[0]) / 39
    for wrong_one, hint in (
        (np.full(6, values[-1]), "That is the naive forecast: add the mean change for each step ahead."),
        (
            values[-1] + per_step * (ahead - 1),
            "Your drift is one step late: the first forecast is one change *after* the last value.",
        ),
        (values[-1] + (values[-1] - values[0]) / 40 * ahead, "n values have n − 1 changes: divide by n − 1."),
        (
            values[-1] + (values[-1] - values[-2]) * ahead,
            "You went on by the *last* change; the mean of all changes is asked for.",
        ),
        (values[0] + per_step * ahead, "You began at the first value; the forecast goes on from the last."),
        (values.mean() + per_step * ahead, "You began at the mean; the forecast goes on from the last value."),
        (values[-1] + np.full(6, per_step), "You added the change once; at step h it is to be added h times."),
        (values[-1] - per_step * ahead, "The sign: a series that rose goes on rising."),
        (
            values[-1] + per_step * (ahead + 1),
            "One step too far: the first forecast is *one* change after the last known value.",
        ),
        (values[-1] + np.median(np.diff(values)) * ahead, "That is the median of the changes; the mean is asked for."),
    ):
        check.true(not np.allclose(given, wrong_one), hint)
    check.close(given, values[-1] + per_step * ahead, "Drift: last value + h · (last − first) / (n − 1).")
    given = line_forecast(values, 6, 15)
    check.shape(given, (6,), "`line_forecast` returns one value per step ahead, (horizon,).")
    check.true(np.array_equal(values, kept), "Your function changed the series it was given.")
    slope, level = np.polyfit(np.arange(-14, 1), values[-15:], 1)
    whole = np.polyval(np.polyfit(np.arange(40), values, 1), np.arange(40, 46))
    first = np.polyval(np.polyfit(np.arange(15), values[:15], 1), np.arange(15, 21))
    for wrong_one, hint in (
        (whole, "The line was fitted to all values: use the last `width` alone."),
        (first, "The line was fitted to the *first* `width` values: take the last ones, `values[-width:]`."),
        (
            level + slope * (ahead - 1),
            "Your line is one step late: time 0 is the last known year, the forecast begins at 1.",
        ),
        (
            values[-1] + slope * ahead,
            "You tied the line to the last value; follow the fitted line itself. One hot year must not shift all years to come.",
        ),
        (
            level + slope * (np.arange(6) + 15),
            "The times of fit and forecast don't fit together: count both from the same zero.",
        ),
        (
            values[-1] + (values[-1] - values[-15]) / 14 * ahead,
            "That is a line through two points; fit it to all `width` values by least squares.",
        ),
        (
            level + slope * (ahead - 14),
            "The times of fit and forecast don't fit together: with `np.arange(width)` for the fit the forecast begins at `width`.",
        ),
        (
            level + slope * (ahead - 15),
            "The times of fit and forecast don't fit together: with `np.arange(width)` for the fit the forecast begins at `width`.",
        ),
        (level + slope * (ahead + 1), "One step too far: the first forecast is *one* year after the last known value."),
        (slope + level * ahead, "`np.polyfit` returns the slope first, then the level."),
        (np.polyval(np.polyfit(np.arange(-14, 1), values[-15:], 2), ahead), "That is a parabola: degree 1 is a line."),
    ):
        check.true(not np.allclose(np.asarray(given, float), wrong_one), hint)
    check.close(
        given,
        level + slope * ahead,
        "Line: fitted by least squares to the last `width` values, followed from the last known year on.",
    )
    check.close(
        line_forecast(3.0 * np.arange(9.0), 4, 5),
        [27, 30, 33, 36],
        "On a straight line the forecast is its prolongation, exactly.",
    )
    check.close(
        drift_forecast(values[:7], 2),
        values[6] + (values[6] - values[0]) / 6 * np.arange(1, 3),
        "`drift_forecast` must work for any length and horizon.",
    )
    told = {
        year: (drift_forecast(anomaly[years <= year], 27), line_forecast(anomaly[years <= year], 27, 30))
        for year in (1943, 1996)
    }
    for year, (drift, line) in told.items():
        truth = anomaly[(years > year) & (years <= year + 27)]
        print(
            f"from {year}: drift is off by {np.abs(drift - truth).mean():.2f} °C, the line by {np.abs(line - truth).mean():.2f} °C"
        )

# %% [markdown] tags=["solution"]
# **Discussion.** The drift hangs on two single years, the first and the last. Both may have been odd. The line looks at `width` years and forgets the rest, so its answer hangs on `width`: 30 years is a custom, no law. The two printed lines show why one origin proves nothing: choose the right year, and either wins.

# %% [markdown]
# ## Exercise 3 · Milestone 3: Dickey and Fuller by hand
#
# Difficulty ●●●○○ · Importance ●●●○○ · 20 minutes
#
# What does a unit-root test compute? The plain Dickey–Fuller test (no additional lags) is one regression; compute it yourself with NumPy, without `adfuller`. It explains the *change* by the *level before it*:
#
# $$ y_t - y_{t-1} = a + b\,t + \gamma\, y_{t-1} + \varepsilon_t $$
#
# With a unit root the level has no say: γ = 0. If the series comes back to its line, γ is below 0: above the line it falls, below it rises. The test statistic is the t-value of γ: its estimate divided by its standard error,
#
# $$ \tau = \hat\gamma \,/\, \sqrt{s^2\,(X^\top X)^{-1}_{\gamma\gamma}}, \qquad s^2 = \frac{\sum \hat\varepsilon_t^2}{T - 3} $$
#
# where $X$ has the three columns 1, $t$, $y_{t-1}$ and $T$ rows, one per change. (What is special is only the table it is compared with: under a unit root τ is *not* t-distributed. About −3.4 is the 5 % mark.)
#
# <details><summary>Hint 1</summary>
#
# From n values you get T = n − 1 rows: `np.diff(values)` to be explained, `values[:-1]` as the level before. How you count t (from 0 or 1) does not matter. The divisor of s² is the number of rows minus the three weights.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `X = np.column_stack([np.ones(T), np.arange(T), values[:-1]])`, `weights = np.linalg.lstsq(X, change, rcond=None)[0]`, `rest = change - X @ weights`, `variance = rest @ rest / (T - 3) * np.linalg.inv(X.T @ X)`; then `weights[2] / np.sqrt(variance[2, 2])`.
#
# </details>


# %%
def dickey_fuller(values):
    """Test statistic of the Dickey–Fuller test around a line, without additional lags.

    Args:
        values: the series, array (n,).

    Returns:
        The t-value of the level before the change, one number; far below 0 speaks against a unit root.
    """
    ### BEGIN SOLUTION
    values = np.asarray(values, dtype=float)
    change = np.diff(values)
    table = np.column_stack([np.ones(len(change)), np.arange(len(change)), values[:-1]])
    weights = np.linalg.lstsq(table, change, rcond=None)[0]
    rest = change - table @ weights
    variance = rest @ rest / (len(change) - 3) * np.linalg.inv(table.T @ table)
    return weights[2] / np.sqrt(variance[2, 2])
    ### END SOLUTION


# %%
with check("dickey_fuller", points=2):

    def least_squares_t(columns, target, at=-1, divisor=None):
        """t-value of one column in a regression (for the check to recognise mistakes)."""
        columns = np.column_stack(columns)
        weights = np.linalg.lstsq(columns, target, rcond=None)[0]
        rest = target - columns @ weights
        spread = rest @ rest / (divisor or len(target) - columns.shape[1])
        return weights[at] / np.sqrt(spread * np.linalg.inv(columns.T @ columns)[at, at])

    def refuse(*_, **__):
        check.true(False, "`adfuller` does it for you; here build X and τ yourself.")

    adfuller_of_statsmodels, adfuller = adfuller, refuse
    try:
        dickey_fuller(np.arange(12.0) ** 2 % 7)
    finally:
        adfuller = adfuller_of_statsmodels
    del adfuller_of_statsmodels, refuse
    random = np.random.default_rng(11)
    for kind in range(3):
        noise = random.normal(size=70)
        values = (np.cumsum(noise), noise + 0.2 * np.arange(70), np.cumsum(noise * 0.5 + 0.1) + 4)[kind]
        kept, changes, before, T = values.copy(), np.diff(values), values[:-1], 69
        one, time = np.ones(T), np.arange(T)
        given = dickey_fuller(values)
        check.true(given is not None, "Your function returned None: does it end in `return`?")
        hint = "Your number sits in an array of shape (1,) or (1, 1): what `lstsq` returns as sum of squares is an array (take `[0]`), and the changes must have the shape (T,), not (T, 1)."
        check.true(np.shape(given) not in ((1,), (1, 1)), hint)
        check.true(np.ndim(given) == 0, "One number is wanted: the t-value of the level before.")
        check.true(np.array_equal(values, kept), "Your function changed the series it was given.")
        weight = np.linalg.lstsq(np.column_stack([one, time, before]), changes, rcond=None)[0]
        right = least_squares_t([one, time, before], changes)
        for wrong_one, hint in (
            (weight[2], "That is γ itself: divide it by its standard error."),
            (
                -right,
                "The sign is turned round: the change is y_t − y_{t−1}, and γ below 0 means that the series comes back.",
            ),
            (
                least_squares_t([one, before], changes),
                "The line is missing: X has three columns, 1, t and the level before.",
            ),
            (
                least_squares_t([before], changes),
                "Constant and time are missing: X has three columns, 1, t and the level before.",
            ),
            (
                least_squares_t([time, before], changes),
                "The constant is missing: X has three columns, 1, t and the level before.",
            ),
            (
                least_squares_t([one, time, values[1:]], changes),
                "You took the level *after* the change; the level before is `values[:-1]`.",
            ),
            (
                least_squares_t([one, time, before], values[1:]),
                "You explained the new *level*; the change `np.diff(values)` is to be explained. (Its weight is γ + 1, and its t-value answers another question.)",
            ),
            (
                least_squares_t([one, time, before], changes, divisor=T),
                "s² divides by T − 3: three weights were fitted.",
            ),
            (
                least_squares_t([one, time, before], changes, divisor=T - 1),
                "s² divides by T − 3: three weights were fitted, not one.",
            ),
            (
                least_squares_t([one, time, before], changes, divisor=T - 2),
                "s² divides by T − 3, and T is the number of *changes*, one less than of values. (If your T is right: three weights were fitted, the constant counts.)",
            ),
            (
                least_squares_t([one, time, before], changes, at=0),
                "That is the t-value of the constant; take that of the level before.",
            ),
            (
                least_squares_t([one, time, before], changes, at=1),
                "That is the t-value of the time; take that of the level before.",
            ),
            (right**2, "That is the t-value squared."),
            (
                right * np.sqrt(T),
                "The standard error was divided by √T once too often: (XᵀX)⁻¹ has seen to that already.",
            ),
            (right / np.sqrt(T), "The standard error was multiplied by √T: s²(XᵀX)⁻¹ needs no further factor."),
        ):
            check.true(not np.isclose(given, wrong_one, rtol=1e-6), hint)
        check.close(
            given, right, "τ = γ / √(s² (XᵀX)⁻¹) at the column of the level before; X = 1, t, y_{t−1}; s² with T − 3."
        )
    check.close(
        dickey_fuller(np.array([1.0, 3, 2, 5, 4, 6, 8, 7])),
        least_squares_t([np.ones(7), np.arange(7), [1.0, 3, 2, 5, 4, 6, 8]], np.diff([1.0, 3, 2, 5, 4, 6, 8, 7])),
        "It must work for any length.",
    )
    for first in (1880, 1970):
        print(
            f"{first}–2023: τ = {dickey_fuller(anomaly[years >= first]):.2f} (5 % mark near −3.4; further below 0: no unit root)"
        )
    lesson = adfuller(anomaly, regression="ct", autolag="AIC")
    print(
        f"The lesson's ADF takes {lesson[2]} lags for 1880–2023 and finds τ = {lesson[0]:.2f}: the verdict hangs on the lags, too."
    )

# %% [markdown] tags=["solution"]
# **Discussion.** The printed values show the trap of the *plain* test: without the additional lags of ADF it takes the quick fading of single hot years for a pull back to the line, and refutes the unit root in the whole series, too, if only by a hair; ADF with lags chosen by AIC is far from it. Three tests, three answers; the lesson's section 3 says what to do with that: carry both hypotheses to the end.

# %% [markdown]
# ## Exercise 4 · Milestone 4: rows for a network
#
# Difficulty ●●●○○ · Importance ●●●●○ · 20 minutes
#
# Turn what was known at an origin into rows for a recurrent network. Each row is a window of `width` years and the `horizon` years after it. Both are measured **from the mean of the window's own last ten values**, in multiples of `unit`. Only windows whose answers are *all* known count here.
# And you need the way back: from the network's answer to °C.
#
# <details><summary>Hint 1</summary>
#
# The last window starts at n − width − horizon. The zero of a row comes from its *inputs*, never from its answers, and it is the same for both. Way back: multiply by the unit, add the zero.
#
# </details>
# <details><summary>Hint 2</summary>
#
# With `rows = np.arange(len(values) - width - horizon + 1)[:, None]`: `inputs = values[rows + np.arange(width)]`, `answers = values[rows + width + np.arange(horizon)]`, `zero = inputs[:, -10:].mean(axis=1, keepdims=True)`. The inputs get a last axis, `[..., None]`. Back: `zero + unit * answers`.
#
# </details>


# %%
def network_rows(values, width, horizon, unit):
    """Windows for a recurrent network, each measured from the mean of its own last ten values.

    Args:
        values: what was known at the origin, array (n,), in °C.
        width: years that the network sees, at least 10.
        horizon: years that it must forecast.
        unit: °C that make 1.

    Returns:
        (inputs (rows, width, 1), answers (rows, horizon)), in units, in the order of time.
    """
    ### BEGIN SOLUTION
    values = np.asarray(values, dtype=float)
    rows = np.arange(len(values) - width - horizon + 1)[:, None]
    inputs, answers = values[rows + np.arange(width)], values[rows + width + np.arange(horizon)]
    zero = inputs[:, -10:].mean(axis=1, keepdims=True)
    return ((inputs - zero) / unit)[..., None], (answers - zero) / unit
    ### END SOLUTION


def to_degrees(answers, window, unit):
    """The way back: a network's answers for one window.

    Args:
        answers: array (horizon,), in units.
        window: the last `width` known values, array (width,), in °C.
        unit: °C that make 1.

    Returns:
        Forecast, array (horizon,), in °C.
    """
    ### BEGIN SOLUTION
    return np.mean(window[-10:]) + unit * np.asarray(answers)
    ### END SOLUTION


# %% [markdown]
# A small network for the check to try your rows on (given):


# %%
def small_network(inputs, answers):
    """A GRU of 12 units, trained for 150 steps; returns a function window rows (n, width, 1) -> answers (n, horizon)."""
    keras.utils.set_random_seed(ready.seed)
    model = keras.Sequential([keras.Input(inputs.shape[1:]), layers.GRU(12), layers.Dense(answers.shape[1])])
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="mae", jit_compile=False)
    rows = np.random.default_rng(ready.seed).integers(len(inputs), size=64 * 150)
    model.fit(inputs[rows].astype("float32"), answers[rows].astype("float32"), batch_size=64, verbose=0)
    return lambda windows: np.asarray(model.predict_on_batch(windows.astype("float32")), float)


# %%
with check("network_rows", points=2):
    random = np.random.default_rng(2)
    values = np.cumsum(random.normal(0.1, 1, 60))
    kept, width, horizon, unit = values.copy(), 20, 5, 0.2
    given = network_rows(values, width, horizon, unit)
    two = isinstance(given, (tuple, list)) and len(given) == 2
    check.true(two, "Return two arrays: inputs and answers.")
    check.true(np.array_equal(values, kept), "Your function changed the series it was given.")
    inputs, answers = (np.asarray(part, float) for part in given)
    check.true(inputs.ndim == 3, "The inputs have three axes, (rows, width, 1): the last counts the features.")
    check.true(
        len(inputs) != 35,
        "One row is missing: the window that starts at n − width − horizon still has all its answers.",
    )
    hint = "Rows with unknown answers (NaN) crept in, as in the lesson: here only windows with all their answers count."
    check.true(len(inputs) != 40, hint)
    check.true(len(inputs) != 41, "Windows without all their answers crept in: the last start is n − width − horizon.")
    check.shape(inputs, (36, 20, 1), "60 values, width 20, horizon 5: 60 − 20 − 5 + 1 = 36 rows.")
    check.shape(answers, (36, 5), "Answers: (rows, horizon).")
    windows = np.lib.stride_tricks.sliding_window_view(values, 25)
    raw, after = windows[:, :20], windows[:, 20:]
    their_zero = raw[:, -10:].mean(axis=1, keepdims=True)
    for wrong_one, hint in (
        (raw, "The inputs are still in °C from 1951–1980: subtract the window's zero and divide by the unit."),
        (raw - their_zero, "The unit is missing: divide by it."),
        (raw / unit, "The zero is missing: subtract the mean of the window's last ten values."),
        ((raw - their_zero) * unit, "You multiplied by the unit: `unit` °C make 1, so divide."),
        (
            (raw - raw[:, -1:]) / unit,
            "You measured from the last value; one hot year would shift the whole row. Take the mean of the last ten.",
        ),
        (
            (raw - raw[:, :10].mean(axis=1, keepdims=True)) / unit,
            "You took the mean of the *first* ten values: the last ten are `[-10:]`.",
        ),
        (
            (raw - raw.mean(axis=1, keepdims=True)) / unit,
            "You took the mean of the whole window: the last ten values alone.",
        ),
        ((raw - values.mean()) / unit, "One zero for all rows, from the whole series: each window has its own zero."),
        (
            (raw - windows[:, 15:].mean(axis=1, keepdims=True)) / unit,
            "The zero was taken from the answers: at the origin they are unknown.",
        ),
        ((raw - raw[:, -10:].mean()) / unit, "One zero for all rows: the mean runs along `axis=1`, one per window."),
    ):
        check.true(not np.allclose(inputs[..., 0], wrong_one), hint)
    check.true(
        not np.allclose(inputs[::-1, :, 0], (raw - their_zero) / unit), "The rows stand in reverse: oldest first."
    )
    check.close(inputs[..., 0], (raw - their_zero) / unit, "Inputs: (window − mean of its last ten values) / unit.")
    hint = "The answers need the same zero as the inputs of their row, taken from the inputs."
    own = after.mean(axis=1, keepdims=True)
    check.true(
        not any(
            np.allclose(answers, wrong_one)
            for wrong_one in (
                (after - own) / unit,
                after / unit,
                (after - after[:, :1]) / unit,
                after,
                (after - raw[:, -1:]) / unit,
            )
        ),
        hint,
    )
    check.true(
        not np.allclose(answers, after - their_zero), "The answers are measured in °C: divide them by the unit, too."
    )
    check.true(
        not np.allclose(answers, (windows[:, 19:24] - their_zero) / unit),
        "The answers begin one year early, with the window's own last value.",
    )
    check.close(
        answers, (after - their_zero) / unit, "Answers: (the `horizon` values after the window − the same zero) / unit."
    )
    other = np.lib.stride_tricks.sliding_window_view(values, 16)
    its_zero = other[:, 3:13].mean(axis=1, keepdims=True)
    hint = "With width 13, horizon 3 and unit 0.5 your rows are wrong: use the arguments; the last ten are `[-10:]`, not `[10:]`."
    for part, wanted in zip(network_rows(values, 13, 3, 0.5), (other[:, :13, None], other[:, 13:]), strict=True):
        check.shape(part, wanted.shape, hint)
        check.close(part, (wanted - its_zero.reshape(45, *[1] * (wanted.ndim - 1))) / 0.5, hint)
    back = to_degrees(answers[7], raw[7], unit)
    check.shape(back, (5,), "`to_degrees` returns one value per year ahead.")
    check.true(not np.allclose(back, answers[7] * unit), "Way back: the zero is missing.")
    check.true(not np.allclose(back, answers[7] + their_zero[7]), "Way back: multiply by the unit first.")
    check.true(
        not np.allclose(back, raw[7, -1] + unit * answers[7]),
        "Way back: add the mean of the window's last ten values, not the last one.",
    )
    for wrong_one, hint in (
        (
            answers[7] * unit + raw[7].mean(),
            "Way back: the mean of the window's *last ten* values, not of the whole window.",
        ),
        (answers[7] * unit + raw[7, :10].mean(), "Way back: the mean of the *last* ten values, `[-10:]`."),
        (answers[7] / unit + their_zero[7], "Way back: multiply by the unit, don't divide."),
        (
            (answers[7] + their_zero[7]) * unit,
            "Way back: only the answers are in units; the zero is in °C already.",
        ),
    ):
        check.true(not np.allclose(back, wrong_one), hint)
    check.close(back, after[7], "There and back again must give the answers in °C.")
    check.close(
        to_degrees(np.zeros(3), np.arange(12.0), 2.0),
        np.full(3, 6.5),
        "A network that says 0 means: as in the last ten years.",
    )
    hint = "Way back: use the argument `unit`, not a number of your own."
    check.close(to_degrees(np.ones(3), np.zeros(12), 2.0), np.full(3, 2.0), hint)
    known_1990 = anomaly[years <= 1990]
    network = small_network(*map(np.asarray, network_rows(known_1990, 30, 27, 0.2)))
    window = known_1990[-30:]
    forecast = to_degrees(network(((window - window[-10:].mean()) / 0.2)[None, :, None])[0], window, 0.2)
    print(
        f"a small GRU, from 1990, on {len(network_rows(known_1990, 30, 27, 0.2)[0])} rows: off by {np.abs(forecast - anomaly[(years > 1990) & (years <= 2017)]).mean():.2f} °C; 'as in the last ten years': {np.abs(window[-10:].mean() - anomaly[(years > 1990) & (years <= 2017)]).mean():.2f} °C"
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Where the zero lies is a modelling decision, and not a small one: with the mean of ten years as zero, an answer of 0 is a sensible forecast, so an untrained network is already as good as a baseline. With the last value as zero it inherits the noise of a single year. With one zero for all rows it sees levels, which in 2023 lie outside everything it learned from.

# %% [markdown]
# ## Exercise 5 · Milestone 5: a band that can be counted
#
# Difficulty ●●●●○ · Importance ●●●●● · 35 minutes
#
# Given are the forecasts of one model from many origins, one year apart, and what came. Make the **half-width of a 90 % band at the last origin** (from the forecast to either end of the band; German: *halbe Breite*), for every horizon, from the sizes of the errors that were *known at that origin*. The error at horizon h (1, 2, …) from the origin j is known at origin i if i ≥ j + h.
# Of m known errors take the one with rank ⌈(m + 1) · coverage⌉ in ascending order (the + 1 counts the forecast to come); if that rank is beyond m, take the largest. With no known error at all the half-width is NaN.
#
# Then **count**: the share of outcomes that lie inside forecast ± half-width. Outcomes that are NaN are not yet known and count neither as inside nor as outside. A known outcome without a band (half-width NaN) counts as outside; ends belong to the band.
#
# <details><summary>Hint 1</summary>
#
# Row number i is the last one, `len(forecasts) - 1`. At column c the horizon is c + 1. So at this column the rows j ≤ i − (c + 1) have known errors: how many are these? The last h rows drop out, *including* the last origin itself.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `sizes = np.sort(np.abs(truth - forecasts)[: max(len(forecasts) - step, 0), step - 1])` for step = 1 … horizon (without the `max` a negative end would count from the back); `rank = int(np.ceil((len(sizes) + 1) * coverage))`; `sizes[min(rank, len(sizes)) - 1]`, or NaN if `sizes` is empty. For the count: `known = np.isfinite(truth)`, then the mean of `np.abs(truth - forecast) <= half_width` over `known`.
#
# </details>


# %%
def half_widths(forecasts, truth, coverage=0.9):
    """Half-width of the band at the last origin, from errors known there.

    Args:
        forecasts: array (origins, horizon) in °C; row j + 1 was made one year after row j.
        truth: what came, the same shape; may hold values that were not known at the last origin.
        coverage: share of outcomes that the band is meant to hold.

    Returns:
        Array (horizon,) in °C; NaN where no error was known.
    """
    ### BEGIN SOLUTION
    origins, horizon = np.shape(forecasts)
    found = np.full(horizon, np.nan)
    for step in range(1, horizon + 1):
        sizes = np.sort(np.abs(np.asarray(truth) - np.asarray(forecasts))[: max(0, origins - step), step - 1])
        rank = int(np.ceil((len(sizes) + 1) * coverage))
        if len(sizes):
            found[step - 1] = sizes[min(rank, len(sizes)) - 1]
    return found
    ### END SOLUTION


def share_inside(forecast, half_width, truth):
    """Share (0 to 1) of known outcomes inside forecast ± half-width: three arrays of one shape, with one axis or two.

    NaN in `truth` is an unknown outcome and does not count; a known outcome whose half-width is NaN counts as outside.
    """
    ### BEGIN SOLUTION
    known = np.isfinite(truth)
    inside = np.abs(np.asarray(truth) - np.asarray(forecast)) <= half_width
    return float(inside[known].mean())
    ### END SOLUTION


# %%
with check("half_widths", points=2):
    random = np.random.default_rng(4)
    horizon, rows = 6, 60
    forecasts = random.normal(0, 1, (rows, horizon))
    made_errors = random.normal(0.4, 1, (rows, horizon)) * np.arange(1, 7)
    made_errors[-6:] += 20  # the last years were bad: whoever peeks at them shall be seen
    truth = forecasts + made_errors
    kept = forecasts.copy(), truth.copy()
    given = half_widths(forecasts, truth)
    check.true(given is not None, "`half_widths` returned None: does it end in `return`?")
    check.shape(given, (6,), "One half-width per horizon, (horizon,).")
    unchanged = all(map(np.array_equal, kept, (forecasts, truth)))
    check.true(unchanged, "Your function changed an array it was given.")
    given, all_sizes = np.asarray(given, float), np.abs(made_errors)

    def by_rank(drop, rank_of, size=all_sizes):
        """Half-widths with `drop(step)` rows left out at the end and the rank as a function of m (for the check)."""
        parts = [np.sort(size[: rows - drop(step), step - 1]) for step in range(1, horizon + 1)]
        return np.array([part[min(max(rank_of(len(part)), 1), len(part)) - 1] for part in parts])

    right = by_rank(lambda h: h, lambda m: int(np.ceil((m + 1) * 0.9)))
    other = truth.copy()
    for step in range(1, horizon + 1):
        other[rows - step :, step - 1] = 1e6  # nobody knew these outcomes at the last origin
    spoiled = np.asarray(half_widths(forecasts, other), float)
    for wrong_one, hint in (
        (
            by_rank(lambda h: 0, lambda m: int(np.ceil((m + 1) * 0.9))),
            "You peeked: the errors of *all* rows were used, but at horizon h the last h origins have no outcome yet.",
        ),
        (
            by_rank(lambda h: 1, lambda m: int(np.ceil((m + 1) * 0.9))),
            "You peeked: only the last origin was left out; at horizon h the last h origins have no outcome yet.",
        ),
        (
            by_rank(lambda h: h - 1, lambda m: int(np.ceil((m + 1) * 0.9))),
            "You peeked by one year: at horizon h, row j is known at row i if i ≥ j + h, so h rows drop out at the end, not h − 1.",
        ),
        (
            by_rank(lambda h: h + 1, lambda m: int(np.ceil((m + 1) * 0.9))),
            "One known error too few: the outcome of row i − h is known at row i.",
        ),
        (
            by_rank(lambda h: horizon, lambda m: int(np.ceil((m + 1) * 0.9))),
            "You left out as many rows at every horizon as at the longest: at horizon 1 all but the last row are known.",
        ),
        (
            by_rank(lambda h: h, lambda m: int(np.ceil(m * 0.9))),
            "The rank is ⌈(m + 1) · coverage⌉: the + 1 counts the forecast to come, and the rank is rounded *up*.",
        ),
        (by_rank(lambda h: h, lambda m: int(np.floor((m + 1) * 0.9))), "Round the rank *up*: ⌈(m + 1) · coverage⌉."),
        (by_rank(lambda h: h, lambda m: m), "That is the largest known error; take the one with rank ⌈(m + 1) · 0.9⌉."),
        (
            by_rank(lambda h: h, lambda m: int(np.ceil((m + 1) * 0.95))),
            "The *size* of the error is without sign, so nothing is halved: rank ⌈(m + 1) · 0.9⌉, not 0.95.",
        ),
        (
            by_rank(lambda h: h, lambda m: int(np.ceil((m + 1) * 0.9)) + 1),
            "Off by one: rank 1 is the smallest error, at index 0.",
        ),
        (
            by_rank(lambda h: h, lambda m: m + 1 - int(np.ceil((m + 1) * 0.9))),
            "You counted from the largest error: rank 1 is the *smallest*.",
        ),
        (
            np.array([all_sizes[int(np.ceil((rows - h + 1) * 0.9)) - 1, h - 1] for h in range(1, 7)]),
            "The errors aren't sorted: rank means the place in ascending order, `np.sort`.",
        ),
    ):
        check.true(not np.allclose(given, wrong_one) or np.allclose(right, wrong_one), hint)
    hint = "The band changed when outcomes changed that nobody knew at the last origin: leave out the last h rows at horizon h."
    check.true(np.allclose(given, spoiled), hint)
    signed = by_rank(lambda h: h, lambda m: int(np.ceil((m + 1) * 0.9)), size=made_errors)
    check.true(
        not np.allclose(given, signed), "The errors still have their sign: a size is `np.abs(truth - forecasts)`."
    )
    check.true(not np.allclose(given, 2 * right), "That is the width of the whole band; the half-width is asked for.")
    by_quantile = [np.quantile(all_sizes[: rows - h, h - 1], 0.9) for h in range(1, 7)]
    hint = "`np.quantile` interpolates between two errors and forgets the + 1: take the known error with the rank ⌈(m + 1) · coverage⌉."
    check.true(not np.allclose(given, by_quantile), hint)
    bell = np.array([1.645 * made_errors[: rows - h, h - 1].std() for h in range(1, 7)])
    check.true(not np.allclose(given, bell, rtol=0.02), "You assumed a bell curve: take a known error by its rank.")
    check.true(np.ptp(given) > 1e-9, "The same width at every horizon: each horizon has its own errors.")
    check.close(
        given,
        right,
        "Half-width: of the m errors known at this horizon the one with rank ⌈(m + 1) · coverage⌉, at most m.",
    )
    try:
        given = np.asarray(half_widths(forecasts[:4], truth[:4]), float)
    except IndexError:
        hint = "With few errors the rank is beyond m: take the largest known; with none the half-width is NaN."
        check.true(False, hint)
    hint = "Horizon 4 is right, 5 and 6 are not: with 4 rows the end `n - h` becomes negative there, and `[:-1]` counts from the back. Take `max(n - h, 0)`."
    check.shape(given, (6,), "Four rows: still one half-width per horizon, NaN where no error is known.")
    check.true(not (np.isnan(given[3]) and not np.isnan(given[4:]).all()), hint)
    check.true(
        np.isnan(given[3:]).all(),
        "With no known error the half-width is NaN: 4 origins have none at horizon 4 and beyond.",
    )
    check.close(
        given[:3],
        [all_sizes[:3, 0].max(), all_sizes[:2, 1].max(), all_sizes[0, 2]],
        "With few errors the rank is beyond m: take the largest known.",
    )
    given = half_widths(forecasts, truth, coverage=0.5)
    check.close(
        given,
        by_rank(lambda h: h, lambda m: int(np.ceil((m + 1) * 0.5))),
        "With `coverage` 0.5 the rank is wrong. Is 0.9 written somewhere in place of the argument `coverage`? If not, take the error by its whole-number rank, index `int(np.ceil((m + 1) * coverage)) - 1`: `round`, or a quantile at k / m, may miss it.",
    )
    came = np.array([[2.0, -2, 3, 2], [5, np.nan, np.nan, 2], [-3, -2, np.nan, 0]])
    middle = np.array([[9.0, 8, 7, 6], [5, 9, 8, 7], [6, 5, 9, 8]])
    half = np.array([[3.0, 2, 2, 2], [2, 2, 2, 2], [2, 2, 2, 2]])
    count = share_inside(middle, half, middle + came)
    check.true(count is not None and np.ndim(count) == 0, "`share_inside` returns one number.")
    check.true(not np.isnan(count), "The count is NaN: outcomes that are not yet known must not enter the mean.")
    for wrong_ones, hint in (
        (
            (6 / 12, 9 / 12),
            "Unknown outcomes count neither as inside nor as outside: leave them out of the divisor, too.",
        ),
        (
            (23 / 36, 7 / 12),
            "You averaged the shares of rows or columns, which have different numbers of known outcomes: count all known outcomes together.",
        ),
        ((2 / 9,), "The ends belong to the band: `<=`."),
        ((3 / 9,), "That is the share outside."),
        ((1 / 9,), "`half_width` is half of the band already: don't halve it again."),
        (
            (7 / 9, 8 / 9),
            "The band has two ends: 3, 5 and −3 from the forecast all lie outside of ± 2, and each outcome has its own half-width.",
        ),
    ):
        check.true(not any(np.isclose(count, wrong_one) for wrong_one in wrong_ones), hint)
    check.close(
        count,
        6 / 9,
        "Six of the nine known outcomes lie inside forecast ± half-width, each with its own forecast and its own half-width.",
    )
    hint = "A known outcome without a band (half-width NaN) counts as outside; only unknown outcomes are left out."
    check.close(share_inside(np.zeros(4), np.array([1.0, np.nan, 1, 1]), np.array([0.5, 0, np.nan, 3])), 1 / 3, hint)
    line = [np.polyfit(np.arange(-29, 1), anomaly[o - 30 : o], 1) for o in range(51, 118)]
    paths = np.array([level + slope * np.arange(1, 28) for slope, level in line])
    came = np.array([anomaly[o : o + 27] for o in range(51, 118)])
    bands = np.array([half_widths(paths[: i + 1], came[: i + 1]) for i in range(40, 67)])
    print(
        f"line through 30 years, origins 1970 to 1996: the 90 % band holds {share_inside(paths[40:], bands, came[40:]):.0%}"
    )
    print(
        "at 1, 10 and 27 years:", [f"{share_inside(paths[40:, h], bands[:, h], came[40:, h]):.0%}" for h in (0, 9, 26)]
    )

# %% [markdown] tags=["solution"]
# **Discussion.** The check changes only outcomes that nobody could know at the last origin. If your band moves, it peeked. That test works on any pipeline, as on day 11. The rank with + 1 is what makes the promise exact: if the error to come is like the m known ones, it is equally likely to take any of the m + 1 places among them. "Like the known ones" is the assumption; when the trend changes, it fails.

# %% [markdown]
# ## Exercise 6 · Milestone 6 (stretch): in which year is 1.5 °C crossed?
#
# Difficulty ●●●●● · Importance ●●●●○ · 40 minutes
#
# The [Paris Agreement](https://unfccc.int/process-and-meetings/the-paris-agreement) of 2015 speaks of 1.5 °C above pre-industrial times and doesn't mean a single year. The IPCC reads it as a mean over twenty years and gives a crossing the year in the middle of them ([chapter 4 of the report of 2021](https://www.ipcc.ch/report/ar6/wg1/chapter/chapter-4/)). Given are many possible futures (`paths`), each a row of yearly values with the measured past at its beginning. For each path find the year in which its `width`-year mean first reaches the threshold. (Sums of floating-point numbers may miss it by a hair, so count a mean of at least `threshold - 1e-9`.)
#
# The mean belongs to the **middle** of its window: for `width` 20 the mean of the years 2014 to 2033 counts for 2023.5; round that *up*, to 2024. For `width` 5 the mean of 2021 to 2025 counts for 2023. A path that never gets there gives NaN. Then summarise: the **share** of paths that cross by a given year, and the **median** year, where "never" counts as later than any year.
#
# <details><summary>Hint 1</summary>
#
# A running mean of a row: `np.convolve(row, np.ones(width) / width, mode="valid")` has n − width + 1 values. The first of them covers the columns 0 to width − 1, the years `first_year` to `first_year + width - 1`; its middle, rounded up, is `first_year + width // 2`. (Try it with 5 and 20.) Beware: `argmax` of an array without any True is 0.
#
# </details>
# <details><summary>Hint 2</summary>
#
# For a row: `means = np.convolve(...)`, `reached = np.flatnonzero(means >= threshold - 1e-9)` (sums of floating-point numbers may miss the threshold by a hair), year `first_year + reached[0] + width // 2`, or NaN if `reached` is empty. Share: `np.mean(crossed <= by)`; NaN compares as False. Median: replace NaN by `np.inf`, take `np.median`, and return NaN if it is infinite.
#
# </details>


# %%
def crossing_years(first_year, paths, threshold, width=20):
    """The year in which the running mean of each path first reaches the threshold.

    Args:
        first_year: year of the first column.
        paths: array (paths, years) in °C. threshold: in °C, from the same zero.
        width: years of the running mean, which counts for the middle of its window, rounded up.

    Returns:
        Array (paths,) of years as floats; NaN for a path that never gets there.
    """
    ### BEGIN SOLUTION
    found = np.full(len(paths), np.nan)
    for number, path in enumerate(np.asarray(paths, dtype=float)):
        means = np.convolve(path, np.ones(width) / width, mode="valid")
        reached = np.flatnonzero(means >= threshold - 1e-9)
        if len(reached):
            found[number] = first_year + reached[0] + width // 2
    return found
    ### END SOLUTION


def summarise(crossed, by):
    """How many paths have crossed by a year, and the median year.

    Args:
        crossed: years, array (paths,), NaN: never. by: a year.

    Returns:
        (share of all paths that crossed in `by` or earlier, median year; NaN if the path in the middle never crosses, or, for an
        even number of paths, one of the two in the middle).
    """
    ### BEGIN SOLUTION
    crossed = np.asarray(crossed, dtype=float)
    median = np.median(np.where(np.isnan(crossed), np.inf, crossed))
    return float(np.mean(crossed <= by)), float(median if np.isfinite(median) else np.nan)
    ### END SOLUTION


# %% [markdown]
# Futures for the check to try it on (given): the line through the last 30 years, with yearly errors that have the memory of the real ones, and a slope drawn from its own uncertainty. (So the spread of the paths holds the noise and the slope's own doubt, not that the trend itself may change.)


# %%
def possible_futures(count, last_year=2100, width=30):
    """Paths from 1880 to `last_year`, in °C above 1850–1900: the measured past, then line + noise. Array (count, years)."""
    random = np.random.default_rng(ready.seed)
    time = np.arange(-width + 1, 1)
    slope, level = np.polyfit(time, anomaly[-width:], 1)
    rest = anomaly[-width:] - level - slope * time
    memory, spread = np.corrcoef(rest[1:], rest[:-1])[0, 1], rest.std(ddof=2)
    doubt = spread / np.sqrt(((time - time.mean()) ** 2).sum()) * np.sqrt((1 + memory) / (1 - memory))  # of the slope
    slopes = random.normal(slope, doubt, count)
    noise, ahead = np.zeros((count, last_year - 2023)), np.arange(1, last_year - 2022)
    noise[:, 0] = memory * rest[-1] + np.sqrt(1 - memory**2) * random.normal(0, spread, count)
    for year in range(1, noise.shape[1]):
        noise[:, year] = memory * noise[:, year - 1] + np.sqrt(1 - memory**2) * random.normal(0, spread, count)
    offset = (
        1.09 - anomaly[(years >= 2011) & (years <= 2020)].mean()
    )  # IPCC 2021: 2011–2020 was 1.09 °C above 1850–1900
    future = level + slopes[:, None] * ahead + noise
    return np.column_stack([np.repeat(anomaly[None], count, axis=0), future]) + offset


# %%
with check("crossing_years", points=3):
    ramp = np.arange(30) / 10  # reaches 1.0 in its 11th year
    paths = np.stack([ramp, ramp - 1, np.zeros(30), np.where(np.arange(30) == 6, 9.0, 0.0)])
    given = crossing_years(2000, paths, 1.0, width=5)
    check.true(given is not None, "`crossing_years` returned None: does it end in `return`?")
    check.shape(given, (4,), "One year per path, (paths,).")
    given = np.asarray(given, float)
    check.true(
        not np.isclose(given[0], 12),
        "Your year belongs to the *end* of its window, and the first year is missing: 2000 + place + width // 2.",
    )
    check.true(not np.isclose(given[0], 10), "That is the place in the series: add the first year.")
    check.true(
        not np.isclose(given[0], 2012),
        "Your mean counts for the *last* year of its window: it belongs to the middle, two years earlier for width 5.",
    )
    check.true(
        not np.isclose(given[0], 2008), "Your mean counts for the *first* year of its window: it belongs to the middle."
    )
    hint = "Your window is longer than `width` = 5: use the argument, not 20."
    check.true(not (np.isclose(given[0], 2011) and np.isnan(given[3])), hint)
    check.true(
        not np.isclose(given[0], 2011),
        "One year late. Does a mean that *equals* the threshold count? It does: the threshold is reached.",
    )
    check.true(
        not np.isclose(given[0], 2009),
        "One year early: for width 5 the middle is `width // 2` = 2 years after the window's first.",
    )
    hint = "That is the *last* window above the threshold: stop at the first (`break`)."
    check.true(not np.isclose(given[0], 2027), hint)
    check.close(given[0], 2010, "A ramp of 0.1 °C a year from 0 in 2000: its five-year mean reaches 1.0 in 2010.")
    check.close(given[1], 2020, "The same ramp, 1 °C lower, gets there ten years later.")
    check.true(
        np.isnan(given[2]),
        "A path that never reaches the threshold gives NaN (`argmax` of nothing but False is 0, which looks like the first year).",
    )
    hint = "One year of 9 °C lifts the five-year mean to 1.8: the first window that holds it has its middle in 2004. (The year itself is 2006: don't look at single years. And a crossing counts even if the mean falls again.)"
    check.close(given[3], 2004, hint)
    dip = np.array([[0.0, 2, 2, 2, 0, 0, 0, 0, 2, 2, 2, 2]])
    check.close(
        crossing_years(1990, dip, 1.9, width=3),
        [1992],
        "The *first* crossing counts, though the path falls below again.",
    )
    check.close(crossing_years(1990, dip, 1.5, width=1), [1991], "`width` 1 is the year itself.")
    last = np.repeat([[0.0, 2.0]], 5, axis=1)
    hint = "The window that ends with the last year counts, too: a path of n years has n − width + 1 windows."
    check.close(crossing_years(1990, last, 1.9, width=5), [1997], hint)
    edge = np.repeat([[0.1, 0.9]], 20, axis=1)
    check.close(
        crossing_years(2014, edge, 0.9, width=20),
        [2044],
        "0.1 until 2033, 0.9 from 2034 on: the first window of 20 years with the mean 0.9 begins in 2034, and its middle, rounded up, is 2044. (A sum of floating-point numbers may miss 0.9 by a hair: allow for 1e-9.)",
    )
    flat = np.full((1, 40), 1.2)
    check.close(
        crossing_years(2014, flat, 1.2, width=20),
        [2024],
        "For width 20 the middle of 2014 to 2033 is 2023.5, rounded *up*: 2024. (And 1.2 reaches 1.2, even if a sum of floating-point numbers misses it by a hair.)",
    )
    hint = "A mean that misses the threshold by less than 1e-9 counts as reaching it: `>= threshold - 1e-9`."
    check.close(crossing_years(2014, flat - 1e-10, 1.2, width=20), [2024], hint)
    check.close(
        crossing_years(2014, np.full((1, 10), 9.0), 1.0, width=10),
        [2019],
        'A window as long as the path is one full window (with `mode="same"` windows hang over the ends); the middle of 2014 to 2023 is 2018.5, rounded *up*: 2019. Python\'s `round` goes to the even number.',
    )
    random = np.random.default_rng(6)
    many = np.cumsum(random.normal(0.02, 0.1, (200, 90)), axis=1)
    wanted = np.full(200, np.nan)
    for number, path in enumerate(many):
        for place in range(90 - 11):
            if path[place : place + 12].mean() >= 0.7:
                wanted[number] = 1900 + place + 6
                break
    given = np.asarray(crossing_years(1900, many, 0.7, width=12), float)
    check.true(
        np.array_equal(np.isnan(given), np.isnan(wanted)),
        "Some path is said to cross that doesn't, or the other way round: only windows of full `width` count.",
    )
    check.close(
        np.nan_to_num(given),
        np.nan_to_num(wanted),
        "On 200 random paths: first full window whose mean reaches the threshold, middle rounded up.",
    )
    crossed = np.array([2030.0, 2040, np.nan, 2035, np.nan, np.nan, 2050, 2031])
    kept = crossed.copy()
    told = summarise(crossed, 2035)
    hint = (
        "Your function changed the array it was given: work on a copy, `np.where(np.isnan(crossed), np.inf, crossed)`."
    )
    check.true(np.array_equal(crossed, kept, equal_nan=True), hint)
    two = isinstance(told, (tuple, list, np.ndarray)) and len(told) == 2
    check.true(two, "`summarise` returns two numbers: share and median.")
    share, median = told
    check.true(
        not np.isclose(share, 3 / 5), "The share is one of *all* paths: those that never cross belong into the divisor."
    )
    check.true(not np.isclose(share, 2 / 8), "A path that crosses in the year `by` itself has crossed by then: `<=`.")
    hint = "“Never” became the year 0 and counts as crossed: put infinity in place of NaN."
    check.true(not np.isclose(share, 6 / 8), hint)
    check.close(share, 3 / 8, "Three of eight paths cross by 2035.")
    check.true(
        not np.isnan(median),
        "The median is NaN: put infinity in place of NaN first, since “never” is later than any year.",
    )
    check.true(
        not np.isclose(median, 2035),
        "You took the median of those paths that cross; “never” counts as later than any year.",
    )
    check.close(median, 2045, "Median of eight: between the 4th (2040) and the 5th (2050).")
    check.true(
        np.isnan(summarise(np.array([2030.0, np.nan, np.nan]), 2040)[1]),
        "If the path in the middle never crosses, the median is NaN: neither infinity nor a late year in its place.",
    )
    hint = "Half of the paths never cross: one of the two in the middle is “never”, so the median is NaN. A large year in place of “never” (9999) gets averaged into it: take `np.inf`."
    check.true(np.isnan(summarise(np.array([2030.0, 2040, np.nan, np.nan]), 2040)[1]), hint)
    futures = possible_futures(2000)
    crossed = np.asarray(crossing_years(1880, futures, 1.5), float)
    share, median = summarise(crossed, 2035)
    print(
        f"if the trend of the last 30 years goes on: {share:.0%} of 2,000 paths cross 1.5 °C (20-year mean) by 2035; median {median:.0f}"
    )
    figure, axes = plt.subplots(figsize=(8.5, 3.8))
    axes.hist(crossed[np.isfinite(crossed)], bins=np.arange(2024.5, 2051), color=plots.COLOURS[0])
    axes.axvline(median, color="black", linestyle="--")
    axes.set(
        xlabel="year in which the 20-year mean reaches 1.5 °C", ylabel="paths (of 2,000)", title="If the trend goes on"
    )
    plots.show(
        figure,
        alt=f"Histogram of the crossing years of 2,000 simulated paths, dashed line at the median {median:.0f}; {share:.0%} cross by 2035.",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Read the printed line with its first word: *if*. (The IPCC, with models of the climate, had its central estimates in the early 2030s for all scenarios but the one with the highest emissions, where it is earlier; [chapter 4, 2021](https://www.ipcc.ch/report/ar6/wg1/chapter/chapter-4/).) The paths know of one trend, with the doubt of a line fitted to noise with memory, and of nothing else: no change of emissions, no volcano, no acceleration. The narrow histogram is therefore narrow for the same reason as ARIMA's interval in the lesson: the width was computed as if the model were certainly true.
#
# **Well done: that was the project.** What is left is the presentation, one picture and five sentences, and the courage to put the assumption into the title.
