"""Plausible mistakes of day 07: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


@wrong("find_dead", "looks along the wrong axis", says="neurons are the columns")
def find_dead(layer_outputs):
    return [np.flatnonzero((outputs == 0).all(axis=1)) for outputs in layer_outputs]


@wrong("find_dead", "takes one inactive example for death", says="every\\* example")
def find_dead(layer_outputs):
    return [np.flatnonzero((outputs == 0).any(axis=0)) for outputs in layer_outputs]


@wrong("find_dead", "returns a mask", says="numbers")
def find_dead(layer_outputs):
    return [(outputs == 0).all(axis=0) for outputs in layer_outputs]


@wrong("find_dead", "rounds small outputs to zero", says="tiny 1e-30")
def find_dead(layer_outputs):
    return [np.flatnonzero(np.isclose(outputs, 0).all(axis=0)) for outputs in layer_outputs]


@wrong("find_dead", "returns inside the loop", says="inside the loop")
def find_dead(layer_outputs):
    for outputs in layer_outputs:
        return [np.flatnonzero((outputs == 0).all(axis=0))]


@wrong("find_dead", "collects the living", says="living")
def find_dead(layer_outputs):
    return [np.flatnonzero((outputs > 0).any(axis=0)) for outputs in layer_outputs]


@wrong("find_dead", "mostly silent counts as dead", says="every\\* example")
def find_dead(layer_outputs):
    return [np.flatnonzero((outputs == 0).mean(axis=0) > 0.5) for outputs in layer_outputs]


@wrong("batch_norm", "normalises each example", says="over its neurons")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = z.mean(axis=1, keepdims=True), z.var(axis=1, keepdims=True)
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "one mean for everything", says="each neuron has its own")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    return gain * (z - z.mean()) / np.sqrt(z.var() + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "divides by the variance", says="square \\*root\\*")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = z.mean(axis=0), z.var(axis=0)
    return gain * (z - mean) / (variance + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "epsilon outside the root", says="under\\* the root")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = z.mean(axis=0), z.var(axis=0)
    return gain * (z - mean) / (np.sqrt(variance) + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "unbiased variance", says="one less")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = z.mean(axis=0), z.var(axis=0, ddof=1)
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


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


@wrong("batch_norm", "momentum the other way round", says="other way round")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = z.mean(axis=0), z.var(axis=0)
        moving_mean = (1 - momentum) * moving_mean + momentum * mean
        moving_variance = (1 - momentum) * moving_variance + momentum * variance
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "updates in inference as well", says="must not change")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = (z.mean(axis=0), z.var(axis=0)) if training else (moving_mean, moving_variance)
    moving_mean = momentum * moving_mean + (1 - momentum) * z.mean(axis=0)
    moving_variance = momentum * moving_variance + (1 - momentum) * z.var(axis=0)
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "averages the spread instead of the variance", says="not its root")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = (z.mean(axis=0), z.var(axis=0)) if training else (moving_mean, moving_variance)
    if training:
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * z.std(axis=0)
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


@wrong("batch_norm", "forgets gain and shift", says="gain γ")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = (z.mean(axis=0), z.var(axis=0)) if training else (moving_mean, moving_variance)
    if training:
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    return (z - mean) / np.sqrt(variance + epsilon), moving_mean, moving_variance


def parts(p, x, slope):
    hidden = np.maximum(0, x @ p["W1"] + p["b1"])
    slope_z = (slope @ p["W2"].T) * (hidden > 0)
    return hidden, slope_z


@wrong("residual_backward", "forgets the skip", says="forgot the skip")
def residual_backward(p, x, slope):
    hidden, slope_z = parts(p, x, slope)
    found = {"W1": x.T @ slope_z, "b1": slope_z.sum(axis=0), "W2": hidden.T @ slope, "b2": slope.sum(axis=0)}
    return found | {"x": slope_z @ p["W1"].T}


@wrong("residual_backward", "only the skip reaches x", says="way through the two layers")
def residual_backward(p, x, slope):
    hidden, slope_z = parts(p, x, slope)
    found = {"W1": x.T @ slope_z, "b1": slope_z.sum(axis=0), "W2": hidden.T @ slope, "b2": slope.sum(axis=0)}
    return found | {"x": slope}


@wrong("residual_backward", "forgets the slope of the ReLU", says="through the ReLU")
def residual_backward(p, x, slope):
    hidden, _ = parts(p, x, slope)
    slope_z = slope @ p["W2"].T
    found = {"W1": x.T @ slope_z, "b1": slope_z.sum(axis=0), "W2": hidden.T @ slope, "b2": slope.sum(axis=0)}
    return found | {"x": slope + slope_z @ p["W1"].T}


@wrong("residual_backward", "means instead of sums for the biases", says="sum, not mean")
def residual_backward(p, x, slope):
    hidden, slope_z = parts(p, x, slope)
    found = {"W1": x.T @ slope_z, "b1": slope_z.mean(axis=0), "W2": hidden.T @ slope, "b2": slope.mean(axis=0)}
    return found | {"x": slope + slope_z @ p["W1"].T}


@wrong("residual_backward", "W2 with the values before the ReLU", says="after\\* the ReLU")
def residual_backward(p, x, slope):
    _, slope_z = parts(p, x, slope)
    z = x @ p["W1"] + p["b1"]
    found = {"W1": x.T @ slope_z, "b1": slope_z.sum(axis=0), "W2": z.T @ slope, "b2": slope.sum(axis=0)}
    return found | {"x": slope + slope_z @ p["W1"].T}


@wrong("residual_backward", "a transpose in the wrong place", says="has the shape of W1")
def residual_backward(p, x, slope):
    hidden, slope_z = parts(p, x, slope)
    found = {"W1": slope_z.T @ x, "b1": slope_z.sum(axis=0), "W2": hidden.T @ slope, "b2": slope.sum(axis=0)}
    return found | {"x": slope + slope_z @ p["W1"].T}


@wrong("residual_backward", "multiplies the skip instead of adding it", says="\\*plus\\*")
def residual_backward(p, x, slope):
    hidden, slope_z = parts(p, x, slope)
    found = {"W1": x.T @ slope_z, "b1": slope_z.sum(axis=0), "W2": hidden.T @ slope, "b2": slope.sum(axis=0)}
    return found | {"x": slope * (slope_z @ p["W1"].T)}


@wrong("residual_backward", "a ReLU after the sum that is not there", says="no ReLU")
def residual_backward(p, x, slope):
    slope = slope * (residual_forward(p, x) > 0)
    hidden, slope_z = parts(p, x, slope)
    found = {"W1": x.T @ slope_z, "b1": slope_z.sum(axis=0), "W2": hidden.T @ slope, "b2": slope.sum(axis=0)}
    return found | {"x": slope + slope_z @ p["W1"].T}


@wrong("mix", "does not mix the targets", says="targets were not mixed")
def mix(inputs, targets, share, partner):
    s = share.reshape(-1, *[1] * (inputs.ndim - 1))
    return s * inputs + (1 - s) * inputs[partner], targets


@wrong("mix", "shares along the wrong axis", says="wrong axis")
def mix(inputs, targets, share, partner):
    return share * inputs + (1 - share) * inputs[partner], share * targets + (1 - share) * targets[partner]


@wrong("mix", "share given to the partner", says="1 − share to its partner")
def mix(inputs, targets, share, partner):
    s = share.reshape(-1, *[1] * (inputs.ndim - 1))
    return (1 - s) * inputs + s * inputs[partner], (1 - s[:, :1]) * targets + s[:, :1] * targets[partner]


@wrong("mix", "works for tables only", says="four axes|broadcast")
def mix(inputs, targets, share, partner):
    s = share[:, None]
    return s * inputs + (1 - s) * inputs[partner], s * targets + (1 - s) * targets[partner]


@wrong("mix", "another partner for the targets", says="same partners")
def mix(inputs, targets, share, partner):
    s = share.reshape(-1, *[1] * (inputs.ndim - 1))
    return s * inputs + (1 - s) * inputs[partner], share[:, None] * targets + (1 - share[:, None]) * targets[::-1]


@wrong("mix", "rounds the targets", says="round|add up to 1")
def mix(inputs, targets, share, partner):
    s = share.reshape(-1, *[1] * (inputs.ndim - 1))
    mixed = np.round(share[:, None] * targets + (1 - share[:, None]) * targets[partner])
    return s * inputs + (1 - s) * inputs[partner], mixed


@wrong("mix", "adds without weighting the partner", says="stay as it is")
def mix(inputs, targets, share, partner):
    s = share.reshape(-1, *[1] * (inputs.ndim - 1))
    return s * inputs + inputs[partner], share[:, None] * targets + (1 - share[:, None]) * targets[partner]


@wrong("mix", "one share for all", says="share of its own")
def mix(inputs, targets, share, partner):
    s = share.mean()
    return s * inputs + (1 - s) * inputs[partner], s * targets + (1 - s) * targets[partner]


@wrong("mix", "looks the partners up backwards", says="partner of example i")
def mix(inputs, targets, share, partner):
    s, other = share.reshape(-1, *[1] * (inputs.ndim - 1)), np.argsort(partner)
    return s * inputs + (1 - s) * inputs[other], share[:, None] * targets + (1 - share[:, None]) * targets[other]


def network_with(block, blocks, width):
    inputs = keras.Input((196,))
    stem = x = layers.Dense(width, activation="relu")(inputs)
    for _ in range(blocks):
        x = block(stem, x, width)
    return keras.Model(inputs, layers.Dense(10)(x))


@wrong("residual_network", "no skip at all", says="plain one does")
def residual_network(blocks=8, width=32):
    return plain_network(blocks, width)


def two_layers(x, width, last=None):
    return layers.Dense(width, activation=last)(layers.Dense(width, activation="relu")(x))


def joined_late(stem, x, width):
    x = layers.Dense(width, activation="relu")(x)
    return layers.ReLU()(layers.Add()([x, layers.Dense(width)(x)]))


for mistake, says, block in (
    (
        "adds after the last ReLU",
        "sum comes first",
        lambda stem, x, width: layers.Add()([x, layers.ReLU()(two_layers(x, width))]),
    ),
    (
        "no ReLU after the sum",
        "after the sum is missing",
        lambda stem, x, width: layers.Add()([x, two_layers(x, width)]),
    ),
    (
        "every block gets the first one's input",
        "inside the loop",
        lambda stem, x, width: layers.ReLU()(layers.Add()([stem, two_layers(x, width)])),
    ),
    ("keeps the input too late", "before\\* the first Dense", joined_late),
    (
        "concatenates",
        "concatenate",
        lambda stem, x, width: layers.ReLU()(layers.Concatenate()([x, two_layers(x, width)])),
    ),
    (
        "both Dense layers with ReLU",
        "second Dense has no activation",
        lambda stem, x, width: layers.ReLU()(layers.Add()([x, two_layers(x, width, "relu")])),
    ),
    (
        "a projection in the skip",
        "without further layers",
        lambda stem, x, width: layers.ReLU()(layers.Add()([layers.Dense(width)(x), two_layers(x, width)])),
    ),
    ("multiplies", "multiplied", lambda stem, x, width: layers.ReLU()(layers.Multiply()([x, two_layers(x, width)]))),
):

    def residual_network(blocks=8, width=32, block=block):
        return network_with(block, blocks, width)

    wrong("residual_network", mistake, says=says)(residual_network)


def patient_with(start="he_normal", last=None, from_logits=True, count=10, rate=0.001):
    hidden = [layers.Dense(64, activation="relu", kernel_initializer=start) for _ in range(count)]
    model = keras.Sequential([keras.Input((196,)), *hidden, layers.Dense(10, activation=last)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=["accuracy"])
    return model


@wrong("cured_network", "nothing cured", says="initialisation")
def cured_network():
    return sick_network()


@wrong("cured_network", "the tiny weights left in", says="initialisation")
def cured_network():
    return patient_with(keras.initializers.RandomNormal(stddev=0.01))


@wrong("cured_network", "the ReLU left on the scores", says="no ReLU on the last Dense")
def cured_network():
    return patient_with(last="relu")


@wrong("cured_network", "the loss still takes scores for probabilities", says="from_logits=True")
def cured_network():
    return patient_with(from_logits=False)


@wrong("cured_network", "cured by amputation", says="don't shorten")
def cured_network():
    return patient_with(count=2)


@wrong("cured_network", "not compiled", says="not compiled")
def cured_network():
    return keras.Sequential([keras.Input((196,)), layers.Dense(10)])


@wrong("cured_network", "cured, and given a rate far too high", says="rate near 0.001")
def cured_network():
    return patient_with(rate=1.0)


@wrong("cured_network", "returns the history", says="compiled model")
def cured_network():
    return patient_with().fit(pictures[:64], picture_labels[:64], verbose=0)


@wrong("cured_network", "a softmax in the network and the ReLU still before it", says="no ReLU on the last Dense")
def cured_network():
    hidden = [layers.Dense(64, activation="relu", kernel_initializer="he_normal") for _ in range(10)]
    model = keras.Sequential([keras.Input((196,)), *hidden, layers.Dense(10, activation="relu"), layers.Softmax()])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@wrong("find_dead", "a tiny threshold", says="tiny 1e-30")
def find_dead(layer_outputs):
    return [np.flatnonzero((outputs < 1e-12).all(axis=0)) for outputs in layer_outputs]


@wrong("find_dead", "takes a constant for death", says="dull, but not dead")
def find_dead(layer_outputs):
    return [np.flatnonzero(np.ptp(outputs, axis=0) == 0) for outputs in layer_outputs]


@wrong("find_dead", "999 of 1,000 silent counts as dead", says="tiny 1e-30")
def find_dead(layer_outputs):
    return [np.flatnonzero((outputs == 0).mean(axis=0) > 0.999) for outputs in layer_outputs]


@wrong("find_dead", "carries the dead of a layer into the next", says="Judge each layer by its own")
def find_dead(layer_outputs):
    found, before = [], set()
    for number, outputs in enumerate(layer_outputs):
        dead = set(np.flatnonzero((outputs == 0).all(axis=0)).tolist())
        before = dead if number == 0 or outputs.shape != layer_outputs[0].shape else before | dead
        found.append(np.array(sorted(before), int))
    return found


def _batch_norm(variance_momentum=None, training_epsilon=None, use_epsilon=None, neurons=None, in_place=False):
    def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
        if neurons and z.shape[1] != neurons:
            raise ValueError("three neurons only")
        if training:
            mean, variance = z.mean(axis=0), z.var(axis=0)
            moving_mean = momentum * moving_mean + (1 - momentum) * mean
            kept = variance_momentum or momentum
            moving_variance = kept * moving_variance + (1 - kept) * variance
            output = gain * (z - mean) / np.sqrt(variance + (training_epsilon or epsilon)) + shift
        else:
            if in_place:
                z -= moving_mean
                return gain * z / np.sqrt(moving_variance + epsilon) + shift, moving_mean, moving_variance
            output = gain * (z - moving_mean) / np.sqrt(moving_variance + (use_epsilon or epsilon)) + shift
        return output, moving_mean, moving_variance

    return batch_norm


wrong("batch_norm", "fixed momentum of the variance", says="for the variance, too")(_batch_norm(variance_momentum=0.9))
wrong("batch_norm", "fixed epsilon", says="parameter `epsilon`, not")(
    _batch_norm(training_epsilon=1e-3, use_epsilon=1e-3)
)
wrong("batch_norm", "fixed epsilon in inference", says="`epsilon` in inference")(_batch_norm(use_epsilon=1e-3))
wrong("batch_norm", "changes z in inference", says="In inference your function changed")(_batch_norm(in_place=True))
wrong("batch_norm", "three neurons only", says="three neurons only")(_batch_norm(neurons=3))


@wrong("residual_backward", "adds to the slope in place", says="changed x or slope")
def residual_backward(p, x, slope):
    hidden = np.maximum(0, x @ p["W1"] + p["b1"])
    slope_z = (slope @ p["W2"].T) * (hidden > 0)
    found = {"W1": x.T @ slope_z, "b1": slope_z.sum(axis=0), "W2": hidden.T @ slope, "b2": slope.sum(axis=0)}
    slope += slope_z @ p["W1"].T
    return found | {"x": slope}


@wrong("residual_backward", "sizes written out", says="sizes from the arrays|index 3 is out of bounds")
def residual_backward(p, x, slope):
    hidden = np.maximum(0, x @ p["W1"] + p["b1"])
    slope_z = (slope @ p["W2"].T) * (hidden > 0)
    found = {"W1": x.T @ slope_z, "b1": slope_z.sum(axis=0), "W2": hidden.T @ slope, "x": slope + slope_z @ p["W1"].T}
    return found | {"b2": sum(slope[number] for number in range(7))}


@wrong("mix", "the pictures' shares for the targets, too", says="shares of their own")
def mix(inputs, targets, share, partner):
    share = share.reshape(-1, *[1] * (inputs.ndim - 1))
    return share * inputs + (1 - share) * inputs[partner], share * targets + (1 - share) * targets[partner]


@wrong("mix", "tables and pictures only", says="any number of axes|broadcast")
def mix(inputs, targets, share, partner):
    column = share[:, None]
    own = column if inputs.ndim == 2 else share[:, None, None, None]
    return own * inputs + (1 - own) * inputs[partner], column * targets + (1 - column) * targets[partner]


@wrong("mix", "the next example's target", says="inputs and targets alike")
def mix(inputs, targets, share, partner):
    own, column = share.reshape(-1, *[1] * (inputs.ndim - 1)), share[:, None]
    return own * inputs + (1 - own) * inputs[partner], column * targets + (1 - column) * np.roll(targets, -1, axis=0)


@wrong("mix", "cuts the decimals of whole targets off", says="decimals")
def mix(inputs, targets, share, partner):
    mixed, names = np.empty_like(inputs), np.empty_like(targets)
    for i in range(len(inputs)):
        mixed[i] = share[i] * inputs[i] + (1 - share[i]) * inputs[partner[i]]
        names[i] = share[i] * targets[i] + (1 - share[i]) * targets[partner[i]]
    return mixed, names


@wrong("mix", "four examples only", says="there are seven")
def mix(inputs, targets, share, partner):
    mixed, names = np.zeros(inputs.shape), np.zeros(targets.shape)
    for i in range(4):
        mixed[i] = share[i] * inputs[i] + (1 - share[i]) * inputs[partner[i]]
        names[i] = share[i] * targets[i] + (1 - share[i]) * targets[partner[i]]
    return mixed, names


def _residual_network(blocks=8, width=32, noise=None, penalty=None):
    def residual_network(blocks=blocks, width=width):
        inputs = keras.Input((196,))
        x = layers.Dense(width, activation="relu", kernel_regularizer=penalty)(inputs)
        for _ in range(blocks):
            block_input = x
            x = layers.Dense(width, activation="relu")(x)
            x = noise()(layers.Dense(width)(x)) if noise else layers.Dense(width)(x)
            x = layers.ReLU()(layers.Add()([block_input, x]))
        return keras.Model(inputs, layers.Dense(10)(x))

    return residual_network


wrong("residual_network", "other default of blocks", says="without arguments")(_residual_network(blocks=2))
wrong("residual_network", "other default of width", says="without arguments")(_residual_network(width=64))
wrong("residual_network", "a penalty on the weights", says="penalty")(_residual_network(penalty="l2"))
wrong("residual_network", "dropout in the block", says="no dropout")(
    _residual_network(noise=lambda: layers.Dropout(0.3))
)


def _cured_network(hidden="relu", end=None, more=(), logits=True, depth=10, frozen=0):
    def cured_network():
        inner = [layers.Dense(64, activation=hidden, kernel_initializer="he_normal") for _ in range(depth)]
        for layer in inner[:frozen]:
            layer.trainable = False
        model = keras.Sequential([keras.Input((196,)), *inner, layers.Dense(10, activation=end), *more])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=logits)
        model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
        return model

    return cured_network


wrong("cured_network", "other activations", says="stay ReLU layers")(_cured_network(hidden="gelu"))
wrong("cured_network", "no activation at all", says="one big linear map")(_cured_network(hidden=None))
wrong("cured_network", "scores through a tanh", says="may be any number")(_cured_network(end="tanh"))
wrong("cured_network", "scores through a leaky ReLU", says="may be any number")(_cured_network(end="leaky_relu"))
wrong("cured_network", "softmax, and from_logits", says="must not say from_logits")(_cured_network(end="softmax"))
wrong("cured_network", "twenty layers", says="lengthen")(_cured_network(depth=20))
wrong("cured_network", "most layers frozen", says="frozen layer is no cure")(_cured_network(frozen=9))


# What a reader of the sheet tried later


@wrong("find_dead", "counts the neurons from 1", says="counted from 1")
def find_dead(layer_outputs):
    return [np.flatnonzero((outputs == 0).all(axis=0)) + 1 for outputs in layer_outputs]


@wrong("find_dead", "returns a mask of 0 and 1", says="numbers.* 1 and 0")
def find_dead(layer_outputs):
    return [(outputs == 0).all(axis=0).astype(int) for outputs in layer_outputs]


@wrong("find_dead", "np.where without [0]", says="tuple")
def find_dead(layer_outputs):
    return [np.where((outputs == 0).all(axis=0)) for outputs in layer_outputs]


@wrong("find_dead", "np.argwhere: a column", says="argwhere")
def find_dead(layer_outputs):
    return [np.argwhere((outputs == 0).all(axis=0)) for outputs in layer_outputs]


@wrong("find_dead", "returns a generator", says="square brackets")
def find_dead(layer_outputs):
    return (np.flatnonzero((outputs == 0).all(axis=0)) for outputs in layer_outputs)


@wrong("find_dead", "leaves out layers without dead neurons", says="empty one")
def find_dead(layer_outputs):
    found = []
    for outputs in layer_outputs:
        dead = np.flatnonzero((outputs == 0).all(axis=0))
        if len(dead):
            found.append(dead)
    return found


@wrong("find_dead", "`all` without an axis", says="each column")
def find_dead(layer_outputs):
    return [np.flatnonzero((outputs == 0).all()) for outputs in layer_outputs]


@wrong("find_dead", "numbers run on from layer to layer", says="from 0 anew")
def find_dead(layer_outputs):
    found, start = [], 0
    for outputs in layer_outputs:
        found.append(np.flatnonzero((outputs == 0).all(axis=0)) + start)
        start += outputs.shape[1]
    return found


@wrong("batch_norm", "moving variance divided by n − 1, as in PyTorch", says="ddof=0")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = z.mean(axis=0), z.var(axis=0)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * z.var(axis=0, ddof=1)
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "returns the moving variance before the moving mean", says="swapped")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = z.mean(axis=0), z.var(axis=0)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_variance, moving_mean


@wrong("batch_norm", "momentum the other way round in the variance alone", says="other way round")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = z.mean(axis=0), z.var(axis=0)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = (1 - momentum) * moving_variance + momentum * variance
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "returns the output alone in inference", says="three things")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    if not training:
        return gain * (z - moving_mean) / np.sqrt(moving_variance + epsilon) + shift
    mean, variance = z.mean(axis=0), z.var(axis=0)
    moving_mean = momentum * moving_mean + (1 - momentum) * mean
    moving_variance = momentum * moving_variance + (1 - momentum) * variance
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


@wrong("batch_norm", "returns None for the averages in inference", says="unchanged")
def batch_norm(z, gain, shift, moving_mean, moving_variance, training, momentum=0.9, epsilon=1e-3):
    if not training:
        return gain * (z - moving_mean) / np.sqrt(moving_variance + epsilon) + shift, None, None
    mean, variance = z.mean(axis=0), z.var(axis=0)
    moving_mean = momentum * moving_mean + (1 - momentum) * mean
    moving_variance = momentum * moving_variance + (1 - momentum) * variance
    return gain * (z - mean) / np.sqrt(variance + epsilon) + shift, moving_mean, moving_variance


@wrong("residual_backward", "five hidden neurons written out", says="out of bounds|sizes")
def residual_backward(p, x, slope):
    hidden = np.maximum(0, x @ p["W1"] + p["b1"])
    before = (slope @ p["W2"].T) * (hidden > 0)
    bias = np.zeros(5)
    for neuron in range(5):
        bias[neuron] = before[:, neuron].sum()
    skip = slope + before @ p["W1"].T
    return {"W1": x.T @ before, "b1": bias, "W2": hidden.T @ slope, "b2": slope.sum(axis=0), "x": skip}


@wrong("residual_backward", "W1 collected in an array of a written-out size", says="sizes")
def residual_backward(p, x, slope):
    hidden = np.maximum(0, x @ p["W1"] + p["b1"])
    before = (slope @ p["W2"].T) * (hidden > 0)
    kernel = np.zeros((4, 5))
    kernel[: x.shape[1], : hidden.shape[1]] = x.T @ before
    skip = slope + before @ p["W1"].T
    return {"W1": kernel, "b1": before.sum(axis=0), "W2": hidden.T @ slope, "b2": slope.sum(axis=0), "x": skip}


@wrong("residual_backward", "finite differences, copied from the check", says="chain rule")
def residual_backward(p, x, slope):
    found = {}
    for name, values in {**p, "x": x}.items():
        found[name] = np.zeros_like(values)
        for place in np.ndindex(values.shape):
            sides = []
            for nudge in (1e-6, -1e-6):
                moved = values.copy()
                moved[place] += nudge
                changed = p if name == "x" else {**p, name: moved}
                sides.append(np.sum(residual_forward(changed, moved if name == "x" else x) * slope))
            found[name][place] = (sides[0] - sides[1]) / 2e-6
    return found


@wrong("residual_backward", "means over the examples for the kernels alone", says="not a mean")
def residual_backward(p, x, slope):
    hidden = np.maximum(0, x @ p["W1"] + p["b1"])
    before = (slope @ p["W2"].T) * (hidden > 0)
    kernels = {"W1": x.T @ before / len(x), "W2": hidden.T @ slope / len(x)}
    return {**kernels, "b1": before.sum(axis=0), "b2": slope.sum(axis=0), "x": slope + before @ p["W1"].T}


@wrong("mix", "mixes in place on a copy, partners mixed already", says="mixed already")
def mix(inputs, targets, share, partner):
    inputs, targets = inputs.copy(), targets.astype(float)
    for i in range(len(inputs)):
        inputs[i] = share[i] * inputs[i] + (1 - share[i]) * inputs[partner[i]]
        targets[i] = share[i] * targets[i] + (1 - share[i]) * targets[partner[i]]
    return inputs, targets


@wrong("mix", "share[:, None] for pictures, too", says="give the shares as many")
def mix(inputs, targets, share, partner):
    share = share[:, None]
    return share * inputs + (1 - share) * inputs[partner], share * targets + (1 - share) * targets[partner]


@wrong("mix", "targets: four examples written out", says="here there are seven")
def mix(inputs, targets, share, partner):
    wide = share.reshape(-1, *[1] * (inputs.ndim - 1))
    mixed = targets.astype(float)
    for i in range(4):
        mixed[i] = share[i] * targets[i] + (1 - share[i]) * targets[partner[i]]
    return wide * inputs + (1 - wide) * inputs[partner], mixed


@wrong("mix", "draws partners of its own", says="draw none")
def mix(inputs, targets, share, partner):
    partner = np.random.default_rng(0).permutation(len(inputs))
    wide, column = share.reshape(-1, *[1] * (inputs.ndim - 1)), share[:, None]
    return wide * inputs + (1 - wide) * inputs[partner], column * targets + (1 - column) * targets[partner]


@wrong("residual_network", "he_normal kernels: the skips blow up", says="he_normal")
def residual_network(blocks=8, width=32):
    inputs = keras.Input((196,))
    x = layers.Dense(width, activation="relu", kernel_initializer="he_normal")(inputs)
    for _ in range(blocks):
        block_input = x
        x = layers.Dense(width, activation="relu", kernel_initializer="he_normal")(x)
        x = layers.Dense(width, kernel_initializer="he_normal")(x)
        x = layers.ReLU()(layers.Add()([block_input, x]))
    return keras.Model(inputs, layers.Dense(10)(x))


@wrong("residual_network", "softmax at the end", says="softmax")
def residual_network(blocks=8, width=32):
    inputs = keras.Input((196,))
    x = layers.Dense(width, activation="relu")(inputs)
    for _ in range(blocks):
        change = layers.Dense(width)(layers.Dense(width, activation="relu")(x))
        x = layers.ReLU()(layers.Add()([x, change]))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


@wrong("residual_network", "ReLU on the scores", says="may be negative")
def residual_network(blocks=8, width=32):
    inputs = keras.Input((196,))
    x = layers.Dense(width, activation="relu")(inputs)
    for _ in range(blocks):
        change = layers.Dense(width)(layers.Dense(width, activation="relu")(x))
        x = layers.ReLU()(layers.Add()([x, change]))
    return keras.Model(inputs, layers.Dense(10, activation="relu")(x))


@wrong("residual_network", "first Dense without its ReLU", says="before the blocks")
def residual_network(blocks=8, width=32):
    inputs = keras.Input((196,))
    x = layers.Dense(width)(inputs)
    for _ in range(blocks):
        change = layers.Dense(width)(layers.Dense(width, activation="relu")(x))
        x = layers.ReLU()(layers.Add()([x, change]))
    return keras.Model(inputs, layers.Dense(10)(x))


@wrong("residual_network", "one pair of Dense layers for all blocks", says="anew inside the loop")
def residual_network(blocks=8, width=32):
    inputs = keras.Input((196,))
    x = layers.Dense(width, activation="relu")(inputs)
    first, second = layers.Dense(width, activation="relu"), layers.Dense(width)
    for _ in range(blocks):
        x = layers.ReLU()(layers.Add()([x, second(first(x))]))
    return keras.Model(inputs, layers.Dense(10)(x))


@wrong("residual_network", "no skip around the last block", says="every block")
def residual_network(blocks=8, width=32):
    inputs = keras.Input((196,))
    x = layers.Dense(width, activation="relu")(inputs)
    for number in range(blocks):
        change = layers.Dense(width)(layers.Dense(width, activation="relu")(x))
        x = layers.ReLU()(change if number == blocks - 1 else layers.Add()([x, change]))
    return keras.Model(inputs, layers.Dense(10)(x))


@wrong("residual_network", "one skip around all blocks together", says="around all blocks together")
def residual_network(blocks=8, width=32):
    inputs = keras.Input((196,))
    x = stem = layers.Dense(width, activation="relu")(inputs)
    for number in range(blocks):
        x = layers.Dense(width)(layers.Dense(width, activation="relu")(x))
        if number == blocks - 1:
            x = layers.Add()([stem, x])
        x = layers.ReLU()(x)
    return keras.Model(inputs, layers.Dense(10)(x))


@wrong("residual_network", "keeps x after the two layers, adds it to itself", says="to itself")
def residual_network(blocks=8, width=32):
    inputs = keras.Input((196,))
    x = layers.Dense(width, activation="relu")(inputs)
    for _ in range(blocks):
        x = layers.Dense(width, activation="relu")(x)
        x = layers.Dense(width)(x)
        block_input = x
        x = layers.ReLU()(layers.Add()([block_input, x]))
    return keras.Model(inputs, layers.Dense(10)(x))


@wrong("residual_network", "averages instead of adding", says="averaged")
def residual_network(blocks=8, width=32):
    inputs = keras.Input((196,))
    x = layers.Dense(width, activation="relu")(inputs)
    for _ in range(blocks):
        change = layers.Dense(width)(layers.Dense(width, activation="relu")(x))
        x = layers.ReLU()(layers.Average()([x, change]))
    return keras.Model(inputs, layers.Dense(10)(x))


@wrong("cured_network", "one ReLU after ten linear layers", says="but only 1 ReLU")
def cured_network():
    hidden = [layers.Dense(64, kernel_initializer="he_normal") for _ in range(10)]
    model = keras.Sequential([keras.Input((196,)), *hidden, layers.ReLU(), layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss=loss, metrics=["accuracy"])
    return model


@wrong("cured_network", "GELU as a layer of its own", says="shall stay ReLU.*gelu")
def cured_network():
    model = keras.Sequential([keras.Input((196,))])
    for _ in range(10):
        model.add(layers.Dense(64, kernel_initializer="he_normal"))
        model.add(layers.Activation("gelu"))
    model.add(layers.Dense(10))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss=loss, metrics=["accuracy"])
    return model


@wrong("cured_network", "tanh as a layer of its own", says="shall stay ReLU.*tanh")
def cured_network():
    model = keras.Sequential([keras.Input((196,))])
    for _ in range(10):
        model.add(layers.Dense(64))
        model.add(layers.Activation("tanh"))
    model.add(layers.Dense(10))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss=loss, metrics=["accuracy"])
    return model


@wrong("cured_network", "leaky ReLU", says="shall stay ReLU.*leaky")
def cured_network():
    hidden = [layers.Dense(64, activation="leaky_relu", kernel_initializer="he_normal") for _ in range(10)]
    model = keras.Sequential([keras.Input((196,)), *hidden, layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss=loss, metrics=["accuracy"])
    return model


@wrong("cured_network", "a sigmoid layer behind the scores", says="last Dense ends in .*sigmoid")
def cured_network():
    hidden = [layers.Dense(64, activation="relu", kernel_initializer="he_normal") for _ in range(10)]
    model = keras.Sequential([keras.Input((196,)), *hidden, layers.Dense(10), layers.Activation("sigmoid")])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss=loss, metrics=["accuracy"])
    return model


@wrong("cured_network", "kernels too large: the signal explodes", says="explodes")
def cured_network():
    large = [keras.initializers.RandomNormal(stddev=1.0) for _ in range(10)]
    hidden = [layers.Dense(64, activation="relu", kernel_initializer=each) for each in large]
    model = keras.Sequential([keras.Input((196,)), *hidden, layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss=loss, metrics=["accuracy"])
    return model


@wrong("cured_network", "batch normalisation in place of another initialisation", says="moving averages")
def cured_network():
    model = keras.Sequential([keras.Input((196,))])
    for _ in range(10):
        small = keras.initializers.RandomNormal(stddev=0.01)
        model.add(layers.Dense(64, kernel_initializer=small, use_bias=False))
        model.add(layers.BatchNormalization())
        model.add(layers.ReLU())
    model.add(layers.Dense(10))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss=loss, metrics=["accuracy"])
    return model
