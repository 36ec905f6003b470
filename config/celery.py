"""The Celery application; its settings are Django's, prefixed CELERY_."""

from __future__ import annotations

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TRANSPORT_ALIASES["filesystem"] = "config.folder_broker:Transport"

app = Celery("eaves")
app.config_from_object("django.conf:settings", namespace="CELERY")
# The sweep lives in the pipeline, which alone sends tickets: tasks may not.
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="pipeline")
