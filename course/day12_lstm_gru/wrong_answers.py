"""Plausible mistakes of day 12: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


def bias_with(rule):
    """A wrong `forget_bias`: another formula."""

    def forget_bias(left, steps):
        return rule(left, steps)

    return forget_bias


def logit(gate):
    return np.log(gate / (1 - gate))


for mistake, says, rule in (
    ("returns the gate", "not the bias", lambda left, steps: left ** (1 / steps)),
    ("applies the sigmoid instead of its inverse", "inverse", lambda left, steps: sigmoid(left ** (1 / steps))),
    ("turns the sign", "sign is turned", lambda left, steps: -logit(left ** (1 / steps))),
    ("ignores the steps", "ignore `steps`", lambda left, steps: logit(left)),
    ("power instead of root", "to the power", lambda left, steps: logit(left**steps)),
    ("divides by the steps", "multiplied", lambda left, steps: logit(left / steps)),
    ("equal amounts at each step", "share", lambda left, steps: logit(1 - (1 - left) / steps)),
    ("logarithm to base 2", "natural", lambda left, steps: logit(left ** (1 / steps)) / np.log(2)),
    ("logarithm to base 10", "natural", lambda left, steps: logit(left ** (1 / steps)) / np.log(10)),
    ("bias divided by the steps", "ignore `steps`|another share", lambda left, steps: logit(left) / steps),
    ("only the logarithm of the gate", "σ\\(0\\) = 0.5|got", lambda left, steps: np.log(left ** (1 / steps))),
    ("rounds", "another share|ln\\(0.9", lambda left, steps: round(float(logit(left ** (1 / steps))), 2)),
    ("steps as whole-number power", "stopped|0.5|another", lambda left, steps: logit(left ** (1 // steps))),
    ("one step too few", "stopped|0.5|another", lambda left, steps: logit(left ** (1 / max(steps - 1, 1)))),
    ("prints instead of returning", "None", lambda left, steps: None),
    ("a list", "one number", lambda left, steps: [logit(left ** (1 / steps))]),
    ("cuts the sign off", "\\*negative", lambda left, steps: abs(logit(left ** (1 / steps)))),
    ("no bias below 0", "\\*negative", lambda left, steps: max(0.0, logit(left ** (1 / steps)))),
):
    wrong("forget_bias", mistake, says=says)(bias_with(rule))


def count_with(
    parts=None, layer=None, after=None, both=lambda both: 2 if both else 1, finish=lambda totals: int(sum(totals))
):
    """A wrong `count_weights`: other (parts, biases), another count of one layer, another width behind it, another sum."""
    parts = {"SimpleRNN": (1, 1), "LSTM": (4, 1), "GRU": (3, 2)} | (parts or {})
    layer = layer or (lambda d, n, parts, biases: parts * n * (d + n + biases))
    after = after or (lambda d, n, both: 2 * n if both else n)

    def count_weights(features, stack):
        totals = []
        for kind, units, bidirectional in stack:
            totals.append(both(bidirectional) * layer(features, units, *parts[kind]))
            features = after(features, units, bidirectional)
        return finish(totals)

    return count_weights


for mistake, says, options in (
    ("forgets the biases", "forget the biases", {"layer": lambda d, n, parts, biases: parts * n * (d + n)}),
    (
        "forgets the state's weights",
        "state to the state",
        {"layer": lambda d, n, parts, biases: parts * n * (d + biases)},
    ),
    ("three parts in the LSTM", "four", {"parts": {"LSTM": (3, 1)}}),
    ("two biases in the LSTM, as in PyTorch", "one set of biases", {"parts": {"LSTM": (4, 2)}}),
    ("one bias in the GRU", "two\\* sets", {"parts": {"GRU": (3, 1)}}),
    ("four parts in the GRU", "three parts", {"parts": {"GRU": (4, 1)}}),
    ("two parts in the GRU", "3 inputs and 5 units", {"parts": {"GRU": (2, 2)}}),
    ("ignores bidirectional", "ignore `bidirectional`", {"both": lambda both: 1}),
    ("width behind a bidirectional layer", "side by side", {"after": lambda d, n, both: n}),
    ("keeps the features", "units of the layer below", {"after": lambda d, n, both: d}),
    ("adds features and units", "Two layers", {"after": lambda d, n, both: d + n}),
    ("the last layer only", "all\\* layers|empty", {"finish": lambda totals: int(totals[-1]) if totals else 0}),
    ("the first layer only", "all\\* layers", {"finish": lambda totals: int(totals[0]) if totals else 0}),
    ("returns a list", "all\\* layers|got|A simple RNN", {"finish": lambda totals: totals}),
    ("None for the empty stack", "None|stopped", {"finish": lambda totals: int(sum(totals)) if totals else None}),
    ("halves the units when bidirectional", "two of everything", {"both": lambda both: 1.5 if both else 1}),
    ("twice the width always", "Two layers|first one's units", {"after": lambda d, n, both: 2 * n}),
    ("prints", "None", {"finish": lambda totals: None}),
    (
        "one bias for the whole layer",
        "A simple RNN|got",
        {"layer": lambda d, n, parts, biases: parts * n * (d + n) + parts * biases},
    ),
):
    wrong("count_weights", mistake, says=says)(count_with(**options))


def gru_with(
    order="zrh",
    mix=lambda z, h, new: z * h + (1 - z) * new,
    inside=lambda h, r, U: (r * h) @ U,
    squeeze=np.tanh,
    gate=None,
    bias=1.0,
    masked=lambda mask, after, h: np.where(mask[:, None], after, h),
    finish=lambda states: states[-1],
    read=lambda x, mask: x,
):
    """A wrong `paper_gru`: one part replaced."""
    gate = gate or sigmoid

    def paper_gru(x, mask, W, U, b):
        Ws, Us, bs = (dict(zip(order, np.split(each, 3, axis=-1), strict=True)) for each in (W, U, b))
        h, x, states = np.zeros((len(x), len(U))), read(x, mask), []
        for t in range(x.shape[1]):
            z = gate(x[:, t] @ Ws["z"] + h @ Us["z"] + bias * bs["z"])
            r = gate(x[:, t] @ Ws["r"] + h @ Us["r"] + bias * bs["r"])
            new = squeeze(x[:, t] @ Ws["h"] + inside(h, r, Us["h"]) + bias * bs["h"])
            h = masked(mask[:, t], mix(z, h, new), h)
            states.append(h)
        return finish(states)

    return paper_gru


for mistake, says, options in (
    ("z the other way round", "exchanged: in Keras z keeps", {"mix": lambda z, h, new: (1 - z) * h + z * new}),
    ("order r, z, h", "order is z, r, h", {"order": "rzh"}),
    ("order h, z, r", "order|first step", {"order": "hzr"}),
    ("forgets the biases", "biases are missing", {"bias": 0.0}),
    ("resets after the product", "after\\* the product", {"inside": lambda h, r, U: r * (h @ U)}),
    ("never resets", "where does r come in", {"inside": lambda h, r, U: h @ U}),
    ("candidate without the old state", "several are not|old state", {"inside": lambda h, r, U: 0}),
    ("1 − r instead of r", "several are not", {"inside": lambda h, r, U: ((1 - r) * h) @ U}),
    ("sigmoid for the candidate", "tanh", {"squeeze": sigmoid}),
    ("tanh for the gates", "first step|activations", {"gate": np.tanh}),
    ("no activation on the candidate", "first step", {"squeeze": lambda new: new}),
    ("adds instead of mixing", "several are not", {"mix": lambda z, h, new: h + (1 - z) * new}),
    ("forgets the old state", "several are not|old state", {"mix": lambda z, h, new: (1 - z) * new}),
    ("ignores the mask", "ignore the mask", {"masked": lambda mask, after, h: after}),
    ("masked steps become zero", "not become zero", {"masked": lambda mask, after, h: after * mask[:, None]}),
    ("the mask inverted", "True means valid", {"masked": lambda mask, after, h: np.where(mask[:, None], h, after)}),
    (
        "one masked sample stops all",
        "several|valid|mask",
        {"masked": lambda mask, after, h: after if mask.all() else h},
    ),
    (
        "zeroes the inputs",
        "not masking|single valid",
        {"read": lambda x, mask: x * mask[..., None], "masked": lambda mask, after, h: after},
    ),
    ("all states", "last state", {"finish": lambda states: np.stack(states, axis=1)}),
    ("the mean of the states", "several are not", {"finish": lambda states: np.mean(states, axis=0)}),
    ("returns None", "None", {"finish": lambda states: None}),
    ("the last but one", "stopped|several|first step", {"finish": lambda states: states[-2]}),
):
    wrong("paper_gru", mistake, says=says)(gru_with(**options))


@wrong("paper_gru", "breaks off at the first hole of the mask", says="holes")
def paper_gru(x, mask, W, U, b):
    return _right_gru(x, np.cumprod(mask, axis=1).astype(bool), W, U, b)


@wrong("paper_gru", "counts the valid steps and takes them from the front", says="holes")
def paper_gru(x, mask, W, U, b):
    return _right_gru(x, np.arange(x.shape[1]) < mask.sum(axis=1)[:, None], W, U, b)


@wrong("paper_gru", "always begins at the same random state", says="first step|zeros")
def paper_gru(x, mask, W, U, b):
    return _right_gru(x, mask, W, U, b) + 0.01


@wrong("paper_gru", "scales x in place", says="changed an array")
def paper_gru(x, mask, W, U, b):
    answer = _right_gru(x, mask, W, U, b)
    x *= mask[..., None]
    x -= x.mean()
    return answer


_right_gru = gru_with()


def peek_with(
    change=None,
    places=lambda steps: range(1, steps),
    changed=None,
    measure=lambda s, t: s - int(t[0]),
    collect=lambda found: max(found, default=0),
    threshold=lambda tolerance: tolerance,
):
    """A wrong `steps_ahead`: another change, other places, other answers looked at, another measure."""

    def random_change(x, s):
        other = np.array(x, dtype="float64")
        other[:, s:] += 1 + np.random.default_rng(0).random(other[:, s:].shape)
        return other

    change = change or random_change
    changed = changed or (lambda difference, s: difference.max(axis=(0, 2))[:s])

    def steps_ahead(predict, x, tolerance=1e-6):
        before, found = np.asarray(predict(x)), []
        for s in places(x.shape[1]):
            difference = np.abs(np.asarray(predict(change(x, s))) - before)
            difference = difference.reshape(len(x), x.shape[1], -1)
            t = np.flatnonzero(changed(difference, s) > threshold(tolerance))
            if len(t):
                found.append(measure(s, t))
        return collect(found)

    return steps_ahead


def only_at(x, s):
    other = x.astype("float64").copy()
    other[:, s] += 1.7
    return other


def in_place(x, s):
    x[:, s:] += np.random.default_rng(0).random(x[:, s:].shape)
    return x


def first_feature(x, s):
    other = x.astype("float64").copy()
    other[:, s:, 0] += 1 + np.random.default_rng(0).random(other[:, s:, 0].shape)
    return other


def first_sample(x, s):
    other = x.astype("float64").copy()
    other[0, s:] += 1 + np.random.default_rng(0).random(other[0, s:].shape)
    return other


def times(factor):
    def change(x, s):
        other = x.astype("float64").copy()
        other[:, s:] *= factor
        return other

    return change


def up_to(x, s):
    other = x.astype("float64").copy()
    other[:, :s] += 1 + np.random.default_rng(0).random(other[:, :s].shape)
    return other


for mistake, says, options in (
    ("answers True or False", "number\\* of steps", {"collect": lambda found: len(found) > 0}),
    (
        "looks at the answer just before the change only",
        "all\\* earlier answers",
        {"changed": lambda d, s: np.r_[np.zeros(s - 1), d.max(axis=(0, 2))[s - 1]]},
    ),
    ("measures to the latest changed answer", "earliest", {"measure": lambda s, t: s - int(t[-1])}),
    (
        "counts the answers that changed",
        "Only the answer at step 3|4 steps|every place",
        {"measure": lambda s, t: len(t)},
    ),
    (
        "looks at all answers, also behind the change",
        "honest|before",
        {"changed": lambda d, s: d.max(axis=(0, 2)), "measure": lambda s, t: abs(s - int(t[0])) + 1},
    ),
    (
        "counts the changed step itself",
        "honest",
        {"changed": lambda d, s: d.max(axis=(0, 2))[: s + 1], "measure": lambda s, t: s - int(t[0]) + 1},
    ),
    ("off by one", "nothing taken off", {"measure": lambda s, t: s - int(t[0]) - 1}),
    ("returns the place of the first answer", "honest|next|steps ahead", {"measure": lambda s, t: int(t[0])}),
    ("returns the place of the change", "exactly 1", {"measure": lambda s, t: s}),
    ("returns the first finding", "largest", {"collect": lambda found: found[0] if found else 0}),
    (
        "the smallest instead of the largest",
        "largest",
        {"collect": lambda found: min(found, default=0)},
    ),
    ("changes the past instead", "from s on|honest", {"change": up_to}),
    ("tries the middle only", "every s|4 steps|last of 9", {"places": lambda steps: [steps // 2]}),
    ("tries the last step only", "every place|last of 9|Only the answer", {"places": lambda steps: [steps - 1]}),
    ("tries the first step only", "4 steps|all\\* earlier", {"places": lambda steps: [1]}),
    ("leaves out the last step", "the last one", {"places": lambda steps: range(1, steps - 1)}),
    ("works in place", "changed x", {"change": in_place}),
    ("changes the first feature only", "all\\* features", {"change": first_feature}),
    ("changes the first sample only", "all of them", {"change": first_sample}),
    ("looks at the first sample only", "all of them", {"changed": lambda d, s: d[0].max(axis=-1)[:s]}),
    ("turns the sign", "hides the sign", {"change": times(-1.0)}),
    ("doubles", "inputs of zero", {"change": times(2.0)}),
    ("sets to zero", "inputs of zero", {"change": times(0.0)}),
    (
        "the same change for all features",
        "differences",
        {"change": lambda x, s: np.where(np.arange(x.shape[1])[:, None] >= s, x + 1.3, x)},
    ),
    ("a tolerance built in", "parameter `tolerance`", {"threshold": lambda tolerance: 1e-6}),
    ("no tolerance", "below the tolerance", {"threshold": lambda tolerance: 0.0}),
    ("returns None", "None|number", {"collect": lambda found: None}),
    ("asks for 8 at most", "14 steps", {"collect": lambda found: min(max(found, default=0), 8)}),
    ("knows nine steps only", "14 steps|stopped", {"places": lambda steps: range(1, 9)}),
    ("keeps the last finding, not the largest", "two blocks", {"collect": lambda found: found[-1] if found else 0}),
    (
        "goes back from the end and returns the first finding",
        "two blocks",
        {
            "places": lambda steps: range(steps - 1, 0, -1),
            "collect": lambda found: found[0] if found else 0,
        },
    ),
):
    wrong("steps_ahead", mistake, says=says)(peek_with(**options))


def draw_with(
    scale=lambda logits, temperature: logits / temperature,
    centre=lambda scaled: scaled.max(axis=-1, keepdims=True),
    total=lambda chances: chances.sum(axis=-1, keepdims=True),
    late=lambda chances, temperature: chances,
    pick=None,
    cold=lambda logits: logits.argmax(axis=-1),
    finish=lambda drawn, letters: np.minimum(drawn, letters - 1),
):
    """A wrong `draw_letters`: one part replaced."""
    pick = pick or (lambda chances, uniform: (chances.cumsum(axis=-1) <= uniform[:, None]).sum(axis=-1))

    def draw_letters(logits, temperature, uniform):
        if temperature == 0 and cold is not None:
            return cold(logits)
        scaled = scale(logits, temperature)
        chances = np.exp(scaled - centre(scaled))
        chances = late(chances / total(chances), temperature)
        return finish(pick(chances, uniform), logits.shape[-1])

    return draw_letters


for mistake, says, options in (
    ("ignores the temperature", "no effect", {"scale": lambda logits, temperature: logits}),
    ("multiplies by the temperature", "wrong way round", {"scale": lambda logits, temperature: logits * temperature}),
    (
        "divides the probabilities",
        "no effect|as often|beyond",
        {"scale": lambda logits, temperature: logits, "late": lambda chances, temperature: chances / temperature},
    ),
    ("the most likely letter always", "same letter", {"pick": lambda chances, uniform: chances.argmax(axis=-1)}),
    (
        "one number for all names",
        "same letter",
        {"pick": lambda chances, uniform: (chances.cumsum(axis=-1) <= uniform[0]).sum(axis=-1)},
    ),
    (
        "sums from the end",
        "turned round",
        {
            "pick": lambda chances, uniform: (
                (chances[:, ::-1].cumsum(axis=-1)[:, ::-1] > uniform[:, None]).sum(axis=-1) - 1
            )
        },
    ),
    ("letters from 1", "as often|beyond", {"finish": lambda drawn, letters: drawn + 1}),
    ("nothing against overflow", "overflow", {"centre": lambda scaled: 0}),
    ("one maximum for all", "row by row", {"centre": lambda scaled: scaled.max()}),
    ("one sum for all", "as often|order|0.1|same letter|beyond", {"total": lambda chances: chances.sum()}),
    ("no case for T = 0", "T = 0|stopped", {"cold": None}),
    ("T = 0: probability 1 to letter 0", "T = 0", {"cold": lambda logits: np.zeros(len(logits), dtype=int)}),
    ("T = 0: argmin", "T = 0", {"cold": lambda logits: logits.argmin(axis=-1)}),
    ("T = 0: one letter for all names as a number", "T = 0", {"cold": lambda logits: logits.argmax()}),
    (
        "sum may equal u",
        "never",
        {"pick": lambda chances, uniform: (chances.cumsum(axis=-1) < uniform[:, None]).sum(axis=-1)},
    ),
    ("may return one letter too many", "just below 1", {"finish": lambda drawn, letters: drawn}),
    (
        "draws on its own",
        "as often|exceeds|first letter",
        {
            "pick": lambda chances, uniform: (
                chances.cumsum(axis=-1) <= np.random.default_rng(5).random((len(uniform), 1))
            ).sum(axis=-1)
        },
    ),
    (
        "returns the chances",
        "one letter for each|shape",
        {"finish": lambda drawn, letters: np.zeros((len(drawn), letters))},
    ),
    ("returns None", "None", {"finish": lambda drawn, letters: None}),
    (
        "sorts the letters",
        "as often|order",
        {
            "pick": lambda chances, uniform: (
                np.sort(chances, axis=-1)[:, ::-1].cumsum(axis=-1) <= uniform[:, None]
            ).sum(axis=-1)
        },
    ),
    ("three letters built in", "50 names|just below|letter", {"finish": lambda drawn, letters: np.minimum(drawn, 2)}),
    (
        "never colder than 1",
        "wrong|no effect|as often",
        {"scale": lambda logits, temperature: logits / max(temperature, 1.0)},
    ),
    (
        "a tiny temperature instead of T = 0",
        "several equal",
        {"cold": None, "scale": lambda logits, temperature: logits / max(temperature, 1e-6)},
    ),
    (
        "T = 0: the last of the largest",
        "several equal",
        {"cold": lambda logits: logits.shape[-1] - 1 - logits[:, ::-1].argmax(axis=-1)},
    ),
):
    wrong("draw_letters", mistake, says=says)(draw_with(**options))


@wrong("draw_letters", "changes the logits in place", says="changed the logits")
def draw_letters(logits, temperature, uniform):
    if temperature == 0:
        return logits.argmax(axis=-1)
    logits -= logits.max(axis=-1, keepdims=True)
    chances = np.exp(logits / temperature)
    chances /= chances.sum(axis=-1, keepdims=True)
    return np.minimum((chances.cumsum(axis=-1) <= uniform[:, None]).sum(axis=-1), logits.shape[-1] - 1)


def lstm_with(
    i=(40.0, -20.0),
    f=20.0,
    o=20.0,
    small=0.01,
    scale=None,
    order=(0, 1, 2, 3),
    U=None,
    add=0.0,
    marker_row=1,
    value_row=0,
):
    """A wrong `handmade_lstm`: other gates, another candidate, columns in another order."""

    def handmade_lstm():
        W, b = np.zeros((2, 4)), np.array([i[1], f, add, o])
        W[marker_row, 0], W[value_row, 2] = i[0], small
        recurrent = np.zeros((1, 4)) if U is None else np.array([U])
        return W[:, order], recurrent[:, order], b[list(order)], 1 / small if scale is None else scale

    return handmade_lstm


for mistake, says, options in (
    ("forget bias of 1", "means \\*keep", {"f": 1.0}),
    ("forget gate open means forget", "means \\*keep", {"f": -20.0}),
    ("forget gate of 0.993", "open or shut", {"f": 5.0}),
    ("input gate always open", "unmarked", {"i": (0.0, 20.0)}),
    ("input gate never open", "not written", {"i": (20.0, -20.0 * 1.2)}),
    ("input gate opens by the value", "not written|unmarked", {"marker_row": 0}),
    ("input gate shut by the marker", "not written", {"i": (-40.0, 20.0)}),
    ("input gate leaks", "open or shut", {"i": (12.0, -5.5)}),
    ("input gate half open at the marks", "far above 0", {"i": (20.0, -20.0)}),
    ("output gate half open", "output gate", {"o": 0.0}),
    ("output gate shut", "output gate", {"o": -20.0}),
    ("candidate too large: tanh bends", "tanh bends", {"small": 1.0}),
    ("candidate a little too large", "tanh bends", {"small": 0.1}),
    ("forgets the scale", "`scale` undo", {"scale": 1.0}),
    ("scales twice", "`scale` undo", {"scale": 10000.0}),
    ("the wrong sign", "sign", {"scale": -100.0}),
    ("a constant in the candidate", "constant", {"add": 0.003}),
    ("candidate sees nothing", "never changes", {"small": 0.0, "scale": 1.0}),
    ("drowns in rounding", "rounding", {"small": 1e-42, "scale": 1e42}),
    ("order i, f, o, c̃", "output gate|input gate|never", {"order": [0, 1, 3, 2]}),
    ("order f, i, c̃, o", "not written|unmarked", {"order": [1, 0, 2, 3]}),
    ("order i, c̃, f, o", "keep|never", {"order": [0, 2, 1, 3]}),
    ("the state talks into the gates", "unmarked", {"U": [-3000.0, 0.0, 0.0, 0.0]}),
    ("the candidate adds the old state again", "times|constant|bends|Off by|steps", {"U": [0.0, 0.0, 0.5, 0.0]}),
    ("candidate sees the marker", "never changes", {"value_row": 1}),
):
    wrong("handmade_lstm", mistake, says=says)(lstm_with(**options))


@wrong("handmade_lstm", "rows and columns exchanged", says="W has a row")
def handmade_lstm():
    return np.zeros((4, 2)), np.zeros((1, 4)), np.zeros(4), 100.0


@wrong("handmade_lstm", "forgets the scale among the results", says="four things")
def handmade_lstm():
    return (
        np.array([[0.0, 0.0, 0.01, 0.0], [40.0, 0.0, 0.0, 0.0]]),
        np.zeros((1, 4)),
        np.array([-20.0, 20.0, 0.0, 20.0]),
    )


@wrong("handmade_lstm", "b as a column", says="four entries")
def handmade_lstm():
    W = np.array([[0.0, 0.0, 0.01, 0.0], [40.0, 0.0, 0.0, 0.0]])
    return W, np.zeros((1, 4)), np.array([[-20.0], [20.0], [0.0], [20.0]]), 100.0


@wrong("count_weights", "takes the stack apart", says="changed the stack")
def count_weights(features, stack):
    total = 0
    while stack:
        kind, units, bidirectional = stack.pop(0)
        parts, biases = {"SimpleRNN": (1, 1), "LSTM": (4, 1), "GRU": (3, 2)}[kind]
        total += (1 + bidirectional) * parts * units * (features + units + biases)
        features = (1 + bidirectional) * units
    return total


@wrong("paper_gru", "sets masked inputs to zero, in place", says="changed x or the mask")
def paper_gru(x, mask, W, U, b):
    x[~mask] = 0
    (W_z, W_r, W_h), (U_z, U_r, U_h), (b_z, b_r, b_h) = (np.split(each, 3, axis=-1) for each in (W, U, b))
    h = np.zeros((len(x), len(U)))
    for t in range(x.shape[1]):
        z = sigmoid(x[:, t] @ W_z + h @ U_z + b_z)
        r = sigmoid(x[:, t] @ W_r + h @ U_r + b_r)
        after = z * h + (1 - z) * np.tanh(x[:, t] @ W_h + (r * h) @ U_h + b_h)
        h = np.where(mask[:, t, None], after, h)
    return h


def _steps_ahead(changed):
    def steps_ahead(predict, x, tolerance=1e-6):
        before, random, farthest = np.asarray(predict(x)), np.random.default_rng(0), 0
        for s in range(1, x.shape[1]):
            other = np.array(x, dtype="float64")
            other[:, s:] += 1 + random.random(other[:, s:].shape)
            difference = (np.asarray(predict(other)) - before)[:, :s].reshape(len(x), s, -1)
            t = np.flatnonzero(changed(difference, tolerance))
            farthest = max(farthest, s - int(t[0])) if len(t) else farthest
        return farthest

    return steps_ahead


for mistake, says, changed in (
    ("forgets that a change may be negative", "answers −x", lambda d, e: d.max(axis=(0, 2)) > e),
    ("takes the mean change", "not the mean", lambda d, e: np.abs(d).mean(axis=(0, 2)) > e),
    ("looks at the first output only", "look at all outputs", lambda d, e: np.abs(d[..., 0]).max(axis=0) > e),
    ("looks at the last output only", "look at all outputs", lambda d, e: np.abs(d[..., -1]).max(axis=0) > e),
    ("looks at the last sample only", "all of them", lambda d, e: np.abs(d[-1]).max(axis=-1) > e),
    ("takes the root mean square", "not the mean", lambda d, e: np.sqrt((d**2).mean(axis=(0, 2))) > e),
):
    wrong("steps_ahead", mistake, says=says)(_steps_ahead(changed))


def _draw_letters(cold=None, in_place=False, late=False):
    def draw_letters(logits, temperature, uniform):
        if temperature == 0:
            return cold(logits)
        if in_place:
            logits /= temperature
        scaled = logits if in_place else logits / temperature
        largest = (logits if late else scaled).max(axis=-1, keepdims=True)
        sums = np.exp(scaled - largest).cumsum(axis=-1)
        return (sums / sums[:, -1:] <= uniform[:, None]).sum(axis=-1)

    return draw_letters


largest = lambda logits: logits.argmax(axis=-1)  # noqa: E731
for mistake, says, answer in (
    ("at T = 0 everybody gets the first row's letter", "its own row", _draw_letters(lambda z: np.full(len(z), z[0].argmax()))),
    ("at T = 0 always letter 1", "its own row", _draw_letters(lambda z: np.ones(len(z), int))),
    ("divides the logits in place", "changed the logits", _draw_letters(largest, in_place=True)),
    ("subtracts the largest before dividing", "With T = 0.5, too", _draw_letters(largest, late=True)),
):  # fmt: skip
    wrong("draw_letters", mistake, says=says)(answer)
