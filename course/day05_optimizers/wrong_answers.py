"""Plausible mistakes of day 05: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


@wrong("rate_limits", "stops where the factor is 0", says="not 0")
def rate_limits(curvatures):
    return 1 / max(curvatures), 2 / (max(curvatures) + min(curvatures))


@wrong("rate_limits", "the flattest direction sets the limit", says="steepest\\* direction")
def rate_limits(curvatures):
    return 2 / min(curvatures), 2 / (max(curvatures) + min(curvatures))


@wrong("rate_limits", "averages the curvatures", says="no average")
def rate_limits(curvatures):
    return 2 / np.mean(curvatures), 2 / (max(curvatures) + min(curvatures))


@wrong("rate_limits", "best for the steepest direction only", says="leaves the flattest too slow")
def rate_limits(curvatures):
    return 2 / max(curvatures), 1 / max(curvatures)


@wrong("rate_limits", "best for the flattest direction only", says="above the limit")
def rate_limits(curvatures):
    return 2 / max(curvatures), 1 / min(curvatures)


@wrong("rate_limits", "takes first and last for smallest and largest", says="any order")
def rate_limits(curvatures):
    return 2 / max(curvatures), 2 / (curvatures[0] + curvatures[-1])


@wrong("rate_limits", "adds up all curvatures", says="in between do not count")
def rate_limits(curvatures):
    return 2 / max(curvatures), 2 / sum(curvatures) if len(curvatures) > 1 else 1 / curvatures[0]


@wrong("rate_limits", "returns the limit alone", says="two numbers")
def rate_limits(curvatures):
    return 2 / max(curvatures)


def _adamw(
    weights, g, state, rate, decay, b1, b2, eps, *, mean_fix=True, square_fix=True, l2=False, first=1, late=False
):
    m, s, t = state
    t = t + 1
    g = g + decay * weights if l2 else g
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    fix = (np.sqrt(1 - b2 ** (t - 1 + first)) if square_fix else 1) / ((1 - b1 ** (t - 1 + first)) if mean_fix else 1)
    new = weights - rate * fix * m / (np.sqrt(s) + eps)
    if not l2:
        new = new - rate * decay * (new if late else weights)
    return new, (m, s, t)


@wrong("adamw_step", "no bias correction", says="bias correction is missing")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    return _adamw(
        weights, gradient, state, learning_rate, weight_decay, beta_1, beta_2, epsilon, mean_fix=False, square_fix=False
    )


@wrong("adamw_step", "corrects the mean only", says="square is not")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    return _adamw(weights, gradient, state, learning_rate, weight_decay, beta_1, beta_2, epsilon, square_fix=False)


@wrong("adamw_step", "L2 penalty instead of decoupled decay", says="through the gradient")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    return _adamw(weights, gradient, state, learning_rate, weight_decay, beta_1, beta_2, epsilon, l2=True)


@wrong("adamw_step", "plain Adam, no decay", says="where is the weight decay")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    return _adamw(weights, gradient, state, learning_rate, 0.0, beta_1, beta_2, epsilon)


@wrong("adamw_step", "decay not multiplied by the rate", says="by the learning rate")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    new, state = _adamw(weights, gradient, state, learning_rate, 0.0, beta_1, beta_2, epsilon)
    return new - weight_decay * weights, state


@wrong("adamw_step", "decays the weights after the step", says="before the step")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    return _adamw(weights, gradient, state, learning_rate, weight_decay, beta_1, beta_2, epsilon, late=True)


@wrong("adamw_step", "counts from zero", says="t must be 1")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    with np.errstate(all="ignore"):
        m, s, t = state
        m, s = beta_1 * m + (1 - beta_1) * gradient, beta_2 * s + (1 - beta_2) * gradient**2
        fix = np.sqrt(1 - beta_2**t) / np.float64(1 - beta_1**t)
        return weights * (1 - learning_rate * weight_decay) - learning_rate * fix * m / (np.sqrt(s) + epsilon), (
            m,
            s,
            t + 1,
        )


@wrong("adamw_step", "forgets to count", says="count the step")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    new, (m, s, t) = _adamw(weights, gradient, state, learning_rate, weight_decay, beta_1, beta_2, epsilon)
    return new, (m, s, t - 1)


@wrong("adamw_step", "forgets the square root", says="not by s")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    m, s, t = state
    t, m, s = t + 1, beta_1 * m + (1 - beta_1) * gradient, beta_2 * s + (1 - beta_2) * gradient**2
    fix = (1 - beta_2**t) / (1 - beta_1**t)
    return weights * (1 - learning_rate * weight_decay) - learning_rate * fix * m / (s + epsilon), (m, s, t)


@wrong("adamw_step", "works in place", says="changed an array")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    m, s, t = state
    m *= beta_1
    m += (1 - beta_1) * gradient
    s *= beta_2
    s += (1 - beta_2) * gradient**2
    fix = np.sqrt(1 - beta_2 ** (t + 1)) / (1 - beta_1 ** (t + 1))
    return weights * (1 - learning_rate * weight_decay) - learning_rate * fix * m / (np.sqrt(s) + epsilon), (
        m,
        s,
        t + 1,
    )


@wrong("adamw_step", "returns the old averages", says="must hold the new m")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    new, (_, _, t) = _adamw(weights, gradient, state, learning_rate, weight_decay, beta_1, beta_2, epsilon)
    return new, (state[0], state[1], t)


@wrong("adamw_step", "returns the weights only", says="and the new state")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    return _adamw(weights, gradient, state, learning_rate, weight_decay, beta_1, beta_2, epsilon)[0]


@wrong("adamw_step", "changes the weights it is given", says="changed an array")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    m, s, t = state
    t, m, s = t + 1, beta_1 * m + (1 - beta_1) * gradient, beta_2 * s + (1 - beta_2) * gradient**2
    weights -= learning_rate * weight_decay * weights
    weights -= learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (np.sqrt(s) + epsilon)
    return weights, (m, s, t)


@wrong("adamw_step", "corrects the square only", says="the mean is not")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    return _adamw(weights, gradient, state, learning_rate, weight_decay, beta_1, beta_2, epsilon, mean_fix=False)


@wrong("adamw_step", "epsilon inside the root", says="outside the root")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    m, s, t = state
    t, m, s = t + 1, beta_1 * m + (1 - beta_1) * gradient, beta_2 * s + (1 - beta_2) * gradient**2
    fix = np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return weights * (1 - learning_rate * weight_decay) - learning_rate * fix * m / np.sqrt(s + epsilon), (m, s, t)


@wrong("adamw_step", "climbs the hill", says="is the sign right")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    m, s, t = state
    t, m, s = t + 1, beta_1 * m + (1 - beta_1) * gradient, beta_2 * s + (1 - beta_2) * gradient**2
    fix = np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return weights * (1 - learning_rate * weight_decay) + learning_rate * fix * m / (np.sqrt(s) + epsilon), (m, s, t)


@wrong("adamw_step", "the correction upside down", says="above and 1 − β₁ᵗ below")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    m, s, t = state
    t, m, s = t + 1, beta_1 * m + (1 - beta_1) * gradient, beta_2 * s + (1 - beta_2) * gradient**2
    fix = (1 - beta_1**t) / np.sqrt(1 - beta_2**t)
    return weights * (1 - learning_rate * weight_decay) - learning_rate * fix * m / (np.sqrt(s) + epsilon), (m, s, t)


@wrong("adamw_step", "passes on the corrected averages", says="corrected\\* average")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    m, s, t = state
    t, m, s = t + 1, beta_1 * m + (1 - beta_1) * gradient, beta_2 * s + (1 - beta_2) * gradient**2
    m, s = m / (1 - beta_1**t), s / (1 - beta_2**t)
    return weights * (1 - learning_rate * weight_decay) - learning_rate * m / (np.sqrt(s) + epsilon), (m, s, t)


@wrong("adamw_step", "a correction that always stands at step 1", says="Does t grow")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    m, s, t = state
    t, m, s = t + 1, beta_1 * m + (1 - beta_1) * gradient, beta_2 * s + (1 - beta_2) * gradient**2
    fix = np.sqrt(1 - beta_2) / (1 - beta_1)
    return weights * (1 - learning_rate * weight_decay) - learning_rate * fix * m / (np.sqrt(s) + epsilon), (m, s, t)


@wrong("adamw_step", "swaps the two betas", says="not 0.9|must hold the new m|t = 1 in both")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    return _adamw(weights, gradient, state, learning_rate, weight_decay, beta_2, beta_1, epsilon)


@wrong("adamw_step", "the betas built in", says="use the parameters")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    return _adamw(weights, gradient, state, learning_rate, weight_decay, 0.9, 0.999, epsilon)


@wrong("adamw_step", "epsilon built in", says="parameter `epsilon`")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    return _adamw(weights, gradient, state, learning_rate, weight_decay, beta_1, beta_2, 1e-7)


@wrong("suggest_rates", "takes the rate of the lowest loss itself", says="already too high")
def suggest_rates(rates, losses):
    lowest = rates[smooth(losses).argmin()]
    return lowest / 10, lowest


@wrong("suggest_rates", "trusts one lucky batch", says="lucky")
def suggest_rates(rates, losses):
    lowest = rates[np.nanargmin(np.where(np.isfinite(losses), losses, np.nan))]
    return lowest / 10, lowest / 3


@wrong("suggest_rates", "does not expect NaN", says="NaN at the end|stopped")
def suggest_rates(rates, losses):
    lowest = rates[smooth(losses).argmin()]
    return lowest / 10, lowest / 3


@wrong("suggest_rates", "smooths first and cuts later, by nanargmin, with infinity kept", says="from the first")
def suggest_rates(rates, losses):
    good = np.isfinite(losses)
    lowest = rates[good][smooth(losses[good]).argmin()]
    return lowest / 10, lowest / 3


@wrong("suggest_rates", "returns them the other way round", says="higher than the constant")
def suggest_rates(rates, losses):
    lowest = rates[smooth(losses).argmin()]
    return lowest / 3, lowest / 10


@wrong("suggest_rates", "returns losses instead of rates", says="not a loss")
def suggest_rates(rates, losses):
    lowest = smooth(losses).min()
    return lowest / 10, lowest / 3


@wrong("suggest_rates", "returns the place in the array", says="not a place")
def suggest_rates(rates, losses):
    lowest = smooth(losses).argmin()
    return lowest / 10, lowest / 3


@wrong("suggest_rates", "takes the steepest fall", says="lowest")
def suggest_rates(rates, losses):
    lowest = rates[np.gradient(smooth(losses), np.log(rates)).argmin()]
    return lowest / 10, lowest / 3


@wrong("suggest_rates", "confuses a third with three times", says="a third")
def suggest_rates(rates, losses):
    lowest = rates[np.nanargmin(smooth(losses))]
    return lowest / 10, 3 * lowest / 10


@wrong("suggest_rates", "puts zeros where there is no number", says="NaN at the end")
def suggest_rates(rates, losses):
    lowest = rates[smooth(np.nan_to_num(losses, posinf=0)).argmin()]
    return lowest / 10, lowest / 3


@wrong("suggest_rates", "takes the end of the test", says="not the end of the test")
def suggest_rates(rates, losses):
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    return rates[end - 1] / 10, rates[end - 1] / 3


@wrong("my_schedule", "a constant rate", says="never changes")
def my_schedule(step, steps, peak):
    return peak


@wrong("my_schedule", "cosine without warm-up", says="no warm-up")
def my_schedule(step, steps, peak):
    return peak * 0.5 * (1 + np.cos(np.pi * step / steps))


@wrong("my_schedule", "warm-up from zero", says="wasted")
def my_schedule(step, steps, peak):
    share = step / (steps - 1)
    return peak * min(share / 0.2, 1, (1 - share) / 0.5)


@wrong("my_schedule", "warm-up, then constant", says="ends too high")
def my_schedule(step, steps, peak):
    return peak * min(1, (step + 1) / (0.2 * steps))


@wrong("my_schedule", "falls below zero", says="negative")
def my_schedule(step, steps, peak):
    share = step / (steps - 1)
    return peak * min((share + 0.01) / 0.2, 1, (0.9 - share) / 0.4)


@wrong("my_schedule", "written for 200 steps", says="share of the training")
def my_schedule(step, steps, peak):
    return peak * max(0.0, min((step + 1) / 40, 1, (199 - step) / 100))


@wrong("my_schedule", "written for a peak of 0.02", says="parameter `peak`")
def my_schedule(step, steps, peak):
    share = step / (steps - 1)
    return 0.02 * min((share + 0.01) / 0.2, 1, (1 - share) / 0.5)


@wrong("my_schedule", "stairs that jump", says="jumps")
def my_schedule(step, steps, peak):
    share = step / steps
    return peak * (0.1 if share < 0.1 else 1.0 if share < 0.6 else 0.2 if share < 0.8 else 0.02)


@wrong("my_schedule", "never reaches the peak", says="never reached")
def my_schedule(step, steps, peak):
    share = (step + 1) / (steps + 1)
    return peak * 2 * share * (1 - share)


@wrong("my_schedule", "a short needle at the very end of a long crawl", says="stay longer at high rates")
def my_schedule(step, steps, peak):
    share = step / (steps - 1)
    return peak * max(0.002 * (1 - share), 1 - abs(share - 0.9) / 0.05, 0.0)


@wrong("my_schedule", "prints instead of returning", says="return|TypeError")
def my_schedule(step, steps, peak):
    peak * step / steps


@wrong("my_schedule", "the share in whole numbers", says="wasted|never changes")
def my_schedule(step, steps, peak):
    share = step // steps
    return peak * min((share + 0.01) / 0.2, 1, (1 - share) / 0.5)


@wrong("my_schedule", "one path without return", says="every path end in `return`")
def my_schedule(step, steps, peak):
    if step < 0.2 * steps:
        return peak * (step + 1) / (0.2 * steps)
    if step > 0.5 * steps:
        return peak * (steps - 1 - step) / (0.5 * steps)


@wrong("my_schedule", "overshoots the peak", says="above the peak")
def my_schedule(step, steps, peak):
    share = step / (steps - 1)
    return peak * min((share + 0.01) / 0.2, 1.5, (1 - share) / 0.5)


@wrong("my_schedule", "falls far too early", says="stay longer at high rates")
def my_schedule(step, steps, peak):
    share = step / (steps - 1)
    return peak * max(0.001, min((share + 0.01) / 0.1, 1, 1 - (share - 0.1) / 0.08))


def diagnose_with(is_bad=lambda losses: ~np.isfinite(losses), alarm=None, slow=None):
    """A wrong `diagnose`: another rule for what is not finite, for the alarm (`before`: the losses up to there), for too slow."""
    alarm = alarm or (lambda before, chance: (before > 2 * chance).any())
    slow = slow or (lambda losses, chance: losses[-10:].mean() > 0.9 * losses[:10].mean())

    def diagnose(losses, chance):
        bad = np.flatnonzero(is_bad(losses))
        if alarm(losses[: bad[0]] if len(bad) else losses, chance):
            return "rate too high"
        if len(bad):
            return "look at the data"
        return "rate too low" if slow(losses, chance) else "healthy"

    return diagnose


for mistake, says, options in (
    (
        "looks at the end only",
        "look at every step|Look at every step",
        {"alarm": lambda before, chance: len(before) and before[-1] > 2 * chance},
    ),
    ("does not count infinity, and looks beyond it", "infinite", {"is_bad": np.isnan}),
    ("ten classes built in", "parameter `chance`", {"alarm": lambda before, chance: (before > 4.6).any()}),
    (
        "alarm at chance, not at twice chance",
        "\\*twice\\* chance",
        {"alarm": lambda before, chance: (before > chance).any()},
    ),
    (
        "alarm at 1.5 times chance",
        "begins at \\*twice",
        {"alarm": lambda before, chance: (before > 1.5 * chance).any()},
    ),
    (
        "alarm at 2.2 times chance",
        "begins at \\*twice",
        {"alarm": lambda before, chance: (before > 2.2 * chance).any()},
    ),
    (
        "alarm in the first ten steps only",
        "every step",
        {"alarm": lambda before, chance: (before[:10] > 2 * chance).any()},
    ),
    (
        "alarm measured from the first loss",
        "Look at every step|from `chance`",
        {"alarm": lambda before, chance: len(before) and (before > 2 * before[0]).any()},
    ),
    (
        "compares the first and the last loss",
        "means of ten",
        {"slow": lambda losses, chance: losses[-1] > 0.9 * losses[0]},
    ),
    (
        "compares with chance, not with the first ten",
        "first ten",
        {"slow": lambda losses, chance: losses[-10:].mean() > 0.9 * chance},
    ),
    (
        "compares with the first loss alone",
        "first \\*ten",
        {"slow": lambda losses, chance: losses[-10:].mean() > 0.9 * losses[0]},
    ),
    (
        "wants half of the loss gone",
        "more than 10 %",
        {"slow": lambda losses, chance: losses[-10:].mean() > 0.5 * losses[:10].mean()},
    ),
    ("85 % for 90 %", "90 %", {"slow": lambda losses, chance: losses[-10:].mean() > 0.85 * losses[:10].mean()}),
    (
        "the means the wrong way round",
        "from 2.3 to 0.5|healthy",
        {"slow": lambda losses, chance: losses[:10].mean() > 0.9 * losses[-10:].mean()},
    ),
):
    wrong("diagnose", mistake, says=says)(diagnose_with(**options))


@wrong("diagnose", "every NaN is the rate", says="out of the blue")
def diagnose(losses, chance):
    if not np.isfinite(losses).all() or (losses > 2 * chance).any():
        return "rate too high"
    return "rate too low" if losses[-10:].mean() > 0.9 * losses[:10].mean() else "healthy"


@wrong("diagnose", "every NaN is the data", says="what comes first decides")
def diagnose(losses, chance):
    if not np.isfinite(losses).all():
        return "look at the data"
    if (losses > 2 * chance).any():
        return "rate too high"
    return "rate too low" if losses[-10:].mean() > 0.9 * losses[:10].mean() else "healthy"


@wrong("diagnose", "compares with NaN", says="NaN")
def diagnose(losses, chance):
    if (losses > 2 * chance).any():
        return "rate too high"
    if (losses == np.nan).any():
        return "look at the data"
    return "rate too low" if losses[-10:].mean() > 0.9 * losses[:10].mean() else "healthy"


@wrong("diagnose", "answers True or False", says="four texts")
def diagnose(losses, chance):
    return bool(np.isfinite(losses).all())


@wrong("diagnose", "takes the largest loss, NaN or not", says="NaN|what comes first")
def diagnose(losses, chance):
    if losses.max() > 2 * chance:
        return "rate too high"
    if not np.isfinite(losses).all():
        return "look at the data"
    return "rate too low" if losses[-10:].mean() > 0.9 * losses[:10].mean() else "healthy"


@wrong("diagnose", "writes the verdicts in its own words", says="four texts")
def diagnose(losses, chance):
    return "Healthy"


@wrong("clip_gradients", "clips each array by itself", says="by itself")
def clip_gradients(gradients, limit):
    return [g * min(1, limit / max(np.linalg.norm(g), 1e-12)) for g in gradients]


@wrong("clip_gradients", "clips each number by itself", says="by itself")
def clip_gradients(gradients, limit):
    return [np.clip(g, -limit, limit) for g in gradients]


@wrong("clip_gradients", "each array decides for itself", says="\\*both\\* get the same factor|by itself")
def clip_gradients(gradients, limit):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    return [g * limit / norm if np.linalg.norm(g) > limit else g for g in gradients]


@wrong("clip_gradients", "compares the norm without its root", says="with its root")
def clip_gradients(gradients, limit):
    squares = sum((g**2).sum() for g in gradients)
    return [g * limit / np.sqrt(squares) if squares > limit else g for g in gradients]


@wrong("clip_gradients", "nothing returned for a calm gradient", says="returns None")
def clip_gradients(gradients, limit):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    if norm > limit:
        return [g * limit / norm for g in gradients]


@wrong("clip_gradients", "always scales to the limit", says="nothing to clip")
def clip_gradients(gradients, limit):
    norm = np.sqrt(sum((g**2).sum() for g in gradients)) + 1e-12
    return [g * limit / norm for g in gradients]


@wrong("clip_gradients", "forgets the root", says="forget the root")
def clip_gradients(gradients, limit):
    norm = sum((g**2).sum() for g in gradients)
    return [g * min(1, limit / max(norm, 1e-12)) for g in gradients]


@wrong("clip_gradients", "adds up the norms", says="add the \\*squares\\*")
def clip_gradients(gradients, limit):
    norm = sum(np.linalg.norm(g) for g in gradients)
    return [g * min(1, limit / max(norm, 1e-12)) for g in gradients]


@wrong("clip_gradients", "divides by zero", says="norm of 0|zero")
def clip_gradients(gradients, limit):
    with np.errstate(all="ignore"):
        norm = np.sqrt(sum((g**2).sum() for g in gradients))
        return [g / norm * min(norm, limit) for g in gradients]


@wrong("clip_gradients", "works in place", says="changed the arrays")
def clip_gradients(gradients, limit):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    if norm > limit:
        for g in gradients:
            g *= limit / norm
    return gradients


@wrong("clip_gradients", "throws long gradients away", says="norm 5")
def clip_gradients(gradients, limit):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    return [g if norm <= limit else np.zeros_like(g) for g in gradients]


@wrong("clip_gradients", "a limit of 1 built in", says="not 1")
def clip_gradients(gradients, limit):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    return [g / max(1, norm) for g in gradients]


@wrong("clip_gradients", "the longest array sets the norm", says="norm 5")
def clip_gradients(gradients, limit):
    norm = max(np.linalg.norm(g) for g in gradients)
    return [g * min(1, limit / max(norm, 1e-12)) for g in gradients]


@wrong("clip_gradients", "returns one long array", says="one array for each")
def clip_gradients(gradients, limit):
    together = np.concatenate([g.ravel() for g in gradients])
    return (together * min(1, limit / max(np.linalg.norm(together), 1e-12)),)


@wrong("clip_gradients", "forgets to return", says="returned None")
def clip_gradients(gradients, limit):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    [g * min(1, limit / max(norm, 1e-12)) for g in gradients]


# What a reader of the sheet tried later


@wrong(
    "adamw_step",
    "shrinks the given weights in place",
    says="With decay and a state that is no longer zero your function changed",
)
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    mean, square, steps = state
    steps = steps + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    square = beta_2 * square + (1 - beta_2) * gradient**2
    correction = np.sqrt(1 - beta_2**steps) / (1 - beta_1**steps)
    weights -= learning_rate * weight_decay * weights
    return weights - learning_rate * correction * mean / (np.sqrt(square) + epsilon), (mean, square, steps)


@wrong(
    "adamw_step",
    "multiplies the given averages in place",
    says="With decay and a state that is no longer zero your function changed",
)
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    mean, square, steps = state
    steps = steps + 1
    mean *= beta_1
    mean = mean + (1 - beta_1) * gradient
    square *= beta_2
    square = square + (1 - beta_2) * gradient**2
    correction = np.sqrt(1 - beta_2**steps) / (1 - beta_1**steps)
    weights = weights - learning_rate * weight_decay * weights
    return weights - learning_rate * correction * mean / (np.sqrt(square) + epsilon), (mean, square, steps)


@wrong("adamw_step", "does not square the gradient in s", says="must hold the new s.*g²")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    mean, square, steps = state
    steps = steps + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    square = beta_2 * square + (1 - beta_2) * gradient
    correction = np.sqrt(1 - beta_2**steps) / (1 - beta_1**steps)
    weights = weights - learning_rate * weight_decay * weights
    return weights - learning_rate * correction * mean / (np.sqrt(square) + epsilon), (mean, square, steps)


@wrong("adamw_step", "steps with the old averages", says="The weights did not move.*new\\* m")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    mean, square, steps = state
    steps = steps + 1
    new_mean = beta_1 * mean + (1 - beta_1) * gradient
    new_square = beta_2 * square + (1 - beta_2) * gradient**2
    correction = np.sqrt(1 - beta_2**steps) / (1 - beta_1**steps)
    weights = weights - learning_rate * weight_decay * weights
    return weights - learning_rate * correction * mean / (np.sqrt(square) + epsilon), (new_mean, new_square, steps)


@wrong("adamw_step", "steps with the old square", says="proportional to the gradient.*new\\* s")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    mean, square, steps = state
    steps = steps + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    new_square = beta_2 * square + (1 - beta_2) * gradient**2
    correction = np.sqrt(1 - beta_2**steps) / (1 - beta_1**steps)
    weights = weights - learning_rate * weight_decay * weights
    return weights - learning_rate * correction * mean / (np.sqrt(square) + epsilon), (mean, new_square, steps)


@wrong("adamw_step", "returns the step, not the weights", says="You return the step alone")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    mean, square, steps = state
    steps = steps + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    square = beta_2 * square + (1 - beta_2) * gradient**2
    correction = np.sqrt(1 - beta_2**steps) / (1 - beta_1**steps)
    step = learning_rate * weight_decay * weights + learning_rate * correction * mean / (np.sqrt(square) + epsilon)
    return step, (mean, square, steps)


@wrong("adamw_step", "exchanges beta and 1 - beta", says="must hold the new m.*β₁ m")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    mean, square, steps = state
    steps = steps + 1
    mean = (1 - beta_1) * mean + beta_1 * gradient
    square = (1 - beta_2) * square + beta_2 * gradient**2
    correction = np.sqrt(1 - beta_2**steps) / (1 - beta_1**steps)
    weights = weights - learning_rate * weight_decay * weights
    return weights - learning_rate * correction * mean / (np.sqrt(square) + epsilon), (mean, square, steps)


@wrong("adamw_step", "adds to the old mean without beta", says="begin with β times what the state holds")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    mean, square, steps = state
    steps = steps + 1
    mean = mean + (1 - beta_1) * gradient
    square = beta_2 * square + (1 - beta_2) * gradient**2
    correction = np.sqrt(1 - beta_2**steps) / (1 - beta_1**steps)
    weights = weights - learning_rate * weight_decay * weights
    return weights - learning_rate * correction * mean / (np.sqrt(square) + epsilon), (mean, square, steps)


@wrong("adamw_step", "returns the state in another order", says="the number comes last")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    mean, square, steps = state
    steps = steps + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    square = beta_2 * square + (1 - beta_2) * gradient**2
    correction = np.sqrt(1 - beta_2**steps) / (1 - beta_1**steps)
    weights = weights - learning_rate * weight_decay * weights
    return weights - learning_rate * correction * mean / (np.sqrt(square) + epsilon), (steps, mean, square)


@wrong("adamw_step", "decay inside the bracket with the correction", says="multiplied the decay by the bias correction")
def adamw_step(
    weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    mean, square, steps = state
    steps = steps + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    square = beta_2 * square + (1 - beta_2) * gradient**2
    rate = learning_rate * np.sqrt(1 - beta_2**steps) / (1 - beta_1**steps)
    return weights - rate * (mean / (np.sqrt(square) + epsilon) + weight_decay * weights), (mean, square, steps)


@wrong(
    "suggest_rates",
    "puts a large number in place of NaN and infinity",
    says="a large number in its place is soon forgotten",
)
def suggest_rates(rates, losses):
    lowest = rates[smooth(np.where(np.isfinite(losses), losses, 999.0)).argmin()]
    return lowest / 10, lowest / 3


@wrong("suggest_rates", "cuts one loss too many", says="falls to the end.*it counts, too")
def suggest_rates(rates, losses):
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    lowest = rates[smooth(losses[: end - 1]).argmin()]
    return lowest / 10, lowest / 3


@wrong("suggest_rates", "smooths the given losses in place", says="changed the rates or the losses")
def suggest_rates(rates, losses):
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    losses[:end] = smooth(losses[:end])
    lowest = rates[losses[:end].argmin()]
    return lowest / 10, lowest / 3


@wrong("diagnose", "looks only at the last loss before the NaN", says="every\\* loss before the first NaN")
def diagnose(losses, chance):
    bad = np.flatnonzero(~np.isfinite(losses))
    if len(bad):
        return "rate too high" if bad[0] > 0 and losses[bad[0] - 1] > 2 * chance else "look at the data"
    if (losses > 2 * chance).any():
        return "rate too high"
    return "rate too low" if losses[-10:].mean() > 0.9 * losses[:10].mean() else "healthy"


@wrong("diagnose", "compares a tenth of the steps, not ten", says="exactly ten")
def diagnose(losses, chance):
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    if (losses[:end] > 2 * chance).any():
        return "rate too high"
    if len(bad):
        return "look at the data"
    tenth = len(losses) // 10
    return "rate too low" if losses[-tenth:].mean() > 0.9 * losses[:tenth].mean() else "healthy"


@wrong("diagnose", "leaves out the very last loss", says="the very last included")
def diagnose(losses, chance):
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    if (losses[:end] > 2 * chance).any():
        return "rate too high"
    if len(bad):
        return "look at the data"
    return "rate too low" if losses[-11:-1].mean() > 0.9 * losses[:10].mean() else "healthy"


@wrong("diagnose", "compares only the last five", says="last five losses fell")
def diagnose(losses, chance):
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    if (losses[:end] > 2 * chance).any():
        return "rate too high"
    if len(bad):
        return "look at the data"
    return "rate too low" if losses[-5:].mean() > 0.9 * losses[:10].mean() else "healthy"


@wrong("diagnose", "compares with the first twenty", says="first \\*ten\\*, no more")
def diagnose(losses, chance):
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    if (losses[:end] > 2 * chance).any():
        return "rate too high"
    if len(bad):
        return "look at the data"
    return "rate too low" if losses[-10:].mean() > 0.9 * losses[:20].mean() else "healthy"


@wrong("clip_gradients", "puts new arrays into the given list", says="changed the \\*list\\* it was given")
def clip_gradients(gradients, limit):
    norm = np.sqrt(sum((gradient**2).sum() for gradient in gradients))
    for i in range(len(gradients)):
        if norm > limit:
            gradients[i] = gradients[i] * limit / norm
    return gradients


@wrong("clip_gradients", "takes the spectral norm of matrices", says="inside a matrix")
def clip_gradients(gradients, limit):
    norm = np.sqrt(sum(np.linalg.norm(gradient, 2) ** 2 for gradient in gradients))
    return [gradient * min(1, limit / max(norm, 1e-12)) for gradient in gradients]


@wrong("my_schedule", "obeys, but warms up too fast", says="Warm up more slowly")
def my_schedule(step, steps, peak):
    share = (step + 1) / steps
    if share < 0.05:
        return peak * share / 0.05
    return peak * (0.5 * (1 + np.cos(np.pi * (share - 0.05) / 0.95))) ** 2


@wrong("my_schedule", "obeys, but drops at the very end", says="let it fall more gently")
def my_schedule(step, steps, peak):
    share = step / (steps - 1)
    return peak * min((share + 0.01) / 0.05, 1, (1 - share) / 0.05)


@wrong("my_schedule", "obeys, but falls far too early", says="stay longer at high rates")
def my_schedule(step, steps, peak):
    share = step / (steps - 1)
    return peak * max(min((share + 0.01) / 0.1, 1, (0.2 - share) / 0.1), 0.01)


@wrong("my_schedule", "rounds the rate, 0 at the start of a long training", says="With 5000 steps the first rate is 0")
def my_schedule(step, steps, peak):
    share = (step + 1) / steps
    return round(peak * min(share / 0.1, 1, (1 - share) / 0.5), 4)
