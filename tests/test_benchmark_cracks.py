"""What the benchmark of cracks measures with; scikit-image isn't needed for it."""

from __future__ import annotations

import numpy as np
from rich.console import Console

from assessment.evaluation import pairs
from assessment.evaluation.truth import Truth
from benchmarks.cracks import EAVES, eaves, measured, table, tally
from tests.evaluation.datasets import HEIGHT, WIDTH, labels, pair, split

NOTHING = np.zeros((HEIGHT, WIDTH), np.bool_)


def everywhere(_photo):
    return ~NOTHING


def nowhere(_photo):
    return NOTHING


def test_a_seam_is_marked_or_only_met():
    crack, seam = NOTHING.copy(), NOTHING.copy()
    crack[0], seam[20] = True, True
    beside = NOTHING.copy()
    beside[22] = True
    truth = Truth(crack, NOTHING, seam)
    on_it, near_it = tally(seam, truth, 0.0), tally(beside, truth, 0.0)
    assert (on_it.seams_marked, on_it.seams_met) == (WIDTH, WIDTH)
    assert (near_it.seams_marked, near_it.seams_met) == (0, WIDTH)


def test_pixels_of_all_photos_are_pooled(tmp_path):
    for name in ("one", "two"):
        pair(tmp_path, name, labels(look_alike=204))
    totals = measured(split(list(pairs.cases(tmp_path)))[0], {"all": everywhere, "none": nowhere})
    assert totals["all"].fit.marked == 2 * WIDTH * HEIGHT
    assert totals["all"].fit.seen == totals["all"].fit.there == 200
    assert totals["all"].seams_marked == totals["all"].seams == 6 * WIDTH
    assert (totals["none"].fit.marked, totals["none"].seams_met) == (0, 0)


def test_the_result_has_a_row_for_each_method(tmp_path):
    pair(tmp_path)
    console = Console(width=120)
    with console.capture() as caught:
        console.print(
            table(
                measured(split(list(pairs.cases(tmp_path)))[0], {EAVES: eaves, "all": everywhere})
            )
        )
    assert EAVES in caught.get()
    assert "100.0%" not in caught.get()  # there are no seams to mark
