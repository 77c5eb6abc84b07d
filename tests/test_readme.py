"""README, licences and workflows: links that lead somewhere, one address, the table of days, pinned actions."""

import json
import re

import nbformat
import pytest
import yaml

from tools.build import FOLDERS, ROOT, badges, repository
from tools.classroom import points

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEACHING = (ROOT / "TEACHING.md").read_text(encoding="utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PAGES = [*ROOT.glob("*.md"), *(ROOT / "data").glob("*.md"), *(ROOT / "hub").glob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_local_links_lead_to_files(page):
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_local_links_of_notebooks_lead_to_files(folder):
    for path in (ROOT / folder).glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        links = re.findall(r"\]\((?!https?://|#)([^)\s#]+)", text)
        assert links
        assert [link for link in links if not (path.parent / link).exists()] == []


def test_readme_lists_twenty_days_and_says_which_are_built():
    rows = re.findall(r"^\| (\d\d) \|.*\| (.*) \|$", README, re.MULTILINE)
    assert [number for number, _ in rows] == [f"{day:02}" for day in range(1, 21)]
    built = {path.stem[3:5]: path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    for number, links in rows:
        if number in built:
            assert all(f"({folder}/{built[number]}.ipynb)" in links for folder in FOLDERS)
            assert badges(repository(), built[number], "notebooks").split(" · ")[0] in links
        else:
            assert links == "in preparation"


def test_the_address_is_pyproject_s_everywhere():
    pages = [README, *(path.read_text(encoding="utf-8") for path in WORKFLOWS)]
    found = [address for page in pages for address in re.findall(r"github(?:\.com)?/[\w.-]+/course\b", page)]
    assert {address.split("/", 1)[1] for address in found} == {repository().removeprefix("https://github.com/")}


def test_the_course_s_pictures_have_alt_text():
    alts = re.findall(r"!\[([^\]]*)\]", README)
    assert alts and all(len(alt.split()) >= 3 for alt in alts)


@pytest.mark.parametrize("path", WORKFLOWS, ids=[path.name for path in WORKFLOWS])
def test_workflows_pin_actions_by_commit_and_may_only_read_but_for_publishing(path):
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)", text)
    assert used and all(re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action) for action in used)
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    more = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert more == ({"publish": {"pages": "write", "id-token": "write"}} if path.stem == "book" else {})


def test_the_classroom_workflow_names_each_day_once():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "classroom.yml").read_text(encoding="utf-8"))
    parts = workflow["jobs"]["classroom"]["strategy"]["matrix"]["days"]
    named = sorted(day for part in parts for day in part.split(" or "))
    assert named == sorted(path.stem[:5] for path in (ROOT / "exercises").glob("day*.ipynb"))


def test_every_make_target_named_in_the_pages_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    pages = README + TEACHING + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)", pages)) | set(re.findall(r"^make ([a-z-]+)", pages, re.MULTILINE))
    assert named and named <= targets


# The instructor's guide


def test_the_guide_is_linked_and_its_sections_exist():
    assert "(TEACHING.md)" in README
    headings = re.findall(r"^#+ (.*)$", TEACHING, re.MULTILINE)
    names = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEACHING)) <= names


def test_the_guide_has_the_minutes_and_points_of_lessons_and_sheets():
    rows = re.findall(r"^\| (\d\d) \| ([\d–]+|a day) \| (\d+) \| (\d+) \|", TEACHING, re.MULTILINE)
    found = []
    for path in sorted((ROOT / "exercises").glob("day*.ipynb")):
        sheet = nbformat.read(path, as_version=4)
        lesson = (ROOT / "notebooks" / path.name).read_text(encoding="utf-8")
        minutes = re.search(r"\*\*Time:\*\* (?:(\d+) to )?(\d+|two hours|a day)", lesson).groups(default="")
        minutes = "–".join(minutes).strip("–").replace("two hours", "120")
        effort = sum(
            int(n) for cell in sheet.cells for n in re.findall(r"^Difficulty.* (\d+) minutes", cell.source, re.M)
        )
        found.append((path.stem[3:5], minutes, str(effort), str(sum(points(sheet).values()))))
    assert rows == found


def test_the_days_that_the_guide_calls_needed_are_taken_up_by_the_lesson():
    table = TEACHING.split("### What each day builds on")[1]
    needs = {day: set(re.findall(r"\d\d", list_)) for day, list_ in re.findall(r"(?<=\| )(\d\d) \| ([^|]*) \|", table)}
    assert sorted(needs) == [f"{day:02}" for day in range(1, 21)]
    for path in (ROOT / "notebooks").glob("day*.ipynb"):
        named = re.findall(r"[Dd]ays? (\d\d?)(?: and (\d\d))?\b", path.read_text(encoding="utf-8"))
        assert needs[path.stem[3:5]] <= {day.zfill(2) for pair in named for day in pair}, path.stem
    courses = re.findall(r"^- \*\*[\w ]+:\*\* ([\d, ]+)$", table, re.MULTILINE)
    assert len(courses) == 3
    for course in courses:
        days = course.split(", ")
        assert days == sorted(days) and set(days) >= {needed for day in days for needed in needs[day]}
