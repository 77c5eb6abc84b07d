"""Plausible mistakes of day 19: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""

import warnings


def walk(step, start, times, rule):
    """The reference with one place to go wrong."""
    values = [np.asarray(start, float)]
    for now, then in zip(times[:-1], times[1:]):
        values.append(rule(step, now, then - now, values[-1]))
    return np.array(values)


for mistake, says, rule in (
    ("Euler", "Euler's method", lambda f, t, h, y: y + h * f(t, y)),
    ("the second slope alone", "second slope alone", lambda f, t, h, y: y + h * f(t + h, y + h * f(t, y))),
    ("the midpoint", "midpoint", lambda f, t, h, y: y + h * f(t + h / 2, y + h / 2 * f(t, y))),
    ("adds the slopes", "added the two", lambda f, t, h, y: y + h * (f(t, y) + f(t + h, y + h * f(t, y)))),
    ("the old time", "time\\* of the end", lambda f, t, h, y: y + h / 2 * (f(t, y) + f(t, y + h * f(t, y)))),
    ("the old place", "place where Euler", lambda f, t, h, y: y + h / 2 * (f(t, y) + f(t + h, y))),
    ("no step size inside", "forgot the step size", lambda f, t, h, y: y + h / 2 * (f(t, y) + f(t + h, y + f(t, y)))),
    ("minus", "plus, not minus", lambda f, t, h, y: y - h / 2 * (f(t, y) + f(t + h, y + h * f(t, y)))),
    ("a step of 0.1", "first step", lambda f, t, h, y: y + 0.05 * (f(t, y) + f(t + 0.1, y + 0.1 * f(t, y)))),
    ("half a step to the second look", "first step is wrong", lambda f, t, h, y: y + h / 2 * (f(t, y) + f(t + h, y + h / 2 * f(t, y)))),
    ("two steps in one", "Go back", lambda f, t, h, y: y + h * f(t, y) + h / 2 * (f(t, y) + f(t + h, y + h * f(t, y)))),
    ("no step size outside", "last step forgot", lambda f, t, h, y: y + (f(t, y) + f(t + h, y + h * f(t, y))) / 2),
):  # fmt: skip

    def heun(slope, start, times, rule=rule):
        return walk(slope, start, times, rule)

    wrong("heun", mistake, says=says)(heun)


def right_step(f, t, h, y):
    return y + h / 2 * (f(t, y) + f(t + h, y + h * f(t, y)))


@wrong("heun", "the start is missing", says="One row for each time")
def heun(slope, start, times):
    return walk(slope, start, times, right_step)[1:]


@wrong("heun", "only the end", says="One row for each time")
def heun(slope, start, times):
    return walk(slope, start, times, right_step)[-1]


@wrong("heun", "unknowns first", says="One row for each time")
def heun(slope, start, times):
    return walk(slope, start, times, right_step).T


@wrong("heun", "every step from the start", says="value found last")
def heun(slope, start, times):
    start = np.asarray(start, float)
    rows = [right_step(slope, now, then - now, start) for now, then in zip(times[:-1], times[1:])]
    return np.array([start, *rows])


@wrong("heun", "the time stands still", says="later ones are not")
def heun(slope, start, times):
    return walk(slope, start, times, lambda f, t, h, y: right_step(f, times[0], h, y))


@wrong("heun", "changes the start", says="changed the start")
def heun(slope, start, times):
    rows = [start.copy()]
    for now, then in zip(times[:-1], times[1:]):
        start += right_step(slope, now, then - now, start) - start
        rows.append(start.copy())
    return np.array(rows)


@wrong("heun", "a list", says="one array")
def heun(slope, start, times):
    return list(walk(slope, start, times, right_step))


@wrong("heun", "times and values", says="one array")
def heun(slope, start, times):
    return times, walk(slope, start, times, right_step)


@wrong("heun", "one array in the list again and again", says="All rows are equal")
def heun(slope, start, times):
    y = start.copy()
    rows = [y]
    for now, then in zip(times[:-1], times[1:]):
        y += right_step(slope, now, then - now, y) - y
        rows.append(y)
    return np.array(rows)


@wrong("heun", "a list as y", says="hands `slope` a list")
def heun(slope, start, times):
    values = [list(start)]
    for now, then in zip(times[:-1], times[1:]):
        y, h = values[-1], then - now
        k1 = slope(now, y)
        k2 = slope(then, [a + h * b for a, b in zip(y, k1)])
        values.append([a + h / 2 * (b + c) for a, b, c in zip(y, k1, k2)])
    return np.array(values)


for mistake, count, early in (
    ("n − 1", -1, True),
    ("n", 0, True),
    ("n − 1, true times", -1, False),
    ("n, true times", 0, False),
):

    def heun(slope, start, times, count=count, early=early):
        h, values = (times[-1] - times[0]) / (len(times) + count), [np.asarray(start, float)]
        for now, then in zip(times[:-1], times[1:]):
            y = values[-1]
            k1 = slope(now, y)
            values.append(y + h / 2 * (k1 + slope(now + h if early else then, y + h * k1)))
        return np.array(values)

    wrong("heun", f"one mean step size, by {mistake}", says="one mean step size")(heun)


@wrong("heun", "no return", says="returned None")
def heun(slope, start, times):
    walk(slope, start, times, right_step)


@wrong("heun", "two unknowns hard-coded", says="stopped|any number")
def heun(slope, start, times):
    values = [np.asarray(start, float)]
    for now, then in zip(times[:-1], times[1:]):
        moved = np.atleast_1d(right_step(slope, now, then - now, values[-1]))
        values.append(moved if len(moved) != 3 else np.array([moved[0], moved[1]]))
    return np.array(values)


for mistake, says, formula in (
    ("no minus in the value", "squared away", lambda z, p, q: (ops.exp(z**2), 2 * z * ops.exp(z**2) * p, q)),
    ("no square", "square is missing", lambda z, p, q: (ops.exp(-z), -ops.exp(-z) * p, q)),
    ("the bell curve", "bell curve", lambda z, p, q: (ops.exp(-(z**2) / 2), -z * p, q)),
    ("no chain rule", "chain rule", lambda z, p, q: (ops.exp(-(z**2)), -2 * z * ops.exp(-(z**2)), q)),
    ("plus in the slope", "sign", lambda z, p, q: (ops.exp(-(z**2)), 2 * z * ops.exp(-(z**2)) * p, q)),
    ("no z in the slope", "factor z", lambda z, p, q: (ops.exp(-(z**2)), -2 * ops.exp(-(z**2)) * p, q)),
    ("its own derivative", "own derivative", lambda z, p, q: (ops.exp(-(z**2)), ops.exp(-(z**2)) * p, q)),
    ("no 2 in the slope", "factor 2", lambda z, p, q: (ops.exp(-(z**2)), -z * ops.exp(-(z**2)) * p, q)),
    ("overwrites z", "overwritten", lambda z, p, q: (ops.exp(-(z**2)), -2 * ops.exp(-(z**2)) * ops.exp(-(z**2)) * p, q)),
    ("hands the first on", "unchanged", lambda z, p, q: (ops.exp(-(z**2)), p, q)),
    ("only two", "three things", lambda z, p, q: (ops.exp(-(z**2)), -2 * z * ops.exp(-(z**2)) * p)),
    ("the mean", "shape", lambda z, p, q: (ops.mean(ops.exp(-(z**2))), p, q)),
):  # fmt: skip

    def bump_jet(value, first, second, formula=formula):
        return formula(value, first, second)

    wrong("bump_jet", mistake, says=says)(bump_jet)

for mistake, says, formula in (
    ("no z''", "z'' is missing", lambda z, a, p, q: (4 * z**2 - 2) * a * p**2),
    ("only z''", "only the part", lambda z, a, p, q: -2 * z * a * q),
    ("z' not squared", "squared", lambda z, a, p, q: (4 * z**2 - 2) * a * p - 2 * z * a * q),
    ("no z' at all", "multiplied by z'", lambda z, a, p, q: (4 * z**2 - 2) * a - 2 * z * a * q),
    ("the derivative by z", "second derivative by z", lambda z, a, p, q: (4 * z**2 - 2) * a),
    ("only the factor z differentiated", "a changes", lambda z, a, p, q: -2 * a * p**2 - 2 * z * a * q),
    ("only the factor a differentiated", "z changes", lambda z, a, p, q: 4 * z**2 * a * p**2 - 2 * z * a * q),
    ("plus 2", "a sign", lambda z, a, p, q: (4 * z**2 + 2) * a * p**2 - 2 * z * a * q),
    ("the slope twice", "slope twice", lambda z, a, p, q: -2 * z * a * p**2 - 2 * z * a * q),
    ("z'' and z'² swapped", "swapped", lambda z, a, p, q: (4 * z**2 - 2) * a * q - 2 * z * a * p**2),
    ("a product of slopes", "product of slopes", lambda z, a, p, q: -2 * z * a * p * q),
    ("overwrites z", "keep z", lambda z, a, p, q: (4 * a**2 - 2) * a * p**2 - 2 * z * a * q),
    ("the last line of tanh_jet", "derivative of tanh", lambda z, a, p, q: -2 * z * a * (q - 2 * a * p**2)),
    ("differentiates three factors at once", "sum of three terms", lambda z, a, p, q: -2 * a * p * q),
    ("overwrites z'", "overwritten", lambda z, a, p, q: (4 * z**2 - 2) * a * (-2 * z * a * p) ** 2 - 2 * z * a * q),
    ("minus before the slope's part", "minus is in g'", lambda z, a, p, q: (4 * z**2 - 2) * a * p**2 + 2 * z * a * q),
):  # fmt: skip

    def bump_jet(value, first, second, formula=formula):
        bump = ops.exp(-(value**2))
        return bump, -2 * value * bump * first, formula(value, bump, first, second)

    wrong("bump_jet", mistake, says=says)(bump_jet)


@wrong("bump_jet", "NumPy", says="can't trace")
def bump_jet(value, first, second):
    z, z1, z2 = (np.asarray(ops.convert_to_numpy(each)) for each in (value, first, second))
    bump = np.exp(-(z**2))
    return bump, -2 * z * bump * z1, (4 * z**2 - 2) * bump * z1**2 - 2 * z * bump * z2


def hold(s, network_jet, left, right, value=None, slope=None, bend=None):
    """The reference with one place to go wrong."""
    n, n1, n2 = network_jet
    u, u1, line = s * (1 - s), 1 - 2 * s, right - left
    return (
        left + line * s + u * n if value is None else value(s, n, left, right),
        line + u1 * n + u * n1 if slope is None else slope(s, n, n1, line),
        -2 * n + 2 * u1 * n1 + u * n2 if bend is None else bend(s, n, n1, n2, line),
    )


for mistake, says, slips in (
    ("s instead of s(1 − s)", "right end", {"value": lambda s, n, a, b: a + (b - a) * s + s * n}),
    ("the network forgotten", "no say", {"value": lambda s, n, a, b: a + (b - a) * s + s * (1 - s)}),
    ("the line's s forgotten", "with the factor s", {"value": lambda s, n, a, b: a + (b - a) + s * (1 - s) * n}),
    ("(1 − s) alone", "left end", {"value": lambda s, n, a, b: a + (b - a) * s + (1 - s) * n}),
    ("nothing hard", "left end", {"value": lambda s, n, a, b: a + (b - a) * s + n}),
    ("ends swapped", "mixed up the ends", {"value": lambda s, n, a, b: b + (a - b) * s + s * (1 - s) * n}),
    ("no line", "right end", {"value": lambda s, n, a, b: a + s * (1 - s) * n}),
    ("b for b − a", "right end", {"value": lambda s, n, a, b: a + b * s + s * (1 - s) * n}),
    ("a curved line", "straight line", {"value": lambda s, n, a, b: a + (b - a) * s**2 + s * (1 - s) * n}),
    ("the factor squared", "between is not", {"value": lambda s, n, a, b: a + (b - a) * s + (s * (1 - s)) ** 2 * n}),
    ("no slope of the line", "straight line is missing", {"slope": lambda s, n, n1, d: (1 - 2 * s) * n + s * (1 - s) * n1}),
    ("factor taken as constant", "factor s", {"slope": lambda s, n, n1, d: d + s * (1 - s) * n1}),
    ("network taken as constant", "network changes", {"slope": lambda s, n, n1, d: d + (1 - 2 * s) * n}),
    ("product of derivatives", "not the product", {"slope": lambda s, n, n1, d: d + (1 - 2 * s) * n1}),
    ("line downhill", "wrong sign", {"slope": lambda s, n, n1, d: -d + (1 - 2 * s) * n + s * (1 - s) * n1}),
    ("1 + 2s", "1 − 2s", {"slope": lambda s, n, n1, d: d + (1 + 2 * s) * n + s * (1 - s) * n1}),
    ("only s differentiated", "both factors", {"slope": lambda s, n, n1, d: d + (1 - s) * n + s * (1 - s) * n1}),
    ("no 2 in the middle", "2 in the middle", {"bend": lambda s, n, n1, n2, d: -2 * n + (1 - 2 * s) * n1 + s * (1 - s) * n2}),
    ("one term", "three terms", {"bend": lambda s, n, n1, n2, d: s * (1 - s) * n2}),
    ("no middle term", "middle term", {"bend": lambda s, n, n1, n2, d: -2 * n + s * (1 - s) * n2}),
    ("no u''", "u''n is missing", {"bend": lambda s, n, n1, n2, d: 2 * (1 - 2 * s) * n1 + s * (1 - s) * n2}),
    ("plus 2", "−2, not 2", {"bend": lambda s, n, n1, n2, d: 2 * n + 2 * (1 - 2 * s) * n1 + s * (1 - s) * n2}),
    ("the line bends", "does not bend", {"bend": lambda s, n, n1, n2, d: d - 2 * n + 2 * (1 - 2 * s) * n1 + s * (1 - s) * n2}),
    ("product of second derivatives", "not the product", {"bend": lambda s, n, n1, n2, d: -2 * n2}),
):  # fmt: skip

    def held_at_both_ends(s, network_jet, left, right, slips=slips):
        return hold(s, network_jet, left, right, **slips)

    wrong("held_at_both_ends", mistake, says=says)(held_at_both_ends)


@wrong("held_at_both_ends", "ends hard-coded in the slope", says="arguments `left` and `right`")
def held_at_both_ends(s, network_jet, left, right):
    return hold(s, network_jet, left, right, slope=lambda s, n, n1, d: -3 + (1 - 2 * s) * n + s * (1 - s) * n1)


@wrong("held_at_both_ends", "returns the value alone", says="three things")
def held_at_both_ends(s, network_jet, left, right):
    return hold(s, network_jet, left, right)[0]


@wrong("held_at_both_ends", "works in place", says="changed an array")
def held_at_both_ends(s, network_jet, left, right):
    answer = hold(s.copy(), [each.copy() for each in network_jet], left, right)
    s *= 1 - s
    return answer


for mistake, says, formula in (
    ("the small-angle oscillator", "small angles", lambda y, v, a: a + 2 * DAMPING * v + y),
    ("no friction", "friction is missing", lambda y, v, a: a + ops.sin(y)),
    ("half the friction", "twice", lambda y, v, a: a + DAMPING * v + ops.sin(y)),
    ("friction that pushes", "sign of the friction", lambda y, v, a: a - 2 * DAMPING * v + ops.sin(y)),
    ("gravity that pushes", "sign of sin", lambda y, v, a: a + 2 * DAMPING * v - ops.sin(y)),
    ("solved for θ'' with a slip", "Signs", lambda y, v, a: ops.sin(y) - a - 2 * DAMPING * v),
    ("degrees", "radians", lambda y, v, a: a + 2 * DAMPING * v + ops.sin(y * np.pi / 180)),
    ("cosine", "sin θ", lambda y, v, a: a + 2 * DAMPING * v + ops.cos(y)),
    ("slope and bend swapped", "swapped", lambda y, v, a: v + 2 * DAMPING * a + ops.sin(y)),
    ("squared", "Not squared", lambda y, v, a: (a + 2 * DAMPING * v + ops.sin(y)) ** 2),
    ("absolute", "abs", lambda y, v, a: ops.abs(a + 2 * DAMPING * v + ops.sin(y))),
    ("the mean", "shape of the angle", lambda y, v, a: ops.mean(a + 2 * DAMPING * v + ops.sin(y))),
    ("solved for θ''", "what θ'' should be", lambda y, v, a: -2 * DAMPING * v - ops.sin(y)),
):

    def pendulum_residual(angle, slope, bend, formula=formula):
        return formula(angle, slope, bend)

    wrong("pendulum", mistake, says=says)(pendulum_residual)


@wrong("pendulum", "NumPy's sine", says="can't trace")
def pendulum_residual(angle, slope, bend):
    return bend + 2 * DAMPING * slope + np.sin(angle)


for mistake, says, make in (
    ("points up to 1 only", "end at 1.0", lambda: np.linspace(0, 1, 96, dtype="float32")[:, None]),
    ("one axis", "shape", lambda: np.linspace(0, END, 96, dtype="float32")),
    ("a row", "shape", lambda: np.linspace(0, END, 96, dtype="float32")[None]),
    ("ten points", "gap", lambda: np.linspace(0, END, 10, dtype="float32")[:, None]),
    ("ten thousand points", "500", lambda: np.linspace(0, END, 10_000, dtype="float32")[:, None]),
    ("twice as far", "outside", lambda: np.linspace(0, 2 * END, 96, dtype="float32")[:, None]),
    ("symmetric about zero", "outside", lambda: np.linspace(-END, END, 200, dtype="float32")[:, None]),
    ("the second half", "begin too late", lambda: np.linspace(END / 2, END, 96, dtype="float32")[:, None]),
    ("a hole in the middle", "gap", lambda: np.concatenate([np.linspace(0, 4, 48), np.linspace(8, END, 48)])[:, None]),
    ("no return", "shape", lambda: None),
):

    def collocation_points(make=make):
        return make()

    wrong("pendulum", mistake, says=says)(collocation_points)


right_identify = identify
for mistake, says, change in (
    ("swapped", "swapped", lambda c, k: (k, c)),
    ("the frequency", "frequency ω", lambda c, k: (c, np.sqrt(k - c**2 / 4))),
    ("the root of the stiffness", "root of the true", lambda c, k: (c, np.sqrt(k))),
    ("not a number with noise", "root of a negative", lambda c, k: (c, k if abs(k - 1) < 1e-4 else np.nan)),
    ("the frequency squared", "returned ω²", lambda c, k: (c, k - c**2 / 4)),
    ("friction always 0.2", "fixed number", lambda c, k: (0.2, k)),
    ("swings per time", "swings, not radians", lambda c, k: (c, (np.sqrt(k) / (2 * np.pi)) ** 2)),
    ("half the friction", "half", lambda c, k: (c / 2, k)),
    ("twice the friction", "twice", lambda c, k: (2 * c, k)),
    ("no friction", "no friction", lambda c, k: (0.0, k)),
    ("negative friction", "negative", lambda c, k: (-c, k)),
    ("one number", "two numbers", lambda c, k: k),
    ("not a number", "not numbers", lambda c, k: (np.nan, k)),
    ("the friction of the check's first spring", "taken? for granted|take c", lambda c, k: (0.1, k)),
    ("the first spring by heart", "Spring 2", lambda c, k: (0.1, 1.0)),
    ("half the stiffness", "stiffness is off", lambda c, k: (c, k / 2)),
    ("friction off without noise", "friction is off", lambda c, k: (c * 1.4, k)),
):

    def identify(times, places, change=change):
        return change(*right_identify(times, places))

    wrong("identify", mistake, says=says)(identify)


@wrong("identify", "differences the measurements", says="differenced twice")
def identify(times, places):
    slope = np.gradient(places, times)
    bend = np.gradient(slope, times)
    c, k = np.linalg.lstsq(np.column_stack([-slope, -places]), bend, rcond=None)[0]
    return c, k


@wrong("identify", "believes that it starts at y = 1 at rest", says="Spring 2")
def identify(times, places):
    def swing(t, c, k):
        omega = np.sqrt(np.maximum(k - c**2 / 4, 1e-6))
        return np.exp(-c * t / 2) * (np.cos(omega * t) + c / (2 * omega) * np.sin(omega * t))

    grid = [(np.sum((swing(times, 0.2, k) - places) ** 2), k) for k in np.linspace(0.4, 3.5, 156)]
    return tuple(curve_fit(swing, times, places, p0=(0.2, min(grid)[1]), maxfev=5000)[0])


@wrong("identify", "curve_fit without a starting guess", says="wrong valley")
def identify(times, places):
    def swing(t, c, k, a, b):
        omega = np.sqrt(np.maximum(k - c**2 / 4, 1e-6))
        return np.exp(-c * t / 2) * (a * np.cos(omega * t) + b * np.sin(omega * t))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SciPy's own notice that it does not know how sure it is
        return tuple(curve_fit(swing, times, places, maxfev=5000)[0][:2])


@wrong("identify", "curve_fit without a guess, no floor under the root", says="wrong valley")
def identify(times, places):
    def swing(t, c, k, a, b):
        omega = np.sqrt(k - c**2 / 4)
        return np.exp(-c * t / 2) * (a * np.cos(omega * t) + b * np.sin(omega * t))

    with np.errstate(invalid="ignore"):
        return tuple(curve_fit(swing, times, places, maxfev=5000)[0][:2])


@wrong("identify", "counts zero crossings", says="zero crossings")
def identify(times, places):
    crossings = times[:-1][np.sign(places[1:]) != np.sign(places[:-1])]
    c, k = right_identify(times, places)
    return c, (np.pi / np.mean(np.diff(crossings))) ** 2 if abs(k - 1) > 1e-4 else k


@wrong("identify", "changes the measurements", says="changed the measurements")
def identify(times, places):
    answer = right_identify(times, places)
    places -= places.mean()
    return answer


def squares(p, q, f, place, speed, times, slip="", units=200, weight_of_start=100.0):
    """The reference with one place to go wrong."""
    random, end = np.random.default_rng(0), times[-1]
    if slip == "interval of length 1":
        end = 1.0
    if slip == "half of the interval":
        end = times[-1] / 2
    weight = random.uniform(-2, 2, units)
    bias = -weight * random.uniform(0, end, units)
    if slip.startswith("fixed at 12"):
        end = 12.0
    if slip == "no spread":
        bias = 0 * bias

    def waves(t):
        value = np.tanh(t[:, None] * weight + bias)
        slope = 1 - value**2
        w1 = 1 if slip == "no inner derivative" else weight
        second = -2 * value * slope * (weight if slip == "weight not squared" else w1**2)
        if slip == "sign of the second":
            second = -second
        if slip == "sigmoid's slope":
            slope = value * (1 - value)
        return value, slope * w1, second

    t = np.asarray(times, float) if slip == "points are the times" else np.linspace(0, end, 4 * units)
    value, first, second = waves(t)
    value0, first0, _ = waves(np.zeros(1))
    damp, pull, push = p(t)[:, None], q(t)[:, None], f(t)
    if slip == "a row in place of a column":  # with as many points as units nothing stops it
        t = np.linspace(0, end, units)
        value, first, second = waves(t)
        damp, pull, push = p(t), q(t), f(t)
    if slip == "frozen":
        damp, pull = damp[:1], pull[:1]
    if slip == "p and q swapped":
        damp, pull = pull, damp
    if slip == "no p":
        damp = 0 * damp
    if slip == "minus p":
        damp = -damp
    if slip == "no f":
        push = 0 * push
    if slip == "minus f":
        push = -push
    if slip == "place and speed swapped":
        place, speed = speed, place
    rows, wanted = [second + damp * first + pull * value], [push]
    if slip != "no start":
        rows.append(weight_of_start * value0)
        wanted.append([weight_of_start * place if slip != "start not weighted on the right" else place])
        rows.append(weight_of_start * (value0 if slip == "speed row holds places" else first0))
        wanted.append(
            [
                0.0
                if slip == "at rest"
                else weight_of_start * speed
                if slip != "start not weighted on the right"
                else speed
            ]
        )
    if slip == "no speed row":
        rows, wanted = rows[:-1], wanted[:-1]
    coefficients = np.linalg.lstsq(np.concatenate(rows), np.concatenate(wanted), rcond=1e-13)[0]
    if slip == "coefficients":
        return coefficients
    answer = waves(np.asarray(times, float))[0] @ coefficients
    return answer[:, None] if slip == "a column" else answer


for mistake, says in (
    ("no f", "right-hand side f"),
    ("minus f", "wrong sign"),
    ("p and q swapped", "swapped|relative error"),
    ("no p", "p·y' is missing"),
    ("minus p", "wrong sign"),
    ("frozen", "change with time"),
    ("place and speed swapped", "place and speed"),
    ("no start", "start"),
    ("no speed row", "it starts with speed"),
    ("at rest", "at rest"),
    ("speed row holds places", "both start rows"),
    ("start not weighted on the right", "right-hand side included"),
    ("no inner derivative", "derivatives right"),
    ("weight not squared", "derivatives right"),
    ("sign of the second", "derivatives right"),
    ("sigmoid's slope", "derivatives right|y'\\(0\\)|wrong sign|y\\(0\\)"),
    ("no spread", "steps must be spread"),
    ("interval of length 1", "cover the whole|relative error|wrong later"),
    ("half of the interval", "cover the whole|wrong later"),
    ("fixed at 12", "wrong later"),
    ("a row in place of a column", "as a column"),
    ("points are the times", "your own choice|relative error"),
    ("coefficients", "not the coefficients"),
    ("a column", "column"),
):

    def solve_linear(p, q, f, place, speed, times, slip=mistake):
        return squares(p, q, f, place, speed, times, slip)

    wrong("solve_linear", mistake, says=says)(solve_linear)


@wrong("solve_linear", "ten units", says="200 units|relative error|wrong later")
def solve_linear(p, q, f, place, speed, times):
    return squares(p, q, f, place, speed, times, units=10)


@wrong("solve_linear", "Euler with the times as steps", says="relative error|wrong later")
def solve_linear(p, q, f, place, speed, times):
    y, v, found = place, speed, []
    for now, then in zip(times, [*times[1:], times[-1]]):
        found.append(y)
        at = np.array([now])
        y, v = y + (then - now) * v, v + (then - now) * (f(at)[0] - p(at)[0] * v - q(at)[0] * y)
    return np.array(found)


@wrong("solve_linear", "zero everywhere", says="Zero everywhere")
def solve_linear(p, q, f, place, speed, times):
    return np.zeros(len(times))
