"""Make the web book from the outputs of the last test run: `python -m tools.book [day ...]`, `make book`.

Nothing is executed here: lessons and solutions come with their outputs from build/executed/, sheets as they are built.
build/book/source/ is what Sphinx reads, build/book/files/ the pictures, build/book/html/ the book.
"""

from __future__ import annotations

import base64
import copy
import html
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unicodedata

import nbformat
from PIL import Image

from tools import FOLDERS, ROOT, works
from tools.build import DRAWING, repository
from tools.execute import EXECUTED
from utils import plots

BOOK = ROOT / "build" / "book"
GALLERY_WIDTH = 400
TERMS = "German terms"
FOLDED = {  # how a code cell begins whose code is folded -> what the fold says, closed and open
    "# Set-up.": ("Show the set-up", "Hide the set-up"),
    DRAWING: ("Show the drawing code", "Hide the drawing code"),
    "with check(": ("Show the check", "Hide the check"),
}
TEXTS = {"TEACHING.md": "For teachers", "BACKENDS.md": "Backends, GPUs, TPUs"}  # texts of the repository -> in the menu
WORKS = """\
# Works today

No cell of this table is written by hand: a program read it out of executed notebooks, a row for each lesson, a column
for each Python, set of packages and backend. It is dated because packages change: it says what worked on that day.

"""


class BookError(Exception):
    """The book cannot be made; the message says what to do."""


# The notebooks


def read_executed(name: str, folder: str, root: pathlib.Path = ROOT, executed: pathlib.Path = EXECUTED):
    """Return a notebook with its outputs, if they are those of the notebook as it is built now.

    Args:
        name: such as "day01_hello_sine".
        folder: "notebooks" or "solutions".
        root: the course's folder.
        executed: where the test run left the executed notebooks.

    Raises:
        BookError: if the notebook was not executed, or has changed since.
    """
    path = executed / folder / f"{name}.ipynb"
    if not path.exists():
        raise BookError(f"{folder}/{name}.ipynb has no outputs yet: run `make executed`, then `make book`")
    notebook = nbformat.read(path, as_version=4)
    built = nbformat.read(root / folder / f"{name}.ipynb", as_version=4)
    if [cell.source for cell in notebook.cells] != [cell.source for cell in built.cells]:
        raise BookError(f"{folder}/{name}.ipynb has changed since its last run: run `make executed`, then `make book`")
    return notebook


def prepare(notebook, name: str, folder: str, address: str, files: pathlib.Path):
    """Return the notebook as a page: links for the web, pictures as files, set-up and drawing code folded.

    Args:
        notebook: a built or executed notebook.
        name: such as "day01_hello_sine".
        folder: "notebooks", "exercises" or "solutions".
        address: the repository's address.
        files: the folder under which pictures are written, as figures/….

    Raises:
        BookError: if a picture has no alt text.
    """
    page = copy.deepcopy(notebook)
    page.metadata.pop("widgets", None)
    if folder == "solutions":  # reached from the sheet alone: in no menu, not found by the search
        page.metadata |= {"orphan": True, "nosearch": True}
    for number, cell in enumerate(page.cells):
        if cell.cell_type == "markdown":
            cell.source = mark_german(local_links(cell.source, address))
            continue
        for beginning, (closed, opened) in FOLDED.items():
            if cell.source.startswith(beginning):
                cell.metadata["tags"] = ["hide-input"]
                cell.metadata["mystnb"] = {"code_prompt_show": closed, "code_prompt_hide": opened}
        cell.outputs = [
            show_picture(output, f"{folder}-{name}-{number:03}-{place}", files)
            if "image/png" in output.get("data", {})
            else output
            for place, output in enumerate(cell.outputs)
        ]
    return page


def local_links(text: str, address: str) -> str:
    """Turn the badge into a link without a foreign picture, and links to files into links to the repository.

    Args:
        text: a markdown cell's source.
        address: the repository's address.
    """
    text = re.sub(r"\[!\[Open in Colab\]\([^)]*\)\]\(([^)]*)\)", r"[Open in Colab](\1){.colab}", text)
    return re.sub(rf"\]\(\.\./(?!(?:{'|'.join(FOLDERS)})/)", f"]({address}/blob/main/", text)


def show_picture(output, name: str, files: pathlib.Path):
    """Return a display output that shows its picture, or its animation, from a file.

    Args:
        output: an output that utils.plots has written: HTML or a widget, and a PNG with alt text.
        name: the file's name without ending.
        files: the folder under which the file is written, as figures/….

    Raises:
        BookError: if the picture has no alt text.
    """
    alt = output.metadata.get("image/png", {}).get("alt", "").strip()
    if not alt:
        raise BookError(f"{name}: a picture without alt text; show it with utils.plots")
    (files / "figures").mkdir(parents=True, exist_ok=True)
    shown = output.data.get("text/html", "")
    player = re.search(r'srcdoc="(.*?)"', shown, re.DOTALL)
    if player:
        (files / "figures" / f"{name}.html").write_text(html.unescape(player[1]), encoding="utf-8")
        shown = shown.replace(player[0], f'src="../figures/{name}.html" loading="lazy"')
    else:
        data = base64.b64decode(output.data["image/png"])
        (files / "figures" / f"{name}.png").write_bytes(data)
        width, height = (round(side / plots.PIXELS_PER_INCH * plots.SHOWN_PER_INCH) for side in picture_size(data))
        size = f'width="{width}" height="{height}" loading="lazy"'
        shown = f'<img src="../figures/{name}.png" alt="{html.escape(alt)}" {size}>'
        if any("widget" in kind for kind in output.data):
            shown += '<p class="still">In the running notebook, sliders change this picture.</p>'
    return nbformat.v4.new_output("display_data", data={"text/html": shown})


def picture_size(data: bytes) -> tuple[int, int]:
    """Return the width and height of a picture in pixels."""
    return Image.open(io.BytesIO(data)).size


# The glossary


def german_terms(text: str) -> list[tuple[str, str]]:
    """Return (English, German) for each term in the table “German terms of the day” of a cell.

    Args:
        text: a markdown cell's source.
    """
    table = re.search(rf"<summary><b>{TERMS}[^\n]*\n(.*?)</details>", text, re.DOTALL)
    rows = [line for line in table[1].splitlines() if line.startswith("|")][2:] if table else []
    terms = []
    for row in rows:
        cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
        terms += [pair for pair in zip(cells[::2], cells[1::2], strict=True) if any(pair)]
    return terms


def mark_german(text: str) -> str:
    """Mark the German words in a table of German terms as German, so that a screen reader pronounces them so.

    Args:
        text: a markdown cell's source.
    """
    for english, german in german_terms(text):
        text = text.replace(f"| {english} | {german} |", f"| {english} | [{german}]{{.language-de}} |")
    return text


def merge_terms(days: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str, list[str]]]:
    """Return (English, German, days), one for each English term, in alphabetical order.

    Args:
        days: the day's name -> its (English, German) terms. What several days say in German is joined.
    """
    merged = {}
    for day, terms in days.items():
        for english, german in terms:
            words, where = merged.setdefault(english, ({}, {}))
            words.update(dict.fromkeys(re.split(r", (?![^(]*\))", german)))
            where[day] = None
    rows = [(english, ", ".join(words), list(where)) for english, (words, where) in merged.items()]
    return sorted(rows, key=lambda row: sort_key(row[0]))


def sort_key(term: str) -> str:
    """Return what a term is sorted by: without "to", brackets and case, ä like a."""
    plain = unicodedata.normalize("NFKD", re.sub(r"^to |\(.*?\) ?", "", term.casefold()))
    return re.sub(r"[^\w ]", "", plain)


def glossary(terms: list[tuple[str, str, list[str]]]) -> str:
    """Return the glossary page: one table by German word, one by English.

    Args:
        terms: (English, German, days).
    """
    page = [
        "# German–English glossary\n",
        f"{len(terms)} terms, collected from the lessons, each with the days that explain it.\n",
        "## German to English\n",
        *_table(("German", "English"), sorted(terms, key=lambda row: sort_key(row[1])), lambda e, g: (_german(g), e)),
        "\n## English to German\n",
        *_table(("English", "German"), terms, lambda e, g: (e, _german(g))),
    ]
    return "\n".join(page) + "\n"


def _german(text):
    return f"[{text}]{{.language-de}}"


def _table(head, terms, order):
    yield f"| {head[0]} | {head[1]} | Day |\n|---|---|---|"
    for english, german, days in terms:
        links = ", ".join(f"[{day[3:5]}](notebooks/{day}.ipynb)" for day in days)
        yield f"| {' | '.join(order(english, german))} | {links} |"


# Pages about the course


def write_about(root: pathlib.Path, source: pathlib.Path, address: str) -> dict[str, str]:
    """Write what works today and the repository's texts as pages, as far as they exist.

    Args:
        root: the course's folder.
        source: the folder of Sphinx' source, with the notebooks' pages.
        address: the repository's address.

    Returns:
        Such as "works" -> "Works today": the page's name and its name in the menu.
    """
    record = root / "book" / works.RECORD.name
    about = {"works": "Works today"} if record.exists() else {}
    texts = {page_name(name): name for name in TEXTS if (root / name).exists()}
    about |= {page: TEXTS[name] for page, name in texts.items()}
    notebooks = [path.relative_to(source).as_posix() for path in source.glob("*/*.ipynb")]
    pages = [*notebooks, *(f"{page}.md" for page in about)]
    written = {page: (root / name).read_text(encoding="utf-8") for page, name in texts.items()}
    if "works" in about:
        written["works"] = WORKS + works.table(json.loads(record.read_text(encoding="utf-8"))) + "\n"
    for page, text in written.items():
        (source / f"{page}.md").write_text(page_links(text, address, pages), encoding="utf-8")
    return about


def page_name(name: str) -> str:
    """Return the name that a text of the repository has in the book: "teaching" for "TEACHING.md"."""
    return pathlib.PurePath(name).stem.lower()


def page_links(text: str, address: str, pages: list[str]) -> str:
    """Turn the local links of a text of the repository into links to the book, or else to the repository.

    Args:
        text: a text that lies in the repository's root.
        address: the repository's address.
        pages: what the book holds, as files of Sphinx' source: "notebooks/day01_hello_sine.ipynb", "teaching.md".
    """

    def lead(link):
        path, mark, place = link[1].removeprefix("./").partition("#")
        if (path, place) == ("README.md", "works-today") and "works.md" in pages:
            return "](works.md)"
        here = f"{page_name(path)}.md" if path in TEXTS else path
        return f"]({here if here in pages else f'{address}/blob/main/{path}'}{mark}{place})"

    return re.sub(r"\]\((?!#|\w+:)([^)\s]+)\)", lead, text)


# The front page


def introduction(readme: str) -> str:
    """Return the README's first paragraph, in which the course is told in three sentences."""
    return readme.split("\n\n")[1]


def choose_picture(notebook, phrase: str | None, name: str) -> tuple[bytes, str]:
    """Return the picture that stands for a day in the gallery, as PNG, and its alt text.

    Args:
        notebook: the executed lesson.
        phrase: words of the alt text of the wanted picture; without it, the picture with the most detail.
        name: the day, for the message.

    Raises:
        BookError: if there is no such picture.
    """
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pictures = [
        (base64.b64decode(output.data["image/png"]), output.metadata["image/png"]["alt"])
        for output in outputs
        if "image/png" in output.get("data", {})
    ]
    if not pictures:
        raise BookError(f"{name} shows no picture")
    if phrase is None:
        return max(pictures, key=lambda picture: len(picture[0]))
    for data, alt in pictures:
        if phrase in alt:
            return data, alt
    raise BookError(f"book/gallery.json: no picture of {name} has an alt text with “{phrase}”")


def gallery(days: dict[str, object], phrases: dict[str, str], files: pathlib.Path) -> str:
    """Write one small picture per day and return the list that shows them.

    Args:
        days: the day's name -> its executed lesson.
        phrases: the day's name -> words of the alt text of its picture.
        files: the folder under which the pictures are written, as gallery/….
    """
    (files / "gallery").mkdir(parents=True, exist_ok=True)
    items = []
    for name, notebook in days.items():
        data, alt = choose_picture(notebook, phrases.get(name), name)
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        picture.thumbnail((GALLERY_WIDTH, GALLERY_WIDTH))
        picture.save(files / "gallery" / f"{name}.webp", quality=80)
        day, title = title_of(notebook).split(" · ", 1)
        items.append(
            f'<li><a href="notebooks/{name}.html"><img src="gallery/{name}.webp" alt="{html.escape(alt)}"'
            f' width="{picture.width}" height="{picture.height}">'
            f'<span class="day">{day}</span> <span class="title">{html.escape(title)}</span></a></li>'
        )
    return "\n".join(['<ul class="gallery">', *items, "</ul>"])


def title_of(notebook) -> str:
    """Return a notebook's title, such as "Day 01 · Hello, world"."""
    return notebook.cells[0].source.splitlines()[0].removeprefix("# ")


def front_page(
    text: str, pictures: str, days: list[str], pages: list[str], address: str, about: dict[str, str] | None = None
) -> str:
    """Return the front page with the book's table of contents.

    Args:
        text: what the course is.
        pictures: the gallery.
        days: the names of the days.
        pages: the names of what belongs to no day, such as "final_exam".
        address: the repository's address.
        about: the pages about the course, such as "works" -> "Works today", its name in the menu.
    """
    about = about or {}
    contents = [
        ("The twenty days", [f"notebooks/{day}" for day in days]),
        ("And then", [*(f"notebooks/{page}" for page in pages), "glossary"]),
        *([("About the course", [f"{name} <{page}>" for page, name in about.items()])] if about else []),
        ("Exercises", [f"exercises/{day}" for day in days]),
    ]
    trees = [
        "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", *names, "```"]) for caption, names in contents
    ]
    links = [f"[Begin with Day 01](notebooks/{days[0]}.ipynb)", "[German–English glossary](glossary.md)"]
    links += [f"[{name}]({page}.md)" for page, name in about.items()]
    links = " · ".join([*links, f"[Code and data]({address})"])
    return "\n\n".join(["# Deep Learning in Twenty Days", text, links, pictures, *trees]) + "\n"


# All together


def lay_out(
    root: pathlib.Path = ROOT,
    executed: pathlib.Path = EXECUTED,
    target: pathlib.Path = BOOK,
    days: tuple[str, ...] = (),
) -> None:
    """Write what Sphinx reads.

    Args:
        root: the course's folder.
        executed: where the test run left the executed notebooks.
        target: where source/ and files/ are written.
        days: only these days, for a preview; all by default.

    Raises:
        BookError: if an output is missing or old, or a picture lacks its alt text.
    """
    names = [path.stem for path in sorted((root / FOLDERS[0]).glob("*.ipynb"))]
    chosen = [name for name in names if name.startswith("day") and (not days or name in days)]
    pages = [name for name in names if not name.startswith("day") and not days]
    if not chosen:
        raise BookError(f"no such day: {', '.join(days)}")
    address, source, files = repository(root), target / "source", target / "files"
    lessons = {name: read_executed(name, "notebooks", root, executed) for name in chosen + pages}
    solutions = {name: read_executed(name, "solutions", root, executed) for name in chosen}
    sheets = {name: nbformat.read(root / "exercises" / f"{name}.ipynb", as_version=4) for name in chosen}
    for folder in (source, files):
        shutil.rmtree(folder, ignore_errors=True)
    for folder, notebooks in zip(FOLDERS, (lessons, sheets, solutions), strict=True):
        (source / folder).mkdir(parents=True)
        for name, notebook in notebooks.items():
            nbformat.write(prepare(notebook, name, folder, address, files), source / folder / f"{name}.ipynb")
    terms = merge_terms({name: german_terms(lessons[name].cells[0].source) for name in chosen})
    (source / "glossary.md").write_text(glossary(terms), encoding="utf-8")
    phrases = json.loads((root / "book" / "gallery.json").read_text(encoding="utf-8"))
    pictures = gallery({name: lessons[name] for name in chosen}, phrases, files)
    text = introduction((root / "README.md").read_text(encoding="utf-8"))
    about = write_about(root, source, address)
    (source / "index.md").write_text(front_page(text, pictures, chosen, pages, address, about), encoding="utf-8")


def run_sphinx(root: pathlib.Path = ROOT, target: pathlib.Path = BOOK, strict: bool = True) -> int:
    """Run Sphinx on what lay_out has written.

    Args:
        root: the course's folder.
        target: the folder with source/ and files/; html/ is written beside them.
        strict: whether a warning is an error.

    Returns:
        Sphinx' exit status.
    """
    shutil.rmtree(target / "html", ignore_errors=True)
    options = ["--quiet", "--fresh-env", *(["--fail-on-warning"] if strict else [])]
    places = ["-c", root / "book", "-d", target / "doctrees", target / "source", target / "html"]
    return subprocess.run([sys.executable, "-m", "sphinx", *options, *places]).returncode


if __name__ == "__main__":
    chosen = tuple(sys.argv[1:])
    try:
        lay_out(days=chosen)
    except BookError as error:
        sys.exit(str(error))
    status = run_sphinx(strict=not chosen)  # a preview of some days misses the links to the others
    if status == 0:
        print(f"the book is in {(BOOK / 'html' / 'index.html').relative_to(ROOT)}")
    sys.exit(status)
