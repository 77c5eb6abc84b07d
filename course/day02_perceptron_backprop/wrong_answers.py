"""Plausible mistakes of day 02: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""

import numpy as np


@wrong("correct", "answered minus wanted", says="wanted minus answered")
def correct(weights, bias, x, y):
    error = int(x @ weights + bias > 0) - y
    return weights + error * x, bias + error


@wrong("correct", "leaves the bias alone", says="bias is not")
def correct(weights, bias, x, y):
    return weights + (y - int(x @ weights + bias > 0)) * x, bias


@wrong("correct", "forgets the bias in z", says="is the bias part of your z")
def correct(weights, bias, x, y):
    error = y - int(x @ weights > 0)
    return weights + error * x, bias + error


@wrong("correct", "step is 1 at zero", says="z > 0, not z >= 0")
def correct(weights, bias, x, y):
    error = y - int(x @ weights + bias >= 0)
    return weights + error * x, bias + error


@wrong("correct", "uses z instead of the step", says="z itself")
def correct(weights, bias, x, y):
    error = y - (x @ weights + bias)
    return weights + error * x, bias + error


@wrong("correct", "changes the weights in place", says="changed the weights")
def correct(weights, bias, x, y):
    error = y - int(x @ weights + bias > 0)
    weights += error * x
    return weights, bias + error


@wrong("correct", "returns the weights only", says="return weights, bias")
def correct(weights, bias, x, y):
    return weights + (y - int(x @ weights + bias > 0)) * x


@wrong("tanh_backward", "takes tanh again", says="tanh once more")
def tanh_backward(outputs, slope):
    return slope * (1 - np.tanh(outputs) ** 2)


@wrong("tanh_backward", "forgets what arrives", says="multiply it by what arrives")
def tanh_backward(outputs, slope):
    return 1 - outputs**2


@wrong("tanh_backward", "forgets the square", says="square is missing")
def tanh_backward(outputs, slope):
    return slope * (1 - outputs)


@wrong("tanh_backward", "uses the sigmoid's derivative", says="sigmoid")
def tanh_backward(outputs, slope):
    return slope * outputs * (1 - outputs)


@wrong("tanh_backward", "multiplies matrices", says="entry by entry|shape|stopped")
def tanh_backward(outputs, slope):
    return slope.T @ (1 - outputs**2)


@wrong("tanh_backward", "multiplies in place", says="changed the arrays")
def tanh_backward(outputs, slope):
    slope *= 1 - outputs**2
    return slope


@wrong("tanh_backward", "wrong sign", says="sign")
def tanh_backward(outputs, slope):
    return slope * (outputs**2 - 1)


@wrong("bias_gradient", "sums over the neurons", says="over the examples, axis 0")
def bias_gradient(slope, bias):
    return slope.sum(axis=1)


@wrong("bias_gradient", "takes the mean", says="mean")
def bias_gradient(slope, bias):
    return slope.mean(axis=0).reshape(bias.shape)


@wrong("bias_gradient", "sums everything", says="one number")
def bias_gradient(slope, bias):
    return slope.sum()


@wrong("bias_gradient", "always keeps the dimension", says="keep the shape")
def bias_gradient(slope, bias):
    return slope.sum(axis=0, keepdims=True)


@wrong("bias_gradient", "never keeps the dimension", says="keep the shape")
def bias_gradient(slope, bias):
    return slope.sum(axis=0)


@wrong("bias_gradient", "does not sum at all", says="one row per example")
def bias_gradient(slope, bias):
    return slope


@wrong("bias_gradient", "takes the first example", says="first example")
def bias_gradient(slope, bias):
    return slope[0].reshape(bias.shape)


@wrong("softmax_cross_entropy", "overflows", says="largest score")
def softmax_cross_entropy(scores, targets):
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return -np.mean(np.log((p * targets).sum(axis=1))), (p - targets) / len(scores)


@wrong("softmax_cross_entropy", "shifts by the largest of the whole array", says="of each row")
def softmax_cross_entropy(scores, targets):
    p = np.exp(scores - scores.max())
    p = p / p.sum(axis=1, keepdims=True)
    return -np.mean(np.log((p * targets).sum(axis=1))), (p - targets) / len(scores)


@wrong("softmax_cross_entropy", "logarithm of a rounded probability", says="rounded to 0")
def softmax_cross_entropy(scores, targets):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return -np.mean(np.log((p * targets).sum(axis=1))), (p - targets) / len(scores)


@wrong("softmax_cross_entropy", "clips the probability", says="clipped")
def softmax_cross_entropy(scores, targets):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return -np.mean(np.log(np.maximum((p * targets).sum(axis=1), 1e-12))), (p - targets) / len(scores)


def _logs(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@wrong("softmax_cross_entropy", "sums over the wrong axis", says="each \\*row\\*")
def softmax_cross_entropy(scores, targets):
    p = np.exp(scores - scores.max(axis=0))
    p = p / p.sum(axis=0)
    return -np.mean(np.log((p * targets).sum(axis=1))), (p - targets) / len(scores)


@wrong("softmax_cross_entropy", "sum instead of mean", says="divide it by their number")
def softmax_cross_entropy(scores, targets):
    return -(targets * _logs(scores)).sum(), np.exp(_logs(scores)) - targets


@wrong("softmax_cross_entropy", "mean over the classes too", says="number of classes")
def softmax_cross_entropy(scores, targets):
    return -(targets * _logs(scores)).mean(), (np.exp(_logs(scores)) - targets) / len(scores)


@wrong("softmax_cross_entropy", "logarithm of base 2", says="natural")
def softmax_cross_entropy(scores, targets):
    return -(targets * _logs(scores)).sum() / len(scores) / np.log(2), (np.exp(_logs(scores)) - targets) / len(scores)


@wrong("softmax_cross_entropy", "gradient without 1/n", says="not divided by the number of examples")
def softmax_cross_entropy(scores, targets):
    return -(targets * _logs(scores)).sum() / len(scores), np.exp(_logs(scores)) - targets


@wrong("softmax_cross_entropy", "gradient with the wrong sign", says="sign of your gradient")
def softmax_cross_entropy(scores, targets):
    return -(targets * _logs(scores)).sum() / len(scores), (targets - np.exp(_logs(scores))) / len(scores)


@wrong("softmax_cross_entropy", "gradient forgets the targets", says="forgot to subtract the targets")
def softmax_cross_entropy(scores, targets):
    return -(targets * _logs(scores)).sum() / len(scores), np.exp(_logs(scores)) / len(scores)


@wrong("softmax_cross_entropy", "multiplies by the sigmoid's slope", says="cancels")
def softmax_cross_entropy(scores, targets):
    p = np.exp(_logs(scores))
    return -(targets * _logs(scores)).sum() / len(scores), (p - targets) * p * (1 - p) / len(scores)


@wrong("softmax_cross_entropy", "returns the loss only", says="return loss, gradient")
def softmax_cross_entropy(scores, targets):
    return -(targets * _logs(scores)).sum() / len(scores)


def _epochs(parameters, gradients_of, inputs, targets, rate, size, epochs, new_order, sign=-1):
    """The right loop with the order of each epoch given by a function."""
    parameters = dict(parameters)
    for epoch in range(epochs):
        order = new_order(epoch)
        for start in range(0, len(inputs), size):
            chosen = order[start : start + size]
            gradients = gradients_of(parameters, inputs[chosen], targets[chosen])
            parameters = {name: parameters[name] + sign * rate * gradients[name] for name in parameters}
    return parameters


@wrong("train_sgd", "does not shuffle", says="given order")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    order = np.arange(len(inputs))
    return _epochs(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, lambda epoch: order)


@wrong("train_sgd", "shuffles only once", says="shuffle anew")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    order = random.permutation(len(inputs))
    return _epochs(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, lambda epoch: order)


@wrong("train_sgd", "draws with repetition", says="exactly once")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    n = len(inputs)
    draw = lambda epoch: random.integers(n, size=n)  # noqa: E731
    return _epochs(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, draw)


@wrong("train_sgd", "goes uphill", says="uphill")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    n = len(inputs)
    shuffled = lambda epoch: random.permutation(n)  # noqa: E731
    return _epochs(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, shuffled, sign=1)


@wrong("train_sgd", "forgets the learning rate", says="learning rate is missing")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    n = len(inputs)
    return _epochs(parameters, gradients_of, inputs, targets, 1.0, batch_size, epochs, lambda e: random.permutation(n))


@wrong("train_sgd", "shuffles with np.random", says="np\\.random")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    n = len(inputs)
    shuffled = lambda epoch: np.random.permutation(n)  # noqa: E731
    return _epochs(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, shuffled)


@wrong("train_sgd", "drops the last, smaller batch", says="last batch is smaller")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    parameters = dict(parameters)
    for _ in range(epochs):
        order = random.permutation(len(inputs))
        for number in range(len(inputs) // batch_size):
            chosen = order[number * batch_size : (number + 1) * batch_size]
            gradients = gradients_of(parameters, inputs[chosen], targets[chosen])
            parameters = {name: parameters[name] - learning_rate * gradients[name] for name in parameters}
    return parameters


@wrong("train_sgd", "changes the parameters in place", says="changed the parameters")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    for _ in range(epochs):
        order = random.permutation(len(inputs))
        for start in range(0, len(inputs), batch_size):
            chosen = order[start : start + batch_size]
            for name, gradient in gradients_of(parameters, inputs[chosen], targets[chosen]).items():
                parameters[name] -= learning_rate * gradient
    return parameters


@wrong("train_sgd", "shuffles the inputs, not the targets", says="belong together")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    parameters = dict(parameters)
    for _ in range(epochs):
        shuffled = random.permutation(inputs)
        for start in range(0, len(inputs), batch_size):
            part = slice(start, start + batch_size)
            gradients = gradients_of(parameters, shuffled[part], targets[part])
            parameters = {name: parameters[name] - learning_rate * gradients[name] for name in parameters}
    return parameters


@wrong("train_sgd", "uses all examples in each step", says="all the examples")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    n = len(inputs)
    return _epochs(parameters, gradients_of, inputs, targets, learning_rate, n, epochs, lambda e: random.permutation(n))


@wrong("train_sgd", "returns inside the loop", says="inside the loop")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    n = len(inputs)
    return _epochs(
        parameters, gradients_of, inputs, targets, learning_rate, batch_size, 1, lambda e: random.permutation(n)
    )


@wrong("train_sgd", "divides by the batch size again", says="divided by the number")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    n = len(inputs)

    def divided(p, x, y):
        return {name: gradient / len(x) for name, gradient in gradients_of(p, x, y).items()}

    return _epochs(
        parameters, divided, inputs, targets, learning_rate, batch_size, epochs, lambda e: random.permutation(n)
    )


@wrong("train_sgd", "adds momentum", says="no momentum")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    speed, n = {name: 0.0 for name in parameters}, len(inputs)

    def with_momentum(p, x, y):
        for name, gradient in gradients_of(p, x, y).items():
            speed[name] = 0.9 * speed[name] + gradient
        return dict(speed)

    return _epochs(
        parameters, with_momentum, inputs, targets, learning_rate, batch_size, epochs, lambda e: random.permutation(n)
    )


def _back(parameters, kept, targets, tanh1=True, tanh2=True, n=None, sign=1):
    """The right backward pass with places to break it."""
    slope3 = sign * (kept["probabilities"] - targets) / (n or len(targets))
    slope2 = slope3 @ parameters["W3"].T * ((1 - kept["hidden2"] ** 2) if tanh2 else 1)
    slope1 = slope2 @ parameters["W2"].T * ((1 - kept["hidden1"] ** 2) if tanh1 else 1)
    gradients = {"W1": kept["inputs"].T @ slope1, "b1": slope1.sum(axis=0), "W2": kept["hidden1"].T @ slope2}
    return gradients | {"b2": slope2.sum(axis=0), "W3": kept["hidden2"].T @ slope3, "b3": slope3.sum(axis=0)}


@wrong("backward", "sends the loss through p (1 - p)", says="\\(P − Y\\)/n")
def backward(parameters, kept, targets):
    p = kept["probabilities"]
    slope = (p - targets) * p * (1 - p)
    return _back(parameters, kept | {"probabilities": targets + slope}, targets)


@wrong("backward", "slope of tanh without the square", says="1 − hidden2²")
def backward(parameters, kept, targets):
    rooted = {name: np.sqrt(np.abs(kept[name])) for name in ("hidden1", "hidden2")}
    gradients = _back(parameters, kept | rooted, targets)
    return gradients | {"W3": kept["hidden2"].T @ (kept["probabilities"] - targets) / len(targets)}


@wrong("backward", "forgets 1/n", says="divide P − Y by n|too large")
def backward(parameters, kept, targets):
    return _back(parameters, kept, targets, n=1)


@wrong("backward", "wrong sign", says="answer minus wanted")
def backward(parameters, kept, targets):
    return _back(parameters, kept, targets, sign=-1)


@wrong("backward", "forgets tanh's slope in layer 2", says="1 − hidden2²")
def backward(parameters, kept, targets):
    return _back(parameters, kept, targets, tanh2=False)


@wrong("backward", "forgets tanh's slope in layer 1", says="1 − hidden1²")
def backward(parameters, kept, targets):
    return _back(parameters, kept, targets, tanh1=False)


@wrong("backward", "mean for the biases", says="not a mean")
def backward(parameters, kept, targets):
    gradients = _back(parameters, kept, targets)
    return gradients | {name: gradients[name] / len(targets) for name in ("b1", "b2", "b3")}


@wrong("backward", "a bias summed over the wrong axis", says="b2 must have the shape of b2")
def backward(parameters, kept, targets):
    gradients = _back(parameters, kept, targets)
    slope2 = (kept["probabilities"] - targets) / len(targets) @ parameters["W3"].T * (1 - kept["hidden2"] ** 2)
    return gradients | {"b2": slope2.sum(axis=1)}


@wrong("backward", "a transpose forgotten in W2", says="shape of W2")
def backward(parameters, kept, targets):
    gradients = _back(parameters, kept, targets)
    return gradients | {"W2": gradients["W2"].T}


@wrong("backward", "divides by n twice, in the weights", says="too small")
def backward(parameters, kept, targets):
    gradients = _back(parameters, kept, targets)
    return gradients | {name: gradients[name] / len(targets) for name in ("W1", "W2", "W3")}


@wrong("backward", "layers 2 and 3 only", says="missing: W1, b1")
def backward(parameters, kept, targets):
    gradients = _back(parameters, kept, targets)
    return {name: gradients[name] for name in ("W2", "b2", "W3", "b3")}


@wrong("correct", "rounds z before comparing", says="compare z itself")
def correct(weights, bias, inputs, target):
    error = target - (int(inputs @ weights + bias) > 0)
    return weights + error * inputs, bias + error


@wrong("correct", "works for two inputs only", says="all\\* inputs")
def correct(weights, bias, inputs, target):
    error = target - (weights[0] * inputs[0] + weights[1] * inputs[1] + bias > 0)
    return weights + error * inputs, bias + error


@wrong("tanh_backward", "squares the bracket", says="not \\(1 − h\\)²")
def tanh_backward(outputs, slope):
    return slope * (1 - outputs) ** 2


@wrong("tanh_backward", "lifts the vanishing slope", says="saturated neuron")
def tanh_backward(outputs, slope):
    return slope * np.maximum(1 - outputs**2, 0.1)


@wrong("bias_gradient", "adds the bias itself", says="only its shape")
def bias_gradient(slope, bias):
    return bias + slope.sum(axis=0).reshape(bias.shape)


@wrong("softmax_cross_entropy", "takes the logarithm of a p that was rounded to 0", says="−∞")
def softmax_cross_entropy(scores, targets):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return -np.mean(np.sum(targets * np.log(p), axis=1)), (p - targets) / len(scores)


@wrong("softmax_cross_entropy", "clips the scores", says="20000")
def softmax_cross_entropy(scores, targets):
    scores = np.clip(scores, -1000, 1000)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(targets * log_p) / len(scores), (np.exp(log_p) - targets) / len(scores)


@wrong("softmax_cross_entropy", "changes the scores in place", says="changed the scores")
def softmax_cross_entropy(scores, targets):
    scores -= scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return -np.sum(targets * log_p) / len(scores), (np.exp(log_p) - targets) / len(scores)


def _sgd(move, batches=lambda n, b: range(0, n, b), order=lambda random, n: random.permutation(n)):
    """Make a `train_sgd` from its parts, of which one is wrong."""

    def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
        parameters = dict(parameters)
        for _ in range(epochs):
            chosen = order(random, len(inputs))
            for begin in batches(len(inputs), batch_size):
                batch = chosen[begin : begin + batch_size]
                parameters = move(
                    parameters, lambda p, batch=batch: gradients_of(p, inputs[batch], targets[batch]), learning_rate
                )
        return parameters

    return train_sgd


def _right_move(parameters, gradients_of, rate):
    gradients = gradients_of(parameters)
    return {name: values - rate * gradients[name] for name, values in parameters.items()}


def _one_after_the_other(parameters, gradients_of, rate):
    for name in list(parameters):
        parameters = parameters | {name: parameters[name] - rate * gradients_of(parameters)[name]}
    return parameters


def _last_name_only(parameters, gradients_of, rate):
    gradients = gradients_of(parameters)
    for name in parameters:
        step = rate * gradients[name]
    return parameters | {name: parameters[name] - step}


wrong("train_sgd", "takes each gradient after the parameter before has moved", says="once for each parameter")(
    _sgd(_one_after_the_other)
)
wrong("train_sgd", "moves the last parameter only", says="only one moved")(_sgd(_last_name_only))
wrong("train_sgd", "uses a generator of its own", says="ignores `random`")(
    _sgd(_right_move, order=lambda random, n: _own_generator.permutation(n))
)
wrong("train_sgd", "leaves the last example out", says="single one")(
    _sgd(_right_move, batches=lambda n, b: range(0, n - 1, b))
)
wrong("train_sgd", "makes an empty batch", says="no empty third one")(
    _sgd(_right_move, batches=lambda n, b: range(0, b * (n // b + 1), b))
)


class _own_generator:
    """A generator that starts anew with each training of 3 epochs, whatever `random` says."""

    calls = 0

    @classmethod
    def permutation(cls, n):
        cls.calls += 1
        return np.random.default_rng((cls.calls - 1) % 3).permutation(n)


@wrong("backward", "changes what the forward pass kept", says="changed what it was given")
def backward(parameters, kept, targets):
    slope3 = kept["probabilities"]
    slope3 -= targets
    slope3 /= len(targets)
    slope2 = (slope3 @ parameters["W3"].T) * (1 - kept["hidden2"] ** 2)
    slope1 = (slope2 @ parameters["W2"].T) * (1 - kept["hidden1"] ** 2)
    came_in = {"1": kept["inputs"], "2": kept["hidden1"], "3": kept["hidden2"]}
    slopes = {"1": slope1, "2": slope2, "3": slope3}
    return {f"W{n}": came_in[n].T @ slopes[n] for n in slopes} | {f"b{n}": slopes[n].sum(axis=0) for n in slopes}


@wrong("backward", "writes the number of examples in", says="11 examples")
def backward(parameters, kept, targets):
    slope3 = (kept["probabilities"] - targets) / 7
    slope2 = (slope3 @ parameters["W3"].T) * (1 - kept["hidden2"] ** 2)
    slope1 = (slope2 @ parameters["W2"].T) * (1 - kept["hidden1"] ** 2)
    came_in = {"1": kept["inputs"], "2": kept["hidden1"], "3": kept["hidden2"]}
    slopes = {"1": slope1, "2": slope2, "3": slope3}
    return {f"W{n}": came_in[n].T @ slopes[n] for n in slopes} | {f"b{n}": slopes[n].sum(axis=0) for n in slopes}


# What readers of the sheet tried later


@wrong("correct", "corrects until the answer is right", says="no loop")
def correct(weights, bias, x, y):
    while int(x @ weights + bias > 0) != y:
        error = y - int(x @ weights + bias > 0)
        weights, bias = weights + error * x, bias + error
    return weights, bias


@wrong("correct", "changes the example", says="changed the example")
def correct(weights, bias, x, y):
    error = y - int(x @ weights + bias > 0)
    x *= error
    return weights + x, bias + error


@wrong("correct", "returns nothing if the answer was right", says="returns nothing")
def correct(weights, bias, x, y):
    error = y - int(x @ weights + bias > 0)
    if error:
        return weights + error * x, bias + error


@wrong("correct", "−1 in place of 0", says="step function say 0")
def correct(weights, bias, x, y):
    error = y - int(np.sign(x @ weights + bias))
    return weights + error * x, bias + error


@wrong("correct", "a learning rate", says="no learning rate")
def correct(weights, bias, x, y):
    error = y - int(x @ weights + bias > 0)
    return weights + 0.1 * error * x, bias + error


@wrong("correct", "the bias times x", says="without x")
def correct(weights, bias, x, y):
    error = y - int(x @ weights + bias > 0)
    return weights + error * x, bias + error * x


@wrong("correct", "bias first", says="First come the weights")
def correct(weights, bias, x, y):
    error = y - int(x @ weights + bias > 0)
    return bias + error, weights + error * x


for mistake, says, formula in (
    ("differentiates once more", "once more: it", lambda h, s: s * -2 * h),
    ("hands on what arrives", "unchanged", lambda h, s: s),
    ("plus inside", "1 \\*minus\\*", lambda h, s: s * (1 + h**2)),
):

    def tanh_backward(outputs, slope, formula=formula):
        return formula(outputs, slope)

    wrong("tanh_backward", mistake, says=says)(tanh_backward)


@wrong("bias_gradient", "squeezes", says="not `squeeze`")
def bias_gradient(slope, bias):
    total = np.squeeze(slope.sum(axis=0))
    return total.reshape(1, -1) if bias.ndim == 2 else total


@wrong("bias_gradient", "divides by the number of neurons", says="number of neurons")
def bias_gradient(slope, bias):
    return (slope.sum(axis=0) / bias.size).reshape(bias.shape)


def _by_log(scores, targets, shift=None, loss=None, dtype=float):
    scores = scores.astype(dtype)
    shifted = scores - (scores.max(axis=1, keepdims=True) if shift is None else shift(scores))
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    value = -np.sum(targets * log_p) / len(scores) if loss is None else loss(np.exp(log_p), targets)
    return value, (np.exp(log_p) - targets) / len(scores)


for mistake, says, options in (
    ("subtracts the row's mean", "largest", {"shift": lambda scores: scores.mean(axis=1, keepdims=True)}),
    ("subtracts the row's smallest", "largest", {"shift": lambda scores: scores.min(axis=1, keepdims=True)}),
    ("logarithm of the mean", "logarithm of the mean", {"loss": lambda p, y: -np.log(np.sum(p * y) / len(p))}),
    ("the wrong classes, too", "only the right class", {"loss": lambda p, y: -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(p)}),
    ("single precision", "too rough", {"dtype": "float32"}),
):  # fmt: skip

    def softmax_cross_entropy(scores, targets, options=options):
        with np.errstate(all="ignore"):
            return _by_log(scores, targets, **options)

    wrong("softmax_cross_entropy", mistake, says=says)(softmax_cross_entropy)


@wrong("softmax_cross_entropy", "the largest of each column", says="each \\*column\\*")
def softmax_cross_entropy(scores, targets):
    with np.errstate(all="ignore"):
        exponentials = np.exp(scores - scores.max(axis=0))
        p = exponentials / exponentials.sum(axis=1, keepdims=True)
        return -np.mean(np.log(np.sum(p * targets, axis=1))), (p - targets) / len(scores)


wrong("train_sgd", "begins elsewhere, but keeps the order", says="follow their neighbour")(
    _sgd(_right_move, order=lambda random, n: np.roll(np.arange(n), random.integers(1, n)))
)


@wrong("train_sgd", "returns after the first batch", says="one batch only")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    chosen = random.permutation(len(inputs))[:batch_size]
    return _right_move(parameters, lambda p: gradients_of(p, inputs[chosen], targets[chosen]), learning_rate)


@wrong("train_sgd", "shuffles inside each batch only", says="the same examples in every epoch")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    n = len(inputs)
    parts = [np.arange(start, min(start + batch_size, n)) for start in range(0, n, batch_size)]
    order = lambda epoch: np.concatenate([random.permutation(part) for part in parts])  # noqa: E731
    return _epochs(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, order)


@wrong("train_sgd", "a new order for each batch", says="one\\* permutation per epoch")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    n = len(inputs)

    def order(epoch):
        return np.concatenate([random.permutation(n)[start : start + batch_size] for start in range(0, n, batch_size)])

    return _epochs(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, order)


@wrong("train_sgd", "shuffles whole batches", says="whole batches")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    for _ in range(epochs):
        for start in random.permutation(np.arange(0, len(inputs), batch_size)):
            chosen = slice(start, start + batch_size)
            parameters = _right_move(
                parameters, lambda p, c=chosen: gradients_of(p, inputs[c], targets[c]), learning_rate
            )
    return parameters


@wrong("train_sgd", "always asks at the given parameters", says="same parameters every time")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    at_start = lambda p, x, y: gradients_of(parameters, x, y)  # noqa: E731
    n = len(inputs)
    return _epochs(
        parameters, at_start, inputs, targets, learning_rate, batch_size, epochs, lambda e: random.permutation(n)
    )


@wrong("train_sgd", "begins again in each epoch", says="began again")
def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random):
    for _ in range(epochs):
        order = random.permutation(len(inputs))
        moved = _epochs(parameters, gradients_of, inputs, targets, learning_rate, batch_size, 1, lambda e, o=order: o)
    return moved


for mistake, count in (("the full batch", lambda size, n: size), ("all examples", lambda size, n: n)):

    def train_sgd(parameters, gradients_of, inputs, targets, learning_rate, batch_size, epochs, random, count=count):
        n = len(inputs)
        rate = learning_rate / count(batch_size, n)
        return _epochs(
            parameters, gradients_of, inputs, targets, rate, batch_size, epochs, lambda e: random.permutation(n)
        )

    wrong("train_sgd", f"divides by the size of {mistake}", says="divided by the number")(train_sgd)


def _scaled(weights, biases):
    """A right backward pass whose weights and biases are multiplied by functions of n."""

    def backward(parameters, kept, targets):
        n, gradients = len(targets), _back(parameters, kept, targets)
        return {name: values * (weights if name[0] == "W" else biases)(n) for name, values in gradients.items()}

    return backward


wrong("backward", "1/n in the weights only", says="b1, b2, b3.*too large|too large")(_scaled(lambda n: 1, lambda n: n))
wrong("backward", "1/n in the biases only", says="too large")(_scaled(lambda n: n, lambda n: 1))
wrong("backward", "everything divided twice", says="too small")(_scaled(lambda n: 1 / n, lambda n: 1 / n))
