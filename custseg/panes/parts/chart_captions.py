"""What stands around the pictures of segments, as HTML: the key of all, and below each what it says."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from custseg.language import say

if TYPE_CHECKING:
    from custseg.panes.charts.catalogue import Chart, Scene
    from custseg.panes.charts.chart_tables import ChartTable
    from custseg.panes.charts.marks import Mark


def key_html(marks: list[Mark], *, pressable: bool) -> str:
    """List the groups: what each is called, and what stands for it. On a page, pressing a segment selects it."""
    return f'<ul class="key">{"".join(f"<li>{_entry(mark, pressable=pressable)}</li>" for mark in marks)}</ul>'


def _entry(mark: Mark, *, pressable: bool) -> str:
    sign = "class=selected" if mark.selected else f"style=border-color:{mark.line}"
    text = f"<b {sign}>{mark.key}</b> {html.escape(mark.title.removeprefix(f'{mark.key} '))}"
    if not pressable or not mark.key.isdecimal():
        return text
    return f'<button type="button" data-segment="{mark.key}">{text}</button>'


def caption_html(chart: Chart, scene: Scene) -> str:
    """Say what there is to see in a picture; how to read it, and its numbers, are folded."""
    key = chart.key(scene) if chart.key else ""
    parts = [f'<p class="note">{key}</p>'] if key else []
    how, seen = chart.caption(scene), chart.seen(scene) if chart.seen else ""
    if not seen:
        parts.append(f'<p class="note">{how}</p>')
    else:
        parts.append(f'<p class="seen">{html.escape(seen)}</p>')
        parts.append(f"<details><summary>{say('How to read this')}</summary><p>{how}</p></details>")
    if chart.table:
        parts.append(f"<details><summary>{say('Show as a table')}</summary>{table_html(chart.table(scene))}</details>")
    return "".join(parts)


def table_html(table: ChartTable, caption: str = "") -> str:
    """Write a table of a picture, with a caption if one is needed; where it is wider than its place, it scrolls."""
    above = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    heads = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in table.heads)
    rows = "".join(
        f'<tr><th scope="row">{html.escape(first)}</th><td>{"</td><td>".join(map(html.escape, cells))}</td></tr>'
        for first, *cells in table.rows
    )
    # What scrolls is reached by the keyboard too.
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{say("The picture as a table")}">'
        f'<table class="behind">{above}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )
