"""Outlines over a picture, as an SVG: the same drawing for the portal and the report.

A drawing lives on a canvas of at most 1200 by 900 units, whatever the size of the photo, so that
numbers and lines are equally large on every picture. Review status shows in line style, mark and
colour, the type of damage in its hatch: nothing depends on colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from assessment.core.hatching import HATCHES, Point, Points, Run, hatch, runs
from assessment.core.vocabulary import DamageType, FindingSource, ReviewStatus

CANVAS_WIDTH, CANVAS_HEIGHT = 1200.0, 900.0
"""On paper a picture is 89.5 mm wide, so a unit is 0.075 mm."""

HALO = "#0A1018"
LINE_WIDTH, HALO_WIDTH = 5.5, 11.0
HATCH_WIDTH, HATCH_HALO_WIDTH = 2.3, 5.4
BADGE_HEIGHT, FIGURE_SIZE, FIGURE_WIDTH, MARK_SIZE = 54.0, 36.0, 20.0, 26.0
BADGE_GAP, BADGE_PADDING = 8.0, 16.0
BAR_HEIGHT, BAR_TEXT_SIZE, BAR_MARGIN, BAR_PARTS = 14.0, 33.0, 20.0, 4


@dataclass(frozen=True, slots=True)
class Outline:
    """A finding to draw. `polygon` is a GeoJSON MultiPolygon in pixels of the upright photo."""

    number: int
    polygon: Mapping[str, Any]
    damage_type: DamageType
    source: FindingSource
    review: ReviewStatus
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A known length: `pixels` of the upright photo, and the text that names it."""

    pixels: float
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn on: the size of the upright photo in pixels and where its copy is found.

    `href` may be empty: the drawing is then transparent and can be laid over a picture.
    """

    width: int
    height: int
    href: str = ""
    title: str = ""
    bar: ScaleBar | None = None

    @property
    def zoom(self) -> float:
        """Canvas units per pixel."""
        return min(CANVAS_WIDTH / self.width, CANVAS_HEIGHT / self.height)


@dataclass(frozen=True, slots=True)
class Style:
    """How a line looks; `mark` is a path in a square of ten units."""

    colour: str
    mark: str
    dashes: str = ""
    corners: str = "round"
    hatched: bool = True


@dataclass(frozen=True, slots=True)
class Badge:
    """The upright rectangle that holds a number and its mark."""

    left: float
    top: float
    width: float

    def overlaps(self, other: Badge) -> bool:
        """Whether two badges share more than an edge."""
        level = abs(self.top - other.top) < BADGE_HEIGHT
        gap = max(self.left, other.left) - min(self.left + self.width, other.left + other.width)
        return level and gap < 0


ACCEPTED = Style("#F0E442", "M1 5.5 L4 8.5 L9 2")
PROPOSED = Style("#56B4E9", "M5 .5 L9.5 5 L5 9.5 L.5 5 Z", dashes="22 12")
REJECTED = Style("#C9CDD3", "M1.5 1.5 L8.5 8.5 M8.5 1.5 L1.5 8.5", dashes="2 11", hatched=False)
BY_HAND = Style("#FF9F6B", "M1 9 L2 6.2 L7.2 1 L9 2.8 L3.8 8 Z", corners="miter")


def style(source: FindingSource, review: ReviewStatus) -> Style:
    """Who drew it and what became of it decide the look; a rejection outweighs all else.

    >>> style(FindingSource.PERSON, ReviewStatus.REJECTED) == REJECTED
    True
    """
    if review is ReviewStatus.REJECTED:
        return REJECTED
    if source is FindingSource.PERSON:
        return BY_HAND
    return ACCEPTED if review is ReviewStatus.ACCEPTED else PROPOSED


def canvas(picture: Picture) -> tuple[float, float]:
    """Width and height of the drawing in canvas units.

    >>> width, height = canvas(Picture(4000, 2000))
    >>> width / height
    2.0
    """
    return picture.width * picture.zoom, picture.height * picture.zoom


def draw(picture: Picture, outlines: Sequence[Outline]) -> str:
    """The SVG element: the picture if it has an address, outlines, badges and the scale bar.

    An outline without vertices is left out. Raises ValueError for coordinates that aren't finite.

    >>> empty = Outline(1, {"type": "MultiPolygon", "coordinates": []}, DamageType.CRACK,
    ...                 FindingSource.ENGINE, ReviewStatus.PROPOSED)
    >>> draw(Picture(4000, 2000), [empty]) == draw(Picture(4000, 2000), [])
    True
    """
    width, height = canvas(picture)
    parts = [f"<title>{escape(picture.title)}</title>"] if picture.title else []
    if picture.href:
        parts.append(_image(picture.href, width, height))
    placed = [(outline, _rings(outline.polygon, picture.zoom)) for outline in outlines]
    drawn = [(outline, rings) for outline, rings in placed if rings]
    parts += [_shape(outline, rings) for outline, rings in drawn]
    parts += _badges(drawn, width, height)
    if picture.bar is not None:
        parts.append(_scale_bar(picture.bar, picture.zoom, height))
    return _svg(width, height, parts)


def swatch(damage_type: DamageType, source: FindingSource, review: ReviewStatus) -> str:
    """A small sample of the hatch and line of a finding, for keys and tables.

    >>> swatch(DamageType.CRACK, FindingSource.ENGINE, ReviewStatus.ACCEPTED)[:26]
    '<svg xmlns="http://www.w3.'
    """
    frame = [(3.0, 3.0), (117.0, 3.0), (117.0, 47.0), (3.0, 47.0)]
    look = style(source, review)
    lines = _stroke(_segments(hatch([frame], damage_type)), look.colour, 3) if look.hatched else ""
    ground = f'<rect width="120" height="50" rx="8" fill="{HALO}"/>'
    edge = _stroke(_outline([frame]), look.colour, LINE_WIDTH, look)
    title = f"<title>{HATCHES[damage_type].name}, {review.value}</title>"
    return _svg(120, 50, [title, ground, lines, edge])


def _svg(width: float, height: float, parts: Iterable[str]) -> str:
    size = f"0 0 {_number(width)} {_number(height)}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}">{"".join(parts)}</svg>'


def _image(href: str, width: float, height: float) -> str:
    return (
        f'<image href="{escape(href)}" width="{_number(width)}" height="{_number(height)}"'
        ' preserveAspectRatio="none" image-rendering="crisp-edges"/>'
    )


def _rings(polygon: Mapping[str, Any], zoom: float) -> list[Points]:
    """All rings of a MultiPolygon on the canvas; they fill by the even-odd rule."""
    return [
        [(float(x) * zoom, float(y) * zoom) for x, y in ring]
        for part in polygon["coordinates"]
        for ring in part
    ]


def _shape(outline: Outline, rings: Sequence[Points]) -> str:
    look = style(outline.source, outline.review)
    edge = _outline(rings)
    strokes = [_stroke(edge, HALO, HALO_WIDTH)]
    if look.hatched:
        lines = _segments(hatch(rings, outline.damage_type))
        strokes += [_stroke(lines, HALO, HATCH_HALO_WIDTH, opacity=0.55)]
        strokes += [_stroke(lines, look.colour, HATCH_WIDTH)]
    return "".join([*strokes, _stroke(edge, look.colour, LINE_WIDTH, look)])


def _outline(rings: Iterable[Points]) -> str:
    return " ".join(f"M{' L'.join(_point(point) for point in ring)} Z" for ring in rings)


def _segments(segments: Iterable[Run]) -> str:
    return " ".join(f"M{_point(start)} L{_point(end)}" for start, end in segments)


def _stroke(
    path: str, colour: str, width: float, look: Style | None = None, opacity: float = 1.0
) -> str:
    dashes = f' stroke-dasharray="{look.dashes}"' if look and look.dashes else ""
    veil = f' stroke-opacity="{_number(opacity)}"' if opacity < 1 else ""
    corners = look.corners if look else "round"
    cap = "round" if look is REJECTED else "butt"
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{_number(width)}"'
        f' stroke-linejoin="{corners}" stroke-linecap="{cap}"{dashes}{veil}/>'
    )


def _badges(
    drawn: Sequence[tuple[Outline, list[Points]]], width: float, height: float
) -> list[str]:
    placed: list[Badge] = []
    parts = []
    for outline, rings in drawn:
        text = f"≈{outline.number}" if outline.approximate else str(outline.number)
        spots = _spots(rings, 2 * BADGE_PADDING + len(text) * FIGURE_WIDTH + BADGE_GAP + MARK_SIZE)
        placed.append(_best(spots, placed, width, height))
        parts.append(_badge(placed[-1], text, style(outline.source, outline.review)))
    return parts


def _best(spots: Sequence[Badge], taken: Sequence[Badge], width: float, height: float) -> Badge:
    """The first spot that is free and within the picture; failing that, one moved into it."""
    inside = [_kept_inside(spot, width, height) for spot in spots]
    free = [spot for spot in inside if not any(spot.overlaps(other) for other in taken)]
    unmoved = [spot for spot in free if spot in spots]
    return (unmoved or free or inside)[0]


def _spots(rings: Sequence[Points], width: float) -> list[Badge]:
    """Where a badge may stand, best first: within a large shape, else beside it."""
    xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    middle_x, middle_y = _heart(rings) or ((left + right) / 2, (top + bottom) / 2)
    beside = [
        Badge(right + BADGE_GAP, (top + bottom - BADGE_HEIGHT) / 2, width),
        Badge(left - BADGE_GAP - width, (top + bottom - BADGE_HEIGHT) / 2, width),
        Badge((left + right - width) / 2, top - BADGE_GAP - BADGE_HEIGHT, width),
        Badge((left + right - width) / 2, bottom + BADGE_GAP, width),
    ]
    within = Badge(middle_x - width / 2, middle_y - BADGE_HEIGHT / 2, width)
    roomy = right - left > 2 * width and bottom - top > 2 * BADGE_HEIGHT
    return [within, *beside] if roomy else [*beside, within]


def _heart(rings: Sequence[Points]) -> Point | None:
    """The middle of the longest level run within the shape: never in a hole."""
    level = runs(rings, step=BADGE_HEIGHT / 2)
    if not level:
        return None
    (left, y), (right, _) = max(level, key=lambda run: run[1][0] - run[0][0])
    return (left + right) / 2, y


def _kept_inside(badge: Badge, width: float, height: float) -> Badge:
    left = max(0.0, min(badge.left, width - badge.width))
    return Badge(left, max(0.0, min(badge.top, height - BADGE_HEIGHT)), badge.width)


def _badge(badge: Badge, text: str, look: Style) -> str:
    mark_left = badge.left + badge.width - BADGE_PADDING - MARK_SIZE
    mark_top = badge.top + (BADGE_HEIGHT - MARK_SIZE) / 2
    move = f"translate({_number(mark_left)} {_number(mark_top)}) scale({MARK_SIZE / 10})"
    return (
        f'<rect x="{_number(badge.left)}" y="{_number(badge.top)}" width="{_number(badge.width)}"'
        f' height="{_number(BADGE_HEIGHT)}" rx="{_number(BADGE_HEIGHT / 2)}" fill="{HALO}"/>'
        f"{_text(text, badge.left + BADGE_PADDING, badge.top + 40, FIGURE_SIZE)}"
        f'<path transform="{move}" d="{look.mark}" fill="none" stroke="{look.colour}"'
        ' stroke-width="1.7" stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _text(text: str, left: float, baseline: float, size: float) -> str:
    return (
        f'<text x="{_number(left)}" y="{_number(baseline)}" font-size="{_number(size)}"'
        f' font-weight="700" font-family="Source Sans 3, sans-serif" fill="#FFFFFF">{escape(text)}'
        "</text>"
    )


def _scale_bar(bar: ScaleBar, zoom: float, height: float) -> str:
    length = bar.pixels * zoom
    top = height - BAR_MARGIN - BAR_HEIGHT
    ground = max(length, len(bar.text) * BAR_TEXT_SIZE / 2) + 2 * BAR_MARGIN
    parts = "".join(
        f'<rect x="{_number(BAR_MARGIN * 1.5 + length * part / BAR_PARTS)}" y="{_number(top)}"'
        f' width="{_number(length / BAR_PARTS)}" height="{_number(BAR_HEIGHT)}"'
        f' fill="{HALO if part % 2 else "#FFFFFF"}" stroke="#FFFFFF" stroke-width="2"/>'
        for part in range(BAR_PARTS)
    )
    return (
        f'<rect x="{_number(BAR_MARGIN / 2)}" y="{_number(top - BAR_TEXT_SIZE - BAR_MARGIN)}"'
        f' width="{_number(ground)}" rx="6" fill="{HALO}" fill-opacity="0.85"'
        f' height="{_number(BAR_TEXT_SIZE + BAR_HEIGHT + 1.5 * BAR_MARGIN)}"/>'
        f"{_text(bar.text, BAR_MARGIN * 1.5, top - 12, BAR_TEXT_SIZE)}{parts}"
    )


def _point(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """One decimal is a tenth of a unit, finer than any printer; never an exponent, never NaN."""
    if not math.isfinite(value):
        raise ValueError("A drawing needs finite coordinates.")
    return f"{value:.1f}".removesuffix(".0")
