"""Three houses in a row after a storm: numbers over their doors, and one roof torn open."""

from __future__ import annotations

import cv2
import numpy as np

from assessment.core.vocabulary import QueryKind
from samples import paint
from samples.sample import as_jpeg
from samples.scenes.scene import Question, Scene, Thing, Words
from samples.scenes.shapes import Points, Polygon, blot, dim, lay, rectangle, share, write

HOUSES = {"116": 60, "118": 580, "120": 1100}
"""The left edge of each wall by the number over its door, px."""
WALLS: dict[str, paint.Colour] = {
    "116": (206, 190, 160),
    "118": (166, 182, 190),
    "120": (196, 160, 142),
}
WIDTH, EAVE, RIDGE, FOOT = 440, 500, 260, 900
OVERHANG, INSET = 30, 90
LAWN = 900
HOUSE = Words("house", "casa", "maison", "Haus")
ROOF = Words("roof", "tejado", "toit", "Dach")
DAMAGE = Words(
    "weather damage on the roof",
    "daños por el temporal en el tejado",
    "dégâts de tempête sur le toit",
    "Sturmschaden am Dach",
)
TARPAULIN = Words("blue tarpaulin", "lona azul", "bâche bleue", "blaue Plane")
TORN = "118"


def street(seed: int) -> Scene:
    """Draw the street."""
    rng = np.random.default_rng([seed, 11])
    picture = _sky_and_ground(rng)
    hole = blot(rng, HOUSES[TORN] + 285, 400, 85, 52)
    for number, left in HOUSES.items():
        _house(picture, number, left, rng)
    _torn(picture, hole)
    cover = _tarpaulin(picture, HOUSES["120"])
    return Scene(
        name="street.jpg",
        jpeg=as_jpeg(paint.photograph(picture, rng)),
        width=paint.WIDTH,
        height=paint.HEIGHT,
        things={
            **{f"house {number}": _whole(left) for number, left in HOUSES.items()},
            **{f"roof {number}": _roof_thing(left) for number, left in HOUSES.items()},
            "hole": Thing(DAMAGE, (Polygon(hole),)),
            "tarpaulin": Thing(TARPAULIN, (Polygon(cover),)),
        },
        questions=QUESTIONS,
    )


def _roof(left: float) -> Points:
    right = left + WIDTH
    return (
        (left - OVERHANG, EAVE),
        (left + INSET, RIDGE),
        (right - INSET, RIDGE),
        (right + OVERHANG, EAVE),
    )


def _roof_thing(left: float) -> Thing:
    return Thing(ROOF, (Polygon(_roof(left)),))


def _whole(left: float) -> Thing:
    """Roof and wall in one outline."""
    lower, *ridge, upper = _roof(left)
    right = left + WIDTH
    foot = ((right, EAVE), (right, FOOT), (left, FOOT), (left, EAVE))
    return Thing(HOUSE, (Polygon((lower, *ridge, upper, *foot)),))


def _sky_and_ground(rng: np.random.Generator) -> paint.Picture:
    rows = np.linspace(0, 1, paint.HEIGHT, dtype=np.float32)[:, None, None]
    sky = np.array((150, 168, 190), np.float32) + rows * np.array((70, 60, 45), np.float32)
    picture = paint.shade(paint.plain((0, 0, 0)) + sky, 9 * paint.clouds(rng, 220))
    blades = cv2.GaussianBlur(paint.clouds(rng, 2), (0, 0), sigmaX=0.8, sigmaY=4)
    tone = 14 * blades / blades.std() + 8 * paint.clouds(rng, 70)
    picture[LAWN:] = paint.shade(paint.plain((92, 118, 62)), np.asarray(tone, np.float32))[LAWN:]
    road = paint.shade(paint.plain((104, 104, 106)), 6 * paint.grain(rng, (2, 5)))
    picture[1080:] = road[1080:]
    picture[1060:1080] = (178, 176, 170)
    return picture


def _house(picture: paint.Picture, number: str, left: int, rng: np.random.Generator) -> None:
    right = left + WIDTH
    wall = paint.shade(paint.plain(WALLS[number]), 3 * paint.grain(rng, (4, 2)))
    rows = np.arange(paint.HEIGHT)
    wall[rows % 24 < 2] *= 0.86
    picture[EAVE:FOOT, left:right] = wall[EAVE:FOOT, left:right]
    dim(picture, rectangle(left, EAVE, right, EAVE + 40), 0.72)
    _slope(picture, left, rng)
    for x in (left + 40, left + 300):
        _window(picture, x)
    _door(picture, left + 180, number)


def _slope(picture: paint.Picture, left: int, rng: np.random.Generator) -> None:
    tiles = paint.shade(paint.plain((120, 72, 58)), 8 * paint.grain(rng, (3, 6)))
    rows, columns = np.mgrid[: paint.HEIGHT, : paint.WIDTH]
    tiles *= np.where(rows % 18 < 3, 0.66, 1)[..., None]
    tiles *= np.where((columns + rows // 18 % 2 * 14) % 28 < 2, 0.8, 1)[..., None]
    picture[:] = paint.blend(picture, tiles, share(_roof(left)))
    lay(picture, rectangle(left - OVERHANG, EAVE - 10, left + WIDTH + OVERHANG, EAVE), (232,) * 3)


def _window(picture: paint.Picture, left: int) -> None:
    lay(picture, rectangle(left - 8, 592, left + 108, 748), (240, 240, 236))
    lay(picture, rectangle(left, 600, left + 100, 740), (64, 78, 92))
    lay(
        picture,
        ((left + 8, 740), (left + 50, 600), (left + 78, 600), (left + 36, 740)),
        (96, 112, 126),
    )
    lay(picture, rectangle(left + 47, 600, left + 53, 740), (240, 240, 236))


def _door(picture: paint.Picture, left: int, number: str) -> None:
    lay(picture, rectangle(left - 8, 652, left + 88, FOOT), (240, 240, 236))
    lay(picture, rectangle(left, 660, left + 80, FOOT), (88, 44, 40))
    lay(picture, rectangle(left - 4, 590, left + 84, 640), (246, 244, 238))
    write(picture, number, left + 2, 630, 30)


def _torn(picture: paint.Picture, hole: Points) -> None:
    """Battens, and behind them the dark of the attic."""
    attic = paint.plain((34, 28, 26))
    rows, columns = np.mgrid[: paint.HEIGHT, : paint.WIDTH]
    attic[rows % 36 < 9] = (150, 118, 82)
    attic[columns % 74 < 13] = (128, 98, 66)
    picture[:] = paint.blend(picture, attic, share(hole))


def _tarpaulin(picture: paint.Picture, left: int) -> Points:
    cover = ((left + 120, 300), (left + 290, 292), (left + 300, 430), (left + 104, 440))
    lay(picture, cover, (38, 92, 178))
    for step in range(4):
        x = left + 140 + 40 * step
        dim(picture, ((x, 302), (x + 10, 302), (x + 16, 428), (x + 2, 430)), 0.78, 3)
    return cover


QUESTIONS = (
    Question(
        QueryKind.PLAIN,
        ("house 116", "house 118", "house 120"),
        Words("houses", "casas", "maisons", "Häuser"),
    ),
    Question(
        QueryKind.TEXT,
        ("house 118",),
        Words(
            "the house with number 118",
            "la casa con el número 118",
            "la maison portant le numéro 118",
            "das Haus mit der Nummer 118",
        ),
    ),
    Question(
        QueryKind.TEXT,
        (),
        Words(
            "the house with number 122",
            "la casa con el número 122",
            "la maison portant le numéro 122",
            "das Haus mit der Nummer 122",
        ),
    ),
    Question(
        QueryKind.ABSTRACT,
        ("hole",),
        Words(
            "weather damage",
            "daños por el temporal",
            "dégâts dus aux intempéries",
            "Wetterschäden",
        ),
    ),
    Question(
        QueryKind.ABSTRACT,
        ("tarpaulin",),
        Words(
            "makeshift repairs",
            "reparaciones provisionales",
            "réparations de fortune",
            "behelfsmäßige Reparaturen",
        ),
    ),
    Question(
        QueryKind.RELATIONAL,
        ("roof 120",),
        Words(
            "the roof of the house to the right of number 118",
            "el tejado de la casa a la derecha del número 118",
            "le toit de la maison à droite du numéro 118",
            "das Dach des Hauses rechts von Nummer 118",
        ),
    ),
    Question(
        QueryKind.ORDERING,
        ("house 116",),
        Words(
            "the first house from the left",
            "la primera casa por la izquierda",
            "la première maison à partir de la gauche",
            "das erste Haus von links",
        ),
    ),
    Question(
        QueryKind.CONDITIONAL,
        ("roof 116", "roof 120"),
        Words(
            "roofs that are not torn open",
            "tejados que no están abiertos",
            "toits qui ne sont pas éventrés",
            "Dächer, die nicht aufgerissen sind",
        ),
    ),
)
