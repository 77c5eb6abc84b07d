"""hub/: what a learner gets keeps the learner's work; the load test counts, compares and reports rightly."""

import json
import pathlib
import re
import subprocess
import sys

import pytest
import yaml
from traitlets.config import Config

from hub import learner, load_test
from tools import ROOT

HUB = ROOT / "hub"
# What hub/values.yaml may set, as the schema of the chart has it (jupyterhub/values.schema.yaml in its repository).
KNOWN = {
    "hub.config": dict,  # free: JupyterHub's own classes
    "hub.concurrentSpawnLimit": int,
    "proxy.https.enabled": bool,
    "proxy.https.hosts": list,
    "proxy.https.letsencrypt.contactEmail": str,
    "singleuser.image.name": str,
    "singleuser.image.tag": str,
    "singleuser.cmd": list,
    "singleuser.defaultUrl": str,
    "singleuser.startTimeout": int,
    "singleuser.memory.guarantee": str,
    "singleuser.memory.limit": str,
    "singleuser.cpu.guarantee": (int, float),
    "singleuser.cpu.limit": (int, float),
    "singleuser.storage.capacity": str,
    "cull.enabled": bool,
    "cull.timeout": int,
    "cull.every": int,
    "prePuller.continuous.enabled": bool,
}


def pins(path):
    """Return package -> version of a requirements file."""
    lines = re.findall(r"^([\w.\-]+)==([^\s;]+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(lines)


def leaves(tree, path=""):
    """Yield (dotted name, value) of everything in nested mappings, except below hub.config."""
    for key, value in tree.items():
        name = f"{path}.{key}".lstrip(".")
        if isinstance(value, dict) and name != "hub.config":
            yield from leaves(value, name)
        else:
            yield name, value


def configuration(name):
    """Return what a configuration file of JupyterHub sets."""
    settings = Config()
    code = compile((HUB / name).read_text(encoding="utf-8"), name, "exec")
    exec(code, {"get_config": lambda: settings})
    return settings


@pytest.fixture
def values():
    return yaml.safe_load((HUB / "values.yaml").read_text(encoding="utf-8"))


def test_the_values_are_options_of_the_chart(values):
    found = dict(leaves(values))
    assert set(found) <= set(KNOWN)
    for name, value in found.items():
        assert isinstance(value, KNOWN[name]), name


def test_the_values_fit_the_image(values):
    dockerfile = (HUB / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^WORKDIR /opt/course$", dockerfile, flags=re.MULTILINE)
    program, file = values["singleuser"]["cmd"]
    assert (program, json.dumps([program, file])) == ("python", re.search(r"^CMD (.+)$", dockerfile, re.M)[1])
    assert (ROOT / file.removeprefix("/opt/course/")).samefile(learner.__file__)
    for copied in re.findall(r"^COPY (?!\.)(\S+)", dockerfile, flags=re.MULTILINE):
        assert (ROOT / copied).is_file()


def test_guarantees_are_not_above_limits(values):
    for what in ("memory", "cpu"):
        amounts = values["singleuser"][what]
        assert float(str(amounts["guarantee"]).rstrip("G")) <= float(str(amounts["limit"]).rstrip("G"))


def test_the_image_gets_the_charts_major_version_and_the_courses_versions():
    course, hub = pins(ROOT / "requirements.txt"), pins(HUB / "requirements.txt")
    assert hub["jupyterhub"].startswith("5.") and "jupyterhub" not in course
    assert {name: version for name, version in hub.items() if course.get(name, version) != version} == {}


def test_both_hubs_start_learners_through_the_same_program(monkeypatch, tmp_path):
    program, file = configuration("tljh_config.py").Spawner.cmd
    assert (program, file) == ("/opt/course/.venv/bin/python", "/opt/course/hub/learner.py")
    for name, value in {"HUB_FOLDER": tmp_path, "HUB_PORT": 8800, "HUB_PROXY": "x", "HUB_COURSE": ROOT}.items():
        monkeypatch.setenv(name, str(value))
    loopback = configuration("loopback_config.py")
    assert loopback.Spawner.cmd == [sys.executable, str(pathlib.Path(learner.__file__))]
    addresses = [loopback.JupyterHub.bind_url, loopback.JupyterHub.hub_bind_url, loopback.ConfigurableHTTPProxy.api_url]
    assert addresses == [f"http://127.0.0.1:{port}" for port in (8800, 8801, 8802)]


def test_a_learners_work_survives_a_new_version_of_the_course(tmp_path):
    root, home = tmp_path / "opt", tmp_path / "home"
    files = ["course/day07_tiny/helper.txt", "tools/work.py", "utils/runtime.py", "data/tiny.csv"]
    files += ["pyproject.toml", "notebooks/day07_tiny.ipynb", "notebooks/day08_tiny.ipynb"]
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("first", encoding="utf-8")
    work = learner.prepare(home, root)
    assert work == home / "course" / "work"
    (work / "notebooks" / "day07_tiny.ipynb").write_text("mine", encoding="utf-8")
    (work / "progress.jsonl").write_text("mine", encoding="utf-8")
    for name in files:
        (root / name).write_text("later", encoding="utf-8")
    assert learner.prepare(home, root) == work
    texts = {path.name: path.read_text(encoding="utf-8") for path in work.rglob("*") if path.is_file()}
    texts.pop(".course.json")
    assert texts == {
        "day07_tiny.ipynb": "mine",
        "day07_tiny_update1.ipynb": "later",
        "day08_tiny.ipynb": "later",
        "progress.jsonl": "mine",
    }
    own = home / "course"
    for name in ("course/day07_tiny/helper.txt", "utils/runtime.py", "pyproject.toml", "data/tiny.csv"):
        assert (own / name).read_text(encoding="utf-8") == "later"
    assert (own / "data").is_symlink() and not (own / "utils" / "runtime.py").is_symlink()


def test_what_a_lesson_writes_stays_in_the_learners_home(tmp_path):
    work = learner.prepare(tmp_path)
    code = (
        "import sys; sys.path.insert(0, '..'); from utils import check, data; print(check.progress_path(), data.ROOT)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=work, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(work / "progress.jsonl"), str(tmp_path / "course")]
    names = {path.name for path in (ROOT / "exercises").glob("*.ipynb")}
    assert {path.name for path in (work / "exercises").glob("*.ipynb")} == names


def test_the_server_runs_with_the_hubs_arguments_in_the_learners_folder(tmp_path, monkeypatch):
    called = {}
    monkeypatch.setattr(learner.os, "execv", lambda program, command: called.update(program=program, command=command))
    monkeypatch.setattr(learner, "prepare", lambda home: home)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JUPYTERHUB_ROOT_DIR", "elsewhere")
    monkeypatch.setattr(sys, "argv", ["learner.py", "--port=7"])
    monkeypatch.chdir(ROOT)
    learner.main()
    assert called["program"] == pathlib.Path(sys.executable).with_name("jupyterhub-singleuser")
    assert called["command"] == [str(called["program"]), "--port=7"]
    assert learner.os.environ["JUPYTERHUB_ROOT_DIR"] == str(pathlib.Path.cwd()) == str(tmp_path)


def test_code_cells_come_in_order_without_text_and_empty_ones():
    cells = [("markdown", "# A"), ("code", "one"), ("code", [" ", "\n"]), ("raw", "x"), ("code", ["t", "wo"])]
    page = {"cells": [{"cell_type": kind, "source": source} for kind, source in cells]}
    assert ["".join(cell["source"]) for cell in load_test.code_cells(page)] == ["one", "two"]


def test_day_06_is_run_from_its_set_up_to_its_expectations():
    options = load_test.parse([])
    page = json.loads((ROOT / options.notebook).read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in load_test.code_cells(page)]
    assert cells[0].startswith("# Set-up") and cells[-1].startswith("expect(")
    assert len(cells) == sum(cell["cell_type"] == "code" for cell in page["cells"])


def test_options():
    options = load_test.parse([])
    assert (options.learners, options.cells, options.pause, options.record) == ([1, 2, 4], None, 0, False)
    options = load_test.parse(["--learners", "1", "8", "--cells", "12", "--pause", "2.5"])
    assert (options.learners, options.cells, options.pause) == ([1, 8], 12, 2.5)


@pytest.mark.parametrize(
    "arguments", ["--learners 2 4", "--learners 4 1", "--learners 1 0", "--cells 0", "--pause soon"]
)
def test_options_that_make_no_sense_are_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        load_test.parse(arguments.split())
    assert "error" in capsys.readouterr().err


class Socket:
    """A kernel's websocket that answers a request with given messages and mixes another request's between them."""

    def __init__(self, *answers):
        self.answers, self.sent = answers, []

    def send(self, text):
        self.sent.append(json.loads(text))
        own = {"msg_id": self.sent[-1]["header"]["msg_id"]}
        stranger = self.message("execute_reply", {"msg_id": "another"}, status="error", ename="Foreign", evalue="")
        self.queue = [stranger, b"binary", *(self.message(kind, own, **content) for kind, content in self.answers)]

    def message(self, kind, parent, **content):
        return json.dumps({"header": {"msg_type": kind}, "parent_header": parent, "content": content, "metadata": {}})

    def recv(self):
        return self.queue.pop(0)


def somebody():
    one = load_test.Learner("learner1", "http://127.0.0.1:1", "notebooks/day06_convolutions.ipynb")
    one.session, one.began = "session", 0.0
    return one


def test_a_cell_is_over_when_the_kernel_has_answered_and_is_idle_again():
    cell = {"source": ["print(", "6 * 7)"]}
    busy, idle = ("status", {"execution_state": "busy"}), ("status", {"execution_state": "idle"})
    socket = Socket(busy, ("stream", {"name": "stdout", "text": "42\n"}), ("execute_reply", {"status": "ok"}), idle)
    one = somebody()
    one._run(socket, cell, 3)
    assert socket.sent[0]["content"]["code"] == "print(6 * 7)" and socket.queue == []
    assert [output["text"] for output in cell["outputs"]] == ["42\n"] and cell["execution_count"] == 3
    assert len(one.cells) == 1 and one.times["output"] > 0 and one.failure is None


def test_an_error_in_a_cell_ends_the_lesson():
    idle = ("status", {"execution_state": "idle"})
    error = {"ename": "ValueError", "evalue": "too low", "traceback": []}
    socket = Socket(("error", error), idle, ("execute_reply", {"status": "error", **error}))
    with pytest.raises(RuntimeError, match="ValueError: too low"):
        somebody()._run(socket, {"source": "1/0"}, 1)


def test_a_hub_that_is_not_there_is_a_failure_that_says_where():
    one = somebody()
    one.work(0)
    assert one.failure.startswith("log in: ConnectionError")


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("python -m jupyterhub -f loopback_config.py", "hub"),
        ("node /x/configurable-http-proxy --ip 127.0.0.1", "proxy"),
        ("python /opt/course/hub/learner.py --port=1", "servers"),
        ("python /opt/course/.venv/bin/jupyterhub-singleuser", "servers"),
        ("python -m ipykernel_launcher -f kernel.json", "kernels"),
    ],
)
def test_processes_are_told_apart(command, kind):
    assert load_test.part(command.split()) == kind


@pytest.mark.skipif(sys.platform != "linux", reason="proportional set sizes are Linux'")
def test_the_meter_sees_a_process_and_its_children():
    code = "import sys; block = bytes(50_000_000); print(len(block), flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, "ipykernel_launcher"]
    meter = load_test.Meter(load_test.os.getpid())
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        meter.look()
        child.stdin.close()
    assert 0 < meter.peak["kernels"] < meter.peak["all"] and meter.peak["hub"] > 0 and meter.peak["proxy"] == 0
    assert list(meter.kernel_seconds) == [child.pid] and 0 < meter.machine < 1
    assert meter.largest == meter.peak["kernels"]


def run(learners, lesson, **other):
    """The figures of a class in which learner k's lesson took `lesson` + k seconds."""
    times = [{"server": 5.0, "output": 20.0, "lesson": lesson + number} for number in range(learners)]
    peak = {"all": 3 * 2**30, "hub": 2**27, "proxy": 2**26, "servers": 2**28, "kernels": 2**31}
    figures = {"learners": learners, "pause": 0, "times": times, "cells": [[1.0, 2.0]] * learners, "failures": []}
    figures |= {
        "peak": peak,
        "end": peak,
        "largest learner": 2**30,
        "machine": 0.3,
        "others": 0.2,
        "kernel seconds": [75.0] * learners,
    }
    return figures | other


def test_what_holding_means():
    alone = run(1, 100.0)
    assert load_test.why_not(alone, alone) == []
    assert load_test.why_not(run(4, 397.0), alone) == []  # the slowest takes 400 seconds
    assert load_test.why_not(run(4, 397.1), alone) == ["too slow"]
    assert load_test.why_not(run(2, 100.0, machine=0.899), alone) == []
    assert load_test.why_not(run(2, 100.0, machine=0.9), alone) == ["memory"]
    assert load_test.why_not(run(2, 900.0, failures=["learner1: run code cell 3"]), alone) == ["a learner failed"]


@pytest.fixture
def results():
    machine = {"cores": 2, "processor": "x86_64", "gibibytes": 23.4, "python": "3.12.1"}
    runs = [
        run(1, 100.0),
        run(2, 180.0),
        run(8, 500.0),
        run(16, 0.0, failures=["learner3: save"], times=[{}] * 16, **{"kernel seconds": []}),
    ]
    heading = {
        "date": "2030-01-02",
        "versions": {"jupyterhub": "5.5.4"},
        "notebook": "notebooks/day06_convolutions.ipynb",
    }
    return heading | {"machine": machine, "whole": True, "runs": runs}


def test_the_table_says_what_was_measured(results):
    lines = load_test.table(results).splitlines()
    for text in ("2030-01-02", "2 cores", "23.4 GiB", "jupyterhub 5.5.4", "whole", "all at the same moment"):
        assert text in lines[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    assert len({len(row) for row in rows}) == 1 and set(lines[3].split("|")) == {"", "---"}
    assert rows[1] == ["1", "5", "20", "100", "100", "1.0", "75", "3.0", "1.00", "30 %", "0", "yes"]
    assert rows[2][3:6] == ["180", "181", "1.8"] and rows[2][-1] == "yes"
    assert rows[3][-1] == "no: too slow" and rows[4][-2:] == ["1", "no: a learner failed"]
    assert "holds **2**" in lines[-1] and "0.8 of 2 cores" in lines[-1] and "2.0 GiB, until" in lines[-1]
    assert lines[-1].endswith("other programs kept 0.2 to 0.2 cores busy.")


def test_the_table_says_what_was_left_out(results):
    results |= {"whole": False, "runs": [each | {"pause": 30.0} for each in results["runs"]]}
    heading = load_test.table(results).splitlines()[0]
    assert "the first 2 of its code cells" in heading and "30 seconds apart" in heading


def test_the_readme_keeps_everything_but_the_table(results):
    text = f"before\n{load_test.BEGIN}\nold \\1\n{load_test.END}\nafter"
    new = load_test.write_readme(text, "new \\1")
    assert new == f"before\n{load_test.BEGIN}\nnew \\1\n{load_test.END}\nafter"
    with pytest.raises(SystemExit, match="marks"):
        load_test.write_readme("no marks", "new")


def test_each_class_is_recorded_before_the_next_begins(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(load_test, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(load_test, "README", tmp_path / "README.md")
    load_test.README.write_text(f"{load_test.BEGIN}\n{load_test.END}\n", encoding="utf-8")
    monkeypatch.setattr(load_test, "PACKAGES", ("keras",))

    def teach(learners, options):
        if learners == 4:
            raise KeyboardInterrupt
        return run(learners, 100.0)

    monkeypatch.setattr(load_test, "teach", teach)
    with pytest.raises(KeyboardInterrupt):
        load_test.measure(load_test.parse(["--record"]))
    recorded = json.loads(load_test.RESULTS.read_text(encoding="utf-8"))
    assert [each["learners"] for each in recorded["runs"]] == [1, 2] and recorded["whole"]
    assert load_test.table(recorded) in load_test.README.read_text(encoding="utf-8")
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_without_one_who_finishes_alone_nothing_is_compared(monkeypatch):
    monkeypatch.setattr(load_test, "PACKAGES", ("keras",))
    monkeypatch.setattr(load_test, "teach", lambda number, options: run(number, 9.0, failures=["learner1: save: no"]))
    with pytest.raises(SystemExit, match="learner1: save: no"):
        load_test.measure(load_test.parse([]))


def test_the_table_in_the_readme_is_that_of_the_recorded_run():
    recorded = json.loads(load_test.RESULTS.read_text(encoding="utf-8"))
    assert f"{load_test.BEGIN}\n{load_test.table(recorded)}\n{load_test.END}" in load_test.README.read_text(
        encoding="utf-8"
    )
    alone = next(each for each in recorded["runs"] if each["learners"] == 1)
    assert not load_test.why_not(alone, alone)


def test_the_readmes_links_lead_somewhere():
    text = load_test.README.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", line.lower()).strip().replace(" ", "-") for line in re.findall(r"^#+ (.+)$", text, re.M)
    }
    for target in re.findall(r"\]\((?!https://)([^)]+)\)", text):
        assert target[1:] in headings if target.startswith("#") else (HUB / target).exists(), target
