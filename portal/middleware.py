"""Headers that bear on every response."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class SecurityHeadersMiddleware:
    """Sends the Content-Security-Policy of settings.SECURE_CSP, and the Permissions-Policy.

    Stands first, so that files, redirects and errors bear them too. A view may send a stricter
    policy of its own. Django 6.0 reads the same setting with a middleware of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.content_policy = policy_text(settings.SECURE_CSP)
        self.permissions = settings.PERMISSIONS_POLICY

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.content_policy)
        response.headers.setdefault("Permissions-Policy", self.permissions)
        return response


def policy_text(policy: Mapping[str, Sequence[str]]) -> str:
    """A policy as its header spells it.

    >>> policy_text({"default-src": ["'none'"], "img-src": ["'self'", "blob:"]})
    "default-src 'none'; img-src 'self' blob:"
    """
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())
