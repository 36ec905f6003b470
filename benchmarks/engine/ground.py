"""What the questions are measured on: a database and a Redis of their own, gone afterwards."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
STARTED_SECONDS = 30.0
STOPPED_SECONDS = 30.0

Steps = Sequence[Mapping[str, Any]]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(command: Sequence[str], **more: Any) -> Iterator[subprocess.Popen[str]]:
    """A process for the length of the block."""
    process = subprocess.Popen(command, cwd=ROOT, text=True, **more)  # noqa: S603 - our own
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOPPED_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


@contextmanager
def database(server: str) -> Iterator[str]:
    """A new database on a PostgreSQL server, dropped at the end; its URL."""
    name = f"eaves_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


@contextmanager
def redis() -> Iterator[str]:
    """A Redis of our own; its URL."""
    port = free_port()
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    with running(["redis-server", *options], stdout=subprocess.DEVNULL):
        end = time.monotonic() + STARTED_SECONDS
        while not listens(port):
            if time.monotonic() > end:
                raise SystemExit("Redis did not start.")
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"


def listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def ground(server: str) -> Iterator[dict[str, str]]:
    """The variables that set Eaves up over a new database, Redis and data folder."""
    with ExitStack() as stack:
        folder = tempfile.mkdtemp(prefix="eaves-bench-")
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        yield {
            "EAVES_ENV_FILE": os.devnull,
            "EAVES_DATA_DIR": folder,
            "DATABASE_URL": stack.enter_context(database(server)),
            "BROKER_URL": stack.enter_context(redis()),
            "SECRET_KEY": "only for measuring",
            "ALLOWED_HOSTS": "localhost",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "ERROR",
            "GEMINI_API_KEY": "none",
        }


@contextmanager
def standin(steps: Steps) -> Iterator[tuple[str, Path]]:
    """The stand-in in a process of its own; its URL, and the log of what it was asked."""
    with tempfile.TemporaryDirectory(prefix="eaves-standin-") as folder:
        script, log = Path(folder) / "script.json", Path(folder) / "log"
        script.write_text(json.dumps(steps), encoding="utf-8")
        log.touch()
        module = [sys.executable, "-m", "benchmarks.engine.server"]
        command = [*module, str(script), str(log)]
        with running(command, stdout=subprocess.PIPE) as process:
            if process.stdout is None or not (url := process.stdout.readline().strip()):
                raise SystemExit("The stand-in did not start.")
            yield url, log


@contextmanager
def workers(
    url: str, *, processes: int = 1, threads: int, calls: int, **more: str
) -> Iterator[list[int]]:
    """The workers of docker-compose.yml and beat; the process ids of those that ask.

    Each of these has so many `threads`, and at most so many `calls` under way.
    """
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "config"]
    quiet = ["--loglevel", "ERROR"]
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    vision = ["worker", "--queues", "vision,sweep", "--pool", "threads"]
    vision += ["--concurrency", str(threads)]
    work = ["worker", "--queues", "work,sweep", "--pool", "prefork", "--hostname", "work@%h"]
    asked = {"GOOGLE_GEMINI_BASE_URL": url, "EAVES_CALLS_AT_ONCE": str(calls)}
    env = {**os.environ, **asked, **more}
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        beat = ["beat", "--schedule", f"{folder}/beat", "--pidfile="]
        for others in ([*work, "--concurrency", "1", *alone], beat):
            stack.enter_context(running([*celery, *others, *quiet], env=env))
        names = [["--hostname", f"vision{number}@%h"] for number in range(processes)]
        asking = [running([*celery, *vision, *name, *alone, *quiet], env=env) for name in names]
        yield [stack.enter_context(process).pid for process in asking]


def log_of(path: Path) -> list[dict[str, Any]]:
    """What the stand-in was asked so far."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def resident_mib(pid: int, field: str = "VmRSS") -> float:
    """Memory of a process that is resident; VmHWM is the most that ever was."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def cpu_seconds(pids: Sequence[int]) -> float:
    """What processes have worked so far, all their threads."""
    return sum(map(_cpu_ticks, pids)) / os.sysconf("SC_CLK_TCK")


def _cpu_ticks(pid: int) -> int:
    said = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(said[11]) + int(said[12])
