"""A ledger as it is shown: on a page that names one, in a notebook, and where it can't be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn
import pytest

from custseg import CustomerTable, Ledger, SegmentationModel
from custseg.panes.parts.ledger import LedgerView
from custseg.panes.views.changes import Changes
from tests.ledger.planted import customers, many
from tests.panes.hands import figures_of, file_of, markup_of, widget

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = many(A=120, B=100, C=80)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "ledger.duckdb"
    ledger = Ledger.open(path)
    ledger.add("<i>1</i>", customers(GROUPS), k=3, seed=0)
    ledger.name(2, "<b>Regulars</b>")
    fewer = {name: group for name, group in GROUPS.items() if group != "B" or int(name[1:]) < 30}
    ledger.add("2", customers(fewer | {"A1": "C"}, 1), segments="kept")
    return path


def shown(view: Any) -> str:
    return markup_of(view)


def test_it_shows_sizes_moves_alarms_and_names(path: Path) -> None:
    view: Any = Ledger.open(path).view()
    markup = shown(view)
    assert "New: 2 &lt;b&gt;Regulars&lt;/b&gt; has shrunk from 33% of the customers (100) to 13% (30)." in markup
    assert "Fisher&#x27;s exact test" in markup
    assert "1 of them in another segment than before; 0 came, 70 left" in markup
    assert "<b>Regulars" not in markup
    assert "<i>1" not in markup
    lines, sankey = figures_of(view)
    assert len(lines.renderers) == 6
    assert sankey.renderers
    widget(view, "Period").value = "<i>1</i>"
    assert "300 customers in 3 segments" in shown(view)
    assert len(figures_of(view)) == 1
    moved = file_of(widget(view, "Download who changed (CSV)")).read().decode("utf-8-sig")
    assert moved.count("\n") == 301


def test_what_was_added_meanwhile_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger.duckdb")
    view: Any = LedgerView(ledger)
    assert "There is no ledger" in shown(view)
    ledger.add("1", customers(GROUPS), k=3, seed=0)
    widget(view, "Read the ledger again").clicks += 1
    assert "300 customers in 3 segments" in shown(view)


def test_the_view_of_changes_has_the_ledger_that_the_server_names(
    path: Path, table: CustomerTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = SegmentationModel(table)
    assert "segments in the ledger" not in markup_of(Changes(model))
    monkeypatch.setattr(Changes, "ledger_file", str(path))
    assert "segments in the ledger" in markup_of(Changes(model))
    assert "has shrunk from" in markup_of(Changes(model))
    assert pn.state.curdoc is None
