"""The product's settings over a data folder of its own; nothing of the developer's is touched."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ["EAVES_DATA_DIR"] = tempfile.mkdtemp(prefix="eaves-tests-")
# What a developer's .env or shell configures must not reach the tests. The database and the broker
# may be chosen: the tests marked `service` run over servers, too.
os.environ["EAVES_ENV_FILE"] = os.devnull
for name in list(os.environ):
    ours = name.startswith(("EAVES_", "GEMINI_", "GOOGLE_", "SECURE_"))
    if ours and name not in {"EAVES_DATA_DIR", "EAVES_ENV_FILE"}:
        del os.environ[name]
for name in ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "LOG_LEVEL"):
    os.environ.pop(name, None)
os.environ["EAVES_ENGINE"] = "local"
# Test processes that run side by side have a database of their own; a Redis, too.
if os.environ.get("BROKER_URL", "").startswith("redis"):
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["BROKER_URL"] = f"{os.environ['BROKER_URL'].rpartition('/')[0]}/{number}"

from config.settings import *  # noqa: E402, F403
from config.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file and not memory: worker processes of the tests must reach the same database.
DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
if "postgres" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
