"""Set up a notebook: seed, device, number format, one printed line that says which.

Importing this module imports Keras (and its backend) without the start-up notices that would otherwise open every
notebook. They are withheld, not lost: if the import fails, they are printed with the error.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.metadata
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# oneDNN picks its kernels by processor and thread count; results are compared with bands, not bit by bit.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


@contextlib.contextmanager
def withheld_stderr():
    """Withhold what is written to file descriptor 2 inside the block; print it only if the block raises."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as store:
        kept = os.dup(2)
        os.dup2(store.fileno(), 2)
        try:
            try:
                yield
            finally:
                sys.stderr.flush()  # what is still in Python's buffer belongs to the block, too
        except BaseException:
            store.seek(0)
            os.write(kept, store.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


with withheld_stderr():
    import keras


@dataclasses.dataclass(frozen=True)
class Runtime:
    """What `setup` chose.

    Attributes:
        seed: the seed of Python, NumPy and the Keras backend.
        backend: "tensorflow", "jax" or "torch".
        device: "CPU", "GPU" or "TPU".
        device_count: how many of them.
        precision: the Keras dtype policy, "float32" or "mixed_bfloat16".
        scope: call it in a `with` statement around the building and the training of a model; several devices then share
            the work. With one device, and on the PyTorch backend, it changes nothing.
    """

    seed: int
    backend: str
    device: str
    device_count: int
    precision: str
    scope: object

    def __str__(self):
        cores = f"{os.cpu_count()} cores, no GPU found and none needed" if self.device == "CPU" else self.device_count
        version = importlib.import_module(self.backend).__version__
        return (
            f"Ready: Keras {keras.__version__} on {self.backend} {version} · {self.device} ({cores})"
            f" · {self.precision} · seed {self.seed}"
        )


def setup(seed: int = 1, precision: str = "auto", needs: tuple[str, ...] = ()) -> Runtime:
    """Seed everything, choose device and number format, set the figure style, print one line.

    Args:
        seed: used unless the environment variable COURSE_SEED is set (the band tool sets it to 0, 1, 2).
        precision: "auto" takes "mixed_bfloat16" where the device computes faster in it, else "float32";
            or the name of a Keras dtype policy to insist on.
        needs: packages beyond the course's core (names as pip knows them). On Colab the missing ones are added without
            changing anything that is installed; elsewhere a missing one is an error that says what to run.

    Returns:
        A Runtime.

    Raises:
        ValueError: for an unknown precision or a COURSE_SEED that is not a whole number.
        ModuleNotFoundError: if a needed package is missing and this is not Colab.
    """
    provide(needs)
    seed = _seed(seed)
    device, count = find_devices()
    if precision == "auto":
        precision = "mixed_bfloat16" if likes_bfloat16(device) else "float32"
    if precision not in ("float32", "mixed_bfloat16", "mixed_float16", "bfloat16", "float64"):
        raise ValueError(f'precision "{precision}" is unknown: use "auto", "float32" or "mixed_bfloat16"')
    keras.utils.set_random_seed(seed)
    keras.config.set_dtype_policy(precision)
    if keras.backend.backend() == "tensorflow" and device == "CPU":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
        tf.get_logger().setLevel("ERROR")  # small models called on new shapes make it warn of "retracing"
    from utils import plots

    plots.use_course_style()
    runtime = Runtime(seed, keras.backend.backend(), device, count, precision, _scope(device, count))
    print(runtime)
    return runtime


def _seed(seed):
    text = os.environ.get("COURSE_SEED", str(seed))
    if not (text.isascii() and text.isdigit() and int(text) < 2**32):
        raise ValueError(f'COURSE_SEED is "{text}": set it to a whole number such as 0, or unset it')
    return int(text)


def find_devices() -> tuple[str, int]:
    """Return the best kind of device the Keras backend sees, "TPU", "GPU" or "CPU", and how many there are."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        for kind in ("TPU", "GPU"):
            if found := tf.config.list_logical_devices(kind):
                return kind, len(found)
        return "CPU", 1
    if keras.backend.backend() == "jax":
        import jax

        kind = jax.default_backend().upper()  # the best one; asking for a kind that is absent would be an error
        return kind, 1 if kind == "CPU" else jax.device_count()
    import torch

    return ("GPU", torch.cuda.device_count()) if torch.cuda.is_available() else ("CPU", 1)


def likes_bfloat16(device: str, processor_info: str = "/proc/cpuinfo") -> bool:
    """Return whether bfloat16 is the faster format: TPUs, GPUs from compute capability 8.0, CPUs with a bf16 unit.

    Args:
        device: "CPU", "GPU" or "TPU".
        processor_info: the file in which Linux lists the processor's abilities; elsewhere there is none, and float32
            is the answer.
    """
    if device == "TPU":
        return True
    if device == "GPU":
        if keras.backend.backend() != "tensorflow":
            return True
        import tensorflow as tf

        details = tf.config.experimental.get_device_details(tf.config.list_physical_devices("GPU")[0])
        return details.get("compute_capability", (0, 0)) >= (8, 0)
    info = pathlib.Path(processor_info)
    flags = set(info.read_text().split()) if info.exists() else set()
    return bool(flags & {"amx_bf16", "avx512_bf16"})


def _scope(device, count):
    """Return a function that gives a context manager: data-parallel over several devices, nothing for one.

    It is a scope and not a setting for the whole notebook because on JAX every batch inside it must be divisible by
    the number of devices, the last one of an epoch and those of `predict` included.
    """
    if count < 2:
        return contextlib.nullcontext
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        names = [each.name for each in tf.config.list_logical_devices(device)]
        return tf.distribute.MirroredStrategy(names).scope
    if keras.backend.backend() == "jax":
        return keras.distribution.DataParallel().scope
    return contextlib.nullcontext  # keras.distribution has nothing for PyTorch yet


def on_colab() -> bool:
    """Return whether this notebook runs in Google Colab."""
    return "google.colab" in sys.modules


def provide(needs: tuple[str, ...]) -> None:
    """Make sure that the packages are there; on Colab add the missing ones, everything installed held as it is.

    Args:
        needs: package names as pip knows them.

    Raises:
        ModuleNotFoundError: if one is missing and this is not Colab.
        subprocess.CalledProcessError: if pip fails on Colab (its output stands above the error).
    """
    missing = [name for name in needs if not _installed(name)]
    if not missing:
        return
    if not on_colab():
        raise ModuleNotFoundError(
            f"this notebook needs {', '.join(missing)}: close it, run `make lab` in the course folder"
            " (README.md has the lines for Windows), and open it again"
        )
    add_packages(missing, sys.executable)


def _installed(name):
    try:
        return bool(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False


# These pin versions of packages that Colab holds newer; they run with the newer ones, so they come without their pins.
WITHOUT_PINS = {"tf-agents": ["gym==0.23.0", "gym-notices", "gin-config"]}


def add_packages(missing: list[str], python: str) -> None:
    """Install packages into the environment of `python` so that no installed package changes its version.

    Args:
        missing: package names as pip knows them.
        python: path of the interpreter.

    Raises:
        subprocess.CalledProcessError: if pip fails.
    """
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    held = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        constraints = pathlib.Path(folder) / "held.txt"
        # Lines such as "name @ file:///…" can't be constraints; pip leaves those packages alone anyway.
        constraints.write_text("\n".join(line for line in held.splitlines() if "==" in line and " @ " not in line))
        for name in missing:
            if name in WITHOUT_PINS:
                subprocess.run([*pip, "install", "--no-deps", name, *WITHOUT_PINS[name]], check=True)
            else:
                subprocess.run([*pip, "install", "-c", str(constraints), name], check=True)
