"""Cracks beside scikit-image's ridge filters: python -m benchmarks.cracks FOLDER.

The folder holds photos and label pictures of the same name (.png): 255 marks a crack, 204 a
planking seam, which only looks like one. Every method sees the same pixels, in one process, photo
by photo.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.table import Table

from assessment.engines.base import EngineRefusedError, Request
from assessment.engines.registry import build
from assessment.evaluation import pairs
from assessment.evaluation.case import Case, Fault
from assessment.evaluation.measures import TOLERANCE_PX, Fit, fit, near
from assessment.evaluation.score import f1
from assessment.evaluation.trial import found_things
from assessment.evaluation.truth import Mask, Truth, patches_mask, truth_of
from claims.evidence.derive import Derived, derive

EAVES = "local engine"


class Tally(NamedTuple):
    """What a method marked on one photo or several, in pixels, and its seconds of this process."""

    fit: Fit
    seams: int
    seams_marked: int
    seams_met: int
    seconds: float
    megapixels: float

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            Fit(*(a + b for a, b in zip(self.fit, other.fit, strict=True))),
            self.seams + other.seams,
            self.seams_marked + other.seams_marked,
            self.seams_met + other.seams_met,
            self.seconds + other.seconds,
            self.megapixels + other.megapixels,
        )


Method = Callable[[Derived], Mask]


def eaves(photo: Derived) -> Mask:
    """What the local engine's outlines cover; nothing where it refuses to judge."""
    engine = build("local", {})
    try:
        answer = engine.ask(Request(photo.view, photo.width, photo.height, "cracks"))
    except EngineRefusedError:
        return np.zeros((photo.height, photo.width), np.bool_)
    found = found_things(engine.read(answer.text, photo.width, photo.height), photo)
    return patches_mask(found, photo.width, photo.height)


def peers() -> Mapping[str, Method]:
    """scikit-image's filters for dark ridges, at their own settings, cut at Otsu's threshold."""
    from skimage.filters import frangi, sato, threshold_otsu

    def cut(ridges: NDArray[np.float64]) -> Mask:
        return np.asarray(ridges > threshold_otsu(ridges), np.bool_)

    return {
        "Sato + Otsu": lambda photo: cut(sato(_grey(photo), black_ridges=True)),
        "Frangi + Otsu": lambda photo: cut(frangi(_grey(photo), black_ridges=True)),
    }


def tally(marked: Mask, truth: Truth, seconds: float) -> Tally:
    """What is right of what was marked. A seam's pixels near a crack are nobody's."""
    seams = truth.look_alike & ~near(truth.target, TOLERANCE_PX)
    return Tally(
        fit(marked, truth.target, truth.ignored),
        int(seams.sum()),
        int((seams & marked).sum()),
        int((seams & near(marked, TOLERANCE_PX)).sum()),
        seconds,
        marked.size / 1e6,
    )


def measured(cases: Sequence[Case], methods: Mapping[str, Method]) -> dict[str, Tally]:
    """Each method over all photos: pixels and seconds are added up."""
    totals: dict[str, Tally] = {}
    for case in cases:
        photo = derive(case.photo.read_bytes())
        truth = truth_of(case.truth, photo.width, photo.height)
        for name, method in methods.items():
            start = time.process_time()
            marked = method(photo)
            one = tally(marked, truth, time.process_time() - start)
            totals[name] = totals[name].plus(one) if name in totals else one
    return totals


HEADS = (
    "method",
    "precision",
    "recall",
    "F1",
    "seam px marked",
    f"within {TOLERANCE_PX:g} px",
    "CPU s/MP",
)


def rows(totals: Mapping[str, Tally]) -> list[tuple[str, ...]]:
    """The cells of the result, a row for each method, under HEADS."""
    return [
        (
            name,
            f"{total.fit.right / max(total.fit.marked, 1):.2f}",
            f"{total.fit.seen / max(total.fit.there, 1):.2f}",
            f"{pooled_f1(total):.2f}",
            f"{total.seams_marked / max(total.seams, 1):.1%}",
            f"{total.seams_met / max(total.seams, 1):.1%}",
            f"{total.seconds / total.megapixels:.2f}",
        )
        for name, total in totals.items()
    ]


def pooled_f1(total: Tally) -> float:
    """F1 of the pixels of all photos together."""
    sums = {key: np.array([n], np.float64) for key, n in total.fit._asdict().items()}
    return float(f1(sums)[0])


def table(totals: Mapping[str, Tally]) -> Table:
    """The result for a terminal."""
    drawn = Table(*HEADS)
    for row in rows(totals):
        drawn.add_row(*row)
    return drawn


def _grey(photo: Derived) -> NDArray[np.float64]:
    with Image.open(BytesIO(photo.view)) as picture:
        return np.asarray(picture.convert("L"), np.float64) / 255


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    entries = list(pairs.cases(parser.parse_args().folder))
    console = Console()
    for fault in entries:
        if isinstance(fault, Fault):
            console.print(f"{fault.where}: {fault.what}", markup=False)
    cases = [entry for entry in entries if isinstance(entry, Case)]
    console.print(table(measured(cases, {EAVES: eaves, **peers()})))
    console.print(
        f"{len(cases)} photos, tolerance {TOLERANCE_PX:g} pixels, pixels of all photos pooled; "
        f"scikit-image {version('scikit-image')}."
    )


if __name__ == "__main__":
    main()
