"""What the address of the queue may say."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.selectors.claim_list import Tab, Wanted
from portal.wording import PERILS

NEWEST = "newest"
PLACE = r"^\d{1,17}\..+$"
"""The place of a claim in a list: when it came to its stage, in microseconds, and its number."""


class QueueForm(forms.Form):
    """What the address of the queue may say.

    `after` and `before` name the claim that a page ended or began with.
    """

    tab = forms.ChoiceField(
        required=False, choices=[(tab, tab) for tab in Tab], widget=forms.HiddenInput
    )
    q = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    peril = forms.ChoiceField(
        label=_("Peril"), required=False, choices=[("", _("Any")), *PERILS.items()]
    )
    sort = forms.ChoiceField(
        label=_("Sort"),
        required=False,
        choices=[("", _("Waiting longest")), (NEWEST, _("Newest"))],
    )
    after = forms.RegexField(PLACE, required=False)
    before = forms.RegexField(PLACE, required=False)

    def wanted(self) -> Wanted:
        """The list that is asked for. A search goes over every claim unless a list is named."""
        said = self.cleaned_data
        unsaid = Tab.ALL if said["q"] else Tab.REVIEW
        return Wanted(
            tab=Tab(said["tab"]) if said["tab"] else unsaid,
            peril=said["peril"],
            words=said["q"],
            newest=said["sort"] == NEWEST,
        )
