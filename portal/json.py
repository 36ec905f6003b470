"""How the workbench's script and the server talk: what is read, and how it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, ValidationError

from assessment.core.scale import ScaleError
from assessment.services.review import ReviewError
from claims.models import Photo, PhotoStatus
from claims.services import ClaimDecidedError
from portal.access import MemberRequest
from portal.wording import DECIDED

P = ParamSpec("P")
Sent = TypeVar("Sent", bound="Body")

MOST_BYTES = 1 << 20
"""An outline of as many corners as can be drawn takes a quarter of that."""

TAG = re.compile(r'"([0-9A-Za-z]{1,64})"')
"""An entity tag as If-Match quotes it; neither a weak one nor a list says what was seen."""


class RefusedError(ValueError):
    """What can't be done as it was asked; the message is a sentence for the person."""


class UnseenError(Exception):
    """A change that doesn't say which state of things the person had before them."""


class Body(BaseModel):
    """What a request carries: only what is listed, each of its own type, every number finite."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


def body_of(request: MemberRequest, kind: type[Sent]) -> Sent:
    """The JSON that a request carries. Raises RefusedError for anything else."""
    # Asked before it is read: what is too large must not get into memory.
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise RefusedError(
            _("What was sent is larger than 1 MB. Nothing was changed. Draw the outline simpler.")
        )
    try:
        return kind.model_validate_json(request.body)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"]) or "JSON"
        raise RefusedError(
            _(
                "What was sent is not understood (%(place)s). Nothing was changed. "
                "Load the page again and repeat what you did."
            )
            % {"place": place}
        ) from error


def seen_tag(request: MemberRequest) -> str:
    """What If-Match names, without its quotes. Raises UnseenError where it names nothing."""
    match = TAG.fullmatch(request.headers.get("If-Match", ""))
    if match is None:
        raise UnseenError
    return match[1]


def seen_revision(request: MemberRequest) -> int:
    """The revision that If-Match names. Raises UnseenError where it names none."""
    tag = seen_tag(request)
    if not (tag.isdecimal() and len(tag) < 10):
        raise UnseenError
    return int(tag)


def ready(photo: Photo) -> Photo:
    """The photo, if it can be drawn upon. Raises RefusedError."""
    if photo.status != PhotoStatus.READY:
        raise RefusedError(
            _("This photo is not ready to be worked on. Nothing was changed. Load the page again.")
        )
    return photo


def refused(sentence: str, status: HTTPStatus) -> JsonResponse:
    """The answer to what was not done."""
    return JsonResponse({"refused": sentence}, status=status)


def json_answers(
    view: Callable[Concatenate[MemberRequest, P], HttpResponse],
) -> Callable[Concatenate[MemberRequest, P], HttpResponseBase]:
    """Let a view answer what can't be done with a sentence and its status."""

    @wraps(view)
    def answering(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (RefusedError, ReviewError, ScaleError) as error:
            return refused(str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
        except ClaimDecidedError:
            return refused(str(DECIDED), HTTPStatus.CONFLICT)
        except UnseenError:
            sentence = _("The change doesn't say what you saw. Nothing was changed. Load the page.")
            return refused(sentence, HTTPStatus.PRECONDITION_REQUIRED)

    return answering
