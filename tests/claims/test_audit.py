from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from claims.models import AuditEntry
from claims.models.audit import AppendOnlyError
from claims.selectors import audit_verify
from claims.services import audit_append
from tests.conftest import log_protect, log_release
from tests.factories import make_carrier

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def log(carrier):
    log_protect()
    return [
        audit_append(carrier=carrier, actor=None, action=act, subject="claim 1", data={"n": n})
        for n, act in enumerate(("opened", "asked", "judged"))
    ]


def tamper(statement, *values):
    """What somebody with the rights of the database's owner could do."""
    log_release()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_untouched_log_holds_to_its_end(carrier, log):
    state = audit_verify(carrier)

    assert (state.entries, state.head, state.fault) == (3, log[-1].hash, "")


def test_a_changed_entry_is_named(carrier, log):
    tamper("UPDATE claims_auditentry SET actor = 'somebody' WHERE id = %s", log[1].pk)

    assert audit_verify(carrier).fault == (
        "Entry 2 (asked, claim 1) was changed after it was written."
    )


def test_a_deleted_entry_is_named(carrier, log):
    tamper("DELETE FROM claims_auditentry WHERE id = %s", log[1].pk)

    assert audit_verify(carrier).fault == "Entry 2 is missing: entry 3 (judged) stands there."


def test_an_entry_that_was_rewritten_with_its_own_hash_breaks_the_next(carrier, log):
    forged = log[1]
    forged.actor = "somebody"
    tamper(
        "UPDATE claims_auditentry SET actor = 'somebody', hash = %s WHERE id = %s",
        forged.sealed_hash(),
        forged.pk,
    )

    assert audit_verify(carrier).fault == "Entry 3 (judged) does not follow the entry before it."


@pytest.mark.parametrize(
    "statement", ["UPDATE claims_auditentry SET actor = 'x'", "DELETE FROM claims_auditentry"]
)
def test_the_database_refuses_to_change_the_log(log, statement):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_database_refuses_to_empty_the_log(log):
    # PostgreSQL truncates nothing while checks on its rows wait for the end of the transaction.
    connection.check_constraints()
    statement = "DELETE FROM" if connection.vendor == "sqlite" else "TRUNCATE"
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{statement} claims_auditentry")


def test_a_carrier_that_is_renamed_keeps_its_log(carrier, log):
    carrier.slug = "another-name"
    carrier.save()

    assert audit_verify(carrier).fault == ""


def test_an_entry_refuses_to_be_saved_again_or_deleted(log):
    with pytest.raises(AppendOnlyError):
        log[0].save()
    with pytest.raises(AppendOnlyError):
        log[0].delete()


def test_each_carrier_has_a_log_of_its_own(carrier, log):
    other = make_carrier()
    entry = audit_append(carrier=other, actor=None, action="a", subject="s", data={})

    assert entry.sequence == 1
    assert audit_verify(other).entries == 1
    assert AuditEntry.objects.of(other).count() == 1
