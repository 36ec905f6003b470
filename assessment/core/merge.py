"""Several outlines on one photo as one: damage seen twice counts once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon


def union(outlines: Sequence[MultiPolygon] | NDArray[np.object_]) -> MultiPolygon:
    """The area that any of the outlines covers. The outlines must be valid.

    >>> ring = shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 3, 3)
    >>> same = [MultiPolygon([ring]), MultiPolygon([ring])]
    >>> union(same).area, len(union(same).geoms[0].interiors)
    (12.0, 1)
    >>> union([]).is_empty
    True
    """
    parts = shapely.get_parts(shapely.union_all(np.asarray(outlines, dtype=np.object_)))
    return MultiPolygon(list(parts))
