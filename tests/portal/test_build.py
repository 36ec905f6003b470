"""The committed front end is what its sources make, told without Node."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
DIST = ROOT / "portal" / "static" / "portal" / "dist"
BUILD = json.loads((DIST / "BUILD.json").read_text())
PACKAGE = json.loads((FRONTEND / "package.json").read_text())
PINNED: dict[str, str] = PACKAGE["devDependencies"]
LOCK = json.loads((FRONTEND / "package-lock.json").read_text())
REGISTRY = "https://registry.npmjs.org/"


def differences(folder: Path, present: set[str], recorded: Mapping[str, str]) -> list[str]:
    """A sentence for each file of a folder that is not as recorded (name -> SHA-256)."""

    def is_other(name: str) -> bool:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest() != recorded[name]

    return (
        [f"{name} is gone since the build." for name in sorted(recorded.keys() - present)]
        + [f"{name} is new since the build." for name in sorted(present - recorded.keys())]
        + [
            f"{name} has changed since the build."
            for name in sorted(present & recorded.keys())
            if is_other(name)
        ]
    )


def names_below(folder: Path, *, under: Path) -> set[str]:
    return {path.relative_to(under).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_source_is_the_one_that_was_built():
    sources = names_below(FRONTEND / "src", under=FRONTEND)
    sources |= {"build.mjs", "package.json", "package-lock.json"}
    assert differences(FRONTEND, sources, BUILD["sources"]) == []


def test_every_output_is_the_one_that_was_built():
    outputs = names_below(DIST, under=DIST) - {"BUILD.json"}
    assert differences(DIST, outputs, BUILD["outputs"]) == []


@pytest.fixture
def built(tmp_path: Path) -> dict[str, str]:
    for name in ("kept.js", "changed.js", "gone.js"):
        (tmp_path / name).write_text(name)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()}


def test_a_changed_a_missing_and_a_new_file_are_named(tmp_path: Path, built: dict[str, str]):
    (tmp_path / "changed.js").write_text("something else")
    (tmp_path / "gone.js").unlink()
    (tmp_path / "new.js").write_text("new")
    assert differences(tmp_path, names_below(tmp_path, under=tmp_path), built) == [
        "gone.js is gone since the build.",
        "new.js is new since the build.",
        "changed.js has changed since the build.",
    ]


def test_what_is_built_upon_is_pinned_exactly():
    pinned = {name: LOCK["packages"][f"node_modules/{name}"]["version"] for name in PINNED}
    assert pinned == PINNED


def test_the_lockfile_names_no_other_registry():
    sources = [package.get("resolved", REGISTRY) for package in LOCK["packages"].values()]
    assert [source for source in sources if not source.startswith(REGISTRY)] == []


def test_every_package_in_the_lockfile_has_its_checksum():
    packages = {name: package for name, package in LOCK["packages"].items() if name}
    assert [name for name, package in packages.items() if "integrity" not in package] == []


def shipped() -> list[str]:
    """The packages that the build says it takes something from."""
    listed = re.search(
        r"const SHIPPED = (\[.*?\]);", (FRONTEND / "build.mjs").read_text(), re.DOTALL
    )
    assert listed
    names: list[str] = json.loads(listed[1])
    return names


@pytest.mark.parametrize("name", shipped())
def test_the_licence_of_what_is_shipped_is_shipped(name: str):
    version = LOCK["packages"][f"node_modules/{name}"]["version"]
    assert f"\n{name} {version} (" in (DIST / "THIRD_PARTY.txt").read_text()


def test_all_that_scripts_are_built_upon_is_shipped_but_the_builder():
    assert PINNED.keys() - set(shipped()) == {"esbuild"}


def test_no_built_file_points_at_a_source_map():
    files = [path for path in DIST.iterdir() if path.suffix in {".js", ".css"}]
    assert [path.name for path in files if "sourceMappingURL" in path.read_text()] == []


def test_the_style_sheet_loads_nothing_else():
    assert re.findall(r"@import|url\(", (DIST / "portal.css").read_text()) == []
