"""The page of a claim: what it shows, and what is done from it but for photos and the file."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import pipeline
from assessment.selectors.claim_page import ClaimState, claim_state
from assessment.selectors.claim_version import claim_version
from assessment.selectors.questions import catalogue_texts, suggestions
from assessment.selectors.queue import queue_is_stuck
from assessment.services.docket import AssignedMeanwhileError, claim_assign
from assessment.services.engines import examples_of
from assessment.services.photos import QueryAskedError
from claims.models import Claim, Peril, User
from claims.services import ClaimDecidedError
from portal.access import PERMISSIONS, Member, MemberRequest, Permission, get_owned, member_required
from portal.claim_panels import pace_text, ready_numbers, state_context
from portal.forms.claim import AskForm, AssignForm
from portal.forms.question import say_refused
from portal.spoken import language_names
from portal.views.claim_file import file_context
from portal.wording import DECIDED, PERILS

MAY_ASSESS = [role for role, permissions in PERMISSIONS.items() if Permission.ASSESS in permissions]


@require_safe
@member_required(Permission.SEE)
def claim(request: MemberRequest, number: str) -> HttpResponse:
    """The page of a claim."""
    return claim_shown(request, get_owned(request, Claim, number=number))


def claim_shown(
    request: MemberRequest,
    claim: Claim,
    *,
    asking: AskForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The page of a claim; with `asking`, a question that can't be asked as it was typed."""
    state = claim_state(claim)
    ready = ready_numbers(state.photos)
    examples = examples_of(settings.EAVES_ENGINE)
    offered = examples or catalogue_texts(claim.peril, get_language() or "")
    context = {
        **file_context(request, claim),
        **state_context(claim, state, request.member),
        "peril": PERILS[Peril(claim.peril)],
        "assignee": state.docket.assignee,
        "asking": asking or AskForm(photos=ready),
        "chosen": chosen_in(asking),
        "assigning": _assign_form(request.member, state),
        "examples": examples,
        "suggestions": suggestions(claim, offered),
        "languages": language_names(),
        "pace": pace_text(request.member.carrier, len(ready)),
    }
    return render(request, "portal/claim.html", context, status=status)


def chosen_in(asking: AskForm | None) -> list[str]:
    """The photos that were ticked for a question that came back."""
    return asking["photos"].value() or [] if asking else []


@require_safe
@member_required(Permission.SEE)
def state(request: MemberRequest, number: str) -> HttpResponseBase:
    """The parts of the page that change by themselves; polled while something is at work."""
    claim = get_owned(request, Claim, number=number)
    etag = _state_tag(request.member, claim)
    # Kept by the browser to be asked for anew every time: only so can it be told "as before".
    blank = HttpResponse(headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    answer = get_conditional_response(request, etag=etag, response=blank)
    if answer is not blank:
        return answer or blank
    context = state_context(claim, claim_state(claim), request.member)
    blank.content = render_to_string("portal/claim/state.html", context, request)
    return blank


def _state_tag(member: Member, claim: Claim) -> str:
    """Names what the page shows to this person; joining outlines, the dear part, is left out."""
    reader = (member.role, member.carrier.units, get_language(), queue_is_stuck())
    return quote_etag(sha256(repr((claim_version(claim), reader)).encode()).hexdigest()[:32])


@require_POST
@member_required(Permission.ASSESS)
def ask(request: MemberRequest, number: str) -> HttpResponse:
    """Look for something else, on all photos or on those chosen."""
    claim = get_owned(request, Claim, number=number)
    photos = {photo.number: photo for photo in claim.photos.all()}
    form = AskForm(request.POST, photos=photos)
    if not form.is_valid():
        return claim_shown(request, claim, asking=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    chosen = [photos[number] for number in form.cleaned_data["photos"]]
    text = form.cleaned_data["text"]
    try:
        pipeline.query_ask(
            claim=claim,
            text=text,
            by=request.member.user,
            photos=chosen,
            language=form.cleaned_data["language"],
            detail=form.cleaned_data["detail"],
        )
    except ClaimDecidedError:
        return claim_locked(request, claim)
    except QueryAskedError:
        form.say_asked()
    except ValidationError as error:
        say_refused(form, error)
    else:
        messages.success(request, _("Asked: “%(text)s”.") % {"text": text})
        return redirect("portal:claim", claim.number)
    return claim_shown(request, claim, asking=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def claim_locked(request: MemberRequest, claim: Claim) -> HttpResponse:
    """The claim as it is now, decided; nothing was done."""
    messages.error(request, DECIDED)
    return claim_shown(request, claim, status=HTTPStatus.CONFLICT)


@require_POST
@member_required(Permission.ASSESS)
def retry(request: MemberRequest, number: str) -> HttpResponse:
    """Try again whatever failed."""
    claim = get_owned(request, Claim, number=number)
    try:
        opened = pipeline.claim_retry(claim=claim, by=request.member.user)
    except ClaimDecidedError:
        return claim_locked(request, claim)
    text = ngettext("%(count)d thing is tried again.", "%(count)d things are tried again.", opened)
    if opened:
        messages.success(request, text % {"count": opened})
    else:
        messages.info(request, _("Nothing had failed any more, so nothing is tried again."))
    return redirect("portal:claim", claim.number)


@require_POST
@member_required(Permission.ASSESS)
def assign(request: MemberRequest, number: str) -> HttpResponse:
    """Take up a claim, put it back or, as a manager, give it to somebody."""
    claim = get_owned(request, Claim, number=number)
    people = {person.pk: person for person in assignable(request.member, claim.docket.assignee)}
    form = AssignForm(request.POST, people=[(pk, str(person)) for pk, person in people.items()])
    if not form.is_valid():
        raise BadRequest(form.errors.as_text())
    to = people.get(form.cleaned_data["to"])
    seen = User.objects.filter(pk=form.cleaned_data["seen"]).first()
    try:
        claim_assign(claim=claim, to=to, by=request.member.user, seen=seen)
    except ClaimDecidedError:
        return claim_locked(request, claim)
    except AssignedMeanwhileError as error:
        messages.warning(request, _has_it_now(error.to))
        return claim_shown(request, claim, status=HTTPStatus.CONFLICT)
    return redirect("portal:claim", claim.number)


def _has_it_now(person: User | None) -> str:
    if person is None:
        return _("Somebody put this claim back meanwhile: nobody has it now. Nothing was changed.")
    return _("This claim was assigned meanwhile: %(name)s has it now. Nothing was changed.") % {
        "name": person
    }


def assignable(member: Member, now: User | None) -> list[User]:
    """Whom this member may give a claim: themselves, who has it now, as a manager all who may."""
    if not member.may(Permission.MANAGE):
        return [member.user] if now in (None, member.user) else [member.user, now]
    able = User.objects.filter(
        memberships__carrier=member.carrier, memberships__role__in=MAY_ASSESS, is_active=True
    )
    others = able.exclude(pk=member.user.pk).order_by("name", "email")
    return list(dict.fromkeys([member.user, *others, *([now] if now else [])]))


def _assign_form(member: Member, state: ClaimState) -> AssignForm:
    now = state.docket.assignee
    named = [(each.pk, _named(each, member)) for each in assignable(member, now)]
    return AssignForm(people=named, now=now.pk if now else None)


def _named(person: User, member: Member) -> str:
    return _("You (%(name)s)") % {"name": person} if person == member.user else str(person)
