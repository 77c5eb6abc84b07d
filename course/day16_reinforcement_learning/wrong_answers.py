"""Plausible mistakes of day 16: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""


def plant(exercise, replaced, *answers):
    """Plant (mistake, says, answer) under the name of the function that they replace."""
    for mistake, says, answer in answers:

        def planted(*given, answer=answer, **more):
            return answer(*given, **more)

        planted.__name__ = replaced
        wrong(exercise, mistake, says=says)(planted)


def returns_with(
    at_end=lambda values: values[-1],
    cut=lambda truncated, value, following: np.where(truncated, value, following),
    end=lambda terminated, following: np.where(terminated, 0.0, following),
    total=lambda reward, discount, following: reward + discount * following,
    empty=lambda rewards: np.zeros(np.shape(rewards)),
    carried=lambda returned: returned,
    steps=lambda rewards: reversed(range(len(rewards))),
):
    """A discounted_returns with one thing wrong."""

    def discounted_returns(rewards, terminated, truncated, next_values, discount):
        returns, following = empty(rewards), at_end(next_values)
        for step in steps(rewards):
            following = cut(truncated[step], next_values[step], following)
            following = end(terminated[step], following)
            returns[step] = following = carried(total(rewards[step], discount, following))
        return returns

    return discounted_returns


def forward(rewards, terminated, truncated, next_values, discount):
    returns, following = np.zeros(np.shape(rewards)), 0.0
    for step in range(len(rewards)):
        returns[step] = following = rewards[step] + discount * following
    return returns


def from_the_beginning(rewards, terminated, truncated, next_values, discount):
    return rewards * discount ** np.arange(len(rewards))[:, None]


def one_step(rewards, terminated, truncated, next_values, discount):
    return rewards + discount * next_values * ~terminated


def one_step_past_the_end(rewards, terminated, truncated, next_values, discount):
    return rewards + discount * next_values


def next_reward(rewards, terminated, truncated, next_values, discount):
    later = np.vstack([rewards[1:], np.zeros((1, rewards.shape[1]))])
    return rewards + discount * later


def turned(rewards, terminated, truncated, next_values, discount):
    return returns_with()(rewards, terminated, truncated, next_values, discount)[::-1]


def appended(rewards, terminated, truncated, next_values, discount):
    return list(returns_with()(rewards, terminated, truncated, next_values, discount))[::-1]


def flags_of_the_next_step(rewards, terminated, truncated, next_values, discount):
    later = np.vstack([terminated[1:], terminated[:1] & False])
    later[-1] |= terminated[-1]
    return returns_with()(rewards, np.where(np.arange(len(rewards))[:, None] > 0, terminated, later), truncated, next_values, discount)  # fmt: skip


def end_before_the_reward(rewards, terminated, truncated, next_values, discount):
    returns, following = np.zeros(np.shape(rewards)), next_values[-1]
    for step in reversed(range(len(rewards))):
        following = np.where(truncated[step], next_values[step], following)
        ended = terminated[step] if step < len(rewards) - 1 else np.zeros_like(terminated[step])
        following = np.where(terminated[step] & ~ended, 0.0, following)
        returns[step] = following = np.where(ended, 0.0, rewards[step] + discount * following)
    return returns


def one_if_for_all(rewards, terminated, truncated, next_values, discount):
    returns, following = np.zeros(np.shape(rewards)), next_values[-1]
    for step in reversed(range(len(rewards))):
        if truncated[step].any():
            following = next_values[step]
        if terminated[step].any():
            following = np.zeros(rewards.shape[1])
        returns[step] = following = rewards[step] + discount * following
    return returns


def truncated_wins(rewards, terminated, truncated, next_values, discount):
    return returns_with()(rewards, terminated & ~truncated, truncated, next_values, discount)


def estimate_on_top(rewards, terminated, truncated, next_values, discount):
    added = returns_with(cut=lambda truncated, value, following: following + truncated * value)
    last = truncated.copy()
    last[-1] = False
    return added(rewards, terminated, last, next_values, discount)


def in_place(rewards, terminated, truncated, next_values, discount):
    next_values[terminated] = 0
    return returns_with()(rewards, terminated, truncated, next_values, discount)


def without_the_end(rewards, terminated, truncated, next_values, discount):
    return returns_with(end=lambda terminated, following: following)(rewards, terminated, truncated, next_values, discount)  # fmt: skip


def estimate_of_the_row_before(rewards, terminated, truncated, next_values, discount):
    shifted = np.vstack([next_values[:1], next_values[:-1]])
    return returns_with(at_end=lambda _: next_values[-1])(rewards, terminated, truncated, shifted, discount)


def terminated_only_inside(rewards, terminated, truncated, next_values, discount):
    last = terminated.copy()
    last[-1] = False
    return returns_with()(rewards, last, truncated, next_values, discount)


def whole_column(rewards, terminated, truncated, next_values, discount):
    return returns_with()(rewards, terminated, truncated, next_values, discount)[:, 0]


def flags_turned(rewards, terminated, truncated, next_values, discount):
    return returns_with()(rewards, truncated, terminated, next_values, discount)


def forward_into_padding(rewards, terminated, truncated, next_values, discount):
    returns = np.zeros((len(rewards) + 1, rewards.shape[1]))
    for step in range(len(rewards)):
        returns[step] = rewards[step] + discount * np.where(terminated[step], 0.0, returns[step + 1])
    return returns[:-1]


def looks_beyond_the_last_step(rewards, terminated, truncated, next_values, discount):
    returns = np.zeros(rewards.shape)
    for step in reversed(range(len(rewards))):
        following = np.where(truncated[step], next_values[step], returns[step + 1])
        returns[step] = rewards[step] + discount * np.where(terminated[step], 0.0, following)
    return returns


def plain_if(rewards, terminated, truncated, next_values, discount):
    returns, following = np.zeros(rewards.shape), next_values[-1]
    for step in reversed(range(len(rewards))):
        if terminated[step]:
            following = 0.0
        elif truncated[step]:
            following = next_values[step]
        returns[step] = following = rewards[step] + discount * following
    return returns


plant(
    "discounted_returns",
    "discounted_returns",
    ("forwards, into a row of padding", "Go backwards, from", forward_into_padding),
    ("looks beyond the last step", "no next return", looks_beyond_the_last_step),
    ("a plain if", "not one `if` for all", plain_if),
    ("no discount", "discount is missing", returns_with(total=lambda reward, discount, following: reward + following)),
    ("discounts from the beginning", "since the \\*beginning", from_the_beginning),
    ("adds up the past", "about the future", forward),
    ("the rewards", "Those are the rewards", lambda r, e, t, v, g: r.astype(float)),
    ("two steps only", "look two steps", next_reward),
    ("discounts the own reward", "the step's own reward", returns_with(total=lambda r, g, f: g * (r + f))),
    ("leaves the own reward out", "own reward is missing", lambda r, e, t, v, g: (returns_with()(r, e, t, v, g) - r)),
    ("in reverse order", "order is turned", turned),
    ("in reverse order, as a list", "order is turned", appended),
    ("ignores the end", "\\*terminated\\*", without_the_end),
    ("ignores the end on the last step", "\\*terminated\\*", terminated_only_inside),
    ("one step ahead", "one step ahead", one_step),
    ("one step ahead, past the end", "one step ahead", one_step_past_the_end),
    ("integers", "Decimal", returns_with(empty=np.zeros_like)),
    ("the end cuts its own reward", "own reward", end_before_the_reward),
    ("0 after the last step", "Collecting stopped", returns_with(at_end=lambda values: np.zeros(values.shape[1]))),
    ("the first estimate at the end", "\\*last\\* row", returns_with(at_end=lambda values: values[0])),
    ("the mean estimate at the end", "last", returns_with(at_end=lambda values: values.mean(axis=0))),
    ("truncation ignored", "clock ran out", returns_with(cut=lambda t, value, following: following)),
    ("truncated is terminated", "not terminated", lambda r, e, t, v, g: returns_with()(r, e | t, t, v, g)),
    ("estimate of the row before", "not of the one before|not of the last", estimate_of_the_row_before),
    ("estimate on top of the next episode", "\\*only\\* the estimate", estimate_on_top),
    ("the estimate of the last row for all", "not of the last", lambda r, e, t, v, g: returns_with(cut=lambda t, _, f: np.where(t, v[-1], f))(r, e, t, v, g)),
    ("truncated wins", "Both flags", truncated_wins),
    ("the flags exchanged", "terminated", flags_turned),
    ("one if for all environments", "on its own", one_if_for_all),
    ("changes the estimates", "changed an array", in_place),
    ("one environment only", "every environment", whole_column),
    ("decimals cut off", "Decimal", lambda r, e, t, v, g: np.floor(returns_with()(r, e, t, v, g))),
    ("returns nothing", "None", lambda r, e, t, v, g: None),
    ("leaves the first step out", "first step is left out", returns_with(steps=lambda rewards: range(len(rewards) - 1, 0, -1))),
    ("a loop that never runs", "does your loop run", returns_with(steps=lambda rewards: range(len(rewards) - 1, -1))),
    ("loops over the environments", "not over the environments", returns_with(steps=lambda rewards: reversed(range(rewards.shape[1])))),
)  # fmt: skip


def greedy_with(
    coins=lambda random, n: random.random(n),
    explores=lambda coin, epsilon: coin < epsilon,
    draw=lambda random, values: random.integers(values.shape[1], size=len(values)),
    best=lambda values: values.argmax(axis=1),
):
    """An epsilon_greedy with one thing wrong."""

    def epsilon_greedy(values, epsilon, random):
        return np.where(explores(coins(random, len(values)), epsilon), draw(random, values), best(values))

    return epsilon_greedy


def one_of_the_others(random, values):
    draws = random.integers(values.shape[1] - 1, size=len(values))
    return draws + (draws >= values.argmax(axis=1))


def coin_of_its_own(values, epsilon, random):
    return greedy_with()(values, epsilon, np.random.default_rng())


def seeds_again(values, epsilon, random):
    return greedy_with()(values, epsilon, np.random.default_rng(2))


def sets_the_best_aside(values, epsilon, random):
    values[:, 0] += 1e-9
    return greedy_with()(values, epsilon, random)


plant(
    "epsilon_greedy",
    "epsilon_greedy",
    ("the last of equal ones", "Of equal values", greedy_with(best=lambda values: values.shape[1] - 1 - values[:, ::-1].argmax(axis=1))),
    ("takes the worst", "worst", greedy_with(best=lambda values: values.argmin(axis=1))),
    ("argmax along the wrong axis", "shape|argmax along", lambda v, e, r: greedy_with(best=lambda values: np.resize(values.argmax(axis=0), len(values)))(v, e, r)),
    ("argmax of everything", "argmax along|stopped", greedy_with(best=lambda values: values.argmax() % values.shape[1])),
    ("the coin turned round", "If you have the argmax: is your comparison turned round", greedy_with(explores=lambda coin, epsilon: coin > epsilon)),
    ("never explores", "turned round", greedy_with(explores=lambda coin, epsilon: coin < 0)),
    ("always explores", "no chance|worst", greedy_with(explores=lambda coin, epsilon: coin < 2)),
    ("half the exploration", "quarter|all is chance", greedy_with(explores=lambda coin, epsilon: coin < epsilon / 2)),
    ("one coin for all", "one for all|every action|turned round", greedy_with(coins=lambda random, n: np.full(n, random.random()))),
    ("one random action for all", "one action drawn for all", greedy_with(draw=lambda random, values: np.full(len(values), random.integers(values.shape[1])))),
    ("never the best when exploring", "best one included", greedy_with(draw=one_of_the_others)),
    ("never the last action", "never drawn", greedy_with(draw=lambda random, values: random.integers(values.shape[1] - 1, size=len(values)))),
    ("one action too many", "0 to actions", greedy_with(draw=lambda random, values: random.integers(values.shape[1] + 1, size=len(values)))),
    ("counts from 1", "0 to actions", lambda v, e, r: greedy_with()(v, e, r) + 1),
    ("decimal numbers", "whole numbers", lambda v, e, r: greedy_with()(v, e, r).astype(float)),
    ("the values", "whole numbers", lambda v, e, r: v.max(axis=1)),
    ("its own generator", "same seed", coin_of_its_own),
    ("seeds again inside", "second call|same seed|seed again", seeds_again),
    ("changes the values", "changed the values", sets_the_best_aside),
    ("the first environment's best for all", "argmax along", greedy_with(best=lambda values: np.full(len(values), values[0].argmax()))),
    ("a fixed number explores", "its own coin in each call", lambda v, e, r: greedy_with(coins=lambda random, n: np.where(random.permutation(n) < round(e * n), -1, 2))(v, e, r)),
    ("one action", "each environment", lambda v, e, r: int(greedy_with()(v, e, r)[0])),
    ("softmax instead", "no chance|argmax", lambda v, e, r: np.array([r.choice(len(row), p=np.exp(row - row.max()) / np.exp(row - row.max()).sum()) for row in v])),
    ("two actions only", "quarter|never drawn", greedy_with(draw=lambda random, values: random.integers(2, size=len(values)) * 2)),
    ("returns nothing", "None", lambda v, e, r: None),
    ("a plain if", "not one `if` for all", lambda v, e, r: greedy_with()(v, e, r) if r.random(len(v)) < e else v.argmax(axis=1)),
    ("argmax of the whole table", "in each row", greedy_with(best=lambda values: values.argmax())),
)  # fmt: skip

plant(
    "epsilon_greedy",
    "epsilon_at",
    ("one point too few", "decay_steps \\+ 1` points", lambda t, a, b, n: np.linspace(a, b, n)[min(t, n - 1)]),
    ("falls on below the end", "stays", lambda t, a, b, n: a + t / n * (b - a)),
    ("stops at 0", "stays", lambda t, a, b, n: max(a + t / n * (b - a), 0)),
    ("starts again", "arrived|start again", lambda t, a, b, n: a + (t % n) / n * (b - a)),
    ("begins with the end", "At step 0", lambda t, a, b, n: b + min(t / n, 1) * (a - b)),
    ("geometric", "straight", lambda t, a, b, n: a * (b / a) ** min(t / n, 1)),
    ("always starts at 1", "start", lambda t, a, b, n: 1 + min(t / n, 1) * (b - 1)),
    ("always ends at 0.1", "end", lambda t, a, b, n: a + min(t / n, 1) * (0.1 - a)),
    ("falls to 0, then jumps", "arrived|straight", lambda t, a, b, n: a * (1 - t / n) if t < n else b),
    ("clipped line to 0", "straight", lambda t, a, b, n: max(a * (1 - t / n), b)),
    ("always 1000 steps", "decay_steps", lambda t, a, b, n: a + min(t / 1000, 1) * (b - a)),
    ("in whole percents of the way", "One step", lambda t, a, b, n: a + min(t * 100 // n / 100, 1) * (b - a)),
    ("a step", "straight", lambda t, a, b, n: a if t < n else b),
    ("twice as fast", "straight", lambda t, a, b, n: a + min(2 * t / n, 1) * (b - a)),
    ("whole division", "straight", lambda t, a, b, n: a + min(t // n, 1) * (b - a)),
    ("the share", "At step 0", lambda t, a, b, n: min(t / n, 1)),
    ("nothing after the end", "None", lambda t, a, b, n: a + t / n * (b - a) if t <= n else None),
    ("returns nothing", "None", lambda t, a, b, n: None),
    ("a list that ends", "the steps go on", lambda t, a, b, n: np.linspace(a, b, n)[t]),
)  # fmt: skip

RightBuffer = ReplayBuffer


def add_with(
    places=lambda self, n: (self.position + np.arange(n)) % self.capacity,
    move=lambda self, n: (self.position + n) % self.capacity,
    grow=lambda self, n: min(self.size + n, self.capacity),
    parts=lambda parts: parts,
):
    """An add with one thing wrong."""

    def add(self, *given):
        n = len(given[1])
        for array, new in zip(self.arrays, parts(given)):
            array[places(self, n)] = new
        self.position, self.size = move(self, n), grow(self, n)

    return add


def sample_with(
    draw=lambda self, n, random: random.integers(self.size, size=n),
    take=lambda self, places: tuple(array[places] for array in self.arrays),
):
    """A sample with one thing wrong."""

    def sample(self, batch_size, random):
        return take(self, draw(self, batch_size, random))

    return sample


def keeps_references(self, observations, actions, rewards, next_observations, terminated):
    if not isinstance(self.arrays[0], list):
        self.arrays = tuple([] for _ in self.arrays)
    for part, new in zip(self.arrays, (observations, actions, rewards, next_observations, terminated)):
        part.extend(new)
        del part[: -self.capacity]
    self.size = len(self.arrays[0])


def sample_of_lists(self, batch_size, random):
    places = random.integers(self.size, size=batch_size)
    return tuple(np.array([part[place] for place in places]) for part in self.arrays)


def slices(self, *given):
    n = len(given[1])
    for array, new in zip(self.arrays, given):
        array[self.position : self.position + n] = new
    self.position, self.size = (self.position + n) % self.capacity, min(self.size + n, self.capacity)


def starts_again_if_it_does_not_fit(self, *given):
    n = len(given[1])
    if self.position + n > self.capacity:
        self.position = 0
    for array, new in zip(self.arrays, given):
        array[self.position : self.position + n] = new
    self.position, self.size = (self.position + n) % self.capacity, min(self.size + n, self.capacity)


def stops_when_full(self, *given):
    if self.size + len(given[1]) <= self.capacity:
        add_with()(self, *given)


def cuts_at_the_end(self, *given):
    n = min(len(given[1]), self.capacity - self.position)
    add_with()(self, *(part[:n] for part in given))


def first_environment_only(self, *given):
    add_with()(self, *(part[:1] for part in given))


def shifts(self, *given):
    n = len(given[1])
    for array, new in zip(self.arrays, given):
        array[:-n] = array[n:].copy()
        array[-n:] = new
    self.size = min(self.size + n, self.capacity)


def own_draw_per_part(self, batch_size, random):
    return tuple(array[random.integers(self.size, size=batch_size)] for array in self.arrays)


def forgets_what_it_gave(self, batch_size, random):
    batch = sample_with()(self, batch_size, random)
    self.arrays[0][: self.size] = 0
    return batch


def a_run(self, n, random):
    return (random.integers(self.size) + np.arange(n)) % self.size


def shuffled_by_itself(self, batch_size, random):
    places = random.integers(self.size, size=batch_size)
    return tuple(array[random.permutation(places)] for array in self.arrays)


def sorted_observations(self, batch_size, random):
    found = list(sample_with()(self, batch_size, random))
    found[0] = found[0][::-1]
    return tuple(found)


def adds_and_returns(self, *given):
    add_with()(self, *given)
    return self.size


def moves_everything(self, *given):
    self.arrays = tuple(
        np.concatenate([array[: self.size], new])[-self.capacity :] for array, new in zip(self.arrays, given)
    )
    self.position = self.size = len(self.arrays[0])


def rolls(self, *given):
    for array in self.arrays:
        array[:] = np.roll(array, len(given[1]), axis=0)
    add_with(places=lambda self, n: np.arange(n))(self, *given)


for mistake, says, methods in (
    ("draws up to the position", "not up to .self.position", {"sample": sample_with(draw=lambda self, n, random: random.integers(self.position, size=n))}),
    ("moves everything, no ring", "nothing that is stored is moved", {"add": moves_everything}),
    ("overwrites the first place", "behind\\*? the first", {"add": add_with(places=lambda self, n: np.arange(n))}),
    ("position never moves", "position. is the place for the next", {"add": add_with(move=lambda self, n: self.position)}),
    ("position moves by one", "position. is the place .* moved by three", {"add": add_with(move=lambda self, n: (self.position + 1) % self.capacity)}),
    ("size counts calls", "size", {"add": add_with(grow=lambda self, n: min(self.size + 1, self.capacity))}),
    ("size never grows", "size", {"add": add_with(grow=lambda self, n: self.size)}),
    ("size grows beyond", "capacity", {"add": add_with(grow=lambda self, n: self.size + n)}),
    ("size is the capacity", "size", {"add": add_with(grow=lambda self, n: self.capacity)}),
    ("no ring", "ring", {"add": add_with(places=lambda self, n: self.position + np.arange(n))}),
    ("slices", "ring|broadcast", {"add": slices}),
    ("starts again if it does not fit", "oldest", {"add": starts_again_if_it_does_not_fit}),
    ("stops when full", "full|oldest", {"add": stops_when_full}),
    ("cuts at the end", "oldest", {"add": cuts_at_the_end}),
    ("the first environment only", "size", {"add": first_environment_only}),
    ("shifts, but fills from behind", "still empty|never", {"add": shifts}),
    ("overwrites a random one", "these transitions", {"add": add_with(places=lambda self, n: np.random.default_rng(self.size).permutation(self.capacity)[:n] if self.size == self.capacity else (self.position + np.arange(n)) % self.capacity)}),
    ("observation and next exchanged", "exchanged", {"add": add_with(parts=lambda parts: (parts[3], parts[1], parts[2], parts[0], parts[4]))}),
    ("stores the observation twice", "next observations", {"add": add_with(parts=lambda parts: (*parts[:3], parts[0], parts[4]))}),
    ("stores not terminated", "terminated", {"add": add_with(parts=lambda parts: (*parts[:4], ~np.asarray(parts[4])))}),
    ("clips the rewards", "rewards", {"add": add_with(parts=lambda parts: (*parts[:2], np.clip(parts[2], -1, 1), *parts[3:]))}),
    ("add returns the size", "returns nothing", {"add": adds_and_returns}),
    ("the empty part, too", "still empty", {"sample": sample_with(draw=lambda self, n, random: random.integers(self.capacity, size=n))}),
    ("never the last place", "last place is never", {"sample": sample_with(draw=lambda self, n, random: random.integers(self.size - 1, size=n))}),
    ("never the first place", "first place is never", {"sample": sample_with(draw=lambda self, n, random: random.integers(1, self.size, size=n))}),
    ("without replacement", "with replacement", {"sample": sample_with(draw=lambda self, n, random: random.choice(self.size, size=n, replace=False))}),
    ("at most what is stored", "batch_size|shape|Observation, action", {"sample": sample_with(draw=lambda self, n, random: random.permutation(self.size)[:n])}),
    ("the newest only", "these transitions", {"sample": sample_with(draw=lambda self, n, random: (self.position - 1 - random.integers(min(self.size, 3), size=n)) % self.capacity)}),
    ("the newest more often", "must be drawn about|these transitions", {"sample": sample_with(draw=lambda self, n, random: (self.size * np.sqrt(random.random(n))).astype(int))}),
    ("neighbours", "neighbours", {"sample": sample_with(draw=a_run)}),
    ("own places for each part", "\\*same\\* places", {"sample": own_draw_per_part}),
    ("shuffles each part", "\\*same\\* places", {"sample": shuffled_by_itself}),
    ("turns one part round", "\\*same\\* places", {"sample": sorted_observations}),
    ("its own generator", "same seed", {"sample": sample_with(draw=lambda self, n, random: np.random.default_rng().integers(self.size, size=n))}),
    ("always the same batch", "another seed", {"sample": sample_with(draw=lambda self, n, random: np.random.default_rng(1).integers(self.size, size=n))}),
    ("four parts", "five", {"sample": sample_with(take=lambda self, places: tuple(array[places] for array in self.arrays[:4]))}),
    ("empties the memory", "must not change", {"sample": forgets_what_it_gave}),
    ("returns nothing", "None", {"sample": lambda self, batch_size, random: None}),
    ("keeps references", "Copy the values|own array", {"add": keeps_references, "sample": sample_of_lists}),
    ("with replacement only if it must", "none came twice", {"sample": sample_with(draw=lambda self, n, random: random.choice(self.size, size=n, replace=n > self.size))}),
    ("one permutation over and over", "none came twice", {"sample": sample_with(draw=lambda self, n, random: np.resize(random.permutation(self.size), n))}),
    ("neighbours, shuffled", "none came twice", {"sample": sample_with(draw=lambda self, n, random: random.permutation(a_run(self, n, random)))}),
    ("one array of all parts", "differ in shape", {"sample": sample_with(take=lambda self, places: np.array([array[places] for array in self.arrays]))}),
    ("rolls, the newest in front", "\\(1 and 2\\). These", {"add": rolls}),
):  # fmt: skip
    wrong("replay_buffer", mistake, says=says)(type("ReplayBuffer", (RightBuffer,), methods))


def targets_with(
    best=lambda online, target, double: np.argmax(online if double else target, axis=1),
    worth=lambda online, target, best: target[np.arange(len(best)), best],
    total=lambda r, over, following, discount: r + discount * following * ~over,
    default=True,
):
    """A q_targets with one thing wrong."""

    def q_targets(rewards, terminated, next_online, next_target, discount, double=default):
        chosen = best(next_online, next_target, double)
        return total(rewards, terminated, worth(next_online, next_target, chosen), discount)

    return q_targets


def zeros_in_place(rewards, terminated, next_online, next_target, discount, double=True):
    next_target[terminated] = 0
    return targets_with()(rewards, terminated, next_online, next_target, discount, double)


plant(
    "target_network",
    "q_targets",
    ("plain DQN by default", "plain DQN", targets_with(default=False)),
    ("always plain", "plain DQN", targets_with(best=lambda online, target, double: target.argmax(axis=1))),
    ("always double", "double` seems", targets_with(best=lambda online, target, double: online.argmax(axis=1))),
    ("the online network's value", "target\\* network must say", targets_with(worth=lambda online, target, best: online.max(axis=1))),
    ("roles exchanged", "exchanged", targets_with(best=lambda online, target, double: target.argmax(axis=1), worth=lambda online, target, best: online[np.arange(len(best)), best])),
    ("plain with the online network", "Plain DQN: the|double` seems", lambda r, e, o, t, g, double=True: targets_with()(r, e, o, t if double else o, g, double)),
    ("past the end", "nothing follows", targets_with(total=lambda r, over, f, g: r + g * f)),
    ("mask the wrong way round", "wrong way round", targets_with(total=lambda r, over, f, g: r + g * f * over)),
    ("no discount", "γ is missing", targets_with(total=lambda r, over, f, g: r + f * ~over)),
    ("discount over all", "not the reward at once", targets_with(total=lambda r, over, f, g: g * (r + f * ~over))),
    ("no reward", "reward is missing", targets_with(total=lambda r, over, f, g: g * f * ~over)),
    ("nothing at the end, not even the reward", "still has its", targets_with(total=lambda r, over, f, g: (r + g * f) * ~over)),
    ("argmin", "argmin", targets_with(best=lambda online, target, double: np.argmin(online if double else target, axis=1))),
    ("the mean", "mean over", targets_with(worth=lambda online, target, best: target.mean(axis=1))),
    ("cut at 0", "negative", targets_with(worth=lambda online, target, best: np.maximum(target[np.arange(len(best)), best], 0))),
    ("the number of the action", "number\\* of", targets_with(worth=lambda online, target, best: best)),
    ("the smaller of two maxima", "smaller", targets_with(worth=lambda online, target, best: np.minimum(online.max(axis=1), target.max(axis=1)))),
    ("`~` on whole numbers", "−1 and −2", targets_with(total=lambda r, over, f, g: r + g * f * ~over.astype(int))),
    ("a column plus a row", "a column \\(n, 1\\)", targets_with(worth=lambda online, target, best: np.take_along_axis(target, best[:, None], axis=1))),
    ("all pairs", "each transition", targets_with(worth=lambda online, target, best: target[:, best], total=lambda r, over, f, g: r[:, None] + g * f)),
    ("along the wrong axis", "Row by row|each transition|stopped", targets_with(best=lambda online, target, double: np.resize(np.argmax(online if double else target, axis=0), len(online)))),
    ("always 0.5", "Use `discount`", targets_with(total=lambda r, over, f, g: r + 0.5 * f * ~over)),
    ("one best action for all", "Row by row|plain DQN", targets_with(best=lambda online, target, double: np.full(len(online), (online if double else target).mean(axis=0).argmax()))),
    ("changes the values", "changed an array", zeros_in_place),
    ("all equally good actions", "not all", targets_with(best=lambda online, target, double: np.where(double, online, target), worth=lambda online, target, best: (target * (best == best.max(axis=1, keepdims=True))).sum(axis=1))),
    ("argmax over the transitions", "One action per row", targets_with(best=lambda online, target, double: np.argmax(online if double else target, axis=0))),
    ("the row of the action", "one entry per row", targets_with(worth=lambda online, target, best: target[best])),
    ("a plain if", "no `if terminated`", targets_with(total=lambda r, over, f, g: r if over else r + g * f)),
    ("returns nothing", "None", lambda *given, **more: None),
)  # fmt: skip


def training_with(
    refresh=lambda step, every: step % every == 0,
    copy=np.copy,
    wanted=lambda r, g, f, w, over: r + g * np.where(over, 0.0, f @ w),
    change=lambda features, error, following: features.T @ error / len(features),
    first=False,
    in_place=False,
    start=lambda features: np.zeros(features.shape[1]),
):
    """A train_linear with one thing wrong."""

    def train_linear(features, rewards, next_features, terminated, discount, learning_rate, steps, refresh_every):
        weights, history = start(features), []
        target = copy(weights)
        for step in range(steps):
            if refresh(step, refresh_every):
                target = copy(weights)
            if first:
                history.append(weights.copy())
            error = wanted(rewards, discount, next_features, target, terminated) - features @ weights
            step_taken = learning_rate * change(features, error, discount * next_features * ~terminated[:, None])
            if in_place:
                weights += step_taken
            else:
                weights = weights + step_taken
            if not first:
                history.append(weights.copy())
        return np.array(history)

    return train_linear


def same_array_in_all_rows(features, rewards, next_features, terminated, discount, learning_rate, steps, refresh_every):
    history = training_with()(features, rewards, next_features, terminated, discount, learning_rate, steps, refresh_every)  # fmt: skip
    return np.array([history[-1]] * steps)


def last_weights_only(*given, **more):
    return training_with()(*given, **more)[-1]


def one_transition_after_the_other(
    features, rewards, next_features, terminated, discount, learning_rate, steps, refresh_every
):
    weights, history = np.zeros(features.shape[1]), []
    for step in range(steps):
        if step % refresh_every == 0:
            target = weights.copy()
        for state, reward, following, over in zip(features, rewards, next_features, terminated):
            wanted = reward + discount * (following @ target) * (not over)
            weights = weights + learning_rate * (wanted - state @ weights) * state / len(features)
        history.append(weights)
    return np.array(history)


def n_without_the_ends(**given):
    share = max(1, (~given["terminated"]).sum()) / len(given["terminated"])
    return training_with()(**{**given, "learning_rate": given["learning_rate"] / share})


plant(
    "target_network",
    "train_linear",
    ("the mean over everything", "\\*own\\* error", training_with(change=lambda f, error, following: (error[:, None] * f).mean())),
    ("mean error times mean features", "\\*own\\* error", training_with(change=lambda f, error, following: error.mean() * f.mean(axis=0))),
    ("one transition after the other", "once per transition", one_transition_after_the_other),
    ("nothing added up", "Did you add up", lambda *given, **more: training_with()(*given, **more)[:, None]),
    ("never a target network", "stand still", training_with(refresh=lambda step, every: True)),
    ("a second name instead of a copy", "stand still", training_with(copy=lambda weights: weights, in_place=True)),
    ("copied once", "\\*every\\*", training_with(refresh=lambda step, every: step == 0)),
    ("copied never", "\\*every\\*", training_with(refresh=lambda step, every: False)),
    ("copied one step late", "made before", training_with(refresh=lambda step, every: step % every == 1 % every)),
    ("copied one step early", "made before", training_with(refresh=lambda step, every: step % every == every - 1)),
    ("everything but the copies", "turned round", training_with(refresh=lambda step, every: step % every != 0 or every == 1)),
    ("gradient through the target", "Your sign|constant|features|factor", training_with(change=lambda f, error, following: (f - following).T @ error / len(f))),
    ("the sum", "\\*mean\\*", training_with(change=lambda f, error, following: f.T @ error)),
    ("a factor 2", "factor 2", training_with(change=lambda f, error, following: 2 * f.T @ error / len(f))),
    ("without the features", "features", training_with(change=lambda f, error, following: np.full(f.shape[1], error.mean()))),
    ("the sign", "sign", training_with(change=lambda f, error, following: -f.T @ error / len(f))),
    ("the weights before the step", "after\\* each step", training_with(first=True)),
    ("past the end", "nothing follows, whatever", training_with(wanted=lambda r, g, f, w, over: r + g * (f @ w))),
    ("no discount", "discount γ", training_with(wanted=lambda r, g, f, w, over: r + np.where(over, 0.0, f @ w))),
    ("the end pays nothing", "nothing follows|0\\.5|0.9 and 1", training_with(wanted=lambda r, g, f, w, over: np.where(over, 0.0, r + g * (f @ w)))),
    ("always 200 steps", "\\*every\\*", training_with(refresh=lambda step, every: step % 200 == 0)),
    ("the last weights in all rows", "all rows", same_array_in_all_rows),
    ("the last weights only", "one row", last_weights_only),
    ("n counts only what goes on", "n counts \\*all", n_without_the_ends),
    ("always two weights", "as many weights", training_with(start=lambda features: np.zeros(2))),
    ("errors times features, row by column", "added up over the rows", training_with(change=lambda f, error, following: (error * f).mean(axis=0))),
    ("whole rounds only", "does not divide", lambda **given: training_with()(**given)[: given["steps"] // given["refresh_every"] * given["refresh_every"]]),
    ("returns nothing", "None", lambda *given, **more: None),
)  # fmt: skip


def shaping_with(
    safe=lambda potential, over: np.where(over, 0.0, potential),
    bonus=lambda after, now, discount: discount * after - now,
    total=lambda rewards, bonus: rewards + bonus,
):
    """A shape_rewards with one thing wrong."""

    def shape_rewards(rewards, next_state, terminal, potential, discount):
        potential = safe(potential, terminal)
        return total(rewards, bonus(potential[next_state], potential[:, None] + 0 * next_state, discount))

    return shape_rewards


def adds_in_place(rewards, next_state, terminal, potential, discount):
    rewards += discount * np.where(terminal, 0, potential)[next_state] - potential[:, None]
    return rewards


def zero_in_place(rewards, next_state, terminal, potential, discount):
    potential[terminal] = 0
    return shaping_with()(rewards, next_state, terminal, potential, discount)


def row_instead_of_column(rewards, next_state, terminal, potential, discount):
    potential = np.where(terminal, 0.0, potential)
    return rewards + discount * potential[next_state] - np.resize(potential, rewards.shape)


def no_shaping_into_the_goal(rewards, next_state, terminal, potential, discount):
    return rewards + (discount * potential[next_state] - potential[:, None]) * ~terminal[next_state]


def not_a_column(rewards, next_state, terminal, potential, discount):
    potential = np.where(terminal, 0.0, potential)
    return rewards + discount * potential[next_state] - potential


plant(
    "reward_shaping",
    "shape_rewards",
    ("no shaping on the step into the goal", "Only Φ\\(s'\\) is 0", no_shaping_into_the_goal),
    ("Φ(s) is not a column", "make it a column", not_a_column),
    ("the goal keeps its potential", "ends the episode is 0", shaping_with(safe=lambda potential, over: potential)),
    ("no γ", "γ is missing", shaping_with(bonus=lambda after, now, discount: after - now)),
    ("no γ, and the goal keeps its potential", "γ is missing", shaping_with(safe=lambda p, over: p, bonus=lambda after, now, discount: after - now)),
    ("γ over all", "γ belongs", shaping_with(bonus=lambda after, now, discount: discount * (after - now))),
    ("γ on the earlier one", "later", shaping_with(bonus=lambda after, now, discount: after - discount * now)),
    ("the sign", "sign", shaping_with(bonus=lambda after, now, discount: now - discount * after)),
    ("states exchanged", "exchanged", shaping_with(bonus=lambda after, now, discount: discount * now - after)),
    ("a bonus for being there", "being there", shaping_with(bonus=lambda after, now, discount: discount * after)),
    ("only gains", "no maximum", shaping_with(bonus=lambda after, now, discount: np.maximum(discount * after - now, 0))),
    ("instead of the rewards", "do not replace", shaping_with(total=lambda rewards, bonus: bonus)),
    ("times the rewards", "γΦ", shaping_with(total=lambda rewards, bonus: rewards * bonus)),
    ("a row instead of a column", "column", row_instead_of_column),
    ("always 0.5", "use `discount`", shaping_with(bonus=lambda after, now, discount: 0.5 * after - now)),
    ("in place", "changed an array", adds_in_place),
    ("changes the potential", "changed an array", zero_in_place),
    ("one number per state", "each state and action", lambda r, n, e, p, g: shaping_with()(r, n, e, p, g).max(axis=1)),
    ("states and actions exchanged", "each state and action", lambda r, n, e, p, g: shaping_with()(r, n, e, p, g).T),
    ("no shaping", "γΦ", lambda r, n, e, p, g: r.copy()),
    ("the mask turned round", "mask is turned", shaping_with(safe=lambda potential, over: np.where(over, potential, 0.0))),
    ("the highest potential is the goal's", "ends", shaping_with(safe=lambda potential, over: np.where(over, potential.max(), potential))),
    ("returns nothing", "None", lambda *given: None),
)  # fmt: skip


def values_with(
    start=lambda over: np.zeros(len(over)),
    best=lambda table: table.max(axis=1),
    table=lambda r, g, following: r + g * following,
    ends=lambda over, new: np.where(over, 0.0, new),
    longest=10**9,
    clip=lambda new: new,
):
    """An optimal_values with one thing wrong."""

    def optimal_values(rewards, next_state, terminal, discount, tolerance=1e-10):
        values = start(terminal)
        for _ in range(min(longest, 20_000)):
            new = clip(ends(terminal, best(table(rewards, discount, values[next_state]))))
            if np.abs(new - values).max() <= tolerance:
                return new
            values = new
        return values

    return optimal_values


def stops_when(done):
    """An optimal_values with a stopping rule of its own."""

    def optimal_values(rewards, next_state, terminal, discount, tolerance=1e-10):
        values = np.zeros(len(terminal))
        for _ in range(50_000):
            new = np.where(terminal, 0.0, (rewards + discount * values[next_state]).max(axis=1))
            if done(new - values, new, tolerance):
                return new
            values = new
        return values

    return optimal_values


def second_name(rewards, next_state, terminal, discount, tolerance=1e-10):
    values = np.zeros(len(terminal))
    while True:
        old = values
        values[:] = np.where(terminal, 0.0, (rewards + discount * values[next_state]).max(axis=1))
        if np.abs(values - old).max() <= tolerance:
            return values


def maximum_over_the_states(rewards, next_state, terminal, discount, tolerance=1e-10):
    new = (rewards + discount * np.zeros(len(terminal))[next_state]).max(axis=0)
    new[terminal] = 0.0
    return new


def always_right(rewards, next_state, terminal, discount, tolerance=1e-10):
    return values_with(best=lambda table: table[:, -1])(rewards, next_state, terminal, discount, tolerance)


def ends_in_the_table(rewards, next_state, terminal, discount, tolerance=1e-10):
    return np.where(terminal, 0.0, values_with(ends=lambda over, new: new)(rewards, next_state, terminal, discount))


def sets_rewards_in_place(rewards, next_state, terminal, discount, tolerance=1e-10):
    rewards[terminal] = 0
    rewards[0, 0] += 1e-12
    return values_with()(rewards, next_state, terminal, discount, tolerance)


plant(
    "reward_shaping",
    "optimal_values",
    ("no discount", "discount is missing", values_with(table=lambda r, g, following: r + following)),
    ("one round", "One round", values_with(longest=1)),
    ("γ on the reward", "not the reward at once", values_with(table=lambda r, g, following: g * (r + following))),
    ("the worst action", "not the worst", values_with(best=lambda table: table.min(axis=1))),
    ("the mean action", "random", values_with(best=lambda table: table.mean(axis=1))),
    ("the values of the actions", "not for each action", lambda r, n, e, g, tolerance=1e-10: r + g * values_with()(r, n, e, g, tolerance)[n]),
    ("the goal is worth 1", "value is 0", lambda r, n, e, g, tolerance=1e-10: np.where(e, 1.0, values_with()(r, n, e, g, tolerance))),
    ("ends start with 1 and flow back", "value is 0|One step|ends", values_with(ends=lambda over, new: np.where(over, 1.0, new))),
    ("the ends' rows count", "must not flow back", values_with(ends=lambda over, new: new)),
    ("the ends' rows flow back", "flow back", ends_in_the_table),
    ("no negative values", "negative", values_with(clip=lambda new: np.maximum(new, 0))),
    ("ten rounds", "fixed number", values_with(longest=10)),
    ("a hundred rounds", "fixed number", values_with(longest=100)),
    ("a thousand rounds", "fixed number", values_with(longest=1000)),
    ("stops at a change of 0.01", "tolerance of your own", stops_when(lambda change, new, tolerance: np.abs(change).max() <= 0.01)),
    ("stops at a change of 0.0001", "tolerance of your own", stops_when(lambda change, new, tolerance: np.abs(change).max() <= 1e-4)),
    ("stops with allclose", "allclose", stops_when(lambda change, new, tolerance: np.allclose(new, new - change, atol=tolerance))),
    ("stops without the absolute value", "\\*size\\* of the change", stops_when(lambda change, new, tolerance: change.max() <= tolerance)),
    ("until nothing changes at all", "argument `tolerance`", stops_when(lambda change, new, tolerance: not change.any())),
    ("stops at a change of 1e-8", "argument `tolerance`", stops_when(lambda change, new, tolerance: np.abs(change).max() <= 1e-8)),
    ("compares the sums", "rise and fall cancel", stops_when(lambda change, new, tolerance: abs(change.sum()) <= tolerance)),
    ("compares the means", "rise and fall cancel", stops_when(lambda change, new, tolerance: abs(change.mean()) <= tolerance)),
    ("a second name for the old values", "second name", second_name),
    ("the maximum over everything", "over all states at once", values_with(best=lambda table: table.max())),
    ("the maximum over the states", "over the actions only", values_with(best=lambda table: table.max(axis=0))),
    ("the maximum over the states, ends set afterwards", "over the actions only", maximum_over_the_states),
    ("always the last action", "negative|best reward|for ever", always_right),
    ("without rewards", "add its reward", values_with(table=lambda r, g, following: g * following)),
    ("sum over the actions", "0\\.25|fixed|one step", values_with(best=lambda table: table.sum(axis=1), longest=200)),
    ("in place", "changed an array", sets_rewards_in_place),
    ("for seven states", "operands|stopped|shape", lambda r, n, e, g, tolerance=1e-10: np.resize(values_with()(r, n, e, g, tolerance), 7)),
    ("returns nothing", "None", lambda *given, **more: None),
)  # fmt: skip


def choice_with(
    untried=lambda untried: untried[0],
    mean=lambda child: child.total / child.visits,
    bonus=lambda c, above, n: c * np.sqrt(np.log(above) / n),
    above=lambda node: node.visits,
    pick=lambda node, promise: max(node.children, key=promise),
    is_new=lambda child: child.visits == 0,
):
    """A choose_move with one thing wrong."""

    def choose_move(node, constant):
        new = [move for move, child in node.children.items() if is_new(child)]
        if new and untried is not None:
            return untried(new)

        def promise(move):
            child = node.children[move]
            return mean(child) + bonus(constant, above(node), child.visits)

        return pick(node, promise)

    return choose_move


def counts_the_visit(node, constant):
    move = choice_with()(node, constant)
    node.visits += 1
    return move


def untried_only_if_nothing_is_good(node, constant):
    tried = {move: child for move, child in node.children.items() if child.visits}
    if tried and max(child.total / child.visits for child in tried.values()) > 0.5:
        return choice_with()(Node(node.visits, node.total, tried), constant)
    return choice_with()(node, constant)


def as_infinite(node, constant):
    moves = list(node.children)[::-1]

    def promise(move):
        child = node.children[move]
        return (
            np.inf
            if child.visits == 0
            else child.total / child.visits + constant * np.sqrt(np.log(node.visits) / child.visits)
        )

    return max(moves, key=promise)


def nearly_no_visits(node, constant):
    def promise(move):
        child = node.children[move]
        n = child.visits + 1e-9
        return child.total / n + constant * np.sqrt(np.log(node.visits) / n)

    return max(node.children, key=promise)


def move_0_is_false(node, constant):
    for move, child in node.children.items():
        if child.visits == 0 and move:
            return move
    return choice_with(untried=None)(node, constant)


plant(
    "tree_search",
    "choose_move",
    ("a tiny number instead of no visits", "never tried", nearly_no_visits),
    ("untried ones not first", "never tried", untried_only_if_nothing_is_good),
    ("division by zero", "no mean", choice_with(untried=None)),
    ("the last untried one", "first in the order", choice_with(untried=lambda new: new[-1])),
    ("the smallest untried one", "first in the order", choice_with(untried=min)),
    ("untried ones infinite, order turned", "first", as_infinite),
    ("the total", "mean", choice_with(mean=lambda child: child.total)),
    ("the sign turned", "don't turn the sign", choice_with(mean=lambda child: -child.total / child.visits)),
    ("the worst", "mean|largest", choice_with(pick=lambda node, promise: min(node.children, key=promise))),
    ("the most visited", "mean", choice_with(pick=lambda node, promise: max(node.children, key=lambda move: node.children[move].visits))),
    ("the last of equal ones", "take the first|promise|natural", choice_with(pick=lambda node, promise: max(list(node.children)[::-1], key=promise))),
    ("no curiosity", "tried \\*less|curiosity", choice_with(bonus=lambda c, above, n: 0)),
    ("constant unused", "curiosity|constant", choice_with(bonus=lambda c, above, n: 1.4 * np.sqrt(np.log(above) / n) if c else 0)),
    ("constant under the root", "natural logarithm", choice_with(bonus=lambda c, above, n: np.sqrt(c * np.log(above) / n))),
    ("no logarithm", "natural logarithm|curiosity", choice_with(bonus=lambda c, above, n: c * np.sqrt(above / n))),
    ("logarithm to base 10", "natural logarithm", choice_with(bonus=lambda c, above, n: c * np.sqrt(np.log10(above) / n))),
    ("no root", "natural logarithm|curiosity", choice_with(bonus=lambda c, above, n: c * np.log(above) / n)),
    ("a factor 2 under the root", "natural logarithm", choice_with(bonus=lambda c, above, n: c * np.sqrt(2 * np.log(above) / n))),
    ("AlphaZero's rule", "natural logarithm|curiosity", choice_with(bonus=lambda c, above, n: c * np.sqrt(above) / (1 + n))),
    ("N from the children", "node itself", choice_with(above=lambda node: sum(child.visits for child in node.children.values()))),
    ("N plus one", "natural logarithm", choice_with(above=lambda node: node.visits + 1)),
    ("more for the often visited", "tried \\*less", choice_with(bonus=lambda c, above, n: c * np.sqrt(n / np.log(above)))),
    ("subtracts the curiosity", "tried \\*less", choice_with(bonus=lambda c, above, n: -c * np.sqrt(np.log(above) / n))),
    ("log of the child", "natural logarithm|tried|curiosity", choice_with(bonus=lambda c, above, n: c * np.sqrt(np.log(n) / above))),
    ("n plus one", "natural logarithm|mean", choice_with(mean=lambda child: child.total / (child.visits + 1))),
    ("the node", "not the node", lambda node, constant: node.children[choice_with()(node, constant)]),
    ("the place in the list", "\\*move\\*", lambda node, constant: list(node.children).index(choice_with()(node, constant))),
    ("counts the visit", "only looks", counts_the_visit),
    ("untried are those with total 0", "without \\*visits", choice_with(is_new=lambda child: child.total == 0)),
    ("begins the search with −1", "-np.inf", choice_with(pick=lambda node, promise: max((move for move in node.children if promise(move) > -1), key=promise, default=None))),
    ("a move 0 counts as none", "if move is not None", move_0_is_false),
    ("returns nothing", "None", lambda node, constant: None),
)  # fmt: skip


def backing_with(
    path=lambda path: list(reversed(path)),
    first=lambda result: result,
    turn=lambda result: -result,
    visit=lambda node: node.visits + 1,
    enter=lambda node, result: node.total + result,
):
    """A back_up with one thing wrong."""

    def back_up(nodes, result):
        result = first(result)
        for node in path(nodes):
            node.visits, node.total = visit(node), enter(node, result)
            result = turn(result)

    return back_up


def empties_the_path(path, result):
    while path:
        node = path.pop()
        node.visits += 1
        node.total += result
        result = -result


def into_siblings(path, result):
    for node in path:
        for child in node.children.values():
            if child not in path:
                child.total -= result
    backing_with()(path, result)


def returns_the_result(path, result):
    backing_with()(path, result)
    return result


plant(
    "tree_search",
    "back_up",
    ("the same sign for all", "all the same sign", backing_with(turn=lambda result: result)),
    ("all signs turned", "all signs turned", backing_with(first=lambda result: -result)),
    ("from the root on", "signs turned|from the \\*last", backing_with(path=list)),
    ("only the last node", "last one alone", backing_with(path=lambda path: path[-1:])),
    ("not the root", "The root", backing_with(path=lambda path: list(reversed(path[1:])))),
    ("not the last node", "one more visit", backing_with(path=lambda path: list(reversed(path[:-1])))),
    ("visits not counted", "one more visit", backing_with(visit=lambda node: node.visits)),
    ("two visits", "one more visit", backing_with(visit=lambda node: node.visits + 2)),
    ("results only for the last node", "not only the last|alternate", backing_with(turn=lambda result: 0)),
    ("a mean instead of a total", "alternate", backing_with(enter=lambda node, result: node.total + (result - node.total) / (node.visits + 1))),
    ("overwrites the total", "overwrite", backing_with(enter=lambda node, result: result)),
    ("wins only", "counts −1", backing_with(enter=lambda node, result: node.total + max(result, 0))),
    ("wins 1, losses 0", "counts −1", backing_with(first=lambda result: (result + 1) / 2, turn=lambda result: 1 - result)),
    ("half a point for a draw", "draw", lambda path, result: backing_with(enter=lambda node, r: node.total + (r if result else 0.5))(path, result)),
    ("a draw is no visit", "draw is a visit", lambda path, result: backing_with()(path, result) if result else None),
    ("a loss never counts", "lost game", lambda path, result: backing_with()(path, max(result, 0))),
    ("discounted", "alternate", backing_with(turn=lambda result: -0.9 * result)),
    ("empties the path", "as it is", empties_the_path),
    ("turns the path round", "take `reversed", backing_with(path=lambda path: path.reverse() or path)),
    ("goes through path.reverse()", "returns None; take", backing_with(path=lambda path: path.reverse())),
    ("tells the siblings as well", "Only the nodes", into_siblings),
    ("returns the result", "returns nothing", returns_the_result),
)  # fmt: skip
