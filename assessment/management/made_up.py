"""Made-up claims that read like real ones, the same every time; nobody's name, nobody's address."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from assessment.core.vocabulary import Lane, Stage
from assessment.models import Docket
from assessment.services.docket import searched_words
from claims.models import Carrier, Claim, ClaimStatus, Peril, User

NUMBERED = "TRY-"
"""How the number of every made-up claim begins."""

FIRST = ("Ana", "Ben", "Carla", "Dana", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jonas", "Keiko")
LAST = ("Alvarez", "Brandt", "Dubois", "Eriksen", "Farouk", "Grant", "Haddad", "Ivanova", "Jensen")
MORE = ("Kimura", "Lindqvist", "Moreau", "Novak", "Okafor", "Quinn", "Sato", "Varga", "Whitfield")
STREETS = ("Cedar", "Oak", "Elm", "Pine", "Birch", "Maple", "Walnut", "Juniper", "Magnolia")
WAYS = ("St", "Ln", "Dr", "Ct", "Rd", "Ave")
TOWNS = ("Plano TX", "Allen TX", "Frisco TX", "Moore OK", "Joplin MO", "Greeley CO", "Tulsa OK")

# What comes to a desk over the years: most of it is decided, a tenth needs somebody.
SHARES = {
    Stage.DECIDED: 68,
    Stage.FAST: 12,
    Stage.REVIEW: 10,
    Stage.INSPECTION: 3,
    Stage.SPECIALIST: 2,
    Stage.WAITING_FOR_PHOTOS: 3,
    Stage.ANALYSING: 1,
    Stage.FAILED: 1,
}
LANES = {
    Stage.DECIDED: Lane.FAST_TRACK,
    Stage.FAST: Lane.FAST_TRACK,
    Stage.REVIEW: Lane.DESK,
    Stage.INSPECTION: Lane.FIELD_INSPECTION,
    Stage.SPECIALIST: Lane.SPECIALIST,
    Stage.FAILED: Lane.DESK,
}
STATUSES = {
    Stage.DECIDED: ClaimStatus.DECIDED,
    Stage.WAITING_FOR_PHOTOS: ClaimStatus.AWAITING_PHOTOS,
}
REASON = "This claim is made up, to try the queue at size. It has no photos."
LONGEST_WAIT = timedelta(days=730)
TAKEN_SHARE = 0.1


def made_up(
    carrier: Carrier, members: Sequence[User], numbers: range, now: datetime
) -> Iterator[tuple[Claim, Docket]]:
    """A claim, not saved, and its place in the docket, for each number.

    A tenth of what needs somebody is taken up by one of the members, if there are any.
    """
    for number in numbers:
        chance = random.Random(number)  # noqa: S311
        (stage,) = chance.choices(list(SHARES), list(SHARES.values()))
        claim = _claim(carrier, number, stage, chance)
        yield claim, _docket(claim, stage, members, now, chance)


def _claim(carrier: Carrier, number: int, stage: Stage, chance: random.Random) -> Claim:
    street = f"{chance.choice(STREETS)} {chance.choice(WAYS)}"
    return Claim(
        carrier=carrier,
        number=f"{NUMBERED}{number:06d}",
        status=STATUSES.get(stage, ClaimStatus.OPEN),
        policy_number=f"HO-{chance.randrange(10**7):07d}",
        insured=f"{chance.choice(FIRST)} {chance.choice(LAST + MORE)}",
        address=f"{chance.randrange(1, 9999)} {street}, {chance.choice(TOWNS)}",
        peril=chance.choice(list(Peril)),
    )


def _docket(
    claim: Claim, stage: Stage, members: Sequence[User], now: datetime, chance: random.Random
) -> Docket:
    has_photos = stage != Stage.WAITING_FOR_PHOTOS
    is_taken = members and stage != Stage.FAST and chance.random() < TAKEN_SHARE
    return Docket(
        claim=claim,
        carrier=claim.carrier,
        stage=stage,
        since=now - chance.random() * LONGEST_WAIT,
        lane=LANES.get(stage, ""),
        reasons=[REASON],
        assignee=chance.choice(members) if is_taken else None,
        peril=claim.peril,
        photos=chance.randrange(1, 20) if has_photos else 0,
        unreviewed=chance.randrange(60) if stage == Stage.REVIEW else 0,
        words=searched_words(claim),
    )
