"""Where a claim was routed last, and whether that still says something of it."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from assessment.core.facts import Facts
from assessment.core.rules import RULES_VERSION
from assessment.core.triage_passed import passed
from assessment.core.units import AREA_UNITS, AreaUnit
from assessment.models import Triage
from claims.models import Claim

FACTS = TypeAdapter(Facts)


@dataclass(frozen=True, slots=True)
class Routing:
    """A triage as people read it. `reasons` and `near_misses` are sentences, in English.

    `passed` is None where it can't be told: the rules could not be applied, or others hold now.
    """

    reasons: tuple[str, ...]
    near_misses: tuple[str, ...]
    passed: tuple[str, ...] | None
    rules_version: str


def routing_of(claim: Claim) -> Routing | None:
    """How the claim was routed last; None before it was."""
    triage = Triage.objects.filter(claim=claim).order_by("-number").first()
    if triage is None:
        return None
    return Routing(
        reasons=tuple(reason["sentence"] for reason in triage.reasons),
        near_misses=tuple(miss["sentence"] for miss in triage.near_misses),
        passed=_passed(triage, AREA_UNITS[claim.carrier.units]),
        rules_version=triage.rules_version,
    )


def _passed(triage: Triage, unit: AreaUnit) -> tuple[str, ...] | None:
    # Limits are those of today's rules: they say nothing of a claim that others judged.
    if triage.facts is None or triage.rules_version != RULES_VERSION:
        return None
    return passed(FACTS.validate_python(triage.facts), unit)
