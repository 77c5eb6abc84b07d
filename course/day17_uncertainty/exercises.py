# %% [markdown]
# # Day 17 · Exercises: base rates, coverage, a learned spread, temperature, thresholds, doubt about a score
#
# **Six exercises: you compute what a flagged mail is worth, measure whether intervals hold what they promise, write the loss of a network that says how unsure it is, cool an overconfident one, choose a threshold by what mistakes cost, and put an interval around a score.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The exercises do not depend on each
# other. Stuck for more than ten minutes? Fold out a hint.

# %% tags=["setup"]
from statistics import NormalDist

from utils import data, plots, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops
from sklearn.datasets import load_diabetes

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day17_uncertainty")

# %% [markdown]
# ## Exercise 1 · Spam filter arithmetic
#
# Difficulty ●●●○○ · Importance ●●●●● · 30 minutes
#
# (New here, not in the lesson.) A filter flags 99 of 100 spam mails and only 5 of 100 good ones. A mail was flagged: how sure may you be that it is spam? That depends on something the filter does not know: how much spam there is at all, the **base rate**. Bayes' rule puts it in:
#
# $$P(\text{spam} \mid \text{flag}) = \frac{P(\text{flag} \mid \text{spam})\,P(\text{spam})}{P(\text{flag} \mid \text{spam})\,P(\text{spam}) + P(\text{flag} \mid \text{good})\,P(\text{good})}$$
#
# Write that as `spam_given_flag`. Then do it with many clues at once. `spam_given_words` is the *naive Bayes* filter: a list of words, how often each occurs in spam and in good mails, and which of them stand in this mail. It takes the words as independent, once you know whether the mail is spam; therefore their probabilities multiply. A word that is **absent** is a clue as well: it counts with one minus its share. With a list of a thousand words such a product is smaller than the smallest number a computer can hold, so add logarithms. And mind the way back: with very strong clues e to the power of the *log odds*, the logarithm of P(spam | words) / P(good | words), overflows.
#
# <details><summary>Hint 1</summary>
#
# First function: imagine 10,000 mails and count four groups (spam or good, flagged or not). Second: the *odds* make it short, $\frac{P(\text{spam} \mid \text{words})}{P(\text{good} \mid \text{words})} = \frac{P(\text{spam})}{P(\text{good})} \cdot \prod \frac{\text{this word in spam}}{\text{this word in good mails}}$. Take the logarithm of both sides. What is the probability, given the logarithm of the odds? You know that function from day 02.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `here = np.asarray(present, dtype=bool)`; `clues = np.where(here, np.log(a) - np.log(b), np.log(1 - a) - np.log(1 - b))` with the two arrays of shares `a` and `b`; `log_odds = np.log(share) - np.log(1 - share) + clues.sum()`. The sigmoid of it that never overflows: `np.exp(-np.logaddexp(0, -log_odds))`. (With `1 / (1 + np.exp(-log_odds))` NumPy prints a warning of an overflow for very strong clues; it is harmless there, since 1 / infinity is 0.)
#
# </details>


# %%
def spam_given_flag(share, recall, alarm_rate):
    """Probability that a flagged mail is spam.

    Args:
        share: share of spam among all mails, 0 to 1 (the base rate).
        recall: share of the spam that is flagged, 0 to 1.
        alarm_rate: share of the *good* mails that is flagged, 0 to 1.

    Returns:
        A number from 0 to 1; 0.0 if no mail is ever flagged.
    """
    ### BEGIN SOLUTION
    hits, alarms = share * recall, (1 - share) * alarm_rate
    return hits / (hits + alarms) if hits + alarms > 0 else 0.0
    ### END SOLUTION


def spam_given_words(share, in_spam, in_good, present):
    """Probability that a mail is spam, by naive Bayes.

    Args:
        share: share of spam among all mails, above 0 and below 1.
        in_spam: for each word, the share of spam mails that contain it, above 0 and below 1; list or array (words,), maybe no word at all.
        in_good: for each word, the share of good mails that contain it, above 0 and below 1; list or array (words,).
        present: for each word, True (or 1) if it stands in this mail; list or array (words,), whole numbers or bool.

    Returns:
        A number from 0 to 1.
    """
    ### BEGIN SOLUTION
    in_spam, in_good = np.asarray(in_spam, dtype=float), np.asarray(in_good, dtype=float)
    here = np.asarray(present, dtype=bool)
    clues = np.where(here, np.log(in_spam) - np.log(in_good), np.log(1 - in_spam) - np.log(1 - in_good))
    log_odds = np.log(share) - np.log(1 - share) + clues.sum()
    return np.exp(-np.logaddexp(0, -log_odds))
    ### END SOLUTION


# %%
with check("spam_arithmetic"):
    found = spam_given_flag(0.01, 0.99, 0.05)
    check.true(found is not None, "`spam_given_flag` returned None: does every path end in `return`?")
    check.true(np.ndim(found) == 0, "`spam_given_flag` returns one number.")
    check.true(np.isfinite(found), "Your result is nan or infinite: is something divided by zero?")
    case = "One mail in 100 is spam, the filter flags 99 % of it and 5 % of the good mails. "
    for other, hint in (
        (0.99, "You return how much of the spam is flagged; asked is how much of the flagged is spam. P(flag | spam) is not P(spam | flag)."),
        (0.95, "That is the share of good mails let through. Asked is how much of the flagged mail is spam."),
        (0.99 / 1.04, "The base rate is missing: it would be right if half of all mails were spam."),
        (0.0099, "That is the share of mails that are spam *and* flagged: divide by the share of all mails that are flagged."),
        (0.0594, "That is the share of all mails that are flagged, the lower half of the fraction."),
        (0.0099 / 0.05, "Below the line stand *all* flagged mails, the spam among them included."),
        (0.0099 / 1.04, "The base rate belongs below the line, too: both groups of flagged mails, each times how frequent it is."),
        (0.0099 / 0.0495, "Those are the odds, spam against good. The probability is spam / (spam + good)."),
        (0.0495 / 0.0594, "That is the share of *good* mails among the flagged ones."),
        (0.0099 / 0.0599, "The alarm rate is a share of the good mails: times (1 − share)."),
        (0.0099 / (0.0099 + 0.99 * 0.95), "You took 1 − alarm_rate, the good mails let through; below the line are the *flagged* ones."),
        (100 / 6, "A number from 0 to 1, not per cent."),
        (0.17, "Do not round inside a function."),
        (0.0001 / (0.0001 + 0.99 * 0.95), "Those are the mails that are *not* flagged."),
    ):  # fmt: skip
        check.true(abs(found - other) > 1e-6, case + hint)
    check.close(found, 1 / 6, case + "Of 10,000 mails 99 + 495 are flagged, and 99 of them are spam.")
    check.close(spam_given_flag(0.4, 0.8, 0.3), 0.64, "40 % spam, 80 % of it flagged, 30 % false alarms: .32 of .50.")
    check.close(spam_given_flag(0.2, 0.5, 0), 1.0, "No false alarm at all: what is flagged is spam for sure.")
    check.close(spam_given_flag(0.3, 0, 0.2), 0.0, "The filter finds no spam: what it flags is good for sure.")
    check.close(
        [spam_given_flag(0, 0.9, 0.1), spam_given_flag(1, 0.9, 0.1)],
        [0.0, 1.0],
        "Without any spam no flagged mail is spam; where all is spam, every one is.",
    )
    nothing = "A filter that flags nothing: 0.0 by our rule, before you divide by zero."
    neither = (
        "No spam and no false alarm (or nothing but spam, and none of it found): no mail is "
        "flagged, 0.0 by our rule. Look whether what you divide by is 0."
    )
    for case, hint in (((0.3, 0, 0), nothing), ((0, 0.9, 0), neither), ((1, 0, 0.3), neither)):
        try:
            found = spam_given_flag(*case)
        except ZeroDivisionError:
            check.true(False, hint)
        check.true(found is not None and np.isfinite(found), hint)
        check.close(found, 0.0, hint)
    hint = (
        "One mail in a million is spam, half of it flagged, no false alarm: what is flagged is "
        "spam for sure. Add no small number to what you divide by, and ask whether it is 0, not "
        "whether it is small."
    )
    check.close(spam_given_flag(1e-6, 0.5, 0), 1.0, hint)

    def of_words(share, in_spam, in_good, present):
        found = spam_given_words(share, in_spam, in_good, present)
        check.true(found is not None, "`spam_given_words` returned None: does it end in `return`?")
        check.true(np.ndim(found) == 0, "`spam_given_words` is one number for the whole mail, not one per word.")
        return float(found)

    shares = np.array([0.4]), np.array([0.1]), np.array([True])
    given = [each.copy() for each in shares]
    found = of_words(0.3, *given)
    check.true(all(map(np.array_equal, given, shares)), "Your function changed an array it was given.")
    hint = "Your result is nan or infinite: the logarithm of 0 or of a negative number, or something divided by zero?"
    check.true(np.isfinite(found), hint)
    case = "30 % spam, one word, in 40 % of the spam and 10 % of the good mails, and it is there: "
    odds = 0.12 / 0.07
    for other, hint in (
        (0.8, "the base rate is missing."),
        (odds, "those are the odds, .12 against .07; the probability is odds / (1 + odds)."),
        (np.log(odds), "that is the logarithm of the odds; make a probability of it."),
        (0.12, "that is P(spam and word); divide by P(word)."),
        (0.12 / 0.22, "the share of *good* mails is missing: .1 counts times .7."),
        (0.18 / 0.81, "you took one minus the share, as for a word that is absent."),
        (0.03 / 0.31, "spam and good mails are exchanged."),
        (0.07 / 0.19, "that is the probability that the mail is *good*: the sigmoid is 1 / (1 + e^(−log odds)), mind the minus."),
        (1 / (1 + np.exp(-np.log10(odds))), "the natural logarithm: `np.log`, if you go back with `np.exp`."),
        (1 / (1 + np.exp(-np.log2(odds))), "the natural logarithm: `np.log`, if you go back with `np.exp`."),
    ):  # fmt: skip
        check.true(abs(found - other) > 1e-6, case + hint)
    check.close(found, 0.12 / 0.19, case + ".3 × .4 against .7 × .1.")
    found = of_words(0.2, np.array([0.4]), np.array([0.1]), np.array([False]))
    hint = "A word that is absent is a clue, too: it counts with one minus its share, .2 × .6 against .8 × .9."
    check.close(found, 0.12 / 0.84, hint)
    found = of_words(0.2, np.array([0.6, 0.5]), np.array([0.1, 0.25]), np.array([True, True]))
    for other, hint in (
        (0.04 * 0.3 / (0.04 * 0.3 + 0.64 * 0.025), "The base rate counts once per mail, not once per word."),
        (0.3 / 0.325, "The base rate is missing."),
        (0.2 * 1.1 / (0.2 * 1.1 + 0.8 * 0.35), "Probabilities of independent words multiply; you added them."),
        ((0.6 + 1 / 3) / 2, "Not the mean of what the single words say: the clues multiply."),
        (0.6, "All words count, not only the strongest or the first."),
        (1 / 3, "All words count, not only the last."),
    ):
        check.true(abs(found - other) > 1e-6, hint)
    check.close(found, 0.75, "Two words, both there: .2 × .6 × .5 against .8 × .1 × .25.")
    hint = "`present` may be a list of 0 and 1, and in_spam and in_good lists, too. Turn `present` into bool: as whole numbers 0 and 1 would be *places*, and `~1` is −2."
    try:
        found = of_words(0.5, [0.6, 0.2, 0.3], [0.1, 0.5, 0.2], [1, 0, 1])
        second = of_words(0.5, np.array([0.6, 0.2]), np.array([0.1, 0.5]), np.array([0, 1]))
    except (TypeError, IndexError):
        check.true(False, hint)
    check.close(found, 0.144 / (0.144 + 0.01), hint)
    check.close(second, 0.08 / 0.53, hint)
    check.close(of_words(0.2, [], [], []), 0.2, "No word in the list: only the base rate is known.")
    hint = "With 1,001 words the products become 0 (0/0 is nan, or you return what a rescue such as 1e-9 makes of it): add logarithms, and take the *difference* before you go back."
    rare = np.full(1001, 0.01)
    rare[0] = 0.03
    try:
        found = of_words(0.5, rare, np.full(1001, 0.01), np.full(1001, True))
    except (ZeroDivisionError, ValueError):  # plain Python: 0 / 0, or the logarithm of 0
        check.true(False, hint)
    check.true(np.isfinite(found), hint)
    check.close(found, 0.75, hint)
    hint = "Very strong clues: the answer is 1 (or 0), but e to the power of several hundred overflows, and inf/inf is nan. Write the sigmoid as `np.exp(-np.logaddexp(0, -log_odds))`."
    for sign, wanted in ((True, 1.0), (False, 0.0)):
        try:
            found = of_words(0.5, np.full(800, 0.9), np.full(800, 0.1), np.full(800, sign))
        except OverflowError:  # plain Python: math.exp(1758)
            check.true(False, hint)
        check.true(np.isfinite(found), hint)
        check.close(found, wanted, hint)
    hint = (
        "4,000 strong clues for spam and 4,000 against it: they cancel, the base rate .2 is left. "
        "What is multiplied or updated word by word arrives at infinity, 0 or 1 on the way and "
        "stays there: add logarithms up to the last word."
    )
    strong = np.arange(8000) < 4000
    for present in (strong, ~strong):
        try:
            found = of_words(0.2, np.full(8000, 0.9), np.full(8000, 0.1), present)
        except (ZeroDivisionError, ValueError, OverflowError):
            check.true(False, hint)
        check.true(np.isfinite(found), hint)
        check.close(found, 0.2, hint, 1e-3)
    for share in (0.5, 0.1, 0.01, 0.001):
        print(
            f"{share:6.1%} of all mails are spam: a flagged mail is spam with probability {spam_given_flag(share, 0.99, 0.05):.3f}"
        )

# %% [markdown] tags=["solution"]
# **Discussion.** The same filter, and its flag is worth something else in every mailbox. That is no fault of the filter: where spam is rare, the few per cent of a *large* heap of good mails outweigh nearly all of a small heap of spam. So it is with medical tests for rare diseases and with fraud alarms.
# Naive Bayes' weak point stands in its name. Two words that always come together count twice, and the answer is far too sure of itself: a model can name the right class and be badly *calibrated*, as in exercise 4.

# %% [markdown]
# ## Exercise 2 · Do the intervals hold what they promise?
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# The members of an ensemble each say a mean and a standard deviation for every point. `combine` makes one prediction of them. Its variance has two parts, and they **add**:
#
# - the noise that the members see in the data: the *mean of their variances*;
# - their disagreement: the *variance of their means* around the common mean (divide by the number of members, since these members are all there are).
#
# `interval_report` then judges any such prediction. Its interval is *mean ± z standard deviations*, where z is the number for which a standard normal distribution (mean 0, deviation 1) has the share `level` between −z and z. `NormalDist().inv_cdf(p)`, imported above, returns the point below which the share p lies. The report says what share of the targets lies inside (one exactly at an end is inside), what share below the lower end and above the upper, and how wide the intervals are on average.
#
# <details><summary>Hint 1</summary>
#
# Standard deviations do not add, variances do: square first, root last. And z for a level of 0.9: 5 % lie below and 5 % above, so it is the point below which 95 % lie.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `np.sqrt((deviations**2).mean(axis=0) + means.var(axis=0))`. For z: `NormalDist().inv_cdf((1 + level) / 2)`. Then `low, high = mean - z * deviation, mean + z * deviation`, and `float(np.mean(targets < low))` is a share.
#
# </details>


# %%
def combine(means, deviations):
    """Make one prediction of the members' predictions.

    Args:
        means: array (members, points).
        deviations: standard deviations, array (members, points).

    Returns:
        mean, deviation: two arrays (points,).
    """
    ### BEGIN SOLUTION
    means, deviations = np.asarray(means, dtype=float), np.asarray(deviations, dtype=float)
    return means.mean(axis=0), np.sqrt((deviations**2).mean(axis=0) + means.var(axis=0))
    ### END SOLUTION


def interval_report(targets, mean, deviation, level=0.9):
    """Judge normal intervals on data.

    Args:
        targets: array (points,), what really came.
        mean, deviation: arrays (points,), the prediction; a deviation may be 0.
        level: share that the interval promises to hold, above 0 and below 1.

    Returns:
        Dict with the keys "coverage" (share of targets inside), "below", "above" (shares outside, from 0 to 1) and "width" (mean
        width of the intervals, in the targets' unit).
    """
    ### BEGIN SOLUTION
    targets, mean, deviation = (np.asarray(each, dtype=float) for each in (targets, mean, deviation))
    reach = NormalDist().inv_cdf((1 + level) / 2) * deviation
    below, above = targets < mean - reach, targets > mean + reach
    return {
        "coverage": float(np.mean(~below & ~above)),
        "below": float(below.mean()),
        "above": float(above.mean()),
        "width": float(2 * reach.mean()),
    }
    ### END SOLUTION


# %%
with check("coverage"):
    means = np.array([[1.0, 10, 5], [3, 10, 5], [2, 10, 8], [2, 14, 2]])
    spreads = np.array([[1.0, 2, 0], [1, 4, 0], [1, 4, 0], [3, 2, 0]])
    given = means.copy(), spreads.copy()
    found = combine(*given)
    check.true(found is not None, "`combine` returned None: does it end in `return`?")
    unchanged = np.array_equal(given[0], means) and np.array_equal(given[1], spreads)
    check.true(unchanged, "Your function changed an array it was given.")
    check.true(
        isinstance(found, tuple | list | np.ndarray) and len(found) == 2,
        "`combine` returns two things: mean and deviation.",
    )
    hint = "One value per *point*: the members are the rows, so go along `axis=0`."
    check.shape(found[0], (3,), hint)
    check.shape(found[1], (3,), hint)
    mean, deviation = (np.asarray(each, dtype=float) for each in found)
    hint = "A result is nan or infinite: something divided by zero, or the root of a negative number?"
    check.true(np.isfinite(mean).all() and np.isfinite(deviation).all(), hint)
    noise, disagreement = (spreads**2).mean(axis=0), means.var(axis=0)
    check.true(not np.allclose(deviation, [2, 11, 5]), "Mean first, then deviation: yours are exchanged.")
    check.close(mean, [2.0, 11.0, 5.0], "The common mean is the plain mean over the members, each counting alike.")
    for other, hint in (
        (spreads.mean(axis=0), "The mean of the deviations: the members' disagreement is missing, and variances are averaged, not deviations."),
        (np.sqrt(noise), "The members' disagreement is missing: add the variance of their means."),
        (np.sqrt(disagreement), "Only the disagreement; the noise that the members see in the data is missing."),
        (noise + disagreement, "That is the variance: take the root at the end."),
        (np.sqrt(noise) + np.sqrt(disagreement), "Standard deviations do not add, variances do: root last."),
        (spreads.mean(axis=0) + means.std(axis=0), "Standard deviations do not add, variances do: square first, root last."),
        (np.sqrt(noise + means.var(axis=0, ddof=1)), "Divide the disagreement by the number of members, not by one less (`ddof`)."),
        (np.sqrt((spreads**2).sum(axis=0) + disagreement), "The *mean* of the variances, not their sum: ten members would see no more noise than one."),
        (np.sqrt(noise + disagreement) / 2, "Divided by the root of the number of members: that is the error of a *mean*. The next target still has the whole noise."),
        (np.sqrt(noise / 4 + disagreement), "The noise does not shrink because more members look at it: mean of the variances, not divided once more."),
        (np.sqrt(noise + disagreement / 4), "The disagreement is the variance of the means, not divided once more by the members."),
        (np.sqrt(spreads.mean(axis=0) ** 2 + disagreement), "The mean of the *variances*: square before you average."),
        (np.sqrt(spreads.mean(axis=0) + disagreement), "The deviations must be squared before they are added to a variance."),
        (np.sqrt(noise + means.std(axis=0)), "The variance of the means, not their standard deviation, is added under the root."),
        (spreads.max(axis=0), "Not the largest deviation: both parts of the variance add."),
    ):  # fmt: skip
        check.true(not np.allclose(deviation, other), hint)
    check.close(
        deviation, np.sqrt(noise + disagreement), "The root of (mean of the variances + variance of the means)."
    )
    alone = combine(np.array([[3.0, 4.0]]), np.array([[1.0, 2.0]]))
    check.close(
        np.array(alone), [[3.0, 4.0], [1.0, 2.0]], "One member alone disagrees with nobody: its own mean and deviation."
    )
    targets, mean, deviation = np.array([0.0, 3, -3, 1, 2, 0, 0, 0, 0, 9]), np.zeros(10), np.array([1.0] * 9 + [4])
    given = targets.copy(), mean.copy(), deviation.copy()
    found = interval_report(*given)
    check.true(found is not None, "`interval_report` returned None: does it end in `return`?")
    check.true(
        all(map(np.array_equal, given, (targets, mean, deviation))), "Your function changed an array it was given."
    )
    check.true(isinstance(found, dict), "`interval_report` returns a dict.")
    keys = {"coverage", "below", "above", "width"}
    check.true(set(found) == keys, f"The dict needs exactly these keys: {', '.join(sorted(keys))}.")
    check.true(all(np.ndim(value) == 0 for value in found.values()), "Each value is a single number.")
    hint = "A value is nan or infinite: is something divided by zero?"
    check.true(all(np.isfinite(value) for value in found.values()), hint)
    z_90 = NormalDist().inv_cdf(0.95)
    wide = found["width"] / 1.3
    for other, hint in (
        (z_90, "The width is from the lower to the upper end, both sides."),
        (2 * NormalDist().inv_cdf(0.9), "Level 0.9 leaves 5 % at *each* side, so z is the point below which 95 % lie, not 90 %."),
        (2 * 1.959964, "z = 1.96 belongs to a level of 0.95, not 0.9."),
        (2, "One standard deviation is not enough: z for a level of 0.9 is about 1.645."),
        (2 * 0.9, "`level` is a share, not the number of deviations: look for its z."),
        (2 * z_90 * 25 / 13, "The interval reaches z *standard deviations* to each side, not z variances."),
        (2 * z_90 / 1.3, "The mean width over *all* points: not the median, and not only of those inside."),
        (2 * z_90 / np.sqrt(10), "The next target has the whole noise: do not divide by the root of the number of points."),
    ):  # fmt: skip
        check.true(abs(wide - other) > 1e-4, hint)
    check.close(found["width"], 2 * z_90 * 1.3, "The mean of 2 z deviation over all ten points, z = 1.645.", 1e-3)
    hint = "Of the ten targets 3, 2 and 9 lie above the interval, −3 below, six inside. "
    check.true(found["coverage"] < 1 + 1e-9, hint + "A share from 0 to 1, not a number of points and not per cent.")
    exchanged = abs(found["below"] - 0.3) < 1e-9 and abs(found["above"] - 0.1) < 1e-9
    check.true(
        not exchanged, hint + "Below and above are exchanged: below means that the *target* is under the lower end."
    )
    outside = abs(found["coverage"] - 0.4) < 1e-9
    check.true(not outside, hint + "That is the share outside.")
    check.true(
        abs(found["coverage"] - 0.7) > 1e-9 and abs(found["coverage"] - 0.9) > 1e-9,
        hint + "Both ends count, the lower and the upper, and each point has its *own* deviation.",
    )
    check.close([found["coverage"], found["below"], found["above"]], [0.6, 0.1, 0.3], hint)
    half = interval_report(targets, mean, deviation, 0.5)
    hint = "With level 0.5 the interval is narrower, z = 0.674: use the argument."
    check.close([half["coverage"], half["width"]], [0.5, 2 * 1.3 * NormalDist().inv_cdf(0.75)], hint, 1e-3)
    hint = "With level 0.5 other targets lie outside: `below` and `above` need the new ends, too."
    check.close([half["below"], half["above"]], [0.1, 0.4], hint)
    moved = interval_report(targets + 100, mean + 100, deviation)
    check.close(
        [moved[key] for key in found],
        list(found.values()),
        "All targets and means 100 higher: the same report. Use `mean`.",
    )
    steps = 100.0 * np.arange(10)
    moved = interval_report(targets + steps, mean + steps, deviation)
    hint = "Each point moved by another step, with its mean: the same report. Use its *own* mean."
    check.close([moved[key] for key in found], list(found.values()), hint)
    flat = np.array([4.0, 4.0, 5.0]), np.array([4.0, 4.0, 4.0]), np.array([0.0, 1.0, 0.0])
    try:
        flat = interval_report(*flat)
    except ValueError as error:
        if "sigma" not in str(error):
            raise
        hint = "A deviation may be 0, and `NormalDist(mean, 0)` cannot compute that: take z from the standard normal distribution, `NormalDist()`, and use `mean ± z * deviation`."
        check.true(False, hint)
    hint = "A target exactly at an end is inside (here a deviation of 0 and a target that is hit: `mean ± z * deviation` can do that, SciPy's `norm.interval` can't)."
    check.close([flat["coverage"], flat["below"], flat["above"]], [2 / 3, 0.0, 1 / 3], hint)
    dice = np.random.default_rng(3)
    mean, deviation = dice.normal(5, 2, 4000), dice.uniform(0.5, 3, 4000)
    hint = "`level` may be any share between 0 and 1, here 0.73: compute z, `NormalDist().inv_cdf`, no table."
    try:
        report = interval_report(dice.normal(mean, deviation), mean, deviation, 0.73)
    except KeyError:
        check.true(False, hint)
    hint = f"4,000 targets drawn from their own predictions: of intervals of level 0.73 about 73 % hold, not {report['coverage']:.1%}. {hint}"
    check.true(abs(report["coverage"] - 0.73) < 0.03, hint)
    inputs, labels = load_diabetes(return_X_y=True)
    order = dice.permutation(len(labels))
    train, test = order[:60], order[331:]

    def line_of(rows):
        """Fit a line to some patients; return its predictions for all and the deviation of its errors."""
        columns = np.c_[np.ones(len(inputs)), inputs]
        weights = np.linalg.lstsq(columns[rows], labels[rows], rcond=None)[0]
        errors = labels[rows] - columns[rows] @ weights
        return columns @ weights, np.sqrt((errors**2).sum() / (len(rows) - 11))

    lines = [line_of(dice.choice(train, size=len(train))) for _ in range(20)]
    lines = np.array([line[test] for line, _ in lines]), np.array([np.full(len(test), spread) for _, spread in lines])
    both = [np.asarray(each, dtype=float) for each in combine(*lines)]
    print(
        "diabetes, 20 lines fitted to 60 patients drawn with replacement, intervals of level 0.9 for 111 other patients:"
    )
    for name, deviation in (
        ("disagreement alone", lines[0].std(axis=0)),
        ("noise alone", np.sqrt((lines[1] ** 2).mean(axis=0))),
        ("both", both[1]),
    ):
        report = interval_report(labels[test], both[0], deviation)
        print(f"  {name:18} holds {report['coverage']:.1%} of them, width {report['width']:.0f}")
    print(
        f"by chance alone a share of 90 % among 111 patients goes up or down by {np.sqrt(0.9 * 0.1 / 111):.1%} (one deviation)"
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Look at the last lines. Disagreement alone tells how unsure the *line* is, not how far a patient may be from it; intervals made of it are much too narrow. That is the most common mistake with ensembles and with Monte-Carlo dropout: the spread of the answers is taken for the spread of the truth. But the noise alone is not enough either: eleven weights fitted to 60 patients are unsure themselves, so each part alone holds less than was promised, and the two together come near it. With all 331 patients the disagreement would add little; for a large network, and where data is missing, it can be most of the doubt. And how near is near? Hold the shares against the last line: a few per cent more or less, 111 patients can't tell.
# And coverage alone is no proof of quality: intervals from minus to plus infinity hold everything. Look at the width, too, and at `below` and `above`: 10 % outside, all at one side, is a bias.

# %% [markdown]
# ## Exercise 3 · A network that says how unsure it is
#
# Difficulty ●●●○○ · Importance ●●●●● · 15 minutes
#
# A network with two outputs per point, the mean $m$ and a raw number $r$, shall learn both. The deviation must be positive: $s = \text{softplus}(r) + 0.001$. The loss is the mean of the negative log-likelihood of a normal distribution:
#
# $$-\log p(y) = \frac{(y - m)^2}{2 s^2} + \log s + \tfrac12 \log 2\pi$$
#
# Nobody tells the network how large the noise is; it comes from this loss alone. Write it with `keras.ops`, so that Keras can differentiate it. **Mind the shapes**: Keras hands over the targets as (points, 1). If you subtract an array of shape (points,) from that, broadcasting quietly makes (points, points) of it, and the network learns nonsense without an error.
#
# <details><summary>Hint 1</summary>
#
# `outputs[:, :1]` keeps the second axis, `outputs[:, 0]` loses it. softplus is $\log(1 + e^r)$; written so, it overflows for large $r$, but `keras.ops` has it.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `mean, raw = outputs[:, :1], outputs[:, 1:]`; `deviation = ops.softplus(raw) + 1e-3`; `surprise = ops.square((targets - mean) / deviation) / 2 + ops.log(deviation) + 0.5 * np.log(2 * np.pi)`; return `ops.mean(surprise)`.
#
# </details>


# %%
def normal_loss(targets, outputs):
    """Negative log-likelihood of a normal distribution whose mean and spread the network says.

    Args:
        targets: float32 tensor (points, 1).
        outputs: float32 tensor (points, 2): the mean and the raw number of which softplus(raw) + 0.001 is the standard deviation.

    Returns:
        Tensor of shape (): the mean over the points, natural logarithm.
    """
    ### BEGIN SOLUTION
    mean, raw = outputs[:, :1], outputs[:, 1:]
    deviation = ops.softplus(raw) + 1e-3
    surprise = ops.square((targets - mean) / deviation) / 2 + ops.log(deviation) + 0.5 * np.log(2 * np.pi)
    return ops.mean(surprise)
    ### END SOLUTION


# %%
with check("normal_loss", points=2):
    ROOT_2PI = 0.5 * np.log(2 * np.pi)

    def loss_of(targets, means, raws):
        """Call the learner's loss with lists, return a number."""
        y = ops.convert_to_tensor(np.array(targets, dtype="float32")[:, None])
        z = ops.convert_to_tensor(np.array([means, raws], dtype="float32").T)
        found = normal_loss(y, z)
        check.true(found is not None, "Your function returned None: does it end in `return`?")
        hint = "One number, the mean over all points: a tensor of shape ()."
        check.shape(ops.convert_to_numpy(found), (), hint)
        return float(found)

    def wanted_of(targets, means, raws):
        targets, means, raws = (np.asarray(each, dtype=float) for each in (targets, means, raws))
        s = np.logaddexp(0, raws) + 1e-3
        return float(np.mean((targets - means) ** 2 / 2 / s**2 + np.log(s) + ROOT_2PI))

    one = 2.0  # the raw number of the first example; its deviation is 2.128
    found, s = loss_of([4.0], [1.0], [one]), np.log1p(np.exp(one)) + 1e-3
    hint = "Your result is nan or infinite: the logarithm of 0, or the logarithm or root of a negative number?"
    check.true(np.isfinite(found), hint)
    case = "One point, target 4, mean 1, raw 2 (so the deviation is 2.128). "
    for other, hint in (
        (-(4.5 / s**2 + np.log(s) + ROOT_2PI), "The sign is turned: a loss is the *negative* log-likelihood."),
        (4.5 / s**2 + np.log(s), "½ log 2π is missing. For training it makes no difference, but then values can't be compared with others'."),
        (4.5 / s**2 + ROOT_2PI, "log s is missing: without it a huge deviation costs nothing, and the network says “anything is possible”."),
        (4.5 / s**2, "log s and ½ log 2π are missing: without log s a huge deviation costs nothing."),
        (4.5 / s**2 + 2 * np.log(s) + ROOT_2PI, "log s, or ½ log s²; not log s²."),
        (9 / s**2 + np.log(s) + ROOT_2PI, "The ½ before the square is missing."),
        (4.5 / s + np.log(s) + ROOT_2PI, "You divide by the deviation; divide by its square."),
        (4.5 / s + 0.5 * np.log(s) + ROOT_2PI, "softplus gives the standard *deviation* here; you took it for the variance."),
        (4.5 / np.exp(2 * one) + one + ROOT_2PI, "The deviation is softplus(raw) + 0.001, not exp(raw)."),
        (4.5 / (np.exp(one) + 1e-3) ** 2 + np.log(np.exp(one) + 1e-3) + ROOT_2PI, "The deviation is softplus(raw) + 0.001, not exp(raw)."),
        (4.5 / one**2 + np.log(one) + ROOT_2PI, "The raw number is not yet the deviation: softplus(raw) + 0.001."),
        (4.5 / np.exp(one) + 0.5 * one + ROOT_2PI, "The raw number was taken for the logarithm of the variance: here the deviation is softplus(raw) + 0.001."),
        (3 / s + np.log(2 * s), "That is a Laplace distribution (absolute error); here the error is squared."),
        (9.0, "That is the squared error alone: the deviation plays no part."),
        (4.5 / s**2 + np.log(s) + np.log(2 * np.pi), "½ log 2π, not log 2π."),
        (np.exp(-(4.5 / s**2 + np.log(s) + ROOT_2PI)), "That is the density; take its logarithm, and turn the sign."),
        ((4.5 / s**2 + np.log(s) + ROOT_2PI) / np.log(2), "The natural logarithm, please, not bits."),
        (4.5 / (s - 1e-3) ** 2 + np.log(s - 1e-3) + ROOT_2PI, "Is the 0.001 added to softplus?"),
        (wanted_of([4], [2], [1]), "Mean and raw number are exchanged, or one of them stands for both."),
    ):  # fmt: skip
        check.true(abs(found - other) > 1e-4, case + hint)
    check.close(found, wanted_of([4], [1], [one]), case + "9/(2 · 4.53) + log 2.128 + ½ log 2π.", 1e-5)
    check.close(
        loss_of([1.0], [4.0], [0.5]),
        wanted_of([1], [4], [0.5]),
        "Column 0 of the outputs is the mean, column 1 the raw number.",
    )
    three = [1.0, 2.0, 6.0], [0.0, 3.0, 5.0], [0.5, -1.0, 2.0]
    found = loss_of(*three)
    y, m, raw = map(np.array, three)
    crossed = np.mean(
        (y[:, None] - m) ** 2 / 2 / (np.logaddexp(0, raw) + 1e-3) ** 2 + np.log(np.logaddexp(0, raw) + 1e-3) + ROOT_2PI
    )
    hint = "Shapes! Each target was compared with the mean of *every* point: (points, 1) − (points,) is (points, points). Use `outputs[:, :1]`."
    check.true(abs(found - crossed) > 1e-4, hint)
    check.true(abs(found - 3 * wanted_of(*three)) > 1e-4, "The mean over the points, not the sum.")
    check.close(found, wanted_of(*three), "Three points, each with its own mean and deviation.", 1e-5)
    hint = "A point hit exactly and a raw number of −50: the deviation is 0.001, the loss finite (log 0.001 + ½ log 2π). Is the 0.001 added to softplus?"
    found = loss_of([0.0], [0.0], [-50.0])
    check.true(np.isfinite(found), hint)
    check.close(found, np.log(1e-3) + ROOT_2PI, hint, 1e-3)
    hint = "Below zero the raw number still counts, softplus(−2) is 0.127: no `relu`, no `abs`, and no lowest value but the 0.001."
    check.close(loss_of([0.1], [0.0], [-2.0]), wanted_of([0.1], [0], [-2]), hint, 1e-4)
    hint = "A raw number of 200: exp(200) overflows in float32. `ops.softplus` does not."
    found = loss_of([0.0], [0.0], [200.0])
    check.true(np.isfinite(found), hint)
    check.close(found, np.log(200.001) + ROOT_2PI, hint, 1e-4)
    found = loss_of([1000.0], [0.0], [0.5413])
    hint = "A target 1,000 deviations from its mean: e to the power of −500,000 is 0 in the computer, and log 0 is infinite. Do not compute the density first, write its logarithm directly, as in the formula."
    check.true(np.isfinite(found), hint)
    hint = "A target far from its mean (1,000 deviations) costs much, and it must: do not cut the loss or its errors."
    check.close(found / 1e5, wanted_of([1000], [0], [0.5413]) / 1e5, hint, 1e-4)
    hint = (
        "Deviation 0.001, a point missed by 0.002: half the square of two deviations, 2. Add "
        "nothing to what you divide by; the 0.001 already keeps it from 0."
    )
    check.close(loss_of([0.002], [0.0], [-50.0]), 2 + np.log(1e-3) + ROOT_2PI, hint, 1e-3)
    dice = np.random.default_rng(5)
    x = dice.uniform(0, 1, (600, 1)).astype("float32")
    y = (np.sin(6 * x) + dice.normal(0, 0.05 + 0.5 * x)).astype("float32")
    keras.utils.set_random_seed(5)
    model = keras.Sequential([keras.Input((1,)), layers.Dense(32, "tanh"), layers.Dense(32, "tanh"), layers.Dense(2)])
    model.compile(keras.optimizers.Adam(0.01), normal_loss, jit_compile=False)
    try:
        history = model.fit(x, y, epochs=150, batch_size=100, verbose=0).history["loss"]
    except Exception as error:
        hint = "It computes, but no network can be trained with it: `keras.ops` throughout, no NumPy on tensors, no `float(…)`, no `len(…)` (the mean is `ops.mean`), no `if` on values, nothing that is cut off from the weights. "
        check.true(False, hint + str(error).splitlines()[0])
    grid = np.linspace(0, 1, 101, dtype="float32")[:, None]
    mean, raw = ops.convert_to_numpy(model(grid)).T
    spread = np.logaddexp(0, raw) + 1e-3
    hint = "In training the loss does not fall: is a part of it cut off from the weights?"
    check.true(np.isfinite(history[-1]) and history[-1] < history[0] - 0.2, hint)
    hint = "The network was trained with your loss and has not noticed that the noise is small at the left and large at the right: is the deviation cut off from the weights?"
    check.true(spread[90] > 2 * spread[10], hint)
    steep = keras.Sequential([keras.Input((1,)), layers.Dense(2)])
    steep.compile(keras.optimizers.SGD(1e-3), normal_loss, jit_compile=False)
    steep.set_weights([np.array([[0, 200]], dtype="float32"), np.zeros(2, dtype="float32")])
    steep.fit(np.ones((1, 1), "float32"), np.zeros((1, 1), "float32"), batch_size=1, verbose=0)
    hint = (
        "A raw number of 200 in training: the loss is right, but its slope is nan, and so are the "
        "weights then. `ops.where` computes both of its branches, and the one that overflows "
        "spoils the slope. Use `ops.softplus`."
    )
    check.true(all(np.isfinite(each).all() for each in steep.get_weights()), hint)
    figure, axes = plt.subplots(figsize=(8, 3.6))
    axes.plot(x[:, 0], y[:, 0], ".", markersize=3, color="grey", label="training points")
    axes.plot(grid[:, 0], mean, label="mean the network says")
    axes.fill_between(grid[:, 0], mean - 1.645 * spread, mean + 1.645 * spread, alpha=0.25, label="its 90 % interval")
    axes.plot(grid[:, 0], np.sin(6 * grid[:, 0]), "k--", linewidth=1, label="truth")
    axes.set(xlabel="input x", ylabel="target y", title="Nobody told it how large the noise is")
    axes.legend(fontsize=8)
    plots.show(
        figure,
        alt=f"Noisy points along a sine, closely together at the left and scattered at the right. The network's band follows: its deviation is {spread[10]:.2f} at x = 0.1 (truth 0.10) and {spread[90]:.2f} at x = 0.9 (truth 0.50).",
    )
    print(
        f"deviation the network says: {spread[10]:.3f} at x = 0.1 (truth 0.100), {spread[90]:.3f} at x = 0.9 (truth 0.500)"
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Read the loss like a contract: a large deviation makes errors cheap (first term) and is expensive in itself (second term). The cheapest is the deviation that the errors really have. Try it with pencil: for given error $e$ the derivative by $s$ is zero where $s^2 = e^2$.
# That is also its danger. Where a network can hit training points exactly, the cheapest deviation is the smallest one it is allowed, and the loss falls without bound; the 0.001 is a brake. Watch the validation data. With TensorFlow Probability the same loss is `-tfd.Normal(mean, deviation).log_prob(targets)`, as in the lesson.

# %% [markdown]
# ## Exercise 4 · Cool an overconfident network
#
# Difficulty ●●●○○ · Importance ●●●●● · 40 minutes
#
# Two functions. (Mind: here the labels come first; in the lesson they come last.) `calibration_error` is the ECE (expected calibration error). The confidence of a prediction is its largest probability. Sort the predictions by confidence into `bins` bins of equal width: bin k holds what is at least k/bins and less than (k + 1)/bins, and a confidence of 1 belongs to the last. In each bin that is not empty take |share of right predictions − mean confidence|, and average these over the bins, *each weighted with its share of the predictions*.
#
# `best_temperature` repairs: divide all logits by one number T before the softmax. T above 1 makes the network humbler, below 1 bolder, and no answer changes. Take the T between 0.05 and 20 whose mean cross-entropy (natural logarithm) is lowest; within 1 % is good enough. It is chosen on *validation* data, never on the test.
#
# <details><summary>Hint 1</summary>
#
# The bin of each prediction: `np.minimum((confidence * bins).astype(int), bins - 1)`. For the temperature it is enough to try many values, but in equal *ratios*: from 0.05 to 20 with 600 values in `np.geomspace` each is 1 % above the last.
#
# </details>
# <details><summary>Hint 2</summary>
#
# With `right` and `confidence` and `inside = place == k`: `error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())`. Cross-entropy for one T, safe for large logits: `z = logits / T; z = z - z.max(axis=1, keepdims=True)`; `log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))`; `-log_p[np.arange(len(labels)), labels].mean()`.
#
# </details>


# %%
def calibration_error(labels, probabilities, bins=10):
    """Expected calibration error of a classifier.

    Args:
        labels: integer array (n,), the true classes.
        probabilities: array (n, classes), each row adds up to 1.
        bins: number of bins of equal width from 0 to 1.

    Returns:
        A number from 0 (perfectly calibrated) to 1.
    """
    ### BEGIN SOLUTION
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for k in np.unique(place):
        inside = place == k
        error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return float(error)
    ### END SOLUTION


def best_temperature(labels, logits):
    """Find the temperature with the lowest cross-entropy.

    Args:
        labels: integer array (n,), the true classes of validation data.
        logits: array (n, classes), the network's outputs before the softmax.

    Returns:
        The temperature, 0.05 to 20, as one number.
    """
    ### BEGIN SOLUTION
    logits = np.asarray(logits, dtype=float)

    def cross_entropy(temperature):
        z = logits / temperature
        z = z - z.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        return -log_p[np.arange(len(labels)), labels].mean()

    return float(min(np.geomspace(0.05, 20, 600), key=cross_entropy))
    ### END SOLUTION


# %% [markdown]
# For the end of the check (given): a network with far too many weights for 1,000 pictures of clothes, trained much too long, and its logits on 1,000 validation and 2,000 test pictures.

# %%
fashion = data.load("fashion_mnist")
pictures = fashion["train_images"][:2000].reshape(2000, 784).astype("float32") / 255
names_of = fashion["train_labels"][:2000].astype(int)
clothes = keras.Sequential(
    [keras.Input((784,)), layers.Dense(256, "relu"), layers.Dense(256, "relu"), layers.Dense(10)]
)
clothes.compile(
    keras.optimizers.Adam(1e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False
)
clothes.fit(pictures[:1000], names_of[:1000], epochs=40, batch_size=64, verbose=0)
validation_logits, validation_labels = ops.convert_to_numpy(clothes(pictures[1000:])), names_of[1000:]
test_pictures = fashion["test_images"][:2000].reshape(2000, 784).astype("float32") / 255
test_logits, test_labels = ops.convert_to_numpy(clothes(test_pictures)), fashion["test_labels"][:2000].astype(int)

# %%
with check("calibrate", points=2):
    LABELS_FIRST = "There is no `axis=1` in what you took: the labels, (n,), come first here, then the array (n, classes). (In the lesson it is the other way round.)"

    def two_classes(confidences):
        """Probabilities of two classes, the first one with the given confidence."""
        confidences = np.asarray(confidences, dtype=float)
        return np.c_[confidences, 1 - confidences]

    def error_of(labels, probabilities, *bins):
        try:
            found = calibration_error(labels, probabilities, *bins)
        except np.exceptions.AxisError:
            check.true(False, LABELS_FIRST)
        check.true(found is not None, "`calibration_error` returned None: does it end in `return`?")
        check.true(np.ndim(found) == 0, "`calibration_error` is one number for all bins together.")
        check.true(np.isfinite(found), "An empty bin has no mean: leave it out (the mean of nothing is nan).")
        return float(found)

    said = two_classes([0.95] * 8 + [0.65] * 2)
    truth = np.array([0, 0, 0, 0, 0, 0, 1, 1, 0, 0])
    given = truth.copy(), said.copy()
    found = error_of(*given)
    unchanged = np.array_equal(given[0], truth) and np.array_equal(given[1], said)
    check.true(unchanged, "Your function changed an array it was given.")
    case = (
        "Eight predictions with confidence .95, six right; two with .65, both right: bins with errors of .20 and .35. "
    )
    for other, hint in (
        (0.275, "Weight each bin with its share of the predictions; the plain mean of the bins lets two predictions count like eight."),
        (0.055, "Divided by the number of bins: weight each with its share of the predictions instead."),
        (0.55, "The bins' errors are added up: weight each with its share of the predictions."),
        (0.35, "That is the largest error of a bin (the MCE); asked is the weighted mean."),
        (0.09, "Over- and underconfidence cancel: take the absolute value in each bin, before you add."),
        (-0.09, "Over- and underconfidence cancel: take the absolute value in each bin, before you add."),
        (0.8 * 0.04 + 0.2 * 0.35**2, "The absolute difference, not its square."),
        (np.sqrt(0.8 * 0.04 + 0.2 * 0.35**2), "The absolute difference, no squares and no root."),
        (2.3, "Weight with the *share* of the predictions, not with their number."),
        (0.2, "Compare the accuracy with the mean confidence, bin by bin; .2 is the share of wrong predictions."),
        (0.8, "That is the share of right predictions: compare with the confidence, bin by bin."),
        (float(np.mean(np.abs((said.argmax(axis=1) == truth) - said.max(axis=1)))), "Average within each bin *before* you take the absolute value: a single prediction is right or wrong, never .95."),
        (-float(np.mean(np.log(said[np.arange(10), truth]))), "That is the cross-entropy; the ECE compares confidence and accuracy, bin by bin."),
    ):  # fmt: skip
        check.true(abs(found - other) > 1e-7, case + hint)
    check.close(
        found,
        0.23,
        case
        + ".8 × .20 + .2 × .35. Compare the accuracy with the *mean confidence* in the bin, not with the bin's middle or end.",
    )
    uneven = two_classes([0.91, 0.99, 0.71, 0.77])
    hint = "Bin .7–.8 holds .71 and .77, so its mean confidence is .74. The bins are 0–.1, .1–.2 and so on; what counts is the mean of what was really said, not the bin's middle."
    check.close(error_of(np.array([0, 0, 0, 1]), uneven), 0.5 * 0.05 + 0.5 * 0.24, hint)
    second = np.array([[0.1, 0.9], [0.2, 0.8], [0.9, 0.1]])
    hint = "The confidence is the largest probability of the row, whichever class it belongs to: here the second class in two rows of three."
    check.close(error_of(np.array([1, 1, 0]), second), 0.4 / 3, hint)
    three = np.array([[0.2, 0.35, 0.45], [0.45, 0.2, 0.35], [0.35, 0.45, 0.2], [0.24, 0.35, 0.41]])
    hint = "Three classes: confidence .45, .45, .45 and .41, two of four right. Confidences below one half are possible, and a prediction is right if the class with the *largest* probability is the true one."
    check.close(error_of(np.array([2, 0, 0, 0]), three), abs(0.5 - 0.44), hint)
    hint = "A confidence of exactly 1 belongs to the last bin, together with .96 and .92: three of four right, mean confidence .97."
    check.close(error_of(np.array([1, 0, 0, 0]), two_classes([1, 1, 0.96, 0.92])), 0.22, hint)
    hint = "A confidence of exactly 0.5 belongs to the bin that begins there, not to the one that ends there."
    check.close(error_of(np.array([1, 1, 0]), two_classes([0.5, 0.5, 0.52])), abs(1 / 3 - 1.52 / 3), hint)
    hint = "The number of bins is an argument. With one bin there is only the total: mean confidence .89, accuracy .8."
    check.close(error_of(truth, said, 1), 0.09, hint)
    check.close(error_of(truth, said, 50), 0.23, "Fifty bins: .95 and .65 still stand in two of them.")
    dice = np.random.default_rng(7)
    confidence = dice.uniform(0.5, 0.9999, 500)
    labels = (dice.uniform(size=500) > confidence**1.5).astype(int)
    place, right = (confidence * 15).astype(int), labels == 0
    wanted = sum(abs((right - confidence)[place == k].sum()) for k in range(15)) / 500
    hint = "500 predictions, 15 bins of equal *width* from 0 to 1 (not of equally many predictions, not from the smallest confidence on)."
    check.close(error_of(labels, two_classes(confidence), 15), wanted, hint)

    def temperature_of(labels, logits):
        kept = logits.copy()
        try:
            found = best_temperature(labels, logits)
        except np.exceptions.AxisError:
            check.true(False, LABELS_FIRST)
        hint = "`best_temperature` returned None: does it end in `return`? If it does, no loss was lower than your first value: is each loss nan, because `exp` overflows? Subtract each row's largest logit first."
        check.true(found is not None, hint)
        check.true(np.ndim(found) == 0, "One temperature for all logits: a single number.")
        check.true(np.array_equal(kept, logits), "Your function changed the logits it was given: no `/=`.")
        check.true(np.isfinite(found) and 0.04 < found < 21, "The temperature lies between 0.05 and 20.")
        return float(found)

    logits = np.tile([2.0, 0.0], (400, 1))
    labels = np.repeat([0, 1], [300, 100])
    found = temperature_of(labels, logits)
    best = 2 / np.log(3)
    case = f"400 times the logits 2 and 0, of which 300 are right: with T = {best:.3f} the network says .75. "
    for other, hint in (
        (1 / best, "The logits are *divided* by T; you multiplied (or returned 1/T)."),
        (np.log(best), "That is the logarithm of the temperature."),
        (
            0.05,
            "The lowest *cross-entropy*: you took the smallest T. The accuracy is no guide: it does not change with T. Or does your softmax run over the rows? Over the classes: `axis=1`. Or is the sign of the loss wrong?",
        ),
        (20, "You took the largest T: is the sign of the cross-entropy right (lower is better)?"),
        (1, "T = 1 changes nothing."),
        (
            float(np.mean(-np.log([0.75] * 3 + [0.25]))),
            "That is the cross-entropy at the best temperature; return the temperature.",
        ),
    ):
        check.true(abs(found / other - 1) > 0.012, case + hint)
    check.true(
        abs(found / best - 1) < 0.012,
        f"got {found:.4g}, expected {best:.4g} (within 1 %). {case}Is your grid fine enough?",
    )
    labels = np.repeat([0, 1], [380, 20])
    best = 2 / np.log(19)
    found = temperature_of(labels, logits)
    hint = "A network that is too shy (it says .88 and is right in 95 of 100): T is below 1. Is your grid fine enough *there*? Equal steps are coarse for a small T; `np.geomspace` takes equal ratios."
    check.true(abs(found / best - 1) < 0.012, f"got {found:.4g}, expected {best:.4g} (within 1 %). {hint}")
    labels = np.repeat([0, 1], [300, 100])
    best = 10 / np.log(3)
    found = temperature_of(labels, 5 * logits)
    hint = "A network that is much too sure: T is about 9. Search up to 20."
    check.true(abs(found / best - 1) < 0.012, f"got {found:.4g}, expected {best:.4g} (within 1 %). {hint}")
    found = temperature_of(labels, logits * 8 + np.where(np.arange(400)[:, None] % 2, 20_000, -20_000))
    best = 16 / np.log(3)
    hint = "Logits around 20,000 in one row and −20,000 in the next: subtract each *row's* largest before `exp` (`axis=1, keepdims=True`, not the largest of all), and stay with logarithms; otherwise there is inf/inf, 0/0 or log 0."
    check.true(abs(found / best - 1) < 0.012, f"got {found:.4g}, expected {best:.4g} (within 1 %). {hint}")
    logits = dice.normal(0, 3, (1500, 4))
    odds = np.exp(logits / np.where(np.arange(1500)[:, None] < 750, 1.2, 8))  # one half is much too sure
    labels = (dice.uniform(size=(1500, 1)) > np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)).sum(axis=1)
    tried = np.geomspace(1.5, 4, 400)
    losses = []
    for each in tried:
        scaled = logits / each
        losses.append(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(1500), labels]))
    best = tried[np.argmin(losses)]
    found = temperature_of(labels, logits)
    hint = "1,500 rows of four classes: is the softmax taken over the classes (`axis=1`), and the logarithm of the probability of the *true* class? The cross-entropy decides, not the ECE and not a squared error."
    check.true(abs(found / best - 1) < 0.015, f"got {found:.4g}, expected {best:.4g} (within 1 %). {hint}")
    labels = np.repeat([0, 1], [300, 100])
    for best in (0.0755, 19.0):
        found = temperature_of(labels, np.tile([best * np.log(3), 0.0], (400, 1)))
        hint = (
            "Right within 1 % from 0.05 to 20, near both ends, too. Equal steps of .01 are much "
            "too coarse at .07: `np.geomspace(0.05, 20, …)`."
        )
        hint = f"got {found:.4g}, expected {best:.4g} (within 1 %). {hint}"
        check.true(abs(found / best - 1) < 0.012, hint)
    labels = np.repeat([0, 1], [199, 1])
    tried = np.geomspace(0.05, 20, 3000)
    best = tried[np.argmin(199 * np.logaddexp(0, -20 / tried) + np.logaddexp(0, 150 / tried))]
    found = temperature_of(labels, np.where(labels[:, None] == 0, [20.0, 0.0], [150.0, 0.0]))
    hint = (
        "199 rows are right (logits 20 and 0), one is wrong and very sure (150 and 0). Did you add "
        "a small number before the logarithm, or cut the probabilities off (Keras does, if it "
        "gets probabilities)? That hides what the sure mistake costs: log p = z − log Σ exp(z)."
    )
    hint = f"got {found:.4g}, expected {best:.4g} (within 1 %). {hint}"
    check.true(abs(found / best - 1) < 0.015, hint)

    def probabilities_of(logits):
        parts = np.exp(logits - logits.max(axis=1, keepdims=True))
        return parts / parts.sum(axis=1, keepdims=True)

    temperature = best_temperature(validation_labels, validation_logits)
    before, after = (calibration_error(test_labels, probabilities_of(test_logits / t), 15) for t in (1.0, temperature))
    print(
        f"clothes, T = {temperature:.2f} from the validation pictures; ECE on the test pictures {before:.3f} before, {after:.3f} after"
    )
    print(
        f"right on the test pictures: {np.mean(test_logits.argmax(axis=1) == test_labels):.1%}, before and after alike"
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Compare the two ECEs that the check printed: that is what one number can do. No answer changes: dividing all logits by the same T keeps their order. Why is the network overconfident at all? After many epochs it has all training pictures right, and the only way to lower the loss further is larger logits. [Guo et al. (2017)](https://arxiv.org/abs/1706.04599) found this for the deep networks of their time and temperature scaling as the plainest cure.
# T is chosen by cross-entropy and not by the ECE: the ECE jumps whenever a prediction changes its bin, it depends on the number of bins, and for few data it is above zero even for a perfectly calibrated network.

# %% [markdown]
# ## Exercise 5 · A threshold by cost
#
# Difficulty ●●●○○ · Importance ●●●●● · 20 minutes
#
# A model gives each customer a probability of leaving. Who gets a call? A call costs something (`alarm`, if the customer would have stayed), a lost customer costs more (`miss`, if nobody called). The two right decisions, a call to one who would have left and no call to one who stays, cost nothing here. Find the threshold with the lowest **mean cost per customer**: flagged is who has *at least* that probability.
#
# Only the probabilities that occur are worth trying, and `np.inf`, which flags nobody. If several thresholds cost the same, take the highest of them (fewest calls).
#
# <details><summary>Hint 1</summary>
#
# For one threshold the cost is short: `flagged = probabilities >= threshold`; a miss is `labels & ~flagged`, an alarm `~labels & flagged` (both as bool). Then try all.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Candidates from high to low: `[np.inf, *np.unique(probabilities)[::-1]]`. Python's `min(candidates, key=cost)` keeps the first of equals, which is then the highest.
#
# </details>


# %%
def cost_of(labels, probabilities, threshold, miss, alarm):
    """Mean cost per customer of a threshold.

    Args:
        labels: for each customer, True (or 1) if she leaves; array (n,).
        probabilities: what the model says, array (n,).
        threshold: flagged is who has at least this probability.
        miss: cost of one who leaves and was not flagged.
        alarm: cost of one who stays and was flagged.

    Returns:
        Mean cost per customer.
    """
    ### BEGIN SOLUTION
    leaves, flagged = np.asarray(labels, dtype=bool), np.asarray(probabilities) >= threshold
    return float(np.mean(miss * (leaves & ~flagged) + alarm * (~leaves & flagged)))
    ### END SOLUTION


def cheapest_threshold(labels, probabilities, miss, alarm):
    """Choose the threshold with the lowest cost.

    Args:
        labels, probabilities, miss, alarm: as in `cost_of`; at least one customer. Use validation data.

    Returns:
        One of the probabilities, or np.inf (flag nobody); the highest of those that cost least.
    """
    ### BEGIN SOLUTION
    candidates = [np.inf, *np.unique(probabilities)[::-1]]
    return float(min(candidates, key=lambda threshold: cost_of(labels, probabilities, threshold, miss, alarm)))
    ### END SOLUTION


# %%
with check("threshold"):
    leaves = np.array([0, 1, 0, 1, 0, 0, 1, 0, 0, 0])
    says = np.array([0.1, 0.8, 0.3, 0.35, 0.6, 0.05, 0.2, 0.15, 0.7, 0.02])
    given = leaves.copy(), says.copy()
    found = cost_of(*given, 0.25, 10, 1)
    check.true(found is not None, "`cost_of` returned None: does it end in `return`?")
    check.true(np.ndim(found) == 0, "`cost_of` is one number: the mean over the customers.")
    unchanged = np.array_equal(given[0], leaves) and np.array_equal(given[1], says)
    check.true(unchanged, "Your function changed an array it was given (or sorted it in place).")
    check.true(np.isfinite(found), "Your result is nan or infinite: is something divided by zero (nobody flagged)?")
    case = "Ten customers, threshold .25, a miss costs 10, an alarm 1: one miss and three alarms. "
    for other, hint in (
        (13, "The *mean* per customer, not the total."),
        (0.4, "That is the share of mistakes; each costs something else."),
        (4, "That is the number of mistakes; each costs something else."),
        (1.0, "The false alarms are missing."),
        (0.3, "The misses are missing."),
        (10 / 3 + 3 / 7, "Divide by all customers, not by those who leave or stay."),
        (1.5, "A call to one who really leaves costs nothing here."),
        (13 / 4, "Divide by all customers, not by the mistakes."),
        (13 / 3, "Divide by all customers, not by those who leave."),
        (13 / 5, "Divide by all customers, not by those flagged."),
        (2.4, "Hits and misses are confused: a miss is one who leaves and was *not* flagged."),
        (3.1, "The costs are exchanged: `miss` is for those who leave and were not flagged."),
        (2.2, "That is the cost of the threshold one half: use `threshold`."),
        (-1.3, "A cost is positive."),
    ):
        check.true(abs(found - other) > 1e-9, case + hint)
    check.close(found, 1.3, case + "(1 × 10 + 3 × 1) / 10.")
    check.close(
        cost_of(leaves, says, 0.25, 1, 5), 1.6, "A miss for 1, an alarm for 5: use both costs, as they are given."
    )
    check.close(
        cost_of(leaves, says, 0.35, 10, 1),
        1.2,
        "Flagged is who has *at least* the threshold: a probability of exactly .35 is.",
    )
    check.close(cost_of(leaves, says, np.inf, 10, 1), 3.0, "Threshold infinity flags nobody: three misses.")
    check.close(
        cost_of(leaves.astype(bool), says, 0.0, 10, 1), 0.7, "Threshold 0 flags all: seven alarms. Labels may be bools."
    )

    def threshold_of(labels, probabilities, miss, alarm):
        kept = np.array(labels), np.array(probabilities)
        found = cheapest_threshold(labels, probabilities, miss, alarm)
        hint = "`cheapest_threshold` returned None: does every path end in `return`? If flagging nobody is cheapest, return `np.inf`."
        check.true(found is not None, hint)
        check.true(np.ndim(found) == 0, "`cheapest_threshold` returns one number, the threshold alone.")
        check.true(not np.isnan(found), "The threshold is nan: return one of the probabilities, or `np.inf`.")
        unchanged = np.array_equal(kept[0], labels) and np.array_equal(kept[1], probabilities)
        check.true(unchanged, "Your function changed an array it was given (or sorted it in place).")
        return float(found)

    found = threshold_of(leaves, says, 10, 1)
    case = "The ten customers, a miss costs 10, an alarm 1: "
    for other, hint in (
        (0.5, "one half is the right threshold only where both mistakes cost the same."),
        (
            1 / 11,
            "alarm / (alarm + miss) is the best threshold of a *perfectly calibrated* model; look for the best one on the data.",
        ),
        (0.3, "return the threshold, not its cost. (And as a threshold .3 leaves out one who leaves.)"),
        (
            0.8,
            "yours has the fewest mistakes, or the costs are exchanged: a miss costs 10 here. "
            "Or did you stop where the cost first rises? Try all.",
        ),
        (0.35, "two of those who leave are found; the third is worth the additional alarm."),
        (6, "return the threshold itself, not its place in a list."),
        (3, "return the threshold itself, not its place in a list."),
        (0.02, "flagging all costs seven alarms. Which threshold is cheaper?"),
        (0.15, "the cost at .2 is lower by one alarm: is a customer *at* the threshold flagged?"),
        (0.175, "return one of the probabilities that occur, not the middle between two."),
        (
            0.1,
            "the next probability above alarm / (alarm + miss) is no search: that rule is for a "
            "*perfectly calibrated* model. Try all on the data.",
        ),
    ):
        check.true(abs(found - other) > 1e-9, case + hint)
    check.close(found, 0.2, case + "the cheapest is .2, with all three found and three alarms: .3 per customer.")
    check.close(
        threshold_of(leaves, says, 1, 10),
        0.8,
        "Now an alarm costs 10 and a miss 1: only the surest one is called. Are the costs exchanged?",
    )
    check.close(threshold_of(leaves, says, 1, 1), 0.8, "Both cost 1: .8 makes two mistakes.")
    found = threshold_of(np.array([0, 1, 0]), np.array([0.9, 0.5, 0.4]), 1, 5)
    hint = "Here flagging nobody is cheapest (one miss for 1, and each alarm costs 5): the threshold is `np.inf`."
    check.true(found == np.inf, f"got {found:g}, expected inf. {hint}")
    found = threshold_of(np.array([1, 0, 1, 1]), np.array([0.3, 0.2, 0.1, 0.4]), 5, 1)
    check.close(
        found,
        0.1,
        "Here flagging everybody is cheapest: the lowest probability is the threshold. Is it among your candidates?",
    )
    found = threshold_of(np.array([0, 1, 0, 1, 0]), np.array([0.1, 0.3, 0.35, 0.4, 0.2]), 1, 1)
    hint = "Thresholds .4 and .3 both make one mistake, so they cost the same: the *highest* counts, fewest calls."
    check.close(found, 0.4, hint)
    found = threshold_of(np.array([1, 0, 0, 1, 0]), np.array([0.6, 0.6, 0.6, 0.7, 0.1]), 1.5, 1)
    hint = "Three customers have the same probability .6: they are flagged together or not at all; two alarms for one miss more is no bargain here."
    check.close(found, 0.7, hint)
    fine = np.array([0.9001, 0.9002, 0.9003, 0.9004])
    found = threshold_of(np.array([0, 0, 1, 1]), fine, 1, 1)
    check.close(
        found,
        0.9003,
        "The probabilities lie close together: a grid of steps of .01 or .001 misses the best one. Try those that occur.",
        1e-9,
    )
    check.close(
        threshold_of(np.array([0, 1, 1, 0]), np.array([-3.0, 2.0, 7.0, 0.5]), 1, 1),
        2.0,
        "Any scores do, also below 0 and above 1.",
    )
    dice = np.random.default_rng(11)
    for _ in range(20):
        labels, scores = dice.uniform(size=30) < 0.3, dice.integers(0, 25, 30) / 25
        miss, alarm = (float(each) for each in dice.integers(1, 9, 2))
        found = threshold_of(labels, scores, miss, alarm)
        costs = {
            t: np.mean(miss * (labels & (scores < t)) + alarm * (~labels & (scores >= t))) for t in [np.inf, *scores]
        }
        cheapest = min(costs.values())
        hint = f"30 random customers, miss {miss:g}, alarm {alarm:g}: a threshold costs {cheapest:.4f} per customer. "
        check.true(found in costs, hint + "Return one of the probabilities that occur, or np.inf.")
        check.true(costs[found] < cheapest + 1e-9, hint + f"Yours costs {costs[found]:.4f}.")
        check.true(found == max(t for t in costs if costs[t] < cheapest + 1e-9), hint + "Of equals take the highest.")
    inside = dice.normal(-2, 1.5, 6000)  # 6,000 customers whose true probability is known
    truth = 1 / (1 + np.exp(-inside))
    leaves, shy = dice.uniform(size=6000) < truth, 1 / (1 + np.exp(-inside / 2))  # the second model is not calibrated
    first, later = slice(0, 3000), slice(3000, None)
    print(
        f"6,000 customers, {leaves.mean():.0%} leave; a miss costs 10, an alarm 1. Chosen on 3,000, cost per customer among the others:"
    )
    print("(1/11 = alarm / (alarm + miss), the threshold of a perfectly calibrated model)")
    for name, model in (("calibrated", truth), ("too shy", shy)):
        chosen = cheapest_threshold(leaves[first], model[first], 10, 1)
        rest = leaves[later], model[later]
        print(
            f"  {name:10}: threshold {chosen:.3f} costs {cost_of(*rest, chosen, 10, 1):.3f}, 1/11 {cost_of(*rest, 1 / 11, 10, 1):.3f}, one half {cost_of(*rest, 0.5, 10, 1):.3f}"
        )

# %% [markdown] tags=["solution"]
# **Discussion.** For a calibrated model no search is needed: flag if the expected cost of a miss, p × miss, is at least that of an alarm, (1 − p) × alarm, that is if p ≥ alarm / (alarm + miss), here 1/11. For a model that is not calibrated this rule fails, and a search on validation data finds its own threshold. The two cures, calibrating and searching, lead to the same decisions; a calibrated model has the advantage that the price may change tomorrow.
# Both together stand or fall with the costs. Ask those who pay them, not the data; one half is an answer, too, and mostly a wrong one.

# %% [markdown]
# ## Exercise 6 · Stretch: a score, and how far to trust it
#
# Difficulty ●●●●○ · Importance ●●●●○ · 30 minutes
#
# Where few are positive, the area under the precision–recall curve says more than the accuracy. `average_precision` is its usual form: go down the *distinct* scores from the highest; at each one everything with at least that score is flagged, and the area grows by (recall now − recall before) × precision now. Write it yourself, without scikit-learn; the check compares with it. (Mind: here the labels come first; in the lesson they come last.)
#
# A score from 200 customers is itself uncertain. The **bootstrap** shows how much: draw as many rows as there are, *with replacement*, measure on them, do it a thousand times, and take the quantiles that leave out (1 − level)/2 at either side.
#
# <details><summary>Hint 1</summary>
#
# Sort by score, highest first; `np.cumsum` of the labels is the number of hits down to each row. Equal scores belong together: keep only the *last* row of each group of equals. For the bootstrap: one random generator before the loop, and each draw picks row numbers that are used for labels *and* scores.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `order = np.argsort(-scores)`; `last = np.r_[np.diff(scores[order]) != 0, True]`; `hits = np.cumsum(labels[order])[last]`; `flagged = np.arange(1, len(labels) + 1)[last]`; the area is `np.sum(np.diff(hits, prepend=0) / labels.sum() * hits / flagged)`. In the loop: `rows = dice.integers(0, n, size=n)`.
#
# </details>


# %%
def average_precision(labels, scores):
    """Area under the precision–recall curve, as a sum of steps.

    Args:
        labels: True (or 1) for positive, array (n,).
        scores: higher means more likely positive, array (n,); may hold equals.

    Returns:
        A number from 0 to 1; 0.0 if there is no positive.
    """
    ### BEGIN SOLUTION
    labels, scores = np.asarray(labels, dtype=int), np.asarray(scores, dtype=float)
    if labels.sum() == 0:
        return 0.0
    order = np.argsort(-scores)
    last = np.r_[np.diff(scores[order]) != 0, True]
    hits, flagged = np.cumsum(labels[order])[last], np.arange(1, len(labels) + 1)[last]
    return float(np.sum(np.diff(hits, prepend=0) / labels.sum() * hits / flagged))
    ### END SOLUTION


def bootstrap_interval(labels, scores, measure, draws=1000, level=0.9, seed=0):
    """Interval of a score by the bootstrap.

    Args:
        labels, scores: arrays (n,).
        measure: function of (labels, scores) that returns a number, such as `average_precision`.
        draws: how often rows are drawn anew.
        level: share of the draws' results between the two ends.
        seed: of the random generator; the same seed gives the same interval.

    Returns:
        (low, high), quantiles of the draws' results (NumPy's default kind).
    """
    ### BEGIN SOLUTION
    labels, scores = np.asarray(labels), np.asarray(scores)
    dice, results = np.random.default_rng(seed), []
    for _ in range(draws):
        rows = dice.integers(0, len(labels), size=len(labels))
        results.append(measure(labels[rows], scores[rows]))
    low, high = np.quantile(results, [(1 - level) / 2, (1 + level) / 2])
    return low, high
    ### END SOLUTION


# %%
with check("precision_bootstrap", points=2):
    from sklearn.metrics import average_precision_score as reference

    def area_of(labels, scores):
        labels, scores = np.array(labels), np.array(scores)
        kept = labels.copy(), scores.copy()
        found = average_precision(labels, scores)
        check.true(found is not None, "`average_precision` returned None: does every path end in `return`?")
        check.true(np.ndim(found) == 0, "`average_precision` is one number.")
        unchanged = np.array_equal(kept[0], labels) and np.array_equal(kept[1], scores)
        check.true(unchanged, "Your function changed an array it was given (or sorted it in place).")
        return float(found)

    found = area_of([1, 0, 1, 0, 0, 1, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2])
    hint = "Your result is nan or infinite: is something divided by zero? At the highest score one row is flagged already: at *least* that score, `>=`."
    check.true(np.isfinite(found), hint)
    precisions = np.array([1, 1 / 2, 2 / 3, 2 / 4, 2 / 5, 3 / 6, 3 / 7, 3 / 8])
    recalls = np.array([1, 1, 2, 2, 2, 3, 3, 3]) / 3
    sorted_by_label = np.array([0.9, 0.7, 0.4, 0.8, 0.6, 0.5, 0.3, 0.2])
    swapped = (sorted_by_label * sorted_by_label.cumsum() / np.arange(1, 9)).sum() / sorted_by_label.sum()
    case = "Eight rows, hits in places 1, 3 and 6, so precisions 1, 2/3 and 1/2 where recall grows, each by a third. "
    for other, hint in (
        (precisions.mean(), "The precision counts only where the recall *grows*, at the hits; you averaged it over all rows."),
        (3 / 8, "That is the precision when all are flagged (the share of positives), or at one threshold: go down all scores."),
        (precisions[[0, 2, 5]].sum(), "The growth of the recall is missing: each hit adds a third."),
        (precisions[[0, 2, 5]].sum() / 8, "Recall is a share of the *positives* (3), not of all rows (8)."),
        (11 / 15, "That is the area under the ROC curve; here precision stands over recall."),
        (1 / 3 * (1 / 3 + 2 / 3 + 1), "Precision and recall are exchanged."),
        (1 / 3 * (1 / 3 + 2 / 6 + 3 / 8), "The lowest score comes first in your list: begin with the highest."),
        (1 / 3 * (1 + 1 / 2 + 2 / 5), "Precision *now*, at the new threshold, times the growth of the recall."),
        ((recalls * precisions).sum(), "Only the *growth* of the recall counts: subtract the recall before, and remember the new one in each step."),
        (0.075, "`np.unique` sorts upwards: begin with the highest score, `[::-1]`."),
        (swapped, "Labels and scores are exchanged: the labels come first here."),
    ):  # fmt: skip
        check.true(abs(found - other) > 1e-9, case + hint)
    hits, ranks = np.cumsum([1, 0, 1, 0, 0, 1, 0, 0]), np.arange(1, 9)
    trapezoid = np.trapezoid(np.r_[1, hits / ranks], np.r_[0, hits / 3])
    check.true(
        abs(found - trapezoid) > 1e-9,
        case + "Steps, not trapezoids: straight lines between points of this curve flatter it.",
    )
    upside = area_of([1, 0, 0, 1, 0, 0], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    check.true(
        abs(upside - (1 + 2 / 4) / 2) > 1e-9,
        "Begin with the *highest* score: positives with low scores make a small area.",
    )
    check.close(found, (1 + 2 / 3 + 1 / 2) / 3, case)
    check.close(upside, (1 / 3 + 2 / 6) / 2, "Hits in places 3 and 6 from the top: precisions 1/3 and 1/3.")
    check.close(
        area_of([0, 0, 1, 1], [-5.0, -4.0, 3.0, 20.0]),
        1.0,
        "All positives above all others: 1, whatever the size of the scores.",
    )
    hint = (
        "Scores of −5, −4, 3 and 20, hits at 20 and −4: precisions 1 and 2/3. A grid of thresholds "
        "from 0 to 1 misses them; go down the scores that occur."
    )
    check.close(area_of([0, 1, 0, 1], [-5.0, -4.0, 3.0, 20.0]), (1 + 2 / 3) / 2, hint)
    hint = "The first hit comes late and the precision rises afterwards: no smoothing as in day 09's mAP: the precision is taken as it is."
    check.close(area_of([0, 0, 1, 1, 1], [5, 4, 3, 2, 1]), (1 / 3 + 2 / 4 + 3 / 5) / 3, hint)
    for labels in ([1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0]):
        hint = "Four rows with the same score are flagged together: precision 1/4, in whatever order they stand. Equals must not be split."
        check.close(area_of(labels, [0.5] * 4), 0.25, hint)
    hint = "Two equals at the top, one of them positive: precision 1/2 there, then one more hit in place 3: 2/3."
    check.close(area_of([0, 1, 1, 0], [0.9, 0.9, 0.5, 0.1]), 0.5 * 0.5 + 0.5 * 2 / 3, hint)
    try:
        found = area_of([0, 0, 0], [0.1, 0.2, 0.3])
    except ZeroDivisionError:
        check.true(False, "No positive: 0.0 by our rule, before you divide.")
    check.true(np.isfinite(found), "No positive: 0.0 by our rule, not a division by zero.")
    check.close(found, 0.0, "No positive: 0.0 by our rule.")
    dice = np.random.default_rng(13)
    for step in (25, 1000):
        labels, scores = dice.uniform(size=300) < 0.2, dice.integers(0, step, 300) / step
        hint = "scikit-learn says otherwise on 300 random rows (labels of True and False, some scores equal)."
        check.close(area_of(labels, scores), reference(labels, scores), hint)
    hint = (
        "Three scores close together and one far off: a grid of thresholds, however fine, throws "
        "them together. Go down the scores that occur."
    )
    found = area_of([0, 1, 1, 0], [1000.0, 1.0002, 1.0001, 1.0])
    check.close(found, (1 / 2 + 2 / 3) / 2, hint)
    used = set(getattr(getattr(average_precision, "__code__", None), "co_names", ()))
    hint = "Right, but it is scikit-learn's: count the hits and the flagged yourself, without it."
    check.true(not used & {"average_precision_score", "precision_recall_curve"}, hint)

    n, calls = 40, []
    labels, scores = np.arange(n) % 3 == 0, np.arange(n) + 0.5

    def spy(drawn_labels, drawn_scores):
        """Note what was drawn and return how many draws there were before."""
        calls.append((np.array(drawn_labels), np.array(drawn_scores)))
        return float(len(calls) - 1)

    given = labels.copy(), scores.copy()
    found = bootstrap_interval(*given, spy, draws=201)
    check.true(found is not None, "`bootstrap_interval` returned None: does it end in `return`?")
    check.true(
        np.array_equal(given[0], labels) and np.array_equal(given[1], scores),
        "Your function changed an array it was given: shuffle nothing in place.",
    )
    check.true(len(calls) > 0, "Your function never called `measure`: use the function it is given.")
    hint = "Draw `draws` times, 201 here, and call `measure` once per draw: it was called "
    check.true(len(calls) == 201, f"{hint}{len(calls)} times.")
    hint = "Each draw has as many rows as the data, 40 here: a smaller sample would be more uncertain than yours."
    check.true(all(len(a) == n and len(b) == n for a, b in calls), hint)
    check.true(all(np.isin(a, [0, 1]).all() for a, _ in calls), "`measure` gets the labels first, then the scores.")
    paired = all(np.array_equal(a, np.floor(b) % 3 == 0) for a, b in calls)
    check.true(paired, "A customer's label and score stay together: draw row numbers *once* and use them for both.")
    distinct = np.mean([len(np.unique(b)) for _, b in calls])
    check.true(
        distinct < n - 1, "Draw *with* replacement: some rows twice, others not at all. Yours holds each row once."
    )
    different = len({b.tobytes() for _, b in calls})
    check.true(different > 1, "All draws are the same: make the random generator *before* the loop, not in it.")
    hint = "With replacement, each row alike: about 63 % of the rows occur in a draw."
    check.true(0.58 < distinct / n < 0.69, hint)
    counts = np.bincount(np.concatenate([b for _, b in calls]).astype(int), minlength=n)
    check.true(
        counts.min() > 130 and counts.max() < 280,
        "Every row must be drawn alike often, the first and the last as well.",
    )
    hint = "The number of positives is the same in every draw: draw from *all* rows, without looking at the labels."
    check.true(len({int(a.sum()) for a, _ in calls}) > 3, hint)
    check.true(isinstance(found, tuple | list | np.ndarray) and len(found) == 2, "Return two numbers: low and high.")
    low, high = (float(each) for each in found)
    check.true(low <= high, "First the lower end, then the upper.")
    for other, hint in (
        ((20, 180), "Level 0.9 leaves out 5 % at *each* side; you leave out 10 %."),
        ((0, 180), "Both ends: 5 % are left out below *and* 5 % above."),
        ((0, 200), "From the smallest to the largest result: leave out 5 % at each side."),
        ((5, 195), "That is a level of 0.95: use `level`."),
        ((100 - 1.645 * np.std(range(201)), 100 + 1.645 * np.std(range(201))), "Mean ± 1.645 deviations assumes a bell curve; take the quantiles of the results."),
    ):  # fmt: skip
        check.true(not np.allclose([low, high], other, atol=0.4), hint)
    error = 1.645 * np.std(range(201)) / np.sqrt(201)
    hint = "The interval of a *mean* of the draws would shrink with every draw. The spread of the draws themselves is wanted."
    check.true(abs(high - low - 2 * error) > 0.5, hint)
    check.close([low, high], [10.0, 190.0], "201 results, 0 to 200: the quantiles .05 and .95 are 10 and 190.", 1e-9)
    calls.clear()
    found = bootstrap_interval(labels, scores, spy, draws=101, level=0.5)
    check.close(
        np.array(found, dtype=float),
        [25.0, 75.0],
        "101 draws and level 0.5: use the arguments `draws` and `level`.",
        1e-9,
    )
    calls.clear()
    bootstrap_interval(labels, scores, spy)
    check.equal(len(calls), 1000, "Without the argument there are 1,000 draws.")
    again = []
    for seed in (3, 3, 4):
        again.append(tuple(map(float, bootstrap_interval(labels, scores, lambda a, b: b.mean(), draws=50, seed=seed))))
    check.true(again[0] == again[1], "The same seed must give the same interval: `np.random.default_rng(seed)`.")
    check.true(
        again[0] != again[2],
        "Another seed gives another interval: use `seed`, before the loop (not `seed` + draw).",
    )
    low, high = bootstrap_interval(labels.astype(int), scores, lambda a, b: np.mean(b), seed=1)
    wanted = 1.645 * scores.std() / np.sqrt(n)
    hint = "The interval of a mean of 40 numbers: from theory the mean ± 3.0, yours is much wider or narrower."
    check.true(abs((high - low) / 2 / wanted - 1) < 0.15 and abs((high + low) / 2 - scores.mean()) < 0.6, hint)
    calls.clear()
    found = bootstrap_interval(labels, scores, spy, draws=12)
    hint = "12 draws, results 0 to 11: `np.quantile` goes between two results, not to the nearest."
    check.close(np.array(found, dtype=float), [0.55, 10.45], hint, 1e-9)
    calls.clear()
    bootstrap_interval(np.arange(n) == 7, scores, spy, draws=300)
    hint = (
        "One positive among 40: about 36 % of the draws hold none. They count like all others; "
        "what such a draw is worth is the business of `measure`."
    )
    check.true(0.2 < np.mean([not a.any() for a, _ in calls]) < 0.55, hint)
    for rows in (200, 2000):
        labels = dice.uniform(size=rows) < 0.1
        scores = dice.normal(size=rows) + 1.2 * labels
        low, high = bootstrap_interval(labels, scores, average_precision, draws=100, seed=1)
        print(
            f"{rows:5} customers, {labels.sum():3} positive: average precision {average_precision(labels, scores):.3f}, 90 % interval {low:.3f} to {high:.3f}"
        )

# %% [markdown] tags=["solution"]
# **Discussion.** The last lines: the same model on ten times as many customers, and the interval is less than half as wide. (Theory says: once there are enough of them it shrinks with the root of their number, and the *positive* ones, who are few, count most.) Two methods whose scores differ by less than such an interval may be equally good. Compare them on the same draws, so that they share the luck: bootstrap the *difference*.
# What the bootstrap does not show: other training data, another seed of the network, customers of next year. It answers one question only, how the score would vary with other test customers of the same kind.
#
# **Well done.** With day 17 the taught days end; in the projects of days 18 to 20 nobody tells you which of all these tools to take.
