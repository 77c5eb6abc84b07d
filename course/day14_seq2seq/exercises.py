# %% [markdown]
# # Day 14 · Exercises: shift, mask, search, punish brevity, read attention, count wrong sounds
#
# **Six exercises: you shift the targets and catch a leak, keep the padding out of a loss, search with a beam, compute BLEU's brevity penalty, have a program read an attention matrix, and find the fewest corrections between two words.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The exercises do not depend on each
# other. Stuck for more than ten minutes? Fold out a hint.
#
# In all of them token number 0 is padding, as in the lesson.

# %% tags=["setup"]
import itertools

from utils import plots, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

ready = runtime.setup(seed=1, precision="float32", needs=("sacrebleu",))

check = Exercises("day14_seq2seq")

# %% [markdown]
# ## Exercise 1 · Shift the targets, catch the leak
#
# Difficulty ●●○○○ · Importance ●●●●● · 20 minutes
#
# Make the two arrays that a decoder needs for teacher forcing from sentences of unequal length. The **inputs** are the start sign and then the sentence, the **targets** are the sentence and then the end sign; so at each place the target is what comes *next*. Zeros stand behind. A sentence that does not fit with its end sign is cut: both arrays keep their first `length` numbers, and its target has no end sign, for the sentence does not end there. (The lesson's `pad_sentences` puts an end there all the same; here it must not.) The end sign never stands among the inputs. The lesson's `shift_right` leaves the end sign in the inputs of short sentences; that does no harm, since the loss skips that place. Here we do it cleanly.
#
# Then write the alarm: `copying_accuracy` says how often a network would be right that only repeats its input. With shifted targets that is rare. If you forget to shift, it is *always*.
#
# <details><summary>Hint 1</summary>
#
# Per sentence: `given = [start, *sentence]` and `wanted = [*sentence, end]` are equally long. Cut both with `[:length]`, then write them into arrays of zeros. But is there an end sign among `given`?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `inputs, targets = np.zeros((2, len(sentences), length), dtype="int32")`; for each row `inputs[row, :len(given)] = given`, likewise for the targets. The alarm: `real = targets != 0`, then the mean of `(inputs == targets)[real]`, or 0.0 if `real` has no True.
#
# </details>


# %%
def teacher_forcing(sentences, length, start, end):
    """Make a decoder's inputs and targets.

    Args:
        sentences: list of lists of token numbers (none is 0, `start` or `end`), of unequal lengths, maybe empty.
        length: places per sentence in both results.
        start: number of the start sign.
        end: number of the end sign.

    Returns:
        inputs, targets: two integer arrays (sentences, length), 0 behind the end.
    """
    ### BEGIN SOLUTION
    inputs, targets = np.zeros((2, len(sentences), length), dtype="int32")
    for row, sentence in enumerate(sentences):
        given, wanted = [start, *sentence][:length], [*sentence, end][:length]
        inputs[row, : len(given)] = given
        targets[row, : len(wanted)] = wanted
    return inputs, targets
    ### END SOLUTION


def copying_accuracy(inputs, targets):
    """Say how often the decoder would be right by repeating its input.

    Args:
        inputs: integer array (sentences, length).
        targets: integer array (sentences, length), 0 where there is nothing to say.

    Returns:
        Share (0 to 1) of the places with a target at which the input is the same number; 0.0 if there is no such place.
    """
    ### BEGIN SOLUTION
    real = targets != 0
    return float((inputs == targets)[real].mean()) if real.any() else 0.0
    ### END SOLUTION


# %%
with check("teacher_forcing"):
    given = [[5, 6, 7], [8], []]
    found = teacher_forcing(given, 5, 1, 2)
    check.true(found is not None, "`teacher_forcing` returned None: does it end in `return`?")
    check.true(given == [[5, 6, 7], [8], []], "Your function changed the sentences it was given.")
    check.true(len(found) == 2, "Return two arrays: inputs and targets.")
    hint = "Every row has `length` numbers, and every sentence a row, the empty one as well."
    check.true(all(len({len(row) for row in part}) == 1 for part in found), hint)
    inputs, targets = map(np.asarray, found)
    check.shape(inputs, (3, 5), hint)
    check.shape(targets, (3, 5), hint)
    hint = "Return whole numbers (integer arrays): tokens are places in a table."
    check.true(inputs.dtype.kind in "iu" and targets.dtype.kind in "iu", hint)
    shifted_hint = "Not shifted: input and target are the same, so the decoder is shown the very word it should say."
    check.true(not np.array_equal(inputs, targets), shifted_hint)
    check.true(
        targets[0, 0] != 1, "The start sign is given to the decoder, never asked of it (or you exchanged the two)."
    )
    hint = "Padding goes *behind* the sentence."
    check.true(not any(part[1, 0] == 0 and part[1, -1] != 0 for part in (inputs, targets)), hint)
    check.true(not (inputs == targets)[0, :3].all(), shifted_hint)
    hint = "The inputs of every sentence begin with the start sign, and with one only."
    check.true((inputs[:, 0] == 1).all() and (inputs == 1).sum() == 3, hint)
    hint = "The targets lack the end sign: without it the decoder never learns to stop."
    check.true((targets == 2).any(axis=1).all(), hint)
    hint = "The end sign stands directly behind the sentence, zeros only behind *it*."
    check.equal(
        targets.tolist(), [[5, 6, 7, 2, 0], [8, 2, 0, 0, 0], [2, 0, 0, 0, 0]], "The sentence, then the end. " + hint
    )
    hint = "The end sign stands among the inputs: its place has no target any more. (`rows[:, :-1]` of padded rows leaves it in.)"
    check.true(not (inputs == 2).any(), hint)
    hint = "The last word of the sentence is missing in the inputs: after it the decoder must say the end sign."
    check.true(inputs[0, 3] == 7, hint)
    check.equal(inputs.tolist(), [[1, 5, 6, 7, 0], [1, 8, 0, 0, 0], [1, 0, 0, 0, 0]], "The start, then the sentence.")
    try:
        found = teacher_forcing([[5, 6, 7, 8], [5, 6, 7], [9, 9, 8, 7, 6]], 3, 1, 2)
    except (ValueError, IndexError) as error:
        check.true(False, f"Does a long sentence fit? Cut with `[:length]`. ({error})")
    hint = "Use `length`: three numbers per row, also for longer sentences."
    check.true(all(len({len(row) for row in part}) == 1 for part in found), hint)
    inputs, targets = map(np.asarray, found)
    check.shape(inputs, (3, 3), "Use `length`: three numbers per row, also for longer sentences.")
    check.shape(targets, (3, 3), "Use `length`: three numbers per row, also for longer sentences.")
    hint = 'The *first* `length` numbers stay. (`pad_sequences` cuts in front unless told truncating="post".)'
    check.true(inputs[0, 0] == 1 and targets[0, 0] == 5, hint)
    hint = (
        "A sentence that is cut has no end sign: it does not end there. With `length` 3 three words fill the targets."
    )
    check.true(not (targets == 2).any(), hint)
    check.equal(targets.tolist(), [[5, 6, 7], [5, 6, 7], [9, 9, 8]], "Too long: the first `length` numbers stay.")
    check.equal(inputs.tolist(), [[1, 5, 6], [1, 5, 6], [1, 9, 9]], "Inputs too long: the first `length` numbers stay.")
    targets = np.asarray(teacher_forcing([[5, 6]], 3, 1, 2)[1])
    hint = "Two words and the end sign just fit into three places: not cut, so the end sign stays."
    check.equal(targets.tolist(), [[5, 6, 2]], hint)
    inputs, targets = map(np.asarray, teacher_forcing([[40_000, 3], [300]], 3, 700, 800))
    hint = (
        "Here the start sign is 700 and the end sign 800: use `start` and `end` (and a type that holds such numbers)."
    )
    check.true(inputs[0, 0] == 700 and targets[0, 2] == 800, hint)
    hint = "The numbers of a large vocabulary must fit: int8 ends at 127, int16 at 32,767."
    check.true(targets[0, 0] == 40_000 and inputs[0, 1] == 40_000, hint)
    check.equal(
        [inputs.tolist(), targets.tolist()],
        [[[700, 40_000, 3], [700, 300, 0]], [[40_000, 3, 800], [300, 800, 0]]],
        hint,
    )
    inputs, targets = (
        np.array([[1, 5, 5, 6, 0, 0], [1, 7, 0, 0, 0, 0]]),
        np.array([[5, 5, 6, 2, 0, 0], [7, 2, 0, 0, 0, 0]]),
    )
    copies = inputs.copy(), targets.copy()
    found = copying_accuracy(*copies)
    check.true(found is not None, "`copying_accuracy` returned None: does it end in `return`?")
    check.true(np.ndim(found) == 0, "`copying_accuracy` is one number for all sentences together.")
    check.true(
        np.array_equal(copies[0], inputs) and np.array_equal(copies[1], targets),
        "Your function changed an array it was given.",
    )
    check.true(
        abs(found - 7 / 12) > 1e-6, "Padding counts as right: take only the places with a target (`targets != 0`)."
    )
    check.true(abs(found - 1 / 12) > 1e-6, "Divide by the places that have a target (6), not by all places (12).")
    check.true(abs(found - 1 / 8) > 1e-6, "All places with a target count alike: not the mean of the sentences' means.")
    check.true(abs(found - 1) > 1e-6, "A share between 0 and 1, please: not how many.")
    hint = "Compare the *same* place, don't shift here: the arrays you are given are shifted already."
    check.true(abs(found - 2 / 3) > 1e-6, hint)
    hint = "Padding counts above the line: count equal numbers only where there is a target."
    check.true(abs(found - 7 / 6) > 1e-6, hint)
    check.close(found, 1 / 6, "Six places have a target, and at one of them (5 after 5) the input is the same number.")
    same = np.array([[5, 6, 2]])
    check.close(copying_accuracy(same, same.copy()), 1.0, "Inputs equal to the targets: a copier is always right, 1.0.")
    hint = (
        "Where there is a target decides, not where there is an input: here are two targets, and the inputs are zeros."
    )
    check.close(copying_accuracy(np.array([[0, 0, 3]]), np.array([[4, 3, 0]])), 0.0, hint)
    check.close(copying_accuracy(np.array([[0, 0, 3]]), np.array([[4, 3, 3]])), 1 / 3, hint)
    empty = copying_accuracy(np.array([[1, 5]]), np.zeros((1, 2), int))
    check.true(np.isfinite(empty), "No place has a target: 0.0, not a division by zero.")
    check.close(empty, 0.0, "No place has a target: the share is 0.0 by our rule.")
    random = np.random.default_rng(1)
    sentences = [random.integers(3, 30, size=size).tolist() for size in random.integers(2, 12, size=200)]
    inputs, targets = map(np.asarray, teacher_forcing(sentences, 12, 1, 2))
    print(f"a copier is right at {copying_accuracy(inputs, targets):.3f} of the places if the targets are shifted,")
    print(f"at {copying_accuracy(targets, targets):.3f} if somebody forgot it")

# %% [markdown] tags=["solution"]
# **Discussion.** A leak of this kind looks like a triumph: the loss falls as never before, and the trained decoder, left to itself, has nothing to copy. So be suspicious of a loss that is too good, and write alarms such as this one: they cost a line. Does it matter that the end sign stays out of the inputs? For a loss that masks the padding, no; but arrays without surprises are easier to read.

# %% [markdown]
# ## Exercise 2 · Keep the padding out of the loss
#
# Difficulty ●●●○○ · Importance ●●●●● · 25 minutes
#
# Write a loss for a decoder that neither padding nor a very sure network can upset. With **label smoothing** ([Szegedy et al., 2016](https://arxiv.org/abs/1512.00567)) the wanted answer is not *all on the right token*: the share $s$ is spread evenly over all $V$ tokens of the vocabulary (the right one and padding included), so one place costs
#
# $$-(1 - s)\,\log p_{\text{right}} \;-\; \frac{s}{V} \sum_{v=1}^{V} \log p_v$$
#
# Return the mean over all places of the batch whose target is not 0; every such place counts alike. If there is no such place, the loss is 0. Write it with `keras.ops`: in training there are no NumPy arrays. Picking with `[targets]` as in NumPy does not work here; use `ops.one_hot` or `ops.take_along_axis`.
#
# <details><summary>Hint 1</summary>
#
# `ops.log_softmax(logits)` is safe where `ops.log(ops.softmax(logits))` is not. The mask must multiply the *loss* of a place, not its logits, and what you divide by is the number of places with a target.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `right = ops.one_hot(targets, V)`; `wanted = (1 - smoothing) * right + smoothing / V`; `each = -ops.sum(wanted * log_p, axis=-1)`; `mask = ops.cast(ops.not_equal(targets, 0), each.dtype)`; then `ops.sum(each * mask)` divided by `ops.maximum(ops.sum(mask), 1)`.
#
# </details>


# %%
def smoothed_loss(targets, logits, smoothing=0.1):
    """Mean cross-entropy with label smoothing over the places that have a target.

    Args:
        targets: integer tensor (sentences, places), 0 is padding.
        logits: tensor (sentences, places, tokens), before the softmax.
        smoothing: share s that is spread over all tokens, 0 to 1.

    Returns:
        A tensor of shape (): the loss per token (natural logarithm).
    """
    ### BEGIN SOLUTION
    tokens = logits.shape[-1]
    wanted = (1 - smoothing) * ops.one_hot(targets, tokens) + smoothing / tokens
    each = -ops.sum(wanted * ops.log_softmax(logits, axis=-1), axis=-1)
    mask = ops.cast(ops.not_equal(targets, 0), each.dtype)
    return ops.sum(each * mask) / ops.maximum(ops.sum(mask), 1)
    ### END SOLUTION


# %%
with check("smoothed_loss", points=2):

    def loss_of(rows, values, *options, **more):
        tensors = ops.convert_to_tensor(np.array(rows), "int32"), ops.convert_to_tensor(np.array(values), "float32")
        answer = smoothed_loss(*tensors, *options, **more)
        check.true(answer is not None, "Your function returned None: does it end in `return`?")
        check.shape(answer, (), "Return one number for the whole batch: shape ().")
        return float(answer)

    random = np.random.default_rng(2)
    rows = np.array([[3, 2, 0, 0, 0], [4, 1, 2, 2, 0], [5, 0, 0, 0, 0]])
    logits = random.normal(size=(3, 5, 6)) * 2
    logits[1] *= 3
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    each, real = -np.take_along_axis(log_p, rows[..., None], -1)[..., 0], rows != 0
    found, mean = loss_of(rows, logits, 0.0), each[real].mean()
    logits_masked = each[real].sum() + (~real).sum() * np.log(6)
    hint_of_logits = "You masked the logits: padding then costs ln V. Mask the loss of each place."
    for other, hint in (
        (1.0, "Is the mask still True/False? Make numbers of it: `ops.cast(targets != 0, each.dtype)`."),
        (logits_masked / real.sum(), hint_of_logits),
        (logits_masked / real.size, hint_of_logits),
        (each.mean(), "The padding counts: its places are no answers, leave them out of the mean."),
        (
            (each * real).sum() / real.size,
            "You set the padding's loss to zero, but divide by *all* places: divide by those with a target.",
        ),
        (each[~real].mean(), "Your mask is the wrong way round: it keeps the padding and drops the words."),
        (each[real].sum(), "Return the mean, not the sum."),
        (each[real].sum() / 3, "Divide by the number of places with a target, not by the number of sentences."),
        (
            np.mean([e[r].mean() for e, r in zip(each, real)]),
            "Each *place* counts alike: that is the mean of the sentences' means.",
        ),
        (
            each[real].sum() / (real.sum() + 1),
            "One too many below the fraction line: use `ops.maximum(…, 1)` against the division by zero, not `+ 1`.",
        ),
        (-mean, "The sign is turned: the loss is *minus* the logarithm."),
        (mean / np.log(2), "Use the natural logarithm."),
        (np.exp(mean), "That is the perplexity; the loss is its logarithm."),
        (each[rows > 2].mean(), "Only 0 is padding: the tokens 1 and 2 (start and end) are answers like all others."),
        (
            each[real & (rows != 2)].mean(),
            "Only 0 is padding: the tokens 1 and 2 (start and end) are answers like all others.",
        ),
        (each[:, : real[0].sum()].mean(), "Each sentence has its own length: you cut all of them like the first."),
    ):
        check.true(abs(found - other) > 1e-4, hint)
    hint = "Without smoothing: minus the logarithm of the right token's probability, which is a softmax over the *last* axis."
    check.close(found, mean, hint, 1e-4)
    sure = np.zeros((1, 2, 4))
    sure[0, 0, 1], sure[0, 1, 3] = 200, -300
    answer = loss_of([[2, 3]], sure, 0.0)
    hint = "Logits of ±200 and the loss is not a finite number, or is capped: the softmax became 0 before the logarithm. Use `ops.log_softmax`, or a Keras loss on *logits*."
    check.true(np.isfinite(answer), hint)
    check.close(answer, (200 + 300 + np.log(3)) / 2, hint, 1e-3)
    other = np.where(real[..., None], logits, random.normal(size=logits.shape) * 50)
    hint = "What the network says at the padding must not move the loss; yours changes with it."
    check.close(loss_of(rows, other, 0.0), mean, hint, 1e-4)
    hint = (
        "With smoothing the padding moves the loss: mask the loss of each place, both parts of it "
        "(not the rows of `one_hot`)."
    )
    check.close(loss_of(rows, other, 0.3), loss_of(rows, logits, 0.3), hint, 1e-4)
    answer = loss_of([[0, 0], [0, 0]], random.normal(size=(2, 2, 4)), 0.1)
    hint = "A batch of nothing but padding: the loss is 0, not a division by zero."
    check.true(np.isfinite(answer), hint)
    check.close(answer, 0.0, hint)
    answer = loss_of([[0, 0], [3, 0]], logits[:2, :2, :4], 0.0)
    check.true(np.isfinite(answer), "One sentence is nothing but padding: it must not spoil the loss of the others.")
    at = -(logits[1, 0, 3] - np.log(np.exp(logits[1, 0, :4]).sum()))
    check.close(answer, at, "One sentence is nothing but padding: it counts for nothing, the other one fully.", 1e-4)
    found, spread = loss_of(rows, logits, 0.3), -log_p.mean(axis=-1)
    mixed = (0.7 * each + 0.3 * spread)[real].mean()
    without = -(log_p.sum(axis=-1) + each) / 5
    for other, hint in (
        (mean, "You ignore `smoothing`."),
        (
            (each + 0.3 * spread)[real].mean(),
            "The right token keeps only the share 1 − s: the wanted shares add up to 1.",
        ),
        ((0.7 * each)[real].mean(), "The share s is to be spread over all tokens; you only took it away."),
        (
            (0.7 * each + 0.3 * without)[real].mean(),
            "Spread s over *all* V tokens, the right one included: s / V each, not s / (V − 1).",
        ),
        ((0.3 * each + 0.7 * spread)[real].mean(), "s and 1 − s are exchanged."),
        (
            (0.7 * each + 0.3 * 6 * spread)[real].mean(),
            "The share s is divided among the V tokens: s / V each. Yours all get s.",
        ),
        (
            (0.7 * each - 0.3 * log_p[..., 1:].mean(axis=-1))[real].mean(),
            "Token 0 is one of the V tokens, too: padding is left out as a *target*, not in the vocabulary.",
        ),
    ):
        check.true(abs(found - other) > 1e-4, hint)
    check.close(
        found,
        mixed,
        "With smoothing 0.3: 0.7 times the plain loss plus 0.3 times the mean of −log p over all V tokens.",
        1e-4,
    )
    check.close(
        loss_of(rows, logits), (0.9 * each + 0.1 * spread)[real].mean(), "Without being told, smoothing is 0.1.", 1e-4
    )
    keras_says = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2)
    theirs = float(keras_says(np.eye(6)[rows[real]], logits[real].astype("float32")))
    check.close(
        loss_of(rows, logits, smoothing=0.2),
        theirs,
        "Keras' own label smoothing on the places with a target says otherwise.",
        1e-4,
    )
    logits = random.normal(size=(3, 5, 20))
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    each, spread = -np.take_along_axis(log_p, rows[..., None], -1)[..., 0], -log_p.mean(axis=-1)
    hint = "Now V is 20, and the largest target 5: V is the size of the logits' *last axis*."
    try:
        found = loss_of(rows, logits, 0.2)
    except Exception as error:
        check.true(False, f"{hint} {str(error).splitlines()[0]}")
    check.close(found, (0.8 * each + 0.2 * spread)[real].mean(), hint, 1e-4)
    model = keras.Sequential([keras.Input((5,)), layers.Embedding(6, 4), layers.Dense(6)])
    model.compile(keras.optimizers.SGD(0.5), lambda y, z: smoothed_loss(ops.cast(y, "int32"), z), jit_compile=False)
    try:
        losses = [model.train_on_batch(rows, rows) for _ in range(30)]
    except Exception as error:
        hint = "It computes, but no network can be trained with it: `keras.ops` throughout, no NumPy, no `float(…)`, no `if` on values, nothing that is cut off from the weights. "
        check.true(False, hint + str(error).splitlines()[0])
    check.true(
        np.isfinite(losses[-1]) and losses[-1] < losses[0],
        "In training the loss does not fall: is it cut off from the weights?",
    )
    model.train_on_batch(rows, np.zeros_like(rows))
    hint = (
        "A batch of nothing but padding: the loss is 0, but its gradient is not a number, and so "
        "are the weights after one step. `ops.where` or `nan_to_num` after dividing by 0 is too "
        "late: divide by `ops.maximum(…, 1)`."
    )
    check.true(all(np.isfinite(array).all() for array in model.get_weights()), hint)

# %% [markdown] tags=["solution"]
# **Discussion.** What happens if the padding counts? Most places of a batch can be padding, and "padding after padding" is learned at once, so the loss looks splendid and says little about the words. Dividing by all places is the milder mistake: the direction of a step stays right, its length depends on how much padding the batch holds by chance. Label smoothing keeps the network from becoming ever surer; the loss can no longer reach 0, so do not compare it with a loss that was not smoothed.

# %% [markdown]
# ## Exercise 3 · Beam search of width k
#
# Difficulty ●●●●○ · Importance ●●●●○ · 35 minutes
#
# Write the search for *one* sentence. `next_step(tokens)` tells the logarithms of the probabilities of every next token after the tokens chosen so far.
#
# 1. A hypothesis is a list of tokens chosen so far, with its log-probability. Begin with one: no tokens, log-probability 0.
# 2. In each round every unfinished hypothesis is continued with every token; log-probabilities add up. A hypothesis whose last token is `end` is finished: it is not continued, but **competes again** in every round with the log-probability it has: it takes up a place as long as it is among the best. Of all these, finished or not, the `width` most probable go on (by the plain sum). What has probability 0 (logarithm −∞) is never kept.
# 3. Stop when all are finished, or after `longest` rounds; those unfinished then come back without `end`.
# 4. Return them ordered by score, the best first: score = log-probability / (number of tokens, `end` counted) ** `penalty`, also for unfinished ones.
#
# Unlike the lesson's `beam_search`: pairs are (tokens, score), `end` stays in, the penalty is 0 by default, and it counts only at the very end. The two cells behind yours make tiny language models for the check: run them, too.
#
# <details><summary>Hint 1</summary>
#
# Keep the beam as a list of pairs (tokens, log-probability). A round makes a new list `candidates`: finished pairs go in unchanged, each unfinished one gives as many as there are tokens. Sort, cut to `width`. The penalty is not used before the very end.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Inside the round: `for token, log_p in enumerate(next_step(tokens)): candidates.append(([*tokens, token], total + log_p))`, leaving out −∞; then `beam = sorted(candidates, key=lambda pair: -pair[1])[:width]`.
#
# </details>


# %%
def search(next_step, width, longest, end, penalty=0.0):
    """Find probable sequences with a beam.

    Args:
        next_step: function from a list of token numbers (empty at first) to an array (tokens,) of natural logarithms of
            probabilities; −∞ where a token is impossible.
        width: hypotheses kept in each round, 1 or more.
        longest: largest number of tokens, 1 or more.
        end: number of the token that finishes a sequence.
        penalty: exponent of the length by which scores are divided; 0 divides by 1.

    Returns:
        List of at most `width` pairs (tokens, score), the best score first; tokens: list of numbers, `end` included if it came.
    """
    ### BEGIN SOLUTION
    beam = [([], 0.0)]
    for _ in range(longest):
        candidates = []
        for tokens, total in beam:
            if tokens and tokens[-1] == end:
                candidates.append((tokens, total))
                continue
            for token, log_p in enumerate(next_step(tokens)):
                if log_p > -np.inf:
                    candidates.append(([*tokens, token], total + float(log_p)))
        beam = sorted(candidates, key=lambda pair: -pair[1])[:width]
    scored = [(tokens, total / len(tokens) ** penalty) for tokens, total in beam]
    return sorted(scored, key=lambda pair: -pair[1])
    ### END SOLUTION


# %%
class TinyModel:
    """A language model out of a table: tokens so far -> probabilities of the next; what is not in it ends."""

    def __init__(self, table, tokens=4, end=0):
        self.end, self.asked = end, []
        with np.errstate(divide="ignore"):
            self.answers = {tuple(key): np.log(self.row(row, tokens)) for key, row in table.items()}
            self.other = np.log(self.row({end: 1.0}, tokens))

    @staticmethod
    def row(shares, tokens):
        return np.array([shares.get(token, 0.0) for token in range(tokens)])

    def __call__(self, tokens):
        self.asked.append(tuple(int(token) for token in tokens))
        return self.answers.get(self.asked[-1], self.other)


def rows_of(found):
    """Of pairs (tokens, score) the tokens as texts."""
    return [" ".join(map(str, tokens)) for tokens, _ in found]


def plain(found):
    """A learner's list as lists of int and floats."""
    return [([int(token) for token in tokens], float(score)) for tokens, score in found]


# %%
trap = {(): {1: 0.55, 2: 0.45}, (1,): {3: 0.4, 2: 0.35, 0: 0.25}, (2,): {3: 0.9, 0: 0.1}}
lost = {
    (): {1: 0.5, 2: 0.3, 3: 0.2},
    (1,): {0: 0.3, 1: 0.27, 2: 0.23, 3: 0.2},
    (2,): {0: 0.4, 1: 0.3, 2: 0.2, 3: 0.1},
    (3,): {2: 1.0},
}

# %%
with check("search", points=2):
    model = TinyModel(trap)
    kept = {key: row.copy() for key, row in model.answers.items()}
    found = search(model, 1, 4, 0)
    check.true(found is not None, "Your function returned None: does it end in `return`?")
    check.true(
        isinstance(found, list | tuple) and all(np.ndim(pair[1:]) >= 1 and len(pair) == 2 for pair in found),
        "Return a list of pairs (tokens, score).",
    )
    check.true(
        all(np.ndim(pair[0]) == 1 and np.ndim(pair[1]) == 0 for pair in found),
        "Each pair is (tokens, score), in this order.",
    )
    check.true(
        all(np.array_equal(kept[key], row) for key, row in model.answers.items()),
        "Your function changed the array that `next_step` gave it (`+=`?).",
    )
    one_list = " Do your hypotheses share one list? `append` changes it for all; use `[*tokens, token]`."
    check.true(
        not any(0 in asked for asked in model.asked),
        "A finished hypothesis (its last token is `end`) is not continued: you asked what comes after the end."
        + one_list,
    )
    check.true(all(len(asked) < 4 for asked in model.asked), "`longest` rounds, not one more.")
    check.true(() in model.asked, "Begin with no tokens at all: the first question is `next_step([])`.")
    check.true(len(found) == 1, "With width 1 one hypothesis is kept, in the end as well as in each round.")
    found = plain(found)
    hint = (
        "Only `width` hypotheses *in all* go on from round to round: with width 1 that is the token 1, and 2 is lost."
    )
    check.true(found[0][0] != [2, 3, 0], hint)
    hint = "After 1 comes 3 (0.4), not the end (0.25). Log-probabilities are *added* up, not multiplied, and the largest is the best."
    check.true(found[0][0] != [1, 0], hint)
    check.true(found[0][0] != [1, 3], "The end belongs to the tokens, if it came: [1, 3, 0].")
    hint = "Width 1 is greedy: always the most probable next token, 1, then 3, then the end."
    check.equal(found[0][0], [1, 3, 0], hint + one_list)
    check.true(abs(found[0][1] - 0.22) > 1e-6, "The score is a *logarithm*; that is the probability itself.")
    check.true(
        abs(found[0][1]) > 1e-9 and abs(found[0][1] - np.log(0.4)) > 1e-6,
        "The log-probabilities of all steps add up: yours is that of one step alone.",
    )
    check.close(
        found[0][1],
        np.log(0.55 * 0.4),
        "Log-probabilities add up: ln 0.55 + ln 0.4 + ln 1 (with penalty 0 nothing is divided).",
    )
    found = plain(search(TinyModel(trap), 2, 4, 0))
    check.true(
        len(found) > 1,
        "With width 2 two hypotheses come back: in each round the `width` best of *all* continuations go on.",
    )
    check.true(len(found) == 2, "At most `width` hypotheses come back, and no more than `width` go on.")
    check.true(
        found[0][0] != [1, 3, 0],
        "The best first, and with width 2 that is 2, 3, end (0.405): begin with the two best tokens, not only with the best.",
    )
    check.equal(rows_of(found), ["2 3 0", "1 3 0"], "Width 2: 2, 3, end (0.405), then 1, 3, end (0.22).")
    check.close([score for _, score in found], np.log([0.405, 0.22]), "The scores are ln 0.405 and ln 0.22.")
    model = TinyModel(lost)
    found = plain(search(model, 2, 4, 0))
    hint = "Only `width` hypotheses *in all* go on: with width 2 the token 3 (0.2) is lost in the first round and never comes back, although 3, 2, end would win."
    check.true(found[0][0] != [3, 2, 0] and (3,) not in model.asked, hint)
    hint = "The search stops when *all* are finished: 1, end is, but 1, 1 goes on."
    check.true(rows_of(found) != ["1 0", "1 1"], hint)
    check.equal(
        rows_of(found),
        ["1 0", "1 1 0"],
        "Width 2: 1, end (0.15) and 1, 1, end (0.135). A finished one competes with the others and stays if it is among the best.",
    )
    check.equal(plain(search(TinyModel(lost), 3, 4, 0))[0][0], [3, 2, 0], "Width 3 finds 3, 2, end (0.2).")
    found = plain(search(TinyModel(trap), 9, 4, 0))
    hint = "A hypothesis of probability 0 (logarithm −∞) must not be kept: only five sequences are possible here."
    check.true(all(np.isfinite(score) for _, score in found) and len(found) <= 5, hint)
    check.true(len({tuple(tokens) for tokens, _ in found}) == len(found), "The same hypothesis came back twice.")
    check.equal(
        sorted(rows_of(found)),
        ["1 0", "1 2 0", "1 3 0", "2 0", "2 3 0"],
        "With width 9 all five sequences come back.",
    )
    hint = "With `longest` 2 there are two rounds, and what is unfinished then comes back as it is: [2, 3] and [1, 3]."
    check.equal(rows_of(plain(search(TinyModel(trap), 2, 2, 0))), ["2 3", "1 3"], hint)
    check.equal(
        rows_of(plain(search(TinyModel(trap), 2, 1, 0))),
        ["1", "2"],
        "With `longest` 1 there is one round.",
    )
    early = {(): {0: 0.6, 1: 0.4}, (1,): {2: 1.0}, (1, 2): {3: 1.0}}
    hint = "A finished hypothesis competes with the others as long as it is among the best: with width 1, `end` (0.6) fills the beam, and the search is over."
    check.equal(plain(search(TinyModel(early), 1, 5, 0, 1.0))[0][0], [0], hint)
    hint = "The search stops when *all* are finished: [0] is, [1] goes on."
    check.equal(rows_of(plain(search(TinyModel(early), 2, 5, 0))), ["0", "1 2 3 0"], hint)
    crowd = {(): {1: 0.49, 0: 0.3, 2: 0.21}, (1,): {1: 0.51, 2: 0.49}}
    model = TinyModel(crowd)
    search(model, 2, 4, 0, 0.0)
    hint = "A finished hypothesis competes again in every round: with width 2 and `end` (0.3) among the best only one unfinished one goes on; yours goes on with two."
    check.true((2,) not in model.asked and (1, 2) not in model.asked, hint)
    close_race = {(): {1: 0.6, 2: 0.4}, (1,): {0: 0.7, 3: 0.3}, (2,): {3: 0.95, 0: 0.05}, (2, 3): {3: 0.9, 0: 0.1}}
    found = plain(search(TinyModel(close_race), 2, 6, 0))
    check.equal(
        rows_of(found),
        ["1 0", "2 3 3 0"],
        "Without being told, the penalty is 0: 1, end (0.42) before 2, 3, 3, end (0.342).",
    )
    found = plain(search(TinyModel(close_race), 2, 6, 0, penalty=1.0))
    check.true(
        found[0][0] != [1, 0],
        "Use `penalty`, and sort by the score *after* dividing: per token 2, 3, 3, end is the more probable one.",
    )
    by_length, sums = dict(zip([4, 2], [score for _, score in found])), (np.log(0.342), np.log(0.42))
    check.true(abs(by_length[4] - sums[0] / 3) > 1e-6, "The end counts as a token: the length here is 4, not 3.")
    hint = "The order is right, but the scores that come back are plain sums: divide them, too."
    check.true(abs(found[0][1] - sums[0]) > 1e-6, hint)
    check.true(found[0][1] > sums[0], "Divide by length ** penalty, don't multiply.")
    check.close(
        [score for _, score in found],
        [sums[0] / 4, sums[1] / 2],
        "With penalty 1: ln 0.342 / 4 and ln 0.42 / 2, log-probability / length ** penalty.",
    )
    found = plain(search(TinyModel(close_race), 2, 6, 0, 0.5))
    check.close(
        sorted(score for _, score in found),
        sorted([sums[0] / 2, sums[1] / 2**0.5]),
        "With penalty 0.5: divided by the root of the length. (length ** penalty, not length · penalty.)",
    )
    hint = "Which ones go on is decided by the plain sums; dividing by the length comes at the very end. (`end` with 0.3 is the more probable one in round 2.)"
    check.equal(sorted(rows_of(plain(search(TinyModel(crowd), 2, 4, 0, 1.0)))), ["0", "1 1 0"], hint)
    found = plain(search(TinyModel(close_race), 2, 2, 0, 1.0))
    hint = "After two rounds 1, end is finished and 2, 3 is not: both come back."
    check.equal(sorted(rows_of(found)), ["1 0", "2 3"], hint)
    hint = "Unfinished ones, too, are divided by their length: ln 0.42 / 2 and ln 0.38 / 2."
    check.close([score for _, score in found], np.log([0.42, 0.38]) / 2, hint)
    pushed_out = {
        (): {1: 0.6, 2: 0.4},
        (1,): {0: 0.3, 1: 0.28, 2: 0.21, 3: 0.21},
        (2,): {3: 0.95, 0: 0.05},
        (2, 3): {1: 0.51, 3: 0.49},
    }
    hint = (
        "A finished hypothesis does not keep its place for ever: in round 3 the sequence 1, end (0.18) falls "
        "out, since 2, 3, 1 (0.194) and 2, 3, 3 (0.186) are more probable."
    )
    found = plain(search(TinyModel(pushed_out), 2, 6, 0))
    check.equal(rows_of(found), ["2 3 1 0", "2 3 3 0"], hint)
    hint = (
        "Finished ones, too, are divided only after the last round; until then they compete with "
        "their plain sums. (1, end with 0.18 falls out in round 3.)"
    )
    found = plain(search(TinyModel(pushed_out), 2, 6, 0, 1.0))
    check.equal(rows_of(found), ["2 3 1 0", "2 3 3 0"], hint)
    tied = plain(search(TinyModel({(): {1: 0.5, 2: 0.5}}), 2, 3, 0))
    check.equal(sorted(rows_of(tied)), ["1 0", "2 0"], "Two hypotheses of the same probability: both are kept.")
    with np.errstate(divide="ignore"):
        rare = np.log([0.0] + [0.1] * 10)
        hint = "The product of many probabilities becomes 0: add up the logarithms."
        try:
            found = plain(search(lambda tokens: rare.copy(), 1, 400, 0))
        except (ValueError, IndexError):
            check.true(False, hint)
    check.true(len(found) == 1 and np.isfinite(found[0][1]), hint)
    check.close(found[0][1], 400 * np.log(0.1), "400 steps of probability 0.1 each: 400 times ln 0.1.")
    random = np.random.default_rng(3)
    keys = [key for size in range(4) for key in itertools.product(range(4), repeat=size)]
    long = {key: dict(enumerate(random.dirichlet(np.ones(4)))) for key in keys}
    tokens, best = (), []
    while len(tokens) < 4 and 3 not in tokens:
        tokens = (*tokens, max(long[tokens], key=long[tokens].get))
    hint = "With another table, where the token 3 is `end`, width 1 is not what greedy finds: use `end`."
    check.equal(plain(search(TinyModel(long, end=3), 1, 4, 3))[0][0], list(tokens), hint)
    for tokens in itertools.chain(*(itertools.product(range(4), repeat=size) for size in range(1, 5))):
        if 3 not in tokens[:-1] and (tokens[-1] == 3 or len(tokens) == 4):
            total = sum(np.log(long[tokens[:place]][token]) for place, token in enumerate(tokens))
            best.append((tokens, total / len(tokens)))
    found = plain(search(TinyModel(long, end=3), 500, 4, 3, 1.0))
    hint = "A beam so wide that nothing falls out must find all sequences, best first."
    check.equal(len(found), len(best), hint)
    check.equal(rows_of(found), rows_of(sorted(best, key=lambda pair: -pair[1])), hint)
    for width in (1, 2, 3):
        tokens, score = plain(search(TinyModel(lost), width, 4, 0))[0]
        print(f"width {width}: {tokens}, probability {np.exp(score):.3f}")

# %% [markdown] tags=["solution"]
# **Discussion.** A wider beam usually finds a *more probable* sequence (not always, and not for sure the most probable one); and the most probable one need not be the best translation: with wide beams the short answers win, since every further token costs. That is what the penalty is for ([Wu et al., 2016](https://arxiv.org/abs/1609.08144), section 7, use a similar one). A real decoder hands all hypotheses of the beam to the network in one batch, as in the lesson; the idea is the same.

# %% [markdown]
# ## Exercise 4 · BLEU's brevity penalty
#
# Difficulty ●●○○○ · Importance ●●●○○ · 10 minutes
#
# BLEU counts how many pieces of a translation stand in the reference. Who says only "the" whenever a "the" is safe, has no wrong piece at all; so there is a penalty for brevity. It is computed **for a whole test set at once**, and a sentence may have several references:
#
# - $c$: number of words of all candidates together;
# - $r$: for each candidate the length of the reference whose length comes *closest* to the candidate's (the shorter one if two are equally close); these lengths are added up;
# - the penalty is 0 if $c = 0$, otherwise 1 if $c \ge r$, and $e^{\,1 - r/c}$ if $c < r$.
#
# Words are what stands between blanks; a full stop that stands alone is one. Compute it yourself; the check compares with sacreBLEU.
#
# <details><summary>Hint 1</summary>
#
# `text.split()` without an argument gives the words, none for an empty text, whatever number of blanks. Add up both lengths over all sentences first; the exponential comes once, at the end.
#
# </details>
# <details><summary>Hint 2</summary>
#
# For a candidate of length `n`: `min(lengths, key=lambda m: (abs(m - n), m))`. At the end: `0.0 if c == 0 else 1.0 if c >= r else np.exp(1 - r / c)`.
#
# </details>


# %%
def brevity_penalty(candidates, references):
    """BLEU's brevity penalty of a test set.

    Args:
        candidates: list of texts, the translations; some may be empty.
        references: list as long, of lists of texts: one or more references for each candidate.

    Returns:
        The penalty, a number from 0 (nothing said) to 1 (long enough).
    """
    ### BEGIN SOLUTION
    said = wanted = 0
    for candidate, texts in zip(candidates, references, strict=True):
        length = len(candidate.split())
        said += length
        wanted += min((len(text.split()) for text in texts), key=lambda other: (abs(other - length), other))
    if said == 0:
        return 0.0
    return 1.0 if said >= wanted else float(np.exp(1 - wanted / said))
    ### END SOLUTION


# %%
with check("brevity_penalty"):
    import sacrebleu

    def words(*counts):
        """Texts of so many words, all different and of one letter each."""
        return [" ".join(chr(0x4E00 + number) for number in range(count)) for count in counts]

    given, texts = words(3), [words(5, 7)]
    found = brevity_penalty(given, texts)
    check.true(given == words(3) and texts == [words(5, 7)], "Your function changed the lists it was given.")
    check.true(found is not None, "Your function returned None: does every path end in `return`?")
    check.true(np.ndim(found) == 0, "Return one number for the whole test set.")
    check.true(abs(found - np.exp(1 - 9 / 5)) > 1e-6, "Count words, not letters: cut the texts with `split()`.")
    check.true(
        abs(found - np.exp(1 - 3 / 5)) > 1e-6,
        "The fraction is upside down: r / c, the reference's length above. (Yours is larger than 1.)",
    )
    for other, hint in (
        (1.0, "Too short by two words, and no penalty? If c is *smaller* than r, the penalty is exp(1 − r/c)."),
        (3 / 5, "Not the ratio itself: e to the power of 1 − r/c."),
        (1 - 5 / 3, "That is the logarithm of the penalty: take the exponential."),
        (np.exp(-5 / 3), "The 1 is missing: exp(1 − r/c), so that r = c gives 1."),
        (10 ** (1 - 5 / 3), "The base is e: `np.exp`."),
        (2 ** (1 - 5 / 3), "The base is e: `np.exp`."),
        (100 * np.exp(1 - 5 / 3), "A number from 0 to 1, not per cent."),
        (
            np.exp(1 - 7 / 3),
            "Of the references the one *closest* in length counts (5 words), not the longest or the last.",
        ),
        (np.exp(1 - 6 / 3), "Of the references the one closest in length counts, not their mean."),
        (np.exp(1 - 12 / 3), "Of the references one counts, the closest in length; you added them up."),
    ):
        check.true(abs(found - other) > 1e-6, hint)
    check.close(found, np.exp(1 - 5 / 3), "Three words, the closest reference has five: exp(1 − 5/3), not rounded.")
    check.close(brevity_penalty(words(4), [words(4)]), 1.0, "Exactly as long as the reference: no penalty, 1.")
    check.close(
        brevity_penalty(words(8), [words(4)]),
        1.0,
        "Longer than the reference: never above 1 and never a penalty. (Too long is punished by the precision.)",
    )
    check.close(
        brevity_penalty(words(1000), [words(1001)]),
        np.exp(1 - 1001 / 1000),
        "Nearly as long as the reference: exp(1 − 1001/1000), not rounded.",
        1e-7,
    )
    check.close(
        brevity_penalty(words(6), [words(9, 3, 7)]),
        np.exp(1 - 7 / 6),
        "The reference *closest* in length counts, here the one of 7 words: not the shortest, not the first.",
    )
    check.close(
        brevity_penalty(words(6), [words(8, 4)]),
        1.0,
        "References of 8 and 4 words are equally close to 6: the shorter one counts, so no penalty.",
    )
    check.close(
        brevity_penalty(words(6), [words(4, 8)]),
        1.0,
        "References of 4 and 8 words are equally close to 6: the shorter one counts, wherever it stands.",
    )
    for candidate, hint in (
        ("", 'An empty candidate has no words (`"".split(" ")` has one!): nothing said, penalty 0.'),
        ("  ", "Blanks alone are no words."),
    ):
        try:
            found = brevity_penalty([candidate], [["one two three"]])
        except ZeroDivisionError:
            check.true(False, "Nothing said (c = 0): return 0 before you divide.")
        check.close(found, 0.0, hint + " And mind the division by zero.")
    hint = "Words are what stands between blanks, however many blanks; a full stop that stands alone is a word."
    check.close(brevity_penalty(["the  cat ."], [["the cat sat there ."]]), np.exp(1 - 5 / 3), hint)
    check.close(
        brevity_penalty(["the the the"], [["the cat sat there ."]]),
        np.exp(1 - 5 / 3),
        "Every word counts, also one said before: three words, not one.",
    )
    hint = "Cut at blanks only: “cat's” is one word, and so is “here.” with its stop: three words."
    found = brevity_penalty(["the cat's here."], [["the cat is here now ."]])
    check.close(found, np.exp(1 - 6 / 3), hint)
    lengths, others = (2, 10, 0, 6), ((8, 9), (6, 14), (3, 5), (6, 2))
    chosen = (8, 6, 3, 6)
    found = brevity_penalty(words(*lengths), [words(*each) for each in others])
    single = [1.0 if a >= b else np.exp(1 - b / a) if a else 0.0 for a, b in zip(lengths, chosen)]
    for other, hint in (
        (
            np.mean(single),
            "Not the mean of the sentences' penalties: add up the lengths first, then one penalty for the whole set.",
        ),
        (
            0.0,
            "Not the product of the sentences' penalties, nor the smallest: add up the lengths first, then one penalty for the whole set.",
        ),
        (
            np.exp(1 - 20 / 18),
            "The empty candidate is left out, but its reference counts: it makes the test set shorter than it should be.",
        ),
        (
            np.exp(1 - 23 / 14),
            "A sentence that is too long may make up for one that is too short: don't cut lengths sentence by sentence.",
        ),
        (np.exp(1 - 31 / 18), "The closest of 6 and 14 to 10 is a tie, and the *shorter* one counts: 6."),
    ):
        check.true(abs(found - other) > 1e-6, hint)
    check.close(
        found,
        np.exp(1 - 23 / 18),
        "All words of the set against all closest references: c = 2 + 10 + 0 + 6, r = 8 + 6 + 3 + 6.",
    )
    random = np.random.default_rng(4)
    candidates = words(*random.integers(1, 12, size=40))
    references = [words(*random.integers(2, 16, size=2)) for _ in candidates]
    theirs = (
        sacrebleu.BLEU(tokenize="none", force=True)
        .corpus_score(candidates, [list(each) for each in zip(*references)])
        .bp
    )
    hint = "sacreBLEU says otherwise on 40 sentences with two references each: is each candidate compared with *its own* closest reference?"
    check.close(brevity_penalty(candidates, references), theirs, hint)
    whole = "there is a small house at the end of the road ."
    for said in (whole, "there is a small house at the end", "there is a small house", "there is", "there"):
        print(f"every piece right, and times {brevity_penalty([said], [[whole]]):.4f}: {said}")

# %% [markdown] tags=["solution"]
# **Discussion.** Look at the last lines of the check: five right words of twelve keep a quarter of the points, not five twelfths. And why is there no penalty for length? Because what is too much is not in the reference and lowers the precision. That all sentences are added up first has a reason, too: a translator may say one sentence shortly and the next at length. For one sentence alone BLEU is therefore a poor measure ([Papineni et al., 2002](https://aclanthology.org/P02-1040/), section 2.2.2).

# %% [markdown]
# ## Exercise 5 · Read an attention matrix
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# Below, a small network learns to translate number words (cut into their parts) up to 999 with dot-product attention. It is built so that it can say only what it looks at: its answer is computed from the source words it attends to and from nothing else. Run the cells (the training takes about 15 seconds); the last one shows what it looks at.
#
# Then write the reader. Row $i$ of `weights` belongs to target word $i$, column $j$ to source word $j$; both sentences are filled up with `""`. A target word *looks at* the source place with the largest weight (the first one, if several are equal). Report, for the real target words only (`<end>` counts as one, `""` does not):
#
# - `places`: the source place each of them looks at (this may be padding);
# - `pairs`: (target word, source word) for each of them;
# - `crossings`: the number of pairs of target words of which the later one looks further left than the earlier one. Words that look at padding take no part in it;
# - `monotonic`: whether there is no crossing;
# - `on_padding`: for each of them the share of its weight that lies on padding.
#
# <details><summary>Hint 1</summary>
#
# How many target words are real? Work on that many rows. The largest weight of a row: `argmax(axis=1)`, over all columns, padding as well. For the crossings compare all pairs of places, not only neighbours.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `empty = np.array([word == "" for word in source])`; `weights[:count, empty].sum(axis=1)` is the share on padding. Crossings: `kept = [place for place in places if source[place]]`, then count `a > b` over `itertools.combinations(kept, 2)`.
#
# </details>

# %%
names = """one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen"""
zahlen = """eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn
vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"""
tens = "twenty thirty forty fifty sixty seventy eighty ninety"
zehner = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
names, zahlen, tens, zehner = names.split(), zahlen.split(), tens.split(), zehner.split()


def number_sentences(number):
    """324 -> drei hundert vier und zwanzig <end>, three hundred twenty four <end>; filled up with "" to six words."""
    german, english = [], []
    if number >= 100:
        german += [zahlen[number // 100 - 1].replace("eins", "ein"), "hundert"]
        english += [names[number // 100 - 1], "hundred"]
    rest = number % 100
    if 0 < rest < 20:
        german, english = [*german, zahlen[rest - 1]], [*english, names[rest - 1]]
    elif rest:
        ten, unit = rest // 10, rest % 10
        german += [zahlen[unit - 1].replace("eins", "ein"), "und"] * (unit > 0) + [zehner[ten - 2]]
        english += [tens[ten - 2]] + [names[unit - 1]] * (unit > 0)
    return [([*words, "<end>"] + [""] * 6)[:6] for words in (german, english)]


# %%
number_pairs = [number_sentences(number) for number in range(1, 1000)]
listed = [["", "<start>", *sorted({word for each in side for word in each if word})] for side in zip(*number_pairs)]
german, english = (
    np.array([[known.index(word) for word in each] for each in side]) for known, side in zip(listed, zip(*number_pairs))
)
shifted = np.pad(english, [(0, 0), (1, 0)], constant_values=1)[:, :-1]

# %%
keras.utils.set_random_seed(ready.seed)  # the same network, whatever you ran before
source, given = keras.Input((6,), dtype="int32"), keras.Input((6,), dtype="int32")
embedded = layers.Embedding(len(listed[0]), 32)(source)
keys = layers.Bidirectional(layers.GRU(16, return_sequences=True))(embedded)
spoken = layers.GRU(32, return_sequences=True)(layers.Embedding(len(listed[1]), 32)(given))
scores = ops.matmul(layers.Dense(32)(spoken), ops.transpose(keys, (0, 2, 1)))
padding = ops.cast(ops.equal(source, 0), "float32")[:, None]
masked = ops.softmax(scores - 1e9 * padding, axis=-1)
answer = layers.Dense(len(listed[1]))(ops.matmul(masked, embedded))  # from what it looks at, nothing else
translator = keras.Model([source, given], answer)
attention = keras.Model([source, given], [masked, ops.softmax(scores, axis=-1)])  # with the mask, and with it forgotten
train = np.random.default_rng(0).permutation(999)[:700]
translator.compile(
    keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False
)
translator.fit(
    [german[train], shifted[train]],
    english[train],
    sample_weight=english[train] > 0,
    epochs=8,
    batch_size=64,
    verbose=0,
)
with_mask, without_mask = attention.predict([german, shifted], verbose=0)

# %%
example = with_mask[324 - 1]
figure, axes = plt.subplots(figsize=(5.5, 4))
picture = axes.imshow(example, vmin=0, vmax=1)
axes.set_xticks(range(6), [word or "(padding)" for word in number_pairs[323][0]], rotation=35, ha="right")
axes.set_yticks(range(6), [word or "(padding)" for word in number_pairs[323][1]])
axes.set(xlabel="source word", ylabel="target word", title="What the decoder looks at")
axes.grid(False)
figure.colorbar(picture, label="attention weight")
seen = ", ".join(f"{a} at {number_pairs[323][0][row.argmax()]}" for a, row in zip(number_pairs[323][1], example) if a)
plots.show(
    figure, alt=f"Attention weights for the number 324, target words from top to bottom. The largest weight of {seen}."
)


# %%
def read_attention(weights, source, target):
    """Read the attention weights of one sentence.

    Args:
        weights: array (target places, source places), each row adds up to 1.
        source: list of words, one per source place, "" for padding at the end.
        target: list of words, one per target place, "" for padding at the end.

    Returns:
        Dict with places (list of int), pairs (list of (target word, source word)), crossings (int), monotonic (bool) and
        on_padding (list of numbers from 0 to 1); the lists have one entry per real target word.
    """
    ### BEGIN SOLUTION
    weights, words = np.asarray(weights), [word for word in target if word != ""]
    weights = weights[: len(words)]
    places = [int(place) for place in weights.argmax(axis=1)] if words else []
    real = [place for place in places if source[place] != ""]
    crossings = sum(earlier > later for earlier, later in itertools.combinations(real, 2))
    empty = np.array([word == "" for word in source])
    return {
        "places": places,
        "pairs": [(word, source[place]) for word, place in zip(words, places)],
        "crossings": crossings,
        "monotonic": crossings == 0,
        "on_padding": weights[:, empty].sum(axis=1).tolist(),
    }
    ### END SOLUTION


# %%
with check("read_attention"):
    matrix = np.array(
        [
            [0.1, 0.6, 0.2, 0.1, 0.0],  # he -> er
            [0.05, 0.15, 0.1, 0.6, 0.1],  # has -> (padding)
            [0.7, 0.0, 0.1, 0.1, 0.1],  # today -> heute
            [0.0, 0.3, 0.5, 0.1, 0.1],  # slept -> schlief
            [0.0, 0.0, 0.1, 0.1, 0.8],  # padding
            [0.9, 0.1, 0.0, 0.0, 0.0],  # padding
        ]
    )
    left, right = ["heute", "er", "schlief", "", ""], ["he", "has", "today", "slept", "", ""]
    given = matrix.copy(), list(left), list(right)
    found = read_attention(*given)
    check.true(found is not None, "Your function returned None: does it end in `return`?")
    hint = "Your function changed what it was given."
    check.true(np.array_equal(given[0], matrix) and given[1] == left and given[2] == right, hint)
    keys_wanted = {"places", "pairs", "crossings", "monotonic", "on_padding"}
    check.true(isinstance(found, dict), "Return a dict.")
    check.true(set(found) == keys_wanted, f"The dict needs exactly these keys: {', '.join(sorted(keys_wanted))}.")
    check.true(np.ndim(found["places"]) == 1, "`places` is a list with one place for each real target word.")
    places = [float(place) for place in found["places"]]
    check.true(
        places != [2, 0, 3, 1, 4] and len(places) != 5,
        "For each *target* word one place: the largest weight of each row (axis=1), not of each column.",
    )
    hint = "“has” is a real target word: it stays in the list, though it looks at padding."
    check.true(places != [1, 0, 2], hint)
    hint = "Four *target* words are real; three is the number of real source words. Or did you leave out the last target word?"
    check.true(places != [1, 3, 0], hint)
    check.true(len(places) == 4, "Only real target words count: four here, the two rows of padding are left out.")
    check.true(
        places != [1, 1, 0, 2],
        "The largest weight of “has” lies on padding: report that, don't leave padding out. It is what we want to find.",
    )
    check.true(places != [2, 4, 1, 3], "Places count from 0.")
    check.equal(places, [1, 3, 0, 2], "Each row's largest weight: he → 1, has → 3 (padding), today → 0, slept → 2.")
    check.true(all(isinstance(place, int | np.integer) for place in found["places"]), "Places are whole numbers.")
    check.true(all(np.shape(pair) == (2,) for pair in found["pairs"]), "Pairs are (target word, source word).")
    pairs = [tuple(str(word) for word in pair) for pair in found["pairs"]]
    check.true(pairs[0] != ("er", "he"), "The order in a pair is (target word, source word).")
    check.equal(
        pairs,
        [("he", "er"), ("has", ""), ("today", "heute"), ("slept", "schlief")],
        'Pairs are words, (target word, source word); padding is "".',
    )
    check.true(np.ndim(found["crossings"]) == 0, "`crossings` is one number.")
    hint = "“has” looks at padding: it takes no part in the crossings. (And a word that is not in its own place is no crossing yet.) Only he–today cross."
    check.true(found["crossings"] != 3, hint)
    check.equal(
        float(found["crossings"]), 1.0, "One crossing: “today” comes after “he”, but looks further left. Count pairs."
    )
    check.true(bool(found["monotonic"]) is False, "There is a crossing, so it is not monotonic.")
    check.true(
        np.ndim(found["on_padding"]) == 1 and len(found["on_padding"]) == 4,
        "`on_padding`: one share for each real target word, four here.",
    )
    check.true(
        not set(map(float, found["on_padding"])) <= {0.0, 1.0},
        "`on_padding` is the share of the weight, not whether the largest lies there.",
    )
    hint = 'The share of the weight on padding: add up the columns whose source word is "": all of them, not one.'
    check.close(np.asarray(found["on_padding"], float), [0.1, 0.7, 0.2, 0.2], hint)

    def one_hot(*places, size):
        return np.eye(size)[list(places)]

    letters = list("abcdef")
    turned = read_attention(one_hot(4, 3, 2, 1, 0, size=5), letters[:5], letters[:5])
    hint = "Turned round completely: all 10 pairs of 5 words cross. Compare every word with *all* later ones, and each pair once."
    check.equal(float(turned["crossings"]), 10.0, hint)
    check.close(
        np.asarray(turned["on_padding"], float),
        np.zeros(5),
        "No padding in the source: the share is 0.0 for each word.",
    )
    hint = "Two words that look at the same place do not cross: only further *left* counts."
    same = read_attention(one_hot(0, 1, 1, 2, size=3), letters[:3], letters[:4])
    check.equal(float(same["crossings"]), 0.0, hint)
    check.true(bool(same["monotonic"]) is True, hint + " So this one is monotonic.")
    jump = read_attention(one_hot(1, 3, 5, size=6), letters, letters[:3])
    hint = "Words may be skipped: 1, 3, 5 is monotonic though no word looks at its own place."
    check.true(float(jump["crossings"]) == 0 and bool(jump["monotonic"]) is True, hint)
    back = read_attention(one_hot(3, 0, 1, size=4), ["a", "b", "c", ""], letters[:3])
    hint = "The first word looks at padding, so the others, 0 and 1, decide: no crossing, monotonic."
    check.true(float(back["crossings"]) == 0 and bool(back["monotonic"]) is True, hint)
    spread = np.array([[0.3, 0.3, 0.4, 0.0], [0.05, 0.4, 0.3, 0.25], [0.4, 0.05, 0.3, 0.25]])
    spread = read_attention(spread, ["a", "b", "", ""], letters[:3])
    hint = (
        "Only the *largest* weight decides who looks at padding: here the first word alone. The "
        "others look at b and a, though more than half of their weight is on padding: one crossing."
    )
    check.true(float(spread["crossings"]) == 1 and bool(spread["monotonic"]) is False, hint)
    twice = read_attention(one_hot(3, 1, 0, size=4), ["drei", "hundert", "und", "drei"], ["three", "hundred", "three"])
    hint = "The same word stands twice: go by places, not by words (`index` finds the first only, a dict keeps one)."
    check.equal([*map(int, twice["places"]), int(twice["crossings"])], [3, 1, 0, 3], hint)
    check.equal(
        [tuple(pair) for pair in twice["pairs"]], [("three", "drei"), ("hundred", "hundert"), ("three", "drei")], hint
    )
    equal = read_attention(np.full((2, 4), 0.25), letters[:4], letters[:2])
    check.equal(
        [int(place) for place in equal["places"]],
        [0, 0],
        "All weights equal: the *first* place counts, and there is always one, though no weight is above one half.",
    )
    nothing = read_attention(np.full((2, 3), 1 / 3), ["a", "b", ""], ["", ""])
    hint = "No target word at all: empty lists, no crossing, monotonic."
    check.true(len(nothing["places"]) == 0 and len(nothing["pairs"]) == 0 and len(nothing["on_padding"]) == 0, hint)
    check.true(float(nothing["crossings"]) == 0 and bool(nothing["monotonic"]) is True, hint)
    order = {number: read_attention(with_mask[number - 1], *number_pairs[number - 1]) for number in (324, 713)}
    rows = with_mask[323][:5]
    check.equal(
        [int(place) for place in order[324]["places"]],
        rows.argmax(axis=1).tolist(),
        "The real matrix of 324: five target words, the end included.",
    )
    later = np.triu(rows.argmax(axis=1)[:, None] > rows.argmax(axis=1)[None], 1).sum()
    check.equal(float(order[324]["crossings"]), float(later), "The crossings of the real matrix of 324 are others.")
    check.true(
        max(order[713]["on_padding"]) < 1e-6, "With the mask nothing lies on padding, in your answer something does."
    )
    for number, read in order.items():
        print(number, " · ".join(f"{a} → {b}" for a, b in read["pairs"]), f"| crossings: {read['crossings']}")
    forgotten = read_attention(without_mask[712], *number_pairs[712])
    shares = without_mask[712][:4, 4:].sum(axis=1)
    check.close(
        np.asarray(forgotten["on_padding"], float),
        shares,
        "On the real matrix of 713, with the mask forgotten, other shares lie on padding.",
    )
    padded = [k for k in range(999) if number_pairs[k][0][-1] == ""]
    shares = np.concatenate([read_attention(without_mask[k], *number_pairs[k])["on_padding"] for k in padded])
    print(f"with the mask forgotten {np.mean(shares > 0.5):.3f} of the words have most of their weight on padding")

# %% [markdown] tags=["solution"]
# **Discussion.** A picture of attention invites us to see what we hope to see; a program that reads it says the same for a thousand sentences, and what it counts can be held against what is known: *vierundzwanzig* must cross once, *siebenhundertdreizehn* not at all. This network was built so that attention *has* to tell the truth: what it looks at is all it has when it answers. In a usual decoder the state has seen the whole source through other ways, and a large weight is a hint, not a proof ([Jain and Wallace, 2019](https://arxiv.org/abs/1902.10186)). And what about the mask? Nothing else keeps the weight off the padding; what comes of it, the last line of the check says.

# %% [markdown]
# ## Exercise 6 · The fewest corrections
#
# Difficulty ●●●●● · Importance ●●●○○ · 40 minutes
#
# How wrong is a pronunciation? Count the fewest corrections that make the right one of it. Don't return only their number: return the **steps**, so that one sees which sound was confused with which. A step is a triple:
#
# - `("same", "K", "K")`: the sound is right;
# - `("replace", "B", "P")`: B was said, P would be right;
# - `("extra", "S", None)`: S was said and has no business there;
# - `("missing", None, "T")`: T is missing.
#
# All but `"same"` are errors, and there must be as few of them as possible; where several ways are equally short, take any. The lists are short here, so plain recursion is allowed, too. The lesson keeps only one row of the table; for the way back you need all of it.
#
# The **error rate** of many words is the number of errors of all words divided by the number of *right* sounds of all words.
#
# <details><summary>Hint 1</summary>
#
# A table `cost[i, j]`: errors between the first `i` sounds said and the first `j` right ones. The first row and column are 0, 1, 2 …; every other entry comes from its left, upper or upper left neighbour. Then walk back from the last corner to the first, writing down the steps, and turn the list round.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `cost[i, j] = min(cost[i-1, j] + 1, cost[i, j-1] + 1, cost[i-1, j-1] + (said[i-1] != right[j-1]))`. On the way back, `while i or j`: diagonal if `i and j` and `cost[i, j] == cost[i-1, j-1] + (said[i-1] != right[j-1])`; else extra if `i` and `cost[i, j] == cost[i-1, j] + 1`; else missing.
#
# </details>


# %%
def corrections(said, right):
    """The steps from what was said to what is right, with the fewest errors.

    Args:
        said: list of sounds (texts), maybe empty.
        right: list of sounds (texts), maybe empty.

    Returns:
        List of triples (kind, said sound or None, right sound or None), from the first sound to the last; kind is "same",
        "replace", "extra" or "missing".
    """
    ### BEGIN SOLUTION
    cost = np.add.outer(np.arange(len(said) + 1), np.arange(len(right) + 1))
    for i, one in enumerate(said, start=1):
        for j, other in enumerate(right, start=1):
            cost[i, j] = min(cost[i - 1, j] + 1, cost[i, j - 1] + 1, cost[i - 1, j - 1] + (one != other))
    steps, i, j = [], len(said), len(right)
    while i or j:
        if i and j and cost[i, j] == cost[i - 1, j - 1] + (said[i - 1] != right[j - 1]):
            i, j = i - 1, j - 1
            steps.append(("same" if said[i] == right[j] else "replace", said[i], right[j]))
        elif i and cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
            steps.append(("extra", said[i], None))
        else:
            j -= 1
            steps.append(("missing", None, right[j]))
    return steps[::-1]
    ### END SOLUTION


def error_rate(pairs):
    """Errors per right sound.

    Args:
        pairs: list of (said, right), two lists of sounds each; at least one right sound in all.

    Returns:
        Number of errors of all pairs / number of right sounds of all pairs.
    """
    ### BEGIN SOLUTION
    errors = sum(step[0] != "same" for said, right in pairs for step in corrections(said, right))
    return errors / sum(len(right) for _, right in pairs)
    ### END SOLUTION


# %%
with check("corrections", points=2):
    edge = "In a table, are the first row and column 0, 1, 2 …, not zeros?"
    walk = "(And do you walk back until both are 0, `while i or j`?)"

    def errors_of(said, right):
        one, other = list(said), list(right)
        try:
            steps = corrections(one, other)
        except IndexError as error:
            check.true(False, f"You looked outside the lists ({error}). {edge} {walk}")
        check.true(steps is not None, "`corrections` returned None: does it end in `return`?")
        check.true(
            one == list(said) and other == list(right),
            "Your function changed the lists it was given (`pop`, `reverse`?).",
        )
        check.true(
            isinstance(steps, list | tuple) and all(len(step) == 3 for step in steps),
            "Return a list of triples (kind, said, right).",
        )
        kinds = {step[0] for step in steps}
        check.true(
            kinds <= {"same", "replace", "extra", "missing"}, "The kinds are “same”, “replace”, “extra” and “missing”."
        )
        heard, wanted = ([step[place] for step in steps if step[place] is not None] for place in (1, 2))
        hint = f"From {' '.join(said) or 'nothing'} to {' '.join(right) or 'nothing'}: "
        swapped = any((kind, a is None) in (("extra", True), ("missing", False)) for kind, a, _ in steps)
        check.true(
            not swapped,
            hint
            + '“extra” was said and is not right, ("extra", sound, None); “missing” is right and was not said. Yours are exchanged.',
        )
        full = all((kind == "extra") == (b is None) for kind, _, b in steps)
        check.true(full, hint + "“extra” has None as its third entry, and only it.")
        check.true(
            one == other or (heard, wanted) != (other, one),
            hint + "first what was said, then what is right: yours are exchanged.",
        )
        turned = (heard, wanted) == (one[::-1], other[::-1]) and (one[::-1], other[::-1]) != (one, other)
        check.true(not turned, hint + "the steps come in reverse order: after the walk back turn the list round.")
        check.true(
            not (len(heard) < len(one) and "same" not in kinds),
            hint + "the sounds that are right belong to the steps, too, as “same”.",
        )
        check.true(
            heard == one,
            hint
            + "the second entries of your steps, joined to a list, are not what was said: "
            + "is a sound lost or one too many? "
            + f"{edge} {walk}",
        )
        check.true(
            wanted == other,
            hint
            + "the third entries of your steps, joined to a list, are not what is right: "
            + "is a sound lost or one too many? "
            + f"{edge} {walk}",
        )
        wrong_names = any((kind == "same") != (a == b) for kind, a, b in steps if a is not None and b is not None)
        check.true(not wrong_names, hint + "“same” is for equal sounds and “replace” for different ones.")
        return sum(kind != "same" for kind, _, _ in steps)

    cat, cap, scat = ["K", "AE", "T"], ["K", "AE", "P"], ["S", "K", "AE", "T"]
    check.equal(errors_of(cat, cat), 0, "The same sounds: no error.")
    check.equal(
        errors_of(cap, cat), 1, "K AE P for K AE T is *one* error: replacing costs 1, not an extra and a missing."
    )
    hint = "S K AE T for K AE T: one extra sound moves all others by one place. Don't compare place by place."
    check.equal(errors_of(scat, cat), 1, hint)
    check.equal(errors_of(cat, scat), 1, "K AE T for S K AE T: one sound is missing, and all others move by one place.")
    check.equal(errors_of([], cat), 3, "Nothing said: all three sounds are missing.")
    check.equal(errors_of(cat, []), 3, "Nothing would be right: all three sounds are extra.")
    check.equal(errors_of([], []), 0, "Nothing said, nothing right: no step.")
    hint = "T A for A T: swapping two neighbours is no single step here, it takes two errors."
    check.equal(errors_of(["T", "A"], ["A", "T"]), 2, hint)
    check.equal(errors_of(["AH"], ["A", "H"]), 2, "Sounds are whole: AH is one sound and not A and H.")
    check.equal(errors_of(["AH0"], ["AH1"]), 1, "AH0 and AH1 are different sounds: compare them whole.")
    check.equal(
        errors_of(list("ABCD"), list("BCDE")),
        2,
        "A B C D for B C D E: one extra in front, one missing behind.",
    )
    hint = "As few errors as possible: matching sounds greedily from the left, or the longest common part first, is not always shortest. Fill the table."
    hint = f"{hint} {edge}"
    for one, other, fewest in (
        ("AAB", "AB", 1),
        ("ABXXXC", "BC", 4),
        ("BC", "ABXXXC", 4),
        ("ABCDEF", "DEFABC", 6),
        ("XABC", "ABCXY", 3),
        ("BADC", "ABCD", 3),
    ):
        check.equal(errors_of(list(one), list(other)), fewest, f"{' '.join(one)} for {' '.join(other)}. {hint}")
    dear = (
        "As few errors as possible: replacing costs 1 in the table, not 2. Replacing all three is "
        "better than saving the C with two extra and two missing."
    )
    check.equal(errors_of(list("ABC"), list("CDE")), 3, f"A B C for C D E. {dear}")
    random = np.random.default_rng(6)
    for _ in range(60):
        one, other = (list(random.choice(list("KTSA"), size=random.integers(0, 7))) for _ in range(2))
        one, other = [str(sound) for sound in one], [str(sound) for sound in other]
        row = list(range(len(other) + 1))
        for i, a in enumerate(one, start=1):
            before, row[0] = row[0], i
            for j, b in enumerate(other, start=1):
                before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
        check.equal(errors_of(one, other), row[-1], f"{' '.join(one)} for {' '.join(other)}. " + hint)
    rate = error_rate([(list(cap), list(cat))])
    check.true(rate is not None, "`error_rate` returned None: does it end in `return`?")
    check.true(np.ndim(rate) == 0, "`error_rate` is one number for all pairs.")
    check.true(
        abs(rate - 1) > 1e-6 and abs(rate - 100 / 3) > 1e-6,
        "A rate, errors per right sound: 1/3 here; not the number of errors, not words, not per cent.",
    )
    check.close(rate, 1 / 3, "One error and three right sounds: 1/3.")
    pairs = [(cap, cat), (["AY", "S", "T", "S"], ["AY"]), ([], ["T", "UW"]), (list("ABCDEFG"), list("ABCDEFG"))]
    rate = error_rate([(list(a), list(b)) for a, b in pairs])
    for other, hint in (
        ((1 / 3 + 3 + 1 + 0) / 4, "Not the mean of the words' rates: all errors / all right sounds."),
        (6 / 4, "Divide by the number of right sounds, not of words."),
        (3 / 4, "That is the share of words with an error; count sounds."),
        (6 / 14, "What was said does not count below the line: divide by the number of *right* sounds."),
        (6 / 16, "Divide by the number of *right* sounds, not of steps, nor by the longer of the two."),
        (1 - 6 / 13, "That is the share of right sounds; return the errors."),
        (6 / 27, "Divide by the *right* sounds alone, not by both."),
        (12 / 27, "Divide by the *right* sounds alone, not by both."),
    ):
        check.true(abs(rate - other) > 1e-6, hint)
    check.close(rate, 6 / 13, "Four words: 1 + 3 + 2 + 0 errors, 3 + 1 + 2 + 7 right sounds.")
    check.close(
        error_rate([(list("ABCD"), ["A"])]), 3.0, "An error rate can be above 1: three extra sounds for one right one."
    )
    check.close(
        error_rate([([], []), (["A"], ["A", "B"])]), 0.5, "A pair without any sound adds nothing; no division by zero."
    )
    hint = "A pair without right sounds adds nothing below the line, but its extra ones are errors."
    check.close(error_rate([(["A"], []), (["B"], ["B", "C"])]), 1.0, hint)
    hint = "S K AE T for K AE T is one error. Count the steps of `corrections`, not place by place."
    check.close(error_rate([(list(scat), list(cat))]), 1 / 3, hint)
    for said, right in (("N AY T", "N AY T"), ("K N AY T", "N AY T"), ("T AO G", "T AO"), ("P S IH K OW", "S AY K OW")):
        steps = [step for step in corrections(said.split(), right.split()) if step[0] != "same"]
        print(
            f"{said} for {right}:",
            ", ".join(f"{kind} {a or ''}{' → ' if a and b else ''}{b or ''}" for kind, a, b in steps) or "right",
        )

# %% [markdown] tags=["solution"]
# **Discussion.** The same table measures typing errors, speech recognition (the word error rate is this with words for sounds) and how far two genes are apart. Its size is the product of the two lengths, and so is the time: fine for words, slow for whole genes. The steps are worth more than the number: collect the `replace` steps of a thousand words, and you have a table of confusions like the one of day 03.
