"""The page of a carrier's questions, and what a manager does from it."""

from __future__ import annotations

import pytest

from assessment.core.catalogue.standard import entries_for, standing_entries_for
from assessment.core.catalogue.wording import Wording
from assessment.core.vocabulary import DamageType, Detail, QueryKind
from assessment.models import DamageQuery
from assessment.selectors.questions import wording_in
from assessment.services.questions import standing_add, standing_reword, standing_take
from claims.models import Peril, Role
from portal.forms.question import reword_form
from tests.factories import make_carrier, make_claim, make_photo
from tests.portal.claim_states import text_of

pytestmark = pytest.mark.django_db

TYPED = {
    "text": "bent  gutters",
    "peril": "hail",
    "kind": "plain",
    "damage_type": "",
    "language": "",
    "detail": "auto",
    "runs": "1",
}


@pytest.fixture
def manager(in_role):
    return in_role(Role.MANAGER)


@pytest.fixture
def gutters(carrier) -> DamageQuery:
    return standing_add(carrier=carrier, peril="hail", wording=Wording("bent gutters"), by=None)


def typed(query: DamageQuery, **changes: str) -> dict[str, str]:
    """The form of a question as the page shows it, and what a person changed."""
    return {**TYPED, "text": query.text, "damage_type": query.damage_type, **changes}


def test_the_questions_are_listed_by_their_peril_with_what_is_known_of_them(carrier, manager):
    standing_take(carrier=carrier, entries=entries_for("wind"), language="es", by=None)
    standing_add(carrier=carrier, peril="", wording=Wording("pools", language="en"), by=None)

    page = manager.get("/questions/")

    text = text_of(page)
    assert text.index("Whatever the cause") < text.index("pools") < text.index("la segunda ventana")
    assert '<strong lang="es">la segunda ventana desde la izquierda</strong>' in page.text
    assert "By its place in a row" in text
    assert "Missing covering" in text
    assert "Spanish" in text
    assert "not asked yet" in text


def test_the_page_takes_no_more_queries_for_more_questions(
    carrier, manager, django_assert_max_num_queries
):
    for peril in ("wind", "hail", "fire"):
        standing_take(carrier=carrier, entries=entries_for(peril), language="en", by=None)

    with django_assert_max_num_queries(8):
        manager.get("/questions/")


def test_an_earlier_wording_stands_below_with_the_photos_it_was_put_to(
    carrier, manager, gutters, fake_engine
):
    make_photo(make_claim(carrier, peril=Peril.HAIL))
    standing_reword(query=gutters, wording=Wording("torn gutters", runs=2), by=None)

    text = text_of(manager.get("/questions/"))

    assert "1 earlier wording 1: bent gutters" in text
    assert "asked of 1 photo" in text
    assert "2 times a photo" in text


def test_another_carriers_questions_are_not_listed(manager):
    other = make_carrier()
    standing_add(carrier=other, peril="hail", wording=Wording("not ours"), by=None)

    assert "not ours" not in manager.get("/questions/").text


@pytest.mark.parametrize("role", [Role.ADJUSTER, Role.AUDITOR])
def test_who_does_not_manage_reads_and_changes_nothing(in_role, gutters, role):
    client = in_role(role)

    page = client.get("/questions/").text
    assert "bent gutters" in page
    assert "/switch/" not in page
    assert "catalogue/" not in page
    assert f"/questions/{gutters.pk}/" not in page
    for path in ("new/", "catalogue/", f"{gutters.pk}/", f"{gutters.pk}/switch/"):
        assert client.post(f"/questions/{path}", {**TYPED, "active": "no"}).status_code == 403
    assert DamageQuery.objects.get().active


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_a_question_of_ones_own_is_added_and_its_words_tell_the_rest(in_role, carrier, role):
    page = in_role(role).post("/questions/new/", TYPED, follow=True)

    assert "The question was added." in page.text
    query = DamageQuery.objects.of(carrier).get()
    assert wording_in(query) == Wording("bent gutters", language="en")
    assert query.peril == "hail"


def test_what_is_said_of_a_question_counts(carrier, manager):
    said = {"kind": "conditional", "damage_type": "dent", "language": "pt", "detail": "tiles"}

    manager.post("/questions/new/", {**TYPED, **said, "text": "calhas amassadas", "runs": "3"})

    assert wording_in(DamageQuery.objects.get()) == Wording(
        "calhas amassadas", QueryKind.CONDITIONAL, DamageType.DENT, "pt", Detail.TILES, 3
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": " "}, "Say in a few words what to look for."),
        ({"text": "x" * 501}, "at most 500 characters"),
        ({"runs": "6"}, "Enter how often to ask, from 1 to 5."),
        ({"runs": ""}, "Enter how often to ask, from 1 to 5."),
        ({"text": "Bent gutters"}, "This is asked already."),
        ({"text": "Bent gutters", "peril": ""}, "This is asked already under “Hail”."),
        ({"text": "\u200b\U000e0061"}, "Say in a few words what to look for."),
        ({"text": "?!"}, "Say in a few words what to look for."),
        ({"kind": "ordering", "detail": "tiles"}, "needs the photo as a whole"),
        ({"language": "no language!"}, "Choose a language from the list"),
    ],
)
def test_a_question_that_cannot_be_added_comes_back_as_it_was(manager, gutters, changes, sentence):
    response = manager.post("/questions/new/", {**TYPED, "text": "torn gutters", **changes})

    assert response.status_code == 422
    assert sentence in response.text
    assert "<title>Error:" in response.text
    assert DamageQuery.objects.count() == 1


def test_one_that_is_switched_off_is_said_to_be_there(manager, gutters):
    DamageQuery.objects.update(active=False)

    assert "Switch it on in the list instead." in manager.post("/questions/new/", TYPED).text


def test_another_wording_is_a_new_version(manager, gutters):
    shown = manager.get(f"/questions/{gutters.pk}/").text
    page = manager.post(
        f"/questions/{gutters.pk}/", typed(gutters, text="torn gutters"), follow=True
    )

    assert 'value="bent gutters"' in shown
    assert "Reworded: “torn gutters”." in page.text
    assert DamageQuery.objects.get(active=True).version == 2


def test_what_was_not_changed_is_no_new_version(manager, gutters):
    DamageQuery.objects.update(language="en")

    page = manager.post(f"/questions/{gutters.pk}/", typed(gutters, language="en"), follow=True)

    assert "nothing was changed" in page.text
    assert DamageQuery.objects.count() == 1


def test_what_cannot_be_asked_is_said_in_the_readers_language(manager):
    typed = {**TYPED, "kind": "ordering", "detail": "tiles"}

    page = manager.post("/questions/new/", typed, headers={"accept-language": "es"})

    assert page.status_code == 422
    assert 'id="id_detail_error">Una pregunta sobre una cosa entre otras' in page.text


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("Hindi", "hi"),
        ("simplified chinese", "zh-hans"),
        ("Tagalog", "tl"),
        ("zh-Hant-TW", "zh-hant-tw"),
        ("haw", "haw"),
    ],
)
def test_a_question_may_be_in_any_language(manager, typed, tag):
    manager.post("/questions/new/", {**TYPED, "language": typed})

    assert DamageQuery.objects.get().language == tag


def test_languages_are_offered_by_the_names_that_the_reader_gives_them(manager):
    english = manager.get("/questions/new/").text
    spanish = manager.get("/questions/new/", headers={"accept-language": "es"}).text

    for name in ("Simplified Chinese", "Greek", "Hebrew", "Thai", "Persian", "Tagalog"):
        assert f'<option value="{name}">' in english
    assert '<option value="Chino simplificado">' in spanish


@pytest.mark.parametrize(
    ("tag", "shown"), [("gsw", "gsw"), ("fr", "French"), ("de-at", "de-at"), ("", None)]
)
def test_the_language_of_a_question_stays_what_it_was(tag, shown):
    form = reword_form(Wording("kaputtes Dach", language=tag))

    assert form["language"].value() == (shown or "")
    assert form.fields["language"].clean(form["language"].value()) == tag


def test_what_piece_by_piece_costs_is_said_where_closeness_is_chosen(carrier, manager, fake_engine):
    claim = make_claim(carrier)

    for page in (
        manager.get("/questions/new/"),
        manager.get("/questions/catalogue/"),
        manager.get(f"/claims/{claim.number}/"),
    ):
        assert "Piece by piece takes about 20 calls" in page.text


def test_who_comes_second_with_another_wording_is_told(manager, gutters):
    standing_reword(query=gutters, wording=Wording("torn gutters"), by=None)

    page = manager.post(f"/questions/{gutters.pk}/", typed(gutters, text="loose"), follow=True)
    off = manager.post(f"/questions/{gutters.pk}/switch/", {"active": "no"}, follow=True)

    opened = manager.get(f"/questions/{gutters.pk}/", follow=True)

    assert "was reworded meanwhile" in page.text
    assert "was reworded meanwhile" in off.text
    assert "was reworded meanwhile" in opened.text
    assert DamageQuery.objects.get(active=True).text == "torn gutters"


def test_a_question_is_switched_off_and_on_again(manager, gutters):
    path = f"/questions/{gutters.pk}/switch/"

    off = manager.post(path, {"active": "no"}, follow=True)
    assert "Switched off: “bent gutters”." in off.text
    assert "Switch&nbsp;on" in off.text
    on = manager.post(path, {"active": "yes"}, follow=True)
    assert "Switched on: “bent gutters”." in on.text
    assert manager.post(path, {"active": "maybe"}).status_code == 400


def test_what_another_asks_already_is_not_switched_on_beside_it(carrier, manager, gutters):
    path = f"/questions/{gutters.pk}/switch/"
    manager.post(path, {"active": "no"})
    standing_add(carrier=carrier, peril="", wording=Wording("bent gutters"), by=None)

    page = manager.post(path, {"active": "yes"}, follow=True)

    assert "is asked already for another cause" in page.text
    assert not DamageQuery.objects.get(pk=gutters.pk).active


def test_a_question_is_on_before_it_was_asked(manager, gutters):
    text = text_of(manager.get("/questions/"))

    assert "not asked yet" in text
    assert " On " in text
    assert "Asked" not in text


def test_a_claims_own_question_has_no_page_here(carrier, manager):
    own = DamageQuery.objects.create(carrier=carrier, claim=make_claim(carrier), text="dents")

    assert manager.get(f"/questions/{own.pk}/").status_code == 404


# The catalogue


def test_the_questions_that_were_ticked_are_taken(carrier, manager):
    path = "/questions/catalogue/?peril=fire&language=de"
    assert "verbrannte oder verkohlte Flächen" in manager.get(path).text

    page = manager.post(path, {"entries": ["fire.burns", "fire.smoke"]}, follow=True)

    assert "2 questions were taken." in page.text
    taken = DamageQuery.objects.of(carrier).order_by("pk")
    assert [query.language for query in taken] == ["de", "de"]
    assert 'value="fire.burns" id="entry-1" aria-describedby="about-1" disabled' in (
        manager.get(path).text
    )


def test_all_are_taken_at_once(carrier, manager):
    page = manager.post("/questions/catalogue/?peril=hail", {"all": "on"}, follow=True)

    assert f"{len(standing_entries_for('hail'))} questions were taken." in page.text
    assert "You have all of these." in manager.get("/questions/catalogue/?peril=hail").text


def test_none_ticked_is_said(manager):
    response = manager.post("/questions/catalogue/?peril=hail", {})

    assert response.status_code == 422
    assert "Tick the questions to take" in response.text


def test_a_question_of_another_peril_is_not_taken_along(manager):
    response = manager.post("/questions/catalogue/?peril=hail", {"entries": ["fire.burns"]})

    assert response.status_code == 422
    assert not DamageQuery.objects.exists()


@pytest.mark.parametrize("query", ["peril=other", "language=nl"])
def test_a_catalogue_that_there_is_none_of_is_a_bad_request(manager, query):
    assert manager.get(f"/questions/catalogue/?{query}").status_code == 400


def test_the_catalogue_opens_in_the_readers_language(manager):
    page = manager.get("/questions/catalogue/", headers={"accept-language": "es"})

    assert "marcas de impacto de granizo" in page.text
    assert "Catálogo estándar" in page.text


# On the page of a claim


def test_a_claim_offers_what_the_carrier_and_the_catalogue_ask(
    carrier, member_client, gutters, fake_engine
):
    claim = make_claim(carrier, peril=Peril.WIND)

    page = member_client.get(f"/claims/{claim.number}/").text

    offered = page.split('<datalist id="suggestions">')[1].split("</datalist>")[0]
    assert offered.index("bent gutters") < offered.index("the second window from the left")


def test_an_engine_that_knows_a_few_kinds_offers_those(
    carrier, member_client, gutters, fake_engine
):
    fake_engine.examples = ("cracks in the wall",)
    claim = make_claim(carrier, peril=Peril.WIND)

    page = member_client.get(f"/claims/{claim.number}/").text

    assert '<option value="cracks in the wall">' in page
    assert '<option value="bent gutters">' in page
    assert "the second window" not in page


def test_language_and_closeness_can_be_said_with_a_question(carrier, member_client, fake_engine):
    claim = make_claim(carrier)

    member_client.post(
        f"/claims/{claim.number}/queries/",
        {"text": "fissures", "language": "fr", "detail": "tiles"},
    )

    query = DamageQuery.objects.get(claim=claim)
    assert (query.language, query.detail) == ("fr", Detail.TILES)


def test_a_language_nobody_knows_comes_back_with_its_fields_open(
    carrier, member_client, fake_engine
):
    claim = make_claim(carrier)

    response = member_client.post(
        f"/claims/{claim.number}/queries/", {"text": "dents", "language": "no language!"}
    )

    assert response.status_code == 422
    assert "<details open>" in response.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "the second window from the left", "detail": "tiles"}, "needs the photo as a"),
        ({"text": "\u200b\u2060"}, "Say in a few words what to look for."),
    ],
)
def test_a_question_that_a_claim_cannot_be_asked_comes_back(
    carrier, member_client, fake_engine, typed, sentence
):
    claim = make_claim(carrier)

    response = member_client.post(f"/claims/{claim.number}/queries/", typed)

    assert response.status_code == 422
    assert sentence in response.text
    assert not DamageQuery.objects.exists()
