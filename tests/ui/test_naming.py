"""Words that can be checked, what to do next, and names of a person's own, as a person sees them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

import custseg
from tests.ui.screen import PICTURE, Screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from playwright.sync_api import Locator, Page

    from tests.ui.server import Server

HOSTILE = "<img src=x onerror='window.hacked=1'>"


def cell(page: Page, field: str, segment: int) -> Locator:
    rows = page.locator(".tabulator-row", has=page.locator('[tabulator-field="share_of_spend"]'))
    return rows.nth(segment - 1).locator(f'[tabulator-field="{field}"]')


def write(page: Page, field: str, segment: int, text: str) -> None:
    cell(page, field, segment).click()
    editor = cell(page, field, segment).locator("input")
    editor.fill(text)
    editor.press("Enter")


def wait_for_legend(page: Page, entry: str) -> None:
    page.wait_for_function(f"(entry) => ({PICTURE})().legend.includes(entry)", arg=entry)


def what_to_do(page: Page) -> Locator:
    return page.locator(".section", has=page.get_by_role("heading", name="What to do next"))


def test_each_statement_shows_the_numbers_that_it_rests_on(page: Page, server: Server, table_path: Path) -> None:
    screen = Screen(page, server.url)
    screen.run()
    words = custseg.interpret(custseg.profile(custseg.segment(table_path, k=4, seed=42)))
    parts = zip(words.headline_phrases, words.fact_phrases, words.conclusion_phrases, strict=True)
    on_cards = [part for headline, facts, conclusion in parts for part in (headline, conclusion, *facts)]
    stated = [phrase for sentence in (*on_cards, *words.paragraphs) for phrase in sentence if phrase.claim]
    marks = screen.words.locator(".claim")
    expect(marks).to_have_text([phrase.text for phrase in stated])
    evidence = marks.evaluate_all("marks => marks.map((mark) => mark.dataset.evidence)")
    assert evidence == [phrase.claim.evidence for phrase in stated if phrase.claim]
    marks.nth(4).hover()
    shown = marks.nth(4).evaluate("(mark) => getComputedStyle(mark, '::after').content")
    assert evidence[4] in shown
    screen.words.get_by_text("The numbers behind these words").click()
    behind = [*(claim.evidence for claim in words.claims), *words.categories]
    expect(screen.words.locator("details li")).to_have_text(behind)
    assert behind[-2].startswith("Channel is strongly associated with the segments (Cramér's V 0.71; chi-squared ")


def test_for_each_segment_it_says_what_to_do_next(page: Page, server: Server, table_path: Path) -> None:
    screen = Screen(page, server.url)
    screen.open_view("Segments")
    section = what_to_do(page)
    expect(section).to_contain_text("Run the clustering first")
    screen.run()
    words = custseg.interpret(custseg.profile(custseg.segment(table_path, k=4, seed=42)))
    expect(section.locator("tbody td")).to_have_text([action.text for action in words.actions])


def test_another_playbook_or_one_s_own_speaks_without_another_run(page: Page, server: Server, tmp_path: Path) -> None:
    screen = Screen(page, server.url)
    screen.run()
    screen.open_view("Segments")
    section = what_to_do(page)
    expect(section).to_contain_text("“Retail and wholesale” was chosen because of the columns")
    section.get_by_label("Playbook").select_option("Bank")
    expect(section).to_contain_text("Cross-selling: Nothing that the playbook looks at sets")
    expect(page).to_have_url(re.compile("playbook=bank"))
    own = tmp_path / "ours.yaml"
    own.write_text(
        "title: Ours\nsuggestions:\n- {area: stock, suggest: Two vans., when: {says: mean spend, at_least: 1.5}}",
        encoding="utf-8",
    )
    section.get_by_text("Use a playbook of your own").click()
    section.locator("input[type=file]").set_input_files(own)
    expect(section.locator("tbody tr").nth(2)).to_contain_text("Two vans.")
    expect(section.get_by_label("Playbook")).to_have_value("Your own file")
    expect(page).not_to_have_url(re.compile("playbook="))
    expect(screen.badge).not_to_be_visible()
    own.write_text("areas: []", encoding="utf-8")
    section.locator("input[type=file]").set_input_files(own)
    expect(section).to_contain_text("has a mistake in line 1")
    expect(section.locator("tbody tr").nth(2)).to_contain_text("Two vans.")


def test_a_segment_is_renamed_in_the_table_and_called_so_everywhere(page: Page, server: Server) -> None:
    screen, logged = Screen(page, server.url), server.remarks()
    screen.run()
    write(page, "name", 2, "Corner shops")
    expect(screen.words).to_contain_text("Segment 2: Corner shops.")
    wait_for_legend(page, "2 Corner shops")
    screen.open_view("Segments")
    expect(page.locator("table.actions")).to_contain_text("2 Corner shops")
    screen.open_view("Overview")
    write(page, "note", 2, HOSTILE)
    expect(screen.words).to_contain_text(HOSTILE)
    screen.run(2)
    expect(cell(page, "name", 2)).to_have_text("Corner shops")
    write(page, "name", 1, "corner SHOPS")
    expect(screen.alert).to_contain_text("Another segment is called “corner SHOPS” already")
    expect(cell(page, "name", 1)).to_have_text("Moderate: little grocery and cleaning")
    assert "Corner shops" in screen.download("Customers (CSV)").path().read_text(encoding="utf-8")
    assert page.evaluate("window.hacked") is None
    assert server.remarks() == logged


def test_what_is_being_written_stays_when_it_becomes_known_how_sure_the_segments_are(
    page: Page, server: Server
) -> None:
    screen = Screen(page, f"{server.url}?seed=103")
    screen.run()
    cell(page, "name", 2).click()
    editor = cell(page, "name", 2).locator("input")
    editor.fill("Corner")
    # That comes a moment after a run.
    expect(cell(page, "how_sure", 2)).to_have_text(re.compile("solid|fair|doubtful|fragile"))
    editor.press("End")
    editor.press_sequentially(" shops")
    editor.press("Enter")
    expect(screen.words).to_contain_text("Segment 2: Corner shops.")


def test_in_a_sorted_table_the_segment_of_that_row_is_renamed(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    page.locator('.tabulator-col[tabulator-field="customers"]').click()
    expect(cell(page, "segment", 1)).to_have_text("4")
    write(page, "name", 1, "The four")
    expect(screen.words).to_contain_text("Segment 4: The four.")
    wait_for_legend(page, "4 The four")


def test_a_name_that_may_no_longer_fit_is_said_to(page: Page, server: Server) -> None:
    screen = Screen(page, f"{server.url}?feature=Delicassen&feature=Milk&x=Milk&y=Fresh")
    screen.run()
    write(page, "name", 1, "Quiet ones")
    expect(screen.words).to_contain_text("Quiet ones")
    for box in page.locator(".features input").all():
        box.set_checked(not box.is_checked())
    # The server has taken all of them over.
    expect(page).to_have_url(re.compile("feature=Fresh&feature=Grocery&feature=Frozen&feature=Detergents_Paper$"))
    screen.run(2)
    expect(page.get_by_role("status").filter(has_text="“Quiet ones” was given to")).to_be_visible()


def test_a_company_s_playbook_speaks_on_the_page(
    page: Page, serve_own: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    playbook = tmp_path / "playbook.yaml"
    playbook.write_text(
        "suggestions:\n- {area: stock, suggest: 'Two vans: {share}', when: {says: share of customers, at_least: 0.5}}",
        encoding="utf-8",
    )
    monkeypatch.setenv("CUSTSEG_PLAYBOOK", str(playbook))
    server = serve_own()
    screen = Screen(page, server.url)
    screen.run()
    screen.open_view("Segments")
    expect(page.locator("table.actions tbody tr").first).to_contain_text("Two vans: 72%")
    playbook.write_text("suggestions:\n- {area: shop, suggest: x, when: {says: mean}}", encoding="utf-8")
    page.goto(server.url)
    expect(page.locator("main")).to_contain_text("has a mistake in line 2: suggestions.area: this must be")
