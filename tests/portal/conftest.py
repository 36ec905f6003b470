"""What the portal's tests ask for."""

from __future__ import annotations

import pytest
from django.test import Client

from claims.models import Carrier, Role, User
from tests.factories import make_carrier, make_user


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
