"""tools/build.py: pages beside the days, such as the final exam."""

import nbformat
import pytest

from tools.build import SourceError, build

PAGE = """# %% [markdown]
# # Tiny page
#
# <!-- badges -->

# %% tags=["setup"]
from utils import plots

# %%
figure = None
plots.show(figure, alt="A line that rises from left to right.")
"""


@pytest.fixture
def page(tiny_course):
    """The tiny course with one page; returns the page's path."""
    path = tiny_course / "course" / "tiny_page" / "page.py"
    path.parent.mkdir()
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_page_becomes_one_notebook_beside_the_lessons(tiny_course, page):
    built = [path.relative_to(tiny_course).as_posix() for path in build(tiny_course)]
    assert built[-1] == "notebooks/tiny_page.ipynb" and len(built) == 4
    cells = nbformat.read(tiny_course / "notebooks" / "tiny_page.ipynb", as_version=4).cells
    assert "/blob/main/notebooks/tiny_page.ipynb)" in cells[0].source and "(../" not in cells[0].source
    assert '"https://github.com/someone/tiny.git"' in cells[1].source


def test_one_page_alone_can_be_built_and_goes_with_its_source(tiny_course, page):
    assert [path.stem for path in build(tiny_course, days=("tiny_page",))] == ["tiny_page"]
    build(tiny_course)
    page.unlink()
    build(tiny_course)
    assert not (tiny_course / "notebooks" / "tiny_page.ipynb").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# # Tiny", "# Tiny", "begin with `# Title`"),
        ("# <!-- badges -->\n", "", "no badges"),
        (' tags=["setup"]', "", "must be tagged"),
        (', alt="A line that rises from left to right."', "", "without alt text"),
    ],
)
def test_a_page_is_held_to_the_common_rules(tiny_course, page, old, new, message):
    page.write_text(PAGE.replace(old, new), encoding="utf-8")
    with pytest.raises(SourceError, match=message) as caught:
        build(tiny_course)
    assert str(caught.value).startswith(f"{page}:")
    assert not list(tiny_course.glob("*/*.ipynb"))
