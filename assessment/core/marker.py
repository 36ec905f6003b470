"""A plane from a printed marker: an ArUco or AprilTag pattern of known size, found in the photo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from assessment.core.plane import Floats, Plane, ScaleError
from assessment.core.rectangle import Rectangle, across, rectangle_plane

CORNER_SD_PX = 0.3
"""How well a corner of a marker is found; 1 standard deviation, each way."""

SMALLEST_PX = 24.0
"""A marker is searched down to this side: with its border it is then three to four pixels a cell,
and the errors of its corners are still small beside it (see CLICKS_ACROSS)."""

TILE_PX = 1600
"""The photo is searched in tiles of this side, so that the search for a small marker in a large
photo needs no more memory than in a small one."""

OVERLAP_PX = 400
"""How far tiles overlap: a marker up to this side lies wholly in one of them. Larger ones are found
in the photo at half its size, or a quarter."""

REDUCTIONS = (1, 2, 4)
"""The photo is searched at full size, half and a quarter: the larger and more blurred a marker, the
more easily it is found reduced. Corners are refined at full size."""

SHARPEST_WINDOW_PX, WIDEST_WINDOW_PX = 2, 12
"""Half sides of the window in which an edge is fitted to find a corner, by the marker's size."""

_ARUCO = [f"DICT_{n}X{n}_{count}" for n in (4, 5, 6, 7) for count in (50, 100, 250, 1000)]
_APRIL = [f"APRILTAG_{name}" for name in ("16h5", "25h9", "36h10", "36h11")]
DICTIONARIES: Mapping[str, int] = {
    **{name: int(getattr(cv2.aruco, name)) for name in _ARUCO},
    **{name: int(getattr(cv2.aruco, f"DICT_{name}")) for name in _APRIL},
}
"""The families of markers by name; both the names of ArUco and of AprilTag."""


@dataclass(frozen=True, slots=True, eq=False)
class Marker:
    """A marker found: its number in its dictionary, and its corners (4, 2) in pixels.

    Corners are the outer ones of the black border, from the pattern's top left clockwise, in the
    coordinates of the upright photo: x right, y down, the origin at the corner of the first pixel.
    """

    number: int
    corners: Floats


def marker_plane(
    picture: NDArray[np.uint8], dictionary: str, side_m: float, *, number: int | None = None
) -> Plane:
    """The plane that the one marker of a dictionary in the photo gives to all on its surface.

    `picture` is the upright photo, (rows, columns) of grey or (rows, columns, 3) of colour;
    `side_m` the side of the marker's black border in metres; `number` tells which marker counts
    where there are several. Raises ScaleError where none or several are found, and where the one
    found can't bear a scale.

    >>> blank = np.full((400, 600), 255, np.uint8)
    >>> marker_plane(blank, "DICT_4X4_50", 0.15)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    assessment.core.plane.ScaleError: No marker of DICT_4X4_50 was found in the photo. ...
    """
    found = [each for each in find(picture, dictionary) if number in (None, each.number)]
    named = dictionary if number is None else f"{dictionary}, number {number},"
    if not found:
        raise ScaleError(
            f"No marker of {named} was found in the photo. Check the dictionary, or use a photo "
            "that shows the whole marker sharply, its white margin included."
        )
    if len(found) > 1:
        numbers = ", ".join(str(each.number) for each in found)
        raise ScaleError(
            f"Several markers of {named} were found in the photo ({numbers}), and they may lie on "
            "different surfaces. Say which one counts by its number, or use a photo of one."
        )
    height, width = picture.shape[:2]
    (marker,) = found
    return rectangle_plane(
        Rectangle(marker.corners, side_m, side_m),
        width,
        height,
        corner_sd_px=CORNER_SD_PX,
        basis=f"Scale from marker {marker.number} of {dictionary}, {{size}} m.",
    )


def find(picture: NDArray[np.uint8], dictionary: str) -> tuple[Marker, ...]:
    """The markers of a dictionary in a photo, by number, each once.

    `picture` is (rows, columns) of grey or (rows, columns, 3) of colour. Raises ScaleError for a
    dictionary that isn't known.

    >>> find(np.full((400, 600), 255, np.uint8), "APRILTAG_36h11")
    ()
    """
    if dictionary not in DICTIONARIES:
        known = ", ".join(DICTIONARIES)
        raise ScaleError(f"No markers are called {dictionary[:40]}. Choose one of: {known}.")
    grey = picture
    if picture.ndim == 3:
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    detector = _detector(DICTIONARIES[dictionary])
    seen: list[Marker] = []
    for reduction in REDUCTIONS:
        for marker in _at(grey, detector, reduction):
            if not any(_same(marker, other) for other in seen):
                seen.append(Marker(marker.number, _refined(grey, marker.corners)))
    return tuple(sorted(seen, key=lambda each: (each.number, *each.corners[0])))


def _detector(dictionary: int) -> cv2.aruco.ArucoDetector:
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_NONE
    # The rate is of the longer side of what is searched: a tile.
    settings.minMarkerPerimeterRate = 4 * SMALLEST_PX / TILE_PX
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(dictionary), settings)


def _at(
    grey: NDArray[np.uint8], detector: cv2.aruco.ArucoDetector, reduction: int
) -> Iterator[Marker]:
    """The markers seen in the photo reduced, in pixels of the whole photo."""
    size = (grey.shape[1] // reduction, grey.shape[0] // reduction)
    if min(size) < SMALLEST_PX:
        return
    small = grey if reduction == 1 else cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    shrunk = np.array(grey.shape[::-1]) / size
    for left, top in _tiles(*size):
        tile = small[top : top + TILE_PX, left : left + TILE_PX]
        corners, numbers, _ = detector.detectMarkers(tile)
        for number, quad in zip(_listed(numbers), corners, strict=True):
            # OpenCV counts from the middle of the first pixel.
            yield Marker(number, (quad.reshape(4, 2) + 0.5 + [left, top]) * shrunk)


def _tiles(width: int, height: int) -> Iterator[tuple[int, int]]:
    step = TILE_PX - OVERLAP_PX
    for top in range(0, max(1, height - OVERLAP_PX), step):
        for left in range(0, max(1, width - OVERLAP_PX), step):
            yield left, top


def _listed(numbers: Any) -> list[int]:
    return [] if numbers is None else [int(each) for each in np.ravel(numbers)]


def _same(one: Marker, other: Marker) -> bool:
    """Whether two findings are one marker, seen in two tiles or sizes."""
    apart = np.linalg.norm(one.corners.mean(axis=0) - other.corners.mean(axis=0))
    return one.number == other.number and bool(apart < across(other.corners) / 2)


def _refined(grey: NDArray[np.uint8], corners: Floats) -> Floats:
    """Corners (4, 2) fitted to the edges that meet in them, to a fraction of a pixel."""
    window = int(np.clip(across(corners) / 12, SHARPEST_WINDOW_PX, WIDEST_WINDOW_PX))
    margin = 4 * window
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - margin, 0)
    high = np.ceil(corners.max(axis=0)).astype(int) + margin
    patch = np.ascontiguousarray(grey[low[1] : high[1], low[0] : high[0]])
    start = (corners - low - 0.5).astype(np.float32).reshape(4, 1, 2)
    until = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 50, 0.005)
    fitted = cv2.cornerSubPix(patch, start, (window, window), (-1, -1), until)
    return np.asarray(fitted.reshape(4, 2) + 0.5 + low, np.float64)
