"""Windows of a photo that are looked at one by one, so that small damage isn't shrunk away.

An engine is shown pictures of at most SHOWN pixels on their longer side, whatever the photo has.
Windows overlap, so that what lies on a seam is whole in one of them or is joined again, and they
are spread evenly: there is no sliver at the border.
"""

from __future__ import annotations

from assessment.core.detection import Box
from assessment.core.vocabulary import WHOLE_PICTURE_KINDS, Detail, QueryKind

SHOWN = 1024
"""Pixels on the longer side of a picture that an engine is sent."""

OVERLAP = 1 / 8
"""The part of a window's side that it shares with its neighbour at least: 128 of 1024 pixels."""

MOST_TILES = 150
"""Windows at the photo's own resolution: 63 for 48 megapixels (8064 x 6048), 130 for 100 (11552 x
8736). Where more would be needed they are larger, and shrunk when they are sent."""

WHOLE_PIXELS = 24_500_000
"""Up to here, 24 megapixels, AUTO looks at the photo as a whole: phones and cameras give no more
unless they are told to, and one call answers. Who sends more pixels wants small things seen."""

LARGE_SIDE = 3072
"""Pixels on a side of AUTO's windows: shrunk three times when they are sent, they show more than a
12-megapixel photo does as a whole, for a tenth of the calls of tiles at full resolution."""

MOST_LARGE = 16
"""Windows that AUTO cuts a photo into: each is paid for. 9 for 48 megapixels, 12 for 100."""


def windows_of(
    width: int, height: int, detail: Detail, kind: QueryKind = QueryKind.PLAIN
) -> list[Box]:
    """The parts of a photo of that size in pixels to look at; none for the photo as a whole.

    With parts the whole comes first: what is large, or shows only in its surroundings, is seen
    there. Questions of WHOLE_PICTURE_KINDS are never cut up: "the second window from the left"
    is another one in each part.

    >>> windows_of(4000, 3000, Detail.AUTO)
    []
    >>> windows_of(1800, 1000, Detail.TILES)[:2]
    [Box(left=0, top=0, right=1800, bottom=1000), Box(left=0, top=0, right=1024, bottom=1000)]
    >>> [len(windows_of(8064, 6048, detail)) for detail in Detail]
    [10, 0, 64]
    >>> windows_of(8064, 6048, Detail.AUTO, QueryKind.ORDERING)
    []
    """
    if detail is Detail.WHOLE or kind in WHOLE_PICTURE_KINDS:
        return []
    if detail is Detail.TILES:
        return _with_whole(width, height, _spread(width, height, SHOWN, MOST_TILES))
    if width * height <= WHOLE_PIXELS:
        return []
    return _with_whole(width, height, _spread(width, height, LARGE_SIDE, MOST_LARGE))


def halves(width: int, height: int, kind: QueryKind) -> list[Box]:
    """Windows for a photo of which there is too much to tell in one answer; none where it can't be
    cut up, or is sent in full already. The whole comes first, then two by two, or two in a row.

    >>> halves(4000, 900, QueryKind.PLAIN)[1:]
    [Box(left=0, top=0, right=2134, bottom=900), Box(left=1866, top=0, right=4000, bottom=900)]
    >>> halves(1024, 768, QueryKind.PLAIN), halves(4000, 3000, QueryKind.ORDERING)
    ([], [])
    """
    if max(width, height) <= SHOWN or kind in WHOLE_PICTURE_KINDS:
        return []
    # Two windows that share OVERLAP cover a length of 2 - OVERLAP of their sides.
    side = -(-max(width, height) // (2 - OVERLAP))
    return _with_whole(width, height, _spread(width, height, int(side), 4))


def place_of(window: Box, width: int, height: int) -> str:
    """Where in the photo a window lies, in words.

    >>> place_of(Box(0, 2000, 1024, 3000), 4000, 3000)
    'the lower left part'
    >>> place_of(Box(1500, 1000, 2500, 2000), 4000, 3000)
    'the middle part'
    >>> place_of(Box(0, 0, 2134, 3000), 4000, 3000)
    'the left part'
    >>> place_of(Box(0, 0, 4000, 3000), 4000, 3000)
    'the photo as a whole'
    """
    if window == Box(0, 0, width, height):
        return "the photo as a whole"
    across = _side(window.left, window.right, width, ("left", "middle", "right"))
    down = _side(window.top, window.bottom, height, ("upper", "", "lower"))
    return f"the {f'{down} {across}'.strip()} part"


def _side(low: float, high: float, length: int, names: tuple[str, str, str]) -> str:
    """On which side something lies: what reaches one border alone is there, however long it is."""
    if low == 0 or high == length:
        return names[2] if low > 0 else names[0] if high < length else ""
    return names[int(3 * (low + high) / (2 * length))]


def _with_whole(width: int, height: int, parts: list[Box]) -> list[Box]:
    whole = Box(0, 0, width, height)
    return [] if parts == [whole] else [whole, *parts]


def _spread(width: int, height: int, side: int, most: int) -> list[Box]:
    """Windows of that side, or the least larger one with which `most` are enough, row by row."""
    while _count(width, side) * _count(height, side) > most:
        side += SHOWN // 16
    return [
        Box(left, top, min(left + side, width), min(top + side, height))
        for top in _starts(height, side)
        for left in _starts(width, side)
    ]


def _count(length: int, side: int) -> int:
    step = side - int(side * OVERLAP)
    return max(1, -(-(length - side) // step) + 1)


def _starts(length: int, side: int) -> list[int]:
    count = _count(length, side)
    return [round(place * (length - side) / max(1, count - 1)) for place in range(count)]
