from __future__ import annotations

import pytest

from custseg.clustering.engines import pushed_down


@pytest.fixture
def steps_in_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start fits from some of the customers, as those of large tables do, so that steps of all of them follow."""
    monkeypatch.setattr(pushed_down, "SAMPLE_SIZE", 60)
