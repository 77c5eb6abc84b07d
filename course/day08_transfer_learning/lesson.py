# %% [markdown]
# # Day 08 · Transfer learning: stand on a network that others have trained
#
# **Today a hundred pictures are enough: you put a network that has seen 1.28 million photographs under a head of your own, tune it with care, and then make
# it show you, in numbers, where it looked.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **use** a pretrained network, give it a new head, and fine-tune it without destroying what it knows;
# - **measure** it honestly: folds by kind, an interval, and baselines it has to beat;
# - **say** when augmentation, more pictures or pre-training without labels help, and by how much;
# - **explain** a decision with Grad-CAM, occlusion, permutation importance and SHAP, and *test* the explanation;
# - **recognise** things from a single example with a Siamese network.
#
# **Time:** 110 to 130 minutes of reading and trying; the code runs in three to five minutes on two CPU cores (five when we last timed it, on a slow day of a small machine).
# Cells that begin with `# Drawing` are folded and hold no new idea: run them and look at the picture.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | transfer learning | Transferlernen | bottleneck | Engpass |
# | pretrained | vortrainiert | denoising | Entrauschen |
# | feature | Merkmal | heat map | Wärmekarte |
# | head (of a network) | Kopf (des Netzes) | occlusion | Verdeckung |
# | to freeze, to unfreeze | einfrieren, auftauen | permutation importance | Permutationswichtigkeit |
# | fine-tuning | Feinabstimmung | Shapley value | Shapley-Wert |
# | augmentation | Datenanreicherung | one-shot learning | Lernen aus einem Beispiel |
# | autoencoder | Autoencoder | contrastive loss | kontrastiver Verlust |
#
# </details>

# %% tags=["setup"]
from utils import data, plots, pretrained, runtime
from utils.expect import expect, expect_learned, expect_varied

import tempfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras import layers, ops
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

ready = runtime.setup(seed=1, precision="float32", needs=("shap",))

# %% [markdown]
# ## 1 · See it: a network that has been to school
#
# On day 06 you trained a network on 60,000 pictures of clothes. Real problems rarely come with 60,000 labelled pictures; a hundred is more like it. What do you do? You
# do what you would do with people: you don't raise a child for the job, you hire somebody who can already see, and show them the hundred pictures.
#
# Our graduate is **EfficientNet-Lite0** ([Tan and Le, 2019](https://arxiv.org/abs/1905.11946)), trained by Google on ImageNet: 1.28 million photographs, 1,000 classes. It is built from
# the bricks of the last two days: depthwise separable convolutions, batch normalisation, skip connections. Its weights come with this course; we ask it about seven photographs.

# %%
photographs = data.load("photographs")
network = pretrained.efficientnet_lite0()


def fit_in(images, size=224):
    """Any pictures (…, height, width, 3) -> the middle square, `size` pixels wide."""
    return ops.convert_to_numpy(
        ops.image.resize(images, (size, size), interpolation="bicubic", crop_to_aspect_ratio=True)
    )


seen = np.stack([fit_in(picture.astype("float32")) for picture in photographs.values()])
guesses = pretrained.decode_predictions(network.predict(seen, verbose=0), top=3)
print(
    f"{len(network.layers)} layers, {network.count_params() / 1e6:.1f} million weights; the new head that we shall train"
)
print(f"in their place has 1,281. Inputs {network.input_shape[1:]}, pixels from 0 to 255: it scales them itself.")

# %%
# Drawing: each photograph over its three likeliest names.
figure, grid = plt.subplots(2, 7, figsize=(12.5, 3.4), height_ratios=(2, 1))
for column, (name, picture) in enumerate(zip(photographs, seen, strict=True)):
    grid[0, column].imshow(picture.clip(0, 255).astype("uint8"))
    grid[0, column].axis("off")
    grid[0, column].set_title(name, fontsize=9, fontweight="normal", loc="center")
    axes = grid[1, column]
    axes.barh(range(3), [share for _, share in guesses[column]], color=plots.COLOURS[4])
    for row, (word, share) in enumerate(guesses[column]):
        axes.text(0.02, row, f"{word} {share:.2f}", va="center", fontsize=8)
    axes.set(xlim=(0, 1), ylim=(2.6, -0.6))
    axes.axis("off")
plots.show(
    figure,
    alt="Seven photographs with the network's likeliest names below: "
    + "; ".join(f"{name}: {best[0][0]} {best[0][1]:.2f}" for name, best in zip(photographs, guesses, strict=True))
    + ".",
)

# %% [markdown]
# No training, no tuning. Where it knows the thing, it is right; where its 1,000 classes have no name for it (there is no "pavilion roof", no "galaxy cluster"),
# it takes the nearest that it has and is less sure. It *must* choose one of its thousand.
#
# Our question is another one, with classes that ImageNet does not have: **is this a mammal or a bird?** And the pictures are unlike photographs: a hundred animals cut out of their
# background.

# %%
cutouts = data.load("cutouts")
class_names = cutouts["classes"].astype(str)


def both_parts(what):
    return np.concatenate([cutouts[f"train_{what}"], cutouts[f"test_{what}"]])


all_rgba, all_kinds, all_titles = both_parts("images"), both_parts("kinds"), both_parts("names")
all_classes = class_names[both_parts("labels")]


def on_white(rgba):
    """Cut-outs with opacity, (n, 96, 96, 4) -> on white paper, (n, 96, 96, 3), pixels from 0 to 255."""
    opacity = rgba[..., 3:].astype("float32") / 255
    return rgba[..., :3] * opacity + 255 * (1 - opacity)


animals = np.flatnonzero(np.isin(all_classes, ["bird", "mammal"]))
paper = on_white(all_rgba[animals])  # (100, 96, 96, 3)
is_mammal = (all_classes[animals] == "mammal").astype("int32")
kinds = all_kinds[animals]
print(
    f"{len(animals)} animals: {is_mammal.sum()} mammals, {(1 - is_mammal).sum()} birds, of {len(set(kinds))} kinds;",
    end=" ",
)
print("the commonest:", pd.Series(kinds).value_counts().head(5).to_dict())

# %%
shown = np.random.default_rng(0).choice(len(animals), 16, replace=False)
enlarged = fit_in(paper)
names_of = pretrained.decode_predictions(network.predict(enlarged[shown], verbose=0), top=1)
plots.image_grid(
    enlarged[shown].clip(0, 255).astype("uint8"),
    [f"{all_titles[animals[k]]}\n“{best[0][0]}” {best[0][1]:.2f}" for k, best in zip(shown, names_of, strict=True)],
    columns=8,
    size=1.5,
    alt="cut-out animals on white, each with its name and what ImageNet's network calls it, such as "
    + ", ".join(f"{all_titles[animals[k]]}: {best[0][0]}" for k, best in list(zip(shown, names_of, strict=True))[:4])
    + ".",
)

# %% [markdown]
# (In quotation marks: what the network says.) Often it has the right animal or a cousin, sometimes nonsense; its answer alone is no use to us. But it must have *seen* fur, beaks and hooves to come so
# near. That knowledge sits in the layers below the answer, and that is what we take.
#
# ## 2 · Do it by hand: frozen features, a new head
#
# A classifier is two machines in a row:
#
# - the **body**, all convolutions: it turns a picture into 7 × 7 × 1,280 numbers. Averaged over the 49 places (global average pooling, day 06) that is 1,280 numbers, the **features**;
# - the **head**, one dense layer: it turns features into classes.
#
# The body is general, for edges, textures, eyes and feathers serve many questions. The head is particular. So we keep the body as it is, **frozen**, and learn
# only a new head: one neuron, 1,280 weights and a bias. With the body frozen, a picture's features never change; so we compute them *once*, and training the head takes a blink.

# %%
body = keras.Model(network.input, network.get_layer("head_relu").output)  # the network without its head
maps = body.predict(enlarged, verbose=0)  # (100, 7, 7, 1280)
features = maps.mean(axis=(1, 2))  # (100, 1280)
pixels = ops.convert_to_numpy(ops.image.resize(paper, (32, 32), antialias=True)).reshape(len(paper), -1) / 255
print(f"features {features.shape}, raw pixels for comparison {pixels.shape}")

# %% [markdown]
# What do the two descriptions look like? Both are clouds of points in a space of some thousand dimensions; PCA shows each from the side from which it is widest.

# %%
from sklearn.decomposition import PCA

figure, panels = plt.subplots(1, 2, figsize=(10, 4))
for axes, (name, table) in zip(panels, (("raw pixels", pixels), ("features", features)), strict=True):
    flat = PCA(2).fit_transform(table)
    for value, word in ((0, "bird"), (1, "mammal")):
        chosen = is_mammal == value
        axes.scatter(*flat[chosen].T, s=34, marker=plots.MARKERS[value], edgecolor="black", linewidth=0.4, label=word)
    axes.set(xlabel="first direction (PCA)", ylabel="second direction (PCA)", title=name)
panels[1].legend()
middle = [flat[is_mammal == value, 0].mean() for value in (0, 1)]
plots.show(
    figure,
    alt="A hundred animals as points, circles for birds and triangles for mammals. Left, by their pixels: circles and triangles are mixed. Right,"
    f" by the network's features: two groups that hardly overlap, birds around {middle[0]:.0f} and mammals around {middle[1]:.0f} on the first axis.",
)

# %% [markdown]
# On the left two kinds of dots in one heap; on the right two clouds that a ruler can nearly separate, though nobody has told the body about mammals and birds. A good feature is one that makes the
# rest easy.
#
# ### 2.1 An honest score from a hundred pictures
#
# Before we learn a head we decide how to judge it, for with a hundred pictures one can fool oneself in three ways.
#
# 1. **The same animal on both sides.** Our set has four gnus and four pigs. Learn on one pig, be tested on another of the same litter: that measures memory. So *whole kinds* go to one side. We deal the kinds out into five parts (**folds**), learn from four, test on the fifth, five times round, so that each picture is tested once by a head that has not seen its kind:
#    **cross-validation**. `StratifiedGroupKFold` does it with the kinds as groups ("stratified": each fold has about the same share of birds).
# 2. **A baseline forgotten.** Sixty-five of a hundred are mammals; "always mammal" is right in 65 %.
# 3. **A point without an interval.** On 100 pictures chance alone moves an accuracy by several points. We draw *kinds* with replacement 2,000 times (the bootstrap) and say between which values 95 % of the means lie. Kinds, not pictures,
#    because pictures of a kind are right or wrong together.


# %%
def folds(answers, groups, repeat=0):
    """Five times (numbers to learn from, numbers to be tested on); no group stands on both sides."""
    splitter = StratifiedGroupKFold(5, shuffle=True, random_state=1000 * ready.seed + repeat)
    return list(splitter.split(answers, answers, groups))


def shorten(table):
    """Turn the axes so that no more columns remain than there are rows; all lengths and angles stay as they are."""
    return np.linalg.qr(table.T, mode="r").T


def cross_validate(inputs, answers, groups, repeats=5):
    """Learn a new head on four fifths, ask it about the last fifth, five times round; all that `repeats` times.

    Returns:
        Array (repeats, pictures): True where the head, which had not seen this kind, was right.
    """
    inputs, right = shorten(inputs), np.zeros((repeats, len(answers)), bool)
    for repeat in range(repeats):
        for learn, test in folds(answers, groups, repeat):
            head = LogisticRegression(solver="newton-cg").fit(inputs[learn], answers[learn])
            right[repeat, test] = head.predict(inputs[test]) == answers[test]
    return right


def interval(right, groups, draws=2000):
    """95 % interval of the mean of `right` (…, pictures), by drawing groups with replacement."""
    each = np.atleast_2d(right).mean(axis=0)
    number = np.unique(groups, return_inverse=True)[1]
    totals, sizes = np.bincount(number, each), np.bincount(number)
    drawn = np.random.default_rng(0).integers(0, len(sizes), size=(draws, len(sizes)))
    return np.percentile(totals[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), [2.5, 97.5])


# %% [markdown]
# `LogisticRegression` is the one neuron with a sigmoid, found exactly (by Newton's method) instead of by many small steps, with a little weight decay (its default: we have not tuned anything here). `shorten` only makes it fast: a hundred points span at most a hundred directions, so we turn the axes into these and
# drop the thousand others, in which all points are the same. The neuron can turn its weights along and gives the same answers.
#
# A harder question stands beside it: six classes, with fruit, flowers, vegetables and objects as well (228 pictures, six neurons with a softmax).

# %%
scores, rights = {}, {}
six_names = ["mammal", "bird", "fruit", "flower", "vegetable", "object"]
six = np.flatnonzero(np.isin(all_classes, six_names))
six_answers = np.array([six_names.index(word) for word in all_classes[six]])
six_paper = on_white(all_rgba[six])
six_features = body.predict(fit_in(six_paper), verbose=0).mean(axis=(1, 2))
six_pixels = ops.convert_to_numpy(ops.image.resize(six_paper, (32, 32), antialias=True)).reshape(len(six), -1) / 255
tasks = {
    "mammal or bird": (is_mammal, kinds, pixels, features),
    "six classes": (six_answers, all_kinds[six], six_pixels, six_features),
}
for task, (answers, groups, raw, good) in tasks.items():
    majority = np.bincount(answers).argmax() == answers
    rows = {"always the commonest": majority, "raw pixels": cross_validate(raw, answers, groups)}
    rows["frozen features"] = cross_validate(good, answers, groups)
    for name, right in rows.items():
        rights[task, name] = right
        scores[task, name] = right.mean(), *interval(right, groups)
        print(
            f"{task:<15} {name:<21} {right.mean():.3f}   (95 %: {scores[task, name][1]:.3f} to {scores[task, name][2]:.3f})"
        )

# %%
# Drawing: points with intervals.
figure, axes = plt.subplots(figsize=(8, 3.2))
for row, (value, low, high) in enumerate(scores.values()):
    marker = plots.MARKERS[row % 3]
    axes.plot([low, high], [-row, -row], color="0.4", linewidth=2)
    axes.plot(value, -row, marker, color=plots.COLOURS[row % 3], markersize=9)
    axes.text(high + 0.012, -row, f"{value:.2f}", va="center")
axes.set(yticks=[-row for row in range(6)], yticklabels=[f"{task}: {name}" for task, name in scores])
axes.set(xlabel="accuracy on kinds never seen", ylabel="task: method", xlim=(0.15, 1.08))
axes.set_title("A new head on an old body")
plots.show(
    figure,
    alt="Accuracy with 95 % intervals. "
    + "; ".join(f"{task}, {name}: {v:.2f} ({low:.2f} to {high:.2f})" for (task, name), (v, low, high) in scores.items())
    + ".",
)

# %% [markdown]
# Mammal or bird: from hardly better than a constant to nearly always right, with *one trained neuron* and eighty pictures to learn from. Six classes: pixels do tell something, features twice as much. In both, the intervals of pixels and features do not touch, so this is not luck.
#
# Which animals does it get wrong? Always look.

# %%
right = rights["mammal or bird", "frozen features"]  # (5, 100)
worst = [k for k in np.argsort(right.mean(axis=0), kind="stable")[:8] if not right[:, k].all()]
plots.image_grid(
    paper[worst].astype("uint8"),
    [f"{all_titles[animals[k]]}\nwrong {np.sum(~right[:, k])} of 5" for k in worst],
    alt="the animals most often wrong: "
    + ", ".join(f"{all_titles[animals[k]]} {np.sum(~right[:, k])} of 5 times" for k in worst)
    + ".",
)

# %% [markdown]
# ### 2.2 The same in Keras
#
# The head is a layer. We put scikit-learn's weights into a `Dense(1)` on top of the frozen body and get one network from picture to answer, ready to save. `trainable = False` is what "frozen" means in Keras: the
# optimizer does not touch these weights. (Here nothing is trained any more; section 4 needs it.)

# %%
learn_part = np.isin(kinds, cutouts["train_kinds"])  # the data set's own split, by kind: 73 to learn, 27 to test
solved = LogisticRegression(solver="newton-cg").fit(features[learn_part], is_mammal[learn_part])
body.trainable = False
head = layers.Dense(1, name="head")
classifier = keras.Sequential([keras.Input((224, 224, 3)), body, layers.GlobalAveragePooling2D(), head])
head.set_weights([solved.coef_.T, solved.intercept_])

answers = classifier.predict(enlarged[~learn_part], verbose=0)[:, 0]
gap = np.abs(answers - solved.decision_function(features[~learn_part])).max()
whole_accuracy = np.mean((answers > 0) == is_mammal[~learn_part])
trained = sum(int(np.prod(w.shape)) for w in classifier.trainable_weights)
print(
    f"{trained:,} of {classifier.count_params():,} weights are trainable; largest difference from scikit-learn {gap:.1e}"
)
print(f"test part: {whole_accuracy:.3f} of {np.sum(~learn_part)} animals right")

# %% [markdown]
# ## 3 · From a folder of files
#
# Your pictures will not come as an array. They lie in a folder, one subfolder per class; `keras.utils.image_dataset_from_directory` reads them as they are needed, so that a million of them need no more memory than a batch. The classic among such folders is **dogs vs. cats**: 25,000 photographs that were once a
# Captcha, because telling a cat from a dog was thought to be too hard for a machine ([Elson and others, 2007](https://www.microsoft.com/en-us/research/publication/asirra-a-captcha-that-exploits-interest-aligned-manual-image-categorization/)).
#
# With internet, set `SIZE = "full"`: the course downloads them from Microsoft (about 800 MB, once; the course has no right to hand them on and does not), checks their checksum, and this section runs on them unchanged; allow a few minutes on a GPU, and most of an hour on two CPU cores. Without internet we write our own animals into files.

# %%
SIZE = "small"  # "full": dogs and cats


def write_files(folder):
    """Write the animals as PNG files, folder/class/kind--number.png, as a data set from a camera would lie there."""
    for number, (picture, kind, word) in enumerate(zip(paper, kinds, all_classes[animals], strict=True)):
        place = folder / word
        place.mkdir(parents=True, exist_ok=True)
        keras.utils.save_img(place / f"{kind}--{number:03d}.png", picture, scale=False)
    return folder


full = SIZE == "full"
folder = data.path("dogs_vs_cats", size="full") if full else write_files(Path(tempfile.mkdtemp()) / "animals")
for place in sorted(folder.iterdir()):
    files = sorted(file.name for file in place.iterdir())
    print(f"{folder.name}/{place.name}: {len(files)} files, such as {files[0]}, {files[-1]}")

# %% [markdown]
# The reader takes the class from the subfolder's name, decodes, resizes and hands out batches. Two habits save grief:
#
# - `shuffle=False` while you compute features, so that the files keep their order and you know which is which;
# - its own `validation_split` splits *by file*: at random, or, with `shuffle=False`, it simply takes the last files of the list, all of one class. Our file names say which kind an animal is, so we split by what stands before the `--`. (Cats and dogs are numbered only: there each file is its own group.)

# %%
pictures = keras.utils.image_dataset_from_directory(
    folder, label_mode=None, image_size=(224, 224), interpolation="bicubic", crop_to_aspect_ratio=True,
    batch_size=32, shuffle=False,
)  # fmt: skip
from_files = [Path(path) for path in pictures.file_paths]
file_classes = np.array([path.parent.name for path in from_files])
file_answers = np.unique(file_classes, return_inverse=True)[1]
file_groups = np.array([path.stem.split("--")[0] + path.parent.name for path in from_files])

pool = layers.GlobalAveragePooling2D()
file_features = keras.Sequential([body, pool]).predict(pictures, verbose=0)
file_right = cross_validate(file_features, file_answers, file_groups, repeats=1)
file_low, file_high = interval(file_right, file_groups)
print(f"{len(from_files):,} files, classes {np.unique(file_classes).tolist()}, features {file_features.shape}")
print(f"accuracy {file_right.mean():.3f} (95 %: {file_low:.3f} to {file_high:.3f})")

# %% [markdown]
# Nearly the same as from the array (there five rounds of folds, here one): `save_img` cuts the pixels to whole bytes, and that may tip one animal over. That it agrees is not a matter of course: a picture scaled to 0…1 where the network expects 0…255, red and blue exchanged, another way to
# resize: **every pretrained network has its own idea of what a picture is**, and a wrong one gives no error, only bad answers. Let us see how bad:

# %%
faults = {
    "as it should be": enlarged,
    "pixels from 0 to 1": enlarged / 255,
    "blue, green, red": enlarged[..., ::-1],
    "upside down": enlarged[:, ::-1],
}
fault_accuracy = {}
for name, changed in faults.items():
    answers = classifier.predict(changed[~learn_part], verbose=0)[:, 0]
    fault_accuracy[name] = np.mean((answers > 0) == is_mammal[~learn_part])
    print(f"{name:<20} accuracy {fault_accuracy[name]:.2f} on the test part")

# %% [markdown]
# To a network that expects 0 to 255, pixels from 0 to 1 are all nearly black: it gives one and the same answer to every animal. Upside-down animals cost it a part of its answers; it has seen few. Exchanged colours go unpunished here, and that is the nastiest case: the fault is there and
# waits for a question in which colour matters. So look at what goes *in* before you judge what comes out.
#
# ## 4 · Fine-tuning: let the body learn, a little
#
# The body was made for photographs with backgrounds and for 1,000 classes. May it adapt to our cut-outs? Then its weights must move, and three rules say how.
#
# 1. **First the head, then the body.** A fresh head is random, and its gradients are large and meaningless. Sent into the body, they destroy in a few steps what took Google weeks. So we begin with the head that we have.
# 2. **A low rate.** The body is nearly right; ten to a hundred times below the usual rate is enough to move it a little.
# 3. **Freeze the batch normalisation** (day 07). Its moving averages were measured on a million photographs. Sixteen of our pictures are a sample so small, and so white, that their mean and variance jump from batch to batch; if it normalises with them in training, the layers learn for statistics that inference doesn't have.
#    In Keras a frozen `BatchNormalization` also *runs* in inference mode, even during training.
#
# And a trick that saves three quarters of the time. The first layers find edges and textures, which all pictures share; they may stay frozen. What is frozen is a fixed function: we compute its maps once (here up to the end of block 6) and train only what comes after, block 7 and the last convolution: a good quarter of the weights and a small part of the work.

# %%
CUT = "block6d_out"
lower = keras.Model(network.input, network.get_layer(CUT).output)
middle_maps = lower.predict(enlarged, verbose=0)  # (100, 7, 7, 192), computed once


def make_tunable(freeze_norms=True):
    """What comes after CUT in a fresh copy of the network, and a head, compiled: maps (n, 7, 7, 192) -> scores (n, 1)."""
    copy = pretrained.efficientnet_lite0()
    upper = keras.Model(copy.get_layer(CUT).output, copy.get_layer("head_relu").output)
    for layer in upper.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = not freeze_norms
    inputs = keras.Input(middle_maps.shape[1:])
    pooled = layers.GlobalAveragePooling2D()(upper(inputs))
    model = keras.Model(inputs, layers.Dense(1, name="head")(pooled))
    model.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.BinaryCrossentropy(from_logits=True))
    model.optimizer.build(model.trainable_variables)
    return model


tunable = make_tunable()
counts = [sum(int(np.prod(w.shape)) for w in group) for group in (tunable.trainable_weights, tunable.weights)]
print(f"{counts[0]:,} of {counts[1]:,} weights of the upper part are trainable; maps {middle_maps.shape[1:]} come in")

# %% [markdown]
# Five folds, so five times from the beginning. Compiling such a network takes longer than training it; so we compile once, and for each fold put the old weights back and empty the optimizer's memory (day 05: Adam carries averages).
#
# We chose the rate on another task, fruit against flowers, so that these hundred animals had no part in it: with a rate of 0.00001, 0.98 were right, as many as with the frozen body; with 0.0001, 0.94 to 0.96; with 0.001, 0.91 to 0.93 (five folds, drawn twice).


# %%
def begin_again(model, start):
    """Put the weights `start` back and empty the optimizer's memory: a fresh model that need not be compiled anew."""
    model.set_weights(start)
    for variable in model.optimizer.variables:
        if "learning_rate" not in variable.path:
            variable.assign(ops.zeros(variable.shape, variable.dtype))


def tune(model, learn, epochs=4, batch_size=16):
    """Train the upper part on the pictures numbered `learn`, in place; return the loss of each step."""
    random, losses = np.random.default_rng(ready.seed), []
    for _ in range(epochs):
        order = random.permutation(learn)
        for start in range(0, len(order) - batch_size + 1, batch_size):
            batch = order[start : start + batch_size]
            model.reset_metrics()  # or the loss would be the mean of all batches so far
            losses.append(float(model.train_on_batch(middle_maps[batch], is_mammal[batch, None].astype("float32"))))
    return losses


# %%
def tune_in_folds(model, rate, parts, known_head=True):
    """Scores (pictures,) by a network that has not seen the kind (NaN: in no test), and each fold's losses."""
    start, result, losses = model.get_weights(), np.full(len(is_mammal), np.nan), []
    model.optimizer.learning_rate = rate
    for learn, test in parts:
        begin_again(model, start)
        if known_head:
            solved = LogisticRegression(solver="newton-cg").fit(features[learn], is_mammal[learn])
            model.get_layer("head").set_weights([solved.coef_.T, solved.intercept_])
        losses.append(tune(model, learn))
        result[test] = ops.convert_to_numpy(model(middle_maps[test], training=False))[:, 0]
    model.set_weights(start)
    return result, losses


# %%
RATE = 1e-5
parts = folds(is_mammal, kinds)
frozen_right = rights["mammal or bird", "frozen features"][0]  # the same folds
tuned_scores, tuned_losses = tune_in_folds(tunable, RATE, parts)
tuned_right = (tuned_scores > 0) == is_mammal
gained, lost = np.sum(tuned_right & ~frozen_right), np.sum(~tuned_right & frozen_right)
tuned_low, tuned_high = interval(tuned_right, kinds)
print(f"same five folds: frozen {frozen_right.mean():.3f}, fine-tuned {tuned_right.mean():.3f}", end=" ")
print(f"(95 %: {tuned_low:.3f} to {tuned_high:.3f}); animals gained {gained}, lost {lost}")
print(f"training loss, first and last step: {tuned_losses[0][0]:.3f}, {tuned_losses[0][-1]:.3f}")

# %% [markdown]
# Fine-tuning changes next to nothing here: at most a few animals are gained or lost, and the interval is far wider than the difference. With features this good and eighty pictures there is little left to gain. Fine-tuning pays where your pictures look
# unlike ImageNet's (X-rays, satellite images, spectrograms) and where you have some thousands of them.
#
# ### 4.1 Break it
#
# Now against the rules, on the data set's own split (73 animals to learn from, 27 to test): a rate a thousand times larger; a hundred times larger; and at that rate one mistake more, a head that begins at random, or batch normalisation thawed.

# %%
own_split = [(np.flatnonzero(learn_part), np.flatnonzero(~learn_part))]


def judge(result):
    """Accuracy and mean cross-entropy of scores on the 27 test animals."""
    signed = np.where(is_mammal, result, -result)[~learn_part]
    return np.mean(signed > 0), np.mean(np.logaddexp(0, -signed))


broken = {"frozen body": (*judge(features @ solved.coef_[0] + solved.intercept_[0]), None)}
thawed = make_tunable(freeze_norms=False)
for name, model, rate, known in (
    ("by the rules", tunable, RATE, True),
    ("rate × 1,000", tunable, 1000 * RATE, True),
    ("rate × 100", tunable, 100 * RATE, True),
    ("rate × 100, random head", tunable, 100 * RATE, False),
    ("rate × 100, norms thawed", thawed, 100 * RATE, True),
):
    result, losses = tune_in_folds(model, rate, own_split, known)
    broken[name] = *judge(result), losses[0]
for name, (value, test_loss, _) in broken.items():
    print(f"{name:<25} on 27 test animals: accuracy {value:.2f}, loss {test_loss:.3f}")

# %%
# Drawing: the losses of the five trainings, and what they lead to on the test animals.
figure, panels = plt.subplots(1, 2, figsize=(10.5, 3.6), width_ratios=(1.2, 1))
for number, (_, test_loss, losses) in enumerate(broken.values()):
    if losses:
        panels[0].plot(
            range(1, len(losses) + 1), np.maximum(losses, 1e-4), ("-", "--", "-.", ":", "-")[number - 1],
            marker=plots.MARKERS[number], color=plots.COLOURS[number], markersize=4,
        )  # fmt: skip
    panels[1].plot(test_loss, -number, plots.MARKERS[number], color=plots.COLOURS[number], markersize=10)
panels[0].set(xlabel="step", ylabel="training loss (cross-entropy)", title="Five ways to fine-tune", yscale="log")
panels[1].set(yticks=[-number for number in range(len(broken))], yticklabels=list(broken), ylabel="training")
panels[1].set(xlabel="loss on 27 animals of other kinds", title="What they lead to", xscale="log")
plots.show(
    figure,
    alt=f"Left, training loss over {len(losses)} steps of five ways to fine-tune, markers as on the right; right, the loss (and accuracy) on 27 animals: "
    + "; ".join(f"{name} {test_loss:.2g} ({value:.2f})" for name, (value, test_loss, _) in broken.items())
    + ".",
)

# %% [markdown]
# A thousand times the rate destroys the body: the training loss jumps by orders of magnitude and does not come back in these few steps, and the test animals get the answers of a constant. In the other three the loss jumps, too, and comes back; on the 27 animals nothing is lost, and with some seeds their loss is even lower than by the rules. Are the rules superstition, then? For these few steps at
# the very top they matter little: all that lies below is safe whatever we do. With blocks 6 and 7 as a whole (`CUT = "block5c_out"`, four times the work; we ran it with seed 1) 23 of the 27 animals were left at the hundredfold rate, 26 with either mistake more, and all 27 by the rules. Four animals are no proof either. The more may move, the more can break; and following the rules costs nothing.
#
# ## 5 · How few pictures suffice?
#
# The question everybody asks before they begin to take photographs. We draw $n$ mammals and $n$ birds at random, learn a head from these $2n$ pictures, and test on all animals *of other kinds*; forty draws for each $n$, because with four pictures the choice matters
# more than anything else. We count the mean of the two classes' accuracies (**balanced accuracy**), which is 0.5 for every constant answer.


# %%
def learn_from_few(table, mammals, birds, random, weights=None, copies=None):
    """Draw so many of each, learn a head, test on other kinds: (accuracy on mammals, accuracy on birds)."""
    chosen = np.concatenate(
        [
            random.choice(np.flatnonzero(is_mammal == value), size, replace=False)
            for value, size in ((1, mammals), (0, birds))
        ]
    )
    rest = np.flatnonzero(~np.isin(kinds, kinds[chosen]))
    inputs, targets = table[chosen], is_mammal[chosen]
    if copies is not None:  # section 6: augmented copies, (copies, pictures, columns), beside the originals
        inputs = np.concatenate([inputs, *copies[:, chosen]])
        targets = np.tile(targets, 1 + len(copies))
    head = LogisticRegression(solver="newton-cg", class_weight=weights).fit(inputs, targets)
    right = head.predict(table[rest]) == is_mammal[rest]
    return right[is_mammal[rest] == 1].mean(), right[is_mammal[rest] == 0].mean()


few = [1, 2, 4, 8, 16, 24]
draws = 40
by_number = {}
short = shorten(features)
for name, table in (("frozen features", short), ("raw pixels", shorten(pixels))):
    random = np.random.default_rng(ready.seed)
    by_number[name] = np.array([[np.mean(learn_from_few(table, n, n, random)) for _ in range(draws)] for n in few])

# %%
figure, axes = plt.subplots(figsize=(7.5, 4))
for (name, values), style, marker in zip(by_number.items(), ("-", "--"), "o^", strict=True):
    low, high = np.percentile(values, [10, 90], axis=1)
    line = axes.plot(few, values.mean(axis=1), style, marker=marker, label=name)[0]
    axes.fill_between(few, low, high, alpha=0.2, color=line.get_color())
axes.axhline(0.5, color="black", linestyle=":", linewidth=1, label="a constant answer")
axes.set(xlabel="pictures of each class", ylabel="balanced accuracy", xscale="log", ylim=(0.4, 1.01))
axes.set(xticks=few, xticklabels=few, title="How few pictures suffice?")
axes.minorticks_off()
axes.legend(loc="lower right", ncols=3)
plots.show(
    figure,
    alt=f"Balanced accuracy against pictures of each class, mean of {draws} draws with the range of the middle 80 %. "
    + "; ".join(
        f"{name}: " + ", ".join(f"{n} pictures {v:.2f}" for n, v in zip(few, values.mean(axis=1), strict=True))
        for name, values in by_number.items()
    )
    + ".",
)

# %% [markdown]
# The features do better with *two* pictures of each class than the pixels with twenty-four. But look at the band too: with one or two pictures you can be lucky or unlucky by ten points and more. If you have few, choose them well: different kinds, different poses.
#
# **Uneven classes.** Twenty-four mammals are easy to find, but you have photographed only four birds, or two. What does the head do?

# %%
uneven = {}
for birds in (24, 4, 2):
    for weights in (None, "balanced"):
        random = np.random.default_rng(ready.seed)
        pairs = [learn_from_few(short, 24, birds, random, weights) for _ in range(draws)]
        found = uneven[birds, weights] = np.mean(pairs, axis=0)
        print(
            f"24 mammals, {birds:>2} birds, class weights {weights!s:<9}"
            f" right: mammals {found[0]:.3f}, birds {found[1]:.3f}, balanced {found.mean():.3f}"
        )
print(f"balanced weights for 24 and 4: mammals {28 / (2 * 24):.2f}, birds {28 / (2 * 4):.2f}")

# %% [markdown]
# The rare class pays: the head has learned that "mammal" is a safe bet, and every doubtful bird becomes one. The plain accuracy hides it, for mammals are the majority in the test as well. `class_weight="balanced"` lets each bird count as much as it is rare (Keras' `fit` takes the weights as a dict, `class_weight={0: 3.5, 1: 0.58}`); it
# moves the boundary back. It can't replace the birds you don't have.
#
# ## 6 · Augmentation
#
# A mirrored dog is a dog. A dog a little nearer, darker, turned by ten degrees: still a dog. **Augmentation** tells the network so, by showing it each picture in another guise every time. In Keras these are layers; they act in training mode only and pass pictures through unchanged otherwise.

# %%
augment = keras.Sequential(
    [
        layers.RandomFlip("horizontal", seed=ready.seed),
        layers.RandomRotation(0.06, fill_mode="constant", fill_value=255.0, seed=ready.seed),  # of a full turn
        layers.RandomZoom((-0.15, 0.25), fill_mode="constant", fill_value=255.0, seed=ready.seed),
        layers.RandomTranslation(0.1, 0.1, fill_mode="constant", fill_value=255.0, seed=ready.seed),
        layers.RandomBrightness(0.15, value_range=(0, 255), seed=ready.seed),
        layers.RandomContrast(0.2, value_range=(0, 255), seed=ready.seed),
    ]
)
two = [k for k in range(len(animals)) if all_titles[animals[k]] in ("standing lion", "toucan")]
guises = [ops.convert_to_numpy(augment(paper[two], training=True)).clip(0, 255) for _ in range(7)]
unchanged = ops.convert_to_numpy(augment(paper[two], training=False))
plots.image_grid(
    np.stack([paper[two], *guises], axis=1).reshape(-1, 96, 96, 3).astype("uint8"),
    [title for k in two for title in ["original", *[f"guise {number}" for number in range(1, 8)]]],
    alt="a lion and a toucan, each as they are and in seven guises: mirrored, turned, nearer or farther, moved, lighter or darker.",
)
print("unchanged outside of training:", np.array_equal(unchanged, paper[two]))

# %% [markdown]
# Choose guises by asking *may the answer change?* Upside down is fine for cells under a microscope, not for animals, and for a 6 it is a 9. Colour shifts are fine for dogs, not for ripe tomatoes.
#
# Does it help? Two experiments, because the answer depends on who learns.
#
# **A network from nothing**: a small CNN, 32 × 32 pixels, day 06's bricks, on the same five folds, 30 epochs; once it sees each picture as it is, once in a new guise every time.

# %%
small_paper = ops.convert_to_numpy(ops.image.resize(paper, (32, 32), antialias=True))


def small_cnn():
    """A small CNN from random weights: (n, 32, 32, 3), pixels from 0 to 255 -> scores (n, 1)."""
    inputs = keras.Input((32, 32, 3))
    x = layers.Rescaling(1 / 128, offset=-1)(inputs)
    for filters in (16, 32, 64):
        x = layers.MaxPooling2D(2)(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(1)(x))


# %%
keras.utils.set_random_seed(ready.seed)
EPOCHS = 30
model, guise = small_cnn(), keras.Sequential(augment.layers)  # the same layers, for small pictures
start = model.get_weights()
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss=keras.losses.BinaryCrossentropy(from_logits=True))
model.optimizer.build(model.trainable_variables)
same = np.repeat(small_paper[None], EPOCHS, axis=0)  # (30, 100, 32, 32, 3): what is shown in each epoch
new = ops.convert_to_numpy(guise(same.reshape(-1, 32, 32, 3), training=True)).reshape(same.shape)
scratch, scratch_fit = {}, {}
for name, deck in (("plain", same), ("augmented", new)):
    scratch[name], scratch_fit[name], random = np.zeros(len(animals), bool), [], np.random.default_rng(ready.seed)
    for learn, test in parts:
        begin_again(model, start)
        orders = [random.permutation(learn) for _ in range(EPOCHS)]
        shown = np.concatenate([deck[epoch][order] for epoch, order in enumerate(orders)])
        model.fit(shown, is_mammal[np.concatenate(orders)], batch_size=16, shuffle=False, verbose=0)
        answers = model.predict(small_paper, verbose=0)[:, 0] > 0
        scratch[name][test] = answers[test] == is_mammal[test]
        scratch_fit[name].append(np.mean(answers[learn] == is_mammal[learn]))
    low, high = interval(scratch[name], kinds)
    print(
        f"from nothing, {name:<9} training {np.mean(scratch_fit[name]):.3f},"
        f" new kinds {scratch[name].mean():.3f} (95 %: {low:.3f} to {high:.3f})"
    )

# %% [markdown]
# **A head on frozen features.** Here the guises go through the body once: two of each picture, two more rows of features each, learned beside the original (tested on originals only, of other kinds; a guise of a picture never comes into the test).

# %%
copies = np.stack(
    [
        body.predict(fit_in(ops.convert_to_numpy(augment(paper, training=True))), verbose=0).mean(axis=(1, 2))
        for _ in range(2)
    ]
)
every_row = shorten(np.concatenate([features, *copies]))
short, short_copies = every_row[:100], every_row[100:].reshape(2, 100, -1)
augmented_few = {}
for n in few:
    for name, extra in (("plain", None), ("augmented", short_copies)):
        random = np.random.default_rng(ready.seed)  # the same draws for both
        pairs = [learn_from_few(short, n, n, random, copies=extra) for _ in range(draws)]
        augmented_few[n, name] = np.mean(pairs, axis=1)
    gain = augmented_few[n, "augmented"] - augmented_few[n, "plain"]
    error = gain.std(ddof=1) / np.sqrt(draws)
    print(
        f"{n:>2} of each: plain {augmented_few[n, 'plain'].mean():.3f}, augmented {augmented_few[n, 'augmented'].mean():.3f},"
        f" gain {100 * gain.mean():+.1f} ± {100 * error:.1f} points"
    )

# %% [markdown]
# Read both results with their errors. A network that starts from nothing has too few pictures to learn what an animal is, with or without guises. The frozen body has seen a million photographs in every pose, so that a mirrored or darkened animal tells it little that is new. Where augmentation shines is in between: a network that learns all of its weights, and some thousands of pictures. Measure it on your own.
#
# ## 7 · Learning without labels: the autoencoder
#
# ImageNet's knowledge was bought with a million labels. Can a network learn to see with none? The idea of the **autoencoder**: squeeze a picture through a **bottleneck** and ask for the same picture back. The target is the input itself, so no one has to label anything; and to get through the narrow place the network must
# find out what in the pictures belongs together. Here is the shape, for pictures of 32 × 32 × 3 = 3,072 numbers and a bottleneck of 200, if one built it of dense layers with 800 neurons in between (we shall not; below we build smaller ones):

# %%
# Drawing: the hourglass of a network from 3,072 numbers to 200 and back.
widths = [3072, 800, 200, 800, 3072]
figure, axes = plt.subplots(figsize=(8.5, 3))
for place, width in enumerate(widths):
    height = width / 3072
    axes.add_patch(
        plt.Rectangle((2 * place - 0.25, -height / 2), 0.5, height, color=plots.COLOURS[0 if width != 200 else 5])
    )
    axes.text(2 * place, height / 2 + 0.05, f"{width:,}", ha="center")
    if place < 4:
        step = widths[place] * widths[place + 1]
        axes.text(2 * place + 1, -0.62, f"{step / 1e6:.2f} million\nweights", ha="center", fontsize=8.5)
        for side in (-1, 1):
            ends = [side * height / 2, side * widths[place + 1] / 3072 / 2]
            axes.plot([2 * place + 0.25, 2 * place + 1.75], ends, color="0.7", linewidth=1)
axes.text(1, 0.62, "encoder", ha="center", fontweight="bold")
axes.text(7, 0.62, "decoder", ha="center", fontweight="bold")
axes.text(4, 0.42, "bottleneck,\nthe code", ha="center", va="bottom", fontweight="bold")
axes.set(xlim=(-0.7, 8.7), ylim=(-0.8, 0.85))
axes.axis("off")
dense_weights = sum(a * b + b for a, b in zip(widths, widths[1:], strict=False))
plots.show(
    figure,
    alt="An hourglass of five layers, "
    + " to ".join(f"{w:,}" for w in widths)
    + f" numbers: the encoder narrows, 200 numbers are the bottleneck, the decoder widens. {dense_weights:,} weights and biases in all.",
)
print(f"{3072 / 200:.1f} times smaller; {dense_weights:,} weights and biases if all layers are dense")

# %% [markdown]
# How much fits through 200 numbers? Before any network, ask the best *straight* method, PCA (principal component analysis): it finds the 200 directions in which the pictures differ most, keeps the place along each and drops the rest. On the course's 1,892 emoji (32 × 32 × 3), with 400 held back:

# %%
emoji = data.load("emoji")
emoji_opacity = emoji["images"][..., 3:].astype("float32") / 255
emoji_paper = emoji["images"][..., :3] / 255 * emoji_opacity + 1 - emoji_opacity  # on white, 0 to 1
order = np.random.default_rng(ready.seed).permutation(len(emoji_paper))
known, unknown = order[:1492], order[1492:]
flat_emoji = emoji_paper.reshape(len(emoji_paper), -1).astype("float32")
emoji_pca = PCA(200, svd_solver="randomized", random_state=0).fit(flat_emoji[known])
back = emoji_pca.inverse_transform(emoji_pca.transform(flat_emoji[unknown]))
kept = 1 - np.mean((back - flat_emoji[unknown]) ** 2) / np.mean(
    (flat_emoji[known].mean(axis=0) - flat_emoji[unknown]) ** 2
)
print(f"200 of 3,072 numbers keep {100 * kept:.0f} % of the variance of emoji that PCA has not seen")
plots.image_grid(
    np.concatenate([flat_emoji[unknown[:8]], back[:8]]).reshape(-1, 32, 32, 3).clip(0, 1),
    [str(emoji["names"][k])[:16] for k in unknown[:8]] + ["from 200 numbers"] * 8,
    alt=f"eight emoji and below them what PCA makes of 200 numbers each: colours and outlines are there, fine lines are blurred; {100 * kept:.0f} % of the variance kept.",
)

# %% [markdown]
# ### 7.1 A linear autoencoder *is* PCA
#
# Leave all activations and biases out, and take the mean picture off first, as PCA does; then the autoencoder is $\hat x = x E D$ with two matrices. The best it can do, in mean square error, is to keep the same directions as PCA ([Baldi and Hornik, 1989](https://doi.org/10.1016/0893-6080(89)90014-2)). Gradient descent has never heard of eigenvectors. Does it find them? We train it on 20,000 pieces of
# clothing with 32 numbers in the middle and compare two things: the error, and the *subspace*. Two subspaces are compared by their **principal angles**: the smallest angle between a direction of one and a direction of the other, then the smallest among what is left, and so on. All 0° means the same subspace, even if the axes in it are turned.

# %%
from scipy.linalg import subspace_angles

fashion = data.load("fashion_mnist")
clothes = fashion["train_images"][:20000].astype("float32")[..., None] / 255
new_clothes = fashion["test_images"][:2000].astype("float32")[..., None] / 255
CODE = 32

mean_cloth = clothes.reshape(len(clothes), -1).mean(axis=0)
centred = clothes.reshape(len(clothes), -1) - mean_cloth
new_centred = new_clothes.reshape(len(new_clothes), -1) - mean_cloth
pca = PCA(CODE, svd_solver="covariance_eigh").fit(centred)
pca_back = pca.inverse_transform(pca.transform(new_centred))
pca_error = float(np.mean((pca_back - new_centred) ** 2))

keras.utils.set_random_seed(ready.seed)
linear = keras.Sequential([keras.Input((784,)), layers.Dense(CODE, use_bias=False), layers.Dense(784, use_bias=False)])
linear.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(4e-3, 1560)), loss="mse")
linear.optimizer.build(linear.trainable_variables)
linear_losses = linear.fit(centred, centred, batch_size=128, epochs=10, verbose=0).history["loss"]
linear_error = float(np.mean((linear.predict(new_centred, batch_size=500, verbose=0) - new_centred) ** 2))
decoder = linear.layers[1].get_weights()[0]  # (32, 784): its rows span the subspace
angles = np.degrees(subspace_angles(decoder.T, pca.components_.T))
print(f"error on new clothes: PCA {pca_error:.5f}, linear autoencoder {linear_error:.5f}")
print(f"mean cosine of the principal angles {np.cos(np.radians(angles)).mean():.4f}; median {np.median(angles):.1f}°")

# %%
figure, panels = plt.subplots(1, 2, figsize=(10.5, 3.4), width_ratios=(1.3, 1))
panels[0].bar(range(1, CODE + 1), np.sort(angles), color=plots.COLOURS[0])
panels[0].set(xlabel="principal angle, number", ylabel="angle (degrees)", title="Autoencoder's subspace against PCA's")
overlap = np.abs(decoder / np.linalg.norm(decoder, axis=1, keepdims=True) @ pca.components_.T)
drawn = panels[1].imshow(overlap, cmap="cividis", vmin=0, vmax=1)
panels[1].set(xlabel="direction of PCA", ylabel="direction of the autoencoder", title="|cosine|, one by one")
panels[1].grid(visible=False)
figure.colorbar(drawn, ax=panels[1])
plots.show(
    figure,
    alt=f"Left, the {CODE} principal angles between the two subspaces: all but the last few are small, median {np.median(angles):.1f} degrees, largest"
    f" {angles.max():.0f}. Right, the cosine of each of the autoencoder's directions with each of PCA's: no clear diagonal, largest {overlap.max():.2f},"
    " so the axes themselves differ.",
)

# %% [markdown]
# The same error, and the same subspace up to its last directions, which carry so little that gradient descent is in no hurry to turn them. But the *axes* in it are turned anyhow (right): nothing in the loss asks for order. PCA's come sorted by importance.
#
# ### 7.2 Bend it: a convolutional autoencoder
#
# Now with convolutions and ReLU, and the same 32 numbers in the middle. (`Conv2DTranspose` is the way back: each number of a small map puts a weighted stamp into a larger one. Day 09 draws it.) Straight against bent, at equal size of the code. And a second one with a harder task, the **denoising autoencoder**: it gets the picture *with noise* and must return the clean one. It can't copy any more; it must know what clothes look like. Once through the 20,000 pictures is enough with Keras' own Muon, which takes day 06's step for the matrices of the dense layers and leaves the kernels to AdamW.


# %%
def make_encoder():
    """(n, 28, 28, 1) -> codes (n, 32)."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 4, strides=2, padding="same", activation="relu"),
            layers.Conv2D(32, 4, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(CODE),
        ]
    )


# %%
def make_decoder():
    """Codes (n, 32) -> (n, 28, 28, 1), from 0 to 1."""
    return keras.Sequential(
        [
            keras.Input((CODE,)),
            layers.Dense(7 * 7 * 32, activation="relu"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(16, 4, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid"),
        ]
    )


# %%
NOISE = 0.3
random = np.random.default_rng(ready.seed)
noisy = clothes + NOISE * random.normal(size=clothes.shape).astype("float32")
new_noisy = new_clothes + NOISE * random.normal(size=new_clothes.shape).astype("float32")
encoders, decoders, auto_losses = {}, {}, {}
for name, inputs in (("plain", clothes), ("denoising", noisy)):
    keras.utils.set_random_seed(ready.seed)
    encoders[name], decoders[name] = make_encoder(), make_decoder()
    model = keras.Sequential([encoders[name], decoders[name]])
    model.compile(optimizer=keras.optimizers.Muon(keras.optimizers.schedules.CosineDecay(0.01, 313)), loss="mse")
    model.optimizer.build(model.trainable_variables)
    auto_losses[name] = model.fit(inputs, clothes, batch_size=64, verbose=0).history["loss"]


# %%
def rebuild(name, images):
    return decoders[name].predict(encoders[name].predict(images, batch_size=500, verbose=0), batch_size=500, verbose=0)


def error_of(images):
    return float(np.mean((images - new_clothes) ** 2))


noisy_flat = new_noisy.reshape(len(new_noisy), -1) - mean_cloth
pca_clean = (pca.inverse_transform(pca.transform(noisy_flat)) + mean_cloth).reshape(new_clothes.shape)
straight = (pca_back + mean_cloth).reshape(new_clothes.shape)
bent, cleaned = rebuild("plain", new_clothes), rebuild("denoising", new_noisy)
errors = {
    "PCA, 32 numbers": error_of(straight),
    "convolutional autoencoder, 32 numbers": error_of(bent),
    "noisy pictures": error_of(new_noisy),
    "noise taken off by PCA": error_of(pca_clean),
    "noise taken off by the denoising autoencoder": error_of(cleaned),
}
for name, value in errors.items():
    print(f"{name:<46} mean square error {value:.4f}")

# %%
# Drawing: five rows of the same clothes.
picks = np.arange(8)
rows = {"original": new_clothes, "PCA": straight, "conv. AE": bent, "noisy": new_noisy, "denoised": cleaned}
figure, grid = plt.subplots(5, 8, figsize=(8.5, 5.6))
for line, (name, images) in zip(grid, rows.items(), strict=True):
    for axes, k in zip(line, picks, strict=True):
        axes.imshow(images[k, ..., 0], cmap="gray", vmin=0, vmax=1)
        axes.axis("off")
    line[0].text(-0.15, 0.5, name, transform=line[0].transAxes, ha="right", va="center", fontsize=10)
plots.show(
    figure,
    alt="Eight pieces of clothing in five rows: original; from 32 numbers by PCA, ghostly; by the convolutional autoencoder, closer; with noise; and the"
    f" noise taken off by the denoising autoencoder. Errors: PCA {errors['PCA, 32 numbers']:.4f}, autoencoder {errors['convolutional autoencoder, 32 numbers']:.4f}.",
)

# %% [markdown]
# Compare line by line: bent against straight at 32 numbers, and the noise taken off by either.
#
# ### 7.3 Is the encoder worth something? Few labels
#
# **Unsupervised pre-training**: 20,000 clothes without labels have taught the encoder; now we get ten labels per class, and learn a head on its 32 numbers. Against it: a head on raw pixels, on PCA's 32 numbers, and the same encoder with random weights. Five draws of a hundred labels.

# %%
new_answers, cloth_answers = fashion["test_labels"][:2000], fashion["train_labels"][:20000]
keras.utils.set_random_seed(ready.seed)
random_encoder = make_encoder()


def to_scale(table, new):
    """Both minus the table's mean, divided by its overall spread: the same treatment for all."""
    middle, spread = table.mean(axis=0), np.sqrt(table.var(axis=0).mean())
    return (table - middle) / spread, (new - middle) / spread


sources = {
    "raw pixels": to_scale(centred, new_centred),
    "PCA": to_scale(pca.transform(centred), pca.transform(new_centred)),
}
for name, encoder in (("random encoder", random_encoder), *encoders.items()):
    codes = [encoder.predict(images, batch_size=500, verbose=0) for images in (clothes, new_clothes)]
    sources[name if encoder is random_encoder else f"{name} autoencoder"] = to_scale(*codes)
few_labels = {name: [] for name in sources}
for draw in range(5):
    random = np.random.default_rng(100 * ready.seed + draw)
    chosen = np.concatenate([random.choice(np.flatnonzero(cloth_answers == c), 10, replace=False) for c in range(10)])
    for name, (table, new) in sources.items():
        model = LogisticRegression(solver="newton-cg").fit(table[chosen], cloth_answers[chosen])
        few_labels[name].append(np.mean(model.predict(new) == new_answers))
for name, values in few_labels.items():
    print(f"{name:<23} accuracy {np.mean(values):.3f} ± {np.std(values, ddof=1):.3f} over five draws of 100 labels")

# %% [markdown]
# Against the same encoder with random weights, pre-training has earned a good deal. Against *raw pixels* it has earned nothing: 32 numbers that are good for rebuilding a picture are not therefore good for naming it. Much of what makes two shirts differ as pictures (the print, the light) does not matter for the name, and the
# autoencoder must keep it. ImageNet's labels were worth their price. Pre-training without labels came into its own with other tasks than copying: fill in what was hidden (day 15), or tell which two pictures are guises of the same one, which is section 9.
#
# ## 8 · Explainable AI: why did it say that?
#
# Our classifier is nearly always right. But *why*? Perhaps it looks at beaks and hooves; perhaps at something silly that happens to go along with the class, as a network did that told huskies from wolves by the snow behind them
# ([Ribeiro and others, 2016](https://arxiv.org/abs/1602.04938)). An explanation is a picture or a table that *looks* convincing, and that is its danger. So we shall test each of ours.
#
# For a test one must know the truth. Our cut-outs have it built in: the **alpha mask** says which pixels are animal. We take the 27 test animals twice: alone on white paper, and pasted at a random place onto a photograph without animals (a temple, a cup of coffee, a flower, a rocket), which makes it hard. Now "it looked at the animal" has an exact meaning.
#
# One thing more: the last maps have one place for every 32 × 32 pixels, 7 × 7 in all. That is a coarse grid to point with. The network takes pictures of any size, so from here on it gets 320 × 320 and has 10 × 10 places; the head learns anew at this size, on the same 73 animals on white.

# %%
SIDE = 320
eyes = pretrained.efficientnet_lite0(include_top=False, input_shape=(SIDE, SIDE, 3))


def paste(rgba, photograph, random, width=228):
    """Put a cut-out on a random window of a photograph: picture (SIDE, SIDE, 3), mask (SIDE, SIDE) from 0 to 1."""
    top, left = (random.integers(0, side - SIDE + 1) for side in photograph.shape[:2])
    picture = photograph[top : top + SIDE, left : left + SIDE].copy()
    opacity = rgba[..., 3:].astype("float32") / 255
    layered = np.concatenate([rgba[..., :3] * opacity, opacity], axis=-1)
    layered = ops.convert_to_numpy(ops.image.resize(layered, (width, width)))
    row, column = random.integers(0, SIDE - width + 1, size=2)
    window = picture[row : row + width, column : column + width]
    window *= 1 - layered[..., 3:]
    window += layered[..., :3]
    mask = np.zeros((SIDE, SIDE), "float32")
    mask[row : row + width, column : column + width] = layered[..., 3]
    return picture, mask


def grown(photograph, shorter=352):
    """Enlarge a photograph until its shorter side has so many pixels."""
    height, width = (round(side * shorter / min(photograph.shape[:2])) for side in photograph.shape[:2])
    return ops.convert_to_numpy(ops.image.resize(photograph.astype("float32"), (height, width)))


# %%
test_rgba, test_titles = all_rgba[animals[~learn_part]], all_titles[animals[~learn_part]]
answers = is_mammal[~learn_part]
random = np.random.default_rng(ready.seed)
grounds = [grown(photographs[name]) for name in ("china", "coffee", "flower", "rocket")]
pasted = [paste(each, grounds[place % 4], random) for place, each in enumerate(test_rgba)]
scenes, scene_masks = (np.array(each) for each in zip(*pasted, strict=True))
alone = fit_in(on_white(test_rgba), SIDE)
alone_masks = ops.convert_to_numpy(ops.image.resize(test_rgba[..., 3:].astype("float32") / 255, (SIDE, SIDE)))[..., 0]

# %%
learn_maps = eyes.predict(fit_in(paper[learn_part], SIDE), batch_size=16, verbose=0)  # (73, 10, 10, 1280)
sharp = LogisticRegression(solver="newton-cg").fit(learn_maps.mean(axis=(1, 2)), is_mammal[learn_part])
head_weights, head_bias = sharp.coef_[0].astype("float32"), float(sharp.intercept_[0])
views = {"on white paper": (alone, alone_masks), "on photographs": (scenes, scene_masks)}
view_maps = {name: eyes.predict(pictures, batch_size=16, verbose=0) for name, (pictures, _) in views.items()}
view_accuracy = {}
for name, (_, masks) in views.items():
    view_scores = view_maps[name].mean(axis=(1, 2)) @ head_weights + head_bias
    view_accuracy[name] = np.mean((view_scores > 0) == answers)
    print(f"{name}: accuracy {view_accuracy[name]:.2f}; the masks cover {masks.mean():.2f} of a picture on average")

# %% [markdown]
# ### 8.1 Grad-CAM
#
# The last feature maps are 10 × 10 places × 1,280 channels. Each place still knows where it is; only the pooling after it forgets. **Grad-CAM** ([Selvaraju and others, 2017](https://arxiv.org/abs/1610.02391)) asks of each channel: *how much would the score rise if this channel were stronger?* That is a slope, and we know how to get one.
#
# 1. run the picture up to the chosen layer: maps $A^k$ (height, width), one per channel $k$;
# 2. the slope of the score $s$ with respect to the maps, averaged over the places: $\alpha_k = \frac{1}{HW}\sum_{ij} \partial s / \partial A^k_{ij}$. How much does channel $k$ count for this class?
# 3. the weighted sum, and only what speaks *for* the class: $\text{heat} = \text{ReLU}\!\left(\sum_k \alpha_k A^k\right)$;
# 4. enlarge it to the size of the picture.
#
# Keras has no gradient function of its own; each backend has one. This short function hides the difference (its last branch is day 02's tape):


# %%
def with_slope(function):
    """Make of a function (inputs, more …) -> one number a function that returns (the number, its slope by inputs)."""
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(jax.value_and_grad(function))
    if keras.backend.backend() == "torch":

        def by_torch(inputs, *more):
            inputs = ops.convert_to_tensor(inputs).clone().requires_grad_()
            value = function(inputs, *map(ops.convert_to_tensor, more))
            value.backward()
            return value, inputs.grad

        return by_torch
    import tensorflow as tf

    @tf.function(reduce_retracing=True)
    def by_tape(inputs, *more):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            value = function(inputs, *more)
        return value, tape.gradient(value, inputs)

    return lambda inputs, *more: by_tape(*map(ops.convert_to_tensor, (inputs, *more)))


def grad_cam(maps, slopes):
    """Heat (n, height, width) from the maps of a layer and the slopes of the scores, both (n, height, width, channels)."""
    alpha = slopes.mean(axis=(1, 2), keepdims=True)
    return np.maximum((alpha * maps).sum(axis=-1), 0)


# %%
def enlarge(heat):
    """(n, h, w) -> (n, SIDE, SIDE), without sharp edges."""
    return ops.convert_to_numpy(ops.image.resize(heat[..., None].astype("float32"), (SIDE, SIDE)))[..., 0]


# %% [markdown]
# Which class shall be explained? The head has one score, high for mammals and low for birds; so for a bird we explain *minus* the score. And which layer? Any will do; the last one knows most about *what*. Between it and the score lie only the pooling and one neuron, so that the slope of a channel is the same at every place, its weight divided by 100: for this layer Grad-CAM needs no
# tape, and has an older name, CAM ([Zhou and others, 2016](https://arxiv.org/abs/1512.04150)). The code does not care, and you may put more layers into `total`.


# %%
def total(maps, signs, weights):
    """Sum over the pictures of sign · score. (No picture's score depends on another's maps, so the slopes don't mix.)"""
    return ops.sum(signs * ops.matmul(ops.mean(maps, axis=(1, 2)), weights))


slope_of_total = with_slope(total)
signs = (2 * answers - 1).astype("float32")  # +1 for mammals, -1 for birds


def explain(maps, weights=head_weights):
    """Heat (n, SIDE, SIDE) of Grad-CAM for each picture's true class."""
    return enlarge(grad_cam(maps, ops.convert_to_numpy(slope_of_total(maps, signs, weights)[1])))


def share_inside(heat, masks):
    """How much of each picture's heat lies inside the mask, from 0 to 1; an all-cold picture counts as even heat."""
    heat_sum, even = heat.sum(axis=(1, 2)), masks.mean(axis=(1, 2))
    return np.where(heat_sum > 0, (heat * masks).sum(axis=(1, 2)) / np.maximum(heat_sum, 1e-12), even)


# %%
def hottest_inside(heat, masks):
    """Whether the hottest pixel lies on the animal (the "pointing game")."""
    return np.array([mask.ravel()[each.argmax()] > 0.5 for each, mask in zip(heat, masks, strict=True)])


heats, cam_share, cam_hit = {}, {}, {}
for name, (_, masks) in views.items():
    heats[name] = explain(view_maps[name])
    cam_share[name], cam_hit[name] = share_inside(heats[name], masks), hottest_inside(heats[name], masks)
    print(
        f"{name}: {cam_share[name].mean():.2f} of the heat lies inside the mask (even heat: {masks.mean():.2f});"
        f" hottest pixel on the animal in {cam_hit[name].sum()} of {len(masks)}"
    )

# %%
# Drawing: pictures with heat, and the outline of the mask.


def draw_heat(axes, picture, heat, mask, title):
    """Show a picture with heat over it and the mask's outline."""
    axes.imshow(picture.clip(0, 255).astype("uint8"))
    axes.imshow(heat / max(heat.max(), 1e-12), cmap="inferno", alpha=0.55, vmin=0, vmax=1)
    axes.contour(mask, levels=[0.5], colors="white", linewidths=2.2)
    axes.contour(mask, levels=[0.5], colors="black", linewidths=0.7)
    axes.set_title(title, fontsize=8.5, fontweight="normal", loc="center")
    axes.axis("off")


ranked = np.argsort(cam_share["on photographs"])[::-1]
shown = ranked[np.linspace(0, len(ranked) - 1, 6).round().astype(int)]
figure, grid = plt.subplots(3, 6, figsize=(12, 6.4))
for column, k in enumerate(shown):
    grid[0, column].imshow(scenes[k].clip(0, 255).astype("uint8"))
    grid[0, column].set_title(test_titles[k], fontsize=9, fontweight="normal", loc="center")
    grid[0, column].axis("off")
    for row, (name, (pictures, masks)) in enumerate(reversed(views.items()), start=1):
        draw_heat(grid[row, column], pictures[k], heats[name][k], masks[k], f"{cam_share[name][k]:.2f} inside")
plots.show(
    figure,
    alt="Six animals pasted on photographs, from best to worst; below them Grad-CAM's heat with the animal's outline, then the same animals on white. Share of the heat inside, on photographs and on white: "
    + ", ".join(
        f"{test_titles[k]} {cam_share['on photographs'][k]:.2f} and {cam_share['on white paper'][k]:.2f}" for k in shown
    )
    + ".",
)

# %% [markdown]
# On white paper most of the heat lies on the animal, about twice as much as even heat would put there. On the photographs it is harder: the animal covers a sixth of the picture, and about half of the heat lies on it; the rest is spilled around it (the places are 32 pixels wide) or lies on something in the
# photograph that looks to the network like a bird or a mammal. Look at the worst pictures on the right: there the heat tells you that the answer, even if right, should not be trusted. That is what the method is for.
#
# ### 8.2 Is it an explanation, or only a nice picture? The sanity check
#
# A cut-out is conspicuous: it has sharp edges and stands out. Perhaps *any* method would light up on it, whatever the network knows. Julius Adebayo and others ([2018](https://arxiv.org/abs/1810.03292)) proposed a test that is as simple as it is strict: **destroy the network, step by step from the top, and look whether the
# explanation changes.** If it does not, it never had anything to do with what the network had learned. (Several well-known methods failed; Grad-CAM passed.) We put random weights in, first into our neuron ("head"), then into the body's last convolution and block 7, then block 6 and so on down to the first layer.

# %%
from scipy.stats import spearmanr

keras.utils.set_random_seed(ready.seed + 7)
fresh = pretrained.efficientnet_lite0(include_top=False, weights=None)
kept_weights = eyes.get_weights()
random_head = np.random.default_rng(ready.seed).normal(0, head_weights.std(), len(head_weights)).astype("float32")
heat, masks = heats["on photographs"], scene_masks
destroyed = {"trained": heat, "+ head": explain(view_maps["on photographs"], random_head)}
steps = {"+ block 7": ("head", "block7"), "+ block 6": ("block6",)}
steps |= {"+ blocks 5 to 3": ("block5", "block4", "block3"), "+ all": ("block2", "block1", "stem")}
for name, prefixes in steps.items():
    for old, new in zip(eyes.layers, fresh.layers, strict=True):
        if old.weights and old.name.startswith(prefixes):
            old.set_weights(new.get_weights())
    destroyed[name] = explain(eyes.predict(scenes, batch_size=16, verbose=0), random_head)
eyes.set_weights(kept_weights)  # as it was

sanity = {}
for name, each in destroyed.items():
    likeness = [
        spearmanr(a[::8, ::8].ravel(), b[::8, ::8].ravel()).statistic if b.std() > 0 else 0.0
        for a, b in zip(heat, each, strict=True)
    ]
    sanity[name] = share_inside(each, masks).mean(), np.mean(likeness), hottest_inside(each, masks).mean()
    print(
        f"{name:<14} inside the mask {sanity[name][0]:.2f}, rank correlation with the true heat {sanity[name][1]:+.2f},"
        f" hottest pixel on the animal {sanity[name][2]:.2f}"
    )

# %%
figure = plt.figure(figsize=(12, 5))
top, bottom = figure.subfigures(2, 1, height_ratios=(1, 1.2))
favourite = int(ranked[3])
for axes, (name, each) in zip(top.subplots(1, len(destroyed)), destroyed.items(), strict=True):
    draw_heat(axes, scenes[favourite], each[favourite], masks[favourite], name)
axes = bottom.subplots()
place = range(len(sanity))
axes.plot(place, [value[0] for value in sanity.values()], "o-", label="share of the heat inside the mask")
axes.plot(place, [value[1] for value in sanity.values()], "^--", label="rank correlation with the true heat")
axes.axhline(masks.mean(), color="black", linestyle=":", label="even heat: area of the mask")
axes.set(xticks=place, xticklabels=list(sanity), xlabel="weights replaced by random ones, from the top downwards")
axes.set(ylabel="share, correlation", ylim=(-0.35, 1.05))
axes.legend(loc="upper right", fontsize=9)
plots.show(
    figure,
    alt=f"Above, the heat on one picture ({test_titles[favourite]}) as more and more layers get random weights. Below, the share inside the mask and the rank correlation with the true heat: "
    + "; ".join(f"{name} {value[0]:.2f} and {value[1]:+.2f}" for name, value in sanity.items())
    + f". Even heat would have {masks.mean():.2f}.",
)

# %% [markdown]
# It passes. With random weights in the head the heat already moves elsewhere; with the whole network destroyed nothing of the first picture is left, and the animal gets about as much heat as its area, no more. So the heat in section 8.1 *came from what the network has learned*, and not from the animal's sharp edges alone.
#
# Note what the test does not show: that the heat is the *whole* reason, or that the next picture will be as good. It sorts out the methods that cannot be right.
#
# ### 8.3 Occlusion: cover it up
#
# Grad-CAM needs the inside of the network. **Occlusion** ([Zeiler and Fergus, 2013](https://arxiv.org/abs/1311.2901)) needs only its answer: slide a grey square over the picture and write down how far the score falls. Where it falls, something mattered. Honest and slow: one run of the network per place.

# %%
scene, mask, sign = scenes[favourite], scene_masks[favourite], signs[favourite]


def score_of(pictures):
    """Score of the true class of our one picture, or of changed versions of it, (n, SIDE, SIDE, 3) -> (n,)."""
    return sign * (eyes.predict(pictures, batch_size=16, verbose=0).mean(axis=(1, 2)) @ head_weights + head_bias)


def occlusion(picture, square=64, step=32):
    """How far the score falls when a grey square covers a place: (places, places), each at a square's middle."""
    corners = range(0, SIDE - square + 1, step)
    covered = np.repeat(picture[None], len(corners) ** 2, axis=0)
    for number, (row, column) in enumerate((r, c) for r in corners for c in corners):
        covered[number, row : row + square, column : column + square] = 127
    scores = score_of(np.concatenate([picture[None], covered]))
    return (scores[0] - scores[1:]).reshape(len(corners), -1)


fall = occlusion(scene)  # (9, 9): a square is two places wide
framed = np.pad(fall, 1, mode="edge")
of_places = sum(framed[i : i + 10, j : j + 10] for i in (0, 1) for j in (0, 1)) / 4  # mean of the squares over a place
occlusion_heat = enlarge(np.maximum(of_places, 0)[None])[0]
occlusion_share = share_inside(occlusion_heat[None], mask[None])[0]
print(
    f"{test_titles[favourite]}: {fall.size} squares; score {score_of(scene[None])[0]:.2f}, the worst square costs {fall.max():.2f}"
)
print(f"share of the loss inside the mask {occlusion_share:.2f}; area of the mask {mask.mean():.2f}")

# %% [markdown]
# ### 8.4 Attention as an explanation
#
# Instead of asking afterwards where a network looked, one can build it so that it must say so. Average pooling treats all 100 places alike. **Attention pooling** gives each place a weight: a small layer looks at the place's 1,280 numbers and says how interesting it is; a softmax over the places makes weights of it that sum to 1; the
# features are the *weighted* mean. The weights are an explanation that comes for free. (Days 14 and 15 are all about this.)

# %%
keras.utils.set_random_seed(ready.seed)
place_maps = keras.Input((100, 1280))
interest = layers.Dense(1, name="interest")(layers.Dense(16, activation="tanh")(layers.Dropout(0.3)(place_maps)))
weight = layers.Softmax(axis=1)(interest)  # (n, 100, 1): sums to 1 over the places
pooled = layers.Flatten()(layers.Dot(axes=1)([weight, place_maps]))
answer = layers.Dense(1, name="answer")(pooled)
attending = keras.Model(place_maps, answer)
with_weights = keras.Model(place_maps, [answer, weight])  # the same layers, with a window
attending.compile(optimizer=keras.optimizers.Adam(1e-3), loss=keras.losses.BinaryCrossentropy(from_logits=True))
attending.optimizer.build(attending.trainable_variables)
learned_maps = learn_maps.reshape(-1, 100, 1280)
targets = is_mammal[learn_part, None].astype("float32")
attention_losses = [float(attending.train_on_batch(learned_maps, targets)) for _ in range(40)]

attention_share, attention_heat = {}, {}
for name, (_, masks) in views.items():
    attention_scores, attention = with_weights.predict(view_maps[name].reshape(-1, 100, 1280), verbose=0)
    attention_heat[name] = enlarge(attention.reshape(-1, 10, 10))
    attention_share[name] = share_inside(attention_heat[name], masks)
    right = np.mean((attention_scores[:, 0] > 0) == answers)
    print(
        f"{name}: accuracy {right:.2f}; {attention_share[name].mean():.2f} of the attention lies inside the mask"
        f" (even attention: {masks.mean():.2f})"
    )

# %% [markdown]
# Whether attention *explains* is disputed. Weights say where the numbers came from, not what was made of them; and different weights can give the same answer ("[Attention is not explanation](https://arxiv.org/abs/1902.10186)", 2019, and the reply "[Attention is not not explanation](https://arxiv.org/abs/1908.04626)"). So measure it like any other. And note the accuracy on photographs: "always mammal" would be right in 0.67 of them. Our attention has learned on white paper only, and its weights explain a poor answer.
#
# ### 8.5 Permutation importance: a table
#
# The same questions for a table. Day 03's Titanic: five features, did this passenger survive? A small network, a part held back, and then **permutation importance**: shuffle *one column* of the held-back part, so that it has the same values but tells nothing about the passengers any more, and look how far the accuracy falls. No retraining, no gradients; it works for every model.

# %%
titanic = data.load("titanic")
table = pd.DataFrame(
    {
        "female": (titanic["sex"] == "female").astype(float),
        "age": titanic["age"].fillna(titanic["age"].median()) / 10,
        "class": titanic["passenger_class"].str[0].astype(float),
        "siblings, spouse": titanic["siblings_spouses"].clip(upper=4).astype(float),
        "parents, children": titanic["parents_children"].clip(upper=4).astype(float),
    }
)
feature_names = list(table)
people, survived = table.to_numpy("float32"), (titanic["survived"] == "yes").to_numpy("float32")


# %%
shuffled = np.random.default_rng(ready.seed).permutation(len(people))
learn_people, new_people = shuffled[:909], shuffled[909:]

keras.utils.set_random_seed(ready.seed)
scale = layers.Normalization()
scale.adapt(people[learn_people])
survival = keras.Sequential(
    [keras.Input((5,)), scale, layers.Dense(32, "relu"), layers.Dense(32, "relu"), layers.Dense(1, "sigmoid")]
)
survival.compile(optimizer=keras.optimizers.Adam(3e-3), loss="binary_crossentropy")
survival.optimizer.build(survival.trainable_variables)
survival_losses = survival.fit(people[learn_people], survived[learn_people], epochs=12, verbose=0).history["loss"]


def survival_of(rows):
    return survival.predict(rows, batch_size=4096, verbose=0)[:, 0]


# %%
def permutation_importance(predict, rows, answers, random, repeats=30):
    """Fall of the accuracy when one column is shuffled: array (columns, repeats)."""
    base = np.mean((predict(rows) > 0.5) == answers)
    result = np.empty((rows.shape[1], repeats))
    for column in range(rows.shape[1]):
        many = np.tile(rows, (repeats, 1, 1))  # (repeats, rows, columns): all in one call
        for one in many:
            one[:, column] = random.permutation(one[:, column])
        guesses = predict(many.reshape(-1, rows.shape[1])).reshape(repeats, -1) > 0.5
        result[column] = base - np.mean(guesses == answers, axis=1)
    return result


# %%
base_accuracy = np.mean((survival_of(people[new_people]) > 0.5) == survived[new_people])
importance = permutation_importance(
    survival_of, people[new_people], survived[new_people], np.random.default_rng(ready.seed)
)
print(f"accuracy on {len(new_people)} passengers held back: {base_accuracy:.3f}")
for name, values in zip(feature_names, importance, strict=True):
    print(
        f"{name:<18} shuffled: {100 * values.mean():+5.1f} points lost, ± {100 * values.std(ddof=1):.1f} from shuffle to shuffle"
    )

# %% [markdown]
# Two warnings. *Hold back*: on the training part a feature that the network has merely learned by heart would look important. *Twins*: two columns that say the same (age in years, age in months) share the work; shuffle one, the network reads the other, and both look useless.
#
# ### 8.6 SHAP: fair shares
#
# Permutation importance speaks of the model as a whole. "Why *this* passenger?" is a question of fair division: the network says 0.95 where the average is 0.4; how much of the difference is due to each feature? Lloyd Shapley solved such questions in 1953 for players who earn something together: let the players enter the room in every possible order, note what each *adds* when entering, and take the mean over all orders. For
# features ([Lundberg and Lee, 2017](https://arxiv.org/abs/1705.07874)): a feature "in the room" has this passenger's value, one outside has the values of passengers drawn from the crowd, averaged.
#
# Five features make 2⁵ = 32 sets in the room. We can compute all of them, and so the **exact** Shapley values by hand; then the package `shap` must agree.

# %%
import itertools
from math import factorial

crowd = people[learn_people[:100]]


def room_values(person):
    """The mean answer for each set of features that has the person's values: dict from a tuple of columns to a number."""
    rooms = [room for size in range(6) for room in itertools.combinations(range(5), size)]
    rows = np.tile(crowd, (len(rooms), 1, 1))
    for number, room in enumerate(rooms):
        rows[number][:, list(room)] = person[list(room)]
    return dict(zip(rooms, survival_of(rows.reshape(-1, 5)).reshape(len(rooms), -1).mean(axis=1), strict=True))


def shapley(person):
    """Exact Shapley values, one per feature: the mean of what it adds, over all 120 orders of entering."""
    value, result = room_values(person), np.zeros(5)
    for room in value:
        for player in set(range(5)) - set(room):
            orders = factorial(len(room)) * factorial(4 - len(room)) / factorial(5)  # share of orders with this room
            result[player] += orders * (value[tuple(sorted((*room, player)))] - value[room])
    return result


chances = survival_of(people[new_people])
chosen = [int(np.argmax(chances)), int(np.argsort(np.abs(chances - 0.5))[0]), int(np.argmin(chances))]
mine = np.array([shapley(people[new_people][k]) for k in chosen])

# %%
import logging

import shap

logging.getLogger("shap").setLevel(logging.ERROR)
explainer = shap.KernelExplainer(survival_of, crowd)
theirs = explainer.shap_values(people[new_people][chosen], silent=True)
shap_gap = float(np.abs(mine - theirs).max())
efficiency_gap = float(np.abs(mine.sum(axis=1) + explainer.expected_value - chances[chosen]).max())
print(f"by hand against the package: largest difference {shap_gap:.1e}")
print(f"mean answer + the five shares - the answer for the passenger: at most {efficiency_gap:.1e}")

# %%
# Drawing: permutation importance of all, and the shares of three passengers.
figure, panels = plt.subplots(1, 4, figsize=(12.5, 3.1), sharey=True, width_ratios=(1.2, 1, 1, 1))
rows = -np.arange(5)
panels[0].barh(
    rows, 100 * importance.mean(axis=1), xerr=100 * importance.std(axis=1, ddof=1), color=plots.COLOURS[4], ecolor="0.3"
)
panels[0].set(
    xlabel="accuracy lost (points)", ylabel="feature", yticks=rows, yticklabels=feature_names, title="All: shuffled"
)
for axes, k, values in zip(panels[1:], chosen, mine, strict=True):
    axes.barh(rows, values, color=[plots.COLOURS[0 if value > 0 else 5] for value in values])
    axes.axvline(0, color="black", linewidth=0.8)
    person = titanic.iloc[new_people[k]]
    age = "?" if np.isnan(person["age"]) else f"{person['age']:.0f}"
    axes.set(
        xlabel="Shapley value",
        xlim=(-0.5, 0.62),
        title=f"{person['sex']}, {age}, {person['passenger_class']} class: {chances[k]:.2f}",
    )
    axes.title.set_fontsize(10)
plots.show(
    figure,
    alt="Left, accuracy lost when a column is shuffled: "
    + ", ".join(f"{name} {100 * value:.1f}" for name, value in zip(feature_names, importance.mean(axis=1), strict=True))
    + " points. Then the Shapley values of three passengers: "
    + "; ".join(
        f"answer {chances[k]:.2f}, female {values[0]:+.2f}, class {values[2]:+.2f}"
        for k, values in zip(chosen, mine, strict=True)
    )
    + ".",
)

# %% [markdown]
# **A picture** is the same game with other players. We cut it into 8 × 8 tiles; a tile "outside the room" is replaced by a blurred version of itself. 64 players have 2⁶⁴ sets, far too many, so the package draws some (here 160, which is few: the shares are noisy) and fits the shares to them (that is KernelSHAP's idea). Values may be negative: a tile that speaks *against* the class.

# %%
blurred = ops.convert_to_numpy(ops.image.resize(ops.image.resize(scene, (8, 8), antialias=True), (SIDE, SIDE)))


def score_with(rooms):
    """Scores for rows of 64 zeros and ones: 1 shows the tile, 0 blurs it."""
    shown = rooms.reshape(-1, 8, 8).repeat(40, axis=1).repeat(40, axis=2)[..., None].astype("float32")
    return score_of(shown * scene + (1 - shown) * blurred)


np.random.seed(ready.seed)  # shap draws from NumPy's old generator
tiles = shap.KernelExplainer(score_with, np.zeros((1, 64)))
tile_values = tiles.shap_values(np.ones((1, 64)), nsamples=160, l1_reg=False, silent=True)[0].reshape(8, 8)
tile_heat = np.maximum(tile_values, 0).repeat(40, axis=0).repeat(40, axis=1)
tile_share = share_inside(tile_heat[None], mask[None])[0]
print(
    f"all blurred {score_with(np.zeros((1, 64)))[0]:.3f} + 64 shares {tile_values.sum():.3f} = {score_with(np.ones((1, 64)))[0]:.3f}"
)

# %%
figure, panels = plt.subplots(1, 5, figsize=(12.5, 2.9))
panels[0].imshow(scene.clip(0, 255).astype("uint8"))
panels[0].axis("off")
panels[0].set_title(test_titles[favourite], fontsize=9, loc="center")
four = {
    "Grad-CAM": (heat[favourite], cam_share["on photographs"][favourite]),
    "occlusion": (occlusion_heat, occlusion_share),
    "attention": (attention_heat["on photographs"][favourite], attention_share["on photographs"][favourite]),
    "SHAP, 64 tiles": (tile_heat, tile_share),
}
for axes, (name, (each, share)) in zip(panels[1:], four.items(), strict=True):
    draw_heat(axes, scene, each, mask, f"{name}: {share:.2f} inside")
plots.show(
    figure,
    alt=f"One picture, {test_titles[favourite]} on a photograph, and four explanations as heat. Share inside the animal's outline: "
    + ", ".join(f"{name} {share:.2f}" for name, (_, share) in four.items())
    + f"; even heat would have {mask.mean():.2f}.",
)

# %% [markdown]
# Four methods, four pictures. With seed 1 they agree in the main; with seed 0 it is another animal, an antelope on a cup of coffee: Grad-CAM points to its back, occlusion to the table in front of it. None of them *is* the reason; each answers a question of its own: what would a stronger channel do, what does covering cost, what was weighted, what is each tile's fair share. If they contradict each other, say so.
#
# ### 8.7 What does a layer want to see? Gradient ascent
#
# A last question, not about a picture but about the network: *which picture would excite this channel most?* Day 02's gradient descent changes weights to make a loss small. Turn it round: keep the weights, change the **picture**, to make one channel's mean large. Three tricks keep it from finding mere noise: move the picture about at
# random before each step; let large structures have their share of each step (here: the slope at four sizes, each brought to the same strength); and after each step the picture fades a little towards grey, so that only what is asked for again and again stays. This is **feature visualisation**; with it people looked into GoogLeNet ([Olah and others, 2017](https://distill.pub/2017/feature-visualization/)): edges first, then textures, then patterns, then parts of things.

# %%
LOOK = {
    "block1a_out": (3, 9, 14),
    "block3b_out": (4, 17, 30),
    "block5c_out": (11, 40, 90),
    "block7a_out": (10, 100, 300),
}
PIXELS = 128
wide = pretrained.efficientnet_lite0(include_top=False, input_shape=(PIXELS, PIXELS, 3))
windows = keras.Model(wide.input, [wide.get_layer(name).output for name in LOOK])
wanted = [
    np.eye(wide.get_layer(name).output.shape[-1], dtype="float32")[list(channels)] for name, channels in LOOK.items()
]


def excitement(pictures, *wanted):
    """Sum over layers and channels of the mean of channel c in layer l on its own picture."""
    total = 0.0
    for number, (maps, pick) in enumerate(zip(windows(pictures), wanted, strict=True)):
        own = maps[3 * number : 3 * number + 3]  # three pictures belong to each layer
        total = total + ops.sum(ops.mean(own, axis=(1, 2)) * pick)
    return total


# %%
def all_sizes(slope):
    """Let structures of four sizes have the same share of the step."""
    parts = [slope]
    for size in (8, 16, 32):
        parts.append(ops.image.resize(ops.image.resize(slope, (size, size), antialias=True), (PIXELS, PIXELS)))
    parts = [ops.convert_to_numpy(part) for part in parts]
    return sum(part / (part.std(axis=(1, 2, 3), keepdims=True) + 1e-12) for part in parts) / len(parts)


# %%
ascend, random = with_slope(excitement), np.random.default_rng(ready.seed)
dream = 127 + 6 * random.normal(size=(12, PIXELS, PIXELS, 3)).astype("float32")
excitements = []
for _ in range(50):
    shift = tuple(random.integers(-6, 7, size=2))
    value, slope = ascend(np.roll(dream, shift, axis=(1, 2)), *wanted)
    excitements.append(float(value))
    dream = dream + 5 * np.roll(all_sizes(slope), (-shift[0], -shift[1]), axis=(1, 2))
    dream = (127 + 0.98 * (dream - 127)).clip(0, 255).astype("float32")
print(f"mean excitement: {excitements[0] / 12:.2f} at the start, {excitements[-1] / 12:.2f} at the end")

# %%
plots.image_grid(
    dream.astype("uint8"),
    [f"{name.split('_')[0]}, channel {channel}" for name, channels in LOOK.items() for channel in channels],
    columns=6,
    size=1.9,
    alt="what excites twelve channels most: in block 1 plain stripes and colours, in block 3 fine textures, in block 5 patterns of curls and rings, in block 7 larger shapes.",
)

# %% [markdown]
# In block 1 single colours and stripes; in block 3 fine textures; in block 5 patterns with curls and rings; in block 7 shapes that remind one of parts of things. A channel is not a concept, and these pictures are not photographs of one; but the way from edge to texture to part, which people had guessed, can be seen.
#
# ## 9 · Seen before? A Siamese network
#
# All classifiers so far need some pictures of each class. A face scanner at a door gets *one* photograph of each employee, and new people come every week. No softmax can do that. The way out: do not learn classes, learn **when two pictures are the same thing**.
#
# A **Siamese network** ([Bromley, LeCun and others, 1993](https://papers.nips.cc/paper/1993/hash/288cc0ff022877bd3df94bc9360b9c5d-Abstract.html), for signatures) sends both pictures through the *same* encoder, with the same weights, and looks at the distance $d$ of the two codes. The **contrastive loss** ([Hadsell, Chopra, LeCun, 2006](https://doi.org/10.1109/CVPR.2006.100)) pulls the same together and pushes the different apart, but only until they are a margin $m$ away from each other:
#
# $$L = y\, d^2 + (1 - y)\, \max(0,\, m - d)^2 \qquad (y = 1: \text{the same}).$$
#
# Without the margin the loss could fall for ever by driving everything apart; without the second term, it would be zero for an encoder that answers the same to everything.

# %%
distance = np.linspace(0, 1.8, 100)
figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(distance, distance**2, label="the same thing: d²")
axes.plot(distance, np.maximum(0, 1 - distance) ** 2, "--", label="different things: max(0, 1 − d)²")
axes.set(
    xlabel="distance d of the two codes",
    ylabel="contrastive loss",
    title="Pull together, push apart to the margin 1",
    ylim=(0, 1.6),
)
axes.legend()
plots.show(
    figure,
    alt="Contrastive loss against the distance, margin 1: for the same thing it rises as a parabola from 0; for different things it falls from 1 to 0 at distance 1 and stays 0.",
)

# %% [markdown]
# Our things are emoji: 1,492 to learn from, 400 that the network never sees in training. The photographs are worn-out copies: shifted, turned, stretched, with other brightness and noise. Question: *here is one clean picture of each of 20 new emoji; which of them is this worn-out one?* Guessing is right in 5 %.


# %%
wear = keras.Sequential(
    [
        layers.RandomRotation(0.08, fill_mode="constant", fill_value=1.0, seed=ready.seed),
        layers.RandomZoom((-0.2, 0.2), (-0.2, 0.2), fill_mode="constant", fill_value=1.0, seed=ready.seed),
        layers.RandomTranslation(0.15, 0.15, fill_mode="constant", fill_value=1.0, seed=ready.seed),
        layers.RandomBrightness(0.3, value_range=(0, 1), seed=ready.seed),
        layers.GaussianNoise(0.12, seed=ready.seed),
    ]
)


def worn(pictures):
    return ops.convert_to_numpy(wear(pictures, training=True)).clip(0, 1)


emoji_paper = emoji_paper.astype("float32")
worn_known = np.stack([worn(emoji_paper[known]) for _ in range(4)])  # (4, 1492, 32, 32, 3)
worn_new = worn(emoji_paper[unknown])
plots.image_grid(
    np.concatenate([emoji_paper[unknown[:10]], worn_new[:10]]),
    ["clean"] * 10 + ["worn"] * 10,
    columns=10,
    alt="ten emoji of the held-back part, clean, and below them worn: turned, shifted, stretched, darker or lighter, with noise.",
)

# %%
keras.utils.set_random_seed(ready.seed)
MARGIN = 1.0
encoder = keras.Sequential([keras.Input((32, 32, 3))])
for filters in (16, 32, 64):
    encoder.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
    encoder.add(layers.MaxPooling2D(2))
encoder.add(layers.Flatten())
encoder.add(layers.Dense(64))
encoder.add(layers.UnitNormalization())  # codes of length 1: no distance is larger than 2

one, other = keras.Input((32, 32, 3)), keras.Input((32, 32, 3))
difference = layers.Subtract()([encoder(one), encoder(other)])
code_distance = ops.sqrt(ops.sum(ops.square(difference), axis=1, keepdims=True) + 1e-9)
siamese = keras.Model([one, other], code_distance)


def contrastive(same, distance):
    """Contrastive loss per pair: same (n, 1) is 1 for a pair of the same thing, else 0."""
    return same * distance**2 + (1 - same) * ops.maximum(0.0, MARGIN - distance) ** 2


siamese.compile(optimizer=keras.optimizers.Adam(1e-3), loss=contrastive)
siamese.optimizer.build(siamese.trainable_variables)


# %% [markdown]
# Pairs: half of them a clean emoji and a worn copy of it, half a clean one and a worn copy of *another*. Random strangers are soon too easy; the encoder learns more from **hard negatives**, others that look alike. For half of the strangers we take a neighbour in Unicode's order, in which the cats stand together, and the flags.


# %%
def make_pairs(count, random):
    """(clean (count, 32, 32, 3), worn (count, 32, 32, 3), same (count, 1)); half of the pairs are the same."""
    first = random.integers(0, len(known), count)
    same = np.arange(count) % 2
    rank = np.argsort(known)  # the known emoji in Unicode's order
    where = np.argsort(rank)
    near = rank[(where[first] + random.integers(1, 6, count)) % len(known)]
    stranger = (first + random.integers(1, len(known), count)) % len(known)
    other = np.where(random.random(count) < 0.5, near, stranger)
    second = np.where(same == 1, first, other)
    return emoji_paper[known[first]], worn_known[random.integers(0, 4, count), second], same[:, None].astype("float32")


random, siamese_losses = np.random.default_rng(ready.seed), []
for _ in range(4):
    clean_half, worn_half, same = make_pairs(6400, random)
    siamese_losses += siamese.fit([clean_half, worn_half], same, batch_size=64, verbose=0).history["loss"]
print("loss per epoch:", np.round(siamese_losses, 3))


# %%
def one_shot(clean_codes, worn_codes, ways=20, rounds=400):
    """Share of worn pictures assigned to the right one of `ways` clean ones, drawn anew each round."""
    random, hits = np.random.default_rng(ready.seed), 0
    for _ in range(rounds):
        chosen = random.choice(len(clean_codes), ways, replace=False)
        apart = np.linalg.norm(clean_codes[chosen] - worn_codes[chosen[0]], axis=1)
        hits += int(np.argmin(apart) == 0)
    return hits / rounds


clean_codes, worn_codes = (
    encoder.predict(images, batch_size=500, verbose=0) for images in (emoji_paper[unknown], worn_new)
)
flat_new = flat_emoji[unknown]
shots = {
    "guessing": 1 / 20,
    "raw pixels": one_shot(flat_new, worn_new.reshape(len(worn_new), -1)),
    "PCA, 200 numbers": one_shot(
        emoji_pca.transform(flat_new), emoji_pca.transform(worn_new.reshape(len(worn_new), -1))
    ),
    "Siamese network, 64 numbers": one_shot(clean_codes, worn_codes),
}
for name, value in shots.items():
    print(f"{name:<28} {value:.3f} of 400 rounds right, one picture each of 20 new emoji")

# %% [markdown]
# **Has this emoji been seen before?** The same distance answers it. Our album holds half of the 400 new emoji, one clean picture each. A worn picture comes: its distance to the *nearest* page of the album should be small if it is in there, and larger if not. A threshold decides. The **ROC curve** on the right shows what each threshold costs: the share of strangers taken for known, against the share of known ones recognised. The **area** under it is the chance that a known picture lies nearer than a stranger: 0.5 is guessing, 1 is perfect.

# %%
from sklearn.metrics import roc_auc_score, roc_curve

album = clean_codes[:200]
nearest = np.linalg.norm(worn_codes[:, None] - album[None], axis=2).min(axis=1)  # (400,)
in_album = np.arange(400) < 200
nearest_pixels = np.linalg.norm(worn_new.reshape(400, 1, -1) - flat_new[:200][None], axis=2).min(axis=1)
figure, panels = plt.subplots(1, 2, figsize=(10.5, 3.6))
bins = np.linspace(0, nearest.max(), 31)
panels[0].hist(nearest[in_album], bins, color=plots.COLOURS[0], alpha=0.75, label="in the album")
panels[0].hist(
    nearest[~in_album], bins, histtype="step", color=plots.COLOURS[5], linewidth=2, hatch="///", label="never seen"
)
panels[0].set(xlabel="distance to the nearest page", ylabel="pictures", title="Seen before?")
panels[0].legend()
seen_auc = {}
for (name, values), style in zip((("Siamese", nearest), ("raw pixels", nearest_pixels)), ("-", "--"), strict=True):
    false_alarms, found, _ = roc_curve(in_album, -values)
    seen_auc[name] = roc_auc_score(in_album, -values)
    panels[1].plot(false_alarms, found, style, label=f"{name}: area {seen_auc[name]:.2f}")
panels[1].plot([0, 1], [0, 1], ":", color="black", linewidth=1, label="guessing: area 0.50")
panels[1].set(xlabel="strangers taken for known (share)", ylabel="known recognised (share)", title="Every threshold")
panels[1].legend(loc="lower right")
plots.show(
    figure,
    alt=f"Left, distances to the nearest page of the album: pictures in it have a mean of {nearest[in_album].mean():.2f}, strangers {nearest[~in_album].mean():.2f}. Right, known ones"
    f" recognised against strangers wrongly admitted, for every threshold; area {seen_auc['Siamese']:.2f} for the Siamese network, {seen_auc['raw pixels']:.2f} for raw pixels.",
)

# %% [markdown]
# A clean picture and four worn ones of each thing to learn from, no class, no softmax: that is enough to pick the right one of twenty things which the network never met. "Seen before?" is the harder question, for among 200 pages something always looks a little alike: the two hills overlap, and the area is far from 1. The threshold is a decision about costs: a door that lets a stranger in is worse than one that asks twice.
#
# ## What you should see
#
# The bands are the range over three seeds, measured by us with some room.

# %%
expect("photographs: “espresso” for coffee (probability)", guesses[list(photographs).index("coffee")][0][1], low=0.8)
expect("raw pixels, mammal or bird (accuracy)", scores["mammal or bird", "raw pixels"][0], low=0.6, high=0.8)
expect("frozen features, mammal or bird (accuracy)", scores["mammal or bird", "frozen features"][0], low=0.95)
expect("fine-tuned, mammal or bird (accuracy)", tuned_right.mean(), low=0.93)
expect("fine-tuned minus frozen, same folds (accuracy)", tuned_right.mean() - frozen_right.mean(), low=-0.02, high=0.04)
expect(
    "1 from each class: frozen features (balanced accuracy)", by_number["frozen features"][0].mean(), low=0.6, high=0.88
)
expect("24 from each class: raw pixels (balanced accuracy)", by_number["raw pixels"][-1].mean(), low=0.5, high=0.78)
expect("24 mammals, 4 birds: birds right without weights (share)", uneven[4, None][1], low=0.2, high=0.8)
expect("linear autoencoder's error over PCA's", linear_error / pca_error, low=0.99, high=1.05)


# %%
expect("principal angles: median (degrees)", np.median(angles), high=5)
expect(
    "convolutional autoencoder's error over PCA's",
    errors["convolutional autoencoder, 32 numbers"] / errors["PCA, 32 numbers"],
    high=0.9,
)
expect(
    "noise taken off: autoencoder's error over PCA's",
    errors["noise taken off by the denoising autoencoder"] / errors["noise taken off by PCA"],
    high=0.95,
)
expect("heat inside the mask, on white paper (share)", cam_share["on white paper"].mean(), low=0.55)
expect("heat inside the mask, on photographs (share)", cam_share["on photographs"].mean(), low=0.35)
expect("the same with random weights everywhere (share)", sanity["+ all"][0], high=0.3)
expect("Shapley values by hand against the package (largest difference)", shap_gap, high=1e-3)
expect("accuracy lost by shuffling “female” (share)", importance[0].mean(), low=0.1, high=0.35)
expect("one-shot, 20 new emoji: Siamese network (share right)", shots["Siamese network, 64 numbers"], low=0.75)
expect("seen before: area under the curve, Siamese network", seen_auc["Siamese"], low=0.58, high=0.85)
expect_learned("linear autoencoder", linear_losses, factor=0.8)
expect_learned("survival network", survival_losses, factor=0.95)
expect_learned("Siamese network", siamese_losses, factor=0.8)
expect_varied("classifier", features @ solved.coef_[0])

# %% [markdown]
# ## Summary
#
# 1. A pretrained body turns pictures into features; one new neuron on top, eighty pictures, and the job is done. Give the body the kind of input it was trained on: a wrong scale makes no error message.
# 2. Judge with whole kinds per fold, a baseline and an interval. On a hundred pictures two methods are rarely different.
# 3. Fine-tune late, gently, with frozen batch normalisation; what is frozen can be computed once.
# 4. Augmentation tells the network what may change without changing the answer; whether it helps here, only a measurement tells. Autoencoders learn from pictures without labels; a linear one is PCA.
# 5. An explanation is a claim: test it against a known mask and against a network with random weights. Grad-CAM asks for gradients, occlusion and SHAP only for answers; a Siamese network recognises by distance.
#
# ## Quiz
#
# **1. You put a new head on a frozen body, and the accuracy is that of guessing. The learning rate is fine. What do you look at first?**
# <details><summary>Answer</summary>
#
# At what goes in: the scale of the pixels (0…1 or 0…255, or shifted), the order of the colours, the size. The body expects what it was trained on and says nothing if it gets something else (section 3).
#
# </details>
#
# **2. Why is the head trained first and the body thawed later?**
# <details><summary>Answer</summary>
#
# The first gradients of a random head are large and know nothing of the task; let into the body, they overwrite what it has learned.
#
# </details>
#
# **3. A colleague augments each photograph tenfold, splits at random, and reports 0.99. Do you believe it?**
# <details><summary>Answer</summary>
#
# No. Copies of one photograph stand on both sides; the test measures memory. Split first, by the thing photographed, then augment the learning part only.
#
# </details>
#
# **4. Grad-CAM's heat lies on the animal. A network with random weights gives nearly the same heat. What have you learned about the network?**
# <details><summary>Answer</summary>
#
# Nothing. The explanation does not depend on what was learned; it shows something about the picture (edges, contrast), not about the network.
#
# </details>
#
# **5. Two columns of a table hold the same thing in other units. What do permutation importance and SHAP say about them?**
# <details><summary>Answer</summary>
#
# Shuffle one, and the model can still read the other: both look less important than the thing is, or not important at all. Shapley values divide the share between the two. Shuffle twins together.
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning with Scikit-Learn, Keras and TensorFlow*, 3rd ed., chapter 14 (pretrained models) and chapter 17 (autoencoders).
# - Tan, Le: [EfficientNet](https://arxiv.org/abs/1905.11946) (2019). Yosinski and others: [How transferable are features in deep neural networks?](https://arxiv.org/abs/1411.1792) (2014).
# - Selvaraju and others: [Grad-CAM](https://arxiv.org/abs/1610.02391) (2017), and its test: Adebayo and others, [Sanity checks for saliency maps](https://arxiv.org/abs/1810.03292) (2018).
# - Christoph Molnar: [Interpretable Machine Learning](https://christophm.github.io/interpretable-ml-book/), a free book: permutation importance, Shapley values and their traps.
# - Olah, Mordvintsev, Schubert: [Feature visualization](https://distill.pub/2017/feature-visualization/) (2017), with GoogLeNet's layers to walk through.
# - Keras: [Transfer learning and fine-tuning](https://keras.io/guides/transfer_learning/), and [image_dataset_from_directory](https://keras.io/api/data_loading/image/).
#
# ## Now you
#
# The [exercises](../exercises/day08_transfer_learning.ipynb) answer back; the [solutions](../solutions/day08_transfer_learning.ipynb) explain.
# Tomorrow, day 09: not only *what* is in the picture, but *where*.
