# %% [markdown]
# # Day 17 · Uncertainty: knowing what one does not know
#
# **Today networks say how sure they are, and you check whether one may believe them: intervals that should hold nine times in ten, probabilities that should mean what they say, and alarms about rare events, each measured on data that the network has not seen.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **put** an interval around an accuracy with a bootstrap, and **test** by simulation whether it keeps its promise;
# - **give** a network a distribution as its answer, with TensorFlow Probability in Keras 3;
# - **build** a Bayesian network, Monte-Carlo dropout and a deep ensemble, and **compare** them by coverage, width and log-likelihood beside a baseline that costs nothing;
# - **calibrate** a classifier with a temperature and say what its calibration error would be by chance;
# - **choose** a threshold by cost, and **compare** remedies for unbalanced data by PR-AUC and cost with intervals.
#
# **Time:** 120 to 140 minutes of reading and trying; the code runs in about a minute and a half on two CPU cores. A GPU does not help: the networks are small.
# Cells that begin with `# Drawing` are folded and hold no new idea: run them and look at the picture.
#
# **Backends:** TensorFlow; its distributions are those of TensorFlow Probability.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | uncertainty | Unsicherheit | calibration | Kalibrierung |
# | confidence interval | Vertrauensbereich, Konfidenzintervall | reliability diagram | Zuverlässigkeitsdiagramm |
# | coverage | Überdeckung | overconfident | zu selbstsicher |
# | standard deviation | Standardabweichung | unbalanced data | unausgewogene Daten |
# | law of large numbers | Gesetz der großen Zahlen | precision | Präzision (positiver Vorhersagewert) |
# | likelihood | Likelihood, Plausibilität | recall | Trefferquote |
# | prior, posterior | A-priori-, A-posteriori-Verteilung | threshold | Schwelle |
# | held-out data | zurückgehaltene Daten | over-, undersampling | Vervielfachen, Ausdünnen |
# | ensemble | Ensemble, Gruppe von Modellen | churn | Abwanderung |
# | draw | Ziehung | false alarm | Fehlalarm |
#
# </details>

# %% tags=["setup"]
from utils import data, fast, plots, runtime
from utils.expect import expect, expect_varied

import itertools

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras import layers, ops
from scipy.ndimage import rotate
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from scipy.stats import binomtest
from sklearn.datasets import load_diabetes
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

ready = runtime.setup(seed=1, precision="float32", needs=("tensorflow-probability", "tf-keras", "imbalanced-learn"))
import tensorflow_probability as tfp
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler

# %% [markdown]
# ## 1 · See it: sure and wrong
#
# First a network as you have built many: handwritten digits in, ten probabilities out. It learns from 8,000 pictures in a few seconds and is good at its job.

# %%
digits = data.load("mnist")
digit_images = {part: digits[f"{part}_images"] / np.float32(255) for part in ("train", "test")}
digit_labels = {part: digits[f"{part}_labels"].astype(int) for part in ("train", "test")}
digit_network = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
digit_network.compile("adam", "sparse_categorical_crossentropy", jit_compile=fast.JIT)
digit_network.fit(digit_images["train"], digit_labels["train"], batch_size=100, epochs=8, verbose=0)
said = digit_network.predict(digit_images["test"], batch_size=1000, verbose=0)
digit_right = (said.argmax(axis=1) == digit_labels["test"]).astype(float)
print(f"{len(said):,} test digits: {digit_right.mean():.3f} right, {said.max(axis=1).mean():.3f} sure on average")

# %% [markdown]
# Now show it what it has never seen: the same digits, turned by 90°, and pictures that are no digits at all, the clothes of day 04. A person would say “that lies on its side” and “that is a shoe”. The network has no such words. Ten probabilities must add up to one, whatever it is shown.

# %%
turned = rotate(digit_images["test"], 90, axes=(1, 2), reshape=False, order=1)
clothes = data.load("fashion_mnist")["test_images"][:2000] / np.float32(255)
strange = {}
for what, images in (("digits", digit_images["test"]), ("turned digits", turned), ("clothes", clothes)):
    strange[what] = digit_network.predict(images, batch_size=1000, verbose=0)
    sure = strange[what].max(axis=1)
    print(f"{what:>13}: {sure.mean():.2f} sure on average; more than 95 % sure of {np.mean(sure > 0.95):.0%} of them")
turned_right = np.mean(strange["turned digits"].argmax(axis=1) == digit_labels["test"])
sure_and_wrong = (strange["turned digits"].max(axis=1) > 0.95) & (
    strange["turned digits"].argmax(axis=1) != digit_labels["test"]
)
print(f"turned digits: {turned_right:.2f} right; more than 95 % sure and wrong: {sure_and_wrong.mean():.0%}")

# %%
# Drawing: of the first hundred pictures of each kind, the four about which the network is surest (and wrong).
shown, titles = [], []
for what, images in (("turned digits", turned), ("clothes", clothes)):
    chances = strange[what][:100].copy()
    if what == "turned digits":
        chances[chances.argmax(axis=1) == digit_labels["test"][:100]] = 0
    for place in chances.max(axis=1).argsort()[::-1][:4]:
        shown.append(images[place])
        titles.append(f"“{chances[place].argmax()}”, {chances[place].max():.1%}")
plots.image_grid(
    np.array(shown),
    titles,
    columns=4,
    alt=f"four digits turned by 90 degrees and four pieces of clothing, with the network's answer and its probability: {'; '.join(titles)}. Every answer is wrong.",
    size=1.8,
)

# %% [markdown]
# These eight are picked as the worst of two hundred, but look at the shares printed above: it is no rare accident. Turn one yourself. At what angle does the network lose the digit, and does it tell you?

# %%
threes = np.flatnonzero((digit_labels["test"] == 3) & (digit_right == 1))
turning = threes[sure_and_wrong[threes].argmax()]


def draw_turned(angle):
    """The picture turned by an angle in degrees, and the ten probabilities."""
    image = rotate(digit_images["test"][turning], angle, reshape=False, order=1)
    chance = digit_network(image[np.newaxis], training=False)
    chance = np.array(chance)[0]
    figure, (left, axes) = plt.subplots(1, 2, figsize=(7, 2.8), width_ratios=[1, 2.2])
    left.imshow(image, cmap="gray")
    left.axis("off")
    axes.bar(range(10), chance, color=plots.COLOURS[4])
    axes.set(xlabel="digit", ylabel="probability", ylim=(0, 1), xticks=range(10))
    axes.set_title(f"{angle}°: “{chance.argmax()}”, {chance.max():.0%} sure")
    told = f"Turned by {angle} degrees the network says {chance.argmax()} and is {chance.max():.0%} sure"
    return figure, f"A handwritten 3 and bars for the ten digits. {told}."


plots.interact(draw_turned, angle=ipywidgets.IntSlider(value=90, min=0, max=180, step=10))

# %% [markdown]
# A softmax says how the ten classes stand *to each other*, not whether the question makes sense. Two different things may make an answer uncertain, and it pays to keep them apart:
#
# - **The data scatter** (*aleatoric* uncertainty, from the Latin for dice): a sloppy 4 may be a 9, and two patients with equal blood values do not fare equally. More pictures of the same kind do not help.
# - **The network does not know** (*epistemic* uncertainty): it has seen too little, or nothing at all, of this kind. More data would help.
#
# Sections 2 to 5 are about both, section 6 about probabilities that can be trusted, section 7 about alarms. But begin with the smallest case: **how sure is a number that we ourselves report?**
#
# ### Mean, standard deviation, and the law of large numbers
#
# Write 1 for each right answer and 0 for each wrong one. The accuracy is then a **mean**. How far the single values lie from it is the **standard deviation**, the root of the mean squared distance. For zeros and ones it follows from the mean $p$ alone: $\sigma = \sqrt{p(1-p)}$. (Today $\sigma$ is a deviation; on earlier days $\sigma(z)$ was the sigmoid.)
#
# Pretend for a moment that our 2,000 test pictures are the whole world, so that we *know* the true accuracy. A tester draws $n$ times from all 2,000 (so a picture may come twice) and gets a mean that lies off. The **law of large numbers** says that it comes closer as $n$ grows. How fast? Its standard deviation is $\sigma/\sqrt n$. Four times as many pictures, half the error. For large $n$ such a mean is nearly normally distributed, and a normal distribution has 95 % of its values within 1.96 standard deviations of its mean (90 % within 1.645).

# %%
true_share, true_deviation = digit_right.mean(), digit_right.std()
print(
    f"p = {true_share:.4f}: standard deviation {true_deviation:.4f}, by the formula {np.sqrt(true_share * (1 - true_share)):.4f}"
)
dice = np.random.default_rng(ready.seed)
root_law = {}
for size in (25, 100, 400, 1600):
    accuracies = dice.choice(digit_right, size=(2000, size)).mean(axis=1)
    root_law[size] = accuracies.std() / (true_deviation / np.sqrt(size))
    print(
        f"{size:>5} pictures, 2,000 testers: accuracies scatter by {accuracies.std():.4f}; σ/√n = {true_deviation / np.sqrt(size):.4f}"
    )

# %%
# Drawing: the running mean of six testers.
figure, axes = plt.subplots(figsize=(8, 3.6))
counts = np.arange(1, 2001)
ends = []
for _ in range(6):
    running = dice.choice(digit_right, size=2000).cumsum() / counts
    axes.plot(counts, running, color="0.45", linewidth=1)
    ends.append(running[-1])
half = 1.96 * true_deviation / np.sqrt(counts)
axes.plot(counts, true_share + half, "--", color=plots.COLOURS[5], label="true accuracy ± 1.96 σ/√n")
axes.plot(counts, true_share - half, "--", color=plots.COLOURS[5])
axes.axhline(true_share, color="black", linewidth=1.5, label=f"true accuracy, {true_share:.3f}")
axes.set(xscale="log", xlabel="pictures drawn so far", ylabel="accuracy so far", xlim=(10, 2000), ylim=(0.82, 1.01))
axes.set_title("Six testers, one truth")
axes.legend(loc="lower right")
plots.show(
    figure,
    alt=f"Six running means between 10 and 2,000 pictures, scattered widely at first and drawing together between two dashed lines that narrow around the true accuracy of {true_share:.3f}; at the end they lie between {min(ends):.3f} and {max(ends):.3f}.",
)

# %% [markdown]
# ### The bootstrap: an interval from one test
#
# In life there is one tester, and the world is unknown. The trick of the **bootstrap** ([Efron, 1979](https://doi.org/10.1214/aos/1176344552)), which you have used since day 08, is to let the sample stand for the world: draw from *it*, with replacement, as many values as it has, and compute the mean; do that a thousand times. The middle 95 % of these means are the interval. Nothing in it is special to a mean: it works for a median, a PR-AUC (section 7) or a BLEU score as well.


# %%
def bootstrap(values, level=0.95, samples=1000):
    """Interval of the mean: values (n,) -> lower and upper end that enclose `level` of the resampled means."""
    picks = dice.integers(len(values), size=(samples, len(values)))
    means = values[picks].mean(axis=1)
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])


for size in (20, 100, 1000):
    sample = dice.choice(digit_right, size=size)
    low, high = bootstrap(sample)
    print(
        f"test of {size:>4} pictures: accuracy {sample.mean():.3f}, 95 % interval {low:.3f} to {high:.3f} (truth {true_share:.3f})"
    )

# %% [markdown]
# **Does the interval keep its promise?** “95 %” is a claim about many testers: of a thousand intervals, about 950 should contain the truth. That share is called **coverage**, and today it is our most important measure. Here we can simulate it, since we know the truth. (How many are right in a bootstrap sample is a binomial number, so we can draw it directly and need not build a thousand samples.) Beside it stands a formula made for shares, [Wilson's interval](https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval).

# %%
boot_coverage, wilson_coverage = {}, {}
for size in (20, 100, 1000):
    hits = dice.binomial(size, true_share, size=1000)
    means = dice.binomial(size, hits[:, np.newaxis] / size, size=(1000, 1000)) / size
    low, high = np.quantile(means, [0.025, 0.975], axis=1)
    boot_coverage[size] = np.mean((low <= true_share) & (true_share <= high))
    wilson = {hit: binomtest(int(hit), size).proportion_ci(method="wilson") for hit in set(hits)}
    wilson_coverage[size] = np.mean([wilson[hit].low <= true_share <= wilson[hit].high for hit in hits])
    print(
        f"{size:>5} pictures: 95 % intervals contain the truth in {boot_coverage[size]:.3f} (bootstrap), {wilson_coverage[size]:.3f} (Wilson)"
    )

# %% [markdown]
# With a thousand pictures the bootstrap does what it says. With twenty it does not: many testers see no mistake at all, and whoever draws from twenty right answers gets nothing but right answers, an “interval” from 1 to 1. A sample cannot tell of what is not in it. (Wilson's interval, made for shares, keeps its promise about as well with twenty.) Remember for the rest of the day: an interval is a **claim**, and coverage is how one **checks** it.
#
# ## 2 · A distribution as an answer
#
# Now the network shall give more than a number: a whole **distribution** of what may come. **TensorFlow Probability** (TFP) has a great many of them, all with the same methods. The normal distribution, say of body heights in centimetres:

# %%
tfd = tfp.distributions
height = tfd.Normal(loc=170.0, scale=10.0)
print("drawn:           ", np.round(height.sample(4, seed=ready.seed), 1))
print("middle 90 %:     ", np.round([height.quantile(0.05), height.quantile(0.95)], 1))
print("below 180:       ", round(float(height.cdf(180.0)), 3))
values = np.array([165.0, 170.0, 199.0], dtype="float32")
print("log-likelihood:  ", np.round(height.log_prob(values), 2))
for scale in (1.0, 5.0, 17.0, 60.0):
    print(
        f"mean log-likelihood of the three with deviation {scale:>4}: {np.mean(tfd.Normal(170.0, scale).log_prob(values)):8.2f}"
    )

# %% [markdown]
# The last lines show why the **log-likelihood**, the logarithm of the density at what really happened, is a good judge. Too narrow, and the surprise of 199 costs a fortune; too wide, and every value gets little. It is highest where the claimed deviation fits. For a normal distribution it is
#
# $$\log p(y) = -\log\sigma - \frac{(y-\mu)^2}{2\sigma^2} - \tfrac12\log 2\pi .$$
#
# With $\sigma$ fixed, only the squared error is left: **whoever trains with the mean squared error trains with this log-likelihood and one fixed spread, about which nobody asks.** So let us ask: the network gets two outputs, $\mu$ and a raw number $r$ from which a **softplus**, $\log(1+e^r)$, makes $\sigma > 0$, and the loss is minus the log-likelihood. This is a **normal head**.
#
# TFP is older than Keras 3, and two things must be known before one mixes them:

# %%
deviation = keras.Variable(1.0)
made_early = tfd.Normal(0.0, deviation)
deviation.assign(2.0)
made_now = tfd.Normal(0.0, ops.convert_to_tensor(deviation))
frozen_deviation, fresh_deviation = float(made_early.stddev()), float(made_now.stddev())
print(
    f"the variable is {float(deviation)}; the early distribution has {frozen_deviation}, the fresh one {fresh_deviation}"
)
import tf_keras

flipout = tfp.layers.DenseFlipout
print("TFP's Bayesian layer is a layer of Keras 3:", issubclass(flipout, keras.layers.Layer))
print("                          … of Keras 2:    ", issubclass(flipout, tf_keras.layers.Layer))

# %% [markdown]
# 1. **A distribution reads a Keras variable once, when it is made.** It keeps the old value, and no gradient flows. So make it anew in every call, from `ops.convert_to_tensor(variable)`.
# 2. **`tfp.layers` are layers of Keras 2.** A Keras 3 model refuses them: `DenseFlipout`, `DenseVariational`, `DistributionLambda` and the rest do not work here. Neither may a Keras 3 layer *return* a distribution (a layer's outputs must be tensors). So our networks give plain numbers; the loss makes the distribution from them, and the Bayesian layer of section 3 we write ourselves, in a dozen lines. `tfp.distributions` work as they are.

# %%
LEAST = 0.01  # no deviation below this: a network that is certain of one point could lower its loss without end


def normal(outputs):
    """Outputs (rows, 2) of a normal head -> a normal distribution for each row."""
    return tfd.Normal(outputs[..., 0], LEAST + ops.softplus(outputs[..., 1]))


def normal_loss(targets, outputs):
    """Minus the mean log-likelihood (nats); targets (rows,) or (rows, 1)."""
    return -ops.mean(normal(outputs).log_prob(ops.reshape(targets, (-1,))))


# %% [markdown]
# To see what the methods do we first take a world of which we know everything: one input, a sine, and a scatter that grows from left to right. **There are no data in the middle** (−0.5 to 1.5) **and none below −3 or above 3**; later we shall look in both places.


# %%
def truth(x):
    """The curve and the standard deviation of the scatter around it."""
    return np.sin(1.5 * x), 0.05 + 0.05 * np.clip(x + 3, 0, 6)


def make_toy(count):
    """Draw points left (-3 to -0.5) and right (1.5 to 3) of the gap: inputs (count, 1), targets (count,)."""
    left, right = dice.uniform(-3, -0.5, count), dice.uniform(1.5, 3, count)
    x = np.where(dice.random(count) < 0.5, left, right)
    curve, scatter = truth(x)
    return x[:, np.newaxis].astype("float32"), (curve + scatter * dice.normal(size=count)).astype("float32")


toy_inputs, toy_targets = make_toy(256)
print("points left and right of the gap:", np.sum(toy_inputs < 0), np.sum(toy_inputs > 0))

# %% [markdown]
# Our tables and curves are so small today that the overhead of `fit` for each epoch would take longer than the learning. So we hand over the batches ourselves. If there are validation data, the function looks at them every 20 steps, keeps the best weights, and stops when nothing has become better for 200 steps: early stopping, as on day 04.


# %%
def train(network, loss, part, steps, rate, validation=None, size=64):
    """Train by batches of random rows; with validation data, go back to the weights with the lowest loss there."""
    if not network.compiled:
        network.compile(keras.optimizers.Adam(rate), loss, jit_compile=fast.JIT)
    (inputs, targets), best, kept, best_step = part, np.inf, None, 0
    for step in range(1, steps + 1):
        rows = dice.choice(len(inputs), size, replace=False)
        network.train_on_batch(inputs[rows], targets[rows])
        if validation is not None and step % 20 == 0:
            now = float(loss(validation[1], network(validation[0], training=False)))
            if now < best:
                best, kept, best_step = now, network.get_weights(), step
            elif step >= best_step + 200:
                break
    if kept is not None:
        network.set_weights(kept)
    return network


def slowly(rate, steps):
    """A learning rate that falls to zero along half a cosine: the last steps hardly move, and noise averages out."""
    return keras.optimizers.schedules.CosineDecay(rate, steps)


# %% [markdown]
# The network has one hidden layer. Keras begins all biases with zero; with a single input the kinks of all ReLU units would then begin at the same place, $x = 0$. For the toy we scatter them (`spread`).


# %%
def dense_network(inputs, outputs, units=50, dropout=0.0, spread=0.0):
    """One hidden layer; with dropout (section 4) if asked; biases begin between -spread and spread."""
    biases = keras.initializers.RandomUniform(-spread, spread)
    hidden = [layers.Dense(units, activation="relu", bias_initializer=biases)]
    hidden += [layers.Dropout(dropout)] if dropout else []
    return keras.Sequential([keras.Input((inputs,)), *hidden, layers.Dense(outputs)])


# %%
toy = toy_inputs, toy_targets
naive_toy = train(dense_network(1, 1, spread=0.5), "mse", toy, 1000, slowly(0.01, 1000))
head_toy = train(dense_network(1, 2, spread=0.5), normal_loss, toy, 1000, slowly(0.01, 1000))
places = np.linspace(-5, 5, 201, dtype="float32")[:, np.newaxis]
inside = ((places[:, 0] > -3) & (places[:, 0] < -0.5)) | ((places[:, 0] > 1.5) & (places[:, 0] < 3))
curve, scatter = truth(places[:, 0])
naive_spread = np.sqrt(np.mean((np.array(naive_toy(toy_inputs))[:, 0] - toy_targets) ** 2))
head = normal(head_toy(places))
learned = np.array(head.stddev())
scatter_error = np.mean(np.abs(learned - scatter)[inside])
naive_error = np.mean(np.abs(naive_spread - scatter)[inside])
print(f"true scatter where data are: {scatter[inside].min():.2f} to {scatter[inside].max():.2f}")
print(f"normal head: {learned[inside].min():.2f} to {learned[inside].max():.2f}, off by {scatter_error:.3f} on average")
print(f"one spread for all, from the training error: {naive_spread:.2f}, off by {naive_error:.3f} on average")


# %%
# Drawing: one spread for all, and a learned spread.
def draw_toy(axes, middle, low, high, title):
    """The points, the true curve, the prediction and its 90 % interval."""
    axes.plot(toy_inputs[:, 0], toy_targets, ".", color="0.6", markersize=3, label="data")
    axes.plot(places[:, 0], curve, ":", color="black", label="true curve")
    axes.plot(places[:, 0], middle, color=plots.COLOURS[0], label="prediction")
    axes.fill_between(places[:, 0], low, high, color=plots.COLOURS[4], alpha=0.35, label="90 % interval")
    axes.set(xlabel="x", ylabel="y", xlim=(-5, 5), ylim=(-3, 3), title=title)


figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
middle = np.array(naive_toy(places))[:, 0]
draw_toy(left, middle, middle - 1.645 * naive_spread, middle + 1.645 * naive_spread, "Squared error: one spread")
draw_toy(right, head.mean(), head.quantile(0.05), head.quantile(0.95), "Normal head: learned spread")
left.legend(loc="lower left", fontsize=9)
plots.show(
    figure,
    alt=f"Two fits of 256 points on both sides of a gap. Left a band of one width, {naive_spread:.2f} as standard deviation, too wide on the left and too narrow on the right; right a band that learned the scatter, from {learned[inside].min():.2f} to {learned[inside].max():.2f}. Outside of the data both run away from the true curve on straight lines.",
)

# %%
new_inputs, new_targets = make_toy(2000)
on_left = new_inputs[:, 0] < 0
of_head = normal(head_toy(new_inputs))
toy_hits = {
    "one spread": np.abs(new_targets - np.array(naive_toy(new_inputs))[:, 0]) < 1.645 * naive_spread,
    "normal head": np.abs(new_targets - of_head.mean()) < 1.645 * of_head.stddev(),
}
for name, hit in toy_hits.items():
    hit = np.array(hit)
    sides = f"{hit[on_left].mean():.3f} left of the gap and {hit[~on_left].mean():.3f} right of it"
    print(f"{name:>11}: 90 % intervals contain {hit.mean():.3f} of 2,000 new points, {sides}")
toy_side = {name: np.array(hit)[on_left].mean() - np.array(hit)[~on_left].mean() for name, hit in toy_hits.items()}

# %% [markdown]
# On average even the one spread keeps about what it promises. But a coverage is a mean, too: its intervals are too wide on the left and too narrow on the right. The head has learned the **scatter of the data** on both sides, though nobody told it how large it is. That is the aleatoric part. Now look left and right of the data. The true curve turns, the network runs straight on, and its interval follows as if nothing had happened. What it does not know, it does not notice. For that one must ask *other networks that would have fitted just as well*. Sections 3 to 5 are three ways to find such networks.
#
# ## 3 · A Bayesian network, written out
#
# Many weights fit the same data. A **Bayesian neural network** (here Bayesian network for short; elsewhere that name mostly means something else, a graph of random variables) keeps not one value for each weight but a distribution: before seeing data the **prior** $p(w)$, afterwards the **posterior** $p(w\,|\,D)$, which by Bayes' rule is the prior times the likelihood, divided by a number that makes it add up to one. That number is an integral over all weights, and nobody can compute it for a network. So we look for the nearest one among simple distributions: each weight gets a normal distribution $q$ of its own, with a mean and a deviation, **both learned**. “Nearest” leads to this loss (minus the *evidence lower bound*, ELBO; [Blundell et al., 2015](https://arxiv.org/abs/1505.05424)), for $N$ rows:
#
# $$\frac1N\Big(\underbrace{-\,\mathbb E_{w\sim q}\log p(D\,|\,w)}_{\text{fit the data}} \;+\; \underbrace{\mathrm{KL}(q\,\|\,p)}_{\text{stay near the prior}}\Big)$$
#
# You know it from the variational autoencoder of day 10; there it was a distribution of codes, here one of weights. The trick is the same, too: a random number has no gradient, but $w = \mu + \sigma\varepsilon$ with $\varepsilon$ from the standard normal distribution has one for $\mu$ and $\sigma$ (**reparameterisation**; on day 10 we wrote $z = m + s\,\varepsilon$). The KL of two normal distributions TFP knows; let us check it against the formula.

# %%
q, p = tfd.Normal(0.3, 0.2), tfd.Normal(0.0, 1.0)
by_formula = np.log(1.0 / 0.2) + (0.2**2 + 0.3**2) / (2 * 1.0**2) - 0.5
kl_apart = abs(float(tfd.kl_divergence(q, p)) - by_formula)
print(f"KL by TFP {float(tfd.kl_divergence(q, p)):.6f}, by the formula {by_formula:.6f}")


# %%
class BayesianDense(layers.Layer):
    """A dense layer whose weights are drawn anew at each call; `rows` is the number of training rows."""

    def __init__(self, units, rows, activation=None):
        super().__init__()
        self.units, self.rows = units, rows
        self.activation = keras.activations.get(activation)
        self.noise = keras.random.SeedGenerator()

    def build(self, shape):
        """A mean and a raw deviation for each weight; the last row of both holds the biases."""
        self.prior_deviation = shape[-1] ** -0.5
        size = (shape[-1] + 1, self.units)
        start = keras.initializers.RandomNormal(stddev=self.prior_deviation)
        self.mean = self.add_weight(shape=size, initializer=start)
        self.raw = self.add_weight(shape=size, initializer=keras.initializers.Constant(-3.0))

    def call(self, inputs):
        """Draw weights, add KL / rows to the loss, answer like a dense layer."""
        mean, deviation = ops.convert_to_tensor(self.mean), ops.softplus(self.raw)
        divergence = tfd.kl_divergence(tfd.Normal(mean, deviation), tfd.Normal(0.0, self.prior_deviation))
        self.add_loss(ops.sum(divergence) / self.rows)
        weights = mean + deviation * keras.random.normal(ops.shape(mean), seed=self.noise)
        return self.activation(ops.matmul(inputs, weights[:-1]) + weights[-1])


# %% [markdown]
# The prior of each weight is a normal distribution around zero with the deviation $1/\sqrt{\text{number of inputs}}$, so that a layer's sums are about as large as its inputs. `add_loss` is how a layer adds something to whatever loss the model is compiled with. The KL is divided by the number of **all** training rows, not by that of the batch: each batch's loss is a mean per row, so each row gets its share. (Dividing by the batch is a common mistake; it would make our prior four times too strong: 256 rows, batches of 64.)
#
# The average over $q$ in the loss is replaced by **one** draw for each batch; over many steps that averages out, if the learning rate falls slowly. And we take few units: each adds random noise of its own to the answer. In this simple $q$ no weight knows of another, so none can make up for the noise of the others; it adds up, and the intervals get wider than they need be. (Try 50 units.)


# %%
def bayesian_network(inputs, rows, units):
    """A Bayesian network with one hidden layer and a normal head."""
    hidden = BayesianDense(units, rows, "relu")
    return keras.Sequential([keras.Input((inputs,)), hidden, BayesianDense(2, rows)])


bayesian_toy = train(bayesian_network(1, 256, 20), normal_loss, toy, 2500, slowly(0.01, 2500))
first_layer = bayesian_toy.layers[0]
learned_deviations = np.array(ops.softplus(first_layer.raw)).ravel()
quartiles = np.quantile(learned_deviations, [0, 0.25, 0.5, 0.75, 1])
print("deviations of the first layer's weights, smallest, quartiles, largest:", np.round(quartiles, 2))
print(f"the prior's: {first_layer.prior_deviation:.2f}; every one began at {np.log1p(np.exp(-3)):.2f}")

# %% [markdown]
# Some weights the data have pinned down, with a small deviation; others matter little and moved towards the prior. To predict, ask the network a hundred times. Each call draws other weights and gives another normal distribution; all of them together, a **mixture**, are the answer. Its spread has two parts that add as variances: the mean of the variances (scatter of the data, aleatoric), and the variance of the means, by which the draws **disagree** (epistemic).


# %%
def draws(ask, inputs, count=100):
    """Ask a random network `count` times: means and deviations, (count, rows) each."""
    answers = normal(np.stack([ask(inputs) for _ in range(count)]))
    return np.array(answers.mean()), np.array(answers.stddev())


def mixture(means, deviations):
    """Means and deviations (draws, rows) -> for each row the mixture of its normals, all weighted alike."""
    which = tfd.Categorical(logits=np.zeros_like(means.T))
    return tfd.MixtureSameFamily(which, tfd.Normal(means.T, deviations.T))


def middle_90(means, deviations):
    """5 % and 95 % quantile of the mixture, from 1,000 values drawn from it."""
    return np.quantile(mixture(means, deviations).sample(1000, seed=ready.seed), [0.05, 0.95], axis=0)


toy_draws = {"Bayesian": draws(bayesian_toy.predict_on_batch, places)}
means, deviations = toy_draws["Bayesian"]
scatters, disagrees = np.sqrt(np.mean(deviations**2, axis=0)), means.std(axis=0)
print(f"where data are: scatter {scatters[inside].mean():.2f}, disagreement {disagrees[inside].mean():.2f}")

# %%
# Drawing: ten draws, and the mixture of a hundred.
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
left.plot(toy_inputs[:, 0], toy_targets, ".", color="0.6", markersize=3)
left.plot(places[:, 0], means[:10].T, color=plots.COLOURS[0], linewidth=1)
left.plot(places[:, 0], curve, ":", color="black")
left.set(xlabel="x", ylabel="y", xlim=(-5, 5), ylim=(-3, 3), title="Ten draws of the weights: ten curves")
draw_toy(right, means.mean(axis=0), *middle_90(means, deviations), "The mixture of a hundred")
right.legend(loc="lower left", fontsize=9)
far = np.abs(places[:, 0]) > 4
plots.show(
    figure,
    alt=f"Left ten curves drawn from the Bayesian network: close together where data are (they scatter by {disagrees[inside].mean():.2f}), fanning out outside ({disagrees[far].mean():.2f} beyond 4). Right the 90 % interval of a hundred draws; it follows the scatter of the data, and outside leaves the true curve all the same.",
)

# %% [markdown]
# ## 4 · Monte-Carlo dropout
#
# Dropout (day 04) switches off random units in training, and is switched off itself when the network predicts. **Leave it on**, and each call asks another thinned network. That is all of Monte-Carlo dropout; [Gal and Ghahramani (2016)](https://arxiv.org/abs/1506.02142) showed that it can be read as a Bayesian network of a special kind. In Keras it is the argument `training=True`. (Careful with batch normalisation: with `training=True` it takes mean and spread from the batch at hand, so each answer depends on the other rows.)

# %%
dropout_toy = train(dense_network(1, 2, dropout=0.05, spread=0.5), normal_loss, toy, 1000, slowly(0.01, 1000))
toy_draws["dropout"] = draws(lambda inputs: dropout_toy(inputs, training=True), places)
as_usual = np.array(dropout_toy(places, training=False))[:, 0]
means, deviations = toy_draws["dropout"]
print(f"disagreement of 100 draws where data are: {means.std(axis=0)[inside].mean():.2f}")
print(f"their mean against dropout switched off: {np.abs(means.mean(axis=0) - as_usual)[inside].mean():.2f} apart")

# %% [markdown]
# It costs nothing in training and can be had from a network that somebody else trained, if there is dropout in it. The price: how much the draws disagree depends on the dropout rate, and that is chosen by you, not learned from the data. (In a Bayesian network it depends on the prior and on how many units there are.)
#
# ## 5 · Deep ensembles, and a contest
#
# The third way is the plainest. **Train the network five times**, from five random beginnings, and treat the five answers as five draws ([Lakshminarayanan et al., 2017](https://arxiv.org/abs/1612.01474)). Where data are, all five must agree; elsewhere nothing forces them to.
#
# TensorFlow translates every newly compiled network into a graph of its own, and for networks as small as ours that takes a good part of the time. So only the first of a kind is compiled. The others borrow its body: it takes over their random beginnings, and its optimizer forgets all steps it has done.


# %%
def begin_again(network, fresh):
    """Give a compiled network the variables of a fresh one of the same build; its optimizer starts from zero."""
    for variable, new in zip(network.variables, fresh.variables, strict=True):
        variable.assign(new)
    for state in network.optimizer.variables:  # steps done and moving means; the rate stays
        if state.name != "learning_rate":
            state.assign(ops.zeros(state.shape, state.dtype))


def ensemble(network, members, inputs):
    """Means and deviations (members, rows) of a network with a normal head; a member is a list of weights."""
    outputs = []
    for weights in members:
        network.set_weights(weights)
        outputs.append(network.predict_on_batch(inputs))
    answers = normal(np.stack(outputs))
    return np.array(answers.mean()), np.array(answers.stddev())


members = [head_toy.get_weights()]
for _ in range(4):
    begin_again(head_toy, dense_network(1, 2, spread=0.5))
    members.append(train(head_toy, normal_loss, toy, 1000, slowly(0.01, 1000)).get_weights())
toy_draws["ensemble"] = ensemble(head_toy, members, places)
print(f"disagreement of the five where data are: {toy_draws['ensemble'][0].std(axis=0)[inside].mean():.3f}")

# %% [markdown]
# ### The contest, on real patients
#
# A toy proves nothing. The [diabetes data](https://scikit-learn.org/stable/datasets/toy_dataset.html#diabetes-dataset) ([Efron et al., 2004](https://doi.org/10.1214/009053604000000067)) have ten measurements of 442 patients (age, sex, body mass index, blood pressure, six blood values) and how far the disease had come a year later, as a number from 25 to 346. Each method shall give **90 % intervals** for patients it has not seen. What we compare:
#
# - **coverage**: the share of patients in their interval. It should be 0.90; we call 0.85 to 0.95 kept.
# - **width**: of two methods that cover alike, the narrower one is better.
# - **log-likelihood** on held-out patients: judges middle and width at once, and hits hard whoever was sure and wrong.
#
# Three rounds, each with other test patients (111), 75 for validation (early stopping, where a method has it) and 256 to learn from. So 333 patients are predicted, each once. Sizes, rates and the dropout of the three methods were chosen beforehand, on the validation parts of other splits of these patients. So today's test patients had a part in these choices; linear regression had nothing to choose.

# %%
measured, progress = load_diabetes(return_X_y=True, scaled=False)
print(
    f"{measured.shape[0]} patients, {measured.shape[1]} measurements; progress {progress.min():.0f} to {progress.max():.0f}, standard deviation {progress.std():.0f}"
)
shuffled_patients = np.random.default_rng(ready.seed).permutation(len(progress))


def patients(which):
    """Training, validation and test part of one round, scaled by the training part; and the unit of the targets."""
    order = np.roll(shuffled_patients, -111 * which)
    rows = {"test": order[:111], "validation": order[111:186], "training": order[186:]}
    fit = rows["training"]
    inputs = (measured - measured[fit].mean(axis=0)) / measured[fit].std(axis=0)
    targets = (progress - progress[fit].mean()) / progress[fit].std()
    dealt = {part: (inputs[each].astype("float32"), targets[each].astype("float32")) for part, each in rows.items()}
    return dealt, progress[fit].std()


print({part: inputs.shape for part, (inputs, _) in patients(0)[0].items()})

# %% [markdown]
# Beside the three methods stand four simpler ones:
#
# - **naive**: a network trained on the squared error until it fits its data, and as the spread its error *on the training data*. This is what “the loss was 0.1” tempts one to do.
# - **naive, validated**: the same network, but the spread is its error on the validation patients.
# - **normal head**: one network of section 2, with early stopping.
# - **linear regression** by least squares, [two hundred years old](https://en.wikipedia.org/wiki/Least_squares#History), with its training error (divided by the rows less the eleven coefficients).


# %%
def one_normal(predict, errors, parts):
    """A predictor and its errors -> means and deviations (1, rows) for the test part: one spread for all."""
    means = np.reshape(predict(parts["test"][0]), (1, -1)).astype("float32")
    return means, np.full_like(means, np.sqrt(np.mean(errors**2)))


bodies = {}


def train_new(kind, fresh, **how):
    """Train a fresh network, in the body of the first one of its kind."""
    network = bodies.setdefault(kind, fresh)
    if network is not fresh:
        begin_again(network, fresh)
    return train(network, **how)


# %%
def baselines(parts):
    """Linear regression, and the naive network with its spread from training or validation data."""
    (inputs, targets), (others, other_targets) = parts["training"], parts["validation"]
    line = LinearRegression().fit(inputs, targets)
    network = train_new("naive", dense_network(10, 1), loss="mse", part=parts["training"], steps=1200, rate=0.005)
    predict = network.predict_on_batch
    honest = np.sqrt(len(targets) / (len(targets) - 11))
    return {
        "naive": one_normal(predict, predict(inputs)[:, 0] - targets, parts),
        "naive, validated": one_normal(predict, predict(others)[:, 0] - other_targets, parts),
        "linear regression": one_normal(line.predict, honest * (line.predict(inputs) - targets), parts),
    }


# %%
def three_methods(parts):
    """Bayesian network, Monte-Carlo dropout and ensemble (and its first member alone)."""
    unseen, rows = parts["test"][0], len(parts["training"][0])
    kinds = {"loss": normal_loss, "part": parts["training"]}
    early = kinds | {"steps": 2000, "rate": 0.003, "validation": parts["validation"]}
    new = bayesian_network(10, rows, 10)
    bayesian = train_new("Bayesian", new, **kinds, steps=2000, rate=slowly(0.02, 2000))
    thinned = train_new("dropout", dense_network(10, 2, dropout=0.2), **early)
    several = [train_new("head", dense_network(10, 2), **early).get_weights() for _ in range(5)]
    return {
        "normal head": ensemble(bodies["head"], several[:1], unseen),
        "Bayesian network": draws(bayesian.predict_on_batch, unseen),
        "MC dropout": draws(lambda inputs: thinned(inputs, training=True), unseen),
        "ensemble": ensemble(bodies["head"], several, unseen),
    }


def judge(means, deviations, targets):
    """For each row: covered or not, width of the interval, log-likelihood, squared error, share of disagreement."""
    low, high = middle_90(means, deviations)
    likelihood = np.array(mixture(means, deviations).log_prob(targets))
    disagreement = means.var(axis=0) / (means.var(axis=0) + np.mean(deviations**2, axis=0))
    covered = (low <= targets) & (targets <= high)
    return np.array([covered, high - low, likelihood, (means.mean(axis=0) - targets) ** 2, disagreement])


# %%
verdicts, rounds = {}, []
for which in range(3):
    parts, unit = patients(which)
    answers = baselines(parts) | three_methods(parts)
    for method, (means, deviations) in answers.items():
        verdict = judge(means, deviations, parts["test"][1])
        verdict[1], verdict[2] = verdict[1] * unit, verdict[2] - np.log(unit)  # back to the unit of the data
        verdict[3] = verdict[3] * unit**2
        verdicts.setdefault(method, []).append(verdict)
    rounds.append((answers, parts["test"][1], unit))
    told = ", ".join(f"{method} {each[which][0].mean():.2f}" for method, each in verdicts.items())
    print(f"round {which + 1}, covered: {told}")

# %%
method_rows = []
for method, each in verdicts.items():
    covered, width, likelihood, error, disagreement = np.concatenate(each, axis=1)
    ends = np.concatenate([bootstrap(covered), bootstrap(likelihood)])
    numbers = covered.mean(), *ends[:2], width.mean(), likelihood.mean(), *ends[2:], np.sqrt(error.mean())
    method_rows.append((method, *numbers, disagreement.mean()))
# 95 % bootstrap intervals: “lowest” to “highest” for the coverage, “low” to “high” for the log-likelihood
columns = "method,coverage,lowest,highest,width,log-likelihood,low,high,RMSE,disagreement"
method_table = pd.DataFrame(method_rows, columns=columns.split(",")).set_index("method")
method_table.round(3)

# %% [markdown]
# Are small differences in the log-likelihood more than chance? All seven have predicted the same patients, so take the **difference** to linear regression for each patient, and bootstrap that. (An easy patient is easy for all; in the differences this common part is gone, and the interval becomes much narrower.)

# %%
line_likelihood = np.concatenate(verdicts["linear regression"], axis=1)[2]
against_line = {}
for method, each in verdicts.items():
    difference = np.concatenate(each, axis=1)[2] - line_likelihood
    if method != "linear regression":
        against_line[method] = difference.mean(), *bootstrap(difference)
        gain, low, high = against_line[method]
        print(f"{method:>16} minus linear regression: {gain:+.3f} nats per patient (95 %: {low:+.3f} to {high:+.3f})")

# %%
# Drawing: coverage of the seven, and log-likelihood against linear regression, with bootstrap intervals.
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True)
heights = dict(zip(method_table.index, range(len(method_table), 0, -1), strict=True))
left.axvspan(0.85, 0.95, color="0.9")
left.axvline(0.9, linestyle=":", color="black")
right.axvline(0, linestyle=":", color="black")
for method, row in method_table.iterrows():
    left.plot([row["lowest"], row["highest"]], [heights[method]] * 2, color=plots.COLOURS[0])
    left.plot(row["coverage"], heights[method], "o", color=plots.COLOURS[0])
    gain, low, high = against_line.get(method, (0, 0, 0))
    if low > -1:
        right.plot([low, high], [heights[method]] * 2, color=plots.COLOURS[0])
        right.plot(gain, heights[method], "o", color=plots.COLOURS[0])
    else:
        right.annotate("", (-0.5, heights[method]), (-0.35, heights[method]), arrowprops={"arrowstyle": "->"})
        right.text(-0.34, heights[method], f"far off: {gain:.1f}", va="center")
left.set_yticks(list(heights.values()), list(heights))
left.set(xlabel="coverage of 90 % intervals (share of patients)", ylabel="method", title="Do they keep 90 %?")
right.set(xlabel="log-likelihood minus that of the line (nats per patient)", ylabel="method", xlim=(-0.5, 0.2))
right.set_title("Are they better than a line?")
told = "; ".join(
    f"{method} {row['coverage']:.2f} and {row['log-likelihood']:.2f}" for method, row in method_table.iterrows()
)
plots.show(
    figure,
    alt=f"Coverage of 90 % intervals, and log-likelihood per held-out patient against linear regression, with 95 % bootstrap intervals. Coverage and log-likelihood: {told}.",
)

# %%
# Drawing: forty patients of the first round, the naive network against the ensemble.
answers, targets, unit = rounds[0]
figure, panels = plt.subplots(1, 2, figsize=(10, 3.8), sharey=True)
told = []
for axes, method in zip(panels, ("naive", "ensemble"), strict=True):
    means, deviations = answers[method]
    middle, (low, high), forty = means.mean(axis=0)[:40], middle_90(means, deviations)[:, :40], targets[:40]
    order = middle.argsort()
    hit = ((low <= forty) & (forty <= high))[order]
    axes.vlines(np.arange(40), low[order], high[order], color=plots.COLOURS[4], linewidth=4, label="90 % interval")
    axes.plot(np.flatnonzero(hit), forty[order][hit], "o", color="black", markersize=4, label="true, covered")
    axes.plot(np.flatnonzero(~hit), forty[order][~hit], "X", color=plots.COLOURS[5], markersize=7, label="true, missed")
    axes.set(
        xlabel="patient, by prediction",
        ylabel="progress (standard deviations)",
        title=f"{method}: {hit.mean():.0%} covered",
    )
    told.append(f"{method}: {hit.sum()} of 40 covered, mean width {np.mean(high - low) * unit:.0f}")
panels[1].legend(fontsize=9, loc="lower right")
plots.show(
    figure,
    alt=f"Intervals of forty test patients, with the true value as a dot if it is inside and a cross if not. {'; '.join(told)}.",
)

# %% [markdown]
# Read the table slowly; it holds the lesson of the morning.
#
# - **The naive network fails**, and badly. On its 256 training patients its error is small (the width of its intervals says how small), it takes that for its uncertainty, and its log-likelihood pays for it. Take the error on patients it has not seen, and the coverage is about right; but now look at the width: the network is simply bad, and says so.
# - **The three methods keep about what they promise.** The Bayesian network is a little too cautious: it covers 93 to 95 % (seeds 0, 1 and 2), with wider intervals than the ensemble. A single normal head does so less reliably; look at its coverage in the three rounds. One network alone is a matter of luck, five together less so.
# - **Linear regression is nearly as good.** Its intervals keep their promise as well. In the log-likelihood the Bayesian network and the ensemble are ahead of it by four to five hundredths of a nat with each of the seeds 0, 1 and 2. That is little, but hardly chance: the interval of the difference lies above zero three times for the Bayesian network and twice for the ensemble. Dropout is level with the line. With 256 patients and ten numbers there is little for a network to find that a straight line misses; and a spread from its training error is honest, because eleven coefficients cannot learn 256 patients by heart. Whoever leaves the line out of the table sells a method that was hardly needed.
#
# And the last column of the table: what share of the variance is **disagreement** of the draws. It is small beside the scatter of the data. Ten measurements do not decide a year of an illness; if one may believe the draws, knowing the perfect network would narrow these intervals only a little. (More inputs might. Aleatoric means: given these inputs.)
#
# ### Where there are no data
#
# On these patients all is well, because the test patients are like the training patients. Back to the toy, where we know the truth everywhere. Where do the draws disagree, and do the intervals contain the true curve? (They are made for points, which scatter around the curve; the curve itself should lie inside nearly everywhere.)

# %%
toy_draws = {"naive": (np.array(naive_toy(places)).T, np.full((1, 201), naive_spread))} | toy_draws
regions = {"data": inside, "gap": (places[:, 0] > -0.2) & (places[:, 0] < 1.2), "outside": far}
toy_spread, toy_covers, toy_bands = {}, {}, {}
for method, (means, deviations) in toy_draws.items():
    toy_bands[method] = low, high = middle_90(means, deviations)
    for region, chosen in regions.items():
        toy_spread[method, region] = means.std(axis=0)[chosen].mean()
        toy_covers[method, region] = np.mean(((low <= curve) & (curve <= high))[chosen])
for what, table in (("disagreement of the draws", toy_spread), ("true curve in the 90 % interval", toy_covers)):
    print(what)
    for method in toy_draws:
        print(f"   {method:>9}:", ", ".join(f"{region} {table[method, region]:.3f}" for region in regions))
widening = {method: toy_spread[method, "outside"] / toy_spread[method, "data"] for method in list(toy_draws)[1:]}
gap_widening = {method: toy_spread[method, "gap"] / toy_spread[method, "data"] for method in list(toy_draws)[1:]}
print("outside, the draws disagree more by a factor:", {method: f"{ratio:.1f}" for method, ratio in widening.items()})
print(
    "in the gap, by a factor:                     ", {method: f"{ratio:.1f}" for method, ratio in gap_widening.items()}
)

# %%
# Drawing: the toy, four times.
figure, panels = plt.subplots(2, 2, figsize=(10, 6.4), sharex=True, sharey=True)
for axes, (method, (means, _)) in zip(panels.flat, toy_draws.items(), strict=True):
    draw_toy(axes, means.mean(axis=0), *toy_bands[method], method)
    axes.axvspan(-0.5, 1.5, color="0.93", zorder=0)
    axes.text(0.5, 2.5, "no data", ha="center", fontsize=9)
panels[1, 1].legend(loc="lower left", fontsize=9)
told = "; ".join(
    f"{method}, by a factor of {ratio:.1f} outside and {gap_widening[method]:.1f} in the gap"
    for method, ratio in widening.items()
)
plots.show(
    figure,
    alt=f"Four fits of the toy with 90 % intervals. The draws of the three methods disagree more where no data are: {told}. Still every interval follows straight lines away from the true curve, and misses much of it in the gap.",
)

# %% [markdown]
# Far outside the draws of all three methods disagree more than among the data, about twice as much or more, and that is worth having: a large disagreement is a good reason to ask a person. But look at the sizes. The five of the ensemble differ by about a tenth or less on average: trained to the end on the same points they become nearly the same curve, and five who agree may be wrong together. And in the gap the draws of the Bayesian network and of dropout disagree **less** than among the data, though nothing is known there. For networks with one hidden layer and such a simple $q$, and for dropout, it can even be proved that they cannot be sure on both sides of a gap and much more doubtful inside it ([Foong et al., 2020](https://arxiv.org/abs/1909.00719)).
#
# And compare with the second table: **wider is not wide enough.** In the gap all draws build nearly the same straight bridge, and much of the true curve lies outside of the “90 %”. Beyond the data it turns back, while the ReLU networks run on along straight lines.
#
# An interval is a statement about data like those it was learned from. Coverage on held-out patients says nothing of another hospital. For that there is no formula; there is only the habit of asking **where the data end**.

# %% [markdown]
# ## 6 · Calibration: does 80 % mean 80 %?
#
# A classifier gives a probability with each answer. That is a claim that one can check. Collect all the answers about which it said “80 %”: if it is **calibrated**, four in five of them are right. If fewer are, it is overconfident, like a weather service that announces rain with 80 % and is right every second time.
#
# Who believes such a number? Everybody who acts on it: a doctor who looks at the unclear pictures herself, a bank that grants a loan or not by its risk (section 7), a program that asks a person when it is not sure. And the accuracy says nothing of it: two networks that are right equally often can differ widely in what they claim.
#
# Many networks are overconfident ([Guo et al., 2017](https://arxiv.org/abs/1706.04599)); some newer ones are well calibrated as they are ([Minderer et al., 2021](https://arxiv.org/abs/2106.07998)), so one has to measure. Let us make an overconfident one and look. It gets 6,000 of the clothes of day 04, no regularisation, and more epochs than are good for it; 5,000 other pictures are laid aside as validation data. As its last layer we take no softmax: we want to keep the **logits**, the numbers that go into it.

# %%
CLOTHES = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "trainer", "bag", "boot"]


def as_inputs(images):
    """(pictures, 28, 28) of bytes -> (pictures, 784), from 0 to 1."""
    return images.reshape(len(images), -1).astype("float32") / 255


fashion = data.load("fashion_mnist")
shuffled = np.random.default_rng(ready.seed).permutation(60_000)
pictures = {"test": as_inputs(fashion["test_images"])}
kinds = {"test": fashion["test_labels"].astype(int)}
for part, rows in (("training", shuffled[:6000]), ("validation", shuffled[6000:11_000])):
    pictures[part], kinds[part] = as_inputs(fashion["train_images"][rows]), fashion["train_labels"][rows].astype(int)
print({part: len(rows) for part, rows in kinds.items()})

# %% [markdown]
# Two things to measure beside the accuracy. The **log loss** is the loss of the training: minus the log-likelihood of the right class, per picture. The other one is made for our question. Sort the answers by their confidence (the probability of the answer given) into 15 bins. In each bin compare the mean confidence with the share of right answers; the mean gap, each bin weighted by how many answers are in it, is the **expected calibration error** (ECE).


# %%
def log_loss(logits, labels):
    """Minus the mean log-likelihood (nats): logits (pictures, classes), labels (pictures,)."""
    return float(-log_softmax(logits, axis=1)[np.arange(len(labels)), labels].mean())


def reliability(probabilities, labels, bins=15):
    """Sort answers by confidence -> per bin: number of answers, mean confidence, share right (NaN if empty)."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    count = np.bincount(bin_of, minlength=bins)
    filled = np.where(count > 0, count, np.nan)  # an empty bin has no mean
    return count, np.bincount(bin_of, confidence, bins) / filled, np.bincount(bin_of, right, bins) / filled


def calibration_error(probabilities, labels, bins=15):
    """ECE: the mean gap between confidence and share right, weighted by the answers in each bin."""
    count, confidence, right = reliability(probabilities, labels, bins)
    return float(np.nansum(count * np.abs(confidence - right)) / count.sum())


# %%
clothes_network = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(256, activation="relu"),
        layers.Dense(128, activation="relu"),
        layers.Dense(10),
    ]
)
from_logits = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
clothes_network.compile(keras.optimizers.Adam(1e-3), from_logits, jit_compile=fast.JIT)
by_epoch = []
for _ in range(30):
    clothes_network.fit(pictures["training"], kinds["training"], batch_size=100, epochs=1, verbose=0)
    logits = clothes_network.predict(pictures["validation"], batch_size=1000, verbose=0)
    right = np.mean(logits.argmax(axis=1) == kinds["validation"])
    error = calibration_error(softmax(logits, axis=1), kinds["validation"])
    by_epoch.append((right, log_loss(logits, kinds["validation"]), error))
by_epoch = np.array(by_epoch)
for epoch in (1, 5, 10, 20, 30):
    right, loss, error = by_epoch[epoch - 1]
    print(f"epoch {epoch:2}: {right:.3f} right, log loss {loss:.3f}, ECE {error:.3f} (validation)")
lowest = by_epoch[:, 1].argmin()
print(f"lowest log loss in epoch {lowest + 1}; the ECE was {by_epoch[lowest, 2]:.3f} there")

# %%
# Drawing: accuracy, log loss and ECE over the epochs.
figure, panels = plt.subplots(1, 3, figsize=(10, 3.2))
for axes, values, name, style in zip(
    panels, by_epoch.T, ("share right", "log loss (nats)", "ECE"), ("-", "--", "-."), strict=True
):
    axes.plot(np.arange(1, len(values) + 1), values, style)
    axes.set(xlabel="epoch", ylabel=name, title=name)
plots.show(
    figure,
    alt=f"Three curves over {len(by_epoch)} epochs on validation data. The share right goes from {by_epoch[0, 0]:.2f} to {by_epoch[-1, 0]:.2f}; the log loss falls to {by_epoch[:, 1].min():.2f} in epoch {by_epoch[:, 1].argmin() + 1} and then rises to {by_epoch[-1, 1]:.2f}; the ECE rises from {by_epoch[:, 2].min():.3f} at its lowest to {by_epoch[-1, 2]:.3f}.",
)

# %% [markdown]
# Whoever watches the accuracy only sees nothing wrong. But the loss on new pictures rises, and the ECE with it: what the network still learns is to be surer of itself, since on the pictures it trains on it is right nearly always, and there every bit of confidence lowers the loss. (Stopping at the lowest loss, as on day 04, would have spared us the worst. We go on with the overtrained network: it stands for all those that one gets ready-made.)
#
# The bins drawn are a **reliability diagram** (calibration curve): on the diagonal confidence and reality agree, below it the network claims too much.

# %%
fashion_logits = {
    part: clothes_network.predict(pictures[part], batch_size=1000, verbose=0)
    for part in ("training", "validation", "test")
}
claimed = softmax(fashion_logits["test"], axis=1)
accuracy_before = np.mean(claimed.argmax(axis=1) == kinds["test"])
ece_before = calibration_error(claimed, kinds["test"])
sure = claimed.max(axis=1) > 0.99
wrong_though_sure = np.mean(claimed.argmax(axis=1)[sure] != kinds["test"][sure])
print(f"test: {accuracy_before:.3f} right, mean confidence {claimed.max(axis=1).mean():.3f}, ECE {ece_before:.4f}")
print(f"“more than 99 % sure” of {sure.mean():.0%} of the pictures; {wrong_though_sure:.1%} of these answers are wrong")


# %%
# Drawing: the reliability diagram.
def draw_reliability(axes, probabilities, labels, title):
    """Bars: share right per bin of confidence, with the gap to the mean confidence hatched."""
    count, confidence, right = reliability(probabilities, labels)
    middle = (np.arange(len(count)) + 0.5) / len(count)
    width, full = 0.9 / len(count), count > 0
    axes.bar(middle[full], right[full], width, color=plots.COLOURS[4], label="share right")
    gap = dict(fill=False, hatch="////", edgecolor=plots.COLOURS[5], label="gap to the mean confidence")
    axes.bar(middle[full], (confidence - right)[full], width, bottom=right[full], **gap)
    axes.plot([0, 1], [0, 1], "--", color="black", linewidth=1, label="calibrated")
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1.02), title=title)


figure, axes = plt.subplots(figsize=(6, 4.4))
draw_reliability(axes, claimed, kinds["test"], "The network claims more than it keeps")
axes.legend(loc="upper left")
count, confidence, right = reliability(claimed, kinds["test"])
below = np.sum(right[count > 0] < confidence[count > 0])
plots.show(
    figure,
    alt=f"Reliability diagram of {count.sum()} test pictures in 15 bins of confidence; in {below} of the {np.sum(count > 0)} bins with answers the share right stays below the mean confidence. In the bin from 0.8 to 0.87, for instance, the mean confidence is {confidence[12]:.2f} and the share right {right[12]:.2f}. The mean gap (ECE) is {ece_before:.3f}.",
)

# %% [markdown]
# **How large would the ECE of an honest network be?** Not zero: in each bin are finitely many answers, and chance alone makes a gap. That can be simulated. Take the network's probabilities at their word, *draw* the labels from them, and compute the ECE. Now it is calibrated by construction.


# %%
def draw_labels(probabilities, random):
    """Draw one label for each picture from its own probabilities."""
    return (probabilities.cumsum(axis=1, dtype="float64") > random.random((len(probabilities), 1))).argmax(axis=1)


dice = np.random.default_rng(ready.seed)
ece_floor = [calibration_error(claimed, draw_labels(claimed, dice)) for _ in range(20)]
print(
    f"ECE if every probability were true: {np.mean(ece_floor):.4f} (20 drawings, {min(ece_floor):.4f} to {max(ece_floor):.4f})"
)
print(f"ECE of the network:                 {ece_before:.4f}")
few = [calibration_error(claimed[:200], draw_labels(claimed[:200], dice)) for _ in range(20)]
print(f"with 200 pictures instead of {len(claimed):,}, a true network would get {np.mean(few):.4f}")

# %% [markdown]
# The network's ECE is far above the floor. (And with 200 test pictures a perfect network would look bad. An ECE without the number of answers says little.)
#
# ### Temperature scaling
#
# The cheapest cure has one number ([Guo et al., 2017](https://arxiv.org/abs/1706.04599)). Divide all the logits by a **temperature** $T$ before the softmax:
#
# $$p_k = \frac{e^{z_k/T}}{\sum_j e^{z_j/T}}$$
#
# You know it from day 12, where it made the inventor of names bolder or more careful. With $T > 1$ all probabilities move towards each other, with $T < 1$ apart. **The order stays**, so not one answer changes, only how sure the network is of it. Move the slider: a test picture with a wrong answer of which the network was very sure.

# %%
mistakes = np.flatnonzero(claimed.argmax(axis=1) != kinds["test"])
surest = mistakes[claimed[mistakes].max(axis=1).argsort()[-5]]


def draw_temperature(temperature):
    """Bars of the ten probabilities at a temperature."""
    chance = softmax(fashion_logits["test"][surest] / temperature)
    figure, (left, axes) = plt.subplots(1, 2, figsize=(8, 3.2), width_ratios=[1, 2.6])
    left.imshow(fashion["test_images"][surest], cmap="gray")
    left.set_title(f"true: {CLOTHES[kinds['test'][surest]]}", fontsize=10)
    left.axis("off")
    axes.barh(CLOTHES, chance, color=plots.COLOURS[4])
    axes.set(xlabel="probability", ylabel="class", xlim=(0, 1), title=f"T = {temperature:.1f}: {chance.max():.0%} sure")
    told = f"At temperature {temperature:.1f} the network is {chance.max():.0%} sure of “{CLOTHES[chance.argmax()]}”"
    return figure, f"A test picture, truly “{CLOTHES[kinds['test'][surest]]}”, and bars for ten classes. {told}."


plots.interact(draw_temperature, temperature=ipywidgets.FloatSlider(value=1, min=0.5, max=10, step=0.5))

# %% [markdown]
# Which $T$? That which makes the **log loss on the validation data** smallest. Not on the training data: there the network is nearly always right, and all that confidence would look justified. Not on the test data: that is what we want to judge by. One number from 5,000 pictures cannot overfit much.


# %%
def choose_temperature(logits, labels):
    """The temperature with the smallest log loss, between 0.05 and 20."""
    found = minimize_scalar(lambda power: log_loss(logits / np.exp(power), labels), bounds=(-3, 3), method="bounded")
    return float(np.exp(found.x))


temperature = choose_temperature(fashion_logits["validation"], kinds["validation"])
from_training = choose_temperature(fashion_logits["training"], kinds["training"])
print(f"chosen on validation data: T = {temperature:.2f}; on training data it would be {from_training:.2f}")
scaled = softmax(fashion_logits["test"] / temperature, axis=1)
misled = softmax(fashion_logits["test"] / from_training, axis=1)
accuracy_after = np.mean(scaled.argmax(axis=1) == kinds["test"])
ece_after, ece_misled = (calibration_error(each, kinds["test"]) for each in (scaled, misled))
loss_before = log_loss(fashion_logits["test"], kinds["test"])
loss_after = log_loss(fashion_logits["test"] / temperature, kinds["test"])
print("test                    right   ECE     log loss")
print(f"before                  {accuracy_before:.4f}  {ece_before:.4f}  {loss_before:.3f}")
print(f"T from validation data  {accuracy_after:.4f}  {ece_after:.4f}  {loss_after:.3f}")
misled_loss = log_loss(fashion_logits["test"] / from_training, kinds["test"])
print(f"T from training data    {accuracy_before:.4f}  {ece_misled:.4f}  {misled_loss:.3f}")

# %%
# Drawing: loss and ECE over the temperature, and the diagram before and after.
tried = np.geomspace(0.5, 10, 25)
over_temperature = np.array(
    [
        (
            log_loss(fashion_logits["validation"] / t, kinds["validation"]),
            calibration_error(softmax(fashion_logits["validation"] / t, axis=1), kinds["validation"]),
        )
        for t in tried
    ]
)
figure, (first, second, third) = plt.subplots(1, 3, figsize=(11, 3.6))
first.semilogx(tried, over_temperature[:, 0], "-", label="log loss (nats)")
first.semilogx(tried, over_temperature[:, 1], "--", label="ECE")
first.axvline(temperature, ymax=0.65, color="black", linestyle=":", label=f"T = {temperature:.2f}")
first.set(xlabel="temperature", ylabel="on validation data", title="Choose T", ylim=(0, 1.6 * over_temperature.max()))
first.set_xticks([0.5, 1, 2, 5, 10], ["0.5", "1", "2", "5", "10"])
first.minorticks_off()
first.legend(loc="upper center")
draw_reliability(second, claimed, kinds["test"], f"T = 1: ECE {ece_before:.3f}")
draw_reliability(third, scaled, kinds["test"], f"T = {temperature:.2f}: ECE {ece_after:.3f}")
plots.show(
    figure,
    alt=f"Left: log loss and ECE on validation data over the temperature; the loss is smallest at {temperature:.2f}, the ECE at {tried[over_temperature[:, 1].argmin()]:.1f}. Middle and right: reliability diagrams of the test pictures before and after; the mean gap falls from {ece_before:.3f} to {ece_after:.3f}, and the bars come close to the diagonal.",
)

# %% [markdown]
# One number, found in a fraction of a second, and the ECE falls to less than half of what it was (with seeds 0, 1 and 2 to about a fifth). Not one answer changed. It stays above the floor, so the network is still not perfect. And look at the last row: chosen on the training data, the temperature is below 1 and makes things *worse*.
#
# In practice this is the first thing to try with any classifier that gives logits.
#
# What is it good for? A program may answer alone where it is at least 90 % sure, and ask a person about the rest. Whoever sets that up relies on the number.

# %%
for name, probabilities in (("before", claimed), ("after", scaled)):
    alone = probabilities.max(axis=1) >= 0.9
    kept_promise = np.mean(probabilities.argmax(axis=1)[alone] == kinds["test"][alone])
    promise = probabilities.max(axis=1)[alone].mean()
    print(f"{name:>6}: answers {alone.mean():.0%} alone, promises {promise:.1%} right, keeps {kept_promise:.1%}")
answer, confidence = scaled.argmax(axis=1), scaled.max(axis=1)
class_gap = {
    kind: confidence[answer == number].mean() - np.mean(kinds["test"][answer == number] == number)
    for number, kind in enumerate(CLOTHES)
}
print("claimed too much (+) or too little (−), by answer:", {kind: f"{gap:+.3f}" for kind, gap in class_gap.items()})

# %% [markdown]
# Before, the program answers more pictures alone, but promises 99 % and keeps 92 to 93 %; after, promise and result are only a point or so apart (seeds 0, 1 and 2).
#
# The last line is the first of three warnings. **A temperature mends the mean**, not each case: of some classes the network still claims too much, of others too little.
#
# The second: **it knows only data like the validation data.** Break it: let the camera add noise, which the network has never seen. Does the temperature that we chose on clean pictures still hold?

# %%
noise_levels = (0.0, 0.1, 0.2, 0.3, 0.4)
noise = np.random.default_rng(ready.seed).normal(size=pictures["test"].shape).astype("float32")
under_noise = []
for level in noise_levels:
    noisy = np.clip(pictures["test"] + level * noise, 0, 1)
    logits = clothes_network.predict(noisy, batch_size=1000, verbose=0)
    right = np.mean(logits.argmax(axis=1) == kinds["test"])
    errors = [calibration_error(softmax(logits / t, axis=1), kinds["test"]) for t in (1, temperature)]
    under_noise.append((right, *errors))
    print(f"noise {level:.1f}: {right:.3f} right, ECE {errors[0]:.3f}, with temperature {errors[1]:.3f}")
under_noise = np.array(under_noise)

# %%
# Drawing: calibration under noise.
figure, axes = plt.subplots(figsize=(7, 3.6))
for values, name, style in zip(
    under_noise.T, ("share right", "ECE, T = 1", f"ECE, T = {temperature:.2f}"), ("s:", "o-", "^--"), strict=True
):
    axes.plot(noise_levels, values, style, label=name)
axes.set(
    xlabel="noise (standard deviation; white is 1)",
    ylabel="share",
    ylim=(0, 1),
    title="Calibrated for clean pictures only",
)
axes.legend()
plots.show(
    figure,
    alt=f"Share right and ECE over the noise. The share right falls from {under_noise[0, 0]:.2f} to {under_noise[-1, 0]:.2f}; the ECE without temperature rises from {under_noise[0, 1]:.2f} to {under_noise[-1, 1]:.2f}, with the temperature chosen on clean pictures from {under_noise[0, 2]:.2f} to {under_noise[-1, 2]:.2f}.",
)

# %% [markdown]
# Less wrong than without, but no longer calibrated. A probability is a statement about data *like those it was made on*. Where the world moves, so does the truth of every “80 %”. [Ovadia et al. (2019)](https://arxiv.org/abs/1906.02530) compared the methods of sections 3 to 5 under such shifts.
#
# The third warning: this was one network on one data set. Whether a Bayesian network or an ensemble is calibrated is a question to be **measured**, as in section 5; no name of a method answers it.

# %% [markdown]
# ## 7 · When one answer is rare
#
# Some questions have an answer that is nearly always the same. Two of them:
#
# - **Churn**: which of 5,000 customers of a telephone company leaves? One in seven did. These customers were [made up by a program](https://search.r-project.org/CRAN/refmans/modeldata/html/mlc_churn.html) (“artificial based on claims similar to real world”), long ago; they are good for practice, but teach nothing about real people.
# - **Loans**: which of 9,857 [real loans](https://search.r-project.org/CRAN/refmans/modeldata/html/lending_club.html) of Lending Club, granted in the first quarter of 2016, went bad (charged off, in default, or 21 to 120 days late)? One in nineteen. The others are paid back or on time *so far*.
#
# We call the answer that is looked for **positive** and write it as 1, even if there is nothing positive about it.

# %%
churn, loans = data.load("churn"), data.load("loans")
for time_of_day in ("day", "eve", "night", "intl"):
    price = churn[f"total_{time_of_day}_charge"].sum() / churn[f"total_{time_of_day}_minutes"].sum()
    apart = (churn[f"total_{time_of_day}_charge"] - price * churn[f"total_{time_of_day}_minutes"]).abs().max()
    print(f"{time_of_day:>5}: {price:.3f} dollars a minute, never more than {apart:.3f} dollars off")
loans[["funded_amnt", "term", "int_rate", "sub_grade", "annual_inc", "emp_length", "loan"]].head(4)

# %% [markdown]
# Each charge is its minutes times a price: the same thing said twice, so we leave it out, and with it the state (51 categories are too many for so few customers) and the area code (three values; of each about one customer in seven left). For the loans we turn the grade (A1 to G5) into a number, take the logarithm of columns that reach into the thousands, and leave out the state and the years of work (both come as many categories).


# %%
def churn_table():
    """Inputs (5,000 customers, 13 columns) and 1 for those who left."""
    kept = [name for name in churn.select_dtypes("number") if not name.endswith("_charge")]
    plans = {name: churn[name] == "yes" for name in ("international_plan", "voice_mail_plan")}
    return churn[kept].assign(**plans).astype("float32"), (churn["churn"] == "yes").to_numpy(int)


def loan_table():
    """Inputs (9,857 loans, 22 columns) and 1 for those that went bad."""
    numbers = loans.select_dtypes("number").astype("float32")
    wide = [name for name in numbers if numbers[name].max() > 1000]
    numbers[wide] = np.log1p(numbers[wide])
    grades = {grade: place for place, grade in enumerate(sorted(loans["sub_grade"].unique()))}
    numbers = numbers.assign(grade=loans["sub_grade"].map(grades), long_term=loans["term"] == "term_60")
    verified = pd.get_dummies(loans["verification_status"])
    return numbers.join(verified).astype("float32"), (loans["loan"] == "bad").to_numpy(int)


# %% [markdown]
# Three parts again: 60 % to learn from, 20 % to choose by, 20 % to test. With rare cases the split should be **stratified**: each part gets the same share of them. Mean and spread for the scaling come from the training part.


# %%
def split(inputs, rare):
    """Deal out the rows 60 : 20 : 20, with the same share of rare ones in each part; scale by the training part."""
    dealt = train_test_split(inputs.to_numpy(), rare, test_size=0.4, stratify=rare, random_state=ready.seed)
    fit, rest, rare_fit, rare_rest = dealt
    dealt = train_test_split(rest, rare_rest, test_size=0.5, stratify=rare_rest, random_state=ready.seed)
    choose, test, rare_choose, rare_test = dealt
    scale = StandardScaler().fit(fit)
    parts = {"training": (fit, rare_fit), "validation": (choose, rare_choose), "test": (test, rare_test)}
    return {part: (scale.transform(rows), answers) for part, (rows, answers) in parts.items()}


tasks = {"churn": split(*churn_table()), "loans": split(*loan_table())}
for name, parts in tasks.items():
    for part, (rows, rare) in parts.items():
        print(f"{name}, {part:<10} {rows.shape}: {rare.sum():4} positive ({rare.mean():.1%})")

# %% [markdown]
# ### The accuracy paradox
#
# The baseline first: say “no” to everybody. Beside it the simplest model that learns, logistic regression.

# %%
logistic, says_no, right_by_logistic, found_by_logistic = {}, {}, {}, {}
for name, parts in tasks.items():
    logistic[name] = LogisticRegression(max_iter=1000).fit(*parts["training"])
    rows, rare = parts["test"]
    answers = logistic[name].predict(rows)
    says_no[name], right_by_logistic[name] = np.mean(rare == 0), np.mean(answers == rare)
    found_by_logistic[name] = answers[rare == 1].mean()
    print(
        f"{name:>5}: “no” to all is right for {says_no[name]:.3f}, logistic regression for {right_by_logistic[name]:.3f}"
    )
    print(f"       … and finds {answers[rare == 1].sum()} of the {rare.sum()} that we look for")
plots.confusion_matrix(
    tasks["churn"]["test"][1], logistic["churn"].predict(tasks["churn"]["test"][0]), ["stays", "leaves"]
)

# %% [markdown]
# For the loans the model that learned is right no more often than “no” to everybody, and finds next to nothing. Nobody would pay for that, though the accuracy sounds splendid in a report. The trouble is not the model, it is the measure: accuracy counts a missed bad loan and a false alarm alike, and good loans are so many that they alone decide.
#
# Two better questions (you know them from days 03 and 09), from four counts:
#
# | | it is one | it is none |
# |---|---|---|
# | **alarm** | found (true positive) | false alarm (false positive) |
# | **no alarm** | missed (false negative) | left in peace (true negative) |
#
# - **Precision**: of the alarms, what share is true? $\frac{\text{found}}{\text{found} + \text{false alarms}}$
# - **Recall**: of those we look for, what share is found? $\frac{\text{found}}{\text{found} + \text{missed}}$
#
# Neither alone means anything: an alarm for everybody has a recall of 1, a single sure alarm a precision of 1. And both depend on the **threshold**, the probability from which we raise the alarm. Who says that it is 0.5?


# %%
def precision_recall(chance, rare, threshold):
    """Precision and recall if everybody with a chance of at least `threshold` gets an alarm."""
    alarm = chance >= threshold
    found = np.sum(alarm & (rare == 1))
    return found / max(alarm.sum(), 1), found / rare.sum()


rows, rare = tasks["churn"]["test"]
leaves = logistic["churn"].predict_proba(rows)[:, 1]
for threshold in (0.5, 0.3, 0.2, 0.1):
    precision, recall = precision_recall(leaves, rare, threshold)
    print(
        f"threshold {threshold}: precision {precision:.2f}, recall {recall:.2f}, {np.sum(leaves >= threshold)} alarms"
    )

# %% [markdown]
# Every threshold, from the highest to the lowest, gives the **precision–recall curve**. Write it out: sort by chance, the highest first, and walk down the list. At each positive that we meet, note the precision of the list so far. The mean of these notes is the **average precision**, the area under the curve (**PR-AUC**). Whoever guesses gets the share of positives, and not 0.5 as with the area under the ROC curve (**ROC-AUC**, day 08), which is printed beside it.
#
# The function takes one thing more: `counts`, how often each row is in a sample. A bootstrap sample (section 1) is nothing else than such a count for every row, and so a thousand samples become one array and no loop.


# %%
def average_precision(chance, rare, counts=None):
    """Area under the precision–recall curve.

    chance, rare: (rows,); counts: (samples, rows), how often each row is in each sample -> one area per sample.
    """
    order = np.argsort(-chance, kind="stable")
    counts = np.ones((1, len(rare))) if counts is None else counts[:, order]
    found = counts * rare[order]
    precision = found.cumsum(axis=1) / np.maximum(counts.cumsum(axis=1), 1)
    return (found * precision).sum(axis=1) / found.sum(axis=1)


def bootstrap_counts(rows, samples=1000):
    """Draw `samples` samples of as many rows as there are, with replacement: (samples, rows) of counts."""
    return np.random.default_rng(ready.seed).multinomial(rows, np.full(rows, 1 / rows), size=samples)


pr_apart = 0
for name, parts in tasks.items():
    rows, rare = parts["test"]
    chance = logistic[name].predict_proba(rows)[:, 1]
    area = average_precision(chance, rare)[0]
    pr_apart = max(pr_apart, abs(area - average_precision_score(rare, chance)))
    low, high = np.quantile(average_precision(chance, rare, bootstrap_counts(len(rare))), [0.025, 0.975])
    print(
        f"{name:>5}: PR-AUC {area:.3f} (95 %: {low:.3f} to {high:.3f}), guessing {rare.mean():.3f}, ROC-AUC {roc_auc_score(rare, chance):.3f}"
    )
print(f"largest difference from scikit-learn: {pr_apart:.1g}")

# %%
# Drawing: the ROC curve flatters, the precision–recall curve does not.
figure, (first, second) = plt.subplots(1, 2, figsize=(9.5, 3.8))
told = []
for name, style, colour in (("churn", "-", plots.COLOURS[0]), ("loans", "--", plots.COLOURS[5])):
    rows, rare = tasks[name]["test"]
    chance = logistic[name].predict_proba(rows)[:, 1]
    first.plot(*roc_curve(rare, chance)[:2], style, color=colour, label=name)
    precision, recall, _ = precision_recall_curve(rare, chance)
    second.plot(recall[:-1], precision[:-1], style, color=colour, label=name)
    second.axhline(rare.mean(), linestyle=":", color=colour, linewidth=1.2)
    told.append(
        f"{name}: ROC area {roc_auc_score(rare, chance):.2f}, precision–recall area {average_precision(chance, rare)[0]:.2f}"
    )
first.plot([0, 1], [0, 1], ":", color="black", label="guessing")
first.set(xlabel="false alarms (share of the negative)", ylabel="recall", title="ROC curve")
second.set(xlabel="recall", ylabel="precision", ylim=(0, 1), title="Precision–recall curve (dotted: guessing)")
first.legend()
second.legend()
plots.show(
    figure, alt=f"ROC curves and precision–recall curves of logistic regression for both tables. {'; '.join(told)}."
)

# %% [markdown]
# In the ROC curve, the other well-known picture, false alarms are counted as a share of the *many* negatives; five in a hundred sounds little, and with one positive in nineteen that is nearly as many false alarms as there are positives. That is why many judge rare answers by precision and recall instead ([Saito and Rehmsmeier, 2015](https://doi.org/10.1371/journal.pone.0118432)). (As a rule this is disputed, see [McDermott et al., 2024](https://arxiv.org/abs/2401.06091); and since guessing gets the share of positives, a PR-AUC can be compared on the same table only.)
#
# ### Remedies, and what they do
#
# Everybody who meets such data is told to **balance** them. Three ways:
#
# - **Class weights**: each positive counts more in the loss, so that both classes weigh the same in all.
# - **Oversampling**: positives are repeated until there are as many as negatives. **SMOTE** ([Chawla et al., 2002](https://arxiv.org/abs/1106.1813)) does not repeat them, it invents new ones, on the line between a positive and one of its five nearest positive neighbours.
# - **Undersampling**: negatives are thrown away until there are as few as positives.
#
# Repeating and throwing away are two lines each. For the rest there is the package [imbalanced-learn](https://imbalanced-learn.org/stable/), whose samplers all have `fit_resample`.


# %%
def oversample(inputs, rare, random):
    """Repeat random positives until there are as many as negatives."""
    more = random.choice(np.flatnonzero(rare == 1), size=np.sum(rare == 0) - np.sum(rare == 1))
    rows = np.concatenate([np.arange(len(rare)), more])
    return inputs[rows], rare[rows]


def undersample(inputs, rare, random):
    """Keep all positives and as many random negatives."""
    kept = random.choice(np.flatnonzero(rare == 0), size=np.sum(rare == 1), replace=False)
    rows = np.concatenate([np.flatnonzero(rare == 1), kept])
    return inputs[rows], rare[rows]


samplers = {
    "oversampling": RandomOverSampler(random_state=ready.seed),
    "SMOTE": SMOTE(k_neighbors=5, random_state=ready.seed),
    "undersampling": RandomUnderSampler(random_state=ready.seed),
}
for name, parts in tasks.items():
    print(f"{name}: {np.bincount(parts['training'][1])} negatives and positives to learn from")
    for by_hand in (oversample, undersample):
        _, rare = by_hand(*parts["training"], np.random.default_rng(ready.seed))
        print(f"   by hand, {by_hand.__name__:<12} {np.bincount(rare)}")
    for remedy, sampler in samplers.items():
        print(f"   {remedy:<21} {np.bincount(sampler.fit_resample(*parts['training'])[1])}")

# %%
# Drawing: what each sampler makes of two columns of 250 customers.
columns = [churn_table()[0].columns.get_loc(name) for name in ("total_day_minutes", "total_eve_minutes")]
few_rows, few_rare = (part[:250] for part in tasks["churn"]["training"])
figure, panels = plt.subplots(1, 4, figsize=(11, 3.2), sharex=True, sharey=True)
told = []
for axes, (remedy, sampler) in zip(panels, [("as it is", None), *samplers.items()], strict=True):
    rows, rare = few_rows[:, columns], few_rare
    if sampler is not None:
        rows, rare = sampler.fit_resample(rows, rare)
    for answer, marker, colour, name in ((0, "o", plots.COLOURS[4], "stays"), (1, "^", plots.COLOURS[5], "leaves")):
        axes.scatter(*rows[rare == answer].T, s=14, alpha=0.5, marker=marker, color=colour, label=name)
    axes.set(title=f"{remedy}: {np.sum(rare == 1)} of {len(rare)}", xlabel="day minutes (scaled)")
    told.append(f"{remedy}: {np.sum(rare == 1)} of {len(rare)} leave")
panels[0].set_ylabel("evening minutes (scaled)")
panels[0].legend(loc="lower left", fontsize=8, frameon=True)
plots.show(
    figure,
    alt=f"Four scatter plots of day and evening minutes. {'; '.join(told)}. Oversampling lays repeated points on top of each other, SMOTE puts new triangles on lines between the old ones, undersampling leaves few circles.",
)

# %% [markdown]
# Now the same small network five times: plain, with class weights, and with each of the three samplers. To be fair, each gets batches of the same size, drawn at random, and the same steps at most; and each keeps the weights with the best PR-AUC on the **validation data, which are never resampled**. Beside them logistic regression and boosted trees, plain.


# %%
def draw_batches(inputs, rare, weights, random, size=128):
    """Yield random batches for ever: inputs, answers, weights."""
    while True:
        rows = random.integers(len(rare), size=size)
        yield inputs[rows], rare[rows, None].astype("float32"), weights[rows]


def small_network(columns):
    """Two hidden layers and a chance."""
    keras.utils.set_random_seed(ready.seed)
    hidden = [layers.Dense(32, activation="relu") for _ in range(2)]
    model = keras.Sequential([keras.Input((columns,)), *hidden, layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.AdamW(2e-3), "binary_crossentropy", jit_compile=fast.JIT)
    return model


# %%
def train_network(model, inputs, rare, weights, validation):
    """Train 40 batches at a time, 25 times; keep the weights with the best PR-AUC on the validation data."""
    begin_again(model, small_network(inputs.shape[1]))
    batches = draw_batches(inputs, rare, weights, np.random.default_rng(ready.seed))
    best, kept, waited = 0, None, 0
    for _ in range(25):
        for rows, answers, counts in itertools.islice(batches, 40):
            model.train_on_batch(rows, answers, counts)
        area = average_precision(model.predict_on_batch(validation[0])[:, 0], validation[1])[0]
        best, kept, waited = (area, model.get_weights(), 0) if area > best else (best, kept, waited + 1)
        if waited == 6:
            break
    model.set_weights(kept)


# %%
def remedies(inputs, rare):
    """What each remedy trains on: name -> (inputs, answers, weights)."""
    one = np.ones(len(rare), dtype="float32")
    weights = (len(rare) / 2 / np.bincount(rare))[rare].astype("float32")
    made = {"plain": (inputs, rare, one), "class weights": (inputs, rare, weights)}
    for name, sampler in samplers.items():
        rows, answers = sampler.fit_resample(inputs, rare)
        made[name] = (rows, answers, np.ones(len(answers), dtype="float32"))
    return made


# %%
chances = {}  # task -> method -> part -> chance of each row
for name, parts in tasks.items():
    trees = HistGradientBoostingClassifier(max_iter=60, learning_rate=0.05, max_leaf_nodes=8, random_state=ready.seed)
    trees.fit(*parts["training"])
    chances[name] = {
        method: {part: model.predict_proba(parts[part][0])[:, 1] for part in ("validation", "test")}
        for method, model in (("logistic regression", logistic[name]), ("boosted trees", trees))
    }
    model = small_network(parts["training"][0].shape[1])
    for remedy, material in remedies(*parts["training"]).items():
        train_network(model, *material, parts["validation"])
        chances[name][remedy] = {
            part: model.predict(parts[part][0], batch_size=1000, verbose=0)[:, 0].astype("float64")
            for part in ("validation", "test")
        }
        area = average_precision(chances[name][remedy]["validation"], parts["validation"][1])[0]
        print(f"{name}, {remedy:<13}: PR-AUC {area:.3f} on validation data")

# %% [markdown]
# And on the test data, with intervals from 1,000 bootstrap samples. Two intervals that overlap do not say that two methods are equal, since both were tested on the *same* rows and have the same luck. So the last two columns hold the interval of the **difference** to the plain network, sample by sample.

# %%
resampled = {name: bootstrap_counts(len(parts["test"][1])) for name, parts in tasks.items()}


def interval(values):
    """The middle 95 % of bootstrap values."""
    return np.quantile(values, [0.025, 0.975]).round(3)


pr_table = []
for name, parts in tasks.items():
    rare = parts["test"][1]
    areas = {method: average_precision(part["test"], rare, resampled[name]) for method, part in chances[name].items()}
    for method, part in chances[name].items():
        low, high = interval(areas[method])
        less, more = interval(areas[method] - areas["plain"])
        area = average_precision(part["test"], rare)[0]
        pr_table.append((name, method, area, low, high, less, more))
pr_table = pd.DataFrame(pr_table, columns=["table", "method", "PR-AUC", "low", "high", "gain low", "gain high"])
pr_table = pr_table.set_index(["table", "method"])
pr_table.round(3)


# %%
# Drawing: a table of values with intervals; for PR-AUC here, for the cost below.
def draw_intervals(table, value, label, alt):
    """Points with intervals for both tables, one row per method; `value`, “low” and “high” are columns."""
    figure, panels = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True)
    for axes, name in zip(panels, tasks, strict=True):
        part = table.loc[name]
        spread = [part[value] - part["low"], part["high"] - part[value]]
        axes.errorbar(part[value], np.arange(len(part)), xerr=np.maximum(spread, 0), fmt="o", capsize=4)
        axes.axvline(part.loc["plain", value], linestyle=":", color="black", linewidth=1)
        axes.set(xlabel=label, ylabel="method", title=name)
        axes.set_yticks(np.arange(len(part)), part.index)
        axes.locator_params(axis="x", nbins=6)
    panels[0].invert_yaxis()
    plots.show(figure, alt=alt)


# %%
# Drawing: the table of PR-AUC; then which differences chance does not explain.
told = "; ".join(f"{name}, {method} {area:.2f}" for (name, method), area in pr_table["PR-AUC"].items())
draw_intervals(
    pr_table,
    "PR-AUC",
    "PR-AUC on test data",
    alt=f"PR-AUC of seven methods on two tables, with 95 % intervals: {told}.",
)
best_gain, sure_gains = {}, {}
for name in tasks:
    table = pr_table.loc[name]
    gains = table["PR-AUC"].loc[["class weights", *samplers]] - table["PR-AUC"].loc["plain"]
    best_gain[name] = gains.max()
    surely = [method for method in gains.index if table.loc[method, "gain low"] > 0]
    worse = [method for method in gains.index if table.loc[method, "gain high"] < 0]
    sure_gains[name] = len(surely)
    print(
        f"{name}: better than plain (95 %): {', '.join(surely) or 'none'}; worse (95 %): {', '.join(worse) or 'none'}"
    )

# %% [markdown]
# We ran it with seeds 0, 1 and 2: other splits, other starting weights.
#
# - **Churn:** with none of the seeds is any remedy better than the plain network. Class weights, oversampling and undersampling are *worse* with all three, by more than chance explains. Undersampling is always last of the networks: it threw away five of six customers who stay, and what they could have taught. Logistic regression is far behind (customers leave for reasons that no straight line shows), boosted trees are about as good as the plain network.
# - **Loans:** nobody does well, the intervals are wide (104 positives), and hardly a difference is sure. With seed 0 the intervals of oversampling and undersampling lie above zero; with seeds 1 and 2 none does, though some remedies stand a little higher than plain. These are twelve intervals (four remedies, three seeds), and one in twenty misses zero by chance alone; two exceptions, both on the same split, prove little. And plain logistic regression, with no remedy at all, is about as good as the best of the balanced networks or better.
#
# So balancing did not teach a network more. Does it help to decide?
#
# ### What does a mistake cost?
#
# A list of customers in the right order is not yet a decision. Somebody must say where the list ends, and that depends on money. Let us **assume** that a customer who leaves unnoticed costs ten times as much as a needless present to one who would have stayed anyway, and that a bad loan costs ten times as much as a good one that we did not grant. (These are assumptions, to be replaced by those of your company. They matter more than the choice of the network.)
#
# If a probability $p$ is calibrated, the alarm is worth its price as soon as $10\,p > 1 \cdot (1-p)$, that is from
#
# $$p^* = \frac{\text{cost of a false alarm}}{\text{cost of a false alarm} + \text{cost of a miss}} = \frac{1}{11} \approx 0.09$$
#
# If it is not calibrated, the best threshold is somewhere else, and we look for it on the validation data.

# %%
MISS, FALSE_ALARM = 10, 1
FAIR_THRESHOLD = FALSE_ALARM / (FALSE_ALARM + MISS)


def costs(chance, rare, threshold):
    """Cost of each row: 10 for a miss, 1 for a false alarm, else 0."""
    alarm = chance >= threshold
    return MISS * (~alarm & (rare == 1)) + FALSE_ALARM * (alarm & (rare == 0))


def choose_threshold(chance, rare):
    """The threshold of the smallest cost, among 201 that cut the rows into 200 equal parts, and “never”."""
    candidates = np.append(np.quantile(chance, np.linspace(0, 1, 201)), 1.1)
    return float(min(candidates, key=lambda threshold: costs(chance, rare, threshold).mean()))


for name, parts in tasks.items():
    rare = parts["test"][1]
    never, always = MISS * rare.mean(), FALSE_ALARM * np.mean(rare == 0)
    print(f"{name}: cost per row without any model: {never:.3f} if never, {always:.3f} if always an alarm")

# %%
cost_table = []
for name, parts in tasks.items():
    rare = parts["test"][1]
    thresholds = {
        method: choose_threshold(part["validation"], parts["validation"][1]) for method, part in chances[name].items()
    }
    paid = {method: costs(part["test"], rare, thresholds[method]) for method, part in chances[name].items()}
    means = {method: resampled[name] @ each / len(rare) for method, each in paid.items()}
    for method, part in chances[name].items():
        half, fair = (costs(part["test"], rare, threshold).mean() for threshold in (0.5, FAIR_THRESHOLD))
        row = (name, method, half, fair, thresholds[method], paid[method].mean())
        cost_table.append((*row, *interval(means[method]), *interval(means[method] - means["plain"])))
# 95 % bootstrap intervals: “low” to “high” for the cost, “more low” to “more high” for what it costs more than plain
names = "table,method,cost at 0.5,cost at 1/11,threshold,cost,low,high,more low,more high"
cost_table = pd.DataFrame(cost_table, columns=names.split(",")).set_index(["table", "method"])
threshold_gain = {
    name: cost_table.loc[(name, "plain"), "cost at 0.5"] - cost_table.loc[(name, "plain"), "cost"] for name in tasks
}
cost_table.round(3)

# %%
# Drawing: cost over the threshold on validation data, and the cost of each method on test data.
figure, panels = plt.subplots(1, 2, figsize=(10, 3.8))
drawn = {"plain": "-", "class weights": "--", "oversampling": "-.", "undersampling": ":"}
told = []
for axes, (name, parts) in zip(panels, tasks.items(), strict=True):
    grid = np.linspace(0.005, 0.995, 199)
    for (method, style), marker in zip(drawn.items(), plots.MARKERS, strict=False):
        curve = [costs(chances[name][method]["validation"], parts["validation"][1], t).mean() for t in grid]
        axes.plot(grid, curve, style, marker=marker, markevery=[int(np.argmin(curve))], markersize=8, label=method)
        told.append(f"{name}, {method}: lowest {min(curve):.2f} at {grid[np.argmin(curve)]:.2f}")
    axes.axvline(FAIR_THRESHOLD, color="black", linestyle=(0, (1, 4)), linewidth=1.5)
    axes.set(xlabel="threshold", ylabel="cost per row", title=f"{name}, validation data")
panels[0].legend(fontsize=9)
plots.show(
    figure,
    alt=f"Cost per row over the threshold for four methods on both tables, the lowest point marked; a dotted line stands at one in eleven. {'; '.join(told)}.",
)
told = "; ".join(f"{name}, {method} {cost:.2f}" for (name, method), cost in cost_table["cost"].items())
draw_intervals(
    cost_table, "cost", "cost per row on test data", alt=f"Cost at the chosen threshold, 95 % intervals: {told}."
)

# %% [markdown]
# Look at the columns of the table one after the other.
#
# - **At 0.5** balancing seems to be a success. On the loans all four remedies cost less than the plain network, which hardly ever raises an alarm at 0.5 and so costs as much as no model at all. On churn the best of them saves about a fifth or more. This is the comparison that many reports make.
# - **At the chosen threshold** (column *cost*) the advantage on churn is gone: with none of the three seeds is a remedy cheaper than the plain network. On the loans the differences go this way and that, and only two of twelve (four remedies, three seeds) have an interval without zero, both with seed 0 and by a hair. The plain network needs a low threshold, the balanced ones a higher one. In the picture their valleys are about equally deep on the loans, and on churn no balanced one is clearly deeper than the plain one. What balancing did was mostly to *move the threshold*. That can be had for nothing.
# - **At 1/11**, the threshold that was only computed and not looked for, the plain network costs about as much as at its chosen one. The balanced networks cost more; on the loans they are worse than no model.
#
# Why the last? Because balancing **spoils the calibration**. A network trained on a world in which every second customer leaves predicts for such a world. Hold the mean chance against the share of those who really left:

# %%
# The balanced networks believe in a world where the odds of a positive, p / (1 - p), are `factor` times as large.
mean_chance, calibration = {}, {}


def corrected(chance, factor):
    """Undo a balancing that multiplied the odds of a positive by `factor`: divide them by it."""
    return chance / (chance + factor * (1 - chance))


for name, parts in tasks.items():
    rare = parts["test"][1]
    factor = np.sum(parts["training"][1] == 0) / np.sum(parts["training"][1] == 1)
    print(f"{name}: share of positives {rare.mean():.3f}; balancing multiplies their odds by {factor:.1f}")
    for method in ("plain", "class weights", *samplers):
        chance = chances[name][method]["test"]
        after = corrected(chance, factor) if method != "plain" else chance
        mean_chance[name, method] = chance.mean(), after.mean()
        cost = costs(after, rare, FAIR_THRESHOLD).mean()
        print(
            f"   {method:<13} mean chance {chance.mean():.3f}, corrected {after.mean():.3f}; cost at 1/11 then {cost:.3f}"
        )

too_much = {
    method: mean_chance["loans", method][0] / tasks["loans"]["test"][1].mean()
    for method in ("plain", "class weights", *samplers)
}

# %% [markdown]
# The plain network's mean chance is about right. The balanced ones claim too much: on churn one and a half to two and a half times as much as is true, on the loans six to eight times as much. For weights and for samples that are drawn at random one can calculate it back: before, there were `factor` negatives for each positive, afterwards one, so balancing multiplied the **odds** $p/(1-p)$ of a positive by `factor`; divide them by it. (SMOTE's invented positives follow no such rule; there it is an approximation.) The order of the rows does not change by that, and neither does the PR-AUC.
#
# Why balance at all, then? If there is so much data that training takes too long, undersampling makes it shorter. If batches are so small that most contain no positive, balanced batches make the steps more even. And a model that can only say yes or no, without a probability, has its threshold built in. But if it gives probabilities: **train plainly, check the calibration, choose the threshold by cost.** That is also what medical statisticians found who tried it with logistic regression on risks of disease ([van den Goorbergh et al., 2022](https://doi.org/10.1093/jamia/ocac093)); with strong learners [Elor and Averbuch-Elor (2022)](https://arxiv.org/abs/2201.08528) came to much the same.
#
# ### Break it: balance first, split later
#
# One mistake with oversampling is so common, and looks so good, that you must have seen it once. Take the loans, **balance the whole table, and split it afterwards**. Then a random forest.

# %%
inputs, rare = loan_table()
balanced, answers = oversample(inputs.to_numpy(), rare, np.random.default_rng(ready.seed))
dealt = train_test_split(balanced, answers, test_size=0.2, stratify=answers, random_state=ready.seed)
fit, leaky_test, fit_answers, leaky_answers = dealt
forest = RandomForestClassifier(30, random_state=ready.seed).fit(fit, fit_answers)
leaky_area = average_precision_score(leaky_answers, forest.predict_proba(leaky_test)[:, 1])
print(f"{rare.sum()} bad loans become {answers.sum()} rows")
print(f"balanced, then split: {forest.score(leaky_test, leaky_answers):.1%} right, PR-AUC {leaky_area:.3f}")

rows, answers = oversample(*tasks["loans"]["training"], np.random.default_rng(ready.seed))
forest = RandomForestClassifier(30, random_state=ready.seed).fit(rows, answers)
honest_area = average_precision_score(tasks["loans"]["test"][1], forest.predict_proba(tasks["loans"]["test"][0])[:, 1])
print(f"split, then balanced: PR-AUC {honest_area:.3f}; guessing {tasks['loans']['test'][1].mean():.3f}")
known = {row.tobytes() for row in fit}
seen_share = np.mean([row.tobytes() in known for row in leaky_test[leaky_answers == 1]])
print(f"{seen_share:.1%} of the “test” positives of the first forest stood in its training data")

# %% [markdown]
# Each bad loan was copied some eighteen times, and its copies lie on both sides of the split. The forest has not learned what a bad loan is, it has learned 517 bad loans by heart. (Besides, its test has one bad loan in two, and so even an honest model would look better there.) **Split first; touch only the training part.**

# %% [markdown]
# ## 8 · What you should see
#
# Each result is held against the range over three seeds, with some room.

# %%
expect("digits: right (share)", true_share, low=0.89, high=0.97)
expect("digits turned by 90°: right (share)", turned_right, low=0.08, high=0.25)
expect("digits turned by 90°: over 95 % sure and wrong (share)", sure_and_wrong.mean(), low=0.06, high=0.3)
expect("accuracies of 1,600 pictures: scatter over σ/√n", root_law[1600], low=0.94, high=1.06)
expect("bootstrap, 20 pictures: coverage of 95 % intervals", boot_coverage[20], low=0.55, high=0.88)
expect("bootstrap, 1,000 pictures: coverage of 95 % intervals", boot_coverage[1000], low=0.91, high=0.98)
expect("Wilson, 20 pictures: coverage of 95 % intervals", wilson_coverage[20], low=0.9, high=1)
expect("distribution made early: deviation it still has", frozen_deviation, low=1, high=1)
expect("distribution made anew: deviation", fresh_deviation, low=2, high=2)
expect("KL of two normals: TFP against the formula", kl_apart, low=0, high=1e-5)
expect_varied("digit network", said)

# %%
expect("toy, normal head: learned scatter, mean error", scatter_error, low=0, high=0.05)
expect("toy, one spread for all: mean error", naive_error, low=0.07, high=0.16)
expect("toy, one spread: coverage left minus right", toy_side["one spread"], low=0.1, high=0.35)
expect("toy, normal head: coverage left minus right", toy_side["normal head"], low=-0.09, high=0.09)
expect("naive: coverage of 90 % intervals", method_table.loc["naive", "coverage"], low=0.15, high=0.6)
expect("naive, validated: coverage", method_table.loc["naive, validated", "coverage"], low=0.8, high=0.97)
expect("linear regression: coverage", method_table.loc["linear regression", "coverage"], low=0.86, high=0.93)
expect("Bayesian network: coverage", method_table.loc["Bayesian network", "coverage"], low=0.88, high=0.97)
expect("MC dropout: coverage", method_table.loc["MC dropout", "coverage"], low=0.82, high=0.96)
expect("ensemble: coverage", method_table.loc["ensemble", "coverage"], low=0.85, high=0.95)
kept_range = method_table["coverage"].between(0.85, 0.95)[["Bayesian network", "MC dropout", "ensemble"]].sum()
expect("how many of the three cover 85 to 95 %", kept_range, low=2, high=3)

# %%
expect("naive: log-likelihood (nats)", method_table.loc["naive", "log-likelihood"], low=-20, high=-8)
expect(
    "linear regression: log-likelihood (nats)",
    method_table.loc["linear regression", "log-likelihood"],
    low=-5.55,
    high=-5.3,
)
expect("Bayesian network minus linear regression (nats)", against_line["Bayesian network"][0], low=-0.03, high=0.11)
expect("MC dropout minus linear regression (nats)", against_line["MC dropout"][0], low=-0.1, high=0.08)
expect("ensemble minus linear regression (nats)", against_line["ensemble"][0], low=-0.03, high=0.12)
expect("Bayesian network: width of 90 % intervals", method_table.loc["Bayesian network", "width"], low=170, high=210)
expect("ensemble: width of 90 % intervals", method_table.loc["ensemble", "width"], low=155, high=200)
expect("toy, Bayesian: disagreement outside over inside", widening["Bayesian"], low=1.3, high=5)
expect("toy, dropout: disagreement outside over inside", widening["dropout"], low=2, high=8)
expect("toy, ensemble: disagreement outside over inside", widening["ensemble"], low=3, high=30)
expect("toy, Bayesian: disagreement in the gap over inside", gap_widening["Bayesian"], low=0.4, high=0.9)
expect("toy, dropout: disagreement in the gap over inside", gap_widening["dropout"], low=0.3, high=0.85)
expect("toy, ensemble: disagreement in the gap over inside", gap_widening["ensemble"], low=1.1, high=12)
widest_gap = max(toy_covers[method, "gap"] for method in widening)
expect("toy: true curve covered in the gap, best of three (share)", widest_gap, low=0, high=0.75)
widest_outside = max(toy_covers[method, "outside"] for method in widening)
expect("toy: true curve covered outside, best of three (share)", widest_outside, low=0, high=0.5)
expect_varied("Bayesian network, patients of round one", rounds[0][0]["Bayesian network"][0].mean(axis=0))

# %%
expect(
    "clothes: share right before and after the temperature, difference",
    accuracy_after - accuracy_before,
    low=-1e-9,
    high=1e-9,
)
expect("clothes: ECE before", ece_before, low=0.055, high=0.1)
expect("clothes: ECE after, as a share of before", ece_after / ece_before, low=0.05, high=0.5)
expect("clothes: ECE that chance alone would make", np.mean(ece_floor), low=0.004, high=0.009)
expect("clothes: temperature chosen on validation data", temperature, low=1.5, high=2.4)
expect("clothes: temperature chosen on training data", from_training, low=0.5, high=1.2)
expect("clothes: log loss after minus before (nats)", loss_after - loss_before, low=-0.22, high=-0.06)
expect("clothes: log loss, last epoch minus lowest (nats)", by_epoch[-1, 1] - by_epoch[:, 1].min(), low=0.05, high=0.2)
expect("clothes: right where at least 90 % sure, after (share)", kept_promise, low=0.95, high=0.985)
expect("clothes under noise 0.4: ECE with temperature", under_noise[-1, 2], low=0.15, high=0.7)

# %%
expect("loans: “no” to all (share right)", says_no["loans"], low=0.946, high=0.949)
expect("loans: logistic regression (share right)", right_by_logistic["loans"], low=0.943, high=0.95)
expect("loans: logistic regression at 0.5 (recall)", found_by_logistic["loans"], low=0, high=0.06)
expect("average precision: largest difference from scikit-learn", pr_apart, low=0, high=1e-9)
for method in ("plain", "class weights", *samplers):
    expect_varied(f"churn, {method}", chances["churn"][method]["test"], least=0.1)
    expect_varied(f"loans, {method}", chances["loans"][method]["test"], least=0.03)

# %%
expect("churn, plain: PR-AUC", pr_table.loc[("churn", "plain"), "PR-AUC"], low=0.75, high=0.93)
expect("loans, plain: PR-AUC", pr_table.loc[("loans", "plain"), "PR-AUC"], low=0.08, high=0.18)
expect("churn, best remedy minus plain: PR-AUC", best_gain["churn"], low=-0.08, high=0.01)
expect("loans, best remedy minus plain: PR-AUC", best_gain["loans"], low=-0.03, high=0.08)
expect("churn: remedies with a PR-AUC surely above plain (of 4)", sure_gains["churn"], low=0, high=0)
expect("loans: remedies with a PR-AUC surely above plain (of 4)", sure_gains["loans"], low=0, high=3)
expect("churn, plain: cost at 0.5 minus at the chosen threshold", threshold_gain["churn"], low=0.05, high=0.2)
expect("loans, plain: cost at 0.5 minus at the chosen threshold", threshold_gain["loans"], low=0.03, high=0.12)
expect("churn, plain: cost at the chosen threshold", cost_table.loc[("churn", "plain"), "cost"], low=0.18, high=0.42)
expect("loans, plain: cost at the chosen threshold", cost_table.loc[("loans", "plain"), "cost"], low=0.4, high=0.51)
expect("loans, plain: mean chance over the share of positives", too_much["plain"], low=0.75, high=1.3)
expect("loans, class weights: mean chance over the share of positives", too_much["class weights"], low=5, high=9)
expect("loans, oversampling: mean chance over the share of positives", too_much["oversampling"], low=5, high=9)
expect("loans, balanced first, then split: PR-AUC", leaky_area, low=0.99, high=1)
expect("loans, split first, then balanced: PR-AUC", honest_area, low=0.07, high=0.15)

# %% [markdown]
# ## Summary
#
# 1. A number without its uncertainty is half an answer. An accuracy from a thousand cases has an interval, a bootstrap gives it, and a simulation shows whether it keeps what it promises.
# 2. A network can give a distribution instead of a number: a normal head learns how much the data scatter (the part that more data do not remove); a Bayesian network, Monte-Carlo dropout or an ensemble say how much the network itself does not know.
# 3. Which of them to believe is a question of measurement: coverage and width of their intervals and the log-likelihood on held-out data, over several seeds. And none of them knows what lies far away from its data.
# 4. Confidence of a classifier can be checked, too: reliability diagram, ECE and its floor. A temperature chosen on validation data is the cheapest repair, and it holds for data like those.
# 5. When one answer is rare, accuracy misleads. Look at precision, recall and PR-AUC; balance only the training part if at all; set the threshold by what mistakes cost; and compare with intervals.
#
# ## Quiz
#
# **1. A network has an accuracy of 90 % and says “99 % sure” with every answer. Its ECE is about…**
# (a) 0.01 (b) 0.09 (c) 0.90
# <details><summary>Answer</summary>
#
# (b). All answers are in one bin, with a mean confidence of 0.99 and a share right of 0.90: a gap of 0.09.
#
# </details>
#
# **2. After temperature scaling the log loss on the test data is lower, but the accuracy has not moved. Is something wrong?**
# <details><summary>Answer</summary>
#
# No. Dividing all logits by the same number does not change which one is largest. Only the confidence changes, and the log loss notices.
#
# </details>
#
# **3. 90 % intervals of a method cover 99 % of the held-out values. Is that good?**
# <details><summary>Answer</summary>
#
# Not by itself. The intervals are wider than promised; whoever pays for caution pays too much. “Between 0 and a million” covers everything. That is why one looks at the width and the log-likelihood as well.
#
# </details>
#
# **4. More data are collected, from the same source. Which part of the uncertainty shrinks?**
# (a) what the network does not know (epistemic) (b) the scatter of the data (aleatoric) (c) both
# <details><summary>Answer</summary>
#
# (a). The scatter belongs to the thing measured; better inputs could explain some of it, more rows of the same kind cannot.
#
# </details>
#
# **5. A bank's report says: “Oversampling raised the recall from 0.02 to 0.60.” What do you ask?**
# <details><summary>Answer</summary>
#
# At which threshold, and at which precision? At 0.5 a plain network says yes hardly ever; a lower threshold would have raised its recall, too. Ask for both precision–recall curves, the cost at a threshold chosen on validation data, an interval of the difference, and whether the oversampling came after the split.
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning*, 3rd ed., chapter 3 (precision, recall and their trade-off) and chapter 11 (Monte-Carlo dropout).
# - Blundell, Cornebise, Kavukcuoglu, Wierstra: [Weight uncertainty in neural networks](https://arxiv.org/abs/1505.05424) (2015): the Bayesian network of section 3.
# - Gal, Ghahramani: [Dropout as a Bayesian approximation](https://arxiv.org/abs/1506.02142) (2016), and Lakshminarayanan, Pritzel, Blundell: [Simple and scalable predictive uncertainty estimation using deep ensembles](https://arxiv.org/abs/1612.01474) (2017): sections 4 and 5.
# - Guo, Pleiss, Sun, Weinberger: [On calibration of modern neural networks](https://arxiv.org/abs/1706.04599) (2017): ECE and temperature.
# - Saito, Rehmsmeier: [The precision-recall plot is more informative than the ROC plot](https://doi.org/10.1371/journal.pone.0118432) (2015), and van den Goorbergh and others: [The harm of class imbalance corrections](https://doi.org/10.1093/jamia/ocac093) (2022).
# - Video: MIT 6.S191, [Evidential deep learning and uncertainty](https://www.youtube.com/watch?v=toTcf7tZK8c) (2021).
#
# ## Now you
#
# The [exercises](../exercises/day17_uncertainty.ipynb) answer back; the [solutions](../solutions/day17_uncertainty.ipynb) explain.
# Tomorrow, day 18: the first project. How warm will it be in 2050, and how far is that to be trusted?
