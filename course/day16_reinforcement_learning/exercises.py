# %% [markdown]
# # Day 16 · Exercises: returns, exploration, memory, targets, shaping, tree search
#
# **Six exercises: you compute discounted returns where episodes end in the middle, let exploration fade, build a replay buffer, see a target network save the learning, repair a bonus that backfires, and write the two rules at the heart of tree search.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The exercises do not depend on each
# other. Stuck for more than ten minutes? Fold out a hint.
#
# All of them are small enough for NumPy: no network is trained here, so every check answers at once. The ideas are those of the lesson.

# %% tags=["setup"]
import dataclasses

from utils import plots, runtime
from utils.check import Exercises

import matplotlib.pyplot as plt
import numpy as np

ready = runtime.setup(seed=1, precision="float32")

check = Exercises("day16_reinforcement_learning")

# %% [markdown]
# ## Exercise 1 · Discounted returns
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# Several environments run side by side for a number of steps. At each step we note the reward, and whether the episode of that environment ended there. There are two ways to end, and they are not the same:
#
# - **terminated**: it is over by the rules (the pole fell). Nothing comes after it, so the return is the reward alone: $G_t = r_t$.
# - **truncated**: only the clock ran out. More would have come; the critic's estimate stands for it: $G_t = r_t + \gamma\,v'_t$, where $v'_t$ (`next_values[t]`) is the critic's value of the state *after* step t.
#
# Otherwise the episode goes on, and $G_t = r_t + \gamma\,G_{t+1}$. After the last step we stop collecting, but the episodes do not stop: an episode that goes on there is treated as truncated. If both flags are set, it has terminated: the pole fell at the very moment when the clock ran out, and nothing comes after that.
#
# <details><summary>Hint 1</summary>
#
# Go backwards in time, all environments at once: a return needs the one after it. Which of three values follows a step: 0, the estimate, or the return of the next step? `np.where` chooses for each environment on its own.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `following = next_values[-1]`; then for `step` from the last to the first: `following = np.where(truncated[step], next_values[step], following)`, then `following = np.where(terminated[step], 0, following)`, then `returns[step] = following = rewards[step] + discount * following`. Make `returns` an array of decimal numbers.
#
# </details>


# %%
def discounted_returns(rewards, terminated, truncated, next_values, discount):
    """Compute the return from each step on, without looking across the end of an episode.

    Args:
        rewards: array (steps, environments), maybe of integers.
        terminated: array of True/False (steps, environments), True where the episode is over by the rules.
        truncated: array of True/False (steps, environments), True where the clock ended the episode.
        next_values: array (steps, environments), the critic's estimate for the state that each step led to.
        discount: gamma, from 0 to 1.

    Returns:
        Array of decimal numbers (steps, environments).
    """
    ### BEGIN SOLUTION
    returns = np.zeros(np.shape(rewards))
    following = next_values[-1]
    for step in reversed(range(len(rewards))):
        following = np.where(truncated[step], next_values[step], following)
        following = np.where(terminated[step], 0.0, following)
        returns[step] = following = rewards[step] + discount * following
    return returns
    ### END SOLUTION


# %%
with check("discounted_returns"):

    def returns_of(rewards, terminated, truncated, values, discount, note=""):
        given = [np.array(each) for each in (rewards, terminated, truncated, values)]
        given[1:3] = [each.astype(bool) for each in given[1:3]]
        kept = [each.copy() for each in given]
        try:
            found = discounted_returns(*given, discount)
        except IndexError as error:
            if "out of bounds" not in str(error):
                raise
            hint = (
                "After the last step there is no next return; there the critic's estimate follows, `next_values[-1]`."
            )
            hint += " (`next_values[step]` is already the value *after* the step: no + 1.)"
            check.true(False, f"`discounted_returns` stopped: {error}. {hint}")
        except ValueError as error:
            if "truth value" not in str(error):
                raise
            hint = "Every environment ends on its own: not one `if` for all, but `np.where(terminated[step], …)`."
            check.true(False, f"`discounted_returns` stopped: {error} {hint}")
        check.true(found is not None, "`discounted_returns` returned None: does it end in `return`?")
        check.true(all(map(np.array_equal, given, kept)), "Your function changed an array it was given.")
        check.shape(found, given[0].shape, f"One return for every step of every environment. {note}")
        return np.asarray(found, "float64")

    steps, no = 3, np.zeros((3, 1), bool)
    over = np.array([[0], [0], [1]], bool)
    found = returns_of([[1], [2], [4]], over, no, np.full((3, 1), 100.0), 0.5)
    for other, hint in (
        ([7, 6, 4], "The discount is missing: each further step counts γ times as much as the one before."),
        ([1, 2, 3], "You discount by the time since the *beginning*; the return at step t counts from t on."),
        ([1, 1, 1], "You discount by the time since the *beginning*; the return at step t counts from t on."),
        ([3, 2, 1], "You discount by the time since the *beginning*; the return at step t counts from t on."),
        ([1, 2, 2], "Go backwards: you add up the past, but the return is about the future."),
        ([1, 2.5, 5.25], "Go backwards: you add up the past, but the return is about the future."),
        (
            [1, 2, 4],
            "Those are the rewards: γ times the return of the next step is missing, or still 0 when you add it. Go backwards, from the last step to the first.",
        ),
        ([2, 4, 4], "The reward at once has weight 1, and what *follows* has weight γ; look two steps ahead as well."),
        ([1.5, 2, 2], "γ multiplies what follows, not the step's own reward: the first reward has the weight 1."),
        ([2, 2, 0], "The step's own reward is missing: add `rewards[step]`."),
        ([4, 4, 2], "Your order is turned: returns[0] belongs to the first step."),
        ([4, 4, 3], "Your order is turned: returns[0] belongs to the first step."),
        ([15.5, 29, 54], "The last step has *terminated*: nothing comes after it, so the critic's 100 does not count."),
        ([51, 52, 54], "That looks only one step ahead, and beyond the end as well."),
        ([51, 52, 4], "That is reward + γ · value: one step ahead. Here the return of the next step counts."),
        ([0, 4, 4], "The first step is left out: `range(…, 0, -1)` stops before it; `reversed`."),
        ([0, 0, 0], "All zeros: does your loop run? Backwards is `reversed(range(steps))`."),
        (
            [51, 0, 0],
            "Only the first step is filled. Loop over the *steps*, `rewards.shape[0]`, not over the "
            "environments. Or does `return` stand inside the loop?",
        ),
        ([0, 0, 4], "Only the last step is filled: does `return` stand inside the loop?"),
    ):
        check.true(not np.allclose(found[:, 0], other), hint)
    check.close(found, [[3.0], [4.0], [4.0]], "With γ = 0.5: 4; 2 + 0.5 · 4 = 4; 1 + 0.5 · 4 = 3.")
    hint = "Decimal numbers, please: an array made like integer rewards (`zeros_like`) cuts off what stands behind the point."
    check.close(returns_of([[1], [1], [1]], over, no, np.zeros((3, 1)), 0.5), [[1.75], [1.5], [1.0]], hint)
    found = returns_of([[1.0], [1.0], [1.0]], [[0], [1], [0]], no, np.zeros((3, 1)), 0.5)
    hint = (
        "An episode ended after the second step; the third belongs to a *new* one, and its reward must not flow back."
    )
    check.true(not np.allclose(found, [[1.75], [1.5], [1.0]]), hint)
    hint = "The end comes *after* the step that is marked: this step's own reward still belongs to its episode."
    check.true(not np.allclose(found, [[1.0], [1.5], [1.0]]), hint)
    check.true(not np.allclose(found, [[1.5], [0.0], [1.0]]), hint)
    check.true(not np.allclose(found, [[1.0], [0.0], [1.0]]), hint)
    check.close(found, [[1.5], [1.0], [1.0]], "1 + 0.5 · 1, then 1 and stop, then a new episode: 1.")
    found = returns_of([[1.0], [1.0], [1.0]], no, no, [[7.0], [8.0], [10.0]], 0.5)
    for other, hint in (
        ([1.75, 1.5, 1.0], "Collecting stopped, not the episode: after the last step the critic's estimate counts."),
        ([11.75, 11.5, 11.0], "The estimate lies one step ahead: multiply it by γ as well."),
        ([3.0, 4.0, 11.0], "The estimate lies one step ahead: multiply it by γ as well."),
        (
            [4.5, 5.0, 6.0],
            "That is reward + γ · value: one step ahead. Use the estimate only where the episode is cut.",
        ),
        ([2.625, 3.25, 4.5], "After the last step counts the *last* row of `next_values`, not the first."),
        ([67 / 24, 43 / 12, 31 / 6], "After the last step counts the *last* row of `next_values`."),
    ):
        check.true(not np.allclose(found[:, 0], other), hint)
    check.close(found, [[3.0], [4.0], [6.0]], "1 + 0.5 · 10 = 6, then 1 + 0.5 · 6 = 4, then 3.")
    cut = np.array([[0], [1], [0]], bool)
    found = returns_of([[1.0], [1.0], [1.0]], no, cut, [[4.0], [12.0], [14.0]], 0.5)
    for other, hint in (
        ([3.5, 5.0], "After the second step the clock ran out: what comes then is another episode."),
        ([1.5, 1.0], "Truncated is not terminated: more would have come, so the critic's estimate counts."),
        ([7.5, 13.0], "The estimate lies one step ahead: multiply it by γ as well."),
        ([5.0, 8.0], "Take the estimate of the step that was cut (`next_values[step]`), not of the last one."),
        ([2.5, 3.0], "Take the estimate of the step that was cut (`next_values[step]`), not of the one before."),
        ([4.0, 6.0], "A truncated step still has its reward: reward + γ · estimate."),
        ([7.0, 12.0], "A truncated step still has its reward, and the estimate is multiplied by γ."),
        ([6.5, 11.0], "Where the clock ran out *only* the estimate counts: no return of the next episode on top."),
    ):
        check.true(not np.allclose(found[:2, 0], other), hint)
    check.close(found, [[4.5], [7.0], [8.0]], "The second step is truncated: 1 + 0.5 · 12 = 7; before it 1 + 0.5 · 7.")
    found = returns_of([[1.0], [1.0], [1.0]], cut, cut, [[6.0], [8.0], [10.0]], 0.5)
    hint = "Both flags set: it has terminated, and nothing comes after that. Let `terminated` have the last word."
    check.close(found, [[1.5], [1.0], [6.0]], hint)
    found = returns_of(np.ones((3, 1)), over, over, np.full((3, 1), 8.0), 0.5)
    check.close(found, [[1.75], [1.5], [1.0]], "Also on the last step: both flags mean terminated, 1 and no more.")
    random = np.random.default_rng(1)
    rewards, values = random.normal(size=(2, 12, 4))
    ends, cuts = random.random(size=(2, 12, 4)) < 0.25
    wanted = np.zeros((12, 4))
    for column in range(4):
        for step in range(12):
            weight = 1.0
            for later in range(step, 12):
                wanted[step, column] += weight * rewards[later, column]
                weight *= 0.9
                if ends[later, column]:
                    break
                if cuts[later, column] or later == 11:
                    wanted[step, column] += weight * values[later, column]
                    break
    found = returns_of(rewards, ends, cuts, values, 0.9, "(Here are 12 steps of 4 environments.)")
    hint = (
        "Every environment ends on its own: one that falls must not cut off its neighbours (no `if` for all at once)."
    )
    check.close(found, wanted, hint)
    for which in (ends, cuts):
        column = returns_of(rewards[:, :1], which[:, :1], ends[:, :1] & False, values[:, :1], 0.9)
        check.shape(column, (12, 1), "One environment is a column, (steps, 1).")
    found = returns_of(rewards[:1], ends[:1], cuts[:1], values[:1], 1.0, "(One step only.)")
    check.close(found, rewards[:1] + np.where(ends[:1], 0, values[:1]), "A single step: reward + γ · estimate.")
    upright, never = np.ones((500, 1)), np.zeros((500, 1), bool)
    clock = np.arange(500)[:, None] == 499
    as_fall = np.asarray(discounted_returns(upright, clock, never, upright * 100, 0.99))[499, 0]
    as_clock = np.asarray(discounted_returns(upright, never, clock, upright * 100, 0.99))[499, 0]
    print(f"500 steps upright, γ = 0.99: the last step is worth {as_fall:.0f} if the clock counts as a fall,")
    print(f"{as_clock:.0f} if the critic (which says 100) speaks for what would have come")

# %% [markdown] tags=["solution"]
# **Discussion.** Who treats the clock as a fall teaches the critic that a perfectly upright pole is worth next to nothing at step 500, though the network cannot see the clock. Gymnasium therefore returns two flags instead of one ([its documentation says why](https://gymnasium.farama.org/tutorials/gymnasium_basics/handling_time_limits/)). The second trap is the vector: a loop over environments is right but slow, and a single `if` for all of them is fast and wrong.

# %% [markdown]
# ## Exercise 2 · Let exploration fade
#
# Difficulty ●○○○○ · Importance ●●●●○ · 15 minutes
#
# An agent that always takes the action it thinks best never learns whether another would have been better; one that always plays dice never uses what it knows. **ε-greedy**: with probability ε the action is drawn at random from *all* actions (the best one included), otherwise it is the best. Let ε fall in a straight line from `start` (at step 0) to `end` (at step `decay_steps`); from there it stays.
#
# In a vector environment each environment throws its own coin and draws its own action. Use the generator `random` for everything that is chance, so that a run can be repeated.
#
# <details><summary>Hint 1</summary>
#
# How far along are we? `share = min(step / decay_steps, 1)`. For the choice make both: an array of the best actions (`argmax` along the last axis) and one of random actions, then `np.where`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `start + share * (end - start)`. And `np.where(random.random(environments) < epsilon, random.integers(actions, size=environments), values.argmax(axis=1))`.
#
# </details>


# %%
def epsilon_at(step, start, end, decay_steps):
    """Say how often the agent explores at a step.

    Args:
        step: number of steps taken so far, 0 or more.
        start: epsilon at step 0.
        end: epsilon from step `decay_steps` on, not above `start`.
        decay_steps: length of the way down in steps, above 0.

    Returns:
        Epsilon, a number from 0 to 1.
    """
    ### BEGIN SOLUTION
    share = min(step / decay_steps, 1)
    return start + share * (end - start)
    ### END SOLUTION


def epsilon_greedy(values, epsilon, random):
    """Choose an action for each environment.

    Args:
        values: array (environments, actions), the estimated value of each action. (Equal values: the first one is best.)
        epsilon: probability of a random action.
        random: a NumPy generator, not Python's module: `random.random(n)` gives n numbers from 0 to 1,
            `random.integers(k, size=n)` n whole numbers from 0 to k − 1.

    Returns:
        Integer array (environments,).
    """
    ### BEGIN SOLUTION
    environments, actions = np.shape(values)
    explores = random.random(environments) < epsilon
    return np.where(explores, random.integers(actions, size=environments), np.argmax(values, axis=1))
    ### END SOLUTION


# %%
with check("epsilon_greedy"):

    def epsilon_of(*given):
        try:
            found = epsilon_at(*given)
        except IndexError as error:
            hint = "A list of values ends, but the steps go on: from `decay_steps` on epsilon stays at `end`."
            check.true(False, f"`epsilon_at` stopped: {error}. {hint}")
        check.true(found is not None, "`epsilon_at` returned None: does every path end in `return`?")
        check.true(np.ndim(found) == 0, "`epsilon_at` is one number.")
        return float(found)

    hint = "At step 0 epsilon is `start`: everything is still unknown."
    check.close(epsilon_of(0, 1.0, 0.1, 1000), 1.0, hint)
    check.close(epsilon_of(0, 0.5, 0.1, 1000), 0.5, hint + " Here `start` is 0.5.")
    hint = "At step `decay_steps` epsilon has arrived at `end`."
    check.close(epsilon_of(1000, 1.0, 0.1, 1000), 0.1, hint)
    check.close(epsilon_of(1000, 1.0, 0.02, 1000), 0.02, hint + " Here `end` is 0.02.")
    hint = "After `decay_steps` epsilon stays at `end`; it does not fall on (below 0 at last), nor start again."
    check.close(epsilon_of(1500, 1.0, 0.1, 1000), 0.1, hint)
    check.close(epsilon_of(50_000, 1.0, 0.1, 1000), 0.1, hint)
    hint = "In a straight line: after half of the steps epsilon is half-way between `start` and `end`, 0.55."
    nearly = " (A little off? `decay_steps` steps have `decay_steps + 1` points.)"
    check.close(epsilon_of(500, 1.0, 0.1, 1000), 0.55, hint + nearly)
    check.close(epsilon_of(200, 0.8, 0.3, 400), 0.55, hint + " Use `decay_steps`: here 200 of 400 steps.")
    check.close(epsilon_of(1, 1.0, 0.1, 1000), 0.9991, "One step of 1000 already lowers epsilon by 0.0009.")
    check.close(epsilon_of(7, 0.3, 0.3, 10), 0.3, "`start` and `end` may be equal: epsilon is constant then.")

    def choices_of(values, epsilon, seed):
        given = np.array(values, "float64")
        kept = given.copy()
        try:
            found = epsilon_greedy(given, epsilon, np.random.default_rng(seed))
        except ValueError as error:
            if "truth value" not in str(error):
                raise
            hint = "Every environment throws its own coin: not one `if` for all, but `np.where`."
            check.true(False, f"`epsilon_greedy` stopped: {error}. {hint}")
        check.true(found is not None, "`epsilon_greedy` returned None: does every path end in `return`?")
        check.true(np.array_equal(given, kept), "Your function changed the values it was given.")
        check.shape(found, (len(given),), "One action for each environment: shape (environments,).")
        found = np.asarray(found)
        check.true(found.dtype.kind in "iu", "Actions are whole numbers (indices), not values or decimal numbers.")
        hint = "An action is a number from 0 to actions − 1. Is the argmax taken in each row "
        hint += "(`axis=1`), and is the draw below `values.shape[1]`?"
        check.true(found.min() >= 0 and found.max() < given.shape[1], hint)
        return found

    values = np.array([[0.1, 0.9, 0.5], [3.0, 1.0, 2.0], [-5.0, -4.0, -1.0]])
    found = choices_of(values, 0.0, 1)
    check.true(not np.array_equal(found, [0, 1, 0]), "That is the *worst* action: take the largest value.")
    hint = "With epsilon 0 there is no chance: the best action of each environment (argmax along the last axis)."
    check.equal(found.tolist(), [1, 0, 2], hint + " If you have the argmax: is your comparison turned round?")
    hint = "Of equal values the first one is best (`argmax` does that)."
    check.equal(choices_of([[0.0, 0.0, 0.0], [1.0, 2.0, 2.0]], 0.0, 1).tolist(), [0, 1], hint)
    many = np.tile([0.0, 0.0, 5.0, 0.0], (20_000, 1))
    shares = np.bincount(choices_of(many, 1.0, 2), minlength=4) / 20_000
    hint = "With epsilon 1 every action is equally probable, a quarter each, the best one included."
    check.true(
        shares[2] < 0.9, "With epsilon 1 all is chance: is your comparison turned round, or one action drawn for all?"
    )
    check.true(shares[2] > 0.02, "The random action is drawn from *all* actions, the best one included.")
    check.true(shares[3] > 0.02, "The last action is never drawn: `random.integers(n)` already ends at n − 1.")
    check.true(np.abs(shares - 0.25).max() < 0.02, hint)
    shares = np.bincount(choices_of(many, 0.2, 3), minlength=4) / 20_000
    hint = "With epsilon 0.2 the others get 0.05 each, and the best 0.8 + 0.05: "
    check.true(abs(shares[2] - 0.4) > 0.03, hint + "is your comparison turned round?")
    check.true(np.abs(shares - 0.25).max() > 0.02, hint + "each environment throws its own coin; yours is one for all.")
    check.true(shares[2] not in (0.0, 1.0), hint + "each environment throws its own coin; yours is one for all.")
    check.true(not np.isin(shares, (0.0, 1.0)).any(), hint + "each environment draws its *own* random action.")
    check.true(abs(shares[2] - 0.8) > 0.015, hint + "yours never draws the best one when exploring.")
    check.true(np.abs(shares - [0.05, 0.05, 0.85, 0.05]).max() < 0.015, hint + f"yours are {np.round(shares, 3)}.")
    wide = np.tile(np.arange(50.0), (4000, 1))
    explored = choices_of(wide, 0.5, 4)
    hint = "Where one environment explores, the next need not, and they draw different actions."
    check.true(len(set(explored.tolist())) == 50, hint)
    same = choices_of(many[:500], 0.5, 5), choices_of(many[:500], 0.5, 5)
    hint = "Use the generator `random` for coin and action: the same seed must give the same choices."
    check.true(np.array_equal(*same), hint)
    generator = np.random.default_rng(6)
    first, second = (np.asarray(epsilon_greedy(many[:500], 0.5, generator)) for _ in range(2))
    check.true(not np.array_equal(first, second), "A second call makes new choices: don't seed again inside.")
    generator = np.random.default_rng(7)
    rounds = np.stack([epsilon_greedy(np.tile([1.0, 0.0], (4, 1)), 0.1, generator) for _ in range(3000)])
    hint = "Each environment throws its own coin in each call. Over 3000 calls with epsilon 0.1 and two actions the other action should come in 0.05: "
    check.true(np.abs(rounds.mean(axis=0) - 0.05).max() < 0.025, hint + f"yours {rounds.mean(axis=0).round(3)}.")
    means = (0.2, 0.5, 0.45, 0.6, 0.3)
    for start, end in ((1.0, 0.05), (0.0, 0.0), (1.0, 1.0)):
        earned = np.zeros(200)
        generator = np.random.default_rng(8)
        estimates, counts = np.zeros((2, 200, 5))
        for step in range(500):
            actions = epsilon_greedy(estimates, epsilon_at(step, start, end, 200), generator)
            rewards = (generator.random(200) < np.take(means, actions)).astype(float)
            counts[np.arange(200), actions] += 1
            rate = 1 / counts[np.arange(200), actions]
            estimates[np.arange(200), actions] += rate * (rewards - estimates[np.arange(200), actions])
            earned += rewards / 500
        print(f"five slot machines, 500 games, ε from {start} to {end}: {earned.mean():.3f} per game (best: 0.6)")

# %% [markdown] tags=["solution"]
# **Discussion.** The three printed lines are the whole argument: without exploration the agent stays with the first machine for ever; with nothing else it never uses what it found. Count *environment* steps for the schedule, not calls: eight environments take eight steps with one call. And test an agent with ε = 0 (or say which ε you used): exploration is part of the training, not of the result.

# %% [markdown]
# ## Exercise 3 · A replay buffer
#
# Difficulty ●●●○○ · Importance ●●●●○ · 20 minutes
#
# Neighbouring steps of an episode are almost copies of each other, and a network that learns from them in order forgets what it knew. A **replay buffer** keeps the last `capacity` transitions and hands out random batches. It is a ring: when it is full, the newest transition takes the place of the *oldest*.
#
# Write `add`, which takes one transition of each environment at once, and `sample`, which draws with replacement (the same one may come twice) and with equal probability from what has been stored (never from the part that is still empty). The five parts of a transition must stay together. `__init__` is given; keep `self.position` (the place for the next transition) and `self.size` (how many are stored) up to date.
#
# <details><summary>Hint 1</summary>
#
# The new transitions go to the places `self.position`, `self.position + 1`, …, and what runs over the end goes on at 0: that is what `%` does. The size grows up to `capacity`. For `sample` draw places *once*, and use them for all five arrays.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `places = (self.position + np.arange(len(actions))) % self.capacity`, then `array[places] = new` for the five pairs of `zip(self.arrays, (observations, …))`; `self.position = (self.position + len(actions)) % self.capacity`; `self.size = min(self.size + len(actions), self.capacity)`. And `random.integers(self.size, size=batch_size)`.
#
# </details>


# %%
class ReplayBuffer:
    """The last `capacity` transitions, as a ring."""

    def __init__(self, capacity, observation_shape):
        """Reserve the memory.

        Args:
            capacity: how many transitions are kept.
            observation_shape: shape of one observation, such as (4,).
        """
        self.capacity, self.position, self.size = capacity, 0, 0
        self.arrays = (
            np.zeros((capacity, *observation_shape), "float32"),  # observations
            np.zeros(capacity, "int32"),  # actions
            np.zeros(capacity, "float32"),  # rewards
            np.zeros((capacity, *observation_shape), "float32"),  # next observations
            np.zeros(capacity, bool),  # terminated
        )

    def add(self, observations, actions, rewards, next_observations, terminated):
        """Store one transition of each environment, in this order.

        Args:
            observations: array (environments, *observation_shape); environments ≤ capacity.
            actions: integer array (environments,).
            rewards: array (environments,).
            next_observations: array (environments, *observation_shape).
            terminated: array of True/False (environments,).
        """
        ### BEGIN SOLUTION
        places = (self.position + np.arange(len(actions))) % self.capacity
        for array, new in zip(self.arrays, (observations, actions, rewards, next_observations, terminated)):
            array[places] = new
        self.position = (self.position + len(actions)) % self.capacity
        self.size = min(self.size + len(actions), self.capacity)
        ### END SOLUTION

    def sample(self, batch_size, random):
        """Draw transitions with replacement, each stored one with the same probability.

        Args:
            batch_size: how many; may be more than are stored.
            random: a NumPy generator, not Python's module: `random.integers(k, size=n)` gives n whole numbers
                from 0 to k − 1.

        Returns:
            Five arrays (batch_size, …): observations, actions, rewards, next observations, terminated.
        """
        ### BEGIN SOLUTION
        places = random.integers(self.size, size=batch_size)
        return tuple(array[places] for array in self.arrays)
        ### END SOLUTION


# %%
with check("replay_buffer", points=2):

    def transitions(numbers):
        numbers = np.asarray(numbers)
        observations = np.stack([numbers, -numbers], axis=1).astype("float32")
        return observations, numbers % 4, numbers * 0.5, observations + 1000, numbers % 3 == 0

    def drawn(buffer, batch_size, seed=1):
        kept = [array.copy() for array in buffer.arrays]
        try:
            batch = buffer.sample(batch_size, np.random.default_rng(seed))
        except ValueError as error:
            hint = "Draw with replacement, so that a batch may be larger than the memory."
            if "shape" in str(error) or "dimension" in str(error):
                hint = "The five parts differ in shape: return a tuple of arrays, not one array."
            check.true(False, f"`sample` stopped: {error}. {hint}")
        check.true(batch is not None, "`sample` returned None: does it end in `return`?")
        hint = "`sample` must not change what is stored."
        check.true(all(map(np.array_equal, kept, buffer.arrays)), hint)
        check.true(len(batch) == 5, "Return five arrays, in the order in which they were added.")
        for part, shape in zip(batch, ((2,), (), (), (2,), ())):
            check.shape(part, (batch_size, *shape), "Observation, action, reward, next observation, terminated.")
        return [np.asarray(part) for part in batch]

    def content(buffer, stored, note):
        observations, actions, rewards, following, terminated = drawn(buffer, 3000)
        numbers = observations[:, 0].astype(int)
        wanted = transitions(numbers)
        empty = (numbers == 0) & (observations[:, 1] == 0) & (following[:, 0] == 0)
        hint = "A transition of zeros came out: did you draw from the part that is still empty, or leave places out?"
        check.true(not empty.any(), f"{note}. {hint}")
        hint = "Observations and next observations are exchanged."
        check.true(not np.array_equal(following, transitions(following[:, 0].astype(int))[0]), hint)
        hint = "Use the *same* places for all five arrays, and store every part as it is."
        names = ("observations", "actions", "rewards", "next observations", "terminated")
        for name, part, right in zip(names, (observations, actions, rewards, following, terminated), wanted):
            check.true(
                np.array_equal(part, right), f"The transitions are torn apart: wrong {name} in the batch. {hint}"
            )
        found = sorted(set(numbers.tolist()))
        lost = set(stored) - set(found)
        if lost == {max(stored)} and set(found) < set(stored):
            note += ". The last place is never drawn: `random.integers(n)` already ends at n − 1"
        if lost == {min(stored)} and set(found) < set(stored):
            note += ". The first place is never drawn: places begin at 0"
        elif lost and found == sorted(stored)[-len(found) :]:
            note += ". Are only the newest drawn? `sample` draws from the first `self.size` places, not up to `self.position`"
        check.equal(found, sorted(stored), f"{note}. These transitions should be in the memory, and no others.")
        return numbers

    buffer = ReplayBuffer(10, (2,))
    given = transitions([1, 2, 3])
    check.true(buffer.add(*given) is None, "`add` returns nothing, it stores.")
    hint = "The first transitions stay where they were? Move `self.position` and count `self.size`."
    check.equal(buffer.size, 3, "After three transitions `size` is 3. " + hint)
    content(buffer, [1, 2, 3], "Three of ten places are filled")
    given[0][:] = -99
    hint = "Copy the values into the arrays: the environment uses its own array again, and your memory changed with it."
    check.true(not (drawn(buffer, 300)[0] == -99).any(), hint)
    hint = "`position` is the place for the next transition: after the first three it has moved by three."
    check.equal(buffer.position % 10, 3, hint)
    buffer.add(*transitions([4, 5, 6]))
    check.equal(buffer.size, 6, "Twice three transitions: `size` is 6.")
    hint = "Twice three transitions: the second three go *behind* the first, so `self.position` moves by three"
    content(buffer, [1, 2, 3, 4, 5, 6], hint)
    buffer.add(*transitions([7, 8, 9]))
    try:
        buffer.add(*transitions([10, 11, 12]))
    except (IndexError, ValueError) as error:
        hint = "The ring: one of the three fits at the end, two go on at the beginning (`% self.capacity`)."
        check.true(False, f"{error}. {hint}")
    check.equal(buffer.size, 10, "The memory is full: `size` stays at `capacity`.")
    hint = "Twelve transitions in ten places: the newest take the place of the *oldest* (1 and 2)"
    numbers = content(buffer, range(3, 13), hint)
    hint = "A ring: after ten places `position` begins again at 0, and nothing that is stored is moved."
    check.equal(buffer.position % 10, 2, hint)
    batch = drawn(buffer, 20_000, 2)
    counts = np.bincount(batch[0][:, 0].astype(int), minlength=13)[3:]
    hint = f"Each of the ten must be drawn about 2000 times in 20,000; yours {counts.min()} to {counts.max()} times."
    check.true(counts.min() > 1750 and counts.max() < 2250, hint)
    repeats = np.mean(np.diff(batch[0][:, 0]) == 1)
    check.true(repeats < 0.5, "Draw each place on its own, not a run of neighbours: they are almost copies.")
    for numbers in range(13, 61, 3):
        buffer.add(*transitions([numbers, numbers + 1, numbers + 2]))
    hint = "Round and round: after 60 transitions the last ten must be there"
    content(buffer, range(51, 61), hint)
    first, again, other = (drawn(buffer, 50, seed)[0] for seed in (3, 3, 4))
    hint = "Use the generator `random`: the same seed must give the same batch, another seed another."
    check.true(np.array_equal(first, again), hint)
    check.true(not np.array_equal(first, other), hint)
    small = [drawn(buffer, 10, seed)[0][:, 0].tolist() for seed in range(20)]
    hint = "With replacement a transition may come twice, also in a small batch. Twenty times ten "
    hint += "were drawn from ten, and in your batches none came twice: "
    hint += "`random.integers(self.size, size=batch_size)`."
    check.true(any(len(set(batch)) < 10 for batch in small), hint)
    batch = buffer.sample(30, np.random.default_rng(5))
    kept = [np.array(part) for part in batch]
    buffer.add(*transitions(range(70, 80)))
    hint = "A batch must stay as it is when the memory goes on: return copies (`array[places]`), not views."
    check.true(all(map(np.array_equal, batch, kept)), hint)
    content(buffer, range(70, 80), "As many at once as the memory holds")
    picture = ReplayBuffer(5, (2, 3))
    seen = np.ones((2, 2, 3)), [1, 0], [0.25, 0.75], np.ones((2, 2, 3)) * 2, [True, False]
    picture.add(*map(np.array, seen))
    for part, shape in zip(picture.sample(7, np.random.default_rng(6)), ((2, 3), (), (), (2, 3), ())):
        check.shape(part, (7, *shape), "Observations may have any shape, here (2, 3).")
    places = np.cumsum(np.random.default_rng(7).normal(size=2000))
    buffer = ReplayBuffer(2000, (1,))
    for place in places:
        buffer.add(*map(np.array, ([[place]], [0], [0.0], [[place]], [False])))
    batches = np.stack([buffer.sample(32, np.random.default_rng(seed))[0] for seed in range(50)])[..., 0]
    runs = places[:1600].reshape(50, 32)
    print(f"a random walk of 2000 steps: spread within a batch {batches.std(axis=1).mean():.1f} from the buffer,")
    print(f"{runs.std(axis=1).mean():.1f} within 32 steps in a row")

# %% [markdown] tags=["solution"]
# **Discussion.** A batch from the buffer shows the whole walk, one of neighbours only a corner of it: that is what the two printed numbers say. Two traps lie outside this class. At the end of an episode a vector environment may already return the first observation of the *next* one; what belongs into the buffer is the last observation of the old episode (or you leave that transition out). And store `terminated`, not "ended": after a truncation the target goes on, as in exercise 1.

# %% [markdown]
# ## Exercise 4 · The target network, off and on
#
# Difficulty ●●●●○ · Importance ●●●●● · 30 minutes
#
# **Double DQN's target** ([van Hasselt et al., 2015](https://arxiv.org/abs/1509.06461)): the network that is being trained says *which* action is best in the next state, and the target network says *what it is worth*. For each transition
#
# $$y = r + \gamma\, Q_{\text{target}}\bigl(s',\ \arg\max_a Q_{\text{online}}(s', a)\bigr), \qquad y = r \text{ where the episode has terminated.}$$
#
# Plain DQN takes the largest value of the target network instead. With `double=False` your function does that.
#
# Then see what a target network is good for, in the smallest world there is. From the state *far* one gets to *near* (no reward), from *near* to the end (reward 1). The "network" has two weights, a state's value is `features @ weights`, and both states share a weight, as states in a real network do:
#
# | state | features | right value with γ = 0.9 |
# |---|---|---|
# | far | 1, 0 | 0.9 |
# | near | 2.5, 1 | 1 |
#
# Write the training. There is only one action here, so nothing is chosen and `q_targets` is not needed: a state has one value. Each of the `steps` steps uses the whole memory (n transitions):
#
# $$w \leftarrow w + \frac{\eta}{n} \sum_{i=1}^{n} \bigl(y_i - f_i \cdot w\bigr)\, f_i, \qquad y_i = r_i + \gamma\, f'_i \cdot w_{\text{target}}$$
#
# with $y_i = r_i$ where terminated. The target weights are a copy of the weights, made before steps 0, `refresh_every`, 2 · `refresh_every`, … With `refresh_every=1` there is, in effect, no target network.
#
# Afterwards look at the picture: copied too often (every 20 steps) the target still runs away; copied rarely enough, learning converges.
#
# <details><summary>Hint 1</summary>
#
# The choice: `best = next_online.argmax(axis=1)`; then from row i of `next_target` the entry `best[i]`: pick one entry per row with two index arrays. For the training: `error` has one number per transition, and `features.T @ error` adds up error times features for each weight. Is your target a *copy*? With `+=` an array that only has a second name changes as well.
#
# </details>
# <details><summary>Hint 2</summary>
#
# The choice: `next_target[np.arange(len(best)), best]`. In the loop of the training: `if step % refresh_every == 0: target = weights.copy()`, then `wanted = rewards + discount * (next_features @ target) * (1 - terminated)`, then `weights = weights + learning_rate * features.T @ (wanted - features @ weights) / len(features)`.
#
# </details>


# %%
def q_targets(rewards, terminated, next_online, next_target, discount, double=True):
    """Compute what the values of the actions taken should have been.

    Args:
        rewards: array (transitions,).
        terminated: array of True/False (transitions,).
        next_online: array (transitions, actions), values in the next state by the network that is being trained.
        next_target: array (transitions, actions), values in the next state by the target network.
        discount: gamma.
        double: True for double DQN, False for plain DQN.

    Returns:
        Array (transitions,).
    """
    ### BEGIN SOLUTION
    best = np.argmax(next_online if double else next_target, axis=1)
    following = next_target[np.arange(len(best)), best]
    return rewards + discount * np.where(terminated, 0.0, following)
    ### END SOLUTION


def train_linear(features, rewards, next_features, terminated, discount, learning_rate, steps, refresh_every):
    """Train weights, one per feature, from a memory, with a target network; they begin with zeros.

    Args:
        features: array (transitions, weights), of the states.
        rewards: array (transitions,).
        next_features: array (transitions, weights), of the next states.
        terminated: array of True/False (transitions,).
        discount: gamma.
        learning_rate: step size.
        steps: how many steps, each with the whole memory.
        refresh_every: the target weights become a copy of the weights before step 0 and then every so many steps.

    Returns:
        Array (steps, weights): the weights after each step.
    """
    ### BEGIN SOLUTION
    weights = np.zeros(features.shape[1])
    history = np.zeros((steps, len(weights)))
    for step in range(steps):
        if step % refresh_every == 0:
            target = weights.copy()
        wanted = rewards + discount * np.where(terminated, 0.0, next_features @ target)
        weights = weights + learning_rate * features.T @ (wanted - features @ weights) / len(features)
        history[step] = weights
    return history
    ### END SOLUTION


# The memory: nine transitions from *far* for one from *near*.
from_far = np.array([True] * 9 + [False])
memory = {
    "features": np.where(from_far[:, None], [1.0, 0.0], [2.5, 1.0]),
    "rewards": np.where(from_far, 0.0, 1.0),
    "next_features": np.where(from_far[:, None], [2.5, 1.0], [0.0, 0.0]),
    "terminated": ~from_far,
}

# %%
with check("target_network", points=2):
    rewards, ended = np.array([1.0, 2.0, -1.0, 0.0]), np.array([False, True, False, False])
    online = np.array([[3.0, 1.0, 2.0], [0.0, 9.0, 1.0], [1.0, 2.0, 5.0], [-3.0, -1.0, -2.0]])
    target = np.array([[10.0, 20.0, 30.0], [40.0, 50.0, 60.0], [9.0, 8.0, 7.0], [-4.0, -6.0, -5.0]])

    def targets_of(*given, **more):
        kept = [np.copy(each) for each in given]
        try:
            found = q_targets(*given, **more)
        except (IndexError, ValueError) as error:
            hint = "One action per row: `argmax(axis=1)` (without `double`: `max(axis=1)`), one entry "
            hint += "per row: "
            hint += "`next_target[np.arange(n), best]`, and no `if terminated` for all at once."
            check.true(False, f"`q_targets` stopped: {error}. {hint}")
        check.true(found is not None, "`q_targets` returned None: does it end in `return`?")
        check.true(all(map(np.array_equal, given, kept)), "`q_targets` changed an array it was given.")
        hint = (
            "`q_targets`: one target for each transition. (n, n) comes from a column (n, 1) plus a row (n,), or from "
        )
        hint += "`next_target[:, best]`: use `next_target[np.arange(n), best]`."
        check.shape(found, np.shape(given[0]), hint)
        return np.asarray(found, "float64")

    best, largest = [10.0, 50.0, 7.0, -6.0], target.max(axis=1)

    def with_values(values, goes_on=~ended):
        return rewards + 0.5 * np.asarray(values) * goes_on

    found = targets_of(rewards, ended, online, target, 0.5)
    for other, hint in (
        (with_values(largest), "That is plain DQN (the target network chooses, too). By default it is double DQN."),
        (
            with_values(online.max(axis=1)),
            "The online network chooses, but the *target* network must say what it is worth.",
        ),
        (
            with_values(online[np.arange(4), target.argmax(axis=1)]),
            "The roles are exchanged: the online network chooses, the target network values.",
        ),
        (with_values(best, 1), "Where the episode has terminated nothing follows: y = r."),
        (
            with_values(best, ended),
            "Your mask is the wrong way round: it keeps the future only of what has terminated.",
        ),
        (
            with_values(best, ~ended.astype(int)),
            "`~` turns True and False round, but makes −1 and −2 of the numbers 0 and 1: use it on the booleans, or `1 - terminated`.",
        ),
        (rewards + np.array(best) * ~ended, "The discount γ is missing."),
        (0.5 * (rewards + np.array(best) * ~ended), "γ multiplies what follows, not the reward at once."),
        (0.5 * np.array(best) * ~ended, "The reward is missing: y = r + γ · …"),
        (
            (rewards + 0.5 * np.array(best)) * ~ended,
            "A transition that terminates still has its *reward*: only what follows is 0.",
        ),
        (with_values(target[np.arange(4), online.argmin(axis=1)]), "`argmax`, not `argmin`."),
        (with_values(target.mean(axis=1)), "Not the mean over the actions: the value of the action that was chosen."),
        (
            with_values(np.maximum(best, 0)),
            "Values may be negative: don't cut them off at 0 (and don't set terminated rows to 0 before a maximum).",
        ),
        (with_values(online.argmax(axis=1)), "That is the *number* of the action; look up its value."),
        (
            with_values(np.minimum(online.max(axis=1), largest)),
            "Not the smaller of the two maxima: the online network's choice, the target network's value.",
        ),
    ):
        check.true(not np.allclose(found, other), hint)
    hint = "Row by row: the target network's value of the action that the online network likes best."
    check.close(found, with_values(best), hint)
    found = targets_of(rewards, ended, online, target, 0.5, double=False)
    hint = "With `double=False` the target network alone decides: its own largest value. `double` seems not to be used."
    check.true(not np.allclose(found, with_values(best)), hint)
    check.true(not np.allclose(found, with_values(online.max(axis=1))), "Plain DQN: the *target* network's maximum.")
    check.close(found, with_values(largest), "Plain DQN: r + γ · max of the target network, and r where terminated.")
    check.close(targets_of(rewards, ended, online, target, 1.0)[0], 11.0, "Use `discount`: here γ is 1.")
    hint = "Of equally good actions *one* counts (`argmax`), not all (`== max`)."
    found = targets_of(rewards, ended, np.zeros((4, 3)), np.full((4, 3), 8.0), 0.5)
    check.close(found, with_values(np.full(4, 8.0)), hint)

    def trained(refresh_every, steps=3000, learning_rate=0.1, discount=0.9, given=memory):
        kept = {name: array.copy() for name, array in given.items()}
        settings = {"discount": discount, "learning_rate": learning_rate, "steps": steps}
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                found = train_linear(**given, **settings, refresh_every=refresh_every)
        except ValueError as error:
            if not any(each in str(error) for each in ("matmul", "aligned", "broadcast")):
                raise
            rows, columns = given["features"].shape
            hint = f"`features` is {rows} × {columns} here: as many weights as columns, and errors "
            hint += "times features added up over the rows, `features.T @ error`."
            check.true(False, f"`train_linear` stopped: {error}. {hint}")
        check.true(found is not None, "`train_linear` returned None: does it end in `return`?")
        check.true(all(map(np.array_equal, given.values(), kept.values())), "`train_linear` changed its arguments.")
        hint = "`train_linear`: one row of weights for each step, the weights *after* it. Did you add up over the transitions?"
        hint += " Are there `steps` rows, also where `refresh_every` does not divide `steps`?"
        check.shape(found, (steps, given["features"].shape[1]), hint)
        return np.asarray(found, "float64")

    one = {
        "features": np.array([[2.0]]),
        "rewards": np.array([1.0]),
        "next_features": np.array([[1.0]]),
        "terminated": np.array([False]),
    }
    hint = "`train_linear`, first step, one transition (feature 2, reward 1, rate 0.1): the weight goes from 0 to 0.2. "
    first = trained(3, 7, 0.1, 0.5, one)[:, 0]
    check.true(
        np.ptp(first) > 1e-9,
        "`train_linear`: all rows of the history are the same: does it hold one array many times? Store copies.",
    )
    check.true(
        abs(first[0]) > 1e-9, hint + "The history holds the weights *after* each step (or you don't learn at all)."
    )
    check.true(abs(first[0] + 0.2) > 1e-9, hint + "Your sign is turned: towards the target, wanted − found.")
    check.true(abs(first[0] - 0.4) > 1e-9, hint + "The formula has no factor 2.")
    check.true(abs(first[0] - 0.1) > 1e-9, hint + "The error is multiplied by the *features*.")
    frozen_hint = "The target is a constant: its features do not stand in the update."
    check.true(abs(first[0] - 0.15) > 1e-9, hint + frozen_hint)
    check.close(first[0], 0.2, hint)
    wanted = {}
    for name, copied, gamma in (
        ("on", lambda step: step % 3 == 0, 0.5),
        ("off", lambda step: True, 0.5),
        ("never", lambda step: False, 0.5),
        ("late", lambda step: step % 3 == 1, 0.5),
        ("early", lambda step: step % 3 == 2, 0.5),
        ("turned", lambda step: step % 3 != 0, 0.5),
        ("not discounted", lambda step: step % 3 == 0, 1.0),
    ):
        weight, frozen, wanted[name] = 0.0, 0.0, []
        for step in range(7):
            frozen = weight if copied(step) else frozen
            weight += 0.1 * (1 + gamma * frozen - 2 * weight) * 2
            wanted[name].append(weight)
    hint = "The target weights must stand still between the copies: is `target` a copy (`.copy()`), and made only every `refresh_every` steps?"
    check.true(not np.allclose(first, wanted["off"]), hint)
    check.true(
        not np.allclose(first, wanted["never"]), "The target weights must become a copy *every* `refresh_every` steps."
    )
    copies_hint = "The copies are made before steps 0, 3, 6 here, from the weights of that moment."
    check.true(not np.allclose(first, wanted["not discounted"]), "`train_linear`: the discount γ is missing.")
    check.true(not np.allclose(first, wanted["turned"]), "Your `if` is turned round. " + copies_hint)
    for name in ("late", "early"):
        check.true(not np.allclose(first, wanted[name]), "Yours come at another moment. " + copies_hint)
    hint = "The target is a constant in the gradient: only the features of the state itself stand in the update."
    check.close(first[:3], wanted["on"][:3], hint)
    check.close(first, wanted["on"], copies_hint)
    check.close(trained(1, 7, 0.1, 0.5, one)[:, 0], wanted["off"], "With `refresh_every=1` the target follows at once.")
    twice = {name: np.repeat(array, 2, axis=0) for name, array in one.items()}
    hint = (
        "The *mean* over the memory: the same transition twice changes nothing. Divide by the number of transitions. "
    )
    hint += "All errors are taken with the *same* weights: change the weights once per step, not once per transition."
    check.close(trained(3, 7, 0.1, 0.5, twice)[:, 0], wanted["on"], hint)
    pair = {
        "features": np.array([[1.0, 0.0], [0.0, 2.0]]),
        "rewards": np.array([1.0, 2.0]),
        "next_features": np.zeros((2, 2)),
        "terminated": np.array([False, False]),
    }
    hint = "Each transition pushes with its *own* error times its *own* features; add up over the transitions, weight by weight (`features.T @ error`)."
    check.close(trained(1, 1, 0.1, 0.5, pair)[0], [0.05, 0.2], hint)
    stop = {**one, "terminated": np.array([True])}
    hint = "`train_linear`: where the episode has terminated nothing follows, whatever `next_features` say."
    check.close(trained(1, 400, 0.1, 0.5, stop)[-1], [0.5], hint)
    hint = "n counts *all* transitions of the memory, those that have terminated as well."
    check.close(trained(1, 1)[0], [0.025, 0.01], hint)
    states = np.array([[1.0, 0.0], [2.5, 1.0]])
    runs = {every: trained(every) @ states.T for every in (1, 20, 200, 1000)}
    hint = "With 200 steps between copies the values of far and near must come to 0.9 and 1."
    check.close(runs[200][-1], [0.9, 1.0], hint, tolerance=0.02)
    check.true(np.abs(runs[1][-1]).max() > 1e6, "Without target network the values grow beyond all bounds here.")
    figure, axes = plt.subplots(figsize=(8.5, 3.6))
    for (every, values), style in zip(runs.items(), ("-", "--", "-.", ":")):
        error = np.abs(values - [0.9, 1.0]).max(axis=1)
        axes.plot(np.clip(error, 1e-4, 1e6), style, label="off" if every == 1 else f"on, every {every} steps")
    axes.set(yscale="log", xlabel="step", ylabel="largest error of the two values", title="Target network off and on")
    axes.legend(fontsize=9, loc="center left", bbox_to_anchor=(1, 0.5))
    stubborn = {
        "features": np.array([[1.0], [2.0]]),
        "rewards": np.array([0.0, 1.0]),
        "next_features": np.array([[2.0], [0.0]]),
        "terminated": np.array([False, True]),
    }
    stubborn = {name: array[[0] * 9 + [1]] for name, array in stubborn.items()}
    ends = {every: np.abs(values[-1] - [0.9, 1.0]).max() for every, values in runs.items()}
    plots.show(
        figure,
        alt="Line chart on a logarithmic scale: largest error of the two values over 3000 steps. Without target network it ends at "
        + f"{ends[1]:.0e} (the picture is cut at a million), copied every 20 steps at {ends[20]:.0e}, "
        + f"every 200 at {ends[200]:.4f}, every 1000 at {ends[1000]:.4f}.",
    )
    random = np.random.default_rng(1)
    noise = random.normal(size=(2, 50_000, 8))
    nothing, going = np.zeros(500), np.zeros(500, bool)
    parts = np.split(noise, 100, axis=1)  # all at once, `np.diag` of (n, n) would take 20 GB

    def mean_target(double):
        return np.mean([q_targets(nothing, going, *part, 1.0, double=double) for part in parts])

    plain, twofold = mean_target(False), mean_target(True)
    runaway = trained(200, given=stubborn)[[999, 2999], 0]
    print(
        "one shared weight, which cannot get both values right: copied every 200 steps it still grows, "
        f"{runaway[0]:.1f} after 1000 steps, {runaway[1]:.1f} after 3000 (a target network helps, but is no guarantee)"
    )
    print(
        f"eight actions, all worth 0, values with noise 1: plain DQN's target is {plain:.2f}, double DQN's {twofold:.2f}"
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Nine steps of ten raise *far* a little towards the value of *near*, and the shared weight lifts *near* two and a half times as much: the target runs away from its pursuer. A target that stands still can be reached. Too rare copies cost time, too frequent ones do not help; the lesson's settings lie between. It is no cure for everything: with *one* weight and the features 1 and 2 each copy makes things worse, as the first printed line says. The second line is the other half: the largest of eight noisy values is too large on average, but a value looked up by somebody else's choice is not. (In a real agent the two networks are related, so the double estimate is better rather than perfect.)

# %% [markdown]
# ## Exercise 5 · A bonus that backfires
#
# Difficulty ●●●○○ · Importance ●●●●● · 25 minutes
#
# A corridor of seven cells. Only the last one pays, 1, and ends the episode. To help (this is *reward shaping*), somebody adds a bonus of 0.5 for each step that comes nearer to the goal. The result: an agent that steps back and forth for ever and collects. Agents do what is *paid*, not what was meant ([a boat that circles instead of finishing the race](https://openai.com/index/faulty-reward-functions/) became famous for it).
#
# The repair is **potential-based shaping** ([Ng, Harada and Russell, 1999](http://www.andrewng.org/portfolio/policy-invariance-under-reward-transformations-theory-and-application-to-reward-shaping/)): give each state a potential Φ and add
#
# $$F(s, s') = \gamma\,\Phi(s') - \Phi(s), \qquad \text{with } \Phi = 0 \text{ in states that end the episode.}$$
#
# (So the step into the goal still gets − Φ(s).) What is gained on the way there is lost on the way back, so the best actions stay the same, for *every* Φ.
#
# Write the shaping, and the values by **value iteration**: begin with zeros and repeat $V(s) \leftarrow \max_a \bigl(r(s, a) + \gamma V(s')\bigr)$ until no value changes by more than `tolerance`. States that end the episode keep the value 0: nothing comes after them. The world is given as tables: in state s, action a leads to `next_state[s, a]` and pays `rewards[s, a]`. The discount is below 1.
#
# <details><summary>Hint 1</summary>
#
# Tables can be looked up whole: `values[next_state]` has the shape (states, actions). Set the potential of the states that end to 0 *first* (in a copy), then the formula is one line; Φ(s) has to stand in a column: `potential[:, None]`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `potential = np.where(terminal, 0, potential)`; `rewards + discount * potential[next_state] - potential[:, None]`. And in a `while True`: `new = np.where(terminal, 0, (rewards + discount * values[next_state]).max(axis=1))`; if `np.abs(new - values).max() <= tolerance`, return `new`; else `values = new`.
#
# </details>


# %%
def shape_rewards(rewards, next_state, terminal, potential, discount):
    """Add potential-based shaping to the rewards.

    Args:
        rewards: array (states, actions).
        next_state: integer array (states, actions), where each action leads.
        terminal: array of True/False (states,), True for states that end the episode.
        potential: array (states,); what it says of states that end the episode does not count.
        discount: gamma.

    Returns:
        Array (states, actions). (What stands in the rows of states that end does not matter: nobody acts there.)
    """
    ### BEGIN SOLUTION
    potential = np.where(terminal, 0.0, potential)
    return rewards + discount * potential[next_state] - potential[:, None]
    ### END SOLUTION


def optimal_values(rewards, next_state, terminal, discount, tolerance=1e-10):
    """Find the value of each state for an agent that always acts best.

    Args:
        rewards: array (states, actions).
        next_state: integer array (states, actions).
        terminal: array of True/False (states,).
        discount: gamma, below 1.
        tolerance: stop when no value changes by more than this.

    Returns:
        Array (states,), 0 for states that end the episode.
    """
    ### BEGIN SOLUTION
    values = np.zeros(len(terminal))
    while True:
        new = np.where(terminal, 0.0, (rewards + discount * values[next_state]).max(axis=1))
        if np.abs(new - values).max() <= tolerance:
            return new
        values = new
    ### END SOLUTION


corridor = np.stack([np.maximum(np.arange(7) - 1, 0), np.minimum(np.arange(7) + 1, 6)], axis=1)  # left, right
is_goal = np.arange(7) == 6
pays = ((corridor == 6) & ~is_goal[:, None]) * 1.0
bonus = pays + 0.5 * (corridor > np.arange(7)[:, None])


def walk(rewards, discount, start=3, longest=12):
    """Return the cells that an agent visits that acts best for these rewards."""
    values, cells = np.asarray(optimal_values(rewards, corridor, is_goal, discount)), [start]
    while not is_goal[cells[-1]] and len(cells) < longest:
        cells.append(int(corridor[cells[-1], (rewards + discount * values[corridor])[cells[-1]].argmax()]))
    return cells


# %%
with check("reward_shaping"):
    rewards = np.array([[0.0, 1.0], [-2.0, 3.0], [0.0, 0.0]])
    leads = np.array([[0, 1], [0, 2], [2, 2]])
    ends = np.array([False, False, True])
    height = np.array([2.0, 8.0, 100.0])

    def unchanged(function, *given):
        kept = [np.copy(each) for each in given]
        found = function(*given)
        check.true(found is not None, f"`{function.__name__}` returned None: does every path end in `return`?")
        hint = f"`{function.__name__}` changed an array it was given: work on a copy."
        check.true(all(map(np.array_equal, given, kept)), hint)
        return np.asarray(found, "float64")

    try:
        found = unchanged(shape_rewards, rewards, leads, ends, height, 0.5)
    except ValueError as error:
        if "broadcast" not in str(error):
            raise
        hint = "NumPy cannot subtract shape (3,) from (3, 2): Φ(s) is constant along a row, so make it a column, `potential[:, None]`."
        check.true(False, f"`shape_rewards` stopped: {error}. {hint}")
    check.shape(found, (3, 2), "`shape_rewards`: one number for each state and action.")
    column, after, safe = height[:, None], height[leads], np.where(ends, 0, height)
    for other, hint in (
        (rewards, "Nothing was added: the rewards + γΦ(s') − Φ(s)."),
        (rewards + 0.5 * after - column, "Φ of a state that ends the episode is 0: yours takes the 100 for the goal."),
        (
            rewards + (0.5 * after - column) * ~ends[leads],
            "Only Φ(s') is 0 at the end; − Φ(s) stays: the step into the goal pays it back.",
        ),
        (rewards + safe[leads] - column, "γ is missing before Φ(s'); without it the best actions can change."),
        (rewards + after - column, "γ is missing before Φ(s'), and Φ of a state that ends is 0."),
        (0.5 * safe[leads] - column, "*Add* the shaping to the rewards, do not replace them."),
        (
            rewards + 0.5 * safe[leads],
            "− Φ(s) is missing: a bonus for being there, which an agent can collect for ever.",
        ),
        (rewards - 0.5 * safe[leads] + column, "The sign is turned: γΦ(s') − Φ(s)."),
        (rewards + column - 0.5 * safe[leads], "The sign is turned: γΦ(s') − Φ(s)."),
        (rewards + 0.5 * column - safe[leads], "s and s' are exchanged: γΦ(s') − Φ(s)."),
        (rewards + 0.5 * (safe[leads] - column), "γ belongs to Φ(s') only, not to the whole difference."),
        (rewards + safe[leads] - 0.5 * column, "γ belongs to Φ(s'), the *later* one, not to Φ(s)."),
        (
            rewards + np.maximum(0.5 * safe[leads] - column, 0),
            "The loss on the way back must count, too: no maximum with 0. It is what keeps agents honest.",
        ),
        (
            rewards + 0.5 * (height * ends)[leads] - (height * ends)[:, None],
            "Your mask is turned round: Φ is 0 where the episode *ends*, and stays elsewhere.",
        ),
    ):
        check.true(not np.allclose(found[:2], other[:2]), hint)
    wanted = rewards + 0.5 * safe[leads] - column
    hint = "γΦ(s') − Φ(s), with Φ(s) constant along a row: a column, `potential[:, None]`."
    check.close(found[:2], wanted[:2], hint)
    hint = "`shape_rewards` must use `discount`."
    check.close(unchanged(shape_rewards, rewards, leads, ends, height, 0.9)[0], [-0.2, 6.2], hint)

    try:
        found = unchanged(optimal_values, pays, corridor, is_goal, 0.5)
    except (IndexError, ValueError) as error:
        if not any(each in str(error) for each in ("broadcast", "index", "shape")):
            raise
        hint = "Does your maximum run over the actions only, `max(axis=1)`? It leaves one number for each state."
        check.true(False, f"`optimal_values` stopped: {error}. {hint}")
    check.shape(found, (7,), "`optimal_values`: one value for each state, not for each action.")
    distance, coin = 5 - np.arange(6), np.eye(7)[corridor[:6]].mean(axis=1)
    for other, hint in (
        (
            np.ones(6),
            "The discount is missing (a reward that is further away is worth less), or your maximum runs over all states at once: over the actions only, `max(axis=1)`.",
        ),
        (
            (distance == 0) * 1.0,
            "One round is not enough: repeat until nothing changes. If you have a loop: is `old = values` only a second name for the same array? Then the change is always 0; take `.copy()`.",
        ),
        (0.5 ** (distance + 1), "γ multiplies what follows, not the reward at once."),
        (np.zeros(6), "All zeros: take the best action (`max`), not the worst, and add its reward."),
        (
            np.linalg.solve(np.eye(6) - 0.5 * coin[:, :6], coin[:, 6]),
            "That is what acting at *random* is worth: `max`.",
        ),
        (0.5**distance * 4 / 3, "Nobody acts in the goal: what its row of the tables says must not flow back."),
    ):
        check.true(not np.allclose(found[:6], other), hint)
    check.close(found[6], 0.0, "The goal ends the episode: its value is 0, nothing comes after it.")
    check.close(
        found[:6],
        0.5**distance,
        "The best action (`max`): one step before the goal 1, two steps before it 0.5, then 0.25, …",
    )
    loops = np.array([[-1.0, -1.0], [-1.0, -4.0], [50.0, 50.0]])
    forward = np.array([[1, 1], [2, 0], [0, 1]])
    hint = "Values can be negative: each step costs 1 here. Don't begin with, or cut at, something above. "
    hint += "And compare the *size* of the change, `np.abs(new - values)`: here the values fall."
    found = unchanged(optimal_values, loops, forward, np.array([False, False, True]), 0.5)
    check.close(found[2], 0.0, "A state that ends is worth 0, whatever stands in its row of the table.")
    check.true(found[1] < 20, "What stands in the row of a state that ends must not flow back: nobody acts there.")
    check.close(found, [-1.5, -1.0, 0.0], hint)
    found = unchanged(optimal_values, np.array([[1.0], [0.0]]), np.array([[0], [1]]), np.array([False, True]), 0.999)
    hint = "1 for ever with γ = 0.999 is worth 1000. Repeat until no change is above `tolerance` (not a fixed number of rounds, "
    hint += "no tolerance of your own; `np.allclose` allows a relative error as well)."
    check.close(found, [1000.0, 0.0], hint, tolerance=1e-5)
    loose = np.array([[1.0], [0.0]]), np.array([[0], [1]]), np.array([False, True]), 0.5, 0.1
    found = unchanged(optimal_values, *loose)
    hint = "Use the argument `tolerance`. Here it is 0.1, and the value goes 1, 1.5, 1.75, 1.875, "
    hint += f"1.9375: stop there, the change is not above 0.1. Yours went on to {found[0]:.6g}."
    check.true(found[0] < 1.99, hint)
    apart, itself = np.array([[1.0], [-1.0], [0.0]]), np.array([[0], [1], [2]])
    hint = "Compare state by state, `np.abs(new - values).max()`: in a sum rise and fall cancel."
    found = unchanged(optimal_values, apart, itself, np.array([False, False, True]), 0.5)
    check.close(found, [2.0, -2.0, 0.0], hint)
    random = np.random.default_rng(1)
    for _ in range(20):
        table, graph = random.normal(size=(8, 3)), random.integers(8, size=(8, 3))
        last, potential = np.arange(8) >= 6, random.normal(size=8) * 5
        plain = unchanged(optimal_values, table, graph, last, 0.8)
        look = np.where(last, 0, (table + 0.8 * plain[graph]).max(axis=1))
        hint = "Every value must be the best reward plus γ times the value that follows."
        check.close(plain, look, hint)
        new = unchanged(shape_rewards, table, graph, last, potential, 0.8)
        shifted = unchanged(optimal_values, new, graph, last, 0.8)
        hint = "With the shaping each value must become V(s) − Φ(s), so that the best actions stay the same."
        check.close(shifted[:6], (plain - potential)[:6], hint)
    nearness = np.arange(7) * 0.5
    plans = {
        "goal alone": pays,
        "bonus for coming nearer": bonus,
        "potential-based": shape_rewards(pays, corridor, is_goal, nearness, 0.95),
    }
    for name, table in plans.items():
        cells = walk(table, 0.95)
        print(f"{name}: {' '.join(map(str, cells))} {'(goal)' if is_goal[cells[-1]] else '… and so on'}")

# %% [markdown] tags=["solution"]
# **Discussion.** Why 0 at the end? The sum of all $\gamma^t F$ along an episode telescopes: what remains is $\gamma^T \Phi(s_T) - \Phi(s_0)$. The second part is the same for all that the agent can do; the first is not, unless it is 0, and an agent could choose *where* to end because of it. (A truncated episode is not an end: there Φ stays.) LunarLander's reward, by the way, has such a term built in, without γ: what it pays for coming nearer and flying slower it takes back for moving away ([its documentation](https://gymnasium.farama.org/environments/box2d/lunar_lander/) lists what counts).

# %% [markdown]
# ## Exercise 6 · Stretch: the two rules of tree search
#
# Difficulty ●●●●○ · Importance ●●●○○ · 25 minutes
#
# Monte-Carlo tree search repeats four steps: go down the tree, add a node, play to the end at random, and tell everybody on the way what came out. You write the first and the last.
#
# **Going down** (UCT, [Kocsis and Szepesvári, 2006](https://doi.org/10.1007/11871842_29)): if a move has not been tried yet, take it (the first such one, in the order of `children`). Otherwise take the move with the largest
#
# $$\frac{w}{n} + c \sqrt{\frac{\ln N}{n}}$$
#
# where $n$ and $w$ are visits and total of the child, and $N$ the visits of the node itself. Of equal ones take the first.
#
# **Telling everybody**: `path` is the list of nodes from the root to the last one. Each gets one more visit. A node's total is kept from the view of the player *who moved into it*; players alternate, so what is +1 for one node is −1 for the node before it, and a draw is 0 for all.
#
# <details><summary>Hint 1</summary>
#
# `max(node.children, key=…)` gives the move whose key is largest, and the first of equal ones. For the way back, go through the path from the last node to the first and turn the sign of the result after each.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `for move, child in node.children.items(): if child.visits == 0: return move`. Then the key `lambda move: child.total / child.visits + constant * np.sqrt(np.log(node.visits) / child.visits)` with `child = node.children[move]`. And: `for node in reversed(path): node.visits += 1; node.total += result; result = -result`.
#
# </details>


# %%
@dataclasses.dataclass
class Node:
    """A position in the search tree.

    Attributes:
        visits: how often the search came through.
        total: sum of the results, +1, 0 or −1 each, from the view of the player who moved into this position.
        children: dict from each possible move to the node behind it.
    """

    visits: int = 0
    total: float = 0.0
    children: dict = dataclasses.field(default_factory=dict)


def choose_move(node, constant):
    """Choose where to go on from a node.

    Args:
        node: a Node with at least one child.
        constant: c, how much rarely tried moves are favoured. (For the formula: `np.log` and `np.sqrt`.)

    Returns:
        The move, a key of `node.children`.
    """
    ### BEGIN SOLUTION
    for move, child in node.children.items():
        if child.visits == 0:
            return move

    def promise(move):
        child = node.children[move]
        return child.total / child.visits + constant * np.sqrt(np.log(node.visits) / child.visits)

    return max(node.children, key=promise)
    ### END SOLUTION


def back_up(path, result):
    """Enter the result of a game into all nodes on the way.

    Args:
        path: list of Nodes from the root to the last one.
        result: +1, 0 or −1 from the view of the player who moved into the *last* node.
    """
    ### BEGIN SOLUTION
    for node in reversed(path):
        node.visits += 1
        node.total += result
        result = -result
    ### END SOLUTION


def search_nim(stones, playouts, random, constant=1.4):
    """Search the game of Nim: take 1 to 3 stones in turn; who takes the last one wins. Returns the root."""
    root = Node(children={take: Node() for take in range(1, min(stones, 3) + 1)})
    for _ in range(playouts):
        node, left, path = root, stones, [root]
        while node.children:
            move = choose_move(node, constant)
            node, left = node.children[move], left - move
            path.append(node)
        if node.visits and left:
            node.children = {take: Node() for take in range(1, min(left, 3) + 1)}
        result = 1  # if nothing is left, the player who moved into this node has taken the last stone
        while left:
            left -= random.integers(1, min(left, 3) + 1)
            result = -result
        back_up(path, result)
    return root


# %%
with check("tree_search", points=2):

    def tree(visits, **children):
        return Node(visits, 0.0, {move: Node(n, w) for move, (n, w) in children.items()})

    def chosen(node, constant, hint):
        kept = repr(node)
        try:
            move = choose_move(node, constant)
        except ZeroDivisionError:
            stop = "A move without visits has no mean (division by zero): "
            stop += "take it before you compare."
            check.true(False, f"{stop} {hint}")
        check.true(repr(node) == kept, "`choose_move` only looks: it must not change the tree.")
        check.true(move is not None, f"`choose_move` returned None: does every path end in `return`? {hint}")
        check.true(not isinstance(move, Node), "Return the move (the key), not the node behind it.")
        check.true(move in node.children, f"Return a *move* of `node.children`, not {move!r}.")
        return move

    hint = "A move that was never tried comes first, however good the others are."
    check.equal(chosen(tree(20, a=(10, 9), b=(10, 10), c=(0, 0)), 1.4, hint), "c", hint)
    check.equal(chosen(tree(1, a=(1, 1), b=(0, 0)), 1.4, hint), "b", hint)
    hint = "Of several untried moves take the first in the order of `children`."
    check.equal(chosen(tree(5, a=(5, 5), z=(0, 0), b=(0, 0)), 1.4, hint), "z", hint)
    check.equal(chosen(tree(0, a=(0, 0), b=(0, 0)), 1.4, hint), "a", hint)
    hint = (
        "The child's total is from the view of the player who chooses here: the largest is best, don't turn the sign."
    )
    check.equal(chosen(tree(20, a=(10, 5), b=(10, -5)), 0.0, hint), "a", hint)
    hint = "With constant 0 the best *mean* counts, w / n: 3 of 4 is better than 50 of 100."
    check.equal(chosen(tree(104, a=(100, 50), b=(4, 3)), 0.0, hint), "b", hint)
    check.equal(chosen(tree(20, a=(10, -8), b=(10, -5)), 0.0, hint), "b", "The largest mean, also among negative ones.")
    hint = "Of equal ones take the first."
    check.equal(chosen(tree(20, a=(5, 1), b=(10, 4), c=(5, 2)), 0.0, hint), "b", hint)
    hint = "Untried is a move without *visits*; a total of 0 can also be as many losses as wins."
    check.equal(chosen(tree(20, a=(10, 0), b=(10, 5)), 0.0, hint), "b", hint)
    hint = "With equal means the move that was tried *less* is favoured: n stands below the line under the root."
    check.equal(chosen(tree(104, a=(100, 50), b=(4, 2)), 1.0, hint), "b", hint)
    hint = "A larger `constant` means more curiosity. Is `constant` used?"
    check.equal(chosen(tree(110, a=(100, 60), b=(10, 2)), 0.1, hint), "a", hint)
    check.equal(chosen(tree(110, a=(100, 60), b=(10, 2)), 3.0, hint), "b", hint)
    hint = "ln N is the natural logarithm of the visits of the *node itself*, divided by the child's n, all under one root."
    check.equal(chosen(tree(3, a=(1, 0), b=(2, 1)), 1.5, hint), "b", f"N = 3, n = [1 2], w = [0 1], c = 1.5. {hint}")
    random = np.random.default_rng(2)
    for _ in range(300):
        counts = random.integers(1, 60, size=3)
        totals = random.integers(-counts, counts + 1)
        above = int(counts.sum() + random.integers(0, 200))
        c = random.choice([0.3, 0.7, 1.4, 2.5])
        promises = totals / counts + c * np.sqrt(np.log(above) / counts)
        if np.sort(promises)[-1] - np.sort(promises)[-2] < 1e-6:
            continue
        node = tree(above, **{move: pair for move, pair in zip("abc", zip(counts.tolist(), totals.tolist()))})
        wanted = "abc"[promises.argmax()]
        check.equal(chosen(node, c, hint), wanted, f"N = {above}, n = {counts}, w = {totals}, c = {c}. {hint}")
    hint = "If all moves have always lost, the best mean is −1: begin the search with `-np.inf`."
    check.equal(chosen(tree(4, a=(2, -2), b=(2, -2)), 0.0, hint), "a", hint)
    hint = "A move can be 0, which counts as False: `if move is not None`, not `if move`."
    check.equal(chosen(Node(5, 0.0, {0: Node(), 1: Node(5, 5.0)}), 1.4, hint), 0, hint)

    path = [Node(10, 1.0), Node(5, 2.0), Node(2, -1.0), Node()]
    outside = Node(3, 3.0)
    path[0].children = {"in": path[1], "out": outside}
    kept = list(path)
    hint = "`path.reverse()` turns the list itself round and returns None; take `reversed(path)`."
    try:
        answer = back_up(path, 1)
    except TypeError as error:
        if "NoneType" not in str(error):
            raise
        check.true(False, f"`back_up` stopped: {error}. {hint}")
    check.true(answer is None, "`back_up` returns nothing, it changes the nodes.")
    check.true(len(path) == 4, "`back_up` must leave the list `path` as it is.")
    same = all(one is other for one, other in zip(path, kept))
    check.true(same, f"`back_up` must leave the list `path` as it is. {hint}")
    visits, totals = [node.visits for node in path], [node.total for node in path]
    check.true(visits != [10, 5, 2, 1], "Every node on the way gets a visit, not the last one alone.")
    check.true(visits != [10, 6, 3, 1], "The root gets a visit, too: it is the N of the formula.")
    check.equal(visits, [11, 6, 3, 1], "Every node of the path gets one more visit.")
    hint = "The players alternate: +1 for the last node, −1 for the one before it, and so on. "
    check.true(totals != [2.0, 3.0, 0.0, 1.0], hint + "Yours gives all the same sign.")
    check.true(
        totals != [2.0, 1.0, 0.0, -1.0], hint + "Yours has all signs turned: the last node gets `result` itself."
    )
    check.true(totals != [1.0, 2.0, -1.0, 1.0], hint + "Tell *all* nodes of the path, not only the last.")
    check.true(
        totals != [1.0, 3.0, -1.0, 1.0], "A lost game counts −1, not 0: the last node won, so the one before it lost."
    )
    check.true(totals != [-1, 1, -1, 1], "*Add* the result to the total, don't overwrite it.")
    check.equal(totals, [0.0, 3.0, -2.0, 1.0], hint)
    check.true((outside.visits, outside.total) == (3, 3.0), "Only the nodes of the path change.")
    hint = "The sign counts from the *last* node, not from the root: with three nodes the root gets +1."
    short = [Node(), Node(), Node()]
    back_up(short, 1)
    check.equal([node.total for node in short], [1, -1, 1], hint)
    back_up(short, -1)
    check.equal(
        [node.total for node in short], [0, 0, 0], "A lost game is −1 for the last node, +1 for the one before."
    )
    back_up(short, 0)
    check.equal([node.total for node in short], [0, 0, 0], "A draw is 0 for all: no ±1, no half points.")
    check.equal([node.visits for node in short], [3, 3, 3], "A draw is a visit, too.")
    right = {5: 1, 6: 2, 7: 3, 9: 1}
    for stones, best in right.items():
        root = search_nim(stones, 600, np.random.default_rng(stones))
        counts = {move: child.visits for move, child in root.children.items()}
        hint = f"Nim with {stones} stones: {best} is the move that wins, but your search preferred another ({counts})."
        check.true(max(counts, key=counts.get) == best, hint)
        print(f"Nim with {stones} stones: visits per move {counts}, so take {best}")
    print("(The winning move leaves a multiple of 4.)")

# %% [markdown] tags=["solution"]
# **Discussion.** Nobody told the search that a multiple of four is lost: it found out by playing badly, and then less and less badly, against itself. The move is chosen in the end by *visits*, not by the mean: a mean of two lucky games is worth little. AlphaZero keeps this skeleton and replaces the dice: a network says which moves deserve a try, and another output of it says how the game would end ([Silver et al., 2017](https://arxiv.org/abs/1712.01815)).
