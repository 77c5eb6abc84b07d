# %% [markdown]
# # Final exam: forty questions over twenty days
#
# **Two questions from each day, some to choose, some to calculate. Nobody looks over your shoulder: you answer, you mark yourself, and every answer says why and where to read it again.**
#
# <!-- badges -->
#
# - **Time:** about 90 minutes. Take paper and a calculator, or empty cells of this notebook; leave the lessons closed.
# - **To choose:** exactly one of the four answers is right; its letter stands in quotes. **To calculate:** if the question names no decimals, a whole number is wanted. Numbers have a decimal *point*: `0.25`, for Python takes `0,25` for two things. In quotes you may write as you like: `"0,25"`, `"25 %"`, `"1/4"`.
# - **Note your answers** in the cells between the questions, in place of the dots, and run them: `paper.answer(q1=1024, q2="d")`. A cell repeats what it has read, and nothing more; `None` takes an answer back. Which are *right*, the last cell says, for all at once.
# - **After a break:** the kernel forgets your answers, the cells do not. Select the heading “Marking” and choose *Run → Run All Above Selected Cell* (Colab: *Runtime → Run before*), and they are noted again, unmarked.
# - **The folds** under the questions hold answer and explanation. They are there for afterwards; open one, and that question is a lesson again and no exam. Do not double-click a question: that shows its source, folds and all (Shift + Enter closes it).
# - Without a running kernel (on a web page, or on paper) note your answers on a sheet, open the folds at the end, and count.
#
# <details><summary><b>German terms</b></summary>
#
# | English | German | English | German |
# |---|---|---|---|
# | exam, paper | Prüfung, Prüfungsbogen | to mark | bewerten, korrigieren |
# | to choose | auswählen (Auswahlfrage) | to two decimals | auf zwei Nachkommastellen |
# | to calculate | rechnen (Rechenaufgabe) | share | Anteil |
# | fold | Ausklappfeld | whoever has … | wer … herausbekommt |
#
# </details>

# %% tags=["setup"]
from utils.exam import Paper

paper = Paper()

# %% [markdown]
# ## Week 1: foundations
#
# ### Day 01 · Hello, world
#
# **Question 1** · to calculate
#
# With three inputs that are 0 or 1 there are 8 cases, and $2^8 = 256$ “problems”: ways of giving each case a yes or a no. The no-free-lunch theorem takes the mean over all of them. How many problems are there with *four* such inputs?
#
# <details><summary>Answer to question 1</summary>
#
# **65536**. Four inputs make $2^4 = 16$ cases, and each of them may be answered in two ways: $2^{16}$. In the mean over all of these no learner is better than another on cases that it has not seen. Learning works because our world asks only some of them, those in which similar cases have similar answers.
#
# Read again: [Day 01](day01_hello_sine.ipynb), “No free lunch, and why we eat anyway”.
#
# </details>

# %% [markdown]
# **Question 2** · to choose
#
# A ReLU network has learned the sine on the interval from $-\pi$ to $\pi$, very well. What do its answers do beyond, towards $3\pi$?
#
# - **(a)** They repeat the wave that it has learned.
# - **(b)** They leave along a nearly straight line.
# - **(c)** They settle at 0, the mean of the sine.
# - **(d)** They stay between −1 and 1, as all its targets did.
#
# <details><summary>Answer to question 2</summary>
#
# **(b)**. Its kinks lie where data pulled at them; outside hardly anything bends any more. It never learned “the sine”, it learned a shape that fits. (a) is what *you* know and it does not; (c) would need kinks where no data pulled. (d): nothing in its last layer knows a limit.
#
# Read again: [Day 01](day01_hello_sine.ipynb), “Outside the data”.
#
# </details>

# %%
paper.answer(q1=..., q2=...)

# %% [markdown]
# ### Day 02 · Perceptron and backpropagation
#
# **Question 3** · to calculate
#
# Two examples $(x, y)$: $(1, 2)$ and $(3, 4)$. The model is $w x + b$ with $w = 1$, $b = 0$, the loss the mean of the squared errors. What is $w$ after one step of gradient descent with a learning rate of 0.1? (one decimal)
#
# <details><summary>Answer to question 3</summary>
#
# **1.4**. Both errors $e = y - (wx + b)$ are 1. $\partial\,\text{loss}/\partial w$ is the mean of $2e \cdot (-x)$, that is $(-2 - 6)/2 = -4$, and $w = 1 - 0.1 \cdot (-4)$. Whoever has 1.8 forgot the $1/n$; whoever has 0.6 went uphill; whoever has 1.2 forgot the 2.
#
# Read again: [Day 02](day02_perceptron_backprop.ipynb), “The derivative, by the chain rule”.
#
# </details>

# %% [markdown]
# **Question 4** · to choose
#
# Your backward pass is right; a colleague has proved it on paper. Still the gradient check, with a nudge of 0.00001, reports relative errors of a few per cent for every parameter. The parameters are 32-bit numbers. What is the likely reason?
#
# - **(a)** The check works only once the network has been trained.
# - **(b)** The nudge is too large, since the loss is curved.
# - **(c)** The loss is a sum over the batch where it should be a mean.
# - **(d)** The difference of two nearly equal losses drowns in rounding.
#
# <details><summary>Answer to question 4</summary>
#
# **(d)**. A 32-bit number has about seven digits. A nudge of 0.00001 changes the loss in the sixth or seventh of them, and the difference of the two losses is mostly rounding. Check in float64. (a): the check works anywhere, and the lesson runs it before the training. (b): with central differences the nudge's own error shrinks with its square and is far smaller; in 32 bits a *larger* nudge, 0.01, would bring the errors down to about 0.0001. (c) would change both gradients alike.
#
# Read again: [Day 02](day02_perceptron_backprop.ipynb), “The gradient check”.
#
# </details>

# %%
paper.answer(q3=..., q4=...)

# %% [markdown]
# ### Day 03 · Tensors, regression, classification
#
# **Question 5** · to calculate
#
# A network answers with an array of shape (1000, 1); the targets have shape (1000,). You write `np.mean((answers - targets) ** 2)`. The mean of how many numbers is that?
#
# <details><summary>Answer to question 5</summary>
#
# **1000000**. Aligned at the right, 1 meets 1000 and 1000 meets a missing axis: the difference has shape (1000, 1000), every answer is compared with every target, and nothing complains. The most expensive silent mistake of the trade; print the shapes.
#
# Read again: [Day 03](day03_tensors_regression_classification.ipynb), “Broadcasting”.
#
# </details>

# %% [markdown]
# **Question 6** · to choose
#
# A column holds German dates, day first: 05-03-2024, 31-03-2024, 04-04-2024, … Somebody reads it with `pd.to_datetime(column, format="mixed")`. Which dates come out right?
#
# - **(a)** all of them, since each row is looked at by itself
# - **(b)** none of them, since day and month change places everywhere
# - **(c)** those with a day above 12, and those whose day and month are equal
# - **(d)** those with a day of at most 12, since the others are no American dates
#
# <details><summary>Answer to question 6</summary>
#
# **(c)**. Each row is guessed anew, the American way round first. 31-03 can only be read one way and comes out right, 04-04 is the same either way, and 05-03 becomes the third of May. *Part* of the column is wrong, which is harder to notice than all of it. Write the format down: `format="%d-%m-%Y"`.
#
# Read again: [Day 03](day03_tensors_regression_classification.ipynb), “The German-date trap”.
#
# </details>

# %%
paper.answer(q5=..., q6=...)

# %% [markdown]
# ### Day 04 · Overfitting and tuning
#
# **Question 7** · to calculate
#
# 2,000 pictures, batches of 32, 15 epochs; the last batch of each epoch holds the pictures that are left over. How many steps does the optimizer take?
#
# <details><summary>Answer to question 7</summary>
#
# **945**. 2,000 / 32 is 62.5, so each epoch has 63 batches, the last of 16 pictures; $63 \cdot 15 = 945$. Whoever has 930 threw the last pictures away; whoever has 938 divided all pictures of all epochs at once.
#
# Read again: [Day 04](day04_overfitting_tuning.ipynb), “Batch, stochastic, mini-batch”.
#
# </details>

# %% [markdown]
# **Question 8** · to choose
#
# A random search draws learning rates between 0.0001 and 0.1, all numbers equally likely (*not* on a logarithmic scale). What share of its trials has a rate above 0.01?
#
# - **(a)** about 33 %
# - **(b)** about 67 %
# - **(c)** about 90 %
# - **(d)** about 99 %
#
# <details><summary>Answer to question 8</summary>
#
# **(c)**. $(0.1 - 0.01)/(0.1 - 0.0001) = 0.90$. Nine trials of ten go into the upper of three powers of ten, and between 0.0001 and 0.001 fewer than one in a hundred looks. On the logarithmic scale each power of ten gets a third, (a), and two thirds lie below 0.01, (b). (d) is the share above 0.001.
#
# Read again: [Day 04](day04_overfitting_tuning.ipynb), “Let a machine turn the dials”.
#
# </details>

# %%
paper.answer(q7=..., q8=...)

# %% [markdown]
# ### Day 05 · Optimizers
#
# **Question 9** · to calculate
#
# A weight is 3, its gradient −250. Adam takes its *first* step, with a learning rate of 0.01 and the usual settings. Where is the weight then? (two decimals)
#
# <details><summary>Answer to question 9</summary>
#
# **3.01**. After the bias correction the first step is rate · $g / |g|$: every weight moves by the learning rate, whatever its gradient; here upwards, against the negative gradient. Plain gradient descent would have leapt to 5.5.
#
# Read again: [Day 05](day05_optimizers.ipynb), “Adam: both, and a fair start”.
#
# </details>

# %% [markdown]
# **Question 10** · to choose
#
# A training with Adam goes well with batches of 32 and a rate of 0.001. You get a larger graphics card and take batches of 128. With which rate do you begin your search, by the rule of thumb for *Adam*?
#
# - **(a)** 0.001
# - **(b)** 0.002
# - **(c)** 0.004
# - **(d)** 0.0005
#
# <details><summary>Answer to question 10</summary>
#
# **(b)**. Four times the batch, half the noise, and for Adam the rule of thumb is the square root: $0.001 \cdot \sqrt 4$. (c) is the linear rule, meant for SGD. (a) takes a quarter of the steps, and none of them longer; (d) goes the wrong way. It is a beginning only: then a range test.
#
# Read again: [Day 05](day05_optimizers.ipynb), “What the batch size does to the learning rate”.
#
# </details>

# %%
paper.answer(q9=..., q10=...)

# %% [markdown]
# ## Week 2: images
#
# ### Day 06 · Convolutions
#
# **Question 11** · to calculate
#
# A picture of (28, 28, 1) goes through `Conv2D(16, 5, padding="valid")`, `MaxPooling2D(2)` and `Flatten()`. How many numbers come out?
#
# <details><summary>Answer to question 11</summary>
#
# **2304**. Without padding $28 - 5 + 1 = 24$ windows fit each way, so (24, 24, 16); pooling makes (12, 12, 16) of it; $12 \cdot 12 \cdot 16 = 2304$. Whoever has 3136 padded (`"same"`); whoever has 144 forgot the filters.
#
# Read again: [Day 06](day06_convolutions.ipynb), “Stride, padding, channels: the whole thing”.
#
# </details>

# %% [markdown]
# **Question 12** · to calculate
#
# How many weights has a *separable* 3 × 3 convolution (depthwise, then pointwise) from 64 to 128 maps, without biases?
#
# <details><summary>Answer to question 12</summary>
#
# **8768**. Depthwise: one window of 9 weights for each of the 64 maps, 576. Pointwise: a 1 × 1 convolution from 64 to 128, 8,192. Together 8,768; an ordinary one has $9 \cdot 64 \cdot 128 = 73\,728$, more than eight times as many.
#
# Read again: [Day 06](day06_convolutions.ipynb), “Five blocks”.
#
# </details>

# %%
paper.answer(q11=..., q12=...)

# %% [markdown]
# ### Day 07 · Deep networks
#
# **Question 13** · to calculate
#
# Label smoothing with an amount of 0.1 (`label_smoothing=0.1` in Keras) and *five* classes: which target does the right class get? (two decimals)
#
# <details><summary>Answer to question 13</summary>
#
# **0.92**. A tenth is taken from the right class and given to all five alike, itself included: $0.9 + 0.1/5$. Whoever has 0.9 forgot that the right class gets its share back.
#
# Read again: [Day 07](day07_deep_networks.ipynb), “Label smoothing: never be certain”.
#
# </details>

# %% [markdown]
# **Question 14** · to choose
#
# A dense Keras network with batch normalisation is called with `training=True` on a batch of *one* example. What comes out of a normalising layer with γ = 1 and β = 0?
#
# - **(a)** the example as it went in
# - **(b)** only zeros
# - **(c)** the example, normalised by the moving averages
# - **(d)** an error: one example has no variance
#
# <details><summary>Answer to question 14</summary>
#
# **(b)**. The mean of a batch of one is the example itself, and the difference is 0, whatever the example. The variance is 0 as well, and ε keeps the division from failing: no error (d), no information. (c) would be inference mode; nothing gives (a).
#
# Read again: [Day 07](day07_deep_networks.ipynb), “Training and inference are two different functions”.
#
# </details>

# %%
paper.answer(q13=..., q14=...)

# %% [markdown]
# ### Day 08 · Transfer learning
#
# **Question 15** · to calculate
#
# A network with two features A and B says 0.40 if it knows neither, 0.70 if it knows A only, 0.50 if it knows B only, 0.90 if it knows both. What is A's Shapley value? (two decimals)
#
# <details><summary>Answer to question 15</summary>
#
# **0.35**. If A enters the room first, it adds $0.70 - 0.40 = 0.30$; if it enters after B, $0.90 - 0.50 = 0.40$; the mean over both orders is 0.35. B gets 0.15, and together that is exactly $0.90 - 0.40$. Whoever has 0.30 looked at one order only.
#
# Read again: [Day 08](day08_transfer_learning.ipynb), “SHAP: fair shares”.
#
# </details>

# %% [markdown]
# **Question 16** · to choose
#
# A Siamese network with the contrastive loss $y\,d^2 + (1-y)\max(0, m - d)^2$ and margin $m = 1$ has put two *different* things ($y = 0$) at a distance of $d = 1.3$. What does this pair add to the loss?
#
# - **(a)** 0
# - **(b)** 0.09
# - **(c)** 0.3
# - **(d)** 1.69
#
# <details><summary>Answer to question 16</summary>
#
# **(a)**. They are further apart than the margin asks for, so there is nothing left to do: $\max(0, 1 - 1.3) = 0$. Without the maximum, (b), the pair would be pulled *together* again; (c) forgot the square as well; (d) is the loss of a pair that should be the same.
#
# Read again: [Day 08](day08_transfer_learning.ipynb), “Seen before? A Siamese network”.
#
# </details>

# %%
paper.answer(q15=..., q16=...)

# %% [markdown]
# ### Day 09 · Detection and segmentation
#
# **Question 17** · to calculate
#
# Four things are in the scenes. A detector reports four finds, from the most to the least certain: hit, miss, hit, hit (a miss is a find where nothing is, or nothing new). What is its average precision, without smoothing? (two decimals)
#
# <details><summary>Answer to question 17</summary>
#
# **0.60**. The precision when each thing was found: 1/1, 2/3, 3/4; the fourth was never found and counts 0. The mean of the *four* is $(1 + 0.667 + 0.75 + 0)/4 = 0.604$. Whoever has 0.81 divided by three and forgot what was never found.
#
# Read again: [Day 09](day09_detection_segmentation.ipynb), “Average precision, by hand”.
#
# </details>

# %% [markdown]
# **Question 18** · to choose
#
# The masks of your U-Net show a fine chessboard pattern. It enlarges its maps by `Conv2DTranspose` with a kernel of 3 × 3 and a stride of 2. What is the cure?
#
# - **(a)** a learning rate ten times lower
# - **(b)** one more skip connection
# - **(c)** a sigmoid in place of the softmax
# - **(d)** a kernel of 2 × 2 with the same stride
#
# <details><summary>Answer to question 18</summary>
#
# **(d)**. Each value stamps the kernel on the larger map, two pixels apart. Stamps of 3 overlap unevenly: some pixels get one stamp, others two or four. Stamps as large as the stride do not overlap at all. The pattern is built in: other steps (a), one more path for details (b) and another output (c) leave the stamps as they are.
#
# Read again: [Day 09](day09_detection_segmentation.ipynb), “How a map becomes larger again”.
#
# </details>

# %%
paper.answer(q17=..., q18=...)

# %% [markdown]
# ### Day 10 · Making pictures
#
# **Question 19** · to calculate
#
# A diffusion model is asked twice for the direction at one pixel: with the order “boot” it says 0.5, with “any” it says 0.2. Which value does a guidance of $w = 3$ make of the two? (one decimal)
#
# <details><summary>Answer to question 19</summary>
#
# **1.1**. $v = v_\text{any} + w\,(v_\text{order} - v_\text{any}) = 0.2 + 3 \cdot 0.3$: beyond what the order itself says, in the direction that makes a boot different from the average garment. With $w = 1$ it would be 0.5. Whoever has 1.4 began at the order instead of at “any”.
#
# Read again: [Day 10](day10_generative_images.ipynb), “Sampling, with guidance”.
#
# </details>

# %% [markdown]
# **Question 20** · to choose
#
# In the log of a GAN the generator's loss has been falling beautifully for 300 steps; the discriminator's weights have not moved in that time. What do you look at first?
#
# - **(a)** how different the generated pictures are from each other
# - **(b)** whether the loss goes on falling if one waits longer
# - **(c)** the accuracy of the generator on the test set
# - **(d)** whether the discriminator has learned its pictures by heart
#
# <details><summary>Answer to question 20</summary>
#
# **(a)**. Against an opponent that does not answer back, the best strategy is to draw the one picture it finds most real, always: mode collapse. The loss rewards it, so (b) only makes it worse; a guard on variety finds it. (c) does not exist: a generator has no right answers. (d): who stands still learns nothing by heart.
#
# Read again: [Day 10](day10_generative_images.ipynb), “Mode collapse, provoked”.
#
# </details>

# %%
paper.answer(q19=..., q20=...)

# %% [markdown]
# ## Week 3: sequences and language
#
# ### Day 11 · Recurrent networks
#
# **Question 21** · to calculate
#
# On the training part the seasonal naive forecast is off by 2.5 gigawatts in the mean (absolute errors). A model's errors on four hours of the test part are 2, −1, 3 and −2 gigawatts. What is its MASE there? (one decimal)
#
# <details><summary>Answer to question 21</summary>
#
# **0.8**. The mean of the absolute errors is $(2 + 1 + 3 + 2)/4 = 2$ gigawatts, divided by 2.5: no unit is left. Whoever has 0.2 took the mean with the signs. And it does not yet mean that the model beats seasonal naive on *these* hours.
#
# Read again: [Day 11](day11_recurrent_networks.ipynb), “Baselines first, and an error that can be compared”.
#
# </details>

# %% [markdown]
# **Question 22** · to choose
#
# A blog shows a network's forecast of a share price over three years: the dashed line lies on the solid one. Each point was forecast from the days before it. Which number do you ask for?
#
# - **(a)** how many layers and weights the network has
# - **(b)** the loss on the training days, at the end
# - **(c)** the correlation of the two lines over the three years
# - **(d)** the error of “as yesterday” on the same days
#
# <details><summary>Answer to question 22</summary>
#
# **(d)**. One step ahead, “as yesterday” gives a line that trails one day behind, and on three years of picture the eye can't see one day. (c) is close to 1 for that shadow as well; (a) and (b) say nothing about these days. Draw several steps ahead from one origin, and put the naive number beside it.
#
# Read again: [Day 11](day11_recurrent_networks.ipynb), “The most convincing worthless picture”.
#
# </details>

# %%
paper.answer(q21=..., q22=...)

# %% [markdown]
# ### Day 12 · LSTM and GRU
#
# **Question 23** · to calculate
#
# How many parameters has `LSTM(32)` on sequences of 48 steps, with 8 numbers per step?
#
# <details><summary>Answer to question 23</summary>
#
# **5248**. Three gates and a candidate, each with $8 \cdot 32$ weights for the input, $32 \cdot 32$ for the state and 32 biases: $4 \cdot (256 + 1024 + 32)$. The 48 steps do not matter, they share the weights. Whoever has 1312 counted one gate; whoever has 5120 forgot the biases.
#
# Read again: [Day 12](day12_lstm_gru.ipynb), “LSTM: a belt with three gates”.
#
# </details>

# %% [markdown]
# **Question 24** · to choose
#
# The gradient of one weight array is (0.3, 4.0). After clipping it is (0.3, 1.0). Which argument did that?
#
# - **(a)** `global_clipnorm=1.0`
# - **(b)** `clipnorm=1.0`
# - **(c)** `clipvalue=1.0`
# - **(d)** none of them: a clipped gradient keeps its direction
#
# <details><summary>Answer to question 24</summary>
#
# **(c)**. It cuts every single number, and so bends the direction: 0.3 to 4 has become 0.3 to 1. The two others shorten *all* numbers of the array (or of the whole network) by the same factor; (b) would leave (0.075, 0.997). So (d) is right for those two, as far as this array goes, and wrong for `clipvalue`.
#
# Read again: [Day 12](day12_lstm_gru.ipynb), “When it explodes: clipping”.
#
# </details>

# %%
paper.answer(q23=..., q24=...)

# %% [markdown]
# ### Day 13 · Text
#
# **Question 25** · to choose
#
# Byte-pair encoding on a text of four different words: *rot_* (6 times), *brot_* (5 times), *note_* (4 times), *tor_* (3 times); `_` marks the end of a word. Which pair is joined first?
#
# - **(a)** r·o
# - **(b)** o·t
# - **(c)** t·_
# - **(d)** b·r
#
# <details><summary>Answer to question 25</summary>
#
# **(b)**. It stands in *rot*, *brot* and *note*: $6 + 5 + 4 = 15$ times. (a) stands in *rot* and *brot*, 11 times, and (c), at the end of the same two words, as often; (d) 5 times. What counts is how often, not how sensible it looks.
#
# Read again: [Day 13](day13_text.ipynb), “Tokens: characters, words, or something in between”.
#
# </details>

# %% [markdown]
# **Question 26** · to choose
#
# Your sentences have become rows of word numbers, `TextVectorization` style. One row is `[7, 1, 12, 0, 0, 0]`. What was the sentence?
#
# - **(a)** three words, the second of them unknown
# - **(b)** six words, three of them unknown
# - **(c)** three words, all of them known
# - **(d)** six words, of which the last three are the same
#
# <details><summary>Answer to question 26</summary>
#
# **(a)**. 1 stands for a word that is not in the vocabulary, 0 for padding: there is no word at all. A network without a mask reads the three zeros nevertheless. (c) takes 1 for an ordinary word; (b) and (d) take the padding for words.
#
# Read again: [Day 13](day13_text.ipynb), “Numbering: sequences”.
#
# </details>

# %%
paper.answer(q25=..., q26=...)

# %% [markdown]
# ### Day 14 · Sequence to sequence
#
# **Question 27** · to calculate
#
# The machine's translations have 12 words, the person's 15. By which factor does the brevity penalty multiply BLEU? (two decimals)
#
# <details><summary>Answer to question 27</summary>
#
# **0.78**. $e^{1 - r/c} = e^{1 - 15/12} = e^{-0.25}$. Whoever has 0.82 turned the fraction round ($e^{12/15 - 1}$); 0.80 is the plain ratio. Had the machine written more than 15 words, the factor would be 1.
#
# Read again: [Day 14](day14_seq2seq.ipynb), “How good is a translation? BLEU by hand”.
#
# </details>

# %% [markdown]
# **Question 28** · to calculate
#
# Answers have two words. First word: *a* with probability 0.6, *b* with 0.4. After *a* come *c*, *d*, *e* with 0.4, 0.3, 0.3; after *b* come *c*, *d* with 0.9, 0.1. How probable is the answer that a beam of width 2 finds? (two decimals)
#
# <details><summary>Answer to question 28</summary>
#
# **0.36**. The beam keeps both beginnings and compares $a\,c$: $0.6 \cdot 0.4 = 0.24$ with $b\,c$: $0.4 \cdot 0.9 = 0.36$. Greedy search has let go of *b* after the first word and ends with 0.24.
#
# Read again: [Day 14](day14_seq2seq.ipynb), “Greedy, or a beam?”.
#
# </details>

# %%
paper.answer(q27=..., q28=...)

# %% [markdown]
# ### Day 15 · Transformers
#
# **Question 29** · to calculate
#
# A query meets two keys; its dot products with them are 6 and 2, and the vectors have $d = 16$ numbers. Which weight does the first key get in scaled dot-product attention? (two decimals)
#
# <details><summary>Answer to question 29</summary>
#
# **0.73**. Divided by $\sqrt{16} = 4$ the scores are 1.5 and 0.5; the softmax gives $e^{1.5}/(e^{1.5} + e^{0.5}) = 1/(1 + e^{-1})$. Whoever has 0.98 forgot to divide; whoever has 0.56 divided by 16.
#
# Read again: [Day 15](day15_transformers.ipynb), “A soft look-up”.
#
# </details>

# %% [markdown]
# **Question 30** · to choose
#
# A language model gives five pieces (tokens) the probabilities 0.50, 0.25, 0.15, 0.07, 0.03. You draw with top-p, $p = 0.8$. How many pieces are left, and how probable is the first one then?
#
# - **(a)** 2 pieces, 0.67
# - **(b)** 3 pieces, 0.56
# - **(c)** 3 pieces, 0.50
# - **(d)** 4 pieces, 0.52
#
# <details><summary>Answer to question 30</summary>
#
# **(b)**. Two pieces have 0.75 together, which is not yet 0.8; three have 0.90. What is left is divided by its sum: $0.50/0.90$. (a) stopped too early, (c) forgot the division, (d) kept one piece more than needed.
#
# Read again: [Day 15](day15_transformers.ipynb), “Top-k and top-p”.
#
# </details>

# %%
paper.answer(q29=..., q30=...)

# %% [markdown]
# ## Week 4: acting, doubting, building
#
# ### Day 16 · Reinforcement learning
#
# **Question 31** · to calculate
#
# An entry of the Q-table is 2. The agent takes that action, gets a reward of 1 and comes to a state whose best entry is 4; the episode goes on. What is the entry after one step of Q-learning with α = 0.5 and γ = 0.9? (one decimal)
#
# <details><summary>Answer to question 31</summary>
#
# **3.3**. The target is $1 + 0.9 \cdot 4 = 4.6$, and the entry goes half of the way from 2 to it. Whoever has 4.6 went the whole way; whoever has 1.5 forgot what comes after.
#
# Read again: [Day 16](day16_reinforcement_learning.ipynb), “By hand: Q-learning in a maze”.
#
# </details>

# %% [markdown]
# **Question 32** · to choose
#
# Double DQN computes a target; the reward is 0, γ is 1, the episode goes on. For the next state the present network says *left* 1, *right* 3; the old copy (the target network) says *left* 5, *right* 2. What is the target?
#
# - **(a)** 5
# - **(b)** 3
# - **(c)** 2
# - **(d)** 1
#
# <details><summary>Answer to question 32</summary>
#
# **(c)**. The present network *chooses*: right. The old copy *values* that choice: 2. (a) is plain DQN, whose maximum picks the estimate that errs up; (b) is the present network alone, without any old copy; (d) has exchanged the two roles.
#
# Read again: [Day 16](day16_reinforcement_learning.ipynb), “DQN: Q-learning with a network”.
#
# </details>

# %%
paper.answer(q31=..., q32=...)

# %% [markdown]
# ### Day 17 · Uncertainty
#
# **Question 33** · to calculate
#
# 320 of 400 test pictures are right. How large is the standard deviation of this accuracy, that is, how far would other test sets of 400 typically be off? (two decimals, as a share)
#
# <details><summary>Answer to question 33</summary>
#
# **0.02**. $p = 0.8$, so a single right-or-wrong has $\sigma = \sqrt{0.8 \cdot 0.2} = 0.4$, and the mean of 400 has $0.4/\sqrt{400}$. Two such steps either way, about 0.76 to 0.84: 0.80 for one model here and 0.82 for another one on other pictures do not yet tell them apart. For half the error it takes four times as many pictures.
#
# Read again: [Day 17](day17_uncertainty.ipynb), “Mean, standard deviation, and the law of large numbers”.
#
# </details>

# %% [markdown]
# **Question 34** · to choose
#
# A false alarm costs 5 euros, a missed case 45. The model's probabilities are calibrated. From which probability on should it raise the alarm?
#
# - **(a)** 0.10
# - **(b)** 0.11
# - **(c)** 0.50
# - **(d)** 0.90
#
# <details><summary>Answer to question 34</summary>
#
# **(a)**. $p^* = 5/(5 + 45)$. Below that, the expected miss, $45\,p$, is cheaper than the expected false alarm, $5\,(1 - p)$. (b) is 5/45, the ratio of the costs; (c) is right only if both mistakes cost the same; (d) is the rule turned round.
#
# Read again: [Day 17](day17_uncertainty.ipynb), “What does a mistake cost?”.
#
# </details>

# %%
paper.answer(q33=..., q34=...)

# %% [markdown]
# ### Day 18 · Project: climate
#
# **Question 35** · to calculate
#
# A made-up series of yearly temperatures begins in 1975 with 14.0 °C and ends in 2025 with 15.0 °C. What does the *drift* forecast, the straight line through the first and the last value, say for 2050? (one decimal)
#
# <details><summary>Answer to question 35</summary>
#
# **15.5**. One degree in 50 years is 0.02 a year; 25 years more add 0.5. The naive forecast would say 15.0. Between two such simple lines lies what the assumption about the trend decides, before any network has been asked.
#
# Read again: [Day 18](day18_project_climate.ipynb), “Baselines: five forecasts that cost nothing”.
#
# </details>

# %% [markdown]
# **Question 36** · to choose
#
# Your model gives 90 % intervals. At 50 rolling origins the value that came later lies inside in 34. What do you write into the report?
#
# - **(a)** “90 % intervals”, for that is what the model computes.
# - **(b)** Nothing: 50 origins are too few to say anything.
# - **(c)** The coverage without the years that nobody could have foreseen.
# - **(d)** “Coverage 0.68 instead of 0.90: the intervals are too narrow.”
#
# <details><summary>Answer to question 36</summary>
#
# **(d)**. An interval is a claim, and the origins check it. With 50 independent origins a true coverage of 0.90 would scatter by about $\sqrt{0.9 \cdot 0.1/50} = 0.04$; 0.68 is far outside (neighbouring origins are not independent, so it scatters more than that, and the report should say so). (b): they are enough for that. (a) repeats the claim unchecked. (c) decides after the fact which mistakes count.
#
# Read again: [Day 18](day18_project_climate.ipynb), “Do the 90 % intervals hold 90 %?”.
#
# </details>

# %%
paper.answer(q35=..., q36=...)

# %% [markdown]
# ### Day 19 · Project: physics
#
# **Question 37** · to calculate
#
# At two points the exact solution is 3 and 4; the network says 3.06 and 3.92. What is the relative L2 error? (two decimals, as a share)
#
# <details><summary>Answer to question 37</summary>
#
# **0.02**. The difference (0.06, −0.08) has the length 0.1, the solution (3, 4) the length 5. Two per cent, without a unit, so that solutions of any size can be compared.
#
# Read again: [Day 19](day19_project_physics.ipynb), “The brief”.
#
# </details>

# %% [markdown]
# **Question 38** · to choose
#
# An oscillator begins at $y(0) = 1$ with $y'(0) = 0$. Which form of the solution keeps both conditions whatever the network $N(t)$ answers?
#
# - **(a)** $y = 1 + N(t)$
# - **(b)** $y = 1 + t\,N(t)$
# - **(c)** $y = 1 + t^2\,N(t)$
# - **(d)** $y = (1 + t)\,N(t)$
#
# <details><summary>Answer to question 38</summary>
#
# **(c)**. At $t = 0$ it is 1, and its slope $2t\,N + t^2 N'$ is 0. (a) and (d) do not even keep the value; (b) does, but its slope there is $N(0)$. A condition that is built in need not be learned, and takes no part in the loss. (The lesson takes $\tanh^2 t$ in the place of $t^2$: it is as flat at 0 and does not grow.)
#
# Read again: [Day 19](day19_project_physics.ipynb), “An oscillator”.
#
# </details>

# %%
paper.answer(q37=..., q38=...)

# %% [markdown]
# ### Day 20 · Project: ship it
#
# **Question 39** · to calculate
#
# A network of 60,000 weights, 32 bits each, is written into a web page as base64, which makes 4 characters out of 3 bytes. How many kilobytes (of 1,000 bytes) does that add to the page?
#
# <details><summary>Answer to question 39</summary>
#
# **320**. $60\,000 \cdot 4$ bytes are 240 kilobytes, times $4/3$. Whoever has 240 forgot base64; whoever has 180 turned the ratio round. In 16 bits it would be half, and then one measures what that does to the answers.
#
# Read again: [Day 20](day20_project_ship_it.ipynb), “Out of the notebook: the export”.
#
# </details>

# %% [markdown]
# **Question 40** · to choose
#
# Your server expects drawings of 112 rows and columns. A request comes with 40 rows. What is the right reply?
#
# - **(a)** a status of 4xx, and a sentence that says which size is wanted
# - **(b)** a status of 500, since something has gone wrong
# - **(c)** a status of 200, and the prediction for the drawing, stretched to fit
# - **(d)** a status of 200, and the word “error” in the place of the prediction
#
# <details><summary>Answer to question 40</summary>
#
# **(a)**. 4xx says that the sender can mend it, and the sentence says how. 500 (b) says that the server does not know itself what is wrong. (c) hides the sender's mistake and answers for a picture that nobody drew; (d) tells every program on the way that all is well.
#
# Read again: [Day 20](day20_project_ship_it.ipynb), “Serve it”.
#
# </details>

# %%
paper.answer(q39=..., q40=...)

# %% [markdown]
# ## Marking
#
# Run the next cell when you are done. It says which answers are right, day by day, what is still missing, and which days to read again; the explanations are in the folds. You can change an answer, run its cell and mark again; only the first time is the exam.

# %%
paper.mark()

# %% [markdown]
# **How to read your score.** Two questions do not measure a day, and forty hardly measure a person: a share of 0.7 from forty questions has a standard deviation of about 0.07. So take the list of days more seriously than the sum. If you could *explain* an answer to somebody before you opened its fold, you know it; if you guessed right, open the fold as well.
#
# Then choose a project: the [project menu](project_menu.ipynb) holds ten ideas, and a first step for each.
