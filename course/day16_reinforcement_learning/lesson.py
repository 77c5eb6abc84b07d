# %% [markdown]
# # Day 16 · Deep reinforcement learning: acting for a reward
#
# **Nobody shows the right answers today. An agent acts, is rewarded or not, and finds out by itself what was good: in a small maze, on a cart with a pole, and at last in a landing on the moon. You write four classic methods yourself, watch them learn, and test each on episodes it has never played.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **say** what agent, environment, state, action, reward, episode, discount and return are, and **compute** returns, the end of an episode included;
# - **write** Q-learning in NumPy, and **choose** exploration and discount with reasons;
# - **train** REINFORCE with a baseline, double DQN and PPO in plain Keras on many environments at once;
# - **test** an agent honestly: on fresh episodes, over several seeds, beside a rule that costs nothing;
# - **read** a program in TF-Agents, and **search** a game tree well enough to hold the draw against a perfect player of tic-tac-toe.
#
# **Time:** 130 to 150 minutes of reading and trying; the code runs in about three minutes on two CPU cores. A GPU is not needed: the networks are small.
# Cells that begin with `# Drawing` are folded and hold no new idea: run them and look at the picture.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | reinforcement learning | bestärkendes Lernen | discount | Abzinsung, Diskontfaktor |
# | agent, environment | Agent, Umgebung | value | Wert |
# | state, action | Zustand, Handlung (Aktion) | policy | Strategie |
# | reward | Belohnung | exploration | Erkundung |
# | episode | Episode, Durchgang | exploitation | Ausnutzung des Bekannten |
# | return | Ertrag, Summe der Belohnungen | baseline | Vergleichswert |
# | replay buffer | Erfahrungsspeicher | advantage | Vorteil |
#
# </details>

# %% tags=["setup"]
import functools
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from utils import data, fast, plots, runtime
from utils.expect import expect, expect_varied

import gymnasium
import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras import ops

ready = runtime.setup(seed=1, precision="float32", needs=("gymnasium", "box2d", "pygame-ce", "tf-agents"))

# %% [markdown]
# ## 1 · See it: a cart, a pole, and a reward
#
# For fifteen days nearly every question came with its answer: the number on the picture, the next word. Often there is no such answer. Nobody can say which move in a game of chess was *the right one*; one only knows in the end who has won. Nobody can write down which muscle a walker should tense at which moment. What one can say is **how well it went**. To learn from that is **reinforcement learning**.
#
# The words, once, with our first example: a pole stands on a cart, held by nothing ([Barto, Sutton and Anderson, 1983](https://doi.org/10.1109/TSMC.1983.6313077)).
#
# | Word | Meaning | On the cart |
# |---|---|---|
# | **agent** | who decides | our program |
# | **environment** | everything else | cart, pole, gravity |
# | **state** $s$ | what the agent is shown | position and speed of the cart, angle and angular speed of the pole |
# | **action** $a$ | what it can do | 0: push left, 1: push right |
# | **reward** $r$ | a number after each step | 1 for every step |
# | **episode** | from a start to an end | until the pole leans by more than 12°, the cart leaves the track, or 500 steps are over |
# | **policy** | which action in which state | what we want to learn |
#
# The environment, `CartPole-v1`, comes from [Gymnasium](https://gymnasium.farama.org/environments/classic_control/cart_pole/), whose interface almost everybody uses: `reset` begins an episode, `step` takes an action and answers with five things.

# %%
cart = gymnasium.make("CartPole-v1")
state, _ = cart.reset(seed=ready.seed)
print("it begins at", state.round(3), "· actions:", cart.action_space)
for action in (1, 1, 1, 0):
    state, reward, terminated, truncated, _ = cart.step(action)
    print(f"action {action}: state {state.round(3)}, reward {reward:g}, terminated {terminated}, truncated {truncated}")
print("a good agent, says Gymnasium, reaches", gymnasium.spec("CartPole-v1").reward_threshold, "on average")

# %% [markdown]
# The fifth thing, `info`, we do not need. But look at the third and fourth: an episode can end in **two ways**. It is *terminated* when something happened after which nothing more can come: the pole fell. It is *truncated* when somebody looks at the clock: 500 steps are over, and the pole would have stood for a while yet. To the learner of section 3 that will be a great difference.
#
# **The baseline first.** Four players that learn nothing: one that throws a coin, one that always pushes to the side to which the pole leans, and two that look at how fast it falls as well. To measure them we let 100 environments run side by side. Gymnasium's **vector environments** do this: the state has one row for each environment. In each exactly one episode counts, the first. (If we let them run on and took the first 100 episodes *that end*, short ones would be over-represented. A player would look worse than it is.)


# %% tags=["recipe"]
def evaluate(policy, name, episodes, seed):
    """The sum of rewards in each of `episodes` episodes; the policy takes states (n, features), gives actions (n,)."""
    games = gymnasium.make_vec(name, num_envs=episodes)
    states, _ = games.reset(seed=seed)
    total, playing = np.zeros(episodes), np.ones(episodes, dtype=bool)
    while playing.any():
        states, rewards, terminated, truncated, _ = games.step(policy(states))
        total += rewards * playing
        playing &= ~(terminated | truncated)
    games.close()
    return total


# %%
coin = np.random.default_rng(ready.seed)
ANGLE, ANGULAR_SPEED = 2, 3  # columns of the state
players = {
    "at random": lambda states: coin.integers(2, size=len(states)),
    "angle": lambda states: (states[:, ANGLE] > 0).astype(int),
    "angle + angular speed": lambda states: (states[:, ANGLE] + states[:, ANGULAR_SPEED] > 0).astype(int),
    "angle + 0.2 × angular speed": lambda states: (states[:, ANGLE] + 0.2 * states[:, ANGULAR_SPEED] > 0).astype(int),
}
baselines = {name: evaluate(policy, "CartPole-v1", 100, ready.seed) for name, policy in players.items()}
random_returns = baselines["at random"]
pd.DataFrame(
    {name: [each.mean(), each.min(), each.max()] for name, each in baselines.items()}, ["mean", "least", "most"]
).transpose()


# %%
# Drawing: the coin-thrower, and the rule with two numbers.
def film(policy, steps, seed):
    """The states of one episode, its last state repeated until there are `steps` of them."""
    state, _ = cart.reset(seed=seed)
    states, ended = [state], False
    while len(states) < steps:
        if not ended:
            state, _, terminated, truncated, _ = cart.step(int(policy(state[None])[0]))
            ended = terminated or truncated
        states.append(state)
    return np.array(states)


films = {name: film(players[name], 120, ready.seed) for name in ("at random", "angle + 0.2 × angular speed")}

# %%
# Drawing: both films.
figure, both = plt.subplots(2, 1, figsize=(7, 4.2), sharex=True)
carts, poles = [], []
for axes, name in zip(both, films):
    axes.axhline(0, color="black", linewidth=1)
    carts += axes.plot([], [], color=plots.COLOURS[0], linewidth=12, solid_capstyle="butt")
    poles += axes.plot([], [], color=plots.COLOURS[5], linewidth=5)
    axes.set(xlim=(-2.4, 2.4), ylim=(-0.2, 1.3), ylabel="height (m)", title=name)
both[1].set_xlabel("position of the cart (m)")


def draw_frame(frame):
    for drawn_cart, drawn_pole, states in zip(carts, poles, films.values()):
        place, _, angle, _ = states[2 * frame]
        drawn_cart.set_data([place - 0.25, place + 0.25], [0, 0])
        drawn_pole.set_data([place, place + np.sin(angle)], [0, np.cos(angle)])


lengths = {name: int((np.diff(states, axis=0) != 0).any(axis=1).sum()) for name, states in films.items()}
plots.animate(
    figure,
    draw_frame,
    frames=60,
    alt=f"Two carts with a pole each. Pushed at random, the pole leans too far after {lengths['at random']} steps, and the picture stands still; pushed by a rule of two numbers it stands upright through all {lengths['angle + 0.2 × angular speed']} steps shown.",
)

# %% [markdown]
# A rule with two numbers never drops the pole! Whoever knows the mechanics needs no learning here, and we say so. What is interesting is that the agents of this lesson do **not** know it: nobody tells them what an angle is, that poles fall, that there is a left and a right. They get four numbers and a reward. And the same programs, with other settings, land a spacecraft in section 6. (There, too, somebody who knows the mechanics can write a rule, and we shall compare with it.)
#
# **Return and discount.** An agent should not look at the next reward alone but at all that follow. Their sum is the **return**. Mostly one lets later rewards count less, by a factor $\gamma$ (gamma) for each step, the **discount**:
#
# $$G_t = r_t + \gamma\, r_{t+1} + \gamma^2 r_{t+2} + \dots = r_t + \gamma\, G_{t+1}$$
#
# With $\gamma=0$ only the next reward counts; with $\gamma$ near 1 the far future does, too. As a rule of thumb one looks $1/(1-\gamma)$ steps ahead. The form on the right is the more important one: the return *from here* is the reward plus the discounted return *from the next state*. Computed backwards it takes a single pass. And all that follows in this lesson hangs on it.

# %%
rewards = np.array([0.0, 0.0, 1.0, 0.0, 10.0])
for discount in (0.0, 0.5, 0.9, 1.0):
    total, backwards = 0.0, []
    for reward in rewards[::-1]:
        total = reward + discount * total
        backwards.append(total)
    ahead = "to the end" if discount == 1 else f"about {1 / (1 - discount):.0f}"
    print(f"discount {discount:g} (looks ahead {ahead}): returns {np.round(backwards[::-1], 3)}")

# %% [markdown]
# ## 2 · By hand: Q-learning in a maze
#
# The smallest world in which there is something to learn: a **grid world**, a maze of a few cells. The agent begins at **A**. Three steps to the left lies a coin, worth 1. Seven steps to the right, around a wall, lies a treasure worth 10, and beside the way there is a pit, −10. Each of the three ends the episode. And the floor is **slippery**: in one step of ten the agent goes in a random direction, whatever it wanted.

# %%
MAZE = [".......", ".##.#..", "1..A#.9", ".##.#x.", "......."]
SLIP = 0.1
ROWS, COLUMNS = len(MAZE), len(MAZE[0])
signs = np.array([list(row) for row in MAZE]).ravel()  # a cell is a number: row * COLUMNS + column
reward_at = np.select([signs == "1", signs == "9", signs == "x"], [1.0, 10.0, -10.0], default=0.0)
is_end, is_free = reward_at != 0, (signs != "#") & (reward_at == 0)
START = int(np.flatnonzero(signs == "A")[0])
MOVES, ARROWS = [(-1, 0), (0, 1), (1, 0), (0, -1)], "↑→↓←"


def neighbour(cell, move):
    """The cell one comes to; the same one if there is a wall or the edge."""
    row, column = cell // COLUMNS + move[0], cell % COLUMNS + move[1]
    inside = 0 <= row < ROWS and 0 <= column < COLUMNS and MAZE[row][column] != "#"
    return row * COLUMNS + column if inside else cell


destination = np.array([[neighbour(cell, move) for move in MOVES] for cell in range(len(signs))])


def step(cell, action, random):
    """One step in the maze: next cell, reward, whether the episode has ended."""
    if random.random() < SLIP:
        action = random.integers(4)
    cell = destination[cell, action]
    return cell, reward_at[cell], is_end[cell]


print("from A, with ↑ → ↓ ← on a dry floor, one comes to cells", destination[START], "of", len(signs))

# %% [markdown]
# What should the agent remember? Its **Q-table**: for each state and each action, how much return it may expect if it takes the action now and does its best afterwards. Whoever knows $Q$ knows what to do: take the action with the largest. For the true $Q$ the equation holds that we had for returns, with the best action at the next state ([Bellman's equation](http://incompleteideas.net/book/the-book-2nd.html), there in chapter 3):
#
# $$Q(s,a) = \text{mean of}\;\; r + \gamma \max_{a'} Q(s',a')$$
#
# $s'$ is the next state; if the episode ends there, nothing follows, and the target is $r$ alone. **Q-learning** ([Watkins and Dayan, 1992](https://doi.org/10.1007/BF00992698)) makes a program of it. It begins with zeros. After each step it knows one reward and one next state, and moves its entry a bit towards the right-hand side, by the learning rate $\alpha$:
#
# $$Q(s,a) \leftarrow Q(s,a) + \alpha\,\bigl(r + \gamma \max_{a'} Q(s',a') - Q(s,a)\bigr)$$
#
# It learns a guess from a guess. This works because the guesses near the end become right first, and the right values travel backwards, episode by episode.
#
# One thing is still missing. Whoever always does what looks best never finds out whether something else were better. So with probability $\varepsilon$ (epsilon) the agent does something at random: **exploration**. Here $\varepsilon$ falls from `first` to `last` during the first 70 % of the episodes.


# %%
def q_learning(random, episodes=1000, discount=0.9, first=1.0, last=0.0, rate=0.5, longest=200, keep=()):
    """Learn the maze; -> Q of shape (cells, 4), reward of each episode, copies of Q before the episodes in `keep`."""
    q, earned, kept = np.zeros((len(signs), 4)), np.zeros(episodes), []
    for episode in range(episodes):
        if episode in keep:
            kept.append(q.copy())
        epsilon = max(last, first + (last - first) * episode / (0.7 * episodes)) if first > last else first
        cell = START
        for _ in range(longest):
            explore = random.random() < epsilon
            best = np.flatnonzero(q[cell] == q[cell].max())  # several, as long as nothing is known
            action = random.integers(4) if explore else random.choice(best)
            following, reward, ended = step(cell, action, random)
            target = reward + discount * (0.0 if ended else q[following].max())
            q[cell, action] += rate * (target - q[cell, action])
            earned[episode] += reward
            cell = following
            if ended:
                break
    return q, earned, kept


EPISODES = 1000
frames = np.unique(np.round(np.geomspace(1, EPISODES, 32)).astype(int)) - 1
q, earned, kept = q_learning(np.random.default_rng(ready.seed), EPISODES, keep=set(frames.tolist()))
print(f"reward per episode: the first 100 {earned[:100].mean():.2f}, the last 100 {earned[-100:].mean():.2f}")
print("Q at A, for ↑ → ↓ ←:", q[START].round(2))


# %%
# Drawing: the maze with values and arrows.
def draw_maze(axes, q, title, top=10.0):
    """The value of each cell (its largest Q) as brightness and number, and the best action as an arrow."""
    values = np.where(is_free, q.max(axis=1), np.nan).reshape(ROWS, COLUMNS)
    axes.clear()
    axes.imshow(values, vmin=0, vmax=top, cmap="cividis")
    for cell, sign in enumerate(signs):
        row, column = divmod(cell, COLUMNS)
        if sign == "#":
            axes.add_patch(plt.Rectangle((column - 0.5, row - 0.5), 1, 1, color="#444444"))
        elif is_end[cell]:
            text = f"{reward_at[cell]:+g}".replace("-", "−")
            axes.text(column, row, text, ha="center", va="center", fontsize=13, fontweight="bold")
        else:
            colour = "black" if values[row, column] > 0.55 * top else "white"
            arrow = ARROWS[q[cell].argmax()] if np.ptp(q[cell]) > 0 else "·"
            axes.text(column, row - 0.15, arrow, ha="center", va="center", fontsize=15, color=colour)
            name = "A  " if sign == "A" else ""
            axes.text(column, row + 0.3, f"{name}{values[row, column]:.1f}", ha="center", fontsize=8, color=colour)
    axes.set(xlabel="column", ylabel="row", title=title, xticks=range(COLUMNS), yticks=range(ROWS))
    axes.grid(visible=False)


# %%
# Drawing: the maze as it is learned, and what the agent earns.
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), width_ratios=[1.3, 1])
mean_reward = pd.Series(earned).rolling(20, min_periods=1).mean()
right.plot(np.arange(1, EPISODES + 1), mean_reward)
here = right.axvline(1, color=plots.COLOURS[5], linestyle="--")
right.set(xlabel="episode", ylabel="reward (mean of 20 episodes)", title="What it earns")


def draw_learning(frame):
    draw_maze(left, kept[frame], f"before episode {frames[frame] + 1}")
    here.set_xdata([frames[frame] + 1] * 2)


plots.animate(
    figure,
    draw_learning,
    frames=len(kept),
    alt=f"The maze as Q-learning goes on. At first all values are 0. The cells next to the coin and the treasure get their values first, then brightness and arrows spread backwards to A; at the end the value at A is {q[START].max():.1f}. Beside it the reward per episode, {earned[:100].mean():.1f} in the first hundred episodes, when it mostly explores, and {earned[-100:].mean():.1f} in the last hundred.",
    seconds=12,
)

# %% [markdown]
# Play it step by step. Values appear **at the ends first** and travel backwards. The coin is found soon, and for a while its value is the larger one around A; then the treasure's arrives.
#
# **Is that the best one can do?** Here we can check, since we know the rules of the maze. If one knows them, one need not play at all: apply Bellman's equation to *all* cells at once, again and again, until nothing changes any more (500 rounds are plenty here). This is **value iteration**; it needs the rules, which Q-learning does not.


# %%
def expected(values, discount):
    """Mean of reward + discount * value of the next cell, for all cells and actions; the slipping included."""
    arrive = (reward_at + discount * values * ~is_end)[destination]
    return (1 - SLIP) * arrive + SLIP * arrive.mean(axis=1, keepdims=True)


def best_q(discount):
    """The true Q, by value iteration."""
    values = np.zeros(len(signs))
    for _ in range(500):
        values = expected(values, discount).max(axis=1)
    return expected(values, discount)


def worth(q, discount):
    """What the start is truly worth to an agent that follows the table q."""
    values, chosen = np.zeros(len(signs)), q.argmax(axis=1)
    for _ in range(500):
        values = expected(values, discount)[np.arange(len(signs)), chosen]
    return values[START]


optimum = best_q(0.9)[START].max()
print(f"worth of A: learned policy {worth(q, 0.9):.3f}, best policy {optimum:.3f}")

# %% [markdown]
# ### ε varied
#
# How much should an agent explore? Five settings, each with the same five seeds. Two things are measured: what the agent earned **while** it learned, and what its policy is worth **afterwards**, without exploration, as a share of the best policy's worth.

# %%
SETTINGS = {
    "ε = 0": (0, 0),
    "ε = 0.1": (0.1, 0.1),
    "ε = 0.3": (0.3, 0.3),
    "ε = 1": (1, 1),
    "ε falls from 1 to 0": (1, 0),
}
rows, grid_shares = {}, {}
for name, (first, last) in SETTINGS.items():
    runs = [q_learning(np.random.default_rng([ready.seed, run]), first=first, last=last)[:2] for run in range(5)]
    shares = [worth(q, 0.9) / optimum for q, _ in runs]
    grid_shares[name] = np.array(shares)
    rows[name] = {
        "reward per episode, while learning": f"{np.mean([earned.mean() for _, earned in runs]):.2f}",
        "worth afterwards, five runs (best: 1)": "  ".join(f"{share:.2f}" for share in sorted(shares)),
    }
grid_worth = grid_shares["ε falls from 1 to 0"].min()
grid_table = pd.DataFrame(rows).transpose()
grid_table.head()

# %% [markdown]
# With little exploration most runs find the coin, are content, and go there for ever: nobody has told them that there is more. (Without any, a run may not even know the way back to the coin when the floor has pushed it aside.) With ε = 1 the agent finds out everything, and earns next to nothing while it does; its policy is good, but it has never used it. What works is to **explore first and to use it afterwards**: ε falls. In real life exploring costs money, or a robot's arm; how to explore cleverly is still an open question of the field.
#
# ### γ varied
#
# The discount decides what is worth the effort. The treasure is ten times the coin and four steps farther. Is it worth going? Move the slider (values from value iteration, so they are exact) and find the $\gamma$ at which the agent at A changes its mind.


# %%
def draw_best(discount):
    """The maze under the best policy for a discount, and its alt text."""
    best = best_q(discount)
    figure, axes = plt.subplots(figsize=(6, 4))
    draw_maze(axes, best, f"best policy, γ = {discount:.2f}")
    goes = "up or down, around the wall, to the treasure" if best[START].argmax() != 3 else "left, to the coin"
    return (
        figure,
        f"The maze with the values and arrows of the best policy for a discount of {discount:.2f}: A is worth {best[START].max():.2f}, and the agent goes {goes}.",
    )


plots.interact(draw_best, discount=ipywidgets.FloatSlider(value=0.5, min=0.3, max=0.99, step=0.01))

# %% [markdown]
# And the learner? It has to find the same out of its own steps. For four discounts: where do 200 episodes of the learned policy end, without exploration, and how many steps do they take?


# %%
def endings(q, random, episodes=200):
    """Play without exploration -> (list of signs where the episodes ended, mean steps)."""
    found, steps = [], 0
    for _ in range(episodes):
        cell = START
        for _ in range(200):
            cell, _, ended = step(cell, q[cell].argmax(), random)
            steps += 1
            if ended:
                break
        found.append(signs[cell])
    return found, steps / episodes


rows = {}
for discount in (0.4, 0.5, 0.8, 0.95):
    learned = q_learning(np.random.default_rng(ready.seed), discount=discount)[0]
    found, steps = endings(learned, np.random.default_rng(ready.seed))
    rows[f"γ = {discount:g}"] = {
        "coin": found.count("1"),
        "treasure": found.count("9"),
        "pit": found.count("x"),
        "steps": f"{steps:.1f}",
        "worth (best: 1)": f"{worth(learned, discount) / best_q(discount)[START].max():.2f}",
    }
pd.DataFrame(rows).transpose()

# %% [markdown]
# So γ is not a detail of the mathematics. It is part of **what we ask for**. An agent that goes for the coin at γ = 0.4 has not failed: it was asked to be impatient.
#
# The table has an end, however. Four real numbers describe the cart; there is no table of all their values. From here on a **network** takes its place.
#
# ## 3 · REINFORCE: do more of what went well
#
# The first method learns no values at all. A network, the **policy**, reads the state and gives a logit for each action; softmax makes probabilities $\pi(a\mid s)$ of them, and the agent **draws** its action from these. Then it plays whole episodes and looks at what came of them. Actions after which much return followed should become likelier, others less likely. In formulas ([Williams, 1992](https://doi.org/10.1007/BF00992696)), the gradient of the mean return, the **policy gradient**, is
#
# $$\nabla J = \text{mean of}\;\; \sum_t G_t\, \nabla \log \pi(a_t \mid s_t)$$
#
# (With $\gamma<1$ each term would need a further factor $\gamma^t$. In practice one leaves it out, and so do we.)
#
# Why the logarithm? Differentiate the mean $\sum_a \pi(a)\,G(a)$: that is $\sum_a G(a)\,\nabla\pi(a)$. We cannot sum over all actions, but we *can* draw actions with probability $\pi$. Since $\nabla\pi = \pi\,\nabla\log\pi$, the sum is the mean of $G\,\nabla\log\pi$ over drawn actions. Nothing about the environment had to be differentiated: it may be a game, a market or a person.
#
# $-\log\pi(a)$ you have known since day 02: it is the **cross-entropy**, with the drawn action as the label. REINFORCE is classification of one's own actions, in which each example **counts as much as it was worth**. In Keras that is the argument `sample_weight`.
#
# ### A baseline takes out noise
#
# There is a catch. Where all rewards are positive, as on the cart, *every* action gets pushed up, only some more than others, and the difference can drown in noise. The cure: subtract from $G$ what was **to be expected** in this state, the **baseline** $b(s)$ (not a rival to be beaten, as on all other days, but a number to be subtracted). What is left is the **advantage**: better or worse than usual? It changes nothing in the mean, because the probabilities always sum to one: $\sum_a \nabla\pi(a)\,b = b\,\nabla 1 = 0$. But it changes the noise. A machine with two levers, which pay about 100 and about 101, shows it without any network:

# %%
random = np.random.default_rng(ready.seed)
lever = random.integers(2, size=100_000)  # both equally likely: p = 0.5
paid = np.where(lever == 1, 101.0, 100.0) + random.normal(size=len(lever))
direction = lever - 0.5  # gradient of log π by the logit of lever 1
for name, weight in {"without baseline": paid, "baseline: the mean": paid - paid.mean()}.items():
    each = weight * direction
    print(
        f"{name:<18}: gradient {each.mean():6.3f} ± {each.std() / np.sqrt(len(each)):.3f}",
        f"noise of one draw {each.std():6.2f}",
        sep=", ",
    )
print("right would be    : gradient", 0.5 * 0.5 * (101 - 100))

# %% [markdown]
# The same gradient, in noise that is many times smaller. For the cart the baseline is a second network, which learns to **predict the return** from the state, an ordinary regression. Now the parts, one by one. First the network, and something that is about speed only. An agent asks its network thousands of times, each time about a handful of states. A call into Keras takes much longer than so small a computation. Therefore we take a copy of the weights and do the forward pass of day 02 in NumPy while we play; we *train* with Keras.


# %% tags=["recipe"]
ACTIVATIONS = {"relu": lambda x: np.maximum(x, 0), "tanh": np.tanh, "linear": lambda x: x}


def network(inputs, outputs, hidden=(128, 128), activation="relu"):
    """A network of dense layers; the last one has no activation."""
    inner = [keras.layers.Dense(units, activation=activation) for units in hidden]
    return keras.Sequential([keras.Input((inputs,)), *inner, keras.layers.Dense(outputs)])


def numpy_copy(model):
    """The network with its present weights, as a function of NumPy arrays: (..., inputs) -> (..., outputs)."""
    parts = [(*layer.get_weights(), ACTIVATIONS[layer.activation.__name__]) for layer in model.layers]

    def forward(states):
        for kernel, bias, activation in parts:
            states = activation(states @ kernel + bias)
        return states

    return forward


# %% [markdown]
# The outputs become actions in one of two ways: take the largest, which is called **greedy**, or draw.


# %% tags=["recipe"]
def greedy(model):
    """The policy that takes the action with the largest output."""
    forward = numpy_copy(model)
    return lambda states: forward(states).argmax(axis=-1)


def draw(logits, random):
    """Draw an action from softmax(logits), for each row; adding Gumbel noise and taking the largest does just that."""
    return (logits + random.gumbel(size=logits.shape)).argmax(axis=-1)


# %%
example = network(4, 2)
states = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
forward = numpy_copy(example)
apart = float(np.abs(forward(states) - ops.convert_to_numpy(example(states))).max())
rounds, milliseconds = 200, {}
for name, call in {"Keras": lambda: ops.convert_to_numpy(example(states)), "NumPy": lambda: forward(states)}.items():
    began = time.perf_counter()
    for _ in range(rounds):
        call()
    milliseconds[name] = (time.perf_counter() - began) / rounds * 1000
print(f"largest difference {apart:.1e};", *[f"{name} {each:.3f} ms a call" for name, each in milliseconds.items()])
drawn = draw(np.tile(np.log([0.2, 0.8]), (10_000, 1)), np.random.default_rng(ready.seed))
print("drawn from probabilities 0.2 and 0.8:", np.bincount(drawn) / len(drawn))

# %% [markdown]
# Then the returns, for many environments at once. `ends` marks where an episode was terminated: nothing follows there. But when the clock stopped it, **something would have followed**; as its best guess we put in what the baseline says about the last state, `last_values`. If one forgets this, the agent is told that after 500 steps of perfect balance the world comes to an end.


# %% tags=["recipe"]
def returns(rewards, ends, last_values, discount):
    """Discounted returns.

    Args:
        rewards: (time, environments).
        ends: (time, environments), True where the episode was terminated by this step.
        last_values: (environments,), what is expected after the last row.
        discount: between 0 and 1.

    Returns:
        An array like rewards.
    """
    result, following = np.zeros_like(rewards, dtype="float64"), last_values
    for t in reversed(range(len(rewards))):
        following = rewards[t] + discount * following * ~ends[t]
        result[t] = following
    return result


# %%
ends = np.array([[False, False], [False, True], [False, False]])
print("rewards 1, 1, 1; left: the clock stopped it, and 10 is expected to follow; right: terminated after two steps")
print(returns(np.ones((3, 2)), ends, np.array([10.0, 0.0]), discount=0.9).round(3))

# %% [markdown]
# Playing: sixteen carts side by side, each one episode. `lived` remembers which rows count.


# %% tags=["recipe"]
def play(policy, games, random, longest):
    """One episode in each environment.

    -> states, actions, rewards, ends, lived, each (time, environments, ...), and the last states
    """
    forward, playing, rows = numpy_copy(policy), np.ones(games.num_envs, dtype=bool), []
    states, _ = games.reset()
    while playing.any() and len(rows) < longest:
        actions = draw(forward(states), random)
        following, rewards, terminated, truncated, _ = games.step(actions)
        rows.append((states, actions, rewards * playing, terminated & playing, playing.copy()))
        playing &= ~(terminated | truncated)
        states = following
    return *(np.array(each) for each in zip(*rows)), states


def fill_up(array, size):
    """Rows of zeros behind the array until it has `size` rows: one shape means one compiled training step."""
    return np.concatenate([array, np.zeros((size - len(array), *array.shape[1:]))]).astype("float32")


# %% [markdown]
# When should the training stop? We let the agent play now and then without drawing (it takes the likeliest action), in episodes that serve **this purpose only**, and stop when their mean reaches the goal. These episodes have then been *used*: among many checks the lucky one stops the training. So they are no test. The test comes afterwards, in fresh episodes with other seeds.


# %% tags=["recipe"]
CHECK_SEED, TEST_SEED = 500_000, 900_000  # episodes for stopping, episodes for testing; training has others


class Checks:
    """Plays, every `every` steps, the episodes that decide when to stop; remembers the best weights."""

    def __init__(self, model, name, episodes, goal, every):
        self.model, self.name, self.episodes, self.goal, self.every = model, name, episodes, goal, every
        self.next, self.score, self.weights = every, -np.inf, model.get_weights()

    def passed(self, steps):
        """Whether it is time for a check and the goal is reached."""
        if steps < self.next:
            return False
        self.next = steps + self.every
        score = evaluate(greedy(self.model), self.name, self.episodes, CHECK_SEED).mean()
        if score > self.score:
            self.score, self.weights = score, self.model.get_weights()
        return score >= self.goal

    def best(self):
        """The model, with the best weights put back; the present ones, if there was no check."""
        if self.score > -np.inf:
            self.model.set_weights(self.weights)
        return self.model


# %% [markdown]
# For the learning curve somebody must add up the rewards while many episodes run side by side. DQN and PPO will do it step by step with `add`; REINFORCE, which plays whole episodes, fills `finished` itself:


# %% tags=["recipe"]
class Scores:
    """Adds up each environment's rewards; `finished`: for each episode (steps of all environments so far, reward)."""

    def __init__(self, environments):
        self.running, self.steps, self.finished = np.zeros(environments), 0, []

    def add(self, rewards, ended, counted):
        """One step of all environments; all arguments (environments,). Rows that do not count are left out."""
        self.running += rewards * counted
        self.steps += int(counted.sum())
        self.finished += [(self.steps, float(total)) for total in self.running[ended & counted]]
        self.running[ended] = 0.0

    def table(self):
        """The learning curve: columns steps, return."""
        return pd.DataFrame(self.finished, columns=["steps", "return"])


# %% [markdown]
# A last helper: seeds and environments.


# %% tags=["recipe"]
def begin(name, environments, seed):
    """Seed all, make the environments -> environments, NumPy's random numbers, number of features, of actions."""
    keras.utils.set_random_seed(seed)
    games = gymnasium.make_vec(name, num_envs=environments)
    games.reset(seed=seed)
    return games, np.random.default_rng(seed), games.single_observation_space.shape[0], int(games.single_action_space.n)


# %% [markdown]
# Put together, REINFORCE with a baseline is short. Rewards are multiplied by $1-\gamma$; then the cart's returns lie between 0 and 1, whatever γ is, and the baseline begins in the right region. Advantages have their mean subtracted and are divided by their standard deviation, so that the learning rate means the same early and late. Each batch is filled up with empty rows to one length; they weigh 0, and the real rows correspondingly more (`size / len(advantage)`), so that Keras' mean over all rows is the mean over the real ones.


# %% tags=["recipe"]
def reinforce(name, seed, *, goal, most_steps, environments, longest, learning_rate, discount, hidden, baseline_steps,
              check_every, check_episodes):  # fmt: skip
    """Train a policy by REINFORCE with a baseline -> the policy network, the learning curve."""
    games, random, features, actions = begin(name, environments, seed)
    policy, baseline = network(features, actions, hidden), network(features, 1, hidden)
    by_weight = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    policy.compile(keras.optimizers.Adam(learning_rate), by_weight, jit_compile=fast.JIT)
    baseline.compile(keras.optimizers.Adam(learning_rate), "mse", jit_compile=fast.JIT)
    scores, checks = Scores(environments), Checks(policy, name, check_episodes, goal, check_every)
    size = longest * environments
    while scores.steps < most_steps and not checks.passed(scores.steps):
        states, chosen, rewards, ends, lived, last = play(policy, games, random, longest)
        scores.steps += int(lived.sum())
        scores.finished += [(scores.steps, float(total)) for total in rewards.sum(axis=0)]
        value = numpy_copy(baseline)
        target = returns(rewards * (1 - discount), ends, value(last)[:, 0], discount)
        advantage = (target - value(states)[:, :, 0])[lived]
        weight = (advantage - advantage.mean()) / (advantage.std() + 1e-6)
        weight *= size / len(advantage)  # the loss is a mean over all rows, the empty ones included
        seen, counts = fill_up(states[lived], size), fill_up(np.full(len(advantage), size / len(advantage)), size)
        policy.train_on_batch(seen, fill_up(chosen[lived], size), sample_weight=fill_up(weight, size))
        for _ in range(baseline_steps):
            baseline.train_on_batch(seen, fill_up(target[lived][:, None], size), sample_weight=counts)
    games.close()
    return checks.best(), scores.table()


# %% tags=["recipe"]
CARTPOLE_REINFORCE = dict(
    goal=495,
    most_steps=600_000,
    environments=16,
    longest=500,
    learning_rate=0.01,
    discount=0.99,
    hidden=(64,),
    baseline_steps=5,
    check_every=5000,
    check_episodes=50,
)


# %%
def timed(train, *arguments, **settings):
    """Train, and measure the processor's seconds too -> network, learning curve, seconds."""
    began = time.process_time()
    trained, curve = train(*arguments, **settings)
    return trained, curve, time.process_time() - began


seconds, curves = {}, {}
reinforce_policy, curves["REINFORCE"], seconds["REINFORCE"] = timed(
    reinforce, "CartPole-v1", ready.seed, **CARTPOLE_REINFORCE
)
print(f"{len(curves['REINFORCE'])} episodes, {curves['REINFORCE']['steps'].iloc[-1]:,} steps", end=", ")
print(f"{seconds['REINFORCE']:.0f} seconds of processor time")


# %% [markdown]
# Now the test: 100 fresh episodes. (± is one standard error of the mean.)


# %%
def tested(name, model, environment="CartPole-v1"):
    """The returns of 100 fresh episodes, printed in short."""
    found = evaluate(greedy(model), environment, 100, TEST_SEED + 1000 * ready.seed)
    print(f"{name}: {found.mean():.1f} ± {found.std(ddof=1) / 10:.1f}, least {found.min():.0f}, most {found.max():.0f}")
    return found


test_reinforce = tested("REINFORCE with a baseline", reinforce_policy)
outputs = numpy_copy(reinforce_policy)(np.random.default_rng(0).normal(scale=0.1, size=(200, 4)))
expect_varied("REINFORCE: the policy's logits", outputs)

# %% [markdown]
# From about 20 steps to the end of the episode, and nobody has told it anything about poles. The curve follows below, beside those of the other methods.
#
# REINFORCE is simple, but wasteful: it plays, takes **one** step of the gradient, and throws all that it has seen away. It must, since the formula holds for actions drawn from the *present* policy only. Two ways lead further. **DQN** (section 4) learns values, like in the maze, and may use old experience again and again. **PPO** (section 5) stays with the policy and makes careful use of a batch several times.
#
# ## 4 · DQN: Q-learning with a network
#
# Take Q-learning and replace the table by a network: in go four numbers, out comes $Q$ for each action. The loss is the squared distance to $r+\gamma\max Q(s',\cdot)$. Done this way it mostly fails, for three reasons, and each has its cure ([Mnih et al., 2015](https://doi.org/10.1038/nature14236), whose network learned 49 Atari games from pixels with one set of settings):
#
# 1. **Neighbouring steps look alike.** A network that trains on what is happening right now forgets the rest. Cure: a **replay buffer** ([Lin, 1992](https://doi.org/10.1007/BF00992699)) keeps the last many thousand steps, and each minibatch is drawn from it at random.
# 2. **The target runs away.** It is computed by the network itself: every step of the gradient moves the target, too, as if a dog ran after its own tail. Cure: the target comes from an **old copy** of the network, renewed only now and then, the **target network**.
# 3. **The maximum is an optimist.** Estimates err up and down, and the maximum picks those that err up. Cure: **double DQN** ([van Hasselt et al., 2015](https://arxiv.org/abs/1509.06461)); the present network *chooses* the action, the old copy *values* it.
#
# The third you can see without any network. Four actions, all truly worth 0, estimated twice with independent noise:

# %%
noise = np.random.default_rng(ready.seed).normal(size=(2, 100_000, 4))
chooses, values = noise
print(f"largest of four estimates: mean {chooses.max(axis=1).mean():.3f} (truly 0)")
picked = values[np.arange(len(values)), chooses.argmax(axis=1)]
print(f"one estimate chooses, the other values: mean {picked.mean():.3f} ± {picked.std() / np.sqrt(len(picked)):.3f}")

# %% [markdown]
# The present network and its old copy are not independent, so in practice the error only becomes smaller. Now the parts. The buffer is five arrays, written round and round:


# %% tags=["recipe"]
class ReplayBuffer:
    """The last `size` steps; the oldest are written over."""

    def __init__(self, size, features):
        self.size, self.count = size, 0
        self.states, self.following = (np.zeros((size, features), dtype="float32") for _ in range(2))
        self.actions, self.rewards = np.zeros(size, dtype="int32"), np.zeros(size, dtype="float32")
        self.terminated = np.zeros(size, dtype=bool)

    def add(self, states, actions, rewards, following, terminated, wanted):
        """Store the rows of one step of all environments that are `wanted` (True)."""
        places = (self.count + np.arange(int(wanted.sum()))) % self.size
        self.states[places], self.following[places] = states[wanted], following[wanted]
        self.actions[places], self.rewards[places] = actions[wanted], rewards[wanted]
        self.terminated[places] = terminated[wanted]
        self.count += len(places)

    def sample(self, batch, random):
        """Draw `batch` steps -> states, actions, rewards, following, terminated."""
        places = random.integers(min(self.count, self.size), size=batch)
        stored = (self.states, self.actions, self.rewards, self.following, self.terminated)
        return [each[places] for each in stored]


# %% [markdown]
# Which rows are *not* wanted? When an episode ends in one of several environments, that environment must start anew while the others go on. In Gymnasium it does so **at the next step**: the action given then is ignored, the reward is 0, and the new episode's first state comes back ([documentation](https://farama.org/Vector-Autoreset-Mode)). That row is no step of the game. Whoever stores it teaches the network that from a fallen pole one can leap to a standing one. See for yourself, with one cart pushed to the right for ever:

# %%
games = gymnasium.make_vec("CartPole-v1", num_envs=1)
states, _ = games.reset(seed=ready.seed)
for count in range(1, 14):
    following, reward, terminated, truncated, _ = games.step(np.array([1]))
    if terminated[0] or reward[0] == 0:
        angles = f"angle {np.degrees(states[0, ANGLE]):6.1f}° → {np.degrees(following[0, ANGLE]):6.1f}°"
        print(f"step {count}: {angles}, reward {reward[0]:g}, terminated {terminated[0]}")
    states = following

# %% [markdown]
# The targets are NumPy, too. The target network is nothing but an older `numpy_copy`. And where the episode is *terminated*, nothing follows; where it is only *truncated*, the value of the next state counts as always. Keras hands a loss only two arrays, what is wanted and what came out; so the action travels as a first column of what is wanted.


# %% tags=["recipe"]
def double_target(rewards, following, terminated, online, target, discount, double=True):
    """What Q should be for the steps taken, shape (batch,); online and target are functions states -> Q."""
    later = target(following)
    best = (online(following) if double else later).argmax(axis=1)
    return rewards + discount * later[np.arange(len(best)), best] * ~terminated


def chosen_q_loss(wanted, q):
    """Huber's loss of the chosen action's Q; wanted (batch, 2): the action, and what its Q should be."""
    chosen = ops.take_along_axis(q, ops.cast(wanted[:, :1], "int32"), axis=1)
    return keras.losses.huber(wanted[:, 1:], chosen)


def learn_from(buffer, online, target, random, batch, minibatches, discount, double):
    """Draw minibatches from the buffer and take one step of the gradient with each."""
    forward = numpy_copy(online)  # the targets of all minibatches come from the same weights
    states, actions, rewards, following, terminated = buffer.sample(batch * minibatches, random)
    goal = double_target(rewards, following, terminated, forward, target, discount, double)
    wanted = np.column_stack([actions, goal]).astype("float32")
    for rows in np.split(np.arange(len(states)), minibatches):
        online.train_on_batch(states[rows], wanted[rows])


def linear(step, first, last, steps):
    """From `first` to `last` in a straight line over `steps`, then `last`: the schedule of ε."""
    return last + (first - last) * max(0.0, 1 - step / steps)


# %% [markdown]
# Huber's loss is the squared error where it is small and the absolute error where it is large, so that a wild target cannot tear the network away. The whole training:


# %% tags=["recipe"]
def double_dqn(name, seed, *, goal, most_steps, environments=8, hidden=(128, 128), batch=64, minibatches=4,
               learning_rate=1e-3, discount=0.99, reward_scale=1.0, epsilon=(1.0, 0.04, 8000), memory=50_000,
               copy_every=100, learn_after=1000, check_every=1000, check_episodes=50, double=True):  # fmt: skip
    """Train a Q network by (double) DQN -> the network, the learning curve. Steps are counted over all environments."""
    games, random, features, actions = begin(name, environments, seed)
    online = network(features, actions, hidden)
    online.compile(keras.optimizers.Adam(learning_rate), chosen_q_loss, jit_compile=fast.JIT)
    buffer, scores = ReplayBuffer(memory, features), Scores(environments)
    checks = Checks(online, name, check_episodes, goal, check_every)
    target, updates, restarts = numpy_copy(online), 0, np.zeros(environments, dtype=bool)
    states, _ = games.reset(seed=seed)
    while scores.steps < most_steps and not checks.passed(scores.steps):
        explore = random.random(environments) < linear(scores.steps, *epsilon)
        chosen = np.where(explore, random.integers(actions, size=environments), greedy(online)(states))
        following, rewards, terminated, truncated, _ = games.step(chosen)
        buffer.add(states, chosen, reward_scale * rewards, following, terminated, ~restarts)
        scores.add(rewards, terminated | truncated, ~restarts)
        states, restarts = following, terminated | truncated
        if scores.steps >= learn_after:
            learn_from(buffer, online, target, random, batch, minibatches, discount, double)
            updates += minibatches
            if updates % copy_every < minibatches:
                target = numpy_copy(online)
    games.close()
    return checks.best(), scores.table()


# %% tags=["recipe"]
CARTPOLE_DQN = dict(
    goal=495,
    most_steps=80_000,
    hidden=(64, 64),
    batch=128,
    minibatches=2,
    learning_rate=2e-3,
    reward_scale=0.1,
    epsilon=(1.0, 0.04, 4000),
    copy_every=20,
)

# %%
dqn_network, curves["double DQN"], seconds["double DQN"] = timed(double_dqn, "CartPole-v1", ready.seed, **CARTPOLE_DQN)
print(f"{len(curves['double DQN'])} episodes, {curves['double DQN']['steps'].iloc[-1]:,} steps", end=", ")
print(f"{seconds['double DQN']:.0f} seconds of processor time")
test_dqn = tested("double DQN", dqn_network)

# %% [markdown]
# Compare the number of *steps in the environment* with REINFORCE's, and the *seconds*. DQN takes one step of the gradient for every four steps in the world, each on 128 remembered steps; REINFORCE changes its policy once in sixteen whole episodes. So DQN needs fewer steps and more seconds. Where the world is slow or expensive (a robot, a patient), that is what one wants; where it is a fast program, as here, it is not.
#
# Is $Q$ a good forecast? At the beginning of an episode it should be the discounted return: with a pole that never falls and γ = 0.99 that is $1/(1-0.99)=100$. (The training saw a tenth of each reward; then most errors lie where Huber's loss is a square. We undo that.)

# %%
games = gymnasium.make_vec("CartPole-v1", num_envs=100)
first_states, _ = games.reset(seed=TEST_SEED - 1)
q_at_start = numpy_copy(dqn_network)(first_states).max(axis=1) / CARTPOLE_DQN["reward_scale"]
print(f"Q at the beginning: {q_at_start.mean():.1f} ± {q_at_start.std():.1f} (spread over 100 beginnings)")
print("true value of never falling: 100")

# %% [markdown]
# It need not be exact, and is off by up to a tenth in one direction or the other: it has been learned from episodes in which the pole did fall, and the maximum is still an optimist. To act well, only the **order** of the two values must be right.
#
# **Break it.** Is the old copy really needed? We renew it before *every* call, so that there is none, and train both ways for 6,000 steps, without checks. (Double DQN becomes plain DQN by this: the network that chooses and the one that values are then the same.) No state of this game is worth more than 100.

# %%
runaway = {}
for name, copy_every in {"old copy as target": CARTPOLE_DQN["copy_every"], "no old copy": 1}.items():
    settings = CARTPOLE_DQN | dict(copy_every=copy_every, most_steps=6000, check_every=10**9)
    broken, _ = double_dqn("CartPole-v1", ready.seed, **settings)
    runaway[name] = float(numpy_copy(broken)(first_states).max(axis=1).mean() / CARTPOLE_DQN["reward_scale"])
    played = evaluate(greedy(broken), "CartPole-v1", 100, CHECK_SEED).mean()
    print(f"{name:<19}: Q at the beginning {runaway[name]:12,.1f}, mean reward of an episode {played:.1f}")

# %% [markdown]
# The target runs away, and the network runs after it: a little too much in the target becomes too much in the network, and that becomes still more in the next target. And the program does not complain: no error, no NaN, only large numbers. **Look at Q when a DQN does not learn.**
#
# ## 5 · PPO: the careful policy
#
# An **actor–critic** method has two networks: the **actor** is the policy, the **critic** estimates values; REINFORCE with its baseline was nearly one. **PPO**, proximal policy optimisation ([Schulman et al., 2017](https://arxiv.org/abs/1707.06347)), is one of the most used: among others in the training of chat models on human judgements ([Ouyang et al., 2022](https://arxiv.org/abs/2203.02155)). It changes two things.
#
# **It does not wait for the end of an episode.** After 128 steps in each environment it computes advantages, with the critic's guess for what follows. How far should one trust the rewards seen, and from where on the guess? One step seen, then the guess: little noise, but the guess may be wrong. All steps seen: right in the mean, but noisy. **Generalised advantage estimation** ([Schulman et al., 2015](https://arxiv.org/abs/1506.02438)) blends them with a factor λ per step: with $\delta_t = r_t+\gamma V(s_{t+1})-V(s_t)$ it is $A_t=\delta_t+\gamma\lambda A_{t+1}$. After a terminated step $V(s_{t+1})$ counts as 0; at each end of an episode, terminated or truncated, the sum begins anew.


# %% tags=["recipe"]
def advantages(rewards, values, terminated, cut, discount, smoothing):
    """Generalised advantage estimation.

    Args:
        rewards: (time, environments).
        values: (time + 1, environments), the critic's; the row behind the last reward's is that of the last state.
        terminated: (time, environments), True where nothing follows.
        cut: (time, environments), True where the episode ended, terminated or truncated.
        discount, smoothing: γ and λ.

    Returns:
        An array like rewards.
    """
    result, following = np.zeros_like(rewards, dtype="float64"), np.zeros(rewards.shape[1])
    for t in reversed(range(len(rewards))):
        surprise = rewards[t] + discount * values[t + 1] * ~terminated[t] - values[t]
        following = surprise + discount * smoothing * following * ~cut[t]
        result[t] = following
    return result


# %%
random = np.random.default_rng(0)
rewards, values = random.normal(size=(5, 1)), random.normal(size=(6, 1))
nowhere = np.zeros((5, 1), dtype=bool)
whole = returns(rewards, nowhere, values[-1], 0.9) - values[:-1]
one_step = rewards + 0.9 * values[1:] - values[:-1]
for smoothing in (0.0, 0.8, 1.0):
    print(f"λ = {smoothing:g}:", advantages(rewards, values, nowhere, nowhere, 0.9, smoothing)[:, 0].round(3))
print("one step and the guess:", one_step[:, 0].round(3), "\nreturn minus value:    ", whole[:, 0].round(3))

# %% [markdown]
# λ = 0 is one step and the guess, λ = 1 is the whole return minus the value, as it should be.
#
# **It uses each batch several times, but stays near.** After the first step of the gradient the actions no longer come from the present policy. One can correct for that: $\rho=\pi_\text{new}(a\mid s)/\pi_\text{old}(a\mid s)$ says how much likelier the action has become. But if it moves far, the correction becomes noisy and the policy breaks. PPO takes the gain away as soon as the **ratio** has moved by more than 0.2 in the direction that pays:
#
# $$\text{to be made large:}\quad \min\bigl(\rho A,\; \text{clip}(\rho,\,0.8,\,1.2)\,A\bigr)$$

# %%
# Drawing: what PPO makes large, over the ratio.
ratio = np.linspace(0.4, 1.6, 241)
figure, axes = plt.subplots(figsize=(7, 3.4))
for gain, style in ((1.0, "-"), (-1.0, "--")):
    axes.plot(
        ratio,
        np.minimum(ratio * gain, np.clip(ratio, 0.8, 1.2) * gain),
        style,
        label=f"advantage {gain:+g}".replace("-", "−"),
    )
    axes.plot(ratio, ratio * gain, ":", color="grey", linewidth=1)
axes.axvline(1, color="black", linewidth=0.8)
axes.set(xlabel="ratio of new to old probability", ylabel="objective", title="PPO's clipped objective")
axes.legend()
plots.show(
    figure,
    alt="The objective over the ratio from 0.4 to 1.6. For an advantage of +1 it rises with the ratio and is flat from 1.2 on; for −1 it is flat at −0.8 up to a ratio of 0.8 and falls from there. Thin dotted lines show it without clipping.",
)


# %% [markdown]
# Where it is flat the gradient is zero: enough of this action for this batch. On the other side nothing is clipped: if the policy has moved in the *wrong* direction, it may come back. Besides the logits the loss needs three things, the action, its old log-probability and its advantage; they travel in one array. A small bonus for **entropy** (`spread`: how undecided the policy is, largest if all actions are equally probable) can keep the policy from deciding too early; the cart does not need it.


# %% tags=["recipe"]
def clipped_loss(clip, entropy):
    """PPO's loss for logits (batch, actions); packed (batch, 3): action, its old log-probability, advantage."""

    def loss(packed, logits):
        action, old, gain = ops.split(packed, 3, axis=1)
        log_p = ops.log_softmax(logits, axis=-1)
        ratio = ops.exp(ops.take_along_axis(log_p, ops.cast(action, "int32"), axis=1) - old)
        objective = ops.minimum(ratio * gain, ops.clip(ratio, 1 - clip, 1 + clip) * gain)
        spread = -ops.sum(ops.exp(log_p) * log_p, axis=1, keepdims=True)
        return -(objective + entropy * spread)

    return loss


# %% [markdown]
# For the ratio we need the old log-probabilities, and for the batch a stretch of play in all environments:


# %% tags=["recipe"]
def log_probability(logits, actions):
    """NumPy: log softmax of the logits (..., actions), taken at the actions (...)."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return np.take_along_axis(log_p, actions[..., None], axis=-1)[..., 0]


def stretch(actor, games, states, restarts, scores, length, random):
    """Play `length` steps in each environment -> arrays (length, environments, ...), last states, last restarts.

    The arrays: states, actions, rewards, terminated, cut, counted (False where an environment only started anew).
    """
    forward, rows = numpy_copy(actor), []
    for _ in range(length):
        actions = draw(forward(states), random)
        following, rewards, terminated, truncated, _ = games.step(actions)
        cut = terminated | truncated
        rows.append((states, actions, rewards, terminated, cut, ~restarts))
        scores.add(rewards, cut, ~restarts)
        states, restarts = following, cut
    return [np.array(each) for each in zip(*rows)], states, restarts


# %% [markdown]
# And the training. The rows that do not count are left out when the batch is made; it is filled up with repeated rows to keep one shape.


# %% tags=["recipe"]
def ppo(name, seed, *, goal, most_steps, environments=16, length=128, epochs=4, minibatch=128, learning_rate=1e-3,
        discount=0.99, smoothing=0.95, clip=0.2, entropy=0.0, reward_scale=1.0, hidden=(64, 64), check_every=5000,
        check_episodes=50):  # fmt: skip
    """Train by PPO -> the policy network (actor), the learning curve. Steps are counted over all environments."""
    games, random, features, actions = begin(name, environments, seed)
    actor, critic = network(features, actions, hidden, "tanh"), network(features, 1, hidden, "tanh")
    actor.compile(keras.optimizers.Adam(learning_rate), clipped_loss(clip, entropy), jit_compile=fast.JIT)
    critic.compile(keras.optimizers.Adam(learning_rate), "mse", jit_compile=fast.JIT)
    scores, checks = Scores(environments), Checks(actor, name, check_episodes, goal, check_every)
    (states, _), restarts = games.reset(seed=seed), np.zeros(environments, dtype=bool)
    while scores.steps < most_steps and not checks.passed(scores.steps):
        rows, states, restarts = stretch(actor, games, states, restarts, scores, length, random)
        seen, chosen, rewards, terminated, cut, counted = rows
        value = numpy_copy(critic)(np.concatenate([seen, states[None]]))[:, :, 0]
        gain = advantages(reward_scale * rewards, value, terminated, cut, discount, smoothing)
        target = (gain + value[:-1])[counted][:, None].astype("float32")
        old = log_probability(numpy_copy(actor)(seen), chosen)[counted]
        gain = (gain[counted] - gain[counted].mean()) / (gain[counted].std() + 1e-8)
        seen, packed = seen[counted], np.column_stack([chosen[counted], old, gain]).astype("float32")
        for _ in range(epochs):
            order = np.resize(random.permutation(len(seen)), length * environments)
            for batch in np.split(order, len(order) // minibatch):
                actor.train_on_batch(seen[batch], packed[batch])
                critic.train_on_batch(seen[batch], target[batch])
    games.close()
    return checks.best(), scores.table()


CARTPOLE_PPO = dict(goal=495, most_steps=300_000, reward_scale=0.01)

# %%
ppo_policy, curves["PPO"], seconds["PPO"] = timed(ppo, "CartPole-v1", ready.seed, **CARTPOLE_PPO)
print(f"{len(curves['PPO'])} episodes, {curves['PPO']['steps'].iloc[-1]:,} steps", end=", ")
print(f"{seconds['PPO']:.0f} seconds of processor time")
test_ppo = tested("PPO", ppo_policy)

# %% [markdown]
# **One seed is an anecdote.** Two runs of one program can differ a lot here ([Henderson et al., 2017](https://arxiv.org/abs/1709.06560)): a lucky step early on changes all the data that come later. Therefore each method was trained with the seeds 0, 1 and 2 by `course/day16_reinforcement_learning/curves/train.py`, which runs the very cells you have just read. Its curves and its tests (100 fresh episodes for each seed) are stored beside it; the broad grey band is the run you have just seen. (With seed 1, on a machine like ours, it lies exactly under the line of seed 1.)


# %%
# Drawing: reading what is stored.
LOOKS = (("--", "o", plots.COLOURS[0]), (":", "^", plots.COLOURS[5]), ("-.", "s", plots.COLOURS[2]))  # of three seeds
STORED = data.ROOT / "course" / "day16_reinforcement_learning" / "curves"


def results(method):
    """The stored tests of a method: one row for each seed."""
    table = pd.read_csv(STORED / "results.csv")
    return table[table["method"] == method].reset_index(drop=True)


def smooth(curve):
    """Mean of the last 20 episodes, over the steps in thousands."""
    mean = curve["return"].rolling(20, min_periods=1).mean()
    return mean.groupby(curve["steps"] / 1000).last()  # episodes that ended at the same step are one point


# %%
# Drawing: the stored curves of three seeds, and our own.
def draw_curves(methods, goal, title):
    """methods: label -> (method, our own curve or None); one panel for each."""
    figure, panels = plt.subplots(1, len(methods), figsize=(3.4 * len(methods) + 0.6, 4.2), sharey=True, squeeze=False)
    told = []
    for axes, (label, (method, own)) in zip(panels[0], methods.items()):
        stored, tests = pd.read_csv(STORED / f"{method}.csv"), results(method)
        if own is not None:
            axes.plot(smooth(own), color="0.8", linewidth=6, label="this run")
        for (seed, curve), (style, marker, colour) in zip(stored.groupby("seed"), LOOKS):
            axes.plot(smooth(curve), style, color=colour, linewidth=1.5, label=f"seed {seed}")
            test = tests[tests["seed"] == seed]
            axes.plot(test["steps"] / 1000, test["mean"], marker, color=colour, markersize=7, label="its test")
        axes.axhline(goal, color="grey", linewidth=0.8)
        axes.set(xlabel="steps (thousands)", title=label)
        means = ", ".join(f"{mean:.0f}" for mean in tests["mean"])
        told.append(f"{label}: up to {stored['steps'].max() / 1000:.0f} thousand steps, tested at {means}")
    panels[0][0].set_ylabel("reward of an episode (mean of 20)")
    figure.legend(
        *panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=7, fontsize=8.5, columnspacing=1
    )
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    plots.show(
        figure,
        alt=f"{title}: reward per training episode over the steps taken, three seeds in three line styles; this run, where there is one, as a broad grey band; a thin line at {goal}. A marker at each curve's end is the test without exploration. {'; '.join(told)}.",
    )


# %%
draw_curves(
    {
        "REINFORCE": ("cartpole_reinforce", curves["REINFORCE"]),
        "double DQN": ("cartpole_dqn", curves["double DQN"]),
        "PPO": ("cartpole_ppo", curves["PPO"]),
    },
    475,
    "CartPole",
)

# %%
methods = {"REINFORCE": "cartpole_reinforce", "double DQN": "cartpole_dqn", "PPO": "cartpole_ppo"}
ours = {"REINFORCE": test_reinforce, "double DQN": test_dqn, "PPO": test_ppo}
rows = {"at random": {"this run": f"{random_returns.mean():.1f}"}}
rows |= {"a rule of two numbers": {"this run": f"{baselines['angle + 0.2 × angular speed'].mean():.1f}"}}
for label, method in methods.items():
    stored = results(method)
    rows[label] = {
        "this run": f"{ours[label].mean():.1f} ± {ours[label].std(ddof=1) / 10:.1f}",
        "steps": f"{curves[label]['steps'].iloc[-1]:,}",
        "CPU seconds": f"{seconds[label]:.0f}",
        "seeds 0, 1, 2": " / ".join(f"{mean:.0f}" for mean in stored["mean"]),
        "their CPU seconds": " / ".join(f"{each:.0f}" for each in stored["seconds"]),
    }
pd.DataFrame(rows).transpose().fillna("–")

# %% [markdown]
# Note that the curves show the reward **while exploring**: DQN acts at random in 4 steps of 100, REINFORCE and PPO draw their actions. The tests in the table are without that. They stand at the end of each curve as a marker. And a curve breaks off as soon as a check has been passed, often in the middle of its rise.
#
# All three reach the goal. Which is the best? On the cart: the fastest. In general: values that learn from old data (DQN and its heirs) where experience is expensive and actions are few; policies (PPO) where experience is cheap or actions are continuous.

# %% [markdown]
# ## 6 · LunarLander: a harder task
#
# CartPole forgives much. [LunarLander-v3](https://gymnasium.farama.org/environments/box2d/lunar_lander/) does not: a landing craft comes in with a random push over random hills, and shall come to rest between two flags. It can fail by crashing, by flying out of the picture, and by never coming down.
#
# | state (8 numbers) | actions (4) | reward |
# |---|---|---|
# | place: across, height | 0: nothing | closer to the pad, slower, more upright: plus; the reverse: minus |
# | speed: across, upwards | 1: left side engine | each leg on the ground: +10 |
# | angle, turning speed | 2: main engine | fuel: −0.3 a step for the main engine, −0.03 for a side engine |
# | left leg, right leg on the ground (0 or 1) | 3: right side engine | at the end: +100 at rest, −100 crashed or out of the picture |
#
# The makers call an episode with a return of 200 or more a solution. An episode is cut off after 1,000 steps.
#
# **Baselines first.** How well does a pilot do who presses buttons at random? And how well does an engineer's rule, which knows what the eight numbers mean? Ours has four thoughts: lean against the drift; turn towards that angle, more gently the faster one turns already; fire the main engine if the craft falls faster than its height allows; leave the side engines off once a leg is on the ground.


# %%
def engineer(states):
    """A rule written by hand: states (n, 8) -> actions (n,)."""
    across, height, speed_across, speed_up, angle, turning, left_leg, right_leg = states.T
    wanted_angle = np.clip(0.5 * across + speed_across, -0.4, 0.4)
    turn = wanted_angle - angle - turning
    actions = np.select([turn > 0.1, turn < -0.1], [1, 3], default=0)
    standing = left_leg + right_leg > 0
    actions[standing] = 0
    too_fast = speed_up < -(0.1 + 0.4 * height)
    actions[too_fast & (~standing | (speed_up < -0.1))] = 2
    return actions


button_random = np.random.default_rng(ready.seed)
pilots = {
    "buttons at random": lambda states: button_random.integers(4, size=len(states)),
    "engine never on": lambda states: np.zeros(len(states), dtype=int),
    "engineer's rule": engineer,
}
GAME = "LunarLander-v3"
lander_seed = TEST_SEED + 1000 * ready.seed
lander_returns = {name: evaluate(policy, GAME, 100, lander_seed) for name, policy in pilots.items()}
for name, values in lander_returns.items():
    print(f"{name:<18} mean return {values.mean():7.1f}, {np.mean(values >= 200):.0%} of 100 episodes at 200 or more")

# %% [markdown]
# The rule is good. Keep its number in mind: **whoever knows the mechanics of a problem may need no learning at all.** Its author, however, knows which number is the angle and which way is down. The network is told nothing of that. It gets eight numbers, four buttons and a reward, and must find out by crashing.
#
# ### Fewer decisions
#
# The game asks for a button at every step, 50 times in a second of flight. For learning that is bad in two ways. One random press changes next to nothing, and the next one undoes it: trying out at random becomes trembling on the spot. And the reward for a landing must find its way back over hundreds of decisions. The agents that learned Atari games decided at every fourth picture only, and their action was repeated in between ([Mnih et al., 2015](https://doi.org/10.1038/nature14236)). We do the same. A Gymnasium **wrapper** stands around an environment and changes what goes in or comes out; ours holds each action for four steps and adds up their rewards. The game, its rewards and its end stay as they are, so the returns can be compared.


# %% tags=["recipe"]
class HeldLander(gymnasium.Wrapper):
    """LunarLander-v3 in which each action is held for four steps of the game; their rewards add up."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 12.5}  # noqa: RUF012

    def __init__(self, **settings):
        super().__init__(gymnasium.make("LunarLander-v3", **settings))

    def step(self, action):
        total = 0.0
        for _ in range(4):
            state, reward, terminated, truncated, info = self.env.step(action)
            total += reward
            if terminated or truncated:
                break
        return state, total, terminated, truncated, info


LANDER = "HeldLander-v0"
if LANDER not in gymnasium.registry:
    gymnasium.register(LANDER, HeldLander)

# %%
lander_returns["engineer's rule, held"] = evaluate(engineer, LANDER, 100, lander_seed)
held = lander_returns["engineer's rule, held"]
print(
    f"engineer's rule, held: mean return {held.mean():.1f}, {np.mean(held >= 200):.0%} of 100 episodes at 200 or more"
)

# %% [markdown]
# What does the holding cost? The engineer's rule, which was made for deciding at every step, loses some points by it. An agent that learns under these conditions can allow for them.
#
# ### Double DQN, the same function with other settings
#
# We call `double_dqn` of section 4 with `LANDER` in the place of CartPole. Besides the goal, the limit of steps and the checks, six settings differ. Five are in the table; the sixth, the size of the replay buffer, comes after it:
#
# | setting | CartPole | here | why |
# |---|---|---|---|
# | network | 64, 64 | 128, 128 | eight numbers instead of four, and much more to tell apart |
# | learning rate | 0.002 | 0.001 | the rewards are noisier |
# | minibatches a call | 2 | 4 | a step of flight costs more time than a step of the cart: make more of each |
# | ε falls over | 4,000 steps, to 0.04 | 10,000 steps, to 0.02 | there is more to find, and a random button near the ground costs a landing |
# | old copy renewed every | 20 updates | 500 updates | found by trying, on other episodes than the test's: the target stands still for about 1,000 decisions, on the cart for 80 steps |
#
# The replay buffer (`memory`) holds 100,000 steps instead of 50,000, so in our run of at most 40,000 nothing is written over: an agent that sees only its landings forgets what not to do.
#
# One thing that you know from sections 1 and 3 matters here, too: **the end by time limit is no end**. A craft that hovers until step 1,000 has not been punished and has not arrived; the game was merely switched off. If the target treats that state as worth 0, as after a crash, it learns that time is running out, which it cannot see in its eight numbers. So the buffer keeps `terminated` and not `truncated`, and after a mere cut the value of the next state still counts ([Pardo et al., 2018](https://arxiv.org/abs/1712.00378)).

# %% tags=["recipe"]
LANDER_DQN = dict(
    goal=225,
    most_steps=40_000,
    hidden=(128, 128),
    batch=128,
    minibatches=4,
    learning_rate=1e-3,
    reward_scale=0.1,
    epsilon=(1.0, 0.02, 10_000),
    memory=100_000,
    copy_every=500,
    check_every=2500,
    check_episodes=40,
)
LANDER_PPO = dict(
    goal=225,
    most_steps=400_000,
    length=256,
    minibatch=256,
    epochs=6,
    learning_rate=1e-3,
    discount=0.99,
    smoothing=0.95,
    entropy=0.01,
    reward_scale=0.03,
    check_every=15_000,
    check_episodes=40,
)

# %% [markdown]
# Now it learns, live. This is the longest cell of the day: about a minute. It stops when a check of 40 episodes has a mean of 225 or more. (A bit more than 200, since whoever stops at a good check has been lucky, too.) Those are not the episodes of the test.

# %%
lander_network, lander_curve, seconds["lander"] = timed(double_dqn, LANDER, ready.seed, **LANDER_DQN)
print(f"{len(lander_curve)} episodes, {lander_curve['steps'].iloc[-1]:,} decisions", end=", ")
print(f"{seconds['lander']:.0f} seconds of processor time")
print(f"the first ten episodes had a mean return of {lander_curve['return'][:10].mean():.0f}")

# %%
test_lander = tested("double DQN", lander_network, LANDER)
lander_returns["double DQN"] = test_lander
print(f"{np.mean(test_lander >= 200):.0%} of the episodes at 200 or more")

# %% [markdown]
# Nobody has shown it a single landing, and it flies in the neighbourhood of the engineer's rule.
#
# ### PPO, to compare
#
# PPO of section 5 learns the same task with the second dictionary: stretches of 256 decisions, six passes over each, and a small bonus for entropy, so that it does not settle for hovering too early. To keep the notebook short we only draw its stored runs. (If you have a minute or two: `ppo(LANDER, ready.seed, **LANDER_PPO)`.) As for CartPole, `curves/train.py` trained both methods with the seeds 0, 1 and 2 by the cells of this lesson; the broad grey band is the run you have just seen. A step is a decision here, four steps of the game.

# %%
draw_curves({"double DQN": ("lander_dqn", lander_curve), "PPO (stored runs)": ("lander_ppo", None)}, 200, "LunarLander")

# %%
stored = pd.concat([results("lander_dqn"), results("lander_ppo")], ignore_index=True)
print(stored.drop(columns=["machine", "keras"]).round(1).to_string(index=False))

# %% [markdown]
# The way is much the same in all runs of double DQN. First it crashes. Then it learns not to crash, by **hovering**: the thousands of steps with hardly a new episode, at returns around zero. Hovering costs fuel and brings nothing, but it is far better than to crash. Then it finds the ground, now and then at first, later nearly always, and the curve climbs past 200.
#
# The table's `mean` comes from 100 fresh episodes each, with its standard error. Compare three columns, not one:
#
# - **steps**: what it costs if every decision is a real flight. DQN uses each of them again and again: for every 8 new ones it draws 512 from its buffer, so each is used about 64 times. PPO uses each six times, throws it away and must fly again. It needs several times as many.
# - **seconds**: what it costs if flying is free, as in a simulator. There PPO catches up, for each of its steps is cheap.
# - **mean**: how good it is in the end. Both pass 200 with every seed, PPO with seed 2 only just (look at its standard error), although that agent had passed its check at 225: the check flatters. How far each would come with more steps, these runs do not say.
#
# ### What does it do, and does it know what it does?
#
# A mean hides how the craft flies. We fly the 100 test episodes again and keep every state.


# %%
def follow(policy, name, episodes, seed):
    """Play episodes side by side; return states, rewards, `playing` and `terminated`, each (time, episodes, …)."""
    games = gymnasium.make_vec(name, num_envs=episodes, vectorization_mode="sync")
    states, _ = games.reset(seed=seed)
    playing, seen = np.ones(episodes, dtype=bool), []
    while playing.any():
        following, rewards, terminated, truncated, _ = games.step(policy(states))
        seen.append((states, rewards * playing, playing, terminated & playing))
        states, playing = following, playing & ~(terminated | truncated)
    games.close()
    return [np.array(part) for part in zip(*seen)]


flights = {
    "engineer's rule": follow(engineer, GAME, 100, lander_seed),
    "double DQN": follow(greedy(lander_network), LANDER, 100, lander_seed),
}
held_for = {"engineer's rule": 1, "double DQN": 4}  # steps of the game for each decision
flight_steps = {name: held_for[name] * playing.sum(axis=0) for name, (_, _, playing, _) in flights.items()}
for name, steps in flight_steps.items():
    print(f"{name:<16} median flight {np.median(steps):.0f} steps, cut off at 1,000: {np.mean(steps == 1000):.0%}")

# %%
# Drawing: the first twelve flights of both pilots.
figure, pictures = plt.subplots(1, 2, figsize=(9, 3.8), sharex=True, sharey=True)
for axes, (name, (states, rewards, playing, _)) in zip(pictures, flights.items()):
    for flight in range(12):
        path = states[playing[:, flight], flight]
        good = rewards[:, flight].sum() >= 200
        colour, marker = (plots.COLOURS[0], "o") if good else (plots.COLOURS[5], "X")
        axes.plot(path[:, 0], path[:, 1], "-" if good else "--", color=colour, linewidth=1.2)
        axes.plot(*path[-1, :2], marker, color=colour, markersize=7, markeredgecolor="black")
    axes.plot([-0.2, 0.2], [-0.02, -0.02], color="black", linewidth=4)
    axes.set(title=name, xlabel="across (half picture widths)")
pictures[0].set_ylabel("height over the pad\n(half picture heights)")
solved = [int((rewards[:, :12].sum(axis=0) >= 200).sum()) for _, rewards, _, _ in flights.values()]
plots.show(
    figure,
    alt=f"Paths of the first twelve test flights from the top to the ground, for two pilots; the pad is a black bar at height 0. Solid lines that end in a dot reached a return of 200: {solved[0]} of 12 by the engineer's rule, {solved[1]} of 12 by the network; dashed lines that end in a cross did not.",
)

# %% [markdown]
# A network trained by Q-learning also **claims** something: $\max_a Q(s, a)$ is the discounted return that it promises from here on. A promise can be checked. For flights that ended by themselves, we compute the discounted return that really came (with `returns` of section 3) and set it beside the promise, at every 5th decision.

# %%
states, rewards, playing, terminated = flights["double DQN"]
came = returns(0.1 * rewards, terminated, np.zeros(rewards.shape[1]), 0.99)
promised = numpy_copy(lander_network)(states.reshape(-1, 8)).max(axis=1).reshape(came.shape)
counted = playing & terminated.any(axis=0)
counted[np.arange(len(counted)) % 5 != 0] = False
promise_correlation = np.corrcoef(promised[counted], came[counted])[0, 1]
promise_gap = (promised - came)[counted].mean()
print(f"{counted.sum():,} places; promised on average {promised[counted].mean():.2f}, came {came[counted].mean():.2f}")
print(f"promised minus came {promise_gap:+.2f}; correlation {promise_correlation:.2f}")

# %%
# Drawing: what was promised and what came.
figure, axes = plt.subplots(figsize=(5.2, 4.4))
axes.plot(came[counted], promised[counted], "o", markersize=3, alpha=0.4, label="a place of a test flight")
ends = [min(came[counted].min(), promised[counted].min()), max(came[counted].max(), promised[counted].max())]
axes.plot(ends, ends, "--", color="black", label="as promised")
axes.set(xlabel="discounted return that came (reward × 0.1)", ylabel="promised: largest Q (reward × 0.1)")
axes.legend(loc="upper left")
plots.show(
    figure,
    alt=f"{counted.sum()} places of test flights: the return that came, across, against the return promised, upwards, with the diagonal dashed. The correlation is {promise_correlation:.2f}; on average {abs(promise_gap):.2f} too {'much' if promise_gap > 0 else 'little'} is promised.",
)

# %% [markdown]
# The cloud rises: by and large the network knows which places are better than others. But it lies far **below** the diagonal: the network promises too little. Probably because we stopped it at the first good check: landings were still new to it, and what a landing is worth must travel back from decision to decision, through an old copy that is renewed every 500 updates. To act, the order is enough. Whoever needs the number itself must check it, as we did here. (A plain DQN errs on the other side when it has learned long, as section 4 says: [van Hasselt et al., 2015](https://arxiv.org/abs/1509.06461).)
#
# ## 7 · The same task with TF-Agents
#
# You have written REINFORCE, DQN and PPO yourself. In practice one takes a library. TensorFlow's is [TF-Agents](https://github.com/tensorflow/agents): environments, networks, buffers, drivers, and agents from REINFORCE to soft actor–critic, all made to fit together. Before you build on it you should know its **status**:
#
# - Its last release, 0.19.0, is of [December 2023](https://pypi.org/project/tf-agents/#history). It was made for **Keras 2** and has not been carried over to Keras 3, which is what `tf.keras` has meant [since TensorFlow 2.16](https://blog.tensorflow.org/2024/03/whats-new-in-tensorflow-216.html).
# - It runs all the same, with the package `tf-keras`, which is Keras 2 under another name, and with the environment variable **`TF_USE_LEGACY_KERAS=1`**, which makes `tf.keras` mean that package. The variable must be set **before TensorFlow is imported**, and then holds for the whole process. This notebook has long imported TensorFlow with Keras 3, so TF-Agents gets **a process of its own**: we write a script and let Python run it.
# - It **pins** old versions: `typing-extensions==4.5.0`, `pygame==2.1.3`, `tensorflow-probability~=0.23.0`. They do not go together with newer packages that this course needs. The course's `pyproject.toml` lifts the pins, leaves `pygame` out (Gymnasium draws with its successor `pygame-ce`), and holds NumPy below 2.4, because TF-Agents' `ActorDistributionNetwork` calls `int()` on an array of one element, which NumPy 2.4 refuses. (We build the actor another way.)
#
# So: good to know, since much code uses it; good to read, since its parts are cleanly separated; for something new think twice.
#
# ### The environment, line by line
#
# TF-Agents does not know Gymnasium, only its forerunner Gym. We write a wrapper. It is the part that you will always write yourself when your task is no ready-made game, so here it is line by line.

# %%
WRAPPER = """
import os, sys, time, warnings

os.environ["TF_USE_LEGACY_KERAS"] = "1"  # before the first import of TensorFlow, or it is too late
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import gymnasium, numpy as np, tensorflow as tf
from tf_agents.environments import py_environment, tf_py_environment
from tf_agents.specs import array_spec
from tf_agents.trajectories import time_step

class CartPole(py_environment.PyEnvironment):
    def __init__(self, seed):
        super().__init__(handle_auto_reset=True)
        self.game, self.next_seed = gymnasium.make("CartPole-v1"), seed
    def observation_spec(self):
        return array_spec.ArraySpec((4,), np.float32, "observation")
    def action_spec(self):
        return array_spec.BoundedArraySpec((), np.int32, 0, 1, "action")
    def _reset(self):
        state, _ = self.game.reset(seed=self.next_seed)
        self.next_seed = None
        return time_step.restart(state)
    def _step(self, action):
        state, reward, terminated, truncated, _ = self.game.step(int(action))
        if terminated:
            return time_step.termination(state, reward)
        return (time_step.truncation if truncated else time_step.transition)(state, reward)
"""

# %% [markdown]
# | line | what it is for |
# |---|---|
# | `class CartPole(py_environment.PyEnvironment)` | every environment written in Python is a subclass; it must have the four methods below |
# | `handle_auto_reset=True` | after an episode's last step, the next call of `step` begins a new episode by itself |
# | `observation_spec` | what a state looks like: four 32-bit numbers. Networks and buffers are built from this, without a trial run |
# | `action_spec` | what an action looks like: one whole number (shape `()`), from 0 to 1 |
# | `_reset` | with the underscore: TF-Agents' own `reset` calls it and remembers the result. `next_seed` is used once; with it in every episode all would begin alike |
# | `time_step.restart(state)` | the first step of an episode: type FIRST, reward 0, discount 1 |
# | `_step`, `int(action)` | the action comes as a NumPy number; Gymnasium wants a whole number of Python's own |
# | `time_step.transition(state, reward)` | a step in between: type MID, discount 1 |
# | `time_step.termination(state, reward)` | the pole has fallen: type LAST, **discount 0**, nothing comes after |
# | `time_step.truncation(state, reward)` | the time is up: type LAST, but **discount 1**, since something would have come (the trap of section 6). `ReinforceAgent` makes no use of it: it adds up only the rewards it has seen; agents that learn Q values use it |
#
# A *time step* is thus what `env.step` gives, in one parcel: type, reward, discount, state.
#
# ### The agent
#
# The actor is a network whose last layer gives not numbers but a **distribution** over the actions (from TensorFlow Probability, day 17's subject). The critic is the baseline of section 3. The *driver* lets the policy play, the *buffer* writes down what happened.

# %%
AGENT = """
import tensorflow_probability as tfp
from tf_agents.agents.reinforce import reinforce_agent
from tf_agents.drivers import dynamic_episode_driver
from tf_agents.networks import sequential, value_network
from tf_agents.replay_buffers import tf_uniform_replay_buffer
from tf_agents.utils import common

tf.get_logger().setLevel("ERROR")
seed = int(sys.argv[1])
tf.keras.utils.set_random_seed(seed)
environment = tf_py_environment.TFPyEnvironment(CartPole(seed))
states, actions = environment.observation_spec(), environment.action_spec()

hidden, logits = tf.keras.layers.Dense(100, activation="relu"), tf.keras.layers.Dense(2)
choice = tf.keras.layers.Lambda(lambda numbers: tfp.distributions.Categorical(logits=numbers))
actor = sequential.Sequential([hidden, logits, choice], input_spec=states)
critic = value_network.ValueNetwork(states, fc_layer_params=(100,))
agent = reinforce_agent.ReinforceAgent(
    environment.time_step_spec(), actions, actor_network=actor, value_network=critic,
    optimizer=tf.keras.optimizers.Adam(5e-3), normalize_returns=True,
)
agent.initialize()
buffer = tf_uniform_replay_buffer.TFUniformReplayBuffer(agent.collect_data_spec, batch_size=1, max_length=2500)
driver = dynamic_episode_driver.DynamicEpisodeDriver(
    environment, agent.collect_policy, observers=[buffer.add_batch], num_episodes=4
)
collect = common.function(driver.run)  # as a TensorFlow graph: much faster than step by step
"""

# %% [markdown]
# `agent.collect_policy` draws its actions (it must explore); `agent.policy` would take the most probable one. The loop is the one of section 3: play four episodes, learn from them, throw them away. REINFORCE must not keep old episodes, for they were played by another policy: hence `buffer.clear()`. When to stop is ours to say: as before, after 50 check episodes, always with the most probable action, on the seed set aside for checks. At the end the script hands us its numbers as plain arrays.

# %%
TRAINING = """
def check(episodes=50):
    first, second = hidden.get_weights(), logits.get_weights()
    games = gymnasium.make_vec("CartPole-v1", num_envs=episodes)
    (state, _), steps, playing = games.reset(seed=500_000), 0, np.ones(episodes, dtype=bool)
    while playing.any():
        choice = (np.maximum(state @ first[0] + first[1], 0) @ second[0] + second[1]).argmax(axis=1)
        state, _, terminated, truncated, _ = games.step(choice)
        steps, playing = steps + playing.sum(), playing & ~(terminated | truncated)
    return steps / episodes

finished, began = [], time.process_time()
for iteration in range(1, 121):
    collect()
    experience = buffer.gather_all()  # everything has the shape (1, steps, …)
    agent.train(experience)
    buffer.clear()
    so_far = np.cumsum(experience.reward.numpy()[0])
    finished += np.diff(so_far[experience.is_last().numpy()[0]], prepend=0).tolist()
    if iteration % 5 == 0:
        found = check()
        print(f"iteration {iteration:3}: last 20 episodes {np.mean(finished[-20:]):5.1f}, check {found:5.1f}")
        if found >= 495:
            break
used = time.process_time() - began
keras_used = tf.keras.layers.Dense.__module__.split(".")[0]
print(f"tf.keras is {keras_used}: {iteration} iterations, {used:.0f} CPU seconds without the imports")
np.savez(sys.argv[2], *hidden.get_weights(), *logits.get_weights(), returns=finished, seconds=used)
"""

# %%
with tempfile.TemporaryDirectory() as folder:
    script, answer = Path(folder, "cartpole.py"), Path(folder, "answer.npz")
    script.write_text(WRAPPER + AGENT + TRAINING, encoding="utf-8")
    command = [sys.executable, str(script), str(ready.seed), str(answer)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    print(done.stdout)
    if done.returncode:
        print(done.stderr[-3000:])  # what it says only matters if it failed
    done.check_returncode()
    with np.load(answer) as stored_answer:
        agents_returns, agents_seconds = stored_answer["returns"], float(stored_answer["seconds"])
        agents_weights = [stored_answer[f"arr_{number}"] for number in range(4)]
seconds["TF-Agents"] = agents_seconds

# %% [markdown]
# Its weights are four arrays, and arrays know nothing of Keras 2 or 3. We put them into a network of ours, and test it exactly like the others: 100 fresh episodes, always the most probable action.

# %%
agents_policy = network(4, 2, hidden=(100,))
agents_policy.set_weights(agents_weights)
test_agents = evaluate(greedy(agents_policy), "CartPole-v1", 100, TEST_SEED + 1000 * ready.seed)
cartpole_tests = {
    "REINFORCE with baseline, ours": test_reinforce,
    "REINFORCE with baseline, TF-Agents": test_agents,
    "double DQN, ours": test_dqn,
    "PPO, ours": test_ppo,
}
for name, values in cartpole_tests.items():
    print(f"CartPole, {name:<35} mean return {values.mean():5.1f}, worst {values.min():3.0f}")

# %%
# Drawing: TF-Agents' training episodes.
figure, axes = plt.subplots()
episodes = np.arange(1, len(agents_returns) + 1)
axes.plot(episodes, agents_returns, ".", color="grey", label="an episode")
means = np.convolve(agents_returns, np.ones(20) / 20, mode="valid")
axes.plot(episodes[19:], means, "-", label="mean of the last 20")
axes.axhline(475, color="black", linestyle=":", label="475")
axes.set(xlabel="training episode", ylabel="return (steps)", title="CartPole, REINFORCE by TF-Agents")
axes.legend(loc="center left")
plots.show(
    figure,
    alt=f"Return of each of {len(agents_returns)} training episodes as grey dots and the mean of the last 20 as a line. It climbs from {means[0]:.0f} to {means[-1]:.0f}; the dotted line is 475.",
)

# %% [markdown]
# The line may end well below 475 although the test is above: in training the agent draws its actions, in the test it takes the most probable one.
#
# The same algorithm, the same result, and we wrote neither the returns nor the loss. Note the seconds, too: one environment, step by step in Python, against our 16 in one array. What the library does not do for you: the wrapper, the choice of settings, the test on fresh episodes. And its status is a risk that you take with it.
#
# ## 8 · Video: watch what it learned
#
# A return of 220 is a number. Watch it fly. In a notebook there is often no display (on a server never), and a game that wants to open a window then fails. Two settings help: `render_mode="rgb_array"` makes Gymnasium give each picture as an **array** of shape (height, width, 3) and not as a window, and `SDL_VIDEODRIVER=dummy` tells the drawing library that there is no screen. We play one episode, keep a picture for every fourth step of the game, at half size, and show them with the player that you know from sections 1 and 2.

# %%
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")


def half_size(picture):
    """(height, width, 3) -> the mean of each square of four points."""
    height, width, _ = picture.shape
    return picture.reshape(height // 2, 2, width // 2, 2, 3).mean(axis=(1, 3)).astype("uint8")


def take_pictures(policy, name, seed, every):
    """Play one episode; return its pictures, every few steps one, (pictures, height, width, 3), and its return."""
    game = gymnasium.make(name, render_mode="rgb_array")
    state, _ = game.reset(seed=seed)
    pictures, total, step, over = [], 0.0, 0, False
    while not over:
        if step % every == 0:
            pictures.append(half_size(game.render()))
        state, reward, terminated, truncated, _ = game.step(int(policy(state[None])[0]))
        total, step, over = total + reward, step + 1, terminated or truncated
    pictures.append(half_size(game.render()))
    game.close()
    return np.array(pictures), total


# %%
FILM_SEED = TEST_SEED + 77  # one episode, not chosen for its beauty
keras.utils.set_random_seed(ready.seed)
lander_films = {
    "untrained network": take_pictures(greedy(network(8, 4)), LANDER, FILM_SEED, every=1),
    "double DQN": take_pictures(greedy(lander_network), LANDER, FILM_SEED, every=1),
}
for name, (pictures, total) in lander_films.items():
    print(f"{name:<18} {len(pictures)} pictures of shape {pictures.shape[1:]}, return {total:.0f}")


# %%
def show_films(films, title, alt, most=70):
    """Play films side by side; a film that is over stands still at its last picture."""
    longest = max(len(pictures) for pictures, _ in films.values())
    chosen = np.linspace(0, longest - 1, min(longest, most)).astype(int)
    figure, grid = plt.subplots(1, len(films), figsize=(7.2, 2.9))
    shown = []
    for axes, (name, (pictures, total)) in zip(grid, films.items()):
        axes.set(xticks=[], yticks=[])
        axes.spines[["top", "right"]].set_visible(True)
        axes.set_title(f"{name}, return {total:.0f}", fontsize=10)
        shown.append(axes.imshow(pictures[0]))
    figure.suptitle(title)

    def draw(frame):
        for image, (pictures, _) in zip(shown, films.values()):
            image.set_data(pictures[min(chosen[frame], len(pictures) - 1)])

    plots.animate(figure, draw, frames=len(chosen), alt=alt, seconds=8)


told = "; ".join(f"{name}: return {total:.0f}" for name, (_, total) in lander_films.items())
show_films(
    lander_films,
    "LunarLander: before and after",
    alt=f"Two films of the same start over the same white hills under a black sky, with a purple craft above a pad between two yellow flags. {told}.",
)

# %% [markdown]
# And CartPole, with PPO's policy: a pole on a cart that can only be pushed to the left or to the right.

# %%
cartpole_films = {
    "untrained network": take_pictures(greedy(network(4, 2)), "CartPole-v1", FILM_SEED, every=4),
    "PPO": take_pictures(greedy(ppo_policy), "CartPole-v1", FILM_SEED, every=4),
}
told = "; ".join(f"{name}: return {total:.0f}" for name, (_, total) in cartpole_films.items())
show_films(
    cartpole_films,
    "CartPole: before and after",
    alt=f"Two films of a pole on a cart on a line, from the same start. The film of the untrained network stops when the pole leans too far; the other runs on while the cart makes small moves under the pole. {told}.",
)

# %% [markdown]
# Watch films with care: one flight is one flight, and the eye is easily won over. What counts is the 100 episodes above. Films are for what numbers do not say, such as *how* it fails. (To get a file for a talk, `gymnasium.wrappers.RecordVideo` writes MP4, with the package `moviepy`.)
#
# ## 9 · Tree search: from tic-tac-toe to AlphaZero
#
# All agents so far act by reflex: state in, action out. A chess player also **thinks ahead**: if I do this, she does that. One may think ahead if one knows the rules, that is, if one can ask *what would happen?* without doing it. The game programs that beat world champions join both: a network for the reflex, a **tree search** for the thinking. We write the search, for tic-tac-toe, where we can check every answer.
#
# A position is two whole numbers of nine bits, one for each field (bit 0 at the top left, bit 8 at the bottom right): the fields that belong to whoever is **to move** (`mine`), and the other player's (`theirs`). After a move the two change places, so that we never need to say who is X.

# %%
LINES = [0b111, 0b111000, 0b111000000, 0b1001001, 0b10010010, 0b100100100, 0b100010001, 0b1010100]
WON = [any(fields & line == line for line in LINES) for fields in range(512)]
FREE = [[move for move in range(9) if not (taken >> move) & 1] for taken in range(512)]


def after(mine, theirs, move):
    """The position after a move, as the other player sees it."""
    return theirs, mine | (1 << move)


def free_fields(mine, theirs):
    """How many fields are free."""
    return 9 - (mine | theirs).bit_count()


def board(mine, theirs):
    """Three lines of text: m for mine, t for theirs."""
    fields = ["m" if mine >> n & 1 else "t" if theirs >> n & 1 else "·" for n in range(9)]
    return "\n".join(" ".join(fields[row : row + 3]) for row in (0, 3, 6))


MUST_BLOCK = (1 << 4, 1 << 0 | 1 << 1)  # I have the middle, they two in the top row, and it is my move
print(board(*MUST_BLOCK))

# %% [markdown]
# **The perfect player** looks at everything. The value of a position, for whoever is to move, is 1 (won), 0 (drawn) or −1 (lost): the best of the moves, and a move is worth the *negative* of what the position after it is worth to the opponent. This is **minimax**. Among equally good moves the player draws lots, so that 200 games against it are not one game 200 times.


# %%
@functools.cache
def best_value(mine, theirs):
    """1, 0 or −1: what the position is worth to whoever is to move, if both play perfectly."""
    if WON[theirs]:
        return -1
    return max((-best_value(*after(mine, theirs, move)) for move in FREE[mine | theirs]), default=0)


def perfect(mine, theirs, dice):
    """The perfect player: a random one of the best moves."""
    values = {move: -best_value(*after(mine, theirs, move)) for move in FREE[mine | theirs]}
    best = max(values.values())
    return dice.choice([move for move in values if values[move] == best])


print(f"the empty board is worth {best_value(0, 0)}; positions looked at: {best_value.cache_info().currsize:,}")

# %% [markdown]
# With perfect play tic-tac-toe is a draw, so nobody can do better than draw against this player. Looking at everything took no time here. In Go it is hopeless: there are about $2 \cdot 10^{170}$ legal positions ([Tromp, 2016](https://tromp.github.io/go/legal.html)).
#
# **Monte-Carlo tree search** looks at a sample instead, and spends its time where it pays. It repeats four steps, each time from the position on the board:
#
# 1. **Select**: walk down the tree that is already there. At each node take the move with the largest
#    $$\frac{w}{n} + c \sqrt{\frac{\ln N}{n}}$$
#    where $n$ is how often the move was tried, $w$ the sum of its results (1, 0 or −1), and $N$ the number of visits of the node. The first part says *it has gone well*, the second *it has hardly been tried*: exploration against exploitation, as ε was in section 2, but counted. This rule is called **UCT** ([Kocsis and Szepesvári, 2006](https://doi.org/10.1007/11871842_29)).
# 2. **Expand**: add one move that has never been tried.
# 3. **Play out**: from there on play at random to the end.
# 4. **Back up**: add the result to all nodes on the path, with the sign turned at each level, since what is good for me is bad for you.
#
# At the end one plays the move that was **visited most**. Note what is missing: nothing in it knows what a good position looks like. It only knows the rules.


# %%
class Node:
    """A position in the tree; `total` counts for the player whose move led here."""

    __slots__ = ("children", "mine", "theirs", "total", "untried", "visits")

    def __init__(self, mine, theirs):
        self.mine, self.theirs = mine, theirs
        self.untried = [] if WON[theirs] else list(FREE[mine | theirs])
        self.children, self.visits, self.total = {}, 0, 0

    def select(self, exploration):
        """The child with the largest UCT value."""
        log = math.log(self.visits)
        return max(
            self.children.values(),
            key=lambda child: child.total / child.visits + exploration * math.sqrt(log / child.visits),
        )


def play_out(mine, theirs, dice):
    """Play at random to the end; 1, 0 or −1 for whoever is to move at the beginning."""
    moves, sign = list(FREE[mine | theirs]), 1
    dice.shuffle(moves)
    while not WON[theirs]:
        if not moves:
            return 0
        mine, theirs = after(mine, theirs, moves.pop())
        sign = -sign
    return -sign


# %%
def grow(root, simulations, dice, exploration=1.4):
    """Repeat the four steps; the tree grows by about one node each time."""
    for _ in range(simulations):
        node, path = root, [root]
        while not node.untried and node.children:  # 1 select
            node = node.select(exploration)
            path.append(node)
        if node.untried:  # 2 expand
            move = node.untried.pop(dice.randrange(len(node.untried)))
            node.children[move] = node = Node(*after(node.mine, node.theirs, move))
            path.append(node)
        result = play_out(node.mine, node.theirs, dice)  # 3 play out
        for node in reversed(path):  # 4 back up
            result = -result
            node.visits += 1
            node.total += result
    return root


def searcher(simulations, exploration=1.4, first=None):
    """A player that searches anew at every move, at its first move with `first` simulations if that is given."""

    def player(mine, theirs, dice):
        number = first if first and free_fields(mine, theirs) >= 8 else simulations
        root = grow(Node(mine, theirs), number, dice, exploration)
        return max(root.children, key=lambda move: root.children[move].visits)

    return player


# %% [markdown]
# Look at it thinking. It is my move (m), and I must block in the corner at the top right. Each free field shows the share of the visits that its move has got so far.

# %%
# Drawing: the shares of the visits while the tree grows.
search_dice = Random(ready.seed)
root, stages = Node(*MUST_BLOCK), (20, 200, 2000)
figure, grid = plt.subplots(1, 3, figsize=(8.4, 3.1))
share = np.zeros(9)
for axes, stage in zip(grid, stages):
    grow(root, stage - root.visits, search_dice)
    share[:] = 0
    for move, child in root.children.items():
        share[move] = child.visits / root.visits
    axes.imshow(share.reshape(3, 3), vmin=0, vmax=1, cmap="Blues")
    for field, sign in enumerate(board(*MUST_BLOCK).split()):
        words = sign if sign != "·" else f"{share[field]:.0%}"
        colour = "white" if share[field] > 0.5 else "black"
        axes.text(field % 3, field // 3, words, ha="center", va="center", fontsize=13, color=colour)
    axes.hlines([0.5, 1.5], -0.5, 2.5, color="black", linewidth=1)
    axes.vlines([0.5, 1.5], -0.5, 2.5, color="black", linewidth=1)
    axes.set_title(f"after {stage:,} simulations", fontsize=10.5)
    axes.axis("off")
block_share = share[2]
plots.show(
    figure,
    alt=f"The same board three times, after 20, 200 and 2,000 simulations, with each free field's share of the visits. In the end the field that blocks, at the top right, has {block_share:.0%}.",
)


# %% [markdown]
# ### How much must it think?
#
# It plays the perfect player, first and second in turn, 100 games for each number of simulations. And we **break** it: without the second part of the formula ($c = 0$) a move that was unlucky in its first play-out is not tried again as long as any other looks better.


# %%
def one_game(first, second, dice):
    """One game: 1 if the first player wins, −1 if the second does, 0 for a draw."""
    position = (0, 0)
    for turn in range(9):
        position = after(*position, (first, second)[turn % 2](*position, dice))
        if WON[position[1]]:
            return 1 if turn % 2 == 0 else -1
    return 0


def match(player, opponent, games, dice):
    """Results for `player`, who moves first in every second game: array (games,) of 1, 0, −1."""
    results = [
        one_game(player, opponent, dice) if n % 2 == 0 else -one_game(opponent, player, dice) for n in range(games)
    ]
    return np.array(results)


match_dice = Random(1000 + ready.seed)
simulation_numbers = (10, 30, 100, 300, 1000)
lost = {
    exploration: [np.mean(match(searcher(n, exploration), perfect, 100, match_dice) < 0) for n in simulation_numbers]
    for exploration in (1.4, 0.0)
}
print("simulations            ", "".join(f"{n:>8,}" for n in simulation_numbers))
for exploration, shares in lost.items():
    print(f"games lost with c = {exploration:3}", "".join(f"{value:8.0%}" for value in shares))

# %%
figure, axes = plt.subplots(figsize=(6.5, 3.6))
for (exploration, shares), style in zip(lost.items(), ("o-", "s--")):
    axes.plot(simulation_numbers, np.multiply(shares, 100), style, label=f"c = {exploration}")
axes.set_xscale("log")
axes.set_xticks(simulation_numbers, [f"{n:,}" for n in simulation_numbers])
axes.minorticks_off()
axes.set(xlabel="simulations a move", ylabel="games lost (%)", title="Against the perfect player")
axes.legend()
plots.show(
    figure,
    alt=f"Share of 100 games lost against the number of simulations a move. With c = 1.4 it falls from {lost[1.4][0]:.0%} at 10 to {lost[1.4][-1]:.0%} at 1,000; without exploration, c = 0, from {lost[0.0][0]:.0%} to {lost[0.0][-1]:.0%}.",
)

# %% [markdown]
# With exploration, thinking pays: the losses shrink with every step to the right. Without it, thinking longer hardly helps from 100 simulations on: the search visits what looked good at first again and again, and often never learns that something else was better. The whole difference is one square root.
#
# A thousand simulations are nearly enough. Should we simply take more? First look **where** it goes wrong. We know the true value of every position, so we can count the moves that threw a draw or a win away.

# %%
hasty, mistakes = searcher(300), dict.fromkeys(range(9, 0, -1), 0)


def watched(mine, theirs, dice):
    """The hasty player, each of its mistakes counted by the number of free fields."""
    move = hasty(mine, theirs, dice)
    if -best_value(*after(mine, theirs, move)) < best_value(mine, theirs):
        mistakes[free_fields(mine, theirs)] += 1
    return move


match(watched, perfect, 200, match_dice)
share_early = mistakes[8] / max(1, sum(mistakes.values()))
print("free fields ", "".join(f"{free:5}" for free in mistakes))
print("mistakes    ", "".join(f"{count:5}" for count in mistakes.values()))

# %% [markdown]
# The mistakes are replies to the opponent's first move, with eight fields free: there the tree is large, and a bad reply is punished only several moves later. (To begin with the empty board is easier: every first move holds the draw.) So we let it think longest there: 10,000 simulations for its first move, 500 for each later one. It plays **200 new games**.


# %%
def at_random(mine, theirs, dice):
    """A player that only knows the rules."""
    return dice.choice(FREE[mine | theirs])


tree_results = match(searcher(500, first=10_000), perfect, 200, Random(2000 + ready.seed))
tree_losses = int((tree_results < 0).sum())
print(f"200 games against the perfect player: {tree_losses} lost, {(tree_results == 0).sum()} drawn")
if tree_losses == 0:
    print(f"even so up to {1 - 0.05 ** (1 / 200):.1%} of all games could be losses (95 % bound for 0 of 200)")
random_results = match(searcher(300), at_random, 100, match_dice)
print(f"100 games against a player at random: {(random_results > 0).sum()} won, {(random_results < 0).sum()} lost")

# %% [markdown]
# A player that was never shown a single good move lost none of 200 games to one that knows every position. The last line is as important as the first: not to lose is not yet to win. Against a weak player it wins most of its games. (Here it thinks for 300 simulations only, so that it may even lose one.)
#
# ### From Atari to AlphaZero
#
# You now have all the parts of the famous game programs. Here is who joined them, and how:
#
# | program | what was new | what it did |
# |---|---|---|
# | TD-Gammon ([Tesauro, 1995](https://doi.org/10.1145/203330.203343)) | a network for the value of a position, trained on games against itself | backgammon close to the world's best players |
# | DQN ([Mnih et al., 2013](https://arxiv.org/abs/1312.5602); [2015](https://doi.org/10.1038/nature14236)) | Q-learning with a convolutional network on the screen's pixels, a replay buffer, then a target network (section 4) | 49 Atari games with one network design and one set of settings, on a level comparable to a professional tester's |
# | AlphaGo ([Silver et al., 2016](https://doi.org/10.1038/nature16961)) | tree search with two networks: one proposes moves (learned from human games, then from its own), one judges positions | beat the European champion at Go by 5 games to 0 |
# | AlphaGo Zero ([Silver et al., 2017](https://doi.org/10.1038/nature24270)) | no human games: it learns from its own alone; one network with two heads; no play-outs | beat the earlier AlphaGo by 100 games to 0 |
# | AlphaZero ([Silver et al., 2017](https://arxiv.org/abs/1712.01815)) | the same for any such game, told only the rules | chess, shogi and Go above the best programs, within 24 hours, on 5,000 TPUs for playing and 64 for training |
# | MuZero ([Schrittwieser et al., 2019](https://arxiv.org/abs/1911.08265)) | not even told the rules: it learns a model of what will happen, and searches in that | the same three games, and 57 Atari games |
# | Agent57 ([Badia et al., 2020](https://arxiv.org/abs/2003.13350)) | a family of Q-learners, some curious, some greedy, and a rule that picks among them | above the human benchmark in all 57 Atari games |
#
# **How does AlphaZero differ from our sixty lines?** In two places. The random play-out is replaced by a network that looks at the position and says its value $v$. And the same network says for every move $a$ a prior probability $p_a$, which steers the search:
#
# $$\frac{w_a}{n_a} + c \, p_a \, \frac{\sqrt{N}}{1 + n_a}$$
#
# A move that the network finds absurd is hardly tried, so the tree grows deep and not wide. Then comes the trick that makes it learn: **the search is better than the network that steers it**, so the shares of visits after the search (our picture above) become the network's *target* for $p$, and the result of the game its target for $v$. A better network makes a better search, which makes better targets. In chess it looked at 80 thousand positions a second where its opponent Stockfish looked at 70 million ([AlphaZero's paper](https://arxiv.org/abs/1712.01815)).
#
# **What this does not show.** Games have rules that can be simulated as often as one likes, a clear result, and a reset button. Where each trial costs a robot, a patient or a year, learning by trial is rarely the first choice; supervised learning from what people did, a simulator, or an engineer's rule (section 6) come first.

# %% [markdown]
# ## 10 · What you should see
#
# Each result is held against the range over three seeds, with some room.

# %%
expect("grid world: value of the start as a share of the best", grid_worth, low=0.9, high=1.0001)
expect("grid world, ε = 0.1: share of the best, best of five runs", grid_shares["ε = 0.1"].max(), low=0.1, high=0.5)
expect("CartPole, buttons at random: mean return (steps)", random_returns.mean(), low=15, high=35)
expect("CartPole, REINFORCE: mean return (steps)", test_reinforce.mean(), low=475, high=500)
expect("CartPole, double DQN: mean return (steps)", test_dqn.mean(), low=475, high=500)
expect("CartPole, double DQN: Q at the beginning (discounted steps)", q_at_start.mean(), low=70, high=130)
expect("CartPole, target from an old copy: Q at the beginning", runaway["old copy as target"], low=30, high=110)
expect("CartPole, target without an old copy: Q at the beginning", runaway["no old copy"], low=10_000)
expect("CartPole, PPO: mean return (steps)", test_ppo.mean(), low=475, high=500)
expect("CartPole, TF-Agents: mean return (steps)", test_agents.mean(), low=475, high=500)

# %%
lander_means = {name: values.mean() for name, values in lander_returns.items()}
expect("LunarLander, buttons at random: mean return", lander_means["buttons at random"], low=-240, high=-110)
expect("LunarLander, engineer's rule: mean return", lander_means["engineer's rule"], low=230, high=285)
expect("LunarLander, double DQN: mean return", lander_means["double DQN"], low=170, high=300)
lander_stored = results("lander_dqn")["mean"].min()
expect("LunarLander, double DQN, stored: mean return of the worst seed", lander_stored, low=200, high=300)
expect("LunarLander: promised against what came (correlation)", promise_correlation, low=0.3, high=1)
expect("LunarLander: promised minus what came (reward × 0.1)", promise_gap, low=-20, high=-1)
gain = lander_films["double DQN"][1] - lander_films["untrained network"][1]
expect("LunarLander film: trained minus untrained (return)", gain, low=50, high=5000)

# %%
some_states = np.random.default_rng(0).normal(0, 0.5, (200, 8)).astype("float32")
expect_varied("LunarLander, action values", numpy_copy(lander_network)(some_states))
expect_varied("CartPole, PPO's logits", numpy_copy(ppo_policy)(some_states[:, :4]))
expect_varied("CartPole, TF-Agents' logits", numpy_copy(agents_policy)(some_states[:, :4]))

# %%
expect("tree search: share of the visits for the move that blocks", block_share, low=0.8, high=1)
expect("tree search, 10 simulations: games lost (share)", lost[1.4][0], low=0.5, high=0.9)
expect("tree search, 1,000 simulations: games lost (share)", lost[1.4][-1], low=0, high=0.08)
expect("tree search, no exploration, 1,000 simulations: games lost (share)", lost[0.0][-1], low=0.2, high=0.7)
expect("tree search: mistakes that are replies to the first move (share)", share_early, low=0.8, high=1)
expect("tree search, thinking longest at first: lost of 200 games", tree_losses, low=0, high=0)
expect("tree search against a random player: games won (share)", (random_results > 0).mean(), low=0.75, high=1)

# %% [markdown]
# ## Summary
#
# 1. An agent sees a state, acts, gets a reward; its task is to make the discounted sum of rewards large. Q-learning learns what each action is worth, by its own guess one step later; policy gradients make actions that went better than expected more probable.
# 2. With networks both need help to stay stable: a replay buffer and a target network (DQN), one network to choose and another to value, against estimates that are too high (double DQN), a baseline (REINFORCE), a limit on how far one update may move the policy (PPO).
# 3. An end by time limit is no end. Terminated and truncated are two things; whoever mixes them up tells the agent that a good state is sometimes worth nothing, for a reason that it cannot see.
# 4. Results need seeds and fresh episodes: the check that stops the training flatters, one run proves little, and a rule written by hand is a baseline to be taken seriously.
# 5. Tree search thinks ahead with the rules alone, and lost none of 200 games to a perfect player. A network that proposes and judges moves, trained on what the search found, makes AlphaZero of it.
#
# ## Quiz
#
# **1. Your agent's mean return over the last 20 training episodes just reached the goal. Is that the result to report?**
# <details><summary>Answer</summary>
#
# No. You stopped *because* these episodes were good, so they are good partly by luck; and they were played with exploration. Report new episodes, played greedily, with seeds that nothing was chosen on, and several training runs.
#
# </details>
#
# **2. Why does DQN keep old steps in a memory, while REINFORCE must throw them away?**
# <details><summary>Answer</summary>
#
# Q-learning asks what an action is worth if one goes on greedily; a step (state, action, reward, next state) is true whoever made it. REINFORCE's gradient is an average over the actions of the *present* policy; steps of an older policy come with other probabilities. (PPO corrects for that with a ratio, a few updates long.)
#
# </details>
#
# **3. In LunarLander someone stores `terminated or truncated` as “the end” in the memory. What will the agent learn about hovering?**
# <details><summary>Answer</summary>
#
# That the value of a hovering state is sometimes 0 for no visible reason, namely whenever the time was up. The values of all states from which one can hover become too uncertain and too near to 0. The state does not contain the time, so the network cannot tell these cases apart.
#
# </details>
#
# **4. In tree search the move visited most is played, and not the one with the best mean result. Why?**
# <details><summary>Answer</summary>
#
# A move with a high mean may have been tried only a few times, so its mean is uncertain. A move that is visited often has kept a high value over many trials; otherwise the formula would have turned to another.
#
# </details>
#
# **5. You want to use TF-Agents in a notebook that has already imported Keras 3. What must you do?**
# <details><summary>Answer</summary>
#
# Use another process in which `TF_USE_LEGACY_KERAS=1` is set before TensorFlow is imported (or restart the kernel and set it in the first cell). In a process that has imported TensorFlow already, setting it changes nothing.
#
# </details>
#
# ## Further reading
#
# - Richard Sutton and Andrew Barto, [*Reinforcement Learning: An Introduction*](http://incompleteideas.net/book/the-book-2nd.html), 2nd ed. (2018), free to read: chapters 3 and 6 for Q-learning, 13 for policy gradients, 16 for the games.
# - Aurélien Géron, *Hands-On Machine Learning*, 3rd ed., chapter 18 (reinforcement learning).
# - Mnih et al.: [Playing Atari with deep reinforcement learning](https://arxiv.org/abs/1312.5602) (2013); van Hasselt, Guez, Silver: [Deep reinforcement learning with double Q-learning](https://arxiv.org/abs/1509.06461) (2016).
# - Schulman et al.: [Proximal policy optimization algorithms](https://arxiv.org/abs/1707.06347) (2017); Huang et al.: [The 37 implementation details of PPO](https://iclr-blog-track.github.io/2022/03/25/ppo-implementation-details/) (2022), on how much the details matter.
# - Henderson et al.: [Deep reinforcement learning that matters](https://arxiv.org/abs/1709.06560) (2018): why one seed proves nothing.
# - Silver et al.: [Mastering chess and shogi by self-play](https://arxiv.org/abs/1712.01815) (2017), and the lectures of [David Silver](https://www.davidsilver.uk/teaching/) on reinforcement learning, on video.
#
# ## Now you
#
# The [exercises](../exercises/day16_reinforcement_learning.ipynb) answer back; the [solutions](../solutions/day16_reinforcement_learning.ipynb) explain.
# Tomorrow, day 17: how sure is a network of what it says?
