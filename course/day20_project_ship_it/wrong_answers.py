"""Plausible mistakes of day 20: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""

from scipy import ndimage

# Exercise 1


def cut(drawing, least=5.0, ink=0.1, extra=0, slip=""):
    """The reference with one place to go wrong."""
    has_ink = (drawing > ink).any(axis=0).astype(int)
    if slip == "mean of the column":
        has_ink = (drawing.mean(axis=0) > 0.1).astype(int)
    ends_with = [0] if slip != "no end" else []
    turns = np.diff(np.r_[0 if slip != "no start" else has_ink[:1], has_ink, ends_with])
    first, behind = np.flatnonzero(turns == 1), np.flatnonzero(turns == -1)
    pieces = [drawing[:, start : end + extra] for start, end in zip(first, behind)]
    if slip == "width":
        return [piece for piece in pieces if piece.shape[1] >= 3]
    if slip == "count of pixels":
        return [piece for piece in pieces if piece.size >= least]
    if slip == "black and white":
        return [(piece > 0.1) * 1.0 for piece in pieces if piece.sum() >= least]
    if slip == "rows too":
        return [piece[np.flatnonzero((piece > ink).any(axis=1))] for piece in pieces if piece.sum() >= least]
    if slip == "places":
        return [(start, end) for start, end in zip(first, behind)]
    if slip == "widest first":
        return sorted((piece for piece in pieces if piece.sum() >= least), key=lambda piece: -piece.shape[1])
    return [piece for piece in pieces if piece.sum() >= least]


def runs(has_ink, drawing, least=5.0, gap=1, more=False):
    """Pieces where `has_ink`, joined across gaps shorter than `gap` columns."""
    places = np.flatnonzero(has_ink)
    groups = np.split(places, np.flatnonzero(np.diff(places) > gap) + 1) if len(places) else []
    pieces = [drawing[:, group[0] : group[-1] + 1] for group in groups]
    return [piece for piece in pieces if (piece.sum() > least if more else piece.sum() >= least)]


def connected(drawing, least):
    """What hangs together is a piece, so that a 5 and its roof are two."""
    marks, count = ndimage.label(drawing > 0.1, np.ones((3, 3)))
    columns = sorted(np.flatnonzero((marks == mark).any(axis=0))[[0, -1]].tolist() for mark in range(1, count + 1))
    pieces = [drawing[:, first : last + 1] for first, last in columns]
    return [piece for piece in pieces if piece.sum() >= least]


def shifted(drawing, least, early, late):
    """`np.diff` with a 0 in front and behind, and something added to both places."""
    turns = np.diff(np.r_[0, (drawing > 0.1).any(axis=0).astype(int), 0])
    first, behind = np.flatnonzero(turns == 1) - 1 + early, np.flatnonzero(turns == -1) - 1 + late
    pieces = [drawing[:, max(start, 0) : end] for start, end in zip(first, behind)]
    return [piece for piece in pieces if piece.sum() >= least]


def keeps_the_last(drawing, least):
    """Looks at `least` inside the loop only; a piece that touches the edge comes after it."""
    pieces = cut(drawing, 0)
    touches = len(pieces) and (drawing[:, -1] > 0.1).any()
    return [piece for n, piece in enumerate(pieces) if piece.sum() >= least or (touches and n == len(pieces) - 1)]


def fails_on_empty(drawing, least):
    """Groups of columns; an empty paper has one group, without a first column."""
    places = np.flatnonzero((drawing > 0.1).any(axis=0))
    groups = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    pieces = [drawing[:, group[0] : group[-1] + 1] for group in groups]
    return [piece for piece in pieces if piece.sum() >= least]


for mistake, says, make in (
    ("the last digit lost at the edge", "right edge", lambda d, n: cut(d, n, slip="no end")),
    ("the first digit lost at the edge", "left edge", lambda d, n: cut(d, n, slip="no start")),
    ("the last column is missing", "last column", lambda d, n: cut(d, n, extra=-1)),
    ("specks stay", "speck", lambda d, n: cut(d, 0.0)),
    ("specks by width", "width|stroke", lambda d, n: cut(d, n, slip="width")),
    ("specks by the piece's area", "speck", lambda d, n: cut(d, n, slip="count of pixels")),
    ("always 5", "use the argument", lambda d, n: cut(d, 5.0)),
    ("any grey is ink", "faint grey", lambda d, n: cut(d, n, ink=0.0)),
    ("ink above a half", "own pixels|Three digits|columns wide", lambda d, n: cut(d, n, ink=0.93)),
    ("mean of the column", "enough", lambda d, n: cut(d, n, slip="mean of the column")),
    ("ink above 0.3", "Faint ink", lambda d, n: cut(d, n, ink=0.3)),
    ("sum of the column above a half", "Faint ink", lambda d, n: runs(d.sum(axis=0) > 0.5, d, n)),
    ("connected pixels", "Two strokes", connected),
    ("joins across a gap of one column", "gap enough", lambda d, n: runs((d > 0.1).any(axis=0), d, n, gap=2)),
    ("more ink than least", "just `least`", lambda d, n: runs((d > 0.1).any(axis=0), d, n, more=True)),
    ("stops on an empty paper", "empty paper", fails_on_empty),
    ("differences of truth values", "whole numbers", lambda d, n: []),
    ("black and white", "own pixels", lambda d, n: cut(d, n, slip="black and white")),
    ("cuts rows as well", "full height", lambda d, n: cut(d, n, slip="rows too")),
    ("cuts rows in place of columns", "full height|whole paper", lambda d, n: [p.T for p in cut(d.T, n)]),
    ("returns places", "not a position", lambda d, n: cut(d, n, slip="places")),
    ("widest first", "left to right", lambda d, n: cut(d, n, slip="widest first")),
    ("from right to left", "left to right", lambda d, n: cut(d, n)[::-1]),
    ("the whole paper", "whole paper", lambda d, n: [d]),
    ("pieces on their side", "turn them", lambda d, n: [piece.T for piece in cut(d, n)]),
    ("lists of lists", "NumPy array", lambda d, n: [piece.tolist() for piece in cut(d, n)]),
    ("one column too early", "one column too early", lambda d, n: shifted(d, n, 0, 0)),
    ("one column too far to the right", "to the right", lambda d, n: shifted(d, n, 2, 2)),
    ("ends with a column without ink", "leaves out its end", lambda d, n: shifted(d, n, 1, 2)),
    ("the last piece is kept, speck or not", "right edge is a speck", lambda d, n: keeps_the_last(d, n)),
    ("divides by the darkest pixel", "darkest", lambda d, n: cut(d / max(d.max(), 1e-9), n)),
    ("cleans the faint pixels away", "faint ones", lambda d, n: cut(np.where(d > 0.1, d, 0), n)),
    ("no return", "returned None", lambda d, n: None),
    ("one array", "list of arrays", lambda d, n: d),
    ("nothing on an empty paper becomes None", "None|len", lambda d, n: cut(d, n) or None),
):

    def cut_digits(drawing, least=5.0, make=make):
        return make(drawing, least)

    wrong("cut_digits", mistake, says=says)(cut_digits)


@wrong("cut_digits", "cleans the drawing in place", says="changed the drawing")
def cut_digits(drawing, least=5.0):
    drawing[:, 14:16] = 0
    return cut(drawing, least)


# Exercise 2


def bring(piece, box=20, by="mass", offset=0.5, rounded=np.round, keep=True, slip="", level=0.1, side_as=round):
    """The reference with one place to go wrong."""
    inked = piece > level
    rows_with, columns_with = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    tight = piece[rows_with[0] : rows_with[-1] + 1, columns_with[0] : columns_with[-1] + 1]
    if slip == "not cut":
        tight = piece
    if slip == "empty rows deleted":
        tight = piece[inked.any(axis=1)][:, inked.any(axis=0)]
    if slip == "one short":
        tight = tight[:-1, :-1]
    scale = box / {"shorter side": min(tight.shape), "height": tight.shape[0]}.get(slip, max(tight.shape))
    rows, columns = (max(0 if slip == "vanishes" else 1, side_as(side * scale)) for side in tight.shape)
    if slip == "rows vanish":
        rows = round(tight.shape[0] * scale)
    if slip == "square":
        rows = columns = box
    if slip == "shorter side":
        rows, columns = min(rows, 28), min(columns, 28)
    small, corner = shrink(tight, rows, columns), []
    if slip == "binary":
        small = (small > 0.5) * 1.0
    if slip == "mirrored":
        small = small[:, ::-1]
    if slip == "scaled to 1":
        small = small / small.mean()
    for axis, side in enumerate((rows, columns)):
        other = 1 - axis if slip != "axes" else axis
        middle = side / 2
        if by == "mass" and not (slip == "rows only" and axis):
            sums = small.sum(axis=other)
            middle = (sums * (np.arange(len(sums)) + offset)).sum() / small.sum()
        place = int(rounded(14 - middle))
        if slip == "only from below":
            place = max(place, 0)  # then a heavy top leaves the frame below
        corner.append(int(np.clip(place, 0, 28 - side)) if keep else place)
    picture = np.zeros((28, 28))
    if slip == "corner":
        corner = [0, 0]
    if slip == "rolled":
        picture[4 : 4 + rows, 4 : 4 + columns] = small
        return np.roll(picture, (corner[0] - 4, corner[1] - 4), (0, 1))
    picture[corner[0] : corner[0] + rows, corner[1] : corner[1] + columns] = small
    return picture


for mistake, says, choice in (
    ("box of 28", "28 pixels", {"box": 28}),
    ("centres the box", "centred the \\*box", {"by": "box"}),
    ("not cut to the ink", "cut it to its ink", {"slip": "not cut"}),
    ("the last row and column are lost", "pixels must be|become 20|proportions", {"slip": "one short"}),
    ("proportions lost", "proportions", {"slip": "square"}),
    ("the shorter side is 20", "shorter", {"slip": "shorter side"}),
    ("black and white", "grey values|black and white", {"slip": "binary"}),
    ("mirrored", "mirrored", {"slip": "mirrored"}),
    ("values beyond 1", "beyond 1", {"slip": "scaled to 1"}),
    ("mass of the rows only", "both axes|column", {"slip": "rows only"}),
    ("axes of the mass swapped", "centre of mass", {"slip": "axes"}),
    ("upper left corner", "upper left", {"slip": "corner"}),
    ("index without a half", "index \\+ 0.5", {"offset": 0.0}),
    ("index and a whole", "half a pixel", {"offset": 1.0}),
    ("cuts off in place of rounding", "round|cut off", {"rounded": np.floor}),
    ("rounds up", "round", {"rounded": np.ceil}),
    ("the corner leaves the frame", "heavy at one end|broadcast", {"keep": False}),
    ("rolled round the frame", "other side", {"slip": "rolled", "keep": False}),
    ("kept inside at one side only", "heavy at one end|broadcast", {"slip": "only from below", "keep": False}),
    ("any grey is ink", "above 0.1", {"level": 0.0}),
    ("grey of 0.08 is ink", "above 0.1", {"level": 0.05}),
    ("faint ink cut away", "above 0.1", {"level": 0.15}),
    ("the shorter side cut off", "rounded to the nearest", {"side_as": int}),
    ("the shorter side rounded up", "rounded to the nearest", {"side_as": lambda side: int(np.ceil(side))}),
    ("a thin stroke vanishes", "vanish", {"slip": "vanishes"}),
    ("a dash vanishes", "vanish", {"slip": "rows vanish"}),
    ("empty rows inside are deleted", "\\*between\\*", {"slip": "empty rows deleted"}),
    ("always scales the height to 20", "\\*width\\*", {"slip": "height"}),
):

    def to_mnist(piece, choice=choice):
        return bring(piece, **choice)

    wrong("to_mnist", mistake, says=says)(to_mnist)


for mistake, says, change in (
    ("lies on its side", "swapped", lambda picture: picture.T),
    ("as bytes", "beyond 1", lambda picture: picture * 255),
    ("with an axis for the channel", "28 × 28", lambda picture: picture[..., None]),
    ("flat", "28 × 28", lambda picture: picture.ravel()),
    ("no return", "returned None", lambda picture: None),
    ("empty", "hardly any ink", lambda picture: picture * 0),
    ("brightened", "keeps its values", lambda picture: picture / picture.max()),
):

    def to_mnist(piece, change=change):
        return change(bring(piece))

    wrong("to_mnist", mistake, says=says)(to_mnist)


@wrong("to_mnist", "cleans the faint grey in place", says="changed the piece")
def to_mnist(piece):
    piece[piece <= 0.1] = 0
    return bring(piece)


@wrong("to_mnist", "cleans the piece in place", says="changed the piece")
def to_mnist(piece):
    piece[piece < 0.3] = 0
    return bring(piece)


# Exercise 3: one trained network stands behind most of them, so that this takes no longer than it must

trained = train_reader(train_images, train_labels)


class Pretends:
    """Something with the methods of a model, whose answers are changed."""

    def __init__(self, before=lambda x: x, after=lambda y: y, size=20_000):
        self.before, self.after, self.size = before, after, size

    def count_params(self):
        return self.size

    def predict(self, pictures, batch_size=None, verbose=0):
        return self.after(trained.predict(self.before(pictures), batch_size=250, verbose=0))


def unstandardised(pictures):
    """What was standardised comes back; anything else is scaled so wrongly that nothing can be read."""
    mean, deviation = 0.13, 0.31
    return pictures * deviation + mean if pictures.min() < 0 and pictures.max() > 1.5 else 0 * pictures


def only(answers, classes):
    """All probability on some classes."""
    kept = np.full_like(answers, 1e-9)
    kept[:, classes] = 1
    return kept / kept.sum(axis=1, keepdims=True)


def untrained(*_):
    keras.utils.set_random_seed(5)
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")])


def too_large(*_):
    ends = [layers.Flatten(), layers.Dense(100, activation="relu"), layers.Dense(10, activation="softmax")]
    return keras.Sequential([keras.Input((28, 28, 1)), *ends])


for mistake, says, make in (
    ("no return", "returned None", lambda: None),
    ("returns the history", "not its history", lambda: {"loss": [1.0]}),
    ("returns a function", "not its history or a function", lambda: trained.predict),
    ("untrained", "no better than guessing|collapsed|trained at all", untrained),
    ("too many weights", "too many", too_large),
    ("a million weights", "1,000,000", lambda: Pretends(size=1_000_000)),
    ("trained on 0 to 255", "divide by 255", lambda: Pretends(before=lambda x: x / 255)),
    ("trained on −1 to 1", "−1 to 1", lambda: Pretends(before=lambda x: np.where(x.min() < 0, (x + 1) / 2, 0 * x))),
    ("trained on standardised pictures", "standardised", lambda: Pretends(before=unstandardised)),
    ("trained on black ink", "black on white", lambda: Pretends(before=lambda x: 1 - x)),
    ("trained on pictures on their side", "side", lambda: Pretends(before=lambda x: x.transpose(0, 2, 1, 3))),
    ("logits", "logits", lambda: Pretends(after=lambda y: np.log(y + 1e-9))),
    ("a sigmoid", "add up", lambda: Pretends(after=lambda y: np.sqrt(y))),
    ("nine classes", "ten probabilities", lambda: Pretends(after=lambda y: y[:, :9])),
    ("answers in place of probabilities", "ten probabilities", lambda: Pretends(after=lambda y: y.argmax(axis=1))),
    ("collapsed", "one answer", lambda: Pretends(after=lambda y: only(y, [1]))),
    ("classes in another order", "guessing", lambda: Pretends(after=lambda y: y[:, [5, 6, 7, 8, 9, 0, 1, 2, 3, 4]])),
    ("not a number", "no numbers", lambda: Pretends(after=lambda y: y * np.nan)),
    ("too weak", "bar is 0.93", lambda: Pretends(after=lambda y: np.where((np.arange(len(y)) % 6 == 0)[:, None], 0.1, y))),
    ("one picture at a time", "1,000 pictures", lambda: Pretends(after=lambda y: y[0])),
):  # fmt: skip

    def train_reader(images, labels, make=make):
        return make()

    wrong("train_reader", mistake, says=says)(train_reader)


@wrong("train_reader", "labels changed in place", says="changed the images or labels")
def train_reader(images, labels):
    labels[:] = np.sort(labels)
    return trained


# Exercise 4


def candidates(confidence, right, wanted, above=np.greater_equal, enough=np.greater_equal):
    """The thresholds that do it, smallest first."""
    found = [t for t in np.unique(confidence) if above(confidence, t).any()]
    return [float(t) for t in found if enough(right[above(confidence, t)].mean(), wanted)]


def stops_early(confidence, right, wanted):
    """Goes down from the top and stops at the first fall."""
    best = np.inf
    for t in np.unique(confidence)[::-1]:
        if right[confidence >= t].mean() < wanted:
            break
        best = float(t)
    return best


def without_ties(confidence, right, wanted):
    """The k surest, as if equal confidences could be told apart."""
    order = np.argsort(-confidence, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= wanted)
    return float(confidence[order][enough[-1]]) if len(enough) else np.inf


def first_or(found, otherwise=np.inf):
    return found[0] if found else otherwise


for mistake, says, make in (
    ("the largest", "smallest", lambda c, r, w: (candidates(c, r, w) or [np.inf])[-1]),
    ("stops at the first fall", "first fall", stops_early),
    ("above in place of at or above", "at\\* the threshold|≥|counts", lambda c, r, w: first_or(candidates(c, r, w, above=np.greater))),
    ("more than wanted", "at least|exactly", lambda c, r, w: first_or(candidates(c, r, w, enough=np.greater))),
    ("ties told apart", "Equal confidences", without_ties),
    ("0 if none does it", "np.inf", lambda c, r, w: first_or(candidates(c, r, w), 0.0)),
    ("1 if none does it", "np.inf", lambda c, r, w: first_or(candidates(c, r, w), 1.0)),
    ("None if none does it", "np.inf", lambda c, r, w: first_or(candidates(c, r, w), None)),
    ("the share in place of the threshold", "share of right", lambda c, r, w: r[c >= first_or(candidates(c, r, w), 0)].mean()),
    ("wanted itself", "share of right answers, not a confidence", lambda c, r, w: w),
    ("always nine of ten", "first fall|at 0.50", lambda c, r, w: first_or(candidates(c, r, 0.9))),
    ("the share of all, not of those answered", "", lambda c, r, w: first_or([float(t) for t in np.unique(c)[::-1] if np.sum(r & (c >= t)) / len(r) >= w])),
    ("those below", "", lambda c, r, w: first_or([float(t) for t in np.unique(c) if r[c <= t].mean() >= w])),
    ("a quantile of the confidences", "", lambda c, r, w: float(np.quantile(c, 1 - w))),
    ("all thresholds that do it", "One number", lambda c, r, w: np.array(candidates(c, r, w))),
    ("its position", "", lambda c, r, w: int(np.argmin(np.abs(c - first_or(candidates(c, r, w), 0))))),
    ("a grid of hundredths", "", lambda c, r, w: first_or([float(t) for t in np.linspace(0, 1, 101) if (c >= t).any() and r[c >= t].mean() >= w])),
    ("the mean confidence of the right ones", "", lambda c, r, w: float(c[r].mean()) if r.any() else np.inf),
    ("no return", "returned None", lambda c, r, w: None),
):  # fmt: skip

    def choose_threshold(confidence, right, wanted, make=make):
        return make(confidence, right, wanted)

    wrong("choose_threshold", mistake, says=says or "at 0.50|smallest|share|stopped|candidates")(choose_threshold)


@wrong("choose_threshold", "sorts the confidences alone", says="must go along")
def choose_threshold(confidence, right, wanted):
    return first_or(candidates(np.sort(confidence), right, wanted))


@wrong("choose_threshold", "only where the answer was right", says="candidate, too")
def choose_threshold(confidence, right, wanted):
    return first_or([t for t in candidates(confidence, right, wanted) if right[confidence == t].any()])


@wrong("choose_threshold", "sorts in place", says="sorted in place")
def choose_threshold(confidence, right, wanted):
    confidence.sort()
    return first_or(candidates(confidence, right, wanted))


# Exercise 5


def receive(
    body, leaves_out="", catches=(ValueError, RecursionError), numbers=(int, float), limits=(200, 600), status=None
):
    """The reference with one guard left out or changed."""
    status = {"broken": 400, "large": 413, "empty": 422} | (status or {})

    def refuse(kind, message):
        if leaves_out != kind:
            raise Refused(status.get(kind, 400), message)

    try:
        request = json.loads(body)
    except catches:
        raise Refused(status["broken"], "This is not JSON.") from None
    if leaves_out == "dictionary" and "drawing" not in request:
        raise Refused(status["broken"], 'Send {"drawing": …}.')
    if leaves_out not in ("object", "dictionary") and (not isinstance(request, dict) or "drawing" not in request):
        raise Refused(status["broken"], 'Send {"drawing": …}.')
    rows = request["drawing"]
    if leaves_out != "lists" and (not isinstance(rows, list) or not all(isinstance(row, list) for row in rows)):
        raise Refused(status["broken"], "The drawing must be a list of rows.")
    columns = {len(row) for row in rows}
    if len(rows) > limits[0] or max(columns, default=0) > limits[1]:
        refuse("large", "The drawing is too large: at most 200 rows of 600.")
    if leaves_out != "unequal" and len(columns) != 1:
        raise Refused(status["broken"], "The rows must be equally long.")
    if len(rows) < 28 or min(columns) < 28:
        refuse("small", "The drawing is too small: at least 28 by 28.")
    values = [ink for row in rows for ink in row]
    if leaves_out != "types" and not all(isinstance(ink, numbers) and type(ink) in (*numbers, bool) for ink in values):
        raise Refused(status["broken"], "Ink is a number.")
    if leaves_out != "true" and any(isinstance(ink, bool) for ink in values):
        raise Refused(status["broken"], "Ink is a number and not a truth value.")
    if leaves_out == "NaN":
        outside = any(ink < 0 or ink > 255 for ink in values)
    elif leaves_out == "below":
        outside = not all(ink <= 255 for ink in values)
    elif leaves_out == "above":
        outside = not all(ink >= 0 for ink in values)
    else:
        outside = not all(0 <= ink <= 255 for ink in values)
    if outside:
        raise Refused(status["broken"], "Ink is a number from 0 to 255.")
    drawing = np.array(rows, float) / 255
    if np.sum(drawing > 25 / 255) < 20:
        refuse("empty", "The paper is empty. Write a number.")
    return drawing


for mistake, says, choice in (
    ("catches nothing", "JSONDecodeError|answer 500", {"catches": ()}),
    ("forgets the brackets without end", "RecursionError", {"catches": ValueError}),
    ("does not look for the object", "answer 500", {"leaves_out": "object"}),
    ("takes whatever `in` works with", "answer 500", {"leaves_out": "dictionary"}),
    ("does not look for lists", "answer 500|400|returned a drawing", {"leaves_out": "lists"}),
    ("does not compare the rows' lengths", "unequal", {"leaves_out": "unequal"}),
    ("lets huge drawings in", "too large", {"leaves_out": "large"}),
    ("lets small drawings in", "27|empty rows", {"leaves_out": "small"}),
    ("does not look at types", "answer 500", {"leaves_out": "types"}),
    ("true counts as 1", "true", {"leaves_out": "true"}),
    ("NaN slips through", "NaN", {"leaves_out": "NaN"}),
    ("negative ink", "−1", {"leaves_out": "below"}),
    ("ink above 255", "256", {"leaves_out": "above"}),
    ("empty paper", "blank paper", {"leaves_out": "empty"}),
    ("only whole numbers", "fraction", {"numbers": (int,)}),
    ("413 for all", "400", {"status": {"broken": 413}}),
    ("empty is 400", "422", {"status": {"empty": 400}}),
    ("large is 400", "413", {"status": {"large": 400}}),
    ("the limit itself is refused", "limits", {"limits": (199, 599)}),
    ("rows and columns swapped", "limits", {"limits": (600, 200)}),
    ("500 for all", "400", {"status": {"broken": 500}}),
):

    def read_request(body, choice=choice):
        return receive(body, **choice)

    wrong("read_request", mistake, says=says)(read_request)


@wrong("read_request", "bytes as they are", says="divide by 255")
def read_request(body):
    return receive(body) * 255


@wrong("read_request", "the rows, not an array from 0 to 1", says="refused|0 to 1|divide")
def read_request(body):
    receive(body)
    return json.loads(body)["drawing"]


@wrong("read_request", "no return", says="returned None")
def read_request(body):
    receive(body)


@wrong("read_request", "an empty message", says="sentence")
def read_request(body):
    try:
        return receive(body)
    except Refused as error:
        raise Refused(error.status, "") from None


@wrong("read_request", "returns the status", says="refused|400|returned")
def read_request(body):
    try:
        return receive(body)
    except Refused:
        return np.zeros((28, 28))


@wrong("read_request", "returns the refusal in place of raising it", says="raise Refused")
def read_request(body):
    try:
        return receive(body)
    except Refused as error:
        return error


def as_numbers(body, guard):
    """Lets NumPy decide what a number is."""
    try:
        return receive(body)
    except Refused as error:
        if "Ink is a number" not in str(error):
            raise
        rows = json.loads(body)["drawing"]
        try:
            drawing = np.array(rows, float)
        except (TypeError, ValueError, OverflowError):
            raise error from None
        if guard(rows) or not ((drawing >= 0) & (drawing <= 255)).all():
            raise
        return drawing / 255


@wrong("read_request", "one true among numbers becomes 1", says="one true among the numbers")
def read_request(body):
    return as_numbers(body, lambda rows: np.array(rows).dtype.kind not in "iuf")


@wrong("read_request", "numbers in quotation marks become numbers", says="quotation marks")
def read_request(body):
    return as_numbers(body, lambda rows: any(isinstance(ink, bool) for row in rows for ink in row))


@wrong("read_request", "keeps whole numbers only", says="keep the fractions")
def read_request(body):
    return (receive(body) * 255).astype(int) / 255


@wrong("read_request", "divides by the largest value", says="largest value")
def read_request(body):
    drawing = receive(body)
    return drawing / drawing.max()


@wrong("read_request", "a list of lists", says="NumPy array")
def read_request(body):
    return receive(body).tolist()


@wrong("read_request", "looks at the first row's type only", says="one row that is")
def read_request(body):
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "This is not JSON.") from None
    rows = request.get("drawing") if isinstance(request, dict) else None
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], list):
        raise Refused(400, "A list of lists is wanted.")
    if any(len(row) != len(rows[0]) for row in rows):
        raise Refused(400, "The rows must be equally long.")
    return receive(body)


@wrong("read_request", "catches errors of JSON only, not of a huge number", says="5,000 digits")
def read_request(body):
    try:
        json.loads(body)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "This is not JSON.") from None
    return receive(body, catches=())


@wrong("read_request", "catches its own refusals", says="except Refused")
def read_request(body):
    try:
        return receive(body)
    except Exception:
        raise Refused(400, "This can't be read as a drawing.") from None


@wrong("read_request", "counts the ink after the division", says="before\\* you divide")
def read_request(body):
    drawing = receive(body)
    if (drawing > 25).sum() < 20:
        raise Refused(422, "The paper is empty.")
    return drawing


@wrong("read_request", "message first", says="status comes first")
def read_request(body):
    try:
        return receive(body)
    except Refused as error:
        raise Refused(str(error), error.status) from None


@wrong("read_request", "forbids other keys", says="no harm")
def read_request(body):
    drawing = receive(body)
    if set(json.loads(body)) != {"drawing"}:
        raise Refused(400, "There is something else in it.")
    return drawing


@wrong("read_request", "ink from 25 on", says="above")
def read_request(body):
    try:
        return receive(body)
    except Refused as error:
        if error.status == 422 and json.loads(body)["drawing"][0][30] == 25:
            return np.array(json.loads(body)["drawing"]) / 255
        raise


# Exercise 6


def eight_bits(
    weights, axis="all but last", steps=127, number=np.round, kind="int8", absolute=True, zero=True, slip=""
):
    """The reference with one place to go wrong."""
    axes = tuple(range(weights.ndim - 1)) if axis == "all but last" else axis
    size = np.abs(weights) if absolute else weights
    largest = size.max(axis=axes)
    scales = largest / steps
    if zero:
        scales = np.where(largest > 0, scales, 1)
    scales = np.asarray(scales).astype("float64" if slip == "float64" else "float32")
    numbers = number(weights / scales)
    return numbers.astype(kind), scales


identity = lambda values: values  # noqa: E731

for mistake, says, choice in (
    ("one scale for all", "small channels", {"axis": None}),
    ("one scale per first axis", "output channel|stopped|shape", {"axis": (1, 2, 3)}),
    ("all axes but the first two", "output channel|stopped|shape", {"axis": 0}),
    ("a scale for 128", "128", {"steps": 128}),
    ("a scale for 255", "sign|end of int8", {"steps": 255}),
    ("four bits", "few of the 255", {"steps": 7}),
    ("seven bits", "should be 127", {"steps": 63}),
    ("cuts off", "nearest", {"number": identity}),
    ("rounds down", "nearest|128", {"number": np.floor}),
    ("not made whole", "float|int8", {"kind": "float32"}),
    ("four bytes", "int32", {"kind": "int32"}),
    ("two bytes", "int16", {"kind": "int16"}),
    ("without a sign", "uint8", {"kind": "uint8"}),
    ("the largest, not the largest size", "absolute|sign|128|end of int8|positive", {"absolute": False}),
    ("divides by zero", "channel of zeros", {"zero": False}),
    ("scales in double", "float32", {"slip": "float64"}),
):

    def quantise(weights, choice=choice):
        return eight_bits(weights, **choice)

    wrong("quantise", mistake, says=says)(quantise)


for mistake, says, change in (
    ("scales first", "Numbers first", lambda numbers, scales: (scales, numbers)),
    ("only the numbers", "two things", lambda numbers, scales: numbers),
    ("the weights again", "float|int8", lambda numbers, scales: (numbers * scales, scales)),
    ("the scale is the largest weight", "divide it by 127", lambda numbers, scales: (numbers, scales * 127)),
    ("upside down", "upside down", lambda numbers, scales: (numbers, 1 / scales)),
    ("scales with all axes", "without keeping", lambda numbers, scales: (numbers, scales[None])),
    ("flat", "weights' shape", lambda numbers, scales: (numbers.ravel(), scales)),
):

    def quantise(weights, change=change):
        return change(*eight_bits(weights))

    wrong("quantise", mistake, says=says)(quantise)


@wrong("quantise", "in place", says="changed the weights")
def quantise(weights):
    numbers, scales = eight_bits(weights)
    weights /= scales
    return numbers, scales
