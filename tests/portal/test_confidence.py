"""How sure findings are said to be."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.translation import override

from assessment.core.confidence import Reviewed, Sureness, calibrated
from assessment.models import Sighting
from portal.confidence import sureness_counted, sureness_tag, sureness_text
from tests.factories import make_finding

ONCE = "Confidence not known. The question was put to the photo only once."


def sure(agreement: float, *, right: int = 0, wrong: int = 0) -> Sureness:
    """A finding that agrees like this, after so many reviews of others that agree as well."""
    reviewed = [Reviewed(agreement, right=each) for each in [True] * right + [False] * wrong]
    return calibrated(reviewed).sureness(agreement)


@pytest.mark.parametrize(
    ("right", "wrong", "band"), [(61, 3, "High"), (50, 14, "Medium"), (20, 44, "Low")]
)
def test_a_band_is_told_with_the_reviews_that_it_rests_on(right, wrong, band):
    text = sureness_text(sure(0.83, right=right, wrong=wrong))

    assert text.startswith(
        f"{band} confidence. The answers to the same question agree on it to 0.83."
    )
    assert f"Of 64 reviewed findings that agreed to between 0.80 and 0.90, {right} were" in text


def test_too_few_reviews_are_counted_and_said_to_be_too_few():
    assert sureness_text(sure(0.83, right=12)) == (
        "Confidence not known. The answers to the same question agree on it to 0.83. 12 findings "
        "that agreed to between 0.80 and 0.90 were reviewed so far; 44 are needed."
    )


def test_what_was_asked_for_once_is_said_not_to_be_known():
    assert sureness_text(Sureness()) == ONCE
    assert sureness_tag(Sureness()) == ""


@pytest.mark.parametrize(
    ("sureness", "disputed"),
    [
        (sure(0.3), True),
        (sure(0.7, wrong=60), True),
        (sure(0.7), False),
        (sure(0.3, right=60), False),
    ],
)
def test_who_reads_of_a_dispute_is_told_to_look(sureness, disputed):
    assert ("a person should look at it closely" in sureness_text(sureness)) is disputed


def test_the_findings_of_a_claim_are_counted_by_band():
    found = [sure(0.95, right=60), sure(0.95, right=60), sure(0.3), Sureness()]

    assert sureness_counted(found) == (
        "Findings of the engine: High confidence: 2 · Confidence not known: 2"
    )


def test_where_everything_was_asked_once_one_sentence_says_so():
    assert sureness_counted([Sureness()] * 3).startswith("Confidence not known: each question")
    assert sureness_counted([]) == ""


def test_a_spanish_reader_reads_it_in_spanish():
    with override("es"):
        text = sureness_text(sure(0.83, right=64))
    assert text == (
        "Confianza alta. Las respuestas a la misma pregunta coinciden en él en 0,83. De 64 "
        "hallazgos revisados que coincidían entre 0,80 y 0,90, 64 eran correctos."
    )


@pytest.mark.django_db
def test_the_workbench_tells_it_with_and_without_a_script(desk):
    Sighting.objects.update(agreement=0.83)
    (finding,) = desk.read()["findings"]

    assert finding["sureness_tag"] == "Confidence not known"
    assert "agree on it to 0.83. 0 findings" in finding["sureness"]
    assert finding["sureness"] in desk.client.get(desk.url("photo")).text


@pytest.mark.django_db
def test_nothing_is_told_of_what_a_person_drew(desk, user):
    drawn = make_finding(desk.photo, by=user)

    shown = desk.read()["findings"][drawn.number - 1]
    assert (shown["sureness"], shown["sureness_tag"]) == ("", "")


@pytest.mark.django_db
def test_the_claims_page_counts_findings_by_band(desk):
    address = reverse("portal:claim", args=[desk.photo.claim.number])
    once = "Confidence not known: each question was put to a photo only once."
    assert once in desk.client.get(address).text

    Sighting.objects.update(agreement=0.83)
    page = desk.client.get(address).text
    assert "Findings of the engine: Confidence not known: 1" in page


@pytest.mark.django_db
def test_the_claims_page_says_nothing_of_what_was_rejected(desk):
    desk.change(1, review="rejected")
    page = desk.client.get(reverse("portal:claim", args=[desk.photo.claim.number])).text

    assert "1 rejected" in page
    assert "onfidence" not in page
