# %% [markdown]
# # Day 15 · Transformers and language models
#
# **Today you build the network behind ChatGPT, small enough for your own computer: attention in ten lines of NumPy, a block of it in Keras, a GPT that learns to write from books, and a BERT that learns to read. And you measure what each of them can do, against the simplest thing that could do the same.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **compute** scaled dot-product attention, several heads and a causal mask by hand, to the same numbers as Keras;
# - **build** a transformer block, and tell encoder, decoder and encoder–decoder apart;
# - **train** a small GPT, judge it in bits per character, and see what breaks when it may peek;
# - **steer** what a language model writes: temperature, top-k, top-p;
# - **use** pretrained encoders with few labels, for semantic search, and for a chatbot that admits what it does not know.
#
# **Time:** 130 to 150 minutes of reading and trying; the code runs in about four minutes on two CPU cores.
# Cells that begin with `# Drawing` are folded and hold no new idea: run them and look at the picture.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | attention | Aufmerksamkeit | sampling | Ziehen, Stichprobennahme |
# | self-attention | Selbstaufmerksamkeit | temperature | Temperatur |
# | query, key, value | Anfrage, Schlüssel, Wert | encoder, decoder | Kodierer, Dekodierer |
# | head | (Aufmerksamkeits-)Kopf | masked language model | maskiertes Sprachmodell |
# | causal mask | Kausalmaske | to fine-tune | nachtrainieren, feinabstimmen |
# | positional encoding | Positionskodierung | sentence embedding | Satzvektor |
# | language model | Sprachmodell | semantic search | Bedeutungssuche |
# | bits per character | Bit je Zeichen | context length | Kontextlänge |
#
# </details>

# %% tags=["setup"]
import os
import re
import time
from collections import Counter, defaultdict

from utils import data, fast, plots, pretrained, runtime
from utils.expect import expect, expect_learned, expect_varied

import keras
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras import layers, ops
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ready = runtime.setup(seed=1, precision="float32")

# %% [markdown]
# ## 1 · See it: guess the next word
#
# A **language model** does one thing: it reads the beginning of a text and says, for every possible continuation, how likely it is. That is all, and it is a great deal: whoever always guesses right must know spelling, grammar, the story so far, and something of the world. Let us play the game ourselves before a network does.
#
# The data of the day: Herman Melville's *Moby Dick* (1851), and 55 speeches in which presidents of the United States reported on the state of the union (1947–2000). Both are free of rights. Every tenth chapter and speech is laid aside for the test, the fifth between two of them for choices (validation).

# %%
books = {name: array.tobytes().decode("utf-8") for name, array in data.load("books").items()}
for name, text in books.items():
    print(f"{name:<21} {len(text):>9,} characters")
train, validation, test = (books[f"moby_dick_{part}"] for part in ("train", "validation", "test"))
print(validation[: validation.index("\n", 100)][:560], "…")

# %% [markdown]
# Cover the answers below. Which word comes next?


# %%
def riddles(text, how_many, seed):
    """Beginnings of 30 words from random places, each with the word that follows."""
    words = text.split()
    starts = np.random.default_rng(seed).choice(len(words) - 31, size=how_many, replace=False)
    return [(" ".join(words[start : start + 30]), words[start + 30]) for start in sorted(starts)]


game = riddles(validation, how_many=4, seed=3)
for number, (beginning, _) in enumerate(game, start=1):
    print(f"{number}. … {beginning} ____\n")

# %%
print("the words were:", ", ".join(f"{number}. {word}" for number, (_, word) in enumerate(game, start=1)))


# %% [markdown]
# Some you guessed at once (grammar leaves no choice), others nobody could. So we do not ask a model for *the* next word but for probabilities, and we score it by the probability it gave to what really came.
#
# The oldest model of this kind only **counts**. Claude Shannon did it by hand [in 1948](https://doi.org/10.1002/j.1538-7305.1948.tb01338.x): look up which letter followed the last few letters in a book, draw one of them, move on. A model that looks at $n-1$ characters and guesses the next is an ***n*-gram model**.


# %%
def count_followers(text, longest):
    """For every context of 0 to `longest` - 1 characters: how often which character followed it."""
    tables = [defaultdict(Counter) for _ in range(longest)]
    for length, table in enumerate(tables):
        for place in range(length, len(text)):
            table[text[place - length : place]][text[place]] += 1
    return tables


def write_by_counts(table, length, beginning, how_many, random):
    """Draw characters, each according to what followed the last `length` characters in the book."""
    text = beginning
    while len(text) < how_many:
        followers = table[text[len(text) - length :]]
        counts = np.array(list(followers.values()))
        text += random.choice(list(followers), p=counts / counts.sum())
    return text.replace("\n", " ")


ngrams = count_followers(train, longest=6)
random = np.random.default_rng(ready.seed)
for length in (0, 1, 2, 3, 5):
    print(f"{length + 1}-gram: {write_by_counts(ngrams[length], length, 'The whale ', 200, random)}")

# %% [markdown]
# With five letters of memory it sounds nearly like English, and still it says nothing: by the end of a sentence it has forgotten the beginning. Why not take fifty letters? Because a table knows only what it has *seen*:

# %%
# Drawing: how many beginnings of the validation text does the table know?
random_places = random.integers(40, len(validation), size=3000)
known = {}
for length in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30):
    seen = {train[place - length : place] for place in range(length, len(train))}
    known[length] = float(np.mean([validation[place - length : place] in seen for place in random_places]))
figure, axes = plt.subplots(figsize=(8, 3.4))
axes.plot(list(known), [100 * share for share in known.values()], "-o")
axes.set(
    xlabel="length of the beginning (characters)",
    ylabel="seen in training (%)",
    ylim=(0, 103),
    title="Long beginnings are nearly always new",
)
plots.show(
    figure,
    alt=f"Share of the beginnings in the validation chapters that occur somewhere in the training chapters, against their length: {known[3]:.0%} at 3 characters, {known[6]:.0%} at 6, {known[10]:.0%} at 10, {known[20]:.1%} at 20.",
)

# %% [markdown]
# A model with a long memory must **generalise**: treat a beginning that it never saw like others that are similar. The recurrent networks of days 11 and 12 do that, but everything they have read must fit into one state vector, and it is rewritten at every step. **Attention** takes another way: keep *all* the earlier words, and at every step look back at those that matter now. On day 14 attention helped a recurrent network;
# *Attention is all you need* ([Vaswani et al., 2017](https://arxiv.org/abs/1706.03762)) threw the recurrence away. What was left is the **transformer**.
#
# ## 2 · Attention, by hand
#
# ### A soft look-up
#
# A Python dictionary finds the value whose key *equals* the query. Attention is a dictionary that finds *similar* keys, and returns a mixture:
#
# 1. compare the **query** $q$ with every **key** $k_i$ by their dot product;
# 2. make **weights** of the similarities by a softmax: positive, with sum 1 (they are computed anew for every input; the *learned* weights of a network are something else);
# 3. return the sum of the **values** $v_i$, each with its weight. (On day 14 the keys were their own values.)
#
# For all queries at once, with the vectors as rows of matrices:
#
# $$\text{Attention}(Q, K, V) = \text{softmax}\!\left(\frac{Q K^\top}{\sqrt{d}}\right) V$$


# %%
def softmax(scores):
    """Softmax over the last axis; subtracting the largest score keeps exp() from overflowing."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def attention(queries, keys, values, mask=None):
    """Scaled dot-product attention.

    queries (…, n, d), keys (…, m, d), values (…, m, e); mask (n, m), True where looking is allowed.
    Returns the mixtures (…, n, e) and the weights (…, n, m).
    """
    scores = queries @ np.swapaxes(keys, -1, -2) / np.sqrt(queries.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -1e9)  # exp(-1e9) is 0: no weight
    weights = softmax(scores)
    return weights @ values, weights


# %% [markdown]
# A dictionary of four animals, its keys two numbers each (how large, how wet), its values their mass in kilograms (rounded, [whale](https://en.wikipedia.org/wiki/Sperm_whale), the others of the same order as in any encyclopedia). The query *large and wet* finds mostly the whale; the larger the numbers of the query, the clearer the choice.

# %%
animals = ["whale", "herring", "elephant", "mouse"]
keys = np.array([[1, 1], [-1, 1], [1, -1], [-1, -1]], dtype="float64")
kilograms = np.array([[40_000], [0.5], [5_000], [0.02]])
for strength in (0, 1, 3, 10):
    query = strength * np.array([[1.0, 1.0]])
    answer, weights = attention(query, keys, kilograms)
    shares = ", ".join(f"{animal} {share:.3f}" for animal, share in zip(animals, weights[0], strict=True))
    print(f"query ({strength:2d}, {strength:2d}): {shares} -> {answer[0, 0]:8.0f} kg")

# %% [markdown]
# Nothing in it is a yes or no, so it has gradients everywhere: a network can *learn* where to look.
#
# **Why divide by $\sqrt{d}$?** Take two vectors of $d$ independent random numbers with mean 0 and variance 1. Their dot product is a sum of $d$ products: its variance is $d$, its standard deviation $\sqrt{d}$. Long vectors would give large scores, the softmax would put nearly everything on one key, and its gradient would nearly vanish:

# %%
sizes = [4, 16, 64, 256, 1024]
largest = {"divided by √d": [], "not divided": []}
for d in sizes:
    queries, many_keys = random.standard_normal((500, 1, d)), random.standard_normal((500, 20, d))
    scores = (queries @ many_keys.swapaxes(1, 2))[:, 0]
    largest["divided by √d"].append(softmax(scores / np.sqrt(d)).max(axis=1).mean())
    largest["not divided"].append(softmax(scores).max(axis=1).mean())
    print(f"d = {d:4d}: standard deviation of the scores {scores.std():5.1f}, √d = {np.sqrt(d):4.1f}")

# %%
# Drawing: the largest of 20 weights, with and without the division.
figure, axes = plt.subplots(figsize=(8, 3.2))
for (name, values), style in zip(largest.items(), ("-o", "--s"), strict=True):
    axes.plot(sizes, values, style, label=name)
axes.set_xscale("log", base=2)
axes.set(
    xlabel="d (numbers per vector)", ylabel="largest of 20 weights", ylim=(0, 1.03), title="Why the scores are scaled"
)
axes.legend()
plots.show(
    figure,
    alt=f"Mean of the largest of 20 attention weights for random vectors, against their length d. Divided by root d it stays near {largest['divided by √d'][-1]:.2f}; not divided it rises from {largest['not divided'][0]:.2f} at d = 4 to {largest['not divided'][-1]:.2f} at d = 1024: nearly all the weight on one key.",
)

# %% [markdown]
# ### Self-attention
#
# Where do queries, keys and values come from? In **self-attention** all three come from the same sequence: every word asks, every word answers. In the plainest form they *are* the word vectors, and then there is nothing to learn. That is what Keras' layer `Attention` does (it does not divide by $\sqrt d$ either; we divide the query for it):

# %%
words = random.standard_normal((1, 6, 16)).astype("float32")  # one sentence, six words, 16 numbers each
plain = layers.Attention()
theirs = ops.convert_to_numpy(plain([words / np.sqrt(16).astype("float32"), words]))
ours, _ = attention(words, words, words)
plain_difference = float(np.abs(ours - theirs).max())
print(f"layers.Attention: {plain.count_params()} weights, largest difference from ours {plain_difference:.0e}")

# %% [markdown]
# Zero learned weights: it can only say that similar words are similar. A transformer multiplies first: $Q = XW_Q$, $K = XW_K$, $V = XW_V$ with three learned matrices. So a word can *ask* for something else than it *offers*: a verb may ask for its subject, and offer its tense.
#
# ### Several heads: multi-head attention
#
# A word may have several questions at once: who, when, which *it*? So the work is divided: $h$ **heads**, each with its own small $W_Q$, $W_K$, $W_V$ and its own weights; their answers are laid side by side and mixed by a last matrix $W_O$. Here with Keras' own weights, written out (`np.einsum` names every axis by a letter, and sums over the letters that are missing behind the arrow):

# %%
mha = layers.MultiHeadAttention(num_heads=2, key_dim=8)
theirs, their_weights = mha(words, words, return_attention_scores=True)
for weight in mha.weights:
    print(f"{weight.path.split('multi_head_attention/')[-1]:<25} {tuple(weight.shape)}")


def by_hand(layer, inputs, mask=None):
    """What MultiHeadAttention computes, from its own eight weight arrays; inputs (batch, n, d)."""
    w_q, b_q, w_k, b_k, w_v, b_v, w_o, b_o = layer.get_weights()

    def heads(w, b):  # (batch, n, d) x (d, heads, size) -> (batch, heads, n, size)
        return np.einsum("bnd,dhs->bhns", inputs, w) + b[:, None, :]

    mixed, weights = attention(heads(w_q, b_q), heads(w_k, b_k), heads(w_v, b_v), mask)
    return np.einsum("bhns,hsd->bnd", mixed, w_o) + b_o, weights


ours, our_weights = by_hand(mha, words)
head_difference = float(np.abs(ours - ops.convert_to_numpy(theirs)).max())
print(f"shape {ours.shape}; weights {our_weights.shape}; largest difference {head_difference:.0e}")

# %% [markdown]
# Same numbers. Mind the shapes: the weights are (batch, **heads**, asking word, answering word), one square per head. And count the parameters: four matrices of $d \times d$, plus biases (the heads *share* the width, here $2 \cdot 8 = 16 = d$: more heads are smaller heads, not more weights).
#
# ### The causal mask
#
# A model that is to *predict* the next word must not see it. So word $i$ may look at the words $1 \dots i$ only: a lower triangle of allowed places. The test of a mask is not its picture but an experiment: **change the last word; nothing before it may change.**

# %%
causal = np.tril(np.ones((6, 6), dtype=bool))
changed = words.copy()
changed[:, -1] += 1
leak = {}
for name, use in (("with the mask", True), ("without", False)):
    before, after = (ops.convert_to_numpy(mha(x, x, use_causal_mask=use)) for x in (words, changed))
    leak[name] = float(np.abs(after - before)[:, :-1].max())
    print(f"{name:<14}: the first five outputs change by up to {leak[name]:.4f}")
ours, causal_weights = by_hand(mha, words, causal)
mask_difference = float(np.abs(ours - ops.convert_to_numpy(mha(words, words, use_causal_mask=True))).max())
print(f"ours with the triangle minus Keras with use_causal_mask=True: at most {mask_difference:.0e}")

# %%
# Drawing: the weights of one head, without and with the mask.
figure, both = plt.subplots(1, 2, figsize=(8, 3.7))
for axes, weights, name in zip(
    both, (our_weights, causal_weights), ("every word sees all", "causal mask"), strict=True
):
    picture = axes.imshow(weights[0, 0], vmin=0, vmax=1)
    axes.set(xlabel="looks at word", ylabel="word", title=name, xticks=range(6), yticks=range(6))
    axes.set_xticklabels(range(1, 7))
    axes.set_yticklabels(range(1, 7))
    axes.grid(False)
figure.colorbar(picture, ax=both, label="attention weight", shrink=0.8)
plots.show(
    figure,
    alt=f"Two squares of six by six attention weights of one head, rows are the words that ask. Left all fields are filled; right only the lower triangle with the diagonal, so that the first word has the weight {causal_weights[0, 0, 0, 0]:.0f} for itself. Every row has the sum 1.",
)

# %% [markdown]
# ### What it costs
#
# Every word is compared with every other: $n^2$ weights per head. That is the price of attention, and the reason why *context length* stands in the description of every language model:

# %%
for n in (128, 1024, 8192, 131_072):
    gigabytes = 12 * n**2 * 2 / 1e9
    print(f"{n:>7,} tokens: {n**2:>14,} weights per head; 12 heads in 16-bit numbers: {gigabytes:>9.4f} GB per layer")

# %% [markdown]
# (Large models never store these squares: *FlashAttention* ([Dao et al., 2022](https://arxiv.org/abs/2205.14135)) computes them piece by piece and keeps the sums only. The memory then grows with $n$, the arithmetic still with $n^2$.)
#
# ### Where is the word? Positional encoding
#
# One thing got lost on the way. Attention sums over a *set* of words; nothing in the formula knows who stands where. Shuffle the words, and every word gets exactly the answer it had before:

# %%
order = np.array([3, 0, 5, 1, 4, 2])
straight, shuffled = (ops.convert_to_numpy(mha(x, x)) for x in (words, words[:, order]))
no_order = float(np.abs(straight[:, order] - shuffled).max())
print(f"without positions: each word's answer changes by at most {no_order:.0e} when the words are shuffled")

# %% [markdown]
# *Dog bites man* and *man bites dog* are the same to it, a bag of words again. The repair of 2017: add to every word vector a vector that says where it stands. The authors took waves of many lengths, two numbers (sine and cosine) for each wavelength from $2\pi$ to nearly $10000 \cdot 2\pi$:
#
# $$p_{i,2k} = \sin\frac{i}{10000^{2k/d}}, \qquad p_{i,2k+1} = \cos\frac{i}{10000^{2k/d}}$$


# %%
def sinusoids(length, width):
    """Positional encoding of Vaswani et al.: (length, width); sines in the even columns, cosines in the odd."""
    angles = np.arange(length)[:, None] / 10_000 ** (np.arange(0, width, 2) / width)
    result = np.zeros((length, width))
    result[:, 0::2], result[:, 1::2] = np.sin(angles), np.cos(angles)
    return result.astype("float32")


places = sinusoids(6, 16)
straight, shuffled = (ops.convert_to_numpy(mha(x, x)) for x in (words + places, words[:, order] + places))
with_order = float(np.abs(straight[:, order] - shuffled).max())
print(f"with positions: it changes by up to {with_order:.2f}")

# %%
# Drawing: the waves, and how alike two positions are.
waves = sinusoids(100, 64)
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8))
picture = left.imshow(waves.T, aspect="auto", cmap="cividis")
left.set(xlabel="position", ylabel="number in the vector", title="Each column is a position")
left.grid(False)
figure.colorbar(picture, ax=left, label="value")
for place, style in ((20, "-"), (50, "--"), (80, ":")):
    right.plot(waves @ waves[place], style, label=f"with position {place}")
right.set(xlabel="position", ylabel="dot product", title="Near is alike", ylim=(None, 47))
right.legend(loc="upper right", fontsize=9)
plots.show(
    figure,
    alt=f"Left: 64 waves over 100 positions, fast ones on top, slow ones below. Right: the dot product of positions 20, 50 and 80 with all others: {waves[50] @ waves[50]:.0f} at the position itself, {waves[50] @ waves[60]:.0f} ten places away, the same shape at each place.",
)

# %% [markdown]
# The dot product of two positions depends only on their *distance*. And a step of two words back turns each pair of sine and cosine by a fixed angle, which a matrix such as $W_Q$ can do: so a head can learn "look two words back". GPT and BERT simply **learn** a vector per position, as they learn one per word; today's large models turn queries and keys by an angle that grows with the position (*rotary embedding*, [Su et al., 2021](https://arxiv.org/abs/2104.09864)), which puts the distance straight into the dot product. All serve the same end.
#
# ## 3 · The transformer block
#
# Attention moves information *between* words. Then each word must *work* on what it got, by itself: an MLP of two layers, four times as wide inside. Around both stand an old friend from day 07, the **skip connection** (the block only adds something to what is there), and its relative, **layer normalisation**: like batch normalisation it brings numbers to mean 0 and spread 1, but over the $d$ numbers of each word, so that no word depends on the batch. That is the whole block.
#
# The attention of section 2 stands here once more as a layer, in `keras.ops`. `layers.MultiHeadAttention` would do; ours has plain square matrices, no biases, and saves some time.


# %% tags=["gpt"]
class SelfAttention(layers.Layer):
    """Attention of several heads, as in section 2: x (batch, tokens, width) -> the same shape."""

    def __init__(self, heads, causal):
        super().__init__()
        self.heads, self.causal = heads, causal

    def build(self, shape):
        names = ("query", "key", "value", "output")
        self.matrices = [layers.Dense(shape[-1], use_bias=False, name=name) for name in names]
        for matrix in self.matrices:
            matrix.build(shape)

    def call(self, x):
        tokens, width = ops.shape(x)[1], x.shape[-1]
        size = width // self.heads

        def split(each):  # (batch, tokens, width) -> (batch, heads, tokens, size)
            return ops.transpose(ops.reshape(each, (-1, tokens, self.heads, size)), (0, 2, 1, 3))

        queries, keys, values = (split(matrix(x)) for matrix in self.matrices[:3])
        scores = ops.matmul(queries / size**0.5, ops.transpose(keys, (0, 1, 3, 2)))
        if self.causal:
            place = ops.arange(tokens)
            scores = ops.where(place[:, None] >= place[None, :], scores, -1e9)
        mixed = ops.transpose(ops.matmul(ops.softmax(scores), values), (0, 2, 1, 3))
        return self.matrices[3](ops.reshape(mixed, (-1, tokens, width)))


# %% tags=["gpt"]
def transformer_block(x, heads, causal, dropout=0.0):
    """One block with the norm first: x (batch, tokens, width) -> the same shape."""
    width = x.shape[-1]
    attended = SelfAttention(heads, causal)(layers.LayerNormalization(epsilon=1e-5)(x))
    x = layers.Add()([x, layers.Dropout(dropout)(attended)])
    wide = layers.Dense(4 * width, activation="relu")(layers.LayerNormalization(epsilon=1e-5)(x))
    return layers.Add()([x, layers.Dropout(dropout)(layers.Dense(width)(wide))])


# %% [markdown]
# The norm stands *before* the work, on the side road (**pre-norm**); the original had it behind the addition, and needed more care in training ([Xiong et al., 2020](https://arxiv.org/abs/2002.04745)). What goes straight through all blocks is called the *residual stream*: every block reads from it and adds to it.
#
# How many weights is that? Attention has $4$ matrices of $d \times d$, the MLP two of $d \times 4d$: together $12\,d^2$, plus biases and norms. Keras agrees:

# %%
width = 128
inputs = keras.Input((None, width))
one_block = keras.Model(inputs, transformer_block(inputs, heads=4, causal=True))
small_change = 5 * width + 4 * width  # the biases of the MLP, 4d and d; two norms with 2d each
counted = 12 * width**2 + small_change
print(f"12 d² = {12 * width**2:,}, with biases and norms {counted:,}; Keras counts {one_block.count_params():,}")
for name, blocks, d in (("GPT-2, the smallest", 12, 768), ("GPT-3", 96, 12_288)):
    print(f"{name}: {blocks} blocks of width {d}: 12 d² × blocks = {12 * d**2 * blocks / 1e9:.3f} billion weights")

# %% [markdown]
# The same formula gives the well-known sizes of [GPT-2](https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf) (124 million with its word table of 50,257 × 768; the paper's 117 million were a slip, corrected later) and [GPT-3](https://arxiv.org/abs/2005.14165) (175 billion): the architecture did not change much, it grew.
#
# ### Encoder, decoder, or both
#
# One block, three families. They differ in *who may look at whom*:

# %%
# Drawing: three ways of looking.
n, prefix = 8, 4
both_ways, backwards = np.ones((n, n)), np.tril(np.ones((n, n)))
translate = np.block(
    [
        [np.ones((prefix, prefix)), np.zeros((prefix, n - prefix))],
        [np.ones((n - prefix, prefix)), 2 * np.tril(np.ones((n - prefix, n - prefix)))],
    ]
)
translate[prefix:, :prefix] = 3
figure, three = plt.subplots(1, 3, figsize=(9.5, 3.6))
titles = ("encoder (BERT)", "decoder (GPT)", "encoder–decoder (T5)")
palette = matplotlib.colors.ListedColormap(["white", plots.COLOURS[4], plots.COLOURS[1], plots.COLOURS[2]])
for axes, mask, title in zip(three, (both_ways, 2 * backwards, translate), titles, strict=True):
    axes.pcolormesh(mask, cmap=palette, vmin=-0.5, vmax=3.5, edgecolors="0.4", linewidth=0.7)
    axes.set(xlabel="looks at token", ylabel="token", title=title, aspect="equal", ylim=(n, 0))
    axes.set_xticks(np.arange(n) + 0.5, range(1, n + 1))
    axes.set_yticks(np.arange(n) + 0.5, range(1, n + 1))
    for row, column in np.argwhere(mask > 0):
        axes.text(column + 0.5, row + 0.5, " =<×"[int(mask[row, column])], ha="center", va="center", fontsize=8)
    axes.grid(False)
plots.show(
    figure,
    alt="Three squares of who may look at whom among eight tokens. Encoder: all fields, marked =. Decoder: the lower triangle, marked <. Encoder–decoder: the first four tokens, the source, see each other (=); the last four, the target, see the earlier ones of their own (<) and all of the source (×, cross-attention); the source does not see the target.",
)

# %% [markdown]
# | | encoder | decoder | encoder–decoder |
# |---|---|---|---|
# | well-known | BERT (2018), MiniLM | GPT (2018 to today), Llama, most chatbots | the first transformer (2017), T5 (2019) |
# | may look | both ways | back only | source: both ways; target: back, and at the source |
# | learns from text by | filling gaps (*masked* language model) | predicting the next token | writing what was cut out (T5); the first one learned from translated pairs |
# | gives | a vector per token, or per text | text | text from text |
# | good for | search, classification, comparison | writing, chatting, and by way of that nearly all | translation, summaries |
#
# ([BERT](https://arxiv.org/abs/1810.04805), [T5](https://arxiv.org/abs/1910.10683).) In the third kind the decoder's block has a second attention, **cross-attention**: the queries come from the target, keys and values from the source. That is the attention of day 14. The lesson builds a decoder in section 4 and works with encoders from section 6 on.
#
# ### Why recurrent networks gave way
#
# Not because attention computes less; for long texts it computes more. A GRU must finish word 1 before it can begin word 2: 500 words are 500 small steps *one after the other*, however many processors wait. Attention does all words at once, in a few matrix products, and matrix products are what processors and graphics cards are built for. We measure one training step of each (forward and backward, 8 sequences, width 128):


# %%
def seconds_per_step(layer_function, tokens):
    """Seconds for one training step, the best of three."""
    inputs = keras.Input((tokens, 128))
    model = keras.Model(inputs, layer_function(inputs))
    model.compile("sgd", "mse", jit_compile=fast.JIT)
    batch = np.zeros((8, tokens, 128), "float32")
    model.train_on_batch(batch, batch)  # the first call builds the graph
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        model.train_on_batch(batch, batch)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


lengths = [16, 64, 256]
timed = {
    "GRU": [seconds_per_step(layers.GRU(128, return_sequences=True), n) for n in lengths],
    "self-attention": [seconds_per_step(lambda x: layers.MultiHeadAttention(4, 32)(x, x), n) for n in lengths],
}
for n, slow, fast_one in zip(lengths, *timed.values(), strict=True):
    print(
        f"{n:4d} tokens: GRU {1000 * slow:6.1f} ms, self-attention {1000 * fast_one:6.1f} ms, ratio {slow / fast_one:.1f}"
    )

# %%
# Drawing: time per step against length.
figure, axes = plt.subplots(figsize=(8, 3.4))
for (name, values), style in zip(timed.items(), ("--s", "-o"), strict=True):
    axes.plot(lengths, 1000 * np.array(values), style, label=name)
axes.set_xscale("log", base=2)
axes.set_yscale("log")
axes.set_xticks(lengths, lengths)
axes.yaxis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 2, 5)))
axes.yaxis.set_major_formatter("{x:g}")
axes.yaxis.set_minor_formatter(matplotlib.ticker.NullFormatter())
axes.set(xlabel="tokens", ylabel="milliseconds per step", title="One training step, on this machine")
axes.legend()
plots.show(
    figure,
    alt=f"Milliseconds per training step against the number of tokens, both axes logarithmic. GRU: {1000 * timed['GRU'][0]:.0f} at 16 tokens, {1000 * timed['GRU'][-1]:.0f} at 256. Self-attention: {1000 * timed['self-attention'][0]:.0f} and {1000 * timed['self-attention'][-1]:.0f}.",
)

# %% [markdown]
# The GRU pays for every token with a step of its own, whatever the machine; attention begins far lower, but its cost grows faster, in the end with $n^2$, so its lead shrinks. A graphics card, which does thousands of products at once, can use them for attention, and hardly for single small steps. That is why one could train on far more text.
#
# ## 4 · A small GPT, trained here
#
# ### Pieces
#
# Characters make sequences long, words make the vocabulary endless; day 13 taught the way between, **byte-pair encoding**: begin with characters, join the most frequent pair of neighbours, again and again. One thing is new: a language model must be able to write the text back *exactly*, so blanks belong to the pieces. (Only characters that the training text lacks get lost here; GPT-2 begins with bytes, and loses none.) As in GPT-2, a word takes the blank in front of it along (`" whale"`), and no piece reaches over a word's end.


# %% tags=["gpt"]
WORD = re.compile(r" ?[A-Za-z]+| ?[^A-Za-z\s]|\s")  # a word or a sign with the blank before it; every character is in


def join(pieces, pair):
    """Make every occurrence of the pair in a list of pieces one piece (day 13)."""
    result = []
    for piece in pieces:
        if result and (result[-1], piece) == pair:
            result[-1] += piece
        else:
            result.append(piece)
    return result


# %% tags=["gpt"]
def learn_merges(counts, how_many):
    """Byte-pair encoding on counted words: the pairs to join, in the order in which they were found (day 13)."""
    spelled = [(list(word), count) for word, count in counts.items()]
    pair_counts, places = Counter(), defaultdict(set)  # how often a pair occurs, and in which words
    for index, (pieces, count) in enumerate(spelled):
        for pair in zip(pieces, pieces[1:]):
            pair_counts[pair] += count
            places[pair].add(index)
    merges = []
    while len(merges) < how_many:
        merges.append(max(pair_counts, key=pair_counts.get))
        for index in sorted(places.pop(merges[-1])):
            pieces, count = spelled[index]
            joined = join(pieces, merges[-1])
            spelled[index] = (joined, count)
            for pair in zip(pieces, pieces[1:]):
                pair_counts[pair] -= count
            for pair in zip(joined, joined[1:]):
                pair_counts[pair] += count
                places[pair].add(index)
        del pair_counts[merges[-1]]
        if len(merges) % 50 == 0:
            pair_counts = +pair_counts  # forget the pairs that no longer occur
    return merges


# %% tags=["gpt"]
class Pieces:
    """A tokeniser: text -> numbers of pieces -> the same text. Characters that training never saw are left out."""

    def __init__(self, text, size):
        letters = sorted(set(text))
        merges = learn_merges(Counter(WORD.findall(text)), size - len(letters))
        self.rank = {pair: rank for rank, pair in enumerate(merges)}
        self.pieces = letters + ["".join(pair) for pair in merges]
        self.number = {piece: number for number, piece in enumerate(self.pieces)}
        self.known = {}  # words that were cut before

    def cut(self, word):
        pieces = [letter for letter in word if letter in self.number]
        while pairs := [pair for pair in zip(pieces, pieces[1:]) if pair in self.rank]:
            pieces = join(pieces, min(pairs, key=self.rank.get))
        return [self.number[piece] for piece in pieces]

    def __call__(self, text):
        for word in set(WORD.findall(text)) - self.known.keys():
            self.known[word] = self.cut(word)
        return np.array([number for word in WORD.findall(text) for number in self.known[word]], dtype="int32")

    def text(self, numbers):
        return "".join(self.pieces[number] for number in numbers)


# %%
PIECES, CONTEXT = 1000, 48
tokeniser = Pieces(train, PIECES)
numbers = tokeniser(train)
same_again = float(tokeniser.text(tokeniser(test)) == test)
per_piece = len(train) / len(numbers)
print(f"{len(train):,} characters are {len(numbers):,} pieces, {per_piece:.2f} characters each")
print(" · ".join(tokeniser.pieces[number] for number in tokeniser("Call me Ishmael. The whale surfaced unexpectedly.")))
print("the test text, cut and put together again, is the same:", bool(same_again))

# %% [markdown]
# ### The network
#
# A piece's vector plus its position's vector; some blocks with a causal mask; a last norm; one score (**logit**) per piece of the vocabulary. For a window of 48 pieces it gives 48 predictions at once, one after *every* piece: thanks to the mask each is honest, and one window teaches 48 times.


# %% tags=["gpt"]
def make_gpt(pieces, context, width, blocks, heads, causal=True, dropout=0.0):
    """A decoder: numbers of pieces (batch, tokens) -> scores of the next piece (batch, tokens, pieces)."""
    tokens = keras.Input((None,), dtype="int32")
    places = ops.cumsum(ops.ones_like(tokens), axis=1) - 1  # 0, 1, 2, ...
    x = layers.Embedding(pieces, width)(tokens) + layers.Embedding(context, width)(places)
    for _ in range(blocks):
        x = transformer_block(x, heads, causal, dropout)
    x = layers.LayerNormalization(epsilon=1e-5)(x)
    return keras.Model(tokens, layers.Dense(pieces, name="next_piece")(x))


# %%
gpt = make_gpt(PIECES, CONTEXT, width=128, blocks=2, heads=2)
print(f"{gpt.count_params():,} weights; input {gpt.input_shape}, output {gpt.output_shape}")

# %% [markdown]
# The same test as before, on the whole network: change the last piece of a window, and no earlier prediction may move. Whoever trains a language model without this test risks the prettiest learning curve of his life (we shall see it below).

# %%
window = numbers[:CONTEXT][None]
other = window.copy()
other[0, -1] = (other[0, -1] + 1) % PIECES
before, after = (ops.convert_to_numpy(gpt(each)) for each in (window, other))
peeking = float(np.abs(after - before)[:, :-1].max())
print(
    f"the last piece changed: earlier predictions differ by {peeking:.0e}, the last by {np.abs(after - before)[0, -1].max():.3f}"
)

# %% [markdown]
# ### The measure: bits per character
#
# A model gives every next piece a probability $p$; $-\log_2 p$ is the number of **bits** it would take to write that piece down with an ideal code (day 02's cross-entropy, in base 2). Models with different pieces cannot be compared piece by piece, since longer pieces are harder. So we add up the bits of the whole text and divide by its **characters**:
#
# $$\text{bits per character} = \frac{-\sum_t \log_2 p(\text{piece}_t \mid \text{pieces before})}{\text{characters of the text}}$$
#
# Eight bits per character would be a plain file, a little over four if only the frequencies of the letters are known; Shannon [estimated in 1951](https://doi.org/10.1002/j.1538-7305.1951.tb01366.x), with people guessing letters, 0.6 to 1.3 for English (26 letters and the blank; our text has capitals and signs, too).


# %% tags=["gpt"]
def bits_per_piece(model, numbers, context):
    """Bits of every piece but the first, each seen with at least half a window before it (but at the very beginning)."""
    half = context // 2
    starts = list(range(0, len(numbers) - 1 - half, half))
    padded = np.pad(numbers, (0, context))
    windows = np.stack([padded[start : start + context + 1] for start in starts])
    bits = np.zeros(len(numbers) - 1)
    for first in range(0, len(starts), 16):
        batch = windows[first : first + 16]
        logits = np.array(model.predict_on_batch(batch[:, :-1]))
        logits -= logits.max(axis=-1, keepdims=True)
        right = np.take_along_axis(logits, batch[:, 1:, None], axis=-1)[..., 0]
        found = (np.log(np.exp(logits).sum(axis=-1)) - right) / np.log(2)
        for start, row in zip(starts[first : first + 16], found, strict=True):
            skip = half if start else 0  # the first half was counted with the window before
            piece = bits[start + skip : start + context]
            piece[:] = row[skip : skip + len(piece)]
    return bits


def bits_per_character(model, text, tokeniser, context):
    """Bits per character of a text (its first piece, which nothing stands before, left out of both sums)."""
    numbers = tokeniser(text)
    return float(bits_per_piece(model, numbers, context).sum() / (len(text) - len(tokeniser.pieces[numbers[0]])))


# %% [markdown]
# ### The baseline: what counting reaches
#
# The $n$-grams of section 1, with one repair: a context that was never seen must not make the probability 0. **Witten–Bell smoothing** ([1991](https://doi.org/10.1109/18.87000)) mixes each table with the next shorter one. How much trust the longer deserves, the counts say themselves: a context that was followed by $D$ *different* characters in $N$ places will bring a new one about $D$ in $N + D$ times,
#
# $$P(c \mid \text{context}) = \frac{\text{count}(c) + D \cdot P(c \mid \text{context without its first character})}{N + D}.$$


# %%
def bits_of_counts(tables, text, longest):
    """Bits per character of a text under an n-gram model with Witten-Bell smoothing, n = longest."""
    sums = [{context: (seen.total(), len(seen)) for context, seen in table.items()} for table in tables[:longest]]
    bits = 0.0
    for place, character in enumerate(text):
        chance = 1 / 100  # before anything is known: one of about 100 characters
        for length in range(min(longest, place + 1)):
            context = text[place - length : place]
            if context not in sums[length]:
                break  # never seen, so no longer context was
            total, different = sums[length][context]
            chance = (tables[length][context][character] + different * chance) / (total + different)
        bits -= np.log2(chance)
    return bits / len(text)


ngram_bits = {n: bits_of_counts(ngrams, validation, n) for n in (1, 2, 3, 4, 5, 6)}
for n, bits in ngram_bits.items():
    print(f"{n}-gram: {bits:.3f} bits per character on the validation chapters")

# %% [markdown]
# Longer tables help less and less: most contexts of six characters were seen once or never. The marks to beat are the 5-gram and the best table, the 6-gram, on the same text, learned from the same text.
#
# ### Training
#
# Random windows of the training chapters; AdamW would do, **Muon** (day 06) does more per step: it gives every direction of a weight matrix the same step length. Warm-up, then a rate that falls to zero. Keras' `Muon` takes its step for the matrices inside the blocks and AdamW's for embeddings, norms and biases; the output layer is excluded, as its inventors advise. Rate, window, blocks and heads were chosen by the validation chapters, in short runs. (With one seed, 32 windows of 48 pieces taught far more than 16 of 96, which are as many pieces; probably because they come from more places. And in the same time two blocks learned as much as three.)


# %% tags=["gpt"]
class UpAndDown(keras.optimizers.schedules.LearningRateSchedule):
    """A tenth of the steps up to the peak, then straight down to zero."""

    def __init__(self, peak, steps):
        self.peak, self.steps = peak, steps

    def __call__(self, step):
        progress = (ops.cast(step, "float32") + 1) / self.steps
        return self.peak * ops.minimum(progress / 0.1, ops.maximum((1 - progress) / 0.9, 0))


def compile_gpt(model, peak, steps):
    """Muon for the blocks, AdamW for the rest; the loss from logits."""
    rule = keras.optimizers.Muon(
        UpAndDown(peak, steps), weight_decay=0.05, adam_weight_decay=0.05, rms_rate=0.2, exclude_layers=["next_piece"]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=rule, loss=loss, jit_compile=fast.JIT)


# %% tags=["gpt"]
def random_windows(numbers, context, how_many, random):
    """Windows of context + 1 pieces from random places: (how_many, context + 1)."""
    starts = random.integers(len(numbers) - context, size=how_many)
    return numbers[starts[:, None] + np.arange(context + 1)]


def train_gpt(model, numbers, context, batch_size, steps, random, report=100):
    """Train on random windows; return the loss of every step, in nats per piece."""
    losses = []
    for step in range(1, steps + 1):
        batch = random_windows(numbers, context, batch_size, random)
        losses.append(float(model.train_on_batch(batch[:, :-1], batch[:, 1:])))
        model.reset_metrics()
        if step % report == 0:
            print(f"step {step:4d}: {np.mean(losses[-report:]):.3f} nats per piece", flush=True)
    return losses


# %%
STEPS, BATCH, PEAK = 800, 32, 0.02
compile_gpt(gpt, PEAK, STEPS)
gpt_losses = train_gpt(gpt, numbers, CONTEXT, BATCH, STEPS, random)

# %%
test_bits = {
    "5-gram": bits_of_counts(ngrams, test, 5),
    "6-gram": bits_of_counts(ngrams, test, 6),
    "our GPT": bits_per_character(gpt, test, tokeniser, CONTEXT),
}
gpt_validation = bits_per_character(gpt, validation, tokeniser, CONTEXT)
print(
    f"validation: 5-gram {ngram_bits[5]:.3f}, 6-gram {ngram_bits[6]:.3f}, our GPT {gpt_validation:.3f} bits per character"
)
print("test:      ", ", ".join(f"{name} {bits:.3f}" for name, bits in test_bits.items()), "bits per character")

# %%
# Drawing: the learning curve in bits per character, and the tables' marks.
smooth = np.convolve(gpt_losses, np.ones(20) / 20, mode="valid") / np.log(2) / per_piece
figure, axes = plt.subplots(figsize=(8, 3.8))
axes.plot(np.arange(20, len(gpt_losses) + 1), smooth, label="our GPT, training (mean of 20 steps)")
axes.plot(len(gpt_losses), gpt_validation, "D", color="black", label="our GPT, validation")
for n, style in ((3, ":"), (5, "--"), (6, "-.")):
    axes.axhline(ngram_bits[n], linestyle=style, color=plots.COLOURS[5], label=f"{n}-gram, validation")
axes.set(xlabel="step", ylabel="bits per character", ylim=(1.75, 3.6), title="Minutes of training against counting")
axes.legend(ncols=2)
plots.show(
    figure,
    alt=f"Bits per character during training: the GPT falls from {smooth[0]:.2f} to {smooth[-1]:.2f} on the training text, and reaches {gpt_validation:.2f} on the validation chapters. Horizontal lines mark the 3-gram at {ngram_bits[3]:.2f}, the 5-gram at {ngram_bits[5]:.2f} and the 6-gram at {ngram_bits[6]:.2f}.",
)

# %% [markdown]
# A network that began minutes ago with random numbers foresees validation and test chapters a little better than the best counted table, although it never saw one of their sentences. The lead is a few hundredths of a bit, and it would be dishonest to hide how strong plain counting is on one book. What the network has ahead of the table is that it can go on: more text, more weights and more steps keep helping it (section 5), while longer tables get worse. What does it write? (How to draw is the topic of section 5; for now, each next piece by its probability.)


# %% tags=["gpt"]
def next_logits(model, numbers, context):
    """Scores for the piece after each row of numbers (rows, tokens), from the last `context` pieces: (rows, pieces)."""
    numbers = np.asarray(numbers)[:, -context:]
    tokens = numbers.shape[1]
    padding = -tokens % 32  # few different lengths; with a causal mask, nothing looks at what stands to the right
    padded = np.pad(numbers, ((0, 0), (0, padding)))[:, :context]
    return ops.convert_to_numpy(model.predict_on_batch(padded))[:, tokens - 1].astype("float64")


def write(model, tokeniser, beginning, how_many, context, choose, rows=1):
    """Let a model go on writing: `choose` turns scores (rows, pieces) into one number per row."""
    numbers = np.tile(tokeniser(beginning), (rows, 1))
    for _ in range(how_many):
        chosen = choose(next_logits(model, numbers, context))
        numbers = np.concatenate([numbers, chosen[:, None]], axis=1)
    return [tokeniser.text(row) for row in numbers]


# %%
def draw(logits):
    """One piece per row, by its probability."""
    return np.array([random.choice(len(row), p=row) for row in softmax(logits)])


for text in write(gpt, tokeniser, "The whale", 80, CONTEXT, draw, rows=2):
    print(text.replace("\n", "\n    "), "…\n")

# %% [markdown]
# The rhythm of the book, its names and its commas; real words, and some that it put together from pieces and nobody ever wrote; no sense yet. That takes more text, more weights and more time (section 5 shows a longer training, section 9 the large ones).
#
# ### Break it: let it peek
#
# Now the mistake that everybody makes once. The same network, smaller, trained twice for the same few steps: with the causal mask and without. Which learning curve do you prefer?

# %%
SMALL, FEW = 48, 200  # context and steps of the small networks
peek_losses, peek_texts = {}, {}
for name, is_causal in (("causal mask", True), ("no mask", False)):
    small = make_gpt(PIECES, SMALL, width=64, blocks=2, heads=2, causal=is_causal)
    compile_gpt(small, 0.01, FEW)
    peek_losses[name] = train_gpt(small, numbers, SMALL, 16, FEW, np.random.default_rng(ready.seed), report=FEW)
    peek_texts[name] = write(small, tokeniser, "The whale", 30, SMALL, draw)[0].replace("\n", " ")
    print(f"{name}: at the end {np.mean(peek_losses[name][-20:]):.2f} nats per piece. It writes: {peek_texts[name]!r}")

# %%
# Drawing: the two learning curves.
figure, axes = plt.subplots(figsize=(8, 3.2))
for (name, values), style in zip(peek_losses.items(), ("-", "--"), strict=True):
    axes.plot(np.convolve(values, np.ones(10) / 10, mode="valid"), style, label=name)
axes.set(xlabel="step", ylabel="loss (nats per piece)", ylim=(0, None), title="The prettier curve belongs to the cheat")
axes.legend()
plots.show(
    figure,
    alt=f"Training loss of two equal small networks over {FEW} steps. With the causal mask it ends at {np.mean(peek_losses['causal mask'][-20:]):.2f} nats per piece; without, at {np.mean(peek_losses['no mask'][-20:]):.2f}.",
)

# %% [markdown]
# Without the mask the answer stands in the input, one place to the right, and the network has learned to *copy* it. Its loss looks like a triumph, on validation text too, for there it can copy as well! Only when it writes does it fall apart: to the right there is only padding (piece 0, a line break, shown here as a blank), and that is what it copies. **A loss that is too good is a reason to look for a leak.** The experiment "change the last piece" finds it in a second.
#
# ## 5 · Writing: how to draw the next piece
#
# ### A longer training
#
# For this section we take a larger sister of our GPT: the same functions `Pieces`, `make_gpt` and `train_gpt`, both books, 2,000 pieces, wider blocks, and much longer training. Its weights lie beside this lesson, with the script that trained it (`checkpoints/train.py`), log, seed and cost.

# %%
both = books["moby_dick_train"] + books["speeches_train"]
author_pieces = Pieces(both, 2000)
about = pretrained.checkpoint("day15_transformers", "gpt")
LONGER = about["context"]
author = make_gpt(2000, LONGER, width=about["width"], blocks=about["blocks"], heads=about["heads"])
about = pretrained.checkpoint("day15_transformers", "gpt", author)
print(f"{author.count_params():,} weights, {about['bytes'] / 1e6:.1f} MB")
print(
    f"trained for {about['steps']} steps of {about['batch_size']} windows, {about['minutes']} minutes on {about['machine']}"
)

# %%
ngrams = None  # the tables are large, this frees the memory; now one for both books
both_ngrams = count_followers(both, longest=5)
author_bits, table_bits = {}, {}
for book in ("moby_dick", "speeches"):
    text = books[f"{book}_test"]
    author_bits[book] = bits_per_character(author, text, author_pieces, LONGER)
    table_bits[book] = bits_of_counts(both_ngrams, text, 5)
    print(f"{book:<9} test: 5-gram {table_bits[book]:.3f}, GPT {author_bits[book]:.3f} bits per character")

# %% [markdown]
# ### What is context worth?
#
# In each window a GPT makes one prediction with a single piece of context, one with two, … one with the whole window. So one pass over the validation chapters tells what memory is worth to it. We ask both, the small one of section 4 and the longer trained one:


# %%
def bits_by_context(model, tokeniser, text, context):
    """Bits per character against the number of pieces that the model could look back at: {range: bits}."""
    numbers = tokeniser(text)
    windows = np.stack([numbers[start : start + context + 1] for start in range(0, len(numbers) - context, 97)])
    nats = []
    for first in range(0, len(windows), 32):
        batch = windows[first : first + 32]
        chances = softmax(np.array(model.predict_on_batch(batch[:, :-1])))
        nats.append(-np.log(np.take_along_axis(chances, batch[:, 1:, None], axis=-1)[..., 0]))
    bits = np.concatenate(nats).sum(axis=0) / np.log(2)
    characters = np.array([len(piece) for piece in tokeniser.pieces])[windows[:, 1:]].sum(axis=0)
    result = {}
    for low, high in [(0, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, 32), (32, 48), (48, 96)]:
        if high > context:
            break
        name = str(high) if high == low + 1 else f"{low + 1}–{high}"
        result[name] = float(bits[low:high].sum() / characters[low:high].sum())
    return result


by_context = {
    "our GPT": bits_by_context(gpt, tokeniser, validation, CONTEXT),
    "checkpoint": bits_by_context(author, author_pieces, validation, LONGER),
}
for name, bits in by_context.items():
    print(f"{name:<10}:", ", ".join(f"{pieces} pieces {value:.2f}" for pieces, value in bits.items()))

# %%
# Drawing: bits per character against the context.
figure, axes = plt.subplots(figsize=(8, 3.6))
for (name, bits), style in zip(by_context.items(), ("--s", "-o"), strict=True):
    axes.plot(list(bits), list(bits.values()), style, label=name)
axes.axhline(ngram_bits[5], linestyle=":", color="black", label="5-gram (about 1.5 pieces)")
axes.set(xlabel="pieces of context", ylabel="bits per character", title="What memory is worth")
axes.legend()
ours, longer = by_context.values()
plots.show(
    figure,
    alt=f"Bits per character on the validation chapters of Moby Dick against the number of pieces the model could look back at. Our GPT: {ours['1']:.2f} with one, {ours['2']:.2f} with two, {ours['17–32']:.2f} with 17 to 32, {ours['33–48']:.2f} with 33 to 48. The checkpoint: {longer['1']:.2f}, {longer['2']:.2f}, {longer['17–32']:.2f} and {longer['49–96']:.2f} with 49 to 96. The 5-gram, dotted, is at {ngram_bits[5]:.2f}.",
)

# %% [markdown]
# For both, the first pieces are worth most: they are what the tables live on. After a few pieces the small network hardly gains any more, so a longer window would not help it. It has learned spelling and short phrases, as a table does, only more cleverly where the beginning is rare. (Differences of a few hundredths are chance: each place is measured on some 480 pieces only.) Using what stands far away seems to be learned last: the checkpoint, trained much longer, goes on gaining until about 20 pieces, and then hardly any more, either. A long context *allowed* is not a long context *used*; large models, too, were found to overlook what stands in the middle of theirs ([Liu et al., 2023](https://arxiv.org/abs/2307.03172)).
#
# ### Temperature
#
# The network gives scores, not a text; *drawing* is our business. Always the most probable piece? Then every run gives the same text, and it soon turns in circles. Dividing the scores by a **temperature** $T$ before the softmax makes the choice bolder or more timid:
#
# $$p_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}}$$
#
# $T \to 0$ always takes the most probable piece, $T = 1$ is what the network believes, and $T \to \infty$ makes all pieces equally probable.
#
# ### Top-k and top-p
#
# Even at $T = 1$ there is a tail: thousands of pieces, each improbable, together not. Draw long enough and you get one of them, and the text has to go on from there. **Top-k** keeps only the $k$ most probable ([Fan et al., 2018](https://arxiv.org/abs/1805.04833)). But how many are sensible depends on the place: after *United* there is one, after *the* there are hundreds. **Top-p** (*nucleus sampling*, [Holtzman et al., 2019](https://arxiv.org/abs/1904.09751)) keeps the fewest that together have the probability $p$. What is left is divided by its sum.


# %%
def with_temperature(logits, temperature):
    """Scores (rows, pieces) -> probabilities."""
    return softmax(logits / temperature)


def top_k(probabilities, k):
    """Keep the k most probable pieces of each row."""
    smallest = np.sort(probabilities, axis=-1)[:, -k][:, None]
    kept = np.where(probabilities >= smallest, probabilities, 0)
    return kept / kept.sum(axis=-1, keepdims=True)


def top_p(probabilities, share):
    """Keep, in each row, the fewest pieces whose probabilities add up to at least `share`."""
    order = np.argsort(-probabilities, axis=-1)
    ordered = np.take_along_axis(probabilities, order, axis=-1)
    before = np.cumsum(ordered, axis=-1) - ordered  # what the more probable ones have together
    kept = np.zeros_like(probabilities)
    np.put_along_axis(kept, order, np.where(before < share, ordered, 0), axis=-1)
    return kept / kept.sum(axis=-1, keepdims=True)


# %%
beginnings = ["The people of the United", "And now I want to speak of the"]
scores = np.concatenate([next_logits(author, [author_pieces(text)], LONGER) for text in beginnings])
probabilities = with_temperature(scores, 1)
nucleus = (top_p(probabilities, 0.9) > 0).sum(axis=1)
for text, row, size in zip(beginnings, probabilities, nucleus, strict=True):
    best = ", ".join(f"{author_pieces.pieces[k]!r} {row[k]:.2f}" for k in np.argsort(-row)[:5])
    print(f"{text} … {best}; top-p of 0.9 keeps {size} of 2000 pieces")

# %%
# Drawing: what temperature, top-k and top-p make of one distribution.
row = scores[1:2]
first = np.argsort(-row[0])[:25]
kinds = {"T = 0.5": with_temperature(row, 0.5), "T = 1": probabilities[1:], "T = 2": with_temperature(row, 2)}
kinds |= {"top-k, k = 10": top_k(probabilities[1:], 10), "top-p, p = 0.5": top_p(probabilities[1:], 0.5)}
figure, five = plt.subplots(1, 5, figsize=(11, 4.6), sharey=True, sharex=True)
for axes, (name, values) in zip(five, kinds.items(), strict=True):
    axes.barh(range(25), values[0, first], color=plots.COLOURS[4], edgecolor="black", linewidth=0.5)
    axes.set(xlabel="probability", ylabel="next piece", title=name)
    axes.label_outer()
five[0].set_yticks(range(25), [author_pieces.pieces[k].replace("\n", "¶").strip() or "(blank)" for k in first])
five[0].invert_yaxis()
rest = {name: 1 - values[0, first].sum() for name, values in kinds.items()}
plots.show(
    figure,
    alt=f"Probabilities of the 25 likeliest pieces after “{beginnings[1]}”, five ways. The likeliest has {kinds['T = 0.5'][0, first[0]]:.2f} at temperature 0.5, {kinds['T = 1'][0, first[0]]:.2f} at 1 and {kinds['T = 2'][0, first[0]]:.2f} at 2. Top-k with 10 cuts after the tenth. All pieces that are not drawn have together {rest['T = 1']:.2f} at temperature 1 and {rest['T = 2']:.2f} at 2.",
)


# %% [markdown]
# ### The checkpoint writes
#
# Four temperatures, two beginnings. Read them aloud. (*Moby Dick* is of 1851, and a language model repeats the words of its books, also those that nobody should use for people today. It has no idea of what it says; what it read is all it has.)


# %%
def chooser(temperature=1.0, share=1.0):
    """A function that draws one piece per row."""

    def choose(logits):
        chances = top_p(with_temperature(logits, temperature), share)
        return np.array([random.choice(len(row), p=row) for row in chances])

    return choose


for beginning in ("The old captain", "My fellow Americans,"):
    for temperature in (0.1, 0.7, 1.0, 1.6):
        (text,) = write(author, author_pieces, beginning, 60, LONGER, chooser(temperature))
        print(f"T = {temperature}: {text.replace(chr(10), ' ¶ ')}\n")

# %% [markdown]
# Can one measure that? Two shares: how many of the written **words exist** in the books, and how many of the three-word sequences are **new within the text** (a text in circles has few). A good writer needs both.

# %%
real_words = set(re.findall(r"[A-Za-z]+", both))
ways = [
    ("T = 0.1", 0.1, 1),
    ("T = 0.4", 0.4, 1),
    ("T = 0.7", 0.7, 1),
    ("T = 1", 1, 1),
    ("T = 1.4", 1.4, 1),
    ("T = 1, top-p 0.9", 1, 0.9),
]
exist, varied = {}, {}
for name, temperature, share in ways:
    found = write(author, author_pieces, "It was", 80, LONGER, chooser(temperature, share), rows=4)
    found = [re.findall(r"[A-Za-z]+", text) for text in found]
    triples = [list(zip(words, words[1:], words[2:])) for words in found]
    exist[name] = float(np.mean([word in real_words for words in found for word in words[:-1]]))
    varied[name] = float(np.mean([len(set(each)) / len(each) for each in triples]))
    print(f"{name:<17}: {exist[name]:.1%} of the words exist, {varied[name]:.0%} of the triples are new")

# %%
# Drawing: the two shares.
figure, axes = plt.subplots(figsize=(8, 3.6))
for values, marker, name in (
    (exist, "-o", "words that exist"),
    (varied, "--s", "three-word sequences not said before"),
):
    shares = [100 * share for share in values.values()]
    axes.plot(range(5), shares[:5], marker, label=name)
    axes.plot(5, shares[5], marker[-1], color=axes.lines[-1].get_color(), markersize=9)
axes.set_xticks(range(6), list(exist))
axes.set(
    xlabel="how the next piece is drawn",
    ylabel="share (%)",
    ylim=(0, 104),
    title="Timid repeats itself, bold invents words",
)
axes.legend(loc="lower center")
plots.show(
    figure,
    alt=f"Share of existing words and of new three-word sequences for five temperatures and for top-p. Temperature 0.1: {exist['T = 0.1']:.0%} and {varied['T = 0.1']:.0%}; 0.7: {exist['T = 0.7']:.0%} and {varied['T = 0.7']:.0%}; 1: {exist['T = 1']:.0%} and {varied['T = 1']:.0%}; 1.4: {exist['T = 1.4']:.0%} and {varied['T = 1.4']:.0%}; top-p of 0.9 at temperature 1: {exist['T = 1, top-p 0.9']:.0%} and {varied['T = 1, top-p 0.9']:.0%}.",
)

# %% [markdown]
# ### The unicorns
#
# In February 2019 OpenAI showed what 1.5 billion weights and 40 GB of text make of two sentences about scientists who find a herd of unicorns in the Andes: a news report with an invented professor, his quotations and a theory ([the announcement](https://openai.com/index/better-language-models/), with the text; it was the best of ten tries). It was the moment when many understood that *predicting the next word* leads far. If you are online, the next cell lets the real GPT-2, in its smallest size, try. It needs `pip install keras-hub` and loads about 500 MB; without that our own GPT goes on instead.

# %%
UNICORNS = "In a remote valley of the Andes, scientists have found a herd of unicorns. To their surprise, the animals spoke perfect English."
if os.environ.get("COURSE_GPT2") == "1":
    import keras_hub

    gpt2 = keras_hub.models.GPT2CausalLM.from_preset("gpt2_base_en")
    gpt2.compile(sampler=keras_hub.samplers.TopPSampler(p=0.9, seed=ready.seed))
    print(gpt2.generate(UNICORNS, max_length=200))
else:
    print(
        "GPT-2 was not loaded. Online: pip install keras-hub, then os.environ['COURSE_GPT2'] = '1', and run this cell again."
    )
    (text,) = write(author, author_pieces, UNICORNS, 50, LONGER, chooser(0.8, 0.9))
    print("Our GPT, which has read one novel and some speeches, goes on:", text[len(UNICORNS) :].replace("\n", " ¶ "))

# %% [markdown]
# Two remarks for those who build such things. Our `write` computes the whole window anew for every piece; real systems keep the keys and values of earlier pieces (**KV cache**) and compute only the new row, which the causal mask allows, since nothing earlier ever changes. And a language model that *continues* texts is not yet one that *answers*: for that it is trained further on dialogues, and by people's preferences (*instruction tuning*, *RLHF*: [Ouyang et al., 2022](https://arxiv.org/abs/2203.02155)). The architecture stays the same, the weights change.

# %% [markdown]
# ## 6 · BERT: reading in both directions
#
# GPT reads from left to right, because it wants to write. Whoever only wants to *understand* may look at both sides of a word. That is the idea of **BERT** ([Devlin et al., 2018](https://arxiv.org/abs/1810.04805)): an encoder without causal mask, and since "guess the next word" would be no riddle when the next word is in view, another riddle takes its place:
#
# - **masked language model**: hide some of the words, guess them from everything around;
# - **next-sentence prediction**: two sentences, does the second follow the first in the text, or was it drawn somewhere else?
#
# Nobody has to write labels for either, the text is its own teacher (*self-supervised*). Afterwards the network is taken over, as on day 08, and tuned to a task with few labels. We do all three in small.
#
# ### The masked language model
#
# Our encoder is MiniLM, which day 13 has introduced: six blocks, 384 wide. Its history is curious: it never guessed a masked word itself. It learned to imitate how a BERT-like teacher distributes its attention ([Wang et al., 2020](https://arxiv.org/abs/2002.10957)), and then to compare whole sentences. So we teach it the riddle here. The text: film sentences, as on day 13; 800 of the training sentences are laid aside for choices.

# %% tags=["masked"]
film_sentences = data.load("movie_sentences")
pieces = pretrained.WordPiece()
LENGTH, MASK = 32, pieces.numbers["[MASK]"]
is_word = np.array([piece.isascii() and piece.isalpha() for piece in pieces.vocabulary])
goes_on = np.array([piece.startswith("##") for piece in pieces.vocabulary])
train_rows, test_rows = (np.flatnonzero(film_sentences["split"] == part) for part in ("train", "test"))
choose_rows, fit_rows = np.split(np.random.default_rng(0).permutation(train_rows), [800])


def read(texts):
    """Texts -> tokens (texts, LENGTH); where a text is longer, its end is cut off."""
    return pieces(texts, length=LENGTH)


def whole_words(tokens):
    """True where a piece is a word by itself and not the beginning or the end of one."""
    return is_word[tokens] & ~np.pad(goes_on[tokens[:, 1:]], [(0, 0), (0, 1)])


film_tokens = read(film_sentences["text"])
fit_tokens = film_tokens[fit_rows]
often = np.bincount(fit_tokens[whole_words(fit_tokens)], minlength=len(is_word))
GUESSES = np.argsort(-often, kind="stable")[:3000]  # the words that may be guessed
number_of = np.full(len(is_word), -1)
number_of[GUESSES] = np.arange(len(GUESSES))

# %% [markdown]
# Words that may be guessed are the 3,000 most frequent of the training part; a hidden word that is not among them counts as *wrong* for everybody. BERT hides 15 % of the tokens; we hide whole words only.


# %% tags=["masked"]
def hide_words(tokens, share, random):
    """Put [MASK] in the place of some whole words.

    Returns (tokens with masks, places of the masks, numbers of the hidden words among GUESSES); the last two have the
    shape (texts, most masks in a text); a number of -1 is a word that cannot be guessed, -2 no mask at all.
    """
    draw = np.where(whole_words(tokens), random.random(tokens.shape), 2)
    count = np.maximum(np.round(share * (draw < 2).sum(axis=1)), 1)
    hidden = (draw.argsort(axis=1).argsort(axis=1) < count[:, None]) & (draw < 2)
    places = np.argsort(~hidden, axis=1, kind="stable")[:, : hidden.sum(axis=1).max()]
    numbers = number_of[np.take_along_axis(tokens, places, axis=1)]
    numbers = np.where(np.take_along_axis(hidden, places, axis=1), numbers, -2)
    return np.where(hidden, MASK, tokens), places, numbers


example = film_tokens[test_rows[:3]]
for row in hide_words(example, 0.15, np.random.default_rng(1))[0]:
    print(" ".join(pieces.vocabulary[number] for number in row if number))

# %% [markdown]
# **First, what does counting reach?** The honest rival is not chance, it is a **look-up**: which words stood between these two neighbours in the training text? Where the pair of neighbours is new, back off: the probability after the left neighbour, times that before the right one, divided by the word's frequency, which would otherwise count twice; where even these are rare, the frequencies alone. `blend` is the rule for backing off: pretend to have seen `weight` more words, distributed as the simpler rule says.


# %%
def count_table(keys, words):
    """Which word stood at which key, how often: (known keys in order, sparse counts)."""
    known, index = np.unique(keys, return_inverse=True)
    return known, sparse.csr_matrix((np.ones(len(words)), (index, words)), shape=(len(known), len(GUESSES)))


def counts_at(table, keys):
    """Counts of the 3,000 words at these keys, zeros where a key is new: (keys, 3000)."""
    known, counts = table
    row = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return counts[row].toarray() * (known[row] == keys)[:, None]


def blend(counts, simpler, weight):
    """Counted shares, filled up by a simpler rule."""
    return (counts + weight * simpler) / (counts.sum(axis=1, keepdims=True) + weight)


def pair_key(left, right):
    """One number for a pair of neighbours."""
    return left.astype("int64") * 100_000 + right


def read_tables(tokens):
    """The four tables of the look-up: frequencies, by left neighbour, by right neighbour, by both."""
    rows, columns = np.nonzero(whole_words(tokens) & (number_of[tokens] >= 0))
    word, left, right = number_of[tokens[rows, columns]], tokens[rows, columns - 1], tokens[rows, columns + 1]
    frequency = (np.bincount(word, minlength=len(GUESSES)) + 1) / (len(word) + len(GUESSES))
    return frequency, *(count_table(key, word) for key in (left, right, pair_key(left, right)))


# %%
def look_up(tables, left, right):
    """Neighbours -> probabilities of the 3,000 words: (masks, 3000)."""
    frequency, by_left, by_right, by_both = tables
    after, before = (blend(counts_at(*pair), frequency, 20) for pair in ((by_left, left), (by_right, right)))
    product = after * before / frequency
    product /= product.sum(axis=1, keepdims=True)
    return blend(counts_at(by_both, pair_key(left, right)), product, 5)


def riddles(rows):
    """Hide 15 % of the words of sentences: a dictionary with everything that a guesser may know, and the answers."""
    masked, places, numbers = hide_words(film_tokens[rows], 0.15, np.random.default_rng(0))
    row, column = np.nonzero(numbers > -2)
    place = places[row, column]
    neighbours = {"left": masked[row, place - 1], "right": masked[row, place + 1]}
    return {"masked": masked, "places": places, "numbers": numbers, "answer": numbers[row, column]} | neighbours


def is_among_first(probabilities, answer, top=5):
    """Which of the answers are among the `top` likeliest words: (masks,), True or False."""
    own = np.take_along_axis(probabilities, np.maximum(answer, 0)[:, None], axis=1)
    return ((probabilities > own).sum(axis=1) < top) & (answer >= 0)


def among_first(probabilities, answer, top=5):
    """Their share."""
    return float(is_among_first(probabilities, answer, top).mean())


# %%
book_text = [books[name] for name in ("moby_dick_train", "speeches_train")]
book_sentences = [part for text in book_text for part in re.split(r"(?<=[.!?;])\s+", text)]
book_tokens = read([part for part in book_sentences if 6 <= len(part.split()) <= 40])
choose, final = riddles(choose_rows), riddles(np.random.default_rng(0).permutation(test_rows)[:1200])
tables = {"films": read_tables(fit_tokens), "films and books": read_tables(np.concatenate([fit_tokens, book_tokens]))}
guess = {name: look_up(table, choose["left"], choose["right"]) for name, table in tables.items()}
for name, probabilities in guess.items():
    print(f"look-up from {name}: {among_first(probabilities, choose['answer']):.3f} (top 5, sentences laid aside)")
best_table = tables[max(guess, key=lambda name: among_first(guess[name], choose["answer"]))]

# %% [markdown]
# **Now the network.** It ends as BERT does: what a block says at the masked place goes through one dense layer and a norm, and its product with a word's row of the *input* table is the word's score. (Training begins with a copy of that table, and may then change the copy.) Two things make it cheap. The two lower blocks stay as they are, so they run once, *on the masked text*, and their answers are kept. And in the last block that we use, the third, only the masked places need to *ask*: all tokens give keys and values, but queries, and all that comes after, are computed for these few places only.


# %% tags=["masked"]
def word_guesser(encoder):
    """States of block 2, tokens, places -> logits of the 3,000 words at these places: (texts, places, 3000)."""
    states = keras.Input((None, 384), name="states")
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    places = keras.Input((None,), dtype="int32", name="places")
    attend, norm1, wide, narrow, norm2 = (
        encoder.get_layer(f"block3_{part}") for part in ("attention", "attention_norm", "wide", "narrow", "norm")
    )
    asking = ops.take_along_axis(states, places[:, :, None], axis=1)  # only the masks ask; all tokens answer
    x = norm1(asking + attend(asking, states, attention_mask=ops.not_equal(tokens, 0)[:, None, :]))
    x = norm2(x + narrow(wide(x)))
    x = layers.LayerNormalization(gamma_initializer=keras.initializers.Constant(0.5))(
        layers.Dense(384, activation="gelu", name="transform")(x)
    )
    words = layers.Dense(len(GUESSES), name="words")
    network = keras.Model([states, tokens, places], words(x), name="word_guesser")
    table = ops.convert_to_numpy(encoder.get_layer("pieces").embeddings)
    words.set_weights([table[GUESSES].T, np.log((often[GUESSES] + 1) / often[GUESSES].sum()).astype("float32")])
    return network


# %% tags=["masked"]
def batches_of(tokens, size, random=None):
    """Rows in batches of like length (a multiple of 4), in random order if `random` is given: list of (rows, length)."""
    used = (tokens != 0).sum(axis=1)
    order = np.argsort(used + (0 if random is None else random.uniform(0, 3, len(used))), kind="stable")
    parts = [(rows, -(-used[rows].max() // 4) * 4) for rows in np.array_split(order, -(-len(order) // size))]
    return parts if random is None else [parts[number] for number in random.permutation(len(parts))]


def states_of(model, tokens):
    """What a model says of every token, 16 bits each: (texts, LENGTH, 384)."""
    states = np.zeros((*tokens.shape, 384), "float16")
    for rows, length in batches_of(tokens, 64):
        states[rows, :length] = model.predict_on_batch(tokens[rows, :length])
    return states


def train_guesser(network, states, masked, places, numbers, plan):
    """One step per batch of the plan; return the losses."""
    weight = (numbers >= 0).astype("float32")
    losses = []
    for rows, length in plan:
        inputs = [states[rows, :length].astype("float32"), masked[rows, :length], np.minimum(places[rows], length - 1)]
        share = weight[rows].size / max(weight[rows].sum(), 1)  # the mean over the words that count
        answers = np.maximum(numbers[rows], 0)
        losses.append(float(network.train_on_batch(inputs, answers, sample_weight=share * weight[rows])))
        network.reset_metrics()
    return losses


# %% [markdown]
# A short training first, twice over 1,500 sentences with 30 % of the words hidden (more riddles per sentence that is read; the test hides 15 %), to see it learn.

# %%
reader = pretrained.minilm()
lower = keras.Model(reader.input, reader.get_layer("block2_norm").output)
keras.utils.set_random_seed(ready.seed)
guesser = word_guesser(reader)
random = np.random.default_rng(ready.seed)
masked, places, numbers = hide_words(fit_tokens[random.choice(len(fit_tokens), 1500, replace=False)], 0.3, random)
states = states_of(lower, masked)
plan = [part for _ in range(2) for part in batches_of(masked, 32, random)]
rate = keras.optimizers.schedules.CosineDecay(1e-4, len(plan), warmup_target=1e-3, warmup_steps=len(plan) // 10)
guesser.compile(keras.optimizers.AdamW(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
masked_losses = train_guesser(guesser, states, masked, places, numbers, plan)
print(
    f"{len(plan)} steps; loss of the first and last ten: {np.mean(masked_losses[:10]):.2f}, {np.mean(masked_losses[-10:]):.2f}"
)


# %%
def guesses(network, riddle):
    """Probabilities of the 3,000 words at every mask, in the order of riddle["answer"]: (masks, 3000)."""
    masked, places, numbers = riddle["masked"], riddle["places"], riddle["numbers"]
    logits = np.zeros((*numbers.shape, len(GUESSES)), "float32")
    for rows, length in batches_of(masked, 64):
        states = lower.predict_on_batch(masked[rows, :length])
        logits[rows] = network.predict_on_batch([states, masked[rows, :length], np.minimum(places[rows], length - 1)])
    logits = logits[numbers > -2]
    return softmax(logits)


top_5 = {
    "always the most frequent words": among_first(np.tile(best_table[0], (len(final["answer"]), 1)), final["answer"]),
    "look-up, left and right": among_first(look_up(best_table, final["left"], final["right"]), final["answer"]),
    "network, trained here": among_first(guesses(guesser, final), final["answer"]),
}
for name, share in top_5.items():
    print(f"{name:<32} {share:.3f} of {len(final['answer'])} hidden words among the first five guesses")

# %% [markdown]
# It learns, and such a short training does not beat a look-up. The same network after a longer one, five rounds over the film sentences and 6,000 sentences of the two books, lies beside this lesson (`checkpoints/train_masked.py` made it, from the very cells above). The look-up was offered the same texts, even all sentences of the books.

# %%
about_masked = pretrained.checkpoint("day15_transformers", "masked", guesser)
print(f"checkpoint: {about_masked['minutes']} minutes on {about_masked['machine'].split(',')[0]}")
network_choose, network_final = guesses(guesser, choose), guesses(guesser, final)
look_final = look_up(best_table, final["left"], final["right"])
look_choose = look_up(best_table, choose["left"], choose["right"])
shares = np.arange(0, 1.01, 0.1)
reached = [among_first(network_choose**share * look_choose ** (1 - share), choose["answer"]) for share in shares]
share = shares[int(np.argmax(reached))]
top_5["network, checkpoint"] = among_first(network_final, final["answer"])
top_5["network and look-up"] = among_first(network_final**share * look_final ** (1 - share), final["answer"])
for name, value in top_5.items():
    print(f"{name:<32} {value:.3f}")
print(f"(together: weight {share:.1f} for the network, chosen on the sentences laid aside)")
hit, hit_by_counting = (
    is_among_first(guessed, final["answer"]).astype(float) for guessed in (network_final, look_final)
)
margin = 1.96 * np.std(hit - hit_by_counting) / np.sqrt(len(hit))
gap = np.mean(hit - hit_by_counting)
print(f"network minus look-up: {gap:+.3f}, 95 % interval {gap - margin:+.3f} to {gap + margin:+.3f}")

# %%
row, column = np.nonzero(final["numbers"] > -2)
for mask in np.flatnonzero(final["answer"] >= 0)[[5, 40, 300, 700, 1200, 1800]]:
    text = pieces.vocabulary
    shown = [text[number] for number in final["masked"][row[mask]] if number][1:-1]
    print(" ".join(shown))
    place = final["places"][row[mask], column[mask]]
    print(f"   place {place}, hidden: {text[GUESSES[final['answer'][mask]]]}")
    for name, probabilities in (("look-up", look_final), ("network", network_final)):
        print(f"   {name}: " + ", ".join(text[GUESSES[word]] for word in np.argsort(-probabilities[mask])[:5]))

# %%
# Drawing: the five guessers.
figure, axes = plt.subplots(figsize=(8, 3))
names = list(top_5)[::-1]
hatches = ["" if "network" not in name else "//" for name in names]
bars = axes.barh(names, [top_5[name] for name in names], color=plots.COLOURS[4], edgecolor="black", hatch=hatches)
axes.bar_label(bars, fmt="%.3f", padding=3)
axes.set(xlabel="hidden word among the first five guesses (share)", ylabel="guesser", xlim=(0, 0.7))
axes.set_title("Hidden words of film sentences")
plots.show(
    figure,
    alt="Bars, share of hidden words among the first five guesses: "
    + "; ".join(f"{name} {value:.3f}" for name, value in top_5.items())
    + ".",
)

# %% [markdown]
# The trained network beats the look-up, if not by much (the look-up is strong, and our training was short: BERT's took four days on 16 Cloud TPUs, section 9); and the two together beat each of them. They know different things: the look-up which words stood *here* before, the network what the rest of the sentence is about. And some of the words nobody could guess.
#
# Why the *lower* blocks, when on day 13 the upper ones were the clever ones? MiniLM's upper blocks were trained to say what a whole *sentence* is about; the single hidden place probably counts for less there. Try it: put `block5_norm` for `block2_norm`, and `block6_` for `block3_`, train, and compare the line "network, trained here" (the checkpoint fits block 3 only, and would raise no error).

# %% [markdown]
# ### Does the second sentence follow the first?
#
# BERT's other riddle. Pairs from *Moby Dick*: a sentence and its successor, or a sentence and one drawn from anywhere in the same part of the book. BERT reads both at once; we take the cheaper way with two readings: MiniLM, frozen, turns every sentence into a vector (the mean over its tokens), and a logistic regression looks at how two vectors go together, number by number: their product and their distance. Its rival counts: how many words do the two sentences share, and how rare are they (the cosine of their TF-IDF vectors, day 13)?


# %%
def sentence_chain(text, count):
    """The first sentences of a text that follow each other, 5 to 40 words each: two lists, (one, the next one)."""
    ones, nexts = [], []
    for line in text.split("\n"):
        sentences = re.split(r"(?<=[.!?]) +", line)
        for one, following in zip(sentences, sentences[1:], strict=False):
            if all(5 <= len(sentence.split()) <= 40 for sentence in (one, following)):
                ones.append(one)
                nexts.append(following)
    return ones[:count], nexts[:count]


def with_strangers(ones, nexts, random):
    """Half true pairs, half with a successor from elsewhere: (pairs of row numbers, 1 for true)."""
    right = np.arange(len(ones))
    wrong = (right + random.integers(20, len(ones) - 20, len(ones))) % len(ones)
    pairs = np.concatenate([np.stack([right, right], axis=1), np.stack([right, wrong], axis=1)])
    return pairs, np.repeat([1, 0], len(ones))


random = np.random.default_rng(ready.seed)
unread = (
    books["moby_dick_validation"] + "\n" + books["moby_dick_test"]
)  # nothing in this experiment is chosen by these chapters
chains = {"train": sentence_chain(books["moby_dick_train"], 1300), "test": sentence_chain(unread, 600)}
pairs = {part: with_strangers(*chain, random) for part, chain in chains.items()}
for part, (ones, _) in chains.items():
    print(f"{part}: {len(ones)} true pairs and as many false ones")
print(f"true:  {chains['train'][0][3]} | {chains['train'][1][3]}")
stranger = pairs["train"][0][len(chains["train"][0]) + 3][1]
print(f"false: {chains['train'][0][3]} | {chains['train'][1][stranger]}")

# %%
encoder = pretrained.minilm(pooling="mean")


def vectors_of(texts, length=40):
    """One vector of length 1 per text, from the frozen MiniLM: (texts, 384)."""
    tokens = pieces(texts, length=length)
    vectors = np.zeros((len(texts), 384), "float32")
    for rows, longest in batches_of(tokens, 64):
        vectors[rows] = encoder.predict_on_batch(tokens[rows, :longest])
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


# A sentence is often the second of one pair and the first of the next: read it once.
everything = sorted({sentence for chain in chains.values() for side in chain for sentence in side}, key=len)
known = dict(zip(everything, vectors_of(everything), strict=True))
sides = {part: [np.array([known[sentence] for sentence in side]) for side in chain] for part, chain in chains.items()}
print(f"{len(everything)} different sentences read")


# %%
def features(part):
    """How two vectors go together, number by number: (pairs, 768)."""
    rows, _ = pairs[part]
    one, other = sides[part][0][rows[:, 0]], sides[part][1][rows[:, 1]]
    return np.concatenate([one * other, np.abs(one - other)], axis=1)


counts = TfidfVectorizer(sublinear_tf=True).fit(chains["train"][0])


def shared_words(part):
    """The cosine of the TF-IDF vectors of each pair: (pairs, 1)."""
    rows, _ = pairs[part]
    one, other = (counts.transform(side) for side in chains[part])
    return np.asarray(one[rows[:, 0]].multiply(other[rows[:, 1]]).sum(axis=1))


def careful_regression(strengths):
    """Logistic regression; how freely it may use the features is chosen within the training part (5 folds)."""
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    return GridSearchCV(pipeline, {"logisticregression__C": strengths}, cv=5)


follows = {}
for name, make in (("shared words", shared_words), ("MiniLM, frozen", features)):
    strengths = [1e-4, 1e-3, 1e-2, 1e-1] if make is features else [1.0]
    judge = careful_regression(strengths).fit(make("train"), pairs["train"][1])
    follows[name] = float(judge.score(make("test"), pairs["test"][1]))
    print(f"{name:<16} right for {follows[name]:.3f} of {len(pairs['test'][1])} new pairs (chance: 0.5)")

# %% [markdown]
# Better than counting, and far from certain; nor could you be: open the book anywhere and try. Later work dropped this riddle: guessing words alone taught as much or more ([Liu et al., 2019](https://arxiv.org/abs/1907.11692)), perhaps because the *topic* mostly gives the answer away ([Lan et al., 2019](https://arxiv.org/abs/1909.11942)).
#
# ### What do the heads look at?
#
# The weights of attention are probabilities, so they can be drawn. We compute them by hand as in section 2, from the weights of MiniLM: queries and keys of every head, their products, softmax.


# %%
def attention_weights(layer, x):
    """Weights of a MultiHeadAttention for one text x (tokens, 384), in NumPy: (heads, tokens asking, tokens asked)."""
    weights = {weight.path.split("/", 1)[1]: ops.convert_to_numpy(weight) for weight in layer.weights}
    query, key = (
        np.einsum("td,dhe->hte", x, weights[f"{part}/kernel"]) + weights[f"{part}/bias"][:, None]
        for part in ("query", "key")
    )
    return softmax(query @ key.swapaxes(1, 2) / np.sqrt(query.shape[-1]))


ends = ["embedding_norm"] + [f"block{number}_norm" for number in range(1, 6)]
inside = keras.Model(encoder.input, [encoder.get_layer(name).output for name in ends])
shown_text = "The old whale saw the ship, but it did not fear the men on board."
tokens = pieces([shown_text])
inputs = [ops.convert_to_numpy(states)[0] for states in inside(tokens)]  # what each block reads
block1 = encoder.get_layer("block1_attention")
_, theirs = block1(inputs[0][None], inputs[0][None], return_attention_scores=True)
weights_difference = float(np.abs(ops.convert_to_numpy(theirs)[0] - attention_weights(block1, inputs[0])).max())
print(f"largest difference between these weights and the layer's own: {weights_difference:.1e}")

# %% [markdown]
# Six blocks with twelve heads make 72 pictures. Which are worth looking at? Let us *measure* it: over 40 sentences, how much of its attention does a head give to the token just before, the one just after, to itself, and to `[CLS]` and `[SEP]`, which carry no word?

# %%
habits = {"one before": np.zeros((6, 12)), "one after": np.zeros((6, 12)), "itself": np.zeros((6, 12))}
habits["[CLS], [SEP]"] = np.zeros((6, 12))
probe_rows = np.random.default_rng(0).permutation(fit_rows)[:40]
states = inside.predict_on_batch(film_tokens[probe_rows])  # for each block what it reads: (40, LENGTH, 384)
for sentence, used in enumerate((film_tokens[probe_rows] != 0).sum(axis=1)):
    for block in range(6):
        layer = encoder.get_layer(f"block{block + 1}_attention")
        weights = attention_weights(layer, states[block][sentence, :used])
        inner = weights[:, 1:-1]  # the words ask
        place = np.arange(1, used - 1)
        for name, shift in (("one before", -1), ("one after", 1), ("itself", 0)):
            habits[name][block] += inner[:, place - 1, place + shift].mean(axis=1) / 40
        habits["[CLS], [SEP]"][block] += (inner[:, :, 0] + inner[:, :, -1]).mean(axis=1) / 40
chosen = {name: np.unravel_index(habit.argmax(), habit.shape) for name, habit in habits.items()}
for name, (block, head) in chosen.items():
    print(
        f"{name:<13} most in block {block + 1}, head {head + 1}: {habits[name][block, head]:.2f} (mean of all heads {habits[name].mean():.2f})"
    )

# %%
# Drawing: two heads.
shown_heads = [chosen["one before"], chosen["one after"]]
words = [pieces.vocabulary[number] for number in tokens[0]]
figure, grid = plt.subplots(1, 2, figsize=(11, 5.2))
for axes, (block, head) in zip(grid, shown_heads, strict=True):
    weights = attention_weights(encoder.get_layer(f"block{block + 1}_attention"), inputs[block])[head]
    axes.imshow(weights, vmin=0, vmax=1)
    axes.set_xticks(range(len(words)), words, rotation=90)
    axes.set_yticks(range(len(words)), words)
    axes.grid(visible=False)
    axes.set(xlabel="token that is looked at", ylabel="token that looks", title=f"Block {block + 1}, head {head + 1}")
figure.colorbar(grid[0].images[0], ax=grid, label="weight of attention", shrink=0.8)
plots.show(
    figure,
    alt=f"Two maps of attention over the tokens of “{shown_text}”, who looks in rows, at whom in columns. Left, block {shown_heads[0][0] + 1}, head {shown_heads[0][1] + 1}: bright just below the diagonal, each token looks at the one before ({habits['one before'].max():.2f} of the attention on average). Right, block {shown_heads[1][0] + 1}, head {shown_heads[1][1] + 1}: bright just above the diagonal, the token after it ({habits['one after'].max():.2f}).",
)

# %% [markdown]
# There are heads for the neighbour before and the neighbour after: exactly what a look-up has, found by training. Others rest on `[CLS]` and `[SEP]`, as if to say *nothing to fetch here*. ([Clark et al., 2019](https://arxiv.org/abs/1906.04341), found the same in BERT, and heads for objects of verbs and for pronouns.) A picture of attention is a picture of *where from*, not a proof of *why*: the values may be small where the weight is large.
#
# ### Few labels: frozen or tuned?
#
# Day 13 tuned MiniLM with 7,000 labelled sentences. Labels cost money; suppose there are only 150. Is it still worth touching the network, or is a logistic regression on its frozen vectors all that 150 labels can carry? We draw three times 150 sentences and test on the same 1,000 others. As on day 13, four blocks stay frozen and run once; rate and rounds were chosen on sentences laid aside, with other draws.

# %%
clear = film_sentences["score"].abs() > 1
positive = (film_sentences["score"] > 0).to_numpy("float32")
clear_fit, clear_test = (rows[clear.to_numpy()[rows]] for rows in (fit_rows, test_rows))
test_part = np.random.default_rng(0).permutation(clear_test)[:1000]
draws = [np.random.default_rng([ready.seed, number]).choice(clear_fit, 150, replace=False) for number in range(3)]
needed = np.concatenate([test_part, *draws])
needed_tokens = film_tokens[needed]
lower_four = keras.Model(encoder.input, encoder.get_layer("block4_norm").output)
upper = keras.Model([encoder.input, encoder.get_layer("block4_norm").output], encoder.output)
needed_states = states_of(lower_four, needed_tokens)
print(f"{len(test_part)} sentences to test, {positive[test_part].mean():.3f} of them positive; 3 × 150 to learn from")


def read_upper(model, rows):
    """What the upper part says of some of the needed rows."""
    answers = [None] * len(rows)
    for part, length in batches_of(needed_tokens[rows], 64):
        given = [needed_tokens[rows[part], :length], needed_states[rows[part], :length].astype("float32")]
        for place, answer in zip(part, model.predict_on_batch(given), strict=True):
            answers[place] = answer
    return np.array(answers)


frozen_vectors = read_upper(upper, np.arange(len(needed)))

# %% [markdown]
# One network serves all three draws: before each, its weights and the optimizer's memory are put back to the beginning. (Three networks would be traced by TensorFlow three times, which takes longer than the learning.)

# %%
BATCH, ROUNDS, PEAK = 16, 10, 2e-4
answer = layers.Dense(1, activation="sigmoid")(layers.Dropout(0.2)(upper.output))
tunable = keras.Model(upper.inputs, answer)
start = tunable.get_weights()
steps = ROUNDS * -(-150 // BATCH)
rate = keras.optimizers.schedules.CosineDecay(PEAK / 50, steps, warmup_target=PEAK, warmup_steps=steps // 10)
tunable.compile(keras.optimizers.AdamW(rate, weight_decay=0.01), "binary_crossentropy", jit_compile=fast.JIT)


def tune(rows, random):
    """Tune the two upper blocks on a few labelled rows, beginning from MiniLM's own weights."""
    tunable.set_weights(start)
    for state in tunable.optimizer.variables:  # moving means, and the number of steps done
        state.assign(ops.zeros(state.shape, state.dtype))
    for _ in range(ROUNDS):
        for part, length in batches_of(needed_tokens[rows], BATCH, random):
            chosen = rows[part]
            given = [needed_tokens[chosen, :length], needed_states[chosen, :length].astype("float32")]
            tunable.train_on_batch(given, positive[needed[chosen]][:, None])


# %%
few = {"frozen": [], "tuned": []}
for number in range(3):
    rows = len(test_part) + 150 * number + np.arange(150)
    labels, answers = positive[needed[rows]], positive[test_part]
    frozen = careful_regression([1e-4, 1e-3, 1e-2, 1e-1]).fit(frozen_vectors[rows], labels)
    few["frozen"].append(float(frozen.score(frozen_vectors[: len(test_part)], answers)))
    tune(rows, np.random.default_rng([ready.seed, number]))
    chance = read_upper(tunable, np.arange(len(test_part)))[:, 0]
    few["tuned"].append(float(np.mean((chance > 0.5) == answers)))
    print(f"draw {number + 1}: frozen {few['frozen'][-1]:.3f}, tuned {few['tuned'][-1]:.3f}")
tunable.set_weights(start)  # from here on MiniLM is its old self
for name, values in few.items():
    print(f"{name}: mean {np.mean(values):.3f}, from {min(values):.3f} to {max(values):.3f}")

# %% [markdown]
# Tuning wins on average, even with 150 labels. But the gain is small, and see how much hangs on *which* 150 sentences were drawn: the draws often differ by more than the two ways do. So compare both ways on the same draw, and let a validation part decide which is better on yours. The frozen way has its merits: it is computed once, it needs no choice of rate and rounds, and a hundred customers with a hundred tasks can share one network. (Between the two lies **LoRA**, [Hu et al., 2021](https://arxiv.org/abs/2106.09685): every matrix stays as it is, and beside it only the product of two narrow ones is learned, the narrow middle of day 01's exercise 2. It makes the fine-tuning of large models cheap.)

# %% [markdown]
# ## 7 · Sentence embeddings: search, summaries, a chatbot
#
# One vector per text, and texts of like meaning lie close together: on this single idea stand search engines, recommendation, the sorting of inquiries, and the "retrieval" part of chatbots that look things up.
#
# ### Search by meaning
#
# The 1,000 test sentences of the last section already have their vectors. The question gets one too; the rest is a matrix product. Beside it, search by words: TF-IDF, which can only find texts that share a word with the question.


# %%
def unit(vectors):
    """Bring each vector to length 1, so that a product is a cosine."""
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


library = film_sentences["text"].iloc[test_part].tolist()
library_vectors = unit(frozen_vectors[: len(test_part)])
by_words = TfidfVectorizer(stop_words="english").fit(library)
for question in ("I nearly fell asleep", "a movie for the whole family", "brilliant performance by the leading lady"):
    cosines = library_vectors @ vectors_of([question])[0]
    word_scores = (by_words.transform(library) @ by_words.transform([question]).T).toarray()[:, 0]
    print(f"\n{question}")
    for row in np.argsort(-cosines)[:3]:
        print(f"   {cosines[row]:.2f}  {library[row]}")
    print(
        f"   by words ({word_scores.max():.2f}): {library[int(word_scores.argmax())] if word_scores.max() else 'nothing'}"
    )

# %% [markdown]
# Search by meaning finds what shares no word with the question: nobody wrote *fell asleep*, and yet a *sleep inducing thriller* and a *snoozer* are among the first three. It has its own blindness. A sentence *on* a family is near "for the whole family", whether it recommends the film to them or not: vectors of whole sentences say what a text is about, and are weak on *not* and on irony (day 13).
#
# ### Summarisation: a summary by extraction
#
# Which sentences say most of what a text says? Those that are **central**, close to many others. But five that are close to the *same* others say one thing five times. So we ask for representatives: five sentences such that every sentence of the text has one that is as near as possible. Choose the first so that the sum of all cosines to it is largest; the next so that it adds most to what is already represented; and so on ([Lin and Bilmes, 2011](https://aclanthology.org/P11-1052/), show that this simple greed never reaches less than 63 % of the best possible sum). Nothing is written anew, so nothing can be made up; nor is anything said more briefly. The text: the first speech of the test part, to the 84th Congress.

# %%
speech = [
    sentence
    for line in books["speeches_test"].split("\n\n")[0].split("\n")
    for sentence in re.split(r"(?<=[.!?]) +", line)
    if 8 <= len(sentence.split()) <= 40
]
speech_vectors = vectors_of(speech)
likeness = speech_vectors @ speech_vectors.T
summary, represented = [], np.zeros(len(speech))  # how near each sentence has its nearest one in the summary
for _ in range(5):
    gains = np.maximum(likeness, represented).sum(axis=1)  # of each sentence, if it were taken next
    summary.append(int(gains.argmax()))
    represented = np.maximum(represented, likeness[summary[-1]])
print(f"{len(speech)} sentences, in five:")
for row in sorted(summary):
    print(f"  {row + 1:>4}: {speech[row]}")

# %% [markdown]
# Is it better than five sentences drawn blindly? An independent ruler, one that knows no vectors: how many of the speech's thirty most frequent content words occur in the summary?

# %%
content = [set(re.findall("[a-z]{5,}", sentence.lower())) for sentence in speech]
frequent = {word for word, _ in Counter(word for words in content for word in words).most_common(30)}


def covered(rows):
    """Share of the frequent words that occur in these sentences."""
    return len(frequent & set.union(*(content[row] for row in rows))) / len(frequent)


blind = [covered(np.random.default_rng(number).choice(len(speech), 5, replace=False)) for number in range(200)]
longest = covered(np.argsort([-len(sentence) for sentence in speech])[:5])
print(
    f"frequent words covered: summary {covered(summary):.2f}, first five sentences {covered(range(5)):.2f}, the five longest {longest:.2f}, five at random {np.mean(blind):.2f} (90 % of the draws below {np.quantile(blind, 0.9):.2f})"
)

# %% [markdown]
# Better than blind, and better than the five longest, so it is not length alone. But it is one speech and one ruler.
#
# ### A chatbot that can say "I don't know"
#
# The simplest useful chatbot invents nothing: it has a list of questions with answers, finds the question that is nearest to yours, and gives its answer. All depends on one thing: **it must notice when nothing fits.** The nearest question is always *some* question. So it needs a threshold, and the threshold needs an honest choice.
#
# Here are 32 questions on this course with answers; then, for each, two other wordings, one to choose the threshold and one to test; and 40 questions that the list cannot answer, half of them for the choice. Some of these are nasty on purpose: they are on machine learning, but the list is silent about them.

# %%
FAQ = """
What is a learning rate? | The factor by which the gradient is multiplied in every step. Too large, and the loss jumps about or explodes; too small, and it hardly falls.
Why do we split data into training, validation and test? | The training part is learned from, the validation part is for choices, and the test part is looked at once, at the end, for an honest figure.
What is overfitting? | The network learns the training examples by heart: its training loss goes on falling while the validation loss rises again.
What does dropout do? | In training it sets a random share of the activations to zero, so that no unit can rely on a single other one. In use it does nothing.
What is a convolution? | A small window of weights that slides over the picture and looks for the same pattern everywhere.
What is max pooling for? | It keeps the largest value of each little square: the map gets smaller, and small shifts matter less.
What is an activation function? | The bend after each weighted sum, such as ReLU. Without it, many layers would be no more than one straight layer.
What does backpropagation compute? | The derivative of the loss with respect to every weight, from the last layer back to the first, by the chain rule.
What is batch normalisation? | It brings each channel of a batch to mean 0 and spread 1, then lets the network scale and shift it anew. Training gets faster and steadier.
What is data augmentation? | New training pictures from old ones: shifted, mirrored, cropped, brightened, with the label kept.
What is transfer learning? | Take a network that somebody trained on a large data set, keep its lower layers, and train a new head on your own few examples.
What is fine-tuning? | The pretrained layers themselves are trained a little further, at a small learning rate, on the new task.
What is an autoencoder? | A network that squeezes its input through a narrow middle and rebuilds it. What passes the middle is a short code of the input.
How does a GAN work? | Two networks compete: one makes pictures, the other tells made ones from real ones, and each learns from the other.
How do diffusion models make pictures? | They learn to remove a little noise from a picture, and then begin with pure noise and remove it step by step.
What is a recurrent network? | A network that reads a sequence one place after another and carries a state along, its memory of what came before.
"""

# %%
FAQ += """
Why do LSTMs have gates? | Gates decide what to forget, what to write and what to show, so that the memory and its gradient survive many steps.
What are vanishing gradients? | Derivatives that are multiplied through many layers or steps and become so small that the early ones hardly learn.
What is an embedding? | A table with one row of learned numbers for each word or category; things that are used alike get rows that are alike.
What is a token? | The unit a text is cut into before a network reads it: a character, a word, or a piece of a word.
What does attention compute? | Every place asks a question, compares it with the keys of all places, and takes the mean of their values, weighted by how well they fit.
What is the causal mask? | It forbids every place to look at later ones, so that a model that writes cannot peek at the word it should guess.
Why do transformers need positional encoding? | Attention by itself does not notice the order of its inputs; the encoding adds to each token where it stands.
What does the temperature do in sampling? | The logits are divided by it before the softmax: below 1 the text gets safer and duller, above 1 bolder and wilder.
What is the difference between BERT and GPT? | BERT reads in both directions and fills gaps, GPT reads from left to right and writes on.
What is cross-entropy? | The mean of the negative logarithm of the probability that the model gave to what really happened.
What is accuracy and when does it mislead? | The share of right answers. If 99 of 100 cases are harmless, who never raises an alarm has 99 % and is useless.
What is gradient descent? | Compute the slope of the loss, take a small step downhill with all weights, and repeat.
What does the Adam optimizer do? | It keeps running means of each gradient and its square, and gives every weight a step of its own size.
What is early stopping? | Training ends when the validation loss has not improved for some epochs, and the best weights are put back.
How can I detect objects in a picture? | A detector such as SSD or YOLO predicts boxes, classes and confidences over a grid; overlapping boxes are cleaned up by non-maximum suppression.
What is reinforcement learning? | An agent tries actions, gets rewards, and learns which actions pay in the long run.
"""


def lines_of(text):
    """Lines with | between their parts -> list of lists."""
    return [[part.strip() for part in line.split("|")] for line in text.split("\n") if line]


faq = lines_of(FAQ)
print(f"{len(faq)} questions with their answers, the first: {faq[0][0]}")

# %%
PARAPHRASES = """
How big should the steps of the optimizer be? | By what do I multiply the slope when I update the weights?
Why not test on the examples I trained with? | What are three separate sets of examples good for?
My model is perfect on known examples and bad on new ones | Training error goes down, validation error goes up, what is happening?
Randomly switching off neurons | Why are some units silenced while the network learns?
How does a filter slide over an image? | The layer that looks for the same little pattern everywhere in a photo
Why do we shrink feature maps by keeping the biggest value? | Taking the maximum of each 2 by 2 square
What is ReLU good for? | Why do layers need something nonlinear?
How are derivatives passed back through the layers? | How does the network find out the gradient for each weight?
Normalising each channel to zero mean and unit variance within the batch | Which layer standardises the activations of a mini-batch?
Can I get more training images by flipping and cropping? | Making variations of pictures so that the set gets larger
Can I reuse a network trained on ImageNet for my own photos? | Only a handful of labelled images, can somebody else's model help?
Continue training a pretrained model with a tiny step size | Should I also update the pretrained layers?
Compressing the input to a small code and rebuilding it | A net with a bottleneck that reproduces what it gets
A generator against a discriminator | Two networks play against each other, a forger and a detective
Images from pure noise, step by step | Denoising again and again until a photo appears
"""

# %%
PARAPHRASES += """
Which networks have a memory for sequences? | How do you process time series one value after the other?
What do the forget, input and output gates do? | Why is long short-term memory better at remembering?
Why do early layers learn so slowly in deep networks? | The gradient gets smaller and smaller on its way back
Representing words as vectors of numbers | How does a category become a row of trainable values?
Into which pieces is text split? | What unit does a language model read?
Queries, keys and values | How does each word look at the other words?
How do you stop a language model from seeing the future? | Hiding the words that come later
How does a transformer know the order of the words? | What are the sine and cosine waves added to the inputs?
How do I make generated text more or less random? | My language model writes boring text, which knob do I turn?
Should I use an encoder or a decoder model? | Which one fills gaps and which one continues the text?
Which loss is used for classification? | Negative log likelihood of the right class
Is 99 percent right always good? | Why is the share of right answers useless for rare diseases?
How does a network find the minimum of the loss? | Rolling downhill step by step
Which optimizer adapts the step for each weight? | Running averages of gradients and of their squares
When should I stop training? | Finish when the validation loss no longer improves
Finding cars and people with bounding boxes | Locating several things in one photo
Learning by trial and error from rewards | How does a program learn to play a game by itself?
"""
paraphrases = np.array(lines_of(PARAPHRASES))

# %%
UNANSWERABLE = """
How tall is the Eiffel Tower? | Who won the football world cup in 2014?
What should I cook tonight? | How do I get a stain out of my shirt?
When does the next train to Hamburg leave? | Where is the nearest pharmacy?
What is the capital of Australia? | Which river flows through Vienna?
How do I file my taxes? | How much is a stamp for a letter abroad?
What is a good name for a cat? | How long do tortoises live?
Who painted the Mona Lisa? | Who wrote The Magic Mountain?
How do I install a printer driver? | How do I reset my phone?
What does this course cost? | Do I get a certificate at the end?
Who teaches this course? | In which room is the lecture?
How do I write a loop in JavaScript? | What is a pointer in C?
How does a relational database store tables? | How do I sort a list in Excel?
Which laptop should I buy? | How do I connect a second monitor?
What is a support vector machine? | How does k-means clustering work?
How does a decision tree choose its splits? | What is a random forest?
What is quantum computing? | How does a blockchain work?
What is Bayes' theorem? | What is the central limit theorem?
How do I deploy a model with Docker? | How do I rent a GPU in the cloud?
How does photosynthesis work? | Why is the sky blue?
Will robots take my job? | Is artificial intelligence conscious?
"""
unanswerable = np.array(lines_of(UNANSWERABLE))
print(f"{len(paraphrases)} questions in other words, twice: to choose the threshold, to test")
print(f"{len(unanswerable)} questions without an answer here, twice")

# %% [markdown]
# Three outcomes are possible for a question that has an answer: right, wrong, refused; two for one that has none: refused (right) or answered (wrong). A wrong answer is worse than none: it sends people off with something false and spoils the trust in the right ones. We count a wrong answer as −1, a refusal as 0, a right answer or a refusal in the right place as 1, and take the threshold with the largest sum. And with what should a question be compared: with the listed question, with its answer, or with the mean of both vectors? We take what most often has the right line nearest. Both choices are made *on the first set of questions*.

# %%
question_vectors, answer_vectors = (vectors_of([line[part] for line in faq], length=64) for part in (0, 1))
memories = {"question": question_vectors, "answer": answer_vectors, "both": unit(question_vectors + answer_vectors)}
asked = [vectors_of(paraphrases[:, part].tolist()) for part in (0, 1)]
foreign = [vectors_of(unanswerable[:, part].tolist()) for part in (0, 1)]


def outcomes(memory, part, threshold):
    """Shares (right, wrong, refused) of the questions with an answer, and of the others the share refused."""
    cosines, other = asked[part] @ memory.T, foreign[part] @ memory.T
    answers = cosines.max(axis=1) >= threshold
    hits = cosines.argmax(axis=1) == np.arange(len(memory))
    return np.mean(answers & hits), np.mean(answers & ~hits), np.mean(~answers), np.mean(other.max(axis=1) < threshold)


def gain(memory, part, threshold):
    """Right answers and right refusals count 1, wrong answers -1, refusals of a question with an answer 0."""
    right, wrong, _, refused = outcomes(memory, part, threshold)
    return len(asked[part]) * (right - wrong) + len(foreign[part]) * (2 * refused - 1)


# %%
thresholds = np.round(np.arange(0, 1, 0.01), 2)
gains = {name: [gain(memory, 0, value) for value in thresholds] for name, memory in memories.items()}
found_first = {
    name: float(np.mean((asked[0] @ memory.T).argmax(axis=1) == np.arange(len(faq))))
    for name, memory in memories.items()
}
best = max(found_first, key=found_first.get)
threshold = float(np.mean(thresholds[np.isclose(gains[best], max(gains[best]))]))
for name, values in gains.items():
    print(f"{name:<9} nearest is the right one for {found_first[name]:.3f}, largest sum {max(values):.0f}")
print(f"chosen: {best}, threshold {threshold:.2f}")

# %%
chat_right, chat_wrong, chat_refused, foreign_refused = outcomes(memories[best], 1, threshold)
print(f"test, 32 questions with an answer: right {chat_right:.3f}, wrong {chat_wrong:.3f}, refused {chat_refused:.3f}")
print(f"test, 20 questions without:        refused {foreign_refused:.3f}, answered {1 - foreign_refused:.3f}")
_, wrong_always, _, _ = outcomes(memories[best], 1, -1)
print(
    f"without a threshold: right {1 - wrong_always:.3f}, wrong {wrong_always:.3f}, and every foreign question answered"
)
words = TfidfVectorizer().fit([" ".join(line) for line in faq])
memory = words.transform([" ".join(line) for line in faq])
nearest = (words.transform(paraphrases[:, 1]) @ memory.T).toarray().argmax(axis=1)
found_by_words = float(np.mean(nearest == np.arange(len(faq))))
print(f"nearest by words (TF-IDF) instead of vectors: right {found_by_words:.3f} without a threshold")


def chatbot(question):
    """Answer from the list, or say that there is none."""
    cosines = memories[best] @ vectors_of([question])[0]
    row = int(cosines.argmax())
    return faq[row][1] if cosines[row] >= threshold else "I don't know. Please ask the course's forum."


cosines = asked[1] @ memories[best].T
answered = np.flatnonzero((cosines.max(axis=1) >= threshold) & (cosines.argmax(axis=1) == np.arange(len(faq))))
for question in (*paraphrases[answered[[0, -1]], 1], paraphrases[23, 1], unanswerable[0, 1], unanswerable[13, 1]):
    print(f"\n> {question}\n  {chatbot(question)}")

# %%
# Drawing: what the threshold trades.
curves = np.array([outcomes(memories[best], 1, value) for value in thresholds])
figure, axes = plt.subplots(figsize=(8, 4))
for column, (label, style) in enumerate((("right", "-"), ("wrong", "--"), ("refused", ":"))):
    axes.plot(thresholds, curves[:, column], style, label=f"has an answer: {label}")
axes.plot(thresholds, curves[:, 3], "-.", label="has none: refused")
axes.axvline(threshold, color="black", linewidth=1)
axes.set_title(f"One line decides: the chosen threshold, {threshold:.2f}")
axes.set(xlabel="threshold (cosine)", ylabel="share of the test questions", xlim=(0, 1), ylim=(0, 1))
axes.legend(loc="center right", frameon=True)
plots.show(
    figure,
    alt=f"Shares of the test questions against the threshold. With a higher threshold fewer answers are right and fewer wrong, more are refused, and more of the unanswerable questions are refused. At the chosen {threshold:.2f}: right {chat_right:.2f}, wrong {chat_wrong:.2f}, refused {chat_refused:.2f}; of the unanswerable {foreign_refused:.2f} refused.",
)

# %% [markdown]
# Careful, and modest: it refuses every foreign question or nearly so, about one in eight of its answers is wrong, and it pays for this by refusing about half of the questions that have an answer. Wordings that share hardly a telling word with their line, such as the one with the knob, are hard for so small a network. Without the threshold it would answer these too, nearly half of them wrongly, and all the foreign questions besides. The threshold is a decision about people, not about networks: how many "I don't know" are worth one wrong answer? A bank will weigh differently from a game. What we have built is the first half of **retrieval-augmented generation**: a large model is given the passages found and writes the answer from them ([Lewis et al., 2020](https://arxiv.org/abs/2005.11401)). The half that finds is the half that decides whether the answer has anything to stand on.

# %% [markdown]
# ## 8 · CLIP in small: pictures and words in one space
#
# Two encoders, one for pictures and one for texts, and a single rule: **a picture and its text shall be neighbours, a picture and another's text shall not.** That is CLIP ([Radford et al., 2021](https://arxiv.org/abs/2103.00020)), trained on 400 million pairs from the web. Afterwards one can search pictures by words, or let it name what it was never taught to name: *zero-shot*. We have 1,631 pairs: emoji and their names, without the flags (which country a flag belongs to cannot be seen, only known).
#
# To test honestly, variants of a test emoji should not stand in the training part: *man running* and *woman running*, the clock at four and at five, the red and the blue square. So the **groups** are split, not the emoji: a group is what remains of a name without the words for people, sides, sizes, colours and hours. (Some cousins slip through, such as *taxi* and *oncoming taxi*.)

# %%
emoji = data.load("emoji")
no_flag = emoji["classes"][emoji["labels"]] != "Flags"
names, opacity = emoji["names"][no_flag], emoji["images"][no_flag][..., 3:] / 255
emoji_pictures = (emoji["images"][no_flag][..., :3] * opacity + 255 * (1 - opacity)).astype("float32")  # on white
VARIANTS = """man men woman women person people boy girl boys girls adult older child father mother
facing left right leftwards rightwards up down upwards downwards upper lower pointing backhand north south east west
small medium large heavy light red orange yellow green blue purple brown black white grey pink
curly bald hair blond beard with and in of the a sign symbol face hand squared negative"""


def group_of(name):
    """What remains of a name without the words of variants."""
    for kind in ("clock face", "family", "keycap", "couple", "kiss", "ideograph", "moon", "heart"):
        if kind in name:
            return kind
    rest = [word for word in re.findall("[a-z]+", name) if word not in VARIANTS.split()]
    return " ".join(sorted(rest)) or name


groups = np.array([group_of(str(name)) for name in names])
kinds = np.random.default_rng(ready.seed).permutation(np.unique(groups))
test_kinds, choose_kinds = kinds[: len(kinds) // 5], kinds[len(kinds) // 5 : len(kinds) * 3 // 10]
clip_rows = {"test": np.isin(groups, test_kinds), "choose": np.isin(groups, choose_kinds)}
clip_rows["train"] = ~clip_rows["test"] & ~clip_rows["choose"]
clip_rows = {part: np.flatnonzero(inside) for part, inside in clip_rows.items()}
print(f"{len(names)} emoji in {len(kinds)} groups:", {part: len(rows) for part, rows in clip_rows.items()})
print("a group:", ", ".join(names[groups == group_of("man running")][:4]), "…")

# %% [markdown]
# With so few pairs both encoders must come with knowledge. Names are read by the frozen MiniLM. Pictures, brought from 32 to 96 pixels, are seen by EfficientNet-Lite0 (day 08), frozen too; it knows photographs, not emoji. Only two small **projections** are trained, each from the encoder's numbers to 128 in the common space. Each picture is seen twice, once mirrored, which gives a second example for nothing.

# %%
seeing = pretrained.efficientnet_lite0(include_top=False, input_shape=(96, 96, 3))
places_to_look = ["block3b_out", "block5c_out"]
look_inside = [layers.GlobalAveragePooling2D()(seeing.get_layer(name).output) for name in places_to_look]
look_inside.append(layers.GlobalAveragePooling2D()(seeing.output))
seer = keras.Model(seeing.input, layers.Concatenate()(look_inside))


def see(images):
    """Pictures (n, 32, 32, 3) from 0 to 255 -> features (n, 1432)."""
    images = ops.image.resize(images, (96, 96), interpolation="bicubic")
    return seer.predict(ops.clip(images, 0, 255), batch_size=64, verbose=0)


picture_features = np.stack([see(emoji_pictures), see(emoji_pictures[:, :, ::-1])])  # (2, emoji, 1432)
name_features = vectors_of([str(name) for name in names])
spread = picture_features[:, clip_rows["train"]].reshape(-1, picture_features.shape[-1])
picture_features = (picture_features - spread.mean(axis=0)) / (spread.std(axis=0) + 1e-3)
print(f"pictures: {picture_features.shape[1:]}, names: {name_features.shape}")

# %% [markdown]
# The loss is cross-entropy in a table. A batch of $n$ pairs gives $n \times n$ cosines; row $i$ asks *which name belongs to picture $i$?*, column $j$ *which picture belongs to name $j$?*, and the right answer is always on the diagonal:
#
# $$L = \tfrac12\Big(\text{CE}_\text{rows}\big(\tfrac{P T^\top}{\tau}\big) + \text{CE}_\text{columns}\big(\tfrac{P T^\top}{\tau}\big)\Big)$$
#
# Two hundred weights per training pair could learn the pairs by heart, so a strong dropout works on the pictures' features and a weak one on the names' (0.7 and 0.2, chosen on the part laid aside). The rows of $P$ and $T$ have length 1, and the **temperature** $\tau$ divides the cosines before the softmax, as in section 5: without it the largest possible difference of two logits would be 2, and the softmax could never be sure. CLIP learns $\tau$; so do we, as its logarithm.


# %%
class TwoTowers(keras.Model):
    """Two projections into one space, and the contrastive loss with a temperature that is learned."""

    def __init__(self, width=128):
        super().__init__()
        self.picture_dropout, self.name_dropout = layers.Dropout(0.7), layers.Dropout(0.2)
        self.of_pictures, self.of_names = layers.Dense(width), layers.Dense(width)
        self.log_temperature = self.add_weight(initializer=keras.initializers.Constant(np.log(0.1)), name="log_tau")

    def call(self, pair, training=False):
        picture = self.picture_dropout(pair[0], training=training)
        name = self.name_dropout(pair[1], training=training)
        return [ops.normalize(self.of_pictures(picture), axis=-1), ops.normalize(self.of_names(name), axis=-1)]

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        pictures, words = y_pred
        logits = ops.matmul(pictures, ops.transpose(words)) / ops.exp(self.log_temperature)
        right = ops.arange(ops.shape(logits)[0])
        tables = (logits, ops.transpose(logits))
        losses = [keras.losses.sparse_categorical_crossentropy(right, table, from_logits=True) for table in tables]
        return ops.mean(losses[0] + losses[1]) / 2


def in_first(towers, rows, top=5):
    """Share of names whose own picture is among the `top` nearest of these rows."""
    pictures, words = towers.predict_on_batch([picture_features[0, rows], name_features[rows]])
    cosines = words @ pictures.T
    return float(np.mean((cosines > np.diag(cosines)[:, None]).sum(axis=1) < top))


# %%
keras.utils.set_random_seed(ready.seed)
towers, random = TwoTowers(), np.random.default_rng(ready.seed)
EPOCHS, rows = 40, clip_rows["train"]
per_epoch = len(rows) // 128
rate = keras.optimizers.schedules.CosineDecay(2e-3, EPOCHS * per_epoch, 0.01)
towers.compile(keras.optimizers.AdamW(rate, weight_decay=0.05), jit_compile=fast.JIT)
clip_losses = []
for _ in range(EPOCHS):
    order = random.permutation(rows)
    losses = []
    for part in np.split(order[: per_epoch * 128], per_epoch):
        seen = picture_features[random.integers(0, 2, len(part)), part]
        losses.append(float(towers.train_on_batch([seen, name_features[part]])))
        towers.reset_metrics()
    clip_losses.append(np.mean(losses))
clip_top5, clip_chance = in_first(towers, clip_rows["test"]), 5 / len(clip_rows["test"])
temperature = float(np.exp(ops.convert_to_numpy(towers.log_temperature)))
print(f"loss {clip_losses[0]:.2f} -> {clip_losses[-1]:.2f}, temperature 0.10 -> {temperature:.3f}")
print(f"{len(clip_rows['test'])} test emoji: own picture among the five nearest for {clip_top5:.3f} of the names")
print(f"chance {clip_chance:.4f}: {clip_top5 / clip_chance:.0f} times as often")

# %% [markdown]
# None of these pictures was in the training part, and few of them have a near variant there; their names it never saw *with a picture*, though many of the single words. What does the work? MiniLM knows that *bus* is near *taxi* and *tram*; the network has seen pictures of such vehicles; and EfficientNet says that the bus's picture is like theirs, a box with windows on wheels. So let us search the test pictures with words of our own:

# %%
# Drawing: a search in the test pictures.
searches = ["food", "sea animal", "sad face", "a thing to drive in", "musical instrument", "where people live"]
gallery = clip_rows["test"]
gallery_vectors, _ = towers.predict_on_batch([picture_features[0, gallery], name_features[gallery]])
_, asked_vectors = towers.predict_on_batch([picture_features[0, : len(searches)], vectors_of(searches)])
figure, grid = plt.subplots(len(searches), 7, figsize=(8.5, 7.4), width_ratios=[2.6, *[1] * 6])
found = []
for line, question, vector in zip(grid, searches, asked_vectors, strict=True):
    nearest = gallery[np.argsort(-gallery_vectors @ vector)[:6]]
    found.append(f"{question}: {', '.join(names[nearest[:3]])}")
    line[0].text(1, 0.5, question, ha="right", va="center", fontsize=11)
    for axes, row in zip(line[1:], nearest, strict=True):
        axes.imshow(emoji_pictures[row].astype("uint8"))
        name = str(names[row])
        name = name if len(name) < 17 else name[:15] + "…"
        axes.set_title(name, fontsize=7, fontweight="normal", loc="center")
    for axes in line:
        axes.axis("off")
plots.show(
    figure,
    alt="For six searches in words the six nearest of the test emoji, in rows. The first three of each: "
    + "; ".join(found)
    + ".",
)

# %% [markdown]
# Judge for yourself, row by row: it finds vehicles, and faces, if not always sad ones; many other pictures are plainly wrong, although the training part holds some 90 pictures of food and 100 of animals and plants. A thousand pairs are few. The full CLIP has the same loss, but both its encoders are trained from nothing, on pairs as the web offers them. Its space steers many of the models that paint from words (day 10).

# %% [markdown]
# ## 9 · Large models in numbers
#
# What you have trained today differs from the famous models in scale, hardly in kind. The scale:
#
# | model | published | weights | training text | training took | source |
# |---|---|---|---|---|---|
# | BERT large | October 2018 | 0.34 billion | 3.3 billion words | 4 days on 16 Cloud TPUs | [paper](https://arxiv.org/abs/1810.04805) |
# | GPT-2 | February 2019 | 1.5 billion | 40 GB of text | not said | [paper](https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf), [card](https://github.com/openai/gpt-2/blob/master/model_card.md) |
# | GPT-3 | May 2020 | 175 billion | 300 billion tokens | 1,287 MWh (estimate) | [paper](https://arxiv.org/abs/2005.14165), [Patterson et al., 2021](https://arxiv.org/abs/2104.10350) |
# | Llama 2 70B | July 2023 | 70 billion | 2 trillion tokens | 1.72 million hours of an A100 GPU | [card](https://github.com/meta-llama/llama/blob/main/MODEL_CARD.md) |
# | Llama 3.1 405B | July 2024 | 405 billion | over 15 trillion tokens | 30.84 million hours of an H100 GPU | [card](https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/MODEL_CARD.md) |
# | DeepSeek-V3 | December 2024 | 671 billion, of which 37 billion work on a token | 14.8 trillion tokens | 2.664 million hours of an H800 GPU, 2.788 with all that followed | [report](https://arxiv.org/abs/2412.19437) |
#
# For the models behind ChatGPT, Claude or Gemini the makers publish neither weights nor sizes; figures for them that go around are guesses. Numbers of this kind age fast: each row tells what was published *then*.
#
# ### Arithmetic on the back of an envelope
#
# Training costs about **6 operations per weight and token** (2 forward, 4 backward: [Kaplan et al., 2020](https://arxiv.org/abs/2001.08361)). With hours and watts from the cards, we can compute what the table does not say: energy, and whether the published hours are plausible. A GPU's watts are those on the card (400 W for the A100, 700 W for the H100); a computing centre needs more, for cooling and everything around.

# %%
models = pd.DataFrame(
    {
        "weights at work (10⁹)": [70, 405, 37],
        "tokens (10¹²)": [2, 15, 14.8],
        "GPU hours (10⁶)": [1.72032, 30.84, 2.664],
        "watts": [400, 700, np.nan],  # no card of DeepSeek-V3 names a power
    },
    index=["Llama 2 70B", "Llama 3.1 405B", "DeepSeek-V3"],
)
operations = 6 * models["weights at work (10⁹)"] * 1e9 * models["tokens (10¹²)"] * 1e12
models["operations (10²⁴)"] = operations / 1e24
models["useful 10¹²/s per GPU"] = operations / (models["GPU hours (10⁶)"] * 1e6 * 3600) / 1e12
models["GPU energy (GWh)"] = models["GPU hours (10⁶)"] * models["watts"] / 1e3
models["years on one GPU"] = models["GPU hours (10⁶)"] * 1e6 / (24 * 365)
pd.set_option("display.width", 160)
print(models.round(2).T.to_string())

# %% [markdown]
# The published hours are plausible: 136 tera-operations per second on an A100, which promises 312 in 16 bits, and 328 on an H100, whose [data sheet](https://www.nvidia.com/en-us/data-center/h100/) promises about a thousand (twice that with every second weight zero).
#
# **What does it cost?** DeepSeek counts its hours at 2 dollars and arrives at 5.576 million dollars for the final training of V3, and says itself that research and failed attempts are not in it ([report](https://arxiv.org/abs/2412.19437), December 2024). An independent estimate for the largest trainings: tens of millions of dollars each for chips and for people, energy only 2–6 % of it, and a growth by 2.4 times per year since 2016 ([Cottier et al., 2024](https://arxiv.org/abs/2405.21015)).
#
# **And the power?** Meta states 11,390 tonnes of CO₂ equivalent for all Llama 3.1 models by the mix of the local grid, and 0 after purchases of green power ([card](https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/MODEL_CARD.md), July 2024): look closely which of the two a press release quotes. In use, Google measured 0.24 watt-hours for a median text prompt to Gemini, everything around the chips included ([Elsworth et al., 2025](https://arxiv.org/abs/2508.15734)); that is the *median* text prompt: pictures, video and the training are not in it. All computing centres together used about 415 TWh in 2024, 1.5 % of the world's electricity, and the International Energy Agency expects about 945 TWh in 2030, with AI as the main reason ([IEA, April 2025](https://www.iea.org/reports/energy-and-ai)).
#
# ### Small models on your own computer
#
# Not every task needs the largest. Models with open weights run on a laptop, without internet, and what you type stays with you. The usual way is **[ollama](https://github.com/ollama/ollama)**: install it from [ollama.com](https://ollama.com), then in a terminal
#
# ```bash
# ollama run llama3.2        # fetches 3 billion weights (2.0 GB) the first time, then you can chat
# ollama list                # what is there, and how large
# ollama rm llama3.2         # gives the space back
# ```
#
# and from Python, since it answers on your own machine at port 11434 ([its interface](https://github.com/ollama/ollama/blob/main/docs/api.md)):
#
# ```python
# import requests
# question = {"model": "llama3.2", "prompt": "Why is the sky blue?", "stream": False}
# print(requests.post("http://localhost:11434/api/generate", json=question).json()["response"])
# ```
#
# **What fits?** Memory = weights × bits per weight / 8, plus something for the context. Models are trained in 16 bits; for use they are rounded to 8 or 4 (*quantised*), at a small loss. This course's MiniLM is stored in 8 bits for the same reason (and the file is compressed besides).

# %%
bits = pd.DataFrame(
    {f"{bits} bits": [f"{weights * bits / 8:.1f} GB" for weights in (1, 3, 8, 70, 405)] for bits in (32, 16, 8, 4)},
    index=[f"{weights} billion weights" for weights in (1, 3, 8, 70, 405)],
)
print(bits.to_string())
this_course = data.ROOT / "data" / "minilm.npz"
print(
    f"MiniLM: {encoder.count_params() / 1e6:.1f} million weights, {this_course.stat().st_size / 1e6:.1f} MB on disk with its vocabulary"
)

# %% [markdown]
# ollama lists Llama 3.2 with 3 billion weights at 2.0 GB, Llama 3.1 with 8 billion at 4.7 GB and with 405 billion at 231 GB, and advises at least 8 GB of memory for models of 7 billion weights, 16 GB for 13, 32 GB for 33 ([its page](https://github.com/ollama/ollama), in 2025). Divide: that is 4.6 to 5.3 bits per weight, since some tables are kept finer. So 16 GB of memory are enough for a model of 8 billion weights; it will write a few words per second on a processor, faster on a graphics card. It knows less than the large ones and makes more up. Ask it something that you know well, and keep the chatbot of section 7 in mind, which is too small to make anything up.

# %% [markdown]
# ## 10 · What you should see
#
# Each result is held against the range over three seeds, with some room.

# %%
expect("attention by hand minus layers.Attention", plain_difference, low=0, high=1e-5)
expect("several heads by hand minus MultiHeadAttention", head_difference, low=0, high=1e-5)
expect("causal mask by hand minus Keras", mask_difference, low=0, high=1e-5)
expect("causal mask: change of earlier outputs", leak["with the mask"], low=0, high=1e-6)
expect("without mask: change of earlier outputs", leak["without"], low=1e-3)
expect("no positions: change when words are shuffled", no_order, low=0, high=1e-5)
expect("positions added: change when words are shuffled", with_order, low=0.05)
expect("transformer block: weights counted by hand, minus Keras", counted - one_block.count_params(), low=0, high=0)
expect("time per step at 16 tokens, GRU / attention", timed["GRU"][0] / timed["self-attention"][0], low=1)
expect("pieces: the test text comes back exactly (1 = yes)", same_again, low=1, high=1)
expect("GPT: change of earlier predictions by the last piece", peeking, low=0, high=1e-4)
expect("5-gram, test (bits per character)", test_bits["5-gram"], low=2.19, high=2.23)
expect("GPT, test (bits per character)", test_bits["our GPT"], low=2.08, high=2.17)
expect("GPT minus 5-gram, test (bits per character)", test_bits["our GPT"] - test_bits["5-gram"], low=-0.15, high=-0.04)
expect_learned("GPT", [np.mean(part) for part in np.array_split(gpt_losses, 20)], factor=0.75)
expect("no mask: final loss (nats per piece)", np.mean(peek_losses["no mask"][-20:]), low=0, high=1)
expect(
    "causal mask, small network: final loss (nats per piece)", np.mean(peek_losses["causal mask"][-20:]), low=3, high=6
)
expect(
    "checkpoint, context: 1 piece minus 49 to 96 (bits per character)", longer["1"] - longer["49–96"], low=0.3, high=0.5
)
expect("checkpoint: Moby Dick, test (bits per character)", author_bits["moby_dick"], low=1.9, high=1.95)
expect("checkpoint: speeches, test (bits per character)", author_bits["speeches"], low=1.38, high=1.43)
expect("words that exist, T = 0.7 (share)", exist["T = 0.7"], low=0.9, high=1)
expect("words that exist, T = 0.7 minus T = 1.4", exist["T = 0.7"] - exist["T = 1.4"], low=0.02, high=0.25)
expect("new triples, T = 0.7 minus T = 0.1", varied["T = 0.7"] - varied["T = 0.1"], low=0.1, high=0.7)

# %%
expect("look-up: hidden words among the first five (share)", top_5["look-up, left and right"], low=0.39, high=0.46)
expect("word guesser, short training: first five (share)", top_5["network, trained here"], low=0.25, high=0.38)
expect("word guesser, checkpoint: first five (share)", top_5["network, checkpoint"], low=0.43, high=0.45)
expect(
    "word guesser minus look-up: first five (share)",
    top_5["network, checkpoint"] - top_5["look-up, left and right"],
    low=0.01,
    high=0.04,
)
expect("next sentence, shared words: right", follows["shared words"], low=0.54, high=0.65)
expect("next sentence, MiniLM: right", follows["MiniLM, frozen"], low=0.67, high=0.79)
expect("attention weights by hand: largest difference", weights_difference, low=0, high=1e-5)
expect("few labels, frozen: right (mean of 3 draws)", np.mean(few["frozen"]), low=0.65, high=0.8)
expect("few labels, tuned: right (mean of 3 draws)", np.mean(few["tuned"]), low=0.7, high=0.85)
expect(
    "few labels: tuned minus frozen (mean of 3 draws)", np.mean(few["tuned"]) - np.mean(few["frozen"]), low=0, high=0.12
)
expect("summary: frequent words covered minus five at random", covered(summary) - np.mean(blind), low=0.15, high=0.4)
expect("chatbot: right (share)", chat_right, low=0.3, high=0.55)
expect("chatbot: wrong (share)", chat_wrong, low=0, high=0.15)
expect("chatbot: unanswerable refused (share)", foreign_refused, low=0.9, high=1)
expect("CLIP in small: top 5, new emoji (share)", clip_top5, low=0.25, high=0.6)
expect("CLIP in small: times chance", clip_top5 / clip_chance, low=10, high=40)
expect_learned(
    "word guesser", np.array(masked_losses[: len(masked_losses) // 10 * 10]).reshape(10, -1).mean(axis=1), factor=0.85
)
expect_learned("CLIP in small", clip_losses, factor=0.7)
expect_varied("word guesser", network_final)

# %% [markdown]
# ## Summary
#
# 1. **Attention** is a soft look-up: compare queries with keys, make weights of it, mix the values. Several heads ask several questions; a mask says who may look where; without positions there is no order; the price is $n^2$.
# 2. A **transformer block** is attention (between tokens) and an MLP (in each token), each with a norm before it and a skip connection around it. Encoders look both ways and give vectors, decoders look back and write.
# 3. A **GPT** predicts the next piece; its measure is bits per character on unseen text, and it must beat counting. A loss that is too good means that it peeks.
# 4. Writing is **drawing**: temperature, top-k and top-p stand between a text in circles and one that falls apart.
# 5. **Pretrained encoders** are the everyday tool: few labels, search by meaning, answers from a collection, with a threshold for “I don't know”, and pictures beside words in one space.
#
# ## Quiz
#
# **1. You double the number of heads and keep the width. How does the number of weights change?**
# <details><summary>Answer</summary>
#
# Not at all. The heads share the width: each becomes half as wide (in Keras you halve `key_dim` yourself). What doubles is the number of weight squares ($n \times n$) to be computed and stored.
#
# </details>
#
# **2. A colleague's character model reaches 0.05 bits per character on validation text after ten minutes. Congratulations?**
# <details><summary>Answer</summary>
#
# No: Shannon's lowest estimate for English was 0.6. It sees the answer: no causal mask, targets not shifted, or the validation text stands in the training text. Change the last token and look whether earlier predictions move; then search the validation text in the training text.
#
# </details>
#
# **3. Model A has a loss of 3.1 nats (like bits, but with the natural logarithm) per piece with 1,000 pieces, model B 4.0 with 30,000. Which is better?**
# <details><summary>Answer</summary>
#
# One cannot say. B's pieces are longer, and each is a harder choice among more. Divide the bits of the whole text by its characters for both.
#
# </details>
#
# **4. MiniLM's masked word: why are the words hidden *before* the lower blocks run, and not only at the last block?**
# <details><summary>Answer</summary>
#
# Every block mixes the tokens. If the word went through the lower blocks unmasked, its neighbours' states would carry it, and the network could read the answer off them instead of guessing. The loss would look wonderful (as without the causal mask in section 4), and the network would be useless where the word is really missing.
#
# </details>
#
# **5. The chatbot's threshold is chosen on the same questions by which it is then judged. What is wrong with that?**
# <details><summary>Answer</summary>
#
# The threshold has been fitted to exactly these questions; on new ones it will do worse, and nobody knows by how much. So two wordings of each question: one for the choice, one for the test. The same holds for the choice between question, answer and both.
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning*, 3rd ed., chapter 16 (attention, transformers, Hugging Face).
# - Vaswani et al.: [Attention is all you need](https://arxiv.org/abs/1706.03762) (2017), the paper; beside it Alexander Rush's [Annotated Transformer](https://nlp.seas.harvard.edu/annotated-transformer/), the paper line by line as code.
# - Andrej Karpathy: [Let's build GPT: from scratch, in code, spelled out](https://www.youtube.com/watch?v=kCc8FmEb1nY), two hours, the best video on today's sections 2 to 5.
# - Dan Jurafsky and James Martin: [Speech and Language Processing](https://web.stanford.edu/~jurafsky/slp3/), 3rd ed. draft, the chapters on transformers and large language models.
#
# ## Now you
#
# The [exercises](../exercises/day15_transformers.ipynb) answer back; the [solutions](../solutions/day15_transformers.ipynb) explain.
# Tomorrow, day 16: networks that act, and learn from reward.
