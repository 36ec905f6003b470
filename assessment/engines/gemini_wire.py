"""What may come back over the wire: a reply of bounded length, from nowhere but where it was asked.

The SDK follows redirects and takes its key along, in a header that no HTTP client knows for a
secret; and it reads a reply of any length, however little of it was sent packed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx2

MOST_BYTES = 4_000_000
"""Unpacked. Answers are some 50 kB, and one of half this is refused as a loop when it is read."""

MOST_ERROR_BYTES = 64_000
"""Of an error only the beginning is told."""

MOST_KEPT = 64
KEPT_SECONDS = 30.0
"""How many connections are kept for the next call, and for how long: a new one costs a round trip
for TCP and one or two for TLS."""

OK = 200


class OversizedReplyError(Exception):
    """A reply that is longer than any answer."""


class _Bounded(httpx2.AsyncByteStream):
    """The unpacked body of a reply, up to the limit."""

    def __init__(self, reply: httpx2.Response) -> None:
        self._reply = reply

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises OversizedReplyError, and ReadError where nothing comes of what ought to be an
        answer; of an error, the rest is left out."""
        answered = self._reply.status_code == OK
        left = MOST_BYTES if answered else MOST_ERROR_BYTES
        async with aclosing(self._reply.aiter_bytes()) as blocks:
            async for block in blocks:
                if len(block) > left and answered:
                    raise OversizedReplyError
                yield block[:left]
                left -= len(block)
                if left <= 0 and not answered:
                    return
        if answered and left == MOST_BYTES:
            raise httpx2.ReadError("The reply is empty.")

    async def aclose(self) -> None:
        await self._reply.aclose()


async def _bound(response: httpx2.Response) -> None:
    """Put the bounded body of a reply, unpacked, in the place of its own."""
    response.stream = _Bounded(
        httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=response.stream,
            request=response.request,
        )
    )
    for name in ("Content-Encoding", "Content-Length"):
        response.headers.pop(name, None)


def wire_client() -> httpx2.AsyncClient:
    """The HTTP client for the SDK; whoever made it closes it.

    Left to itself the SDK takes another library where that is installed, and these rules with it.
    There are as many connections as threads, for a call that waited for one would use up its time;
    how long one may take is the SDK's and the caller's to say.
    """
    limits = httpx2.Limits(
        max_connections=None, max_keepalive_connections=MOST_KEPT, keepalive_expiry=KEPT_SECONDS
    )
    return httpx2.AsyncClient(
        limits=limits,
        timeout=None,
        follow_redirects=False,
        event_hooks={"response": [_bound]},
    )
