"""What people type on the page of a claim, and to open one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Carrier, Claim, Peril
from claims.services import ClaimDetails, ClaimFacts
from portal.forms.question import (
    MOST_WORDS,
    UNREADABLE,
    LanguageField,
    detail_field,
    words_of,
)
from portal.wording import DETAILS, PERILS

MONEY = {
    "invalid": _("Enter an amount as a number, such as 250000 or 1250.50."),
    "min_value": _("Enter an amount of zero or more."),
    "max_decimal_places": _("Enter an amount with at most two decimal places."),
}


def amount(label: Any) -> forms.DecimalField:
    """A field for an amount of money, which may stay empty."""
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        error_messages=MONEY,
    )


if TYPE_CHECKING:
    ClaimForm = forms.ModelForm[Claim]
else:
    # Generic for the type checker only.
    ClaimForm = forms.ModelForm


class DetailsForm(ClaimForm):
    """What is known of a claim and may be known better later."""

    peril = forms.ChoiceField(
        label=_("What caused the loss"),
        choices=lambda: [("", _("Choose one")), *PERILS.items()],
        error_messages={"required": _("Choose what caused the loss.")},
    )
    limit = amount(DETAILS["limit"])
    deductible = amount(DETAILS["deductible"])

    class Meta:
        model = Claim
        fields = list(DETAILS)
        labels = dict(DETAILS)
        help_texts = {
            "policy_number": _("Without it a person must look before anything is decided."),
        }
        error_messages = {"loss_date": {"invalid": _("Enter the date of loss as a date.")}}
        widgets: Mapping[str, forms.Widget] = {
            "loss_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        }

    def clean_loss_date(self) -> date | None:
        day: date | None = self.cleaned_data["loss_date"]
        # Somewhere it is tomorrow already.
        if day and day > timezone.localdate() + timedelta(days=1):
            raise ValidationError(_("The date of loss lies in the future. Check the year."))
        return day

    def clean_peril(self) -> Peril:
        return Peril(self.cleaned_data["peril"])

    def clean(self) -> dict[str, Any]:
        limit, deductible = self.cleaned_data.get("limit"), self.cleaned_data.get("deductible")
        if limit is not None and deductible is not None and deductible > limit:
            above = _("The deductible is above the limit of the policy. Check both amounts.")
            self.add_error("deductible", above)
        return self.cleaned_data


class CorrectForm(DetailsForm):
    """The details of a claim that is there.

    The page sends along what it showed: only what the person changed is written, whatever somebody
    else has corrected meanwhile.
    """

    def __init__(self, data: QueryDict | None = None, *, claim: Claim) -> None:
        shown = {name: getattr(claim, name) for name in DETAILS}
        super().__init__(data, label_suffix="", initial=shown)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def details(self) -> ClaimDetails:
        """What the person changed, once it is valid."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        return cast(ClaimDetails, changed)


class NewClaimForm(DetailsForm):
    """The facts of a new claim. `taken` is the claim that has the number already, if one has."""

    class Meta(DetailsForm.Meta):
        fields = list(ClaimFacts.__dataclass_fields__)
        labels = {
            **DetailsForm.Meta.labels,
            "number": _("Claim number"),
            "currency": _("Currency"),
        }
        help_texts = {
            **DetailsForm.Meta.help_texts,
            "number": _("As your carrier writes it. It can't be changed later."),
            "currency": _("Three letters, such as USD."),
        }
        error_messages = {
            **DetailsForm.Meta.error_messages,
            "number": {
                "required": _("Enter the claim number."),
                "invalid": _(
                    "A claim number can't be one or two dots, and can't hold a slash, backslash, "
                    "question mark, hash, percent sign or line break, nor begin or end with a "
                    "space."
                ),
            },
            "currency": {"required": _("Enter the currency as three letters, such as USD.")},
        }
        widgets = {
            **DetailsForm.Meta.widgets,
            "currency": forms.TextInput(attrs={"size": 4}),
        }

    def __init__(self, data: QueryDict | None = None, *, carrier: Carrier) -> None:
        # The model knows a cause for claims that come without one; a person says which it is.
        super().__init__(data, label_suffix="", initial={"peril": ""})
        self.carrier = carrier
        self.taken: Claim | None = None

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        # People take "hx-1" and "HX-1" for one number, and would write into the wrong file.
        self.taken = Claim.objects.of(self.carrier).filter(number__iexact=number).first()
        if self.taken:
            raise ValidationError(_("There is a claim with this number already."), code="taken")
        return number

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise ValidationError(_("Enter the currency as three letters, such as USD."))
        return currency

    def facts(self) -> ClaimFacts:
        """What was typed, once it is valid."""
        return ClaimFacts(**self.cleaned_data)


class AskForm(forms.Form):
    """A question in plain words, to all photos of a claim or to those chosen by number."""

    text = forms.CharField(
        label=_("Look for something else"),
        max_length=MOST_WORDS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "suggestions"}),
        error_messages={
            "required": UNREADABLE,
            "max_length": _("Say it in at most 500 characters."),
        },
    )

    language = LanguageField()
    detail = detail_field(required=False)

    def __init__(self, data: QueryDict | None = None, *, photos: Iterable[int]) -> None:
        super().__init__(data, label_suffix="")
        self.fields["photos"] = forms.TypedMultipleChoiceField(
            choices=[(number, str(number)) for number in photos],
            coerce=int,
            required=False,
            error_messages={"invalid_choice": _("A photo you chose is not in this claim.")},
        )

    def clean_text(self) -> str:
        return words_of(self.cleaned_data["text"])

    def say_asked(self) -> None:
        """Say that the photos that were meant have been asked this."""
        asked = _(
            "This was looked for already. To have it looked for again, use Ask again beside it."
        )
        self.add_error("text", asked)


class AssignForm(forms.Form):
    """Who is to work on a claim: the id of one of `people`, or nobody.

    `seen` is the id of who had it when the person looked.
    """

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        people: Iterable[tuple[int, str]],
        now: int | None = None,
    ) -> None:
        super().__init__(data, label_suffix="", initial={"to": now, "seen": now})
        self.fields["to"] = forms.TypedChoiceField(
            label=_("Assigned to"),
            choices=[("", _("Nobody")), *people],
            coerce=int,
            empty_value=None,
            required=False,
        )
