"""How sure findings are, in the reader's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.core.confidence import FEWEST, Block, Sureness
from assessment.core.vocabulary import Confidence
from portal.wording import CONFIDENCES


def sureness_text(sureness: Sureness) -> str:
    """How sure a finding is and why, in sentences."""
    if sureness.agreement is None or sureness.block is None:
        return _("Confidence not known. The question was put to the photo only once.")
    told = [
        f"{CONFIDENCES[sureness.band]}.",
        _("The answers to the same question agree on it to %(agreement)s.")
        % {"agreement": _figure(sureness.agreement)},
        _reviews(sureness.block),
    ]
    if sureness.is_disputed:
        told.append(_("The answers disagree so much that a person should look at it closely."))
    return " ".join(told)


def sureness_tag(sureness: Sureness) -> str:
    """The band in a list; empty where there was nothing to compare."""
    return "" if sureness.agreement is None else str(CONFIDENCES[sureness.band])


def sureness_counted(findings: Sequence[Sureness]) -> str:
    """How many findings of a claim are how sure, as a sentence; empty where there are none."""
    if not findings:
        return ""
    if all(each.agreement is None for each in findings):
        return _("Confidence not known: each question was put to a photo only once.")
    counts = Counter(each.band for each in findings)
    listed = " · ".join(
        f"{CONFIDENCES[band]}: {counts[band]}" for band in Confidence if counts[band]
    )
    return _("Findings of the engine: %(counts)s") % {"counts": listed}


def _reviews(block: Block) -> str:
    within = {"low": _figure(block.low), "high": _figure(block.high), "needed": FEWEST}
    if block.band is not Confidence.NOT_KNOWN:
        return ngettext(
            "Of %(count)d reviewed finding that agreed to between %(low)s and %(high)s, %(right)d "
            "was right.",
            "Of %(count)d reviewed findings that agreed to between %(low)s and %(high)s, %(right)d "
            "were right.",
            block.findings,
        ) % {**within, "count": block.findings, "right": block.right}
    return ngettext(
        "%(count)d finding that agreed to between %(low)s and %(high)s was reviewed so far; "
        "%(needed)d are needed.",
        "%(count)d findings that agreed to between %(low)s and %(high)s were reviewed so far; "
        "%(needed)d are needed.",
        block.findings,
    ) % {**within, "count": block.findings}


def _figure(agreement: float) -> str:
    return number_format(agreement, 2)
