"""Plausible mistakes of day 07: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""

import types


def silent(outputs):
    return (outputs == 0).all(axis=0)


for mistake, says, of_layer in (
    (
        "looks along the wrong axis",
        "neurons are the columns",
        lambda outputs: np.flatnonzero((outputs == 0).all(axis=1)),
    ),
    (
        "takes one inactive example for death",
        "every\\* example",
        lambda outputs: np.flatnonzero((outputs == 0).any(axis=0)),
    ),
    (
        "mostly silent counts as dead",
        "every\\* example",
        lambda outputs: np.flatnonzero((outputs == 0).mean(axis=0) > 0.5),
    ),
    (
        "999 of 1,000 silent counts as dead",
        "tiny 1e-30",
        lambda outputs: np.flatnonzero((outputs == 0).mean(axis=0) > 0.999),
    ),
    ("rounds small outputs to zero", "tiny 1e-30", lambda outputs: np.flatnonzero(np.isclose(outputs, 0).all(axis=0))),
    ("a tiny threshold", "tiny 1e-30", lambda outputs: np.flatnonzero((outputs < 1e-12).all(axis=0))),
    ("takes a constant for death", "dull, but not dead", lambda outputs: np.flatnonzero(np.ptp(outputs, axis=0) == 0)),
    ("collects the living", "living", lambda outputs: np.flatnonzero((outputs > 0).any(axis=0))),
    ("`all` without an axis", "each column", lambda outputs: np.flatnonzero((outputs == 0).all())),
    ("returns a mask", "numbers", silent),
    ("returns a mask of 0 and 1", "numbers.* 1 and 0", lambda outputs: silent(outputs).astype(int)),
    ("counts the neurons from 1", "counted from 1", lambda outputs: np.flatnonzero(silent(outputs)) + 1),
    ("np.where without [0]", "tuple", lambda outputs: np.where(silent(outputs))),
    ("np.argwhere: a column", "argwhere", lambda outputs: np.argwhere(silent(outputs))),
):

    def find_dead(layer_outputs, of_layer=of_layer):
        return [of_layer(outputs) for outputs in layer_outputs]

    wrong("find_dead", mistake, says=says)(find_dead)


@wrong("find_dead", "leaves out layers without dead neurons", says="empty one")
def find_dead(layer_outputs):
    return [np.flatnonzero(silent(outputs)) for outputs in layer_outputs if silent(outputs).any()]


@wrong("find_dead", "returns inside the loop", says="inside the loop")
def find_dead(layer_outputs):
    for outputs in layer_outputs:
        return [np.flatnonzero((outputs == 0).all(axis=0))]


@wrong("batch_norm", "normalises each example", says="over its neurons")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = z.mean(axis=1, keepdims=True), z.var(axis=1, keepdims=True)
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "one mean for everything", says="each neuron has its own")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    return gain * (z - z.mean()) / np.sqrt(z.var() + epsilon) + shift, moving_mean, moving_variance


def normalise(z, mean, variance, epsilon):
    return (z - mean) / np.sqrt(variance + epsilon)


def moved_mean(z, old, momentum):
    return momentum * old + (1 - momentum) * z.mean(axis=0)


def moved_variance(z, old, momentum):
    return momentum * old + (1 - momentum) * z.var(axis=0)


def batch_norm_with(
    spread=lambda z: z.var(axis=0),
    in_training=normalise,
    in_use=normalise,
    mean_moves=moved_mean,
    variance_moves=moved_variance,
    scale=lambda normal, gain, shift: gain * normal + shift,
    result=lambda training, output, mean, variance: (output, mean, variance),
):
    """A wrong `batch_norm`: another rule for one part of it."""

    def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
        if training:
            normal = in_training(z, z.mean(axis=0), spread(z), epsilon)
            moving_mean = mean_moves(z, moving_mean, momentum)
            moving_variance = variance_moves(z, moving_variance, momentum)
        else:
            normal = in_use(z, moving_mean, moving_variance, epsilon)
        return result(training, scale(normal, gain, shift), moving_mean, moving_variance)

    return batch_norm


def of_three(z, mean, variance, epsilon):
    if z.shape[1] != 3:
        raise ValueError("three neurons only")
    return normalise(z, mean, variance, epsilon)


def in_place(z, mean, variance, epsilon):
    z -= mean
    return z / np.sqrt(variance + epsilon)


for mistake, says, options in (
    (
        "divides by the variance",
        "square \\*root\\*",
        {"in_training": lambda z, mean, variance, epsilon: (z - mean) / (variance + epsilon)},
    ),
    (
        "epsilon outside the root",
        "under\\* the root",
        {"in_training": lambda z, mean, variance, epsilon: (z - mean) / (np.sqrt(variance) + epsilon)},
    ),
    ("unbiased variance", "one less", {"spread": lambda z: z.var(axis=0, ddof=1)}),
    (
        "momentum the other way round",
        "other way round",
        {
            "mean_moves": lambda z, old, momentum: moved_mean(z, old, 1 - momentum),
            "variance_moves": lambda z, old, momentum: moved_variance(z, old, 1 - momentum),
        },
    ),
    (
        "momentum the other way round in the variance alone",
        "other way round",
        {"variance_moves": lambda z, old, momentum: moved_variance(z, old, 1 - momentum)},
    ),
    (
        "averages the spread instead of the variance",
        "not its root",
        {"variance_moves": lambda z, old, momentum: momentum * old + (1 - momentum) * z.std(axis=0)},
    ),
    (
        "moving variance divided by n − 1, as in PyTorch",
        "ddof=0",
        {"variance_moves": lambda z, old, momentum: momentum * old + (1 - momentum) * z.var(axis=0, ddof=1)},
    ),
    (
        "fixed momentum of the variance",
        "for the variance, too",
        {"variance_moves": lambda z, old, momentum: moved_variance(z, old, 0.9)},
    ),
    (
        "fixed epsilon",
        "parameter `epsilon`, not",
        {
            "in_training": lambda z, mean, variance, epsilon: normalise(z, mean, variance, 1e-3),
            "in_use": lambda z, mean, variance, epsilon: normalise(z, mean, variance, 1e-3),
        },
    ),
    (
        "fixed epsilon in inference",
        "`epsilon` in inference",
        {"in_use": lambda z, mean, variance, epsilon: normalise(z, mean, variance, 1e-3)},
    ),
    ("forgets gain and shift", "gain γ", {"scale": lambda normal, gain, shift: normal}),
    ("changes z in inference", "In inference your function changed", {"in_use": in_place}),
    ("three neurons only", "three neurons only", {"in_training": of_three, "in_use": of_three}),
    (
        "returns the moving variance before the moving mean",
        "swapped",
        {"result": lambda training, output, mean, variance: (output, variance, mean)},
    ),
    (
        "returns the output alone in inference",
        "three things",
        {"result": lambda training, output, mean, variance: (output, mean, variance) if training else output},
    ),
    (
        "returns None for the averages in inference",
        "unchanged",
        {
            "result": lambda training, output, mean, variance: (
                (output, mean, variance) if training else (output, None, None)
            )
        },
    ),
):
    wrong("batch_norm", mistake, says=says)(batch_norm_with(**options))


@wrong("batch_norm", "uses the fresh averages in training", says="updated")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    if training:
        moving_mean = momentum * moving_mean + (1 - momentum) * z.mean(axis=0)
        moving_variance = momentum * moving_variance + (1 - momentum) * z.var(axis=0)
    return gain * (z - moving_mean) / np.sqrt(moving_variance + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "always uses the batch", says="must not depend on the others")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = z.mean(axis=0), z.var(axis=0)
    if training:
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "updates in inference as well", says="must not change")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = (z.mean(axis=0), z.var(axis=0)) if training else (moving_mean, moving_variance)
    moving_mean = momentum * moving_mean + (1 - momentum) * z.mean(axis=0)
    moving_variance = momentum * moving_variance + (1 - momentum) * z.var(axis=0)
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "changes the averages it was given", says="changed the arrays")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = (z.mean(axis=0), z.var(axis=0)) if training else (moving_mean, moving_variance)
    if training:
        moving_mean *= momentum
        moving_mean += (1 - momentum) * mean
        moving_variance *= momentum
        moving_variance += (1 - momentum) * variance
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


def backward_with(
    slope_behind=lambda n: n.slope,
    before=lambda n: n.slope @ n.W2.T * (n.hidden > 0),
    W1=lambda n: n.x.T @ n.before,
    b1=lambda n: n.before.sum(axis=0),
    W2=lambda n: n.hidden.T @ n.slope,
    b2=lambda n: n.slope.sum(axis=0),
    x=lambda n: n.slope + n.before @ n.W1.T,
):
    """A wrong `residual_backward`: another rule for one slope; `n.hidden` and `n.before`: after the ReLU, slope before it."""

    def residual_backward(p, x, slope):
        n = types.SimpleNamespace(**p, p=p, x=x, slope=slope)
        n.z = x @ n.W1 + n.b1
        n.hidden = np.maximum(0, n.z)
        n.slope = slope_behind(n)
        n.before = before(n)
        return {name: rule(n) for name, rule in rules.items()}

    rules = {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "x": x}
    return residual_backward


def padded(values, shape):
    result = np.zeros(shape)
    result[tuple(map(slice, values.shape))] = values
    return result


def added_in_place(n):
    n.slope += n.before @ n.W1.T
    return n.slope


for mistake, says, options in (
    ("forgets the skip", "forgot the skip", {"x": lambda n: n.before @ n.W1.T}),
    ("only the skip reaches x", "way through the two layers", {"x": lambda n: n.slope}),
    ("multiplies the skip instead of adding it", "\\*plus\\*", {"x": lambda n: n.slope * (n.before @ n.W1.T)}),
    ("adds to the slope in place", "changed x or slope", {"x": added_in_place}),
    ("forgets the slope of the ReLU", "through the ReLU", {"before": lambda n: n.slope @ n.W2.T}),
    (
        "a ReLU after the sum that is not there",
        "no ReLU",
        {"slope_behind": lambda n: n.slope * (residual_forward(n.p, n.x) > 0)},
    ),
    (
        "means instead of sums for the biases",
        "sum, not mean",
        {"b1": lambda n: n.before.mean(axis=0), "b2": lambda n: n.slope.mean(axis=0)},
    ),
    (
        "means over the examples for the kernels alone",
        "not a mean",
        {"W1": lambda n: n.x.T @ n.before / len(n.x), "W2": lambda n: n.hidden.T @ n.slope / len(n.x)},
    ),
    ("W2 with the values before the ReLU", "after\\* the ReLU", {"W2": lambda n: n.z.T @ n.slope}),
    ("a transpose in the wrong place", "has the shape of W1", {"W1": lambda n: n.before.T @ n.x}),
    (
        "sizes written out",
        "sizes from the arrays|index 3 is out of bounds",
        {"b2": lambda n: sum(n.slope[number] for number in range(7))},
    ),
    (
        "five hidden neurons written out",
        "out of bounds|sizes",
        {"b1": lambda n: np.array([n.before[:, neuron].sum() for neuron in range(5)])},
    ),
    ("W1 collected in an array of a written-out size", "sizes", {"W1": lambda n: padded(n.x.T @ n.before, (4, 5))}),
):
    wrong("residual_backward", mistake, says=says)(backward_with(**options))


@wrong("mix", "does not mix the targets", says="targets were not mixed")
def mix(inputs, targets, share, partner):
    s = share.reshape(-1, *[1] * (inputs.ndim - 1))
    return s * inputs + (1 - s) * inputs[partner], targets


def own_share(share, values, inputs):
    """The shares, with as many axes as what they are multiplied with."""
    return share.reshape(-1, *[1] * (values.ndim - 1))


def mix_with(
    of_inputs=own_share,
    of_targets=own_share,
    partners=lambda partner: partner,
    of_target=lambda partner: partner,
    finish=lambda mixed: mixed,
):
    """A wrong `mix`: other shares, other partners (of both, of the targets alone), another last step for the targets."""

    def mix(inputs, targets, share, partner):
        partner = partners(partner)
        own, column = of_inputs(share, inputs, inputs), of_targets(share, targets, inputs)
        mixed = column * targets + (1 - column) * targets[of_target(partner)]
        return own * inputs + (1 - own) * inputs[partner], finish(mixed)

    return mix


def along_the_last_axis(share, values, inputs):
    return share


def column_for_all(share, values, inputs):
    return share[:, None]


def the_other_way(share, values, inputs):
    return 1 - own_share(share, values, inputs)


def one_for_all(share, values, inputs):
    return share.mean()


for mistake, says, options in (
    (
        "shares along the wrong axis",
        "wrong axis",
        {"of_inputs": along_the_last_axis, "of_targets": along_the_last_axis},
    ),
    (
        "share given to the partner",
        "1 − share to its partner",
        {"of_inputs": the_other_way, "of_targets": the_other_way},
    ),
    ("one share for all", "share of its own", {"of_inputs": one_for_all, "of_targets": one_for_all}),
    (
        "share[:, None] for pictures, too",
        "give the shares as many",
        {"of_inputs": column_for_all, "of_targets": column_for_all},
    ),
    (
        "the pictures' shares for the targets, too",
        "shares of their own",
        {"of_targets": lambda share, values, inputs: own_share(share, inputs, inputs)},
    ),
    (
        "tables and pictures only",
        "any number of axes|broadcast",
        {"of_inputs": lambda share, values, inputs: share[:, None] if inputs.ndim == 2 else share[:, None, None, None]},
    ),
    ("looks the partners up backwards", "partner of example i", {"partners": np.argsort}),
    (
        "draws partners of its own",
        "draw none",
        {"partners": lambda partner: np.random.default_rng(0).permutation(len(partner))},
    ),
    ("another partner for the targets", "same partners", {"of_target": lambda partner: np.arange(len(partner))[::-1]}),
    (
        "the next example's target",
        "inputs and targets alike",
        {"of_target": lambda partner: np.roll(np.arange(len(partner)), -1)},
    ),
    ("rounds the targets", "round|add up to 1", {"finish": np.round}),
):
    wrong("mix", mistake, says=says)(mix_with(**options))


@wrong("mix", "adds without weighting the partner", says="stay as it is")
def mix(inputs, targets, share, partner):
    s = share.reshape(-1, *[1] * (inputs.ndim - 1))
    return s * inputs + inputs[partner], share[:, None] * targets + (1 - share[:, None]) * targets[partner]


def two_layers(x, width, last=None, start="glorot_uniform"):
    hidden = layers.Dense(width, activation="relu", kernel_initializer=start)(x)
    return layers.Dense(width, activation=last, kernel_initializer=start)(hidden)


def summed(x, change):
    return layers.ReLU()(layers.Add()([x, change]))


def network_with(
    block=lambda stem, x, width, last: summed(x, two_layers(x, width)),
    blocks=8,
    width=32,
    stem="relu",
    end=None,
    start="glorot_uniform",
    penalty=None,
):
    """The residual network with other blocks (`stem`: what the first Dense gives, `last`: the last block) or layers."""
    inputs = keras.Input((196,))
    first = x = layers.Dense(width, activation=stem, kernel_initializer=start, kernel_regularizer=penalty)(inputs)
    for number in range(blocks):
        x = block(first, x, width, number == blocks - 1)
    return keras.Model(inputs, layers.Dense(10, activation=end)(x))


def joined_late(stem, x, width, last):
    x = layers.Dense(width, activation="relu")(x)
    return summed(x, layers.Dense(width)(x))


def added_to_itself(stem, x, width, last):
    x = two_layers(x, width)
    return summed(x, x)


@wrong("residual_network", "no skip at all", says="plain one does")
def residual_network(blocks=8, width=32):
    return plain_network(blocks, width)


@wrong("residual_network", "one pair of Dense layers for all blocks", says="anew inside the loop")
def residual_network(blocks=8, width=32):
    first, second = layers.Dense(width, activation="relu"), layers.Dense(width)
    return network_with(lambda stem, x, width, last: summed(x, second(first(x))), blocks, width)


for mistake, says, block in (
    (
        "adds after the last ReLU",
        "sum comes first",
        lambda stem, x, width, last: layers.Add()([x, layers.ReLU()(two_layers(x, width))]),
    ),
    (
        "no ReLU after the sum",
        "after the sum is missing",
        lambda stem, x, width, last: layers.Add()([x, two_layers(x, width)]),
    ),
    (
        "every block gets the first one's input",
        "inside the loop",
        lambda stem, x, width, last: summed(stem, two_layers(x, width)),
    ),
    ("keeps the input too late", "before\\* the first Dense", joined_late),
    ("keeps x after the two layers, adds it to itself", "to itself", added_to_itself),
    (
        "concatenates",
        "concatenate",
        lambda stem, x, width, last: layers.ReLU()(layers.Concatenate()([x, two_layers(x, width)])),
    ),
    (
        "both Dense layers with ReLU",
        "second Dense has no activation",
        lambda stem, x, width, last: summed(x, two_layers(x, width, "relu")),
    ),
    (
        "a projection in the skip",
        "without further layers",
        lambda stem, x, width, last: summed(layers.Dense(width)(x), two_layers(x, width)),
    ),
    (
        "multiplies",
        "multiplied",
        lambda stem, x, width, last: layers.ReLU()(layers.Multiply()([x, two_layers(x, width)])),
    ),
    (
        "averages instead of adding",
        "averaged",
        lambda stem, x, width, last: layers.ReLU()(layers.Average()([x, two_layers(x, width)])),
    ),
    (
        "dropout in the block",
        "no dropout",
        lambda stem, x, width, last: summed(x, layers.Dropout(0.3)(two_layers(x, width))),
    ),
    (
        "no skip around the last block",
        "every block",
        lambda stem, x, width, last: layers.ReLU()(two_layers(x, width)) if last else summed(x, two_layers(x, width)),
    ),
    (
        "one skip around all blocks together",
        "around all blocks together",
        lambda stem, x, width, last: (
            summed(stem, two_layers(x, width)) if last else layers.ReLU()(two_layers(x, width))
        ),
    ),
):

    def residual_network(blocks=8, width=32, block=block):
        return network_with(block, blocks, width)

    wrong("residual_network", mistake, says=says)(residual_network)


for mistake, says, options in (
    ("softmax at the end", "softmax", {"end": "softmax"}),
    ("ReLU on the scores", "may be negative", {"end": "relu"}),
    ("first Dense without its ReLU", "before the blocks", {"stem": None}),
    ("a penalty on the weights", "penalty", {"penalty": "l2"}),
    (
        "he_normal kernels: the skips blow up",
        "he_normal",
        {
            "start": "he_normal",
            "block": lambda stem, x, width, last: summed(x, two_layers(x, width, start="he_normal")),
        },
    ),
):

    def residual_network(blocks=8, width=32, options=options):
        return network_with(blocks=blocks, width=width, **options)

    wrong("residual_network", mistake, says=says)(residual_network)


@wrong("residual_network", "other default of blocks", says="without arguments")
def residual_network(blocks=2, width=32):
    return network_with(blocks=blocks, width=width)


@wrong("residual_network", "other default of width", says="without arguments")
def residual_network(blocks=8, width=64):
    return network_with(blocks=blocks, width=width)


def patient_with(
    start="he_normal", hidden="relu", behind=(), last=None, more=(), from_logits=True, count=10, rate=0.001, frozen=0
):
    """Day 07's patient with other layers; `behind`: kinds of layers behind each hidden Dense, `more`: behind the last."""
    model = keras.Sequential([keras.Input((196,))])
    for number in range(count):
        start_here = start() if callable(start) else start
        model.add(layers.Dense(64, activation=hidden, kernel_initializer=start_here, trainable=number >= frozen))
        for kind in behind:
            model.add(kind())
    for layer in (layers.Dense(10, activation=last), *(kind() for kind in more)):
        model.add(layer)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=["accuracy"])
    return model


def tiny():
    return keras.initializers.RandomNormal(stddev=0.01)


@wrong("cured_network", "nothing cured", says="initialisation")
def cured_network():
    return sick_network()


@wrong("cured_network", "not compiled", says="not compiled")
def cured_network():
    return keras.Sequential([keras.Input((196,)), layers.Dense(10)])


@wrong("cured_network", "returns the history", says="compiled model")
def cured_network():
    return patient_with().fit(pictures[:64], picture_labels[:64], verbose=0)


@wrong("cured_network", "one ReLU after ten linear layers", says="but only 1 ReLU")
def cured_network():
    hidden = [layers.Dense(64, kernel_initializer="he_normal") for _ in range(10)]
    model = keras.Sequential([keras.Input((196,)), *hidden, layers.ReLU(), layers.Dense(10)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model


for mistake, says, options in (
    ("the tiny weights left in", "initialisation", {"start": tiny}),
    (
        "kernels too large: the signal explodes",
        "explodes",
        {"start": lambda: keras.initializers.RandomNormal(stddev=1.0)},
    ),
    (
        "batch normalisation in place of another initialisation",
        "moving averages",
        {"start": tiny, "hidden": None, "behind": (layers.BatchNormalization, layers.ReLU)},
    ),
    ("the ReLU left on the scores", "no ReLU on the last Dense", {"last": "relu"}),
    (
        "a softmax in the network and the ReLU still before it",
        "no ReLU on the last Dense",
        {"last": "relu", "more": (layers.Softmax,), "from_logits": False},
    ),
    (
        "a sigmoid layer behind the scores",
        "last Dense ends in .*sigmoid",
        {"more": (lambda: layers.Activation("sigmoid"),)},
    ),
    ("scores through a tanh", "may be any number", {"last": "tanh"}),
    ("scores through a leaky ReLU", "may be any number", {"last": "leaky_relu"}),
    ("the loss still takes scores for probabilities", "from_logits=True", {"from_logits": False}),
    ("softmax, and from_logits", "must not say from_logits", {"last": "softmax"}),
    ("cured by amputation", "don't shorten", {"count": 2}),
    ("twenty layers", "lengthen", {"count": 20}),
    ("cured, and given a rate far too high", "rate near 0.001", {"rate": 1.0}),
    ("most layers frozen", "frozen layer is no cure", {"frozen": 9}),
    ("other activations", "stay ReLU layers", {"hidden": "gelu"}),
    ("no activation at all", "one big linear map", {"hidden": None}),
    ("leaky ReLU", "shall stay ReLU.*leaky", {"hidden": "leaky_relu"}),
    (
        "GELU as a layer of its own",
        "shall stay ReLU.*gelu",
        {"hidden": None, "behind": (lambda: layers.Activation("gelu"),)},
    ),
    (
        "tanh as a layer of its own",
        "shall stay ReLU.*tanh",
        {"hidden": None, "behind": (lambda: layers.Activation("tanh"),)},
    ),
):

    def cured_network(options=options):
        return patient_with(**options)

    wrong("cured_network", mistake, says=says)(cured_network)


@wrong("find_dead", "carries the dead of a layer into the next", says="Judge each layer by its own")
def find_dead(layer_outputs):
    found, before = [], set()
    for number, outputs in enumerate(layer_outputs):
        dead = set(np.flatnonzero((outputs == 0).all(axis=0)).tolist())
        before = dead if number == 0 or outputs.shape != layer_outputs[0].shape else before | dead
        found.append(np.array(sorted(before), int))
    return found


def mixed_in_a_loop(start, count=None, from_start=False):
    """A `mix` that fills arrays, `start` of each, example by example, `count` of them; `from_start`: out of themselves."""

    def mix(inputs, targets, share, partner):
        results = start(inputs), start(targets)
        for given, result in zip((inputs, targets), results):
            source = result if from_start else given
            for i in range(count or len(given)):
                result[i] = share[i] * source[i] + (1 - share[i]) * source[partner[i]]
        return results

    return mix


for mistake, says, options in (
    ("cuts the decimals of whole targets off", "decimals", {"start": np.empty_like}),
    ("four examples only", "there are seven", {"start": lambda values: np.zeros(values.shape), "count": 4}),
    (
        "mixes in place on a copy, partners mixed already",
        "mixed already",
        {"start": lambda values: values.astype(float), "from_start": True},
    ),
):
    wrong("mix", mistake, says=says)(mixed_in_a_loop(**options))


# What a reader of the sheet tried later


@wrong("find_dead", "returns a generator", says="square brackets")
def find_dead(layer_outputs):
    return (np.flatnonzero((outputs == 0).all(axis=0)) for outputs in layer_outputs)


@wrong("find_dead", "numbers run on from layer to layer", says="from 0 anew")
def find_dead(layer_outputs):
    found, start = [], 0
    for outputs in layer_outputs:
        found.append(np.flatnonzero((outputs == 0).all(axis=0)) + start)
        start += outputs.shape[1]
    return found


@wrong("residual_backward", "finite differences, copied from the check", says="chain rule")
def residual_backward(p, x, slope):
    given = {**p, "x": x}

    def total(name, place, nudge):
        moved = given | {name: given[name].copy()}
        moved[name][place] += nudge
        return np.sum(residual_forward(moved, moved["x"]) * slope)

    found = {name: np.zeros_like(values) for name, values in given.items()}
    for name, values in given.items():
        for place in np.ndindex(values.shape):
            found[name][place] = (total(name, place, 1e-6) - total(name, place, -1e-6)) / 2e-6
    return found


@wrong("mix", "targets: four examples written out", says="here there are seven")
def mix(inputs, targets, share, partner):
    wide = share.reshape(-1, *[1] * (inputs.ndim - 1))
    mixed = targets.astype(float)
    for i in range(4):
        mixed[i] = share[i] * targets[i] + (1 - share[i]) * targets[partner[i]]
    return wide * inputs + (1 - wide) * inputs[partner], mixed
