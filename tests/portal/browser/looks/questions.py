"""The questions of a carrier, and the standard catalogue."""

from __future__ import annotations

from playwright.sync_api import expect

from assessment.core.catalogue.standard import entries_for
from assessment.core.catalogue.wording import Wording
from assessment.models import DamageQuery
from assessment.services.questions import (
    standing_add,
    standing_reword,
    standing_switch,
    standing_take,
)
from claims.models import Role
from tests.factories import make_claim
from tests.portal.browser.looks.scene import Look, Scene


def some_questions(scene: Scene) -> DamageQuery:
    """Questions of several perils and languages; the last wording of one that has two."""
    wind, *others = standing_take(
        carrier=scene.carrier, entries=entries_for("wind"), language="es", by=None
    )
    standing_take(carrier=scene.carrier, entries=entries_for("hail")[:3], language="de", by=None)
    standing_add(carrier=scene.carrier, peril="", wording=Wording("a pool"), by=None)
    standing_switch(query=others[0], active=False, by=None)
    better = Wording("tejas, placas o revestimientos que faltan", language="es", runs=3)
    return standing_reword(query=wind, wording=better, by=None)


def questions_none(scene: Scene) -> None:
    scene.come_as(Role.MANAGER)
    scene.page.goto("/questions/")


def questions_many(scene: Scene) -> None:
    some_questions(scene)
    scene.come_as(Role.MANAGER)
    scene.page.goto("/questions/")
    scene.page.get_by_text("1 earlier wording").click()


def questions_read_only(scene: Scene) -> None:
    some_questions(scene)
    scene.page.goto("/questions/")


def question_reworded(scene: Scene) -> None:
    query = some_questions(scene)
    scene.come_as(Role.MANAGER)
    scene.page.goto(f"/questions/{query.pk}/")


def question_that_cannot_be_added(scene: Scene) -> None:
    scene.come_as(Role.MANAGER)
    scene.page.goto("/questions/new/")
    scene.press("Add the question")
    expect(scene.page.get_by_role("alert")).to_be_visible()


def catalogue_with_some_taken(scene: Scene) -> None:
    some_questions(scene)
    scene.come_as(Role.MANAGER)
    scene.page.goto("/questions/catalogue/?peril=hail&language=de")


def catalogue_with_none_ticked(scene: Scene) -> None:
    scene.come_as(Role.MANAGER)
    scene.page.goto("/questions/catalogue/")
    scene.press("Take those ticked")
    expect(scene.page.get_by_role("alert")).to_be_visible()


def claim_asked_in_a_language(scene: Scene) -> None:
    scene.open(make_claim(scene.carrier))
    scene.page.get_by_text("Language and closeness").click()


LOOKS: tuple[Look, ...] = (
    questions_none,
    questions_many,
    questions_read_only,
    question_reworded,
    question_that_cannot_be_added,
    catalogue_with_some_taken,
    catalogue_with_none_ticked,
    claim_asked_in_a_language,
)
