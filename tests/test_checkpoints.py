"""Checkpoints beside the lessons: small, honest about their making, and made by a script that can be interrupted."""

import csv
import hashlib
import importlib.util
import json

import numpy as np
import pytest

from tools import ROOT
from utils import data, pretrained
from utils.runtime import keras

CHECKPOINTS = sorted(ROOT.glob("course/*/checkpoints/*.npz"))


def test_there_are_checkpoints():
    assert {file.stem for file in CHECKPOINTS} >= {"judge", "gan", "diffusion", "plain", "attention", "transformer"}


@pytest.mark.parametrize("file", CHECKPOINTS, ids=lambda file: file.stem)
def test_a_checkpoint_is_small_and_says_how_it_was_made(file):
    assert file.stat().st_size <= 10_000_000
    assert (file.parent / "train.py").exists()
    about = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    assert about["bytes"] == file.stat().st_size, "the .json beside it describes another file"
    assert about["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert {"what", "steps", "seed", "minutes", "machine", "python", "keras", "backend"} <= set(about)
    with file.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        log = list(csv.DictReader(stream))
    assert len(log) >= 2
    if "step" in log[0]:
        steps = [int(row["step"]) for row in log]
        assert steps == sorted(set(steps)) and steps[-1] == about["steps"], "the log does not belong to this training"
    with np.load(file, allow_pickle=False) as arrays:
        assert all(np.isfinite(arrays[name]).all() for name in arrays)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A checkpoint of a tiny network, in a course of its own; returns its folder and the network."""
    folder = tmp_path / "course" / "day01_tiny" / "checkpoints"
    folder.mkdir(parents=True)
    network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    with (folder / "tiny.npz").open("wb") as stream:
        np.savez(stream, np.ones((3, 2), "float16"), np.full(2, 7.0, "float32"))
    about = {"seed": 1, "sha256": hashlib.sha256((folder / "tiny.npz").read_bytes()).hexdigest()}
    (folder / "tiny.json").write_text(json.dumps(about), encoding="utf-8")
    monkeypatch.setattr(data, "ROOT", tmp_path)
    return folder, network


def test_a_checkpoint_is_put_into_its_network(small):
    assert pretrained.checkpoint("day01_tiny", "tiny", small[1])["seed"] == 1
    np.testing.assert_array_equal(small[1].get_weights()[1], [7, 7])
    assert pretrained.checkpoint("day01_tiny", "tiny")["seed"] == 1


def test_a_damaged_checkpoint_says_what_to_do(small):
    folder, network = small
    content = bytearray((folder / "tiny.npz").read_bytes())
    for damage in (content[:50], b"", content[:-30] + b"!" + content[-29:]):
        (folder / "tiny.npz").write_bytes(damage)
        with pytest.raises(data.DataError, match="tiny of day01_tiny is missing or damaged: `git checkout"):
            pretrained.checkpoint("day01_tiny", "tiny", network)
    (folder / "tiny.npz").unlink()
    with pytest.raises(data.DataError, match="missing or damaged"):
        pretrained.checkpoint("day01_tiny", "tiny", network)


def test_a_network_of_another_build_is_refused(small):
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(5)])
    before = other.get_weights()
    with pytest.raises(ValueError, match="another build"):
        pretrained.checkpoint("day01_tiny", "tiny", other)
    assert all(map(np.array_equal, before, other.get_weights()))


class Interruption(Exception):
    pass


def test_an_interrupted_training_of_day_10_goes_on_as_if_nothing_had_happened(tmp_path, monkeypatch):
    file = ROOT / "course" / "day10_generative_images" / "checkpoints" / "train.py"
    spec = importlib.util.spec_from_file_location("train_day10", file)
    train = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(train)
    ready = train.runtime.setup(seed=1, precision="float32")
    monkeypatch.setattr(train, "CHUNK", 2)

    def weights(folder, stop_after=None):
        """Train four rounds, stopped once after `stop_after` saved states; return the checkpoint's arrays."""
        (folder / "out").mkdir(parents=True)
        monkeypatch.setattr(train, "HERE", folder / "out")
        monkeypatch.setattr(train, "STATE", folder / "state")
        save, saved = train.save_state, []

        def save_and_stop(*arguments):
            save(*arguments)
            saved.append(arguments)
            if len(saved) == stop_after:
                raise Interruption

        with monkeypatch.context() as patch:
            patch.setattr(train, "save_state", save_and_stop)
            if stop_after:
                with pytest.raises(Interruption):
                    train.train_gan(ready, steps=4)
            train.train_gan(ready, steps=4)
        assert not (folder / "state" / "gan.npz").exists(), "the state must be cleared at the end"
        with np.load(folder / "out" / "gan.npz", allow_pickle=False) as arrays:
            return [arrays[f"arr_{number}"] for number in range(len(arrays))]

    straight, stopped = weights(tmp_path / "straight"), weights(tmp_path / "stopped", stop_after=1)
    assert len(straight) == len(stopped)
    apart = [np.abs(one.astype("float32") - other) > 1e-4 for one, other in zip(straight, stopped, strict=True)]
    assert np.mean(np.concatenate([each.ravel() for each in apart])) < 0.01  # a step of Adam is 4e-4
    with (tmp_path / "stopped" / "out" / "gan.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["step"] for row in csv.DictReader(stream)] == ["2", "4"], "it began anew"
    about = json.loads((tmp_path / "stopped" / "out" / "gan.json").read_text(encoding="utf-8"))
    assert about["steps"] == 4 and about["seed"] == 1
