# %% [markdown]
# # Day 10 · Making pictures: VAE, GAN, diffusion
#
# **Today you build the three machines that draw: an autoencoder that learned to improvise, two networks that play forger against detective, and a network that
# makes pictures out of noise. You judge them by the same numbers, break one of them on purpose, and then paint a cat.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **judge** generated pictures by numbers: recognised, close to the real ones, varied; and say what each number misses;
# - **build** a variational autoencoder, a conditional GAN and a class-conditional diffusion model in Keras, and explain why each of them works;
# - **provoke, detect and cure** mode collapse, with a guard that you can use again;
# - **repair** pictures: enlarge them, and fill in what is missing;
# - **explain** a deepfake, style transfer, DeepDream, and how DALL·E, Stable Diffusion and FLUX are put together from today's parts.
#
# **Time:** 120 to 150 minutes of reading and trying, or two sittings (sections 1 to 5, then 6 to 10); the code runs in five to six minutes on two CPU cores. Cells that begin with `# Drawing` are folded and hold no new idea: run them and look at the picture.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | generative model | generatives Modell | latent space | latenter Raum |
# | sample, to sample | Stichprobe, ziehen | noise | Rauschen |
# | generator, discriminator | Generator, Diskriminator | denoising | Entrauschen |
# | mode collapse | Moduskollaps | guidance | Führung, Lenkung |
# | variety, diversity | Vielfalt | noise schedule | Rauschplan |
# | autoencoder | Autoencoder | style transfer | Stilübertragung |
# | forger | Fälscher | super-resolution | Superauflösung |
# | to interpolate | interpolieren, überblenden | image completion (inpainting) | Bildergänzung |
#
# </details>

# %% tags=["setup"]
from utils import data, fast, plots, pretrained, runtime
from utils.expect import expect, expect_learned, expect_varied

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras import layers, ops

ready = runtime.setup(seed=1, precision="float32")

# %% [markdown]
# ## 1 · What it means to draw
#
# A classifier answers a question that has an answer: *what is this?* To draw is another task: *show me a boot.* There are many right answers, and we want a different one each
# time. A **generative model** is a machine with a source of chance at one end and pictures at the other: feed it random numbers, and out comes something that could have been
# in the data set, although it is not. To be exact: real boots are samples from a distribution over all possible pictures, nearly all of which look like television snow; the
# machine has to learn to draw samples from the same distribution.
#
# Today's pictures are Fashion-MNIST's, scaled to the range from −1 to 1, because noise has mean 0 and the machines are easier to build around it.

# %% tags=["recipe"]
fashion = data.load("fashion_mnist")
class_names = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]
pictures = (fashion["train_images"][..., None] / 127.5 - 1).astype("float32")  # (60000, 28, 28, 1), from -1 to 1
kinds = fashion["train_labels"].astype("int32")
one_hot = np.eye(10, dtype="float32")

# %%
random = np.random.default_rng(ready.seed)
rows = [pictures[np.flatnonzero(kinds == kind)[:6]] for kind in range(10)]
snow = random.uniform(-1, 1, size=(10, 28, 28, 1)).astype("float32")


def contact_sheet(axes, images, title=""):
    """Draw pictures (rows, columns, 28, 28, 1) edge to edge on one pair of axes."""
    images = np.clip(np.asarray(images, "float32"), -1, 1)
    count, width = images.shape[:2]
    axes.imshow(images[..., 0].transpose(0, 2, 1, 3).reshape(28 * count, 28 * width), cmap="gray", vmin=-1, vmax=1)
    axes.set_title(title, fontsize=10)
    axes.axis("off")


figure, panels = plt.subplots(2, 1, figsize=(7.5, 5.6), height_ratios=(6, 1))
contact_sheet(panels[0], np.stack(rows, axis=1), "real: six of each kind")
contact_sheet(panels[1], snow[None], "ten pictures drawn at random from all possible ones")
plots.show(
    figure,
    alt="Six real pictures of each of ten kinds of clothes, one kind per column; below, ten pictures whose pixels were drawn at random: grey snow without any form.",
)

# %% [markdown]
# ## 2 · Judging pictures by numbers
#
# A machine that draws has no accuracy. "Looks good" is no measure either: people see what they hope for, and we would show the eight best. So the judge comes *before* the first
# machine. It is a classifier of day 06's kind; we ask it three questions.
#
# 1. **Recognised:** we order 1,000 pictures, 100 of each kind. In what share of them does the judge see what we ordered?
# 2. **Fréchet distance:** are the pictures, as a crowd, like the real ones? The judge's last layer describes a picture by 96 numbers (day 06, section 6.3). We describe a crowd by the mean and the
#    covariance of these numbers (a table of how every two of them vary together), and measure how far two crowds are from each other:
#
#    $$d^2 = \lVert m_1 - m_2 \rVert^2 + \operatorname{tr}\!\left(C_1 + C_2 - 2\,(C_1 C_2)^{1/2}\right).$$
#
#    The first part compares the means, the second the spreads. 0 means: same mean, same spread. With the features of Inception, a network trained on ImageNet, it is the **FID** of the papers
#    ([Heusel and others, 2017](https://arxiv.org/abs/1706.08500)); with our judge the numbers have another scale and are *not* comparable to published ones.
# 3. **Variety:** how many kinds are there, and how different are pictures of the same kind? For the first, a histogram of the judge's answers and one number for how even it is: $e^{H}$, where $H$ is
#    its entropy, $-\sum_k p_k \ln p_k$ over the shares $p_k$ of the kinds. It is 10 if all kinds are equally frequent, and 1 if there is only one. For the second, the spread of the features inside a kind, as a share of that of real pictures.
#
# The judge was trained once, with day 06's recipe, and lies beside this lesson in `checkpoints/judge.npz`; the script that made it, `train.py`, and its log lie there too. It must be *fixed*: a judge that is trained anew for every competition gives numbers
# that cannot be compared. Its network, from day 06:


# %% tags=["recipe"]
def conv_bn_relu(maps, filters, name=None):
    """Day 06's brick: convolution 3 × 3, batch normalisation, ReLU."""
    maps = layers.Conv2D(filters, 3, padding="same", use_bias=False)(maps)
    return layers.ReLU(name=name)(fast.BatchNormalization(momentum=0.9)(maps))


def judge_network(channels=(16, 48, 96)):
    """Day 06's network: pictures (28, 28, 1) from -1 to 1 -> features (96,) and ten probabilities."""
    images = keras.Input(shape=(28, 28, 1))
    maps = layers.Rescaling(0.5, offset=0.5)(images)  # day 06 had its pixels from 0 to 1
    maps = layers.MaxPooling2D(2)(conv_bn_relu(maps, channels[0]))
    maps = layers.MaxPooling2D(2)(conv_bn_relu(maps, channels[1]))
    maps = conv_bn_relu(maps, channels[2])
    maps = layers.Add()([maps, conv_bn_relu(maps, channels[2])])
    features = layers.GlobalAveragePooling2D()(maps)
    return keras.Model(images, [features, layers.Dense(10, activation="softmax")(features)])


judge = judge_network()
pretrained.checkpoint("day10_generative_images", "judge", judge)  # put the weights of the file into the network


# %% tags=["recipe"]
def ask(network, *inputs, size=250):
    """What a network answers to arrays (n, …), in batches: `predict` would build an input pipeline for each call, and we call often."""
    batches = [[array[start : start + size] for array in inputs] for start in range(0, len(inputs[0]), size)]
    parts = [network.predict_on_batch(batch if len(batch) > 1 else batch[0]) for batch in batches]
    return keras.tree.map_structure(lambda *arrays: np.concatenate(arrays), *parts)


def look(images):
    """What the judge thinks: features (n, 96) and answers (n,)."""
    features, probabilities = ask(judge, np.clip(images, -1, 1))
    return features.astype("float64"), probabilities.argmax(axis=1)


def frechet(features, others):
    """Fréchet distance between two crowds of feature vectors, (n, 96) and (m, 96)."""
    covariance, other = np.cov(features.T), np.cov(others.T)
    # the trace of the root of a matrix is the sum of the roots of its eigenvalues
    root = np.sqrt(np.maximum(np.linalg.eigvals(covariance @ other).real, 0)).sum()
    shift = np.sum((features.mean(axis=0) - others.mean(axis=0)) ** 2)
    return float(shift + np.trace(covariance) + np.trace(other) - 2 * root)


def spread(features, asked):
    """Variance of the features inside a kind, summed over the features, averaged over the kinds."""
    return np.mean([features[asked == kind].var(axis=0).sum() for kind in np.unique(asked)])


# %% [markdown]
# And the orders, the real crowd, and all numbers in one function:


# %% tags=["recipe"]
ordered = np.tile(np.arange(10), 100)  # 1,000 orders: T-shirt, trousers, …, ankle boot, T-shirt, …
real_features, _ = look(pictures[:10_000])
real_spread = spread(real_features, kinds[:10_000])


def effective_kinds(answers):
    """e to the power of the entropy of the answers' histogram: 10 for ten equally frequent kinds, 1 for one."""
    shares = np.bincount(answers) / len(answers)
    return float(np.exp(-np.sum(shares[shares > 0] * np.log(shares[shares > 0]))))


def judge_pictures(images, asked=ordered):
    """The numbers of the day for pictures (n, 28, 28, 1) that were asked to be of the kinds (n,)."""
    features, answers = look(images)
    return {
        "recognised": float(np.mean(answers == asked)),
        "Fréchet": frechet(features, real_features),
        "kinds of 10": effective_kinds(answers),
        "variety": float(spread(features, asked) / real_spread),
    }


# %% [markdown]
# Who sets the standard? **The ceiling:** 1,000 real pictures from the *test* set, which neither the judge nor any of today's machines has learned from. (The crowd they are compared with comes from the training set.) **The
# floor:** snow. And a **cheat**, the mean picture of each kind, a hundred times.

# %%
test_pictures = (fashion["test_images"][..., None] / 127.5 - 1).astype("float32")
test_kinds = fashion["test_labels"].astype("int32")
chosen = np.stack(
    [np.flatnonzero(test_kinds == kind)[:100] for kind in range(10)], axis=1
).ravel()  # in the order of `ordered`

gallery = {
    "real (test set)": test_pictures[chosen],
    "snow": random.uniform(-1, 1, size=(1000, 28, 28, 1)).astype("float32"),
    "mean pictures": np.stack([pictures[kinds == kind].mean(axis=0) for kind in range(10)])[ordered],
}
scores = {name: judge_pictures(images) for name, images in gallery.items()}


def show_table(names=None):
    """Show the scores as a table, rounded."""
    table = pd.DataFrame(scores).T
    display(
        table.loc[list(names or scores)].style.format("{:.2f}").set_caption("1,000 pictures each, 100 of each kind")
    )


show_table()

# %% [markdown]
# Even real pictures are not recognised every time, since the judge errs; nobody can beat that honestly. The mean pictures teach the most: seven of ten blurred averages pass for what they are the average of, and there is no variety at all. **One
# number alone can be cheated.** "Recognised" is cheated by drawing the same perfect boot a hundred times; variety by drawing anything at all, whatever was ordered; and all of them by handing out copies of the
# training set. That is why we shall also look for the *nearest training picture*.
#
# How does the Fréchet distance feel? Let us spoil the real pictures step by step, with a little noise and with a little blur.

# %%
from scipy.ndimage import gaussian_filter

levels = np.linspace(0, 1, 6)
real = gallery["real (test set)"]
spoiled = {
    "noise (standard deviation)": [real + level * random.standard_normal(real.shape, "float32") for level in levels],
    "blur (width in pixels)": [gaussian_filter(real, (0, 1.5 * level, 1.5 * level, 0)) for level in levels],
}
damage = {name: [judge_pictures(images) for images in series] for name, series in spoiled.items()}

# %%
figure, panels = plt.subplots(1, 2, figsize=(9, 3.4))
for (name, values), style, marker in zip(damage.items(), ("-", "--"), "os", strict=True):
    across = levels * (1.5 if "blur" in name else 1)
    for axes, number in zip(panels, ("recognised", "Fréchet"), strict=True):
        axes.plot(across, [value[number] for value in values], linestyle=style, marker=marker, label=name)
        axes.set(xlabel="noise (standard deviation) or blur (pixels)", title=number)
panels[0].set(ylabel="share recognised", ylim=(0, 1))
panels[1].set(ylabel="Fréchet distance (squared feature units)")
panels[0].legend(fontsize=9)
plots.show(
    figure,
    alt="Real pictures spoiled step by step. "
    + "; ".join(
        f"{name}: recognised falls from {values[0]['recognised']:.2f} to {values[-1]['recognised']:.2f}, the Fréchet distance grows from"
        f" {values[0]['Fréchet']:.2f} to {values[-1]['Fréchet']:.1f}"
        for name, values in damage.items()
    )
    + ".",
)
slight_noise = damage["noise (standard deviation)"][1]
print(
    f"noise of {levels[1]:.1f}: recognised {slight_noise['recognised']:.2f}, Fréchet distance {slight_noise['Fréchet']:.1f}"
)

# %% [markdown]
# A little noise, which you and I hardly mind, moves the distance far from zero: it is *very* sensitive to anything the judge never saw, and says nothing about whether it matters. Keep
# that in mind when a machine leaves specks. (The distance is also a little above zero for the real pictures, because 1,000 pictures give only an estimate of mean and covariance. Compare only
# distances that were computed from equally many pictures.)
#
# ### 2.1 A guard
#
# The third question becomes a function that you can take with you. **Mode collapse** is the disease of generative models: the machine finds one picture, or a few, that serve its purpose, and draws nothing else. The
# loss does not show it. This guard does: it needs any vectors that describe the pictures (features, or just the pixels), and for the second test the classes that a classifier gives them.


# %% tags=["recipe"]
def variety_guard(vectors, real_vectors, answers=None, least_spread=0.5, least_kinds=None):
    """Find out whether a generator has collapsed.

    Args:
        vectors: (n, d) descriptions of generated pictures, such as features or pixels.
        real_vectors: (m, d) descriptions of real ones.
        answers: (n,) the classes a classifier gives to the generated pictures; None leaves this test out.
        least_spread: the smallest share of the real pictures' total variance that is allowed.
        least_kinds: the smallest effective number of classes, e to the power of the entropy.

    Returns:
        (healthy, report): True or False, and a line that says why.
    """
    share = float(np.var(vectors, axis=0).sum() / np.var(real_vectors, axis=0).sum())
    healthy, report = share >= least_spread, f"spread {share:.2f} of the real pictures'"
    if answers is not None:
        effective = effective_kinds(answers)
        healthy = healthy and effective >= (least_kinds or 0)
        report += f", {effective:.1f} kinds"
    return bool(healthy), ("healthy: " if healthy else "COLLAPSED: ") + report


# %%
for name, images in gallery.items():
    features, answers = look(images)
    print(f"{name:<16} {variety_guard(features, real_features, answers, least_kinds=7)[1]}")
print(
    f"{'one boot':<16} {variety_guard(*[look(np.repeat(pictures[:1], 1000, axis=0))[0], real_features], least_kinds=7)[1]}"
)

# %% [markdown]
# It falls neither for a thousand copies of one boot nor for the ten mean pictures. But look how much spread those ten have without any variety: the kinds alone make it. Ten *sharp* pictures, one of each kind, drawn again and again, would pass; inside a kind, only the column "variety" of the table tells the truth.
# No guard sees everything; choose it by the disease.
#
# ## 3 · The variational autoencoder
#
# ### 3.1 From an autoencoder to a machine that draws
#
# Day 08's **autoencoder** squeezes a picture into a short code and unfolds it again. Then why not throw the encoder away, think up a code, and let the decoder draw? Because it does not know what to do with codes that it has never
# seen. The codes of the training pictures lie scattered about, and between them are holes.
#
# The **variational autoencoder** (VAE, [Kingma and Welling, 2013](https://arxiv.org/abs/1312.6114)) mends this with two changes:
#
# - The encoder does not give a point but a *cloud*: a mean $m$ and a spread $s$ for each number of the code. The decoder gets a random point of the cloud. So points that are close to each other
#   *must* mean similar pictures, or the decoder would be punished.
# - The clouds cost something. Left alone, the encoder would make them tiny and move them far apart, and we would have the holes again. The price is the **Kullback–Leibler divergence** from the standard normal distribution,
#
#   $$\mathrm{KL} = \tfrac12 \sum_j \left(m_j^2 + s_j^2 - \ln s_j^2 - 1\right),$$
#
#   which is 0 for $m = 0$, $s = 1$ and grows when a cloud moves away or shrinks. It pulls all clouds together until they overlap and fill one large cloud around 0. And *that* we can draw from.
#
# One obstacle: how does a gradient get through a random draw? By the **reparameterisation trick**: draw the noise $\varepsilon$ first, from a fixed distribution, and compute $z = m + s\,\varepsilon$. Now $z$ is an ordinary function of $m$ and $s$, with
# $\partial z/\partial m = 1$ and $\partial z/\partial s = \varepsilon$, and chance is merely an input.


# %%
class Cloud(layers.Layer):
    """Draw a point from a normal cloud, and add the price of the cloud to the loss."""

    def __init__(self, price=1.0, **arguments):
        super().__init__(**arguments)
        self.price = price
        self.chance = keras.random.SeedGenerator(ready.seed)

    def call(self, inputs):
        mean, log_variance = inputs  # the logarithm may be any number, the variance then is positive
        kl = 0.5 * ops.sum(mean**2 + ops.exp(log_variance) - log_variance - 1, axis=1)
        self.add_loss(self.price * ops.mean(kl))
        noise = keras.random.normal(ops.shape(mean), seed=self.chance)
        return mean + ops.exp(0.5 * log_variance) * noise  # the reparameterisation trick


# %% [markdown]
# ### 3.2 A map of fashion
#
# With a code of only two numbers, we can draw the whole space. Encoder and decoder are dense networks, cheap and good enough. The loss is the squared error, *summed* over the pixels, so that it weighs rightly against the KL.


# %%
def squared_error(true, drawn):
    """Squared error of a picture, summed over its pixels."""
    return ops.sum((true - drawn) ** 2, axis=(1, 2, 3))


def dense_stack(x, *sizes):
    """Dense layers with ReLU."""
    for size in sizes:
        x = layers.Dense(size, activation="relu")(x)
    return x


# %%
def make_vae(code_size, conditional, price=1.0, rate=2e-3):
    """Return encoder, decoder and the compiled VAE; a conditional one is also told the kind, one-hot (10,)."""
    keras.utils.set_random_seed(ready.seed)
    image, kind, code = keras.Input((28, 28, 1)), keras.Input((10,)), keras.Input((code_size,))

    def with_kind(x):
        return layers.Concatenate()([x, kind]) if conditional else x

    def inputs(first):
        return [first, kind] if conditional else first

    x = dense_stack(with_kind(layers.Flatten()(image)), 256, 128)
    mean, log_variance = layers.Dense(code_size)(x), layers.Dense(code_size)(x)
    encoder = keras.Model(inputs(image), [mean, log_variance])
    x = dense_stack(with_kind(code), 128, 256)
    decoder = keras.Model(inputs(code), layers.Reshape((28, 28, 1))(layers.Dense(784, activation="tanh")(x)))
    vae = keras.Model(inputs(image), decoder(inputs(Cloud(price)([mean, log_variance]))))
    vae.compile(keras.optimizers.Adam(rate), loss=squared_error)
    vae.optimizer.build(vae.trainable_variables)
    return encoder, decoder, vae


map_encoder, map_decoder, map_vae = make_vae(code_size=2, conditional=False)
map_losses = map_vae.fit(pictures, pictures, batch_size=200, epochs=3, verbose=2).history["loss"]

# %%
# Where the test pictures lie in the code's plane, and what the decoder draws on a grid of codes.
places, _ = ask(map_encoder, test_pictures[:3000])
edge = np.linspace(-2.2, 2.2, 16).astype("float32")
codes = np.stack(np.meshgrid(edge, edge[::-1]), axis=-1)  # (16, 16, 2), the second coordinate upwards
atlas = ask(map_decoder, codes.reshape(-1, 2)).reshape(16, 16, 28, 28, 1)

# %%
# Drawing: both side by side.
figure, panels = plt.subplots(1, 2, figsize=(11, 5.4))
signs, shades = [*plots.MARKERS, "<", ">"], [*plots.COLOURS, "0.5", "#8a5a2b"]
for kind, (sign, shade) in enumerate(zip(signs, shades, strict=True)):
    panels[0].scatter(
        *places[test_kinds[:3000] == kind].T,
        s=14,
        marker=sign,
        color=shade,
        edgecolor="black",
        linewidth=0.2,
        label=class_names[kind],
    )
panels[0].set(
    xlabel="code, first number",
    ylabel="code, second number",
    xlim=(-3.4, 3.4),
    ylim=(-3.4, 3.4),
    title="where the pictures lie",
)
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=5, fontsize=9, markerscale=1.6)
contact_sheet(panels[1], atlas, "what the decoder draws there")
plots.show(
    figure,
    alt=f"Left: 3,000 test pictures as points of a plane, spread {places[:, 0].std():.1f} and {places[:, 1].std():.1f} around 0, kinds in overlapping islands."
    " Right: a grid of 16 × 16 drawn pictures over the same plane; shoes, bags, trousers and tops pass into each other without a gap.",
)

# %% [markdown]
# The right picture is a map of everything this machine can draw. There are no holes: walk from anywhere to anywhere, and every step is a garment. Shoes lie with shoes, and nobody has told it what a shoe is. Take a walk:


# %%
def draw_place(across, up):
    """Decode one place of the map; return the figure and its alt text."""
    drawn = ops.convert_to_numpy(map_decoder(np.array([[across, up]], "float32")))
    figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.2))
    panels[0].scatter(*places.T, s=3, color="0.75")
    panels[0].plot([across], [up], "o", markersize=11, color=plots.COLOURS[5])
    panels[0].set(xlabel="code, first number", ylabel="code, second number", xlim=(-3.4, 3.4), ylim=(-3.4, 3.4))
    contact_sheet(panels[1], drawn[None], "drawn here")
    answer = class_names[look(drawn)[1][0]]
    return (
        figure,
        f"The map with a mark at ({across:.1f}, {up:.1f}), and the picture drawn there; the judge calls it: {answer}.",
    )


slider = {"min": -2.5, "max": 2.5, "step": 0.25, "continuous_update": False}
plots.interact(
    draw_place, across=ipywidgets.FloatSlider(value=1.0, **slider), up=ipywidgets.FloatSlider(value=-0.5, **slider)
)

# %% [markdown]
# ### 3.3 To order: the conditional VAE
#
# Two numbers are few; the pictures are blurred. With 16 the decoder can say more. And we want to *order*: so we tell both halves the kind, as ten more inputs. Then the code need not
# carry it, and is free for what else makes a picture: cut, length, pattern. To draw, we take a code at random and add the order.
#
# *Need* not is not *will* not. At the price 1 the code carried much of the kind all the same, a random code then overruled the order, and in a trial (seed 1) only a third of the pictures were recognised. So the KL costs **four times** as much here: where every
# number in the code is dear, what the order says for free is the first thing to be left out. This knob has a name, [β-VAE](https://openreview.net/forum?id=Sy2fzU9gl) (Higgins and others, 2017).

# %%
encoder, decoder, vae = make_vae(code_size=16, conditional=True, price=4.0)
vae_losses = vae.fit([pictures, one_hot[kinds]], pictures, batch_size=200, epochs=3, verbose=2).history["loss"]
codes = np.random.default_rng(ready.seed).standard_normal((1000, 16), "float32")
gallery["VAE"] = ask(decoder, codes, one_hot[ordered])
scores["VAE"] = judge_pictures(gallery["VAE"])
show_table()

# %%
ends = np.array([np.flatnonzero(test_kinds == kind)[0] for kind in range(10)])  # a test picture of each kind
means, _ = ask(encoder, test_pictures[ends], one_hot)  # the middles of their clouds
between = np.linspace(0, 1, 9).astype("float32")[:, None]
pairs = [(7, 9), (3, 8), (1, 0)]  # from a sneaker to an ankle boot, from a dress to a bag, from trousers to a T-shirt
walks = []
for start, end in pairs:
    walk = (1 - between) * means[start] + between * means[end]  # the codes and the orders are mixed
    walks.append(ask(decoder, walk, (1 - between) * one_hot[start] + between * one_hot[end]))
figure, panels = plt.subplots(2, 1, figsize=(8, 6.6), height_ratios=(4, 3.1))
contact_sheet(panels[0], gallery["VAE"][:40].reshape(4, 10, 28, 28, 1), "conditional VAE: four of each kind")
contact_sheet(
    panels[1], np.stack(walks), "from one test picture to another: code and order change in eight equal steps"
)
plots.show(
    figure,
    alt="Above: forty pictures drawn by the conditional VAE, four of each kind ordered, soft and blurred. Below: three interpolations in nine pictures between test pictures, from sneaker to ankle boot,"
    " from dress to bag, from trousers to T-shirt, each passing through mixed forms.",
)

# %% [markdown]
# The VAE draws garments, mostly the ones we ordered, and none of them is sharp. The dear code left out more than the kind: stripes, folds, straps. But that is not the whole reason for the blur; the other is in the loss. Where the decoder
# cannot know whether a stripe sits here or there, the squared error is smallest for the *mean* of all possibilities: grey. **Squared error asks for averages, and averages are blurred.** The two machines that follow avoid it in two different ways.
#
# %% [markdown]
# ## 4 · The forger and the detective: GANs
#
# ### 4.1 The game
#
# If squared error is the wrong teacher, who is a better one? Goodfellow and others had the idea in [2014](https://arxiv.org/abs/1406.2661): *another network*. In a **generative adversarial network** two play against each other.
#
# - The **generator** gets noise and draws a picture. It never sees a real one.
# - The **discriminator** gets pictures, half of them real, half of them drawn, and says which is which. It is an ordinary classifier.
#
# The discriminator learns to tell them apart; the generator learns to draw so that it *cannot*. A blurred picture would be exposed at once, so blur does not pay. With $D(x)$ the probability that $x$ is real, the discriminator's loss is
# the cross-entropy, and the generator's is the cross-entropy of the wish "let it be taken for real":
#
# $$L_D = -\ln D(x_\text{real}) - \ln\bigl(1 - D(G(z))\bigr), \qquad L_G = -\ln D(G(z)).$$
#
# (In the paper's first version the generator *maximises* $L_D$. That is the same wish, but where the discriminator is sure of itself, at the beginning, its slope is nearly zero; the form on the right is called *non-saturating* and is the one in use.)
#
# How does the generator learn, without ever seeing a garment? Through the discriminator's gradient: it says for each pixel in which direction it would look more real. So for the generator's step we put both networks in a row, noise → picture → judgement, and train the row. Only,
# the row has *two* sets of weights. If both were trained, the cheapest way to the wish "taken for real" would be a discriminator that says "real" to everything. So in this step it is **frozen**, `discriminator.trainable = False`: the gradient passes *through* it, but does not change it.
#
# The two networks are those of **DCGAN** ([Radford and others, 2015](https://arxiv.org/abs/1511.06434)), made small: convolutions with stride 2 in place of pooling, their mirror image `Conv2DTranspose` in the generator (day 09), batch normalisation in the generator, leaky ReLU in the discriminator.
# We build them for orders from the start: the generator also gets the kind, and the discriminator is **day 06's classifier with one more class**: the kinds of real pictures, and *drawn*. With one kind of real picture it is the plain
# GAN; with ten it is a **conditional GAN** (this form: [Salimans and others, 2016](https://arxiv.org/abs/1606.03498), and [Zhou and others, 2017](https://arxiv.org/abs/1703.02000)). The generator's wish becomes "let it be taken for a real picture *of the kind ordered*".


# %% tags=["recipe"]
NOISE = 64  # random numbers for a picture
GAN_RATE = 4e-4  # learning rate of both players at the beginning


def upwards(maps, filters):
    """Twice the height and width, batch normalisation, ReLU."""
    maps = layers.Conv2DTranspose(filters, 4, strides=2, padding="same", use_bias=False)(maps)
    return layers.ReLU()(fast.BatchNormalization(momentum=0.9)(maps))


def generator_network(kind_count):
    """Noise (64,) and a kind, one-hot (kind_count,) -> a picture (28, 28, 1) from -1 to 1."""
    noise, kind = keras.Input((NOISE,)), keras.Input((kind_count,))
    maps = layers.Dense(7 * 7 * 128, use_bias=False)(layers.Concatenate()([noise, kind]))
    maps = layers.Reshape((7, 7, 128))(maps)
    maps = layers.ReLU()(fast.BatchNormalization(momentum=0.9)(maps))
    maps = upwards(upwards(maps, 64), 32)
    return keras.Model([noise, kind], layers.Conv2D(1, 3, padding="same", activation="tanh")(maps))


def discriminator_network(kind_count):
    """A picture (28, 28, 1) -> scores (kind_count + 1,): a real one of each kind, and last: drawn."""
    image = maps = keras.Input((28, 28, 1))
    for filters in (32, 64, 128):
        maps = layers.LeakyReLU(0.2)(layers.Conv2D(filters, 4, strides=2, padding="same")(maps))
    return keras.Model(image, layers.Dense(kind_count + 1)(layers.Flatten()(maps)))


# %% tags=["recipe"]
class Game:
    """A generator and a discriminator that play against each other, and `row`, the two behind each other."""

    def __init__(self, kind_count, rounds, rate=GAN_RATE):
        """`rounds` is how long the game will take: the learning rate falls to nearly nothing over it."""
        keras.utils.set_random_seed(ready.seed)
        self.kind_count, self.orders = kind_count, np.eye(kind_count, dtype="float32")
        self.step, self.log = 0, []
        self.generator, self.discriminator = generator_network(kind_count), discriminator_network(kind_count)
        self.row = keras.Model(self.generator.inputs, self.discriminator(self.generator.outputs[0]))
        falling = keras.optimizers.schedules.PolynomialDecay(rate, rounds, end_learning_rate=rate / 20)
        for network, average in ((self.discriminator, False), (self.row, True)):
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            network.compile(keras.optimizers.Adam(falling, beta_1=0.5, use_ema=average, ema_momentum=0.99), loss)
        self.discriminator.optimizer.build(self.discriminator.trainable_variables)  # else Keras traces twice (day 06)
        self.discriminator.trainable = False
        self.row.optimizer.build(self.row.trainable_variables)  # the generator's weights only

    def deal(self, random, count):
        """Noise and kinds for `count` pictures to be drawn."""
        return random.standard_normal((count, NOISE), "float32"), random.integers(0, self.kind_count, count)

    def draw(self, noise, asked):
        """Pictures for noise (n, 64) and kinds (n,)."""
        return ask(self.generator, noise, self.orders[asked])


# %% [markdown]
# One round is a step of the discriminator, on 32 real and 32 drawn pictures, and then a step of the generator:


# %% tags=["recipe"]
def loss_of_step(network, inputs, targets):
    """Train a network on one batch; return the loss of this batch alone (Keras gives a mean over all since the last reset)."""
    network.reset_metrics()
    return float(network.train_on_batch(inputs, targets))


def play_round(game, images, labels, batch_size=32):
    """One round with real pictures and their kinds. Returns both losses."""
    random = np.random.default_rng([ready.seed, game.step])  # so that an interrupted game can go on as it was
    noise, asked = game.deal(random, batch_size)
    drawn = game.draw(noise, asked)
    chosen = random.integers(0, len(images), batch_size)
    answers = np.concatenate([labels[chosen], np.full(batch_size, game.kind_count)])  # the last class: drawn
    game.discriminator.trainable = True
    losses = {"discriminator": loss_of_step(game.discriminator, np.concatenate([images[chosen], drawn]), answers)}
    game.discriminator.trainable = False  # the gradient passes through it and leaves it as it is
    noise, asked = game.deal(random, batch_size)
    losses["generator"] = loss_of_step(game.row, [noise, game.orders[asked]], asked)  # the wish: real, and of this kind
    game.step += 1
    return losses


# %% tags=["recipe"]
def finish(game, passes=12):
    """Put the average over the last steps in place of the generator's weights; the batch normalisation must learn its means anew."""
    game.row.optimizer.finalize_variable_values(game.row.trainable_variables)
    for number in range(passes):
        noise, asked = game.deal(np.random.default_rng([ready.seed, number, 0]), 250)
        game.generator([noise, game.orders[asked]], training=True)


# %% [markdown]
# Three things to notice.
#
# - `trainable` is set before each of the two steps. In Keras it counts when a network is trained for the first time; many recipes set it once, in the right order, and stop learning silently when somebody changes the order. Set it where it matters.
# - The learning rate falls over the game, and the generator's weights are *averaged* over the last steps (`use_ema`, an exponential moving average). In a game there is no loss that goes down: both players go round each other, and the
#   average of the round is better than wherever it happens to end ([Yazıcı and others, 2018](https://arxiv.org/abs/1806.04498)).
# - Adam's first momentum is 0.5, as in DCGAN, and not 0.9: yesterday's gradient was computed against a discriminator that no longer exists.
#
# ### 4.2 A DCGAN, and what the freeze is for
#
# First the plain GAN, without orders: one kind, "garment". A short game, watched by the guard. It looks at the *pixels* here: the grain of so young a generator is something the judge has never seen, and its features mean little there.

# %%
PLAIN_ROUNDS, COLLAPSE_ROUNDS, CURE_ROUNDS = 200, 60, 90
one_kind = np.zeros(len(pictures), "int32")
real_pixels = pictures[:10_000].reshape(10_000, 784)
probe = np.random.default_rng(ready.seed).standard_normal((300, NOISE), "float32")  # always the same noise, to compare


def watch(game, losses, films):
    """Note losses, spread and kinds of 300 pictures in the game's log, and keep sixteen of them."""
    images = game.draw(probe, np.zeros(300, "int32")).reshape(300, 784)
    answers = look(images.reshape(300, 28, 28, 1))[1]
    share = images.var(axis=0).sum() / real_pixels.var(axis=0).sum()
    game.log.append(losses | {"round": game.step, "spread": share, "kinds": effective_kinds(answers)})
    films.append(images[:16].reshape(16, 28, 28, 1))


plain, film = Game(1, rounds=10_000), []  # 10,000: in this short game the rate stays nearly constant
for number in range(PLAIN_ROUNDS):
    losses = play_round(plain, pictures, one_kind)
    if number % 25 == 24:
        watch(plain, losses, film)
for row in plain.log:
    print("  ".join(f"{name} {value:6.2f}" for name, value in row.items()))

# %%
figure, axes = plt.subplots(figsize=(6, 1.9))


def draw_frame(frame):
    """The same sixteen noises, after so many rounds."""
    axes.clear()
    contact_sheet(axes, film[frame].reshape(2, 8, 28, 28, 1), f"after {plain.log[frame]['round']} rounds")


plots.animate(
    figure,
    draw_frame,
    frames=len(film),
    alt=f"Sixteen pictures of the plain GAN after 25 to {PLAIN_ROUNDS} rounds, always from the same noise: equal blots at first, then outlines that change from round to round, at last coarse ghosts of garments and shoes.",
)

# %% [markdown]
# Not masterpieces after these few rounds: ghosts of shirts and shoes, with the grain of the transposed convolutions; but the generator has never seen one. Look at the log: the losses say nothing about quality. The spread does say something: after 25 rounds all noises gave nearly the same blot, later they do not.
#
# Now the freeze. We save the weights, play twelve steps of the generator only, once with the discriminator frozen as it should be and once not, and ask the discriminator each time how much it takes *snow* for real.


# %%
def certainty_after(trainable, steps=12):
    """Train the row with the discriminator trainable or not, then restore all weights.

    Returns how much the discriminator's weights changed, and with what probability it then takes snow for real.
    """
    kept = plain.generator.get_weights(), plain.discriminator.get_weights()
    plain.discriminator.trainable = trainable
    row = keras.Model(plain.generator.inputs, plain.discriminator(plain.generator.outputs[0]))
    row.compile(keras.optimizers.Adam(2e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    row.optimizer.build(row.trainable_variables)
    for start in range(steps):
        noise = np.random.default_rng(start).standard_normal((64, NOISE), "float32")
        row.train_on_batch([noise, np.ones((64, 1), "float32")], np.zeros(64))
    change = sum(
        float(np.abs(new - old).sum()) for new, old in zip(plain.discriminator.get_weights(), kept[1], strict=True)
    )
    snow_scores = ask(plain.discriminator, gallery["snow"][:300])
    plain.generator.set_weights(kept[0])
    plain.discriminator.set_weights(kept[1])
    probability = 1 / (1 + np.exp(snow_scores[:, 1] - snow_scores[:, 0]))  # softmax of two scores
    return change, float(probability.mean())


frozen_change, frozen_trust = certainty_after(False)
loose_change, loose_trust = certainty_after(True)
print(
    f"frozen:     the discriminator's weights change by {frozen_change:.1f}; it takes snow for real with probability {frozen_trust:.2f}"
)
print(
    f"not frozen: the discriminator's weights change by {loose_change:.1f}; it takes snow for real with probability {loose_trust:.2f}"
)

# %% [markdown]
# Not frozen, the row bribes the detective: after a dozen steps even *snow* is real to it. Frozen, its opinion of snow stays what it was.
#
# ### 4.3 Mode collapse, provoked
#
# What does the generator do if the discriminator does not answer back? Somewhere there is *one* picture that this discriminator finds more real than any other. Nothing in the generator's loss asks for variety! Against a
# fixed opponent the best strategy is to draw that picture, always. It is the discriminator's answers alone, round after round, that drive the generator on to something else. So to provoke the **collapse** we let the generator play on alone.
#
# One brake must be taken off for that. With the cross-entropy, a generator that has convinced the frozen discriminator has a loss near 0, hence a slope near 0, and stops before it has collapsed. So its wish is now the bare score, "more real, and still more", which never has enough. (To see it, put `SparseCategoricalCrossentropy(from_logits=True)` in its place, with `np.zeros(32)` as the targets.)


# %%
def remember(game):
    """All weights of both players."""
    return [network.get_weights() for network in (game.generator, game.discriminator)]


def restore(game, weights):
    """Put them back."""
    for network, arrays in zip((game.generator, game.discriminator), weights, strict=True):
        network.set_weights(arrays)


def more_real(_, given):
    """The wish without a brake: a higher score for real than for drawn, by as much as possible."""
    return ops.mean(given[:, 1] - given[:, 0])


healthy_weights, healthy_rounds = remember(plain), len(plain.log)
plain.discriminator.trainable = False
alone = keras.Model(plain.generator.inputs, plain.discriminator(plain.generator.outputs[0]))
alone.compile(keras.optimizers.Adam(1e-3, beta_1=0.5), loss=more_real)
alone.optimizer.build(alone.trainable_variables)
random = np.random.default_rng(ready.seed)
for number in range(COLLAPSE_ROUNDS):
    noise, asked = plain.deal(random, 32)
    losses = {"discriminator": np.nan}
    losses["generator"] = loss_of_step(alone, [noise, plain.orders[asked]], np.zeros((32, 2), "float32"))
    plain.step += 1
    if number % (COLLAPSE_ROUNDS // 6) == COLLAPSE_ROUNDS // 6 - 1:
        watch(plain, losses, film)
collapsed = plain.draw(np.random.default_rng(9).standard_normal((1000, NOISE), "float32"), np.zeros(1000, "int32"))

# %% [markdown]
# ### 4.4 … and cured
#
# The cure follows from the cause: the discriminator must answer, and answer in time. First we try the obvious and let both play on from where they are. Then we go back to the weights from before the collapse, which is what one does in practice: keep checkpoints, and
# *restart* from the last one that the guard found healthy.

# %%
for number in range(CURE_ROUNDS):
    losses = play_round(plain, pictures, one_kind)
    if number % (CURE_ROUNDS // 6) == CURE_ROUNDS // 6 - 1:
        watch(plain, losses, film)
cured = plain.draw(np.random.default_rng(9).standard_normal((1000, NOISE), "float32"), np.zeros(1000, "int32"))
restore(plain, healthy_weights)
restarted = plain.draw(np.random.default_rng(9).standard_normal((1000, NOISE), "float32"), np.zeros(1000, "int32"))

guarded = {}
for name, images in (("before the collapse", restarted), ("collapsed", collapsed), ("after the cure", cured)):
    flat = images.reshape(len(images), 784)
    guarded[name] = variety_guard(flat, real_pixels, look(images)[1], least_spread=0.3)
    print(f"{name:<20} {guarded[name][1]}")

# %%
# Drawing: the losses, the guard's measures, and the pictures.
log = pd.DataFrame(plain.log)
figure = plt.figure(figsize=(9.5, 6))
upper, lower = figure.subfigures(2, 1, height_ratios=(1.1, 1))
panels = upper.subplots(1, 2)
for axes, columns in zip(panels, (["generator", "discriminator"], ["spread", "kinds"]), strict=True):
    for column, style, marker in zip(columns, ("-", "--"), "os", strict=True):
        values = log[column] / (10 if column == "kinds" else 1)
        axes.plot(
            log["round"],
            values,
            linestyle=style,
            marker=marker,
            markersize=4,
            label=column + (" / 10" if column == "kinds" else ""),
        )
    axes.axvspan(PLAIN_ROUNDS, PLAIN_ROUNDS + COLLAPSE_ROUNDS, color="0.9", zorder=0)
    axes.set(xlabel="round")
    axes.legend(fontsize=9)
panels[0].set(ylabel="loss (grey: minus the score)", title="what one usually looks at")
panels[1].set(ylabel="share of real pictures'", ylim=(0, None), title="what the guard looks at")
for axes, (name, images) in zip(
    lower.subplots(1, 3), {"before": restarted, "collapsed": collapsed, "after the cure": cured}.items(), strict=True
):
    contact_sheet(axes, images[:32].reshape(4, 8, 28, 28, 1), name)
plots.show(
    figure,
    alt="Above: losses, and the guard's two measures, over the rounds; in the grey part the discriminator is frozen. There the generator's loss falls, and the spread drops from"
    f" {log['spread'][healthy_rounds - 1]:.2f} to {log['spread'][healthy_rounds : healthy_rounds + 6].min():.2f}; afterwards it rises to {log['spread'].iloc[-1]:.2f}. Below: 32 pictures each, varied before, all alike in the collapse, varied again after the cure.",
)

# %% [markdown]
# Look at the left picture without the right one: in the grey part the generator's loss falls beautifully. Whoever watches losses opens a bottle of wine, and the machine has forgotten all but one picture, which is not even a garment: it is whatever this discriminator likes best. **In a GAN a falling loss is not good news.**
# Afterwards the discriminator answers again, and the generator must move: the spread comes back. That playing on helps is luck. The checkpoint is certain: its pictures are those from before, and from there one plays on, with the cause mended. (How many rounds it takes to collapse, and to recover, we found out with seed 1; the guard's last lines at the end of this lesson hold the result against three seeds.)
#
# In practice nobody freezes the discriminator by accident. It falls behind: its rate is too low, the generator takes several steps for each of its own, or the two are of unequal size. What helps, besides the balance of the two: let the discriminator see how varied a *batch* is (minibatch
# discrimination, [Salimans and others, 2016](https://arxiv.org/abs/1606.03498)), smooth its gradient (WGAN-GP, [2017](https://arxiv.org/abs/1704.00028)), or give orders, as we do now: who must draw a bag cannot draw the same boot again.
#
# ### 4.5 To order: the conditional GAN
#
# The same game with ten kinds. The number of rounds is what a minute buys, the learning rate is DCGAN's, doubled, since the game is short, and the batches are small, 32 real pictures: in trials with seed 1, 500 rounds of 64 took twice as long and were recognised no better (0.79 against 0.84). No test picture had a say in it, for the judge only ever sees *drawn* ones here.
# Now you wait about a minute; every line is a sign of life.

# %% tags=["recipe"]
GAN_ROUNDS = 500


def play(game, rounds, batch_size=32, every=100, look_in=None):
    """Play until `rounds` rounds are done, on the training pictures; print the losses, and call look_in(game), every so many rounds."""
    while game.step < rounds:
        losses = play_round(game, pictures, kinds, batch_size)
        game.log.append(losses | {"round": game.step})
        if game.step % every == 0:
            print("  ".join(f"{name} {value:.2f}" for name, value in game.log[-1].items()))
            if look_in is not None:
                look_in(game)


# %%
game = Game(10, rounds=GAN_ROUNDS)
order_probe, orders_film = np.random.default_rng(3).standard_normal((30, NOISE), "float32"), []
play(game, GAN_ROUNDS, look_in=lambda game: orders_film.append(game.draw(order_probe, ordered[:30])))
finish(game)

# %%
sample_noise = np.random.default_rng(ready.seed).standard_normal((1000, NOISE), "float32")
gallery["GAN"] = game.draw(sample_noise, ordered)
scores["GAN"] = judge_pictures(gallery["GAN"])
show_table()

figure, panels = plt.subplots(2, 1, figsize=(7.5, 5.6), height_ratios=(1, 1.9))
contact_sheet(
    panels[0],
    np.stack([orders_film[0][:10], orders_film[-1][:10]]),
    "the same noise: after the first 100 rounds, and at the end",
)
contact_sheet(panels[1], gallery["GAN"][:60].reshape(6, 10, 28, 28, 1), "conditional GAN: six of each kind")
plots.show(
    figure,
    alt="Above: one picture of each kind after 100 rounds, coarse, and the same ones at the end. Below: sixty pictures drawn to order, six per kind, with plain outlines, grainy inside;"
    f" {scores['GAN']['recognised']:.0%} of a thousand are recognised.",
)

# %% [markdown]
# Nobody told the generator what a garment looks like in pixels, and there they are, each kind where it was ordered. But look closely: the outlines are right, and over all lies a grain that no real picture has. And column by column the pictures resemble each other more than real ones do. The table says it
# in numbers: recognised often, and a variety far below 1. It is a forger after one minute of apprenticeship; section 6 shows what a longer one buys.
#
# %% [markdown]
# ## 5 · Pictures out of noise: diffusion
#
# ### 5.1 Noising
#
# A GAN has to jump from noise to a picture in one leap. **Diffusion** models ([Sohl-Dickstein and others, 2015](https://arxiv.org/abs/1503.03585); [Ho and others, 2020](https://arxiv.org/abs/2006.11239)) go in many small steps, and they find the way by walking it backwards. To spoil a picture
# is easy: mix it with noise, a little more each time, until nothing is left. We use the simplest mixture there is, a straight line (*rectified flow* or *flow matching*, [Liu and others, 2022](https://arxiv.org/abs/2209.03003), [Lipman and others, 2022](https://arxiv.org/abs/2210.02747)): at time $t$ between 0 and 1,
#
# $$x_t = (1 - t)\, x + t\, \varepsilon, \qquad \varepsilon \text{ normal noise.}$$
#
# How fast noise takes over is the **noise schedule**. The older models write $x_t = \sqrt{\bar\alpha_t}\, x + \sqrt{1 - \bar\alpha_t}\, \varepsilon$ and choose $\bar\alpha_t$; you will write one such schedule in the exercises. Here are three schedules, and a boot and a bag on the way.

# %%
times = np.linspace(0, 1, 101)
betas = np.linspace(1e-4, 0.02, 1000)  # Ho and others: 1,000 steps, each adds a little noise
schedules = {
    "straight line (today)": (1 - times, times),
    "linear betas (2020)": [
        np.interp(times, np.linspace(0, 1, 1000), values)
        for values in (np.sqrt(np.cumprod(1 - betas)), np.sqrt(1 - np.cumprod(1 - betas)))
    ],
    "cosine (2021)": (np.cos(times * np.pi / 2), np.sin(times * np.pi / 2)),
}
figure = plt.figure(figsize=(9, 4.6))
upper, lower = figure.subfigures(2, 1, height_ratios=(1.35, 1))
axes = upper.subplots()
for (name, (kept, added)), style in zip(schedules.items(), ("-", "--", ":"), strict=True):
    axes.plot(times, kept, linestyle=style, color=plots.COLOURS[0], label=f"picture, {name}")
    axes.plot(times, added, linestyle=style, color=plots.COLOURS[5], label=f"noise, {name}")
axes.set(xlabel="time t", ylabel="factor", title="How much of the picture is left")
axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1))
noise = np.random.default_rng(4).standard_normal((2, 1, 28, 28, 1), "float32")
shown = np.stack([pictures[0], pictures[np.flatnonzero(kinds == 8)[1]]])[:, None]
stops = np.linspace(0, 1, 11).astype("float32")[None, :, None, None, None]
contact_sheet(lower.subplots(), (1 - stops) * shown + stops * noise, "t = 0, 0.1, 0.2, …, 1 along the straight line")
plots.show(
    figure,
    alt="Above: the factors of picture and noise over the time for three schedules, straight, linear betas and cosine; at time 0 all is picture, at time 1 all is noise. Below: a boot and a bag in eleven stages;"
    " at 0.5 one can just make them out, from 0.8 on hardly.",
)

# %% [markdown]
# ### 5.2 Learning the way back is a regression
#
# The way from picture to noise is a straight line, and its direction at every point is $v = \varepsilon - x$. If we knew $v$ at a noisy picture, we could walk back: $x_{t - h} = x_t - h\,v$. We don't, when all we have is $x_t$. So let a network guess it: **input $x_t$ and $t$, target $\varepsilon - x$, loss mean squared error.** No
# game, no new loss: a regression, with as many training examples as we like, since we make the noise ourselves. What the network learns is the *mean* of all directions that could have led here. Early on, at $t$ near 1, that is very blurred; but we only take a *small step* in this direction and ask again. With every step fewer
# possibilities are left, and the guess becomes sharper. That is how diffusion escapes the blur of the squared error: by never asking for the whole picture at once.
#
# For **orders**, the network is also told the kind. In one example of ten we tell it "any" instead (an eleventh kind), so that it can do both; you will see why in 5.4.


# %% tags=["recipe"]
ANY = 10  # the eleventh order: anything
orders = np.eye(11, dtype="float32")


class Noised(keras.utils.PyDataset):
    """Batches of noisy pictures, times and orders, with the direction from picture to noise as the target."""

    def __init__(self, batches, batch_size=32):
        super().__init__()
        self.batches, self.batch_size, self.epoch = batches, batch_size, 0

    def __len__(self):
        return self.batches

    def __getitem__(self, number):
        random = np.random.default_rng([ready.seed, self.epoch, number])  # an interrupted training can go on as it was
        chosen = random.integers(0, len(pictures), self.batch_size)
        noise = random.standard_normal((self.batch_size, 28, 28, 1), "float32")
        time = 1 / (
            1 + np.exp(-random.standard_normal((self.batch_size, 1), "float32"))
        )  # the middle more often than the ends
        asked = np.where(random.random(self.batch_size) < 0.1, ANY, kinds[chosen])
        mix = time[:, :, None, None]
        return ((1 - mix) * pictures[chosen] + mix * noise, time, orders[asked]), noise - pictures[chosen]

    def on_epoch_end(self):
        self.epoch += 1


# %% [markdown]
# ### 5.3 The denoising U-Net
#
# Day 09's U-Net is made for this task: picture in, picture of the same size out, coarse and fine seen together. Two things are new. The **time** goes in as sines and cosines of several frequencies, because a dense layer can read those better than one bare number (day 15 does the same with
# positions). And time and order must reach every block: a dense layer turns them into a factor and a shift for each map, after the normalisation, where they cannot be normalised away. So one and the same network can be careful at $t$ near 0 and bold at $t$ near 1.


# %% tags=["recipe"]
def told(maps, condition):
    """Scale and shift each map as time and order demand."""
    filters = maps.shape[-1]
    factor = layers.Reshape((1, 1, filters))(layers.Dense(filters, kernel_initializer="zeros")(condition))
    shift = layers.Reshape((1, 1, filters))(layers.Dense(filters)(condition))
    return maps * (1 + factor) + shift


def residual_block(maps, condition):
    """Two convolutions, told in between, around which the input is added (day 07)."""
    filters = maps.shape[-1]
    change = layers.Conv2D(filters, 3, padding="same", use_bias=False)(maps)
    change = layers.ReLU()(told(fast.BatchNormalization(momentum=0.9)(change), condition))
    change = layers.Conv2D(filters, 3, padding="same", use_bias=False)(change)
    return layers.ReLU()(layers.Add()([maps, fast.BatchNormalization(momentum=0.9)(change)]))


# %% tags=["recipe"]
def unet(width=32):
    """Noisy picture (28, 28, 1), time (1,), order (11,) -> direction from picture to noise (28, 28, 1)."""
    image, time, order = keras.Input((28, 28, 1)), keras.Input((1,)), keras.Input((11,))
    angles = time * (np.pi * np.array([1, 2, 4, 8], "float32"))
    condition = layers.Concatenate()([time, ops.sin(angles), ops.cos(angles), order])
    for _ in range(2):
        condition = layers.Dense(4 * width, activation="relu")(condition)
    fine = layers.Conv2D(width, 4, strides=2, padding="same")(image)  # 14 × 14
    fine = residual_block(fine, condition)
    coarse = layers.Conv2D(2 * width, 2, strides=2)(fine)  # 7 × 7
    for _ in range(2):
        coarse = residual_block(coarse, condition)
    maps = layers.Add()([fine, layers.Conv2DTranspose(width, 2, strides=2)(coarse)])  # the skip connection of the U
    maps = residual_block(maps, condition)
    return keras.Model([image, time, order], layers.Conv2DTranspose(1, 4, strides=2, padding="same")(maps))


# %% [markdown]
# Time is short, so we take what made day 06's network learn fast: **Muon** and **one cycle**, both explained and written out there (sections 3.1 and 3.4); `utils.fast` holds the same lines.


# %% tags=["recipe"]
FLOW_STEPS = 600  # training steps
FLOW_PEAK = 0.01  # highest learning rate


def make_denoiser(steps, peak=FLOW_PEAK):
    """A new U-Net, compiled for a training of so many steps."""
    keras.utils.set_random_seed(ready.seed)
    network = unet()
    network.compile(fast.Muon(fast.OneCycle(peak, steps), weight_decay=0.01), loss="mse")
    network.optimizer.build(network.trainable_variables)
    return network


# %%
denoiser = make_denoiser(FLOW_STEPS)
print(f"{denoiser.count_params():,} parameters")
EPOCHS = 10  # so called: each is a tenth of the steps, and prints a line
flow_losses = denoiser.fit(Noised(FLOW_STEPS // EPOCHS), epochs=EPOCHS, verbose=2).history["loss"]

# %% [markdown]
# The loss soon hardly falls, and that is as it should be: most of the noise in a noisy picture cannot be guessed by anybody. What the network has learned shows when it draws.
#
# ### 5.4 Sampling, with guidance
#
# Start from pure noise, ask for the direction, take a step; a dozen times. The order can be given *more weight than it has*. We ask twice, once with the order and once with "any", and exaggerate the difference:
#
# $$v = v_\text{any} + w\,(v_\text{order} - v_\text{any}).$$
#
# With $w = 1$ it is the order itself. With $w = 2$ we go twice as far in the direction that makes *this kind* different from the average garment. That is **classifier-free guidance** ([Ho and Salimans, 2022](https://arxiv.org/abs/2207.12598)), the slider called "guidance" or "CFG" in every picture generator.


# %% tags=["recipe"]
SAMPLING_STEPS = 12
GUIDANCE = 2.0


def draw_from_noise(network, noise, asked, guidance=GUIDANCE, steps=SAMPLING_STEPS, keep=None):
    """Walk from noise (n, 28, 28, 1) to pictures of the kinds asked (n,); keep(x, time, direction) may look in, and change x."""
    x, count = noise, len(noise)
    both = orders[np.concatenate([asked, np.full(count, ANY)])]
    times = np.linspace(1, 0, steps + 1, dtype="float32")
    for time, following in zip(times[:-1], times[1:], strict=True):
        now = np.full((2 * count, 1), time, "float32")
        directions = ask(network, np.concatenate([x, x]), now, both)
        direction = directions[count:] + guidance * (directions[:count] - directions[count:])
        if keep is not None:
            x = keep(x, time, direction)
        x = x - (time - following) * direction
    return x


# %%
path = []


def film_path(x, time, direction):
    """Note the noisy picture, and what the network believes to be behind it: go the whole way in one step."""
    path.append((x, x - time * direction))
    return x


start = np.random.default_rng(6).standard_normal((6, 28, 28, 1), "float32")
end = draw_from_noise(denoiser, start, np.array([0, 1, 3, 5, 8, 9]), keep=film_path)

figure, panels = plt.subplots(2, 1, figsize=(8, 6.6))
for axes, which, title in zip(
    panels,
    (0, 1),
    ("the walk: from noise (left) to picture (right)", "what the network believes on the way"),
    strict=True,
):
    frames = [stage[which] for stage in path[::2]] + [end]
    contact_sheet(axes, np.stack(frames, axis=1), title)
plots.show(
    figure,
    alt="Six pictures, T-shirt, trousers, dress, sandal, bag and ankle boot, on the way from noise to picture in seven stages. Above the noisy picture itself, clear only at the end; below the network's guess of the end: a blurred average garment at first, sharper from stage to stage.",
)

# %% [markdown]
# The lower picture is the whole idea. At first the network sees only noise and believes in the average T-shirt: that is the VAE's blur. Step by step it commits itself.
#
# How strong should the guidance be? We measure, with few pictures:

# %%
guidances = [1.0, 1.5, 2.0, 4.0]
few_noise = np.random.default_rng(8).standard_normal((200, 28, 28, 1), "float32")
sweep = [
    judge_pictures(draw_from_noise(denoiser, few_noise, ordered[:200], guidance=weight, steps=8), ordered[:200])
    for weight in guidances
]

figure, panels = plt.subplots(1, 3, figsize=(9.5, 3))
for axes, number, unit in zip(
    panels,
    ("recognised", "variety", "Fréchet"),
    ("share", "share of real variety", "squared feature units"),
    strict=True,
):
    axes.plot(guidances, [each[number] for each in sweep], "o-")
    axes.set(xlabel="guidance w", ylabel=unit, title=number, ylim=(0, None))
plots.show(
    figure,
    alt="Three curves over the guidance: "
    + "; ".join(
        f"{number} goes from {sweep[0][number]:.2f} at 1 to {sweep[-1][number]:.2f} at 4"
        for number in ("recognised", "variety", "Fréchet")
    )
    + ".",
)

# %% [markdown]
# Guidance is a trade: more pictures are recognised, and they become more alike. We take 2, a usual compromise, and draw the thousand. (200 pictures in 8 steps are enough to compare the four points with each other, not with the tables, which count a thousand pictures in 12 steps.) (The other settings come from a handful of trials with seed 1: with 48 filters and batches of 128 a step costs several times as much, and the few steps we could afford then
# were too few; 700 steps with batches of 32 were recognised a little better, 0.76, than 400 with batches of 64, 0.74, in the same time; a peak of 0.006 was as good as 0.01.)

# %%
flow_noise = np.random.default_rng(ready.seed).standard_normal((1000, 28, 28, 1), "float32")
gallery["diffusion"] = draw_from_noise(denoiser, flow_noise, ordered)
scores["diffusion"] = judge_pictures(gallery["diffusion"])
show_table()

figure, axes = plt.subplots(figsize=(7.5, 4))
contact_sheet(axes, gallery["diffusion"][:60].reshape(6, 10, 28, 28, 1), "diffusion: six of each kind")
plots.show(
    figure,
    alt=f"Sixty pictures drawn by the diffusion model to order, six per kind; {scores['diffusion']['recognised']:.0%} of a thousand are recognised, some have specks in the background.",
)

# %% [markdown]
# ## 6 · The judgement, and what time buys
#
# Our machines have learned for about a minute each, or less. What would happen if they had more? Beside this lesson lie two **checkpoints**: the same cells, run for longer and with batches of 64 by the script `checkpoints/train.py`, which reads them out of this very notebook's source. Seed, minutes, machine and
# a log lie beside them.

# %%
long_game, long_denoiser = Game(10, rounds=1), make_denoiser(1)
for network, name in ((long_game.generator, "gan"), (long_denoiser, "diffusion")):
    about = pretrained.checkpoint("day10_generative_images", name, network)
    print(
        f"{name:<10} {about['steps']:>6,} steps in {about['minutes']:.0f} minutes on {about['machine']}, seed {about['seed']}; {about['bytes'] / 1e6:.1f} MB"
    )

gallery["GAN, trained longer"] = long_game.draw(sample_noise, ordered)
gallery["diffusion, trained longer"] = draw_from_noise(long_denoiser, flow_noise, ordered)
for name in ("GAN, trained longer", "diffusion, trained longer"):
    scores[name] = judge_pictures(gallery[name])
show_table()

# %%
shown = ["real (test set)", "VAE", "GAN", "diffusion", "GAN, trained longer", "diffusion, trained longer"]
figure, panels = plt.subplots(3, 2, figsize=(9.5, 9.2))
for axes, name in zip(panels.T.flat, shown, strict=True):
    contact_sheet(
        axes,
        gallery[name][:50].reshape(5, 10, 28, 28, 1),
        f"{name}: recognised {scores[name]['recognised']:.2f}, Fréchet {scores[name]['Fréchet']:.1f}",
    )
plots.show(
    figure,
    alt="Fifty pictures each, five of each kind. "
    + "; ".join(
        f"{name}: recognised {scores[name]['recognised']:.2f}, Fréchet distance {scores[name]['Fréchet']:.1f}, variety {scores[name]['variety']:.2f}"
        for name in shown
    )
    + ".",
)

# %% [markdown]
# Read across. The GAN that played six times as many rounds is recognised *more often than real pictures*. That is no triumph: its variety is less than half of theirs, it draws the textbook boot again and again. The diffusion model
# is recognised about as often as the real ones, would be more varied with less guidance, and by the Fréchet distance it is only half as far from the crowd. In both, time took the grain and the specks away, and the diffusion model now draws bags with handles. What is still rare is the odd: a print, a plaid, a strange cut.
#
# The ten-class histogram, kind by kind: how many of the 100 ordered pictures of each kind were recognised as that kind, and how often did the judge see the kind in all?

# %%
machines = ["real (test set)", "VAE", "GAN", "diffusion"]
answers = {name: look(gallery[name])[1] for name in machines}
figure, grid = plt.subplots(2, 2, figsize=(10, 5.6), sharex=True, sharey=True)
for axes, name in zip(grid.flat, machines, strict=True):
    seen = np.bincount(answers[name], minlength=10)
    right = np.bincount(ordered[answers[name] == ordered], minlength=10)
    axes.bar(np.arange(10), seen, color="0.85", edgecolor="0.4", label="seen by the judge")
    axes.bar(np.arange(10), right, width=0.5, color=plots.COLOURS[0], label="… and ordered")
    axes.axhline(100, color="0.3", linewidth=1, linestyle=":")
    axes.set(title=f"{name}: {scores[name]['kinds of 10']:.1f} kinds of 10", xticks=np.arange(10))
    axes.set_xticklabels(class_names, rotation=45, ha="right", fontsize=9)
figure.supylabel("pictures of 1,000")
figure.supxlabel("kind")
figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2, fontsize=9)
weakest = {
    name: class_names[int(np.argmin(np.bincount(ordered[answers[name] == ordered], minlength=10)))] for name in machines
}
plots.show(
    figure,
    alt="Four histograms of the judge's answers over ten kinds, with the part that was ordered; a dotted line marks the 100 ordered of each. "
    + "; ".join(f"{name}: {scores[name]['kinds of 10']:.1f} kinds, weakest {weakest[name]}" for name in machines)
    + ".",
)

# %% [markdown]
# ### 6.1 Original or copy?
#
# The last suspicion: does a machine hand out its training pictures? For each of ten drawn pictures we look for the nearest one among all 60,000, pixel by pixel.

# %%
flat_train = pictures.reshape(60_000, -1)
drawn = gallery["diffusion, trained longer"][:10]
squares = np.sum(flat_train**2, axis=1)
nearest = [int(np.argmin(squares - 2 * flat_train @ image.ravel())) for image in drawn]
gaps = np.array(
    [np.sqrt(np.mean((pictures[number] - image) ** 2)) for number, image in zip(nearest, drawn, strict=True)]
)
real_gaps = []
for image in gallery["real (test set)"][:10]:
    real_gaps.append(np.sqrt(np.maximum(np.min(squares - 2 * flat_train @ image.ravel()) + np.sum(image**2), 0) / 784))
figure, axes = plt.subplots(figsize=(7.5, 1.9))
contact_sheet(
    axes, np.stack([drawn, pictures[nearest]]), "above: drawn; below: the nearest of 60,000 training pictures"
)
plots.show(
    figure,
    alt=f"Ten drawn pictures, and below each the nearest training picture: similar garments, not the same. Mean distance a pixel {gaps.mean():.2f}; of ten real test pictures to their nearest it is {np.mean(real_gaps):.2f}.",
)
print(
    f"distance to the nearest training picture (RMS a pixel): drawn {gaps.mean():.3f}, real test pictures {np.mean(real_gaps):.3f}; a copy would have 0"
)

# %% [markdown]
# Cousins, not copies. (Large models do remember single pictures that occurred often in their training data; that is one of the questions of copyright that courts are busy with: [Carlini and others, 2023](https://arxiv.org/abs/2301.13188).)
#
# What to take from the three machines:
#
# | | VAE | GAN | diffusion |
# |---|---|---|---|
# | learns by | squared error + KL | a game | regression on noise |
# | training | calm | a balance, may collapse | calm |
# | drawing | one step | one step | many steps |
# | typical fault | blur | lost kinds, odd forms | slow; specks if trained briefly |
# | also gives | a map of codes | — | repairs without training (next section) |
#
# %% [markdown]
# ## 7 · Repairs: enlarge, complete
#
# The same machines repair pictures. Two repairs, each against a baseline, measured by the **peak signal-to-noise ratio**, $\mathrm{PSNR} = 10 \log_{10}(\text{range}^2 / \text{mean squared error})$, in decibels: 3 dB more is half the squared error.
#
# ### 7.1 Super-resolution
#
# Shrink test pictures from 28 × 28 to 7 × 7 pixels and enlarge them again. The baseline is **bicubic** interpolation, which any image program offers. Our network gets the bicubic picture and learns what to *add*: a small convolutional network, seconds of training.


# %%
def shrink(images, factor=4):
    """Average factor × factor pixels into one."""
    count, height, width, _ = images.shape
    return images.reshape(count, height // factor, factor, width // factor, factor, 1).mean(axis=(2, 4))


def bicubic(images, size=28):
    """Enlarge by bicubic interpolation."""
    return ops.convert_to_numpy(ops.image.resize(images, (size, size), interpolation="bicubic"))


def psnr(images, truth):
    """Peak signal-to-noise ratio in decibels for pictures from -1 to 1."""
    return float(10 * np.log10(4 / np.mean((np.clip(images, -1, 1) - truth) ** 2)))


# %% [markdown]
# The network goes back to 7 × 7 at once, where convolutions are cheap, and writes 16 numbers into each place, the 4 × 4 pixels there (this is called *pixel shuffle*).


# %%
keras.utils.set_random_seed(ready.seed)
small = keras.Input((28, 28, 1))
maps = layers.Conv2D(48, 4, strides=4, activation="relu")(small)  # back to 7 × 7, where convolutions are cheap
for _ in range(3):
    maps = layers.Add()([maps, layers.Conv2D(48, 3, padding="same", activation="relu")(maps)])
detail = layers.Reshape((28, 28, 1))(
    ops.transpose(ops.reshape(layers.Conv2D(16, 1)(maps), (-1, 7, 7, 4, 4)), (0, 1, 3, 2, 4))
)
enlarger = keras.Model(small, layers.Add()([small, detail]))  # the bicubic picture, plus what was learned
enlarger.compile(keras.optimizers.Adam(fast.OneCycle(4e-3, 160)), loss="mse")
enlarger.optimizer.build(enlarger.trainable_variables)
truth = pictures[:20_480]  # a third of them is enough
enlarger.fit(bicubic(shrink(truth)), truth, batch_size=256, epochs=2, verbose=2)

truth = gallery["real (test set)"]
enlarged = {"bicubic": bicubic(shrink(truth))}
enlarged["network"] = ask(enlarger, enlarged["bicubic"])
decibels = {name: psnr(images, truth) for name, images in enlarged.items()}
print("PSNR (dB):", {name: round(value, 2) for name, value in decibels.items()})

# %%
pixels = np.repeat(np.repeat(shrink(truth[:10]), 4, axis=1), 4, axis=2)
figure, axes = plt.subplots(figsize=(7.5, 3.4))
contact_sheet(
    axes,
    np.stack([pixels, enlarged["bicubic"][:10], enlarged["network"][:10], truth[:10]]),
    "7 × 7 pixels · bicubic · network · truth",
)
plots.show(
    figure,
    alt=f"Ten test pictures in four rows: 7 × 7 pixels; enlarged bicubically, {decibels['bicubic']:.1f} dB; enlarged by the network, {decibels['network']:.1f} dB, with sharper outlines; and the originals.",
)

# %% [markdown]
# The network knows what garments look like, so it can put back edges that bicubic interpolation cannot know of. Mind the word *know*: what it adds is likely, not true. A face enlarged in this way is a
# face that would fit, not evidence.
#
# ### 7.2 Completion, four times
#
# The right half of a picture is missing. A network trained with squared error would fill in the grey mean of all possibilities. Our diffusion model can do better, **without any training**: let it draw as always, and before each step replace the half that we know by the known pixels, noised to the
# right degree. What it invents must then fit. And because it begins with new noise each time, we get several answers.

# %%
known = np.zeros((28, 28, 1), "float32")
known[:, :14] = 1  # the left half is known
subjects = truth[[0, 3, 7, 8, 9]]
subject_kinds = ordered[[0, 3, 7, 8, 9]]
tries = 4


def complete(images, asked, seed):
    """Fill in the unknown half of pictures (n, 28, 28, 1) of the kinds (n,)."""
    noise = np.random.default_rng(seed).standard_normal(images.shape, "float32")
    pinned = lambda x, time, direction: known * ((1 - time) * images + time * noise) + (1 - known) * x  # noqa: E731
    drawn = draw_from_noise(long_denoiser, noise, asked, guidance=1.5, keep=pinned)
    return known * images + (1 - known) * drawn


# %%
answers = [complete(subjects, subject_kinds, seed) for seed in range(tries)]
figure, axes = plt.subplots(figsize=(6.4, 5.6))
missing = (
    known * subjects + (1 - known) * np.where(np.add.outer(np.arange(28), np.arange(28)) % 4 < 2, 0.1, -0.1)[..., None]
)
contact_sheet(axes, np.stack([missing, *answers, subjects], axis=1), "given · four answers · the truth")
plots.show(
    figure,
    alt="Five garments of which only the left half is given; the diffusion model completes each in four ways. The outlines join at the seam, the shades not always; on the right the true pictures.",
)

wrong_half = np.mean([psnr(answer[:, :, 14:], subjects[:, :, 14:]) for answer in answers])
mean_half = psnr(
    np.stack([pictures[kinds == kind].mean(axis=0) for kind in subject_kinds])[:, :, 14:], subjects[:, :, 14:]
)
print(
    f"PSNR of the missing half (dB): an answer of the diffusion model {wrong_half:.1f}, the mean picture of the kind {mean_half:.1f}"
)

# %% [markdown]
# The outlines fit, the shades do not always: at each step the network sees the known half only as noisy as the rest, and what it has decided in the noise it cannot take back. [RePaint](https://arxiv.org/abs/2201.09865) (Lugmayr and others, 2022) therefore goes a few steps back again and again, which takes several times as long.
#
# A warning about PSNR: it is squared error in other clothes, so it likes averages. The dull mean picture may come close to, or beat, a lively answer that has its stripe one pixel further left. Which one would you rather wear?
#
# (The third classic, **colourisation**, is the same again: grey picture in, the two colour channels out. With squared error all cars come out brown, the mean of all cars; [Zhang and others, 2016](https://arxiv.org/abs/1603.08511), let the network predict a *distribution* of colours instead.)
#
# ## 8 · Deepfake: one encoder, two decoders
#
# In 2017 a user of Reddit called "deepfakes" put faces of actresses into films in which they had never played. The trick needs no GAN. Take an autoencoder with **one encoder and two decoders**. Decoder A learns to restore faces of person A, decoder B those of person B, both from the code of the *same* encoder. The
# encoder has one code for both people, so it spends it on what they share: where the head is, which way it turns, whether it laughs. Who it is, the decoders know anyway. Then: encode a frame of A, **decode with B**. B's face, with A's pose and A's laugh.
#
# We do it to those who cannot be hurt. Person A: a smiley with seven expressions. Person B: a cat with seven. The network never gets to know which expression belongs to which; it sees them turned, shifted and stretched in thousands of ways.

# %%
emoji = data.load("emoji")
names = emoji["names"].tolist()
EXPRESSIONS = {
    "open mouth": ("smiling face with open mouth", "smiling cat face with open mouth"),
    "joy": ("face with tears of joy", "cat face with tears of joy"),
    "heart eyes": ("smiling face with heart-shaped eyes", "smiling cat face with heart-shaped eyes"),
    "wry": ("smirking face", "cat face with wry smile"),
    "kiss": ("kissing face with closed eyes", "kissing cat face with closed eyes"),
    "weary": ("weary face", "weary cat face"),
    "crying": ("crying face", "crying cat face"),
}
people = []
for person in range(2):
    cut = emoji["images"][[names.index(pair[person]) for pair in EXPRESSIONS.values()]].astype("float32") / 255
    people.append(cut[..., :3] * cut[..., 3:] + 1 - cut[..., 3:])  # on white, (expressions, 32, 32, 3)
plots.image_grid(
    np.concatenate(people),
    [*EXPRESSIONS, *EXPRESSIONS],
    columns=len(EXPRESSIONS),
    alt="a smiley and a cat, each with the same seven expressions: " + ", ".join(EXPRESSIONS) + ".",
)


# %%
def pose(images, random):
    """Turn each by up to 20 degrees, shift it by a pixel or two, make it up to 5 % larger or 13 % smaller."""
    count = len(images)
    angle = np.radians(random.uniform(-20, 20, count))
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * random.uniform(
        0.95, 1.15, (2, count)
    )
    matrix = np.moveaxis(matrix, 2, 0)
    offset = 15.5 - matrix @ np.full(2, 15.5) + random.uniform(-1.5, 1.5, (count, 2))
    rows = [matrix[:, 0], offset[:, :1], matrix[:, 1], offset[:, 1:], np.zeros((count, 2))]
    turned = ops.image.affine_transform(
        images - 1, np.hstack(rows).astype("float32")
    )  # white is 0 now, as outside the picture
    return ops.convert_to_numpy(turned) + 1


# %%
def decoder_network(name):
    """Code (32,) -> picture (32, 32, 3)."""
    code = keras.Input((32,))
    maps = layers.Reshape((4, 4, 64))(layers.Dense(4 * 4 * 64, activation="relu")(code))
    for filters in (64, 32):
        maps = layers.Conv2DTranspose(filters, 4, strides=2, padding="same", activation="relu")(maps)
    return keras.Model(
        code, layers.Conv2DTranspose(3, 4, strides=2, padding="same", activation="sigmoid")(maps), name=name
    )


keras.utils.set_random_seed(ready.seed)
face = maps = keras.Input((32, 32, 3))
for filters in (32, 64, 64):
    maps = layers.Conv2D(filters, 4, strides=2, padding="same", activation="relu")(maps)
shared_encoder = keras.Model(face, layers.Dense(32)(layers.Flatten()(maps)), name="encoder")
decoders = [decoder_network("decoder_a"), decoder_network("decoder_b")]
restore_both = [keras.Model(face, decoder_of(shared_encoder(face))) for decoder_of in decoders]

# %%
FAKE_STEPS = 400
both_faces = [keras.Input((32, 32, 3)) for _ in range(2)]
trainer = keras.Model(both_faces, [model(picture) for model, picture in zip(restore_both, both_faces, strict=True)])
trainer.compile(fast.Muon(fast.OneCycle(0.005, FAKE_STEPS), weight_decay=0.01), loss=["mse", "mse"])
trainer.optimizer.build(trainer.trainable_variables)
random = np.random.default_rng(ready.seed)
fake_losses = []
for step in range(FAKE_STEPS):
    shown = [pose(person[random.integers(0, len(person), 24)], random) for person in people]
    trainer.reset_metrics()
    fake_losses.append(float(trainer.train_on_batch(shown, shown, return_dict=True)["loss"]))
    if step % 100 == 99:
        print(f"step {step + 1}: loss {np.mean(fake_losses[-50:]):.4f}")

# %%
random = np.random.default_rng(12)
turns = pose(np.repeat(people[0], 2, axis=0), random)
own, swapped = (ask(model, turns) for model in restore_both)

# %%
many = 30
kinds_of_turn = np.repeat(np.arange(len(EXPRESSIONS)), many)
turned_a, turned_b = (
    pose(np.repeat(person, many, axis=0), np.random.default_rng(13)) for person in people
)  # the same poses
fakes = ask(restore_both[1], turned_a)
rivals = np.stack(
    [
        pose(np.repeat(people[1][[expression]], len(fakes), axis=0), np.random.default_rng(13))
        for expression in range(len(EXPRESSIONS))
    ]
)
distance = ((rivals - fakes) ** 2).mean(
    axis=(2, 3, 4)
)  # (expressions, fakes): the true cat with each expression in the same pose
expression_right = float(np.mean(distance.argmin(axis=0) == kinds_of_turn))

# %%
figure, axes = plt.subplots(figsize=(10, 2.6))
axes.imshow(np.concatenate([np.hstack(list(row)) for row in (turns, own, swapped)]))
axes.axis("off")
axes.set_title(
    "above: smiley · middle: restored by its own decoder · below: the deepfake, decoded as a cat", fontsize=10
)
plots.show(
    figure,
    alt=f"Fourteen turned smileys, restored by their own decoder, and decoded as a cat in the same pose. In {expression_right:.0%} of {len(fakes)} fakes the nearest true cat has the same expression (chance {1 / len(EXPRESSIONS):.0%}).",
)
print(
    f"the fake cat has the smiley's expression in {expression_right:.2f} of {len(fakes)} cases; chance {1 / len(EXPRESSIONS):.2f}"
)

# %% [markdown]
# The pose is right as far as one can see, although nobody told the network what a pose is. The expression is right far more often than chance, but not always: where the two artists drew the same feeling in different ways, the smiley becomes whatever cat its code lies nearest to. Real deepfakes use thousands of frames of each face and hours of training; the principle
# is on your screen.
#
# **What it means.** A video is no longer proof. Voices are copied from seconds of sound; people have paid ransoms and sent millions after a call from a "boss" ([Hong Kong, 2024](https://www.theguardian.com/world/2024/feb/05/hong-kong-company-deepfake-video-conference-call-scam)). Most of what is made are sexual pictures of women who never agreed. In the EU the
# [AI Act](https://eur-lex.europa.eu/eli/reg/2024/1689/oj), article 50, demands that deepfakes are labelled.
#
# **How it is detected.** Networks leave traces. Decoders that average are too smooth: fine detail, high spatial frequencies, is missing. We look at the share of a picture's power in high frequencies, for real and for fake cats in the same poses:


# %%
def fine_detail(images):
    """Share of a picture's power at high spatial frequencies, for pictures (n, 32, 32, 3)."""
    grey = images.mean(axis=3) - images.mean(axis=(1, 2, 3))[:, None, None]
    power = np.abs(np.fft.fftshift(np.fft.fft2(grey), axes=(1, 2))) ** 2
    y, x = np.mgrid[-16:16, -16:16]
    return power[:, np.hypot(x, y) > 8].sum(axis=1) / power.sum(axis=(1, 2))


# %%
real_detail, fake_detail = fine_detail(turned_b), fine_detail(fakes)
half = len(fakes) // 2
order = np.random.default_rng(0).permutation(len(fakes))
learn, test = order[:half], order[half:]
threshold = (
    np.median(real_detail[learn]) + np.median(fake_detail[learn])
) / 2  # chosen on one half, tested on the other
detected = float((np.mean(real_detail[test] > threshold) + np.mean(fake_detail[test] <= threshold)) / 2)

figure, axes = plt.subplots(figsize=(7, 3))
bins = np.linspace(0, max(real_detail.max(), fake_detail.max()), 31)
axes.hist(real_detail, bins, alpha=0.7, color=plots.COLOURS[4], label="real", edgecolor="0.3")
axes.hist(fake_detail, bins, alpha=0.7, color=plots.COLOURS[1], label="fake", hatch="//", edgecolor="0.3")
axes.axvline(threshold, color="black", linestyle="--", label="threshold")
axes.set(xlabel="share of power in high frequencies", ylabel="pictures", title="A fake is too smooth")
axes.legend()
plots.show(
    figure,
    alt=f"Histograms of fine detail for real and fake cats: the fakes have less, median {np.median(fake_detail):.4f} against {np.median(real_detail):.4f}. A threshold chosen on one half of them tells {detected:.0%} of the other half rightly.",
)
print(f"real or fake told by one threshold: {detected:.2f} right")

# %% [markdown]
# One number suffices, *against this forger*. The next one adds a little grain, and the number is worthless: a detector is a discriminator, and you know how that game goes on. So besides detectors one works on the other end: signed pictures that carry their origin with them ([C2PA](https://c2pa.org/)).
#
# ## 9 · Painting with a network that can only see
#
# Nothing in this section was trained to draw. We take day 08's EfficientNet-Lite0, which knows 1,000 things in photographs, freeze it, and train **the pixels**. Until now the picture was fixed and the weights changed; now it is the other way round. For Keras that is no difference: what is changed in the picture becomes the weights of a layer.
#
# One trick makes the results beautiful. If each pixel is trained for itself, the finest detail wins, and we get dust. So we write the change as a sum of pictures of several sizes, from coarse to fine, each enlarged to full size: large forms can then change as easily as small ones
# ([Olah and others, 2017](https://distill.pub/2017/feature-visualization/), use Fourier waves for the same purpose).


# %%
class Canvas(layers.Layer):
    """A photograph plus trainable changes at several sizes. The input is ignored."""

    def __init__(self, photo, sizes=4):
        super().__init__()
        self.photo, self.sizes = ops.convert_to_tensor(photo[None], "float32"), sizes
        height, width = photo.shape[:2]
        shapes = [(1, height // 2**size, width // 2**size, 3) for size in range(sizes)]
        self.changes = [
            self.add_weight(shape=shape, initializer="zeros", name=f"change{size}") for size, shape in enumerate(shapes)
        ]

    def call(self, _):
        picture = self.photo
        for change in self.changes:
            picture = picture + ops.image.resize(
                ops.convert_to_tensor(change), self.photo.shape[1:3], interpolation="bilinear"
            )
        return ops.clip(picture, 0.0, 255.0)


# %%
photographs = data.load("photographs")
nothing = np.zeros((1, 1), "float32")


def paint(photo, eye, losses, targets, weights, steps, rate):
    """Train a canvas until the frozen network `eye` sees what is wanted; return the picture and the losses."""
    canvas, dummy = Canvas(photo), keras.Input((1,))
    eye.trainable = False
    model = keras.Model(dummy, eye(canvas(dummy)))
    model.compile(keras.optimizers.Adam(rate), loss=losses, loss_weights=weights)
    model.optimizer.build(model.trainable_variables)
    history = []
    for _ in range(steps):
        model.reset_metrics()
        history.append(float(model.train_on_batch(nothing, targets, return_dict=True)["loss"]))
    return ops.convert_to_numpy(canvas(nothing))[0] / 255, history


# %% [markdown]
# ### 9.1 DeepDream
#
# "Whatever you see there, let me see more of it" ([Mordvintsev and others, 2015](https://research.google/blog/inceptionism-going-deeper-into-neural-networks/)). Show the network a photograph, take what a layer answers, and change the picture so that the answers become *stronger*. The loss is minus the logarithm of the mean square of the layer's outputs. An early
# layer knows strokes and textures; a late one knows eyes, fur and birds.

# %%
DREAM_STEPS = 28


def stronger(_, activity):
    """Minus the logarithm of the mean square: lower is stronger."""
    return -ops.log(ops.mean(activity**2))


sky = photographs["china"]
dreams, dream_losses = {"photograph": sky / 255}, {}
backbone = pretrained.efficientnet_lite0(include_top=False, input_shape=(*sky.shape[:2], 3))
for layer_name in ("block3b_out", "block5c_out"):
    eye = keras.Model(backbone.input, backbone.get_layer(layer_name).output)
    dreams[layer_name], dream_losses[layer_name] = paint(
        sky, eye, stronger, np.zeros((1, 1)), 1.0, DREAM_STEPS, rate=3.0
    )

figure, panels = plt.subplots(3, 1, figsize=(7, 14.2))
for axes, (name, picture) in zip(panels, dreams.items(), strict=True):
    axes.imshow(picture)
    axes.set_title(name if name == "photograph" else f"dream of layer {name.removesuffix('_out')}", fontsize=10)
    axes.axis("off")
plots.show(
    figure,
    alt="A photograph of a Chinese pavilion; the same after dreaming with an early layer, covered by curved strokes and lattices; and with a later layer, in which trees turn into feathery shapes like animals and the lake fills with fine patterns.",
)

# %% [markdown]
# ### 9.2 Neural style transfer
#
# Gatys, Ecker and Bethge asked in [2015](https://arxiv.org/abs/1508.06576): where in a network is *what* is shown, and where is *how* it is painted? Their answer:
#
# - **Content** is the answers of a layer halfway up, with their places: here an eye, there a nose.
# - **Style** is which answers occur *together*, wherever: in Van Gogh, curved strokes go with yellow beside blue. For that, forget the places: for each pair of maps, multiply and take the mean over the picture. This table is the **Gram matrix**, $G_{cd} = \frac{1}{hw}\sum_{ij} F_{ijc} F_{ijd}$.
#
# Then train a picture that has the content of one and the Gram matrices of another.
#
# We need a painter. There is no Van Gogh among the course's data, so we paint ourselves: thousands of short strokes that follow a field of whirls, in blue and yellow.


# %%
from matplotlib.collections import LineCollection

PALETTE = np.array([[250, 214, 80], [244, 238, 190], [110, 160, 210], [38, 84, 160], [20, 40, 100], [60, 120, 140]])


def whirls_of(place, chance):
    """Direction (n, 2) and colour (n, 3) of strokes at places (n, 2) between 0 and 1: seven whirls turn around their middles."""
    middles, turn = chance.uniform(0, 1, (7, 2)), chance.choice([-1, 1], 7)
    away = place[:, None] - middles  # (strokes, 7, 2)
    pull = np.exp(-np.sum(away**2, axis=2) / 0.03) * turn
    direction = (pull[..., None] * np.stack([-away[..., 1], away[..., 0]], axis=2) / 0.1).sum(axis=1)
    direction = direction + np.array([0.25, 0.05])
    near = np.sqrt(np.sum(away**2, axis=2)).min(axis=1)
    likely = np.clip(near / 0.16 * 4 + chance.normal(0, 0.8, len(place)), 0, 5)  # yellow in the middle, blue outside
    return direction / np.linalg.norm(direction, axis=1, keepdims=True), PALETTE[likely.astype(int)] / 255


# %%
def paint_whirls(size=256, strokes=5000):
    """A picture (size, size, 3) from 0 to 255 of short strokes along whirls."""
    chance = np.random.default_rng(5)
    place = chance.uniform(0, 1, (strokes, 2))
    direction, colours = whirls_of(place, chance)
    figure = plt.figure(figsize=(size / 100, size / 100), dpi=100, layout="none", facecolor=PALETTE[4] / 255)
    axes = figure.add_axes((0, 0, 1, 1))
    ends = np.stack([place - 0.025 * direction, place + 0.025 * direction], axis=1)  # (strokes, 2 ends, 2)
    colours = np.clip(colours + chance.normal(0, 0.04, (strokes, 1)), 0, 1)
    axes.add_collection(LineCollection(ends, colors=colours, linewidths=2.4, capstyle="round"))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    figure.canvas.draw()
    painting = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype("float32")
    plt.close(figure)
    return painting


# %%
def square_crop(photo, size=256):
    """The middle of a photograph as a square (size, size, 3)."""
    side = min(photo.shape[:2])
    top, left = (photo.shape[0] - side) // 2, (photo.shape[1] - side) // 2
    cut = photo[top : top + side, left : left + side].astype("float32")
    return ops.convert_to_numpy(ops.image.resize(cut[None], (size, size), interpolation="bicubic"))[0].clip(0, 255)


styles = {"our whirls": paint_whirls(), "Hubble's deep field": square_crop(photographs["hubble_deep_field"])}
cat = square_crop(photographs["chelsea"])

# %%
STYLE_STEPS = 80
STRENGTH = {"our whirls": 8.0, "Hubble's deep field": 0.7}  # how much the style counts against the content
STYLE_LAYERS = ["stem_relu", "block2b_out", "block3b_out", "block4c_out"]
CONTENT_LAYER = "block4a_out"
square_backbone = pretrained.efficientnet_lite0(include_top=False, input_shape=(256, 256, 3))


def gram(maps):
    """Gram matrix of maps (1, height, width, channels), scaled by the number of places."""
    return ops.einsum("bijc,bijd->bcd", maps, maps) / (maps.shape[1] * maps.shape[2])


features = [square_backbone.get_layer(name).output for name in STYLE_LAYERS]
eye = keras.Model(square_backbone.input, [square_backbone.get_layer(CONTENT_LAYER).output, *map(gram, features)])
paintings, style_losses = {}, {}
for name, style in styles.items():
    content_target, style_targets = ask(eye, cat[None])[0], ask(eye, style[None])[1:]
    # each loss is measured in units of its target's mean square, so that no layer outshouts the others
    weights = [1.0 / np.mean(content_target**2), *(STRENGTH[name] / np.mean(target**2) for target in style_targets)]
    paintings[name], style_losses[name] = paint(
        cat,
        eye,
        ["mse"] * len(weights),
        [content_target, *style_targets],
        [float(weight) for weight in weights],
        STYLE_STEPS,
        rate=6.0,
    )
    print(f"{name}: loss {style_losses[name][0]:.1f} at first, {style_losses[name][-1]:.2f} after {STYLE_STEPS} steps")

# %%
figure, grid = plt.subplots(2, 3, figsize=(10, 7))
for row, (name, style) in zip(grid, styles.items(), strict=True):
    for axes, picture, title in zip(
        row,
        (cat / 255, style / 255, paintings[name]),
        ("content", f"style: {name}", "painted by training pixels"),
        strict=True,
    ):
        axes.imshow(np.clip(picture, 0, 1))
        axes.set_title(title, fontsize=10)
        axes.axis("off")
plots.show(
    figure,
    alt="Two rows: the photograph of a cat, a style picture, and the cat painted in that style. Above the style is a picture of blue and yellow whirling strokes; below it is a photograph of galaxies on black.",
)

# %% [markdown]
# (Photographs: china by [danielbuechele](https://www.flickr.com/photos/danielbuechele/6061409035/), [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/); the cat Chelsea by Stefan van der Walt, CC0; deep field by NASA and ESA, public domain.) Change `STRENGTH`: that is the slider between photograph and painting. Change `CONTENT_LAYER` to a deeper layer, and the network cares less
# and less where the ears are.
#
# ## 10 · From words to pictures: text-to-image
#
# You now own all the parts of which the large systems are made. One family is missing, and it can be shown in forty lines.
#
# ### 10.1 Pixel by pixel: autoregressive models
#
# A text is written word by word. A picture can be drawn **pixel by pixel**: predict each from those above and to the left, draw it by chance, go on. By the product rule, $p(x) = \prod_i p(x_i \mid x_1 \dots x_{i-1})$, that is not even an approximation. The whole art is in the prediction. Here is the simplest there is: count. Black-and-white garments, a
# context of neighbours that are already drawn, and a table that says how often ink followed.

# %%
ink = (pictures[..., 0] > -0.2).astype("int64")
neighbours = {"none": [], "4 neighbours": [(0, -1), (-1, -1), (-1, 0), (-1, 1)]}
neighbours["12 neighbours"] = [
    (0, -1),
    (0, -2),
    *((-1, side) for side in range(-2, 3)),
    *((-2, side) for side in range(-2, 3)),
]


def context(padded, offsets):
    """The number that the already drawn neighbours spell in binary, for pictures padded by 2: (n, 28, 28)."""
    number = np.zeros((len(padded), 28, 28), "int64")
    for down, right in offsets:
        number = 2 * number + padded[:, 2 + down : 30 + down, 2 + right : 30 + right]
    return number


# %%
bits, drawn_ink = {}, {}
random = np.random.default_rng(ready.seed)
test_ink = np.pad((test_pictures[:2000, ..., 0] > -0.2).astype("int64"), [(0, 0), (2, 2), (2, 2)])
for name, offsets in neighbours.items():
    numbers = context(np.pad(ink[:10_000], [(0, 0), (2, 2), (2, 2)]), offsets)
    seen = np.bincount(
        numbers.ravel(), minlength=2 ** len(offsets)
    )  # below, half a drop of ink for contexts never seen
    chance_of_ink = (np.bincount(numbers.ravel(), ink[:10_000].ravel(), minlength=2 ** len(offsets)) + 0.5) / (seen + 1)
    guess, truth_bits = chance_of_ink[context(test_ink, offsets)], test_ink[:, 2:30, 2:30]
    bits[name] = float(-np.mean(np.log2(np.where(truth_bits == 1, guess, 1 - guess))))
    canvas = np.zeros((10, 32, 32), "int64")
    for i, j in np.ndindex(28, 28):  # drawing: one pixel after the other, the context read from what is there already
        spelled = np.zeros(10, "int64")
        for down, right in offsets:
            spelled = 2 * spelled + canvas[:, 2 + i + down, 2 + j + right]
        canvas[:, 2 + i, 2 + j] = random.random(10) < chance_of_ink[spelled]
    drawn_ink[name] = canvas[:, 2:30, 2:30]


# %%
figure, axes = plt.subplots(figsize=(7.5, 2.5))
contact_sheet(
    axes,
    2.0 * np.stack(list(drawn_ink.values()))[..., None] - 1,
    "drawn pixel by pixel: without context · with 4 neighbours · with 12",
)
plots.show(
    figure,
    alt="Three rows of ten pictures in black and white, drawn pixel by pixel: without context pure dust; with 4 neighbours blots; with 12 neighbours larger forms with straight edges, none of them a garment. Bits a pixel: "
    + ", ".join(f"{name} {value:.3f}" for name, value in bits.items())
    + ".",
)
print("bits a pixel on test pictures:", {name: round(value, 3) for name, value in bits.items()})

# %% [markdown]
# Without context a pixel costs nearly one bit; with four neighbours a quarter of one, with twelve still less. But twelve neighbours do not know whether they are part of a sleeve. A table for *all* pixels drawn so far would have $2^{783}$ rows, so one takes a network: PixelCNN
# ([van den Oord and others, 2016](https://arxiv.org/abs/1606.05328)), or the **transformer** of day 15, which looks back as far as you like.
#
# ### 10.2 DALL·E, Stable Diffusion, FLUX
#
# | system | made of | from today |
# |---|---|---|
# | **DALL·E** (OpenAI, [2021](https://arxiv.org/abs/2102.12092)) | a VAE turns a picture into 32 × 32 = 1,024 tokens out of 8,192; a transformer with 12 thousand million weights writes caption tokens and then picture tokens, one after the other | sections 3 and 10.1 |
# | **DALL·E 2** ([2022](https://arxiv.org/abs/2204.06125)) | a caption's CLIP vector (day 15) becomes a picture's CLIP vector; a diffusion model draws it; two more enlarge it | sections 5 and 7.1 |
# | **Stable Diffusion** ([Rombach and others, 2022](https://arxiv.org/abs/2112.10752)) | *latent* diffusion: a VAE shrinks 512 × 512 × 3 pixels to 64 × 64 × 4 numbers; a U-Net denoises **those**, told by a text encoder through attention; guidance; the VAE's decoder unfolds the result | sections 3 and 5 |
# | **FLUX.1** (Black Forest Labs, Freiburg, [2024](https://huggingface.co/black-forest-labs/FLUX.1-dev)) | latent again, rectified flow as today (the straight line of section 5.1), with a transformer of 12 thousand million weights in place of the U-Net | section 5 |
#
# So from our diffusion model to Stable Diffusion there are three steps: put a **VAE** around it, so that the expensive walk takes place in a small space; replace the ten orders by the vectors of a **text encoder**, which every block may look up by attention (day 15); and train on some hundred million pictures instead of sixty thousand.

# %%
# Drawing: Stable Diffusion as boxes.
figure, axes = plt.subplots(figsize=(9.5, 3.4))
boxes = {
    "prompt": (0, 2, "“a red boot,\noil painting”"),
    "text": (2.2, 2, "text encoder\n(day 15)"),
    "noise": (0, 0, "noise\n64 × 64 × 4"),
    "unet": (4.6, 0, "denoising U-Net\n(section 5)\n20 to 50 steps,\nguidance"),
    "vae": (7.2, 0, "VAE decoder\n(section 3)"),
    "picture": (9.4, 0, "picture\n512 × 512 × 3"),
}
frame = {"boxstyle": "round,pad=0.5", "fc": "#e8f2fa", "ec": "0.3"}
arrow = {"arrowstyle": "-|>", "color": "0.4", "shrinkA": 34}
for x, y, text in boxes.values():
    axes.text(x, y, text, ha="center", va="center", size=9.5, bbox=frame, zorder=2)
for start, end in (("prompt", "text"), ("text", "unet"), ("noise", "unet"), ("unet", "vae"), ("vae", "picture")):
    axes.annotate(
        "", boxes[end][:2], boxes[start][:2], arrowprops=arrow | {"shrinkB": 55 if end == "unet" else 42}, zorder=1
    )
loop = {"arrowstyle": "-|>", "color": plots.COLOURS[5], "connectionstyle": "arc3,rad=-1.1", "linestyle": "--"}
axes.annotate("", (4.1, -0.75), (5.1, -0.75), arrowprops=loop)
axes.text(4.6, -1.75, "again and again", ha="center", size=9, color=plots.COLOURS[5])
axes.set(xlim=(-1, 10.4), ylim=(-2, 2.7))
axes.axis("off")
plots.show(
    figure,
    alt="Stable Diffusion as boxes: a prompt goes through a text encoder into the denoising U-Net, which also gets noise of 64 × 64 × 4 and is run 20 to 50 times; its result goes through the VAE's decoder and becomes a picture of 512 × 512 × 3.",
)

# %% [markdown]
# ## What you should see
#
# Each result is held against the range over three seeds, with some room. And the guard has the last word on all four machines. If it calls the GAN of one minute *collapsed*, it is not mistaken: the kinds are all there, because they were ordered, but inside a kind the pictures are too much alike. The one that played longer is past that.

# %%
for name in ("GAN", "diffusion", "GAN, trained longer", "diffusion, trained longer"):
    features, answers = look(gallery[name])
    print(f"{name:<28} {variety_guard(features, real_features, answers, least_kinds=7)[1]}")


# %%
real_score = scores["real (test set)"]
expect("real pictures recognised (share)", real_score["recognised"], low=0.9, high=0.97)
expect("real pictures (Fréchet distance)", real_score["Fréchet"], low=0, high=0.5)
expect("snow recognised (share)", scores["snow"]["recognised"], low=0.05, high=0.15)
expect("mean pictures (variety)", scores["mean pictures"]["variety"], low=0, high=0.01)
expect("slight noise (Fréchet distance)", slight_noise["Fréchet"], low=3, high=9)
expect("VAE recognised (share)", scores["VAE"]["recognised"], low=0.5, high=0.75)
expect("GAN recognised (share)", scores["GAN"]["recognised"], low=0.62)
expect("GAN (Fréchet distance)", scores["GAN"]["Fréchet"], low=0, high=15)
expect("diffusion recognised (share)", scores["diffusion"]["recognised"], low=0.62)
expect("diffusion (Fréchet distance)", scores["diffusion"]["Fréchet"], low=0, high=6)
expect("GAN, trained longer, recognised (share)", scores["GAN, trained longer"]["recognised"], low=0.95)
expect("diffusion, trained longer, recognised (share)", scores["diffusion, trained longer"]["recognised"], low=0.85)

# %%
expect("frozen discriminator changed by (sum of weights)", frozen_change, low=0, high=0)
expect("unfrozen discriminator takes snow for real (probability)", loose_trust, low=0.5, high=1)
expect(
    "spread in the collapse (share of real)", log["spread"][healthy_rounds : healthy_rounds + 6].min(), low=0, high=0.2
)
expect("spread after the cure (share of real)", log["spread"].iloc[-1], low=0.3)
expect("super-resolution over bicubic (dB)", decibels["network"] - decibels["bicubic"], low=1)
expect("deepfake has the right expression (share)", expression_right, low=0.3, high=1)
expect("deepfake detected (share)", detected, low=0.9, high=1)
expect("autoregressive: bits a pixel with 12 neighbours", bits["12 neighbours"], low=0.2, high=0.23)
expect(
    "dream: gain of the late layer (logarithm)",
    dream_losses["block5c_out"][0] - dream_losses["block5c_out"][-1],
    low=1,
)
expect(
    "style transfer: last loss over first",
    max(losses[-1] / losses[0] for losses in style_losses.values()),
    low=0,
    high=0.5,
)
expect_learned("VAE", vae_losses, factor=0.8)
expect_learned("diffusion", flow_losses, factor=0.8)
expect_learned("deepfake", [np.mean(fake_losses[:10]), np.mean(fake_losses[-10:])], factor=0.3)
expect_varied("GAN", gallery["GAN"].reshape(1000, -1))
expect_varied("diffusion", gallery["diffusion"].reshape(1000, -1))

# %% [markdown]
# ## Summary
#
# 1. To draw is to sample from a distribution. Judge the crowd, by several numbers at once, between a floor and a ceiling: each number alone can be cheated.
# 2. A VAE fills its code space without holes, for a price (KL), and draws blurred averages, since squared error asks for averages.
# 3. A GAN learns from an opponent. The discriminator is frozen while the generator learns, losses say little, and a guard on variety finds the collapse.
# 4. Diffusion is a regression on noise: learn the direction from picture to noise, walk back in small steps, exaggerate the order by guidance. It also repairs pictures.
# 5. With frozen networks one can train pixels: DeepDream, style transfer. Latents, text encoder and size make Stable Diffusion and FLUX out of today's parts.
#
# ## Quiz
#
# **1. A colleague's model is recognised in 99 of 100 cases, real pictures in 92. Is it better than reality?**
# <details><summary>Answer</summary>
#
# No: it draws *typical* pictures, like a model with strong guidance, or the GAN that played longer (section 6). Real shirts are sometimes odd, and odd ones are missing. Look at the variety and the Fréchet distance.
#
# </details>
#
# **2. In the generator's step of a GAN you forget to freeze the discriminator. What happens to the generator's loss?**
# (a) it explodes (b) it falls quickly, and is worth nothing (c) nothing
# <details><summary>Answer</summary>
#
# (b): the row of both reaches its wish "taken for real" most cheaply by a discriminator that says so to everything.
#
# </details>
#
# **3. Why is a diffusion model's picture not blurred, although it is trained with squared error, like the VAE?**
# <details><summary>Answer</summary>
#
# Its first guess *is* blurred. But it takes only a small step towards it and asks again; with each step fewer pictures remain possible, and their mean becomes sharper.
#
# </details>
#
# **4. In a VAE you leave out the KL term. Reconstructions become better. What do you lose?**
# <details><summary>Answer</summary>
#
# The drawing. Clouds shrink to points and move apart, and a random code falls into a hole for which the decoder has learned nothing.
#
# </details>
#
# **5. Somebody compares two models by FID, one computed from 1,000 pictures, the other from 50,000. Fair?**
# <details><summary>Answer</summary>
#
# No. With few pictures the covariance is estimated badly, and the distance comes out too large. Same number of pictures, same judge, or no comparison.
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning*, 3rd ed., chapter 17: autoencoders, GANs and diffusion models.
# - Ian Goodfellow and others: [Generative adversarial nets](https://arxiv.org/abs/1406.2661) (2014): nine pages; read the first five.
# - Jonathan Ho, Ajay Jain, Pieter Abbeel: [Denoising diffusion probabilistic models](https://arxiv.org/abs/2006.11239) (2020), and Lilian Weng, [What are diffusion models?](https://lilianweng.github.io/posts/2021-07-11-diffusion-models/) (2021), the best long explanation.
# - Gatys, Ecker, Bethge: [A neural algorithm of artistic style](https://arxiv.org/abs/1508.06576) (2015), written in Tübingen.
# - Chris Olah and others: [Feature visualization](https://distill.pub/2017/feature-visualization/) (2017): DeepDream grown up, with pictures to get lost in.
#
# ## Now you
#
# The [exercises](../exercises/day10_generative_images.ipynb) answer back; the [solutions](../solutions/day10_generative_images.ipynb) explain.
# Tomorrow, day 11: data that come one after the other, and networks that remember.
