"""The address at which the web server listens: can it, and does it answer?"""

from __future__ import annotations

import errno
import socket
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

ANSWER_SECONDS = 5.0
# Whoever listens everywhere is reached here.
EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - names, no bind


@dataclass(frozen=True, slots=True)
class Address:
    """A host (a name or an IP address) and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def from_here(self) -> Address:
        """The address by which a browser on this machine reaches it."""
        return Address(EVERYWHERE.get(self.host, self.host), self.port)

    def fault(self) -> str:
        """Why nothing can listen here, and what to do about it; empty when something can."""
        try:
            family, kind, protocol, _, place = socket.getaddrinfo(
                self.host or None, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, kind, protocol) as probe:
                # As the web server does: an address that was left a moment ago is free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
                probe.listen()
        except OSError as error:
            return self._sentence(error)
        return ""

    def answers(self, path: str) -> bool:
        """Whether a web server serves that path here, be it with a redirect or a refusal."""
        here = self.from_here()
        with closing(HTTPConnection(here.host, here.port, timeout=ANSWER_SECONDS)) as connection:
            try:
                connection.request("GET", path)
                return connection.getresponse().status < 500
            except (OSError, HTTPException):
                return False

    def _sentence(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {self.port} is taken by another program. "
                f"Stop that one, or choose another port, such as --port {self.port + 1}."
            )
        if error.errno == errno.EACCES:
            return f"Port {self.port} is for administrators. Choose one above 1023 with --port."
        return (
            f"Nothing can listen at {self}: {error.strerror}. Choose an address of this machine "
            "with --host, such as 127.0.0.1, or leave --host away."
        )
