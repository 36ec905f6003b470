"""manage.py run: web server, worker and beat in one command."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.shortcuts import resolve_url

from assessment.management.embedded import QueueWatch, database_ready, queue_commands
from assessment.management.sample_claim import EMAIL, claim_to_show, demo_adjuster, demo_password
from config.address import Address
from config.supervisor import Supervisor, web_command

TEND_SECONDS = 0.2
# A web server that has said nothing by then has said why in its log.
PATIENCE_SECONDS = 30.0


def port(text: str) -> int:
    """Read a port that a server can be told to listen at."""
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise ArgumentTypeError(f'"{text}" is not a port: give a number from 1 to 65535.')
    return int(text)


class Command(BaseCommand):
    help = (
        "Serve Eaves: web server, Celery worker and beat together. Ctrl-C stops all of them. "
        "Embedded (without DATABASE_URL) it draws a sample claim on its first run, and says how to "
        "see the newest one. With DATABASE_URL set, the people and claims are your own: then it "
        "makes neither account nor claim."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=port, default=8000)

    def handle(self, *_args: Any, host: str, port: int, **_options: Any) -> None:
        address = Address(host, port)
        if fault := address.fault():
            raise CommandError(f"{fault} Nothing was started.")
        database_ready()
        commands = {"web server": web_command(address), **queue_commands()}
        with Supervisor(commands) as supervisor, supervisor.until_stopped():
            self._serve(QueueWatch(supervisor), address)
        self.stdout.write("Stopped.")

    def _serve(self, watch: QueueWatch, address: Address) -> None:
        self.stdout.write("Starting Eaves.")
        self.stdout.flush()
        site = f"http://{address.from_here()}"
        told = sample_told(site) if settings.EMBEDDED else f"Sign in at {site}{_sign_in()}"
        self._await(watch, address)
        self.stdout.write(f"Eaves is running.\n\n{told}\n\nCtrl-C stops it.")
        self.stdout.flush()
        while True:
            watch.tend()
            time.sleep(TEND_SECONDS)

    def _await(self, watch: QueueWatch, address: Address) -> None:
        impatient = time.monotonic() + PATIENCE_SECONDS
        while not address.answers(_sign_in()):
            watch.tend()
            time.sleep(TEND_SECONDS)
            if time.monotonic() > impatient:
                self.stderr.write("The web server does not answer yet. Its log, above, says why.")
                impatient += PATIENCE_SECONDS


def sample_told(site: str) -> str:
    """Where the sample claim is, made now if need be, and who may see it."""
    adjuster = demo_adjuster()
    claim = claim_to_show(adjuster)
    return (
        f"  Sample claim  {site}{resolve_url('portal:claim', number=claim.number)}\n"
        f"  E-mail        {EMAIL}\n"
        f"  Password      {demo_password(adjuster)}"
    )


def _sign_in() -> str:
    return resolve_url(settings.LOGIN_URL)
