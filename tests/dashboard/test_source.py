"""What a server is set to is read once, and again when it has changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, Playbook, SettingError
from custseg.language import spoken
from dashboard.source import playbook, read_source

if TYPE_CHECKING:
    from pathlib import Path


def test_a_playbook_is_read_once_and_again_when_the_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "playbook.yaml"
    path.write_text("products: []", encoding="utf-8")
    monkeypatch.setenv("CUSTSEG_PLAYBOOK", str(path))
    first = playbook()
    assert first is not None
    assert playbook() is first
    path.write_text("suggestions: []", encoding="utf-8")
    assert playbook() is not first
    monkeypatch.setenv("CUSTSEG_PLAYBOOK", "bank")
    assert playbook() is Playbook.bundled("bank")


def test_a_mistake_is_said_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "playbook.yaml"
    monkeypatch.setenv("CUSTSEG_PLAYBOOK", str(path))
    for _ in range(2):
        with pytest.raises(SettingError, match=r"playbook “playbook\.yaml” cannot be read"):
            playbook()


@pytest.mark.parametrize("content", [b"\xff", b"x" * 2_000_000, b"products: 1", b"products: [", b"more: []"])
def test_a_mistake_in_a_playbook_names_the_file_and_not_where_it_lies(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "playbook.yaml"
    path.write_bytes(content)
    monkeypatch.setenv("CUSTSEG_PLAYBOOK", str(path))
    with pytest.raises(SettingError, match=r"“playbook\.yaml”") as mistake:
        playbook()
    assert str(tmp_path) not in str(mistake.value)


def test_a_table_that_two_pages_ask_for_at_once_is_in_memory_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("customer,milk_spend\n" + "".join(f"C{row},{row * row}\n" for row in range(40)), encoding="utf-8")
    monkeypatch.setenv("CUSTSEG_SOURCE", str(path))
    both_ask, read = Barrier(2, timeout=20), CustomerTable.read

    def count_and_read(*arguments: Any, **settings: Any) -> CustomerTable:
        times.append(1)
        return read(*arguments, **settings)

    def ask(_: int) -> CustomerTable:
        both_ask.wait()
        return read_source()

    times: list[int] = []
    monkeypatch.setattr(CustomerTable, "read", count_and_read)
    with ThreadPoolExecutor(2) as pages:
        first, second = pages.map(ask, range(2))
    assert first is second
    assert len(times) == 1


def test_many_purchases_of_the_servers_own_stay_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{number:03}" for number in generator.integers(0, 200, 1500)],
            "order_date": pd.Timestamp("2025-01-01") + pd.to_timedelta(generator.integers(0, 300, 1500), "D"),
            "amount": generator.lognormal(3, 1, 1500).round(2),
        }
    )
    frame.astype({"order_date": "datetime64[us]"}).to_parquet(tmp_path / "orders.parquet", index=False)
    monkeypatch.setenv("CUSTSEG_SOURCE", str(tmp_path))
    monkeypatch.setenv("CUSTSEG_ROWS", "purchases")
    monkeypatch.setenv("CUSTSEG_MOST_IN_MEMORY", "50")
    table = read_source()
    assert table.elsewhere is not None
    assert len(table) == frame["customer_id"].nunique()


def test_a_shared_table_speaks_each_session_s_language_and_is_in_memory_once() -> None:
    tables = {}
    for code in ("en", "de", "fr", "en"):
        with spoken(code):
            tables[code] = read_source("wholesale")
    said = {code: table.columns[0].reason for code, table in tables.items()}
    assert said["en"] == "a different value in every row"
    assert said["de"] == "in jeder Zeile ein anderer Wert"
    assert said["fr"] == "une valeur différente à chaque ligne"
    assert len({id(table.frame) for table in tables.values()}) == 1
    assert len({id(table.readings) for table in tables.values()}) == 1
