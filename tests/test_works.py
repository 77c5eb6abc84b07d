"""The table of what works today: what is read from an executed notebook, what is kept, what is written."""

import copy
import json

import nbformat
import pytest

from tools import ROOT, backends, works

READY = "Ready: Keras 3.15.1 on jax 0.10.2 · CPU (2 cores, no GPU found and none needed) · float32 · seed 1\n"


def executed(path, lines, error=None, shorter=False, at="2026-11-22T10:00"):
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = {"language_info": {"name": "python", "version": "3.11.7"}, "course": {"shorter": shorter}}
    for number, text in enumerate([READY, "".join(f"{line}\n" for line in lines)]):
        cell = nbformat.v4.new_code_cell("pass", execution_count=number + 1)
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
        cell.metadata["execution"] = {
            "iopub.execute_input": f"{at}:0{number}.5Z",
            "shell.execute_reply": f"{at}:3{number}.5Z",
        }
        notebook.cells.append(cell)
    if error:
        name, value = error
        notebook.cells[-1].outputs.append(nbformat.v4.new_output("error", ename=name, evalue=value, traceback=[]))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def test_an_executed_lesson_tells_what_it_ran_on_and_what_it_reached(tmp_path):
    found = works.result(executed(tmp_path / "day01_hello_sine.ipynb", ["✓ sine: 1 (1 to 2)", "• line: 3", "4 ✓"]))
    assert found["passed"] and found["seconds"] == 31 and found["date"] == "2026-11-22"
    assert (found["kept"], found["results"], found["shorter"], found["error"]) == (1, 2, False, None)
    run = works.column(found["ready"], found["python"], "lock")
    assert (run["keras"], run["backend"], run["version"], run["device"]) == ("3.15.1", "jax", "0.10.2", "CPU")


def test_an_error_is_a_failure_with_its_text(tmp_path):
    found = works.result(executed(tmp_path / "day01_hello_sine.ipynb", [], error=("ValueError", "no such axis")))
    assert not found["passed"] and found["error"] == "ValueError: no such axis"


def test_a_lesson_that_stopped_before_its_last_cell_did_not_pass(tmp_path):
    path = executed(tmp_path / "day01_hello_sine.ipynb", ["✓ a"])
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("print()"))
    nbformat.write(notebook, path)
    assert not works.result(path)["passed"]


def test_a_lesson_whose_set_up_failed_is_recorded_as_failed_beside_the_others(tmp_path):
    good, bad = (executed(tmp_path / f"day0{day}_x.ipynb", ["✓ a"]) for day in (1, 2))
    notebook = nbformat.read(bad, as_version=4)
    notebook.cells[0].outputs = [nbformat.v4.new_output("error", ename="ImportError", evalue="no keras", traceback=[])]
    nbformat.write(notebook, bad)
    (run,) = works.record([good, bad], "newest", [])
    assert run["lessons"]["day01_x"]["passed"] and not run["lessons"]["day02_x"]["passed"]
    assert run["lessons"]["day02_x"]["error"] == "ImportError: no keras"
    with pytest.raises(ValueError, match="no lesson's set-up cell ran: ImportError"):
        works.record([bad], "newest", [])


def test_a_notebook_that_was_not_executed_is_refused():
    with pytest.raises(ValueError, match="make test-backends"):
        works.result(ROOT / "notebooks" / "day01_hello_sine.ipynb")


def test_a_line_that_is_not_of_setup_is_refused():
    with pytest.raises(ValueError, match="not a line"):
        works.column("Hello", "3.11.7", "lock")


def test_a_newer_run_replaces_the_older_and_leaves_the_others(tmp_path):
    first = executed(tmp_path / "day01_hello_sine.ipynb", ["✓ a"])
    second = executed(tmp_path / "day02_perceptron_backprop.ipynb", ["✓ a", "• b"])
    runs = works.record([first, second], "lock", [])
    before = copy.deepcopy(runs)
    executed(first, ["✓ a", "✓ b"], at="2026-11-23T10:00")
    again = works.record([first], "lock", runs)
    assert runs == before  # the record given is not changed
    assert len(again) == 1 and again[0]["lessons"]["day01_hello_sine"]["kept"] == 2
    assert again[0]["lessons"]["day02_perceptron_backprop"] == runs[0]["lessons"]["day02_perceptron_backprop"]
    assert [run["packages"] for run in works.record([first], "newest", again)] == ["lock", "newest"]
    assert [run["packages"] for run in works.record([first], "lock = newest", again)] == ["lock = newest"]


def test_a_run_with_newer_versions_replaces_the_column(tmp_path):
    path = executed(tmp_path / "day01_hello_sine.ipynb", ["✓ a"])
    old = works.record([path], "lock", [])
    old[0]["version"] = "0.9.0"
    assert [run["version"] for run in works.record([path], "lock", old)] == ["0.10.2"]


def test_the_table_shows_results_short_runs_failures_and_gaps(tmp_path):
    runs = works.record(
        [
            executed(tmp_path / "day01_hello_sine.ipynb", ["✓ a", "• b"]),
            executed(tmp_path / "day06_convolutions.ipynb", [], shorter=True),
            executed(tmp_path / "day07_deep_networks.ipynb", [], error=("ValueError", "no `[a|b](c)`\nsuch axis")),
        ],
        "lock",
        [],
    )
    other = copy.deepcopy(runs[0]) | {"backend": "torch", "version": "2.13.0"}
    del other["lessons"]["day01_hello_sine"]
    text = works.table([*runs, other]).replace("\N{NO-BREAK SPACE}", " ")
    assert "| ✓ 31 s, 1 of 2 | – |" in text
    assert "| ✓ 31 s, short | ✓ 31 s, short |" in text
    assert "| ✗ `ValueError: no [ab](c)` |" in text
    assert "| ran | 2 of 3<br>2026-11-22 | 1 of 2<br>2026-11-22 |" in text


def test_a_page_without_marks_is_refused():
    with pytest.raises(SystemExit, match="put the lines"):
        works.written("no marks", [])


def test_readme_holds_the_table_of_the_record():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert works.written(page, json.loads(works.RECORD.read_text(encoding="utf-8"))) == page


def test_lessons_state_only_backends_on_which_they_were_run():
    runs = json.loads(works.RECORD.read_text(encoding="utf-8"))
    days = sorted(path.stem for path in (ROOT / "notebooks").glob("day*.ipynb"))
    stated = {day: backends.stated(day) for day in days}
    assert all("tensorflow" in names for names in stated.values())
    for run in runs:
        for day in days:
            lesson = run["lessons"].get(day)
            assert run["packages"] != "lock" or (run["backend"] in stated[day]) == (lesson is not None), (day, run)
            assert lesson is None or lesson["passed"], (day, run["backend"], lesson["error"])
    ran = {name: sum(name in names for names in stated.values()) for name in works.NAMES}
    assert ran["jax"] >= 16 and ran["torch"] >= 12
    assert {run["backend"] for run in runs} == set(works.NAMES)
