"""Judging a claim: once nothing is open any more, facts become a lane with its reasons."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from assessment.core.triage import Decision, Facts, Reason, decide
from assessment.core.units import AREA_UNITS
from assessment.core.vocabulary import Lane
from assessment.models import Job, Triage
from assessment.selectors.claims import claim_facts, claim_is_open
from assessment.selectors.routing import FACTS
from assessment.services.docket import docket_refresh
from assessment.services.jobs import claim_finishing, job_finishing
from claims.models import Claim, ClaimStatus
from claims.models.numbering import next_number
from claims.services import claim_log

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
    decision = decide(facts, AREA_UNITS[claim.carrier.units])
    # Facts gathered before the lock may be overtaken by a change, which then has asked for the
    # claim to be settled again, or leaves that to whoever closes what it opened.
    with claim_finishing(claim, job):
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
    """Keep where a claim is to go; within a transaction that has locked the claim.

    The same again for the same reasons is what is there. What a person has decided is not routed
    any more: the claim is judged anew when it is opened again.
    """
    triages = Triage.objects.filter(claim=claim)
    last = triages.order_by("-number").first()
    triage = Triage(
        claim=claim,
        number=next_number(triages),
        lane=decision.lane,
        reasons=REASONS.dump_python(decision.reasons, mode="json"),
        near_misses=REASONS.dump_python(decision.near_misses, mode="json"),
        facts=_stored(facts) if facts else None,
        rules_version=decision.rules_version,
    )
    kept = claim.status != ClaimStatus.DECIDED and (last is None or _said(last) != _said(triage))
    if kept:
        triage.save()
    docket_refresh(claim)
    # Every finding that is reviewed changes a fact; only another outcome is worth an entry.
    if kept and (last is None or outcome_of(last) != outcome_of(triage)):
        lane, rules = outcome_of(triage)
        claim_log(claim, None, "claim.triaged", {"lane": lane, "rules": rules})


def _said(triage: Triage) -> tuple[str, Any, Any, str]:
    return triage.lane, triage.reasons, triage.facts, triage.rules_version


def outcome_of(triage: Triage) -> tuple[str, list[str]]:
    """The lane and the rules that spoke."""
    return triage.lane, [reason["rule"] for reason in triage.reasons]
