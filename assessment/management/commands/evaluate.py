"""manage.py evaluate: how well an engine finds what a dataset asks for."""

from __future__ import annotations

import io
import re
import signal
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assessment.engines.base import Engine, EngineMisconfiguredError, Request, Usage
from assessment.evaluation import coco, converseg, pairs, reasonseg
from assessment.evaluation.answers import AnswerFile, Outcome
from assessment.evaluation.asking import Desk
from assessment.evaluation.case import Case, Fault
from assessment.evaluation.measures import TOLERANCE_PX
from assessment.evaluation.pictures import write_pictures
from assessment.evaluation.result import Price, result_of
from assessment.evaluation.trial import CaseError, Trial, tried
from assessment.management.result_file import check_target, write_json
from assessment.management.stepping import stepping
from assessment.services.costs import FREE, usd_of
from assessment.services.engines import engine_named

Json = dict[str, Any]
Importer = Callable[[Path], Iterator[Case | Fault]]

FORMATS: Mapping[str, Importer] = {
    "reasonseg": reasonseg.cases,
    "converseg": converseg.cases,
    "coco": coco.cases,
    "pairs": pairs.cases,
}
MOST_REJECTED = 3
"""Photos in a row of which every request is rejected: then it isn't the photos."""

INTERRUPTED = 128 + signal.SIGINT
FAULTS_SHOWN = 10
PIPE_COLUMNS = 160
WHOLE_ONLY = (
    "Photos looked at as a whole alone, where in a claim parts of them are looked at, too: {}."
)


@dataclass(slots=True)
class Run:
    """What has been tried so far, and what was wrong in the dataset."""

    cases: list[Case]
    faults: list[Fault]
    trials: list[Trial] = field(default_factory=list)


def at_least_one(text: str) -> int:
    """Read a whole number above zero."""
    if not re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        raise ArgumentTypeError(f'"{text}" is no number of cases: give 1 or more.')
    return int(text)


def pixels(text: str) -> float:
    """Read a distance in pixels."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text, re.ASCII):
        raise ArgumentTypeError(f'"{text}" is no distance in pixels: give one such as 3.')
    return float(text)


class Command(BaseCommand):
    help = (
        "Put every question of a dataset to an engine and hold the answers against the truth. "
        "Answers are kept in the data folder, so that an interrupted run goes on where it stopped. "
        "Exit status: 0 when every case was answered, 3 when some were not, 2 on bad usage."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dataset", type=Path, metavar="DATASET", help="a folder or its file")
        parser.add_argument("--format", choices=sorted(FORMATS), required=True)
        parser.add_argument(
            "--engine",
            choices=sorted(settings.EAVES_ENGINES),
            default=settings.EAVES_ENGINE,
            help="who is asked (default: %(default)s)",
        )
        parser.add_argument(
            "--limit", type=at_least_one, metavar="N", help="only the first N cases"
        )
        parser.add_argument(
            "--tolerance",
            type=pixels,
            default=TOLERANCE_PX,
            metavar="PX",
            help="how far a boundary may be off and still be met (default: %(default)s pixels)",
        )
        parser.add_argument("--json", metavar="FILE|-", help="write the result as JSON")
        parser.add_argument(
            "--pictures", type=Path, metavar="DIR", help="draw the best and the worst cases there"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        check_target(options["json"], ())
        run = _opened(options["dataset"], FORMATS[options["format"]], options["limit"])
        desk = _desk(options)
        try:
            if options["pictures"]:
                # Found out now, and not when everything is asked and paid for.
                options["pictures"].mkdir(parents=True, exist_ok=True)
            _try_all(run, desk)
            result = _told(run, desk, options)
            if options["pictures"]:
                write_pictures(options["pictures"], run.trials, desk)
        except KeyboardInterrupt:
            raise CommandError(_farewell(run, desk.answers.path), returncode=INTERRUPTED) from None
        except EngineMisconfiguredError as error:
            raise CommandError(error.message, returncode=2) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.", returncode=2) from None
        self._show(result, options["json"])

    def _show(self, result: Json, target: str | None) -> None:
        if target:
            write_json(result, target, self.stdout)
        else:
            self.stdout.write(_printed(result, wide=self.stdout.isatty()))
        missing = result["cases"] - result["outcomes"][Outcome.ANSWERED]
        if missing:
            raise CommandError(
                f"Cases without an answer: {missing}; the result says why.", returncode=3
            )


def _opened(dataset: Path, importer: Importer, limit: int | None) -> Run:
    if not dataset.exists():
        raise CommandError(f"{dataset} can't be read: no such file or folder.", returncode=2)
    entries = list(importer(dataset))
    run = Run(
        [entry for entry in entries if isinstance(entry, Case)][:limit],
        [entry for entry in entries if isinstance(entry, Fault)],
    )
    if not run.cases:
        found = " ".join(f"{fault.where}: {fault.what}" for fault in run.faults[:FAULTS_SHOWN])
        raise CommandError(f"{dataset} holds no case in this format. {found}".strip(), returncode=2)
    return run


def _desk(options: Json) -> Desk:
    try:
        engine: Engine = engine_named(options["engine"])
    except EngineMisconfiguredError as error:
        raise CommandError(error.message, returncode=2) from None
    name = f"{options['dataset'].resolve().stem}-{options['engine']}.jsonl"
    try:
        answers = AnswerFile(settings.DATA_DIR / "evaluations" / name)
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}.", returncode=2) from None
    return Desk(engine, answers, options["tolerance"])


def _try_all(run: Run, desk: Desk) -> None:
    """Try every case. Raises EngineMisconfiguredError where the engine takes none of them, or none
    any more."""
    with stepping(len(run.cases)) as step:
        for case in run.cases:
            step(case.name)
            try:
                run.trials.append(tried(case, desk))
            except CaseError as error:
                run.faults.append(Fault(case.name, str(error)))
            rejected = list(takewhile(_is_rejected, reversed(run.trials)))
            if len({trial.case.photo for trial in rejected}) >= MOST_REJECTED:
                raise EngineMisconfiguredError(rejected[0].reason)
    if run.trials and all(map(_is_rejected, run.trials)):
        raise EngineMisconfiguredError(run.trials[-1].reason)


def _is_rejected(trial: Trial) -> bool:
    return trial.outcome is Outcome.REJECTED


def _farewell(run: Run, answers: Path) -> str:
    return (
        f"Stopped after {len(run.trials)} of {len(run.cases)} cases; their answers are kept in "
        f"{answers}, and the same command goes on from there."
    )


def _told(run: Run, desk: Desk, options: Json) -> Json:
    if desk.answers.unreadable:
        sentence = f"Lines that can't be read, asked again: {desk.answers.unreadable}."
        run.faults.append(Fault(desk.answers.path.name, sentence))
    return {
        "dataset": str(options["dataset"]),
        "format": options["format"],
        "engine": desk.engine.name,
        "model": desk.engine.model,
        "prompt_version": desk.engine.prompt_version,
        "tolerance_px": desk.tolerance,
        "answers": str(desk.answers.path),
        **result_of(run.trials, run.faults, _price_of(desk.engine)),
    }


def _price_of(engine: Engine) -> Price:
    """What a call of this engine cost on the day it was made."""
    if not engine.billed_at_most(Request(image=b"", width=1, height=1, text="")):
        return lambda kept: FREE
    return lambda kept: usd_of(
        kept.model_served or kept.model_requested,
        Usage(kept.input_tokens, kept.output_tokens),
        date.fromisoformat(kept.asked_on),
    )


def _printed(result: Json, *, wide: bool) -> str:
    """The result for people."""
    console = Console(file=io.StringIO(), width=None if wide else PIPE_COLUMNS)
    with console.capture() as caught:
        for table in _tables(result):
            console.print(table)
        for line in _lines(result):
            console.print(line, markup=False, highlight=False)
    return caught.get().rstrip("\n")


def _tables(result: Json) -> Iterator[Table]:
    """All cases; then those of each kind and of each language, if there are several."""
    yield _table(result)
    for name in ("kind", "language"):
        if len(groups := result[f"by_{name}"]) > 1:
            yield _by(name, groups)


def _table(result: Json) -> Table:
    table = Table("", f"all ({result['cases']})", box=None)
    for measure, estimate in result["measures"].items():
        if estimate:
            table.add_row(measure, _cell(estimate))
    return table


def _by(name: str, groups: Mapping[str, Json]) -> Table:
    """A line for each group: what was measured in any, the first of it with its interval."""
    measured = {
        m: None for group in groups.values() for m, each in group["measures"].items() if each
    }
    first, *others = measured
    table = Table(f"by {name}", first, *others, box=None, padding=(0, 1))
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for label, group in groups.items():
        measures = [group["measures"][measure] for measure in others]
        values = (f"{each['value']:.3f}" if each else "" for each in measures)
        row = (_cell(group["measures"][first]), *values)
        table.add_row(Text(f"{label} ({group['cases']})"), *row)
    return table


def _cell(estimate: Json | None) -> str:
    match estimate:
        case None:
            return ""
        case {"value": value, "low": None}:
            return f"{value:.3f}"
    return f"{estimate['value']:.3f} ({estimate['low']:.3f} to {estimate['high']:.3f})"


def _lines(result: Json) -> Iterator[str]:
    counts = ", ".join(f"{count} {name}" for name, count in result["outcomes"].items())
    cases = "1 case" if result["cases"] == 1 else f"{result['cases']} cases"
    yield f"{cases}: {counts}. {result['how_counted']}"
    if result["whole_only"]:
        yield WHOLE_ONLY.format(result["whole_only"])
    seconds = result["seconds"]
    if seconds["median"] is not None:
        yield f"Seconds for an answer: median {seconds['median']:.2f}, p95 {seconds['p95']:.2f}."
    yield _calls(result["calls"])
    yield f"{_tokens(result['tokens'])} {_cost(result['cost'])}"
    faults = result["faults"]
    for fault in faults[:FAULTS_SHOWN]:
        yield f"{fault['where']}: {fault['what']}"
    if len(faults) > FAULTS_SHOWN:
        yield f"Faults in the dataset: {len(faults)}; --json lists them all."


def _calls(calls: Json) -> str:
    return (
        f"Calls: {calls['made']}, of which {calls['garbled']} brought nothing that can be read, "
        f"{calls['refused']} were refused, {calls['for_the_rest']} asked for the rest of an answer."
    )


def _tokens(tokens: Json) -> str:
    if tokens["input"] is None:
        return "Tokens: unknown, the engine tells no usage."
    some = f" (unknown for {tokens['unknown_for']} calls)" if tokens["unknown_for"] else ""
    return f"Tokens: {tokens['input']} in, {tokens['output']} out{some}."


def _cost(cost: Json) -> str:
    if cost["usd"] is None:
        return "Cost: unknown."
    some = f" (unknown for {cost['unknown_for']} calls)" if cost["unknown_for"] else ""
    return f"Cost: {cost['usd']:.4f} US dollars{some}."
