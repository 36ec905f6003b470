"""What the portal's tests ask for."""

from __future__ import annotations

import pytest
from django.test import Client

from assessment import pipeline
from assessment.core.vocabulary import JobKind
from assessment.tasks import TASKS
from claims.models import Carrier, Claim, Role, User
from tests.factories import jpeg, make_carrier, make_claim, make_user
from tests.fakes import FakeEngine
from tests.portal.desk import Desk, asked_photo


@pytest.fixture
def member_client(client: Client, user: User) -> Client:
    """The browser of an adjuster of the carrier."""
    client.force_login(user)
    return client


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody with every right, at another carrier."""
    return make_user(make_carrier(), role=Role.ADMINISTRATOR)


@pytest.fixture
def in_role(carrier: Carrier, client: Client):
    """A browser signed in as a member with the given role."""

    def sign_in(role: Role) -> Client:
        client.force_login(make_user(carrier, role=role))
        return client

    return sign_in


@pytest.fixture
def desk(carrier: Carrier, member_client: Client, fake_engine: FakeEngine) -> Desk:
    """A photo with one finding of the engine's, on an adjuster's desk."""
    return Desk(member_client, asked_photo(carrier))


@pytest.fixture
def colleague(desk: Desk, carrier: Carrier) -> Desk:
    """The same photo on somebody else's desk."""
    person = make_user(carrier)
    person.name = "Dana Fox"
    person.save()
    client = Client()
    client.force_login(person)
    return Desk(client, desk.photo)


@pytest.fixture
def at_work(carrier, fake_engine) -> Claim:
    """A claim with two photos, one of them through."""
    claim = make_claim(carrier)
    pipeline.query_ask(claim=claim, text="cracks", by=None)
    for number in range(2):
        pipeline.photo_submit(claim=claim, data=jpeg(seed=number), name=f"{number}.jpg", by=None)
    for kind in (JobKind.PREPARE, JobKind.PREPARE, JobKind.SEGMENT):
        TASKS[kind](seconds=0.0)
    return claim
