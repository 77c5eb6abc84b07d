# %% [markdown]
# # Day 09 · Where is it? Boxes, outlines, points
#
# **Today your network stops naming whole pictures: it draws a box around every thing it sees, then tells land from sea pixel by pixel, and you judge it by measures that you have written yourself.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **build** a network with two branches, one for a name and one for a box, and weigh their losses;
# - **write** IoU, non-maximum suppression and mAP, and test them against libraries;
# - **train** a grid detector in the manner of YOLO, and say in which ways it fails;
# - **write** a U-Net, and show when its skip connections matter;
# - **explain** R-CNN, YOLO v3, PointNet and SAM, each by the one idea it adds.
#
# **Time:** 120 minutes of reading and trying; the code runs in five to six minutes on two CPU cores.
# Cells that begin with `# Drawing` are folded and hold no new idea: run them and look at the picture.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | localisation | Lokalisierung | segmentation | Segmentierung |
# | object detection | Objekterkennung | mask | Maske |
# | bounding box | umschließendes Rechteck, Box | skip connection | Sprungverbindung |
# | intersection over union (IoU) | Schnitt durch Vereinigung | upsampling | Hochskalieren |
# | non-maximum suppression | Unterdrückung von Nicht-Maxima | transposed convolution | transponierte Faltung |
# | branch | Zweig | point cloud | Punktwolke |
# | precision, recall | Präzision, Trefferquote | to label, annotate | auszeichnen, annotieren |
#
# </details>

# %% tags=["setup"]
from utils import data, fast, plots, pretrained, runtime
from utils.expect import expect, expect_learned, expect_varied

import time

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras import layers, ops
from PIL import Image

ready = runtime.setup(seed=1)
random = np.random.default_rng(ready.seed)

# %% [markdown]
# ## 1 · Four questions about one picture
#
# So far a picture had one name. That is enough for a photograph of one cat. A car that drives itself, a doctor with a scan or a farmer with a satellite picture asks more:
#
# | question | task | answer for a picture of height H and width W |
# |---|---|---|
# | What is it? | **classification** | one name |
# | What is it, and where? | **localisation** | one name, one box: 4 numbers |
# | What is there, and where is each? | **detection** | a list of any length: name, box, certainty |
# | Which pixels belong to what? | **segmentation** | a name for each pixel: H × W names |
#
# The last comes in two sorts: *semantic* segmentation says "mammal" for each pixel of a mammal; *instance* segmentation also says which of the two mammals. (Both at once is called *panoptic*.)
#
# ### 1.1 Pictures whose answers cost nothing
#
# Names are cheap, boxes are dear, outlines dearer: somebody has to draw them (section 3.11 says with what). We save that work. Our cut-outs have an *opacity* for every pixel, so whoever pastes one on a background
# knows its outline, and from the outline its box (of the whole thing, covered parts included). The backgrounds are satellite pictures, in which nothing is a bird or a teapot. What we get are giants over the coast.
#
# Five kinds of thing, made of the larger classes of the cut-outs. And the rule that decides how much our numbers are worth: **no sort of thing is on both sides**. If a lion is among the pictures to learn from, no lion
# is among the test pictures; and the test backgrounds are from other longitudes.

# %%
cutouts, coast = data.load("cutouts"), data.load("coast")
merged = {"bird": "bird", "mammal": "mammal", "flower": "plant", "plant": "plant"}
merged |= {"fruit": "food", "vegetable": "food", "object": "thing", "vehicle": "thing"}
class_names = ["bird", "mammal", "plant", "food", "thing"]


def pool_of(part):
    """The cut-outs of "train" or "test": pictures (n, 96, 96, 4) and class numbers (n,)."""
    old_names = cutouts["classes"][cutouts[f"{part}_labels"]]
    kept = np.isin(old_names, list(merged))  # fish and "other animals" are too few
    return cutouts[f"{part}_images"][kept], np.array([class_names.index(merged[name]) for name in old_names[kept]])


seen_pool, unseen_pool = pool_of("train"), pool_of("test")
for name, (_, labels) in (("to learn from", seen_pool), ("unseen", unseen_pool)):
    counts = np.bincount(labels, minlength=5)
    print(f"{name:<14} {len(labels):>3} cut-outs: {dict(zip(class_names, counts.tolist(), strict=True))}")

# %% [markdown]
# Pasting: bring the cut-out to a random size, mirror half of them, crop to what is opaque, find a place where it does not hide the others too much, and mix with the background by its opacity.
# For each object we write down *left, top, right, bottom* as fractions of the picture, and the class.

# %%
SIZE = 192  # pixels of a scene's height and width


def shrink(cutout, size, mirrored):
    """Scale a cut-out (96, 96, 4) to a frame of `size` pixels and crop it to what is opaque."""
    small = np.asarray(Image.fromarray(cutout).resize((size, size), Image.Resampling.BILINEAR), "float32")
    opaque = small[..., 3] > 127
    rows, columns = np.flatnonzero(opaque.any(axis=1)), np.flatnonzero(opaque.any(axis=0))
    small = small[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return small[:, ::-1] if mirrored else small


def paste(scene, owners, thing, left, top, number):
    """Lay a thing over the scene, in place; `owners` says for each pixel whose it is."""
    window = slice(top, top + len(thing)), slice(left, left + thing.shape[1])
    opacity = thing[..., 3:] / 255
    scene[window] = opacity * thing[..., :3] + (1 - opacity) * scene[window]
    owners[window][opacity[..., 0] > 0.5] = number


# %%
def compose(pool, grounds, count, least, most):
    """Make scenes with `least` to `most` things each.

    Returns:
        scenes, uint8 (count, SIZE, SIZE, 3); for each scene a table (things, 5) of left, top, right, bottom as fractions
        and the class; owners, uint8 (count, SIZE, SIZE): 0 for the ground, else the number of the thing from 1.
    """
    scenes, tables, all_owners = [], [], np.zeros((count, SIZE, SIZE), "uint8")
    for owners in all_owners:
        ground = Image.fromarray(grounds[random.integers(len(grounds))])
        scene = np.array(ground.resize((SIZE, SIZE), Image.Resampling.BILINEAR), "float32")
        table = np.zeros((0, 5))
        for number in range(1, random.integers(least, most + 1) + 1):
            for _ in range(20):  # so many attempts to find a free place
                chosen = random.integers(len(pool[0]))
                thing = shrink(pool[0][chosen], int(SIZE * random.uniform(0.3, 0.6)), random.random() < 0.5)
                height, width = thing.shape[:2]
                left, top = random.integers(0, SIZE - width + 1), random.integers(0, SIZE - height + 1)
                box = np.array([left, top, left + width, top + height]) / SIZE
                if not len(table) or iou_matrix(box[None], table[:, :4]).max() < 0.15:
                    paste(scene, owners, thing, left, top, number)
                    table = np.vstack([table, [*box, pool[1][chosen]]])
                    break
        scenes.append(scene.clip(0, 255).astype("uint8"))
        tables.append(table)
    return np.stack(scenes), tables, all_owners


# %% [markdown]
# One function is missing: `iou_matrix`, which says how much two boxes overlap. It is the first thing to understand today.
#
# ### 1.2 Intersection over union
#
# How good is a box? The distance between corners in pixels will not do: ten pixels are nothing for an elephant and everything for a fly. Nor will the area they share: a box around the whole
# picture shares everything with everything. So divide what both cover by what at least one covers:
#
# $$\text{IoU}(A, B) = \frac{\text{area of } A \cap B}{\text{area of } A \cup B}, \qquad \text{area of } A \cup B = \text{area } A + \text{area } B - \text{area of } A \cap B .$$
#
# 1 means the same box, 0 means no common pixel, and the size of the thing does not matter. The intersection of two boxes is a box again: its left side is the *larger* of the two left sides, its right side the *smaller*
# of the two right sides. If then right is left of left, there is none, and the width must become 0, not negative. (Two negative sides would multiply to a positive area: the classic mistake.)


# %%
def iou_matrix(first, second):
    """IoU of each box with each: (m, 4) and (n, 4), left, top, right, bottom -> (m, n)."""
    corner = np.maximum(first[:, None, :2], second[None, :, :2])  # top left corner of the intersection
    opposite = np.minimum(first[:, None, 2:], second[None, :, 2:])  # bottom right
    common = np.clip(opposite - corner, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (first, second)]
    return common / (areas[0][:, None] + areas[1][None] - common)


example = np.array([[0.0, 0.0, 2.0, 2.0]]), np.array([[1.0, 0.0, 3.0, 2.0], [0.0, 0.0, 2.0, 1.0], [3.0, 3.0, 4.0, 4.0]])
print("a square of 2 × 2 with: itself moved by half its width, its upper half, one far away:")
print(iou_matrix(*example).round(3))

# %% [markdown]
# Moved by half its width: 2 of 6 squares are common, a third. (Many people expect one half.) Is it what a library computes? Keras has `compute_iou`; we try a hundred times a hundred random boxes.

# %%
from keras.utils import bounding_boxes

corners = np.sort(random.uniform(0, 100, (2, 100, 2, 2)), axis=2)  # sorted: left before right, top before bottom
first, second = corners.reshape(2, 100, 4)
theirs = ops.convert_to_numpy(bounding_boxes.compute_iou(first, second, bounding_box_format="xyxy"))
iou_difference = float(np.abs(iou_matrix(first, second) - theirs).max())
print(f"10,000 pairs, {np.mean(theirs > 0):.0%} of them overlap; largest difference to Keras {iou_difference:.1e}")

# %% [markdown]
# Keras wants to be told the *format*, and that is the commonest source of nonsense in detection: left, top, right, bottom (`xyxy`)? Left, top, width, height (`xywh`, COCO's)? Centre, width, height
# (`center_xywh`, YOLO's)? y before x (`yxyx`, TensorFlow's)? In pixels or as fractions (`rel_`)? All are four plausible numbers. Write it down at every function.
#
# How good is 0.5, then? Look, and then move the box yourself.


# %%
def draw_boxes(axes, boxes, colour, style="-", texts=None):
    """Draw boxes, given as fractions of a scene, on axes in pixels."""
    for number, (left, top, right, bottom) in enumerate(np.asarray(boxes)[:, :4] * SIZE):
        axes.add_patch(plt.Rectangle((left, top), right - left, bottom - top, fill=False, ec=colour, lw=2, ls=style))
        if texts is not None:
            axes.text(left, top - 2, texts[number], size=7.5, va="bottom", bbox=dict(fc="white", ec=colour, pad=1.2))


# %%
elephant = cutouts["train_images"][cutouts["train_kinds"].tolist().index("elephant")]


def draw_iou(right, down, size):
    """A box moved by `right` and `down` (percent of the true box) and scaled by `size` (percent)."""
    thing = shrink(elephant, 110, mirrored=False)
    height, width = thing.shape[:2]
    scene, owners = np.full((SIZE, SIZE, 3), 235.0), np.zeros((SIZE, SIZE), "uint8")
    paste(scene, owners, thing, 40, 50, 1)
    truth = np.array([[40, 50, 40 + width, 50 + height]]) / SIZE
    centre = np.array([40 + width * (0.5 + right / 100), 50 + height * (0.5 + down / 100)])
    half = np.array([width, height]) / 2 * size / 100
    box = np.concatenate([centre - half, centre + half])[None] / SIZE
    value = iou_matrix(box, truth)[0, 0]
    figure, axes = plt.subplots(figsize=(3.4, 3.6))
    axes.imshow(scene.astype("uint8"))
    draw_boxes(axes, truth, "black")
    draw_boxes(axes, box, plots.COLOURS[5], "--")
    axes.set_title(f"IoU {value:.2f}", loc="center")
    axes.axis("off")
    return figure, f"An elephant, its true box drawn solid and another box drawn dashed; their IoU is {value:.2f}."


plots.interact(
    draw_iou,
    right=ipywidgets.IntSlider(value=18, min=-100, max=100, step=2, continuous_update=False),
    down=ipywidgets.IntSlider(value=18, min=-100, max=100, step=2, continuous_update=False),
    size=ipywidgets.IntSlider(value=100, min=20, max=200, step=5, continuous_update=False),
)

# %% [markdown]
# An IoU of 0.5 is a sloppy box, and still everybody would say "found". That is why 0.5 is the usual bar for *found*. 0.75 looks good, 0.9 is about as well as two people agree.
#
# ### 1.3 The scenes
#
# Now we can compose. For localisation, scenes with one thing; for detection, scenes with one to four. Of each, some to learn from, some with the *same* cut-outs in new arrangements ("seen"), some with cut-outs of the test
# side ("unseen").

# %%
grounds = {"train": coast["train_colours"], "test": coast["test_colours"]}
start = time.perf_counter()
single = compose(seen_pool, grounds["train"], 500, 1, 1)
single_tests = {
    "seen": compose(seen_pool, grounds["test"], 150, 1, 1),
    "unseen": compose(unseen_pool, grounds["test"], 150, 1, 1),
}
several = compose(seen_pool, grounds["train"], 1000, 1, 4)
several_tests = {
    "seen": compose(seen_pool, grounds["test"], 150, 1, 4),
    "unseen": compose(unseen_pool, grounds["test"], 150, 1, 4),
}
print(
    f"{sum(len(each[0]) for each in (single, several, *single_tests.values(), *several_tests.values())):,} scenes",
    end="",
)
print(f" in {time.perf_counter() - start:.0f} seconds; {sum(map(len, several[1])):,} things in the 1,000 with several")

# %%
# Drawing: the four questions, asked of two scenes.
shown = next(n for n, table in enumerate(several[1]) if len(table) == 3 and len(set(table[:, 4])) == 2)
one_scene, one_table = single[0][0], single[1][0]
scene, table, owners = (part[shown] for part in several)
classes_of_pixels = np.concatenate([[0], table[:, 4] + 1])[owners]  # 0 for the ground, else class + 1
figure, panels = plt.subplots(1, 5, figsize=(12, 3))
names = [class_names[int(label)] for label in table[:, 4]]
for axes, picture, title in zip(
    panels,
    (one_scene, one_scene, scene, classes_of_pixels, owners),
    ("classification", "localisation", "detection", "segmentation:\nsemantic", "segmentation:\ninstance"),
    strict=True,
):
    limits = dict(cmap="cividis", vmin=0, vmax=5) if picture.ndim == 2 else {}
    axes.imshow(picture if picture is not owners else owners * 5 / 3, **limits)
    axes.set_title(title, fontsize=10, loc="center")
    axes.axis("off")
one_name = class_names[int(one_table[0, 4])]
panels[0].text(SIZE / 2, SIZE + 4, one_name, ha="center", va="top")
draw_boxes(panels[1], one_table, plots.COLOURS[5], texts=[one_name])
draw_boxes(panels[2], table, plots.COLOURS[5], texts=names)
plots.show(
    figure,
    alt=f"Five panels. A scene with one thing, named {one_name}; the same with its box; a scene with boxes around {', '.join(names)}; "
    f"its pixels shaded by class, {len(set(names))} shades beside the ground; its pixels shaded by thing, three shades.",
)

# %% [markdown]
# The shape of the answers: a name is a vector of 5 probabilities. A box is 4 numbers. Masks have the shape *(images, height, width)* with a class number at each pixel, or one-hot *(images, height, width, classes)*, which is
# also the shape in which a network will give its probabilities.
#
# ## 2 · One thing: a network with two branches
#
# ### 2.1 Eyes that were trained by others
#
# Fewer than 200 cut-outs are far too few to learn seeing. So we do what you did on day 08: EfficientNet-Lite0 has seen ImageNet, and we keep it **frozen**. Its features never change, so we compute them once. This time we
# do not average them over the picture: averaging is what throws the *where* away. We take two maps, a coarse one that knows much and a finer one that knows better where.

# %%
start = time.perf_counter()
eyes = pretrained.efficientnet_lite0(include_top=False, input_shape=(SIZE, SIZE, 3))
eyes = keras.Model(eyes.input, [eyes.get_layer("block5c_out").output, eyes.output])


def look(scenes):
    """Features of scenes: [(n, 12, 12, 112), (n, 6, 6, 1280)]."""
    return [maps.astype("float16") for maps in eyes.predict(scenes, batch_size=50, verbose=0)]


single_features, several_features = look(single[0]), look(several[0])
single_looks = {name: look(test[0]) for name, test in single_tests.items()}
several_looks = {name: look(test[0]) for name, test in several_tests.items()}
print(
    f"features {single_features[0].shape[1:]} and {single_features[1].shape[1:]}, {time.perf_counter() - start:.0f} seconds"
)

# %% [markdown]
# ### 2.2 Two branches, two losses
#
# The functional API (day 06) was made for this: one trunk, and from it two branches.
#
# - The **name** branch averages the coarse map over all places. Softmax, cross-entropy: *classification*.
# - The **box** branch must not average. It reduces each place to few numbers, lays all places in a row (`Flatten` keeps the place: number 17 always comes from the same corner) and
#   computes four numbers between 0 and 1: centre x, centre y, width, height. That is *regression*, **box regression**. Its loss is the mean absolute error: unlike the squared one
#   it does not care most for the few worst boxes.
#
# The training minimises *one* number, the weighted sum of both losses. The weights are ours to choose. At the start a cross-entropy is about log 5 ≈ 1.6 and an absolute error about 0.1; with equal weights the box would hardly
# be heard by the shared part. We give it 10.


# %%
def two_branches():
    """Features -> name (5 probabilities) and box (centre x, centre y, width, height, as fractions)."""
    fine, coarse = keras.Input((12, 12, 112), name="fine"), keras.Input((6, 6, 1280), name="coarse")
    trunk = layers.Conv2D(64, 1, activation="relu", name="trunk")(layers.SpatialDropout2D(0.3)(coarse))

    average = layers.GlobalAveragePooling2D()(trunk)
    name = layers.Dense(5, activation="softmax", dtype="float32", name="name")(average)

    detail = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")(fine)  # (6, 6, 32)
    places = layers.Flatten()(layers.Concatenate()([trunk, detail]))
    places = layers.Dense(64, activation="relu")(places)
    box = layers.Dense(4, activation="sigmoid", dtype="float32", name="box")(places)
    return keras.Model([fine, coarse], {"name": name, "box": box})


def to_centre(boxes):
    """Left, top, right, bottom -> centre x, centre y, width, height."""
    return np.concatenate([(boxes[..., :2] + boxes[..., 2:4]) / 2, boxes[..., 2:4] - boxes[..., :2]], axis=-1)


def to_corners(boxes):
    """Centre x, centre y, width, height -> left, top, right, bottom."""
    return np.concatenate([boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2], axis=-1)


# %%
# Drawing: boxes with text and arrows, for this diagram and the later ones.
def draw_blocks(axes, blocks, arrows, size=8.5):
    """Boxes with text at (x, y, width, height), and arrows between their sides."""
    for x, y, width, height, text, shade in blocks.values():
        axes.add_patch(plt.Rectangle((x, y), width, height, facecolor=shade, edgecolor="0.25", linewidth=1))
        axes.text(x + width / 2, y + height / 2, text, ha="center", va="center", size=size)
    for origin, goal in arrows:
        x, y, width, height = blocks[origin][:4]
        to_x, to_y, _, to_height = blocks[goal][:4]
        axes.annotate(
            "",
            (to_x, to_y + to_height / 2),
            (x + width, y + height / 2),
            arrowprops=dict(arrowstyle="-|>", color="0.25"),
        )
    axes.axis("off")


# %%
# Drawing: the network with two branches.
figure, axes = plt.subplots(figsize=(10, 2.7))
axes.set(xlim=(0, 100), ylim=(0, 30))
draw_blocks(
    axes,
    {
        "scene": (0, 11, 11, 8, "scene\n192 × 192 × 3", "white"),
        "eyes": (15, 6, 15, 18, "EfficientNet-Lite0\n(frozen)", "0.85"),
        "fine": (34, 2, 13, 8, "fine\n12 × 12 × 112", "white"),
        "coarse": (34, 19, 13, 8, "coarse\n6 × 6 × 1280", "white"),
        "trunk": (51, 19, 12, 8, "trunk\n6 × 6 × 64", "#cfe3f3"),
        "average": (67, 19, 14, 8, "average over\nall places", "#cfe3f3"),
        "flat": (67, 2, 14, 8, "all places in a row\ndense 64", "#f7e2b8"),
        "name": (85, 19, 15, 8, "name: 5 softmax\ncross-entropy × 1", "#cfe3f3"),
        "box": (85, 2, 15, 8, "box: 4 sigmoid\nabsolute error × 10", "#f7e2b8"),
    },
    [
        ("scene", "eyes"), ("eyes", "fine"), ("eyes", "coarse"), ("coarse", "trunk"), ("trunk", "average"), ("average", "name"),
        ("trunk", "flat"), ("fine", "flat"), ("flat", "box"),
    ],
)  # fmt: skip
plots.show(
    figure,
    alt="Block diagram: scene, frozen EfficientNet-Lite0, two maps; the coarse map feeds a trunk. From the trunk one branch averages over all places"
    " and gives the name; the other lays all places in a row, together with the fine map, and gives the box.",
)

# %% [markdown]
# The rate follows day 06's one cycle: it rises, then falls along a cosine. Beside it we take day 06's optimizer **Muon**, which makes all directions of a kernel's step equally long. The localiser does with AdamW; the networks of convolutions in sections 3 and 4 take Muon,
# because it saves most of the epochs. Both were written out there; `utils.fast` holds the same lines.


# %%
single_boxes = np.concatenate(single[1])  # (500, 5): one thing in each scene
keras.utils.set_random_seed(ready.seed)
localiser = two_branches()
steps = 20 * -(-len(single_boxes) // 32)
localiser.compile(
    optimizer=keras.optimizers.AdamW(fast.OneCycle(2e-3, steps)),
    loss={"name": "sparse_categorical_crossentropy", "box": "mean_absolute_error"},
    loss_weights={"name": 1.0, "box": 10.0},
)
localiser.optimizer.build(localiser.trainable_variables)
targets = {"name": single_boxes[:, 4].astype("int32"), "box": to_centre(single_boxes).astype("float32")}
localiser_history = localiser.fit(single_features, targets, batch_size=32, epochs=20, verbose=0).history
for key in ("loss", "name_loss", "box_loss"):
    print(f"{key:<10} {localiser_history[key][0]:.3f} -> {localiser_history[key][-1]:.3f}")

# %% [markdown]
# ### 2.3 Two answers, two measures
#
# The name is judged by accuracy, the box by IoU: its mean, and the share above 0.5. Beside them the baseline that every regression deserves: always the commonest name, always the mean box.

# %%
commonest, mean_box = np.bincount(targets["name"]).argmax(), targets["box"].mean(axis=0)
rows, found = {}, {}
for part, (_, tables, _) in single_tests.items():
    truth = np.concatenate(tables)
    answer = localiser.predict(single_looks[part], verbose=0)
    answers = {"network": (answer["name"].argmax(axis=1), answer["box"])}
    answers["baseline"] = np.full(len(truth), commonest), np.tile(mean_box, (len(truth), 1))
    for who, (names, boxes) in answers.items():
        overlap = np.array(
            [iou_matrix(a[None], b[None])[0, 0] for a, b in zip(to_corners(boxes), truth[:, :4], strict=True)]
        )
        found[part, who] = names, to_corners(boxes), overlap
        right = float(np.mean(names == truth[:, 4]))
        rows[f"{who}, {part} cut-outs"] = [right, overlap.mean(), np.mean(overlap >= 0.5)]
single_results = pd.DataFrame(rows, index=["name right", "mean IoU", "IoU ≥ 0.5"]).T
single_results.round(3)

# %% [markdown]
# Compare the two lines of the network. The **box** is as good on things it has never seen as on those it has; the **name** is less often right. It makes sense: what separates a thing from its background is much the same for lions and for
# teapots, but that a *zebra* is a mammal has to be known. Boxes transfer better than names; section 3, with more things to judge by, will show it more clearly. Keep that in mind when somebody shows you a detector at work on pictures like its
# training pictures.
#
# And the boxes are poor: far above the baseline, yet about half of them miss the bar of 0.5. Its dense layer reads all places in a row, so what it learns of a thing in one corner it has to learn again for each other corner. Section 3 does better, with convolutions, which look at every
# place with the same weights.
#
# Here are unseen things, the worst boxes in the second row.

# %%
scenes, tables, _ = single_tests["unseen"]
names, boxes, overlap = found["unseen", "network"]
truth = np.concatenate(tables)
order = np.argsort(overlap)
chosen = [*order[(np.linspace(0.3, 0.98, 6) * len(order)).astype(int)], *order[:6]]
figure, grid = plt.subplots(2, 6, figsize=(11, 4.2))
for axes, n in zip(grid.flat, chosen, strict=True):
    axes.imshow(scenes[n])
    draw_boxes(axes, truth[n : n + 1], "white")
    draw_boxes(axes, boxes[n : n + 1], plots.COLOURS[1], "--")
    sign = "✓" if names[n] == truth[n, 4] else "✗"
    axes.set_title(
        f"{class_names[names[n]]} {sign}  IoU {overlap[n]:.2f}", fontsize=8.5, fontweight="normal", loc="center"
    )
    axes.axis("off")
worst_names = ", ".join(class_names[int(truth[n, 4])] for n in order[:6])
plots.show(
    figure,
    alt=f"Twelve scenes with an unseen thing, true box solid white, network's box dashed orange. The upper six have IoU from {overlap[chosen[0]]:.2f} to"
    f" {overlap[chosen[5]]:.2f}, the lower six are the worst, {overlap[order[0]]:.2f} to {overlap[order[5]]:.2f}: {worst_names}.",
)

# %% [markdown]
# ## 3 · Many things: a grid detector
#
# ### 3.1 A list of unknown length from a network with fixed outputs
#
# With two things in the picture the localiser is lost: it has one box to give, and its best compromise lies between the two. A network's output has a fixed size; the list of things has not. Two ways out:
#
# - **First propose, then look** (the R-CNN family): propose places that might hold something, cut each out, classify it.
# - **Ask every place at once** (the YOLO family, "you only look once"): lay a grid over the picture, and let *each cell* answer the question "does the centre of a thing lie in me, and if so, what is it and how large is its box?"
#
# We build the second, and in section 3.9 a little of the first. Our grid has 12 × 12 cells, because the fine features have; a cell answers with 10 numbers: 1 for *is there a centre?*, 4 for the box, 5 for the class. So the output is
# an array of shape (12, 12, 10), which a convolution can make. In the target the cell with the centre holds the answer, all others say "nothing".

# %%
GRID = 12


def to_grid(tables):
    """Tables of things -> targets (n, 12, 12, 6): present, place of the centre in the cell (x, y), width, height, class."""
    target = np.zeros((len(tables), GRID, GRID, 6), "float32")
    for scene, table in zip(target, tables, strict=True):
        for (x, y, width, height), label in zip(to_centre(table[:, :4]), table[:, 4], strict=True):
            row, column = int(y * GRID), int(x * GRID)
            scene[row, column] = 1, x * GRID - column, y * GRID - row, width, height, label
    return target


several_targets = to_grid(several[1])
lost = sum(map(len, several[1])) - int(several_targets[..., 0].sum())
print(f"target: {several_targets.shape}; {several_targets[..., 0].mean():.1%} of the cells hold a centre")
print(f"{lost} things were overwritten, because another has its centre in the same cell")

# %%
# Drawing: what the target says about one scene.
figure, axes = plt.subplots(figsize=(4.6, 4.6))
scene, table = several[0][shown], several[1][shown]
axes.imshow(scene)
cell = SIZE / GRID
for line in range(GRID + 1):
    axes.plot([0, SIZE], [line * cell] * 2, color="white", linewidth=0.5)
    axes.plot([line * cell] * 2, [0, SIZE], color="white", linewidth=0.5)
for x, y, *_ in to_centre(table[:, :4]) * SIZE:
    corner = (x // cell * cell, y // cell * cell)
    axes.add_patch(plt.Rectangle(corner, cell, cell, facecolor=plots.COLOURS[7], alpha=0.8, edgecolor="black"))
    axes.plot(x, y, "o", color="black", markersize=4)
draw_boxes(axes, table, plots.COLOURS[7], texts=[class_names[int(label)] for label in table[:, 4]])
axes.axis("off")
plots.show(
    figure,
    alt=f"A scene under a grid of 12 × 12 cells; of 144 cells the {len(table)} that hold the centre of a thing are filled, and answer for its whole box.",
)

# %% [markdown]
# Few cells hold a centre, more than fifty times as many hold none. A cell that always says "nothing" would be right nearly always. So the loss adds up over cells and divides by the number of *things* (plus one, so that an empty batch does not divide by zero), not of cells. The box counts double.
#
# ### 3.2 Three losses
#
# - **presence**: binary cross-entropy, in every cell;
# - **box**: only in cells with a centre; elsewhere there is no true box to compare with, and any number would be punished for nothing. As loss we take 1 − IoU: *train on what you are judged by*. (YOLO of 2015 took squared errors;
#   today's detectors take relatives of the IoU, such as Keras' `compute_ciou`, which also have a slope when two boxes do not touch.)
# - **class**: cross-entropy, only in cells with a centre.


# %%
def paired_iou(a, b):
    """IoU of boxes with boxes at the same place: (…, 4) and (…, 4), centre x, centre y, width, height -> (…)."""
    corner = ops.maximum(a[..., :2] - a[..., 2:] / 2, b[..., :2] - b[..., 2:] / 2)
    opposite = ops.minimum(a[..., :2] + a[..., 2:] / 2, b[..., :2] + b[..., 2:] / 2)
    common = ops.prod(ops.maximum(opposite - corner, 0.0), axis=-1)
    return common / (ops.prod(a[..., 2:], axis=-1) + ops.prod(b[..., 2:], axis=-1) - common + 1e-6)


def in_grid(numbers):
    """Where in the picture: place in the cell (x, y), width, height -> centre x, centre y, width, height."""
    column_row = np.stack(np.meshgrid(np.arange(GRID), np.arange(GRID)), axis=-1).astype("float32")
    return ops.concatenate([ops.add(numbers[..., :2], column_row) / GRID, numbers[..., 2:4]], axis=-1)


def detection_loss(target, output):
    """Target (n, 12, 12, 6), output (n, 12, 12, 10) -> loss per thing."""
    present = target[..., 0]
    presence = keras.losses.binary_crossentropy(target[..., :1], output[..., :1], from_logits=True)
    box = 1 - paired_iou(in_grid(ops.sigmoid(output[..., 1:5])), in_grid(target[..., 1:5]))
    label = keras.losses.sparse_categorical_crossentropy(target[..., 5], output[..., 5:], from_logits=True)
    return ops.sum(presence + present * (2 * box + label)) / (ops.sum(present) + 1)


# %% [markdown]
# ### 3.3 The network
#
# The coarse map knows *what*, the fine map knows better *where*. We make the coarse one as large as the fine one (each value four times), lay both on top of each other, and let two 3 × 3 convolutions mix them, so that each cell sees its
# neighbourhood. That detail, too, is YOLO v3's, and it is the first skip connection of today. It is called a *feature pyramid*.


# %%
def convolution(x, channels, window=3):
    """Convolution, batch normalisation, ReLU."""
    x = layers.Conv2D(channels, window, padding="same", use_bias=False)(x)
    return layers.ReLU()(fast.BatchNormalization(momentum=0.9)(x))


def grid_detector():
    """Features -> (12, 12, 10): logit of presence, 4 logits of the box, 5 logits of the class."""
    fine, coarse = keras.Input((12, 12, 112), name="fine"), keras.Input((6, 6, 1280), name="coarse")
    knows_what = convolution(layers.SpatialDropout2D(0.3)(coarse), 96, window=1)
    knows_what = layers.UpSampling2D(2)(knows_what)  # (12, 12, 96)
    knows_where = convolution(fine, 48, window=1)
    x = layers.Concatenate()([knows_what, knows_where])
    for _ in range(2):
        x = convolution(x, 96)
    place = layers.Conv2D(5, 1, dtype="float32", name="place")(x)
    label = layers.Conv2D(5, 1, dtype="float32", name="label")(layers.Concatenate()([x, knows_what]))
    return keras.Model([fine, coarse], layers.Concatenate(dtype="float32")([place, label]))


# %% [markdown]
# Few cut-outs, so we take what we can get: every scene counts a second time, mirrored. (Mirrored *maps*, to be exact. The map of a mirrored scene is not quite the mirrored map, for Lite0's kernels are not symmetric; it is near enough to
# learn from, and costs nothing.) The boxes must be mirrored along.


# %%
def mirror(tables):
    """Tables of scenes, left, top, right, bottom first -> those of the mirrored scenes."""
    return [np.column_stack([1 - table[:, 2], table[:, 1], 1 - table[:, 0], table[:, 3:]]) for table in tables]


DETECTOR_EPOCHS, BATCH = 2, 32
both_features = [np.concatenate([maps, maps[:, :, ::-1]]) for maps in several_features]
both_targets = np.concatenate([several_targets, to_grid(mirror(several[1]))])
keras.utils.set_random_seed(ready.seed)
detector = grid_detector()
steps = DETECTOR_EPOCHS * -(-len(both_targets) // BATCH)
detector.compile(optimizer=fast.Muon(fast.OneCycle(0.02, steps), weight_decay=0.05), loss=detection_loss)
detector.optimizer.build(detector.trainable_variables)
detector_history = detector.fit(both_features, both_targets, batch_size=BATCH, epochs=DETECTOR_EPOCHS, verbose=2)

# %% [markdown]
# (That the scenes are mirrored, the number of epochs and the voting of section 3.7 were chosen on a fifth of the *training* cut-outs' sorts, held back for it; not on the unseen ones, of which we report.)
#
# ### 3.4 Before and after: non-maximum suppression
#
# The output becomes a list: sigmoid for presence and box, softmax for the class, and every cell that is not quite sure of being empty is an entry. As a flat table with one row for each find, so that everything after this
# is slicing: *scene, left, top, right, bottom, presence, and five class probabilities*.


# %%
def read_grid(output, least=0.01):
    """Output (n, 12, 12, 10) -> table (finds, 11), cells whose presence is at least `least`."""
    presence, numbers, logits = np.split(ops.convert_to_numpy(output).astype("float64"), [1, 5], axis=-1)
    presence = 1 / (1 + np.exp(-presence))
    boxes = to_corners(ops.convert_to_numpy(in_grid(1 / (1 + np.exp(-numbers)))))
    odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
    scene = np.broadcast_to(np.arange(len(output))[:, None, None, None], presence.shape)
    table = np.concatenate([scene, boxes, presence, odds / odds.sum(axis=-1, keepdims=True)], axis=-1)
    return table[presence[..., 0] >= least]


raw_finds = {part: read_grid(detector.predict(each, verbose=0)) for part, each in several_looks.items()}
for part, finds in raw_finds.items():
    print(f"{part:<7} {len(finds):>5} finds for {sum(map(len, several_tests[part][1]))} things")

# %% [markdown]
# More finds than things: a centre near the border of a cell makes the neighbours answer as well, each with nearly the same box. We want the best of them once. **Non-maximum suppression** (NMS): take the most certain box; strike
# out all that overlap it by more than a threshold; take the most certain of those left; and so on.


# %%
def suppress(boxes, scores, threshold=0.45):
    """Non-maximum suppression: boxes (n, 4), scores (n,) -> the numbers of those kept, best first."""
    waiting, kept = np.argsort(-scores, kind="stable"), []
    while len(waiting):
        best, waiting = waiting[0], waiting[1:]
        kept.append(int(best))
        overlap = iou_matrix(boxes[best][None], boxes[waiting])[0]
        waiting = waiting[overlap <= threshold]
    return kept


# %%
import tensorflow as tf  # its image functions bring an NMS to compare with

agreements = []
for _ in range(50):
    boxes = random.uniform(0, 1, (80, 4))
    boxes[:, 2:] = boxes[:, :2] + 0.05 + 0.4 * boxes[:, 2:]
    scores, threshold = random.random(80), random.uniform(0.1, 0.7)
    theirs = tf.image.non_max_suppression(boxes.astype("float32"), scores.astype("float32"), 80, float(threshold))
    agreements.append(suppress(boxes, scores, threshold) == theirs.numpy().tolist())
nms_agreement = float(np.mean(agreements))
print(f"50 trials with 80 boxes each: the same boxes in the same order as TensorFlow in {nms_agreement:.0%}")


# %%
def suppress_all(finds, threshold=0.45):
    """NMS in each scene by itself."""
    kept = []
    for scene in np.unique(finds[:, 0]):
        here = finds[finds[:, 0] == scene]
        kept.append(here[suppress(here[:, 1:5], here[:, 5], threshold)])
    return np.concatenate(kept) if kept else finds


finds = {part: suppress_all(table) for part, table in raw_finds.items()}
for part, table in finds.items():
    print(f"{part:<7} {len(raw_finds[part]):>5} finds, after NMS {len(table)}")

# %% [markdown]
# Two thresholds are left to play with. *Certainty*: how sure must a cell be? Too low, and the ground fills with ghosts; too high, and things go missing. *Overlap*: how much may two boxes share before one must go? At 1 nothing
# is suppressed; near 0 a thing beside another is struck out with it. Try scene after scene. These are things the network has never seen.


# %%
def draw_scene(scene, certainty, overlap):
    """The finds of one unseen scene, with both thresholds."""
    scenes, tables, _ = several_tests["unseen"]
    table = raw_finds["unseen"]
    table = suppress_all(table[(table[:, 0] == scene) & (table[:, 5] >= certainty)], overlap)
    figure, axes = plt.subplots(figsize=(4, 4.1))
    axes.imshow(scenes[scene])
    draw_boxes(axes, tables[scene], "white")
    texts = [f"{class_names[row[6:].argmax()]} {row[5]:.2f}" for row in table]
    draw_boxes(axes, table[:, 1:5], plots.COLOURS[1], "--", texts)
    axes.set_title(f"finds: {len(table)}, things: {len(tables[scene])}", loc="center", fontsize=10)
    axes.axis("off")
    return figure, (
        f"Unseen scene {scene}: {len(tables[scene])} true boxes in white; {len(table)} finds dashed, with certainty at least {certainty:.2f}"
        f" and overlap at most {overlap:.2f}: {', '.join(texts) or 'none'}."
    )


crowded = int(
    np.argmax([np.sum((raw_finds["unseen"][:, 0] == n) & (raw_finds["unseen"][:, 5] > 0.15)) for n in range(150)])
)
plots.interact(
    draw_scene,
    scene=ipywidgets.IntSlider(value=crowded, min=0, max=149, continuous_update=False),
    certainty=ipywidgets.FloatSlider(value=0.15, min=0.05, max=0.95, step=0.05, continuous_update=False),
    overlap=ipywidgets.FloatSlider(value=1.0, min=0.0, max=1.0, step=0.05, continuous_update=False),
)

# %% [markdown]
# ### 3.5 Average precision, by hand
#
# Every threshold gives another list, so which one do we judge? All of them at once. Go through the finds of one class from the most to the least certain, through all scenes, and ask of each: **is it a hit?** Take the true box
# of that class in that scene that it overlaps most. It is a hit if their IoU is at least 0.5 *and no more certain find has taken that box already*. A second find of the same thing is a mistake. After each find we know
#
# $$\text{precision} = \frac{\text{hits so far}}{\text{finds so far}} \qquad\text{and}\qquad \text{recall} = \frac{\text{hits so far}}{\text{all true things}} .$$
#
# The curve of precision over recall shows all thresholds; the area under it is the **average precision**, AP. In words: *go through the true things; write down the precision at the moment each was found, and 0 for those never found; take the mean.*
# The mean of AP over the classes is **mAP**, and with the bar at IoU 0.5, **mAP@0.5**.


# %%
def find_hits(finds, truths, least=0.5):
    """Judge finds of one class: rows of scene, box, certainty, …; truths: rows of scene, box.

    Returns:
        For each find, most certain first, whether it is a hit: boolean array (finds,).
    """
    hits, free = [], np.ones(len(truths), bool)
    for row in finds[np.argsort(-finds[:, 5], kind="stable")]:
        here = np.flatnonzero(truths[:, 0] == row[0])
        overlap = iou_matrix(row[None, 1:5], truths[here, 1:5])[0]
        best = here[overlap.argmax()] if overlap.max(initial=0) >= least else None
        hits.append(best is not None and free[best])
        if hits[-1]:
            free[best] = False
    return np.array(hits, bool)


def average_precision(hits, things):
    """Mean over all true things of the precision when each was found; 0 for those never found."""
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].sum() / things)


hits = np.array([True, True, False, True, False])
print("five finds:", ["hit" if hit else "miss" for hit in hits], "of 4 things")
print("precision after each:", (np.cumsum(hits) / np.arange(1, 6)).round(3), " recall:", np.cumsum(hits) / 4)
print(f"AP = (1/1 + 2/2 + 3/4 + 0) / 4 = {average_precision(hits, 4):.4f}")

# %% [markdown]
# scikit-learn has `average_precision_score`, the same area for any ranked list. It does not know of things that were never found, so its number is for those found; times the final recall it must be ours.
# The fit of finds to true boxes (`find_hits`) is what detection packages add. Ours is the rule of Pascal VOC; COCO's `pycocotools` differs in one point: if the best box is taken, the find may still hit the next best one that is free.

# %%
from sklearn.metrics import average_precision_score

differences = []
for _ in range(200):
    hits = random.random(60) < random.uniform(0.1, 0.9)
    hits[random.integers(60)] = True  # scikit-learn needs at least one
    things = hits.sum() + random.integers(0, 40)
    theirs = average_precision_score(hits, -np.arange(60)) * hits.sum() / things
    differences.append(abs(average_precision(hits, things) - theirs))
ap_difference = float(max(differences))
print(f"200 random lists: largest difference to scikit-learn {ap_difference:.1e}")

# %% [markdown]
# Two variants you will meet. *Pascal VOC* first smooths the curve: at each point it takes the best precision at this recall *or any higher one*. *COCO* does that as well, at 101 points, and then averages over ten bars from IoU
# 0.50 to 0.95; its number is much lower. Compare only numbers of the same kind.
#
# ### 3.6 How good is it?
#
# Each find enters the list of every class, with certainty = presence × probability of that class. And we ask a second, easier question beside: forget the names, is there *a thing*?


# %%
def named(finds, label):
    """The finds as finds of one class: certainty = presence × probability of the class."""
    table = finds.copy()
    table[:, 5] *= finds[:, 6 + label]
    return table


def mean_average_precision(finds, tables, least=0.5):
    """Return AP of each class (5,), and the AP without names."""
    truths = np.concatenate([np.column_stack([np.full(len(table), n), table]) for n, table in enumerate(tables)])
    each = []
    for label in range(5):
        mine = truths[truths[:, 5] == label]
        each.append(average_precision(find_hits(named(finds, label), mine, least), len(mine)))
    return np.array(each), average_precision(find_hits(finds, truths, least), len(truths))


# %%
def score(finds, tables):
    """One row of the table of results."""
    each, nameless = mean_average_precision(finds, tables)
    row = {"without names": nameless, "mAP@0.5": each.mean()} | dict(zip(class_names, each, strict=True))
    return row | {"mAP@0.75": mean_average_precision(finds, tables, least=0.75)[0].mean()}


scores = {part: score(table, several_tests[part][1]) for part, table in finds.items()}
pd.DataFrame(scores).T.round(3)

# %%
figure, panels = plt.subplots(1, 2, figsize=(9.5, 3.6), sharey=True)
for axes, (part, table) in zip(panels, finds.items(), strict=True):
    tables = several_tests[part][1]
    truths = np.concatenate([np.column_stack([np.full(len(each), n), each]) for n, each in enumerate(tables)])
    curves = {"without names": find_hits(table, truths)}
    counts = {"without names": len(truths)}
    for label, name in enumerate(class_names):
        mine = truths[truths[:, 5] == label]
        curves[name], counts[name] = find_hits(named(table, label), mine), len(mine)
    for (name, hits), style in zip(
        curves.items(), ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2))), strict=True
    ):
        precision, recall = np.cumsum(hits) / np.arange(1, len(hits) + 1), np.cumsum(hits) / counts[name]
        axes.plot(recall, precision, linestyle=style, color="black" if name == "without names" else None, label=name)
    axes.set(xlabel="recall", xlim=(0, 1.02), ylim=(0, 1.02), title=f"{part} cut-outs")
panels[0].set_ylabel("precision")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right upper", fontsize=9)
plots.show(
    figure,
    alt="Precision over recall, left for seen and right for unseen cut-outs, a line per class and a solid black one without names. "
    + "; ".join(
        f"{part}: area without names {row['without names']:.2f}, mean over classes {row['mAP@0.5']:.2f}"
        for part, row in scores.items()
    )
    + ". With names the curves of unseen cut-outs fall much earlier.",
)

# %% [markdown]
# Section 2's finding again, and more clearly. *Without names* the detector loses something on things it has never seen; *with* names it loses more. A demonstration on seen things would have shown the left picture.
#
# ### 3.7 Ask twice, and let them vote
#
# NMS throws away what the neighbours said. They are witnesses of the same thing: why not let them vote? Take the most certain find and all that overlap it; their mean, weighted by presence, is the box and the name. And if two
# independent witnesses are sure to $p_1$ and $p_2$ that there is something, it is all a mistake only if both are mistaken: the common certainty is $1 - (1 - p_1)(1 - p_2)$. (They are not independent, so it is too sure of itself. But AP
# asks only for the *order* of the finds, not for honest probabilities: day 17 does.)
#
# More witnesses cost no training: we show the detector every scene a second time, mirrored, and mirror its boxes back. Asking several times and taking the mean is called **test-time augmentation**.


# %%
def vote(finds, threshold=0.45):
    """Like NMS in each scene, but the finds that overlap the best one are joined with it instead of struck out."""
    joined = []
    for scene in np.unique(finds[:, 0]):
        waiting = finds[finds[:, 0] == scene]
        while len(waiting):
            best = waiting[:, 5].argmax()
            alike = iou_matrix(waiting[best, 1:5][None], waiting[:, 1:5])[0] > threshold
            alike[best] = True
            group, waiting = waiting[alike], waiting[~alike]
            joined.append(np.average(group, axis=0, weights=group[:, 5]))
            joined[-1][[0, 5]] = scene, 1 - np.prod(1 - group[:, 5])
    return np.stack(joined)


def find_twice(scenes, looks):
    """Ask about scenes and about their mirror images, and vote; `looks` are the scenes' features."""
    once = read_grid(detector.predict(looks, verbose=0))
    again = read_grid(detector.predict(look(np.ascontiguousarray(scenes[:, :, ::-1])), verbose=0))
    again[:, [1, 3]] = 1 - again[:, [3, 1]]
    return vote(np.concatenate([once, again]))


# %%
start = time.perf_counter()
voted = {part: find_twice(several_tests[part][0], several_looks[part]) for part in several_tests}
for part, table in voted.items():
    scores[f"{part}, asked twice"] = score(table, several_tests[part][1])
print(f"{time.perf_counter() - start:.0f} seconds")
pd.DataFrame(scores).T.round(3)

# %% [markdown]
# Nothing was trained anew, and the mAP has grown, for seen and unseen things, and also at the stricter bar of 0.75.
#
# ### 3.8 Its failures
#
# A single number hides five different ways to be wrong. Take the finds with certainty at least 0.3 (presence times the best class) and sort them:
#
# - **hit**: IoU ≥ 0.5 with a thing of this name that no more certain find has taken;
# - **wrong name**: IoU ≥ 0.5 with a thing, but of another name;
# - **double**: IoU ≥ 0.5 with a thing that a more certain find has taken;
# - **poor box**: IoU between 0.1 and 0.5; **ghost**: less than that, there is nothing;
# - and **missed**: a thing that no find has taken. (Here a wrong name takes its thing, too, so each thing is blamed once; mAP counts name by name.)


# %%
def sort_failures(finds, tables, certainty=0.3):
    """Return how often each kind occurs, and rows to draw: kind, scene, box, text."""
    rows, counts = [], dict.fromkeys(("hit", "wrong name", "double", "poor box", "ghost", "missed"), 0)
    for n, table in enumerate(tables):
        here = finds[finds[:, 0] == n]
        best = here[:, 6:].argmax(axis=1)
        sure = here[:, 5] * here[:, 6:].max(axis=1)
        taken = set()
        for k in np.argsort(-sure):
            if sure[k] < certainty:
                break
            overlap = iou_matrix(here[k, 1:5][None], table[:, :4])[0]
            thing = int(overlap.argmax())
            if overlap[thing] < 0.5:
                kind = "ghost" if overlap[thing] < 0.1 else "poor box"
            elif thing in taken:
                kind = "double"
            else:
                kind = "hit" if best[k] == table[thing, 4] else "wrong name"
                taken.add(thing)
            rows.append((kind, n, here[k, 1:5], f"{class_names[best[k]]} {sure[k]:.2f}"))
        for thing in set(range(len(table))) - taken:
            rows.append(("missed", n, table[thing, :4], class_names[int(table[thing, 4])]))
    for kind, *_ in rows:
        counts[kind] += 1
    return counts, rows


# %%
failures = {part: sort_failures(voted[part], several_tests[part][1]) for part in voted}
pd.DataFrame({part: counts for part, (counts, _) in failures.items()}).transpose()

# %%
# Drawing: two of each kind of failure, on unseen things.
scenes, tables, _ = several_tests["unseen"]
kinds = ["wrong name", "double", "poor box", "ghost", "missed"]
examples = {}
for kind in kinds:
    by_scene = {row[1]: row for row in failures["unseen"][1] if row[0] == kind}  # one for each scene
    examples[kind] = list(by_scene.values())[:2]
figure, grid = plt.subplots(2, 5, figsize=(11.5, 5))
for column, kind in enumerate(kinds):
    for axes in grid[:, column]:
        axes.axis("off")
    for axes, (_, n, box, text) in zip(grid[:, column], examples[kind], strict=False):
        axes.imshow(scenes[n])
        draw_boxes(axes, tables[n], "white")
        draw_boxes(axes, box[None], plots.COLOURS[1], "--", [text])
    if not examples[kind]:
        grid[0, column].text(0.5, 0.5, "none", ha="center", transform=grid[0, column].transAxes)
    grid[0, column].set_title(f"{kind} ({failures['unseen'][0][kind]})", fontsize=10, loc="center")
plots.show(
    figure,
    alt="Failures on unseen cut-outs, at most two of each kind, true boxes white, the failure dashed. How often: "
    + ", ".join(f"{kind} {failures['unseen'][0][kind]}" for kind in kinds)
    + ".",
)

# %% [markdown]
# Each kind has its own cure. *Wrong names* want more sorts of things to learn from, or better features. *Doubles* want a stricter NMS. *Poor boxes* often sit on things that are covered, or long and thin. *Missed*
# things and *ghosts* are two ends of one rope: the threshold.
#
# And now the hardest test. Our detector has seen nothing but giants over coasts. What does it make of real photographs?

# %%
photographs = data.load("photographs")
chosen_photographs = ["chelsea", "flower", "coffee", "astronaut"]


def square(photograph):
    """Cut the middle square out and bring it to the scenes' size."""
    height, width, _ = photograph.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    middle = Image.fromarray(photograph[top : top + side, left : left + side])
    return np.asarray(middle.resize((SIZE, SIZE), Image.Resampling.BILINEAR))


squares = np.stack([square(photographs[name]) for name in chosen_photographs])
real_finds = suppress_all(read_grid(detector.predict(look(squares), verbose=0), least=0.2))
figure, panels = plt.subplots(1, 4, figsize=(11.5, 3.2))
told = []
for n, (axes, name) in enumerate(zip(panels, chosen_photographs, strict=True)):
    table = real_finds[real_finds[:, 0] == n]
    texts = [f"{class_names[row[6:].argmax()]} {row[5]:.2f}" for row in table]
    axes.imshow(squares[n])
    draw_boxes(axes, table[:, 1:5], plots.COLOURS[1], "--", texts)
    axes.set_title(name, fontsize=10, loc="center")
    axes.axis("off")
    told.append(f"{name}: {', '.join(texts) or 'nothing'}")
plots.show(figure, alt=f"Four photographs with the detector's finds of presence at least 0.2. {'; '.join(told)}.")

# %% [markdown]
# Photographs have no cut-out edges, their things are as large as the picture, and they stand before other things, not before sea. What the detector learned to call "a thing" was partly *what does not belong to a satellite picture*. The distance between the
# pictures of the laboratory and those of the world is called **domain shift**, and no number of section 3.6 could have warned us of it, because the test scenes came from the same composer. Only test pictures from where the
# detector will work can.

# %% [markdown]
# ### 3.9 Look again: R-CNN in small
#
# The names are the weak part. The grid gives a cell's opinion from features that also contain the ground and the neighbours. The other family does it in **two stages**: *propose* boxes without names, then *cut each out*, scale it up, and
# classify it like any picture. We have all parts: our finds without names are good proposals, and Lite0 with a small head on top is a classifier. The head learns from the true boxes of some training scenes, jittered a little, because
# proposals are never exact.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

CROP = 128  # pixels
crop_eyes = pretrained.efficientnet_lite0(include_top=False, input_shape=(CROP, CROP, 3))
crop_eyes = keras.Model(crop_eyes.input, layers.GlobalAveragePooling2D()(crop_eyes.output))


def cut_out(scenes, owners_of_boxes, boxes):
    """Cut boxes (n, 4) out of scenes and scale them to CROP × CROP; `owners_of_boxes` says from which scene."""
    pictures = np.zeros((len(boxes), CROP, CROP, 3), "uint8")
    for n, (scene, box) in enumerate(zip(owners_of_boxes.astype(int), boxes * SIZE, strict=True)):
        left, top = np.clip(box[:2], 0, SIZE - 4)
        right, bottom = np.clip(box[2:], (left + 4, top + 4), SIZE)
        pictures[n] = np.asarray(
            Image.fromarray(scenes[scene]).resize((CROP, CROP), Image.Resampling.BILINEAR, (left, top, right, bottom))
        )
    return pictures


# %%
start = time.perf_counter()
half = several[1][:400]
proposals = np.concatenate([np.column_stack([np.full(len(table), n), table]) for n, table in enumerate(half)])
sides = np.tile(proposals[:, 3:5] - proposals[:, 1:3], 2)
jittered = proposals[:, 1:5] + random.normal(0, 0.05, sides.shape) * sides
crop_features = crop_eyes.predict(cut_out(several[0], proposals[:, 0], jittered), batch_size=50, verbose=0)
second_stage = make_pipeline(StandardScaler(), LogisticRegression(C=0.001, max_iter=500))
second_stage.fit(crop_features.astype("float32"), proposals[:, 5].astype(int))
print(f"{len(jittered)} crops, {time.perf_counter() - start:.0f} seconds")

# %%
start = time.perf_counter()
for part, table in voted.items():
    crops = cut_out(several_tests[part][0], table[:, 0], table[:, 1:5])
    by_crop = table.copy()
    by_crop[:, 6:] = second_stage.predict_proba(crop_eyes.predict(crops, batch_size=50, verbose=0).astype("float32"))
    scores[f"{part}, names by crops"] = score(by_crop, several_tests[part][1])
print(f"{sum(map(len, voted.values()))} crops, {time.perf_counter() - start:.0f} seconds")
pd.DataFrame(scores).T.round(3)

# %% [markdown]
# The boxes are the same. On things never seen the second look names better; on seen ones it is no gain, for the grid knows those by heart. And the price stands above the table: every proposal costs a pass through the network, while the
# grid looks once (or twice), however many things there are. That is the trade between the two families in one table.
#
# ### 3.10 The two families, side by side
#
# **The R-CNN family** made the two stages faster, step by step:
#
# - **R-CNN** ([Girshick and others, 2013](https://arxiv.org/abs/1311.2524)): about 2,000 proposals a picture from a hand-made method, each scaled and sent through the CNN by itself. With VGG-16 that took 47 seconds a picture on a GPU, says
#   the next paper.
# - **Fast R-CNN** ([2015](https://arxiv.org/abs/1504.08083)): the whole picture goes through the CNN *once*; each proposal is cut out of the *feature map* (RoI pooling). Name and box are two branches with two losses, as in our section 2.
# - **Faster R-CNN** ([Ren and others, 2015](https://arxiv.org/abs/1506.01497)): a small network on the feature map makes the proposals, too: at every place it asks whether one of nine *anchors* (boxes of three sizes and three shapes) holds a thing. 5 pictures a second.
# - **Mask R-CNN** ([He and others, 2017](https://arxiv.org/abs/1703.06870)): a third branch draws a mask in every box: instance segmentation.
#
# **The YOLO family** asks every cell once. **YOLO** ([Redmon and others, 2015](https://arxiv.org/abs/1506.02640)): a 7 × 7 grid, 45 pictures a second, and worse boxes for small things, because a cell can name only one. **YOLO v3**
# ([2018](https://arxiv.org/abs/1804.02767)) is still the one to know. Its three ideas: a residual backbone of 52 convolutions (*Darknet-53*, with its output layer 53), *three grids* for large, middle and small things, joined by upsampling as in our feature pyramid, and *three anchors* to
# a cell, so that a cell can hold three things. It fits into one cell of Keras:


# %%
def yolo_v3(size=416, classes=80):
    """YOLO v3 with new weights: picture -> three grids; each cell has 3 anchors × (4 box + 1 presence + classes)."""

    def convolve(x, channels, window, strides=1):
        x = layers.Conv2D(channels, window, strides=strides, padding="same", use_bias=False)(x)
        return layers.LeakyReLU(0.1)(layers.BatchNormalization()(x))

    def five(x, channels):
        for window in (1, 3, 1, 3, 1):
            x = convolve(x, channels * (1 if window == 1 else 2), window)
        return x

    picture = keras.Input((size, size, 3))
    x, kept = convolve(picture, 32, 3), []
    for channels, blocks in ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4)):  # Darknet-53
        x = convolve(x, channels, 3, strides=2)
        for _ in range(blocks):
            x = layers.Add()([x, convolve(convolve(x, channels // 2, 1), channels, 3)])  # day 07's residual block
        kept.append(x)
    grids = []
    for channels, skip in ((512, None), (256, kept[3]), (128, kept[2])):
        if skip is not None:  # the feature pyramid: enlarge, and lay the finer map on top
            x = layers.Concatenate()([layers.UpSampling2D(2)(convolve(x, channels, 1)), skip])
        x = five(x, channels)
        grids.append(layers.Conv2D(3 * (5 + classes), 1)(convolve(x, channels * 2, 3)))
    return keras.Model(picture, grids)


# %%
yolo = yolo_v3()
yolo_parameters = yolo.count_params()
cells = [output.shape[1:] for output in yolo.outputs]
boxes_in_all = sum(3 * height * width for height, width, _ in cells)
print(f"{yolo_parameters:,} parameters, {sum(isinstance(layer, layers.Conv2D) for layer in yolo.layers)} convolutions")
print(f"grids {cells}: {boxes_in_all:,} boxes for one picture, and NMS must choose")
print(
    f"ours: {detector.count_params():,} parameters on top of Lite0, one grid {detector.output_shape[1:]}: {GRID * GRID} boxes"
)

# %%
# Drawing: two stages.
blue, yellow = "#cfe3f3", "#f7e2b8"
figure, axes = plt.subplots(figsize=(11, 2.7))
axes.set(xlim=(0, 100), ylim=(0, 30), title="Two stages: Faster R-CNN")
draw_blocks(
    axes,
    {
        "picture": (0, 11, 9, 8, "picture", "white"),
        "backbone": (13, 8, 12, 14, "backbone\n(VGG, ResNet)", "0.85"),
        "map": (29, 11, 10, 8, "feature\nmap", "white"),
        "propose": (44, 1, 15, 9, "proposals: 9 anchors\nat each place,\n“is it a thing?”", yellow),
        "cut": (64, 11, 13, 8, "cut each one out\nof the map", yellow),
        "name": (82, 19, 16, 8, "name (softmax)", blue),
        "box": (82, 3, 16, 8, "better box\n(regression)", blue),
    },
    [("picture", "backbone"), ("backbone", "map"), ("map", "propose"), ("map", "cut"), ("propose", "cut"), ("cut", "name"), ("cut", "box")],
)  # fmt: skip
plots.show(
    figure,
    alt="Block diagram of Faster R-CNN: picture, backbone, feature map; a proposal network asks nine anchors at each place; each proposal is cut out of the map and goes to a name branch and a box branch.",
)

# %%
# Drawing: one stage.
figure, axes = plt.subplots(figsize=(11, 2.7))
axes.set(xlim=(0, 100), ylim=(0, 30), title="One stage: YOLO v3")
draw_blocks(
    axes,
    {
        "picture": (0, 19, 9, 8, "picture\n416 × 416", "white"),
        "d1": (13, 19, 12, 8, "Darknet-53\nto 52 × 52", "0.85"),
        "d2": (30, 19, 12, 8, "Darknet-53\nto 26 × 26", "0.85"),
        "d3": (47, 19, 12, 8, "Darknet-53\nto 13 × 13", "0.85"),
        "g1": (82, 19, 17, 7, "13 × 13 × 255\nlarge things", blue),
        "u2": (64, 11, 13, 6, "enlarge, join", yellow),
        "g2": (82, 10.5, 17, 7, "26 × 26 × 255\nmiddle", blue),
        "u1": (64, 2, 13, 6, "enlarge, join", yellow),
        "g3": (82, 1.5, 17, 7, "52 × 52 × 255\nsmall things", blue),
    },
    [("picture", "d1"), ("d1", "d2"), ("d2", "d3"), ("d3", "g1"), ("d3", "u2"), ("d2", "u2"), ("u2", "g2"), ("d1", "u1"), ("u1", "g3")],
)  # fmt: skip
axes.annotate("", (70.5, 8), (70.5, 11), arrowprops=dict(arrowstyle="-|>", color="0.25"))
plots.show(
    figure,
    alt=f"Block diagram of YOLO v3: Darknet-53 down to 13 × 13; grids of 13, 26 and 52 cells give {boxes_in_all:,} boxes at once; the finer ones join enlarged coarse maps.",
)

# %% [markdown]
# | | two stages (R-CNN family) | one stage (YOLO family) |
# |---|---|---|
# | order | propose, then look at each | ask all cells at once |
# | time | grows with the proposals | always the same |
# | small, crowded things | good | need fine grids |
# | NMS | on proposals and on results | on results |
# | when | accuracy first: medicine, archives | speed first: video, robots, telephones |
#
# The families have grown towards each other, and a third one (DETR, [2020](https://arxiv.org/abs/2005.12872)) needs neither grid nor NMS: a transformer (day 15) puts out a fixed number of finds, "nothing" among them, and is trained by matching them one to one with the truth.
#
# ### 3.11 Where boxes come from: labelling
#
# Outside a course nobody pastes pictures, somebody draws boxes. Two tools to begin with: **[makesense.ai](https://www.makesense.ai/)** runs in the browser, needs no account, and the pictures stay on your computer: right for some hundred pictures.
# **[CVAT](https://www.cvat.ai/)** is a server for teams: tasks, reviews, video (it carries boxes on from frame to frame), and masks proposed by SAM (section 6). Both write the two formats that you will meet everywhere. This is one of our scenes
# in both:

# %%
import json

table = several[1][shown]
print("YOLO: one text file a picture; class, centre x, centre y, width, height as fractions")
for box, label in zip(to_centre(table[:, :4]), table[:, 4], strict=True):
    print(f"  {int(label)} " + " ".join(f"{number:.4f}" for number in box))
print("COCO: one JSON file for all pictures; bbox is left, top, width, height in pixels")
left_top, sides = table[:, :2] * SIZE, (table[:, 2:4] - table[:, :2]) * SIZE
for number, (label, box) in enumerate(zip(table[:, 4], np.hstack([left_top, sides]).round(1), strict=True), start=1):
    print("  " + json.dumps({"id": number, "image_id": shown, "category_id": int(label) + 1, "bbox": box.tolist()}))

# %% [markdown]
# Before hundreds of pictures are labelled, let two people label the same twenty, without talking, and compute the IoU between *them*. It is the ceiling for your network, and the discussion of the differences is the best labelling guide
# you will ever write: does the box include the tail? What is covered by a tree? Is a toy car a car?

# %% [markdown]
# ## 4 · Every pixel: U-Net
#
# ### 4.1 Coasts
#
# Back to the satellite pictures, which are the subject now and not the ground. This is semantic segmentation: which pixels are land, which are sea? In colour it would be a question of colour. (In this map the sea is painted by its depth, so that
# the blue alone gives the answer away.) So we work in **grey**, where shallow sea, desert, forest and ice share their shades. The test tiles, from 98° to 150° East, between Siberia and Australia, lie apart from the others.

# %%
tiles = {part: (coast[f"{part}_images"][..., None] / 255).astype("float32") for part in ("train", "test")}
masks = {part: (coast[f"{part}_masks"] > 0).astype("int32") for part in ("train", "test")}  # land and its lakes: 1
one_hot = np.eye(2, dtype="float32")[masks["train"]]
print(f"tiles (images, height, width, channels): {tiles['train'].shape} to learn, {tiles['test'].shape} to test")
print(
    f"masks (images, height, width): {masks['train'].shape}; one-hot (images, height, width, classes): {one_hot.shape}"
)
print(f"land covers {masks['train'].mean():.0%} of the pixels to learn from")

# %%
figure, grid = plt.subplots(2, 7, figsize=(11.5, 3.5))
for column, n in enumerate(np.linspace(5, 200, 7).astype(int)):
    grid[0, column].imshow(tiles["train"][n, ..., 0], cmap="gray")  # each in its own range
    grid[1, column].imshow(masks["train"][n], cmap="cividis", vmin=0, vmax=1)
    latitude, longitude = coast["train_centres"][n]
    grid[0, column].set_title(f"{abs(latitude):.0f}° {'N' if latitude > 0 else 'S'}, {abs(longitude):.0f}° {'E' if longitude > 0 else 'W'}", fontsize=9, fontweight="normal", loc="center")  # fmt: skip
for axes in grid.flat:
    axes.axis("off")
plots.show(
    figure,
    alt="Seven grey satellite tiles of coasts, each stretched to its own range of shades, and below each its mask, land bright and sea dark. In some tiles land is brighter than the sea, in others the shades are much alike.",
)

# %% [markdown]
# ### 4.2 The measure, and a baseline
#
# The measure is the one you know: **IoU**, now between two *sets of pixels*. Of the pixels that are land in truth or in the answer, how many are in both? The same for sea; the mean of both is the **mean IoU**. (Plain accuracy flatters whoever
# fills in the larger class: day 17.)
#
# The baseline knows a pixel's shade and nothing else: for each of 256 shades it says what was more frequent among the training pixels. No rule that looks at one pixel at a time can do better on these.


# %%
def mask_iou(answer, truth):
    """IoU of each class between two masks of class numbers 0 and 1: (2,)."""
    return np.array([np.sum((answer == k) & (truth == k)) / np.sum((answer == k) | (truth == k)) for k in (0, 1)])


shade = {part: (pictures[..., 0] * 255).round().astype(int) for part, pictures in tiles.items()}
votes = np.zeros((256, 2))
np.add.at(votes, (shade["train"].ravel(), masks["train"].ravel()), 1)
pixel_answer = votes.argmax(axis=1)[shade["test"]]
pixel_iou = mask_iou(pixel_answer, masks["test"])

library = keras.metrics.MeanIoU(num_classes=2)
library.update_state(masks["test"], pixel_answer)
mask_difference = abs(float(library.result()) - pixel_iou.mean())
print(f"one pixel at a time: IoU of sea {pixel_iou[0]:.3f}, of land {pixel_iou[1]:.3f}, mean {pixel_iou.mean():.3f}")
print(f"keras.metrics.MeanIoU says the same, difference {mask_difference:.1e}")

# %% [markdown]
# A pixel has to be told by its *surroundings*: coarse, wide surroundings ("we are off a coast"), and fine ones ("and the edge runs just here"). A convolutional network that shrinks its maps gathers the first, and loses the second.
#
# ### 4.3 How a map becomes larger again
#
# At the end we want an answer for each of 96 × 96 pixels. So the maps must grow again, and there are two usual ways.
#
# - **`UpSampling2D`** copies: each value becomes a square of 2 × 2 (or, `"bilinear"`, a smooth ramp). Nothing is learned; a convolution follows.
# - **`Conv2DTranspose`**, the *transposed convolution*, is a convolution backwards: each value of the small map *stamps* the kernel, times that value, on the large map, stride 2 apart; where stamps overlap they add up. The stamp is learned.

# %%
small = np.array([[0.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0.5], [0, 0, 0, 0]], "float32")[None, ..., None]
stamp = np.array([[0.1, 0.3, 0.1], [0.3, 1.0, 0.3], [0.1, 0.3, 0.1]], "float32")


def transpose_by_hand(picture, kernel, stride=2):
    """Transposed convolution of one channel, without padding: every value stamps the kernel."""
    size = (np.array(picture.shape) - 1) * stride + kernel.shape
    result = np.zeros(size, "float32")
    for row, column in np.ndindex(picture.shape):
        window = (
            slice(row * stride, row * stride + kernel.shape[0]),
            slice(column * stride, column * stride + kernel.shape[1]),
        )
        result[window] += picture[row, column] * kernel
    return result


by_keras = ops.conv_transpose(small, stamp[..., None, None], strides=2, padding="valid")
stamp_difference = float(
    np.abs(transpose_by_hand(small[0, ..., 0], stamp) - ops.convert_to_numpy(by_keras)[0, ..., 0]).max()
)
print(f"by hand against Keras: largest difference {stamp_difference:.1e}")
enlarged = {"small map": small}
enlarged["UpSampling2D"] = layers.UpSampling2D(2)(small)
enlarged["UpSampling2D,\nbilinear"] = layers.UpSampling2D(2, interpolation="bilinear")(small)
enlarged["Conv2DTranspose,\nstamp 3 × 3"] = transpose_by_hand(small[0, ..., 0], stamp)[None, :8, :8, None]
even = np.ones((4, 4), "float32")
enlarged["the same on an\neven map of ones"] = transpose_by_hand(even, stamp)[None, :8, :8, None]

# %%
# Drawing: the ways to enlarge.
figure, panels = plt.subplots(1, 5, figsize=(11.5, 2.7))
for axes, (name, picture) in zip(panels, enlarged.items(), strict=True):
    axes.imshow(ops.convert_to_numpy(ops.cast(picture, "float32"))[0, ..., 0], cmap="cividis", vmin=0, vmax=1.4)
    axes.set_title(name, fontsize=9, loc="center")
    axes.axis("off")
uneven = transpose_by_hand(even, stamp)[1:7, 1:7]
plots.show(
    figure,
    alt="A map of 4 × 4 with two bright values; enlarged by copying: squares; bilinear: smooth blobs; by a transposed convolution: two copies of the stamp. On an even map the stamp of 3 × 3 with stride 2"
    f" gives a chequered pattern, values from {uneven.min():.1f} to {uneven.max():.1f}.",
)

# %% [markdown]
# The last picture is the known weakness of the transposed convolution: with a stamp of 3 and a stride of 2 the stamps overlap unevenly, and out comes a chessboard ([Odena and others, 2016](https://distill.pub/2016/deconv-checkerboard/)). The cure: a stamp as large as the stride, so that
# nothing overlaps. We use 2 × 2 with stride 2.
#
# ### 4.4 The U
#
# **U-Net** ([Ronneberger and others, 2015](https://arxiv.org/abs/1505.04597), made for cells under the microscope, from 30 pictures) goes down and up again:
#
# - **down**: two convolutions, then pooling: maps half as large, more channels. Here the network learns *what*;
# - **up**: enlarge, two convolutions: back to full size;
# - **across**: before each pooling the map is kept, and on the way up laid on top of the map of the same size (`Concatenate`). These **skip connections** carry the *where* past the bottleneck.
#
# Day 07's skips *added*, so that the gradient could run; these *concatenate*, so that detail can. `skips=False` leaves them out: that will be our experiment.


# %%
def unet(channels=(16, 32, 64, 96), skips=True, enlarge="transpose", size=96):
    """Grey pictures (size, size, 1) -> probabilities (size, size, 2); one entry of `channels` for each level."""

    def two_convolutions(x, count):
        return convolution(convolution(x, count), count)

    pictures = keras.Input((size, size, 1))
    x, kept = pictures, []
    for count in channels[:-1]:  # down
        x = two_convolutions(x, count)
        kept.append(x)
        x = layers.MaxPooling2D()(x)
    x = two_convolutions(x, channels[-1])  # the bottom
    for count, detail in zip(channels[-2::-1], kept[::-1], strict=True):  # up
        if enlarge == "transpose":
            x = layers.Conv2DTranspose(count, 2, strides=2)(x)
        else:
            x = layers.Conv2D(count, 1)(layers.UpSampling2D(2, interpolation=enlarge)(x))
        if skips:
            x = layers.Concatenate()([x, detail])
        x = two_convolutions(x, count)
    return keras.Model(pictures, layers.Conv2D(2, 1, activation="softmax", dtype="float32")(x))


network = unet()
print(f"{network.count_params():,} parameters; input {network.input_shape[1:]}, output {network.output_shape[1:]}")

# %%
# Drawing: the U, each map as a box of its height and its channels.
figure, axes = plt.subplots(figsize=(9.5, 4.2))
levels, left = [(96, 16), (48, 32), (24, 64), (12, 96)], 0
places = []
for size, count in levels + levels[-2::-1]:
    width = 4 + count / 8
    axes.add_patch(
        plt.Rectangle((left, -size / 2), width, size, facecolor=blue if len(places) < 4 else yellow, edgecolor="0.25")
    )
    axes.text(left + width / 2, -size / 2 - 3, f"{size}²\n× {count}", ha="center", va="top", size=8.5)
    places.append((left, width, size))
    left += width + 8
for down, up in ((0, 6), (1, 5), (2, 4)):
    y = places[down][2] / 2 - 4
    axes.annotate("", (places[up][0], y), (places[down][0] + places[down][1], y), arrowprops=dict(arrowstyle="-|>", color=plots.COLOURS[5], lw=1.8))  # fmt: skip
for (x, width, _), (to_x, _, _) in zip(places, places[1:], strict=False):
    axes.annotate("", (to_x, 0), (x + width, 0), arrowprops=dict(arrowstyle="-|>", color="0.25"))
axes.text((places[0][0] + places[6][0]) / 2 + 6, 47, "skip connections: where", color=plots.COLOURS[5], ha="center")
axes.text(places[3][0] + places[3][1] / 2, 12, "what", ha="center")
axes.set(xlim=(-3, left), ylim=(-68, 54))
axes.axis("off")
plots.show(
    figure,
    alt="The U-Net laid out from left to right: maps of 96, 48, 24 and 12 pixels with 16, 32, 64 and 96 channels, then up again to 96. Three arrows lead from each map on the way down straight to the map of the same size on the way up.",
)

# %% [markdown]
# ### 4.5 Train it
#
# 210 tiles are few, but there is no up and down in space: we turn each batch by 0, 90, 180 or 270 degrees and mirror half of them, *picture and mask alike*. (Turn only the picture, and you teach nonsense. It is the most frequent mistake in segmentation code.)
#
# The loss is the old cross-entropy, at every pixel. `sparse_categorical_crossentropy` takes masks of class numbers as they are. (Batches of 8 instead of 16, four sizes of maps instead of five, and no play with the contrast: chosen on
# tiles of the training side that were held back, those between 85° and 40° West.)


# %%
class Turned(keras.utils.PyDataset):
    """Batches of tiles and masks in a new order every epoch, each batch turned and mirrored in one of eight ways."""

    def __init__(self, pictures, answers, batch_size, seed):
        super().__init__()
        self.pictures, self.answers, self.batch_size = pictures, answers, batch_size
        self.random = np.random.default_rng(seed)
        self.order = self.random.permutation(len(pictures))

    def __len__(self):
        return len(self.pictures) // self.batch_size

    def __getitem__(self, number):
        chosen = self.order[number * self.batch_size :][: self.batch_size]
        turns, mirrored = self.random.integers(4), self.random.random() < 0.5
        both = [np.rot90(array[chosen], turns, axes=(1, 2)) for array in (self.pictures, self.answers)]
        return tuple(np.ascontiguousarray(array[:, :, ::-1] if mirrored else array) for array in both)

    def on_epoch_end(self):
        self.order = self.random.permutation(len(self.pictures))


# %%
def pixel_loss(target, output):
    """Classes (n, height, width) and their probabilities (n, height, width, classes) -> cross-entropy of each pixel."""
    if keras.backend.backend() == "torch":  # there Keras 3.15 stops at whole masks: one long row of pixels instead
        target, output = ops.reshape(target, (-1,)), ops.reshape(output, (-1, output.shape[-1]))
    return keras.losses.sparse_categorical_crossentropy(target, output)


def train_unet(network, pictures, answers, epochs, seed, peak=0.02, batch_size=8, verbose=0):
    """Train with one cycle and Muon; return the loss after each epoch."""
    batches = Turned(pictures, answers, batch_size, seed)
    optimizer = fast.Muon(fast.OneCycle(peak, epochs * len(batches)), weight_decay=0.01)
    network.compile(optimizer=optimizer, loss=pixel_loss)
    optimizer.build(network.trainable_variables)
    return network.fit(batches, epochs=epochs, verbose=verbose).history["loss"]


UNET_EPOCHS = 12
keras.utils.set_random_seed(ready.seed)
network = unet()
unet_losses = train_unet(network, tiles["train"], masks["train"], UNET_EPOCHS, ready.seed, verbose=2)


# %% [markdown]
# And as a turned tile is as good a tile, we ask eight times, turn the answers back and take the mean: section 3.7's trick again.


# %%
def predict_turned(network, pictures):
    """Mean of the answers to a picture's eight views (four turns, mirrored or not), each answer turned back."""
    total = 0
    for turns in range(4):
        view = np.rot90(pictures, turns, axes=(1, 2))
        answer = network.predict(np.ascontiguousarray(view), batch_size=36, verbose=0)
        mirrored = network.predict(np.ascontiguousarray(view[:, :, ::-1]), batch_size=36, verbose=0)[:, :, ::-1]
        total = total + np.rot90(answer + mirrored, -turns, axes=(1, 2))
    return total / 8


once_iou = mask_iou(network.predict(tiles["test"], batch_size=36, verbose=0).argmax(axis=-1), masks["test"])
probabilities = predict_turned(network, tiles["test"])
unet_answer = probabilities.argmax(axis=-1)
unet_iou = mask_iou(unet_answer, masks["test"])
print("unseen longitudes          IoU of sea   of land   mean")
for name, (sea, land) in (("one pixel", pixel_iou), ("U-Net, asked once", once_iou), ("U-Net, eight views", unet_iou)):
    print(f"{name:<22} {sea:14.3f} {land:9.3f} {(sea + land) / 2:6.3f}")

# %%
# Drawing: five typical tiles and the four worst.
each = np.array([mask_iou(answer, truth).mean() for answer, truth in zip(unet_answer, masks["test"], strict=True)])
order = np.argsort(each)
chosen = [*order[(np.array([0.2, 0.4, 0.6, 0.8, 0.95]) * len(order)).astype(int)], *order[:4]]
figure, grid = plt.subplots(4, 9, figsize=(12, 5.9))
for column, n in enumerate(chosen):
    rows = tiles["test"][n, ..., 0], masks["test"][n], probabilities[n, ..., 1], unet_answer[n] - masks["test"][n]
    for axes, picture, style in zip(grid[:, column], rows, ("gray", "cividis", "cividis", "PuOr"), strict=True):
        low, high = {"gray": (None, None), "cividis": (0, 1), "PuOr": (-1.4, 1.4)}[style]
        axes.imshow(picture, cmap=style, vmin=low, vmax=high)
        axes.axis("off")
    grid[0, column].set_title(f"IoU {each[n]:.2f}", fontsize=9, fontweight="normal", loc="center")
for axes, name in zip(grid[:, 0], ("tile", "truth", "P(land)", "mistakes"), strict=True):
    axes.text(-0.1, 0.5, name, transform=axes.transAxes, ha="right", va="center", size=9)
plots.show(
    figure,
    alt=f"Nine test tiles in columns: picture, true mask, the network's probability of land, and its mistakes. Five typical ones with IoU {each[chosen[0]]:.2f} to {each[chosen[4]]:.2f}, and the four worst, {each[order[0]]:.2f} to {each[order[3]]:.2f}. In the typical ones most mistakes lie along the coast.",
)

# %% [markdown]
# Where it is right, the mistakes are a thin seam along the coast. (And how exact is the mask itself there?) Where it is wrong, it misses narrow islands, or whole areas go wrong: land as dark as sea, water as bright as land. Some of that
# nobody could know from a grey tile.
#
# **Exercise for the eye**: the worst tiles. What would you have said?

# %% [markdown]
# ### 4.6 Are the skips worth their place?
#
# Take them out and see. An experiment of this sort is called an **ablation**: everything stays, one part goes. Three seeds for each, because a difference means nothing if it is no larger than that between two seeds. So that
# six trainings fit into our time, the tiles become small: 4 × 4 pixels averaged, 24 × 24 remain.
#
# Where should it show? Not in what a tile is about, that comes from below. In the *where*: the more often a map is halved, the less it knows of where, and all of that has to come across by the skips. This small U halves three times: at its
# bottom lies a map of 3 × 3 pixels.

# %%
small_tiles = {part: pictures.reshape(-1, 24, 4, 24, 4, 1).mean(axis=(2, 4)) for part, pictures in tiles.items()}
small_masks = {
    part: (each.reshape(-1, 24, 4, 24, 4).mean(axis=(2, 4)) > 0.5).astype("int32") for part, each in masks.items()
}


def small_unet(skips):
    return unet((8, 16, 32, 48), skips, size=24)


def ablate(skips, epochs=8):
    """Train the small U-Net from three seeds; return its three answers on the test tiles, (3, tiles, 24, 24)."""
    trial, answers = small_unet(skips), []  # compiled once for three seeds: compiling takes longer than training
    batches = Turned(small_tiles["train"], small_masks["train"], 16, ready.seed)
    trial.compile(fast.Muon(fast.OneCycle(0.02, epochs * len(batches)), weight_decay=0.01), pixel_loss)
    trial.optimizer.build(trial.trainable_variables)
    for number in range(3):
        keras.utils.set_random_seed(10 * ready.seed + number)
        trial.set_weights(small_unet(skips).get_weights())  # new weights, and an optimizer that has forgotten all
        for variable in trial.optimizer.variables:
            variable.assign(ops.zeros(variable.shape, variable.dtype))
        trial.fit(batches, epochs=epochs, verbose=0)
        answers.append(trial.predict(small_tiles["test"], batch_size=72, verbose=0).argmax(axis=-1))
    return np.stack(answers)


# %%
start = time.perf_counter()
ablation_answers = {"with skips": ablate(True), "without skips": ablate(False)}
ablation = {
    name: np.array([mask_iou(answer, small_masks["test"]).mean() for answer in answers])
    for name, answers in ablation_answers.items()
}
for name, values in ablation.items():
    print(f"{name:<14} mean IoU {values.round(3)}, mean {values.mean():.3f}")
skip_gain, seed_spread = np.subtract(*(v.mean() for v in ablation.values())), max(np.ptp(v) for v in ablation.values())
worst_gain = ablation["with skips"].min() - ablation["without skips"].max()
print(f"the skips bring {skip_gain:.3f}; the three seeds of a kind lie at most {seed_spread:.3f} apart")
print(f"worst with minus best without: {worst_gain:.3f}; {time.perf_counter() - start:.0f} seconds")

# %%
# Where are they right? For each pixel its distance from the true coast, and the share of right answers in rings around it.
from scipy import ndimage

land = small_masks["test"].astype(bool)
distance = np.stack([ndimage.distance_transform_edt(one) + ndimage.distance_transform_edt(~one) for one in land])
rings = {"1": (1, 1.2), "2": (1.2, 2.1), "3": (2.1, 3.1), "4": (3.1, 4.1), "> 4": (4.1, 99)}
right = {
    name: np.array(
        [
            [np.mean((answer == land)[(distance >= low) & (distance < high)]) for low, high in rings.values()]
            for answer in answers
        ]
    )
    for name, answers in ablation_answers.items()
}
pd.DataFrame(
    {name: shares.mean(axis=0) for name, shares in right.items()}, index=[f"{ring} pixels" for ring in rings]
).T.round(3)

# %%
# Drawing: the six networks, and where they are right.
figure, (left, middle) = plt.subplots(1, 2, figsize=(10, 3.4))
for place, (name, marker, style) in enumerate((("with skips", "o", "-"), ("without skips", "^", "--"))):
    shade = plots.COLOURS[5 * place]
    left.plot(place + np.array([-0.1, 0, 0.1]), ablation[name], marker, color=shade, markersize=7)
    lines = middle.plot(range(len(rings)), right[name].T, style, marker=marker, color=shade, markersize=5)
    lines[0].set_label(name)
left.set(xticks=(0, 1), xticklabels=list(ablation), xlim=(-0.5, 1.5))
left.set(xlabel="small U-Net, three seeds each", ylabel="mean IoU, unseen longitudes")
middle.set(xticks=range(len(rings)), xticklabels=list(rings))
middle.set(xlabel="distance from the true coast (pixels)", ylabel="share right")
middle.legend()
told = {name: ", ".join(f"{value:.2f}" for value in values) for name, values in ablation.items()}
near, far = ({name: shares.mean(axis=0)[place] for name, shares in right.items()} for place in (0, -1))
plots.show(
    figure,
    alt=f"Left: mean IoU of three seeds, with skips {told['with skips']}, without {told['without skips']}. Right: share of right pixels against the distance from the coast:"
    f" beside it {near['with skips']:.2f} with and {near['without skips']:.2f} without skips, far from it {far['with skips']:.2f} and {far['without skips']:.2f}.",
)

# %%
# Drawing: what it looks like.
figure, grid = plt.subplots(4, 8, figsize=(10, 5.2))
pictures = small_tiles["test"][..., 0], small_masks["test"], *(answers[0] for answers in ablation_answers.values())
for row, (name, stack) in enumerate(zip(("tile", "truth", *ablation_answers), pictures, strict=True)):
    for axes, n in zip(grid[row], range(4, 72, 9), strict=True):
        axes.imshow(stack[n], cmap="cividis" if row else "gray", **(dict(vmin=0, vmax=1) if row else {}))
        axes.axis("off")
    grid[row, 0].text(-0.1, 0.5, name, transform=grid[row, 0].transAxes, ha="right", va="center", size=9)
plots.show(
    figure,
    alt="Eight test tiles of 24 × 24 pixels in columns: tile, true mask, the answer with skips, the answer without. With skips the answer follows bays and islands more closely; without, the land is made of a few coarse pieces.",
)

# %% [markdown]
# The seeds settle it: the worst network with skips is better than the best without. The right panel says where the gain comes from. Far from the coast the two come near each other; beside it the network without skips is right hardly more
# often than a coin, because its bottom, 3 × 3 numbers per channel, has no room for the course of a coast.
#
# Now make the counter-test: leave out two levels (`(8, 16)` in `small_unet`). A map of 12 × 12 still knows fairly well where; what is left for the skips to carry?

# %% [markdown]
# ## 5 · Points without a grid
#
# A laser scanner, the sensor of a robot vacuum cleaner or a telephone that measures depth gives neither pixels nor a grid, but a **point cloud**: a list of places (x, y, z) on surfaces. No neighbours in rows and columns, so no convolution. And one
# thing is new: **the order of the list means nothing**. The same teapot, its points listed in another order, is the same teapot. A dense network on the flattened list does not know that; to it, number 17 of the input is something
# special.
#
# Our clouds are points sampled from five surfaces, each stretched and turned at random, with a little noise.

# %%
from scipy.spatial.transform import Rotation

shape_names = ["ball", "cube", "cylinder", "cone", "ring"]


def sample_surface(shape, count):
    """Points spread evenly, or nearly so, over a surface of about unit size: (count, 3)."""
    angle, u = 2 * np.pi * random.random(count), random.random(count)
    if shape == "cube":
        points = random.uniform(-1, 1, (count, 3))
        points[np.arange(count), random.integers(0, 3, count)] = random.choice([-1, 1], count)
        return points
    if shape == "ball":
        height, radius = 2 * u - 1, np.sqrt(1 - (2 * u - 1) ** 2)
    elif shape == "cylinder":
        side = random.random(count) < 2 / 3  # the rest lies on bottom and lid
        height, radius = np.where(side, 2 * u - 1, random.choice([-1, 1], count)), np.where(side, 1, np.sqrt(u))
    elif shape == "cone":
        side, radius = random.random(count) < 0.69, np.sqrt(u)
        height = np.where(side, 1 - 2 * radius, -1)
    else:
        radius, height = 1 + 0.4 * np.cos(2 * np.pi * u), 0.4 * np.sin(2 * np.pi * u)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), height], axis=1)


# %%
def make_clouds(count, points=128):
    """Clouds (count, points, 3), centred and scaled into a ball of radius 1, and their shapes' numbers (count,)."""
    labels, clouds = random.integers(0, 5, count), np.zeros((count, points, 3), "float32")
    for cloud, label in zip(clouds, labels, strict=True):
        places = sample_surface(shape_names[label], points) * random.uniform(0.7, 1.3, 3)
        places = Rotation.random(random_state=random).apply(places)
        places -= places.mean(axis=0)
        cloud[:] = places / np.linalg.norm(places, axis=1).max() + random.normal(0, 0.03, places.shape)
    return clouds, labels


clouds, shapes = make_clouds(3000)
test_clouds, test_shapes = make_clouds(600)
print(f"clouds (clouds, points, coordinates): {clouds.shape}")

# %% [markdown]
# **PointNet** ([Qi and others, 2016](https://arxiv.org/abs/1612.00593)) draws the consequence in two lines: the *same* small network for every point (weight sharing again, with windows of one point), then the **maximum over all points** for each feature. A maximum does not care about order:
#
# $$f(\{p_1, \dots, p_n\}) = g\bigl(\max_i\, h(p_i)\bigr).$$
#
# Instead of the maximum, the sum or the mean would do as well; anything *symmetric*. Beside it a dense network of about the same number of weights, on the flattened list.


# %%
def pointnet():
    """Clouds of any number of points (n, points, 3) -> five probabilities."""
    points = keras.Input((None, 3))
    x = points
    for width in (32, 64, 128):
        x = layers.Dense(width, activation="relu")(x)  # on the last axis: every point by itself, with the same weights
    cloud = layers.GlobalMaxPooling1D()(x)  # (n, 128): whatever the number of points, and whatever their order
    x = layers.Dense(64, activation="relu")(cloud)
    return keras.Model(points, layers.Dense(5, activation="softmax", dtype="float32")(x))


def flat_network():
    """Clouds of 128 points, laid in a row -> five probabilities."""
    points = keras.Input((128, 3))
    x = layers.Dense(48, activation="relu")(layers.Flatten()(points))
    x = layers.Dense(48, activation="relu")(x)
    return keras.Model(points, layers.Dense(5, activation="softmax", dtype="float32")(x))


keras.utils.set_random_seed(ready.seed)
cloud_networks = {"PointNet": pointnet(), "dense": flat_network()}
for each in cloud_networks.values():
    steps = 12 * -(-len(clouds) // 32)
    each.compile(optimizer=keras.optimizers.Adam(fast.OneCycle(5e-3, steps)), loss="sparse_categorical_crossentropy")
    each.optimizer.build(each.trainable_variables)
    each.fit(clouds, shapes, batch_size=32, epochs=12, verbose=0)

# %%
orders = np.argsort(random.random((len(test_clouds), 128)), axis=1)
shuffled = np.take_along_axis(test_clouds, orders[..., None], axis=1)
by_height = np.take_along_axis(test_clouds, np.argsort(test_clouds[..., 2], axis=1)[..., None], axis=1)
cloud_rows, cloud_answers = {}, {}
for name, each in cloud_networks.items():
    answers = {"as it is": each.predict(test_clouds, verbose=0)}
    answers["shuffled"] = each.predict(shuffled, verbose=0)
    answers["sorted by height"] = each.predict(by_height, verbose=0)
    cloud_answers[name] = answers
    cloud_rows[name] = {"parameters": f"{each.count_params():,}"}
    cloud_rows[name] |= {
        order: f"{np.mean(answer.argmax(axis=1) == test_shapes):.3f}" for order, answer in answers.items()
    }
    cloud_rows[name]["largest change by shuffling"] = f"{np.abs(answers['as it is'] - answers['shuffled']).max():.1e}"
pointnet_accuracy = float(cloud_rows["PointNet"]["as it is"])
pointnet_change = float(cloud_rows["PointNet"]["largest change by shuffling"])
dense_accuracy = float(cloud_rows["dense"]["as it is"])
pd.DataFrame(cloud_rows).transpose()

# %% [markdown]
# The columns ask the same 600 clouds three times: in the order they were made, shuffled, and sorted by height (quiz 5 comes back to that). PointNet gives the same answer in any order; not nearly the same, the same (up to rounding, where a processor calculates with 16 bits). The dense network must learn, for each of 128! orders anew, that a cone is a cone, and never gets there; its probabilities jump when the list is shuffled.
# (This is a wish that you can *build in* instead of hoping that it is learned, as the convolution has built in that a cat may stand anywhere.)
#
# A maximum has a second gift. Of 128 points only those matter that are the largest in some feature. The paper calls them the **critical points**; all others could be left out, and the answer would not change at all. (The cell below leaves them out, to see.)

# %%
point_network = cloud_networks["PointNet"]
each_point = keras.Model(point_network.input, point_network.layers[3].output)  # before the maximum
figure = plt.figure(figsize=(11, 2.9))
told, unchanged = [], []
for number, name in enumerate(shape_names):
    cloud = test_clouds[np.flatnonzero(test_shapes == number)[1]]
    features = ops.convert_to_numpy(ops.cast(each_point(cloud[None]), "float32"))[0]  # (128 points, 128 features)
    critical = np.unique(features.argmax(axis=0)[features.max(axis=0) > 0])
    alone = point_network.predict(cloud[None, critical], verbose=0) - point_network.predict(cloud[None], verbose=0)
    unchanged.append(float(np.abs(alone).max()))
    axes = figure.add_subplot(1, 5, number + 1, projection="3d")
    axes.scatter(*cloud.T, s=7, color="0.65", depthshade=False)
    axes.scatter(*cloud[critical].T, s=26, color=plots.COLOURS[0], edgecolor="black", linewidth=0.5, depthshade=False)
    axes.set_title(f"{name}: {len(critical)} critical", fontsize=9, loc="center")
    axes.set(xlim=(-0.7, 0.7), ylim=(-0.7, 0.7), zlim=(-0.7, 0.7))
    axes.set_box_aspect((1, 1, 1), zoom=1.15)
    axes.axis("off")
    told.append(f"{name} {len(critical)}")
plots.show(
    figure,
    alt=f"Five point clouds of 128 points, small and grey; large dots mark the critical points that alone decide PointNet's answer: {', '.join(told)}.",
)
print(f"with the critical points alone the probabilities change by at most {max(unchanged):.1e}")

# %%
fewer = {}
for count in (128, 64, 32, 16, 8):
    answer = point_network.predict(test_clouds[:, :count], verbose=0).argmax(
        axis=1
    )  # random points: the list has no order
    fewer[count] = float(np.mean(answer == test_shapes))
print("PointNet with fewer points:", ", ".join(f"{count}: {value:.2f}" for count, value in fewer.items()))

# %% [markdown]
# The same network takes any number of points, because the maximum makes 128 features of any of them. With half the points it loses little.
#
# ## 6 · Segment anything
#
# Everything until here was trained for *its* classes. **SAM**, the *Segment Anything Model* ([Kirillov and others, 2023](https://arxiv.org/abs/2304.02643)), turns the question round. It knows no classes. It takes a picture and a **prompt**, such as a click, a box or a rough mask, and answers with the mask of
# *whatever thing is there*. Four ideas, and you have met their parts today:

# %%
figure, axes = plt.subplots(figsize=(11, 3.1))
axes.set(xlim=(0, 100), ylim=(0, 34))
draw_blocks(
    axes,
    {
        "picture": (0, 20, 11, 9, "picture\n1024 × 1024", "white"),
        "encoder": (16, 17, 19, 15, "image encoder\n(large vision transformer)\nonce per picture", "0.85"),
        "features": (40, 20, 14, 9, "features\n64 × 64 × 256", "white"),
        "prompt": (0, 3, 11, 9, "prompt: click,\nbox, mask", "white"),
        "prompts": (16, 3, 19, 9, "prompt encoder\n(small)", yellow),
        "decoder": (60, 12, 16, 12, "mask decoder\n(small, a fraction\nof a second)", yellow),
        "m1": (82, 24, 18, 7, "whole thing, IoU?", blue),
        "m2": (82, 14.5, 18, 7, "part, IoU?", blue),
        "m3": (82, 5, 18, 7, "part of the part, IoU?", blue),
    },
    [("picture", "encoder"), ("encoder", "features"), ("features", "decoder"), ("prompt", "prompts"), ("prompts", "decoder"), ("decoder", "m1"), ("decoder", "m2"), ("decoder", "m3")],
)  # fmt: skip
plots.show(
    figure,
    alt="Block diagram of SAM: a large image encoder runs once per picture and makes features of 64 × 64 × 256; a small prompt encoder takes clicks, boxes or masks; a small mask decoder joins both and gives three masks, each with the IoU that it expects of itself.",
)

# %% [markdown]
# 1. **Look once, ask often.** The heavy encoder runs once a picture; each click after that costs only the small decoder. (Our frozen features, computed once for all trainings, are the same economy.)
# 2. **A click is ambiguous**: on a backpack, is it the pocket, the backpack, the person who wears it? So it gives *three* masks, and, because it has a branch for that, the **IoU it expects** of each.
# 3. **The loss** is a mixture of focal loss (a cross-entropy that turns away from easy pixels) and **Dice loss**, which you write in exercise 4.
# 4. **The data made themselves**: people labelled with the model's help, the model was trained again, and again; in the end it labelled alone. 11 million pictures, 1.1 billion masks; with a person drawing each one that would have been unthinkable.
#
# It gives masks, not names: "the thing here", not "a mammal". And satellite tiles, X-rays or microscope pictures are far from the photographs it learned from; there your own U-Net, trained on some hundred tiles, is often better. Measure it.
# SAM 2 ([2024](https://arxiv.org/abs/2408.00714)) follows a thing through a video.

# %% [markdown]
# ## What you should see
#
# Each result is held against the range over three seeds, with some room.

# %%
expect("IoU of boxes against Keras (largest difference)", iou_difference, low=0, high=1e-4)
expect("NMS against TensorFlow (share of equal lists)", nms_agreement, low=1, high=1)
expect("average precision against scikit-learn (largest difference)", ap_difference, low=0, high=1e-9)
expect("IoU of masks against Keras (difference)", mask_difference, low=0, high=1e-5)
expect("transposed convolution against Keras (largest difference)", stamp_difference, low=0, high=1e-5)
expect("YOLO v3 (parameters)", yolo_parameters, low=62_001_757, high=62_001_757)

# %%
expect(
    "one thing, seen cut-outs: name right (share)",
    single_results.loc["network, seen cut-outs", "name right"],
    low=0.84,
    high=1,
)
expect(
    "one thing, unseen cut-outs: name right (share)",
    single_results.loc["network, unseen cut-outs", "name right"],
    low=0.62,
    high=0.95,
)
expect(
    "one thing, seen cut-outs: box (mean IoU)",
    single_results.loc["network, seen cut-outs", "mean IoU"],
    low=0.38,
    high=0.65,
)
expect(
    "one thing, unseen cut-outs: box (mean IoU)",
    single_results.loc["network, unseen cut-outs", "mean IoU"],
    low=0.38,
    high=0.62,
)

# %%
expect("many things, seen cut-outs (mAP@0.5)", scores["seen, asked twice"]["mAP@0.5"], low=0.82, high=0.98)
expect("many things, unseen cut-outs (mAP@0.5)", scores["unseen, asked twice"]["mAP@0.5"], low=0.6, high=0.82)
expect(
    "many things, seen cut-outs, without names (AP@0.5)",
    scores["seen, asked twice"]["without names"],
    low=0.8,
    high=0.99,
)
expect(
    "many things, unseen cut-outs, without names (AP@0.5)",
    scores["unseen, asked twice"]["without names"],
    low=0.76,
    high=0.95,
)
expect(
    "many things, unseen cut-outs, names by crops (mAP@0.5)",
    scores["unseen, names by crops"]["mAP@0.5"],
    low=0.66,
    high=0.88,
)
expect("one pixel at a time (mean IoU)", pixel_iou.mean(), low=0.57, high=0.59)
expect("small U-Net: mean IoU with skips minus without", skip_gain, low=0.03, high=0.3)
expect("small U-Net: worst seed with skips minus best without (mean IoU)", worst_gain, low=0)
expect("U-Net, unseen longitudes (mean IoU)", unet_iou.mean(), low=0.85, high=0.92)
expect("PointNet: accuracy", pointnet_accuracy, low=0.72, high=0.95)
expect("PointNet: largest change of a probability by shuffling", pointnet_change, low=0, high=0.02)

# %%
expect_learned("localiser", localiser_history["loss"])
expect_learned("grid detector", detector_history.history["loss"])
expect_learned("U-Net", unet_losses)
expect_varied("localiser's boxes", localiser.predict(single_looks["unseen"], verbose=0)["box"])
expect_varied("U-Net's probabilities of land", probabilities[..., 1])

# %% [markdown]
# ## Summary
#
# 1. Where a thing is can be learned like any number: a branch for the name, a branch for the box, two losses, one weighted sum.
# 2. IoU judges boxes and masks, NMS keeps one box for each thing, mAP goes through all thresholds and punishes doubles, ghosts and things never found. All three are written out above, and libraries agree on IoU, NMS and the area under the curve.
# 3. A grid detector asks every cell once; two stages propose first and look again. Boxes transfer to things never seen; names do so less.
# 4. A U-Net gathers *what* on the way down and brings *where* across by skips.
# 5. A set of points has no order: build that in, with a maximum over all points. And a model that takes prompts can segment what nobody named.
#
# ## Quiz
#
# **1. Two boxes of 10 × 10 pixels, the second moved 5 to the right and 5 down. IoU?**
# (a) 0.25 (b) 1/7 (c) 1/3
# <details><summary>Answer</summary>
#
# (b): 25 pixels are common, 100 + 100 − 25 = 175 are covered: 25 / 175 = 1/7.
#
# </details>
#
# **2. A detector finds every one of 10 cats exactly, and puts a second box on each. The second boxes are all less certain than the first ones. AP with, and without NMS?**
# <details><summary>Answer</summary>
#
# 1.0 both times! The doubles come after all hits in the list, so the precision at each hit is 1. Were the certainties mixed, AP would fall. AP forgives what is uncertain enough; a user who sees two boxes on each cat does not.
#
# </details>
#
# **3. Your U-Net outputs (32, 128, 128, 4). What are the four numbers, and what shape does a mask for `sparse_categorical_crossentropy` have?**
# <details><summary>Answer</summary>
#
# 32 pictures, 128 × 128 pixels, 4 classes; the mask is (32, 128, 128) with whole numbers from 0 to 3.
#
# </details>
#
# **4. The names are right, the boxes stay poor from the first epoch to the last, and in the sum the box branch's loss is a hundredth of the other. What do you try first?**
# <details><summary>Answer</summary>
#
# Raise the box branch's weight in the sum: the shared part is being shaped by the names alone.
#
# </details>
#
# **5. Somebody sorts each point cloud by height before a dense network. Does that make it independent of the order of the list? Why is PointNet still better?**
# <details><summary>Answer</summary>
#
# Yes, sorted lists are equal lists. But a small turn of the cloud changes the ranks and so what every input means; the maximum does not jump like that, and takes any number of points.
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning*, 3rd ed., chapter 14, from "Classification and Localization" to the end.
# - Redmon, Divvala, Girshick, Farhadi: [You only look once](https://arxiv.org/abs/1506.02640) (2015), and the [YOLO v3 report](https://arxiv.org/abs/1804.02767) (2018): four pages, and the funniest paper of the field.
# - Ronneberger, Fischer, Brox: [U-Net](https://arxiv.org/abs/1505.04597) (2015): eight pages from Freiburg.
# - Qi, Su, Mo, Guibas: [PointNet](https://arxiv.org/abs/1612.00593) (2016); section 4.3 has the critical points.
# - Padilla, Netto, da Silva: [A survey on performance metrics for object-detection algorithms](https://doi.org/10.1109/IWSSIP48289.2020.9145130) (2020): every variant of AP, with worked examples.
# - Video: Andrew Ng, [C4W3L01 Object Localization](https://www.youtube.com/watch?v=GSwYGkTfOKk), and the nine short ones after it.
#
# ## Now you
#
# The [exercises](../exercises/day09_detection_segmentation.ipynb) answer back; the [solutions](../solutions/day09_detection_segmentation.ipynb) explain.
# Tomorrow, day 10, the arrow turns round: from numbers to pictures.
