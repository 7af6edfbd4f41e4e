"""The dashboard as a person and a script see it: what to press, and what stands there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Download, Locator, Page

# Bokeh's models in the browser are what is drawn, which a canvas doesn't tell otherwise.
PICTURE = """() => {
  const models = Bokeh.documents.flatMap((page) => [...page._all_models.values()]);
  const points = models.findLast((model) => model.type === "GlyphRenderer" && model.name === "points");
  const figure = models.findLast((model) => model.type === "Figure" && model.renderers.includes(points));
  const crosses = figure.renderers.find((one) => one.data_source.get_column("colour") != null);
  const column = (renderer, name) => Array.from(renderer.data_source.get_column(name));
  const columns = (renderer, names) => Object.fromEntries(names.map((name) => [name, column(renderer, name)]));
  const axes = [...figure.below, ...figure.left].filter((panel) => panel.type.endsWith("Axis"));
  const shadows = (node) => [...node.querySelectorAll("*")].flatMap((one) =>
    one.shadowRoot ? [one.shadowRoot, ...shadows(one.shadowRoot)] : []);
  const entries = shadows(document).flatMap((one) => [...one.querySelectorAll('[aria-label^="Segments in"] .entry')]);
  const numbers = column(points, "number"), mapper = points.glyph.fill_color.transform;
  return {
    points: columns(points, ["customer", "number", "x", "y"]),
    centroids: columns(crosses, ["number", "colour", "x", "y"]),
    axes: axes.map((axis) => axis.axis_label.replaceAll("\\n", " ")),
    legend: entries.map((entry) => entry.textContent),
    // The numbers of the segments of which customers are drawn, and the colours they are drawn in.
    shown: [...new Set(numbers)].sort(),
    drawn: column(crosses, "number").map((number) => mapper.palette[mapper.factors.indexOf(number)]),
  };
}"""
# Where the page has put a customer, in pixels of the window.
PLACE = """(customer) => {
  const views = (view) => [view, ...(view.child_views ?? []).flatMap(views)];
  const plots = Bokeh.index.roots.flatMap(views).filter((view) => view.model.type === "Figure");
  const plot = plots.find((one) => one.model.renderers.some((part) => part.name === "points"));
  const frame = plot.frame, canvas = plot.canvas_view.el.getBoundingClientRect();
  const points = plot.model.renderers.map((one) => one.data_source).find((one) => one.get_column("customer") != null);
  const row = Array.from(points.get_column("customer")).indexOf(customer);
  return [canvas.x + frame.x_scale.compute(points.get_column("x")[row]),
          canvas.y + frame.y_scale.compute(points.get_column("y")[row])];
}"""


def slow_down(page: Page, times: float) -> None:
    """Have a page run that many times slower, as on a busy or a small machine."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def read_picture(page: Page) -> dict[str, Any]:
    """Return what the picture of a page holds: points, centroids, axes, legend."""
    held: dict[str, Any] = page.evaluate(PICTURE)
    return held


def place_of(page: Page, customer: str) -> tuple[float, float]:
    """Return where a customer is drawn, in pixels of the window."""
    x, y = page.evaluate(PLACE, customer)
    return x, y


def read_column(page: Page, field: str) -> list[str]:
    """Return the cells of one column of the table of segments, by its internal name."""
    cells = page.locator(f'.tabulator-row .tabulator-cell[tabulator-field="{field}"]')
    return [" ".join(text.split()) for text in cells.all_inner_texts()]


def open_view(page: Page, title: str) -> Locator:
    """Turn to another view by its link, such as “Segments”, and return it once it is there."""
    page.get_by_role("navigation", name="Views").get_by_role("link", name=title, exact=True).click()
    view = page.get_by_role("region", name=title, exact=True)
    expect(view.locator(".section").first).to_be_visible()
    # What lies below is sent after the first part.
    expect(view.locator(".coming")).to_have_count(0)
    return view


def section_of(page: Page, heading: str) -> Locator:
    """Return the part of a view below a heading."""
    return page.locator(".section", has=page.get_by_role("heading", name=heading))


class Screen:
    """One open page of the dashboard."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        if "#" in url:
            # Else a browser that is on that page already would only turn to the view.
            page.goto("about:blank")
        answer = page.goto(url)
        # Else what is awaited would be awaited for a minute.
        assert answer is None or answer.ok, f"The server answered {answer.status}; its log says why."
        expect(self.status).to_contain_text(re.compile(r"Not run yet|Run \d"))
        if "#" not in url:
            # The plot of the first view is there once it has painted its axes.
            expect(page.locator("canvas").first).to_be_visible()

    @property
    def status(self) -> Locator:
        """The line that says what was run."""
        return self.page.locator(".run-status")

    @property
    def alert(self) -> Locator:
        """What went wrong, if anything did."""
        # The place to drop a file has an alert of its own, for screen readers alone.
        return self.page.locator("p[role=alert]")

    @property
    def badge(self) -> Locator:
        """The mark of a result that is older than the settings."""
        return self.page.get_by_text("Settings changed since this run")

    @property
    def words(self) -> Locator:
        """The section with a paragraph for each segment."""
        return self.page.locator(".section", has=self.page.get_by_role("heading", name="What each segment is"))

    @property
    def seed(self) -> Locator:
        """The field of the seed."""
        return self.page.get_by_role("textbox", name="Seed")

    @property
    def slider(self) -> Locator:
        """The slider of the number of segments."""
        return self.page.get_by_role("slider", name="Number of segments")

    def open_view(self, title: str) -> Locator:
        """Turn to another view by its link, such as “Segments”, and return it."""
        return open_view(self.page, title)

    def run(self, number: int = 1) -> None:
        """Press the button, and wait until that run of the session is on the page."""
        self.page.get_by_role("button", name="Run clustering").click()
        expect(self.status).to_contain_text(f"Run {number}:")

    def download(self, title: str) -> Download:
        """Choose a format in the menu of downloads, and return the file."""
        self.page.get_by_role("button", name="Download", exact=True).click()
        menu = self.page.get_by_role("group", name="Download")
        others = menu.get_by_role("combobox", name="Another file")
        if title in others.locator("option").all_inner_texts():
            others.select_option(title)
            title = "Save this file"
        with self.page.expect_download() as download:
            menu.get_by_text(title, exact=True).click()
        self.page.keyboard.press("Escape")
        return download.value

    def type_seed(self, text: str) -> None:
        """Type a seed and leave the field."""
        self.seed.fill(text)
        self.seed.press("Tab")

    def choose(self, axis: str, feature: str) -> None:
        """Choose a feature for an axis: ``Across (x)`` or ``Up (y)``."""
        self.page.get_by_role("combobox", name=axis).select_option(feature)

    def picture(self) -> dict[str, Any]:
        """Return what the figure holds: points, centroids, axes, legend."""
        return read_picture(self.page)

    def place_of(self, customer: str) -> tuple[float, float]:
        """Return where a customer is drawn, in pixels of the window."""
        return place_of(self.page, customer)

    def column(self, field: str) -> list[str]:
        """Return the cells of one column of the table of segments, by its internal name."""
        return read_column(self.page, field)

    def wait_for_picture(self, what: str, expected: object) -> None:
        """Wait until that part of ``picture()`` is as expected."""
        self.page.wait_for_function(
            f"([what, expected]) => JSON.stringify(({PICTURE})()[what]) === JSON.stringify(expected)",
            arg=[what, expected],
        )
