"""What the outlines on a photo measure, on the plane that gives the photo its scale."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
from shapely import MultiPolygon

from assessment.core.boundary import boundary_sd
from assessment.core.detection import Detection
from assessment.core.drone import drone_plane
from assessment.core.measure import share
from assessment.core.merge import union
from assessment.core.plane import Plane, ScaleError
from assessment.core.printable import Size, size
from assessment.core.scale import ReferenceLine, line_plane
from assessment.core.things import Thing
from assessment.models import Finding, FindingRevision
from claims.evidence.flight import Flight
from claims.models import Photo


@dataclass(frozen=True, slots=True, eq=False)
class PhotoScale:
    """What gives a photo its scale.

    `plane` is None where nothing does; `reason` then says why what a drone's photo tells of its
    flight doesn't serve, and is empty for other photos.
    """

    plane: Plane | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A detection, its outline on the photo (image pixels) and what it measures.

    `agreement` is that of the runs of the question (core.agreement), None where it was asked once.
    """

    detection: Detection
    outline: MultiPolygon
    share: float
    boundary_px: float
    size: Size
    agreement: float | None = None


def scale_of(photo: Photo) -> PhotoScale:
    """The scale of a photo: by the line that a person drew, else by its own flight."""
    if photo.reference_line is not None:
        return PhotoScale(line_plane(_line(photo.reference_line), photo.width, photo.height))
    return flight_scale(photo)


def flight_scale(photo: Photo) -> PhotoScale:
    """The scale that a drone's photo gives itself, whatever was drawn on it."""
    if photo.flight is None:
        return PhotoScale(None)
    try:
        return PhotoScale(drone_plane(Flight(**photo.flight), photo.width, photo.height))
    except ScaleError as error:
        return PhotoScale(None, str(error))


def _line(stored: Mapping[str, Any]) -> ReferenceLine:
    return ReferenceLine(tuple(stored["start"]), tuple(stored["end"]), stored["length_m"])


def scale_tag(photo: Photo) -> str:
    """Names the line that a photo has: another line has another name."""
    line = json.dumps(photo.reference_line, sort_keys=True)
    return hashlib.sha256(line.encode()).hexdigest()[:16]


def regions_of(things: Sequence[Thing], photo: Photo) -> list[Region]:
    """Measure everything that an engine saw on a photo."""
    plane = scale_of(photo).plane
    return [_region(thing, photo, plane) for thing in things]


def regions_rescaled(regions: Sequence[Region], photo: Photo) -> list[Region]:
    """The same regions, measured by the scale that the photo has now."""
    plane = scale_of(photo).plane
    return [
        replace(region, size=size(region.outline, plane, boundary_px=region.boundary_px))
        for region in regions
    ]


def _region(thing: Thing, photo: Photo, plane: Plane | None) -> Region:
    left, top, right, bottom = thing.window
    # An engine is as exact as the picture that it was shown.
    width, height = round(right - left), round(bottom - top)
    boundary_px = boundary_sd(thing.detection, thing.outline, width, height)
    return Region(
        detection=thing.detection,
        outline=thing.outline,
        share=share(thing.outline, photo.width, photo.height),
        boundary_px=boundary_px,
        size=size(thing.outline, plane, boundary_px=boundary_px),
        agreement=thing.agreement,
    )


@dataclass(frozen=True, slots=True)
class Cover:
    """What several findings on one photo cover together, overlaps counted once."""

    outline: MultiPolygon
    share: float
    size: Size


def cover_of(findings: Iterable[Finding], photo: Photo) -> Cover:
    """The union of findings on a photo, measured with the roughest of their boundaries."""
    counted = list(findings)
    together = union([outline_of(finding) for finding in counted])
    boundary_px = max((finding.boundary_px for finding in counted), default=0.0)
    return Cover(
        outline=together,
        share=share(together, photo.width, photo.height),
        size=size(together, scale_of(photo).plane, boundary_px=boundary_px),
    )


def outline_of(finding: Finding | FindingRevision) -> MultiPolygon:
    """The stored outline of a finding as it is or was, in image pixels."""
    geometry = shapely.from_wkb(bytes(finding.polygon))
    if not isinstance(geometry, MultiPolygon):
        raise TypeError(f"Finding {finding.pk} holds a {geometry.geom_type}.")
    return geometry
