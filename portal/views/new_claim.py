"""Opening a claim."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessment import pipeline
from portal.access import MemberRequest, Permission, member_required
from portal.forms.claim import NewClaimForm


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Permission.ASSESS)
def new_claim(request: MemberRequest) -> HttpResponse:
    """The form of a new claim; once it is complete, the claim's own page."""
    if request.method != "POST":
        form = NewClaimForm(carrier=request.member.carrier)
        return render(request, "portal/new_claim.html", {"form": form})
    form = NewClaimForm(request.POST, carrier=request.member.carrier)
    if not form.is_valid():
        return _again(request, form)
    carrier, by = request.member.carrier, request.member.user
    try:
        claim = pipeline.claim_start(carrier=carrier, facts=form.facts(), by=by)
    except (ValidationError, IntegrityError):
        # Somebody opened a claim with this number at the same moment.
        form = NewClaimForm(request.POST, carrier=carrier)
        if form.is_valid():
            raise
        return _again(request, form)
    return redirect("portal:claim", claim.number)


def _again(request: MemberRequest, form: NewClaimForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "portal/new_claim.html", {"form": form}, status=status)
