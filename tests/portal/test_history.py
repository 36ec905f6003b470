"""What was done to a claim, in sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from assessment import pipeline
from assessment.core.drawn import drawn
from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import DamageType, DecisionKind, RejectReason, ReviewStatus
from assessment.selectors.claim_history import claim_history
from assessment.selectors.claims import findings_of
from assessment.services.decisions import claim_decide
from assessment.services.docket import claim_assign
from assessment.services.review import Change
from claims.evidence.upload import UploadRefusedError
from claims.models import Claim, User
from claims.models.photo import UNUSABLE
from claims.services import claim_log
from portal.history import PLAIN, TOLD, line_of
from tests.factories import jpeg, make_claim, make_user
from tests.pipeline.steps import assessed_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]

SOURCE = Path(__file__).resolve().parents[2]
WRITERS = {"claim_log", "audit_append", "photo_log"}
ACTION = re.compile(r"[a-z]+\.[a-z_]+")
BEGUN = re.compile(r"[a-z]+\.")
# Standing questions belong to a carrier and stand in no claim's history.
OF_A_CARRIER = re.compile(r"question\.")
# The actions that are put together when they are logged.
BUILT = {
    "finding.": [f"finding.{review}" for review in ReviewStatus],
    "photo.": [f"photo.{status}" for status in UNUSABLE],
}


def sentences(claim: Claim) -> list[str]:
    return [line_of(act).sentence for act in claim_history(claim).acts]


def logging_sources() -> Iterator[ast.Module]:
    """Every source that writes the log."""
    for app in ("assessment", "claims"):
        for path in (SOURCE / app).rglob("*.py"):
            text = path.read_text()
            if "migrations" not in path.parts and any(writer in text for writer in WRITERS):
                yield ast.parse(text)


def logged_actions() -> set[str]:
    """Every action that the sources log of a claim: "subject.act", spelled out or put together."""
    found: set[str] = set()
    for node in (node for source in logging_sources() for node in ast.walk(source)):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            begun = str(node.values[0].value)
            if BEGUN.fullmatch(begun):
                found |= set(BUILT.get(begun, [begun]))
        elif isinstance(node, ast.Constant) and ACTION.fullmatch(str(node.value)):
            found.add(str(node.value))
    return {action for action in found if not OF_A_CARRIER.match(action)}


def test_every_action_that_is_logged_has_its_sentence():
    actions = logged_actions()

    assert {"claim.decided", "finding.accepted", "photo.failed", "photo.received"} <= actions
    # A carrier's standing questions are logged with the carrier; no claim's history tells of them.
    of_claims = {action for action in actions if not action.startswith("question.")}
    assert of_claims - set(PLAIN) - set(TOLD) == set()


def test_no_sentence_is_left_over_from_an_action_that_is_gone():
    assert set(PLAIN) | set(TOLD) <= logged_actions()


def test_an_action_without_a_sentence_is_told_by_its_name(claim, user):
    claim_log(claim, user, "claim.moved", {})

    assert sentences(claim)[0] == "Ana Ruiz: claim.moved"


def test_the_way_of_a_claim_is_told_newest_first(carrier, user, fake_engine):
    claim = assessed_claim(carrier, jpeg())

    assert sentences(claim) == [
        "Report 1 was made.",
        "The analysis service routed the claim: Needs review.",
        "The analysis service added photo 1 (0.jpg).",
        "The analysis service had all photos looked through for “cracks”.",
        "The analysis service opened the claim.",
    ]


def change(claim: Claim, by: User, wanted: Change) -> None:
    finding = findings_of(claim).get()
    pipeline.finding_change(finding=finding, change=wanted, seen=finding.revision, by=by, op=None)


SQUARE = {"type": "Polygon", "coordinates": [[[10, 10], [60, 10], [60, 60], [10, 60], [10, 10]]]}


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"review": ReviewStatus.ACCEPTED}, "accepted finding 1 on photo 1."),
        ({"review": ReviewStatus.REJECTED}, "rejected finding 1 on photo 1."),
        (
            {"review": ReviewStatus.REJECTED, "reason": RejectReason.OLD_DAMAGE},
            "rejected finding 1 on photo 1: Old damage.",
        ),
        ({"review": ReviewStatus.PROPOSED}, "put finding 1 on photo 1 back to be reviewed."),
        ({"damage_type": DamageType.STAIN}, "called finding 1 on photo 1: Stain."),
        (
            {"outline": drawn(SQUARE, 320, 240)},
            "corrected the outline of finding 1 on photo 1.",
        ),
        ({"original": True}, "brought back the first outline of finding 1 on photo 1."),
    ],
)
def test_a_change_of_a_finding_is_told(carrier, user, fake_engine, wanted, sentence):
    claim = assessed_claim(carrier, jpeg())

    change(claim, user, Change(**wanted))

    assert sentences(claim)[0] == f"Ana Ruiz {sentence}"


def test_what_a_person_draws_and_takes_back_is_told(carrier, user):
    claim = make_claim(carrier)
    photo = pipeline.photo_submit(claim=claim, data=jpeg(), name="rear.jpg", by=user)
    pipeline.work_off("")
    photo.refresh_from_db()
    pipeline.finding_draw(
        photo=photo,
        outline=drawn(SQUARE, 320, 240),
        damage_type=DamageType.DENT,
        by=user,
        op=None,
    )
    line = ReferenceLine((10.0, 10.0), (200.0, 10.0), 1.0)
    pipeline.scale_give(photo=photo, line=line, by=user)
    pipeline.scale_give(photo=photo, line=None, by=user)
    finding = findings_of(claim).get()
    for removed in (True, False):
        finding = pipeline.finding_change(
            finding=finding,
            change=Change(removed=removed),
            seen=finding.revision,
            by=user,
            op=None,
        )

    told = sentences(claim)
    assert told[:5] == [
        "Ana Ruiz brought back finding 1, drawn on photo 1.",
        "Ana Ruiz took back finding 1, drawn on photo 1.",
        "Ana Ruiz took the reference line off photo 1.",
        "Ana Ruiz drew the reference line on photo 1.",
        "Ana Ruiz drew finding 1 on photo 1: Dent.",
    ]
    assert "Ana Ruiz added photo 1 (rear.jpg)." in told


def test_a_refused_photo_is_told_with_its_reason(claim, user):
    with pytest.raises(UploadRefusedError) as refusal:
        pipeline.photo_submit(claim=claim, data=b"no photo", name="roof.jpg", by=user)

    (act, _) = claim_history(claim).acts
    line = line_of(act)
    assert line.sentence == "Ana Ruiz sent photo 1 (roof.jpg); it was refused."
    assert line.words == str(refusal.value)


def test_a_file_that_could_not_even_be_read_is_told_by_its_name(claim):
    claim_log(claim, None, "photo.refused", {"name": "gone.jpg", "reason": "It can't be read."})

    assert sentences(claim)[0] == "The analysis service refused the file gone.jpg."


def test_deciding_and_opening_again_are_told_in_the_persons_words(claim, user):
    claim_decide(claim=claim, kind=DecisionKind.APPROVE, note="Clear.", by=user)
    pipeline.claim_reopen(claim=claim, reason="A photo came late.", by=user)

    reopened, decided, _ = (line_of(act) for act in claim_history(claim).acts)
    assert (reopened.sentence, reopened.words) == (
        "Ana Ruiz opened the claim again.",
        "A photo came late.",
    )
    assert (decided.sentence, decided.words) == (
        "Ana Ruiz decided: Approve the assessment.",
        "Clear.",
    )


def test_a_decision_says_what_it_left_undone(claim, user):
    said = {"kind": "approve", "note": "", "unreviewed": 9}
    claim_log(claim, user, "claim.decided", said)

    assert sentences(claim)[0].endswith("9 findings were not reviewed.")


def test_giving_a_claim_to_somebody_names_both(carrier, claim, user):
    other = make_user(carrier)
    User.objects.filter(pk=other.pk).update(name="Dana Fox")
    other.refresh_from_db()
    for seen, to in pairwise((None, user, other, None)):
        claim_assign(claim=claim, to=to, by=user, seen=seen)

    assert sentences(claim)[:3] == [
        "Ana Ruiz put the claim back for whoever comes next.",
        "Ana Ruiz gave the claim to Dana Fox.",
        "Ana Ruiz took up the claim.",
    ]


def test_two_people_of_one_name_are_told_apart_when_a_claim_is_given(carrier, claim, user):
    claim_assign(claim=claim, to=make_user(carrier), by=user, seen=None)

    assert sentences(claim)[0] == "Ana Ruiz gave the claim to Ana Ruiz."


@pytest.mark.parametrize(
    ("photos", "sentence"),
    [
        ([2], "Ana Ruiz had photo 2 looked through for “hail”."),
        ([2, 5], "Ana Ruiz had photos 2, 5 looked through for “hail”."),
    ],
)
def test_a_question_to_chosen_photos_names_them(claim, user, photos, sentence):
    said = {"text": "hail", "damage_type": "hail_impact", "photos": photos}
    claim_log(claim, user, "query.asked", said)

    assert sentences(claim)[0] == sentence


def test_the_number_of_a_claim_is_not_taken_for_a_photo(carrier, user):
    claim = make_claim(carrier, number="photo 7 finding 3")
    claim_log(claim, user, "photo.failed", {"reason": "No memory."}, part="photo 2")

    act = claim_history(claim).acts[0]
    assert (act.photo, act.finding) == (2, None)


def test_who_is_no_longer_known_is_told_by_address(claim):
    by = User(email="gone@example.com")
    claim_log(claim, by, "note.added", {"text": "Hello"})

    assert sentences(claim)[0] == "gone@example.com wrote a note."
