"""What is said above SEGMENT_COLOURS, recomputed: they stay apart for everyone, on white and on near-black.

Delta E is the distance in CIELAB (CIE 1976, D65). Colour blindness is simulated after Machado, Oliveira and Fernandes,
"A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15:6 (2009), at severity 1.0, by
their matrices on linear RGB. Contrast is that of WCAG 2.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from custseg.panes.base.style import SEGMENT_COLOURS, UNASSIGNED_COLOUR
from custseg.settings import K_RANGE

if TYPE_CHECKING:
    import numpy.typing as npt

    Colour = npt.NDArray[np.float64]

SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
SMALLEST_DISTANCE, SMALLEST_CONTRAST = 16.9, 2.25


def linear_rgb(colour: str) -> Colour:
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(linear: Colour) -> Colour:
    x, y, z = TO_XYZ @ linear / TO_XYZ.sum(axis=1)
    cube = [value ** (1 / 3) if value > (6 / 29) ** 3 else value / (3 * (6 / 29) ** 2) + 4 / 29 for value in (x, y, z)]
    return np.array([116 * cube[1] - 16, 500 * (cube[0] - cube[1]), 200 * (cube[1] - cube[2])])


def distance(one: str, other: str, sight: str) -> float:
    seen = [lab(np.clip(SIGHT[sight] @ linear_rgb(colour), 0, 1)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(float(TO_XYZ[1] @ linear_rgb(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measures_know_black_from_white_and_red_from_green() -> None:
    assert distance("#000000", "#ffffff", "normal") == pytest.approx(100)
    assert contrast("#ffffff", "#000000") == pytest.approx(21, rel=1e-6)
    # The red and green of a traffic light that people with deuteranopia confuse, in shades equally bright to them.
    assert distance("#c86400", "#8c8200", "deuteranopia") < 0.3 * distance("#c86400", "#8c8200", "normal")


def test_there_is_a_colour_for_every_segment() -> None:
    assert len(set(SEGMENT_COLOURS)) == K_RANGE[1]
    assert UNASSIGNED_COLOUR not in SEGMENT_COLOURS


@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_colours_stay_apart(sight: str) -> None:
    too_near = {
        (one, other): round(distance(one, other, sight), 1)
        for one, other in combinations(SEGMENT_COLOURS, 2)
        if distance(one, other, sight) < SMALLEST_DISTANCE
    }
    assert too_near == {}


@pytest.mark.parametrize("page", ["#ffffff", "#161b22"])
def test_every_colour_stands_out_from_the_page(page: str) -> None:
    too_faint = {
        colour: round(contrast(colour, page), 2)
        for colour in SEGMENT_COLOURS
        if contrast(colour, page) < SMALLEST_CONTRAST
    }
    assert too_faint == {}
