"""What a call by the engine costs beside one by the bare client, on the same answer."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from google import genai
from google.genai import types

from assessment.engines.base import Request
from assessment.engines.families import family_of
from assessment.engines.gemini import GeminiEngine
from assessment.engines.prompt import SYSTEM, prompt, schema
from benchmarks.engine.ground import redis, standin
from benchmarks.engine.pictures import HEIGHT, WIDTH, picture

MODEL = "gemini-3.8-flash"
ROUNDS = 200
WARM = 10
MS = 1000.0


@dataclass(frozen=True, slots=True)
class Times:
    """Medians in milliseconds, on the wall and of this process's own work."""

    wall: float
    cpu: float


def overhead(rounds: int = ROUNDS) -> dict[str, Times]:
    """All ways in turn, round after round, in one process; the stand-in is another."""
    with standin([{"do": "look"}]) as (url, _), redis() as shared:
        request = Request(picture(), WIDTH, HEIGHT, "cracks")
        alone = GeminiEngine(model=MODEL, api_key="none", base_url=url)
        sharing = GeminiEngine(
            model=MODEL, api_key="none", base_url=url, board=shared, requests_per_minute=10**5
        )
        ways = {
            "google-genai, generate_content": bare(url, request),
            "Eaves, by itself": lambda: alone.ask(request),
            "Eaves, pace and breaker in Redis": lambda: sharing.ask(request),
        }
        times = timed(ways, rounds)
        alone.close()
        sharing.close()
    return times


def bare(url: str, request: Request) -> Callable[[], object]:
    """The same question by the SDK's own client, put together once."""
    client = genai.Client(
        enterprise=False, api_key="none", http_options=types.HttpOptions(base_url=url)
    )
    family = family_of(MODEL)
    form = family.form_for(request.form)
    config = types.GenerateContentConfig(
        system_instruction=SYSTEM,
        max_output_tokens=family.most_tokens,
        response_mime_type="application/json",
        response_json_schema=schema(form),
    )
    parts: list[types.PartUnionDict] = [
        types.Part.from_bytes(data=request.image, mime_type="image/jpeg"),
        prompt(form, family.most_objects, request),
    ]
    return lambda: client.models.generate_content(model=MODEL, contents=parts, config=config)


def timed(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    walls: dict[str, list[float]] = {name: [] for name in ways}
    cpus: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(WARM + rounds):
        for name, way in ways.items():
            wall, cpu = time.perf_counter(), time.process_time()
            way()
            if number >= WARM:
                walls[name].append((time.perf_counter() - wall) * MS)
                cpus[name].append((time.process_time() - cpu) * MS)
    return {
        name: Times(statistics.median(walls[name]), statistics.median(cpus[name])) for name in ways
    }
