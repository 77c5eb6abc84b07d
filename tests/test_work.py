"""tools/work.py: a learner's work survives every update."""

import pytest

from tools.work import lay_out

NAME = "notebooks/day07_tiny.ipynb"


@pytest.fixture
def course(tmp_path):
    """A course of one notebook, laid out once, whose learner has worked in nothing yet."""
    publish(tmp_path, "first")
    assert lay_out(tmp_path) == []
    return tmp_path


def publish(root, content, name=NAME):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(content, encoding="utf-8")


def own(root, name=NAME):
    return root / "work" / name


def files(root):
    """Return name -> content of everything in work/ except the record of what was laid out."""
    paths = [path for path in (root / "work").rglob("*") if path.is_file() and path.name != ".course.json"]
    return {path.relative_to(root / "work").as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_all_three_folders_are_laid_out(course):
    for folder in ("exercises", "solutions"):
        publish(course, folder, f"{folder}/day07_tiny.ipynb")
    assert lay_out(course) == []
    assert files(course) == {
        NAME: "first",
        "exercises/day07_tiny.ipynb": "exercises",
        "solutions/day07_tiny.ipynb": "solutions",
    }


def test_an_untouched_file_follows_the_course(course):
    for version in ("second", "third"):
        publish(course, version)
        assert lay_out(course) == [f"{NAME} was updated"]
        assert files(course) == {NAME: version}


def test_a_touched_file_is_never_overwritten(course):
    own(course).write_text("mine")
    assert lay_out(course) == []
    publish(course, "second")
    (told,) = lay_out(course)
    assert NAME in told and "day07_tiny_update1.ipynb" in told
    assert files(course) == {NAME: "mine", "notebooks/day07_tiny_update1.ipynb": "second"}


def test_the_same_update_is_laid_beside_only_once(course):
    own(course).write_text("mine")
    publish(course, "second")
    lay_out(course)
    assert lay_out(course) == []
    own(course, "notebooks/day07_tiny_update1.ipynb").unlink()
    assert lay_out(course) == []
    assert files(course) == {NAME: "mine"}


def test_each_later_update_gets_a_name_of_its_own(course):
    own(course).write_text("mine")
    own(course, "notebooks/day07_tiny_update2.ipynb").write_text("also mine")
    for version in ("second", "third"):
        publish(course, version)
        lay_out(course)
    assert files(course) == {
        NAME: "mine",
        "notebooks/day07_tiny_update1.ipynb": "second",
        "notebooks/day07_tiny_update2.ipynb": "also mine",
        "notebooks/day07_tiny_update3.ipynb": "third",
    }


def test_a_renamed_file_stays_and_a_fresh_one_comes(course):
    own(course).write_text("mine")
    own(course).rename(own(course, "notebooks/my_day.ipynb"))
    assert lay_out(course) == [f"{NAME} was gone and is back, as the course has it"]
    assert files(course) == {NAME: "first", "notebooks/my_day.ipynb": "mine"}


def test_a_deleted_file_comes_back_in_its_newest_version(course):
    own(course).unlink()
    publish(course, "second")
    assert lay_out(course) == [f"{NAME} was gone and is back, as the course has it"]
    assert files(course) == {NAME: "second"}


@pytest.mark.parametrize("damage", [b"{", b"[]", b"7", b"\xff\xfe", b""])
@pytest.mark.parametrize("content", ["first", "mine"])
def test_without_a_readable_record_everything_is_kept(course, damage, content):
    own(course).write_text(content)
    (course / "work" / ".course.json").write_bytes(damage)
    publish(course, "second")
    told = lay_out(course)
    assert told[0].startswith(".course.json could not be read") and "day07_tiny_update1.ipynb" in told[1]
    assert files(course) == {NAME: content, "notebooks/day07_tiny_update1.ipynb": "second"}
    assert lay_out(course) == []


def test_files_that_are_not_the_courses_are_left_alone(course):
    for name in ("notebooks/mine.ipynb", "notes.txt", "progress.jsonl"):
        own(course, name).write_text("mine")
    (course / NAME).unlink()  # the course no longer has it, the learner still does
    assert lay_out(course) == []
    mine = {"notebooks/mine.ipynb": "mine", "notes.txt": "mine", "progress.jsonl": "mine"}
    assert files(course) == mine | {NAME: "first"}


def test_an_edit_equal_to_the_course_counts_as_untouched(course):
    own(course).write_text("second")
    publish(course, "second")
    assert lay_out(course) == []
    publish(course, "third")
    assert lay_out(course) == [f"{NAME} was updated"]
    assert files(course) == {NAME: "third"}


def test_the_learners_folder_can_lie_elsewhere(course, tmp_path):
    lay_out(course, tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere" / NAME).read_text(encoding="utf-8") == "first"
