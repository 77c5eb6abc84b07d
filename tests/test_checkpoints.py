"""Checkpoints beside the lessons: small, honest about their making, and made by a script that can be interrupted."""

import csv
import hashlib
import importlib.util
import json

import numpy as np
import pytest

from tools import ROOT, training
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


def test_a_recipe_is_the_cells_with_its_tag(tmp_path):
    lesson = tmp_path / "lesson.py"
    lesson.write_text('# %% tags=["recipe"]\nhalf = whole / 2\n\n# %%\nhalf = 0\n', encoding="utf-8")
    assert training.recipe(lesson, whole=8)["half"] == 4
    with pytest.raises(ValueError, match="no cell with the tag “other”"):
        training.recipe(lesson, "other")


def test_a_log_grows_and_is_cut_where_the_state_ends(tmp_path):
    log = tmp_path / "work" / "log.csv"
    training.cut_log(log, 3)
    assert not log.exists()
    for step in (1, 2, 3):
        training.append(log, {"step": step, "loss": step / 3})
    assert log.read_bytes() == b"step,loss\n1,0.33333\n2,0.66667\n3,1.0\n"
    training.cut_log(log, 2)
    training.append(log, {"step": 3, "loss": 7})
    assert log.read_bytes() == b"step,loss\n1,0.33333\n2,0.66667\n3,7\n"
    training.cut_log(log, 0)
    training.append(log, {"step": 1, "loss": 8})
    assert log.read_bytes() == b"step,loss\n1,8\n"


def with_optimizer(outputs):
    """A tiny network that has taken one step, and its optimizer."""
    network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(outputs), keras.layers.Dropout(0.5)])
    network.compile(keras.optimizers.Adam(), "mse")
    network.train_on_batch(np.ones((4, 3)), np.ones((4, outputs)))
    return [network, network.optimizer]


def test_a_state_comes_back_whole_or_not_at_all(tmp_path):
    file, (one, other) = tmp_path / "work" / "state.npz", (with_optimizer(2), with_optimizer(2))
    before = training.values_of(other)
    assert training.restore(file, other) == {}
    assert all(map(np.array_equal, before, training.values_of(other)))
    training.save(file, training.values_of(one), step=4, seconds=1.5)
    numbers = training.restore(file, other)
    assert (int(numbers["step"]), float(numbers["seconds"]), set(numbers)) == (4, 1.5, {"step", "seconds"})
    assert all(map(np.array_equal, training.values_of(one), training.values_of(other)))
    assert [each.name for each in file.parent.iterdir()] == ["state.npz"]
    wide = with_optimizer(5)
    before = training.values_of(wide)
    with pytest.raises(ValueError, match="another build"):
        training.restore(file, wide)
    assert all(map(np.array_equal, before, training.values_of(wide)))


def test_a_published_checkpoint_describes_itself_and_leaves_no_state(tmp_path, capsys):
    log = tmp_path / "tiny.csv"
    out = tmp_path / "out"
    out.mkdir()
    training.append(log, {"step": 1, "loss": 0.5})
    training.save(log.with_suffix(".npz"), [np.ones(2)], step=1)
    training.publish(out, "tiny", [np.full((2, 2), 0.1, "float32"), np.full(2, 0.1, "float32")], {"seed": 3}, log)
    content = (out / "tiny.npz").read_bytes()
    about = json.loads((out / "tiny.json").read_text(encoding="utf-8"))
    assert (about["seed"], about["bytes"], about["sha256"]) == (3, len(content), hashlib.sha256(content).hexdigest())
    assert {"machine", "python", "keras", "backend"} <= set(about) and json.loads(capsys.readouterr().out) == about
    with np.load(out / "tiny.npz", allow_pickle=False) as arrays:
        assert [str(arrays[name].dtype) for name in ("arr_0", "arr_1")] == ["float16", "float32"]
    assert (out / "tiny.csv").read_text(encoding="utf-8") == "step,loss\n1,0.5\n"
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


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
