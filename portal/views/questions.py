"""What a carrier asks of every claim, and the standard catalogue to take from."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessment.core.catalogue.standard import CATALOGUE_PERILS, LANGUAGES
from assessment.models import DamageQuery
from assessment.selectors.questions import (
    Offer,
    offers,
    standing_questions,
    wording_in,
)
from assessment.services.questions import (
    QuestionKnownError,
    QuestionReplacedError,
    standing_add,
    standing_reword,
    standing_switch,
    standing_take,
)
from claims.models import Peril
from portal.access import MemberRequest, Permission, get_owned, member_required
from portal.forms.question import (
    TILES_COST,
    CatalogueForm,
    NewQuestionForm,
    QuestionForm,
    TakeForm,
    reword_form,
    say_refused,
)
from portal.question_rows import groups_of, offer_row
from portal.spoken import language_names
from portal.wording import PERILS


@require_safe
@member_required(Permission.SEE)
def questions(request: MemberRequest) -> HttpResponse:
    """What is asked of every claim, by its peril."""
    context = {
        "groups": groups_of(standing_questions(request.member.carrier)),
        "may_manage": request.member.may(Permission.MANAGE),
    }
    return render(request, "portal/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Permission.MANAGE)
def add(request: MemberRequest) -> HttpResponse:
    """A question in the carrier's own words."""
    if request.method != "POST":
        return _form_page(request, NewQuestionForm())
    form = NewQuestionForm(request.POST)

    def keep() -> None:
        peril = form.cleaned_data["peril"]
        standing_add(
            carrier=request.member.carrier,
            peril=peril,
            wording=form.wording(),
            by=request.member.user,
        )
        messages.success(request, _("The question was added. It is asked of photos to come."))

    return _kept(request, form, keep)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Permission.MANAGE)
def reword(request: MemberRequest, question: int) -> HttpResponse:
    """Another wording, which is a new version."""
    query = get_owned(request, DamageQuery, pk=question, claim__isnull=True)
    if request.method != "POST":
        if DamageQuery.objects.filter(replaces=query).exists():
            return _replaced(request)
        return _form_page(request, reword_form(wording_in(query)), query)
    form = reword_form(wording_in(query), request.POST)

    def keep() -> None:
        new = standing_reword(query=query, wording=form.wording(), by=request.member.user)
        if new == query:
            messages.info(request, _("The question stands as it was: nothing was changed."))
        else:
            messages.success(request, _("Reworded: “%(text)s”.") % {"text": new.text})

    return _kept(request, form, keep, query)


def _kept(
    request: MemberRequest,
    form: QuestionForm,
    keep: Callable[[], None],
    query: DamageQuery | None = None,
) -> HttpResponse:
    """Keep what was typed and show the list, or show the form again with what is wrong."""
    if form.is_valid():
        try:
            keep()
        except QuestionKnownError as error:
            form.say_known(error, query.peril if query else form.cleaned_data["peril"])
        except QuestionReplacedError:
            return _replaced(request)
        except ValidationError as error:
            say_refused(form, error)
        else:
            return redirect("portal:questions")
    return _form_page(request, form, query, HTTPStatus.UNPROCESSABLE_ENTITY)


def _form_page(
    request: MemberRequest,
    form: QuestionForm,
    query: DamageQuery | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = {"form": form, "query": query, "languages": language_names()}
    return render(request, "portal/question.html", context, status=status)


def _replaced(request: MemberRequest) -> HttpResponse:
    said = _("This question was reworded meanwhile. Nothing was changed: this is how it is now.")
    messages.warning(request, said)
    return redirect("portal:questions")


@require_POST
@member_required(Permission.MANAGE)
def switch(request: MemberRequest, question: int) -> HttpResponse:
    """Ask a question no more, or again."""
    query = get_owned(request, DamageQuery, pk=question, claim__isnull=True)
    if request.POST.get("active") not in ("yes", "no"):
        raise BadRequest("Switch a question on or off.")
    active = request.POST["active"] == "yes"
    try:
        standing_switch(query=query, active=active, by=request.member.user)
    except QuestionReplacedError:
        return _replaced(request)
    except QuestionKnownError as error:
        said = _("“%(text)s” is asked already for another cause, so it was not switched on.")
        messages.warning(request, said % {"text": error.query.text})
        return redirect("portal:questions")
    said = _("Switched on: “%(text)s”.") if active else _("Switched off: “%(text)s”.")
    messages.success(request, said % {"text": query.text})
    return redirect("portal:questions")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Permission.MANAGE)
def catalogue(request: MemberRequest) -> HttpResponse:
    """The standard catalogue, a peril at a time, to take questions from."""
    shown = CatalogueForm({**_first_choice(), **request.GET.dict()})
    if not shown.is_valid():
        raise BadRequest(shown.errors.as_text())
    language = shown.cleaned_data["language"]
    offered = offers(request.member.carrier, shown.cleaned_data["peril"], language)
    if request.method != "POST":
        return _catalogue_page(request, shown, offered)
    form = TakeForm(request.POST, offered=offered)
    if not form.is_valid():
        return _catalogue_page(request, shown, offered, form)
    taken = standing_take(
        carrier=request.member.carrier,
        entries=[offer.entry for offer in offered if form.is_wanted(offer)],
        language=language,
        by=request.member.user,
    )
    text = ngettext(
        "%(count)d question was taken. It is asked of photos to come.",
        "%(count)d questions were taken. They are asked of photos to come.",
        len(taken),
    )
    messages.success(request, text % {"count": len(taken)})
    return redirect("portal:questions")


def _first_choice() -> dict[str, str]:
    spoken = get_language() or ""
    return {
        "peril": CATALOGUE_PERILS[0],
        "language": spoken if spoken in LANGUAGES else LANGUAGES[0],
    }


def _catalogue_page(
    request: MemberRequest, shown: CatalogueForm, offered: list[Offer], form: TakeForm | None = None
) -> HttpResponse:
    context = {
        "shown": shown,
        "language": shown.cleaned_data["language"],
        "form": form,
        "chosen": request.POST.getlist("entries"),
        "rows": [offer_row(offer) for offer in offered],
        "left": sum(not offer.taken for offer in offered),
        "peril": PERILS[Peril(shown.cleaned_data["peril"])],
        "tiles_cost": TILES_COST,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "portal/catalogue.html", context, status=status)
