"""What people do to findings, in one line each."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from PIL import Image
from shapely import MultiPolygon

from assessment import pipeline
from assessment.core.vocabulary import DamageType
from assessment.models import Docket, Finding
from assessment.services.review import Change
from claims.models import Claim, Photo, User
from tests.factories import make_photo


def looked_at(claim: Claim, data: bytes = b"") -> Photo:
    """A photo of the claim that was asked for cracks, and one was found."""
    pipeline.query_ask(claim=claim, text=f"cracks {claim.queries.count()}", by=None)
    return make_photo(claim, data)


def box(left: float, top: float, right: float, bottom: float) -> MultiPolygon:
    """An upright rectangle in pixels."""
    return MultiPolygon([shapely.box(left, top, right, bottom)])


def changed(finding: Finding, by: User, *, op: UUID | None = None, **change: Any) -> Finding:
    """The finding after a change by somebody who sees it as it is now."""
    revision = Finding.objects.get(pk=finding.pk).revision
    return pipeline.finding_change(
        finding=finding, change=Change(**change), seen=revision, by=by, op=op
    )


def stage_of(claim: Claim) -> str:
    """Where the claim stands in the queue."""
    return Docket.objects.get(claim=claim).stage


def drawn_by(user: User, photo: Photo, *, op: UUID | None = None) -> Finding:
    """A square of 50 x 50 pixels that a person drew."""
    return pipeline.finding_draw(
        photo=photo, outline=box(10, 10, 60, 60), damage_type=DamageType.STAIN, by=user, op=op
    )


def kept(finding: Finding) -> list[int]:
    """The numbers of the revisions that were kept of a finding."""
    return list(finding.revisions.order_by("number").values_list("number", flat=True))


def stained_wall() -> bytes:
    """A photo of 320 x 240 pixels with a dark stain of 120 x 80 in the middle."""
    pixels = np.full((240, 320, 3), 190, np.uint8)
    pixels[80:160, 100:220] = 90
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=95)
    return file.getvalue()
