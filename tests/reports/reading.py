"""Reading back what was rendered: elements of markup, text of a PDF."""

from __future__ import annotations

from html.parser import HTMLParser
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

Element = tuple[str, dict[str, str]]


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements(markup: str) -> list[Element]:
    """Every start tag with its attributes, names in lower case."""
    collector = _Collector()
    collector.feed(markup)
    collector.close()
    return collector.found


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def objects(pdf: PdfReader) -> list[DictionaryObject]:
    """Every dictionary and stream of the file."""
    found = (pdf.get_object(number) for number in range(1, int(str(pdf.trailer["/Size"]))))
    return [item for item in found if isinstance(item, DictionaryObject)]


def squeezed(text: str) -> str:
    """Without white space, for text that may be broken into lines anywhere."""
    return "".join(text.split())


def text_of(pdf: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)
