"""Sample photos, drawn and not taken: nobody's roof, nobody's rights, and the truth is known."""

from __future__ import annotations

from samples.ceiling import stained_ceiling
from samples.elevation import sound_elevation
from samples.roof import missing_shingles
from samples.sample import Sample
from samples.wall import cracked_wall

__all__ = ["Sample", "draw_samples"]


def draw_samples(seed: int = 7) -> tuple[Sample, ...]:
    """Draw all sample photos; the same seed draws the same pictures."""
    scenes = (missing_shingles, cracked_wall, stained_ceiling, sound_elevation)
    return tuple(scene(seed) for scene in scenes)
