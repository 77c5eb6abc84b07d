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


@wrong("find_dead", "rounds small outputs to zero", says="tiny 1e-9")
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
