from claims.models.audit import AuditEntry
from claims.models.claim import Claim, ClaimStatus, Note, Peril
from claims.models.people import Carrier, Membership, Role, Units, User
from claims.models.photo import UNUSABLE, Photo, PhotoStatus

__all__ = [
    "UNUSABLE",
    "AuditEntry",
    "Carrier",
    "Claim",
    "ClaimStatus",
    "Membership",
    "Note",
    "Peril",
    "Photo",
    "PhotoStatus",
    "Role",
    "Units",
    "User",
]
