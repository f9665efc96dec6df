"""Celery application. The job table is the truth, a task is only the doorbell (see docs/adr)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

app = Celery("lms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(
    [
        "kurse.einschreibung",
        "kurse.anwesenheit",
        "kurse.aufgaben",
        "kurse.planung",
        "kurse.fortschritt",
    ]
)
