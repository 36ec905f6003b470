"""What follows what, and the only module that sends messages.

    claim_start
    claim_correct  ----------------------------------------------------> settle
    photo_submit   --> prepare --> segment (one per photo and question) --> settle
    query_ask      -------------->
    question_ask_again ---------->
    report_request --> report

Each step writes the next job in the transaction that makes it necessary. Messages are tickets that
make workers look. They are sent where jobs are opened, after every ticket that did something, and
by `sweep`, every two seconds and when a worker starts: as long as jobs are due and the broker is
nearly empty.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from celery import Task, current_app, shared_task
from celery.signals import task_success, worker_ready
from django.db import transaction
from kombu import Connection, Producer
from kombu.exceptions import OperationalError
from shapely import MultiPolygon

from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import DamageType, Detail, JobKind, JobStatus
from assessment.models import DamageQuery, Finding, Job, Report
from assessment.reports.content import TEMPLATE_VERSION
from assessment.services import decisions, review
from assessment.services.again import question_again
from assessment.services.budget import money_recover
from assessment.services.docket import docket_refresh
from assessment.services.jobs import job_open, jobs_due_by_kind
from assessment.services.photos import photos_ask, query_add, settle_open
from assessment.services.reports import report_open
from assessment.services.retry import claim_try_again
from assessment.services.review import Change
from assessment.services.scale import scale_set
from assessment.services.work import jobs_recover
from assessment.tasks import TASKS
from claims import services as claim_file
from claims.evidence.upload import UploadRefusedError
from claims.models import Carrier, Claim, Photo, PhotoStatus, User
from claims.services import (
    ClaimDetails,
    ClaimFacts,
    claim_lock_for_change,
    claim_open,
    photo_add,
    refusal_add,
    upload_store,
)

logger = logging.getLogger(__name__)

# The details of a claim that its facts are made of: selectors.claims.claim_facts.
JUDGED = {"peril", "policy_number"}
# Tickets beyond what workers can take up at once only wait; the next sweep sends more. Those who
# ask wait for answers rather than compute, so there are many of them.
MOST_TICKETS: Mapping[JobKind, int] = {
    **dict.fromkeys(JobKind, 8),
    JobKind.SEGMENT: 64,
}
# What was put off is looked for so often.
IDLE_SECONDS = 0.1
TICKETS = {str(task.name) for task in TASKS.values()}


def claim_start(*, carrier: Carrier, facts: ClaimFacts, by: User | None) -> Claim:
    """Open a claim and enter it in the docket. Raises ValidationError as claim_open does."""
    with transaction.atomic():
        claim = claim_open(carrier=carrier, facts=facts, by=by)
        docket_refresh(claim)
    return claim


def claim_correct(*, claim: Claim, details: ClaimDetails, by: User) -> set[str]:
    """Correct details of a claim, as claims.services.claim_correct does and raises.

    A claim with photos is judged anew where the rules look at what was corrected, and is asked
    what the carrier asks of another peril.
    """
    with transaction.atomic():
        corrected = claim_file.claim_correct(claim=claim, details=details, by=by)
        if "peril" in corrected:
            photos_ask(claim)
        if corrected & JUDGED and claim.photos.exists():
            settle_open(claim, "")
        docket_refresh(claim)
        transaction.on_commit(tickets_send)
    return corrected


def photo_submit(
    *, claim: Claim, data: bytes, name: str, by: User | None, holder: str = ""
) -> Photo:
    """Take a photo into a claim.

    Raises UploadRefusedError, with a sentence for the sender, once the refusal stands in the claim,
    and ClaimDecidedError.
    """
    try:
        upload = upload_store(data=data, name=name)
    except UploadRefusedError as refusal:
        with transaction.atomic():
            # Claim, then job, then log: the same order everywhere, so that nobody waits in a ring.
            claim_lock_for_change(claim)
            settle_open(claim, holder)
            refusal_add(claim=claim, data=data, name=name, reason=str(refusal), by=by)
            docket_refresh(claim)
            transaction.on_commit(tickets_send)
        raise
    with transaction.atomic():
        photo = photo_add(claim=claim, upload=upload, by=by)
        docket_refresh(claim)
        if photo.status == PhotoStatus.RECEIVED:
            job_open(
                kind=JobKind.PREPARE,
                subject_id=photo.pk,
                carrier=claim.carrier,
                holder=holder,
            )
        transaction.on_commit(tickets_send)
    return photo


def query_ask(
    *,
    claim: Claim,
    text: str,
    by: User | None,
    photos: Sequence[Photo] = (),
    language: str = "",
    detail: Detail | None = None,
    runs: int | None = None,
    engine: str = "",
    holder: str = "",
) -> DamageQuery:
    """Ask a question of chosen photos, or of all, as services.photos.query_add does and raises."""
    with transaction.atomic():
        query = query_add(
            claim=claim,
            text=text,
            by=by,
            photos=photos,
            language=language,
            detail=detail,
            runs=runs,
            engine=engine,
            holder=holder,
        )
        transaction.on_commit(tickets_send)
    return query


def question_ask_again(
    *,
    claim: Claim,
    query: DamageQuery,
    photos: Sequence[Photo] = (),
    by: User | None,
) -> int:
    """Put a question anew, as services.again.question_again does and raises."""
    with transaction.atomic():
        asked = question_again(claim=claim, query=query, photos=photos, by=by)
        transaction.on_commit(tickets_send)
    return asked


def scale_give(
    *,
    photo: Photo,
    line: ReferenceLine | None,
    by: User | None,
    holder: str = "",
    seen: str = "",
) -> None:
    """Give a photo its scale or take it away, as services.scale.scale_set does and raises."""
    with transaction.atomic():
        scale_set(photo=photo, line=line, by=by, holder=holder, seen=seen)
        transaction.on_commit(tickets_send)


def finding_draw(
    *, photo: Photo, outline: MultiPolygon, damage_type: DamageType, by: User, op: UUID | None
) -> Finding:
    """Add a finding that a person drew, as services.review.finding_draw does and raises."""
    with transaction.atomic():
        finding = review.finding_draw(
            photo=photo, outline=outline, damage_type=damage_type, by=by, op=op
        )
        transaction.on_commit(tickets_send)
    return finding


def finding_change(
    *, finding: Finding, change: Change, seen: int, by: User, op: UUID | None
) -> Finding:
    """Change a finding, as services.review.finding_change does and raises."""
    with transaction.atomic():
        changed = review.finding_change(finding=finding, change=change, seen=seen, by=by, op=op)
        transaction.on_commit(tickets_send)
    return changed


def claim_reopen(*, claim: Claim, reason: str, by: User) -> None:
    """Open a decided claim again, as services.decisions.claim_reopen does and raises."""
    with transaction.atomic():
        decisions.claim_reopen(claim=claim, reason=reason, by=by)
        transaction.on_commit(tickets_send)


def claim_retry(*, claim: Claim, by: User | None) -> int:
    """Try again whatever failed in a claim; returns how many things that is.

    Raises ClaimDecidedError.
    """
    with transaction.atomic():
        opened = claim_try_again(claim=claim, by=by)
        transaction.on_commit(tickets_send)
    return opened


def report_request(*, claim: Claim, by: User | None, holder: str = "") -> Report:
    """Ask for a report on the claim as it stands now."""
    with transaction.atomic():
        report = report_open(claim=claim, by=by, template_version=TEMPLATE_VERSION, holder=holder)
        transaction.on_commit(tickets_send)
    return report


@shared_task(name="assessment.sweep")
def sweep() -> None:
    """Take back what dead workers held and set aside, and send tickets for what is due."""
    jobs_recover()
    money_recover()
    tickets_send()


@worker_ready.connect
def sweep_at_start(**_: Any) -> None:
    """A worker that starts doesn't wait for the next beat."""
    sweep.delay()


@task_success.connect
def tickets_follow(sender: Task[..., Any], result: Any, **_: Any) -> None:
    """What a ticket did may have made others necessary, and its time may have been over before
    everything was done."""
    if sender.name in TICKETS and result:
        tickets_send()


def tickets_send() -> None:
    """A few tickets for each kind of due job, unless the broker holds enough already.

    A broker that is away costs nothing but time: the jobs are in the database, and the next sweep
    sends again.
    """
    if not (due := jobs_due_by_kind()):
        return
    try:
        # One producer for all: who waits for a second connection of the pool while everybody holds
        # a first one waits for ever.
        with current_app.producer_or_acquire() as producer:
            # In any order: kinds that share a queue share its room, and none may always come first.
            for kind in random.sample(list(due), k=len(due)):
                room = MOST_TICKETS[kind] - _waiting(str(TASKS[kind].name), producer)
                for _ in range(min(due[kind], room)):
                    TASKS[kind].apply_async(producer=producer, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("No ticket sent, the broker can't be reached: %s", error)


def _waiting(task: str, producer: Producer) -> int:
    """How many messages wait in the queue of a task."""
    queue = current_app.amqp.router.route({}, task)["queue"]
    # One that was acquired has a connection.
    connection = cast("Connection", producer.connection)

    def declared() -> Any:
        return queue.bind(connection.default_channel).queue_declare()

    # A connection of the pool may have died since it was used last.
    ensured = connection.ensure(producer, declared, max_retries=1, interval_start=0)
    return int(ensured().message_count)


def work_off(holder: str, *, on_step: Callable[[], None] = lambda: None) -> None:
    """Do all jobs reserved for this process, here and now, until none is left open.

    `on_step` is called after each kind of which something was done.
    """
    open_jobs = Job.objects.filter(holder=holder, status__in=[JobStatus.QUEUED, JobStatus.RUNNING])
    while open_jobs.exists():
        idle = True
        for kind in JobKind:
            if TASKS[kind](holder, seconds=0.0):
                idle = False
                on_step()
        if idle:
            time.sleep(IDLE_SECONDS)
