"""tools/build.py: what the build refuses, with file and line, and what it makes of a valid day."""

import re
import shutil

import nbformat
import nbgrader.nbgraderformat
import pytest
from nbgrader.preprocessors import CheckCellMetadata

from tools.build import SourceError, build, repository

BEGIN, END = "    ### BEGIN SOLUTION\n", "    ### END SOLUTION\n"
DOUBLE_CHECK = 'with check("double", points=2):'
SETUP = '# %% tags=["setup"]'
BADGES = "# <!-- badges -->\n"
DOUBLE_DEFINITION = 'def double(number):\n    """Return twice the number."""\n'


def edit(root, file, old, new):
    """Replace the first occurrence of a text in a script of the tiny day."""
    path = root / "course" / "day07_tiny" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def cells(root, folder):
    return nbformat.read(root / folder / "day07_tiny.ipynb", as_version=4).cells


def built_files(root):
    return sorted(path.relative_to(root).as_posix() for path in root.glob("*/*.ipynb"))


# What is refused


def refused(root, file, at, message):
    """The build must stop at the line `at`, or at one of several such lines, `(line, which)`, and write nothing."""
    path = root / "course" / "day07_tiny" / file
    text, which = at if isinstance(at, tuple) else (at, 0)
    line = [n for n, each in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if each == text][which]
    with pytest.raises(SourceError) as caught:
        build(root)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert message in str(caught.value)
    assert built_files(root) == []


BOTH = {
    "no cell at the start": (
        "# %% [markdown]\n",
        "import os\n# %% [markdown]\n",
        "import os",
        "begin with a cell marker",
    ),
    "no title": ("# # Day 07 · ", "# # Seventh day · ", "# %% [markdown]", "no title"),
    "title in a code cell": ("# %% [markdown]\n", "# %%\n", "# %%", "no title"),
    "no badges": (BADGES, "", "# %% [markdown]", "no badges"),
    "set-up untagged": (SETUP, "# %% ", "# %% ", 'must be tagged `tags=["setup"]`'),
    "set-up not first": (SETUP, f"# %%\n1 + 1\n\n{SETUP}", "# %%", "the first code cell, and it alone"),
    "two set-ups": ("# %%\n", f"{SETUP}\n", SETUP, "the first code cell, and it alone"),
    "invalid Python": ("from utils", "1 + 1\nfrom utils import\nfrom utils", "from utils import", "not valid Python"),
    "plt.show": (
        "from utils",
        "plt.plot([1])\nplt.show()\nfrom utils",
        "plt.show()",
        "use `plots.show(figure, alt=…)`",
    ),
    "markdown image": (BADGES, f"{BADGES}#\n# ![](a.png)\n", "# ![](a.png)", "an image without alt text"),
    "HTML image": (BADGES, f'{BADGES}# <img alt="">\n', '# <img alt="">', "an image without alt text"),
    "image in another place": ("# ## ", "# ![ ](a.png)\n#\n# ## ", "# ![ ](a.png)", "an image without alt text"),
}


@pytest.mark.parametrize("file", ["lesson.py", "exercises.py"])
@pytest.mark.parametrize(("old", "new", "at", "message"), BOTH.values(), ids=BOTH)
def test_both_scripts_are_held_to(tiny_course, file, old, new, at, message):
    edit(tiny_course, file, old, new)
    refused(tiny_course, file, at, message)


@pytest.mark.parametrize("file", ["lesson.py", "exercises.py"])
def test_a_missing_script_is_refused(tiny_course, file):
    (tiny_course / "course" / "day07_tiny" / file).unlink()
    refused_path = re.escape(str(tiny_course / "course" / "day07_tiny" / file))
    with pytest.raises(SourceError, match=f"^{refused_path}:1: the file is missing"):
        build(tiny_course)
    assert built_files(tiny_course) == []


@pytest.mark.parametrize(
    ("call", "function"),
    [
        ("plots.show(figure)", "show"),
        ("plots.image_grid(images, titles, 8)", "image_grid"),
        ("plots.decision_boundary(predict, points, labels, names)", "decision_boundary"),
        ("plots.animate(figure, draw, 3)", "animate"),
    ],
)
def test_a_figure_without_alt_text_is_refused(tiny_course, call, function):
    edit(tiny_course, "lesson.py", 'plots.show(figure, alt="A line that rises from left to right.")', call)
    refused(tiny_course, "lesson.py", call, f"`plots.{function}(…)` needs `alt=…`")


@pytest.mark.parametrize(
    "call",
    [
        'plots.show(figure, "A line.")',
        'plots.image_grid(images, titles, 8, "Shoes.")',
        'plots.decision_boundary(predict, points, labels, names, "Two halves.")',
        "plots.decision_boundary(predict, points, labels, names, axes=axes)",
        "plots.learning_curves(history)",
        "plots.confusion_matrix(true, predicted, names)",
    ],
)
def test_a_figure_with_alt_text_passes(tiny_course, call):
    edit(tiny_course, "lesson.py", 'plots.show(figure, alt="A line that rises from left to right.")', call)
    assert len(build(tiny_course)) == 3


LAST = ("# %% [markdown]", -1)
LESSON = {
    "no expect": ('expect("tiny', 'print("tiny', LAST, "no result is held against a band"),
    "no quiz": ("# ## Quiz", "# ## Riddle", LAST, "there is no `## Quiz`"),
    "no way on": ("/day07_tiny.ipynb", "/day06.ipynb", LAST, "the way to the exercises is missing"),
}


@pytest.mark.parametrize(("old", "new", "at", "message"), LESSON.values(), ids=LESSON)
def test_a_lesson_is_held_to(tiny_course, old, new, at, message):
    edit(tiny_course, "lesson.py", old, new)
    refused(tiny_course, "lesson.py", at, message)


def test_a_lesson_holds_no_solutions(tiny_course):
    edit(tiny_course, "lesson.py", "figure = None", f"def f():\n{BEGIN}    pass\n{END}")
    refused(tiny_course, "lesson.py", BEGIN.rstrip(), "solutions belong into exercises.py")


EXERCISES = {
    "no end": (END, "    # the end is missing\n", "    # the end is missing", "`### END SOLUTION` is missing"),
    "no beginning": (BEGIN, "", END.rstrip(), "unbalanced solution markers"),
    "two beginnings": (BEGIN, BEGIN + BEGIN.replace("    ", "      "), "      ### BEGIN SOLUTION", "unbalanced"),
    "misspelt marker": (BEGIN, "    # BEGIN SOLUTION\n", "    # BEGIN SOLUTION", "not a solution marker"),
    "marker beside code": (END, f"    x = 0{END}", f"    x = 0{END.rstrip()}", "not a solution marker"),
    "stub loses a name": (
        f"{END}\n\n# %%\nwith",
        f"\n\ndef helper():\n    return 1\n{END}\n\n# %%\nwith",
        "def helper():",
        "“helper” stands between the markers",
    ),
    "stub loses an import": (BEGIN, f"{BEGIN}    pass\nimport os\n\ndef more():\n", "import os", "“os” stands between"),
    "no docstring": ('    """Return twice the number."""\n', "", "def double(number):", "“double” has no docstring"),
    "solution outside": (
        f"{DOUBLE_DEFINITION}{BEGIN}    return 2 * number\n{END}",
        "### BEGIN SOLUTION\nprint(2)\n### END SOLUTION\n",
        "# %%",
        "must stand inside a function",
    ),
    "broken stub": (
        f"{BEGIN}    return 2 * number\n",
        f"    if number:\n{BEGIN}        return 2 * number\n",
        DOUBLE_DEFINITION.splitlines()[0],
        "without its solution this cell is not valid Python",
    ),
    "stub loses a method": (
        f"{BEGIN}    return 2 * number\n{END}",
        f'    return 2\n\n\nclass A:\n    """A."""\n\n    def f(self):\n    {BEGIN}'
        f"        return 1\n\n    def g(self):\n        return 2\n    {END}",
        "    def g(self):",
        "“A.g” stands between the markers",
    ),
    "markers in a check": (DOUBLE_CHECK, f"{DOUBLE_CHECK}\n{BEGIN}{END}", ("# %%", 1), "holds solution markers"),
    "hints of the introduction": (
        "Twice.</details>\n# <details><summary>Hint 2</summary>Times two.</details>\n",
        "Twice.</details>\n",
        "# %%",
        "two fold-out hints",
    ),
    "no check": (DOUBLE_CHECK, "if True:", "# %%", "this exercise has no check"),
    "no last check": ('with check("halve"):', "if True:", ("# %%", 2), "an exercise without a check"),
    "no exercise": (f"{BEGIN}    return 2 * number\n{END}", "    return 2\n", ("# %%", 1), "“double” has no exercise"),
    "one name twice": ('check("halve")', 'check("double")', ("# %%", 3), "“double” is used by two checks"),
    "no effort": ("# Difficulty ●○○○○ · Importance ●●●●● · 5 minutes\n", "", "# %%", "lacks its line “Difficulty"),
    "no time": (" · 5 minutes", "", "# %%", "lacks its line “Difficulty"),
    "one hint": ("# <details><summary>Hint 2</summary>Times two.</details>\n", "", "# %%", "two fold-out hints"),
    "one hint later": ("# <details><summary>Hint 2</summary>Divide", "# Divide", ("# %%", 2), "two fold-out hints"),
}


@pytest.mark.parametrize(("old", "new", "at", "message"), EXERCISES.values(), ids=EXERCISES)
def test_a_sheet_is_held_to(tiny_course, old, new, at, message):
    edit(tiny_course, "exercises.py", BADGES, f"{BADGES}#\n# <details>German</details> <details>terms</details>\n")
    edit(tiny_course, "exercises.py", old, new)
    refused(tiny_course, "exercises.py", at, message)


def test_a_sheet_without_exercises_is_refused(tiny_course):
    path = tiny_course / "course" / "day07_tiny" / "exercises.py"
    path.write_text(path.read_text(encoding="utf-8").split("# %% [markdown]\n# ## ")[0], encoding="utf-8")
    refused(tiny_course, "exercises.py", "# %% [markdown]", "an exercise without a check")


def test_nothing_changes_when_a_later_day_breaks_a_rule(tiny_course):
    build(tiny_course)
    before = {name: (tiny_course / name).read_bytes() for name in built_files(tiny_course)}
    edit(tiny_course, "lesson.py", "rises from", "falls from")
    later = tiny_course / "course" / "day08_broken"
    later.mkdir()
    with pytest.raises(SourceError, match="day08_broken"):
        build(tiny_course)
    assert {name: (tiny_course / name).read_bytes() for name in built_files(tiny_course)} == before


# What is made


def test_a_valid_day_gives_three_notebooks(tiny_course):
    assert [path.relative_to(tiny_course).as_posix() for path in build(tiny_course)] == [
        "notebooks/day07_tiny.ipynb",
        "exercises/day07_tiny.ipynb",
        "solutions/day07_tiny.ipynb",
    ]
    for folder in ("notebooks", "exercises", "solutions"):
        notebook = nbformat.read(tiny_course / folder / "day07_tiny.ipynb", as_version=4)
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec.name == "python3"
        assert not any(cell.get("outputs") for cell in notebook.cells)


def test_the_addresses_come_from_the_project_file(tiny_course):
    build(tiny_course)
    for folder in ("notebooks", "exercises", "solutions"):
        first, setup = cells(tiny_course, folder)[:2]
        assert (
            f"https://colab.research.google.com/github/someone/tiny/blob/main/{folder}/day07_tiny.ipynb" in first.source
        )
        assert '"https://github.com/someone/tiny.git"' in setup.source
        others = {"notebooks", "exercises", "solutions"} - {folder}
        assert set(re.findall(r"\(\.\./(\w+)/day07_tiny\.ipynb\)", first.source)) == others
        assert "<!-- badges -->" not in first.source
    assert repository(tiny_course) == "https://github.com/someone/tiny"


def test_solutions_are_removed_from_the_exercises_only(tiny_course):
    build(tiny_course)
    sources = {folder: [cell.source for cell in cells(tiny_course, folder)] for folder in ("exercises", "solutions")}
    assert f"{DOUBLE_DEFINITION}    raise NotImplementedError" in sources["exercises"]
    assert f"{DOUBLE_DEFINITION}{BEGIN}    return 2 * number\n{END}".rstrip() in sources["solutions"]
    assert not any("SOLUTION" in source or "2 * number" in source for source in sources["exercises"])
    discussion = "Discussion: adding the number to itself does it, too."
    assert discussion in sources["solutions"] and discussion not in sources["exercises"]
    assert len(sources["exercises"]) == len(sources["solutions"]) - 1


@pytest.mark.parametrize("folder", ["exercises", "solutions"])
def test_nbgrader_takes_the_sheets(tiny_course, folder):
    build(tiny_course)
    sheet = tiny_course / folder / "day07_tiny.ipynb"
    notebook = nbgrader.nbgraderformat.read(str(sheet), as_version=4)  # refuses metadata that is not valid
    CheckCellMetadata().preprocess(notebook, {})  # refuses names used twice
    graded = {cell.metadata.nbgrader.grade_id: cell.metadata for cell in notebook.cells if "nbgrader" in cell.metadata}
    assert list(graded) == ["double-answer", "double", "halve-answer", "halve"]
    for name, metadata in graded.items():
        answer = name.endswith("-answer")
        kinds = [metadata.nbgrader[kind] for kind in ("solution", "grade", "locked", "task")]
        assert kinds == [answer, not answer, not answer, False]
        assert metadata.nbgrader.get("points") == {"double": 2, "halve": 1}.get(name)
        assert metadata.get("tags", []) == (["raises-exception"] if folder == "exercises" and not answer else [])
        assert metadata.get("jupyter", {}).get("source_hidden", False) is not answer
        assert ("cellView" in metadata) is not answer


def test_the_code_of_drawings_is_folded(tiny_course):
    edit(tiny_course, "lesson.py", "# %%\nfigure", "# %%\n# Drawing: a dot.\ndot = 1\n\n# %%\nfigure")
    build(tiny_course)
    folded = [cell.metadata for cell in cells(tiny_course, "notebooks") if cell.metadata]
    assert folded == [{"jupyter": {"source_hidden": True}, "cellView": "form"}]


def test_an_untouched_exercise_stops_with_not_implemented(tiny_course):
    build(tiny_course)
    double = {}
    for folder in ("exercises", "solutions"):
        (source,) = [cell.source for cell in cells(tiny_course, folder) if cell.source.startswith("def double")]
        exec(source, names := {})
        double[folder] = names["double"]
    assert double["solutions"](3) == 6
    with pytest.raises(NotImplementedError):
        double["exercises"](3)


def test_ids_stay_when_another_cell_changes(tiny_course):
    build(tiny_course)
    before = {folder: [cell.id for cell in cells(tiny_course, folder)] for folder in ("notebooks", "exercises")}
    edit(tiny_course, "lesson.py", "rises from", "falls from")
    edit(tiny_course, "exercises.py", "2 * number", "number + number")
    edit(
        tiny_course,
        "exercises.py",
        "# %% [markdown]\n# ## ",
        "# %% [markdown]\n# A new cell.\n\n# %% [markdown]\n# ## ",
    )
    build(tiny_course)
    after = {folder: [cell.id for cell in cells(tiny_course, folder)] for folder in before}
    changed = [one != other for one, other in zip(before["notebooks"], after["notebooks"], strict=True)]
    assert changed == [False, False, True, False, False]
    assert [name for name in after["exercises"] if name in before["exercises"]] == before["exercises"]
    assert len(after["exercises"]) == len(before["exercises"]) + 1


def test_equal_cells_get_different_ids(tiny_course):
    edit(tiny_course, "lesson.py", "# %%\n", "# %%\n1 + 1\n\n# %%\n1 + 1\n\n# %%\n")
    build(tiny_course)
    ids = [cell.id for cell in cells(tiny_course, "notebooks")]
    assert len(set(ids)) == len(ids) == 7
    build(tiny_course)
    assert [cell.id for cell in cells(tiny_course, "notebooks")] == ids


def test_a_day_that_is_gone_takes_its_notebooks_with_it(tiny_course):
    shutil.copytree(tiny_course / "course" / "day07_tiny", tiny_course / "course" / "day08_gone")
    lesson = tiny_course / "course" / "day08_gone" / "lesson.py"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("day07_tiny", "day08_gone"), encoding="utf-8")
    assert len(build(tiny_course)) == 6
    both = built_files(tiny_course)
    shutil.rmtree(tiny_course / "course" / "day08_gone")
    assert len(build(tiny_course, days=("day07_tiny",))) == 3
    assert built_files(tiny_course) == both
    build(tiny_course)
    assert built_files(tiny_course) == [name for name in both if "day08_gone" not in name]


def test_another_target_leaves_the_course_as_it_is(tiny_course, tmp_path):
    build(tiny_course, target=tmp_path / "elsewhere")
    assert built_files(tiny_course) == []
    assert len(built_files(tmp_path / "elsewhere")) == 3
