"""The portal's addresses and a few more whose answer is known, to test what watches doors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from claims.models import Claim
from config.urls import urlpatterns as own
from portal.access import MemberRequest, Permission, get_owned, member_required


@require_POST
@member_required(Permission.DECIDE)
def decide(request: MemberRequest) -> HttpResponse:
    return HttpResponse(request.member.role)


@require_GET
@member_required(Permission.SEE)
def walled(request: MemberRequest, number: str) -> HttpResponse:
    return HttpResponse(get_owned(request, Claim, number=number).insured)


@require_GET
@member_required(Permission.SEE)
def leaking(request: MemberRequest, number: str) -> HttpResponse:
    return HttpResponse(Claim.objects.get(number=number).insured)


@require_GET
def open_to_all(request: HttpRequest, number: str) -> HttpResponse:
    return HttpResponse(number)


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("A fault of the server's own.")


urlpatterns = [
    *own,
    path("broken/", broken, name="broken"),
    path("decide/", decide, name="decide"),
    path("walled/<str:number>/", walled, name="walled"),
    path("leaking/<str:number>/", leaking, name="leaking"),
    path("open/<str:number>/", open_to_all, name="open"),
]
