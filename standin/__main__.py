"""Run the stand-in from the command line."""

from __future__ import annotations

import argparse
import re
import signal
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from samples.scenes import draw_scenes
from standin.asked import Rules
from standin.faults import Faults, read_faults
from standin.models import MODELS, Ending
from standin.noise import Noise
from standin.player import Manner
from standin.scenes import scenes_truth
from standin.server import Standin
from standin.steps import Act, BadScriptError, Step, read_script
from standin.truth import BadTruthError, Picture, read_truth

EPILOG = f"""
acts of a script or of a schedule of faults:
  {", ".join(Act)}

models:
  {", ".join(MODELS)}

Point a client at it with GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8765; any key will do but
"invalid". The format of a truth and of a schedule is explained in docs/standin.md.
"""


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
    except OSError as error:
        where = error.filename or f"{chosen.host}:{chosen.port}"
        parser.error(f"{where}: {error.strerror or error}.")
    except (OverflowError, UnicodeDecodeError, BadScriptError, BadTruthError) as error:
        parser.error(str(error))
    return 0


def rate(text: str) -> float:
    """Read a share from 0 to 1."""
    if not re.fullmatch(r"0?\.\d{1,6}|[01]|1\.0|0\.", text, re.ASCII):
        raise argparse.ArgumentTypeError(f'"{text}" is no share: give one from 0 to 1, as 0.1.')
    return float(text)


def thousandths(text: str) -> float:
    """Read a length in thousandths of a side."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text, re.ASCII):
        raise argparse.ArgumentTypeError(f'"{text}" is no number of thousandths: give one as 4.')
    return float(text)


def seconds(text: str) -> tuple[float, float]:
    """Read a time, or the least and the most of it."""
    found = re.fullmatch(r"(\d{1,4}(?:\.\d{1,3})?)(?:-(\d{1,4}(?:\.\d{1,3})?))?", text, re.ASCII)
    least, most = (float(found[1]), float(found[2] or found[1])) if found else (1.0, 0.0)
    if most < least:
        raise argparse.ArgumentTypeError(f'"{text}" is no time in seconds: give 1 or 0.5-2.')
    return least, most


def day(text: str) -> date:
    """Read a date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no date: give one as 2026-12-01.') from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m standin",
        description="A server that speaks Gemini's generateContent. It answers from what is known "
        "to be true of a set of pictures, or outlines what stands out in the picture sent, or "
        "plays a recorded answer, and fails on demand.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8765, help="port; 0 takes a free one")
    answers = parser.add_argument_group("what it answers")
    source = answers.add_mutually_exclusive_group()
    source.add_argument(
        "--truth", type=Path, metavar="FILE|DIR", help="what is true of pictures of yours"
    )
    source.add_argument("--scenes", action="store_true", help="the scenes that Eaves draws itself")
    source.add_argument("--answer", type=Path, help="file with the text that is always answered")
    _add_manner(parser.add_argument_group("how well, and when"))
    _add_faults(parser.add_argument_group("how it fails"))
    _add_rules(parser.add_argument_group("what it accepts"))
    return parser


def _add_manner(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--jitter", type=thousandths, default=0.0, metavar="THOUSANDTHS",
        help="how far outlines and boxes are off",
    )  # fmt: skip
    group.add_argument("--missed", type=rate, default=0.0, metavar="RATE", help="things left out")
    group.add_argument(
        "--invented", type=rate, default=0.0, metavar="RATE",
        help="answers with a thing that isn't there",
    )  # fmt: skip
    group.add_argument(
        "--latency", type=seconds, default=(0.0, 0.0), metavar="S|S-S",
        help="seconds before an answer, one number or a range",
    )  # fmt: skip
    group.add_argument("--seed", type=int, default=0, help="of noise, latency and faults")


def _add_faults(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--script", type=Path, help="JSON list of steps, one for each request")
    group.add_argument("--faults", type=Path, help="JSON schedule: a rate, and weighted steps")
    group.add_argument(
        "--fault-rate", type=rate, metavar="RATE",
        help="the share of requests that fail, in place of the schedule's; without a schedule in "
        "the ways that a model in use is seen to",
    )  # fmt: skip


def _add_rules(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--key", default="", help='the one valid API key (default: any but "invalid")'
    )
    group.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="NAME",
        help="one more model; may be repeated",
    )
    group.add_argument(
        "--ending", type=Ending, choices=list(Ending), default=Ending.SERVE,
        help="what becomes of models that were switched off: a 404, or silent rerouting "
        "(default: %(default)s)",
    )  # fmt: skip
    group.add_argument(
        "--today", type=day, metavar="DATE", help="the day by which models are switched off"
    )


def _standin(chosen: argparse.Namespace) -> Standin:
    answer = chosen.answer.read_text(encoding="utf-8") if chosen.answer else None
    script = read_script(chosen.script.read_text(encoding="utf-8")) if chosen.script else [Step()]
    noise = Noise(chosen.jitter, chosen.missed, chosen.invented)
    return Standin(
        script,
        answer=answer,
        truth=_truth(chosen),
        manner=Manner(chosen.latency, noise, _faults(chosen), chosen.seed),
        rules=Rules(chosen.key, chosen.model, chosen.ending, chosen.today),
        kept=0,
        host=chosen.host,
        port=chosen.port,
    )


def _truth(chosen: argparse.Namespace) -> tuple[Picture, ...]:
    return (
        scenes_truth(draw_scenes())
        if chosen.scenes
        else read_truth(chosen.truth)
        if chosen.truth
        else ()
    )


def _faults(chosen: argparse.Namespace) -> Faults:
    text = chosen.faults.read_text(encoding="utf-8") if chosen.faults else ""
    faults = read_faults(text) if text else Faults()
    return faults if chosen.fault_rate is None else replace(faults, rate=chosen.fault_rate)


if __name__ == "__main__":
    sys.exit(main())
