"""The languages in which questions are put, by the names that the reader knows them by."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

FURTHER: Mapping[str, Promise] = {
    "am": _("Amharic"),
    "fil": _("Filipino"),
    "gu": _("Gujarati"),
    "ht": _("Haitian Creole"),
    "pa": _("Punjabi"),
    "so": _("Somali"),
    "tl": _("Tagalog"),
}
"""Languages that policyholders speak and Django has no name for."""

TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
"""A tag as those of BCP 47 are made, in small letters: a language, its script, its country."""

LONGEST_TAG = 20


def language_name(tag: str) -> str:
    """A language in the reader's own words; its tag where nobody has a name for it."""
    if tag in FURTHER:
        return str(FURTHER[tag])
    try:
        name = str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag
    return name[:1].upper() + name[1:]


def language_names() -> dict[str, str]:
    """The tags of all languages that have a name, by it and in its order."""
    named = [tag for tag, info in LANG_INFO.items() if "name" in info]
    names = {language_name(tag): tag for tag in (*named, *FURTHER)}
    return dict(sorted(names.items()))


def language_tag(typed: str) -> str | None:
    """The tag of a language that was typed by its name or as a tag; None where it is neither.

    >>> language_tag("zh-Hant-TW"), language_tag("no language")
    ('zh-hant-tw', None)
    """
    words = typed.casefold().strip()
    by_name = {name.casefold(): tag for name, tag in language_names().items()}
    if words in by_name:
        return by_name[words]
    tag = words.replace("_", "-")
    return tag if TAG.fullmatch(tag) and len(tag) <= LONGEST_TAG else None
