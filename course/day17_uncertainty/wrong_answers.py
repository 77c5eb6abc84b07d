"""Plausible mistakes of day 17: each must be rejected with a hint that names it. `wrong` comes from tools.answers."""

import itertools
import math

import scipy.stats


def flag_parts(share, recall, alarm_rate):
    """The two groups of flagged mails."""
    return share * recall, (1 - share) * alarm_rate


def safely(fraction):
    """Return what `fraction` gives, 0.0 where it divides by zero."""

    def answer(p, r, a):
        try:
            return fraction(p, r, a)
        except ZeroDivisionError:
            return 0.0

    return answer


for mistake, says, answer in (
    ("P(flag | spam) for P(spam | flag)", "P\\(flag \\| spam\\) is not", lambda p, r, a: r),
    ("the good mails let through", "let through", lambda p, r, a: 1 - a),
    ("no base rate", "base rate is missing", safely(lambda p, r, a: r / (r + a))),
    ("spam and flagged", "spam \\*and\\* flagged", lambda p, r, a: p * r),
    ("the share of flagged mails", "lower half", lambda p, r, a: sum(flag_parts(p, r, a))),
    ("by the alarm rate", "included", safely(lambda p, r, a: p * r / a)),
    ("the base rate above only", "below the line, too", safely(lambda p, r, a: p * r / (r + a))),
    ("the odds", "Those are the odds", safely(lambda p, r, a: p * r / ((1 - p) * a))),
    ("the good mails among the flagged", "\\*good\\* mails", safely(lambda p, r, a: (1 - p) * a / sum(flag_parts(p, r, a)))),
    ("alarms of all mails", "1 − share", safely(lambda p, r, a: p * r / (p * r + a))),
    ("1 − alarm_rate", "1 − alarm_rate", safely(lambda p, r, a: p * r / (p * r + (1 - p) * (1 - a)))),
    ("per cent", "per cent", safely(lambda p, r, a: 100 * p * r / sum(flag_parts(p, r, a)))),
    ("rounded", "round", safely(lambda p, r, a: round(p * r / sum(flag_parts(p, r, a)), 2))),
    ("spam among the mails not flagged", "\\*not\\* flagged", safely(lambda p, r, a: p * (1 - r) / (p * (1 - r) + (1 - p) * (1 - a)))),
    ("divides by zero", "flags nothing", lambda p, r, a: p * r / sum(flag_parts(p, r, a))),
    ("the base rate where nothing is flagged", "flags nothing", lambda p, r, a: p * r / sum(flag_parts(p, r, a)) if r or a else p),
    ("not a number", "nan or infinite", lambda p, r, a: np.nan),
    ("always the same share", "40 % spam", lambda p, r, a: 0.01 * r / (0.01 * r + 0.99 * a) if r or a else 0.0),
    ("0 without false alarms", "No false alarm", lambda p, r, a: p * r / sum(flag_parts(p, r, a)) if a else 0.0),
    ("asks for both shares, not for the sum", "No spam and no false alarm", lambda p, r, a: p * r / sum(flag_parts(p, r, a)) if r or a else 0.0),
    ("a little below the line", "Add no small number", lambda p, r, a: p * r / (sum(flag_parts(p, r, a)) + 1e-9)),
    ("an array", "one number", lambda p, r, a: np.array([p * r])),
    ("returns nothing", "None", lambda p, r, a: None),
):  # fmt: skip

    def spam_given_flag(share, recall, alarm_rate, answer=answer):
        return answer(share, recall, alarm_rate)

    wrong("spam_arithmetic", f"flag: {mistake}", says=says)(spam_given_flag)


def log_odds_with(
    prior=lambda p: np.log(p / (1 - p)),
    absent=lambda a, b: np.log(1 - a) - np.log(1 - b),
    bool_=True,
    per_word=False,
    join=lambda prior, clues: prior + clues.sum(),
):
    """The logarithm of the odds with one thing wrong."""

    def log_odds(p, a, b, here):
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        here = np.asarray(here, dtype=bool) if bool_ else np.asarray(here)
        clues = np.where(here, np.log(a) - np.log(b), absent(a, b))
        return join(prior(p) * (len(a) if per_word else 1), clues)

    return log_odds


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


def spam_with(finish=sigmoid, **options):
    """A spam_given_words with one thing wrong."""
    log_odds = log_odds_with(**options)
    return lambda p, a, b, here: finish(log_odds(p, a, b, here))


def with_products(p, a, b, here, plus=0.0):
    a, b, here = np.asarray(a, dtype=float), np.asarray(b, dtype=float), np.asarray(here, dtype=bool)
    spam, good = p * np.prod(np.where(here, a, 1 - a)), (1 - p) * np.prod(np.where(here, b, 1 - b))
    return (spam + plus) / (spam + good + 2 * plus)


def logs_and_back(p, a, b, here):
    a, b, here = np.asarray(a, dtype=float), np.asarray(b, dtype=float), np.asarray(here, dtype=bool)
    spam = np.exp(np.log(p) + np.log(np.where(here, a, 1 - a)).sum())
    good = np.exp(np.log(1 - p) + np.log(np.where(here, b, 1 - b)).sum())
    return spam / (spam + good)


def product(prior, clues):
    return np.exp(prior) * np.prod(np.exp(clues))


def word_after_word(prior, clues):
    """The probability after each word is the base rate of the next."""
    p = sigmoid(prior)
    for odds in np.exp(clues):
        p = p * odds / (p * odds + 1 - p)
    return p


def added(p, a, b, here):
    a, b, here = np.asarray(a, dtype=float), np.asarray(b, dtype=float), np.asarray(here, dtype=bool)
    spam, good = p * np.where(here, a, 1 - a).sum(), (1 - p) * np.where(here, b, 1 - b).sum()
    return spam / (spam + good)


def word_by_word(p, a, b, here):
    return np.array([spam_with()(p, [x], [y], [z]) for x, y, z in zip(a, b, here)])


def as_places(p, a, b, here):
    a, b, here = np.asarray(a, dtype=float), np.asarray(b, dtype=float), np.asarray(here)
    absent = ~here
    odds = np.prod(a[here] / b[here]) * np.prod((1 - a[absent]) / (1 - b[absent])) if len(here) else 1.0
    return p * odds / (1 - p + p * odds)


def with_lists(p, a, b, here):
    """For arrays only: a mask of a list fails."""
    odds = np.prod(a[here] / b[here]) * np.prod((1 - a)[np.invert(here)] / (1 - b)[np.invert(here)])
    return p * odds / (1 - p + p * odds)


def plain_python(p, a, b, here):
    """Without NumPy: stops where NumPy only warns."""
    spam, good = p, 1 - p
    for x, y, there in zip(a, b, here):
        spam *= x if there else 1 - x
        good *= y if there else 1 - y
    return float(spam) / (float(spam) + float(good))


def in_logs(base):
    """The natural sigmoid of another logarithm."""
    return lambda p, a, b, here: sigmoid(log_odds_with()(p, a, b, here) / np.log(base))


for mistake, says, answer in (
    ("the sign in the sigmoid", "mind the minus", spam_with(finish=lambda x: sigmoid(-x))),
    ("logarithms to base 10", "natural logarithm", in_logs(10)),
    ("logarithms to base 2", "natural logarithm", in_logs(2)),
    ("the logarithm of a negative number", "nan or infinite", spam_with(finish=lambda x: np.log(-abs(x) - 1))),
    ("lists as masks", "may be a list", with_lists),
    ("products in plain Python", "add logarithms", plain_python),
    ("the sigmoid of day 02 in plain Python", "overflows", spam_with(finish=lambda x: 1 / (1 + math.exp(-x)))),
    ("no base rate", "base rate is missing", spam_with(prior=lambda p: 0.0)),
    ("the odds", "those are the odds", spam_with(finish=np.exp)),
    ("the logarithm of the odds", "logarithm of the odds", spam_with(finish=lambda x: x)),
    ("not divided", "divide by P", lambda p, a, b, here: p * np.prod(np.where(np.asarray(here, bool), a, 1 - np.asarray(a)))),
    ("the share of good mails forgotten", "\\*good\\* mails is missing", spam_with(prior=np.log)),
    ("absent and present exchanged", "one minus the share", lambda p, a, b, here: spam_with()(p, a, b, ~np.asarray(here, dtype=bool))),
    ("spam and good exchanged", "exchanged", lambda p, a, b, here: spam_with()(p, b, a, here)),
    ("absent words say nothing", "absent is a clue", spam_with(absent=lambda a, b: 0.0 * a)),
    ("absent words count like present ones", "absent is a clue", spam_with(absent=lambda a, b: np.log(a) - np.log(b))),
    ("absent words turned round", "absent is a clue", spam_with(absent=lambda a, b: np.log(b) - np.log(a))),
    ("the base rate once per word", "once per mail", spam_with(per_word=True)),
    ("probabilities added", "multiply; you added", added),
    ("the mean of the words", "Not the mean", lambda p, a, b, here: word_by_word(p, a, b, here).mean()),
    ("the strongest word", "strongest", lambda p, a, b, here: word_by_word(p, a, b, here).max()),
    ("the last word", "only the last", lambda p, a, b, here: word_by_word(p, a, b, here)[-1]),
    ("one number per word", "one number for the whole", lambda p, a, b, here: word_by_word(p, a, b, here) + np.zeros(2)),
    ("0 and 1 as places", "\\*places\\*", as_places),
    ("products", "add logarithms", with_products),
    ("products and a little more", "1e-9|add logarithms|\\.[23] ×", lambda p, a, b, here: with_products(p, a, b, here, 1e-12)),
    ("logarithms and back too early", "\\*difference\\*", logs_and_back),
    ("a sigmoid that overflows", "overflows", spam_with(finish=lambda x: np.exp(x) / (1 + np.exp(x)))),
    ("the product of the odds", "they cancel", spam_with(join=product, finish=lambda odds: 1 / (1 + 1 / odds))),
    ("updated word by word", "they cancel", spam_with(join=word_after_word, finish=lambda p: p)),
    ("returns nothing", "None", lambda p, a, b, here: None),
):  # fmt: skip

    def spam_given_words(share, in_spam, in_good, present, answer=answer):
        return answer(share, in_spam, in_good, present)

    wrong("spam_arithmetic", f"words: {mistake}", says=says)(spam_given_words)


@wrong("spam_arithmetic", "words: writes into its arrays", says="changed an array")
def spam_given_words(share, in_spam, in_good, present):
    result = spam_with()(share, in_spam, in_good, present)
    in_spam /= in_good
    return result


for mistake, says, answer in (
    ("the mean of the deviations", "disagreement is missing", lambda m, s: s.mean(axis=0)),
    ("no disagreement", "add the variance of their means", lambda m, s: np.sqrt((s**2).mean(axis=0))),
    ("only the disagreement", "Only the disagreement", lambda m, s: m.std(axis=0)),
    ("the variance", "take the root", lambda m, s: (s**2).mean(axis=0) + m.var(axis=0)),
    ("roots added", "do not add", lambda m, s: np.sqrt((s**2).mean(axis=0)) + m.std(axis=0)),
    ("deviations added", "square first", lambda m, s: s.mean(axis=0) + m.std(axis=0)),
    ("divided by one less", "ddof", lambda m, s: np.sqrt((s**2).mean(axis=0) + (m.var(axis=0, ddof=1) if len(m) > 1 else 0))),
    ("the sum of the variances", "not their sum", lambda m, s: np.sqrt((s**2).sum(axis=0) + m.var(axis=0))),
    ("the error of a mean", "error of a \\*mean\\*", lambda m, s: np.sqrt(((s**2).mean(axis=0) + m.var(axis=0)) / len(m))),
    ("the noise shrunk", "does not shrink", lambda m, s: np.sqrt((s**2).mean(axis=0) / len(m) + m.var(axis=0))),
    ("the disagreement shrunk", "not divided once more by", lambda m, s: np.sqrt((s**2).mean(axis=0) + m.var(axis=0) / len(m))),
    ("the squared mean", "square before", lambda m, s: np.sqrt(s.mean(axis=0) ** 2 + m.var(axis=0))),
    ("deviations not squared", "must be squared", lambda m, s: np.sqrt(s.mean(axis=0) + m.var(axis=0))),
    ("deviation of the means under the root", "not their standard deviation", lambda m, s: np.sqrt((s**2).mean(axis=0) + m.std(axis=0))),
    ("the largest deviation", "Not the largest", lambda m, s: s.max(axis=0)),
    ("along the points", "axis=0", lambda m, s: np.sqrt((s**2).mean(axis=1) + m.var(axis=1))),
    ("one number for all", "per \\*point\\*", lambda m, s: np.sqrt((s**2).mean() + m.var())),
):  # fmt: skip

    def combine(means, deviations, answer=answer):
        means, deviations = np.asarray(means, dtype=float), np.asarray(deviations, dtype=float)
        return means.mean(axis=0), answer(means, deviations)

    wrong("coverage", f"combine: {mistake}", says=says)(combine)

RIGHT_COMBINE = lambda m, s: (np.mean(m, axis=0), np.sqrt(np.mean(np.square(s), axis=0) + np.var(m, axis=0)))  # noqa: E731

for mistake, says, answer in (
    ("weighted by precision", "each counting alike", lambda m, s: (np.average(m, axis=0, weights=1 / (np.asarray(s) + 0.1) ** 2), RIGHT_COMBINE(m, s)[1])),
    ("the median", "plain mean", lambda m, s: (np.median(m, axis=0), RIGHT_COMBINE(m, s)[1])),
    ("the first member", "plain mean", lambda m, s: (m[0], RIGHT_COMBINE(m, s)[1])),
    ("exchanged", "exchanged", lambda m, s: RIGHT_COMBINE(m, s)[::-1]),
    ("the deviation alone", "two things", lambda m, s: RIGHT_COMBINE(m, s)[1]),
    ("not a number", "nan or infinite", lambda m, s: (RIGHT_COMBINE(m, s)[0], np.full(np.shape(m)[1], np.nan))),
    ("not a number for one member", "One member alone", lambda m, s: RIGHT_COMBINE(m, s) if len(m) > 1 else (np.mean(m, axis=0), np.full(np.shape(m)[1], np.nan))),
    ("returns nothing", "None", lambda m, s: None),
):  # fmt: skip

    def combine(means, deviations, answer=answer):
        return answer(means, deviations)

    wrong("coverage", f"combine: {mistake}", says=says)(combine)


@wrong("coverage", "combine: squares in place", says="changed an array")
def combine(means, deviations):
    deviations **= 2
    return means.mean(axis=0), np.sqrt(deviations.mean(axis=0) + means.var(axis=0))


def report_with(
    z=lambda level: NormalDist().inv_cdf((1 + level) / 2),
    reach=lambda z, s: z * s,
    width=lambda reach, inside: 2 * reach.mean(),
    inside=lambda y, m, reach: (y >= m - reach) & (y <= m + reach),
    below=lambda y, m, reach: y < m - reach,
    above=lambda y, m, reach: y > m + reach,
    share=np.mean,
):
    """An interval_report with one thing wrong."""

    def interval_report(y, m, s, level=0.9):
        y, m, s = (np.asarray(each, dtype=float) for each in (y, m, s))
        far = reach(z(level), s)
        held = inside(y, m, far)
        under, over = below(y, m, far), above(y, m, far)
        return {"coverage": share(held), "below": share(under), "above": share(over), "width": width(far, held)}

    return interval_report


def normal_per_point(y, m, s, level=0.9):
    """Ends from a NormalDist of each point: fails for a deviation of 0."""
    low, high = (
        np.array([NormalDist(float(a), float(b)).inv_cdf(share) for a, b in zip(m, s)])
        for share in ((1 - level) / 2, (1 + level) / 2)
    )
    return {
        "coverage": np.mean((y >= low) & (y <= high)),
        "below": np.mean(y < low),
        "above": np.mean(y > high),
        "width": np.mean(high - low),
    }


for mistake, says, answer in (
    ("half the width", "both sides", report_with(width=lambda reach, inside: reach.mean())),
    ("z of one side", "\\*each\\* side", report_with(z=lambda level: NormalDist().inv_cdf(level))),
    ("z always 1.96", "0\\.95, not 0\\.9", report_with(z=lambda level: 1.959964)),
    ("z always 1.645", "use the argument", report_with(z=lambda level: 1.6448536)),
    ("one deviation", "One standard deviation", report_with(z=lambda level: 1.0)),
    ("level deviations", "`level` is a share", report_with(z=lambda level: level)),
    ("z variances", "not z variances", report_with(reach=lambda z, s: z * s**2)),
    ("a width that is not a number", "nan or infinite", report_with(width=lambda reach, inside: np.nan)),
    ("a table of z", "no table", report_with(z=lambda level: {0.5: 0.6745, 0.8: 1.2816, 0.9: 1.6449, 0.95: 1.96}[level])),
    ("z of the nearest level in a table", "no table", report_with(z=lambda level: {0.5: 0.6745, 0.9: 1.6449}.get(level, 1.2816))),
    ("a normal distribution per point", "a deviation may be 0", normal_per_point),
    ("the median width", "median", report_with(width=lambda reach, inside: 2 * np.median(reach))),
    ("the width of those inside", "only of those inside", report_with(width=lambda reach, inside: 2 * reach[inside].mean())),
    ("the error of a mean", "number of points", report_with(reach=lambda z, s: z * s / np.sqrt(len(s)))),
    ("one deviation for all points", "\\*own\\* deviation", report_with(reach=lambda z, s: np.full(len(s), z * s.mean()))),
    ("only the upper end", "Both ends", report_with(inside=lambda y, m, reach: y <= m + reach)),
    ("only the lower end", "Both ends", report_with(inside=lambda y, m, reach: y >= m - reach)),
    ("an end is outside", "exactly at an end", report_with(inside=lambda y, m, reach: (y > m - reach) & (y < m + reach))),
    ("the share outside", "share outside", report_with(inside=lambda y, m, reach: abs(y - m) > reach)),
    ("below and above exchanged", "exchanged", report_with(below=lambda y, m, reach: y > m + reach, above=lambda y, m, reach: y < m - reach)),
    ("below the mean", "six inside", report_with(below=lambda y, m, reach: y < m, above=lambda y, m, reach: y > m)),
    ("below and above of level 0.9", "need the new ends", lambda y, m, s, level: report_with()(y, m, s, level) | {key: report_with()(y, m, s)[key] for key in ("below", "above")}),
    ("one mean for all points", "own\\* mean", lambda y, m, s, level: report_with()(y, np.full(len(y), np.mean(m)), s, level)),
    ("numbers of points", "number of points", report_with(share=np.sum)),
    ("per cent", "per cent", report_with(share=lambda each: 100 * np.mean(each))),
    ("around zero", "Use `mean`", report_with(inside=lambda y, m, reach: abs(y) <= reach, below=lambda y, m, reach: y < -reach, above=lambda y, m, reach: y > reach)),
    ("one flag per point", "single number", report_with(share=lambda each: each)),
    ("coverage alone", "dict", lambda *inputs: report_with()(*inputs)["coverage"]),
    ("other keys", "exactly these keys", lambda *inputs: {"coverage": report_with()(*inputs)["coverage"]}),
    ("returns nothing", "None", lambda *inputs: None),
):  # fmt: skip

    def interval_report(targets, mean, deviation, level=0.9, answer=answer):
        return answer(targets, mean, deviation, level)

    wrong("coverage", f"report: {mistake}", says=says)(interval_report)


@wrong("coverage", "report: subtracts in place", says="changed an array")
def interval_report(targets, mean, deviation, level=0.9):
    result = report_with()(targets, mean, deviation, level)
    targets -= 1
    return result


HALF_LOG = 0.5 * np.log(2 * np.pi)


def normal_with(
    deviation=lambda raw: ops.softplus(raw) + 1e-3,
    surprise=lambda error, s: ops.square(error / s) / 2 + ops.log(s) + HALF_LOG,
    finish=ops.mean,
    columns=lambda z: (z[:, :1], z[:, 1:]),
    error=lambda y, m: y - m,
):
    """A normal_loss with one thing wrong."""

    def normal_loss(targets, outputs):
        mean, raw = columns(outputs)
        return finish(surprise(error(targets, mean), deviation(raw)))

    return normal_loss


def in_scipy(y, z):
    y, z = np.asarray(y), np.asarray(z)
    return -scipy.stats.norm(z[:, :1], np.logaddexp(0, z[:, 1:]) + 1e-3).logpdf(y).mean()


for mistake, says, answer in (
    ("the likelihood", "sign is turned", normal_with(finish=lambda each: -ops.mean(each))),
    ("without ½ log 2π", "½ log 2π is missing", normal_with(surprise=lambda e, s: ops.square(e / s) / 2 + ops.log(s))),
    ("without log s", "log s is missing", normal_with(surprise=lambda e, s: ops.square(e / s) / 2 + HALF_LOG)),
    ("the square alone, divided", "log s and", normal_with(surprise=lambda e, s: ops.square(e / s) / 2)),
    ("log s²", "not log s²", normal_with(surprise=lambda e, s: ops.square(e / s) / 2 + 2 * ops.log(s) + HALF_LOG)),
    ("without the ½ of the square", "The ½ before", normal_with(surprise=lambda e, s: ops.square(e / s) + ops.log(s) + HALF_LOG)),
    ("divided by s", "divide by its square", normal_with(surprise=lambda e, s: ops.square(e) / s / 2 + ops.log(s) + HALF_LOG)),
    ("softplus as the variance", "took it for the variance", normal_with(surprise=lambda e, s: ops.square(e) / s / 2 + ops.log(s) / 2 + HALF_LOG)),
    ("exp for softplus", "not exp", normal_with(deviation=ops.exp)),
    ("exp and 0.001", "not exp", normal_with(deviation=lambda raw: ops.exp(raw) + 1e-3)),
    ("the raw number", "not yet the deviation", normal_with(deviation=lambda raw: raw)),
    ("the logarithm of the variance", "logarithm of the variance", normal_with(deviation=lambda raw: ops.exp(raw / 2))),
    ("Laplace", "Laplace", normal_with(surprise=lambda e, s: ops.abs(e) / s + ops.log(2 * s))),
    ("the squared error", "squared error alone", normal_with(surprise=lambda e, s: ops.square(e) + 0 * s)),
    ("log 2π", "½ log 2π, not", normal_with(surprise=lambda e, s: ops.square(e / s) / 2 + ops.log(s) + 2 * HALF_LOG)),
    ("the density", "That is the density", normal_with(finish=lambda each: ops.mean(ops.exp(-each)))),
    ("in bits", "not bits", normal_with(finish=lambda each: ops.mean(each) / np.log(2))),
    ("mean and raw number exchanged", "exchanged", normal_with(columns=lambda z: (z[:, 1:], z[:, :1]))),
    ("each target with each mean", "Shapes", normal_with(columns=lambda z: (z[:, 0], z[:, 1]))),
    ("the sum", "not the sum", normal_with(finish=ops.sum)),
    ("one number per point", "shape \\(\\)", normal_with(finish=lambda each: each)),
    ("one number per point, in a row", "shape \\(\\)", normal_with(finish=lambda each: ops.mean(each, axis=-1))),
    ("without the 0.001", "0\\.001 added", normal_with(deviation=ops.softplus)),
    ("no less than 0.05", "no lowest value|0\\.001 added", normal_with(deviation=lambda raw: ops.maximum(ops.softplus(raw) + 1e-3, 0.05))),
    ("a softplus that overflows", "overflows", normal_with(deviation=lambda raw: ops.log(1 + ops.exp(raw)) + 1e-3)),
    ("the error cut", "do not cut", normal_with(error=lambda y, m: ops.clip(y - m, -10, 10))),
    ("the density first", "compute the density first", normal_with(surprise=lambda e, s: -ops.log(ops.exp(-ops.square(e / s) / 2) / (s * float(np.sqrt(2 * np.pi)))))),
    ("the logarithm of a negative number", "nan or infinite", normal_with(surprise=lambda e, s: ops.square(e / s) / 2 + ops.log(-s) + HALF_LOG)),
    ("one deviation for all", "its own mean and deviation", normal_with(deviation=lambda raw: ops.mean(ops.softplus(raw)) + 1e-3)),
    ("the deviation cut off", "cut off", normal_with(deviation=lambda raw: ops.stop_gradient(ops.softplus(raw)) + 1e-3)),
    ("the mean cut off", "cut off|stopped|stops", lambda y, z: normal_with()(y, ops.stop_gradient(z))),
    ("a little below the line", "Add nothing", normal_with(surprise=lambda e, s: ops.square(e) / (2 * ops.square(s) + 1e-7) + ops.log(s) + HALF_LOG)),
    ("a softplus with where", "slope is nan", normal_with(deviation=lambda raw: ops.where(raw > 20, raw, ops.log1p(ops.exp(raw))) + 1e-3)),
    ("the sum by len", "len\\(", lambda y, z: normal_with(finish=ops.sum)(y, z) / len(y)),
    ("SciPy", "keras.ops", in_scipy),
    ("a Python number", "float\\(", lambda y, z: float(normal_with()(y, z))),
    ("returns nothing", "None", lambda y, z: None),
):  # fmt: skip

    def normal_loss(targets, outputs, answer=answer):
        return answer(targets, outputs)

    wrong("normal_loss", mistake, says=says)(normal_loss)


def error_with(
    place=lambda c, bins: np.minimum((c * bins).astype(int), bins - 1),
    gap=lambda right, c, k, bins: abs(right.mean() - c.mean()),
    weight=lambda inside, filled, bins: inside.mean(),
    confidence=lambda p: p.max(axis=1),
    right=lambda y, p: p.argmax(axis=1) == y,
    together=sum,
    empty=False,
    finish=lambda error: error,
):
    """A calibration_error with one thing wrong."""

    def calibration_error(y, p, bins=10):
        c, hit = confidence(p), right(y, p)
        where = place(c, bins)
        filled = range(bins) if empty else np.unique(where)
        parts = []
        for k in filled:
            inside = where == k
            parts.append(weight(inside, filled, bins) * gap(hit[inside], c[inside], k, bins))
        return finish(float(together(parts)))

    return calibration_error


def signed(right, c, k, bins):
    return right.mean() - c.mean()


def equal_numbers(c, bins):
    return np.argsort(np.argsort(c, kind="stable"), kind="stable") * bins // len(c)


def from_the_smallest(c, bins):
    span = max(c.max() - c.min(), 1e-9)
    return np.minimum(((c - c.min()) / span * bins).astype(int), bins - 1)


for mistake, says, answer in (
    ("the plain mean of the bins", "Weight each bin", error_with(weight=lambda inside, filled, bins: 1 / len(filled))),
    ("divided by the bins", "number of bins", error_with(weight=lambda inside, filled, bins: 1 / bins)),
    ("bins added up", "added up", error_with(weight=lambda inside, filled, bins: 1)),
    ("the largest bin error", "MCE", error_with(weight=lambda inside, filled, bins: 1, together=max)),
    ("signs cancel", "cancel", error_with(gap=signed, finish=abs)),
    ("signs kept", "cancel", error_with(gap=signed)),
    ("squares", "not its square", error_with(gap=lambda right, c, k, bins: (right.mean() - c.mean()) ** 2)),
    ("the root of squares", "no root", error_with(gap=lambda right, c, k, bins: (right.mean() - c.mean()) ** 2, finish=np.sqrt)),
    ("weighted with numbers", "\\*share\\* of the predictions", error_with(weight=lambda inside, filled, bins: inside.sum())),
    ("the error rate", "share of wrong", lambda y, p, bins=10: np.mean(p.argmax(axis=1) != y)),
    ("compared with 1", "mean confidence", error_with(gap=lambda right, c, k, bins: abs(right.mean() - 1))),
    ("the accuracy", "share of right", lambda y, p, bins=10: np.mean(p.argmax(axis=1) == y)),
    ("prediction by prediction", "\\*before\\*", lambda y, p, bins=10: np.mean(abs((p.argmax(axis=1) == y) - p.max(axis=1)))),
    ("the cross-entropy", "cross-entropy", lambda y, p, bins=10: -np.mean(np.log(np.maximum(p[np.arange(len(y)), y], 1e-9)))),
    ("the middle of the bin", "not the bin's middle", error_with(gap=lambda right, c, k, bins: abs(right.mean() - (k + 0.5) / bins))),
    ("the end of the bin", "middle or end", error_with(gap=lambda right, c, k, bins: abs(right.mean() - (k + 1) / bins))),
    ("the first class's probability", "whichever class", error_with(confidence=lambda p: p[:, 0])),
    ("the true class's probability", "\\.8 × |largest probability", lambda y, p, bins=10: error_with(confidence=lambda p: p[np.arange(len(y)), y])(y, p, bins)),
    ("right if above one half", "below one half", error_with(right=lambda y, p: p[np.arange(len(y)), y] > 0.5)),
    ("a confidence of 1 in a bin of its own", "exactly 1 belongs", error_with(place=lambda c, bins: (c * bins).astype(int))),
    ("a confidence of 1 lost", "exactly 1 belongs", error_with(place=lambda c, bins: np.where(c == 1, -1, (c * bins).astype(int)), weight=lambda inside, filled, bins: inside.mean(), gap=lambda right, c, k, bins: 0 if k < 0 else abs(right.mean() - c.mean()))),
    ("bins that hold their upper end", "begins there", error_with(place=lambda c, bins: np.ceil(c * bins - 1e-12).astype(int) - 1)),
    ("always ten bins", "number of bins is an argument", lambda y, p, bins=10: error_with()(y, p, 10)),
    ("empty bins", "empty bin", error_with(empty=True)),
    ("equally many per bin", "equal \\*width\\*|before", error_with(place=equal_numbers)),
    ("bins from the smallest confidence", "smallest confidence|belongs|whichever|largest|mean confidence", error_with(place=from_the_smallest)),
    ("bins from one half", "bins are 0", error_with(place=lambda c, bins: np.clip(((c - 0.5) * 2 * bins).astype(int), 0, bins - 1))),
    ("arguments exchanged", "labels, \\(n,\\), come first", lambda y, p, bins=10: error_with()(p, y, bins)),
    ("one number per bin", "one number", lambda y, p, bins=10: np.zeros(bins)),
    ("returns nothing", "None", lambda y, p, bins=10: None),
):  # fmt: skip

    def calibration_error(labels, probabilities, bins=10, answer=answer):
        return answer(labels, probabilities, bins)

    wrong("calibrate", f"error: {mistake}", says=says)(calibration_error)


@wrong("calibrate", "error: rounds in place", says="changed an array")
def calibration_error(labels, probabilities, bins=10):
    result = error_with()(labels, probabilities, bins)
    probabilities *= 0.5
    return result


def soft(z, axis=1, safe=True):
    z = z - z.max(axis=axis, keepdims=True) if safe else z
    z = np.exp(z)
    return z / z.sum(axis=axis, keepdims=True)


def entropy_of(y, z):
    z = z - z.max(axis=1, keepdims=True)
    return -(z - np.log(np.exp(z).sum(axis=1, keepdims=True)))[np.arange(len(y)), y].mean()


def temperature_with(
    score=entropy_of,
    tried=np.geomspace(0.05, 20, 600),  # noqa: B008
    scale=lambda z, t: z / t,
    finish=lambda t, y, z: t,
    choose=min,
):
    """A best_temperature with one thing wrong."""

    def best_temperature(y, z):
        return finish(choose(tried, key=lambda t: score(y, scale(z, t))), y, z)

    return best_temperature


def unsafe(y, z):
    return -np.log(soft(z, safe=False)[np.arange(len(y)), y]).mean()


def cut_off(y, z, least=1e-7, plus=0.0):
    return -np.log(np.maximum(soft(z)[np.arange(len(y)), y], least) + plus).mean()


def in_a_loop(y, z):
    """No nan is lower than anything, so nothing is found."""
    best, lowest = None, np.inf
    for t in np.geomspace(0.05, 20, 600):
        if (found := unsafe(y, z / t)) < lowest:
            best, lowest = t, found
    return best


def largest_of_all(y, z):
    z = z - z.max()
    return -(z - np.log(np.exp(z).sum(axis=1, keepdims=True)))[np.arange(len(y)), y].mean()


def rescued(y, z):
    return -np.log(np.nan_to_num(soft(z, safe=False))[np.arange(len(y)), y] + 1e-9).mean()


for mistake, says, answer in (
    ("multiplied", "\\*divided\\* by T", temperature_with(scale=lambda z, t: z * t)),
    ("its reciprocal", "\\*divided\\* by T", temperature_with(finish=lambda t, y, z: 1 / t)),
    ("its logarithm", "logarithm of the temperature", temperature_with(finish=lambda t, y, z: np.log(t))),
    ("arguments exchanged", "labels, \\(n,\\), come first", lambda y, z: temperature_with()(z, y)),
    ("a loop from infinity that never finds a lower loss", "is each loss nan", in_a_loop),
    ("the largest of all logits subtracted", "\\*row's\\* largest", temperature_with(score=largest_of_all)),
    ("equal steps of .05", "equal ratios", temperature_with(tried=np.linspace(0.05, 20, 400))),
    ("by the accuracy", "accuracy is no guide", temperature_with(score=lambda y, z: -np.mean(z.argmax(axis=1) == y))),
    ("the highest loss", "lowest|lower is better", temperature_with(choose=max)),
    ("the sign of the loss", "lowest|lower is better", temperature_with(score=lambda y, z: -entropy_of(y, z))),
    ("the logits' sum as the loss", "lowest|lower is better", temperature_with(score=lambda y, z: -z[np.arange(len(y)), y].mean())),
    ("always 1", "T = 1 changes nothing", lambda y, z: 1.0),
    ("the cross-entropy itself", "return the temperature", lambda y, z: entropy_of(y, z / temperature_with()(y, z))),
    ("never below 1", "too shy", temperature_with(tried=np.geomspace(1, 20, 600))),
    ("never above 5", "Search up to 20", temperature_with(tried=np.geomspace(0.05, 5, 600))),
    ("whole numbers", "fine enough", temperature_with(tried=range(1, 21))),
    ("steps of a tenth", "fine enough|too shy", temperature_with(tried=np.arange(1, 201) / 10)),
    ("equal steps", "fine enough|too shy", temperature_with(tried=np.linspace(0.05, 20, 150))),
    ("equal steps of .01", "both ends", temperature_with(tried=np.linspace(0.05, 20, 2000))),
    ("never below one half", "both ends", temperature_with(tried=np.geomspace(0.5, 20, 600))),
    ("never above 15", "both ends", temperature_with(tried=np.geomspace(0.05, 15, 600))),
    ("a little in the logarithm", "small number before", temperature_with(score=lambda y, z: cut_off(y, z, 0.0, 1e-12))),
    ("probabilities cut off as in Keras", "sure mistake", temperature_with(score=cut_off)),
    ("the softmax overflows", "largest before `exp`", temperature_with(score=unsafe)),
    ("overflow rescued", "largest before `exp`", temperature_with(score=rescued)),
    ("softmax over the rows", "axis=1", temperature_with(score=lambda y, z: -np.log(soft(z, axis=0)[np.arange(len(y)), y]).mean())),
    ("a squared error", "squared error|too shy|Search", temperature_with(score=lambda y, z: np.square(soft(z) - np.eye(z.shape[1])[y]).sum(axis=1).mean())),
    ("the ECE", "not the ECE", temperature_with(score=lambda y, z: error_with()(y, soft(z)))),
    ("probabilities for logits", "lowest|expected", temperature_with(score=lambda y, z: -np.log(np.maximum(z, 1e-9))[np.arange(len(y)), y].mean())),
    ("one temperature per class", "single number", lambda y, z: np.ones(z.shape[1])),
    ("beyond the range", "between 0.05 and 20", lambda y, z: 1000.0),
    ("returns nothing", "None", lambda y, z: None),
):  # fmt: skip

    def best_temperature(labels, logits, answer=answer):
        return answer(labels, logits)

    wrong("calibrate", f"temperature: {mistake}", says=says)(best_temperature)


@wrong("calibrate", "temperature: divides in place", says="changed the logits")
def best_temperature(labels, logits):
    temperature = temperature_with()(labels, logits)
    logits /= temperature
    return temperature


def cost_with(
    flag=lambda p, t: p >= t,
    miss_of=lambda leaves, flagged: leaves & ~flagged,
    alarm_of=lambda leaves, flagged: ~leaves & flagged,
    total=lambda miss, misses, alarm, alarms, leaves: (miss * misses.sum() + alarm * alarms.sum()) / len(leaves),
):
    """A cost_of with one thing wrong."""

    def cost_of(labels, probabilities, threshold, miss, alarm):
        leaves = np.asarray(labels, dtype=bool)
        flagged = flag(np.asarray(probabilities), threshold)
        return total(miss, miss_of(leaves, flagged), alarm, alarm_of(leaves, flagged), leaves)

    return cost_of


for mistake, says, answer in (
    ("the total", "not the total", cost_with(total=lambda miss, a, alarm, b, y: miss * a.sum() + alarm * b.sum())),
    ("the share of mistakes", "share of mistakes", cost_with(total=lambda miss, a, alarm, b, y: (a | b).mean())),
    ("the number of mistakes", "number of mistakes", cost_with(total=lambda miss, a, alarm, b, y: (a | b).sum())),
    ("no alarms", "false alarms are missing", cost_with(alarm_of=lambda y, f: y & False)),
    ("no misses", "misses are missing", cost_with(miss_of=lambda y, f: y & False)),
    ("rates", "Divide by all customers", cost_with(total=lambda miss, a, alarm, b, y: miss * a.sum() / max(y.sum(), 1) + alarm * b.sum() / max((~y).sum(), 1))),
    ("every call costs", "really leaves costs nothing", cost_with(alarm_of=lambda y, f: f)),
    ("per mistake", "not by the mistakes", cost_with(total=lambda miss, a, alarm, b, y: (miss * a.sum() + alarm * b.sum()) / max((a | b).sum(), 1))),
    ("per flagged customer", "not by those flagged", lambda y, p, t, miss, alarm: cost_with()(y, p, t, miss, alarm) * len(y) / max(np.sum(np.asarray(p) >= t), 1)),
    ("per leaving customer", "not by those who leave", cost_with(total=lambda miss, a, alarm, b, y: (miss * a.sum() + alarm * b.sum()) / max(y.sum(), 1))),
    ("hits for misses", "Hits and misses", cost_with(miss_of=lambda y, f: y & f, alarm_of=lambda y, f: ~y & ~f)),
    ("negative", "positive", cost_with(total=lambda miss, a, alarm, b, y: -(miss * a.sum() + alarm * b.sum()) / len(y))),
    ("the costs exchanged", "costs are exchanged", cost_with(total=lambda miss, a, alarm, b, y: (alarm * a.sum() + miss * b.sum()) / len(y))),
    ("strictly above", "at least", cost_with(flag=lambda p, t: p > t)),
    ("always one half", "use `threshold`", lambda y, p, t, miss, alarm: cost_with()(y, p, 0.5, miss, alarm)),
    ("not a number", "nan or infinite", lambda *inputs: np.nan),
    ("one number per customer", "one number", cost_with(total=lambda miss, a, alarm, b, y: miss * a + alarm * b)),
    ("returns nothing", "None", lambda *inputs: None),
):  # fmt: skip

    def cost_of(labels, probabilities, threshold, miss, alarm, answer=answer):
        return answer(labels, probabilities, threshold, miss, alarm)

    wrong("threshold", f"cost: {mistake}", says=says)(cost_of)


@wrong("threshold", "cost: sorts in place", says="sorted it in place")
def cost_of(labels, probabilities, threshold, miss, alarm):
    result = cost_with()(labels, probabilities, threshold, miss, alarm)
    if isinstance(probabilities, np.ndarray):
        probabilities.sort()
    return result


def threshold_with(
    candidates=lambda p: [np.inf, *np.unique(p)[::-1]], cost=None, choose=min, finish=lambda t, y, p, m, a: t
):
    """A cheapest_threshold with one thing wrong."""

    cost = cost or cost_with()

    def cheapest_threshold(labels, probabilities, miss, alarm):
        best = choose(candidates(probabilities), key=lambda t: cost(labels, probabilities, t, miss, alarm))
        return finish(best, labels, probabilities, miss, alarm)

    return cheapest_threshold


def f1_loss(labels, probabilities, threshold, miss, alarm):
    y, flagged = np.asarray(labels, dtype=bool), np.asarray(probabilities) >= threshold
    return -2 * (y & flagged).sum() / max(y.sum() + flagged.sum(), 1)


def row_by_row(labels, probabilities, miss, alarm):
    order = np.argsort(-probabilities, kind="stable")
    y = np.asarray(labels, dtype=bool)[order]
    costs = miss * (y.sum() - np.cumsum(y)) + alarm * np.cumsum(~y)
    costs = np.r_[miss * y.sum(), costs]
    return np.r_[np.inf, probabilities[order]][costs.argmin()]


def first_rise(candidates, key):
    return next((t for t, lower in itertools.pairwise(candidates) if key(lower) > key(t)), candidates[-1])


def sorted_alone(labels, probabilities, miss, alarm):
    return threshold_with()(labels, np.sort(probabilities), miss, alarm)


def middles(p):
    p = np.unique(p)[::-1]
    return [np.inf, p[0], *((p[1:] + p[:-1]) / 2), -np.inf]


for mistake, says, answer in (
    ("one half", "one half", lambda y, p, miss, alarm: 0.5),
    ("the rule of calibrated models", "perfectly calibrated", lambda y, p, miss, alarm: alarm / (alarm + miss)),
    ("the next probability above that rule", "is no search", lambda y, p, miss, alarm: min([each for each in p if each >= alarm / (alarm + miss)], default=np.inf)),
    ("stops where the cost first rises", "first rises", threshold_with(choose=first_rise)),
    ("the cost", "not its cost", threshold_with(finish=lambda t, *rest: cost_with()(rest[0], rest[1], t, *rest[2:]))),
    ("fewest mistakes", "fewest mistakes", threshold_with(cost=lambda y, p, t, miss, alarm: cost_with()(y, p, t, 1, 1))),
    ("the costs exchanged", "exchanged", lambda y, p, miss, alarm: threshold_with()(y, p, alarm, miss)),
    ("the best F1", "additional alarm|exchanged|fewest|costs", threshold_with(cost=f1_loss)),
    ("the place", "not its place", lambda y, p, miss, alarm: [np.inf, *np.unique(p)[::-1]].index(threshold_with()(y, p, miss, alarm))),
    ("the dearest", "seven alarms|infinity|\\.3 per customer", threshold_with(choose=max)),
    ("flags all", "seven alarms", lambda y, p, miss, alarm: np.min(p)),
    ("strictly above", "at\\* the threshold", threshold_with(cost=cost_with(flag=lambda p, t: p > t))),
    ("the middle between two", "the middle between", threshold_with(candidates=middles)),
    ("never nobody", "flagging nobody", threshold_with(candidates=lambda p: np.unique(p)[::-1])),
    ("None for nobody", "nobody is cheapest, return", lambda *inputs: None if threshold_with()(*inputs) == np.inf else threshold_with()(*inputs)),
    ("not a number", "threshold is nan", lambda *inputs: np.nan),
    ("never everybody", "everybody", threshold_with(candidates=lambda p: [np.inf, *np.unique(p)[:0:-1]])),
    ("the lowest of equals", "\\*highest\\*", threshold_with(candidates=lambda p: [*np.unique(p), np.inf])),
    ("splits equals", "together or not at all", row_by_row),
    ("a grid of hundredths", "a grid|at\\* the threshold|middle|flagged|those that occur|\\.3 per customer", threshold_with(candidates=lambda p: [np.inf, *np.linspace(1, 0, 101)])),
    ("a grid of thousandths", "a grid", threshold_with(candidates=lambda p: [np.inf, *sorted({round(float(each), 3) for each in p}, reverse=True)])),
    ("only probabilities", "Any scores", threshold_with(candidates=lambda p: [np.inf, *(each for each in np.unique(p)[::-1] if 0 <= each <= 1)])),
    ("sorts the probabilities alone", "\\.3 per customer|additional alarm|seven alarms|exchanged|leaves out", sorted_alone),
    ("threshold and cost", "one number", lambda *inputs: (threshold_with()(*inputs), 0.0)),
    ("for costs of 10 and 1", "exchanged", lambda y, p, miss, alarm: threshold_with()(y, p, 10, 1)),
    ("returns nothing", "None", lambda *inputs: None),
):  # fmt: skip

    def cheapest_threshold(labels, probabilities, miss, alarm, answer=answer):
        return answer(labels, probabilities, miss, alarm)

    wrong("threshold", f"choice: {mistake}", says=says)(cheapest_threshold)


@wrong("threshold", "choice: sorts in place", says="sorted it in place")
def cheapest_threshold(labels, probabilities, miss, alarm):
    result = threshold_with()(labels, probabilities, miss, alarm)
    probabilities.sort()
    return result


def steps_of(y, s, split=False, turn=-1):
    """Hits, flagged and positives down the scores."""
    y, s = np.asarray(y, dtype=int), np.asarray(s, dtype=float)
    order = np.argsort(turn * s, kind="stable")
    last = np.ones(len(y), dtype=bool) if split else np.r_[np.diff(s[order]) != 0, True]
    return np.cumsum(y[order])[last], np.arange(1, len(y) + 1)[last], y.sum()


def area_with(area=lambda hits, flagged, p: np.sum(np.diff(hits, prepend=0) / p * hits / flagged), none=0.0, **options):
    """An average_precision with one thing wrong."""

    def average_precision(labels, scores):
        hits, flagged, positives = steps_of(labels, scores, **options)
        return none if none is not None and positives == 0 else float(area(hits, flagged, positives))

    return average_precision


def roc(y, s):
    y, s = np.asarray(y, dtype=bool), np.asarray(s)
    pairs = s[y][:, None] - s[~y][None]
    return float(np.mean((pairs > 0) + 0.5 * (pairs == 0))) if pairs.size else 0.0


def smoothed(hits, flagged, positives):
    precision = np.maximum.accumulate((hits / flagged)[::-1])[::-1]
    return np.sum(np.diff(hits, prepend=0) / positives * precision)


def before_the_hit(hits, flagged, positives):
    return np.sum(np.diff(hits, prepend=0) / positives * np.r_[1, (hits / flagged)[:-1]])


def upwards(y, s, tried=np.unique):
    area, before = 0.0, 0.0
    for score in tried(s):
        hits = (y[s >= score] == 1).sum()
        area += (hits / max(y.sum(), 1) - before) * hits / max((s >= score).sum(), 1)
        before = hits / max(y.sum(), 1)
    return area


def strictly_above(y, s):
    area, before = 0.0, 0.0
    for score in np.unique(s)[::-1]:
        hits = (y[s > score] == 1).sum()
        recall = hits / max(y.sum(), 1)
        area, before = area + (recall - before) * np.divide(hits, (s > score).sum()), recall
    return area


def as_in_the_lesson(chance, rare):
    found = rare[np.argsort(-chance, kind="stable")]
    return (found * found.cumsum() / np.arange(1, len(found) + 1)).sum() / found.sum()


for mistake, says, answer in (
    ("the mean precision", "\\*grows\\*", area_with(lambda h, f, p: np.mean(h / f))),
    ("all flagged", "when all are flagged", area_with(lambda h, f, p: p / f[-1])),
    ("recall not a share", "adds a third", area_with(lambda h, f, p: np.sum(np.diff(h, prepend=0) * h / f))),
    ("recall of all rows", "share of the \\*positives", area_with(lambda h, f, p: np.sum(np.diff(h, prepend=0) / f[-1] * h / f))),
    ("the ROC curve", "ROC", roc),
    ("precision and recall exchanged", "exchanged", area_with(lambda h, f, p: np.sum(np.diff(h, prepend=0) / p * h / p))),
    ("the lowest score first", "begin with the highest", area_with(turn=1)),
    ("the precision before", "\\*now\\*", area_with(before_the_hit)),
    ("recall for its growth", "\\*growth\\* of the recall", area_with(lambda h, f, p: np.sum(h / p * h / f))),
    ("distinct scores upwards", "`np.unique` sorts upwards", upwards),
    ("a grid from 1 to 0", "grid of thresholds from 0", lambda y, s: upwards(y, s, lambda s: np.linspace(1, 0, 1001))),
    ("a fine grid over all scores", "however fine", lambda y, s: upwards(y, s, lambda s: np.linspace(s.max(), s.min(), 2001))),
    ("above the score", "at \\*least\\* that score", strictly_above),
    ("scores first", "labels come first here", as_in_the_lesson),
    ("trapezoids", "not trapezoids", area_with(lambda h, f, p: np.trapezoid(np.r_[1, h / f], np.r_[0, h / p]))),
    ("not sorted", "\\*highest\\* score", lambda y, s: area_with()(y, -np.arange(len(y)))),
    ("smoothed", "no smoothing", area_with(smoothed)),
    ("splits equals", "not be split", area_with(split=True)),
    ("splits equals, positives first", "not be split", lambda y, s: area_with(split=True)(y, np.asarray(s) + 1e-9 * np.asarray(y))),
    ("divides by zero", "before you divide|division by zero", area_with(none=None)),
    ("1 without a positive", "0\\.0 by our rule", area_with(none=1.0)),
    ("the whole curve", "one number", lambda y, s: steps_of(y, s)[0]),
    ("returns nothing", "None", lambda y, s: None),
):  # fmt: skip

    def average_precision(labels, scores, answer=answer):
        return answer(labels, scores)

    wrong("precision_bootstrap", f"area: {mistake}", says=says)(average_precision)


@wrong("precision_bootstrap", "area: scikit-learn's", says="it is scikit-learn's")
def average_precision(labels, scores):
    from sklearn.metrics import average_precision_score

    return average_precision_score(labels, scores) if np.any(labels) else 0.0


@wrong("precision_bootstrap", "area: scikit-learn's curve", says="it is scikit-learn's")
def average_precision(labels, scores):
    from sklearn.metrics import precision_recall_curve

    precision, recall, _ = precision_recall_curve(labels, scores)
    return -np.sum(np.diff(recall) * precision[:-1]) if np.any(labels) else 0.0


@wrong("precision_bootstrap", "area: sorts in place", says="sorted it in place")
def average_precision(labels, scores):
    result = area_with()(labels, scores)
    scores.sort()
    return result


def bootstrap_with(
    rows=lambda random, n: random.integers(0, n, n),
    ends=lambda results, level: np.quantile(results, [(1 - level) / 2, (1 + level) / 2]),
    other_rows=None,
    fresh=False,
    times=lambda draws: draws,
    seed_of=lambda seed: seed,
):
    """A bootstrap_interval with one thing wrong."""

    def bootstrap_interval(labels, scores, measure, draws=1000, level=0.9, seed=0):
        labels, scores = np.asarray(labels), np.asarray(scores)
        random, results = np.random.default_rng(seed_of(seed)), []
        for _ in range(times(draws)):
            random = np.random.default_rng(seed) if fresh else random
            chosen = rows(random, len(labels))
            others = chosen if other_rows is None else other_rows(random, len(labels))
            results.append(measure(labels[chosen], scores[others]))
        return ends(np.array(results, dtype=float), level)

    return bootstrap_interval


def bell(results, level):
    reach = NormalDist().inv_cdf((1 + level) / 2) * results.std()
    return results.mean() - reach, results.mean() + reach


def bell_of_mean(results, level):
    reach = NormalDist().inv_cdf((1 + level) / 2) * results.std() / np.sqrt(len(results))
    return results.mean() - reach, results.mean() + reach


def exchanged_arguments(labels, scores, measure, draws=1000, level=0.9, seed=0):
    return bootstrap_with()(labels, scores, lambda a, b: measure(b, a), draws, level, seed)


def no_empty_draw(labels, scores, measure, draws=1000, level=0.9, seed=0):
    def rows(random, n):
        return next(each for each in (random.integers(0, n, n) for _ in itertools.count()) if np.any(labels[each]))

    return bootstrap_with(rows=rows)(labels, scores, measure, draws, level, seed)


def stratified(labels, scores, measure, draws=1000, level=0.9, seed=0):
    random, results, hit = np.random.default_rng(seed), [], np.asarray(labels, dtype=bool)
    for _ in range(draws):
        rows = np.r_[tuple(random.choice(np.flatnonzero(group), group.sum()) for group in (hit, ~hit))]
        results.append(measure(labels[rows], scores[rows]))
    return np.quantile(results, [(1 - level) / 2, (1 + level) / 2])


for mistake, says, answer in (
    ("without replacement", "\\*with\\* replacement", bootstrap_with(rows=lambda random, n: random.permutation(n))),
    ("half of the rows", "as many rows", bootstrap_with(rows=lambda random, n: random.integers(0, n, n // 2))),
    ("labels and scores drawn apart", "stay together", bootstrap_with(other_rows=lambda random, n: random.integers(0, n, n))),
    ("only the scores drawn", "stay together", bootstrap_with(rows=lambda random, n: np.arange(n), other_rows=lambda random, n: random.integers(0, n, n))),
    ("the data each time", "\\*with\\* replacement", bootstrap_with(rows=lambda random, n: np.arange(n))),
    ("the same draw each time", "\\*before\\* the loop", bootstrap_with(fresh=True)),
    ("never the last row", "drawn alike", bootstrap_with(rows=lambda random, n: random.integers(0, n - 1, n))),
    ("never the first row", "drawn alike", bootstrap_with(rows=lambda random, n: random.integers(1, n, n))),
    ("from a few rows", "63 %", bootstrap_with(rows=lambda random, n: random.integers(0, n // 2, n))),
    ("positives and negatives drawn apart", "without looking at the labels", stratified),
    ("10 % at each side", "\\*each\\* side", bootstrap_with(ends=lambda r, level: np.quantile(r, [1 - level, level]))),
    ("one side", "Both ends", bootstrap_with(ends=lambda r, level: np.quantile(r, [0, level]))),
    ("smallest to largest", "smallest to the largest", bootstrap_with(ends=lambda r, level: (r.min(), r.max()))),
    ("always 95 %", "0\\.95", bootstrap_with(ends=lambda r, level: np.quantile(r, [0.025, 0.975]))),
    ("always 90 %", "`level`", bootstrap_with(ends=lambda r, level: np.quantile(r, [0.05, 0.95]))),
    ("the nearest result", "between two results", bootstrap_with(ends=lambda r, level: np.quantile(r, [(1 - level) / 2, (1 + level) / 2], method="nearest"))),
    ("places in the sorted results", "between two results", bootstrap_with(ends=lambda r, level: np.sort(r)[[int(len(r) * (1 - level) / 2), int(len(r) * (1 + level) / 2)]])),
    ("draws without a positive left out", "draws hold none", no_empty_draw),
    ("a bell curve", "bell curve", bootstrap_with(ends=bell)),
    ("the error of the mean", "shrink", bootstrap_with(ends=bell_of_mean)),
    ("high, low", "First the lower", bootstrap_with(ends=lambda r, level: np.quantile(r, [(1 + level) / 2, (1 - level) / 2]))),
    ("the width", "two numbers", bootstrap_with(ends=lambda r, level: np.ptp(np.quantile(r, [(1 - level) / 2, (1 + level) / 2])))),
    ("all results", "two numbers", bootstrap_with(ends=lambda r, level: list(r))),
    ("always 1,000 draws", "`draws` times", bootstrap_with(times=lambda draws: 1000)),
    ("one draw more", "`draws` times", bootstrap_with(times=lambda draws: draws + 1)),
    ("another seed each time", "same seed", bootstrap_with(seed_of=lambda seed: None)),
    ("always seed 0", "use `seed`", bootstrap_with(seed_of=lambda seed: 0)),
    ("arguments exchanged", "labels first", exchanged_arguments),
    ("its own measure", "never called", lambda labels, scores, measure, **options: bootstrap_with()(labels, scores, area_with(), **options)),
    ("returns nothing", "None", lambda *inputs, **options: None),
):  # fmt: skip

    def bootstrap_interval(labels, scores, measure, draws=1000, level=0.9, seed=0, answer=answer):
        return answer(labels, scores, measure, draws=draws, level=level, seed=seed)

    wrong("precision_bootstrap", f"interval: {mistake}", says=says)(bootstrap_interval)


@wrong("precision_bootstrap", "interval: shuffles in place", says="shuffle nothing")
def bootstrap_interval(labels, scores, measure, draws=1000, level=0.9, seed=0):
    result = bootstrap_with()(labels, scores, measure, draws, level, seed)
    np.random.default_rng(seed).shuffle(scores)
    return result


@wrong("precision_bootstrap", "interval: 500 draws by default", says="1,000 draws")
def bootstrap_interval(labels, scores, measure, draws=500, level=0.9, seed=0):
    return bootstrap_with()(labels, scores, measure, draws, level, seed)
