"""How much more memory a method needs at its peak than before it began, in a fresh process.

    python -m benchmarks.outlines.memory masks|polygons METHOD SMALL_ANSWER ANSWER

Linux only: the peak is the kernel's own (VmHWM). It is reset before the measured call, or a peak
of the start-up, or of the process that started this one, would hide it.
"""

from __future__ import annotations

import gc
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.outlines.methods import MASKS, POLYGONS

KIB_PER_MIB = 1024


def growth(kind: str, name: str, small: Path, answer: Path) -> float:
    """MiB that a method needs for an answer, after it has warmed up on a small one."""
    command = [sys.executable, "-m", __name__, kind, name, str(small), str(answer)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return float(done.stdout)


def _grown(kind: str, name: str, small: str, answer: str) -> float:
    method = {"masks": MASKS, "polygons": POLYGONS}[kind][name]
    text = Path(answer).read_text(encoding="utf-8")
    method(Path(small).read_text(encoding="utf-8"))
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    before = _status("VmRSS")
    method(text)
    return (_status("VmHWM") - before) / KIB_PER_MIB


def _status(field: str) -> int:
    """A field of the kernel's account of this process, in KiB."""
    found = re.search(rf"{field}:\s*(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    if found is None:
        raise RuntimeError(f"The kernel doesn't say {field}.")
    return int(found[1])


if __name__ == "__main__":
    sys.stdout.write(f"{_grown(*sys.argv[1:])}\n")
