"""Standing questions and the catalogue's in the words of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.core.vocabulary import DamageType, Detail, QueryKind
from assessment.models import DamageQuery
from assessment.selectors.questions import Offer, Standing
from portal.spoken import language_name
from portal.wording import (
    ANY_PERIL,
    CLOSENESS,
    DAMAGE_TYPES,
    PERILS,
    QUERY_KINDS,
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A wording that was replaced."""

    version: int
    text: str
    language: str
    about: str


@dataclass(frozen=True, slots=True)
class Row:
    """A standing question; `about` says how closely it looks and how often it was asked."""

    query: DamageQuery
    kind: Promise
    damage: Promise | str
    language: str
    about: str
    earlier: list[Earlier]


@dataclass(frozen=True, slots=True)
class Group:
    """The questions for one peril; `slug` names the section."""

    slug: str
    title: Promise
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A question of the catalogue."""

    offer: Offer
    about: str


def groups_of(standing: Iterable[Standing]) -> list[Group]:
    """The questions by their peril; perils without any are left out."""
    rows: dict[str, list[Row]] = {}
    for each in standing:
        rows.setdefault(each.query.peril, []).append(_row(each))
    titles: list[tuple[str, Promise]] = [("", ANY_PERIL), *PERILS.items()]
    return [Group(peril or "any", title, rows[peril]) for peril, title in titles if peril in rows]


def offer_row(offer: Offer) -> OfferRow:
    """A question of the catalogue as people read it."""
    entry = offer.entry
    told = (QUERY_KINDS[entry.kind], _damage(entry.damage_type), CLOSENESS[entry.detail])
    return OfferRow(offer, " · ".join(str(each) for each in told if each))


def _row(standing: Standing) -> Row:
    query = standing.query
    return Row(
        query=query,
        kind=QUERY_KINDS[QueryKind(query.kind)],
        damage=_damage(DamageType(query.damage_type)),
        language=language_name(query.language) if query.language else "",
        about=" · ".join(_about(standing)),
        earlier=[_earlier(each) for each in standing.earlier],
    )


def _damage(damage_type: DamageType) -> Promise | str:
    """Empty for OTHER: a question for a house number asks for no "other damage"."""
    return "" if damage_type is DamageType.OTHER else DAMAGE_TYPES[damage_type]


def _about(standing: Standing) -> Iterator[str]:
    query, photos = standing.query, standing.photos
    yield str(CLOSENESS[Detail(query.detail)])
    if query.runs > 1:
        runs = ngettext("%(runs)d time a photo", "%(runs)d times a photo", query.runs)
        yield runs % {"runs": query.runs}
    if not photos:
        yield _("not asked yet")
    else:
        asked = ngettext("asked of %(photos)d photo", "asked of %(photos)d photos", photos)
        yield asked % {"photos": photos}


def _earlier(standing: Standing) -> Earlier:
    query = standing.query
    return Earlier(query.version, query.text, query.language, " · ".join(_about(standing)))
