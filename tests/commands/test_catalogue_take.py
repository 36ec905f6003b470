"""manage.py catalogue_take."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from assessment.core.catalogue.standard import STANDARD, entries_for
from assessment.models import DamageQuery
from claims.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def take(carrier: str, *options: str) -> None:
    call_command("catalogue_take", "--carrier", carrier, *options)


def test_the_questions_of_the_perils_are_taken_in_the_language(carrier, capsys):
    take(carrier.slug, "--peril", "hail", "--peril", "fire", "--language", "fr")

    taken = DamageQuery.objects.of(carrier)
    wanted = [*entries_for("hail"), *entries_for("fire")]
    assert {(query.peril, query.text) for query in taken} == {(e.peril, e.fr) for e in wanted}
    assert f"asks {len(wanted)} more questions" in capsys.readouterr().out
    assert AuditEntry.objects.of(carrier).filter(actor="eaves").count() == len(wanted)


def test_without_a_peril_all_are_taken_and_nothing_twice(carrier, capsys):
    take(carrier.slug)
    take(carrier.slug)

    assert DamageQuery.objects.of(carrier).count() == len(STANDARD)
    assert f"asks 0 more questions of the photos that come from now on; {len(STANDARD)}" in (
        capsys.readouterr().out
    )


def test_a_carrier_that_there_is_none_of_is_said(db):
    with pytest.raises(CommandError, match="Nothing was taken"):
        take("nobody")


@pytest.mark.parametrize("wrong", [("--peril", "flood"), ("--language", "nl")])
def test_what_the_catalogue_does_not_have_is_bad_usage(carrier, wrong):
    with pytest.raises(CommandError, match="invalid choice"):
        take(carrier.slug, *wrong)
