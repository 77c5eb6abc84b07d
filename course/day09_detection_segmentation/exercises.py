# %% [markdown]
# # Day 09 · Exercises: IoU, NMS, mAP, Dice, a third branch, a deeper U
#
# **Six exercises on boxes and masks: you write the measures that every detector is judged by, one of the two losses that SAM was trained with, and the two architectures of the day with a twist.**
#
# <!-- badges -->
#
# Write your code where it says `raise NotImplementedError`, run that cell, then the check below it (a click unfolds it). The exercises do not depend on each other. Stuck for more than ten minutes? Fold out a hint.

# %% tags=["setup"]
from utils import plots, runtime
from utils.check import Exercises

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops

ready = runtime.setup(seed=1, precision="float32")
check = Exercises("day09_detection_segmentation")

# %% [markdown]
# Exercises 2 and 3 use the lesson's IoU of boxes given by left, top, right, bottom. It is given; run this cell once.


# %%
def iou_matrix(first, second):
    """IoU of each box with each: (m, 4) and (n, 4), left, top, right, bottom -> (m, n)."""
    corner = np.maximum(first[:, None, :2], second[None, :, :2])
    opposite = np.minimum(first[:, None, 2:4], second[None, :, 2:4])
    common = np.clip(opposite - corner, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:4] - boxes[:, :2]).prod(axis=1) for boxes in (first, second)]
    return common / (areas[0][:, None] + areas[1][None] - common)


# %% [markdown]
# ## Exercise 1 · How much do they overlap?
#
# Difficulty ●○○○○ · Importance ●●●●● · 10 minutes
#
# The lesson's boxes were left, top, right, bottom. COCO's files say **left, top, width, height** (`xywh`). Write the IoU of one such box with each of many.
#
# <details><summary>Hint 1</summary>
#
# What is the right side of a box, when you know left and width? With left, top, right, bottom in hand, the intersection begins at the larger of the two left sides and ends at the smaller of the two right sides. What if it ends before it begins?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `width = np.clip(np.minimum(right, rights) - np.maximum(left, lefts), 0, None)`, the same for the height; `common = width * height`; divide by `area + areas - common`.
#
# </details>


# %%
def box_iou(box, boxes):
    """IoU of one box with each of many.

    Args:
        box: array (4,): left, top, width, height.
        boxes: array (n, 4), in the same format and unit; all boxes have a positive area.

    Returns:
        Array (n,): the IoU with each, from 0 to 1.
    """
    ### BEGIN SOLUTION
    box, boxes = np.asarray(box, "float64"), np.asarray(boxes, "float64").reshape(-1, 4)
    corner = np.maximum(box[:2], boxes[:, :2])
    opposite = np.minimum(box[:2] + box[2:], boxes[:, :2] + boxes[:, 2:])
    common = np.clip(opposite - corner, 0, None).prod(axis=1)
    return common / (box[2:].prod() + boxes[:, 2:].prod(axis=1) - common)
    ### END SOLUTION


# %%
with check("box_iou"):
    square = np.array([10.0, 20.0, 4.0, 4.0])
    found = box_iou(square, np.array([[10.0, 20.0, 4.0, 4.0], [12.0, 20.0, 4.0, 4.0]]))
    check.shape(found, (2,), "One number for each of the boxes.")
    check.true(square.tolist() == [10, 20, 4, 4], "Your function changed the box it was given; work on copies.")
    found = np.asarray(found, "float64")
    check.true(
        not np.isclose(found[1], 0.5),
        "Moved by half its width, a square shares 8 of 24 pixels with itself: a third. You divide by the area of one box, or by the mean of both (that would be Dice); divide by the union.",
    )
    check.true(
        not np.isclose(found[0], 0.5),
        "A box with itself must give 1: the union is the sum of both areas *minus* what they share, or it counts the common part twice.",
    )
    check.close(
        found,
        [1, 1 / 3],
        "A square with itself, and moved by half its width: 1 and 1/3. The third and fourth number are width and height, not right and bottom.",
    )
    far = np.array([[30.0, 40.0, 4.0, 4.0], [30.0, 20.0, 4.0, 4.0], [10.0, 40.0, 4.0, 4.0]])
    check.close(
        box_iou(square, far),
        [0, 0, 0],
        "Boxes that do not touch must give 0: clip the width and the height of the intersection at 0 *before* you multiply (two negative sides make a positive area).",
    )
    inside = np.array([[11.0, 21.0, 2.0, 1.0], [0.0, 0.0, 100.0, 100.0]])
    check.close(
        box_iou(square, inside),
        [2 / 16, 16 / 10000],
        "One box inside the other: the smaller area over the larger one. Width and height may differ.",
    )
    corner = np.array([[8.0, 23.0, 9.0, 3.0]])  # shares 4 times 1 pixels with the square
    check.close(
        box_iou(square, corner),
        [4 / 39],
        "4 · 1 pixels common, of 16 + 27 − 4. The first two numbers are the left *top corner* (not"
        " the centre), the third is the width, the fourth the height. The union is not the box"
        " around both.",
    )
    random = np.random.default_rng(0)
    for count in (1, 7, 40):
        boxes = np.hstack([random.uniform(0, 50, (count, 2)), random.uniform(5, 60, (count, 2))])
        one = np.concatenate([random.uniform(0, 50, 2), random.uniform(5, 60, 2)])
        given = one.copy(), boxes.copy()
        theirs = keras.utils.bounding_boxes.compute_iou(one[None].astype("float32"), boxes.astype("float32"), "xywh")
        check.close(
            box_iou(*given),
            ops.convert_to_numpy(theirs)[0],
            f"This is what keras.utils.bounding_boxes.compute_iou says of {count} random boxes.",
            tolerance=1e-4,
        )
        check.true(
            np.array_equal(given[0], one) and np.array_equal(given[1], boxes),
            "Your function changed the boxes it was given; work on copies.",
        )
    whole = np.array([0, 0, 2, 2]), np.array([[1, 0, 2, 2], [1, 1, 2, 2]])
    check.close(box_iou(*whole), [1 / 3, 1 / 7], "Boxes in whole pixels are boxes, too: do not round the result.")

# %% [markdown] tags=["solution"]
# **Discussion.** With whole pixels there is a second convention: some old programs count the pixels *including* the last one, and add 1 to each width (`right - left + 1`). For boxes of 100 pixels nobody notices; for boxes of 5 the IoU changes in the first decimal. A reason to use
# the library's function in earnest, and to have written it once.

# %% [markdown]
# ## Exercise 2 · Non-maximum suppression, class by class
#
# Difficulty ●●●○○ · Importance ●●●●● · 15 minutes
#
# A rider sits on a horse: two boxes with a large overlap, both right. The lesson's NMS would strike one out. So most detectors suppress **only among finds of the same class**. Write it. A box goes if it overlaps a *kept*, more
# certain box of its class by *more than* the threshold. No two scores are equal.
#
# <details><summary>Hint 1</summary>
#
# Go through the boxes from the most certain to the least. Keep a list of those kept so far; a new box is kept if none of the kept ones of its class overlaps it too much. Boxes that were struck out strike nobody out any more.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `for n in np.argsort(-scores):` · `rivals = [k for k in kept if classes[k] == classes[n]]` · `if all(iou_matrix(boxes[[n]], boxes[[k]])[0, 0] <= threshold for k in rivals): kept.append(int(n))`
#
# </details>


# %%
def suppress_by_class(boxes, scores, classes, threshold):
    """Non-maximum suppression within each class.

    Args:
        boxes: array (n, 4): left, top, right, bottom.
        scores: array (n,): certainty of each, no two equal.
        classes: integer array (n,).
        threshold: a box is struck out if its IoU with a kept box of its class is larger than this.

    Returns:
        List of the numbers of the boxes kept, the most certain first.
    """
    ### BEGIN SOLUTION
    kept = []
    for n in np.argsort(-np.asarray(scores)):
        rivals = [k for k in kept if classes[k] == classes[n]]
        if all(iou_matrix(boxes[[n]], boxes[[k]])[0, 0] <= threshold for k in rivals):
            kept.append(int(n))
    return kept
    ### END SOLUTION


# %%
with check("suppress_by_class", points=2):
    boxes = np.array([[0.0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10], [0, 1, 10, 11]])
    scores, classes = np.array([0.6, 0.9, 0.7, 0.8]), np.array([0, 0, 0, 0])
    given = boxes.copy(), scores.copy(), classes.copy()
    found = suppress_by_class(*given, 0.5)
    check.true(found is not None, "Your function returned None: does every path end in `return`?")
    unchanged = all(np.array_equal(a, b) for a, b in zip(given, (boxes, scores, classes), strict=True))
    check.true(unchanged, "Your function changed the arrays it was given; work on copies.")
    check.true(
        np.ndim(found) == 1,
        "Return the *numbers* of the boxes kept, a flat list; "
        + ("these look like the boxes themselves." if np.ndim(found) == 2 else f"yours is a {type(found).__name__}."),
    )
    numbers = np.asarray(found).tolist()
    check.true(
        not (len(numbers) == 4 and set(map(float, numbers)) <= {0.0, 1.0} and numbers != [1, 2, 0, 3]),
        "That looks like a mask of True and False; return the numbers of the kept boxes.",
    )
    check.true(
        set(numbers) != {0, 2},
        "You begin with the *least* certain box (sort from the most certain downwards), or you return places in the *sorted* list instead of the boxes' own numbers.",
    )
    check.equal(
        set(numbers), {1, 2}, "Boxes 0, 1 and 3 overlap by about 0.8, box 2 stands alone: keep 1 (0.9) and 2 (0.7)."
    )
    check.equal(numbers, [1, 2], "The most certain first: 1 (0.9), then 2 (0.7).")
    rider = np.array([[0.0, 0, 10, 10], [0, 0, 10, 11]])
    check.equal(
        sorted(suppress_by_class(rider, np.array([0.9, 0.8]), np.array([3, 1]), 0.5)),
        [0, 1],
        "Rider and horse are of different *classes* and overlap a lot: neither suppresses the other."
        " (Classes 3 and 1: take the labels from `classes`. Return the boxes' own numbers,"
        " not their places within a class.)",
    )
    chain = np.array([[0.0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]])  # IoU of neighbours 0.43, of the ends 0.11
    check.equal(
        list(suppress_by_class(chain, np.array([0.9, 0.8, 0.7]), np.array([2, 2, 2]), 0.3)),
        [0, 2],
        "With threshold 0.3 (is it the one you use?) box 0 strikes out box 1. Box 2 overlaps only box 1, which is *gone* and may strike nobody out: box 2 stays.",
    )
    half = np.array([[0.0, 0, 2, 2], [0, 0, 2, 1]])  # IoU exactly 0.5
    check.equal(
        list(suppress_by_class(half, np.array([0.9, 0.8]), np.array([0, 0]), 0.5)),
        [0, 1],
        "An overlap of exactly the threshold is allowed: strike out only what is *larger*.",
    )
    one = suppress_by_class(boxes[:1], scores[:1], classes[:1], 0.5)
    check.equal(list(one), [0], "A single box is kept.")
    none = suppress_by_class(np.zeros((0, 4)), np.zeros(0), np.zeros(0, int), 0.5)
    check.equal(len(none), 0, "No boxes in, no boxes out.")
    pile = np.tile([[0.0, 0, 10, 10]], (5, 1))
    check.equal(
        list(suppress_by_class(pile, np.linspace(0.9, 0.5, 5), np.zeros(5, int), 0.5)),
        [0],
        "Five boxes on one spot: only the first stays. If you remove from a list while a loop runs"
        " over it, the loop jumps over the next one: build a new list instead.",
    )
    others = np.array([[0.0, 0, 10, 10], [50, 0, 60, 10], [0, 0, 10, 9], [0, 0, 10, 9.9]])
    check.equal(
        sorted(suppress_by_class(others, np.linspace(0.9, 0.6, 4), np.array([0, 1, 1, 1]), 0.5)),
        [0, 1, 2],
        "A horse (0), a rider far away (1), a rider on the horse (2) and a double of that (3)."
        " Compare with *every* kept box of the same class, and with no other: 2 stays, 3 goes.",
    )
    random = np.random.default_rng(1)
    for count, threshold in ((12, 0.1), (30, 0.4), (30, 0.75), (45, 0.25)):
        boxes = random.uniform(0, 600, (count, 4))
        boxes[:, 2:] = boxes[:, :2] + random.uniform(200, 600, (count, 2))
        scores, classes = random.permutation(count) / count + 0.01, random.integers(0, 3, count) + 88
        theirs = []
        for label in np.unique(classes):
            mine = np.flatnonzero(classes == label)
            chosen = tf.image.non_max_suppression(
                boxes[mine].astype("float32"), scores[mine].astype("float32"), count, float(threshold)
            )
            theirs += mine[chosen.numpy()].tolist()
        given = boxes.copy(), scores.copy(), classes.copy()
        found = list(map(int, suppress_by_class(*given, threshold)))
        check.equal(
            sorted(found),
            sorted(theirs),
            f"This is what tf.image.non_max_suppression keeps, class by class, of {count} boxes with threshold {threshold}: do you use the threshold you are given, and any class there is (88 to 90 here)?",
        )
        check.equal(
            found, sorted(theirs, key=lambda n: -scores[n]), "The most certain first, over all classes together."
        )
        unchanged = all(np.array_equal(a, b) for a, b in zip(given, (boxes, scores, classes), strict=True))
        check.true(unchanged, "Your function changed the arrays it was given; work on copies.")

# %% [markdown] tags=["solution"]
# **Discussion.** A trick from the libraries: add to each box `class number × (a number larger than the picture)` and call ordinary NMS once. Boxes of different classes then lie in different places, and never overlap. What NMS can't know: two *real* horses, one behind the other. With threshold
# 0.3 you lose the second, with 0.7 you keep doubles of the first. *Soft-NMS* ([Bodla and others, 2017](https://arxiv.org/abs/1704.04503)) does not strike out, it lowers the score.

# %% [markdown]
# ## Exercise 3 · mAP on five boxes
#
# Difficulty ●●●●○ · Importance ●●●●● · 30 minutes
#
# Do this one **by hand first**. The picture shows three true boxes (solid): two *cups*, one *spoon*, and five finds (dashed), numbered by their certainty. For cups and for spoons apart: write hit or miss beside each find, compute the precision after each find, and the AP.
#
# Then write the function, and let it confirm your three numbers (AP of cups, AP of spoons, mAP). The rules are the lesson's: within a class, from the most certain find downwards, a find is a **hit** if the true box *of its class* that it overlaps most reaches IoU ≥ `least` and no more certain find has taken it. (If that box is taken, the find is a miss, even if another box would still be free.) AP is the mean over
# the true boxes of the precision at the moment each was found, 0 for those never found. mAP is the mean over the classes **that have true boxes**. (No two scores are equal.)
#
# <details><summary>Hint 1</summary>
#
# By hand. Cups: finds 1, 2, 4, 5. Number 1 is a hit. Number 2 sits on the same cup: it is taken. Number 4 hits the second cup, 5 hits nothing. So the precision at the two hits is 1/1 and 2/3. The spoon is found by number 3 if IoU ≥ 0.5: count the squares.
#
# </details>
# <details><summary>Hint 2</summary>
#
# For each class in `np.unique(truths[:, 4])`: `mine = finds[finds[:, 5] == label]`, sort by `-mine[:, 4]`, loop with a boolean array `free`; collect `hits`; `precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)`; `precision[hits].sum() / number of true boxes`. A class without any find has AP 0.
#
# </details>


# %%
five_finds = np.array(
    [  # left, top, right, bottom, score, class (0 cup, 1 spoon)
        [1.0, 1, 5, 5, 0.95, 0],
        [2.0, 1, 6, 5, 0.90, 0],
        [8.0, 2, 14, 3, 0.80, 1],
        [2.0, 7, 5, 11, 0.70, 0],
        [10.0, 6, 14, 10, 0.40, 0],
    ]
)
three_truths = np.array([[1.0, 1, 5, 5, 0], [1.0, 7, 5, 11, 0], [8.0, 1, 14, 3, 1]])

figure, axes = plt.subplots(figsize=(6, 4.6))
for left, top, right, bottom, label in three_truths:
    axes.add_patch(plt.Rectangle((left, top), right - left, bottom - top, fill=False, linewidth=3))
    axes.text(right - 0.1, top + 0.1, ("cup", "spoon")[int(label)], ha="right", va="top", weight="bold")
for number, (left, top, right, bottom, score, label) in enumerate(five_finds, start=1):
    axes.add_patch(
        plt.Rectangle((left, top), right - left, bottom - top, fill=False, ec=plots.COLOURS[5], ls="--", lw=2)
    )
    axes.text(left + 0.1, bottom - (0.7 if number == 1 else 0.1), f"{number}: {('cup', 'spoon')[int(label)]} {score:.2f}", va="bottom", size=8.5, color=plots.COLOURS[5])  # fmt: skip
axes.set(xlim=(0, 15), ylim=(12, 0), xlabel="x (pixels)", ylabel="y (pixels)", xticks=range(16), yticks=range(13))
plots.show(
    figure,
    alt="Three true boxes, two cups and a spoon, and five dashed finds: 1 exactly on the first cup, 2 a cup moved by one pixel from it, 3 a spoon on the lower half of the spoon, 4 a cup of three quarters of the second cup, 5 a cup on nothing.",
)


# %%
def mean_average_precision(finds, truths, least=0.5):
    """mAP of the finds in one picture.

    Args:
        finds: array (n, 6): left, top, right, bottom, score, class. In any order.
        truths: array (m, 5): left, top, right, bottom, class; m at least 1.
        least: IoU from which on a find may be a hit.

    Returns:
        The mean over the classes in `truths` of the average precision, a number from 0 to 1.
    """
    ### BEGIN SOLUTION
    precisions = []
    for label in np.unique(truths[:, 4]):
        true_boxes = truths[truths[:, 4] == label]
        mine = finds[finds[:, 5] == label]
        mine = mine[np.argsort(-mine[:, 4])]
        free, hits = np.ones(len(true_boxes), bool), np.zeros(len(mine), bool)
        for n, overlap in enumerate(iou_matrix(mine, true_boxes)):
            best = overlap.argmax()
            hits[n] = overlap[best] >= least and free[best]
            if hits[n]:
                free[best] = False
        precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
        precisions.append(precision[hits].sum() / len(true_boxes))
    return float(np.mean(precisions))
    ### END SOLUTION


# %%
with check("mean_average_precision", points=3):

    def measure(finds, truths, least=0.5):
        """Ask the learner's function; the arrays are copies."""
        given = np.array(finds, "float64"), np.array(truths, "float64")
        value = mean_average_precision(*given, least)
        unchanged = np.array_equal(given[0], finds) and np.array_equal(given[1], truths)
        check.true(unchanged, "Your function changed the arrays it was given; work on copies.")
        check.true(value is not None, "Your function returned None: does every path end in `return`?")
        check.true(np.ndim(value) == 0, "Return one number, the mean over the classes.")
        return float(value)

    cup = [0.0, 0, 4, 4, 0]
    check.close(measure([[0, 0, 4, 4, 0.9, 0]], [cup]), 1, "One true box, one find exactly on it: AP 1.")
    check.close(measure([[8, 8, 9, 9, 0.9, 0]], [cup]), 0, "A find that hits nothing: AP 0.")
    check.close(
        measure([[0, 0, 4, 4, 0.9, 1]], [cup]),
        0,
        "The box is right, its *class* is not: a spoon is no hit for a cup.",
    )
    two = [cup, [10.0, 0, 14, 4, 0]]
    check.close(
        measure([[0, 0, 4, 4, 0.9, 0]], two),
        0.5,
        "Two cups, one found: divide by the number of *true* boxes (2), not of hits or finds (1). Things never found count 0.",
    )
    check.close(
        measure([[0, 0, 4, 4, 0.9, 0], [0, 0, 4, 3.9, 0.8, 0]], [cup]),
        1,
        "Two finds on one cup: the second is a double and a miss, and a miss *after* the last hit changes nothing.",
    )
    check.close(
        measure([[0, 0, 4, 4, 0.9, 0], [0, 0, 4, 3.9, 0.8, 0], [10, 0, 14, 4, 0.7, 0]], two),
        (1 + 2 / 3) / 2,
        "The second find sits on a cup that is *taken already*: a double is a miss. Precision at the hits: 1/1 and 2/3.",
    )
    check.close(
        measure([[10, 10, 14, 14, 0.2, 0], [0, 0, 4, 4, 0.9, 0]], [cup]),
        1,
        "Sort the finds by *score*, the most certain first; they come in any order.",
    )
    check.close(
        measure([[10, 10, 14, 14, 0.9, 0], [0, 0, 4, 4, 0.2, 0]], [cup]),
        0.5,
        "A certain miss before the hit: the precision at the hit is 1/2. (No find is left out for its"
        " small score: `least` is a bar for the IoU.)",
    )
    check.close(
        measure([[0, 0, 4, 4, 0.9, 0]], [cup, [8.0, 8, 12, 12, 1]]),
        0.5,
        "Cups have AP 1; of the spoon there is no find, its AP is 0 and it counts in the mean, which is over the classes of the *truths*.",
    )
    check.close(
        measure([[0, 0, 4, 4, 0.9, 0], [20, 20, 24, 24, 0.8, 5]], [cup]),
        1,
        "Class 5 has no true box: its finds enter no AP, and the class does not enter the mean.",
    )
    check.close(measure(np.zeros((0, 6)), [cup]), 0, "No finds at all: mAP 0, without an error.")
    check.close(measure([[0, 0, 4, 2, 0.9, 0]], [cup]), 1, "IoU exactly 0.5 is enough: ≥, not >.")
    check.close(
        measure([[0, 0, 4, 3, 0.9, 0]], [cup], least=0.8), 0, "IoU 0.75 with `least` 0.8 is no hit: do you use `least`?"
    )
    check.close(
        measure([[0, 0, 4, 1, 0.9, 0]], [cup], least=0.2), 1, "IoU 0.25 with `least` 0.2 is a hit: do you use `least`?"
    )
    check.close(
        measure([[0, 0, 4, 4, 0.9, 0]], [cup, [10.0, 0, 14, 4, 0], [20.0, 0, 24, 4, 0], [0.0, 10, 4, 14, 1]]),
        1 / 6,
        "Three cups of which one is found, and a spoon that is not: (1/3 + 0) / 2. The mean is over *classes*, each counts the same, however many boxes it has.",
    )
    nested = [cup, [0.0, 0, 4, 5, 0]]
    check.close(
        measure([[0, 0, 4, 4, 0.9, 0], [0, 0, 4, 4.2, 0.8, 0]], nested),
        0.5,
        "Two cups that overlap. The second find overlaps the *first* cup most (0.95), and that is taken: a miss, although the other cup (0.84) is still free.",
    )
    check.close(
        measure([[0, 0, 4, 4.8, 0.9, 0]], [cup, [0.0, 0, 4, 5, 1]]),
        0.5,
        "A cup and a spoon that overlap. A find of a cup is compared with *cups* only, even if it overlaps the spoon more.",
    )
    check.close(
        measure([[0, 0, 4, 1, 0.9, 0], [0, 0, 4, 4, 0.8, 0]], [cup]),
        0.5,
        "A poor find (IoU 0.25) comes first: it is a miss and takes nothing, so that the good one after it is a hit, with precision 1/2.",
    )
    check.close(
        measure([[0, 0, 4, 3, 0.9, 0], [0, 0, 4, 4, 0.8, 0]], [cup]),
        1,
        "The *more certain* find takes the cup (IoU 0.75); the one after it fits better, and is a double all the same.",
    )
    check.close(
        measure([[0, 0, 4, 4, 0.9, 7]], [[0.0, 0, 4, 4, 7]]),
        1,
        "Classes may have any number, 7 for example: take them from the truths.",
    )
    default = mean_average_precision(np.array([[0, 0, 4, 1.9, 0.9, 0]]), np.array([cup]))
    check.close(default, 0, "Without `least` the bar is 0.5: IoU 0.475 is no hit.")
    check.close(
        measure([[0, 0, 4, 4, 0.9, 0], [8, 8, 12, 12, 0.8, 1]], [cup, [8.0, 8, 12, 12, 1]]),
        1,
        "A cup and a spoon, both found: both AP are 1. Each class begins anew: its own ranks (the"
        " spoon is the *first* of the spoons, not the second find), its own list of boxes taken.",
    )
    check.close(
        measure([[8, 0, 9, 1, 0.9, 0], [0, 0, 4, 4, 0.8, 0], [10, 0, 14, 4, 0.7, 0]], two),
        (1 / 2 + 2 / 3) / 2,
        "Miss, hit, hit: the precision at the hits is 1/2 and 2/3, as it was at that moment. The"
        " smoothed curve (the best precision from there on) would give 2/3 twice; not here.",
    )
    check.close(
        measure(five_finds, three_truths),
        (5 / 6 + 1) / 2,
        "The five boxes of the picture: AP of cups (1/1 + 2/3) / 2 = 0.833, of spoons 1, mAP 0.917.",
    )
    from sklearn.metrics import average_precision_score

    random = np.random.default_rng(2)
    for trial in range(6):
        places = (
            np.stack(np.meshgrid(np.arange(6), np.arange(4)), axis=-1).reshape(-1, 2) * 20.0
        )  # apart from each other
        labels = np.concatenate([[0, 1, 2], random.integers(0, 3, 21)])
        truths = np.column_stack([places, places + 10, labels])[: 14 + trial]
        scores = random.permutation(40) / 40 + 0.01
        offsets = random.permutation(np.repeat([0.0, 2.0, 8.0], [8, 8, 8]))[:, None] * [1, 0, 1, 0]
        finds = np.column_stack([truths[:, :4] + offsets[: len(truths)], scores[: len(truths)], truths[:, 4]])
        expected = []
        for label in np.unique(truths[:, 4]):
            mine = finds[:, 5] == label
            hits = offsets[: len(truths), 0][mine] < 5
            found = average_precision_score(hits, finds[mine, 4]) * hits.mean() if hits.any() else 0.0
            expected.append(found)
        check.close(
            measure(random.permutation(finds), truths),
            np.mean(expected),
            f"{len(finds)} finds of three classes: this is scikit-learn's average precision, times the share of true boxes found.",
        )

# %% [markdown] tags=["solution"]
# **Discussion.** By hand: cups: hit, miss (double), hit, miss: precision 1, 1/2, 2/3, 1/2; AP = (1 + 2/3) / 2 = 0.833. Spoon: the find covers exactly half of the true box, IoU 0.5: hit, AP 1. mAP = 0.917. Would you have called find 4, three quarters of a cup, *found*? At `least=0.75` it still is; at 0.8 not, and neither is the spoon: mAP falls to (1/2 + 0) / 2 = 0.25.
# That is why papers that report only mAP@0.5 can't tell good boxes from fair ones.

# %% [markdown]
# ## Exercise 4 · Dice loss
#
# Difficulty ●●○○○ · Importance ●●●●○ · 10 minutes
#
# A tumour covers 1 % of a scan. A network that says "healthy" everywhere is right at 99 % of the pixels, and its cross-entropy is low. The **Dice coefficient** is a relative of the IoU that looks at the thing alone; for a true mask $t$ (0 or 1) and probabilities $p$
#
# $$\text{Dice} = \frac{2 \sum t\,p + s}{\sum t + \sum p + s}, \qquad \text{loss} = 1 - \text{Dice},$$
#
# the sums over all pixels *of one picture*. The number $s$ (`smooth`) keeps an empty mask from dividing 0 by 0. Keep the probabilities as they are: rounded to 0 or 1 they would have no gradient. Write it with `keras.ops`, so that it can be trained with.
#
# <details><summary>Hint 1</summary>
#
# Which axes are pixels, which one is the picture? `ops.sum` takes several axes at once.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `common = ops.sum(truth * prediction, axis=(1, 2))`, `total = ops.sum(truth, axis=(1, 2)) + ops.sum(prediction, axis=(1, 2))`, `1 - (2 * common + smooth) / (total + smooth)`.
#
# </details>


# %%
def dice_loss(truth, prediction, smooth=1.0):
    """Dice loss of each picture.

    Args:
        truth: masks (pictures, height, width), 0 or 1.
        prediction: probabilities, same shape.
        smooth: added above and below.

    Returns:
        Tensor (pictures,): the loss of each, from 0 to 1.
    """
    ### BEGIN SOLUTION
    truth, prediction = ops.cast(truth, "float32"), ops.cast(prediction, "float32")
    common = ops.sum(truth * prediction, axis=(1, 2))
    total = ops.sum(truth, axis=(1, 2)) + ops.sum(prediction, axis=(1, 2))
    return 1 - (2 * common + smooth) / (total + smooth)
    ### END SOLUTION


# %%
with check("dice_loss"):

    def dice_of(truth, prediction, *smooth):
        """Call the learner's function with float32 tensors; return NumPy."""
        tensors = [ops.convert_to_tensor(np.asarray(array, "float32")) for array in (truth, prediction)]
        loss = dice_loss(*tensors, *smooth)
        check.true(loss is not None, "Your function returned None: does every path end in `return`?")
        kind = type(loss).__name__
        hint = f"Your function returns the type {kind}, no tensor: let `ops` compute all of it; not NumPy, `float` or a list."
        check.true(ops.is_tensor(loss), hint)
        return ops.convert_to_numpy(loss)

    mask = np.zeros((2, 4, 5), "float32")
    mask[0, :2, :2] = 1
    mask[1] = 1
    found = dice_of(mask, mask)
    check.shape(found, (2,), "One loss for each picture: sum over height and width, not over the pictures.")
    check.true(
        not np.allclose(found, 1),
        "The mask itself is a perfect prediction and should have loss 0: the loss is 1 − Dice.",
    )
    check.close(
        found,
        [0, 0],
        "The mask itself is a perfect prediction: loss 0. Is the 2 there, and `smooth` above *and* below?",
    )
    nothing = np.zeros_like(mask)
    check.close(
        dice_of(nothing, nothing),
        [0, 0],
        "No thing there, none predicted: loss 0, thanks to `smooth` (1/1). Without it above *and* below: 0/0 or 1.",
    )
    half = np.zeros_like(mask)
    half[0, :2, 1:3] = 1  # shares 2 of its 4 pixels with the mask
    half[1, :2] = 1  # 10 of 20 pixels
    check.close(
        dice_of(mask, half, 0.0),
        [0.5, 1 / 3],
        "Two of four pixels common: Dice 2·2/(4+4) = 0.5. If you got 2/3: that is 1 − IoU. With `smooth` 0 nothing may be added.",
    )
    check.close(
        dice_of(mask, 0.5 * mask, 0.0),
        [1 / 3, 1 / 3],
        "Probability 0.5 on the thing: Dice = 2·2/(4+2) = 2/3, so the loss is 1/3. Do not round the probabilities, and do not square them.",
    )
    check.close(dice_of(mask, half, 4.0)[0], 1 - 8 / 12, "`smooth` = 4: (4 + 4) / (8 + 4). Do you use the argument?")
    hint = "Called without the third argument, `smooth` is 1: (4 + 1) / (8 + 1). Leave the default as it stands."
    check.close(dice_of(mask, half)[0], 1 - 5 / 9, hint)
    check.close(
        dice_of(mask, np.full_like(mask, 0.1), 0.0)[0],
        1 - 2 * 0.4 / (4 + 2),
        "What is predicted *outside* the thing counts, too: the sum of the prediction is over all pixels.",
    )
    random = np.random.default_rng(3)
    for shape in ((3, 6, 4), (1, 9, 9), (5, 2, 7)):
        truth, prediction = (random.random(shape) < 0.4).astype("float32"), random.random(shape).astype("float32")
        theirs = keras.losses.Dice(axis=(1, 2), reduction=None)(truth, prediction)
        check.close(
            dice_of(truth, prediction, 0.0),
            ops.convert_to_numpy(theirs),
            f"With `smooth` 0 this is keras.losses.Dice, pictures of shape {shape}.",
            tolerance=1e-4,
        )
    pixel = keras.Sequential([keras.Input((4, 5, 1)), layers.Dense(1, activation="sigmoid"), layers.Reshape((4, 5))])
    pixel.compile(optimizer=keras.optimizers.SGD(2.0), loss=dice_loss)
    inputs = mask[:1, ..., None] * 2 - 1
    try:
        before = pixel.train_on_batch(inputs, mask[:1])
    except TypeError as error:  # in TensorFlow's graphs a tensor has no len() and no loop
        hint = "The loss fails in training, where the number of pictures may be unknown: no loop"
        hint += " over the pictures, no `len`. Sum over height and width of all at once. Error: "
        check.true(False, hint + str(error).split(". ")[0])
    for _ in range(20):
        pixel.reset_metrics()
        after = pixel.train_on_batch(inputs, mask[:1])
    check.true(
        float(after) < 0.7 * float(before),
        f"Training with your loss does not lower it ({float(before):.3f} → {float(after):.3f}): is everything written with `ops`, and nothing rounded? Then the gradient can flow.",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** Dice and IoU tell the same story on another scale: Dice = 2 IoU / (1 + IoU), so that IoU 0.5 is Dice 0.67, and the order of two answers is the same. On the scan: "healthy everywhere", said with probability 0.99, costs 0.056 in cross-entropy, and 0.98 or so in Dice. In practice one adds both, because Dice alone is
# restless at the start, when hardly anything is predicted. The `smooth` of 1 is one *pixel*: keep it small against the thing.

# %% [markdown]
# ## Exercise 5 · A third branch
#
# Difficulty ●●●○○ · Importance ●●●●○ · 20 minutes
#
# The lesson's localiser names a thing even where there is none. Give it a third branch: **present**, the probability that there is anything at all. From one feature map, build a model with three outputs in a dictionary:
#
# - `"name"`: `classes` probabilities that sum to 1, from the *average over all places*;
# - `"present"`: one probability, shape (pictures, 1), from the average as well;
# - `"box"`: four numbers between 0 and 1, from *all places in a row*, so that it can tell where.
#
# A second function gives the weights of the examples. In an empty picture there is no true name and no true box: whatever stands in the targets there must not count. What is `present` worth in an empty picture?
#
# <details><summary>Hint 1</summary>
#
# `GlobalAveragePooling2D` for the first two, `Flatten` for the third. One number with a softmax is always 1: which activation makes a single probability? For the weights: where `present` is 0, a weight of 0 takes the example out of that branch's loss.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `{"name": layers.Dense(classes, activation="softmax")(average), "present": layers.Dense(1, activation="sigmoid")(average), "box": layers.Dense(4, activation="sigmoid")(places)}`, and `{"name": present, "box": present, "present": ones}`.
#
# </details>


# %%
def three_branches(feature_shape, classes):
    """A model with three branches on a feature map.

    Args:
        feature_shape: (height, width, channels) of the feature map.
        classes: number of classes.

    Returns:
        keras.Model from feature maps to a dictionary with "name" (n, classes), "present" (n, 1) and "box" (n, 4).
    """
    ### BEGIN SOLUTION
    features = keras.Input(feature_shape)
    trunk = layers.Conv2D(16, 1, activation="relu")(features)
    average = layers.GlobalAveragePooling2D()(trunk)
    places = layers.Dense(32, activation="relu")(layers.Flatten()(trunk))
    outputs = {
        "name": layers.Dense(classes, activation="softmax", name="name")(average),
        "present": layers.Dense(1, activation="sigmoid", name="present")(average),
        "box": layers.Dense(4, activation="sigmoid", name="box")(places),
    }
    return keras.Model(features, outputs)
    ### END SOLUTION


def example_weights(present):
    """How much each example counts in each branch's loss.

    Args:
        present: array (n,), 1 where there is a thing, 0 in empty pictures.

    Returns:
        Dictionary with "name", "present", "box": float arrays (n,), the weight of each example.
    """
    ### BEGIN SOLUTION
    present = np.asarray(present, "float32")
    return {"name": present, "box": present, "present": np.ones_like(present)}
    ### END SOLUTION


# %%
with check("three_branches", points=2):
    random = np.random.default_rng(4)
    for shape, classes in (((6, 6, 8), 5), ((4, 7, 3), 2), ((5, 5, 10), 9)):
        keras.utils.set_random_seed(5)
        model = three_branches(shape, classes)
        check.true(isinstance(model, keras.Model), "Return a keras.Model.")
        maps = random.normal(size=(64, *shape)).astype("float32")
        answer = model(maps)
        check.true(
            isinstance(answer, dict) and set(answer) == {"name", "present", "box"},
            'The outputs are a dictionary with the keys "name", "present" and "box".',
        )
        answer = {key: ops.convert_to_numpy(value) for key, value in answer.items()}
        check.shape(answer["name"], (64, classes), f"name: {classes} probabilities, as many as `classes`.")
        check.shape(answer["box"], (64, 4), "box: four numbers for each picture.")
        check.shape(answer["present"], (64, 1), "present: one number for each picture.")
        check.true(
            np.allclose(answer["name"].sum(axis=1), 1, atol=1e-4) and answer["name"].min() >= 0,
            "name: probabilities that sum to 1 over the classes (softmax).",
        )
        check.true(
            not np.allclose(answer["present"], 1),
            "present is always 1: a softmax over *one* number is 1, whatever the number. A single probability needs a sigmoid.",
        )
        big = {key: ops.convert_to_numpy(value) for key, value in model(100 * maps).items()}
        for key in ("name", "present", "box"):
            check.true(
                min(answer[key].min(), big[key].min()) >= 0 and max(answer[key].max(), big[key].max()) <= 1,
                f"{key}: numbers between 0 and 1; yours run from {big[key].min():.3g} to {big[key].max():.3g}. Which activation?",
            )
            check.true(
                answer[key].std(axis=0).max() > 1e-6, f"{key} is the same for every picture: is the branch connected?"
            )
        check.true(
            not np.allclose(answer["box"].sum(axis=1), 1, atol=1e-3),
            "box: the four numbers sum to 1, as if they were probabilities of four classes. Each is a number of its own: sigmoid.",
        )
        spread = np.abs(random.normal(size=(32, *shape)).astype("float32"))
        moved = np.roll(spread, (1, 2), axis=(1, 2))  # the same values, at other places
        first, second = (
            {key: ops.convert_to_numpy(value) for key, value in model(each).items()} for each in (spread, moved)
        )
        for key in ("name", "present"):
            check.close(
                second[key],
                first[key],
                f"{key}: what is in the picture does not depend on where. Average over the places (GlobalAveragePooling2D) for this branch.",
                tolerance=1e-3,
            )
        check.true(
            np.abs(second["box"] - first["box"]).max() > 1e-4,
            "box: the features moved, the box did not. After averaging over the places nobody knows *where*: use Flatten for this branch.",
        )
        vector = np.abs(random.normal(size=shape[-1])).astype("float32")
        full = np.tile(vector, (1, *shape[:2], 1))
        half = full * (np.arange(shape[0]) % 2)[None, :, None, None]
        one, two = (ops.convert_to_numpy(model(each)["name"]) for each in (full, half.astype("float32")))
        check.true(
            np.abs(one - two).max() > 1e-6,
            "name: a thing at all places or at every second one is the same to your branch. Take the *average* over the places, not the maximum.",
        )
        halves = full, half.astype("float32")
        one, two = (ops.convert_to_numpy(model(each)["present"]) for each in halves)
        check.true(
            np.abs(one - two).max() > 1e-6,
            "present: a thing at all places or at every second one is the same to your branch."
            " It needs the *average* over the places as well, not the maximum.",
        )
        check.true(
            not np.allclose(answer["present"][:, 0], answer["name"].max(axis=1)),
            f"present is the largest probability in `name`: of {classes} classes one has at least"
            f" 1/{classes}, so it can never say 0. Give it a unit of its own, with a sigmoid.",
        )
    there = np.array([1, 0, 1, 1, 0])
    given = there.copy()
    weights = example_weights(given)
    check.true(np.array_equal(given, there), "example_weights changed the array it was given; work on a copy.")
    check.true(
        isinstance(weights, dict) and set(weights) == {"name", "present", "box"},
        'The weights are a dictionary with the keys "name", "present" and "box".',
    )
    arrays = all(isinstance(each, np.ndarray) for each in weights.values())
    check.true(arrays, "The weights are NumPy arrays, not lists (`fit` takes a list for something else) or tensors.")
    for key in ("name", "box"):
        check.shape(weights[key], (5,), f"One weight for each example ({key}).")
        check.close(
            weights[key],
            there,
            f"{key}: an empty picture has no true {key}, so its weight is 0; all others count 1.",
        )
    check.shape(weights["present"], (5,), "One weight for each example (present).")
    check.close(
        weights["present"],
        np.ones(5),
        "present: the empty pictures must count here! They are the only ones from which it can learn to say 0.",
    )
    keras.utils.set_random_seed(6)
    model = three_branches((6, 6, 8), 3)
    there, maps = (np.arange(96) % 2).astype("float32"), random.normal(size=(96, 6, 6, 8)).astype("float32")
    maps[..., 0] += 2 * there[:, None, None]
    targets = {"name": np.arange(96) % 3, "present": there[:, None], "box": random.random((96, 4)).astype("float32")}
    model.compile(
        optimizer=keras.optimizers.Adam(0.02),
        loss={
            "name": "sparse_categorical_crossentropy",
            "present": "binary_crossentropy",
            "box": "mean_absolute_error",
        },
    )
    model.fit(maps, targets, sample_weight=example_weights(there), batch_size=32, epochs=12, verbose=0)
    said = ops.convert_to_numpy(model(maps)["present"])[:, 0]
    share = float(np.mean((said > 0.5) == there))
    check.true(
        share > 0.9,
        f"Trained for twelve epochs on an easy task, `present` is right in {share:.0%} only: does its branch depend on the features?",
    )

# %% [markdown] tags=["solution"]
# **Discussion.** You have built the inside of a YOLO cell: presence, box, class, and the rule that box and class count only where something is. The lesson's `detection_loss` does with `present * (…)` what the weights do here. And each branch got its own treatment of *where*: averaged away for what must not depend on it, kept for what must.

# %% [markdown]
# ## Exercise 6 · A U-Net of any depth
#
# Difficulty ●●●●○ · Importance ●●●●○ · 25 minutes
#
# The lesson's U-Net got a list of channels. Write one that takes a number of **levels**: with `levels=0` it has only the two convolutions at full size; each level more halves the map once more (max pooling 2 × 2), doubles the channels (`width`, 2 · `width`, 4 · `width` …), and brings it back up with a
# `Conv2DTranspose` (2 × 2, stride 2, as many filters as the level it comes to has channels) and a **concatenated skip connection**. "Two convolutions" are twice 3 × 3, padding "same", ReLU, with biases and without normalisation. At the end a 1 × 1 convolution with softmax over `classes`.
#
# One level more: how many parameters does it cost? The figure below the check tells.
#
# <details><summary>Hint 1</summary>
#
# Two loops: one goes down and stores each map before it pools; the other goes up through the stored maps in *reverse* order. After `levels` poolings the bottom has `width * 2**levels` channels.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Down: `for level in range(levels): x = two(x, width * 2**level); kept.append(x); x = layers.MaxPooling2D()(x)`; bottom: `x = two(x, width * 2**levels)`; up: `for level in reversed(range(levels)): x = layers.Conv2DTranspose(width * 2**level, 2, strides=2)(x); x = layers.Concatenate()([x, kept[level]]); x = two(x, width * 2**level)`.
#
# </details>


# %%
def deep_unet(levels, width, input_shape, classes):
    """A U-Net with any number of levels.

    Args:
        levels: how often the map is halved, 0 or more.
        width: channels at full size.
        input_shape: (height, width, channels) of the pictures; height and width can be divided by 2**levels.
        classes: number of classes.

    Returns:
        keras.Model from pictures (n, height, width, channels) to probabilities (n, height, width, classes).
    """
    ### BEGIN SOLUTION

    def two_convolutions(x, channels):
        for _ in range(2):
            x = layers.Conv2D(channels, 3, padding="same", activation="relu")(x)
        return x

    pictures = keras.Input(input_shape)
    x, kept = pictures, []
    for level in range(levels):
        kept.append(two_convolutions(x, width * 2**level))
        x = layers.MaxPooling2D()(kept[-1])
    x = two_convolutions(x, width * 2**levels)
    for level in reversed(range(levels)):
        x = layers.Conv2DTranspose(width * 2**level, 2, strides=2)(x)
        x = two_convolutions(layers.Concatenate()([x, kept[level]]), width * 2**level)
    return keras.Model(pictures, layers.Conv2D(classes, 1, activation="softmax")(x))
    ### END SOLUTION


# %%
def unet_parameters(levels, width, channels, classes):
    """How many parameters such a U-Net must have."""

    def convolution(c, d, window=3):
        return window * window * c * d + d

    total, c = 0, channels
    for level in range(levels + 1):  # down, and the bottom
        d = width * 2**level
        total, c = total + convolution(c, d) + convolution(d, d), d
    for level in reversed(range(levels)):  # up
        d = width * 2**level
        total += convolution(2 * d, d, 2) + convolution(2 * d, d) + convolution(d, d)
    return total + width * classes + classes


# %%
with check("deep_unet", points=2):

    def parts(model):
        """All operations of a model, those of the models inside it as well."""
        for each in getattr(model, "operations", getattr(model, "layers", [])):  # a Sequential has layers only
            yield each
            yield from parts(each)

    for levels, width, shape, classes in (
        (1, 4, (8, 8, 1), 2),
        (0, 4, (6, 5, 1), 2),
        (2, 3, (8, 16, 3), 4),
        (4, 2, (32, 16, 2), 3),
    ):
        case = f"levels={levels}, width={width}, input_shape={shape}, classes={classes}"
        model = deep_unet(levels, width, shape, classes)
        check.true(isinstance(model, keras.Model), "Return a keras.Model.")
        check.equal(
            tuple(model.output_shape[1:]),
            (shape[0], shape[1], classes),
            f"A probability for each pixel and class: the output is as large as the picture ({case}).",
        )
        random = np.random.default_rng(levels)
        pictures = random.normal(size=(2, *shape)).astype("float32")
        answer = ops.convert_to_numpy(model(pictures))
        check.true(
            np.allclose(answer.sum(axis=-1), 1, atol=1e-4) and answer.min() >= 0,
            "The probabilities of one pixel sum to 1 over the *classes* (softmax on the last axis).",
        )
        maps = keras.tree.flatten([each.output for each in parts(model)])
        sizes = [each.shape[1] for each in maps if len(each.shape) == 4 and each.shape[1]]  # None: any height
        check.equal(
            min(sizes),
            shape[0] // 2**levels,
            f"The lowest map is {shape[0] // 2**levels} pixels high: halve it `levels` times ({case}).",
        )
        every = model._flatten_layers(include_self=False)  # those inside a Sequential as well
        averages = any(isinstance(layer, layers.AveragePooling2D) for layer in every)
        check.true(not averages, "You pool by the average; the exercise asks for max pooling.")
        climbs = [layer for layer in every if isinstance(layer, layers.Conv2DTranspose)]
        check.equal(len(climbs), levels, f"One Conv2DTranspose for each level on the way up ({case}).")
        joins = [each for each in parts(model) if type(each).__name__ == "Concatenate"]  # a layer, or from ops
        alike = any(isinstance(each.input, list) and each.input[0] is each.input[1] for each in joins)
        check.true(
            not alike, "A map is joined with itself: lay the map that was *kept on the way down* on the enlarged one."
        )
        top = getattr(model, "operations", [])  # a model inside has tensors of its own for the same maps
        pools = [each for each in top if isinstance(each, layers.MaxPooling2D)]
        if len(pools) == len(joins) == levels and all(each in top for each in joins):
            pooled = {id(pool.input) for pool in pools}
            kept = all(any(id(each) in pooled for each in join.input) for join in joins)
            hint = "The map that is kept is the one that is pooled: after *both* convolutions of its level, not between them."
            check.true(kept, hint)
        if climbs:
            for layer in climbs:
                layer.set_weights([0 * weight for weight in layer.get_weights()])
            silent = ops.convert_to_numpy(model(pictures))
            check.true(
                np.abs(silent - silent.mean(axis=(0, 1, 2))).max() > 1e-7,
                "With the way through the bottom cut, nothing of the picture arrives any more: the skip connections are missing.",
            )
        check.equal(len(joins), levels, f"One concatenated skip connection for each level ({case}).")
        check.equal(
            model.count_params(),
            unet_parameters(levels, width, shape[2], classes),
            f"The parameters ({case}): channels *double* with each level down, two 3 × 3 convolutions each time, also at the bottom and after each join; on the way up back to the level's own number. With biases, without normalisation.",
        )
        if levels == 0:  # a convolution without ReLU is linear: two signs, its own and the next one's, cancel out
            answer, weights = ops.convert_to_numpy(model(pictures)), model.get_weights()
            for place, which in ((0, "first"), (2, "second")):
                signs = [-1 if number in (place, place + 2) else 1 for number in range(len(weights))]
                model.set_weights([sign * weight for sign, weight in zip(signs, weights, strict=True)])
                same = np.allclose(ops.convert_to_numpy(model(pictures)), answer, atol=1e-6)
                check.true(not same, f"The {which} of the two convolutions has no ReLU: each has one.")
    model = deep_unet(1, 4, (8, 8, 1), 2)
    picture = np.random.default_rng(9).random((1, 8, 8, 1))
    takers = [  # handed a map straight from a ReLU: pool, climb, a second convolution, the last
        each
        for each in model.layers
        if isinstance(each, (layers.MaxPooling2D, layers.Conv2DTranspose))
        or (isinstance(each, layers.Conv2D) and each.filters in (2, each.input.shape[-1]))
    ]
    for each in takers:
        lowest = float(ops.min(keras.Model(model.input, each.input)(picture * 20 - 10)))
        hint = "After a convolution with ReLU no number is negative; here {} is handed {:.3g}."
        hint += " Both convolutions have a ReLU (and nothing else): down, at the bottom, and up."
        check.true(lowest >= 0, hint.format(each.name, lowest))
    hand_on = [np.zeros_like(weight) for weight in model.get_weights()]
    for weight in hand_on:  # each hands its first channel on, after the join the sum of both maps
        if weight.shape[:2] == (3, 3):
            weight[1, 1, ::4, 0] = 1
        elif weight.ndim > 1:
            weight[..., 0, 0] = 1
    model.set_weights(hand_on)
    answer = ops.convert_to_numpy(model(picture))[0]
    brightest = picture.reshape(4, 2, 4, 2).max(axis=(1, 3))
    check.close(
        np.log(answer[..., 0] / answer[..., 1]),
        picture[0, ..., 0] + np.kron(brightest, np.ones((2, 2))),
        "If all layers only hand on the picture, each pixel plus the *maximum* of its 2 × 2 pixels"
        " comes out. Halve by MaxPooling2D (2 × 2), not by strides or an average; use ReLU.",
        tolerance=1e-3,
    )


# %%
# Drawing: what another level costs.
levels = np.arange(6)
costs = [unet_parameters(count, 16, 1, 2) for count in levels]
figure, axes = plt.subplots(figsize=(6, 3.2))
axes.semilogy(levels, costs, "o-")
for count, cost in zip(levels, costs, strict=True):
    axes.text(count, cost * 1.35, f"{cost:,}", ha="center", size=8.5)
axes.set(
    xlabel="levels",
    ylabel="parameters",
    ylim=(1e3, 1e8),
    xticks=levels,
    title="What a level adds is about four times what the one before added",
)
plots.show(
    figure,
    alt=f"Parameters of a U-Net with width 16 against its levels, on a logarithmic axis: {', '.join(f'{count}: {cost:,}' for count, cost in zip(levels, costs, strict=True))}.",
)

# %% [markdown] tags=["solution"]
# **Discussion.** Each level more has four times the weights of the last, because both numbers of channels double; but it works on a quarter of the pixels, so that its *multiply-adds* stay about the same. What you buy is a wider view: the receptive field doubles. When has a U-Net enough levels? When a pixel at the bottom sees as far as a
# person would have to look to decide. For the lesson's coasts that is some tens of pixels; for a vessel in an X-ray picture, less.
