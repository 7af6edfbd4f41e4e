"""What the page says of hostile files: their names, sheets and columns are text, and turn nothing around."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pandas as pd
import panel as pn
import pytest

from custseg import CustomerTable, SegmentationModel
from dashboard.data_picker import Intake
from dashboard.followup_upload import Later
from dashboard.playbook_upload import OwnPlaybook
from dashboard.project_upload import OpenProject
from tests.corpus_formats import as_excel
from tests.dashboard.test_uploads import until
from tests.hostile import HOSTILE, HOSTILE_FILE, MARKUP, TURNING
from tests.panes.foreign import acting, models_of, taken_for_mathematics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboard.file_place import FilePlace

SHEETS = ("<img src=x onerror=a()>", "$$x$$", "=1+1", "\u202eturned")
ROWS: list[list[Any]] = [["customer", HOSTILE[0]], *([f"{HOSTILE[row % 20]} {row}", row * row] for row in range(30))]
COLUMNS = (f"customer id {MARKUP[0]}", f"order date {TURNING[0]}", f"amount {HOSTILE[3]}", HOSTILE[4])
PURCHASES = [(f"{MARKUP[0]} {row % 9}", f"2026-01-{row % 28 + 1:02}", row + 0.5, TURNING[0]) for row in range(60)]


@pytest.fixture
def model(table: CustomerTable) -> SegmentationModel:
    model = SegmentationModel(table, k=3, seed=0)
    model.run_clustering()
    return model


@pytest.fixture
def intake(model: SegmentationModel) -> Iterator[Intake]:
    intake = Intake(model, source="wholesale")
    yield intake
    intake.leave()


def bring(place: FilePlace, name: str, content: bytes, *watched: Any) -> None:
    """Drop a file, and check what is said of it once that is known."""

    async def scenario() -> None:
        said = place.note
        place.upload.take({"name": name, "data": content, "chunk": 1, "total_chunks": 1})
        await until(lambda: " ..." not in place.note and (place.note != said or bool(place.model.error)))

    asyncio.run(scenario())
    for part in (place, *watched):
        check(part.__panel__())


def check(layout: Any) -> None:
    assert taken_for_mathematics(models_of(layout)) == []
    for pane in layout.select(pn.pane.HTML):
        assert acting(str(pane.object)) == []
        assert not any(sign in str(pane.object) for sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068")


def test_sheets_and_columns_of_a_workbook_are_text(intake: Intake) -> None:
    content = as_excel(**dict.fromkeys(SHEETS, ROWS))
    bring(intake, f"{HOSTILE_FILE}.xlsx", content, intake.form)
    assert "onerror" in intake.model.table.title


def test_a_question_about_purchases_quotes_them_as_text(intake: Intake) -> None:
    purchases = pd.DataFrame(PURCHASES, columns=COLUMNS).to_csv(index=False)
    bring(intake, f"{HOSTILE_FILE}.csv", purchases.encode(), intake.form)
    assert intake.form.is_open


@pytest.mark.parametrize("kind", [Intake, Later, OwnPlaybook, OpenProject])
def test_the_name_of_a_file_that_is_refused_is_text(kind: Any, model: SegmentationModel) -> None:
    place = kind(model)
    try:
        bring(place, f"{TURNING[0]} {MARKUP[0]}.xlsx", f"{MARKUP[0]}: [{HOSTILE[3]}".encode())
    finally:
        place.leave()
    assert model.error or 'role="alert"' in place.note
