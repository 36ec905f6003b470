"""The reference line of a photo: drawn or taken away."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from assessment import pipeline
from assessment.services.scale import StaleScaleError
from claims.models import Photo
from portal.access import MemberRequest, Permission, get_owned, member_required
from portal.forms.findings import LineBody, OpBody
from portal.json import body_of, json_answers, ready, seen_tag
from portal.workbench import findings_data, scale_conflict, scale_data


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
        conflict = {"conflict": scale_conflict(on), **scale_data(on)}
        return JsonResponse(conflict, status=HTTPStatus.PRECONDITION_FAILED)
    return JsonResponse({**scale_data(on), "findings": findings_data(request.member, on)})
