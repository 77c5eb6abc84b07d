"""The project menu: ten ideas with all that was promised for each, and baselines held against their bands."""

import ast
import builtins
import json
import re
import symtable

import pytest

from tools import bands
from tools.build import ROOT, Script, build

SCRIPT = Script(ROOT / "course" / "project_menu" / "page.py")
TEXT = "\n\n".join(cell.source for _, cell, _ in SCRIPT.cells())
IDEAS = re.split(r"^## (?=\d+ · )", TEXT, flags=re.MULTILINE)[1:]
each = pytest.mark.parametrize("idea", IDEAS, ids=[idea.splitlines()[0] for idea in IDEAS])


def test_the_ten_ideas_of_the_course():
    titles = [idea.splitlines()[0] for idea in IDEAS]
    assert [int(title.split(" · ")[0]) for title in titles] == list(range(1, 11))
    words = ["airfoil", "tags", "galaxies", "equations", "clothes", "volcanic", "super-resolution", "captions"]
    words += ["music", "warming"]
    assert all(word in title.lower() for word, title in zip(words, titles, strict=True))
    rows = re.findall(r"^\| (\d+) \| (.+?) \|", TEXT, re.MULTILINE)
    assert [f"{number} · {name}" for number, name in rows[:10]] == titles


@each
def test_an_idea_has_brief_data_first_step_goal_and_warning(idea):
    assert re.findall(r"^\*\*([A-Z][a-z ]+)\.\*\* \S", idea, re.MULTILINE) == [
        "Brief",
        "Data",
        "First step",
        "Goal",
        "Take care",
    ]
    goal = re.search(r"\*\*Goal\.\*\* (.+)", idea)[1]
    assert re.search(r"\d", goal) or "Better than" in goal


def test_six_starters_hold_code_and_a_result():
    starters = [idea for idea in IDEAS if "### Starter" in idea]
    assert len(starters) == 6 and all("print(" in idea and "def " in idea for idea in starters)


def global_names(tree):
    """Names a module binds at its top level, and names it reads there or inside its functions."""
    symbols = [symtable.symtable(ast.unparse(tree), "idea", "exec")]
    bound = {symbol.get_name() for symbol in symbols[0].get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    read = set()
    while symbols:
        table = symbols.pop()
        symbols += table.get_children()
        is_top = table.get_type() == "module"
        read |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and (is_top or s.is_global())}
    return bound, read


@pytest.mark.parametrize("number", [2, 3, 5, 6, 7, 9])
def test_a_starter_stands_alone(number):
    """Who chose one project runs the set-up and that starter, and not the five others."""
    setup, code, here = "", "", False
    for _, cell, _ in SCRIPT.cells():
        if "setup" in cell.metadata.get("tags", []):
            setup = cell.source
        elif cell.cell_type == "markdown" and cell.source.startswith("## "):
            here = cell.source.startswith(f"## {number} · ")
        elif cell.cell_type == "code" and here:
            code += cell.source + "\n"
    given, _ = global_names(ast.parse(setup))
    bound, read = global_names(ast.parse(code))
    assert read - bound - given - set(dir(builtins)) == set()


def test_bands_hold_the_three_measured_values():
    measured = json.loads((SCRIPT.path.parent / "bands.json").read_text(encoding="utf-8"))
    stated = bands.bands(SCRIPT)
    assert stated.keys() == measured["values"].keys(), "run `make bands DAY=project_menu`"
    assert all(low <= value <= high for what, (low, high) in stated.items() for value in measured["values"][what])


def test_the_menu_is_built_beside_the_lessons(tmp_path):
    (path,) = build(target=tmp_path, days=("project_menu",))
    assert path == tmp_path / "notebooks" / "project_menu.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert "Open in Colab" in "".join(cells[0]["source"]) and "Exercises" not in "".join(cells[0]["source"])
