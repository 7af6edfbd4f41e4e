"""Small inline histograms as SVG, in the colour of the surrounding text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = 1


def histogram_svg(counts: Sequence[int], width: int = 96, height: int = 24, label: str = "") -> str:
    """Draw counts as bars; empty where there are none. ``label`` is for screen readers, and must be safe HTML."""
    if not counts or max(counts) == 0:
        return ""
    step = width / len(counts)
    bars = []
    for position, count in enumerate(counts):
        # Even a bin with one customer is visible.
        tall = max(1.0, height * count / max(counts)) if count else 0.0
        bars.append(
            f'<rect x="{position * step:.1f}" y="{height - tall:.1f}" width="{step - _GAP:.1f}" height="{tall:.1f}"/>'
        )
    role = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    return f'<svg {role} width="{width}" height="{height}" fill="currentColor">{"".join(bars)}</svg>'
