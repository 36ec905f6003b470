from __future__ import annotations

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.units import FOOT, INCH, metres_in


@pytest.mark.parametrize(
    "text",
    [
        "10' 6\"",
        "10'6\"",
        "10' 6",
        "10'-6\"",
        "10\u2032 6\u2033",
        "10\u2019 6\u201d",
        "10' 6''",
        "10 ft 6 in",
        "10ft6in",
        "10 feet, 6 inches",
        "10 FT. 6 IN.",
        "10.5 ft",
        "10,5 feet",
        "10 1/2 ft",
        "10-1/2'",
        "126 in",
        '126"',
        "10.5",
        " 10 1/2 ",
        "3.2004 m",
        "320.04 cm",
        "3200.4 mm",
    ],
)
def test_every_usual_spelling_of_a_length_is_read(text):
    assert metres_in(text, unwritten=FOOT) == pytest.approx(10.5 * FOOT)


@pytest.mark.parametrize(
    ("text", "metres"),
    [("5 5/8 in", 5.625 * INCH), ('5/8"', 0.625 * INCH), ("8' 0 3/4\"", 8 * FOOT + 0.75 * INCH)],
)
def test_a_fraction_of_an_inch_is_read(text, metres):
    assert metres_in(text, unwritten=1.0) == pytest.approx(metres)


@pytest.mark.parametrize(("text", "metres"), [("3,2", 3.2), ("0,125", 0.125), ("3 m", 3.0)])
def test_where_no_unit_is_written_it_is_the_carriers(text, metres):
    assert metres_in(text, unwritten=1.0) == metres


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ten feet",
        "ft",
        "0",
        "0 ft",
        "0' 0\"",
        "-3",
        "10 6",
        "10' 14\"",
        "10' 6 cm",
        "10.5' 6\"",
        "6 in 10 ft",
        "3 yards",
        "1/0",
        "1,234 in",
        "1e3",
        "inf",
        "nan",
        "9" * 400,
        "3 m high",
    ],
)
def test_what_is_no_length_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="can't be read as a length"):
        metres_in(text, unwritten=FOOT)


@given(st.integers(0, 9999), st.integers(0, 11), st.integers(1, 7))
def test_feet_and_inches_add_up(feet, inches, eighths):
    length = metres_in(f"{feet}' {inches} {eighths}/8\"", unwritten=1.0)
    assert length == pytest.approx((feet * 12 + inches + eighths / 8) * INCH)


@given(st.text())
def test_whatever_is_written_is_a_length_or_refused(text):
    with suppress(ValueError):
        assert 0 < metres_in(text, unwritten=FOOT) < math.inf
