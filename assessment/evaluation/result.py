"""What a run of an evaluation found, as one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import numpy as np

from assessment.evaluation.answers import Kept, Outcome
from assessment.evaluation.case import Fault
from assessment.evaluation.score import estimates
from assessment.evaluation.trial import Trial

Json = dict[str, Any]

HOW_COUNTED = (
    "Measures are of answered cases. Refused, garbled, unavailable and rejected ones are counted "
    'apart; only "gIoU, unanswered as 0" takes them for an answer that finds nothing right.'
)


Price = Callable[[Kept], Decimal | None]
"""What a call cost in US dollars, None where nobody knows."""


def result_of(trials: Sequence[Trial], faults: Sequence[Fault], price: Price | None = None) -> Json:
    """Outcomes, measures over all cases, by kind and by language, calls, seconds, tokens, cost,
    faults, and every case. Without a price every cost is unknown."""
    calls = [call for trial in trials for call in trial.calls]
    return {
        "cases": len(trials),
        "outcomes": _outcomes(trials),
        "how_counted": HOW_COUNTED,
        "whole_only": sum(trial.looks_closer for trial in trials),
        "measures": _measures(trials),
        "by_kind": _grouped(trials, lambda trial: trial.case.kind),
        "by_language": _grouped(trials, lambda trial: trial.case.language),
        "calls": _calls(trials),
        "seconds": _seconds(trials),
        "tokens": _tokens(calls),
        "cost": _cost(calls, price),
        "faults": [asdict(fault) for fault in faults],
        "each": [_told(trial) for trial in trials],
    }


def _grouped(trials: Sequence[Trial], name: Callable[[Trial], str]) -> Json:
    """Measures by what the dataset tells of its questions; without those of which it tells none."""
    names = sorted({name(trial) for trial in trials} - {""})
    return {each: _group([trial for trial in trials if name(trial) == each]) for each in names}


def _group(trials: Sequence[Trial]) -> Json:
    return {"cases": len(trials), "outcomes": _outcomes(trials), "measures": _measures(trials)}


def _outcomes(trials: Sequence[Trial]) -> dict[str, int]:
    counts = Counter(trial.outcome for trial in trials)
    return {outcome.value: counts[outcome] for outcome in Outcome}


def _measures(trials: Sequence[Trial]) -> Json:
    found = estimates([trial.score for trial in trials])
    return {name: each and asdict(each) for name, each in found.items()}


def _calls(trials: Sequence[Trial]) -> Json:
    """How many calls it took; how many brought nothing, and how many asked for a cut one's rest."""
    calls = [call for trial in trials for call in trial.calls]
    return {
        "made": len(calls),
        "refused": sum(call.outcome is Outcome.REFUSED for call in calls),
        "garbled": sum(trial.garbled_calls for trial in trials),
        "for_the_rest": sum(call.rest for call in calls),
    }


def _seconds(trials: Sequence[Trial]) -> Json:
    """How long cases took to be answered, all calls together, now or in an earlier run."""
    times = [
        sum(call.seconds for call in trial.calls)
        for trial in trials
        if any(call.text for call in trial.calls)
    ]
    if not times:
        return {"median": None, "p95": None}
    return {"median": float(np.median(times)), "p95": float(np.percentile(times, 95))}


def _tokens(kept: Sequence[Kept]) -> Json:
    """Tokens in all, and how many calls don't tell theirs; None where none tells."""
    told = [each for each in kept if None not in (each.input_tokens, each.output_tokens)]
    return {
        "input": sum(each.input_tokens or 0 for each in told) if told else None,
        "output": sum(each.output_tokens or 0 for each in told) if told else None,
        "unknown_for": len(kept) - len(told),
    }


def _cost(calls: Sequence[Kept], price: Price | None) -> Json:
    """US dollars in all of the calls whose price is known, and of how many it isn't."""
    told = [usd for usd in map(price, calls) if usd is not None] if price else []
    return {"usd": float(sum(told)) if told else None, "unknown_for": len(calls) - len(told)}


def _told(trial: Trial) -> Json:
    answered = trial.outcome is Outcome.ANSWERED
    return {
        "name": trial.case.name,
        "question": trial.case.question,
        "kind": trial.case.kind,
        "language": trial.case.language,
        "outcome": trial.outcome.value,
        "reason": trial.reason,
        "iou": trial.score.iou if answered else None,
        "lost": list(trial.lost),
        "whole_only": trial.looks_closer,
        "calls": len(trial.calls),
    }
