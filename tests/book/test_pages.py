"""The built book in a real browser: links, pictures, quizzes, search, narrow screens, the dark, accessibility.

`make book` builds it and runs these tests. COURSE_AXE is the path of axe-core's axe.min.js, for the last of them.
"""

import functools
import http.server
import json
import os
import pathlib
import re
import threading
import urllib.parse

import pytest
from browser import Browser, needs_browser

from tools.book import BOOK

SITE = BOOK / "html"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if "figures" not in path.parts)
LESSONS = [page for page in PAGES if page.startswith("notebooks/day")]
AXE = os.environ.get("COURSE_AXE")
SAMPLED = [
    "index.html",
    "glossary.html",
    *(f"{folder}/{{}}.html" for folder in ("notebooks", "exercises", "solutions")),
]
pytestmark = [
    needs_browser,
    pytest.mark.skipif(not PAGES, reason="the book is not built: `make book` builds it"),
]

COLLECT = """
({
  title: document.title,
  links: [...document.querySelectorAll("a[href]")].map(each => each.href),
  names: [...document.querySelectorAll("[id], a[name]")].map(each => each.id || each.name),
  unnamed: [...document.images].filter(each => !each.alt.trim()).map(each => each.outerHTML.slice(0, 200)),
  frames: [...document.querySelectorAll("iframe")].map(each => each.title),
  broken: [...document.images].filter(each => each.complete && !each.naturalWidth).map(each => each.src),
  asked: performance.getEntriesByType("resource").map(each => each.name),
  formulas: [...document.querySelectorAll("math")].map(each => each.textContent),
})
"""
EAGER = "document.querySelectorAll('[loading=lazy]').forEach(each => each.loading = 'eager')"
LOADED = "[...document.images].every(each => each.complete)"
WIDER = """
[...document.querySelectorAll("article *")]
  .filter(each => !each.closest("pre, .formula, .cell_output, .table-wrapper"))
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => each.outerHTML.slice(0, 150))
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that writes no log."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    """The book, served on a free port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def seen(browser, address):
    """What the browser finds on each page, all pictures loaded: page -> see COLLECT."""
    found = {}
    for page in PAGES:
        browser.problems.clear()
        browser.open(address + page)
        browser.value(EAGER)
        browser.wait(LOADED)
        found[page] = browser.value(COLLECT) | {"problems": list(browser.problems)}
    return found


def test_no_link_within_the_book_is_broken(seen, address):
    broken = []
    for page, found in seen.items():
        for link in {link for link in found["links"] if link.startswith(address)}:
            path, _, name = link.removeprefix(address).partition("#")
            path = urllib.parse.unquote(path.split("?")[0]) or "index.html"
            if (path not in seen and not (SITE / path).is_file()) or (
                name and path in seen and urllib.parse.unquote(name) not in seen[path]["names"]
            ):
                broken.append((page, link))
    assert broken == []
    assert sum(len(found["links"]) for found in seen.values()) > 10 * len(seen)


def test_every_picture_is_there_and_has_alt_text(seen):
    assert {page: found["unnamed"] for page, found in seen.items() if found["unnamed"]} == {}
    assert {page: found["broken"] for page, found in seen.items() if found["broken"]} == {}
    assert [title for found in seen.values() for title in found["frames"] if len(title.split()) < 5] == []


def test_no_page_complains_or_asks_another_server(seen, address):
    assert {page: found["problems"] for page, found in seen.items() if found["problems"]} == {}
    foreign = {name for found in seen.values() for name in found["asked"] if not name.startswith(address)}
    assert {name for name in foreign if not name.startswith("data:")} == set()


def test_every_formula_is_understood(seen):
    formulas = [formula for found in seen.values() for formula in found["formulas"]]
    assert formulas and [formula for formula in formulas if "\\" in formula] == []


def test_every_page_leads_to_colab_and_the_day_s_other_pages(seen, address):
    for page in LESSONS:
        name = pathlib.PurePath(page).name
        three = [f"{address}{folder}/{name}" for folder in ("notebooks", "exercises", "solutions")]
        for here in three:
            links = seen[here.removeprefix(address)]["links"]
            assert any(link.startswith("https://colab.research.google.com/") for link in links)
            assert set(three) - {here} <= set(links)


def test_solutions_are_on_no_menu_and_not_found_by_the_search(seen, address):
    menu = [link for link in seen["glossary.html"]["links"] if "/solutions/" in link]
    assert menu == []
    index = json.loads(re.search(r"\{.*\}", (SITE / "searchindex.js").read_text(encoding="utf-8"), re.DOTALL)[0])
    solutions = {n for n, name in enumerate(index["docnames"]) if name.startswith("solutions/")}
    held = {n for places in index["terms"].values() for n in (places if isinstance(places, list) else [places])}
    assert len(held) > 3 and solutions and not solutions & held


def test_the_front_page_is_small_and_shows_a_picture_of_each_day(browser, address, seen):
    browser.call("Network.enable")
    browser.call("Network.setCacheDisabled", cacheDisabled=True)
    browser.open(address, ready=LOADED)
    sizes = browser.value(
        "performance.getEntries().filter(each => 'transferSize' in each).map(each => each.transferSize)"
    )
    browser.call("Network.setCacheDisabled", cacheDisabled=False)
    print(f"\nfront page: {sum(sizes):,} bytes in {len(sizes)} files")
    assert len(sizes) > len(LESSONS) and sum(sizes) < 1_000_000
    shown = browser.value("[...document.querySelectorAll('ul.gallery a')].map(each => each.getAttribute('href'))")
    assert shown == LESSONS


def test_hints_and_quizzes_open(browser, address):
    for page in (LESSONS[0], LESSONS[0].replace("notebooks", "exercises")):
        browser.open(address + page)
        folds = browser.value("[...document.querySelectorAll('details')].length")
        assert folds >= 3
        assert browser.value("[...document.querySelectorAll('details')].every(each => !each.open)")
        tall = "document.querySelector('details:last-of-type').getBoundingClientRect().height"
        closed = browser.value(tall)
        browser.value("document.querySelector('details:last-of-type summary').click()")
        assert browser.value(tall) > closed + 10


def test_the_search_finds_a_term_of_a_lesson(browser, address):
    for asked, wanted in (("extrapolate", "notebooks/day01"), ("Lernrate", "glossary")):
        browser.open(f"{address}search.html?q={asked}", ready="document.querySelector('ul.search li a') !== null")
        browser.wait(f"[...document.querySelectorAll('ul.search li a')].some(each => each.href.includes('{wanted}'))")


def test_no_page_is_wider_than_a_narrow_screen(browser, address):
    wide = {}
    for page in PAGES:
        browser.open(address + page, width=360, height=740)
        beyond = browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            wide[page] = (beyond, browser.value(WIDER)[:3])
    assert wide == {}


def test_the_dark_is_chosen_with_a_button_and_stays(browser, address):
    colour = "getComputedStyle(document.body).backgroundColor"
    browser.open(address + "glossary.html")
    seen = {browser.value(colour)}
    for _ in range(3):
        browser.value("[...document.querySelectorAll('button.theme-toggle')].at(-1).click()")
        seen.add(browser.value(colour))
        if browser.value("document.body.dataset.theme") == "dark":
            break
    assert len(seen) == 2
    browser.open(address + LESSONS[0])
    assert browser.value("document.body.dataset.theme") == "dark"
    browser.value("localStorage.clear()")


@pytest.mark.skipif(AXE is None, reason="COURSE_AXE is not the path of axe-core's axe.min.js")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", SAMPLED)
def test_axe_finds_no_error(browser, address, page, theme):
    browser.open(address + page.format(pathlib.PurePath(LESSONS[0]).stem))
    browser.value(f"document.body.dataset.theme = '{theme}'")
    browser.value(pathlib.Path(AXE).read_text(encoding="utf-8") + "; null")
    found = browser.value(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}).then(told => told.violations.map("
        "each => [each.id, each.nodes.length, each.nodes[0].html.slice(0, 200), each.nodes[0].failureSummary]))"
    )
    assert found == []
