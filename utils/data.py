"""The data sets of the course: small files that come with it, checked by SHA-256, downloaded where missing.

    from utils import data
    penguins = data.load("penguins")  # a pandas.DataFrame
    images = data.load("fashion_mnist")["train_images"]  # a NumPy array

Environment variables: COURSE_DATA_URL (a mirror of the folder data/), COURSE_CACHE (the folder for
downloads), COURSE_TIMEOUT (seconds without a single byte before a download is given up; default 30).
"""

import difflib
import functools
import hashlib
import importlib
import json
import os
import shutil
import tempfile
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
TIMEOUT = 30.0  # seconds

# Archives of picture files that exist only as a download: path(name, size="full") unpacks them.
FULL_FOLDERS = {
    "dogs_vs_cats": {
        "file": "kagglecatsanddogs_5340.zip",
        "url": "https://download.microsoft.com/download/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/kagglecatsanddogs_5340.zip",
        "sha256": "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
        "folder": "PetImages",  # inside: Cat/0.jpg, Dog/0.jpg, ...
    }
}


class DataError(RuntimeError):
    """A data set cannot be had; the message says why and what to do."""


def load(name: str, size: str = "small") -> pd.DataFrame | dict[str, np.ndarray]:
    """Load a data set.

    Args:
        name: a name in data/registry.json, such as "nottem", "penguins", "titanic" or "fashion_mnist".
        size: "small" for the course's own file, which needs no internet, or "full" for the well-known
            original, which Keras downloads once.

    Returns:
        A table as a pandas.DataFrame, one row per observation, missing values as NaN; units stand in the
        column names (`temperature_c` in degrees Celsius), dates are text, such as "1920-01".
        Images as a dict of NumPy arrays: train_images and test_images of shape (images, height, width), with
        colours (images, height, width, channels), uint8 from 0 to 255; train_labels and test_labels of shape
        (images,) or, from Keras, (images, 1). Others have other keys: data/SOURCES.md and `list(arrays)` tell.

    Raises:
        DataError: unknown name or size; damaged file; missing file that cannot be downloaded.
    """
    if size == "full":
        return _load_full(name)
    file = path(name, size)
    if file.suffix == ".csv":
        return pd.read_csv(file)
    if file.suffix == ".npz":
        with np.load(file, allow_pickle=False) as arrays:
            return {key: arrays[key] for key in arrays.files}
    raise DataError(f"{file.name} is neither .csv nor .npz: open data.path({name!r}) yourself.")


def path(name: str, size: str = "small") -> Path:
    """Return the path of a data set's file on this computer, downloaded if need be and checked by SHA-256.

    Args:
        name: a name in data/registry.json; for size "full", "dogs_vs_cats".
        size: "small" for the course's own file; "full" for a folder of picture files, one subfolder per class, which
            is downloaded and unpacked once. Files that are no JPEG (some of the cats and dogs are not) are left out.

    Raises:
        DataError: unknown name or size; damaged file, which stays as it is; missing file that cannot be downloaded.
    """
    if size == "full":
        return _full_folder(name)
    if size != "small":
        raise DataError(f'There is no size {size!r}: choose "small" or "full".')
    entry = _entry(name)
    file = ROOT / "data" / entry["file"]
    if not file.exists():
        return _download(entry)
    status = file.stat()
    found = _checksum(file, status.st_mtime_ns, status.st_size)
    if found != entry["sha256"]:
        raise DataError(
            f"data/{entry['file']} is damaged or was edited: its SHA-256 begins with {found[:12]} instead of "
            f"{entry['sha256'][:12]}. Restore it with `git checkout -- data/{entry['file']}`, "
            "or delete it and it will be downloaded."
        )
    return file


def about(name: str) -> str:
    """Return one line on a data set: what it is, source, licence (DataError if the name is unknown)."""
    entry = _entry(name)
    return f"{name}: {entry['description']} Source: {entry['source']}. Licence: {entry['licence']}."


def _entry(name: str) -> dict:
    """Look a data set up in data/registry.json."""
    try:
        registry = json.loads((ROOT / "data" / "registry.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError("data/registry.json is missing or damaged: `git checkout -- data`.") from error
    if name not in registry:
        similar = difflib.get_close_matches(name, registry, n=1)
        hint = f" Did you mean {similar[0]!r}?" if similar else ""
        raise DataError(f"There is no data set {name!r}.{hint} There are: {', '.join(sorted(registry))}.")
    for key in ["file", "sha256", "description", "source", "licence"]:
        if key not in registry[name]:
            raise DataError(f"data/registry.json has no {key!r} for {name!r}: `git checkout -- data`.")
    return registry[name]


@functools.lru_cache
def _checksum(file: Path, modified: int, size: int) -> str:
    """Return a file's SHA-256; `modified` and `size` make it read a file once, and again after a change."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _download(entry: dict) -> Path:
    """Download a file into the cache unless it is there undamaged; a damaged download is not kept."""
    import pooch
    import requests

    try:
        timeout = float(os.environ.get("COURSE_TIMEOUT") or TIMEOUT)
    except ValueError:
        timeout = 0.0
    if not timeout > 0:
        raise DataError("COURSE_TIMEOUT must be a number of seconds above 0.")
    url = entry.get("url") or f"{_base_url()}/{entry['file']}"
    cache = _cache()
    downloader = pooch.HTTPDownloader(timeout=timeout, chunk_size=65_536)
    checksum = f"sha256:{entry['sha256']}"
    try:
        return Path(pooch.retrieve(url, checksum, fname=entry["file"], path=cache, downloader=downloader))
    except requests.exceptions.HTTPError as error:
        reason = f"the server answered {error.response.status_code} for {url}. Update the course: `git pull`."
    except requests.exceptions.RequestException as error:
        if isinstance(error, requests.exceptions.Timeout) or "timed out" in str(error):
            reason = f"nothing came from {url} for {timeout:g} seconds. Try again, or raise COURSE_TIMEOUT."
        else:
            reason = f"the connection to {url} failed ({type(error).__name__}). Is there internet?"
    except ValueError:
        reason = f"what came from {url} has the wrong checksum and was thrown away. Try again, or `git pull`."
    except OSError as error:
        reason = f"{cache} cannot be written ({error}). Set COURSE_CACHE to another folder."
    place = cache if "url" in entry else "the folder data/"
    raise DataError(
        f"{entry['file']} is not on this computer and could not be downloaded: {reason} "
        f"Or copy the file into {place} from another computer."
    )


def _cache() -> Path:
    """Return the folder for downloads."""
    import pooch

    return Path(os.environ.get("COURSE_CACHE") or pooch.os_cache("deep-learning-in-twenty-days"))


def _full_folder(name: str) -> Path:
    """Download an archive of pictures, unpack it once, return the folder with one subfolder per class."""
    if name not in FULL_FOLDERS:
        raise DataError(f"There is no folder of files {name!r}, only: {', '.join(sorted(FULL_FOLDERS))}.")
    entry = FULL_FOLDERS[name]
    folder = _cache() / name / entry["folder"]
    if folder.is_dir():  # moved here when it was complete
        return folder
    archive = _download(entry)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary, zipfile.ZipFile(archive) as files:
        for member in files.infolist():
            parts = member.filename.replace("\\", "/").split("/")
            if len(parts) != 3 or parts[0] != entry["folder"] or not parts[2].endswith(".jpg") or ".." in parts:
                continue
            with files.open(member) as picture:
                if b"JFIF" not in picture.read(10):
                    continue
            target = Path(temporary, *parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with files.open(member) as picture, target.open("wb") as copy:
                shutil.copyfileobj(picture, copy)
        Path(temporary, entry["folder"]).rename(folder)
    return folder


def _base_url() -> str:
    """Return the internet address of the folder data/: COURSE_DATA_URL, or pyproject.toml's repository."""
    if mirror := os.environ.get("COURSE_DATA_URL"):
        return mirror.rstrip("/")
    try:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        repository = project["project"]["urls"]["Repository"].rstrip("/").removesuffix(".git")
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise DataError("pyproject.toml does not name the repository: set COURSE_DATA_URL.") from error
    if not repository.startswith("https://github.com/"):
        raise DataError(f"No address of the data is known for {repository}: set COURSE_DATA_URL.")
    return repository.replace("https://github.com/", "https://raw.githubusercontent.com/", 1) + "/main/data"


def _load_full(name: str) -> dict[str, np.ndarray]:
    """Load the original through keras.datasets, which downloads it once."""
    entry = _entry(name)
    if "full" not in entry:
        raise DataError(f"{name!r} has no full version, small is all there is: data.load({name!r}).")
    module = importlib.import_module(entry["full"])
    try:
        (train_images, train_labels), (test_images, test_labels) = module.load_data()
    except Exception as error:  # Keras raises a plain Exception when a download fails
        raise DataError(
            f"The full {name!r} needs the internet, and {entry['full']} could not get it ({error}). "
            f'Without internet, data.load({name!r}, size="small") works.'
        ) from error
    return {
        "train_images": train_images,
        "train_labels": train_labels,
        "test_images": test_images,
        "test_labels": test_labels,
    }
