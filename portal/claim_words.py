"""What became of the photos and questions of a claim, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.core.vocabulary import Outcome
from assessment.selectors.asked import Asked
from assessment.selectors.claim_page import ClaimState, PhotoEntry, Question
from claims.models import PhotoStatus
from portal.wording import Tag

# More numbers than these are no help to find a photo.
NUMBERS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say: `kind` is good, bad, working or plain; `reason` is in English, or empty."""

    kind: str
    icon: str
    text: str
    reason: str = ""


def photos_named(numbers: Sequence[int]) -> str:
    """Photos by number; only how many, where they are many."""
    if len(numbers) > NUMBERS_SHOWN:
        return ngettext("%(count)d photo", "%(count)d photos", len(numbers)) % {
            "count": len(numbers)
        }
    listed = ", ".join(str(number) for number in numbers)
    return ngettext("photo %(numbers)s", "photos %(numbers)s", len(numbers)) % {"numbers": listed}


def photo_tag(entry: PhotoEntry) -> Tag:
    """Where a photo stands, in a word."""
    before = {
        PhotoStatus.RECEIVED: Tag("working", "loader-circle", _("Being prepared")),
        PhotoStatus.REFUSED: Tag("failed", "circle-x", _("Refused")),
        PhotoStatus.FAILED: Tag("failed", "circle-x", _("Not prepared")),
    }
    status = PhotoStatus(entry.photo.status)
    return before[status] if status in before else _ready_tag(entry)


def _ready_tag(entry: PhotoEntry) -> Tag:
    if entry.is_open:
        waits = all(each.reason for each in entry.asked if each.is_open)
        if waits:
            return Tag("working", "clock", _("Waiting"))
        return Tag("working", "loader-circle", _("Being looked at"))
    if entry.proposed:
        to_check = ngettext("%(count)d to check", "%(count)d to check", entry.proposed)
        return Tag("review", "contrast", to_check % {"count": entry.proposed})
    if any(each.is_gap for each in entry.asked):
        return Tag("failed", "triangle-alert", _("Not looked at in full"))
    return _finished_tag(entry)


def _finished_tag(entry: PhotoEntry) -> Tag:
    if entry.findings:
        return Tag("fast", "check", _("Reviewed"))
    if entry.asked:
        return Tag("decided", "check", _("Nothing found"))
    return Tag("decided", "eye", _("Not asked about"))


def photo_note(entry: PhotoEntry) -> str:
    """What the word leaves out: that somebody checks findings, and others may be missing."""
    gaps = sum(each.is_gap for each in entry.asked)
    if not gaps or entry.is_open or not entry.proposed:
        return ""
    return ngettext(
        "%(count)d question not answered in full",
        "%(count)d questions not answered in full",
        gaps,
    ) % {"count": gaps}


def question_lines(question: Question) -> list[Line]:
    """What became of a question. Where nobody looked, nothing is said to be absent."""
    lines = [*_answers(question.asked), *_troubles(question.asked)]
    if question.to_come:
        photos = {"photos": photos_named(question.to_come)}
        lines.append(Line("working", "clock", _("To be asked once prepared: %(photos)s") % photos))
    return lines or [_never_asked(question)]


def _never_asked(question: Question) -> Line:
    if question.chosen:
        text = _("Not asked: none of the chosen photos can be used.")
        return Line("bad", "circle-x", text)
    waits = _("Not put to a photo yet. It is asked as soon as a photo is ready.")
    return Line("working", "clock", waits)


def _answers(asked: Sequence[Asked]) -> Iterator[Line]:
    answered = [each for each in asked if each.outcome is Outcome.ANSWERED]
    found = [each for each in answered if each.found]
    if found:
        count = sum(each.found for each in found)
        text = ngettext("%(count)d found on %(photos)s", "%(count)d found on %(photos)s", count)
        yield Line("good", "check", text % {"count": count, "photos": _on(found)})
    empty = [each for each in answered if not each.found and not each.lost]
    if empty:
        yield Line("plain", "minus", _("Nothing found on %(photos)s") % {"photos": _on(empty)})


def _troubles(asked: Sequence[Asked]) -> Iterator[Line]:
    lost = [each for each in asked if each.lost]
    yield from _by_reason(lost, _lost_line, lambda each: " ".join(each.lost))
    for outcome in (Outcome.UNANSWERED, Outcome.FAILED):
        unanswered = [each for each in asked if each.outcome is outcome]
        yield from _by_reason(unanswered, _unanswered_line, lambda each: each.reason)
    still_open = [each for each in asked if each.is_open]
    yield from _by_reason(still_open, _open_line, lambda each: each.reason)


def _by_reason(
    asked: Iterable[Asked], line: Callable[[str, str], Line], reason: Callable[[Asked], str]
) -> Iterator[Line]:
    """One line for each reason, with all the photos it holds for."""
    groups: dict[str, list[Asked]] = {}
    for each in asked:
        groups.setdefault(reason(each), []).append(each)
    for why, group in groups.items():
        yield line(_on(group), why)


def _lost_line(photos: str, reason: str) -> Line:
    text = _("A part of the answer was lost on %(photos)s") % {"photos": photos}
    return Line("bad", "triangle-alert", text, reason)


def _unanswered_line(photos: str, reason: str) -> Line:
    text = _("Not answered on %(photos)s") % {"photos": photos}
    return Line("bad", "circle-x", text, reason)


def _open_line(photos: str, reason: str) -> Line:
    if reason:
        return Line("working", "clock", _("Waiting on %(photos)s") % {"photos": photos}, reason)
    text = _("Being looked for on %(photos)s") % {"photos": photos}
    return Line("working", "loader-circle", text)


def _on(asked: Iterable[Asked]) -> str:
    return photos_named([each.photo for each in asked])


def failures(state: ClaimState) -> list[Line]:
    """What failed and can be tried again."""
    photos, asked = state.failed_photos, state.failed_questions
    lines = []
    if photos:
        told = {
            "count": len(photos),
            "all": len(state.photos),
            "photos": photos_named([photo.number for photo in photos]),
        }
        text = ngettext(
            "%(count)d of %(all)d photos could not be prepared: %(photos)s.",
            "%(count)d of %(all)d photos could not be prepared: %(photos)s.",
            len(photos),
        )
        lines.append(_failure(text % told, (photo.refusal for photo in photos)))
    if asked:
        numbers = sorted({each.photo for each in asked})
        told = {"count": len(asked), "photos": photos_named(numbers)}
        text = ngettext(
            "%(count)d question was not answered on %(photos)s. Nobody has looked there yet.",
            "%(count)d questions were not answered on %(photos)s. Nobody has looked there yet.",
            len(asked),
        )
        lines.append(_failure(text % told, (each.reason for each in asked)))
    if in_part := state.questions_in_part:
        lines.append(_in_part(in_part))
    return lines


def _in_part(asked: Sequence[Asked]) -> Line:
    numbers = sorted({each.photo for each in asked})
    text = ngettext(
        "%(count)d question was answered only in part on %(photos)s. The rest can be asked for.",
        "%(count)d questions were answered only in part on %(photos)s. The rest can be asked for.",
        len(asked),
    )
    # The reason stands with the question.
    return _failure(text % {"count": len(asked), "photos": photos_named(numbers)}, ())


def _failure(text: str, reasons: Iterable[str]) -> Line:
    return Line("bad", "circle-x", text, " ".join(dict.fromkeys(reasons)))


def duration_named(seconds: float) -> str:
    """A time to wait, as roughly as it is known."""
    if seconds < 10:
        return _("a few seconds")
    if seconds < 90:
        tens = round(seconds, -1)
        return ngettext("%(count)d second", "%(count)d seconds", int(tens)) % {"count": tens}
    minutes = round(seconds / 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
