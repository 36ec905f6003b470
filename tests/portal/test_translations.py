"""The portal in Spanish: complete, and compiled from what is there."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

PORTAL = Path(__file__).resolve().parents[2] / "portal"
SPANISH = PORTAL / "locale" / "es" / "LC_MESSAGES"
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2), "_": None}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    with (SPANISH / "django.po").open("rb") as file:
        return read_po(file, locale="es")


def texts(catalog: Catalog) -> dict[object, object]:
    return {_plain(message.id): _plain(message.string) for message in catalog if message.id}


def _plain(text: str | Sequence[str] | None) -> str | tuple[str, ...]:
    """A text, or the forms of one that counts."""
    return text if isinstance(text, str) else tuple(text or ())


def said(source: str) -> set[object]:
    """Every text that a Python source hands to gettext."""
    file = io.BytesIO(source.encode())
    return {message for _, message, *_ in extract("python", file, keywords=KEYWORDS)}


def test_everything_the_portal_says_is_in_the_catalog(catalog):
    sources = [path.read_text() for path in PORTAL.rglob("*.py")]
    sources += [templatize(path.read_text()) for path in PORTAL.rglob("*.html")]

    assert set().union(*map(said, sources)) == set(texts(catalog))


def test_everything_is_translated(catalog):
    def is_translated(message: Message) -> bool:
        return bool(message.string) and all(message.string or ()) and not message.fuzzy

    assert [message.id for message in catalog if not is_translated(message)] == []


def test_every_translation_fills_the_same_blanks(catalog):
    assert [message.id for message in catalog if list(message.check(catalog))] == []


def test_the_compiled_catalog_is_made_from_its_source(catalog):
    """If this fails: make translations."""
    with (SPANISH / "django.mo").open("rb") as file:
        assert texts(read_mo(file)) == texts(catalog)
