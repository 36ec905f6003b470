"""Bands of confidence: what they promise holds of findings drawn from a known curve."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import MultiPolygon

from assessment.core.confidence import (
    DISPUTED_UNDER,
    EDGES,
    FEWEST,
    HIGH_FROM,
    LOW_UNDER,
    Block,
    Calibration,
    Reviewed,
    Sureness,
    calibrated,
    corrected_little,
    wilson,
)
from assessment.core.vocabulary import Confidence

Floats = NDArray[np.float64]
Curve = Callable[[Floats], Floats]

UNTIMED = settings(deadline=None)
ORDER = [Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH]
TIMES = 200
CURVES: dict[str, Curve] = {
    "steep": lambda agreement: 1 / (1 + np.exp((0.6 - agreement) / 0.07)),
    "proportional": lambda agreement: agreement,
    "good": lambda agreement: 1 / (1 + np.exp((0.4 - agreement) / 0.12)),
    "level": lambda agreement: np.full_like(agreement, 0.8),
    "at_the_limit_of_high": lambda agreement: np.full_like(agreement, HIGH_FROM),
    "at_the_limit_of_low": lambda agreement: np.full_like(agreement, LOW_UNDER),
}
"""The share of findings that are right, by how well their runs agree; none falls."""


def alike(agreement: float, *, right: int, wrong: int) -> list[Reviewed]:
    return [Reviewed(agreement, right=each) for each in [True] * right + [False] * wrong]


def outline(left: float, right: float) -> MultiPolygon:
    return MultiPolygon([shapely.box(left, 0, right, 100)])


def band(calibration: Calibration, agreement: float | None) -> Confidence:
    return calibration.sureness(agreement).band


def drawn(curve: Curve, count: int, seed: int) -> tuple[Floats, Calibration]:
    """Agreements as runs of one question may have them, and what their reviews calibrate."""
    draws = np.random.default_rng(seed)
    agreements = draws.beta(6, 2, count)
    right = draws.random(count) < curve(agreements)
    reviewed = [Reviewed(float(a), bool(r)) for a, r in zip(agreements, right, strict=True)]
    return agreements, calibrated(reviewed)


def lie_in(agreements: Floats, block: Block) -> NDArray[np.bool_]:
    return (agreements >= block.low) & (agreements < block.high)


def known(calibration: Calibration) -> Iterator[Block]:
    return (each for each in calibration.blocks if each.band is not Confidence.NOT_KNOWN)


@pytest.mark.parametrize("count", [300, 2000])
@pytest.mark.parametrize("name", CURVES)
def test_the_intervals_hold_the_true_share_in_about_95_of_100(name, count):
    curve, held = CURVES[name], []
    for seed in range(TIMES):
        agreements, calibration = drawn(curve, count, seed)
        for block in known(calibration):
            low, high = block.interval
            held.append(low <= curve(agreements[lie_in(agreements, block)]).mean() <= high)
    assert len(held) > TIMES
    assert 0.93 <= np.mean(held) <= 0.99


@pytest.mark.parametrize("count", [300, 2000])
@pytest.mark.parametrize("name", CURVES)
def test_new_findings_are_right_as_often_as_their_band_promises(name, count):
    curve, broken = CURVES[name], 0
    new = np.random.default_rng(1).beta(6, 2, 20_000)
    for seed in range(TIMES):
        _, calibration = drawn(curve, count, seed)
        for block in known(calibration):
            share = curve(new[lie_in(new, block)]).mean()
            broken += block.band is Confidence.HIGH and share < HIGH_FROM
            broken += block.band is Confidence.LOW and share > LOW_UNDER
    # Each end of a 95 % interval is passed in 2.5 of 100, and a calibration holds several blocks.
    assert broken <= 0.1 * TIMES


def test_with_enough_reviews_a_curve_that_rises_gets_all_three_bands():
    bands = {block.band for block in known(drawn(CURVES["proportional"], 2000, 1)[1])}
    assert bands == set(ORDER)


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [(44, 0, "high"), (40, 4, "medium"), (15, 29, "low"), (0, 44, "low"), (22, 22, "medium")],
)
def test_the_band_follows_from_the_interval(right, wrong, expected):
    assert band(calibrated(alike(0.85, right=right, wrong=wrong)), 0.85) == expected


def test_too_few_reviewed_findings_say_nothing_and_are_counted():
    few = calibrated(alike(0.85, right=FEWEST - 1, wrong=0)).sureness(0.85)
    assert few.band is Confidence.NOT_KNOWN
    assert few.block is not None
    assert (few.block.findings, few.block.right) == (FEWEST - 1, FEWEST - 1)


def test_reviews_of_findings_that_agreed_better_say_nothing_of_poor_ones():
    calibration = calibrated(alike(0.95, right=500, wrong=0))
    assert band(calibration, 0.95) is Confidence.HIGH
    assert band(calibration, 0.85) is Confidence.NOT_KNOWN


def test_what_was_asked_for_once_is_not_known_whatever_was_reviewed():
    sureness = calibrated(alike(0.9, right=500, wrong=0)).sureness(None)
    assert sureness == Sureness(None, None)
    assert sureness.band is Confidence.NOT_KNOWN
    assert not sureness.is_disputed


def test_neighbours_that_say_the_reverse_are_pooled_with_what_lies_between():
    reviewed = [
        *alike(0.65, right=50, wrong=0),
        *alike(0.75, right=3, wrong=2),
        *alike(0.85, right=40, wrong=10),
    ]
    block = calibrated(reviewed).sureness(0.75).block
    assert block is not None
    assert (block.low, block.high, block.findings, block.right) == (0.6, 0.9, 105, 93)


def test_high_holds_for_what_agrees_better_though_fewer_of_it_were_reviewed():
    reviewed = [*alike(0.85, right=950, wrong=50), *alike(0.95, right=42, wrong=2)]
    assert wilson(42, 44)[0] < HIGH_FROM
    assert band(calibrated(reviewed), 0.95) is Confidence.HIGH


def test_low_holds_for_what_agrees_worse_though_fewer_of_it_were_reviewed():
    reviewed = [*alike(0.3, right=21, wrong=23), *alike(0.55, right=500, wrong=500)]
    assert wilson(21, 44)[1] > LOW_UNDER
    assert band(calibrated(reviewed), 0.3) is Confidence.LOW


def rules_nothing_out(right: int, findings: int) -> bool:
    low, high = wilson(right, findings)
    return low < LOW_UNDER and high >= HIGH_FROM


def test_enough_findings_always_rule_a_band_out_and_one_fewer_do_not():
    def may_say_nothing(findings: int) -> bool:
        return any(rules_nothing_out(right, findings) for right in range(findings + 1))

    assert may_say_nothing(FEWEST - 1)
    assert not any(may_say_nothing(findings) for findings in range(FEWEST, 400))


@pytest.mark.parametrize(
    ("agreement", "expected"), [(DISPUTED_UNDER - 0.01, True), (DISPUTED_UNDER, False)]
)
def test_without_reviews_runs_are_taken_to_disagree_under_a_half(agreement, expected):
    assert calibrated([]).sureness(agreement).is_disputed is expected


@pytest.mark.parametrize(
    ("agreement", "right", "wrong", "expected"),
    [(0.75, 4, 96, True), (0.3, 99, 1, False), (0.3, 70, 30, False)],
)
def test_reviews_tell_better_than_a_bound_what_is_disputed(agreement, right, wrong, expected):
    calibration = calibrated(alike(agreement, right=right, wrong=wrong))
    assert calibration.sureness(agreement).is_disputed is expected


@pytest.mark.parametrize("agreement", [0.3, 0.55, 0.7, 0.75])
def test_what_agrees_worse_than_low_findings_is_disputed_though_few_were_reviewed(agreement):
    calibration = calibrated(alike(0.75, right=4, wrong=96))
    assert calibration.sureness(agreement).is_disputed
    assert not calibration.sureness(0.8).is_disputed


def test_full_agreement_of_low_findings_is_disputed():
    assert calibrated(alike(1.0, right=4, wrong=96)).sureness(1.0).is_disputed


@given(
    counts=st.lists(
        st.tuples(st.integers(0, 90), st.integers(0, 90)),
        min_size=len(EDGES) - 1,
        max_size=len(EDGES) - 1,
    )
)
@UNTIMED
def test_no_finding_is_disputed_for_agreeing_better(counts):
    middles = [(low + high) / 2 for low, high in pairwise(EDGES)]
    reviewed = [
        each
        for agreement, (right, wrong) in zip(middles, counts, strict=True)
        for each in alike(agreement, right=right, wrong=wrong)
    ]
    calibration = calibrated(reviewed)
    places = sorted({*EDGES, *middles})
    disputed = [calibration.sureness(each).is_disputed for each in places]
    assert disputed == sorted(disputed, reverse=True)
    for place, doubted in zip(places, disputed, strict=True):
        is_low = band(calibration, place) is Confidence.LOW
        assert doubted or not is_low
        assert not (doubted and band(calibration, place) is Confidence.HIGH)


def test_the_interval_of_a_share_is_that_of_the_books():
    # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


@pytest.mark.parametrize(
    ("corrected", "expected"),
    [
        (outline(0, 100), True),
        (outline(0, 75), True),
        (outline(0, 74), False),
        (outline(0, 134), False),
        (outline(200, 300), False),
        (MultiPolygon(), False),
    ],
)
def test_an_outline_was_right_if_a_person_left_three_quarters_of_it(corrected, expected):
    assert corrected_little(outline(0, 100), corrected) is expected


REVIEWED = st.lists(
    st.builds(
        lambda agreement, right, times: [Reviewed(agreement, right)] * times,
        st.floats(0, 1) | st.sampled_from(EDGES),
        st.booleans(),
        st.integers(1, 80),
    ),
    max_size=25,
).map(lambda groups: [each for group in groups for each in group])


@UNTIMED
@given(REVIEWED, st.floats(0, 1), st.floats(0, 1))
def test_better_agreement_is_never_less_sure(reviewed, one, other):
    calibration = calibrated(reviewed)
    bands = [band(calibration, each) for each in sorted((one, other))]
    if Confidence.NOT_KNOWN not in bands:
        assert ORDER.index(bands[0]) <= ORDER.index(bands[1])


@UNTIMED
@given(REVIEWED)
def test_the_blocks_lie_side_by_side_and_hold_every_review_once(reviewed):
    blocks = calibrated(reviewed).blocks
    assert (blocks[0].low, blocks[-1].high) == (EDGES[0], EDGES[-1])
    assert all(below.high == above.low for below, above in pairwise(blocks))
    assert sum(each.findings for each in blocks) == len(reviewed)
    assert sum(each.right for each in blocks) == sum(each.right for each in reviewed)


@UNTIMED
@given(REVIEWED)
def test_a_band_is_told_where_enough_was_reviewed_and_only_there(reviewed):
    for block in calibrated(reviewed).blocks:
        assert (block.band is Confidence.NOT_KNOWN) == (block.findings < FEWEST)
        low, high = block.interval
        assert 0 <= low <= high <= 1
        assert math.isnan(block.share) or low - 1e-12 <= block.share <= high + 1e-12


@UNTIMED
@given(REVIEWED)
def test_the_shares_of_known_blocks_never_fall(reviewed):
    shares = [block.share for block in known(calibrated(reviewed))]
    assert shares == sorted(shares)
