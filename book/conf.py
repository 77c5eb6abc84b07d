"""Sphinx configuration of the web book: `python -m tools.book` lays out its pages and runs Sphinx on them."""

import json
import pathlib
import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx import addnodes

ROOT = pathlib.Path(__file__).resolve().parents[1]
TOPICS = json.loads((ROOT / "book" / "topics.json").read_text(encoding="utf-8"))
SPOKEN = (nodes.title, nodes.paragraph, nodes.literal_block, nodes.raw)

project = html_title = "Deep Learning in Twenty Days"
author = "The authors of Deep Learning in Twenty Days"
copyright = "its authors; code: Apache-2.0, text and figures: CC BY 4.0"
language = "en"
extensions = ["myst_nb", "sphinx.ext.githubpages"]

# Furo: search, dark mode and narrow screens without any file from another server; a page's own files are about 100 KB.
html_theme = "furo"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b5e94", "color-brand-content": "#0b5e94"},
    "dark_css_variables": {"color-brand-primary": "#7cc4f5", "color-brand-content": "#7cc4f5"},
}
html_static_path = ["static"]
html_extra_path = [str(ROOT / "build" / "book" / "files")]
html_css_files = ["book.css"]
html_js_files = [("book.js", {"defer": "defer"})]
html_copy_source = html_show_sourcelink = html_show_sphinx = html_use_index = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

# The outputs are those of the last test run.
nb_execution_mode = "off"
nb_ipywidgets_js = {}
myst_enable_extensions = ["attrs_inline", "dollarmath"]
myst_heading_anchors = 4


# Formulas are written as MathML, which browsers draw themselves: no script to load, and screen readers read it.
def _mathml(text, display):
    made = convert(text.replace(r"\arg", r"\operatorname{arg}"), display=display)
    # A prime is a raised sign already; as an exponent it would be raised twice.
    return re.sub(
        r"<msup>(<mi>\w</mi>)<mi>(&#x0203[23];)</mi></msup>", r"<mrow>\1<mo form='postfix'>\2</mo></mrow>", made
    )


def _inline_formula(translator, node):
    translator.body.append(_mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def _block_formula(translator, node):
    translator.body.append(f'<div class="formula">{_mathml(node.astext(), "block")}</div>')
    raise nodes.SkipNode


def _lead_to_topics(app, doctree):
    """Let the search for a topic of the syllabus lead first to the section of its day that speaks of it.

    Words alone rank badly (“loss” is on every page) and leave out numbers and the commonest words (“475”, “Why 1 × 1”).
    So each phrase becomes an index entry of a lesson, also with a keyboard's hyphen for a dash. Where sections differ,
    one that names the phrase in its title is taken, else the first one after the page's head. Sheets, the exam and the
    menu stand back behind the lessons: there a phrase counts in a title only.
    """
    folder, _, page = app.env.docname.partition("/")
    if folder not in ("notebooks", "exercises"):
        return
    kinds = SPOKEN if folder == "notebooks" and page in TOPICS else nodes.title
    head = next(doctree.findall(nodes.section))
    places = [(node, _section(node), node.astext().replace("’", "'").casefold()) for node in _all(doctree, kinds)]
    places.sort(key=lambda place: (place[1] is head, not isinstance(place[0], nodes.title)))
    for phrase in TOPICS.get(page, TOPICS[max(TOPICS)]).values():
        section = next((section for _, section, text in places if phrase.casefold() in text), None)
        if section is not None:
            typed = sorted({phrase, phrase.replace("–", "-")})
            doctree += addnodes.index(entries=[("single", each, section["ids"][0], "main", None) for each in typed])


def _all(doctree, kinds):
    return list(doctree.findall(lambda node: isinstance(node, kinds)))


def _section(node):
    while not isinstance(node, nodes.section):
        node = node.parent
    return node


def _mend_names(app, page, template, context, doctree):
    """Mend what axe-core finds in others' templates: a heading without level, a fold whose name is not its text."""
    menu = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = menu.replace('role="heading"', 'role="heading" aria-level="2"')
    context["body"] = context.get("body", "").replace('<summary aria-label="Toggle hidden content">', "<summary>")


def setup(app):
    """Let Sphinx know the writer of formulas, the topics and the mended names."""
    app.connect("doctree-read", _lead_to_topics)
    app.connect("html-page-context", _mend_names, priority=900)
    app.add_html_math_renderer("mathml", (_inline_formula, None), (_block_formula, None))


html_math_renderer = "mathml"
