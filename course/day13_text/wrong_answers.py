"""Plausible mistakes of day 13: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


def encode_with(
    first=2,
    unknown=1,
    cut=lambda numbers, length: numbers[:length],
    front=False,
    words=words_of,
    dtype="int32",
    fill=0,
):
    """An encode with one thing wrong; `unknown` None leaves unknown words out."""

    def encode(texts, vocabulary, length):
        number_of = {word: number for number, word in enumerate(vocabulary, start=first)}
        result = np.full((len(texts), length), fill, dtype=dtype)
        for row, text in zip(result, texts):
            numbers = [number_of.get(word, unknown) for word in words(text)]
            numbers = cut([number for number in numbers if number is not None], length)
            if front and numbers:
                row[-len(numbers) :] = numbers
            else:
                row[: len(numbers)] = numbers
        return result

    return encode


for mistake, says, answer in (
    ("words numbered from 0", "number 2", encode_with(first=0)),
    ("words numbered from 1", "number 2", encode_with(first=1)),
    ("words numbered from 3", "2 3 4 6", encode_with(first=3)),
    ("unknown words left out", "not left out", encode_with(unknown=None)),
    ("unknown words as padding", "not padding", encode_with(unknown=0)),
    ("padding in front", "behind", encode_with(front=True)),
    ("the beginning cut off", "loses its \\*end", encode_with(cut=lambda numbers, length: numbers[-length:])),
    ("capitals kept", "0 is padding and 1|small letters", encode_with(words=lambda text: re.findall(r"[A-Za-z0-9']+", text))),
    ("decimal numbers", "whole numbers", encode_with(dtype="float32")),
    ("padding with 1", "2 3 4 6", encode_with(fill=1)),
    ("as long as the longest text", "`length`", lambda texts, vocabulary, length: encode_with()(texts, vocabulary, max(len(words_of(t)) for t in texts))),
    ("for the shown vocabulary only", "vocabulary", lambda texts, vocabulary, length: encode_with()(texts, ["the", "film", "is", "don't", "good"], length)),
    ("vocabulary sorted", "2 3 4 6|`vocabulary`|number 2|small letters", lambda texts, vocabulary, length: encode_with()(texts, sorted(vocabulary), length)),
    ("eight bits", "int8", encode_with(dtype="int8")),
    ("without the last word", "2 3 4 6|full stop", encode_with(cut=lambda numbers, length: numbers[:length][:-1])),
):  # fmt: skip

    def encode(texts, vocabulary, length, answer=answer):
        return answer(texts, vocabulary, length)

    wrong("encode", mistake, says=says)(encode)


@wrong("encode", "rows of unequal length", says="filled up")
def encode(texts, vocabulary, length):
    number_of = {word: number for number, word in enumerate(vocabulary, start=2)}
    return [[number_of.get(word, 1) for word in words_of(text)][:length] for text in texts]


@wrong("encode", "five zeros at most", says="filled up|34 zeros|`length`")
def encode(texts, vocabulary, length):
    number_of = {word: number for number, word in enumerate(vocabulary, start=2)}
    return [([number_of.get(word, 1) for word in words_of(text)] + [0] * 6)[:length] for text in texts]


@wrong("encode", "looks for the word inside the known ones", says="as wholes")
def encode(texts, vocabulary, length):
    result = np.zeros((len(texts), length), "int32")
    for row, text in zip(result, texts):
        found = [[k for k, known in enumerate(vocabulary, 2) if word in known] for word in words_of(text)][:length]
        row[: len(found)] = [places[0] if places else 1 for places in found]
    return result


@wrong("encode", "each word once", says="comes twice")
def encode(texts, vocabulary, length):
    number_of = {word: number for number, word in enumerate(vocabulary, start=2)}
    result = np.zeros((len(texts), length), "int32")
    for row, text in zip(result, texts):
        numbers = [number_of.get(word, 1) for word in dict.fromkeys(words_of(text))][:length]
        row[: len(numbers)] = numbers
    return result


@wrong("encode", "letters only", says="a number such as")
def encode(texts, vocabulary, length):
    return encode_with()([re.sub(r"\b[0-9]+\b", "", text) for text in texts], vocabulary, length)


@wrong("encode", "lengthens the vocabulary", says="changed the vocabulary")
def encode(texts, vocabulary, length):
    vocabulary[:0] = ["", "[UNK]"]
    return encode_with(first=0)(texts, vocabulary, length)


@wrong("encode", "splits at blanks", says="full stop")
def encode(texts, vocabulary, length):
    number_of = {word: number for number, word in enumerate(vocabulary, start=2)}
    rows = [[number_of.get(word, 1) for word in text.lower().split()][:length] for text in texts]
    return np.array([row + [0] * (length - len(row)) for row in rows])


@wrong("encode", "returns nothing", says="None")
def encode(texts, vocabulary, length):
    encode_with()(texts, vocabulary, length)


def joined(pieces, pair, once=False):
    result, done = [], False
    for piece in pieces:
        if result and (result[-1], piece) == pair and not (once and done):
            result[-1] += piece
            done = True
        else:
            result.append(piece)
    return result


def merged(pieces, merges):
    """Join the pairs one after another, in the order of the merges."""
    for pair in merges:
        pieces = joined(pieces, tuple(pair))
    return pieces


@wrong("bpe", "small letters first", says="Leave the word as it is")
def bpe(word, merges):
    return merged([*word.lower(), "_"], merges)


@wrong("bpe", "the end sign at the last letter", says="piece of its own")
def bpe(word, merges):
    return merged([*word[:-1], word[-1:] + "_"], merges)


@wrong("bpe", "turns the pairs into tuples in place", says="changed the list")
def bpe(word, merges):
    merges[:] = map(tuple, merges)
    return merged([*word, "_"], merges)


@wrong("bpe", "the leftmost pair first", says="learned \\*first|learned first")
def bpe(word, merges):
    known, pieces = {tuple(pair) for pair in merges}, [*word, "_"]
    while pairs := [pair for pair in zip(pieces, pieces[1:]) if pair in known]:
        pieces = joined(pieces, pairs[0])
    return pieces


@wrong("bpe", "the pair learned last first", says="learned \\*?first")
def bpe(word, merges):
    rank, pieces = {tuple(pair): k for k, pair in enumerate(merges)}, [*word, "_"]
    while pairs := [pair for pair in zip(pieces, pieces[1:]) if pair in rank]:
        pieces = joined(pieces, max(pairs, key=rank.get))
    return pieces


@wrong("bpe", "looks at the letters once", says="after every merge")
def bpe(word, merges):
    pieces = [*word, "_"]
    at_first = set(zip(pieces, pieces[1:]))
    return merged(pieces, [pair for pair in merges if tuple(pair) in at_first])


@wrong("bpe", "only the first occurrence, once", says="All\\* occurrences")
def bpe(word, merges):
    rank, pieces, used = {tuple(pair): k for k, pair in enumerate(merges)}, [*word, "_"], set()
    while pairs := [pair for pair in zip(pieces, pieces[1:]) if pair in rank and pair not in used]:
        best = min(pairs, key=rank.get)
        pieces = joined(pieces, best, once=True)
        used.add(best)
    return pieces


@wrong("bpe", "without the end sign", says="end sign")
def bpe(word, merges):
    rank, pieces = {tuple(pair): k for k, pair in enumerate(merges)}, [*word]
    while pairs := [pair for pair in zip(pieces, pieces[1:]) if pair in rank]:
        pieces = joined(pieces, min(pairs, key=rank.get))
    return pieces


@wrong("bpe", "joins all longest strings it knows", says="learned \\*?first|low · er_|after l\\+o|neighbouring")
def bpe(word, merges):
    known, rest, pieces = {"".join(pair) for pair in merges}, word + "_", []
    while rest:
        size = next((n for n in range(len(rest), 0, -1) if rest[:n] in known), 1)
        pieces.append(rest[:size])
        rest = rest[size:]
    return pieces


@wrong("bpe", "letters used twice", says="nothing twice|no letter is used twice")
def bpe(word, merges):
    rank, pieces = {tuple(pair): k for k, pair in enumerate(merges)}, [*word, "_"]
    while pairs := [pair for pair in zip(pieces, pieces[1:]) if pair in rank]:
        best = min(pairs, key=rank.get)
        places = [k for k, pair in enumerate(zip(pieces, pieces[1:])) if pair == best]
        taken = {k + 1 for k in places} - ({k for k in places} if len(places) == 1 else set())
        pieces = [
            a + pieces[k + 1] if k in places else a for k, a in enumerate(pieces) if k in places or k not in taken
        ]
    return pieces


@wrong("bpe", "from right to left", says="aa · a|left to right")
def bpe(word, merges):
    rank, pieces = {tuple(pair): k for k, pair in enumerate(merges)}, [*word, "_"]
    while pairs := [pair for pair in zip(pieces, pieces[1:]) if pair in rank]:
        best, result = min(pairs, key=rank.get), []
        for piece in reversed(pieces):
            if result and (piece, result[0]) == best:
                result[0] = piece + result[0]
            else:
                result.insert(0, piece)
        pieces = result
    return pieces


@wrong("bpe", "needs tuples", says="lists")
def bpe(word, merges):
    pieces, merges = [*word, "_"], list(merges)
    while pairs := [pair for pair in zip(pieces, pieces[1:]) if pair in merges]:
        pieces = joined(pieces, min(pairs, key=merges.index))
    return pieces


@wrong("bpe", "uses up the list it is given", says="changed the list")
def bpe(word, merges):
    pieces = [*word, "_"]
    while merges:
        pieces = joined(pieces, tuple(merges.pop(0)))
    return pieces


@wrong("bpe", "replaces in the text", says="Compare whole pieces")
def bpe(word, merges):
    text = " ".join(word) + " _"
    for a, b in merges:
        text = text.replace(f"{a} {b}", a + b)
    return text.split()


def prepare_with(
    adapt=lambda layer, learn, exam: layer.adapt(learn),
    again=None,
    listed=lambda layer: layer.get_vocabulary(),
    **options,
):
    """A prepare with one thing wrong."""

    def prepare(train_texts, test_texts, size, length):
        given = {"max_tokens": size, "output_sequence_length": length} | options
        vectorise = layers.TextVectorization(**given)
        adapt(vectorise, train_texts, test_texts)
        first = np.asarray(vectorise(train_texts))
        if again:
            vectorise = layers.TextVectorization(**given)
            again(vectorise, train_texts, test_texts)
        return first, np.asarray(vectorise(test_texts)), listed(vectorise)

    return prepare


for mistake, says, answer in (
    ("adapts on both parts", "leaked", prepare_with(lambda layer, learn, exam: layer.adapt(list(learn) + list(exam)))),
    ("adapts on the test", "only words of the test", prepare_with(lambda layer, learn, exam: layer.adapt(exam))),
    ("adapts a second time, on the test", "throws away", prepare_with(lambda layer, learn, exam: (layer.adapt(learn), layer.adapt(exam)))),
    ("another layer for the test", "leaked|same\\* adapted|only words of the test", prepare_with(again=lambda layer, learn, exam: layer.adapt(exam))),
    ("ignores the size", "max_tokens", prepare_with(max_tokens=None)),
    ("one more than the size", "four entries", lambda a, b, size, length: prepare_with()(a, b, size + 1, length)),
    ("padding and [UNK] not counted", "four entries", lambda a, b, size, length: prepare_with()(a, b, size + 2, length)),
    ("ignores the length", "`length`", prepare_with(output_sequence_length=None)),
    ("always five numbers", "output_sequence_length", prepare_with(output_sequence_length=5)),
    ("the list without its special entries", "get_vocabulary", prepare_with(listed=lambda layer: layer.get_vocabulary(include_special_tokens=False))),
    ("capitals and signs kept", "small letters", prepare_with(standardize=None)),
    ("only the first training text", "all of them", prepare_with(lambda layer, learn, exam: layer.adapt(learn[:1]))),
    ("returns the texts of the test", "whole numbers|one row per text", lambda a, b, size, length: (*prepare_with()(a, b, size, length)[:1], b, prepare_with()(a, b, size, length)[2])),
    ("only two things", "three things", lambda a, b, size, length: prepare_with()(a, b, size, length)[:2]),
    ("a sorted list", "frequent words come first|entry 0", prepare_with(listed=lambda layer: ["", "[UNK]", *sorted(layer.get_vocabulary()[2:])])),
):  # fmt: skip

    def prepare(train_texts, test_texts, size, length, answer=answer):
        return answer(train_texts, test_texts, size, length)

    wrong("prepare", mistake, says=says)(prepare)


@wrong("prepare", "test words counted, then taken out", says="frequencies of the test")
def prepare(train_texts, test_texts, size, length):
    known = {word for text in train_texts for word in text.lower().replace("!", "").replace(",", "").split()}
    layer = layers.TextVectorization()
    layer.adapt(list(train_texts) + list(test_texts))
    kept = [word for word in layer.get_vocabulary()[2:] if word in known][: size - 2]
    layer = layers.TextVectorization(vocabulary=kept, output_sequence_length=length)
    return np.asarray(layer(train_texts)), np.asarray(layer(test_texts)), layer.get_vocabulary()


for mistake, says, answer in (
    ("one-hot rows instead", "row of `size`", lambda numbers, table: np.eye(len(table))[numbers]),
    ("rows counted from 1", "counted from 0", lambda numbers, table: table[np.asarray(numbers) - 1]),
    ("0 gives zeros", "0 has a row", lambda numbers, table: table[numbers] * (np.asarray(numbers)[..., None] > 0)),
    ("made flat", "One axis more", lambda numbers, table: table[np.ravel(numbers)]),
    ("the mean of the sentence", "One axis more", lambda numbers, table: table[numbers].mean(axis=1)),
    ("for two axes only", "not enough|stopped|one sentence|axis", lambda numbers, table: np.array([[table[n] for n in row] for row in numbers])),
    ("for six rows only", "stopped|Any shape", lambda numbers, table: np.eye(6)[numbers] @ table),
    ("looks up columns", "stopped|One axis|row", lambda numbers, table: table.T[numbers]),
):  # fmt: skip

    def look_up(numbers, table, answer=answer):
        return answer(numbers, table)

    wrong("embedding", f"look-up: {mistake}", says=says)(look_up)


def flat_one_hot(numbers, rows):
    return np.eye(rows)[np.ravel(numbers)]


@wrong("embedding", "slopes: += counts repeated words once", says="only \\*one\\*")
def table_slopes(numbers, slopes, rows):
    result = np.zeros((rows, slopes.shape[-1]))
    result[numbers] += slopes
    return result


@wrong("embedding", "slopes: = keeps the last", says="only \\*one\\*")
def table_slopes(numbers, slopes, rows):
    result = np.zeros((rows, slopes.shape[-1]))
    for place in np.ndindex(np.shape(numbers)):
        result[numbers[place]] = slopes[place]
    return result


@wrong("embedding", "slopes: the first occurrence only", says="only \\*one\\*")
def table_slopes(numbers, slopes, rows):
    result = np.zeros((rows, slopes.shape[-1]))
    for place in reversed(list(np.ndindex(np.shape(numbers)))):
        result[numbers[place]] = slopes[place]
    return result


@wrong("embedding", "slopes: the mean", says="not the mean")
def table_slopes(numbers, slopes, rows):
    one_hot = flat_one_hot(numbers, rows)
    return one_hot.T @ slopes.reshape(-1, slopes.shape[-1]) / np.maximum(one_hot.sum(axis=0), 1)[:, None]


@wrong("embedding", "slopes: divided by the sentences", says="sum of the output's slopes")
def table_slopes(numbers, slopes, rows):
    return flat_one_hot(numbers, rows).T @ slopes.reshape(-1, slopes.shape[-1]) / len(numbers)


@wrong("embedding", "slopes: padding gets none", says="Row 0")
def table_slopes(numbers, slopes, rows):
    result = flat_one_hot(numbers, rows).T @ slopes.reshape(-1, slopes.shape[-1])
    result[0] = 0
    return result


@wrong("embedding", "slopes: only the first sentence", says="first sentence")
def table_slopes(numbers, slopes, rows):
    return np.eye(rows)[numbers[0]].T @ slopes[0]


@wrong("embedding", "slopes: as many rows as needed", says="rows")
def table_slopes(numbers, slopes, rows):
    return flat_one_hot(numbers, np.max(numbers) + 1).T @ slopes.reshape(-1, slopes.shape[-1])


@wrong("embedding", "slopes: always six rows", says="as many rows")
def table_slopes(numbers, slopes, rows):
    return flat_one_hot(numbers, 6).T @ slopes.reshape(-1, slopes.shape[-1])


@wrong("embedding", "slopes: of the output's shape", says="table's shape")
def table_slopes(numbers, slopes, rows):
    return slopes


@wrong("embedding", "slopes: by the counts, not the slopes", says="sum of the output's slopes|does not occur|Row")
def table_slopes(numbers, slopes, rows):
    return np.tile(flat_one_hot(numbers, rows).sum(axis=0)[:, None], (1, slopes.shape[-1]))


@wrong("embedding", "slopes: for two axes of numbers only", says="stopped|shape")
def table_slopes(numbers, slopes, rows):
    result = np.zeros((rows, slopes.shape[-1]))
    for i in range(numbers.shape[0]):
        for j in range(numbers.shape[1]):
            result[numbers[i, j]] += slopes[i, j]
    return result


def report_with(**changed):
    """A spam_report with one or more entries computed by another rule, from spam, flagged (bool arrays)."""

    def spam_report(is_spam, flagged):
        spam, flagged = np.asarray(is_spam, bool), np.asarray(flagged, bool)

        def share(part, whole):
            return part.sum() / whole.sum() if whole.any() else 0.0

        recall, through = share(spam & flagged, spam), share(~spam & ~flagged, ~spam)
        result = {
            "accuracy": np.mean(spam == flagged),
            "baseline": max(spam.mean(), 1 - spam.mean()),
            "precision": share(spam & flagged, flagged),
            "recall": recall,
            "balanced": (recall + through) / 2,
        }
        return result | {key: rule(spam, flagged, result) for key, rule in changed.items()}

    return spam_report


for mistake, says, answer in (
    ("precision and recall exchanged", "exchanged", report_with(precision=lambda s, f, r: r["recall"], recall=lambda s, f, r: r["precision"])),
    ("baseline always “no spam”", "most mails are spam", report_with(baseline=lambda s, f, r: 1 - s.mean())),
    ("baseline is the share of spam", "larger of the two|no spam", report_with(baseline=lambda s, f, r: s.mean())),
    ("baseline is a half", "right for 950", report_with(baseline=lambda s, f, r: 0.5)),
    ("baseline from the filter", "baseline|constant", report_with(baseline=lambda s, f, r: max(f.mean(), 1 - f.mean()))),
    ("balanced from precision and recall", "mean is 0.5|precision and recall", report_with(balanced=lambda s, f, r: (r["precision"] + r["recall"]) / 2)),
    ("balanced is the F1 score", "0.5|Balanced", report_with(balanced=lambda s, f, r: 2 * r["precision"] * r["recall"] / max(r["precision"] + r["recall"], 1e-9))),
    ("accuracy counts flagged spam only", "950", report_with(accuracy=lambda s, f, r: np.mean(s & f))),
    ("recall over all mails", "recall|all 4", report_with(recall=lambda s, f, r: np.mean(s & f))),
    ("division by zero when nothing is flagged", "division by zero", report_with(precision=lambda s, f, r: np.float64((s & f).sum()) / np.float64(f.sum()) if f.any() else float("nan"))),
    ("division by zero without spam", "No spam at all", report_with(recall=lambda s, f, r: r["recall"] if s.any() else float("nan"))),
    ("recall 1 without spam", "No spam at all", report_with(recall=lambda s, f, r: r["recall"] if s.any() else 1.0)),
    ("in per cent", "950", report_with(accuracy=lambda s, f, r: 100 * r["accuracy"])),
    ("good mails wrongly counted", "mean is 0.5|Balanced", report_with(balanced=lambda s, f, r: (r["recall"] + np.mean(~s & ~f)) / 2)),
    ("precision 1 when nothing is flagged", "0.0 by our rule", report_with(precision=lambda s, f, r: r["precision"] if f.any() else 1.0)),
    ("only the recall in balanced", "0.5", report_with(balanced=lambda s, f, r: r["recall"])),
):  # fmt: skip

    def spam_report(is_spam, flagged, answer=answer):
        return answer(is_spam, flagged)

    wrong("spam_report", mistake, says=says)(spam_report)


@wrong("spam_report", "~ on arrays of 0 and 1", says="bool first")
def spam_report(is_spam, flagged):
    s, f = np.asarray(is_spam), np.asarray(flagged)
    if s.dtype == bool or isinstance(is_spam, list):
        return report_with()(s, f)
    good = report_with()(s, f)
    return good | {"balanced": (good["recall"] + np.sum(~s & ~f) / np.sum(~s)) / 2}


@wrong("spam_report", "a key is missing", says="exactly these keys")
def spam_report(is_spam, flagged):
    result = report_with()(is_spam, flagged)
    del result["balanced"]
    return result


@wrong("spam_report", "returns a list", says="dict")
def spam_report(is_spam, flagged):
    return list(report_with()(is_spam, flagged).values())


def pairs_with(
    normal=lambda v: v / np.linalg.norm(v, axis=1, keepdims=True),
    score=lambda step, along: step @ along / np.linalg.norm(step) / np.linalg.norm(along),
    allowed=lambda i, j, distance, largest: i != j and distance <= largest,
    order=lambda entry: -entry[2],
    entry=lambda x, y, value: (x, y, value),
    take=lambda found, count: found[:count],
):
    """A biased_pairs with one thing wrong."""

    def biased_pairs(names, vectors, direction, count=5, largest=1.25):
        unit, found = normal(vectors), []
        for i, x in enumerate(names):
            for j, y in enumerate(names):
                step = unit[i] - unit[j]
                if allowed(i, j, np.linalg.norm(step), largest):
                    with np.errstate(all="ignore"):
                        found.append(entry(x, y, float(np.nan_to_num(score(step, direction)))))
        return take(sorted(found, key=order), count)

    return biased_pairs


for mistake, says, answer in (
    ("the vectors as they are", "length 1", pairs_with(normal=lambda v: v)),
    ("one length for all vectors", "each row", pairs_with(normal=lambda v: v / np.linalg.norm(v))),
    ("lengths of the columns", "length 1", pairs_with(normal=lambda v: v / np.linalg.norm(v, axis=0, keepdims=True))),
    ("not divided by the step's length", "step's length|divide", pairs_with(score=lambda step, along: step @ along / np.linalg.norm(along))),
    ("not divided by the direction's length", "that of the direction", pairs_with(score=lambda step, along: step @ along / np.linalg.norm(step))),
    ("the pair the wrong way round", "other way round", pairs_with(entry=lambda x, y, value: (y, x, value))),
    ("absolute cosine", "Keep the sign", pairs_with(score=lambda step, along: abs(step @ along) / np.linalg.norm(step) / np.linalg.norm(along))),
    ("smallest first", "other way round|largest cosine", pairs_with(order=lambda entry: entry[2])),
    ("ignores the limit", "largest|North|further apart", pairs_with(allowed=lambda i, j, distance, largest: i != j)),
    ("always the limit 1.25", "largest|further apart", pairs_with(allowed=lambda i, j, distance, largest: i != j and distance <= 1.25)),
    ("squared distance", "square", pairs_with(allowed=lambda i, j, distance, largest: i != j and distance**2 <= largest)),
    ("each pair once only", "both directions|exactly|north", pairs_with(allowed=lambda i, j, distance, largest: i < j and distance <= largest)),
    ("words with themselves", "itself|further apart|twice", pairs_with(allowed=lambda i, j, distance, largest: distance <= largest)),
    ("ignores count", "count", pairs_with(take=lambda found, count: found)),
    ("always five", "count", pairs_with(take=lambda found, count: found[:5])),
    ("only positive cosines", "negative cosine", pairs_with(take=lambda found, count: [e for e in found if e[2] > 0][:count])),
    ("without the cosine", "triples", pairs_with(entry=lambda x, y, value: (x, y, value), take=lambda found, count: [e[:2] for e in found[:count]])),
    ("cosine of the words' projections", "cosine|North|divide|largest", lambda names, vectors, direction, count=5, largest=1.25: pairs_with(score=lambda step, along: step[1])(names, vectors, direction, count, largest)),
    ("in order of the names", "largest cosine|North", pairs_with(order=lambda entry: entry[:2])),
    ("returns nothing", "None", lambda names, vectors, direction, count=5, largest=1.25: None),
):  # fmt: skip

    def biased_pairs(names, vectors, direction, count=5, largest=1.25, answer=answer):
        return answer(names, vectors, direction, count=count, largest=largest)

    wrong("biased_pairs", mistake, says=says)(biased_pairs)


@wrong("biased_pairs", "normalises in place", says="changed the vectors")
def biased_pairs(names, vectors, direction, count=5, largest=1.25):
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return pairs_with(normal=lambda v: v)(names, vectors, direction, count, largest)


@wrong("biased_pairs", "ignores the direction", says="`direction`|other way round|North")
def biased_pairs(names, vectors, direction, count=5, largest=1.25):
    along = np.zeros(vectors.shape[1])
    along[1] = 1.0
    return pairs_with()(names, vectors, along, count, largest)


@wrong("biased_pairs", "shortens the direction in place", says="changed the direction")
def biased_pairs(names, vectors, direction, count=5, largest=1.25):
    direction /= np.linalg.norm(direction)
    return pairs_with()(names, vectors, direction, count, largest)


@wrong("biased_pairs", "sorts the names in place", says="changed the list of names")
def biased_pairs(names, vectors, direction, count=5, largest=1.25):
    result = pairs_with()(names, vectors, direction, count, largest)
    names.sort()
    return result


@wrong("biased_pairs", "another default limit", says="default `largest`")
def biased_pairs(names, vectors, direction, count=5, largest=1.0):
    return pairs_with()(names, vectors, direction, count, largest)


@wrong("biased_pairs", "never beyond 1.25", says="1.41 apart|`largest`")
def biased_pairs(names, vectors, direction, count=5, largest=1.25):
    return pairs_with()(names, vectors, direction, count, min(largest, 1.25))


@wrong("biased_pairs", "nearer than the limit, not at it", says="\\*at\\* the limit")
def biased_pairs(names, vectors, direction, count=5, largest=1.25):
    return pairs_with(allowed=lambda i, j, distance, limit: i != j and distance < limit)(
        names, vectors, direction, count, largest
    )


@wrong("spam_report", "changes what it was given", says="changed the arrays")
def spam_report(is_spam, flagged):
    result = report_with()(is_spam, flagged)
    flagged[:] = is_spam
    return result


@wrong("prepare", "lengthens the training texts", says="changed the lists|zebra")
def prepare(train_texts, test_texts, size, length):
    result = prepare_with()(train_texts, test_texts, size, length)
    train_texts.extend(test_texts)
    return result


@wrong("prepare", "how many words instead of which", says="the list of words itself")
def prepare(train_texts, test_texts, size, length):
    first, second, listed = prepare_with()(train_texts, test_texts, size, length)
    return first, second, len(listed)


@wrong("prepare", "decimal numbers", says="whole numbers")
def prepare(train_texts, test_texts, size, length):
    first, second, listed = prepare_with()(train_texts, test_texts, size, length)
    return first.astype("float32"), second.astype("float32"), listed


@wrong("embedding", "look-up: lists", says="not a list")
def look_up(numbers, table):
    return np.asarray(table)[np.asarray(numbers)].tolist()


@wrong("embedding", "slopes: one or two axes of numbers only", says="Any shape|stopped")
def table_slopes(numbers, slopes, rows):
    numbers = np.atleast_2d(numbers)
    slopes, result = slopes.reshape(*numbers.shape, -1), np.zeros((rows, slopes.shape[-1]))
    for i, row in enumerate(numbers):
        for j, number in enumerate(row):
            result[int(number)] += slopes[i, j]
    return result


for mistake, says, answer in (
    ("strips signs from the ends of words", "quotation marks", encode_with(words=lambda text: [word for part in text.lower().split() if (word := part.strip(".,!?"))])),
    ("signs deleted, words with a hyphen glued", "quotation marks", encode_with(words=lambda text: re.sub(r"[^\w\s']", "", text.lower()).split())),
    ("apostrophes taken for signs", "keeps its apostrophe", encode_with(words=lambda text: re.findall(r"\w+", text.lower()))),
):  # fmt: skip

    def encode(texts, vocabulary, length, answer=answer):
        return answer(texts, vocabulary, length)

    wrong("encode", mistake, says=says)(encode)


@wrong("bpe", "the end sign behind the finished pieces", says="takes part in the merges")
def bpe(word, merges):
    return [*merged([*word], merges), "_"]


@wrong("bpe", "from the last merge to the first", says="begin with the pair")
def bpe(word, merges):
    return merged([*word, "_"], merges[::-1])


@wrong("bpe", "one text with blanks", says="not one text")
def bpe(word, merges):
    return " ".join(merged([*word, "_"], merges))


for mistake, says, answer in (
    ("each training text once", "each training text counts", prepare_with(lambda layer, learn, exam: layer.adapt(list(dict.fromkeys(learn))))),
    ("each word once per text", "as often as it stands", prepare_with(lambda layer, learn, exam: layer.adapt([" ".join(dict.fromkeys(text.split())) for text in learn]))),
    ("without the training texts that the test has", "\\*all\\* of them", prepare_with(lambda layer, learn, exam: layer.adapt([text for text in learn if text not in exam]))),
    ("adapts on one training text after the other", "in one call", prepare_with(lambda layer, learn, exam: [layer.adapt([text]) for text in learn])),
    ("two less than the size, for padding and [UNK]", "`size` as it is", lambda a, b, size, length: prepare_with()(a, b, size - 2, length)),
):  # fmt: skip

    def prepare(train_texts, test_texts, size, length, answer=answer):
        return answer(train_texts, test_texts, size, length)

    wrong("prepare", mistake, says=says)(prepare)


@wrong("embedding", "slopes: += sentence by sentence", says="first sentence.*one\\*")
def table_slopes(numbers, slopes, rows):
    result = np.zeros((rows, slopes.shape[-1]))
    for sentence, part in zip(numbers, slopes):
        result[sentence] += part
    return result


@wrong("embedding", "slopes: += place by place", says="both sentences.*one\\*")
def table_slopes(numbers, slopes, rows):
    result = np.zeros((rows, slopes.shape[-1]))
    for place in range(numbers.shape[-1]):
        result[numbers[..., place]] += slopes[..., place, :]
    return result


for mistake, says, answer in (
    ("nothing flagged: baseline is the accuracy", "3 of 4 mails are spam", report_with(baseline=lambda s, f, r: r["baseline"] if f.any() else r["accuracy"])),
    ("precision of two digits", "rounded", report_with(precision=lambda s, f, r: round(r["precision"], 2))),
    ("nothing flagged: balanced is a half", "all mails are spam", report_with(balanced=lambda s, f, r: r["balanced"] if f.any() else 0.5)),
):  # fmt: skip

    def spam_report(is_spam, flagged, answer=answer):
        return answer(is_spam, flagged)

    wrong("spam_report", mistake, says=says)(spam_report)


@wrong("biased_pairs", "the best pairs first, the limit afterwards", says="first leave out")
def biased_pairs(names, vectors, direction, count=5, largest=1.25):
    near = {(x, y) for x, y, _ in pairs_with()(names, vectors, direction, len(names) ** 2, largest)}
    best = pairs_with(allowed=lambda i, j, distance, limit: i != j)(names, vectors, direction, count, largest)
    return [entry for entry in best if entry[:2] in near]


for mistake, says, answer in (
    ("the cosine first", "begins with the two names", pairs_with(take=lambda found, count: [(value, x, y) for x, y, value in found[:count]])),
    ("places instead of names", "begins with the two names", lambda names, *given, **more: pairs_with()(range(len(names)), *given, **more)),
):  # fmt: skip

    def biased_pairs(names, vectors, direction, count=5, largest=1.25, answer=answer):
        return answer(names, vectors, direction, count=count, largest=largest)

    wrong("biased_pairs", mistake, says=says)(biased_pairs)
