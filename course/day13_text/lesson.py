# %% [markdown]
# # Day 13 · Text: from characters to vectors
#
# **Today words become numbers, numbers become vectors, and eight models read the same 1,805 film sentences. You will see which networks are worth their trouble, which are not, and what a vector has learned about women and men without being asked.**
#
# <!-- badges -->
#
# After this lesson you can
#
# - **cut** text into characters, words or pieces of words, and train a tokeniser of your own, on the training data only;
# - **turn** text into numbers: bag of words, TF-IDF, one-hot, embeddings, with padding, truncation and a mask that holds;
# - **compare** a bag of words, recurrent, convolutional and pretrained networks on one honest table with intervals;
# - **build** word2vec from scratch, and read neighbours and analogies without being fooled by them;
# - **measure** bias in pretrained vectors by a published test, and say where it comes from and what helps.
#
# **Time:** 120 to 140 minutes of reading and trying; the code runs in three to six minutes on two CPU cores, as fast as they are (more than half of it the pretrained network).
# Cells that begin with `# Drawing` are folded and hold no new idea: run them and look at the picture.
#
# **Backends:** TensorFlow, JAX, PyTorch.
#
# <details><summary><b>German terms of the day</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | token, tokeniser | Token, Zerleger | word vector, embedding | Wortvektor, Einbettung |
# | bag of words | Wortsack, Bag of Words | neighbour | Nachbar |
# | count vector | Zählvektor | analogy | Analogie |
# | padding, truncation | Auffüllen, Abschneiden | bias (prejudice) | Verzerrung, Vorurteil |
# | mask | Maske | confidence interval | Vertrauensbereich |
# | sentiment analysis | Stimmungsanalyse | to fine-tune | nachtrainieren, feinabstimmen |
# | stop word | Füllwort, Stoppwort | held-out data | zurückgehaltene Daten |
#
# </details>

# %% tags=["setup"]
import re
from collections import Counter, defaultdict

from utils import data, plots, pretrained, runtime
from utils.expect import expect, expect_learned, expect_varied

import ipywidgets
import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras import layers
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ready = runtime.setup(seed=1, precision="float32")

# %% [markdown]
# ## 1 · See it: sentences with a rating
#
# Critics wrote about films; some twenty people rated each sentence, from −4 (extremely negative) to 4 (extremely positive); the file holds the mean ([Hutto and Gilbert, 2014](https://ojs.aaai.org/index.php/ICWSM/article/view/14550), on sentences
# collected by [Pang and Lee, 2004](https://aclanthology.org/P04-1035/)). The question of the day: **is the sentence for or against the film?** We ask it where people are clear about it themselves, at a mean above 1 or below −1. The others we keep for later.

# %%
sentences = data.load("movie_sentences")
for _, row in sentences.iloc[[9, 4444, 5215, 7821, 9401]].iterrows():
    print(f"{row['score']:5.2f} ({row['split']})  {row['text']}")

clear = sentences[sentences["score"].abs() > 1]
train, test = (clear[clear["split"] == part].reset_index(drop=True) for part in ("train", "test"))
y_train, y_test = ((part["score"] > 0).to_numpy("float32") for part in (train, test))
print(f"{len(train)} sentences to learn from, {y_train.mean():.1%} of them positive")
print(
    f"{len(test)} to test, {y_test.mean():.1%} positive: who says “positive” every time is right for {y_test.mean():.3f}"
)

# %%
# Drawing: how people rated.
figure, axes = plt.subplots(figsize=(8, 3.4))
edges = np.arange(-4, 4.01, 0.25)
_, _, bars = axes.hist(sentences["score"], bins=edges, color=plots.COLOURS[4], edgecolor="white")
for patch, left in zip(bars, edges, strict=False):
    if -1 <= left < 1:
        patch.set(facecolor="0.8", hatch="//")
axes.set(xlabel="mean rating (−4 to 4)", ylabel="sentences", title="Two camps, and a grey zone that we set aside")
unclear = int((sentences["score"].abs() <= 1).sum())
plots.show(
    figure,
    alt=f"Histogram of the mean ratings of {len(sentences)} sentences: two hills, at about minus 2 and plus 2, and a valley around 0. The {unclear} sentences from −1 to 1 are hatched in grey; they are left out of the task.",
)

# %% [markdown]
# Before anything else, a rule for the whole day. **Whatever is learned or chosen is learned and chosen on the training part**: the list of words, the weights, the length, the number of epochs. A list of words made from *all* sentences would contain words that occur
# in the test only, and a test word would have a column of its own: the test would be easier than the world outside, where the next sentence always brings words that nobody has seen. (Exercise 3 catches such a leak.) For choices we lay 1,000 training sentences aside.

# %%
random = np.random.default_rng(ready.seed)
order = random.permutation(len(train))
choose_rows, fit_rows = order[:1000], order[1000:]

# %% [markdown]
# ## 2 · Tokens: characters, words, or something in between
#
# A network reads numbers. So the text is cut into **tokens**, and each gets a number from a list, the **vocabulary**. How fine should we cut? Let us try the two ends.


# %%
def words_of(text):
    """Small letters; words with their apostrophes (don't), numbers; signs and letters with accents are dropped."""
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower())


example = "It's a beautifully unwatchable, Oscar-hungry film."
print("characters:", list(example.lower())[:24], "…")
print("words:     ", words_of(example))

letters = Counter(letter for text in train["text"] for letter in text.lower())
word_counts = Counter(word for text in train["text"] for word in words_of(text))
test_words = [word for text in test["text"] for word in words_of(text)]
unknown = np.mean([word not in word_counts for word in test_words])
once = np.mean([count == 1 for count in word_counts.values()])
print(f"characters: a vocabulary of {len(letters)}, {train['text'].str.len().mean():.0f} tokens per sentence")
print(f"words:      a vocabulary of {len(word_counts)}, {word_counts.total() / len(train):.0f} tokens per sentence")
print(f"{once:.0%} of the words occur only once; {unknown:.1%} of the words in the test never occur in training")

# %%
# Drawing: the frequencies of words fall like a straight line on two logarithmic axes.
ranked = np.array([count for _, count in word_counts.most_common()])
slope = np.polyfit(np.log(np.arange(10, 3001)), np.log(ranked[9:3000]), 1)[0]
figure, axes = plt.subplots(figsize=(8, 3.8))
axes.loglog(np.arange(1, len(ranked) + 1), ranked, marker=".", linestyle="none")
for rank in (0, 9, 99, 999):
    word, count = word_counts.most_common(rank + 1)[-1]
    axes.annotate(word, (rank + 1, count), xytext=(8, 8), textcoords="offset points")
axes.set(xlabel="rank of the word", ylabel="how often it occurs", title="Few words do most of the work")
print(f"slope of the line, rank 10 to 3,000: {slope:.2f}")
plots.show(
    figure,
    alt=f"Frequency of each word against its rank, both axes logarithmic: nearly a straight line with a slope of {slope:.2f}; the first word occurs {ranked[0]} times, the hundredth {ranked[99]}, and {once:.0%} of all words once.",
)

# %% [markdown]
# The line is **Zipf's law**: the word of rank $r$ occurs roughly $1/r$ times as often as the first, a slope of −1 on these axes. It is the reason why text is hard: however much you collect, most words are rare, and the vocabulary never closes.
#
# | cut into | vocabulary | sequences | a new word |
# |---|---|---|---|
# | characters | tiny | very long; the network must learn spelling first | no problem |
# | pieces | as large as you like | a little longer than words | is built from known pieces |
# | words | huge, never complete | short | unknown |
#
# People would cut long words into **syllables** (*un-watch-a-ble*). Modern tokenisers look for **subwords** by counting instead. The best known way is **byte-pair encoding** (BPE), a compression scheme of [Gage (1994)](http://www.pennelynn.com/Documents/CUJ/HTML/94HTML/19940045.HTM) that [Sennrich et al. (2016)](https://arxiv.org/abs/1508.07909)
# brought to text: begin with letters; find the pair of neighbours that occurs most often; make it one piece; again. The sign `_` marks the end of a word, so that *-er* at the end and *er-* at the beginning stay different.


# %%
def join(pieces, pair):
    """Make every occurrence of the pair in a list of pieces one piece."""
    result = []
    for piece in pieces:
        if result and (result[-1], piece) == pair:
            result[-1] += piece
        else:
            result.append(piece)
    return result


def learn_merges(counts, how_many):
    """Byte-pair encoding: the pairs to be joined, in the order in which they were found, and the text's tokens after each."""
    spelled = [([*word, "_"], count) for word, count in counts.items()]
    pair_counts, places = Counter(), defaultdict(set)  # how often a pair occurs, and in which words
    for index, (pieces, count) in enumerate(spelled):
        for pair in zip(pieces, pieces[1:]):
            pair_counts[pair] += count
            places[pair].add(index)
    merges, tokens = [], [sum(len(pieces) * count for pieces, count in spelled)]
    for _ in range(how_many):
        best = max(pair_counts, key=pair_counts.get)
        merges.append(best)
        tokens.append(tokens[-1])
        for index in places.pop(best):
            pieces, count = spelled[index]
            joined = join(pieces, best)
            spelled[index] = joined, count
            tokens[-1] -= count * (len(pieces) - len(joined))
            for pair in zip(pieces, pieces[1:]):
                pair_counts[pair] -= count
            for pair in zip(joined, joined[1:]):
                pair_counts[pair] += count
                places[pair].add(index)
        del pair_counts[best]
        if len(merges) % 50 == 0:
            pair_counts = +pair_counts  # forget the pairs that no longer occur: the search for the largest gets faster
    return merges, np.array(tokens)


# %% [markdown]
# (`join` looks at the last piece it wrote, so *aaa* becomes *aa·a*. When a word changes, its old pairs are taken out of the count and its new ones put in; recounting everything after each merge would take minutes instead of seconds.)

# %%
merges, token_count = learn_merges(word_counts, 1000)
rank_of = {pair: rank for rank, pair in enumerate(merges)}
print("first merges:", ", ".join("+".join(pair) for pair in merges[:14]))


def bpe(word):
    """Cut a word: join the pair that was learned first, until no known pair is left."""
    pieces = [*word, "_"]
    while known := [pair for pair in zip(pieces, pieces[1:]) if pair in rank_of]:
        pieces = join(pieces, min(known, key=rank_of.get))
    return pieces


for word in ("film", "beautifully", "unwatchable", "filmmaking", "blockbusteritis"):
    where = "in the training part" if word in word_counts else "new"
    print(f"{word:<16} ({where}): {' · '.join(bpe(word))}")

# %%
# Drawing: the price and the gain of each merge.
steps, alphabet = np.arange(len(token_count)), set("".join(word_counts)) | {"_"}
figure, axes = plt.subplots(figsize=(8, 3.6))
axes.plot(len(alphabet) + steps, token_count / len(train), label="byte-pair encoding")
words_long = word_counts.total() / len(train)
axes.axhline(words_long, linestyle="--", color="black", label=f"words (vocabulary {len(word_counts)})")
axes.set(
    xlabel="size of the vocabulary", ylabel="tokens per sentence", ylim=(0, None), title="Every merge shortens the text"
)
axes.legend()
plots.show(
    figure,
    alt=f"Tokens per sentence against the size of the vocabulary: from {token_count[0] / len(train):.0f} with letters it falls steeply, then ever more slowly, to {token_count[-1] / len(train):.0f} after {len(merges)} merges; whole words would be {words_long:.0f}, dashed.",
)

# %% [markdown]
# *un-*, *-able* and *-fully* were found, although nobody told the program of prefixes and endings; *filmma·king* shows that it counts and does not understand. *film* has become one piece; the other three words of the training part are cut all the same, because they are too rare. The first few hundred merges shorten the text most; GPT-2 stops at 50,257 pieces. **WordPiece**, which BERT uses and we shall meet in section 9, is a cousin: it joins the pair that raises the likelihood of
# the text most, and marks the *continuation* of a word by `##` instead of its end.
#
# ## 3 · From tokens to numbers
#
# ### Counting: the bag of words
#
# The simplest way to turn a sentence into a row of numbers: **count its words**. One column per word, order forgotten; hence *bag*. Three sentences by hand:

# %%
tiny = ["a good good film", "a bad film", "not a good film"]
vocabulary = sorted({word for text in tiny for word in text.split()})
counts = np.array([[text.split().count(word) for word in vocabulary] for text in tiny])
present = (counts > 0).sum(axis=0)  # in how many sentences each word occurs
idf = np.log((1 + len(tiny)) / (1 + present)) + 1
tfidf = counts * idf
tfidf = tfidf / np.linalg.norm(tfidf, axis=1, keepdims=True)
theirs = TfidfVectorizer(token_pattern=r"\w+").fit_transform(tiny).toarray()
tfidf_difference = float(np.abs(theirs - tfidf).max())
print(f"largest difference from scikit-learn's TfidfVectorizer: {tfidf_difference:.1e}")
parts = {"count": counts, "TF-IDF": tfidf.round(2)}
pd.concat({name: pd.DataFrame(part, tiny, vocabulary) for name, part in parts.items()}, axis=1)

# %% [markdown]
# In the **count vector** the word *a* weighs as much as *bad*. **TF-IDF** corrects that: the count (*term frequency*) times $\ln\frac{1+n}{1+n_w}+1$ (*inverse document frequency*), where $n_w$ of the $n$ sentences contain the word; then every row is brought to length 1, so that long sentences do not shout. A word that stands everywhere keeps the factor 1, a rare one
# gets more. Both are forms of **one-hot** coding: a single word is a row with one 1 in it, and a sentence is the sum of its words' rows.
#
# ### Numbering: sequences
#
# Recurrent networks, convolutions and transformers want the order. For them the sentence becomes a list of word *numbers*. Two numbers are special: **0 is padding**, since arrays are rectangular and sentences are not; **1 is unknown**. Which words get a number? Those that occur at least twice in the training part: of a word that occurs once, nothing can be learned, and
# with its column the network would only learn that sentence by heart. And so that number 1 means something, it must occur in training as well: the words that occur once are what *unknown* looks like.

# %%
kept = [word for word, count in word_counts.most_common() if count >= 2]
number_of = {word: number for number, word in enumerate(kept, start=2)}  # 0 is padding, 1 is unknown
lengths = np.array([len(words_of(text)) for text in train["text"]])
LENGTH = int(np.ceil(np.quantile(lengths, 0.98) / 4) * 4)
print(
    f"{len(kept)} of {len(word_counts)} words are kept; they cover {sum(word_counts[w] for w in kept) / word_counts.total():.1%} of the text"
)
for share in (0.5, 0.9, 0.95, 0.98, 1):
    print(f"  {share:4.0%} of the training sentences have at most {np.quantile(lengths, share):.0f} words")
print(f"length chosen: {LENGTH}")


# %%
def to_numbers(texts, length=LENGTH):
    """Texts -> (texts, length): word numbers; too long: cut off at the end, too short: filled up with 0."""
    result = np.zeros((len(texts), length), dtype="int32")
    for row, text in zip(result, texts, strict=True):
        numbers = [number_of.get(word, 1) for word in words_of(text)][:length]
        row[: len(numbers)] = numbers
    return result


x_train, x_test = to_numbers(train["text"]), to_numbers(test["text"])
print(x_test[:2])
print(
    f"{np.mean(x_train == 0):.0%} of the numbers are padding; unknown: {np.mean(x_train[x_train > 0] == 1):.1%} of the words in training, {np.mean(x_test[x_test > 0] == 1):.1%} in the test"
)

# %%
# Drawing: how long the sentences are, and what the chosen length costs.
figure, axes = plt.subplots(figsize=(8, 3.2))
axes.hist(lengths, bins=np.arange(0, lengths.max() + 2), color=plots.COLOURS[4])
axes.axvline(LENGTH, color="black", linestyle="--", label=f"chosen: {LENGTH}")
axes.set(xlabel="words in the sentence", ylabel="training sentences", title="Choose the length from the data")
axes.legend()
cut_off = float(np.mean(lengths > LENGTH))
plots.show(
    figure,
    alt=f"Histogram of sentence lengths in words: most have 10 to 30, the longest {lengths.max()}. A dashed line at {LENGTH}: {cut_off:.1%} of the sentences are longer and are cut off there.",
)

# %% [markdown]
# **Truncation** loses the end of a few sentences; a longer array would cost every sentence time for their sake. (Which end to cut is a decision, too: where the verdict comes last, cut at the front.) Keras does all this in one layer, `TextVectorization`: `adapt` makes the list of words, and calling it gives the numbers. It must be adapted **on the
# training texts only**. Does it agree with us?

# %%
vectorise = layers.TextVectorization(max_tokens=len(kept) + 2, standardize=None, output_sequence_length=LENGTH)
vectorise.adapt([" ".join(words_of(text)) for text in train["text"]])
theirs = np.asarray(vectorise([" ".join(words_of(text)) for text in test["text"]]))
their_words = np.array(vectorise.get_vocabulary())
our_words = np.array(["", "[UNK]", *kept])
agreement = float(np.mean(their_words[theirs] == our_words[x_test]))
print(
    f"special numbers: 0 is “{their_words[0]}”, 1 is “{their_words[1]}”; the same word at {agreement:.2%} of the places"
)

# %% [markdown]
# (Words of equal frequency may get other numbers, so we compare the words behind the numbers. With its default, `standardize="lower_and_strip_punctuation"`, the layer would make *dont* of *don't*.)
#
# ## 4 · The baseline that deserves the name: bag of words and logistic regression
#
# First the machinery with which the whole day is judged. An accuracy on 1,805 sentences is itself a measurement with an error: $\sqrt{p(1-p)/n}$, here about 0.009. So every model gets an interval by the **bootstrap**: draw 1,805 test sentences anew, with replacement, 2,000 times, and look between which values the accuracy falls in 95 of 100 draws. And because
# all models read the *same* sentences, the **difference** from the baseline is known more exactly than either accuracy: we draw the same sentences for both.

# %%
draws = random.integers(len(test), size=(2000, len(test)), dtype="int32")
chance = {}  # model -> probability of "positive" for each test sentence


def right(name):
    """Which test sentences a model gets right: (sentences,), True or False."""
    return (chance[name] > 0.5) == (y_test > 0.5)


def interval(values):
    """Values per test sentence -> lower and upper end of the 95 % interval of their mean, by the bootstrap."""
    values = np.asarray(values, dtype="float32")
    return np.quantile([values[draw].mean() for draw in draws], [0.025, 0.975])


def report(name):
    low, high = interval(right(name))
    print(f"{name}: {right(name).mean():.3f} right, 95 % interval {low:.3f} to {high:.3f}")


# %% [markdown]
# Now the model. Each word that occurs in at least two training sentences gets a weight, the weights of a sentence's words are added up, a sigmoid makes a probability of the sum: a logistic regression, the network of day 02 with one neuron. Single words only, or pairs of words as well (*not good*)? How hard to hold the weights down (day 04)? Cross-validation inside the training part
# says; the test is not asked.

# %%
pipeline = make_pipeline(TfidfVectorizer(token_pattern=r"(?u)\w+(?:'\w+)?", min_df=2), LogisticRegression(max_iter=300))
search = GridSearchCV(
    pipeline,
    {"tfidfvectorizer__ngram_range": [(1, 1), (1, 2)], "logisticregression__C": [3, 10]},
    cv=4,
).fit(train["text"], y_train)
found = pd.DataFrame(search.cv_results_)[
    ["param_tfidfvectorizer__ngram_range", "param_logisticregression__C", "mean_test_score"]
]
print(found.set_axis(["words in a row", "C", "right in cross-validation"], axis=1).round(4).to_string(index=False))
chance["bag of words"] = search.predict_proba(test["text"])[:, 1]
report("bag of words")

# %%
# Drawing: the words with the largest weights.
names = search.best_estimator_[0].get_feature_names_out()
weights = search.best_estimator_[1].coef_[0]
largest = np.r_[np.argsort(weights)[:12], np.argsort(weights)[-12:]]
figure, axes = plt.subplots(figsize=(8, 5.2))
axes.barh(range(24), weights[largest], color=[plots.COLOURS[5]] * 12 + [plots.COLOURS[0]] * 12, edgecolor="black")
axes.set_yticks(range(24), names[largest])
axes.axvline(0, color="black")
axes.set(xlabel="weight (negative: against the film)", ylabel="word or pair", title="What the bag of words has learned")
plots.show(
    figure,
    alt=f"The twelve most negative and the twelve most positive weights. Against the film: {', '.join(names[largest[:6]])} and others; for it: {', '.join(names[largest[:-7:-1]])} and others.",
)

# %% [markdown]
# A model that you can read. And here is what it cannot do, in four sentences:

# %%
single = make_pipeline(CountVectorizer(), LogisticRegression(C=1, max_iter=300)).fit(train["text"], y_train)
probes = [
    "The film is not bad, it is good.",
    "The film is not good, it is bad.",
    "It could have been a great, funny, moving film.",
    "I have seen worse.",
]
blind = single.predict_proba(probes)[:, 1]
for text, alone, pairs in zip(probes, blind, search.predict_proba(probes)[:, 1], strict=True):
    print(f"{text:<50} P(positive): single words {alone:.2f}, chosen model {pairs:.2f}")

# %% [markdown]
# The first two sentences consist of the same words, so for a bag of single words they are *the same sentence*. For the third, adding up is not enough. That is the promise of all that follows: networks that read in order. Keep the number of the baseline in mind. It took seconds.
#
# ## 5 · Embedding: a vector for every word
#
# In the bag of words, *dull* and *boring* are two columns that have nothing to do with each other; what is learned of one is lost on the other. An **embedding** gives every word a short vector of numbers that are *learned*; words used alike get vectors alike. It is a table with one row per word, and looking up row 17 is the same as multiplying the one-hot
# row of word 17 with the table:

# %%
embedding = layers.Embedding(len(kept) + 2, 5)
numbers = np.array([number_of["boring"], number_of["film"], 0])
looked_up = keras.ops.convert_to_numpy(embedding(numbers))
one_hot = np.eye(len(kept) + 2, dtype="float32")[numbers]
product_difference = float(np.abs(one_hot @ np.asarray(embedding.embeddings) - looked_up).max())
print(
    f"one-hot {one_hot.shape} times table {embedding.embeddings.shape} = {looked_up.shape}; largest difference from looking up: {product_difference:.0e}"
)

# %% [markdown]
# Looking up is only faster: the product would multiply thousands of zeros. The gradient goes the same way: only the rows of the words that occurred get one (exercise 4).
#
# The simplest network on top: **take the mean of the words' vectors**, then one neuron. It is a bag of words again: a mean has no order, and a mean followed by one neuron comes down to one number per word, as in section 4. What differs is how that number is found: along 32 ways, with dropout, in small steps. `mask_zero=True` says that number 0 is padding: `GlobalAveragePooling1D` then leaves it out of the mean.

# %%
training = {}


def build_network(body, embed=32, mask=True):
    """Numbers -> embedding -> body -> one neuron."""
    inputs = keras.Input((None,), dtype="int32")
    x = layers.Embedding(len(kept) + 2, embed, mask_zero=mask)(inputs)
    x = layers.Dropout(0.5)(body(layers.SpatialDropout1D(0.3)(x)))
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))


def train_network(name, body, epochs, rate=0.005, mask=True, rows=None, check=None):
    """Build a network and fit it on the training sentences, all of them or those in `rows`."""
    keras.utils.set_random_seed(ready.seed)
    network = build_network(body, mask=mask)
    network.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"])
    network.optimizer.build(network.trainable_variables)  # halves the tracing, see day 06
    rows = np.arange(len(train)) if rows is None else rows
    held = None if check is None else (x_train[check], y_train[check])
    history = network.fit(x_train[rows], y_train[rows], batch_size=128, epochs=epochs, validation_data=held, verbose=0)
    training[name] = history.history
    return network


def judge(name, network, texts=x_test):
    chance[name] = network.predict(texts, batch_size=512, verbose=0)[:, 0].astype("float64")
    report(name)


# %% [markdown]
# How many epochs? We ask the 1,000 sentences laid aside, and look at the curves of day 04:

# %%
pooling = layers.GlobalAveragePooling1D
probe = train_network("probe", lambda x: pooling()(x), epochs=10, rows=fit_rows, check=choose_rows)
curves = training.pop("probe")
best_epochs = int(np.argmax(curves["val_accuracy"])) + 1
plots.learning_curves(curves, unit="cross-entropy")

# %% [markdown]
# On the sentences laid aside it stops improving long before the training part does. We take the number of epochs with the highest accuracy there, and train once more, now on all training sentences.

# %%
network = train_network("embedding + mean", lambda x: pooling()(x), epochs=best_epochs)
print(
    f"{network.count_params():,} weights, {best_epochs} epochs; on the sentences laid aside {max(curves['val_accuracy']):.3f}"
)
judge("embedding + mean", network)

# %% [markdown]
# The number of weights is the thing to look at. With a few thousand sentences, nearly all of them sit in the embedding, and each rare word's row is learned from two or three sentences. The networks below have the same trouble, so all of them get the same remedies: dropout on the vectors, few epochs. How many was chosen in the same way, on the sentences laid aside, in runs that take too long to show here: two epochs are best or within 0.001 of it, then the networks learn their sentences by heart. `SpatialDropout1D` drops whole columns of the embedding at a time, the same ones in all words of a sentence.
#
# ## 6 · Order: recurrent networks, and a bug that raises no error
#
# A GRU (day 12) reads the vectors in order. Behind a short sentence stands padding, and **without a mask the GRU reads on**: some twenty steps over the same meaningless vector after the average sentence, and what it knew of the sentence fades. Nothing complains. We train twice, all else equal: once with `mask_zero=True`, once without.

# %%
gru = {}
for name, mask in (("GRU", True), ("GRU without mask", False)):
    gru[name] = train_network(name, lambda x: layers.GRU(32)(x), epochs=2, mask=mask)
    by_epoch = ", ".join(f"{value:.2f}" for value in training[name]["accuracy"])
    print(f"{name}: right in training, epoch by epoch: {by_epoch}")
    judge(name, gru[name])

# %% [markdown]
# With the mask the network learns from the first epoch on. Without it, it does no better than a coin: the slope of the loss would have to find its way back through the padding to the words (day 12: slopes fade over many steps). Somebody in a hurry would stop here and write "a GRU is no use". (Somebody with patience would be told nothing either: on the sentences laid aside such a network, with twice as many steps per epoch, was at 0.51 after four epochs and at 0.82 after six, as a mean over three seeds. It can learn to hold on to
# what it has read while the padding goes by, at several times the cost.)
#
# The mask can also get lost **later**: the network is rebuilt for use, or a layer is put in between that does not pass the mask on. We take the weights that were trained with the mask, put them into the same network without it, and lay more and more padding behind the same words. To a reader nothing has changed.

# %%
lost = build_network(lambda x: layers.GRU(32)(x), mask=False)
lost.set_weights(gru["GRU"].get_weights())
before = gru["GRU"].predict(x_test, batch_size=512, verbose=0)[:, 0]
largest_change = {"with its mask": 0.0, "mask lost": 0.0}
for length in (LENGTH, 2 * LENGTH, 4 * LENGTH):
    longer = np.pad(x_test, ((0, 0), (0, length - LENGTH)))  # the same words, more zeros
    for name, network in zip(largest_change, (gru["GRU"], lost), strict=True):
        answers = network.predict(longer, batch_size=512, verbose=0)[:, 0]
        change = float(np.abs(answers - before).max())
        largest_change[name] = max(change, largest_change[name])
        share_right = np.mean((answers > 0.5) == (y_test > 0.5))
        print(f"{name:<13} {length:4d} places: {share_right:.3f} right, largest change of an answer {change:.3f}")

# %% [markdown]
# The masked network does not notice: the state is simply carried over the padding. The other one, with the very same weights, goes on reading, and some of its answers change by a lot. What that does to the share of right answers is a matter of luck: nobody has trained the network on the vector of padding. With some seeds hardly anything happens; in one of our runs, with batches of 64, it fell from 0.807 to 0.785, 0.746 and, with four times the length, to 0.543, which is nearly a coin. So don't look at the
# accuracy. **Test: pad more. If an answer changes, the mask is lost.**
#
# Next, a **bidirectional LSTM**: here both directions are allowed (day 12), since the sentence is known as a whole. *Not* can then act on what follows as well as on what came before.

# %%
network = train_network("bidirectional LSTM", lambda x: layers.Bidirectional(layers.LSTM(24))(x), epochs=2)
judge("bidirectional LSTM", network)

# %% [markdown]
# ## 7 · Order, locally: a 1-D CNN
#
# On pictures a convolution looks at patches of 3 × 3 pixels (day 06). On text it looks at **three words in a row**, and each of its filters is a detector of such a triple: *waste of time*, *one of the*. The **maximum over the sentence** asks whether the detector fired anywhere ([Kim, 2014](https://arxiv.org/abs/1408.5882)). A convolution knows no mask, but here the padding is harmless: behind
# a sentence the detectors see the same vector of padding, and a constant is a floor for the maximum, which the training knows about. (Keras warns that the mask is dropped; we say so ourselves with `mask=False`.)

# %%
network = train_network(
    "1-D CNN",
    lambda x: layers.GlobalMaxPooling1D()(layers.Conv1D(64, 3, padding="same", activation="relu")(x)),
    epochs=2,
    mask=False,
)
judge("1-D CNN", network)

# %%
# Which triples of words does a filter like best?
detect = keras.Model(network.input, next(layer for layer in network.layers if isinstance(layer, layers.Conv1D)).output)
fired = detect.predict(x_test, batch_size=512, verbose=0)  # (sentences, places, filters)
towards = network.layers[-1].get_weights()[0][:, 0]
for filter_number in np.r_[np.argsort(towards)[-3:], np.argsort(towards)[:3]]:
    strongest = np.argsort(-fired[:, :, filter_number].max(axis=1))[:4]
    found = []
    for row in strongest:
        place = int(fired[row, :, filter_number].argmax())
        found.append(" ".join(our_words[n] for n in x_test[row, max(0, place - 1) : place + 2] if n > 0))
    print(f"{'for' if towards[filter_number] > 0 else 'against':<8} {' | '.join(found)}")

# %% [markdown]
# Compare the accuracies above with the bag of words. We shall put them all into one table in section 11, with intervals. You may already suspect the point: **7,000 sentences are few for a network that has to learn English from them.** What if it knew English already?
#
# ## 8 · Word2vec from scratch: learning words from their company
#
# "You shall know a word by the company it keeps" (J. R. Firth, *A synopsis of linguistic theory*, 1957). **Word2vec** ([Mikolov et al., 2013](https://arxiv.org/abs/1301.3781)) makes a task of it that needs no labels, only text. Two variants:
#
# - **skip-gram**: from a word, guess one of its neighbours;
# - **CBOW** (*continuous bag of words*): from the mean of all neighbours, guess the word.
#
# To guess among thousands of words would need a softmax over all of them. **Negative sampling** ([Mikolov et al., 2013b](https://arxiv.org/abs/1310.4546)) replaces it by a yes-or-no question: here is a pair; is it a true pair from the text, or was the second word drawn by chance? With $v$ for the input's vector, $u_w$ for the output vector of word $w$ and words $w_1 \dots w_k$ drawn by chance,
#
# $$L = -\ln \sigma(u_w \cdot v) - \sum_{i=1}^{k} \ln \sigma(-u_{w_i} \cdot v)$$
#
# and the slopes are those of logistic regression: (probability − truth) times the other vector. Words are drawn in proportion to their frequency to the power of ¾, and very frequent words are left out of the text at random. First, the windows:

# %%
texts = [words_of(text) for text in sentences.loc[sentences["split"] == "train", "text"]]
corpus_counts = Counter(word for text in texts for word in text)
lexicon = [word for word, count in corpus_counts.most_common() if count >= 5]
place_of = {word: number for number, word in enumerate(lexicon)}
corpus = np.array([place_of.get(word, -1) for text in texts for word in text])
sentence_of = np.repeat(np.arange(len(texts)), [len(text) for text in texts])[corpus >= 0]
corpus = corpus[corpus >= 0]
frequency = np.bincount(corpus) / len(corpus)
print(f"{len(corpus):,} words of text, {len(lexicon)} different ones that occur at least 5 times")


def windows(random, reach=5):
    """The text once through: words (n,), and their neighbours in the same sentence (n, 2 · reach), −1 where there is none."""
    kept = random.random(len(corpus)) < np.sqrt(1e-3 / frequency[corpus]).clip(max=1)
    words, where = corpus[kept], sentence_of[kept]
    near = random.integers(1, reach + 1, size=len(words))  # nearer neighbours count more often
    around = np.full((len(words), 2 * reach), -1)
    for distance in range(1, reach + 1):
        same = where[distance:] == where[:-distance]
        left, right_ = (
            np.flatnonzero(same & (near[:-distance] >= distance)),
            np.flatnonzero(same & (near[distance:] >= distance)),
        )
        around[left, distance - 1] = words[left + distance]
        around[right_ + distance, reach + distance - 1] = words[right_]
    return words, around


# %% [markdown]
# And the learning. Both variants are *one* function: an input is the mean of one or of several word vectors. Which words enter it stands in a sparse matrix `look` (samples, words), so that the mean is `look @ vectors` and its slopes travel back by `look.T`: one-hot times table, as in section 5. The steps are divided by the root of the summed squared
# slopes (Adagrad: like day 05's RMSprop, but its sum never forgets), because frequent words get many and rare ones few.


# %%
def learn_vectors(kind, epochs, size=64, wrong_ones=5, rate=0.1, batch=1000):
    """Word2vec with negative sampling. Returns the vectors (words, size) and the mean loss of each epoch."""
    random = np.random.default_rng(ready.seed)
    vectors, outputs = 0.1 * random.normal(size=(len(lexicon), size)), np.zeros((len(lexicon), size))
    squares = [np.full((len(lexicon), 1), 1e-8) for _ in range(2)]
    drawn_by = np.cumsum(frequency**0.75 / (frequency**0.75).sum())
    losses = []
    for _ in range(epochs):
        words, around = windows(random)
        if kind == "CBOW":
            some = (around >= 0).any(axis=1)
            inputs, targets = around[some], words[some]
        else:  # skip-gram: every pair by itself
            row, column = np.nonzero(around >= 0)
            inputs, targets = words[row][:, None], around[row, column]
        shuffled, loss = random.permutation(len(inputs)), 0.0
        for start in range(0, len(inputs), batch):
            rows = shuffled[start : start + batch]
            used = inputs[rows] >= 0
            place, count = np.nonzero(used)[0], used.sum(axis=1)
            look = sparse.csr_array((1 / count[place], (place, inputs[rows][used])), shape=(len(rows), len(lexicon)))
            v = look @ vectors
            negative = np.searchsorted(drawn_by, random.random((len(rows), wrong_ones))).clip(max=len(lexicon) - 1)
            asked = np.concatenate([targets[rows, None], negative], axis=1)
            p = 1 / (1 + np.exp(-(outputs[asked] @ v[:, :, None])[:, :, 0]))
            loss -= np.log(p[:, 0] + 1e-9).sum() + np.log(1 - p[:, 1:] + 1e-9).sum()
            error = p - (np.arange(1 + wrong_ones) == 0)  # probability − truth
            point = sparse.csr_array(
                (error.ravel(), (np.repeat(np.arange(len(rows)), 1 + wrong_ones), asked.ravel())), shape=look.shape
            )
            slopes = look.T @ (error[:, None] @ outputs[asked])[:, 0], point.T @ v
            for array, total, slope in zip((vectors, outputs), squares, slopes, strict=True):
                total += (slope**2).mean(axis=1, keepdims=True)
                array -= rate * slope / np.sqrt(total)
        losses.append(loss / len(inputs))
    return vectors, losses


# %%
own = {}
for kind, epochs in (("skip-gram", 3), ("CBOW", 6)):
    own[kind], training[kind] = learn_vectors(kind, epochs)
    print(f"{kind}: loss per guess from {training[kind][0]:.2f} to {training[kind][-1]:.2f} in {epochs} rounds")


def unit(vectors):
    """Vectors of length 1, so that a product of two is their cosine."""
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


for kind, vectors in own.items():
    print(kind)
    for word in ("funny", "actor", "boring", "music"):
        near = np.argsort(-(unit(vectors) @ unit(vectors[place_of[word]])))[1:7]
        print(f"   {word:<7} {', '.join(lexicon[number] for number in near)}")

# %% [markdown]
# Something is there, and much is not. So let us not admire lists but measure: for 25 pairs that a person would call related, at which rank among all words stands the partner? By chance it would be the middle.

# %%
related = """funny/hilarious funny/humor boring/dull boring/tedious actor/actress actors/cast film/movie films/movies bad/awful
worst/best plot/story script/dialogue comedy/comedies thriller/suspense scary/horror music/songs beautiful/gorgeous
sweet/charming moving/touching kids/children war/political man/woman love/romance smart/clever silly/stupid"""
related = [pair.split("/") for pair in related.split()]
related = [(a, b) for a, b in related if a in place_of and b in place_of]


def partner_rank(vectors, number):
    """Median over the pairs: which place the partner has among the other words, 1 being the nearest."""
    cosines = unit(vectors) @ unit(vectors).T
    return float(np.median([(cosines[number[a]] > cosines[number[a], number[b]]).sum() for a, b in related]))


ranks = {kind: partner_rank(vectors, place_of) for kind, vectors in own.items()}
print(f"{len(related)} pairs, {len(lexicon)} words; by chance the median rank would be {len(lexicon) / 2:.0f}")
for kind, rank in ranks.items():
    print(f"{kind:<10} median rank of the partner {rank:.0f}")

# %% [markdown]
# From so little text, in seconds, without a label: far better than chance, far from good. The first paper on word2vec had 1.6 *billion* words to learn from ([Mikolov et al., 2013](https://arxiv.org/abs/1301.3781)). So from here on we borrow.
#
# ## 9 · Pretrained vectors: neighbours and analogies
#
# **MiniLM** ([Wang et al., 2020](https://arxiv.org/abs/2002.10957)) is a small relative of BERT ([Devlin et al., 2018](https://arxiv.org/abs/1810.04805)); this version was then trained on more than a billion pairs of sentences to bring together what belongs together ([Reimers and Gurevych, 2019](https://arxiv.org/abs/1908.10084); the [model's card](https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2) lists the data).
# Its weights come with this course, rounded to whole numbers to be small. It cuts text into the 30,522 pieces of BERT's WordPiece vocabulary, and its *first* layer is a table as in section 5, one row of 384 numbers per piece. Those rows are word vectors, and we look at them by themselves first.

# %%
tokenizer = pretrained.WordPiece()
encoder = pretrained.minilm(pooling="mean")
for text in ("It's a beautifully unwatchable film.", "Donaudampfschifffahrt", "blockbusteritis"):
    print(f"{text}: {' · '.join(tokenizer.pieces(text))}")
print(f"{encoder.count_params():,} weights, {encoder.get_layer('pieces').count_params():,} of them in the table")

words = np.array([word for word in tokenizer.vocabulary if re.fullmatch("[a-z]{3,}", word)] + ["he"])
row_of = {word: row for row, word in enumerate(words)}
table = np.asarray(encoder.get_layer("pieces").embeddings)
vectors = unit(table[[tokenizer.numbers[word] for word in words]])


def nearest(vector, count=6, without=()):
    """The words with the largest cosine to a vector: list of (word, cosine)."""
    cosines = vectors @ unit(vector)
    return [(words[row], float(cosines[row])) for row in np.argsort(-cosines) if words[row] not in without][:count]


for word in ("film", "awful", "king", "running", "berlin"):
    print(
        f"{word:<8} {', '.join(f'{near} {cosine:.2f}' for near, cosine in nearest(vectors[row_of[word]], without=(word,)))}"
    )

# %% [markdown]
# *awful* and *terrible*, *run* and *ran*: nobody gave it a dictionary. The same test as before, on the words and pairs that both know:

# %%
both = [word for word in lexicon if word in row_of]
related = [(a, b) for a, b in related if a in row_of and b in row_of]
shared = {word: number for number, word in enumerate(both)}
ranks["pretrained"] = partner_rank(vectors[[row_of[word] for word in both]], shared)
own_ranks = {kind: partner_rank(array[[place_of[word] for word in both]], shared) for kind, array in own.items()}
for kind, rank in {**own_ranks, "pretrained": ranks["pretrained"]}.items():
    print(f"{kind:<10} median rank of the partner among {len(both)} words: {rank:.0f}")

# %% [markdown]
# ### Analogies
#
# *man* is to *king* as *woman* is to …? With vectors: **king − man + woman**, and look who is nearest. The famous arithmetic of word2vec:


# %%
def analogy(a, b, c, count=3, without_question=True):
    """a is to b as c is to …: the words nearest to b − a + c."""
    a_, b_, c_ = (vectors[row_of[word]] for word in (a, b, c))
    return nearest(b_ - a_ + c_, count, without=(a, b, c) if without_question else ())


for question in (
    ("man", "king", "woman"),
    ("man", "actor", "woman"),
    ("france", "paris", "germany"),
    ("big", "bigger", "small"),
    ("walk", "walking", "swim"),
):
    fair, all_of_them = analogy(*question), analogy(*question, without_question=False)
    print(
        f"{question[0]} : {question[1]} = {question[2]} : ?   {', '.join(f'{w} {c:.2f}' for w, c in fair)}   (nobody excluded: {all_of_them[0][0]} {all_of_them[0][1]:.2f})"
    )

# %% [markdown]
# It works, and look at the small print that films about artificial intelligence leave out: **the three words of the question are excluded.** Without that, the nearest word to *king − man + woman* is … *king* ([Linzen, 2016](https://arxiv.org/abs/1606.07736), explains why). The arithmetic moves the vector a little in the right direction; it does not land on the queen. Single shows prove nothing, so here is the score over whole sets
# of questions, with and without the exclusion:

# %%
sets = {
    "capitals": "france/paris germany/berlin italy/rome spain/madrid england/london russia/moscow japan/tokyo greece/athens austria/vienna poland/warsaw portugal/lisbon ireland/dublin norway/oslo sweden/stockholm denmark/copenhagen hungary/budapest china/beijing egypt/cairo",
    "he and she": "man/woman king/queen boy/girl brother/sister father/mother son/daughter husband/wife uncle/aunt prince/princess actor/actress nephew/niece grandfather/grandmother",
    "comparatives": "big/bigger small/smaller old/older young/younger strong/stronger long/longer short/shorter high/higher low/lower fast/faster slow/slower",
    "past": "walk/walked work/worked look/looked play/played move/moved live/lived help/helped open/opened close/closed want/wanted",
}
solved, solved_freely = {}, {}
for name, text in sets.items():
    pairs = [pair.split("/") for pair in text.split()]
    starts, ends = (np.array([row_of[pair[side]] for pair in pairs]) for side in (0, 1))
    i, j = np.nonzero(~np.eye(len(pairs), dtype=bool))  # every pair explains every other
    cosines = unit(vectors[ends[i]] - vectors[starts[i]] + vectors[starts[j]]) @ vectors.T
    solved_freely[name] = float(np.mean(cosines.argmax(axis=1) == ends[j]))
    for excluded in (starts[i], ends[i], starts[j]):
        cosines[np.arange(len(i)), excluded] = -1
    solved[name] = float(np.mean(cosines.argmax(axis=1) == ends[j]))
    print(
        f"{name:<13} {len(i)} questions: {solved[name]:.2f} right; {solved_freely[name]:.2f} if nobody is excluded (chance: {1 / len(words):.5f})"
    )

# %%
# Drawing: countries and capitals, the 384 numbers brought down to two.
shown = ["france", "germany", "spain", "england", "russia", "poland", "sweden"]
pairs = [pair.split("/") for pair in sets["capitals"].split() if pair.split("/")[0] in shown]
both_ends = np.stack([vectors[[row_of[pair[side]] for pair in pairs]] for side in (0, 1)])  # (2, pairs, 384)
centred = both_ends.reshape(-1, 384) - both_ends.mean(axis=(0, 1))
axes_2d = np.linalg.svd(centred, full_matrices=False)[2][:2]
flat = (centred @ axes_2d.T).reshape(2, -1, 2)
shifts = both_ends[1] - both_ends[0]
alike = float(np.mean((unit(shifts) @ unit(shifts).T)[~np.eye(len(pairs), dtype=bool)]))
print(
    f"mean cosine between two of the {len(pairs)} steps: {alike:.2f} in all 384 numbers (of two steps drawn at random: about 0)"
)
figure, axes = plt.subplots(figsize=(8, 5))
for (country, capital), start, end in zip(pairs, *flat, strict=True):
    axes.plot(*zip(start, end, strict=True), color="0.6", linewidth=1)
    axes.annotate(country, start, xytext=(4, 3), textcoords="offset points")
    axes.annotate(capital, end, xytext=(4, 3), textcoords="offset points", style="italic")
axes.scatter(*flat[0].T, marker="o", label="country")
axes.scatter(*flat[1].T, marker="^", label="capital", color=plots.COLOURS[5])
axes.set(
    xlabel="first direction", ylabel="second direction", title="From country to capital: similar steps, not equal ones"
)
axes.legend()
plots.show(
    figure,
    alt=f"{len(pairs)} countries, circles, and their capitals, triangles, in the plane of the two main directions; a line joins each pair. Countries lie on one side, capitals on the other; the lines between them differ in direction and length, and the mean cosine between two of them, in all 384 numbers, is {alike:.2f}.",
)


# %%
def draw_analogy(a, b, c):
    """Bars: the six words nearest to b − a + c."""
    asked = [word.strip().lower() for word in (a, b, c)]
    missing = [word for word in asked if word not in row_of]
    best = [] if missing else analogy(*asked, count=6)
    figure, axes = plt.subplots(figsize=(8, 2.8))
    axes.barh([word for word, _ in best][::-1], [cosine for _, cosine in best][::-1])
    title = f"{', '.join(missing)}: no piece of its own" if missing else f"{asked[0]} : {asked[1]} = {asked[2]} : ?"
    axes.set(xlabel="cosine", ylabel="nearest words", xlim=(0, 1), title=title)
    answer = f"the nearest is {best[0][0]} with a cosine of {best[0][1]:.2f}" if best else "not to be answered"
    return figure, f"Bars for the analogy {title}; {answer}."


plots.interact(
    draw_analogy,
    a=ipywidgets.Text("man", continuous_update=False),
    b=ipywidgets.Text("king", continuous_update=False),
    c=ipywidgets.Text("woman", continuous_update=False),
)

# %% [markdown]
# ## 10 · What else is in there: bias, measured
#
# The vectors have learned from what people wrote. If people write of nurses as *she* and of carpenters as *he*, the vectors know that as well. How would you *measure* it, so that a sceptic must listen?
#
# ### A published test: WEAT
#
# Psychologists measure associations with reaction times (the implicit association test). The **word embedding association test** ([Caliskan, Bryson and Narayanan, 2017](https://doi.org/10.1126/science.aal4230)) does the same with cosines. Take two sets of words, $X$ (flowers) and $Y$ (insects), and two sets of attributes, $A$ (pleasant) and $B$ (unpleasant). How much nearer is a word $w$ to $A$ than to $B$?
#
# $$s(w) = \operatorname{mean}_{a \in A} \cos(w, a) - \operatorname{mean}_{b \in B} \cos(w, b) \qquad d = \frac{\operatorname{mean}_{x \in X} s(x) - \operatorname{mean}_{y \in Y} s(y)}{\text{standard deviation of } s \text{ over } X \cup Y}$$
#
# The **effect size** $d$ is 0 without association and at most 2. Chance is excluded by shuffling: how often is the difference as large when the words are dealt to $X$ and $Y$ at random? The words below are the paper's. Flowers and insects come first, as a check of the instrument: nobody is hurt by preferring roses to fleas.


# %%
def word_set(text):
    """The words that have a piece of their own, and how many have not."""
    asked = text.split()
    return [word for word in asked if word in row_of], sum(word not in row_of for word in asked)


lists = {
    "flowers": "aster clover hyacinth marigold poppy azalea crocus iris orchid rose bluebell daffodil lilac pansy tulip buttercup daisy lily peony violet carnation gladiola magnolia petunia zinnia",
    "insects": "ant caterpillar flea locust spider bedbug centipede fly maggot tarantula bee cockroach gnat mosquito termite beetle cricket hornet moth wasp blackfly dragonfly horsefly roach weevil",
    "instruments": "bagpipe cello guitar lute trombone banjo clarinet harmonica mandolin trumpet bassoon drum harp oboe tuba bell fiddle harpsichord piano viola bongo flute horn saxophone violin",
    "weapons": "arrow club gun missile spear axe dagger harpoon pistol sword blade dynamite hatchet rifle tank bomb firearm knife shotgun teargas cannon grenade mace slingshot whip",
    "pleasant": "caress freedom health love peace cheer friend heaven loyal pleasure diamond gentle honest lucky rainbow diploma gift honor miracle sunrise family happy laughter paradise vacation",
    "unpleasant": "abuse crash filth murder sickness accident death grief poison stink assault disaster hatred pollute tragedy divorce jail poverty ugly cancer kill rotten vomit agony prison",
    "male names": "john paul mike kevin steve greg jeff bill",
    "female names": "amy joan lisa sarah diana kate ann donna",
    "career": "executive management professional corporation salary office business career",
    "family": "home parents children family cousins marriage wedding relatives",
    "mathematics": "math algebra geometry calculus equations computation numbers addition",
    "arts": "poetry art dance literature novel symphony drama sculpture",
    "he-words": "male man boy brother he him his son",
    "she-words": "female woman girl sister she her hers daughter",
    "European American names": "brad brendan geoffrey greg brett jay matthew neil todd allison anne carrie emily jill laurie kristen meredith sarah",
    "African American names": "darnell hakim jermaine kareem jamal leroy rasheed tremayne tyrone aisha ebony keisha kenya latonya lakisha latoya tamika tanisha",
}


def weat(x, y, a, b, shuffles=10_000):
    """Effect size, and the share of shuffles with a difference at least as large; four lists of words."""
    x, y, a, b = (vectors[[row_of[word] for word in each]] for each in (x, y, a, b))
    scores = np.concatenate([x, y]) @ (a.mean(axis=0) - b.mean(axis=0))
    random = np.random.default_rng(0)
    mixed = random.permuted(np.tile(scores, (shuffles, 1)), axis=1)
    by_chance = mixed[:, : len(x)].mean(axis=1) - mixed[:, len(x) :].mean(axis=1)
    difference = scores[: len(x)].mean() - scores[len(x) :].mean()
    return difference / scores.std(ddof=1), (1 + np.sum(by_chance >= difference - 1e-9)) / (1 + shuffles)


# %%
in_paper = {"flowers": 1.50, "instruments": 1.53, "male names": 1.81, "mathematics": 1.06}
effect, p_value, rows = {}, {}, []
for x, y, a, b in (
    ("flowers", "insects", "pleasant", "unpleasant"),
    ("instruments", "weapons", "pleasant", "unpleasant"),
    ("male names", "female names", "career", "family"),
    ("mathematics", "arts", "he-words", "she-words"),
):
    found = [word_set(lists[name]) for name in (x, y, a, b)]
    effect[x], p_value[x] = weat(*(known for known, _ in found))
    rows.append(
        {
            "first": f"{x} / {y}",
            "nearer to": f"{a} / {b}",
            "effect size d": f"{effect[x]:.2f}",
            "p": f"{p_value[x]:.4f}",
            "d in the paper (GloVe)": in_paper[x],
            "words without a piece": sum(missing for _, missing in found),
        }
    )
pd.DataFrame(rows).set_index("first")

# %% [markdown]
# The instrument works: flowers and insects, instruments and weapons come out as strongly as in the paper, although the vectors are others, trained on other text. Mathematics leans to *he*, arts to *she*, beyond what chance would do (at the usual 5 %). For names with career and family the effect points the same way, is smaller than the paper's, and
# **does not exclude chance** here. Report that as well. A test that is reported only when it bites is no test. (Our $p$ is one-sided, as the paper's: only shuffles in the expected direction count. And mind the last column: words that MiniLM's vocabulary cuts into pieces had to be left out, many flowers and insects among them.)
#
# The last two lists show something else before any cosine is computed:

# %%
own_piece = {name: len(word_set(lists[name])[0]) for name in ("European American names", "African American names")}
for name, count in own_piece.items():
    asked = lists[name].split()
    print(
        f"{name}: {count} of {len(asked)} have a piece of their own; e.g. {asked[0]}: {tokenizer.pieces(asked[0])}, {asked[-1]}: {tokenizer.pieces(asked[-1])}"
    )

# %% [markdown]
# A name without a piece of its own is spelled in fragments: one group is *read*, the other *spelled out*, because the vocabulary keeps what is frequent in the text it was made from. Nobody decided that. It is a bias of the **tokeniser**, and no debiasing of vectors would touch it.
#
# ### Occupations along he–she, held against the world
#
# Is it prejudice or is it statistics? Take the direction from *he* to *she* (the mean over nine pairs such as *man/woman*), project occupations on it, and hold the result against a census: the share of women in each occupation in Canada in 1971 (the table `Prestige` of Fox and Weisberg's R package [carData](https://cran.r-project.org/package=carData)). No picking: **every** occupation of the table whose name is one word with a
# piece of its own, and contains no *man*.

# %%
census = """accountant:15.70 chemist:11.68 physicist:5.13 biologist:25.65 architect:2.69 surveyor:1.91 economist:57.31
psychologist:48.28 lawyer:5.13 librarian:77.10 minister:4.14 physician:10.56 veterinarian:4.32 nurse:96.12
pharmacist:24.71 athlete:8.13 secretary:97.51 typist:95.97 bookkeeper:68.24 receptionist:92.86 collector:47.06
buyer:23.88 firefighter:0 cook:52.00 bartender:15.51 babysitter:96.53 launderer:69.31 janitor:33.57 farmer:3.60
baker:33.30 canner:72.24 machinist:4.28 welder:5.17 electrician:0.99 carpenter:0.56 mason:0.52 plumber:0.61
pilot:0.58 typesetter:13.58 bookbinder:70.87"""
women = {name: float(share) for name, share in (entry.split(":") for entry in census.split()) if name in row_of}
he_she = "he/she man/woman male/female his/her boy/girl father/mother son/daughter brother/sister himself/herself"
he_she = [pair.split("/") for pair in he_she.split()]
direction = unit(sum(vectors[row_of[she]] - vectors[row_of[he]] for he, she in he_she))
lean = np.array([vectors[row_of[name]] @ direction for name in women])
share = np.array(list(women.values()))
correlation = float(np.corrcoef(lean, share)[0, 1])
drawn = [random.integers(len(lean), size=len(lean)) for _ in range(2000)]
bounds = np.quantile([np.corrcoef(lean[rows], share[rows])[0, 1] for rows in drawn], [0.025, 0.975])
print(f"{len(women)} occupations: correlation {correlation:.2f}, 95 % interval {bounds[0]:.2f} to {bounds[1]:.2f}")

# %%
# Drawing: each occupation, its share of women and its place between he and she.
figure, axes = plt.subplots(figsize=(9, 5.2))
axes.scatter(share, lean)
for turn, number in enumerate(np.argsort(lean)):  # names in turn on the left and on the right of their points
    side, where = (5, "left") if turn % 2 else (-5, "right")
    point = share[number], lean[number]
    axes.annotate(list(women)[number], point, xytext=(side, -3), ha=where, textcoords="offset points", fontsize=8)
axes.axhline(0, color="0.6", linewidth=1)
axes.set(
    xlabel="women in the occupation (%, Canada, 1971)",
    ylabel="he  ←  projection  →  she",
    xlim=(-12, 112),
    title="The vectors know who did what",
)
ends = sorted(zip(lean, women, strict=True))
plots.show(
    figure,
    alt=f"Scatter plot of {len(women)} occupations: share of women in 1971 against the projection on the direction from he to she. The correlation is {correlation:.2f}. Furthest to he: {', '.join(name for _, name in ends[:3])}; furthest to she: {', '.join(name for _, name in ends[:-4:-1])}.",
)

# %% [markdown]
# The vectors mirror a labour market of half a century ago, although nobody gave them a census. "So they are *right*!" That confuses two questions. As a description of texts they are right. As the beginning of a system that ranks applicants they carry the past into the decision: the word *librarian* in a CV then says *woman*, and *carpenter* says *man*, whoever wrote it.
#
# ### Where bias comes from
#
# [Friedman and Nissenbaum (1996)](https://doi.org/10.1145/230538.230561) distinguish three sources; here with what became of them:
#
# | source | what it is | for example |
# |---|---|---|
# | **pre-existing** | it is in the world, and so in the data | Amazon tried to rank applicants by ten years of CVs, mostly of men; the program marked CVs down that contained the word *women's*, and was given up ([Reuters, 10 October 2018](https://www.reuters.com/article/idUSKCN1MK0AG)) |
# | **technical** | it comes from a decision of the builders | a vocabulary in which some names are fragments; Twitter cut pictures to the spot its network called salient, and on average favoured light skin and women's faces ([Yee et al., 2021](https://arxiv.org/abs/2105.08667)); it gave up automatic cropping |
# | **emergent** | it arises in use | a **feedback loop**: police are sent where arrests were made, find more there, and are sent again; the data confirm themselves ([Ensign et al., 2018](https://arxiv.org/abs/1706.09847)) |
#
# ### What helps, and what only looks as if it did
#
# A remedy that suggests itself: remove the direction. Subtract from each vector its part along he–she ([Bolukbasi et al., 2016](https://arxiv.org/abs/1607.06520)), and every occupation stands exactly at 0. Solved? [Gonen and Goldberg (2019)](https://arxiv.org/abs/1903.03862) put lipstick into the title of their answer. We repeat their experiment: the 250 words that leaned most to each side *before*; all vectors cleaned; can one still tell the two
# groups apart *afterwards*?

# %%
words_apart = {word for pair in he_she for word in pair}
candidates = np.array([row for word, row in row_of.items() if word not in words_apart])
along = vectors[candidates] @ direction
leaning = np.concatenate([candidates[np.argsort(along)[:250]], candidates[np.argsort(-along)[:250]]])
group = np.repeat([0, 1], 250)
cleaned = unit(vectors - np.outer(vectors @ direction, direction))
print(
    f"largest projection of an occupation after cleaning: {np.abs([cleaned[row_of[name]] @ direction for name in women]).max():.0e}"
)
still_apart = {}
for name, array in (("before", vectors), ("after", cleaned)):
    found = KMeans(2, n_init=5, random_state=0).fit_predict(array[leaning])
    still_apart[name] = float(max(np.mean(found == group), np.mean(found != group)))
    print(
        f"{name}: two clusters, found without labels, agree with the old leaning for {still_apart[name]:.0%} of the words"
    )

# %% [markdown]
# The ruler reads zero, and yet most of the words can still be sorted into the two groups, by a method that never saw a label: they are still nearer to their old companions than to the others. The groups have become weaker; they have not gone. The measure was repaired, not the thing. What does help, none of it a single line of code: **measure before and after**, with a test you did not optimise, and on the *decision* rather than on the vectors; look at the data, and at who is missing in it; compare the errors of the
# groups, not only their mean; keep a person who can be asked and can overrule; watch the loop once it runs; and be ready to not build it.
#
# ## 11 · Transfer learning: a network that can read already
#
# Back to the films. So far the networks began with random vectors. Now all of MiniLM: after the table six **transformer blocks**, in which every word looks at every other; day 15 opens them. Today we use them as on day 08: first **frozen**, with a logistic regression on top; then **fine-tuned**, the upper layers only.
#
# For speed we use three facts. The four lower blocks stay frozen, so what they say of a sentence never changes: compute it **once** and keep it. Sentences of like length go into one batch, so there is hardly any padding. And the length is chosen from the data, more tightly than before, since here every place costs time: about one training sentence in eight loses its end.

# %%
gray = sentences[(sentences["score"].abs() <= 1) & (sentences["split"] == "test")].reset_index(drop=True)
everything = pd.concat([train, test, gray], ignore_index=True)
in_train, in_test = np.arange(len(train)), len(train) + np.arange(len(test))
piece_count = np.array([len(tokenizer.pieces(text)) + 2 for text in train["text"]])
PIECES = int(np.ceil(np.quantile(piece_count, 0.85) / 4) * 4)
tokens = tokenizer(everything["text"], length=PIECES)
used = (tokens != 0).sum(axis=1)
print(
    f"at most {PIECES} pieces: {np.mean(piece_count <= PIECES):.1%} of the training sentences are whole; mean {used.mean():.1f}"
)


def batches(rows, size, random=None):
    """Rows in batches of like length; with `random`, lengths are blurred a little and the batches shuffled."""
    blur = 0 if random is None else random.uniform(0, 3, size=len(rows))
    rows = rows[np.argsort(used[rows] + blur, kind="stable")]
    parts = np.array_split(rows, np.arange(size, len(rows), size))
    return parts if random is None else [parts[index] for index in random.permutation(len(parts))]


def run_over(model, arrays, rows, outputs, size=64):
    """Fill `outputs` with what a model says of rows, batch by batch, each as long as its longest sentence."""
    for part in batches(rows, size):
        longest = used[part].max()
        inputs = [array[part, :longest] for array in arrays]
        answers = model.predict_on_batch(inputs if len(inputs) > 1 else inputs[0])
        outputs[part, : answers.shape[1]] = answers
    return outputs


# %%
lower = keras.Model(encoder.input, encoder.get_layer("block4_norm").output)
upper = keras.Model([encoder.input, encoder.get_layer("block4_norm").output], encoder.output)
all_rows = np.arange(len(everything))
states = run_over(lower, [tokens], all_rows, np.zeros((*tokens.shape, 384), dtype="float16"))
frozen = run_over(upper, [tokens, states], all_rows, np.zeros((len(everything), 384), dtype="float32"))
print(f"kept: {states.shape}, {states.nbytes / 1e6:.0f} MB in 16 bits; one vector per sentence: {frozen.shape}")

# %%
reader = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=300)).fit(frozen[in_train], y_train)
chance["MiniLM, frozen"] = reader.predict_proba(frozen[in_test])[:, 1]
report("MiniLM, frozen")

# %% [markdown]
# A billion pairs of sentences, 22 million weights, and it is no better than counting words? Think about what it was trained for: to bring together sentences *on the same thing*. "A wonderful film about a war" and "a terrible film about a war" **are** on the same thing. The verdict is only one of the many things that such a vector has to hold, and not the one it was made for. So ask for what you want: let the two upper blocks
# learn. The rate is small and falls to zero (day 08: don't destroy what it knows). Rate, rounds and blocks were chosen on the 1,000 sentences laid aside, one run each: two blocks for two rounds were right for 0.863 of them, for one round 0.839 and, at twice the rate, 0.844; one block for two rounds 0.837.

# %%
keras.utils.set_random_seed(ready.seed)
head = layers.Dense(1, activation="sigmoid", name="for_or_against")(layers.Dropout(0.2)(upper.output))
tuned = keras.Model(upper.inputs, head)
plan_random = np.random.default_rng(ready.seed)
plan = [part for _ in range(2) for part in batches(in_train, 32, plan_random)]
rate = keras.optimizers.schedules.PolynomialDecay(1e-4, len(plan), 0.0)
tuned.compile(keras.optimizers.AdamW(rate, weight_decay=0.01), "binary_crossentropy")
tuned.optimizer.build(tuned.trainable_variables)
trained = sum(int(np.prod(weight.shape)) for weight in tuned.trainable_variables)
print(f"{trained:,} of {encoder.count_params():,} weights may learn; {len(plan)} steps of 32 sentences")

# %%
target = np.concatenate([y_train, np.zeros(len(everything) - len(train), "float32")])
tuning_loss = []
for part in plan:
    longest = used[part].max()
    inputs = [tokens[part, :longest], states[part, :longest].astype("float32")]
    tuning_loss.append(float(tuned.train_on_batch(inputs, target[part])))
    tuned.reset_metrics()  # or Keras would report the mean over all steps so far
print(f"loss, first and last 50 steps: {np.mean(tuning_loss[:50]):.3f}, {np.mean(tuning_loss[-50:]):.3f}")
positive = run_over(
    tuned, [tokens, states], np.arange(len(train), len(everything)), np.zeros((len(everything), 1), dtype="float32")
)
chance["MiniLM, fine-tuned"] = positive[in_test, 0].astype("float64")
report("MiniLM, fine-tuned")

# %% [markdown]
# (`upper` shares its layers with `encoder`: the blocks that learned are the encoder's own. A whole sentence goes through `encoder`'s table and four frozen blocks into two tuned ones, with nothing to copy.)
#
# ### The table

# %%
model_names = [
    "bag of words",
    "embedding + mean",
    "GRU",
    "bidirectional LSTM",
    "1-D CNN",
    "MiniLM, frozen",
    "MiniLM, fine-tuned",
]
accuracy, advantage, rows = {}, {}, []
baseline = right("bag of words").astype(float)
for name in ["always “positive”", *model_names, "GRU without mask"]:
    if name not in chance:
        chance[name] = np.ones(len(test))
    accuracy[name] = float(right(name).mean())
    low, high = interval(right(name))
    advantage[name] = interval(right(name) - baseline)
    verdict = "better" if advantage[name][0] > 0 else "worse" if advantage[name][1] < 0 else "no difference shown"
    rows.append(
        {
            "model": name,
            "right": f"{accuracy[name]:.3f}",
            "95 % interval": f"{low:.3f} to {high:.3f}",
            "minus bag of words": f"{accuracy[name] - baseline.mean():+.3f} ({advantage[name][0]:+.3f} to {advantage[name][1]:+.3f})",
            "verdict": "—" if name == "bag of words" else verdict,
        }
    )
beaten = [name for name in model_names[1:] if advantage[name][0] > 0]
not_better = [name for name in model_names[1:] if name not in beaten]
print("shown to beat the bag of words:", ", ".join(beaten) or "none")
print("not shown to beat it:", ", ".join(not_better) or "none")
pd.DataFrame(rows).set_index("model")

# %%
# Drawing: the table as a picture.
shown = model_names[::-1]
figure, axes = plt.subplots(figsize=(8.5, 3.8))
for height, name in enumerate(shown):
    low, high = interval(right(name))
    style = "s" if name == "bag of words" else "D" if "MiniLM" in name else "o"
    axes.errorbar(
        accuracy[name],
        height,
        xerr=[[accuracy[name] - low], [high - accuracy[name]]],
        marker=style,
        color="black",
        capsize=4,
    )
axes.axvline(accuracy["bag of words"], linestyle="--", color=plots.COLOURS[0], label="bag of words")
axes.set_yticks(range(len(shown)), shown)
axes.set(
    xlabel="share of the 1,805 test sentences that is right", ylabel="model", title="Seven models, the same sentences"
)
axes.legend(loc="upper left")
plots.show(
    figure,
    alt="Accuracy with 95 % intervals, one row per model, and a dashed line at the bag of words: "
    + "; ".join(f"{name} {accuracy[name]:.3f}" for name in model_names)
    + f". Shown to be better than the bag of words: {', '.join(beaten) or 'none'}.",
)

# %% [markdown]
# Say it plainly. **None of the networks trained from scratch, neither embedding and mean nor GRU, bidirectional LSTM or CNN, is shown to beat a bag of words with logistic regression, and nor is the frozen MiniLM.** They cost more, they are harder to read, and on 7,000 sentences order is not what decides: *dull* is *dull* wherever it
# stands. Only the network that came with knowledge of the language *and* was tuned to the question is above the baseline, with each of three seeds, by one and a half to two points. And even that is at the edge of what 1,805 sentences can show: look at the interval of its difference, whether it keeps clear of zero in *your* table. Two lessons for practice: **begin with the bag of words**, always; and if that is not enough, borrow rather than build, and test on enough sentences to see whether it was worth it.
#
# The intervals of many rows overlap, and that does not decide: the column *minus bag of words* compares the models on the same sentences, and its interval is narrower (quiz, question 3). And is the ranking a law? No. The table is about *this* amount of data and *this* question.
#
# ### Does it read?
#
# Back to the four sentences of section 4, and to the grey zone that no model was trained on: do the tuned network's answers follow the *strength* of the ratings?


# %%
def ask(texts):
    """Texts -> the tuned network's probability of “positive”, through all of its layers."""
    new = tokenizer(texts)
    return tuned.predict_on_batch([new, lower.predict_on_batch(new)])[:, 0]


for text, counted, read in zip(probes, search.predict_proba(probes)[:, 1], ask(probes), strict=True):
    print(f"{text:<50} bag of words {counted:.2f}, tuned MiniLM {read:.2f}")

ratings = np.r_[test["score"], gray["score"]]
read_score = np.r_[chance["MiniLM, fine-tuned"], positive[len(train) + len(test) :, 0]]
counted_score = np.r_[chance["bag of words"], search.predict_proba(gray["text"])[:, 1]]
follow = {
    name: float(np.corrcoef(score, ratings)[0, 1])
    for name, score in (("tuned MiniLM", read_score), ("bag of words", counted_score))
}
print(
    "correlation with the mean rating, grey zone included:",
    ", ".join(f"{name} {value:.2f}" for name, value in follow.items()),
)

# %%
# Drawing: probability against rating, in bins of half a point.
bins = np.arange(-4, 4.01, 0.5)
which = np.digitize(ratings, bins) - 1
centres = [k for k in range(len(bins) - 1) if np.sum(which == k) >= 15]
figure, axes = plt.subplots(figsize=(8, 3.8))
for name, score, style in (("tuned MiniLM", read_score, "-o"), ("bag of words", counted_score, "--s")):
    axes.plot(bins[centres] + 0.25, [score[which == k].mean() for k in centres], style, label=name)
axes.axvspan(-1, 1, color="0.9", label="grey zone, not trained on")
axes.set(
    xlabel="mean rating by people",
    ylabel="mean P(positive)",
    ylim=(0, 1),
    title="Trained on yes and no: has it learned a scale?",
)
axes.legend(loc="upper left")
plots.show(
    figure,
    alt=f"Mean probability of “positive” against the mean rating, for the tuned network and the bag of words: both rise from left to right, also through the grey zone from −1 to 1, the tuned network more steeply. Correlations with the rating: {follow['tuned MiniLM']:.2f} and {follow['bag of words']:.2f}.",
)

# %%
wrong_by = np.where(right("MiniLM, fine-tuned"), 0, np.abs(chance["MiniLM, fine-tuned"] - 0.5))
for row in np.argsort(-wrong_by)[:6]:
    print(f"rated {test['score'][row]:5.2f}, P(positive) {chance['MiniLM, fine-tuned'][row]:.2f}: {test['text'][row]}")

# %% [markdown]
# Read the four sentences first. At seed 1, the default, the tuned network tells *not bad, it is good* from *not good, it is bad*, which have the same words and which the bag of words, pairs and all, hardly tells apart. It reads order. It does not read between the lines: *It could have been a great, funny, moving film* is praise to it, and *I have seen worse* a bad review.
#
# Then its worst errors: irony, praise for the actors of a bad film, a *but* whose weight lies on the other side. Some would divide people, too. There is no 100 %: the labels are means of people who did not agree.
#
# ## What you should see
#
# Each result is held against the range over three seeds, with some room.

# %%
expect("words of the test never seen in training (share)", unknown, low=0.03, high=0.12)
expect(
    "BPE: tokens per sentence after 1,000 merges over words", token_count[-1] / word_counts.total(), low=1.1, high=2.2
)
expect("TF-IDF by hand: largest difference from scikit-learn", tfidf_difference, low=0, high=1e-9)
expect("embedding: one-hot product minus look-up", product_difference, low=0, high=1e-6)
expect("TextVectorization agrees (share of places)", agreement, low=0.97, high=1)
expect("bag of words: right", accuracy["bag of words"], low=0.81, high=0.835)
expect("embedding + mean: right", accuracy["embedding + mean"], low=0.77, high=0.84)
expect("GRU: right", accuracy["GRU"], low=0.75, high=0.84)
expect("GRU without mask, as many epochs: right", accuracy["GRU without mask"], low=0.45, high=0.6)
expect("GRU: largest change of an answer by padding", largest_change["with its mask"], low=0, high=1e-4)
expect("GRU, mask lost: largest change of an answer", largest_change["mask lost"], low=0.1, high=1)
expect("bidirectional LSTM: right", accuracy["bidirectional LSTM"], low=0.75, high=0.84)
expect("1-D CNN: right", accuracy["1-D CNN"], low=0.75, high=0.84)
expect("MiniLM, frozen: right", accuracy["MiniLM, frozen"], low=0.785, high=0.825)
expect("MiniLM, fine-tuned: right", accuracy["MiniLM, fine-tuned"], low=0.825, high=0.86)
expect(
    "MiniLM, fine-tuned, minus bag of words",
    accuracy["MiniLM, fine-tuned"] - accuracy["bag of words"],
    low=0.0,
    high=0.04,
)

# %%
expect("skip-gram: median rank of the partner", ranks["skip-gram"], low=1, high=400)
expect("CBOW: median rank of the partner", ranks["CBOW"], low=1, high=400)
expect("pretrained: median rank of the partner", ranks["pretrained"], low=1, high=15)
expect("analogies, capitals: right", solved["capitals"], low=0.58, high=0.7)
expect("analogies, comparatives: right", solved["comparatives"], low=0.95, high=1)
expect("analogies, capitals: right, nobody excluded", solved_freely["capitals"], low=0, high=0.05)
expect("WEAT, flowers and insects: d", effect["flowers"], low=1.4, high=1.9)
expect("WEAT, mathematics and arts: d", effect["mathematics"], low=0.7, high=1.2)
expect("WEAT, names, career and family: p", p_value["male names"], low=0.04, high=0.12)
expect("occupations: correlation with the share of women", correlation, low=0.6, high=0.85)
expect("after removing he–she: words still in their groups (share)", still_apart["after"], low=0.6, high=0.95)
expect("tuned MiniLM: correlation with the ratings", follow["tuned MiniLM"], low=0.65, high=0.9)
expect_learned(
    "MiniLM, fine-tuned", np.array(tuning_loss[: len(tuning_loss) // 10 * 10]).reshape(10, -1).mean(axis=1), factor=0.7
)
expect_learned("skip-gram", training["skip-gram"], factor=0.95)
for name in ("bidirectional LSTM", "1-D CNN", "MiniLM, fine-tuned"):
    expect_varied(name, chance[name][:, None])

# %% [markdown]
# ## Summary
#
# 1. Text becomes numbers in two ways: count the words and forget the order, or number the tokens and keep it. Vocabulary, length and weights come from the training part alone.
# 2. Subwords (BPE, WordPiece) are the middle between letters and words: a new word is cut into known pieces, as long as its signs are known.
# 3. The bag of words with logistic regression is a strong baseline; on 7,000 sentences networks from scratch do not beat it. A pretrained network whose upper layers are tuned to the question is the only one above it, by one and a half to two points.
# 4. A lost mask raises no error. Pad more: if the answer changes, it is lost.
# 5. Vectors mirror the texts they come from, prejudices included. WEAT and a census measure it; removing a direction repairs the ruler, not the thing.
#
# ## Quiz
#
# **1. A colleague calls `vectorise.adapt(all_texts)`, "it only makes a list of words, no labels involved". What is wrong?**
# <details><summary>Answer</summary>
#
# Words that occur only in the test get a number of their own, frequencies are counted with the test in them, and no test word is unknown. The test is then easier than tomorrow's text. Labels are not needed for a leak.
#
# </details>
#
# **2. “not good, but bad” and “not bad, but good”: which of these can tell them apart?**
# (a) TF-IDF of single words (b) embedding + mean (c) TF-IDF with pairs of words (d) a GRU
# <details><summary>Answer</summary>
#
# (c) and (d). A sum and a mean forget the order, whatever the vectors are.
#
# </details>
#
# **3. Two models have 0.824 and 0.838 on 1,805 sentences; their intervals overlap. Is the second better?**
# <details><summary>Answer</summary>
#
# The overlap does not decide. Both read the same sentences: look at the interval of the *difference*, sentence by sentence. It is narrower, because what is hard for one is hard for the other.
#
# </details>
#
# **4. *king − man + woman = queen*. What does the demonstration not tell you?**
# <details><summary>Answer</summary>
#
# That the words of the question are excluded. Without it the nearest is *king*. And that a single example was picked: ask for the score over a whole set.
#
# </details>
#
# **5. After removing the he–she direction, every occupation projects to zero. Why is the bias not gone?**
# <details><summary>Answer</summary>
#
# The words that leaned to one side are still each other's neighbours; a classifier or a clustering finds the groups again. Only the measure along that one direction is zero.
#
# </details>
#
# ## Further reading
#
# - Aurélien Géron, *Hands-On Machine Learning*, 3rd ed., chapters 13 (text preprocessing) and 16 (natural language processing).
# - Dan Jurafsky and James Martin: [Speech and Language Processing](https://web.stanford.edu/~jurafsky/slp3/), 3rd ed. draft, chapters 2, 4 and on vector semantics: the book of the field, free.
# - Mikolov et al.: [Distributed representations of words and phrases](https://arxiv.org/abs/1310.4546) (2013): word2vec with negative sampling, eight pages.
# - Caliskan, Bryson, Narayanan: [Semantics derived automatically from language corpora contain human-like biases](https://doi.org/10.1126/science.aal4230) (2017).
#
# ## Now you
#
# The [exercises](../exercises/day13_text.ipynb) answer back; the [solutions](../solutions/day13_text.ipynb) explain.
# Tomorrow, day 14: from one sequence to another. A translator, and attention.
