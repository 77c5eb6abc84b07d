"""Plausible mistakes of day 08: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


def importance_with(
    spoil=None, result=lambda base, after: base - after, reduce=np.mean, fresh=True, reseed=False, copy=True
):
    """A permutation importance with one thing wrong."""

    def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
        random = np.random.default_rng(seed)
        base = np.mean(predict(inputs) == answers)
        changed = inputs.copy() if copy else inputs
        falls = np.zeros((inputs.shape[1], repeats))
        for column in range(inputs.shape[1]):
            for repeat in range(repeats):
                if reseed:
                    random = np.random.default_rng(seed)
                if fresh:
                    changed = inputs.copy()
                if spoil:
                    changed = spoil(changed, column, random)
                else:
                    changed[:, column] = random.permutation(changed[:, column])
                falls[column, repeat] = result(base, np.mean(predict(changed) == answers))
        return reduce(falls, axis=1)

    return permutation_importance


def overwritten(value):
    def spoil(changed, column, random):
        changed[:, column] = value(changed[:, column], random)
        return changed

    return spoil


for mistake, says, options in (
    ("returns the accuracy after", "after\\* shuffling", {"result": lambda base, after: after}),
    ("the sign turned round", "sign", {"result": lambda base, after: after - base}),
    ("sums over the repeats", "sum over the repeats", {"reduce": np.sum}),
    ("columns stay shuffled", "More than one column", {"fresh": False}),
    ("shuffles the caller's array", "changed the array", {"fresh": False, "copy": False}),
    ("the same shuffle every time", "same shuffle", {"reseed": True}),
    ("shuffles whole rows", "whole rows", {"spoil": lambda changed, column, random: random.permutation(changed)}),
    ("sets the column to zero", "overwrite", {"spoil": overwritten(lambda values, random: 0)}),
    ("sets the column to its mean", "overwrite", {"spoil": overwritten(lambda values, random: values.mean())}),
    ("puts noise in", "overwrite", {"spoil": overwritten(lambda values, random: random.normal(size=len(values)))}),
    ("base accuracy taken as 1", "own\\* accuracy", {"result": lambda base, after: 1 - after}),
    ("absolute falls", "negative", {"result": lambda base, after: abs(base - after)}),
    ("share of the base", "subtract", {"result": lambda base, after: (base - after) / base}),
    ("nothing below zero", "negative", {"reduce": lambda falls, axis: np.maximum(falls.mean(axis=axis), 0)}),
    (
        "moves the column round",
        "np.roll|moved round",
        {"spoil": overwritten(lambda v, random: np.roll(v, random.integers(1, len(v))))},
    ),
    (
        "draws with replacement",
        "overwrite|was not in it",
        {"spoil": overwritten(lambda v, random: random.choice(v, len(v)))},
    ),
    (
        "leaves the column out",
        "leave none out",
        {"spoil": lambda changed, column, random: np.delete(changed, column, axis=1)},
    ),
):
    wrong("permutation_importance", mistake, says=says)(importance_with(**options))


@wrong("permutation_importance", "shuffles the answers", says="answers were shuffled")
def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
    random = np.random.default_rng(seed)
    base = np.mean(predict(inputs) == answers)
    return np.array(
        [
            np.mean([base - np.mean(predict(inputs) == random.permutation(answers)) for _ in range(repeats)])
            for _ in inputs[0]
        ]
    )


@wrong("permutation_importance", "shuffles once, whatever repeats says", says="instead of `repeats`")
def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
    return importance_with()(predict, inputs, answers, 1, seed)


@wrong("permutation_importance", "for two classes only", says="three classes")
def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
    return importance_with()(lambda rows: (predict(rows) > 0.5).astype(int), inputs, answers, repeats, seed)


@wrong("permutation_importance", "compares with the model's own answers", says="true")
def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
    return importance_with()(predict, inputs, predict(inputs), repeats, seed)


@wrong("permutation_importance", "always five repeats", says="repeats")
def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
    return importance_with()(predict, inputs, answers, 5, seed)


@wrong("permutation_importance", "ignores the seed", says="parameter `seed`")
def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
    return importance_with()(predict, inputs, answers, repeats, 0)


@wrong("permutation_importance", "not repeatable", says="default_rng\\(seed\\)")
def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
    return importance_with()(predict, inputs, answers, repeats, None)


@wrong("permutation_importance", "takes seed 0 for none", says="like any other")  # had passed
def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
    return importance_with()(predict, inputs, answers, repeats, seed or None)


@wrong("permutation_importance", "never asks the model", says="never asked")
def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
    return np.zeros(inputs.shape[1])


@wrong("permutation_importance", "asks about the first half only", says="part of the rows")
def permutation_importance(predict, inputs, answers, repeats=10, seed=0):
    half = len(inputs) // 2
    return importance_with()(predict, inputs[:half], answers[:half], repeats, seed)


def cosines(a, b):
    return (a / np.linalg.norm(a, axis=1, keepdims=True)) @ (b / np.linalg.norm(b, axis=1, keepdims=True)).T


for mistake, says, answer in (
    ("compares distances", "Bright and dark", lambda a, b, t: np.argwhere(np.linalg.norm(a[:, None] - b, axis=2) <= 1 - t)),
    ("no division by the lengths", "Divide|both lengths|threshold", lambda a, b, t: np.argwhere(a @ b.T >= t)),
    ("divides by one length for all", "each row|own length", lambda a, b, t: np.argwhere((a / np.linalg.norm(a)) @ (b / np.linalg.norm(b)).T >= t)),
    ("pairs the wrong way round", "other way round", lambda a, b, t: np.argwhere(cosines(b, a) >= t)),
    ("returns True and False", "numbers", lambda a, b, t: cosines(a, b) >= t),
    ("absolute cosine", "opposite", lambda a, b, t: np.argwhere(np.abs(cosines(a, b)) >= t)),
    ("only the best of each test picture", "best of each", lambda a, b, t: np.array([[cosines(a, b)[:, j].argmax(), j] for j in range(len(b)) if cosines(a, b)[:, j].max() >= t]).reshape(-1, 2)),
    ("only the best of each learning picture", "best of each", lambda a, b, t: np.array([[i, cosines(a, b)[i].argmax()] for i in range(len(a)) if cosines(a, b)[i].max() >= t]).reshape(-1, 2)),
    ("ignores the threshold", "threshold", lambda a, b, t: np.argwhere(cosines(a, b) >= 0.99)),
    ("compares the learning part with itself", "with itself", lambda a, b, t: np.argwhere(cosines(a, a) >= t)),
    ("larger than, not equal", ">=", lambda a, b, t: np.argwhere(cosines(a, b) > t)),
    ("rounds the cosine", "round", lambda a, b, t: np.argwhere(np.round(cosines(a, b), 3) >= t)),
    ("lengths of three numbers", "five numbers|all of them", lambda a, b, t: np.argwhere((a @ b.T) / np.maximum(np.linalg.norm(a[:, :3], axis=1)[:, None] * np.linalg.norm(b[:, :3], axis=1), 1e-9) >= t)),
    ("flat when there is none", "shape \\(0, 2\\)", lambda a, b, t: np.array([[i, j] for i in range(len(a)) for j in range(len(b)) if cosines(a, b)[i, j] >= t])),
    ("pairs as decimal numbers", "integers", lambda a, b, t: np.argwhere(cosines(a, b) >= t).astype(float)),
    ("ordered by the test picture", "order", lambda a, b, t: np.argwhere(cosines(b, a) >= t)[:, ::-1]),
    ("transposed result", "shape \\(pairs, 2\\)", lambda a, b, t: np.array(np.nonzero(cosines(a, b) >= t))),
    ("the pictures' numbers, without their pairs", "shape \\(pairs, 2\\)", lambda a, b, t: np.unique(np.argwhere(cosines(a, b) >= t)[:, 1])),
    ("decimal numbers when there is none", "must hold integers", lambda a, b, t: np.array(np.argwhere(cosines(a, b) >= t).tolist()).reshape(-1, 2)),  # had passed
    ("only with later pictures", "\\*every\\* row", lambda a, b, t: np.argwhere(np.triu(cosines(a, b), 1) >= t)),
    ("row k with row k", "\\*every\\* row", lambda a, b, t: np.array([[k, k] for k in range(min(len(a), len(b))) if cosines(a, b)[k, k] >= t])),
    ("one length for all, in loops", "these two", lambda a, b, t: np.array([[i, j] for i in range(len(a)) for j in range(len(b)) if a[i] @ b[j] / np.linalg.norm(a) / np.linalg.norm(b) >= t])),
    ("correlation for cosine", "corrcoef", lambda a, b, t: np.argwhere(cosines(a - a.mean(axis=1, keepdims=True) + 1e-12, b - b.mean(axis=1, keepdims=True) + 1e-12) >= t)),
):  # fmt: skip

    def find_twins(learn, test, threshold=0.8, answer=answer):
        return answer(learn, test, threshold)

    wrong("find_twins", mistake, says=says)(find_twins)


@wrong("find_twins", "normalises in place", says="changed its inputs")
def find_twins(learn, test, threshold=0.8):
    learn /= np.linalg.norm(learn, axis=1, keepdims=True)
    test /= np.linalg.norm(test, axis=1, keepdims=True)
    return np.argwhere(learn @ test.T >= threshold)


def is_norm(layer):
    return isinstance(layer, layers.BatchNormalization)


def free_weights(model):
    return sum(int(np.prod(w.shape)) for w in model.trainable_weights)


def thaw_with(may, count=free_weights, begin=True, end=None):
    """A thaw_from that decides with `may(place, start, layer)`."""

    def thaw_from(model, first):
        if begin is not None:
            model.trainable = begin
        start = [layer.name for layer in model.layers].index(first)
        for place, layer in enumerate(model.layers):
            layer.trainable = may(place, start, layer)
        if end is not None:
            model.trainable = end
        return count(model)

    return thaw_from


def without_scale(model):
    """Freeze γ and β of every batch normalisation, though not the layer, and count."""
    for layer in filter(is_norm, model.layers):
        layer.gamma.trainable = layer.beta.trainable = False
    return free_weights(model)


def top_only(place, start, layer):
    return place >= start and not is_norm(layer)


for mistake, says, answer in (
    ("thaws the norms as well", "Batch normalisation was thawed", thaw_with(lambda p, s, layer: p >= s)),
    ("freezes nothing before", "low", thaw_with(lambda p, s, layer: not is_norm(layer))),
    ("the lower norms stay free", "before\\* `first`", thaw_with(lambda p, s, layer: (p >= s) != is_norm(layer))),
    ("begins one layer too late", "too late", thaw_with(lambda p, s, layer: p > s and not is_norm(layer))),
    ("only the layer itself", "to the end", thaw_with(lambda p, s, layer: p == s)),
    ("counts arrays", "arrays", thaw_with(top_only, count=lambda model: len(model.trainable_weights))),
    ("counts all weights", "number of all", thaw_with(top_only, count=lambda model: model.count_params())),
    ("freezes the model as a whole", "model as a whole", thaw_with(top_only, begin=None, end=False)),
    ("norms told by their names", "isinstance", thaw_with(lambda p, s, layer: p >= s and "bn" not in layer.name)),
    ("only two kinds of layers", "all\\* kinds", thaw_with(lambda p, s, layer: p >= s and isinstance(layer, (layers.Dense, layers.Conv2D)) and not isinstance(layer, layers.DepthwiseConv2D))),
    ("leaves the model's own flag", "frozen as a whole", thaw_with(top_only, begin=None)),
    ("the other way round", "low|Batch", thaw_with(lambda p, s, layer: p < s and not is_norm(layer))),
    ("returns nothing", "None", thaw_with(top_only, count=lambda model: None)),
    ("only layers with a kernel", "kernel", thaw_with(lambda p, s, layer: p >= s and hasattr(layer, "kernel"))),  # had passed
    ("every normalisation frozen", "\\*batch\\* normalisation", thaw_with(lambda p, s, layer: p >= s and "Normalization" not in type(layer).__name__)),  # had passed
    ("three kinds of layers", "\\*batch\\* normalisation", thaw_with(lambda p, s, layer: p >= s and isinstance(layer, (layers.Dense, layers.Conv2D, layers.DepthwiseConv2D)))),  # had passed
    ("passes over the norms", "don't just skip", thaw_with(lambda p, s, layer: layer.trainable if is_norm(layer) else p >= s)),
    ("frees the model at the end", "\\*before\\* the loop", thaw_with(top_only, begin=None, end=True)),
    ("freezes the norms' γ and β alone", "moving averages", thaw_with(lambda p, s, layer: p >= s, count=without_scale)),
):  # fmt: skip

    def thaw_from(model, first, answer=answer):
        return answer(model, first)

    wrong("thaw_from", mistake, says=says)(thaw_from)


@wrong("thaw_from", "never freezes again", says="must be frozen now|Batch|low")
def thaw_from(model, first):
    started = False
    for layer in model.layers:
        started = started or layer.name == first
        if started and not is_norm(layer):
            layer.trainable = True
    return sum(int(np.prod(w.shape)) for w in model.trainable_weights)


@wrong("thaw_from", "skips the norms before it compares the name", says="before you skip")  # had passed
def thaw_from(model, first):
    model.trainable = True
    started = False
    for layer in model.layers:
        if is_norm(layer):
            layer.trainable = False
            continue
        started = started or layer.name == first
        layer.trainable = started
    return free_weights(model)


@wrong("thaw_from", "looks at layers with weights only", says="before you skip")  # had passed
def thaw_from(model, first):
    model.trainable = True
    started = False
    for layer in model.layers:
        if layer.weights:
            started = started or layer.name == first
            layer.trainable = started and not is_norm(layer)
    return free_weights(model)


def depth_with(
    spread=lambda s: s.std(ddof=1) / np.sqrt(len(s)), pick=np.argmax, of=lambda means: np.argmax(means), axis=1
):
    def choose_depth(scores):
        scores = np.asarray(scores)
        means = scores.mean(axis=axis)
        best = of(means)
        return int(pick(means >= means[best] - spread(scores[best])))

    return choose_depth


for mistake, says, answer in (
    ("takes the best mean", "best mean", lambda s: int(np.argmax(np.mean(s, axis=1)))),
    ("the largest number that is good enough", "smallest", depth_with(pick=lambda ok: np.flatnonzero(ok)[-1])),
    ("standard deviation for standard error", "deviation", depth_with(spread=lambda s: s.std(ddof=1))),
    ("ddof 0", "ddof=1", depth_with(spread=lambda s: s.std() / np.sqrt(len(s)))),
    ("returns the accuracy", "number of blocks", lambda s: np.mean(s, axis=1)[depth_with()(s)]),
    ("means along the wrong axis", "axis=1|number|smallest|Means", lambda s: depth_with(axis=0)(np.asarray(s)[: np.shape(s)[1]])),
    ("always one", "0 blocks", lambda s: 1),
    ("never thaws", "best row|limit", lambda s: 0),
    ("largest standard error of all", "own standard error", lambda s: int(np.argmax(np.mean(s, axis=1) >= np.mean(s, axis=1).max() - (np.std(s, axis=1, ddof=1) / np.sqrt(np.shape(s)[1])).max()))),
    ("each option's own standard error", "of the .best. row|standard error", lambda s: int(np.argmax(np.mean(s, axis=1) + np.std(s, axis=1, ddof=1) / np.sqrt(np.shape(s)[1]) >= np.mean(s, axis=1).max()))),
    ("root of the number of options", "folds", lambda s: depth_with(spread=lambda row: row.std(ddof=1) / np.sqrt(len(s)))(s)),
    ("always four folds", "folds", depth_with(spread=lambda row: row.std(ddof=1) / 2)),
    ("one fold less", "folds|ddof", depth_with(spread=lambda row: row.std(ddof=1) / np.sqrt(len(row) - 1))),
    ("walks down until one fails", "whatever lies between", lambda s: next(k + 1 for k in range(int(np.argmax(np.mean(s, axis=1))), -2, -1) if k < 0 or np.mean(s[k]) < np.mean(s, axis=1).max() - np.std(np.asarray(s)[int(np.argmax(np.mean(s, axis=1)))], ddof=1) / np.sqrt(np.shape(s)[1]))),
    ("strictly above the limit", ">=", lambda s: int(np.argmax(np.mean(s, axis=1) > np.mean(s, axis=1).max() - np.std(np.asarray(s)[np.argmax(np.mean(s, axis=1))], ddof=1) / np.sqrt(np.shape(s)[1]))) if np.ptp(s) else 1),
    ("smallest mean is best", "smallest number|best|largest", depth_with(of=lambda means: np.argmin(means))),
    ("returns nothing", "None", lambda s: None),
    ("median instead of mean", "medians", lambda s: int(np.argmax(np.median(s, axis=1) >= np.median(s, axis=1).max() - np.std(np.asarray(s)[np.argmax(np.median(s, axis=1))], ddof=1) / np.sqrt(np.shape(s)[1])))),
    ("the last of several best", "\\*first\\* of them", depth_with(of=lambda means: np.argsort(means, kind="stable")[-1])),  # had passed
    ("spread over all the best rows", "\\*first\\* of them", lambda s: depth_with(spread=lambda row: np.std(np.asarray(s)[np.mean(s, axis=1) == np.mean(s, axis=1).max()], ddof=1) / np.sqrt(len(row)))(s)),  # had passed
    ("spread over the whole table", "whole table", lambda s: depth_with(spread=lambda row: np.std(s, ddof=1) / np.sqrt(len(row)))(s)),
    ("1.96 standard errors", "1.96", depth_with(spread=lambda row: 1.96 * row.std(ddof=1) / np.sqrt(len(row)))),
):  # fmt: skip

    def choose_depth(scores, answer=answer):
        return answer(scores)

    wrong("choose_depth", mistake, says=says)(choose_depth)


def relu(heat):
    return np.maximum(heat, 0)


def to_one(heat):
    top = heat.max(axis=(1, 2), keepdims=True)
    return heat / np.where(top > 0, top, 1)


def alpha_of(slopes):
    return slopes.mean(axis=(1, 2), keepdims=True)


def own_scale(heat, divisor):
    return heat / divisor


for mistake, says, answer in (
    ("no ReLU", "negative heat", lambda m, s: to_one((alpha_of(s) * m).sum(-1))),
    ("absolute value", "absolute value", lambda m, s: to_one(np.abs((alpha_of(s) * m).sum(-1)))),
    ("ReLU on the weights", "not on the weights", lambda m, s: to_one(relu((relu(alpha_of(s)) * m).sum(-1)))),
    ("ReLU before the sum", "each channel", lambda m, s: to_one(relu(alpha_of(s) * m).sum(-1))),
    ("slope times map at each place", "own slope", lambda m, s: to_one(relu((s * m).sum(-1)))),
    ("averages over the channels", "over the \\*channels", lambda m, s: to_one(relu((s.mean(-1, keepdims=True) * m).sum(-1)))),
    ("averages over the pictures", "all pictures", lambda m, s: to_one(relu((s.mean(axis=(0, 1, 2)) * m).sum(-1)))),
    ("largest slope as weight", "largest slope", lambda m, s: to_one(relu((s.max(axis=(1, 2), keepdims=True) * m).sum(-1)))),
    ("ignores the slopes", "not used", lambda m, s: to_one(relu(m.sum(-1)))),
    ("maps and slopes exchanged", "exchanged", lambda m, s: to_one(relu((alpha_of(m) * s).sum(-1)))),
    ("not brought to 1", "0…1", lambda m, s: relu((alpha_of(s) * m).sum(-1))),
    ("mean over channels, not brought to 1", "0…1", lambda m, s: relu((alpha_of(s) * m).mean(-1))),
    ("one maximum for all", "all\\* pictures", lambda m, s: relu((alpha_of(s) * m).sum(-1)) / relu((alpha_of(s) * m).sum(-1)).max()),
    ("divides by zero", "divided by 0", lambda m, s: relu((alpha_of(s) * m).sum(-1)) / relu((alpha_of(s) * m).sum(-1)).max(axis=(1, 2), keepdims=True)),
    ("moves everything up", "moved everything up", lambda m, s: to_one((alpha_of(s) * m).sum(-1) - (alpha_of(s) * m).sum(-1).min(axis=(1, 2), keepdims=True))),
    ("a constant in the divisor", "constant", lambda m, s: relu((alpha_of(s) * m).sum(-1)) / (relu((alpha_of(s) * m).sum(-1)).max(axis=(1, 2), keepdims=True) + 1e-8)),
    ("sums over the height", "last axis", lambda m, s: to_one(relu((alpha_of(s) * m).sum(1)))),
    ("first picture only", "per picture", lambda m, s: to_one(relu((alpha_of(s) * m).sum(-1)))[0]),
    ("keeps the channel axis", "sum over the channels", lambda m, s: relu((alpha_of(s) * m).sum(-1, keepdims=True))),
    ("wrong for pictures that are not square", "your code stopped|last axis", lambda m, s: to_one(relu((alpha_of(s) * m).sum(-1)).transpose(0, 2, 1))),
    ("one maximum for each column", "height \\*and\\* width", lambda m, s: relu((alpha_of(s) * m).sum(-1)) / relu((alpha_of(s) * m).sum(-1)).max(axis=1, keepdims=True)),
    ("a smallest divisor", "smallest value", lambda m, s: relu((alpha_of(s) * m).sum(-1)) / np.maximum(relu((alpha_of(s) * m).sum(-1)).max(axis=(1, 2), keepdims=True), 1e-8)),
):  # fmt: skip

    def grad_cam(maps, slopes, answer=answer):
        with np.errstate(all="ignore"):
            return answer(maps, slopes)

    wrong("grad_cam", mistake, says=says)(grad_cam)


@wrong("grad_cam", "works in place", says="changed its inputs")
def grad_cam(maps, slopes):
    maps *= alpha_of(slopes)
    return to_one(relu(maps.sum(-1)))


def length(a, b):
    return np.linalg.norm(a - b, axis=1)


for mistake, says, answer in (
    ("same and different exchanged", "exchange", lambda d, y, m: np.mean((1 - y) * d**2 + y * np.maximum(0, m - d) ** 2)),
    ("distance not squared", "squared", lambda d, y, m: np.mean(y * d + (1 - y) * np.maximum(0, m - d) ** 2)),
    ("rest to the margin not squared", "squared, too", lambda d, y, m: np.mean(y * d**2 + (1 - y) * np.maximum(0, m - d))),
    ("no max", "max\\(0", lambda d, y, m: np.mean(y * d**2 + (1 - y) * (m - d) ** 2)),
    ("margin against the squared distance", "squared, too", lambda d, y, m: np.mean(y * d**2 + (1 - y) * np.maximum(0, m - d**2))),
    ("margin against the squared distance, squared", "not with its square", lambda d, y, m: np.mean(y * d**2 + (1 - y) * np.maximum(0, m - d**2) ** 2)),
    ("sum over the pairs", "sum over the pairs", lambda d, y, m: np.sum(y * d**2 + (1 - y) * np.maximum(0, m - d) ** 2)),
    ("margin always 1", "parameter `margin`", lambda d, y, m: np.mean(y * d**2 + (1 - y) * np.maximum(0, 1 - d) ** 2)),
    ("max after squaring", "before\\* squaring", lambda d, y, m: np.mean(y * d**2 + (1 - y) * np.maximum(0, (m - d) ** 2))),
    ("one loss per pair", "mean over the pairs", lambda d, y, m: y * d**2 + (1 - y) * np.maximum(0, m - d) ** 2),
    ("margin for the same, too", "no say", lambda d, y, m: np.mean(y * np.maximum(0, d - m + 1) ** 2 + (1 - y) * np.maximum(0, m - d) ** 2)),
    ("forgets the different", "2 − 0|squared, too", lambda d, y, m: np.mean(y * d**2)),
    ("returns nothing", "None", lambda d, y, m: None),
):  # fmt: skip

    def contrastive_loss(first, second, same, margin=1.0, answer=answer):
        return answer(length(first, second), same, margin)

    wrong("contrastive_loss", mistake, says=says)(contrastive_loss)


@wrong("contrastive_loss", "mean of the squared differences", says="not of their mean")
def contrastive_loss(first, second, same, margin=1.0):
    d = np.sqrt(np.mean((first - second) ** 2, axis=1))
    return np.mean(same * d**2 + (1 - same) * np.maximum(0, margin - d) ** 2)


@wrong("contrastive_loss", "sum of absolute differences", says="0.5² = 0.25")
def contrastive_loss(first, second, same, margin=1.0):
    d = np.abs(first - second).sum(axis=1)
    return np.mean(same * d**2 + (1 - same) * np.maximum(0, margin - d) ** 2)


@wrong("contrastive_loss", "one distance for all pairs", says="mean over the pairs|0.125|max|number")
def contrastive_loss(first, second, same, margin=1.0):
    d = np.linalg.norm(first - second)
    return np.mean(same * d**2 + (1 - same) * np.maximum(0, margin - d) ** 2)


def apart(references, queries):
    return np.linalg.norm(np.asarray(queries)[:, None] - np.asarray(references)[None], axis=2)


def named(table, names, limit, best=np.argmin, too_far=lambda value, limit: value > limit, stranger="unknown"):
    return [stranger if too_far(row[best(row)], limit) else str(names[best(row)]) for row in table]


for mistake, says, answer in (
    ("the farthest", "smallest", lambda r, n, q, limit: named(apart(r, q), n, limit, best=np.argmax)),
    ("dot product", "dot product", lambda r, n, q, limit: [n[k] for k in (q @ r.T).argmax(axis=1)]),
    ("numbers instead of names", "names\\*", lambda r, n, q, limit: apart(r, q).argmin(axis=1).tolist()),
    ("ignores the limit", "so it is unknown", lambda r, n, q, limit: named(apart(r, q), n, np.inf)),
    ("names cut off", "cut off", lambda r, n, q, limit: np.where(apart(r, q).min(1) <= limit, np.array(n)[apart(r, q).argmin(1)], "unknown").astype("<U3")),
    ("squared distance against the limit", "squared", lambda r, n, q, limit: named(apart(r, q) ** 2, n, limit)),
    ("nearest query for each reference", "Five queries", lambda r, n, q, limit: named(apart(r, q).T, n, limit)),
    ("at the limit unknown", "still known", lambda r, n, q, limit: named(apart(r, q), n, limit, too_far=lambda v, x: v >= x)),
    ("only the first query", "Five queries", lambda r, n, q, limit: named(apart(r, q)[:1], n, limit)),
    ("known if farther than the limit", "nothing is unknown", lambda r, n, q, limit: named(apart(r, q), n, limit, too_far=lambda v, x: v < x)),
    ("sum of absolute differences", "squared, or|Euclid|per number", lambda r, n, q, limit: named(np.abs(q[:, None] - r[None]).sum(axis=2), n, limit)),
    ("limit always 2.5", "nothing is unknown", lambda r, n, q, limit: named(apart(r, q), n, 2.5)),
    ("all too far if one is", "so it is unknown|nearest|unknown", lambda r, n, q, limit: named(apart(r, q), n, limit) if apart(r, q).min(axis=1).max() <= limit else ["unknown"] * len(q)),
    ("returns nothing", "None", lambda r, n, q, limit: None),
    ("the farthest must be within the limit", "squared|unknown", lambda r, n, q, limit: ["unknown" if row.max() > limit else str(n[row.argmin()]) for row in apart(r, q)]),
    ("rounds the distance", "don't round", lambda r, n, q, limit: named(np.round(apart(r, q)), n, limit)),  # had passed
    ("another word for unknown", "small letters", lambda r, n, q, limit: named(apart(r, q), n, limit, stranger="Unknown")),
    ("None for unknown", "small letters", lambda r, n, q, limit: named(apart(r, q), n, limit, stranger=None)),
    ("the mean distance within the limit", "\\*nearest\\*", lambda r, n, q, limit: ["unknown" if row.mean() > limit else str(n[row.argmin()]) for row in apart(r, q)]),
    ("root of the mean of the squares", "of the \\*sum\\*", lambda r, n, q, limit: named(apart(r, q) / np.sqrt(r.shape[1]), n, limit)),
):  # fmt: skip

    def one_shot(references, names, queries, limit=np.inf, answer=answer):
        return answer(references, names, queries, limit)

    wrong("one_shot", mistake, says=says)(one_shot)


@wrong("one_shot", "each reference only once", says="same thing")  # had passed
def one_shot(references, names, queries, limit=np.inf):
    table, free = apart(references, queries), set()
    for row in table:
        free = free or set(range(len(names)))
        row[[k for k in range(len(names)) if k not in free]] = np.inf
        free.discard(row.argmin())
    return named(table, names, limit)
