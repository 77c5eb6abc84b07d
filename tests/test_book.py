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
TOPICS = json.loads((ROOT / "book" / "topics.json").read_text(encoding="utf-8"))
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


RUN = {  # invented, in the form of book/works.json
    "python": "3.12.1",
    "packages": "lock",
    "keras": "3.15.1",
    "backend": "jax",
    "version": "0.9.1",
    "device": "CPU",
    "machine": "2 cores, x86_64",
}
LESSON = {
    "passed": True,
    "seconds": 12,
    "kept": 3,
    "results": 4,
    "shorter": False,
    "error": None,
    "date": "2026-11-23",
}

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


def test_what_works_and_the_repository_s_texts_are_pages(run_course, tmp_path):
    book.lay_out(run_course, run_course / "executed", tmp_path)
    assert {path.name for path in (tmp_path / "source").glob("*.md")} == {"index.md", "glossary.md"}
    assert "About the course" not in (tmp_path / "source/index.md").read_text()

    record = [RUN | {"lessons": {"day07_tiny": LESSON}}]
    (run_course / "book" / "works.json").write_text(json.dumps(record))
    teaching = "# Teaching\n\nFirst [Tiny](notebooks/day07_tiny.ipynb), then the [table](README.md#works-today).\n"
    (run_course / "TEACHING.md").write_text(teaching)
    book.lay_out(run_course, run_course / "executed", tmp_path)
    page = (tmp_path / "source/works.md").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert page.startswith("# Works today\n\n") and page.split("\n\n")[1].count(".") == 2
    assert "| [07 tiny](notebooks/day07_tiny.ipynb) | ✓ 12 s, 3 of 4 |" in page and "JAX 0.9.1" in page
    assert "2026-11-23" in page
    text = (tmp_path / "source/teaching.md").read_text()
    assert "[Tiny](notebooks/day07_tiny.ipynb)" in text and "[table](works.md)" in text
    front = (tmp_path / "source/index.md").read_text()
    assert "Works today <works>\nFor teachers <teaching>\n```" in front and "[Works today](works.md)" in front
    assert not (tmp_path / "source/backends.md").exists() and "<backends>" not in front


# Pages


def test_links_of_the_repository_s_texts_lead_to_the_book_or_the_repository():
    pages = ["notebooks/day07_tiny.ipynb", "works.md", "backends.md"]
    for link, wanted in (
        ("notebooks/day07_tiny.ipynb#quiz", "notebooks/day07_tiny.ipynb#quiz"),
        ("notebooks/day08_other.ipynb", f"{ADDRESS}/blob/main/notebooks/day08_other.ipynb"),
        ("README.md#works-today", "works.md"),
        ("README.md#start", f"{ADDRESS}/blob/main/README.md#start"),
        ("./BACKENDS.md#tpus", "backends.md#tpus"),
        ("TEACHING.md", f"{ADDRESS}/blob/main/TEACHING.md"),
        ("#below", "#below"),
        ("https://keras.io/a.html", "https://keras.io/a.html"),
    ):
        assert book.page_links(f"See [this]({link}).", ADDRESS, pages) == f"See [this]({wanted})."


@pytest.mark.parametrize("folder", ["notebooks", "exercises", "solutions"])
def test_drawing_code_set_up_and_checks_are_folded_and_nothing_else(tmp_path, folder):
    sources = [
        "# Set-up.\n1",
        "# Drawing: a line.\n1",
        'with check("one"):\n    1',
        "drawing = 1",
        "# The idea. # Drawing",
    ]
    cells = [new_code_cell(source, outputs=[shown()]) for source in sources]
    notebook = new_notebook(cells=[new_markdown_cell("# Drawing is fun"), *cells])
    page = book.prepare(notebook, "day07_tiny", folder, ADDRESS, tmp_path)
    folds = [cell.metadata.get("mystnb", {}).get("code_prompt_show") for cell in page.cells]
    assert folds == [None, "Show the set-up", "Show the drawing code", "Show the check", None, None]
    assert [cell.metadata.get("tags") for cell in page.cells] == [None, *[["hide-input"]] * 3, None, None]
    assert [len(cell.outputs) for cell in page.cells[1:]] == [1] * 5
    assert not any(cell.metadata for cell in notebook.cells)


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


# Topics


def everything(day):
    """All text of a day's lesson and sheet; with Day 20 belong the exam and the project menu."""
    places = [f"notebooks/{day}", f"exercises/{day}"]
    if day.startswith("day20"):
        places += ["notebooks/final_exam", "notebooks/project_menu"]
    notebooks = [nbformat.read(ROOT / f"{place}.ipynb", as_version=4) for place in places]
    return "\n".join(cell.source for notebook in notebooks for cell in notebook.cells).casefold()


def test_every_day_has_topics():
    assert list(TOPICS) == [path.parent.name for path in LESSONS]
    assert {day: len(topics) for day, topics in TOPICS.items() if len(topics) < 10} == {}


@pytest.mark.parametrize("day", TOPICS)
def test_every_topic_of_the_syllabus_is_spoken_of_on_its_day(day):
    text = everything(day)
    assert {topic: phrase for topic, phrase in TOPICS[day].items() if phrase.casefold() not in text} == {}


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
