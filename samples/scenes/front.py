"""The front of a house: four windows, one of them broken, a door and a meter with its label."""

from __future__ import annotations

import cv2
import numpy as np

from assessment.core.vocabulary import QueryKind
from samples import paint
from samples.sample import as_jpeg
from samples.scenes.scene import Question, Scene, Thing, Words
from samples.scenes.shapes import Points, Polygon, blot, dim, draw, lay, rectangle, share, write

LEFTS = (100, 390, 990, 1290)
"""The left edges of the windows, px."""
WIDTH, TOP, FOOT, FRAME = 210, 300, 640, 14
BROKEN = 1
DOOR = (690, 380, 890, 1010)
METER = (1000, 720, 1160, 960)
LABEL = (1020, 890, 1140, 930)
GROUND = 1010
WINDOW = Words("window", "ventana", "fenêtre", "Fenster")
GLASS = Words("broken glass", "cristal roto", "vitre brisée", "zerbrochenes Glas")


def front(seed: int) -> Scene:
    """Draw the front."""
    rng = np.random.default_rng([seed, 12])
    picture = _wall(rng)
    for left in LEFTS:
        _window(picture, left)
    hole = blot(rng, LEFTS[BROKEN] + 105, 420, 66, 82)
    _broken(picture, hole)
    _door(picture)
    _meter(picture)
    door = Words("door", "puerta", "porte", "Tür")
    label = Words("label", "etiqueta", "étiquette", "Schild")
    return Scene(
        name="front.jpg",
        jpeg=as_jpeg(paint.photograph(picture, rng)),
        width=paint.WIDTH,
        height=paint.HEIGHT,
        things={
            **{f"window {n}": _window_thing(left) for n, left in enumerate(LEFTS, start=1)},
            "broken glass": Thing(GLASS, (Polygon(hole),)),
            "door": Thing(door, (Polygon(rectangle(*DOOR)),)),
            "label": Thing(label, (Polygon(rectangle(*LABEL)),)),
        },
        questions=QUESTIONS,
    )


def _outer(left: float) -> Points:
    return rectangle(left - FRAME, TOP - FRAME, left + WIDTH + FRAME, FOOT + FRAME)


def _window_thing(left: float) -> Thing:
    return Thing(WINDOW, (Polygon(_outer(left)),))


def _wall(rng: np.random.Generator) -> paint.Picture:
    """Bricks, a plinth and a pavement."""
    rows, columns = np.mgrid[: paint.HEIGHT, : paint.WIDTH]
    course = rows // 26
    column = (columns + course % 2 * 36) // 72
    tones = rng.normal(0, 9, (course.max() + 1, column.max() + 1)).astype(np.float32)
    bricks = paint.shade(paint.plain((164, 96, 78)), tones[course, column])
    mortar = (rows % 26 < 4) | ((columns + course % 2 * 36) % 72 < 4)
    bricks[mortar] = (186, 176, 162)
    picture = paint.shade(bricks, 5 * paint.grain(rng, (2, 5)) + 3 * paint.clouds(rng, 300))
    stone = paint.shade(paint.plain((148, 144, 138)), 6 * paint.grain(rng, (3, 8)))
    picture[GROUND - 40 :] = stone[GROUND - 40 :]
    picture[GROUND - 40 : GROUND - 34] *= 0.6
    picture[GROUND:] *= 0.84
    return picture


def _window(picture: paint.Picture, left: int) -> None:
    dim(picture, rectangle(left - 6, TOP, left + WIDTH + 24, FOOT + 26), 0.66)
    lay(picture, _outer(left), (240, 240, 234))
    lay(picture, rectangle(left, TOP, left + WIDTH, FOOT), (70, 86, 102))
    sheen = ((left + 20, FOOT), (left + 110, TOP), (left + 165, TOP), (left + 75, FOOT))
    lay(picture, sheen, (104, 122, 138))
    lay(picture, rectangle(left, 540, left + WIDTH, 554), (240, 240, 234))


def _broken(picture: paint.Picture, hole: Points) -> None:
    """The dark of the room behind what is gone, its rim bright, cracks running away from it."""
    middle = np.mean(np.array(hole), axis=0)
    cracks = np.zeros((paint.HEIGHT, paint.WIDTH), np.uint8)
    for x, y in hole[::5]:
        end = middle + (np.array((x, y)) - middle) * 1.35
        start = (round(x), round(y))
        cv2.line(cracks, start, (round(end[0]), round(end[1])), 255, 2, cv2.LINE_AA)
    left = LEFTS[BROKEN]
    pane = share(rectangle(left, TOP, left + WIDTH, 540))
    draw(picture, np.asarray(cracks * pane, np.uint8), (206, 216, 222))
    lay(picture, hole, (16, 17, 20))
    rim = np.zeros_like(cracks)
    corners = [np.rint(np.array(hole)).astype(np.int32)]
    cv2.polylines(rim, corners, isClosed=True, color=255, thickness=3, lineType=cv2.LINE_AA)
    draw(picture, rim, (214, 224, 230))


def _door(picture: paint.Picture) -> None:
    left, top, right, foot = DOOR
    dim(picture, rectangle(left, top, right + 24, foot), 0.66)
    lay(picture, rectangle(*DOOR), (238, 238, 232))
    lay(picture, rectangle(left + 14, top + 14, right - 14, foot), (44, 82, 70))
    for row in (top + 50, top + 250, top + 450):
        lay(picture, rectangle(left + 40, row, right - 40, row + 140), (36, 70, 60))
    lay(picture, rectangle(right - 36, top + 330, right - 24, top + 390), (206, 186, 120))


def _meter(picture: paint.Picture) -> None:
    left, top, right, _ = METER
    dim(picture, rectangle(left + 8, top + 8, right + 12, METER[3] + 12), 0.6)
    lay(picture, rectangle(*METER), (206, 208, 206))
    lay(picture, rectangle(left + 10, top + 10, right - 10, METER[3] - 10), (190, 193, 192))
    lay(picture, rectangle(left + 28, top + 30, right - 28, top + 90), (28, 30, 32))
    lay(picture, rectangle(left + 34, top + 42, right - 34, top + 78), (222, 226, 214))
    write(picture, "04711", left + 36, top + 70, 17)
    lay(picture, rectangle(*LABEL), (244, 218, 80))
    write(picture, "GAS 27", LABEL[0] + 8, LABEL[3] - 10, 18)


QUESTIONS = (
    Question(
        QueryKind.PLAIN,
        ("broken glass",),
        Words("broken glass", "cristales rotos", "verre brisé", "zerbrochenes Glas"),
    ),
    Question(
        QueryKind.ORDERING,
        ("window 2",),
        Words(
            "the second window from the left",
            "la segunda ventana por la izquierda",
            "la deuxième fenêtre à partir de la gauche",
            "das zweite Fenster von links",
        ),
    ),
    Question(
        QueryKind.RELATIONAL,
        ("window 3",),
        Words(
            "the window just to the right of the door",
            "la ventana justo a la derecha de la puerta",
            "la fenêtre juste à droite de la porte",
            "das Fenster gleich rechts neben der Tür",
        ),
    ),
    Question(
        QueryKind.COMPARATIVE,
        ("window 2",),
        Words(
            "the most damaged window",
            "la ventana más dañada",
            "la fenêtre la plus endommagée",
            "das am stärksten beschädigte Fenster",
        ),
    ),
    Question(
        QueryKind.CONDITIONAL,
        ("window 1", "window 3", "window 4"),
        Words(
            "windows that are not broken",
            "ventanas que no están rotas",
            "fenêtres qui ne sont pas cassées",
            "Fenster, die nicht zerbrochen sind",
        ),
    ),
    Question(
        QueryKind.CONDITIONAL,
        (),
        Words(
            "windows that are boarded up",
            "ventanas tapiadas con tablas",
            "fenêtres condamnées par des planches",
            "Fenster, die mit Brettern vernagelt sind",
        ),
    ),
    Question(
        QueryKind.TEXT,
        ("label",),
        Words(
            "the meter's label",
            "la etiqueta del contador",
            "l'étiquette du compteur",
            "das Schild des Zählers",
        ),
    ),
)
