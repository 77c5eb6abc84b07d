"""Plausible mistakes of day 18: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""

# Milestone 1: the protocol


def pad(values, horizon, filler=np.nan):
    return np.concatenate([np.asarray(values, dtype=float), np.full(horizon, filler)])


def roll(model, values, origins, horizon, show=None, truth=None, filler=np.nan):
    """The reference with one place to go wrong: what the model is shown, or what counts as the truth."""
    padded = pad(values, horizon, filler)
    show = show or (lambda padded, o: padded[:o].copy())
    truth = truth or (lambda padded, o: padded[o : o + horizon])
    return np.array([model(show(padded, o)) for o in origins]), np.array([truth(padded, o) for o in origins])


for mistake, says, choice in (
    ("shows the future", "the future", {"show": lambda p, o: p[o : o + 3].copy()}),
    ("shows one value too many", "one value too many", {"show": lambda p, o: p[: o + 1].copy()}),
    ("shows one value too few", "one value too few", {"show": lambda p, o: p[: o - 1].copy()}),
    ("shows the whole series", "whole series", {"show": lambda p, o: p[:12].copy()}),
    ("a window of four values", "fixed length", {"show": lambda p, o: p[o - 4 : o].copy()}),
    ("truth one step early", "one step early", {"truth": lambda p, o: p[o - 1 : o + 2]}),
    ("truth one step late", "one step late", {"truth": lambda p, o: np.append(p, np.nan)[o + 1 : o + 4]}),
    ("unknown outcomes are 0", "np.nan", {"filler": 0.0}),
    ("rows that become shorter", "fill up with NaN", {"truth": None, "filler": None}),
):

    def rolling_forecasts(model, values, origins, horizon, choice=choice):
        if choice.get("filler", 0) is None:
            found, _ = roll(model, values, origins, horizon)
            return found, [np.asarray(values, float)[o : o + horizon] for o in origins]
        return roll(model, values, origins, horizon, **choice)

    wrong("rolling_forecasts", mistake, says=says)(rolling_forecasts)


@wrong("rolling_forecasts", "hands over the series itself", says="not a copy")
def rolling_forecasts(model, values, origins, horizon):
    return np.array([model(values[:o]) for o in origins]), roll(np.mean, values, origins, horizon)[1]


@wrong("rolling_forecasts", "one copy for all origins", says="new copy for each|hot")
def rolling_forecasts(model, values, origins, horizon):
    mine = np.array(values, dtype=float)
    return np.array([model(mine[:o]) for o in origins]), roll(lambda v: 0, values, origins, horizon)[1]


@wrong("rolling_forecasts", "repeats the last value where nothing is known", says="not the last value")
def rolling_forecasts(model, values, origins, horizon):
    return roll(model, values, origins, horizon, filler=float(np.asarray(values)[-1]))


@wrong("rolling_forecasts", "leaves out origins without all outcomes", says="once for each")
def rolling_forecasts(model, values, origins, horizon):
    return roll(model, values, [o for o in origins if o + horizon <= len(values)], horizon)


@wrong("rolling_forecasts", "an array of rows that become shorter", says="fill the truth up with NaN")
def rolling_forecasts(model, values, origins, horizon):
    found, _ = roll(model, values, origins, horizon)
    return found, np.array([values[o : o + horizon] for o in origins])


@wrong("rolling_forecasts", "hands over a list", says="Hand the model an array")
def rolling_forecasts(model, values, origins, horizon):
    return roll(model, values, origins, horizon, show=lambda padded, o: list(padded[:o]))


@wrong("rolling_forecasts", "sorts the origins", says="order")
def rolling_forecasts(model, values, origins, horizon):
    return roll(model, values, sorted(origins), horizon)


@wrong("rolling_forecasts", "always three steps", says="horizon")
def rolling_forecasts(model, values, origins, horizon):
    found, truth = roll(model, values, origins, 3)
    return found, truth


@wrong("rolling_forecasts", "forecasts cut to the known outcomes", says="differ in length")
def rolling_forecasts(model, values, origins, horizon):
    found, truth = roll(model, values, origins, horizon)
    return [row[np.isfinite(came)] for row, came in zip(found, truth, strict=True)], truth


@wrong("rolling_forecasts", "blanks forecasts without an outcome", says="leave a forecast standing")
def rolling_forecasts(model, values, origins, horizon):
    found, truth = roll(model, values, origins, horizon)
    return np.where(np.isnan(truth), np.nan, found), truth


@wrong("rolling_forecasts", "only the forecasts", says="two arrays")
def rolling_forecasts(model, values, origins, horizon):
    return roll(model, values, origins, horizon)[0]


@wrong("rolling_forecasts", "truth first", says="forecasts first")
def rolling_forecasts(model, values, origins, horizon):
    return roll(model, values, origins, horizon)[::-1]


@wrong("rolling_forecasts", "no return", says="returned None")
def rolling_forecasts(model, values, origins, horizon):
    roll(model, values, origins, horizon)


@wrong("rolling_forecasts", "errors instead of forecasts", says="leave a forecast standing")
def rolling_forecasts(model, values, origins, horizon):
    found, truth = roll(model, values, origins, horizon)
    return found - truth, truth


# Milestone 2: baselines

for mistake, says, formula in (
    ("naive", "naive forecast", lambda v, h: np.full(h, v[-1])),
    ("one step late", "one step late", lambda v, h: v[-1] + (v[-1] - v[0]) / (len(v) - 1) * np.arange(h)),
    ("divides by n", "n − 1", lambda v, h: v[-1] + (v[-1] - v[0]) / len(v) * np.arange(1, h + 1)),
    ("the last change", "\\*last\\* change", lambda v, h: v[-1] + (v[-1] - v[-2]) * np.arange(1, h + 1)),
    ("begins at the first value", "first value", lambda v, h: v[0] + np.diff(v).mean() * np.arange(1, h + 1)),
    ("begins at the mean", "at the mean", lambda v, h: v.mean() + np.diff(v).mean() * np.arange(1, h + 1)),
    ("adds the change once", "added h times", lambda v, h: np.full(h, v[-1] + np.diff(v).mean())),
    ("downwards", "sign", lambda v, h: v[-1] - np.diff(v).mean() * np.arange(1, h + 1)),
    ("the size of the changes", "Drift: last", lambda v, h: v[-1] + np.abs(np.diff(v)).mean() * np.arange(1, h + 1)),
    ("one number", "one value per step", lambda v, h: v[-1] + np.diff(v).mean() * h),
    ("the median", "median of the changes", lambda v, h: v[-1] + np.median(np.diff(v)) * np.arange(1, h + 1)),
    ("one step too far", "too far", lambda v, h: v[-1] + np.diff(v).mean() * np.arange(2, h + 2)),
    ("always six steps", "any length and horizon|shape", lambda v, h: v[-1] + np.diff(v).mean() * np.arange(1, 7)),
):

    def drift_forecast(values, horizon, formula=formula):
        return formula(values, horizon)

    wrong("baselines", f"drift: {mistake}", says=says)(drift_forecast)


def fit(values, width, degree=1):
    return np.polyfit(np.arange(-width + 1, 1), values[-width:], degree)


for mistake, says, formula in (
    ("through all values", "all values", lambda v, h, w: np.polyval(fit(v, len(v)), np.arange(1, h + 1))),
    ("through the first values", "\\*first\\*", lambda v, h, w: np.polyval(fit(v[:w], w), np.arange(1, h + 1))),
    ("one step late", "one step late", lambda v, h, w: np.polyval(fit(v, w), np.arange(h))),
    ("tied to the last value", "tied", lambda v, h, w: v[-1] + fit(v, w)[0] * np.arange(1, h + 1)),
    ("times that don't fit", "same zero", lambda v, h, w: np.polyval(fit(v, w), np.arange(w, w + h))),
    ("through two points", "two points", lambda v, h, w: v[-1] + (v[-1] - v[-w]) / (w - 1) * np.arange(1, h + 1)),
    ("a parabola", "parabola", lambda v, h, w: np.polyval(fit(v, w, 2), np.arange(1, h + 1))),
    ("the fit instead of the forecast", "one value per step|Line: fitted", lambda v, h, w: np.polyval(fit(v, w), np.arange(-h + 1, 1))),
    ("always 15 years", "prolongation", lambda v, h, w: np.polyval(fit(v, 15) if len(v) > 20 else fit(v, 2) * 0, np.arange(1, h + 1))),
    ("one value too many", "Line: fitted", lambda v, h, w: np.polyval(fit(v, w + 1), np.arange(1, h + 1))),
    ("fit from 0 on", "at `width`", lambda v, h, w: np.polyval(fit(v, w), np.arange(1, h + 1) - w + 1)),
    ("fit from 0 on, forecast from 0 on", "at `width`", lambda v, h, w: np.polyval(fit(v, w), np.arange(h) - w + 1)),
    ("one step too far", "too far", lambda v, h, w: np.polyval(fit(v, w), np.arange(2, h + 2))),
    ("slope and level swapped", "slope first", lambda v, h, w: np.polyval(fit(v, w)[::-1], np.arange(1, h + 1))),
    ("the last value only", "one value per step", lambda v, h, w: np.polyval(fit(v, w), h)),
):  # fmt: skip

    def line_forecast(values, horizon, width, formula=formula):
        return formula(values, horizon, width)

    wrong("baselines", f"line: {mistake}", says=says)(line_forecast)


@wrong("baselines", "line: detrends the series in place", says="changed the series")
def line_forecast(values, horizon, width):
    slope, level = fit(values, width)
    values -= values.mean()
    return level + slope * np.arange(1, horizon + 1)


# Milestone 3: Dickey and Fuller


def regress(values, columns=("one", "time", "before"), target="change", at=-1, loss=3):
    """The reference with one place to go wrong."""
    values = np.asarray(values, dtype=float)
    T = len(values) - 1
    known = {
        "one": np.ones(T),
        "time": np.arange(T),
        "before": values[:-1],
        "after": values[1:],
        "change": np.diff(values),
    }
    table, wanted = np.column_stack([known[name] for name in columns]), known[target]
    weights = np.linalg.lstsq(table, wanted, rcond=None)[0]
    rest = wanted - table @ weights
    error = np.sqrt(rest @ rest / (T - loss) * np.linalg.inv(table.T @ table)[at, at])
    return weights[at], error, T


for mistake, says, formula in (
    ("the weight alone", "γ itself", lambda v: regress(v)[0]),
    ("the sign", "sign is turned", lambda v: -regress(v)[0] / regress(v)[1]),
    ("no line", "line is missing", lambda v: np.divide(*regress(v, ("one", "before"), loss=2)[:2])),
    ("neither constant nor line", "Constant and time", lambda v: np.divide(*regress(v, ("before",), loss=1)[:2])),
    ("no constant", "constant is missing", lambda v: np.divide(*regress(v, ("time", "before"), loss=2)[:2])),
    (
        "the level after the change",
        "\\*after\\* the change",
        lambda v: np.divide(*regress(v, ("one", "time", "after"))[:2]),
    ),
    ("explains the level", "new \\*level\\*", lambda v: np.divide(*regress(v, target="after")[:2])),
    ("divides by T", "T − 3", lambda v: np.divide(*regress(v, loss=0)[:2])),
    ("divides by T − 1", "T − 3", lambda v: np.divide(*regress(v, loss=1)[:2])),
    ("divides by T − 2", "T − 3", lambda v: np.divide(*regress(v, loss=2)[:2])),
    ("t-value of the constant", "of the constant", lambda v: np.divide(*regress(v, at=0)[:2])),
    ("t-value of the time", "of the time", lambda v: np.divide(*regress(v, at=1)[:2])),
    ("squared", "squared", lambda v: np.divide(*regress(v)[:2]) ** 2),
    ("divides by √T once more", "once too often", lambda v: np.divide(*regress(v)[:2]) * np.sqrt(len(v) - 1)),
    ("multiplies by √T", "no further factor", lambda v: np.divide(*regress(v)[:2]) / np.sqrt(len(v) - 1)),
    ("returns all three", "One number", lambda v: np.array([np.divide(*regress(v, at=i)[:2]) for i in range(3)])),
    ("no return", "returned None", lambda v: None),
    ("variance instead of standard error", "τ = ", lambda v: regress(v)[0] / regress(v)[1] ** 2),
    ("the newest first", "τ = |line|level", lambda v: np.divide(*regress(np.asarray(v)[::-1])[:2])),
    ("the logarithm of the size", "τ = ", lambda v: np.log(abs(np.divide(*regress(v)[:2])))),
):

    def dickey_fuller(values, formula=formula):
        return formula(values)

    wrong("dickey_fuller", mistake, says=says)(dickey_fuller)


@wrong("dickey_fuller", "lets statsmodels do it", says="build X and τ yourself")
def dickey_fuller(values):
    return adfuller(values, maxlag=0, regression="ct")[0]


@wrong("dickey_fuller", "an array with one number in it", says="shape \\(1,\\)")
def dickey_fuller(values):
    return np.array([np.divide(*regress(values)[:2])])


@wrong("dickey_fuller", "subtracts the mean in place", says="changed the series")
def dickey_fuller(values):
    values -= values.mean()
    return np.divide(*regress(values)[:2])


# Milestone 4: rows for a network


def cut(values, width, horizon, unit, slip=""):
    """The reference with one place to go wrong."""
    values = np.asarray(values, dtype=float)
    count = len(values) - width - horizon + 1 - (slip == "one row short")
    if slip == "a unit of one's own":
        unit = 0.2
    if slip == "answers unknown, as in the lesson":
        count, values = len(values) - width, np.append(values, np.full(horizon, np.nan))
    if slip == "unknown answers":
        count, values = len(values) - width + 1, np.append(values, np.full(horizon, values[-1]))
    rows = np.arange(count)[:, None]
    x, y = values[rows + np.arange(width)], values[rows + width + np.arange(horizon) - (slip == "answers early")]
    zero = {
        "last value": x[:, -1:],
        "first ten": x[:, :10].mean(axis=1, keepdims=True),
        "whole window": x.mean(axis=1, keepdims=True),
        "whole series": values.mean(),
        "from the answers": y.mean(axis=1, keepdims=True),
        "the last ten are [10:]": x[:, 10:].mean(axis=1, keepdims=True),
        "one for all rows": x[:, -10:].mean(),
        "none": 0.0,
    }.get(slip, x[:, -10:].mean(axis=1, keepdims=True))
    own = {
        "own zero": y.mean(axis=1, keepdims=True),
        "answers in levels": 0.0,
        "first answer": y[:, :1],
        "answers from the last value": x[:, -1:],
        "answers raw": 0.0,
    }.get(slip, zero)
    scale = {"no unit": 1.0, "multiplies": 1 / unit}.get(slip, unit)
    x, y = (x - zero) / scale, (y - own) / (1.0 if slip in ("answers in °C", "answers raw") else scale)
    if slip == "raw":
        x = x * unit + zero
    if slip == "reversed":
        x, y = x[::-1], y[::-1]
    return (x if slip == "two axes" else x[..., None]), y


for mistake, says in (
    ("one row short", "One row is missing"),
    ("unknown answers", "crept in"),
    ("two axes", "three axes"),
    ("raw", "still in °C"),
    ("no unit", "unit is missing"),
    ("none", "zero is missing"),
    ("multiplies", "multiplied by the unit"),
    ("last value", "last value; one hot year"),
    ("first ten", "\\*first\\* ten"),
    ("whole window", "whole window"),
    ("whole series", "from the whole series"),
    ("one for all rows", "one per window"),
    ("reversed", "oldest first"),
    ("own zero", "same zero"),
    ("answers in levels", "same zero"),
    ("first answer", "same zero"),
    ("answers in °C", "measured in °C"),
    ("answers early", "one year early"),
    ("answers raw", "same zero"),
    ("answers from the last value", "same zero"),
    ("a unit of one's own", "use the arguments"),
    ("the last ten are [10:]", "use the arguments"),
    ("answers unknown, as in the lesson", "as in the lesson"),
    ("from the answers", "Inputs: |taken from the answers"),
):

    def network_rows(values, width, horizon, unit, mistake=mistake):
        return cut(values, width, horizon, unit, slip=mistake)

    wrong("network_rows", mistake, says=says)(network_rows)


@wrong("network_rows", "in place", says="changed the series")
def network_rows(values, width, horizon, unit):
    found = cut(values, width, horizon, unit)
    values /= unit
    return found


@wrong("network_rows", "only the inputs", says="two arrays")
def network_rows(values, width, horizon, unit):
    return cut(values, width, horizon, unit)[0]


for mistake, says, formula in (
    ("way back without zero", "zero is missing", lambda a, w, u: u * np.asarray(a)),
    ("way back without unit", "unit first", lambda a, w, u: np.asarray(a) + w[-10:].mean()),
    ("way back from the last value", "not the last one", lambda a, w, u: w[-1] + u * np.asarray(a)),
    ("way back: a unit of one's own", "argument `unit`", lambda a, w, u: w[-10:].mean() + 0.2 * np.asarray(a)),
    ("way back divides", "don't divide", lambda a, w, u: w[-10:].mean() + np.asarray(a) / u),
    ("way back from the whole window", "whole window", lambda a, w, u: w.mean() + u * np.asarray(a)),
    ("way back: zero in units", "in °C already", lambda a, w, u: u * (np.asarray(a) + w[-10:].mean())),
    ("way back from the first ten", "\\*last\\* ten values, `", lambda a, w, u: u * np.asarray(a) + w[:10].mean()),
    ("way back: one number", "one value per year", lambda a, w, u: float((w[-10:].mean() + u * np.asarray(a))[-1])),
):

    def to_degrees(answers, window, unit, formula=formula):
        return formula(answers, window, unit)

    wrong("network_rows", mistake, says=says)(to_degrees)


# Milestone 5: the band


def band(forecasts, truth, coverage, drop=None, rank=None, signed=False, empty=np.nan, fixed=None):
    """The reference with one place to go wrong."""
    errors = np.asarray(truth) - np.asarray(forecasts)
    sizes = errors if signed else np.abs(errors)
    rows, horizon = sizes.shape
    found = np.full(horizon, empty)
    for step in range(1, horizon + 1):
        part = np.sort(sizes[: max(0, rows - (drop or (lambda h, horizon: h))(step, horizon)), step - 1])
        place = (rank or (lambda m, c: int(np.ceil((m + 1) * c))))(len(part), fixed or coverage)
        if len(part):
            found[step - 1] = part[min(max(place, 1), len(part)) - 1]
    return found


for mistake, says, choice in (
    ("uses all rows", "all\\* rows", {"drop": lambda h, horizon: 0}),
    ("leaves out the last row only", "only the last origin", {"drop": lambda h, horizon: 1}),
    ("peeks by one year", "peeked by one year", {"drop": lambda h, horizon: h - 1}),
    ("one error too few", "too few", {"drop": lambda h, horizon: h + 1}),
    ("the longest horizon for all", "at every horizon", {"drop": lambda h, horizon: horizon}),
    ("no + 1", "\\+ 1 counts", {"rank": lambda m, c: int(np.ceil(m * c))}),
    ("rounds down", "\\*up\\*", {"rank": lambda m, c: int(np.floor((m + 1) * c))}),
    ("the largest", "largest known error", {"rank": lambda m, c: m}),
    ("half of the rest at each side", "nothing is halved", {"rank": lambda m, c: int(np.ceil((m + 1) * (1 + c) / 2))}),
    ("off by one", "Off by one", {"rank": lambda m, c: int(np.ceil((m + 1) * c)) + 1}),
    ("signed errors", "have their sign", {"signed": True}),
    ("0 where nothing is known", "NaN", {"empty": 0.0}),
    ("always 90 %", "argument", {"fixed": 0.9}),
    ("the median", "rank", {"rank": lambda m, c: m // 2}),
    ("counts from the largest", "\\*smallest\\*", {"rank": lambda m, c: m + 1 - int(np.ceil((m + 1) * c))}),
):

    def half_widths(forecasts, truth, coverage=0.9, choice=choice):
        return band(forecasts, truth, coverage, **choice)

    wrong("half_widths", mistake, says=says)(half_widths)


@wrong("half_widths", "unsorted", says="aren't sorted")
def half_widths(forecasts, truth, coverage=0.9):
    sizes, found = np.abs(np.asarray(truth) - np.asarray(forecasts)), []
    for step in range(1, sizes.shape[1] + 1):
        part = sizes[: max(0, len(sizes) - step), step - 1]
        rank = min(int(np.ceil((len(part) + 1) * coverage)), len(part))
        found.append(part[rank - 1] if len(part) else np.nan)
    return np.array(found)


@wrong("half_widths", "a rank beyond m", says="beyond m")
def half_widths(forecasts, truth, coverage=0.9):
    sizes, found = np.abs(np.asarray(truth) - np.asarray(forecasts)), []
    for step in range(1, sizes.shape[1] + 1):
        part = np.sort(sizes[: max(0, len(sizes) - step), step - 1])
        found.append(part[int(np.ceil((len(part) + 1) * coverage)) - 1])
    return np.array(found)


@wrong("half_widths", "a negative end counts from the back", says="from the back")
def half_widths(forecasts, truth, coverage=0.9):
    sizes, found = np.abs(np.asarray(truth) - np.asarray(forecasts)), []
    for step in range(1, sizes.shape[1] + 1):
        part = np.sort(sizes[: len(sizes) - step, step - 1])
        rank = min(int(np.ceil((len(part) + 1) * coverage)), len(part))
        found.append(part[rank - 1] if len(part) else np.nan)
    return np.array(found)


@wrong("half_widths", "a bell curve", says="bell curve")
def half_widths(forecasts, truth, coverage=0.9):
    errors = np.asarray(truth) - np.asarray(forecasts)
    return np.array([1.645 * errors[: len(errors) - h, h - 1].std() for h in range(1, errors.shape[1] + 1)])


@wrong("half_widths", "one width for all horizons", says="same width")
def half_widths(forecasts, truth, coverage=0.9):
    errors = np.abs(np.asarray(truth) - np.asarray(forecasts))
    known = np.concatenate([errors[: len(errors) - h, h - 1] for h in range(1, errors.shape[1] + 1)])
    return np.full(errors.shape[1], np.quantile(known, coverage))


@wrong("half_widths", "the width of both sides", says="whole band")
def half_widths(forecasts, truth, coverage=0.9):
    return 2 * band(forecasts, truth, coverage)


@wrong("half_widths", "interpolates", says="interpolates")
def half_widths(forecasts, truth, coverage=0.9):
    errors = np.abs(np.asarray(truth) - np.asarray(forecasts))
    return np.array([np.quantile(errors[: len(errors) - h, h - 1], coverage) for h in range(1, errors.shape[1] + 1)])


@wrong("half_widths", "the upper end", says="Half-width")
def half_widths(forecasts, truth, coverage=0.9):
    return np.asarray(forecasts)[-1] + band(forecasts, truth, coverage)


@wrong("half_widths", "no return", says="returned None")
def half_widths(forecasts, truth, coverage=0.9):
    band(forecasts, truth, coverage)


for mistake, says, formula in (
    ("count: unknown is outside", "neither", lambda f, h, t: float(np.mean(np.abs(t - f) <= h))),
    ("count: unknown is inside", "neither", lambda f, h, t: float(np.mean(~(np.abs(t - f) > h)))),
    ("count: without the ends", "<=", lambda f, h, t: float((np.abs(t - f) < h)[np.isfinite(t)].mean())),
    ("count: upper end only", "two ends", lambda f, h, t: float((t <= f + h)[np.isfinite(t)].mean())),
    ("count: lower end only", "two ends", lambda f, h, t: float((t >= f - h)[np.isfinite(t)].mean())),
    ("count: the share outside", "share outside", lambda f, h, t: float((np.abs(t - f) > h)[np.isfinite(t)].mean())),
    ("count: in per cent", "nine known", lambda f, h, t: 100 * float((np.abs(t - f) <= h)[np.isfinite(t)].mean())),
    ("count: NaN", "NaN", lambda f, h, t: float(np.where(np.isfinite(t), np.abs(t - f) <= h, np.nan).mean())),
    ("count: no forecast", "own forecast", lambda f, h, t: float((np.abs(t) <= h)[np.isfinite(t)].mean())),
    ("count: the forecast's sign", "own forecast", lambda f, h, t: float((np.abs(t + f) <= h)[np.isfinite(t)].mean())),
    ("count: one half-width", "own half", lambda f, h, t: float((np.abs(t - f) <= h.flat[0])[np.isfinite(t)].mean())),
    ("count: leaves out where no band is", "without a band",
     lambda f, h, t: float((np.abs(t - f) <= h)[np.isfinite(t) & np.isfinite(h)].mean())),
    ("count: mean of the rows' shares", "together",
     lambda f, h, t: float(np.nanmean(np.where(np.isnan(t), np.nan, np.abs(t - f) <= h), axis=-1).mean())),
    ("count: mean of the columns' shares", "together",
     lambda f, h, t: float(np.nanmean(np.where(np.isnan(t), np.nan, np.abs(t - f) <= h), axis=0).mean())),
    ("count: halves the half-width", "don't halve", lambda f, h, t: float((np.abs(t - f) <= h / 2)[np.isfinite(t)].mean())),
    ("count: how many, not the share", "nine known", lambda f, h, t: int((np.abs(t - f) <= h).sum())),
):  # fmt: skip

    def share_inside(forecast, half_width, truth, formula=formula):
        return formula(forecast, half_width, truth)

    wrong("half_widths", mistake, says=says)(share_inside)


# Milestone 6: the crossing


def cross(first_year, paths, threshold, width, place=None, reach=None, which=0, never=np.nan, mode="valid", fixed=None):
    """The reference with one place to go wrong."""
    width = fixed or width
    found = np.full(len(paths), never, dtype=float)
    for number, path in enumerate(np.asarray(paths, dtype=float)):
        means = np.convolve(path, np.ones(width) / width, mode=mode)
        hits = np.flatnonzero((reach or (lambda m, t: m >= t - 1e-9))(means, threshold))
        if len(hits):
            found[number] = (place or (lambda first, at, w: first + at + w // 2))(first_year, hits[which], width)
    return found


for mistake, says, choice in (
    ("end of the window", "\\*last\\* year", {"place": lambda f, at, w: f + at + w - 1}),
    ("beginning of the window", "\\*first\\* year", {"place": lambda f, at, w: f + at}),
    ("rounds the middle down", "rounded \\*up|rounded up", {"place": lambda f, at, w: f + at + (w - 1) // 2}),
    ("place instead of year", "place in the series", {"place": lambda f, at, w: at + w // 2}),
    ("end of the window, no first year", "first year is missing", {"place": lambda f, at, w: at + w - 1}),
    ("one year late", "One year late", {"place": lambda f, at, w: f + at + w // 2 + 1}),
    ("one year early", "One year early", {"place": lambda f, at, w: f + at + w // 2 - 1}),
    ("must exceed", "reached|equals", {"reach": lambda m, t: m > t + 1e-9}),
    ("the last crossing", "\\*last\\* window", {"which": -1}),
    ("never is 0", "NaN", {"never": 0.0}),
    ("never is the last year", "NaN", {"never": 2029.0}),
    ("never is infinity", "NaN", {"never": np.inf}),
    ("windows that reach beyond the ends", "hang over", {"mode": "same", "place": lambda f, at, w: f + at}),
    ("stays above from then on", "falls again", {"reach": lambda m, t: np.logical_and.accumulate((m >= t - 1e-9)[::-1])[::-1]}),
    ("rounds to the even year", "round", {"place": lambda f, at, w: round(f + at + (w - 1) / 2 + 1e-9 * (w != 10))}),
    ("forgets the last window", "n − width \\+ 1", {"reach": lambda m, t: (m >= t - 1e-9) & (np.arange(len(m)) < len(m) - 1)}),
    ("no allowance for rounding", "hair|less than 1e-9", {"reach": lambda m, t: m >= t}),
    ("always 20 years", "use the argument", {"fixed": 20}),
    ("floating-point hair", "hair", {"reach": lambda m, t: m >= t + 1e-12 * (len(m) == 21)}),
):  # fmt: skip

    def crossing_years(first_year, paths, threshold, width=20, choice=choice):
        return cross(first_year, paths, threshold, width, **choice)

    wrong("crossing_years", mistake, says=says)(crossing_years)


@wrong("crossing_years", "looks at single years", says="ramp|single")
def crossing_years(first_year, paths, threshold, width=20):
    return cross(first_year, paths, threshold, 1)


@wrong("crossing_years", "argmax without asking whether anything is True", says="argmax|NaN")
def crossing_years(first_year, paths, threshold, width=20):
    means = np.array([np.convolve(path, np.ones(width) / width, mode="valid") for path in paths])
    return (means >= threshold - 1e-9).argmax(axis=1) + first_year + width // 2


@wrong("crossing_years", "the mean path", says="One year per path")
def crossing_years(first_year, paths, threshold, width=20):
    return cross(first_year, [np.mean(paths, axis=0)], threshold, width)


@wrong("crossing_years", "no return", says="returned None")
def crossing_years(first_year, paths, threshold, width=20):
    cross(first_year, paths, threshold, width)


def median_with(never):
    return lambda c: np.median(np.where(np.isnan(c), never, c))


def honest_median(c):
    middle = median_with(np.inf)(c)
    return float(middle if np.isfinite(middle) else np.nan)


for mistake, says, formula in (
    ("share of those that cross", "\\*all\\* paths", lambda c, by: (np.nanmean(np.where(np.isnan(c), np.nan, c <= by)), honest_median(c))),
    ("share before the year", "by then", lambda c, by: (np.mean(c < by), honest_median(c))),
    ("share that never crosses", "Three of eight|all", lambda c, by: (np.mean(~(c <= by)), honest_median(c))),
    ("median of those that cross", "those paths that cross", lambda c, by: (np.mean(c <= by), np.nanmedian(c))),
    ("median with NaN", "median is NaN", lambda c, by: (np.mean(c <= by), np.median(c))),
    ("mean instead of median", "Median of eight|NaN", lambda c, by: (np.mean(c <= by), np.nanmean(c))),
    ("infinity for never", "neither infinity", lambda c, by: (np.mean(c <= by), median_with(np.inf)(c))),
    ("never is earliest", "Median of eight", lambda c, by: (np.mean(c <= by), median_with(-np.inf)(c))),
    ("median first", "Three of eight|share", lambda c, by: (honest_median(c), np.mean(c <= by))),
    ("only the share", "two numbers", lambda c, by: np.mean(c <= by)),
    ("never is 2100", "late year", lambda c, by: (np.mean(c <= by), median_with(2100.0)(c))),
    ("never is the latest year of the others", "late year", lambda c, by: (np.mean(c <= by), median_with(np.nanmax(c))(c))),
    ("never is the year 0", "year 0", lambda c, by: (np.mean(np.nan_to_num(c) <= by), honest_median(c))),
    ("never is 9999, taken out again only if it is the median", "9999",
     lambda c, by: (np.mean(c <= by), np.nan if median_with(9999)(c) == 9999 else median_with(9999)(c))),
):  # fmt: skip

    def summarise(crossed, by, formula=formula):
        return formula(np.asarray(crossed, dtype=float), by)

    wrong("crossing_years", mistake, says=says)(summarise)


@wrong("crossing_years", "writes into its argument", says="changed the array")
def summarise(crossed, by):
    share = np.mean(crossed <= by)
    crossed[np.isnan(crossed)] = np.inf
    return share, np.median(crossed)
