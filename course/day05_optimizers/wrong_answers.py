"""Plausible mistakes of day 05: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""

import types


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


def adam_move(n):
    """The step of Adam, without a decay; in `n` the formula's names: w, g, m, s, t, m0, s0 (as given), fix, …"""
    return n.w - n.rate * n.fix * n.m / (np.sqrt(n.s) + n.eps)


def adamw_move(n):
    return adam_move(n) - n.rate * n.decay * n.w


def in_place(array, values):
    array[...] = values
    return array


def adamw_with(
    given=lambda n: {},
    mean=lambda n: n.b1 * n.m0 + (1 - n.b1) * n.g,
    square=lambda n: n.b2 * n.s0 + (1 - n.b2) * n.g**2,
    fix=lambda n: np.sqrt(1 - n.b2**n.t) / (1 - n.b1**n.t),
    new=adamw_move,
    result=lambda n: (n.new, (n.m, n.s, n.t)),
):
    """A wrong `adamw_step`: another rule for one part of it; `given` changes what came in."""

    def adamw_step(
        weights, gradient, state, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7
    ):
        n = types.SimpleNamespace(w=weights, g=gradient, m0=state[0], s0=state[1], t=state[2] + 1)
        vars(n).update(rate=learning_rate, decay=weight_decay, b1=beta_1, b2=beta_2, eps=epsilon)
        vars(n).update(given(n))
        n.m, n.s = mean(n), square(n)
        with np.errstate(all="ignore"):
            n.fix = fix(n)
            n.new = new(n)
        return result(n)

    return adamw_step


for mistake, says, options in (
    ("no bias correction", "bias correction is missing", {"fix": lambda n: 1}),
    ("corrects the mean only", "square is not", {"fix": lambda n: 1 / (1 - n.b1**n.t)}),
    ("corrects the square only", "the mean is not", {"fix": lambda n: np.sqrt(1 - n.b2**n.t)}),
    (
        "counts from zero",
        "t must be 1",
        {"fix": lambda n: np.sqrt(1 - n.b2 ** (n.t - 1)) / np.float64(1 - n.b1 ** (n.t - 1))},
    ),
    (
        "the correction upside down",
        "above and 1 − β₁ᵗ below",
        {"fix": lambda n: (1 - n.b1**n.t) / np.sqrt(1 - n.b2**n.t)},
    ),
    ("a correction that always stands at step 1", "Does t grow", {"fix": lambda n: np.sqrt(1 - n.b2) / (1 - n.b1)}),
    (
        "L2 penalty instead of decoupled decay",
        "through the gradient",
        {"given": lambda n: {"g": n.g + n.decay * n.w}, "new": adam_move},
    ),
    ("plain Adam, no decay", "where is the weight decay", {"new": adam_move}),
    ("decay not multiplied by the rate", "by the learning rate", {"new": lambda n: adam_move(n) - n.decay * n.w}),
    ("decays the weights after the step", "before the step", {"new": lambda n: adam_move(n) * (1 - n.rate * n.decay)}),
    (
        "decay inside the bracket with the correction",
        "multiplied the decay by the bias correction",
        {"new": lambda n: adam_move(n) - n.rate * n.fix * n.decay * n.w},
    ),
    (
        "forgets the square root",
        "not by s",
        {
            "new": lambda n: (
                n.w * (1 - n.rate * n.decay) - n.rate * (1 - n.b2**n.t) / (1 - n.b1**n.t) * n.m / (n.s + n.eps)
            )
        },
    ),
    (
        "epsilon inside the root",
        "outside the root",
        {"new": lambda n: n.w * (1 - n.rate * n.decay) - n.rate * n.fix * n.m / np.sqrt(n.s + n.eps)},
    ),
    ("climbs the hill", "is the sign right", {"new": lambda n: 2 * n.w * (1 - n.rate * n.decay) - adamw_move(n)}),
    (
        "passes on the corrected averages",
        "corrected\\* average",
        {"result": lambda n: (n.new, (n.m / (1 - n.b1**n.t), n.s / (1 - n.b2**n.t), n.t))},
    ),
    ("swaps the two betas", "not 0.9|must hold the new m|t = 1 in both", {"given": lambda n: {"b1": n.b2, "b2": n.b1}}),
    (
        "exchanges beta and 1 - beta",
        "must hold the new m.*β₁ m",
        {"mean": lambda n: (1 - n.b1) * n.m0 + n.b1 * n.g, "square": lambda n: (1 - n.b2) * n.s0 + n.b2 * n.g**2},
    ),
    ("the betas built in", "use the parameters", {"given": lambda n: {"b1": 0.9, "b2": 0.999}}),
    ("epsilon built in", "parameter `epsilon`", {"given": lambda n: {"eps": 1e-7}}),
    (
        "adds to the old mean without beta",
        "begin with β times what the state holds",
        {"mean": lambda n: n.m0 + (1 - n.b1) * n.g},
    ),
    (
        "does not square the gradient in s",
        "must hold the new s.*g²",
        {"square": lambda n: n.b2 * n.s0 + (1 - n.b2) * n.g},
    ),
    (
        "steps with the old averages",
        "The weights did not move.*new\\* m",
        {"new": lambda n: adamw_move(types.SimpleNamespace(**vars(n) | {"m": n.m0, "s": n.s0}))},
    ),
    (
        "steps with the old square",
        "proportional to the gradient.*new\\* s",
        {"new": lambda n: adamw_move(types.SimpleNamespace(**vars(n) | {"s": n.s0}))},
    ),
    (
        "works in place",
        "changed an array",
        {
            "mean": lambda n: in_place(n.m0, n.b1 * n.m0 + (1 - n.b1) * n.g),
            "square": lambda n: in_place(n.s0, n.b2 * n.s0 + (1 - n.b2) * n.g**2),
        },
    ),
    (
        "multiplies the given averages in place",
        "With decay and a state that is no longer zero your function changed",
        {
            "mean": lambda n: in_place(n.m0, n.b1 * n.m0) + (1 - n.b1) * n.g,
            "square": lambda n: in_place(n.s0, n.b2 * n.s0) + (1 - n.b2) * n.g**2,
        },
    ),
    ("changes the weights it is given", "changed an array", {"new": lambda n: in_place(n.w, adamw_move(n))}),
    (
        "shrinks the given weights in place",
        "With decay and a state that is no longer zero your function changed",
        {"given": lambda n: {"w": in_place(n.w, n.w * (1 - n.rate * n.decay)), "decay": 0.0}},
    ),
    ("forgets to count", "count the step", {"result": lambda n: (n.new, (n.m, n.s, n.t - 1))}),
    ("returns the old averages", "must hold the new m", {"result": lambda n: (n.new, (n.m0, n.s0, n.t))}),
    ("returns the state in another order", "the number comes last", {"result": lambda n: (n.new, (n.t, n.m, n.s))}),
    ("returns the weights only", "and the new state", {"result": lambda n: n.new}),
    (
        "returns the step, not the weights",
        "You return the step alone",
        {"result": lambda n: (n.w - n.new, (n.m, n.s, n.t))},
    ),
):
    wrong("adamw_step", mistake, says=says)(adamw_with(**options))


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


def schedule_of(shape):
    """A schedule whose rate is the peak times a shape: a function of the share of the steps that are done, 0 to 1."""

    def my_schedule(step, steps, peak):
        return peak * shape(step / (steps - 1))

    return my_schedule


for mistake, says, shape in (
    ("warm-up from zero", "wasted", lambda share: min(share / 0.2, 1, (1 - share) / 0.5)),
    ("falls below zero", "negative", lambda share: min((share + 0.01) / 0.2, 1, (0.9 - share) / 0.4)),
    ("overshoots the peak", "above the peak", lambda share: min((share + 0.01) / 0.2, 1.5, (1 - share) / 0.5)),
    (
        "a short needle at the very end of a long crawl",
        "stay longer at high rates",
        lambda share: max(0.002 * (1 - share), 1 - abs(share - 0.9) / 0.05, 0.0),
    ),
    (
        "falls far too early",
        "stay longer at high rates",
        lambda share: max(0.001, min((share + 0.01) / 0.1, 1, 1 - (share - 0.1) / 0.08)),
    ),
    (
        "obeys, but falls far too early",
        "stay longer at high rates",
        lambda share: max(min((share + 0.01) / 0.1, 1, (0.2 - share) / 0.1), 0.01),
    ),
    (
        "obeys, but drops at the very end",
        "let it fall more gently",
        lambda share: min((share + 0.01) / 0.05, 1, (1 - share) / 0.05),
    ),
):
    wrong("my_schedule", mistake, says=says)(schedule_of(shape))


@wrong("my_schedule", "warm-up, then constant", says="ends too high")
def my_schedule(step, steps, peak):
    return peak * min(1, (step + 1) / (0.2 * steps))


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
        "compares a tenth of the steps, not ten",
        "exactly ten",
        {
            "slow": lambda losses, chance: (
                losses[-(len(losses) // 10) :].mean() > 0.9 * losses[: len(losses) // 10].mean()
            )
        },
    ),
    (
        "leaves out the very last loss",
        "the very last included",
        {"slow": lambda losses, chance: losses[-11:-1].mean() > 0.9 * losses[:10].mean()},
    ),
    (
        "compares only the last five",
        "last five losses fell",
        {"slow": lambda losses, chance: losses[-5:].mean() > 0.9 * losses[:10].mean()},
    ),
    (
        "compares with the first twenty",
        "first \\*ten\\*, no more",
        {"slow": lambda losses, chance: losses[-10:].mean() > 0.9 * losses[:20].mean()},
    ),
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


@wrong("my_schedule", "rounds the rate, 0 at the start of a long training", says="With 5000 steps the first rate is 0")
def my_schedule(step, steps, peak):
    share = (step + 1) / steps
    return round(peak * min(share / 0.1, 1, (1 - share) / 0.5), 4)
