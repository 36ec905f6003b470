from __future__ import annotations

from assessment import pipeline
from claims.models import Claim
from tests.factories import make_claim


def assessed_claim(carrier, *photos: bytes, question: str = "cracks") -> Claim:
    """A claim that went the whole way: photos, one question, triage and report."""
    claim = make_claim(carrier)
    pipeline.query_ask(claim=claim, text=question, by=None)
    for number, data in enumerate(photos):
        pipeline.photo_submit(claim=claim, data=data, name=f"{number}.jpg", by=None)
    pipeline.work_off("")
    pipeline.report_request(claim=claim, by=None)
    pipeline.work_off("")
    return claim
