# %% [markdown]
# # Day 19 · Exercises: six milestones of the physics project
#
# **Six milestones, from the baseline to a solver of your own: a classical method, a new activation's derivatives, conditions that cannot be violated, a pendulum with large swings, the constants of a spring from noisy measurements, and a solver without gradient descent.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The exercises do not depend on each
# other. Stuck for more than ten minutes? Fold out a hint. For a team of three: do exercises 1 and 2 together; then one of you takes 3 and 4, one takes 5, one takes 6; then prepare the presentation of the lesson's section 12 together.

# %% tags=["setup"]
from utils import plots, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops
from scipy.integrate import solve_ivp
from scipy.optimize import curve_fit

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day19_project_physics")

# %% [markdown]
# ## Exercise 1 · Milestone 1: a baseline that walks
#
# Difficulty ●●○○○ · Importance ●●●●● · 10 minutes
#
# No project without a baseline. **Heun's method** is Euler's with a second look. Go along the slope at the beginning of the step, as Euler does; look at the slope at the place you reach, too; then go back and take the step with the **mean of the two slopes**.
#
# $$ k_1 = f(t_n, y_n), \qquad k_2 = f(t_n + h,\; y_n + h\,k_1), \qquad y_{n+1} = y_n + \tfrac h2 (k_1 + k_2) $$
#
# The times may stand at unequal distances, and $y$ may be a vector (place and speed).
#
# <details><summary>Hint 1</summary>
#
# Go through `times[:-1]` and `times[1:]` together. `h` is the difference of the two, new in every step. Begin a list with the start and append to it.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `first = slope(now, y)`; `second = slope(then, y + h * first)`; `y = y + h / 2 * (first + second)`. At the end `np.array(values)`.
#
# </details>


# %%
def heun(slope, start, times):
    """Heun's method.

    Args:
        slope: function (time, y) -> dy/dt; y and the result have the shape (unknowns,).
        start: y at times[0], (unknowns,).
        times: array (points,), rising.

    Returns:
        y at all times, array (points, unknowns); the first row is the start.
    """
    ### BEGIN SOLUTION
    values = [np.asarray(start, float)]
    for now, then in zip(times[:-1], times[1:]):
        h, y = then - now, values[-1]
        first = slope(now, y)
        second = slope(then, y + h * first)
        values.append(y + h / 2 * (first + second))
    return np.array(values)
    ### END SOLUTION


# %%
with check("heun"):

    def probe(t, y):
        check.true(isinstance(y, np.ndarray), "Your function hands `slope` a list: y must be an array, as `start` is.")
        return np.array([y[1] + t, -y[0] * (1 + t)])

    def steps_by(rule, times, start):
        values = [np.asarray(start, float)]
        for now, then in zip(times[:-1], times[1:]):
            values.append(rule(now, then - now, values[-1]))
        return np.array(values)

    times, start = np.array([0.5, 0.6, 0.9, 1.1]), np.array([1.0, -2.0])
    kept = start.copy()
    given = heun(probe, start, times)
    check.true(given is None or isinstance(given, np.ndarray), "Return one array, y alone: `np.array(values)`.")
    check.true(
        np.array_equal(start, kept), "Your function changed the start it was given: write `y = y + …`, not `y += …`."
    )
    check.shape(given, (4, 2), "One row for each time, the start included, one column for each unknown.")
    given = np.asarray(given, float)
    hint = "All rows are equal: `y += …` changes the array that is in your list already; write `y = y + …`."
    check.true(np.ptp(given, axis=0).max() > 0, hint)
    check.close(given[0], start, "The first row is the start itself, at times[0].")
    for rule, hint in (
        (lambda t, h, y: y + h * probe(t, y), "That is Euler's method: look at the slope a second time, at the end of the step, and take the mean."),
        (lambda t, h, y: y + h * probe(t + h, y + h * probe(t, y)), "You took the second slope alone: the step goes along the *mean* of both."),
        (lambda t, h, y: y + h * probe(t + h / 2, y + h / 2 * probe(t, y)), "That is the midpoint method, of the same order; here the second look is at the *end* of the step, and the mean of both counts."),
        (lambda t, h, y: y + h * (probe(t, y) + probe(t + h, y + h * probe(t, y))), "You added the two slopes: their mean is half of that."),
        (lambda t, h, y: y + h / 2 * (probe(t, y) + probe(t, y + h * probe(t, y))), "The second look is at the *time* of the end, too: slope(then, …), not slope(now, …)."),
        (lambda t, h, y: y + h / 2 * (probe(t, y) + probe(t + h, y)), "The second look is at the place where Euler's step leads, y + h·k₁, not at y."),
        (lambda t, h, y: y + h / 2 * (probe(t, y) + probe(t + h, y + probe(t, y))), "On the way to the second look you forgot the step size: y + h·k₁."),
        (lambda t, h, y: y + h * probe(t, y) + h / 2 * (probe(t, y) + probe(t + h, y + h * probe(t, y))), "Go back before you take the step: it begins at y, not at the place of the second look."),
        (lambda t, h, y: y + (probe(t, y) + probe(t + h, y + h * probe(t, y))) / 2, "The last step forgot the step size: y + h/2·(k₁ + k₂)."),
        (lambda t, h, y: y - h / 2 * (probe(t, y) + probe(t + h, y + h * probe(t, y))), "The step goes *along* the slope: plus, not minus."),
    ):  # fmt: skip
        check.true(not np.allclose(given, steps_by(rule, times, start)), hint)
    wanted = steps_by(lambda t, h, y: y + h / 2 * (probe(t, y) + probe(t + h, y + h * probe(t, y))), times, start)
    even = np.concatenate([[0], np.cumsum(np.full(3, 0.1))]) + 0.5
    same_step = steps_by(lambda t, h, y: y + 0.05 * (probe(t, y) + probe(t + 0.1, y + 0.1 * probe(t, y))), times, start)
    hint = (
        "Your step size is that of the first step: these times stand at unequal distances, so h is new in every step."
    )
    check.true(not np.allclose(given, same_step), hint)
    hint = (
        "You used one mean step size for all steps: these times stand at unequal distances, so h is new in every step."
    )
    for one in ((times[-1] - times[0]) / (len(times) - 1), (times[-1] - times[0]) / len(times)):
        for ahead in (0, 1):  # whether the second look is one mean step or one true step later

            def by_mean(t, h, y, one=one, ahead=ahead):
                return y + one / 2 * (probe(t, y) + probe(t + (one if ahead else h), y + one * probe(t, y)))

            check.true(not np.allclose(given, steps_by(by_mean, times, start)), hint)
    check.true(
        np.allclose(given[1], wanted[1]),
        "The first step is wrong: k₁ at the start, k₂ at the end of Euler's step, then y + h/2·(k₁ + k₂).",
    )
    hint = "The first step is right, the later ones are not: each begins at the value found last, with its own time and step size."
    check.true(np.allclose(given, wanted), hint)
    errors = [
        abs(heun(lambda t, y: -y, np.array([1.0]), np.linspace(0, 2, n + 1))[-1, 0] - np.exp(-2)) for n in (50, 100)
    ]
    check.true(3.5 < errors[0] / errors[1] < 4.5, "Twice the steps should divide the error by four.")
    check.shape(
        heun(lambda t, y: -y, np.ones(3), np.array([0.0, 1.0])), (2, 3), "It must work for any number of unknowns."
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Half the step size, a quarter of the error: a method of second order. SciPy's default, RK45, is of fifth order and chooses its steps; that is the opponent in the lesson. A baseline you wrote yourself has a second use: when network and SciPy disagree, it says whom to believe.

# %% [markdown]
# ## Exercise 2 · Milestone 2: the derivatives of a new activation
#
# Difficulty ●●●○○ · Importance ●●●●○ · 15 minutes
#
# The lesson carried (value, first, second derivative) through tanh and sine. Some problems want an activation that is different from zero only near one place: the **bump** $a = e^{-z^2}$. Write its jet: $z$, $z'$, $z''$ come in, $a$, $a'$, $a''$ go out. Use `keras.ops`, so that it can be trained on any backend.
#
# <details><summary>Hint 1</summary>
#
# The derivative of $e^{-z^2}$ by $z$ is $-2z\,e^{-z^2}$. By time, the chain rule multiplies with $z'$. For $a''$ differentiate the product $a' = -2\,z\,a\,z'$ once more; it has three factors that change.
#
# </details>
# <details><summary>Hint 2</summary>
#
# In general $a'' = g''(z)\,z'^2 + g'(z)\,z''$. Here $g' = -2z\,a$ and $g'' = (4z^2 - 2)\,a$.
#
# </details>


# %%
def bump_jet(value, first, second):
    """The jet of exp(−z²) from the jet of z.

    Args:
        value, first, second: z and its first and second derivative by time, tensors of one shape.

    Returns:
        Three tensors of that shape: a = exp(−z²) and its first and second derivative by time.
    """
    ### BEGIN SOLUTION
    bump = ops.exp(-(value**2))
    slope, curvature = -2 * value * bump, (4 * value**2 - 2) * bump
    return bump, slope * first, curvature * first**2 + slope * second
    ### END SOLUTION


# %%
with check("bump_jet"):
    numbers = np.random.default_rng(5).normal(0, 0.8, (3, 4, 3)).astype("float32")
    tensors = [ops.convert_to_tensor(each) for each in numbers]
    answer = bump_jet(*tensors)
    check.true(
        isinstance(answer, (tuple, list)) and len(answer) == 3,
        "Return three things, not stacked in one tensor: value, first and second derivative.",
    )
    given = [np.asarray(ops.convert_to_numpy(each), float) for each in answer]
    z, z1, z2 = numbers.astype(float)
    a = np.exp(-(z**2))
    check.shape(given[0], (4, 3), "All three have the shape of what came in.")
    check.true(
        not np.allclose(given[0], np.exp(z**2), rtol=1e-3),
        "The minus is missing or squared away: in Python `-value**2` is −z², but `(-value)**2` is z².",
    )
    check.true(not np.allclose(given[0], np.exp(-z), rtol=1e-3), "The square is missing: exp(−z²).")
    check.true(
        not np.allclose(given[0], np.exp(-(z**2) / 2), rtol=1e-3),
        "That is exp(−z²/2), the bell curve of statistics; here it is exp(−z²).",
    )
    check.close(given[0], a, "The value is exp(−z²).", 1e-4)
    check.shape(given[1], (4, 3), "All three have the shape of what came in.")
    for wrong_first, hint in (
        (
            -2 * a * a * z1,
            "`value` had already been overwritten with a when you used it: keep z, and give a another name.",
        ),
        (-2 * z * a, "The first derivative by *time* needs the chain rule: times z'."),
        (2 * z * a * z1, "The sign: the slope of exp(−z²) is −2z·exp(−z²)."),
        (-2 * a * z1, "The inner derivative of −z² is −2z: the factor z is missing."),
        (a * z1, "exp(−z²) is not its own derivative: the inner derivative of −z² is −2z."),
        (-z * a * z1, "The factor 2 is missing: the derivative of z² is 2z."),
        (z1, "The first derivative was handed on unchanged: it must pass through the activation's slope."),
    ):
        check.true(not np.allclose(given[1], wrong_first, atol=1e-4), f"First derivative: {hint}")
    check.close(given[1], -2 * z * a * z1, "First derivative: the slope of exp(−z²) by z, times z'.", 1e-4)
    check.shape(given[2], (4, 3), "All three have the shape of what came in.")
    slope, curvature = -2 * z * a, (4 * z**2 - 2) * a
    for wrong_second, hint in (
        ((4 * a**2 - 2) * a * z1**2 + slope * z2, "`value` had already been overwritten with a when you used it: keep z."),
        (slope * (z2 - 2 * a * z1**2), "−2a·slope is the second derivative of tanh; the bump's is (4z² − 2)·a."),
        (curvature * z1**2 - slope * z2, "a sign: g''·z'² *plus* g'·z''; the minus is in g' already."),
        (-2 * a * z1 * z2, "a' = −2·z·a·z' has three factors that change; the product rule makes a sum of three terms of it."),
        (curvature * z1**2, "the part with z'' is missing: the time derivative of z' counts, too."),
        (slope * z2, "only the part with z'' is there: the slope itself changes, too, which gives g''·z'²."),
        (curvature * z1 + slope * z2, "z' must be squared: one factor from the slope's change, one from the chain rule."),
        (curvature + slope * z2, "the activation's second derivative must be multiplied by z'²."),
        (curvature, "that is the second derivative by z; by time it is g''·z'² + g'·z''."),
        (-2 * a * z1**2 + slope * z2, "the slope −2z·a is a product; when you differentiate it, a changes, too: g'' = (4z² − 2)·a."),
        (4 * z**2 * a * z1**2 + slope * z2, "the slope −2z·a is a product; when you differentiate it, z changes, too: g'' = (4z² − 2)·a."),
        ((4 * z**2 + 2) * a * z1**2 + slope * z2, "a sign: g'' = (4z² − 2)·a, negative on top of the bump."),
        (slope * z1**2 + slope * z2, "you used the slope twice: the first term needs the activation's *second* derivative."),
        (curvature * z2 + slope * z1**2, "z'² and z'' are swapped."),
        (slope * z1 * z2, "that is a product of slopes; the rule is g''·z'² + g'·z''."),
        (curvature * (-2 * z * a * z1) ** 2 + slope * z2, "`first` had already been overwritten with a' when you used it: keep z' for the second derivative."),
    ):  # fmt: skip
        check.true(not np.allclose(given[2], wrong_second, atol=1e-4), f"Second derivative: {hint}")
    check.close(
        given[2], curvature * z1**2 + slope * z2, "Second derivative: g''(z)·z'² + g'(z)·z'' with g = exp(−z²).", 1e-4
    )
    try:
        bump_jet(*(keras.KerasTensor((4, 3)) for _ in range(3)))
        with_ops = True
    except Exception:
        with_ops = False
    hint = "The numbers are right, but Keras can't trace your function: compute with `ops` on whole tensors, with plain numbers as factors; nothing from NumPy or the backend, no loop over rows, no `len`."
    check.true(with_ops, hint)
    one = np.ones((1, 1), "float32")
    top = [
        float(ops.convert_to_numpy(each)[0, 0])
        for each in bump_jet(*(ops.convert_to_tensor(c * one) for c in (0, 1, 0)))
    ]
    check.close(top, [1, 0, -2], "At z = 0 with z' = 1: value 1, flat, bending down with −2.", 1e-4)

# %% [markdown] tags=["solution"]
# **Discussion.** The pattern $g''(z)\,z'^2 + g'(z)\,z''$ serves every activation; only $g'$ and $g''$ change. For ReLU, $g'' = 0$ almost everywhere: a ReLU network has no second derivative worth the name, and cannot solve a second-order equation this way. That is why today's networks are smooth.

# %% [markdown]
# ## Exercise 3 · Milestone 3: held at both ends
#
# Difficulty ●●●○○ · Importance ●●●●● · 15 minutes
#
# The lesson's conditions were all at the beginning. A hanging rope, a loaded beam, a rod between two ovens have one at each **end**. Write the jet of an ansatz $y(s)$ on $0 \le s \le 1$ with $y(0) = a$ and $y(1) = b$, *whatever the network's jet* $(n, n', n'')$ is, and such that a network of zero gives the straight line from $a$ to $b$:
#
# $$ y(s) = a + (b - a)\,s + s\,(1 - s)\;n(s) $$
#
# <details><summary>Hint 1</summary>
#
# The line has slope $b - a$ and no second derivative. The rest is a product; its first factor $s - s^2$ has the derivatives $1 - 2s$ and $-2$.
#
# </details>
# <details><summary>Hint 2</summary>
#
# $(un)' = u'n + un'$ and $(un)'' = u''n + 2u'n' + un''$ with $u = s(1-s)$. The 2 in the middle is the one that is forgotten.
#
# </details>


# %%
def held_at_both_ends(s, network_jet, left, right):
    """The jet of an ansatz with y(0) = left and y(1) = right built in.

    Args:
        s: places between 0 and 1, (points, 1).
        network_jet: (n, n', n'') of the network at s, three arrays (points, 1).
        left, right: the values at s = 0 and s = 1, numbers.

    Returns:
        (y, y', y''), three arrays (points, 1).
    """
    ### BEGIN SOLUTION
    n, n1, n2 = network_jet
    u, u1, u2 = s * (1 - s), 1 - 2 * s, -2
    y = left + (right - left) * s + u * n
    return y, (right - left) + u1 * n + u * n1, u2 * n + 2 * u1 * n1 + u * n2
    ### END SOLUTION


# %%
with check("held_at_both_ends"):
    s = np.linspace(0, 1, 7)[:, None]
    inner = [np.sin(3 * s + 1), 3 * np.cos(3 * s + 1), -9 * np.sin(3 * s + 1)]
    kept = [s.copy(), *(each.copy() for each in inner)]
    answer = held_at_both_ends(s, tuple(inner), 2.0, -1.0)
    check.true(all(map(np.array_equal, kept, [s, *inner])), "Your function changed an array it was given.")
    check.true(
        isinstance(answer, (tuple, list)) and len(answer) == 3,
        "Return three things, not stacked in one array: `return y, y1, y2`.",
    )
    y, y1, y2 = (np.asarray(each, float) for each in answer)
    n, n1, n2 = inner
    u, u1 = s * (1 - s), 1 - 2 * s
    line = 2 - 3 * s
    check.shape(y, (7, 1), "y has the shape of s.")
    mixed_up = abs(y[0, 0] + 1) < 1e-6 and abs(y[-1, 0] - 2) < 1e-6
    check.true(not mixed_up, "You mixed up the ends: y(0) = left, y(1) = right.")
    zero = np.asarray(held_at_both_ends(s, (0 * s, 0 * s, 0 * s), 2.0, -1.0)[0], float)
    check.true(not np.allclose(y, zero), "The network has no say in your y: s·(1 − s) must be multiplied by n.")
    hint = "With a network of zero y is not `left` at the left end: the line must be left + (right − left)·s, with the factor s."
    check.true(abs(zero[0, 0] - 2) < 1e-6, hint)
    hint = "At the left end y is not `left`: what the network adds must vanish at s = 0 and at s = 1."
    check.true(abs(y[0, 0] - 2) < 1e-6, hint)
    check.true(
        abs(y[-1, 0] + 1) < 1e-6,
        "At the right end y is not `right`: is the line's slope right − left, and is the factor (1 − s) there?",
    )
    hint = "A network of zero must give the straight line from left to right: the slope of the line is right − left."
    check.true(np.allclose(zero, line), hint)
    check.close(
        y, line + u * n, "y = left + (right − left)·s + s·(1 − s)·n: the ends are right, what lies between is not."
    )
    check.shape(y1 * np.ones_like(s), (7, 1), "y' has the shape of s.")
    for wrong_slope, hint in (
        (u1 * n + u * n1, "the slope of the straight line is missing: right − left."),
        (-3 + u * n1, "the factor s·(1 − s) changes, too: the product rule has a second term."),
        (-3 + u1 * n, "the network changes, too: the product rule has a second term, s·(1 − s)·n'."),
        (-3 + u1 * n1, "the derivative of a product is not the product of the derivatives."),
        (3 + u1 * n + u * n1, "the line's slope has the wrong sign: right − left."),
        (-3 + (1 + 2 * s) * n + u * n1, "the derivative of s − s² is 1 − 2s."),
        (-3 + (1 - s) * n + u * n1, "the derivative of s·(1 − s) is 1 − 2s: both factors change."),
    ):
        check.true(not np.allclose(y1, wrong_slope), f"First derivative: {hint}")
    check.close(
        y1 * np.ones_like(s),
        -3 + u1 * n + u * n1,
        "First derivative: the line's slope, plus the product rule (un)' = u'n + un' with u = s(1 − s).",
    )
    check.shape(y2 * np.ones_like(s), (7, 1), "y'' has the shape of s.")
    for wrong_bend, hint in (
        (-2 * n + u1 * n1 + u * n2, "the 2 in the middle of the product rule is missing: 2u'n'."),
        (u * n2, "the product rule has three terms: u''n + 2u'n' + un''."),
        (-2 * n + u * n2, "the middle term of the product rule is missing: 2u'n'."),
        (2 * u1 * n1 + u * n2, "the term u''n is missing: the second derivative of s − s² is −2."),
        (2 * n + 2 * u1 * n1 + u * n2, "the second derivative of s − s² is −2, not 2."),
        (-3 - 2 * n + 2 * u1 * n1 + u * n2, "the straight line does not bend: its second derivative is 0."),
        (-2 * n2, "the second derivative of a product is not the product of the second derivatives."),
        (-n + 2 * u1 * n1 + u * n2, "the second derivative of s − s² is −2."),
    ):
        check.true(not np.allclose(y2, wrong_bend), f"Second derivative: {hint}")
    check.close(
        y2 * np.ones_like(s),
        -2 * n + 2 * u1 * n1 + u * n2,
        "Second derivative: (un)'' = u''n + 2u'n' + un'' with u = s(1 − s).",
    )
    other = held_at_both_ends(s, tuple(inner), 0.5, 4.0)
    check.close(
        other[1] * np.ones_like(s), 3.5 + u1 * n + u * n1, "For other ends: use the arguments `left` and `right`."
    )
    check.close(other[0], 0.5 + 3.5 * s + u * n, "For other ends: use the arguments `left` and `right`.")

# %% [markdown] tags=["solution"]
# **Discussion.** The check's strongest test is the plainest: the ends hold for *any* network. Hard conditions are not always possible: on a strange shape, a factor that vanishes exactly on the boundary and nowhere else is hard to write down. Then the soft condition comes back, with its weight to choose.

# %% [markdown]
# ## Exercise 4 · Milestone 4: a pendulum with large swings
#
# Difficulty ●●●○○ · Importance ●●●●● · 15 minutes
#
# Now a network is trained. A pendulum with friction, pulled aside by 90° and let go, obeys
#
# $$ \theta'' + 2d\,\theta' + \sin\theta = 0, \qquad \theta(0) = \tfrac12\pi, \quad \theta'(0) = 0, \qquad d = 0.1 $$
#
# with the angle in radians. For small angles $\sin\theta \approx \theta$ gives the lesson's oscillator; here that would be wrong, and no school formula solves it. The network and its jet are given, the training happens in the check. You write **the residual** and **the collocation points** for times from 0 to 12 (how many is your choice, at most 500). The check trains a network on them (some seconds) and wants a relative error below 1 % against SciPy.
#
# <details><summary>Hint 1</summary>
#
# The residual is the left-hand side of the equation, and it is computed on tensors: `ops.sin`, not `np.sin`. Points: one column, float32, the whole interval; 16 for each *half* swing are enough, as in the lesson, and a half swing takes about 3.5 time units here; take more rather than fewer.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `return bend + 2 * DAMPING * slope + ops.sin(angle)` and `return np.linspace(0, END, 96, dtype="float32")[:, None]`.
#
# </details>

# %%
DAMPING, END, RELEASED = 0.1, 12.0, np.pi / 2


def sine_jet(value, first, second):
    """The jet of sin(z) (given)."""
    sine, cosine = ops.sin(value), ops.cos(value)
    return sine, cosine * first, cosine * second - sine * first**2


def product(left, right):
    """The jet of a product (given)."""
    (u, u1, u2), (v, v1, v2) = left, right
    return u * v, u1 * v + u * v1, u2 * v + 2 * u1 * v1 + u * v2


class Pendulum(keras.Model):
    """Given: a sine network whose answer begins at RELEASED, at rest; its output is the residual."""

    def __init__(self, residual):
        super().__init__()
        weights, phases = (keras.initializers.RandomUniform(-size, size) for size in (1.5, np.pi))
        first = layers.Dense(32, ops.sin, kernel_initializer=weights, bias_initializer=phases)
        self.network = keras.Sequential([keras.Input((1,)), first, layers.Dense(32, ops.sin), layers.Dense(1)])
        self.equation = residual

    def solution(self, t):
        first, second, last = self.network.layers
        z, z1, z2 = t - END / 2, ops.ones_like(t), ops.zeros_like(t)
        for layer in (first, second):
            z, z1, z2 = (ops.matmul(part, layer.kernel) for part in (z, z1, z2))
            z, z1, z2 = sine_jet(z + layer.bias, z1, z2)
        z, z1, z2 = (ops.matmul(part, last.kernel) for part in (z, z1, z2))
        fade = ops.exp(-t)
        ramp = 1 - fade, fade, -fade  # 0 at the beginning, later near 1
        angle, slope, bend = product(product(ramp, ramp), (z + last.bias, z1, z2))
        return RELEASED + angle, slope, bend

    def call(self, t):
        return self.equation(*self.solution(t))


# %% [markdown]
# Your two functions:


# %%
def pendulum_residual(angle, slope, bend):
    """What is left of θ'' + 2dθ' + sin θ = 0.

    Args:
        angle, slope, bend: tensors (points, 1): θ in radians and its first and second derivative.

    Returns:
        The residual, tensor (points, 1).
    """
    ### BEGIN SOLUTION
    return bend + 2 * DAMPING * slope + ops.sin(angle)
    ### END SOLUTION


def collocation_points():
    """Times at which the equation is to hold: array (points, 1), float32, from 0 to END; at most 500 points."""
    ### BEGIN SOLUTION
    return np.linspace(0, END, 96, dtype="float32")[:, None]
    ### END SOLUTION


# %%
with check("pendulum", points=2):
    points = collocation_points()
    values = np.random.default_rng(7).normal(0, 1.2, (3, 5, 1)).astype("float32")
    left_over = pendulum_residual(*(ops.convert_to_tensor(each) for each in values))
    given = np.asarray(ops.convert_to_numpy(left_over), float)
    check.shape(
        given, (5, 1), "The residual has the shape of the angle: one number per point, not squared and averaged."
    )
    q, q1, q2 = values.astype(float)
    right = q2 + 0.2 * q1 + np.sin(q)
    for wrong_value, hint in (
        (q2 + 0.2 * q1 + q, "That is the oscillator of the lesson: sin θ ≈ θ holds for small angles only."),
        (q2 + np.sin(q), "The friction is missing: + 2d·θ'."),
        (q2 + 0.1 * q1 + np.sin(q), "The friction term is *twice* the damping: 2d·θ'."),
        (
            q2 - 0.2 * q1 + np.sin(q),
            "The sign of the friction: it takes energy *away*; with a minus the swings would grow.",
        ),
        (q2 + 0.2 * q1 - np.sin(q), "The sign of sin θ: gravity pulls back to the middle."),
        (-(q2 + 0.2 * q1) + np.sin(q), "Signs: all three terms stand on one side with a plus."),
        (q2 + 0.2 * q1 + np.sin(np.radians(q)), "The angle is in radians already."),
        (q2 + 0.2 * q1 + np.cos(q), "Gravity's pull is sin θ: zero when it hangs down."),
        (q1 + 0.2 * q2 + np.sin(q), "θ' and θ'' are swapped: the arguments come as angle, slope, bend."),
        (-0.2 * q1 - np.sin(q), "That is what θ'' should be, as for `solve_ivp`; the residual is θ'' minus that."),
        (right**2, "Not squared: the loss squares the residual; you return it as it is."),
        (np.abs(right), "Without `abs`: the residual keeps its sign."),
    ):
        check.true(not np.allclose(given, wrong_value, atol=1e-4), hint)
    check.close(given, right, "The residual is θ'' + 2d·θ' + sin θ.", 1e-4)
    try:
        pendulum_residual(*(keras.KerasTensor((5, 1)) for _ in range(3)))
        with_ops = True
    except Exception:
        with_ops = False
    hint = "The numbers are right, but Keras can't trace your function: `ops.sin`, nothing from NumPy or the backend."
    check.true(with_ops, hint)
    check.true(
        points is not None and np.ndim(points) == 2 and np.shape(points)[1] == 1,
        "The points have the shape (points, 1): add `[:, None]`.",
    )
    points = np.asarray(points, "float32")
    check.true(len(points) <= 500, "At most 500 points: more only cost time.")
    check.true(
        points.min() >= -1e-6 and points.max() <= END + 1e-6,
        "Points outside 0 … END: the pendulum is asked for times from 0 to 12.",
    )
    hint = f"Your points end at {points.max():.1f}: beyond the last one nothing binds the network to the equation, up to {END:.0f}."
    check.true(points.max() > END - 0.5, hint)
    check.true(points.min() < 0.5, "Your points begin too late: the swing must be followed from the beginning.")
    widest = np.diff(np.sort(points[:, 0])).max()
    hint = f"Between two of your points lies a gap of {widest:.1f} time units: there the network may do what it likes. Take more points, evenly spread."
    check.true(widest < 0.8, hint)
    truth_times = np.linspace(0, END, 241)
    reference = solve_ivp(lambda t, y: [y[1], -2 * DAMPING * y[1] - np.sin(y[0])], (0, END), [RELEASED, 0], t_eval=truth_times, rtol=1e-9, atol=1e-10).y[0]  # fmt: skip
    keras.utils.set_random_seed(ready.seed)
    trained = Pendulum(pendulum_residual)
    repeated = np.tile(points, (500, 1))
    fading = keras.optimizers.schedules.CosineDecay(5e-3, 2000, alpha=0.01)
    trained.compile(optimizer=keras.optimizers.Adam(fading), loss="mse", jit_compile=False)
    trained.fit(repeated, np.zeros_like(repeated), batch_size=len(points), epochs=4, shuffle=False, verbose=0)
    column = ops.convert_to_tensor(truth_times.astype("float32")[:, None])
    found = ops.convert_to_numpy(trained.solution(column)[0])[:, 0]
    error = np.linalg.norm(found - reference) / np.linalg.norm(reference)
    check.true(np.isfinite(error), "The training diverged: the network's answer is not a number.")
    hint = f"relative error {error:.1%}, below 1 % is wanted: you have {len(points)} points; 60 to 200, evenly spread over the whole interval, are enough."
    check.true(error < 0.01, hint)
    figure, axes = plt.subplots(figsize=(8.5, 3.4))
    axes.plot(truth_times, np.degrees(reference), color="black", linewidth=4, alpha=0.25, label="SciPy")
    axes.plot(truth_times, np.degrees(found), "--", label="your network")
    axes.set(xlabel="time", ylabel="angle (degrees)", title=f"A pendulum from 90°: relative error {error:.2%}")
    axes.legend()
    plots.show(
        figure,
        alt=f"The angle of a pendulum let go at 90 degrees, by SciPy and by the network, over each other; relative error {error:.2%}.",
    )
    print(f"relative error {error:.2%}")

# %% [markdown] tags=["solution"]
# **Discussion.** Nothing but the residual had to change when the equation became non-linear: the strength of the method. With $\theta$ instead of $\sin\theta$ the training runs as smoothly and the loss is as small, for a pendulum that does not exist: compare the period, which for large swings is longer. Try 120° next. Most networks then end at another answer, one that goes over the top, and stay there: a non-linear equation has more valleys to get stuck in. (This time the loss says so: look at it.) Shorter time windows help.

# %% [markdown]
# ## Exercise 5 · Milestone 5: constants from noisy measurements
#
# Difficulty ●●●●○ · Importance ●●●●○ · 40 minutes
#
# A spring obeys $y'' + c\,y' + k\,y = 0$. You get 60 noisy measurements of its place between time 0 and 20 and want $c$ (0.05 to 0.4) and $k$ (0.5 to 3). **Where and how fast it began is not known.** The noise is about 5 % of the largest swing. Any way is allowed: the lesson's network with two more weights (write `from utils import fast` and `RECORDED = 20.0`, copy the cells of `tanh_jet`, `jet`, `make_network` and `Equation`, and from the cell of `Identify` the class alone; how it is trained stands in the cell after it: `rows`, `learn`, `constants`), `curve_fit`, or an idea of your own. The check draws one spring without noise and four with it and wants $k$ within 3 % and $c$ within 20 % (that is a few times what noise alone does to the best method), in a few seconds each.
#
# <details><summary>Hint 1</summary>
#
# Differencing the measurements twice drowns everything in noise. The solution has a formula with four numbers: $y = e^{-ct/2}(A\cos\omega t + B\sin\omega t)$ with $\omega^2 = k - c^2/4$. `curve_fit` finds the nearest *valley*, though, and the loss has several, most of them at wrong frequencies; from its default guess, all ones, it does not always arrive. Give it a better one.
#
# </details>
# <details><summary>Hint 2</summary>
#
# For given $c$ and $k$ the formula is linear in $A$ and $B$: `np.linalg.lstsq` finds them. So try $k$ on a fine grid from 0.4 to 3.5 with $c = 0.2$, keep the one with the smallest misfit, and let `curve_fit` refine all four numbers from there.
#
# </details>


# %%
def identify(times, places):
    """Friction and stiffness of a spring from noisy measurements.

    Args:
        times: array (measurements,), rising.
        places: what was measured at these times, (measurements,).

    Returns:
        (c, k) of y'' + c y' + k y = 0, two numbers.
    """
    ### BEGIN SOLUTION
    best = None

    def waves(t, c, k):
        omega, fading = np.sqrt(max(k - c**2 / 4, 1e-6)), np.exp(-c * t / 2)
        return np.column_stack([fading * np.cos(omega * t), fading * np.sin(omega * t)])

    for stiffness in np.linspace(0.4, 3.5, 156):
        basis = waves(times, 0.2, stiffness)
        amplitudes = np.linalg.lstsq(basis, places, rcond=None)[0]
        misfit = np.sum((basis @ amplitudes - places) ** 2)
        if best is None or misfit < best[0]:
            best = misfit, stiffness, amplitudes
    guess = [0.2, best[1], *best[2]]
    fitted, _ = curve_fit(lambda t, c, k, a, b: waves(t, c, k) @ np.array([a, b]), times, places, p0=guess)
    return fitted[0], fitted[1]
    ### END SOLUTION


# %%
with check("identify", points=2):

    def record_spring(c, k, place, speed, seed, noise=0.05):
        random = np.random.default_rng(seed)
        t = np.sort(random.uniform(0, 20, 60))
        omega = np.sqrt(k - c**2 / 4)
        y = np.exp(-c * t / 2) * (place * np.cos(omega * t) + (speed + c * place / 2) / omega * np.sin(omega * t))
        return t, y + random.normal(0, noise * np.abs(y).max(), 60)

    springs = ((0.1, 1.0, 1.0, 0.0, 1), (0.1, 2.9, 1.0, -1.5, 1), (0.06, 0.6, 0.3, 0.9, 3), (0.3, 1.7, 2.0, -1.0, 4))
    quiet = record_spring(*springs[0][:4], 9, noise=0.0)
    answer = identify(*(each.copy() for each in quiet))
    two = isinstance(answer, (tuple, list, np.ndarray)) and len(answer) == 2
    check.true(two and all(np.ndim(each) == 0 for each in answer), "Return two numbers: c and k.")
    c, k = (float(each) for each in answer)
    check.true(np.isfinite([c, k]).all(), "Your constants are not numbers.")
    check.true(not (abs(c - 1.0) < 0.05 and abs(k - 0.1) < 0.05), "c and k are swapped: return the friction first.")
    rates = np.gradient(quiet[1], quiet[0])
    twice = np.linalg.lstsq(np.column_stack([-rates, -quiet[1]]), np.gradient(rates, quiet[0]), rcond=None)[0]
    hint = "That is what measurements give that are differenced twice: inexact between few points even without noise, and drowned by it. Fit a curve that obeys the equation instead."
    check.true(not np.allclose([c, k], twice, rtol=0.02), hint)
    hint = "On a spring without any noise the stiffness is off: is ω² = k − c²/4, and ω an angle per time?"
    check.true(
        abs(k - np.sqrt(1 - 0.0025)) > 1e-4 or abs(k - 1) < 0.001,
        "You returned the frequency ω; the stiffness is k = ω² + c²/4.",
    )
    check.true(abs(k - 0.9975) > 5e-4, "You returned ω²; the stiffness is k = ω² + c²/4.")
    check.true(
        abs(k - 1 / (2 * np.pi) ** 2) > 2e-3, "Your frequency counts swings, not radians: ω = 2π · swings per time."
    )
    check.true(abs(k - 1.0) < 0.03, f"{hint} (k = {k:.3f}, true 1)")
    check.true(
        abs(c - 0.05) > 0.005,
        "Your friction is half of the true one: the envelope of the swings fades like exp(−c·t/2).",
    )
    check.true(
        abs(c - 0.2) > 0.01,
        "Your friction is twice the true one: the envelope of the swings fades like exp(−c·t/2). (Or is it a fixed number? Each spring has its own.)",
    )
    check.true(abs(c) > 0.01, "You found no friction: the fading of the swings tells it.")
    check.true(c > 0, "Your friction is negative: with y'' + c·y' + k·y = 0, swings that fade have c > 0.")
    check.true(abs(c - 0.1) < 0.02, f"On a spring without any noise the friction is off (c = {c:.3f}, true 0.1).")
    for number, recorded in enumerate(springs):
        times, places = record_spring(*recorded[:4], recorded[4])
        kept = times.copy(), places.copy()
        c, k = (float(each) for each in identify(times, places))
        check.true(
            all(map(np.array_equal, kept, (times, places))), "Your function changed the measurements it was given."
        )
        hint = f"Spring {number + 1}: your constants are not numbers (c = {c}, k = {k}): the root of a negative number?"
        check.true(np.isfinite([c, k]).all(), hint)
        hint = f"Spring {number + 1}: k = {k:.3f} is about the root of the true {recorded[1]}: you returned the frequency ω; the stiffness is k = ω² + c²/4."
        check.true(abs(recorded[1] - 1) < 0.05 or abs(k / np.sqrt(recorded[1]) - 1) > 0.03, hint)
        hint = f"Spring {number + 1}: k = {k:.3f}, true {recorded[1]}: "
        rest = (
            "k is near, not near enough: if you took a start at rest or at y = 1 for granted, don't; else fit frequency and friction together, all measurements at once."
            if number
            else "without noise it worked. Noise spoils differences, and it spoils zero crossings and peaks: fit one curve to all measurements at once."
        )
        if number and abs(k / recorded[1] - 1) > 0.3:
            rest = "far off: the search ended in a wrong valley (another frequency), or k is taken for granted. Search a grid of frequencies first; remember that place and speed at the beginning are unknown."
        check.true(abs(k / recorded[1] - 1) < 0.03, hint + rest)
        hint = f"Spring {number + 1}: c = {c:.3f}, true {recorded[0]}: within 20 % is wanted. Fit all measurements at once instead of reading single peaks, and don't take c for granted."
        check.true(abs(c / recorded[0] - 1) < 0.2, hint)
        print(f"spring {number + 1}: c = {c:.3f} (true {recorded[0]}), k = {k:.3f} (true {recorded[1]})")

# %% [markdown] tags=["solution"]
# **Discussion.** With a formula at hand, least squares is the right tool: fast, with error bars, and as good as the noise allows. The lesson's network does it too, without formula and hundreds of times slower. What the two share is the important part: **never difference noisy data**; instead fit a curve that obeys the equation to the data as they are. The grid before `curve_fit` is no blemish:
# frequencies have many wrong valleys, for the network as well; a first guess for $k$ that is off by a factor of two sends it astray, too.

# %% [markdown]
# ## Exercise 6 · Milestone 6, stretch: a solver without gradient descent
#
# Difficulty ●●●●● · Importance ●●●○○ · 35 minutes
#
# Section 9 of the lesson solved one linear equation with random tanh units and least squares. Make a solver of it, for **every** linear equation of second order:
#
# $$ y'' + p(t)\,y' + q(t)\,y = f(t), \qquad y(0) = y_0, \quad y'(0) = v_0, \qquad 0 \le t \le T $$
#
# `p`, `q` and `f` are functions of an array of times. Return the values at the times asked for. The check compares with SciPy on four equations and wants a relative error below 0.001. (An honest warning: `solve_ivp` with `rtol=1e-8` would pass, too. The point is that you see a network solve an equation in one stroke.)
#
# <details><summary>Hint 1</summary>
#
# 200 units $\tanh(w_j t + b_j)$ with $w_j$ between −2 and 2 and $b_j = -w_j \cdot$ (a random time in $0 … T$). The columns of the matrix are the units, its rows the collocation points: column $j$ holds $a_j'' + p\,a_j' + q\,a_j$, the right-hand side $f$. Two more rows, times 100, hold $y(0)$ and $y'(0)$.
#
# </details>
# <details><summary>Hint 2</summary>
#
# With `value = np.tanh(t[:, None] * w + b)` and `slope = 1 - value**2`: first derivative `slope * w`, second `-2 * value * slope * w**2`. Stack `bend + p(t)[:, None] * speed + q(t)[:, None] * place` over the two start rows, `np.linalg.lstsq(rows, wanted, rcond=1e-13)`, and evaluate the same units at the times asked for.
#
# </details>


# %%
def solve_linear(p, q, f, place, speed, times):
    """Solve y'' + p y' + q y = f by random tanh units and least squares.

    Args:
        p, q, f: functions (times,) -> (times,).
        place, speed: y and y' at time 0.
        times: array (points,), rising from 0; the last one is the end T. They may be few: choose collocation points of your own.

    Returns:
        y at the times, array (points,).
    """
    ### BEGIN SOLUTION
    units, end = 200, times[-1]
    random = np.random.default_rng(0)
    weight = random.uniform(-2, 2, units)
    bias = -weight * random.uniform(0, end, units)

    def waves(t):
        value = np.tanh(t[:, None] * weight + bias)
        slope = 1 - value**2
        return value, slope * weight, -2 * value * slope * weight**2

    t = np.linspace(0, end, 4 * units)
    value, first, second = waves(t)
    value0, first0, _ = waves(np.zeros(1))
    rows = np.concatenate([second + p(t)[:, None] * first + q(t)[:, None] * value, 100 * value0, 100 * first0])
    wanted = np.concatenate([f(t), [100 * place, 100 * speed]])
    coefficients = np.linalg.lstsq(rows, wanted, rcond=1e-13)[0]
    return waves(np.asarray(times, float))[0] @ coefficients
    ### END SOLUTION


# %%
with check("solve_linear", points=2):

    def constant(number):
        return lambda t: np.full_like(np.asarray(t, float), number)

    def by_scipy(p, q, f, place, speed, times):
        def slope(t, y):
            return [y[1], float(f(np.array([t]))[0] - p(np.array([t]))[0] * y[1] - q(np.array([t]))[0] * y[0])]

        return solve_ivp(slope, (0, times[-1]), [place, speed], t_eval=times, rtol=1e-8, atol=1e-10).y[0]

    equations = {
        "an oscillator that starts at y = 1": (constant(0.3), constant(1.0), constant(0.0), 1.0, 0.0, 12.0),
        "the same with a push at the start": (constant(0.3), constant(1.0), constant(0.0), 1.0, 2.0, 20.0),
        "a forced one": (constant(0.3), constant(2.0), lambda t: np.cos(0.7 * t), 0.0, 0.5, 12.0),
        "coefficients that change": (lambda t: 0.1 + 0.02 * t, lambda t: 0.5 + 0.3 * t, constant(0.2), -1.0, 0.3, 8.0),
    }
    for name, (p, q, f, place, speed, end) in equations.items():
        times = np.linspace(0, end, 101)
        given = solve_linear(p, q, f, place, speed, times.copy())
        check.shape(given, (101,), "One value for each time asked for, (points,); not the coefficients, not a column.")
        given = np.asarray(given, float)
        check.true(np.isfinite(given).all(), "Your answer holds values that are not numbers.")
        truth = by_scipy(p, q, f, place, speed, times)

        def like(*other, given=given, times=times, truth=truth):
            wrong = by_scipy(*other, times)
            differs = np.linalg.norm(wrong - truth) > 0.05 * np.linalg.norm(truth)
            return differs and np.linalg.norm(given - wrong) < 0.02 * np.linalg.norm(given) + 1e-9

        zero = constant(0.0)
        error = np.linalg.norm(given - truth) / np.linalg.norm(truth)
        if not error < 1e-3:
            check.true(
                np.abs(given).max() > 1e-3,
                "Zero everywhere obeys the equation but not the start: two rows must say y(0) and y'(0) (and the units' steps must be spread: tanh units with bias 0 are all zero at t = 0).",
            )
            check.true(
                not like(p, q, f, place, 0.0),
                f"On {name}: it starts at rest in your solution. Give y'(0) a row of its own: the *derivatives* of the units at 0.",
            )
            check.true(not like(p, q, zero, place, speed), f"On {name}: you forgot the right-hand side f(t).")
            check.true(not like(p, q, lambda t, f=f: -f(t), place, speed), f"On {name}: f stands with the wrong sign.")
            check.true(not like(q, p, f, place, speed), f"On {name}: p and q are swapped; p belongs to y', q to y.")
            check.true(not like(zero, q, f, place, speed), f"On {name}: the term p·y' is missing.")
            check.true(
                not like(lambda t, p=p: -p(t), q, f, place, speed), f"On {name}: p·y' stands with the wrong sign."
            )
            check.true(
                not like(constant(float(p(np.zeros(1))[0])), constant(float(q(np.zeros(1))[0])), f, place, speed),
                f"On {name}: p and q change with time; you took their values at the start.",
            )
            check.true(not like(p, q, f, speed, place), f"On {name}: place and speed at the start are swapped.")
            both = abs(given[0] - (place + speed) / 2) < 0.02 * max(1, np.abs(truth).max()) and place != speed
            check.true(
                not both,
                f"On {name}: y(0) is {given[0]:.3f} in your solution, the mean of place and speed: both start rows hold the units' *values*; the second must hold their derivatives at 0.",
            )
            start_off = abs(given[0] - place) > 0.02 * max(1, np.abs(truth).max())
            check.true(
                not start_off,
                f"On {name}: y(0) is {given[0]:.3f} in your solution, not {place}: give the start's rows more weight (times 100), right-hand side included.",
            )
            hint = "The equations with constant p and q are right, so the derivatives are: does `p(t)[:, None]` stand as a column, one value for each row?"
            check.true(not (name == "coefficients that change" and error > 0.05), hint)
            push = by_scipy(p, q, zero, 0.0, 1.0, times)  # what one unit more of speed at the start adds
            extra = push @ (given - truth) / (push @ push)
            only_speed = np.linalg.norm(given - truth - extra * push) < 0.02 * np.linalg.norm(truth)
            hint = f"On {name}: it starts with speed {speed + extra:.2f} in your solution, {speed:.2f} is right. Give y'(0) a row of its own: the *derivatives* of the units at 0."
            check.true(not (only_speed and abs(extra) > 0.05), hint)
            half = len(times) // 2
            early = np.linalg.norm(given[:half] - truth[:half]) / np.linalg.norm(truth[:half])
            hint = f"On {name}: good in the first half, wrong later: do points and steps of the units cover the whole interval up to `times[-1]`?"
            check.true(not (early < 0.01 and error > 0.05), hint)
        hint = f"On {name}: relative error {error:.1e}, below 1e-3 is wanted. Are the derivatives right (slope·w, −2·value·slope·w²), are there 200 units spread over the interval, in 64 bits? (With `solve_ivp`: set `rtol` and `atol`, its defaults are too coarse.)"
        check.true(error < 1e-3, hint)
        print(f"{name}: relative error {error:.1e}")
    few = np.array([0.0, 0.5, 6.0])
    given = solve_linear(*equations["a forced one"][:5], few)
    hint = "Asked for three times only, the answer is wrong: collocation points are your own choice, many, over 0 … times[-1]; the times asked for are something else."
    check.shape(given, (3,), hint)
    check.true(np.abs(np.asarray(given, float) - by_scipy(*equations["a forced one"][:5], few)).max() < 0.01, hint)

# %% [markdown] tags=["solution"]
# **Discussion.** One layer, random weights, one call of `lstsq`: milliseconds, and more digits than any network of today's lesson. The method has names, *extreme learning machine* and *random feature method*, and a limit: the equation must be linear in $y$. For a non-linear one, linearise around the present answer, solve, repeat: Newton's method, and the beginning of a long road back to classical numerics.
#
# **Well done.** The reference project is complete: baseline, derivatives, conditions, a solved equation, found constants, an honest comparison. What remains is the page for the colleague who was not there (section 12 of the lesson). Tomorrow, day 20, you ship.
