"""The whole page by keyboard alone, as docs/keyboard.md says: reached in order, in sight, and left again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import TimeoutError as StillWaiting
from playwright.sync_api import expect

from tests.ui.screen import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.ui.server import Server

# What has the focus, through all shadow roots: what it is called, and whether one sees that it has it.
FOCUSED = """() => {
  let one = document.activeElement;
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (one === document.body) return null;
  const cell = one.closest(".tabulator-cell");
  const place = one.matches(".tabulator-tableholder") ? "table"
    : one.matches(".tabulator-col") ? `title ${one.textContent.trim()}`
    : cell && one.localName === "input" ? `cell ${cell.getAttribute("tabulator-field")}`
    : cell === one && one.matches(".tabulator-editable") ? "opening"
    : one.matches(".bk-events") ? "picture" : "";
  const heard = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.title || one.textContent;
  const shown = [one, cell, one.closest("label")].some((element) => {
    const style = element && getComputedStyle(element);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  });
  return {name: place || (heard ?? "").trim().replace(/\\s+/g, " "), shown};
}"""
HEADER = [
    "Skip to the result",
    "Overview",
    "Segments",
    "Customers",
    "How many, how sure",
    "Changes",
    "Data",
    "Download",
]
# What is met in each view after the settings, in this order, with more between: before a run, and after it.
BEFORE = {
    "Overview": ["Log scale", "picture", "Show me around"],
    "Segments": ["Playbook"],
    "Customers": ["Find a customer", "Category", "table", "W001", "Next"],
    "How many, how sure": ["Numbers from", "Suggest a number"],
    "Changes": [],
    "Data": ["table", "cell label", "Money", "Missing values", "Segments"],
}
AFTER = {
    "Overview": [
        "Log scale", "picture", "The picture as a table", "Segment 1: Moderate", "Segment 4: High-spending",
        "Look closer at the segments", "title Segment", "table", "cell name", "cell note",
    ],
    "Segments": [
        "1 Moderate", "picture", "Show as a table", "Feature", "1 Moderate", "Look at W", "List these customers",
        "Name of this segment", "Note on this segment", "Playbook", "4 High-spending",
    ],
    "Customers": ["Find a customer", "Only on a border", "Download the list", "title Segment", "table", "W001", "Next"],
    "How many, how sure": [
        "picture", "title Customer", "table", "Show Page 2", "Numbers from", "Suggest a number", "Try other",
    ],
    "Changes": ["table"],
    "Data": ["table", "cell label", "Money", "Missing values", "Segments"],
}  # fmt: skip
# What is drawn after what is seen first.
LATE = {"Segments": [".key button", "canvas", ".typical"]}
LAST_SETTING = "Also compare categories"
SETTINGS = ["Customers", "Number of segments", "Seed", "Run clustering", LAST_SETTING]
MOST = 160

# What has become known is put into the table, and Enter is pressed in the editor before that is drawn.
_DRAW_AND_LEAVE = """async () => {
  const below = (view) => [view, ...(view.child_views ?? []).flatMap(below)];
  const open = (view) => view.shadow_el?.querySelector(".tabulator-editing input");
  const table = Bokeh.index.roots.flatMap(below).find((view) => view.tabulator && open(view));
  table.updateOrAddData();
  open(table).dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 13, bubbles: true, composed: true }));
  await new Promise((done) => setTimeout(done, 200));
}"""


def focused(page: Page) -> dict[str, Any] | None:
    """Return what has the focus, once an editor that opens has it; None where it has left the page."""
    found: dict[str, Any] | None = page.evaluate(FOCUSED)
    if found is None or found["name"] == "opening":
        settled = f"() => {{ const found = ({FOCUSED})(); return found !== null && found.name !== 'opening'; }}"
        with suppress(StillWaiting):
            page.wait_for_function(settled, timeout=1000)
        found = page.evaluate(FOCUSED)
    return found


def walk(page: Page, key: str, end: str | None = None) -> list[str]:
    """Press a key until the focus leaves the page or is at an end; return the names of what had it, in sight."""
    names: list[str] = []
    while (found := focused(page)) is not None and found["name"] != end:
        names.append(found["name"])
        assert found["shown"], f"One does not see that {found['name']!r} has the focus, after {names[-3:]}."
        assert len(names) < MOST, f"{key} does not get out: {names[-3:]}"
        page.keyboard.press(key)
    return names


def in_order(names: list[str], expected: list[str]) -> bool:
    """Whether names that begin so come in this order, with others between."""
    rest = iter(names)
    return all(any(name.startswith(start) for name in rest) for start in expected)


@pytest.mark.parametrize("run", [False, True], ids=["before a run", "after it"])
def test_keys_alone_reach_everything_in_order_and_leave_it(page: Page, server: Server, *, run: bool) -> None:
    screen = Screen(page, server.url)
    if run:
        screen.run()
        expect(page.locator(".work")).to_be_hidden()
    else:
        # Panel hides text until it is laid out.
        expect(page.get_by_role("button", name="Show me around")).to_be_visible()
    # After a key, a browser shows where the focus is.
    page.keyboard.press("Tab")
    for view, expected in (AFTER if run else BEFORE).items():
        region = screen.open_view(view)
        for late in LATE.get(view, []) if run else []:
            expect(region.locator(late).first).to_be_visible()
        # The header and the settings, which are the same on all of them, once.
        first = view == "Overview"
        page.keyboard.press("Shift")
        page.locator(".skip" if first else "#main").focus()
        if not first:
            page.keyboard.press("Tab")
        forth = walk(page, "Tab")
        page.keyboard.press("Shift+Tab")
        back = walk(page, "Shift+Tab", None if first else LAST_SETTING)
        if first:
            assert in_order(forth, [*HEADER, *SETTINGS, *expected]), f"{view}: {forth}"
            assert in_order(back[::-1], [*HEADER, *SETTINGS]), f"{view}: {back}"
        else:
            assert in_order(forth, expected), f"{view}: {forth}"


def test_titles_of_a_table_sort_it_by_keys(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    first = page.locator('.tabulator-col[tabulator-field="segment"]')
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    shares = page.locator('.tabulator-col[tabulator-field="share_of_customers"]')
    page.keyboard.press("ArrowRight")
    expect(shares).to_be_focused()
    page.keyboard.press("Enter")
    expect(shares).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(".tabulator-row").first).to_contain_text("delicatessen")


def test_whether_a_column_is_money_is_changed_by_keys(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    view = screen.open_view("Data")
    fresh = view.locator(".tabulator-row", has_text="Fresh").get_by_role("button", name="Money")
    expect(fresh).to_have_attribute("aria-pressed", "true")
    fresh.press("Enter")
    expect(fresh).to_have_attribute("aria-pressed", "false")


def test_an_editor_that_was_left_while_its_table_was_drawn_anew_stays_closed(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    name = page.locator('.tabulator-row [tabulator-field="name"]').first
    name.click()
    name.locator("input").fill("Corner shops")
    page.evaluate(_DRAW_AND_LEAVE)
    expect(screen.words).to_contain_text("Segment 1: Corner shops.")
    expect(page.locator(".tabulator-editing")).to_have_count(0)
    expect(name).to_have_text("Corner shops")
