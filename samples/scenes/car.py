"""The side of a car after a collision: two doors, both dented, one of them badly."""

from __future__ import annotations

import cv2
import numpy as np

from assessment.core.vocabulary import QueryKind
from samples import paint
from samples.sample import as_jpeg
from samples.scenes.scene import Question, Scene, Thing, Words
from samples.scenes.shapes import (
    Points,
    Polygon,
    blot,
    dim,
    disc,
    draw,
    lay,
    rectangle,
    share,
    write,
)

GROUND = 960
PAINTED: paint.Colour = (186, 190, 196)
BODY: Points = (
    (120, 900), (110, 760), (150, 690), (420, 620), (600, 430), (660, 400), (1080, 400),
    (1160, 430), (1330, 610), (1470, 650), (1500, 760), (1490, 900),
)  # fmt: skip
FRONT_DOOR: Points = ((560, 620), (560, 880), (850, 880), (850, 430), (640, 445))
REAR_DOOR: Points = ((862, 430), (862, 880), (1090, 880), (1170, 740), (1170, 620), (1100, 440))
PANES: tuple[Points, ...] = (
    ((592, 610), (834, 610), (834, 452), (655, 462)),
    ((878, 610), (1140, 610), (1084, 458), (878, 452)),
)
WHEELS = {"front tyre": 370, "rear tyre": 1270}
"""The middles across of the wheels, px."""
WHEEL_DOWN, TYRE, RIM = 890, 112, 70
DENTS = {
    "small dent": (640, 690, 34, 26),
    "large dent": (1010, 760, 92, 62),
    "dent in the wing": (1390, 720, 56, 36),
}
"""Centre, and half of the width and height, px."""
DOOR = Words("car door", "puerta del coche", "portière", "Autotür")
TYRE_LABEL = Words("tyre", "neumático", "pneu", "Reifen")
DENT = Words("dent", "abolladura", "bosse", "Delle")


def car(seed: int) -> Scene:
    """Draw the car."""
    rng = np.random.default_rng([seed, 14])
    picture = _yard(rng)
    _body(picture)
    dents = {name: blot(rng, *place) for name, place in DENTS.items()}
    for dent in dents.values():
        _dent(picture, dent)
    _scratches(picture, rng)
    for x in WHEELS.values():
        _wheel(picture, x)
    return Scene(
        name="car.jpg",
        jpeg=as_jpeg(paint.photograph(picture, rng)),
        width=paint.WIDTH,
        height=paint.HEIGHT,
        things={
            "front door": Thing(DOOR, (Polygon(FRONT_DOOR),)),
            "rear door": Thing(DOOR, (Polygon(REAR_DOOR),)),
            **{name: _tyre(x) for name, x in WHEELS.items()},
            **{name: Thing(DENT, (Polygon(dent),)) for name, dent in dents.items()},
        },
        questions=QUESTIONS,
    )


def _tyre(x: float) -> Thing:
    ring = Polygon(disc(x, WHEEL_DOWN, TYRE), (disc(x, WHEEL_DOWN, RIM),))
    return Thing(TYRE_LABEL, (ring,))


def _yard(rng: np.random.Generator) -> paint.Picture:
    wall = paint.shade(paint.plain((196, 186, 168)), 4 * paint.grain(rng, (4, 9)))
    tarmac = paint.shade(paint.plain((92, 92, 94)), 8 * paint.grain(rng, (2, 5)))
    wall[GROUND - 60 :] = tarmac[GROUND - 60 :]
    wall[GROUND - 64 : GROUND - 60] *= 0.6
    dim(wall, rectangle(150, 930, 1500, 1030), 0.4, 18)
    return wall


def _body(picture: paint.Picture) -> None:
    rows = np.linspace(0, 1, paint.HEIGHT, dtype=np.float32)[:, None, None]
    shine = 26 * np.exp(-(((rows - 0.56) / 0.05) ** 2)) - 70 * np.clip(rows - 0.6, 0, 1)
    metal = np.asarray(paint.plain(PAINTED) + shine, np.float32)
    picture[:] = paint.blend(picture, metal, share(BODY))
    for pane in PANES:
        lay(picture, pane, (48, 58, 66))
        (x, y), *_ = pane
        lay(
            picture,
            ((x + 60, y), (x + 110, y - 140), (x + 150, y - 140), (x + 100, y)),
            (84, 98, 108),
        )
    for door in (FRONT_DOOR, REAR_DOOR):
        _seam(picture, door)
    for right in (835, 1075):
        lay(picture, rectangle(right - 70, 646, right - 10, 662), (70, 74, 80))
    lay(picture, ((118, 730), (200, 690), (212, 730), (124, 770)), (242, 240, 220))
    lay(picture, ((1462, 680), (1492, 700), (1496, 770), (1470, 760)), (186, 40, 36))
    write(picture, "TAXI 27", 610, 810, 34)


def _seam(picture: paint.Picture, door: Points) -> None:
    line = np.zeros((paint.HEIGHT, paint.WIDTH), np.uint8)
    corners = [np.array(door, np.int32)]
    cv2.polylines(line, corners, isClosed=True, color=255, thickness=4, lineType=cv2.LINE_AA)
    picture *= 1 - 0.6 * line.astype(np.float32)[..., None] / 255


def _dent(picture: paint.Picture, dent: Points) -> None:
    """A hollow lit from above: dark under its upper rim, bright towards the lower one."""
    inside = share(dent, 2)
    lower = np.roll(share(dent, 10), 16, axis=0)
    picture *= (1 - inside * (0.55 * (1 - lower) + 0.12))[..., None]
    picture += (34 * inside * np.clip(lower - 0.75, 0, 1) * 4)[..., None]


def _scratches(picture: paint.Picture, rng: np.random.Generator) -> None:
    marks = np.zeros((paint.HEIGHT, paint.WIDTH), np.uint8)
    for row in rng.uniform(700, 830, 9):
        start = (round(rng.uniform(880, 930)), round(row))
        end = (round(rng.uniform(1060, 1100)), round(row + rng.uniform(-14, 14)))
        cv2.line(marks, start, end, 255, 2, cv2.LINE_AA)
    draw(picture, marks, (84, 88, 94))


def _wheel(picture: paint.Picture, x: float) -> None:
    dim(picture, disc(x, WHEEL_DOWN - 6, TYRE + 22), 0.3, 3)
    lay(picture, disc(x, WHEEL_DOWN, TYRE), (30, 30, 32))
    lay(picture, disc(x, WHEEL_DOWN, RIM), (168, 172, 178))
    for turn in np.arange(5) * 2 * np.pi / 5:
        lay(picture, disc(x + 42 * np.cos(turn), WHEEL_DOWN + 42 * np.sin(turn), 15), (58, 60, 64))
    lay(picture, disc(x, WHEEL_DOWN, 14), (110, 114, 120))


QUESTIONS = (
    Question(
        QueryKind.PLAIN,
        tuple(WHEELS),
        Words("tyres", "neumáticos", "pneus", "Reifen"),
    ),
    Question(
        QueryKind.COMPARATIVE,
        ("rear door",),
        Words(
            "the most damaged car door",
            "la puerta del coche más dañada",
            "la portière la plus endommagée",
            "die am stärksten beschädigte Autotür",
        ),
    ),
    Question(
        QueryKind.COMPARATIVE,
        ("small dent",),
        Words(
            "the smallest dent",
            "la abolladura más pequeña",
            "la plus petite bosse",
            "die kleinste Delle",
        ),
    ),
    Question(
        QueryKind.ORDERING,
        ("front tyre",),
        Words(
            "the first tyre from the left",
            "el primer neumático por la izquierda",
            "le premier pneu à partir de la gauche",
            "der erste Reifen von links",
        ),
    ),
    Question(
        QueryKind.RELATIONAL,
        ("dent in the wing",),
        Words(
            "the dent behind the rear wheel",
            "la abolladura detrás de la rueda trasera",
            "la bosse derrière la roue arrière",
            "die Delle hinter dem Hinterrad",
        ),
    ),
    Question(
        QueryKind.CONDITIONAL,
        (),
        Words(
            "car doors without dents",
            "puertas del coche sin abolladuras",
            "portières sans bosses",
            "Autotüren ohne Dellen",
        ),
    ),
    Question(
        QueryKind.TEXT,
        ("front door",),
        Words(
            "the car door with the word TAXI",
            "la puerta del coche con la palabra TAXI",
            "la portière où on lit le mot TAXI",
            "die Autotür mit dem Wort TAXI",
        ),
    ),
)
