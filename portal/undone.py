"""What a decision leaves undone, in a sentence: before it is made, and afterwards."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.core.vocabulary import DecisionKind
from assessment.models import Decision
from assessment.selectors.decisions import Undone


def undone_ahead(undone: Undone) -> str:
    """What the person is told before they decide."""
    left = _joined(
        ngettext(
            "%(count)d finding is not reviewed",
            "%(count)d findings are not reviewed",
            undone.unreviewed,
        ),
        ngettext(
            "%(count)d question has no answer",
            "%(count)d questions have no answer",
            undone.open_questions,
        ),
        undone,
    )
    return ngettext(
        "%(left)s. It will not be counted.", "%(left)s. They will not be counted.", _count(undone)
    ) % {"left": left}


def undone_behind(decision: Decision) -> str:
    """What a decision left undone; empty where that is nothing, or counts all the same."""
    undone = Undone(decision.unreviewed, decision.open_questions)
    if not undone or decision.kind == DecisionKind.MORE_PHOTOS:
        return ""
    left = _joined(
        ngettext(
            "%(count)d finding was not reviewed",
            "%(count)d findings were not reviewed",
            undone.unreviewed,
        ),
        ngettext(
            "%(count)d question had no answer",
            "%(count)d questions had no answer",
            undone.open_questions,
        ),
        undone,
    )
    return ngettext(
        "%(left)s. It is not counted.", "%(left)s. They are not counted.", _count(undone)
    ) % {"left": left}


def _joined(findings: str, questions: str, undone: Undone) -> str:
    findings %= {"count": undone.unreviewed}
    questions %= {"count": undone.open_questions}
    if undone.unreviewed and undone.open_questions:
        return _("%(findings)s and %(questions)s") % {
            "findings": findings,
            "questions": questions,
        }
    return findings if undone.unreviewed else questions


def _count(undone: Undone) -> int:
    return undone.unreviewed + undone.open_questions
