# %% [markdown]
# # Day 11 · Recurrent networks and time series
#
# **Today you forecast three real series, write a recurrent network by hand, prove it equal to Keras', and put every model, the humblest first, into one honest table.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **cut** a series into windows without letting the future leak into the past;
# - **measure** a forecast so that errors in ppm, sunspots and gigawatts can be compared (MASE, several forecast origins);
# - **write** a recurrent layer and backpropagation through time in NumPy;
# - **read** unit-root tests, which answer opposite questions, without falling into their trap;
# - **decide** from a plot up to which horizon a model is worth more than copying last season.
#
# **Time:** 100 to 120 minutes of reading and trying; the code runs in about a minute and a half on two CPU cores, and no faster on a GPU: the networks are
# small, and a recurrent layer computes step after step. Cells that begin with `# Drawing` are folded and hold no new idea.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | time series | Zeitreihe | recurrent network | rekurrentes Netz |
# | (moving) window | (gleitendes) Fenster | hidden state | verborgener Zustand |
# | forecast, forecast origin | Prognose, Prognosezeitpunkt | backpropagation through time | Fehlerrückführung durch die Zeit |
# | horizon | Prognosehorizont | to unroll | abrollen, auffalten |
# | trend, season | Trend, Saison | stationary | stationär |
# | lag | Zeitverzögerung, Lag | unit root | Einheitswurzel |
# | exponential smoothing | exponentielle Glättung | null hypothesis | Nullhypothese |
# | leak | Datenleck | random walk | Irrfahrt |
#
# </details>

# %% tags=["setup"]
from utils import data, plots, runtime
from utils.expect import expect, expect_learned, expect_varied

import warnings

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras import layers, ops
from matplotlib.dates import DateFormatter
from matplotlib.patches import FancyArrowPatch
from sklearn.neighbors import KNeighborsRegressor
from statsmodels.tsa.ar_model import AutoReg, ar_select_order
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.seasonal import STL
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.stattools import acf, adfuller, kpss

ready = runtime.setup(seed=1, precision="float32", needs=("arch",))
from arch.unitroot import PhillipsPerron

# %% [markdown]
# ## 1 · See it: three series
#
# A **time series** is a list of measurements in the order of time. The order is what is new today: on all days before, you could shuffle the rows of a table and lose
# nothing. Our three come from very different corners:
#
# - **CO2**: carbon dioxide in the air at Mauna Loa, Hawaii, measured weekly; we take monthly means. Trend and season.
# - **Sunspots**: the monthly sunspot number since 1749. A cycle of about eleven years that keeps no calendar.
# - **Electricity**: demand of the state of Victoria, Australia, in 2014, half-hourly; today we take hourly means. Day, week, weather.
#
# Five months of CO2 have no value; a straight line closes those gaps. (That is a small look ahead, from the month after the gap. It is harmless here because all five lie
# before 1965, far inside the training part. In the test part it would be a leak.)

# %%
weekly = data.load("co2")
co2 = weekly.set_index(pd.to_datetime(weekly["date"]))["co2_ppm"].resample("MS").mean()
print("months without CO2:", [f"{month:%Y-%m}" for month in co2.index[co2.isna()]])
sunspots = data.load("sunspots")
half_hourly = data.load("electricity")
hours = pd.to_datetime(half_hourly["date"])[::2]

series = {
    "CO2": co2.interpolate().to_numpy(),
    "sunspots": sunspots["sunspot_number"].to_numpy(),
    "electricity": half_hourly["demand_gw"].to_numpy().reshape(-1, 2).mean(axis=1),
}
times = {"CO2": co2.index, "sunspots": pd.to_datetime(sunspots["date"]), "electricity": hours}
unit_of = {"CO2": "ppm", "sunspots": "sunspot number", "electricity": "GW"}
steps = {"CO2": "months", "sunspots": "months", "electricity": "hours"}
split = {"CO2": 360, "sunspots": 180 * 12, "electricity": 273 * 24}  # the first index of the test part

# %%
# Drawing: the three series with their split; for electricity three weeks around it, else nothing could be seen.
figure, panels = plt.subplots(3, 1, figsize=(9.5, 7.2))
for axes, (name, values) in zip(panels, series.items(), strict=True):
    shown = slice(split[name] - 252, split[name] + 252) if name == "electricity" else slice(None)
    date, numbers = np.asarray(times[name])[shown], values[shown]
    axes.plot(date, numbers, linewidth=1, color=plots.COLOURS[0])
    axes.xaxis.set_major_formatter(DateFormatter("%d %b" if name == "electricity" else "%Y"))
    axes.axvspan(np.asarray(times[name])[split[name]], date[-1], color="0.88", zorder=0)
    axes.set(ylabel=unit_of[name], title=f"{name}: {len(values):,} {steps[name]}, from {split[name]:,} on for testing")
figure.supxlabel("date (grey: the test part, on which no model is fitted)", fontsize=10.5)
plots.show(
    figure,
    alt=f"Three series over time, test part shaded. CO2 rises from {series['CO2'][0]:.0f} to {series['CO2'][-1]:.0f} ppm in yearly waves."
    f" Sunspots swing between 0 and {series['sunspots'].max():.0f} in waves of unequal height and length. Electricity, three weeks of it,"
    " shows a wave a day and lower weekends.",
)

# %% [markdown]
# The split is by *time*: everything before it is for learning, everything after it for testing, and nothing is shuffled. Why so strict? We will break the rule in section 3 and see.
#
# ### How long is a season?
#
# Ask the series itself. The **autocorrelation** at lag $k$ is the correlation of the series with itself $k$ steps earlier. A season shows as a peak at its length. We look at the
# training part only, and take out CO2's trend by subtracting each month's predecessor.

# %%
season = {"CO2": 12, "sunspots": 132, "electricity": 168}  # a year, eleven years, a week
figure, panels = plt.subplots(1, 3, figsize=(10.5, 3.3), sharey=True)
correlation = {}
for axes, (name, values) in zip(panels, series.items(), strict=True):
    train = values[: split[name]]
    lags = {"CO2": 40, "sunspots": 300, "electricity": 400}[name]
    correlation[name] = acf(np.diff(train) if name == "CO2" else train, nlags=lags)
    axes.vlines(np.arange(lags + 1), 0, correlation[name], linewidth=1, color=plots.COLOURS[0])
    axes.axvline(season[name], color="black", linestyle="--", linewidth=1)
    axes.set(xlabel=f"lag ({steps[name]})", title=f"{name}: {season[name]}")
panels[0].set_ylabel("autocorrelation")
plots.show(
    figure,
    alt="Autocorrelation of the three series, the chosen season dashed. "
    + "; ".join(f"{name} at lag {season[name]}: {values[season[name]]:.2f}" for name, values in correlation.items())
    + ". CO2's differences and electricity have sharp peaks there, sunspots only a broad low hill.",
)
hill = 60 + correlation["sunspots"][60:200].argmax()
print(
    f"sunspots: the hill's top is at lag {hill}, only {correlation['sunspots'][hill]:.2f} high; we take 132 months, eleven years"
)
train = series["electricity"][: split["electricity"]]
day, week = (np.abs(train[168:] - train[168 - m : len(train) - m]).mean() for m in (24, 168))
print(f"electricity: copying yesterday is off by {day:.2f} GW on average, copying last week by {week:.2f} GW")

# %% [markdown]
# Two calendars and a hill. Sunspots have a *cycle*, not a season: its length wanders, so that after two or three rounds nobody can say which month is the summit. Keep that in mind for
# the table at the end. Electricity has a season within a season: the peaks of the days sink for four days and then rise again up to lag 168, a week,
# since a Sunday resembles a Sunday. By correlation yesterday is even a little more like today than last week is; but a copy of yesterday is badly wrong on Saturdays and Mondays, and for 48 hours ahead yesterday must be copied twice. Copying last week is off
# by less already for a single step (last printed line), so we take the week.
#
# ## 2 · Baselines first, and an error that can be compared
#
# A forecast has an **origin** (the moment at which you stand: everything before it is known) and a **horizon** $h$ (how many steps ahead). Two forecasts cost nothing:
#
# - **naive**: it stays as it is, $\hat y_{o-1+h} = y_{o-1}$, where $y_{o-1}$ is the last known value;
# - **seasonal naive**: it becomes as it was a season ago.
#
# They are the models to beat, and they stay in every table today. In the M4 competition of 2018, with 100,000 series, "only one" of the six pure machine-learning entries was more accurate
# than its seasonally adjusted naive benchmark ([Makridakis et al., 2018](https://doi.org/10.1016/j.ijforecast.2018.06.001)). Whoever shows a forecast without a baseline has not
# shown that there is one.
#
# One origin is one throw of the dice. We use many, spread over the test part, always 48 steps ahead. At each origin a model may look at *all* values before it, but its weights come from the training part alone.


# %%
HORIZON = 48


def naive(values, origin, length):
    """The last known value, HORIZON times."""
    return np.full(HORIZON, values[origin - 1])


def seasonal_naive(values, origin, length):
    """The last known season of `length` steps, repeated as often as needed."""
    return values[origin - length : origin][np.arange(HORIZON) % length]


stride = {
    "CO2": 5,
    "sunspots": 5,
    "electricity": 17,
}  # no factor in common with a season: every month, every hour gets its turn
origins = {n: np.arange(split[n], len(series[n]) - HORIZON + 1, stride[n]) for n in series}
truth = {n: np.array([series[n][o : o + HORIZON] for o in origins[n]]) for n in series}
forecasts = {n: {} for n in series}  # series -> model -> array (seeds or 1, origins, HORIZON)
for n, values in series.items():
    for label, model in (("naive", naive), ("seasonal naive", seasonal_naive)):
        forecasts[n][label] = np.array([[model(values, o, season[n]) for o in origins[n]]])
    error = np.abs(forecasts[n]["seasonal naive"] - truth[n]).mean()
    print(f"{n:<12} {len(origins[n])} origins; seasonal naive is off by {error:.3g} {unit_of[n]} on average")

# %% [markdown]
# Which of these three is the best forecast? The question has no answer: parts per million, spots and gigawatts can't be compared. Percentages don't help either: CO2 sits on a base
# of more than 300 ppm, so that every forecast of it is "99 % right", and some months have no sunspot at all: nobody can divide by 0.
#
# Rob Hyndman and Anne Koehler proposed to take the series' *own difficulty* as the unit ([2006](https://doi.org/10.1016/j.ijforecast.2006.03.001)), the **mean absolute scaled error**:
#
# $$ \text{MASE} = \frac{\text{mean of } |y_t - \hat y_t| \text{ over the forecast}}{\text{mean of } |y_t - y_{t-m}| \text{ over the training part}} $$
#
# The divisor is the error that the seasonal naive forecast with season $m$ makes on the *training* data, one season ahead. It has the unit of the series, so the unit cancels; multiply the series by a thousand, and MASE
# stays. The divisor is never 0 unless the series repeats itself exactly. And it says something: below 1 means better than copying last season *used to be*. That is not the same as beating it on the *test* part, where copying may have
# become easier or harder. So seasonal naive gets its own row.
#
# (For series without a season the authors take $m = 1$. We use $m = 132$ for the sunspots so that all three series have the same yardstick.)


# %%
def mase_scale(train, length):
    """Mean absolute error of the seasonal naive forecast inside the training part."""
    return np.abs(train[length:] - train[:-length]).mean()


scale = {n: mase_scale(values[: split[n]], season[n]) for n, values in series.items()}


def mase(n, label):
    """MASE of a model on a series: one number per seed (one in all, if it has no seeds)."""
    return np.abs(forecasts[n][label] - truth[n]).mean(axis=(1, 2)) / scale[n]


for n in series:
    print(
        f"{n:<12} one MASE = {scale[n]:.3f} {unit_of[n]};  ",
        {label: round(float(mase(n, label)[0]), 2) for label in forecasts[n]},
    )

# %% [markdown]
# *Now* they can be compared. Seasonal naive is bad on CO2: it repeats last year's values while the CO2 goes on rising, and 48 months are four seasons ahead, where the divisor looks one season ahead. It is hard to beat on electricity.
#
# ## 3 · Moving windows
#
# A network wants rows: inputs and targets of fixed shapes. So we lay a **window** of `width` values on the series; what it covers is the input, the `horizon` values after it are the target. Then we
# move it by one step. The shapes are:
#
# - inputs *(samples, width, 1)*: the last axis counts the **features** measured at each step. Here it is 1; with temperature beside the demand it would be 2 (day 12);
# - targets *(samples, horizon)*, or *(samples,)* if there is just one value to forecast.
#
# How many windows do $n$ points give? The last window must leave room for its target, so it begins at $n - \text{width} - \text{horizon}$, the first one at 0:
#
# $$ \text{samples} = n - \text{width} - \text{horizon} + 1 $$


# %%
def make_windows(values, width, horizon):
    """Cut a series: (n,) -> inputs (samples, width, 1) and targets (samples, horizon)."""
    samples = len(values) - width - horizon + 1
    rows = np.arange(samples)[:, None]
    return values[rows + np.arange(width)][..., None], values[rows + width + np.arange(horizon)]


small = np.arange(10.0)
inputs, targets = make_windows(small, width=4, horizon=2)
print("10 points, width 4, horizon 2:", inputs.shape, targets.shape)
for row in (0, 1, -1):
    print("  ", inputs[row, :, 0], "→", targets[row])
inputs, targets = make_windows(series["sunspots"][: split["sunspots"]], width=20, horizon=1)
print(
    f"sunspots, width 20, horizon 1: {split['sunspots']} points →",
    inputs.shape,
    "and",
    targets[:, 0].shape,
    "after dropping the last axis",
)

# %%
# Drawing: four windows over one series.
figure, axes = plt.subplots(figsize=(9.5, 3.4))
part = series["sunspots"][400:440]
axes.plot(part / part.max() * 3 + 4.4, ".-", color="0.4", linewidth=1, markersize=5)
for row in range(4):
    axes.barh(3 - row, 20, left=row - 0.5, height=0.55, color=plots.COLOURS[0], label="input: 20 values" * (row == 0))
    axes.barh(
        3 - row,
        1,
        left=row + 19.5,
        height=0.55,
        color=plots.COLOURS[1],
        edgecolor="black",
        hatch="///",
        label="target" * (row == 0),
    )
    axes.text(row + 21.2, 3 - row, f"sample {row}", va="center", size=9)
axes.axvline(29.5, color="black", linestyle="--", linewidth=1.2)
axes.text(29.8, 1.5, "split: no window may\nreach across it with its target", size=9, va="center")
axes.set(xlabel="step", yticks=[], xlim=(-1, 40), title="Windows move by one step and overlap")
axes.legend(loc="lower right", bbox_to_anchor=(1, -0.02))
plots.show(
    figure,
    alt="A piece of a series, and below it four windows of 20 input values, each followed by one target, each one step further right than the one above. A dashed line marks the split.",
)

# %% [markdown]
# Keras brings the same as `keras.utils.timeseries_dataset_from_array`. Two things in it are easy to get wrong, so we compare it with ours: `targets[i]` belongs to the window that
# *begins* at `i`, so you must shift them yourself; and it stops when the shorter of the two runs out. It gives one value per target or one row of a table of targets.

# %%
values = series["sunspots"][: split["sunspots"]]
dataset = keras.utils.timeseries_dataset_from_array(
    values[:-1].reshape(-1, 1), targets=values[20:], sequence_length=20, batch_size=512, shuffle=False
)
batches = [(np.asarray(x), np.asarray(y)) for x, y in dataset]
by_keras = np.concatenate([x for x, _ in batches]), np.concatenate([y for _, y in batches])
windows_gap = max(np.abs(by_keras[0] - inputs).max(), np.abs(by_keras[1] - targets[:, 0]).max())
print("Keras:", by_keras[0].shape, by_keras[1].shape, "largest difference from ours:", windows_gap)
wrong_targets = keras.utils.timeseries_dataset_from_array(
    values.reshape(-1, 1), targets=values, sequence_length=20, batch_size=1
)
x, y = next(iter(wrong_targets))
print(
    "without the shift the target is the window's own first value:",
    float(np.asarray(x)[0, 0, 0]),
    "=",
    float(np.asarray(y)[0]),
)

# %% [markdown]
# The last line is a leak of the plainest sort: the answer stands in the question. A network learns that perfectly, and you rejoice.
#
# ### Break it: two leaks, measured
#
# **Shuffling across the split.** Neighbouring windows share nearly all of their values. Shuffle them, put a fifth aside "for testing", and for four test windows in five the one that begins a month *later*, whose target is almost the same, lies in the
# training part. To see how much that flatters, take the model that remembers best: the nearest neighbour (look up the most similar of the training windows, here 168 months long, and copy what followed it). It
# learns no law of any kind. Both test parts have the same size.


# %%
inputs, targets = make_windows(values, width=168, horizon=HORIZON)
inputs, cut = inputs[..., 0], int(0.8 * len(inputs))
in_time = np.arange(len(inputs))
shuffled = np.random.default_rng(ready.seed).permutation(len(inputs))
leak = {}
for label, order in (("split by time", in_time), ("shuffled, then split", shuffled)):
    first = order[: cut - HORIZON] if label == "split by time" else order[:cut]  # a gap as long as the target
    model = KNeighborsRegressor(1).fit(inputs[first], targets[first])
    leak[label] = np.abs(model.predict(inputs[order[cut:]]) - targets[order[cut:]]).mean() / scale["sunspots"]
    print(f"nearest neighbour, {label:<21} MASE {leak[label]:.2f}")

# %% [markdown]
# Nothing about the model has changed, only the split, and the number in the report has shrunk to a fraction. In use, where the future is not in the training set, you get the first number. (In the split by time we also left out the windows whose
# targets reach into the test part: a gap of one horizon.)
#
# **Scaling with the future.** Networks want numbers near 1, so one scales. With which minimum and maximum?

# %%
level = series["CO2"]
known = level[: split["CO2"]]
for label, reference in (("training part", known), ("whole series", level)):
    scaled = (level - reference.min()) / (reference.max() - reference.min())
    print(
        f"scaled by the {label:<13}: training part ends at {scaled[split['CO2'] - 1]:.2f}, test part rises to {scaled.max():.2f}"
    )

# %% [markdown]
# Scaled by the whole series, the training data whisper how high the CO2 is going to rise: to 1. The honest version shows the real problem: the test values lie *outside* everything the network has seen. On day 01 you saw what
# a network does there. Our remedy for today: measure every window **from its own last value** (`last_as_zero`), so that the network sees changes instead of levels, divided by a spread computed on the training part. How much that is worth, section 8 measures.


# %%
def last_as_zero(windows, unit):
    """Windows (…, width, 1) measured from their last value, in multiples of `unit`."""
    return (windows - windows[..., -1:, :]) / unit


window = np.array([[[315.0], [316.0], [318.0]]])
print("ppm", window[0, :, 0], "→ from the last value, in units of 2 ppm:", last_as_zero(window, 2)[0, :, 0])

# %% [markdown]
# ## 4 · A recurrent network by hand
#
# A dense layer on 20 values has a weight of its own for every position, and no idea that position 7 comes before position 8. A **recurrent** layer, the core of a *recurrent neural network* (RNN), reads one value after the other with the *same* weights,
# and carries along a memory: the **hidden state** $h_t$, a vector.
#
# $$ h_t = \tanh(x_t W + h_{t-1} U + b), \qquad h_0 = 0, \qquad \hat y = h_T V + c $$
#
# $W$ (features × units) lets the new value in, $U$ (units × units) says what becomes of the memory, $b$ is a bias. After the last value, a dense layer ($V$, $c$) reads the state. Jeffrey Elman's network of
# [1990](https://doi.org/10.1207/s15516709cog1402_1) works this way, and `keras.layers.SimpleRNN` computes it.


# %%
# Drawing: helpers for boxes and arrows.
def box(x, y, text, colour):
    axes.text(
        x, y, text, ha="center", va="center", size=12, bbox={"boxstyle": "round,pad=0.45", "fc": colour, "ec": "black"}
    )


def arrow(start, end, text="", curve=0.0, shift=(0, 0.13)):
    style = {"arrowstyle": "-|>", "mutation_scale": 14, "linewidth": 1.5, "color": "black"}
    axes.add_patch(
        FancyArrowPatch(start, end, connectionstyle=f"arc3,rad={curve}", shrinkA=14, shrinkB=14, zorder=0, **style)
    )
    axes.text(
        (start[0] + end[0]) / 2 + shift[0], (start[1] + end[1]) / 2 + shift[1], text, size=11, ha="center", va="center"
    )


# %%
# Drawing: the loop and the same loop unrolled.
figure, axes = plt.subplots(figsize=(10, 3.6))


def column(x, number, last=False):
    box(x, 0, f"$x_{{{number}}}$", "white")
    box(x, 1, f"$h_{{{number}}}$", "#cfe3f1")
    arrow((x, 0), (x, 1), "$W$", shift=(0.16, 0))
    if last:
        box(x, 2, r"$\hat y$", "#fbe3b5")
        arrow((x, 1), (x, 2), "$V$", shift=(0.16, 0))


column(0, "t", last=True)
arrow((0.05, 1.08), (0.05, 0.92), curve=-7)
axes.text(0.9, 1.0, "$U$", size=11, va="center")
axes.text(1.35, 1, "=", size=18, va="center")
for place, number in zip((2.2, 3.5, 4.8, 6.1), (1, 2, 3, 4), strict=True):
    column(place, number, last=number == 4)
    if number > 1:
        arrow((place - 1.3, 1), (place, 1), "$U$")
axes.text(6.75, 1, "the same $W$, $U$, $b$ at every step:\nfour steps deep, one layer's weights", size=10, va="center")
axes.set(xlim=(-0.5, 9.4), ylim=(-0.4, 2.4))
axes.axis("off")
plots.show(
    figure,
    alt="Left, a recurrent cell: x goes up into h through W, h goes back into itself through U, and up to the output through V. Right, the same unrolled over four steps: four columns in a row, tied by arrows U, the output over the last.",
)

# %% [markdown]
# Unrolled over time (right), it is a deep network, as deep as the window is long, whose layers share one set of weights. All you know from days 02 and 07 applies. First forward, keeping all states, because the way back needs them:


# %%
def rnn_forward(p, x):
    """Simple recurrent network.

    Args:
        p: dict of W (features, units), U (units, units), b (units,), V (units, outputs), c (outputs,).
        x: array (samples, width, features).

    Returns:
        Output (samples, outputs), and the states h_0 … h_T, array (width + 1, samples, units).
    """
    states = np.zeros((x.shape[1] + 1, len(x), len(p["U"])))
    for t in range(x.shape[1]):
        states[t + 1] = np.tanh(x[:, t] @ p["W"] + states[t] @ p["U"] + p["b"])
    return states[-1] @ p["V"] + p["c"], states


def random_weights(features, units, outputs, seed):
    """Random parameters, all different from zero, so that no mistake can hide behind a zero."""
    random = np.random.default_rng(seed)
    shapes = {"W": (features, units), "U": (units, units), "b": (units,), "V": (units, outputs), "c": (outputs,)}
    return {name: random.normal(0, 0.4, shape) for name, shape in shapes.items()}


# %% [markdown]
# Is it what Keras computes? We put our random weights into a Keras model, three times with different sizes, and compare.

# %%
rnn_gap = 0.0
for features, units, width in ((1, 8, 20), (3, 5, 7), (2, 16, 50)):
    p = random_weights(features, units, 2, ready.seed)
    x = np.random.default_rng(0).normal(size=(6, width, features))
    model = keras.Sequential([keras.Input((width, features)), layers.SimpleRNN(units), layers.Dense(2)])
    model.set_weights([p["W"], p["U"], p["b"], p["V"], p["c"]])
    difference = np.abs(ops.convert_to_numpy(model(x.astype("float32"))) - rnn_forward(p, x)[0]).max()
    rnn_gap = max(rnn_gap, float(difference))
    print(
        f"features {features}, units {units:>2}, {width} steps: {model.layers[0].count_params()} weights in the layer, largest difference {difference:.1e}"
    )

# %% [markdown]
# The same to six or seven digits, which is what 32 bits have. The count of weights (biases included; from here on, as nearly everywhere, the word stands for all parameters), by the way, is *features · units + units² + units*, and does not depend on the width of the window.
#
# ### Backpropagation through time (BPTT)
#
# Backward we walk the unrolled picture from right to left. Call $\delta_t = \partial L / \partial h_t$. At the end, $\delta_T = (\partial L / \partial \hat y)\, V^\top$. Then, step by step:
#
# $$ g_t = \delta_t \odot (1 - h_t^2), \qquad \delta_{t-1} = g_t\, U^\top $$
#
# and because the *same* weights work at every step, their gradients are **sums over time**: $\;\partial L/\partial W = \sum_t x_t^\top g_t$, $\;\partial L/\partial U = \sum_t h_{t-1}^\top g_t$, $\;\partial L/\partial b = \sum_t g_t$.


# %%
def rnn_backward(p, x, states, slope):
    """Backpropagation through time.

    Args:
        p, x: as in rnn_forward; states: what it returned.
        slope: ∂L/∂output, array (samples, outputs).

    Returns:
        Dict of gradients, like p.
    """
    found = {name: np.zeros_like(array) for name, array in p.items()}
    found["V"], found["c"] = states[-1].T @ slope, slope.sum(axis=0)
    delta = slope @ p["V"].T
    for t in reversed(range(x.shape[1])):
        g = delta * (1 - states[t + 1] ** 2)
        found["W"] += x[:, t].T @ g
        found["U"] += states[t].T @ g
        found["b"] += g.sum(axis=0)
        delta = g @ p["U"].T
    return found


# %% [markdown]
# The gradient check of day 02: nudge every single weight up and down, compare. To see that the check can fail, we also hand it a version that forgets to walk back (it stops after one step),
# and one that overwrites instead of summing.


# %%
def squared_error(p, x, y):
    return 0.5 * ((rnn_forward(p, x)[0] - y) ** 2).sum() / len(x)


def worst_error(backward, nudge=1e-5):
    """Largest difference from finite differences, relative to the largest gradient of its array."""
    p, random = random_weights(2, 4, 3, ready.seed), np.random.default_rng(1)
    x, y = random.normal(size=(5, 6, 2)), random.normal(size=(5, 3))
    output, states = rnn_forward(p, x)
    found, worst = backward(p, x, states, (output - y) / len(x)), 0.0
    for name, array in p.items():
        numeric = np.zeros_like(array)
        for place in np.ndindex(array.shape):
            kept = array[place]
            array[place] = kept + nudge
            up = squared_error(p, x, y)
            array[place] = kept - nudge
            numeric[place] = (up - squared_error(p, x, y)) / (2 * nudge)
            array[place] = kept
        worst = max(worst, np.abs(numeric - found[name]).max() / np.abs(numeric).max())
    return worst


# %%
def one_step_back(p, x, states, slope):
    return rnn_backward(p, x[:, -1:], states[-2:], slope)


def overwriting(p, x, states, slope):
    found, delta = rnn_backward(p, x, states, slope), slope @ p["V"].T
    for t in reversed(range(x.shape[1])):
        g = delta * (1 - states[t + 1] ** 2)
        found["U"], delta = states[t].T @ g, g @ p["U"].T  # = where += is meant
    return found


bptt_error, short_error, overwrite_error = map(worst_error, (rnn_backward, one_step_back, overwriting))
print(
    f"relative error: ours {bptt_error:.1e}, one step back only {short_error:.1e}, overwriting instead of summing {overwrite_error:.1e}"
)

# %% [markdown]
# And Keras' gradient? One step of plain gradient descent with rate 1 moves every weight by exactly its negative gradient, so the difference of the weights before and after *is* the gradient. This works on every backend.

# %%
p, random = random_weights(2, 4, 3, ready.seed), np.random.default_rng(1)
x, y = random.normal(size=(5, 6, 2)), random.normal(size=(5, 3))
model = keras.Sequential([keras.Input((6, 2)), layers.SimpleRNN(4), layers.Dense(3)])
model.set_weights([p[name] for name in "WUbVc"])
model.compile(optimizer=keras.optimizers.SGD(1.0), loss="mse")  # mean over samples and the 3 outputs
model.train_on_batch(x, y)
output, states = rnn_forward(p, x)
ours = rnn_backward(p, x, states, 2 * (output - y) / output.size)
gradient_gap = max(
    np.abs((p[n] - after) - ours[n]).max() for n, after in zip("WUbVc", model.get_weights(), strict=True)
)
print(f"largest difference of any gradient from Keras': {gradient_gap:.1e}")

# %% [markdown]
# ### It learns
#
# Our network at work: one hour ahead on the electricity, from the 24 hours before, by momentum and 400 batches, with the gradient's norm **clipped** at 1 (why recurrent networks need that is day 12's first subject).

# %%
values = series["electricity"][: split["electricity"]]
unit = np.std(np.diff(values))
inputs, targets = make_windows(values, 24, 1)
x, y = last_as_zero(inputs, unit), (targets - inputs[:, -1]) / unit
random, p = np.random.default_rng(ready.seed), random_weights(1, 16, 1, ready.seed)
velocity, losses = {n: 0.0 for n in p}, []
for _ in range(400):
    rows = random.integers(len(x), size=64)
    output, states = rnn_forward(p, x[rows])
    losses.append(np.mean((output - y[rows]) ** 2))
    found = rnn_backward(p, x[rows], states, (output - y[rows]) / 64)
    size = np.sqrt(sum((g**2).sum() for g in found.values()))
    for n in p:
        velocity[n] = 0.9 * velocity[n] - 0.05 * found[n] * min(1, 1 / size)
        p[n] += velocity[n]
naive_loss = np.mean(y**2)  # "no change" is 0 here: its squared error is the mean of y²
numpy_loss = np.mean(losses[-50:])
print(f"mean squared error: naive {naive_loss:.2f}, our network at first {losses[0]:.2f}, at the end {numpy_loss:.2f}")

# %% [markdown]
# ## 5 · Recurrent layers in Keras, and how they fail in silence
#
# What goes in and what comes out: a layer with 8 units gives the *last* state, or all of them with `return_sequences=True`, which the next recurrent layer needs.

# %%
x = np.random.default_rng(2).normal(size=(4, 24, 1)).astype("float32")
print("input", x.shape)
print("SimpleRNN(8)                        →", layers.SimpleRNN(8)(x).shape, "(samples, units)")
print(
    "SimpleRNN(8, return_sequences=True) →",
    layers.SimpleRNN(8, return_sequences=True)(x).shape,
    "(samples, steps, units)",
)

# %% [markdown]
# ### Stateless and stateful
#
# By default a layer is **stateless**: every window begins with $h_0 = 0$. With `stateful=True` the last state of sample $i$ in one batch becomes the first of sample $i$ in the next. That
# is meant for long series cut into pieces *in order*, and it is right: two halves fed one after the other give what the whole gives. But forget `reset_state()` between two unrelated series, and
# the layer remembers the one before.

# %%
keras.utils.set_random_seed(ready.seed)
stateless = layers.SimpleRNN(8)
stateful = keras.Sequential([keras.Input((12, 1), batch_size=4), layers.SimpleRNN(8, stateful=True)])
whole = ops.convert_to_numpy(stateless(x))
stateful.layers[0].set_weights(stateless.get_weights())
stateful(x[:, :12])
pieces = ops.convert_to_numpy(stateful(x[:, 12:]))
stateful_gap = np.abs(whole - pieces).max()
print(f"24 steps at once against two pieces of 12, stateful: {stateful_gap:.1e}")
stateful.layers[0].reset_state()
first, second = (ops.convert_to_numpy(stateful(x[:, :12])) for _ in range(2))
not_reset = np.abs(first - second).max()
print(f"the same input twice, state not reset: the answers differ by up to {not_reset:.2f}")

# %% [markdown]
# No error, no warning; only forecasts that depend on what was asked before. Two failures of this kind are easy to make and hard to see: **a state that is not reset**, and **one value for every
# input**. And a third hides behind good-looking losses: a network that ignores the *order*, so that a table would have done. A guard for all of them is short. It needs nothing but the model's answers:


# %%
def guard(predict, x):
    """Look for silent failures of a sequence model.

    Args:
        predict: function, windows (samples, width, features) -> answers (samples, …).
        x: different windows.

    Returns:
        List of what was found; empty if nothing.
    """
    answers, found = ops.convert_to_numpy(predict(x)), []
    if not np.isfinite(answers).all():
        return ["answers that are not numbers"]
    size = np.abs(answers).max() + 1e-12
    if np.abs(answers - ops.convert_to_numpy(predict(x))).max() > 1e-4 * size:
        found.append("another answer to the same question (state not reset? dropout active?)")
    if answers.std(axis=0).max() < 1e-3 * size:
        found.append("one value for every input (dead or saturated units? inputs not scaled?)")
    elif np.abs(answers - ops.convert_to_numpy(predict(x[:, ::-1]))).max() < 1e-4 * size:
        found.append("the order of the steps does not matter to it")
    return found


# %% [markdown]
# Four patients. The second is the commonest of all: the raw CO2 levels, between 300 and 400, fed to a tanh. Nearly every unit is at −1 or 1 whatever you show it, where its slope is next to 0, so that training hardly moves it.

# %%
windows = make_windows(series["CO2"], 24, 1)[0][:240].astype("float32")
healthy = keras.Sequential([keras.Input((24, 1)), layers.SimpleRNN(8), layers.Dense(1)])
no_order = keras.Sequential([keras.Input((24, 1)), layers.GlobalAveragePooling1D(), layers.Dense(1)])
carries = keras.Sequential([keras.Input((3, 1), batch_size=240), layers.SimpleRNN(8, stateful=True), layers.Dense(1)])
scaled = last_as_zero(windows, 1.0)
patients = {
    "windows from their last value": (healthy, scaled),
    "raw CO2 levels": (healthy, windows),
    "stateful, never reset": (carries, scaled[:, :3]),
    "average over the steps": (no_order, scaled),
}
diagnosis = {name: guard(model, x) for name, (model, x) in patients.items()}
for name, found in diagnosis.items():
    print(f"{name:<30} {found or 'nothing found'}")

# %% [markdown]
# (The stateful patient reads only three steps at a time. After 24, a simple RNN has often forgotten the state it began with, and the fault hides until it hurts. Why it forgets is the subject of day 12.) Put the guard behind every training. It takes a second, and at the end of this lesson it examines one of our own networks.
#
# ## 6 · Trend, stationarity, unit roots
#
# Before recurrent networks, people had forecast with statistics for most of a century, and well. Their first question to a series is: is it **stationary**? That means: mean, spread and autocorrelation are
# the same at all times, so that what was learned in the past holds in the future. CO2 is obviously not. But there are two ways not to be, and they look alike:
#
# - **a line plus noise**: $y_t = a + b\,t + \varepsilon_t$. A shock is forgotten; the series comes back to its line. Forecast: back to the line, with an error that does not grow.
# - **a random walk with drift** (a **unit root**): $y_t = y_{t-1} + b + \varepsilon_t$. A shock stays for ever. Forecast: on from where we are, with an error that grows as $\sqrt h$. Its *differences* $y_t - y_{t-1}$ are stationary.
#
# (The name: write $y_t = \varphi\, y_{t-1} + \dots$; at $\varphi = 1$ the equation $1 - \varphi z = 0$ has the root $z = 1$.)

# %%
random = np.random.default_rng(0)  # fixed: known answers for the tests below
noise = random.normal(size=360)
line, walk = 0.1 * np.arange(360) + 2 * noise, np.cumsum(0.1 + random.normal(size=360))
figure, panels = plt.subplots(1, 2, figsize=(10, 3.2), sharey=True)
for axes, values, title in zip(panels, (line, walk), ("a line plus noise", "a random walk with drift"), strict=True):
    axes.plot(values, linewidth=1)
    axes.plot([0, 359], [0, 35.9], "--", color="black", linewidth=1, label="the line / the drift")
    axes.set(xlabel="step", title=title)
panels[0].set_ylabel("value")
panels[0].legend(loc="upper left")
plots.show(
    figure,
    alt=f"Two rising series of 360 steps. Left, points scatter around a line. Right, a random walk with the same mean slope strays from it by up to {np.abs(walk - 0.1 * np.arange(360)).max():.0f} and shows no wish to return.",
)

# %% [markdown]
# Three tests are in use. Each has a *null hypothesis* and gives a **p-value**: the probability, if that hypothesis is true, of a result at least as extreme as ours. **Read their null hypotheses before their p-values**, because they are opposite:
#
# | test | null hypothesis (assumed until refuted) | small p-value means |
# |---|---|---|
# | **ADF**: augmented Dickey–Fuller | there is a unit root | no unit root: *stationary* |
# | **PP**: Phillips–Perron | there is a unit root | no unit root: *stationary* |
# | **KPSS**: Kwiatkowski, Phillips, Schmidt, Shin | stationary | *not stationary* |
#
# So "p = 0.01" is good news from one and bad news from the other. And a large p-value proves nothing, it only fails to refute: that is why one asks *both* kinds. Each comes in two versions: stationary around a constant
# (`"c"`), or around a straight line (`"ct"`: constant and trend). For a series that climbs, `"c"` is the wrong question.
#
# ADF and KPSS are in `statsmodels`, PP in `arch`. KPSS' p-values come from a table that ends at 0.01 and 0.10, so "0.01" means "0.01 or less".


# %%
def unit_root_tests(values, regression):
    """p-values of ADF, PP and KPSS, and what both kinds together say."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # KPSS warns that its table has ended
        p = {
            "ADF": adfuller(values, regression=regression, autolag="AIC")[1],
            "PP": PhillipsPerron(values, trend=regression).pvalue,
            "KPSS": kpss(values, regression=regression, nlags="auto")[1],
        }
    votes = {"ADF": p["ADF"] < 0.05, "PP": p["PP"] < 0.05, "KPSS": p["KPSS"] >= 0.05}  # True: stationary
    says = {3: "stationary", 0: "unit root"}.get(
        sum(votes.values()), "disagree: " + ", ".join(k for k, v in votes.items() if v) + " say stationary"
    )
    return {"around": {"c": "constant", "ct": "line"}[regression], **p, "together": says}


# %%
known = series["CO2"][: split["CO2"]]
adjusted = known - STL(known, period=12).fit().seasonal
yearly = known[12:] - known[:-12]
cases = {
    "white noise": (noise, "c"),
    "random walk": (walk, "ct"),
    "line + noise": (line, "ct"),
    "line + noise, wrong version": (line, "c"),
    "CO2": (known, "ct"),
    "CO2, season removed": (adjusted, "ct"),
    "CO2 minus 12 months before": (yearly, "c"),
    "the same, differenced again": (np.diff(yearly), "c"),
    "sunspots": (series["sunspots"][: split["sunspots"]], "c"),
}
tests = {name: unit_root_tests(*case) for name, case in cases.items()}
pd.DataFrame(tests).T.map(lambda value: f"{value:.3f}" if isinstance(value, float) else value)

# %% [markdown]
# The first three rows have known answers, and all three tests find them. (Not always: at a level of 5 % a test condemns one innocent in twenty.) The fourth shows what the wrong version does: a stationary series with a trend looks like a unit root if one tests around a constant.
#
# Then the **trap**, in the row "CO2". ADF says: unit root. KPSS says: not stationary; that is the *same* verdict, although one p-value is large and the other small. And Phillips–Perron says, with a p-value of nearly 0, *stationary around a line*. Whoever runs only this test
# writes that into a report. What happened? PP asks: if a value lies above the line, does the next one move back? CO2 does, every summer, because the forests of the north breathe in. The test takes the *season* for a pull back to the line. ADF adds earlier changes to its regression
# (the "augmented") and so sees through it. Take the season out (next row), and PP agrees with the others.
#
# The remedy for a unit root is differencing. After one difference over the season the tests still disagree (the CO2's growth grows, too); after another over a single step all three say "stationary". This is the **I** of the ARIMA model below, and the reason why our networks get changes instead of levels. For the sunspots the tests see no unit root: they always come back.
#
# ## 7 · ETS and ARIMA: the competitors
#
# **ETS** (error, trend, season; exponential smoothing) keeps a state up to date: a level $\ell$, a slope $b$, and a season $s$ of $m$ numbers. Each new value corrects them by a share of the error just made:
#
# $$ e_t = y_t - (\ell_{t-1} + b_{t-1} + s_{t-m}), \qquad \ell_t = \ell_{t-1} + b_{t-1} + \alpha e_t, \qquad b_t = b_{t-1} + \beta e_t, \qquad s_t = s_{t-m} + \gamma e_t $$
#
# and the forecast is $\ell + h\,b$ plus the season of that month. That *is* a recurrent cell: a state, the same few weights at every step. Only linear, and with three weights, $\alpha$, $\beta$ and $\gamma$. The sunspots get no season but a trend that is damped (each step the slope counts $\varphi$ times as much as before, a fourth weight); electricity gets no trend.


# %%
def ets_forecasts(n, **structure):
    """Fit on the training part, run over the whole series once, forecast from the states at each origin."""
    values, m = series[n], structure.get("seasonal_periods", 1)
    fit = ETSModel(values[: split[n]], **structure).fit(disp=False)
    states = np.asarray(ETSModel(values, **structure).smooth(fit.params).states)
    weights = dict(zip(fit.model.param_names, fit.params, strict=False))
    ahead = np.arange(1, HORIZON + 1)
    if structure.get("damped_trend"):  # each step the slope counts φ times as much as before
        ahead = np.cumsum(weights["damping_trend"] ** ahead)
    found = []
    for origin in origins[n]:
        forecast = states[origin - 1, 0] + (states[origin - 1, 1] * ahead if "trend" in structure else 0)
        if m > 1:
            forecast = forecast + states[origin - m : origin, -1][np.arange(HORIZON) % m]
        found.append(np.broadcast_to(forecast, HORIZON))
    return np.array([found]), {k: round(float(v), 4) for k, v in weights.items() if "smoothing" in k or "damping" in k}


structures = {
    "CO2": {"trend": "add", "seasonal": "add", "seasonal_periods": 12},
    "sunspots": {"trend": "add", "damped_trend": True},
    "electricity": {"seasonal": "add", "seasonal_periods": 168, "initialization_method": "heuristic"},
}
for n, structure in structures.items():
    forecasts[n]["ETS"], found = ets_forecasts(n, **structure)
    print(f"{n:<12} MASE {mase(n, 'ETS')[0]:.2f}  {found}")

# %% [markdown]
# **ARIMA(p, d, q)**: difference the series $d$ times (**I**, "integrated"), then explain each value by its $p$ predecessors (**AR**, autoregression) and by the last $q$ errors (**MA**, moving average):
#
# $$ y_t = c + \varphi_1 y_{t-1} + \dots + \varphi_p y_{t-p} + \varepsilon_t + \theta_1 \varepsilon_{t-1} + \dots + \theta_q \varepsilon_{t-q} $$
#
# A second bracket does the same at the lag of a season. For CO2 we take ARIMA(1, 1, 1)(0, 1, 1)₁₂: the two differences are what the tests demanded. For the other two, pure autoregressions do (they are fitted by least squares in a moment), with as many lags as
# Akaike's criterion (fit against number of weights; the smallest value wins) wants on the training part, 36 at most; electricity is first differenced over a week. Parameters are never refitted after the split; the models get the new values, not new weights. The same holds for our networks.

# %%
arima = SARIMAX(known, order=(1, 1, 1), seasonal_order=(0, 1, 1, 12)).fit(disp=False)
results = [arima.apply(series["CO2"][:origin]).get_forecast(HORIZON) for origin in origins["CO2"]]
forecasts["CO2"]["ARIMA"] = np.array([[result.predicted_mean for result in results]])
intervals = np.array([result.conf_int(alpha=0.05) for result in results])  # (origins, HORIZON, 2)
covered = np.mean((intervals[..., 0] <= truth["CO2"]) & (truth["CO2"] <= intervals[..., 1]))


def autoregression(n, shift=0):
    """AR model, after differencing over `shift` steps if that is not 0, forecast recursively for all origins at once."""
    values = series[n].copy()
    values[shift:] -= series[n][:-shift] if shift else 0
    train = values[shift : split[n]]
    lags = max(ar_select_order(train, maxlag=36, ic="aic").ar_lags)
    weights = AutoReg(train, lags).fit().params
    path = np.array([values[o - lags : o] for o in origins[n]])
    for _ in range(HORIZON):
        following = weights[0] + path[:, : -lags - 1 : -1] @ weights[1:]
        path = np.column_stack([path, following])
    return path[None, :, lags:] + (forecasts[n]["seasonal naive"] if shift else 0), lags


forecasts["sunspots"]["ARIMA"], sun_lags = autoregression("sunspots")
forecasts["electricity"]["ARIMA"], demand_lags = autoregression("electricity", shift=168)
print(f"CO2: ARIMA(1,1,1)(0,1,1)12; sunspots: ARIMA({sun_lags},0,0); electricity: ARIMA({demand_lags},0,0)(0,1,0)168")
print({n: round(float(mase(n, "ARIMA")[0]), 2) for n in series}, f"; CO2's 95 % intervals cover {covered:.1%}")

# %%
# Drawing: one ARIMA forecast with its interval, and the two naive ones.
pick = 10
origin = origins["CO2"][pick]
figure, axes = plt.subplots(figsize=(9.5, 4))
dates = times["CO2"]
axes.plot(
    dates[origin - 36 : origin + HORIZON],
    series["CO2"][origin - 36 : origin + HORIZON],
    color="black",
    linewidth=1.2,
    label="measured",
)
ahead = dates[origin : origin + HORIZON]
axes.fill_between(ahead, *intervals[pick].T, alpha=0.25, label="ARIMA, 95 % interval")
for label, style in (("ARIMA", "-"), ("seasonal naive", "--"), ("naive", ":")):
    axes.plot(ahead, forecasts["CO2"][label][0, pick], style, label=label)
axes.axvline(dates[origin], color="0.5", linewidth=1)
axes.set(xlabel="date (vertical line: the forecast origin)", ylabel="CO2 (ppm)", title="48 months ahead")
axes.legend(loc="upper left", ncols=2)
width = intervals[pick, :, 1] - intervals[pick, :, 0]
plots.show(
    figure,
    alt=f"CO2 from three years before the origin {dates[origin]:%B %Y} to four years after it. ARIMA follows season and trend; its 95 % interval widens from {width[0]:.1f} to {width[-1]:.1f} ppm. Seasonal naive repeats the last year and falls behind; naive is a flat line.",
)

# %% [markdown]
# The interval *widens*: an honest forecast says how fast it gets worse. (The widening comes from the unit root; for a pure random walk it would go with $\sqrt h$.)
#
# ## 8 · Many steps ahead: recursive or direct
#
# A network that forecasts one step can be made to forecast 48 in two ways:
#
# - **recursive**: forecast one step, append the forecast to the window as if it had been measured, go on. One small model for any horizon; but it eats its own errors, and in training it has never seen such inputs;
# - **direct**: 48 outputs at once. No feedback; but no consistency between neighbouring steps either, and more weights.
#
# ARIMA above was recursive. First the plainest direct model: **linear regression** from a window to the 48 steps after it. Once with 24 values and once with a long memory of 168.

# %%
spread = {n: np.std(v[24 : split[n]] - v[: split[n] - 24]) for n, v in series.items()}  # unit of all inputs and targets


def training_pairs(n, width, horizon=HORIZON):
    """Windows of the training part, measured from their last value: (samples, width, 1), (samples, horizon)."""
    inputs, targets = make_windows(series[n][: split[n]], width, horizon)
    return last_as_zero(inputs, spread[n]), (targets - inputs[:, -1]) / spread[n]


def at_origins(n, width):
    """The windows that end just before each origin, in the same way, and their last values (origins, 1)."""
    windows = np.array([series[n][o - width : o, None] for o in origins[n]])
    return last_as_zero(windows, spread[n]), windows[:, -1]


for width in (24, 168):
    for n in series:
        x, y = training_pairs(n, width)
        table = np.column_stack([x[..., 0], np.ones(len(x))])
        weights = np.linalg.lstsq(table, y, rcond=None)[0]
        x, last = at_origins(n, width)
        answers = np.column_stack([x[..., 0], np.ones(len(x))]) @ weights
        forecasts[n][f"linear {width}"] = (answers * spread[n] + last)[None]
    print(
        f"linear {width} values:",
        {n: f"{len(training_pairs(n, width)[0])} windows, MASE {mase(n, f'linear {width}')[0]:.2f}" for n in series},
    )

# %% [markdown]
# The long memory helps the sunspots a great deal (168 months hold a whole cycle) and electricity as well (168 hours hold last week's same hour). On CO2 it is a disaster: 169 weights per step from fewer windows than that. That is overfitting as on day 04, in a linear model.
#
# Now the networks. Three seeds each, trained side by side: three networks with the same structure stand in one Keras model, nothing ties them together, and since Adam treats every weight by itself (day 05), each learns as if it were alone. (They differ in their first weights and see the same batches.)
# A fit shows them 200 batches of 64 windows (300 to the recurrent ones, which learn more slowly); the loss is the mean absolute error, because MASE counts absolute errors.


# %%
class Trio:
    """Three networks of the same structure in one Keras model; every fit begins at the same random weights."""

    def __init__(self, make, width, horizon, steps=200):
        keras.utils.set_random_seed(ready.seed)
        inputs = keras.Input((width, 1))
        outputs = [layers.Dense(horizon)(make()(inputs)) for _ in range(3)]
        self.model = keras.Model(inputs, ops.stack(outputs, axis=1))  # (samples, 3, horizon)
        rate = keras.optimizers.schedules.CosineDecay(0.004, steps)
        self.model.compile(optimizer=keras.optimizers.Adam(rate), loss="mae")
        self.model.optimizer.build(self.model.trainable_variables)
        self.start = [ops.convert_to_numpy(v) for v in self.all_variables()]

    def all_variables(self):
        return self.model.variables + self.model.optimizer.variables

    def fit(self, x, y, epochs=2):
        """Some epochs over 6,400 windows drawn at random; returns the loss of each epoch."""
        for variable, value in zip(self.all_variables(), self.start, strict=True):
            variable.assign(value)
        rows = np.random.default_rng(ready.seed).integers(len(x), size=6400)
        y = np.repeat(y[:, None], 3, axis=1)  # the same targets for all three
        return self.model.fit(x[rows], y[rows], batch_size=64, epochs=epochs, verbose=0).history["loss"]

    def predict(self, x):
        """(samples, width, 1) -> (3, samples, horizon)"""
        return np.moveaxis(self.model.predict_on_batch(x), 1, 0)


# %% [markdown]
# First the direct recurrent network, 32 units reading 24 values. Keras compiles it once, and it learns the three series one after the other. (`unroll=True` writes the 24 steps out instead of looping over them, which is quicker for short windows and changes no result.)

# %%
direct = Trio(lambda: layers.SimpleRNN(32, unroll=True), 24, HORIZON, steps=300)
losses = {}
for n in series:
    losses["RNN direct", n] = direct.fit(*training_pairs(n, 24), epochs=3)
    x, last = at_origins(n, 24)
    forecasts[n]["RNN direct"] = direct.predict(x) * spread[n] + last
    print(f"{n:<12} loss {losses['RNN direct', n][0]:.3f} → {losses['RNN direct', n][-1]:.3f}", end="; ")
    print("MASE of the three seeds:", mase(n, "RNN direct").round(2))

# %% [markdown]
# The recursive one has a single output. All three networks walk on together, each on its own forecasts.

# %%
one_step = Trio(lambda: layers.SimpleRNN(32, unroll=True), 24, 1, steps=300)
learned = {}
for n in series:
    losses["RNN recursive", n] = one_step.fit(*training_pairs(n, 24, 1), epochs=3)
    learned[n] = one_step.model.get_weights()
    x, last = at_origins(n, 24)
    paths = np.repeat((x * spread[n] + last[:, None])[None, ..., 0], 3, axis=0)  # (3, origins, steps so far)
    for _ in range(HORIZON):
        windows = paths[:, :, -24:]
        change = one_step.predict(last_as_zero(windows.reshape(-1, 24, 1), spread[n]))
        change = change.reshape(3, 3, -1)[np.arange(3), np.arange(3)]  # each network's answer to its own past
        paths = np.concatenate([paths, (windows[..., -1] + change * spread[n])[..., None]], axis=-1)
    forecasts[n]["RNN recursive"] = paths[..., 24:]
    print(f"{n:<12} MASE of the three seeds:", mase(n, "RNN recursive").round(2))

# %% [markdown]
# ### A 1-D CNN beside it
#
# A convolution over time (day 06, with one axis instead of two) also uses the same weights at every place, but looks at five neighbouring values at once, has no loop and no memory to lose. The order is kept by flattening at the end. We give it
# the 24 values of the recurrent network and, because it has no loop and so costs little, 168 as well.


# %%
def make_cnn(stride):
    return lambda: keras.Sequential(
        [
            layers.Conv1D(24, 5, strides=stride, activation="relu"),
            layers.Conv1D(24, 5, strides=2, activation="relu"),
            layers.Flatten(),
        ]
    )


for width, stride_of in ((24, 1), (168, 4)):
    cnn = Trio(make_cnn(stride_of), width, HORIZON)
    for n in series:
        losses[f"CNN {width}", n] = cnn.fit(*training_pairs(n, width))
        x, last = at_origins(n, width)
        forecasts[n][f"CNN {width}"] = cnn.predict(x) * spread[n] + last
    print(f"CNN {width} values: MASE", {n: mase(n, f"CNN {width}").round(2).tolist() for n in series})

# %% [markdown]
# ### Break it: levels instead of changes
#
# What if we had scaled the CO2 levels by the training part's mean and spread, as on day 03, and fed those? Same network, same training:

# %%
mean, deviation = known.mean(), known.std()
inputs, targets = make_windows(known, 24, HORIZON)
direct.fit((inputs - mean) / deviation, (targets - mean) / deviation, epochs=3)
x, last = at_origins("CO2", 24)
levels = direct.predict((x * spread["CO2"] + last[:, None] - mean) / deviation) * deviation + mean
level_mase = np.abs(levels - truth["CO2"]).mean(axis=(1, 2)) / scale["CO2"]
print(f"CO2 levels: MASE {level_mase.round(2)}; changes: {mase('CO2', 'RNN direct').round(2)}")
print(
    f"highest training value {known.max():.0f} ppm; test part up to {truth['CO2'].max():.0f} ppm, forecast up to",
    end=" ",
)
print(f"{levels.max():.0f}; bias of the last origin {np.mean(levels[:, -1] - truth['CO2'][-1]):.1f} ppm")

# %% [markdown]
# Much worse, and in the end far too low: above the values they have been trained on the tanh of the states bends, and the outputs fall behind. It is the extrapolation failure of day 01 again, and the answer is the statisticians': difference first.
#
# ### The most convincing worthless picture
#
# You will meet this plot in blogs, and it sells courses: the network's forecast lies on the curve! It is made *one step ahead*, on a long stretch, so that the eye can't tell a forecast from a shadow that trails one step behind.

# %%
one_step.model.set_weights(learned["sunspots"])
stretch = np.arange(split["sunspots"], split["sunspots"] + 180)
windows = np.array([series["sunspots"][t - 24 : t, None] for t in stretch])
change = one_step.predict(last_as_zero(windows, spread["sunspots"]))[0, :, 0] * spread["sunspots"]
forecast, before, after = windows[:, -1, 0] + change, windows[:, -1, 0], series["sunspots"][stretch]
shadow = {"RNN": np.abs(forecast - after).mean(), "naive": np.abs(before - after).mean()}
figure, axes = plt.subplots(figsize=(9.5, 3.6))
axes.plot(np.asarray(times["sunspots"])[stretch], after, color="black", linewidth=1.2, label="measured")
axes.plot(np.asarray(times["sunspots"])[stretch], forecast, "--", linewidth=1.5, label="RNN, one month ahead")
axes.set(xlabel="date", ylabel="sunspot number", title="Looks wonderful. Is it?")
axes.legend(loc="upper left")
plots.show(
    figure,
    alt=f"Fifteen years of sunspots with one-month-ahead forecasts of a recurrent network, nearly on top of each other, the forecast one step late. Mean error {shadow['RNN']:.1f}; just repeating the last month has {shadow['naive']:.1f}.",
)
print(
    f"mean absolute error, one month ahead: RNN {shadow['RNN']:.1f}, naive {shadow['naive']:.1f} ({100 * (shadow['RNN'] / shadow['naive'] - 1):+.0f} %)"
)

# %% [markdown]
# About what "as last month" achieves. Two rules make such pictures honest: draw forecasts *several* steps ahead from *one* origin, and put the naive number beside them. Here you can: choose a series, a model, an origin.
# (No running kernel? The picture shows the first choice.)


# %%
def look(of, model, origin):
    """Forecast of one model from one origin, beside the measured values, and the alt text."""
    place = round(origin / 100 * (len(origins[of]) - 1))
    start, paths = origins[of][place], forecasts[of][model][:, place]
    figure, axes = plt.subplots(figsize=(8.5, 3.8))
    axes.plot(np.arange(-72, HORIZON), series[of][start - 72 : start + HORIZON], color="black", linewidth=1.2)
    for number, path in enumerate(paths):
        axes.plot(np.arange(HORIZON), path, "-", color=plots.COLOURS[number], linewidth=1.8)
    axes.plot(np.arange(HORIZON), forecasts[of]["seasonal naive"][0, place], "--", color="0.5", label="seasonal naive")
    axes.axvline(-0.5, color="0.5", linewidth=1)
    error = np.abs(paths - truth[of][place]).mean() / scale[of]
    axes.set(xlabel=f"{steps[of]} from the origin", ylabel=unit_of[of], title=f"{of}, {model}: MASE here {error:.2f}")
    axes.legend(loc="upper left")
    return figure, (
        f"{of}: measured values (black), {len(paths)} forecast(s) of the model “{model}” over {HORIZON} {steps[of]} from origin {place + 1} of {len(origins[of])}, and seasonal naive (dashed). MASE from this origin: {error:.2f}."
    )


plots.interact(
    look,
    of=ipywidgets.Dropdown(options=list(series), value="sunspots"),
    model=ipywidgets.Dropdown(options=list(forecasts["CO2"]), value="RNN recursive"),
    origin=ipywidgets.IntSlider(40, 0, 100, continuous_update=False),
)

# %% [markdown]
# ## 9 · The honest table
#
# All models, all series, all origins, 48 steps, MASE. Smaller is better. Networks: mean ± standard deviation of three seeds.


# %%
def entry(n, label):
    values = mase(n, label)
    return f"{values.mean():.2f}" + (f" ± {values.std(ddof=1):.2f}" if len(values) > 1 else "")


models = [
    "naive",
    "seasonal naive",
    "linear 24",
    "linear 168",
    "ETS",
    "ARIMA",
    "RNN recursive",
    "RNN direct",
    "CNN 24",
    "CNN 168",
]
pd.DataFrame({n: {label: entry(n, label) for label in models} for n in series}).rename_axis("MASE over 48 steps")

# %%
# Drawing: the same as dots; the dashed line is seasonal naive on the same test origins.
figure, panels = plt.subplots(1, 3, figsize=(10.5, 4.2), sharey=True)
for axes, n in zip(panels, series, strict=True):
    for row, label in enumerate(models):
        kind = 0 if row < 2 else 1 if row < 6 else 2
        axes.plot(
            mase(n, label),
            [-row] * len(mase(n, label)),
            plots.MARKERS[kind],
            color=("black", plots.COLOURS[1], plots.COLOURS[0])[kind],
            markersize=7,
        )
    axes.axvline(mase(n, "seasonal naive")[0], color="black", linestyle="--", linewidth=1)
    axes.set(xlabel="MASE", xscale="log", title=n)
    axes.set_xticks([0.5, 0.7, 1, 1.5, 2, 3], ["0.5", "0.7", "1", "1.5", "2", "3"])
    axes.minorticks_off()
panels[0].set(yticks=[-row for row in range(len(models))], yticklabels=models, ylabel="model")
plots.show(
    figure,
    alt="MASE of ten models on three series, logarithmic axis; naive models black dots, statistical ones triangles, networks squares, one mark per seed. "
    + " ".join(f"{n}: " + ", ".join(f"{label} {mase(n, label).mean():.2f}" for label in models) + "." for n in series),
)
for n in series:
    order = sorted(models, key=lambda label: mase(n, label).mean())
    print(f"{n:<12} best three: {', '.join(order[:3])}; worse than seasonal naive:", end=" ")
    print(", ".join(x for x in order if mase(n, x).mean() > mase(n, "seasonal naive")[0]) or "none")

# %% [markdown]
# ### Up to which horizon is it worth the trouble?
#
# One number for 48 steps hides the most useful thing. Here is the mean error at every horizon, divided by that of seasonal naive at the same horizon: below 1 the model is worth having, above 1 you are better off with a copy of last season. (Each point is the mean over a horizon and the two after it, since a
# limited number of origins makes a ragged curve.)


# %%
def relative_error(n, label):
    """Mean absolute error over horizon h … h + 2, divided by seasonal naive's: array (HORIZON - 2,)."""

    def smooth(name):
        error = np.abs(forecasts[n][name] - truth[n]).mean(axis=(0, 1))
        return np.convolve(error, np.ones(3) / 3, mode="valid")

    return smooth(label) / smooth("seasonal naive")


def stops_at(n, label):
    """First horizon at which the model no longer beats seasonal naive; HORIZON + 1 if it still does at the end."""
    over = np.flatnonzero(relative_error(n, label) >= 1)
    return int(over[0]) + 1 if len(over) else HORIZON + 1


# %%
# Drawing: error relative to seasonal naive against the horizon.
figure, panels = plt.subplots(1, 3, figsize=(11, 4.2), sharey=True)
looks = {
    "naive": (":", "o"), "linear 24": ("-", "^"), "ETS": ("--", "s"), "ARIMA": ("-", "D"),
    "RNN recursive": ("-.", "v"), "RNN direct": ("--", "P"), "CNN 24": (":", "X"), "CNN 168": ("-", "*"),
}  # fmt: skip
for axes, n in zip(panels, series, strict=True):
    for number, (label, (style, marker)) in enumerate(looks.items()):
        colour = plots.COLOURS[number % 7]
        axes.plot(np.arange(1, HORIZON - 1), relative_error(n, label), style, marker=marker, markevery=(number, 9),
                  color=colour, linewidth=1.6, markersize=5, label=label)  # fmt: skip
    axes.axhline(1, color="black", linewidth=1.5)
    axes.set(xlabel=f"horizon ({steps[n]})", title=n, ylim=(0, 2.2))
panels[0].set_ylabel("error ÷ error of seasonal naive")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
plots.show(
    figure,
    alt="Error relative to seasonal naive against the horizon, eight models, three series. On CO2 nearly all lines stay below 1; on sunspots and electricity most rise through 1. First horizon without advantage: "
    + "; ".join(
        f"{n}: " + ", ".join(f"{label} {stops_at(n, label)}" for label in looks) for n in ("sunspots", "electricity")
    )
    + f" ({HORIZON + 1} means none up to {HORIZON}).",
)

# %%
# Drawing: the horizon at which each model stops beating seasonal naive.
figure, axes = plt.subplots(figsize=(9.5, 4))
rivals = [label for label in models if label != "seasonal naive"]
for number, n in enumerate(series):
    for row, label in enumerate(rivals):
        end, y, colour = stops_at(n, label) - 1, -row + 0.22 * (1 - number), plots.COLOURS[number]
        axes.plot([0, end], [y, y], color=colour, linewidth=2.5)
        axes.plot(end, y, ">" if end == HORIZON else plots.MARKERS[number], color=colour, markersize=7)
axes.set(yticks=[-row for row in range(len(rivals))], yticklabels=rivals, ylabel="model")
axes.set(xlabel="horizon (steps); an arrow: still better at 48", title="Up to here it beats seasonal naive")
handles = [
    plt.Line2D([], [], color=plots.COLOURS[i], marker=plots.MARKERS[i], linewidth=2.5, label=n)
    for i, n in enumerate(series)
]
axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0))
plots.show(
    figure,
    alt="Bars per model and series: the horizon up to which it beats seasonal naive. "
    + " ".join(f"{n}: " + ", ".join(f"{label} {stops_at(n, label) - 1}" for label in rivals) + "." for n in series)
    + f" {HORIZON} means: still better at the end.",
)

# %% [markdown]
# What the table and the pictures say:
#
# - **CO2**: seasonal naive is no opponent for anything that knows a trend; nearly every model beats it at every horizon, and on average by a factor of about three or more. The small CNNs come out ahead, then the recursive recurrent network beside ARIMA and ETS, and the direct one behind them. But all 24 origins
#   lie in ten years of one series, and the forecasts overlap: take the order among neighbours with salt.
# - **Sunspots**: everybody beats a copy of the last cycle at first, and most lose against it within two years, because a window of 24 months can't see where in the cycle it stands. The models that see 168 months hold out longest. *What you
#   show a model* matters more here than which model it is.
# - **Electricity**: 24 hours don't say which day of the week it is, and it shows after a few hours. With 168 a CNN of the same kind (it moves by four hours where the other moves by one) is better by far, and so is plain linear regression. ETS suffers from its short-sighted weights: they were fitted to forecast *one* hour ahead, so it takes two thirds of the last
#   error for a new level, and keeps it for two days. This is our *first* electricity model, without weather or calendar; day 12 gives it both, and lays last week's same hour beside every hour of tomorrow.
# - **The recurrent networks** come first nowhere today; a convolution with a long window, ARIMA or linear regression are better. That is an honest result: single series with a few hundred or thousand points and a clear structure are the home ground of statistics
#   (in [2022](https://arxiv.org/abs/2205.13504) Zeng and others embarrassed several transformers with a linear model). Networks pay when there are many related series, other inputs, or shapes that no formula foresees.
# - **Recursive or direct?** On the sunspots the direct network is better over 48 steps, and on electricity it is steadier: it does not feed on its own errors, while a recursive path may walk away (compare the seeds). On CO2, smooth and with few windows, the recursive one with its single output wins, and is on a level with ARIMA.
#
# Last, the guard on the recurrent trio of section 8, network by network; of the other networks we look whether their forecasts vary.

# %%
for number in range(3):  # each network of the trio by itself, so that a dead one can't hide behind the others
    found = guard(lambda x, number=number: one_step.predict(x)[number], at_origins("sunspots", 24)[0])
    print(f"recursive RNN {number} on sunspots:", found or "nothing found")
for n in series:
    for label in ("RNN recursive", "RNN direct", "CNN 24", "CNN 168"):
        changes = forecasts[n][label] - at_origins(n, 24)[1]
        print(
            f"{n:<12} {label:<15}", "varied" if changes.std(axis=1).min() > 1e-3 * spread[n] else "ONE VALUE", end=";"
        )
    print()

# %% [markdown]
# ## What you should see
#
# The bands are the range over three seeds, measured by us with some room.

# %%
expect("NumPy RNN against keras.layers.SimpleRNN (largest difference)", rnn_gap, high=1e-5)
expect("backpropagation through time: gradient check (relative error)", bptt_error, high=1e-6)
expect("the same, one step back only", short_error, low=0.1)
expect("gradient by hand against Keras' (largest difference)", gradient_gap, high=1e-5)
expect("stateful pieces against the whole (largest difference)", stateful_gap, high=1e-5)
expect("NumPy RNN on electricity: squared error over naive's", numpy_loss / naive_loss, high=0.6)
expect(
    "leak by shuffling: error over that of the honest split",
    leak["shuffled, then split"] / leak["split by time"],
    high=0.6,
)
expect("CO2, Phillips–Perron around a line (p-value)", tests["CO2"]["PP"], high=0.01)
expect("CO2 without season, Phillips–Perron (p-value)", tests["CO2, season removed"]["PP"], low=0.2)
expect("silent failures found in the four patients", sum(len(each) for each in diagnosis.values()), low=3, high=3)

# %%
expect("CO2, seasonal naive: MASE over 48 steps", mase("CO2", "seasonal naive").mean(), low=2.5, high=3.5)
expect("CO2, ARIMA: MASE over 48 steps", mase("CO2", "ARIMA").mean(), low=0.6, high=0.9)
expect("CO2, RNN direct: MASE over 48 steps", mase("CO2", "RNN direct").mean(), low=0.6, high=1.5)
expect("CO2, CNN 24: MASE over 48 steps", mase("CO2", "CNN 24").mean(), low=0.55, high=0.85)
expect("sunspots, seasonal naive: MASE over 48 steps", mase("sunspots", "seasonal naive").mean(), low=1.0, high=1.3)
expect("sunspots, ARIMA: MASE over 48 steps", mase("sunspots", "ARIMA").mean(), low=1.0, high=1.4)
expect("sunspots, RNN direct: MASE over 48 steps", mase("sunspots", "RNN direct").mean(), low=1.2, high=1.7)
expect("sunspots, CNN 168: MASE over 48 steps", mase("sunspots", "CNN 168").mean(), low=0.8, high=1.1)
expect(
    "electricity, seasonal naive: MASE over 48 steps", mase("electricity", "seasonal naive").mean(), low=0.65, high=0.8
)
expect("electricity, ARIMA: MASE over 48 steps", mase("electricity", "ARIMA").mean(), low=0.55, high=0.75)
expect("electricity, RNN direct: MASE over 48 steps", mase("electricity", "RNN direct").mean(), low=0.9, high=1.5)
expect("electricity, CNN 168: MASE over 48 steps", mase("electricity", "CNN 168").mean(), low=0.55, high=0.8)

# %%
expect("CO2 from levels: MASE over that from changes", level_mase.mean() / mase("CO2", "RNN direct").mean(), low=1.5)
expect(
    "electricity, linear with 24 hours: stops beating seasonal naive (h)",
    stops_at("electricity", "linear 24"),
    low=6,
    high=24,
)
for label in ("RNN direct", "CNN 24"):
    expect_learned(f"{label}, CO2", losses[label, "CO2"], factor=0.9)
expect_varied(
    "the direct RNN's changes on sunspots", (forecasts["sunspots"]["RNN direct"] - at_origins("sunspots", 24)[1])[0]
)

# %% [markdown]
# ## Summary
#
# 1. Baselines first: naive and seasonal naive stand in every table; MASE divides by the seasonal naive error of the training part, so series can be compared; several origins, parameters from the training part only.
# 2. Windows turn a series into *(samples, width, 1)* and *(samples, horizon)*; $n - \text{width} - \text{horizon} + 1$ of them. Shuffling them across the split, or scaling with the future, is a leak.
# 3. A recurrent layer is one set of weights used at every step; backward it is a deep network whose gradients are summed over time. By hand and in Keras: the same.
# 4. ADF and Phillips–Perron assume a unit root, KPSS assumes stationarity: ask both kinds, in the right version, after removing the season. Difference what has a unit root.
# 5. Every model has a horizon after which copying last season is better. Find it before you promise anything.
#
# ## Quiz
#
# **1. 1,000 points, windows of 20, horizon 5. How many samples?**
# <details><summary>Answer</summary>
#
# 1000 − 20 − 5 + 1 = 976.
#
# </details>
#
# **2. A report says: "KPSS p = 0.01, ADF p = 0.60, so the tests contradict each other." Do they?**
# <details><summary>Answer</summary>
#
# No. KPSS refutes stationarity; ADF fails to refute a unit root. Both point to a unit root.
#
# </details>
#
# **3. How many weights has `SimpleRNN(32)` on windows of shape (24, 1)? On (168, 1)?**
# <details><summary>Answer</summary>
#
# 1·32 + 32·32 + 32 = 1,088, both times: the weights are shared over the steps.
#
# </details>
#
# **4. A model has MASE 0.8 on the test part. Does it beat seasonal naive there?**
# <details><summary>Answer</summary>
#
# Not necessarily. MASE is measured in seasonal naive's error on the *training* part. On our electricity test part seasonal naive itself is below 0.8. Compare with its row.
#
# </details>
#
# **5. Your forecasts are right in the notebook and wrong on the server, and a restart of the server helps for one request. Your first suspicion?**
# <details><summary>Answer</summary>
#
# A stateful layer that nobody resets between requests.
#
# </details>
#
# ## Further reading
#
# - Rob Hyndman, George Athanasopoulos: [Forecasting: principles and practice](https://otexts.com/fpp3/), free online: baselines, ETS, ARIMA, evaluation. The electricity data come from its second edition.
# - Aurélien Géron, *Hands-On Machine Learning with Scikit-Learn, Keras and TensorFlow*, 3rd ed., chapter 15: sequences with RNNs and CNNs.
# - Hyndman, Koehler: [Another look at measures of forecast accuracy](https://doi.org/10.1016/j.ijforecast.2006.03.001) (2006), where MASE comes from.
# - Makridakis, Spiliotis, Assimakopoulos: [The M4 competition](https://doi.org/10.1016/j.ijforecast.2018.06.001) (2018).
# - Elman: [Finding structure in time](https://doi.org/10.1207/s15516709cog1402_1) (1990).
# - Kwiatkowski and others: [Testing the null hypothesis of stationarity](https://doi.org/10.1016/0304-4076(92)90104-Y) (1992); Phillips, Perron: [Testing for a unit root in time series regression](https://doi.org/10.1093/biomet/75.2.335) (1988).
#
# ## Now you
#
# The [exercises](../exercises/day11_recurrent_networks.ipynb) answer back; the [solutions](../solutions/day11_recurrent_networks.ipynb) explain.
# Tomorrow, day 12, you find out why our recurrent network forgets what it saw twenty steps ago, and give it gates.
