"""Shapes whose area is known, as the grids and rings an engine would send."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessment.core.detection import Box, Detection, Grid, Ring
from assessment.core.vocabulary import AnswerForm

CELLS = 256
CELL_PX = 4.0
FRAME = (1024, 1024)
WHOLE_FRAME = Box(0.0, 0.0, 1024.0, 1024.0)
EDGE_WIDTH = 0.8
"""Cells over which a probability falls off on each side of the edge."""


@dataclass(frozen=True)
class Specimen:
    """A grid over the whole frame and the true area in square pixels."""

    grid: Grid
    area_px: float


def masked(grid: Grid, box: Box = WHOLE_FRAME) -> Detection:
    return Detection("damage", box, grid, AnswerForm.MASK)


def ringed(*rings: Ring) -> Detection:
    return Detection("damage", WHOLE_FRAME, rings, AnswerForm.POLYGON)


def _soft(distance: NDArray[np.float64]) -> Grid:
    """Signed distance to an edge in cells, negative inside -> probability."""
    return np.rint(255 * np.clip(0.5 - distance / (2 * EDGE_WIDTH), 0, 1)).astype(np.uint8)


def _specimen(distance: NDArray[np.float64], area_cells: float) -> Specimen:
    return Specimen(_soft(distance), area_cells * CELL_PX**2)


_Y, _X = np.mgrid[0:CELLS, 0:CELLS] + 0.5
_FROM_MIDDLE = np.hypot(_X - 127.3, _Y - 128.9)
_ALONG = (_X - 128) * 0.8 + (_Y - 128) * 0.6
_ACROSS = (_Y - 128) * 0.8 - (_X - 128) * 0.6

CIRCLE = _specimen(_FROM_MIDDLE - 70.2, np.pi * 70.2**2)
ANNULUS = _specimen(np.abs(_FROM_MIDDLE - 80.0) - 15.0, np.pi * (95.0**2 - 65.0**2))
_ROOT = np.hypot(_ALONG / 110.0, _ACROSS / 60.0)
ELLIPSE = _specimen(
    (_ROOT - 1) * _ROOT / np.hypot(_ALONG / 110.0**2, _ACROSS / 60.0**2), np.pi * 110.0 * 60.0
)
CRACK = _specimen(
    np.hypot(_ALONG - np.clip(_ALONG, -80, 80), _ACROSS) - 1.5, 160 * 3.0 + np.pi * 1.5**2
)

SQUARE: Ring = np.array([[100.0, 100.0], [200.0, 100.0], [200.0, 200.0], [100.0, 200.0]])
INNER_SQUARE: Ring = np.array([[120.0, 120.0], [180.0, 120.0], [180.0, 180.0], [120.0, 180.0]])
INNERMOST_SQUARE: Ring = np.array([[140.0, 140.0], [160.0, 140.0], [160.0, 160.0], [140.0, 160.0]])
OVERLAPPING_SQUARE: Ring = SQUARE + 50.0
BOW_TIE: Ring = np.array([[100.0, 100.0], [200.0, 200.0], [200.0, 100.0], [100.0, 200.0]])
BOW_TIE_AREA = 5000.0

_TURNS = np.arange(5) * 0.8 * np.pi
PENTAGRAM: Ring = 500 + 400 * np.column_stack([np.sin(_TURNS), np.cos(_TURNS)])
_INNER = 400 * np.sin(np.pi / 10) / np.sin(3 * np.pi / 10)
PENTAGRAM_TIPS_AREA = 5 * _INNER * np.sin(np.pi / 5) * (400 - _INNER * np.cos(np.pi / 5))


_STATIONS = 30
_WAVE = np.linspace(10.0, 1000.0, _STATIONS)
_UPPER = np.column_stack([_WAVE, 500 + 100 * np.sin(_WAVE / 100)])
_SLIPPED = _UPPER + np.outer(np.arange(_STATIONS) == 5, [0.0, 2.0])
_LOWER = _UPPER + np.array([0.0, 1.0])
THIN_BAND: Ring = np.concatenate([_SLIPPED, _LOWER[::-1]])
"""A band of 990 by 1 pixels, one corner of which was drawn over to the other side."""

THIN_BAND_AREA = 990.0 - 990.0 / (_STATIONS - 1)
