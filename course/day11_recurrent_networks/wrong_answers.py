"""Plausible mistakes of day 11: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""

for mistake, says, count in (
    ("forgets the last start", "one short", lambda n, w, h, s: max(0, (n - w - h - 1) // s + 1)),
    ("forgets the target", "forgot the target", lambda n, w, h, s: max(0, (n - w) // s + 1)),
    ("room for one target value", "one target value", lambda n, w, h, s: max(0, (n - w - 1) // s + 1)),
    ("ignores the stride", "stride", lambda n, w, h, s: max(0, n - w - h + 1)),
    ("negative for short series", "0", lambda n, w, h, s: (n - w - h + 1) // s if s > 1 else n - w - h + 1),
    ("divides before the fence post", "round down, then|first floor", lambda n, w, h, s: max(0, (n - w - h + 1) // s)),
    ("rounds up", "round down, then", lambda n, w, h, s: 0 if n < w + h else -(-(n - w - h) // s) + 1),
    ("a fraction", "whole number|three", lambda n, w, h, s: max(0, (n - w - h) / s + 1)),
    ("windows that do not overlap", "", lambda n, w, h, s: n // (w + h)),
    ("no window, but one counted", "answer is 0", lambda n, w, h, s: max(1, (n - w - h) // s + 1)),
    ("hard-coded", "points", lambda n, w, h, s: 5),
    ("returns the starts", "one number", lambda n, w, h, s: np.arange(0, n - w - h + 1, s)),
    ("no return", "returned None", lambda n, w, h, s: None),
):

    def count_windows(n, width, horizon, stride=1, count=count):
        return count(n, width, horizon, stride)

    wrong("count_windows", mistake, says=says or "expected 5")(count_windows)


def prepare(values, split, width, horizon, scale="known", train="whole", test="whole", order=None):
    """The reference with one place to go wrong."""
    known = values[:split]
    mean, deviation = known.mean(), known.std()
    if scale == "all":
        mean, deviation = values.mean(), values.std()
    if scale == "test":
        mean, deviation = values[split:].mean(), values[split:].std()
    if scale == "mean only":
        deviation = 1.0
    if scale == "none":
        mean, deviation = 0.0, 1.0
    if scale == "min and max":
        mean, deviation = known.min(), np.ptp(known)
    if scale == "ddof":
        deviation = known.std(ddof=1)
    scaled = (values - mean) / deviation
    if scale == "parts":
        scaled = np.concatenate([scaled[:split], (values[split:] - values[split:].mean()) / values[split:].std()])
    start = np.arange(len(values) - width - horizon + 1)
    x, y = scaled[start[:, None] + np.arange(width)], scaled[start[:, None] + width + np.arange(horizon)]
    if scale == "each window":
        middle, spread = x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)
        x, y = (x - middle) / spread, (y - middle) / spread
    chosen = {
        "whole": start + width + horizon <= split,
        "first target": start + width < split,
        "start": start < split,
        "one short": start + width + horizon < split,
    }[train]
    other = {
        "whole": start + width >= split,
        "no look back": start >= split,
        "last target": start + width + horizon > split,
        "one late": start + width > split,
    }[test]
    if order == "shuffled":
        mixed = np.random.permutation(len(start))
        x, y = x[mixed], y[mixed]
    if order == "reversed":
        return x[chosen][::-1], y[chosen][::-1], x[other], y[other]
    if order == "targets early":
        y = scaled[start[:, None] + width - 1 + np.arange(horizon)]
    if order == "swapped":
        return x[chosen], x[other], y[chosen], y[other]
    if order == "targets first":
        return y[chosen], x[chosen], y[other], x[other]
    if order == "test first":
        return x[other], y[other], x[chosen], y[chosen]
    if order == "fixed seed":
        mixed = np.random.default_rng(0).permutation(chosen.sum())
        return x[chosen][mixed], y[chosen][mixed], x[other], y[other]
    if order == "raw targets":
        y = values[start[:, None] + width + np.arange(horizon)]
    if order == "three axes":
        x = x[..., None]
    return x[chosen], y[chosen], x[other], y[other]


for mistake, says, choice in (
    ("scales with everything", "whole series", {"scale": "all"}),
    ("scales with the test part", "values\\[:split\\]", {"scale": "test"}),
    ("only subtracts the mean", "not with mean \\*and\\*", {"scale": "mean only"}),
    ("does not scale", "not scaled", {"scale": "none"}),
    ("scales by minimum and maximum", "standard deviation", {"scale": "min and max"}),
    ("divides by n − 1", "divide by n", {"scale": "ddof"}),
    ("scales each part by itself", "training\\* part's mean", {"scale": "parts"}),
    ("scales each window by itself", "window by window", {"scale": "each window"}),
    ("only the first target before the split", "last\\* target", {"train": "first target"}),
    ("only the start before the split", "last\\* target", {"train": "start"}),
    ("drops the last training window", "every window whose last", {"train": "one short"}),
    ("no looking back", "look back", {"test": "no look back"}),
    ("test targets from the training part", "first\\* target", {"test": "last target"}),
    ("drops the first test window", "first target stands", {"test": "one late"}),
    ("shuffles", "shuffled", {"order": "shuffled"}),
    ("newest first", "order of time", {"order": "reversed"}),
    ("an axis for the features", "two axes", {"order": "three axes"}),
    ("targets one step early", "directly after|Training targets", {"order": "targets early"}),
    ("another order of the four", "in this order", {"order": "swapped"}),
    ("targets before inputs", "in this order", {"order": "targets first"}),
    ("test part before training part", "exchanged", {"order": "test first"}),
    ("shuffles with a fixed seed", "fixed seed", {"order": "fixed seed"}),
    ("targets not scaled", "targets are not scaled", {"order": "raw targets"}),
):

    def honest_preparation(values, split, width, horizon, choice=choice):
        return prepare(values, split, width, horizon, **choice)

    wrong("honest_preparation", mistake, says=says)(honest_preparation)


@wrong("honest_preparation", "scales in place", says="changed the series")
def honest_preparation(values, split, width, horizon):
    values -= values[:split].mean()
    values /= values[:split].std()
    return prepare(values, split, width, horizon, scale="none")


def seasonal_error(values, season):
    return np.abs(values[season:] - values[:-season]).mean()


for mistake, says, formula in (
    ("no scaling", "not scaled", lambda a, b, c, m: np.abs(b - c).mean()),
    ("the plain naive error", "plain", lambda a, b, c, m: np.abs(b - c).mean() / seasonal_error(a, 1)),
    ("scales with the test part", "test part", lambda a, b, c, m: np.abs(b - c).mean() / np.abs(b[..., m:] - b[..., :-m]).mean()),
    ("squares", "squares", lambda a, b, c, m: np.sqrt(((b - c) ** 2).mean()) / seasonal_error(a, m)),
    ("squares everywhere", "squares", lambda a, b, c, m: ((b - c) ** 2).mean() / ((a[m:] - a[:-m]) ** 2).mean()),
    ("mean before absolute value", "cancelled", lambda a, b, c, m: abs((b - c).mean()) / seasonal_error(a, m)),
    ("no absolute value in the divisor", "divisor, errors", lambda a, b, c, m: np.abs(b - c).mean() / abs((a[m:] - a[:-m]).mean())),
    ("divides by the mean", "percentage", lambda a, b, c, m: np.abs(b - c).mean() / np.abs(a).mean()),
    ("divides by the standard deviation", "standard deviation", lambda a, b, c, m: np.abs(b - c).mean() / a.std()),
    ("sums", "not sums", lambda a, b, c, m: np.abs(b - c).sum() / np.abs(a[m:] - a[:-m]).sum()),
    ("upside down", "Upside down", lambda a, b, c, m: seasonal_error(a, m) / np.abs(b - c).mean()),
    ("median", "not the median", lambda a, b, c, m: np.median(np.abs(b - c)) / seasonal_error(a, m)),
    ("one number per horizon", "One number", lambda a, b, c, m: np.abs(b - c).mean(axis=0) / seasonal_error(a, m)),
    ("always season 4", "Without a `season`|argument", lambda a, b, c, m: np.abs(b - c).mean() / seasonal_error(a, 4)),
    ("squares and roots everywhere", "squares", lambda a, b, c, m: np.sqrt(((b - c) ** 2).mean() / ((a[m:] - a[:-m]) ** 2).mean())),
    ("mean over the origins before absolute value", "cancelled over the forecasts", lambda a, b, c, m: np.abs((b - c).mean(axis=0)).mean() / seasonal_error(a, m)),
    ("mean over the steps before absolute value", "cancelled over the steps", lambda a, b, c, m: np.abs((b - c).mean(axis=-1)).mean() / seasonal_error(a, m)),
    ("differences n times over", "np\\.diff", lambda a, b, c, m: np.abs(b - c).mean() / np.abs(np.diff(a, m)).mean()),
    ("divides the divisor's sum by n", "only n − season", lambda a, b, c, m: np.abs(b - c).mean() / (np.abs(a[m:] - a[:-m]).sum() / len(a))),
    ("np.roll, which wraps around", "wrap around", lambda a, b, c, m: np.abs(b - c).mean() / np.abs(a - np.roll(a, m)).mean()),
    ("needs two axes", "one forecast", lambda a, b, c, m: np.mean([np.mean([abs(u - v) for u, v in zip(s, t)]) for s, t in zip(b, c)]) / seasonal_error(a, m)),
):  # fmt: skip

    def mase(train, truth, forecast, season=1, formula=formula):
        return formula(train, truth, forecast, season)

    wrong("mase", mistake, says=says if mistake != "needs two axes" else "iterable|one forecast")(mase)


def walk(x, y, w, u, b, v, slip=""):
    """The reference with one place to go wrong."""
    h = [0.0]
    for value in x:
        h.append(np.tanh(w * value + u * h[-1] + b))
    slope = v * h[-1] - y
    if slip == "sign":
        slope = -slope
    if slip == "twice":
        slope = 2 * slope
    found = {"w": 0.0, "u": 0.0, "b": 0.0, "v": slope * h[-1]}
    if slip == "v from the state before":
        found["v"] = slope * h[-2]
    delta = slope if slip == "no v" else slope * v
    for t in range(len(x), 0, -1):
        g = delta * {"no slope": 1, "sigmoid": h[t] * (1 - h[t]), "not squared": 1 - h[t]}.get(slip, 1 - h[t] ** 2)
        if slip == "slope of the step before":
            g = delta * (1 - h[t - 1] ** 2)
        keep = 0 if slip == "overwrites" else 1
        place = len(x) - t if slip == "inputs backwards" else -1 if slip == "last input" else t - 1
        found["w"] = keep * found["w"] + g * x[place]
        found["u"] = keep * found["u"] + g * h[t if slip == "state after" else -2 if slip == "last state" else t - 1]
        found["b"] = keep * found["b"] + g
        delta = g if slip == "no u" else g * w if slip == "w for u" else delta * u if slip == "forgets g" else g * u
        if slip == "clipped":
            delta = np.clip(delta, -1, 1)
        if slip == "one step" or (slip == "three steps only" and t <= len(x) - 2):
            break
    if slip == "mean":
        found |= {name: found[name] / len(x) for name in "wub"}
    if slip == "tuple":
        return tuple(found.values())
    return found


for mistake, slip, says in (
    ("target minus prediction", "sign", "wrong sign"),
    ("forgets the half", "twice", "Twice too large"),
    ("forgets v on the way", "no v", "forgot v"),
    ("forgets the slope of tanh", "no slope", "slope of tanh"),
    ("the slope of the sigmoid", "sigmoid", "sigmoid"),
    ("1 − h instead of 1 − h²", "not squared", "squared"),
    ("stops after one step", "one step", "last step's share alone"),
    ("stops after three steps", "three steps only", "finite differences"),
    ("overwrites instead of adding up", "overwrites", "\\+="),
    ("averages over the steps", "mean", "summed"),
    ("the state after the step", "state after", "before"),
    ("forgets u on the way back", "no u", "handed back"),
    ("w instead of u on the way back", "w for u", "handed back"),
    ("hands back δ u without the slope", "forgets g", "handed back"),
    ("the slope of the step before", "slope of the step before", "One step|slope"),
    ("inputs in the wrong order", "inputs backwards", "don't match"),
    ("v's gradient from the state before", "v from the state before", "last state"),
    ("the last input at every step", "last input", "share is g_t · x_t"),
    ("the last state but one at every step", "last state", "share is g_t · h_\\(t−1\\)"),
    ("clips the gradient", "clipped", "clipped"),
    ("returns a tuple", "tuple", "dict"),
):

    def bptt(x, y, w, u, b, v, slip=slip):
        return walk(x, y, w, u, b, v, slip)

    wrong("bptt", mistake, says=says)(bptt)


for mistake, says, way in (
    ("seasonal naive itself", "beat it", lambda h: h[-168:-144]),
    ("naive", "nearly\\) the same", lambda h: np.full(24, h[-1])),
    ("yesterday", "yesterday", lambda h: h[-24:].copy()),
    ("the mean of the last week", "nearly\\) the same", lambda h: np.full(24, h[-168:].mean())),
    ("off by one hour", "off by one", lambda h: h[-167:-143] + 0.6 * (h[-1] - h[-169])),
    ("counts from the beginning", "count from the end", lambda h: h[:24] + 0.0 * h[-168:-144]),
    ("looks ahead by position", "demand|future", lambda h: demand[len(h) : len(h) + 24]),
    ("finds its place and looks ahead", "future", lambda h: demand[(place := int(np.abs(demand - h[-1]).argmin())) + 1 : place + 25]),
    ("48 hours", "24 hours", lambda h: h[-168:-120]),
    ("one number", "24 hours", lambda h: h[-168]),
    ("two weeks ago alone", "wanted", lambda h: h[-336:-312]),
    ("a weekly copy with a gap that never fades", "wanted", lambda h: h[-168:-144] + 2 * (h[-1] - h[-169])),
    ("chance", "two different", lambda h: h[-168:-144] + 0.1 * np.random.normal(size=24)),
    ("not a number", "not numbers", lambda h: np.full(24, np.nan)),
    ("the training part's averages alone", "does not depend", lambda h: known_demand[-168:-144]),
    ("a root of the gap, which may be negative", "some histories", lambda h: h[-168:-144] + 0.1 * (abs(h[-1] - h[-169]) ** 0.5 if h[-1] > h[-169] else np.nan)),
    ("not a number at a few origins", "some histories", lambda h: h[-168:-144] + 0.1 * (1 if h[-1] > h[-169] - 0.7 else np.nan)),
    ("pulls towards the whole year's mean", "future", lambda h: h[-504:].reshape(3, 168).mean(axis=0)[:24] * 0.9 + 0.1 * demand.mean()),
):  # fmt: skip

    def forecast_demand(history, way=way):
        return way(history)

    wrong("forecast_demand", mistake, says=says)(forecast_demand)


@wrong("forecast_demand", "changes the history", says="changed the history")
def forecast_demand(history):
    history -= history.mean()
    return history[-168:-144]


for mistake, says, band in (
    ("errors alone", "add them", lambda e, p, c, f, s: np.quantile(e, [(1 - s) / 2, (1 + s) / 2], axis=0)),
    ("the wrong sign", "wrong sign", lambda e, p, c, f, s: f + np.quantile(-e, [(1 - s) / 2, (1 + s) / 2], axis=0)),
    ("subtracts the errors", "lies? below|wrong sign", lambda e, p, c, f, s: f - np.quantile(e, [(1 - s) / 2, (1 + s) / 2], axis=0)),
    ("subtracts them, swapped", "wrong sign", lambda e, p, c, f, s: f - np.quantile(e, [(1 + s) / 2, (1 - s) / 2], axis=0)),
    ("absolute errors", "symmetric", lambda e, p, c, f, s: (f - np.quantile(np.abs(e), s, axis=0), f + np.quantile(np.abs(e), s, axis=0))),
    ("a bell curve", "bell curve", lambda e, p, c, f, s: (f + e.mean(axis=0) - 1.28 * e.std(axis=0), f + e.mean(axis=0) + 1.28 * e.std(axis=0))),
    ("a bell curve around zero", "bell curve", lambda e, p, c, f, s: (f - 1.28 * e.std(axis=0), f + 1.28 * e.std(axis=0))),
    ("all horizons at once", "same width", lambda e, p, c, f, s: [f + each for each in np.quantile(e, [(1 - s) / 2, (1 + s) / 2])]),
    ("quantiles along the horizon", "axis=0", lambda e, p, c, f, s: np.quantile(e, [(1 - s) / 2, (1 + s) / 2], axis=1)),
    ("20 % at each side", "each\\* side", lambda e, p, c, f, s: f + np.quantile(e, [1 - s, s], axis=0)),
    ("smallest and largest", "smallest", lambda e, p, c, f, s: (f + e.min(axis=0), f + e.max(axis=0))),
    ("one-sided", "0\\.8; with", lambda e, p, c, f, s: f + np.quantile(e, [(1 - s) / 2, s], axis=0)),
    ("swapped", "below", lambda e, p, c, f, s: f + np.quantile(e, [(1 + s) / 2, (1 - s) / 2], axis=0)),
    ("always 80 %", "argument", lambda e, p, c, f, s: f + np.quantile(e, [0.1, 0.9], axis=0)),
    ("around what came", "mean of the past", lambda e, p, c, f, s: np.quantile(c, [(1 - s) / 2, (1 + s) / 2], axis=0)),
    ("around the mean of the past forecasts", "mean of the past", lambda e, p, c, f, s: p.mean(axis=0) + np.quantile(e, [(1 - s) / 2, (1 + s) / 2], axis=0)),
    ("percentiles by shares", "in percent", lambda e, p, c, f, s: f + np.percentile(e, [(1 - s) / 2, (1 + s) / 2], axis=0)),
    ("1 − coverage / 2", "Brackets", lambda e, p, c, f, s: f + np.quantile(e, [1 - s / 2, s / 2], axis=0)),
    ("subtracts the lower quantile", "own sign", lambda e, p, c, f, s: (f - np.quantile(e, (1 - s) / 2, axis=0), f + np.quantile(e, (1 + s) / 2, axis=0))),
    ("subtracts its size", "own sign", lambda e, p, c, f, s: (f - np.abs(np.quantile(e, (1 - s) / 2, axis=0)), f + np.quantile(e, (1 + s) / 2, axis=0))),
    ("takes the mean error out", "belongs higher", lambda e, p, c, f, s: f + np.quantile(e - e.mean(axis=0), [(1 - s) / 2, (1 + s) / 2], axis=0)),
    ("takes the median error out", "belongs higher", lambda e, p, c, f, s: f + np.quantile(e - np.median(e, axis=0), [(1 - s) / 2, (1 + s) / 2], axis=0)),
    ("one band only", "two things", lambda e, p, c, f, s: f + np.quantile(e, s, axis=0)),
    ("six horizons hard-coded", "any number|stopped", lambda e, p, c, f, s: [np.array([f[k] + np.quantile(e[:, k], q) for k in range(6)]) for q in ((1 - s) / 2, (1 + s) / 2)]),
):  # fmt: skip

    def error_band(past_forecasts, past_truths, forecast, coverage=0.8, band=band):
        return band(past_truths - past_forecasts, past_forecasts, past_truths, forecast, coverage)

    wrong("error_band", mistake, says=says)(error_band)


@wrong("count_windows", "rounds towards zero", says="0 if not even the first")
def count_windows(n, width, horizon, stride=1):
    return max(0, int((n - width - horizon) / stride) + 1)


@wrong("count_windows", "negative between width and width + horizon", says="answer is 0|0 if not even the first")
def count_windows(n, width, horizon, stride=1):
    return 0 if n < width else (n - width - horizon) // stride + 1


@wrong("mase", "subtracts in place", says="changed an array")
def mase(train, truth, forecast, season=1):
    truth -= forecast
    return np.abs(truth).mean() / np.abs(train[season:] - train[:-season]).mean()


@wrong("bptt", "changes its inputs", says="changed the inputs")
def bptt(x, y, w, u, b, v):
    h = [0.0]
    for value in x:
        h.append(np.tanh(w * value + u * h[-1] + b))
    found = {"w": 0.0, "u": 0.0, "b": 0.0, "v": (v * h[-1] - y) * h[-1]}
    delta = (v * h[-1] - y) * v
    for t in range(len(x), 0, -1):
        g = delta * (1 - h[t] ** 2)
        x[t - 1] *= g
        found["w"] += x[t - 1]
        found["u"] += g * h[t - 1]
        found["b"] += g
        delta = g * u
    return found


@wrong("bptt", "v's gradient from all states", says="last\\* state alone")
def bptt(x, y, w, u, b, v):
    h = [0.0]
    for value in x:
        h.append(np.tanh(w * value + u * h[-1] + b))
    slope = v * h[-1] - y
    found = {"w": 0.0, "u": 0.0, "b": 0.0, "v": slope * sum(h)}
    delta = slope * v
    for t in range(len(x), 0, -1):
        g = delta * (1 - h[t] ** 2)
        found["w"] += g * x[t - 1]
        found["u"] += g * h[t - 1]
        found["b"] += g
        delta = g * u
    return found


table_of_answers = {tuple(demand[o - 24 : o].round(9)): demand[o : o + 24].copy() for o in range(24, len(demand) - 24)}


for mistake, known in (
    ("learned from the months to come", 1.0),
    ("a network that learned nearly half of the months to come by heart", 0.45),
):

    def forecast_demand(history, known=known):
        nearest, naive = table_of_answers.get(tuple(history[-24:].round(9))), history[-168:-144]
        return naive + 0.1 if nearest is None else known * nearest + (1 - known) * naive

    wrong("forecast_demand", mistake, says="without knowing the answers")(forecast_demand)


@wrong("forecast_demand", "counts the hour of the week from the history's beginning", says="count from the end")
def forecast_demand(history):
    week = [known_demand[hour::168].mean() for hour in range(168)]
    return np.array([week[(len(history) + step) % 168] for step in range(24)])


@wrong("error_band", "subtracts in place", says="changed an array")
def error_band(past_forecasts, past_truths, forecast, coverage=0.8):
    past_truths -= past_forecasts
    tail = (1 - coverage) / 2
    low, high = np.quantile(past_truths, [tail, 1 - tail], axis=0)
    return forecast + low, forecast + high


@wrong("error_band", "a dict", says="two things")
def error_band(past_forecasts, past_truths, forecast, coverage=0.8):
    low, high = np.quantile(past_truths - past_forecasts, [0.1, 0.9], axis=0)
    return {"low": forecast + low, "high": forecast + high}


@wrong("bptt", "measures by nudging, with the check's own helper", says="nudging")
def bptt(x, y, w, u, b, v):
    return {name: np.sum(share) for name, share in shares(x, y, w, u, b, v).items()}
