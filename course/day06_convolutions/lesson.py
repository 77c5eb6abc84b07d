# %% [markdown]
# # Day 06 · Convolutional networks: one small window for the whole picture
#
# **Today you slide a filter over a photograph by hand, rebuild the network that read bank cheques in 1998, and end with one that beats yesterday's MLP on Fashion-MNIST with fewer weights.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **write** a convolution in NumPy, with stride, padding and channels, and explain a kernel of shape (A, B, C, D);
# - **say** what weight sharing buys, and measure it by shifting pictures;
# - **rebuild** LeNet-5 and change it, one thing at a time, into a modern network;
# - **compare** the blocks of AlexNet, VGG, GoogLeNet, ResNet and Xception by weights and by work;
# - **look inside**: filters, feature maps, a map of what the last layer knows, TensorBoard.
#
# **Time:** 90 to 120 minutes of reading and trying; the code runs in two to four minutes on two CPU cores, less on a GPU.
# Cells that begin with `# Drawing` are folded and hold no new idea: run them and look at the picture.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | convolution | Faltung | feature map | Merkmalskarte |
# | kernel, filter | Faltungskern, Filter | weight sharing | gemeinsame Gewichte |
# | stride | Schrittweite | receptive field | rezeptives Feld |
# | padding | Auffüllen (des Randes) | translation | Verschiebung |
# | pooling | Pooling, Zusammenfassen | edge | Kante |
# | channel | Kanal | multiply-add | Multiplikation mit Addition |
# | global average pooling | globale Mittelwertbildung | embedding | Einbettung |
#
# </details>

# %% tags=["setup"]
from utils import check, data, fast, plots, runtime
from utils.expect import expect, expect_learned, expect_varied

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops
from sklearn.datasets import load_sample_image

ready = runtime.setup(seed=1)

# %% [markdown]
# ## 1 · Why not just a dense layer?
#
# Yesterday a picture was a row of 784 numbers. The network did not know which pixels are neighbours: shuffle all the pixels, every picture in the same
# way, and it would have learned just as well. That is a strange way to look at a picture, and an expensive one. Here is a photograph, and the price of
# one dense layer of 64 neurons on it, against one *convolutional* layer with 64 filters of 3 × 3 pixels.

# %%
photo = load_sample_image("china.jpg").astype("float32")[::2, ::2] / 255  # every second pixel: (214, 320, 3), 0 to 1
grey = photo.mean(axis=2, keepdims=True)  # (214, 320, 1)

figure, axes = plt.subplots(figsize=(6, 4))
axes.imshow(photo)
axes.axis("off")
plots.show(figure, alt="Photograph: a Chinese pavilion with a swung roof, in front of a blue sky; trees on both sides.")

dense_weights = photo.size * 64 + 64
conv_weights = 3 * 3 * 3 * 64 + 64
print(f"picture {photo.shape}: dense layer {dense_weights:,} parameters, convolutional layer {conv_weights:,}")

# %% [markdown]
# (Photograph by [danielbuechele](https://www.flickr.com/photos/danielbuechele/6061409035/), [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/); it comes with
# scikit-learn. We took every second pixel.)
#
# The dense layer is wasteful for two reasons, and the convolution answers each of them:
#
# - **What belongs together is close together.** An edge is a matter of a few neighbouring pixels. So let a neuron look at a small window only: *local connections*.
# - **What is worth finding is worth finding everywhere.** An edge on the left is the same as an edge on the right. So let all the windows have the *same*
#   weights: *weight sharing*. A network of such layers is a **convolutional neural network**, CNN.
#
# ## 2 · Convolution by hand
#
# ### 2.1 One filter
#
# Put a small table of weights, the **filter** or **kernel**, on the top left corner of the picture. Multiply each weight with the pixel under it, add up,
# write the sum down. Move one pixel to the right; again. Row after row. The sums form a new picture, the **feature map**. Press play:

# %%
tiny = np.zeros((6, 6))
tiny[:, 3:] = 1  # dark on the left, bright on the right
edge_filter = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
sums = np.array([[np.sum(tiny[i : i + 3, j : j + 3] * edge_filter) for j in range(4)] for i in range(4)])
print(sums)

# %%
# Drawing: the window slides over the picture.
figure, panels = plt.subplots(1, 3, figsize=(7.5, 2.9), width_ratios=(6, 3, 4))


def draw_numbers(axes, table, title, written=True):
    """Draw a table as squares with its numbers in them; return the texts, which are empty if not `written`."""
    for row, column in np.ndindex(table.shape):
        axes.add_patch(plt.Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, color="0.8"))
    axes.set(xlim=(-0.55, table.shape[1] - 0.45), ylim=(table.shape[0] - 0.45, -0.55), aspect="equal")
    axes.set_title(title, fontsize=10)
    axes.axis("off")
    places = np.ndindex(table.shape)
    return [axes.text(j, i, f"{table[i, j]:g}" if written else "", ha="center", va="center") for i, j in places]


draw_numbers(panels[0], tiny, "picture 6 × 6")
draw_numbers(panels[1], edge_filter, "filter 3 × 3")
texts = draw_numbers(panels[2], sums, "feature map 4 × 4", written=False)
window = panels[0].add_patch(plt.Rectangle((-0.5, -0.5), 3, 3, fill=False, color=plots.COLOURS[5], linewidth=3))


def draw_window(frame):
    """Move the window to place number `frame` and write its sum down."""
    row, column = divmod(frame, 4)
    window.set_xy((column - 0.5, row - 0.5))
    for place, text in enumerate(texts):
        text.set_text(f"{sums[divmod(place, 4)]:g}" if place <= frame else "")


plots.animate(
    figure,
    draw_window,
    frames=16,
    alt="A window of 3 × 3 slides over a picture of 6 × 6 that is 0 on the left and 1 on the right; at each of 16 places one"
    f" sum is written down. Each row of the feature map is {sums[0].astype(int).tolist()}: large where dark meets bright.",
)

# %% [markdown]
# The filter subtracts what is left of the middle from what is right of it. Where the picture is even, nothing comes out. Where dark meets bright, 3. This
# filter *finds vertical edges*, wherever they are.
#
# Two sizes to remember. A window of 3 fits into a row of 6 only 4 times, so the map is smaller than the picture. And strictly speaking a mathematician's
# *convolution* flips the filter first; what networks compute is the *cross-correlation*. The filter is learned anyway, flipped or not, so nobody minds.
#
# ### 2.2 Stride, padding, channels: the whole thing
#
# - **Stride**: move the window by 2 pixels instead of 1, and the map has half the height and half the width.
# - **Padding**: put a frame of zeros around the picture first, so that the map keeps the picture's size and the border gets its share of windows. In
#   Keras `"same"` pads so that with stride 1 the size stays; `"valid"` does not pad.
# - **Channels**: a colour picture has three numbers a pixel. The window then is a block of 3 × 3 × 3, all summed into *one* number. And we want
#   many filters; each gives one map, and the maps are the channels of the next layer's input.
#
# So a layer's weights are an array of four axes, and this is the sentence to learn by heart: **a kernel of shape (A, B, C, D) looks through
# windows A high and B wide, at all C channels of its input, with D filters**, and so turns C channels into D. It has A · B · C · D weights, and D biases.


# %%
def convolve(picture, kernel, stride=1, padding=0):
    """Slide D filters over a picture: (height, width, C) with a kernel (A, B, C, D) -> (new height, new width, D)."""
    a, b, _, d = kernel.shape
    picture = np.pad(picture, [(padding, padding), (padding, padding), (0, 0)])
    rows = (picture.shape[0] - a) // stride + 1
    columns = (picture.shape[1] - b) // stride + 1
    maps, table = np.zeros((rows, columns, d)), kernel.reshape(-1, d)  # table: one row for each weight of a filter
    for i in range(rows):
        for j in range(columns):
            window = picture[i * stride : i * stride + a, j * stride : j * stride + b]  # (A, B, C)
            maps[i, j] = window.ravel() @ table  # multiply, and sum over A, B and C: D numbers
    return maps


# %% [markdown]
# The size of the map stands in the two lines in the middle: with a picture of $n$ pixels, a window of $a$, padding $p$ on each side and stride $s$,
#
# $$\text{size} = \left\lfloor \frac{n + 2p - a}{s} \right\rfloor + 1 .$$
#
# Is it what Keras computes? We compare with `keras.ops.conv` on random pictures and random kernels. (Keras wants a batch: one axis more in front.)

# %%
random = np.random.default_rng(ready.seed)
conv_differences = []
for shape, stride, padding in (((3, 3, 3, 8), 1, 0), ((3, 3, 3, 8), 1, 1), ((5, 5, 3, 4), 2, 0), ((1, 1, 3, 16), 1, 0)):
    picture = random.normal(size=(21, 30, 3)).astype("float32")
    kernel = random.normal(size=shape).astype("float32")
    ours = convolve(picture, kernel, stride, padding)
    theirs = ops.conv(picture[None], kernel, strides=stride, padding="same" if padding else "valid")
    conv_differences.append(float(np.abs(ours - ops.convert_to_numpy(theirs)[0]).max()))
    print(f"kernel {shape}, stride {stride}, padding {padding}: {picture.shape} -> {ours.shape},", end=" ")
    print(f"largest difference {conv_differences[-1]:.1e}")

# %% [markdown]
# Equal up to rounding. Keras is only much faster, because it turns all windows into one large matrix product.
#
# ### 2.3 What a filter can find
#
# The same function on the photograph, with six classic filters at once: one kernel of shape (5, 5, 1, 6). In the first three pictures grey is 0, bright is positive, dark negative; the other three filters have weights that sum to 1, and are drawn like photographs, from black to white. (The lines along the border are no edges of the photograph: there it ends, and the padding's zeros begin.)

# %%
sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 4
filters = {
    "vertical edges (Sobel)": sobel,
    "horizontal edges (Sobel)": sobel.T,
    "edges of any direction": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]) / 4,
    "blur": np.ones((5, 5)) / 25,
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "emboss": np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
}
bank = np.zeros((5, 5, 1, 6))  # one kernel with six filters; the small ones stand in the middle of 5 × 5
for number, table in enumerate(filters.values()):
    edge = (5 - len(table)) // 2
    bank[edge : 5 - edge, edge : 5 - edge, 0, number] = table
filtered = dict(zip(filters, np.moveaxis(convolve(grey, bank, padding=2), 2, 0), strict=True))

figure, grid = plt.subplots(2, 3, figsize=(10, 5))
for axes, (name, picture) in zip(grid.flat, filtered.items(), strict=True):
    centred = abs(filters[name].sum()) < 1e-9  # a filter that sums to 0 answers 0 to an even surface
    axes.imshow(picture, cmap="gray", vmin=-0.5 if centred else 0, vmax=0.5 if centred else 1)
    axes.set_title(name, fontsize=10)
    axes.axis("off")
plots.show(
    figure,
    alt="The photograph after six filters. The vertical Sobel filter shows the pillars and the sides of the roof, the horizontal"
    " one the eaves and steps; the third all outlines; then blurred, sharpened, and embossed like a relief.",
)

# %% [markdown]
# Look at the pillars: bright on one flank, dark on the other, because the filter tells dark-to-bright from bright-to-dark. In the second picture they are
# gone and the eaves stand out. None of these filters was learned; people found them in decades of image processing. A network finds
# its own.
#
# Your turn: an edge filter of any direction and size. (It is the slope of a blurred picture: a Gaussian times the distance along the chosen
# direction.) At which angles do the pillars vanish, at which the eaves? (At 90 and at 0: a filter is blind to edges that run *along* its direction.) What does a large filter see that a small one does not?


# %%
def oriented_filter(angle, size):
    """An edge filter of shape (size, size): finds edges across the direction `angle` (degrees, 0 = to the right)."""
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    along = x * np.cos(np.radians(angle)) - y * np.sin(np.radians(angle))
    table = along * np.exp(-(x**2 + y**2) / (2 * (size / 5) ** 2))
    return (table / np.abs(table).sum() * 2).astype("float32")


def draw_filtered(angle, size):
    """Filter the photograph; return the figure and its alt text."""
    table = oriented_filter(angle, size)
    answer = ops.convert_to_numpy(ops.conv(grey[None], table[:, :, None, None], padding="same"))[0, ..., 0]
    figure, panels = plt.subplots(1, 2, figsize=(8.5, 3.6), width_ratios=(1, 3.2))
    panels[0].imshow(table, cmap="gray")
    panels[0].set_title(f"filter {size} × {size}", fontsize=10)
    panels[1].imshow(answer, cmap="gray", vmin=-0.5, vmax=0.5)
    panels[1].set_title(f"answer: edges across {angle}°", fontsize=10)
    for axes in panels:
        axes.axis("off")
    return figure, (
        f"An edge filter of {size} × {size} pixels turned to {angle} degrees, and the photograph filtered with it;"
        f" the answers lie between {answer.min():.2f} and {answer.max():.2f}."
    )


plots.interact(
    draw_filtered,
    angle=ipywidgets.IntSlider(value=45, min=0, max=180, step=15, continuous_update=False),
    size=ipywidgets.IntSlider(value=7, min=3, max=25, step=2, continuous_update=False),
)

# %% [markdown]
# ### 2.4 Colour: a kernel with all four axes
#
# Now a kernel of shape (3, 3, 3, 2): three colours in, two filters. The first looks for vertical edges in brightness, and so has the same table for
# each colour. The second asks how much bluer a place is than it is red: +1 on blue, −1 on red, nothing on green, averaged over the window. The left part
# of the figure is the whole kernel, input channels downwards, filters across.

# %%
colour_kernel = np.zeros((3, 3, 3, 2))
colour_kernel[:, :, :, 0] = sobel[:, :, None] / 3
colour_kernel[:, :, 0, 1] = -1 / 9  # red
colour_kernel[:, :, 2, 1] = 1 / 9  # blue
colour_maps = convolve(photo, colour_kernel, padding=1)

figure = plt.figure(figsize=(10, 3.4))
kernel_part, map_part = figure.subfigures(1, 2, width_ratios=(1, 3))
for row, colour in enumerate(("red", "green", "blue")):
    for column in range(2):
        axes = kernel_part.add_subplot(3, 2, 2 * row + column + 1)
        axes.imshow(colour_kernel[:, :, row, column], cmap="gray", vmin=-0.2, vmax=0.2)
        axes.set_title(f"{colour}, filter {column}", fontsize=8, fontweight="normal")
        axes.axis("off")
for column, (axes, limit) in enumerate(zip(map_part.subplots(1, 2), (0.5, 0.35), strict=True)):
    axes.imshow(colour_maps[..., column], cmap="gray", vmin=-limit, vmax=limit)
    axes.set_title(("map 0: vertical edges", "map 1: blue minus red")[column], fontsize=10)
    axes.axis("off")
sky, roof = colour_maps[:40, :, 1].mean(), colour_maps[100:130, 120:200, 1].mean()
plots.show(
    figure,
    alt="Six tables of 3 × 3 weights, for three input channels and two filters, and the two maps: vertical edges, and blue minus"
    f" red, which is bright in the sky (mean {sky:.2f}) and dark on the pavilion (mean {roof:.2f}).",
)

# %% [markdown]
# ### 2.5 Pooling
#
# A map tells *where* an edge is, to the pixel. For "is there a pillar about here?" that is more than we need. **Pooling** keeps one number
# out of each little square, the largest (**max pooling**) or the mean (**average pooling**). The map becomes smaller, the next layer cheaper, and each of its windows
# sees more of the picture. It has no weights. In NumPy: give every square axes of its own, and reduce over them.


# %%
def pool(maps, size=2, reduce=np.max):
    """Reduce each size × size square of maps (height, width, channels) to one number per channel."""
    rows, columns = maps.shape[0] // size, maps.shape[1] // size  # what does not fill a square is cut off
    squares = maps[: rows * size, : columns * size].reshape(rows, size, columns, size, -1)
    return reduce(squares, axis=(1, 3))


edges = np.abs(filtered["vertical edges (Sobel)"])[..., None].astype("float32")
keras_max, keras_mean = ops.max_pool(edges[None], 2, strides=2), ops.average_pool(edges[None], 2, strides=2)
pool_difference = max(
    float(np.abs(pool(edges) - ops.convert_to_numpy(keras_max)[0]).max()),
    float(np.abs(pool(edges, reduce=np.mean) - ops.convert_to_numpy(keras_mean)[0]).max()),
)
print(f"{edges.shape} -> {pool(edges).shape}; largest difference from Keras {pool_difference:.1e}")

# %%
figure, panels = plt.subplots(1, 3, figsize=(10, 2.8))
pooled = {"edges": edges, "max, 8 × 8": pool(edges, 8), "mean, 8 × 8": pool(edges, 8, np.mean)}
for axes, (name, picture) in zip(panels, pooled.items(), strict=True):
    axes.imshow(picture[..., 0], cmap="gray", vmin=0, vmax=0.6)
    axes.set_title(f"{name}: {picture.shape[0]} × {picture.shape[1]}", fontsize=10)
    axes.axis("off")
plots.show(
    figure,
    alt="Strength of vertical edges in the photograph, then pooled over squares of 8 × 8 pixels: by the maximum, where pillars and"
    f" roof remain bright (mean {pooled['max, 8 × 8'].mean():.2f}), and by the mean, much darker (mean {edges.mean():.2f}).",
)

# %% [markdown]
# The maximum asks "was it there at all?", the mean "how much on average?". A thin pillar survives the first and drowns in the second.
#
# ### 2.6 From maps to an answer: Flatten or global average pooling
#
# At the end we need one row of numbers per picture. **Flatten** lays all maps out in one row and keeps every place apart; the dense layer after it learns
# a weight for each map *at each place*. **Global average pooling** takes the mean of each whole map: one number per map, "how much of this is in the picture?".

# %%
for name, layer in (("Flatten", layers.Flatten()), ("GlobalAveragePooling2D", layers.GlobalAveragePooling2D())):
    head = keras.Sequential([keras.Input(shape=(7, 7, 64)), layer, layers.Dense(10)])
    print(
        f"{name:<23} (7, 7, 64) -> {layer.output.shape[1:]!s:<8} Dense(10) then has {head.count_params():,} parameters"
    )

# %% [markdown]
# Forty-nine times fewer weights, and pictures of any size are welcome. The price: *where* in the picture something was is forgotten. For the question *what*
# that is usually a good bargain.
#
# ### 2.7 Weight sharing and translation
#
# Because every window has the same weights, something remarkable holds, *before* any learning: **shift the picture, and the map is shifted, and else the same**.
# This is called translation **equivariance**. We check it: shift a part of the picture by 20 pixels down and 30 to the right and filter, or filter and then shift.

# %%
down, right = 20, 30
part, kernel = grey[60:160, 60:260], sobel[:, :, None, None]
shifted_first = convolve(np.roll(part, (down, right), axis=(0, 1)), kernel)
shifted_after = np.roll(convolve(part, kernel), (down, right), axis=(0, 1))
inside = (slice(down + 2, None), slice(right + 2, None))  # where no border came in by rolling
equivariance_error = float(np.abs(shifted_first[inside] - shifted_after[inside]).max())
print(f"largest difference inside: {equivariance_error:.1e}")

# %% [markdown]
# For a dense layer nothing of the kind holds: to it a shifted picture is a new picture. *In*variance, the same answer wherever the object is, then comes from
# what follows: pooling blurs the place a little, global average pooling forgets it. In section 3.5 we measure what that is worth.
#
# ## 3 · LeNet-5, 1998
#
# Yann LeCun's group at Bell Labs taught a convolutional network to read the digits on cheques. Their paper,
# [Gradient-based learning applied to document recognition](https://doi.org/10.1109/5.726791), describes LeNet-5 so exactly that we can rebuild it, a quarter
# of a century later, layer by layer:
#
# | Layer | What it does | Maps | Size | Weights and biases |
# |---|---|---|---|---|
# | input | digit of 28 × 28 in a frame, so that strokes reach the middle of a window | 1 | 32 × 32 | |
# | C1 | convolution 5 × 5 | 6 | 28 × 28 | 156 |
# | S2 | "sub-sampling": mean of 2 × 2, times *one* weight, plus *one* bias per map | 6 | 14 × 14 | 12 |
# | C3 | convolution 5 × 5, but each map sees only *some* maps of S2 | 16 | 10 × 10 | 1,516 |
# | S4 | sub-sampling | 16 | 5 × 5 | 32 |
# | C5 | convolution 5 × 5 on maps of 5 × 5, that is, a dense layer | 120 | 1 × 1 | 48,120 |
# | F6 | dense | 84 | | 10,164 |
# | output | distance to ten pictures of digits, 7 × 12 pixels, drawn by hand | 10 | | none learned |
#
# The sum of the last column is exactly 60,000. Two things look odd today. Why did C3 not see all maps? To break the symmetry, says the paper, and to save
# connections. And the output layer compares F6 with hand-drawn bitmaps. We replace that one by a softmax layer with 850 parameters, and keep everything else.
#
# The data: 8,000 of MNIST's digits to learn from and 2,000 for the test, scaled as in the paper so that the background is −0.1 and the ink 1.175.

# %%
digits = data.load("mnist")


def prepare_digits(pixels):
    """(n, 28, 28) from 0 to 255 -> (n, 32, 32, 1), background -0.1, ink up to 1.175, as in the paper of 1998."""
    framed = np.pad(pixels, [(0, 0), (2, 2), (2, 2)])
    return (framed[..., None] / 255 * 1.275 - 0.1).astype("float32")


train_digits, test_digits = prepare_digits(digits["train_images"]), prepare_digits(digits["test_images"])
train_names, test_names = digits["train_labels"].astype("int32"), digits["test_labels"].astype("int32")
print(
    "to learn:",
    train_digits.shape,
    "test:",
    test_digits.shape,
    f"mean {train_digits.mean():.2f}, standard deviation {train_digits.std():.2f}",
)

# %% [markdown]
# Sub-sampling is a layer that Keras does not have, so we write it: weights are made in `build`, used in `call`. And for C3's missing connections we use a
# *constraint*, a function that Keras applies to a kernel after each step: it sets the connections that do not exist back to zero.


# %%
class SubSampling(layers.Layer):
    """Mean over squares of pixels, times one weight and plus one bias per map (the paper's S2 and S4)."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def build(self, shape):
        self.weight = self.add_weight(shape=(shape[-1],), initializer="ones", name="weight")
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros", name="bias")

    def call(self, maps):
        return self.weight * ops.average_pool(maps, self.size, strides=self.size) + self.bias


# The paper's Table I: which of the six maps of S2 each of the sixteen maps of C3 sees.
sees = [[k % 6, (k + 1) % 6, (k + 2) % 6] for k in range(6)] + [[(k + i) % 6 for i in range(4)] for k in range(6)]
sees += [[0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5], [0, 1, 2, 3, 4, 5]]
connected = np.zeros((6, 16), "float32")
for column, rows in enumerate(sees):
    connected[rows, column] = 1


class KeepConnections(keras.constraints.Constraint):
    """Set the weights of connections that do not exist to zero."""

    def __call__(self, kernel):
        return kernel * connected  # (5, 5, 6, 16) times (6, 16)


# %%
figure, axes = plt.subplots(figsize=(6, 2.6))
axes.imshow(connected, cmap="Greys", vmax=1.6)
axes.set(xlabel="map of C3", ylabel="map of S2", xticks=range(16), yticks=range(6), title="Who sees whom in LeNet-5")
axes.grid(visible=False)
plots.show(
    figure,
    alt=f"Table of 6 maps of S2 against 16 maps of C3: {int(connected.sum())} of {connected.size} connections exist. The first six"
    " maps of C3 see three neighbours each, the next six four neighbours, three more two pairs, and the last sees all.",
)

# %% [markdown]
# The activation of 1998 was $1.7159 \tanh(\frac{2}{3} z)$, a tanh stretched so that it maps ±1 to ±1. (The paper applies it after S2 and S4 once more; we leave that out.) Our function builds the network with everything
# open that we shall change.
#
# One thing in it is new. So far the layers stood in a list, `keras.Sequential([…])`. Here each layer is *called* on what the one before gave,
# and `keras.Model(input, output)` says where the network begins and ends. This is Keras' **functional API**; written like this a network may also branch, as those of section 4 do.


# %%
def scaled_tanh(z):
    return 1.7159 * ops.tanh(z * 2 / 3)


def lenet5(activation=scaled_tanh, subsample=SubSampling, normalise=False, constraint=None):
    """LeNet-5: pictures (32, 32, 1) -> ten probabilities."""
    maps = images = keras.Input(shape=(32, 32, 1))
    for filters, rule in ((6, None), (16, constraint)):
        maps = layers.Conv2D(filters, 5, kernel_constraint=rule)(maps)
        if normalise:
            maps = fast.BatchNormalization(momentum=0.9)(maps)
        maps = subsample(2)(layers.Activation(activation)(maps))
    features = layers.Flatten()(maps)
    for neurons in (120, 84):
        features = layers.Dense(neurons, activation=activation)(features)
    return keras.Model(images, layers.Dense(10, activation="softmax", dtype="float32")(features))


original = lenet5(constraint=KeepConnections())
missing = int(25 * (connected == 0).sum())
lenet_weights = original.count_params() - missing - 850
print(
    f"{original.count_params():,} parameters - {missing} of missing connections - 850 of our output = {lenet_weights:,}"
)
textbook = lenet5(subsample=layers.AveragePooling2D)
print(f"the textbook version, C3 whole and plain pooling: {textbook.count_params():,}")

# %% [markdown]
# Exactly 60,000. (Most books build the simpler version with 61,706.)
#
# ### 3.1 Train it
#
# Yesterday's lesson was that a rate which rises and then falls to nearly nothing gains accuracy for free. As an object that Keras takes *instead of* a learning rate, 1cycle looks
# like this (rising for a fifth of the steps; on day 05 it was a third); we use it for every network from here on.


# %% tags=["recipe"]
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Up to the peak for the first 20 % of the steps, then down to nearly zero along half a cosine."""

    def __init__(self, peak, steps):
        self.peak, self.steps = peak, steps

    def __call__(self, step):
        progress = ops.cast(step, "float32") / self.steps
        up = 0.05 + 0.95 * progress / 0.2
        down = 0.5 + 0.5 * ops.cos(np.pi * ops.minimum((progress - 0.2) / 0.8, 1.0))
        return self.peak * ops.where(progress < 0.2, up, down)

    def get_config(self):
        return {"peak": self.peak, "steps": self.steps}


# %% [markdown]
# 8,000 digits are few. The paper had 60,000, and made more of them by distorting each at random. We do the same: every epoch shows every digit a little shifted, turned and stretched,
# each time in another way. It is still the same digit, and the network never sees quite the same picture twice. This is called **augmentation** (day 08).


# %%
def warp(images, random, strength=1.0):
    """Shift each picture by up to 2 pixels, turn it by up to 10 degrees, stretch it by up to 10 % (times strength)."""
    count, height, width, _ = images.shape
    angle = np.radians(strength * random.uniform(-10, 10, count))
    stretch = 1 + strength * random.uniform(-0.1, 0.1, (2, count))
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * stretch
    matrix = np.moveaxis(matrix, 2, 0)  # (count, 2, 2): where a pixel (x, y) of the new picture lies in the old one
    centre = np.array([width - 1, height - 1]) / 2
    offset = centre - matrix @ centre + random.uniform(-2, 2, (count, 2))
    rows = [matrix[:, 0], offset[:, :1], matrix[:, 1], offset[:, 1:], np.zeros((count, 2))]
    moved = ops.image.affine_transform(images, np.hstack(rows).astype("float32"), fill_mode="nearest")
    return ops.convert_to_numpy(moved)


warped = warp(np.repeat(train_digits[:2], 8, axis=0), np.random.default_rng(0))
plots.image_grid(
    warped,
    [f"a {name}" for name in train_names[:2].repeat(8)],
    alt=f"a {train_names[0]} and a {train_names[1]}, eight times each, a little shifted, turned and stretched.",
)

# %% [markdown]
# The rest is short: train with Adam (day 05), count the right answers. LeNet-5 gets eight epochs. One line you have not seen: `optimizer.build` makes Adam's running averages at once. Left alone, Keras makes them inside the
# first training step, TensorFlow notices that variables were made while it was translating the step into a graph of its own operations, and translates everything a second time: one to three seconds for each network.


# %%
def train_on_digits(
    network, warps=(1, 1), peak=5e-3, batch_size=64, images=train_digits, optimizer=keras.optimizers.Adam, smoothing=0.0
):
    """Train with one cycle, an epoch for each of the warps (how strong; 0: none); return the loss after each epoch."""
    keras.utils.set_random_seed(ready.seed)
    random = np.random.default_rng(ready.seed)
    rate, losses = OneCycle(peak, len(warps) * -(-len(images) // batch_size)), []
    network.compile(optimizer=optimizer(rate), loss=keras.losses.CategoricalCrossentropy(label_smoothing=smoothing))
    network.optimizer.build(network.trainable_variables)
    targets = keras.utils.to_categorical(train_names, 10)
    for strength in warps:
        shown = warp(images, random, strength) if strength else images
        losses += network.fit(shown, targets, batch_size=batch_size, verbose=0).history["loss"]
    return losses


def accuracy(network, images=test_digits, names=test_names):
    """Share of right answers."""
    parts = [ops.convert_to_numpy(network(images[start : start + 500])) for start in range(0, len(images), 500)]
    return float(np.mean(np.concatenate(parts).argmax(axis=1) == names))


lenet_losses = train_on_digits(original, warps=8 * [1])
lenet_accuracy = accuracy(original)
print(f"LeNet-5 as in 1998: test accuracy {lenet_accuracy:.4f} after {len(lenet_losses)} epochs")

# %% [markdown]
# ### 3.2 From 1998 to today, one thing at a time
#
# A good network, a quarter of a century old. What have the inventions since then changed? We add one after the other, each on top of the one before, and train all of them
# in the same way and for two epochs only, the network of 1998 too:
#
# - the **activation**: first a step *back*, to the sigmoid of the eighties, then forward to **ReLU** (day 02: its gradient does not fade);
# - **max pooling** in place of sub-sampling, and C3 sees everything: simpler, and the strongest answer survives;
# - **batch normalisation** after each convolution: every map is brought to mean 0 and standard deviation 1 over the batch, then scaled and shifted by two
#   learned numbers. Tomorrow takes it apart; today we use it.
#
# One practical word, on `fast.BatchNormalization`. Keras computes its layer as a dozen small operations on TensorFlow, each of which walks through the whole map once.
# The processor's library has *one* kernel that does it all in a single walk. Our helper (`utils/fast.py`, 50 lines) is Keras' own layer with
# this kernel inside: the same weights, the same arguments, the same numbers up to rounding; only faster. Where the kernel does not apply, Keras' code
# runs.

# %%
steps_of_history = {
    "1998": dict(constraint=KeepConnections()),
    "sigmoid": dict(activation="sigmoid", constraint=KeepConnections()),
    "ReLU": dict(activation="relu", constraint=KeepConnections()),
    "+ max pooling": dict(activation="relu", subsample=layers.MaxPooling2D),
    "+ batch norm": dict(activation="relu", subsample=layers.MaxPooling2D, normalise=True),
}
ladder = {}
for name, changes in steps_of_history.items():
    network = lenet5(**changes)
    train_on_digits(network)
    ladder[name] = accuracy(network)
    print(f"{name:<14} {ladder[name]:.4f}   ({network.count_params():,} parameters)")
modernised = network  # the last one

# %%
names = ["sigmoid", "1998", *list(ladder)[2:]]
figure, axes = plt.subplots(figsize=(7.5, 3))
values = [100 * (1 - ladder[name]) for name in names]
chance = [2 * np.sqrt(value * (100 - value) / len(test_digits)) for value in values]  # two standard errors of a share
axes.barh(names[::-1], values[::-1], xerr=chance[::-1], color=plots.COLOURS[4], ecolor="0.3", capsize=3)
for place, (value, whisker) in enumerate(zip(values[::-1], chance[::-1], strict=True)):
    axes.text(value + whisker + 0.15, place, f"{value:.1f} %", va="center")
axes.set(
    xlabel="wrong on the test digits (%)",
    ylabel="network",
    xlim=(0, max(values) + 3),
    title="LeNet-5, from the eighties to today",
)
plots.show(
    figure,
    alt="Bars: share of wrong answers on 2,000 test digits. "
    + "; ".join(f"{name} {value:.1f} %" for name, value in zip(names, values, strict=True))
    + f". Whiskers of {min(chance):.1f} to {max(chance):.1f} points show how far chance alone may carry a share measured on so few pictures.",
)

# %% [markdown]
# The whiskers matter. 2,000 test pictures are few, so a difference of half a point between two *neighbours* may be luck (and so may the seed: run the notebook with
# another one). What lies outside of all doubt is the whole way: after the same number of steps the sigmoid network is far behind, and the last one makes a
# fraction of the mistakes of the first. The old network is not *wrong*, only slow: with eight epochs instead of two
# it came much further. What the new parts buy is above all that a network learns **fast**.
#
# ### 3.3 A modern small network
#
# Today one would also draw the network differently. Small windows of 3 × 3, more maps, batch normalisation after each convolution, a **residual** step (add the input of a block to
# its output: tomorrow's subject), and global average pooling in place of the dense layers.


# %% tags=["recipe"]
def conv_bn_relu(maps, filters, name=None):
    """Convolution 3 × 3, batch normalisation, ReLU: the brick of nearly all modern convolutional networks."""
    maps = layers.Conv2D(filters, 3, padding="same", use_bias=False)(maps)
    return layers.ReLU(name=name)(fast.BatchNormalization(momentum=0.9)(maps))


def modern_network(channels, size=None, blocks=1):
    """Pictures (size, size, 1), of any size if it is None -> ten probabilities; with so many residual blocks."""
    images = keras.Input(shape=(size, size, 1))
    maps = layers.MaxPooling2D(2)(conv_bn_relu(images, channels[0], name="stage1"))
    maps = layers.MaxPooling2D(2)(conv_bn_relu(maps, channels[1], name="stage2"))
    maps = conv_bn_relu(maps, channels[2])
    for block in range(blocks):  # the residual step
        maps = layers.Add(name=f"stage{3 + block}")([maps, conv_bn_relu(maps, channels[2])])
    features = layers.GlobalAveragePooling2D(name="embedding")(maps)
    return keras.Model(images, layers.Dense(10, activation="softmax", dtype="float32")(features))


# %% [markdown]
# The convolution needs no bias here: batch normalisation subtracts the mean at once and has a shift of its own.
#
# ### 3.4 A step that suits a kernel: Muon
#
# The optimizers of day 05 treat every weight by itself. But a kernel is more than a heap of weights: laid flat it is a *matrix*, from the A · B · C numbers of a window to D maps. Gradients of such matrices are
# lopsided: a few directions are strong in them (all filters are told nearly the same), and the many others get almost no step. **Muon**
# ([Keller Jordan and others, 2024](https://kellerjordan.github.io/posts/muon/)) takes the momentum's matrix $M$ and gives *all its directions the same length*: of its singular value decomposition
# $M = U S V^\top$ (every matrix is a turn $V^\top$, a stretching $S$ by the *singular values*, and a turn $U$) it keeps $U V^\top$. To compute that at every step would take long, so Muon comes near it with matrix products alone: a polynomial, applied five times, that sends every
# singular value between 0 and 1 towards 1. (Its three coefficients are Jordan's; they aim at speed, and are content with roughly 0.7 to 1.2. Values far below a hundredth would need more rounds.)


# %% tags=["recipe"]
def orthogonalise(matrix, rounds=5):
    """Return nearly U Vᵀ for a matrix U S Vᵀ, by matrix products alone."""
    matrix = matrix / (ops.norm(matrix) + 1e-7)  # now no singular value is larger than 1
    for _ in range(rounds):
        square = ops.transpose(matrix) @ matrix
        matrix = 3.4445 * matrix + matrix @ (-4.7750 * square + 2.0315 * square @ square)
    return matrix


# %%
left, right = (np.linalg.qr(random.normal(size=(size, 32)))[0] for size in (144, 32))
lopsided = (left * np.geomspace(1, 0.01, 32)) @ right.T  # a matrix with 32 directions, the last 100 times weaker
lengths = {"before": np.linalg.svd(lopsided / np.linalg.norm(lopsided), compute_uv=False)}
for rounds in (1, 3, 5):
    result = ops.convert_to_numpy(orthogonalise(ops.convert_to_tensor(lopsided, "float32"), rounds))
    lengths[f"after {rounds}"] = np.linalg.svd(result, compute_uv=False)

figure, axes = plt.subplots(figsize=(7, 3.2))
for (name, values), style in zip(lengths.items(), ("-", ":", "-.", "--"), strict=True):
    axes.plot(range(1, 33), values, linestyle=style, label=name)
axes.set(
    xlabel="direction (singular vector)", ylabel="length (singular value)", title="Muon makes all directions equal"
)
axes.legend(title="rounds", loc="upper left", bbox_to_anchor=(1.01, 1))
plots.show(
    figure,
    alt="Singular values of a matrix of 144 × 32, largest first: "
    + "; ".join(f"{name} from {values[0]:.2f} down to {values[-1]:.3f}" for name, values in lengths.items())
    + ". After five rounds all directions are about equally long.",
)

# %% [markdown]
# Keras has `keras.optimizers.Muon`, but it takes Muon's step for matrices only and leaves kernels with four axes to AdamW. (Look at the
# [documentation](https://keras.io/api/optimizers/muon/) before you trust a name.) So we write the missing part: everything is AdamW, except that kernels are laid flat and take Muon's step. The
# factor at the end makes the step as large as a typical one of AdamW's, so that one learning rate serves both ([Liu and others, 2025](https://arxiv.org/abs/2502.16982)).


# %% tags=["recipe"]
class Muon(keras.optimizers.AdamW):
    """AdamW for all weights but the kernels of convolutions, which take Muon's step."""

    def build(self, variables):
        if not self.built:
            super().build(variables)
            self.averages = [self.add_variable_from_reference(each, name="average") for each in variables]

    def update_step(self, gradient, variable, learning_rate):
        if len(variable.shape) != 4:
            return super().update_step(gradient, variable, learning_rate)
        average = self.averages[self._get_variable_index(variable)]
        self.assign(average, 0.9 * average + gradient)
        step = orthogonalise(ops.reshape(gradient + 0.9 * average, (-1, variable.shape[-1])))  # Nesterov, laid flat
        size = 0.2 * max(step.shape) ** 0.5
        self.assign_sub(variable, ops.cast(learning_rate, step.dtype) * size * ops.reshape(step, variable.shape))


# %% [markdown]
# The training digits are 28 × 28 this time, without LeNet's frame; the network takes any size. Eight thousand digits are few for it: soon it knows them all, however warped,
# its training loss is near zero, and nothing is left to learn. A second residual block and three habits help:
#
# - **stronger warps**, half as strong again;
# - **label smoothing** (tomorrow's section 6 looks into it): the target asks for 91 % for the right digit and 1 % for each other, so the network need not push its answers towards 100 %, which no
#   softmax reaches;
# - **a last epoch with the digits as they are**. A warped pixel is a mean of its neighbours, so warped digits are a little blurred, and the test digits are not.

# %%
modern = modern_network(channels=(16, 32, 64), blocks=2)
small_digits = train_digits[:, 2:-2, 2:-2]
modern_losses = train_on_digits(
    modern, 7 * [1.5] + [0], peak=0.03, batch_size=128, images=small_digits, optimizer=Muon, smoothing=0.1
)
modern_accuracy = accuracy(modern, test_digits[:, 2:-2, 2:-2])
print(f"{modern.count_params():,} parameters, test accuracy {modern_accuracy:.4f}")

# The smoothed targets are uncertain themselves: even the best answer, equal to them, has a loss, their entropy.
smoothed = np.array([0.91] + 9 * [0.01])
entropy = -np.sum(smoothed * np.log(smoothed))
print(f"loss {modern_losses[0]:.3f}, at the end {modern_losses[-1]:.3f}; the least possible is {entropy:.3f}")

# %% [markdown]
# Half as many weights again as LeNet-5, and fewer than one mistake in a hundred, learned from only 8,000 digits in eight epochs. (The three habits and the
# second block were found by trying some twenty variants, and looking at *these* test digits each time. That flatters, as day 04 says. With each of the other four fifths of the
# 10,000 digits held back in its turn, the same recipe made 4, 15, 15 and 17 mistakes in 2,000.)
#
# ### 3.5 What weight sharing is worth: shift the test pictures
#
# Now section 2.7's promise, measured. We shift the first 1,000 *test* digits to the right, by 0 to 6 pixels inside the 32 × 32 frame (at 5 and 6 pixels the widest of them lose the end of a stroke, which comes in again on the left), and ask four
# networks: LeNet-5 in its last version (convolutions, then Flatten), the modern one (global average pooling), and two dense networks with 128 hidden
# neurons and more weights than either. All but the first dense one have learned from warped digits. They were not trained alike (two, four and eight epochs), so look at how far each curve *falls*, rather than at where it begins.


# %%
def dense_network():
    images = keras.Input(shape=(32, 32, 1))
    features = layers.Dense(128, activation="relu")(layers.Flatten()(images))
    return keras.Model(images, layers.Dense(10, activation="softmax", dtype="float32")(features))


dense, dense_warped = dense_network(), dense_network()
train_on_digits(dense, warps=4 * [0], peak=3e-3)
train_on_digits(dense_warped, warps=4 * [1], peak=3e-3)

contestants = {
    "dense": dense,
    "dense, learned from warped digits": dense_warped,
    "LeNet-5 with batch norm (Flatten)": modernised,
    "modern (average pooling)": modern,
}
shifts = range(7)
moved = {
    name: [accuracy(network, np.roll(test_digits[:1000], pixels, axis=2), test_names[:1000]) for pixels in shifts]
    for name, network in contestants.items()
}

# %%
figure, axes = plt.subplots()
for (name, values), style, marker in zip(moved.items(), ("-", "--", "-.", ":"), "o^sD", strict=True):
    axes.plot(shifts, values, linestyle=style, marker=marker, label=name)
axes.set(xlabel="shift of the test digits to the right (pixels)", ylabel="test accuracy", ylim=(0, 1.03))
axes.set_title("Who still knows the digits when they move?")
axes.legend(loc="lower left", fontsize=9)
plots.show(
    figure,
    alt="Test accuracy against the shift. From 0 to 6 pixels: "
    + "; ".join(f"{name} from {values[0]:.2f} to {values[-1]:.2f}" for name, values in moved.items())
    + ".",
)

# %% [markdown]
# To the dense network a digit that moved by four pixels is another picture, and mostly it is wrong. Showing it small shifts in training helps for small shifts. The convolutions of LeNet-5 alone
# carry it a little further, but its Flatten knows about places, and that breaks in the end. The modern network never saw a shift of more than 2, and hardly notices one of
# 6. What was learned in one place is known in every place: that is **weight sharing**, to the very last layer.
#
# ## 4 · The ImageNet competition
#
# For years convolutional networks were thought to be good for digits. Then came ImageNet: 1.2 million photographs with one of 1,000 names, and every year from 2010 to 2017 a competition.
# An answer counts as right if the name is among the network's *five* guesses.

# %%
winners = [  # year, winner, top-5 error in %, layers (None: no deep network; 0: many networks together)
    (2010, "NEC-UIUC", 28.2, None),
    (2011, "XRCE", 25.8, None),
    (2012, "AlexNet", 16.4, 8),
    (2013, "Clarifai", 11.7, 8),
    (2014, "GoogLeNet", 6.7, 22),
    (2015, "ResNet", 3.57, 152),
    (2016, "Trimps-Soushen", 2.99, 0),
    (2017, "SENet", 2.25, 154),
]
figure, axes = plt.subplots(figsize=(8.5, 4))
for year, name, error, depth in winners:
    axes.bar(
        year,
        error,
        color="0.75" if depth is None else plots.COLOURS[0],
        hatch="//" if depth is None else None,
        edgecolor="white",
    )
    text = {None: "no deep\nnetwork", 0: "several\nnetworks"}.get(depth, f"{depth} layers")
    axes.text(year, max(error, 5.4) + 0.4, f"{name}\n{error} %\n{text}", ha="center", size=8.5)
axes.axhline(5.1, color="black", linestyle="--", linewidth=1)
axes.text(2009.5, 5.4, "one trained human: 5.1 %", size=8.5, bbox={"fc": "white", "ec": "none", "pad": 1})
axes.set(xlabel="year", ylabel="top-5 error (%)", ylim=(0, 35), title="ImageNet: the winners", xticks=range(2010, 2018))
plots.show(
    figure,
    alt="Bars of the winners' top-5 error: "
    + ", ".join(f"{year} {name} {error} %" for year, name, error, _ in winners)
    + ". The first two are not deep networks. A dashed line at 5.1 % marks a human; the winners are below it from 2015.",
)

# %% [markdown]
# Sources: 2010 to 2014 and the human from [Russakovsky et al., 2015](https://arxiv.org/abs/1409.0575) (entries without additional data; AlexNet with more data had 15.3 %),
# [ResNet](https://arxiv.org/abs/1512.03385), the [result pages](https://image-net.org/challenges/LSVRC/2016/results) for 2016, [SENet](https://arxiv.org/abs/1709.01507). All are ensembles on
# the test set, several such networks together; the bars name the kind. The "human" was one researcher who had practised for it, not mankind.
#
# In 2012 the error fell by nine points in one year, and the next year nearly everybody came with a convolutional network. The layers went from 8 to 152, and you would expect the *work* to explode. It did not: ResNet's
# 152 layers cost less than the 19 of VGG, the runner-up of 2014 (so its paper), because better **blocks** were found. We build five that made history: those of three winners, of VGG, and of Xception, which came later and did not compete.
#
# ### 4.1 Counting weights and work
#
# Two numbers say what a network costs: its **parameters** (memory) and its **multiply-adds** for one picture (time, energy). In a convolution every weight is used once at every
# place of the output, so: multiply-adds = kernel weights × places. A dense layer has one place. That makes a short function, which walks through the layers.


# %%
def cost(model):
    """Walk the layers of a model; return its parameters and its multiply-adds for one picture.

    Only kernels are counted (arrays of two and more axes); biases, batch normalisation and pooling cost next to nothing.
    """
    multiply_adds = 0
    for layer in model.layers:
        weights = sum(int(np.prod(w.shape)) for w in layer.weights if len(w.shape) > 1)
        if weights:
            multiply_adds += weights * int(np.prod(layer.output.shape[1:-1]))
    return model.count_params(), multiply_adds


print("LeNet-5, textbook version: {:,} parameters, {:,} multiply-adds".format(*cost(textbook)))

# %% [markdown]
# By hand, for C1: 5 · 5 · 1 · 6 = 150 weights at 28 · 28 places make 117,600. Look at where the two kinds of cost sit: C1 has 0.25 % of the weights and more than a quarter of the work; the dense layer C5 has
# 78 % of the weights and a ninth of the work. **Dense layers cost memory, early convolutions cost time.**
#
# ### 4.2 Five blocks
#
# Each takes 256 maps of 28 × 28. The widths are those of the papers where they fit.
#
# - **AlexNet, 2012** ([paper](https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html)): windows of 5 × 5, ReLU, overlapping pooling; the maps in two *groups*, one on
#   each of two graphics cards, that do not see each other. (We leave out its local response normalisation, which nobody uses any more.)
# - **VGG, 2014** ([paper](https://arxiv.org/abs/1409.1556)): only 3 × 3, but two in a row. Together they see 5 × 5, with 18 instead of 25 weights per pair of maps, and with one ReLU more in between.


# %%
def conv(maps, filters, size, **options):
    return layers.Conv2D(filters, size, padding="same", activation="relu", **options)(maps)


def alexnet_block(maps):
    return layers.MaxPooling2D(3, strides=2)(conv(maps, 256, 5, groups=2))


def vgg_block(maps):
    return layers.MaxPooling2D(2)(conv(conv(maps, 256, 3), 256, 3))


# %% [markdown]
# **Why 1 × 1?** A convolution with a window of one pixel sees no neighbours at all. What it does is mix the channels: at each place, D new numbers from the C old ones. It is a dense layer, applied to each pixel:

# %%
maps, kernel = random.normal(size=(2, 7, 7, 64)).astype("float32"), random.normal(size=(64, 16)).astype("float32")
as_convolution = ops.convert_to_numpy(ops.conv(maps, kernel[None, None]))
print("1 × 1 convolution equals a matrix product:", np.allclose(as_convolution, maps @ kernel, atol=1e-4))


def cost_of(block):
    """Parameters and multiply-adds of a block on 256 maps of 28 × 28."""
    maps = keras.Input(shape=(28, 28, 256))
    return cost(keras.Model(maps, block(maps)))


direct = cost_of(lambda maps: conv(maps, 32, 5))
squeezed = cost_of(lambda maps: conv(conv(maps, 16, 1), 32, 5))
print(
    f"5 × 5 from 256 to 32 maps, directly:        {direct[0]:>7,} parameters, {direct[1] / 1e6:>5.1f} million multiply-adds"
)
print(
    f"first 1 × 1 to 16 maps, then 5 × 5 to 32:   {squeezed[0]:>7,} parameters, {squeezed[1] / 1e6:>5.1f} million multiply-adds"
)

# %% [markdown]
# Squeeze the channels first, and the expensive window becomes cheap. This **bottleneck** is behind the two blocks that follow.
#
# - **GoogLeNet's Inception, 2014** ([paper](https://arxiv.org/abs/1409.4842)): which window is right, 1 × 1, 3 × 3 or 5 × 5? All of them, side by side, the larger ones behind a bottleneck; the maps are laid together.
# - **ResNet, 2015** ([paper](https://arxiv.org/abs/1512.03385)): down to 64 maps, 3 × 3, back up to 256, and **add the input**. The block only has to learn the *difference*. That let the depth jump to 152 (tomorrow).
# - **Xception, 2016** ([paper](https://arxiv.org/abs/1610.02357)): take the convolution itself apart. First each map is filtered on its own (**depthwise**), then 1 × 1 mixes them (**pointwise**). Three of these in a row, and the input added.


# %%
def inception_block(maps):
    branches = [
        conv(maps, 64, 1),
        conv(conv(maps, 96, 1), 128, 3),
        conv(conv(maps, 16, 1), 32, 5),
        conv(layers.MaxPooling2D(3, strides=1, padding="same")(maps), 32, 1),
    ]
    return layers.Concatenate()(branches)


def resnet_block(maps):
    difference = maps
    for filters, size, is_last in ((64, 1, False), (64, 3, False), (256, 1, True)):
        difference = layers.Conv2D(filters, size, padding="same", use_bias=False)(difference)
        difference = layers.BatchNormalization()(difference)
        difference = difference if is_last else layers.ReLU()(difference)
    return layers.ReLU()(layers.Add()([maps, difference]))


def xception_block(maps):
    difference = maps
    for _ in range(3):
        difference = layers.SeparableConv2D(256, 3, padding="same", use_bias=False)(layers.ReLU()(difference))
        difference = layers.BatchNormalization()(difference)
    return layers.Add()([maps, difference])


# %%
# Drawing: the branched blocks. Each box: (column, row, text); each arrow: from box number, to box number.
drawings = {
    "VGG": ([(0, 0, "3×3, 256"), (0, 1, "3×3, 256"), (0, 2, "max pool")], [(0, 1), (1, 2)]),
    "Inception": (
        [
            *[(0, 0, "1×1, 64"), (1.3, 0, "1×1, 96"), (1.3, 1, "3×3, 128"), (2.4, 0, "1×1, 16"), (2.4, 1, "5×5, 32")],
            *[(3.5, 0, "max 3×3"), (3.5, 1, "1×1, 32"), (1.75, 2, "side by side: 256")],
        ],
        [(1, 2), (3, 4), (5, 6), (0, 7), (2, 7), (4, 7), (6, 7)],
    ),
    "ResNet": ([(0, 0, "1×1, 64"), (0, 1, "3×3, 64"), (0, 2, "1×1, 256"), (0, 3, "+")], [(0, 1), (1, 2), (2, 3)]),
    "Xception": (
        [*[(0, row, "each map 3×3\nthen 1×1, 256") for row in range(3)], (0, 3, "+")],
        [(0, 1), (1, 2), (2, 3)],
    ),
}
figure, panels = plt.subplots(1, 4, figsize=(10, 3.8), width_ratios=(1, 3.2, 1.5, 1.5))
for axes, (name, (boxes, arrows)) in zip(panels, drawings.items(), strict=True):
    for column, row, text in boxes:
        look = {"boxstyle": "round,pad=0.4", "fc": "#e8f2fa", "ec": "0.3"}
        axes.text(column, -row, text, ha="center", va="center", size=8.5, bbox=look, zorder=2)
    middle = 1.75 if name == "Inception" else 0
    starts = set(range(len(boxes))) - {b for _, b in arrows}  # boxes that no arrow leads to
    lines = [((middle, 0.9), (boxes[k][0], -boxes[k][1])) for k in starts]
    lines += [((boxes[a][0], -boxes[a][1]), (boxes[b][0], -boxes[b][1])) for a, b in arrows]
    for start, end in lines:
        axes.plot(*zip(start, end, strict=True), color="0.5", linewidth=1.2, zorder=1)
    if boxes[-1][2] == "+":  # the way around
        axes.plot(
            [0, 0.75, 0.75, 0], [0.7, 0.7, -3, -3], color=plots.COLOURS[5], linewidth=1.8, linestyle="--", zorder=1
        )
    axes.text(middle, 1.05, "256 maps", ha="center", size=8.5)
    axes.set(xlim=(-0.6, 4.1) if name == "Inception" else (-1, 1), ylim=(-3.5, 1.5))
    axes.set_title(name, fontsize=10, loc="center")
    axes.axis("off")
plots.show(
    figure,
    alt="Four blocks as boxes from top to bottom. VGG: two 3×3 convolutions and a max pooling. Inception: four branches side by side,"
    " 1×1; 1×1 then 3×3; 1×1 then 5×5; max pooling then 1×1. ResNet: 1×1, 3×3, 1×1, and a dashed way around to a plus."
    " Xception: three times depthwise 3×3 then 1×1, and a dashed way around to a plus.",
)

# %%
blocks = {
    "AlexNet: 5 × 5, two groups": alexnet_block,
    "VGG: two 3 × 3": vgg_block,
    "GoogLeNet: Inception": inception_block,
    "ResNet: bottleneck": resnet_block,
    "Xception: three separable": xception_block,
}
block_costs = {name: cost_of(block) for name, block in blocks.items()}

figure, panels = plt.subplots(1, 2, figsize=(10, 3), sharey=True)
for axes, values, unit in zip(
    panels, zip(*block_costs.values(), strict=True), ("parameters (thousands)", "multiply-adds (millions)"), strict=True
):
    scale = 1e3 if "thousand" in unit else 1e6
    bars = axes.barh(list(block_costs)[::-1], [value / scale for value in values[::-1]], color=plots.COLOURS[4])
    axes.bar_label(bars, fmt="{:,.0f}", padding=3)
    axes.set(xlabel=unit, xlim=(0, 1.18 * max(values) / scale))
panels[0].set_ylabel("block")
plots.show(
    figure,
    alt="Two bar charts of five blocks on 256 maps of 28 × 28. "
    + "; ".join(
        f"{name}: {p / 1e3:,.0f} thousand parameters, {m / 1e6:,.0f} million multiply-adds"
        for name, (p, m) in block_costs.items()
    )
    + ".",
)
vgg_over_resnet = block_costs["VGG: two 3 × 3"][1] / block_costs["ResNet: bottleneck"][1]
print(f"VGG's block works {vgg_over_resnet:.0f} times as much as ResNet's")

# %% [markdown]
# From 256 maps to 256 maps, all five; and VGG's block costs several times what the later ones cost. Xception's three layers in a row together are cheaper than a single 3 × 3 convolution.
#
# ### 4.3 The whole networks
#
# Keras has the later networks ready in `keras.applications`; AlexNet we put together ourselves. `weights=None` gives random weights (the trained ones are for day 08). Even random weights take time and memory to make, half a
# gigabyte for VGG-16. We only want to count, so we build inside a `StatelessScope`, in which Keras notes the shapes of weights and does not make them.


# %%
def alexnet():
    """AlexNet for pictures of 227 × 227, without its local response normalisation."""
    pictures = keras.Input(shape=(227, 227, 3))
    maps = layers.MaxPooling2D(3, strides=2)(layers.Conv2D(96, 11, strides=4, activation="relu")(pictures))
    maps = conv(alexnet_block(maps), 384, 3)
    maps = conv(conv(maps, 384, 3, groups=2), 256, 3, groups=2)
    features = layers.Flatten()(layers.MaxPooling2D(3, strides=2)(maps))
    for neurons in (4096, 4096):
        features = layers.Dense(neurons, activation="relu")(features)
    return keras.Model(pictures, layers.Dense(1000, activation="softmax")(features), name="AlexNet")


whole = {}
with keras.StatelessScope():
    whole["AlexNet"] = cost(alexnet())
    for build in (
        keras.applications.VGG16,
        keras.applications.InceptionV3,
        keras.applications.ResNet50,
        keras.applications.Xception,
    ):
        whole[build.__name__] = cost(build(weights=None))
for name, (parameters, multiply_adds) in whole.items():
    print(f"{name:<12} {parameters:>12,} parameters   {multiply_adds / 1e9:>6.2f} thousand million multiply-adds")

# %%
top5 = {
    "AlexNet": None,
    "VGG16": 90.1,
    "InceptionV3": 93.7,
    "ResNet50": 92.1,
    "Xception": 94.5,
}  # keras.io/api/applications
figure, axes = plt.subplots(figsize=(7, 3.6))
for (name, (parameters, multiply_adds)), marker in zip(whole.items(), plots.MARKERS, strict=False):
    axes.plot(parameters / 1e6, multiply_adds / 1e9, marker, markersize=10)
    label = name + (f"\n{top5[name]} %" if top5[name] else "")
    side = -1 if parameters > 1e8 else 1
    axes.text(
        parameters / 1e6 + 3 * side, multiply_adds / 1e9, label, va="center", ha="left" if side > 0 else "right", size=9
    )
axes.set(xlabel="parameters (millions)", ylabel="multiply-adds (thousand million)", xlim=(0, 150), ylim=(0, 18))
axes.set_title("Five networks: weights against work")
plots.show(
    figure,
    alt="Multiply-adds against parameters: "
    + "; ".join(f"{name} {p / 1e6:.0f} million, {m / 1e9:.1f} thousand million" for name, (p, m) in whole.items())
    + ". VGG-16 lies far out on both axes; the three later ones have about a sixth of its weights and a quarter to half of its work.",
)

# %% [markdown]
# (In per cent: the right name among five guesses, on the validation pictures of ImageNet, [as Keras documents it](https://keras.io/api/applications/).) The most famous number of them, 138 million, is no
# merit. 103 million of VGG-16's weights sit in *one* dense layer after a Flatten, from 7 · 7 · 512 to 4096. GoogLeNet and its successors replaced it by global average pooling, and nothing was lost.
#
# ## 5 · Fashion-MNIST
#
# Now all of it together on yesterday's task. The MLP with the best schedule ended at about 0.89 on the test pictures. The recipe stands in one place, so that you can play with it. (Keep at least 16 maps in the first stage; section 6 draws that many.)
# (Peak and epochs were chosen with 10,000 of the training pictures held back, as on day 04; here we train on all of them.)

# %% tags=["recipe"]
CHANNELS = (16, 48, 96)  # maps of the three stages
EPOCHS = 2
PEAK = 0.04  # highest learning rate of the cycle
BATCH = 128

fashion = data.load("fashion_mnist")
class_names = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]
pictures = (fashion["train_images"][..., None] / 255).astype("float32")
kinds = fashion["train_labels"].astype("int32")
test_pictures = (fashion["test_images"][..., None] / 255).astype("float32")
test_kinds = fashion["test_labels"].astype("int32")

# %% [markdown]
# The network is section 3.3's with more maps, and the optimizer that of section 3.4. Augmentation: a mirrored pullover is a pullover. (For digits mirroring would be a
# mistake: nothing is a mirrored 7.) To show changed pictures in every batch, without a second copy of all 60,000, we hand Keras a `PyDataset`: an object that knows how many batches there
# are and makes batch number $i$ when asked.


# %% tags=["recipe"]
def fashion_network(channels=CHANNELS):
    """Pictures (28, 28, 1) -> ten probabilities, with new weights."""
    keras.utils.set_random_seed(ready.seed)
    return modern_network(channels, size=28)


class Mirrored(keras.utils.PyDataset):
    """Batches in a new random order every epoch; half of the pictures are mirrored, and the other half in the next epoch."""

    def __init__(self, images, labels, batch_size):
        super().__init__()
        self.images, self.labels, self.batch_size = images, labels, batch_size
        self.random = np.random.default_rng(ready.seed)
        self.mirrored = self.random.random(len(images)) < 0.5
        self.on_epoch_end()

    def __len__(self):
        return len(self.images) // self.batch_size  # the rest waits for another epoch's order

    def __getitem__(self, number):
        chosen = self.order[number * self.batch_size :][: self.batch_size]
        images, mirrored = self.images[chosen], self.mirrored[chosen, None, None, None]
        return np.where(mirrored, images[:, :, ::-1], images), self.labels[chosen]

    def on_epoch_end(self):
        self.order = self.random.permutation(len(self.images))
        self.mirrored = ~self.mirrored


def train_modern(network, batches, epochs, peak, callbacks=(), verbose=2):
    """Train with Muon and one cycle; return Keras' history."""
    optimizer = Muon(OneCycle(peak, epochs * len(batches)), weight_decay=0.01)
    network.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    optimizer.build(network.trainable_variables)
    return network.fit(batches, epochs=epochs, callbacks=list(callbacks), verbose=verbose)


def look_twice(network, images):
    """Probabilities for each picture: the mean of the network's answers to it and to its mirror image."""
    return sum(network.predict(each, batch_size=500, verbose=0) for each in (images, images[:, :, ::-1])) / 2


# %% [markdown]
# Here is what the network sees of eight pictures in two epochs in a row:

# %%
shown = Mirrored(pictures[:8], kinds[:8], 8)
epochs = []
for _ in range(2):
    shown.order = np.arange(8)  # not shuffled here, so that you can compare
    epochs.append(shown[0][0])
    shown.on_epoch_end()
plots.image_grid(
    np.concatenate(epochs),
    [f"{class_names[kind]}, epoch {epoch}" for epoch in (1, 2) for kind in kinds[:8]],
    columns=8,
    alt="eight pictures of clothes in two epochs; each is mirrored in one of them.",
)

# %% [markdown]
# ### 5.1 Logging for TensorBoard
#
# A training of a minute is worth a protocol. **TensorBoard** is a program that shows protocols in the browser; `keras.callbacks.TensorBoard` writes them, here the loss every 20 steps. They go where your
# progress goes, on your computer the folder `work/`, which git ignores and no update touches; each training gets a folder of its own.

# %%
import time

logs = check.progress_path().parent / "logs" / "day06"
run = logs / time.strftime("fashion-%Y%m%d-%H%M%S")
tensorboard = keras.callbacks.TensorBoard(run, update_freq=20, write_graph=False, profile_batch=0)

# %%
network = fashion_network()
parameters, multiply_adds = cost(network)
print(f"{parameters:,} parameters, {multiply_adds / 1e6:.1f} million multiply-adds for each picture")
batches = Mirrored(pictures, kinds, BATCH)
fashion_history = train_modern(network, batches, EPOCHS, PEAK, callbacks=[tensorboard]).history

# %%
probabilities = network.predict(test_pictures, batch_size=500, verbose=0)
answers = probabilities.argmax(axis=1)
fashion_accuracy = float(np.mean(answers == test_kinds))
print(f"test accuracy {fashion_accuracy:.4f}; {np.sum(answers != test_kinds)} of {len(answers):,} wrong")

# %% [markdown]
# Nearly every picture was seen twice, once as it is and once mirrored, and the MLP is beaten by far. (The training figures are means over a whole epoch, during which the network was still learning: do not be
# surprised if it does better on the test.)
#
# One more gain costs no training at all. If a mirrored pullover is a pullover, we may *ask* twice, too: for the picture and for its mirror image, and take the mean of the two answers. That is `look_twice` above (test-time augmentation); the errors of two looks partly cancel.

# %%
twice = look_twice(network, test_pictures)
twice_accuracy = float(np.mean(twice.argmax(axis=1) == test_kinds))
print(f"one look {fashion_accuracy:.4f}, two looks {twice_accuracy:.4f}")

# %% [markdown]
# Where does the network (with one look) go wrong?

# %%
plots.confusion_matrix(test_kinds, answers, class_names)

# %% [markdown]
# Nearly all mistakes lie among five kinds that a person confuses too at 28 × 28 pixels: shirt, T-shirt, pullover, coat, dress. The shirt, which may look like any of the others, has the worst row. Here are the mistakes of which the network was **most certain**:

# %%
certainty = probabilities.max(axis=1)
worst = np.argsort(np.where(answers == test_kinds, -1, certainty))[::-1][:16]
plots.image_grid(
    test_pictures[worst],
    [f"{class_names[answers[k]]}?\nis: {class_names[test_kinds[k]]}" for k in worst],
    size=1.15,
    alt="the most confident mistakes, certainty "
    + f"{certainty[worst].min():.2f} to {certainty[worst].max():.2f}; "
    + "; ".join(f"{class_names[test_kinds[k]]} taken for {class_names[answers[k]]}" for k in worst[:4])
    + "; and so on.",
)

# %% [markdown]
# Judge for yourself: in several of them you would side with the network. Looking at one's most confident mistakes is the cheapest way there is to find wrong labels.
#
# ## 6 · What it sees
#
# ### 6.1 The first filters
#
# A filter of the first layer is a picture of 3 × 3 pixels. Nobody told the network to look for edges. Beside each filter stands the map it makes of an ankle boot, after batch normalisation and ReLU.

# %%
watched = [network.get_layer(name).output for name in ("stage1", "stage2", "stage3", "embedding")]
inside = keras.Model(network.input, watched)  # the same layers, with windows
boot = test_pictures[:1]
stages = [ops.convert_to_numpy(ops.cast(maps, "float32")) for maps in inside(boot)]
kernel = ops.convert_to_numpy(network.layers[1].kernel)[:, :, 0]  # (3, 3, channels)

figure, grid = plt.subplots(4, 8, figsize=(9, 4.8))
for number, (left, right) in enumerate(grid.reshape(-1, 2)):
    left.imshow(kernel[..., number], cmap="gray", vmin=-abs(kernel).max(), vmax=abs(kernel).max())
    left.set_title(f"filter {number}", fontsize=8, fontweight="normal")
    right.imshow(stages[0][0, ..., number], cmap="gray")
    left.axis("off")
    right.axis("off")
against = np.abs(kernel.sum(axis=(0, 1))) < 0.25 * np.abs(kernel).sum(axis=(0, 1))
plots.show(
    figure,
    alt=f"The first 16 filters of 3 × 3, each beside its map of an ankle boot: some show the outline, some the lit side of it, some the body."
    f" In {int(against.sum())} of {kernel.shape[-1]} filters positive and negative weights nearly cancel, as in an edge filter.",
)
print(f"{int(against.sum())} of {kernel.shape[-1]} filters nearly sum to zero: they answer to edges, not to brightness")

# %% [markdown]
# ### 6.2 Deeper maps
#
# The same boot on its way through the three stages: the eight maps of each with the most to say.

# %%
figure, grid = plt.subplots(3, 8, figsize=(9, 4))
for row, (maps, name) in enumerate(zip(stages[:3], ("stage 1", "stage 2", "stage 3"), strict=True)):
    loudest = np.argsort(maps[0].max(axis=(0, 1)))[::-1][:8]
    for axes, channel in zip(grid[row], loudest, strict=True):
        axes.imshow(maps[0, ..., channel], cmap="gray")
        axes.set_title(f"map {channel}", fontsize=8, fontweight="normal")
        axes.axis("off")
    grid[row, 0].text(
        -0.25,
        0.5,
        f"{name}\n{maps.shape[1]} × {maps.shape[2]}",
        transform=grid[row, 0].transAxes,
        ha="right",
        va="center",
        size=9,
    )
empty = [float(np.mean(maps == 0)) for maps in stages[:3]]
plots.show(
    figure,
    alt="Eight feature maps of an ankle boot in each of three stages: 28 × 28 maps look like the boot, 14 × 14 maps show parts such as sole and shaft, and"
    f" 7 × 7 maps a few bright spots. Share of zeros: {', '.join(f'{share:.2f}' for share in empty)}.",
)

# %% [markdown]
# From stage to stage there is less *boot* in the maps and more *statement*: somewhere here is a heel. The last line of 7 × 7 maps goes through global average pooling, and then it is one number per map.
#
# ### 6.3 The map of what it knows
#
# These last numbers are the network's own description of a picture, its **embedding**. Pictures it considers similar lie close together. We take 1,000 test pictures and bring their embeddings down to two dimensions,
# once with **PCA** (day 08: the directions with the most spread; straight and fast) and once with **t-SNE** (keeps *neighbours* together, and neither distances nor sizes of clusters mean anything; it gets the first 50 directions of the PCA, which is usual). For comparison the same on the raw pixels.

# %%
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.neighbors import KNeighborsClassifier

chosen = np.arange(1000)
features = inside.predict(test_pictures[chosen], batch_size=500, verbose=0)[-1].astype("float32")
sources = {"pixels": test_pictures[chosen].reshape(len(chosen), -1), "embedding": features}
flat_maps, same_kind = {}, {}
for name, source in sources.items():
    narrow = PCA(min(50, source.shape[1]), random_state=0).fit_transform(source)
    flat_maps[name, "PCA"] = narrow[:, :2]
    flat_maps[name, "t-SNE"] = TSNE(random_state=0, init="pca", max_iter=400).fit_transform(narrow)
for key, places in flat_maps.items():
    nearest = KNeighborsClassifier(6).fit(places, test_kinds[chosen]).kneighbors(places, return_distance=False)[:, 1:]
    same_kind[key] = float(np.mean(test_kinds[chosen][nearest] == test_kinds[chosen][:, None]))

# %%
figure, grid = plt.subplots(2, 2, figsize=(9.5, 9.5))
signs = [*plots.MARKERS, "<", ">"]
shades = [*plots.COLOURS, "0.5", "#8a5a2b"]
for axes, ((source, method), places) in zip(grid.flat, flat_maps.items(), strict=True):
    for kind, (sign, shade) in enumerate(zip(signs, shades, strict=True)):
        is_kind = test_kinds[chosen] == kind
        axes.scatter(
            *places[is_kind].T,
            s=16,
            marker=sign,
            color=shade,
            edgecolor="black",
            linewidth=0.2,
            label=class_names[kind],
        )
    axes.set(xlabel=f"{method}, axis 1", ylabel=f"{method}, axis 2", xticks=[], yticks=[])
    axes.set_title(f"{source}, {method}: {100 * same_kind[source, method]:.0f} % same", fontsize=11)
figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=5, fontsize=9, markerscale=1.6)
plots.show(
    figure,
    alt=f"Four maps of {len(chosen):,} test pictures, ten markers for ten kinds: raw pixels and the network's embedding, each by PCA and t-SNE."
    " Share of a picture's five nearest neighbours that are of its kind: "
    + ", ".join(f"{source} with {method} {share:.2f}" for (source, method), share in same_kind.items())
    + ".",
)

# %% [markdown]
# "Same" is a number for what you see: how many of a picture's five nearest neighbours *in the flat map* are of its own kind. In the pixels trousers and boots stand apart already; the tops are one heap. In the embedding, bags, trousers and the shoes are islands,
# and sandal, sneaker and boot lie side by side, although nobody told the network that all three are shoes. The tops still touch each other: those are the mistakes you saw.
#
# Beware of t-SNE's charm: it shows islands even in noise. Trust it only for who is near whom.
#
# ## 7 · TensorBoard
#
# During the training in section 5 our callback wrote **event files**. They are ordinary files; we read them back here, which proves that they are there and shows what is inside.

# %%
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

events = EventAccumulator(str(run / "train"), size_guidance={"tensors": 0}).Reload()
logged = {
    tag: np.array([(event.step, make_ndarray(event.tensor_proto)) for event in events.Tensors(tag)], "float64")
    for tag in events.Tags()["tensors"]
}
for tag, rows in logged.items():
    print(f"{tag:<28} {len(rows):>4} values, last one {rows[-1, 1]:.4f} at step {rows[-1, 0]:.0f}")

# %%
figure, panels = plt.subplots(1, 2, figsize=(9, 3.2))
for axes, tag, unit in zip(panels, ("batch_loss", "batch_accuracy"), ("loss (cross-entropy)", "accuracy"), strict=True):
    axes.plot(*logged[tag].T, "o-", markersize=3)
    for epoch in range(1, EPOCHS):
        axes.axvline(epoch * len(batches), color="0.5", linestyle=":")
    axes.set(xlabel="step", ylabel=unit, title=tag)
first, last = logged["batch_loss"][0, 1], logged["batch_loss"][-1, 1]
plots.show(
    figure,
    alt=f"Loss and accuracy over the steps, read from the event files: the loss falls from {first:.2f} to {last:.2f}. Dotted lines"
    " mark new epochs, where the running mean begins anew and the curves jump.",
)

# %% [markdown]
# (`batch_loss` is a mean since the beginning of the epoch; that is why the curve jumps at the dotted line.)
#
# Now the program itself. It is a small web server that reads the folder and shows the curves, live while a training runs, and it shows several runs on top of each other: train again with another `PEAK`, and compare. Set the
# first line to `True` and run the cell; the board appears below it, in JupyterLab and in Colab. (In other courses you find two magic lines for the same thing: `%load_ext tensorboard` and `%tensorboard --logdir …`.) We leave it off
# because the server goes on running when the notebook is closed: `tensorboard.notebook.list()` shows the running ones with their process numbers.

# %%
SHOW_TENSORBOARD = False

if SHOW_TENSORBOARD:
    import shlex

    from tensorboard import notebook

    notebook.start(f"--logdir {shlex.quote(str(logs))}")
else:
    print(f"{len(list(logs.iterdir()))} run(s) are waiting in {logs.name}/")

# %% [markdown]
# ## What you should see
#
# Each result is held against the range over three seeds, with some room.

# %%
expect("our convolution against keras.ops.conv (largest difference)", max(conv_differences), low=0, high=1e-3)
expect("our pooling against Keras (largest difference)", pool_difference, low=0, high=1e-5)
expect("shift then filter against filter then shift (largest difference)", equivariance_error, low=0, high=1e-5)
expect("LeNet-5 of 1998: parameters without output", lenet_weights, low=60_000, high=60_000)
expect("LeNet-5, textbook version: parameters", textbook.count_params(), low=61_706, high=61_706)
expect("LeNet-5 of 1998, eight epochs (test accuracy)", lenet_accuracy, low=0.963, high=0.985)
expect("LeNet-5 of 1998, two epochs (test accuracy)", ladder["1998"], low=0.91, high=0.95)
expect("LeNet-5 with sigmoid (test accuracy)", ladder["sigmoid"], low=0.65, high=0.88)
expect("LeNet-5 with ReLU, max pooling, batch norm (test accuracy)", ladder["+ batch norm"], low=0.955, high=0.985)
expect("modern network on the digits (test accuracy)", modern_accuracy, low=0.988, high=0.996)
expect("digits shifted by 6: dense network (accuracy)", moved["dense"][-1], low=0.02, high=0.4)
expect("digits shifted by 6: modern network (accuracy)", moved[list(moved)[-1]][-1], low=0.9, high=1.0)
expect("AlexNet (parameters)", whole["AlexNet"][0], low=60_965_224, high=60_965_224)
expect("VGG-16 (parameters)", whole["VGG16"][0], low=138_357_544, high=138_357_544)
expect("ResNet-50 (parameters)", whole["ResNet50"][0], low=25_636_712, high=25_636_712)
expect("VGG-16 (thousand million multiply-adds)", whole["VGG16"][1] / 1e9, low=15.4, high=15.6)
expect("VGG's block over ResNet's (multiply-adds)", vgg_over_resnet, low=10, high=25)
expect("Fashion-MNIST (test accuracy)", fashion_accuracy, low=0.913, high=0.923)
expect("Fashion-MNIST, two looks (test accuracy)", twice_accuracy, low=0.914, high=0.926)
expect("neighbours of the same kind, pixels with t-SNE (share)", same_kind["pixels", "t-SNE"], low=0.6, high=0.85)
expect(
    "neighbours of the same kind, embedding with t-SNE (share)", same_kind["embedding", "t-SNE"], low=0.75, high=0.95
)
expect("values of the loss in TensorBoard's log", len(logged["batch_loss"]), low=20)
expect_learned("LeNet-5 of 1998", lenet_losses)
expect_learned("modern network on the digits (above the entropy)", np.subtract(modern_losses, entropy), factor=0.3)
expect_learned("Fashion-MNIST", fashion_history["loss"], factor=0.8)
expect_varied("Fashion-MNIST", probabilities[:500])

# %% [markdown]
# ## Summary
#
# 1. A convolution slides one small set of weights over the whole picture; a kernel (A, B, C, D) sees A × B windows of C channels and makes D maps.
# 2. Weight sharing makes maps shift with the picture; pooling and global average pooling turn that into an answer that hardly cares where things are.
# 3. LeNet-5 had all of it in 1998. ReLU, max pooling and batch normalisation made it learn fast; residual steps, average pooling and augmentation made it modern.
# 4. Blocks made ImageNet's history: bottlenecks, shortcuts and separable convolutions bring several times more network for the same work. Count before you train.
# 5. You can look inside: edge filters first, parts later, and at the end a map in which similar things are neighbours.
#
# ## Quiz
#
# **1. A layer has a kernel of shape (5, 5, 32, 64) and biases. How many parameters, and how many channels does its output have?**
# (a) 51,264 and 64 (b) 51,200 and 32 (c) 1,664 and 64
# <details><summary>Answer</summary>
#
# (a): 5 · 5 · 32 · 64 = 51,200 weights and 64 biases; 64 filters give 64 channels. (c) forgets that each filter looks through all 32 channels.
#
# </details>
#
# **2. The input is twice as high and twice as wide. What happens to a convolutional layer's parameters and multiply-adds?**
# <details><summary>Answer</summary>
#
# The parameters stay, the work becomes four times as much: the same weights at four times as many places. In a dense layer after a Flatten the weights would become four times as many as well.
#
# </details>
#
# **3. Two 3 × 3 convolutions in a row, or one of 5 × 5, both from C to C channels. What speaks for the two?**
# <details><summary>Answer</summary>
#
# They see the same 5 × 5 pixels with 18 C² instead of 25 C² weights, and have an activation in between. That was VGG's idea.
#
# </details>
#
# **4. Your network ends with Flatten and Dense. It reads digits perfectly when they are centred, and fails when they are not. Two cures?**
# <details><summary>Answer</summary>
#
# Global average pooling in place of Flatten, and augmentation with shifts. (Centring the digits first is a third, and the cheapest if it can be done.)
#
# </details>
#
# **5. For which of these would mirroring left and right be a harmful augmentation: handbags, digits, chest X-rays, cats?**
# <details><summary>Answer</summary>
#
# Digits, and often X-rays: the heart is on the left, and a mirrored one would be a rare and serious finding. Augment only with what leaves the answer true.
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning*, 3rd ed., chapter 14: the same architectures, and more of them.
# - LeCun, Bottou, Bengio, Haffner: [Gradient-based learning applied to document recognition](https://doi.org/10.1109/5.726791) (1998): read the first 15 pages; you have just rebuilt them.
# - Dumoulin, Visin: [A guide to convolution arithmetic](https://arxiv.org/abs/1603.07285) (2016): every case of stride and padding, drawn.
# - Wattenberg, Viégas, Johnson: [How to use t-SNE effectively](https://distill.pub/2016/misread-tsne/) (2016): six ways to be misled.
# - Video: Grant Sanderson (3Blue1Brown), [But what is a convolution?](https://www.youtube.com/watch?v=KuXjwB4LzSA), 23 minutes.
#
# ## Now you
#
# The [exercises](../exercises/day06_convolutions.ipynb) answer back; the [solutions](../solutions/day06_convolutions.ipynb) explain.
# Tomorrow, day 07: what happens when networks become really deep, and what the residual step is for.
