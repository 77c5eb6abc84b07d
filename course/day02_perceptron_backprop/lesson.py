# %% [markdown]
# # Day 02 · Perceptron, parameters, backpropagation
#
# **Today you build a network and its learning from nothing but NumPy, and prove, gradient by gradient, that your derivatives
# are those of TensorFlow and Keras.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **explain** what one neuron can decide, and why XOR needs two layers;
# - **derive** the gradient of a loss by the chain rule, on paper;
# - **write** forward pass, backward pass and training of a two-layer network in NumPy;
# - **check** any gradient with a function of your own that finds your mistakes for you;
# - **compare** your gradients with `GradientTape` and Keras.
#
# **Time:** 80 to 100 minutes of reading and trying; the code runs in about a minute on two CPU cores, and no faster on a GPU.
# Cells that begin with `# Drawing` are folded and hold no new idea: run them and look at the picture.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | weight, bias | Gewicht, Bias (Achsenabschnitt) | gradient descent | Gradientenabstieg |
# | activation function | Aktivierungsfunktion | chain rule | Kettenregel |
# | decision boundary | Entscheidungsgrenze | derivative | Ableitung |
# | linearly separable | linear trennbar | backpropagation | Fehlerrückführung, Backpropagation |
# | loss surface | Verlustfläche, Fehlergebirge | finite differences | finite Differenzen |
# | hidden layer | verborgene Schicht | learning rate | Lernrate |
#
# </details>

# %% tags=["setup"]
from utils import data, plots, runtime
from utils.expect import expect, expect_learned, expect_varied

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras import layers

ready = runtime.setup(seed=1, precision="float32")

# %% [markdown]
# ## 1 · One neuron
#
# A neuron is a sum and a decision. It multiplies each input by a **weight** (how much does this input count, and in which
# direction?), adds a **bias** (how easily does it say yes?), and sends the result through an **activation function**:
#
# $$ z = w_1 x_1 + w_2 x_2 + b, \qquad \text{output} = f(z) $$
#
# The diagrams of today are drawn from data, by one function: a list of layers, each a list of names. The square with the 1
# is where the bias comes in: a bias is a weight on an input that is always 1.


# %%
# Drawing: a network of dense layers.
def draw_network(axes, layer_names, weights=None, title=""):
    """Circles for neurons, a square "1" for each bias; layer_names: per layer a list of names.

    weights: per layer an array (inputs + 1, outputs), last row the biases; thick = large, dashed = negative.
    """
    columns = [[*names, "1"] for names in layer_names[:-1]] + [layer_names[-1]]
    place = [[(x, (len(names) - 1) / 2 - i) for i in range(len(names))] for x, names in enumerate(columns)]
    for number, names in enumerate(layer_names[1:]):
        table = np.ones((len(columns[number]), len(names))) if weights is None else weights[number]
        widths = 0.6 + (0 if weights is None else 3.4 * np.abs(table) / np.abs(table).max())
        for i, j in np.ndindex(table.shape):
            (x0, y0), (x1, y1) = place[number][i], place[number + 1][j]
            width = np.broadcast_to(widths, table.shape)[i, j]
            axes.plot([x0, x1], [y0, y1], "--" if table[i, j] < 0 else "-", color="0.45", linewidth=width, zorder=1)
    for x, names in enumerate(columns):
        for (_, y), name in zip(place[x], names, strict=True):
            look = {"s": 300, "marker": "s"} if name == "1" else {"s": 1000, "marker": "o"}
            axes.scatter(x, y, color="white", edgecolor="black", zorder=2, **look)
            axes.text(x, y, name, ha="center", va="center", size=8)
    height = max(len(names) for names in layer_names)
    axes.set(xlim=(-0.45, len(columns) - 0.55), ylim=(-height / 2 - 0.6, height / 2 + 0.6))
    axes.set_title(title, fontsize=10)
    axes.axis("off")


# %%
figure, axes = plt.subplots(figsize=(4.5, 2.6))
draw_network(axes, [["$x_1$", "$x_2$"], ["$f(z)$"]])
for place, name in (((0.42, 0.75), "$w_1$"), ((0.42, 0.13), "$w_2$"), ((0.42, -0.75), "$b$")):
    axes.text(*place, name, size=12)
plots.show(
    figure,
    alt="One neuron: two inputs with weights w1 and w2, and a constant 1 with the bias b, lead into one circle f(z).",
)

# %% [markdown]
# ### The vocabulary
#
# | Word | What it means | German |
# |---|---|---|
# | **parameter** | a number that training finds: each weight, each bias | Parameter |
# | **hyperparameter** | a number or choice that *you* fix before training: learning rate, neurons, number of steps | Hyperparameter |
# | **model** | the formula with its parameters; the same formula with other parameters answers otherwise | Modell |
# | **error** | wanted minus answered, for one example; also the share of wrong answers | Fehler, Fehlerrate |
# | **loss** | how bad one answer is, in one number, such as the squared error | Verlust |
# | **cost** | the loss averaged over the training examples; many books, Keras, and this course from here on call it "loss" too | Kosten, Kostenfunktion |
# | **risk** | the loss expected over *all* examples there could be; the cost (*empirical risk*) only estimates it | Risiko |
# | **training** | changing the parameters so that the cost falls | Training, Lernen |
# | **epoch** | once through all the training examples | Epoche, Durchlauf |
# | **batch**, mini-batch | the examples that one training step uses: all of them (*full batch*) or a few | Stapel |
#
# ## 2 · Rosenblatt's perceptron
#
# Frank Rosenblatt's neuron of [1958](https://doi.org/10.1037/h0042519) has the hardest activation there is, the **step**: 1 if
# $z > 0$, else 0. His learning rule needs no derivative at all. Show it an example:
#
# - answered right: change nothing;
# - said 0, should say 1: **add** the inputs to the weights, add 1 to the bias;
# - said 1, should say 0: **subtract** them.
#
# All three cases in one line: $w \leftarrow w + (y - \hat y)\,x$ and $b \leftarrow b + (y - \hat y)$, where $y$ is the right
# answer and $\hat y$ ("y hat") the given one.


# %%
def step(z):
    return (z > 0).astype(int)


def train_perceptron(inputs, targets, epochs, talk=False):
    """Rosenblatt's rule. inputs (n, 2), targets (n,) of 0 and 1 -> weights (2,), bias, mistakes in each epoch."""
    weights, bias, mistakes = np.zeros(inputs.shape[1]), 0.0, []
    for epoch in range(1, epochs + 1):
        mistakes.append(0)
        for x, y in zip(inputs, targets, strict=True):
            error = y - step(x @ weights + bias)
            weights, bias = weights + error * x, bias + error
            mistakes[-1] += abs(int(error))
        if talk:
            print(f"epoch {epoch}: {mistakes[-1]} mistakes, now weights {weights}, bias {bias:g}")
        if mistakes[-1] == 0:
            break
    return weights, bias, mistakes


# %%
corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
gates = {"AND": np.array([0, 0, 0, 1]), "OR": np.array([0, 1, 1, 1]), "XOR": np.array([0, 1, 1, 0])}
weights, bias, mistakes = train_perceptron(corners, gates["AND"], epochs=20, talk=True)

# %% [markdown]
# It starts with nothing, stumbles, and after a few rounds through four examples it has found weights that make AND. Follow
# epoch 1 with a pencil: only the last example, (1, 1), is answered wrongly, so the weights become (1, 1) and the bias 1.
#
# Where $z = 0$ the answer flips. $w_1 x_1 + w_2 x_2 + b = 0$ is a straight line: the neuron's **decision boundary**. So a
# perceptron can learn what *one* straight line can separate.
#
# ### Turn the knobs yourself
#
# Before you see the rule's lines, be the rule. Three sliders, three parameters: make AND, make OR. Then choose XOR, "one or the
# other but not both", and see how far you get.


# %%
# Drawing: the four examples, and what one neuron says everywhere on the plane.
def draw_gate(axes, weights, bias, targets):
    """Shade where the neuron says 1, draw its boundary, mark the four examples; return the number of mistakes."""
    line = np.linspace(-0.4, 1.4, 200)
    z = weights[0] * line + weights[1] * line[:, None] + bias  # (200, 200): rows are x2
    axes.contourf(line, line, z, levels=[1e-9, np.inf], colors=[plots.COLOURS[1]], alpha=0.25)
    if z.min() < 0 < z.max():
        axes.contour(line, line, z, levels=[0], colors="black")
    for label, marker in ((0, "o"), (1, "^")):
        chosen, colour = corners[targets == label].T, plots.COLOURS[label]
        axes.scatter(*chosen, s=110, marker=marker, color=colour, edgecolor="black", label=f"should be {label}")
    axes.set(xlabel="$x_1$", ylabel="$x_2$", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1], aspect="equal")
    axes.grid(visible=False)
    return int(np.sum(step(corners @ np.asarray(weights) + bias) != targets))


# %%
def try_weights(gate, w1, w2, b):
    """Return the picture of one neuron with these parameters, and its alt text."""
    figure, axes = plt.subplots(figsize=(4.6, 3.8))
    wrong = draw_gate(axes, (w1, w2), b, gates[gate])
    axes.set_title(f"{gate}: {wrong} of 4 wrong")
    axes.legend(loc="center", fontsize=8, frameon=True)
    return figure, f"One neuron with weights {w1:g} and {w2:g} and bias {b:g} on {gate}: {wrong} of 4 examples wrong."


knob = {"min": -2, "max": 2, "step": 0.25, "continuous_update": False}
plots.interact(
    try_weights,
    gate=ipywidgets.Dropdown(options=list(gates)),
    w1=ipywidgets.FloatSlider(1.0, **knob),
    w2=ipywidgets.FloatSlider(1.0, **knob),
    b=ipywidgets.FloatSlider(-0.5, **knob),
)

# %% [markdown]
# (No running kernel? The picture shows the sliders' first position: an OR, not yet an AND. What would you change? One number is enough.)
#
# Now the rule, on all three:

# %%
figure, panels = plt.subplots(1, 3, figsize=(9, 3.6), sharey=True)
gate_mistakes = {}
for axes, (name, targets) in zip(panels, gates.items(), strict=True):
    weights, bias, gate_mistakes[name] = train_perceptron(corners, targets, epochs=20)
    wrong = draw_gate(axes, weights, bias, targets)
    axes.set_title(f"{name}: {wrong} of 4 wrong\nafter epoch {len(gate_mistakes[name])}", fontsize=11)
    axes.label_outer()
panels[1].legend(loc="center", fontsize=8, frameon=True)
plots.show(
    figure,
    alt="Three squares with the four inputs at the corners; shaded where the neuron says 1. For AND and OR a straight boundary has"
    " all circles (0) on or below it and all triangles (1) above it; it runs right through one circle. For XOR the last epoch still has"
    f" {gate_mistakes['XOR'][-1]} mistakes: no line separates the two opposite corners from the two others.",
)
print("mistakes per epoch on XOR:", gate_mistakes["XOR"])

# %% [markdown]
# Notice that the lines run right through an example, where $z$ is exactly 0 and just counts as 0: the rule stops at the *first* line without a
# mistake and has no wish to find a better one.
# On XOR it goes round in circles, and it must. Suppose there were weights. The four examples then demand
#
# $$ b \le 0, \qquad w_2 + b > 0, \qquad w_1 + b > 0, \qquad w_1 + w_2 + b \le 0. $$
#
# Add the two in the middle: $w_1 + w_2 + 2b > 0$. Add the two outer ones: $w_1 + w_2 + 2b \le 0$. Both can't be true. No training,
# no computer, no patience will help: **one layer cannot do XOR**. Minsky and Papert's book *Perceptrons* (1969) made
# such limits famous.
#
# ### Two layers can
#
# XOR is "OR, but not AND". So let one neuron compute OR and another NAND ("not AND"), and a third the AND of the two. Three
# perceptrons, weights chosen by hand:

# %%
hidden_weights = np.array([[1, -1], [1, -1]])  # one column per hidden neuron: OR, NAND
hidden_biases = np.array([-0.5, 1.5])
output_weights, output_bias = np.array([1, 1]), -1.5  # AND

hidden = step(corners @ hidden_weights + hidden_biases)
answers = step(hidden @ output_weights + output_bias)
for inputs, middle, answer, wanted in zip(corners, hidden, answers, gates["XOR"], strict=True):
    print(f"inputs {inputs} -> hidden (OR, NAND) {middle} -> output {answer}, wanted {wanted}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.6))
line = np.array([-0.3, 1.3])
for axes, points in ((left, corners), (right, hidden)):
    for label, marker in ((0, "o"), (1, "^")):
        chosen = points[gates["XOR"] == label]
        axes.scatter(*chosen.T, s=110, marker=marker, edgecolor="black", label=f"XOR = {label}", zorder=3)
    axes.set(xlim=(-0.3, 1.3), ylim=(-0.3, 1.3))
left.plot(line, 0.5 - line, "-", color="black", linewidth=1, label="OR neuron")
left.plot(line, 1.5 - line, "--", color="black", linewidth=1, label="NAND neuron")
right.plot(line, 1.5 - line, ":", color="black", label="output neuron")
left.set(xlabel="$x_1$", ylabel="$x_2$", title="Inputs: two lines needed")
right.set(xlabel="hidden neuron 1 (OR)", ylabel="hidden neuron 2 (NAND)", title="Hidden layer: one is enough")
right.annotate("two inputs land here", (1, 1), (0.55, 1.2), size=9, arrowprops={"arrowstyle": "->"})
for axes in (left, right):
    axes.legend(fontsize=8, loc="lower left" if axes is right else "center", framealpha=0.9, frameon=True)
plots.show(
    figure,
    alt="Left: the four inputs; the two XOR = 1 corners lie between two parallel lines. Right: the same four examples as the"
    " hidden layer sees them; the two XOR = 1 examples fall on one point, (1, 1), which one line cuts off from the others.",
)

# %% [markdown]
# Look at the right picture for a while; it is the whole idea of deep learning in four dots. The hidden layer *moves* the
# examples to where a straight line is enough. We chose how to move them. From here on the question is: **how can a network
# find that by itself?**
#
# ### On penguins
#
# Real data first. The Palmer penguins: 344 birds of three species, measured in Antarctica from 2007 to 2009. Two of them
# were never measured and are left out.

# %%
print(data.about("penguins"))
penguins = data.load("penguins").dropna(subset=["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"])
features = penguins[["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]].to_numpy(dtype="float64")
species_names = ["Adelie", "Chinstrap", "Gentoo"]
species = penguins["species"].map(species_names.index).to_numpy()  # (342,), 0 to 2
for number, name in enumerate(species_names):
    print(f"{name:<9} {np.sum(species == number):>3} birds, mean {features[species == number].mean(axis=0).round(1)}")


# %%
def standardise(values):
    """Each column to mean 0 and standard deviation 1, so that no unit shouts louder than another."""
    return (values - values.mean(axis=0)) / values.std(axis=0)


def two_species(first, second, columns):
    """Return standardised inputs (n, 2) and targets (n,), 1 for the second species, in random order."""
    chosen = np.random.default_rng(ready.seed).permutation(np.flatnonzero(np.isin(species, [first, second])))
    return standardise(features[chosen][:, columns]), (species[chosen] == second).astype(int)


# %%
pairs = {"Adelie or Gentoo": (two_species(0, 2, [1, 3]), ("bill depth", "body mass"))}
pairs["Adelie or Chinstrap"] = (two_species(0, 1, [0, 1]), ("bill length", "bill depth"))
figure, panels = plt.subplots(1, 2, figsize=(8.5, 3.8))
pair_mistakes = {}
for axes, (name, ((inputs, targets), labels)) in zip(panels, pairs.items(), strict=True):
    weights, bias, pair_mistakes[name] = train_perceptron(inputs, targets, epochs=50)
    units = [f"{label} (standard deviations)" for label in labels]
    plots.decision_boundary(lambda p, w=weights, b=bias: step(p @ w + b), inputs, targets, units, alt="", axes=axes)
    wrong = np.sum(step(inputs @ weights + bias) != targets)
    axes.set_title(f"{name}\n{wrong} of {len(targets)} wrong after epoch {len(pair_mistakes[name])}", fontsize=11)
    axes.legend(axes.collections[-2:], name.split(" or "), fontsize=8, frameon=True)
plots.show(
    figure,
    alt="Two scatter plots with the perceptron's straight boundary. Adelie and Gentoo form two groups apart, separated without"
    f" a mistake after {len(pair_mistakes['Adelie or Gentoo'])} epochs. Adelie and Chinstrap touch, and after"
    f" {len(pair_mistakes['Adelie or Chinstrap'])} epochs there are still {pair_mistakes['Adelie or Chinstrap'][-1]} mistakes an epoch.",
)
print("Adelie or Chinstrap, mistakes per epoch:", pair_mistakes["Adelie or Chinstrap"])

# %% [markdown]
# Where a line can separate the classes, the rule finds one after finitely many corrections: that is the *perceptron
# convergence theorem* (Novikoff, 1962). Where the classes overlap, as Adelie and Chinstrap do in these two measurements, it never comes to rest: each
# bird on the wrong side drags the line along. (An epoch's mistakes are counted while the line moves; the title counts those of the
# last line.) Two things are missing:
#
# 1. an answer in **degrees** ("70 % Chinstrap") instead of yes or no, so that there is a *best* compromise at which to settle;
# 2. a rule for the weights of a **hidden** layer, for which nobody says what the right answer would be.
#
# One idea gives both: replace the step by something smooth, and *calculate* in which direction to turn each weight.
#
# ## 3 · Activation functions and their derivatives
#
# | Name | Formula | Derivative | Used |
# |---|---|---|---|
# | step | $1$ if $z>0$, else $0$ | $0$ (none at $z = 0$) | Rosenblatt's perceptron |
# | sigmoid | $\sigma(z) = 1/(1+e^{-z})$ | $\sigma(z)\,(1-\sigma(z))$ | an output that is a probability |
# | tanh | $(e^{z}-e^{-z})/(e^{z}+e^{-z})$ | $1-\tanh^2(z)$ | small networks, recurrent networks (day 11) |
# | ReLU | $\max(0, z)$ | $1$ if $z>0$, else $0$ | hidden layers of most deep networks |
#
# Three of the derivatives need only what the forward pass has computed anyway: keep the output, and the slope is nearly free.


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


z = np.linspace(-4, 4, 401)
activations = {
    "step": (step(z), np.zeros_like(z)),
    "sigmoid": (sigmoid(z), sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
    "ReLU": (np.maximum(0, z), (z > 0).astype(float)),
}

# %%
figure, panels = plt.subplots(1, 4, figsize=(10, 2.9), sharey=True)
for axes, (name, (value, slope)) in zip(panels, activations.items(), strict=True):
    axes.plot(z, value, label="f(z)")
    axes.plot(z, slope, "--", label="derivative f′(z)")
    axes.set(xlabel="z", ylim=(-1.2, 2.2), title=name)
panels[0].set_ylabel("value")
panels[0].legend(fontsize=8, loc="upper left")
slopes = {name: slope.max() for name, (_, slope) in activations.items()}
plots.show(
    figure,
    alt="Step, sigmoid, tanh and ReLU between -4 and 4, each with its derivative dashed. Largest slopes: "
    + ", ".join(f"{name} {slope:.2f}" for name, slope in slopes.items())
    + ". Sigmoid and tanh are flat at both ends, ReLU on the left, the step everywhere.",
)

# %% [markdown]
# Now you see why the step is a dead end: its slope is 0 wherever you stand, so it never says which way is down. Sigmoid and tanh
# have a slope, but far from 0 it vanishes: a neuron driven into the flat part (**saturated**) learns almost nothing. And the
# sigmoid's slope is at most 0.25; ten such layers in a row multiply to at most $0.25^{10}$, about one millionth. That is the *vanishing gradient*, day 07's subject.
#
# ## 4 · Gradient descent on one weight and one bias
#
# The smallest network there is: one input, one weight, one bias, no activation. How heavy is a penguin, given the length of
# its flipper? As input we take the flipper length beyond 18 cm, in cm; the answer is in kg. So $w$ is *kg per cm* and $b$ is
# the weight of a penguin with an 18 cm flipper.

# %%
flipper = features[:, 2] / 10 - 18  # cm beyond 18 cm, (342,)
mass = features[:, 3] / 1000  # kg, (342,)


def mean_squared_error(w, b, inputs=flipper):
    """The loss L(w, b) = 1/n Σ (y - (w x + b))², in kg²."""
    return np.mean((mass - (w * inputs + b)) ** 2)


for w, b in ((0.0, 0.0), (1.0, 0.0), (0.5, 3.0)):
    print(f"w = {w:g} kg/cm, b = {b:g} kg: loss {mean_squared_error(w, b):.3f} kg²")

# %% [markdown]
# ### The derivative, by the chain rule
#
# In which direction should $w$ move? Look at **one** penguin. Its loss is a function of a function:
#
# $$ \text{loss} = f(g(w)), \qquad e = g(w) = y - (w x + b) \ \text{(the error)}, \qquad f(e) = e^2. $$
#
# The **chain rule**: the derivative of $f(g(w))$ is the outer derivative times the inner one, $f'(g(w)) \cdot g'(w)$. Here $f'(e) =
# 2e$; and turning $w$ up by a little lowers $e$ by $x$ times as much, so $g'(w) = -x$; turning $b$ up lowers $e$ by as much, so the derivative by $b$ is $-1$. Hence, with $\partial$ for the derivative by
# one of several variables while the others stay fixed (*partielle Ableitung*),
#
# $$ \frac{\partial\,\text{loss}}{\partial w} = 2e \cdot (-x), \qquad \frac{\partial\,\text{loss}}{\partial b} = 2e \cdot (-1), $$
#
# and over all $n$ penguins the mean of these. One penguin with numbers, at $w = 1$, $b = 0$; and as a test we also turn $w$ by a
# tiny bit each way and *look* how the loss changes:

# %%
bird = int(np.flatnonzero(np.isclose(flipper, 3.0) & (species == 2))[0])  # a Gentoo with a flipper of 21 cm
x, y, w, b = flipper[bird], mass[bird], 1.0, 0.0
error = y - (w * x + b)
print(f"x = {x:g} cm, y = {y:g} kg, answer {w * x + b:g} kg, error e = {error:g} kg, loss e² = {error**2:g}")
print(f"by the chain rule:  d loss/dw = 2e·(-x) = {2 * error * -x:g},  d loss/db = 2e·(-1) = {-2 * error:g}")

nudge = 1e-5
up, down = (y - ((w + nudge) * x + b)) ** 2, (y - ((w - nudge) * x + b)) ** 2
print(f"by turning w a bit: d loss/dw ≈ {(up - down) / (2 * nudge):.6f}")

# %% [markdown]
# ### The computation graph
#
# The chain rule works for chains of any length and for branches. To keep track, draw the calculation as a **graph**: one
# node per operation, forward values above, derivatives of the loss flowing **backward** below. Each node needs to know only its
# own little derivative; it multiplies what arrives from the right by it and passes the product to the left. Where a value was used
# in several places, what comes back from them is **added**: of $f = a \cdot a$ each factor sends back $a$, together $2a$; and one bias
# used for two penguins gets the sum of their two wishes. That is all of **backpropagation**. Our graphs, too, are drawn from data:


# %%
# Drawing: a computation graph.
def draw_graph(axes, nodes, edges):
    """nodes: name -> (column, row, forward text, backward text); edges: (from, to, label)."""
    boxes = {}
    for name, (x, y, value, gradient) in nodes.items():
        box = {"boxstyle": "round,pad=0.35", "fc": "white", "ec": "black"}
        boxes[name] = axes.text(x, y, name, ha="center", va="center", size=11, bbox=box).get_bbox_patch()
        axes.text(x, y + 0.24, value, ha="center", va="bottom", size=9, color=plots.COLOURS[0])
        axes.text(x, y - 0.24, gradient, ha="center", va="top", size=9, color=plots.COLOURS[5], style="italic")
    arrow = {"arrowstyle": "->", "color": "0.4", "shrinkA": 3, "shrinkB": 3}
    for start, end, label in edges:
        (x0, y0, *_), (x1, y1, *_) = nodes[start], nodes[end]
        ends = {"patchA": boxes[start], "patchB": boxes[end]}
        axes.annotate("", (x1, y1), (x0, y0), arrowprops=arrow | ends)
        axes.text((x0 + x1) / 2, (y0 + y1) / 2 + 0.13, label, ha="center", size=8, color="0.25")
    columns, rows = zip(*[node[:2] for node in nodes.values()], strict=True)
    axes.set(xlim=(min(columns) - 0.6, max(columns) + 0.6), ylim=(min(rows) - 0.6, max(rows) + 0.6))
    axes.axis("off")


# %%
# The penguin's calculation as data, with the numbers from above.
nodes = {
    "w": (0, 1.2, f"{w:g}", f"{-2 * error * x:.2f}"),
    "x": (0, -0.2, f"{x:g}", ""),
    "w · x": (1, 0.5, f"{w * x:g}", f"{-2 * error:.2f}"),
    "b": (1, -0.9, f"{b:g}", f"{-2 * error:.2f}"),
    "+": (2, -0.1, f"ŷ = {w * x + b:g}", f"{-2 * error:.2f}"),
    "y": (2, -1.3, f"{y:g}", ""),
    "y − ŷ": (3, -0.6, f"e = {error:g}", f"{2 * error:.2f}"),
    "e²": (4, -0.6, f"loss = {error**2:g}", "1"),
}
edges = [("w", "w · x", "× x"), ("x", "w · x", ""), ("w · x", "+", "× 1"), ("b", "+", "× 1")]
edges += [("+", "y − ŷ", "× (−1)"), ("y", "y − ŷ", ""), ("y − ŷ", "e²", "× 2e")]

# %%
figure, axes = plt.subplots(figsize=(9, 4.4))
draw_graph(axes, nodes, edges)
axes.text(2.6, 1.2, "above each node: its value (forward)", size=9, color=plots.COLOURS[0])
axes.text(2.6, 0.97, "below, italic: d loss / d node (backward)", size=9, color=plots.COLOURS[5], style="italic")
axes.text(2.6, 0.74, "on an arrow: the local derivative", size=9, color="0.25")
plots.show(
    figure,
    alt=f"Computation graph of one penguin: w = {w:g} times x = {x:g}, plus b = {b:g}, gives {w * x + b:g}; subtracted from y ="
    f" {y:g} it gives the error {error:g}, squared the loss {error**2:g}. Backward: 1 at the loss, {2 * error:.2f} at the error,"
    f" {-2 * error:.2f} at the sum and at b, {-2 * error * x:.2f} at w.",
)

# %% [markdown]
# Read it from the right: 1 at the loss (the loss changes as the loss does), times $2e$, times $-1$, unchanged through the plus,
# times $x$ at the product. The result at $w$ is the number from above.
#
# ### Downhill, step by step
#
# Now all 342 penguins. A step of **gradient descent** moves both parameters against their derivative, by a small factor, the
# **learning rate** $\eta$: $\; w \leftarrow w - \eta\,\partial L/\partial w, \;\; b \leftarrow b - \eta\,\partial L/\partial b$.


# %%
def descend(learning_rate, steps, start=(1.0, 0.0), inputs=flipper, talk=0):
    """Gradient descent on one weight and one bias; return all visited (w, b) as an array (steps + 1, 2)."""
    w, b = start
    path = [(w, b)]
    for number in range(steps):
        error = mass - (w * inputs + b)
        slope_w, slope_b = np.mean(2 * error * -inputs), np.mean(2 * error * -1)
        if number < talk:
            loss = np.mean(error**2)
            print(f"step {number}: w {w:.4f}  b {b:.4f}  loss {loss:.4f}  dL/dw {slope_w:+.4f}  dL/db {slope_b:+.4f}")
        w, b = w - learning_rate * slope_w, b - learning_rate * slope_b
        path.append((w, b))
    return np.array(path)


# %%
path = descend(learning_rate=0.1, steps=120, talk=8)
best = np.polyfit(flipper, mass, deg=1)
print(f"after {len(path) - 1} steps: w = {path[-1][0]:.4f} kg/cm, b = {path[-1][1]:.4f} kg")
print(f"least squares in one go: w = {best[0]:.4f} kg/cm, b = {best[1]:.4f} kg")
print(f"loss {mean_squared_error(*path[-1]):.4f} kg², the lowest possible {mean_squared_error(*best):.4f} kg²")

# %%
w_axis, b_axis = np.linspace(-0.6, 2.0, 120), np.linspace(-0.6, 5.2, 120)
losses_on_grid = np.array([[mean_squared_error(w, b) for w in w_axis] for b in b_axis])


def draw_path(axes, path, title, minimum=best, grid=(w_axis, b_axis, losses_on_grid)):
    """Draw the loss as contour lines, and the way of gradient descent on it."""
    lines = axes.contour(*grid, levels=[0.2, 0.5, 1, 2, 4, 8, 16, 32], colors="0.6", linewidths=0.8)
    axes.clabel(lines, fontsize=7, fmt="%g")
    axes.plot(*path.T, "o-", color=plots.COLOURS[0], markersize=3, linewidth=1, label="gradient descent")
    axes.plot(*path[0], "s", color="black", label="start")
    axes.plot(*minimum, "*", color=plots.COLOURS[5], markersize=13, label="lowest point")
    axes.set(xlim=(grid[0][0], grid[0][-1]), ylim=(grid[1][0], grid[1][-1]))
    axes.set_title(title, fontsize=10)


# %%
figure = plt.figure(figsize=(9.5, 4))
surface, flat = figure.add_subplot(1, 2, 1, projection="3d"), figure.add_subplot(1, 2, 2)
mesh = np.meshgrid(w_axis, b_axis)
surface.plot_surface(*mesh, losses_on_grid, cmap="cividis", alpha=0.75, linewidth=0)
path_losses = [mean_squared_error(w, b) + 0.3 for w, b in path]
surface.plot(*path.T, path_losses, "o-", color="black", markersize=2.5, linewidth=1, zorder=10)
surface.set(xlabel="w (kg/cm)", ylabel="b (kg)", zlabel="loss (kg²)", title="The loss surface …")
surface.view_init(elev=40, azim=-105)
draw_path(flat, path, f"… as a map: rate 0.1, {len(path) - 1} steps")
flat.set(xlabel="w (kg/cm)", ylabel="b (kg)")
flat.legend(fontsize=8, loc="upper right")
plots.show(
    figure,
    alt="Left: the loss over w and b is a long valley, drawn as a surface; the path goes down into it. Right: the same as contour"
    f" lines; from ({path[0][0]:g}, {path[0][1]:g}) the path first jumps across the valley, then creeps along its floor to the"
    f" lowest point near w = {best[0]:.2f}, b = {best[1]:.2f}.",
)

# %% [markdown]
# The first steps zigzag across the valley, where it is steep. The rest creeps along the floor, where the slope is small: seven steps bring
# the loss from 5.1 to 1.4, and a hundred more are needed for the rest. Remember that when a learning curve looks flat: it may mean small slopes, not arrival.
#
# ### Break it: the learning rate
#
# Three rates, same start, 40 steps. Guess first: what happens at 0.15?

# %%
figure, panels = plt.subplots(1, 3, figsize=(10, 3.6), sharex=True, sharey=True)
final_losses = {}
for axes, rate in zip(panels, (0.005, 0.1, 0.15), strict=True):
    trial = descend(rate, steps=40)
    final_losses[rate] = mean_squared_error(*trial[-1])
    draw_path(axes, trial, f"rate {rate:g}: loss {final_losses[rate]:.3g} kg²")
    axes.set(xlabel="w (kg/cm)")
panels[0].set_ylabel("b (kg)")
panels[0].legend(fontsize=8, loc="upper right")
plots.show(
    figure,
    alt="Three maps of the loss with paths of 40 steps. Final losses: "
    + ", ".join(f"rate {rate:g} {loss:.3g}" for rate, loss in final_losses.items())
    + ". The smallest rate has hardly begun its way along the valley, 0.1 comes close to the lowest point, 0.15 jumps across the valley in"
    " ever wider leaps and leaves the picture.",
)

# %% [markdown]
# Between 0.1, which gets there, and 0.15, which explodes, lies little. There is a reason. Across the valley the loss is a parabola; a step at
# rate $\eta$ multiplies the distance from its lowest line by $1 - \eta\lambda$, where $\lambda$ is the **curvature** in that
# direction (the second derivative). That shrinks only while $|1 - \eta\lambda| < 1$, that is for $\eta < 2/\lambda$. The steepest
# direction sets the limit for all, and the flattest sets how long it takes.

# %%
hessian = 2 * np.array([[np.mean(flipper**2), np.mean(flipper)], [np.mean(flipper), 1.0]])
flattest, steepest = np.linalg.eigvalsh(hessian)
print(f"curvature: across the valley {steepest:.2f}, along it {flattest:.2f}, ratio {steepest / flattest:.0f}")
print(f"largest rate that does not explode: 2 / {steepest:.2f} = {2 / steepest:.4f}")
for rate in (0.99 * 2 / steepest, 1.01 * 2 / steepest):
    print(f"rate {rate:.4f}: loss after 400 steps {mean_squared_error(*descend(rate, 400)[-1]):.4g} kg²")

# %% [markdown]
# ### Feel it
#
# Let go of a slider and the path is drawn anew. Find the rate at which the zigzag across the valley is worst but still
# shrinks; then find the rate with the lowest loss at the end of the path.
#
# (No running kernel? The three maps above are three positions of this slider.)


# %%
def draw_descent(learning_rate, steps):
    """Return the picture of one path on the map of the loss, and its alt text."""
    trial = descend(learning_rate, steps)
    loss = mean_squared_error(*trial[-1])
    figure, axes = plt.subplots(figsize=(5.5, 4))
    draw_path(axes, trial, f"rate {learning_rate:.3f}, {steps} steps: loss {loss:.4g} kg²")
    axes.set(xlabel="w (kg/cm)", ylabel="b (kg)")
    return figure, f"Path of {steps} steps at rate {learning_rate:.3f} on the loss map; it ends at loss {loss:.4g}."


plots.interact(
    draw_descent,
    learning_rate=ipywidgets.FloatSlider(
        0.13, min=0.005, max=0.16, step=0.005, readout_format=".3f", continuous_update=False
    ),
    steps=ipywidgets.IntSlider(25, 1, 200, continuous_update=False),
)

# %% [markdown]
# ### Why everybody standardises
#
# The valley is long because the inputs are not centred: nearly all flippers are longer than 18 cm. Raise $w$, and nearly every answer
# rises, so $b$ must fall to keep the middle of the line in place. Shift and scale the input to mean 0 and standard deviation 1 and the two stop pulling at each other: the
# valley becomes a round bowl, and gradient descent walks straight in.

# %%
scaled = standardise(flipper)
scaled_path = descend(0.1, steps=40, inputs=scaled)
raw_path = descend(0.1, steps=40)
scaled_best = np.polyfit(scaled, mass, deg=1)
bowl = np.array([[mean_squared_error(w, b, scaled) for w in w_axis] for b in b_axis])
floor = mean_squared_error(*best)
raw_losses = np.array([mean_squared_error(*point) for point in raw_path])
scaled_losses = np.array([mean_squared_error(*point, scaled) for point in scaled_path])
raw_gap, scaled_gap = raw_losses[-1] - floor, scaled_losses[-1] - floor
print(f"after 40 steps above the lowest loss: {raw_gap:.2g} kg² unscaled, {scaled_gap:.2g} kg² standardised")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8.5, 4.2), width_ratios=(1, 1.7))
draw_path(left, scaled_path, "Standardised input", scaled_best, (w_axis, b_axis, bowl))
left.set(xlabel="w (kg per standard dev.)", ylabel="b (kg)", aspect="equal")
right.plot(raw_losses - floor, "--", label="cm beyond 18 cm")
right.plot(scaled_losses - floor, "-", label="standardised")
right.set(xlabel="step", ylabel="loss above the lowest point (kg²)", yscale="log")
right.legend(fontsize=9)
plots.show(
    figure,
    alt="Left: with a standardised input the contour lines are circles and the path runs straight to the lowest point. Right:"
    f" after 40 steps the loss is {scaled_gap:.2g} above its lowest value with the standardised input, {raw_gap:.2g} without.",
)

# %% [markdown]
# Same penguins, same rate, same 40 steps, and from a worse start: (1, 0) is another line in the new units. **Standardise your inputs** is the cheapest advice in deep learning, and now you know why.
#
# ## 5 · Three old friends are networks
#
# What you just trained is **linear regression**. Statistics knows two more models of this kind, and all three are networks with
# one layer, told apart by their activation and their loss:
#
# | Model | Question | Output activation | Loss of one example |
# |---|---|---|---|
# | **linear regression** | how much? | none | squared error, $\tfrac12(\hat y - y)^2$ |
# | **logistic regression** | yes or no? | sigmoid: one probability $p$ | cross-entropy, $-\log p$ of the right answer |
# | **softmax regression** | which of $k$? | softmax: $k$ probabilities, sum 1 | cross-entropy, $-\log p$ of the right class |
#
# (The ½ in the first row is for convenience: it cancels the 2 of the derivative. It moves no lowest point.)
#
# **Softmax** turns $k$ scores into probabilities, $p_i = e^{z_i} / \sum_j e^{z_j}$: positive, and together 1. **Cross-entropy** is the
# price of surprise: if the model gave the right class 90 % it costs $-\log 0.9 = 0.11$ ($\log$ is always the natural logarithm, as in `np.log`); if it gave it 1 %, it costs
# $-\log 0.01 = 4.6$. Being sure and wrong is expensive. Put **a hidden layer** in between and you have the network of section 6.

# %%
hidden_names = [f"$h_{number}$" for number in (1, 2, 3)]
diagrams = {
    "linear regression": [["flipper"], ["mass"]],
    "logistic regression": [["length", "depth"], ["$p$"]],
    "softmax regression": [["length", "depth"], ["$p_A$", "$p_C$", "$p_G$"]],
    "with a hidden layer": [["length", "depth"], hidden_names, ["$p_A$", "$p_C$", "$p_G$"]],
}

# %%
figure, panels = plt.subplots(1, 4, figsize=(10.5, 2.9), width_ratios=(1, 1, 1, 1.7))
for axes, (name, layer_names) in zip(panels, diagrams.items(), strict=True):
    draw_network(axes, layer_names, title=name)
    axes.set_ylim(-2.2, 2.2)
parameter_counts = [sum((len(a) + 1) * len(b) for a, b in zip(d, d[1:], strict=False)) for d in diagrams.values()]
plots.show(
    figure,
    alt="Four network diagrams, from left to right with "
    + ", ".join(f"{count} parameters ({name})" for name, count in zip(diagrams, parameter_counts, strict=True))
    + ". Every line is a weight; lines from the square 1 are biases.",
)
print("parameters:", dict(zip(diagrams, parameter_counts, strict=True)))

# %% [markdown]
# The lovely part: **all three have the same gradient.** For the squared error, $\partial/\partial z$ of $\tfrac12(z - y)^2$ is $z - y$.
# For sigmoid with cross-entropy, take the right answer to be yes ($y = 1$), so the loss is $-\log \sigma(z)$, and by the chain rule
#
# $$ \frac{\partial}{\partial z}\bigl(-\log \sigma(z)\bigr) = -\frac{1}{\sigma(z)} \cdot \sigma(z)\bigl(1-\sigma(z)\bigr) = \sigma(z) - 1 = p - y. $$
#
# The slope of the sigmoid cancels. (For $y = 0$ likewise; for the softmax, exercise 4 has the four lines.) So in all three cases
# $\partial L/\partial z = \text{answer} - \text{wanted}$, and one training function serves them all. Gradient descent *subtracts* it,
# which is adding wanted − answer: it is Rosenblatt's rule again, with degrees instead of yes and no.


# %%
def softmax(scores):
    """(n, k) scores -> (n, k) probabilities. Subtracting the largest score changes nothing but prevents overflow."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def train_one_layer(inputs, targets, activation, learning_rate, steps):
    """inputs (n, d), targets (n, k) -> weights (d, k), biases (k,): linear, logistic or softmax regression."""
    weights, biases = np.zeros((inputs.shape[1], targets.shape[1])), np.zeros(targets.shape[1])
    for _ in range(steps):
        answers = activation(inputs @ weights + biases)
        slope = (answers - targets) / len(inputs)  # ∂L/∂z for each example
        weights -= learning_rate * inputs.T @ slope
        biases -= learning_rate * slope.sum(axis=0)
    return weights, biases


# %%
line_weights, line_biases = train_one_layer(scaled[:, None], mass[:, None], lambda z: z, 0.1, 200)
print(f"linear regression: w {line_weights[0, 0]:.4f}, b {line_biases[0]:.4f}; least squares {scaled_best.round(4)}")

# %% [markdown]
# Logistic regression on the pair that gave the perceptron no rest, Adelie or Chinstrap. It settles, because the average over all birds
# has a lowest point, where their pulls balance; and it answers in degrees.

# %%
(inputs, targets), labels = pairs["Adelie or Chinstrap"]
logistic_weights, logistic_biases = train_one_layer(inputs, targets[:, None], sigmoid, 1.0, 1000)
chance = sigmoid(inputs @ logistic_weights + logistic_biases)[:, 0]
logistic_accuracy = np.mean((chance > 0.5) == targets)
print(f"right: {logistic_accuracy:.3f}")
print(f"birds with a chance between 10 % and 90 %: {np.sum((chance > 0.1) & (chance < 0.9))} of {len(chance)}")


# %%
# Drawing: a probability over the plane, with the examples it was learned from.
def draw_chances(axes, chance_of, points, labels, corner, size, names=("0", "1")):
    """chance_of: (places, 2) -> (places,); corner: (left, right, bottom, top). Returns the shading, for a colour bar."""
    across, up = np.meshgrid(np.linspace(*corner[:2], 70), np.linspace(*corner[2:], 70))
    chances = chance_of(np.column_stack([across.ravel(), up.ravel()])).reshape(across.shape)
    filled = axes.contourf(across, up, chances, levels=np.linspace(0, 1, 11), cmap="cividis", alpha=0.8)
    axes.contour(across, up, chances, levels=[0.5], colors="black")
    for label, look in enumerate(({"marker": "o", "color": "black", "edgecolor": "white"}, {"marker": "^"})):
        look = {"color": "white", "edgecolor": "black", "linewidth": 0.6} | look
        axes.scatter(*points[labels == label].T, s=size, label=names[label], **look)
    return filled


# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), width_ratios=(1, 1.6))
table = np.vstack([logistic_weights, logistic_biases])
draw_network(left, [["length", "depth"], ["$p$"]], [table], "trained: thick = large, dashed = negative")
filled = draw_chances(
    right,
    lambda points: sigmoid(points @ logistic_weights + logistic_biases)[:, 0],
    *(inputs, targets, (-2.4, 3.2, -2.7, 2.9), 18, ("Adelie", "Chinstrap")),
)
right.set(xlabel="bill length (standard deviations)", ylabel="bill depth (standard deviations)")
right.legend(fontsize=8, loc="lower right", frameon=True, facecolor="0.7")
figure.colorbar(filled, ax=right, label="probability of Chinstrap")
plots.show(
    figure,
    alt="Left: the trained neuron, bill length with a thick positive, bill depth with a dashed negative weight. Right: the probability"
    " rises from near 0 among the Adelies on the left to near 1 among the Chinstraps on the right; the border of one half is a"
    f" straight line with {logistic_accuracy:.1%} of the birds on their right side.",
)

# %% [markdown]
# Softmax regression on all three species, from the bill alone. The targets are **one-hot** rows: a 1 in the column of the
# right species.

# %%
bill = standardise(features[:, :2])
one_hot = np.eye(3)[species]  # (342, 3)
softmax_weights, softmax_biases = train_one_layer(bill, one_hot, softmax, 1.0, 1000)


def predict_softmax(points):
    return softmax(points @ softmax_weights + softmax_biases).argmax(axis=1)


softmax_accuracy = np.mean(predict_softmax(bill) == species)
print(f"right on the birds it learned from: {softmax_accuracy:.3f}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), width_ratios=(1, 1.5))
table = np.vstack([softmax_weights, softmax_biases])
draw_network(left, diagrams["softmax regression"], [table], "trained: thick = large, dashed = negative")
bill_units = ("bill length (standard deviations)", "bill depth (standard deviations)")
plots.decision_boundary(predict_softmax, bill, species, bill_units, alt="", axes=right)
for number, place in enumerate(((-1.6, 2.0), (1.9, 2.0), (1.5, -1.9))):
    right.text(*place, species_names[number], weight="bold", ha="center")
plots.show(
    figure,
    alt="Left: the trained one-layer network with three outputs. Right: bill length against bill depth in three regions with"
    f" straight borders, Adelie, Chinstrap and Gentoo; {softmax_accuracy:.1%} of the birds lie in the right one.",
)

# %% [markdown]
# ### Where one layer ends
#
# Degrees don't bend lines. On XOR a line can get three of four right at best; logistic regression, which pays dearly for being sure and
# wrong, prefers to say 50 % to all. And penguins have their XOR too.
# Ask "**Chinstrap, yes or no?**" and the Chinstraps sit in a corner between Adelies and Gentoos, so that no single line can cut
# them out. (The softmax above could: it has *three* lines, one for each pair of species. That helps only because we told it all three species.)

# %%
is_chinstrap = (species == 1).astype(int)
xor_weights, xor_biases = train_one_layer(corners, gates["XOR"][:, None], sigmoid, 1.0, 2000)
print("logistic regression on XOR, chances:", sigmoid(corners @ xor_weights + xor_biases)[:, 0].round(3))

corner_weights, corner_biases = train_one_layer(bill, is_chinstrap[:, None], sigmoid, 1.0, 2000)
line_answers = (bill @ corner_weights + corner_biases > 0)[:, 0]
line_accuracy = np.mean(line_answers == is_chinstrap)
print(f"Chinstrap or not, always “no”: {1 - is_chinstrap.mean():.3f}, logistic regression: {line_accuracy:.3f}")

# %% [markdown]
# ## 6 · Two layers, by hand
#
# Now the real thing: inputs, a **hidden layer** of tanh neurons, a softmax. In matrices, with one example per row:
#
# $$ Z_1 = X W_1 + b_1, \qquad H = \tanh(Z_1), \qquad Z_2 = H W_2 + b_2, \qquad P = \text{softmax}(Z_2) $$
#
# ### Where to start: Glorot's initialisation
#
# One layer could begin with zeros. Two layers can't; they begin with small random weights, drawn evenly between two limits that
# depend on the layer's size ([Glorot and Bengio, 2010](https://proceedings.mlr.press/v9/glorot10a.html)). Why not zeros, and why just
# these limits, we *measure* below, as soon as we have gradients to measure with.


# %%
def glorot(inputs, outputs, random):
    """Glorot uniform: weights of shape (inputs, outputs), even between ± sqrt(6 / (inputs + outputs))."""
    limit = np.sqrt(6 / (inputs + outputs))
    return random.uniform(-limit, limit, size=(inputs, outputs))


def initialise(sizes, seed):
    """Parameters of a two-layer network, such as sizes (4, 8, 3): W1, b1, W2, b2; biases start at 0."""
    random = np.random.default_rng(seed)
    inputs, neurons, outputs = sizes
    return {
        "W1": glorot(inputs, neurons, random),
        "b1": np.zeros(neurons),
        "W2": glorot(neurons, outputs, random),
        "b2": np.zeros(outputs),
    }


# %% [markdown]
# ### Forward


# %%
def forward(parameters, inputs):
    """inputs (n, d) -> everything the backward pass will need: hidden (n, h) and probabilities (n, k)."""
    hidden = np.tanh(inputs @ parameters["W1"] + parameters["b1"])
    probabilities = softmax(hidden @ parameters["W2"] + parameters["b2"])
    return {"inputs": inputs, "hidden": hidden, "probabilities": probabilities}


def cross_entropy(parameters, inputs, targets):
    """Mean of -log p(right class) over the examples; targets one-hot (n, k)."""
    probabilities = forward(parameters, inputs)["probabilities"]
    return -np.mean(np.log(np.sum(probabilities * targets, axis=1)))


untrained = initialise((2, 3, 3), seed=ready.seed)
print(f"loss before training {cross_entropy(untrained, bill, one_hot):.3f}; knowing nothing costs {np.log(3):.3f}")

# %% [markdown]
# A habit for life: **look at the first loss.** Equal chances for $k$ classes cost $-\log\frac{1}{k} = \log k$, here $\log 3 = 1.099$. A fresh classifier
# should be of that size: its random weights guess, so a small network may begin anywhere between 0.8 and 2. Ten times as much, and something is wrong before
# you have begun.
#
# ### Backward
#
# The graph of the network, with the shapes of what flows. It is the penguin graph from above with matrices in it.

# %%
# The network's calculation as data: shapes above, gradients below.
nodes = {
    "X": (0, -0.2, "(n, d)", ""),
    "W₁": (0, 1.2, "(d, h)", "Xᵀ ∂Z₁"),
    "X W₁": (1, 0.5, "(n, h)", "∂Z₁"),
    "b₁": (1, -0.9, "(h,)", "Σ ∂Z₁"),
    "Z₁ = +": (2, -0.2, "(n, h)", "∂Z₁"),
    "H = tanh": (3, -0.2, "(n, h)", "∂H"),
    "W₂": (3, 1.2, "(h, k)", "Hᵀ ∂Z₂"),
    "H W₂": (4, 0.5, "(n, k)", "∂Z₂"),
    "b₂": (4, -0.9, "(k,)", "Σ ∂Z₂"),
    "Z₂ = +": (5, -0.2, "(n, k)", "∂Z₂"),
    "softmax,\nloss": (6, -0.2, "L", "1"),
}
edges = [("X", "X W₁", ""), ("W₁", "X W₁", ""), ("X W₁", "Z₁ = +", ""), ("b₁", "Z₁ = +", "")]
edges += [("Z₁ = +", "H = tanh", "⊙ (1−H²)"), ("H = tanh", "H W₂", "W₂ᵀ"), ("W₂", "H W₂", "")]
edges += [("H W₂", "Z₂ = +", ""), ("b₂", "Z₂ = +", ""), ("Z₂ = +", "softmax,\nloss", "(P−Y)/n")]

# %%
figure, axes = plt.subplots(figsize=(10, 4))
draw_graph(axes, nodes, edges)
axes.text(4.6, 1.45, "above: shape (forward)", size=9, color=plots.COLOURS[0])
axes.text(4.6, 1.22, "below, italic: ∂L/∂ of it (backward)", size=9, color=plots.COLOURS[5], style="italic")
plots.show(
    figure,
    alt="Computation graph of the two-layer network from left to right: X times W1 plus b1, tanh, times W2 plus b2, softmax and"
    f" loss; {len(nodes)} nodes with their shapes. Backward from the loss: (P - Y)/n, times W2 transposed, times 1 - H squared.",
)

# %% [markdown]
# Go through it from right to left. Beside each line of mathematics stands its line of code:
#
# | Forward | Backward | In code | Why |
# |---|---|---|---|
# | $L$, $P = \text{softmax}(Z_2)$ | $\dfrac{\partial L}{\partial Z_2} = \dfrac{1}{n}(P - Y)$ | `slope2 = (P - Y) / n` | answer minus wanted; the loss is a mean, hence $1/n$ |
# | $Z_2 = H W_2 + b_2$ | $\dfrac{\partial L}{\partial W_2} = H^\top \dfrac{\partial L}{\partial Z_2}$ | `hidden.T @ slope2` | each weight multiplied an entry of $H$; the product with $H^\top$ sums over the examples |
# | | $\dfrac{\partial L}{\partial b_2} = \sum_{\text{rows}} \dfrac{\partial L}{\partial Z_2}$ | `slope2.sum(axis=0)` | every example used the same bias, so their wishes add up |
# | | $\dfrac{\partial L}{\partial H} = \dfrac{\partial L}{\partial Z_2} W_2^\top$ | `slope2 @ W2.T` | the blame goes back along the same weights |
# | $H = \tanh(Z_1)$ | $\dfrac{\partial L}{\partial Z_1} = \dfrac{\partial L}{\partial H} \odot (1 - H^2)$ | `… * (1 - hidden**2)` | slope of tanh, entry by entry ($\odot$) |
# | $Z_1 = X W_1 + b_1$ | $\dfrac{\partial L}{\partial W_1} = X^\top \dfrac{\partial L}{\partial Z_1}$, $\dfrac{\partial L}{\partial b_1} = \sum_{\text{rows}} \dfrac{\partial L}{\partial Z_1}$ | `inputs.T @ slope1`, `slope1.sum(axis=0)` | as above |
#
# If you forget where the transpose goes, ask the shapes: a gradient has the shape of its parameter, and there is only one way to
# get $(h, k)$ out of $(n, h)$ and $(n, k)$.


# %%
def backward(parameters, kept, targets):
    """Gradients of the cross-entropy; a dict with the names and shapes of the parameters."""
    slope2 = (kept["probabilities"] - targets) / len(targets)  # ∂L/∂Z2, (n, k)
    slope_hidden = slope2 @ parameters["W2"].T  # ∂L/∂H, (n, h)
    slope1 = slope_hidden * (1 - kept["hidden"] ** 2)  # ∂L/∂Z1, (n, h)
    return {
        "W1": kept["inputs"].T @ slope1,
        "b1": slope1.sum(axis=0),
        "W2": kept["hidden"].T @ slope2,
        "b2": slope2.sum(axis=0),
    }


# %% [markdown]
# Seven lines. Are they right? A wrong gradient rarely crashes; often it still learns, only worse, and you search for weeks in the wrong place. So:
#
# ### The gradient check
#
# You did it for one penguin already: turn one parameter a little up, a little down, and see how the loss changes,
# $\;\bigl(L(\theta + h) - L(\theta - h)\bigr) / 2h$. That needs no calculus, so it can judge the calculus. It is slow (two forward passes for every single
# parameter), so it is a *test*, not a way to train. **Keep this function**; it works for any model whose parameters are a dict of
# float64 arrays. Below 1e-6 is right, above 1e-4 is wrong, and in between try another nudge before you worry.


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


# %%
gradients = backward(untrained, forward(untrained, bill), one_hot)
check_errors = gradient_check(lambda p: cross_entropy(p, bill, one_hot), untrained, gradients)
print({name: f"{error:.1e}" for name, error in check_errors.items()})

# %% [markdown]
# Far below $10^{-6}$: right. Two details matter. **float64**: in 32 bits the difference of two nearly equal losses drowns in rounding. And
# the *central* difference (up **and** down), whose own error shrinks with $h^2$ instead of $h$.
#
# A test that can't fail is none. So let us break the backward pass in four ways that all run without complaint, and train with
# each of them as well:


# %%
def broken(mistake):
    """Return a backward pass with one planted mistake."""

    def wrong_backward(parameters, kept, targets):
        result = backward(parameters, kept, targets)
        slope2 = (kept["probabilities"] - targets) / len(targets)
        if mistake == "slope of tanh forgotten":
            slope1 = slope2 @ parameters["W2"].T
            result |= {"W1": kept["inputs"].T @ slope1, "b1": slope1.sum(axis=0)}
        if mistake == "b1: mean, not sum":
            result["b1"] = result["b1"] / len(targets)
        if mistake == "W2: 1/n forgotten":
            result["W2"] = result["W2"] * len(targets)
        if mistake == "W1: wrong sign":
            result["W1"] = -result["W1"]
        return result

    return wrong_backward


# %%
def train(parameters, inputs, targets, learning_rate, steps, backward=backward):
    """Full-batch gradient descent. Return the trained parameters (a copy) and the loss before each step."""
    parameters = {name: values.copy() for name, values in parameters.items()}
    losses = []
    for _ in range(steps):
        kept = forward(parameters, inputs)
        losses.append(-np.mean(np.log(np.sum(kept["probabilities"] * targets, axis=1))))
        for name, gradient in backward(parameters, kept, targets).items():
            parameters[name] -= learning_rate * gradient
    return parameters, losses


# %%
rows, broken_losses = {}, {}
for mistake in ("none", "slope of tanh forgotten", "b1: mean, not sum", "W2: 1/n forgotten", "W1: wrong sign"):
    guess = broken(mistake)
    guessed = guess(untrained, forward(untrained, bill), one_hot)
    errors = gradient_check(lambda p: cross_entropy(p, bill, one_hot), untrained, guessed)
    _, losses = train(untrained, bill, one_hot, 0.5, 300, guess)
    broken_losses[mistake] = losses[-1]
    rows[mistake] = {name: f"{error:.2g}" for name, error in errors.items()}
    rows[mistake]["loss after 300 steps"] = f"{losses[-1]:.3f}"
print(f"relative error of each gradient; the loss began at {losses[0]:.3f}")
pd.DataFrame(rows).T.rename_axis("mistake")

# %% [markdown]
# The large errors name the parameter that is wrong, and so tell you where to look. Now read the last column. The forgotten slope and the
# mean instead of the sum **learned anyway**, only worse, and nobody who looks at nothing but the loss would have noticed. That is why this check exists.
#
# ### Why Glorot's limits?
#
# First the zeros. All hidden neurons are then equal: they get equal gradients and stay equal for ever. With both layers at
# zero it is worse:

# %%
zeros = {name: np.zeros_like(values) for name, values in untrained.items()}
zero_gradients = backward(zeros, forward(zeros, bill), one_hot)
print("all zero: largest gradient", {name: float(np.abs(g).max().round(4)) for name, g in zero_gradients.items()})
equal = {name: np.full_like(values, 0.5) for name, values in untrained.items()}
equal["W2"] += np.array([-0.1, 0.0, 0.1])  # the three outputs may differ, the three hidden neurons not
equal, _ = train(equal, bill, one_hot, 0.5, 300)
print("all equal: W1 after 300 steps, one column per hidden neuron")
print(equal["W1"].round(4))

# %% [markdown]
# With zeros only the last biases ever move; with equal weights, three neurons remain one neuron in three copies. **Random numbers
# break the symmetry.** But how large? A sum of $n$ independent products has $n$ times the variance of one. If the weights have
# variance $1/n_\text{in}$, a layer passes signals on at the size at which they came; going backward the same argument asks for
# $1/n_\text{out}$. Glorot and Bengio take the middle, $2/(n_\text{in} + n_\text{out})$, and as even numbers between $\pm a$ have variance
# $a^2/3$, that is $a = \sqrt{6/(n_\text{in} + n_\text{out})}$. Ten layers of 100 tanh neurons show what the choice does:


# %%
def spread_through_layers(scale, depth=10, width=100, examples=500):
    """Standard deviations of the signal after each tanh layer, and of the gradient before each; limits = scale × Glorot's."""
    random = np.random.default_rng(ready.seed)
    matrices = [scale * glorot(width, width, random) for _ in range(depth)]
    signals = [random.normal(size=(examples, width))]
    for matrix in matrices:
        signals.append(np.tanh(signals[-1] @ matrix))
    gradient = random.normal(size=(examples, width))  # what might arrive from the loss
    gradient_spread = [gradient.std()]
    for matrix, signal in zip(matrices[::-1], signals[:0:-1], strict=True):
        gradient = gradient * (1 - signal**2) @ matrix.T
        gradient_spread.append(gradient.std())
    return [signal.std() for signal in signals], gradient_spread[::-1], np.mean(np.abs(signals[-1]) > 0.98)


# %%
spreads = {"Glorot × 0.2": 0.2, "Glorot": 1.0, "Glorot × 5": 5.0}
spreads = {name: spread_through_layers(scale) for name, scale in spreads.items()}
for name, (signal, gradient, saturated) in spreads.items():
    print(f"{name:<12} signal after layer 10: {signal[-1]:.2g}, gradient at layer 1: {gradient[0]:.2g}", end="")
    print(f", saturated neurons: {saturated:.0%}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True)
for (name, (signal, gradient, _)), style in zip(spreads.items(), ("v--", "o-", "^-."), strict=True):
    left.plot(signal, style, markersize=4, label=name)
    right.plot(gradient, style, markersize=4, label=name)
left.set(xlabel="after layer (0 = input)", ylabel="standard deviation", yscale="log", title="Forward: the signal")
right.set(xlabel="after layer (read from right to left)", title="Backward: the gradient")
right.legend()
plots.show(
    figure,
    alt="Spread through ten layers on a logarithmic scale. "
    + " ".join(
        f"{n}: signal {s[-1]:.2g} after layer 10, gradient {g[0]:.2g} at the input." for n, (s, g, _) in spreads.items()
    ),
)

# %% [markdown]
# Too small, and both die out layer by layer. Too large, and the signal looks healthy on the left, but only because tanh ends at
# 1: most neurons are saturated, and the gradient on the right *explodes*: the large weights multiply it faster than the
# flat parts of tanh can shrink it. With Glorot's limits both keep their size within a small factor. This is Keras' default for `Dense`.
#
# ## 7 · The network learns
#
# ### XOR, solved
#
# Four hidden neurons, four examples, two classes. Press play: the shading is the network's probability that XOR is 1, from dark (no) to
# light (yes), the black line its decision boundary. Nobody tells the hidden layer what to do.

# %%
xor_targets = np.eye(2)[gates["XOR"]]
xor_start = initialise((2, 4, 2), seed=ready.seed)
moments = np.unique(np.geomspace(1, 400, 15).astype(int)) - 1  # steps at which we look, close together at the beginning
diary, xor_network = [], xor_start
for pause in np.diff(moments, prepend=0):
    xor_network, _ = train(xor_network, corners, xor_targets, 1.0, pause)
    diary.append(xor_network)
xor_losses = [cross_entropy(moment, corners, xor_targets) for moment in diary]
xor_chances = forward(xor_network, corners)["probabilities"][:, 1]
print(f"chance of 1 after {moments[-1]} steps:", xor_chances.round(3), "wanted:", gates["XOR"])

# %%
figure, axes = plt.subplots(figsize=(5, 4.2))


def draw_moment(number):
    axes.clear()
    chance_of = lambda points: forward(diary[number], points)["probabilities"][:, 1]  # noqa: E731
    draw_chances(axes, chance_of, corners, gates["XOR"], (-0.3, 1.3, -0.3, 1.3), 130)
    axes.set(xlabel="$x_1$", ylabel="$x_2$", title=f"step {moments[number]}: loss {xor_losses[number]:.3f}")


plots.animate(
    figure,
    draw_moment,
    frames=len(diary),
    alt=f"Over {moments[-1]} steps the decision boundary on the XOR square bends from a nearly straight line into a shape that has"
    f" both XOR = 1 corners on one side; the loss falls from {xor_losses[0]:.2f} to {xor_losses[-1]:.3f}.",
)

# %% [markdown]
# From a line to a curve, and XOR is learned. Does it always work? **One run proves little**, so we count: 20 random starts for each number of
# hidden neurons; solved means all four right and a loss below 0.1.

# %%
runs = {}
for neurons in (1, 2, 4):
    starts = [initialise((2, neurons, 2), seed=100 * ready.seed + number) for number in range(20)]
    runs[neurons] = [train(start, corners, xor_targets, 1.0, 400) for start in starts]
solved = {neurons: sum(losses[-1] < 0.1 for _, losses in results) for neurons, results in runs.items()}
print({f"{neurons} hidden": f"{count} of 20" for neurons, count in solved.items()})

# %% [markdown]
# Two hidden neurons *can* do it (we set the weights by hand in section 2), but from some starts gradient descent gets stuck where no small step
# makes it any better. A few neurons more than necessary, and there is nearly always a way down. That is one reason why networks are built
# larger than they need to be.
#
# And what did a network with two hidden neurons find, where we had chosen OR and NAND? Let us look at the four examples as its
# hidden layer sees them.

# %%
best_pair, pair_losses = min(runs[2], key=lambda run: run[1][-1])
moved = forward(best_pair, corners)["hidden"]  # (4, 2)
for corner, place in zip(corners, moved, strict=True):
    print(f"inputs {corner} -> hidden {place.round(2)}")
distances = [np.linalg.norm(moved[0] - moved[3]), np.linalg.norm(moved[1] - moved[2])]
print(f"apart: the two with XOR = 0 by {distances[0]:.2f}, the two with XOR = 1 by {distances[1]:.2f}")


def chance_from_hidden(places):
    return softmax(places @ best_pair["W2"] + best_pair["b2"])[:, 1]


# %%
figure, axes = plt.subplots(figsize=(5.2, 4))
filled = draw_chances(axes, chance_from_hidden, moved, gates["XOR"], (-1.25, 1.25, -1.25, 1.25), 130)
for corner, place, shift in zip(corners, moved, (0.14, 0.14, -0.14, -0.14), strict=True):
    side = -1 if place[0] > 0 else 1  # write towards the middle
    label = {"ha": "right" if side < 0 else "left", "va": "center", "bbox": {"fc": "white", "pad": 1.5}, "size": 9}
    axes.text(place[0] + 0.13 * side, place[1] + shift, f"({corner[0]}, {corner[1]})", **label)
figure.colorbar(filled, ax=axes, label="probability that XOR = 1")
axes.set(xlabel="hidden neuron 1", ylabel="hidden neuron 2")
plots.show(
    figure,
    alt="The four examples of XOR where a trained hidden layer of two neurons has moved them. The two with XOR = 1 lie"
    f" {distances[1]:.2f} apart, the two with XOR = 0 {distances[0]:.2f}; one straight border separates the two kinds.",
)

# %% [markdown]
# Compare with section 2. Ours laid the two XOR = 1 examples on one spot; this one may have chosen the XOR = 0 pair instead, but the trick is
# the same: two examples that belong together are moved (almost) onto one spot, and one straight line does the rest. Nobody told it to. **That is what backpropagation gives you: hidden layers that find their own way to move things.**
#
# ### Chinstrap or not
#
# The penguins' own XOR, where one straight line had its limit. Eight hidden neurons, same bill, same birds:

# %%
corner_network, corner_losses = train(initialise((2, 8, 2), ready.seed), bill, np.eye(2)[is_chinstrap], 1.0, 2000)


def predict_corner(points):
    return forward(corner_network, points)["probabilities"].argmax(axis=1)


def predict_line(points):
    return (points @ corner_weights + corner_biases > 0)[:, 0].astype(int)


corner_accuracy = np.mean(predict_corner(bill) == is_chinstrap)
print(f"right: one layer {line_accuracy:.3f}, with a hidden layer {corner_accuracy:.3f}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.9), sharey=True)
for axes, predict, title in ((left, predict_line, "one layer"), (right, predict_corner, "hidden layer of 8")):
    plots.decision_boundary(predict, bill, is_chinstrap, bill_units, alt="", axes=axes)
    axes.set_title(f"{title}: {np.mean(predict(bill) == is_chinstrap):.1%} right")
right.legend(right.collections[-2:], ["other", "Chinstrap"], fontsize=8, loc="lower right", frameon=True)
plots.show(
    figure,
    alt=f"Chinstraps (triangles) among the other penguins (circles) by their bill. Left: one straight line, {line_accuracy:.1%} right."
    f" Right: the network's curved border cuts the corner of the Chinstraps out, {corner_accuracy:.1%} right.",
)

# %% [markdown]
# A bent border for a question that needs one. (These are the birds it learned from. Whether it holds on birds it has never seen is the next question, and the
# only one that counts.)
#
# ### Three species, honestly measured
#
# All four measurements, three species. An honest result needs care before the first step:
#
# 1. **Split**: 30 % of the birds are put away for the test, *stratified*: each species has the same share in both parts.
# 2. **Standardise with the training birds' mean and standard deviation**, the test birds too. Computing them from all birds would let the test set whisper into the training.
# 3. **Repeat**: one split of 342 birds may be lucky. We split 20 times, and train anew each time.
#
# And two baselines: always the most common species; and softmax regression, that is our network without its hidden layer.

# %%
from sklearn.model_selection import train_test_split


def split_and_scale(seed):
    """Return inputs for training and test, standardised by the training birds, and their species."""
    train_inputs, test_inputs, train_species, test_species = train_test_split(
        features, species, test_size=0.3, stratify=species, random_state=seed
    )
    mean, deviation = train_inputs.mean(axis=0), train_inputs.std(axis=0)
    return (train_inputs - mean) / deviation, (test_inputs - mean) / deviation, train_species, test_species


def accuracy(parameters, inputs, wanted):
    return np.mean(forward(parameters, inputs)["probabilities"].argmax(axis=1) == wanted)


# %%
train_inputs, test_inputs, train_species, test_species = split_and_scale(ready.seed)
start = initialise((4, 8, 3), seed=ready.seed)
network, losses = train(start, train_inputs, np.eye(3)[train_species], learning_rate=0.5, steps=300)
test_accuracy = accuracy(network, test_inputs, test_species)
print(f"{len(train_inputs)} birds to learn from, {len(test_inputs)} to test on")
print(f"loss {losses[0]:.3f} -> {losses[-1]:.4f}")
print(f"right on the birds it learned from: {accuracy(network, train_inputs, train_species):.3f}")
print(f"right on birds never seen:          {test_accuracy:.3f}")

# %%
scores = {"always the most common species": [], "softmax regression": [], "network with 8 hidden neurons": []}
for number in range(20):
    a, b, a_species, b_species = split_and_scale(seed=100 * ready.seed + number)
    one_layer = train_one_layer(a, np.eye(3)[a_species], softmax, 0.5, 300)
    two_layers, _ = train(initialise((4, 8, 3), seed=number), a, np.eye(3)[a_species], 0.5, 300)
    scores["always the most common species"].append(np.mean(b_species == np.bincount(a_species).argmax()))
    scores["softmax regression"].append(np.mean((b @ one_layer[0] + one_layer[1]).argmax(axis=1) == b_species))
    scores["network with 8 hidden neurons"].append(accuracy(two_layers, b, b_species))

# %%
table = pd.DataFrame({name: {"mean": np.mean(s), "worst": min(s), "best": max(s)} for name, s in scores.items()}).T
lead = np.array(scores["network with 8 hidden neurons"]) - scores["softmax regression"]
print(f"network better in {np.sum(lead > 0)} of 20 splits, equal in {np.sum(lead == 0)}, worse in {np.sum(lead < 0)}")
table.round(3)

# %% [markdown]
# About 99 of 100 unseen penguins, on average over 20 splits and not just one. And the honest second look: softmax regression is nearly
# as good. With all four measurements the species lie almost apart, and straight borders are enough; the hidden layer has little left to win. It
# earned its place on the *Chinstrap* question, where the border had to bend. **Baseline first**, today as yesterday.
#
# ## 8 · The same in TensorFlow and in Keras
#
# Nobody derives gradients by hand for a living. Libraries record the computation graph while they compute, and walk it back
# by themselves: **automatic differentiation**. If we both did it right, the numbers agree. All of them.
#
# ### GradientTape
#
# This section needs TensorFlow by name: its `GradientTape` is like a tape recorder running during the forward pass. (With JAX
# the same is called `jax.grad`, with PyTorch `loss.backward()`.)

# %%
import tensorflow as tf

tf.config.experimental.enable_tensor_float_32_execution(False)  # or newer GPUs round what they multiply to 19 bits
small_start = {name: values * 1.0 for name, values in initialise((4, 3, 3), seed=ready.seed).items()}
targets = np.eye(3)[train_species]
by_hand = backward(small_start, forward(small_start, train_inputs), targets)

variables = {name: tf.Variable(values, dtype=tf.float64) for name, values in small_start.items()}
with tf.GradientTape() as tape:
    hidden = tf.tanh(train_inputs @ variables["W1"] + variables["b1"])
    scores_tape = hidden @ variables["W2"] + variables["b2"]
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=targets, logits=scores_tape))
by_tape = {name: gradient.numpy() for name, gradient in tape.gradient(loss, variables).items()}
print(f"loss by tape {loss.numpy():.10f}, ours {cross_entropy(small_start, train_inputs, targets):.10f}")

# %% [markdown]
# ### Keras
#
# Keras hides its gradients, but it can't hide what it does with them. One step of plain gradient descent at learning rate 1
# moves each parameter by exactly minus its gradient. So: note the weights, take one step, subtract. (This works on every
# backend.)


# %%
def make_keras(parameters):
    """The same network in Keras, with the same starting weights."""
    d, h = parameters["W1"].shape
    model = keras.Sequential([keras.Input(shape=(d,)), layers.Dense(h, activation="tanh"), layers.Dense(3)])
    model.set_weights([parameters[name] for name in ("W1", "b1", "W2", "b2")])
    return model


model = make_keras(small_start)
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=1.0), loss=keras.losses.CategoricalCrossentropy(from_logits=True)
)
before = model.get_weights()
model.train_on_batch(train_inputs, targets)
by_keras = {name: old - new for name, old, new in zip(by_hand, before, model.get_weights(), strict=True)}

# %% [markdown]
# And now all of them side by side: each of the network's gradients by hand, by finite differences, by the tape, by Keras.


# %%
def by_differences(parameters, name, place, nudge=1e-5):
    """One gradient by central finite differences."""
    values = []
    for sign in (1, -1):
        moved = {key: array.copy() for key, array in parameters.items()}
        moved[name][place] += sign * nudge
        values.append(cross_entropy(moved, train_inputs, targets))
    return (values[0] - values[1]) / (2 * nudge)


# %%
rows = {}
for name, array in by_hand.items():
    for place in np.ndindex(array.shape):
        row = {"NumPy, by hand": array[place], "finite differences": by_differences(small_start, name, place)}
        row |= {"GradientTape": by_tape[name][place], "Keras": by_keras[name][place]}
        rows[f"{name}[{', '.join(map(str, place))}]"] = row
agreement = pd.DataFrame(rows).T
spread = agreement.max(axis=1) - agreement.min(axis=1)
print(f"{len(agreement)} gradients; largest difference between any two columns: {spread.max():.1e}")
agreement.map("{:+.7f}".format).assign(**{"largest difference": spread.map("{:.0e}".format)})

# %%
largest = {name: (agreement["NumPy, by hand"] - agreement[name]).abs().max() for name in ("GradientTape", "Keras")}
for name, value in largest.items():
    print(f"by hand and {name}: largest difference {value:.1e}, wanted below 1e-5")

# %% [markdown]
# NumPy and the tape both compute in 64 bits and agree to the last few of them; Keras computes in 32 bits, which hold about seven
# decimal places, and agrees as far as these reach. **There is no magic in the libraries. They do what you just did.**
#
# If one gradient agrees, does a whole training? The same start, the same 300 steps, once in NumPy and once in Keras:

# %%
model = make_keras(start)
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.5), loss=keras.losses.CategoricalCrossentropy(from_logits=True)
)
keras_losses = []
for _ in range(300):
    model.reset_metrics()
    keras_losses.append(float(model.train_on_batch(train_inputs, targets)))
keras_gap = np.max(np.abs(np.array(keras_losses) - losses))
print(f"largest difference between the two learning curves: {keras_gap:.1e}")

# %%
figure, axes = plt.subplots(figsize=(7, 3.4))
axes.plot(losses, color="0.7", linewidth=6, label="NumPy, 64 bits")
axes.plot(keras_losses, "--", color="black", linewidth=1.5, label="Keras, 32 bits")
axes.set(xlabel="step", ylabel="loss (cross-entropy)", yscale="log", title="Two programs, one training")
axes.legend()
plots.show(
    figure,
    alt=f"Training loss over 300 steps, falling from {losses[0]:.2f} to {losses[-1]:.3f}: the dashed curve of Keras lies on the wide"
    f" grey curve of NumPy all the way, never further than {keras_gap:.1e} apart.",
)

# %% [markdown]
# ## What you should see
#
# The bands are the range over three seeds, measured by us with some room. The seed changes the split of the penguins, the order of
# the birds and the random starts.

# %%
expect("AND: epochs until no mistake", len(gate_mistakes["AND"]), low=6, high=6)
expect("XOR, one layer: mistakes in epoch 20", gate_mistakes["XOR"][-1], low=1, high=4)
expect("perceptron, Adelie or Gentoo: mistakes in the last epoch", pair_mistakes["Adelie or Gentoo"][-1], low=0, high=0)
expect(
    "perceptron, Adelie or Chinstrap: mistakes in epoch 50", pair_mistakes["Adelie or Chinstrap"][-1], low=1, high=20
)
expect("one weight, one bias: distance from least squares (kg/cm)", abs(path[-1][0] - best[0]), low=0, high=0.01)
expect("rate 0.15: loss after 40 steps (kg²)", final_losses[0.15], low=10)
expect("logistic regression, Adelie or Chinstrap (accuracy)", logistic_accuracy, low=0.95, high=0.99)
expect("softmax regression, bill only (accuracy)", softmax_accuracy, low=0.94, high=0.98)
expect("gradient check: worst relative error", max(check_errors.values()), low=0, high=1e-6)
expect("no mistake: loss after 300 steps", broken_losses["none"], low=0.05, high=0.1)
expect("slope of tanh forgotten: loss after 300 steps", broken_losses["slope of tanh forgotten"], low=0.05, high=0.6)
expect("b1, mean for sum: loss after 300 steps", broken_losses["b1: mean, not sum"], low=0.05, high=0.3)
expect("Glorot: signal after ten layers (standard deviation)", spreads["Glorot"][0][-1], low=0.1, high=0.5)
expect("Glorot × 0.2: signal after ten layers (standard deviation)", spreads["Glorot × 0.2"][0][-1], high=1e-4)
expect("Glorot × 5: gradient at layer 1 (standard deviation)", spreads["Glorot × 5"][1][0], low=10)
expect("XOR, two layers: right answers (of 4)", np.sum((xor_chances > 0.5) == gates["XOR"]), low=4, high=4)
expect("XOR, two layers: loss", xor_losses[-1], low=0, high=0.1)
expect("XOR solved with 2 hidden neurons (of 20 starts)", solved[2], low=4, high=18)
expect("XOR solved with 4 hidden neurons (of 20 starts)", solved[4], low=18, high=20)
expect("XOR, two hidden neurons: distance of the pair moved together", min(distances), high=0.5)
expect("Chinstrap or not, one layer (accuracy)", line_accuracy, low=0.83, high=0.89)
expect("Chinstrap or not, hidden layer (accuracy)", corner_accuracy, low=0.94, high=0.99)
expect("penguins, one split: test accuracy", test_accuracy, low=0.97, high=1)
expect("penguins, 20 splits: mean test accuracy", np.mean(scores["network with 8 hidden neurons"]), low=0.98, high=1)
expect("penguins, 20 splits: worst test accuracy", min(scores["network with 8 hidden neurons"]), low=0.93, high=1)
expect("softmax regression, 20 splits: mean test accuracy", np.mean(scores["softmax regression"]), low=0.97, high=1)
expect("gradients by hand and by GradientTape: largest difference", largest["GradientTape"], low=0, high=1e-5)
expect("gradients by hand and by Keras: largest difference", largest["Keras"], low=0, high=1e-5)
expect("300 steps in NumPy and in Keras: largest difference of the loss", keras_gap, low=0, high=1e-3)
expect_learned("penguin network", losses)
expect_varied("penguin network", forward(network, test_inputs)["probabilities"])

# %% [markdown]
# ## Summary
#
# 1. A neuron is a weighted sum, a bias and an activation; alone it draws one straight border, and XOR needs two. A hidden layer moves the examples to where one is enough.
# 2. Gradient descent turns each parameter against its derivative; the curvature of the loss sets the largest learning rate, and standardised inputs make the valley round.
# 3. Linear, logistic and softmax regression are one-layer networks with one and the same gradient: answer minus wanted.
# 4. Backpropagation is the chain rule walked backward through the graph: each node multiplies by its own derivative, sums over examples where a parameter was shared.
# 5. Many a wrong gradient still learns, only worse. The gradient check finds it; GradientTape agrees with you to the last digit, Keras, in 32 bits, to seven.
#
# ## Quiz
#
# **1. A perceptron with weights (2, −1) and bias −0.5: what does it answer to (1, 1)?**
# <details><summary>Answer</summary>
#
# $2 \cdot 1 - 1 \cdot 1 - 0.5 = 0.5 > 0$, so 1.
#
# </details>
#
# **2. Which of these are hyperparameters?** (a) the weights (b) the learning rate (c) the number of hidden neurons (d) the biases
# <details><summary>Answer</summary>
#
# (b) and (c): you choose them before training. Weights and biases are parameters; training finds them.
#
# </details>
#
# **3. Your gradient check gives a relative error of exactly 1/3 for one weight matrix, whatever the nudge. A likely cause?**
# <details><summary>Answer</summary>
#
# Your gradient is off by a factor of 2, in one direction or the other: $|2g - g| / (|2g| + |g|) = 1/3$. Typical is the 2 from the squared error. A wrong sign gives 1: $|{-g} - g| / (2|g|)$; so, nearly, does a large factor such as a forgotten $1/n$.
#
# </details>
#
# **4. A new classifier for 10 classes starts at a loss of 9.2. What do you think?**
# <details><summary>Answer</summary>
#
# Something is wrong before training: a classifier that knows nothing costs $\log 10 = 2.3$. At 9.2 it is sure and wrong; the starting weights or the inputs may be far too large.
#
# </details>
#
# **5. You double the learning rate of a training that went well, and the loss explodes. With the old rate it had zigzagged. Why?**
# <details><summary>Answer</summary>
#
# The zigzag says that $1 - \eta\lambda$ was negative in the steepest direction, that is $\eta > 1/\lambda$. Doubling makes $\eta > 2/\lambda$, beyond the limit: each step lands further away than it started.
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning with Scikit-Learn, Keras and TensorFlow*, 3rd ed., chapters 4 (gradient descent, logistic and softmax regression) and 10 (from perceptron to multilayer network).
# - Rumelhart, Hinton, Williams: [Learning representations by back-propagating errors](https://doi.org/10.1038/323533a0), Nature 323 (1986): four pages.
# - Glorot, Bengio: [Understanding the difficulty of training deep feedforward neural networks](https://proceedings.mlr.press/v9/glorot10a.html) (2010).
# - Michael Nielsen, [Neural networks and deep learning](http://neuralnetworksanddeeplearning.com/chap2.html), chapter 2: how backpropagation works, slowly.
# - Video: Grant Sanderson (3Blue1Brown), [Backpropagation calculus](https://www.youtube.com/watch?v=tIeHLnjs5U8).
#
# ## Now you
#
# In the [exercises](../exercises/day02_perceptron_backprop.ipynb) you write the backward passes yourself, and the gradient check is the
# judge; the [solutions](../solutions/day02_perceptron_backprop.ipynb) explain. Tomorrow, day 03: tensors, real tables, and the two kinds of task.
