"""The reference line of a photo: its length is read, it is drawn or taken away."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessment import pipeline
from assessment.core.units import FOOT, metres_in
from assessment.services.scale import StaleScaleError
from claims.models import Photo, Units
from portal.access import MemberRequest, Permission, get_owned, member_required
from portal.finding_data import findings_data
from portal.forms.findings import LineBody, OpBody
from portal.json import RefusedError, body_of, json_answers, ready, seen_tag
from portal.workbench import scale_conflict, scale_data

UNWRITTEN = {Units.US: FOOT, Units.METRIC: 1.0}
"""Metres in the unit that a carrier's people mean where they write none."""


@require_safe
@member_required(Permission.ASSESS)
@json_answers
def length(request: MemberRequest) -> HttpResponse:
    """The metres in a length as a person wrote it."""
    text = request.GET.get("text", "")
    try:
        metres = metres_in(text, unwritten=UNWRITTEN[Units(request.member.carrier.units)])
    except ValueError as error:
        raise RefusedError(
            _(
                "“%(text)s” can't be read as a length. Your line is kept. "
                "Write it like 10' 6\", 10.5 ft, 126 in or 3.2 m."
            )
            % {"text": text}
        ) from error
    return JsonResponse({"length_m": metres})


@require_http_methods(["PUT", "DELETE"])
@member_required(Permission.ASSESS)
@json_answers
def scale(request: MemberRequest, number: str, photo: int) -> HttpResponse:
    """Give a photo its scale or take it away; every finding on it is measured anew."""
    on = ready(get_owned(request, Photo, claim__number=number, number=photo))
    seen = seen_tag(request)
    if request.method == "PUT":
        line = body_of(request, LineBody).line()
    else:
        body_of(request, OpBody)
        line = None
    try:
        pipeline.scale_give(photo=on, line=line, by=request.member.user, seen=seen)
    except StaleScaleError:
        conflict = {"conflict": scale_conflict(request.member, on), **scale_data(on)}
        return JsonResponse(conflict, status=HTTPStatus.PRECONDITION_FAILED)
    return JsonResponse({**scale_data(on), "findings": findings_data(request.member, on)})
