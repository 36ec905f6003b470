"""What happened to a claim since a report on it, in sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.selectors.report_state import Since


def since_sentences(since: Since) -> list[str]:
    """One sentence for each kind of change; none where the report tells all."""
    told = [
        (since.findings, _findings(since.findings)),
        (since.photos, _photos(since.photos)),
        (since.questions, _questions(since.questions)),
        (since.answers, _answers(since.answers)),
        (since.scales, _("A reference line was drawn or taken off since this report.")),
        (since.decisions, _("The claim was decided or opened again since this report.")),
        (since.details, _("The details of the claim were corrected since this report.")),
    ]
    sentences = [sentence for count, sentence in told if count]
    # Whatever changes in a claim may change its way: that alone is worth a sentence of its own.
    if since.routed and not sentences:
        sentences = [_("The rules gave other reasons or another lane since this report.")]
    return sentences


def _findings(count: int) -> str:
    return ngettext(
        "%(count)d finding changed since this report.",
        "%(count)d findings changed since this report.",
        count,
    ) % {"count": count}


def _photos(count: int) -> str:
    return ngettext(
        "%(count)d photo came or was refused since this report.",
        "%(count)d photos came or were refused since this report.",
        count,
    ) % {"count": count}


def _answers(count: int) -> str:
    return ngettext(
        "%(count)d question got its answer, or none, since this report.",
        "%(count)d questions got their answers, or none, since this report.",
        count,
    ) % {"count": count}


def _questions(count: int) -> str:
    return ngettext(
        "%(count)d question was asked since this report.",
        "%(count)d questions were asked since this report.",
        count,
    ) % {"count": count}
