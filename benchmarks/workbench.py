"""How soon a photo is ready on the workbench, and how well it follows the hand.

    python -m benchmarks.workbench --runs 3

Draws a photo of 12 megapixels, once with 60 findings of 200 points on it and once with 1 000, in a
data folder of its own that goes when it is done; starts the web server as `manage.py run` does and
drives Chromium over it, with real movements of the mouse to drag a point, and one a frame to pan.
A busy machine shows in every number, so its load is told with them.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="eaves-benchmark-"))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "EAVES_DATA_DIR": str(FOLDER),
    "EAVES_ENV_FILE": os.devnull,
    "LOG_LEVEL": "ERROR",
}

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
import shapely  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from shapely import MultiPolygon  # noqa: E402

from assessment import pipeline  # noqa: E402
from assessment.core.scale import ReferenceLine  # noqa: E402
from assessment.core.vocabulary import (  # noqa: E402
    AnswerForm,
    DamageType,
    FindingSource,
    Outcome,
)
from assessment.management.embedded import database_ready  # noqa: E402
from assessment.models import DamageQuery, Finding, Segmentation, Sighting  # noqa: E402
from claims.models import Carrier, Claim, Membership, Photo, Role, User  # noqa: E402
from claims.services import ClaimFacts  # noqa: E402
from config.address import Address  # noqa: E402
from config.supervisor import Supervisor, web_command  # noqa: E402

WIDTH, HEIGHT = 4000, 3000
POINTS = 200
# Findings, and how large they are, in pixels from the middle: with many, they are small.
SIZES = {60: (70.0, 260.0), 1000: (25.0, 90.0)}
READY_MS, LAG_MS, PAN_FPS = 2500.0, 50.0, 40.0
PATIENCE_MS = 60_000
STARTED_SECONDS = 30.0
STEPS, PAN_SECONDS = 60, 4.0

# The same photo and findings every time.
CHANCE = np.random.default_rng(1)

# A frame counts as painted when something was drawn on a canvas since the last one. The lag of a
# movement goes from the event to the end of the frame that follows it.
WATCH = """() => {
  const seen = { frames: [], lags: [] };
  let isDrawn = false;
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (...what) {
    isDrawn = true;
    return draw.apply(this, what);
  };
  const tick = (at) => {
    if (isDrawn) seen.frames.push(at);
    isDrawn = false;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  const afterFrame = (event) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => seen.lags.push(performance.now() - event.timeStamp);
    port2.postMessage(0);
  };
  const moved = (event) => requestAnimationFrame(() => afterFrame(event));
  document.addEventListener("pointermove", moved, true);
  window.seen = seen;
}"""
# A mouse tells of itself more often than there are frames; a driver that waits for each movement to
# be taken does not, and would measure itself.
SWAY = """async ({ x, y, milliseconds }) => {
  const target = document.elementFromPoint(x, y);
  const start = performance.now();
  const swayed = (resolve) => {
    const seconds = (performance.now() - start) / 1000;
    const [clientX, clientY] = [x + 120 * Math.sin(4 * seconds), y + 60 * Math.sin(7 * seconds)];
    const mouse = { pointerId: 1, pointerType: "mouse", isPrimary: true, buttons: 1 };
    const movement = { ...mouse, clientX, clientY, bubbles: true };
    target.dispatchEvent(new PointerEvent("pointermove", movement));
    if (seconds * 1000 < milliseconds) requestAnimationFrame(() => swayed(resolve));
    else resolve();
  };
  seen.frames.length = 0;
  await new Promise(swayed);
  return seen.frames;
}"""
# The point in hand is the one yellow dot on the picture: #FFD166.
YELLOW = """() => {
  const canvas = document.querySelector(".canvas canvas");
  const box = canvas.getBoundingClientRect();
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let [x, y, count] = [0, 0, 0];
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== 255 || data[at + 1] !== 209 || data[at + 2] !== 102) continue;
    x += (at / 4) % canvas.width;
    y += Math.floor(at / 4 / canvas.width);
    count += 1;
  }
  const times = box.width / canvas.width;
  return count ? [box.x + (x / count) * times, box.y + (y / count) * times] : null;
}"""


@dataclass(frozen=True, slots=True)
class Run:
    """From the address to a workbench that is ready; from hand to screen; frames per second."""

    ready_ms: float
    lag_ms: float
    pan_fps: float


def picture() -> bytes:
    """A photo with as much in it as a real one: even areas, edges, grain."""
    pixels = np.full((HEIGHT, WIDTH, 3), 150.0)
    for top in range(0, HEIGHT, 60):
        pixels[top : top + 56] += CHANCE.uniform(-60, 60, (1, WIDTH // 100, 3)).repeat(100, axis=1)
    pixels += CHANCE.normal(0, 12, (HEIGHT, WIDTH, 1))
    file = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=88)
    return file.getvalue()


def blob(smallest: float, largest: float) -> MultiPolygon:
    """A wavy outline of POINTS points, somewhere on the photo."""
    turn: NDArray[np.float64] = np.linspace(0, 2 * math.pi, POINTS, endpoint=False)
    waves = 0.15 * np.sin(3 * turn + CHANCE.uniform(0, 6)) + 0.05 * np.sin(11 * turn)
    away = CHANCE.uniform(smallest, largest) * (1 + waves + CHANCE.normal(0, 0.01, POINTS))
    x = CHANCE.uniform(largest, WIDTH - largest) + away * np.cos(turn)
    y = CHANCE.uniform(largest, HEIGHT - largest) + away * np.sin(turn)
    inside = np.stack([x.clip(0, WIDTH), y.clip(0, HEIGHT)], axis=1)
    return MultiPolygon([shapely.Polygon(inside)])


def person() -> User:
    carrier = Carrier.objects.create(name="Benchmark", slug="benchmark")
    user = User.objects.create_user("bench@example.com", name="Bench")
    Membership.objects.create(user=user, carrier=carrier, role=Role.ADJUSTER)
    return user


def claim_with(count: int, data: bytes, user: User) -> Claim:
    """A claim of one photo with a scale and so many findings, none of them reviewed."""
    carrier = Carrier.objects.get()
    facts = ClaimFacts(number=f"BENCH-{count}")
    claim = pipeline.claim_start(carrier=carrier, facts=facts, by=None)
    photo = pipeline.photo_submit(claim=claim, data=data, name="roof.jpg", by=None)
    pipeline.work_off("")
    photo.refresh_from_db()
    pipeline.scale_give(photo=photo, line=ReferenceLine((0, 0), (1000, 0), 2.0), by=user)
    query = DamageQuery.objects.create(carrier=carrier, claim=claim, text="missing shingles")
    answer = Segmentation.objects.create(
        photo=photo, query=query, engine="local", status=Outcome.ANSWERED
    )
    rows = [finding(photo, answer, number, blob(*SIZES[count])) for number in range(1, count + 1)]
    Finding.objects.bulk_create(rows)
    Sighting.objects.bulk_create(map(sighting, rows))
    return claim


def finding(photo: Photo, answer: Segmentation, number: int, outline: MultiPolygon) -> Finding:
    square_metres = outline.area * (2.0 / 1000) ** 2
    return Finding(
        photo=photo,
        segmentation=answer,
        number=number,
        label="missing shingles",
        damage_type=list(DamageType)[number % len(DamageType)],
        form=AnswerForm.MASK,
        polygon=outline.wkb,
        area_px=outline.area,
        share=outline.area / (WIDTH * HEIGHT),
        boundary_px=2.0,
        area_m2=square_metres,
        area_m2_low=square_metres * 0.9,
        area_m2_high=square_metres * 1.1,
        basis="Reference line of 2 m.",
        approximate=False,
        source=FindingSource.ENGINE,
        changed_at=timezone.now(),
    )


def sighting(seen: Finding) -> Sighting:
    return Sighting(
        finding=seen,
        segmentation=seen.segmentation,
        position=seen.number,
        label=seen.label,
        damage_type=seen.damage_type,
        form=seen.form,
        polygon=seen.polygon,
    )


@contextmanager
def served(address: Address) -> Iterator[str]:
    """The web server of the product; where it is."""
    with Supervisor({"web server": web_command(address)}):
        end = time.monotonic() + STARTED_SECONDS
        while not address.answers("/sign-in/"):
            if time.monotonic() > end:
                raise SystemExit(f"The web server did not answer at {address}.")
            time.sleep(0.2)
        yield f"http://{address.from_here()}"


def run(browser: Browser, home: str, claim: Claim, user: User) -> Run:
    """One visit to the claim's photo, in a browser that has never been there."""
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": "sessionid", "value": session, "url": home}])
    page = context.new_page()
    page.goto(f"{home}/claims/{claim.number}/photos/1/", wait_until="commit")
    page.wait_for_selector("photo-workbench[data-ready=true]")
    ready_ms = page.evaluate("performance.now()")
    # The full photo arrives and is taken up; what is measured next must not wait for it.
    page.wait_for_load_state("networkidle")
    page.evaluate(WATCH)
    measured = Run(ready_ms, drag_lag(page), pan_rate(page))
    context.close()
    return measured


def drag_lag(page: Page) -> float:
    """The median of milliseconds from a movement to its frame while a point is dragged."""
    page.wait_for_selector("[data-part=points]:not([hidden])")
    page.keyboard.press(".")
    page.wait_for_function(YELLOW)
    x, y = page.evaluate(YELLOW)
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("seen.lags.length = 0")
    for step in range(STEPS):
        page.mouse.move(x + 4 + step * 1.5, y + 4 + step % 7)
    page.mouse.up()
    page.wait_for_selector("#save-status[data-state=saved]")
    lags: list[float] = page.evaluate("seen.lags")
    return statistics.median(lags)


def pan_rate(page: Page) -> float:
    """Painted frames a second while the whole photo, twice as near, is dragged to and fro."""
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.keyboard.press("+")
    page.wait_for_timeout(1000)
    box = page.locator("[data-part=canvas]").bounding_box()
    if box is None:
        raise SystemExit("The picture is not on the screen.")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    sway = {"x": x, "y": y, "milliseconds": PAN_SECONDS * 1000}
    frames: list[float] = page.evaluate(SWAY, sway)
    page.mouse.up()
    return (len(frames) - 1) / (frames[-1] - frames[0]) * 1000


def verdict(measured: Run, count: int) -> str:
    """What misses its goal; the frame rate has one with a thousand findings, the rest with 60."""
    misses = {
        "ready": count == min(SIZES) and measured.ready_ms > READY_MS,
        "drag": count == min(SIZES) and measured.lag_ms > LAG_MS,
        "pan": count == max(SIZES) and measured.pan_fps < PAN_FPS,
    }
    return ", ".join(f"{name} misses its goal" for name, is_missed in misses.items() if is_missed)


def measure(address: Address, runs: int) -> Table:
    table = Table("Findings", "ready ms", "drag lag ms", "pan frames/s", "load", "")
    database_ready()
    user, data = person(), picture()
    claims = {count: claim_with(count, data, user) for count in SIZES}
    # The server comes first: what Playwright starts must not see Django's connections.
    with served(address) as home, sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        path = shutil.which("chromium")
        flags = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        for count, claim in claims.items():
            for _ in range(runs):
                measured = run(browser, home, claim, user)
                figures = (measured.ready_ms, measured.lag_ms, measured.pan_fps)
                load = f"{os.getloadavg()[0]:.1f}"
                texts = (f"{figure:.0f}" for figure in figures)
                table.add_row(str(count), *texts, load, verdict(measured, count))
        browser.close()
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, help="visits to each photo (3)")
    parser.add_argument("--port", type=int, default=8199, help="where the server listens (8199)")
    options = parser.parse_args()
    try:
        table = measure(Address("127.0.0.1", options.port), options.runs)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    console = Console(width=110)
    console.print(f"{WIDTH} x {HEIGHT} pixels, {POINTS} points a finding, {os.cpu_count()} cores")
    console.print(
        f"Goals: {min(SIZES)} findings ready in {READY_MS:.0f} ms, dragged within {LAG_MS:.0f} ms; "
        f"{max(SIZES)} findings panned at {PAN_FPS:.0f} frames a second"
    )
    console.print(table)


if __name__ == "__main__":
    main()
