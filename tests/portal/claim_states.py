"""Claims in each state that their page knows, made as the product makes it; and reading it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from assessment import pipeline
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import DecisionKind, JobKind, ReviewStatus
from assessment.engines.base import EngineRefusedError, EngineUnavailableError, GarbledAnswerError
from assessment.models import Finding
from assessment.selectors.decisions import undone_in
from assessment.services.decisions import claim_decide
from assessment.services.review import Change
from assessment.tasks import TASKS
from claims.evidence.upload import UploadRefusedError
from claims.models import Carrier, Claim, Peril, User
from tests.factories import jpeg, make_claim
from tests.fakes import FakeEngine, hairline, square

FACTS = {
    "insured": "M. Alvarez",
    "address": "118 Cedar Ln, Plano TX 75074",
    "loss_date": date(2026, 5, 14),
    "peril": Peril.HAIL,
    "policy_number": "HO-3 88-204417",
}
LINE = ReferenceLine((10, 10), (210, 10), 2.0)

Maker = Callable[[Carrier, User, FakeEngine], Claim]


def with_photos(carrier: Carrier, by: User, count: int = 4) -> Claim:
    """A claim with photos that nobody has looked at yet, and one question."""
    claim = make_claim(carrier, **FACTS)
    for number in range(1, count + 1):
        name = f"slope {number}.jpg"
        pipeline.photo_submit(claim=claim, data=jpeg(seed=number), name=name, by=by)
    pipeline.query_ask(claim=claim, text="missing shingles", by=by)
    return claim


def work(kind: JobKind, times: int = 1) -> None:
    """Do so many jobs of a kind."""
    for _ in range(times):
        TASKS[kind]("", seconds=0.0)


def change(finding: Finding, by: User, **what: Any) -> Finding:
    return pipeline.finding_change(
        finding=finding, change=Change(**what), seen=finding.revision, by=by, op=None
    )


def empty(carrier: Carrier, by: User, engine: FakeEngine) -> Claim:
    return make_claim(carrier, **FACTS)


def analysing(carrier: Carrier, by: User, engine: FakeEngine) -> Claim:
    """Two of four photos are through, one is being prepared."""
    claim = with_photos(carrier, by)
    work(JobKind.PREPARE, 3)
    work(JobKind.SEGMENT, 2)
    return claim


def unscaled(carrier: Carrier, by: User, engine: FakeEngine) -> Claim:
    """All is answered; there is something to review, and no photo has a scale."""
    engine.detections = (square(), square(left=80, top=80), square(left=200, label="a stain"))
    claim = with_photos(carrier, by)
    pipeline.work_off("")
    return claim


def reviewed(carrier: Carrier, by: User, engine: FakeEngine) -> Claim:
    """Every finding is accepted or rejected; the first two photos have a scale."""
    claim = unscaled(carrier, by, engine)
    for photo in claim.photos.filter(number__lte=2):
        pipeline.scale_give(photo=photo, line=LINE, by=by)
    for finding in Finding.objects.filter(photo__claim=claim).order_by("pk"):
        rejected = finding.photo.number > 2
        change(finding, by, review=ReviewStatus.REJECTED if rejected else ReviewStatus.ACCEPTED)
    pipeline.work_off("")
    return claim


def uncertain(carrier: Carrier, by: User, engine: FakeEngine) -> Claim:
    """A photo has a scale, and what was found on it is too thin for an area."""
    engine.detections = (hairline(), square(left=80, top=80, label="a stain"))
    claim = with_photos(carrier, by)
    pipeline.work_off("")
    pipeline.scale_give(photo=claim.photos.get(number=1), line=LINE, by=by)
    pipeline.work_off("")
    return claim


def partly_failed(carrier: Carrier, by: User, engine: FakeEngine) -> Claim:
    """A file was refused, one question declined, one answered by nobody."""
    engine.errors = [
        GarbledAnswerError("The answer broke off in the middle."),
        EngineRefusedError("The engine declined to look at this photo."),
    ]
    claim = with_photos(carrier, by)
    with suppress(UploadRefusedError):
        pipeline.photo_submit(claim=claim, data=b"%PDF-1.7", name="estimate.pdf", by=by)
    pipeline.work_off("")
    return claim


def engine_away(carrier: Carrier, by: User, engine: FakeEngine) -> Claim:
    """The photos are ready, and the engine can't be reached."""
    engine.errors = [EngineUnavailableError("The engine did not answer within 120 seconds.")] * 4
    claim = with_photos(carrier, by)
    work(JobKind.PREPARE, 4)
    work(JobKind.SEGMENT, 4)
    return claim


def decided(carrier: Carrier, by: User, engine: FakeEngine) -> Claim:
    claim = reviewed(carrier, by, engine)
    kind, despite = DecisionKind.APPROVE, undone_in(claim)
    claim_decide(claim=claim, kind=kind, note="As seen.", by=by, despite=despite)
    return claim


STATES: Mapping[str, Maker] = {
    made.__name__: made
    for made in (
        empty,
        analysing,
        unscaled,
        reviewed,
        uncertain,
        partly_failed,
        engine_away,
        decided,
    )
}


def text_of(response) -> str:
    """What a page says, without its tags."""
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def post(client, claim: Claim, part: str, **data: object):
    return client.post(f"/claims/{claim.number}/{part}/", data, follow=True)
