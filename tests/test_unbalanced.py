"""The two unbalanced tables of day 17: what is in them, what may give the answer away, what their text says of them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from utils import data

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def churn():
    return data.load("churn")


@pytest.fixture(scope="module")
def loans():
    return data.load("loans")


def test_churn(churn):
    assert churn.shape == (5000, 20) and not churn.isna().any(axis=None)
    assert churn["churn"].value_counts().to_dict() == {"no": 4293, "yes": 707}
    assert set(churn["international_plan"]) == set(churn["voice_mail_plan"]) == {"no", "yes"}
    assert churn["state"].nunique() == 51
    assert (churn.select_dtypes("number") >= 0).all(axis=None)


@pytest.mark.parametrize(("time", "price"), [("day", 0.17), ("eve", 0.085), ("night", 0.045), ("intl", 0.27)])
def test_each_charge_is_its_minutes_times_a_price(churn, time, price):
    apart = churn[f"total_{time}_charge"] - price * churn[f"total_{time}_minutes"]
    assert apart.abs().max() < 0.006  # the cent, rounded


def test_loans(loans):
    assert loans.shape == (9857, 23) and not loans.isna().any(axis=None)
    assert loans["loan"].value_counts().to_dict() == {"good": 9340, "bad": 517}
    assert set(loans["term"]) == {"term_36", "term_60"}
    assert sorted(loans["sub_grade"].unique()) == [f"{grade}{step}" for grade in "ABCDEFG" for step in range(1, 6)]
    assert loans["funded_amnt"].between(1000, 40_000).all() and loans["int_rate"].between(5, 29).all()


def test_riskier_grades_pay_more_and_fail_more(loans):
    bad = (loans["loan"] == "bad").groupby(loans["sub_grade"].str[0]).mean()
    assert bad.is_monotonic_increasing and bad["A"] < 0.02 and bad["G"] > 0.2
    assert loans.groupby(loans["sub_grade"].str[0])["int_rate"].mean().is_monotonic_increasing


@pytest.mark.parametrize(("name", "target"), [("churn", "churn"), ("loans", "loan")])
def test_no_row_stands_twice_and_no_column_gives_the_answer_away(name, target):
    table = data.load(name)
    assert not table.duplicated().any()
    truth = (table[target] == table[target].value_counts().index[-1]).to_numpy()
    for column in table.columns.drop(target):
        codes = pd.factorize(table[column])[0]
        if table[column].nunique() > 100:  # cut into a hundred parts of equal size
            codes = pd.qcut(table[column], 100, labels=False, duplicates="drop").to_numpy()
        majority = pd.Series(truth).groupby(codes).transform("mean").to_numpy() > 0.5
        assert np.mean(majority == truth) < 0.95, f"{column} alone"


def test_what_the_registry_says_of_them():
    registry = json.loads((ROOT / "data" / "registry.json").read_text(encoding="utf-8"))
    sources = (ROOT / "data" / "SOURCES.md").read_text(encoding="utf-8")
    assert registry["churn"]["days"] == registry["loans"]["days"] == [17]
    assert "Artificial" in registry["churn"]["description"] and "artificial based on claims" in sources
    for name in ("churn", "loans"):
        assert f"## {name}\n" in sources and "modeldata authors" in registry[name]["licence"]
        assert "modeldata authors" in (ROOT / "data" / registry[name]["licence_file"]).read_text(encoding="utf-8")
