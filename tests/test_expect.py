"""utils/expect.py: bands and guards."""

import json
import math

import pytest

from utils.expect import OutsideBand, expect, expect_learned, expect_varied


@pytest.fixture(autouse=True)
def learner(monkeypatch):
    """Neither strict nor recording, as at a learner's desk."""
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    monkeypatch.delenv("COURSE_RECORD", raising=False)


@pytest.fixture
def strict(monkeypatch):
    """Strict, as in the tests of the notebooks."""
    monkeypatch.setenv("COURSE_STRICT", "1")


@pytest.mark.parametrize(
    ("band", "words"),
    [
        ({"low": 1, "high": 5}, "expected 1 to 5"),
        ({"low": 1}, "expected at least 1"),
        ({"high": 5}, "expected at most 5"),
        ({"low": 3, "high": 3}, "expected 3 to 3"),
    ],
)
def test_a_result_inside_its_band_prints_one_line(band, words, capsys, strict):
    expect("error (mm)", 3, **band)
    assert capsys.readouterr().out == f"✓ error (mm): 3 ({words})\n"


@pytest.mark.parametrize("value", [0.999, 5.001, math.nan, math.inf, -math.inf])
def test_a_result_outside_its_band_is_met_kindly(value, capsys):
    expect("error (mm)", value, low=1, high=5)
    out = capsys.readouterr().out
    assert out.startswith(f"• error (mm): {value:.4g} (expected 1 to 5). ") and out.count("\n") == 1
    assert "run the notebook again from the top" in out


@pytest.mark.parametrize("value", [0.999, 5.001, math.nan, math.inf, -math.inf])
def test_a_result_outside_its_band_raises_when_strict(value, strict):
    with pytest.raises(OutsideBand, match=r"^error \(mm\): .*, expected 1 to 5$"):
        expect("error (mm)", value, low=1, high=5)


def test_every_result_is_recorded_inside_or_outside(tmp_path, monkeypatch):
    record = tmp_path / "record.jsonl"
    monkeypatch.setenv("COURSE_RECORD", str(record))
    expect("Fehler (m²)", 3, low=1, high=5)
    expect("error", 0.25, low=1)
    first, second = map(json.loads, record.read_text(encoding="utf-8").splitlines())
    assert first == {"what": "Fehler (m²)", "value": 3.0, "low": 1, "high": 5}
    assert second == {"what": "error", "value": 0.25, "low": 1, "high": math.inf}


@pytest.mark.parametrize("band", [{}, {"low": 5, "high": 1}])
def test_a_band_without_ends_or_upside_down_is_refused(band):
    with pytest.raises(ValueError, match="the band of “error” needs a lower or an upper end, in order"):
        expect("error", 3, **band)


GUARDED = [
    (expect_varied, [[0.2, 0.8], [0.7, 0.3], [0.4, 0.6]], True),
    (expect_varied, [[0.2, 0.8], [0.2, 0.8], [0.2, 0.8]], False),  # differs from class to class only
    (expect_varied, [[1000.0], [1000.1]], False),
    (expect_varied, [[0.0], [0.0]], False),
    (expect_varied, [[0.2], [math.nan]], False),
    (expect_learned, [1.0, 0.7, 0.4], True),
    (expect_learned, [1.0, 0.2, 0.6], False),
    (expect_learned, [1.0, 1.0], False),
    (expect_learned, [1.0, math.nan], False),
    (expect_learned, [math.nan, 1.0], False),
]


@pytest.mark.parametrize(("guard", "values", "passes"), GUARDED)
def test_guards_tell_success_from_silent_failure(guard, values, passes, capsys):
    guard("network", values)
    assert capsys.readouterr().out.startswith("✓ network: " if passes else "• network: ")


@pytest.mark.parametrize(("guard", "values"), [each[:2] for each in GUARDED if not each[2]])
def test_guards_raise_when_strict(guard, values, strict):
    with pytest.raises(OutsideBand, match=r"^network: "):
        guard("network", values)


def test_guards_take_their_threshold_from_the_caller(capsys, strict):
    expect_learned("network", [1.0, 0.6], factor=0.7)
    expect_varied("network", [[1000.0], [1000.1]], least=1e-5)
    assert capsys.readouterr().out.count("✓") == 2
