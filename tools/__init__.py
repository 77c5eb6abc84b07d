"""The authors' tools: they build, measure and check the course. No notebook imports them."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
FOLDERS = ("notebooks", "exercises", "solutions")


def between(page: str, begin: str, end: str, text: str) -> str:
    """Return a page with what stands between two marks replaced: how a tool writes its table into a README.

    Args:
        page: the page's text.
        begin: the line before the table.
        end: the line after it.
        text: the new table.

    Raises:
        SystemExit: if the page has lost its marks.
    """
    if begin not in page or end not in page:
        raise SystemExit(f"the page has lost its marks: put the lines {begin} and {end} where the table shall stand")
    before, rest = page.split(begin, 1)
    return f"{before}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}"
