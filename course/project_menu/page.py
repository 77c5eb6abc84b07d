# %% [markdown]
# # Project menu: ten ideas, and a first step for each
#
# **You can build and judge networks now. What is missing is a question of your own. Here are ten, each with a brief, a source of data, a first step, and a number by which you will know whether it worked. Six of them begin right here, with data and a baseline that runs.**
#
# <!-- badges -->
#
# With this page you can
#
# - **choose** a project that fits your time, your machine and your curiosity;
# - **begin** with a baseline instead of a network;
# - **say** before the first training what success would be.
#
# **Time:** half an hour of reading; the starters run in less than a minute on two CPU cores, without a network in any of them. A project takes two to five days, alone or as three people.
#
# <details><summary><b>German terms</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | brief | Auftrag | airfoil | Tragflügelprofil |
# | milestone | Meilenstein | tag | Schlagwort |
# | goal | Ziel | caption | Bildbeschreibung |
# | to hold out | zurücklegen (für den Test) | thin section | Dünnschliff |
# | cut-out | freigestelltes Bild | onset | Einsatz (eines Tons) |
#
# </details>

# %% tags=["setup"]
from utils import data, plots, runtime
from utils.expect import expect

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Audio, display
from scipy import ndimage
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.multiclass import OneVsRestClassifier

ready = runtime.setup(seed=1, precision="float32")

# %% [markdown]
# ## The menu
#
# | | Project | Data without internet | Starter | Builds on | Success is |
# |---|---|---|---|---|---|
# | 1 | Flow around an airfoil | generated: potential flow | in [Day 19](day19_project_physics.ipynb) | 06, 09, 19 | relative L2 error below 5 % on unseen shapes, and below three simple answers |
# | 2 | Tags for pictures | scenes of cut-outs | below | 06, 08, 17 | micro F1 of 0.60 on things never seen |
# | 3 | Galaxies | simulated; the Hubble Deep Field to look at | below | 06, 08, 17 | 0.95 right where the baseline has 0.92 |
# | 4 | Differential equations | none needed | [Day 19](day19_project_physics.ipynb) | 02, 19 | below 1 % (one variable), 5 % (two) on three seeds |
# | 5 | Cut out clothes by a click | collages of Fashion-MNIST | below | 09 | mean IoU of 0.80 after one click |
# | 6 | Pores in volcanic rock | simulated thin sections | below | 09, 17 | pore share within one percentage point |
# | 7 | Super-resolution | seven photographs | below | 06, 10 | 1 dB above bicubic on pictures never seen |
# | 8 | Picture captions | scenes of cut-outs | step by step, no code | 08, 14, 15 | both words *and* the place right in 0.50, on things never seen |
# | 9 | Video to music | bouncing balls, drawn here | below | 06, 12 | F1 of 0.90 for the onsets, ± 1 frame |
# | 10 | Global warming | NASA's series of temperatures | [Day 18](day18_project_climate.ipynb) | 11, 12, 17, 18 | better than naive and drift; 90 % intervals that cover 0.85 to 0.95 |
#
# The numbers in the last column are **goals**, set above what the baselines below reach. Nobody has promised that they can be reached; a report that shows why not is a good report.
#
# ### How a project goes
#
# CRISP-DM again (day 03), as six milestones. Each ends with something that you can show.
#
# | | Milestone | You can show |
# |---|---|---|
# | 1 | **Question** | one sentence: who decides what by the answer? And the goal as a number |
# | 2 | **Data** | counts, pictures of good *and* odd examples, origin and licence; the split, by the thing photographed, the person or the time |
# | 3 | **Baseline** | a rule without learning, and a small model, each with its number and an interval |
# | 4 | **Model** | one network that learns: first a batch learned by heart, then the learning curve |
# | 5 | **Evaluation** | the test set, opened once; three seeds; the worst mistakes looked at; what changed when a part was left out |
# | 6 | **Presentation** | ten minutes: question, number, picture, and a page *What we would not claim* |
#
# In a team of three, one of you owns the data and the split, one the model, one the judgement: the last one alone opens the test set, once, and presents what speaks against your result.
#
# ### How it is judged
#
# | Points | for |
# |---|---|
# | 20 | a question with a number as its goal, and a baseline that deserves the name |
# | 20 | data: looked at, split without a leak, licence named |
# | 20 | a method that fits the question, choices made on validation data |
# | 20 | evaluation: interval or several seeds, mistakes read, misses reported as plainly as hits |
# | 20 | whoever reads it can run it again, and knows what it must not be used for |
#
# Nobody gets points for a high number, or for a large network.

# %% [markdown]
# ## 1 · Flow around an airfoil
#
# **Brief.** An engineer wants the velocity and the pressure around a wing for a thousand shapes and angles. A flow solver takes minutes for each. A network that has seen some hundred of its fields shall draw the next ones in milliseconds, as a first look.
#
# **Data.** Offline: potential flow around Joukowski airfoils, which has a formula; the starter in [Day 19](day19_project_physics.ipynb), “Variant: the flow around an airfoil”, generates 600 of them. Online: [AirfRANS](https://airfrans.readthedocs.io), 1,000 flows from a solver that knows friction (licence ODbL; [Bonnet and others, 2022](https://arxiv.org/abs/2212.07564)); shapes from the [UIUC airfoil database](https://m-selig.ae.illinois.edu/ads/coord_database.html).
#
# **First step.** Run that starter: it masks the inside of the wing, holds out 100 airfoils, and has three simple answers: the mean flow, the flow of the most similar airfoil, and a quadratic regression. Then give a U-Net (day 09) the *mask* and the wind, without the numbers that made the shape.
#
# **Goal.** Relative L2 error of the disturbance (the velocity less the wind) below 5 % on unseen airfoils at angles between −5° and 10°, and below the best of the three simple answers; a second number for thicker airfoils and other angles, where it will be worse.
#
# **Take care.** Potential flow has no friction: no drag, no stall. Say so on the first slide.

# %% [markdown]
# ## 2 · Tags for pictures
#
# **Brief.** A museum has 100,000 photographs without words. Each shall get the tags that fit: not *one* class but any number of them (*multi-label* classification), *bird* and *plant* and *vehicle* at once.
#
# **Data.** Offline: scenes composed of the course's cut-outs, ten classes. Online: [COCO](https://cocodataset.org) ([Lin and others, 2014](https://arxiv.org/abs/1405.0312)), 80 kinds of things in photographs.
#
# **First step.** Ten sigmoids in place of one softmax, binary cross-entropy; a threshold for each tag, chosen on validation data. The starter has scenes and two baselines.
#
# **Goal.** Micro F1 of 0.60 on scenes of things never seen in training. (F1 is the harmonic mean of precision and recall; *micro*: all tags of all pictures counted together.)
#
# **Take care.** Accuracy over all tags flatters: most tags are absent from most pictures (day 17). Pretrained features (day 08) will help more than a larger network of your own.
#
# ### Starter


# %%
def draw_scenes(images, labels, count, random):
    """Put one to three things of different classes on a plain ground: pictures (count, 96, 96, 3), tags (count, 10)."""
    small = images.reshape(-1, 48, 2, 48, 2, 4).mean(axis=(2, 4)) / 255  # colour and opacity, 48 × 48
    pictures, tags = np.empty((count, 96, 96, 3)), np.zeros((count, 10), int)
    for picture, tag in zip(pictures, tags, strict=True):
        picture[:] = random.uniform(0.2, 1, size=3)
        corners = random.permutation([(0, 0), (0, 48), (48, 0), (48, 48)])
        for top, left in corners[: random.integers(1, 4)]:
            thing = random.integers(len(small))
            if tag[labels[thing]]:
                continue
            tag[labels[thing]] = 1
            colour, opacity = small[thing, ..., :3], small[thing, ..., 3:]
            place = picture[top : top + 48, left : left + 48]
            place[:] = opacity * colour + (1 - opacity) * place
    return pictures, tags


cutouts, random = data.load("cutouts"), np.random.default_rng(ready.seed)
classes = list(cutouts["classes"])
scenes, scene_tags = draw_scenes(cutouts["train_images"], cutouts["train_labels"], 1200, random)
test_scenes, test_tags = draw_scenes(cutouts["test_images"], cutouts["test_labels"], 400, random)
titles = [", ".join(np.array(classes)[tags == 1]).replace(", ", ",\n") for tags in test_tags[:8]]
plots.image_grid(
    test_scenes[:8], titles, columns=8, size=1.2, alt="scenes of one to three cut-out things, their tags in the titles."
)

# %% [markdown]
# Two baselines. The first says the same tags for every picture, the most frequent ones; how many of them, the training scenes decide. The second reads how much of each colour is in the things (in all that differs from the ground), and nothing else.


# %%
def colours(pictures, steps=4):
    """Share of the picture in each of 4 × 4 × 4 colours, the ground left out: (n, 64)."""
    ground = np.median(pictures, axis=(1, 2), keepdims=True)
    is_thing = (np.abs(pictures - ground) > 0.03).any(axis=3)
    numbers = np.minimum((pictures * steps).astype(int), steps - 1) @ (steps**2, steps, 1)
    counts = [np.bincount(each[here], minlength=steps**3) for each, here in zip(numbers, is_thing, strict=True)]
    return np.stack(counts) / is_thing[0].size


def micro_f1(true, said):
    return f1_score(true, said, average="micro", zero_division=0)


order = np.argsort(-scene_tags.mean(axis=0))
same = {k: np.isin(np.arange(10), order[:k]).astype(int) for k in range(1, 11)}
best = max(same, key=lambda k: micro_f1(scene_tags, np.tile(same[k], (len(scenes), 1))))
tag_f1 = {"same tags for all": micro_f1(test_tags, np.tile(same[best], (len(test_tags), 1)))}

learn, choose = slice(0, 900), slice(900, None)
by_colour = OneVsRestClassifier(LogisticRegression(C=30, max_iter=500)).fit(colours(scenes[learn]), scene_tags[learn])
chances = by_colour.predict_proba(colours(scenes[choose]))
threshold = max(np.arange(0.1, 0.6, 0.02), key=lambda t: micro_f1(scene_tags[choose], chances > t))
tag_f1["colours"] = micro_f1(test_tags, by_colour.predict_proba(colours(test_scenes)) > threshold)
for name, value in tag_f1.items():
    print(f"{name:<18} micro F1 {value:.3f}")

# %% [markdown]
# The colours of the things say a little: fruit is red, plants are green. Shape will have to say the rest.

# %% [markdown]
# ## 3 · Galaxies
#
# **Brief.** A telescope takes more galaxies in a night than astronomers can look at in a year. Which are spirals, which ellipticals, and of which is the network not sure, so that a person should look?
#
# **Data.** Online: [Galaxy10 DECaLS](https://github.com/henrysky/Galaxy10), 17,736 colour pictures in ten classes from the votes of [Galaxy Zoo](https://www.zooniverse.org/projects/zookeeper/galaxy-zoo/) ([Willett and others, 2013](https://arxiv.org/abs/1308.3496)). Offline there are no labelled photographs in the course; the starter *simulates* galaxies, and has the Hubble Deep Field to look at.
#
# **First step.** The starter's two kinds, and a baseline of three numbers per galaxy. Then a small convolutional network on the pixels; rotations as augmentation, since the sky has no top.
#
# **Goal.** 0.95 right at the noise at which the starter learns, where the baseline has about 0.92; and a calibration curve (day 17).
#
# **Take care.** A network trained on simulated galaxies knows the simulation. Whether it knows galaxies, only real ones tell.
#
# ### Starter


# %%
def simulate_galaxies(count, noise, random, size=48):
    """Ellipticals (0) and spirals (1), tilted and turned at random, with noise: (count, size, size), (count,)."""
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    pictures, kinds = np.empty((count, size, size)), random.integers(0, 2, count)
    for picture, is_spiral in zip(pictures, kinds, strict=True):
        turn, flat = random.uniform(0, np.pi), random.uniform(0.5, 1)
        along, across = x * np.cos(turn) + y * np.sin(turn), (y * np.cos(turn) - x * np.sin(turn)) / flat
        radius, angle = np.hypot(along, across) + 0.3, np.arctan2(across, along)
        scale = random.uniform(4, 7)
        if is_spiral:  # an exponential disc with two arms, and a small round bulge
            arms = 1 + random.uniform(0.3, 0.9) * np.cos(2 * angle - random.uniform(2, 5) * np.log(radius))
            light = np.exp(-radius / scale) * arms + np.exp(-((radius / 2) ** 2))
        else:  # de Vaucouleurs' law: bright in the middle, far out still some light
            light = np.exp(-4 * ((radius / scale) ** 0.25 - 0.6))
        light = ndimage.gaussian_filter(light, 1)  # the air, and the telescope
        picture[:] = light / light.max() + random.normal(0, noise, light.shape)
    return pictures, kinds


random = np.random.default_rng(ready.seed)
galaxies, galaxy_kinds = simulate_galaxies(800, 0.2, random)

# %%
show = np.random.default_rng(3)
quiet, quiet_kinds = simulate_galaxies(8, 0, show)
titles = [("elliptical", "spiral")[kind] for kind in quiet_kinds]
plots.image_grid(
    np.sqrt(quiet),  # the root lifts what is faint
    titles,
    columns=8,
    size=1.2,
    alt="simulated galaxies in grey, without noise: ellipticals as soft round or flat spots, spirals with two arms.",
)
plots.image_grid(
    quiet + show.normal(0, 0.2, quiet.shape),
    titles,
    columns=8,
    size=1.2,
    alt="the same galaxies with the noise that the network gets: the spots remain, the arms are hardly to be seen.",
)

# %% [markdown]
# The baseline measures what astronomers measured long before networks: how **concentrated** the light is, how much the galaxy differs from itself turned by a **quarter**, and by a **half** turn. Three numbers, and a logistic regression.


# %%
def measure(pictures):
    """Concentration, and the difference from the picture turned by 90 and 180 degrees: (n, 3)."""
    smooth = ndimage.gaussian_filter(pictures, (0, 1.5, 1.5))
    y, x = np.mgrid[: smooth.shape[1], : smooth.shape[2]] - (smooth.shape[1] - 1) / 2
    inner, outer = np.hypot(x, y) < 5, np.hypot(x, y) < 15
    total = smooth[:, outer].sum(axis=1)
    concentration = smooth[:, inner].sum(axis=1) / total
    turned = [np.abs(smooth - np.rot90(smooth, k, axes=(1, 2)))[:, outer].sum(axis=1) / total for k in (1, 2)]
    return np.stack([concentration, *turned], axis=1)


three_numbers = LogisticRegression(C=100, max_iter=1000).fit(measure(galaxies), galaxy_kinds)
galaxy_accuracy = {}
for noise in (0.1, 0.2, 0.4):
    sky, kinds = simulate_galaxies(800, noise, np.random.default_rng(100 + ready.seed))
    galaxy_accuracy[noise] = np.mean(three_numbers.predict(measure(sky)) == kinds)
    print(f"noise {noise}: {galaxy_accuracy[noise]:.3f} right (learned at 0.2)")

# %% [markdown]
# Three numbers go a long way, until the noise is twice what they have learned at. There a network has something to gain.
#
# And real ones: the Hubble Deep Field, a patch of sky that looks empty from the ground. Everything in it that stands out from the dark, cut out by a threshold.

# %%
field = data.load("photographs")["hubble_deep_field"] / 255
grey = ndimage.gaussian_filter(field.mean(axis=2), 1)
spots, found = ndimage.label(grey > grey.mean() + 2 * grey.std())
sizes = ndimage.sum_labels(np.ones_like(grey), spots, np.arange(1, found + 1))
boxes = ndimage.find_objects(spots)
largest = np.argsort(-sizes)[:8]
centres = [((box[0].start + box[0].stop) // 2, (box[1].start + box[1].stop) // 2) for box in boxes]
padded = np.pad(field, ((24, 24), (24, 24), (0, 0)))
cut = [padded[y : y + 48, x : x + 48] for y, x in (centres[i] for i in largest)]
print(f"{found} spots; the eight largest have {sizes[largest[-1]]:.0f} to {sizes[largest[0]]:.0f} pixels")
plots.image_grid(
    cut,
    [f"{sizes[i]:.0f} pixels" for i in largest],
    columns=8,
    size=1.2,
    alt="the eight largest spots of the Hubble Deep Field: some smooth and round, some flat or bluish, one in several pieces, one at the border of the picture, many with neighbours.",
)

# %% [markdown]
# Compare them with the simulated ones. The simulation has one galaxy per picture, in the middle, always of one of two kinds. The sky has not.

# %% [markdown]
# ## 4 · Differential equations
#
# **Brief.** A network as the solution itself: $y(t)$ is a network, its loss is how badly it fulfils the equation. Where does that beat a classical solver, and where not?
#
# **Data.** None. The equation is the data; SciPy is the judge.
#
# **First step.** [Day 19](day19_project_physics.ipynb) takes you from decay through the oscillator to an equation in space and time. Take another equation that you know from your own field: a pendulum with large swings, predators and prey, a cooling wall.
#
# **Goal.** Relative L2 error below 1 % for an equation in one variable and below 5 % in two, on three seeds; and the time of the classical solver beside yours.
#
# **Take care.** For a solution alone the classical solver nearly always wins, by orders of magnitude. The honest use is the *inverse* problem: measurements are given, a constant in the equation is wanted.

# %% [markdown]
# ## 5 · Cut out clothes by a click
#
# **Brief.** In a shop's photograph somebody clicks on the jacket, and the jacket, all of it and nothing else, is cut out. A second click mends a mistake.
#
# **Data.** Offline: collages of garments from Fashion-MNIST on a patterned ground, masks for free. Online: [DeepFashion2](https://github.com/switchablenorms/DeepFashion2) has masks of clothes on people (ask for access).
#
# **First step.** The click is a second input channel, a spot of light where the finger was; a U-Net (day 09) reads picture and click. The starter has collages and two baselines without learning.
#
# **Goal.** Mean IoU of 0.80 after one click, on garments never seen; and the gain by a second click, set where the mistake is largest.
#
# **Take care.** Split by garment, not by collage. Report the worst tenth as well as the mean: those are the pictures that people complain about.
#
# ### Starter


# %%
def draw_collage(garments, random, size=112):
    """Three garments on a patterned ground; return the picture, the clicked place and the mask of what was clicked."""
    picture = 0.35 + 0.15 * ndimage.gaussian_filter(random.normal(size=(size, size)), 2) * 7
    owner = np.zeros((size, size), int)
    for number in (1, 2, 3):
        garment = np.kron(garments[random.integers(len(garments))] / 255, np.ones((2, 2)))
        shape = ndimage.binary_fill_holes(garment > 0.05)
        top, left = random.integers(0, size - 56, size=2)
        place = (slice(top, top + 56), slice(left, left + 56))
        picture[place][shape], owner[place][shape] = garment[shape], number
    wanted = owner == owner[owner > 0][random.integers(np.sum(owner > 0))]
    click = np.argwhere(wanted)[random.integers(wanted.sum())]
    return np.clip(picture + random.normal(0, 0.02, picture.shape), 0, 1), click, wanted


def grow(picture, click, tolerance):
    """All pixels that hang together with the clicked one and differ from it by less than the tolerance."""
    alike = np.abs(ndimage.median_filter(picture, 3) - picture[tuple(click)]) < tolerance
    alike[tuple(click)] = True
    pieces, _ = ndimage.label(alike)
    return pieces == pieces[tuple(click)]


def disc(picture, click, radius):
    """Everything near the click, whatever it is."""
    return np.hypot(*(np.indices(picture.shape) - click[:, None, None])) < radius


def iou(one, other):
    return np.sum(one & other) / np.sum(one | other)


# %% [markdown]
# Tolerance and radius are chosen on collages of *training* garments; then both rules meet garments they have not seen.

# %%
fashion, random = data.load("fashion_mnist"), np.random.default_rng(ready.seed)
collages = [draw_collage(fashion["train_images"][:2000], random) for _ in range(100)]
test_collages = [draw_collage(fashion["test_images"][:2000], random) for _ in range(200)]


def mean_iou(rule, setting, some):
    return np.mean([iou(rule(picture, click, setting), wanted) for picture, click, wanted in some])


click_iou = {}
for name, rule, settings in (
    ("grow from the click", grow, np.arange(0.04, 0.4, 0.04)),
    ("a disc", disc, range(8, 33, 4)),
):
    best = max(settings, key=lambda setting: mean_iou(rule, setting, collages))
    click_iou[name] = mean_iou(rule, best, test_collages)
    print(f"{name:<20} best setting {best:.2f}: mean IoU {click_iou[name]:.3f}")

# %%
figure, panels = plt.subplots(2, 4, figsize=(8, 4.3))
for column, (picture, click, wanted) in zip(panels.T, test_collages[:4], strict=True):
    column[0].imshow(picture, cmap="gray", vmin=0, vmax=1)
    column[0].plot(*click[::-1], "P", color=plots.COLOURS[1], markeredgecolor="white", markersize=10)
    column[0].set_title("the click", fontsize=10)
    column[1].imshow(wanted, cmap="gray")
    column[1].set_title("what was meant", fontsize=10)
    for axes in column:
        axes.axis("off")
plots.show(
    figure,
    alt="Four collages of three overlapping garments on a cloudy ground, a cross where the click was; below each the mask of the garment that was meant.",
)

# %% [markdown]
# A disc that does not look at the picture at all is about as good as the rule that looks at brightness only. Neither knows what a garment is; that is what your network has to learn.

# %% [markdown]
# ## 6 · Pores in volcanic rock
#
# **Brief.** How much gas a lava held when it froze can be read from its pores. A geologist lays a grid over the thin section and counts, point by point, under the microscope. A network shall do it from a picture.
#
# **Data.** Online: tomographies and thin sections of rocks in the [Digital Porous Media portal](https://digitalporousmedia.org); every set has its own licence. [Buono and others (2023)](https://doi.org/10.1038/s41598-023-33687-x) measured the pores of a volcanic tuff in such scans, and sharpened coarse scans with networks. Offline: the starter *simulates* thin sections, dark pores, bright and dark crystals in a grey ground, lit from one side.
#
# **First step.** Otsu's threshold, the rule that is built into every microscope's program, and what uneven light does to it. Then a small U-Net (day 09).
#
# **Goal.** The share of pores within one percentage point, in the mean over pictures; IoU of the pores of 0.85.
#
# **Take care.** A dark crystal is as dark as a pore; only its shape tells. The share can be right and every pore wrong: report both. And a mask drawn by two geologists is never the same mask: their difference is your ceiling.
#
# ### Starter


# %%
def draw_section(random, light=0.15, size=128):
    """A simulated thin section lit from one side: picture (size, size), mask of the pores (size, size)."""
    y, x = np.indices((size, size))
    picture, pores = np.full((size, size), 0.55), np.zeros((size, size), bool)
    for number in range(40):  # crystals: long and thin, most of them bright, some dark; then pores: dark, roundish
        middle, turn, length = random.uniform(0, size, 2), random.uniform(0, np.pi), random.uniform(5, 12)
        along = (y - middle[0]) * np.cos(turn) + (x - middle[1]) * np.sin(turn)
        across = (x - middle[1]) * np.cos(turn) - (y - middle[0]) * np.sin(turn)
        picture[(np.abs(along) < length) & (np.abs(across) < length / 4)] = 0.3 if number % 3 == 0 else 0.75
    for _ in range(random.integers(10, 40)):
        middle, radius, long = random.uniform(0, size, 2), random.lognormal(1.5, 0.5), random.uniform(1, 1.8)
        pores |= ((y - middle[0]) / long) ** 2 + (x - middle[1]) ** 2 < radius**2
    picture[pores] = 0.3
    side = random.uniform(0, 2 * np.pi)
    slope = light * ((y - size / 2) * np.sin(side) + (x - size / 2) * np.cos(side)) / (size / 2)
    return ndimage.gaussian_filter(picture + slope, 0.8) + random.normal(0, 0.05, picture.shape), pores


def iou(one, other):  # as in project 5; this starter stands alone
    return np.sum(one & other) / np.sum(one | other)


def otsu(picture):
    """The threshold that leaves the least variance inside the two groups, dark and bright."""
    values = np.sort(picture.ravel())
    count = np.arange(1, len(values))
    below, above = values.cumsum()[:-1] / count, (values.sum() - values.cumsum()[:-1]) / (len(values) - count)
    return values[np.argmax(count * (len(values) - count) * (above - below) ** 2)]


# %% [markdown]
# Two rules without learning: Otsu's threshold on the picture with its noise taken out, and the same after the light has been evened out (a plane fitted through all pixels is subtracted).


# %%
def plain(picture):
    smooth = ndimage.median_filter(picture, 5)
    return smooth < otsu(smooth)


def evened(picture):
    y, x = np.indices(picture.shape)
    plane = np.stack([np.ones_like(picture), y, x], axis=-1).reshape(-1, 3)
    slope = plane @ np.linalg.lstsq(plane, picture.ravel(), rcond=None)[0]
    return plain(picture - slope.reshape(picture.shape))


random = np.random.default_rng(ready.seed)
sections = [draw_section(random) for _ in range(100)]
pore_scores = {}
for name, rule in (("Otsu", plain), ("light evened, then Otsu", evened)):
    said = [rule(picture) for picture, _ in sections]
    off = np.mean([abs(mask.mean() - pores.mean()) for mask, (_, pores) in zip(said, sections, strict=True)])
    overlap = np.mean([iou(mask, pores) for mask, (_, pores) in zip(said, sections, strict=True)])
    pore_scores[name] = off, overlap
    print(f"{name:<24} share of pores off by {100 * off:.1f} percentage points, mean IoU {overlap:.3f}")

# %%
picture, pores = sections[0]
figure, panels = plt.subplots(1, 4, figsize=(9, 2.6))
shown = {"section": picture, "pores": pores, "Otsu": plain(picture), "evened, then Otsu": evened(picture)}
for axes, (name, values) in zip(panels, shown.items(), strict=True):
    axes.imshow(values, cmap="gray")
    axes.set_title(name, fontsize=10)
    axes.axis("off")
plots.show(
    figure,
    alt=f"A simulated thin section, {pores.mean():.0%} pores, and three masks: the true pores; Otsu's, IoU {iou(plain(picture), pores):.2f};"
    f" Otsu's after the light was evened out, IoU {iou(evened(picture), pores):.2f}.",
)

# %% [markdown]
# Even out the light, and the overlap nearly doubles: preparing the data comes before the model. What remains are the dark crystals, which no threshold can tell from pores.

# %% [markdown]
# ## 7 · Super-resolution
#
# **Brief.** Old photographs are small. Enlarge them twofold, better than any image program's bicubic interpolation, and say what was invented.
#
# **Data.** Offline: the course's seven photographs (few, but every pixel is an example). Online: [DIV2K](https://data.vision.ee.ethz.ch/cvl/DIV2K/), 1,000 photographs collected for this purpose; for academic use only.
#
# **First step.** Shrink, enlarge, compare: PSNR of bicubic. Then the smallest model there is: one *linear* filter, learned by least squares in a second. The starter does both.
#
# **Goal.** 1 dB above bicubic on pictures never seen, the mean over all seven, each left out once.
#
# **Take care.** PSNR likes blur. A network with a perceptual or a GAN loss looks sharper and scores *worse*; decide beforehand which of the two you want, and never enlarge a face as evidence (day 10).
#
# ### Starter


# %%
def shrink(picture):
    return picture.reshape(picture.shape[0] // 2, 2, picture.shape[1] // 2, 2).mean(axis=(1, 3))


def bicubic(small):
    return ndimage.zoom(small, 2, order=3, mode="nearest", grid_mode=True)


def psnr(picture, truth):
    """Peak signal-to-noise ratio in decibels, for values from 0 to 1: the larger the better."""
    return -10 * np.log10(np.mean((np.clip(picture, 0, 1) - truth) ** 2))


def windows(small):
    """The 5 × 5 neighbours of each pixel, less the pixel itself: (pixels, 25)."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(small, 2, mode="edge"), (5, 5))
    return around.reshape(-1, 25) - small.reshape(-1, 1)


def blocks(picture):
    """The four pixels of the large picture that belong to each small one: (pixels, 4), and back by `unblock`."""
    height, width = picture.shape
    return picture.reshape(height // 2, 2, width // 2, 2).transpose(0, 2, 1, 3).reshape(-1, 4)


def unblock(four, shape):
    return four.reshape(shape[0] // 2, shape[1] // 2, 2, 2).transpose(0, 2, 1, 3).reshape(shape)


# %% [markdown]
# What the linear model learns is what bicubic leaves out: four corrections per pixel, from its 25 neighbours. Each photograph is left out once, and enlarged by a model that has seen the other six.

# %%
photographs = {name: picture.mean(axis=2) / 255 for name, picture in data.load("photographs").items()}
photographs = {name: picture[: picture.shape[0] // 2 * 2] for name, picture in photographs.items()}
pairs = {name: (windows(shrink(p)), blocks(p - bicubic(shrink(p)))) for name, p in photographs.items()}
decibels = {}
for name, picture in photographs.items():
    inputs, targets = (np.concatenate([pairs[other][k] for other in pairs if other != name]) for k in (0, 1))
    weights = np.linalg.solve(inputs.T @ inputs + 0.1 * np.eye(25), inputs.T @ targets)
    base = bicubic(shrink(picture))
    better = base + unblock(pairs[name][0] @ weights, picture.shape)
    decibels[name] = psnr(base, picture), psnr(better, picture)
    print(f"{name:<18} bicubic {decibels[name][0]:.2f} dB, with the learned filter {decibels[name][1]:.2f} dB")
gain = np.mean([new - old for old, new in decibels.values()])
print(f"mean gain {gain:.2f} dB")

# %% [markdown]
# A hundred weights, and each photograph gains a little. This is what your network has to beat; bicubic alone would be too easy an opponent.

# %% [markdown]
# ## 8 · Picture captions
#
# **Brief.** Describe pictures for people who cannot see them: one sentence that names what is there, and where. ("A bird left of a vehicle.")
#
# **Data.** Offline: two cut-outs side by side or one above the other, with captions built from their classes (ten words) and places; project 2's starter shows how to compose scenes. The training and the test part of the cut-outs share no kind of thing, so captions of *names* ("heron") could not be tested. Online: the captions of [COCO](https://cocodataset.org), five for each picture ([Chen and others, 2015](https://arxiv.org/abs/1504.00325)).
#
# **First step.** (1) Compose 2,000 scenes with captions from the training things, 300 from the test things. (2) Baseline: the caption of the most similar training picture, by pretrained features (day 08). (3) Features of four quarters as the encoder's states; day 14's decoder with attention writes the sentence. (4) Draw where it looks at each word.
#
# **Goal.** Both words *and* the place right in 0.50 of the scenes of things never seen. BLEU beside it, to see how little it says here.
#
# **Take care.** On a thing that fits none of its words, the network will choose one all the same, in perfect grammar. A caption that is wrong and fluent does more harm than none: measure how often, and let it say “something”.

# %% [markdown]
# ## 9 · Video to music
#
# **Brief.** A silent video gets its sound: the film shows balls that bounce, the network hears when and how high. Later: steps, drums, hands on a piano.
#
# **Data.** Offline: the starter draws videos of bouncing balls, and knows when each touched the ground. Online: [The Greatest Hits](https://arxiv.org/abs/1512.08512), videos of a drumstick on all kinds of things, with their sound (Owens and others, 2016).
#
# **First step.** Not sound but *notes*: for each frame, does one begin (the onset), and which? The baseline watches the lowest rows of the picture. Then a small convolutional network on three frames at a time, or its features into a GRU (day 12).
#
# **Goal.** F1 of 0.90 for onsets within ± 1 frame on noisy videos; of the onsets found, 0.90 with the right note.
#
# **Take care.** A musician hears a delay of a frame. If the sound shall come *live*, the network must not look at later frames: that is another, harder project.
#
# ### Starter


# %%
def film_balls(random, frames=120, noise=0.25, height=32, width=48):
    """Balls under gravity: video (frames, height, width), and the notes: (frames, 5), 1 where one of five notes begins."""
    video, notes = random.normal(0, noise, (frames, height, width)), np.zeros((frames, 5), int)
    y, x = np.mgrid[:height, :width]
    for _ in range(random.integers(1, 4)):
        where, pace = random.uniform(2, 15), random.uniform(0, 1)  # height above the ground, upward speed
        left, drift = random.uniform(4, width - 4), random.uniform(-0.3, 0.3)
        for frame in range(frames):
            pace, where, left = pace - 0.15, where + pace, left + drift
            drift = -drift if not 2 < left < width - 2 else drift
            if where < 0:
                where, pace = -where, abs(pace)
                notes[frame, int(np.clip(left, 0, width - 1) * 5 / width)] = 1
            video[frame] += np.exp(-((y - (height - 3 - where)) ** 2 + (x - left) ** 2) / 3)
    return video, notes


def onset_f1(true, said):
    """F1 of onsets; each true one may be found once, within one frame."""
    free, hits = list(np.flatnonzero(true)), 0
    for frame in np.flatnonzero(said):
        near = [other for other in free if abs(other - frame) <= 1]
        if near:
            free.remove(near[0])
            hits += 1
    return 2 * hits / max(np.sum(true > 0) + np.sum(said > 0), 1)


# %% [markdown]
# The baseline: how bright are the lowest rows? A note begins where that is highest for a moment, and higher than a threshold, chosen on ten videos.


# %%
def watch_the_ground(video, threshold):
    """1 in each frame in which the brightness near the ground has a peak above the threshold."""
    ground = ndimage.gaussian_filter(video, (0.5, 1, 1))[:, -6:].max(axis=(1, 2))
    return (ground > threshold) & (ground == ndimage.maximum_filter(ground, 3))


random = np.random.default_rng(ready.seed)
films, test_films = [film_balls(random) for _ in range(10)], [film_balls(random) for _ in range(30)]


def mean_f1(some, threshold):
    return np.mean([onset_f1(notes.any(axis=1), watch_the_ground(video, threshold)) for video, notes in some])


threshold = max(np.arange(0.3, 1.2, 0.05), key=lambda value: mean_f1(films, value))
note_f1 = mean_f1(test_films, threshold)
by_chance = np.mean(
    [onset_f1(notes.any(axis=1), random.random(120) < notes.any(axis=1).mean()) for _, notes in test_films]
)
print(f"onsets, threshold {threshold:.2f}: F1 {note_f1:.3f}; as many at random places: {by_chance:.3f}")

# %%
video, notes = test_films[0]
figure, panels = plt.subplots(2, 1, figsize=(8.5, 4), height_ratios=(1, 1.3))
frames = np.pad(video[:40:8], ((0, 0), (0, 0), (0, 1)), constant_values=video.max())  # a line between two frames
panels[0].imshow(np.concatenate(frames, axis=1), cmap="gray")
panels[0].set_title("five frames of one film, eight apart", fontsize=10)
panels[0].axis("off")
ground = ndimage.gaussian_filter(video, (0.5, 1, 1))[:, -6:].max(axis=(1, 2))
panels[1].plot(ground, color=plots.COLOURS[0], label="brightness near the ground")
panels[1].plot(
    np.flatnonzero(notes.any(axis=1)),
    np.full(notes.any(axis=1).sum(), 1.3),
    "v",
    color=plots.COLOURS[1],
    label="a note begins",
)
panels[1].axhline(threshold, linestyle="--", color="0.4", label="threshold")
panels[1].set(xlabel="frame", ylabel="brightness", ylim=(0, 1.6))
panels[1].legend(ncols=3, loc="upper right", fontsize=9)
plots.show(
    figure,
    alt=f"Above five noisy frames of a film of bouncing balls. Below the brightness near the ground over 120 frames with {notes.any(axis=1).sum()} notes marked; many notes stand over a peak above the threshold, some peaks hold two notes.",
)

# %% [markdown]
# And how it sounds: the true notes of this film, on a pentatonic scale, twenty frames to the second. (No running kernel? Then your browser may still play it.)

# %%
rate, scale = 8000, 261.6 * 2 ** (np.array([0, 2, 4, 7, 9]) / 12)  # middle C and the four notes after it, in hertz
seconds = np.arange(rate // 2) / rate
sound = np.zeros(rate * (len(notes) // 20 + 1))
for frame, note in np.argwhere(notes):
    start = frame * rate // 20
    sound[start : start + rate // 2] += np.exp(-6 * seconds) * np.sin(2 * np.pi * scale[note] * seconds)
display(Audio(sound, rate=rate))

# %% [markdown]
# ## 10 · Global warming
#
# **Brief.** How warm will it be in 2050, how far can a statistical model say so, and what can it not know?
#
# **Data.** NASA's [GISTEMP](https://data.giss.nasa.gov/gistemp/), the global mean temperature since 1880; a copy comes with the course.
#
# **First step.** [Day 18](day18_project_climate.ipynb): unit roots, naive and drift, ARIMA and ETS, then a recurrent network, all judged from rolling origins. Variants: your own town's series (Germany: [DWD's open data](https://opendata.dwd.de)), rain instead of temperature, sea ice.
#
# **Goal.** A smaller error than naive *and* drift in the mean over the test origins, ten years ahead; 90 % intervals that cover between 0.85 and 0.95 of what came. Say how many origins that stands on: with a few dozen, overlapping ones, 0.85 and 0.95 cannot be told apart.
#
# **Take care.** A curve that is continued is not physics. It knows nothing of what people will decide to burn; that is what climate models and scenarios are for.

# %% [markdown]
# ## What you should see
#
# The baselines of the six starters, held against the range over three seeds, with some room.

# %%
expect("tags, same for all: micro F1", tag_f1["same tags for all"], low=0.36, high=0.46)
expect("tags, colours: micro F1", tag_f1["colours"], low=0.42, high=0.55)
expect("galaxies, three numbers: right at noise 0.2 (share)", galaxy_accuracy[0.2], low=0.87, high=0.96)
expect("clothes, grown from the click: mean IoU", click_iou["grow from the click"], low=0.28, high=0.4)
expect("clothes, a disc: mean IoU", click_iou["a disc"], low=0.29, high=0.4)
expect("pores, Otsu: mean IoU", pore_scores["Otsu"][1], low=0.32, high=0.44)
expect("pores, light evened: mean IoU", pore_scores["light evened, then Otsu"][1], low=0.67, high=0.77)
expect("super-resolution, linear filter: mean gain (dB)", gain, low=0.2, high=0.4)
expect("onsets, watching the ground: F1", note_f1, low=0.64, high=0.8)

# %% [markdown]
# ## Before you begin
#
# 1. Write the question and the goal on a card, *before* the first training, and show it to somebody.
# 2. Split first. Ask what must not stand on both sides: the same thing, person, day.
# 3. Run the baseline, and then the smallest network that could work.
# 4. Keep a log: date, what was changed, the number. Three seeds before you believe a difference.
# 5. Stop when the time is over, not when the number is beautiful. Then write *What we would not claim*.
#
# The three projects that the course works out in full are [Day 18](day18_project_climate.ipynb) (climate), [Day 19](day19_project_physics.ipynb) (physics) and [Day 20](day20_project_ship_it.ipynb) (a product). And the [final exam](final_exam.ipynb) asks what you still know of all twenty days.
