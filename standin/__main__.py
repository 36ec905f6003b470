"""Run the stand-in from the command line."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from standin.server import Standin
from standin.steps import Act, BadScriptError, Step, read_script


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted. The return value is the exit status."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    # A shell starts what runs in its background with interrupts ignored; this one can be stopped.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with _standin(chosen) as standin:
            sys.stdout.write(f"The stand-in listens on {standin.url}\n")
            sys.stdout.flush()
            standin.wait()
    except KeyboardInterrupt:
        return 0
    except (OSError, OverflowError, UnicodeDecodeError, BadScriptError) as error:
        parser.error(str(error))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m standin",
        description="A server that speaks Gemini's generateContent: it looks at the picture sent "
        "and outlines what stands out, or plays a recorded answer, or fails on demand.",
        epilog=f"Acts of a script: {', '.join(Act)}.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8765, help="port; 0 takes a free one")
    parser.add_argument("--answer", type=Path, help="file with the text that is always answered")
    parser.add_argument("--script", type=Path, help="JSON list of steps, one for each request")
    return parser


def _standin(chosen: argparse.Namespace) -> Standin:
    answer = chosen.answer.read_text(encoding="utf-8") if chosen.answer else None
    script = read_script(chosen.script.read_text(encoding="utf-8")) if chosen.script else [Step()]
    return Standin(script, answer=answer, host=chosen.host, port=chosen.port)


if __name__ == "__main__":
    sys.exit(main())
