"""Pictures of the best and the worst cases: the photo, the truth and the answer outlined on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from assessment.evaluation.answers import Outcome
from assessment.evaluation.asking import Desk
from assessment.evaluation.trial import Sight, Trial, seen_again
from assessment.evaluation.truth import Mask, patches_mask

SHOWN = 5
"""Pictures of each sort."""
TRUTH, ANSWER, HALO = (240, 228, 66), (86, 180, 233), (10, 16, 24)
DASH = 6
"""Pixels of a dash, and between two."""
LINE, MARGIN, FONT_SIZE = 22, 8, 16

Pixels = NDArray[np.uint8]


def write_pictures(folder: Path, trials: Sequence[Trial], desk: Desk) -> list[Path]:
    """Draw the best and the worst of the answered cases that show or found something, into a folder
    that is there. Raises OSError where it can't be written.
    """
    paths = []
    for name, trial in _chosen(trials):
        path = folder / f"{name}.jpg"
        drawn(trial, seen_again(trial.case, desk)).save(path, quality=90)
        paths.append(path)
    return paths


def drawn(trial: Trial, sight: Sight) -> Image.Image:
    """The photo with the truth in a whole yellow line, the answer in a dashed blue one."""
    with Image.open(BytesIO(sight.photo.working)) as picture:
        pixels = np.array(picture.convert("RGB"), np.uint8)
    answer = patches_mask(sight.found, sight.photo.width, sight.photo.height)
    _outline(pixels, sight.truth.target, TRUTH, dashed=False)
    _outline(pixels, answer, ANSWER, dashed=True)
    return _captioned(pixels, trial)


def _chosen(trials: Sequence[Trial]) -> Iterator[tuple[str, Trial]]:
    telling = [each for each in trials if each.outcome is Outcome.ANSWERED and each.score.either]
    ranked = sorted(telling, key=lambda each: each.score.iou, reverse=True)
    best = ranked[: min(SHOWN, (len(ranked) + 1) // 2)]
    worst = ranked[len(best) :][::-1][:SHOWN]
    for sort, some in (("best", best), ("worst", worst)):
        for place, trial in enumerate(some, start=1):
            yield f"{sort}-{place}-{_file_name(trial.case.name)}", trial


def _file_name(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", name)[:60]


def _outline(pixels: Pixels, mask: Mask, colour: tuple[int, int, int], *, dashed: bool) -> None:
    height, width = pixels.shape[:2]
    small = cv2.resize(mask.astype(np.uint8) * 255, (width, height), interpolation=cv2.INTER_AREA)
    lines, _ = cv2.findContours((small > 0).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    for line in lines:
        points = np.asarray(line[:, 0], np.int32)
        if dashed:
            points = points[np.arange(len(points)) // DASH % 2 == 0]
        for thickness, ink in ((3, HALO), (1, colour)):
            _dots(pixels, points, thickness, ink)


def _dots(
    pixels: Pixels, points: NDArray[np.int32], thickness: int, ink: tuple[int, int, int]
) -> None:
    mask = np.zeros(pixels.shape[:2], np.uint8)
    mask[points[:, 1], points[:, 0]] = 1
    pixels[cv2.dilate(mask, np.ones((thickness, thickness), np.uint8)) > 0] = ink


def _captioned(pixels: Pixels, trial: Trial) -> Image.Image:
    height, width = pixels.shape[:2]
    page = Image.new("RGB", (max(width, 360), height + 2 * LINE + 2 * MARGIN), HALO)
    page.paste(Image.fromarray(pixels), (0, 0))
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(FONT_SIZE)
    top = height + MARGIN
    pen.text((MARGIN, top), f"{trial.case.question}: IoU {trial.score.iou:.2f}", "white", font)
    pen.text((MARGIN, top + LINE), "whole line: truth", TRUTH, font)
    pen.text((MARGIN + 170, top + LINE), "dashed line: answer", ANSWER, font)
    return page
