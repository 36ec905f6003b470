"""The sample claim: photos that the project draws itself, and the account that may see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from assessment import pipeline
from assessment.core.scale import ReferenceLine
from claims.models import Carrier, Claim, Membership, Peril, Role, User
from claims.services import ClaimFacts
from config.embedded import kept_secret
from samples import Sample, draw_samples

EMAIL = "adjuster@eaves.example"
CARRIER = "northfield"
NUMBERS = "DEMO-"


def demo_adjuster() -> User:
    """The account of the demo, made on the first run."""
    carrier, _ = Carrier.objects.get_or_create(
        slug=CARRIER, defaults={"name": "Northfield Mutual Insurance"}
    )
    user = User.objects.filter(email=EMAIL).first()
    if user is None:
        user = User.objects.create_user(EMAIL, _password(), name="Dana Okafor", is_staff=True)
    Membership.objects.get_or_create(
        user=user, carrier=carrier, defaults={"role": Role.ADMINISTRATOR}
    )
    return user


def demo_password(adjuster: User) -> str:
    """The password of the demo's account, or how to get one where somebody has changed it."""
    if adjuster.check_password(_password()):
        return _password()
    return f"(changed since; set another with: manage.py changepassword {EMAIL})"


def _password() -> str:
    # Of this installation's own, so that no known one opens it.
    return kept_secret(settings.DATA_DIR / "demo_password", strength=9)


def newest_claim() -> Claim | None:
    """The sample claim that was opened last, None where there is none yet."""
    newest = _number(max(_places(), default=0))
    return Claim.objects.filter(carrier__slug=CARRIER, number=newest).first()


def open_claim(adjuster: User, samples: tuple[Sample, ...]) -> Claim:
    """A new sample claim with its photos, their questions and reference lines."""
    # All of it or nothing: half a sample claim would be taken for a whole one ever after.
    with transaction.atomic():
        claim = pipeline.claim_start(
            carrier=Carrier.objects.get(slug=CARRIER),
            facts=ClaimFacts(
                number=_number(max(_places(), default=0) + 1),
                policy_number="HO-3 88-204417",
                insured="Marisol Alvarez",
                address="4127 Larkspur Lane, Fairhollow, TX",
                loss_date=date(2026, 5, 3),
                peril=Peril.WIND,
                limit=Decimal("320000"),
                deductible=Decimal("1000"),
            ),
            by=adjuster,
        )
        for sample in samples:
            _submit(claim, sample, adjuster)
    return claim


def claim_to_show(adjuster: User) -> Claim:
    """The newest sample claim; a first one is drawn and opened where there is none."""
    return newest_claim() or open_claim(adjuster, draw_samples())


def _places() -> Iterator[int]:
    """Which of the sample claims' numbers are taken."""
    claims = Claim.objects.filter(carrier__slug=CARRIER, number__regex=rf"^{NUMBERS}[0-9]{{4}}$")
    for number in claims.values_list("number", flat=True):
        yield int(number.removeprefix(NUMBERS))


def _number(place: int) -> str:
    return f"{NUMBERS}{place:04d}"


def _submit(claim: Claim, sample: Sample, adjuster: User) -> None:
    photo = pipeline.photo_submit(claim=claim, data=sample.jpeg, name=sample.name, by=adjuster)
    x1, y1, x2, y2 = sample.reference_line
    line = ReferenceLine((x1, y1), (x2, y2), sample.length_m)
    pipeline.scale_give(photo=photo, line=line, by=adjuster)
    pipeline.query_ask(claim=claim, text=sample.question, by=adjuster, photos=[photo])
