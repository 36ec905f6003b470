"""The standing questions of a carrier, and what the catalogue and they know of a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from assessment.core.catalogue.entry import Entry
from assessment.core.catalogue.standard import (
    LANGUAGES,
    entries_for,
    entries_in_words,
    standing_entries_for,
)
from assessment.core.catalogue.wording import Wording, wording_of
from assessment.core.vocabulary import DamageType, Detail, QueryKind
from assessment.models import DamageQuery
from assessment.selectors.claims import segmentations_of
from claims.models import Carrier, Claim, Peril, Photo, PhotoStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing question as it is worded now, and its earlier wordings, the newest first.

    `photos` are as many as it was put to, in this wording.
    """

    query: DamageQuery
    photos: int
    earlier: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A question of the catalogue in one language; `taken` once the carrier has had it in any."""

    entry: Entry
    text: str
    taken: bool


def standing_questions(carrier: Carrier) -> list[Standing]:
    """All standing questions of a carrier, in the order in which they were first taken.

    One query, however many there are.
    """
    rows = list(_standing_rows(carrier).annotate(asked=Count("segmentations")).order_by("pk"))
    by_id = {row.pk: row for row in rows}
    replaced = {row.replaces_id for row in rows}
    chains = [list(_chain(row, by_id)) for row in rows if row.pk not in replaced]
    chains.sort(key=lambda chain: chain[-1].pk)
    return [_standing(chain) for chain in chains]


def _chain(row: DamageQuery, by_id: Mapping[int, DamageQuery]) -> Iterator[DamageQuery]:
    """A question and what it replaced, the newest first."""
    yield row
    while row.replaces_id is not None:
        row = by_id[row.replaces_id]
        yield row


def _standing(chain: Sequence[DamageQuery]) -> Standing:
    newest, *earlier = [Standing(row, row.asked, ()) for row in chain]  # type: ignore[attr-defined]
    return Standing(newest.query, newest.photos, tuple(earlier))


def _standing_rows(carrier: Carrier) -> QuerySet[DamageQuery]:
    return DamageQuery.objects.of(carrier).filter(claim__isnull=True)


def standing_in_words(carrier: Carrier, peril: str, words: str) -> list[DamageQuery]:
    """The standing questions for this peril in these words, the newest version first."""
    # Compared here: SQLite knows the capitals of English alone.
    rows = _standing_rows(carrier).filter(peril=peril).order_by("-version", "-pk")
    return [row for row in rows if row.text.casefold() == words.casefold()]


def offers(carrier: Carrier, peril: Peril, language: str) -> list[Offer]:
    """The catalogue's questions for every photo of a peril, in one language."""
    entries = standing_entries_for(peril)
    had = entries_had(carrier, entries)
    return [Offer(entry, entry.text(language), entry.id in had) for entry in entries]


def entries_had(carrier: Carrier, entries: Iterable[Entry]) -> frozenset[str]:
    """The ids of those entries that the carrier has had, in whichever language.

    In two languages a question would be asked, and paid for, twice.
    """
    rows = _standing_rows(carrier).values_list("peril", "text")
    had = {(peril, text.casefold()) for peril, text in rows}
    return frozenset(
        entry.id
        for entry in entries
        if any((entry.peril, text.casefold()) in had for text in entry.texts())
    )


def catalogue_texts(peril: str, language: str) -> list[str]:
    """The catalogue's questions for a peril in a language, in English where it lacks that one."""
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    return [entry.text(spoken) for entry in entries_for(peril)]


def suggestions(claim: Claim, further: Iterable[str]) -> list[str]:
    """What could be asked of a claim and was not: what the carrier asks, first of what is asked
    after this peril, and then the further questions."""
    ours = list(_standing_rows(claim.carrier).filter(active=True).order_by("pk"))
    ours.sort(key=lambda query: query.peril != claim.peril)
    texts = [*(query.text for query in ours), *further]
    asked = {text.casefold() for text in (*_own_texts(claim), *_put_to_all(claim, ours))}
    return [text for text in dict.fromkeys(texts) if text.casefold() not in asked]


def _own_texts(claim: Claim) -> QuerySet[DamageQuery, str]:
    return DamageQuery.objects.filter(claim=claim).values_list("text", flat=True)


def _put_to_all(claim: Claim, standing: Iterable[DamageQuery]) -> Iterator[str]:
    """The standing questions that every photo of the claim has been asked, or will be by itself."""
    ready = Photo.objects.filter(claim=claim, status=PhotoStatus.READY).count()
    pairs = segmentations_of(claim).order_by().values_list("query_id", "photo_id").distinct()
    put = Counter(query for query, _ in pairs)
    for query in standing:
        if query.peril in ("", claim.peril) and put[query.pk] >= ready:
            yield query.text


def standing_asked(claim: Claim, words: str) -> DamageQuery | None:
    """The question in these words that photos of this claim are asked by themselves."""
    perils = (claim.peril, "")
    rows = (row for peril in perils for row in standing_in_words(claim.carrier, peril, words))
    return next((row for row in rows if row.active), None)


def wording_known(claim: Claim, words: str) -> Wording:
    """What is known of a question that is put to a claim in these words."""
    rows = _standing_rows(claim.carrier).order_by("-active", "-version", "-pk")
    ours = [row for row in rows if row.text.casefold() == words.casefold()]
    if ours:
        best = next((row for row in ours if row.peril == claim.peril), ours[0])
        return wording_in(best)
    known = list(entries_in_words(words))
    if known:
        entry, language = min(known, key=lambda pair: pair[0].peril != claim.peril)
        return entry.wording(language)
    return wording_of(words)


def wording_in(query: DamageQuery) -> Wording:
    """A stored question as it is worded."""
    return Wording(
        text=query.text,
        kind=QueryKind(query.kind),
        damage_type=DamageType(query.damage_type),
        language=query.language,
        detail=Detail(query.detail),
        runs=query.runs,
    )
