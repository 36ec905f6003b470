"""Numbers that people know things by: photo 3, finding 4, report 2."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, QuerySet


def next_number(rows: QuerySet[Any]) -> int:
    """The number of whatever comes next among these rows, from 1 on; none is given twice.

    Whoever asks has locked the claim, or two would get the same.
    """
    last: int | None = rows.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
