"""Coming, going, and the carrier a person works for meanwhile."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_POST

from portal.access import (
    CHOSEN_CARRIER,
    MemberRequest,
    Permission,
    member_required,
    signed_out,
    wants_json,
)
from portal.forms.session import SignInForm


class SignIn(LoginView):
    """Sign in by e-mail and password."""

    http_method_names = ["get", "head", "post"]
    authentication_form = SignInForm
    template_name = "portal/sign_in.html"

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, code="throttled"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response


class SignOut(LogoutView):
    """Sign out; only by a form, so that no link or picture can do it."""

    http_method_names = ["post"]


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form or script whose token is not that of the session; signing in gives a new one."""
    return signed_out() if wants_json(request) else csrf_failure(request, reason)


@require_POST
@member_required(Permission.SEE)
def choose_carrier(request: MemberRequest) -> HttpResponseBase:
    """Work for another of one's own carriers."""
    chosen = request.POST.get("carrier", "")
    carrier = next((each for each in request.member.carriers if each.slug == chosen), None)
    if carrier is None:
        raise Http404
    request.session[CHOSEN_CARRIER] = carrier.pk
    return redirect("portal:queue")
