"""Typed settings from the environment. Everything a deployment may change is named here, once."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
DEMO_SECRET = "demo-secret-only-for-local-use-never-in-production-0000000000"  # noqa: S105

env = environ.Env()

#: "demo" (make run), "test" (pytest) or "produktion". Checks under --deploy refuse anything but "produktion".
BETRIEB: str = env.str("BETRIEB", default="demo")
DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.str("SECRET_KEY", default=DEMO_SECRET)
#: Where the embedded default keeps its database, files, broker queue and collected static files.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
#: Address under which people reach the service; it is printed on certificates (QR) and in mails.
BASE_URL: str = env.str("BASE_URL", default=f"http://127.0.0.1:{env.str('PORT', default='8000')}").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATABASE_URL: str = env.str("DATABASE_URL", default="")
REDIS_URL: str = env.str("REDIS_URL", default="")
CELERY_BROKER_URL: str = env.str("CELERY_BROKER_URL", default="")
#: Who runs this deployment, as the Impressum names it (name, address, representative).
BETREIBER: str = env.str("BETREIBER", default="Vorführung ohne Betreiberin, nur auf diesem Rechner")
#: "offen" (anyone may register) or "einladung" (only with an invitation).
REGISTRIERUNG: str = env.str("REGISTRIERUNG", default="offen")
#: Shows outgoing mail on a page instead of sending it; never in production.
DEMO_POST: bool = env.bool("DEMO_POST", default=BETRIEB != "produktion")
EMAIL_URL: str = env.str("EMAIL_URL", default="")
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="nachqualifizierung@example.org")
#: True behind a proxy that terminates TLS and sets X-Forwarded-Proto.
HTTPS: bool = env.bool("HTTPS", default=BETRIEB == "produktion")
#: Number of trusted proxies in front of the service; decides which address rate limits count.
PROXY_COUNT: int = env.int("PROXY_COUNT", default=0)
S3_BUCKET: str = env.str("S3_BUCKET", default="")
SENTRY_DSN: str = env.str("SENTRY_DSN", default="")
METRICS: bool = env.bool("METRICS", default=False)
#: Largest accepted upload in megabytes.
UPLOAD_MAX_MB: int = env.int("UPLOAD_MAX_MB", default=20)
