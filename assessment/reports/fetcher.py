"""What a report may load while it is rendered: what it was handed, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from weasyprint.urls import URLFetcher, URLFetcherResponse


class ClosedFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Serves bytes from memory by their exact address; network and files are out of reach.

    Every other address is refused and remembered in `refused`.
    """

    def __init__(self, pictures: Mapping[str, bytes], fonts: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._shelf = {address: (body, "image/jpeg") for address, body in pictures.items()}
        self._shelf |= {address: (body, "font/ttf") for address, body in fonts.items()}
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The bytes at this address. Raises ValueError for any that isn't on the shelf."""
        if url not in self._shelf:
            self.refused.append(url)
            raise ValueError("A report loads nothing but its own pictures and fonts.")
        body, media_type = self._shelf[url]
        return URLFetcherResponse(url, body, {"Content-Type": media_type})
