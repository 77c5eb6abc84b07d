"""What the executed notebooks' outputs must hold. Run after tools.execute, which leaves them in build/executed/."""

import re

import nbformat
import pytest

from tools.build import FOLDERS
from tools.execute import EXECUTED

PATHS = {folder: sorted((EXECUTED / folder).glob("*.ipynb")) for folder in FOLDERS}
ALL = [path for paths in PATHS.values() for path in paths]


def named(paths):
    return pytest.mark.parametrize("path", paths, ids=[f"{path.parent.name}/{path.stem}" for path in paths])


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def checks(path):
    """Return (exercise, all text its check printed or raised) for each check cell."""
    found = []
    for cell in code_cells(path):
        grading = cell.metadata.get("nbgrader", {})
        if grading.get("grade"):
            text = "".join(out.get("text", "") + "".join(out.get("traceback", [])) for out in cell.outputs)
            found.append((grading["grade_id"], re.sub(r"\033\[[0-9;]*m", "", text)))
    return found


def test_something_was_executed():
    assert ALL, "run `python -m tools.execute` first"


@named(ALL)
def test_every_code_cell_ran(path):
    assert all(cell.execution_count for cell in code_cells(path))


@named(PATHS["exercises"])
def test_untouched_sheet_says_not_attempted_and_nothing_else_fails(path):
    found = checks(path)
    assert found
    for exercise, text in found:
        assert f"○ {exercise}: not attempted" in text
        assert len(text.strip().splitlines()) == 1, text
    errors = [out for cell in code_cells(path) for out in cell.outputs if out.output_type == "error"]
    assert [error.ename for error in errors] == ["NotAttempted"] * len(found)


@named(PATHS["solutions"])
def test_reference_is_accepted(path):
    found = checks(path)
    assert found
    for exercise, text in found:
        assert f"✓ {exercise}: right" in text


@named(ALL)
def test_every_figure_has_alt_text(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                alt = output.metadata["image/png"]["alt"]
                assert len(alt.split()) >= 5
                page = output.data.get("text/html")  # sliders have none: their picture is a widget
                assert page is None or 'alt="' in page or 'title="Animation: ' in page


@named(ALL)
def test_nothing_is_written_to_stderr(path):
    noise = [out.text for cell in code_cells(path) for out in cell.outputs if out.get("name") == "stderr"]
    assert noise == []
