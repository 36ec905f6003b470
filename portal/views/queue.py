"""The claims of a carrier, newest first."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment.selectors.claim_list import ClaimRow, claims_newest
from claims.models import Claim
from portal.access import MemberRequest, Permission, get_owned, member_required
from portal.forms import QueueForm
from portal.wording import ANALYSING, LANE_TAGS, NO_PHOTOS, Tag


@require_safe
@member_required(Permission.SEE)
def queue(request: MemberRequest) -> HttpResponse:
    """One page of the queue: `q` searches, `after` names the claim that ended the page before."""
    form = QueueForm(request.GET)
    if not form.is_valid():
        raise BadRequest(form.errors.as_text())
    words, number = form.cleaned_data["q"], form.cleaned_data["after"]
    after = get_owned(request, Claim, number=number) if number else None
    page = claims_newest(request.member.carrier, words=words, after=after)
    rows = [(claim, tag_of(claim)) for claim in page.claims]
    context = {"rows": rows, "next": page.next, "words": words, "after": after}
    return render(request, "portal/queue.html", context)


def tag_of(claim: ClaimRow) -> Tag:
    """Where the claim stands, in a word."""
    if claim.lane:
        return LANE_TAGS[claim.lane]
    return ANALYSING if claim.photos else NO_PHOTOS
