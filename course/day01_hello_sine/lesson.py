# %% [markdown]
# # Day 01 · Hello, world: a network learns the sine
#
# **Today a network of 49 numbers learns a curve while you watch, and you find out exactly where it stops being clever.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **explain** what deep learning is, and how it differs from other machine learning;
# - **build and train** a small network in Keras and read its learning curve;
# - **break** it in four ways and say why each one broke;
# - **compare** it on real data with models that need no network at all;
# - **judge** a headline about AI by asking for the baseline.
#
# **Time:** 60 to 90 minutes of reading and trying; the code runs in about a minute on two CPU cores, and no faster on a GPU:
# the networks of today are too small to need one.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | neural network | neuronales Netz | learning rate | Lernrate |
# | weight | Gewicht | epoch | Epoche, Durchlauf |
# | bias | Bias, Achsenabschnitt | layer | Schicht |
# | loss | Verlust, Fehlermaß | activation function | Aktivierungsfunktion |
# | to train, to fit | trainieren, anpassen | baseline | Vergleichsmodell, Messlatte |
# | training, test data | Trainings-, Testdaten | to extrapolate | extrapolieren |
#
# </details>

# %% tags=["setup"]
from utils import data, plots, runtime
from utils.expect import expect, expect_learned, expect_varied

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

ready = runtime.setup(seed=1, precision="float32")

# %% [markdown]
# The line above says what this notebook runs on. The *seed* makes the random numbers the same each time, so that your
# results can be compared with ours. In today's curves small rounding errors would show, so we insist on
# 32-bit arithmetic, as on most days; only where a long lesson can do with less (days 06 and 09) the course picks a faster
# format, if your device has one.
#
# ## 1 · What is deep learning?
#
# Three terms that are often used as if they were one (the Venn diagram below shows how they lie in each other):
#
# - **Artificial intelligence (AI)**: any program that does what we would call intelligent in a person. A chess program whose
#   rules were all written by hand is AI.
# - **Machine learning (ML)**: the part of AI in which the program *finds its rules in examples*. Instead of writing
#   `if word == "lottery": spam`, we show it mails and tell it which were spam.
# - **Deep learning (DL)**: the part of machine learning that stacks many simple layers, each computing its output from the
#   output of the layer before. Nobody tells the layers what to look for; they find that out as well.

# %%
figure, axes = plt.subplots(figsize=(7.5, 4.2))
circles = [
    (0.0, 3.6, plots.COLOURS[4], "Artificial intelligence", "chess by rules · route planners · expert systems"),
    (-0.75, 2.5, plots.COLOURS[1], "Machine learning", "decision trees · spam filters · k-means"),
    (-1.45, 1.45, plots.COLOURS[2], "Deep learning", "CNN · LSTM · transformer"),
]
for height, radius, colour, name, examples in circles:
    axes.add_patch(plt.matplotlib.patches.Ellipse((0, height), 3.6 * radius, 2 * radius, color=colour, alpha=0.35))
    axes.text(0, height + 0.68 * radius, name, ha="center", weight="bold", size=12)
    axes.text(0, height + 0.68 * radius - 0.5, examples, ha="center", size=9)
axes.set(xlim=(-6.6, 6.6), ylim=(-3.7, 3.7))
axes.axis("off")
plots.show(
    figure,
    alt="Venn diagram of three nested ellipses: deep learning (CNN, LSTM, transformer) lies inside machine learning"
    " (decision trees, spam filters, k-means), which lies inside artificial intelligence (chess by rules, route planners).",
)

# %% [markdown]
# Enough words: let us train one.
#
# ## 2 · Hello, sine
#
# "Hello, world" in programming prints a line. Ours learns a curve. We measure $y = \sin(x)$ at 1,000 random places, but our
# instrument is poor: every measurement is off by a random amount with a standard deviation of 0.1. The network sees only
# the dots. It does not know that there is a sine behind them, nor what a sine is.

# %%
random = np.random.default_rng(ready.seed)
x = random.uniform(-np.pi, np.pi, size=(1000, 1)).astype("float32")
noise = random.normal(scale=0.1, size=x.shape).astype("float32")
y = np.sin(x) + noise
grid = np.linspace(-np.pi, np.pi, 200, dtype="float32").reshape(-1, 1)


def rmse(predicted, wanted):
    """Root of the mean squared error, in the unit of the data."""
    return float(np.sqrt(np.mean((np.asarray(predicted) - np.asarray(wanted)) ** 2)))


# %%
def draw_fit(axes, curves, inputs=grid):
    """Draw the noisy points, the true sine, and one line per (name, predictions) over `inputs`."""
    axes.scatter(x, y, s=6, color="0.75", label="noisy measurements")
    axes.plot(inputs, np.sin(inputs), color="black", linewidth=1, linestyle=":", label="sin(x)")
    for (name, values), style in zip(curves, ("-", "--", "-.", (0, (1, 1))), strict=False):
        axes.plot(inputs, values, linestyle=style, label=name)
    axes.set(xlabel="x (radians)", ylabel="y", ylim=(-1.6, 1.6))


figure, axes = plt.subplots()
draw_fit(axes, [])
axes.legend(loc="upper left")
plots.show(
    figure, alt="1,000 noisy measurements scattered closely around one full wave of the sine, from minus pi to pi."
)

# %% [markdown]
# ### By hand first
#
# What can a network do that a straight line cannot? It can **bend**. A neuron takes a weighted sum of its inputs, adds a
# bias, and sends the result through an *activation function*. The simplest useful one is the **ReLU**, $\max(0, z)$: zero on
# one side, a ramp on the other. So one ReLU neuron is one kink, and the layer after it adds up the kinks.
#
# Three neurons are enough for a rough sine. We choose their weights ourselves: the first is a ramp downwards from the left
# edge, with slope $-2/\pi$; the second bends it upwards at $-\pi/2$, the third bends it down again at $\pi/2$.


# %%
def relu(z):
    return np.maximum(0, z)


slope = 2 / np.pi
by_hand = slope * (-relu(grid + np.pi) + 2 * relu(grid + np.pi / 2) - 2 * relu(grid - np.pi / 2))

figure, axes = plt.subplots()
draw_fit(axes, [("three ReLU neurons, weights chosen by hand", by_hand)])
axes.legend(loc="upper left")
plots.show(figure, alt="A zigzag of three straight pieces with kinks at minus pi/2 and pi/2 roughly follows the sine.")
print(f"error by hand (RMSE): {rmse(by_hand, np.sin(grid)):.3f}")

# %% [markdown]
# That is a neural network already: one *hidden layer* with three neurons. What is missing is the *learning*: finding the weights
# without us. Three things are needed, and you will build each of them yourself tomorrow:
#
# 1. a **loss** that says in one number how wrong the network is; here the mean squared error (MSE) between its answer and the dot;
# 2. the **gradient** of the loss: for each weight, whether the loss rises or falls when the weight is turned up a little, and how steeply;
# 3. an **optimizer** that turns every weight a small step downhill, again and again. The size of the step is set by the **learning rate**.
#
# ### With Keras
#
# Now 16 ReLU neurons in the hidden layer, so up to 16 kinks, and one output neuron without activation (a value of any
# size may come out). Weights and biases together are the network's **parameters**. Count them with us: 16 weights and 16
# biases in the hidden layer, 16 weights and 1 bias in the output: 49.
#
# Four words of Keras for what follows: `Dense` is a layer in which every neuron sees every input; `Adam` is an optimizer, the
# one we use all week (day 05 takes it apart); `compile` fixes optimizer and loss; a *callback* is code that Keras runs for us
# during the training, here after each epoch. Dense layers in a row are called a **multilayer perceptron** (MLP). One hidden layer is as shallow as networks come: "deep" begins with the second,
# and tomorrow you stack them.


# %%
def make_network(neurons=16, activation="relu"):
    """A network with one hidden layer: from shape (examples, 1) to shape (examples, 1)."""
    return keras.Sequential(
        [
            keras.Input(shape=(1,)),
            layers.Dense(neurons, activation=activation),
            layers.Dense(1),
        ]
    )


network = make_network()
network.summary()

# %% [markdown]
# Training goes through the 1,000 examples in **batches** of 32; after each batch the weights move one step. Once through all
# the data is one **epoch**. To watch, we note the network's curve after each epoch.


# %%
class Diary(keras.callbacks.Callback):
    """Keep the network's answers on the grid after every epoch."""

    def on_train_begin(self, logs=None):
        self.curves = [keras.ops.convert_to_numpy(self.model(grid))]

    def on_epoch_end(self, epoch, logs=None):
        self.curves.append(keras.ops.convert_to_numpy(self.model(grid)))


diary = Diary()
network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
history = network.fit(x, y, batch_size=32, epochs=40, callbacks=[diary], verbose=0)
fit = keras.ops.convert_to_numpy(network(grid))
print(f"loss after the first epoch {history.history['loss'][0]:.3f}, after the last {history.history['loss'][-1]:.4f}")
print(
    f"distance from the true sine (RMSE): {rmse(fit, np.sin(grid)):.3f}; by hand it was {rmse(by_hand, np.sin(grid)):.3f}"
)

# %% [markdown]
# Press play. Frame 0 is the untrained network, random weights and all; then every second epoch.

# %%
figure, axes = plt.subplots()
draw_fit(axes, [("network", diary.curves[0])])
line = axes.lines[-1]


def draw_epoch(frame):
    epoch = 2 * frame
    line.set_ydata(diary.curves[epoch])
    axes.set_title(f"epoch {epoch}: RMSE {rmse(diary.curves[epoch], np.sin(grid)):.3f}")


plots.animate(
    figure,
    draw_epoch,
    frames=len(diary.curves) // 2 + 1,
    alt="Over 40 epochs the network's curve, at first far from the sine, bends kink by kink until it lies close to the sine.",
)

# %%
plots.learning_curves(history.history, log=True)

# %% [markdown]
# This picture, loss against epochs, is the **learning curve**, and it is the first thing to look at in every training of your
# life. Mind two things. The scale is logarithmic, each labelled line is a tenth of the one above, and still the first two
# epochs are the steepest: that is where most of the progress happens. And the loss does not go to zero. It cannot: the dots scatter around the sine with a standard deviation of 0.1, so even the true sine has a mean
# squared error of about $0.1^2 = 0.01$. A loss far *below* that would be bad news: the network would have learned the noise by
# heart (day 04).
#
# ### One neuron's part in it
#
# Inside, each hidden neuron contributes one ramp with one kink, $v_i \max(0, w_i x + b_i)$. The output adds the 16 pieces
# and a bias.

# %%
(hidden_weights, hidden_biases), (output_weights, output_bias) = (layer.get_weights() for layer in network.layers)
pieces = output_weights[:, 0] * relu(grid * hidden_weights[0] + hidden_biases)  # (200, 16)
strongest = int(np.ptp(pieces, axis=0).argmax())
kinks = -hidden_biases / hidden_weights[0]  # where w x + b = 0

figure, axes = plt.subplots()
axes.plot(grid, pieces, color="0.8", linewidth=1)
axes.plot(grid, pieces[:, strongest], label=f"neuron {strongest}, the strongest")
axes.plot(grid, pieces.sum(axis=1) + output_bias[0], "--", label="sum of all 16, plus the bias")
axes.plot(grid, np.sin(grid), ":", color="black", linewidth=1, label="sin(x)")
axes.set(xlabel="x (radians)", ylabel="contribution to the output")
axes.legend(loc="upper left")
plots.show(
    figure,
    alt="Sixteen ramps with one kink each, one per hidden neuron, none like a sine; the strongest is highlighted."
    " Their sum lies close to the sine.",
)
print(f"{np.sum(np.abs(kinks) < np.pi)} of the 16 kinks lie between −π and π")

# %% [markdown]
# No neuron knows the sine. The sine is in how they add up. (Kinks that lie outside of the data don't bend anything there: those
# neurons contribute a straight line or nothing.) We computed this sum with the weights read out of the network, by a formula
# you could do on paper. It is the network's answer, up to rounding in the last digit:

# %%
print("largest difference from network(x):", np.abs(pieces.sum(axis=1, keepdims=True) + output_bias - fit).max())

# %% [markdown]
# ## 3 · What fails
#
# You know a tool when you know how it breaks. Before you run each cell, **guess** what the picture will show.
#
# ### 3.1 Outside the data
#
# The network has seen $-\pi$ to $\pi$. What does it say about $3\pi$?

# %%
wide = np.linspace(-3 * np.pi, 3 * np.pi, 400, dtype="float32").reshape(-1, 1)
outside = np.abs(wide) > np.pi
beyond = keras.ops.convert_to_numpy(network(wide))

figure, axes = plt.subplots()
draw_fit(axes, [("network", beyond)], inputs=wide)
axes.axvspan(-np.pi, np.pi, color=plots.COLOURS[4], alpha=0.15, label="where the training data lie")
axes.set_ylim(-4, 4)
axes.legend(loc="upper left", ncols=2, fontsize=9)
plots.show(
    figure,
    alt="Inside the training interval the network lies close to the sine; outside it runs off straight and does not wave.",
)
print(f"RMSE inside {rmse(fit, np.sin(grid)):.3f}, outside {rmse(beyond[outside], np.sin(wide)[outside]):.2f}")

# %% [markdown]
# It never learned "the sine". It learned a shape that fits where data were. Training places the kinks where data pull at them;
# outside, hardly anything bends, so a ReLU network leaves its data on a nearly straight line and never looks back. **Networks interpolate; they do not extrapolate by
# themselves.** (In the exercises you make this very extrapolation work, by telling the network something about the problem.)
#
# ### 3.2 Too few neurons
#
# A hidden layer of one, two, four neurons: is that enough for a full wave? We take the activation $\tanh$ for once, a smooth
# S from −1 to 1: with so few ReLU neurons too much hangs on luck, because one can get stuck at zero for good (3.4 shows how).

# %%
small_fits = []
for neurons in (1, 2, 4):
    small = make_network(neurons, activation="tanh")
    small.compile(optimizer=keras.optimizers.Adam(learning_rate=0.1), loss="mse")
    small.fit(x, y, batch_size=32, epochs=10, verbose=0)
    values = keras.ops.convert_to_numpy(small(grid))
    small_fits.append((f"{neurons} neuron{'s' * (neurons > 1)}: RMSE {rmse(values, np.sin(grid)):.3f}", values))

figure, axes = plt.subplots()
draw_fit(axes, small_fits)
axes.legend(loc="upper left", fontsize=9)
plots.show(
    figure,
    alt="Fits of networks with few neurons: "
    + "; ".join(name for name, _ in small_fits)
    + ". One neuron gives a single S.",
)

# %% [markdown]
# One neuron is one S, flat at both ends; a wave has to turn back, and no training, however long, can make one S do that. This
# is **underfitting**: not a bug in the training but too small a model. Two neurons *could* turn back, and four could do it
# well; yet in these ten epochs they get only part of the way, and how far depends on the random start: run the cell again
# and see. A few spare neurons are the cheapest insurance, and one reason why real networks are larger than they need be.
#
# ### 3.3 No activation
#
# Leave the activation out and stay with 16 neurons. More parameters than the network by hand had; and yet …

# %%
flat = make_network(16, activation=None)
flat.compile(optimizer=keras.optimizers.Adam(learning_rate=0.003), loss="mse")
flat.fit(x, y, batch_size=32, epochs=12, verbose=0)
no_activation = keras.ops.convert_to_numpy(flat(grid))
straight_line = np.polynomial.Polynomial.fit(x[:, 0], y[:, 0], deg=1)(grid)

figure, axes = plt.subplots()
draw_fit(axes, [("16 neurons, no activation", no_activation), ("best straight line", straight_line)])
axes.legend(loc="upper left")
plots.show(
    figure, alt="The network without activation draws a straight line, almost the same as the best straight line."
)
print(f"distance between the two lines (RMSE): {rmse(no_activation, straight_line):.3f}")

# %% [markdown]
# … it is a line. A weighted sum of weighted sums is a weighted sum: without activations, a hundred layers can do no more than
# one (you prove it in exercise 2). **The bend in the activation function is what makes depth worth anything.**
#
# ### 3.4 The wrong learning rate
#
# Same network, same data, three step sizes.

# %%
rates = {"far too small: 0.0001": 1e-4, "right: 0.01": 0.01, "far too high: 3": 3.0}
losses = {"right: 0.01": history.history["loss"][:12]}
for name in ("far too small: 0.0001", "far too high: 3"):
    trial = make_network()
    trial.compile(optimizer=keras.optimizers.Adam(learning_rate=rates[name]), loss="mse")
    losses[name] = trial.fit(x, y, batch_size=32, epochs=12, verbose=0).history["loss"]
died = keras.ops.convert_to_numpy(trial(grid))
weights, biases = trial.layers[0].get_weights()
dead = np.sum(np.all(x * weights[0] + biases <= 0, axis=0))  # zero for every example

figure, axes = plt.subplots()
for name, style in zip(rates, ("--", "-", "-."), strict=True):
    axes.plot(np.arange(1, 13), losses[name], style, label=name)
axes.axhline(0.01, color="black", linewidth=1, linestyle=":", label="what the noise leaves")
axes.set(xlabel="epoch", ylabel="loss (MSE)", yscale="log", xticks=range(0, 13, 3))
axes.legend()
plots.show(
    figure,
    alt="Loss over 12 epochs at three learning rates. "
    + "; ".join(f"{n}: from {v[0]:.3g} to {v[-1]:.3g}" for n, v in losses.items()),
)
print(f"rate 3: {dead} of 16 neurons give 0 for every example;", end=" ")
print(f"the answers lie between {died.min():.2f} and {died.max():.2f}, for every x from −π to π")

# %% [markdown]
# Too small a rate is an ant: it gets there next week. Too high a rate leaps over the valley and lands high up the other side:
# look at the loss of its first epoch. Here it is worse still. The leap threw most neurons to where they give 0 for every
# example (the cell counts them), and where nothing comes out no gradient ever calls them back: they are **dead**, and the
# network answers nearly the same to everything. If you can tune only one thing, tune the learning rate; day 05 is about how.
#
# ## 4 · The same on real data
#
# Made-up data are kind to us. Here are the monthly mean temperatures measured at Nottingham Castle in England (the data set `nottem`) from 1920 to
# 1939. Can a network learn the seasons, and does it beat simpler models? **Always ask the second question.**
#
# We hold back the last three years, as if we stood at the end of 1936 and forecast. Testing on the *future* and not on
# random months is what an honest forecast means.

# %%
table = data.load("nottem")
print(data.about("nottem"))
temperature = table["temperature_c"].to_numpy(dtype="float32")  # (240,), degrees Celsius
years = 1920 + np.arange(240, dtype="float32") / 12
is_training = years < 1937

figure, axes = plt.subplots(figsize=(7.5, 3))
axes.plot(years[is_training], temperature[is_training], linewidth=1, label="training: 1920–1936")
axes.plot(years[~is_training], temperature[~is_training], linewidth=1.5, linestyle="--", label="test: 1937–1939")
axes.set(xlabel="year", ylabel="mean temperature (°C)", ylim=(-3, 24), xticks=range(1920, 1941, 5))
axes.legend(loc="upper left", ncols=2)
plots.show(
    figure,
    alt="Monthly mean temperatures at Nottingham, 1920 to 1939: a regular yearly wave between about 3 and 17 degrees Celsius;"
    " the last three years are marked as test data.",
)

# %% [markdown]
# Four models without a network first. They cost a few lines each, and the network has to earn its place against them.

# %%
train_years, train_temperature = years[is_training], temperature[is_training]
test_years, test_temperature = years[~is_training], temperature[~is_training]
month = np.arange(240) % 12

forecasts = {"mean": np.full(36, train_temperature.mean())}
forecasts["straight line"] = np.polynomial.Polynomial.fit(train_years, train_temperature, deg=1)(test_years)


def wave(t):
    """One wave a year as columns for least squares: constant, sine, cosine."""
    return np.column_stack([np.ones_like(t), np.sin(2 * np.pi * t), np.cos(2 * np.pi * t)])


coefficients, *_ = np.linalg.lstsq(wave(train_years), train_temperature, rcond=None)
forecasts["fitted sine"] = wave(test_years) @ coefficients
forecasts["average of that month"] = np.array(
    [train_temperature[month[is_training] == m].mean() for m in month[~is_training]]
)

# %% [markdown]
# Now two networks. The first gets the **year** as its input, as we just plotted it. The second gets the **month**: a better
# *feature*, a way of telling the model that the year comes round again. Inputs are scaled to about −1 to 1 and the
# temperatures to mean 0 and standard deviation 1, with numbers from the training years only.


# %%
def train_forecaster(inputs):
    """Train a network from inputs of shape (months,) to scaled temperatures; return its forecast for the test years in °C."""
    centre, spread = train_temperature.mean(), train_temperature.std()
    inputs = inputs.astype("float32").reshape(-1, 1)
    network = make_network(16)
    network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
    network.fit(inputs[is_training], (train_temperature - centre) / spread, batch_size=8, epochs=30, verbose=0)
    return keras.ops.convert_to_numpy(network(inputs[~is_training]))[:, 0] * spread + centre


forecasts["network on the year"] = train_forecaster((years - 1930) / 10)
forecasts["network on the month"] = train_forecaster((month - 5.5) / 5.5)

# %%
figure, (top, bottom) = plt.subplots(2, 1, figsize=(7.5, 6), height_ratios=(3, 2.2))
top.plot(test_years, test_temperature, "o", color="black", markersize=4, label="measured")
for name, style in (("network on the year", "--"), ("fitted sine", "-."), ("network on the month", "-")):
    top.plot(test_years, forecasts[name], style, label=name)
top.set(xlabel="year", ylabel="temperature (°C)", ylim=(0, 24), xticks=range(1937, 1941), title="Three years ahead")
top.legend(ncols=2, fontsize=9, loc="upper left")
errors = {name: rmse(values, test_temperature) for name, values in forecasts.items()}
names = sorted(errors, key=errors.get, reverse=True)
colours = [plots.COLOURS[0] if "network" in name else "0.7" for name in names]
bars = bottom.barh(names, [errors[name] for name in names], color=colours)
bottom.bar_label(bars, fmt=" %.2f")
bottom.set(xlabel="error on the test years (RMSE, °C); networks in blue", ylabel="model", xlim=(0, 6.5))
plots.show(
    figure,
    alt="Above: the measured test months and three forecasts; the network on the year misses the seasons, the sine and the"
    " network on the month follow them. Below, the errors in degrees: "
    + ", ".join(f"{name} {errors[name]:.2f}" for name in names)
    + ".",
)
by_month = train_temperature.reshape(-1, 12)  # (17 years, 12 months)
print(f"one month against its average over the 17 training years: ±{by_month.std(axis=0).mean():.2f} °C")

# %% [markdown]
# Read the bars from the top. The network on the *month* is good, and so is the plain average of each month, and so is a sine
# with three numbers. The differences between the three are small against what the weather does on its own: the last line
# says how far a single month lies from its average. The network on
# the *year* is no better than a flat line: no season came out of it at all. Same network, same training, another
# feature: **how you put the question matters more than how many neurons answer it.**
#
# So is the network useless here? For this task, yes: the average of the month is as good and costs one line. But an average
# needs a month that comes back. No two pictures and no two sentences are alike; there nobody has a formula or an average,
# and learning the shape from examples, as our network just did with the year, is what is left.
#
# ## 5 · Play
#
# The sliders train a new network each time you let go (a few seconds). Try to
#
# - find the fewest neurons that give a clean sine;
# - find a learning rate that just about still works;
# - see the difference between *relu* and *tanh*: which one shows its kinks, which one is smooth?
#
# Reading this without a running kernel? The pictures of section 3 show the same effects, one by one.


# %%
def train_and_draw(neurons, activation, learning_rate):
    """Train for 400 steps on the whole data set at once; return the picture of the fit and its alt text."""
    network = make_network(neurons, None if activation == "none" else activation)
    network.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    for _ in range(400):
        loss = float(network.train_on_batch(x, y))
    figure, axes = plt.subplots()
    draw_fit(axes, [(f"{neurons} × {activation}, rate {learning_rate:.4g}", keras.ops.convert_to_numpy(network(grid)))])
    axes.set_title(f"loss after 400 steps: {loss:.4f}")
    axes.legend(loc="upper left")
    return figure, f"Fit of {neurons} {activation} neurons at rate {learning_rate:.4g}; loss {loss:.4f}."


plots.interact(
    train_and_draw,
    neurons=ipywidgets.IntSlider(8, 1, 64, continuous_update=False),
    activation=ipywidgets.Dropdown(options=["relu", "tanh", "sigmoid", "none"]),
    learning_rate=ipywidgets.FloatLogSlider(0.03, min=-4, max=1, step=0.25, continuous_update=False),
)

# %% [markdown]
# ## 6 · How we got here
#
# What you just trained is older than most of its users. The idea dates from the 1950s, the training method from the 1980s (only
# details such as ReLU and Adam are younger), and yet the field was twice declared dead. The timeline shows when; the table
# after it shows what broke the deadlock. Many names in this section are still ahead of you: you need none of them today.

# %%
events = [
    (1958, "Perceptron", "Rosenblatt"),
    (1969, "Limits of perceptrons", "Minsky, Papert"),
    (1986, "Backpropagation", "Rumelhart, Hinton, Williams"),
    (1991, "Vanishing gradients", "Hochreiter"),
    (1997, "LSTM", "Hochreiter, Schmidhuber"),
    (1998, "LeNet-5", "LeCun et al."),
    (2009, "ImageNet", "Deng, Li et al."),
    (2012, "AlexNet", "Krizhevsky et al."),
    (2014, "GAN", "Goodfellow et al."),
    (2015, "ResNet", "He et al."),
    (2017, "Transformer", "Vaswani et al."),
    (2020, "GPT-3; diffusion", "Brown; Ho et al."),
    (2022, "ChatGPT", "OpenAI"),
    (2024, "Nobel prizes", "Hopfield, Hinton"),
]
heights = [1, -1, 1, -1.9, 1.9, -1, 1, -1, 2.8, -1.9, 1.9, -2.8, 1, -1]

# %%
figure, axes = plt.subplots(figsize=(9.5, 5))
for start, end in ((1974, 1980), (1987, 1993)):
    axes.axvspan(start, end, color=plots.COLOURS[4], alpha=0.3)
    axes.text((start + end) / 2, -3.4, f"AI winter\n{start}–{end}", ha="center", size=9, color="0.25")
axes.axhline(0, color="black", linewidth=1)
for (year, name, who), height in zip(events, heights, strict=True):
    colour = plots.COLOURS[0] if height > 0 else plots.COLOURS[5]
    axes.plot([year, year], [0, height], color=colour, linewidth=1, marker="o", markevery=[0], markersize=5)
    placed = {"ha": "center", "va": "bottom" if height > 0 else "top", "size": 8.5}
    axes.text(
        year, height, f"{year} {name}\n{who}", **placed, bbox={"fc": "white", "ec": "none", "pad": 0.6, "alpha": 0.85}
    )
axes.set(xlim=(1952, 2030), ylim=(-3.8, 3.8), xlabel="year", title="Seven decades of neural networks")
axes.get_yaxis().set_visible(False)
axes.spines["left"].set_visible(False)
axes.grid(visible=False)
plots.show(
    figure,
    alt="Timeline from 1958 to 2024: "
    + ", ".join(f"{year} {name}" for year, name, _ in events)
    + "; two AI winters are shaded, 1974 to 1980 and 1987 to 1993. Half of the events lie in 2012 or later.",
)

# %% [markdown]
# **The 1960s, "trucks vs. cars".** Rosenblatt's perceptron (1958), built as the Mark I, looked at 20 × 20 photocells and learned simple tasks: marks on the
# left or the right of a sheet, circles or squares, some letters. From those years come the stories of machines that told
# trucks from cars, or tanks from trees, and of one that had learned the weather instead, because all the tanks were
# photographed on a cloudy day. They are told in many versions, none of them documented ([Branwen collected
# them](https://gwern.net/tank)), but the trap is real and has its own section on day 03: a network learns whatever separates your
# examples, not what you meant. In 1969 Minsky and Papert proved what one layer can't do (tomorrow: XOR), hopes and money
# fell, and the first winter came.
#
# **What broke the deadlock**
#
# | What stood in the way | What removed it | Since | Here on |
# |---|---|---|---|
# | one layer can only draw straight borders | hidden layers, trained by **backpropagation** | 1986 | day 02 |
# | **vanishing gradients**: early layers, or early steps of a long sequence, learn nothing | **LSTM** gates; **ReLU**, better initialisation, **residual** (skip) connections | 1997–2015 | days 02, 07, 12 |
# | **exploding gradients**: one step throws the weights far away | clipping the gradient | 2013 | days 05, 12 |
# | too little **data** | the web, ImageNet's 1.2 million labelled training pictures | 2009 | day 06 |
# | too slow computers | **GPUs**: AlexNet trained on two gaming cards | 2012 | day 06 |
# | learning by heart (overfitting) | **dropout**, augmentation, more data | 2012 | days 04, 08 |
# | words one after another, no parallel work | attention, the **transformer** | 2017 | day 15 |
#
# **People to read.** A name in this field is worth following to its source:
#
# | Who | For what | Begin with |
# |---|---|---|
# | Geoffrey Hinton | backpropagation, Boltzmann machines, capsules; Nobel prize in physics 2024 | [Nature 323 (1986)](https://doi.org/10.1038/323533a0) |
# | Yann LeCun | convolutional networks, LeNet | [Gradient-based learning (1998)](https://doi.org/10.1109/5.726791) |
# | Yoshua Bengio | language models, attention; with Goodfellow and Courville the [textbook](https://www.deeplearningbook.org) | [A neural probabilistic language model (2003)](https://www.jmlr.org/papers/v3/bengio03a.html) |
# | Jürgen Schmidhuber | LSTM with Sepp Hochreiter; the field's history, argued | [Deep learning: an overview (2015)](https://arxiv.org/abs/1404.7828) |
# | Andrew Ng | teaching: his courses brought in millions | [CS229 lecture notes](https://cs229.stanford.edu/main_notes.pdf) |
# | Andrej Karpathy | the best code walk-throughs there are | [A recipe for training neural networks](https://karpathy.github.io/2019/04/25/recipe/) |
#
# ## 7 · How good is it? Baseline first!
#
# "Our spam filter is 95 % right." Good? If 95 of 100 mails are not spam, a filter that never filters is 95 % right too. A number
# without a **baseline**, what the simplest sensible rule would reach, says nothing. In section 4 the average of each month was that rule.
#
# | Field | How it is measured | A baseline | A landmark (source) |
# |---|---|---|---|
# | Pictures | ImageNet: is the right one of 1,000 names among five guesses? | chance: 99.5 % wrong | 26.2 % wrong without a deep network, 15.3 % with one, [2012](https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html); 3.6 %, [2015](https://arxiv.org/abs/1512.03385) |
# | Knowledge | **MMLU**: 57 subjects, four answers each | chance: 25 % | GPT-3 44 %, experts estimated 90 %, [2020](https://arxiv.org/abs/2009.03300); GPT-4 86 %, [2023](https://arxiv.org/abs/2303.08774) |
# | Chat | **Arena Elo**: people vote blindly between two answers | another model's answer | ratings from millions of votes, [2024](https://arxiv.org/abs/2403.04132) |
# | **School exams** | bar exam, Abitur, olympiads | the other candidates: which ones? | GPT-4 "top 10 %" of the bar exam; [recomputed](https://doi.org/10.1007/s10506-024-09396-9) against first-time takers much lower |
# | Practice | **Kaggle**: hidden test set, one table of ranks | the sample submission | on tables, boosted trees often win (day 03 shows the table) |
#
# Scores on public tests age badly: the questions leak into the training data, and a measure that becomes a target stops
# measuring. In today's exercises you program yourself how an Elo rating arises from pairwise results.
#
# ### No free lunch, and why we eat anyway
#
# The **no-free-lunch theorem** (Wolpert, 1996) says: averaged over *all* conceivable problems, no learner beats any other on data it
# has not seen. It sounds like the end of machine learning. Let us check it on a world small enough to list: three
# inputs that are 0 or 1, so 8 possible cases; a "problem" gives each case an answer 0 or 1, so there are $2^8 = 256$ problems.
# We train on five cases and test on the other three, on all 256.

# %%
cases = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
problems = np.array([[number >> bit & 1 for bit in range(8)] for number in range(256)])  # (256, 8)
seen, unseen = np.array([0, 1, 2, 4, 7]), np.array([3, 5, 6])


def nearest_neighbours(answers):
    """Answer each unseen case as most of its nearest seen cases do."""
    distance = np.abs(cases[unseen][:, None] - cases[seen][None]).sum(axis=2)  # (3, 5)
    is_nearest = distance == distance.min(axis=1, keepdims=True)
    return (is_nearest @ answers / is_nearest.sum(axis=1) > 0.5).astype(int)


def contrary(answers):
    """Always the opposite of the nearest neighbours."""
    return 1 - nearest_neighbours(answers)


def accuracy(learner, chosen):
    """Mean share of right answers on the unseen cases over the chosen problems."""
    return np.mean([learner(problem[seen]) == problem[unseen] for problem in chosen])


# %%
weights = np.array(np.meshgrid(*[np.arange(-2, 3)] * 3)).reshape(3, -1).T
scores = cases @ weights.T  # (8, 125)
linear = {tuple((scores[:, i] > t).astype(int)) for i in range(len(weights)) for t in np.arange(-6.5, 7)}
linear = np.array(sorted(linear))

for name, learner in (("nearest neighbours", nearest_neighbours), ("its contrary", contrary)):
    print(f"{name:<19} all {len(problems)} problems: {accuracy(learner, problems):.3f}", end="")
    print(f"   the {len(linear)} that one neuron can solve: {accuracy(learner, linear):.3f}")

# %% [markdown]
# ("One neuron" here answers 1 if its weighted sum exceeds a threshold, else 0.) Exactly one half for both: over *all* problems, sense and nonsense tie. But look at the second number. As soon as the world is not
# arbitrary, here: the answer is one that a single neuron can give, so similar cases tend to have similar answers, the sensible
# learner is far ahead. Our world is not arbitrary either. Pictures have edges, sentences have grammar, summers are warm.
# **A model works where its assumptions fit the world**, and choosing it well is the craft this course is about.
#
# ### Levels of understanding
#
# How well do you want to know a thing? Use this ladder to plan your twenty days:
#
# | Level | You can … | Today, for example |
# |---|---|---|
# | use | run it | run this notebook from top to bottom |
# | recognise | tell it from others | say that we predicted a number (regression), not a class (classification) |
# | name | use the field's words | epoch, batch, loss, learning rate |
# | take apart | say what each part does | the sum of 16 pieces in section 2 |
# | build | make it from scratch | tomorrow: the same network in NumPy |
# | invent | change it for a new problem | the feature that makes extrapolation work (exercise 5) |
#
# ## 8 · Your machine, and Colab's
#
# Everything in this course runs on a laptop's CPU. If you are on Google Colab you can borrow a GPU or TPU, for the longer lessons
# from week 2 on:
#
# 1. *Runtime → Change runtime type* (German: *Laufzeit → Laufzeittyp ändern*), choose **T4 GPU** or a **TPU**, *Save*. The
#    runtime starts anew: what you computed is gone, what you typed stays.
# 2. Run the set-up cell at the top again. Its line now says GPU or TPU.
# 3. **Give it back** the same way (choose *CPU*) when you don't need it: the free hours are counted even while it idles.

# %%
kind, count = runtime.find_devices()
print(f"This notebook computes on: {kind}" + (f" × {count}" if count > 1 else ""))
print("Keras backend:", keras.backend.backend(), "· number format:", keras.config.dtype_policy().name)
if kind == "CPU":
    print("No GPU or TPU is visible. That is fine for all of week 1.")

# %% [markdown]
# ## What you should see
#
# Every lesson ends by holding its results against **bands**: the range over three seeds, measured by us with some room.
# Yours should lie inside. If you changed something above and one does not, that is your own finding.

# %%
expect("sine: error by hand (RMSE)", rmse(by_hand, np.sin(grid)), low=0.1, high=0.2)
expect("sine: error of the network (RMSE)", rmse(fit, np.sin(grid)), low=0.0, high=0.1)
expect("sine: final training loss (MSE)", history.history["loss"][-1], low=0.009, high=0.02)
expect("sine: error outside the data (RMSE)", rmse(beyond[outside], np.sin(wide)[outside]), low=1.5, high=6)
expect("one neuron: error (RMSE)", rmse(small_fits[0][1], np.sin(grid)), low=0.2, high=0.35)
expect("no activation: distance from the best line (RMSE)", rmse(no_activation, straight_line), low=0.0, high=0.15)
expect("rate 0.0001: loss after 12 epochs (MSE)", losses["far too small: 0.0001"][-1], low=0.05)
expect("rate 3: loss after 12 epochs (MSE)", losses["far too high: 3"][-1], low=0.1)
expect("Nottingham: network on the month (RMSE, °C)", errors["network on the month"], low=0.8, high=1.6)
expect("Nottingham: network on the year (RMSE, °C)", errors["network on the year"], low=3, high=8)
expect("Nottingham: fitted sine (RMSE, °C)", errors["fitted sine"], low=0.8, high=1.6)
expect("no free lunch: nearest neighbours on all problems", accuracy(nearest_neighbours, problems), low=0.5, high=0.5)
expect_learned("sine network", history.history["loss"])
expect_varied("sine network", fit)

# %% [markdown]
# ## Summary
#
# 1. A neuron is a weighted sum, a bias and a bend; a layer of neurons adds up bends, and at most 16 of them make a sine.
# 2. Training turns every weight a small step downhill on the loss; the learning curve shows whether it works.
# 3. Networks interpolate where they have seen data. Outside, without activation, with too few neurons, or with the wrong learning rate, they fail, each in its own way.
# 4. On Nottingham's temperatures a good feature mattered more than the network, and simple models did as well. Baseline first.
# 5. No learner is best on all problems; good ones share their assumptions with the world.
#
# ## Quiz
#
# **1. A network with 10 inputs, one hidden layer of 5 neurons and 2 outputs, all with biases, has how many parameters?**
# (a) 17 (b) 60 (c) 67
# <details><summary>Answer</summary>
#
# (c): 10 · 5 + 5 = 55 in the hidden layer and 5 · 2 + 2 = 12 in the output layer. (b) forgets the 7 biases.
#
# </details>
#
# **2. Your training loss falls to 0.0002 on data whose noise alone has a mean square of 0.01. Good news?**
# <details><summary>Answer</summary>
#
# No. Below the noise there is nothing to learn but the noise itself: the network has learned the training points by heart, and on
# new points it will be worse, not better. That is overfitting (day 04).
#
# </details>
#
# **3. You take all activations out of a network with ten hidden layers. What can it still represent?**
# (a) less, but still curves (b) straight lines only (c) nothing
# <details><summary>Answer</summary>
#
# (b): straight lines, or planes if there are several inputs. A chain of weighted sums is one weighted sum.
#
# </details>
#
# **4. In the first epoch the loss is a thousand times what it was before training, then it stays flat at a high value. What do you try first?**
# <details><summary>Answer</summary>
#
# A smaller learning rate, say by a factor of ten. More neurons or more epochs won't help a training that leapt over the valley in its first steps.
#
# </details>
#
# **5. A colleague reports "91 % accuracy" in predicting rain in Hamburg for the next hour. What do you ask?**
# <details><summary>Answer</summary>
#
# "What does *same as now* reach?" and "what does *never* reach?". It is dry most hours, and weather lasts; both baselines may lie above
# 91 %. Then: was it tested on later days than it was trained on?
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning with Scikit-Learn, Keras and TensorFlow*, 3rd ed., chapter 10: the same first steps, more slowly.
# - LeCun, Bengio, Hinton: [Deep learning](https://doi.org/10.1038/nature14539), Nature 521 (2015): ten pages by three of the people above.
# - Wolpert: [The lack of a priori distinctions between learning algorithms](https://doi.org/10.1162/neco.1996.8.7.1341) (1996): no free lunch.
# - Video: Grant Sanderson (3Blue1Brown), [But what is a neural network?](https://www.youtube.com/watch?v=aircAruvnKk), 19 minutes.
#
# ## Now you
#
# The [exercises](../exercises/day01_hello_sine.ipynb) answer back; the [solutions](../solutions/day01_hello_sine.ipynb) explain.
# Tomorrow, day 02, you build all of today's network, and its learning, from nothing but NumPy.
