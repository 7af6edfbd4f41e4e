"""“Is this right?”: what each kind of file is taken for, what is asked, and that no run begins meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import expect

from custseg.tables.understanding.in_words import amount
from tests.look_alikes import LOOK_ALIKES
from tests.ui.screen import Screen, open_view

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.ui.server import Server

# Whether a form begins within what is seen of the page.
IN_SIGHT = "(form) => { const { top } = form.getBoundingClientRect(); return top >= 0 && top < 200; }"
FILES = {look_alike.file: look_alike for look_alike in LOOK_ALIKES}


def bring(page: Page, path: Path) -> Locator:
    """Give a file to the page, and return the form that asks about it."""
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.get_by_role("heading", name=f"Is this right? “{path.name}”")).to_be_visible()
    return page.locator(".understanding")


def run_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Run clustering")


def card_payments(folder: Path) -> tuple[Path, float]:
    """Write card payments as a bank lists them, a minus before what was paid; return what was paid in all."""
    generator, rows = np.random.default_rng(0), 400
    paid = generator.lognormal(3, 1, rows).round(2)
    paid[: rows // 10] *= -1
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(generator.integers(0, 200, rows), unit="D")
    columns = {
        "Account holder": [f"Holder {number}" for number in generator.integers(0, 25, rows)],
        "Booking date": days,
        "Amount": -paid,
    }
    path = folder / "payments.csv"
    pd.DataFrame(columns).sample(frac=1, random_state=0).to_csv(path, index=False)
    return path, float(paid.sum())


KINDS = (
    ("Mall_Customers.csv", "A customer: “CustomerID” is different in every row", False),
    ("WA_Fn-UseC_-Telco-Customer-Churn.csv", "“Churn”", False),
    ("CDNOW_master.txt", "and an amount in each line, as in CDNOW", True),
    ("Online Retail.csv", "A line of an order: the columns are those of Online Retail", True),
    ("EastWestAirlinesCluster.csv", "nothing is said of spend", False),
)


def test_a_file_of_each_kind_is_taken_for_what_it_is(page: Page, server: Server, tmp_path: Path) -> None:
    screen = Screen(page, server.url)
    for number, (file, sentence, waits) in enumerate(KINDS, start=1):
        form = bring(page, FILES[file].write(tmp_path))
        expect(form).to_contain_text(sentence)
        if waits:
            expect(run_button(page)).to_be_disabled()
            expect(page.locator(".controls")).to_contain_text(f"First answer “Is this right?” about “{file}”.")
            form.get_by_role("button", name="Yes, make customers of them").click()
        expect(run_button(page)).to_be_enabled()
        # A run of the table before may still be said.
        expect(page.locator(".title")).to_have_text(file.rpartition(".")[0])
        screen.run(number)
        # Who runs it has agreed.
        expect(form).to_be_hidden()


def test_what_a_minus_means_is_asked_and_the_answer_is_previewed_and_kept(
    page: Page, server: Server, tmp_path: Path
) -> None:
    path, paid = card_payments(tmp_path)
    Screen(page, server.url)
    form = bring(page, path)
    yes = form.get_by_role("button", name="Yes, make customers of them")
    expect(yes).to_be_disabled()
    expect(form).not_to_contain_text("who spent")
    form.get_by_role("radio", name="What goes out is spent, and what comes in is taken off").check()
    expect(form).to_contain_text(f"who spent {amount(paid)} in all")
    expect(form.get_by_role("combobox", name="Amount")).to_have_value("- Amount")
    form.get_by_role("combobox", name="Amount").select_option("Amount")
    expect(form).not_to_contain_text(f"who spent {amount(paid)} in all")
    expect(form.get_by_role("radio", name="What comes in is spent, and what goes out is taken off")).to_be_checked()
    form.get_by_role("radio", name="What goes out is spent, and what comes in is taken off").check()
    expect(form).to_contain_text(f"who spent {amount(paid)} in all")
    expect(run_button(page)).to_be_disabled()
    yes.click()
    expect(page.locator(".title")).to_have_text("payments")
    open_view(page, "Data")
    expect(page.get_by_text("What goes out is spent, and what comes in is taken off, as you said.")).to_be_visible()


def test_a_currency_is_chosen_where_there_are_two(page: Page, server: Server, tmp_path: Path) -> None:
    path = FILES["orders_in_two_currencies.csv"].write(tmp_path)
    Screen(page, server.url)
    form = bring(page, path)
    expect(form.get_by_role("button", name="Yes, make customers of them")).to_be_disabled()
    seen: set[str] = set()
    for currency in ("EUR", "GBP"):
        form.get_by_role("radio", name=f"Only amounts in {currency} count").check()
        expect(form.get_by_role("button", name="Yes, make customers of them")).to_be_enabled()
        follows = form.locator("p.follows")
        expect(follows).to_contain_text("who spent")
        for other in seen:
            expect(follows).not_to_have_text(other)
        seen.add(follows.inner_text())
    form.get_by_role("button", name="Yes, make customers of them").click()
    expect(page.locator(".title")).to_have_text("orders_in_two_currencies")


def test_a_file_is_left_alone_and_the_table_and_its_run_stay(page: Page, server: Server, tmp_path: Path) -> None:
    screen = Screen(page, server.url)
    screen.run()
    form = bring(page, FILES["CDNOW_master.txt"].write(tmp_path))
    expect(run_button(page)).to_be_disabled()
    form.get_by_role("button", name="Keep the table that is shown").click()
    expect(form).to_be_hidden()
    expect(run_button(page)).to_be_enabled()
    expect(page.locator(".controls")).not_to_contain_text("Is this right?")
    expect(page.locator(".title")).to_have_text("Wholesale customers")
    expect(screen.status).to_contain_text("Run 1:")


def test_a_number_for_no_value_in_money_is_asked_about_before_anything_runs(
    page: Page, server: Server, tmp_path: Path
) -> None:
    generator = np.random.default_rng(0)
    spend = generator.uniform(100, 500, 200).round(2)
    spend[:20] = -1
    path = tmp_path / "members.csv"
    names = [f"M{row}" for row in range(200)]
    pd.DataFrame({"customer": names, "spend": spend, "visits": generator.poisson(9, 200)}).to_csv(path, index=False)
    screen = Screen(page, server.url)
    form = bring(page, path)
    answers = form.get_by_role("button", name="Use these answers")
    expect(answers).to_be_disabled()
    expect(run_button(page)).to_be_disabled()
    form.get_by_role("radio", name="-1 stands for no value").check()
    answers.click()
    expect(page.locator(".title")).to_have_text("members")
    expect(form).to_be_hidden()
    expect(page.locator(".card", has_text="Total spend")).to_contain_text(f"{spend[20:].sum():,.0f}")
    open_view(page, "Data")
    expect(page.get_by_text("In “spend”, -1 stands for no value, as you said.")).to_be_visible()
    screen.run()


def test_where_it_is_unclear_what_a_row_is_both_answers_are_previewed(
    page: Page, server: Server, tmp_path: Path
) -> None:
    generator = np.random.default_rng(0)
    path = tmp_path / "unclear.csv"
    columns = {"customer_id": np.arange(300) % 100, "age": generator.integers(18, 80, 300), "visits": range(300)}
    pd.DataFrame(columns).to_csv(path, index=False)
    Screen(page, server.url)
    form = bring(page, path)
    expect(form).to_contain_text("Each row a customer: 300 customers.")
    expect(form).to_contain_text("Each row a purchase: 100 customers")
    expect(run_button(page)).to_be_disabled()
    form.get_by_role("button", name="Each row is a customer").click()
    expect(page.locator(".title")).to_have_text("unclear")
    expect(run_button(page)).to_be_enabled()
    expect(form).to_contain_text("A customer: as you said")
    open_view(page, "Data")
    expect(page.get_by_text("Each row counts as a customer, as you said.")).to_be_visible()


def test_a_question_comes_into_view_on_a_phone(page: Page, server: Server, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    Screen(page, server.url)
    form = bring(page, FILES["orders_in_two_currencies.csv"].write(tmp_path))
    page.wait_for_function(IN_SIGHT, arg=form.element_handle())
    page.wait_for_function("() => document.documentElement.scrollWidth <= 390")
