"""utils/runtime.py: seed, number format, devices, and packages added without changing any."""

import os
import random
import re
import subprocess
import sys
import types
import venv
import zipfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest

from utils import runtime

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    """No seed from outside, and afterwards the number format and figure style as before."""
    monkeypatch.delenv("COURSE_SEED", raising=False)
    policy = keras.config.dtype_policy()
    with plt.rc_context():
        yield
    keras.config.set_dtype_policy(policy)


def draw(seed):
    runtime.setup(seed, precision="float32")
    return [keras.ops.convert_to_numpy(keras.random.normal((3,))).tolist(), np.random.rand(3).tolist(), random.random()]


def run_program(program, **environment):
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True
    )


# What setup does


def test_setup_prints_one_line_that_says_what_it_chose(capsys):
    ready = runtime.setup(seed=3, precision="float32")
    out = capsys.readouterr().out
    assert re.fullmatch(
        rf"Ready: Keras {re.escape(keras.__version__)} on {ready.backend} \d+\.\d+\S* · {ready.device} \(.+\)"
        r" · float32 · seed 3\n",
        out,
    )
    assert plt.rcParams["image.cmap"] == "cividis"


def test_the_same_seed_gives_the_same_random_numbers():
    first = draw(5)
    assert first == draw(5)
    assert all(one != other for one, other in zip(first, draw(6), strict=True))


def test_course_seed_overrides_the_seed(monkeypatch, capsys):
    wanted = draw(7)
    monkeypatch.setenv("COURSE_SEED", "7")
    assert draw(1) == wanted
    assert capsys.readouterr().out.endswith("· seed 7\n")


@pytest.mark.parametrize("text", ["one", "1.5", "", "--5", "-1", "²", "4294967296"])
def test_a_bad_course_seed_says_what_to_do(monkeypatch, text):
    monkeypatch.setenv("COURSE_SEED", text)
    with pytest.raises(ValueError, match=f'COURSE_SEED is "{text}": set it to a whole number such as 0, or unset it'):
        runtime.setup()


def test_an_unknown_precision_says_what_to_do():
    with pytest.raises(ValueError, match='precision "float23" is unknown: use "auto", "float32" or "mixed_bfloat16"'):
        runtime.setup(precision="float23")


@pytest.mark.parametrize(("likes", "precision"), [(True, "mixed_bfloat16"), (False, "float32")])
def test_precision_auto_follows_the_device(monkeypatch, likes, precision):
    monkeypatch.setattr(runtime, "likes_bfloat16", lambda device: likes)
    assert runtime.setup().precision == precision
    assert keras.config.dtype_policy().name == precision


@pytest.mark.parametrize(
    ("flags", "likes"),
    [
        ("fpu sse2 amx_bf16 amx_tile", True),
        ("fpu avx512f avx512_bf16", True),
        ("fpu sse2 avx2 avx512f", False),
        ("fpu not_avx512_bf16_at_all", False),
        (None, False),
    ],
)
def test_bfloat16_is_for_processors_with_a_unit_for_it(tmp_path, flags, likes):
    file = tmp_path / "cpuinfo"
    if flags is not None:
        file.write_text(f"model name\t: any\nflags\t\t: {flags}\n", encoding="utf-8")
    assert runtime.likes_bfloat16("CPU", str(file)) is likes
    assert runtime.likes_bfloat16("TPU", str(file)) is True


@pytest.mark.parametrize(
    ("platform", "count", "found"), [("cpu", 4, ("CPU", 1)), ("gpu", 2, ("GPU", 2)), ("tpu", 8, ("TPU", 8))]
)
def test_jax_is_asked_for_its_best_kind_of_device_only(monkeypatch, platform, count, found):
    jax = types.SimpleNamespace(default_backend=lambda: platform, device_count=lambda: count)
    monkeypatch.setitem(sys.modules, "jax", jax)
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    assert runtime.find_devices() == found


@pytest.mark.parametrize(("count", "found"), [(0, ("CPU", 1)), (2, ("GPU", 2))])
def test_torch_has_its_devices_counted(monkeypatch, count, found):
    cuda = types.SimpleNamespace(is_available=lambda: count > 0, device_count=lambda: count)
    monkeypatch.setitem(sys.modules, "torch", types.SimpleNamespace(cuda=cuda))
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    assert runtime.find_devices() == found


def test_a_model_trains_in_the_scope_of_two_devices():
    program = """
import tensorflow as tf
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], two)
from utils import runtime
import keras, numpy as np
keras.utils.set_random_seed(1)
scope = runtime._scope("CPU", 2)
with scope():
    print(tf.distribute.get_strategy().num_replicas_in_sync)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
x = np.linspace(-1, 1, 32).reshape(-1, 1)
losses = model.fit(x, 2 * x + 1, batch_size=8, epochs=5, verbose=0).history["loss"]
print(losses[0], losses[-1])
"""
    result = run_program(program, CUDA_VISIBLE_DEVICES="-1")
    assert result.returncode == 0, result.stderr
    replicas, first, last = map(float, result.stdout.split())
    assert replicas == 2
    assert last < 0.5 * first


# Notices of the imports


def test_withheld_notices_are_dropped_on_success(capfd):
    with runtime.withheld_stderr():
        os.write(2, b"a notice\n")
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "afterwards\n"


def test_withheld_notices_are_printed_on_failure(capfd):
    with pytest.raises(ImportError, match="broken"), runtime.withheld_stderr():
        os.write(2, b"a notice\n")
        os.write(2, b"another\n")
        raise ImportError("broken")
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "a notice\nanother\nafterwards\n"


def test_withheld_notices_without_a_line_end_are_dropped_too():
    program = "import sys; from utils import runtime\nwith runtime.withheld_stderr(): sys.stderr.write('a notice')"
    assert run_program(program).stderr == ""


def test_importing_prints_nothing():
    result = run_program("from utils import runtime")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


# Packages beyond the core


def test_a_package_missing_at_home_names_make_lab():
    runtime.provide(("numpy", "scikit-learn"))
    with pytest.raises(ModuleNotFoundError, match=r"needs course-missing, course-too: close it, run `make lab`"):
        runtime.setup(needs=("numpy", "course-missing", "course-too"))


def write_wheel(folder, name, version, requires=()):
    """Write the smallest wheel pip installs: one module that knows its version."""
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {each}\n" for each in requires)
    files = {
        f"{module}.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{module}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A fresh virtual environment that finds packages in one folder only, with course-base 1.0 installed."""
    folder = tmp_path_factory.mktemp("packages")
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    venv.create(folder / "venv", with_pip=True)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("PIP_", "PYTHON"))]:
            patch.delenv(name)
        patch.setenv("PIP_CONFIG_FILE", os.devnull)
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(folder))
        write_wheel(folder, "course-base", "1.0")
        runtime.add_packages(["course-base"], str(python))
        write_wheel(folder, "course-base", "2.0")
        write_wheel(folder, "course-content", "1.0", ["course-base>=1.0", "course-extra"])
        write_wheel(folder, "course-demanding", "1.0", ["course-base>=2.0"])
        write_wheel(folder, "course-pinned", "1.0", ["course-base==0.5"])
        write_wheel(folder, "course-extra", "1.0")
        yield str(python)


def version(python, name):
    """Return the version of an installed module, or None."""
    result = subprocess.run([python, "-c", f"import {name}; print({name}.version)"], capture_output=True, text=True)
    return result.stdout.strip() or None


def test_a_missing_package_is_added_and_nothing_is_upgraded(fresh):
    runtime.add_packages(["course-content"], fresh)
    assert version(fresh, "course_content") == version(fresh, "course_extra") == "1.0"
    assert version(fresh, "course_base") == "1.0"


def test_a_package_that_asks_for_an_upgrade_is_an_error(fresh, capfd):
    with pytest.raises(subprocess.CalledProcessError):
        runtime.add_packages(["course-demanding"], fresh)
    assert "course-demanding" in capfd.readouterr().err
    assert version(fresh, "course_base") == "1.0"
    assert version(fresh, "course_demanding") is None


def test_a_package_known_to_pin_too_tightly_comes_without_its_pins(fresh, monkeypatch):
    monkeypatch.setitem(runtime.WITHOUT_PINS, "course-pinned", ["course-extra"])
    runtime.add_packages(["course-pinned"], fresh)
    assert version(fresh, "course_pinned") == version(fresh, "course_extra") == "1.0"
    assert version(fresh, "course_base") == "1.0"


def test_colab_adds_what_is_missing(fresh, monkeypatch, tmp_path):
    write_wheel(tmp_path, "course-on-colab", "1.0")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    monkeypatch.setattr(sys, "executable", fresh)
    runtime.provide(("numpy", "course-on-colab"))
    assert version(fresh, "course_on_colab") == "1.0"


@pytest.mark.parametrize("module", sorted(path.stem for path in (ROOT / "utils").glob("[a-z]*.py")))
def test_every_helper_imported_first_leaves_tensorflow_set_up_and_quiet(module):
    # Without its switch, set before the import, TensorFlow leaves oneDNN's kernels off on many processors.
    code = f"import os, sys, utils.{module}; print('keras' in sys.modules, os.environ.get('TF_ENABLE_ONEDNN_OPTS'))"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0 and result.stderr == ""
    assert result.stdout.split() in (["False", "None"], ["True", "1"])
