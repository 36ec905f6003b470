"""Whether words hold anything that a person can read."""

from __future__ import annotations

FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters of Korean by their class, that stand for no sound and show nothing."""


def is_legible(text: str) -> bool:
    """Whether a letter or a digit, of any script, is in the text.

    Signs for machines (control, direction, tags and the like) are no part of what an engine is
    asked, and dots and dashes alone ask for nothing.

    >>> is_legible("ventana 2"), is_legible("屋根")
    (True, True)
    >>> is_legible("\\u200b\\U000e0061"), is_legible("?!")
    (False, False)
    """
    return any(sign.isalnum() and sign not in FILLERS for sign in text)
