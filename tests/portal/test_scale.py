from __future__ import annotations

import json

import pytest
from django.urls import reverse

from claims.models import AuditEntry, Carrier, PhotoStatus, Role, User
from tests.factories import drone_jpeg
from tests.fakes import hairline
from tests.portal.desk import JSON, Desk, asked_photo, decide, op, refused

pytestmark = pytest.mark.django_db

LINE = {"start": [10, 20], "end": [110, 20], "length_m": 0.5}
LONGER = {**LINE, "length_m": 1.0}


def put(desk, line, seen=None, **more):
    """Send a reference line; `seen` is the tag that the person has, the present one if left out."""
    seen = seen or desk.read()["scale_tag"]
    return desk.send("PUT", desk.url("scale"), {"op": op(), **line, **more}, seen=seen)


def delete(desk, seen=None):
    seen = seen or desk.read()["scale_tag"]
    return desk.send("DELETE", desk.url("scale"), {"op": op()}, seen=seen)


def test_a_reference_line_gives_every_finding_its_area(desk):
    answer = put(desk, LINE)

    assert answer.status_code == 200
    told = answer.json()
    basis = told["scale"].pop("basis")
    assert basis.startswith("Scale from a reference line of 0.5 m over 100 pixels")
    (warning,) = told["scale"].pop("warnings")
    assert warning.startswith("The reference line is shorter than 120 pixels")
    assert told["scale"] == {**LINE, "reason": ""}
    assert told["findings"][0]["area_m2"] == pytest.approx(0.25, rel=0.05)
    now = desk.read()
    assert (now["scale"]["length_m"], now["scale_tag"]) == (0.5, told["scale_tag"])
    assert now["findings"] == told["findings"]


def test_without_its_line_a_photo_has_no_scale(desk):
    put(desk, LINE)

    told = delete(desk).json()

    assert told["scale"] is None
    assert (told["findings"][0]["area_m2"], told["findings"][0]["area_text"]) == (None, "")


def test_whoever_draws_a_line_second_is_shown_the_first(desk, colleague):
    seen = desk.read()["scale_tag"]
    first = put(colleague, LINE).json()

    answer = put(desk, LONGER, seen)

    assert answer.status_code == 412
    told = answer.json()
    assert told["conflict"] == "Dana Fox changed the scale of this photo a moment ago."
    assert (told["scale"], told["scale_tag"]) == (first["scale"], first["scale_tag"])
    assert desk.read()["scale"] == first["scale"]


def test_a_line_drawn_by_oneself_was_drawn_in_another_tab(desk):
    seen = desk.read()["scale_tag"]
    put(desk, LINE)

    told = put(desk, LONGER, seen).json()

    sentence = "The scale of this photo was changed by you in another tab a moment ago."
    assert told["conflict"] == sentence


def test_whoever_takes_a_line_away_that_was_drawn_anew_is_shown_it(desk):
    seen = put(desk, LINE).json()["scale_tag"]
    put(desk, LONGER)

    answer = delete(desk, seen)

    assert answer.status_code == 412
    assert answer.json()["scale"]["length_m"] == 1.0


def test_a_line_drawn_by_somebody_who_is_gone_is_a_conflict_with_nobody(desk):
    seen = desk.read()["scale_tag"]
    put(desk, LINE)
    User.objects.filter(name="Ana Ruiz").update(email="renamed@example.com")

    told = put(desk, LONGER, seen).json()

    assert told["conflict"] == "The scale of this photo has changed since you saw it."


def test_a_line_sent_twice_is_drawn_once(desk):
    seen = desk.read()["scale_tag"]

    first, second = put(desk, LINE, seen), put(desk, LINE, seen)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["scale_tag"] == second.json()["scale_tag"]
    assert AuditEntry.objects.filter(action="photo.reference_line_set").count() == 1


NOT_A_LINE = {
    "shorter than 40 pixels": {"end": [30, 20]},
    "outside the photo": {"end": [900, 20]},
    "between 0.001 and 10000 metres": {"length_m": 0},
    "not understood (length_m)": {"length_m": float("inf")},
    "not understood (start.0)": {"start": ["left", 20]},
    "not understood (end)": {"end": [1, 2, 3]},
    "not understood (unit)": {"unit": "ft"},
    "not understood (op)": {"op": 1},
}


@pytest.mark.parametrize(("sentence", "fault"), NOT_A_LINE.items())
def test_what_bears_no_scale_is_refused_with_a_sentence(desk, sentence, fault):
    assert sentence in refused(put(desk, LINE, **fault), 422)
    assert desk.read()["scale"] is None


@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
def test_a_scale_is_changed_only_by_who_says_what_they_saw(desk, verb):
    body = json.dumps({"op": op(), **LINE})

    answer = desk.client.generic(verb, desk.url("scale"), body, headers=JSON)

    assert "doesn't say what you saw" in refused(answer, 428)


def test_a_photo_that_is_not_ready_gets_no_scale(desk):
    seen = desk.read()["scale_tag"]
    desk.photo.status = PhotoStatus.RECEIVED
    desk.photo.save()

    assert "not ready" in refused(put(desk, LINE, seen), 422)


def test_a_decided_claim_keeps_its_scale(desk, user):
    put(desk, LINE)
    decide(desk, user)

    assert "decided" in refused(put(desk, LONGER), 409)
    assert "decided" in refused(delete(desk), 409)
    assert desk.read()["scale"]["length_m"] == 0.5


def test_an_auditor_gives_no_scale(desk, in_role):
    auditor = Desk(in_role(Role.AUDITOR), desk.photo)

    assert "auditor" in refused(put(auditor, LINE), 403)
    assert "auditor" in refused(delete(auditor), 403)


def test_a_drones_photo_tells_its_own_scale_and_keeps_it_when_the_line_goes(
    carrier, member_client, fake_engine
):
    desk = Desk(member_client, asked_photo(carrier, data=drone_jpeg()))

    told = desk.read()
    assert told["scale"] is None
    assert told["own_scale"]["basis"].startswith("Scale from the drone's height of 40.0 m")
    assert "31 % too large" in told["own_scale"]["warnings"][0]
    assert told["findings"][0]["area_m2"] == pytest.approx(100.0, rel=0.05)

    put(desk, LINE)
    told = delete(desk).json()
    assert told["own_scale"]["basis"].startswith("Scale from the drone's height of 40.0 m")
    assert told["findings"][0]["area_m2"] == pytest.approx(100.0, rel=0.05)


def test_a_drones_photo_without_a_scale_says_why(carrier, member_client, fake_engine):
    desk = Desk(member_client, asked_photo(carrier, data=drone_jpeg(height="")))

    own = desk.read()["own_scale"]
    assert (own["basis"], own["warnings"]) == ("", [])
    assert "how high above the ground" in own["reason"]
    assert "how high above the ground" in member_client.get(desk.url("photo")).text


def test_an_ordinary_photo_tells_nothing_of_a_scale_of_its_own(desk):
    assert desk.read()["own_scale"] == {"basis": "", "warnings": [], "reason": ""}


def test_an_area_that_is_too_uncertain_stands_there_as_a_sentence(
    carrier, member_client, fake_engine
):
    fake_engine.detections = (hairline(),)
    desk = Desk(member_client, asked_photo(carrier))

    (finding,) = put(desk, LINE).json()["findings"]

    assert (finding["area_m2"], finding["area_text"]) == (None, "")
    assert finding["unmeasured"].startswith("Too uncertain to print: between 0 and")
    assert finding["unmeasured"] in member_client.get(desk.url("photo")).text


def test_the_claim_says_which_photo_its_area_leaves_out(carrier, member_client, fake_engine):
    fake_engine.detections = (hairline(),)
    desk = Desk(member_client, asked_photo(carrier))
    put(desk, LINE)

    page = member_client.get(f"/claims/{desk.photo.claim.number}/").text

    assert "Not measured" in page
    assert "Without photo 1. Too uncertain to print: between 0 and" in page


# Its length as it is written


def read_length(desk, text):
    return desk.client.get(reverse("portal:length"), {"text": text}, headers=JSON)


@pytest.mark.parametrize(
    ("units", "text", "metres"),
    [("us", "10", 3.048), ("metric", "10", 10.0), ("metric", "10' 6\"", 3.2004)],
)
def test_a_length_without_a_unit_is_in_the_carriers(desk, carrier, units, text, metres):
    Carrier.objects.filter(pk=carrier.pk).update(units=units)

    assert read_length(desk, text).json()["length_m"] == pytest.approx(metres)


def test_what_is_no_length_is_told_how_to_write_one(desk):
    sentence = refused(read_length(desk, "ten feet"), 422)

    assert sentence == (
        "“ten feet” can't be read as a length. Your line is kept. "
        "Write it like 10' 6\", 10.5 ft, 126 in or 3.2 m."
    )
