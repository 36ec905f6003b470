"""What was found on a claim, type by type: how many of each, and how much they cover."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessment.core.measure import Measured
from assessment.core.vocabulary import DamageType, ReviewStatus
from assessment.models import Finding
from assessment.selectors.claims import total_of
from assessment.selectors.measuring import Cover, cover_of
from claims.models import Photo


@dataclass(frozen=True, slots=True)
class Damage:
    """The findings of one type, or of all types together where `damage_type` is None.

    `counting` are those that nobody rejected, `approximate` those among them whose outline is a
    guess. The areas are unions within each photo, summed over the photos that have a scale, and
    None where none has. `scaled` and `unscaled` are the numbers of the photos with findings that
    count, with a scale and without.
    """

    damage_type: DamageType | None
    accepted: int
    proposed: int
    rejected: int
    approximate: int
    area_accepted: Measured | None
    area_counting: Measured | None
    scaled: tuple[int, ...]
    unscaled: tuple[int, ...]


def damage_of(findings: Sequence[Finding]) -> tuple[Damage, ...]:
    """The damage of each type that was found, and the sum last where there are several.

    Findings come photo by photo, as `findings_of` gives them.
    """
    found = {kind: [each for each in findings if each.damage_type == kind] for kind in DamageType}
    rows = tuple(_damage(kind, group) for kind, group in found.items() if group)
    return (*rows, _damage(None, findings)) if len(rows) > 1 else rows


def _damage(kind: DamageType | None, findings: Sequence[Finding]) -> Damage:
    counting = [each for each in findings if each.review != ReviewStatus.REJECTED]
    accepted = [each for each in counting if each.review == ReviewStatus.ACCEPTED]
    on_photos = _by_photo(counting)
    area_counting = _area(on_photos)
    return Damage(
        damage_type=kind,
        accepted=len(accepted),
        proposed=len(counting) - len(accepted),
        rejected=len(findings) - len(counting),
        approximate=sum(each.approximate for each in counting),
        area_accepted=area_counting if accepted == counting else _area(_by_photo(accepted)),
        area_counting=area_counting,
        scaled=_numbers(on_photos, lambda photo: photo.reference_line is not None),
        unscaled=_numbers(on_photos, lambda photo: photo.reference_line is None),
    )


def _by_photo(findings: Iterable[Finding]) -> Mapping[Photo, list[Finding]]:
    groups: dict[Photo, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.photo, []).append(finding)
    return groups


def _area(on_photos: Mapping[Photo, Sequence[Finding]]) -> Measured | None:
    return total_of(_covers(on_photos))


def _covers(on_photos: Mapping[Photo, Sequence[Finding]]) -> Iterable[Cover]:
    # To join outlines takes time, and without a scale nothing comes of it.
    for photo, findings in on_photos.items():
        if photo.reference_line is not None:
            yield cover_of(findings, photo)


def _numbers(photos: Iterable[Photo], wanted: Callable[[Photo], bool]) -> tuple[int, ...]:
    return tuple(sorted(photo.number for photo in photos if wanted(photo)))
