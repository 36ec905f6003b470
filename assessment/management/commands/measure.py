"""manage.py measure: the area of an outline in a photo, and a crack's length and width."""

from __future__ import annotations

import io
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table
from shapely import MultiPolygon

from assessment.core.boundary import hand_sd
from assessment.core.crack import LengthWidth, crack, length_and_width
from assessment.core.measure import Measured, area
from assessment.core.plane import Plane, ScaleError
from assessment.core.printable import TooUncertainError, printable
from assessment.core.units import three_digits
from assessment.management.given import look_at, read_photo
from assessment.management.outline_file import read_outline
from assessment.management.result_file import check_target, write_json
from assessment.management.scale_options import add_scale_options, misfit, plane_of
from claims.evidence.derive import derive
from claims.evidence.upload import UploadRefusedError

Json = dict[str, Any]

LENGTHS = {
    "length_m": "length",
    "longest_m": "longest",
    "width_m": "mean_width",
    "widest_m": "widest",
}
"""What is told of a crack: the key in the result, and where `LengthWidth` has it."""

NAMES = {
    "area_m2": "Area",
    "length_m": "Length, all branches",
    "longest_m": "Length, longest way",
    "width_m": "Width, on average",
    "widest_m": "Width, at most",
}

NOTHING = "The file outlines nothing, so there is nothing to measure. Export the outline once more."

PIPE_COLUMNS = 100


class Command(BaseCommand):
    help = (
        "Measure an outline in a photo: its area in square metres and, where it is ten times "
        "longer than wide, a crack's length and width in metres, each with its 95 % interval. "
        "Give one way to scale the photo; lengths are metres, places pixels of the upright photo. "
        "Exit status: 0 when measured, 3 when refused with a reason, 2 on bad usage."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("photo", type=Path, metavar="PHOTO")
        parser.add_argument(
            "--outline",
            type=Path,
            required=True,
            metavar="FILE.geojson",
            help="a geometry, Feature or FeatureCollection of polygons; they are measured as one",
        )
        add_scale_options(parser)
        parser.add_argument("--json", metavar="FILE|-", help="write the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        if fault := misfit(options):
            raise CommandError(fault, returncode=2)
        check_target(options["json"], (options["photo"], options["outline"]))
        result = _result(options)
        if options["json"]:
            write_json(result, options["json"], self.stdout)
        elif "refused" not in result:
            self.stdout.write(_printed(result, wide=self.stdout.isatty()))
        if "refused" in result:
            raise CommandError(result["refused"], returncode=3)


def _result(options: Json) -> Json:
    """What was measured, or why nothing was."""
    path: Path = options["photo"]
    try:
        look_at(path)
        data = read_photo(path)
        photo = derive(data)
        outline = _outline(options["outline"], photo.width, photo.height)
        plane = plane_of(options, data, photo)
        return _measures(outline, plane, hand_sd(photo.width, photo.height))
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.", returncode=2) from None
    except UploadRefusedError as refusal:
        return {"refused": f"{path}: {refusal.happened} {refusal.remedy}"}
    except ScaleError as error:
        return {"refused": str(error)}


def _outline(path: Path, width: int, height: int) -> MultiPolygon:
    try:
        return read_outline(path, width, height)
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.", returncode=2) from None
    except ValueError as error:
        raise CommandError(f"{path}: {error}", returncode=2) from None


def _measures(outline: MultiPolygon, plane: Plane, boundary_px: float) -> Json:
    if outline.is_empty:
        # An export that failed looks just like this, and would pass for an exact zero.
        return {"refused": NOTHING}
    whole = area(outline, plane, boundary_px=boundary_px)
    told: dict[str, Json | None] = {
        "area_m2": _told(whole, "m2", partial(area, outline, plane, boundary_px=0.0))
    }
    lines = crack(outline, plane, boundary_px=boundary_px)
    told |= _lengths(lines, partial(length_and_width, outline, plane, boundary_px=0.0))
    refusals = [each["refused"] for each in told.values() if each and "refused" in each]
    if len(refusals) == sum(each is not None for each in told.values()):
        return {"refused": refusals[0]}
    return {**told, "basis": whole.basis, "warnings": list(plane.warnings)}


def _lengths(lines: LengthWidth | None, sharp: Callable[[], LengthWidth]) -> dict[str, Json | None]:
    if lines is None:
        return dict.fromkeys(LENGTHS)

    def one(field: str) -> Json:
        return _told(getattr(lines, field), "m", lambda: getattr(sharp(), field))

    return {key: one(field) for key, field in LENGTHS.items()}


def _told(measured: Measured, unit: str, sharp: Callable[[], Measured]) -> Json:
    """A measure with its interval, or why it is not printed."""
    try:
        told = asdict(printable(measured, unit, sharp=sharp))
    except TooUncertainError as error:
        return {"refused": str(error)}
    return {key: told[key] for key in ("value", "low", "high")}


def _printed(result: Json, *, wide: bool) -> str:
    """The result for people."""
    table = Table("", "Median", "95 %", box=None)
    notes = [result["basis"], *result["warnings"]]
    for key, name in NAMES.items():
        unit = "m2" if key == "area_m2" else "m"
        match result[key]:
            case {"refused": sentence}:
                notes.append(f"{name}: {sentence}")
            case {"value": value, "low": low, "high": high}:
                span = f"{three_digits(low)} to {three_digits(high)}"
                table.add_row(name, f"{three_digits(value)} {unit}", span)
    console = Console(file=io.StringIO(), width=None if wide else PIPE_COLUMNS)
    with console.capture() as caught:
        console.print(table)
        for note in notes:
            console.print(note, markup=False, highlight=False)
    return caught.get().rstrip("\n")
