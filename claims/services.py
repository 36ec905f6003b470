"""Every write to the claim file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timezone
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import now

from claims import files
from claims.evidence.derive import Derived, derive
from claims.evidence.fingerprint import perceptual, sha256
from claims.evidence.metadata import Metadata, read_metadata
from claims.evidence.upload import Accepted, display_name, examine
from claims.models import UNUSABLE, AuditEntry, Carrier, Claim, Peril, Photo, PhotoStatus, User
from claims.models.audit import FIRST_HASH, canonical_json

SERVICE = "eaves"

COPIES = "copied without metadata, at full size and at most 1024 and 320 pixels"

SUFFIXES: Mapping[str, str] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/tiff": ".tif",
    "image/heic": ".heic",
    "image/heif": ".heif",
}


def audit_append(
    *, carrier: Carrier, actor: User | None, action: str, subject: str, data: Mapping[str, object]
) -> AuditEntry:
    """Add an entry to the carrier's log, sealed to the one before."""
    with transaction.atomic():
        # Writers of one carrier's log queue up here, so that no two get the same place. Photos
        # and claims of the carrier can be inserted meanwhile: no_key leaves foreign keys alone.
        locked = Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)
        last = AuditEntry.objects.of(carrier).order_by("-sequence").first()
        entry = AuditEntry(
            carrier=locked,
            sequence=last.sequence + 1 if last else 1,
            at=now(),
            actor=actor.email if actor else SERVICE,
            action=action,
            subject=subject,
            data=canonical_json(data),
            previous_hash=last.hash if last else FIRST_HASH,
        )
        entry.hash = entry.sealed_hash()
        entry.save()
        return entry


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What is known of a claim when it is opened."""

    number: str
    policy_number: str = ""
    insured: str = ""
    address: str = ""
    loss_date: date | None = None
    peril: Peril = Peril.OTHER
    currency: str = "USD"
    limit: Decimal | None = None
    deductible: Decimal | None = None


def claim_open(*, carrier: Carrier, facts: ClaimFacts, by: User | None) -> Claim:
    """Open a claim. Raises ValidationError where a fact is missing, taken or makes no sense."""
    claim = Claim(
        carrier=carrier,
        opened_by=by,
        **{name: getattr(facts, name) for name in ClaimFacts.__dataclass_fields__},
    )
    claim.full_clean()
    with transaction.atomic():
        claim.save()
        audit_append(
            carrier=carrier,
            actor=by,
            action="claim.opened",
            subject=f"claim {claim.number}",
            data={"peril": claim.peril},
        )
    return claim


def claim_lock(claim: Claim) -> None:
    """Within a transaction, let nobody else number or ask anything in this claim meanwhile."""
    Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)


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
        claim_lock(photo.claim)
        known = Photo.objects.filter(claim=photo.claim, sha256=photo.sha256).first()
        if known and (known.status not in UNUSABLE or photo.status in UNUSABLE):
            return known
        if known:
            photo.pk, photo.number = known.pk, known.number
            photo.received_at = known.received_at
        else:
            photo.number = Photo.objects.filter(claim=photo.claim).count() + 1
        photo.save()
        photo_log(photo, photo.received_by, action, {"sha256": photo.sha256, **data})
        return photo


def photo_log(photo: Photo, by: User | None, action: str, data: Mapping[str, object]) -> None:
    """Log an act upon a photo."""
    audit_append(
        carrier=photo.claim.carrier,
        actor=by,
        action=action,
        subject=f"claim {photo.claim.number} photo {photo.number}",
        data=data,
    )


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """Where the copies of a photo lie, and what its metadata says."""

    derived: Derived
    metadata: Metadata
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
        view=files.keep("derived", derived.view, ".jpg"),
        working=files.keep("derived", derived.working, ".jpg"),
        thumbnail=files.keep("derived", derived.thumbnail, ".jpg"),
        perceptual_hash=f"{perceptual(derived.working):016x}",
    )


def photo_ready(photo: Photo, prepared: PreparedPhoto) -> None:
    """The copies are there: the photo can be asked questions."""
    metadata = prepared.metadata
    latitude, longitude = metadata.position or (None, None)
    Photo.objects.filter(pk=photo.pk).exclude(status__in=UNUSABLE).update(
        status=PhotoStatus.READY,
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


def reference_line_set(
    photo: Photo,
    *,
    start: tuple[float, float],
    end: tuple[float, float],
    length_m: float,
    by: User | None,
) -> None:
    """Say how long a line in the picture is, in metres; ends in pixels of the upright picture."""
    photo.reference_line = {"start": list(start), "end": list(end), "length_m": length_m}
    with transaction.atomic():
        photo.save(update_fields=["reference_line"])
        photo_log(photo, by, "photo.reference_line_set", photo.reference_line)
