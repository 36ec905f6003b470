"""The history of a claim in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from assessment.core.vocabulary import DamageType, DecisionKind, Lane, RejectReason
from assessment.selectors.claim_history import Act
from claims.models import Peril
from portal.wording import DAMAGE_TYPES, DECISIONS, DETAILS, LANE_TAGS, PERILS, REJECT_REASONS

Blanks = dict[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """One act as people read it. `words` is what somebody wrote along with it, word for word."""

    at: datetime
    sentence: str
    words: str


def line_of(act: Act) -> Line:
    """An act in a sentence; the action's own name where nobody has worded it."""
    return Line(act.at, _sentence(act), _words(act))


def _sentence(act: Act) -> str:
    blanks: Blanks = {
        "who": act.who or _("The analysis service"),
        "photo": act.photo,
        "file": _file(act),
        "finding": act.finding,
        "report": act.report,
        "action": act.action,
    }
    if act.action in TOLD:
        return TOLD[act.action](act, blanks)
    return str(PLAIN.get(act.action, _UNWORDED)) % blanks


def _file(act: Act) -> str:
    """A photo by number and name; a file that was refused unread has no number."""
    known = {"photo": act.photo, "name": act.photo_name}
    if act.photo is None:
        return _("the file %(name)s") % known
    return _("photo %(photo)s (%(name)s)") % known


def _words(act: Act) -> str:
    """Notes and reasons; a note's own words stand in the list of notes."""
    if act.action == "claim.decided":
        return str(act.data.get("note", ""))
    if act.action in WITH_REASON:
        return str(act.data.get("reason", ""))
    return ""


def _triaged(act: Act, blanks: Blanks) -> str:
    lane = LANE_TAGS[Lane(act.data["lane"])].label
    return _("%(who)s routed the claim: %(lane)s.") % {**blanks, "lane": lane}


def _assigned(act: Act, blanks: Blanks) -> str:
    if not act.to:
        return _("%(who)s put the claim back for whoever comes next.") % blanks
    if act.data["to"] == act.actor:
        return _("%(who)s took up the claim.") % blanks
    return _("%(who)s gave the claim to %(to)s.") % {**blanks, "to": act.to}


def _tried_again(act: Act, blanks: Blanks) -> str:
    opened = act.data["opened"]
    return ngettext(
        "%(who)s had %(opened)d failed step tried again.",
        "%(who)s had %(opened)d failed steps tried again.",
        opened,
    ) % {**blanks, "opened": opened}


def _decided(act: Act, blanks: Blanks) -> str:
    decision = DECISIONS[DecisionKind(act.data["kind"])]
    said = _("%(who)s decided: %(decision)s.") % {**blanks, "decision": decision}
    return " ".join([said, *_passed_over(act)])


def _passed_over(act: Act) -> Iterator[str]:
    if undone := act.data.get("unreviewed", 0):
        yield ngettext(
            "%(undone)d finding was not reviewed.", "%(undone)d findings were not reviewed.", undone
        ) % {"undone": undone}
    if undone := act.data.get("open_questions", 0):
        yield ngettext(
            "%(undone)d question had no answer.", "%(undone)d questions had no answer.", undone
        ) % {"undone": undone}


def _put(every: Promise, chosen: Promise) -> Callable[[Act, Blanks], str]:
    def told(act: Act, blanks: Blanks) -> str:
        said = {**blanks, "text": act.data["text"]}
        photos = act.data["photos"]
        if photos == "all":
            return str(every) % said
        numbers = ", ".join(str(number) for number in photos)
        return str(chosen % {**said, "numbers": numbers, "count": len(photos)})

    return told


def _corrected(act: Act, blanks: Blanks) -> str:
    told = [
        _("%(detail)s from %(before)s to %(after)s")
        % {
            "detail": label,
            "before": _detail(name, changed["from"]),
            "after": _detail(name, changed["to"]),
        }
        for name, label in DETAILS.items()
        if (changed := act.data["details"].get(name))
    ]
    return _("%(who)s corrected the details: %(details)s.") % {**blanks, "details": "; ".join(told)}


def _detail(name: str, value: str) -> str:
    """A detail as the log has it, in the reader's own spelling."""
    if not value:
        return _("nothing")
    if name == "peril":
        value = str(PERILS[Peril(value)])
    elif name == "loss_date":
        value = date_format(date.fromisoformat(value))
    elif name in ("limit", "deductible"):
        value = number_format(Decimal(value), 2, use_l10n=True, force_grouping=True)
    return f"“{value}”"


def _refused(act: Act, blanks: Blanks) -> str:
    if act.who:
        return _("%(who)s sent %(file)s; it was refused.") % blanks
    return _("%(who)s refused %(file)s.") % blanks


def _reported(act: Act, blanks: Blanks) -> str:
    if act.who:
        return _("Report %(report)s was made for %(who)s.") % blanks
    return _("Report %(report)s was made.") % blanks


def _typed(sentence: Promise) -> Callable[[Act, Blanks], str]:
    def told(act: Act, blanks: Blanks) -> str:
        kind = DAMAGE_TYPES[DamageType(act.data["damage_type"])]
        return str(sentence) % {**blanks, "kind": kind}

    return told


def _rejected(act: Act, blanks: Blanks) -> str:
    reason = act.data.get("reason")
    if not reason:
        return _("%(who)s rejected finding %(finding)s on photo %(photo)s.") % blanks
    because = {**blanks, "reason": REJECT_REASONS[RejectReason(reason)]}
    return _("%(who)s rejected finding %(finding)s on photo %(photo)s: %(reason)s.") % because


def _outlined(act: Act, blanks: Blanks) -> str:
    if act.data.get("original"):
        return (
            _("%(who)s brought back the first outline of finding %(finding)s on photo %(photo)s.")
            % blanks
        )
    return _("%(who)s corrected the outline of finding %(finding)s on photo %(photo)s.") % blanks


_UNWORDED = gettext_lazy("%(who)s: %(action)s")

PLAIN: Mapping[str, Promise] = {
    "claim.opened": gettext_lazy("%(who)s opened the claim."),
    "claim.reopened": gettext_lazy("%(who)s opened the claim again."),
    "note.added": gettext_lazy("%(who)s wrote a note."),
    "photo.received": gettext_lazy("%(who)s added %(file)s."),
    "photo.failed": gettext_lazy("%(who)s could not prepare %(file)s."),
    "photo.reference_line_set": gettext_lazy("%(who)s drew the reference line on photo %(photo)s."),
    "photo.reference_line_removed": gettext_lazy(
        "%(who)s took the reference line off photo %(photo)s."
    ),
    "finding.accepted": gettext_lazy("%(who)s accepted finding %(finding)s on photo %(photo)s."),
    "finding.proposed": gettext_lazy(
        "%(who)s put finding %(finding)s on photo %(photo)s back to be reviewed."
    ),
    "finding.removed": gettext_lazy(
        "%(who)s took back finding %(finding)s, drawn on photo %(photo)s."
    ),
    "finding.restored": gettext_lazy(
        "%(who)s brought back finding %(finding)s, drawn on photo %(photo)s."
    ),
}
"""The acts of which the log keeps nothing that changes the sentence."""

TOLD: Mapping[str, Callable[[Act, Blanks], str]] = {
    "claim.assigned": _assigned,
    "claim.corrected": _corrected,
    "claim.decided": _decided,
    "claim.triaged": _triaged,
    "claim.tried_again": _tried_again,
    "finding.drawn": _typed(
        gettext_lazy("%(who)s drew finding %(finding)s on photo %(photo)s: %(kind)s.")
    ),
    "finding.outlined": _outlined,
    "finding.rejected": _rejected,
    "finding.retyped": _typed(
        gettext_lazy("%(who)s called finding %(finding)s on photo %(photo)s: %(kind)s.")
    ),
    "photo.refused": _refused,
    "query.asked": _put(
        gettext_lazy("%(who)s had all photos looked through for “%(text)s”."),
        ngettext_lazy(
            "%(who)s had photo %(numbers)s looked through for “%(text)s”.",
            "%(who)s had photos %(numbers)s looked through for “%(text)s”.",
            "count",
        ),
    ),
    "query.asked_again": _put(
        gettext_lazy("%(who)s had all photos looked through anew for “%(text)s”."),
        ngettext_lazy(
            "%(who)s had photo %(numbers)s looked through anew for “%(text)s”.",
            "%(who)s had photos %(numbers)s looked through anew for “%(text)s”.",
            "count",
        ),
    ),
    "report.made": _reported,
}
"""The acts whose sentence depends on what the log keeps of them."""

WITH_REASON = frozenset({"claim.reopened", "photo.refused", "photo.failed"})
"""The acts for which the log keeps a reason in words."""
