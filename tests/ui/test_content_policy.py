"""What a browser does not run on the page, though it came into it: the last wall, where all others fell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.conftest import watch
from tests.ui.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

    from tests.ui.server import Server

REFUSED = ["connect-src", "form-action", "frame-src", "script-src-attr", "script-src-elem"]
RUN = "window.custsegWasHere = 1"
PUT_IN = f"""(async () => {{
const breaches = [];
document.addEventListener("securitypolicyviolation", (breach) => breaches.push(breach.effectiveDirective));
const place = document.createElement("div");
place.innerHTML = `<img src=x: onerror="{RUN}"><a href="javascript:{RUN}">press</a><iframe src="https://example.com"></iframe>`;
document.body.append(place);
const script = document.createElement("script");
script.textContent = "{RUN}";
document.body.append(script);
place.querySelector("a").click();
await fetch("https://example.com").catch(() => 0);
const form = document.createElement("form");
form.action = "/app";
document.body.append(form);
// What the page writes into its address, or another form, takes back one that has not left yet.
for (let turn = 0; turn < 20 && new Set(breaches).size < {len(REFUSED)}; turn++) {{
  form.submit();
  await new Promise((done) => setTimeout(done, 1500));
}}
return [window.custsegWasHere ?? null, [...new Set(breaches)].sort()];
}})()"""


def test_nothing_that_is_put_into_the_page_runs_or_asks_elsewhere(
    fresh_context: Callable[..., BrowserContext], server: Server
) -> None:
    page = fresh_context().new_page()
    Screen(page, server.url)
    ran, breaches = page.evaluate(PUT_IN)
    assert ran is None
    assert set(REFUSED) <= set(breaches)


def test_a_breach_of_the_policy_fails_a_test_of_the_page(
    fresh_context: Callable[..., BrowserContext], server: Server
) -> None:
    page, trouble = fresh_context().new_page(), list[str]()
    watch(page, trouble)
    Screen(page, server.url)
    assert trouble == []
    page.evaluate("document.body.setAttribute('onclick', '1'); document.body.click()")
    assert any("Content Security Policy" in line for line in trouble)
