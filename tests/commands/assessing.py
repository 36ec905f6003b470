from __future__ import annotations

import io
import json
from typing import Any

from django.core.management import CommandError, call_command


def assess(*arguments, **options) -> dict[str, Any]:
    """Run the command; the JSON it prints, whatever its exit status."""
    out = io.StringIO()
    status = 0
    try:
        call_command("assess", *map(str, arguments), "--json", "-", stdout=out, **options)
    except CommandError as error:
        status = error.returncode
    return {**json.loads(out.getvalue()), "status": status}
