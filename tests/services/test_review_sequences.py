"""Whatever people do to a finding, in whatever order: nothing is lost, and all can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment import pipeline
from assessment.core.drawn import drawn
from assessment.core.vocabulary import DamageType, FindingSource, RejectReason, ReviewStatus
from assessment.models import Finding
from assessment.selectors.measuring import outline_of
from assessment.services.review import KEPT
from claims.models.numbering import next_number
from tests.services.steps import box, changed

pytestmark = [pytest.mark.django_db, pytest.mark.service]

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
DAMAGE = [kind for kind in DamageType if kind is not DamageType.NO_DAMAGE]
EDGES = st.integers(0, 99)
OUTLINES = st.builds(
    lambda left, top, wide, high: box(left, top, left + wide, top + high),
    EDGES,
    EDGES,
    st.integers(2, 99),
    st.integers(2, 99),
)
REVIEWS = st.sampled_from(ReviewStatus).flatmap(
    lambda review: st.fixed_dictionaries(
        {"review": st.just(review)},
        optional={"reason": st.sampled_from(RejectReason)}
        if review is ReviewStatus.REJECTED
        else {},
    )
)
CHANGES = st.one_of(
    REVIEWS,
    st.builds(lambda kind: {"damage_type": kind}, st.sampled_from(DAMAGE)),
    st.builds(lambda outline: {"outline": outline}, OUTLINES),
    st.just({"original": True}),
    st.builds(
        lambda review, kind, outline: {**review, "damage_type": kind, "outline": outline},
        REVIEWS,
        st.sampled_from(DAMAGE),
        OUTLINES,
    ),
)


def another(finding: Finding) -> Finding:
    """The same seen once more, untouched."""
    copy = Finding.objects.get(pk=finding.pk)
    copy.pk, copy._state.adding = None, True
    copy.number = next_number(finding.photo.findings.all())
    copy.save()
    return copy


def state_of(finding: Finding) -> dict[str, Any]:
    """All that a person can change, and what follows from it."""
    now = Finding.objects.get(pk=finding.pk)
    state = {name: getattr(now, name) for name in KEPT}
    return {**state, "polygon": bytes(now.polygon), "area_px": now.area_px, "share": now.share}


def inverse(before: Finding, change: dict[str, Any]) -> dict[str, Any]:
    """The change that takes another back, as the workbench makes it."""
    back: dict[str, Any] = {}
    if "review" in change:
        back["review"] = ReviewStatus(before.review)
        back["reason"] = RejectReason(before.reason) if before.reason else None
    if "damage_type" in change:
        back["damage_type"] = DamageType(before.damage_type)
    if change.keys() & {"outline", "original"}:
        corrected = before.edited
        back |= {"outline": outline_of(before)} if corrected else {"original": True}
    return back


@FEW
@given(changes=st.lists(CHANGES, max_size=6))
def test_changes_undone_one_by_one_end_where_they_began(seen, user, changes):
    finding = another(seen)
    start = state_of(finding)
    undo = []
    for change in changes:
        undo.append(inverse(Finding.objects.get(pk=finding.pk), change))
        changed(finding, user, **change)

    for change in reversed(undo):
        changed(finding, user, **change)

    assert state_of(finding) == start


@FEW
@given(changes=st.lists(CHANGES, min_size=1, max_size=6))
def test_every_change_is_a_revision_and_the_first_outline_is_never_lost(seen, user, changes):
    finding = another(seen)
    for change in changes:
        finding = changed(finding, user, **change)

    revisions = list(finding.revisions.order_by("number"))
    assert [each.number for each in revisions] == list(range(1, len(changes) + 2))
    assert bytes(revisions[0].polygon) == bytes(seen.polygon)
    last = {name: getattr(revisions[-1], name) for name in KEPT if name != "polygon"}
    assert last == {name: getattr(finding, name) for name in last}
    assert bytes(revisions[-1].polygon) == bytes(finding.polygon)
    assert bytes(changed(finding, user, original=True).polygon) == bytes(seen.polygon)


@FEW
@given(steps=st.lists(st.sampled_from(["outline", "removed", "restored"]), max_size=6))
def test_a_drawn_finding_counts_just_while_it_is_not_taken_back(photo, user, steps):
    finding = pipeline.finding_draw(
        photo=photo, outline=box(0, 0, 9, 9), damage_type=DamageType.DENT, by=user, op=None
    )
    for step in steps:
        finding.refresh_from_db()
        if step == "outline" and not finding.removed:
            changed(finding, user, outline=box(0, 0, 20, 20))
        if step != "outline" and finding.removed == (step == "restored"):
            changed(finding, user, removed=step == "removed")

    finding.refresh_from_db()
    moves = [step for step in steps if step != "outline"]
    assert finding.removed == (bool(moves) and moves[-1] == "removed")
    assert finding.source == FindingSource.PERSON
    assert finding.revision == finding.revisions.count()


@FEW
@given(outline=OUTLINES)
def test_what_was_drawn_is_what_is_kept(photo, user, outline):
    document = {"type": "MultiPolygon", "coordinates": _rings(outline)}
    finding = pipeline.finding_draw(
        photo=photo,
        outline=drawn(document, photo.width, photo.height),
        damage_type=DamageType.DENT,
        by=user,
        op=None,
    )

    finding.refresh_from_db()
    assert outline_of(finding).equals(outline)
    assert finding.area_px == pytest.approx(outline.area)


def _rings(outline) -> list[list[list[list[float]]]]:
    return [[[list(point) for point in part.exterior.coords]] for part in outline.geoms]
