"""Text that wants to be markup, and addresses that want to be fetched."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject
from weasyprint import HTML

from assessment.reports.fetcher import ClosedFetcher
from assessment.reports.render import markup, render
from tests.reports.reading import elements, objects, reader, squeezed, text_of
from tests.reports.specimens import DOSSIER, OVERVIEW, pictures

SECRET = "the-secret-of-this-machine"


class Bait:
    """A server that counts knocks and a file that must not be read."""

    def __init__(self, listener: socket.socket, file: str) -> None:
        self._listener = listener
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/hit"
        self.file = file

    def hits(self) -> int:
        count = 0
        while True:
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:
                return count
            connection.close()
            count += 1


@contextmanager
def _listening(file: str) -> Iterator[Bait]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)  # noqa: FBT003  # the signature is the standard library's
        yield Bait(listener, file)


@pytest.fixture
def bait(tmp_path: Path) -> Iterator[Bait]:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    with _listening(secret.as_uri()) as trap:
        yield trap


def hostile_texts(bait: Bait) -> tuple[str, ...]:
    return (
        f'<img src="{bait.url}">',
        f'<link rel=attachment href="{bait.file}">',
        f'"><object data="{bait.file}"></object>',
        f"</title></svg><svg><image href='{bait.url}'/></svg>",
        f"data:image/svg+xml,<svg xmlns='urn:x'><image href='{bait.url}'/></svg>",
        f"url({bait.url}) }} @import '{bait.url}';",
        "{{ title }}{% include 'cover.html' %}&lt;b&gt;",
        f"<base href='{bait.url}'><a rel=attachment href='{bait.file}'>",
        "<script>alert(1)</script><!--",
        "--><![CDATA[<style>*{display:none}</style>]]>",
    )


def hostile_pages(bait: Bait) -> tuple[str, ...]:
    """Pages as a hole in the escaping would make them."""
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{bait.url}'/></svg>"
    return (
        f"<img src='{bait.url}'>",
        f"<style>@import '{bait.url}'</style>",
        f"<link rel=stylesheet href='{bait.url}'>",
        f"<p style='background:url({bait.url})'>x",
        f"<style>@font-face{{font-family:F;src:url({bait.url})}}p{{font-family:F}}</style><p>x",
        f"<style>p::before{{content:url({bait.url})}}</style><p>x",
        f"<object data='{bait.url}'></object>",
        f"<embed src='{bait.url}'>",
        f"<base href='{bait.url}'><img src='relative.png'>",
        svg,
        f'<img src="data:image/svg+xml,{svg}">',
        f"<link rel=attachment href='{bait.file}'>",
        f"<a rel=attachment href='{bait.file}'>x</a>",
        f"<object data='{bait.file}'></object>",
        f"<iframe src='{bait.url}'></iframe>",
    )


def with_every_text(value: Any, text: str) -> Any:
    """The same dossier with `text` in place of every text a person or a machine could set."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return text if value else value
    if isinstance(value, tuple):
        return tuple(with_every_text(item, text) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: with_every_text(getattr(value, field.name), text)
            for field in fields(value)
            if field.name not in {"units", "picture", "full_picture"}
        }
        return replace(value, **changed)
    return value


def leaks(pdf: PdfReader) -> bool:
    streams = (item for item in objects(pdf) if isinstance(item, StreamObject))
    inside = b"".join(item.get_data() for item in streams if item.get("/Subtype") != "/Image")
    return SECRET.encode() in inside or SECRET in text_of(pdf)


def test_hostile_text_adds_no_element(bait):
    clean = Counter(tag for tag, _ in elements(markup(with_every_text(DOSSIER, "plain"))))
    for text in hostile_texts(bait):
        page = markup(with_every_text(DOSSIER, text))
        assert Counter(tag for tag, _ in elements(page)) == clean


def test_hostile_text_is_printed_as_text_and_fetches_nothing(bait):
    texts = hostile_texts(bait)
    claim = replace(DOSSIER.claim, insured=texts[0], address=" ".join(texts[1:4]), peril=texts[4])
    entry = replace(OVERVIEW, name=texts[5], taken=" ".join(texts[6:]))
    dossier = replace(DOSSIER, claim=claim, photos=(entry,), carrier=texts[1])
    pdf = reader(render(dossier, pictures(dossier)))
    printed = squeezed(text_of(pdf))
    assert all(squeezed(text) in printed for text in texts)
    assert bait.hits() == 0
    assert not leaks(pdf)
    assert not pdf.attachments


def test_a_page_with_holes_still_fetches_nothing(bait):
    for page in hostile_pages(bait):
        fetcher = ClosedFetcher({}, {})
        pdf = reader(HTML(string=page, url_fetcher=fetcher).write_pdf())
        assert bait.hits() == 0
        assert not leaks(pdf)
        assert not pdf.attachments


def test_the_bait_would_be_taken_without_the_fetcher(bait):
    with socket.create_connection(("127.0.0.1", int(bait.url.split(":")[2].split("/")[0]))):
        assert bait.hits() == 1


def test_the_fetcher_serves_its_shelf_and_remembers_what_it_refused():
    fetcher = ClosedFetcher({"photo:1": b"jpeg"}, {"font:a": b"ttf"})
    assert fetcher.fetch("photo:1").read() == b"jpeg"
    assert fetcher.fetch("font:a").read() == b"ttf"
    for address in ("photo:2", "file:///etc/hostname", "http://127.0.0.1/", "data:,x"):
        with pytest.raises(ValueError, match="nothing but its own"):
            fetcher.fetch(address)
    assert len(fetcher.refused) == 4
