"""Hold a lesson's results against bands measured over three seeds, and guard against silent failures.

For a learner a result outside its band prints a friendly line; with COURSE_STRICT=1 (the tests) it raises.
With COURSE_RECORD=FILE every value is appended to FILE as a JSON line, which is how `tools.bands` measures the bands.
"""

from __future__ import annotations

import json
import math
import os

import numpy as np


class OutsideBand(AssertionError):
    """A result lies outside the band measured over three seeds, or a guard found a silent failure."""


def expect(what: str, value: float, low: float = -math.inf, high: float = math.inf) -> None:
    """Compare a result with its band and print one line.

    Args:
        what: the result's name with its unit, such as "sine: test error (RMSE)".
        value: the result.
        low: lower end of the band.
        high: upper end of the band.

    Raises:
        ValueError: if neither end is given, or low is above high.
        OutsideBand: with COURSE_STRICT=1, if the value is not a number or outside the band.
    """
    if low > high or (math.isinf(low) and math.isinf(high)):
        raise ValueError(f"the band of “{what}” needs a lower or an upper end, in order; it has {low} and {high}")
    value = float(value)
    if path := os.environ.get("COURSE_RECORD"):
        with open(path, "a", encoding="utf-8") as record:
            record.write(json.dumps({"what": what, "value": value, "low": low, "high": high}) + "\n")
    _report(low <= value <= high, f"{what}: {value:.4g}", f"expected {_band(low, high)}")


def _band(low, high):
    if math.isinf(low):
        return f"at most {high:g}"
    return f"at least {low:g}" if math.isinf(high) else f"{low:g} to {high:g}"


def _report(passed, finding, wanted):
    if passed:
        print(f"✓ {finding} ({wanted})")
        return
    if os.environ.get("COURSE_STRICT") == "1":
        raise OutsideBand(f"{finding}, {wanted}")
    print(
        f"• {finding} ({wanted}). Did you change the code above? Then this is your own result: compare!"
        " If not, run the notebook again from the top (Run → Restart Kernel and Run All Cells)."
    )


def expect_varied(what: str, outputs, least: float = 1e-3) -> None:
    """Guard: the model must not give one answer for every input.

    Args:
        what: whose outputs these are.
        outputs: array of shape (inputs, …): the model's answers to different inputs.
        least: the smallest allowed ratio of the outputs' standard deviation over inputs to their largest size.

    Raises:
        OutsideBand: with COURSE_STRICT=1, if the outputs hardly vary or are not finite.
    """
    outputs = np.asarray(outputs, dtype="float64")
    spread = outputs.std(axis=0).max() / max(np.abs(outputs).max(), 1e-12)
    _report(
        bool(spread >= least), f"{what}: answers differ from input to input, spread {spread:.3g}", f"least {least:g}"
    )


def expect_learned(what: str, losses, factor: float = 0.5) -> None:
    """Guard: the training loss must have fallen.

    Args:
        what: whose losses these are.
        losses: sequence of the loss after each epoch.
        factor: the last loss must be below `factor` times the first.

    Raises:
        OutsideBand: with COURSE_STRICT=1, if the loss did not fall enough or is not a number.
    """
    ratio = float(losses[-1]) / float(losses[0])
    _report(ratio < factor, f"{what}: the loss fell to {ratio:.3g} of where it began", f"below {factor:g}")
