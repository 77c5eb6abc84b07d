# %% [markdown]
# # Day 05 · Optimizers: momentum, Adam, and the learning rate
#
# **Today you write the six optimizers that train nearly everything, race them, prove that they are the ones in Keras, and then make a network better with nothing but its learning rate.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **write** SGD, momentum, Nesterov, RMSprop, Adam and AdamW from memory, in NumPy;
# - **say** what each of them cures, and where it fails;
# - **find** a learning rate with one short experiment, the range test;
# - **choose** a schedule (warm-up, cosine, exponential, 1cycle) and measure what it brings;
# - **change** the batch size without spoiling the training, and **share** a batch among several devices.
#
# **Time:** 100 to 120 minutes of reading and trying; the code runs in one and a half to two minutes on two CPU cores, and
# little faster on a GPU.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | optimizer | Optimierer, Optimierungsverfahren | saddle point | Sattelpunkt |
# | learning rate | Lernrate | ravine | Schlucht, enges Tal |
# | momentum | Impuls, Schwung | curvature | Krümmung |
# | schedule | Zeitplan (der Lernrate) | warm-up | Aufwärmphase |
# | moving average | gleitender Mittelwert | weight decay | Gewichtsabnahme, Gewichtszerfall |
# | bias correction | Verzerrungskorrektur | batch size | Stapelgröße, Batchgröße |
# | to diverge | divergieren, ausbrechen | decision boundary | Entscheidungsgrenze |
# | data-parallel training | Datenparallelität, datenparalleles Training | device | Gerät, Recheneinheit |
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
# ## 1 · Downhill is not enough
#
# Since day 02 you know gradient descent: go a small step against the gradient, again and again. It works, and on many problems it is
# hopelessly slow. To see why, we leave networks for a while and walk on surfaces with two coordinates, where every step can be drawn. Three of
# them, each with one of the difficulties that real loss surfaces have:
#
# - a **ravine**: steep across, flat along. Most losses are ravines in some directions, for instance when inputs have very different scales;
# - **Rosenbrock's valley**: a ravine that bends ([Rosenbrock, 1960](https://doi.org/10.1093/comjnl/3.3.175), the classic test of optimizers);
# - a **saddle**: flat in the middle, down on two sides. In spaces of many dimensions saddles are far more common than poor minima
#   ([Dauphin et al., 2014](https://arxiv.org/abs/1406.2572)).
#
# Each surface is a function that returns its height and its gradient, which we work out by hand.


# %%
def ravine(place):
    """Height and gradient of a parabola that is 50 times as steep across (y) as along (x)."""
    x, y = place
    return 0.5 * (x**2 + 50 * y**2), np.array([x, 50 * y])


def rosenbrock(place):
    """Height and gradient of Rosenbrock's curved valley; the only minimum is at (1, 1)."""
    x, y = place
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2, np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])


def saddle(place):
    """Height and gradient of a surface with a saddle at (0, 0) and two equal minima at (0, −1) and (0, 1)."""
    x, y = place
    return 5 * x**2 - 0.5 * y**2 + 0.25 * y**4 + 0.25, np.array([10 * x, -y + y**3])


# %%
surfaces = {  # name: (function, start, minima, limits of x, limits of y)
    "ravine": (ravine, (-9.0, 1.5), [(0, 0)], (-10, 4), (-2.6, 2.6)),
    "Rosenbrock": (rosenbrock, (-1.5, 2.0), [(1, 1)], (-2.1, 2.1), (-1.2, 3.4)),
    "saddle": (saddle, (-1.0, 0.001), [(0, -1), (0, 1)], (-1.3, 1.1), (-1.5, 1.5)),
}


def draw_surface(axes, name):
    """Draw the contour lines of a surface, its start (square) and its minima (stars)."""
    function, start, minima, x_limits, y_limits = surfaces[name]
    grid = np.meshgrid(np.linspace(*x_limits, 120), np.linspace(*y_limits, 120))
    axes.contour(*grid, np.log10(function(grid)[0] + 0.1), levels=14, colors="0.8", linewidths=0.8, linestyles="-")
    axes.plot(*start, "s", color="black", markersize=6)
    axes.plot(*np.transpose(minima), "*", color="black", markersize=11, linestyle="none")
    axes.set(xlabel="weight x", ylabel="weight y", title=name, xlim=x_limits, ylim=y_limits)
    axes.locator_params(nbins=5)
    axes.grid(visible=False)


# %% [markdown]
# ### Gradient descent, and the one limit you must know
#
# An optimizer is a small object: it is asked for a **step** and given the weights and the gradient. Plain gradient descent needs to remember
# nothing. We call it SGD, as everybody does, though the *S* (stochastic, day 04) only comes with the batches later today.


# %%
class SGD:
    """w ← w − rate · g"""

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def step(self, weights, gradient):
        """Return the weights after one step; weights and gradient are arrays of the same shape."""
        return weights - self.learning_rate * gradient


def descend(function, start, optimizer, steps):
    """Walk on a surface; return the path, shape (steps + 1, 2), cut short if it runs off beyond 1,000."""
    path = [np.array(start)]
    while len(path) <= steps and np.abs(path[-1]).max() < 1000:
        path.append(optimizer.step(path[-1], function(path[-1])[1]))
    return np.array(path)


# %%
figure, panels = plt.subplots(1, 3, figsize=(10, 3.2), sharey=True)
ends = []
for axes, rate, name in zip(panels, (0.004, 0.036, 0.041), ("too small", "nearly right", "too large"), strict=True):
    draw_surface(axes, "ravine")
    path = descend(ravine, surfaces["ravine"][1], SGD(rate), steps=30)
    ends.append(path[-1])
    axes.plot(*path.T, "-o", markersize=3, linewidth=1, color=plots.COLOURS[0])
    axes.set_title(f"{name}: rate {rate}")
    axes.label_outer()
plots.show(
    figure,
    alt="30 steps of gradient descent in the ravine. Rate 0.004 creeps along and stops at x = "
    f"{ends[0][0]:.1f}; rate 0.036 zigzags across, narrowing, and reaches x = {ends[1][0]:.1f}; rate 0.041 zigzags wider and"
    f" wider, at the end {abs(ends[2][1]):.1f} from the middle line.",
)

# %% [markdown]
# Between *nearly right* and *too large* lies a tiny step. Here is why. Across the ravine the height is $\frac{1}{2} c\, y^2$ with curvature
# $c = 50$ (day 02 called the curvature $\lambda$ and the rate $\eta$; $\lambda$ is needed for the weight decay below), the gradient is $c\,y$, and one step of gradient descent makes
#
# $$y \leftarrow y - \text{rate} \cdot c\,y = (1 - \text{rate} \cdot c)\; y .$$
#
# Every step multiplies $y$ by the same number. If its size is below 1 we come down, if it is above 1 we go up, for ever faster. So
# the limit is
#
# $$\text{rate} < \frac{2}{c}, \qquad\text{here}\quad \frac{2}{50} = 0.04 .$$
#
# The *steepest* direction alone sets the limit; and the *flattest* direction, with curvature 1, has to live with it: there each step multiplies
# $x$ by $1 - \text{rate}$, at best by 0.96. That is the whole misery of gradient descent: **one rate for all directions, and the steepest
# direction dictates it.** Everything that follows is a cure for this.

# %%
for rate in (0.004, 0.036, 0.041):
    path = descend(ravine, surfaces["ravine"][1], SGD(rate), steps=30)
    print(
        f"rate {rate}: each step multiplies x by {path[1, 0] / path[0, 0]:.3f} and y by {path[1, 1] / path[0, 1]:+.3f}"
    )

# %% [markdown]
# ## 2 · Six optimizers by hand
#
# ### 2.1 Momentum: average the gradients
#
# In the zigzag, the gradient across changes its sign at every step, while the gradient along is small but always points the same
# way. So *average* over the last steps: what contradicts itself cancels, what agrees adds up. Physically: give the point a mass and let it roll
# ([Polyak, 1964](https://doi.org/10.1016/0041-5553(64)90137-5)). The optimizer now remembers a velocity $v$:
#
# $$v \leftarrow \beta\, v - \text{rate} \cdot g \qquad\qquad w \leftarrow w + v$$
#
# With $\beta = 0.9$ and a gradient that stays the same, the velocity grows to $1 + 0.9 + 0.9^2 + \dots = 10$ times a single step.
#
# ### 2.2 Nesterov: look where you will be
#
# A heavy ball overshoots. Nesterov's idea (1983; for networks [Sutskever et al., 2013](https://proceedings.mlr.press/v28/sutskever13.html)):
# the velocity will carry us on anyway, so use the gradient at the place *where it will have carried us*. Written so that only the gradient at the
# present place is needed, it is one more line:
#
# $$w \leftarrow w + \beta\, v - \text{rate} \cdot g \qquad\text{(with the new } v\text{)}$$


# %%
class Momentum:
    """v ← β v − rate · g;  w ← w + v, or with Nesterov's look ahead w ← w + β v − rate · g"""

    def __init__(self, learning_rate, beta=0.9, nesterov=False):
        self.learning_rate, self.beta, self.nesterov = learning_rate, beta, nesterov
        self.velocity = 0.0

    def step(self, weights, gradient):
        """Return the weights after one step."""
        self.velocity = self.beta * self.velocity - self.learning_rate * gradient
        if self.nesterov:
            return weights + self.beta * self.velocity - self.learning_rate * gradient
        return weights + self.velocity


# %%
figure, panels = plt.subplots(1, 3, figsize=(10, 3.2), sharey=True)
rollers = {"SGD": SGD(0.01), "momentum": Momentum(0.01), "Nesterov": Momentum(0.01, nesterov=True)}
reached = {}
for axes, (name, optimizer) in zip(panels, rollers.items(), strict=True):
    draw_surface(axes, "ravine")
    path = descend(ravine, surfaces["ravine"][1], optimizer, steps=40)
    reached[name] = float(np.hypot(*path[-1]))
    axes.plot(*path.T, "-o", markersize=3, linewidth=1, color=plots.COLOURS[0])
    axes.set_title(f"{name}: ends {reached[name]:.2f} away")
    axes.label_outer()
plots.show(
    figure,
    alt="40 steps at rate 0.01 in the ravine. Distance from the minimum at the end: "
    + ", ".join(f"{name} {value:.2f}" for name, value in reached.items())
    + ". SGD creeps along the floor; momentum swings across and past the minimum before it settles; Nesterov swings less.",
)

# %% [markdown]
# All three had the same rate of 0.01. SGD creeps. Momentum came down the whole ravine, swinging across it, and rolled past the goal, from where it will
# return; Nesterov did the same with far less swinging. The price is a second array as large as the weights.
#
# ### 2.3 RMSprop: a rate of its own for each weight
#
# Momentum still has one rate for all. The other cure is to give each weight its own: divide each gradient by its usual size. The usual size
# is the **r**oot of the **m**ean **s**quare, a moving average that forgets:
#
# $$s \leftarrow \rho\, s + (1 - \rho)\, g^2 \qquad\qquad w \leftarrow w - \text{rate} \cdot \frac{g}{\sqrt{s + \epsilon}}$$
#
# (all per weight; $\epsilon$ only prevents a division by zero). A steep direction is slowed down, a flat one speeded up. Hinton
# presented it in a [lecture of 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf). Mind what follows from the division: the step no longer depends on how *steep* the surface is. Multiply the
# loss by 1,000, and RMSprop takes the same steps (but for $\epsilon$).


# %%
class RMSprop:
    """s ← ρ s + (1 − ρ) g²;  w ← w − rate · g / √(s + ε)"""

    def __init__(self, learning_rate, rho=0.9, epsilon=1e-7):
        self.learning_rate, self.rho, self.epsilon = learning_rate, rho, epsilon
        self.square = 0.0

    def step(self, weights, gradient):
        """Return the weights after one step."""
        self.square = self.rho * self.square + (1 - self.rho) * gradient**2
        return weights - self.learning_rate * gradient / np.sqrt(self.square + self.epsilon)


# %% [markdown]
# ### 2.4 Adam: both, and a fair start
#
# **Adam** ([Kingma and Ba, 2014](https://arxiv.org/abs/1412.6980)) averages the gradient, as momentum does, *and* its square, as RMSprop does:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad s \leftarrow \beta_2 s + (1 - \beta_2)\, g^2 \qquad
# w \leftarrow w - \text{rate} \cdot \frac{m / (1 - \beta_1^t)}{\sqrt{s / (1 - \beta_2^t)} + \epsilon}$$
#
# Why the divisions by $1 - \beta^t$? Both averages begin at zero, so at first they are too small: after the first step $m = 0.1\,g$ and
# $s = 0.001\,g^2$. The **bias correction** makes up for it, exactly. Without it the two errors do not cancel; see by how much:

# %%
for t in (1, 10, 100, 1000):
    wrong_by = (1 - 0.9**t) / np.sqrt(1 - 0.999**t)
    print(f"without bias correction, step {t:>4} would be {wrong_by:.2f} times as long as it should be")

# %% [markdown]
# Three to six and a half times too long, and that for a hundred steps, at the very moment when the weights are random. (Look at $t = 1$ *with* the correction: the
# first step is $\text{rate} \cdot g / |g|$. Every weight moves by exactly the learning rate, whatever its gradient!)
#
# ### 2.5 AdamW: shrink the weights, but not through the gradient
#
# Day 04's L2 penalty adds $2\lambda w$ to the gradient (from here on the 2 is counted into $\lambda$). In Adam that term is then divided by $\sqrt{s}$ as well: a weight with large
# gradients is hardly shrunk, one with small gradients strongly. Nobody meant that. **AdamW** ([Loshchilov and Hutter,
# 2017](https://arxiv.org/abs/1711.05101)) takes the decay out of the gradient and shrinks the weights directly, all by the same share:
#
# $$w \leftarrow w - \text{rate} \cdot \lambda\, w \qquad\text{and then Adam's step.}$$


# %%
class Adam:
    """Averages of the gradient (m) and of its square (s), both corrected for their start at zero."""

    def __init__(self, learning_rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        self.learning_rate, self.beta_1, self.beta_2, self.epsilon = learning_rate, beta_1, beta_2, epsilon
        self.mean = self.square = 0.0
        self.steps = 0

    def step(self, weights, gradient):
        """Return the weights after one step."""
        self.steps += 1
        self.mean = self.beta_1 * self.mean + (1 - self.beta_1) * gradient
        self.square = self.beta_2 * self.square + (1 - self.beta_2) * gradient**2
        correction = (1 - self.beta_2**self.steps) ** 0.5 / (1 - self.beta_1**self.steps)
        return weights - self.learning_rate * correction * self.mean / (np.sqrt(self.square) + self.epsilon)


class AdamW(Adam):
    """Adam, with the weights shrunk by the share rate · decay before each step."""

    def __init__(self, learning_rate, weight_decay=0.004):
        super().__init__(learning_rate)
        self.weight_decay = weight_decay

    def step(self, weights, gradient):
        """Return the weights after one step."""
        return super().step(weights - self.learning_rate * self.weight_decay * weights, gradient)


# %% [markdown]
# (We gathered both corrections into one factor, and $\epsilon$ stands outside the root: so does Keras, and there it is `1e-7`. The paper adds
# $\epsilon$ after the correction of $s$, which matters only where gradients are as small as $\epsilon$ itself.)
#
# Is the claim about L2 true? Two thousand weights that all begin at 1 and whose gradients are pure noise, half of them large (standard
# deviation 10), half of them small (0.1). An honest decay should not care:

# %%
random = np.random.default_rng(ready.seed)
size = np.repeat([10.0, 0.1], 1000)  # the usual size of each weight's gradient
decay = 0.1
through_gradient, direct = Adam(0.01), AdamW(0.01, weight_decay=decay)
with_l2, decoupled = np.ones(2000), np.ones(2000)
for _ in range(300):
    noise = size * random.normal(size=2000)
    with_l2 = through_gradient.step(with_l2, noise + decay * with_l2)
    decoupled = direct.step(decoupled, noise)
for name, weights in (("Adam with L2 penalty", with_l2), ("AdamW", decoupled)):
    print(
        f"{name:<21} mean weight left: large gradients {weights[:1000].mean():.2f}, small {weights[1000:].mean():.2f}"
    )
print(f"the decay alone leaves (1 − 0.01 · {decay})^300 = {(1 - 0.01 * decay) ** 300:.2f}")

# %% [markdown]
# AdamW shrinks both halves alike, by just the share that was asked for. The penalty hardly touches the weights with large gradients, and
# all but wipes out the others.
#
# ### The same as in Keras?
#
# You need not believe us that these few lines are what Keras does. A hundred steps with random gradients, side by side; all differences come
# from the 32 bits in which Keras computes.

# %%
pairs = {
    "SGD": (SGD(0.01), keras.optimizers.SGD(0.01)),
    "momentum": (Momentum(0.01), keras.optimizers.SGD(0.01, momentum=0.9)),
    "Nesterov": (Momentum(0.01, nesterov=True), keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True)),
    "RMSprop": (RMSprop(0.01), keras.optimizers.RMSprop(0.01)),
    "Adam": (Adam(0.01), keras.optimizers.Adam(0.01)),
    "AdamW": (AdamW(0.01, weight_decay=0.1), keras.optimizers.AdamW(0.01, weight_decay=0.1)),
}
gradients = random.normal(size=(100, 4, 3)).astype("float32")
difference = {}
for name, (ours, theirs) in pairs.items():
    weights = np.ones((4, 3))
    variable = keras.Variable(weights, dtype="float32")
    for gradient in gradients:
        weights = ours.step(weights, gradient)
        theirs.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        gap = np.abs(weights - keras.ops.convert_to_numpy(variable)).max()
        difference[name] = max(difference.get(name, 0.0), float(gap))
    print(f"{name:<9} largest difference from keras.optimizers over 100 steps: {difference[name]:.1e}")

# %% [markdown]
# ## 3 · The race
#
# Five of them start; AdamW stays at home, because shrinking the weights towards zero helps nobody whose goal lies elsewhere.
#
# A race is fair only if everybody runs with a good learning rate. Many published claims that "A beats B" die here: A was tuned, B was not
# ([Choi et al., 2019](https://arxiv.org/abs/1910.05446)). So each optimizer tries 21 rates on each surface. The goal is reached when less than 1 %
# of the height at the start is left, for good; the fewest steps count, at most 150 are allowed.

# %%
racers = {
    "SGD": SGD,
    "momentum": Momentum,
    "Nesterov": lambda rate: Momentum(rate, nesterov=True),
    "RMSprop": RMSprop,
    "Adam": Adam,
}
styles = dict(
    zip(racers, [("-", "o"), ("--", "s"), ("-.", "D"), (":", "^"), ((0, (6, 1, 1, 1, 1, 1)), "P")], strict=True)
)
colours = dict(zip(racers, plots.COLOURS, strict=False))


def best_run(surface, make_optimizer, steps=150):
    """Try 21 rates from 0.0001 to 10; return (steps to the goal, final height, rate, path) of the best one."""
    function, start, *_ = surfaces[surface]
    runs = []
    for rate in 10 ** np.linspace(-4, 1, 21):
        path = descend(function, start, make_optimizer(rate), steps)
        heights = function(path.T)[0]
        above_goal = np.flatnonzero(heights >= 0.01 * heights[0])
        arrived = above_goal[-1] + 1 if above_goal[-1] < steps and len(path) > steps else np.inf
        runs.append((arrived, heights[-1], rate, path))
    return min(runs, key=lambda run: run[:2])


races = {surface: {name: best_run(surface, make) for name, make in racers.items()} for surface in surfaces}

# %%
print(f"{'steps to the goal (best rate)':<30}" + "".join(f"{name:>16}" for name in racers))
for surface, runs in races.items():
    told = [f"{arrived:.0f} ({rate:.2g})" if arrived < np.inf else "never" for arrived, _, rate, _ in runs.values()]
    print(f"{surface:<30}" + "".join(f"{text:>16}" for text in told))

# %%
figure, panels = plt.subplots(1, 3, figsize=(10, 4))
drawn = {}
for axes, surface in zip(panels, surfaces, strict=True):
    draw_surface(axes, surface)
    for name, (dashes, marker) in styles.items():
        look = {"linestyle": dashes, "marker": marker, "color": colours[name], "markersize": 7, "linewidth": 1.4}
        (drawn[surface, name],) = axes.plot([], [], label=name, **look)
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
moments = np.unique(np.geomspace(1, 150, 13).round().astype(int))  # early steps matter most


def draw_race(frame):
    for (surface, name), line in drawn.items():
        path = races[surface][name][3][: moments[frame] + 1]
        line.set_data(*path.T)
        line.set_markevery([len(path) - 1])
    panels[0].set_title(f"ravine, step {moments[frame]}")


plots.animate(
    figure,
    draw_race,
    frames=len(moments),
    alt="The paths of five optimizers on the three surfaces, each at its best rate. Steps until 1 % of the height is left: "
    + "; ".join(
        f"{surface}: " + ", ".join(f"{name} {run[0]:.0f}".replace("inf", "never") for name, run in runs.items())
        for surface, runs in races.items()
    )
    + ".",
    seconds=8,
)

# %% [markdown]
# Watch it twice; pause where you like.
#
# - In the **ravine** everybody but RMSprop beats SGD. RMSprop and Adam set off diagonally, as far along as across, because both rescale the two
#   directions. But near the goal RMSprop cannot settle: dividing by the size of the gradient keeps its steps long when the gradient gets small.
# - **Rosenbrock's** valley turns, and with it the steep direction turns away from the axes. Rescaling each *axis* is no longer the right cure;
#   momentum is. SGD and RMSprop do not arrive within the 150 steps.
# - At the **saddle** everybody starts 0.001 beside the ridge, where the slope *sideways* is almost nothing. SGD's first step sideways is a thousandth of its
#   rate; Adam's is the whole rate, for Adam does not care how small a gradient is. SGD needs patience, even at its best rate, and plain momentum
#   is no faster. Nesterov's best rate is nearly twice plain momentum's here, and it is the fastest.
#
# Nobody wins everywhere. That is no accident of our three surfaces (day 01: no free lunch), and it is why you learned six and not one.
#
# ### Play
#
# Get a feel for it: choose a surface and an optimizer, and move the rate. Questions to try:
#
# - In the ravine, does momentum survive rates above SGD's limit of 0.04? How far above?
# - Which rate makes Adam circle around the goal instead of arriving?
# - On Rosenbrock's valley: what is the largest rate that SGD survives, and what does momentum do with the same one?
#
# Without a running kernel you see the picture for the first values; section 1 shows others.


# %%
def walk_and_draw(surface, optimizer, learning_rate, steps):
    """Draw the path of one optimizer and the height over the steps; return the figure and its alt text."""
    function, start, *_ = surfaces[surface]
    path = descend(function, start, racers[optimizer](learning_rate), steps)
    heights = function(path.T)[0]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8))
    draw_surface(left, surface)
    left.plot(*path.T, "-o", markersize=3, linewidth=1, color=plots.COLOURS[0])
    right.plot(np.maximum(heights, 1e-12), color=plots.COLOURS[0])
    right.set(xlabel="step", ylabel="height", yscale="log", title=f"{optimizer}, rate {learning_rate:.3g}")
    end = f"runs off after {len(path) - 1} steps" if len(path) <= steps else f"ends at height {heights[-1]:.2g}"
    return figure, f"{optimizer} on the surface {surface}, rate {learning_rate:.3g}, {steps} steps: it {end}."


plots.interact(
    walk_and_draw,
    surface=ipywidgets.Dropdown(options=list(surfaces), value="Rosenbrock"),
    optimizer=ipywidgets.Dropdown(options=list(racers), value="momentum"),
    learning_rate=ipywidgets.FloatLogSlider(0.001, min=-4, max=1, step=0.1, continuous_update=False),
    steps=ipywidgets.IntSlider(100, 10, 300, step=10, continuous_update=False),
)

# %% [markdown]
# ## 4 · A spiral, solved with your own Adam
#
# Does the race say anything about networks? Let your optimizers train one. The task is the hardest of the four in the [TensorFlow
# playground](https://playground.tensorflow.org): two arms wound into each other, inner turns to outer. No straight line comes near it.
# The playground draws each arm as radius $5 i / n$ at angle $1.75 \cdot 2\pi\, i / n$ for its points $i = 0 \dots n - 1$ and adds uniform
# noise; we do the same.


# %%
def spiral(points, noise, random):
    """Two spiral arms of points // 2 places each; returns places, shape (points, 2), and labels, shape (points,)."""
    share = np.arange(points // 2) / (points // 2)
    places, labels = [], []
    for arm in (0, 1):
        angle = 1.75 * 2 * np.pi * share + np.pi * arm
        exact = 5 * share[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
        places.append(exact + noise * random.uniform(-1, 1, size=exact.shape))
        labels.append(np.full(points // 2, arm))
    return np.concatenate(places), np.concatenate(labels)


random = np.random.default_rng(ready.seed)
spiral_x, spiral_y = spiral(400, noise=0.25, random=random)
test_spiral_x, test_spiral_y = spiral(2000, noise=0.25, random=random)

# %% [markdown]
# The network is day 02's, for any number of layers: ReLU between them, softmax at the end, He's initialisation (normal with
# variance $2 / \text{inputs}$, day 07 says why). Its gradients are a backward walk through the list of weights.


# %%
def make_weights(sizes, random):
    """Start weights [matrix, bias, matrix, bias, …] of a network with these layer sizes."""
    weights = []
    for inputs, outputs in zip(sizes, sizes[1:], strict=False):
        matrix = random.normal(scale=np.sqrt(2 / inputs), size=(inputs, outputs))
        weights += [matrix.astype("float32"), np.zeros(outputs, dtype="float32")]
    return weights


def forward(weights, inputs):
    """Return the activations of all layers; the last, shape (examples, classes), are the scores."""
    activations = [inputs]
    for matrix, bias in zip(weights[::2], weights[1::2], strict=True):
        activations.append(np.maximum(0, activations[-1] @ matrix + bias))
    activations[-1] = activations[-2] @ weights[-2] + weights[-1]  # no ReLU on the scores
    return activations


def accuracy(weights, inputs, labels):
    """Share of right answers."""
    return float(np.mean(forward(weights, inputs)[-1].argmax(axis=1) == labels))


# %%
def loss_and_gradients(weights, inputs, labels):
    """Mean cross-entropy of a batch, and its gradients in the order of the weights."""
    activations = forward(weights, inputs)
    scores = activations[-1] - activations[-1].max(axis=1, keepdims=True)
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(probabilities[rows, labels] + 1e-12).mean()
    probabilities[rows, labels] -= 1
    delta, gradients = probabilities / len(labels), []
    for layer in reversed(range(len(weights) // 2)):
        gradients = [activations[layer].T @ delta, delta.sum(axis=0), *gradients]
        delta = (delta @ weights[2 * layer].T) * (activations[layer] > 0)
    return loss, gradients


def train(weights, inputs, labels, make_optimizer, learning_rate, steps, batch_size, random):
    """Train with one optimizer per array; yield (loss of the batch, weights) after each step."""
    optimizers = [make_optimizer(learning_rate) for _ in weights]
    for _ in range(steps):
        batch = random.integers(len(inputs), size=batch_size)
        loss, gradients = loss_and_gradients(weights, inputs[batch], labels[batch])
        weights = [each.step(w, g) for each, w, g in zip(optimizers, weights, gradients, strict=True)]
        yield loss, weights


# %% [markdown]
# Two hidden layers of 32 neurons, 500 steps, 64 points a step. Everybody gets the same start and the same batches, and takes the better of
# two rates.


# %%
def solve_spiral(name, learning_rate, steps=500, sizes=(2, 32, 32, 2), inputs=spiral_x, labels=spiral_y):
    """Train a network on a spiral; return the list of (loss, weights) after each step."""
    random = np.random.default_rng(ready.seed)
    start = make_weights(sizes, random)
    return list(train(start, inputs.astype("float32"), labels, racers[name], learning_rate, steps, 64, random))


choices = {"SGD": (0.3, 1.0), "momentum": (0.03, 0.1), "RMSprop": (0.005, 0.01), "Adam": (0.01, 0.02)}
spiral_runs, spiral_rates, spiral_accuracy = {}, {}, {}
for name, rates in choices.items():
    runs = {rate: solve_spiral(name, rate) for rate in rates}
    best = min(rates, key=lambda rate: np.mean([loss for loss, _ in runs[rate][-50:]]))
    spiral_runs[name], spiral_rates[name] = runs[best], best
    spiral_accuracy[name] = accuracy(runs[best][-1][1], test_spiral_x, test_spiral_y)
    print(f"{name:<9} best rate {best:<6} accuracy on new points after 500 steps: {spiral_accuracy[name]:.3f}")

# %%
figure, axes = plt.subplots()
told = []
for name, run in spiral_runs.items():
    averaged = np.convolve([loss for loss, _ in run], np.ones(25) / 25, mode="valid")
    look = {"linestyle": styles[name][0], "color": colours[name]}
    axes.plot(np.arange(25, 501), averaged, label=f"{name}, rate {spiral_rates[name]}", **look)
    told.append(f"{name} {averaged[-1]:.3f}")
axes.set(xlabel="step", ylabel="loss (cross-entropy, mean of 25 steps)", ylim=(0, 0.8))
axes.legend(loc="lower left")
plots.show(
    figure,
    alt=f"Training loss on the spiral over 500 steps. At the end: {', '.join(told)}."
    " At the end RMSprop and Adam lie far below SGD and momentum.",
)

# %% [markdown]
# Now the difference is not a detail. The weights of a network see gradients of very different sizes, layer by layer and neuron by
# neuron, and a rate of its own for each of them pays. (On large convolutional networks with long schedules, well-tuned momentum
# keeps up with Adam or beats it: [Wilson et al., 2017](https://arxiv.org/abs/1705.08292). For transformers Adam and AdamW are the rule.)
#
# Here is what your Adam did. The line is the decision boundary, where the network finds both classes equally likely.

# %%
edge = np.linspace(-6, 6, 70, dtype="float32")
places = np.stack(np.meshgrid(edge, edge), axis=-1).reshape(-1, 2)
figure, axes = plt.subplots(figsize=(5.5, 5))


def draw_boundary(axes, weights, inputs, labels):
    """Shade the plane by the network's class, draw the boundary between the two, and the points."""
    axes.clear()
    scores = forward(weights, places)[-1]
    margin = (scores[:, 1] - scores[:, 0]).reshape(70, 70)
    axes.contourf(edge, edge, margin, levels=[-1e9, 0, 1e9], colors=plots.COLOURS[:2], alpha=0.25)
    axes.contour(edge, edge, margin, levels=[0], colors="black", linewidths=1.2)
    for arm in (0, 1):
        chosen = inputs[labels == arm]
        axes.scatter(*chosen.T, s=12, color=plots.COLOURS[arm], marker=plots.MARKERS[arm], edgecolor="black", lw=0.3)
    axes.set(xlabel="input x₁", ylabel="input x₂")
    axes.grid(visible=False)


def draw_moment(frame):
    step = max(1, round(500 * frame / 11))
    weights = spiral_runs["Adam"][step - 1][1]
    draw_boundary(axes, weights, spiral_x, spiral_y)
    axes.set_title(f"step {step}: accuracy {accuracy(weights, spiral_x, spiral_y):.2f}")


plots.animate(
    figure,
    draw_moment,
    frames=12,
    alt="The decision boundary over 500 steps of Adam: at first nearly a straight line, then it bends, and at the end it winds"
    f" between the two spiral arms; accuracy on new points {spiral_accuracy['Adam']:.3f}.",
)

# %% [markdown]
# ### How many points, how much noise?
#
# The same network and the same Adam, with 40, 100 or 400 points and three levels of noise. Above each picture: accuracy on the points it
# learned from, and on 2,000 new ones.

# %%
figure, grid = plt.subplots(3, 3, figsize=(8.4, 8.8), sharex=True, sharey=True)
spiral_table = {}
for row, noise in zip(grid, (0.0, 0.5, 1.0), strict=True):
    new_x, new_y = spiral(2000, noise, np.random.default_rng(100))
    for axes, points in zip(row, (40, 100, 400), strict=True):
        x, y = spiral(points, noise, np.random.default_rng(ready.seed))
        weights = solve_spiral("Adam", 0.02, inputs=x, labels=y)[-1][1]
        learned, new = accuracy(weights, x, y), accuracy(weights, new_x, new_y)
        spiral_table[noise, points] = learned, new
        draw_boundary(axes, weights, x, y)
        axes.set_title(f"{points} points, noise {noise}\nlearned {learned:.2f}, new {new:.2f}", fontsize=10)
        axes.label_outer()
plots.show(
    figure,
    alt="Decision boundaries for three noise levels and three numbers of points. Accuracy on learned and on new points: "
    + "; ".join(f"noise {n}, {p} points: {a:.2f} and {b:.2f}" for (n, p), (a, b) in spiral_table.items())
    + ".",
)

# %% [markdown]
# With 40 points the network is mostly right about what it has seen, and worse on new points, much worse where there is noise: it cannot know where the arm
# goes in the gaps. More *points* help most in the middle row. In the bottom row the noise makes each arm 2 units thick, while neighbouring
# windings are only about 1.4 apart: the classes overlap, and no network can do much. With 40 points it still learned nearly everything by
# heart, and knows next to nothing. That is day 04's gap between training and test, drawn; and no optimizer closes it. An
# optimizer finds *a* low loss, not the one you meant.
#
# And how large must the network be? (Two or four neurons a layer draw too few lines, and which of them is luckier says nothing.) Two hidden layers again, from 2 to 64 neurons each:

# %%
for neurons in (2, 4, 8, 16, 32, 64):
    weights = solve_spiral("Adam", 0.02, sizes=(2, neurons, neurons, 2))[-1][1]
    print(f"2 × {neurons:>2} neurons: accuracy on new points {accuracy(weights, test_spiral_x, test_spiral_y):.3f}")

# %% [markdown]
# ### The same in Keras
#
# Same architecture, same optimizer, same number of steps and points a step: about 80 times the 400 points, in batches of 64. Every epoch costs
# overhead, so we lay the 400 points out 80 times and go through them once.

# %%
network = keras.Sequential(
    [
        keras.Input(shape=(2,)),
        layers.Dense(32, activation="relu", kernel_initializer="he_normal"),
        layers.Dense(32, activation="relu", kernel_initializer="he_normal"),
        layers.Dense(2, activation="softmax"),
    ]
)
network.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")
network.fit(np.tile(spiral_x, (80, 1)), np.tile(spiral_y, 80), batch_size=64, verbose=0)
answers = keras.ops.convert_to_numpy(network(test_spiral_x)).argmax(axis=1)
keras_spiral = float(np.mean(answers == test_spiral_y))
print(f"accuracy on new points: Keras {keras_spiral:.3f}, by hand {spiral_accuracy['Adam']:.3f}")

# %% [markdown]
# ### Play
#
# The playground, with your own code inside. One training takes a second or less. Can you
#
# - solve the spiral with SGD? (try its rate, give it more steps);
# - find the rate at which Adam breaks;
# - solve it with 8 neurons a layer, by training longer?


# %%
def spiral_and_draw(optimizer, learning_rate, steps, neurons, points, noise):
    """Train on a new spiral and draw the boundary; return the figure and its alt text."""
    x, y = spiral(points, noise, np.random.default_rng(ready.seed))
    new_x, new_y = spiral(2000, noise, np.random.default_rng(100))
    with np.errstate(all="ignore"):  # a rate that is too high overflows; the picture shows it
        run = solve_spiral(optimizer, learning_rate, steps, (2, neurons, neurons, 2), x, y)
        new = accuracy(run[-1][1], new_x, new_y)
        figure, axes = plt.subplots(figsize=(5.5, 5))
        draw_boundary(axes, run[-1][1], x, y)
    axes.set_title(f"loss {run[-1][0]:.3f}, accuracy on new points {new:.2f}")
    return (
        figure,
        f"Spiral after {steps} steps of {optimizer}, rate {learning_rate:.3g}: accuracy on new points {new:.2f}.",
    )


plots.interact(
    spiral_and_draw,
    optimizer=ipywidgets.Dropdown(options=list(racers), value="Adam"),
    learning_rate=ipywidgets.FloatLogSlider(0.01, min=-4, max=1, step=0.25, continuous_update=False),
    steps=ipywidgets.IntSlider(500, 50, 2000, step=50, continuous_update=False),
    neurons=ipywidgets.IntSlider(16, 1, 64, continuous_update=False),
    points=ipywidgets.IntSlider(200, 20, 1000, step=20, continuous_update=False),
    noise=ipywidgets.FloatSlider(value=0.25, min=0, max=1, step=0.05, continuous_update=False),
)

# %% [markdown]
# ## 5 · The learning rate of a real network
#
# Adam gives each weight its own scale. It does not choose the learning rate for you: that is still the number that decides most. From here on we work on
# **Fashion-MNIST**, 60,000 small pictures of clothes in ten classes, with a plain MLP: 784 inputs, 256 and 128 ReLU neurons, 10 outputs. The last
# 5,000 training pictures are our validation set: *it* decides what is best. The 10,000 test pictures decide nothing; we show their verdict on every schedule, once all are trained.

# %%
fashion = data.load("fashion_mnist")
images = fashion["train_images"].reshape(-1, 784).astype("float32")
centre, spread = images[:55000].mean(), images[:55000].std()
images = (images - centre) / spread
train_images, train_labels = images[:55000], fashion["train_labels"][:55000].astype("int32")
validation_images, validation_labels = images[55000:], fashion["train_labels"][55000:].astype("int32")
test_images = (fashion["test_images"].reshape(-1, 784).astype("float32") - centre) / spread
test_labels = fashion["test_labels"].astype("int32")


keras.utils.set_random_seed(ready.seed)
hidden = [layers.Dense(neurons, activation="relu", kernel_initializer="he_normal") for neurons in (256, 128)]
classifier = keras.Sequential([keras.Input(shape=(784,)), *hidden, layers.Dense(10, activation="softmax")])
classifier.compile(optimizer=keras.optimizers.Adam(), loss="sparse_categorical_crossentropy")
start_weights = classifier.get_weights()


def start_again():
    """Put the classifier back to its first weights, and its optimizer and the random numbers to their beginning."""
    classifier.set_weights(start_weights)
    for variable in classifier.optimizer.variables:  # its averages m and s, and the number of steps
        variable.assign(keras.ops.zeros(variable.shape, variable.dtype))
    keras.utils.set_random_seed(ready.seed)


# %% [markdown]
# `start_again` matters for every comparison below: an optimizer has a memory, as you know now, and a second training with the old averages
# is not the same experiment. (The learning rate is among these variables too; the callback that follows sets it before each step.)
#
# ### A callback that sets the rate before every step
#
# Keras calls a **callback**'s methods during `fit`. Ours asks a plain function `schedule(step)` for the rate before every step, sets it, and notes the
# step's loss. A trap on the way: what Keras reports after a batch is the *mean since the beginning of the epoch*, which hides every jump. So we
# undo the mean: after $k$ batches their losses add up to $k$ times the mean.


# %%
class RatePerStep(keras.callbacks.Callback):
    """Set the learning rate to schedule(step) before each step; note `rates` and each step's own `losses`."""

    def __init__(self, schedule):
        super().__init__()
        self.schedule, self.rates, self.losses = schedule, [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.sum_so_far = 0.0

    def on_train_batch_begin(self, batch, logs=None):
        self.rates.append(float(self.schedule(len(self.rates))))
        self.model.optimizer.learning_rate = self.rates[-1]

    def on_train_batch_end(self, batch, logs=None):
        sum_now = logs["loss"] * (batch + 1)  # undo the mean (slightly off in an epoch's last, smaller batch)
        self.losses.append(sum_now - self.sum_so_far)
        self.sum_so_far = sum_now


# %% [markdown]
# ### The range test
#
# How do you find a good rate without training ten times? Let it grow *during* one short training, from far too small to far too
# large, multiplied by the same factor at every step, and watch the loss ([Smith, 2015](https://arxiv.org/abs/1506.01186)). First little happens,
# then it falls, then it falls fast, then it explodes. Stop there: a few seconds' work, and it tells the useful range. Afterwards
# the weights are put back as they were.
#
# The losses of single batches jump about, so we smooth them by a moving average, with the bias correction you know from Adam.


# %%
def smooth(losses, beta=0.9):
    """Moving average that forgets, with bias correction; same length as losses."""
    mean, averages = 0.0, []
    for step, loss in enumerate(losses, 1):
        mean = beta * mean + (1 - beta) * loss
        averages.append(mean / (1 - beta**step))
    return np.array(averages)


class RangeTest(RatePerStep):
    """Let the rate grow from low to high over `steps` steps; stop when the loss explodes; restore the weights."""

    def __init__(self, low=1e-5, high=1.0, steps=100):
        super().__init__(lambda step: low * (high / low) ** (step / (steps - 1)))
        self.steps = steps

    def on_train_begin(self, logs=None):
        self.start_weights = self.model.get_weights()

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(batch, logs)
        averages = smooth(self.losses)
        exploded = not averages[-1] < 3 * averages.min()  # true for NaN, too
        self.model.stop_training = exploded or len(self.losses) == self.steps

    def on_train_end(self, logs=None):
        self.model.set_weights(self.start_weights)


# %%
range_test = RangeTest()
start_again()
classifier.fit(train_images, train_labels, batch_size=1024, epochs=2, callbacks=[range_test], verbose=0)
averages, tested = smooth(range_test.losses), np.array(range_test.rates)
lowest = float(tested[averages.argmin()])

figure, axes = plt.subplots()
axes.plot(tested, range_test.losses, ".", color="0.7", markersize=4, label="loss of each batch")
axes.plot(tested, averages, label="smoothed")
for rate, marker, name in ((lowest, "s", "lowest"), (lowest / 3, "D", "a third of it"), (lowest / 10, "v", "a tenth")):
    height = np.interp(rate, tested, averages)
    axes.plot(rate, height, marker, color="black", markersize=8, label=f"{name}: {rate:.2g}")
axes.set(xlabel="learning rate", ylabel="loss (cross-entropy)", xscale="log", ylim=(0, 4), title="Range test")
axes.legend(loc="upper center")
plots.show(
    figure,
    alt=f"Loss against the growing learning rate: it falls slowly at first, then faster, is lowest at {lowest:.2g}, then rises until"
    f" the test stops at {tested[-1]:.2g}. A third and a tenth of the lowest rate are marked, at {lowest / 3:.2g} and {lowest / 10:.2g}.",
)
print(f"{len(tested)} steps; loss lowest at a rate of {lowest:.2g}")

# %% [markdown]
# How to read it: at the lowest point the rate is already too high, for the damage of a step shows only in the steps after it. Common practice is
# about **a tenth** of it for a constant rate, and up to **a third** as the short-lived peak of a schedule that rises and falls again. It is a rough
# tool: the floor of the curve is wide and flat, and with another seed its lowest place may lie five times further left or right. So read it
# together with the place where the loss explodes. But rough is often enough: what kills trainings is a rate that is wrong by a factor of a hundred.
#
# ### Break it: what divergence looks like
#
# The same network, 100 steps, at a rate that the range test forbids. Learn to recognise these numbers.

# %%
diverging = RatePerStep(lambda step: 1.0)
start_again()
classifier.fit(train_images[:51200], train_labels[:51200], batch_size=512, callbacks=[diverging], verbose=0)
print("loss at steps 1, 2, 3, 5, 10, 100:", *[f"{diverging.losses[step - 1]:.3g}" for step in (1, 2, 3, 5, 10, 100)])
answered = classifier.predict(validation_images, batch_size=5000, verbose=0).argmax(axis=1)
print("answers per class on 5,000 validation pictures:", np.bincount(answered, minlength=10))
print(f"chance would be a loss of ln 10 = {np.log(10):.2f}")

# %% [markdown]
# The signature of a rate that is too high: the loss leaps in the **first few steps** to a value far above chance, comes down again, and gets stuck at chance or worse, often with
# one answer for nearly everything: most ReLU neurons are dead (day 01). With SGD instead of Adam the numbers may grow until they become `inf` and
# `nan`. A loss that is `nan` from the first step, or after a thousand good ones, has another cause (a logarithm of zero, a
# division by zero, a damaged picture): look at the data before you turn the rate down. The exercises let you practise that diagnosis.
#
# ## 6 · Schedules: same steps, better network
#
# Early in training long steps are good: we are far away. Late they do harm: each batch is only a sample (day 04), the gradient is noisy, and with a
# constant rate the weights end up jittering around a good place without ever settling into it. So: start fast, end slow. How exactly
# is the **schedule**, a function from step to rate.
#
# - **Constant**: one rate. We take Keras' default for Adam, 0.001.
# - **Exponential**: multiply by the same factor at every step.
# - **Cosine**: half a cosine wave from the peak down to zero ([Loshchilov and Hutter, 2016](https://arxiv.org/abs/1608.03983)).
# - **Warm-up**: not a schedule of its own but a beginning for others: grow linearly from near zero to the peak over the first tenth of the steps, while
#   the weights are still random and Adam's averages still poor. Needed above all by transformers and by very large batches.
# - **1cycle**: up to the peak for the first third, down to almost nothing for the rest ([Smith and Topin,
#   2017](https://arxiv.org/abs/1708.07120)): a long warm-up, so that the peak can be very high.
#
# As the peak we take 0.01, on the floor of the range test and well below the explosion. What is the warm-up worth? We run the cosine without and with it.

# %%
EPOCHS, BATCH, PEAK = 8, 1024, 0.01
STEPS = EPOCHS * -(-len(train_images) // BATCH)  # rounded up: the last batch of an epoch is smaller


def warm_up(step, share=0.1):
    """Grow linearly from near 0 to 1 over the first `share` of the steps, then stay at 1."""
    return min(1.0, (step + 1) / (share * STEPS))


def half_cosine(step, first=0):
    """Stay at 1 until step `first`, then fall to 0 along half a cosine wave until the last step."""
    return 0.5 * (1 + np.cos(np.pi * max(0, step - first) / (STEPS - first)))


schedules = {
    "constant": lambda step: 0.001,
    "cosine": lambda step: PEAK * half_cosine(step),
    "warm-up + exponential": lambda step: PEAK * warm_up(step) * 0.01 ** (step / STEPS),
    "warm-up + cosine": lambda step: PEAK * warm_up(step) * half_cosine(step, 0.1 * STEPS),
    "1cycle": lambda step: PEAK * warm_up(step, 0.3) * half_cosine(step, 0.3 * STEPS),
}

# %% [markdown]
# Five trainings with the same start weights, the same batches in the same order and the same number of steps; only the rate differs.


# %%
def right_share(images, labels):
    """Accuracy of the classifier."""
    return float(np.mean(keras.ops.convert_to_numpy(classifier(images)).argmax(axis=1) == labels))


logs, validation_accuracy, test_accuracy = {}, {}, {}
for name, schedule in schedules.items():
    start_again()
    logs[name] = RatePerStep(schedule)
    classifier.fit(train_images, train_labels, batch_size=BATCH, epochs=EPOCHS, callbacks=[logs[name]], verbose=0)
    validation_accuracy[name] = right_share(validation_images, validation_labels)
    test_accuracy[name] = right_share(test_images, test_labels)  # not to be looked at before the choice is made
    print(f"{name:<22} {len(logs[name].losses)} steps, validation accuracy {validation_accuracy[name]:.4f}")
best_schedule = max(validation_accuracy, key=validation_accuracy.get)
print("best by validation:", best_schedule)

# %%
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10.5, 4.2), width_ratios=(1, 1, 0.7))
for (name, log), (dashes, _) in zip(logs.items(), styles.values(), strict=True):
    left.plot(log.rates, linestyle=dashes, label=name)
    middle.plot(smooth(log.losses, 0.95), linestyle=dashes)
left.set(xlabel="step", ylabel="learning rate", title="Rate")
middle.set(xlabel="step", ylabel="training loss (smoothed)", ylim=(0.15, 0.6), title="Loss")
figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=5)
order = sorted(test_accuracy, key=test_accuracy.get)
by_loss = sorted(logs, key=lambda name: smooth(logs[name].losses, 0.95)[-1])
right.plot([test_accuracy[name] for name in order], order, "o", color="black")
for name in order:
    right.annotate(
        f"{test_accuracy[name]:.4f}",
        (test_accuracy[name], name),
        (0, 7),
        textcoords="offset points",
        ha="center",
        size=9,
    )
right.set(xlabel="test accuracy", ylabel="schedule", title="Test", xlim=(min(test_accuracy.values()) - 0.006, 0.9))
right.margins(y=0.15)
plots.show(
    figure,
    alt=f"Left: the five schedules over {STEPS} steps. Middle: training losses; lowest at the end {by_loss[0]} and {by_loss[1]},"
    f" highest {by_loss[-1]}. Right: test accuracy, "
    + ", ".join(f"{name} {test_accuracy[name]:.4f}" for name in order)
    + ".",
)

# %% [markdown]
# Look at the last third of the loss curves. *Warm-up + cosine* and *1cycle* were still at high rates half-way; as their rates fall, so do their
# losses, below all the others. The exponential is down at the constant rate's 0.001 by half-time (the left picture shows it), and its
# loss ends near the constant one's. It is the same network, the same data, the same number of steps, not a second more of computing:

# %%
gain = test_accuracy[best_schedule] - test_accuracy["constant"]
wrong = {name: round(10000 * (1 - test_accuracy[name])) for name in ("constant", best_schedule)}
print(f"test accuracy: constant {test_accuracy['constant']:.4f}, {best_schedule} {test_accuracy[best_schedule]:.4f}")
print(f"a gain of {100 * gain:.1f} points: {wrong['constant']} mistakes in 10,000 become {wrong[best_schedule]}")
print(f"standard error of one such accuracy: {100 * np.sqrt(0.88 * 0.12 / 10000):.2f} points")

# %% [markdown]
# How much of that is luck? Compare the gain with the standard error (how far such a share is typically off by chance, $\sqrt{p(1-p)/n}$; day 17); with other seeds it lies between half a point and a point and a half (try
# 0 and 2 in the set-up cell). And is the race fair? The peak came from a range test, the constant rate is the default; you could tune both, and should.
# (The range test would have advised a higher constant rate: put it in and see how much of the gap it closes. What no constant rate offers
# is a high rate *and then* a low one.)
#
# Now look at the two cosines. Starting at so high a peak at once throws the random network off, and it ends behind the same cosine with a
# **warm-up**, which costs a tenth of the steps and makes the peak usable. Between warm-up + cosine and 1cycle the difference is smaller than the
# gain, validation and test need not agree on it, and with another seed the other one wins: **that** the rate rises and falls matters more than the
# exact shape.
#
# ### What Keras brings along
#
# Cosine, with or without warm-up, and exponential decay exist in `keras.optimizers.schedules`; you pass one *as* the learning rate and need no
# callback. (1cycle and exponential decay with a warm-up are not among them; the callback does them.)

# %%
learning_rates = keras.optimizers.schedules
built_in = learning_rates.CosineDecay(PEAK, decay_steps=STEPS)
gap = max(abs(float(built_in(step)) - schedules["cosine"](step)) for step in range(0, STEPS, 50))
print(f"cosine: largest difference from ours {gap:.1e}")

both = learning_rates.CosineDecay(0.0, decay_steps=STEPS - 43, warmup_target=PEAK, warmup_steps=43)
optimizer = keras.optimizers.AdamW(learning_rate=both, weight_decay=0.004)  # this is how you would use it
print(
    f"warm-up and cosine in one, {STEPS} steps:",
    *[f"step {s}: {float(both(s)):.4f}" for s in (0, 21, 43, 237, 432)],
    sep="  ",
)

# %% [markdown]
# ## 7 · What the batch size does to the learning rate
#
# A colleague gets a larger GPU, turns the batch from 32 up to 256, leaves the rate, and the result is worse. What happened?
#
# With eight times the batch, one pass through the data has only an eighth of the steps. On the other hand each gradient is an average over eight
# times as many examples, its noise is smaller by $\sqrt 8$, and it can bear a longer step. How much longer?
#
# - For SGD the **linear rule**: batch × 8, rate × 8; eight small steps make one long one ([Goyal et al., 2017](https://arxiv.org/abs/1706.02677),
#   who trained ImageNet in an hour with it, and with a warm-up).
# - For Adam, which divides by the size of the gradient, noise included, the **square-root rule**: batch × 8, rate × $\sqrt 8 \approx 2.8$ ([Malladi et
#   al., 2022](https://arxiv.org/abs/2205.10287)).
# - Neither holds for ever. Once the noise is small, the curvature sets the limit (section 1!), and a larger batch buys nothing more
#   ([McCandlish et al., 2018](https://arxiv.org/abs/1812.06162)).
#
# Believe it? Measure it: your NumPy network on Fashion-MNIST, pictures shrunk to 14 × 14 to save time; 8,192 pictures drawn at random, with
# batches of 8, 64 and 512, at seven rates each. We note the loss on 4,000 other pictures.

# %%
shrunk = fashion["train_images"][:20000].reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196)
shrunk = ((shrunk - shrunk.mean()) / shrunk.std()).astype("float32")
labels = fashion["train_labels"][:20000].astype(int)


def loss_after_one_pass(optimizer, rate, batch_size, pictures=8192):
    """Train on one pass with batches of this size; return the loss on 4,000 other pictures."""
    random = np.random.default_rng(ready.seed)
    start = make_weights([196, 24, 10], random)
    steps = pictures // batch_size
    *_, (_, weights) = train(start, shrunk[4000:], labels[4000:], optimizer, rate, steps, batch_size, random)
    return float(loss_and_gradients(weights, shrunk[:4000], labels[:4000])[0])


tried = {"SGD": [0.01 * 10 ** (k / 3) for k in range(7)], "Adam": [0.001 * 10 ** (k / 3) for k in range(7)]}
after_pass = {
    (name, size): np.array([loss_after_one_pass(racers[name], rate, size) for rate in rates])
    for name, rates in tried.items()
    for size in (8, 64, 512)
}


def valley_floor(rates, losses):
    """Centre (geometric mean) of the rates whose loss is at most 5 % above the lowest."""
    return float(np.exp(np.mean(np.log(rates)[losses <= 1.05 * losses.min()])))


# %%
figure, panels = plt.subplots(1, 2, figsize=(9.5, 4), sharey=True)
best_rate = {}
for axes, name in zip(panels, tried, strict=True):
    for size, (dashes, marker) in zip((8, 64, 512), styles.values(), strict=False):
        losses = after_pass[name, size]
        best_rate[name, size] = valley_floor(tried[name], losses)
        axes.plot(tried[name], losses, linestyle=dashes, marker=marker, markersize=5, label=f"batch {size}")
        axes.plot(best_rate[name, size], losses.min() - 0.04, marker="*", color="black", markersize=12, zorder=3)
    axes.set(xlabel="learning rate", xscale="log", ylim=(0.4, 2), title=name)
panels[0].set_ylabel("loss on other pictures (cross-entropy)")
panels[1].legend()
plots.show(
    figure,
    alt="Loss after one pass against the rate for three batch sizes, each a valley. The best rates: "
    + ", ".join(f"{name} with batch {size} {rate:.2g}" for (name, size), rate in best_rate.items())
    + ". The valleys of batch 512 lie further right, and higher, than those of batch 8.",
)
for (name, size), rate in best_rate.items():
    print(f"{name:<4} batch {size:>3}: best rate {rate:.2g}, loss {after_pass[name, size].min():.3f}")

# %% [markdown]
# The valleys (stars: the middle of each floor) move to the right as the batch grows, Adam's by less after 64 than before. How far, from 8 to 512?

# %%
for name in tried:
    factor = best_rate[name, 512] / best_rate[name, 8]
    print(f"{name}: batch × 64, best rate × {factor:.0f}   (linear rule: × 64, square root: × 8)")

# %% [markdown]
# The direction is beyond doubt, the square root is the better guess here for *both*, and the linear rule would have sent SGD far over the edge: on a small
# network and an easy task the curvature takes over early. (Our estimate is coarse: seven rates, one seed, and a valley that
# touches the edge of the figure may go on beyond it.)
#
# And look at the *height* of the valleys: as many pictures in batches of 512 end higher than in batches of 8 or 64, because there were only 16 steps. Larger batches
# are not better per example; they are better per *second*, where a GPU computes 512 examples nearly as fast as 8. So: **change the batch size, and look
# for the rate anew**; start from a rule, then run a range test.
#
# ## 8 · More devices, more machines
#
# A large batch has a second use: several devices can share it. In **data-parallel** training every device (a GPU, a TPU, a whole machine) holds a
# copy of all weights. In each step it computes the gradients of *its part* of the batch; then the gradients of all devices are averaged, and every device takes the
# same step with the average. No weights travel, only gradients, and yet all copies stay equal.
#
# Why may one do that? The loss is a mean over the examples, so its gradient is a mean over them too, and the mean of the means of equal parts is the
# mean of the whole. See for yourself, with your NumPy network and four devices that are lines of a loop:


# %%
def average_gradients(copies, inputs, labels):
    """Gradients of a batch: each device takes every n-th example with its own copy of the weights; then the average."""
    share = len(copies)
    parts = [loss_and_gradients(copy, inputs[k::share], labels[k::share])[1] for k, copy in enumerate(copies)]
    return [sum(arrays) / share for arrays in zip(*parts, strict=True)]  # all that ever travels


def largest_gap(ours, theirs):
    """Largest difference between two lists of arrays."""
    return max(float(np.abs(a - b).max()) for a, b in zip(ours, theirs, strict=True))


first = make_weights([196, 24, 10], np.random.default_rng(ready.seed))
whole = loss_and_gradients(first, shrunk[:512], labels[:512])[1]
gradient_gap = largest_gap(average_gradients([first] * 4, shrunk[:512], labels[:512]), whole)
print(f"average of four quarters against the whole batch: largest difference of a gradient {gradient_gap:.1e}")

large, small = (loss_and_gradients(first, shrunk[part], labels[part])[1] for part in (slice(448), slice(448, 512)))
uneven_gap = largest_gap([(a + b) / 2 for a, b in zip(large, small, strict=True)], whole)
print(f"parts of 448 and 64 examples, averaged as if they were equal: {uneven_gap:.1e}")

# %% [markdown]
# Equal up to rounding, as long as the parts are equal. Now sixteen steps of Adam, on one device and on four. Each of the four has its own copy and its own Adam, and never sees the others' weights:

# %%
own = [[Adam(0.01) for _ in first] for _ in range(5)]  # one optimizer per array; the last list is the single device's
copies, alone = [first] * 4, first
for step in range(16):
    here = slice(512 * step, 512 * (step + 1))
    shared = average_gradients(copies, shrunk[here], labels[here])
    copies = [[a.step(w, g) for a, w, g in zip(own[k], copies[k], shared, strict=True)] for k in range(4)]
    gradients = loss_and_gradients(alone, shrunk[here], labels[here])[1]
    alone = [a.step(w, g) for a, w, g in zip(own[4], alone, gradients, strict=True)]
between_copies = max(largest_gap(copy, copies[0]) for copy in copies)
from_alone = largest_gap(copies[0], alone)
print(f"after 16 steps: the four copies differ by {between_copies}, from the single device by {from_alone:.1e}")

# %% [markdown]
# ### With Keras
#
# `keras.distribution` does the dividing and averaging. It needs the JAX backend (`pip install jax`) and one line around what you know:
#
# ```python
# import os
# os.environ["KERAS_BACKEND"] = "jax"              # before Keras is imported
# import keras
#
# with keras.distribution.DataParallel().scope():  # all GPUs or TPUs that JAX sees
#     network = make_network()                     # the copies of the weights lie on all of them
#     network.compile("adam", "sparse_categorical_crossentropy")
#     network.fit(images, labels, batch_size=1024) # each of four devices gets 256 of every batch
# ```
#
# For several **machines** start the same script on each, with one more line right after the import, and feed each of them its own part of every batch (here `batch_size=512`):
#
# ```python
# keras.distribution.initialize("192.168.0.10:8000", num_processes=2, process_id=0)         # on the second machine: 1
#
# with keras.distribution.DataParallel(auto_shard_dataset=False).scope():                   # False: we divide the data ourselves
#     ...                                                                                   # as above
# ```
#
# On TensorFlow the counterpart for one machine is `tf.distribute.MirroredStrategy`; `with ready.scope():` takes whichever fits your backend, and nothing if there is only one device. The course's
# `bench/many_devices.py` trains section 5's network in all three ways, on virtual devices if you have no others, and our tests hold its losses against those of one device:
# `.venv/bin/python -m bench.many_devices --engine tensorflow` in a terminal in the course folder (`cd ..` takes you there from `work`), and without the last two words if JAX is installed.
#
# | What changes | |
# |---|---|
# | **batch size** | what you tell `fit` is the batch of all devices of a process together; with more devices you will want a larger one |
# | **learning rate** | follows the batch: section 7, no more and no less |
# | **last batch** | on JAX every batch must be divisible by the number of devices, also in `predict`; leave the rest out |
# | **batch normalisation** (days 06 and 07) | takes means over the batch. On JAX that is the whole batch; under `MirroredStrategy` each device's part, unless you write `BatchNormalization(synchronized=True)` |
#
# ### When it does not pay
#
# Dividing the batch divides the computing. Sending is not divided: in the usual way to average, a ring, each device sends and receives
# $2\,(n-1)/n$ times all the gradients, however many devices there are ([Sergeev and Del Balso, 2018](https://arxiv.org/abs/1802.05799)).
# We measure the computing of section 5's network, batch 1,024, and calculate the sending for an ordinary network cable of 1 gigabit, 125 MB, a second:

# %%
import time

fashion_weights = make_weights([784, 256, 128, 10], np.random.default_rng(ready.seed))
megabytes = sum(each.nbytes for each in fashion_weights) / 1e6
print(f"gradients to average in each step: {megabytes:.2f} MB")
for devices in (1, 2, 4, 8, 16):
    times, part = [], slice(1024 // devices)
    for _ in range(5):
        begin = time.perf_counter()
        loss_and_gradients(fashion_weights, train_images[part], train_labels[part])
        times.append(1000 * (time.perf_counter() - begin))
    sending = 1000 * 2 * (devices - 1) / devices * megabytes / 125
    print(
        f"{devices:>2} devices: computing {min(times):5.1f} ms + sending {sending:4.1f} ms = {min(times) + sending:5.1f} ms"
    )

# %% [markdown]
# The computing melts away, the sending stays. With a processor that needs some twenty milliseconds for the whole batch, sixteen machines are hardly faster than one. (A cable's delay, which we left
# out, makes it worse; sending the last layers' gradients while the first layers still compute makes it better.) A GPU computes such a step in a fraction of the time, and then the cable alone takes
# longer than the whole step did: a network as small as this one trains fastest on *one* device. It pays where there is much to compute for each weight (convolutions, which use each weight at every
# place; long texts; large batches), and where the devices are joined by something much faster than a cable, as the GPUs and TPUs within one machine are. Searches are the easy case:
# day 04's trials need no averaging at all.
#
# ## 9 · What to do on Monday
#
# | Question | Begin with | Then |
# |---|---|---|
# | Which optimizer? | AdamW; for convolutional networks with time to tune, SGD with Nesterov momentum 0.9 | the one the papers of your field use |
# | Which rate? | range test: a tenth of the rate of the lowest loss | try × 3 and ÷ 3 |
# | Which schedule? | short warm-up and cosine to zero, or 1cycle | more steps before a fancier schedule |
# | Batch size changed? | rate × √ratio; for SGD on large tasks rate × ratio | range test again |
# | A second GPU or machine? | first the larger batch on one | data-parallel if the step is much longer than the sending |
# | Loss leaps at once and stays high? | rate ÷ 10, warm-up, clip the gradient (exercise 6) | look at the data |
# | Loss is `nan`? | from the first step or out of the blue: the data; after a leap: rate, clipping | `keras.callbacks.TerminateOnNaN()` |
# | Loss falls steadily but slowly? | rate × 3 | is the input scaled? (section 1's ravine) |
#
# ## What you should see
#
# Each result is held against the range over three seeds, with some room.

# %%
expect("largest difference of our optimizers from Keras over 100 steps", max(difference.values()), low=0.0, high=1e-5)
expect("AdamW: mean weight left, small gradients", decoupled[1000:].mean(), low=0.65, high=0.85)
expect("Adam with L2: mean weight left, small gradients", with_l2[1000:].mean(), low=-0.1, high=0.3)
expect("Adam with L2: mean weight left, large gradients", with_l2[:1000].mean(), low=0.9, high=1.05)
expect("ravine: SGD (steps to the goal)", races["ravine"]["SGD"][0], low=50, high=70)
expect("ravine: Nesterov (steps to the goal)", races["ravine"]["Nesterov"][0], low=15, high=25)
expect("Rosenbrock: momentum (steps to the goal)", races["Rosenbrock"]["momentum"][0], low=60, high=85)
expect("Rosenbrock: SGD (final height)", races["Rosenbrock"]["SGD"][1], low=1, high=6)
expect("saddle: Adam (steps to the goal)", races["saddle"]["Adam"][0], low=25, high=40)
expect("spiral: SGD, accuracy on new points", spiral_accuracy["SGD"], low=0.55, high=0.88)
expect("spiral: Adam, accuracy on new points", spiral_accuracy["Adam"], low=0.93, high=1.0)
expect("spiral: Keras, accuracy on new points", keras_spiral, low=0.93, high=1.0)
expect("range test: rate of the lowest loss", lowest, low=0.001, high=0.1)
expect("rate 1: loss at step 100", diverging.losses[99], low=1.5)
expect("Fashion-MNIST: constant rate (test accuracy)", test_accuracy["constant"], low=0.855, high=0.888)
expect("Fashion-MNIST: cosine without warm-up (test accuracy)", test_accuracy["cosine"], low=0.83, high=0.887)
expect("Fashion-MNIST: best schedule (test accuracy)", test_accuracy[best_schedule], low=0.885, high=0.9)
expect("Fashion-MNIST: gain of the best schedule (points)", 100 * gain, low=0.1, high=3)
expect("SGD: best rate of batch 512 over batch 8", best_rate["SGD", 512] / best_rate["SGD", 8], low=4, high=35)
expect("Adam: best rate of batch 512 over batch 8", best_rate["Adam", 512] / best_rate["Adam", 8], low=2, high=25)
expect("four devices: averaged gradient against the whole batch's (largest difference)", gradient_gap, low=0, high=5e-6)
expect("four devices: unequal parts averaged as if equal (largest difference)", uneven_gap, low=0.01, high=1)
expect("four devices: copies of the weights after 16 steps (largest difference)", between_copies, low=0, high=0)
expect("four devices against one: weights after 16 steps (largest difference)", from_alone, low=0, high=1e-3)
expect_learned("1cycle", logs["1cycle"].losses)
expect_varied("MLP, 1cycle", classifier.predict(test_images[:500], verbose=0))

# %% [markdown]
# ## Summary
#
# 1. On a curved surface the steepest direction limits the rate to 2 / curvature, and the flattest has to live with it.
# 2. Momentum averages gradients; RMSprop gives every weight its own scale; Adam does both with a fair start; AdamW adds a decay that means what it says.
# 3. No optimizer wins everywhere, and a comparison counts only if everybody's rate was tuned.
# 4. The range test finds a rate in one short run; a rate that *falls* to nearly zero gains accuracy for nothing.
# 5. A larger batch bears a higher rate, by a rule between square root and linear, until the curvature says stop: measure it. Devices that share a batch and average their gradients take the step of one.
#
# ## Quiz
#
# **1. The loss is $\frac{1}{2} (100\, a^2 + b^2)$. Which learning rates let gradient descent converge?**
# (a) below 0.01 (b) below 0.02 (c) below 2
# <details><summary>Answer</summary>
#
# (b): the steepest direction has curvature 100, so the rate must stay below 2/100. At 0.02 itself, $a$ would jump between two places for ever.
#
# </details>
#
# **2. You multiply the loss by 1,000. What happens to the steps of SGD and of Adam?**
# <details><summary>Answer</summary>
#
# SGD's steps become 1,000 times as long, so it will probably diverge. Adam's stay the same (up to ε): numerator and denominator both grow by 1,000.
#
# </details>
#
# **3. How many extra numbers does Adam keep for a model with one million parameters?**
# (a) none (b) one million (c) two million
# <details><summary>Answer</summary>
#
# (c): $m$ and $s$ for each weight. With the weights and the gradients that is four times the model's size in memory, which matters for large models.
#
# </details>
#
# **4. In a range test the loss is lowest at a rate of 0.03. A colleague takes 0.03 as constant rate. Your advice?**
# <details><summary>Answer</summary>
#
# Too high: at the lowest point the test is about to explode. Take about a tenth, 0.003, as a constant rate; as the short peak of a schedule 0.01
# may do.
#
# </details>
#
# **5. The validation accuracy has been flat for ten epochs at a constant rate. Is the network at its limit?**
# <details><summary>Answer</summary>
#
# Not necessarily. Let the rate fall to nearly zero over a few epochs first: what looks like a limit is often the jitter of a constant rate.
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning*, 3rd ed., chapter 11: faster optimizers and learning-rate scheduling.
# - Kingma and Ba: [Adam](https://arxiv.org/abs/1412.6980) (2014): short, and you can now read every line of Algorithm 1.
# - Gabriel Goh: [Why momentum really works](https://distill.pub/2017/momentum/) (2017): the ravine with sliders, and the mathematics.
# - Keras: [distributed training with `keras.distribution`](https://keras.io/guides/distribution/): also for models too large for one device.
# - Leslie Smith: [A disciplined approach to neural network hyper-parameters](https://arxiv.org/abs/1803.09820) (2018): how to read a training curve.
#
# ## Now you
#
# The [exercises](../exercises/day05_optimizers.ipynb) answer back; the [solutions](../solutions/day05_optimizers.ipynb) explain.
# Tomorrow, day 06: convolutions. The pictures stop being rows of 784 numbers.
