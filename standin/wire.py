"""How a reply goes out: whole, or in one of the ways in which networks and proxies spoil it."""

from __future__ import annotations

import gzip
import os
import socket
import struct
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from threading import Event

from standin.steps import Act, Step

MOST_BYTES = 32 << 20
"""A little more than the real service takes inline."""

JSON = "application/json; charset=UTF-8"
ELSEWHERE = 307
BLOCK = 1 << 16

LONGEST_STALL = 600.0
"""Seconds after which a stalled reply is given up; clients have long left by then."""

RESET_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER on with no time: closing sends RST in place of FIN."""

NO_HEADERS: Mapping[str, str] = {}


class Wire(BaseHTTPRequestHandler, ABC):
    """A handler that closes its connection after each reply, until `stopping` is set."""

    protocol_version = "HTTP/1.1"
    stopping: Event

    def do_POST(self) -> None:
        """Read what came, unless it is too long to be read, and answer it."""
        self.close_connection = True
        length = self.headers.get("Content-Length", "")
        fits = length.isdecimal() and int(length) <= MOST_BYTES
        with suppress(BrokenPipeError, ConnectionResetError):
            self.answer(self.rfile.read(int(length)) if fits else None)

    def do_GET(self) -> None:
        """Say which models there are."""
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):
            self.list_models()

    @abstractmethod
    def list_models(self) -> None:
        """Say which models there are, or that they may not be asked for."""

    @abstractmethod
    def answer(self, body: bytes | None) -> None:
        """Answer a request; its body is None where it has no length, or is too long."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what came is in `requests`."""

    def send(self, status: int, raw: bytes, headers: Mapping[str, str] = NO_HEADERS) -> None:
        """A whole reply; JSON unless a header says otherwise."""
        self._head(status, {**headers, "Content-Length": str(len(raw))})
        self.wfile.write(raw)

    def play(self, raw: bytes, step: Step) -> None:
        """The reply, in the way of the step."""
        match step.do:
            case Act.DRIP:
                self._drip(raw, step.pause)
            case Act.STALL | Act.CUT_BODY | Act.TORN_JSON | Act.RESET_BODY:
                self._cut(raw, step.do)
            case Act.HUGE:
                self._stream(_filler(step.size), {"Content-Length": str(step.size)})
            case Act.BOMB:
                self._stream(_packed(_filler(step.size)), {"Content-Encoding": "gzip"})
            case Act.PACKED | Act.BAD_PACKING:
                packed = gzip.compress(raw) if step.do is Act.PACKED else raw
                self.send(200, packed, {"Content-Encoding": "gzip"})
            case Act.BAD_UTF8:
                self.send(200, raw.replace(b"area", b"are\xff"))
            case Act.REDIRECT:
                self.send(step.status or ELSEWHERE, b"", {"Location": step.text})
            case _:
                self.send(200, raw)

    def reset(self) -> None:
        """Break the connection off without a word."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        os.close(self.connection.detach())

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": JSON, "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _cut(self, raw: bytes, act: Act) -> None:
        """Half of the body, and then nothing, a reset or the end, said to be so long or not."""
        whole = {"Content-Length": str(len(raw))}
        self._head(200, NO_HEADERS if act is Act.TORN_JSON else whole)
        self.wfile.write(raw[: len(raw) // 2])
        if act is Act.STALL:
            self.stopping.wait(LONGEST_STALL)
        elif act is Act.RESET_BODY:
            self.reset()

    def _drip(self, raw: bytes, pause: float) -> None:
        self._head(200, {"Content-Length": str(len(raw))})
        for byte in raw:
            self.wfile.write(bytes([byte]))
            if self.stopping.wait(pause):
                return

    def _stream(self, blocks: Iterator[bytes], headers: Mapping[str, str]) -> None:
        self._head(200, headers)
        for block in blocks:
            self.wfile.write(block)


def _filler(size: int) -> Iterator[bytes]:
    """The beginning of a reply, and spaces without end."""
    start = b'{"candidates": ['
    yield start[:size]
    for sent in range(len(start), size, BLOCK):
        yield b" " * min(BLOCK, size - sent)


def _packed(blocks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    for block in blocks:
        yield packer.compress(block)
    yield packer.flush()
