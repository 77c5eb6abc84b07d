"""Plausible mistakes of day 09: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


def _iou(
    union=True,
    twice=False,
    clip=True,
    corners=False,
    swap=False,
    keepdims=False,
    whole=False,
    change=False,
    centre=False,
    dice=False,
):
    """A box_iou with one mistake."""

    def box_iou(box, boxes):
        if centre:
            box, boxes = box - [*box[2:] / 2, 0, 0], boxes - np.hstack([boxes[:, 2:] / 2, 0 * boxes[:, 2:]])
        if change:
            boxes[:, 2:] += boxes[:, :2]
            box[2:] += box[:2]
        end, ends = (box[2:], boxes[:, 2:]) if corners or change else (box[:2] + box[2:], boxes[:, :2] + boxes[:, 2:])
        sides = np.minimum(end, ends) - np.maximum(box[:2], boxes[:, :2])
        sides = np.clip(sides, 0, None) if clip else sides
        common = sides[:, 0] * sides[:, 0 if swap else 1]
        areas = (end - box[:2]).prod(), (ends - boxes[:, :2]).prod(axis=1)
        total = areas[0] + areas[1] - (0 if twice else common) if union else areas[0]
        total = (areas[0] + areas[1]) / 2 if dice else total
        answer = common / total
        answer = answer.astype(box.dtype) if whole else answer
        return answer[:, None] if keepdims else answer

    return box_iou


for mistake, says, options in (
    ("divides by the area of one box", "divide by the union", {"union": False}),
    ("computes Dice", "that would be Dice", {"dice": True}),
    ("counts the common part twice", "minus\\* what they share", {"twice": True}),
    ("lets two negative sides make an area", "clip", {"clip": False}),
    ("takes width and height for right and bottom", "not right and bottom", {"corners": True}),
    ("uses the width for the height", "Width and height may differ|third", {"swap": True}),
    ("returns a column", "One number for each", {"keepdims": True}),
    ("rounds where the boxes are whole pixels", "do not round", {"whole": True}),
    ("converts the boxes in place", "work on copies", {"change": True}),
):
    wrong("box_iou", mistake, says=says)(_iou(**options))


@wrong("box_iou", "takes the enclosing box for the union", says="compute_iou|third|1/3|inside")
def box_iou(box, boxes):
    end, ends = box[:2] + box[2:], boxes[:, :2] + boxes[:, 2:]
    common = np.clip(np.minimum(end, ends) - np.maximum(box[:2], boxes[:, :2]), 0, None).prod(axis=1)
    return common / (np.maximum(end, ends) - np.minimum(box[:2], boxes[:, :2])).prod(axis=1)


@wrong("box_iou", "adds one to each width as if counting pixels", says="1/3")
def box_iou(box, boxes):
    end, ends = box[:2] + box[2:], boxes[:, :2] + boxes[:, 2:]
    common = np.clip(np.minimum(end, ends) - np.maximum(box[:2], boxes[:, :2]) + 1, 0, None).prod(axis=1)
    return common / ((box[2:] + 1).prod() + (boxes[:, 2:] + 1).prod(axis=1) - common)


@wrong("box_iou", "takes the outer corners for the intersection", says="1/3|clip|divide")
def box_iou(box, boxes):
    end, ends = box[:2] + box[2:], boxes[:, :2] + boxes[:, 2:]
    common = np.clip(np.maximum(end, ends) - np.minimum(box[:2], boxes[:, :2]), 0, None).prod(axis=1)
    return common / (box[2:].prod() + boxes[:, 2:].prod(axis=1) - common)


def _nms(
    all_classes=False,
    upwards=False,
    ghosts=False,
    fixed=None,
    or_equal=False,
    output="numbers",
    change=False,
    first=False,
):
    """A suppress_by_class with one mistake."""

    def suppress_by_class(boxes, scores, classes, threshold):
        kept, seen = [], []
        limit = threshold if fixed is None else fixed
        for n in np.argsort(scores if upwards else -scores):
            rivals = [k for k in (seen if ghosts else kept) if all_classes or classes[k] == classes[n]]
            rivals = rivals[:1] if first else rivals
            overlaps = [iou_matrix(boxes[[n]], boxes[[k]])[0, 0] for k in rivals]
            if all(overlap < limit if or_equal else overlap <= limit for overlap in overlaps):
                kept.append(int(n))
            elif change:
                scores[n] = 0
            seen.append(int(n))
        if output == "boxes":
            return boxes[kept]
        if output == "mask":
            return [n in kept for n in range(len(boxes))]
        return sorted(kept) if output == "sorted" else kept

    return suppress_by_class


for mistake, says, options in (
    ("suppresses across classes", "different \\*classes", {"all_classes": True}),
    ("begins with the least certain", "least\\* certain", {"upwards": True}),
    ("lets suppressed boxes suppress others", "gone", {"ghosts": True}),
    ("ignores the threshold", "threshold you are given|gone", {"fixed": 0.5}),
    ("strikes out at exactly the threshold", "exactly the threshold", {"or_equal": True}),
    ("returns the boxes", "numbers\\* of the boxes", {"output": "boxes"}),
    ("returns a mask", "mask", {"output": "mask"}),
    ("sorts the numbers", "most certain first", {"output": "sorted"}),
    ("changes the scores it was given", "work on copies", {"change": True}),
):
    wrong("suppress_by_class", mistake, says=says)(_nms(**options))


@wrong("suppress_by_class", "keeps one box of each class", says="box 2 stands alone")
def suppress_by_class(boxes, scores, classes, threshold):
    order = np.argsort(-scores)
    return [int(n) for place, n in enumerate(order) if classes[n] not in classes[order[:place]]]


@wrong("suppress_by_class", "goes class by class and forgets to sort in the end", says="over all classes together")
def suppress_by_class(boxes, scores, classes, threshold):
    kept = []
    for label in np.unique(classes):
        mine = np.flatnonzero(classes == label)
        chosen = tf.image.non_max_suppression(
            boxes[mine].astype("float32"), scores[mine].astype("float32"), len(mine), float(threshold)
        )
        kept += mine[chosen.numpy()].tolist()
    return kept


@wrong("suppress_by_class", "suppresses the more certain one", says="keep 1|least\\* certain|stays|numbers")
def suppress_by_class(boxes, scores, classes, threshold):
    overlap = iou_matrix(boxes, boxes) > threshold
    weaker = (scores[None] < scores[:, None]) & (classes[None] == classes[:, None])
    return [int(n) for n in np.argsort(-scores) if not (overlap[n] & weaker[n]).any()]


def _map(
    double=False,
    unsorted=False,
    by_hits=False,
    by_finds=False,
    any_class=False,
    all_classes=False,
    skip=False,
    strict=False,
    fixed=None,
    last=False,
    weighted=False,
):
    """A mean_average_precision with one mistake."""

    def mean_average_precision(finds, truths, least=0.5):
        limit = least if fixed is None else fixed
        values, weights = [], []
        for label in np.unique(np.concatenate([truths[:, 4], finds[:, 5]]) if all_classes else truths[:, 4]):
            true_boxes = truths[truths[:, 4] == label]
            mine = finds if any_class else finds[finds[:, 5] == label]
            if skip and not len(mine):
                continue
            mine = mine if unsorted else mine[np.argsort(-mine[:, 4])]
            free, hits = np.ones(len(true_boxes), bool), np.zeros(len(mine), bool)
            for n, overlap in enumerate(iou_matrix(mine, true_boxes)):
                if not len(overlap):
                    continue
                best = overlap.argmax()
                good = overlap[best] > limit if strict else overlap[best] >= limit
                hits[n] = good and (double or free[best])
                free[best] &= not good
            precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
            things = len(true_boxes)
            if by_hits:
                things = max(hits.sum(), 1)
            if by_finds:
                things = max(len(hits), 1)
            if last:
                values.append(precision[-1] if len(precision) else 0.0)
            else:
                values.append(min(precision[hits].sum() / max(things, 1), 1.0))
            weights.append(len(true_boxes))
        if not values:
            return 0.0
        return float(np.average(values, weights=weights)) if weighted else float(np.mean(values))

    return mean_average_precision


for mistake, says, options in (
    ("counts a double as a hit", "taken already", {"double": True}),
    ("does not sort by certainty", "Sort the finds", {"unsorted": True}),
    ("divides by the hits", "true\\* boxes", {"by_hits": True}),
    ("divides by the finds", "true\\* boxes|after\\* the last hit", {"by_finds": True}),
    ("ignores the class of a find", "its \\*class\\* is not", {"any_class": True}),
    ("lets classes without true boxes into the mean", "no true box", {"all_classes": True}),
    ("leaves classes without finds out", "no find", {"skip": True}),
    ("wants more than `least`", "≥", {"strict": True}),
    ("ignores `least`", "use `least`", {"fixed": 0.5}),
    ("takes the precision at the end of the list", "true\\* boxes|after\\* the last", {"last": True}),
    ("weighs classes by their boxes", "each counts the same", {"weighted": True}),
):
    wrong("mean_average_precision", mistake, says=says)(_map(**options))


@wrong("mean_average_precision", "puts all classes into one list", says="mean is over|each counts the same|classes")
def mean_average_precision(finds, truths, least=0.5):
    finds = finds[np.argsort(-finds[:, 4])]
    free, hits = np.ones(len(truths), bool), np.zeros(len(finds), bool)
    for n, overlap in enumerate(iou_matrix(finds, truths) * (finds[:, 5:6] == truths[None, :, 4])):
        best = overlap.argmax()
        hits[n] = overlap[best] >= least and free[best]
        free[best] &= not hits[n]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].sum() / len(truths))


@wrong("mean_average_precision", "returns one number for each class", says="one number")
def mean_average_precision(finds, truths, least=0.5):
    return np.zeros(len(np.unique(truths[:, 4])) + 1)


@wrong("mean_average_precision", "returns the number of the picture", says="exactly on it|hits nothing")
def mean_average_precision(finds, truths, least=0.5):
    return 11 / 12


@wrong("mean_average_precision", "looks at the boxes one by one and forgets precision: returns recall", says="certain miss before the hit|taken")  # fmt: skip
def mean_average_precision(finds, truths, least=0.5):
    recalls = []
    for label in np.unique(truths[:, 4]):
        overlap = iou_matrix(truths[truths[:, 4] == label], finds[finds[:, 5] == label])
        recalls.append(np.mean(overlap.max(axis=1, initial=0) >= least))
    return float(np.mean(recalls))


def _dice(factor=2.0, axis=(1, 2), rounded=False, above=True, below=True, fixed=None, positive=False, squared=False):
    """A dice_loss with one mistake."""

    def dice_loss(truth, prediction, smooth=1.0):
        smooth = smooth if fixed is None else fixed
        prediction = ops.round(prediction) if rounded else prediction
        common = ops.sum(truth * prediction, axis=axis)
        total = ops.sum(truth, axis=axis) + ops.sum(prediction**2 if squared else prediction, axis=axis)
        dice = (factor * common + smooth * above) / (total + smooth * below)
        return dice if positive else 1 - dice

    return dice_loss


for mistake, says, options in (
    ("forgets the 2", "Is the 2 there", {"factor": 1.0}),
    ("sums over the pictures as well", "not over the pictures", {"axis": None}),
    ("sums over the first axis", "not over the pictures", {"axis": 0}),
    ("sums over one axis of the picture", "height and width", {"axis": 1}),
    ("rounds the probabilities", "round", {"rounded": True}),
    ("forgets `smooth` above", "above \\*and\\* below|above and below", {"above": False}),
    ("forgets `smooth` below", "above \\*and\\* below|above and below", {"below": False}),
    ("ignores `smooth`", "`smooth`", {"fixed": 1.0}),
    ("returns the coefficient", "1 − Dice", {"positive": True}),
    ("squares the probabilities below", "square", {"squared": True}),
):
    wrong("dice_loss", mistake, says=says)(_dice(**options))


@wrong("dice_loss", "is 1 − IoU", says="1 − IoU")
def dice_loss(truth, prediction, smooth=1.0):
    common = ops.sum(truth * prediction, axis=(1, 2))
    total = ops.sum(truth, axis=(1, 2)) + ops.sum(prediction, axis=(1, 2)) - common
    return 1 - (common + smooth) / (total + smooth)


@wrong("dice_loss", "computes in NumPy, where no gradient flows", says="not NumPy")
def dice_loss(truth, prediction, smooth=1.0):
    truth, prediction = np.asarray(truth), np.asarray(prediction)
    common = np.sum(truth * prediction, axis=(1, 2))
    return 1 - (2 * common + smooth) / (truth.sum(axis=(1, 2)) + prediction.sum(axis=(1, 2)) + smooth)


@wrong("dice_loss", "another default of smooth", says="Leave the default")
def dice_loss(truth, prediction, smooth=1e-6):
    return _dice()(truth, prediction, smooth)


@wrong("dice_loss", "sums the prediction only on the thing", says="outside\\* the thing|1 − IoU|common")
def dice_loss(truth, prediction, smooth=1.0):
    common = ops.sum(truth * prediction, axis=(1, 2))
    return 1 - (2 * common + smooth) / (ops.sum(truth, axis=(1, 2)) + common + smooth)


def _branches(
    name="softmax",
    present="sigmoid",
    box="sigmoid",
    pooled_box=False,
    flat_name=False,
    listed=False,
    fixed=None,
    units=1,
    flat_present=False,
    best_present=False,
    largest=False,
):
    """A three_branches with one mistake."""

    def three_branches(feature_shape, classes):
        features = keras.Input(feature_shape)
        trunk = layers.Conv2D(16, 1, activation="relu")(features)
        average, places = layers.GlobalAveragePooling2D()(trunk), layers.Flatten()(trunk)
        outputs = {
            "name": layers.Dense(fixed or classes, activation=name, name="name")(places if flat_name else average),
            "present": layers.Dense(units, activation=present, name="present")(places if flat_present else average),
            "box": layers.Dense(4, activation=box, name="box")(average if pooled_box else places),
        }
        if best_present:
            outputs["present"] = layers.Dense(1, activation=present)(layers.GlobalMaxPooling2D()(trunk))
        if largest:
            outputs["present"] = ops.max(outputs["name"], axis=1, keepdims=True)
        return keras.Model(features, list(outputs.values()) if listed else outputs)

    return three_branches


for mistake, says, options in (
    ("softmax over one number", "softmax over \\*one\\* number", {"present": "softmax"}),
    ("present without activation", "present: numbers between 0 and 1", {"present": None}),
    ("box without activation", "box: numbers between 0 and 1", {"box": None}),
    ("box with ReLU", "box: numbers between 0 and 1", {"box": "relu"}),
    ("box with softmax", "sum to 1, as if", {"box": "softmax"}),
    ("box from the average", "nobody knows \\*where", {"pooled_box": True}),
    ("name with sigmoid", "sum to 1 over the classes", {"name": "sigmoid"}),
    ("name from all places", "name: what is in the picture", {"flat_name": True}),
    ("present from all places", "present: what is in the picture", {"flat_present": True}),
    ("a list of outputs", "dictionary", {"listed": True}),
    ("always five classes", "as many as `classes`", {"fixed": 5}),
    ("two numbers for present", "one number for each", {"units": 2}),
):
    wrong("three_branches", mistake, says=says)(_branches(**options))


@wrong(
    "three_branches", "empty pictures do not count for presence either", says="present: the empty pictures must count"
)
def example_weights(present):
    return {key: np.asarray(present, "float32") for key in ("name", "box", "present")}


@wrong("three_branches", "every example counts in every branch", says="no true name")
def example_weights(present):
    return {key: np.ones(len(present)) for key in ("name", "box", "present")}


@wrong("three_branches", "weights the wrong way round", says="no true name")
def example_weights(present):
    return {"name": 1.0 - present, "box": 1.0 - present, "present": np.ones(len(present))}


@wrong("three_branches", "forgets the box", says="no true box")
def example_weights(present):
    present = np.asarray(present, "float32")
    return {"name": present, "box": np.ones_like(present), "present": np.ones_like(present)}


def _unet(
    skips=True,
    add=False,
    off=0,
    doubling=True,
    single=False,
    up="transpose",
    axis=-1,
    fixed=None,
    reverse=True,
    last=True,
):
    """A deep_unet with one mistake."""

    def deep_unet(levels, width, input_shape, classes):
        levels = levels if fixed is None else min(fixed, levels)

        def two(x, channels):
            for _ in range(1 if single else 2):
                x = layers.Conv2D(channels, 3, padding="same", activation="relu")(x)
            return x

        def channels(level):
            return width * 2**level if doubling else width

        pictures = keras.Input(input_shape)
        x, kept = pictures, []
        for level in range(levels + off):
            kept.append(two(x, channels(level)))
            x = layers.MaxPooling2D()(kept[-1])
        x = two(x, channels(levels + off))
        for level in reversed(range(levels + off)):
            if up == "transpose":
                x = layers.Conv2DTranspose(channels(level), 2, strides=2)(x)
            else:
                x = layers.Conv2D(channels(level), 2, padding="same")(layers.UpSampling2D(2)(x))
            if skips:
                x = (layers.Add() if add else layers.Concatenate())([x, kept[level]])
            x = two(x, channels(level)) if last else x
        activation = layers.Softmax(axis=axis) if axis else layers.Activation("sigmoid")
        return keras.Model(pictures, activation(layers.Conv2D(classes, 1)(x)))

    return deep_unet


for mistake, says, options in (
    ("has no skip connections", "skip connections are missing|concatenated skip", {"skips": False}),
    ("adds instead of concatenating", "concatenated skip", {"add": True}),
    ("has one level too many", "pixels high|levels", {"off": 1}),
    ("keeps the same number of channels at every level", "double", {"doubling": False}),
    ("has one convolution instead of two", "two 3 × 3", {"single": True}),
    ("enlarges by copying", "Conv2DTranspose", {"up": "copy"}),
    ("softmax over the columns", "over the \\*classes", {"axis": 2}),
    ("sigmoid instead of softmax", "over the \\*classes", {"axis": None}),
    ("always two levels at most", "pixels high", {"fixed": 2}),
    ("no convolutions after the join", "after each join", {"last": False}),
):
    wrong("deep_unet", mistake, says=says)(_unet(**options))


@wrong("deep_unet", "always two classes", says="for each pixel and class")
def deep_unet(levels, width, input_shape, classes):
    return _unet()(levels, width, input_shape, 2)


@wrong("deep_unet", "never comes back up", says="as large as the picture")
def deep_unet(levels, width, input_shape, classes):
    pictures = x = keras.Input(input_shape)
    for level in range(levels + 1):
        x = layers.Conv2D(width * 2**level, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x) if level < levels else x
    return keras.Model(pictures, layers.Conv2D(classes, 1, activation="softmax")(x))


# What a reader tried and the checks did not notice at first


def map_with(
    best_of=lambda overlap, free: overlap.argmax(), takes=lambda hit, overlap: hit, classes=None, smooth=False
):
    def mean_average_precision(finds, truths, least=0.5):
        precisions = []
        for label in np.unique(truths[:, 4]) if classes is None else classes:
            true_boxes, mine = truths[truths[:, 4] == label], finds[finds[:, 5] == label]
            if not len(true_boxes):
                continue
            mine = mine[np.argsort(-mine[:, 4])]
            free, hits = np.ones(len(true_boxes), bool), np.zeros(len(mine), bool)
            for n, overlap in enumerate(overlaps(mine, true_boxes)):
                best = best_of(overlap, free)
                hits[n] = overlap[best] >= least and free[best]
                if takes(hits[n], overlap[best]):
                    free[best] = False
            precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
            precision = np.maximum.accumulate(precision[::-1])[::-1] if smooth else precision
            precisions.append(precision[hits].sum() / len(true_boxes))
        return float(np.mean(precisions)) if precisions else 0.0

    return mean_average_precision


def overlaps(first, second):
    corner = np.maximum(first[:, None, :2], second[None, :, :2])
    opposite = np.minimum(first[:, None, 2:4], second[None, :, 2:4])
    common = np.clip(opposite - corner, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:4] - boxes[:, :2]).prod(axis=1) for boxes in (first, second)]
    return common / (areas[0][:, None] + areas[1][None] - common)


for mistake, says, answer in [
    ("the best free box", "still free", map_with(best_of=lambda overlap, free: (overlap * free).argmax())),
    ("a touch takes the box", "takes nothing", map_with(takes=lambda hit, overlap: hit or overlap > 0)),
    ("three classes", "any number", map_with(classes=range(3))),
]:
    wrong("mean_average_precision", mistake, says=says)(answer)


@wrong("mean_average_precision", "sorts the caller's finds", says="changed the arrays")
def mean_average_precision(finds, truths, least=0.5):
    result = map_with()(finds, truths, least)
    finds[:] = finds[np.argsort(finds[:, 4])]
    truths[:] = 0
    return result


@wrong("mean_average_precision", "another default", says="Without `least`")
def mean_average_precision(finds, truths, least=0.3):
    return map_with()(finds, truths, least)


@wrong("three_branches", "weights are lists", says="not lists")
def example_weights(present):
    present = [float(each) for each in present]
    return {"name": present, "box": present, "present": [1.0] * len(present)}


@wrong("three_branches", "all three weights are one array", says="changed the array|no true")
def example_weights(present):
    ones = present
    ones[:] = 1
    return {"name": present, "box": present, "present": ones}


@wrong("three_branches", "maximum over the places", says="not the maximum")
def three_branches(feature_shape, classes):
    features = keras.Input(feature_shape)
    trunk = layers.Conv2D(16, 1, activation="relu")(features)
    best = layers.GlobalMaxPooling2D()(trunk)
    places = layers.Dense(32, activation="relu")(layers.Flatten()(trunk))
    outputs = {
        "name": layers.Dense(classes, activation="softmax")(best),
        "present": layers.Dense(1, activation="sigmoid")(best),
        "box": layers.Dense(4, activation="sigmoid")(places),
    }
    return keras.Model(features, outputs)


def unet_with(
    relus=("relu", "relu"),
    pooling=layers.MaxPooling2D,
    join=lambda x, kept: [x, kept],
    keeps=1,
    down=None,
    up=None,
    stride=1,
):
    def deep_unet(levels, width, input_shape, classes):
        def two(x, channels, relus=relus, steps=(1, 1)):
            maps = [x]
            for relu, step in zip(relus, steps, strict=True):
                maps.append(layers.Conv2D(channels, 3, step, padding="same", activation=relu)(maps[-1]))
            return maps[1:]

        pictures = keras.Input(input_shape)
        x, kept = pictures, []
        for level in range(levels):
            maps = two(x, width * 2**level, down or relus, (stride if level else 1, 1))
            kept.append(maps[keeps])
            x = pooling(pool_size=2)(maps[-1])
        x = two(x, width * 2**levels, steps=(stride if levels else 1, 1))[-1]
        for level in reversed(range(levels)):
            x = layers.Conv2DTranspose(width * 2**level, 2, strides=2)(x)
            x = two(layers.Concatenate()(join(x, kept[level])), width * 2**level, up or relus)[-1]
        return keras.Model(pictures, layers.Conv2D(classes, 1, activation="softmax")(x))

    return deep_unet


for mistake, says, answer in [
    ("no ReLU", "has no ReLU", unet_with(relus=(None, None))),
    ("ReLU after the second only", "first of the two", unet_with(relus=(None, "relu"))),
    ("ReLU after the first only", "second of the two", unet_with(relus=("relu", None))),
    ("average pooling", "max pooling", unet_with(pooling=layers.AveragePooling2D)),
    ("joined with itself", "with itself|skip connections are missing", unet_with(join=lambda x, kept: [x, x])),
    ("keeps the map between the two", "both", unet_with(keeps=0)),
]:
    wrong("deep_unet", mistake, says=says)(answer)


@wrong("suppress_by_class", "an offset that is too small", says="tf.image")
def suppress_by_class(boxes, scores, classes, threshold):
    moved = boxes + classes[:, None] * 100.0
    kept = []
    for n in np.argsort(-scores):
        if all(overlaps(moved[[n]], moved[[k]])[0, 0] <= threshold for k in kept):
            kept.append(int(n))
    return kept


@wrong("suppress_by_class", "clears the caller's scores", says="changed the arrays")
def suppress_by_class(boxes, scores, classes, threshold):
    kept = []
    while (scores > 0).any():
        n = int(scores.argmax())
        kept.append(n)
        alike = (overlaps(boxes[[n]], boxes)[0] > threshold) & (classes == classes[n])
        scores[alike] = 0
        scores[n] = 0
    return kept


# What a second reader tried: not noticed at first, or rejected in words that led astray


wrong("box_iou", "takes the first two numbers for the centre", says="not the centre")(_iou(centre=True))


@wrong("box_iou", "takes height before width", says="third is the width")
def box_iou(box, boxes):
    return _iou()(box[[0, 1, 3, 2]], boxes[:, [0, 1, 3, 2]])


wrong("suppress_by_class", "compares with the first kept box of the class only", says="every\\* kept")(_nms(first=True))


@wrong("suppress_by_class", "looks only at the kept box with the largest overlap", says="every\\* kept")
def suppress_by_class(boxes, scores, classes, threshold):
    kept = []
    for n in np.argsort(-scores):
        overlap = overlaps(boxes[[n]], boxes[kept])[0] if kept else np.zeros(0)
        if not len(kept) or overlap.max() <= threshold or classes[kept[overlap.argmax()]] != classes[n]:
            kept.append(int(n))
    return kept


@wrong("suppress_by_class", "takes any overlap for one of the same class if the class was seen", says="no other")
def suppress_by_class(boxes, scores, classes, threshold):
    kept = []
    for n in np.argsort(-scores):
        close = bool(kept) and overlaps(boxes[[n]], boxes[kept]).max() > threshold
        if not (close and classes[n] in classes[kept]):
            kept.append(int(n))
    return kept


@wrong("suppress_by_class", "removes from the list a loop runs over", says="while a loop runs")
def suppress_by_class(boxes, scores, classes, threshold):
    order, kept = [int(n) for n in np.argsort(-scores)], []
    while order:
        best = order.pop(0)
        kept.append(best)
        for n in order:
            if classes[n] == classes[best] and overlaps(boxes[[n]], boxes[[best]])[0, 0] > threshold:
                order.remove(n)
    return kept


@wrong("suppress_by_class", "returns places within the class", says="places within a class")
def suppress_by_class(boxes, scores, classes, threshold):
    kept = []
    for label in np.unique(classes):
        mine = classes == label
        kept += _nms()(boxes[mine], scores[mine], classes[mine], threshold)
    return kept


for mistake, says, labels in (
    ("classes 0, 1, … as many as there are", "take the labels from", lambda classes: range(len(set(classes)))),
    ("ten classes", "any class there is", lambda classes: range(10)),
):

    @wrong("suppress_by_class", mistake, says=says)
    def suppress_by_class(boxes, scores, classes, threshold, labels=labels):
        known = np.isin(classes, labels(classes.tolist()))
        return [n for n in _nms()(boxes, scores, classes, threshold) if known[n]]


wrong("mean_average_precision", "smooths the curve as COCO does", says="smoothed curve")(map_with(smooth=True))


@wrong("mean_average_precision", "takes `least` for a bar of the score", says="bar for the IoU")
def mean_average_precision(finds, truths, least=0.5):
    return map_with()(finds[finds[:, 4] >= least], truths, least)


@wrong("mean_average_precision", "ranks over all classes", says="Each class begins anew")
def mean_average_precision(finds, truths, least=0.5):
    labels, values = np.unique(truths[:, 4]), []
    finds = finds[np.argsort(-finds[:, 4])]
    for label in labels:
        others = finds[:, 5] != label
        moved = np.where(others[:, None] & [True] * 4 + [False] * 2, -1e3, finds)
        moved[:, 5] = np.where(others & np.isin(finds[:, 5], labels), label, finds[:, 5])
        values.append(map_with()(moved, truths[truths[:, 4] == label], least))
    return float(np.mean(values))


@wrong("dice_loss", "loops over the pictures", says="no loop")
def dice_loss(truth, prediction, smooth=1.0):
    pairs = zip(truth, prediction, strict=True)
    return ops.stack([_dice(axis=None)(one, two, smooth) for one, two in pairs])


for mistake, says, options in (
    ("present from the maximum over the places", "present: .* not the maximum", {"best_present": True}),
    ("present is the largest probability of a name", "never say 0", {"largest": True}),
):
    wrong("three_branches", mistake, says=says)(_branches(**options))


for mistake, says, options in (
    ("down: no ReLU after the first", "have a ReLU", {"down": (None, "relu")}),
    ("down: no ReLU after the second", "have a ReLU", {"down": ("relu", None)}),
    ("up: no ReLU after the first", "have a ReLU", {"up": (None, "relu")}),
    ("up: no ReLU after the second", "have a ReLU", {"up": ("relu", None)}),
    ("another activation", "have a ReLU", {"relus": ("elu", "elu")}),
    ("leaky ReLU", "have a ReLU", {"relus": ("leaky_relu", "leaky_relu")}),
    ("every second pixel", "MaxPooling2D", {"pooling": lambda pool_size: lambda x: x[:, ::2, ::2]}),
    ("average by ops", "MaxPooling2D", {"pooling": lambda pool_size: lambda x: ops.average_pool(x, 2, 2)}),
    ("strides for pooling", "not by strides", {"pooling": lambda pool_size: lambda x: x, "stride": 2}),
):
    wrong("deep_unet", mistake, says=says)(unet_with(**options))
