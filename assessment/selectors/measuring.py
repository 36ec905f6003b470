"""What the outlines on a photo measure, by the scale that the photo bears."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
from shapely import MultiPolygon

from assessment.core.boundary import boundary_sd
from assessment.core.detection import Detection
from assessment.core.measure import Measured, area, share
from assessment.core.merge import union
from assessment.core.polygons import outline
from assessment.core.scale import ReferenceLine, Scale, from_line
from assessment.models import Finding, FindingRevision
from claims.models import Photo


@dataclass(frozen=True, slots=True)
class Region:
    """A detection, its outline on the photo (image pixels) and what it measures."""

    detection: Detection
    outline: MultiPolygon
    share: float
    boundary_px: float
    measured: Measured | None


def scale_of(photo: Photo) -> Scale | None:
    """The scale of a photo, None where nobody gave it one."""
    if photo.reference_line is None:
        return None
    line = photo.reference_line
    return from_line(ReferenceLine(tuple(line["start"]), tuple(line["end"]), line["length_m"]))


def scale_tag(photo: Photo) -> str:
    """Names the scale that a photo has: another scale has another name."""
    line = json.dumps(photo.reference_line, sort_keys=True)
    return hashlib.sha256(line.encode()).hexdigest()[:16]


def regions_of(detections: Sequence[Detection], photo: Photo) -> list[Region]:
    """Outline and measure everything that an engine saw on a photo."""
    scale = scale_of(photo)
    return [
        _region(detection, shape, photo, scale)
        for detection, shape in zip(
            detections, outline(detections, photo.width, photo.height), strict=True
        )
    ]


def _region(detection: Detection, shape: MultiPolygon, photo: Photo, scale: Scale | None) -> Region:
    boundary_px = boundary_sd(detection, photo.width, photo.height)
    return Region(
        detection=detection,
        outline=shape,
        share=share(shape, photo.width, photo.height),
        boundary_px=boundary_px,
        measured=area(shape, scale, boundary_px=boundary_px) if scale else None,
    )


@dataclass(frozen=True, slots=True)
class Cover:
    """What several findings on one photo cover together, overlaps counted once."""

    outline: MultiPolygon
    share: float
    measured: Measured | None


def cover_of(findings: Iterable[Finding], photo: Photo) -> Cover:
    """The union of findings on a photo, measured with the roughest of their boundaries."""
    counted = list(findings)
    together = union([outline_of(finding) for finding in counted])
    scale = scale_of(photo)
    boundary_px = max((finding.boundary_px for finding in counted), default=0.0)
    return Cover(
        outline=together,
        share=share(together, photo.width, photo.height),
        measured=area(together, scale, boundary_px=boundary_px) if scale else None,
    )


def outline_of(finding: Finding | FindingRevision) -> MultiPolygon:
    """The stored outline of a finding as it is or was, in image pixels."""
    geometry = shapely.from_wkb(bytes(finding.polygon))
    if not isinstance(geometry, MultiPolygon):
        raise TypeError(f"Finding {finding.pk} holds a {geometry.geom_type}.")
    return geometry
