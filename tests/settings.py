"""Settings of the test suite: the service's own, with private files and fast password hashing."""

import os
import tempfile

os.environ["BETRIEB"] = "test"
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="nachqualifizierung-test-")
os.environ.pop("CELERY_BROKER_URL", None)
if url := os.environ.get("REDIS_URL"):
    # each worker of xdist empties its own Redis database between tests, never that of another one
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    os.environ["REDIS_URL"] = f"{url.rsplit('/', 1)[0]}/{15 - worker % 8}"

from lms.settings import *  # noqa: E402, F403

(VAR_DIR / "static").mkdir()  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Literal query counts hold with and without Redis: sessions are always read from the database here.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
