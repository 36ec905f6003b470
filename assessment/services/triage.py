"""Judging a claim: once nothing is open any more, facts become a lane with its reasons."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from assessment.core.triage import Decision, Facts, Reason, decide
from assessment.core.vocabulary import Lane
from assessment.models import Job, Triage
from assessment.selectors.claims import claim_facts, claim_is_open
from assessment.services.jobs import job_finishing
from claims.models import Claim
from claims.services import audit_append

FACTS = TypeAdapter(Facts)
REASONS = TypeAdapter(tuple[Reason, ...])


def claim_settle(job: Job) -> None:
    """Decide the lane, or do nothing while a photo or a question is still open.

    Whatever closes later asks for the claim to be settled again.
    """
    claim = _claim(job)
    if claim_is_open(claim):
        with job_finishing(job):
            return
    facts = claim_facts(claim)
    decision = decide(facts)
    with job_finishing(job):
        triage_store(claim, facts, decision)


def settle_give_up(job: Job, reason: str) -> None:
    """The claim can't be judged by rule: a person must."""
    claim = _claim(job)
    sentence = f"The rules could not be applied: {reason}"
    decision = Decision(Lane.DESK, (Reason("rules_failed", sentence),), (), "none")
    triage_store(claim, None, decision)


def _claim(job: Job) -> Claim:
    return Claim.objects.select_related("carrier").get(pk=job.subject_id)


def _stored(facts: Facts) -> dict[str, Any]:
    stored: dict[str, Any] = FACTS.dump_python(facts, mode="json")
    # A set has no order: the same facts must be the same list every time.
    stored["damage_types"].sort()
    return stored


def triage_store(claim: Claim, facts: Facts | None, decision: Decision) -> None:
    """Keep a decision; the same one again on the same facts is the one that is there."""
    stored_facts = _stored(facts) if facts else None
    last = Triage.objects.filter(claim=claim).order_by("-number").first()
    same = (decision.lane, stored_facts, decision.rules_version)
    if last and (last.lane, last.facts, last.rules_version) == same:
        return
    Triage.objects.create(
        claim=claim,
        number=last.number + 1 if last else 1,
        lane=decision.lane,
        reasons=REASONS.dump_python(decision.reasons, mode="json"),
        near_misses=REASONS.dump_python(decision.near_misses, mode="json"),
        facts=stored_facts,
        rules_version=decision.rules_version,
    )
    audit_append(
        carrier=claim.carrier,
        actor=None,
        action="claim.triaged",
        subject=f"claim {claim.number}",
        data={"lane": decision.lane, "rules": [reason.rule for reason in decision.reasons]},
    )
