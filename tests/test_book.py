"""tools/book.py: what is taken from the notebooks and how it becomes pages; tests/book holds the built book."""

import base64
import html
import io
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from tools import ROOT, book
from tools.build import Script, build

LESSONS = sorted((ROOT / "course").glob("day*/lesson.py"))
ADDRESS = "https://github.com/someone/tiny"
TABLE = """\
<details><summary><b>German terms of the day</b></summary>

| English | German | English | German |
|---|---|---|---|
| weight | Gewicht | to train | trainieren |
| bias | Bias |  |  |

</details>
"""


def picture(width=300, height=150, colour="white"):
    """A PNG in base 64."""
    store = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(store, format="PNG")
    return base64.b64encode(store.getvalue()).decode()


def shown(alt="A line that rises.", data=None, **more):
    """An output as utils.plots writes it."""
    return new_output(
        "display_data", data={"image/png": data or picture()} | more, metadata={"image/png": {"alt": alt}}
    )


def lesson(*outputs):
    return new_notebook(cells=[new_markdown_cell("# Day 07 · Tiny"), new_code_cell("1", outputs=list(outputs))])


# Outputs


@pytest.fixture
def run_course(tiny_course):
    """A course of one day with a folder of executed notebooks."""
    build(tiny_course)
    executed = tiny_course / "executed"
    for folder in ("notebooks", "solutions"):
        (executed / folder).mkdir(parents=True)
        notebook = nbformat.read(tiny_course / folder / "day07_tiny.ipynb", as_version=4)
        for cell in notebook.cells:
            if "plots.show" in cell.source:
                cell.outputs = [shown()]
        nbformat.write(notebook, executed / folder / "day07_tiny.ipynb")
    (tiny_course / "book").mkdir()
    (tiny_course / "book" / "gallery.json").write_text("{}")
    (tiny_course / "README.md").write_text("# Tiny\n\nOne. Two. Three.\n\nFour.\n")
    return tiny_course


def test_missing_and_old_outputs_are_refused(run_course):
    executed = run_course / "executed"
    assert book.read_executed("day07_tiny", "notebooks", run_course, executed).cells[2].outputs
    script = run_course / "course" / "day07_tiny" / "lesson.py"
    script.write_text(script.read_text().replace("figure = None", "figure = 1"))
    build(run_course)
    with pytest.raises(book.BookError, match=r"notebooks/day07_tiny.ipynb has changed .*`make executed`"):
        book.read_executed("day07_tiny", "notebooks", run_course, executed)
    (executed / "solutions" / "day07_tiny.ipynb").unlink()
    with pytest.raises(book.BookError, match=r"solutions/day07_tiny.ipynb has no outputs yet: run `make executed`"):
        book.read_executed("day07_tiny", "solutions", run_course, executed)


def test_the_whole_is_laid_out(run_course, tmp_path):
    book.lay_out(run_course, run_course / "executed", tmp_path)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*") if path.is_file()}
    pages = {f"source/{folder}/day07_tiny.ipynb" for folder in ("notebooks", "exercises", "solutions")}
    assert written >= pages | {"source/index.md", "source/glossary.md", "files/gallery/day07_tiny.webp"}
    solution = nbformat.read(tmp_path / "source/solutions/day07_tiny.ipynb", as_version=4)
    assert solution.metadata["orphan"] and solution.metadata["nosearch"]
    sheet = nbformat.read(tmp_path / "source/exercises/day07_tiny.ipynb", as_version=4)
    assert "orphan" not in sheet.metadata and not any(cell.get("outputs") for cell in sheet.cells)
    front = (tmp_path / "source/index.md").read_text()
    assert "One. Two. Three." in front and "Four" not in front and "solutions" not in front
    with pytest.raises(book.BookError, match="no such day: day99"):
        book.lay_out(run_course, run_course / "executed", tmp_path, days=("day99",))


# Pages


def test_links_need_no_other_server():
    badge = "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab/x.ipynb)"
    assert book.local_links(f"{badge} · [Lesson](../notebooks/x.ipynb)", ADDRESS) == (
        "[Open in Colab](https://colab/x.ipynb){.colab} · [Lesson](../notebooks/x.ipynb)"
    )
    assert book.local_links("[data](../data/SOURCES.md)", ADDRESS) == f"[data]({ADDRESS}/blob/main/data/SOURCES.md)"


def test_a_picture_becomes_a_file_with_its_alt_text_and_size(tmp_path):
    output = book.show_picture(shown('A "line" that rises.'), "one", tmp_path)
    assert set(output.data) == {"text/html"}
    assert (
        'src="../figures/one.png" alt="A &quot;line&quot; that rises." width="192" height="96"'
        in output.data["text/html"]
    )
    assert Image.open(tmp_path / "figures" / "one.png").size == (300, 150)
    widget = shown(**{"application/vnd.jupyter.widget-view+json": {"model_id": "1"}})
    assert "sliders" in book.show_picture(widget, "two", tmp_path).data["text/html"]
    with pytest.raises(book.BookError, match="three: a picture without alt text"):
        book.show_picture(new_output("display_data", data={"image/png": picture()}), "three", tmp_path)


def test_an_animation_becomes_a_file_of_its_own(tmp_path):
    player = '<!doctype html>\n<title>Animation: "It" moves.</title>'
    frame = f'<iframe srcdoc="{html.escape(player)}" title="Animation: It moves." style="width:9px"></iframe>'
    output = book.show_picture(shown("It moves.", **{"text/html": frame}), "move", tmp_path)
    assert 'src="../figures/move.html"' in output.data["text/html"] and "srcdoc" not in output.data["text/html"]
    assert (tmp_path / "figures" / "move.html").read_text(encoding="utf-8") == player


# Glossary


def test_terms_are_read_from_the_table():
    assert book.german_terms("# Day\n\n" + TABLE) == [
        ("weight", "Gewicht"),
        ("to train", "trainieren"),
        ("bias", "Bias"),
    ]
    assert book.german_terms("| no | table |") == []
    assert "| weight | [Gewicht]{.language-de} | to train | [trainieren]{.language-de} |" in book.mark_german(TABLE)


def test_terms_of_several_days_are_merged_and_sorted():
    days = {
        "day01_a": [("weight", "Gewicht"), ("to train", "trainieren"), ("lag", "Zeitabstand (von t, u), Lag")],
        "day02_b": [("Zebra", "Zebra"), ("lag", "Verzögerung, Lag"), ("(moving) window", "(gleitendes) Fenster")],
    }
    assert book.merge_terms(days) == [
        ("lag", "Zeitabstand (von t, u), Lag, Verzögerung", ["day01_a", "day02_b"]),
        ("to train", "trainieren", ["day01_a"]),
        ("weight", "Gewicht", ["day01_a"]),
        ("(moving) window", "(gleitendes) Fenster", ["day02_b"]),
        ("Zebra", "Zebra", ["day02_b"]),
    ]
    assert sorted(["Zug", "Öl", "Ofen"], key=book.sort_key) == ["Ofen", "Öl", "Zug"]


def test_the_course_s_glossary_has_150_terms_and_no_empty_field():
    days = {path.parent.name: book.german_terms(Script(path).notebook.cells[0].source) for path in LESSONS}
    assert [day for day, terms in days.items() if len(terms) < 10] == []
    terms = book.merge_terms(days)
    assert len(terms) >= 150
    assert [row for row in terms if not all(part.strip() for part in row[:2])] == []
    page = book.glossary(terms)
    assert page.count("\n| ") == 2 * (len(terms) + 1)


# Front page


def test_the_gallery_s_picture_is_the_named_one_or_the_richest():
    plain, rich = picture(), base64.b64encode(b"x" * 9999).decode()
    notebook = lesson(shown("A first picture."), shown("The second of two.", rich), shown("The third.", plain))
    assert book.choose_picture(notebook, None, "day07")[1] == "The second of two."
    assert book.choose_picture(notebook, "third", "day07")[1] == "The third."
    with pytest.raises(book.BookError, match=r"gallery.json: no picture of day07 .*“fourth”"):
        book.choose_picture(notebook, "fourth", "day07")
    with pytest.raises(book.BookError, match="day07 shows no picture"):
        book.choose_picture(lesson(), None, "day07")


@pytest.mark.parametrize("lesson", LESSONS, ids=[path.parent.name for path in LESSONS])
def test_the_gallery_names_a_picture_of_every_day(lesson):
    phrases = json.loads((ROOT / "book" / "gallery.json").read_text(encoding="utf-8"))
    assert phrases[lesson.parent.name] in lesson.read_text(encoding="utf-8")


def test_gallery_pictures_are_small(tmp_path):
    list_of_days = book.gallery({"day07_tiny": lesson(shown(data=picture(1200, 600, "red")))}, {}, tmp_path)
    assert Image.open(tmp_path / "gallery" / "day07_tiny.webp").size == (400, 200)
    assert '<a href="notebooks/day07_tiny.html"' in list_of_days and ">Tiny</span>" in list_of_days


def test_the_course_is_told_in_three_sentences():
    text = book.introduction((ROOT / "README.md").read_text(encoding="utf-8"))
    assert text.startswith("Twenty Jupyter notebooks") and text.count(". ") + text.count(".\n") == 2
