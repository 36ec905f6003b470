"""Rows and photos for tests, each through the service that makes it in the product."""

from __future__ import annotations

import io
from itertools import count
from typing import Any

import numpy as np
import shapely
from PIL import Image
from PIL.ExifTags import IFD, Base
from shapely import MultiPolygon

from assessment import pipeline
from assessment.core.vocabulary import DamageType
from assessment.models import Finding
from claims.models import Carrier, Claim, Membership, Photo, Role, User
from claims.services import ClaimFacts

_numbers = count(1)


def make_carrier(slug: str = "") -> Carrier:
    slug = slug or f"carrier-{next(_numbers)}"
    return Carrier.objects.create(name=slug.title(), slug=slug)


def make_user(carrier: Carrier, role: Role = Role.ADJUSTER) -> User:
    user = User.objects.create_user(
        f"person{next(_numbers)}@example.com", "correct horse battery", name="Ana Ruiz"
    )
    Membership.objects.create(user=user, carrier=carrier, role=role)
    return user


def make_claim(carrier: Carrier, **facts: Any) -> Claim:
    known: dict[str, Any] = {"number": f"C-{next(_numbers):05d}", **facts}
    return pipeline.claim_start(carrier=carrier, facts=ClaimFacts(**known), by=None)


def make_photo(claim: Claim, data: bytes = b"") -> Photo:
    """A photo of the claim that is ready to be worked on; everything else that is due is done."""
    data = data or jpeg(seed=next(_numbers))
    photo = pipeline.photo_submit(claim=claim, data=data, name="wall.jpg", by=None)
    pipeline.work_off("")
    photo.refresh_from_db()
    return photo


def make_finding(photo: Photo, *, by: User) -> Finding:
    """A square of 100 x 100 pixels that a person drew."""
    return pipeline.finding_draw(
        photo=photo,
        outline=MultiPolygon([shapely.box(50, 50, 150, 150)]),
        damage_type=DamageType.CRACK,
        by=by,
        op=None,
    )


def jpeg(width: int = 320, height: int = 240, seed: int = 0) -> bytes:
    """A small photo of even plaster; another seed is another photo."""
    grain = np.random.default_rng(seed).normal(0, 3, (height, width, 1))
    pixels = np.clip(np.array([190.0, 185.0, 175.0]) + grain, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return file.getvalue()


def drone_jpeg(*, height: str = "+40.0", pitch: str = "-90.0", focal: str = "400.0") -> bytes:
    """A photo by a drone that tells its height over the take-off point and where it looked."""
    tags = Image.Exif()
    tags.get_ifd(IFD.Exif).update({Base.ExifImageWidth: 320, Base.ExifImageHeight: 240})
    tags[IFD.Exif] = tags.get_ifd(IFD.Exif)
    xmp = (
        f'<rdf:Description drone-dji:RelativeAltitude="{height}" '
        f'drone-dji:GimbalPitchDegree="{pitch}" drone-dji:CalibratedFocalLength="{focal}"/>'
    )
    file = io.BytesIO()
    plain = Image.open(io.BytesIO(jpeg()))
    plain.save(file, "JPEG", quality=90, exif=tags, xmp=xmp.encode())
    return file.getvalue()
