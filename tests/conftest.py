"""Tests import the packages of the checkout they lie in; several build a course of one tiny day."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

LESSON = """\
# %% [markdown]
# # Day 07 · Tiny
#
# <!-- badges -->

# %% tags=["setup"]
from utils import plots
from utils.expect import expect

# %%
figure = None
plots.show(figure, alt="A line that rises from left to right.")

# %%
expect("tiny: a number", 3, low=1, high=5)

# %% [markdown]
# ## Quiz
#
# ![a line that rises](line.png) and the way to the [exercises](../exercises/day07_tiny.ipynb)
"""

SHEET = '''\
# %% [markdown]
# # Day 07 · Exercises: double, halve
#
# <!-- badges -->

# %% tags=["setup"]
from utils.check import Exercises

check = Exercises("day07_tiny")

# %% [markdown]
# ## Exercise 1 · Double
#
# Difficulty ●○○○○ · Importance ●●●●● · 5 minutes
#
# <details><summary>Hint 1</summary>Twice.</details>
# <details><summary>Hint 2</summary>Times two.</details>


# %%
def double(number):
    """Return twice the number."""
    ### BEGIN SOLUTION
    return 2 * number
    ### END SOLUTION


# %%
with check("double", points=2):
    check.equal(double(3), 6, "Did you add two instead of multiplying by it?")

# %% [markdown] tags=["solution"]
# Discussion: adding the number to itself does it, too.

# %% [markdown]
# ## Exercise 2 · Halve
#
# Difficulty ●○○○○ · Importance ●●●●● · 5 minutes
#
# <details><summary>Hint 1</summary>Half.</details>
# <details><summary>Hint 2</summary>Divide by two.</details>


# %%
def halve(number):
    """Return half the number."""
    ### BEGIN SOLUTION
    return number / 2
    ### END SOLUTION


# %%
with check("halve"):
    check.close(halve(3), 1.5, "Did you round? Half of three is no whole number.")
'''


@pytest.fixture
def tiny_course(tmp_path):
    """A course of one valid day, day07_tiny, that takes no time to run."""
    root = tmp_path / "tiny"
    day = root / "course" / "day07_tiny"
    day.mkdir(parents=True)
    (day / "lesson.py").write_text(LESSON, encoding="utf-8")
    (day / "exercises.py").write_text(SHEET, encoding="utf-8")
    project = '[project]\nname = "tiny"\n[project.urls]\nRepository = "https://github.com/someone/tiny"\n'
    (root / "pyproject.toml").write_text(project, encoding="utf-8")
    return root
