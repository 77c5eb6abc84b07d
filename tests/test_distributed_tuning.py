"""keras-tuner's distributed mode as day 04 teaches it: one chief and two workers on loopback, then a resumed search."""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "examples" / "tune_on_many_machines.py"


def tune(folder, *options):
    """Run the rehearsal; return (process, worker that trained it by trial)."""
    environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"), "1")
    environment = {key: value for key, value in environment.items() if not key.startswith("KERASTUNER_")}
    command = [
        sys.executable,
        str(SCRIPT),
        "local",
        "--folder",
        str(folder),
        "--images",
        "200",
        "--epochs",
        "1",
        *options,
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    try:
        output, errors = process.communicate(timeout=1200)  # for children that hang; no measure of speed
        with pytest.raises(ProcessLookupError):  # the rehearsal leaves none of its processes behind
            os.killpg(process.pid, 0)
    finally:
        with contextlib.suppress(ProcessLookupError):  # chief and workers are in the group of the process we started
            os.killpg(process.pid, signal.SIGKILL)
    who = [line[::-1] for line in re.findall(r"^(\w+) has trained trial (\w+)$", output, re.MULTILINE)]
    return subprocess.CompletedProcess(command, process.returncode, output, errors), who


def finished(folder):
    """Return trial -> score as the search's own notes have them."""
    notes = [json.loads(path.read_text()) for path in (folder / "shared").glob("trial_*/trial.json")]
    assert all(note["status"] == "COMPLETED" for note in notes)
    return {note["trial_id"]: note["score"] for note in notes}


def test_two_workers_share_the_trials_and_a_longer_search_takes_up_the_first(tmp_path):
    process, who = tune(tmp_path, "--workers", "2", "--trials", "6")
    assert process.returncode == 0, process.stderr
    first = finished(tmp_path)
    assert sorted(trial for trial, _ in who) == sorted(first) == list("012345")  # each exactly once
    assert "chief" not in {name for _, name in who}
    assert {name for _, name in who} == {"worker1", "worker2"}
    assert len(re.findall(r"^trial \d: 0\.\d+ with .*learning_rate", process.stdout, re.MULTILINE)) == 6

    process, who = tune(tmp_path, "--workers", "1", "--trials", "7")
    assert process.returncode == 0, process.stderr
    assert who == [("6", "worker1")]
    assert {trial: score for trial, score in finished(tmp_path).items() if trial != "6"} == first


def test_a_worker_that_fails_ends_the_rehearsal_instead_of_waiting_for_ever(tmp_path):
    folder = tmp_path / "shared"
    folder.write_text("a file where the search wants a folder")
    process, who = tune(tmp_path, "--workers", "1", "--trials", "1")
    assert process.returncode == 1
    assert "failed; stopping the others" in process.stderr
    assert who == []
