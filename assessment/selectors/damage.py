"""What was found on a claim, type by type: how many of each, and how much they cover."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assessment.core.vocabulary import DamageType, ReviewStatus
from assessment.models import Finding
from assessment.selectors.claims import Total, total_of
from assessment.selectors.measuring import Cover, cover_of, flight_scale
from claims.models import Photo

Covering = Callable[[tuple[Finding, ...]], Cover]
"""What findings on one photo cover together."""


@dataclass(frozen=True, slots=True)
class Damage:
    """The findings of one type, or of all types together where `damage_type` is None.

    `counting` are those that nobody rejected, `approximate` those among them whose outline is a
    guess. The areas are unions within each photo, summed over the photos that have a scale and
    whose part is sure enough to print. By the numbers of the photos with findings that count:
    `lined` have a reference line, `flown` the scale of a drone's photo, and `unscaled` none.
    """

    damage_type: DamageType | None
    accepted: int
    proposed: int
    rejected: int
    approximate: int
    area_accepted: Total
    area_counting: Total
    lined: tuple[int, ...]
    flown: tuple[int, ...]
    unscaled: tuple[int, ...]


def damage_of(findings: Sequence[Finding]) -> tuple[Damage, ...]:
    """The damage of each type that was found, and the sum last where there are several.

    Findings come photo by photo, as `findings_of` gives them. What is no damage is left out.
    """
    damage = [each for each in findings if each.damage_type != DamageType.NO_DAMAGE]
    found = {kind: [each for each in damage if each.damage_type == kind] for kind in DamageType}
    # To join and measure outlines takes time, and many a photo shows damage of one type only.
    cover = cache(_cover)
    rows = tuple(_damage(kind, group, cover) for kind, group in found.items() if group)
    return (*rows, _damage(None, damage, cover)) if len(rows) > 1 else rows


def _cover(findings: tuple[Finding, ...]) -> Cover:
    return cover_of(findings, findings[0].photo)


def _damage(kind: DamageType | None, findings: Sequence[Finding], cover: Covering) -> Damage:
    counting = [each for each in findings if each.review != ReviewStatus.REJECTED]
    accepted = [each for each in counting if each.review == ReviewStatus.ACCEPTED]
    on_photos = _by_photo(counting)
    unlined = [photo for photo in on_photos if not photo.reference_line]
    return Damage(
        damage_type=kind,
        accepted=len(accepted),
        proposed=len(counting) - len(accepted),
        rejected=len(findings) - len(counting),
        approximate=sum(each.approximate for each in counting),
        area_accepted=_area(_by_photo(accepted), cover),
        area_counting=_area(on_photos, cover),
        lined=_numbers(photo for photo in on_photos if photo.reference_line),
        flown=_numbers(photo for photo in unlined if flight_scale(photo).plane),
        unscaled=_numbers(photo for photo in unlined if not flight_scale(photo).plane),
    )


def _by_photo(findings: Iterable[Finding]) -> Mapping[Photo, list[Finding]]:
    groups: dict[Photo, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.photo, []).append(finding)
    return groups


def _area(on_photos: Mapping[Photo, Sequence[Finding]], cover: Covering) -> Total:
    # Without a scale nothing comes of it.
    return total_of(
        (photo, cover(tuple(findings)))
        for photo, findings in on_photos.items()
        if photo.reference_line or photo.flight
    )


def _numbers(photos: Iterable[Photo]) -> tuple[int, ...]:
    return tuple(sorted(photo.number for photo in photos))
