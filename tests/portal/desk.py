"""What the workbench's script does, without a browser."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from assessment import pipeline
from assessment.core.vocabulary import DecisionKind, JobKind
from assessment.models import Finding
from assessment.selectors.decisions import undone_in
from assessment.services.decisions import claim_decide
from assessment.tasks import TASKS
from claims.models import Carrier, Photo, User
from tests.factories import jpeg, make_claim

Answer = Any

JSON = {"accept": "application/json"}


def square(left: float = 10, top: float = 10, side: float = 100) -> dict[str, Any]:
    """A GeoJSON polygon, upright."""
    right, bottom = left + side, top + side
    ring = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]
    return {"type": "Polygon", "coordinates": [ring]}


BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[10, 10], [90, 90], [90, 10], [10, 90], [10, 10]]],
}


def op() -> str:
    return str(uuid4())


def asked_photo(carrier: Carrier, *, question: str = "cracks", data: bytes = b"") -> Photo:
    """A photo that was asked one question, once, whatever the fake engine answers."""
    claim = make_claim(carrier)
    pipeline.query_ask(claim=claim, text=question, by=None)
    photo = pipeline.photo_submit(claim=claim, data=data or jpeg(), name="wall.jpg", by=None)
    for kind in (JobKind.PREPARE, JobKind.SEGMENT, JobKind.SETTLE):
        TASKS[kind](seconds=0.0)
    photo.refresh_from_db()
    return photo


class Desk:
    """One photo on the desk of whoever is signed in with the client."""

    def __init__(self, client: Client, photo: Photo) -> None:
        self.client = client
        self.photo = photo

    def url(self, name: str, **more: Any) -> str:
        names = {"number": self.photo.claim.number, "photo": self.photo.number, **more}
        return reverse(f"portal:{name}", kwargs=names)

    def send(self, verb: str, url: str, body: Any, *, seen: object = None) -> Answer:
        """`body` goes out as JSON, bytes as they are; `seen` is what If-Match names."""
        headers = JSON if seen is None else {**JSON, "if-match": f'"{seen}"'}
        data = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.generic(verb, url, data, "application/json", headers=headers)

    def read(self) -> Any:
        return self.client.get(self.url("findings"), headers=JSON).json()

    def draw(self, **body: Any) -> Answer:
        whole = {"op": op(), "damage_type": "crack", "polygon": square(), **body}
        return self.send("POST", self.url("findings"), whole)

    def change(self, seen: object = 1, *, number: int = 1, **body: Any) -> Answer:
        whole = {"op": op(), **body}
        return self.send("PATCH", self.url("finding", finding=number), whole, seen=seen)

    def finding(self, number: int = 1) -> Finding:
        return Finding.objects.get(photo=self.photo, number=number)

    def whole(self, number: int = 1) -> Any:
        """The finding with every corner."""
        return self.client.get(self.url("finding", finding=number)).json()["finding"]


def refused(answer: Answer, status: int) -> str:
    """The sentence of an answer with this status."""
    assert answer.status_code == status, answer.content
    return str(answer.json()["refused"])


def decide(desk: Desk, by: User) -> None:
    """Decide the claim, whatever is undone."""
    claim = desk.photo.claim
    kind, undone = DecisionKind.SPECIALIST, undone_in(claim)
    claim_decide(claim=claim, kind=kind, note="", by=by, despite=undone)
