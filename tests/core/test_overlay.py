from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.core.overlay import (
    ACCEPTED,
    BADGE_HEIGHT,
    BY_HAND,
    HALO,
    PROPOSED,
    REJECTED,
    Badge,
    Outline,
    Picture,
    ScaleBar,
    canvas,
    draw,
    style,
    swatch,
)
from assessment.core.vocabulary import DamageType, FindingSource, ReviewStatus
from tests.reports.reading import elements

WIDE = Picture(4032, 3024)
ENGINE, PERSON = FindingSource.ENGINE, FindingSource.PERSON
Points = list[list[float]]
EDGE = 0.051
"""Coordinates are printed with one decimal."""


def box(left: float, top: float, right: float, bottom: float) -> Points:
    return [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]


def outline(number: int = 1, rings: list[Points] | None = None, **changes: Any) -> Outline:
    facts: dict[str, Any] = {
        "damage_type": DamageType.HAIL_IMPACT,
        "source": ENGINE,
        "review": ReviewStatus.ACCEPTED,
    } | changes
    polygon = {"type": "MultiPolygon", "coordinates": [rings or [box(800, 600, 2800, 2200)]]}
    return Outline(number, polygon, **facts)


def found(markup: str, tag: str) -> list[dict[str, str]]:
    return [attrs for name, attrs in elements(markup) if name == tag]


def badges(markup: str) -> list[Badge]:
    return [
        Badge(float(attrs["x"]), float(attrs["y"]), float(attrs["width"]))
        for attrs in found(markup, "rect")
        if attrs["height"] == "54"
    ]


boxes = st.tuples(
    st.floats(0, 3900), st.floats(0, 2900), st.floats(1, 4032), st.floats(1, 3024)
).map(lambda b: box(b[0], b[1], min(b[0] + b[2], 4032.0), min(b[1] + b[3], 3024.0)))


@settings(deadline=None)
@given(st.lists(boxes, min_size=1, max_size=12), st.booleans())
def test_every_badge_stays_within_the_picture(rings, approximate):
    outlines = [
        outline(number, [ring], approximate=approximate) for number, ring in enumerate(rings, 95)
    ]
    placed = badges(draw(WIDE, outlines))
    width, height = canvas(WIDE)
    assert len(placed) == len(rings)
    for badge in placed:
        assert -EDGE <= badge.left <= width - badge.width + EDGE
        assert -EDGE <= badge.top <= height - BADGE_HEIGHT + EDGE


def test_badges_of_neighbours_do_not_cover_each_other():
    row = [outline(n, [box(500 * n, 1000, 500 * n + 120, 1120)]) for n in range(1, 7)]
    placed = badges(draw(WIDE, row))
    assert not any(one.overlaps(other) for one, other in pairwise(placed))


def test_a_badge_at_the_right_edge_moves_to_the_left_of_its_shape():
    (badge,) = badges(draw(WIDE, [outline(rings=[box(3900, 1000, 4030, 1100)])]))
    assert badge.left + badge.width <= 3900 * WIDE.zoom


def test_a_large_shape_carries_its_number_inside_and_off_its_hole():
    rings = [box(400, 300, 3600, 2700), box(1000, 800, 3000, 2200)]
    (badge,) = badges(draw(WIDE, [outline(rings=rings)]))
    x = (badge.left + badge.width / 2) / WIDE.zoom
    y = (badge.top + BADGE_HEIGHT / 2) / WIDE.zoom
    assert 400 <= x <= 3600
    assert 300 <= y <= 2700
    assert not (1000 < x < 3000 and 800 < y < 2200)


@pytest.mark.parametrize(
    ("source", "review", "look"),
    [
        (ENGINE, ReviewStatus.ACCEPTED, ACCEPTED),
        (ENGINE, ReviewStatus.PROPOSED, PROPOSED),
        (ENGINE, ReviewStatus.REJECTED, REJECTED),
        (PERSON, ReviewStatus.ACCEPTED, BY_HAND),
        (PERSON, ReviewStatus.PROPOSED, BY_HAND),
        (PERSON, ReviewStatus.REJECTED, REJECTED),
    ],
)
def test_status_and_hand_decide_line_and_mark(source, review, look):
    drawing = draw(WIDE, [outline(source=source, review=review)])
    edges = [p for p in found(drawing, "path") if p["stroke"] == look.colour]
    assert any(p["d"] == look.mark for p in edges)
    assert any(p.get("stroke-dasharray", "") == look.dashes for p in edges)


def test_looks_differ_without_colour():
    looks = (ACCEPTED, PROPOSED, REJECTED, BY_HAND)
    assert len({look.mark for look in looks}) == len(looks)
    assert len({(look.dashes, look.corners, look.hatched) for look in looks}) == len(looks)


def test_a_rejected_finding_is_not_hatched():
    rejected = found(draw(WIDE, [outline(review=ReviewStatus.REJECTED)]), "path")
    accepted = found(draw(WIDE, [outline()]), "path")
    assert len(rejected) == len(accepted) - 2


def test_a_dark_halo_lies_under_every_outline():
    first = found(draw(WIDE, [outline()]), "path")[0]
    assert first["stroke"] == HALO


def test_an_approximate_outline_says_so_on_its_badge():
    assert ">≈7</text>" in draw(WIDE, [outline(7, approximate=True)])
    assert ">7</text>" in draw(WIDE, [outline(7)])


def test_a_hole_stays_a_hole():
    rings = [box(400, 300, 3600, 2700), box(1000, 800, 3000, 2200)]
    edge = found(draw(WIDE, [outline(rings=rings)]), "path")[0]
    assert edge["d"].count("M") == edge["d"].count("Z") == 2


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(4032, 3024, "0 0 1200 900"), (3024, 4032, "0 0 675 900"), (400, 100, "0 0 1200 300")],
)
def test_any_photo_fits_the_same_canvas(width, height, size):
    (svg,) = found(draw(Picture(width, height), ()), "svg")
    assert svg["viewbox"] == size


def test_the_photo_is_drawn_only_if_it_has_an_address():
    assert not found(draw(WIDE, [outline()]), "image")
    (image,) = found(draw(Picture(4032, 3024, "photo:1"), ()), "image")
    assert (image["href"], image["width"], image["height"]) == ("photo:1", "1200", "900")


def test_a_scale_bar_is_as_long_as_its_length_in_the_picture():
    bar = ScaleBar(pixels=672, text="1 ft [30.5 cm]")
    drawing = draw(Picture(4032, 3024, bar=bar), ())
    parts = [attrs for attrs in found(drawing, "rect") if attrs["height"] == "14"]
    assert sum(float(part["width"]) for part in parts) == pytest.approx(672 * WIDE.zoom)
    assert "1 ft [30.5 cm]" in drawing


def test_a_picture_without_scale_has_no_bar():
    assert not found(draw(WIDE, ()), "rect")


def test_text_is_escaped():
    hostile = '"><script>alert(1)</script>'
    drawing = draw(Picture(10, 10, hostile, hostile, ScaleBar(5, hostile)), ())
    assert not found(drawing, "script")
    assert found(drawing, "image")[0]["href"] == hostile


def test_a_finding_without_vertices_is_left_out():
    empty = Outline(1, {"coordinates": []}, DamageType.DENT, ENGINE, ReviewStatus.PROPOSED)
    assert draw(WIDE, [empty]) == draw(WIDE, ())


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_coordinates_that_are_no_numbers_are_refused(bad):
    with pytest.raises(ValueError, match="finite"):
        draw(WIDE, [outline(rings=[[[0, 0], [bad, 0], [10, 10]]], review=ReviewStatus.REJECTED)])


@pytest.mark.parametrize("kind", DamageType)
def test_every_damage_type_has_a_swatch_of_its_own(kind):
    others = {swatch(other, ENGINE, ReviewStatus.ACCEPTED) for other in DamageType if other != kind}
    assert swatch(kind, ENGINE, ReviewStatus.ACCEPTED) not in others


def test_a_person_outranks_the_status_but_for_a_rejection():
    assert style(PERSON, ReviewStatus.PROPOSED) is BY_HAND
