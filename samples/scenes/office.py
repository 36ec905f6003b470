"""The ceiling of an office after a leak: stained tiles, a lamp, and a sign over the way out."""

from __future__ import annotations

import numpy as np

from assessment.core.vocabulary import QueryKind
from samples import paint
from samples.sample import as_jpeg
from samples.scenes.scene import Question, Scene, Thing, Words
from samples.scenes.shapes import Points, Polygon, blot, dim, lay, rectangle, share, write

ACROSS, DOWN, SIDE = 6, 4, 240
LEFT, GAP = 80, 12
CEILING = DOWN * SIDE
LAMP = (3, 1)
STAINED = {"b2": (62, 48), "c2": (92, 84), "e4": (44, 40)}
"""Half of the width and height of each stain by the tile that it is on, px."""
SIGN = (660, 1030, 940, 1120)
TILE = Words("ceiling tile", "placa de techo", "dalle de plafond", "Deckenplatte")
STAIN = Words("water stain", "mancha de agua", "tache d'eau", "Wasserfleck")


def office(seed: int) -> Scene:
    """Draw the ceiling; a tile is named by its column, a letter, and its row."""
    rng = np.random.default_rng([seed, 15])
    picture = _ceiling(rng)
    stains = {}
    for name, (across, down) in STAINED.items():
        left, top, right, foot = _place(name)
        stains[name] = blot(rng, (left + right) / 2, (top + foot) / 2, across, down)
        _stain(picture, stains[name])
    lamp = rectangle(*_place(_name(*LAMP)))
    _fittings(picture, lamp)
    tiles = [_name(a, b) for b in range(DOWN) for a in range(ACROSS) if (a, b) != LAMP]
    return Scene(
        name="office.jpg",
        jpeg=as_jpeg(paint.photograph(picture, rng)),
        width=paint.WIDTH,
        height=paint.HEIGHT,
        things={
            **{name: Thing(TILE, (Polygon(rectangle(*_place(name))),)) for name in tiles},
            **{f"stain {name}": Thing(STAIN, (Polygon(stain),)) for name, stain in stains.items()},
            "lamp": Thing(Words("lamp", "lámpara", "lampe", "Lampe"), (Polygon(lamp),)),
            "sign": Thing(
                Words("exit sign", "letrero de salida", "panneau de sortie", "Ausgangsschild"),
                (Polygon(rectangle(*SIGN)),),
            ),
        },
        questions=_questions(tuple(name for name in tiles if name not in STAINED)),
    )


def _name(across: int, down: int) -> str:
    return f"{'abcdef'[across]}{down + 1}"


def _place(name: str) -> tuple[float, float, float, float]:
    """Left, top, right and foot of a tile."""
    left, top = LEFT + "abcdef".index(name[0]) * SIDE, (int(name[1]) - 1) * SIDE
    half = GAP / 2
    return left + half, top + half, left + SIDE - half, top + SIDE - half


def _ceiling(rng: np.random.Generator) -> paint.Picture:
    picture = paint.shade(paint.plain((238, 238, 236)), paint.grain(rng, (9, 4)))
    wall = paint.shade(paint.plain((176, 190, 184)), 3 * paint.grain(rng, (4, 9)))
    for down in range(DOWN):
        for across in range(ACROSS):
            pits = np.clip(paint.clouds(rng, 5) - 1.4, 0, 1)
            tile = paint.shade(paint.plain((214, 212, 204)), np.asarray(-40 * pits, np.float32))
            place = share(rectangle(*_place(_name(across, down))))
            picture[:] = paint.blend(picture, tile, place)
    picture[:, :LEFT] = wall[:, :LEFT]
    picture[:, LEFT + ACROSS * SIDE :] = wall[:, LEFT + ACROSS * SIDE :]
    picture[CEILING:] = wall[CEILING:]
    picture[CEILING : CEILING + 10] *= 0.7
    return picture


def _stain(picture: paint.Picture, stain: Points) -> None:
    """Brown, and darkest at the rim, where the water dried last."""
    body, inner = share(stain, 3), share(stain, 14)
    depth = body * (0.85 - 0.45 * np.clip(inner * 2 - 1, 0, 1))
    brown = paint.plain((150, 104, 54))
    picture[:] = paint.blend(picture, brown, np.asarray(depth, np.float32))


def _fittings(picture: paint.Picture, lamp: Points) -> None:
    lay(picture, lamp, (255, 255, 250))
    (left, top), _, (right, foot), _ = lamp
    for x in np.linspace(left + 24, right - 24, 5):
        lay(picture, rectangle(x - 3, top + 8, x + 3, foot - 8), (206, 210, 212))
    left, top, right, foot = SIGN
    dim(picture, rectangle(left + 8, top + 8, right + 12, foot + 14), 0.7)
    lay(picture, rectangle(*SIGN), (234, 244, 236))
    lay(picture, rectangle(left + 8, top + 8, right - 8, foot - 8), (96, 190, 130))
    write(picture, "EXIT 4", left + 42, foot - 24, 42)


def _questions(sound: tuple[str, ...]) -> tuple[Question, ...]:
    return (
        Question(
            QueryKind.PLAIN,
            ("lamp",),
            Words("the lamp", "la lámpara", "la lampe", "die Lampe"),
        ),
        Question(
            QueryKind.CONDITIONAL,
            sound,
            Words(
                "ceiling tiles that are not stained",
                "placas de techo que no están manchadas",
                "dalles de plafond qui ne sont pas tachées",
                "Deckenplatten ohne Flecken",
            ),
        ),
        Question(
            QueryKind.RELATIONAL,
            ("c2",),
            Words(
                "the stained tile beside the lamp",
                "la placa manchada junto a la lámpara",
                "la dalle tachée à côté de la lampe",
                "die fleckige Platte neben der Lampe",
            ),
        ),
        Question(
            QueryKind.ORDERING,
            ("b1",),
            Words(
                "the second ceiling tile from the left in the top row",
                "la segunda placa por la izquierda de la fila superior",
                "la deuxième dalle à partir de la gauche de la rangée du haut",
                "die zweite Deckenplatte von links in der obersten Reihe",
            ),
        ),
        Question(
            QueryKind.COMPARATIVE,
            ("stain c2",),
            Words(
                "the largest water stain",
                "la mancha de agua más grande",
                "la plus grande tache d'eau",
                "der größte Wasserfleck",
            ),
        ),
        Question(
            QueryKind.ABSTRACT,
            tuple(f"stain {name}" for name in STAINED),
            Words("water damage", "daños por agua", "dégâts des eaux", "Wasserschäden"),
        ),
        Question(
            QueryKind.TEXT,
            ("sign",),
            Words(
                "the sign that reads EXIT",
                "el letrero que dice EXIT",
                "le panneau où on lit EXIT",
                "das Schild mit der Aufschrift EXIT",
            ),
        ),
    )
