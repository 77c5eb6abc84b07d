"""The lessons on JAX and PyTorch. Run after `python -m tools.backends`, which leaves them in build/backends/."""

import pytest

from tools import ROOT
from tools.backends import EXECUTED, stated
from tools.works import result

DAYS = sorted(path.stem for path in (ROOT / "notebooks").glob("day*.ipynb"))
RUNS = [(backend, day) for backend in ("jax", "torch") for day in DAYS if backend in stated(day)]


@pytest.mark.parametrize("backend, day", RUNS, ids=[f"{backend}-{day}" for backend, day in RUNS])
def test_a_lesson_runs_whole_on_each_backend_it_states(backend, day):
    found = result(EXECUTED / backend / f"{day}.ipynb")
    assert found["ready"].split(" on ")[1].startswith(backend)
    assert found["passed"], found["error"]
    if not found["shorter"]:
        assert found["results"] and found["kept"] >= 0.9 * found["results"]
