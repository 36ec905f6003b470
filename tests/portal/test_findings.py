from __future__ import annotations

import json

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.core.scale import ReferenceLine
from assessment.core.vocabulary import DamageType
from assessment.engines.base import (
    EngineRefusedError,
    EngineUnavailableError,
    GarbledAnswerError,
)
from assessment.models import Finding
from assessment.services.scale import scale_set
from claims.models import PhotoStatus, Role
from tests.factories import make_finding
from tests.portal.desk import BOW_TIE, Desk, asked_photo, decide, op, refused, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(desk, user) -> Finding:
    return make_finding(desk.photo, by=user)


# What is read


def test_the_workbench_reads_a_photo_with_all_that_was_found(desk):
    data = desk.read()

    assert data["photo"] == {
        "number": 1,
        "name": "wall.jpg",
        "width": 320,
        "height": 240,
        "view": desk.url("picture", size="view"),
        "working": desk.url("picture", size="working"),
    }
    assert (data["locked"], data["units"], data["scale"]) == ("", "us", None)
    assert data["queries"] == [
        {"text": "cracks", "state": "answered", "findings": 1, "known": 0, "reason": "", "lost": []}
    ]
    assert [kind["value"] for kind in data["damage_types"]] == list(DamageType)
    assert data["damage_types"][1] == {"value": "crack", "label": "Crack", "code": "CR"}
    assert data["reject_reasons"][0] == {"value": "not_damage", "label": "Not damage"}


def test_a_finding_is_told_in_full(desk):
    (finding,) = desk.read()["findings"]

    polygon = finding.pop("polygon")
    assert (polygon["type"], len(polygon["coordinates"])) == ("MultiPolygon", 1)
    assert finding == {
        "number": 1,
        "revision": 1,
        "url": desk.url("finding", finding=1),
        "label": "crack in plaster",
        "query": "cracks",
        "also": [],
        "damage_type": "crack",
        "review": "proposed",
        "reason": "",
        "source": "engine",
        "edited": False,
        "approximate": False,
        "refined": False,
        "sureness": "Confidence not known. The question was put to the photo only once.",
        "sureness_tag": "",
        "removed": False,
        "original": None,
        "area_px": 10000.0,
        "share": pytest.approx(10000 / (320 * 240)),
        "share_text": "13 %",
        "area_m2": None,
        "area_text": "",
        "basis": "",
        "unmeasured": "",
        "reviewer": "",
        "reviewed_at": "",
        "changed_by": "",
        "changed_at": "",
    }


def test_a_list_holds_outlines_for_the_screen_and_one_finding_every_corner(desk, user):
    finding = make_finding(desk.photo, by=user)
    wavy = shapely.Polygon(
        [(50, 50), (100.123, 50.2), (150, 50), (150, 150), (100, 149.7), (50, 150)]
    )
    Finding.objects.filter(pk=finding.pk).update(polygon=shapely.MultiPolygon([wavy]).wkb)

    shown = desk.read()["findings"][1]["polygon"]["coordinates"][0][0]
    whole = desk.whole(2)["polygon"]["coordinates"][0][0]

    assert len(shown) == 5
    assert [100.123, 50.2] in whole
    assert len(whole) == 7


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (EngineRefusedError("The engine wants no such picture."), "unanswered"),
        (GarbledAnswerError("The answer is no JSON."), "failed"),
        (EngineUnavailableError("The engine can't be reached."), "working"),
    ],
)
def test_a_question_without_an_answer_says_why(carrier, member_client, fake_engine, error, state):
    fake_engine.errors = [error]
    desk = Desk(member_client, asked_photo(carrier))

    (query,) = desk.read()["queries"]

    assert (query["state"], query["findings"], query["reason"]) == (state, 0, error.message)


def test_what_was_lost_of_an_answer_is_told(carrier, member_client, fake_engine):
    fake_engine.lost = ("One of 2 outlines couldn't be read.",)
    desk = Desk(member_client, asked_photo(carrier))

    (query,) = desk.read()["queries"]

    assert (query["state"], query["findings"]) == ("answered", 1)
    assert query["lost"] == ["One of 2 outlines couldn't be read."]


def test_an_area_stands_there_in_the_units_of_the_carrier(desk):
    scale_set(photo=desk.photo, line=ReferenceLine((0, 0), (100, 0), 0.3048), by=None)

    (finding,) = desk.read()["findings"]

    assert finding["area_m2"] == pytest.approx(0.3048**2, rel=0.05)
    assert finding["area_text"].startswith("0.99 sq ft (")
    assert finding["basis"].startswith("Scale from a reference line of 0.3048 m")


def test_a_finding_that_was_taken_back_is_told_as_such(desk, drawn):
    desk.change(number=2, removed=True)

    assert [each["removed"] for each in desk.read()["findings"]] == [False, True]


def test_an_auditor_reads_and_is_told_that_nothing_can_be_changed(desk, in_role):
    data = Desk(in_role(Role.AUDITOR), desk.photo).read()

    assert data["locked"] == "Your role, auditor, may look at this photo and change nothing."
    assert len(data["findings"]) == 1


def test_a_decided_claim_says_who_decided_and_who_can_reopen_it(desk, user):
    decide(desk, user)

    locked = desk.read()["locked"]

    assert locked.startswith("Ana Ruiz decided this claim on ")
    assert "Send to a specialist" in locked
    assert locked.endswith("a manager can reopen it.")


def test_as_many_queries_are_sent_for_one_finding_as_for_many(desk, user):
    desk.change(polygon=square())
    few = queries_of(desk)
    for _ in range(9):
        make_finding(desk.photo, by=user)

    assert queries_of(desk) == few
    assert few < 15


def queries_of(desk) -> int:
    with CaptureQueriesContext(connection) as captured:
        desk.read()
    return len(captured)


# What is drawn


def test_what_a_person_drew_is_accepted_and_told(desk, user):
    answer = desk.draw(polygon=square(side=20), damage_type="dent")

    assert answer.status_code == 201
    finding = answer.json()["finding"]
    assert (finding["number"], finding["revision"], answer["ETag"]) == (2, 1, '"1"')
    assert (finding["source"], finding["review"], finding["reviewer"]) == (
        "person",
        "accepted",
        "Ana Ruiz",
    )
    assert (finding["damage_type"], finding["area_px"]) == ("dent", 400.0)
    assert desk.read()["findings"][1] == finding


def test_what_was_drawn_twice_with_one_id_is_drawn_once(desk):
    name = op()

    first, second = desk.draw(op=name), desk.draw(op=name)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Finding.objects.filter(photo=desk.photo).count() == 2


def test_what_lies_beyond_the_photo_is_cut_off(desk):
    finding = desk.draw(polygon=square(left=-50, top=-50)).json()["finding"]

    assert finding["area_px"] == 2500.0


NOT_DRAWABLE = {
    "crosses itself": {"polygon": BOW_TIE},
    "no part of the photo": {"polygon": square(left=900)},
    "not a polygon": {"polygon": {"type": "Point", "coordinates": [1, 2]}},
    "no place in a photo": {
        "polygon": {"type": "Polygon", "coordinates": [[[0, 0], [1e30, 0], [9, 9]]]}
    },
    "not understood (polygon)": {"polygon": "all of it"},
    "not understood (damage_type)": {"damage_type": "ghosts"},
    "not understood (op)": {"op": "again"},
    "not understood (colour)": {"colour": "red"},
}


@pytest.mark.parametrize(("sentence", "body"), NOT_DRAWABLE.items())
def test_what_is_no_outline_is_refused_with_a_sentence(desk, sentence, body):
    assert sentence in refused(desk.draw(**body), 422)
    assert Finding.objects.filter(photo=desk.photo).count() == 1


BAD_BODIES = {
    "nothing": b"",
    "no JSON": b"polygon",
    "a list": b"[]",
    "bytes that are no text": b"\xff\xfe",
    "half a character": b'{"op": "\\ud800"}',
    "brackets without end": b'{"polygon": {"a": ' + b"[" * 9000,
    "a number of 5000 digits": b'{"polygon": {"a": ' + b"9" * 5000 + b"}}",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_body_that_is_no_json_object_is_refused(desk, body):
    answer = desk.send("POST", desk.url("findings"), body)

    assert "not understood (JSON)" in refused(answer, 422)


def test_a_corner_that_is_no_number_is_refused(desk):
    body = {"op": op(), "damage_type": "crack", "polygon": square(left=float("nan"))}

    answer = desk.send("POST", desk.url("findings"), json.dumps(body).encode())

    assert "no place in a photo" in refused(answer, 422)


def test_more_than_a_megabyte_is_refused(desk):
    body = b'{"op": "' + b" " * (1 << 20) + b'"}'

    assert "larger than 1 MB" in refused(desk.send("POST", desk.url("findings"), body), 422)


def test_nothing_is_drawn_on_a_photo_that_is_not_ready(desk):
    desk.photo.status = PhotoStatus.RECEIVED
    desk.photo.save()

    assert "not ready" in refused(desk.draw(), 422)
