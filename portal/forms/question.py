"""What people say of a question: in words of their own, or chosen from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.core.catalogue.standard import CATALOGUE_PERILS, LANGUAGES
from assessment.core.catalogue.wording import Wording, wording_of
from assessment.core.legible import is_legible
from assessment.core.vocabulary import DamageType, Detail, QueryKind
from assessment.models.segmentation import MOST_RUNS, NOT_BY_TILES
from assessment.selectors.questions import Offer
from assessment.services.questions import QuestionKnownError
from claims.models import Peril
from portal.spoken import language_name, language_tag
from portal.wording import (
    ANY_PERIL,
    CLOSENESS,
    DAMAGE_TYPES,
    PERILS,
    QUERY_KINDS,
)

MOST_WORDS = 500
UNSAID = ("", _("As the words tell"))


UNREADABLE = _("Say in a few words what to look for.")

NEEDS_WHOLE = _(
    "A question about one thing among others needs the photo as a whole. Choose another closeness."
)

TILES_COST = _("Piece by piece takes about 20 calls for a question to a photo of 12 megapixels.")

SERVICE_SAYS: Mapping[str, Promise] = {NOT_BY_TILES: NEEDS_WHOLE}
"""What the service says of questions in English, as the portal says it."""


class LanguageField(forms.CharField):
    """A language by its name or as a tag, kept as a tag; left open, the question's words tell it.

    Names are offered in the list `languages` of the page.
    """

    def __init__(self) -> None:
        super().__init__(
            label=_("Language"),
            required=False,
            help_text=_("Left empty, the words tell it."),
            widget=forms.TextInput(attrs={"autocomplete": "off", "list": "languages"}),
        )

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        tag = language_tag(typed) if typed else ""
        if tag is None:
            said = _("Choose a language from the list, or give its tag, such as hi or zh-Hant.")
            raise ValidationError(said)
        return tag

    def prepare_value(self, value: Any) -> Any:
        """The name, if it stands for this tag and no other."""
        name = language_name(value) if value else ""
        return name if name and language_tag(name) == value else value


def words_of(text: str) -> str:
    """A question's words with single spaces. Raises ValidationError where nothing can be read."""
    if not is_legible(text):
        raise ValidationError(UNREADABLE)
    return " ".join(text.split())


def say_refused(form: forms.Form, error: ValidationError) -> None:
    """Say what the service found, at the field it is about, else at the words."""
    told = error.message_dict if hasattr(error, "error_dict") else {"text": error.messages}
    for name, sentences in told.items():
        for sentence in sentences:
            field = name if name in form.fields else "text"
            form.add_error(field, str(SERVICE_SAYS.get(sentence, sentence)))


def detail_field(*, required: bool = True) -> forms.TypedChoiceField:
    """How closely a question looks; left open, as is known of the words."""
    unsaid = [] if required else [UNSAID]
    return forms.TypedChoiceField(
        label=_("How closely to look"),
        required=required,
        choices=lambda: [*unsaid, *CLOSENESS.items()],
        help_text=TILES_COST,
        coerce=Detail,
        empty_value=None,
    )


class QuestionForm(forms.Form):
    """A standing question: a new one, or one that is reworded."""

    text = forms.CharField(
        label=_("What to look for"),
        max_length=MOST_WORDS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 60}),
        error_messages={
            "required": UNREADABLE,
            "max_length": _("Say it in at most 500 characters."),
        },
    )
    kind = forms.TypedChoiceField(
        label=_("How it singles things out"), choices=QUERY_KINDS.items, coerce=QueryKind
    )
    damage_type = forms.ChoiceField(
        label=_("Damage"),
        required=False,
        choices=lambda: [UNSAID, *DAMAGE_TYPES.items()],
        help_text=_("What is found counts as this, unless the answer names another."),
    )
    language = LanguageField()
    detail = detail_field()
    runs = forms.IntegerField(
        label=_("Times to ask"),
        min_value=1,
        max_value=MOST_RUNS,
        initial=1,
        help_text=_("More than once shows how far the answers agree; each time is paid for."),
        error_messages={
            "required": _("Enter how often to ask, from 1 to 5."),
            "invalid": _("Enter how often to ask, from 1 to 5."),
            "min_value": _("Enter how often to ask, from 1 to 5."),
            "max_value": _("Enter how often to ask, from 1 to 5."),
        },
    )

    def __init__(
        self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, label_suffix="", initial=dict(initial or {}))

    def clean_text(self) -> str:
        return words_of(self.cleaned_data["text"])

    def wording(self) -> Wording:
        """What was typed, once it is valid; what was left open is told by the words."""
        told = wording_of(self.cleaned_data["text"])
        said = {name: self.cleaned_data[name] for name in ("kind", "detail", "runs")}
        damage_type = self.cleaned_data["damage_type"]
        return Wording(
            text=told.text,
            language=self.cleaned_data["language"] or told.language,
            damage_type=DamageType(damage_type) if damage_type else told.damage_type,
            **said,
        )

    def say_known(self, error: QuestionKnownError, peril: str) -> None:
        """Say that the carrier has this question, for `peril` or among those of another cause."""
        if error.query.peril != peril:
            cause = PERILS[Peril(error.query.peril)] if error.query.peril else ANY_PERIL
            said = _("This is asked already under “%(cause)s”. Nothing was added.")
            self.add_error("text", said % {"cause": cause})
        elif error.query.active:
            self.add_error("text", _("This is asked already. Nothing was added."))
        else:
            said = _("This question is there and switched off. Switch it on in the list instead.")
            self.add_error("text", said)


class NewQuestionForm(QuestionForm):
    """A new standing question; `peril` says of which claims it is asked."""

    peril = forms.ChoiceField(
        label=_("Asked when the cause is"),
        required=False,
        choices=lambda: [("", ANY_PERIL), *PERILS.items()],
    )
    field_order = ("text", "peril")


def reword_form(wording: Wording, data: QueryDict | None = None) -> QuestionForm:
    """The form of a question that is there."""
    return QuestionForm(data, initial=asdict(wording))


class CatalogueForm(forms.Form):
    """Which part of the catalogue to show: a peril, in a language."""

    peril = forms.TypedChoiceField(
        label=_("What caused the loss"),
        choices=lambda: [(peril, PERILS[Peril(peril)]) for peril in CATALOGUE_PERILS],
        coerce=Peril,
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=lambda: [(tag, language_name(tag)) for tag in LANGUAGES]
    )

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__(data, label_suffix="")


class TakeForm(forms.Form):
    """Which of the offered questions to take: those ticked, or all."""

    def __init__(self, data: QueryDict, *, offered: Sequence[Offer]) -> None:
        super().__init__(data, label_suffix="")
        ids = [offer.entry.id for offer in offered]
        self.fields["all"] = forms.BooleanField(required=False)
        self.fields["entries"] = forms.MultipleChoiceField(
            choices=[(each, each) for each in ids], required=False
        )

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("all") and not self.cleaned_data.get("entries"):
            raise ValidationError(_("Tick the questions to take, or take all of them."))
        return self.cleaned_data

    def is_wanted(self, offer: Offer) -> bool:
        """Whether a question is to be taken, once the form is valid."""
        return self.cleaned_data["all"] or offer.entry.id in self.cleaned_data["entries"]
