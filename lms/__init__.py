"""Wiring of the service; importing the Celery app here lets `shared_task` find it."""

from lms.celery import app as celery_app

__all__ = ["celery_app"]
