"""Django settings. What a deployment may change is in `lms/env.py`; what is here is the same everywhere."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from lms import env as e
from lms.core.api.openapi import OPENAPI
from lms.core.logging import logging_config, scrub_event

BASE_DIR = e.BASE_DIR
VAR_DIR: Path = e.VAR_DIR
BETRIEB = e.BETRIEB
DEBUG = e.DEBUG
SECRET_KEY = e.SECRET_KEY
BASE_URL = e.BASE_URL
BETREIBER = e.BETREIBER
PROXY_COUNT = e.PROXY_COUNT
ALLOWED_HOSTS = e.ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS = e.CSRF_TRUSTED_ORIGINS
CSRF_FAILURE_VIEW = "lms.core.error_views.csrf_failure"

INSTALLED_APPS = [
    "lms.core",
    "lms.konten",
    "lms.post",
    "module",
    "kurse",
    "zertifikate",
    "lms.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "lms.core.statik.StatikConfig",
    "django.contrib.humanize",
    "django.contrib.admin",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "rest_framework",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "lms.core.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "lms.core.middleware.ZeichenMiddleware",
    "lms.core.middleware.ZugangMiddleware",
    "lms.core.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "lms" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ]
            if not DEBUG
            else [
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "lms.core.context.shell",
                "lms.demo.context.logins",
            ],
        },
    }
]
FORM_RENDERER = "lms.core.forms.KernFormRenderer"

# --- database -------------------------------------------------------------------------------------------------------
if e.DATABASE_URL:
    DATABASES = {"default": e.env.db_url_config(e.DATABASE_URL)}
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 10}} if BETRIEB != "test" else {}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "db.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-20000;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": e.REDIS_URL,
    }
    if e.REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

# --- tasks ----------------------------------------------------------------------------------------------------------
_BROKER_DIR = VAR_DIR / "broker"
EMBEDDED_BROKER = not e.CELERY_BROKER_URL
CELERY_BROKER_URL = e.CELERY_BROKER_URL or "filesystem://localhost"
if EMBEDDED_BROKER:
    for _part in ("queue", "control"):
        (_BROKER_DIR / _part).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_BROKER_DIR / "queue"),
        "data_folder_out": str(_BROKER_DIR / "queue"),
        "control_folder": str(_BROKER_DIR / "control"),
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TIMEZONE = "Europe/Berlin"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "vorgaenge-aufgreifen": {
        "task": "lms.core.tasks.sweep_vorgaenge",
        "schedule": timedelta(seconds=2),
    },
    "post-versenden": {
        "task": "lms.post.tasks.sweep_nachrichten",
        "schedule": timedelta(seconds=5),
    },
    "warteliste-pflegen": {
        "task": "kurse.einschreibung.tasks.sweep_warteliste",
        "schedule": timedelta(minutes=5),
    },
    "zertifikate-zeichnen": {"task": "zertifikate.tasks.sweep_zertifikate", "schedule": timedelta(seconds=30)},
    "mitgliedschaften-pflegen": {
        "task": "lms.konten.tasks.sweep_mitgliedschaften",
        "schedule": timedelta(hours=1),
    },
    "idempotenz-aufraeumen": {
        "task": "lms.core.tasks.sweep_idempotenz",
        "schedule": timedelta(hours=6),
    },
}

# --- people and login -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "konten.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "vorname", "nachname")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ANONYMOUS_USER_NAME = None
GUARDIAN_AUTO_PREFETCH = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "katalog"
ACCOUNT_ADAPTER = "lms.konten.adapter.KontoAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {"signup": "lms.konten.forms.RegistrierungForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
# axes counts failures per account and address and locks at AXES_FAILURE_LIMIT; allauth's own limit comes after it and
# stops guessing that is spread over many addresses.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,20/300s/key"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if e.HTTPS else "http"
REGISTRIERUNG = e.REGISTRIERUNG
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Nachqualifizierung FSA"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not e.HTTPS
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "lms.konten.adapter.axes_username"
AXES_LOCKOUT_CALLABLE = "lms.konten.adapter.locked_out"
AXES_CLIENT_IP_CALLABLE = "lms.konten.adapter.axes_address"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_SENSITIVE_PARAMETERS = ["login", "password"]

if e.REDIS_URL:  # read from the cache on every page; the table is the truth when the cache has lost them
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = e.HTTPS
SECURE_SSL_REDIRECT = e.HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if e.HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = e.HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if e.HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- language, time -------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("Deutsch"))]
LOCALE_PATHS = [BASE_DIR / "lms" / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_I18N = USE_TZ = True

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "lms" / "static"] + [
    (prefix, BASE_DIR / "node_modules" / folder)
    for prefix, folder in (("kern", "@kern-ux/native/dist"), ("htmx", "htmx.org/dist"))
    if (BASE_DIR / "node_modules" / folder).is_dir()
]
MEDIA_ROOT = VAR_DIR / "dateien"  # never served by URL: every download goes through a view that checks the right
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": e.S3_BUCKET},
    }
    if e.S3_BUCKET
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT},
    },
    "staticfiles": {
        "BACKEND": {
            "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "demo": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
        }.get(BETRIEB, "whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
UPLOAD_MAX_BYTES = e.UPLOAD_MAX_MB * 1024 * 1024
ABGABE_DATEITYPEN = [
    "pdf",
    "docx",
    "odt",
    "jpg",
    "jpeg",
    "png",
    "txt",
]  # each needs a check in kurse/aufgaben/dateien.py
CLAMAV_SOCKET = e.env.str("CLAMAV_SOCKET", default="")  # path or host:port of clamd; empty: uploads are not scanned
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- mail -----------------------------------------------------------------------------------------------------------
DEMO_POST = e.DEMO_POST
if e.EMAIL_URL:
    vars().update(e.env.email_url_config(e.EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = e.DEFAULT_FROM_EMAIL

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "lms.core.api.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["lms.core.api.permissions.DeclaredAccess"],
    "DEFAULT_PARSER_CLASSES": [
        "lms.core.api.parsers.TextJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "lms.core.api.pagination.CreatedCursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "lms.core.api.autoschema.ApiAutoSchema",
    "EXCEPTION_HANDLER": "lms.core.api.errors.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min", "user": "1200/min", "pruefung": "60/min"},
    "NUM_PROXIES": e.PROXY_COUNT,
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = OPENAPI

# --- observation ----------------------------------------------------------------------------------------------------
METRICS = e.METRICS
LOGGING = logging_config(e.env.str("LOG_LEVEL", default="WARNING"))
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
if e.SENTRY_DSN:
    import sentry_sdk

    sentry_sdk.init(
        dsn=e.SENTRY_DSN,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=scrub_event,
    )
