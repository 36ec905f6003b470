"""The standing questions of a carrier: taking them from the catalogue, wording them, on and off.

They are asked of the photos that come from then on. A claim that is open is not asked anew by
itself: that would cost money and reopen what people have looked through. Whoever wants an answer
there asks for it on the claim's own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace

from django.core.exceptions import ValidationError
from django.db import transaction

from assessment.core.catalogue.entry import Entry
from assessment.core.catalogue.wording import Wording
from assessment.models import DamageQuery
from assessment.selectors.questions import entries_had, standing_in_words, wording_in
from claims.models import Carrier, Peril, User
from claims.services import audit_append


class QuestionKnownError(ValidationError):
    """Claims of this peril are asked in these words already, or could be; `query` is that one."""

    def __init__(self, query: DamageQuery) -> None:
        state = "is asked already" if query.active else "is there and switched off"
        super().__init__(f"This question {state}. Nothing was added.")
        self.query = query


class QuestionReplacedError(ValidationError):
    """Somebody has worded the question anew since the person looked."""

    def __init__(self) -> None:
        super().__init__("This question was reworded meanwhile. Nothing was changed. Look again.")


def standing_add(*, carrier: Carrier, peril: str, wording: Wording, by: User | None) -> DamageQuery:
    """Ask a question of every claim of a peril from now on, of every claim where it is empty.

    Raises QuestionKnownError, and ValidationError for words that can't be asked.
    """
    with transaction.atomic():
        _lock(carrier)
        wording = _tidied(wording)
        _check_unknown(carrier, peril, wording.text)
        version = _next_version(carrier, peril, wording.text, after=0)
        query = _made(DamageQuery(carrier=carrier, peril=peril, version=version, **asdict(wording)))
        _log(query, by, "question.added", {"peril": peril, **asdict(wording)})
    return query


def standing_take(
    *, carrier: Carrier, entries: Iterable[Entry], language: str, by: User | None
) -> list[DamageQuery]:
    """Take questions over from the catalogue in one language; returns those that are new.

    What the carrier has had, in whichever language and even if it has reworded it or switched it
    off since, stays as it is, and what it asks of every claim is not asked once more.
    """
    with transaction.atomic():
        _lock(carrier)
        wanted = list(entries)
        had = entries_had(carrier, wanted)
        return [
            _taken(carrier, entry, language, by)
            for entry in wanted
            if entry.id not in had
            and not any(_for_others(carrier, entry.peril, entry.text(language)))
        ]


def _taken(carrier: Carrier, entry: Entry, language: str, by: User | None) -> DamageQuery:
    wording = entry.wording(language)
    query = _made(
        DamageQuery(carrier=carrier, peril=entry.peril, version=entry.version, **asdict(wording))
    )
    told = {"entry": entry.id, "entry_version": entry.version, "peril": entry.peril}
    _log(query, by, "question.taken", {**told, **asdict(wording)})
    return query


def standing_reword(*, query: DamageQuery, wording: Wording, by: User | None) -> DamageQuery:
    """Put a question in another way from now on; returns its new version, or itself if all is as
    it was.

    The old wording stays with the answers that it got, and is asked no more. Raises
    QuestionReplacedError, QuestionKnownError and ValidationError.
    """
    with transaction.atomic():
        old = _current(query)
        wording = _tidied(wording)
        before = wording_in(old)
        if wording == before:
            return old
        _check_unknown(old.carrier, old.peril, wording.text, but=old)
        version = _next_version(old.carrier, old.peril, wording.text, after=old.version)
        DamageQuery.objects.filter(pk=old.pk).update(active=False)
        new = _made(
            DamageQuery(
                carrier=old.carrier,
                peril=old.peril,
                engine=old.engine,
                active=old.active,
                version=version,
                replaces=old,
                **asdict(wording),
            )
        )
        told = {"version": version, "replaces": old.pk, "before": asdict(before)}
        _log(new, by, "question.reworded", {**told, **asdict(wording)})
    return new


def standing_switch(*, query: DamageQuery, active: bool, by: User | None) -> None:
    """Ask a question from now on, or no more.

    Raises QuestionReplacedError, and QuestionKnownError where another one asks the same now.
    """
    with transaction.atomic():
        current = _current(query)
        if current.active == active:
            return
        if active:
            _check_unknown(current.carrier, current.peril, current.text, but=current)
        DamageQuery.objects.filter(pk=current.pk).update(active=active)
        action = "question.switched_on" if active else "question.switched_off"
        _log(current, by, action, {"text": current.text})


def _lock(carrier: Carrier) -> None:
    # As the log does, which is written next: two people who add the same words follow each other.
    Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)


def _current(query: DamageQuery) -> DamageQuery:
    _lock(query.carrier)
    row = DamageQuery.objects.filter(pk=query.pk, claim__isnull=True, replaced_by__isnull=True)
    current = row.select_related("carrier").first()
    if current is None:
        raise QuestionReplacedError
    return current


def _check_unknown(
    carrier: Carrier, peril: str, words: str, *, but: DamageQuery | None = None
) -> None:
    """Raises QuestionKnownError where a claim would be asked the same twice, and pay for both."""
    for row in (*standing_in_words(carrier, peril, words), *_for_others(carrier, peril, words)):
        if row != but and not DamageQuery.objects.filter(replaces=row).exists():
            raise QuestionKnownError(row)


def _for_others(carrier: Carrier, peril: str, words: str) -> Iterator[DamageQuery]:
    """What is asked in these words of claims of every peril or, where `peril` is empty, of one."""
    for other in [""] if peril else Peril.values:
        yield from (row for row in standing_in_words(carrier, other, words) if row.active)


def _next_version(carrier: Carrier, peril: str, words: str, *, after: int) -> int:
    """The version that words get which may have been an earlier wording of some question."""
    earlier = standing_in_words(carrier, peril, words)
    return 1 + max([after, *(row.version for row in earlier)])


def _tidied(wording: Wording) -> Wording:
    return replace(wording, text=" ".join(wording.text.split()))


def _made(query: DamageQuery) -> DamageQuery:
    query.full_clean()
    query.save()
    return query


def _log(query: DamageQuery, by: User | None, action: str, data: dict[str, object]) -> None:
    audit_append(
        carrier=query.carrier,
        actor=by,
        action=action,
        subject=f"question {query.pk}",
        data=data,
    )
