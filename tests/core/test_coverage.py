"""Every way of scaling, over two thousand scenes of known truth: 95 % intervals hold it in 95 %."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from assessment.core.camera import LENS_SD, LONGEST, WIDEST
from assessment.core.drone import (
    AERIAL_LENS_SD,
    ALTITUDE_SD_M,
    FOCAL_SD,
    STEADIED_SD_DEGREES,
    TARGET_SD_M,
    drone_plane,
)
from assessment.core.marker import CORNER_SD_PX
from assessment.core.plane import Plane, ScaleError
from assessment.core.rectangle import Rectangle, rectangle_plane
from assessment.core.scale import (
    CLICK_SD_PX,
    LENGTH_SD,
    PITCH_TWELFTHS,
    SQUARE_ON_DEGREES,
    ReferenceLine,
    gsd_plane,
    line_plane,
    sloped,
)
from claims.evidence.flight import Flight
from tests.core.scenes import (
    HEIGHT,
    WIDTH,
    Camera,
    Floats,
    area,
    blob,
    grown,
    interval,
    looking_at,
)

SCENES = 2000
BOUNDARY_PX = 5.0

Rng = np.random.Generator


def random_camera(rng: Rng, steepest: float) -> Camera:
    return looking_at(
        np.zeros(2),
        distance=rng.uniform(1.5, 8.0),
        tilt=rng.uniform(0, math.radians(steepest)),
        bearing=rng.uniform(0, 2 * math.pi),
        turn=rng.uniform(0, 2 * math.pi),
        focal_px=WIDTH * WIDEST * (LONGEST / WIDEST) ** rng.random(),
        bend=LENS_SD * rng.standard_normal(),
    )


def field(camera: Camera) -> float:
    """How wide the surface is that the camera sees, about, in metres."""
    return float(np.linalg.norm(camera.position) * camera.width / camera.focal_px)


def somewhere(rng: Rng, camera: Camera, make: Callable[[Floats], Floats]) -> Floats:
    """Something made around a random point, wholly within the picture."""
    while True:
        made = make(rng.uniform(-0.5, 0.5, 2) * field(camera))
        if camera.sees(made):
            return made


def damage_seen(rng: Rng, camera: Camera) -> Floats:
    radius = field(camera) * rng.uniform(0.05, 0.15)
    return somewhere(rng, camera, lambda middle: blob(rng, middle, radius))


def clicked(rng: Rng, points: Floats, sd: float = CLICK_SD_PX) -> Floats:
    return np.clip(points + sd * rng.standard_normal(points.shape), 0, [WIDTH, HEIGHT])


def told(rng: Rng, length: float) -> float:
    return length * (1 + LENGTH_SD * rng.standard_normal())


def by_line(rng: Rng) -> tuple[Plane, Camera, Floats]:
    camera = random_camera(rng, SQUARE_ON_DEGREES)
    length = field(camera) * rng.uniform(0.15, 0.4)
    angle = rng.uniform(0, math.pi)
    half = length / 2 * np.array([math.cos(angle), math.sin(angle)])
    ends = somewhere(rng, camera, lambda middle: np.array([middle - half, middle + half]))
    first, second = clicked(rng, camera.photo(ends))
    line = ReferenceLine(tuple(first), tuple(second), told(rng, length))
    return line_plane(line, WIDTH, HEIGHT), camera, damage_seen(rng, camera)


def by_rectangle(rng: Rng, corner_sd: float, smallest: float) -> tuple[Plane, Camera, Floats]:
    camera = random_camera(rng, 50.0)
    sides = field(camera) * rng.uniform(smallest, 0.35, 2)
    angle = rng.uniform(0, math.pi)
    turned = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    shape = (np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * sides) @ turned
    corners = clicked(
        rng, camera.photo(somewhere(rng, camera, lambda middle: middle + shape)), corner_sd
    )
    rectangle = Rectangle(corners, told(rng, sides[0]), told(rng, sides[1]))
    plane = rectangle_plane(rectangle, WIDTH, HEIGHT, corner_sd_px=corner_sd)
    return plane, camera, damage_seen(rng, camera)


def by_gsd(rng: Rng) -> tuple[Plane, Camera, Floats]:
    camera = looking_at(np.zeros(2), 1e5, 0.0, 0.0, 0.0, focal_px=1e5 / rng.uniform(0.05, 0.6))
    return gsd_plane(1e5 / camera.focal_px), camera, damage_seen(rng, camera)


def by_pitch(rng: Rng) -> tuple[Plane, Plumb, Floats]:
    """A slope that falls some way, seen from far above; the damage lies on the slope."""
    plan, camera, damage = by_gsd(rng)
    pitch = int(rng.integers(3, 15))
    rise = (pitch + PITCH_TWELFTHS * rng.uniform(-1, 1)) / 12
    falls = rng.uniform(0, math.pi)
    along = np.array([math.cos(falls), math.sin(falls)])
    plumb = damage + np.outer(damage @ along, along) * (1 / math.hypot(1, rise) - 1)
    return sloped(plan, pitch, 12), Plumb(camera, damage, plumb), damage


@dataclass(frozen=True)
class Plumb:
    """What a camera far above sees of a slope: its plan."""

    camera: Camera
    slope: Floats
    plan: Floats

    def photo(self, surface: Floats) -> Floats:
        assert surface is self.slope
        return self.camera.photo(self.plan)


def by_drone(rng: Rng) -> tuple[Plane, Camera, Floats]:
    """A drone that is not quite where it says, over a target that is not quite as high as told."""
    altitude, eave = rng.uniform(12, 60), rng.uniform(0, 6)
    depression, focal_mm = rng.uniform(40, 90), 8.8
    true_height = altitude - eave
    true_height += math.hypot(ALTITUDE_SD_M, TARGET_SD_M) * rng.standard_normal()
    off = STEADIED_SD_DEGREES * rng.standard_normal(2)
    down, roll = np.radians([depression + off[0], off[1]])
    ahead = np.array([0.0, -math.cos(down), math.sin(down)])
    level, back = np.array([1.0, 0.0, 0.0]), np.array([0.0, math.sin(down), math.cos(down)])
    right = math.cos(roll) * level + math.sin(roll) * back
    camera = Camera(
        position=np.array([0.0, true_height / math.tan(down), -true_height]),
        axes=np.array([right, np.cross(ahead, right), ahead]),
        focal_px=focal_mm / (13.2 / 5472) * (1 + FOCAL_SD * rng.standard_normal()),
        bend=AERIAL_LENS_SD * rng.standard_normal(),
        width=5472,
        height=3648,
    )
    flight = replace(FLIGHT, relative_altitude_m=altitude, pitch=-depression, focal_mm=focal_mm)
    plane = drone_plane(flight, 5472, 3648, above_target_m=eave)
    return plane, camera, damage_seen(rng, camera)


FLIGHT = Flight(
    make="DJI",
    model="FC6310",
    relative_altitude_m=None,
    above_ground_m=None,
    laser_m=None,
    pitch=None,
    roll=0.0,
    camera_yaw=None,
    flight_yaw=None,
    steadied=True,
    focal_mm=None,
    focal_px=None,
    pixel_mm=None,
    digital_zoom=None,
    stated_width=5472,
    stated_height=3648,
)

WAYS: dict[str, Callable[[Rng], tuple[Plane, Camera | Plumb, Floats]]] = {
    "line": by_line,
    "rectangle": lambda rng: by_rectangle(rng, CLICK_SD_PX, 0.1),
    "marker": lambda rng: by_rectangle(rng, CORNER_SD_PX, 0.02),
    "drone": by_drone,
    "gsd": by_gsd,
    "pitch": by_pitch,
}


@pytest.mark.parametrize("way", WAYS)
def test_an_interval_of_an_area_holds_the_truth_as_often_as_it_says(way):
    rng = np.random.default_rng(20_260_811)
    held = scenes = refused = 0
    while scenes < SCENES:
        try:
            plane, camera, damage = WAYS[way](rng)
        except ScaleError:
            refused += 1
            continue
        seen = grown(camera.photo(damage), BOUNDARY_PX * rng.standard_normal())
        low, high = interval(plane, seen, BOUNDARY_PX)
        scenes += 1
        held += low <= area(damage) <= high
    assert 0.93 <= held / scenes <= 0.97
    assert refused < scenes / 10
