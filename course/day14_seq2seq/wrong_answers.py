"""Plausible mistakes of day 14: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""

import functools


def shift_with(
    given=lambda sentence, start, end: [start, *sentence],
    wanted=lambda sentence, start, end: [*sentence, end],
    cut=lambda numbers, length: numbers[:length],
    front=False,
    dtype="int32",
):
    """A teacher_forcing with one thing wrong."""

    def teacher_forcing(sentences, length, start, end):
        results = np.zeros((2, len(sentences), length), dtype=dtype)
        for result, make in zip(results, (given, wanted)):
            for row, sentence in zip(result, sentences):
                numbers = np.array(cut(make(sentence, start, end), length)).astype(dtype)
                if front and len(numbers):
                    row[-len(numbers) :] = numbers
                else:
                    row[: len(numbers)] = numbers
        return tuple(results)

    return teacher_forcing


def rolled(sentences, length, start, end):
    targets = shift_with()(sentences, length, start, end)[1]
    return np.roll(targets, 1, axis=1), targets


def sliced(sentences, length, start, end):
    rows = np.zeros((len(sentences), length + 1), dtype="int32")
    for row, sentence in zip(rows, sentences):
        numbers = [start, *sentence, end][: length + 1]
        row[: len(numbers)] = numbers
    return rows[:, :-1], rows[:, 1:]


def end_at_the_last_place(sentences, length, start, end):
    inputs, targets = shift_with(wanted=lambda sentence, start, end: sentence)(sentences, length, start, end)
    targets[:, -1] = end
    return inputs, targets


def end_in_cut_sentences(sentences, length, start, end):
    inputs, targets = shift_with()(sentences, length, start, end)
    targets[[len(sentence) >= length for sentence in sentences], -1] = end
    return inputs, targets


for mistake, says, answer in (
    ("not shifted", "Not shifted", shift_with(given=lambda sentence, start, end: [*sentence, end])),
    ("not shifted, start in both", "Not shifted", shift_with(wanted=lambda sentence, start, end: [start, *sentence])),
    ("shifted by two", "one only|begin with the start", shift_with(given=lambda sentence, start, end: [start, start, *sentence][:-1])),
    ("shifted to the left", "begin with the start", shift_with(given=lambda sentence, start, end: sentence[1:])),
    ("no start sign", "Not shifted|same", shift_with(given=lambda sentence, start, end: sentence)),
    ("rolled round, without a start sign", "begin with the start|Padding goes", rolled),
    ("slices of padded rows", "among the inputs", sliced),
    ("the end among the inputs", "among the inputs", shift_with(given=lambda sentence, start, end: [start, *sentence, end])),
    ("the start among the targets", "never asked", shift_with(wanted=lambda sentence, start, end: [start, *sentence, end])),
    ("no end sign", "lack the end sign|empty|Padding goes", shift_with(wanted=lambda sentence, start, end: sentence)),
    ("the last word not given", "last word", shift_with(given=lambda sentence, start, end: [start, *sentence][: max(len(sentence), 1)])),
    ("padding in front", "behind", shift_with(front=True)),
    ("the end at the last place", "directly behind|Padding goes", end_at_the_last_place),
    ("an end sign for cut sentences", "does not end there", end_in_cut_sentences),
    ("cuts the beginning", "first `length`|cut", shift_with(cut=lambda numbers, length: numbers[-length:])),
    ("decimal numbers", "whole numbers", shift_with(dtype="float32")),
    ("eight bits", "int8|must fit|start sign is 700", shift_with(dtype="int8")),
    ("sixteen bits", "32,767", shift_with(dtype="int16")),
    ("start always 1", "700", lambda sentences, length, start, end: shift_with()(sentences, length, 1, end)),
    ("end always 2", "800|must fit", lambda sentences, length, start, end: shift_with()(sentences, length, start, 2)),
    ("exchanged", "exchanged", lambda sentences, length, start, end: shift_with()(sentences, length, start, end)[::-1]),
    ("start and end exchanged", "begin with the start", lambda sentences, length, start, end: shift_with()(sentences, length, end, start)),
    ("as long as the longest", "`length`", lambda sentences, length, start, end: shift_with()(sentences, max(map(len, sentences)) + 1, start, end)),
    ("without the empty sentence", "empty one", lambda sentences, length, start, end: shift_with()([each for each in sentences if each], length, start, end)),
    ("one place less", "`length`", lambda sentences, length, start, end: shift_with()(sentences, length - 1, start, end)),
    ("padded with the end sign", "zeros only behind", lambda sentences, length, start, end: (shift_with()(sentences, length, start, end)[0], np.where(shift_with()(sentences, length, start, end)[1] == 0, end, shift_with()(sentences, length, start, end)[1]))),
    ("rows of unequal length", "`length` numbers", lambda sentences, length, start, end: ([[start, *each] for each in sentences], [[*each, end] for each in sentences])),
    ("the same rows twice", "Not shifted", lambda sentences, length, start, end: (shift_with(given=lambda sentence, start, end: [start, *sentence, end])(sentences, length, start, end)[0],) * 2),
    ("does not cut", "Does a long sentence fit", shift_with(cut=lambda numbers, length: numbers)),
    ("returns nothing", "None", lambda sentences, length, start, end: None),
    ("no end sign where it just fits", "just fit", lambda sentences, length, start, end: shift_with(wanted=lambda sentence, start, end: [*sentence, end] if len(sentence) < length - 1 else sentence)(sentences, length, start, end)),
    ("cuts in front, as pad_sequences does", "truncating", shift_with(cut=lambda numbers, length: numbers[-length:])),
):  # fmt: skip

    def teacher_forcing(sentences, length, start, end, answer=answer):
        return answer(sentences, length, start, end)

    wrong("teacher_forcing", mistake, says=says)(teacher_forcing)


@wrong("teacher_forcing", "appends to the sentences it is given", says="changed the sentences")
def teacher_forcing(sentences, length, start, end):
    inputs = shift_with()(sentences, length, start, end)[0]
    for sentence in sentences:
        sentence.append(end)
    return inputs, shift_with(wanted=lambda sentence, start, end: sentence)(sentences, length, start, end)[1]


for mistake, says, answer in (
    ("counts padding", "Padding counts", lambda x, y: np.mean(x == y)),
    ("over all places", "not by all places|have a target", lambda x, y: np.mean((x == y) & (y != 0))),
    ("the mean of the sentences", "sentences' means", lambda x, y: np.mean([(a == b)[b != 0].mean() if (b != 0).any() else 0.0 for a, b in zip(x, y)])),
    ("where there is an input", "not where there is an input|have a target|same number", lambda x, y: ((x == y)[x != 0]).mean() if (x != 0).any() else 0.0),
    ("how many", "share", lambda x, y: float(((x == y) & (y != 0)).sum())),
    ("shifted once more", "don't shift here", lambda x, y: (x[:, 1:] == y[:, :-1])[y[:, :-1] != 0].mean() if (y[:, :-1] != 0).any() else 0.0),
    ("not a number if nothing is asked", "division by zero", lambda x, y: float(((x == y) & (y != 0)).sum() / np.float64((y != 0).sum())) if (y != 0).any() else float("nan")),
    ("one if nothing is asked", "0\\.0 by our rule", lambda x, y: (x == y)[y != 0].mean() if (y != 0).any() else 1.0),
    ("one number per sentence", "one number", lambda x, y: ((x == y) & (y != 0)).sum(axis=1) / np.maximum((y != 0).sum(axis=1), 1)),
    ("how often it would be wrong", "same number|always", lambda x, y: (x != y)[y != 0].mean() if (y != 0).any() else 0.0),
    ("both must be words", "Where there is a target decides", lambda x, y: (x == y)[(x != 0) & (y != 0)].mean() if ((x != 0) & (y != 0)).any() else 0.0),
    ("returns nothing", "None", lambda x, y: None),
    ("counts padding above the line only", "above the line", lambda x, y: (x == y).sum() / max((y != 0).sum(), 1)),
):  # fmt: skip

    def copying_accuracy(inputs, targets, answer=answer):
        return answer(inputs, targets)

    wrong("teacher_forcing", f"copying: {mistake}", says=says)(copying_accuracy)


@wrong("teacher_forcing", "copying: marks the padding in place", says="changed an array")
def copying_accuracy(inputs, targets):
    targets[targets == 0] = -1
    real = targets >= 0
    return float((inputs == targets)[real].mean()) if real.any() else 0.0


def loss_with(
    each=None,
    mask=lambda targets: ops.not_equal(targets, 0),
    mean=lambda each, mask: ops.sum(each * mask) / ops.maximum(ops.sum(mask), 1),
    log=lambda logits: ops.log_softmax(logits, axis=-1),
    wanted=lambda right, s, tokens: (1 - s) * right + s / tokens,
    default=0.1,
    count=lambda targets, logits: logits.shape[-1],
):
    """A smoothed_loss with one thing wrong."""

    def smoothed_loss(targets, logits, smoothing=default):
        tokens = count(targets, logits)
        losses = -ops.sum(wanted(ops.one_hot(targets, tokens), smoothing, tokens) * log(logits), axis=-1)
        return mean(losses, ops.cast(mask(targets), losses.dtype))

    return smoothed_loss


def of_sentences(each, mask):
    count = ops.sum(mask, axis=1)
    return ops.sum(ops.sum(each * mask, axis=1) / ops.maximum(count, 1)) / ops.maximum(
        ops.sum(ops.cast(count > 0, "float32")), 1
    )


def in_numpy(targets, logits, smoothing=0.1):
    z, targets = np.asarray(logits, "float64"), np.asarray(targets)
    z = z - z.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    wanted = (1 - smoothing) * np.eye(z.shape[-1])[targets] + smoothing / z.shape[-1]
    real = targets != 0
    return -(wanted * log_p).sum(axis=-1)[real].mean() if real.any() else 0.0


def masked_logits(targets, logits, smoothing=0.1):
    mask = ops.cast(ops.not_equal(targets, 0), logits.dtype)
    return loss_with(mean=lambda each, mask: ops.mean(each))(targets, logits * mask[..., None], smoothing)


def masked_logits_all_counted(targets, logits, smoothing=0.1):
    mask = ops.cast(ops.not_equal(targets, 0), logits.dtype)
    counted = loss_with(mean=lambda each, _: ops.sum(each) / ops.maximum(ops.sum(mask), 1))
    return counted(targets, logits * mask[..., None], smoothing)


def bool_mask(targets, logits, smoothing=0.1):
    mask = targets != 0
    return loss_with(mean=lambda each, _: ops.sum(each * mask) / ops.maximum(ops.sum(mask), 1))(
        targets, logits, smoothing
    )


def as_python_number(targets, logits, smoothing=0.1):
    return float(loss_with()(targets, logits, smoothing))


def with_if(targets, logits, smoothing=0.1):
    if not np.any(np.asarray(targets)):
        return ops.convert_to_tensor(0.0)
    return loss_with()(targets, logits, smoothing)


for mistake, says, answer in (
    ("padding counts", "The padding counts", loss_with(mean=lambda each, mask: ops.mean(each))),
    ("divides by all places", "divide by \\*all\\*", loss_with(mean=lambda each, mask: ops.mean(each * mask))),
    ("the mask the wrong way round", "wrong way round", loss_with(mask=lambda targets: ops.equal(targets, 0))),
    ("the sum", "mean, not the sum", loss_with(mean=lambda each, mask: ops.sum(each * mask))),
    ("divides by the sentences", "number of sentences", loss_with(mean=lambda each, mask: ops.sum(each * mask) / mask.shape[0])),
    ("the mean of the sentences' means", "sentences' means", loss_with(mean=of_sentences)),
    ("one too many below the line", "\\+ 1", loss_with(mean=lambda each, mask: ops.sum(each * mask) / (ops.sum(mask) + 1))),
    ("division by zero", "nothing but padding", loss_with(mean=lambda each, mask: ops.sum(each * mask) / ops.sum(mask))),
    ("the sign", "sign is turned", loss_with(mean=lambda each, mask: -ops.sum(each * mask) / ops.maximum(ops.sum(mask), 1))),
    ("in bits", "natural logarithm", loss_with(mean=lambda each, mask: ops.sum(each * mask) / ops.maximum(ops.sum(mask), 1) / np.log(2))),
    ("the perplexity", "perplexity", loss_with(mean=lambda each, mask: ops.exp(ops.sum(each * mask) / ops.maximum(ops.sum(mask), 1)))),
    ("the end is no answer", "Only 0 is padding", loss_with(mask=lambda targets: ops.not_equal(targets, 0) & ops.not_equal(targets, 2))),
    ("only words proper", "Only 0 is padding", loss_with(mask=lambda targets: targets > 2)),
    ("cut like the first sentence", "like the first", lambda y, z, smoothing=0.1: loss_with(mean=lambda each, mask: ops.mean(each))(y[:, : int(np.sum(np.asarray(y[0]) != 0))], z[:, : int(np.sum(np.asarray(y[0]) != 0))], smoothing)),
    ("masks the logits", "masked the logits", masked_logits),
    ("masks the logits, divides by the words", "masked the logits", masked_logits_all_counted),
    ("a mask of True and False", "still True/False", bool_mask),
    ("logarithm of the softmax", "not a finite", loss_with(log=lambda z: ops.log(ops.softmax(z, axis=-1)))),
    ("logarithm of the softmax and a bit", "capped", loss_with(log=lambda z: ops.log(ops.softmax(z, axis=-1) + 1e-9))),
    ("softmax without keeping it small", "not a finite", loss_with(log=lambda z: z - ops.log(ops.sum(ops.exp(z), axis=-1, keepdims=True)))),
    ("takes logits for probabilities", "softmax", loss_with(log=lambda z: ops.log(ops.maximum(z, 1e-7)))),
    ("takes logits for logarithms", "softmax", loss_with(log=lambda z: z)),
    ("softmax over the places", "\\*last\\* axis", loss_with(log=lambda z: ops.log_softmax(z, axis=1))),
    ("ignores the smoothing", "ignore `smoothing`", loss_with(wanted=lambda right, s, tokens: right)),
    ("smoothing on top", "keeps only", loss_with(wanted=lambda right, s, tokens: right + s / tokens)),
    ("smoothing only taken away", "took it away", loss_with(wanted=lambda right, s, tokens: (1 - s) * right)),
    ("smoothing over the others", "right one included", loss_with(wanted=lambda right, s, tokens: (1 - s) * right + s / (tokens - 1) * (1 - right))),
    ("smoothing exchanged", "exchanged|softmax over|Without smoothing", loss_with(wanted=lambda right, s, tokens: s * right + (1 - s) / tokens)),
    ("smoothing not divided", "divided among", loss_with(wanted=lambda right, s, tokens: (1 - s) * right + s)),
    ("padding gets no share", "Token 0 is one", loss_with(wanted=lambda right, s, tokens: (1 - s) * right + s / (tokens - 1) * (np.arange(tokens) > 0).astype("float32"))),
    ("no smoothing by default", "smoothing is 0.1", loss_with(default=0.0)),
    ("one number per place", "shape \\(\\)", loss_with(mean=lambda each, mask: each * mask)),
    ("one number per sentence", "shape \\(\\)", loss_with(mean=lambda each, mask: ops.sum(each * mask, axis=1) / ops.maximum(ops.sum(mask, axis=1), 1))),
    ("in NumPy", "keras.ops", in_numpy),
    ("a Python number", "float\\(", as_python_number),
    ("asks for values", "`if` on values", with_if),
    ("cut off from the weights", "cut off", lambda y, z, smoothing=0.1: loss_with()(y, ops.stop_gradient(z), smoothing)),
    ("returns nothing", "None", lambda y, z, smoothing=0.1: None),
    ("needs the option's place", "stopped|smoothing", lambda y, z, smoothing=0.1: loss_with(default=0.1)(y, z)),
    ("divides by 0, then where", "too late", loss_with(mean=lambda each, mask: ops.where(ops.sum(mask) > 0, ops.sum(each * mask) / ops.sum(mask), 0.0))),
    ("divides by 0, then nan_to_num", "too late", loss_with(mean=lambda each, mask: ops.nan_to_num(ops.sum(each * mask) / ops.sum(mask)))),
    ("masks the rows of one_hot", "both parts", lambda y, z, smoothing=0.1: loss_with(mean=lambda each, mask: ops.sum(each) / ops.maximum(ops.sum(mask), 1), wanted=lambda right, s, tokens: (1 - s) * right * ops.cast(ops.not_equal(y, 0), "float32")[..., None] + s / tokens)(y, z, smoothing)),
    ("the largest target and one for V", "last axis", loss_with(count=lambda targets, logits: ops.max(targets) + 1, wanted=lambda right, s, tokens: (1 - s) * right + s / ops.cast(tokens, "float32"))),
    ("spread over the tokens up to the largest target", "last axis", lambda y, z, smoothing=0.1: loss_with(wanted=lambda right, s, tokens: (1 - s) * right + s / ops.cast(ops.max(y) + 1, "float32"))(y, z, smoothing)),
):  # fmt: skip

    def smoothed_loss(targets, logits, *options, answer=answer, **more):
        return answer(targets, logits, *options, **more)

    wrong("smoothed_loss", mistake, says=says)(smoothed_loss)


def search_with(
    keep=lambda candidates, width, penalty: sorted(candidates, key=lambda pair: -pair[1])[:width],
    total=lambda total, log_p: total + log_p,
    start=(),
    rounds=lambda longest: longest,
    goes_on=lambda tokens, end: not tokens or tokens[-1] != end,
    carried=lambda tokens, total: [(tokens, total)],
    possible=lambda log_p: log_p > -np.inf,
    length=lambda tokens, end: len(tokens),
    divide=lambda total, length, penalty: total / length**penalty,
    order=lambda scored: sorted(scored, key=lambda pair: -pair[1]),
    result=lambda scored, width: scored,
    stop=lambda beam, end: False,
    per_hypothesis=None,
    default=0.0,
):
    """A search with one thing wrong."""

    def search(next_step, width, longest, end, penalty=default):
        beam = [(list(start), 0.0)]
        for _ in range(rounds(longest)):
            candidates = []
            for tokens, so_far in beam:
                if not goes_on(tokens, end):
                    candidates += carried(tokens, so_far)
                    continue
                following = [
                    ([*tokens, token], total(so_far, float(log_p)))
                    for token, log_p in enumerate(next_step(tokens))
                    if possible(log_p)
                ]
                candidates += sorted(following, key=lambda pair: -pair[1])[:per_hypothesis]
            beam = keep(candidates, width, penalty)
            if stop(beam, end):
                break
        scored = [(tokens, divide(so_far, length(tokens, end), penalty)) for tokens, so_far in beam]
        return result(order(scored), width)

    return search


def by_score(candidates, width, penalty):
    return sorted(candidates, key=lambda pair: -pair[1] / max(len(pair[0]), 1) ** penalty)[:width]


def set_aside(next_step, width, longest, end, penalty=0.0, refills=True, enough=False):
    """Puts finished ones aside, where they compete no more, `refills` the beam, and may stop when there are `enough`."""
    beam, done = [([], 0.0)], []
    for _ in range(longest):
        candidates = []
        for tokens, total in beam:
            candidates += [([*tokens, token], total + log_p) for token, log_p in enumerate(next_step(tokens))]
        candidates = [pair for pair in sorted(candidates, key=lambda pair: -pair[1]) if pair[1] > -np.inf]
        done += [pair for pair in candidates[:width] if pair[0][-1] == end]
        beam = [pair for pair in (candidates if refills else candidates[:width]) if pair[0][-1] != end][:width]
        if enough and (len(done) >= width or not beam):
            break
    left = (done or beam) if refills and not enough else [*done, *beam]
    scored = [(tokens, total / len(tokens) ** penalty) for tokens, total in left]
    return sorted(scored, key=lambda pair: -pair[1])[:width]


def products(next_step, width, longest, end, penalty=0.0, log=np.log, possible=lambda share: True):
    beam = [([], 1.0)]
    for _ in range(longest):
        candidates = []
        for tokens, share in beam:
            if tokens and tokens[-1] == end:
                candidates.append((tokens, share))
                continue
            for token, log_p in enumerate(next_step(tokens)):
                if log_p > -np.inf and possible(share * np.exp(log_p)):
                    candidates.append(([*tokens, token], share * np.exp(log_p)))
        beam = sorted(candidates, key=lambda pair: -pair[1])[:width]
    scored = [(tokens, float(log(share)) / len(tokens) ** penalty) for tokens, share in beam]
    return sorted(scored, key=lambda pair: -pair[1])


def products_in_math(next_step, width, longest, end, penalty=0.0):
    import math

    return products(next_step, width, longest, end, penalty, log=math.log)


def products_above_zero(next_step, width, longest, end, penalty=0.0):
    return products(next_step, width, longest, end, penalty, possible=lambda share: share > 0)


def one_list(possible):
    def search(next_step, width, longest, end, penalty=0.0):
        beam = [([], 0.0)]
        for _ in range(longest):
            candidates = []
            for tokens, total in beam:
                if tokens and tokens[-1] == end:
                    candidates.append((tokens, total))
                    continue
                for token, log_p in enumerate(next_step(tokens)):
                    if possible(log_p):
                        tokens.append(token)
                        candidates.append((tokens, total + float(log_p)))
            beam = sorted(candidates, key=lambda pair: -pair[1])[:width]
        scored = [(tokens, total / len(tokens) ** penalty) for tokens, total in beam]
        return sorted(scored, key=lambda pair: -pair[1])

    return search


def in_place(next_step, width, longest, end, penalty=0.0):
    def added(tokens):
        log_p = next_step(tokens)
        log_p += 0.0 if not tokens else -1e-9
        return log_p

    return search_with()(added, width, longest, end, penalty)


def finished_only(next_step, width, longest, end, penalty=0.0):
    return [pair for pair in search_with()(next_step, width, longest, end, penalty) if pair[0][-1] == end]


for mistake, says, answer in (
    ("always greedy", "two hypotheses come back|`width` best", lambda f, width, longest, end, penalty=0.0: search_with()(f, 1, longest, end, penalty)),
    ("only the best continuation of each", "two hypotheses come back|`width` best", search_with(per_hypothesis=1)),
    ("all go on, cut at the end", "\\*in all\\* go on|only `width`", search_with(keep=lambda candidates, width, penalty: candidates, result=lambda scored, width: scored[:width])),
    ("width for each hypothesis", "At most `width`|one hypothesis", lambda f, width, longest, end, penalty=0.0: search_with(keep=lambda candidates, w, p: candidates, per_hypothesis=width)(f, width, longest, end, penalty)),
    ("one more than the width", "one hypothesis|At most", lambda f, width, longest, end, penalty=0.0: search_with()(f, width + 1, longest, end, penalty)),
    ("only the best comes back", "two hypotheses|width` best", search_with(result=lambda scored, width: scored[:1])),
    ("continues what is finished", "after the end", search_with(goes_on=lambda tokens, end: True)),
    ("drops what is finished", "end|stopped", search_with(carried=lambda tokens, total: [])),
    ("drops what is unfinished", "comes back as it is|unfinished|two rounds", finished_only),
    ("stops at the first end", "when \\*all\\*", search_with(stop=lambda beam, end: any(tokens[-1] == end for tokens, _ in beam))),
    ("stops when the best has ended", "when \\*all\\*", search_with(stop=lambda beam, end: beam[0][0][-1] == end)),
    ("finished ones take up no place", "keeps its place|competes|ended|\\*in all\\*", set_aside),
    ("finished ones take up no place, enough is enough", "yours goes on with two", functools.partial(set_aside, enough=True)),
    ("finished ones compete no more", "competes again", functools.partial(set_aside, refills=False)),
    ("multiplies probabilities", "product of many", products),
    ("multiplies probabilities, math.log", "product of many", products_in_math),
    ("multiplies probabilities, drops zeros", "product of many", products_above_zero),
    ("one list for all", "share one list", one_list(lambda log_p: log_p > -np.inf)),
    ("one list for all, impossible ones, too", "share one list", one_list(lambda log_p: True)),
    ("multiplies logarithms", "add up|\\*added\\*", search_with(total=lambda total, log_p: (total or 1.0) * log_p)),
    ("only the last step counts", "that of one step alone|add up", search_with(total=lambda total, log_p: log_p)),
    ("probabilities", "probability itself|logarithm", search_with(divide=lambda total, length, penalty: np.exp(total) / length**penalty)),
    ("ignores the penalty", "Use `penalty`", search_with(divide=lambda total, length, penalty: total)),
    ("always divides by the length", "nothing is divided", search_with(divide=lambda total, length, penalty: total / length)),
    ("multiplies by the length", "don't multiply|Use `penalty`", search_with(divide=lambda total, length, penalty: total * length**penalty)),
    ("length times penalty", "length · penalty", search_with(divide=lambda total, length, penalty: total / (length * penalty or 1.0))),
    ("the end is not counted", "counts as a token", search_with(length=lambda tokens, end: max(len(tokens) - (tokens[-1] == end), 1))),
    ("a penalty of 1 by default", "nothing is divided|penalty is 0", search_with(default=1.0)),
    ("chooses by the divided score", "plain sums", search_with(keep=by_score)),
    ("the worst first", "best first|best tokens", search_with(order=lambda scored: sorted(scored, key=lambda pair: pair[1]))),
    ("ordered by the plain sum", "\\*after\\* dividing|best first", search_with(order=lambda scored: scored)),
    ("one round too few", "longest|two rounds|end belongs|greedy", search_with(rounds=lambda longest: longest - 1)),
    ("one round too many", "longest|rounds", search_with(rounds=lambda longest: longest + 1)),
    ("impossible ones kept", "probability 0", search_with(possible=lambda log_p: True)),
    ("adds in place", "changed the array", in_place),
    ("without the end", "end belongs", search_with(result=lambda scored, width: [([t for t in tokens if t != 0], score) for tokens, score in scored])),
    ("begins with a start sign", "no tokens at all", search_with(start=(1,))),
    ("the pair the wrong way round", "in this order", search_with(result=lambda scored, width: [pair[::-1] for pair in scored])),
    ("the tokens alone", "list of pairs", search_with(result=lambda scored, width: [tokens for tokens, _ in scored])),
    ("the end is always 0", "use `end`|other table", lambda f, width, longest, end, penalty=0.0: search_with()(f, width, longest, 0, penalty)),
    ("the least probable", "greedy|most probable", search_with(keep=lambda candidates, width, penalty: sorted(candidates, key=lambda pair: pair[1])[:width])),
    ("returns nothing", "None", lambda f, width, longest, end, penalty=0.0: None),
    ("finished ones are never pushed out", "falls out, since", search_with(keep=lambda candidates, width, penalty: sorted(candidates, key=lambda pair: (len(pair[0]), -pair[1]))[:width])),
    ("finished ones are divided at once", "after the last round", lambda f, width, longest, end, penalty=0.0: search_with(keep=lambda candidates, width, penalty: sorted(candidates, key=lambda pair: -pair[1] / (len(pair[0]) ** penalty if pair[0][-1] == end else 1))[:width])(f, width, longest, end, penalty)),
    ("ordered by the divided score, the plain sum comes back", "come back are plain", lambda f, width, longest, end, penalty=0.0: [(tokens, score * len(tokens) ** penalty) for tokens, score in search_with()(f, width, longest, end, penalty)]),
    ("unfinished ones are not divided", "Unfinished ones, too", search_with(length=lambda tokens, end: len(tokens) if tokens[-1] == end else 1)),
    ("unfinished ones only if none has ended", "both come back", lambda f, width, longest, end, penalty=0.0: finished_only(f, width, longest, end, penalty) or search_with()(f, width, longest, end, penalty)),
):  # fmt: skip

    def search(next_step, width, longest, end, *options, answer=answer, **more):
        return answer(next_step, width, longest, end, *options, **more)

    wrong("search", mistake, says=says)(search)


def count_words(text):
    return len(text.split())


def nearest(length, lengths):
    return min(lengths, key=lambda other: (abs(other - length), other))


def bleu_penalty(said, wanted):
    return 1.0 if said >= wanted else float(np.exp(1 - wanted / said)) if said else 0.0


def penalty_with(count=count_words, chosen=nearest, penalty=bleu_penalty, keep=lambda said: True):
    """A brevity_penalty with one thing wrong."""

    def brevity_penalty(candidates, references):
        pairs = [(count(one), chosen(count(one), [count(text) for text in texts])) for one, texts in zip(candidates, references)]  # fmt: skip
        pairs = [pair for pair in pairs if keep(pair[0])]
        return penalty(sum(a for a, _ in pairs), sum(b for _, b in pairs))

    return brevity_penalty


def sentence_by_sentence(together):
    def brevity_penalty(candidates, references):
        return float(together([penalty_with()([one], [texts]) for one, texts in zip(candidates, references)]))

    return brevity_penalty


def capped(candidates, references):
    pairs = [(count_words(one), nearest(count_words(one), [count_words(text) for text in texts])) for one, texts in zip(candidates, references)]  # fmt: skip
    return bleu_penalty(sum(min(pair) for pair in pairs), sum(b for _, b in pairs))


for mistake, says, answer in (
    ("upside down", "upside down", penalty_with(penalty=lambda c, r: 1.0 if c >= r else np.exp(1 - c / r))),
    ("the ratio", "Not the ratio", penalty_with(penalty=lambda c, r: min(1.0, c / r))),
    ("no limit of 1", "never above 1", penalty_with(penalty=lambda c, r: float(np.exp(1 - r / c)) if c else 0.0)),
    ("punishes length, too", "never a penalty", penalty_with(penalty=lambda c, r: bleu_penalty(c, r) if c <= r else float(np.exp(1 - c / r)))),
    ("punishes length only", "no penalty\\?|Too short", penalty_with(penalty=lambda c, r: 1.0 if c <= r else float(np.exp(1 - c / r)))),
    ("without the 1", "The 1 is missing", penalty_with(penalty=lambda c, r: 1.0 if c >= r else float(np.exp(-r / c)) if c else 0.0)),
    ("the logarithm", "logarithm of the penalty", penalty_with(penalty=lambda c, r: min(0.0, 1 - r / c))),
    ("base 10", "base is e", penalty_with(penalty=lambda c, r: 1.0 if c >= r else 10 ** (1 - r / c) if c else 0.0)),
    ("base 2", "base is e", penalty_with(penalty=lambda c, r: 1.0 if c >= r else 2 ** (1 - r / c) if c else 0.0)),
    ("in per cent", "per cent", penalty_with(penalty=lambda c, r: 100 * bleu_penalty(c, r))),
    ("letters", "not letters", penalty_with(count=len)),
    ("splits at every blank", "however many|no words", penalty_with(count=lambda text: len(text.split(" ")))),
    ("different words only", "said before", penalty_with(count=lambda text: len(set(text.split())))),
    ("no full stops", "full stop", penalty_with(count=lambda text: sum(word.isalpha() for word in text.split()))),
    ("blanks plus one", "no words|however many", penalty_with(count=lambda text: text.count(" ") + 1)),
    ("the longest reference", "not the longest", penalty_with(chosen=lambda n, lengths: max(lengths))),
    ("the last reference", "not the longest or the last", penalty_with(chosen=lambda n, lengths: lengths[-1])),
    ("the shortest reference", "not the shortest", penalty_with(chosen=lambda n, lengths: min(lengths))),
    ("the first reference", "not the first", penalty_with(chosen=lambda n, lengths: lengths[0])),
    ("the mean of the references", "not their mean", penalty_with(chosen=lambda n, lengths: sum(lengths) / len(lengths))),
    ("all references added up", "added them up", penalty_with(chosen=lambda n, lengths: sum(lengths))),
    ("a tie to the longer one", "shorter one counts", penalty_with(chosen=lambda n, lengths: min(lengths, key=lambda m: (abs(m - n), -m)))),
    ("a tie to the first one", "equally close", penalty_with(chosen=lambda n, lengths: min(lengths, key=lambda m: abs(m - n)))),
    ("a tie to the last one", "equally close", penalty_with(chosen=lambda n, lengths: min(lengths[::-1], key=lambda m: abs(m - n)))),
    ("the longest not above", "closest|nearly|equally", penalty_with(chosen=lambda n, lengths: max([m for m in lengths if m <= n], default=min(lengths)))),
    ("division by zero", "before you divide", penalty_with(penalty=lambda c, r: 1.0 if c >= r else float(np.exp(1 - r / c)))),
    ("nothing said, no penalty", "nothing said", penalty_with(penalty=lambda c, r: bleu_penalty(c, r) if c else 1.0)),
    ("leaves out the empty ones", "left out|nothing said", penalty_with(keep=bool)),
    ("leaves out the empty ones of many", "left out", lambda a, b: penalty_with(keep=lambda said: said or len(a) == 1)(a, b)),
    ("the mean of the sentences", "Not the mean", sentence_by_sentence(np.mean)),
    ("the product of the sentences", "Not the product", sentence_by_sentence(np.prod)),
    ("the smallest of the sentences", "nor the smallest", sentence_by_sentence(np.min)),
    ("one number per sentence", "one number for", lambda a, b: [penalty_with()([one], [texts]) for one, texts in zip(a, b)]),
    ("lengths cut sentence by sentence", "sentence by sentence", capped),
    ("rounded", "not rounded", penalty_with(penalty=lambda c, r: round(bleu_penalty(c, r), 3))),
    ("a bit below the line", "not rounded|Exactly|Three words|closest reference", penalty_with(penalty=lambda c, r: 1.0 if c >= r else float(np.exp(1 - r / (c + 1e-3))))),
    ("returns nothing if long enough", "None", lambda a, b: None if penalty_with()(a, b) == 1 or len(a) == 1 else penalty_with()(a, b)),
    ("every full stop is a word", "blanks only", penalty_with(count=lambda text: len(text.replace(".", " .").split()))),
    ("cuts at the apostrophe", "blanks only", penalty_with(count=lambda text: len(text.replace("'", " ").split()))),
):  # fmt: skip

    def brevity_penalty(candidates, references, answer=answer):
        return answer(candidates, references)

    wrong("brevity_penalty", mistake, says=says)(brevity_penalty)


@wrong("brevity_penalty", "sorts the references it is given", says="changed the lists")
def brevity_penalty(candidates, references):
    for texts in references:
        texts.sort(key=len, reverse=True)
    return penalty_with()(candidates, references)


def reading_with(**changed):
    """A read_attention with one or more entries made by another rule from weights, source, target and the right result."""

    def read_attention(weights, source, target):
        weights, words = np.asarray(weights), [word for word in target if word != ""]
        rows = weights[: len(words)]
        places = [int(place) for place in rows.argmax(axis=1)] if words else []
        real = [place for place in places if source[place] != ""]
        empty = np.array([word == "" for word in source])
        crossings = sum(a > b for a, b in itertools.combinations(real, 2))
        result = {
            "places": places,
            "pairs": [(word, source[place]) for word, place in zip(words, places)],
            "crossings": crossings,
            "monotonic": crossings == 0,
            "on_padding": rows[:, empty].sum(axis=1).tolist(),
        }
        return result | {key: rule(weights, source, target, result) for key, rule in changed.items()}

    return read_attention


def crossed(places):
    return sum(a > b for a, b in itertools.combinations(places, 2))


def real_columns(weights, source):
    return np.asarray(weights)[:, [word != "" for word in source]]


def without_padding(weights, source, target):
    size = sum(word != "" for word in source)
    return reading_with()(np.asarray(weights)[:, :size], source[:size], target)


def by_words(weights, source, target):
    result = reading_with()(weights, source, target)
    result["places"] = [source.index(word) for _, word in result["pairs"]]
    real = [place for place in result["places"] if source[place] != ""]
    return result | {"crossings": crossed(real), "monotonic": crossed(real) == 0}


def by_dict(weights, source, target):
    result = reading_with()(weights, source, target)
    return result | {"pairs": list(dict(result["pairs"]).items())}


for mistake, says, answer in (
    ("places: of each column", "not of each column", reading_with(places=lambda w, s, t, r: w.argmax(axis=0).tolist())),
    ("places: of the matrix turned", "each column|stopped|each row", lambda w, s, t: reading_with()(np.asarray(w).T[: len(t), : len(s)], s, t)),
    ("places: with the padding rows", "Only real target", reading_with(places=lambda w, s, t, r: w.argmax(axis=1).tolist())),
    ("places: padding left out", "don't leave padding out", reading_with(places=lambda w, s, t, r: real_columns(w, s)[: len(r["places"])].argmax(axis=1).tolist())),
    ("padding left out everywhere", "don't leave padding out", without_padding),
    ("places: counted from 1", "from 0", reading_with(places=lambda w, s, t, r: [place + 1 for place in r["places"]])),
    ("places: the smallest weight", "Each row's largest", reading_with(places=lambda w, s, t, r: w[: len(r["places"])].argmin(axis=1).tolist())),
    ("places: decimal numbers", "whole numbers", reading_with(places=lambda w, s, t, r: [float(place) for place in r["places"]])),
    ("places: the weights", "Each row's largest", reading_with(places=lambda w, s, t, r: w[: len(r["places"])].max(axis=1).tolist())),
    ("places: the last of equal ones", "\\*first\\* place", reading_with(places=lambda w, s, t, r: [len(s) - 1 - int(np.argmax(row[::-1])) for row in w[: len(r["places"])]])),
    ("places: only above one half", "above one half", reading_with(places=lambda w, s, t, r: [int(row.argmax()) if row.max() >= 0.5 else -1 for row in w[: len(r["places"])]])),
    ("places: by the words", "go by places", by_words),
    ("places: by the centre of the weight", "Each row's largest", reading_with(places=lambda w, s, t, r: [round(float(row @ np.arange(len(row)))) for row in w[: len(r["places"])]])),
    ("pairs: source first", "order in a pair", reading_with(pairs=lambda w, s, t, r: [pair[::-1] for pair in r["pairs"]])),
    ("pairs: places instead of words", "Pairs are words", reading_with(pairs=lambda w, s, t, r: list(zip(r["places"], range(len(r["places"])))))),
    ("pairs: without padding", "Pairs are words|padding is", reading_with(pairs=lambda w, s, t, r: [pair for pair in r["pairs"] if pair[1]])),
    ("pairs: a dict", "a dict keeps one", by_dict),
    ("pairs: None for padding", 'padding is ""', reading_with(pairs=lambda w, s, t, r: [(a, b or None) for a, b in r["pairs"]])),
    ("pairs: by the same place", "Pairs are words", reading_with(pairs=lambda w, s, t, r: list(zip(t, s))[: len(r["places"])])),
    ("pairs: with the weight", "\\(target word, source word\\)", reading_with(pairs=lambda w, s, t, r: [(*pair, 1.0) for pair in r["pairs"]])),
    ("crossings: padding takes part", "takes no part", reading_with(crossings=lambda w, s, t, r: crossed(r["places"]))),
    ("crossings: neighbours only", "all\\* later", reading_with(crossings=lambda w, s, t, r: sum(a > b and bool(s[a]) and bool(s[b]) for a, b in zip([p for p in r["places"] if s[p]], [p for p in r["places"] if s[p]][1:])))),
    ("crossings: each pair twice", "One crossing|each pair once", reading_with(crossings=lambda w, s, t, r: 2 * r["crossings"])),
    ("crossings: the same place crosses", "same place|look at the same", reading_with(crossings=lambda w, s, t, r: sum(a >= b for a, b in itertools.combinations([p for p in r["places"] if s[p]], 2)))),
    ("crossings: off the diagonal", "One crossing|own place", reading_with(crossings=lambda w, s, t, r: sum(k != p for k, p in enumerate(r["places"]) if s[p]))),
    ("crossings: a share", "One crossing|Count pairs", reading_with(crossings=lambda w, s, t, r: r["crossings"] / max(len(r["places"]) * (len(r["places"]) - 1) / 2, 1))),
    ("crossings: the wrong direction", "One crossing|Count pairs", reading_with(crossings=lambda w, s, t, r: sum(a < b for a, b in itertools.combinations([p for p in r["places"] if s[p]], 2)))),
    ("crossings: the list of pairs", "one number|One crossing", reading_with(crossings=lambda w, s, t, r: [pair for pair in itertools.combinations(r["places"], 2) if pair[0] > pair[1]])),
    ("crossings: counts words that cross", "all 10|each pair once|One crossing", reading_with(crossings=lambda w, s, t, r: sum(any(a > b for a in [p for p in r["places"][:k] if s[p]]) for k, b in enumerate(r["places"]) if s[b]))),
    ("monotonic: turned", "not monotonic", reading_with(monotonic=lambda w, s, t, r: r["crossings"] > 0)),
    ("monotonic: always further right", "this one is monotonic", reading_with(monotonic=lambda w, s, t, r: all(a < b for a, b in zip(r["places"], r["places"][1:])))),
    ("monotonic: padding takes part", "others, 0 and 1, decide", reading_with(monotonic=lambda w, s, t, r: r["places"] == sorted(r["places"]))),
    ("monotonic: on the diagonal", "monotonic", reading_with(monotonic=lambda w, s, t, r: r["places"] == list(range(len(r["places"]))))),
    ("monotonic: False without words", "No target word", reading_with(monotonic=lambda w, s, t, r: r["crossings"] == 0 and bool(r["places"]))),
    ("on padding: one column", "all of them", reading_with(on_padding=lambda w, s, t, r: w[: len(r["places"]), -1].tolist())),
    ("on padding: one number", "one share for each", reading_with(on_padding=lambda w, s, t, r: float(np.mean(r["on_padding"])))),
    ("on padding: yes or no", "not whether", reading_with(on_padding=lambda w, s, t, r: [float(s[p] == "") for p in r["places"]])),
    ("on padding: the padding rows, too", "one share for each", reading_with(on_padding=lambda w, s, t, r: w[:, [word == "" for word in s]].sum(axis=1).tolist())),
    ("on padding: the rest", "add up the columns", reading_with(on_padding=lambda w, s, t, r: [1 - share for share in r["on_padding"]])),
    ("on padding: the mean of the columns", "add up", reading_with(on_padding=lambda w, s, t, r: [share / max(s.count(""), 1) for share in r["on_padding"]])),
    ("on padding: the target's padding", "add up", reading_with(on_padding=lambda w, s, t, r: w[: len(r["places"]), [k for k in range(len(t)) if not t[k] and k < len(s)]].sum(axis=1).tolist())),
    ("on padding: the largest", "add up", reading_with(on_padding=lambda w, s, t, r: np.where([word == "" for word in s], w, 0)[: len(r["places"])].max(axis=1, initial=0).tolist())),
    ("returns nothing", "None", lambda w, s, t: None),
    ("returns a list", "Return a dict", lambda w, s, t: list(reading_with()(w, s, t).values())),
    ("a key is missing", "exactly these keys", lambda w, s, t: {key: value for key, value in reading_with()(w, s, t).items() if key != "monotonic"}),
    ("crossings: without words with most of their weight on padding", "largest\\* weight decides", reading_with(crossings=lambda w, s, t, r: crossed([p for p, share in zip(r["places"], r["on_padding"]) if share <= 0.5]))),
    ("places: without those on padding", "stays in the list", reading_with(places=lambda w, s, t, r: [place for place in r["places"] if s[place]])),
    ("places: as many as source words", "three is the number", reading_with(places=lambda w, s, t, r: r["places"][: sum(word != "" for word in s)])),
):  # fmt: skip

    def read_attention(weights, source, target, answer=answer):
        return answer(weights, source, target)

    wrong("read_attention", mistake, says=says)(read_attention)


@wrong("read_attention", "takes the padding out of the weights in place", says="changed what it was given")
def read_attention(weights, source, target):
    result = reading_with()(weights, source, target)
    weights[:, [word == "" for word in source]] = 0
    return result


@wrong("read_attention", "takes the padding out of the sentences in place", says="changed what it was given")
def read_attention(weights, source, target):
    result = reading_with()(weights, source, target)
    while "" in target:
        target.remove("")
    return result


def steps_with(replace=1, begin=1, keep=lambda kind: True, last=0, same=lambda a, b: a == b):
    """A corrections with one thing wrong; `last` is the smallest index to which the walk back goes."""

    def corrections(said, right):
        cost = np.add.outer(np.arange(len(said) + 1), np.arange(len(right) + 1)) * begin
        for i, a in enumerate(said, start=1):
            for j, b in enumerate(right, start=1):
                cost[i, j] = min(
                    cost[i - 1, j] + 1, cost[i, j - 1] + 1, cost[i - 1, j - 1] + replace * (not same(a, b))
                )
        steps, i, j = [], len(said), len(right)
        while (i or j) if not last else (i and j):
            if i and j and cost[i, j] == cost[i - 1, j - 1] + replace * (not same(said[i - 1], right[j - 1])):
                i, j = i - 1, j - 1
                steps.append(("same" if same(said[i], right[j]) else "replace", said[i], right[j]))
            elif i and (not j or cost[i, j] == cost[i - 1, j] + 1):
                i -= 1
                steps.append(("extra", said[i], None))
            else:
                j -= 1
                steps.append(("missing", None, right[j]))
        return [step for step in steps[::-1] if keep(step[0])]

    return corrections


def place_by_place(said, right):
    steps = [("same" if a == b else "replace", a, b) for a, b in zip(said, right)]
    return [*steps, *(("extra", a, None) for a in said[len(right) :]), *(("missing", None, b) for b in right[len(said) :])]  # fmt: skip


def from_the_back(said, right):
    return [step for step in place_by_place(said[::-1], right[::-1])][::-1]


def as_bags(said, right):
    rest, steps = list(right), []
    for sound in said:
        if sound in rest:
            rest.remove(sound)
            steps.append(("same", sound, sound))
        else:
            steps.append(("extra", sound, None))
    return steps + [("missing", None, sound) for sound in rest]


def greedily(said, right):
    steps, i = [], 0
    for sound in said:
        if sound in right[i:]:
            at = right.index(sound, i)
            steps += [("missing", None, other) for other in right[i:at]] + [("same", sound, sound)]
            i = at + 1
        else:
            steps.append(("extra", sound, None))
    return steps + [("missing", None, other) for other in right[i:]]


def longest_block_first(said, right):
    import difflib

    steps = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, said, right, autojunk=False).get_opcodes():
        both = "same" if kind == "equal" else "replace"
        size = min(b - a, d - c)
        steps += [(both, x, y) for x, y in zip(said[a : a + size], right[c : c + size])]
        steps += [("extra", x, None) for x in said[a + size : b]] + [("missing", None, y) for y in right[c + size : d]]
    return steps


def looks_one_ahead(said, right):
    steps, i, j = [], 0, 0
    while i < len(said) and j < len(right):
        if said[i] == right[j]:
            steps.append(("same", said[i], right[j]))
            i, j = i + 1, j + 1
        elif said[i + 1 : i + 2] == right[j : j + 1]:
            steps.append(("extra", said[i], None))
            i += 1
        elif said[i : i + 1] == right[j + 1 : j + 2]:
            steps.append(("missing", None, right[j]))
            j += 1
        else:
            steps.append(("replace", said[i], right[j]))
            i, j = i + 1, j + 1
    return steps + [("extra", a, None) for a in said[i:]] + [("missing", None, b) for b in right[j:]]


def looks_ahead(extras, missings):
    """Take the next match as good that lies at most so many places ahead."""

    def corrections(said, right):
        steps, i, j = [], 0, 0
        while i < len(said) and j < len(right):
            extra = next((k for k in range(extras + 1) if said[i + k : i + k + 1] == right[j : j + 1]), None)
            missing = next((k for k in range(missings + 1) if said[i : i + 1] == right[j + k : j + k + 1]), None)
            if extra is not None and (missing is None or extra <= missing):
                steps += [("extra", each, None) for each in said[i : i + extra]]
                i += extra
            elif missing is not None:
                steps += [("missing", None, each) for each in right[j : j + missing]]
                j += missing
            steps.append(("same" if said[i] == right[j] else "replace", said[i], right[j]))
            i, j = i + 1, j + 1
        return steps + [("extra", a, None) for a in said[i:]] + [("missing", None, b) for b in right[j:]]

    return corrections


def edge_of_zeros(said, right, goes_on=lambda i, j: i or j):
    cost = np.zeros((len(said) + 1, len(right) + 1), int)
    for i, a in enumerate(said, start=1):
        for j, b in enumerate(right, start=1):
            cost[i, j] = min(cost[i - 1, j] + 1, cost[i, j - 1] + 1, cost[i - 1, j - 1] + (a != b))
    steps, i, j = [], len(said), len(right)
    while goes_on(i, j):
        if i and j and cost[i, j] == cost[i - 1, j - 1] + (said[i - 1] != right[j - 1]):
            i, j = i - 1, j - 1
            steps.append(("same" if said[i] == right[j] else "replace", said[i], right[j]))
        elif i and cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
            steps.append(("extra", said[i], None))
        else:
            j -= 1
            steps.append(("missing", None, right[j]))
    return steps[::-1]


def neighbours_exchanged(said, right):
    for k in range(len(said) - 1):
        if said[k : k + 2] == right[k : k + 2][::-1] and len(said) == len(right) and said[k] != said[k + 1]:
            first, second = steps_with()(said[:k], right[:k]), steps_with()(said[k + 2 :], right[k + 2 :])
            return [*first, ("exchange", said[k], right[k]), ("same", said[k + 1], said[k + 1]), *second]
    return steps_with()(said, right)


for mistake, says, answer in (
    ("steps: place by place", "place by place", place_by_place),
    ("steps: place by place from the back", "moved|one extra in front|one extra|place|As few", from_the_back),
    ("steps: bags of sounds", "joined|not what is right|one error|\\*one\\* error", as_bags),
    ("steps: greedily", "\\*one\\* error|As few", greedily),
    ("steps: the longest common part first", "As few", longest_block_first),
    ("steps: looks one ahead", "As few|A B C D|one extra", looks_one_ahead),
    ("steps: replacing costs two", "\\*one\\* error|as few", steps_with(replace=3)),
    ("steps: an edge of zeros", "not zeros", steps_with(begin=0)),
    ("steps: an edge of zeros, the walk falls off it", "not zeros", edge_of_zeros),
    ("steps: looks two ahead", "A B X X X C for B C", looks_ahead(2, 2)),
    ("steps: looks far ahead for extra sounds only", "B C for A B X X X C", looks_ahead(9, 2)),
    ("steps: turned round", "reverse order", lambda a, b: steps_with()(a, b)[::-1]),
    ("steps: without what is right", "belong into the steps|belong to the steps", steps_with(keep=lambda kind: kind != "same")),
    ("steps: without what is missing", "joined|not what is right", steps_with(keep=lambda kind: kind != "missing")),
    ("steps: the beginning is lost", "while i or j", steps_with(last=1)),
    ("steps: extra and missing exchanged", "exchanged", lambda a, b: [({"extra": "missing", "missing": "extra"}.get(k, k), x, y) for k, x, y in steps_with()(a, b)]),
    ("steps: the places exchanged", "exchanged", lambda a, b: [(k, y, x) for k, x, y in steps_with()(a, b)]),
    ("steps: other names", "kinds are", lambda a, b: [({"extra": "insert", "missing": "delete"}.get(k, k), x, y) for k, x, y in steps_with()(a, b)]),
    ("steps: pairs", "triples", lambda a, b: [step[1:] for step in steps_with()(a, b)]),
    ("steps: how many", "triples", lambda a, b: sum(step[0] != "same" for step in steps_with()(a, b))),
    ("steps: replace for all", "“same” is for", lambda a, b: [("replace" if k == "same" else k, x, y) for k, x, y in steps_with()(a, b)]),
    ("steps: the stress does not count", "whole|“same” is for", steps_with(same=lambda a, b: a.rstrip("012") == b.rstrip("012"))),
    ("steps: letters instead of sounds", "joined|AH is one", lambda a, b: steps_with()(list("".join(a)), list("".join(b)))),
    ("steps: neighbours exchanged at once", "kinds are|swapping", neighbours_exchanged),
    ("steps: both sounds in each", "None as its third|exchanged", lambda a, b: [(k, x or y, y or x) for k, x, y in steps_with()(a, b)]),
    ("steps: all extra, all missing", "no error", lambda a, b: [("extra", x, None) for x in a] + [("missing", None, y) for y in b]),
    ("steps: nothing for nothing said", "None", lambda a, b: steps_with()(a, b) if a and b else None),
    ("steps: returns nothing", "None", lambda a, b: None),
    ("steps: replacing costs as much as an extra and a missing", "costs 1 in the table", steps_with(replace=2)),
    ("steps: an edge of zeros, the walk stops below zero", "not zeros", lambda a, b: edge_of_zeros(a, b, goes_on=lambda i, j: i > 0 or j > 0)),
):  # fmt: skip

    def corrections(said, right, answer=answer):
        return answer(said, right)

    wrong("corrections", mistake, says=says)(corrections)


@wrong("corrections", "steps: uses up its lists", says="changed the lists")
def corrections(said, right):
    steps = steps_with()(said, right)
    while said:
        said.pop()
    return steps


def errors_in(said, right):
    return sum(step[0] != "same" for step in steps_with()(said, right))


for mistake, says, answer in (
    ("the number of errors", "not the number of errors", lambda pairs: sum(errors_in(a, b) for a, b in pairs)),
    ("per cent", "not per cent", lambda pairs: 100 * sum(errors_in(a, b) for a, b in pairs) / sum(len(b) for _, b in pairs)),
    ("the mean of the words", "Not the mean", lambda pairs: sum(errors_in(a, b) / max(len(b), 1) for a, b in pairs) / len(pairs)),
    ("per word", "not of words|not words|errors per right", lambda pairs: sum(errors_in(a, b) for a, b in pairs) / len(pairs)),
    ("the share of wrong words", "not words|share of words", lambda pairs: sum(a != b for a, b in pairs) / len(pairs)),
    ("by the longer one", "by the longer", lambda pairs: sum(errors_in(a, b) for a, b in pairs) / max(sum(max(len(a), len(b)) for a, b in pairs), 1)),
    ("by what was said", "below the line|right sounds", lambda pairs: sum(errors_in(a, b) for a, b in pairs) / sum(len(a) for a, _ in pairs)),
    ("by both together", "both|1/3", lambda pairs: 2 * sum(errors_in(a, b) for a, b in pairs) / sum(len(a) + len(b) for a, b in pairs)),
    ("the share that is right", "1/3|share of right", lambda pairs: 1 - sum(errors_in(a, b) for a, b in pairs) / sum(len(b) for _, b in pairs)),
    ("at most 1", "above 1", lambda pairs: min(1.0, sum(errors_in(a, b) for a, b in pairs) / sum(len(b) for _, b in pairs))),
    ("what is right counts as well", "1/3|1 +", lambda pairs: sum(len(steps_with()(a, b)) for a, b in pairs) / sum(len(b) for _, b in pairs)),
    ("only what is replaced", "1 \\+ 3", lambda pairs: sum(step[0] == "replace" for a, b in pairs for step in steps_with()(a, b)) / sum(len(b) for _, b in pairs)),
    ("one number per word", "one number", lambda pairs: [errors_in(a, b) / max(len(b), 1) for a, b in pairs]),
    ("a word without sounds", "ZeroDivision|by zero|mean", lambda pairs: sum(errors_in(a, b) / len(b) * len(b) for a, b in pairs) / sum(len(b) for _, b in pairs)),
    ("only the first word", "Four words", lambda pairs: errors_in(*pairs[0]) / max(len(pairs[0][1]), 1)),
    ("returns nothing", "None", lambda pairs: None),
    ("leaves out words without a right sound", "below the line, but", lambda pairs: sum(errors_in(a, b) for a, b in pairs if b) / sum(len(b) for _, b in pairs)),
    ("place by place", "Count the steps", lambda pairs: sum(step[0] != "same" for a, b in pairs for step in place_by_place(a, b)) / sum(len(b) for _, b in pairs)),
):  # fmt: skip

    def error_rate(pairs, answer=answer):
        return answer(pairs)

    wrong("corrections", f"rate: {mistake}", says=says)(error_rate)
