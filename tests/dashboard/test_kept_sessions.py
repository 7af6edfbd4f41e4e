"""What a server keeps of sessions: it comes back by its token alone, and goes when its time is over."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, SegmentationModel
from dashboard.kept_sessions import KeptSessions

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "a-token-that-nobody-guesses"  # noqa: S105 - of a test


@pytest.fixture
def model() -> SegmentationModel:
    generator = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "who": [f"c{row}" for row in range(60)],
            "spend": generator.lognormal(4, 1, 60).round(2),
            "days_since": np.where(np.arange(60) % 5 == 0, -1, generator.integers(1, 90, 60)),
            "plan": np.array(["basic", "pro"])[np.arange(60) % 2],
        }
    )
    table = CustomerTable.read(frame, missing={"days_since": [-1]}, title="Brought <b>in</b>")
    model = SegmentationModel(table.change(roles={"plan": "ignored"}, labels={"spend": "money"}), k=3, seed=4)
    model.run_clustering()
    model.rename(1, "Ours")
    return model


def test_a_session_comes_back_with_its_customers(model: SegmentationModel, tmp_path: Path) -> None:
    kept = KeptSessions(tmp_path, minutes=5)
    kept.keep_customers(TOKEN, model.table)
    kept.keep(TOKEN, model.project)
    found = KeptSessions(tmp_path, minutes=5).find(TOKEN)
    assert found is not None
    assert found.customers is not None
    again = SegmentationModel(found.customers)
    assert again.open_project(found.project) == ()
    assert again.words is not None
    assert model.result is not None
    assert again.result is not None
    assert "Ours" in again.words.names
    np.testing.assert_array_equal(again.result.labels, model.result.labels)
    assert again.table.identifiers.tolist() == model.table.identifiers.tolist()
    assert (again.table.title, again.table.remarks) == (model.table.title, model.table.remarks)


def test_another_token_finds_nothing(model: SegmentationModel, tmp_path: Path) -> None:
    kept = KeptSessions(tmp_path, minutes=5)
    kept.keep(TOKEN, model.project)
    for other in ("", "x", f"{TOKEN}x", "../", "/etc", "\0", "*"):
        assert kept.find(other) is None


def test_only_its_owner_can_look_into_it(model: SegmentationModel, tmp_path: Path) -> None:
    KeptSessions(tmp_path, minutes=5).keep(TOKEN, model.project)
    (folder,) = tmp_path.iterdir()
    assert TOKEN not in folder.name
    assert not stat.S_IMODE(folder.stat().st_mode) & 0o077


def grow_old(root: Path) -> None:
    for path in root.rglob("*"):
        os.utime(path, (0, 0))


def test_what_is_overdue_is_not_found_and_goes_when_a_server_starts(model: SegmentationModel, tmp_path: Path) -> None:
    kept = KeptSessions(tmp_path, minutes=5)
    kept.keep(TOKEN, model.project)
    grow_old(tmp_path)
    assert kept.find(TOKEN) is None
    KeptSessions(tmp_path, minutes=5)
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_is_there_keeps_its_session_and_one_that_was_left_goes_after_its_time(
    model: SegmentationModel, tmp_path: Path
) -> None:
    kept, started_later = KeptSessions(tmp_path, minutes=5), KeptSessions(tmp_path, minutes=5)
    kept.arrive(TOKEN)
    kept.keep_customers(TOKEN, model.table)
    kept.keep(TOKEN, model.project)
    grow_old(tmp_path)
    kept.tidy()
    # Another server of the machine tidies up too, after this one.
    started_later.tidy()
    assert kept.find(TOKEN) is not None
    grow_old(tmp_path)
    kept.leave(TOKEN)
    kept.tidy()
    assert kept.find(TOKEN) is not None
    grow_old(tmp_path)
    kept.tidy()
    assert list(tmp_path.iterdir()) == []


def test_what_a_server_kept_that_was_killed_goes_after_its_time(model: SegmentationModel, tmp_path: Path) -> None:
    killed = KeptSessions(tmp_path, minutes=5)
    killed.arrive(TOKEN)
    killed.keep(TOKEN, model.project)
    following = KeptSessions(tmp_path, minutes=5)
    assert following.find(TOKEN) is not None
    grow_old(tmp_path)
    following.tidy()
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_no_more_does_not_come_back(model: SegmentationModel, tmp_path: Path) -> None:
    kept = KeptSessions(tmp_path, minutes=5)
    kept.keep(TOKEN, model.project)
    kept.forget(TOKEN)
    assert kept.find(TOKEN) is None
    kept.forget(TOKEN)


def test_what_was_damaged_is_not_found(model: SegmentationModel, tmp_path: Path) -> None:
    kept = KeptSessions(tmp_path, minutes=5)
    kept.keep_customers(TOKEN, model.table)
    kept.keep(TOKEN, model.project)
    (folder,) = tmp_path.iterdir()
    customers = folder / "customers.arrow"
    customers.write_bytes(customers.read_bytes()[:100])
    assert kept.find(TOKEN) is None
