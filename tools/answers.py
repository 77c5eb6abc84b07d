"""Try every planted wrong answer: `python -m tools.answers [day ...]` prints each with the message it gets.

wrong_answers.py of a day runs in the names of its solved sheet, after this module's `wrong` is added to them:

    @wrong("count_parameters", "forgets the biases", says="bias")
    def count_parameters(layer_sizes): ...
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import io
import os
import pathlib
import re
import sys
import tempfile
import types

from tools import ROOT
from tools.build import Script, check_name
from utils.check import NotYet


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What the check said to one wrong answer: `message` is None if it was accepted."""

    exercise: str
    mistake: str
    says: str
    message: str | None

    @property
    def is_helpful(self) -> bool:
        """Whether it was rejected with a message that names the mistake (matches `says`, a regular expression)."""
        return self.message is not None and re.search(self.says, self.message, re.IGNORECASE) is not None


def judge(day: pathlib.Path) -> list[Verdict]:
    """Run a day's solved sheet, checks included, then each wrong answer against its check.

    Args:
        day: the day's folder in course/.

    Returns:
        One verdict per wrong answer.

    Raises:
        KeyError: if a wrong answer names an exercise or a function that the sheet does not have.
        NotYet: if a check rejects the reference answer itself.
    """
    script = Script(day / "exercises.py")
    sheet = types.ModuleType("__main__")
    names, checks = sheet.__dict__, {}
    os.environ.setdefault("MPLBACKEND", "agg")
    with _own_progress(), contextlib.redirect_stdout(io.StringIO()):
        for _, cell, line in script.cells():
            if cell.cell_type != "code":
                continue
            code = compile("\n" * line + cell.source, str(script.path), "exec")
            exec(code, names)
            if name := check_name(cell.source):
                checks[name] = code

        right = dict(names)
        wrongs, _ = _collect(names, day)  # each wrong answer meets the right answers, not the other wrong ones
        return [_try(names, right, checks, *each) for each in wrongs]


def plant(names: dict, day: pathlib.Path, exercise: str, number: int) -> None:
    """Put one wrong answer into the names of a sheet that runs, in place of what is right there.

    Args:
        names: the sheet's names so far: globals() of a cell that follows the exercise's own answer.
        day: the day's folder in course/.
        exercise: the exercise that must then be rejected.
        number: which of its wrong answers, in the order of `judge`.

    Raises:
        LookupError: if there is no such answer, or if it needs what the sheet defines only later.
    """
    wrongs, missing = _collect(names, day, forgiving=True)
    found = [answer for named, _, _, answer in wrongs if named == exercise]
    if number >= len(found):
        raise LookupError(f"{exercise} has {len(found)} wrong answers here; number {number} was asked for ({missing})")
    names[found[number].__name__] = found[number]


def _collect(names, day, forgiving=False):
    """Run wrong_answers.py in the names of a sheet, which keep what they had; helpers of the answers are added.

    Returns:
        The wrong answers as (exercise, mistake, says, answer), and the last NameError, or None. It is raised unless
        `forgiving`: in a sheet that still runs, answers of later exercises may stand on what is defined there.
    """
    source, right, found, missing = day / "wrong_answers.py", dict(names), [], None
    names["wrong"] = lambda *what, says: lambda answer: found.append((*what, says, answer)) or answer
    for statement in ast.parse(source.read_text(encoding="utf-8")).body:
        try:
            exec(compile(ast.Module([statement], []), str(source), "exec"), names)
        except NameError as error:
            if not forgiving:
                raise
            missing = error
    for added in {"wrong", *(answer.__name__ for *_, answer in found)} - right.keys():
        names.pop(added, None)
    names.update(right)
    return found, missing


def _try(names, right, checks, exercise, mistake, says, answer):
    replaced = right[answer.__name__]
    names[answer.__name__] = answer
    try:
        exec(checks[exercise], names)
        message = None
    except NotYet as rejection:
        message = re.sub(r"\033\[[0-9;]*m", "", str(rejection))
    finally:
        names[answer.__name__] = replaced
    return Verdict(exercise, mistake, says, message)


@contextlib.contextmanager
def _own_progress():
    """Keep these runs out of the learner's progress."""
    kept = os.environ.get("COURSE_PROGRESS")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COURSE_PROGRESS"] = str(pathlib.Path(folder) / "progress.jsonl")
        try:
            yield
        finally:
            os.environ.pop("COURSE_PROGRESS")
            if kept is not None:
                os.environ["COURSE_PROGRESS"] = kept


if __name__ == "__main__":
    for folder in sorted((ROOT / "course").glob("day*")):
        if (folder / "wrong_answers.py").exists() and (not sys.argv[1:] or folder.name in sys.argv[1:]):
            for verdict in judge(folder):
                sign = "rejected" if verdict.is_helpful else "NOT REJECTED WELL"
                print(f"{folder.name} · {verdict.mistake} · {sign}\n    {verdict.message}")
