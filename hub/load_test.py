"""Let N simulated learners work through a lesson on a JupyterHub on this computer: `python -m hub.load_test`.

Each learner does what a browser does: logs in, waits for the server to start, opens JupyterLab and the notebook, and
runs its code cells one after the other over the kernel's websocket, then saves. Hub, proxy, servers and kernels are
real; what is simulated are the browsers and that everybody presses *Run All* at the same moment, which is the worst
case: people read between cells. The machine HOLDS for N learners if every one finishes without an error (results
outside their bands are errors), less than 90 % of its memory is in use, and the slowest lesson takes at most four times
as long as that of one learner alone.

It needs hub/requirements.txt beside the course's lock, and configurable-http-proxy from npm; hub/README.md has the
lines. With --record, writes hub/results.json and the table in hub/README.md.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid

import nbformat
import psutil
import requests
import websocket

from tools import ROOT, between

FOLDER = ROOT / "hub"
RESULTS, README = FOLDER / "results.json", FOLDER / "README.md"
BEGIN, END = "<!-- load test: written by `python -m hub.load_test --record` -->", "<!-- load test: end -->"
MOST_MEMORY, MOST_TIMES = 0.9, 4  # share of the machine; slowest lesson against one alone
PATIENCE = 900  # seconds without a message from a kernel after which a learner gives up
PACKAGES = ("jupyterhub", "jupyterlab", "tensorflow", "keras")
SAMPLE = 2  # seconds between looks at the memory


def code_cells(notebook: dict) -> list[dict]:
    """Return a notebook's code cells that hold code, in order."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]


class Learner:
    """A browser with somebody in front of it who runs every cell.

    Attributes:
        times: seconds from the log-in to "server" (ready), "page" (JupyterLab's page), "kernel" and "output" (the
            first of the lesson), and of the "lesson" itself: the first cell's start to the last one's end.
        cells: seconds of each cell.
        failure: None, or what went wrong where.
    """

    def __init__(self, name: str, address: str, notebook: str, most_cells: int | None = None):
        """
        Args:
            name: the user name; any password will do.
            address: the hub's, such as "http://127.0.0.1:8000".
            notebook: its path below the learner's folder.
            most_cells: run only that many code cells.
        """
        self.name, self.address, self.notebook, self.most_cells = name, address, notebook, most_cells
        self.own = f"{address}/user/{name}"
        self.browser = requests.Session()
        self.times, self.cells, self.failure = {}, [], None

    def work(self, wait: float) -> None:
        """Wait, then do everything; a failure is noted, not raised, because the others go on."""
        time.sleep(wait)
        self.began, doing = time.perf_counter(), "log in"
        try:
            self._log_in()
            doing = "start the server"
            self._await_server()
            doing = "open JupyterLab"
            self._get(f"{self.own}/lab")
            self._note("page")
            doing = f"open {self.notebook}"
            page = self._get(f"{self.own}/api/contents/{self.notebook}").json()["content"]
            doing = "start a kernel"
            socket = self._start_kernel()
            self._note("kernel")
            start = time.perf_counter()
            for number, cell in enumerate(code_cells(page)[: self.most_cells], start=1):
                doing = f"run code cell {number}"
                self._run(socket, cell, number)
            self.times["lesson"] = time.perf_counter() - start
            doing = "save"
            body = {"type": "notebook", "format": "json", "content": page}
            self._send("put", f"{self.own}/api/contents/{self.notebook}", body)
        except (requests.RequestException, websocket.WebSocketException, OSError, RuntimeError) as error:
            self.failure = f"{doing}: {type(error).__name__}: {error}"

    def _note(self, what):
        self.times[what] = time.perf_counter() - self.began

    def _get(self, url, **options):
        answer = self.browser.get(url, timeout=PATIENCE, **options)
        answer.raise_for_status()
        return answer

    def _token(self, path):
        """Return the token against cross-site requests that the browser got as a cookie for this path."""
        return next(cookie.value for cookie in self.browser.cookies if cookie.name == "_xsrf" and cookie.path == path)

    def _send(self, method, url, body):
        headers = {"X-XSRFToken": self._token(f"/user/{self.name}/")}
        answer = self.browser.request(method, url, json=body, headers=headers, timeout=PATIENCE)
        answer.raise_for_status()
        return answer.json()

    def _log_in(self):
        self._get(f"{self.address}/hub/login")
        form = {"username": self.name, "password": "any", "_xsrf": self._token("/hub/")}
        self.browser.post(f"{self.address}/hub/login", data=form, timeout=PATIENCE).raise_for_status()

    def _await_server(self):
        url = f"{self.address}/hub/api/users/{self.name}/server/progress?_xsrf={self._token('/hub/')}"
        for line in self._get(url, stream=True).iter_lines(decode_unicode=True):
            event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if event.get("ready"):
                return self._note("server")
            if event.get("failed"):
                raise RuntimeError(event.get("message", "the hub gives no reason"))
        raise RuntimeError("the hub stopped telling before the server was ready")

    def _start_kernel(self):
        name = pathlib.PurePosixPath(self.notebook).name
        body = {"path": self.notebook, "name": name, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = self._send("post", f"{self.own}/api/sessions", body)["kernel"]["id"]
        self.session = uuid.uuid4().hex
        path = f"/user/{self.name}/api/kernels/{kernel}/channels"
        url = f"{self.address}{path}?session_id={self.session}&_xsrf={self._token(f'/user/{self.name}/')}"
        prepared = self.browser.prepare_request(requests.Request("GET", url))
        url = url.replace("http", "ws", 1)
        return websocket.create_connection(url, cookie=prepared.headers["Cookie"], timeout=PATIENCE)

    def _run(self, socket, cell, number):
        """Run one cell and keep its outputs in it, as a browser does."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": self.session}
        header |= {"username": self.name, "version": "5.3", "date": datetime.datetime.now(datetime.UTC).isoformat()}
        content = {"code": "".join(cell["source"]), "silent": False, "store_history": True, "stop_on_error": True}
        content |= {"user_expressions": {}, "allow_stdin": False}
        request = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
        start = time.perf_counter()
        socket.send(json.dumps(request))
        reply, idle, cell["outputs"] = None, False, []
        while reply is None or not idle:
            received = socket.recv()
            if isinstance(received, bytes):  # widgets' buffers
                continue
            message = json.loads(received)
            if message["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            kind = message["header"]["msg_type"]
            if kind == "execute_reply":
                reply = message["content"]
            elif kind == "status":
                idle = message["content"]["execution_state"] == "idle"
            elif kind in ("stream", "display_data", "execute_result", "error"):
                if "output" not in self.times:
                    self._note("output")
                cell["outputs"].append(nbformat.v4.output_from_msg(message))
        cell["execution_count"] = number
        self.cells.append(time.perf_counter() - start)
        if reply["status"] != "ok":
            raise RuntimeError(f"{reply.get('ename')}: {reply.get('evalue')}")


class Meter(threading.Thread):
    """Looks at the memory and the CPU seconds of a process and its descendants, and at the machine's memory.

    Attributes:
        peak: bytes at the moment when all together had the most: "all", "hub", "proxy", "servers", "kernels". Pages
            that several processes share are counted once (proportional set size).
        last: the same at the last look.
        largest: the most bytes of one learner's server and kernel taken together, by their proportional set sizes.
        machine: the largest share of the machine's memory in use, by whomever.
        kernel_seconds: CPU seconds of each kernel, by process.
        others: cores that were busy with anything but the hub, its learners and this test, on average.
    """

    def __init__(self, process: int):
        """
        Args:
            process: the hub's number.
        """
        super().__init__(daemon=True)
        self.hub, self.over = psutil.Process(process), threading.Event()
        self.seconds, self.others = {}, 0.0
        self.peak, self.last, self.largest, self.machine, self.kernel_seconds = {"all": 0}, {}, 0, 0.0, {}

    def run(self) -> None:
        """Look every two seconds until `over` is set."""
        began, busy, own = time.perf_counter(), _busy_seconds(), time.process_time()
        while not self.over.wait(SAMPLE):
            self.look()
        ours = sum(self.seconds.values()) + time.process_time() - own
        self.others = max(0.0, _busy_seconds() - busy - ours) / (time.perf_counter() - began)

    def look(self) -> None:
        """Take one sample."""
        memory = psutil.virtual_memory()
        self.machine = max(self.machine, 1 - memory.available / memory.total)
        now = {"all": 0, "hub": 0, "proxy": 0, "servers": 0, "kernels": 0}
        learners = {}
        for process in [self.hub, *self.hub.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):  # it has just ended
                kind, size = part(process.cmdline()), process.memory_full_info().pss
                now[kind] += size
                now["all"] += size
                if kind in ("servers", "kernels"):
                    owner = process.environ().get("JUPYTERHUB_USER")
                    learners[owner] = learners.get(owner, 0) + size
                used = process.cpu_times()
                self.seconds[process.pid] = used.user + used.system
                if kind == "kernels":
                    self.kernel_seconds[process.pid] = used.user + used.system
        self.largest = max([self.largest, *learners.values()])
        self.last, self.peak = now, max(self.peak, now, key=lambda each: each["all"])


def _busy_seconds():
    """Return the CPU seconds that all cores have worked since the machine started."""
    times = psutil.cpu_times()
    return times.user + times.nice + times.system


def part(command: list[str]) -> str:
    """Say which part of the hub a process is by its command line: "hub", "proxy", "servers" or "kernels"."""
    line = " ".join(command)
    signs = {"ipykernel_launcher": "kernels", "learner.py": "servers", "jupyterhub-singleuser": "servers"}
    signs["configurable-http-proxy"] = "proxy"
    return next((kind for sign, kind in signs.items() if sign in line), "hub")


@contextlib.contextmanager
def hub(folder: pathlib.Path, port: int, proxy: str):
    """Run a JupyterHub of hub/loopback_config.py; give its address and process number, and end it all afterwards.

    Args:
        folder: an empty folder for the hub's files and the learners' homes.
        port: the first of three free ports.
        proxy: the command of configurable-http-proxy.

    Raises:
        RuntimeError: if the hub does not start; the message ends with the last lines of its log.
    """
    settings = {"HUB_FOLDER": folder, "HUB_PORT": port, "HUB_PROXY": proxy, "HUB_COURSE": ROOT}
    environment = os.environ | {key: str(value) for key, value in settings.items()}
    command = [sys.executable, "-m", "jupyterhub", "-f", str(FOLDER / "loopback_config.py")]
    address = f"http://127.0.0.1:{port}"
    with (folder / "hub.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        while not _answers(f"{address}/hub/api"):
            if process.poll() is not None:
                lines = (folder / "hub.log").read_text().splitlines()[-15:]
                raise RuntimeError("JupyterHub did not start; the last lines of its log:\n" + "\n".join(lines))
            time.sleep(0.2)
        yield address, process.pid
    finally:
        family = []
        if process.poll() is None:
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        process.terminate()  # the hub stops its proxy and its servers
        for left in psutil.wait_procs(family, timeout=60)[1]:
            left.kill()


def _answers(url):
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


def teach(learners: int, options: argparse.Namespace) -> dict:
    """Run one class on a fresh hub.

    Args:
        learners: how many.
        options: as from `parse`.

    Returns:
        Its figures: seconds of each learner, bytes at the peak, failures.
    """
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hub_"))
    try:
        with hub(folder, options.port, options.proxy) as (address, process):
            meter = Meter(process)
            meter.start()
            names = [f"learner{number}" for number in range(1, learners + 1)]
            class_ = [Learner(name, address, options.notebook, options.cells) for name in names]
            threads = [
                threading.Thread(target=each.work, args=(number * options.pause,), daemon=True)
                for number, each in enumerate(class_)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            meter.over.set()
            meter.join()
    finally:
        shutil.rmtree(folder)
    return {
        "learners": learners,
        "pause": options.pause,
        "cells": [[round(seconds, 2) for seconds in each.cells] for each in class_],
        "times": [{what: round(seconds, 2) for what, seconds in each.times.items()} for each in class_],
        "failures": [f"{each.name}: {each.failure}" for each in class_ if each.failure],
        "peak": meter.peak,
        "end": meter.last,
        "largest learner": meter.largest,
        "machine": round(meter.machine, 3),
        "others": round(meter.others, 2),
        "kernel seconds": [round(seconds, 1) for seconds in meter.kernel_seconds.values()],
    }


def why_not(run: dict, alone: dict) -> list[str]:
    """Return what keeps a class from being held, in words; empty if the machine holds.

    Args:
        run: the class's figures.
        alone: those of one learner.
    """
    reasons = ["a learner failed"] if run["failures"] else []
    if run["machine"] >= MOST_MEMORY:
        reasons.append("memory")
    if not run["failures"] and slowest(run, "lesson") > MOST_TIMES * slowest(alone, "lesson"):
        reasons.append("too slow")
    return reasons


def slowest(run: dict, what: str) -> float:
    """Return the seconds of the learner who waited longest, of those who came that far (0 if none did)."""
    return max((each[what] for each in run["times"] if what in each), default=0.0)


def table(results: dict) -> str:
    """Return the table of hub/README.md for the figures of `measure`."""
    machine, runs = results["machine"], sorted(results["runs"], key=lambda run: run["learners"])
    alone = next(run for run in runs if run["learners"] == 1)
    packages = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    pause = f"{runs[0]['pause']:g} seconds apart" if runs[0]["pause"] else "all at the same moment"
    count = len(alone["cells"][0])
    amount = "whole" if results["whole"] else f"the first {count} of its code cells"
    lines = [
        f"{results['date']}, {machine['cores']} cores ({machine['processor']}), {machine['gibibytes']:.1f} GiB,"
        f" Python {machine['python']}, {packages}. Notebook: `{results['notebook']}`, {amount}; {pause}.",
        "",
        "| learners | server ready (s) | first output (s) | lesson (s), median | slowest | times alone | CPU seconds"
        " | memory of hub and learners (GiB) | largest learner (GiB) | machine's memory in use | failures | holds |",
        "|---" * 12 + "|",
    ]
    for run in runs:
        done = [each["lesson"] for each in run["times"] if "lesson" in each]
        median = f"{statistics.median(done):.0f}" if done else "–"
        times = f"{slowest(run, 'lesson') / slowest(alone, 'lesson'):.1f}" if done else "–"
        used = f"{statistics.mean(run['kernel seconds']):.0f}" if run["kernel seconds"] else "–"
        cells = [run["learners"], f"{slowest(run, 'server'):.0f}", f"{slowest(run, 'output'):.0f}", median]
        cells += [f"{slowest(run, 'lesson'):.0f}", times, used, f"{run['peak']['all'] / 2**30:.1f}"]
        cells += [f"{run['largest learner'] / 2**30:.2f}", f"{100 * run['machine']:.0f} %", len(run["failures"])]
        cells.append("no: " + ", ".join(reasons) if (reasons := why_not(run, alone)) else "yes")
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    held = [run["learners"] for run in runs if not why_not(run, alone)]
    loads = [run["others"] for run in runs]
    others = f"{min(loads):.1f} to {max(loads):.1f}"
    busy = sum(alone["kernel seconds"]) / slowest(alone, "lesson")
    lines += [
        "",
        f"So this machine holds **{max(held)}** of the numbers tried."
        f" One learner alone keeps {busy:.1f} of {machine['cores']} cores busy;"
        f" after its last cell the kernel still has {alone['end']['kernels'] / 2**30:.1f} GiB, until it is stopped."
        " Seconds to the server and to the first output count from the log-in, slowest learner."
        " CPU seconds are a learner's kernel's, on average."
        f" Meanwhile other programs kept {others} cores busy.",
    ]
    return "\n".join(lines)


def write_readme(text: str, new_table: str) -> str:
    """Return the README's text with the table between the two marks replaced; see `tools.between`."""
    return between(text, BEGIN, END, new_table)


def measure(options: argparse.Namespace) -> dict:
    """Run every class, one after the other; return all figures with the machine they were taken on."""
    page = json.loads((ROOT / options.notebook).read_text(encoding="utf-8"))
    results = {
        "date": datetime.date.today().isoformat(),
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "gibibytes": psutil.virtual_memory().total / 2**30,
            "python": platform.python_version(),
        },
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "notebook": options.notebook,
        "whole": options.cells is None or options.cells >= len(code_cells(page)),
        "runs": [],
    }
    for learners in options.learners:
        results["runs"].append(run := teach(learners, options))
        if run["failures"] and learners == 1:
            raise SystemExit("there is nothing to compare with, one learner alone failed: " + run["failures"][0])
        print(json.dumps({key: value for key, value in run.items() if key != "cells"}), flush=True)
        if options.record:  # after each class: what was measured stays if a later one has to be stopped
            record(results)
    return results


def record(results: dict) -> None:
    """Write hub/results.json, and the table in hub/README.md."""
    text = write_readme(README.read_text(encoding="utf-8"), table(results))
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    README.write_text(text, encoding="utf-8")


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options: learners, notebook, cells, pause, port, proxy, record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    whole = {"type": _at_least_one}
    parser.add_argument("--learners", nargs="+", default=[1, 2, 4], metavar="N", help="default 1 2 4", **whole)
    parser.add_argument("--notebook", default="notebooks/day06_convolutions.ipynb", help="default Day 06's lesson")
    parser.add_argument("--cells", metavar="N", help="run only the first N code cells", **whole)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between the learners' log-ins; default 0")
    parser.add_argument("--port", type=int, default=8800, help="the first of three free ports; default 8800")
    parser.add_argument("--proxy", default="configurable-http-proxy", help="its command, if not on the path")
    parser.add_argument("--record", action="store_true", help="write hub/results.json and the table in hub/README.md")
    options = parser.parse_args(arguments)
    if options.learners[0] != 1:
        parser.error("--learners must begin with 1: the others are compared with one learner alone")
    return options


def _at_least_one(text):
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


def main() -> None:
    """Run the load test."""
    options = parse()
    if not shutil.which(options.proxy):
        raise SystemExit(
            f'"{options.proxy}" was not found: `npm install configurable-http-proxy`, then --proxy its path'
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that the hub is stopped, too
    print("\n" + table(measure(options)))


if __name__ == "__main__":
    main()
