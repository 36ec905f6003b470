"""Photos coming in: one by one from the page's script, or several from a plain form."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from assessment import pipeline
from claims.evidence.fingerprint import sha256
from claims.evidence.upload import UploadRefusedError
from claims.models import Claim, Photo
from claims.services import ClaimDecidedError
from portal.access import MemberRequest, Permission, get_owned, member_required
from portal.upload_keys import KeyReusedError, upload_is_fresh
from portal.upload_limit import dropped, too_large, watch_size
from portal.views.claim import claim_locked
from portal.wording import DECIDED, IN_ENGLISH

FIELD = "photo"

Files = list["UploadedFile[bytes]"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A photo that stands in the claim; `fresh` unless it stood there before."""

    photo: Photo
    fresh: bool


# Checking the form's token reads the body, and by then the size must be watched: so the view inside
# is protected, not the one outside.
@csrf_exempt
def upload(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take photos into a claim."""
    watch_size(request)
    return _upload(request, number)


@csrf_protect
@require_POST
@member_required(Permission.ASSESS)
def _upload(request: MemberRequest, number: str) -> HttpResponse:
    claim = get_owned(request, Claim, number=number)
    files = request.FILES.getlist(FIELD)
    by_script = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    return _one(request, claim, files) if by_script else _several(request, claim, files)


def _one(request: MemberRequest, claim: Claim, files: Files) -> JsonResponse:
    """One photo, answered in JSON: 201 for a new one, 200 for one that is here already."""
    if dropped(request):
        return _refused(too_large(), HTTPStatus.UNPROCESSABLE_ENTITY)
    if len(files) != 1:
        return _refused(_nothing_came(), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        taken = _take(request, claim, files[0], request.headers.get("Idempotency-Key", ""))
    except UploadRefusedError as error:
        return _refused(str(error), HTTPStatus.UNPROCESSABLE_ENTITY, lang="en")
    except KeyReusedError as error:
        return _refused(str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    except ClaimDecidedError:
        return _refused(str(DECIDED), HTTPStatus.CONFLICT)
    address = reverse("portal:photo", args=[claim.number, taken.photo.number])
    answer = {"photo": address, "name": taken.photo.name}
    if taken.fresh:
        return JsonResponse(answer, status=HTTPStatus.CREATED)
    return JsonResponse({**answer, "reason": _already(taken.photo)})


def _refused(sentence: str, status: HTTPStatus, *, lang: str = "") -> JsonResponse:
    """`lang` is the language of a sentence that isn't in the reader's own."""
    return JsonResponse({"refused": sentence, "lang": lang or get_language()}, status=status)


def _nothing_came() -> str:
    return _("No photo came along. Choose at least one.")


def _already(photo: Photo) -> str:
    return _("This is photo %(number)d of the claim already. It was not added again.") % {
        "number": photo.number
    }


def _several(
    request: MemberRequest, claim: Claim, files: list[UploadedFile[bytes]]
) -> HttpResponse:
    """Photos from a plain form: what is refused is said, and the rest goes on."""
    for name in dropped(request):
        messages.error(request, f"{name}: {too_large()}")
    if not files and not dropped(request):
        messages.error(request, _nothing_came())
    try:
        added = sum(_added(request, claim, file) for file in files)
    except ClaimDecidedError:
        return claim_locked(request, claim)
    if added:
        text = ngettext("%(count)d photo was added.", "%(count)d photos were added.", added)
        messages.success(request, text % {"count": added})
    return redirect("portal:claim", claim.number)


def _added(request: MemberRequest, claim: Claim, file: UploadedFile[bytes]) -> bool:
    try:
        taken = _take(request, claim, file, "")
    except UploadRefusedError as error:
        messages.error(request, f"{file.name}: {error}", extra_tags=IN_ENGLISH)
        return False
    if not taken.fresh:
        messages.info(request, f"{file.name}: {_already(taken.photo)}")
    return taken.fresh


def _take(request: MemberRequest, claim: Claim, file: UploadedFile[bytes], key: str) -> Taken:
    data = file.read()
    fresh = upload_is_fresh(claim, sha256(data), key)
    photo = pipeline.photo_submit(
        claim=claim, data=data, name=str(file.name), by=request.member.user
    )
    return Taken(photo, fresh)
