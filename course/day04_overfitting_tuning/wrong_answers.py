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


def l2_with(
    size=lambda w: np.sum(w**2),
    new=lambda w, g, strength: g + 2 * strength * w,
    result=lambda loss, penalty, new: (loss + penalty, new),
):
    """A wrong `add_l2`: another size of a layer's weights, another new gradient, another result."""

    def add_l2(loss, gradients, network, strength):
        penalty = strength * sum(size(w) for w, _ in network)
        return result(loss, penalty, [(new(w, g, strength), h) for (g, h), (w, _) in zip(gradients, network)])

    return add_l2


for mistake, says, options in (
    ("forgets the factor 2", "factor 2", {"new": lambda w, g, strength: g + strength * w}),
    (
        "λ/2 as in some books",
        "half",
        {"size": lambda w: np.sum(w**2) / 2, "new": lambda w, g, strength: g + strength * w},
    ),
    (
        "L1 instead of L2",
        "L1",
        {"size": lambda w: np.abs(w).sum(), "new": lambda w, g, strength: g + strength * np.sign(w)},
    ),
    (
        "the mean instead of the sum",
        "mean",
        {"size": lambda w: np.mean(w**2), "new": lambda w, g, strength: g + 2 * strength * w / w.size},
    ),
    (
        "the length instead of its square",
        "square root",
        {"size": np.linalg.norm, "new": lambda w, g, strength: g + strength * w / np.linalg.norm(w)},
    ),
    ("the matrix norm of order 2", "largest stretch", {"size": lambda w: np.linalg.norm(w, 2) ** 2}),
    ("square of the sum", "squared the sum", {"size": lambda w: np.sum(w) ** 2}),
    ("sum of w.T @ w", "different weights with each other", {"size": lambda w: np.sum(w.T @ w)}),
    ("subtracts the gradient", "sign", {"new": lambda w, g, strength: g - 2 * strength * w}),
    (
        "returns the penalty's gradient alone",
        "gradient alone: add it",
        {"new": lambda w, g, strength: 2 * strength * w},
    ),
    ("only the gradients", "loss is unchanged", {"size": lambda w: 0.0}),
    ("only the loss", "gradients are unchanged", {"new": lambda w, g, strength: g}),
    (
        "subtracts the penalty",
        "You subtracted the penalty",
        {"result": lambda loss, penalty, new: (loss - penalty, new)},
    ),
    (
        "returns the penalty alone",
        "penalty alone: add it to the loss",
        {"result": lambda loss, penalty, new: (penalty, new)},
    ),
    ("returns the gradients only", "First the loss, one number", {"result": lambda loss, penalty, new: new}),
    (
        "returns gradients, loss",
        "First the loss, one number",
        {"result": lambda loss, penalty, new: (new, loss + penalty)},
    ),
):
    wrong("add_l2", mistake, says=says)(l2_with(**options))


@wrong("add_l2", "changes the gradients given", says="changed the arrays")
def add_l2(loss, gradients, network, strength):
    for (gradient, _), (weights, _) in zip(gradients, network):
        gradient += 2 * strength * weights
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


def dropout_with(
    keeps=lambda shape, rate, random: random.random(shape) >= rate,
    scaled=lambda values, rate: values / (1 - rate),
    original_in_training=None,
    in_use=lambda activations, rate: activations,
    original_in_use=lambda activations, rate: activations * (1 - rate),
):
    """A wrong `dropout`: another mask, another scale, another rule in use; `original_…`: for the original dropout."""

    def dropout(activations, rate, training, random, inverted=True):
        if training:
            mask = keeps if inverted else original_in_training or keeps
            switched = activations * mask(activations.shape, rate, random)
            return scaled(switched, rate) if inverted else switched
        return (in_use if inverted else original_in_use)(activations, rate)

    return dropout


def as_many_in_each(shape, rate, random):
    return random.random(shape).argsort(axis=-1).argsort(axis=-1) >= rate * shape[-1]


def exactly_the_share(shape, rate, random):
    keeps = np.ones(shape)
    keeps.flat[random.choice(keeps.size, int(rate * keeps.size), replace=False)] = 0
    return keeps


for mistake, says, options in (
    (
        "takes the rate for the share that stays",
        "switched \\*off\\*, not on",
        {
            "keeps": lambda shape, rate, random: random.random(shape) < rate,
            "scaled": lambda values, rate: values / rate,
            "original_in_use": lambda activations, rate: activations * rate,
        },
    ),
    ("scales down", "scale the survivors down", {"scaled": lambda values, rate: values * (1 - rate)}),
    ("divides by the rate", "divide by the rate", {"scaled": lambda values, rate: values / rate}),
    ("scales in use as well", "does nothing", {"in_use": lambda activations, rate: activations * (1 - rate)}),
    (
        "the original way without scaling in use",
        "original dropout in use",
        {"original_in_use": lambda activations, rate: activations},
    ),
    (
        "the original way divides in use",
        "multiplies",
        {"original_in_use": lambda activations, rate: activations / (1 - rate)},
    ),
    (
        "a generator of its own",
        "generator you are given",
        {"keeps": lambda shape, rate, random: np.random.default_rng(0).random(shape) >= rate},
    ),
    (
        "draws from np.random instead of the generator",
        "same seed",
        {"keeps": lambda shape, rate, random: np.random.random(shape) >= rate},
    ),
    ("one draw for all", "for each activation", {"keeps": lambda shape, rate, random: random.random() >= rate}),
    (
        "one mask for all examples",
        "same numbers are switched off in every example",
        {"keeps": lambda shape, rate, random: random.random(shape[1:]) >= rate},
    ),
    (
        "one mask for all examples, of the last axis",
        "in every example",
        {"keeps": lambda shape, rate, random: random.random(shape[-1]) >= rate},
    ),
    (
        "one mask for all examples, drawn by binomial",
        "same numbers are switched off in every example",
        {"keeps": lambda shape, rate, random: random.binomial(1, 1 - rate, shape[-1])},
    ),
    (
        "whole examples switched off",
        "Whole examples",
        {"keeps": lambda shape, rate, random: random.random((shape[0], 1)) >= rate},
    ),
    (
        "a mask of two axes only",
        "however many axes",
        {"keeps": lambda shape, rate, random: random.random(shape[:2]) >= rate},
    ),
    ("the same number off in every example", "exactly as many numbers", {"keeps": as_many_in_each}),
    ("exactly the share of rate off", "Exactly 4000 of 20000", {"keeps": exactly_the_share}),
    (
        "the original keeps with probability rate in training",
        "here, too, rate is the chance",
        {"original_in_training": lambda shape, rate, random: random.random(shape) < rate},
    ),
    (
        "the original has one mask for all examples",
        "original dropout needs a mask of the whole shape",
        {"original_in_training": lambda shape, rate, random: random.random(shape[1:]) >= rate},
    ),
):
    wrong("dropout", mistake, says=says)(dropout_with(**options))


@wrong("dropout", "drops out in use as well", says="in use")
def dropout(activations, rate, training, random, inverted=True):
    return activations * (random.random(activations.shape) >= rate) / ((1 - rate) if inverted else 1)


@wrong("dropout", "changes its input", says="changed the activations")
def dropout(activations, rate, training, random, inverted=True):
    if training:
        activations *= (random.random(activations.shape) >= rate) / ((1 - rate) if inverted else 1)
    return activations if training or inverted else activations * (1 - rate)


@wrong("dropout", "ignores the original way", says="original dropout")
def dropout(activations, rate, training, random, inverted=True):
    return activations * (random.random(activations.shape) >= rate) / (1 - rate) if training else activations


@wrong("dropout", "removes numbers", says="shape stays")
def dropout(activations, rate, training, random, inverted=True):
    return activations[random.random(activations.shape) >= rate] / (1 - rate) if training else activations


@wrong("dropout", "swaps the two ways", says="scaled up")
def dropout(activations, rate, training, random, inverted=True):
    if not training:
        return activations * (1 - rate) if inverted else activations
    return activations * (random.random(activations.shape) >= rate) / (1 if inverted else 1 - rate)


class _Right(keras.callbacks.Callback):
    """The right answer, of which the wrong ones change one thing each."""

    first_best = np.inf

    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.best, self.best_weights, self.waited = self.first_best, None, 0

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


def overfits_with(
    risen=lambda val, best: val[-3:].mean() > 1.1 * val[best],
    falling=lambda loss, best: loss[-3:].mean() < loss[best],
    result=lambda chosen, histories: chosen,
):
    """A wrong `runs_that_overfit`: another rule for either loss (`best`: the epoch of the lowest validation loss)."""

    def runs_that_overfit(histories):
        chosen = []
        for name, history in histories.items():
            val, loss = np.array(history["val_loss"]), np.array(history["loss"])
            best = int(val.argmin())
            if risen(val, best) and falling(loss, best):
                chosen.append(name)
        return result(chosen, histories)

    return runs_that_overfit


for mistake, says, options in (
    (
        "looks at the last epoch only",
        "last three",
        {"risen": lambda val, best: val[-1] > 1.1 * val[best], "falling": lambda loss, best: loss[-1] < loss[best]},
    ),
    ("forgets the training loss", "blown up", {"falling": lambda loss, best: True}),
    (
        "compares with the first epoch",
        "textbook|fell from 3.0",
        {
            "risen": lambda val, best: val[-3:].mean() > 1.1 * val[0],
            "falling": lambda loss, best: loss[-3:].mean() < loss[0],
        },
    ),
    ("any rise counts", "5 %", {"risen": lambda val, best: val[-3:].mean() > 1.01 * val[best]}),
    (
        "ten hundredths instead of ten per cent",
        "share of it",
        {"risen": lambda val, best: val[-3:].mean() > val[best] + 0.1},
    ),
    ("a fixed amount", "of the \\*lowest\\*|share", {"risen": lambda val, best: val[-3:].mean() - val[best] > 0.06}),
    (
        "the median of the last three",
        "not the median",
        {"risen": lambda val, best: np.median(val[-3:]) > 1.1 * val[best]},
    ),
    (
        "mean of the last four",
        "mean of just these three",
        {"risen": lambda val, best: val[-4:].mean() > 1.1 * val[best]},
    ),
    (
        "each of the last three must lie above",
        "mean of just these three",
        {"risen": lambda val, best: np.all(val[-3:] > 1.1 * val[best])},
    ),
    (
        "the end is all epochs after the best",
        "they alone are the end",
        {"risen": lambda val, best: best + 1 < len(val) and val[best + 1 :].mean() > 1.1 * val[best]},
    ),
    (
        "compares with the validation loss half way",
        "last three|fell from 3.0|5 %",
        {
            "risen": lambda val, best: val[-1] > 1.1 * val[len(val) // 2],
            "falling": lambda loss, best: loss[-1] < loss[0],
        },
    ),
    (
        "takes a high loss for overfitting",
        "textbook|underfitting",
        {"risen": lambda val, best: val[-1] > 1, "falling": lambda loss, best: True},
    ),
    (
        "compares the training loss with its beginning",
        "not with the first",
        {"falling": lambda loss, best: loss[-3:].mean() < loss[0]},
    ),
    (
        "averages the validation loss only",
        "training loss over the last three",
        {"falling": lambda loss, best: loss[-1] < loss[best]},
    ),
    (
        "the lowest training loss after the best epoch",
        "then fell to 0.2 and came back",
        {"falling": lambda loss, best: loss[best:].min() < loss[best]},
    ),
    (
        "the mean training loss since the best epoch",
        "then fell to 0.2 and came back",
        {"falling": lambda loss, best: loss[best:].mean() < loss[best]},
    ),
    (
        "three training losses averaged around the best epoch, too",
        "with that one epoch",
        {"falling": lambda loss, best: loss[-3:].mean() < loss[max(0, best - 1) : best + 2].mean()},
    ),
    (
        "10 % for the training loss, too",
        "lower is lower",
        {"falling": lambda loss, best: loss[-3:].mean() < 0.9 * loss[best]},
    ),
    (
        "returns a yes or no for each run",
        "names",
        {"result": lambda chosen, histories: [name in chosen for name in histories]},
    ),
    ("sorts the names", "don't sort", {"result": lambda chosen, histories: sorted(chosen)}),
):
    wrong("runs_that_overfit", mistake, says=says)(overfits_with(**options))


@wrong("runs_that_overfit", "returns only the worst", says="fell from 3.0")
def runs_that_overfit(histories):
    def rise(history):
        best = int(np.argmin(history["val_loss"]))
        falling = np.mean(history["loss"][-3:]) < history["loss"][best]
        return falling * (np.mean(history["val_loss"][-3:]) - history["val_loss"][best])

    return [max(histories, key=lambda name: rise(histories[name]))]


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


@wrong("search", "another folder", says="pass `directory=folder`")
def search(measure, budget, epochs, folder):
    with tempfile.TemporaryDirectory() as other:
        return _random_search(measure, epochs, other, budget // epochs).get_best_hyperparameters(1)[0].values


def declare_with(
    rate=lambda hp: hp.Float("rate", 1e-4, 1.0, sampling="log"),
    width=lambda hp: hp.Int("width", 8, 256, step=2, sampling="log"),
    dropout=lambda hp: hp.Choice("dropout", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
):
    """A wrong `declare`: one of the three is another."""

    def declare(hp):
        return {"rate": rate(hp), "width": width(hp), "dropout": dropout(hp)}

    return declare


for mistake, says, options in (
    ("draws the rate on a linear scale", "by factors", {"rate": lambda hp: hp.Float("rate", 1e-4, 1.0)}),
    ("a narrow range of rates", "from 0.0001 to 1", {"rate": lambda hp: hp.Float("rate", 1e-3, 0.1, sampling="log")}),
    ("the rate from 0.00001", "count the zeros", {"rate": lambda hp: hp.Float("rate", 1e-5, 1.0, sampling="log")}),
    ("the rate up to 10", "count the zeros", {"rate": lambda hp: hp.Float("rate", 1e-4, 10.0, sampling="log")}),
    (
        "five rates from a list",
        "different rates came",
        {"rate": lambda hp: hp.Choice("rate", [0.0001, 0.001, 0.01, 0.1, 1.0])},
    ),
    (
        "the rate in steps of factor 10",
        "different rates came",
        {"rate": lambda hp: hp.Float("rate", 1e-4, 1.0, step=10, sampling="log")},
    ),
    (
        "the rate in steps of factor 2",
        "different rates came",
        {"rate": lambda hp: hp.Float("rate", 1e-4, 1.0, step=2, sampling="log")},
    ),
    ("widths in steps of two", "doubles", {"width": lambda hp: hp.Int("width", 8, 256, step=2)}),
    ("2 ** hp.Int, and returns .values", "tried in no trial", {"width": lambda hp: 2 ** hp.Int("width", 3, 8)}),
    ("dropout without steps", "no others", {"dropout": lambda hp: hp.Float("dropout", 0.0, 0.5)}),
    (
        "loses the last step of the dropout",
        "never comes",
        {"dropout": lambda hp: hp.Float("dropout", 0.0, 0.5, step=0.1)},
    ),
    ("hp.Int / 10, and returns .values", "tried in no trial", {"dropout": lambda hp: hp.Int("dropout", 0, 5) / 10}),
    (
        "10 ** hp.Float under another name, and returns .values",
        "log_rate.*If `declare` computes",
        {"rate": lambda hp: 10 ** hp.Float("log_rate", -4.0, 0.0)},
    ),
):
    wrong("search", mistake, says=says)(declare_with(**options))


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


@wrong("add_l2", "squares the gradients", says="squared the gradients")
def add_l2(loss, gradients, network, strength):
    new = [(g + 2 * strength * w, b) for (g, b), (w, _) in zip(gradients, network)]
    return loss + strength * sum(np.sum(g**2) for g, _ in gradients), new


@wrong("dropout", "the original returns None", says="a case of its own")
def dropout(activations, rate, training, random, inverted=True):
    if inverted:
        if training:
            return activations * (random.random(activations.shape) >= rate) / (1 - rate)
        return activations


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


def stops_from(start):
    class StopEarly(_Right):
        first_best = start

    return StopEarly


wrong("stop_early", "the best begins with 0", says="begins with infinity")(stops_from(0))
wrong("stop_early", "the best begins with 1", says="begins with infinity")(stops_from(1.0))
wrong("stop_early", "the best begins with 10", says="begins with infinity")(stops_from(10.0))


@wrong("stop_early", "a patience of 3 for all", says="use `self.patience`, no fixed number")
class StopEarly(_Right):
    def __init__(self, patience):
        super().__init__(3)


@wrong("search", "one more training with the best dials", says="need no further training")
def search(measure, budget, epochs, folder):
    tuner = _random_search(measure, epochs, folder, budget // epochs)
    best = tuner.get_best_hyperparameters(1)[0].values
    measure(**best, epochs=epochs)
    return best


@wrong("search", "a folder of its own, with the trials of last time", says="found finished")
def search(measure, budget, epochs, folder):
    with tempfile.TemporaryDirectory() as other:
        _random_search(lambda **dials: 0.5, epochs, other, budget // epochs)
        return _random_search(measure, epochs, other, budget // epochs).get_best_hyperparameters(1)[0].values


@wrong("search", "never calls tuner.search", says="No trial was run")
def search(measure, budget, epochs, folder):
    objective = keras_tuner.Objective("val_accuracy", "max")
    tuner = Trials(objective=objective, max_trials=budget // epochs, directory=folder)
    return tuner.get_best_hyperparameters(1)[0].values


@wrong("search", "forgets the return", says="you returned NoneType")
def search(measure, budget, epochs, folder):
    _random_search(measure, epochs, folder, budget // epochs)
