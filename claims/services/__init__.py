"""Every write to the claim file."""

from claims.services.claims import (
    ClaimDecidedError,
    ClaimDetails,
    ClaimFacts,
    claim_check_undecided,
    claim_correct,
    claim_lock,
    claim_lock_for_change,
    claim_open,
    claim_status_set,
    note_add,
)
from claims.services.log import SERVICE, audit_append, claim_log
from claims.services.photos import (
    PreparedPhoto,
    StoredUpload,
    photo_add,
    photo_derive,
    photo_fail,
    photo_ready,
    photo_refuse,
    reference_line_set,
    refusal_add,
    upload_store,
)

__all__ = [
    "SERVICE",
    "ClaimDecidedError",
    "ClaimDetails",
    "ClaimFacts",
    "PreparedPhoto",
    "StoredUpload",
    "audit_append",
    "claim_check_undecided",
    "claim_correct",
    "claim_lock",
    "claim_lock_for_change",
    "claim_log",
    "claim_open",
    "claim_status_set",
    "note_add",
    "photo_add",
    "photo_derive",
    "photo_fail",
    "photo_ready",
    "photo_refuse",
    "reference_line_set",
    "refusal_add",
    "upload_store",
]
