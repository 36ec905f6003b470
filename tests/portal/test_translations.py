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
from django.utils.translation import override
from django.utils.translation.template import templatize

from claims.services import ClaimDecidedError
from portal.wording import DECIDED

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


def said_by(path: Path) -> set[object]:
    """Every text that a Python file or a template of the portal hands to gettext."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        source = _flush_left(templatize(source))
    file = io.BytesIO(source.encode())
    return {message for _, message, *_ in extract("python", file, keywords=KEYWORDS)}


def _flush_left(calls: str) -> str:
    # templatize keeps the template's own indentation, which Python would read as blocks.
    return "\n".join(line.lstrip() for line in calls.splitlines())


def said_by_the_portal() -> set[object]:
    paths = [*PORTAL.rglob("*.py"), *PORTAL.rglob("*.html")]
    return set().union(*map(said_by, paths))


def test_everything_the_portal_says_is_in_the_catalog(catalog):
    assert said_by_the_portal() == set(texts(catalog))


def test_a_decided_claim_is_told_in_the_readers_language():
    assert str(DECIDED) == str(ClaimDecidedError())
    with override("es"):
        assert str(DECIDED).startswith("Este siniestro está decidido")


def test_an_indented_template_is_read_to_its_end(tmp_path):
    template = tmp_path / "indented.html"
    template.write_text(
        "{% if one %}\n"
        "      {% translate 'Deep' %}\n"
        "   {% blocktranslate count n=n trimmed %}\n"
        "     {{ n }} thing\n"
        "   {% plural %}\n"
        "     {{ n }} things\n"
        "   {% endblocktranslate %}\n"
        "  {% endif %}{% translate 'Last' %}\n"
    )

    assert said_by(template) == {"Deep", ("%(n)s thing", "%(n)s things"), "Last"}


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
