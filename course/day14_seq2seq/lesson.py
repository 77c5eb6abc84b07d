# %% [markdown]
# # Day 14 · Sequence to sequence: translating with attention
#
# **Today a network reads one sequence and writes another: German number words become English ones, letters become sounds, German sentences English ones. You will see it fail at a bottleneck, cure it with attention, watch where it looks, and measure every answer against a baseline.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **build** an encoder and a decoder, train them with teacher forcing, and notice when the answer leaks into the question;
# - **write** additive and dot-product attention, and **read** the alignment picture it draws;
# - **search** for the answer, greedily and with a beam, and say what the length does to the score;
# - **measure** exact answers, error rates, BLEU and chrF, each beside a baseline that costs nothing;
# - **guard** against a translator that says the same thing to everybody.
#
# **Time:** 120 to 140 minutes of reading and trying; the code runs in three to four minutes on two CPU cores.
# Cells that begin with `# Drawing` are folded and hold no new idea: run them and look at the picture.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | sequence to sequence | Folge zu Folge | greedy search | gierige Suche |
# | encoder, decoder | Kodierer, Dekodierer | beam search | Strahlsuche |
# | teacher forcing | Training mit der richtigen Vorgabe | length normalisation | Längennormierung |
# | bottleneck | Engpass | sound, phoneme | Laut, Phonem |
# | attention | Aufmerksamkeit | edit distance | Editierabstand |
# | alignment | Zuordnung, Alignierung | brevity penalty | Abzug für Kürze |
# | query, key | Anfrage, Schlüssel | held-out data | zurückgehaltene Daten |
#
# </details>

# %% tags=["setup"]
import re
import time
from collections import Counter, defaultdict

from utils import data, fast, plots, pretrained, runtime
from utils.expect import expect, expect_learned

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras import layers, ops
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfVectorizer

ready = runtime.setup(seed=1, precision="float32", needs=("sacrebleu",))
import sacrebleu

# %% [markdown]
# ## 1 · See it: the same thing, in another order
#
# Until now a network gave one answer for a text (*for* or *against*), or one for every step. A translator must do more. Its answer is a sequence, too, **of another length and in another order**:
#
# | German | English |
# |---|---|
# | vierundzwanzig (14 letters, one word) | twenty-four (2 words) |
# | dreihundertfünf | three hundred **and** five |
# | einundzwanzigtausend | twenty-one thousand |
#
# German says the units *before* the tens. German has an *und* where English has none, and English (British English, which we take here) an *and* where German has none. It does not help to translate from left to right, part by part. (Our programs leave out the hyphen of *twenty-four*.)
#
# Networks that turn sequences into sequences are called **sequence-to-sequence** models. Sentences to sentences was the first use ([Sutskever et al., 2014](https://arxiv.org/abs/1409.3215); [Cho et al., 2014](https://arxiv.org/abs/1406.1078)), and in 2016 Google Translate went over to it ([Wu et al., 2016](https://arxiv.org/abs/1609.08144)). The same scheme hears speech and writes text,
# reads a long text and writes a short one, reads letters and says sounds (section 6), reads a question and writes an answer.
#
# We begin with number words for three reasons. We *know* the right answer to each of 999,999 questions. A network learns it within about a minute. And there is a reordering that we can see. First the rules, written as programs. Each gives a number's parts **with their meaning**, so that we know which part of one language belongs to which part of the other.

# %%
SMALL = (
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
)
TENS = (
    "– – zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "– – twenty thirty forty fifty sixty seventy eighty ninety",
)
GERMAN, ENGLISH = (line.split() for line in SMALL)
GERMAN_TENS, ENGLISH_TENS = (line.split() for line in TENS)


def german_parts(number, group=0):
    """A number from 1 to 999,999 -> list of (part, meaning); group 1 is what stands before “tausend”."""
    if number >= 1000:
        rest = german_parts(number % 1000) if number % 1000 else []
        return [*german_parts(number // 1000, 1), ("tausend", (1, "thousand")), *rest]
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    parts = [(GERMAN[hundreds], (group, "hundreds")), ("hundert", (group, "hundred"))] if hundreds else []
    if rest >= 20:
        if units:
            parts += [(GERMAN[units], (group, "units")), ("und", (group, "und"))]
        return [*parts, (GERMAN_TENS[tens], (group, "tens"))]
    if rest:
        parts.append(("eins" if rest == 1 and group == 0 else GERMAN[rest], (group, "units")))
    return parts


# %%
def english_parts(number, group=0):
    """The same in British English; “and” has no partner in German."""
    if number >= 1000:
        rest = english_parts(number % 1000) if number % 1000 else []
        between = [("and", (0, "and"))] if 0 < number % 1000 < 100 else []
        return [*english_parts(number // 1000, 1), ("thousand", (1, "thousand")), *between, *rest]
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    parts = [(ENGLISH[hundreds], (group, "hundreds")), ("hundred", (group, "hundred"))] if hundreds else []
    if hundreds and rest:
        parts.append(("and", (group, "and")))
    if rest >= 20:
        parts.append((ENGLISH_TENS[tens], (group, "tens")))
        rest = units
    return [*parts, (ENGLISH[rest], (group, "units"))] if rest else parts


def german(number):
    """The German number word, one word."""
    return "".join(part for part, _ in german_parts(number))


def english(number):
    """The English number word as a list of words; we leave out the hyphen of twenty-four."""
    return [part for part, _ in english_parts(number)]


for number in (24, 305, 21_000, 701_001, 999_999):
    print(f"{number:>7,}: {german(number)} → {' '.join(english(number))}")

# %%
# Drawing: which part belongs to which.
shown = 24_365
above, below = german_parts(shown), english_parts(shown)
figure, axes = plt.subplots(figsize=(9, 2.6))
for height, parts, colour in ((1, above, plots.COLOURS[0]), (0, below, plots.COLOURS[5])):
    for place, (part, _) in enumerate(parts):
        where = dict(ha="center", va="center", fontsize=11, color="white")
        axes.text(place / (len(parts) - 1), height, part, **where, bbox=dict(boxstyle="round", color=colour))
partner = {meaning: place for place, (_, meaning) in enumerate(below)}
lonely = [part for part, meaning in above if meaning not in partner]
lonely += [part for part, meaning in below if meaning not in {known for _, known in above}]
for place, (_, meaning) in enumerate(above):
    if meaning in partner:
        ends = [place / (len(above) - 1), partner[meaning] / (len(below) - 1)]
        crossing = meaning[1] in ("tens", "units")
        axes.plot(ends, [0.85, 0.15], color="black", linewidth=2.5 if crossing else 1, alpha=1 if crossing else 0.5)
axes.axis("off")
axes.set(xlim=(-0.06, 1.06), ylim=(-0.25, 1.25))
plots.show(
    figure,
    alt=f"{german(shown)} above, {' '.join(english(shown))} below, with a line from each part to its partner. The lines of units and tens cross, twice, drawn thick; without a partner are: {', '.join(lonely)}.",
)

# %% [markdown]
# **The baseline first.** The cheapest translator takes part after part and looks each up. (It is even told where a part ends, which no network will be.) How often is it right?

# %%
look_up = dict(zip(GERMAN + GERMAN_TENS, ENGLISH + ENGLISH_TENS)) | {"eins": "one", "und": "and"}
look_up |= {"hundert": "hundred", "tausend": "thousand"}
order = np.random.default_rng(ready.seed).permutation(np.arange(1, 1_000_000))
validation_numbers, test_numbers, training_numbers = np.split(order, [100_000, 200_000])
part_by_part = [[look_up[part] for part, _ in german_parts(number)] for number in test_numbers[:2000]]
truth = [english(number) for number in test_numbers[:2000]]
right_by_parts = float(np.mean([a == b for a, b in zip(part_by_part, truth)]))
print(f"{german(24)} → {' '.join(look_up[part] for part, _ in german_parts(24))}")
print(f"part by part, 2,000 test numbers: {right_by_parts:.4f} exactly right")

# %% [markdown]
# ## 2 · The data: letters in, words out
#
# You have seen the split above: of all numbers below a million a tenth is laid aside for choices (**validation**), another tenth for the **test**, and the training draws from the rest only. Every number of the test is one whose word no network of this lesson has read before.
#
# The German word goes in **letter by letter**: it is one long word, and where its parts begin and end is for the network to find out. English comes out word by word. Three numbers are reserved on the English side: **0 fills up** (padding), **1 says “start”**, **2 says “the end”**; the words begin at 3. Among the German letters only 0 is reserved; there 1 is the letter *a*. The end must be written, since nobody knows beforehand how long the answer will be.

# %%
PADDING, START, END = 0, 1, 2
letters = sorted(set("".join(GERMAN + GERMAN_TENS + ["hundert", "tausend"])) - {"–"})
letter_number = {letter: number for number, letter in enumerate(letters, start=1)}
words = [*ENGLISH[1:], *ENGLISH_TENS[2:], "hundred", "thousand", "and"]
word_number = {word: number for number, word in enumerate(words, start=3)}
print(f"{len(letters)} letters in, {len(words)} words out (and padding, start, end)")


def fill_up(lists, length):
    """Lists of numbers -> array (lists, length), filled up with 0 at the end."""
    result = np.zeros((len(lists), length), dtype="int32")
    for row, numbers in zip(result, lists, strict=True):
        row[: len(numbers)] = numbers
    return result


LETTERS, WORDS = 68, 12  # room enough: the longest are 65 letters (777,777), and 11 words and the end


def number_arrays(numbers):
    """Numbers -> source (numbers, 68) of letters, target (numbers, 12) of words with the end at the end."""
    source = [[letter_number[letter] for letter in german(number)] for number in numbers]
    target = [[word_number[word] for word in english(number)] + [END] for number in numbers]
    return fill_up(source, LETTERS), fill_up(target, WORDS)


source, target = number_arrays([24, 305])
print("source:", source[:, :18], "target:", target, sep="\n")

# %% [markdown]
# Nine in ten numbers below a million have six digits. If we drew them evenly, the network would almost never meet *vier* or *zwanzig* outside a long word. So we draw the **number of digits** first, one to six, and then a number with that many: short words come often enough to learn from. (The test numbers are drawn evenly, and are nearly all long.)

# %%
with_digits = [training_numbers[np.char.str_len(training_numbers.astype(str)) == digits] for digits in range(1, 7)]


def number_batches(steps, random, size=64):
    """Yield batches of training numbers, every number of digits equally likely."""
    for _ in range(steps):
        digits = random.integers(6, size=size)
        yield number_arrays([random.choice(with_digits[count]) for count in digits])


lengths = Counter(len(str(number)) for number in test_numbers)
print("test numbers by digits:", dict(sorted(lengths.items())))
example_source, example_target = next(number_batches(1, np.random.default_rng(0)))
print("one batch:", example_source.shape, "→", example_target.shape)
print(f"{np.mean(example_target == PADDING):.0%} of the places in its target are padding")

# %% [markdown]
# ## 3 · Encoder and decoder
#
# The oldest scheme is two recurrent networks and one handshake:
#
# - The **encoder** reads the source. Its last state is all it hands over: one vector for the whole number.
# - The **decoder** is a *language model*, a network that guesses the next word from those before, like the one that invented pets' names on day 12. It begins in the encoder's last state, gets “start”, writes a word, gets that word, writes the next, until it writes “end”.
#
# In training there is a choice: which word does the decoder get as input, its own last one, which may be wrong, or the right one? The right one. This is called **teacher forcing**. All words are then known beforehand, a whole batch can be computed at once, and a mistake at the second word does not spoil what can be learned from the third. The price: in training the decoder never sees a mistake of its own, so when it writes alone one mistake can lead to the next. What the decoder is given is the
# target, **shifted right by one place**: “start” first, and at place $t$ the right word of place $t-1$.


# %%
def shift_right(target):
    """(batch, time) -> what the decoder is given: start, then the target without its last place."""
    start = np.full((len(target), 1), START, dtype=target.dtype)
    return np.concatenate([start, target[:, :-1]], axis=1)


spell = {PADDING: "·", START: "start", END: "end"} | {number: word for word, number in word_number.items()}
for name, row in (("given: ", shift_right(target)[1]), ("target:", target[1])):
    print(name, " ".join(f"{spell[number]:<8}" for number in row.tolist()))

# %%
# Drawing: encoder and decoder in training.
figure, axes = plt.subplots(figsize=(9.5, 3.2))
box = dict(ha="center", va="center", fontsize=9.5)
reads, gives, wants = list("vierund…"), ["start", "twenty", "four"], ["twenty", "four", "end"]
for place, sign in enumerate(reads):
    axes.text(place, 1, "GRU", **box, color="white", bbox=dict(boxstyle="round", color=plots.COLOURS[0]))
    axes.text(place, 0, sign, **box)
    axes.annotate("", (place, 0.75), (place, 0.2), arrowprops=dict(arrowstyle="->"))
for place, (given_word, wanted) in enumerate(zip(gives, wants), start=len(reads) + 1):
    axes.text(place, 1, "GRU", **box, color="white", bbox=dict(boxstyle="round", color=plots.COLOURS[5]))
    axes.text(place, 0, given_word, **box)
    axes.text(place, 2, wanted, **box, fontweight="bold")
    axes.annotate("", (place, 0.75), (place, 0.2), arrowprops=dict(arrowstyle="->"))
    axes.annotate("", (place, 1.8), (place, 1.25), arrowprops=dict(arrowstyle="->"))
for place in range(len(reads) + len(gives)):
    arrow = dict(arrowstyle="->", linewidth=3 if place in (len(reads) - 1, len(reads)) else 1)
    if place != len(reads):
        end = place + (2 if place == len(reads) - 1 else 1)
        axes.annotate("", (end - 0.3, 1), (place + 0.3, 1), arrowprops=arrow)
axes.text(len(reads) - 0.02, 1.35, "one vector", ha="center", fontsize=9.5, fontweight="bold")
axes.text(3.5, -0.55, "encoder: reads the source", ha="center")
axes.text(len(reads) + 2, -0.55, "decoder: is given the target,\nshifted by one", ha="center", va="center")
axes.axis("off")
axes.set(xlim=(-0.6, len(reads) + 3.8), ylim=(-0.9, 2.3))
plots.show(
    figure,
    alt="A chain of blue GRU boxes reads the letters v, i, e, r, u, n, d and so on; one thick arrow, labelled one vector, leads to a chain of three orange GRU boxes. These are given start, twenty, four from below and write twenty, four, end above: the same words, shifted by one place.",
)

# %% [markdown]
# Now in Keras. Our encoder reads in both directions (day 12), and its two last states, side by side, are what the decoder begins with. The decoder is a small model of its own. In training we call it once, on all places of the shifted target. When it writes alone we call **the same layers** on one word at a time and carry the state. (The argument `attend` waits for section 4.)


# %%
def build(source_size, target_size, attend=None, units=128):
    """Encoder, decoder and the two joined for training; `attend` is a layer for section 4, or None."""
    source = keras.Input((None,), dtype="int32", name="source")
    read = layers.Embedding(source_size, units // 2, mask_zero=True)(source)
    reader = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    encoded, forward, backward = reader(read)
    encode = keras.Model(source, [layers.Concatenate()([forward, backward]), encoded])

    given = keras.Input((None,), dtype="int32", name="given")
    state, keys = keras.Input((units,)), keras.Input((None, units))
    source_again = keras.Input((None,), dtype="int32", name="source_again")  # only to know where padding is
    writer = layers.GRU(units, return_sequences=True, return_state=True)
    written, new_state = writer(layers.Embedding(target_size, units // 2)(given), initial_state=state)
    inputs, extra = [given, state], []
    if attend is not None:
        context, weights = attend(written, keys, mask=source_again != PADDING)
        written = layers.Concatenate()([written, context])
        inputs, extra = [given, state, keys, source_again], [weights]
    logits = layers.Dense(target_size)(layers.Dense(units, activation="tanh")(written))
    decode = keras.Model(inputs, [logits, new_state, *extra])

    handed_over = [*encode(source), source] if attend is not None else [encode(source)[0]]
    return encode, decode, keras.Model([source, given], decode([given, *handed_over])[0])


# %% [markdown]
# (`mask_zero` makes the GRUs skip the padding, so that the backward one really begins at the last letter. The decoder needs no mask: its padding stands at the end, where it can disturb no earlier word.)
#
# The **loss** must skip the padding, too. Otherwise the network is praised for writing nothing where nothing stands, and many of our places are of that kind (see the share above).


# %%
def masked_loss(target, logits):
    """Cross-entropy, mean over the places that are no padding; target (batch, time), logits (batch, time, words)."""
    counts = ops.cast(target != PADDING, "float32")
    losses = keras.losses.sparse_categorical_crossentropy(target, logits, from_logits=True)
    return ops.sum(losses * counts) / ops.sum(counts)


def train(trainer, batches, steps, peak, given=shift_right):
    """Train with teacher forcing; `given` makes the decoder's input from the target. Returns the losses."""
    rate = fast.OneCycle(peak, steps)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=0.01, global_clipnorm=1.0)
    trainer.compile(optimizer, masked_loss, jit_compile=fast.JIT)  # TensorFlow is faster without on a CPU, JAX with it
    losses = []
    for source, target in batches:
        losses.append(float(trainer.train_on_batch([source, given(target)], target)))
        trainer.reset_metrics()  # Keras would report the mean over all steps so far
    return np.array(losses)


# %%
STEPS, PEAK = 250, 8e-3
sizes = len(letters) + 1, len(words) + 3
networks, losses, seconds = {}, {}, {}


def train_on_numbers(name, attend=None):
    """Build a network and train it on number words: same seed, same batches, same number of steps for each."""
    keras.utils.set_random_seed(ready.seed)
    encode, decode, trainer = build(*sizes, attend)
    batches = number_batches(STEPS, np.random.default_rng(ready.seed))
    began = time.perf_counter()
    losses[name] = train(trainer, batches, STEPS, PEAK)
    seconds[name] = time.perf_counter() - began
    networks[name] = encode, decode, trainer
    tenth = np.array_split(losses[name], 10)
    print(f"{name}: {trainer.count_params():,} weights, loss", *[f"{part.mean():.3f}" for part in tenth])


train_on_numbers("without attention")

# %% [markdown]
# (Those are the means of ten tenths of the training. The steps and the rate were chosen on validation numbers, so that the networks of section 4 get there; this one would go on learning.)
#
# And now **alone**. Nobody hands the right words to the decoder any more; it reads its own. The word with the highest probability, each time: that is **greedy** search. We write it for a whole batch, and for any network: all it needs is a function `step` that takes the last words and the state and returns the log-probabilities of the next word, and the new state.


# %%
def step_of(decode):
    """Make of a decoder a function (last tokens, state) -> (log-probabilities, new state), for the searches."""

    def step(tokens, state):
        logits, new, *_ = decode.predict_on_batch([tokens[:, None], *state])
        logits = logits[:, 0] - logits[:, 0].max(axis=1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), [new, *state[1:]]

    return step


def greedy(step, state, longest):
    """For each input the answer made of the likeliest token at every step: lists of token numbers without the end.

    state: list of arrays, one row per input; step: (tokens, state) -> (log-probabilities (inputs, tokens), new state).
    """
    tokens = np.full((len(state[0]), 1), START)
    for _ in range(longest):
        log_p, state = step(tokens[:, -1], state)
        finished = np.isin(tokens[:, -1], (END, PADDING))
        tokens = np.column_stack([tokens, np.where(finished, PADDING, log_p.argmax(axis=1))])
        if np.isin(tokens[:, -1], (END, PADDING)).all():
            break
    return [[int(token) for token in row if token > END] for row in tokens]


# %%
def begin(network, source):
    """What the decoder needs at the start: the state, and for attention the encoder's outputs and the source."""
    encode, decode, _ = network
    state, encoded = encode.predict(source, batch_size=250, verbose=0)
    return [state, encoded, source] if len(decode.inputs) > 2 else [state]


def translate(name, numbers):
    """Number words written greedily by a network, and the right ones: two lists of lists of words."""
    answers = greedy(step_of(networks[name][1]), begin(networks[name], number_arrays(numbers)[0]), WORDS)
    return [[spell[token] for token in answer] for answer in answers], [english(number) for number in numbers]


def share_right(answers, truth):
    """The share of answers that are right to the last word."""
    return float(np.mean([answer == right for answer, right in zip(answers, truth, strict=True)]))


for number, answer in zip(validation_numbers[:4], translate("without attention", validation_numbers[:4])[0]):
    print(f"{number:,}: {' '.join(english(number))}\n    → {' '.join(answer)}")
print(f"right, validation: {share_right(*translate('without attention', validation_numbers[:500])):.3f}")

# %% [markdown]
# It writes English number words, of the right form and about the right length. But most of them have wrong digits.
#
# ### Break it: the answer in the question
#
# The most treacherous mistake in this scheme is to forget the shift. The code runs, the loss falls, wonderfully even.

# %%
keras.utils.set_random_seed(ready.seed)
leaky = build(*sizes)
leak_losses = train(leaky[2], number_batches(80, np.random.default_rng(ready.seed)), 80, PEAK, given=lambda t: t)
networks["leaky"] = leaky
print("loss in the first and the last five steps:", leak_losses[:5].mean().round(3), leak_losses[-5:].mean().round(4))
leak_answers, leak_truth = translate("leaky", validation_numbers[:500])
right_leaky = share_right(leak_answers, leak_truth)
print(f"right, writing alone: {right_leaky:.3f}; it writes, for example:", *leak_answers[0][:7], "…")

# %% [markdown]
# The decoder was *given* the word it had to say, and learned to repeat what it hears. It hardly had to read the number for that. Left alone, it hears “start”, which it never heard in training; it says some word, hears that word, and repeats it to the end. **A low loss with teacher forcing does not show that a network can write.** Let it write, always, and count.
#
# ## 4 · The bottleneck, and attention
#
# Back to the honest network. Everything that it knows of *siebenhundertvierundzwanzigtausenddreihundertfünf* has to fit into one vector of 128 numbers, six digits in their places, to be read out one after the other. For whole sentences that gets worse: the longer, the more is lost ([Bahdanau et al., 2015](https://arxiv.org/abs/1409.0473)).
#
# Their way out is simple. The encoder has a state at *every* letter; why throw all but the last one away? Let the decoder **look back**. At each word it asks a question (the **query**, its own state $q$), compares it with the encoder's state at each letter (the **keys** $k_j$), and takes a mean of these states, weighted by how well they fit:
#
# $$\text{score}_j = \text{fit}(q, k_j), \qquad w_j = \frac{e^{\text{score}_j}}{\sum_i e^{\text{score}_i}}, \qquad \text{context} = \sum_j w_j k_j$$
#
# By hand, for one query and three keys of two numbers each, with the dot product as the fit:

# %%
query, hand_keys = np.array([2.0, 0.0]), np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]])
hand_scores = hand_keys @ query
hand_weights = np.exp(hand_scores) / np.exp(hand_scores).sum()
print("scores: ", hand_scores)
print("weights:", hand_weights.round(3), "sum", hand_weights.sum().round(6))
print("context:", (hand_weights @ hand_keys).round(3))

# %% [markdown]
# The first key points exactly the way of the query, the third nearly so, but it is longer, and a dot product counts both: it gets most of the weight, and the context is nearly that key. Two ways to measure the fit are classics:
#
# - **additive** (Bahdanau et al., 2015): a tiny network looks at both, $v^\top \tanh(W q + U k_j)$;
# - **dot product** ([Luong et al., 2015](https://arxiv.org/abs/1508.04025)): $q^\top k_j$, no weights at all, and one matrix product for all queries and keys.
#
# (Bahdanau's decoder takes the context in *before* its recurrent step, Luong's after it. We look after the step in both cases, so that only the fit differs, and so that the whole target can be computed at once. Vectors are columns here, as in both papers, so matrices stand in front of them; on most other days an example is a row, and the matrix stands behind it.)


# %%
class Attention(layers.Layer):
    """Look back: queries (batch, out, units), keys (batch, in, units) -> contexts (batch, out, units), weights."""

    def __init__(self, kind, units):
        super().__init__()
        self.kind, self.supports_masking = kind, True  # or Keras warns that its own masks end here
        if kind == "additive":
            self.of_query, self.of_key = layers.Dense(units), layers.Dense(units, use_bias=False)
            self.judge = layers.Dense(1, use_bias=False)

    def call(self, queries, keys, mask):
        """mask (batch, in): False where the source is padding; nobody may look there."""
        if self.kind == "additive":
            together = self.of_query(queries)[:, :, None, :] + self.of_key(keys)[:, None, :, :]
            scores = self.judge(ops.tanh(together))[:, :, :, 0]
        else:
            scores = ops.matmul(queries, ops.transpose(keys, (0, 2, 1)))
        scores = ops.where(mask[:, None, :], scores, -1e9)
        weights = ops.softmax(scores, axis=-1)
        return ops.matmul(weights, keys), weights

    def compute_mask(self, *_):
        """What comes out has one place per query: the mask of the source does not belong to it."""


layer = Attention("dot", 2)
context, looked = layer(query[None, None], hand_keys[None], mask=np.array([[True, True, False]]))
print("with the third key masked:", np.asarray(looked).round(3))

# %%
train_on_numbers("additive", Attention("additive", 128))
train_on_numbers("dot product", Attention("dot", 128))
for name in ("without attention", "additive", "dot product"):
    right = share_right(*translate(name, validation_numbers[:500]))
    print(f"{name:<18} {seconds[name]:5.1f} s, right, validation: {right:.3f}")

# %%
# Drawing: the three trainings.
figure, axes = plt.subplots(figsize=(8, 3.6))
for name, style in (("without attention", "-"), ("additive", "--"), ("dot product", ":")):
    smooth = np.convolve(losses[name], np.ones(15) / 15, mode="valid")
    axes.semilogy(np.arange(8, 8 + len(smooth)), smooth, style, label=name)
axes.set(xlabel="step", ylabel="loss (mean of 15 steps)", title="Same encoder, same steps: what looking back is worth")
axes.legend()
plots.show(
    figure,
    alt="Training loss, logarithmic, of three networks. All three fall alike at first. "
    + " ".join(f"{name}: {curve[-15:].mean():.3f} at the end." for name, curve in losses.items())
    + " The two with attention fall off steeply at some point, the one without does not.",
)

# %% [markdown]
# Same encoder, same batches, same number of steps; but attention has some weights more, see the counts above. Now the test, on numbers that nobody has seen, and by length: three to six digits.

# %%
looks = {"without attention": ("-", "o", 7), "additive": ("--", "^", 6), "dot product": (":", "s", 11)}
right_test = {name: share_right(*translate(name, test_numbers[:2000])) for name in looks}
digits = np.char.str_len(test_numbers.astype(str))
by_length = {name: [] for name in looks}
for count in (3, 4, 5, 6):
    some = test_numbers[digits == count][:300]
    for name in looks:
        by_length[name].append(share_right(*translate(name, some)))
for name, right in right_test.items():
    error = 1.96 * np.sqrt(right * (1 - right) / 2000)
    print(f"{name:<18} right {right:.4f} ± {error:.4f}   with 3, 4, 5, 6 digits:", np.round(by_length[name], 3))

# %%
# Drawing: wrong answers against length.
figure, axes = plt.subplots(figsize=(7.5, 3.6))
for name, (line, marker, size) in looks.items():
    drawn = dict(marker=marker, markersize=size, markerfacecolor="none", label=name)
    axes.plot([3, 4, 5, 6], 1 - np.array(by_length[name]), line, **drawn)
axes.set(xlabel="digits of the number", ylabel="share of wrong answers", ylim=(-0.03, 1.03), xticks=[3, 4, 5, 6])
axes.set_title("Without attention every further digit costs")
axes.legend()
plots.show(
    figure,
    alt="Share of wrong answers for test numbers of 3, 4, 5 and 6 digits. "
    + " ".join(f"{name}: {', '.join(f'{1 - value:.2f}' for value in values)}." for name, values in by_length.items()),
)

# %% [markdown]
# The longer the word, the worse the network with the bottleneck; with attention length hardly matters here. (The test has fewer than 100 numbers of three digits, so the first point of each line is rough.) Is one vector too small, then? **No, and it is worth being exact here.** Try it in a cell of your own: `STEPS = 1000`, `train_on_numbers("longer")`, then `share_right(*translate("longer", validation_numbers[:1000]))`. (We did, once, with seed 1: after 77 seconds of one core all 1,000 were right.) Six digits do fit into 128 numbers. But packing them, and unpacking them in another order, must be *learned*, and that takes more steps than we gave; attention spares the network that. With sentences, there is far more to pack (section 7).
#
# ### Where does it look?
#
# The weights $w_j$ are there to be seen: one row for each written word, one column for each letter. Such a picture is called an **alignment**.


# %%
def alignment_figure(weights, source, target, title):
    """Draw attention weights (target, source) between two lists of strings; returns the figure and its alt text."""
    weights = np.asarray(weights)[: len(target), : len(source)]
    long = max(len(sign) for sign in source) > 2
    width = min(10.5, 2.2 + (0.45 if long else 0.2) * len(source))
    figure, axes = plt.subplots(figsize=(width, 1.6 + 0.27 * len(target) + 0.4 * long))
    axes.imshow(weights, cmap="cividis", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(source)), source, rotation=60 if long else 0, ha="right" if long else "center")
    axes.set_yticks(range(len(target)), target)
    axes.set(xlabel="read", ylabel="written", title=title)
    axes.grid(visible=False)
    most = [f"{word} at place {row.argmax() + 1} ({source[row.argmax()]})" for word, row in zip(target, weights)]
    alt = f"Attention weights, bright is much. Read: {' '.join(source)}. Each written word looks most at: {'; '.join(most)}."
    return figure, alt


def draw_alignment(weights, source, target, title):
    """Show an alignment picture."""
    figure, alt = alignment_figure(weights, source, target, title)
    plots.show(figure, alt)


# %%
def look(name, source, longest, signs):
    """Write greedily, then ask the decoder for its weights; returns answers (lists of signs) and weights."""
    state = begin(networks[name], source)
    answers = greedy(step_of(networks[name][1]), state, longest)
    given = shift_right(fill_up([[*answer, END] for answer in answers], longest + 1))
    weights = networks[name][1].predict_on_batch([given, *state])[2]
    return [[signs[token] for token in answer] for answer in answers], weights


crossed_twice = {(0, "units"), (0, "tens"), (1, "units"), (1, "tens")}
five_digits = test_numbers[digits == 5].tolist()
picture_number = next(n for n in five_digits if crossed_twice <= {meaning for _, meaning in english_parts(n)})
for name in ("additive", "dot product"):
    (answer,), (weights,) = look(name, number_arrays([picture_number])[0], WORDS, spell)
    draw_alignment(weights, list(german(picture_number)), [*answer, "end"], f"{picture_number:,}, {name}")

# %% [markdown]
# Find *units and tens*: the row of the tens word is bright **further to the right** than the row of the units word below it. That is the crossing of our first drawing, found by a network that was never told which letter belongs to which word. A bright spot need not lie *on* the word: the encoder's state at a letter knows its neighbours, in both directions, and some
# letter of the part, or the first of the next, will do. Try other numbers:


# %%
def draw_number(number):
    """The alignment of one number, for the slider."""
    (answer,), (weights,) = look("dot product", number_arrays([number])[0], WORDS, spell)
    return alignment_figure(weights, list(german(number)), [*answer, "end"], f"{number:,}, dot product")


plots.interact(draw_number, number=ipywidgets.BoundedIntText(int(test_numbers[digits == 6][0]), min=1, max=999_999))

# %% [markdown]
# Pictures can be picked. So we **count**: in 500 test numbers, for each pair of units and tens, is the peak of the tens word's row to the right of the units word's? And how often does a word's peak lie on its German partner, or at most one letter off? For comparison: how often would a peak at a random letter lie there?


# %%
def count_alignments(name, numbers):
    """Share of crossings that are right, and share of words whose peak lies on their partner (or a letter off)."""
    answers, weights = look(name, number_arrays(numbers)[0], WORDS, spell)
    crossings, hits, chance, by_kind = [], [], [], defaultdict(list)
    for number, answer, rows in zip(numbers, answers, weights, strict=True):
        if answer != english(number):
            continue
        edges = np.cumsum([0] + [len(part) for part, _ in german_parts(number)])
        span = {meaning: (edges[i], edges[i + 1]) for i, (_, meaning) in enumerate(german_parts(number))}
        peak = {meaning: row.argmax() for (_, meaning), row in zip(english_parts(number), rows)}
        for meaning in set(peak) & set(span):
            first, last = span[meaning]
            hits.append(first - 1 <= peak[meaning] <= last)
            by_kind[meaning[1]].append(hits[-1])
            chance.append((min(last + 1, edges[-1]) - max(first - 1, 0)) / edges[-1])
        for group in (0, 1):
            if (group, "tens") in peak and (group, "units") in peak:
                crossings.append(peak[group, "tens"] > peak[group, "units"])
    print(name, {kind: round(float(np.mean(found)), 2) for kind, found in sorted(by_kind.items())})
    return float(np.mean(crossings)), float(np.mean(hits)), float(np.mean(chance))


alignment = {name: count_alignments(name, test_numbers[:500]) for name in ("additive", "dot product")}
for name, (crossed, hit, chance) in alignment.items():
    print(f"{name:<12} crossings right {crossed:.3f}; peak on the partner {hit:.3f} (by chance {chance:.3f})")

# %% [markdown]
# (Counted in answers that are right, *and* and *und* left out, since they have no partner.) Most peaks lie where they should, but by no means all: look at the kinds of words in the printed lines. Tens, units and the digit before *hundert* are found nearly always; *hundred*, and with additive attention *thousand*, is often looked for elsewhere. Where a word such as *hundred* belongs can be told from what has been written so far, and nobody trained the weights to be a good drawing, only the answers to be right. So take an alignment as a clue, not as an explanation.
#
# ## 5 · Greedy, or a beam?
#
# Greedy search takes the likeliest word at each step. That need not give the likeliest *answer*. Here is a language of three words, and a table that says how probable each word is after each other:

# %%
signs = {PADDING: "·", START: "start", END: "end", 3: "a", 4: "b", 5: "c"}
follows = np.zeros((6, 6))
follows[START, [3, 4]] = 0.55, 0.45
follows[3, [3, 4, 5, END]] = 0.1, 0.2, 0.4, 0.3
follows[4, [5, END]] = 0.1, 0.9
follows[5, END] = 1


def toy_step(tokens, state):
    """The search's contract in its smallest form: what follows depends on the last word only; the state is empty."""
    with np.errstate(divide="ignore"):
        return np.log(follows[tokens]), state


answer = greedy(toy_step, [np.zeros((1, 1))], longest=5)[0]
path = [START, *answer, END]
likelihood = np.prod([follows[pair] for pair in zip(path, path[1:])])
print("greedy:", " ".join(signs[token] for token in path), f"with probability {likelihood:.3f}")
print("but:    start b end with probability", round(follows[START, 4] * follows[4, END], 3))
pd.DataFrame(follows[[START, 3, 4, 5], 2:], ["after start", "after a", "after b", "after c"], ["end", "a", "b", "c"])

# %% [markdown]
# *a* looks better at first, and then nothing that follows is likely. To try everything is out of the question: 30 words at 11 places are $30^{11}$ answers. **Beam search** keeps the best few beginnings, the **width**, at each step, continues each by every word, and keeps the best few again.
#
# One thing is to be decided. Every further word multiplies the probability by at most one, mostly by less, so **short answers win by being short**. Therefore we divide the sum of the log-probabilities by $\text{length}^\alpha$ ($\alpha=0$: the sum, $\alpha=1$: the mean per word; in the code $\alpha$ is the argument `penalty`; [Wu et al., 2016](https://arxiv.org/abs/1609.08144), use a similar formula).


# %%
def beam_search(step, state, width, longest, penalty=1.0):
    """For each input the `width` best answers found, best first: lists of (score, token numbers without the end).

    The score is the sum of log-probabilities, the end's included, divided by length ** penalty. Arguments as in greedy.
    """
    inputs = len(state[0])
    state = [np.repeat(part, width, axis=0) for part in state]  # rows: the beginnings of input 0, of input 1, ...
    tokens = np.full((inputs * width, 1), START)
    total = np.tile([0.0] + [-np.inf] * (width - 1), inputs)  # at first there is one beginning, not `width` equal ones
    for _ in range(longest):
        log_p, state = step(tokens[:, -1], state)
        finished = np.isin(tokens[:, -1], (END, PADDING))
        log_p = np.where(finished[:, None], -np.inf, log_p)
        log_p[:, PADDING] = np.where(finished, 0.0, -np.inf)  # a finished answer waits, at no cost
        sums = total[:, None] + log_p
        length = (tokens[:, 1:] != PADDING).sum(axis=1) + ~finished
        score = (sums / length[:, None] ** penalty).reshape(inputs, -1)
        best = ops.convert_to_numpy(ops.top_k(score, width)[1])  # of all continuations of an input
        rows = (best // log_p.shape[1] + width * np.arange(inputs)[:, None]).ravel()
        new = (best % log_p.shape[1]).ravel()
        tokens, total = np.column_stack([tokens[rows], new]), sums[rows, new]
        state = [part[rows] for part in state]
        if np.isin(new, (END, PADDING)).all():
            break
    score = total / (tokens[:, 1:] != PADDING).sum(axis=1) ** penalty
    answers = [(float(s), [int(token) for token in row if token > END]) for s, row in zip(score, tokens)]
    return [answers[first : first + width] for first in range(0, len(answers), width)]


# %%
for width in (1, 2, 3):
    for penalty in (0.0, 1.0):
        found = beam_search(toy_step, [np.zeros((1, 1))], width, longest=5, penalty=penalty)[0]
        told = [f"{' '.join(signs[token] for token in answer)} ({score:.3f})" for score, answer in found]
        print(f"width {width}, penalty {penalty:g}:", ",  ".join(told))

# %% [markdown]
# Width 1 is greedy. Width 2 finds *b*. And look at the scores in brackets: with the mean per word the long answers come closer to the short one. Is it worth it for our numbers? On validation numbers (they are for choices), with the network that makes mistakes and with one that makes few:

# %%
some = validation_numbers[:300]
some_truth = [english(number) for number in some]
for name in ("without attention", "additive"):
    state, step = begin(networks[name], number_arrays(some)[0]), step_of(networks[name][1])
    print(f"{name}: greedy {share_right(*translate(name, some)):.3f}", end="")
    for penalty in (0.0, 1.0):
        beams = beam_search(step, state, 4, WORDS, penalty)
        answers = [[spell[token] for token in found[0][1]] for found in beams]
        print(f", beam of 4 with penalty {penalty:g}: {share_right(answers, some_truth):.3f}", end="")
    print()

narrow = beam_search(step, state, 1, WORDS)
same_as_greedy = float(np.mean([found[0][1] == one for found, one in zip(narrow, greedy(step, state, WORDS))]))
print(f"a beam of width 1 says what greedy says: {same_as_greedy:.1%} of the numbers")

# %% [markdown]
# Little or nothing is gained: a number has one right translation, and a network that knows it is sure of it; a network that does not know the digit finds no help in searching. A beam can only pay where several answers are nearly as good. We shall look for it with sounds, and with sentences.
#
# ## 6 · Real data: from letters to sounds
#
# How is an English word spoken that one has never heard? *Though, through, cough, tough*: rules do not get far. The [CMU Pronouncing Dictionary](https://github.com/cmusphinx/cmudict) gives the sounds of words, as spoken in North America, in 39 **phonemes** such as `SH` or `IY`. Speech synthesis needs this for every new name. We have more than 100,000 of its entries, those with one pronunciation only and without the marks for stress; many are names of people and places.

# %%
speech = data.load("pronunciations")
parts = {part: table.reset_index(drop=True) for part, table in speech.groupby("part")}
print({part: len(table) for part, table in parts.items()})
all_sounds = sorted({sound for line in speech["sounds"] for sound in line.split()})
sound_number = {sound: number for number, sound in enumerate(all_sounds, start=3)}
sound_of = {number: sound for sound, number in sound_number.items()} | {END: "end"}
print(len(all_sounds), "sounds:", *all_sounds)
speech.sample(6, random_state=2)

# %% [markdown]
# **The split.** With a random split *adapting* would stand in the test and *adapts* in training, and the network would look clever for nothing. In our file, words that share their first five letters, after endings such as *-s*, *-ed* and *-ing* are taken off, are in the same part: **whole families** are laid aside (a test of this course looks for plurals and participles that slipped through). How wrong an answer is, we measure by the **edit distance**: how many sounds must be put in, taken out or exchanged until it is right.

# %%
WORD_LETTERS, WORD_SOUNDS = 12, 16


def sound_arrays(table):
    """Table -> letters (words, 12), sounds with the end (words, 16)."""
    source = [[ord(letter) - 96 for letter in word] for word in table["word"]]
    target = [[sound_number[sound] for sound in line.split()] + [END] for line in table["sounds"]]
    return fill_up(source, WORD_LETTERS), fill_up(target, WORD_SOUNDS)


def edit_distance(said, right):
    """How many sounds must be put in, taken out or exchanged to make one list the other (Levenshtein)."""
    row = list(range(len(right) + 1))
    for i, sound in enumerate(said, start=1):
        above, row = row, [i]
        for j, other in enumerate(right, start=1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (sound != other)))
    return row[-1]


print("said K AH F, right K AO F:", edit_distance(["K", "AH", "F"], ["K", "AO", "F"]))
print("said TH R AW G, right TH R UW:", edit_distance(["TH", "R", "AW", "G"], ["TH", "R", "UW"]))


# %% [markdown]
# Two measures: **words exactly right**, and the **phoneme error rate**: edit distances, summed, over the number of sounds in the right answers. And again a baseline first: every letter has its commonest sound. We find it by counting in words that have as many sounds as letters: there the first letter most likely belongs to the first sound, and so on.


# %%
def sound_scores(answers, right):
    """Share of words exactly right, and phoneme error rate; two lists of lists of sounds."""
    errors = sum(edit_distance(answer, one) for answer, one in zip(answers, right, strict=True))
    return share_right(answers, right), errors / sum(len(one) for one in right)


spoken_as = defaultdict(Counter)
for word, line in zip(parts["train"]["word"], parts["train"]["sounds"]):
    if len(word) == len(line.split()):
        for letter, sound in zip(word, line.split()):
            spoken_as[letter][sound] += 1
usual = {letter: counts.most_common(1)[0][0] for letter, counts in spoken_as.items()}
right_sounds = {part: [line.split() for line in table["sounds"]] for part, table in parts.items()}
by_letter = [[usual[letter] for letter in word] for word in parts["test"]["word"]]
score_by_letter = sound_scores(by_letter, right_sounds["test"])
print("usual sounds:", usual)
print(f"letter by letter: {score_by_letter[0]:.3f} of the words right, error rate {score_by_letter[1]:.3f}")

# %% [markdown]
# The network is the one with dot-product attention, the quicker of the two, unchanged; only what goes in and what comes out is different. Steps, batch and rate were chosen on the validation part. This training is the longest of the lesson: one to three minutes.

# %%
SOUND_STEPS, SOUND_BATCH = 1500, 128


def sound_batches(random):
    """Yield batches, every training word once in each round, until the steps are done."""
    source, target = sound_arrays(parts["train"])
    whole = len(source) // SOUND_BATCH * SOUND_BATCH
    rounds = -(-SOUND_STEPS * SOUND_BATCH // whole)
    rows = np.concatenate([random.permutation(len(source))[:whole] for _ in range(rounds)])
    for batch in rows.reshape(-1, SOUND_BATCH)[:SOUND_STEPS]:
        yield source[batch], target[batch]


keras.utils.set_random_seed(ready.seed)
networks["sounds"] = build(27, len(all_sounds) + 3, Attention("dot", 128))
print(f"{networks['sounds'][2].count_params():,} weights, {SOUND_STEPS * SOUND_BATCH / len(parts['train']):.1f} rounds")
sound_losses = train(networks["sounds"][2], sound_batches(np.random.default_rng(ready.seed)), SOUND_STEPS, PEAK)
print("loss:", *[f"{part.mean():.3f}" for part in np.array_split(sound_losses, 10)])


# %%
def say(table, width, penalty=1.0):
    """Sounds for a table's words: for each word the list of the beam's answers, best first (width 1: greedy)."""
    step, source = step_of(networks["sounds"][1]), sound_arrays(table)[0]
    found = []
    for first in range(0, len(source), 250):
        state = begin(networks["sounds"], source[first : first + 250])
        if width == 1:
            found += [[answer] for answer in greedy(step, state, WORD_SOUNDS)]
        else:
            beams = beam_search(step, state, width, WORD_SOUNDS, penalty)
            found += [[answer for _, answer in beam] for beam in beams]
    return [[[sound_of[token] for token in answer] for answer in answers] for answers in found]


for width, penalty in ((1, 0.0), (4, 0.0), (4, 1.0)):
    firsts = [answers[0] for answers in say(parts["validation"], width, penalty)]
    exact, error_rate = sound_scores(firsts, right_sounds["validation"])
    longer = np.mean([len(answer) for answer in firsts]) - np.mean([len(one) for one in right_sounds["validation"]])
    print(f"validation, width {width}, penalty {penalty:g}: {exact:.3f} exact, error rate {error_rate:.3f}", end="")
    print(f", {longer:+.3f} sounds longer than the right answers")

# %% [markdown]
# The differences are small; we stay with the mean per sound (penalty 1), which was decided before the test. Now the test, once:

# %%
greedy_said = [answers[0] for answers in say(parts["test"], 1)]
beam_said = say(parts["test"], 4)
sound_table = {
    "letter by letter": score_by_letter,
    "network, greedy": sound_scores(greedy_said, right_sounds["test"]),
    "network, beam of 4": sound_scores([answers[0] for answers in beam_said], right_sounds["test"]),
}
among_four = float(np.mean([one in four for one, four in zip(right_sounds["test"], beam_said)]))
rows = {}
for name, (exact, error_rate) in sound_table.items():
    margin = 1.96 * np.sqrt(exact * (1 - exact) / len(parts["test"]))
    rows[name] = {"words exactly right": f"{exact:.3f} ± {margin:.3f}", "phoneme error rate": f"{error_rate:.3f}"}
first_of_four = sound_table["network, beam of 4"][0]
print(f"the right answer is among the four of the beam: {among_four:.3f}", end="")
print(f", for {(among_four - first_of_four) / (1 - first_of_four):.2f} of the words whose first answer is wrong")
pd.DataFrame(rows).transpose()

# %%
greedy_hit = np.array([a == b for a, b in zip(greedy_said, right_sounds["test"])])
beam_hit = np.array([a[0] == b for a, b in zip(beam_said, right_sounds["test"])])
print(
    f"right with the beam only: {np.sum(beam_hit & ~greedy_hit)}, right with greedy only: {np.sum(greedy_hit & ~beam_hit)}"
)
for row in np.random.default_rng(0).choice(np.flatnonzero(~beam_hit), 10, replace=False):
    four = [" ".join(answer) for answer in beam_said[row]]
    rank = four.index(parts["test"]["sounds"][row]) + 1 if parts["test"]["sounds"][row] in four else "–"
    print(
        f"{parts['test']['word'][row]:<13} right: {parts['test']['sounds'][row]:<30} said: {four[0]:<30} right one at {rank}"
    )

# %% [markdown]
# Six in ten unknown words are spoken exactly as the dictionary says, where the letters' usual sounds get next to none. Look at the mistakes: often a single vowel, or a family name whose sound depends on where the family came from. Many of them you would accept from a speaker; the dictionary does not. The beam adds little: it wins some words and loses others. And yet, when its first answer is wrong, **the right one is mostly among its other three**: the network considers it, and ranks it too low.
#
# Where does it look? Two test words with letters that are spoken together or not at all:


# %%
def first_right(pattern):
    """The first test word with these letters inside that is spoken right; of all words, if there is none."""
    fits = parts["test"]["word"].str.contains(pattern) & (parts["test"]["word"].str.len() >= 7)
    return parts["test"][fits & greedy_hit if (fits & greedy_hit).any() else fits].head(1)


for pattern in ("tion$", "ph|ck|gh"):
    entry = first_right(pattern)
    (answer,), (weights,) = look("sounds", sound_arrays(entry)[0], WORD_SOUNDS, sound_of)
    word = entry["word"].iloc[0]
    draw_alignment(weights, list(word), [*answer, "end"], f"{word}: from letters to sounds")

# %% [markdown]
# Here the bright spots run along the diagonal, as they should: speech has the order of writing. (Compare with the crossing of section 4.) And your own words? Put names or invented words into the list: small letters a to z only, at most twelve:

# %%
invented = pd.DataFrame({"word": ["seqtoseq", "kerasify", "tensorious", "blorp"], "sounds": ""})
for word, answers in zip(invented["word"], say(invented, 4)):
    print(f"{word:<13}", ";  ".join(" ".join(answer) for answer in answers[:2]))

# %% [markdown]
# ## 7 · Whole sentences, German → English
#
# Now the task that gave attention to the world. Number words have a few dozen words and strict rules; sentences have neither, and a minute of training will not do. So the three networks of this section come trained: with a script, a seed and a log beside them. What we do here is what one should do with anybody's model: **measure it on sentences that it cannot have seen, beside methods that need no network at all.**
#
# The sentences are the examples of a [dictionary of Chemnitz University of Technology](https://dict.tu-chemnitz.de/): everyday German, business, proverbs, and quite free translations. For training there are whole sentences (`train`) and short phrases (`phrase`). No test sentence stands there, nor one that is nearly the same: no pair shares three fifths of the different words that both sentences have together, in German or in English (a test of this course proves it). That makes the task harder, but otherwise the figures would mean nothing.

# %% tags=["recipe"]
sentence_pairs = data.load("german_english")
sentence_parts = {part: table.reset_index(drop=True) for part, table in sentence_pairs.groupby("part")}

# %%
sentence_test, sentence_train = sentence_parts["test"], pd.concat([sentence_parts["train"], sentence_parts["phrase"]])
for part in ("train", "phrase", "validation", "test"):
    counts = sentence_parts[part]["german"].str.split().str.len()
    print(f"{part:<10} {len(counts):6,} pairs, {counts.median():.0f} German words (median), {counts.max()} at most")
for row in (3, 10, 11, 16):
    print(f"{sentence_test['german'][row]}  →  {sentence_test['english'][row]}")

# %% [markdown]
# ### How good is a translation? BLEU by hand
#
# There is no one right translation; still one wants a number. **BLEU** ([Papineni et al., 2002](https://aclanthology.org/P02-1040/)) compares with a translation by a person: what share of the machine's *runs of 1, 2, 3 and 4 words* ($n$-grams) also stands in the person's sentence?
#
# 1. **Clipping:** a run counts at most as often as it stands in the reference. Otherwise every word of *the the the the* would count as right.
# 2. The four precisions $p_n$ are averaged by their logarithms (geometric mean): one of them near zero pulls everything down.
# 3. If no run of some length is right, the logarithm would be that of 0. The usual way out counts ½ right, and ¼ for the next length where that happens.
# 4. **Brevity penalty:** precision says nothing of what is missing. If the machine wrote $c$ words and the person $r > c$, multiply by $e^{1-r/c}$.
#
# $$\text{BLEU} = 100 \cdot \min\left(1, e^{1-r/c}\right) \cdot \left(p_1\, p_2\, p_3\, p_4\right)^{1/4}$$


# %%
def runs_of(words, size):
    """How often each run of `size` words occurs."""
    return Counter(tuple(words[start : start + size]) for start in range(len(words) - size + 1))


def bleu_counts(said, reference):
    """Two lists of words -> (10,): for n = 1 to 4 the runs that are right, after clipping; the runs written; both lengths."""
    right, written = [], []
    for size in (1, 2, 3, 4):
        ours, theirs = runs_of(said, size), runs_of(reference, size)
        right.append(sum(min(count, theirs[run]) for run, count in ours.items()))
        written.append(ours.total())
    return np.array([*right, *written, len(said), len(reference)], dtype="float64")


def bleu(counts):
    """Counts (..., 10), of one sentence or summed over many -> BLEU from 0 to 100."""
    right, written, said, reference = counts[..., :4], counts[..., 4:8], counts[..., 8], counts[..., 9]
    none = right == 0
    right = np.where(none, 0.5 ** none.cumsum(axis=-1), right)
    return 100 * np.exp(np.minimum(0, 1 - reference / said) + np.log(right / written).mean(axis=-1))


# %%
reference = "the dog has been sleeping on the old sofa since noon"
candidate = "the dog the cat been sleeping on the old sofa"
hand = bleu_counts(candidate.split(), reference.split())
for size in range(4):
    print(f"runs of {size + 1}: {hand[size]:.0f} of {hand[4 + size]:.0f} right")
print(f"{hand[8]:.0f} words written, {hand[9]:.0f} in the reference: factor {np.exp(1 - hand[9] / hand[8]):.4f}")
by_hand, by_package = float(bleu(hand)), sacrebleu.sentence_bleu(candidate, [reference]).score
print(f"BLEU by hand {by_hand:.4f}, by sacreBLEU {by_package:.4f}, difference {abs(by_hand - by_package):.0e}")

# %% [markdown]
# *The* was written three times and counts twice. For a set of sentences the counts are **added up first**, then the formula is used once: BLEU is a figure for a test set. For a single sentence it says little: there is often no right run of four words.
#
# BLEU depends on how text is cut into words, and figures from different programs cannot be compared. [sacreBLEU](https://aclanthology.org/W18-6319/) (Post, 2018) ends that: it does the cutting itself, and everybody who uses it with the same settings gets the same number. **chrF** ([Popović, 2015](https://aclanthology.org/W15-3049/)) compares runs of 1 to 6 *characters* instead of words, by precision and recall (recall counts double). So *sleeps* for *sleeping* is partly right, not simply wrong. We compare in small letters.

# %%
cut_words = sacrebleu.metrics.BLEU().tokenizer  # sacreBLEU's way to cut text into words, known as 13a
sentence_references = [text.lower() for text in sentence_test["english"]]
sentence_answers, sentence_counts, sentence_scores = {}, {}, {}
sentence_draws = np.random.default_rng(ready.seed).multinomial(500, np.full(500, 1 / 500), size=2000)


def judge_sentences(name, answers):
    """Keep a method's 500 answers with their BLEU (its interval by the bootstrap), chrF and variety."""
    pairs = zip(answers, sentence_references, strict=True)
    counts = np.array([bleu_counts(cut_words(said).split(), cut_words(real).split()) for said, real in pairs])
    drawn = bleu(sentence_draws @ counts)  # 2,000 times 500 sentences drawn anew
    theirs = sacrebleu.corpus_bleu(answers, [sentence_references]).score
    frequent = Counter(answers).most_common(1)[0][1] / len(answers)
    sentence_answers[name], sentence_counts[name] = answers, counts
    sentence_scores[name] = {
        "BLEU": theirs,
        "interval": np.quantile(drawn, [0.025, 0.975]),
        "chrF": sacrebleu.corpus_chrf(answers, [sentence_references]).score,
        "different": len(set(answers)) / len(answers),
        "frequent": frequent,
        "from sacreBLEU": abs(theirs - float(bleu(counts.sum(axis=0)))),
    }
    print(f"{name}: BLEU {theirs:.2f}, chrF {sentence_scores[name]['chrF']:.1f}, {len(set(answers))} different answers")


# %% [markdown]
# ### Three baselines without a network
#
# **One answer for all**: the same English sentence whatever the question; of the twenty that occur most often in the training part, the one with the highest BLEU on the validation sentences. It is not a joke. A decoder that has learned English and ignores German does just that, in fluent sentences, and its loss has fallen, too. **Nearest neighbour**: find the most similar German training sentence by TF-IDF (day 13), give its translation: perfect English, usually of something else.

# %%
valid_references = [text.lower() for text in sentence_parts["validation"]["english"]]
common = [text for text, _ in Counter(sentence_parts["train"]["english"].str.lower()).most_common(20)]
tried = {text: sacrebleu.corpus_bleu([text] * 500, [valid_references]).score for text in common}
constant = max(tried, key=tried.get)
print(f"the constant answer: {constant}")
judge_sentences("one answer for all", [constant] * 500)

vectorizer = TfidfVectorizer(token_pattern=r"\w+")
known = vectorizer.fit_transform(sentence_parts["train"]["german"])
nearest = np.asarray((vectorizer.transform(sentence_test["german"]) @ known.T).argmax(axis=1)).ravel()
judge_sentences("nearest neighbour", sentence_parts["train"]["english"].str.lower().iloc[nearest].tolist())

# %% [markdown]
# **IBM model 1** ([Brown et al., 1993](https://aclanthology.org/J93-2003/)) is one of the first methods that learned to translate from pairs of sentences: a table $t(e \mid f)$ that says how probable the English word $e$ is as a translation of the German word $f$. Nobody tells which word belongs to which. It is a chicken-and-egg problem: if we had the table, we would know the links; if we had the links, we could count the table. **Expectation–maximisation** (EM) does both in turn, beginning with a table in which everything is equally probable:
#
# - *E step*: in each pair of sentences, share every English word out among the German words (and an empty word, for words that come from nowhere) in proportion to $t(e \mid f)$.
# - *M step*: count the shares: $t(e \mid f)$ is the sum of the shares of the pair $f, e$, divided by all that $f$ got.


# %%
def plain_words(text):
    return re.findall(r"\w+(?:'\w+)*|[^\w\s]", text.lower())


german_words = [["", *plain_words(text)] for text in sentence_train["german"]]  # "" is the empty word
english_words = [plain_words(text) for text in sentence_train["english"]]
german_number, english_number = (
    {word: number for number, word in enumerate(sorted({word for row in rows for word in row}))}
    for rows in (german_words, english_words)
)
links, place = [], 0  # German word, English word, and which place in the whole English text it is
for source_words, target_words in zip(german_words, english_words, strict=True):
    for word in target_words:
        links += [(german_number[other], english_number[word], place) for other in source_words]
        place += 1
links = np.array(links)
pair_numbers, pair_of = np.unique(links[:, 0] * len(english_number) + links[:, 1], return_inverse=True)
pair_german, pair_english = np.divmod(pair_numbers, len(english_number))
print(f"{len(links):,} possible links, {len(pair_numbers):,} different pairs of words")

# %%
probability, surprise = np.ones(len(pair_numbers)), []  # t(e | f), one number per pair that occurs
for _ in range(10):
    share = probability[pair_of]
    total = np.bincount(links[:, 2], share)  # what the German words of the sentence offer together
    surprise.append(-np.log(total / np.bincount(links[:, 2])).mean())
    counted = np.bincount(pair_of, share / total[links[:, 2]])  # E step: every English word is shared out
    probability = counted / np.bincount(pair_german, counted)[pair_german]  # M step
order = np.lexsort((-probability, pair_german))
first = order[np.unique(pair_german[order], return_index=True)[1]]  # per German word the best English one
german_list, english_list = list(german_number), list(english_number)
best_word = {german_list[pair_german[n]]: english_list[pair_english[n]] for n in first}
print(f"surprise per English word, turn 2 to 10: {surprise[1]:.2f} → {surprise[-1]:.2f}")
for word in ("haus", "immer", "nicht", "der", "zeit"):
    top = [n for n in order if pair_german[n] == german_number[word]][:4]
    print(f"{word:<6}", ", ".join(f"{english_list[pair_english[n]]} {probability[n]:.2f}" for n in top))

# %% [markdown]
# The table was found from sentences alone, in seconds. To translate, we say each German word's best word, in the German order; what we do not know we repeat:


# %%
def word_by_word(text):
    said = " ".join(best_word.get(word, word) for word in plain_words(text))
    return re.sub(r" ([.,!?:])", r"\1", said)


judge_sentences("IBM model 1", [word_by_word(text) for text in sentence_test["german"]])
for row in (3, 10, 11):
    print(f"{sentence_test['german'][row]}  →  {sentence_answers['IBM model 1'][row]}")

# %% [markdown]
# Stiff, in German order, and sometimes one can guess what is meant. This is the one to beat.
#
# ### Three networks, trained before
#
# The text is cut into **pieces** (byte-pair encoding of day 13), from one list for both languages, since names, numbers and many stems are the same in both. Here the sign `_` stands *in front*, for the space before a word, so that the text can be put together again exactly.

# %% tags=["recipe"]
SENTENCE_LENGTH = 32  # places for pieces, END included


def sentence_words(text):
    """A text -> its words and signs in small letters; “_” in front says that a blank stood there."""
    return re.findall(r"_?[^\W_]+|_?[^\w]", "_" + text.lower().replace(" ", "_"))


def pad_sentences(rows, length=SENTENCE_LENGTH):
    """Lists of numbers -> array (sentences, length), filled up with 0; END comes last."""
    result = np.zeros((len(rows), length), "int32")
    for line, row in zip(result, rows, strict=True):
        row = [*row[: length - 1], 2]
        line[: len(row)] = row
    return result


# %% tags=["recipe"]
class SentencePieces:
    """Byte-pair encoding for both languages at once: letters, and the pairs to be joined in their order."""

    def __init__(self, letters, merges):
        self.rank = {tuple(pair): rank for rank, pair in enumerate(merges)}
        self.names = ["", "<start>", "<end>", *letters, *("".join(pair) for pair in merges)]  # the first: padding
        self.number = {name: number for number, name in enumerate(self.names)}
        self.known = {}

    def cut(self, word):
        """Join the pair that was learned first, until no known pair is left."""
        pieces = list(word)
        while len(pieces) > 1:
            rank, place = min((self.rank.get(pair, 10**9), k) for k, pair in enumerate(zip(pieces, pieces[1:])))
            if rank == 10**9:
                break
            pieces[place : place + 2] = ["".join(pieces[place : place + 2])]
        return [self.number[piece] for piece in pieces if piece in self.number]

    def numbers(self, text):
        """A text -> the list of its pieces' numbers."""
        for word in (words := sentence_words(text)):
            if word not in self.known:
                self.known[word] = self.cut(word)
        return [number for word in words for number in self.known[word]]

    def text(self, numbers):
        """Numbers -> the text they spell."""
        return "".join(self.names[number] for number in numbers).replace("_", " ").strip()


# %%
checkpoints = data.ROOT / "course" / "day14_seq2seq" / "checkpoints"
piece_letters, *merges = (checkpoints / "pieces.txt").read_text(encoding="utf-8").split("\n")[:-1]
sentence_pieces = SentencePieces(piece_letters, [line.split(" ") for line in merges])
for text in (sentence_test["german"][3], sentence_test["english"][3]):
    numbers = sentence_pieces.numbers(text)
    print(" · ".join(sentence_pieces.names[number] for number in numbers))
    print(f"   back again: {sentence_pieces.text(numbers)}")

# %% [markdown]
# The networks. Each has one table of vectors, for both languages and, used backwards, for the output: a piece's logit is the product of its vector and what the decoder has in mind. That saves weights, and 15,000 sentences can teach only few. The first two are those of section 4, with dot-product attention (now Keras' own layer, `layers.Attention`) or without. Two things are new:
#
# - What the decoder looks at is the encoder's state at each place **and the piece's own vector** beside it. A short way from the German piece to the English one makes it easier to find out where to look.
# - The queries are **divided by the root of their length**. A sum of 448 products is a large number, and a softmax of large numbers is 1 at one place and 0 at all others; where it is 0, no gradient says that one should have looked there. In our first training, without the division, the network looked at the full stop or the end whatever it wrote, and learned next to nothing of the German.

# %% tags=["recipe"]
DROP = 0.2  # share of dropout


def sentence_table(pieces, width):
    """One table for both languages, used backwards for the logits; and how a sequence of numbers enters a network."""
    start = keras.initializers.RandomNormal(stddev=width**-0.5)
    table = layers.ReversibleEmbedding(pieces, width, embeddings_initializer=start)
    larger, hide, dropout = layers.Rescaling(width**0.5), layers.Dropout(0.1, (None, None, 1)), layers.Dropout(DROP)

    def enter(numbers, *more):
        x = hide(larger(table(numbers)))  # in training, a whole piece is hidden now and then
        return dropout(layers.Add()([x, *more]) if more else x)

    return table, enter


# %% tags=["recipe"]
def recurrent_translator(attends, pieces=2000, width=192, units=256):
    """A GRU that reads in both directions and a GRU that writes; `attends`: with dot-product attention or without."""
    table, enter = sentence_table(pieces, width)
    source, given = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    entered, reader = enter(source), layers.GRU(units // 2, return_sequences=True, return_state=True)
    everything, forwards, backwards = layers.Bidirectional(reader)(entered, mask=ops.not_equal(source, 0))
    state = layers.Dense(units, activation="tanh")(layers.Concatenate()([forwards, backwards]))
    everything = layers.Concatenate()([layers.Dropout(DROP)(everything), entered])
    encode = keras.Model(source, [everything, state])

    state, encoded = keras.Input((units,)), keras.Input((None, units + width))
    x, new_state = layers.GRU(units, return_sequences=True, return_state=True)(enter(given), initial_state=state)
    x = layers.Dropout(DROP)(x)
    if attends:
        queries = layers.Rescaling((units + width) ** -0.5)(layers.Dense(units + width, use_bias=False)(x))
        context, weights = layers.Attention()(
            [queries, encoded], mask=[None, ops.not_equal(source, 0)], return_attention_scores=True
        )
        x = layers.Concatenate()([x, context])
    x = layers.Dropout(DROP)(layers.Dense(width, activation="tanh")(x))
    results = [table(x, reverse=True), new_state] + ([weights] if attends else [])
    decode = keras.Model([given, state, encoded, source], results)
    encoded, state = encode(source)
    trainer = keras.Model([source, given], decode([given, state, encoded, source])[0])
    return trainer, encode, decode


# %% [markdown]
# The third is a small **transformer** ([Vaswani et al., 2017](https://arxiv.org/abs/1706.03762)). Tomorrow is devoted to it; today it takes part unexplained but for one sentence: it throws the recurrence out and keeps the attention, so that every place looks at all the others directly, in the sentence it reads and in what it has written so far. (While it writes, each block's `memory` keeps what it has already worked out, as the GRU keeps its state.)


# %% tags=["recipe"]
class Block:
    """The layers of one block of a transformer; `cross`: it also looks at the sentence that was read."""

    def __init__(self, width, heads, wide, cross):
        self.itself = layers.MultiHeadAttention(heads, width // heads)
        self.other = layers.MultiHeadAttention(heads, width // heads) if cross else None
        self.norms = [layers.LayerNormalization() for _ in range(3 if cross else 2)]
        self.dense = [layers.Dense(wide, activation="relu"), layers.Dropout(DROP), layers.Dense(width)]
        self.dropout, self.weights = layers.Dropout(DROP), None

    def __call__(self, x, memory, seen, encoded=None, there=None):
        """x (batch, n, width) looks at `memory`, of itself if None, where `seen` is True, then at `encoded`."""
        normed = self.norms[0](x)
        memory = normed if memory is None else memory(normed)
        x = x + self.dropout(self.itself(normed, memory, attention_mask=seen))
        if encoded is not None:
            looked, self.weights = self.other(
                self.norms[2](x), encoded, attention_mask=there, return_attention_scores=True
            )
            x = x + self.dropout(looked)
        y = self.norms[1](x)
        for layer in self.dense:
            y = layer(y)
        return x + self.dropout(y), memory


# %% tags=["recipe"]
class Writer:
    """The transformer's decoder: table, places and blocks, once for a whole sentence and once for a single piece."""

    def __init__(self, table, enter, place, blocks, norm):
        self.table, self.enter, self.place, self.blocks, self.norm = table, enter, place, blocks, norm

    def __call__(self, given, position, memories, columns, encoded, source):
        x, kept = self.enter(given, self.place(position)), []
        for block, memory in zip(self.blocks, memories, strict=True):
            seen, there = ops.less_equal(columns, position[:, :, None]), ops.not_equal(source, 0)[:, None]
            x, memory = block(x, memory, seen, encoded, there)
            kept.append(memory)
        return self.table(self.norm(x), reverse=True), kept


# %% tags=["recipe"]
def count_places(numbers):
    return ops.cumsum(ops.ones_like(numbers), axis=1) - 1


def transformer_translator(pieces=2000, width=128, heads=4, wide=512, depth=2):
    """A small transformer: every place looks at all others at once; no recurrence."""
    table, enter = sentence_table(pieces, width)
    small = keras.initializers.RandomNormal(stddev=0.1)
    places = [layers.Embedding(SENTENCE_LENGTH, width, embeddings_initializer=small) for _ in range(2)]
    readers, writers = ([Block(width, heads, wide, cross) for _ in range(depth)] for cross in (False, True))
    norms = [layers.LayerNormalization() for _ in range(2)]
    source, given = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    x = enter(source, places[0](count_places(source)))
    for block in readers:
        x, _ = block(x, None, ops.not_equal(source, 0)[:, None])
    encode = keras.Model(source, norms[0](x))
    write, where = Writer(table, enter, places[1], writers, norms[1]), count_places(given)
    logits, _ = write(given, where, [None] * depth, where[:, None], encode(source), source)
    trainer = keras.Model([source, given], logits)

    token, position = keras.Input((1,), dtype="int32"), keras.Input((1,), dtype="int32")
    encoded, memories = keras.Input((None, width)), [keras.Input((SENTENCE_LENGTH, width)) for _ in range(depth)]
    here = ops.transpose(ops.one_hot(position, SENTENCE_LENGTH), (0, 2, 1))  # 1 at this place
    put = [lambda new, old=old: old + here * new for old in memories]
    logits, kept = write(token, position, put, np.arange(SENTENCE_LENGTH)[None, None], encoded, source)
    decode = keras.Model([token, position, encoded, source, *memories], [logits, *kept, writers[-1].weights])
    return trainer, encode, decode


# %% tags=["recipe"]
TRANSLATORS = {
    "plain": lambda: recurrent_translator(attends=False),
    "attention": lambda: recurrent_translator(attends=True),
    "transformer": transformer_translator,
}

# %% [markdown]
# Each was trained once, all three with the same 4,500 batches in the same order: `course/day14_seq2seq/checkpoints/train.py` is the script, and beside it lie its logs. Label smoothing, dropout and hidden pieces keep so small a set from being learned by heart; what was kept is the state with the lowest loss on the validation sentences. The minutes are minutes of one CPU core.

# %%
translators, made = {}, {}
for name, build_translator in TRANSLATORS.items():
    translators[name] = build_translator()
    made[name] = pretrained.checkpoint("day14_seq2seq", name, translators[name][0])
facts = ["weights", "steps", "kept from step", "minutes", "machine", "validation loss", "bytes"]
pd.DataFrame({name: {fact: about[fact] for fact in facts} for name, about in made.items()})

# %%
# Drawing: the logs.
figure, axes = plt.subplots(figsize=(8, 3.6))
for name, style in zip(made, ("--", "-", ":"), strict=True):
    log = pd.read_csv(checkpoints / f"{name}.csv")
    axes.plot(log["step"], log["validation_loss"], style, label=name)
axes.set(
    xlabel="step",
    ylabel="validation loss (cross-entropy per piece)",
    title="Three translators, the same batches",
    ylim=(None, 5),
)
axes.legend()
plots.show(
    figure,
    alt="Loss per piece on the validation sentences over the steps of training, falling for all three. Lowest: "
    + ", ".join(f"{name} {about['validation loss']:.2f}" for name, about in made.items())
    + ".",
)

# %% [markdown]
# Is that really the network that was trained, and did the rounding of its weights to 16 bits do no harm? If so, the loss on the validation sentences, computed anew, must be the one in the log. (The loss is plain cross-entropy per piece with teacher forcing, without the label smoothing, day 07, that the training used.)


# %%
def sentence_arrays(table):
    """A table of pairs -> source, given, target: what is read, what the decoder gets, what it should say."""
    source, target = (
        pad_sentences([sentence_pieces.numbers(text) for text in table[side]]) for side in ("german", "english")
    )
    given = shift_right(target)
    return source, np.where(given == END, PADDING, given), target


loss_apart, (source, given, target) = {}, sentence_arrays(sentence_parts["validation"])
for name, (trainer, *_) in translators.items():
    logits = trainer.predict([source, given], batch_size=125, verbose=0)
    found = log_softmax(logits, axis=-1)
    loss = -np.take_along_axis(found, target[:, :, None], axis=-1)[:, :, 0][target != PADDING].mean()
    loss_apart[name] = abs(float(loss) - made[name]["validation loss"])
    print(f"{name}: {loss:.4f} per piece; trained: {made[name]['validation loss']:.4f}")

# %% [markdown]
# ### Let them write
#
# Searching goes as in section 5: the same `greedy` and `beam_search`; each network only has to say what happens in a step. The recurrent ones carry their state along, the transformer its memories.


# %%
def writing_step(name):
    """The step function of a network, for greedy and beam_search."""
    decode = translators[name][2]

    def recurrent(tokens, state):
        logits, hidden, *_ = decode.predict_on_batch([tokens[:, None], *state])
        return log_softmax(logits[:, 0], axis=-1), [hidden, *state[1:]]

    def transformer(tokens, state):
        position, encoded, source, *memories = state
        logits, *memories, _ = decode.predict_on_batch([tokens[:, None], position, encoded, source, *memories])
        return log_softmax(logits[:, 0], axis=-1), [position + 1, encoded, source, *memories]

    return transformer if name == "transformer" else recurrent


def writing_start(name, source):
    """What a network knows before the first step: state, encoded, source, or place 0 and empty memories."""
    read = translators[name][1].predict_on_batch(source)
    if name != "transformer":
        encoded, hidden = read
        return [hidden, encoded, source]
    empty = np.zeros((len(source), SENTENCE_LENGTH, read.shape[-1]), "float32")
    return [np.zeros((len(source), 1), "int32"), read, source, *[empty] * (len(translators[name][2].inputs) - 4)]


# %%
test_source, test_given, test_target = sentence_arrays(sentence_test)
for name in translators:
    greedy_rows, beam_rows, began = [], [], time.time()
    for start in range(0, 500, 125):
        state = writing_start(name, test_source[start : start + 125])
        greedy_rows += greedy(writing_step(name), state, longest=24)
        beam_rows += [found[0][1] for found in beam_search(writing_step(name), state, width=4, longest=24)]
    judge_sentences(f"{name}, greedy", [sentence_pieces.text(row) for row in greedy_rows])
    judge_sentences(f"{name}, beam of 4", [sentence_pieces.text(row) for row in beam_rows])
    print(f"   {time.time() - began:.0f} s")

# %% [markdown]
# ### The table

# %%
lead, rows = sentence_counts["IBM model 1"], []
for name, score in sentence_scores.items():
    drawn = [bleu(sentence_draws @ counts) for counts in (sentence_counts[name], lead)]
    low, high = np.quantile(drawn[0] - drawn[1], [0.025, 0.975])
    score["lead"], score["verdict"] = (
        (low, high),
        "better" if low > 0 else "worse" if high < 0 else "no difference shown",
    )
    rows.append(
        {
            "method": name,
            "BLEU": f"{score['BLEU']:.2f}",
            "95 % interval": "{:.2f} to {:.2f}".format(*score["interval"]),
            "chrF": f"{score['chrF']:.1f}",
            "different answers": f"{score['different']:.0%}",
            "BLEU minus IBM model 1": f"{score['BLEU'] - sentence_scores['IBM model 1']['BLEU']:+.2f} ({low:+.2f} to {high:+.2f})",
            "verdict": "—" if name == "IBM model 1" else score["verdict"],
        }
    )
pd.DataFrame(rows).set_index("method")

# %%
# Drawing: the table as a picture.
shown = list(sentence_scores)[::-1]
figure, axes = plt.subplots(figsize=(8.5, 4.2))
for height, name in enumerate(shown):
    score = sentence_scores[name]
    low, high = score["interval"]
    style = (
        "s" if name in ("one answer for all", "nearest neighbour", "IBM model 1") else "o" if "greedy" in name else "D"
    )
    error = [[score["BLEU"] - low], [high - score["BLEU"]]]
    axes.errorbar(score["BLEU"], height, xerr=error, marker=style, color="black", capsize=4)
ibm = sentence_scores["IBM model 1"]["BLEU"]
axes.axvline(ibm, linestyle="--", color=plots.COLOURS[0], label="IBM model 1")
axes.set_yticks(range(len(shown)), shown)
axes.set(xlabel="BLEU on 500 test sentences", ylabel="method", title="Nine translators, the same sentences")
axes.legend(loc="lower right")
plots.show(
    figure,
    alt="BLEU with 95 % intervals, one row per method, and a dashed line at IBM model 1: "
    + "; ".join(f"{name} {score['BLEU']:.1f}" for name, score in sentence_scores.items())
    + ".",
)

# %%
written_by_networks = [name for name in sentence_scores if "greedy" in name or "beam" in name]
for verdict in ("better", "worse", "no difference shown"):
    found = [name for name in written_by_networks if sentence_scores[name]["verdict"] == verdict]
    print(f"networks against IBM model 1, {verdict}: {'; '.join(found) or 'none'}")


def beam_gain(name, random_draws=sentence_draws):
    """BLEU of the beam minus greedy: the difference, and its interval from the same draws."""
    counts = [sentence_counts[f"{name}, {how}"] for how in ("beam of 4", "greedy")]
    drawn = bleu(random_draws @ counts[0]) - bleu(random_draws @ counts[1])
    return float(bleu(counts[0].sum(axis=0)) - bleu(counts[1].sum(axis=0))), *np.quantile(drawn, [0.025, 0.975])


for name in translators:
    print("{}: the beam adds {:+.2f} BLEU ({:+.2f} to {:+.2f})".format(name, *beam_gain(name)))

# %% [markdown]
# Read it plainly, for it is not what advertisements for networks tell.
#
# - **Attention is worth more than anything else here.** The first two networks differ in nothing but that; they have had the same batches. Without it the network has learned how English sentences go, and hardly what the German says.
# - **The transformer is no better for being newer.** It must learn from the data what a recurrent network is born with, that neighbours belong together; and at this size, with these few pairs and minutes, that costs it more than it gains. With 4.5 million pairs the same idea was the best translator of its time ([Vaswani et al., 2017](https://arxiv.org/abs/1706.03762)). We tried no other width or rate for it that would fit the budget: this is a result on *this* recipe.
# - **No network is ahead of a word table of 1993**, which needs a few seconds and no gradient. That is known: networks learn more from much data and less from little ([Koehn and Knowles, 2017](https://arxiv.org/abs/1706.03872)). What BLEU does not say: the table writes German in English words; the networks write English that says something else. Which is worse depends on who reads it.
#
# In practice nobody trains a translator on 15,000 sentences: one takes a network that has read the world and fine-tunes it (day 13). If you have a GPU, train ours longer: `train.py` takes the number of steps.
#
# ### Read the answers
#
# A table hides what the sentences show. Here are the first eight of the test, not chosen.

# %%
shown_names = ("nearest neighbour", "IBM model 1", "plain, beam of 4", "attention, beam of 4", "transformer, beam of 4")
for row in range(8):
    print(f"German       {sentence_test['german'][row]}\nperson       {sentence_references[row]}")
    for name in shown_names:
        print(f"{name.split(',')[0].removesuffix(' neighbour'):<12} {sentence_answers[name][row]}")
    print()

# %% [markdown]
# The table of words is stiff and breaks on words that it has not seen. The networks are fluent, and they invent: they would rather say something that is often said than something that they do not know. A reader who knows no German cannot tell. That is the danger of fluent machines, in small.
#
# ### Where does it look?
# The pictures of section 4, now for sentences: each row is a piece that the network with attention writes, bright where it looks. Watch the verbs, which German keeps for the end.


# %%
def sentence_attention(source, given):
    """The weights (sentences, written, read) of the network with attention, when it is given what to write."""
    _, encode, decode = translators["attention"]
    encoded, state = encode.predict_on_batch(source)
    return decode.predict_on_batch([given, state, encoded, source])[2]


def draw_sentence(text):
    """Translate a German sentence greedily, and show where the network looked for each piece."""
    source = pad_sentences([sentence_pieces.numbers(text)])
    written = greedy(writing_step("attention"), writing_start("attention", source), longest=24)[0]
    weights = sentence_attention(source, np.array([[START, *written]]))[0]
    read = [*sentence_pieces.numbers(text), END]
    names = [[sentence_pieces.names[number] for number in row] for row in (read, [*written, END])]
    draw_alignment(weights[:, : len(read)], *names, title=sentence_pieces.text(written))


for text in ("Ich habe das Haus gestern gesehen.", "Er hat mir nicht geholfen."):
    draw_sentence(text)

# %% [markdown]
# Two pictures prove little. So count: for the words of the test sentences about which IBM model 1 is sure ($t(e \mid f) \ge 0.3$, words of four letters or more), **does the network look at the German word that the table, which knows nothing of the network, links them with?** For comparison: always looking at the same relative place in the sentence (the diagonal), and guessing.


# %%
def link(source_word, target_word):
    """t(e | f) of IBM model 1, 0 for what it never saw together."""
    number = german_number.get(source_word, -1) * len(english_number) + english_number.get(target_word, -1)
    place = min(np.searchsorted(pair_numbers, number), len(pair_numbers) - 1)
    return probability[place] if pair_numbers[place] == number and target_word in english_number else 0.0


def words_and_places(text):
    """The words of a text, and for each of its pieces to which word it belongs."""
    words = sentence_words(text)
    sentence_pieces.numbers(text)
    return words, np.repeat(np.arange(len(words)), [len(sentence_pieces.known[word]) for word in words])


# %%
agreement, all_weights = [], sentence_attention(test_source, test_given)
for row, weights in enumerate(all_weights):
    read, read_places = words_and_places(sentence_test["german"][row])
    written, written_places = words_and_places(sentence_test["english"][row])
    for k, word in enumerate(written):
        sure = np.array([link(other.strip("_"), word.strip("_")) for other in read])
        at = np.searchsorted(written_places, k)  # the word's first piece
        if len(word.strip("_")) < 4 or sure.max() < 0.3 or at >= SENTENCE_LENGTH or len(read_places) > SENTENCE_LENGTH:
            continue
        looked = np.bincount(read_places, weights[at, : len(read_places)])
        diagonal = round(k * (len(read) - 1) / (len(written) - 1))
        agreement.append([looked.argmax() == sure.argmax(), diagonal == sure.argmax(), 1 / len(read)])
agrees, by_diagonal, by_guess = np.mean(agreement, axis=0)
print(
    f"{len(agreement)} words: the network agrees for {agrees:.2f}, the diagonal {by_diagonal:.2f}, a guess {by_guess:.2f}"
)

# %% [markdown]
# Two methods that know nothing of each other agree on which German word belongs to which English one, far more often than order alone would explain. Nobody told the network; the links were the cheapest way to a lower loss. But where to look is not yet what to say, as the answers above show. (And not always does attention point at the words that a person would link: [Koehn and Knowles](https://arxiv.org/abs/1706.03872) found a network whose links were all one word off.)
#
# ### The guard
#
# Finally the test that every translator should pass before anybody looks at its loss: **does it give different answers to different sentences?** Each method's share of different answers, and how many of the 500 get its most frequent one. A network that says the same to all has learned to write English and not to read German, however far its loss has fallen.

# %%
for name, score in sentence_scores.items():
    print(f"{name:<22} {score['different']:.0%} different answers; the most frequent one for {score['frequent']:.1%}")
least_different = min(sentence_scores[name]["different"] for name in written_by_networks)
most_frequent = max(sentence_scores[name]["frequent"] for name in written_by_networks)

# %% [markdown]
# All networks pass. Is that enough? Look for pet words: words of five letters or more that a network uses far more often than the people did.

# %%
said_by_people = Counter(word for text in sentence_references for word in set(re.findall(r"\w{5,}", text)))
pet_share = {}
for name in translators:
    answers = sentence_answers[f"{name}, beam of 4"]
    said = Counter(word for text in answers for word in set(re.findall(r"\w{5,}", text)))
    pet = max(said, key=lambda word: said[word] - said_by_people[word])
    pet_share[name] = said[pet] / 500
    print(
        f"{name:<12} “{pet}” in {pet_share[name]:.1%} of its answers, in {said_by_people[pet] / 500:.1%} of the people's"
    )

# %% [markdown]
# The network without attention has one: its answers are all different, and many of them say the same. So the guard is necessary and not sufficient; it finds the broken ones, and reading finds the rest.

# %% [markdown]
# ## 8 · What you should see
#
# Each result is held against the range over three seeds, with some room.

# %%
expect("numbers, part by part: right (share)", right_by_parts, low=0, high=0.01)
expect("numbers, without attention: right (share)", right_test["without attention"], low=0, high=0.2)
expect("numbers, additive attention: right (share)", right_test["additive"], low=0.98, high=1)
expect("numbers, dot-product attention: right (share)", right_test["dot product"], low=0.98, high=1)
gap = min(right_test["additive"], right_test["dot product"]) - right_test["without attention"]
expect("numbers: what attention adds (share)", gap, low=0.7, high=1)
expect("target not shifted: loss at the end", leak_losses[-5:].mean(), low=0, high=0.05)
expect("target not shifted: right, writing alone (share)", right_leaky, low=0, high=0.01)
expect("additive: crossings right (share)", alignment["additive"][0], low=0.9, high=1)
expect("dot product: crossings right (share)", alignment["dot product"][0], low=0.9, high=1)
expect("additive: peak on the partner (share)", alignment["additive"][1], low=0.6, high=1)
expect("dot product: peak on the partner (share)", alignment["dot product"][1], low=0.6, high=1)
expect("beam of width 1 equals greedy (share)", same_as_greedy, low=0.99, high=1)
expect("sounds, letter by letter: words right (share)", score_by_letter[0], low=0, high=0.1)
expect("sounds, greedy: words right (share)", sound_table["network, greedy"][0], low=0.58, high=0.68)
expect("sounds, beam of 4: words right (share)", sound_table["network, beam of 4"][0], low=0.58, high=0.68)
expect("sounds, greedy: phoneme error rate", sound_table["network, greedy"][1], low=0.08, high=0.12)
expect("sounds: right answer among the four of the beam (share)", among_four, low=0.81, high=0.9)

# %%
for name in ("additive", "dot product"):
    expect_learned(f"numbers, {name}", [part.mean() for part in np.array_split(losses[name], 10)], factor=0.1)
expect_learned("sounds", [part.mean() for part in np.array_split(sound_losses, 10)], factor=0.3)
different = len({" ".join(answer) for answer in greedy_said}) / len(greedy_said)
expect("sounds: different answers per word", different, low=0.9, high=1)

# %%
bleu_apart = max(abs(by_hand - by_package), *(score["from sacreBLEU"] for score in sentence_scores.values()))
without, with_attention = (sentence_scores[f"{name}, beam of 4"]["BLEU"] for name in ("plain", "attention"))
expect("BLEU by hand: largest difference from sacreBLEU", bleu_apart, low=0, high=1e-6)
expect("IBM model 1: surprise, last turn over second", surprise[-1] / surprise[1], low=0.7, high=0.9)
expect("sentences, one answer for all: BLEU", sentence_scores["one answer for all"]["BLEU"], low=0, high=1)
expect("sentences, nearest neighbour: BLEU", sentence_scores["nearest neighbour"]["BLEU"], low=2.8, high=3.8)
expect("sentences, IBM model 1: BLEU", sentence_scores["IBM model 1"]["BLEU"], low=6.3, high=7.3)
expect("checkpoints: largest difference from the loss in their logs", max(loss_apart.values()), low=0, high=0.02)
expect("sentences, guard: least share of different answers", least_different, low=0.8, high=1)
expect("sentences, guard: share of the most frequent answer", most_frequent, low=0, high=0.05)
expect("attention and IBM model 1 link the same words (share)", agrees, low=0.5, high=1)
expect("sentences, attention minus plain, beam: BLEU", with_attention - without, low=2, high=9)
expect("sentences, attention, what the beam adds: BLEU", beam_gain("attention")[0], low=-0.5, high=2)

# %% [markdown]
# ## Summary
#
# 1. An encoder reads, a decoder writes. In training the decoder is given the right words, shifted by one (teacher forcing); if you forget the shift, the loss is wonderful and the network has learned to repeat. Let it write alone, and count.
# 2. One vector between the two is a bottleneck: what has to be packed into it is learned late. Attention lets the decoder look back at every place of the source: weights from a fit of query and key (additive or dot product), then a weighted mean.
# 3. The weights can be drawn. An alignment is a clue to what was looked at, not a proof of why.
# 4. Greedy search takes the best next word; a beam keeps several beginnings. How much it gains depends on the task, and how scores are divided by length is a choice to be made on validation data.
# 5. Exact answers, error rates, BLEU and chrF say different things. Each means little without a baseline, an interval, and a look at the answers themselves.
#
# ## Quiz
#
# **1. A colleague's translator has a loss of 0.003 after ten minutes, and writes “the the the the”. What do you look at first?**
# <details><summary>Answer</summary>
#
# At what the decoder is given in training. If it is the target itself and not the target shifted right, it has learned to repeat, and when it writes alone there is nothing to repeat.
#
# </details>
#
# **2. Both fits are turned into weights by a softmax over the source. What goes wrong if the padding is not masked before it?**
# <details><summary>Answer</summary>
#
# Padding gets weights above zero, so that part of the context comes from places where nothing stands, and the more padding, the more of it. The same source then gets another answer if it is padded to another length, for instance because a longer one is in its batch.
#
# </details>
#
# **3. Which of these can be read from an alignment picture?**
# (a) at which places of the source the decoder took most of its context from (b) why the answer is wrong (c) that the network understands the grammar
# <details><summary>Answer</summary>
#
# (a) only. And even that is about the encoder's *states* at these places, which know of their neighbours, too.
#
# </details>
#
# **4. With width 4 and no length normalisation a beam gives shorter answers than with it. Why?**
# <details><summary>Answer</summary>
#
# Every further word adds a negative log-probability to the sum. A beginning that stops early has added fewer of them.
#
# </details>
#
# **5. A translator has a BLEU of 30 on one test set, another one 25 on another. Which is better?**
# <details><summary>Answer</summary>
#
# That cannot be said. BLEU depends on the test set, on how it is cut into tokens and on the number of reference translations. It compares systems on the *same* test set, computed the same way; that is what sacreBLEU is for.
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning*, 3rd ed., chapter 16 (natural language processing with RNNs and attention).
# - Sutskever, Vinyals, Le: [Sequence to sequence learning with neural networks](https://arxiv.org/abs/1409.3215) (2014): encoder and decoder, and a beam.
# - Bahdanau, Cho, Bengio: [Neural machine translation by jointly learning to align and translate](https://arxiv.org/abs/1409.0473) (2015): attention, with the first alignment pictures.
# - Luong, Pham, Manning: [Effective approaches to attention-based neural machine translation](https://arxiv.org/abs/1508.04025) (2015): the dot product, and where to put it.
# - Papineni, Roukos, Ward, Zhu: [BLEU: a method for automatic evaluation of machine translation](https://aclanthology.org/P02-1040/) (2002), and Post: [A call for clarity in reporting BLEU scores](https://arxiv.org/abs/1804.08771) (2018).
# - Video: Stanford CS224N, [the lecture on translation, sequence to sequence and attention](https://www.youtube.com/watch?v=wzfWHP6SXxY) (2021).
#
# ## Now you
#
# The [exercises](../exercises/day14_seq2seq.ipynb) answer back; the [solutions](../solutions/day14_seq2seq.ipynb) explain.
# Tomorrow, day 15: what if there is nothing *but* attention?
