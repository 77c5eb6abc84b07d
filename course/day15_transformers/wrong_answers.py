"""Plausible mistakes of day 15: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


def steps_of(is_text):
    place = np.arange(np.shape(is_text)[1])
    return place[:, None] - place[None, :]


def mask_with(allowed):
    """A look_mask from a rule: allowed(step, is_text of j, is_text of i, window), window a number."""

    def look_mask(is_text, window=None):
        return allowed(
            steps_of(is_text)[None], is_text[:, None, :], is_text[:, :, None], 10**9 if window is None else window
        )

    return look_mask


for mistake, says, answer in (
    ("masks the diagonal, too", "diagonal", lambda s, j, i, w: (s > 0) & (s < w) & j),
    ("transposed", "transposed", lambda s, j, i, w: (s <= 0) & (-s < w) & j),
    ("True where it is forbidden", "opposite", lambda s, j, i, w: ~((s >= 0) & (s < w) & j)),
    ("everything allowed", "nothing behind", lambda s, j, i, w: (s >= -10**9) & j),
    ("one position of the future", "nothing behind", lambda s, j, i, w: (s >= -1) & (s < w) & j),
    ("window one too wide", "wider", lambda s, j, i, w: (s >= 0) & (s <= w) & j),
    ("window one too narrow", "window of 2", lambda s, j, i, w: (s >= 0) & (s < w - 1) & j),
    ("ignores the window", "window of 2", lambda s, j, i, w: (s >= 0) & j),
    ("window to both sides", "nothing behind", lambda s, j, i, w: (abs(s) < w) & j),
    ("window counted over the text alone", "counts \\*positions\\*", lambda s, j, i, w: (s >= 0) & (np.cumsum(i, axis=1) - np.cumsum(j, axis=2) < w) & j),
    ("the opposite, without padding", "opposite", lambda s, j, i, w: ((s < 0) | (s >= w)) & j),
    ("ignores padding", "looked \\*at\\*", lambda s, j, i, w: (s >= 0) & (s < w) & (j | True)),
    ("padding in the rows", "looked \\*at\\*", lambda s, j, i, w: (s >= 0) & (s < w) & i),
    ("padding in rows and columns", "asks? about j", lambda s, j, i, w: (s >= 0) & (s < w) & i & j),
    ("padding may see itself", "looked \\*at\\*", lambda s, j, i, w: (s >= 0) & (s < w) & (j | (s == 0))),
    ("numbers to be added", "added to the scores", lambda s, j, i, w: np.where((s >= 0) & (s < w) & j, 0.0, -1e9)),
    ("any rule is enough", "nothing behind|diagonal", lambda s, j, i, w: (s >= 0) | j),
    ("the padding of the first text for all", "looked \\*at\\*", lambda s, j, i, w: np.repeat((s >= 0) & (s < w) & j[:1], len(j), axis=0)),
    ("one square for all texts", "One square per text", lambda s, j, i, w: ((s >= 0) & (s < w))[0]),
    ("an axis for the heads", "One square per text", lambda s, j, i, w: ((s >= 0) & (s < w) & j)[:, None]),
):  # fmt: skip
    wrong("causal_mask", f"mask: {mistake}", says=says)(mask_with(answer))


@wrong("causal_mask", "mask: a window of five by default", says="`None`, the default|Without a window|stopped")
def look_mask(is_text, window=4):
    return mask_with(lambda s, j, i, w: (s >= 0) & (s < w) & j)(is_text, window)


@wrong("causal_mask", "mask: fails without a window", says="TypeError")
def look_mask(is_text, window=None):
    step = steps_of(is_text)
    return ((step >= 0) & (step < window))[None] & is_text[:, None, :]


@wrong("causal_mask", "mask: marks the text in place", says="changed the array")
def look_mask(is_text, window=None):
    result = mask_with(lambda s, j, i, w: (s >= 0) & (s < w) & j)(is_text, window)
    is_text[:] = True
    return result


@wrong("causal_mask", "mask: prints instead of returning", says="None")
def look_mask(is_text, window=None):
    mask_with(lambda s, j, i, w: (s >= 0) & (s < w) & j)(is_text, window)


def attention_with(
    scale=lambda queries, keys, values: np.sqrt(keys.shape[-1]),
    forbid=lambda scores, mask: np.where(mask, scores, -1e9),
    soft=lambda scores: ops.convert_to_numpy(ops.softmax(scores, axis=-1)),
    after=lambda weights, mask: weights * mask,
    result=lambda weights, values: (weights @ values, weights),
):
    """A masked_attention with one thing wrong."""

    def masked_attention(queries, keys, values, mask):
        scores = queries @ np.swapaxes(keys, -1, -2) / scale(queries, keys, values)
        weights = after(soft(forbid(scores, mask)), mask)
        return result(weights, values)

    return masked_attention


def plain_softmax(scores):
    weights = np.exp(scores)
    return weights / weights.sum(axis=-1, keepdims=True)


def softmax_over(axis):
    return lambda scores: ops.convert_to_numpy(ops.softmax(scores, axis=axis))


as_it_is = attention_with()
for mistake, says, answer in (
    ("not scaled", "not scaled", attention_with(scale=lambda q, k, v: 1.0)),
    ("divided by the width", "\\*square root\\*", attention_with(scale=lambda q, k, v: k.shape[-1])),
    ("root of the values' width", "of the \\*keys\\*", attention_with(scale=lambda q, k, v: np.sqrt(v.shape[-1]))),
    ("root of the number of keys", "of the \\*keys\\*", attention_with(scale=lambda q, k, v: np.sqrt(k.shape[1]))),
    ("root of the number of queries", "of the \\*keys\\*", attention_with(scale=lambda q, k, v: np.sqrt(q.shape[1]))),
    ("multiplied by the root", "differ from", attention_with(scale=lambda q, k, v: 1 / np.sqrt(k.shape[-1]))),
    ("mask after the softmax", "masked afterwards", attention_with(forbid=lambda s, m: s)),
    ("mask after the softmax, then divided", "\\*before\\* the softmax", attention_with(forbid=lambda s, m: s, after=lambda w, m: w * m / np.maximum((w * m).sum(axis=-1, keepdims=True), 1e-30))),
    ("mask ignored", "Forbidden places get weight", attention_with(forbid=lambda s, m: s, after=lambda w, m: w)),
    ("mask turned round", "Forbidden places get weight|add up", attention_with(forbid=lambda s, m: np.where(m, -1e9, s), after=lambda w, m: w)),
    ("mask turned round, weights times mask", "you forbid what is allowed", attention_with(forbid=lambda s, m: np.where(m, -1e9, s))),
    ("−1e9 added where it is allowed, weights times mask", "you forbid what is allowed", attention_with(forbid=lambda s, m: s + m * -1e9)),
    ("forbidden scores are 0", "Forbidden places get weight", attention_with(forbid=lambda s, m: s * m, after=lambda w, m: w)),
    ("−∞, and rows without hope", "not a number", attention_with(forbid=lambda s, m: np.where(m, s, -np.inf), after=lambda w, m: w)),
    ("the same weight where nothing is allowed", "same weight", attention_with(after=lambda w, m: w)),
    ("overflow", "overflow", attention_with(soft=plain_softmax)),
    ("scores cut off at 50", "cut scores off|overflow", attention_with(soft=lambda s: plain_softmax(np.clip(s, -700, 50)))),
    ("the largest of everything taken off", "overflow|nothing was left", attention_with(soft=lambda s: plain_softmax(s - s.max()))),
    ("the largest of each text taken off", "each \\*row's\\* largest", attention_with(soft=lambda s: plain_softmax(s - s.max(axis=(1, 2), keepdims=True)), after=lambda w, m: np.nan_to_num(w * m))),
    ("root of 3 always", "not by √3", attention_with(scale=lambda q, k, v: np.sqrt(3))),
    ("the largest before the mask", "nothing was left|forbid", attention_with(forbid=lambda s, m: np.where(m, s - s.max(axis=-1, keepdims=True), -1e9), soft=plain_softmax, after=lambda w, m: np.nan_to_num(w * m))),
    ("softmax over the queries", "over the \\*keys\\*|Forbidden", attention_with(soft=softmax_over(-2))),
    ("softmax over everything", "over the \\*keys\\*", attention_with(soft=lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum())),
    ("softmax over the texts", "over the \\*keys\\*", attention_with(soft=softmax_over(0))),
    ("weights before outputs", "Weights: one per|Exchanged", attention_with(result=lambda w, v: (w, w @ v))),
    ("outputs alone", "two things", attention_with(result=lambda w, v: w @ v)),
    ("outputs are a mean", "weights times the values", attention_with(result=lambda w, v: (w @ v / v.shape[1], w))),
    ("−10 is not little enough", "Forbidden places get weight|rest", attention_with(forbid=lambda s, m: np.where(m, s, -10.0), after=lambda w, m: w)),
    ("10,000 taken off where it is forbidden", "below \\*every\\*", attention_with(forbid=lambda s, m: s - 1e4 * ~m)),
    ("0.1 added to the sum", "add up to 1", attention_with(soft=lambda s: (lambda w: w / (w.sum(axis=-1, keepdims=True) + 1e-1))(np.exp(s - s.max(axis=-1, keepdims=True))))),
):  # fmt: skip

    def masked_attention(queries, keys, values, mask, answer=answer):
        return answer(queries, keys, values, mask)

    wrong("causal_mask", f"attention: {mistake}", says=says)(masked_attention)


@wrong("causal_mask", "attention: scales the queries in place", says="changed an array")
def masked_attention(queries, keys, values, mask):
    queries /= np.sqrt(keys.shape[-1])
    return attention_with(scale=lambda q, k, v: 1.0)(queries, keys, values, mask)


@wrong("causal_mask", "attention: for one text only", says="is the mask obeyed|shape|differ")
def masked_attention(queries, keys, values, mask):
    outputs, weights = as_it_is(queries[:1], keys[:1], values[:1], mask[:1])
    return np.repeat(outputs, len(queries), axis=0), np.repeat(weights, len(queries), axis=0)


@wrong("causal_mask", "attention: an empty row empties its text", says="not change the other rows|empty row|allowed")
def masked_attention(queries, keys, values, mask):
    outputs, weights = as_it_is(queries, keys, values, mask)
    keep = mask.any(axis=-1).all(axis=-1)[:, None, None]
    return outputs * keep, weights * keep


def frequencies(width, base, exponent=lambda pair, width: 2 * pair / width):
    return np.power(float(base), -exponent(np.arange(width // 2), width))


def waves_with(
    exponent=lambda pair, width: 2 * pair / width,
    place=lambda positions: positions,
    even=np.sin,
    odd=np.cos,
    turn=lambda base: base,
    join=lambda first, second: np.stack([first, second], axis=2).reshape(len(first), -1),
    outer=np.multiply.outer,
):
    """A sinusoids with one thing wrong."""

    def sinusoids(positions, width, base=10_000.0):
        angle = outer(place(np.asarray(positions, float)), frequencies(width, turn(base), exponent))
        return join(even(angle), odd(angle))

    return sinusoids


for mistake, says, answer in (
    ("sine and cosine exchanged", "other way round", waves_with(even=np.cos, odd=np.sin)),
    ("all sines first", "in turn", waves_with(join=lambda a, b: np.concatenate([a, b], axis=1))),
    ("only sines", "in turn|other way round", waves_with(odd=np.sin)),
    ("exponent k/width", "number of the \\*pair\\*", waves_with(exponent=lambda k, w: k / w)),
    ("exponent 4k/width", "number of the \\*pair\\*", waves_with(exponent=lambda k, w: 4 * k / w)),
    ("exponent 2k/(width − 2)", "divided by another", waves_with(exponent=lambda k, w: 2 * k / max(w - 2, 1))),
    ("exponent 2k/(width − 1)", "divided by another", waves_with(exponent=lambda k, w: 2 * k / (w - 1))),
    ("exponent k alone", "\\*pair\\*", waves_with(exponent=lambda k, w: k)),
    ("pairs counted from 1", "frequency 1", waves_with(exponent=lambda k, w: 2 * (k + 1) / w)),
    ("frequencies rise", "fall from pair", waves_with(exponent=lambda k, w: -2 * k / w)),
    ("slowest pair first", "frequency 1", waves_with(exponent=lambda k, w: 2 * k[::-1] / w)),
    ("positions from 1", "begin with 1", waves_with(place=lambda p: p + 1)),
    ("positions counted, not used", "that are given", waves_with(place=lambda p: np.arange(len(p)))),
    ("whole positions only", "that are given", waves_with(place=lambda p: p.astype(int))),
    ("positions without sign", "that are given", waves_with(place=abs)),
    ("degrees", "radians", waves_with(place=lambda p: np.deg2rad(p))),
    ("full turns", "radians", waves_with(place=lambda p: 2 * np.pi * p)),
    ("base always 10,000", "Use `base`", waves_with(turn=lambda base: 10_000.0)),
    ("base 1,000", "\\*pair\\*", waves_with(turn=lambda base: base / 10)),
    ("columns are positions", "One row per position", lambda positions, width, base=10_000.0: waves_with()(positions, width, base).T),
    ("positions brought to 0 … 1", "radians|frequency 1", waves_with(place=lambda p: p / max(abs(p).max(), 1))),
):  # fmt: skip

    def sinusoids(positions, width, base=10_000.0, answer=answer):
        return answer(positions, width, base)

    wrong("positions", f"sinusoids: {mistake}", says=says)(sinusoids)


@wrong("positions", "sinusoids: every column with a frequency of its own", says="share \\*one\\* frequency")
def sinusoids(positions, width, base=10_000.0):
    angle = np.multiply.outer(positions, base ** (-np.arange(width) / width))
    return np.where(np.arange(width) % 2 == 0, np.sin(angle), np.cos(angle))


@wrong("positions", "sinusoids: 2 · column / width", says="share \\*one\\* frequency")
def sinusoids(positions, width, base=10_000.0):
    angle = np.multiply.outer(positions, base ** (-2 * np.arange(width) / width))
    return np.where(np.arange(width) % 2 == 0, np.sin(angle), np.cos(angle))


@wrong("positions", "sinusoids: whole numbers in the result", says="hold whole numbers")
def sinusoids(positions, width, base=10_000.0):
    result = np.zeros((len(positions), width), dtype=int)
    result[:, 0::2] = np.sin(np.multiply.outer(positions, frequencies(width, base)))
    result[:, 1::2] = np.cos(np.multiply.outer(positions, frequencies(width, base)))
    return result


@wrong("positions", "sinusoids: doubles the positions it was given", says="changed the positions|stopped")
def sinusoids(positions, width, base=10_000.0):
    result = waves_with()(positions, width, base)
    positions *= 2
    return result


def shift_with(rule, exponent=lambda pair, width: 2 * pair / width, turn=lambda base: base, angle=lambda steps: steps):
    """A shifted from a rule for one pair: rule(sine, cosine, sine of the turn, cosine of the turn)."""

    def shifted(encoding, steps, base=10_000.0):
        turned = angle(steps) * frequencies(encoding.shape[1], turn(base), exponent)
        first, second = rule(encoding[:, 0::2], encoding[:, 1::2], np.sin(turned), np.cos(turned))
        return np.stack([first, second], axis=2).reshape(encoding.shape)

    return shifted


def rotate(s, c, sb, cb):
    return s * cb + c * sb, c * cb - s * sb


def from_arcus(encoding, steps, base=10_000.0):
    angle = np.arctan2(encoding[:, 0::2], encoding[:, 1::2]) + steps * frequencies(encoding.shape[1], base)
    return np.stack([np.sin(angle), np.cos(angle)], axis=2).reshape(encoding.shape)


for mistake, says, answer in (
    ("turned back", "5 steps further, not 5 back", shift_with(lambda s, c, sb, cb: (s * cb - c * sb, c * cb + s * sb))),
    ("a sign wrong in the cosine", "with a minus", shift_with(lambda s, c, sb, cb: (s * cb + c * sb, c * cb + s * sb))),
    ("cosines left as they are", "sines are right", shift_with(lambda s, c, sb, cb: (s * cb + c * sb, c))),
    ("sines multiplied with sines", "Turn each pair|not 5 back", shift_with(lambda s, c, sb, cb: (s * sb + c * cb, c * sb - s * cb))),
    ("adds the encoding of the steps", "Turn each pair", shift_with(lambda s, c, sb, cb: (s + sb, c + cb))),
    ("every pair turned by the same angle", "\\*own\\* frequency", shift_with(rotate, exponent=lambda k, w: 0 * k)),
    ("a frequency of its own for each column in the shift", "same angle b", lambda encoding, steps, base=10_000.0: np.where(np.arange(encoding.shape[1]) % 2 == 0, shift_with(rotate)(encoding, steps, base), shift_with(rotate, exponent=lambda k, w: (2 * k + 1) / w)(encoding, steps, base))),
    ("exponent k/width in the shift", "\\*own\\* frequency", shift_with(rotate, exponent=lambda k, w: k / w)),
    ("base ignored in the shift", "its `base`", shift_with(rotate, turn=lambda base: 10_000.0)),
    ("steps without sign", "negative", shift_with(rotate, angle=abs)),
    ("whole steps", "fractions", shift_with(rotate, angle=int)),
    ("rows moved about", "move the rows", lambda encoding, steps, base=10_000.0: np.roll(encoding, -int(steps), axis=0)),
    ("positions counted from 0", "count them from 0", lambda encoding, steps, base=10_000.0: waves_with()(np.arange(len(encoding)) + steps, encoding.shape[1], base)),
    ("by arcus tangens", "no inverse functions", from_arcus),
    ("by arcus sine", "Turn each pair|first pair|arcus|own|0 steps", lambda encoding, steps, base=10_000.0: waves_with(place=lambda p: p)(np.arcsin(np.clip(encoding[:, 0], -1, 1)) + steps, encoding.shape[1], base)),
    ("position from the slowest pair", "Sums of rows|Turn each|own|not changed|count", lambda encoding, steps, base=10_000.0: waves_with()(np.arctan2(encoding[:, -2], encoding[:, -1]) / frequencies(encoding.shape[1], base)[-1] + steps, encoding.shape[1], base)),
    ("brought to length 1", "Sums of rows", lambda encoding, steps, base=10_000.0: (lambda r: r / np.linalg.norm(r, axis=1, keepdims=True) * np.sqrt(r.shape[1] / 2))(shift_with(rotate)(encoding, steps, base))),
    ("one step only", "Turn each pair", lambda encoding, steps, base=10_000.0: shift_with(rotate)(encoding, np.sign(steps), base)),
    ("pairs are halves of the columns", "Turn each pair|own", lambda encoding, steps, base=10_000.0: (lambda h, t: np.concatenate(rotate(encoding[:, :h], encoding[:, h:], np.sin(t), np.cos(t)), axis=1))(encoding.shape[1] // 2, steps * frequencies(encoding.shape[1], base))),
    ("returned unchanged", "Turn each pair", lambda encoding, steps, base=10_000.0: encoding),
):  # fmt: skip

    def shifted(encoding, steps, base=10_000.0, answer=answer):
        return answer(encoding, steps, base)

    wrong("positions", f"shifted: {mistake}", says=says)(shifted)


@wrong("positions", "shifted: sine overwritten before the cosine needs it", says="changed the array")
def shifted(encoding, steps, base=10_000.0):
    turned = steps * frequencies(encoding.shape[1], base)
    sine, cosine = encoding[:, 0::2], encoding[:, 1::2]
    sine[:] = sine * np.cos(turned) + cosine * np.sin(turned)
    cosine[:] = cosine * np.cos(turned) - sine * np.sin(turned)
    return encoding


@wrong("positions", "shifted: sine overwritten in a copy", says="\\*old\\* sine")
def shifted(encoding, steps, base=10_000.0):
    result, turned = encoding.copy(), steps * frequencies(encoding.shape[1], base)
    sine, cosine = result[:, 0::2], result[:, 1::2]
    sine[:] = sine * np.cos(turned) + cosine * np.sin(turned)
    cosine[:] = cosine * np.cos(turned) - sine * np.sin(turned)
    return result


def stable_softmax(scores):
    odds = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return odds / odds.sum(axis=-1, keepdims=True)


def coldest(logits):
    return np.eye(logits.shape[-1])[np.argmax(logits, axis=-1)]


def soften_with(warm=lambda logits, t: stable_softmax(logits / t), cold=coldest, negative=True):
    """A soften with one thing wrong."""

    def soften(logits, temperature):
        if negative and temperature < 0:
            raise ValueError("negative temperature")
        return cold(logits) if temperature == 0 else warm(logits, temperature)

    return soften


def scaled(p):
    return p / p.sum(axis=-1, keepdims=True)


for mistake, says, answer in (
    ("multiplied", "do not multiply|at temperature 2|less", soften_with(lambda x, t: stable_softmax(x * t))),
    ("probabilities divided, then scaled", "became softer", soften_with(lambda x, t: scaled(stable_softmax(x) / t))),
    ("probabilities divided", "add up to 1", soften_with(lambda x, t: stable_softmax(x) / t)),
    ("softmax of the probabilities", "plain softmax", soften_with(lambda x, t: stable_softmax(stable_softmax(x) / t))),
    ("ignores the temperature", "became softer", soften_with(lambda x, t: stable_softmax(x))),
    ("powers of probabilities", "work on the logits|could lift", soften_with(lambda x, t: scaled(stable_softmax(x) ** (1 / t)))),
    ("the wrong power", "do not multiply|less", soften_with(lambda x, t: scaled(stable_softmax(x) ** t))),
    ("powers, not scaled", "add up to 1", soften_with(lambda x, t: stable_softmax(x) ** (1 / t))),
    ("square of the temperature", "then the softmax, once", soften_with(lambda x, t: stable_softmax(x / t**2))),
    ("root of the temperature", "then the softmax, once", soften_with(lambda x, t: stable_softmax(x / np.sqrt(t)))),
    ("powers of two", "plain softmax", soften_with(lambda x, t: scaled(2 ** (x / t)))),
    ("logits as odds", "plain softmax", soften_with(lambda x, t: scaled(np.maximum(x, 0) / t))),
    ("overflow", "overflow", soften_with(lambda x, t: scaled(np.exp(x / t)))),
    ("the largest taken off after exp", "overflow", soften_with(lambda x, t: scaled(np.exp(x / t) / np.max(np.exp(x / t), axis=-1, keepdims=True)))),
    ("clipped", "take off the largest|overflow", soften_with(lambda x, t: scaled(np.exp(np.clip(x / t, -700, 700))))),
    ("the largest size taken off", "largest size|largest \\*logit\\*|–∞|overflow|−∞", soften_with(lambda x, t: scaled(np.exp((x - np.abs(x).max(axis=-1, keepdims=True)) / t)))),
    ("the mean taken off", "overflow|−∞", soften_with(lambda x, t: scaled(np.exp((x - x.mean(axis=-1, keepdims=True)) / t)))),
    ("the largest of the whole batch", "\\*own\\* largest|adds up", soften_with(lambda x, t: scaled(np.exp((x - x.max()) / t)))),
    ("softmax over the first axis", "last axis", soften_with(lambda x, t: (lambda e: e / e.sum(axis=0))(np.exp((x - x.max(axis=0)) / t)))),
    ("softmax over everything", "last axis|adds? up", soften_with(lambda x, t: (lambda e: e / e.sum())(np.exp((x - x.max(axis=-1, keepdims=True)) / t)))),
    ("−∞ becomes a number", "forbids|0 could|become 0", soften_with(lambda x, t: stable_softmax(np.nan_to_num(x, neginf=-5.0) / t))),
    ("not a number for −∞", "forbids|−∞", soften_with(lambda x, t: stable_softmax((x - x.min(axis=-1, keepdims=True)) / t))),
    ("temperature 0 divides by zero", "divide by zero", soften_with(cold=lambda x: stable_softmax(x / 0.0))),
    ("temperature 0 taken for 1", "largest logit gets everything", soften_with(cold=stable_softmax)),
    ("temperature 0 shared among the largest", "\\*first\\*", soften_with(cold=lambda x: scaled((x == x.max(axis=-1, keepdims=True)) * 1.0))),
    ("temperature 0 gives two ones", "\\*first\\*", soften_with(cold=lambda x: (x == x.max(axis=-1, keepdims=True)) * 1.0)),
    ("temperature 0: a tiny one instead", "\\*first\\*", soften_with(cold=lambda x: stable_softmax(x / 1e-9))),
    ("temperature 0: the last of the largest", "\\*first\\*", soften_with(cold=lambda x: coldest(x[..., ::-1])[..., ::-1])),
    ("temperature 0: argmax of everything", "own largest|keeps the shape", soften_with(cold=lambda x: np.eye(x.size)[np.argmax(x)].reshape(x.shape))),
    ("temperature 0: one row for all", "keeps the shape", soften_with(cold=lambda x: np.eye(x.shape[-1])[np.argmax(x) % x.shape[-1]])),
    ("temperature 0: which, not how likely", "everything|shape", soften_with(cold=lambda x: np.argmax(x, axis=-1))),
    ("temperature 0: all equally likely", "largest logit gets everything", soften_with(cold=lambda x: np.ones(x.shape) / x.shape[-1])),
    ("negative temperatures allowed", "raise ValueError", soften_with(negative=False)),
    ("negative temperatures taken without sign", "raise ValueError", soften_with(lambda x, t: stable_softmax(x / abs(t)), negative=False)),
    ("everything below 0.001 taken for 0", "but not 0", soften_with(lambda x, t: coldest(x) if t < 1e-3 else stable_softmax(x / t))),
    ("0.00001 added to the temperature", "nothing is added", soften_with(lambda x, t: stable_softmax(x / (t + 1e-5)))),
    ("a floor below the temperature", "largest logit|overflow|\\*first\\*", soften_with(lambda x, t: stable_softmax(x / max(t, 0.05)), cold=lambda x: stable_softmax(x / 0.05))),
):  # fmt: skip

    def soften(logits, temperature, answer=answer):
        return answer(logits, temperature)

    wrong("temperature", f"soften: {mistake}", says=says)(soften)


@wrong("temperature", "soften: assert instead of raise", says="not `assert`")
def soften(logits, temperature):
    assert temperature >= 0, "negative temperature"
    return soften_with()(logits, temperature)


@wrong("temperature", "soften: divides in place", says="changed the logits")
def soften(logits, temperature):
    if temperature < 0:
        raise ValueError
    if temperature == 0:
        return coldest(logits)
    logits /= temperature
    return stable_softmax(logits)


@wrong("temperature", "soften: takes the largest off in place", says="changed the logits|stopped")
def soften(logits, temperature):
    logits -= logits.max(axis=-1, keepdims=True)
    return soften_with()(logits, temperature)


@wrong("temperature", "soften: temperature 0 is refused", says="ValueError")
def soften(logits, temperature):
    if temperature <= 0:
        raise ValueError("the temperature must be positive")
    return stable_softmax(logits / temperature)


def search_with(
    low=1e-3,
    high=1e3,
    rounds=60,
    middle=lambda low, high: np.sqrt(low * high),
    measure=lambda p: np.exp(-np.sum(p[p > 0] * np.log(p[p > 0]))),
    is_cold=lambda got, choices: got < choices,
    result=lambda temperature, logits: temperature,
):
    """A temperature_for with one thing wrong."""

    def temperature_for(logits, choices):
        below, above = low, high
        for _ in range(rounds):
            temperature = middle(below, above)
            if is_cold(measure(stable_softmax(logits / temperature)), choices):
                below = temperature
            else:
                above = temperature
        return result(temperature, logits)

    return temperature_for


def choices_of(p):
    """The effective number of choices of each row."""
    return np.exp(-np.sum(p * np.log(np.maximum(p, 1e-300)), axis=-1))


def by_large_grid(temperatures):
    def temperature_for(logits, choices):
        found = choices_of(stable_softmax(logits / temperatures[:, None]))
        return temperatures[np.argmin(np.abs(found - choices))]

    return temperature_for


def in_steps(logits, choices, step=0.01):
    temperature = step
    while choices_of(stable_softmax(logits / temperature)) < choices:
        temperature += step
    return temperature


def by_grid(temperatures):
    def temperature_for(logits, choices):
        sizes = [
            search_with().__closure__
            and np.exp(-np.nansum((p := stable_softmax(logits / t)) * np.log(np.maximum(p, 1e-300))))
            for t in temperatures
        ]
        return temperatures[int(np.argmin(np.abs(np.array(sizes) - choices)))]

    return temperature_for  # fmt: skip


for mistake, says, answer in (
    ("searches up to 2", "from 0.001 to 1000", search_with(low=0.01, high=2.0)),
    ("searches from 0.1", "from 0.001 to 1000", search_with(low=0.1)),
    ("the wrong direction", "Wrong direction", search_with(is_cold=lambda got, choices: got > choices)),
    ("five rounds", "long enough", search_with(rounds=5)),
    ("arithmetic middle, ten rounds", "long enough", search_with(rounds=10, middle=lambda a, b: (a + b) / 2)),
    ("a coarse grid", "long enough|your temperature", by_grid([0.1, 0.2, 0.5, 0.7, 1.0, 1.5, 2.0, 5.0])),
    ("steps of 0.01", "In equal steps", in_steps),
    ("equal steps from 0.001 to 1000", "In equal steps", by_large_grid(np.linspace(0.001, 1000, 10_000))),
    ("200 factors from 0.001 to 1000", "1 % off", by_large_grid(np.geomspace(1e-3, 1e3, 200))),
    ("equal steps from 0.1 to 10", "from 0.001 to 1000", by_large_grid(np.arange(0.1, 10, 0.001))),
    ("the wrong direction, up to a million", "hot end.*Wrong direction", search_with(high=1e6, is_cold=lambda got, choices: got > choices)),
    ("0 · ln 0, taken for too cold", "leave probabilities of 0 out", search_with(measure=lambda p: np.exp(-np.sum(p * np.log(p))), is_cold=lambda got, choices: not got > choices)),
    ("entropy instead of its exp", "hot end.*`exp` forgotten", search_with(measure=lambda p: -np.sum(p[p > 0] * np.log(p[p > 0])))),
    ("2 to the power of nats", "with e and ln", search_with(measure=lambda p: 2 ** -np.sum(p[p > 0] * np.log(p[p > 0])))),
    ("e to the power of bits", "with e and ln", search_with(measure=lambda p: np.exp(-np.sum(p[p > 0] * np.log2(p[p > 0]))))),
    ("mean instead of sum", "sum a mean", search_with(measure=lambda p: np.exp(-np.mean(p[p > 0] * np.log(p[p > 0]))))),
    ("one over the sum of squares", "with exp\\(−Σ p ln p\\)", search_with(measure=lambda p: 1 / np.sum(p**2))),
    ("one over the largest", "your temperature", search_with(measure=lambda p: 1 / p.max())),
    ("how many above 1 %", "your temperature", search_with(measure=lambda p: np.sum(p > 0.01))),
    ("sign forgotten", "hot end.*Minus forgotten", search_with(measure=lambda p: np.exp(np.sum(p[p > 0] * np.log(p[p > 0]))))),
    ("0 · ln 0", "0 · ln 0", search_with(measure=lambda p: np.exp(-np.sum(p * np.log(p))))),
    ("0.01 inside the logarithm", "your temperature|search run", search_with(measure=lambda p: np.exp(-np.sum(p * np.log(p + 1e-2))))),
    ("always 0.7", "your temperature", lambda logits, choices: 0.7),
    ("choices / pieces", "your temperature", lambda logits, choices: choices / len(logits)),
    ("the probabilities", "one number", search_with(result=lambda t, logits: stable_softmax(logits / t))),
    ("one over the temperature", "your temperature", search_with(result=lambda t, logits: 1 / t)),
    ("logarithm of the temperature", "above 0|your temperature", search_with(result=lambda t, logits: np.log(t))),
    ("nothing returned", "None", search_with(result=lambda t, logits: None)),
    ("logits divided by their sum", "your temperature|constant", lambda logits, choices: search_with()(logits / np.abs(logits).sum(), choices)),
    ("for the first 20 pieces", "your temperature", lambda logits, choices: search_with()(logits[:20], choices)),
):  # fmt: skip

    def temperature_for(logits, choices, answer=answer):
        return answer(logits, choices)

    wrong("temperature", f"temperature_for: {mistake}", says=says)(temperature_for)


@wrong("temperature", "temperature_for: sorts the logits in place", says="changed the logits")
def temperature_for(logits, choices):
    logits.sort()
    return search_with()(logits, choices)


@wrong("temperature", "temperature_for: only for pieces that are allowed", says="your temperature|−∞|forbidden|stopped")
def temperature_for(logits, choices):
    return search_with(measure=lambda p: np.exp(-np.sum(np.nan_to_num(p * np.log(p), nan=1.0))))(logits, choices)


for mistake, says, answer in (
    ("a reshape alone", "got mixed", lambda x, heads: x.reshape(x.shape[0], heads, x.shape[1], -1)),
    ("every 4th column", "every 4th column", lambda x, heads: x.reshape(*x.shape[:2], -1, heads).transpose(0, 3, 1, 2)),
    ("no exchange of axes", "heads, length", lambda x, heads: x.reshape(*x.shape[:2], heads, -1)),
    ("heads at the end", "heads, length", lambda x, heads: x.reshape(*x.shape[:2], -1, heads)),
    ("heads first", "heads, length", lambda x, heads: x.reshape(*x.shape[:2], heads, -1).transpose(2, 0, 1, 3)),
    ("positions and columns exchanged", "heads, length", lambda x, heads: x.reshape(*x.shape[:2], heads, -1).transpose(0, 2, 3, 1)),
    ("positions shared out", "heads, length|columns|stopped", lambda x, heads: x.reshape(x.shape[0], heads, -1, x.shape[2])),
    ("heads in reverse", "columns 4 and 5|first|owns", lambda x, heads: x.reshape(*x.shape[:2], heads, -1).transpose(0, 2, 1, 3)[:, ::-1]),
    ("texts and heads exchanged", "heads, length", lambda x, heads: x.reshape(*x.shape[:2], heads, -1).transpose(2, 0, 1, 3)),
    ("four heads always", "single head|stopped|shape|owns", lambda x, heads: x.reshape(*x.shape[:2], 4, -1).transpose(0, 2, 1, 3)),
    ("swapped, then reshaped", "mixed|owns|columns", lambda x, heads: x.swapaxes(1, 2).reshape(x.shape[0], heads, x.shape[1], -1)),
    ("the same columns for all", "columns 4 and 5|owns", lambda x, heads: np.repeat(x[:, None, :, : x.shape[2] // heads], heads, axis=1)),
    ("a list of heads", "heads, length", lambda x, heads: np.split(x, heads, axis=-1)),
    ("all columns for each", "heads, length", lambda x, heads: np.repeat(x[:, None], heads, axis=1)),
    ("every 4th column, by steps", "every 4th column", lambda x, heads: np.stack([x[:, :, h::heads] for h in range(heads)], axis=1)),
):  # fmt: skip

    def split_heads(x, heads, answer=answer):
        return answer(x, heads)

    wrong("heads", f"split: {mistake}", says=says)(split_heads)


@wrong("heads", "split: shape set in place", says="changed the array")
def split_heads(x, heads):
    result = x.reshape(*x.shape[:2], heads, -1).transpose(0, 2, 1, 3).copy()
    x[:] = 0
    return result


for mistake, says, answer in (
    ("a reshape alone", "exchange the axes back", lambda x: x.reshape(x.shape[0], x.shape[2], -1)),
    ("the mean of the heads", "heads · size", lambda x: x.mean(axis=1)),
    ("the sum of the heads", "heads · size", lambda x: x.sum(axis=1)),
    ("columns of the heads in turn", "side by side|head 0's columns first", lambda x: x.transpose(0, 2, 3, 1).reshape(x.shape[0], x.shape[2], -1)),
    ("positions of the heads in a row", "heads · size", lambda x: x.reshape(x.shape[0], -1, x.shape[3])),
    ("not joined", "heads · size", lambda x: x.transpose(0, 2, 1, 3)),
    ("heads in reverse", "head 0's columns first", lambda x: x[:, ::-1].transpose(0, 2, 1, 3).reshape(x.shape[0], x.shape[2], -1)),
    ("last axes exchanged", "exchange the axes back|head 0's", lambda x: x.swapaxes(2, 3).reshape(x.shape[0], x.shape[2], -1)),
):  # fmt: skip

    def join_heads(x, answer=answer):
        return answer(x)

    wrong("heads", f"join: {mistake}", says=says)(join_heads)


def heads_with(
    order=(0, 1, 2),
    bias_factor=1.0,
    scale=lambda q, width, heads: np.sqrt(q.shape[-1]),
    soft=stable_softmax,
    split=lambda part, heads: split_heads(part, heads),
    join=lambda made: join_heads(made),
    finish=lambda joined, kernel, bias: joined @ kernel + bias,
):
    """A multi_head with one thing wrong."""

    def multi_head(x, kernel, bias, output_kernel, output_bias, heads):
        thirds = np.split(x @ kernel + bias_factor * bias, 3, axis=-1)
        q, k, v = (split(thirds[part], heads) for part in order)
        weights = soft(q @ np.swapaxes(k, -1, -2) / scale(q, x.shape[-1], heads))
        return finish(join(weights @ v), output_kernel, output_bias)

    return multi_head


for mistake, says, answer in (
    ("scaled by the whole width", "root of the whole width", heads_with(scale=lambda q, w, h: np.sqrt(w))),
    ("not scaled", "not scaled", heads_with(scale=lambda q, w, h: 1.0)),
    ("divided by the columns", "columns themselves", heads_with(scale=lambda q, w, h: q.shape[-1])),
    ("root of the number of heads", "not of the number of heads", heads_with(scale=lambda q, w, h: np.sqrt(h))),
    ("root of the number of positions", "or positions", heads_with(scale=lambda q, w, h: np.sqrt(q.shape[2]))),
    ("multiplied by the root", "differs from Keras", heads_with(scale=lambda q, w, h: 1 / np.sqrt(q.shape[-1]))),
    ("keys, queries, values", "exchanged two", heads_with(order=(1, 0, 2))),
    ("queries, values, keys", "exchanged two", heads_with(order=(0, 2, 1))),
    ("values, keys, queries", "exchanged two", heads_with(order=(2, 1, 0))),
    ("without the first bias", "first bias is missing", heads_with(bias_factor=0.0)),
    ("without the output bias", "output bias is missing", heads_with(finish=lambda j, k, b: j @ k)),
    ("without the output kernel", "output kernel is missing", heads_with(finish=lambda j, k, b: j + b)),
    ("output kernel transposed", "differs from Keras", heads_with(finish=lambda j, k, b: j @ k.T + b)),
    ("softmax over the queries", "differs from Keras", heads_with(soft=lambda s: stable_softmax(s.swapaxes(-1, -2)).swapaxes(-1, -2))),
    ("softmax over the heads", "differs from Keras", heads_with(soft=lambda s: stable_softmax(np.moveaxis(s, 1, -1)).swapaxes(-1, -1).transpose(0, 3, 1, 2))),
    ("softmax before the scale", "differs from Keras", heads_with(scale=lambda q, w, h: 1.0, soft=lambda s: stable_softmax(s) / 2)),
    ("overflow", "overflow", heads_with(soft=lambda s: np.exp(s) / np.exp(s).sum(axis=-1, keepdims=True))),
    ("“not a number” replaced by 0", "do not replace", heads_with(soft=lambda s: np.nan_to_num(np.exp(s) / np.exp(s).sum(axis=-1, keepdims=True)))),
    ("scores cut off at 50", "do not cut scores off", heads_with(soft=lambda s: stable_softmax(np.clip(s, -50, 50)))),
    ("a single head", "single\\*? head", heads_with(split=lambda part, heads: part[:, None], join=lambda made: made[:, 0])),
    ("a single head, scaled as one of many", "single\\*? head", heads_with(split=lambda part, heads: part[:, None], join=lambda made: made[:, 0], scale=lambda q, w, h: np.sqrt(w / h))),
    ("the mean of the heads", "not averaged|Head by head, then joined", heads_with(join=lambda made: made.mean(axis=1), finish=lambda j, k, b: j @ k[: j.shape[-1]] + b)),
    ("heads not joined", "joined|stopped", heads_with(finish=lambda j, k, b: split_heads(j, 3) @ k[:4] + b)),
    ("a reshape alone for the heads", "differs from Keras", heads_with(split=lambda part, heads: part.reshape(part.shape[0], heads, part.shape[1], -1))),
    ("joined by a reshape alone", "Joined by a reshape alone", heads_with(join=lambda made: made.reshape(made.shape[0], made.shape[2], -1))),
    ("with a causal mask", "differs from Keras|look", heads_with(soft=lambda s: stable_softmax(np.where(np.tril(np.ones(s.shape[-2:], bool)), s, -1e9)))),
    ("no softmax", "differs from Keras", heads_with(soft=lambda s: s)),
    ("the first column third by third", "columns in turn", lambda x, kernel, bias, output_kernel, output_bias, heads: heads_with()(x, kernel.reshape(len(kernel), -1, 3).transpose(0, 2, 1).reshape(kernel.shape), bias.reshape(-1, 3).T.ravel(), output_kernel, output_bias, heads)),
    ("head by head: q, k, v each", "own block", lambda x, kernel, bias, output_kernel, output_bias, heads: heads_with()(x, kernel.reshape(len(kernel), heads, 3, -1).transpose(0, 2, 1, 3).reshape(kernel.shape), bias.reshape(heads, 3, -1).transpose(1, 0, 2).ravel(), output_kernel, output_bias, heads)),
    ("three heads always", "use `heads`|stopped", lambda x, kernel, bias, output_kernel, output_bias, heads: heads_with()(x, kernel, bias, output_kernel, output_bias, 3)),
    ("width 12 always", "stopped|shapes of what", lambda x, kernel, bias, output_kernel, output_bias, heads: heads_with(scale=lambda q, w, h: np.sqrt(12 / h))(x, kernel, bias, output_kernel, output_bias, heads)),
):  # fmt: skip

    def multi_head(x, kernel, bias, output_kernel, output_bias, heads, answer=answer):
        return answer(x, kernel, bias, output_kernel, output_bias, heads)

    wrong("heads", f"multi_head: {mistake}", says=says)(multi_head)


@wrong("heads", "multi_head: adds the output bias in place", says="changed an array")
def multi_head(x, kernel, bias, output_kernel, output_bias, heads):
    result = heads_with()(x, kernel, bias, output_kernel, output_bias, heads)
    x += result
    return result


def unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def reply_with(
    similar=lambda asked, known: unit(asked) @ unit(known).T,
    rivals=lambda row, answers, best: [s for s, other in zip(row, answers) if other != answers[best]],
    enough=lambda value, threshold: value >= threshold,
    clear=lambda best, rival, margin: best - rival >= margin,
    refusal="I don't know.",
    choose=np.argmax,
    none=-np.inf,
    pool=lambda row, every: row,
):
    """A reply with one thing wrong."""

    def reply(asked, known, answers, threshold, margin=0.0):
        result = []
        for row in (every := similar(asked, known)):
            best = choose(row)
            rival = max(rivals(pool(row, every), answers, best), default=none)
            is_answered = enough(row[best], threshold) and clear(row[best], rival, margin)
            result.append(answers[best] if is_answered else refusal)
        return result

    return reply


def second_best(row, answers, best):
    return sorted(row)[:-1][-1:]


def distances_of(asked, known):
    return np.linalg.norm(unit(asked)[:, None] - unit(known)[None], axis=-1)


for mistake, says, answer in (
    ("products of the vectors as they are", "length 1", reply_with(similar=lambda a, k: a @ k.T)),
    ("only the questions normalised", "length 1", reply_with(similar=lambda a, k: unit(a) @ k.T)),
    ("only the entries normalised", "length 1|3 questions|cosine|threshold|don't know|I don", reply_with(similar=lambda a, k: a @ unit(k).T)),
    ("one length for all", "whole array instead of row by row", reply_with(similar=lambda a, k: (a / np.linalg.norm(a)) @ (k / np.linalg.norm(k)).T)),
    ("columns normalised", "length 1|don't know|not a number|cosine", reply_with(similar=lambda a, k: (a / np.linalg.norm(a, axis=0)) @ (k / np.linalg.norm(k, axis=0)).T)),
    ("smallest distance, threshold on it", "\\*similarity\\*", reply_with(similar=distances_of, choose=np.argmin, enough=lambda v, t: v >= t)),
    ("distance at most the threshold", "0.81|\\*similarity\\*|0.97|cosine", reply_with(similar=distances_of, choose=np.argmin, enough=lambda v, t: v <= t, clear=lambda b, r, m: True)),
    ("1 − distance", "cosine|don't know|threshold", reply_with(similar=lambda a, k: 1 - distances_of(a, k))),
    ("below the threshold", "at or above|refused", reply_with(enough=lambda v, t: v < t)),
    ("above the threshold, not at it", "\\*At\\* the threshold", reply_with(enough=lambda v, t: v > t)),
    ("refuses everything", "don't know", reply_with(enough=lambda v, t: False)),
    ("refuses nothing", "0.81", reply_with(enough=lambda v, t: True, clear=lambda b, r, m: True)),
    ("a threshold of its own", "0.81|0.6", reply_with(enough=lambda v, t: v >= 0.5)),
    ("the size of the cosine", "opposite direction", reply_with(similar=lambda a, k: abs(unit(a) @ unit(k).T))),
    ("margin ignored", "margin is 0.05", reply_with(clear=lambda b, r, m: True)),
    ("margin against the second best entry", "no rivals", reply_with(rivals=second_best, none=-np.inf)),
    ("margin against the second answer only", "third", reply_with(rivals=lambda row, answers, best: [row[n] for n in np.argsort(-row)[1:2] if answers[n] != answers[best]])),
    ("margin as a ratio", "difference|Without a margin|margin", reply_with(clear=lambda b, r, m: r <= b * (1 - m) - 0.2 * (m > 0.2))),
    ("margin turned round", "margin|Without|no rival", reply_with(clear=lambda b, r, m: b - r < m or m == 0)),
    ("a margin without asking", "Without a margin", reply_with(clear=lambda b, r, m: b - r >= max(m, 0.05))),
    ("a lonely answer refused", "no rival|one entry", reply_with(none=np.inf)),
    ("rival 0.9 if there is none", "no rival|one entry|cosine", reply_with(none=0.9)),
    ("rival 0 if there is none", "no rival", reply_with(none=0.0)),
    ("rival −1 if there is none", "no rival", reply_with(none=-1.0)),
    ("at the margin refused, too", "a difference of 0 is not below 0", reply_with(clear=lambda b, r, m: b - r > m)),
    ("margin as a part of the best", "not the ratio", reply_with(clear=lambda b, r, m: r <= b * (1 - m))),
    ("cosines below 0 set to 0", "as they are", reply_with(similar=lambda a, k: np.maximum(unit(a) @ unit(k).T, 0))),
    ("rivals searched from 0 on", "as they are", reply_with(pool=lambda row, every: np.maximum(row, 0))),
    ("rivals without sign", "as they are", reply_with(pool=lambda row, every: abs(row))),
    ("the best searched from 0 on", "can be below 0", reply_with(choose=lambda row: np.argmax(np.maximum(row, 0)))),
    ("the mean of the entries with the same answer", "not a mean", lambda a, k, answers, threshold, margin=0.0: reply_with(similar=lambda a, k: np.stack([(unit(a) @ unit(k).T)[:, np.array(answers) == name].mean(axis=1) for name in dict.fromkeys(answers)], axis=1))(a, k, list(dict.fromkeys(answers)), threshold, margin)),
    ("rivals from all questions", "judged by itself", reply_with(pool=lambda row, every: every.max(axis=0), clear=lambda b, r, m: m == 0 or b - r >= m)),
    ("ends at the first refusal", "each gets one text", lambda a, k, answers, threshold, margin=0.0: (lambda said: said if "I don't know." not in said else ["I don't know."])(reply_with()(a, k, answers, threshold, margin))),
    ("nothing for a refused question", "refused question gets a text", lambda a, k, answers, threshold, margin=0.0: [said for said in reply_with()(a, k, answers, threshold, margin) if said != "I don't know."]),
    ("None for “I don't know”", "Return texts", reply_with(refusal=None)),
    ("another wording", "text of REFUSAL", reply_with(refusal="No idea.")),
    ("the number of the entry", "Return texts", lambda a, k, answers, threshold, margin=0.0: [int(np.argmax(row)) for row in unit(a) @ unit(k).T]),
    ("the first question only", "one answer per question|one text per question", lambda a, k, answers, threshold, margin=0.0: reply_with()(a[:1], k, answers, threshold, margin)),
    ("a text instead of a list", "Return a list", lambda a, k, answers, threshold, margin=0.0: reply_with()(a[:1], k, answers, threshold, margin)[0]),
    ("the least similar", "length 1|don't know|cosine", reply_with(choose=np.argmin)),
    ("best and similarity", "Return texts", lambda a, k, answers, threshold, margin=0.0: [(said, 1.0) for said in reply_with()(a, k, answers, threshold, margin)]),
    ("0/0 for empty vectors", "zeros", reply_with(similar=lambda a, k: (a / np.linalg.norm(a, axis=1, keepdims=True)) @ (k / np.linalg.norm(k, axis=1, keepdims=True)).T)),
    ("0/0, and refused by comparison", "zeros", reply_with(similar=lambda a, k: (a / np.linalg.norm(a, axis=1, keepdims=True)) @ (k / np.linalg.norm(k, axis=1, keepdims=True)).T, enough=lambda v, t: not v < t, clear=lambda b, r, m: not b - r < m)),
    ("1 added to each length", "don't know|length 1", reply_with(similar=lambda a, k: (a / (1 + np.linalg.norm(a, axis=1, keepdims=True))) @ (k / (1 + np.linalg.norm(k, axis=1, keepdims=True))).T)),
    ("a threshold of at least 0.35", "threshold 0|−2", reply_with(enough=lambda v, t: v >= max(t, 0.35))),
):  # fmt: skip

    def reply(asked, known, answers, threshold, margin=0.0, answer=answer):
        return answer(asked, known, answers, threshold, margin)

    wrong("chatbot", f"reply: {mistake}", says=says)(reply)


@wrong("chatbot", "reply: a text alone for a single question", says="one question only")
def reply(asked, known, answers, threshold, margin=0.0):
    result = reply_with()(asked, known, answers, threshold, margin)
    return result[0] if len(result) == 1 else result


@wrong("chatbot", "reply: nothing for a single question", says="one question only")
def reply(asked, known, answers, threshold, margin=0.0):
    return reply_with()(asked, known, answers, threshold, margin) if len(asked) > 1 else None


@wrong("chatbot", "reply: normalises in place", says="changed what it was given")
def reply(asked, known, answers, threshold, margin=0.0):
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    return reply_with()(asked, known, answers, threshold, margin)


@wrong("chatbot", "reply: lengthens the answers", says="changed what it was given")
def reply(asked, known, answers, threshold, margin=0.0):
    result = reply_with()(asked, known, answers, threshold, margin)
    answers.append("I don't know.")
    return result


def choose_with(
    candidates=lambda similarities: [np.inf, *sorted(similarities, reverse=True)],
    gain=lambda is_right, penalty: np.where(is_right, 1.0, -penalty),
    answered=lambda similarities, threshold: similarities >= threshold,
    better=lambda total, best: total > best,
    total=lambda gain, is_answered: gain[is_answered].sum(),
):
    """A choose_threshold with one thing wrong."""

    def choose_threshold(similarities, is_right, penalty):
        best, chosen, gains = None, None, gain(is_right, penalty)
        for threshold in candidates(similarities):
            value = total(gains, answered(similarities, threshold))
            if best is None or better(value, best):
                best, chosen = value, threshold
        return chosen

    return choose_threshold


def by_running_sums(similarities, is_right, penalty):
    """Splits questions with the same similarity."""
    order = np.argsort(-similarities, kind="stable")
    total = np.cumsum(np.where(is_right, 1.0, -penalty)[order])
    return similarities[order][np.argmax(total)] if total.max() > 0 else np.inf


for mistake, says, answer in (
    ("running sums that split what is equal", "where the similarity changes", by_running_sums),
    ("running sums from the other side", "where the similarity changes", lambda s, r, p: by_running_sums(s[::-1], r[::-1], p)),
    ("1.0 to refuse everything", "more than the largest", choose_with(candidates=lambda s: [1.0, *sorted(s, reverse=True)])),
    ("None to refuse everything", "not None", lambda s, r, p: (lambda t: None if t > 1 else t)(choose_with()(s, r, p))),
    ("“not a number” to refuse everything", "not “not a number”", lambda s, r, p: (lambda t: np.nan if t > 1 else t)(choose_with()(s, r, p))),
    ("a list where everything is refused", "one number", lambda s, r, p: (lambda t: [] if t > 1 else t)(choose_with()(s, r, p))),
    ("a right refusal counts +1", "\\*earns\\* nothing", lambda s, r, p: choose_with(total=lambda g, a: g[a].sum() + np.sum(~a & ~r))(s, r, p)),
    ("ignores the penalty", "Penalty", choose_with(gain=lambda r, p: np.where(r, 1.0, -1.0))),
    ("the penalty added", "penalty 1", choose_with(gain=lambda r, p: np.where(r, 1.0, p))),
    ("counts right answers only", "Penalty|penalty", choose_with(gain=lambda r, p: np.where(r, 1.0, 0.0))),
    ("the boldest of the best", "fewest", choose_with(better=lambda t, b: t >= b)),
    ("cannot refuse everything", "refuse everything", choose_with(candidates=lambda s: sorted(s, reverse=True))),
    ("cannot answer everything", "answer everything|penalty 1", choose_with(candidates=lambda s: [np.inf, *sorted(s, reverse=True)[:-1]])),
    ("above, not at", "at or above|penalty 1", choose_with(answered=lambda s, t: s > t)),
    ("answers what is below", "at or above|penalty 1", choose_with(answered=lambda s, t: s <= t)),
    ("the worst instead of the best", "penalty 1", choose_with(better=lambda t, b: t < b)),
    ("the mean over the answered", "penalty 1|Penalty", choose_with(total=lambda g, a: g[a].mean() if a.any() else 0.0)),
    ("a refusal counts −1", "penalty 1|refus|Penalty", choose_with(total=lambda g, a: g[a].sum() - np.sum(~a))),
    ("a refusal counts −½", "penalty 1|refus|Penalty", choose_with(total=lambda g, a: g[a].sum() - 0.5 * np.sum(~a))),
    ("a grid of tenths", "not a grid|grid|negative", choose_with(candidates=lambda s: [2.0, *np.arange(10, -11, -1) / 10])),
    ("a grid of hundredths", "not a grid", choose_with(candidates=lambda s: [2.0, *np.arange(100, -101, -1) / 100])),
    ("a grid from the largest to the smallest", "between 0.700012", choose_with(candidates=lambda s: [np.inf, *np.linspace(s.max(), s.min(), 1001)])),
    ("a grid from 0 to 1", "grid|negative", choose_with(candidates=lambda s: [2.0, *np.arange(10_000, -1, -1) / 10_000])),
    ("the largest sum", "one number|penalty 1|Penalty", lambda s, r, p: max(np.where(r, 1.0, -p)[s >= t].sum() for t in s)),
    ("the smallest right similarity", "penalty 10|stopped|Penalty", lambda s, r, p: s[r].min() if r.any() else 2.0),
    ("above the largest wrong one", "penalty 1", lambda s, r, p: s[~r].max() + 1e-9 if (~r).any() else s.min()),
    ("the middle of the two means", "penalty 1|Penalty|stopped", lambda s, r, p: (s[r].mean() + s[~r].mean()) / 2 if r.any() and (~r).any() else (2.0 if not r.any() else s.min())),
    ("stops at the first wrong answer", "penalty 1", lambda s, r, p: s[: np.argmin(r)].min() if not r.all() else s.min()),
    ("always 0.5", "Penalty|penalty|refuse", lambda s, r, p: 0.5),
    ("in the order they came", "any order|together|two", lambda s, r, p: (lambda c: s[np.argmax(c)] if c.max() > 0 else np.inf)(np.cumsum(np.where(r, 1.0, -p)))),
    ("right and wrong ones one after another", "together", lambda s, r, p: (lambda o: (lambda c: s[o][np.argmax(c)] if c.max() > 0 else np.inf)(np.cumsum(np.where(r[o], 1.0, -p))) + (1e-9 if len(set(s)) < len(s) else 0))(np.argsort(-s, kind="stable"))),
    ("how many are answered", "penalty 1|any order|Penalty", lambda s, r, p: int(np.sum(s >= choose_with()(s, r, p)))),
    ("all best ones", "one number", lambda s, r, p: s[s >= choose_with()(s, r, p)]),
    ("the place, not the value", "penalty 1|Penalty", lambda s, r, p: int(np.argmax(np.cumsum(np.where(r, 1.0, -p))))),
):  # fmt: skip

    def choose_threshold(similarities, is_right, penalty, answer=answer):
        return answer(similarities, is_right, penalty)

    wrong("chatbot", f"threshold: {mistake}", says=says)(choose_threshold)


@wrong("chatbot", "threshold: sorts in place", says="changed what it was given|any order")
def choose_threshold(similarities, is_right, penalty):
    result = choose_with()(similarities, is_right, penalty)
    similarities.sort()
    return result


def attend_with(
    order=(0, 1, 2),
    scale=lambda keys, x: np.sqrt(keys.shape[-1]),
    allowed=lambda new, places: np.tril(np.ones((new, places), dtype=bool), k=places - new),
    soft=stable_softmax,
    join=lambda old, fresh: np.concatenate([old, fresh], axis=1),
    forbidden=-1e9,
    keep=lambda keys, values, cache: (keys, values),
    result=lambda outputs, cache: outputs,
):
    """An attend with one thing wrong."""

    def attend(x, kernels, cache=None):
        queries, keys, values = (x @ kernels[part] for part in order)
        if cache is not None:
            keys, values = join(cache[0], keys), join(cache[1], values)
        scores = queries @ np.swapaxes(keys, -1, -2) / scale(keys, x)
        scores = np.where(allowed(x.shape[1], keys.shape[1]), scores, forbidden)
        return result(soft(scores) @ values, cache), keep(keys, values, cache)

    return attend


def every_place(new, places):
    return np.ones((new, places), dtype=bool)


def causal_places(new, places):
    return np.tril(every_place(new, places), k=places - new)


for mistake, says, answer in (
    ("no mask", "causal mask", attend_with(allowed=lambda n, p: np.ones((n, p), bool))),
    ("mask not shifted by the old ones", "sees all old pieces|shifted|all old", attend_with(allowed=lambda n, p: np.tril(np.ones((n, p), bool)))),
    ("no mask once there is a cache", "shifted|Several", attend_with(allowed=lambda n, p: np.tril(np.ones((n, p), bool)) if n == p else np.ones((n, p), bool))),
    ("mask without the diagonal", "in one go|itself|differs", attend_with(allowed=lambda n, p: np.tril(np.ones((n, p), bool), k=p - n - 1))),
    ("mask turned round", "differs|plain causal", attend_with(allowed=lambda n, p: ~np.tril(np.ones((n, p), bool), k=p - n))),
    ("mask for the new ones only", "stopped|shifted", attend_with(allowed=lambda n, p: np.tril(np.ones((n, n), bool)))),
    ("sees one piece too far", "plain causal|differs", attend_with(allowed=lambda n, p: np.tril(np.ones((n, p), bool), k=p - n + 1))),
    ("not scaled", "not scaled", attend_with(scale=lambda k, x: 1.0)),
    ("scaled by the width of the states", "not of the states", attend_with(scale=lambda k, x: np.sqrt(x.shape[-1]))),
    ("divided by the size", "√size", attend_with(scale=lambda k, x: k.shape[-1])),
    ("divided by 2 always", "shapes of what you are given", attend_with(scale=lambda k, x: 2.0)),
    ("scaled by the number of pieces", "√size", attend_with(scale=lambda k, x: np.sqrt(k.shape[1]))),
    ("keys and queries exchanged", "exchanged two", attend_with(order=(1, 0, 2))),
    ("keys and values exchanged", "exchanged two", attend_with(order=(0, 2, 1))),
    ("new ones in front", "\\*behind\\* the old", attend_with(join=lambda o, f: np.concatenate([f, o], axis=1))),
    ("joined along the texts", "stopped|axis 1", attend_with(join=lambda o, f: np.concatenate([o, f], axis=0))),
    ("the old ones forgotten", "forget the old", attend_with(join=lambda o, f: f)),
    ("the new ones not kept", "Four old pieces and a new|first call|pair", attend_with(keep=lambda k, v, c: (k, v) if c is None else c)),
    ("an empty cache", "pair", attend_with(keep=lambda k, v, c: None)),
    ("values before keys in the cache", "first entry is the keys|stopped|shape", attend_with(keep=lambda k, v, c: (v, k))),
    ("overflow", "overflow", attend_with(soft=lambda s: np.exp(s) / np.exp(s).sum(axis=-1, keepdims=True))),
    ("−10 is not little enough", "large scores|plain causal|differ", attend_with(forbidden=-10.0)),
    ("−60 is not little enough", "small enough", attend_with(forbidden=-60.0)),
    ("−1,000 is not little enough", "below \\*every\\*", attend_with(forbidden=-1e3)),
    ("−10,000 is not little enough", "below \\*every\\*", attend_with(forbidden=-1e4)),
    ("softmax over the new pieces", "plain causal|differs|Not a number", attend_with(soft=lambda s: stable_softmax(s.swapaxes(-1, -2)).swapaxes(-1, -2))),
    ("only the last 5 pieces kept", "last|old|five|Piece by piece|in one go|Outputs|pieces so far", attend_with(keep=lambda k, v, c: (k[:, -5:], v[:, -5:]))),
    ("forbidden scores are 0", "Forbidden scores set to 0", attend_with(forbidden=0.0)),
    ("mask after the softmax", "Masked \\*after\\* the softmax", attend_with(allowed=every_place, soft=lambda s: stable_softmax(s) * causal_places(*s.shape[-2:]))),
    ("mask after the softmax, then divided", "after the softmax and leaves 0/0", attend_with(allowed=every_place, soft=lambda s: scaled(stable_softmax(s) * causal_places(*s.shape[-2:])))),
    ("mask after the softmax, then divided by at least 1e-30", "mask come \\*before\\* the softmax", attend_with(allowed=every_place, soft=lambda s: (lambda w: w / np.maximum(w.sum(axis=-1, keepdims=True), 1e-30))(stable_softmax(s) * causal_places(*s.shape[-2:])))),
    ("scores cut off at 50", "Do not cut scores off", attend_with(soft=lambda s: stable_softmax(np.where(s < -1e8, s, np.clip(s, -50, 50))))),
    ("outputs only", "two things", lambda x, kernels, cache=None: attend_with()(x, kernels, cache)[0]),
    ("the last output only", "per \\*new\\* piece", attend_with(result=lambda o, c: o[:, -1])),
    ("only the last, where there is a cache", "differ|stopped|shifted|new|pieces|concatenate|size", attend_with(result=lambda o, c: o if c is None else o[:, -1:])),
    ("states in the cache", "not states", lambda x, kernels, cache=None: (lambda every: (attend_with()(every, kernels)[0][:, -x.shape[1]:], (every, every)))(x if cache is None else np.concatenate([cache[0], x], axis=1))),
    ("all outputs, not the new ones", "new pieces only|stopped", lambda x, kernels, cache=None: attend_with()(x, kernels, cache) if cache is None else (np.concatenate([cache[1], attend_with()(x, kernels, cache)[0]], axis=1), attend_with()(x, kernels, cache)[1])),
    ("one piece at a time only", "plain causal|causal mask|stopped|Outputs", lambda x, kernels, cache=None: attend_with()(x[:, -1:], kernels, cache)),
):  # fmt: skip

    def attend(x, kernels, cache=None, answer=answer):
        return answer(x, kernels, cache)

    wrong("cache", mistake, says=says)(attend)


@wrong("cache", "a cache that grows in place", says="cache you were given was changed")
def attend(x, kernels, cache=None):
    outputs, longer = attend_with()(x, kernels, cache)
    if cache is None:
        return outputs, list(longer)
    cache[0], cache[1] = longer
    return outputs, cache


@wrong("cache", "the cache a dictionary", says="no dictionary")
def attend(x, kernels, cache=None):
    outputs, (keys, values) = attend_with()(x, kernels, cache and (cache["keys"], cache["values"]))
    return outputs, {"keys": keys, "values": values}


KEPT = []


@wrong("cache", "keeps everything in a list of its own", says="another way|continued|pieces so far|Four old|Outputs")
def attend(x, kernels, cache=None):
    outputs, longer = attend_with()(x, kernels, KEPT[-1] if cache is not None else None)
    KEPT.append(longer)
    return outputs, longer


@wrong("cache", "scales the states in place", says="changed the states")
def attend(x, kernels, cache=None):
    result = attend_with()(x, kernels, cache)
    x *= 0
    return result


@wrong("cache", "begins anew although there is a cache", says="forget the old")
def attend(x, kernels, cache=None):
    return attend_with()(x, kernels, None)
