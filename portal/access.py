"""Who may do what: roles, the person behind a request, and the wall between carriers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from claims.models import Carrier, Role, User
from claims.models.tenancy import CarrierOwned
from portal.wording import ROLES

P = ParamSpec("P")
Owned = TypeVar("Owned", bound=CarrierOwned)

CHOSEN_CARRIER = "carrier"
"""Where the session keeps the carrier that a person of several chose."""


class Permission(StrEnum):
    """What a member of a carrier may be allowed to do."""

    SEE = "see"
    ASSESS = "assess"
    """Upload photos, ask questions, review findings."""
    DECIDE = "decide"
    REOPEN = "reopen"
    MANAGE = "manage"
    AUDIT = "audit"


_ADJUSTER = frozenset({Permission.SEE, Permission.ASSESS, Permission.DECIDE})
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.AUDITOR: frozenset({Permission.SEE, Permission.AUDIT}),
    Role.ADJUSTER: _ADJUSTER,
    Role.MANAGER: _ADJUSTER | {Permission.REOPEN, Permission.MANAGE},
    Role.ADMINISTRATOR: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Member:
    """A person at work for one carrier; `carriers` are all those they could work for."""

    user: User
    carrier: Carrier
    role: Role
    carriers: tuple[Carrier, ...]

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]


class MemberRequest(HttpRequest):
    """A request of somebody who is signed in and belongs to a carrier."""

    member: Member


def member_of(request: HttpRequest) -> Member | None:
    """The person behind a request, at the carrier they chose or the first by name.

    None for somebody who isn't signed in or belongs to no carrier.
    """
    user = request.user
    if not user.is_authenticated:
        return None
    memberships = list(
        user.memberships.select_related("carrier").order_by("carrier__name", "carrier_id")
    )
    if not memberships:
        return None
    chosen = request.session.get(CHOSEN_CARRIER)
    at = next((each for each in memberships if each.carrier_id == chosen), memberships[0])
    carriers = tuple(each.carrier for each in memberships)
    return Member(user=user, carrier=at.carrier, role=Role(at.role), carriers=carriers)


def member_required(
    permission: Permission,
) -> Callable[
    [Callable[Concatenate[MemberRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Open a view to the members of a carrier whose role allows it, and to nobody else.

    The view finds them in `request.member`. What it answers is kept in no cache, unless it says
    otherwise: the next person at the computer must not page back into a claim.
    """

    def decorate(
        view: Callable[Concatenate[MemberRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _sent_to_sign_in(request)
            refusal = _admit(request, permission)
            if refusal:
                return _refused(request, refusal)
            response = view(cast(MemberRequest, request), *args, **kwargs)
            if not response.has_header("Cache-Control"):
                add_never_cache_headers(response)
            return response

        return guarded

    return decorate


def get_owned(request: MemberRequest, model: type[Owned], **lookup: object) -> Owned:
    """The row of the person's carrier that answers the lookup; Http404 if there is none.

    A row of another carrier and one that doesn't exist are told apart by nobody.
    """
    rows = cast("QuerySet[Owned]", model.objects.of(request.member.carrier))
    return get_object_or_404(rows, **lookup)


def _admit(request: HttpRequest, permission: Permission) -> str:
    """Put the member on the request; the sentence that turns them away, empty if they may pass."""
    member = member_of(request)
    if member is None:
        return _("You don't belong to a carrier yet. Ask your administrator to add you to one.")
    cast(MemberRequest, request).member = member
    if member.may(permission):
        return ""
    return _(
        "Your role at %(carrier)s, %(role)s, doesn't allow this. Nothing was changed. "
        "Ask a manager to do it or to change your role."
    ) % {"carrier": member.carrier.name, "role": ROLES[member.role]}


def _sent_to_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return signed_out()
    if "HX-Request" in request.headers:
        # A part of a page asks: the whole page must go, or it would hold the form to sign in.
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    # Only a page can be come back to: what was sent by a form is not sent again.
    if request.method == "GET":
        return redirect_to_login(request.get_full_path())
    return redirect(settings.LOGIN_URL)


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"refused": sentence}, status=HTTPStatus.FORBIDDEN)
    raise PermissionDenied(sentence)


def signed_out() -> JsonResponse:
    """The answer to a script whose person is no longer signed in, or signed in anew elsewhere.

    The request may be repeated afterwards: nobody has refused what it asks for.
    """
    sentence = _("You are signed out. Sign in again and repeat what you did.")
    return JsonResponse({"refused": sentence, "signed_out": True}, status=HTTPStatus.FORBIDDEN)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, and not a page."""
    preferred = request.get_preferred_type(["text/html", "application/json"])
    return preferred == "application/json"
