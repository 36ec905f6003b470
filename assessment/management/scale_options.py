"""The ways to scale a photo that the command line offers: how they are written, and their planes.

Lengths are in metres, places in pixels of the upright photo.
"""

from __future__ import annotations

import math
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from assessment.core.drone import drone_plane
from assessment.core.marker import marker_plane
from assessment.core.plane import Plane
from assessment.core.rectangle import Rectangle, rectangle_plane
from assessment.core.scale import ReferenceLine, gsd_plane, line_plane, sloped
from claims.evidence.derive import Derived
from claims.evidence.flight import read_flight

PLAN = ("gsd", "drone", "line")
"""Ways that may look straight down, so that a roof's pitch may come with them."""


class MarkerSide(NamedTuple):
    """A family of markers, the number of the one that counts or None, and its side in metres."""

    dictionary: str
    number: int | None
    side_m: float


def add_scale_options(parser: ArgumentParser) -> None:
    """The ways, of which exactly one is given, and what may come with some of them."""
    ways = parser.add_mutually_exclusive_group(required=True)
    ways.add_argument(
        "--line",
        type=reference_line,
        metavar="X1,Y1,X2,Y2=LENGTH",
        help="a line of known length on the surface, photographed squarely",
    )
    ways.add_argument(
        "--rectangle",
        type=rectangle,
        metavar="X,Y,X,Y,X,Y,X,Y=WIDTHxHEIGHT",
        help="a rectangle of known size on the surface, its width between the first two corners",
    )
    ways.add_argument(
        "--marker",
        type=marker,
        metavar="DICT[:NUMBER]=SIDE",
        help="a printed ArUco or AprilTag marker on the surface, the side of its black border",
    )
    ways.add_argument(
        "--drone", action="store_true", help="what a drone's photo says of its flight"
    )
    ways.add_argument(
        "--gsd",
        type=gsd,
        metavar="X[,Y]",
        help="metres per pixel of a map-like picture, across and down",
    )
    parser.add_argument(
        "--above-target",
        type=metres,
        metavar="M",
        help="how far what is measured lies above the drone's take-off point",
    )
    parser.add_argument(
        "--pitch",
        type=pitch,
        metavar="RISE/RUN",
        help="the pitch of a roof slope seen straight from above",
    )


def misfit(options: Mapping[str, Any]) -> str:
    """What doesn't go together, as a sentence; empty where all does."""
    if options["above_target"] is not None and not options["drone"]:
        return "--above-target goes with --drone only."
    if options["pitch"] is not None and not any(options[way] for way in PLAN):
        return "--pitch goes with --gsd, --drone or --line: the others see the slope itself."
    return ""


def plane_of(options: Mapping[str, Any], data: bytes, photo: Derived) -> Plane:
    """The plane by the way that was chosen, for a photo's bytes and its upright copy.

    Raises ScaleError where the photo or what was told of it can't bear a scale.
    """
    plane = _plane(options, data, photo)
    return sloped(plane, *options["pitch"]) if options["pitch"] else plane


def _plane(options: Mapping[str, Any], data: bytes, photo: Derived) -> Plane:
    size = photo.width, photo.height
    if options["line"]:
        return line_plane(options["line"], *size)
    if options["rectangle"]:
        return rectangle_plane(options["rectangle"], *size)
    if options["marker"]:
        dictionary, number, side = options["marker"]
        return marker_plane(_pixels(photo), dictionary, side, number=number)
    if options["drone"]:
        return drone_plane(read_flight(data), *size, above_target_m=options["above_target"])
    return gsd_plane(*options["gsd"])


def _pixels(photo: Derived) -> np.ndarray[Any, np.dtype[np.uint8]]:
    with Image.open(BytesIO(photo.view)) as picture:
        return np.asarray(picture.convert("L"))


def reference_line(text: str) -> ReferenceLine:
    """Read X1,Y1,X2,Y2=LENGTH."""
    ends, _, told = text.partition("=")
    try:
        (x1, y1, x2, y2), (length,) = _numbers(ends, ",", 4), _numbers(told, ",", 1)
    except ValueError:
        raise ArgumentTypeError(
            f'"{text}" is not a line: write X1,Y1,X2,Y2=LENGTH, pixels and metres.'
        ) from None
    return ReferenceLine((x1, y1), (x2, y2), length)


def rectangle(text: str) -> Rectangle:
    """Read X,Y,X,Y,X,Y,X,Y=WIDTHxHEIGHT."""
    corners, _, size = text.partition("=")
    try:
        places, (width, height) = _numbers(corners, ",", 8), _numbers(size.lower(), "x", 2)
    except ValueError:
        raise ArgumentTypeError(
            f'"{text}" is not a rectangle: write X,Y,X,Y,X,Y,X,Y=WIDTHxHEIGHT, pixels and metres.'
        ) from None
    return Rectangle(np.array(places).reshape(4, 2), width, height)


def marker(text: str) -> MarkerSide:
    """Read DICT[:NUMBER]=SIDE."""
    named, _, told = text.partition("=")
    dictionary, _, number = named.partition(":")
    try:
        if not dictionary or (number and not number.isdecimal()):
            raise ValueError
        (side,) = _numbers(told, ",", 1)
    except ValueError:
        raise ArgumentTypeError(
            f'"{text}" is not a marker: write DICT=SIDE in metres, such as DICT_4X4_50=0.15, or '
            "DICT:NUMBER=SIDE where there are several."
        ) from None
    return MarkerSide(dictionary, int(number) if number else None, side)


def gsd(text: str) -> tuple[float, ...]:
    """Read X[,Y]."""
    try:
        return tuple(_numbers(text, ",", 2 if "," in text else 1))
    except ValueError:
        raise ArgumentTypeError(
            f'"{text}" is not a distance: write metres per pixel, across and, where it differs, '
            "down: X or X,Y."
        ) from None


def pitch(text: str) -> tuple[float, float]:
    """Read RISE/RUN."""
    try:
        rise, run = _numbers(text, "/", 2)
    except ValueError:
        raise ArgumentTypeError(f'"{text}" is not a pitch: write RISE/RUN, as 6/12.') from None
    return rise, run


def metres(text: str) -> float:
    """Read a number of metres."""
    try:
        (number,) = _numbers(text, ",", 1)
    except ValueError:
        raise ArgumentTypeError(f'"{text}" is not a number of metres.') from None
    return number


def _numbers(text: str, separator: str, count: int) -> list[float]:
    numbers = [float(part) for part in text.split(separator)]
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise ValueError
    return numbers
