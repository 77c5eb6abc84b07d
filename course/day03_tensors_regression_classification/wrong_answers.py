"""Plausible mistakes of day 03: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


@wrong("broadcast_shape", "aligns at the left", says="aligned at the right")
def broadcast_shape(left, right):
    rank = max(len(left), len(right))
    left, right = left + (1,) * (rank - len(left)), right + (1,) * (rank - len(right))
    if any(a != b and 1 not in (a, b) for a, b in zip(left, right)):
        return None
    return tuple(max(a, b) for a, b in zip(left, right))


@wrong("broadcast_shape", "wants equal lengths, forgets the ones", says="fits any length")
def broadcast_shape(left, right):
    rank = max(len(left), len(right))
    left, right = (1,) * (rank - len(left)) + left, (1,) * (rank - len(right)) + right
    shape = []
    for a, b in zip(left, right):
        if a != b and a != 1:
            return None
        shape.append(b)
    return tuple(shape)


@wrong("broadcast_shape", "never refuses, the larger wins", says="refuses")
def broadcast_shape(left, right):
    rank = max(len(left), len(right))
    left, right = (1,) * (rank - len(left)) + left, (1,) * (rank - len(right)) + right
    return tuple(max(a, b) for a, b in zip(left, right))


@wrong("broadcast_shape", "zip cuts off the missing axes", says="missing axes count as 1")
def broadcast_shape(left, right):
    pairs = list(zip(left[::-1], right[::-1]))
    if any(a != b and 1 not in (a, b) for a, b in pairs):
        return None
    return tuple(max(pair) for pair in pairs)[::-1]


@wrong("broadcast_shape", "the first must be the longer one", says="shorter shape may also be the first")
def broadcast_shape(left, right):
    right = (1,) * (len(left) - len(right)) + right
    if any(a != b and 1 not in (a, b) for a, b in zip(left, right)):
        return None
    return tuple(max(a, b) for a, b in zip(left, right))


@wrong("broadcast_shape", "takes (4, 1) with (4,) for the same column", says="silent mistake")
def broadcast_shape(left, right):
    if left == (*right, 1):
        return left
    try:
        return np.broadcast_shapes(left, right)
    except ValueError:
        return None


@wrong("broadcast_shape", "returns a list", says="Return a tuple")
def broadcast_shape(left, right):
    return list(np.broadcast_shapes(left, right))


@wrong("broadcast_shape", "prints instead of returning", says="return")
def broadcast_shape(left, right):
    print(np.broadcast_shapes(left, right))


@wrong("broadcasting_puzzles", "columns instead of rows", says="columns")
def shares(table):
    return table / table.sum(axis=0)


@wrong("broadcasting_puzzles", "forgets keepdims", says="keepdims")
def shares(table):
    return table / table.sum(axis=1)


@wrong("broadcasting_puzzles", "divides by the sum of the whole table", says="its own sum")
def shares(table):
    return table / table.sum()


@wrong("broadcasting_puzzles", "one mean for all the colours", says="one mean for all the colours")
def centre_channels(images):
    return images - images.mean()


@wrong("broadcasting_puzzles", "each picture its own mean", says="over \\*all\\* pictures")
def centre_channels(images):
    return images - images.mean(axis=(1, 2), keepdims=True)


@wrong("broadcasting_puzzles", "each pixel its own mean", says="height and width")
def centre_channels(images):
    return images - images.mean(axis=0)


@wrong("broadcasting_puzzles", "stays in uint8, wraps around", says="wraps around")
def centre_channels(images):
    return images - images.mean(axis=(0, 1, 2)).astype("uint8")


@wrong("broadcasting_puzzles", "the median for the mean", says="median")
def centre_channels(images):
    return images - np.median(images, axis=(0, 1, 2))


@wrong("broadcasting_puzzles", "a mean cut to a whole number", says="whole numbers")
def centre_channels(images):
    return images.astype(int) - images.mean(axis=(0, 1, 2)).astype(int)


@wrong("broadcasting_puzzles", "distance from the mean", says="absolute value")
def centre_channels(images):
    return np.abs(images - images.mean(axis=(0, 1, 2)))


@wrong("broadcasting_puzzles", "writes into the table it was given", says="overwrote the table")
def shares(table):
    table /= table.sum(axis=1, keepdims=True)
    return table


@wrong("broadcasting_puzzles", "softmax", says="no softmax")
def shares(table):
    return np.exp(table) / np.exp(table).sum(axis=1, keepdims=True)


@wrong("broadcasting_puzzles", "divides by the largest", says="row's \\*sum")
def shares(table):
    return table / table.max(axis=1, keepdims=True)


@wrong("broadcasting_puzzles", "forgets the root", says="root")
def distances(points, centres):
    return np.sum((points[:, None] - centres[None]) ** 2, axis=2)


@wrong("broadcasting_puzzles", "centres in the rows", says="one row per point")
def distances(points, centres):
    return np.linalg.norm(centres[:, None] - points[None], axis=2)


@wrong("broadcasting_puzzles", "sums over the wrong axis", says="coordinates")
def distances(points, centres):
    return np.sqrt(np.sum((points[:, None] - centres[None]) ** 2, axis=1))


@wrong("broadcasting_puzzles", "city-block distance", says="city-block")
def distances(points, centres):
    return np.abs(points[:, None] - centres[None]).sum(axis=2)


def encode_with(
    learn_age=None, learn_classes=None, fill="median", ddof=0, own_scale=False, flag_late=False, scale=True
):
    """A wrong `encode` from its parts."""

    def encode(train, test):
        together = pd.concat([train, test])
        source = together if learn_age == "all" else train
        value = getattr(source["age"], fill)()
        filled = source["age"].fillna(value).to_numpy()
        classes = np.array(sorted((together if learn_classes == "all" else train)["passenger_class"].unique()))

        def transform(table):
            age = table["age"].fillna(table["age"].median() if own_scale else value).to_numpy()
            basis = age if own_scale else filled
            scaled = (age - basis.mean()) / (basis.std(ddof=ddof) or 1) if scale else age
            missing = np.isnan(age) if flag_late else table["age"].isna()
            one_hot = table["passenger_class"].to_numpy()[:, None] == classes[None]
            return np.column_stack([scaled, missing, one_hot]).astype(float)

        return transform(train), transform(test)

    return encode


wrong("encode", "median and scale from both tables", says="leak")(encode_with(learn_age="all"))
wrong("encode", "scales the test table by itself", says="leak")(encode_with(own_scale=True))
wrong("encode", "takes the classes of both tables", says="of the training table")(encode_with(learn_classes="all"))
wrong("encode", "fills with the mean", says="median")(encode_with(fill="mean"))
wrong("encode", "pandas' deviation", says="n − 1")(encode_with(ddof=1))
wrong("encode", "asks for the gaps after filling them", says="before you filled")(encode_with(flag_late=True))
wrong("encode", "does not scale", says="not scaled")(encode_with(scale=False))


@wrong("encode", "drops the rows with gaps", says="not dropped")
def encode(train, test):
    right = encode_with()
    return right(train.dropna(subset="age"), test.dropna(subset="age"))


@wrong("encode", "leaves the gaps", says="gaps")
def encode(train, test):
    classes = np.array(sorted(train["passenger_class"].unique()))
    mean, deviation = train["age"].mean(), train["age"].std()

    def transform(table):
        one_hot = table["passenger_class"].to_numpy()[:, None] == classes[None]
        return np.column_stack([(table["age"] - mean) / deviation, table["age"].isna(), one_hot]).astype(float)

    return transform(train), transform(test)


@wrong("encode", "get_dummies on each table", says="same columns")
def encode(train, test):
    filled = train["age"].fillna(train["age"].median()).to_numpy()

    def transform(table):
        age = (table["age"].fillna(train["age"].median()).to_numpy() - filled.mean()) / filled.std()
        return np.column_stack([age, table["age"].isna(), pd.get_dummies(table["passenger_class"])]).astype(float)

    return transform(train), transform(test)


@wrong("encode", "fills the table it was given", says="changed the tables")
def encode(train, test):
    result = encode_with()(train, test)
    train["age"] = train["age"].fillna(train["age"].median())
    return result


@wrong("encode", "numbers the classes", says="one for each class")
def encode(train, test):
    first, second = encode_with()(train, test)
    return tuple(np.column_stack([each[:, :2], each[:, 2:].argmax(axis=1)]) for each in (first, second))


@wrong("encode", "learns median, mean and deviation from each table by itself", says="A leak")
def encode(train, test):
    classes = np.array(sorted(train["passenger_class"].unique()))

    def transform(table):
        age = table["age"].fillna(table["age"].median()).to_numpy()
        one_hot = table["passenger_class"].to_numpy()[:, None] == classes[None]
        return np.column_stack([(age - age.mean()) / age.std(), table["age"].isna(), one_hot]).astype(float)

    return transform(train), transform(test)


@wrong("encode", "median from both tables", says="A leak")
def encode(train, test):
    both = pd.concat([train, test])["age"].median()
    filled = [table.assign(age=table["age"].fillna(both)) for table in (train, test)]
    first, second = encode_with()(*filled)
    for numbers, table in ((first, train), (second, test)):
        numbers[:, 1] = table["age"].isna()
    return first, second


@wrong("encode", "classes written down", says="not written down")
def encode(train, test):
    first, second = encode_with()(train, test)
    one_hot = [
        table["passenger_class"].to_numpy()[:, None] == np.array(["1st", "2nd", "3rd"]) for table in (train, test)
    ]
    return np.column_stack([first[:, :2], one_hot[0]]), np.column_stack([second[:, :2], one_hot[1]])


@wrong("encode", "the missing ages stand last", says="in its place")
def encode(train, test):
    return tuple(np.column_stack([each[:, :1], each[:, 2:], each[:, 1]]) for each in encode_with()(train, test))


def network_with(hidden="relu", compile=True, **heads):
    """A wrong `build_network`: for the questions named, another (units, activation, loss)."""

    def build_network(inputs, question, classes=2):
        units, activation, loss = {
            "how much": (1, None, "mse"),
            "yes or no": (1, "sigmoid", "binary_crossentropy"),
            "which": (classes, "softmax", "sparse_categorical_crossentropy"),
        }[question]
        units, activation, loss = heads.get(question.replace(" ", "_"), (units, activation, loss))
        model = keras.Sequential(
            [
                keras.Input(shape=(inputs,)),
                layers.Dense(16, activation=hidden),
                layers.Dense(units, activation=activation),
            ]
        )
        if compile:
            model.compile(optimizer="adam", loss=loss)
        return model

    return build_network


for mistake, says, options in (
    ("forgets compile", "not compiled", {"compile": False}),
    ("no activation in the hidden layer", "straight line", {"hidden": None}),
    ("a ReLU on the regression head", "never below zero", {"how_much": (1, "relu", "mse")}),
    ("a sigmoid on the regression head", "never below zero", {"how_much": (1, "sigmoid", "mse")}),
    ("a tanh on the regression head", "tanh", {"how_much": (1, "tanh", "mse")}),
    ("cross-entropy for a price", "squared nor the mean absolute", {"how_much": (1, None, "binary_crossentropy")}),
    ("softmax on one unit", "softmax on \\*one\\* unit", {"yes_or_no": (1, "softmax", "binary_crossentropy")}),
    ("two units for yes or no", "one unit", {"yes_or_no": (2, "softmax", "sparse_categorical_crossentropy")}),
    ("no activation for yes or no", "sigmoid", {"yes_or_no": (1, None, "binary_crossentropy")}),
    ("squared error for yes or no", "mean squared error", {"yes_or_no": (1, "sigmoid", "mse")}),
    ("sigmoids for which", "add up to 1", {"which": (3, "sigmoid", "sparse_categorical_crossentropy")}),
    ("one unit for which", "one unit for each class", {"which": (1, None, "mse")}),
    ("one-hot loss for whole numbers", "class numbers", {"which": (3, "softmax", "categorical_crossentropy")}),
    ("always three classes", "any number of classes", {"which": (3, "softmax", "sparse_categorical_crossentropy")}),
):
    wrong("build_network", mistake, says=says)(network_with(**options))


for mistake, says, options in (
    ("whole-number loss for a price", "refuses", {"how_much": (1, None, "sparse_categorical_crossentropy")}),
    ("whole-number loss for yes or no", "refuses", {"yes_or_no": (1, "sigmoid", "sparse_categorical_crossentropy")}),
    ("one-hot loss for yes or no", "binary cross-entropy", {"yes_or_no": (1, "sigmoid", "categorical_crossentropy")}),
    ("no loss", "no loss", {"how_much": (1, None, None)}),
    ("huber", "squared nor the mean absolute", {"how_much": (1, None, "huber")}),
    (
        "sigmoid and from_logits",
        "One or the other",
        {"yes_or_no": (1, "sigmoid", keras.losses.BinaryCrossentropy(from_logits=True))},
    ),
    (
        "softmax and from_logits",
        "One or the other",
        {"which": (3, "softmax", keras.losses.SparseCategoricalCrossentropy(from_logits=True))},
    ),
):
    wrong("build_network", mistake, says=says)(network_with(**options))


@wrong("build_network", "a straight line before the sigmoid", says="before the sigmoid")
def build_network(inputs, question, classes=2):
    return network_with(hidden=None if question == "yes or no" else "relu")(inputs, question, classes)


@wrong("build_network", "a straight line before the softmax", says="before the softmax")
def build_network(inputs, question, classes=2):
    return network_with(hidden=None if question == "which" else "relu")(inputs, question, classes)


@wrong("build_network", "always four inputs", says="parameter `inputs`")
def build_network(inputs, question, classes=2):
    return network_with()(4, question, classes)


@wrong("build_network", "returns the layers", says="model itself")
def build_network(inputs, question, classes=2):
    return [layers.Dense(16, activation="relu"), layers.Dense(classes)]


right_reading = {
    "P": "stopped too early",
    "Q": "overfitting",
    "R": "rate too high",
    "S": "inputs or model too poor",
}


@wrong("read_curves", "takes stopped too early for too poor", says="still points down|not arrived")
def read_curves():
    return right_reading | {"P": "inputs or model too poor"}


@wrong("read_curves", "wants to train the flat one longer", says="Waiting longer")
def read_curves():
    return right_reading | {"S": "stopped too early"}


@wrong("read_curves", "takes the jumps for overfitting", says="training loss alone")
def read_curves():
    return right_reading | {"R": "overfitting"}


@wrong("read_curves", "takes the jumps for a poor model", says="too long")
def read_curves():
    return right_reading | {"R": "inputs or model too poor"}


@wrong("read_curves", "does not see the gap", says="growing gap")
def read_curves():
    return right_reading | {"Q": "stopped too early"}


@wrong("read_curves", "a word of its own", says="not one of the four")
def read_curves():
    return right_reading | {"Q": "overfit"}


@wrong("read_curves", "forgets a curve", says="four letters")
def read_curves():
    return {"P": "stopped too early", "Q": "overfitting", "R": "rate too high"}


@wrong("read_curves", "more data for the model that is too poor", says="close a gap")
def most_helped_by_more_data():
    return "S"


@wrong("confusion_by_hand", "truth in the columns", says="Rows and columns are exchanged")
def count_confusions(true, predicted, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    for t, p in zip(true, predicted):
        matrix[p, t] += 1
    return matrix


@wrong("confusion_by_hand", "only the classes that occur", says="does not occur")
def count_confusions(true, predicted, classes):
    classes = max(max(true), max(predicted)) + 1
    matrix = np.zeros((classes, classes), dtype=int)
    for t, p in zip(true, predicted):
        matrix[t, p] += 1
    return matrix


@wrong("confusion_by_hand", "fancy indexing counts each pair once", says="one by one")
def count_confusions(true, predicted, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    matrix[true, predicted] += 1
    return matrix


@wrong("confusion_by_hand", "shares instead of counts", says="counts, not as shares")
def count_confusions(true, predicted, classes):
    matrix = np.zeros((classes, classes))
    for t, p in zip(true, predicted):
        matrix[t, p] += 1 / len(true)
    return matrix


@wrong("confusion_by_hand", "bytes that wrap around", says="wraps around")
def count_confusions(true, predicted, classes):
    matrix = np.zeros((classes, classes), dtype="uint8")
    np.add.at(matrix, (np.array(true), np.array(predicted)), 1)
    return matrix


@wrong("confusion_by_hand", "counts in floats", says="dtype=int")
def count_confusions(true, predicted, classes):
    matrix = np.zeros((classes, classes))
    np.add.at(matrix, (np.array(true), np.array(predicted)), 1)
    return matrix


@wrong("confusion_by_hand", "no guard for the recall", says="recall. By convention")
def precision_and_recall(matrix, chosen):
    called = matrix[:, chosen].sum()
    return (matrix[chosen, chosen] / called if called else 0.0), matrix[chosen, chosen] / matrix[chosen].sum()


@wrong("confusion_by_hand", "recall 1 where nothing was to be found", says="recall. By convention")
def precision_and_recall(matrix, chosen):
    hits, called, there = matrix[chosen, chosen], matrix[:, chosen].sum(), matrix[chosen].sum()
    return (hits / called if called else 0.0), (hits / there if there else 1.0)


@wrong("confusion_by_hand", "precision and recall exchanged", says="exchanged")
def precision_and_recall(matrix, chosen):
    hits, called, there = matrix[chosen, chosen], matrix[:, chosen].sum(), matrix[chosen].sum()
    return (hits / there if there else 0.0), (hits / called if called else 0.0)


@wrong("confusion_by_hand", "accuracy for precision", says="accuracy")
def precision_and_recall(matrix, chosen):
    return np.trace(matrix) / matrix.sum(), matrix[chosen, chosen] / matrix[chosen].sum()


@wrong("confusion_by_hand", "divides by zero", says="By convention")
def precision_and_recall(matrix, chosen):
    return matrix[chosen, chosen] / matrix[:, chosen].sum(), matrix[chosen, chosen] / matrix[chosen].sum()


@wrong("confusion_by_hand", "always the last class", says="parameter `chosen`")
def precision_and_recall(matrix, chosen):
    hits, called, there = matrix[1, 1], matrix[:, 1].sum(), matrix[1].sum()
    return (hits / called if called else 0.0), (hits / there if there else 0.0)


@wrong("confusion_by_hand", "two classes only", says="three classes")
def precision_and_recall(matrix, chosen):
    hits = matrix[chosen, chosen]
    called, there = hits + matrix[1 - chosen, chosen], hits + matrix[chosen, 1 - chosen]
    return (hits / called if called else 0.0), (hits / there if there else 0.0)


# What a reader of the sheet tried later


@wrong("broadcast_shape", "at least one axis", says="\\(\\) and \\(\\)")
def broadcast_shape(left, right):
    rank = max(len(left), len(right), 1)
    both = [(1,) * (rank - len(shape)) + tuple(shape) for shape in (left, right)]
    if any(a != b and 1 not in (a, b) for a, b in zip(*both)):
        return None
    return tuple(max(a, b) for a, b in zip(*both))


for mistake, says, formula in (
    ("no mean over the height", "over the height", lambda x: x - x.mean(axis=(0, 2), keepdims=True)),
    ("no mean over the width", "over the width", lambda x: x - x.mean(axis=(0, 1), keepdims=True)),
    ("mean minus pictures", "wrong way round", lambda x: x.mean(axis=(0, 1, 2)) - x),
    ("divides by 255", "don't divide", lambda x: (x - x.mean(axis=(0, 1, 2))) / 255),
    ("divides by the deviation", "don't divide", lambda x: (x - x.mean(axis=(0, 1, 2))) / (x.std(axis=(0, 1, 2)) + 1e-9)),
):  # fmt: skip

    def centre_channels(images, formula=formula):
        return formula(images.astype(float))

    wrong("broadcasting_puzzles", mistake, says=says)(centre_channels)


def in_pandas(train, test):
    """The reference as tables with the age's own index, classes beside them."""
    for each in encode_with()(train, test):
        yield pd.Series(each[:, 0]), each[:, 1], pd.DataFrame(each[:, 2:])


@wrong("encode", "puts tables side by side with different indices", says="Too many rows")
def encode(train, test):
    return tuple(
        pd.concat([age.set_axis(table.index), pd.Series(missing, table.index), one_hot], axis=1)
        for table, (age, missing, one_hot) in zip((train, test), in_pandas(train, test))
    )


@wrong("encode", "inserts a column with another index", says="became NaN")
def encode(train, test):
    results = []
    for table, (age, missing, one_hot) in zip((train, test), in_pandas(train, test)):
        one_hot.insert(0, "missing", missing)
        one_hot.insert(0, "age", age.set_axis(table.index))
        results.append(one_hot)
    return tuple(results)


@wrong("encode", "scales the second column, too", says="second column, too")
def encode(train, test):
    known, other = encode_with()(train, test)
    mean, deviation = known[:, 1].mean(), known[:, 1].std() or 1
    for each in (known, other):
        each[:, 1] = (each[:, 1] - mean) / deviation
    return known, other


@wrong("encode", "1 where the age is known", says="wrong way round")
def encode(train, test):
    known, other = encode_with()(train, test)
    for each in (known, other):
        each[:, 1] = 1 - each[:, 1]
    return known, other


@wrong("encode", "no second column where nothing is missing", says="nevertheless")
def encode(train, test):
    known, other = encode_with()(train, test)
    return (known, other) if known[:, 1].any() else (np.delete(known, 1, axis=1), np.delete(other, 1, axis=1))


for mistake, says, options in (
    ("an ELU on the regression head", "last layer has an activation|tanh|below zero", {"how_much": (1, "elu", "mse")}),
    ("a leaky ReLU on the regression head", "last layer has an activation", {"how_much": (1, "leaky_relu", "mse")}),
    ("a ReLU for yes or no", "ReLU often 0|sigmoid", {"yes_or_no": (1, "relu", "binary_crossentropy")}),
    ("no activation for which", "needs a softmax", {"which": (3, None, "sparse_categorical_crossentropy")}),
    ("squared error for which", "class numbers|use sparse", {"which": (3, "softmax", "mse")}),
):
    wrong("build_network", mistake, says=says)(network_with(**options))


@wrong("build_network", "forgets the inputs", says="keras.Input")
def build_network(inputs, question, classes=2):
    model = keras.Sequential([layers.Dense(16, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    return model


@wrong("build_network", "no hidden layer", says="needs a \\*hidden\\* layer")
def build_network(inputs, question, classes=2):
    model = keras.Sequential([keras.Input((inputs,)), layers.Dense(1)])
    model.compile("adam", "mse")
    return model


@wrong("read_curves", "copies the brackets", says="without the brackets")
def read_curves():
    return right_reading | {"P": "stopped too early (or the learning rate is too low: it would still get better)"}


@wrong("confusion_by_hand", "begins with spam", says="began with spam")
def count_confusions(true, predicted, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    for t, p in zip(true, predicted):
        matrix[classes - 1 - t, classes - 1 - p] += 1
    return matrix


@wrong("confusion_by_hand", "one list for all rows", says="same list")
def count_confusions(true, predicted, classes):
    matrix = [[0] * classes] * classes
    for t, p in zip(true, predicted):
        matrix[t][p] += 1
    return matrix


@wrong("confusion_by_hand", "compares a list with a number", says="list as if")
def count_confusions(true, predicted, classes):
    return np.array([[np.sum((true == t) & (predicted == p)) for p in range(classes)] for t in range(classes)])


@wrong("confusion_by_hand", "each truth with each answer", says="Walk through both")
def count_confusions(true, predicted, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    for t in true:
        for p in predicted:
            matrix[t, p] += 1
    return matrix


@wrong("confusion_by_hand", "as many rows as the truth has", says="two rows and two columns|Two classes")
def count_confusions(true, predicted, classes):
    matrix = np.zeros((max(true) + 1, max(predicted) + 1), dtype=int)
    for t, p in zip(true, predicted):
        matrix[t, p] += 1
    return matrix


@wrong("confusion_by_hand", "rounds", says="don't round")
def precision_and_recall(matrix, chosen):
    hits, called, there = matrix[chosen, chosen], matrix[:, chosen].sum(), matrix[chosen].sum()
    return round(hits / called, 2) if called else 0.0, round(hits / there, 2) if there else 0.0
