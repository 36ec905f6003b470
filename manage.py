#!/usr/bin/env python
"""Eaves from the command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        _execute()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)


def _execute() -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A sentence for whoever set a variable; where in the code it is read helps nobody.
        sys.exit(str(error))
    except (OperationalError, ProgrammingError) as error:
        if not _is_missing(error) or "--traceback" in sys.argv:
            raise
        sys.exit(
            f"The database can't be used: {str(error).strip()}\n"
            "Is it there (DATABASE_URL), and have its tables been made (manage.py migrate)?"
        )


def _is_missing(error: Exception) -> bool:
    """Whether the database, or what migrations make in it, isn't there."""
    said = str(error)
    return any(sign in said for sign in ("connection", "no such table", "does not exist"))


if __name__ == "__main__":
    main()
