"""A roof slope with a chimney: shingles are gone in three places, and it was mended before."""

from __future__ import annotations

import cv2
import numpy as np

from assessment.core.vocabulary import QueryKind
from samples import paint
from samples.sample import as_jpeg
from samples.scenes.scene import Question, Scene, Thing, Words
from samples.scenes.shapes import Points, Polygon, blot, dim, lay, rectangle, share

COURSE, TAB = 33, 70
RIDGE, GUTTER = 150, 1120
CHIMNEY = (1040, 40, 1240, 600)
MASTIC = (1010, 600, 1270, 640)
PATCH = (560, 666, 910, 864)
"""New shingles, six courses of five tabs."""
GAPS = {
    "gap beside the chimney": (945, 480, 78, 62),
    "largest gap": (300, 830, 190, 120),
    "gap under the ridge": (620, 330, 84, 56),
}
"""Where shingles are gone: centre, and half of the width and height, px."""
MISSING = Words(
    "missing shingles", "tejas desprendidas", "bardeaux manquants", "fehlende Schindeln"
)


def slope(seed: int) -> Scene:
    """Draw the slope."""
    rng = np.random.default_rng([seed, 13])
    picture = _shingles(rng)
    gaps = {name: blot(rng, *place) for name, place in GAPS.items()}
    for gap in gaps.values():
        _torn(picture, gap, rng)
    _patch(picture, rng)
    _chimney(picture, rng)
    _edges(picture)
    repair = Words(
        "earlier repair", "reparación anterior", "ancienne réparation", "frühere Reparatur"
    )
    return Scene(
        name="slope.jpg",
        jpeg=as_jpeg(paint.photograph(picture, rng)),
        width=paint.WIDTH,
        height=paint.HEIGHT,
        things={
            **{name: Thing(MISSING, (Polygon(gap),)) for name, gap in gaps.items()},
            "new shingles": Thing(repair, (Polygon(rectangle(*PATCH)),)),
            "mastic": Thing(repair, (Polygon(rectangle(*MASTIC)),)),
            "chimney": Thing(
                Words("chimney", "chimenea", "cheminée", "Schornstein"),
                (Polygon(rectangle(*CHIMNEY)),),
            ),
            "sound covering": Thing(
                Words("roof covering", "cubierta", "couverture", "Dachdeckung"),
                (Polygon(_slope_outline(), (*gaps.values(),)),),
            ),
        },
        questions=QUESTIONS,
    )


def _slope_outline() -> Points:
    """The slope without what the chimney and the mastic at its foot hide of it."""
    left, _, right, foot = CHIMNEY
    outer_left, _, outer_right, lowest = MASTIC
    notch = ((right, RIDGE), (right, foot), (outer_right, foot), (outer_right, lowest))
    back = ((outer_left, lowest), (outer_left, foot), (left, foot), (left, RIDGE))
    ends = ((paint.WIDTH, RIDGE), (paint.WIDTH, GUTTER), (0, GUTTER), (0, RIDGE))
    return (*reversed(back), *reversed(notch), *ends)


def _shingles(rng: np.random.Generator, tone: paint.Colour = (112, 104, 98)) -> paint.Picture:
    rows, columns = np.mgrid[: paint.HEIGHT, : paint.WIDTH]
    course = rows // COURSE
    shifted = columns + course % 2 * (TAB // 2)
    tones = rng.normal(0, 9, (course.max() + 1, shifted.max() // TAB + 1)).astype(np.float32)
    picture = paint.shade(paint.plain(tone), tones[course, shifted // TAB])
    picture = paint.shade(picture, 7 * paint.grain(rng, (2, 4)) + 4 * paint.clouds(rng, 240))
    lap = np.where(rows % COURSE < 5, 0.5 + 0.08 * (rows % COURSE), 1)
    slot = np.where(shifted % TAB < 3, 0.55, 1)
    return np.asarray(picture * (lap * slot)[..., None], np.float32)


def _torn(picture: paint.Picture, gap: Points, rng: np.random.Generator) -> None:
    """The boards below, in the shadow of what is left above them."""
    veins = cv2.GaussianBlur(paint.clouds(rng, 3), (0, 0), sigmaX=24, sigmaY=0.8)
    boards = paint.shade(paint.plain((194, 160, 112)), 8 * veins / veins.std())
    boards[np.arange(paint.HEIGHT) % 96 < 4] *= 0.5
    boards *= 1 - 0.45 * np.roll(1 - share(gap, 7), 8, axis=0)[..., None]
    picture[:] = paint.blend(picture, np.asarray(boards, np.float32), share(gap))


def _patch(picture: paint.Picture, rng: np.random.Generator) -> None:
    fresh = _shingles(rng, (62, 70, 84))
    picture[:] = paint.blend(picture, fresh, share(rectangle(*PATCH)))


def _chimney(picture: paint.Picture, rng: np.random.Generator) -> None:
    left, top, right, foot = CHIMNEY
    dim(
        picture,
        ((right, top + 120), (right + 90, top + 200), (right + 90, foot), (right, foot)),
        0.6,
    )
    rows, columns = np.mgrid[: paint.HEIGHT, : paint.WIDTH]
    bricks = paint.shade(paint.plain((158, 84, 66)), 8 * paint.grain(rng, (3, 9)))
    joints = (rows % 22 < 3) | ((columns + rows // 22 % 2 * 25) % 50 < 3)
    bricks[joints] = (190, 180, 168)
    picture[:] = paint.blend(picture, bricks, share(rectangle(*CHIMNEY)))
    lay(picture, rectangle(left, top, right, top + 34), (150, 148, 144))
    lay(picture, rectangle(left + 40, top, right - 40, top + 14), (40, 38, 38))
    lay(picture, rectangle(left, foot - 30, right, foot), (122, 128, 134))
    lay(picture, rectangle(*MASTIC), (22, 22, 24))


def _edges(picture: paint.Picture) -> None:
    """Sky above the ridge, leaving the chimney, and a gutter along the eave."""
    sky = np.array((176, 192, 212), np.float32)
    left, top, right, _ = CHIMNEY
    picture[:top] = sky
    picture[:RIDGE, :left] = sky
    picture[:RIDGE, right:] = sky
    picture[RIDGE - 14 : RIDGE, :left] = (92, 86, 82)
    picture[RIDGE - 14 : RIDGE, right:] = (92, 86, 82)
    across = np.linspace(0, 1, paint.HEIGHT - GUTTER, dtype=np.float32)
    picture[GUTTER:] = (208 - 90 * (across - 0.3) ** 2)[:, None, None]
    picture[GUTTER - 8 : GUTTER] *= 0.5


QUESTIONS = (
    Question(
        QueryKind.PLAIN,
        tuple(GAPS),
        Words("missing shingles", "tejas que faltan", "bardeaux manquants", "fehlende Schindeln"),
    ),
    Question(
        QueryKind.RELATIONAL,
        ("gap beside the chimney",),
        Words(
            "the missing shingles beside the chimney",
            "las tejas que faltan junto a la chimenea",
            "les bardeaux manquants à côté de la cheminée",
            "die fehlenden Schindeln neben dem Schornstein",
        ),
    ),
    Question(
        QueryKind.ORDERING,
        ("gap under the ridge",),
        Words(
            "the second gap in the shingles from the left",
            "el segundo hueco entre las tejas por la izquierda",
            "le deuxième trou dans les bardeaux à partir de la gauche",
            "die zweite Lücke in den Schindeln von links",
        ),
    ),
    Question(
        QueryKind.COMPARATIVE,
        ("largest gap",),
        Words(
            "the largest gap in the shingles",
            "el hueco más grande entre las tejas",
            "le plus grand trou dans les bardeaux",
            "die größte Lücke in den Schindeln",
        ),
    ),
    Question(
        QueryKind.CONDITIONAL,
        ("sound covering",),
        Words(
            "roof covering that is not torn off",
            "cubierta que no está arrancada",
            "couverture qui n'est pas arrachée",
            "Dachdeckung, die nicht abgerissen ist",
        ),
    ),
    Question(
        QueryKind.ABSTRACT,
        ("new shingles", "mastic"),
        Words(
            "signs of earlier repair",
            "señales de una reparación anterior",
            "traces d'une réparation antérieure",
            "Spuren einer früheren Reparatur",
        ),
    ),
    Question(
        QueryKind.ABSTRACT,
        (),
        Words("fire damage", "daños por fuego", "dégâts d'incendie", "Brandschäden"),
    ),
)
