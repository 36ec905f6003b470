"""Photos: taken in, prepared, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timezone

from django.db import transaction

from claims import files
from claims.evidence.derive import Derived, derive
from claims.evidence.fingerprint import perceptual, sha256
from claims.evidence.flight import Flight, read_flight
from claims.evidence.metadata import Metadata, read_metadata
from claims.evidence.upload import Accepted, display_name, examine
from claims.models import UNUSABLE, Claim, ClaimStatus, Photo, PhotoStatus, User
from claims.models.numbering import next_number
from claims.services.claims import claim_lock_for_change, claim_status_set
from claims.services.log import claim_log

COPIES = "copied without metadata, at full size and at most 1024 and 320 pixels"

SUFFIXES: Mapping[str, str] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/tiff": ".tif",
    "image/heic": ".heic",
    "image/heif": ".heif",
}


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """An upload that was accepted, and where its original bytes lie."""

    accepted: Accepted
    original: str


def upload_store(*, data: bytes, name: str) -> StoredUpload:
    """Examine an upload and store its original bytes. Raises UploadRefusedError.

    Called before the transaction that makes the photo: a crash between leaves a file without a
    row, never a row without its file.
    """
    accepted = examine(data, name)
    return StoredUpload(accepted, files.keep("originals", data, SUFFIXES[accepted.media_type]))


def photo_add(*, claim: Claim, upload: StoredUpload, by: User | None) -> Photo:
    """Put a stored upload into the claim.

    The same bytes again are the photo that is there; one that couldn't be used is tried again.
    Raises ClaimDecidedError.
    """
    accepted = upload.accepted
    photo = Photo(
        claim=claim,
        name=accepted.name,
        sha256=accepted.sha256,
        size=accepted.size,
        media_type=accepted.media_type,
        width=accepted.width,
        height=accepted.height,
        original=upload.original,
        received_by=by,
    )
    return _photo_keep(photo, "photo.received", {"size": photo.size})


def refusal_add(*, claim: Claim, data: bytes, name: str, reason: str, by: User | None) -> Photo:
    """Note in the claim that a file came and why it was refused; its bytes are not kept."""
    photo = Photo(
        claim=claim,
        name=display_name(name),
        sha256=sha256(data),
        size=len(data),
        status=PhotoStatus.REFUSED,
        refusal=reason,
        received_by=by,
    )
    return _photo_keep(photo, "photo.refused", {"size": photo.size, "reason": reason})


def _photo_keep(photo: Photo, action: str, data: Mapping[str, object]) -> Photo:
    with transaction.atomic():
        claim_lock_for_change(photo.claim)
        known = Photo.objects.filter(claim=photo.claim, sha256=photo.sha256).first()
        if known and (known.status not in UNUSABLE or photo.status in UNUSABLE):
            return known
        if known:
            photo.pk, photo.number = known.pk, known.number
            photo.received_at = known.received_at
        else:
            photo.number = next_number(Photo.objects.filter(claim=photo.claim))
        photo.save()
        # A file that was refused is not what was waited for.
        if photo.claim.status == ClaimStatus.AWAITING_PHOTOS and photo.status not in UNUSABLE:
            claim_status_set(photo.claim, ClaimStatus.OPEN)
        photo_log(photo, photo.received_by, action, {"sha256": photo.sha256, **data})
        return photo


def photo_log(photo: Photo, by: User | None, action: str, data: Mapping[str, object]) -> None:
    """Log an act upon a photo."""
    claim_log(photo.claim, by, action, data, part=f"photo {photo.number}")


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """Where the copies of a photo lie, and what its metadata says."""

    derived: Derived
    metadata: Metadata
    flight: Flight
    view: str
    working: str
    thumbnail: str
    perceptual_hash: str


def photo_derive(photo: Photo) -> PreparedPhoto:
    """Make and store the copies of a photo. Raises UploadRefusedError for a broken picture.

    Slow, and done outside any transaction: copies are named by their content, so making them
    twice stores them once.
    """
    data = files.load(photo.original)
    derived = derive(data)
    return PreparedPhoto(
        derived=derived,
        metadata=read_metadata(data),
        flight=read_flight(data),
        view=files.keep("derived", derived.view, ".jpg"),
        working=files.keep("derived", derived.working, ".jpg"),
        thumbnail=files.keep("derived", derived.thumbnail, ".jpg"),
        perceptual_hash=f"{perceptual(derived.working):016x}",
    )


def photo_ready(photo: Photo, prepared: PreparedPhoto) -> None:
    """The copies are there: the photo can be asked questions, whatever was said of it before."""
    metadata = prepared.metadata
    latitude, longitude = metadata.position or (None, None)
    Photo.objects.filter(pk=photo.pk).update(
        status=PhotoStatus.READY,
        refusal="",
        width=prepared.derived.width,
        height=prepared.derived.height,
        view=prepared.view,
        working=prepared.working,
        thumbnail=prepared.thumbnail,
        derivations=[*prepared.derived.steps, COPIES],
        taken=taken_text(metadata),
        camera=f"{metadata.make} {metadata.model}".strip(),
        latitude=latitude,
        longitude=longitude,
        perceptual_hash=prepared.perceptual_hash,
        flight=asdict(prepared.flight) if prepared.flight.is_flown else None,
    )


def taken_text(metadata: Metadata) -> str:
    """The file's own time and which clock it is of; empty where it states none."""
    if metadata.taken is None:
        return ""
    zone = timezone(metadata.offset) if metadata.offset is not None else None
    local = metadata.taken.replace(tzinfo=zone)
    return f"{local.isoformat(sep=' ')} ({metadata.clock})"


def photo_refuse(photo: Photo, reason: str) -> None:
    """The picture can't be used; its original bytes are kept as they came."""
    _photo_close(photo, PhotoStatus.REFUSED, reason)


def photo_fail(photo: Photo, reason: str) -> None:
    """The photo could not be prepared, by no fault of its own; sent again, it is tried again."""
    _photo_close(photo, PhotoStatus.FAILED, reason)


def _photo_close(photo: Photo, status: PhotoStatus, reason: str) -> None:
    with transaction.atomic():
        changed = Photo.objects.filter(pk=photo.pk, status=PhotoStatus.RECEIVED).update(
            status=status, refusal=reason
        )
        if changed:
            photo_log(photo, None, f"photo.{status}", {"reason": reason})


def reference_line_set(photo: Photo, line: Mapping[str, object] | None, *, by: User | None) -> None:
    """Say how long a line in the picture is, as Photo.reference_line holds it, or take it away."""
    photo.reference_line = dict(line) if line else None
    with transaction.atomic():
        photo.save(update_fields=["reference_line"])
        action = "photo.reference_line_set" if line else "photo.reference_line_removed"
        photo_log(photo, by, action, line or {})
