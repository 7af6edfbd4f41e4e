"""The picture without a browser: customers where they lie, in the colours of the page, and names as they are."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from custseg import SegmentationModel, SettingError
from custseg.export import formats
from custseg.panes.base.style import SEGMENT_COLOURS
from tests.hostile import hostile_playbook, hostile_table

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"


def drawn(model: SegmentationModel) -> ET.Element:
    stream = BytesIO()
    formats.find_format("picture.svg").write(model.bundle(), stream)
    return ET.fromstring(stream.getvalue())  # noqa: S314 - it was written here


def texts(picture: ET.Element) -> list[str]:
    return ["".join(part.itertext()) for part in picture.iter(f"{SVG}text")]


def test_every_customer_is_a_mark_in_the_colour_of_its_segment(model: SegmentationModel) -> None:
    assert model.result is not None
    assert model.outcome is not None
    assert model.words is not None
    picture = drawn(model)
    marks = [part.attrib["style"] for part in picture.iter(f"{SVG}use") if "fill-opacity: 0.7" in part.attrib["style"]]
    for slot, size in zip(model.outcome.slots, model.result.sizes, strict=True):
        colour = SEGMENT_COLOURS[slot].lower()
        # One more stands in the legend.
        assert sum(colour in style for style in marks) == size + 1
    said = texts(picture)
    assert {f"{number} {name}" for number, name in enumerate(model.words.names, start=1)} <= set(said)
    assert {"Milk (monetary units a year, log scale)", "4 segments of 440 customers", "1,000", "0"} <= set(said)


def test_the_same_picture_is_the_same_file_and_a_plane_can_be_drawn(model: SegmentationModel, tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        model.save(tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    model.picture = "principal"
    model.save(tmp_path / "plane.png")
    assert (tmp_path / "plane.png").read_bytes().startswith(b"\x89PNG")
    model.save(tmp_path / "plane.svg")
    assert (tmp_path / "plane.svg").read_bytes() != (tmp_path / "a.svg").read_bytes()


def test_hostile_names_are_text_and_nothing_else() -> None:
    model = SegmentationModel(hostile_table(), k=3, seed=1, playbook=hostile_playbook())
    model.run_clustering()
    for name in model.table.features[:6]:
        model.x = name
        picture = drawn(model)
        assert {part.tag.removeprefix(SVG) for part in picture.iter()} & {"script", "a", "foreignObject"} == set()
        links = [value for part in picture.iter() for key, value in part.attrib.items() if key.endswith("href")]
        assert all(link.startswith("#") for link in links)
        assert not [key for part in picture.iter() for key in part.attrib if re.match("on", key)]


def test_without_the_library_it_is_said_how_to_get_it(
    model: SegmentationModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda _: None)
    with pytest.raises(SettingError, match=r"pip install 'custseg\[pictures\]'"):
        model.save(tmp_path / "picture.png")
    assert not list(tmp_path.iterdir())
