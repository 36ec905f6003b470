"""What a run of an evaluation found, as one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from assessment.evaluation.answers import Kept, Outcome
from assessment.evaluation.case import Fault
from assessment.evaluation.score import estimates
from assessment.evaluation.trial import Trial

Json = dict[str, Any]

HOW_COUNTED = (
    "Measures are of answered cases. Refused, garbled and unavailable ones are counted apart; only "
    '"gIoU, unanswered as 0" takes them for an answer that finds nothing right.'
)


def result_of(trials: Sequence[Trial], faults: Sequence[Fault]) -> Json:
    """Outcomes, measures over all cases and by kind, seconds, tokens, faults, and every case."""
    kinds = sorted({trial.case.kind for trial in trials})
    return {
        "cases": len(trials),
        "outcomes": _outcomes(trials),
        "how_counted": HOW_COUNTED,
        "measures": _measures(trials),
        "by_kind": {
            kind: _group([each for each in trials if each.case.kind == kind]) for kind in kinds
        },
        "seconds": _seconds(trials),
        "tokens": _tokens([each.kept for each in trials if each.kept]),
        "faults": [asdict(fault) for fault in faults],
        "each": [_told(trial) for trial in trials],
    }


def _group(trials: Sequence[Trial]) -> Json:
    return {"cases": len(trials), "outcomes": _outcomes(trials), "measures": _measures(trials)}


def _outcomes(trials: Sequence[Trial]) -> dict[str, int]:
    counts = Counter(trial.outcome for trial in trials)
    return {outcome.value: counts[outcome] for outcome in Outcome}


def _measures(trials: Sequence[Trial]) -> Json:
    found = estimates([trial.score for trial in trials])
    return {name: each and asdict(each) for name, each in found.items()}


def _seconds(trials: Sequence[Trial]) -> Json:
    """How long answers took when they were asked for, now or in an earlier run."""
    times = [each.kept.seconds for each in trials if each.kept and each.kept.text]
    if not times:
        return {"median": None, "p95": None}
    return {"median": float(np.median(times)), "p95": float(np.percentile(times, 95))}


def _tokens(kept: Sequence[Kept]) -> Json:
    """Tokens in all, and how many answers don't tell theirs; None where none tells."""
    told = [each for each in kept if None not in (each.input_tokens, each.output_tokens)]
    return {
        "input": sum(each.input_tokens or 0 for each in told) if told else None,
        "output": sum(each.output_tokens or 0 for each in told) if told else None,
        "unknown_for": len(kept) - len(told),
    }


def _told(trial: Trial) -> Json:
    answered = trial.outcome is Outcome.ANSWERED
    return {
        "name": trial.case.name,
        "question": trial.case.question,
        "kind": trial.case.kind,
        "outcome": trial.outcome.value,
        "reason": trial.reason,
        "iou": trial.score.iou if answered else None,
        "lost": list(trial.lost),
    }
