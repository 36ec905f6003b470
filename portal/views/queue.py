"""The claims of a carrier, list by list, and the next one to take up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment.selectors.claim_list import (
    ClaimPage,
    ClaimRow,
    Place,
    Tab,
    claim_counts,
    claim_row,
    claims_page,
    gone_fast,
)
from assessment.selectors.engine_state import engine_away, engines_drift
from assessment.selectors.queue import queue_is_stuck
from assessment.services.docket import claim_take_next
from claims.models import Claim
from portal.access import MemberRequest, Permission, get_owned, member_required
from portal.forms.queue import QueueForm
from portal.queue_rows import row_of, rows_of, tab_links

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@require_safe
@member_required(Permission.SEE)
def queue(request: MemberRequest) -> HttpResponse:
    """One page of one list."""
    form = QueueForm(request.GET, label_suffix="")
    if not form.is_valid():
        raise BadRequest(form.errors.as_text())
    member, wanted = request.member, form.wanted()
    after, before = (_place(request, form.cleaned_data[name]) for name in ("after", "before"))
    page = claims_page(member.carrier, member.user, wanted, after=after, before=before)
    counts = None
    if not wanted.words:
        # They are those of whole lists, not of what a search finds in them.
        counts = claim_counts(member.carrier, member.user, peril=wanted.peril)
    context = {
        "form": form,
        "wanted": wanted,
        "words": wanted.words,
        "tabs": tab_links(wanted.tab, counts.of if counts else {}),
        "counts": counts,
        "waiting": counts.of[Tab.REVIEW] if counts else 0,
        "rows": rows_of(page.claims),
        "moved": bool(after or before),
        **_ends(page),
        "engine_away": engine_away(member.carrier),
        "stuck": queue_is_stuck(),
        "drift": engines_drift(carrier=member.carrier) if member.may(Permission.MANAGE) else None,
        "may_assess": member.may(Permission.ASSESS),
    }
    if not page.claims and wanted.tab is Tab.REVIEW:
        midnight = localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        context["fast_today"] = gone_fast(member.carrier, since=midnight)
    return render(request, "portal/queue.html", context)


@require_safe
@member_required(Permission.SEE)
def queue_row(request: MemberRequest, number: str) -> HttpResponseBase:
    """The row of one claim, as it stands now: what a row at work asks for until it is through."""
    row = row_of(claim_row(get_owned(request, Claim, number=number)), asks=True)
    response = render(request, "portal/queue_row.html", {"row": row})
    response["ETag"] = row.version
    return get_conditional_response(request, etag=row.version, response=response) or response


@require_POST
@member_required(Permission.ASSESS)
def take_next(request: MemberRequest) -> HttpResponse:
    """Take up the claim that has waited longest, and open it."""
    claim = claim_take_next(carrier=request.member.carrier, by=request.member.user)
    if claim:
        return redirect("portal:claim", number=claim.number)
    messages.info(request, _("Every claim that needs a review is taken up by somebody."))
    return redirect("portal:queue")


def _place(request: MemberRequest, told: str) -> Place | None:
    """The place that an address names; Http404 where no such claim is the carrier's."""
    if not told:
        return None
    ticks, _dot, number = told.partition(".")
    claim = get_owned(request, Claim, number=number)
    return Place(since=EPOCH + int(ticks) * TICK, claim=claim.pk)


def _ends(page: ClaimPage) -> dict[str, Any]:
    """Where the pages before and after this one begin, as addresses name it; None at an end."""
    return {
        "previous": _told(page.claims[0]) if page.claims and page.previous else None,
        "next": _told(page.claims[-1]) if page.next else None,
    }


def _told(claim: ClaimRow) -> str:
    return f"{(claim.since - EPOCH) // TICK}.{claim.number}"
