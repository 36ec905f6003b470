"""Every status that the service, or a proxy before it, may answer with."""

from __future__ import annotations

from standin.steps import Act, Step
from tests.pipeline.faults.row import KEY, lasting, passing

SAID = "The request was rejected."
MEND = "Whoever runs this service must check the key, the project and the model; then try again."
QUOTA = (
    "Gemini takes no more questions for now (429 RESOURCE_EXHAUSTED You exceeded your current "
    "quota.)."
)
BUSY = "Gemini is not available now (503 UNAVAILABLE The model is overloaded.)."
PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
QUOTED = f"Key {KEY} is not valid, see https://example.com/?key=a%2Bkey%2Fthat%3Dnobody%26may%25see"


def _status(code: int) -> Step:
    return Step(Act.REJECT, status=code)


STATUSES = (
    lasting(
        "400, the request is not valid",
        _status(400),
        told=f"Gemini rejected the request (400 INVALID_ARGUMENT {SAID}). {MEND}",
    ),
    lasting(
        "400 that quotes the key, as it is and in an address",
        Step(Act.REJECT, text=QUOTED),
        told="Gemini rejected the request (400 INVALID_ARGUMENT Key [key] is not valid, see "
        f"https://example.com/?key=[key]). {MEND}",
    ),
    lasting(
        "401, no valid key",
        _status(401),
        told=f"Gemini doesn't accept the key (401 UNAUTHENTICATED {SAID}). {MEND}",
    ),
    lasting(
        "402, not paid",
        _status(402),
        told=f"Gemini wants to be paid first (402 UNKNOWN {SAID}). {MEND}",
    ),
    lasting(
        "403, not allowed",
        _status(403),
        told=f"Gemini doesn't let this key or project ask (403 PERMISSION_DENIED {SAID}). {MEND}",
    ),
    lasting(
        "404, of the model and of each fallback",
        Act.GONE,
        calls=2,
        told="Gemini doesn't know the model that was asked (404 NOT_FOUND This model "
        f"models/gemini-3.8-flash is no longer available to new users.). {MEND}",
    ),
    passing(
        "408, time-out",
        _status(408),
        f"Gemini waited too long for the question (408 UNKNOWN {SAID}).",
    ),
    passing("409, conflict", _status(409), f"Gemini is not available now (409 ABORTED {SAID})."),
    lasting(
        "413, too large",
        _status(413),
        told="The photo with its question is larger than Gemini, or a proxy before it, takes (413 "
        f"UNKNOWN {SAID}). A person must look.",
    ),
    lasting(
        "418, or any other that is not known",
        _status(418),
        told=f"Gemini rejected the request (418 UNKNOWN {SAID}). {MEND}",
    ),
    passing("425, too early", _status(425), f"Gemini is not available now (425 UNKNOWN {SAID})."),
    passing("429 that names no delay", Act.QUOTA, QUOTA),
    passing(
        "429 with a delay in its header",
        Step(Act.QUOTA, retry_header="40"),
        QUOTA,
        delay=40,
    ),
    passing(
        "429 with the same delay in header and body",
        Step(Act.QUOTA, retry_after=34),
        QUOTA,
        delay=34,
    ),
    passing(
        "429 with a longer delay in its header",
        Step(Act.QUOTA, retry_after=5, retry_header="60"),
        QUOTA,
        delay=60,
    ),
    passing(
        "429 with a longer delay in its body",
        Step(Act.QUOTA, retry_after=60, retry_header="5"),
        QUOTA,
        delay=60,
    ),
    passing(
        "429 with a delay of years: a day is waited at most",
        Step(Act.QUOTA, retry_after=10**9),
        QUOTA,
        delay=86_400,
    ),
    passing("429 with a delay that is none", Step(Act.QUOTA, retry_header="soon"), QUOTA),
    passing(
        "499, called off", _status(499), f"Gemini is not available now (499 CANCELLED {SAID})."
    ),
    passing(
        "500, a fault of its own",
        _status(500),
        f"Gemini is not available now (500 INTERNAL {SAID}).",
    ),
    lasting(
        "501, not there",
        _status(501),
        told=f"Gemini rejected the request (501 UNIMPLEMENTED {SAID}). {MEND}",
    ),
    passing(
        "502, a proxy's page",
        Step(Act.RAW, status=502, text=PAGE, type="text/html"),
        "Gemini is not available now (502 Bad Gateway).",
    ),
    passing("503, overloaded", Act.OVERLOADED, BUSY),
    passing("503 with a delay", Step(Act.OVERLOADED, retry_after=20), BUSY, delay=20),
    passing(
        "504, too slow",
        _status(504),
        f"Gemini took too long to answer (504 DEADLINE_EXCEEDED {SAID}).",
    ),
    passing(
        "529, or any other from 500 on that is not known",
        _status(529),
        f"Gemini is not available now (529 UNKNOWN {SAID}).",
    ),
    lasting(
        "204, nothing",
        Step(Act.RAW, status=204),
        told="Gemini's reply doesn't have the form of an answer, and nothing of it was kept. Try "
        "again, or look at the photo.",
    ),
)
