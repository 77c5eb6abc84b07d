"""Plausible mistakes of day 04: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


@wrong("minibatches", "draws with replacement", says="comes twice")
def minibatches(inputs, labels, batch_size, random):
    pieces = [
        random.choice(len(inputs), min(batch_size, len(inputs) - first)) for first in range(0, len(inputs), batch_size)
    ]
    return [(inputs[piece], labels[piece]) for piece in pieces]


@wrong("minibatches", "drops the last batch", says="left out")
def minibatches(inputs, labels, batch_size, random):
    order = random.permutation(len(inputs))
    pieces = [order[n * batch_size : (n + 1) * batch_size] for n in range(len(inputs) // batch_size)]
    return [(inputs[piece], labels[piece]) for piece in pieces]


@wrong("minibatches", "does not shuffle", says="old order")
def minibatches(inputs, labels, batch_size, random):
    starts = range(0, len(inputs), batch_size)
    return [(inputs[first : first + batch_size], labels[first : first + batch_size]) for first in starts]


@wrong("minibatches", "shuffles inputs and labels apart", says="other examples' labels")
def minibatches(inputs, labels, batch_size, random):
    inputs, labels = random.permutation(inputs), random.permutation(labels)
    starts = range(0, len(inputs), batch_size)
    return [(inputs[first : first + batch_size], labels[first : first + batch_size]) for first in starts]


@wrong("minibatches", "shuffles the inputs only", says="other examples' labels")
def minibatches(inputs, labels, batch_size, random):
    order = random.permutation(len(inputs))
    starts = range(0, len(inputs), batch_size)
    return [(inputs[order[first : first + batch_size]], labels[first : first + batch_size]) for first in starts]


@wrong("minibatches", "the same order in every epoch", says="same order")
def minibatches(inputs, labels, batch_size, random):
    order = np.random.default_rng(0).permutation(len(inputs))
    pieces = [order[first : first + batch_size] for first in range(0, len(inputs), batch_size)]
    return [(inputs[piece], labels[piece]) for piece in pieces]


@wrong("minibatches", "shuffles the batches, not the examples", says="shuffle the (examples|batches)")
def minibatches(inputs, labels, batch_size, random):
    starts = random.permutation(np.arange(0, len(inputs), batch_size))
    starts = sorted(starts, key=lambda first: first + batch_size > len(inputs))
    return [(inputs[first : first + batch_size], labels[first : first + batch_size]) for first in starts]


@wrong("minibatches", "takes the batch size for the number of batches", says="batches of 4, 4 and 2")
def minibatches(inputs, labels, batch_size, random):
    pieces = np.array_split(random.permutation(len(inputs)), batch_size)
    return [(inputs[piece], labels[piece]) for piece in pieces]


@wrong("minibatches", "draws from np.random instead of the generator", says="same seed")
def minibatches(inputs, labels, batch_size, random):
    order = np.random.permutation(len(inputs))
    pieces = [order[first : first + batch_size] for first in range(0, len(inputs), batch_size)]
    return [(inputs[piece], labels[piece]) for piece in pieces]


@wrong("minibatches", "prints instead of returning", says="return")
def minibatches(inputs, labels, batch_size, random):
    print(random.permutation(len(inputs)))


@wrong("add_l2", "penalises the biases", says="biases too")
def add_l2(loss, gradients, network, strength):
    loss = loss + strength * sum(np.sum(w**2) + np.sum(b**2) for w, b in network)
    return loss, [(g + 2 * strength * w, h + 2 * strength * b) for (g, h), (w, b) in zip(gradients, network)]


@wrong("add_l2", "penalises the biases in the gradients only", says="biases go free")
def add_l2(loss, gradients, network, strength):
    loss = loss + strength * sum(np.sum(w**2) for w, b in network)
    return loss, [(g + 2 * strength * w, h + 2 * strength * b) for (g, h), (w, b) in zip(gradients, network)]


@wrong("add_l2", "forgets the factor 2", says="factor 2")
def add_l2(loss, gradients, network, strength):
    loss = loss + strength * sum(np.sum(w**2) for w, b in network)
    return loss, [(g + strength * w, h) for (g, h), (w, b) in zip(gradients, network)]


@wrong("add_l2", "λ/2 as in some books", says="half")
def add_l2(loss, gradients, network, strength):
    loss = loss + strength / 2 * sum(np.sum(w**2) for w, b in network)
    return loss, [(g + strength * w, h) for (g, h), (w, b) in zip(gradients, network)]


@wrong("add_l2", "L1 instead of L2", says="L1")
def add_l2(loss, gradients, network, strength):
    loss = loss + strength * sum(np.sum(np.abs(w)) for w, b in network)
    return loss, [(g + strength * np.sign(w), h) for (g, h), (w, b) in zip(gradients, network)]


@wrong("add_l2", "the mean instead of the sum", says="mean")
def add_l2(loss, gradients, network, strength):
    loss = loss + strength * sum(np.mean(w**2) for w, b in network)
    return loss, [(g + 2 * strength * w / w.size, h) for (g, h), (w, b) in zip(gradients, network)]


@wrong("add_l2", "the length instead of its square", says="square root")
def add_l2(loss, gradients, network, strength):
    loss = loss + strength * sum(np.linalg.norm(w) for w, b in network)
    return loss, [(g + strength * w / np.linalg.norm(w), h) for (g, h), (w, b) in zip(gradients, network)]


@wrong("add_l2", "subtracts the gradient", says="sign")
def add_l2(loss, gradients, network, strength):
    loss = loss + strength * sum(np.sum(w**2) for w, b in network)
    return loss, [(g - 2 * strength * w, h) for (g, h), (w, b) in zip(gradients, network)]


@wrong("add_l2", "changes the gradients given", says="changed the arrays")
def add_l2(loss, gradients, network, strength):
    for (gradient, _), (weights, _) in zip(gradients, network):
        gradient += 2 * strength * weights
    return loss + strength * sum(np.sum(w**2) for w, b in network), gradients


@wrong("add_l2", "only the gradients", says="loss is unchanged")
def add_l2(loss, gradients, network, strength):
    return loss, [(g + 2 * strength * w, h) for (g, h), (w, b) in zip(gradients, network)]


@wrong("add_l2", "only the loss", says="gradients are unchanged")
def add_l2(loss, gradients, network, strength):
    return loss + strength * sum(np.sum(w**2) for w, b in network), gradients


@wrong("add_l2", "only the first layer", says="one layer")
def add_l2(loss, gradients, network, strength):
    loss = loss + strength * np.sum(network[0][0] ** 2)
    return loss, [(g + 2 * strength * w, h) for (g, h), (w, b) in zip(gradients, network)]


@wrong("add_l2", "one loss per layer", says="one number")
def add_l2(loss, gradients, network, strength):
    loss = np.array([loss + strength * np.sum(w**2) for w, b in network])
    return loss, [(g + 2 * strength * w, h) for (g, h), (w, b) in zip(gradients, network)]


@wrong("dropout", "does not scale", says="scaled up")
def dropout(activations, rate, training, random, inverted=True):
    return activations * (random.random(activations.shape) >= rate) if training else activations


@wrong("dropout", "takes the rate for the share that stays", says="switched \\*off\\*, not on")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations if inverted else activations * rate
    return activations * (random.random(activations.shape) < rate) / (rate if inverted else 1)


@wrong("dropout", "scales down", says="scale the survivors down")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations if inverted else activations * (1 - rate)
    return activations * (random.random(activations.shape) >= rate) * ((1 - rate) if inverted else 1)


@wrong("dropout", "divides by the rate", says="divide by the rate")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations if inverted else activations * (1 - rate)
    return activations * (random.random(activations.shape) >= rate) / (rate if inverted else 1)


@wrong("dropout", "one mask for all examples", says="in every example")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations if inverted else activations * (1 - rate)
    return activations * (random.random(activations.shape[-1]) >= rate) / ((1 - rate) if inverted else 1)


@wrong("dropout", "drops out in use as well", says="in use")
def dropout(activations, rate, training, random, inverted=True):
    return activations * (random.random(activations.shape) >= rate) / ((1 - rate) if inverted else 1)


@wrong("dropout", "scales in use as well", says="does nothing")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations * (1 - rate)
    return activations * (random.random(activations.shape) >= rate) / ((1 - rate) if inverted else 1)


@wrong("dropout", "a generator of its own", says="generator you are given")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations if inverted else activations * (1 - rate)
    mask = np.random.default_rng(0).random(activations.shape) >= rate
    return activations * mask / ((1 - rate) if inverted else 1)


@wrong("dropout", "changes its input", says="changed the activations")
def dropout(activations, rate, training, random, inverted=True):
    if training:
        activations *= (random.random(activations.shape) >= rate) / ((1 - rate) if inverted else 1)
    return activations if training or inverted else activations * (1 - rate)


@wrong("dropout", "ignores the original way", says="original dropout")
def dropout(activations, rate, training, random, inverted=True):
    return activations * (random.random(activations.shape) >= rate) / (1 - rate) if training else activations


@wrong("dropout", "the original way without scaling in use", says="original dropout in use")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations
    return activations * (random.random(activations.shape) >= rate) / ((1 - rate) if inverted else 1)


@wrong("dropout", "removes numbers", says="shape stays")
def dropout(activations, rate, training, random, inverted=True):
    return activations[random.random(activations.shape) >= rate] / (1 - rate) if training else activations


@wrong("dropout", "draws from np.random instead of the generator", says="same seed")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations if inverted else activations * (1 - rate)
    return activations * (np.random.random(activations.shape) >= rate) / ((1 - rate) if inverted else 1)


@wrong("dropout", "one draw for all", says="for each activation")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations if inverted else activations * (1 - rate)
    return activations * (random.random() >= rate) / ((1 - rate) if inverted else 1)


@wrong("dropout", "one draw per example", says="Whole examples")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations if inverted else activations * (1 - rate)
    return activations * (random.random((len(activations), 1)) >= rate) / ((1 - rate) if inverted else 1)


@wrong("dropout", "swaps the two ways", says="scaled up")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations * (1 - rate) if inverted else activations
    return activations * (random.random(activations.shape) >= rate) / (1 if inverted else 1 - rate)


@wrong("dropout", "the original way divides in use", says="multiplies")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations if inverted else activations / (1 - rate)
    return activations * (random.random(activations.shape) >= rate) / ((1 - rate) if inverted else 1)


class _Right(keras.callbacks.Callback):
    """The right answer, of which the wrong ones change one thing each."""

    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.best, self.best_weights, self.waited = np.inf, None, 0

    def is_better(self, logs):
        return logs["val_loss"] < self.best

    def lost(self):
        return self.waited >= self.patience

    def on_epoch_end(self, epoch, logs=None):
        if self.is_better(logs):
            self.best, self.best_weights, self.waited = logs["val_loss"], self.model.get_weights(), 0
        else:
            self.waited += 1
            if self.lost():
                self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)


@wrong("stop_early", "waits one epoch too long", says="third epoch without")
class StopEarly(_Right):
    def lost(self):
        return self.waited > self.patience


@wrong("stop_early", "waits one epoch too few", says="one too early")
class StopEarly(_Right):
    def lost(self):
        return self.waited >= self.patience - 1


@wrong("stop_early", "never sets the waiting back", says="back to 0")
class StopEarly(_Right):
    def on_epoch_end(self, epoch, logs=None):
        waited = self.waited
        super().on_epoch_end(epoch, logs)
        self.waited = max(waited, self.waited)


@wrong("stop_early", "stops at the first bump", says="first bump")
class StopEarly(_Right):
    def lost(self):
        return True


@wrong("stop_early", "compares with the epoch before", says="epoch before")
class StopEarly(_Right):
    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        self.best = logs["val_loss"]


@wrong("stop_early", "higher is better", says="lower is better")
class StopEarly(_Right):
    def on_train_begin(self, logs=None):
        self.best, self.best_weights, self.waited = -np.inf, None, 0

    def is_better(self, logs):
        return logs["val_loss"] > self.best


@wrong("stop_early", "watches the training loss", says="watch val_loss")
class StopEarly(_Right):
    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, {"val_loss": logs["loss"]})


@wrong("stop_early", "does not restore", says="last epoch's weights")
class StopEarly(_Right):
    def on_train_end(self, logs=None):
        pass


@wrong("stop_early", "keeps the living variables instead of copies", says="live variables")
class StopEarly(_Right):
    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        self.best_weights = self.model.weights


@wrong("stop_early", "restores only when it stopped the training", says="ends by itself")
class StopEarly(_Right):
    def on_train_end(self, logs=None):
        if self.model.stop_training:
            super().on_train_end(logs)


@wrong("stop_early", "does not forget between two trainings", says="used a second time")
class StopEarly(_Right):
    def __init__(self, patience):
        super().__init__(patience)
        self.best, self.best_weights, self.waited = np.inf, None, 0

    def on_train_begin(self, logs=None):
        pass


@wrong("stop_early", "counts equal as better", says="no improvement|equal")
class StopEarly(_Right):
    def is_better(self, logs):
        return logs["val_loss"] <= self.best


@wrong("stop_early", "never stops", says="never stopped")
class StopEarly(_Right):
    def lost(self):
        self.stop_training = True  # on the callback, not on the model
        return False


@wrong("runs_that_overfit", "takes the gap", says="gap alone")
def runs_that_overfit(histories):
    return [name for name, h in histories.items() if h["val_loss"][-1] > 1.5 * h["loss"][-1]]


@wrong("runs_that_overfit", "looks at the last epoch only", says="last three")
def runs_that_overfit(histories):
    return [
        name
        for name, h in histories.items()
        if h["val_loss"][-1] > 1.1 * min(h["val_loss"]) and h["loss"][-1] < h["loss"][int(np.argmin(h["val_loss"]))]
    ]


@wrong("runs_that_overfit", "forgets the training loss", says="blown up")
def runs_that_overfit(histories):
    return [name for name, h in histories.items() if np.mean(h["val_loss"][-3:]) > 1.1 * min(h["val_loss"])]


@wrong("runs_that_overfit", "compares with the first epoch", says="textbook|fell from 3.0")
def runs_that_overfit(histories):
    return [
        name
        for name, h in histories.items()
        if np.mean(h["val_loss"][-3:]) > 1.1 * h["val_loss"][0] and np.mean(h["loss"][-3:]) < h["loss"][0]
    ]


@wrong("runs_that_overfit", "any rise counts", says="5 %")
def runs_that_overfit(histories):
    return [
        name
        for name, h in histories.items()
        if np.mean(h["val_loss"][-3:]) > 1.01 * min(h["val_loss"])
        and np.mean(h["loss"][-3:]) < h["loss"][int(np.argmin(h["val_loss"]))]
    ]


def _by_rule(histories, risen, falling):
    chosen = []
    for name, history in histories.items():
        loss, val_loss = np.array(history["loss"]), np.array(history["val_loss"])
        best = int(val_loss.argmin())
        if risen(val_loss, best) and falling(loss, best):
            chosen.append(name)
    return chosen


@wrong("runs_that_overfit", "ten hundredths instead of ten per cent", says="share of it")
def runs_that_overfit(histories):
    return _by_rule(
        histories,
        lambda val, best: val[-3:].mean() > val[best] + 0.1,
        lambda loss, best: loss[-3:].mean() < loss[best],
    )


@wrong("runs_that_overfit", "compares the training loss with its beginning", says="not with the first")
def runs_that_overfit(histories):
    return _by_rule(
        histories, lambda val, best: val[-3:].mean() > 1.1 * val[best], lambda loss, best: loss[-3:].mean() < loss[0]
    )


@wrong("runs_that_overfit", "averages the validation loss only", says="training loss over the last three")
def runs_that_overfit(histories):
    return _by_rule(
        histories, lambda val, best: val[-3:].mean() > 1.1 * val[best], lambda loss, best: loss[-1] < loss[best]
    )


@wrong("runs_that_overfit", "returns a yes or no for each run", says="names")
def runs_that_overfit(histories):
    right = _by_rule(
        histories, lambda val, best: val[-3:].mean() > 1.1 * val[best], lambda loss, best: loss[-3:].mean() < loss[best]
    )
    return [name in right for name in histories]


@wrong("runs_that_overfit", "takes a high loss for overfitting", says="textbook|underfitting")
def runs_that_overfit(histories):
    return [name for name, h in histories.items() if h["val_loss"][-1] > 1]


@wrong("runs_that_overfit", "returns only the worst", says="fell from 3.0")
def runs_that_overfit(histories):
    def rise(history):
        best = int(np.argmin(history["val_loss"]))
        falling = np.mean(history["loss"][-3:]) < history["loss"][best]
        return falling * (np.mean(history["val_loss"][-3:]) - history["val_loss"][best])

    return [max(histories, key=lambda name: rise(histories[name]))]


@wrong("runs_that_overfit", "compares with the validation loss half way", says="last three|fell from 3.0|5 %")
def runs_that_overfit(histories):
    return [
        name
        for name, h in histories.items()
        if h["val_loss"][-1] > 1.1 * h["val_loss"][len(h["val_loss"]) // 2] and h["loss"][-1] < h["loss"][0]
    ]


@wrong("runs_that_overfit", "returns numbers instead of names", says="names")
def runs_that_overfit(histories):
    return [0, 5]


def _random_search(measure, epochs, folder, trials, direction="max"):
    tuner = Trials(
        objective=keras_tuner.Objective("val_accuracy", direction),
        max_trials=trials,
        directory=folder,
        project_name="budget",
        seed=1,
    )
    tuner.search(measure=measure, epochs=epochs, verbose=0)
    return tuner


@wrong("search", "takes the budget for the number of trials", says="counts trials")
def search(measure, budget, epochs, folder):
    return _random_search(measure, epochs, folder, budget).get_best_hyperparameters(1)[0].values


@wrong("search", "rounds the number of trials up", says="round down")
def search(measure, budget, epochs, folder):
    return _random_search(measure, epochs, folder, -(-budget // epochs)).get_best_hyperparameters(1)[0].values


@wrong("search", "numbers instead of parameters", says="not the numbers")
def search(measure, budget, epochs, folder):
    return _random_search(measure, epochs, folder, 20).get_best_hyperparameters(1)[0].values


@wrong("search", "makes the accuracy small", says="worst")
def search(measure, budget, epochs, folder):
    return _random_search(measure, epochs, folder, budget // epochs, "min").get_best_hyperparameters(1)[0].values


@wrong("search", "returns the last trial", says="not the best trial")
def search(measure, budget, epochs, folder):
    tuner = _random_search(measure, epochs, folder, budget // epochs)
    return list(tuner.oracle.trials.values())[-1].hyperparameters.values


@wrong("search", "returns the accuracy", says="dictionary")
def search(measure, budget, epochs, folder):
    return _random_search(measure, epochs, folder, budget // epochs).oracle.get_best_trials(1)[0].score


@wrong("search", "stops half way", says="whole budget")
def search(measure, budget, epochs, folder):
    return _random_search(measure, epochs, folder, budget // epochs // 2).get_best_hyperparameters(1)[0].values


@wrong("search", "trains one epoch each", says="epochs. given")
def search(measure, budget, epochs, folder):
    return _random_search(measure, 1, folder, budget).get_best_hyperparameters(1)[0].values


@wrong("search", "never runs the search", says="no trial was run")
def search(measure, budget, epochs, folder):
    return declare(keras_tuner.HyperParameters())


@wrong("search", "another folder", says="directory=folder")
def search(measure, budget, epochs, folder):
    with tempfile.TemporaryDirectory() as other:
        return _random_search(measure, epochs, other, budget // epochs).get_best_hyperparameters(1)[0].values


@wrong("search", "draws the rate on a linear scale", says="by factors")
def declare(hp):
    return {
        "rate": hp.Float("rate", 1e-4, 1.0),
        "width": hp.Int("width", 8, 256, step=2, sampling="log"),
        "dropout": hp.Choice("dropout", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
    }


@wrong("search", "widths in steps of two", says="doubles")
def declare(hp):
    return {
        "rate": hp.Float("rate", 1e-4, 1.0, sampling="log"),
        "width": hp.Int("width", 8, 256, step=2),
        "dropout": hp.Choice("dropout", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
    }


@wrong("search", "dropout without steps", says="no others")
def declare(hp):
    return {
        "rate": hp.Float("rate", 1e-4, 1.0, sampling="log"),
        "width": hp.Int("width", 8, 256, step=2, sampling="log"),
        "dropout": hp.Float("dropout", 0.0, 0.5),
    }


@wrong("search", "loses the last step of the dropout", says="never comes")
def declare(hp):
    return {
        "rate": hp.Float("rate", 1e-4, 1.0, sampling="log"),
        "width": hp.Int("width", 8, 256, step=2, sampling="log"),
        "dropout": hp.Float("dropout", 0.0, 0.5, step=0.1),
    }


@wrong("search", "a narrow range of rates", says="from 0.0001 to 1")
def declare(hp):
    return {
        "rate": hp.Float("rate", 1e-3, 0.1, sampling="log"),
        "width": hp.Int("width", 8, 256, step=2, sampling="log"),
        "dropout": hp.Choice("dropout", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
    }


@wrong("search", "returns the values without names", says="keys rate, width and dropout")
def declare(hp):
    return (
        hp.Float("rate", 1e-4, 1.0, sampling="log"),
        hp.Int("width", 8, 256, step=2, sampling="log"),
        hp.Choice("dropout", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
    )


@wrong("minibatches", "rotates instead of shuffling", says="still neighbours|neighbours")
def minibatches(inputs, labels, batch_size, random):
    order = np.roll(np.arange(len(inputs)), random.integers(1, len(inputs)))
    return [
        (inputs[order[i : i + batch_size]], labels[order[i : i + batch_size]]) for i in range(0, len(order), batch_size)
    ]


@wrong("add_l2", "a strength of 0.1 built in", says="`strength`")
def add_l2(loss, gradients, network, strength):
    penalty = 0.1 * sum(np.sum(w**2) for w, _ in network)
    return loss + penalty, [(g + 0.2 * w, b) for (g, b), (w, _) in zip(gradients, network)]


@wrong("dropout", "does not look at the activations", says="times itself")
def dropout(activations, rate, training, random, inverted=True):
    keep = 1 - rate
    if training:
        mask = random.random(activations.shape) >= rate
        return mask / keep if inverted else mask * 1.0
    return activations if inverted else np.full(activations.shape, keep)


@wrong("runs_that_overfit", "the median of the last three", says="not the median")
def runs_that_overfit(histories):
    found = []
    for name, history in histories.items():
        loss, val = history["loss"], history["val_loss"]
        best = int(np.argmin(val))
        if np.median(val[-3:]) > 1.1 * val[best] and np.mean(loss[-3:]) < loss[best]:
            found.append(name)
    return found


@wrong("runs_that_overfit", "a fixed amount", says="of the \\*lowest\\*|share")
def runs_that_overfit(histories):
    found = []
    for name, history in histories.items():
        loss, val = history["loss"], history["val_loss"]
        best = int(np.argmin(val))
        if np.mean(val[-3:]) - val[best] > 0.06 and np.mean(loss[-3:]) < loss[best]:
            found.append(name)
    return found


# What a reader of the sheet tried later


@wrong("minibatches", "an empty last batch where the batches come out even", says="an empty one")
def minibatches(inputs, labels, batch_size, random):
    order = random.permutation(len(inputs))
    batches = []
    for i in range(len(inputs) // batch_size + 1):
        part = order[i * batch_size : (i + 1) * batch_size]
        batches.append((inputs[part], labels[part]))
    return batches


@wrong("minibatches", "yields, and shuffles the given arrays in place", says="shuffled the arrays it was given")
def minibatches(inputs, labels, batch_size, random):
    order = random.permutation(len(inputs))
    inputs[:] = inputs[order]
    labels[:] = labels[order]
    for i in range(0, len(inputs), batch_size):
        yield inputs[i : i + batch_size].copy(), labels[i : i + batch_size].copy()


@wrong("minibatches", "glues inputs and labels to one table", says="no common table")
def minibatches(inputs, labels, batch_size, random):
    table = random.permutation(np.column_stack([inputs, labels]))
    return [(table[i : i + batch_size, :-1], table[i : i + batch_size, -1]) for i in range(0, len(table), batch_size)]


@wrong("minibatches", "the batch size is always 4", says="no fixed number")
def minibatches(inputs, labels, batch_size, random):
    order = random.permutation(len(inputs))
    return [(inputs[order[i : i + 4]], labels[order[i : i + 4]]) for i in range(0, len(inputs), 4)]


@wrong("add_l2", "returns the gradients only", says="First the loss, one number")
def add_l2(loss, gradients, network, strength):
    return [(g + 2 * strength * w, b) for (g, b), (w, _) in zip(gradients, network)]


@wrong("add_l2", "returns gradients, loss", says="First the loss, one number")
def add_l2(loss, gradients, network, strength):
    new = [(g + 2 * strength * w, b) for (g, b), (w, _) in zip(gradients, network)]
    return new, loss + strength * sum(np.sum(w**2) for w, _ in network)


@wrong("add_l2", "the matrix norm of order 2", says="largest stretch")
def add_l2(loss, gradients, network, strength):
    new = [(g + 2 * strength * w, b) for (g, b), (w, _) in zip(gradients, network)]
    return loss + strength * sum(np.linalg.norm(w, 2) ** 2 for w, _ in network), new


@wrong("add_l2", "square of the sum", says="squared the sum")
def add_l2(loss, gradients, network, strength):
    new = [(g + 2 * strength * w, b) for (g, b), (w, _) in zip(gradients, network)]
    return loss + strength * sum(np.sum(w) ** 2 for w, _ in network), new


@wrong("add_l2", "sum of w.T @ w", says="different weights with each other")
def add_l2(loss, gradients, network, strength):
    new = [(g + 2 * strength * w, b) for (g, b), (w, _) in zip(gradients, network)]
    return loss + strength * sum(np.sum(w.T @ w) for w, _ in network), new


@wrong("add_l2", "subtracts the penalty", says="You subtracted the penalty")
def add_l2(loss, gradients, network, strength):
    new = [(g + 2 * strength * w, b) for (g, b), (w, _) in zip(gradients, network)]
    return loss - strength * sum(np.sum(w**2) for w, _ in network), new


@wrong("add_l2", "returns the penalty alone", says="penalty alone: add it to the loss")
def add_l2(loss, gradients, network, strength):
    new = [(g + 2 * strength * w, b) for (g, b), (w, _) in zip(gradients, network)]
    return strength * sum(np.sum(w**2) for w, _ in network), new


@wrong("add_l2", "squares the gradients", says="squared the gradients")
def add_l2(loss, gradients, network, strength):
    new = [(g + 2 * strength * w, b) for (g, b), (w, _) in zip(gradients, network)]
    return loss + strength * sum(np.sum(g**2) for g, _ in gradients), new


@wrong("add_l2", "returns the penalty's gradient alone", says="gradient alone: add it")
def add_l2(loss, gradients, network, strength):
    new = [(2 * strength * w, b) for (g, b), (w, _) in zip(gradients, network)]
    return loss + strength * sum(np.sum(w**2) for w, _ in network), new


@wrong("dropout", "the original keeps with probability rate in training", says="here, too, rate is the chance")
def dropout(activations, rate, training, random, inverted=True):
    if inverted:
        return activations * (random.random(activations.shape) >= rate) / (1 - rate) if training else activations
    return activations * (random.random(activations.shape) < rate) if training else activations * (1 - rate)


@wrong("dropout", "the original has one mask for all examples", says="original dropout needs a mask of the whole shape")
def dropout(activations, rate, training, random, inverted=True):
    if inverted:
        return activations * (random.random(activations.shape) >= rate) / (1 - rate) if training else activations
    return activations * (random.random(activations.shape[1:]) >= rate) if training else activations * (1 - rate)


@wrong("dropout", "a mask of two axes only", says="however many axes")
def dropout(activations, rate, training, random, inverted=True):
    mask = random.random((activations.shape[0], activations.shape[1])) >= rate
    if training:
        return activations * mask / (1 - rate) if inverted else activations * mask
    return activations if inverted else activations * (1 - rate)


@wrong("dropout", "one mask for all examples", says="same numbers are switched off in every example")
def dropout(activations, rate, training, random, inverted=True):
    mask = random.random(activations.shape[1:]) >= rate
    if training:
        return activations * mask / (1 - rate) if inverted else activations * mask
    return activations if inverted else activations * (1 - rate)


@wrong("dropout", "one mask for all examples, drawn by binomial", says="same numbers are switched off in every example")
def dropout(activations, rate, training, random, inverted=True):
    mask = random.binomial(1, 1 - rate, activations.shape[-1])
    if training:
        return activations * mask / (1 - rate) if inverted else activations * mask
    return activations if inverted else activations * (1 - rate)


@wrong("dropout", "whole examples switched off", says="Whole examples")
def dropout(activations, rate, training, random, inverted=True):
    mask = random.random((len(activations), 1)) >= rate
    if training:
        return activations * mask / (1 - rate) if inverted else activations * mask
    return activations if inverted else activations * (1 - rate)


@wrong("dropout", "the original returns None", says="a case of its own")
def dropout(activations, rate, training, random, inverted=True):
    if inverted:
        if training:
            return activations * (random.random(activations.shape) >= rate) / (1 - rate)
        return activations


@wrong("dropout", "the same number off in every example", says="exactly as many numbers")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations if inverted else activations * (1 - rate)
    ranks = random.random(activations.shape).argsort(axis=-1).argsort(axis=-1)
    mask = ranks >= rate * activations.shape[-1]
    return activations * mask / (1 - rate) if inverted else activations * mask


@wrong("dropout", "exactly the share of rate off", says="Exactly 4000 of 20000")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations if inverted else activations * (1 - rate)
    out = activations.copy().ravel()
    out[random.choice(out.size, int(rate * out.size), replace=False)] = 0
    out = out.reshape(activations.shape)
    return out / (1 - rate) if inverted else out


@wrong("dropout", "two loops in plain lists, for two axes only", says="however many axes")
def dropout(activations, rate, training, random, inverted=True):
    rows = []
    for row in activations:
        new = []
        for value in row:
            if training:
                new.append(0.0 if random.random() < rate else value / (1 - rate) if inverted else value)
            else:
                new.append(value if inverted else value * (1 - rate))
        rows.append(new)
    return rows


@wrong("stop_early", "Keras' own EarlyStopping underneath", says="write the three methods yourself")
class StopEarly(keras.callbacks.EarlyStopping):
    def __init__(self, patience):
        super().__init__(monitor="val_loss", patience=patience, restore_best_weights=True)


def _begins_with(start):
    class StopEarly(keras.callbacks.Callback):
        def __init__(self, patience):
            super().__init__()
            self.patience = patience

        def on_train_begin(self, logs=None):
            self.best, self.weights, self.waited = start, None, 0

        def on_epoch_end(self, epoch, logs=None):
            if logs["val_loss"] < self.best:
                self.best, self.weights, self.waited = logs["val_loss"], self.model.get_weights(), 0
            else:
                self.waited += 1
                if self.waited >= self.patience:
                    self.model.stop_training = True

        def on_train_end(self, logs=None):
            self.model.set_weights(self.weights)

    return StopEarly


wrong("stop_early", "the best begins with 0", says="begins with infinity")(_begins_with(0))
wrong("stop_early", "the best begins with 1", says="begins with infinity")(_begins_with(1.0))
wrong("stop_early", "the best begins with 10", says="begins with infinity")(_begins_with(10.0))


@wrong("stop_early", "a patience of 3 for all", says="use `self.patience`, no fixed number")
class StopEarly(_begins_with(np.inf)):
    def __init__(self, patience):
        super().__init__(3)


def _overfits(risen, falling):
    def runs_that_overfit(histories):
        names = []
        for name, history in histories.items():
            val, loss = np.array(history["val_loss"]), np.array(history["loss"])
            best = int(np.argmin(val))
            if risen(val, best) and falling(loss, best):
                names.append(name)
        return names

    return runs_that_overfit


def _risen(val, best):
    return np.mean(val[-3:]) > 1.1 * val[best]


def _falling(loss, best):
    return np.mean(loss[-3:]) < loss[best]


wrong("runs_that_overfit", "the end is all epochs after the best", says="they alone are the end")(
    _overfits(lambda val, best: best + 1 < len(val) and np.mean(val[best + 1 :]) > 1.1 * val[best], _falling)
)
wrong("runs_that_overfit", "the lowest training loss after the best epoch", says="then fell to 0.2 and came back")(
    _overfits(_risen, lambda loss, best: loss[best:].min() < loss[best])
)
wrong("runs_that_overfit", "the mean training loss since the best epoch", says="then fell to 0.2 and came back")(
    _overfits(_risen, lambda loss, best: np.mean(loss[best:]) < loss[best])
)
wrong("runs_that_overfit", "three training losses averaged around the best epoch, too", says="with that one epoch")(
    _overfits(_risen, lambda loss, best: np.mean(loss[-3:]) < np.mean(loss[max(0, best - 1) : best + 2]))
)
wrong("runs_that_overfit", "10 % for the training loss, too", says="lower is lower")(
    _overfits(_risen, lambda loss, best: np.mean(loss[-3:]) < 0.9 * loss[best])
)
wrong("runs_that_overfit", "each of the last three must lie above", says="mean of just these three")(
    _overfits(lambda val, best: np.all(val[-3:] > 1.1 * val[best]), _falling)
)
wrong("runs_that_overfit", "mean of the last four", says="mean of just these three")(
    _overfits(lambda val, best: np.mean(val[-4:]) > 1.1 * val[best], _falling)
)
_overfitting = _overfits(_risen, _falling)


@wrong("runs_that_overfit", "sorts the names", says="don't sort")
def runs_that_overfit(histories):
    return sorted(set(_overfitting(histories)))


def _dials(rate, width=None, dropout=None):
    def declare(hp):
        return {
            "rate": rate(hp),
            "width": width(hp) if width else hp.Int("width", 8, 256, step=2, sampling="log"),
            "dropout": dropout(hp) if dropout else hp.Choice("dropout", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        }

    return declare


def _rate(hp):
    return hp.Float("rate", 1e-4, 1.0, sampling="log")


wrong("search", "the rate from 0.00001", says="count the zeros")(
    _dials(lambda hp: hp.Float("rate", 1e-5, 1.0, sampling="log"))
)
wrong("search", "the rate up to 10", says="count the zeros")(
    _dials(lambda hp: hp.Float("rate", 1e-4, 10.0, sampling="log"))
)
wrong("search", "five rates from a list", says="different rates came")(
    _dials(lambda hp: hp.Choice("rate", [0.0001, 0.001, 0.01, 0.1, 1.0]))
)
wrong("search", "the rate in steps of factor 10", says="different rates came")(
    _dials(lambda hp: hp.Float("rate", 1e-4, 1.0, step=10, sampling="log"))
)
wrong("search", "the rate in steps of factor 2", says="different rates came")(
    _dials(lambda hp: hp.Float("rate", 1e-4, 1.0, step=2, sampling="log"))
)
wrong("search", "2 ** hp.Int, and returns .values", says="tried in no trial")(
    _dials(_rate, lambda hp: 2 ** hp.Int("width", 3, 8))
)
wrong("search", "hp.Int / 10, and returns .values", says="tried in no trial")(
    _dials(_rate, None, lambda hp: hp.Int("dropout", 0, 5) / 10)
)
wrong("search", "10 ** hp.Float under another name, and returns .values", says="log_rate.*If `declare` computes")(
    _dials(lambda hp: 10 ** hp.Float("log_rate", -4.0, 0.0))
)


@wrong("search", "one more training with the best dials", says="need no further training")
def search(measure, budget, epochs, folder):
    objective = keras_tuner.Objective("val_accuracy", "max")
    tuner = Trials(objective=objective, max_trials=budget // epochs, directory=folder)
    tuner.search(measure=measure, epochs=epochs, verbose=0)
    best = tuner.get_best_hyperparameters(1)[0].values
    measure(**best, epochs=epochs)
    return best


_elsewhere = tempfile.mkdtemp()


def search(measure, budget, epochs, folder):
    objective = keras_tuner.Objective("val_accuracy", "max")
    tuner = Trials(objective=objective, max_trials=budget // epochs, directory=_elsewhere)
    tuner.search(measure=measure, epochs=epochs, verbose=0)
    return tuner.get_best_hyperparameters(1)[0].values


wrong("search", "a folder of its own, first time", says="pass `directory=folder`")(search)
wrong("search", "a folder of its own, taken up again", says="found finished")(search)


@wrong("search", "never calls tuner.search", says="No trial was run")
def search(measure, budget, epochs, folder):
    objective = keras_tuner.Objective("val_accuracy", "max")
    tuner = Trials(objective=objective, max_trials=budget // epochs, directory=folder)
    return tuner.get_best_hyperparameters(1)[0].values


@wrong("search", "forgets the return", says="you returned NoneType")
def search(measure, budget, epochs, folder):
    objective = keras_tuner.Objective("val_accuracy", "max")
    tuner = Trials(objective=objective, max_trials=budget // epochs, directory=folder)
    tuner.search(measure=measure, epochs=epochs, verbose=0)
