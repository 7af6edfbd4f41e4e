"""Bringing one's own customers: files, roles of columns, preparation, purchases, and what must never run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import expect

from tests.ui.screen import Screen, open_view, slow_down

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from playwright.sync_api import Page

    from tests.ui.server import Server


def bring(page: Page, path: Path) -> None:
    """Give a file to the place where files are dropped."""
    page.locator(".intake input[type=file]").set_input_files(path)


def read(page: Page, title: str) -> None:
    """Wait until the table of that title is shown."""
    expect(page.locator(".title")).to_have_text(title)


def continental(folder: Path, customers: int = 60) -> Path:
    """Write customers as a till in Germany exports them: semicolons, decimal commas, Windows-1252."""
    generator = np.random.default_rng(1)
    lines = ["Kunden-Nr;Umsatz;Besuche;Größe;Ort"]
    for number in range(customers):
        spend = f"{generator.lognormal(6, 1.4):,.2f}".translate(str.maketrans(",.", ".,"))
        lines.append(f"K{number:03};{spend} €;{number % 13};{10 + number * 7 % 31},5;Köln")
    path = folder / "Kunden März.csv"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return path


def test_a_continental_file_is_read_edited_prepared_run_and_taken_along(
    page: Page, server: Server, tmp_path: Path
) -> None:
    screen = Screen(page, server.url)
    bring(page, continental(tmp_path))
    read(page, "Kunden März")
    expect(page.get_by_role("combobox", name="Across (x)")).to_have_value("Umsatz")
    assert len(screen.picture()["points"]["customer"]) == 60

    expect(page.get_by_text("Total spend")).to_be_visible()
    open_view(page, "Data")
    role = page.locator(".tabulator-row", has_text="Besuche").locator('[tabulator-field="role"]')
    expect(role).to_have_text("feature")
    role.click()
    page.get_by_text("ignored", exact=True).last.click()
    expect(page.get_by_role("checkbox", name="Besuche")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Umsatz")).to_be_checked()
    page.get_by_role("combobox", name="Skewed features").select_option("Even out what is skewed")
    screen.run()
    expect(page.get_by_text("Evened out, so that ratios count more than differences: Umsatz")).to_be_visible()
    exported = pd.read_csv(screen.download("Customers (CSV)").path())
    as_read = ["Kunden-Nr", "Umsatz", "Besuche", "Größe", "Ort"]
    assert list(exported.columns) == [*as_read, "segment", "segment_name", "distance", "margin"]
    assert set(exported["segment"]) == {1, 2, 3, 4}
    assert exported["Umsatz"][0].endswith(" €")


# Choose in a select as a person would, but for where the focus is.
CHOOSE = """([label, value]) => {
  const models = Bokeh.documents.flatMap((page) => [...page._all_models.values()]);
  models.find((model) => model.title === label || model.label === label).value = value;
}"""


def test_a_role_is_changed_also_where_the_table_of_columns_changes_meanwhile(page: Page, server: Server) -> None:
    Screen(page, server.url)
    open_view(page, "Data")
    role = page.locator(".tabulator-row", has_text="Delicassen").locator('[tabulator-field="role"]')
    choice = page.get_by_text("ignored", exact=True).last
    role.click()
    choice.wait_for()
    page.evaluate(CHOOSE, ["Skewed features", "Even out what is skewed"])
    # The server has answered, with the table too.
    expect(page).to_have_url(re.compile("log=auto"))
    choice.click()
    expect(page.get_by_role("checkbox", name="Delicatessen")).to_have_count(0)
    expect(role).to_have_text("ignored")


def test_a_column_is_called_what_somebody_types(page: Page, server: Server) -> None:
    Screen(page, server.url)
    open_view(page, "Data")
    words = page.locator(".tabulator-row", has_text="Delicassen").locator('[tabulator-field="label"]')
    expect(words).to_have_text("Delicatessen")
    words.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("fine <b>food</b>")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Fine <b>food</b>")).to_be_checked()
    expect(words).to_have_text("fine <b>food</b>")


def test_a_role_is_changed_while_its_section_is_still_being_laid_out(page: Page, server: Server) -> None:
    Screen(page, server.url)
    slow_down(page, 6)
    open_view(page, "Data")
    role = page.locator(".tabulator-row", has_text="Delicassen").locator('[tabulator-field="role"]')
    role.click()
    page.get_by_text("ignored", exact=True).last.click()
    expect(role).to_have_text("ignored")


def test_what_is_typed_in_a_table_stays_while_the_window_changes(page: Page, server: Server) -> None:
    Screen(page, server.url)
    open_view(page, "Data")
    weight = page.locator(".tabulator-row", has_text="Delicassen").locator('[tabulator-field="weight"]')
    weight.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    table = page.locator(".pnx-tabulator", has_text="Delicassen").first
    before = table.bounding_box()
    page.set_viewport_size({"width": 1100, "height": 900})
    page.wait_for_function(
        "([table, before]) => table.clientWidth < before - 50",
        arg=[table.element_handle(), before["width"] if before else 0],
    )
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("weight=Delicassen"))
    expect(weight).to_have_text("3")


def test_a_role_changed_after_a_run_keeps_the_result_and_marks_it(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    open_view(page, "Data")
    role = page.locator(".tabulator-row", has_text="Delicassen").locator('[tabulator-field="role"]')
    role.click()
    page.get_by_text("ignored", exact=True).last.click()
    expect(screen.badge).to_be_visible()
    expect(screen.status).to_contain_text("Run 1:")
    assert screen.picture()["shown"] == ["1", "2", "3", "4"]
    screen.run(2)
    expect(screen.badge).to_have_count(0)
    screen.open_view("Overview")
    expect(screen.words).not_to_contain_text("Delicassen")


def test_one_click_says_that_a_feature_is_money_and_another_that_it_is_not(page: Page, server: Server) -> None:
    Screen(page, server.url)
    total = page.locator(".card", has_text="Total spend")
    with_it = total.inner_text()
    open_view(page, "Data")
    money = page.locator(".tabulator-row", has_text="Delicassen").locator('[tabulator-field="money"]')
    money.click()
    expect(money).to_have_text("–")
    open_view(page, "Overview")
    expect(total).not_to_have_text(with_it, use_inner_text=True)
    open_view(page, "Data")
    money.click()
    expect(money).to_have_text("✓")
    open_view(page, "Overview")
    expect(total).to_have_text(with_it, use_inner_text=True)


def test_a_table_that_is_still_being_built_shows_what_comes_meanwhile(page: Page, server: Server) -> None:
    Screen(page, server.url)
    open_view(page, "Data")
    money = page.locator(".tabulator-row", has_text="Delicassen").locator('[tabulator-field="money"]')
    money.wait_for()
    view = page.evaluate_handle("""() => {
        const views = (view) => [view, ...[...view.children()].flatMap(views)];
        const tables = Bokeh.index.roots.flatMap(views).filter((one) => one.model.type.endsWith("DataTabulator"));
        return tables.find((one) => one.model.source.get_column("money") != null);
    }""")
    view.evaluate("(view) => { view._building = true; }")
    money.click()
    known = "(view) => Array.from(view.model.source.get_column('money')).filter(Boolean).length === 5"
    page.wait_for_function(known, arg=view)
    assert money.inner_text() == "✓"
    view.evaluate("(view) => view.tableBuilt()")
    expect(money).to_have_text("–")


def test_without_money_the_page_speaks_of_the_features(page: Page, server: Server, tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    path = tmp_path / "members.csv"
    pd.DataFrame({"age": generator.normal(40, 12, 90).round(), "visits": generator.poisson(9, 90)}).to_csv(path)
    screen = Screen(page, server.url)
    bring(page, path)
    read(page, "members")
    screen.run()
    expect(page.get_by_text("Total spend")).to_have_count(0)
    expect(screen.words).not_to_contain_text("spend")
    expect(screen.words).to_contain_text("against an average of")


def test_the_samples_can_be_chosen_and_a_link_leads_back(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    page.get_by_role("combobox", name="Customers").select_option("Loyalty cards")
    read(page, "Loyalty cards")
    expect(page).to_have_url(re.compile(r"\?table=loyalty_cards&k=4&seed=42$"))
    screen.run()
    expect(screen.status).to_contain_text("4 segments of 50,000 customers")
    page.get_by_text("Suggested: on").click()
    expect(page.get_by_text(re.compile("of 4 segments holds? only 30 customers"))).to_be_visible()
    again = Screen(page, page.url)
    read(page, "Loyalty cards")
    assert again.picture()["axes"] == ["Age (years)", "Household size (people)"]


def test_skewed_amounts_are_evened_out_by_a_switch_that_says_what_comes_of_both(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    switch = page.get_by_role("checkbox", name="Even out skewed amounts")
    expect(switch).not_to_be_checked()
    screen.run()
    line = page.get_by_text("4, 10, 109 and 317 customers; evened out: 86, 89, 89 and 176.")
    page.get_by_text("Suggested: on").click()
    expect(line).to_be_visible()
    expect(page.get_by_text("Suggested: even them out. As they are, 2 of 4 segments hold only 14")).to_be_visible()
    switch.check()
    expect(page).to_have_url(re.compile("log=auto"))
    screen.run(2)
    assert screen.column("customers") == ["176", "89", "89", "86"]
    expect(line).to_be_attached()
    again = Screen(page, re.sub("log=auto", "log=skewed", page.url))
    expect(switch).to_be_checked()
    again.run()
    assert again.column("customers") == ["176", "89", "89", "86"]


def test_exceptional_customers_are_set_apart_named_counted_and_shown(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    open_view(page, "Data")
    page.get_by_role("combobox", name="Exceptional customers").select_option("Set apart beyond 4 times")
    screen.run()
    expect(screen.status).to_contain_text("4 segments of 435 customers (5 set apart)")
    screen.open_view("Overview")
    expect(screen.words).to_contain_text("Exceptional accounts. 5 customers, 1% of all, with 6% of the spend.")
    picture = screen.picture()
    assert picture["legend"][-1] == "Exceptional accounts"
    assert picture["points"]["number"].count("apart") == 5
    assert screen.column("name")[-1] == "Exceptional accounts"
    assert screen.column("customers")[-1] == "5"


def test_purchases_are_recognised_and_become_customers(page: Page, server: Server, tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    purchases = pd.DataFrame(
        {
            "receipt": range(900),
            "customer": generator.integers(0, 80, 900).astype(str),
            "day": pd.Timestamp("2026-01-01") + pd.to_timedelta(generator.integers(0, 200, 900), unit="D"),
            "amount": generator.lognormal(3, 1, 900).round(2),
            "department": generator.choice(["fresh", "drinks"], 900),
        }
    )
    path = tmp_path / "receipts.csv"
    purchases.to_csv(path, index=False)
    screen = Screen(page, server.url)
    bring(page, path)
    expect(page.get_by_role("heading", name="Is this right? “receipts.csv”")).to_be_visible()
    total, mean = purchases["amount"].sum(), purchases["amount"].sum() / purchases["customer"].nunique()
    expect(page.locator(".understanding")).to_contain_text(
        f"This makes 80 customers, who spent {total:,.0f} in all and {mean:,.2f} each on average."
    )
    expect(page.get_by_role("button", name="Run clustering")).to_be_disabled()
    chosen = {name: page.get_by_role("combobox", name=name, exact=True) for name in ("Customer", "Date", "Amount")}
    assert {name: box.input_value() for name, box in chosen.items()} == {
        "Customer": "customer", "Date": "day", "Amount": "amount",
    }  # fmt: skip
    page.get_by_role("button", name="Yes, make customers of them").click()
    read(page, "receipts")
    screen.run()
    assert sum(int(size) for size in screen.column("customers")) == purchases["customer"].nunique()
    for feature in ("days since the last purchase", "frequency", "total spend", "average basket", "share of fresh"):
        expect(page.get_by_role("checkbox", name=feature)).to_be_checked()
    # Purchases up to a later day, by customers of whom a few are new.
    more = purchases.assign(day=purchases["day"] + pd.Timedelta(days=30), receipt=purchases["receipt"] + 900)
    more["customer"] = (more["customer"].astype(int) + 5).astype(str)
    later = tmp_path / "later.csv"
    pd.concat([purchases, more]).to_csv(later, index=False)
    screen.open_view("Changes")
    over_time = page.get_by_role("region", name="Changes", exact=True)
    expect(over_time.get_by_text("all purchases up to a later day")).to_be_visible()
    over_time.locator("input[type=file]").first.set_input_files(later)
    expect(over_time.get_by_text("0 left and 5 came.")).to_be_visible()


def test_a_file_that_cannot_be_used_leaves_table_and_result_as_they_were(
    page: Page, server: Server, tmp_path: Path
) -> None:
    screen = Screen(page, server.url)
    screen.run()
    path = tmp_path / "clients.csv"
    # The second is read, but holds nothing to compare.
    for content, sentence in (
        ("a,b\n1,2\n3,4,5\n", "2 values were expected in line 3"),
        ("name,town\nx,y\nz,w\n", "at least one column of numbers"),
    ):
        path.write_text(content, encoding="utf-8")
        bring(page, path)
        expect(screen.alert).to_contain_text(sentence)
        read(page, "Wholesale customers")
    expect(screen.status).to_contain_text("Run 1:")
    screen.run(2)
    expect(screen.alert).to_be_hidden()


def test_a_file_that_is_too_large_is_refused_by_the_server_and_the_limit_is_shown(
    page: Page, serve_own: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUSTSEG_UPLOAD_MEGABYTES", "1")
    server = serve_own()
    Screen(page, server.url)
    expect(page.locator(".intake").get_by_text("up to 1 MB")).to_be_visible()
    path = tmp_path / "large.csv"
    path.write_text("a,b\n" + "1.5,2.5\n" * 200_000, encoding="utf-8")
    bring(page, path)
    expect(page.get_by_text("File is too large").first).to_be_visible()
    read(page, "Wholesale customers")


def test_a_sheet_of_a_spreadsheet_can_be_chosen(page: Page, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "Year.xlsx"
    generator = np.random.default_rng(0)
    with pd.ExcelWriter(path) as book:
        for sheet, rows in (("May", 30), ("June", 45)):
            spend = {"customer": [f"C{row}" for row in range(rows)], "sales": generator.lognormal(5, 1, rows).round(2)}
            pd.DataFrame(spend).to_excel(book, sheet_name=sheet, index=False)
    screen = Screen(page, server.url)
    bring(page, path)
    read(page, "Year")
    expect(page.get_by_role("combobox", name="Sheet")).to_have_value("May")
    screen.run()
    expect(screen.status).to_contain_text("4 segments of 30 customers")
    page.get_by_role("combobox", name="Sheet").select_option("June")
    expect(screen.status).to_contain_text("Not run yet")
    screen.run(2)
    expect(screen.status).to_contain_text("4 segments of 45 customers")


def test_a_link_holds_the_features_and_the_preparation(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    page.get_by_role("checkbox", name="Fresh").uncheck()
    open_view(page, "Data")
    page.get_by_role("combobox", name="Scale").select_option("Range (0 to 1)")
    expect(page).to_have_url(re.compile(r"&feature=Delicassen&scaling=minmax#data$"))
    screen.open_view("Overview")
    screen.run()
    sizes = screen.column("customers")
    again = Screen(page, page.url)
    expect(page.get_by_role("checkbox", name="Fresh")).not_to_be_checked()
    again.run()
    assert again.column("customers") == sizes
