"""Plausible mistakes of day 10: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


# Exercise 1: the losses. A check covers two functions; each wrong answer replaces one of them.


def discriminator_with(real_term, drawn_term, combine=lambda a, b: float(np.mean(a) + np.mean(b))):
    def discriminator_loss(real_scores, drawn_scores):
        real_scores, drawn_scores = np.asarray(real_scores, "float64"), np.asarray(drawn_scores, "float64")
        return combine(real_term(real_scores), drawn_term(drawn_scores))

    return discriminator_loss


def generator_with(term, combine=lambda a: float(np.mean(a))):
    def generator_loss(drawn_scores):
        return combine(term(np.asarray(drawn_scores, "float64")))

    return generator_loss


def taken_for_real(s):
    return np.logaddexp(0, -s)


def taken_for_drawn(s):
    return np.logaddexp(0, s)


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


for mistake, says, answer in [
    (
        "sums over the pictures",
        "take the mean",
        discriminator_with(taken_for_real, taken_for_drawn, lambda a, b: float(a.sum() + b.sum())),
    ),
    (
        "half of the sum",
        "adds the two means",
        discriminator_with(taken_for_real, taken_for_drawn, lambda a, b: float(np.mean(a) + np.mean(b)) / 2),
    ),
    (
        "one mean over all",
        "adds the two means",
        discriminator_with(taken_for_real, taken_for_drawn, lambda a, b: float(np.mean(np.concatenate([a, b])))),
    ),
    (
        "twice the mean over all",
        "over each crowd",
        discriminator_with(taken_for_real, taken_for_drawn, lambda a, b: 2 * float(np.mean(np.concatenate([a, b])))),
    ),
    ("real and drawn swapped", "swapped", discriminator_with(taken_for_drawn, taken_for_real)),
    ("drawn ones treated like real ones", "like real ones", discriminator_with(taken_for_real, taken_for_real)),
    (
        "no minus",
        "sign is wrong|score is not a probability",
        discriminator_with(lambda s: -taken_for_real(s), lambda s: -taken_for_drawn(s)),
    ),
    (
        "logarithm to base 2",
        "base 2",
        discriminator_with(taken_for_real, taken_for_drawn, lambda a, b: float(np.mean(a) + np.mean(b)) / np.log(2)),
    ),
    (
        "logarithm to base 10",
        "base 10",
        discriminator_with(taken_for_real, taken_for_drawn, lambda a, b: float(np.mean(a) + np.mean(b)) / np.log(10)),
    ),
    (
        "takes scores for probabilities",
        "not a probability",
        discriminator_with(lambda s: -np.log(np.abs(s) + 1e-9), lambda s: -np.log(np.abs(1 - s) + 1e-9)),
    ),
    (
        "overflows",
        "infinity or NaN",
        discriminator_with(lambda s: -np.log(sigmoid(s)), lambda s: -np.log(1 - sigmoid(s))),
    ),
    (
        "clips the scores",
        "don't clip",
        discriminator_with(
            lambda s: taken_for_real(np.clip(s, -30, 30)), lambda s: taken_for_drawn(np.clip(s, -30, 30))
        ),
    ),
    (
        "one loss per picture",
        "one number",
        discriminator_with(taken_for_real, taken_for_drawn, lambda a, b: a[: len(b)] + b[: len(a)]),
    ),
    ("forgets to return", "None", discriminator_with(taken_for_real, taken_for_drawn, lambda a, b: None)),
]:
    wrong("gan_losses", mistake, says=says)(answer)

for mistake, says, answer in [
    ("the saturating loss", "saturating", generator_with(lambda s: -taken_for_drawn(s))),
    ("the discriminator's wish", "wants the opposite", generator_with(taken_for_drawn)),
    ("sums", "take the mean", generator_with(taken_for_real, lambda a: float(a.sum()))),
    ("overflows in the generator", "infinity or NaN", generator_with(lambda s: -np.log(sigmoid(s)))),
    (
        "a small number inside the logarithm",
        "hides that",
        generator_with(lambda s: -np.log(sigmoid(np.clip(s, -500, 500)) + 1e-7)),
    ),
    ("clips in the generator", "hides that", generator_with(lambda s: taken_for_real(np.clip(s, -100, 100)))),
    (
        "loses the small loss",
        "tiny but not 0",
        generator_with(lambda s: np.where(s > 0, np.log(1 + np.exp(-np.abs(s))), -s + np.log(1 + np.exp(-np.abs(s))))),
    ),
    ("per picture", "one number", generator_with(taken_for_real, lambda a: a)),
    ("no return", "None", generator_with(taken_for_real, lambda a: None)),
]:
    wrong("gan_losses", mistake, says=says)(answer)


# Exercise 2: the Fréchet distance


def frechet_with(
    shift=None,
    root=None,
    factor=2.0,
    covariance=None,
    final=lambda d: d,
    with_traces=True,
    gap=lambda f, o: f.mean(axis=0) - o.mean(axis=0),
):
    def frechet_distance(features, others):
        features, others = np.asarray(features, "float64"), np.asarray(others, "float64")
        first, second = (
            (covariance or (lambda f: np.cov(f.T)))(features),
            (covariance or (lambda f: np.cov(f.T)))(others),
        )
        moved = (shift or (lambda g: np.sum(g**2)))(gap(features, others))
        middle = (root or (lambda a, b: np.sqrt(np.maximum(np.linalg.eigvals(a @ b).real, 0)).sum()))(first, second)
        return final(moved + (np.trace(first) + np.trace(second)) * with_traces - factor * middle)

    return frechet_distance


for mistake, says, answer in [
    ("without the factor 2", "factor 2", frechet_with(factor=1.0)),
    ("without the last term", "last term missing", frechet_with(factor=0.0)),
    ("without the means", "left out the means", frechet_with(shift=lambda g: 0.0)),
    ("the means' distance not squared", "squared", frechet_with(shift=lambda g: np.sqrt(np.sum(g**2)))),
    ("averages over the features", "don't average", frechet_with(shift=lambda g: np.mean(g**2))),
    ("absolute differences of the means", "6² \\+ 8²", frechet_with(shift=lambda g: np.sum(np.abs(g)))),
    ("means only", "spreads in", frechet_with(with_traces=False, factor=0.0)),
    ("variances only", "diagonals", frechet_with(covariance=lambda f: np.diag(f.var(axis=0, ddof=1)))),
    (
        "element by element product",
        "element by element",
        frechet_with(root=lambda a, b: np.trace(np.sqrt(np.abs(a * b)))),
    ),
    (
        "root of each element",
        "has no distance|eigenvalues|elements?",
        frechet_with(root=lambda a, b: np.trace(np.sqrt(np.abs(a @ b)))),
    ),
    ("no root", "has no distance|root", frechet_with(root=lambda a, b: np.linalg.eigvals(a @ b).real.sum())),
    ("root of the trace", "each for itself|has no distance", frechet_with(root=lambda a, b: np.sqrt(np.trace(a @ b)))),
    ("a last root", "without the last root|no root|squared", frechet_with(final=lambda d: np.sqrt(np.maximum(d, 0)))),
    ("covariance of the pictures", "features in the rows|transpose|stopped", frechet_with(covariance=np.cov)),
    (
        "complex result",
        "real part|one number|stopped",
        frechet_with(root=lambda a, b: np.sqrt(np.linalg.eigvals(a @ b).astype(complex)).sum()),
    ),
    (
        "NaN from rounding",
        "cut it off|cut off",
        frechet_with(root=lambda a, b: np.sqrt(np.linalg.eigvals(a @ b).real).sum()),
    ),
    ("no return", "None", frechet_with(final=lambda d: None)),
]:
    wrong("frechet_distance", mistake, says=says)(answer)


# Exercise 3: reparameterisation


def reparameterise_with(spread=lambda lv: np.exp(lv / 2), slope_mean=None, slope_log=None):
    def reparameterise(mean, log_variance, noise):
        s = spread(log_variance)
        first = (slope_mean or (lambda m, s, e: np.ones_like(m)))(mean, s, noise)
        second = (slope_log or (lambda m, s, e: s * e / 2))(mean, s, noise)
        return mean + s * noise, first, second

    return reparameterise


for mistake, says, answer in [
    ("variance instead of spread", "is the \\*variance\\*", reparameterise_with(spread=np.exp)),
    ("the logarithm itself", "logarithm itself", reparameterise_with(spread=lambda lv: lv)),
    ("doubles instead of halves", "half, not twice", reparameterise_with(spread=lambda lv: np.exp(2 * lv))),
    ("forgets the half in the slope", "½ is missing", reparameterise_with(slope_log=lambda m, s, e: s * e)),
    ("the slope by the spread", "slope by the \\*spread\\*", reparameterise_with(slope_log=lambda m, s, e: e)),
    ("the noise missing in the slope", "noise is missing", reparameterise_with(slope_log=lambda m, s, e: s / 2)),
    ("a bare 1 as slope", "array of ones", reparameterise_with(slope_mean=lambda m, s, e: 1.0)),
    ("the mean as its own slope", "rises by 1", reparameterise_with(slope_mean=lambda m, s, e: m)),
    ("zero slope by the mean", "rises by 1", reparameterise_with(slope_mean=lambda m, s, e: np.zeros_like(m))),
]:
    wrong("reparameterise", mistake, says=says)(answer)


@wrong("reparameterise", "draws new noise", says="use the noise that is given")
def reparameterise(mean, log_variance, noise):
    spread, noise = np.exp(log_variance / 2), np.random.normal(size=np.shape(mean))
    return mean + spread * noise, np.ones_like(mean), spread * noise / 2


@wrong("reparameterise", "returns z alone", says="three arrays")
def reparameterise(mean, log_variance, noise):
    return mean + np.exp(log_variance / 2) * noise


@wrong("reparameterise", "works in the caller's arrays", says="changed the arrays")
def reparameterise(mean, log_variance, noise):
    spread = np.exp(log_variance / 2)
    noise *= spread
    return mean + noise, np.ones_like(mean), noise / 2


def kl_with(price):
    def kl_price(mean, log_variance):
        mean, log_variance = np.asarray(mean, "float64"), np.asarray(log_variance, "float64")
        return price(mean, log_variance)

    return kl_price


def summand(m, lv):
    return m**2 + np.exp(lv) - lv - 1


for mistake, says, answer in [
    ("one price for all", "one price per picture", kl_with(lambda m, lv: 0.5 * np.sum(summand(m, lv)))),
    ("sums over the pictures", "axis=0", kl_with(lambda m, lv: 0.5 * np.sum(summand(m, lv), axis=0))),
    ("no half", "½ is missing", kl_with(lambda m, lv: np.sum(summand(m, lv), axis=1))),
    ("wrong sign", "never negative", kl_with(lambda m, lv: -0.5 * np.sum(summand(m, lv), axis=1))),
    ("averages", "don't average", kl_with(lambda m, lv: 0.5 * np.mean(summand(m, lv), axis=1))),
    ("forgets the 1", "costs nothing", kl_with(lambda m, lv: 0.5 * np.sum(m**2 + np.exp(lv) - lv, axis=1))),
    (
        "mean not squared",
        "½ \\(9 \\+ 9\\)|four clouds",
        kl_with(lambda m, lv: 0.5 * np.sum(np.abs(m) + np.exp(lv) - lv - 1, axis=1)),
    ),
    (
        "spread for variance",
        "variance is exp",
        kl_with(lambda m, lv: 0.5 * np.sum(m**2 + np.exp(lv / 2) - lv - 1, axis=1)),
    ),
    (
        "variance for its logarithm",
        "variance is exp",
        kl_with(lambda m, lv: 0.5 * np.sum(m**2 + np.exp(lv) - np.exp(lv), axis=1)),
    ),
    ("no return", "None", kl_with(lambda m, lv: None)),
]:
    wrong("reparameterise", mistake, says=says)(answer)


# Exercise 4: schedule


def schedule_with(
    f=None,
    norm=True,
    betas=None,
    last=lambda b: np.minimum(b, 0.999),
    times=None,
    left_of=lambda left, b: left,
):
    def cosine_schedule(steps, s=0.008):
        t = (times or (lambda n: np.arange(n + 1) / n))(steps)
        values = (f or (lambda t, s: np.cos((t + s) / (1 + s) * np.pi / 2) ** 2))(t, s)
        left = values / values[0] if norm else values
        b = last((betas or (lambda a: 1 - a[1:] / a[:-1]))(left))
        return left_of(left, b), b

    return cosine_schedule


for mistake, says, answer in [
    ("T values instead of T + 1", "T \\+ 1 values", schedule_with(times=lambda n: np.arange(n) / n)),
    ("does not divide by f(0)", "f\\(0\\)", schedule_with(norm=False)),
    ("does not square", "squared", schedule_with(f=lambda t, s: np.cos((t + s) / (1 + s) * np.pi / 2))),
    ("leaves out s", "shift s is missing", schedule_with(f=lambda t, s: np.cos(t * np.pi / 2) ** 2)),
    (
        "writes s as a number",
        "written into",
        schedule_with(f=lambda t, s: np.cos((t + 0.008) / 1.008 * np.pi / 2) ** 2),
    ),
    (
        "takes the sine",
        "begins at 1 and falls",
        schedule_with(f=lambda t, s: np.sin((t + s) / (1 + s) * np.pi / 2) ** 2),
    ),
    ("does not cap β", "at most 0.999", schedule_with(last=lambda b: b)),
    ("returns 1 − β", "That is 1 − β", schedule_with(betas=lambda a: a[1:] / a[:-1])),
    ("differences", "not their difference", schedule_with(betas=lambda a: a[:-1] - a[1:])),
    ("one β too many", "β₀ does not exist", schedule_with(betas=lambda a: np.concatenate([[0], 1 - a[1:] / a[:-1]]))),
    (
        "ratio upside down",
        "upside down",
        schedule_with(betas=lambda a: np.abs(1 - a[:-1] / np.maximum(a[1:], 1e-12))),
    ),
    ("fixed number of steps", "shape|written into|0 … ", schedule_with(times=lambda n: np.arange(51) / 50)),
]:
    wrong("cosine_schedule", mistake, says=says)(answer)


@wrong("cosine_schedule", "returns what is left only", says="two arrays")
def cosine_schedule(steps, s=0.008):
    f = np.cos((np.arange(steps + 1) / steps + s) / (1 + s) * np.pi / 2) ** 2
    return f / f[0]


def noise_with(mix, axes=(slice(None), None, None, None)):
    def add_noise(pictures, noise, times, left):
        share = np.asarray(left)[np.asarray(times)][axes]
        return mix(share, pictures, noise)

    return add_noise


for mistake, says, answer in [
    ("no roots", "under the roots", noise_with(lambda a, x, e: a * x + (1 - a) * e)),
    ("one minus the root", "not 1 minus the root", noise_with(lambda a, x, e: np.sqrt(a) * x + (1 - np.sqrt(a)) * e)),
    ("swapped", "untouched|swapped", noise_with(lambda a, x, e: np.sqrt(1 - a) * x + np.sqrt(a) * e)),
    (
        "times along the wrong axis",
        "wrong axis|stopped|shape",
        noise_with(lambda a, x, e: np.sqrt(a) * x + np.sqrt(1 - a) * e, (None, slice(None), None, None)),
    ),
    (
        "one time for all",
        "time of the first one",
        noise_with(lambda a, x, e: np.sqrt(a[:1]) * x + np.sqrt(1 - a[:1]) * e),
    ),
    ("adds all the noise", "untouched", noise_with(lambda a, x, e: np.sqrt(a) * x + e)),
    ("no return", "None", noise_with(lambda a, x, e: None)),
]:
    wrong("cosine_schedule", mistake, says=says)(answer)


# Exercise 5: doctor


def doctor_with(
    level=lambda s: s[-5:].max(),
    start=None,
    own_limit=None,
    order="collapse first",
    empty=0,
    otherwise=lambda s, limit: None,
):
    def diagnose(log, limit=0.4):
        limit = own_limit or limit
        spread = np.asarray(log["spread"], "float64")
        beaten = np.mean(log["discriminator"][-5:]) < 0.05
        if order == "beaten first" and beaten:
            return "discriminator wins", None
        if level(spread) < limit:
            above = np.flatnonzero(spread >= limit)
            return "collapsed", (start or (lambda s, limit, above: int(above[-1]) + 1 if len(above) else empty))(
                spread, limit, above
            )
        if beaten:
            return "discriminator wins", otherwise(spread, limit)
        return "healthy", otherwise(spread, limit)

    return diagnose


for mistake, says, answer in [
    ("judges by the last entry", "last five", doctor_with(level=lambda s: s[-1])),
    ("judges by the smallest", "recovered|last five", doctor_with(level=lambda s: s.min())),
    ("judges by the mean of all", "collapsed|last five|smallest", doctor_with(level=lambda s: s.mean())),
    ("judges by the smallest of the last five", "last five", doctor_with(level=lambda s: s[-5:].min())),
    ("judges by the mean of the last five", "Not their mean", doctor_with(level=lambda s: s[-5:].mean())),
    ("judges by the last ten", r"\*Five\* entries", doctor_with(level=lambda s: s[-10:].max())),
    (
        "the start is the largest leap",
        "falls slowly|first dip",
        doctor_with(start=lambda s, limit, above: int(np.argmin(np.diff(s))) + 1 if len(above) else 0),
    ),
    ("the first bad entry", "first dip", doctor_with(start=lambda s, limit, above: int(np.argmax(s < limit)))),
    (
        "the last good entry",
        "off by one",
        doctor_with(start=lambda s, limit, above: int(above[-1]) if len(above) else 0),
    ),
    ("one too late", "off by one", doctor_with(start=lambda s, limit, above: int(above[-1]) + 2 if len(above) else 0)),
    (
        "the round",
        "not of the round",
        doctor_with(start=lambda s, limit, above: 100 * (int(above[-1]) + 1) if len(above) else 0),
    ),
    ("ignores the limit", "argument `limit`", doctor_with(own_limit=0.4)),
    (
        "the limit of the start is fixed",
        "start must follow",
        doctor_with(start=lambda s, limit, above: int(np.flatnonzero(s >= 0.4)[-1]) + 1 if (s >= 0.4).any() else 0),
    ),
    ("beaten before collapsed", "order of the verdicts", doctor_with(order="beaten first")),
    (
        "stops where the spread never was good",
        "stopped|from entry 0",
        doctor_with(start=lambda s, limit, above: int(above[-1]) + 1),
    ),
    ("None where it never was good", "from entry 0", doctor_with(empty=None)),
    ("no start", "has a start", doctor_with(start=lambda s, limit, above: None)),
]:
    wrong("diagnose", mistake, says=says)(answer)


@wrong("diagnose", "a falling loss is healthy", says="Don't judge by the generator's loss")
def diagnose(log, limit=0.4):
    if log["generator"][-1] < 1.2 * log["generator"][0]:
        return "healthy", None
    return "collapsed", 0


@wrong("diagnose", "needs a risen loss", says="Don't judge by the generator's loss")
def diagnose(log, limit=0.4):
    spread = np.asarray(log["spread"])
    if spread[-5:].max() < limit and log["generator"][-1] > log["generator"][0]:
        return "collapsed", int(np.flatnonzero(spread >= limit)[-1]) + 1
    return ("discriminator wins" if np.mean(log["discriminator"][-5:]) < 0.05 else "healthy"), None


@wrong("diagnose", "a fallen loss makes the collapse", says="spread alone")
def diagnose(log, limit=0.4):
    spread = np.asarray(log["spread"])
    if spread[-5:].max() < limit and log["generator"][-1] < log["generator"][0]:
        return "collapsed", int(np.flatnonzero(spread >= limit)[-1]) + 1
    return ("discriminator wins" if np.mean(log["discriminator"][-5:]) < 0.05 else "healthy"), None


@wrong("diagnose", "the verdict alone", says="two things")
def diagnose(log, limit=0.4):
    return "collapsed" if np.max(log["spread"][-5:]) < limit else "healthy"


@wrong("diagnose", "does not know the third disease", says="knows every picture")
def diagnose(log, limit=0.4):
    spread = np.asarray(log["spread"])
    if spread[-5:].max() < limit:
        above = np.flatnonzero(spread >= limit)
        return "collapsed", int(above[-1]) + 1 if len(above) else 0
    return "healthy", None


# Exercise 6: the walk


def walk_with(
    combine=lambda any_, order, w: any_ + w * (order - any_),
    time=lambda n, steps: 1 - n / steps,
    sign=-1,
    length=lambda steps: 1 / steps,
    count=lambda steps: steps,
    update=True,
    asked=lambda time, x: time,
    word=None,
):
    def walk_back(direction, noise, kind, guidance=1.0, steps=20):
        x = start = np.array(noise, "float64")
        for number in range(count(steps)):
            here = x if update else start
            now = asked(time(number, steps), here)
            v = combine(direction(here, now, word), direction(here, now, kind), guidance)
            x = x + sign * length(steps) * v
        return x

    return walk_back


for mistake, says, answer in [
    ("walks towards the noise", "wrong direction", walk_with(sign=1)),
    ("steps of length 1", "1/steps, not 1", walk_with(length=lambda steps: 1)),
    ("order and any swapped", "direction of “any”", walk_with(combine=lambda a, o, w: o + w * (a - o))),
    (
        "adds the whole order",
        "not v_order itself|direction of|ends 2 below",
        walk_with(combine=lambda a, o, w: a + w * o),
    ),
    ("no guidance", "Guidance 0", walk_with(combine=lambda a, o, w: o)),
    ("ignores the order", "direction of “any”", walk_with(combine=lambda a, o, w: a)),
    ("fixed guidance", "Guidance 0|use the argument", walk_with(combine=lambda a, o, w: a + 1.0 * (o - a))),
    (
        "exaggerates from the order",
        "ends 2 below|Guidance|direction",
        walk_with(combine=lambda a, o, w: o + w * (o - a)),
    ),
    ("one step too few", "off by one", walk_with(count=lambda steps: steps - 1)),
    ("one step too many", "off by one|never asked at time 0", walk_with(count=lambda steps: steps + 1)),
    (
        "asks at the end of each step",
        "never asked at time 0|END|end",
        walk_with(time=lambda n, steps: 1 - (n + 1) / steps),
    ),
    ("time runs upwards", "never asked|at time 1", walk_with(time=lambda n, steps: n / steps)),
    ("time in whole steps", "time 1|asked at", walk_with(time=lambda n, steps: steps - n)),
    ("always time 1", "4 different times", walk_with(time=lambda n, steps: 1.0)),
    (
        "always 20 steps",
        "4 different|1/steps|ends 2 below|off by one",
        walk_with(count=lambda steps: 20, length=lambda steps: 1 / 20, time=lambda n, steps: 1 - n / 20),
    ),
    ("asks always at the noise", "current", walk_with(update=False)),
    (
        "times with linspace to 0",
        "never asked at time 0|different times|asked at",
        walk_with(time=lambda n, steps: np.linspace(1, 0, steps)[n]),
    ),
]:
    wrong("walk_back", mistake, says=says)(answer)


@wrong("walk_back", "walks in the caller's array", says="changed the noise")
def walk_back(direction, noise, kind, guidance=1.0, steps=20):
    x = noise
    for number in range(steps):
        time = 1 - number / steps
        free = direction(x, time, None)
        x -= (free + guidance * (direction(x, time, kind) - free)) / steps
    return x


@wrong("walk_back", "returns inside the loop", says="1/steps|ends 2 below|any|off by one")
def walk_back(direction, noise, kind, guidance=1.0, steps=20):
    x = np.array(noise, "float64")
    for number in range(steps):
        time = 1 - number / steps
        free = direction(x, time, None)
        x = x - (free + guidance * (direction(x, time, kind) - free)) / steps
        return x


@wrong("walk_back", "only the last step is kept", says="updates?|ends 2 below|any")
def walk_back(direction, noise, kind, guidance=1.0, steps=20):
    for number in range(steps):
        time = 1 - number / steps
        free = direction(noise, time, None)
        x = np.asarray(noise) - (free + guidance * (direction(noise, time, kind) - free)) / steps
    return x


# Exercise 7: slerp


def slerp_with(way, stages=lambda count: np.linspace(0, 1, count)[:, None]):
    def slerp(a, b, count):
        a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
        cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
        angle = np.arccos(np.clip(cosine, -1, 1))
        return way(a, b, stages(count), angle)

    return slerp


def along(a, b, u, angle):
    if np.sin(angle) < 1e-6:
        return (1 - u) * a + u * b
    return (np.sin((1 - u) * angle) * a + np.sin(u * angle) * b) / np.sin(angle)


def lengthened(a, b, u, angle):
    line = (1 - u) * a + u * b
    lengths = (1 - u) * np.linalg.norm(a) + u * np.linalg.norm(b)
    return line / np.linalg.norm(line, axis=1, keepdims=True) * lengths


for mistake, says, answer in [
    ("straight line", "too short", slerp_with(lambda a, b, u, t: (1 - u) * a + u * b)),
    ("straight line with corrected length", "straight line and correct", slerp_with(lengthened)),
    (
        "unit vectors",
        "unit vectors|first stage",
        slerp_with(lambda a, b, u, t: along(a, b, u, t) / np.linalg.norm(along(a, b, u, t), axis=1, keepdims=True)),
    ),
    ("a and b swapped", "first stage is a", slerp_with(lambda a, b, u, t: along(b, a, u, t))),
    ("never arrives", "last stage", slerp_with(along, lambda count: np.arange(count)[:, None] / count)),
    ("stages as columns", "One \\*row\\*", slerp_with(lambda a, b, u, t: along(a, b, u, t).T)),
    (
        "forgets to divide by the sine",
        "divide by sin",
        slerp_with(lambda a, b, u, t: np.sin((1 - u) * t) * a + np.sin(u * t) * b),
    ),
    ("cosines for sines", "first stage", slerp_with(lambda a, b, u, t: np.cos((1 - u) * t) * a + np.cos(u * t) * b)),
    (
        "degenerate directions give NaN",
        "NaN",
        slerp_with(lambda a, b, u, t: (np.sin((1 - u) * t) * a + np.sin(u * t) * b) / np.sin(t)),
    ),
    (
        "the square of the angle's share",
        "quarter",
        slerp_with(lambda a, b, u, t: along(a, b, np.sin(u * np.pi / 2) ** 2, t)),
    ),
    (
        "returns nothing for equal directions",
        "stopped|None|NaN",
        slerp_with(lambda a, b, u, t: None if np.sin(t) < 1e-6 else along(a, b, u, t)),
    ),
    ("no return", "None", slerp_with(lambda a, b, u, t: None)),
    (
        "repeats a for equal directions",
        "three times the length",
        slerp_with(lambda a, b, u, t: np.repeat(a[None], len(u), axis=0) if np.sin(t) < 1e-6 else along(a, b, u, t)),
    ),
    (
        "right angles only",
        "right one",
        slerp_with(
            lambda a, b, u, t: (
                along(a, b, u, t) if np.sin(t) < 1e-6 else np.cos(u * np.pi / 2) * a + np.sin(u * np.pi / 2) * b
            )
        ),
    ),
]:
    wrong("slerp", mistake, says=says)(answer)


@wrong("slerp", "divides by one length only", says="both")
def slerp(a, b, count):
    a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
    u = np.linspace(0, 1, count)[:, None]
    return along(a, b, u, np.arccos(np.clip(a @ b / (a @ a), -1, 1)))


@wrong("slerp", "no clip", says="NaN")
def slerp(a, b, count):
    a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
    u = np.linspace(0, 1, count)[:, None]
    angle = np.arccos(1.0000001 * (a @ b) / (np.linalg.norm(a) * np.linalg.norm(b)))
    return along(a, b, u, angle)


# What a reader tried and the checks did not notice at first


@wrong("gan_losses", "changes the scores", says="changed the scores")
def discriminator_loss(real_scores, drawn_scores):
    real_scores *= -1
    return float(np.mean(np.logaddexp(0, real_scores)) + np.mean(np.logaddexp(0, drawn_scores)))


@wrong("gan_losses", "base 2 for the generator", says="another base")
def generator_loss(drawn_scores):
    return float(np.mean(np.logaddexp(0, -np.asarray(drawn_scores, "float64")))) / np.log(2)


def distance_of(features, others, ddof=1):
    first, second = np.cov(features.T, ddof=ddof), np.cov(others.T, ddof=ddof)
    root = np.sqrt(np.maximum(np.linalg.eigvals(first @ second).real, 0)).sum()
    shift = np.sum((features.mean(axis=0) - others.mean(axis=0)) ** 2)
    return float(shift + np.trace(first) + np.trace(second) - 2 * root)


@wrong("frechet_distance", "divides by n", says="n − 1")
def frechet_distance(features, others):
    return distance_of(features, others, ddof=0)


@wrong("frechet_distance", "five features only", says="number of features")
def frechet_distance(features, others):
    return distance_of(features[:, :5], others[:, :5])


@wrong("frechet_distance", "centres the caller's features", says="changed the features")
def frechet_distance(features, others):
    result = distance_of(features, others)
    features -= features.mean(axis=0)
    return result


@wrong("reparameterise", "a size written in", says="size written")
def reparameterise(mean, log_variance, noise):
    spread = np.exp(log_variance / 2)
    return mean + spread * noise, np.ones((4, 3)), spread * noise / 2


@wrong("reparameterise", "squares the caller's means", says="changed the arrays")
def kl_price(mean, log_variance):
    mean **= 2
    return 0.5 * np.sum(mean + np.exp(log_variance) - log_variance - 1, axis=1)


@wrong("reparameterise", "three numbers of the code only", says="all of them|½")
def kl_price(mean, log_variance):
    return 0.5 * np.sum((mean**2 + np.exp(log_variance) - log_variance - 1)[:, :3], axis=1)


@wrong("cosine_schedule", "its own schedule", says="argument `left`")
def add_noise(pictures, noise, times, left):
    f = np.cos((np.arange(51) / 50 + 0.008) / 1.008 * np.pi / 2) ** 2
    share = (f / f[0])[np.asarray(times)][:, None, None, None]
    return np.sqrt(share) * pictures + np.sqrt(1 - share) * noise


@wrong("cosine_schedule", "its own noise", says="noise that is given")
def add_noise(pictures, noise, times, left):
    share = np.asarray(left)[np.asarray(times)][:, None, None, None]
    return np.sqrt(share) * pictures + np.sqrt(1 - share) * (
        noise + np.random.default_rng().normal(size=noise.shape) * (noise != 0)
    )


@wrong("cosine_schedule", "changes its pictures", says="changed the arrays")
def add_noise(pictures, noise, times, left):
    share = np.asarray(left)[np.asarray(times)][:, None, None, None]
    pictures *= np.sqrt(share)
    pictures += np.sqrt(1 - share) * noise
    return pictures


def beaten_if(test):
    def diagnose(log, limit=0.4):
        spread = np.asarray(log["spread"], "float64")
        if spread[-5:].max() < limit:
            above = np.flatnonzero(spread >= limit)
            return "collapsed", int(above[-1]) + 1 if len(above) else 0
        return (
            "discriminator wins" if test(np.asarray(log["discriminator"]), np.asarray(log["generator"])) else "healthy"
        ), None

    return diagnose


for mistake, says, test in [
    ("beaten below 0.5", "0.06", lambda d, g: d[-5:].mean() < 0.5),
    ("beaten below 0.02", "0.04", lambda d, g: d[-5:].mean() < 0.02),
    ("beaten by the last entry", "dipped|mean", lambda d, g: d[-1] < 0.05),
    ("beaten by the smallest", "dipped", lambda d, g: d.min() < 0.05),
    ("beaten by the mean of all", r"\*last five\*", lambda d, g: d.mean() < 0.05),
    ("beaten by the generator's loss", "generator's", lambda d, g: g[-5:].mean() > 5),
    ("beaten by comparison", "generator's|0.04", lambda d, g: d[-1] * 10 < g[-1]),
]:
    wrong("diagnose", mistake, says=says)(beaten_if(test))


@wrong("walk_back", "any asked once", says="before the loop")
def walk_back(direction, noise, kind, guidance=1.0, steps=20):
    x = np.array(noise, "float64")
    free = direction(x, 1.0, None)
    for number in range(steps):
        x = x - (free + guidance * (direction(x, 1 - number / steps, kind) - free)) / steps
    return x


@wrong("walk_back", "moves between the questions", says="between the two questions")
def walk_back(direction, noise, kind, guidance=1.0, steps=20):
    x = np.array(noise, "float64")
    for number in range(steps):
        time = 1 - number / steps
        x = x - (1 - guidance) * direction(x, time, None) / steps
        x = x - guidance * direction(x, time, kind) / steps
    return x


@wrong("walk_back", "kind 0 is no order", says="if kind")
def walk_back(direction, noise, kind, guidance=1.0, steps=20):
    x = np.array(noise, "float64")
    for number in range(steps):
        time = 1 - number / steps
        free = direction(x, time, None)
        order = direction(x, time, kind) if kind else free
        x = x - (free + guidance * (order - free)) / steps
    return x


@wrong("walk_back", "ten steps by default", says="default")
def walk_back(direction, noise, kind, guidance=1.0, steps=10):
    x = np.array(noise, "float64")
    for number in range(steps):
        time = 1 - number / steps
        free = direction(x, time, None)
        x = x - (free + guidance * (direction(x, time, kind) - free)) / steps
    return x


@wrong("walk_back", "clips", says="clipping")
def walk_back(direction, noise, kind, guidance=1.0, steps=20):
    x = np.array(noise, "float64")
    for number in range(steps):
        time = 1 - number / steps
        free = direction(x, time, None)
        x = x - (free + guidance * (direction(x, time, kind) - free)) / steps
    return np.clip(x, -10, 10)


def sphere_with(angle_of, straight_below=1e-6):
    def slerp(a, b, count):
        u = np.linspace(0, 1, count)[:, None]
        angle = angle_of(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
        if angle < straight_below or np.sin(angle) < 1e-6:
            return (1 - u) * a + u * b
        return (np.sin((1 - u) * angle) * a + np.sin(u * angle) * b) / np.sin(angle)

    return slerp


for mistake, says, answer in [
    (
        "straight for every acute angle",
        "only for an angle of nearly 0",
        sphere_with(lambda c: np.arccos(np.clip(c, -1, 1)), 1.3),
    ),
    ("absolute cosine", "both|130 degrees", sphere_with(lambda c: np.arccos(np.clip(abs(c), -1, 1)))),
]:
    wrong("slerp", mistake, says=says)(answer)


@wrong("slerp", "normalises the caller's vectors", says="changed the vectors")
def slerp(a, b, count):
    length = np.linalg.norm(a), np.linalg.norm(b)
    a /= length[0]
    b /= length[1]
    u, angle = np.linspace(0, 1, count)[:, None], np.arccos(np.clip(a @ b, -1, 1))
    return (np.sin((1 - u) * angle) * a * length[0] + np.sin(u * angle) * b * length[1]) / np.sin(angle)


# What a second reader tried: first the answers that were taken for right, then those whose hint led astray


def tail_start(spread, limit):
    """The first entry of the bad ones at the end, if any: also where five of them are not reached."""
    start = int(np.max(np.flatnonzero(spread >= limit), initial=-1)) + 1
    return start if start < len(spread) else None


def first_bad(spread, limit):
    return int(np.argmax(spread < limit)) if (spread < limit).any() else None


for mistake, says, answer in [
    ("a start for a healthy game", "dip that recovers", doctor_with(otherwise=first_bad)),
    ("a start for fewer than five bad entries", "fewer than five", doctor_with(otherwise=tail_start)),
    (
        "a start where the discriminator wins",
        "last two spreads",
        doctor_with(otherwise=lambda s, limit: tail_start(s, limit) if s[-2] < limit else None),
    ),
    ("at the limit is below it", "<, not <=", doctor_with(level=lambda s: np.nextafter(s[-5:].max(), 0))),
    (
        "the start is at the limit",
        "begins at entry 2",
        doctor_with(start=lambda s, limit, above: int(np.max(np.flatnonzero(s > limit), initial=-1)) + 1),
    ),
]:
    wrong("diagnose", mistake, says=says)(answer)

for mistake, says, test in [
    ("beaten by the last three", r"last \*five\* decides", lambda d, g: d[-3:].mean() < 0.05),
    ("beaten by the last four", r"last \*five\* decides", lambda d, g: d[-4:].mean() < 0.05),
    ("beaten by the last six", r"last \*five\* decides", lambda d, g: d[-6:].mean() < 0.05),
    ("beaten by the five before the last", r"last \*five\* decides", lambda d, g: d[-6:-1].mean() < 0.05),
    ("beaten by the median", r"the \*mean\* of the last", lambda d, g: np.median(d[-5:]) < 0.05),
]:
    wrong("diagnose", mistake, says=says)(beaten_if(test))

for mistake, says, answer in [
    ("lower limit 0.0001 for β", "no lower limit", schedule_with(last=lambda b: np.clip(b, 0.0001, 0.999))),
    ("lower limit 0.001 for β", "no lower limit", schedule_with(last=lambda b: np.clip(b, 0.001, 0.999))),
]:
    wrong("cosine_schedule", mistake, says=says)(answer)

for mistake, says, answer in [
    (
        "one step too many by rounding",
        "With 49 steps .* 50 different times",
        walk_with(count=lambda steps: len(np.arange(1, 0, -1 / steps))),
    ),
    (
        "stops where the rounded time is 0",
        "With 300 steps",
        walk_with(count=lambda steps: sum(round(1 - n / steps, 2) > 0 for n in range(steps))),
    ),
    ("a column of times", "not an array", walk_with(asked=lambda time, x: np.full((len(x), 1), time))),
]:
    wrong("walk_back", mistake, says=says)(answer)

wrong("slerp", "cosine as it is", says="larger than 1")(sphere_with(np.arccos))

wrong("gan_losses", "logarithm of the mean probability", says="logarithm of a mean")(
    discriminator_with(sigmoid, lambda s: 1 - sigmoid(s), lambda a, b: -np.log(a.mean()) - np.log(b.mean()))
)
wrong("gan_losses", "loss of the mean score", says="logarithm of a mean")(
    discriminator_with(np.mean, np.mean, lambda a, b: taken_for_real(a) + taken_for_drawn(b))
)
wrong("gan_losses", "logarithm of the generator's mean probability", says="logarithm of a mean")(
    generator_with(sigmoid, lambda a: -np.log(a.mean()))
)
wrong("gan_losses", "generator's loss of the mean score", says="logarithm of a mean")(
    generator_with(np.mean, taken_for_real)
)
wrong("gan_losses", "stops with an overflow", says="or stops")(
    generator_with(lambda s: [np.log(1 + np.e ** -float(each)) for each in s])
)


def root_of(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


for mistake, says, answer in [
    ("picture minus picture", "no picture minus picture", frechet_with(gap=lambda f, o: (f - o).mean(axis=0))),
    (
        "eigvalsh of the product",
        "eigvalsh is for symmetric",
        frechet_with(root=lambda a, b: np.sqrt(np.maximum(np.linalg.eigvalsh(a @ b), 0)).sum()),
    ),
    (
        "eigenvalues of each",
        "Multiply the matrices first",
        frechet_with(root=lambda a, b: np.sqrt(np.maximum(np.linalg.eigvalsh(a) * np.linalg.eigvalsh(b), 0)).sum()),
    ),
    ("product of the roots", "product of two roots", frechet_with(root=lambda a, b: np.trace(root_of(a) @ root_of(b)))),
]:
    wrong("frechet_distance", mistake, says=says)(answer)

for mistake, says, answer in [
    ("the lesson's cosine", "square it, and put in", schedule_with(f=lambda t, s: np.cos(t * np.pi / 2))),
    ("β at most 0.9999", "0.9999: β is at most", schedule_with(last=lambda b: np.minimum(b, 0.9999))),
    (
        "ᾱ from the capped betas",
        "only β is cut off",
        schedule_with(left_of=lambda left, b: np.cumprod(np.append(1, 1 - b))),
    ),
]:
    wrong("cosine_schedule", mistake, says=says)(answer)


@wrong("diagnose", "cuts the caller's log", says="changed the log")
def diagnose(log, limit=0.4):
    result = doctor_with()(log, limit)
    for name in log:
        log[name] = log[name][-5:]
    return result


def steps_until_zero(steps):
    time, count = 1.0, 0
    while time > 0:
        time, count = time - 1 / steps, count + 1
    return count


for mistake, says, answer in [
    ("walks while the time is above 0", "With 10 steps .* 11 different", walk_with(count=steps_until_zero)),
    (
        "adds noise on the way",
        "add none",
        walk_with(combine=lambda a, o, w: a + w * (o - a) + 0.01 * np.random.normal(size=np.shape(a))),
    ),
    ("asks for the kind “any”", "kind=None for", walk_with(word="any")),
    ("the papers' guidance", "begin with the direction", walk_with(combine=lambda a, o, w: (1 + w) * o - w * a)),
]:
    wrong("walk_back", mistake, says=says)(answer)

wrong("slerp", "degrees", says="radians")(sphere_with(lambda c: np.degrees(np.arccos(np.clip(c, -1, 1)))))
wrong("slerp", "arcsine", says="arcsin ends")(sphere_with(lambda c: np.arcsin(np.sqrt(1 - np.clip(c, -1, 1) ** 2))))


def turned(a, b, u, angle):
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    return along(a / lengths[0], b / lengths[1], u, angle) * ((1 - u) * lengths[0] + u * lengths[1])


wrong("slerp", "keeps the length of a", says="last stage must be b")(
    slerp_with(lambda a, b, u, t: along(a, b * np.linalg.norm(a) / np.linalg.norm(b), u, t))
)
wrong("slerp", "turns and stretches apart", says="change the length apart")(slerp_with(turned))
