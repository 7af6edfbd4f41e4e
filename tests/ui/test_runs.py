"""The runs of a session and the same customers later, as a person sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from playwright.sync_api import expect

import custseg
from tests.ui.screen import Screen

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.ui.server import Server


def filled(table: Locator) -> float:
    """Return which share of its width a table's columns take up."""
    share: float = table.evaluate(
        """(table) => [...table.querySelectorAll(".tabulator-header .tabulator-col")]
            .reduce((sum, column) => sum + column.offsetWidth, 0) / table.clientWidth"""
    )
    return share


def part(page: Page, heading: str) -> Locator:
    """A part of the view of changes, by the beginning of its heading."""
    return page.locator(".section", has=page.get_by_role("heading", name=heading))


def test_a_run_is_undone_and_returned_to_and_two_are_compared(page: Page, server: Server, table_path: Path) -> None:
    screen, logged = Screen(page, server.url), server.remarks()
    screen.open_view("Changes")
    runs = part(page, "Runs in this session")
    expect(runs).to_contain_text("No run yet")
    undo = page.get_by_role("button", name="Undo last run")
    screen.run()
    expect(runs).to_contain_text("To compare two runs, change a setting")
    expect(undo).to_be_hidden()
    screen.slider.press("ArrowRight")
    screen.run(2)
    undo.click()
    expect(screen.status).to_contain_text("Run 1: 4 segments")
    expect(page.get_by_text("Run 1 is shown; the newest is run 2.")).to_be_visible()
    expect(screen.slider).to_have_attribute("aria-valuetext", "4")
    shown = runs.locator('.tabulator-row .tabulator-cell[tabulator-field="run_shown"]')
    expect(shown).to_have_text(["", "shown"])
    runs.get_by_role("button", name="Return", exact=True).press("Enter")
    expect(screen.status).to_contain_text("Run 2: 5 segments")
    expect(shown).to_have_text(["shown", ""])
    table = custseg.CustomerTable.read(table_path)
    found = custseg.compare(custseg.segment(table, k=4, seed=42), custseg.segment(table, k=5, seed=42))
    lead = f"From run 1 to run 2, {found.moved} of 440 customers"
    expect(runs.get_by_text(lead)).to_be_visible()
    expect(runs.get_by_text(found.sentence)).to_be_visible()
    expect(runs.get_by_text("Number of segments: 4 before, 5 after.")).to_be_visible()
    expect(runs.locator("table.flows td.number")).to_have_text([f"{cell:,}" for cell in found.matrix[:-1, :-1].flat])
    expect(runs.locator("canvas").first).to_be_visible()
    first = runs.locator('.tabulator-row .tabulator-cell[tabulator-field="moved_customer"]').first
    expect(first).to_have_text(str(found.moved_customers["customer"].iloc[0]))
    with page.expect_download() as saved:
        runs.get_by_role("button", name="Download who changed (CSV)").click()
    assert pd.read_csv(saved.value.path())["customer"].tolist() == found.moved_customers["customer"].tolist()
    runs.get_by_role("combobox", name="Compare run").select_option("2: 5 segments")
    runs.get_by_role("button", name="Compare", exact=True).click()
    expect(runs.get_by_text("none of 440 customers changed segment")).to_be_visible()
    assert server.remarks() == logged


def test_customers_are_followed_into_a_later_table(
    page: Page, server: Server, table_path: Path, tmp_path: Path
) -> None:
    screen, logged = Screen(page, server.url), server.remarks()
    screen.open_view("Changes")
    over_time = part(page, "Over time")
    expect(over_time.get_by_text("Run the clustering first")).to_be_visible()
    expect(over_time.get_by_role("button", name="Browse")).to_be_hidden()
    screen.run()
    expect(over_time.get_by_text("A later table of the same customers, with the same identifiers")).to_be_visible()
    later = pd.read_csv(table_path).iloc[12:]
    later["Milk"] *= 3
    path = tmp_path / "next_year.csv"
    later.drop(columns="Grocery").to_csv(path, index=False)
    drop = over_time.locator("input[type=file]")
    drop.set_input_files(path)
    expect(over_time.get_by_text("no column called “Grocery”")).to_be_visible()
    later.to_csv(path, index=False)
    drop.set_input_files(path)
    found = custseg.migrate(custseg.segment(table_path, k=4, seed=42), later)
    assert not found.fits
    expect(over_time.get_by_text(f"{found.left} left and {found.came} came.")).to_be_visible()
    expect(over_time.get_by_text(found.sentence)).to_be_visible()
    expect(over_time.locator(".warnings li")).to_have_text(list(found.warnings))
    expect(over_time.locator("table.flows tbody tr").first.locator("td").last).to_have_text(str(found.matrix[0, -1]))
    expect(over_time.locator('.tabulator-cell[tabulator-field="later_why"]').first).to_contain_text("Milk: ")
    assert filled(over_time.locator(".tabulator")) == pytest.approx(1, abs=0.05)
    with page.expect_download() as saved:
        over_time.get_by_role("button", name="Download who changed (CSV)").click()
    changed = pd.read_csv(saved.value.path())
    assert (changed["to"] == "no longer there").sum() == found.left
    assert len(changed) == found.moved + found.left + found.came
    over_time.get_by_role("combobox", name="Show").select_option("Spend before")
    expect(over_time.locator("caption")).to_contain_text("Spend before")
    screen.run(2)
    expect(over_time.locator("table.flows")).to_be_hidden()
    over_time.get_by_role("button", name="Follow the customers into “next_year.csv” again").click()
    expect(over_time.get_by_text(found.sentence)).to_be_visible()
    assert server.remarks() == logged
