"""A photo on the workbench, and the pictures of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.core.vocabulary import Stage
from assessment.models import Docket
from assessment.selectors.workbench import Frame, filmstrip, next_unreviewed
from claims import files
from claims.models import Claim, Photo, PhotoStatus
from portal.access import MemberRequest, Permission, get_owned, member_required
from portal.wording import STAGE_TAGS
from portal.workbench import (
    frame_data,
    listed_from,
    overlay,
    pages_beside,
    photo_data,
    photo_url,
)

logger = logging.getLogger(__name__)

FIRST = re.compile("[1-9][0-9]{0,5}")
SIZES = frozenset({"view", "working", "thumbnail"})


@require_safe
@member_required(Permission.SEE)
def photo(request: MemberRequest, number: str, photo: int) -> HttpResponse:
    """The workbench; for a photo that can't be worked on, why not."""
    shown = get_owned(request, Photo, claim__number=number, number=photo)
    claim = shown.claim
    docket = get_owned(request, Docket, claim=claim)
    context = {
        "claim": claim,
        "photo": shown,
        "tag": STAGE_TAGS[Stage(docket.stage)],
        "reasons": docket.reasons,
        "claim_url": reverse("portal:claim", kwargs={"number": claim.number}),
        "may_assess": request.member.may(Permission.ASSESS),
        **_beside(claim, filmstrip(claim), photo),
    }
    if shown.status != PhotoStatus.READY:
        return render(request, "portal/photo_unready.html", {**context, **_unready(shown)})
    numbers = listed_from(_first(request))
    data = photo_data(request.member, shown, numbers)
    plain = {
        "data": data,
        "overlay": overlay(shown, data["findings"]),
        "others": pages_beside(shown, numbers),
    }
    return render(request, "portal/workbench.html", {**context, **plain})


def _first(request: MemberRequest) -> int:
    """The number of the first finding that is listed, as the address names it."""
    named = request.GET.get("from", "")
    return int(named) if FIRST.fullmatch(named) else 1


def _beside(claim: Claim, frames: Sequence[Frame], number: int) -> dict[str, Any]:
    """The filmstrip and where one goes from here."""
    numbers = [frame.number for frame in frames]
    place = numbers.index(number)
    neighbours = {
        "previous": numbers[place - 1] if place else None,
        "next": numbers[place + 1] if place + 1 < len(numbers) else None,
        "next_open": next_unreviewed(frames, number),
    }
    links = {name: to and photo_url(claim, to) for name, to in neighbours.items()}
    return {"filmstrip": [frame_data(claim, frame, number) for frame in frames], **links}


def _unready(shown: Photo) -> dict[str, Any]:
    """Why a photo can't be worked on, and whether that will pass."""
    if shown.status != PhotoStatus.RECEIVED:
        return {"why": shown.refusal, "being_prepared": False}
    why = _("This photo is being prepared. Its original is kept; look again in a moment.")
    return {"why": why, "being_prepared": True}


@require_safe
@member_required(Permission.SEE)
def picture(request: MemberRequest, number: str, photo: int, size: str) -> HttpResponse:
    """An upright copy of a photo without its metadata, as a JPEG."""
    shown = get_owned(request, Photo, claim__number=number, number=photo)
    name = getattr(shown, size) if size in SIZES else ""
    if not name:
        raise Http404
    # A copy is named by its content. Each time the server is asked who may see it.
    etag = quote_etag(Path(name).stem)
    response = HttpResponse(
        content_type="image/jpeg",
        headers={
            "Cache-Control": "private, no-cache",
            "Content-Disposition": "inline",
            "ETag": etag,
            "X-Content-Type-Options": "nosniff",
        },
    )
    answer = get_conditional_response(request, etag=etag, response=response) or response
    if answer is response:
        # Read only where it is sent: its reader has mostly seen it before.
        response.content = _bytes(name)
    return answer


def _bytes(name: str) -> bytes:
    try:
        return files.load(name)
    except (FileNotFoundError, files.EvidenceChangedError) as error:
        # A copy can be made again, and a wrong picture is worse than none.
        logger.exception("A copy of a photo can't be shown.")
        raise Http404 from error
