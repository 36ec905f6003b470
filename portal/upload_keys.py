"""Idempotency keys: an upload that is sent again gets the answer that it got before."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import UNUSABLE, Claim, Photo
from portal.models import UploadKey

# A browser tab that is older than that has lost its keys.
KEPT = timedelta(days=1)


class KeyReusedError(ValueError):
    """A key came with another file; the message is for whoever sent it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The key of this upload belongs to another file. Nothing of it was kept. "
                "Send it again."
            )
        )


def upload_is_fresh(claim: Claim, sha256: str, key: str) -> bool:
    """Whether the file is new to the claim, or was when it came with this key for the first time.

    Raises KeyReusedError for a key that came with another file before.
    """
    usable = Photo.objects.filter(claim=claim, sha256=sha256).exclude(status__in=UNUSABLE)
    if not key:
        return not usable.exists()
    UploadKey.objects.filter(at__lt=timezone.now() - KEPT).delete()
    # As people's programs make them, keys may hold anything: kept as a hash, they have one length.
    kept, _made = UploadKey.objects.get_or_create(
        claim=claim,
        key=hashlib.sha256(key.encode()).hexdigest(),
        defaults={"sha256": sha256, "fresh": not usable.exists()},
    )
    if kept.sha256 != sha256:
        raise KeyReusedError
    return kept.fresh
