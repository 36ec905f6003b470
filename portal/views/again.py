"""Asking a question again on purpose, after its price was named."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessment import pipeline
from assessment.models import DamageQuery
from assessment.selectors.claims import segmentations_of
from assessment.selectors.costs import cost_of_last
from assessment.services.again import NeverAskedError, StillAskedError
from claims.models import Claim, ClaimStatus
from claims.services import ClaimDecidedError
from portal.access import MemberRequest, Permission, get_owned, member_required
from portal.cost_words import price_of_again
from portal.views.claim import claim_locked


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Permission.ASSESS)
def ask_again(request: MemberRequest, number: str, question: int) -> HttpResponse:
    """What asking again means and costs; once that is confirmed, the claim's own page."""
    claim = get_owned(request, Claim, number=number)
    query = _asked(claim, question)
    if claim.status == ClaimStatus.DECIDED:
        return claim_locked(request, claim)
    if request.method != "POST":
        return _page(request, claim, query)
    try:
        photos = pipeline.question_ask_again(claim=claim, query=query, by=request.member.user)
    except ClaimDecidedError:
        return claim_locked(request, claim)
    except StillAskedError:
        messages.info(request, _("This is being asked already, so it was not asked again."))
    except NeverAskedError:
        messages.info(request, _("No photo was asked this yet, so it was not asked again."))
    else:
        text = ngettext(
            "Asked again on %(count)d photo: “%(text)s”.",
            "Asked again on %(count)d photos: “%(text)s”.",
            photos,
        )
        messages.success(request, text % {"count": photos, "text": query.text})
    return redirect("portal:claim", claim.number)


def _asked(claim: Claim, question: int) -> DamageQuery:
    """The question by its id. Raises Http404 unless it was put to a photo of this claim."""
    queries = DamageQuery.objects.filter(segmentations__photo__claim=claim, pk=question)
    query = queries.distinct().first()
    if query is None:
        raise Http404
    return query


def _page(request: MemberRequest, claim: Claim, query: DamageQuery) -> HttpResponse:
    engine = query.engine or settings.EAVES_ENGINE
    runs = max(query.runs, settings.EAVES_RUNS)
    context = {
        "claim": claim,
        "query": query,
        "engine": engine,
        "photos": segmentations_of(claim).filter(query=query).count(),
        "price": price_of_again(cost_of_last(claim, query, engine=engine, runs=runs)),
    }
    return render(request, "portal/ask_again.html", context)
