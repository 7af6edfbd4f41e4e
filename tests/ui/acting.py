"""Whether anything that came with a table acts in a page, or would at a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hostile import FLAG, MARKED

if TYPE_CHECKING:
    from playwright.sync_api import Page

# What no table may bring into a page: pictures, frames, typeset mathematics, handlers, and links that lead anywhere.
_ACTING = r"""() => {
  const within = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
    [one, ...(one.shadowRoot ? within(one.shadowRoot) : [])]);
  const handles = (one) => [...one.attributes].some((attribute) => attribute.name.startsWith("on"));
  // A part of a drawing has its address in an object.
  const address = (one) => one.href?.baseVal === undefined ? one.href : new URL(one.href.baseVal, location.href).href;
  const leads = (one) => one.href && !/^(http:\/\/localhost|blob:|data:|file:)/.test(address(one));
  const styled = (one) => getComputedStyle(one).getPropertyValue("--%MARKED%") !== "";
  const acts = (one) => one.matches("img, iframe, object, embed, form, mjx-container, math, [%MARKED%]")
    || handles(one) || leads(one) || styled(one);
  return within(document.body).filter(acts).map((one) => one.outerHTML.slice(0, 200));
}""".replace("%MARKED%", MARKED)


def check_nothing_acts(page: Page) -> None:
    """Fail where a script of the table ran, or something stands there that it must not bring."""
    assert page.evaluate(FLAG) is None
    assert page.evaluate(_ACTING) == []
