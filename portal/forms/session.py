"""What people type to come in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.throttle import (
    TooManyAttemptsError,
    attempt_begin,
    attempt_succeeded,
    client_address,
)


class SignInForm(AuthenticationForm):
    """E-mail and password. An unknown e-mail and a wrong password get the same answer."""

    username = UsernameField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autofocus": True}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )

    error_messages = {
        "invalid_login": _(
            "This e-mail and password don't belong together. Check both and try again."
        ),
        "inactive": _("This account is closed. Ask your administrator to open it again."),
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, label_suffix="", **options)

    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not email or not password or self.request is None:
            return self.cleaned_data
        try:
            attempt = attempt_begin(email, client_address(self.request))
        except TooManyAttemptsError as error:
            raise ValidationError(wait_sentence(error.minutes), code="throttled") from error
        cleaned = super().clean()
        attempt_succeeded(attempt)
        return cleaned


def wait_sentence(minutes: int) -> str:
    """What somebody reads who has to wait."""
    return ngettext(
        "Too many attempts have failed. Wait %(minutes)d minute, then try again.",
        "Too many attempts have failed. Wait %(minutes)d minutes, then try again.",
        minutes,
    ) % {"minutes": minutes}
