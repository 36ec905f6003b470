"""Every kind of question in four languages, from a photo to findings, over the real client.

The photos are drawn, so that the findings can be held against the truth. Nothing here stands in
for a model's eye: the stand-in knows the answers, and what is tested is the way that they go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from statistics import mean

import pytest
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from assessment import pipeline
from assessment.core.vocabulary import Outcome, QueryKind
from assessment.models import Segmentation
from assessment.services.engines import engines_close
from claims.models import Claim
from samples.scenes import LANGUAGES, Question, Scene, draw_scenes
from standin.scenes import scenes_truth
from standin.server import Standin
from tests.factories import make_claim

pytestmark = [pytest.mark.django_db, pytest.mark.service]

LEAST = {"gemini-3.8-flash": 0.98, "gemini-2.5-flash": 0.98, "gemini-robotics-er-2-preview": 0.8}
"""gIoU of each kind that the model's form reaches at least: polygons and masks are off by the steps
of their grid, and a box is outlined in the photo, where the hole in a tyre is hard to tell. Seen
were 0.991, 0.993 and 0.86 at worst."""


@pytest.fixture(scope="module")
def scenes() -> Sequence[Scene]:
    return draw_scenes()


@pytest.fixture(scope="module")
def standin(scenes) -> Iterator[Standin]:
    with Standin(truth=scenes_truth(scenes)) as standin:
        yield standin


@pytest.fixture
def asked(standin, settings, carrier) -> Callable[..., Claim]:
    """A claim with the photo of a scene, of which all its questions were asked."""

    def ask(scene: Scene, model: str, *languages: str) -> Claim:
        gemini = {"model": model, "api_key": "k", "base_url": standin.url, "fallbacks": []}
        settings.EAVES_ENGINES = {"gemini": gemini}
        settings.EAVES_ENGINE = "gemini"
        engines_close()
        claim = make_claim(carrier)
        for question in scene.questions:
            for language in languages:
                pipeline.query_ask(claim=claim, text=question.words.in_each()[language], by=None)
        pipeline.photo_submit(claim=claim, data=scene.jpeg, name=scene.name, by=None)
        pipeline.work_off("")
        return claim

    return ask


def answer(claim: Claim, text: str) -> Segmentation:
    """The answer to a question, after it was surely answered."""
    segmentation = Segmentation.objects.get(photo__claim=claim, query__text=text)
    assert (segmentation.status, segmentation.lost) == (Outcome.ANSWERED, []), text
    return segmentation


def shown(claim: Claim, text: str) -> BaseGeometry:
    """All that the answer to a question shows."""
    sightings = answer(claim, text).sightings.all()
    return shapely.union_all([shapely.from_wkb(bytes(each.polygon)) for each in sightings])


def meant(scene: Scene, question: Question) -> BaseGeometry:
    polygons = [each for name in question.means for each in scene.things[name].polygons]
    return shapely.union_all([Polygon(each.outline, each.holes) for each in polygons])


def iou(one: BaseGeometry, other: BaseGeometry) -> float:
    either = one.union(other).area
    return float(one.intersection(other).area / either) if either else 1.0


@pytest.mark.parametrize(
    ("model", "languages"),
    [
        ("gemini-3.8-flash", LANGUAGES),
        ("gemini-2.5-flash", ("en",)),
        ("gemini-robotics-er-2-preview", ("de",)),
    ],
    ids=["polygons", "masks", "boxes"],
)
def test_every_kind_of_question_finds_what_it_means(asked, scenes, model, languages):
    agreement: dict[QueryKind, list[float]] = defaultdict(list)
    for scene in scenes:
        claim = asked(scene, model, *languages)
        for question in scene.questions:
            for language in languages:
                found = shown(claim, question.words.in_each()[language])
                agreement[question.kind].append(iou(found, meant(scene, question)))

    assert agreement.keys() == set(QueryKind)
    assert {
        kind: giou for kind in agreement if (giou := mean(agreement[kind])) < LEAST[model]
    } == {}


def test_each_thing_is_a_finding_of_its_own_in_whatever_language_it_was_asked_for(asked, scenes):
    (front,) = (scene for scene in scenes if scene.name == "front.jpg")
    (sound,) = (each for each in front.questions if len(each.means) == 3)

    claim = asked(front, "gemini-3.8-flash", "en", "es")

    told = sound.words.in_each()
    found = [
        {sighting.finding_id: sighting.label for sighting in answer(claim, text).sightings.all()}
        for text in (told["en"], told["es"])
    ]
    assert [set(labels.values()) for labels in found] == [{"window"}, {"ventana"}]
    assert found[0].keys() == found[1].keys()
    assert len(found[0]) == 3


def test_what_is_not_in_the_photo_is_answered_with_nothing(asked, scenes):
    claims = {scene.name: asked(scene, "gemini-3.8-flash", "fr") for scene in scenes}
    honest = [
        (claims[scene.name], question.words.fr)
        for scene in scenes
        for question in scene.questions
        if not question.means
    ]

    assert len(honest) == 4
    assert not any(answer(claim, text).sightings.exists() for claim, text in honest)
