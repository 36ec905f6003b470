"""What happens on the way."""

from __future__ import annotations

from assessment.core.vocabulary import Outcome
from standin.steps import Act, Step
from tests.pipeline.faults.row import HASTY, Fault, lasting, passing

LATE = f"Gemini did not answer within {HASTY:g} seconds."
BROKE_OFF = "The connection to Gemini broke off ({})."
OVERSIZED = (
    "Gemini's reply is longer than 4 MB, which no answer is, and nothing of it was kept. Try "
    "again, or look at the photo."
)
MISSENT = (
    "The address set for Gemini sends its questions on to elsewhere ({}), and the key doesn't go "
    "there. Whoever runs this service must correct the address; then try again."
)

CONNECTION = (
    Fault(
        name="Nobody listens",
        script=(Act.LOOK,),
        listens=False,
        outcome=Outcome.ANSWERED,
        told="Gemini can't be reached (ConnectError).",
        kept=1,
        findings=1,
        waits=True,
    ),
    lasting(
        "The address is none",
        Act.LOOK,
        address="no-address",
        calls=0,
        told="The address set for Gemini is not a web address.",
    ),
    passing("It hangs before its first byte", Step(wait=60.0), LATE, deadline=HASTY),
    passing("It hangs in the middle of its reply", Act.STALL, LATE, deadline=HASTY),
    passing("It drips", Step(Act.DRIP, pause=0.05), LATE, deadline=HASTY),
    passing("It is reset before the reply", Act.RESET, BROKE_OFF.format("ReadError")),
    passing("It is reset in the middle", Act.RESET_BODY, BROKE_OFF.format("ReadError")),
    passing(
        "It ends before the length that was named",
        Act.CUT_BODY,
        BROKE_OFF.format("RemoteProtocolError"),
    ),
    passing("The JSON is torn", Act.TORN_JSON, "Gemini's reply broke off on the way."),
    passing(
        "A proxy's page comes as if it were the answer",
        Step(Act.RAW, text="<html>Please sign in to the network</html>", type="text/html"),
        "Something between this service and Gemini, a proxy perhaps, answered in its place.",
    ),
    passing(
        "It is said to be packed and is not",
        Act.BAD_PACKING,
        "Gemini's reply came packed and can't be unpacked.",
    ),
    lasting("A body of 64 MB", Act.HUGE, told=OVERSIZED),
    lasting("A body of 1 GB, packed into 1 MB", Step(Act.BOMB, size=1 << 30), told=OVERSIZED),
    lasting(
        "307, to elsewhere: the key is not sent there",
        Step(Act.REDIRECT, text="http://127.0.0.1:9/"),
        told=MISSENT.format("307 Temporary Redirect"),
    ),
    lasting(
        "302, to elsewhere",
        Step(Act.REDIRECT, text="http://127.0.0.1:9/", status=302),
        told=MISSENT.format("302 Found"),
    ),
)
