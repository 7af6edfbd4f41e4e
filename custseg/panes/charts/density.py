"""A picture of very many customers: counts a pixel and segment in, images out, and the layer of a figure they are in.

An image of all, and one of each segment for when it is pointed at: a browser then shows another without asking.
They are PNG in data addresses, a tenth of the bytes that Bokeh's own images take. Datashader's ``shade`` took 30 to
230 milliseconds an image, and here there are several of the same counts.
"""

from __future__ import annotations

import base64
import io
import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.models import ColumnDataSource, CustomJS, CustomJSTransform, ImageURL
from bokeh.models.renderers import GlyphRenderer

from custseg.parallel import in_parallel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from PIL import Image

    from custseg.tables.placed import Counts, Grid

    Colours = npt.NDArray[np.float32]
    Floats = npt.NDArray[np.float64]
    Columns = dict[str, list[Any]]

# The number of the image of all, in the place of a segment's.
ALL = "all"
# The source by which tests find what is drawn.
DENSITY = "density"
# How opaque a pixel with one customer is where others have more, and where some are chosen one of the others.
_LEAST, _FAINT = 0.4, 0.14
_MOST_TOLD_APART, _STEP = 1 << 16, 5
# A dot's radius in pixels, by how many customers are in view: the fewer, the larger.
_RADII = ((500, 3), (5_000, 2))


@dataclass(frozen=True, eq=False)
class Density:
    """How many customers lie in each pixel of a part of the picture, by group; ``chosen`` are those that stand out."""

    grid: Grid
    counts: Counts
    chosen: Counts | None = None


def image_columns(density: Density, colours: Sequence[str], segments: Sequence[str]) -> Columns:
    """Return the images of all and of each segment as columns; ``colours`` are those of the groups.

    ``segments`` are the numbers of the groups after the first, which holds those in none.
    """
    radius = _radius(int(density.counts.sum()))
    dots = _as_dots(density.counts, radius)
    chosen = None if density.chosen is None else _as_dots(density.chosen, radius)
    paint = [tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5)) for colour in colours]

    def draw(group: int) -> str:
        if not group:
            return _image_of_all(dots, chosen, np.array(paint, dtype=np.float32))
        return _image_of_one(_opacity(dots[group], None if chosen is None else chosen[group]), paint[group])

    images = in_parallel(draw, range(len(segments) + 1))
    grid, shown = density.grid, len(images)
    return {
        "number": [ALL, *segments],
        "url": images,
        "x": [grid.x[0]] * shown,
        "y": [grid.y[0]] * shown,
        "w": [grid.x[1] - grid.x[0]] * shown,
        "h": [grid.y[1] - grid.y[0]] * shown,
    }


def _radius(in_view: int) -> int:
    return next((radius for most, radius in _RADII if in_view <= most), 1)


def _as_dots(counts: Counts, radius: int) -> Counts:
    """Make each customer a dot, so that one alone can be seen: groups x rows x columns."""
    # Datashader's spread does the same, and takes seconds to compile.
    height, width, groups = counts.shape
    rows, columns, group = counts.nonzero()
    found = counts[rows, columns, group]
    dots = np.zeros((groups, height + 2 * radius, width + 2 * radius), dtype=counts.dtype)
    corners = (group * dots.shape[1] + rows) * dots.shape[2] + columns
    for down, right in itertools.product(range(2 * radius + 1), repeat=2):
        if math.hypot(down - radius, right - radius) < radius + 0.5:
            dots.ravel()[corners + (down * dots.shape[2] + right)] += found
    return np.ascontiguousarray(dots[:, radius : radius + height, radius : radius + width])


def _image_of_all(dots: Counts, chosen: Counts | None, paint: Colours) -> str:
    """Return an image whose colours are mixed by how many are of each group."""
    from PIL import Image

    opacity = _opacity(dots.sum(axis=0), None if chosen is None else chosen.sum(axis=0))
    if chosen is not None:
        dots = np.where(chosen.any(axis=0), chosen, dots)
    shares = dots.reshape(len(dots), -1).astype(np.float32)
    shares /= np.maximum(shares.sum(axis=0), 1)
    pixels = np.empty((*opacity.shape, 4), dtype=np.uint8)
    for channel, colour in enumerate((paint.T @ shares).reshape(3, *opacity.shape)):
        pixels[..., channel] = colour + 0.5
    pixels[..., 3] = opacity
    return _address(Image.fromarray(pixels[::-1]))


def _image_of_one(opacity: npt.NDArray[np.uint8], colour: tuple[int, ...]) -> str:
    """Return an image of one colour, a byte a pixel."""
    from PIL import Image

    image = Image.fromarray(opacity[::-1])
    image.putpalette(colour * 256)
    return _address(image, transparency=bytes(range(256)))


def _opacity(counts: Counts, chosen: Counts | None) -> npt.NDArray[np.uint8]:
    """Return how strongly each pixel is painted, 0 to 255: the more customers the more, faintly who isn't chosen."""
    strong = counts if chosen is None else chosen
    opacity = np.where(counts > 0, np.uint8(255 * _FAINT), np.uint8(0))
    there = strong > 0
    strengths = 255 * (_LEAST + (1 - _LEAST) * _ranks(strong[there]))
    # In steps, which nobody sees and which make a file smaller.
    opacity[there] = np.minimum(np.rint(strengths / _STEP) * _STEP, 255)
    return opacity


def _ranks(counts: Counts) -> Floats:
    """Return 0 for the least count to 1 for the largest, by how many pixels have fewer: so all strengths are used."""
    if not len(counts):
        return np.zeros(0)
    counts = np.minimum(counts, _MOST_TOLD_APART).astype(np.intp)
    pixels = np.bincount(counts)
    fewer = np.cumsum(pixels) - pixels
    most = fewer[counts.max()]
    return np.asarray(fewer[counts] / most) if most else np.ones(len(counts))


def _address(image: Image.Image, **options: Any) -> str:
    stream = io.BytesIO()
    image.save(stream, "png", compress_level=1, **options)
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


# Only one image is seen: of all where no segment is pointed at, else of that one, and faintly of all.
_SEEN = """
const lit = document.documentElement.dataset.litSegment, there = lit && Array.from(xs).includes(lit);
return Array.from(xs, (number) => number === (there ? lit : "all") ? 1 : there && number === "all" ? 0.15 : 0);
"""
# What comes is decoded before it takes the place of what is there: else that would flash up in the new one's place.
_DECODED = """
const columns = arriving.data, shows = shown;
if (shows.data === columns) return;
const decode = (url) => {
  const image = new Image();
  image.crossOrigin = "anonymous";
  image.src = url;
  return image.decode().then(() => image, () => image);
};
Promise.all(Array.from(columns.url, decode)).then((images) => {
  // Of what came meanwhile the newest is shown.
  if (arriving.data !== columns) return;
  // Held until they are drawn, so that the browser need not decode them again.
  shows.decoded = images;
  shows.setv({data: columns}, {sync: false});
});
"""
NOTHING: Columns = {"number": [], "url": [], "x": [], "y": [], "w": [], "h": []}


def add_density(figure: Any, name: str, columns: Columns) -> ColumnDataSource:
    """Put a layer of images below all others, and return the source that what is shown later is put into."""
    shown, arriving = ColumnDataSource(dict(NOTHING)), ColumnDataSource(dict(columns), name=DENSITY)
    decode = CustomJS(args={"arriving": arriving, "shown": shown}, code=_DECODED)
    arriving.js_on_change("data", decode)
    # What is there from the first, once the figure has its place.
    figure.js_on_change("inner_width", decode)
    seen: Any = {"field": "number", "transform": CustomJSTransform(v_func=_SEEN)}
    place: Any = {"x": "x", "y": "y", "w": "w", "h": "h", "anchor": "bottom_left"}
    glyph = ImageURL(url="url", **place, global_alpha=seen)
    figure.renderers.insert(0, GlyphRenderer(data_source=shown, glyph=glyph, name=name))
    return arriving
