"""The picture of customers: its scales, its legend, what is pointed at, and what it shows first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import expect

import custseg
from custseg.tables.evening_out import EveningOut
from custseg.wording import number
from tests.ui.screen import PLACE, Screen

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.ui.server import Server

# How strongly customers of each segment are drawn, by its number.
STRENGTHS = """() => {
  const views = (view) => [view, ...(view.child_views ?? []).flatMap(views)];
  const plots = Bokeh.index.roots.flatMap(views).filter((view) => view.model.type === "Figure");
  const layers = plots.flatMap((plot) => [...plot.views.all_views()]).filter((view) => view.model.name === "points");
  const numbers = layers[0].model.data_source.get_column("number");
  const alphas = layers[0].glyph.fill_alpha;
  return Object.fromEntries(Array.from(numbers, (number, row) => [number, alphas.get(row)]));
}"""

# Chooses a feature for an axis as a person does; returns what the picture shows before the server can have heard of it.
AHEAD = """([axis, feature]) => {
  const shadows = (node) => [...node.querySelectorAll("*")].flatMap((one) =>
    one.shadowRoot ? [one.shadowRoot, ...shadows(one.shadowRoot)] : []);
  const select = shadows(document).flatMap((one) => [...one.querySelectorAll("select")])
    .find((one) => one.getRootNode().host.classList.contains(axis));
  select.value = feature;
  select.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  const shown = (%(shown)s)();
  select.dispatchEvent(new Event("change", { bubbles: true }));
  return shown;
}"""
# All of the picture that an axis decides.
SHOWN = """() => {
  const figure = [...Bokeh.documents[0]._all_models.values()].findLast((model) => model.type === "Figure");
  const column = (source, name) => Array.from(source.get_column(name));
  const columns = ({ name, data_source: source }) => [name, column(source, "x"), column(source, "y")];
  const sides = [[figure.below[0], figure.x_range], [figure.left[0], figure.y_range]];
  return {
    places: figure.renderers.map(columns),
    axes: sides.map(([axis]) => [axis.axis_label, axis.ticker.args, axis.formatter.args]),
    spans: sides.map(([, { start, end, reset_start, reset_end }]) => [start, end, reset_start, reset_end]),
  };
}"""


def legend(page: Page) -> Locator:
    return page.get_by_role("list", name="Segments in the picture").get_by_role("button")


def wait_until_stand_out(page: Page, numbers: list[str]) -> None:
    """Wait until those segments, and no others, are drawn more strongly than the rest."""
    page.wait_for_function(
        f"""(numbers) => {{
          const found = Object.entries(({STRENGTHS})()), most = Math.max(...found.map(([, alpha]) => alpha));
          const strong = found.filter(([, alpha]) => alpha === most).map(([number]) => number).sort();
          return JSON.stringify(strong) === JSON.stringify(numbers);
        }}""",
        arg=numbers,
    )


def test_a_run_shows_the_two_features_that_separate_best_and_a_choice_stays(
    page: Page, server: Server, table_path: Path
) -> None:
    screen = Screen(page, server.url)
    screen.run()
    model = custseg.SegmentationModel(table_path, k=4, seed=42)
    result = model.run_clustering()
    assert {model.x, model.y} == {"Milk", "Detergents_Paper"}
    best = ["Milk (monetary units a year, log scale)", "Detergents and paper (monetary units a year, log scale)"]
    picture = screen.picture()
    assert picture["axes"] == best
    values = model.table.matrix([model.x, model.y])
    columns = [result.features.index(name) for name in (model.x, model.y)]
    expected = EveningOut.fit(values, np.array([True, True])).apply(result.centroids[:, columns])
    np.testing.assert_allclose([picture["centroids"][axis] for axis in "xy"], expected.T)
    expect(page.get_by_text("These two features separate the segments best.")).to_be_visible()
    expect(page).not_to_have_url(re.compile("x="))

    screen.choose("Across (x)", "Fresh")
    screen.wait_for_picture("axes", ["Fresh (monetary units a year, log scale)", best[1]])
    screen.run(2)
    assert screen.picture()["axes"][0] == "Fresh (monetary units a year, log scale)"
    offer = page.get_by_role("button", name="Show Milk and Detergents and paper, which separate best")
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 1000})
        # All of it is within the card, whose edge is a little beyond the picture's.
        picture_end = page.locator(".bk-Figure").first.evaluate("(element) => element.getBoundingClientRect().right")
        assert offer.evaluate("(button) => button.getBoundingClientRect().right") <= picture_end + 6
        assert offer.evaluate("(button) => button.scrollWidth <= button.clientWidth")
    offer.click()
    screen.wait_for_picture("axes", best)


def test_a_feature_is_on_its_axis_before_the_server_answers_and_is_as_the_server_shows_it(
    page: Page, server: Server
) -> None:
    screen = Screen(page, f"{server.url}?k=3&seed=101&x=Milk&y=Grocery")
    expect(page.get_by_role("group", name=re.compile("^Picture: customers by Milk"))).to_be_visible()

    def choose(axis: str, feature: str, name: str) -> None:
        ahead = page.evaluate(AHEAD % {"shown": SHOWN}, [axis, feature])
        # The server gives the picture its name.
        expect(page.get_by_role("group", name=re.compile(f"^Picture: customers by {name}"))).to_be_visible()
        confirmed = page.evaluate(SHOWN)
        assert ahead["axes"] == confirmed["axes"]
        np.testing.assert_allclose(ahead["spans"], confirmed["spans"])
        for (layer, *found), (same, *expected) in zip(ahead["places"], confirmed["places"], strict=True):
            assert layer == same
            np.testing.assert_allclose(found, expected)

    choose("choice-of-x", "Detergents and paper", "Detergents and paper .* and Grocery")
    screen.run()
    choose("choice-of-y", "Fresh", "Detergents and paper .* and Fresh")
    page.get_by_role("button", name="Log scale").click()
    screen.wait_for_picture("axes", ["Detergents and paper (monetary units a year)", "Fresh (monetary units a year)"])
    page.get_by_role("button", name="Mark borderline").click()
    expect(page.get_by_text("A ring marks")).to_be_visible()
    assert "rings" in [layer for layer, *_ in page.evaluate(SHOWN)["places"]]
    choose("choice-of-x", "Frozen", "Frozen .* and Fresh")
    screen.run(2)
    choose("choice-of-y", "Milk", "Frozen .* and Milk")


def test_the_scale_is_a_switch_and_zeros_stay_in_the_picture(page: Page, server: Server, tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    spend = np.where(np.arange(200) < 40, 0, generator.lognormal(4, 1.5, 200)).round(2)
    path = tmp_path / "shop.csv"
    pd.DataFrame({"spend": spend, "age": generator.normal(40, 9, 200).round()}).to_csv(path, index=False)
    screen = Screen(page, f"{server.url}")
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_have_text("shop")
    screen.wait_for_picture("axes", ["Spend (log scale)", "Age"])
    screen.run()
    logged = screen.picture()
    assert sorted(logged["axes"]) == ["Age", "Spend (log scale)"]
    along = logged["points"]["x" if logged["axes"][1] == "Age" else "y"]
    assert along.count(0) == 40
    expect(page.get_by_text("Not drawn")).to_have_count(0)
    page.get_by_role("button", name="Log scale").click()
    screen.wait_for_picture("axes", [title.replace(" (log scale)", "") for title in logged["axes"]])
    even = screen.picture()["points"]["x" if logged["axes"][1] == "Age" else "y"]
    assert even == spend.tolist()
    # The order along an axis is the same on both scales.
    assert np.argsort(along, kind="stable").tolist() == np.argsort(even, kind="stable").tolist()
    expect(page.get_by_role("button", name="Log scale")).not_to_have_class(re.compile("bk-active"))


def test_the_legend_says_names_and_a_press_selects_a_segment(page: Page, server: Server, table_path: Path) -> None:
    screen = Screen(page, server.url)
    expect(legend(page)).to_have_count(0)
    screen.run()
    words = custseg.interpret(custseg.profile(custseg.segment(table_path, k=4, seed=42)))
    expect(legend(page)).to_have_text([f"{position} {name}" for position, name in enumerate(words.names, start=1)])
    said = page.locator("span.selected")
    legend(page).nth(2).click()
    expect(said).to_contain_text("Selected: 10 customers, all in segment 3.")
    legend(page).nth(2).click()
    expect(said).to_contain_text("to select them")
    for key in ("Enter", " "):
        legend(page).nth(1).press(key)
        expect(said).to_contain_text("all in segment 2")
        page.get_by_role("button", name="Clear selection").click()
        expect(said).to_contain_text("to select them")


# The table of segments has a source too, into which what is found out of the result comes meanwhile.
_TELL_OF_THE_PICTURE = """() => {
    const [page] = Bokeh.documents;
    const parts = [...page._all_models.values()].find(({ type }) => type === "Figure").references();
    page.on_change(({ model, attr }) => { if (parts.has(model)) (window.told ??= []).push(`${model.type}.${attr}`); });
}"""


def test_customers_of_the_segment_pointed_at_stand_out_without_the_server(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    wait_until_stand_out(page, ["1", "2", "3", "4"])
    page.evaluate(_TELL_OF_THE_PICTURE)
    legend(page).nth(2).hover()
    wait_until_stand_out(page, ["3"])
    expect(legend(page).nth(2)).to_have_class(re.compile("lit"))
    page.mouse.move(*screen.place_of("W048"))
    wait_until_stand_out(page, ["3"])
    expect(legend(page).nth(2)).to_have_class(re.compile("lit"))
    page.mouse.move(700, 5)
    wait_until_stand_out(page, ["1", "2", "3", "4"])
    # What is found out of the result meanwhile changes other things, and nothing in the picture.
    told = page.evaluate("window.told ?? []")
    drawn = ("Scatter.", "GlyphRenderer.", "ColumnDataSource.", "Selection.", "CustomJS", "CategoricalColorMapper.")
    assert [one for one in told if one.startswith(drawn)] == []


def test_zoom_stays_over_a_run_that_keeps_the_axes(page: Page, server: Server) -> None:
    screen = Screen(page, f"{server.url}?x=Milk&y=Grocery")
    screen.run()
    page.locator("canvas").first.scroll_into_view_if_needed()
    x, y = screen.place_of("W048")
    page.mouse.move(x - 40, y + 40)
    page.mouse.wheel(0, -400)
    page.wait_for_function(f"([customer, x]) => ({PLACE})(customer)[0] > x + 5", arg=["W048", x])
    page.mouse.move(700, 5)
    zoomed = screen.place_of("W048")
    screen.type_seed("7")
    screen.run(2)
    assert screen.place_of("W048") == zoomed


def test_the_picture_has_a_name_and_a_table_behind_it(page: Page, server: Server, table_path: Path) -> None:
    screen = Screen(page, f"{server.url}?x=Milk&y=Grocery")
    screen.run()
    expect(page.get_by_role("group", name=re.compile("^Picture: customers by Milk .* and Grocery"))).to_be_visible()
    page.get_by_text("The picture as a table").click()
    table = page.get_by_role("region", name="The picture as a table")
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Segment", "Customers", "Milk, average", "Milk, middle half", "Grocery, average", "Grocery, middle half"]
    )
    profile = custseg.profile(custseg.segment(table_path, k=4, seed=42))
    row = table.get_by_role("row").nth(3)
    expect(row).to_contain_text(number(profile.averages(["Milk"])[2, 0]))
    low, _, high = profile.quartiles[2, :, profile.features.index("Grocery")]
    expect(row).to_contain_text(f"{number(low)} to {number(high)}")
