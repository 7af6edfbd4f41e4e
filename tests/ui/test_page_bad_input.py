"""What a person sees who asks for what cannot be: a sentence, and the result that stood before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.ui.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.ui.server import Server


def test_a_seed_that_is_none_is_refused_in_words_and_nothing_is_lost(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    before = screen.status.inner_text(), screen.column("customers")
    screen.type_seed("4.5")
    expect(screen.alert).to_have_text(
        "The seed must be a whole number from 0 to 4294967295, but got “4.5”. "
        "Enter such a number, or leave it empty for a random start."
    )
    page.get_by_role("button", name="Run clustering").click()
    expect(screen.alert).to_be_visible()
    assert (screen.status.inner_text(), screen.column("customers")) == before
    screen.type_seed("7")
    expect(screen.alert).to_be_hidden()
    screen.run(number=2)
    expect(screen.status).to_contain_text("seed 7")


def test_an_empty_seed_is_a_random_start_that_can_be_had_again(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.type_seed("")
    screen.run()
    expect(screen.status).to_have_text(re.compile(r"random start \(seed \d+\)"))
    first = re.search(r"seed (\d+)", screen.status.inner_text())
    screen.run(number=2)
    second = re.search(r"seed (\d+)", screen.status.inner_text())
    assert first is not None
    assert second is not None
    assert first[1] != second[1]
    expect(screen.badge).to_have_count(0)


def test_an_address_restores_the_view(page: Page, server: Server) -> None:
    screen = Screen(page, f"{server.url}?k=6&seed=&x=Milk&y=Frozen")
    expect(screen.seed).to_have_value("")
    assert screen.slider.get_attribute("aria-valuenow") == "6.0"
    assert screen.picture()["axes"] == [
        "Milk (monetary units a year, log scale)",
        "Frozen (monetary units a year, log scale)",
    ]
    screen.choose("Across (x)", "Grocery")
    screen.type_seed("11")
    expect(page).to_have_url(f"{server.url}?k=6&seed=11&x=Grocery&y=Frozen")
    again = Screen(page, page.url)
    expect(again.seed).to_have_value("11")
    assert again.picture()["axes"][0] == "Grocery (monetary units a year, log scale)"


def test_an_address_with_an_unknown_column_is_refused_in_words_and_one_line_of_the_log(
    page: Page, server: Server
) -> None:
    logged = server.remarks()
    screen = Screen(page, f"{server.url}?k=3&x=<img src=x onerror=alert(1)>&seed=oops")
    expect(screen.alert).to_contain_text(
        "There is no numeric column called “<img src=x onerror=alert(1)>” to show on x."
    )
    expect(screen.alert).to_contain_text("The seed must be a whole number")
    assert screen.slider.get_attribute("aria-valuenow") == "3.0"
    assert screen.picture()["axes"][0] == "Fresh (monetary units a year, log scale)"
    assert len(server.remarks()) == len(logged) + 1
    screen.run()
    expect(screen.alert).to_be_hidden()


def test_a_file_that_cannot_be_used_is_said_on_the_page_and_in_one_line_of_the_log(
    page: Page, serve_own: Callable[..., Server], tmp_path: Path
) -> None:
    source = tmp_path / "customers.csv"
    running = serve_own(source)
    screen = Screen(page, running.url)
    expect(screen.alert).to_contain_text("There is no file “customers.csv” to read customers from.")
    expect(screen.alert).to_contain_text("A sample, “Wholesale customers”, is shown instead.")
    assert len(running.remarks()) == 1
    source.write_bytes(bytes(range(256)))
    # Bokeh may also log that it could not finish sending the page that is left here.
    screen = Screen(page, running.url)
    expect(screen.alert).to_contain_text("but “customers.csv” is not text.")
    assert sum("customers.csv" in line for line in running.remarks()) == 2
    # From there one goes on with a sample, or with a file of one's own.
    screen.choose("Customers", "Loyalty cards")
    expect(page.locator(".title")).to_have_text("Loyalty cards")
    expect(screen.alert).to_be_hidden()
    own = tmp_path / "clients.csv"
    own.write_text("customer,spend\n" + "".join(f"c{number},{number * number}\n" for number in range(40)))
    page.locator(".intake input[type=file]").set_input_files(own)
    expect(page.locator(".title")).to_have_text("clients")


def test_more_segments_than_different_customers_are_refused_and_the_result_stays(
    page: Page, server: Server, tmp_path: Path
) -> None:
    path, logged = tmp_path / "few.csv", server.remarks()
    path.write_text("customer,spend,visits\n" + "".join(f"c{i},{i % 3 * 100.5},{i % 3 * 1.5}\n" for i in range(9)))
    screen = Screen(page, f"{server.url}?k=3")
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_have_text("few")
    screen.run()
    before = screen.column("customers")
    screen.slider.press("ArrowRight")
    page.get_by_role("button", name="Run clustering").click()
    expect(screen.alert).to_contain_text("4 segments need at least 4 customers who differ")
    assert screen.column("customers") == before
    expect(screen.badge).to_be_visible()
    assert server.remarks() == logged


def test_hostile_names_are_shown_as_they_are(page: Page, serve_own: Callable[..., Server], tmp_path: Path) -> None:
    name = "<img src=x onerror=document.title='run'>"
    source = tmp_path / "hostile.csv"
    source.write_text(
        f'customer,"{name}",$$x$$,**b**\n'
        + "".join(f"<b>c{i}</b>,{i * 100.5},{i % 7 * 1.5},{i % 5 * 2.5}\n" for i in range(40))
    )
    running = serve_own(source)
    screen = Screen(page, running.url)
    screen.run()
    expect(page.locator('.tabulator-col[tabulator-field="f0"]')).to_contain_text(name)
    assert screen.picture()["axes"][0] == name
    assert "run" not in page.title()
    assert page.locator("img").count() == 0
