"""manage.py catalogue_take."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from assessment.core.catalogue.standard import STANDARD, standing_entries_for
from assessment.models import DamageQuery
from claims.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def take(carrier: str, *options: str) -> None:
    call_command("catalogue_take", "--carrier", carrier, *options)


def test_the_questions_of_the_perils_are_taken_in_the_language(carrier, capsys):
    take(carrier.slug, "--peril", "hail", "--peril", "fire", "--language", "fr")

    taken = DamageQuery.objects.of(carrier)
    wanted = [*standing_entries_for("hail"), *standing_entries_for("fire")]
    assert {(query.peril, query.text) for query in taken} == {(e.peril, e.fr) for e in wanted}
    assert f"asks {len(wanted)} more questions" in capsys.readouterr().out
    assert AuditEntry.objects.of(carrier).filter(actor="eaves").count() == len(wanted)


def test_without_a_peril_all_are_taken_and_nothing_twice_in_whichever_language(carrier, capsys):
    take(carrier.slug)
    take(carrier.slug, "--language", "de")

    standing = sum(not entry.per_claim for entry in STANDARD)
    assert DamageQuery.objects.of(carrier).count() == standing
    assert f"asks 0 more questions of the photos that come from now on; {standing}" in (
        capsys.readouterr().out
    )


def test_what_means_something_on_some_photos_only_is_not_taken(carrier):
    take(carrier.slug)

    asked = set(DamageQuery.objects.of(carrier).values_list("text", flat=True))
    assert "the second window from the left" not in asked
    assert "windows that are not broken" in asked


def test_a_carrier_that_there_is_none_of_is_said(db):
    with pytest.raises(CommandError, match="Nothing was taken"):
        take("nobody")


@pytest.mark.parametrize("wrong", [("--peril", "flood"), ("--language", "nl")])
def test_what_the_catalogue_does_not_have_is_bad_usage(carrier, wrong):
    with pytest.raises(CommandError, match="invalid choice"):
        take(carrier.slug, *wrong)
