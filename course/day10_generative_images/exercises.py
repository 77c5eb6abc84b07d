# %% [markdown]
# # Day 10 · Exercises: losses of a game, a sick GAN, noise, and the way from a boot to a bag
#
# **Seven exercises: you write the losses of both players, measure how far apart two crowds are, draw through the reparameterisation trick, plan the noise of a diffusion model, find out from a log what ails a
# GAN, walk back from noise with guidance, and turn one garment into another.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The exercises do not depend on each
# other. Stuck for more than ten minutes? Fold out a hint. NumPy is enough for all of them.

# %% tags=["setup"]
from utils import fast, plots, pretrained, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day10_generative_images")

# %% [markdown]
# ## Exercise 1 · The losses of both players
#
# Difficulty ●●○○○ · Importance ●●●●● · 20 minutes
#
# The discriminator gives each picture a **score** $s$ (any number); its probability for "real" is $\sigma(s) = 1 / (1 + e^{-s})$. Write
#
# $$L_D = -\operatorname{mean} \ln \sigma(s_\text{real}) - \operatorname{mean} \ln\bigl(1 - \sigma(s_\text{drawn})\bigr), \qquad L_G = -\operatorname{mean} \ln \sigma(s_\text{drawn}).$$
#
# Scores of 1,000 or −1,000 do occur when one player is far ahead. Your functions must give the right number for them too, not infinity or NaN.
#
# <details><summary>Hint 1</summary>
#
# $-\ln \sigma(s) = \ln(1 + e^{-s})$, and $1 - \sigma(s) = \sigma(-s)$. So one helper function serves all three terms.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `np.logaddexp(0, x)` computes $\ln(e^0 + e^x) = \ln(1 + e^x)$ without overflow. $-\ln \sigma(s)$ is `np.logaddexp(0, -s)`, and $-\ln(1 - \sigma(s))$ is `np.logaddexp(0, s)`.
#
# </details>


# %%
def discriminator_loss(real_scores, drawn_scores):
    """The discriminator's loss.

    Args:
        real_scores: array (n,) of scores of real pictures; any numbers.
        drawn_scores: array (m,) of scores of drawn pictures; m may differ from n.

    Returns:
        A number: the mean over the real pictures plus the mean over the drawn ones.
    """
    ### BEGIN SOLUTION
    real_scores, drawn_scores = np.asarray(real_scores, "float64"), np.asarray(drawn_scores, "float64")
    return float(np.mean(np.logaddexp(0, -real_scores)) + np.mean(np.logaddexp(0, drawn_scores)))
    ### END SOLUTION


def generator_loss(drawn_scores):
    """The generator's non-saturating loss.

    Args:
        drawn_scores: array (m,) of the discriminator's scores of drawn pictures.

    Returns:
        A number.
    """
    ### BEGIN SOLUTION
    return float(np.mean(np.logaddexp(0, -np.asarray(drawn_scores, "float64"))))
    ### END SOLUTION


# %%
with check("gan_losses", points=2):
    random = np.random.default_rng(0)
    log_two = np.log(2)
    undecided = discriminator_loss(np.zeros(4), np.zeros(4))
    check.true(undecided is not None, "discriminator_loss returned None: does it end in `return`?")
    check.shape(undecided, (), "The loss is one number: take the means.")
    check.true(not np.isclose(undecided, 8 * log_two), "You summed over the pictures: take the mean over each crowd.")
    hint = "You took half of the sum of the two means (or one mean over all pictures): the formula adds the two means."
    check.true(not np.isclose(undecided, log_two), hint)
    check.true(
        not np.isclose(undecided, 2 * np.log10(2)), "That is the logarithm to base 10: take the natural one, np.log."
    )
    check.true(not np.isclose(undecided, 2), "That is the logarithm to base 2: take the natural one, np.log.")
    check.true(
        not np.isclose(undecided, -2 * log_two), "The sign is wrong: a loss is *minus* the logarithm, and positive."
    )
    hint = "For scores of 0 each probability is 1/2 and the loss 2 ln 2 = 1.386. (A score is not a probability: apply σ first.)"
    check.close(undecided, 2 * log_two, hint)
    real, drawn = random.normal(2, 1, 6), random.normal(-1, 1, 9)
    wanted = np.mean(np.log(1 + np.exp(-real))) + np.mean(np.log(1 + np.exp(drawn)))
    found = discriminator_loss(real.copy(), drawn.copy())
    swapped = np.mean(np.log(1 + np.exp(real))) + np.mean(np.log(1 + np.exp(-drawn)))
    check.true(
        not np.isclose(found, swapped),
        "Real and drawn are swapped: real pictures should get *high* scores, drawn ones low.",
    )
    both_real = np.mean(np.log(1 + np.exp(-real))) + np.mean(np.log(1 + np.exp(-drawn)))
    hint = "You treat the drawn pictures like real ones: for them it is ln(1 − σ(s)), so that low scores are rewarded."
    check.true(not np.isclose(found, both_real), hint)
    check.true(not np.isclose(found, -wanted), "The sign is wrong: a loss is *minus* the logarithm, and positive.")
    pooled = (np.log(1 + np.exp(-real)).sum() + np.log(1 + np.exp(drawn)).sum()) / 15
    check.true(
        not np.isclose(found, 2 * pooled) and not np.isclose(found, pooled),
        "With 6 real and 9 drawn pictures: a mean over each crowd, then the sum.",
    )
    hint = "First the logarithm for each picture, then the mean: yours is the logarithm of a mean."
    sure, fooled = np.mean(1 / (1 + np.exp(-real))), np.mean(1 / (1 + np.exp(-drawn)))
    check.true(not np.isclose(found, -np.log(sure) - np.log(1 - fooled)), hint)
    of_means = np.log(1 + np.exp(-real.mean())) + np.log(1 + np.exp(drawn.mean()))
    check.true(not np.isclose(found, of_means), hint)
    check.close(found, wanted, "The discriminator's loss for 6 real and 9 drawn pictures differs.")
    check.close(
        discriminator_loss(np.array([3, -1]), np.array([0])),
        0.5 * (np.log(1 + np.exp(-3)) + np.log(1 + np.exp(1))) + log_two,
        "Whole numbers are scores, too.",
    )
    given = real.copy(), drawn.copy()
    discriminator_loss(*given)
    generator_loss(given[1])
    hint = "Your function changed the scores it was given: no `*=` or `+=` on them."
    check.true(np.array_equal(given[0], real) and np.array_equal(given[1], drawn), hint)
    found = generator_loss(drawn.copy())
    check.true(found is not None, "generator_loss returned None: does it end in `return`?")
    check.shape(found, (), "The generator's loss is one number: take the mean.")
    saturating = np.mean(-np.log(1 + np.exp(drawn)))
    hint = "That is the saturating loss, + ln(1 − σ(s)): its slope is nearly zero when the discriminator is sure. Wanted is − ln σ(s)."
    check.true(not np.isclose(found, saturating), hint)
    hint = "That is the discriminator's wish for drawn pictures; the generator wants the opposite, − ln σ(s)."
    check.true(not np.isclose(found, -saturating), hint)
    check.true(not np.isclose(found, np.log(1 + np.exp(-drawn)).sum()), "You summed over the pictures: take the mean.")
    hint = "That is the logarithm to another base: take the natural one, np.log."
    for base in (2, 10):
        check.true(not np.isclose(found, np.mean(np.log(1 + np.exp(-drawn))) / np.log(base)), hint)
    hint = "First the logarithm for each picture, then the mean: yours is the logarithm of a mean."
    of_mean = np.log(1 + np.exp(-drawn.mean()))
    check.true(not np.isclose(found, -np.log(fooled)) and not np.isclose(found, of_mean), hint)
    check.close(found, np.mean(np.log(1 + np.exp(-drawn))), "The generator's loss differs.")
    with np.errstate(all="ignore"):
        try:
            extreme = discriminator_loss(np.array([-1000.0, 1000.0]), np.array([1000.0, -1000.0]))
            lost = generator_loss(np.array([-1000.0]))
            faint = generator_loss(np.array([40.0]))
        except (ArithmeticError, ValueError):  # math.exp(1000) and math.log(0) stop with an error
            extreme = lost = faint = np.inf
    hint = "For scores of ±1000 your function gives infinity or NaN, or stops: e¹⁰⁰⁰ is too large for the computer. np.logaddexp(0, x) is ln(1 + eˣ) without overflow."
    check.true(np.isfinite(extreme) and np.isfinite(lost), hint)
    hint = "A score of −1000 for a drawn picture must cost the generator 1000. Clipping or a small number inside the logarithm hides that, and its slope: use np.logaddexp."
    check.close(lost, 1000.0, hint)
    check.close(extreme, 1000.0, "Scores of ∓1000 cost the discriminator 500 + 500: don't clip.")
    check.true(0 < faint < 1e-16, "For a score of 40 the loss is tiny but not 0 (4e-18): np.logaddexp(0, -s) keeps it.")

# %% [markdown] tags=["solution"]
# **Discussion.** At the point where the players are equal, all scores are 0, the discriminator's loss is $2 \ln 2 \approx 1.39$ and the generator's $\ln 2 \approx 0.69$. Frameworks call the safe version "from logits": `BinaryCrossentropy(from_logits=True)` computes
# just this. In the lesson the discriminator has eleven scores and a softmax; with two scores that is the same as σ of their difference.

# %% [markdown]
# ## Exercise 2 · The Fréchet distance
#
# Difficulty ●●●○○ · Importance ●●●●○ · 15 minutes
#
# Two crowds of feature vectors; how far are they from each other? The lesson measures with this distance; write it from the formula, without looking there.
#
# $$d^2 = \lVert m_1 - m_2 \rVert^2 + \operatorname{tr} C_1 + \operatorname{tr} C_2 - 2 \operatorname{tr}\,(C_1 C_2)^{1/2}$$
#
# with the means $m$ and covariances $C$, divided by n − 1 as `np.cov` does it. (The trace of the root of $C_1 C_2$ is the sum of the square roots of its eigenvalues; rounding may make some of them a tiny bit negative or complex.)
#
# <details><summary>Hint 1</summary>
#
# `np.cov` wants the features in the *rows*: `np.cov(features.T)`. The product in the last term is a matrix product.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `np.linalg.eigvals(C1 @ C2).real`, cut off at 0 with `np.maximum(…, 0)`, then `np.sqrt(…).sum()`.
#
# </details>


# %%
def frechet_distance(features, others):
    """The Fréchet distance (squared, as it is usually given) between two crowds.

    Args:
        features: array (n, d), one feature vector per picture; d at least 2.
        others: array (m, d); m may differ from n.

    Returns:
        A number, 0 for equal means and covariances.
    """
    ### BEGIN SOLUTION
    features, others = np.asarray(features, "float64"), np.asarray(others, "float64")
    first, second = np.cov(features.T), np.cov(others.T)
    root = np.sqrt(np.maximum(np.linalg.eigvals(first @ second).real, 0)).sum()
    shift = np.sum((features.mean(axis=0) - others.mean(axis=0)) ** 2)
    return float(shift + np.trace(first) + np.trace(second) - 2 * root)
    ### END SOLUTION


# %%
with check("frechet_distance", points=2):
    random = np.random.default_rng(1)
    mix = random.normal(size=(5, 5))
    crowd = random.normal(size=(400, 5)) @ mix
    sizes_fit = True
    try:
        frechet_distance(crowd[:300].copy(), crowd.copy())
    except ValueError:
        sizes_fit = False
    hint = (
        "300 pictures against 400 stop your function. `np.cov` wants the features in the *rows*, "
        "so that C is (d, d) and not (n, n): transpose. And take the mean of each crowd first, "
        "then the difference of the means: no picture minus picture."
    )
    check.true(sizes_fit, hint)
    found = frechet_distance(crowd.copy(), crowd.copy())
    check.true(found is not None, "Your function returned None: does it end in `return`?")
    check.shape(
        found,
        (),
        "The distance is one number. (Is a covariance of shape (n, n) the reason? `np.cov` wants the features in the rows: transpose.)",
    )
    check.true(
        not np.isnan(found),
        "NaN: a rounding error made an eigenvalue slightly negative; cut it off at 0 before the root.",
    )
    hint = "A crowd has no distance from itself: is the last term missing, or is its factor 2? (And the root: of the eigenvalues, each for itself.)"
    check.close(found, 0.0, hint, 1e-4)
    given = crowd.copy(), crowd[:300].copy()
    frechet_distance(*given)
    hint = "Your function changed the features it was given: subtract into a new array, no `-=` on them."
    check.true(np.array_equal(given[0], crowd) and np.array_equal(given[1], crowd[:300]), hint)
    moved = frechet_distance(crowd, crowd + np.array([6.0, 0, 0, 8.0, 0]))
    check.true(
        not np.isclose(moved, 0, atol=1e-6), "You left out the means: a crowd shifted by (6, 0, 0, 8, 0) is 100 away."
    )
    check.true(not np.isclose(moved, 10), "The distance of the means must be *squared*: 6² + 8² = 100, no root.")
    check.true(
        not np.isclose(moved, 20), "Sum the squared differences over the features, don't average: 6² + 8² = 100."
    )
    check.close(moved, 100.0, "A crowd shifted by (6, 0, 0, 8, 0): the same covariance, so 6² + 8² = 100.", 1e-3)
    wide = frechet_distance(crowd, crowd * 2 - crowd.mean(axis=0))
    spread = np.trace(np.cov(crowd.T))
    hint = "That is with covariances divided by n; here they are divided by n − 1, as np.cov does it."
    check.true(not np.isclose(wide, spread * 399 / 400, rtol=1e-5), hint)
    hint = "A crowd stretched to twice its width: C₂ = 4 C₁, so tr C₁ (1 + 4 − 2 · 2). Are the spreads in, each with its trace?"
    check.close(wide, spread, hint, 1e-4)
    other = random.normal(size=(300, 5)) @ random.normal(size=(5, 5)) + 1
    first, second = np.cov(crowd.T), np.cov(other.T)
    shift = np.sum((crowd.mean(axis=0) - other.mean(axis=0)) ** 2)
    right = (
        shift
        + np.trace(first)
        + np.trace(second)
        - 2 * np.sqrt(np.maximum(np.linalg.eigvals(first @ second).real, 0)).sum()
    )
    found = frechet_distance(crowd, other)
    only_variances = shift + np.sum((np.sqrt(np.diag(first)) - np.sqrt(np.diag(second))) ** 2)
    hint = "Only the diagonals of the covariances count in your result: variances alone, or a product element by element. The root of the *matrix* product C₁ @ C₂ is wanted."
    check.true(not np.isclose(found, only_variances, rtol=1e-3), hint)
    entries = shift + np.trace(first) + np.trace(second) - 2 * np.trace(np.sqrt(np.abs(first @ second)))
    check.true(
        not np.isclose(found, entries, rtol=1e-3),
        "np.sqrt of a matrix takes the root of each *element*: take the roots of its eigenvalues.",
    )
    check.true(
        not np.isclose(found, np.sqrt(right), rtol=1e-3),
        "Return d², without the last root: so is it usually given (as the FID is).",
    )
    traces = shift + np.trace(first) + np.trace(second)
    lower = np.sqrt(np.maximum(np.linalg.eigvalsh(first @ second), 0)).sum()
    hint = "eigvalsh is for symmetric matrices; C₁ @ C₂ is not symmetric: np.linalg.eigvals."
    check.true(not np.isclose(found, traces - 2 * lower), hint)
    values, vectors = np.linalg.eigh(np.stack([first, second]))
    apart = np.sqrt(values[0] * values[1]).sum()
    hint = "Multiply the matrices first: the eigenvalues of C₁ @ C₂, not those of each of the two."
    check.true(not np.isclose(found, traces - 2 * apart), hint)
    roots = (vectors * np.sqrt(values)[:, None, :]) @ vectors.transpose(0, 2, 1)
    hint = "The product of two roots is not the root of the product: first C₁ @ C₂, then the root."
    check.true(not np.isclose(found, traces - 2 * np.trace(roots[0] @ roots[1])), hint)
    check.close(found, right, "Two crowds of different size and shape: the distance differs.", 1e-5)
    many = random.normal(size=(60, 9)) * np.arange(1, 10)
    hint = "With nine features the distance differs: is a number of features written into your function?"
    check.close(frechet_distance(many, 2 * many - many.mean(axis=0)), np.trace(np.cov(many.T)), hint, 1e-4)
    hint = "Features that are copies of each other: the product has eigenvalues 0, which rounding makes negative or complex. Take the real part, cut off at 0."
    for copies in range(3, 9):
        narrow = random.normal(size=(50, 1)) * random.normal(size=(1, copies))
        with np.errstate(all="ignore"):
            found = frechet_distance(narrow, narrow[::2] * 3 + random.normal(size=(25, copies)) * 1e-9)
        check.true(np.isrealobj(found) and np.isfinite(found) and found > -1e-6, hint)


# %% [markdown] tags=["solution"]
# **Discussion.** Only mean and covariance count. Two crowds may agree in both and still differ in everything else, so 0 does not prove that pictures are good; and with few pictures the covariance is badly estimated and the distance too large. Papers take 50,000 pictures.

# %% [markdown]
# ## Exercise 3 · The reparameterisation trick
#
# Difficulty ●●○○○ · Importance ●●●●● · 15 minutes
#
# The encoder of a VAE gives a mean $m$ and the logarithm of a *variance*, $\ell = \ln s^2$. Draw $z = m + s\,\varepsilon$ with given noise $\varepsilon$; return the slopes $\partial z/\partial m$ and $\partial z/\partial \ell$, which backpropagation needs; and compute the price
# $\mathrm{KL} = \tfrac12 \sum_j (m_j^2 + s_j^2 - \ln s_j^2 - 1)$ of each cloud.
#
# <details><summary>Hint 1</summary>
#
# $s = e^{\ell/2}$, not $e^\ell$. And $\partial s / \partial \ell = s / 2$.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `spread = np.exp(log_variance / 2)`; `z = mean + spread * noise`; slopes: `np.ones_like(mean)` and `spread * noise / 2`. The price sums over the last axis only: one number per picture.
#
# </details>


# %%
def reparameterise(mean, log_variance, noise):
    """Draw from the clouds, with slopes.

    Args:
        mean, log_variance: arrays (n, d), one cloud per picture.
        noise: array (n, d), standard normal, already drawn.

    Returns:
        (z, ∂z/∂mean, ∂z/∂log_variance), each (n, d).
    """
    ### BEGIN SOLUTION
    mean, log_variance, noise = (np.asarray(each, "float64") for each in (mean, log_variance, noise))
    spread = np.exp(log_variance / 2)
    return mean + spread * noise, np.ones_like(mean), spread * noise / 2
    ### END SOLUTION


def kl_price(mean, log_variance):
    """Kullback–Leibler divergence of each cloud from the standard normal distribution.

    Args:
        mean, log_variance: arrays (n, d).

    Returns:
        Array (n,): one price per picture.
    """
    ### BEGIN SOLUTION
    mean, log_variance = np.asarray(mean, "float64"), np.asarray(log_variance, "float64")
    return 0.5 * np.sum(mean**2 + np.exp(log_variance) - log_variance - 1, axis=1)
    ### END SOLUTION


# %%
with check("reparameterise", points=2):
    random = np.random.default_rng(2)
    mean, log_variance, noise = (random.normal(size=(4, 3)) for _ in range(3))
    kept = [each.copy() for each in (mean, log_variance, noise)]
    result = reparameterise(mean, log_variance, noise)
    three = isinstance(result, (tuple, list, np.ndarray)) and len(result) == 3
    check.true(three, "Return three arrays: z, ∂z/∂mean, ∂z/∂log_variance.")
    check.true(
        all(map(np.array_equal, kept, (mean, log_variance, noise))),
        "Your function changed the arrays it was given: no `*=` or `+=` on them.",
    )
    z, slope_mean, slope_log = result
    check.shape(z, (4, 3), "One point for each cloud.")
    again = reparameterise(mean, log_variance, noise)[0]
    check.true(
        np.array_equal(z, again),
        "Called twice with the same noise, your z differs: use the noise that is given, don't draw new one.",
    )
    check.true(
        not np.allclose(z, mean + np.exp(log_variance) * noise),
        "exp(log_variance) is the *variance*; noise is multiplied by its root, the spread: exp(log_variance / 2).",
    )
    check.true(
        not np.allclose(z, mean + log_variance * noise),
        "You multiplied the noise by the logarithm itself: the spread is exp(log_variance / 2).",
    )
    check.true(
        not np.allclose(z, mean + np.exp(2 * log_variance) * noise),
        "The spread is exp(log_variance / 2): half, not twice.",
    )
    check.close(z, mean + np.exp(log_variance / 2) * noise, "z = mean + exp(log_variance / 2) · noise.")
    check.shape(slope_mean, (4, 3), "∂z/∂mean is 1 for each number: an array of ones, in z's shape.")
    check.close(slope_mean, np.ones((4, 3)), "z rises by 1 when the mean rises by 1.")
    check.shape(slope_log, (4, 3), "∂z/∂log_variance in z's shape.")
    spread = np.exp(log_variance / 2)
    check.true(
        not np.allclose(slope_log, spread * noise),
        "The ½ is missing: by the chain rule, exp(ℓ/2) has the slope ½ exp(ℓ/2).",
    )
    check.true(
        not np.allclose(slope_log, noise),
        "noise is ∂z/∂s, the slope by the *spread*; by its logarithm there is one more factor.",
    )
    check.true(not np.allclose(slope_log, spread / 2), "The noise is missing in ∂z/∂log_variance.")
    step = 1e-6
    numeric = (mean + np.exp((log_variance + step) / 2) * noise - mean - np.exp((log_variance - step) / 2) * noise) / (
        2 * step
    )
    check.close(slope_log, numeric, "∂z/∂log_variance differs from a finite difference.")
    single = reparameterise(np.zeros((2, 6)), np.zeros((2, 6)), np.ones((2, 6)))
    hint = "With two clouds of six numbers the shapes differ: is a size written into your function?"
    check.true([np.shape(each) for each in single] == [(2, 6)] * 3, hint)
    price = kl_price(mean, log_variance)
    hint = "kl_price changed the arrays it was given: no `**=` or `+=` on them."
    check.true(np.array_equal(kept[0], mean) and np.array_equal(kept[1], log_variance), hint)
    check.true(price is not None, "kl_price returned None: does it end in `return`?")
    check.true(
        np.shape(price) != (), "One price per picture, shape (n,): sum over the numbers of the code only, `axis=1`."
    )
    wanted = 0.5 * np.sum(mean**2 + np.exp(log_variance) - log_variance - 1, axis=1)
    check.true(
        np.shape(price) != (3,), "You summed over the pictures (`axis=0`): sum over the numbers of the code, `axis=1`."
    )
    check.shape(price, (4,), "One price per picture.")
    check.true(not np.allclose(price, 2 * wanted), "The factor ½ is missing.")
    check.true(not np.allclose(price, -wanted), "The sign is wrong: a price is never negative.")
    check.true(not np.allclose(price, wanted / 3), "Sum over the numbers of the code, don't average.")
    check.close(
        kl_price(np.zeros((2, 5)), np.zeros((2, 5))),
        np.zeros(2),
        "The standard cloud (mean 0, log variance 0) costs nothing.",
    )
    check.close(kl_price(np.full((1, 2), 3.0), np.zeros((1, 2))), [9.0], "Mean 3 in two numbers: ½ (9 + 9).")
    hint = "A cloud of mean 0 with log variance 2: ½ (e² − 2 − 1). The variance is exp(log_variance), and its logarithm log_variance."
    check.close(kl_price(np.zeros((1, 1)), np.full((1, 1), 2.0)), [0.5 * (np.exp(2) - 3)], hint)
    check.close(price, wanted, "The price of four clouds differs.")
    hint = "Seven numbers in the code: the sum goes over all of them."
    check.close(kl_price(np.ones((1, 7)), np.zeros((1, 7))), [3.5], hint)

# %% [markdown] tags=["solution"]
# **Discussion.** Why the logarithm? A network's output may be any number, a variance may not; with $e^\ell$ it is positive by itself. Without the trick there would be no slope at all: "draw from this distribution" is not a function that one could differentiate. With it the chance is an
# *input*, and the slopes by $m$ and $\ell$ are as ordinary as any.

# %% [markdown]
# ## Exercise 4 · A noise schedule
#
# Difficulty ●●●○○ · Importance ●●●○○ · 25 minutes
#
# The classic diffusion model adds noise in $T$ steps: $\bar\alpha_t$ says how much of the picture's *variance* is left after step $t$, and $x_t = \sqrt{\bar\alpha_t}\,x + \sqrt{1 - \bar\alpha_t}\,\varepsilon$. Write the **cosine schedule** of [Nichol and Dhariwal (2021)](https://arxiv.org/abs/2102.09672):
#
# $$\bar\alpha_t = \frac{f(t)}{f(0)}, \qquad f(t) = \cos^2\!\left(\frac{t/T + s}{1 + s} \cdot \frac{\pi}{2}\right), \qquad s = 0.008,$$
#
# for $t = 0, 1, \dots, T$; the noise of each single step, $\beta_t = 1 - \bar\alpha_t / \bar\alpha_{t-1}$ for $t = 1, \dots, T$, at most 0.999; and the noising itself.
#
# <details><summary>Hint 1</summary>
#
# `np.arange(steps + 1)` has all the times, 0 and T included. Of $T + 1$ values there are $T$ ratios of neighbours: `left[1:] / left[:-1]`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Each picture has its own time: `left[times]` has the shape (n,); to multiply it with pictures (n, height, width, 1), give it three more axes: `[:, None, None, None]`. Under the roots: `left` and `1 - left`.
#
# </details>


# %%
def cosine_schedule(steps, s=0.008):
    """The cosine schedule.

    Args:
        steps: T, the number of noising steps.
        s: small shift, so that the first steps are not too small.

    Returns:
        (left, betas): the share of variance left ᾱ_t for t = 0 … T, array (T + 1,), and β_t for t = 1 … T, array (T,), at most 0.999.
    """
    ### BEGIN SOLUTION
    f = np.cos((np.arange(steps + 1) / steps + s) / (1 + s) * np.pi / 2) ** 2
    left = f / f[0]
    return left, np.minimum(1 - left[1:] / left[:-1], 0.999)
    ### END SOLUTION


def add_noise(pictures, noise, times, left):
    """Noise each picture to its own time.

    Args:
        pictures, noise: arrays (n, height, width, channels).
        times: array (n,) of whole numbers from 0 to T.
        left: ᾱ, array (T + 1,).

    Returns:
        Array (n, height, width, channels).
    """
    ### BEGIN SOLUTION
    share = np.asarray(left)[np.asarray(times)][:, None, None, None]
    return np.sqrt(share) * pictures + np.sqrt(1 - share) * noise
    ### END SOLUTION


# %%
with check("cosine_schedule", points=2):
    result = cosine_schedule(50)
    check.true(
        isinstance(result, (tuple, list)) and len(result) == 2, "Return two arrays: what is left, and the betas."
    )
    left, betas = (np.asarray(each, "float64") for each in result)
    check.true(left.shape != (50,), "ᾱ for t = 0 … T are T + 1 values: np.arange(steps + 1).")
    check.shape(left, (51,), "ᾱ for t = 0 … 50.")
    f = np.cos((np.arange(51) / 50 + 0.008) / 1.008 * np.pi / 2) ** 2
    check.true(not np.allclose(left, f), "Divide by f(0), so that ᾱ begins at exactly 1.")
    root = np.sqrt(f)
    check.true(not np.allclose(left, root / root[0]), "The cosine must be squared.")
    plain = np.cos(np.arange(51) / 50 * np.pi / 2) ** 2
    check.true(not np.allclose(left, plain), "The shift s is missing: (t/T + s) / (1 + s).")
    hint = "That is the lesson's cosine, the picture's factor √ᾱ: square it, and put in s."
    check.true(not np.allclose(left, np.sqrt(plain)), hint)
    check.true(left[0] > left[-1], "ᾱ is what is *left* of the picture: it begins at 1 and falls to 0.")
    check.close(left, f / f[0], "ᾱ differs from the formula.", 1e-6)
    check.true(betas.shape != (51,), "There are T steps, and so T betas: β₀ does not exist.")
    check.shape(betas, (50,), "β for t = 1 … 50.")
    ratio = 1 - left[1:] / left[:-1]
    check.true(
        betas[-1] < 1 - 1e-9,
        "β must be at most 0.999: in the last step all would be noise, and the way back could not be computed.",
    )
    check.true(betas[-1] < 0.99901, f"Your largest β is {betas[-1]:.6g}: β is at most 0.999.")
    check.true(
        not np.allclose(betas[:-1], left[1:-1] / left[:-2], atol=2e-3),
        "That is 1 − β: β is the share of *noise* in a step.",
    )
    check.true(
        not np.allclose(betas[:-1], left[:-2] - left[1:-1], rtol=1e-3),
        "β is one minus the *ratio* of neighbours, not their difference.",
    )
    upside_down = left[:-2] / left[1:-1] - 1
    check.true(
        not any(np.allclose(np.abs(betas[:-1]), each) for each in (upside_down, np.minimum(upside_down, 0.999))),
        "The ratio is upside down: the later value over the earlier one.",
    )
    check.close(betas, np.minimum(ratio, 0.999), "β differs from 1 − ᾱ_t / ᾱ_{t−1}.", 1e-6)
    few, few_betas = cosine_schedule(4, s=0.1)
    f = np.cos((np.arange(5) / 4 + 0.1) / 1.1 * np.pi / 2) ** 2
    capped = np.cumprod(np.append(1, 1 - np.minimum(1 - f[1:] / f[:-1], 0.999)))
    hint = "You compute ᾱ from the capped betas: only β is cut off at 0.999, ᾱ is f(t) / f(0)."
    check.true(np.shape(few) != (5,) or not np.allclose(few, capped), hint)
    check.close(few, f / f[0], "With 4 steps and s = 0.1 ᾱ differs: is a number written into the function?", 1e-6)
    check.close(few_betas, np.minimum(1 - f[1:] / f[:-1], 0.999), "With 4 steps and s = 0.1 β differs.", 1e-6)
    smallest = float(np.min(cosine_schedule(1000)[1]))
    hint = "With 1000 steps the first β is 0.00004: no lower limit, only the upper one, 0.999."
    check.true(smallest < 6e-5, f"Your smallest β is {smallest:.6g}. {hint}")
    random = np.random.default_rng(3)
    shown, noise = random.normal(size=(3, 5, 4, 2)), random.normal(size=(3, 5, 4, 2))
    square = add_noise(np.ones((4, 4, 4, 1)), np.zeros((4, 4, 4, 1)), np.array([0, 10, 20, 30]), left)
    check.true(square is not None, "add_noise returned None: does it end in `return`?")
    hint = "Four pictures of 4 × 4 pixels: each *picture* has its own time; your times go along the wrong axis. Give them three more axes: [:, None, None, None]."
    check.true(np.allclose(np.std(square, axis=(1, 2, 3)), 0), hint)
    given = shown.copy(), noise.copy(), np.array([0, 20, 50]), left.copy()
    noisy = add_noise(*given)
    hint = "Your function changed the arrays it was given: no `*=` or `+=` on them."
    check.true(all(map(np.array_equal, given, (shown, noise, [0, 20, 50], left))), hint)
    check.true(
        np.array_equal(noisy, add_noise(*given)), "Called twice, add_noise differs: use the noise that is given."
    )
    one_time = np.allclose(noisy[0], shown[0]) and np.allclose(noisy[2], shown[2])
    check.true(not one_time, "All pictures got the time of the first one: each picture has its own.")
    check.shape(noisy, shown.shape, "The noisy pictures have the shape of the pictures.")
    check.close(noisy[0], shown[0], "At time 0 the picture is untouched.")
    check.close(noisy[2], noise[2], "At time T only noise is left.", 1e-4)
    share = left[20]
    check.true(
        not np.allclose(noisy[1], share * shown[1] + (1 - share) * noise[1]),
        "ᾱ is a share of *variance*: under the roots.",
    )
    check.true(
        not np.allclose(noisy[1], np.sqrt(share) * shown[1] + (1 - np.sqrt(share)) * noise[1]),
        "The noise's factor is the root of 1 − ᾱ, not 1 minus the root.",
    )
    check.true(
        not np.allclose(noisy[1], np.sqrt(1 - share) * shown[1] + np.sqrt(share) * noise[1]),
        "Picture and noise are swapped.",
    )
    check.close(
        noisy[1],
        np.sqrt(share) * shown[1] + np.sqrt(1 - share) * noise[1],
        "At time 20: √ᾱ · picture + √(1 − ᾱ) · noise.",
    )
    line = np.linspace(1, 0, 5)
    hint = "With another schedule, ᾱ = 1, 0.75, 0.5, 0.25, 0, the noisy picture differs: use the argument `left`."
    check.close(add_noise(shown[:1], noise[:1], np.array([2]), line), np.sqrt(0.5) * (shown[:1] + noise[:1]), hint)

# %% [markdown] tags=["solution"]
# **Discussion.** Under the roots the two factors' squares add up to 1, so pictures of variance 1 keep it on the whole way, which the network likes. The lesson's straight line does not do that (in the middle the variance is ½) and works as well, because the network is told the time.

# %% [markdown]
# ## Exercise 5 · Doctor of GANs
#
# Difficulty ●●●○○ · Importance ●●●●○ · 20 minutes
#
# A GAN trained over night. In the morning there is a log, with one entry every 100 rounds: both losses, and the *spread* of the pictures as a share of the real pictures' (the lesson's guard). Write a function that reads it. The verdict, tried in this order:
#
# 1. `"collapsed"` if **each** of the last five spreads is below `limit` (0.4); then also say when it began: the first entry from which on **all** spreads are below the limit;
# 2. `"discriminator wins"` if the mean of the last five discriminator losses is below 0.05 (it knows every picture, and the generator learns nothing any more);
# 3. `"healthy"` otherwise.
#
# <details><summary>Hint 1</summary>
#
# The spread may dip below the limit and recover: that is no collapse. So look from the *end*: go backwards as long as the spread is below the limit.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `above = np.flatnonzero(np.asarray(log["spread"]) >= limit)` are the entries that were still good. The collapse begins right after the last of them, `above[-1] + 1`, or at entry 0 if there is none.
#
# </details>


# %%
def diagnose(log, limit=0.4):
    """Read a GAN's log.

    Args:
        log: dict of three sequences of equal length (at least five): "discriminator" and "generator" (losses), "spread".
        limit: the smallest healthy spread.

    Returns:
        (verdict, start): "collapsed", "discriminator wins" or "healthy"; and the entry, from 0, with which the collapse begins, None if there is none.
    """
    ### BEGIN SOLUTION
    spread = np.asarray(log["spread"], "float64")
    if spread[-5:].max() < limit:
        above = np.flatnonzero(spread >= limit)
        return "collapsed", int(above[-1]) + 1 if len(above) else 0
    if np.mean(log["discriminator"][-5:]) < 0.05:
        return "discriminator wins", None
    return "healthy", None
    ### END SOLUTION


# %%
with check("diagnose", points=2):
    random = np.random.default_rng(4)

    def night(spread, discriminator, generator):
        """A made-up log of 30 entries around given courses."""
        random = np.random.default_rng(len(spread))
        wobble = [
            np.exp(0.03 * random.normal(size=len(spread))) * np.asarray(each, "float64")
            for each in (discriminator, generator, spread)
        ]
        return dict(zip(("discriminator", "generator", "spread"), wobble, strict=True))

    steady = night([0.8] * 30, [1.3] * 30, [0.8] * 30)
    kept = {name: np.array(course) for name, course in steady.items()}
    result = diagnose(steady)
    check.true(
        isinstance(result, (tuple, list)) and len(result) == 2,
        "Return two things: the verdict and the start (or None).",
    )
    check.equal(result[0], "healthy", "Spread 0.8, losses near 1.3 and 0.8 all night: that is a healthy game.")
    check.true(result[1] is None, "A healthy game has no start of a collapse: None.")
    same = all(np.array_equal(steady.get(name), course) for name, course in kept.items())
    check.true(same, "Your function changed the log it was given: work on copies of its courses.")
    sick = night([0.8] * 18 + [0.1] * 12, [1.3] * 18 + [0.9] * 12, [0.8] * 18 + [0.2] * 12)
    verdict, start = diagnose(sick)
    hint = "The spread fell to 0.1 and stayed there: collapsed, even though the generator's loss *fell*. Don't judge by the generator's loss."
    check.equal(verdict, "collapsed", hint)
    check.true(start is not None, "A collapse has a start: the number of the entry.")
    check.true(start not in (17, 19), "You are off by one: entries 0 to 17 are good, 18 is the first bad one.")
    check.true(start != 1800, "Return the number of the entry, not of the round.")
    check.equal(start, 18, "Entries 0 to 17 are good, from 18 on all are below the limit.")
    risen = night([0.8] * 20 + [0.1] * 10, [1.3] * 30, [0.8] * 20 + [3.0] * 10)
    check.equal(
        diagnose(risen)[0],
        "collapsed",
        "Here the generator's loss *rose* while the spread fell to 0.1: the spread alone decides.",
    )
    dip = night([0.8] * 6 + [0.2] * 5 + [0.8] * 19, [1.3] * 30, [0.8] * 30)
    check.equal(
        diagnose(dip)[0],
        "healthy",
        "The spread dipped in entries 6 to 10 and recovered: no collapse. Judge by the last five.",
    )
    twice = night([0.8] * 6 + [0.2] * 5 + [0.8] * 9 + [0.1] * 10, [1.3] * 30, [0.8] * 30)
    hint = "The first dip (entries 6 to 10) recovered; the collapse that lasts begins at entry 20. Look from the end."
    check.equal(diagnose(twice)[1], 20, hint)
    strong = night([0.7] * 30, list(np.geomspace(1.3, 0.01, 30)), list(np.geomspace(0.8, 9, 30)))
    verdict, start = diagnose(strong)
    check.equal(
        verdict,
        "discriminator wins",
        "The discriminator's loss fell to 0.01: it knows every picture. Its *last five* losses count.",
    )
    check.true(start is None, "Only a collapse has a start; here it is None.")
    hint = "Discriminator losses of 0.06 at the end, the generator's at 9: not below 0.05. Only the discriminator's loss counts here."
    check.equal(diagnose(night([0.7] * 30, [0.06] * 30, [9.0] * 30))[0], "healthy", hint)
    hint = "Discriminator losses near 0.04 at the end, the generator's at 1: that is below 0.05, whatever the generator's loss."
    check.equal(diagnose(night([0.7] * 30, [1.0] * 20 + [0.04] * 10, [1.0] * 30))[0], "discriminator wins", hint)
    hint = "The discriminator's loss dipped to 0.01 in one entry; the *mean* of its last five is well above 0.05."
    for place in (29, 27, 10):
        losses = [1.0] * 30
        losses[place] = 0.01
        check.equal(diagnose(night([0.7] * 30, losses, [1.0] * 30))[0], "healthy", hint)
    check.equal(
        diagnose(night([0.7] * 30, [0.01] * 29 + [0.12], [3.0] * 30))[0],
        "discriminator wins",
        "The discriminator's last losses are 0.01, 0.01, 0.01, 0.01 and 0.12: their *mean* is below 0.05.",
    )
    check.equal(
        diagnose(night([0.7] * 30, [0.01] * 25 + [1.0] * 5, [3.0] * 30))[0],
        "healthy",
        "The discriminator knew all, long ago; in the last *five* entries its loss is 1.",
    )
    both = night([0.8] * 10 + [0.1] * 20, [1.3] * 10 + [0.01] * 20, [0.8] * 10 + [8] * 20)
    check.equal(
        diagnose(both)[0], "collapsed", "Collapsed *and* beaten: the order of the verdicts says collapsed first."
    )
    always = night([0.05] * 30, [1.3] * 30, [0.8] * 30)
    check.equal(
        diagnose(always),
        ("collapsed", 0) if isinstance(diagnose(always), tuple) else ["collapsed", 0],
        "Never above the limit: collapsed from entry 0.",
    )
    last = night([0.8] * 29 + [0.1], [1.3] * 30, [0.8] * 30)
    check.equal(
        diagnose(last)[0], "healthy", "One bad entry at the very end is no verdict: each of the last five must be bad."
    )
    strict = night([0.8] * 15 + [0.5] * 15, [1.3] * 30, [0.8] * 30)
    check.equal(
        diagnose(strict, limit=0.6)[0],
        "collapsed",
        "With limit=0.6 a spread of 0.5 is too little: use the argument `limit`.",
    )
    check.equal(diagnose(strict, limit=0.6)[1], 15, "The start must follow the argument `limit`, too.")
    for bad in ([0.9, 0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1, 0.9]):
        short = {"discriminator": [1.0] * 5, "generator": [1.0] * 5, "spread": bad}
        hint = f"Five entries, {bad}: only four of the last five are below the limit, so it is no collapse. Not their mean, not the smallest: each of them."
        check.equal(diagnose(short)[0], "healthy", hint)
    six = {"discriminator": [1.0] * 6, "generator": [1.0] * 6, "spread": [0.9, 0.1, 0.1, 0.1, 0.1, 0.1]}
    hint = "Six entries, the last five bad: that is enough. *Five* entries decide, not more."
    check.equal(diagnose(six)[0], "collapsed", hint)
    slow = night(list(np.linspace(0.9, 0.05, 30)), [1.3] * 30, [0.8] * 30)
    first = int(np.flatnonzero(np.asarray(slow["spread"]) >= 0.4)[-1]) + 1
    hint = "Here the spread falls slowly, without a leap: the start is the first entry from which on all are below the limit."
    check.equal(diagnose(slow)[1], first, hint)
    listed = {"discriminator": [1.0] * 6, "generator": [1.0] * 6, "spread": [0.9, 0.3, 0.3, 0.2, 0.1, 0.1]}
    check.equal(diagnose(listed)[1], 1, "A short log of lists: good in entry 0 only, so the collapse begins at 1.")
    hint = "A dip that recovers, or fewer than five bad entries at the end: the start is None."
    for calm in (dip, last):
        check.true(diagnose(calm)[1] is None, hint)
    late = night([0.7] * 28 + [0.1] * 2, [0.01] * 30, [3.0] * 30)
    hint = "Only the last two spreads are bad: the discriminator wins, and the start is None."
    check.true(diagnose(late)[1] is None, hint)
    for losses, verdict in (
        ([1.0] * 25 + [0.01] * 5, "discriminator wins"),
        ([1.0] * 25 + [0.3] + [0.01] * 4, "healthy"),
    ):
        hint = f"Losses of 1, then {losses[-5:]}: the *mean* of the last *five* decides."
        check.equal(diagnose(night([0.7] * 30, losses, [1.0] * 30))[0], verdict, hint)
    edge = {"discriminator": [1.0] * 7, "generator": [1.0] * 7, "spread": [0.9, 0.9] + [0.5] * 5}
    hint = "Spreads of exactly the limit are not *below* it: <, not <=."
    check.equal(diagnose(edge, limit=0.5)[0], "healthy", hint)
    edge["spread"] = [0.9, 0.5] + [0.1] * 5
    hint = "Entry 1 is exactly at the limit, so not below it: the collapse begins at entry 2."
    check.equal(diagnose(edge, limit=0.5)[1], 2, hint)
    print("sick:", diagnose(sick), " strong:", diagnose(strong), " steady:", diagnose(steady))

# %% [markdown] tags=["solution"]
# **Discussion.** Note which column was never needed: the generator's loss. In a collapse it may fall (a fixed opponent is fooled) or rise (the discriminator knows the one picture by heart). What one measures *outside* the game decides. In practice you would also save weights every so many rounds, and go back
# to the last ones before `start`.

# %% [markdown]
# ## Exercise 6 · The walk back, with guidance
#
# Difficulty ●●●●○ · Importance ●●●●○ · 25 minutes
#
# Write the sampler. `direction(x, time, kind)` is the trained network: it returns the direction from picture to noise at the point x; `time` is one number. Begin at the noise, `time` = 1, and take equal steps until `time` = 0; at each step ask twice, with the order and with `kind=None` ("any"), combine
# $v = v_\text{any} + w\,(v_\text{order} - v_\text{any})$, and go *against* it: $x \leftarrow x - h\,v$ with the step's length $h$.
#
# <details><summary>Hint 1</summary>
#
# With `steps` steps, each has the length 1/steps; the network is asked at the *beginning* of each: at times 1, 1 − 1/steps, …, 1/steps, never at 0.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `for number in range(steps): time = 1 - number / steps`, then the two questions at the same x, then `x = x - v / steps`.
#
# </details>


# %%
def walk_back(direction, noise, kind, guidance=1.0, steps=20):
    """Draw with a trained direction network.

    Args:
        direction: function (x, time, kind) -> array like x; kind None means any.
        noise: array, the start at time 1.
        kind: the order, passed on to `direction`.
        guidance: w; 1 is the order itself, 0 ignores it, more exaggerates it.
        steps: number of equal steps from time 1 to time 0.

    Returns:
        Array like noise: the picture at time 0.
    """
    ### BEGIN SOLUTION
    x = np.array(noise, "float64")
    for number in range(steps):
        time = 1 - number / steps
        free = direction(x, time, None)
        x = x - (free + guidance * (direction(x, time, kind) - free)) / steps
    return x
    ### END SOLUTION


# %%
with check("walk_back", points=3):
    asked = []

    def constant(x, time, kind):
        """The same direction everywhere: 2 for the order "boot", 1 for "bag", 0.7 for any."""
        hint = "Ask direction(x, time, kind), in this order, and with kind=None for “any”."
        check.true(kind in ("boot", "bag", None), hint)
        asked.append((float(time), kind))
        return np.full_like(np.asarray(x, "float64"), {"boot": 2.0, "bag": 1.0, None: 0.7}[kind])

    start = np.array([[3.0, -1.0, 0.0]])
    kept = start.copy()
    found = walk_back(constant, start, "boot", steps=4)
    check.true(found is not None, "Your function returned None: does it end in `return`, after the loop?")
    check.true(
        np.array_equal(start, kept),
        "Your function changed the noise it was given: x = x - …, not x -= … on the caller's array.",
    )
    check.shape(found, (1, 3), "The picture has the shape of the noise.")
    check.true(
        not np.allclose(found, start + 2),
        "You walk in the wrong direction: the network points from picture to *noise*, so subtract.",
    )
    check.true(not np.allclose(found, start - 8), "Each step has the length 1/steps, not 1.")
    check.true(
        not np.allclose(found, start - 0.7),
        "You took the direction of “any”: for guidance 1 the result is that of the order itself.",
    )
    check.true(
        not np.allclose(found, start - 2.7), "v = v_any + w (v_order − v_any): the difference, not v_order itself."
    )
    check.true(
        not np.allclose(found, start - 2 * 0.75) and not np.allclose(found, start - 2 * 1.25),
        "Your number of steps is off by one: `steps` steps of 1/steps lead exactly from 1 to 0.",
    )
    hint = (
        "That is v_order + w (v_order − v_any), or w = 2: begin with the direction of “any”, "
        "v_any + …, and leave the default, guidance=1.0."
    )
    check.true(not np.allclose(found, start - 3.3), hint)
    hint = (
        "You end only a quarter of the way, as after one step of 1/steps. Does each step update x, "
        "is `return` after the loop, and do you divide by `steps` only once?"
    )
    check.true(not np.allclose(found, start - 0.5), hint)
    sizes = []

    def still(x, time, kind):
        """No direction anywhere; notes how many times it is asked about at once."""
        sizes.append(np.size(time))
        return np.zeros(np.shape(x))

    rest = np.arange(6.0).reshape(3, 2)
    stayed = walk_back(still, rest.copy(), "boot", steps=4)
    check.true(max(sizes, default=1) == 1, "`time` is one number for all pictures, not an array.")
    hint = "With a direction of 0 the noise stays as it is: start at the given noise and add none."
    check.true(np.allclose(stayed, rest), hint)
    check.close(found, start - 2, "With a constant direction of 2 and guidance 1 the walk ends 2 below its start.")
    times = [time for time, _ in asked]
    check.true(
        not np.isclose(min(times), 0),
        "The network is never asked at time 0: there the walk is over. Ask at the beginning of each step.",
    )
    check.true(
        len(set(np.round(times, 9))) == 4,
        "With 4 steps the network is asked at 4 different times (each with the order and with None).",
    )
    check.true(np.isclose(times[0], 1), "The first question is asked at time 1: the walk begins at the noise.")
    check.close(
        sorted(set(np.round(times, 9)))[::-1],
        [1, 0.75, 0.5, 0.25],
        "With 4 steps the questions are asked at 1, 0.75, 0.5 and 0.25.",
    )
    check.true({kind for _, kind in asked} <= {"boot", None}, "Pass the order on as it is given.")
    for number in (10, 49, 300):
        asked.clear()
        walk_back(constant, start, "boot", steps=number)
        different = len({round(time, 9) for time, _ in asked})
        hint = (
            f"With {number} steps the network is asked at {different} different times. Count, "
            "`for number in range(steps)`, and don't round `time`. (The computer's decimals are "
            "not exact: if you subtract 0.1 from 1 ten times, you don't end exactly at 0.)"
        )
        check.true(different == number, hint)
    for weight, shift in ((0.0, 0.7), (2.0, 3.3), (3.0, 4.6)):
        found = walk_back(constant, start, "boot", guidance=weight, steps=10)
        hint = f"Guidance {weight:g}: any is 0.7, the order 2, so v = 0.7 + {weight:g} · 1.3 = {shift:g}. Is it v_any + w (v_order − v_any), and do you use the argument?"
        check.close(found, start - shift, hint)
    check.close(
        walk_back(constant, start, "bag", 2.0, 5),
        start - 1.3,
        "The order “bag” leads elsewhere: use the argument `kind`.",
    )
    asked.clear()
    walk_back(constant, start, "boot")
    check.equal(len({round(time, 9) for time, _ in asked}), 20, "Without `steps` there must be 20 steps: the default.")
    # a world in which the true direction is known: all pictures of kind k are the one point centre[k]; x_t = (1 - t) c + t e
    centres = {0: np.array([2.0, -1.0]), 1: np.array([-3.0, 0.5]), None: np.array([0.0, 0.0])}
    exact = lambda x, time, kind: (x - centres[kind]) / time  # noqa: E731
    noise = np.random.default_rng(5).normal(size=(6, 2))
    found = walk_back(exact, noise, 1, guidance=1.0, steps=7)
    hint = "In a world with one picture per kind, the walk must end exactly at that picture. Do both questions use the *current* x, and does each step update it?"
    check.close(found, np.tile(centres[1], (6, 1)), hint)
    hint = "The order here is the number 0, and your function takes it for no order: compare with None, don't write `if kind`."
    check.true(not np.allclose(walk_back(exact, noise, 0, 1.0, 5), 0), hint)
    far = walk_back(lambda x, time, kind: 0 * np.asarray(x), 1000 * noise, 1, 1.0, 3)
    check.close(far, 1000 * noise, "Large numbers change on the way: no clipping here.")
    stale, moved = noise.copy(), noise.copy()
    field = lambda x, time, kind: np.asarray(x) * (2.0 if kind is None else 0.5) + time  # noqa: E731
    first = field(noise, 1.0, None)
    for number in range(4):
        time = 1 - number / 4
        stale = stale - (first + 3 * (field(stale, time, 1) - first)) / 4
        half_way = moved - (1 - 3) * field(moved, time, None) / 4
        moved = half_way - 3 * field(half_way, time, 1) / 4
    found = walk_back(field, noise, 1, 3.0, 4)
    hint = "You ask for the direction of “any” once, before the loop: ask both questions anew in every step."
    check.true(not np.allclose(found, stale), hint)
    hint = "You move x between the two questions of a step: ask both at the same x, combine, and then take the step."
    check.true(not np.allclose(found, moved), hint)
    check.close(
        walk_back(exact, noise, 0, guidance=2.0, steps=9),
        np.tile([4.0, -2.0], (6, 1)),
        "With guidance 2 it ends at any + 2 (kind − any) = (4, −2).",
    )
    swirl = lambda x, time, kind: np.asarray(x) * time * (1.5 if kind else 0.5) + np.asarray(x)[..., ::-1]  # noqa: E731
    x = noise.copy()
    for number in range(3):
        time = 1 - number / 3
        free = swirl(x, time, None)
        x = x - (free + 1.7 * (swirl(x, time, 4) - free)) / 3
    found = walk_back(swirl, noise, 4, 1.7, 3)
    late = noise.copy()
    for number in range(3):
        time = 1 - (number + 1) / 3
        free = swirl(late, time, None)
        late = late - (free + 1.7 * (swirl(late, time, 4) - free)) / 3
    check.true(
        not np.allclose(found, late), "You ask at the *end* of each step; ask at its beginning: the first time is 1."
    )
    check.close(
        found,
        x,
        "In a field that turns and changes with the time the walk ends elsewhere: ask at the current x and time in every step.",
    )
    check.close(
        walk_back(constant, np.array([1, 2]), "boot", 1, 4),
        [-1.0, 0.0],
        "An array of whole numbers is a start, too, and on the way it needs decimals.",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** This is Euler's method for a differential equation, the simplest there is (day 19 has better ones; with Heun's, half the steps suffice). The world with one picture per kind shows what guidance does: it aims *beyond* the order, away from the average. With $w = 2$ the walk ends at a point where no picture is:
# too much guidance gives pictures that are more typical than anything real.

# %% [markdown]
# ## Exercise 7 · From one garment to another
#
# Difficulty ●●●○○ · Importance ●●●○○ · 15 minutes
#
# The lesson's GAN, trained longer, draws from 64 normal random numbers. On the way between two such vectors, what lies in the middle? Their *mean* is a bad choice: it is too short. Random vectors of 64 numbers all have a length near $\sqrt{64} = 8$; the mean of two has one near 5.7, and the generator has
# never seen such a short one. Walk on the sphere instead (**slerp**): with the angle $\theta$ between the two,
#
# $$z(u) = \frac{\sin((1 - u)\,\theta)}{\sin\theta}\, a + \frac{\sin(u\,\theta)}{\sin\theta}\, b, \qquad u \text{ from 0 to 1.}$$
#
# If $\theta$ is (nearly) 0, go straight. (Vectors that point in exactly opposite directions, for which there is no single way, do not occur.)
#
# <details><summary>Hint 1</summary>
#
# $\cos\theta = a \cdot b / (|a|\,|b|)$. Rounding may push it a little beyond 1: `np.clip` before `np.arccos`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `u = np.linspace(0, 1, count)[:, None]` has a row for each stage, so that `np.sin(u * angle) / np.sin(angle) * b` has the shape (count, d). For `np.sin(angle) < 1e-6`: `(1 - u) * a + u * b`.
#
# </details>


# %%
def slerp(a, b, count):
    """Stages on the way from a to b along the sphere.

    Args:
        a, b: arrays (d,).
        count: number of stages, a and b included; at least 2.

    Returns:
        Array (count, d): the first row is a, the last is b.
    """
    ### BEGIN SOLUTION
    a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
    u = np.linspace(0, 1, count)[:, None]
    angle = np.arccos(np.clip(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)), -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - u) * a + u * b
    return (np.sin((1 - u) * angle) * a + np.sin(u * angle) * b) / np.sin(angle)
    ### END SOLUTION


# %%
with check("slerp", points=2):
    random = np.random.default_rng(6)
    a, b = np.array([2.0, 0.0, 0.0]), np.array([0.0, 2.0, 0.0])
    way = slerp(a, b, 5)
    check.true(way is not None, "Your function returned None: does it end in `return`, in both cases?")
    check.true(np.shape(way) != (3, 5), "One *row* per stage: shape (count, d). `np.linspace(…)[:, None]`.")
    check.shape(way, (5, 3), "Five stages of three numbers.")
    changed = not np.array_equal(a, [2, 0, 0]) or not np.array_equal(b, [0, 2, 0])
    check.true(not changed, "Your function changed the vectors it was given: no `/=` or `*=` on them.")
    check.close(way[0], a, "The first stage is a itself (u = 0: its factor is sin θ / sin θ = 1).")
    check.close(way[-1], b, "The last stage is b itself: np.linspace includes both ends.")
    half = np.sqrt(2)
    check.true(
        not np.allclose(way[2], [1, 1, 0]),
        "The middle is the mean of a and b, which is too short: walk along the sphere.",
    )
    in_degrees = np.sin(45) / np.sin(90) * (a + b)
    hint = "np.sin wants the angle as np.arccos gives it, in radians: don't turn it into degrees."
    check.true(not np.allclose(way[2], in_degrees), hint)
    hint = "Halfway between two vectors of length 2 at a right angle: (√2, √2, 0), of length 2 again."
    check.close(way[2], [half, half, 0], hint)
    straight = np.linspace(0, 1, 5)[:, None]
    chord = (1 - straight) * a + straight * b
    chord = 2 * chord / np.linalg.norm(chord, axis=1, keepdims=True)
    hint = "You go along the straight line and correct the length: then the steps are unequal. Equal steps of the *angle* are wanted."
    check.true(not np.allclose(way, chord), hint)
    quarter = np.array([2 * np.cos(np.pi / 8), 2 * np.sin(np.pi / 8), 0])
    check.close(way[1], quarter, "A quarter of the way is a quarter of the angle, here 22.5 degrees.")
    a, b = random.normal(size=64), random.normal(size=64)
    kept = a.copy(), b.copy()
    way = slerp(a, b, 9)
    check.true(
        np.array_equal(a, kept[0]) and np.array_equal(b, kept[1]), "Your function changed the vectors it was given."
    )
    angle = np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    u = np.linspace(0, 1, 9)[:, None]
    wanted = (np.sin((1 - u) * angle) * a + np.sin(u * angle) * b) / np.sin(angle)
    unit = wanted / np.linalg.norm(wanted, axis=1, keepdims=True)
    check.true(
        not np.allclose(way, unit), "You returned unit vectors: the lengths of a and b must come back at the ends."
    )
    check.true(not np.allclose(way, wanted * np.sin(angle)), "You forgot to divide by sin θ: the ends are too short.")
    right_angle = np.cos(u * np.pi / 2) * a + np.sin(u * np.pi / 2) * b
    check.true(not np.allclose(way, right_angle), "You take every angle for a right one: compute θ from a and b.")
    acute = np.pi - angle
    folded = (np.sin((1 - u) * acute) * a + np.sin(u * acute) * b) / np.sin(acute)
    hint = (
        "The angle here is above 90 degrees, yours is 180 degrees minus it. Keep the sign of the "
        "cosine (no abs), divide by both lengths, then np.arccos (np.arcsin ends at 90 degrees)."
    )
    check.true(not np.allclose(way, folded), hint)
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    turned = np.sin((1 - u) * angle) * a / lengths[0] + np.sin(u * angle) * b / lengths[1]
    turned = turned / np.sin(angle) * ((1 - u) * lengths[0] + u * lengths[1])
    hint = "You turn the direction and change the length apart: use a and b as they are."
    check.true(not np.allclose(way, turned), hint)
    hint = "The last stage must be b itself, also where b is longer or shorter than a."
    check.true(np.allclose(way[-1], b), hint)
    hint = "For two vectors of different length the way differs. Is the cosine of the angle divided by *both* lengths?"
    check.close(way, wanted, hint)
    for degrees in (10, 40, 70, 130, 170):
        turned = 3 * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
        middle = 3 * np.array([np.cos(np.radians(degrees / 2)), np.sin(np.radians(degrees / 2))])
        hint = f"Two vectors of length 3 at {degrees} degrees: halfway is {degrees / 2:g} degrees, of length 3. np.arccos of the cosine gives angles up to 180 degrees; go straight only for an angle of nearly 0."
        check.close(slerp(np.array([3.0, 0.0]), turned, 3)[1], middle, hint)
    with np.errstate(all="ignore"):
        same = slerp(np.array([1.0, 2.0]), np.array([1.0, 2.0]), 3)
        stretched = slerp(np.array([0.3, 0.1, 0.7]), np.array([0.9, 0.3, 2.1]), 4)
    check.true(
        same is not None and stretched is not None,
        "Between two vectors of the same direction your function returns None: there, too, a `return` is needed.",
    )
    check.true(
        np.isfinite(same).all() and np.isfinite(stretched).all(),
        "Between two vectors of the same direction you get NaN: sin θ is 0 there (or rounding makes the cosine larger than 1). Go straight.",
    )
    check.close(same, np.tile([1.0, 2.0], (3, 1)), "From a vector to itself, all stages are the vector.")
    check.close(
        stretched,
        np.array([0.3, 0.1, 0.7]) * np.array([[1], [5 / 3], [7 / 3], [3]]),
        "Same direction, three times the length: go straight.",
        1e-4,
    )
    found = slerp(np.array([4, 0]), np.array([0, 4]), 3)[1]
    check.close(found, [np.sqrt(8), np.sqrt(8)], "Vectors of whole numbers are vectors, too.")
    hint = "From a vector to its multiple: NaN. Rounding makes the cosine larger than 1: np.clip."
    for number in range(60):
        arrow = random.normal(size=2 + number % 7)
        with np.errstate(all="ignore"):
            way = slerp(arrow.copy(), (1 + number % 3) * arrow, 3)
        check.true(np.isfinite(way).all(), hint)

# %% [markdown]
# Now look at it: the GAN of the lesson, trained longer, from a sneaker to an ankle boot and from a pullover to a dress. (This cell needs your `slerp`; if it is not there yet, it says so.)


# %%
def upwards(maps, filters):
    """Twice the height and width, batch normalisation, ReLU."""
    maps = layers.Conv2DTranspose(filters, 4, strides=2, padding="same", use_bias=False)(maps)
    return layers.ReLU()(fast.BatchNormalization(momentum=0.9)(maps))


def load_generator():
    """The lesson's conditional generator with the weights of its checkpoint."""
    noise, kind = keras.Input((64,)), keras.Input((10,))
    maps = layers.Dense(7 * 7 * 128, use_bias=False)(layers.Concatenate()([noise, kind]))
    maps = layers.Reshape((7, 7, 128))(maps)
    maps = layers.ReLU()(fast.BatchNormalization(momentum=0.9)(maps))
    maps = upwards(upwards(maps, 64), 32)
    generator = keras.Model([noise, kind], layers.Conv2D(1, 3, padding="same", activation="tanh")(maps))
    pretrained.checkpoint("day10_generative_images", "gan", generator)
    return generator


def show_walks():
    """Draw two walks, both the noise and the order changing from stage to stage."""
    random = np.random.default_rng(7)
    ways = [slerp(random.normal(size=64), random.normal(size=64), 9).astype("float32") for _ in range(2)]
    generator = load_generator()
    figure, grid = plt.subplots(2, 9, figsize=(9, 2.2))
    for row, way, (start, end) in zip(grid, ways, ((7, 9), (2, 3)), strict=True):
        share = np.linspace(0, 1, 9, dtype="float32")[:, None]
        drawn = generator.predict([way, (1 - share) * np.eye(10)[start] + share * np.eye(10)[end]], verbose=0)
        for axes, picture in zip(row, drawn, strict=True):
            axes.imshow(picture[..., 0], cmap="gray", vmin=-1, vmax=1)
            axes.axis("off")
    plots.show(
        figure,
        alt="Two rows of nine pictures drawn by the GAN: a sneaker that becomes an ankle boot, and a pullover that becomes a dress, each stage a garment of its own.",
    )


try:
    show_walks()
except NotImplementedError:
    print("slerp is not written yet")

# %% [markdown] tags=["solution"]
# **Discussion.** That all stages are garments is a sign that the generator has not learned its pictures by heart: then there would be jumps from one remembered picture to the next. In the VAE of the lesson the straight line was good enough, because its decoder also saw short codes.
