"""Findings on a photo: read, drawn, changed and reviewed."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessment import pipeline
from assessment.models import Finding
from assessment.selectors.workbench import was_done
from assessment.services.review import Change, ReviewError, StaleFindingError
from claims.models import Photo
from claims.services import ClaimDecidedError
from portal.access import MemberRequest, Permission, get_owned, member_required
from portal.finding_data import finding_data, finding_in_full
from portal.forms.findings import ChangeBody, DrawBody, ReviewForm, outline_on
from portal.json import body_of, json_answers, ready, seen_revision
from portal.wording import DECIDED
from portal.workbench import finding_conflict, finding_url, photo_data


@require_http_methods(["GET", "HEAD", "POST"])
def findings(request: HttpRequest, number: str, photo: int) -> HttpResponseBase:
    """All that is found on a photo, or one more that a person draws."""
    view = finding_draw if request.method == "POST" else findings_read
    return view(request, number=number, photo=photo)


@require_http_methods(["GET", "HEAD", "PATCH"])
def finding(request: HttpRequest, number: str, photo: int, finding: int) -> HttpResponseBase:
    """One finding with all its corners, or a change of it."""
    view = finding_change if request.method == "PATCH" else finding_read
    return view(request, number=number, photo=photo, finding=finding)


@member_required(Permission.SEE)
@json_answers
def findings_read(request: MemberRequest, number: str, photo: int) -> HttpResponse:
    """Everything that the workbench shows."""
    shown = get_owned(request, Photo, claim__number=number, number=photo)
    return JsonResponse(photo_data(request.member, shown))


@member_required(Permission.ASSESS)
@json_answers
def finding_draw(request: MemberRequest, number: str, photo: int) -> HttpResponse:
    """A finding that a person drew; sent again, it is the one that is there."""
    on = ready(get_owned(request, Photo, claim__number=number, number=photo))
    body = body_of(request, DrawBody)
    status = HTTPStatus.OK if was_done(body.op) else HTTPStatus.CREATED
    drawn = pipeline.finding_draw(
        photo=on,
        outline=outline_on(on, body.polygon),
        damage_type=body.damage_type,
        by=request.member.user,
        op=body.op,
    )
    return _told(request, drawn, status)


@member_required(Permission.SEE)
@json_answers
def finding_read(request: MemberRequest, number: str, photo: int, finding: int) -> HttpResponse:
    """A finding to be corrected."""
    found = _found(request, number, photo, finding)
    return JsonResponse({"finding": finding_in_full(request.member, found)})


@member_required(Permission.ASSESS)
@json_answers
def finding_change(request: MemberRequest, number: str, photo: int, finding: int) -> HttpResponse:
    """A change of what If-Match names; if that is no longer so, what there is now."""
    found = _found(request, number, photo, finding)
    seen = seen_revision(request)
    body = body_of(request, ChangeBody)
    change = body.change(found.photo)
    try:
        changed = pipeline.finding_change(
            finding=found, change=change, seen=seen, by=request.member.user, op=body.op
        )
    except StaleFindingError as error:
        now = {"finding": finding_data(request.member, error.finding)}
        conflict = {"conflict": finding_conflict(request.member, error.finding), **now}
        return JsonResponse(conflict, status=HTTPStatus.PRECONDITION_FAILED)
    return _told(request, changed, HTTPStatus.OK)


@require_POST
@member_required(Permission.ASSESS)
def finding_review(request: MemberRequest, number: str, photo: int, finding: int) -> HttpResponse:
    """A plain form says what a person thinks of a finding; what went wrong is said on the page."""
    found = _found(request, number, photo, finding)
    form = ReviewForm(request.POST)
    trouble = _review(request, found, form) if form.is_valid() else _not_understood()
    page = finding_url(found.photo.claim, photo, finding)
    if trouble:
        messages.warning(request, trouble)
        # It stands at the head of the page.
        page, _mark, _finding = page.partition("#")
    return redirect(page)


def _review(request: MemberRequest, found: Finding, form: ReviewForm) -> str:
    """Carry a review out; what was in the way, as a sentence, else empty."""
    change, seen = form.change(), form.cleaned_data["revision"]
    try:
        pipeline.finding_change(
            finding=found, change=change, seen=seen, by=request.member.user, op=None
        )
    except StaleFindingError as error:
        return "" if _is_so(error.finding, change) else _overtaken(request, error.finding)
    except ClaimDecidedError:
        return str(DECIDED)
    except ReviewError as error:
        return str(error)
    return ""


def _is_so(finding: Finding, change: Change) -> bool:
    # A button that is pressed twice sends its form twice; the person has nothing to sort out.
    return (finding.review, finding.reason) == (change.review, change.reason or "")


def _overtaken(request: MemberRequest, finding: Finding) -> str:
    rest = _("Your choice was not saved. Look at the finding as it is now, then decide.")
    return f"{finding_conflict(request.member, finding)} {rest}"


def _not_understood() -> str:
    return _("What was sent is not understood. Nothing was changed; choose again.")


def _found(request: MemberRequest, number: str, photo: int, finding: int) -> Finding:
    lookup = {"photo__claim__number": number, "photo__number": photo, "number": finding}
    return get_owned(request, Finding, **lookup)


def _told(request: MemberRequest, finding: Finding, status: HTTPStatus) -> JsonResponse:
    data = finding_data(request.member, finding)
    headers = {"ETag": quote_etag(str(finding.revision))}
    return JsonResponse({"finding": data}, status=status, headers=headers)
