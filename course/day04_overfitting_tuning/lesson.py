# %% [markdown]
# # Day 04 · Learning by heart: overfitting, and the dials against it
#
# **Today a network learns 2,000 pictures by heart, six remedies compete on the same three seeds, and a machine turns the dials for you.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **recognise** overfitting in a learning curve, and say what it is not;
# - **write** L1, L2 and dropout in a line of NumPy each, and use them and early stopping in Keras without falling into its traps;
# - **choose** a batch size, knowing what it does to noise, epochs and seconds;
# - **explain** why a network's loss has many valleys and why that is less bad than it sounds;
# - **search** hyperparameters on a budget with keras-tuner, interrupt the search, resume it, and judge its winner.
#
# **Time:** 105 to 130 minutes of reading and trying; the code runs in under two minutes on two CPU cores, and no faster on a GPU:
# today's networks are small, because we train more than eighty of them.
# Cells that begin with `# Drawing` are folded and hold no new idea: run them and look at the picture.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | overfitting | Überanpassung, Auswendiglernen | early stopping | frühes Abbrechen |
# | underfitting | Unteranpassung | patience | Geduld |
# | to generalise | verallgemeinern | validation set | Validierungsdaten |
# | regularisation | Regularisierung | hyperparameter | Hyperparameter, Stellgröße |
# | penalty | Strafterm | search space | Suchraum |
# | weight decay | Gewichtsabnahme | trial, budget | Versuch, Budget |
# | dropout | Dropout, zufälliges Ausschalten | mini-batch | Mini-Batch, kleiner Stapel |
# | local minimum | lokales Minimum | convex | konvex |
#
# </details>

# %% tags=["setup"]
from utils import data, plots, runtime
from utils.expect import expect, expect_learned, expect_varied

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
import tempfile
import time
from keras import layers
from threadpoolctl import threadpool_limits

ready = runtime.setup(seed=1, precision="float32", needs=("keras-tuner",))
import keras_tuner

threadpool_limits(1, user_api="blas")  # our NumPy matrices are small: two threads would mostly wait for each other
seeds = [3 * ready.seed + number for number in range(3)]  # everything that counts today is done three times

# %% [markdown]
# ## 1 · See it: fifteen dots
#
# Day 01 ended its sine with a warning: a loss far below the noise means that the noise was learnt by heart. Here it happens
# where you can see all of it. Fifteen noisy measurements of a sine, and three models: polynomials of degree 1, 4 and 14. No
# network yet: a polynomial's best fit is computed in one line, so what you see is the *model's* doing, not the training's.
#
# The grey lines matter as much as the blue one: each is the same model fitted to fifteen **other** measurements.


# %%
def measure_sine(random, count=15):
    """Places spread over one turn and their noisy sines, both of shape (count,)."""
    places = np.linspace(-np.pi, np.pi, count)
    return places, np.sin(places) + random.normal(scale=0.25, size=count)


def features(places, degree):
    """Polynomials up to `degree` as columns (Legendre's, which behave better than powers): shape (places, degree + 1)."""
    return np.polynomial.legendre.legvander(places / np.pi, degree)


def fit_polynomial(places, values, degree, l2=0.0):
    """Coefficients with the least mean squared error plus l2 · (sum of squared coefficients, the constant's left out)."""
    columns = features(places, degree)
    penalty = l2 * len(places) * np.diag([0.0] + [1.0] * degree)
    return np.linalg.lstsq(columns.T @ columns + penalty, columns.T @ values, rcond=None)[0]


places, values = measure_sine(np.random.default_rng(7))
grid = np.linspace(-np.pi, np.pi, 300)

# %%
figure, panels = plt.subplots(1, 3, figsize=(10, 3.4), sharey=True)
for axes, degree in zip(panels, (1, 4, 14), strict=True):
    for number in range(20):
        again = fit_polynomial(*measure_sine(np.random.default_rng(100 + number)), degree)
        axes.plot(grid, features(grid, degree) @ again, color="0.8", linewidth=0.8)
    axes.plot(grid, np.sin(grid), ":", color="black", linewidth=1.2, label="sin(x)")
    axes.plot(grid, features(grid, degree) @ fit_polynomial(places, values, degree), label="the fit")
    axes.plot(places, values, "o", color=plots.COLOURS[5], markersize=4, label="measured")
    axes.set(xlabel="x (radians)", ylim=(-2.4, 2.4), title=f"degree {degree}: {degree + 1} numbers")
panels[0].set_ylabel("y")
panels[0].legend(loc="upper left", fontsize=8)
plots.show(
    figure,
    alt="Three panels with the same 15 noisy dots of a sine. Degree 1: a line that misses the wave, and 20 refits to other"
    " measurements that all miss it the same way. Degree 4: close to the sine, refits close together. Degree 14: runs through"
    " every dot and swings wildly between them; its 20 refits go in all directions.",
)

# %% [markdown]
# - **Degree 1 underfits.** It is wrong, and wrong in the same way whatever dots it gets. Its error is called **bias** (a second meaning of the word: a neuron's bias is a parameter).
# - **Degree 14 overfits.** Fifteen numbers pass through fifteen dots exactly: training error zero. But with other dots it is another
#   curve altogether. That error is called **variance**.
# - **Degree 4** gives up a little exactness on the dots and gets the sine (so do its neighbours, as you are about to see).
#
# The curve to remember: error against the model's freedom, on the dots it learnt from and on dots it has not seen.

# %%
new_places = np.random.default_rng(8).uniform(-np.pi, np.pi, 1000)
new_values = np.sin(new_places) + np.random.default_rng(9).normal(scale=0.25, size=1000)
degrees = np.arange(1, 15)
seen, unseen = [], []
for degree in degrees:
    coefficients = fit_polynomial(places, values, degree)
    seen.append(np.sqrt(np.mean((features(places, degree) @ coefficients - values) ** 2)))
    unseen.append(np.sqrt(np.mean((features(new_places, degree) @ coefficients - new_values) ** 2)))
best_degree = int(degrees[np.argmin(unseen)])

figure, axes = plt.subplots(figsize=(7, 3.6))
axes.plot(degrees, np.maximum(seen, 1e-3), "o-", label="on the 15 dots it learnt from")
axes.plot(degrees, unseen, "s--", label="on 1,000 new dots")
axes.axhline(0.25, color="black", linewidth=1, linestyle=":", label="the noise: nobody can be better on new dots")
axes.set(xlabel="degree of the polynomial", ylabel="error (RMSE)", yscale="log", ylim=(8e-4, 30), xticks=degrees)
axes.legend(loc="lower left", fontsize=9)
plots.show(
    figure,
    alt=f"Error against degree. On the dots it learnt from, it falls from {seen[0]:.2f} to zero at degree 14. On new dots it"
    f" falls to {min(unseen):.2f} at degree {best_degree} and rises to {unseen[-1]:.2f} at degree 14.",
)
print(f"best degree on new dots: {best_degree}, error {min(unseen):.3f}; degree 14: {unseen[-1]:.2f}")

# %% [markdown]
# **Overfitting is this: the training error still falls, and the error on new data rises.** Both halves matter. A gap between the two errors alone
# is no illness: everyone does a little better on questions they have seen.
#
# ### Feel it: freedom and penalty
#
# There are two ways out: take freedom away (a lower degree), or leave the freedom and **charge for using it**: add
# $\lambda \sum_j w_j^2$ to the loss, so that a large coefficient must earn its keep. Set the degree to 14 and turn $\lambda$ up. Find
#
# - the $\lambda$ at which degree 14 looks like degree 4;
# - the $\lambda$ at which even degree 14 underfits.


# %%
def draw_penalised(degree, penalty):
    """Fit with a penalty; return the picture and its alt text."""
    coefficients = fit_polynomial(places, values, degree, l2=penalty)
    error = np.sqrt(np.mean((features(new_places, degree) @ coefficients - new_values) ** 2))
    figure, axes = plt.subplots(figsize=(7, 3.4))
    axes.plot(grid, np.sin(grid), ":", color="black", linewidth=1.2, label="sin(x)")
    axes.plot(grid, features(grid, degree) @ coefficients, label=f"degree {degree}, λ = {penalty:.1g}")
    axes.plot(places, values, "o", color=plots.COLOURS[5], markersize=4, label="measured")
    axes.set(xlabel="x (radians)", ylabel="y", ylim=(-2.4, 2.4), title=f"error on new dots (RMSE): {error:.2f}")
    axes.legend(loc="upper left", fontsize=9)
    return figure, f"Polynomial of degree {degree} with penalty {penalty:.1g}: error on new dots {error:.2f}."


plots.interact(
    draw_penalised,
    degree=ipywidgets.IntSlider(14, 1, 14, continuous_update=False),
    penalty=ipywidgets.FloatLogSlider(10**-1.5, min=-8, max=1, step=0.5, continuous_update=False),
)

# %% [markdown]
# Without a kernel you see $\lambda = 0.03$: all fifteen coefficients are still there, and the wild swings are gone.
#
# ## 2 · Overfit on purpose
#
# Now networks and real data: **Fashion-MNIST**, ten kinds of clothing. It has 60,000 training pictures; we take **2,000**, so that learning by
# heart is possible, as in most projects, where labelled data are dear. Two choices keep the day short: pictures are halved to 14 × 14 pixels (you will
# still recognise them), and brightness is centred, which lets plain gradient descent run faster (day 02 showed why).
#
# Three sets, three jobs: **training** data teach, **validation** data decide (when to stop, which dial), **test** data judge, once, at the end. (This lesson shows you test results
# all along, to make its points. Nothing in it is *chosen* by them, and that is the rule to keep.)

# %%
fashion = data.load("fashion_mnist")
print(data.about("fashion_mnist"))
names = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"]
order = np.random.default_rng(4).permutation(60000)
chosen = {"train": order[:2000], "validation": order[2000:4000], "more": order[4000:14000]}


def prepare(images):
    """Average 2 × 2 pixels and centre: (images, 28, 28) from 0 to 255 -> (images, 196), mean about 0, spread about 1."""
    halved = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196) / 255
    return ((halved - 0.285) / 0.33).astype("float32")


train_images, validation_images, more_images = (prepare(fashion["train_images"][part]) for part in chosen.values())
train_labels, validation_labels, more_labels = (fashion["train_labels"][part] for part in chosen.values())
test_images, test_labels = prepare(fashion["test_images"]), fashion["test_labels"]

# %%
plots.image_grid(
    train_images[:16].reshape(-1, 14, 14),
    [names[label] for label in train_labels[:16]],
    columns=8,
    alt="small grey pictures of clothes, 14 by 14 pixels: "
    + ", ".join(names[label] for label in train_labels[:16])
    + ".",
)

# %% [markdown]
# ### The network, by hand
#
# You wrote this network on day 02: layers of weights and biases, ReLU between, softmax at the end. We take NumPy again, for two reasons. Each remedy of
# today is *one line* in it, and you shall see the line. And we train more than eighty networks of this size: Keras would spend most of
# its time preparing each of them. Section 3 proves that it is the network Keras trains.


# %%
def start(sizes, random):
    """Glorot-uniform weights and zero biases for layers such as [196, 128, 128, 10]: a list of (weights, biases)."""
    network = []
    for inputs, outputs in zip(sizes, sizes[1:], strict=False):
        limit = np.sqrt(6 / (inputs + outputs))
        network.append(
            (random.uniform(-limit, limit, (inputs, outputs)).astype("float32"), np.zeros(outputs, "float32"))
        )
    return network


def forward(network, images, dropout=0.0, random=None):
    """Return the inputs of each layer (a list) and the class probabilities (images, 10). Dropout needs `random`."""
    inputs = [images]
    for weights, biases in network[:-1]:
        hidden = np.maximum(0, inputs[-1] @ weights + biases)
        if dropout and random is not None:  # in training only
            hidden *= (random.random(hidden.shape, dtype="float32") >= dropout) / np.float32(1 - dropout)
        inputs.append(hidden)
    weights, biases = network[-1]
    scores = inputs[-1] @ weights + biases
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return inputs, powers / powers.sum(axis=1, keepdims=True)


# %% [markdown]
# One training step: forward, backward, and a small step downhill for every weight. The two lines marked **← L2** and **← L1** are the
# remedies of section 3; with their strengths at zero they do nothing yet.


# %%
def step(network, images, labels, rate=0.1, dropout=0.0, l1=0.0, l2=0.0, random=None):
    """Change the network by one step of gradient descent on one batch."""
    inputs, delta = forward(network, images, dropout, random)
    delta[np.arange(len(labels)), labels] -= 1  # the gradient of softmax with cross-entropy (day 02)
    delta /= len(labels)
    for number in reversed(range(len(network))):
        (weights, biases), values = network[number], inputs[number]
        gradient, bias_gradient = values.T @ delta, delta.sum(axis=0)
        if number:  # back through dropout and ReLU into the layer before
            delta = (delta @ weights.T) * (values > 0) / np.float32(1 - dropout)
        if l2:
            gradient += 2 * l2 * weights  # ← L2
        if l1:
            gradient += l1 * np.sign(weights)  # ← L1
        weights -= rate * gradient
        biases -= rate * bias_gradient


def judge(network, images, labels):
    """Return (mean cross-entropy, accuracy) of a network."""
    probabilities = forward(network, images)[1]
    loss = -np.log(probabilities[np.arange(len(labels)), labels] + 1e-9).mean()
    return float(loss), float((probabilities.argmax(axis=1) == labels).mean())


# %%
def train(images, labels, seed, epochs=25, width=128, depth=2, batch=32, network=None, after_epoch=None, **dials):
    """Train for `epochs` × 62 steps, whatever the number of images; return the network and a history as Keras keeps it."""
    random = np.random.default_rng(seed)
    network = network or start([196] + [width] * depth + [10], random)
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    queue = np.empty(0, int)
    for _ in range(epochs):
        for _ in range(62):
            if len(queue) < batch:
                queue = random.permutation(len(images))  # once through all images, then shuffle again
            now, queue = queue[:batch], queue[batch:]
            step(network, images[now], labels[now], random=random, **dials)
        results = *judge(network, images[:2000], labels[:2000]), *judge(network, validation_images, validation_labels)
        for values, result in zip(history.values(), results, strict=True):
            values.append(result)
        if after_epoch:
            after_epoch(network)
    return network, history


# %% [markdown]
# ### Watch it happen
#
# The **baseline**: two hidden layers of 128 neurons, so 43,018 parameters for 2,000 pictures; 25 epochs of 62 batches of 32; no remedy. Three seeds
# each, from here on. We keep a copy after every epoch; section 4 will need them.


# %%
def keep_in(diary):
    """A function that puts a copy of a network into the diary."""
    return lambda network: diary.append([(weights.copy(), biases.copy()) for weights, biases in network])


diaries = [[], [], []]
runs = {
    "baseline": [
        train(train_images, train_labels, s, after_epoch=keep_in(d)) for s, d in zip(seeds, diaries, strict=True)
    ]
}

softmax_runs = [train(train_images, train_labels, seed, depth=0, rate=0.05) for seed in seeds]
print(f"always the same class {np.mean(test_labels == 0):.3f}      (all on the test set)")
for name, pairs in (("softmax regression", softmax_runs), ("baseline, last epoch", runs["baseline"])):
    print(f"{name:<21}", [round(judge(network, test_images, test_labels)[1], 3) for network, _ in pairs])

# %%
figure, panels = plt.subplots(1, 2, figsize=(9.5, 3.7))
for axes, metric, label in zip(panels, ("loss", "accuracy"), ("cross-entropy", "share of right answers"), strict=True):
    for number, (_, history) in enumerate(runs["baseline"]):
        told = {"label": "training"} if number == 0 else {}
        axes.plot(range(1, 26), history[metric], "-", color=plots.COLOURS[0], linewidth=1.2, **told)
        told = {"label": "validation"} if number == 0 else {}
        axes.plot(range(1, 26), history["val_" + metric], "--", color=plots.COLOURS[5], linewidth=1.5, **told)
    axes.set(xlabel="epoch", ylabel=f"{metric} ({label})", title=f"Baseline, three seeds: {metric}")
    axes.legend()
first = runs["baseline"][0][1]
lowest = [int(np.argmin(history["val_loss"])) + 1 for _, history in runs["baseline"]]
plots.show(
    figure,
    alt=f"Learning curves of three seeds over 25 epochs. Training loss falls to {first['loss'][-1]:.2f}, validation loss falls until"
    f" epochs {lowest} and then rises to {first['val_loss'][-1]:.2f}. Training accuracy reaches {first['accuracy'][-1]:.2f},"
    f" validation accuracy stays near {first['val_accuracy'][-1]:.2f}.",
)
print("validation loss lowest in epoch", lowest)

# %% [markdown]
# There it is, in two dialects. In the **loss**, the textbook picture: training falls on, validation turns round and rises. In the **accuracy**, validation
# does not fall, it just stops rising. Both are true: the network makes hardly more mistakes than before, but it grows *ever surer of them*, and
# cross-entropy punishes confident mistakes. If your application uses the probabilities (a doctor, an insurer), the left picture is yours.
#
# ### How far can it go?
#
# Is that really learning by heart? The sharpest test we know ([Zhang et al., 2017](https://arxiv.org/abs/1611.03530)): **shuffle the labels**. Now there is nothing
# to understand; a shirt is called a bag for no reason. Whoever gets these right has learnt them by heart.

# %%
random = np.random.default_rng(ready.seed)
nonsense = random.permutation(train_labels[:400])
crammer, _ = train(train_images[:400], nonsense, seeds[0])
crammed = judge(crammer, train_images[:400], nonsense)[1]
print(
    f"400 pictures with shuffled labels: {crammed:.3f} right on them, {judge(crammer, test_images, test_labels)[1]:.3f} on the test set"
)

# %% [markdown]
# The network can recite a nonsense table of 400 rows, and knows nothing. So when a training accuracy is high, that says **nothing** about what was understood.
# Only data that the network has not seen can say it.
#
# ## 3 · Remedies, by hand
#
# ### 3.1 L2 and L1: pay for every weight
#
# Steep curves need large weights. So add to the loss what the weights cost:
#
# $$\text{L2:}\quad \lambda \sum w^2, \quad\text{gradient } 2 \lambda w \qquad\qquad \text{L1:}\quad \lambda \sum |w|, \quad\text{gradient } \lambda\,\operatorname{sign}(w)$$
#
# Biases go free: they shift a neuron, they don't make it steep. What do the two gradients do, if nothing else pulls at a weight?

# %%
figure, panels = plt.subplots(1, 2, figsize=(9.5, 3.3), sharey=True)
for axes, name in zip(panels, ("L2", "L1"), strict=True):
    path = [np.array([1.0, 0.6, 0.3, 0.1])]
    for _ in range(60):
        pull = 2 * 0.25 * path[-1] if name == "L2" else 0.25 * np.sign(path[-1])
        path.append(path[-1] - 0.05 * pull)
    for weights, style in zip(np.transpose(path), ("-", "--", "-.", ":"), strict=True):
        axes.plot(weights, style, label=f"begins at {weights[0]}")
    axes.set(xlabel="step", title=f"{name}: " + ("shrink by a share" if name == "L2" else "shrink by a fixed amount"))
panels[0].set_ylabel("weight")
panels[0].legend(fontsize=9)
plots.show(
    figure,
    alt="Four weights under the penalty alone, 60 steps. L2: all four shrink by the same share per step and never reach zero."
    " L1: all four fall on parallel straight lines; the smaller ones reach zero and stay there, within one step.",
)

# %% [markdown]
# **L2** takes a share: large weights pay most, none becomes zero. (In plain gradient descent that is the same as multiplying each weight by a number just below
# 1, hence its other name, **weight decay**. With Adam the two differ: that is the W in AdamW, day 05.) **L1** takes a fixed amount: a weight that
# does not earn it *becomes zero*, up to the jitter of one step that you see on the right. So L1 chooses features, and L2 keeps them all small.
#
# ### 3.2 Dropout: never rely on one colleague
#
# **Dropout** ([Srivastava et al., 2014](https://jmlr.org/papers/v15/srivastava14a.html)) switches off each hidden neuron with probability $p$, anew for every picture in every step. A neuron
# can't count on a certain other one being there, so it has to be useful by itself; learning by heart takes conspiracies of neurons.
#
# One detail decides between right and subtly wrong. With $p = 0.5$ only half the neurons speak, so the next layer hears sums half as large. In use all of them speak. Hence the
# survivors are multiplied by $1 / (1 - p)$ **in training**, and nothing at all is done in use:

# %%
hidden = np.maximum(0, train_images[:1000] @ runs["baseline"][0][0][0][0])  # the first hidden layer, (1000, 128)
mask = random.random(hidden.shape) >= 0.5
layer = layers.Dropout(0.5)
print(f"mean signal, all neurons:        {hidden.mean():.4f}")
print(f"half switched off:               {(hidden * mask).mean():.4f}   <- half as loud")
print(f"half switched off, rest doubled: {(hidden * mask / (1 - 0.5)).mean():.4f}")
print(f"Keras, training=True:            {keras.ops.convert_to_numpy(layer(hidden, training=True)).mean():.4f}")
print(f"Keras, training=False:           {keras.ops.convert_to_numpy(layer(hidden, training=False)).mean():.4f}")

# %% [markdown]
# ### 3.3 The same in Keras
#
# | Remedy | By hand | In Keras |
# |---|---|---|
# | L2 | `gradient += 2 * l2 * weights` | `layers.Dense(128, kernel_regularizer=keras.regularizers.L2(l2))` |
# | L1 | `gradient += l1 * np.sign(weights)` | `kernel_regularizer=keras.regularizers.L1(l1)` |
# | dropout | `hidden *= mask / (1 - rate)` | `layers.Dropout(rate)` after the layer |
# | early stopping | section 4 | `keras.callbacks.EarlyStopping(...)` in `fit` |
# | smaller network | `width=16` | `layers.Dense(16)` |
# | more data | `more_images` | collect, or augment (day 08) |
#
# Are they the same? Same starting weights, same batches, L2 and L1 switched on, 31 steps in Keras and 31 by hand:


# %%
def keras_network(dropout=0.0, regularizer=None):
    """The baseline in Keras, with remedies."""
    network = keras.Sequential([keras.Input((196,))])
    for _ in range(2):
        network.add(layers.Dense(128, activation="relu", kernel_regularizer=regularizer))
        network.add(layers.Dropout(dropout))
    network.add(layers.Dense(10, activation="softmax", kernel_regularizer=regularizer))
    return network


ours = start([196, 128, 128, 10], random)
theirs = keras_network(regularizer=keras.regularizers.L1L2(l1=3e-4, l2=2e-3))
theirs.set_weights([array.copy() for pair in ours for array in pair])  # JAX would share the memory
theirs.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss="sparse_categorical_crossentropy")
for number in range(31):
    now = slice(32 * number, 32 * number + 32)
    step(ours, train_images[now], train_labels[now], l1=3e-4, l2=2e-3)
    theirs.train_on_batch(train_images[now], train_labels[now])
flat = [array for pair in ours for array in pair]
agreement = max(np.abs(a - b).max() for a, b in zip(flat, theirs.get_weights(), strict=True))
print(f"largest difference of any weight after 31 steps: {agreement:.1e}")

# %% [markdown]
# They are. (Mind the factor: Keras' `L2(λ)` is $\lambda \sum w^2$. Some books and libraries write $\frac{\lambda}{2} \sum w^2$; a strength copied from there is off by two.)
#
# ### 3.4 One table
#
# Now the race. Every remedy changes **one** thing in the baseline; all have the same three seeds and the same number of steps. The strengths are
# round numbers from the middle of the useful range, not tuned to the last digit.

# %%
remedies = {
    "L1 (0.0003)": {"l1": 3e-4},
    "L2 (0.002)": {"l2": 2e-3},
    "dropout (0.3)": {"dropout": 0.3},
    "smaller: 16 neurons": {"width": 16},
    "more data: 10,000": {},
}
for name, dials in remedies.items():
    images, labels = (more_images, more_labels) if name.startswith("more") else (train_images, train_labels)
    runs[name] = [train(images, labels, seed, **dials) for seed in seeds]
    print(name, "done", end=" · ")

# %% [markdown]
# Early stopping needs no run of its own: it does not change the training, it only says *when to take the network*. So we take the baseline's diary and
# pick the epoch with the lowest validation loss.

# %%
runs["early stopping"] = []
for (_, history), diary in zip(runs["baseline"], diaries, strict=True):
    best = int(np.argmin(history["val_loss"]))
    runs["early stopping"].append((diary[best], {key: values[: best + 1] for key, values in history.items()}))

table = {}
for name, pairs in runs.items():
    results = [(h["accuracy"][-1], *judge(network, test_images, test_labels)[::-1]) for network, h in pairs]
    table[name] = np.array(results)  # (seeds, 3): training accuracy, test accuracy, test loss
rows = ["baseline", "early stopping", *remedies]
lower = {name: int((table[name][:, 2] < table["baseline"][:, 2]).sum()) for name in rows}
print(
    f"{'mean of three seeds':<20} {'train acc.':>10} {'test acc.':>10} {'gap':>6} {'test loss':>10}   lower than baseline"
)
for name in rows:
    a, b, c = table[name].mean(axis=0)
    told = "" if name == "baseline" else f"{lower[name]} of 3 seeds"
    print(f"{name:<20} {a:>10.3f} {b:>10.3f} {a - b:>6.3f} {c:>10.3f}   {told:>19}")

# %%
figure, panels = plt.subplots(1, 3, figsize=(10.5, 4), sharey=True)
labels = ("training accuracy", "test accuracy", "test loss (cross-entropy)")
for column, (axes, label) in enumerate(zip(panels, labels, strict=True)):
    for height, name in enumerate(reversed(rows)):
        results = table[name][:, column]
        axes.plot(results, [height] * 3, "o", color=plots.COLOURS[0], markersize=5, alpha=0.7)
        axes.plot([results.mean()], [height], "|", color="black", markersize=18, markeredgewidth=2)
    axes.axvline(table["baseline"][:, column].mean(), color="0.5", linestyle="--", linewidth=1)
    axes.set(xlabel=label, yticks=range(len(rows)), yticklabels=list(reversed(rows)))
panels[0].set_ylabel("remedy")
panels[1].set_title(
    "dots: three seeds · bar: their mean · dashed: baseline", fontsize=9, loc="center", fontweight="normal"
)
plots.show(
    figure,
    alt="Dot plot of the baseline and six remedies, three seeds each. Test accuracy, mean: "
    + ", ".join(f"{name} {table[name][:, 1].mean():.3f}" for name in rows)
    + ". Test loss: "
    + ", ".join(f"{name} {table[name][:, 2].mean():.2f}" for name in rows)
    + ".",
)

# %% [markdown]
# Read it slowly; it is less tidy than textbooks say.
#
# - **More data wins**, in accuracy and in loss, and by more than any other remedy. If you can get data, get data.
# - In **loss**, L1, L2, dropout and early stopping all beat the baseline, with every seed (last column). In **accuracy** they differ from it by about a percentage point at most,
#   and the three seeds of one and the same row differ by as much. Who shows you one run with a remedy and one without has shown you nothing.
# - All remedies **lower the training accuracy**. That is not a side effect, it is how they work.
# - The **smaller network** closes the gap too, by being worse at both ends: 16 neurons are too few. Size is a blunt tool; with very large
#   networks the error can even fall a second time ("double descent", [Belkin et al., 2019](https://doi.org/10.1073/pnas.1903070116)). Today one rather
#   takes a network that is large enough and tames it.
# - The rows measure what *these* strengths do to *this* network. Another network, another ranking; hence section 7.
#
# What do L1 and L2 do to the weights of a real network? Count those that are next to nothing:

# %%
figure, axes = plt.subplots(figsize=(7.5, 3.4))
near_zero = {}
for name, style in (("baseline", "-"), ("L2 (0.002)", "--"), ("L1 (0.0003)", "-.")):
    sizes = np.abs(runs[name][0][0][0][0]).ravel()  # the first layer's weights, seed 1 of 3
    near_zero[name] = float((sizes < 0.002).mean())
    axes.plot(np.sort(sizes), np.linspace(0, 1, sizes.size), style, label=f"{name}: {near_zero[name]:.0%} below 0.002")
axes.set(xlabel="size of a weight", ylabel="share of weights up to that size", xscale="log", xlim=(1e-4, 1))
axes.legend(loc="upper left", fontsize=9)
plots.show(
    figure,
    alt="Cumulative share of first-layer weights by size. Below 0.002 lie: "
    + ", ".join(f"{name} {share:.0%}" for name, share in near_zero.items())
    + ".",
)

# %% [markdown]
# L1 has brought about a fifth of the first layer's weights practically to zero. L2 has made the large ones smaller (its curve lies to the left of the baseline's) and put
# hardly any to sleep. The rule from the figure with the four weights, in a network.
#
# ### Feel it: turn the dials
#
# The sliders train the baseline anew with your dials (two to five seconds). Try to find a setting whose two curves stay together *and* high. Then push each dial too far: what does
# too much of each look like?


# %%
def draw_training(dropout, l2, width, images):
    """Train 20 epochs; return the learning curve and its alt text."""
    pictures, answers = (train_images, train_labels) if images <= 2000 else (more_images, more_labels)
    _, history = train(pictures[:images], answers[:images], 0, epochs=20, width=width, dropout=dropout, l2=l2)
    figure, axes = plt.subplots(figsize=(7, 3.4))
    axes.plot(range(1, 21), history["accuracy"], "-", label="training")
    axes.plot(range(1, 21), history["val_accuracy"], "--", label="validation")
    axes.set(
        xlabel="epoch",
        xticks=range(0, 21, 5),
        ylabel="accuracy",
        ylim=(0.6, 1.01),
        title=f"validation, last five epochs: {np.mean(history['val_accuracy'][-5:]):.3f}",
    )
    axes.legend(loc="lower right")
    return (
        figure,
        f"Accuracy over 20 epochs: training {history['accuracy'][-1]:.2f}, validation {history['val_accuracy'][-1]:.2f}.",
    )


plots.interact(
    draw_training,
    dropout=ipywidgets.FloatSlider(0.3, min=0, max=0.8, step=0.1, continuous_update=False),
    l2=ipywidgets.SelectionSlider(options=[0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2], continuous_update=False),
    width=ipywidgets.SelectionSlider(options=[4, 16, 64, 128, 256], value=128, continuous_update=False),
    images=ipywidgets.SelectionSlider(options=[200, 500, 1000, 2000, 5000, 10000], value=2000, continuous_update=False),
)

# %% [markdown]
# ## 4 · Early stopping and its traps
#
# The cheapest remedy: watch the validation loss, stop when it has not improved for some epochs, the **patience**, and go back to the best weights. In
# Keras:
#
# ```python
# keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)
# ```
#
# Every argument in it is there because of a trap. Since stopping is only a rule about a curve, we can apply the rule to the three curves we have:


# %%
def stop_early(curve, patience):
    """Return (best epoch, last epoch trained), both from 0, of early stopping on a curve that should fall."""
    best = 0
    for epoch, value in enumerate(curve):
        if value < curve[best]:
            best = epoch
        if epoch - best >= patience and epoch > 0:
            return best, epoch
    return best, len(curve) - 1


patiences = (1, 2, 3, 5, 8)
stops = {p: [stop_early(history["val_loss"], p) for _, history in runs["baseline"]] for p in patiences}
print("patience   best epoch of each seed   stopped after   test loss: best weights kept   last weights kept")
for patience, pairs in stops.items():
    kept = [judge(diary[best], test_images, test_labels)[0] for (best, _), diary in zip(pairs, diaries, strict=True)]
    last = [judge(diary[end], test_images, test_labels)[0] for (_, end), diary in zip(pairs, diaries, strict=True)]
    best_epochs, ends = [best + 1 for best, _ in pairs], [end + 1 for _, end in pairs]
    print(f"{patience:>8}   {best_epochs!s:<23}   {ends!s:<13}   {np.mean(kept):>10.3f} {np.mean(last):>33.3f}")

# %%
seed_curve = runs["baseline"][0][1]["val_loss"]
figure, axes = plt.subplots(figsize=(7.5, 3.6))
axes.plot(range(1, 26), seed_curve, "o-", markersize=3, linewidth=1.2, label="validation loss")
for patience, marker, lift in ((1, "v", 0.06), (3, "s", 0.1), (8, "D", 0.14)):
    best, end = stop_early(seed_curve, patience)
    axes.plot([best + 1, end + 1], [seed_curve[best] - lift] * 2, "-", marker=marker, color="black", linewidth=1)
    place, side = (best + 0.4, "right") if end > 15 else (end + 1.6, "left")
    stops_or_ends = "stops" if end - best == patience else "the run ends"
    told = f"patience {patience}: best epoch {best + 1}, {stops_or_ends} after {end + 1}"
    axes.text(place, seed_curve[best] - lift, told, ha=side, va="center", size=9)
axes.set(
    xlabel="epoch",
    ylabel="validation loss (cross-entropy)",
    xlim=(0, 28),
    ylim=(min(seed_curve) - 0.2, max(seed_curve) + 0.05),
)
axes.legend()
plots.show(
    figure,
    alt="Validation loss of the baseline, jagged, lowest in epoch "
    + f"{int(np.argmin(seed_curve)) + 1} and rising after. Early stopping with patience "
    + "; ".join(
        f"{p} keeps epoch {stop_early(seed_curve, p)[0] + 1} and stops after {stop_early(seed_curve, p)[1] + 1}"
        for p in (1, 3, 8)
    )
    + ".",
)

# %% [markdown]
# **Trap 1: patience too short.** The curve is jagged. With patience 1, training ends at the first bump. Allow for several bumps; what it costs is
# a few epochs.
#
# **Trap 2: the best weights are not kept.** `restore_best_weights` is **`False` by default**. Then you get the network of the *last* epoch, up to
# `patience` epochs past the best, on the rising side of the curve. Compare the two last columns: it costs you in every row.
#
# **Trap 3: the wrong thing is watched.** `monitor="loss"` watches the training loss, which practically never stops falling. Forget `validation_data`, and there is no
# `val_loss` to watch: Keras only *warns*, trains to the last epoch and restores nothing. And with `mode="max"` on a loss you keep the worst network. Leave `mode` alone, and read the warnings.
#
# Now the real callback, with everything switched on. `fit` may take 30 epochs:

# %%
keras.utils.set_random_seed(ready.seed)
tamed = keras_network(dropout=0.2, regularizer=keras.regularizers.L2(1e-4))
tamed.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
history = tamed.fit(
    train_images, train_labels, batch_size=128, epochs=30, verbose=0,
    validation_data=(validation_images, validation_labels), validation_batch_size=2000, callbacks=[stopping],
)  # fmt: skip
answers = keras.ops.convert_to_numpy(tamed(test_images))
keras_accuracy = float(np.mean(answers.argmax(axis=1) == test_labels))
curve = history.history["val_loss"]
print(f"stopped after {len(curve)} epochs, best was {int(np.argmin(curve)) + 1}; test accuracy {keras_accuracy:.3f}")
print(f"our rule on the same curve: best epoch {stop_early(curve, 5)[0] + 1}, stop after {stop_early(curve, 5)[1] + 1}")

# %% [markdown]
# **Trap 4: the validation set is used up.** Every decision it makes for you, when to stop, which dial, which of forty runs, fits *you* to it a little. An experiment: take a
# finished baseline and change its last layer at random, a little, two thousand times, keeping each change that is right at least as often on **200** validation
# pictures. No training data, no gradient, only "whatever scores better".


# %%
def climb(network, seed):
    """Keep random changes of the last layer that do well on 200 validation pictures; accuracies there and on the test set."""
    random, (weights, biases) = np.random.default_rng(seed), network[-1]
    deciding, final = (forward(network, images)[0][-1] for images in (validation_images[:200], test_images))

    def right(signals, labels):
        return float(((signals @ weights + biases).argmax(axis=1) == labels).mean())

    best = before = right(deciding, validation_labels[:200])
    test_before = right(final, test_labels)
    for _ in range(2000):
        kept, weights = weights, weights + random.normal(scale=0.03, size=weights.shape).astype("float32")
        if right(deciding, validation_labels[:200]) >= best:
            best = right(deciding, validation_labels[:200])
        else:
            weights = kept
    return (before, test_before), (best, right(final, test_labels))


climbed = [climb(network, seed) for (network, _), seed in zip(runs["baseline"], seeds, strict=True)]
for before, after in climbed:
    print(f"200 deciding pictures: {before[0]:.3f} -> {after[0]:.3f} · test set: {before[1]:.3f} -> {after[1]:.3f}")
gained = np.mean([[b - a for a, b in zip(*pair, strict=True)] for pair in climbed], axis=0)
print(f"on average             {gained[0]:+.3f}                    {gained[1]:+.3f}")

# %% [markdown]
# The score on the deciding pictures climbs by several points; on the test set, which had no say, the networks have on average become *worse*. Nobody cheated; we only *chose*,
# two thousand times. (Ties were kept, too, so part of the way was a random walk. But judged by the 200 pictures alone it looks like progress.)
# That is why the test set is opened once, why public leaderboards drift away from reality, and why a validation set must grow with the number of decisions you ask of it.
#
# ## 5 · Batch, stochastic, mini-batch
#
# Section 2 took steps on 32 pictures at a time. Why 32? Three ways to estimate the downhill direction:
#
# - **batch gradient descent**: all data, exact direction, one step an epoch;
# - **stochastic gradient descent (SGD)**: one example, a wild guess, but as many steps an epoch as there are examples;
# - **mini-batch**: a few dozen examples, the compromise that everybody uses (and calls SGD, too).
#
# One thing can't be the same for all three: the learning rate. A direction guessed from a single example needs a smaller one, or the walk flies apart.
#
# To see them clean we take the simplest problem there is: a line through 1,000 points, two weights, loss a bowl.


# %%
def make_line(noise, seed=0, count=1000):
    """Points (count, 2) as columns 1 and x, and y = 1 + 2 x plus noise of the given standard deviation."""
    random = np.random.default_rng(seed)
    x = random.uniform(-1, 3, count)
    return np.column_stack([np.ones(count), x]), 1 + 2 * x + random.normal(scale=noise, size=count)


def descend(columns, y, batch, rate, epochs, seed=0):
    """Gradient descent on the mean squared error; return the weights (steps + 1, 2) and the seconds after each step."""
    random, weights = np.random.default_rng(seed), np.array([-3.0, -1.0])
    path, seconds, begin = [weights], [0.0], time.perf_counter()
    for _ in range(epochs):
        order = random.permutation(len(y))
        for first in range(0, len(y), batch):
            now = order[first : first + batch]
            errors = columns[now] @ weights - y[now]
            weights = weights - rate * 2 / len(now) * (columns[now].T @ errors)
            path.append(weights)
            seconds.append(time.perf_counter() - begin)
    return np.array(path), np.array(seconds)


methods = {"batch (1,000)": (1000, 0.1, 200), "mini-batch (32)": (32, 0.1, 20), "stochastic (1)": (1, 0.02, 3)}
styles = {"batch (1,000)": "-", "mini-batch (32)": "--", "stochastic (1)": ":"}

# %%
columns, y = make_line(noise=1.0)
descend(columns, y, 32, 0.1, 1)  # once for nothing, so that no clock below pays for a cold start
solution = np.linalg.lstsq(columns, y, rcond=None)[0]
curvature = columns.T @ columns / len(y)


def excess(weights):
    """How far the loss lies above the best possible one, for weights of shape (…, 2)."""
    return np.einsum("...i,ij,...j", weights - solution, curvature, weights - solution)


# %%
# Drawing: the three walks down to the best line.
across, up = np.meshgrid(np.linspace(-3.5, 4, 80), np.linspace(-1.5, 4.5, 80))
figure, panels = plt.subplots(1, 3, figsize=(10.5, 3.6), sharey=True)
for axes, (name, (batch, rate, _)) in zip(panels, methods.items(), strict=True):
    path, _ = descend(columns, y, batch, rate, epochs=20 if batch == 1000 else 1)
    axes.contour(
        across,
        up,
        excess(np.stack([across, up], axis=-1)),
        levels=[0.1, 0.5, 2, 5, 10, 20, 40],
        colors="0.75",
        linewidths=0.8,
    )
    axes.plot(*path.T, color=plots.COLOURS[0], linewidth=0.9, marker=".", markersize=3)
    axes.plot(*solution, "*", color=plots.COLOURS[5], markersize=13, markeredgecolor="black")
    axes.set(xlabel="bias", title=f"{name}: {len(path) - 1} steps")
panels[0].set_ylabel("slope")
plots.show(
    figure,
    alt="Paths over the bowl of a line's loss to its minimum, a star. Batch: 20 steps on a smooth curve. Mini-batch: 32 steps of"
    " one epoch, slightly shaky. Stochastic: 1,000 steps of one epoch, quickly near the star, then a restless cloud around it.",
)

# %% [markdown]
# Batch gradient descent walks smoothly and slowly; the stochastic walk staggers down quickly and then never comes to rest. How restless depends on how
# noisy the data are: each single example pulls in its own wrong direction. So: the **same** thousand places $x$, three levels of noise in $y$, and the loss (above the best possible) against
# epochs *and* against seconds.

# %%
noises = (0.0, 0.5, 2.0)
race, floors, reached = {}, {}, {}
for noise in noises:
    columns, y = make_line(noise)
    solution = np.linalg.lstsq(columns, y, rcond=None)[0]
    for name, (batch, rate, epochs) in methods.items():
        path, seconds = descend(columns, y, batch, rate, epochs)
        losses = np.maximum(excess(path), 1e-9)
        race[name, noise] = np.linspace(0, epochs, len(losses)), seconds, losses
        floors[name, noise] = float(np.median(losses[len(losses) // 2 :]))
        reached[name, noise] = 1000 * seconds[np.argmax(losses < 0.1)]
for name, (_, _, epochs) in methods.items():
    hovering = ", ".join(f"{floors[name, noise]:.0e} at noise {noise}" for noise in noises[1:])
    cost = 1000 * race[name, 0.5][1][-1] / epochs
    print(f"{name:<16} {cost:6.2f} ms an epoch · 0.1 after {reached[name, 0.5]:5.2f} ms · hovers at {hovering}")

# %%
figure, panels = plt.subplots(2, 3, figsize=(10.5, 6), sharey=True)
for (name, noise), (epochs, seconds, losses) in race.items():
    shown = np.unique(np.geomspace(1, len(losses) - 1, 150).astype(int))
    for axes, clock in zip(panels[:, noises.index(noise)], (epochs, seconds), strict=True):
        axes.plot(clock[shown], losses[shown], styles[name], linewidth=1.5, label=name)
for column, noise in enumerate(noises):
    panels[0, column].set(xlabel="epochs", xscale="log", yscale="log", title=f"noise {noise}")
    panels[1, column].set(xlabel="seconds on this computer", xscale="log")
for axes in panels[:, 0]:
    axes.set_ylabel("loss above the minimum")
panels[0, 0].legend(loc="lower left", fontsize=9)
plots.show(
    figure,
    alt="Loss above the minimum against epochs (upper row) and seconds (lower row) for noise 0, 0.5 and 2. Without noise all three methods"
    f" fall to zero. With noise 2, stochastic descent stays at about {floors['stochastic (1)', 2.0]:.1g}, mini-batch at"
    f" {floors['mini-batch (32)', 2.0]:.1g}, and batch falls on. Milliseconds until the loss is 0.1 above the minimum, at noise 0.5: "
    + ", ".join(f"{name} {reached[name, 0.5]:.2g}" for name in methods)
    + ".",
)

# %% [markdown]
# - **Against epochs** the stochastic method is far ahead: it has taken a thousand steps when batch has taken one. Once it hovers, the others catch up.
# - **Against seconds** it loses its lead to the mini-batch: a step on 32 examples costs hardly more than a step on one, because processors (and GPUs even more so) work
#   on many numbers at once. Mini-batch gets most of both.
# - **The floor**: with a constant rate, the stochastic methods do not arrive, they hover, and the height grows with the noise in the data. The mini-batch's
#   is lower, at a rate five times as high. Without noise there is no floor (we cut the lines at 1e-9). The cure is a rate that falls (day 05).
# - The restlessness also has a use, which is the next section.
#
# ## 6 · Convex and not: valleys
#
# The bowl above is **convex**: no straight line between two of its points runs below it. In a convex landscape there is one valley, and downhill always
# leads there. The losses of linear, logistic and softmax regression are convex. Those of networks are not. Start on the wrong side, and you
# end in the wrong valley:


# %%
def landscape(w):
    """The loss over a single weight: a deep valley at about −1.8 and a shallow one at about 1.6."""
    return 0.1 * w**4 - 0.6 * w**2 + 0.2 * w + 1.5


def roll(starts, rate=0.05, restlessness=0.0, steps=200, noise=0):
    """Descend from each start, with noise on the gradient as mini-batches have it, dying away: shape (steps + 1, starts)."""
    random, path = np.random.default_rng(ready.seed + 1000 * noise), [np.array(starts, dtype=float)]
    for number in range(steps):
        w = path[-1]
        gradient = 0.4 * w**3 - 1.2 * w + 0.2 + restlessness * (1 - number / steps) * random.normal(size=w.shape)
        path.append(np.clip(w - rate * gradient, -3, 3))
    return np.array(path)


# %%
def draw_valley(start, learning_rate, restlessness, noise):
    """Draw one descent; return the picture and its alt text."""
    path, line = roll([start], learning_rate, restlessness, noise=noise)[:, 0], np.linspace(-3, 3, 300)
    figure, axes = plt.subplots(figsize=(7, 3.4))
    axes.plot(line, landscape(line), color="0.6")
    axes.plot(path, landscape(path), ".-", linewidth=0.6, markersize=4, label="path")
    axes.plot(path[:1], landscape(path[:1]), "s", color="black", label="start")
    axes.plot(
        path[-1:],
        landscape(path[-1:]),
        "*",
        color=plots.COLOURS[5],
        markersize=15,
        markeredgecolor="black",
        label="end",
    )
    title = "ends in the deep valley" if path[-1] < 0 else "ends in the shallow valley"
    axes.set(xlabel="weight w", ylabel="loss", ylim=(0, 5), title=title)
    axes.legend(loc="upper center", ncols=3, fontsize=9)
    return (
        figure,
        f"A curve with a deep valley left, a shallow one right; the descent from {start:.1f} {title}, at w = {path[-1]:.2f}.",
    )


# %% [markdown]
# Play; *noise* is the number of the noise, each draws another one.
#
# - (a) Start at 2 and turn the *restlessness* up, until some noises end in the deep valley and others do not.
# - (b) Start at 3, without restlessness: find a learning rate that jumps over the hill.
# - (c) Find a start from which, at the rate 0.05 and without restlessness, nothing can go wrong.
#
# <details><summary>What we found</summary>
#
# (a) From about 6 on; the next cell counts it. (b) About 0.56, and a start at 2 is no place for it: there the slope is too gentle for such a jump. (c) Everything left of the
# top of the hill, so every start below 0.
#
# </details>

# %%
plots.interact(
    draw_valley,
    start=ipywidgets.FloatSlider(2.0, min=-3, max=3, step=0.1, continuous_update=False),
    learning_rate=ipywidgets.FloatLogSlider(0.05, min=-2.5, max=0, step=0.25, continuous_update=False),
    restlessness=ipywidgets.FloatSlider(0.0, min=0, max=20, step=1, continuous_update=False),
    noise=ipywidgets.IntSlider(0, 0, 20, continuous_update=False),
)

# %%
escaped = {strength: float(np.mean(roll([2.0] * 1000, 0.05, strength)[-1] < 0)) for strength in (0, 3, 6, 9, 12)}
for strength, share in escaped.items():
    print(f"restlessness {strength:>2}: {share:4.0%} of 1,000 descents from w = 2 end in the deep valley")

# %% [markdown]
# Noise, which looked like a fault in section 5, is what lets a descent leave a shallow valley. (Not always into the better one: much noise forgets where it
# came from.)
#
# ### Is *our* network's loss non-convex?
#
# A landscape with 43,018 dimensions can't be drawn, but the **chord test** needs only one line through it. Take a trained network and make a twin: the same network with the
# neurons of each hidden layer in another order. Both compute exactly the same, so both lie at exactly the same loss. If the loss were convex, everything
# between them would be as low or lower. We do the same with softmax regression, between two seeds.


# %%
def shuffle_neurons(network, random):
    """Return the same network with the neurons of its hidden layers in another order."""
    (w1, b1), (w2, b2), (w3, b3) = network
    first, second = random.permutation(len(b1)), random.permutation(len(b2))
    return [(w1[:, first], b1[first]), (w2[first][:, second], b2[second]), (w3[second], b3)]


def chord(one, other, places):
    """Training loss at places from 0 (one network) to 1 (the other) on the straight line between two networks' weights."""
    mixed = (
        [((1 - t) * w + t * v, (1 - t) * b + t * c) for (w, b), (v, c) in zip(one, other, strict=True)] for t in places
    )
    return np.array([judge(network, train_images, train_labels)[0] for network in mixed])


between = np.linspace(0, 1, 21).astype("float32")
trained = runs["baseline"][0][0]
twin = shuffle_neurons(trained, np.random.default_rng(0))
hill = chord(trained, twin, between)
bowl = chord(softmax_runs[0][0], softmax_runs[1][0], between)

# %%
figure, panels = plt.subplots(1, 2, figsize=(9.5, 3.5))
for axes, losses, title in zip(panels, (bowl, hill), ("softmax regression", "our network and its twin"), strict=True):
    axes.plot(between, losses, "-", label="loss on the way")
    axes.plot([0, 1], losses[[0, -1]], "o:", color="black", label="the chord")
    axes.set(xlabel="place between the two", ylabel="training loss (cross-entropy)", title=title)
panels[0].legend(loc="upper right")
plots.show(
    figure,
    alt=f"Two chords. Softmax regression: the loss on the way lies below the chord, {bowl[10]:.3f} in the middle against {bowl[[0, -1]].mean():.3f}."
    f" The network and its twin: equal loss at both ends, {hill[0]:.2f}, and a hill of {hill.max():.2f} between them.",
)

# %% [markdown]
# A hill between two equally low places: **not convex**, proven on the spot. It also shows why one need not despair. A layer of 128 neurons has $128!$ such twins,
# all equally good; there is not *one* right answer to miss. And the three seeds of our baseline end in three different places
# with nearly the same accuracy. In high dimensions most places where the gradient vanishes are not valleys but **saddles**, with a way down somewhere
# ([Dauphin et al., 2014](https://arxiv.org/abs/1406.2572)). Bad local minima are rarely what is wrong with your training; the learning rate is.
#
# ## 7 · Let a machine turn the dials
#
# Width, depth, dropout, learning rate: each interacts with the others, and each trial costs a training. You could try a **grid**; with four dials of five
# values that is 625 trainings, and if only the learning rate matters, 620 of them tell you nothing new. Three better ways, all in **keras-tuner**:
#
# - **Random search** draws every dial at random. In $n$ trials a dial that is not limited to a few steps gets $n$ *different* values
#   ([Bergstra and Bengio, 2012](https://www.jmlr.org/papers/v13/bergstra12a.html)).
# - **Hyperband** ([Li et al., 2018](https://jmlr.org/papers/v18/16-558.html)) starts many trials on a few epochs, lets the best third go on, and again the best third. It saves on hopeless cases.
# - **Bayesian optimisation** fits a smooth model to the results so far and tries next where that model expects much or knows little. It learns
#   from every trial, so its trials come one after the other.
#
# The last idea deserves a look. The smooth model is a **Gaussian process**: it assumes that near places give similar results. So it knows two things at every place: what to expect (a mean of
# the results so far, near ones counting most) and how unsure it is (nothing tried nearby: very). In NumPy:


# %%
class GaussianProcess:
    """A smooth guess through the results so far: what to expect at a place, and how unsure that is."""

    def alike(self, here, there):
        """How alike results at two places should be, shape (here, there): 1 for the same place, less with the distance."""
        distances = ((here[:, None] - there[None]) ** 2).sum(axis=2)
        return np.exp(-distances / (2 * 0.3**2))

    def fit(self, places, results):
        """Take in places of shape (trials, dials), each dial from 0 to 1, and their results of shape (trials,)."""
        self.places, self.middle, self.scale = places, results.mean(), results.std() + 1e-9
        self.inverse = np.linalg.inv(self.alike(places, places) + 0.01 * np.eye(len(places)))  # 0.01: results are noisy
        self.answers = self.inverse @ ((results - self.middle) / self.scale)

    def predict(self, places, return_std=True):
        """Return what to expect at each place, and how unsure that is (a standard deviation)."""
        alike = self.alike(places, self.places)
        unsure = np.sqrt(np.maximum(1 - ((alike @ self.inverse) * alike).sum(axis=1), 1e-12))
        return self.middle + self.scale * (alike @ self.answers), self.scale * unsure


# %%
def place_of(rate):
    """Where a rate between 0.001 and 0.5 lies on the logarithmic scale, from 0 to 1."""
    return np.log(np.asarray(rate) / 0.001) / np.log(500)


tried = np.array([0.002, 0.02, 0.5])
results = np.array([max(train(train_images, train_labels, seeds[0], 3, rate=r)[1]["val_accuracy"]) for r in tried])
model, rates = GaussianProcess(), np.geomspace(0.001, 0.5, 300)
model.fit(place_of(tried)[:, None], results)
expected, unsure = model.predict(place_of(rates)[:, None])
hope = expected + 2.6 * unsure  # keras-tuner's mixture of expecting much and knowing little
following = float(rates[np.argmax(hope)])

figure, axes = plt.subplots(figsize=(7.5, 3.5))
axes.fill_between(rates, expected - 2.6 * unsure, hope, color="0.88", label="expected ± 2.6 × unsure")
axes.plot(rates, expected, label="expected")
axes.plot(tried, results, "o", color="black", label="tried, 3 epochs each")
axes.axvline(following, color=plots.COLOURS[5], linestyle="--", label=f"try next: {following:.2g}")
axes.set(xlabel="learning rate", ylabel="validation accuracy", xscale="log")
axes.legend(loc="lower center", fontsize=9)
plots.show(
    figure,
    alt="Validation accuracy against the learning rate: three trials, "
    + ", ".join(f"{accuracy:.2f} at {rate:g}" for rate, accuracy in zip(tried, results, strict=True))
    + ", a smooth curve through them and a grey band that is narrow at the trials and wide between them. The upper edge of the"
    f" band is highest at a rate of {following:.2g}, where the next trial goes.",
)

# %% [markdown]
# The next trial goes where the *upper edge* of the band is highest: not simply where the curve is, and not simply where nobody has been. After each trial the band is drawn anew.
#
# Now all four dials, and first the **search space**. Dials that act by *factors* (rate, width) are drawn on a logarithmic scale; a linear scale from 0.001 to 0.5
# would draw nine of ten rates above 0.05. Dropout is a `Choice` for a reason: `Float("dropout", 0.0, 0.6, step=0.1)` never draws 0.6, because in
# floating-point numbers `0.6 // 0.1` is 5.

# %%
space = keras_tuner.HyperParameters()
space.Int("width", 16, 128, step=2, sampling="log")
space.Int("depth", 1, 3)
space.Choice("dropout", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
space.Float("rate", 0.001, 0.5, sampling="log")

linear = np.random.default_rng(0).uniform(0.001, 0.5, 10000)
print(
    f"linear scale: {np.mean(linear > 0.05):.0%} of the rates are above 0.05; logarithmic: {np.log(0.5 / 0.05) / np.log(0.5 / 0.001):.0%}"
)

# %% [markdown]
# What is a trial? Whatever `run_trial` does. Ours trains our network, so that three whole searches fit into seconds. Hyperband hands over three extra
# values: at which epoch to begin, at which to end, and whose network to continue.

# %%
spent, trained_networks = {}, {}


class TrainsOurNetwork:
    """What one trial does, for each of keras-tuner's searches."""

    def run_trial(self, trial, epochs=10, **_):
        dials = dict(trial.hyperparameters.values)
        begin, end = dials.pop("tuner/initial_epoch", 0), dials.pop("tuner/epochs", epochs)
        network = trained_networks.get((self.project_name, dials.pop("tuner/trial_id", None)))
        dials = {name: value for name, value in dials.items() if not name.startswith("tuner/")}
        network, history = train(train_images, train_labels, seeds[0] + begin, end - begin, network=network, **dials)
        trained_networks[self.project_name, trial.trial_id] = network
        spent[self.project_name] = spent.get(self.project_name, 0) + end - begin
        return {"val_accuracy": max(history["val_accuracy"])}


class OurRandom(TrainsOurNetwork, keras_tuner.RandomSearch): ...


class OurHyperband(TrainsOurNetwork, keras_tuner.Hyperband): ...


class OurBayesian(TrainsOurNetwork, keras_tuner.BayesianOptimization): ...


# %% [markdown]
# A fair race gives each the same **budget**, counted in epochs and not in trials. Hyperband with at most 10 epochs a trial spends 120 of them; so the others get
# 12 trials of 10 epochs each. The Bayesian search draws its first 6 at random, for the model must begin somewhere, and chooses the other 6.
# (We lend it our Gaussian process: keras-tuner's own comes from scikit-learn, fits its widths to the results, and thinks for several seconds about each trial. Where a trial takes an hour, leave that line out.)

# %%
folder = tempfile.TemporaryDirectory()
common = {"objective": keras_tuner.Objective("val_accuracy", "max"), "hyperparameters": space, "directory": folder.name}
seed = 1000 * ready.seed + 500  # never 0, which keras-tuner takes for "no seed"; and different draws for each search
searches = {
    "random": OurRandom(max_trials=12, project_name="random", seed=seed, **common),
    "Hyperband": OurHyperband(max_epochs=10, factor=3, project_name="Hyperband", seed=seed + 100, **common),
    "Bayesian": OurBayesian(max_trials=12, num_initial_points=6, project_name="Bayesian", seed=seed + 200, **common),
}
searches["Bayesian"].oracle.gpr = GaussianProcess()
winners = {}
for name, tuner in searches.items():
    begin = time.perf_counter()
    tuner.search(verbose=0)
    winners[name] = tuner.oracle.get_best_trials(1)[0]
    dials = {dial: value for dial, value in winners[name].hyperparameters.values.items() if "/" not in dial}
    dials["rate"] = round(dials["rate"], 4)
    print(
        f"{name:<9} {len(tuner.oracle.trials):>2} trials, {spent[name]} epochs, {time.perf_counter() - begin:.0f} s: {winners[name].score:.3f} with {dials}"
    )

# %% [markdown]
# ### The picture to read a search by: parallel coordinates
#
# One line is one trial; it crosses each axis at that trial's value, and the last axis is the result. Look for where the good lines (thick) *agree*: that is what
# matters. Where they are all over the axis, the dial does not matter (here).


# %%
def draw_parallel(axes, trials, best):
    """Draw one line per trial over the dials and the result; trials within 0.03 of `best` are thick."""
    dials = ("width", "depth", "dropout", "rate")
    ends = {"width": (16, 128), "depth": (1, 3), "dropout": (0, 0.6), "rate": (0.001, 0.5), "result": (0.6, 0.85)}
    scale = {"width": np.log, "rate": np.log}
    for trial in sorted(trials, key=lambda trial: trial.score):
        row = {dial: trial.hyperparameters.values[dial] for dial in dials} | {"result": max(trial.score, 0.6)}
        heights = []
        for dial, value in row.items():
            low, high, value = (scale.get(dial, float)(number) for number in (*ends[dial], value))
            heights.append((value - low) / (high - low))
        good = trial.score > best - 0.03
        axes.plot(
            heights, "-" if good else ":", color=plots.COLOURS[0] if good else "0.45", linewidth=2.2 if good else 1.1
        )
    for place, (dial, (low, high)) in enumerate(ends.items()):
        axes.axvline(place, color="black", linewidth=0.8)
        axes.text(place + 0.03, -0.09, low if dial != "result" else "≤ 0.6", size=8)
        axes.text(place + 0.03, 1.03, high, size=8)
    axes.set(
        xticks=range(5), xticklabels=[*dials, "validation\naccuracy"], ylim=(-0.12, 1.15), yticks=[], xlim=(-0.1, 4.4)
    )
    axes.grid(visible=False)


# %%
best = max(trial.score for trial in winners.values())
figure, panels = plt.subplots(3, 1, figsize=(8, 8), sharex=True)
for axes, (name, tuner) in zip(panels, searches.items(), strict=True):
    draw_parallel(axes, tuner.oracle.trials.values(), best)
    axes.set_title(f"{name}: {len(tuner.oracle.trials)} trials, best {winners[name].score:.3f}")
panels[-1].set_xlabel("dial, each axis from its smallest to its largest value")
every = [trial for tuner in searches.values() for trial in tuner.oracle.trials.values()]
good = [trial.hyperparameters.values["rate"] for trial in every if trial.score > best - 0.03]
plots.show(
    figure,
    alt="Parallel coordinates of three searches, one line per trial over width, depth, dropout, rate and validation accuracy. Trials"
    f" within 0.03 of the best, {best:.3f}, are thick; there are {len(good)}, with rates between {min(good):.3f} and {max(good):.3f}.",
)

# %% [markdown]
# Hyperband's many weak lines are trials that were stopped after a few epochs. Do the thick lines agree on an axis? Put into numbers, over the trials that had all
# 10 epochs: the mean accuracy in the lower and in the upper half of each axis.

# %%
halves = {"width": 64, "depth": 2, "dropout": 0.3, "rate": 0.022}
full = [trial for trial in every if trial.hyperparameters.values.get("tuner/epochs", 10) == 10]
effect = {}
for dial, middle in halves.items():
    low = [trial.score for trial in full if trial.hyperparameters.values[dial] < middle]
    high = [trial.score for trial in full if trial.hyperparameters.values[dial] >= middle]
    effect[dial] = float(np.mean(high) - np.mean(low))
    print(
        f"{dial:<8} below {middle:<6} {np.mean(low):.3f} ({len(low)} trials)   from {middle:<6} {np.mean(high):.3f} ({len(high)} trials)"
    )

# %% [markdown]
# One thing is clear: a high rate. The other three lean the same way with every seed we tried (many neurons, few layers, little dropout), but weakly, and
# single winners contradict them: look at their lines. All of it says *learn fast*. No wonder: ten epochs are a sprint. Dropout, which
# lowered the loss over 25 epochs in section 3, does not look worth its price in ten. **A search finds what wins the race you stage**; if the real training is a marathon, a sprint chooses the wrong runner.
# (Mind also that these are few trials for four dials, and that in each half the other dials vary along.)
#
# **Which search is best?** From one race nobody can tell: another seed, another order. What each is *for* is clearer: random search parallelises without thought and is the
# baseline for the others; Hyperband pays when a hopeless training shows early; Bayesian when a trial is so dear that you can afford only a few dozen.
#
# ### Judge the winner
#
# The winner had the best of many validation scores: the best of all trials, and in each trial the best of its epochs. So part of its lead is luck (trap 4 again). Train each winning setting anew with
# three seeds, and only now open the test set. Beside it the baseline after as many epochs, whose dials we simply wrote down.

# %%
baseline_10 = [judge(diary[9], test_images, test_labels)[1] for diary in diaries]
print(f"baseline after 10 epochs, three seeds: {np.round(baseline_10, 3)}, mean {np.mean(baseline_10):.3f}")
retrained = {}
for name, trial in winners.items():
    dials = {dial: value for dial, value in trial.hyperparameters.values.items() if "/" not in dial}
    nets = [train(train_images, train_labels, seed + 100, epochs=10, **dials)[0] for seed in seeds]
    retrained[name] = [judge(network, test_images, test_labels)[1] for network in nets]
    print(
        f"{name:<9} validation score in the search {trial.score:.3f} · test, three new seeds: {np.round(retrained[name], 3)}, mean {np.mean(retrained[name]):.3f}"
    )

# %% [markdown]
# Sobering, and the rule rather than the exception: the search scores promised more than the test set gives. And over a baseline whose dials we simply wrote down no winner leads by more than about
# two percentage points, and some by nothing worth mentioning, or not at all. Not because searching is useless (it found the region where this network trains, from nothing), but because differences of a percentage point drown in the noise between seeds. What helps: train the best *three or four* settings again with several
# seeds, choose among them on **validation** data, then test once. And put a setting of your own into the race.
#
# ### In Keras, and when the power fails
#
# With Keras models you write one function that takes `hp` and returns a compiled model; keras-tuner does the rest. Each `hp.…` call declares a dial and asks for its value.


# %%
def build(hp):
    """A compiled network from a tuner's dials."""
    network = keras.Sequential([keras.Input((196,))])
    for _ in range(hp.Int("depth", 1, 2)):
        network.add(layers.Dense(hp.Choice("width", [32, 64, 128]), activation="relu"))
        network.add(layers.Dropout(hp.Choice("dropout", [0.0, 0.25, 0.5])))
    network.add(layers.Dense(10, activation="softmax"))
    optimizer = keras.optimizers.SGD(hp.Float("learning_rate", 0.01, 0.5, sampling="log"))
    network.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return network


def make_tuner(max_trials):
    """A random search that remembers, in its folder, what it has done."""
    return keras_tuner.RandomSearch(
        build,
        objective="val_accuracy",
        max_trials=max_trials,
        seed=ready.seed + 1,
        directory=folder.name,
        project_name="in_keras",
    )


# %% [markdown]
# Searches run for hours, and computers crash, batteries die, Colab disconnects. We simulate it: in the third trial somebody pulls the plug. (One epoch a trial will do here: it is the
# interruption that we want to see, not good networks.)


# %%
class PowerCut(keras.callbacks.Callback):
    """Pull the plug when the third training begins."""

    trainings = 0

    def on_train_begin(self, logs=None):
        PowerCut.trainings += 1
        if PowerCut.trainings == 3:
            raise KeyboardInterrupt


search = {"x": train_images, "y": train_labels, "batch_size": 32, "epochs": 1, "verbose": 0}
search["validation_data"] = (validation_images, validation_labels)
tuner = make_tuner(max_trials=4)
try:
    tuner.search(**search, callbacks=[PowerCut()])
except KeyboardInterrupt:
    before = {number: trial.score for number, trial in tuner.oracle.trials.items()}
    print("interrupted:", {number: f"{trial.status}" for number, trial in tuner.oracle.trials.items()})

# %% [markdown]
# Two trials are finished, the third was under way. Now the next morning: a new tuner, **the same folder and project name**. It finds its own traces.

# %%
del tuner
tuner = make_tuner(max_trials=4)
found = {number: trial.score for number, trial in tuner.oracle.trials.items() if trial.status == "COMPLETED"}
tuner.search(**search)
after = {number: trial.score for number, trial in tuner.oracle.trials.items()}
kept = sum(after[number] == score for number, score in before.items() if score is not None)
for number, trial in sorted(tuner.oracle.trials.items()):
    print(
        f"trial {number}: {trial.status}, validation accuracy {trial.score:.3f}"
        + (" (from before)" if number in found else "")
    )

# %% [markdown]
# Nothing is lost: the finished trials are read from their files, the interrupted one is run again from its beginning, and the search goes on to the fourth. To *prolong* a
# finished search, make the tuner with a larger `max_trials`. Three things to know:
#
# - `overwrite=True` in the tuner **deletes** the old search. Copying it from a tutorial is the usual way to lose a night.
# - Same folder, other `build`? Then old results of another network stand beside new ones. New search, new project name.
# - On Colab the folder must lie on your mounted drive: the machine's own disk goes with the machine.
#
# ### On many machines: one chief, many workers
#
# Trials don't need each other, so they can run anywhere at once. In keras-tuner's distributed mode **one process, the chief, trains nothing**: it keeps the list of trials and hands them
# out. Each **worker** asks for a trial, trains, reports, and asks again. All run the *same* script; three environment variables say who is who.

# %%
figure, axes = plt.subplots(figsize=(8, 3.2))
boxes = {
    "chief\nkeeps the trials, trains nothing": (0.5, 0.82),
    "worker 1\ntrains trial 0, 2, …": (0.16, 0.18),
    "worker 2\ntrains trial 1, 3, …": (0.5, 0.18),
    "worker n\n…": (0.84, 0.18),
}
for number, (text, (across, up)) in enumerate(boxes.items()):
    edge = {"boxstyle": "round,pad=0.5", "fc": "white", "ec": plots.COLOURS[0 if number else 5]}
    axes.text(across, up, text, ha="center", va="center", size=10, bbox=edge)
    if number:
        axes.annotate("", (across, 0.33), (0.5 + 0.4 * (across - 0.5), 0.68), arrowprops={"arrowstyle": "<->"})
axes.text(0.76, 0.55, "“a trial, please” → dials\n“accuracy 0.81” → noted", size=9, va="center")
axes.set(xlim=(0, 1), ylim=(0, 1))
axes.axis("off")
plots.show(
    figure,
    alt="Diagram: a chief, which keeps the trials and trains nothing, is joined by arrows to worker 1, worker 2 and worker n. A worker"
    " asks for a trial, gets dials, trains, and reports its accuracy.",
)

# %% [markdown]
# | Variable | chief | workers |
# |---|---|---|
# | `KERASTUNER_TUNER_ID` | `chief` | a name of its own each: `worker1`, `worker2` |
# | `KERASTUNER_ORACLE_IP` | the address it listens on | the chief's address |
# | `KERASTUNER_ORACLE_PORT` | a free port | the same port |
#
# That is all: the tuner reads them when it is made. The course comes with a script that does it,
# `examples/tune_on_many_machines.py`; our tests run it with one chief and two workers on one computer. Try it in a terminal
# (*File → New → Terminal*; `cd ..` takes you from `work` to the course folder; on Windows it is `.venv\Scripts\python`):
#
# ```bash
# .venv/bin/python examples/tune_on_many_machines.py local --workers 2 --trials 6        # all on this computer
# .venv/bin/python examples/tune_on_many_machines.py chief --address 192.168.0.10:8000   # or on three: here the chief …
# .venv/bin/python examples/tune_on_many_machines.py worker1 --address 192.168.0.10:8000 # … and on each other machine a worker
# ```
#
# Its core is a dozen lines, and you know half of them:
#
# ```python
# os.environ["KERASTUNER_TUNER_ID"] = name            # "chief", or a name of its own for each worker
# os.environ["KERASTUNER_ORACLE_IP"] = host           # where the chief listens
# os.environ["KERASTUNER_ORACLE_PORT"] = port
# tuner = keras_tuner.RandomSearch(build, objective="val_accuracy", max_trials=6, directory=folder, project_name="shared")
# tuner.search(images, labels, validation_data=...)   # the chief serves until all trials are done; a worker trains
# ```
#
# What to know before you rely on it: the folder should be on a disk that all machines share (the chief keeps the list, the workers their weights); the connection is neither encrypted nor
# protected by a password, so keep it inside your own network; a worker that dies takes its trial along, and the chief then waits for it for ever: stop all and start again with the same folder, and the
# search resumes as above. And two workers on *one* computer share its cores: that is a rehearsal, not a gain.
#
# ## 8 · AutoML and foundation models: what they change
#
# **AutoML** carries the idea further: search not only the dials but the *kind of model* and the preparation of the data as well
# ([auto-sklearn](https://papers.nips.cc/paper/2015/hash/11d0e6287202fced83f79975ec59a3a6-Abstract.html), 2015), or the network's very architecture
# ([neural architecture search](https://arxiv.org/abs/1611.01578), 2017: 12,800 networks trained for one, on 800 GPUs). A tiny AutoML fits into a cell: five families, judged on our validation set.

# %%
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

families = {
    "naive Bayes": GaussianNB(),
    "logistic regression": LogisticRegression(C=0.01, max_iter=200),
    "5 nearest neighbours": KNeighborsClassifier(5),
    "random forest": RandomForestClassifier(60, random_state=ready.seed),
    "support vector machine": SVC(C=10),
}
scores = {
    name: model.fit(train_images, train_labels).score(validation_images, validation_labels)
    for name, model in families.items()
}
scores["our network, tuned"] = best
chosen_family = max(families, key=scores.get)
family_test = families[chosen_family].score(test_images[:3000], test_labels[:3000])

# %%
figure, axes = plt.subplots(figsize=(7, 3))
ranked = sorted(scores, key=scores.get)
bars = axes.barh(
    ranked,
    [scores[name] for name in ranked],
    color=["0.75" if name in families else plots.COLOURS[0] for name in ranked],
)
axes.bar_label(bars, fmt=" %.3f")
axes.set(xlabel="validation accuracy", ylabel="family of models", xlim=(0, 1))
plots.show(
    figure,
    alt="Validation accuracy by family: " + ", ".join(f"{name} {scores[name]:.3f}" for name in reversed(ranked)) + ".",
)
print(f"chosen: {chosen_family}; on 3,000 test pictures {family_test:.3f}")

# %% [markdown]
# On 2,000 pictures of 196 numbers a support vector machine, with one dial set by hand, stands beside our tuned network, whose score moreover is that of a search's winner and
# flatters it (section 7). **With little data, try the old families first**; AutoML's best service is that it does so
# without prejudice. What it does *not* change: it searches where you tell it to, it judges by the metric and the split you give it, and it overfits the validation set
# faster than you ever could, because it never tires.
#
# **Foundation models** change the question. They are trained once, by others, on very much data, and reused: then your 2,000 labels need not teach seeing or language from nothing, only the last step. That is the
# strongest remedy against overfitting there is, *more data*, in disguise. It moves the dials, too: fewer of yours to turn (how much to fine-tune, with which rate; or which
# prompt), many of theirs that you can't see (what was it trained on? is your test set in it?).
#
# | | train from nothing | AutoML | foundation model |
# |---|---|---|---|
# | you bring | data, network, dials | data, metric, budget | a few labels or a prompt |
# | dear | your time | computing | someone else's computing, then every use |
# | overfits | the training set | the validation set | whatever leaked into its training |
# | in this course | days 01–07 | today | days 08, 13, 15 |
#
# For tables, too: [TabPFN](https://doi.org/10.1038/s41586-024-08328-6) (2025) was trained on millions of made-up tables and answers for new ones of up to 10,000 rows without
# any training of yours. The baseline stays what it was: compare before you believe.

# %% [markdown]
# ## What you should see

# %%
mean = {name: results.mean(axis=0) for name, results in table.items()}
drop = np.mean([h["val_loss"][-1] - min(h["val_loss"]) for _, h in runs["baseline"]])
expect("polynomial of degree 14: error on new dots (RMSE)", unseen[-1], low=1.4, high=2)
expect("baseline: training accuracy", mean["baseline"][0], low=0.92, high=0.99)
expect("baseline: test accuracy", mean["baseline"][1], low=0.78, high=0.84)
expect("baseline: rise of the validation loss after its lowest point", drop, low=0.04, high=0.25)
expect("shuffled labels: training accuracy", crammed, low=0.95)
expect("by hand and Keras: largest difference of a weight", agreement, low=0, high=1e-4)
expect("more data: gain in test accuracy", mean["more data: 10,000"][1] - mean["baseline"][1], low=0.01, high=0.05)
expect("L2: test loss against the baseline's", mean["L2 (0.002)"][2] / mean["baseline"][2], low=0.75, high=0.97)
expect("L1: test loss against the baseline's", mean["L1 (0.0003)"][2] / mean["baseline"][2], low=0.78, high=0.98)
expect("dropout: test loss against the baseline's", mean["dropout (0.3)"][2] / mean["baseline"][2], low=0.75, high=0.98)
expect(
    "early stopping: test loss against the baseline's",
    mean["early stopping"][2] / mean["baseline"][2],
    low=0.72,
    high=0.95,
)
expect("seeds with a lower test loss, fewest of the four", min(lower[name] for name in rows[1:5]), low=3, high=3)
expect("L1: share of first-layer weights below 0.002", near_zero["L1 (0.0003)"], low=0.15, high=0.28)
expect("Keras with dropout, L2 and early stopping: test accuracy", keras_accuracy, low=0.77, high=0.85)
expect("fitted to 200 validation pictures: gain there", gained[0], low=0.03, high=0.15)
expect(
    "fitted to 200 validation pictures: gain on the test set",
    gained[1],
    low=-0.08,
    high=0,
)
expect(
    "noise 2: stochastic floor over mini-batch floor",
    floors["stochastic (1)", 2.0] / floors["mini-batch (32)", 2.0],
    low=3,
    high=10,
)
expect("restlessness 0: share that finds the deep valley", escaped[0], low=0, high=0)
expect("restlessness 9: share that finds the deep valley", escaped[9], low=0.4, high=0.7)
expect("chord: height of the hill over its ends (cross-entropy)", hill.max() - hill[0], low=0.4, high=2)

# %%
expect("searches: largest minus smallest budget (epochs)", max(spent.values()) - min(spent.values()), low=0, high=0)
expect("searches: best validation accuracy", best, low=0.77, high=0.85)
expect(
    "searches: mean test accuracy of the winners",
    np.mean([np.mean(r) for r in retrained.values()]),
    low=0.75,
    high=0.82,
)
optimism = np.mean([winners[name].score - np.mean(accuracies) for name, accuracies in retrained.items()])
expect("searches: score in the search minus test accuracy, mean of the winners", optimism, low=0.001, high=0.06)
expect("searches: upper minus lower half of the rates (accuracy)", effect["rate"], low=0.02, high=0.35)
expect("searches: upper minus lower half of the widths (accuracy)", effect["width"], low=0, high=0.25)
expect("searches: upper minus lower half of the depths (accuracy)", effect["depth"], low=-0.25, high=0.0)
expect("searches: upper minus lower half of the dropout (accuracy)", effect["dropout"], low=-0.25, high=0.0)
expect("interrupted search: finished trials kept", kept, low=2, high=2)
expect("interrupted search: trials in the end", len(after), low=4, high=4)
expect("best family: test accuracy", family_test, low=0.8, high=0.84)
expect_learned("baseline", runs["baseline"][0][1]["loss"])
expect_varied("Keras network", answers)

# %% [markdown]
# ## Summary
#
# 1. Overfitting: the training error still falls, the error on new data rises. A network can learn a nonsense table by heart; only unseen data tell.
# 2. More data helps most. L1, L2, dropout and early stopping each cost a line and keep the network from being too sure; measure them with several seeds.
# 3. Early stopping needs patience, `restore_best_weights=True` and the right `monitor`; and every decision uses up a bit of the validation set.
# 4. Mini-batches trade exact directions for many cheap steps; their noise sets a floor, and helps out of shallow valleys. Networks' losses are not convex, and it rarely matters.
# 5. Search the learning rate first, on a logarithmic scale, with a budget, in a folder that survives; judge the winner on data that had no part in choosing it.
#
# ## Quiz
#
# **1. Training accuracy 0.99, validation accuracy 0.90, and both have stood there for twenty epochs; the validation loss is level. Overfitting?**
# <details><summary>Answer</summary>
#
# There is a gap, but nothing gets worse: further training does no harm. Try a remedy, for the gap says there may be something to gain; but first ask what a simple
# model reaches. The sign of overfitting is the validation *loss* turning round.
#
# </details>
#
# **2. Dropout 0.5, and you forget the factor $1/(1-p)$ in training. What happens in use?**
# (a) nothing (b) the next layer hears sums about twice as large as it learnt (c) half as large
# <details><summary>Answer</summary>
#
# (b). In training half the neurons were silent, in use none is.
#
# </details>
#
# **3. Which penalty would you take to find out which of 500 questionnaire items matter?**
# <details><summary>Answer</summary>
#
# L1: it drives the weights of useless items to zero. L2 makes all of them small and keeps them all.
#
# </details>
#
# **4. `EarlyStopping(monitor="val_loss", patience=10)`. What is missing?**
# <details><summary>Answer</summary>
#
# `restore_best_weights=True`. Without it you get the network of ten epochs *after* the best, when the curve has long turned up.
#
# </details>
#
# **5. A colleague tried 300 settings and reports the best validation accuracy, 0.874. What will the test set say?**
# (a) about 0.874 (b) less (c) more
# <details><summary>Answer</summary>
#
# (b), most likely: the best of 300 is good *and* lucky, and the luck does not repeat. The smaller the validation set, the larger the disappointment.
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning with Scikit-Learn, Keras and TensorFlow*, 3rd ed., chapters 10 (tuning) and 11 (regularisation).
# - Goodfellow, Bengio, Courville: [Deep Learning](https://www.deeplearningbook.org), chapter 7: regularisation, in depth.
# - Srivastava et al.: [Dropout](https://jmlr.org/papers/v15/srivastava14a.html) (2014). Zhang et al.: [Understanding deep learning requires rethinking generalization](https://arxiv.org/abs/1611.03530) (2017).
# - Li et al.: [Hyperband](https://jmlr.org/papers/v18/16-558.html) (2018); the [keras-tuner guides](https://keras.io/keras_tuner/), distributed tuning among them.
# - Video: Andrew Ng, [Why regularization reduces overfitting](https://www.coursera.org/lecture/deep-neural-network/why-regularization-reduces-overfitting-T6OJj).
#
# ## Now you
#
# The [exercises](../exercises/day04_overfitting_tuning.ipynb) answer back; the [solutions](../solutions/day04_overfitting_tuning.ipynb) explain.
# Tomorrow, day 05, the step itself gets better: momentum, Adam, and learning rates that change.
