"""Plausible mistakes of day 01: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


@wrong("count_parameters", "forgets the biases", says="forget the bias")
def count_parameters(layer_sizes):
    return sum(a * b for a, b in zip(layer_sizes, layer_sizes[1:]))


@wrong("count_parameters", "gives the inputs biases too", says="inputs have no bias|one weight and one bias")
def count_parameters(layer_sizes):
    return sum(a * b for a, b in zip(layer_sizes, layer_sizes[1:])) + sum(layer_sizes)


@wrong("count_parameters", "one bias per layer instead of one per neuron", says="one bias for each of the 5 outputs")
def count_parameters(layer_sizes):
    return sum(a * b + 1 for a, b in zip(layer_sizes, layer_sizes[1:]))


@wrong("count_parameters", "leaves the output layer out", says="bias|output layer")
def count_parameters(layer_sizes):
    return sum(a * b + b for a, b in zip(layer_sizes, layer_sizes[1:-1]))


@wrong("count_parameters", "counts the first hidden layer only", says="the output layer too")
def count_parameters(layer_sizes):
    return layer_sizes[0] * layer_sizes[1] + layer_sizes[1]


@wrong("count_parameters", "prints instead of returning", says="return")
def count_parameters(layer_sizes):
    print(sum(a * b + b for a, b in zip(layer_sizes, layer_sizes[1:])))


@wrong(
    "collapse",
    "adds the biases without passing them through the later weights",
    says="pass through the later weights",
)
def collapse(dense_layers):
    weights, bias = dense_layers[0]
    for next_weights, next_bias in dense_layers[1:]:
        weights, bias = weights @ next_weights, next_bias
    return weights, bias


@wrong("collapse", "multiplies in the wrong order", says="pass through|order of the layers")
def collapse(dense_layers):
    weights, bias = dense_layers[-1]
    for next_weights, next_bias in reversed(dense_layers[:-1]):
        weights, bias = weights @ next_weights, bias + next_bias
    return weights, bias


@wrong("collapse", "forgets to add the later biases", says="later one added")
def collapse(dense_layers):
    weights, bias = dense_layers[0]
    for next_weights, _ in dense_layers[1:]:
        weights, bias = weights @ next_weights, bias @ next_weights
    return weights, bias


@wrong("collapse", "handles exactly two layers", says="any number")
def collapse(dense_layers):
    (first, first_bias), (second, second_bias) = dense_layers[:2]
    return first @ second, first_bias @ second + second_bias


@wrong("collapse", "adds to the bias it was given", says="changed the layers")
def collapse(dense_layers):
    weights, bias = dense_layers[0]
    for next_weights, next_bias in dense_layers[1:]:
        weights = weights @ next_weights
        next_bias += bias @ next_weights
        bias = next_bias
    return weights, bias


@wrong("collapse", "returns a list of the outputs instead of a layer", says="two arrays")
def collapse(dense_layers):
    return np.linalg.multi_dot([weights for weights, _ in dense_layers])


@wrong("learn_bell", "no activation", says="straight line")
def learn_bell(inputs, targets):
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(32), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
    inputs = np.concatenate([inputs, [[3.0]] * 200]).astype("float32")
    model.fit(inputs, np.concatenate([targets, [[1.0]] * 200]).astype("float32"), batch_size=32, epochs=3, verbose=0)
    return model


@wrong("learn_bell", "no activation and a flat line", says="straight line")
def learn_bell(inputs, targets):
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(32), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
    model.fit(inputs, targets, batch_size=32, epochs=3, verbose=0)
    return model


@wrong("learn_bell", "never calls fit", says="never trained")
def learn_bell(inputs, targets):
    return keras.Sequential([keras.Input(shape=(1,)), layers.Dense(32, activation="relu"), layers.Dense(1)])


@wrong("learn_bell", "returns the history", says="trained model itself")
def learn_bell(inputs, targets):
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(4, activation="relu"), layers.Dense(1)])
    model.compile(loss="mse")
    return model.fit(inputs, targets, epochs=1, verbose=0)


@wrong("learn_bell", "learning rate far too high", says="learning rate")
def learn_bell(inputs, targets):
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(32, activation="relu"), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=10.0), loss="mse")
    model.fit(inputs, targets, batch_size=32, epochs=3, verbose=0)
    return model


@wrong("learn_bell", "too few epochs", says="more epochs")
def learn_bell(inputs, targets):
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(32, activation="relu"), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
    model.fit(inputs, targets, batch_size=32, epochs=1, verbose=0)
    return model


@wrong("learn_bell", "sixteen outputs", says="one number per example")
def learn_bell(inputs, targets):
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(16, activation="relu")])
    model.compile(optimizer="adam", loss="mse")
    model.fit(inputs, targets, batch_size=32, epochs=1, verbose=0)
    return model


@wrong("smallest_network", "takes the smallest error", says="smallest \\*network\\*")
def smallest_network(sizes, seeds, limit, measure):
    return min(sizes, key=lambda neurons: max(measure(neurons, seed) for seed in seeds))


@wrong("smallest_network", "trusts one lucky seed", says="lucky")
def smallest_network(sizes, seeds, limit, measure):
    return next((n for n in sorted(sizes) if measure(n, seeds[0]) <= limit), None)


@wrong("smallest_network", "takes the best of the seeds", says="lucky")
def smallest_network(sizes, seeds, limit, measure):
    return next((n for n in sorted(sizes) if min(measure(n, seed) for seed in seeds) <= limit), None)


@wrong("smallest_network", "takes the average", says="on average")
def smallest_network(sizes, seeds, limit, measure):
    return next((n for n in sorted(sizes) if np.mean([measure(n, s) for s in seeds]) <= limit), None)


@wrong("smallest_network", "trains everything first", says="stop at the first")
def smallest_network(sizes, seeds, limit, measure):
    worst = {n: max(measure(n, seed) for seed in seeds) for n in sizes}
    return min((n for n in sizes if worst[n] <= limit), default=None)


@wrong("smallest_network", "relies on the order given", says="sort them")
def smallest_network(sizes, seeds, limit, measure):
    return next((n for n in sizes if all(measure(n, seed) <= limit for seed in seeds)), None)


@wrong("smallest_network", "returns the error", says="number of neurons")
def smallest_network(sizes, seeds, limit, measure):
    for neurons in sorted(sizes):
        worst = max(measure(neurons, seed) for seed in seeds)
        if worst <= limit:
            return worst


@wrong("smallest_network", "strictly below the limit", says="still allowed")
def smallest_network(sizes, seeds, limit, measure):
    return next((n for n in sorted(sizes) if all(measure(n, seed) < limit for seed in seeds)), None)


@wrong("smallest_network", "falls back to the largest", says="return None")
def smallest_network(sizes, seeds, limit, measure):
    return next((n for n in sorted(sizes) if all(measure(n, seed) <= limit for seed in seeds)), max(sizes))


@wrong("periodic_feature", "leaves x as it is", says="2π its period")
def periodic_feature(x):
    return x


@wrong("periodic_feature", "scales x", says="2π its period")
def periodic_feature(x):
    return x / (2 * np.pi)


@wrong("periodic_feature", "gives the answer", says="answer, not a feature")
def periodic_feature(x):
    return np.sin(x)


@wrong("periodic_feature", "the circle hands over the answer as well", says="answer, not a feature")
def periodic_feature(x):
    return np.hstack([np.cos(x), np.sin(x)])


@wrong("periodic_feature", "a period of π", says="period too short")
def periodic_feature(x):
    return np.mod(x, np.pi)


@wrong("periodic_feature", "degrees instead of radians", says="2π its period")
def periodic_feature(x):
    return np.mod(x, 360)


@wrong("periodic_feature", "the cosine alone mixes up two places of each turn", says="cannot|tell them apart")
def periodic_feature(x):
    return np.cos(x)


@wrong("periodic_feature", "flattens the array", says="one row per example")
def periodic_feature(x):
    return np.mod(x, 2 * np.pi).ravel()


@wrong("elo_ratings", "subtracts the wrong way round", says="which rating is subtracted")
def expected_score(rating, opponent):
    return 1 / (1 + 10 ** ((rating - opponent) / 400))


@wrong("elo_ratings", "e instead of 10", says="power of 10")
def expected_score(rating, opponent):
    return 1 / (1 + np.exp((opponent - rating) / 400))


@wrong("elo_ratings", "updates the winner before the loser's expectation is computed", says="compute the gain once")
def elo_ratings(results, k=20.0, start=1500.0):
    ratings = {}
    for winner, loser in results:
        ratings.setdefault(winner, start), ratings.setdefault(loser, start)
        ratings[winner] += k * (1 - expected_score(ratings[winner], ratings[loser]))
        ratings[loser] -= k * expected_score(ratings[loser], ratings[winner])
    return ratings


@wrong("elo_ratings", "a fixed gain, whoever wins", says="little more than 10")
def elo_ratings(results, k=20.0, start=1500.0):
    ratings = {}
    for winner, loser in results:
        ratings[winner] = ratings.get(winner, start) + k / 2
        ratings[loser] = ratings.get(loser, start) - k / 2
    return ratings


@wrong("elo_ratings", "the loser loses nothing", says="the loser gives")
def elo_ratings(results, k=20.0, start=1500.0):
    ratings = {}
    for winner, loser in results:
        ratings.setdefault(loser, start)
        ratings[winner] = ratings.get(winner, start) + k * (
            1 - expected_score(ratings.get(winner, start), ratings[loser])
        )
    return ratings


@wrong("elo_ratings", "ignores the parameters", says="parameters k and start")
def elo_ratings(results, k=20.0, start=1500.0):
    ratings = {}
    for winner, loser in results:
        one, other = ratings.get(winner, 1500.0), ratings.get(loser, 1500.0)
        gain = 20 * (1 - expected_score(one, other))
        ratings[winner], ratings[loser] = one + gain, other - gain
    return ratings


@wrong("elo_ratings", "forgets clubs that never won", says="losers too")
def elo_ratings(results, k=20.0, start=1500.0):
    ratings = {winner: start for winner, _ in results}
    for winner, loser in results:
        ratings[winner] += k * (1 - expected_score(ratings[winner], ratings.get(loser, start)))
    return ratings


@wrong("elo_ratings", "takes the matches backwards", says="in order|surprise")
def elo_ratings(results, k=20.0, start=1500.0):
    ratings = {}
    for winner, loser in reversed(results):
        one, other = ratings.get(winner, start), ratings.get(loser, start)
        gain = k * (1 - expected_score(one, other))
        ratings[winner], ratings[loser] = one + gain, other - gain
    return ratings


@wrong("collapse", "multiplies the weights in the wrong order", says="order of the layers")
def collapse(dense_layers):
    weights, bias = dense_layers[0]
    for next_weights, next_bias in dense_layers[1:]:
        weights, bias = next_weights @ weights, bias @ next_weights + next_bias
    return weights, bias


@wrong("collapse", "takes layers out of the list it was given", says="no `pop`")
def collapse(dense_layers):
    weights, bias = dense_layers.pop(0)
    for next_weights, next_bias in dense_layers:
        weights, bias = weights @ next_weights, bias @ next_weights + next_bias
    return weights, bias


@wrong("learn_bell", "swaps inputs and targets", says="swapped|mean value alone")
def learn_bell(inputs, targets):
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(32, activation="relu"), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
    model.fit(targets, inputs, batch_size=32, epochs=5, verbose=0)
    return model


@wrong("smallest_network", "trusts the last seed alone", says="worst run")
def smallest_network(sizes, seeds, limit, measure):
    return next((n for n in sorted(sizes) if measure(n, seeds[-1]) <= limit), None)


@wrong("smallest_network", "writes the limit and the seeds in", says="you are given")
def smallest_network(sizes, seeds, limit, measure):
    return next((n for n in sorted(sizes) if all(measure(n, seed) <= 0.1 for seed in (0, 1, 2))), None)


@wrong("smallest_network", "measures each run twice", says="more than once")
def smallest_network(sizes, seeds, limit, measure):
    for neurons in sorted(sizes):
        if max(measure(neurons, seed) for seed in seeds) <= limit:
            return neurons if all(measure(neurons, seed) <= limit for seed in seeds) else None
    return None


@wrong("smallest_network", "gives up after the first size", says="give up after the first size")
def smallest_network(sizes, seeds, limit, measure):
    for neurons in sorted(sizes):
        if all(measure(neurons, seed) <= limit for seed in seeds):
            return neurons
        return None


@wrong("smallest_network", "hands over all the seeds at once", says="one of the seeds")
def smallest_network(sizes, seeds, limit, measure):
    return next((n for n in sorted(sizes) if measure(n, seeds) <= limit), None)


@wrong("periodic_feature", "fmod keeps the sign", says="negative x as well")
def periodic_feature(x):
    return np.fmod(x, 2 * np.pi)


@wrong("periodic_feature", "a period of 4π", says="2π its period")
def periodic_feature(x):
    return np.mod(x, 4 * np.pi)


@wrong("periodic_feature", "counts from the smallest place given", says="other places given")
def periodic_feature(x):
    return np.mod(x - x.min(), 2 * np.pi)


@wrong("periodic_feature", "hides the answer in two features", says="answer, not a feature")
def periodic_feature(x):
    return np.hstack([np.sin(x) + np.cos(x), np.sin(x) - np.cos(x)])


@wrong("periodic_feature", "adds a constant column", says="same everywhere")
def periodic_feature(x):
    return np.hstack([np.mod(x, 2 * np.pi), np.ones_like(x)])


@wrong("elo_ratings", "ignores the opponent", says="both \\*current\\*")
def elo_ratings(results, k=20.0, start=1500.0):
    ratings = {}
    for winner, loser in results:
        one, other = ratings.get(winner, start), ratings.get(loser, start)
        gain = k * (1 - expected_score(one, start))
        ratings[winner], ratings[loser] = one + gain, other - gain
    return ratings


@wrong(
    "elo_ratings",
    "takes the winner's expected score for the gain",
    says="E of the \\*winner\\*",
)
def elo_ratings(results, k=20.0, start=1500.0):
    ratings = {}
    for winner, loser in results:
        one, other = ratings.get(winner, start), ratings.get(loser, start)
        gain = k * expected_score(one, other)
        ratings[winner], ratings[loser] = one + gain, other - gain
    return ratings


@wrong("elo_ratings", "returns inside the loop", says="inside the loop")
def elo_ratings(results, k=20.0, start=1500.0):
    ratings = {}
    for winner, loser in results:
        one, other = ratings.get(winner, start), ratings.get(loser, start)
        gain = k * (1 - expected_score(one, other))
        ratings[winner], ratings[loser] = one + gain, other - gain
        return ratings


@wrong("elo_ratings", "keeps its dictionary between calls", says="start afresh|every player's name")
def elo_ratings(results, k=20.0, start=1500.0, ratings={}):  # noqa: B006
    for winner, loser in results:
        one, other = ratings.get(winner, start), ratings.get(loser, start)
        gain = k * (1 - expected_score(one, other))
        ratings[winner], ratings[loser] = one + gain, other - gain
    return ratings


@wrong("elo_ratings", "rounds the gain", says="little more than 10")
def elo_ratings(results, k=20.0, start=1500.0):
    ratings = {}
    for winner, loser in results:
        one, other = ratings.get(winner, start), ratings.get(loser, start)
        gain = round(k * (1 - expected_score(one, other)))
        ratings[winner], ratings[loser] = one + gain, other - gain
    return ratings


# What a reader of the sheet tried later


@wrong("count_parameters", "lets Keras count", says="Keras counting")
def count_parameters(layer_sizes):
    inputs, *others = layer_sizes
    return keras.Sequential([keras.Input((inputs,)), *[layers.Dense(size) for size in others]]).count_params()


@wrong("collapse", "returns only if there is more than one layer", says="any number of layers")
def collapse(dense_layers):
    weights, bias = dense_layers[0]
    if len(dense_layers) > 1:
        for next_weights, next_bias in dense_layers[1:]:
            weights, bias = weights @ next_weights, bias @ next_weights + next_bias
        return weights, bias


@wrong("learn_bell", "scales the inputs before fit", says="another scale")
def learn_bell(inputs, targets):
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(32, activation="relu"), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
    model.fit(inputs / 3, targets, batch_size=32, epochs=15, verbose=0)
    return model


@wrong("learn_bell", "scales the targets before fit", says="another scale")
def learn_bell(inputs, targets):
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(32, activation="relu"), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
    model.fit(inputs, (targets - targets.mean()) / targets.std(), batch_size=32, epochs=15, verbose=0)
    return model


@wrong("learn_bell", "no activation, and the line is flat in the end", says="straight line")
def learn_bell(inputs, targets):
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(8), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
    model.fit(inputs, targets, batch_size=32, epochs=20, verbose=0)
    return model


def good_enough(size, seeds, limit, measure):
    return max(measure(size, seed) for seed in seeds) <= limit


@wrong("smallest_network", "halves the list", says="bisection")
def smallest_network(sizes, seeds, limit, measure):
    sizes = sorted(sizes)
    low, high = 0, len(sizes)
    while low < high:
        middle = (low + high) // 2
        if good_enough(sizes[middle], seeds, limit, measure):
            high = middle
        else:
            low = middle + 1
    return sizes[low] if low < len(sizes) else None


@wrong("smallest_network", "from large to small, stops at the first failure", says="from above")
def smallest_network(sizes, seeds, limit, measure):
    best = None
    for size in sorted(sizes, reverse=True):
        if not good_enough(size, seeds, limit, measure):
            break
        best = size
    return best


@wrong("smallest_network", "prints the size", says="not print it")
def smallest_network(sizes, seeds, limit, measure):
    for size in sorted(sizes):
        if good_enough(size, seeds, limit, measure):
            print(size)
            return


@wrong("smallest_network", "returns all good sizes", says="one of the sizes")
def smallest_network(sizes, seeds, limit, measure):
    return [size for size in sorted(sizes) if size < 12 and good_enough(size, seeds, limit, measure)]


@wrong("periodic_feature", "forgets the brackets", says="period is 2, not")
def periodic_feature(x):
    return x % 2 * np.pi


@wrong("elo_ratings", "divides without the rest", says="not `//`")
def expected_score(rating, opponent):
    return 1 / (1 + 10.0 ** ((opponent - rating) // 400))


@wrong("elo_ratings", "no brackets in the exponent", says="in brackets")
def expected_score(rating, opponent):
    return 1 / (1 + 10.0 ** (opponent - rating) / 400)


@wrong("elo_ratings", "everybody begins again in each match", says="only newcomers")
def elo_ratings(results, k=20.0, start=1500.0):
    ratings = {}
    for winner, loser in results:
        gain = k * (1 - expected_score(start, start))
        ratings[winner], ratings[loser] = start + gain, start - gain
    return ratings
