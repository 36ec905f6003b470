"""What was decided on a claim, and what a decision would leave undone."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.core.vocabulary import Outcome, ReviewStatus
from assessment.models import Decision
from assessment.selectors.claims import findings_of, segmentations_of
from claims.models import Claim, ClaimStatus, Photo, PhotoStatus


def decision_in_force(claim: Claim) -> Decision | None:
    """The newest decision; None while the claim is open, be it not yet decided or once more."""
    if claim.status == ClaimStatus.OPEN:
        return None
    return Decision.objects.filter(claim=claim).select_related("by").order_by("-number").first()


@dataclass(frozen=True, slots=True)
class Undone:
    """Findings nobody reviewed, and questions and photos without an answer, be it not yet or never.

    Where there is no answer, nobody has looked.
    """

    unreviewed: int
    open_questions: int

    def __bool__(self) -> bool:
        return bool(self.unreviewed or self.open_questions)

    def is_within(self, known: Undone) -> bool:
        """Whether no more is undone than is known to be."""
        return self.unreviewed <= known.unreviewed and self.open_questions <= known.open_questions


def undone_in(claim: Claim) -> Undone:
    """What a decision made now would pass over."""
    unseen = (PhotoStatus.RECEIVED, PhotoStatus.FAILED)
    photos = Photo.objects.filter(claim=claim, status__in=unseen).count()
    asked = segmentations_of(claim).exclude(status=Outcome.ANSWERED).count()
    proposed = findings_of(claim).filter(review=ReviewStatus.PROPOSED).count()
    return Undone(unreviewed=proposed, open_questions=photos + asked)
