"""What people write into a claim file: a decision, a reason to reopen it, a note."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessment.core.vocabulary import DecisionKind
from assessment.selectors.decisions import Undone
from portal.wording import DECISIONS

# So much of a text is printed in a report; the rest would be cut off there.
DECISION_NOTE_LENGTH = 500
NOTE_LENGTH = 10_000


class FileForm(forms.Form):
    """A form of the claim file: its labels stand above, its ids are its own on the page."""

    name: ClassVar[str]

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="", auto_id=f"{self.name}_%s")


def _lines(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


class DecisionForm(FileForm):
    """A decision, its note, and what the person was told of what is undone, if anything."""

    name = "decision"

    kind = forms.ChoiceField(
        label=_("Decision"),
        choices=[(kind.value, label) for kind, label in DECISIONS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide. Nothing was decided.")},
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Printed in the report. When you ask for photos, say which are missing."),
        required=False,
        max_length=DECISION_NOTE_LENGTH,
        widget=_lines(3),
    )
    unreviewed = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    open_questions = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") == DecisionKind.MORE_PHOTOS and said.get("note") == "":
            self.add_error(
                "note",
                _(
                    "Write which photos are missing, so that the policyholder can be asked for "
                    "them. Nothing was decided."
                ),
            )
        return said

    def despite(self) -> Undone | None:
        """What the person knew to be undone when they decided all the same."""
        unreviewed = self.cleaned_data["unreviewed"]
        open_questions = self.cleaned_data["open_questions"]
        if unreviewed is None or open_questions is None:
            return None
        return Undone(unreviewed, open_questions)


class ReopenForm(FileForm):
    """Why a decided claim is opened again."""

    name = "reopen"

    reason = forms.CharField(
        label=_("Why is the claim opened again?"),
        max_length=DECISION_NOTE_LENGTH,
        widget=_lines(2),
        error_messages={"required": _("Write why the claim is opened again. It is still decided.")},
    )


class NoteForm(FileForm):
    """A note."""

    name = "note"

    text = forms.CharField(
        label=_("New note"),
        max_length=NOTE_LENGTH,
        widget=_lines(3),
        error_messages={"required": _("Write something first. No note was added.")},
    )


class HistoryForm(forms.Form):
    """What the address of the history may say: the place in the log to go on from."""

    before = forms.IntegerField(required=False, min_value=1)
