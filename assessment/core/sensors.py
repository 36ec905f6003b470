"""The sensors of drones' cameras, for what a photo itself doesn't say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Sensor(NamedTuple):
    """The width of a sensor in mm, and the pixels across and down that it takes photos in."""

    width_mm: float
    across: int
    down: int


_SMALL = Sensor(6.17, 4000, 3000)  # 1/2.3 inch
_INCH = Sensor(13.2, 5472, 3648)
_FOUR_THIRDS = Sensor(17.3, 5280, 3956)
SENSORS: Mapping[str, Sensor] = {
    "FC220": _SMALL,
    "FC300C": Sensor(6.31, 4000, 3000),
    "FC300S": _SMALL,
    "FC300X": Sensor(6.2, 4000, 3000),
    "FC330": _SMALL,
    "FC350": _SMALL,
    "FC550": Sensor(17.3, 4608, 3456),
    "FC1102": Sensor(6.17, 3968, 2976),
    "FC2103": Sensor(6.17, 4056, 3040),
    "FC2204": _SMALL,
    "FC3170": Sensor(6.4, 4000, 3000),
    "FC3411": _INCH,
    "FC6310": _INCH,
    "FC6310R": _INCH,
    "FC6310S": _INCH,
    "FC6510": _INCH,
    "FC6520": Sensor(17.3, 5280, 3956),
    "FC6540": Sensor(23.5, 6016, 4008),
    "FC7203": _SMALL,
    "FC7303": _SMALL,
    "L1D-20C": _INCH,
    "L2D-20C": _FOUR_THIRDS,
    "M3E": _FOUR_THIRDS,
    "S.O.D.A.": Sensor(12.75, 5472, 3648),
}
"""By the model that the photo names, in capitals: makers' specifications, and for the FC300 family
and FC330 the sensor table of OpenSfM (opensfm/data/sensor_data.json) beside them. The 35 mm
equivalent is never used: what it is equivalent to differs between sensors of 4:3 and 3:2."""
