"""The whole configuration, from the environment alone (and `.env`, if there is one).

Nothing set means embedded: SQLite, a broker made of files, the local engine, everything below
`var/`. See .env.example for each variable.
"""

from __future__ import annotations

import os
from pathlib import Path

import environ

from config.embedded import kept_secret
from config.engines import more_engines
from config.variables import (
    budget,
    database,
    json_object,
    log_level,
    seconds,
    switch,
    web_address,
    whole_number,
)

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# Some editors begin a file with a mark of its encoding, which is no part of the first name.
environ.Env.read_env(
    env.str("EAVES_ENV_FILE", default=str(BASE_DIR / ".env")), encoding="utf-8-sig"
)

DATA_DIR = Path(env.str("EAVES_DATA_DIR", default=str(BASE_DIR / "var")))
EMBEDDED = not env.str("DATABASE_URL", default="").strip()

DEBUG = switch("DEBUG", default=False)
# Embedded, a secret is made once and kept in the data folder; a service must be given one.
SECRET_KEY = kept_secret(DATA_DIR / "secret_key") if EMBEDDED else env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "claims",
    "assessment",
    "portal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "portal.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.shell",
            ],
        },
    },
]

DATABASES = {"default": database("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/eaves.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A writer takes its lock when its transaction begins, or two that read first deadlock.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    # A worker's thread connects anew for every ticket and a web server's for every request, which
    # costs more than what most of them ask for.
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "claims.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "portal:sign_in"
LOGIN_REDIRECT_URL = "portal:queue"
LOGOUT_REDIRECT_URL = LOGIN_URL
CSRF_FAILURE_VIEW = "portal.views.session.token_refused"

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English"), ("es", "Español")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
# Embedded, static files are served from the packages they come in, never collected.
STATIC_ROOT = None if EMBEDDED else DATA_DIR / "static"
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {
        "BACKEND": env.str("EAVES_STORAGE", default="claims.files.EvidenceStorage"),
        "OPTIONS": json_object(
            "EAVES_STORAGE_OPTIONS", default={"location": str(DATA_DIR / "files")}
        ),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

SECURE_COOKIES = switch("SECURE_COOKIES", default=not EMBEDDED)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_HSTS_SECONDS = whole_number("SECURE_HSTS_SECONDS", default=0)
SECURE_SSL_REDIRECT = switch("SECURE_SSL_REDIRECT", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if not EMBEDDED else None
# Redirects to TLS and HSTS with all it entails are the proxy's; SECURE_* turn ours on as well.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W005", "security.W008", "security.W021"]

# Nothing comes from elsewhere and nothing is inline, so what somebody smuggles into a page is dead
# text. The admin runs under it, too.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "blob:", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "object-src": ["'none'"],
    "worker-src": ["'self'"],
}
SECURE_REFERRER_POLICY = "same-origin"
# A phone's camera opens through the file picker, which needs none of these.
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
# Proxies between the web server and the world: whose X-Forwarded-For tells the visitor's address.
EAVES_PROXIES = whole_number("EAVES_PROXIES", default=0 if EMBEDDED else 1)

# The queue. The database holds the work; a message is only a ticket, "there may be work", so a
# broker that loses one costs the seconds until the next sweep.
# Embedded, each run has a broker folder of its own, named after the process that supervises it.
BROKER_DIR = DATA_DIR / "broker" / env.str("EAVES_RUN", default=str(os.getpid()))
CELERY_BROKER_URL = env.str("BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
    if CELERY_BROKER_URL.startswith("filesystem")
    else {}
)
# A job whose worker has been silent for so long is given to another.
EAVES_LEASE_SECONDS = seconds("EAVES_LEASE_SECONDS", default=60.0)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A job begins calls for services.asking.LONGEST_ASKING, the last of them within GEMINI_DEADLINE.
# The threads of a pool, which no limit ends, may wait as long again for a place.
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 10
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "work"
# Every worker sweeps: one that is busy with photos must not keep the questions waiting.
CELERY_TASK_ROUTES = {
    "assessment.segment_photos": {"queue": "vision"},
    "assessment.sweep": {"queue": "sweep"},
}
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "assessment.sweep", "schedule": 2.0, "options": {"expires": 10.0}}
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": log_level("LOG_LEVEL")},
    # These log every request or every step of a page; what matters is kept with the answer.
    "loggers": {
        name: {"level": "WARNING"} for name in ("httpx2", "google_genai", "fontTools", "weasyprint")
    },
}

# The engines: what each is built with. Credentials stay in the environment.
GEMINI = {
    "model": env.str("GEMINI_MODEL", default="").strip() or "gemini-3.8-flash",
    "fallbacks": env.list(
        "GEMINI_FALLBACK_MODELS", default=["gemini-3.5-flash-lite", "gemini-2.5-flash-lite"]
    ),
    "second_model": env.str("GEMINI_SECOND_MODEL", default=""),
    "api_key": env.str("GEMINI_API_KEY", default=""),
    "project": env.str("GOOGLE_CLOUD_PROJECT", default=""),
    "location": env.str("GOOGLE_CLOUD_LOCATION", default="global"),
    "base_url": web_address("GOOGLE_GEMINI_BASE_URL"),
    "deadline": seconds("GEMINI_DEADLINE", default=120.0),
    "requests_per_minute": whole_number("GEMINI_REQUESTS_PER_MINUTE", default=None, least=1),
    "tokens_per_minute": whole_number("GEMINI_TOKENS_PER_MINUTE", default=None, least=1),
    # Where workers tell each other what they ask: in the Redis that they share, or on this machine.
    "board": CELERY_BROKER_URL
    if CELERY_BROKER_URL.startswith(("redis://", "rediss://"))
    else str(DATA_DIR / "engines"),
}
EAVES_ENGINES = {
    "local": {},
    "gemini": GEMINI,
    **more_engines(env.str("EAVES_MORE_ENGINES", default="")),
}
EAVES_ENGINE = env.str(
    "EAVES_ENGINE",
    default="gemini" if GEMINI["api_key"] or GEMINI["project"] else "local",
)
# Calls of an engine that one process has under way at most. Each takes memory, and a photo that is
# looked at in parts makes several.
EAVES_CALLS_AT_ONCE = whole_number("EAVES_CALLS_AT_ONCE", default=64, least=1)
# How often a question is put to the same photo at least: from two on, each finding tells how well
# the answers agree.
EAVES_RUNS = whole_number("EAVES_RUNS", default=1)

# What answers cost: a table of prices, as a JSON file or as the JSON, and how many US dollars may
# be spent on a claim, and by a carrier on a day of UTC; None is without limit.
EAVES_PRICES = env.str("EAVES_PRICES", default=str(BASE_DIR / "config" / "prices.json"))
EAVES_BUDGET_PER_CLAIM = budget("EAVES_BUDGET_PER_CLAIM")
EAVES_BUDGET_PER_DAY = budget("EAVES_BUDGET_PER_DAY")
