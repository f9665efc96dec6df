"""Settings of the measured server: production's own, plus a header with the number of queries. Only for the bench."""

import os

from lms.settings import *  # noqa: F403
from lms.settings import CACHES, MIDDLEWARE, STORAGES

MIDDLEWARE = ["tests.bench.zaehler.QueryCountMiddleware", *MIDDLEWARE]
# The same names and manifest as in production without minutes of compressing files that no case asks for.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
CACHES["default"]["KEY_PREFIX"] = os.environ["BENCH_PREFIX"]
CELERY_TASK_DEFAULT_QUEUE = os.environ["BENCH_PREFIX"]
