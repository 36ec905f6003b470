"""Writing into a claim file: the decision, reopening, notes; and reading its history."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessment import pipeline
from assessment.core.vocabulary import DecisionKind, ReviewStatus
from assessment.selectors.claim_history import claim_history
from assessment.selectors.claims import findings_of
from assessment.selectors.decisions import Undone, decision_in_force
from assessment.services.decisions import UndoneError, claim_decide
from claims.models import Claim, ClaimStatus
from claims.services import ClaimDecidedError, note_add
from portal.access import Member, MemberRequest, Permission, get_owned, member_required
from portal.forms.claim_file import DecisionForm, FileForm, HistoryForm, NoteForm, ReopenForm
from portal.history import line_of
from portal.undone import undone_ahead, undone_behind
from portal.views.reports import report_context
from portal.wording import DECISIONS

HISTORY_SHOWN = 20
"""Acts on the claim's own page; all of them are on the history's."""


def file_context(request: MemberRequest, claim: Claim) -> dict[str, Any]:
    """What the panels of claim/{decision,report,notes,history}.html ask for.

    `may_assess`, `may_decide`, `may_reopen`: what the role allows. `is_decided`: nothing may be
    written but a reopening. `decision`: the one in force or None; `decision_told`: its words;
    `decision_undone`: what it left undone, or empty. `decision_form`, `reopen_form`, `note_form`.
    `notes`: newest first. `history`: the newest portal.history.Line; `history_goes_on`: there are
    more. And the keys of report_context.
    """
    page = claim_history(claim, size=HISTORY_SHOWN)
    return {
        **_rights(request.member),
        **_decision(claim),
        "is_decided": claim.status == ClaimStatus.DECIDED,
        "decision_form": DecisionForm(),
        "reopen_form": ReopenForm(),
        "note_form": NoteForm(),
        "notes": claim.notes.select_related("by").order_by("-at", "-pk"),
        "history": [line_of(act) for act in page.acts],
        "history_goes_on": page.older is not None,
        **report_context(claim),
    }


def _rights(member: Member) -> dict[str, bool]:
    return {
        "may_assess": member.may(Permission.ASSESS),
        "may_decide": member.may(Permission.DECIDE),
        "may_reopen": member.may(Permission.REOPEN),
    }


def _decision(claim: Claim) -> dict[str, Any]:
    decision = decision_in_force(claim)
    return {
        "decision": decision,
        "decision_told": DECISIONS[DecisionKind(decision.kind)] if decision else "",
        "decision_undone": undone_behind(decision) if decision else "",
    }


@require_POST
@member_required(Permission.DECIDE)
def decide(request: MemberRequest, number: str) -> HttpResponse:
    """Decide a claim. What is undone is asked about once, with the numbers that will be passed
    over; deciding anyway sends them along."""
    claim = get_owned(request, Claim, number=number)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _decision_page(request, claim, form)
    kind, note = DecisionKind(form.cleaned_data["kind"]), form.cleaned_data["note"]
    try:
        claim_decide(
            claim=claim, kind=kind, note=note, by=request.member.user, despite=form.despite()
        )
    except UndoneError as error:
        return _decision_page(request, claim, form, error.undone)
    except ClaimDecidedError:
        return _decided_meanwhile(request, claim, note)
    return redirect(_panel(claim, "decision"))


def _asked_again(
    request: MemberRequest, template: str, claim: Claim, form: FileForm, **more: Any
) -> HttpResponse:
    """The form once more, with what was wrong in it."""
    context = {"claim": claim, "form": form, **more}
    return render(request, template, context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _decision_page(
    request: MemberRequest, claim: Claim, form: DecisionForm, undone: Undone | None = None
) -> HttpResponse:
    told = _undone_told(claim, undone)
    return _asked_again(request, "portal/decide.html", claim, form, undone=undone, **told)


def _undone_told(claim: Claim, undone: Undone | None) -> dict[str, str]:
    if undone is None:
        return {}
    to_review = findings_of(claim).filter(review=ReviewStatus.PROPOSED)
    photo = to_review.values_list("photo__number", flat=True).first()
    review = reverse("portal:photo", args=[claim.number, photo]) if photo else ""
    return {"sentence": undone_ahead(undone), "review_url": review}


def _decided_meanwhile(request: MemberRequest, claim: Claim, kept: str) -> HttpResponse:
    """Somebody else decided the claim; what this person wrote is shown, so that it isn't lost."""
    context = {"claim": claim, "kept": kept, **_decision(claim)}
    return render(request, "portal/decided.html", context, status=HTTPStatus.CONFLICT)


@require_POST
@member_required(Permission.REOPEN)
def reopen(request: MemberRequest, number: str) -> HttpResponse:
    """Open a decided claim again, for a reason."""
    claim = get_owned(request, Claim, number=number)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _asked_again(request, "portal/reopen.html", claim, form)
    pipeline.claim_reopen(claim=claim, reason=form.cleaned_data["reason"], by=request.member.user)
    return redirect(_panel(claim, "decision"))


@require_POST
@member_required(Permission.ASSESS)
def add_note(request: MemberRequest, number: str) -> HttpResponse:
    """Write a note into the file."""
    claim = get_owned(request, Claim, number=number)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _asked_again(request, "portal/note.html", claim, form)
    text = form.cleaned_data["text"]
    try:
        note_add(claim=claim, text=text, by=request.member.user)
    except ClaimDecidedError:
        return _decided_meanwhile(request, claim, text)
    return redirect(_panel(claim, "notes"))


def _panel(claim: Claim, panel: str) -> str:
    return f"{reverse('portal:claim', args=[claim.number])}#{panel}"


@require_safe
@member_required(Permission.SEE)
def history(request: MemberRequest, number: str) -> HttpResponse:
    """All that was done to a claim, newest first; `before` is where the page before ended."""
    claim = get_owned(request, Claim, number=number)
    form = HistoryForm(request.GET)
    if not form.is_valid():
        raise BadRequest(form.errors.as_text())
    before = form.cleaned_data["before"]
    page = claim_history(claim, before=before)
    lines = [line_of(act) for act in page.acts]
    context = {"claim": claim, "history": lines, "before": before, "older": page.older}
    return render(request, "portal/history.html", context)
