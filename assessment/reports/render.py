"""Dossier -> PDF. The only place that knows WeasyPrint.

The same dossier and pictures give the same bytes: every date comes from the dossier, every font
from this package, and nothing is read from network or disk while the pages are laid out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from django.template import Context, Engine
from PIL import Image, ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from assessment.reports import typefaces
from assessment.reports.content import content
from assessment.reports.errors import ReportError
from assessment.reports.fetcher import ClosedFetcher
from assessment.reports.glance import address
from assessment.reports.pdfa import VARIANT, colour_profile_left_open, declare_both
from assessment.reports.units import system
from assessment.selectors.dossier import Dossier, PhotoEntry

# WeasyPrint makes Pillow fill up half a picture without a word, in the whole process. Here and
# wherever photos are received, half a picture must be noticed.
ImageFile.LOAD_TRUNCATED_IMAGES = False

__all__ = ["ReportError", "render"]

MOST_FINDINGS = 500
MOST_PHOTOS = 200
"""A photo with three findings takes about 0.2 s: beyond this a report runs for minutes."""

TEMPLATES = Path(__file__).parent / "templates"


def render(dossier: Dossier, pictures: Mapping[str, bytes]) -> bytes:
    """The report as a tagged PDF/A-3a.

    `pictures` holds the JPEG for each `PhotoEntry.picture` that isn't empty. Raises ReportError
    for a picture that is missing or unreadable, for unknown units, and for a claim too large.
    """
    _check_size(dossier)
    shelf = {address(photo): _jpeg(photo, pictures) for photo in dossier.photos if photo.picture}
    fetcher = ClosedFetcher(shelf, typefaces.files())
    pdf = _paginate(markup(dossier), system(dossier.units).paper, fetcher)
    if fetcher.refused:
        raise ReportError(
            f"The report asked for {len(fetcher.refused)} files that are none of its own and was "
            "not made. The claim is unchanged. Tell whoever looks after the report's template."
        )
    return pdf


def markup(dossier: Dossier) -> str:
    """The report as HTML, every text escaped and in signs that can be printed."""
    # An unknown name must be seen in a test, not become an empty cell.
    engine = Engine(dirs=[str(TEMPLATES)], string_if_invalid="[missing: %s]")
    context = Context(
        content(typefaces.legible(dossier)), autoescape=True, use_l10n=False, use_tz=False
    )
    return str(engine.get_template("report.html").render(context))


def _paginate(html: str, paper: str, fetcher: ClosedFetcher) -> bytes:
    fonts = FontConfiguration()
    style = "\n".join(
        (typefaces.rules(), (TEMPLATES / "report.css").read_text(), f"@page{{size:{paper}}}")
    )
    css = CSS(string=style, url_fetcher=fetcher, font_config=fonts)
    document = HTML(string=html, url_fetcher=fetcher).render(
        font_config=fonts, stylesheets=[css], pdf_tags=True, pdf_variant=VARIANT
    )
    declare_both(document)
    with _undated_fonts(), colour_profile_left_open():
        return bytes(document.write_pdf(pdf_tags=True, pdf_variant=VARIANT))


@contextmanager
def _undated_fonts() -> Iterator[None]:
    """Keep the clock out of the fonts.

    Where HarfBuzz has no subsetter WeasyPrint uses fontTools, which stamps each font with the
    time unless this variable gives another. A constant, so renders side by side agree on it.
    """
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    try:
        yield
    finally:
        os.environ.pop("SOURCE_DATE_EPOCH")
        if before is not None:
            os.environ["SOURCE_DATE_EPOCH"] = before


def _check_size(dossier: Dossier) -> None:
    findings = sum(len(photo.findings) for photo in dossier.photos)
    if findings > MOST_FINDINGS or len(dossier.photos) > MOST_PHOTOS:
        raise ReportError(
            f"This claim has {len(dossier.photos)} photos with {findings} findings; a report holds "
            f"{MOST_PHOTOS} photos and {MOST_FINDINGS} findings. Nothing was lost: reject or join "
            "findings, or split the claim, and make the report again."
        )


def _jpeg(photo: PhotoEntry, pictures: Mapping[str, bytes]) -> bytes:
    """The print copy of a photo, known to be a JPEG that can be read."""
    body = pictures.get(photo.picture, b"")
    try:
        Image.open(BytesIO(body), formats=["JPEG"]).load()
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise ReportError(
            f"The print copy of photo {photo.number} ({photo.name}) is missing or can't be read. "
            "The original is kept: have its copies made again, then make the report again."
        ) from error
    return body
