"""The local engine on real photos, beside scikit-image's filters: python -m benchmarks.local.

Writes its part of benchmarks/RESULTS.md. The photos are no part of Eaves: where their folder isn't
there, it says so and measures nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from assessment.engines.base import Engine, EngineRefusedError, Request
from assessment.engines.registry import build
from assessment.evaluation import pairs
from assessment.evaluation.case import Case
from assessment.evaluation.measures import TOLERANCE_PX
from assessment.evaluation.trial import found_things
from assessment.evaluation.truth import patches_mask
from benchmarks import cracks
from benchmarks.results_page import RESULTS, put, table
from claims.evidence.derive import derive
from claims.evidence.upload import UploadRefusedError

DATA = Path(__file__).parents[2] / "shared" / "data"
TITLE = "The local engine"
QUESTIONS = ("cracks", "missing shingles", "water stains", "storm damage", "blue tarpaulins")
AFTER, BEFORE = "damage/joplin_tornado_post.tif", "area/joplin_pre_0.6m.tif"
OTHERS = ("area/*", "drone/*", "formats/*", "gemini/*", "c2pa/*-[AC].jpg", "c2pa/*-XCA.jpg")
ONE_OF_MANY = ("duplicates/aaa-orig.jpg", "duplicates/unrelated/*", "orientation/Landscape_1.jpg")
PHOTOS = frozenset({".jpg", ".jpeg", ".png", ".tif", ".heic", ".webp"})
ENOUGH, SEAMS = 1.5, 0.5
"""Times the better filter's F1 that the engine's is to reach, and the share of Sato's seams that it
may take for cracks."""
DEBRIS, INTACT = (0.25, 0.45), 0.02
"""Share of the tile after the tornado that is debris, and the most on the one before."""

Shares = Mapping[str, float | None]
"""By question; None where it was refused."""


class Goal(NamedTuple):
    """What is to be reached, and whether it is."""

    what: str
    goal: str
    result: str
    holds: bool


def shares(path: Path, engine: Engine) -> Shares:
    """What share of a photo is marked for each question."""
    photo = derive(path.read_bytes())
    marked = dict[str, float | None]()
    for question in QUESTIONS:
        try:
            answer = engine.ask(Request(photo.view, photo.width, photo.height, question))
        except EngineRefusedError:
            marked[question] = None
            continue
        found = found_things(engine.read(answer.text, photo.width, photo.height), photo)
        marked[question] = float(patches_mask(found, photo.width, photo.height).mean())
    return marked


def photos(data: Path) -> Iterator[Path]:
    """Photos that show no damage asked for, each scene once, and the tile after the tornado."""
    for pattern in (AFTER, *OTHERS, *ONE_OF_MANY):
        for path in sorted(data.glob(pattern)):
            if path.suffix.lower() in PHOTOS:
                yield path


def goals(totals: Mapping[str, cracks.Tally], marked: Mapping[str, Shares]) -> Iterator[Goal]:
    """Every goal beside its result, as far as its photos are there."""
    ours, *filters = (cracks.pooled_f1(total) for total in totals.values())
    yield Goal(
        "F1 of cracks, times the better filter's",
        f"at least {ENOUGH:g}",
        f"{ours / max(filters):.1f}",
        ours >= ENOUGH * max(filters),
    )
    own, sato, *_ = (total.seams_met / max(total.seams, 1) for total in totals.values())
    taken = f"{own:.1%} ({sato:.1%})"
    yield Goal("seams taken for cracks, of Sato's", "at most half", taken, own <= SEAMS * sato)
    if (debris := marked.get(AFTER, {}).get("storm damage")) is not None:
        low, high = DEBRIS
        wanted = f"{low:.0%} to {high:.0%}"
        yield Goal("debris after the tornado", wanted, f"{debris:.1%}", low <= debris <= high)
    if (intact := marked.get(BEFORE, {}).get("storm damage")) is not None:
        yield Goal("debris before it", f"under {INTACT:.0%}", f"{intact:.1%}", intact < INTACT)


def _cell(share: float | None) -> str:
    return "refused" if share is None else f"{share:.2%}" if share else "nothing"


def _page(totals: Mapping[str, cracks.Tally], marked: Mapping[str, Shares], count: int) -> str:
    reached = [(*goal[:3], "yes" if goal.holds else "**no**") for goal in goals(totals, marked)]
    whole = [(name, *map(_cell, each.values())) for name, each in marked.items()]
    return "\n\n".join(
        (
            "Measured on photos that are no part of Eaves; what is measured is said in "
            "[README.md](README.md).",
            table(("", "goal", "result", "holds"), reached),
            f"## Cracks on {count} photos, tolerance {TOLERANCE_PX:g} px, "
            f"scikit-image {version('scikit-image')}",
            table(cracks.HEADS, cracks.rows(totals)),
            "## Share marked on other photos; none but the first shows damage",
            table(("photo", *QUESTIONS), whole),
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=DATA, help="(default: %(default)s)")
    data, console = parser.parse_args().data, Console()
    cases = [each for each in pairs.cases(data / "damage" / "cracks") if isinstance(each, Case)]
    if not cases:
        console.print(f"{data} holds no damage/cracks: the local engine was not measured.")
        return
    console.print("The local engine on real photos: a minute or two.")
    methods = {cracks.EAVES: cracks.eaves, **cracks.peers()}
    totals, marked = cracks.measured(cases, methods), dict[str, Shares]()
    for path in photos(data):
        try:
            marked[str(path.relative_to(data))] = shares(path, build("local", {}))
        except UploadRefusedError as refusal:
            console.print(f"{path.name}: {refusal.happened}")
    put(TITLE, _page(totals, marked, len(cases)))
    console.print(f"Written to {RESULTS}.")
    for goal in goals(totals, marked):
        console.print("holds" if goal.holds else "MISSED", goal.what, goal.result, sep="  ")


if __name__ == "__main__":
    main()
