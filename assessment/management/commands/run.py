"""manage.py run: web server, worker and beat in one command."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.shortcuts import resolve_url

from assessment.management.embedded import QueueWatch, database_ready, queue_commands
from config.supervisor import Supervisor, web_command


class Command(BaseCommand):
    help = "Serve Eaves: web server, Celery worker and beat together. Ctrl-C stops all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_args: Any, host: str, port: int, **_options: Any) -> None:
        database_ready()
        commands = {"web server": web_command(host, port), **queue_commands()}
        with Supervisor(commands) as supervisor:
            sign_in = f"http://{host}:{port}{resolve_url(settings.LOGIN_URL)}"
            self.stdout.write(f"Eaves is running; sign in at {sign_in}  (Ctrl-C stops it)")
            self.stdout.flush()
            supervisor.tend_until_stopped(QueueWatch(supervisor).tend)
        self.stdout.write("Stopped.")
