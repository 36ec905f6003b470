"""What every page of the portal knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.access import Member, member_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """The member whom the header names; looked up only by pages that show it."""

    def member() -> Member | None:
        return getattr(request, "member", None) or member_of(request)

    return {"member": SimpleLazyObject(member)}
