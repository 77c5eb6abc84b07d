"""The final exam: every calculation computed anew, every answer in its fold, and a paper that keeps its secrets."""

import html.parser
import json
import math
import re
from collections import Counter
from fractions import Fraction

import nbconvert
import numpy as np
import pandas as pd
import pytest

from tools.build import ROOT, Script, build
from utils import exam

QUESTIONS = {question.number: question for question in exam.questions()}
each = pytest.mark.parametrize("question", QUESTIONS.values(), ids=[f"q{number}" for number in QUESTIONS])


def softmax(scores):
    return np.exp(scores) / np.exp(scores).sum()


def descent():
    """Question 3, by finite differences instead of the chain rule."""
    x, y = np.array([1.0, 3.0]), np.array([2.0, 4.0])

    def loss(w):
        return np.mean((y - w * x) ** 2)

    return 1 - 0.1 * (loss(1 + 1e-6) - loss(1 - 1e-6)) / 2e-6


def adam():
    mean, square = 0.1 * -250, 0.001 * 250**2
    return 3 - 0.01 * (mean / (1 - 0.9)) / (math.sqrt(square / (1 - 0.999)) + 1e-7)


def flattened():
    picture = np.zeros((28, 28))
    windows = np.lib.stride_tricks.sliding_window_view(picture, (5, 5)).shape[:2]
    return windows[0] // 2 * (windows[1] // 2) * 16


def shapley():
    worth = {"": 0.4, "A": 0.7, "B": 0.5, "AB": 0.9}
    return np.mean([worth["A"] - worth[""], worth["AB"] - worth["B"]])


def average_precision():
    finds, things = np.array([1, 0, 1, 1]), 4
    return np.sum(finds.cumsum() / np.arange(1, 5) * finds) / things


def beam():
    after = {"a": {"c": 0.4, "d": 0.3, "e": 0.3}, "b": {"c": 0.9, "d": 0.1}}
    first = {"a": 0.6, "b": 0.4}
    return max(first[one] * chance for one in after for chance in after[one].values())


CALCULATED = {
    1: lambda: 2 ** len(list(np.ndindex(2, 2, 2, 2))),
    3: descent,
    5: lambda: (np.zeros((1000, 1)) - np.zeros(1000)).size,
    7: lambda: 15 * len(range(0, 2000, 32)),
    9: adam,
    11: flattened,
    12: lambda: np.zeros((3, 3, 64, 1)).size + np.zeros((1, 1, 64, 128)).size,
    13: lambda: 0.9 * np.eye(5)[2, 2] + 0.1 / 5,
    15: shapley,
    17: average_precision,
    19: lambda: 0.2 + 3 * (0.5 - 0.2),
    21: lambda: np.abs([2, -1, 3, -2]).mean() / 2.5,
    23: lambda: np.zeros((8, 4 * 32)).size + np.zeros((32, 4 * 32)).size + np.zeros(4 * 32).size,
    27: lambda: min(1, math.exp(1 - 15 / 12)),
    28: beam,
    29: lambda: softmax(np.array([6, 2]) / math.sqrt(16))[0],
    31: lambda: 2 + 0.5 * (1 + 0.9 * 4 - 2),
    33: lambda: np.repeat([1, 0], [320, 80]).std() / math.sqrt(400),
    35: lambda: np.polyval(np.polyfit([1975, 2025], [14.0, 15.0], 1), 2050),
    37: lambda: np.linalg.norm(np.array([3.06, 3.92]) - [3, 4]) / np.linalg.norm([3, 4]),
    39: lambda: 60_000 * np.float32().nbytes / 3 * 4 / 1000,
}


def mixed_dates():
    written = pd.Series(["05-03-2024", "31-03-2024", "04-04-2024", "12-11-2024"])
    right = pd.to_datetime(written, format="%d-%m-%Y")
    found = pd.to_datetime(written, format="mixed") == right
    expected = (right.dt.day > 12) | (right.dt.day == right.dt.month)
    return "c" if found.equals(expected) else None


def logarithmic_share():
    share = np.mean(np.linspace(0.0001, 0.1, 100_001) > 0.01)
    return "abcd"[np.abs(np.array([0.33, 0.67, 0.9, 0.99]) - share).argmin()]


def merge():
    counts = Counter()
    for word, times in {"rot_": 6, "brot_": 5, "note_": 4, "tor_": 3}.items():
        counts.update({pair: 0 for pair in zip(word, word[1:], strict=False)})
        for pair in zip(word, word[1:], strict=False):
            counts[pair] += times
    (best, most), (_, second) = counts.most_common(2)
    assert most > second
    return "abcd"[["ro", "ot", "t_", "br"].index("".join(best))]


def nucleus():
    chances = np.array([0.5, 0.25, 0.15, 0.07, 0.03])
    left = int(np.argmax(chances.cumsum() >= 0.8)) + 1
    return {(3, 0.56): "b"}[left, round(chances[0] / chances[:left].sum(), 2)]


def hard_start():
    """The form whose value and slope at 0 are 1 and 0 for two networks that disagree."""
    forms = (lambda t, n: 1 + n, lambda t, n: 1 + t * n, lambda t, n: 1 + t**2 * n, lambda t, n: (1 + t) * n)
    networks = (lambda t: 3 + math.sin(t), lambda t: math.exp(t) - 5)
    h, keeps = 1e-5, []
    for letter, form in zip("abcd", forms, strict=True):
        ends = [(form(0, n(0)), (form(h, n(h)) - form(-h, n(-h))) / (2 * h)) for n in networks]
        if np.allclose(ends, (1, 0), atol=1e-4):
            keeps.append(letter)
    return keeps[0] if len(keeps) == 1 else None


def nudged(kind, nudge):
    """The largest relative error of a right gradient of a small network, checked in numbers of this kind."""
    random = np.random.default_rng(1)
    inputs, targets = random.normal(size=(60, 4)).astype(kind), np.eye(3, dtype=kind)[random.integers(0, 3, 60)]
    first, second = (random.normal(scale=0.5, size=shape).astype(kind) for shape in ((4, 6), (6, 3)))

    def forward():
        hidden = np.tanh(inputs @ first)
        powers = np.exp(hidden @ second)
        return hidden, powers / powers.sum(axis=1, keepdims=True)

    def loss():
        return -np.mean(np.log((forward()[1] * targets).sum(axis=1)))

    hidden, chances = forward()
    slope = (chances - targets) / kind(60)
    gradients = (inputs.T @ (slope @ second.T * (1 - hidden**2)), hidden.T @ slope)
    errors = []
    for weights, gradient in zip((first, second), gradients, strict=True):
        found = np.zeros_like(weights)
        for place in np.ndindex(weights.shape):
            kept, results = weights[place], []
            for step in (nudge, -nudge):
                weights[place] = kept + kind(step)
                results.append(loss())
            weights[place], found[place] = kept, (results[0] - results[1]) / kind(2 * nudge)
        errors.append(np.linalg.norm(gradient - found) / (np.linalg.norm(gradient) + np.linalg.norm(found)))
    return min(errors), max(errors)


def rounding():
    """Right in 64 bits; wrong by per cents in 32; and a larger nudge helps there."""
    least, most = nudged(np.float32, 1e-5)
    assert nudged(np.float64, 1e-5)[1] < 1e-8 and 2e-5 < nudged(np.float32, 1e-2)[1] < 5e-4
    return "d" if 0.005 < least <= most < 0.3 else None


def chessboard():
    """How many stamps each pixel gets, away from the border, for kernels of 3 and of 2 at a stride of 2."""
    counts = {}
    for kernel in (3, 2):
        stamps = np.zeros((20, 20), int)
        for row, column in np.ndindex(8, 8):
            stamps[2 * row : 2 * row + kernel, 2 * column : 2 * column + kernel] += 1
        counts[kernel] = set(stamps[4:12, 4:12].ravel().tolist())
    return "d" if counts == {3: {1, 2, 4}, 2: {1}} else None


def clipped():
    gradient = np.array([0.3, 4.0])
    assert np.allclose(gradient / np.linalg.norm(gradient), (0.075, 0.997), atol=5e-4)
    return "c" if np.array_equal(np.clip(gradient, -1, 1), [0.3, 1.0]) else None


CHOSEN = {
    4: rounding,
    6: mixed_dates,
    8: logarithmic_share,
    10: lambda: {0.001: "a", 0.002: "b", 0.004: "c", 0.0005: "d"}[round(0.001 * math.sqrt(128 / 32), 6)],
    14: lambda: "b" if not (batch := np.array([[3.0, -7.0]])).any() or not (batch - batch.mean(axis=0)).any() else "a",
    16: lambda: {0: "a", 0.09: "b", 0.3: "c", 1.69: "d"}[round(max(0, 1 - 1.3) ** 2, 2)],
    18: chessboard,
    24: clipped,
    25: merge,
    30: nucleus,
    32: lambda: {5: "a", 3: "b", 2: "c", 1: "d"}[(5, 2)[int(np.argmax((1, 3)))]],
    34: lambda: {0.1: "a", 0.11: "b", 0.5: "c", 0.9: "d"}[round(5 / (5 + 45), 2)],
    38: hard_start,
}


def test_forty_questions_two_of_each_day():
    assert list(QUESTIONS) == list(range(1, 41))
    assert Counter(question.day for question in QUESTIONS.values()) == {f"{day:02}": 2 for day in range(1, 21)}


def test_every_calculation_is_computed_here():
    assert CALCULATED.keys() == {number for number, question in QUESTIONS.items() if not question.is_choice}
    assert not CHOSEN.keys() & CALCULATED.keys()


@pytest.mark.parametrize("number", CALCULATED)
def test_the_key_is_what_the_calculation_gives(number):
    value = float(CALCULATED[number]())
    key = QUESTIONS[number].key
    decimals = len(key.partition(".")[2])
    assert abs(value - float(key)) <= (0.5 * 10**-decimals + 1e-9 if decimals else 1e-6), (
        f"{value}, the fold says {key}"
    )
    assert QUESTIONS[number].accepts(value) and QUESTIONS[number].accepts(float(key))
    assert not QUESTIONS[number].accepts(value + 10**-decimals) and not QUESTIONS[number].accepts(-value)


@pytest.mark.parametrize("number", CALCULATED)
def test_a_slip_that_the_fold_names_is_not_accepted(number):
    for slip in re.findall(r"[Ww]hoever has ([\d.]*\d)", QUESTIONS[number].explanation):
        assert not QUESTIONS[number].accepts(float(slip)), slip


SLIPS = {
    3: (1 + 0.1 * 8, 1 - 0.1 * 4, 1 + 0.1 * 2),
    7: (2000 // 32 * 15, math.ceil(2000 * 15 / 32)),
    11: (14 * 14 * 16, 12 * 12),
    13: (1 - 0.1,),
    15: (0.7 - 0.4,),
    17: ((1 + 2 / 3 + 3 / 4) / 3,),
    19: (0.5 + 3 * 0.3,),
    21: (abs(2 - 1 + 3 - 2) / 4 / 2.5,),
    23: (8 * 32 + 32 * 32 + 32, 4 * (8 * 32 + 32 * 32)),
    27: (math.exp(12 / 15 - 1),),
    29: (softmax(np.array([6, 2]))[0], softmax(np.array([6, 2]) / 16)[0]),
    31: (1 + 0.9 * 4, 2 + 0.5 * (1 - 2)),
    39: (240, 240 * 3 / 4),
}


def test_every_slip_gives_the_number_in_the_fold():
    named = {n: re.findall(r"[Ww]hoever has ([\d.]*\d)", question.explanation) for n, question in QUESTIONS.items()}
    assert {number for number, slips in named.items() if slips} == SLIPS.keys()
    for number, slips in SLIPS.items():
        decimals = [len(slip.partition(".")[2]) for slip in named[number]]
        assert [float(slip) for slip in named[number]] == [round(s, d) for s, d in zip(slips, decimals, strict=True)]


@pytest.mark.parametrize("number", CHOSEN)
def test_the_letter_is_what_the_calculation_gives(number):
    assert CHOSEN[number]() == QUESTIONS[number].key


@each
def test_a_question_says_what_it_wants(question):
    choices = re.findall(r"^- \*\*\(([a-d])\)\*\* \S", question.text, re.MULTILINE)
    assert choices == (list("abcd") if question.is_choice else [])
    assert question.text.startswith("· to choose" if question.is_choice else "· to calculate")
    decimals = len(question.key.partition(".")[2])
    wanted = {0: None, 1: "(one decimal", 2: "(two decimals"}[decimals if not question.is_choice else 0]
    assert wanted is None or wanted in question.text


@each
def test_the_answer_stands_in_the_fold_alone(question):
    if not question.is_choice:
        assert not re.search(rf"(?<![\d.]){re.escape(question.key)}(?![\d.])", question.text.replace(",", ""))
    assert len(question.explanation.split()) >= 20


def test_no_letter_is_right_much_more_often_than_another():
    letters = Counter(question.key for question in QUESTIONS.values() if question.is_choice)
    assert set(letters) == set("abcd") and max(letters.values()) - min(letters.values()) <= 2


def test_the_right_choice_is_not_the_long_one():
    """With four choices a guesser who takes the longest should be right in a quarter of the questions."""
    longest = []
    for question in QUESTIONS.values():
        choices = dict(re.findall(r"^- \*\*\(([a-d])\)\*\* (.+)", question.text, re.MULTILINE))
        if question.is_choice and max(map(len, choices.values())) > min(map(len, choices.values())) + 5:
            longest.append(max(choices, key=lambda letter: len(choices[letter])) == question.key)
    assert len(longest) >= 8 and sum(longest) <= len(longest) / 3


@each
def test_the_link_leads_to_a_section_of_its_lesson(question):
    day, title = re.search(r"\[Day \d\d\]\((day\w+)\.ipynb\), “([^”]+)”\.", question.explanation).groups()
    assert day.startswith(f"day{question.day}_")
    lesson = Script(ROOT / "course" / day / "lesson.py")
    headings = re.findall(
        r"^##+ (?:[\d.]+ (?:· )?)?(.+)$", "\n".join(c.source for _, c, _ in lesson.cells()), re.MULTILINE
    )
    assert title in headings


def test_the_notebook_s_code_holds_no_answers(tmp_path):
    (path,) = build(target=tmp_path, days=("final_exam",))
    text = path.read_text(encoding="utf-8")
    given = re.findall(r"q(\d+)=(\S+?)[,)]", text.replace("q1=1024", "").replace('q2=\\"d\\"', ""))
    assert sorted(int(number) for number, _ in given) == list(QUESTIONS)
    assert {value for _, value in given} == {"..."}


def test_answers_are_folded_away(tmp_path):
    """In JupyterLab, on Colab, and on a static page a fold without `open` is closed, if its Markdown is sound."""
    (path,) = build(target=tmp_path, days=("final_exam",))
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "markdown"]
    folds = []
    for cell in cells:
        source = "".join(cell["source"])
        folds += re.findall(
            r"^<details><summary>Answer to question \d+</summary>\n\n.+?\n\n</details>$", source, re.M | re.S
        )
        assert source.count("<details>") == source.count("</details>") and not re.search(r"<details[^>]", source)
        left = re.sub(r"<details>.*?</details>", "", source, flags=re.DOTALL)
        assert "Read again" not in left and "hoever has" not in left
    assert len(folds) == len(QUESTIONS)


def test_a_closed_fold_hides_its_answer_on_a_rendered_page(tmp_path):
    """What a reader sees after conversion to HTML, with everything inside <details> but its summary taken away."""
    (path,) = build(target=tmp_path, days=("final_exam",))
    page, _ = nbconvert.HTMLExporter().from_filename(str(path))

    class Visible(html.parser.HTMLParser):
        depth, text = 0, ""

        def handle_starttag(self, tag, attributes):
            self.depth += (tag == "details") - (tag == "summary")
            assert tag != "details" or not attributes

        def handle_endtag(self, tag):
            self.depth += (tag == "summary") - (tag == "details")

        def handle_data(self, text):
            self.text += text if self.depth == 0 else ""

    seen = Visible()
    seen.feed(page)
    assert seen.depth == 0 and seen.text.count("Answer to question") == len(QUESTIONS)
    assert "Read again" not in seen.text
    for question in QUESTIONS.values():
        sentence = re.search(r"\*\*\. ([^$*`“]{12,}?)[.,:;]", question.explanation)
        assert sentence is None or sentence[1] not in seen.text


# The paper


def answered(paper, change=lambda key: key):
    for number, question in QUESTIONS.items():
        key = change(question.key)
        paper.answer(**{f"q{number}": key if question.is_choice else float(key)})


def test_all_right(capsys):
    paper = exam.Paper()
    answered(paper)
    assert "right" not in capsys.readouterr().out  # noting says nothing
    paper.mark()
    out = capsys.readouterr().out
    assert "40 of 40 right" in out and "Nothing to read again. Congrat" in out and "1 ✗" not in out


def test_all_wrong(capsys):
    paper = exam.Paper()
    answered(paper, lambda key: {"a": "b", "b": "c", "c": "d", "d": "a"}.get(key) or str(float(key) * 2))
    paper.mark()
    out = capsys.readouterr().out
    assert "0 of 40 right" in out and "1 ✓" not in out and "01, 02, 03" in out


def test_an_untouched_paper_says_so(capsys):
    paper = exam.Paper()
    paper.answer(q1=..., q2=...)
    paper.mark()
    out = capsys.readouterr().out
    assert "noted: nothing new" in out and "Nothing is answered yet" in out


def test_half_a_paper_counts_the_missing_ones(capsys):
    paper = exam.Paper()
    paper.answer(q1=65536, q2="(B)", q3="1.4", q5=12)
    paper.mark()
    out = capsys.readouterr().out
    assert "✓ 3 of 40 right   ✗ 1 wrong   · 36 not answered: 4, 6 to 40" in out
    assert re.search(r"Day 01 +1 ✓ +2 ✓", out) and re.search(r"Day 03 +5 ✗ +6 ·", out)
    assert "Days to read again: 03\n" in out


def test_what_is_missing_is_not_to_be_read_again(capsys):
    paper = exam.Paper()
    paper.answer(q1=65536)
    paper.mark()
    out = capsys.readouterr().out
    assert "Nothing to read again so far." in out and "Congratulations" not in out


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"q3": "1,x"}, 'q3 wants a number without a unit, such as 0.25: "1,x" is no number'),
        ({"q3": "b"}, "q3 wants a number"),
        ({"q3": ""}, "q3 wants a number"),
        ({"q3": "1.4 kg"}, "q3 wants a number without a unit"),
        ({"q3": "1/0"}, '"1/0" is no number'),
        ({"q3": float("nan")}, '"nan" is no number'),
        ({"q3": "inf"}, '"inf" is no number'),
        ({"q3": True}, '"True" is no number'),
        ({"q3": (1, 4)}, "(1, 4)"),
        ({"q3": np.array([1.4, 1.5])}, "is no number"),
        ({"q1": "65,536"}, '"65,536" could be misread: write 65536 or 65.536'),
        ({"q5": "1.000.000"}, '"1.000.000" could be misread: write 1000000'),
        ({"q5": "1,000,000"}, "write 1000000"),
        ({"q2": "e"}, "q2 wants one letter in quotes"),
        ({"q2": "ab"}, "q2 wants one letter"),
        ({"q2": ""}, "q2 wants one letter"),
        ({"q2": 0.5}, "q2 wants one letter"),
        ({"q41": 1}, "q41 is no question: write q1 to q40"),
        ({"q0": 1}, "q0 is no question"),
        ({"question": 1}, "question is no question"),
    ],
)
def test_what_cannot_be_read_is_said_and_not_marked(capsys, answers, message):
    paper = exam.Paper()
    paper.answer(**answers)
    out = capsys.readouterr().out
    assert message in out and "noted: nothing new" in out
    assert paper.answers == {}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("0,5", 0.5),
        (",5", 0.5),
        ("-0,125", -0.125),
        ("−3,3", -3.3),
        ("2 %", 0.02),
        ("2,5%", 0.025),
        ("1/3", 1 / 3),
        (" 3 / 4 ", 0.75),
        ("≈ 0.78", 0.78),
        ("1e6", 1_000_000),
        ("1_000", 1000),
        (1 / 3, 1 / 3),
        (Fraction(1, 4), 0.25),
        (np.float32(0.25), 0.25),
        (np.array(0.25), 0.25),
    ],
)
def test_numbers_are_read_as_people_write_them(given, read):
    assert exam.read_number(given) == pytest.approx(read, rel=1e-12)


def test_a_cell_repeats_what_it_read(capsys):
    paper = exam.Paper()
    paper.answer(q1=2**16, Q2=" (B) ", q3="1,4", q29=1 / 3)
    assert "noted: q1 = 65536, q2 = b, q3 = 1.4, q29 = 0.3333333333\n" in capsys.readouterr().out


def test_a_point_for_thousands_is_asked_about(capsys):
    paper = exam.Paper()
    paper.answer(q1=65.536)
    assert "noted: q1 = 65.536\n• q1: the point is a decimal point" in capsys.readouterr().out
    paper.answer(q3=1.412, q1=65.5)  # one question with decimals, one number that is no thousands
    assert "thousands" not in capsys.readouterr().out


def test_an_answer_without_its_question_is_asked_for(capsys):
    paper = exam.Paper()
    paper.answer(65536, "b", q3=1.4)
    out = capsys.readouterr().out
    assert "each answer needs its question in front" in out and paper.answers == {3: 1.4}


def test_an_answer_can_be_changed_and_taken_back(capsys):
    paper = exam.Paper()
    paper.answer(q2="a")
    assert paper.right == []
    paper.answer(q2="b")
    assert paper.right == [2] and "noted: q2 = b (before: a)" in capsys.readouterr().out
    paper.answer(q2=None)
    assert paper.answers == {} and "q2 is taken back, it was b" in capsys.readouterr().out


@pytest.mark.parametrize(("given", "message"), [(..., "q2 is still b; None takes it back"), ("x", "; b stays")])
def test_nothing_is_lost_by_dots_or_a_slip(capsys, given, message):
    """Somebody who noted all answers in one cell and then runs all cells meets every cell with dots."""
    paper = exam.Paper()
    paper.answer(q2="b")
    paper.answer(q2=given)
    assert paper.answers == {2: "b"} and message in capsys.readouterr().out


def test_a_question_shows_no_answer():
    assert "65536" not in repr(QUESTIONS[1])


def test_a_missing_source_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="keep the course's folders together"):
        exam.Paper(tmp_path / "page.py")


def test_a_question_without_answer_is_refused(tmp_path):
    path = tmp_path / "page.py"
    path.write_text("# **Question 1** · to choose\n#\n# What?\n", encoding="utf-8")
    with pytest.raises(ValueError, match="question 1 needs a fold"):
        list(exam.questions(path))
