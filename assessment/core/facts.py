"""What a claim is judged by, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.core.measure import Measured
from assessment.core.vocabulary import DamageType


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a claim when its photos are settled.

    Counts: `refused_photos` could not be used, and to `unasked_photos`, usable ones, no question
    was put; of the `questions` put to photos, `unanswered` were declined, `failed` broke off, and
    from the answers to `incomplete` something was lost. `findings` are those of damage that no
    person rejected; among them `approximate` have an outline that is a guess and that nobody
    accepted, `unreviewed` no person has seen, on `disputed` of these the runs of one question
    disagree, and `unscaled` lie on photos without a scale.

    Firm findings are those that aren't approximate; only they are measured: `area_m2` in square
    metres or None, `largest_share` of any photo that they cover (0 to 1) or None, and
    `damage_types`. `peril` is the cause of loss as reported; `policy_known` says whether the file
    names a policy.
    """

    photos: int
    refused_photos: int
    questions: int
    unasked_photos: int
    unanswered: int
    failed: int
    incomplete: int
    findings: int
    approximate: int
    unreviewed: int
    disputed: int
    unscaled: int
    area_m2: Measured | None
    largest_share: float | None
    damage_types: frozenset[DamageType]
    peril: str
    policy_known: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that spoke: its id and its sentence."""

    rule: str
    sentence: str
