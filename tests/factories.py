"""Rows and photos for tests, each through the service that makes it in the product."""

from __future__ import annotations

import io
from itertools import count
from typing import Any

import numpy as np
from PIL import Image

from claims.models import Carrier, Claim, Membership, Role, User
from claims.services import ClaimFacts, claim_open

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
    return claim_open(carrier=carrier, facts=ClaimFacts(**known), by=None)


def jpeg(width: int = 320, height: int = 240, seed: int = 0) -> bytes:
    """A small photo of even plaster; another seed is another photo."""
    grain = np.random.default_rng(seed).normal(0, 3, (height, width, 1))
    pixels = np.clip(np.array([190.0, 185.0, 175.0]) + grain, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return file.getvalue()
