"""What is painted on a PDF page under its words and over them: boxes that hide text, and pictures."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

MAX_OBJECTS = 20_000
"""Objects of a page that are looked at; a page that holds more is a map or a drawing."""

MAX_DEPTH = 5  # forms in forms
MIN_SIDE = 2.0  # points; a thinner shape is a rule
MIN_ALPHA = 128  # of 255, from which a shape hides what is under it
MIN_CONTRAST = 0.06
"""Of luminance, 0 to 1, below which text cannot be told from what is under it. The palest grey of print, 10 % of
black, stands out from white by 0.1."""


class Box(NamedTuple):
    """Corners of a rectangle, in points."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def within(self, other: "Box") -> "Box":
        """Return what both share."""
        return Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    @property
    def area(self) -> float:
        """Square points; 0 for a box that is inside out."""
        return max(self.right - self.left, 0.0) * max(self.top - self.bottom, 0.0)


@dataclass(frozen=True, slots=True)
class _Shape:
    order: int  # the later is painted over the earlier
    box: Box
    luminance: float | None  # 0 to 1; None where it is not one colour
    is_solid: bool  # it fills its box, and hides what is under it
    is_picture: bool


class Painting:
    """The shapes of a page, in the order in which they are painted."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._shapes: list[_Shape] = []
        self._order: dict[int, int] = {}  # address of a text object -> its place in the order
        self._box = Box(*page.get_bbox())
        objects = (raw.FPDFPage_GetObject(page, at) for at in range(raw.FPDFPage_CountObjects(page)))
        for number, (item, matrix) in enumerate(_flat(objects, raw.FS_MATRIX(1, 0, 0, 1, 0, 0), 0)):
            if number > MAX_OBJECTS:
                break
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                self._order[ctypes.addressof(item.contents)] = number
            elif shape := _shape(item, kind, matrix, number):
                self._shapes.append(shape)

    def hides(self, text: int, luminance: float, x: float, y: float) -> bool:
        """Whether text cannot be seen at a point: it has the colour of what is under it, or lies under something.

        Args:
            text: address of the text object.
            luminance: of its letters, 0 to 1.
            x: of the point, in points.
            y: the same.
        """
        background: float | None = 1.0  # paper
        order = self._order.get(text, len(self._order) + len(self._shapes))
        for shape in self._shapes:
            if shape.box.holds(x, y):
                if shape.order > order:
                    if shape.is_solid:
                        return True
                elif shape.is_solid or luminance > 0.5:
                    background = shape.luminance
        return background is not None and abs(luminance - background) < MIN_CONTRAST

    def is_on_picture(self, x: float, y: float) -> bool:
        """Whether a picture lies at a point."""
        return any(shape.is_picture and shape.box.holds(x, y) for shape in self._shapes)

    @property
    def pictured(self) -> float:
        """Share of the page that pictures cover, about: 0 to 1."""
        covered = sum(shape.box.within(self._box).area for shape in self._shapes if shape.is_picture)
        return min(covered / max(self._box.area, 1.0), 1.0)

    @property
    def is_blank(self) -> bool:
        """Whether nothing but text is painted."""
        return not self._shapes


def luminance(red: int, green: int, blue: int) -> float:
    """Return how light a colour is, from 0 to 1 (weights of Rec. 601)."""
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def _flat(objects: Iterator[Any], matrix: Any, depth: int) -> Iterator[tuple[Any, Any]]:
    """Yield every object, those inside forms too, with the matrix that places it on the page."""
    for item in objects:
        yield item, matrix
        if depth < MAX_DEPTH and raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_FORM:
            own = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(item, own)
            inner = (raw.FPDFFormObj_GetObject(item, at) for at in range(raw.FPDFFormObj_CountObjects(item)))
            yield from _flat(inner, _product(own, matrix), depth + 1)


def _product(inner: Any, outer: Any) -> Any:
    """Return the matrix that applies `inner`, then `outer`."""
    return raw.FS_MATRIX(
        inner.a * outer.a + inner.b * outer.c,
        inner.a * outer.b + inner.b * outer.d,
        inner.c * outer.a + inner.d * outer.c,
        inner.c * outer.b + inner.d * outer.d,
        inner.e * outer.a + inner.f * outer.c + outer.e,
        inner.e * outer.b + inner.f * outer.d + outer.f,
    )


def _shape(item: Any, kind: int, matrix: Any, order: int) -> _Shape | None:
    """Return what an object paints, if it covers anything."""
    numbers = [ctypes.c_float() for _ in range(4)]
    if kind == raw.FPDF_PAGEOBJ_FORM or not raw.FPDFPageObj_GetBounds(item, *numbers):
        return None
    box, is_whole = _clipped(item, _placed(Box(*(number.value for number in numbers)), matrix))
    if min(box.right - box.left, box.top - box.bottom) < MIN_SIDE:
        return None
    if kind != raw.FPDF_PAGEOBJ_PATH:
        return _Shape(order, box, None, is_solid=False, is_picture=kind == raw.FPDF_PAGEOBJ_IMAGE)
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, mode, stroke)
    if mode.value == raw.FPDF_FILLMODE_NONE:
        return None
    rgba = [ctypes.c_uint() for _ in range(4)]
    is_coloured = raw.FPDFPageObj_GetFillColor(item, *rgba)
    red, green, blue, alpha = (channel.value for channel in rgba)
    if not is_coloured or alpha < MIN_ALPHA or raw.FPDFPageObj_HasTransparency(item):
        return _Shape(order, box, None, is_solid=False, is_picture=False)
    is_solid = is_whole and raw.FPDFPath_CountSegments(item) <= 5  # a rectangle has four sides, and may be closed twice
    return _Shape(order, box, luminance(red, green, blue), is_solid, is_picture=False)


def _placed(box: Box, matrix: Any) -> Box:
    """Return the box around `box` once it is placed on the page."""
    corners = [(x, y) for x in (box.left, box.right) for y in (box.bottom, box.top)]
    xs = [x * matrix.a + y * matrix.c + matrix.e for x, y in corners]
    ys = [x * matrix.b + y * matrix.d + matrix.f for x, y in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _clipped(item: Any, box: Box) -> tuple[Box, bool]:
    """Return what clipping leaves of a box, and whether that is still a rectangle."""
    clip = raw.FPDFPageObj_GetClipPath(item)
    is_whole = True
    for path in range(raw.FPDFClipPath_CountPaths(clip) if clip else 0):
        segments = raw.FPDFClipPath_CountPathSegments(clip, path)
        is_whole = is_whole and segments <= 5
        points = [_point(raw.FPDFClipPath_GetPathSegment(clip, path, at)) for at in range(min(segments, 100))]
        if points:
            xs, ys = zip(*points, strict=True)
            box = box.within(Box(min(xs), min(ys), max(xs), max(ys)))
    return box, is_whole


def _point(segment: Any) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, x, y)
    return x.value, y.value
