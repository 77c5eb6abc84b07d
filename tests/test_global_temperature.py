"""The temperature of the Earth: what is in the file, and how the script reads and checks the package."""

import importlib
import io
import sys
import tarfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from utils import data

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "data"))
    monkeypatch.delitem(sys.modules, "build", raising=False)
    yield importlib.import_module("build")
    sys.modules.pop("build", None)


def package(table):
    """Write a table as the package keeps it: a .tgz with package/data/global-temp.csv."""
    content, buffer = table.to_csv(index=False).encode(), io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo("package/data/global-temp.csv")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def as_in_the_package():
    return data.load("global_temperature").rename(columns={"anomaly_c": "temp"})


def test_every_year_once_and_measured_from_1951_to_1980():
    table = data.load("global_temperature")
    assert list(table.columns) == ["year", "anomaly_c"] and not table.isna().any(axis=None)
    assert table["year"].tolist() == list(range(1880, 2024))
    anomaly = table.set_index("year")["anomaly_c"]
    assert abs(anomaly.loc[1951:1980].mean()) < 0.005
    assert np.allclose(anomaly * 100, (anomaly * 100).round())  # two decimals, as NASA publishes them


def test_it_shows_what_the_series_is_known_for():
    anomaly = data.load("global_temperature").set_index("year")["anomaly_c"]
    assert anomaly.idxmax() == 2023 and 1.1 < anomaly.max() < 1.25
    assert -0.5 < anomaly.min() < -0.4 and anomaly.idxmin() in (1904, 1909, 1911, 1917)
    assert anomaly[1992] < anomaly[1991] - 0.1  # after the eruption of Pinatubo
    assert anomaly[1998] > anomaly[[1997, 1999]].max() + 0.1  # El Niño
    decades = anomaly.loc[1960:2019].groupby(anomaly.loc[1960:2019].index // 10).mean()
    assert (decades.diff().dropna() > 0).all()
    slope = np.polyfit(np.arange(1970, 2024), anomaly.loc[1970:], 1)[0]
    assert 0.17 < 10 * slope < 0.21  # degrees per decade


def test_the_script_makes_the_same_bytes_from_the_same_table(script):
    content = script.global_temperature_bytes(package(as_in_the_package()))
    assert content == (ROOT / "data" / "global_temperature.csv").read_bytes()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda table: table.drop(index=70),
        lambda table: table.iloc[::-1],
        lambda table: table.assign(temp=table["temp"] + 0.3),  # measured from another zero
        lambda table: table.assign(temp=table["temp"].where(table["year"] != 1990)),
        lambda table: pd.concat([table, table.tail(1)]),
    ],
    ids=["a year is missing", "newest first", "another zero", "an empty value", "a year twice"],
)
def test_the_script_refuses_another_table(script, spoil):
    with pytest.raises(SystemExit, match="global_temperature"):
        script.global_temperature_bytes(package(spoil(as_in_the_package())))


def test_the_licence_is_named_and_there():
    assert "public domain" in data.about("global_temperature")
    text = (ROOT / "data" / "LICENSES" / "US-government-work.txt").read_text(encoding="utf-8")
    assert text.startswith("global_temperature.csv") and "17 U.S.C. 105" in text
