"""manage.py read_answer: what a model's answer holds, and what of it could not be read."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table
from rich.text import Text
from shapely import MultiPolygon

from assessment.core.detection import Detection
from assessment.core.geojson import to_geojson
from assessment.core.measure import polygons, share
from assessment.core.polygons import outline
from assessment.engines.answer import LONGEST_TEXT, read_answer
from assessment.engines.base import GarbledAnswerError, Reading
from assessment.management.result_file import check_target, write_json
from claims.evidence.upload import MAX_SIDE

Json = dict[str, Any]

STANDARD_INPUT = "-"
MOST_BYTES = 4 * LONGEST_TEXT  # of any text that is read at all
PIPE_COLUMNS = 100


def size(text: str) -> tuple[int, int]:
    """Read WxH in pixels."""
    found = re.fullmatch(r"(\d{1,6})[xX](\d{1,6})", text, re.ASCII)
    sides = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(0 < side <= MAX_SIDE for side in sides):
        raise ArgumentTypeError(
            f'"{text}" is not a size: write WxH in pixels of the upright photo, as 4000x3000.'
        )
    return sides


class Command(BaseCommand):
    help = (
        "Read the text of a model's answer about a photo of a given size: what was found, its "
        "area in pixels, and a sentence for each thing that was lost. Asks nobody and keeps "
        "nothing. Exit status: 0 when read, 3 when nothing in it can be read, 2 on bad usage."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the answer; - for standard input")
        parser.add_argument(
            "--size", type=size, required=True, metavar="WxH", help="of the upright photo, pixels"
        )
        parser.add_argument("--json", metavar="FILE|-", help="write the result as JSON")

    def handle(
        self,
        *_args: Any,
        file: str,
        size: tuple[int, int],
        json: str | None,
        **_options: Any,
    ) -> None:
        check_target(json, [] if file == STANDARD_INPUT else [Path(file)])
        try:
            reading = read_answer(_text(file), *size)
        except GarbledAnswerError as error:
            result: Json = {"refused": error.message}
        else:
            result = _result(reading, *size)
        if json:
            write_json(result, json, self.stdout)
        elif "refused" not in result:
            self.stdout.write(_printed(result, wide=self.stdout.isatty()))
        if "refused" in result:
            raise CommandError(result["refused"], returncode=3)


def _text(file: str) -> str:
    try:
        if file == STANDARD_INPUT:
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(file).open("rb") as opened:
                data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}.", returncode=2) from None
    return data.decode("utf-8-sig", "replace")


def _result(reading: Reading, width: int, height: int) -> Json:
    outlines = list(outline(reading.detections, width, height))
    union = polygons(shapely.union_all(outlines))
    pairs = zip(reading.detections, outlines, strict=True)
    return {
        "detections": [_detection(each, shape, width, height) for each, shape in pairs],
        "total": _size(union, width, height),
        "lost": list(reading.lost),
    }


def _detection(detection: Detection, shape: MultiPolygon, width: int, height: int) -> Json:
    return {
        "label": detection.label,
        "form": detection.form,
        "approximate": detection.approximate,
        "box": list(detection.box),
        **_size(shape, width, height),
        "polygon": to_geojson(shape),
    }


def _size(shape: MultiPolygon, width: int, height: int) -> Json:
    return {"area_px": shape.area, "share": share(shape, width, height)}


def _printed(result: Json, *, wide: bool) -> str:
    """The result for people."""
    table = Table("Label", "Form", "Box: left, top, right, bottom", "Area", "Share", box=None)
    for each in result["detections"]:
        box = ", ".join(f"{side:.0f}" for side in each["box"])
        table.add_row(Text(each["label"]), each["form"], box, *_columns(each))
    if result["detections"]:
        table.add_row("All together", "", "", *_columns(result["total"]))
    console = Console(width=None if wide else PIPE_COLUMNS)
    with console.capture() as caught:
        console.print(table if result["detections"] else "Nothing was found.")
        for sentence in result["lost"]:
            console.print(sentence, markup=False, highlight=False)
    return caught.get().rstrip("\n")


def _columns(measured: Json) -> Sequence[str]:
    return f"{measured['area_px']:.0f} px", f"{measured['share']:.2%}"
