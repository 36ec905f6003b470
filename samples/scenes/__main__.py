"""Write the scenes into a folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from samples.scenes import draw_scenes
from samples.scenes.export import write_scenes


def main(arguments: list[str] | None = None) -> int:
    """Draw and write. The return value is the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m samples.scenes",
        description="Write drawn photos of an insurance file, what is true of them for the "
        "stand-in (truth.json), and a dataset for evaluate --format converseg (items.json).",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="made where it is missing")
    parser.add_argument("--seed", type=int, default=7, help="another one draws other pictures")
    chosen = parser.parse_args(arguments)
    scenes = draw_scenes(chosen.seed)
    try:
        write_scenes(chosen.folder, scenes)
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}.")
    questions = sum(len(scene.questions) for scene in scenes)
    sys.stdout.write(f"{len(scenes)} photos, {questions} questions: {chosen.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
