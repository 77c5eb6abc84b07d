"""The final exam's paper: it notes answers without a word on them, and marks all at once.

The right answers stand in one place only, the folds of course/final_exam/page.py, from which the notebook
is built; they are read from there, so that no cell of the notebook shows them.
"""

from __future__ import annotations

import math
import pathlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "course" / "final_exam" / "page.py"
LETTERS = "abcd"


def read_number(given) -> float:
    """Return a number as people write it: 0.25, "0,25", "25 %", "1/4", "−3", or one of NumPy's.

    Raises:
        ValueError: if it is none, or could be two, with the end of a sentence for the learner.
    """
    text = str(given).strip()
    unread = ValueError(f'"{text[:40]}" is no number that can be read')
    if isinstance(given, bool):
        raise unread
    if isinstance(given, str):
        text = text.replace("−", "-").lstrip("=≈~ ")
        scale = 0.01 if text.endswith("%") else 1
        text = text.removesuffix("%").strip()
        if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+|[+-]?\d+(\.\d{3}){2,}", text):
            whole, point = re.sub("[.,]", "", text), re.sub(",", ".", text)
            other = f" or {point}" if point.count(".") == 1 else ""
            raise ValueError(f'"{text}" could be misread: write {whole}{other}')
        if part := re.fullmatch(r"([+-]?\d+)\s*/\s*(0*[1-9]\d*)", text):
            return int(part[1]) / int(part[2])
        if re.fullmatch(r"[+-]?\d*,\d+", text):
            text = text.replace(",", ".")
        given = text
    else:
        scale = 1
    try:
        number = float(given)
    except (TypeError, ValueError, OverflowError):
        raise unread from None
    if not math.isfinite(number):
        raise unread
    return number * scale


def spans(numbers: Iterable[int]) -> str:
    """Return rising numbers in few words: 4, 6 to 9, 12."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


@dataclass(frozen=True)
class Question:
    """One question of the paper.

    Attributes:
        number: from 1.
        text: what is asked, with the choices.
        key: a letter, or a number as it is printed in the fold.
        explanation: all that the fold holds.
        day: the day it belongs to, such as "01".
    """

    number: int
    text: str
    key: str = field(repr=False)
    explanation: str = field(repr=False)
    day: str

    @property
    def is_choice(self) -> bool:
        """Whether one of four letters is wanted, and not a number."""
        return self.key in LETTERS

    def accepts(self, answer: str | float) -> bool:
        """Return whether an answer from `read` is right; a number may be rounded like the key, or not at all."""
        if self.is_choice:
            return answer == self.key
        decimals = len(self.key.partition(".")[2])
        return abs(answer - float(self.key)) <= (0.501 * 10**-decimals if decimals else 1e-9)

    def read(self, answer) -> str | float:
        """Return the answer as a small letter or a number.

        Raises:
            ValueError: if it is neither, with a sentence for the learner.
        """
        if self.is_choice:
            letter = str(answer).strip().lower().strip("() .")
            if len(letter) != 1 or letter not in LETTERS:
                raise ValueError(f'q{self.number} wants one letter in quotes: "a", "b", "c" or "d"')
            return letter
        try:
            return read_number(answer)
        except ValueError as error:
            raise ValueError(f"q{self.number} wants a number without a unit, such as 0.25: {error}") from None


def questions(path: pathlib.Path = SOURCE) -> Iterator[Question]:
    """Read the questions from the exam's source.

    Raises:
        ValueError: if a question has no fold, answer or day of its own.
        FileNotFoundError: if the source does not lie where the course has it.
    """
    if not path.exists():
        raise FileNotFoundError(
            f"the answers are marked by {path}, which is missing: keep the course's folders together"
        )
    text = re.sub(r"^# ?", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    parts = re.split(r"^\*\*Question (\d+)\*\*", text, flags=re.MULTILINE)
    for number, part in zip(map(int, parts[1::2]), parts[2::2], strict=True):
        pattern = rf"<details><summary>Answer to question {number}</summary>\n(.*?)</details>"
        fold = re.search(pattern, part, flags=re.DOTALL)
        key = fold and re.match(r"\s*\*\*(?:\(([a-d])\)|(-?[\d.]*\d))\*\*", fold[1])
        day = fold and re.search(r"\[Day (\d\d)\]\(", fold[1])
        if not (key and day):
            raise ValueError(f"question {number} needs a fold with its answer in bold and a link to its day")
        yield Question(number, part[: fold.start()].strip(), key[1] or key[2], fold[1].strip(), day[1])


class Paper:
    """One learner's paper."""

    def __init__(self, path: pathlib.Path = SOURCE):
        """
        Args:
            path: the exam's source; there is no need to give it.
        """
        self.questions = {question.number: question for question in questions(path)}
        self.answers: dict[int, str | float] = {}
        print(f"{len(self.questions)} questions. Good luck!")

    def answer(self, *unnamed, **answers) -> None:
        """Note answers, `q1=0.25, q2="b"`, and print what was read, not whether it is right.

        Dots leave a question as it is, `None` takes its answer back. What cannot be read changes nothing.
        """
        noted, told = [], []
        if unnamed:
            told.append('each answer needs its question in front, and a number a point: q1=0.25, q2="b"')
        for name, given in answers.items():
            number = int(name[1:]) if re.fullmatch(r"[qQ][0-9]{1,4}", name) else 0
            before = self.answers.get(number)
            if number not in self.questions:
                told.append(f"{name} is no question: write q1 to q{len(self.questions)}")
            elif given is ...:
                if before is not None:
                    told.append(f"q{number} is still {_shown(before)}; None takes it back")
            elif given is None:
                if self.answers.pop(number, None) is not None:
                    told.append(f"q{number} is taken back, it was {_shown(before)}")
            else:
                try:
                    self.answers[number] = new = self.questions[number].read(given)
                except ValueError as error:
                    told.append(str(error) + (f"; {_shown(before)} stays" if before is not None else ""))
                    continue
                noted.append(f"q{number} = {_shown(new)}")
                if before is not None and before != new:
                    noted[-1] += f" (before: {_shown(before)})"
                if _looks_like_thousands(self.questions[number], new):
                    told.append(f"q{number}: the point is a decimal point; if you mean thousands, leave it out")
        print("noted: " + (", ".join(noted) or "nothing new") + "".join(f"\n• {line}" for line in told))

    @property
    def right(self) -> list[int]:
        """The numbers of the questions answered rightly."""
        return [number for number, given in self.answers.items() if self.questions[number].accepts(given)]

    def mark(self) -> None:
        """Print which answers are right, by day, what is missing, and the days to read again."""
        if not self.answers:
            print("Nothing is answered yet: put your answers in the place of the dots and run their cells.")
            return
        right, days, again = set(self.right), {}, {}
        for number, question in self.questions.items():
            sign = "✓" if number in right else "✗" if number in self.answers else "·"
            days.setdefault(question.day, []).append(f"{number:>2} {sign}")
            if sign == "✗":
                again[question.day] = None
        for day, signs in days.items():
            print(f"Day {day}   " + "   ".join(signs))
        missing = [number for number in self.questions if number not in self.answers]
        counts = f"\n✓ {len(right)} of {len(self.questions)} right   ✗ {len(self.answers) - len(right)} wrong"
        print(counts + (f"   · {len(missing)} not answered: {spans(missing)}" if missing else ""))
        if again:
            print(f"Days to read again: {', '.join(again)}")
        else:
            print("Nothing to read again" + (" so far." if missing else ". Congratulations!"))


def _shown(answer: str | float) -> str:
    """An answer as it was read: b, 65536, 0.3333333333."""
    return answer if isinstance(answer, str) else f"{answer:.10g}"


def _looks_like_thousands(question: Question, answer: str | float) -> bool:
    """Whether a number such as 1.024 answers a question that wants a whole number."""
    is_whole = not question.is_choice and "." not in question.key
    return is_whole and bool(re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", _shown(answer)))
