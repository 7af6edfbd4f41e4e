"""Which segment a new customer would join, as a person asks it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

import custseg
from tests.ui.screen import Screen, section_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.ui.server import Server


def test_a_few_questions_say_which_segment_a_customer_would_join(page: Page, server: Server, table_path: Path) -> None:
    result = custseg.segment(table_path, k=4, seed=42)
    form = custseg.find_typing_tool(result).form
    screen = Screen(page, server.url)
    screen.run()
    screen.open_view("Customers")
    section = section_of(page, "Which segment would a new customer join?")
    expect(section).to_contain_text(form.sentence)
    usual = result.table.to_pandas().iloc[4]
    for name, label in zip(form.columns, form.form.labels, strict=True):
        field = section.get_by_role("textbox", name=re.compile(re.escape(label), re.IGNORECASE))
        field.fill(str(usual[name]))
        field.press("Tab")
    answer = form.answer({name: float(usual[name]) for name in form.columns})
    expect(section).to_contain_text(f"would join segment {answer.segment}")
    expect(section).to_contain_text(answer.sureness)
    with page.expect_download() as download:
        section.get_by_text("Download for a survey (text)").click()
    assert f"Right for {form.survey.right}" in Path(download.value.path()).read_text(encoding="utf-8")
