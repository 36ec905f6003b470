"""Notes changed by processes of their own, which know nothing of Django."""

from __future__ import annotations

from assessment.engines.board import board_at

TIMES = 25


def count(note: bytes, now: float) -> tuple[int, bytes]:
    number = int(note or b"0") + 1
    return number, str(number).encode()


def count_there(place: str) -> None:
    """What a process of its own does."""
    board = board_at(place)
    for _ in range(TIMES):
        board.change("n", count)
    board.close()
