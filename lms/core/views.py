"""Health, home and job progress."""

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from lms.celery import app as celery_app
from lms.core.access import Zugang, zugang
from lms.core.models import Vorgang
from lms.core.vorgaenge import cancel_vorgang, resume_vorgang


@zugang(Zugang.OEFFENTLICH)
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def _broker_ok() -> bool:
    try:
        with celery_app.connection_for_write() as conn:
            conn.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # noqa: BLE001  (whatever the transport raises, the broker is not ready)
        return False
    return True


@zugang(Zugang.OEFFENTLICH)
@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker and migrations are there; 503 names what is missing."""
    parts = {"datenbank": False, "migrationen": False, "broker": _broker_ok()}
    try:
        executor = MigrationExecutor(connection)
        parts["datenbank"] = True
        parts["migrationen"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception:  # noqa: BLE001  (any database error means not ready)
        parts["datenbank"] = False
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _legal_page(request: HttpRequest, template: str) -> HttpResponse:
    return render(request, template, {"betreiber": settings.BETREIBER, "kontakt": settings.DEFAULT_FROM_EMAIL})


@zugang(Zugang.OEFFENTLICH)
@require_GET
def impressum(request: HttpRequest) -> HttpResponse:
    return _legal_page(request, "core/impressum.html")


@zugang(Zugang.OEFFENTLICH)
@require_GET
def datenschutz(request: HttpRequest) -> HttpResponse:
    return _legal_page(request, "core/datenschutz.html")


@zugang(Zugang.OEFFENTLICH)
@require_GET
def barrierefreiheit(request: HttpRequest) -> HttpResponse:
    return _legal_page(request, "core/barrierefreiheit.html")


def own_vorgang(request: HttpRequest, public_id: str) -> Vorgang:
    return get_object_or_404(Vorgang, public_id=public_id, gestartet_von=request.user)


@zugang(Zugang.ANGEMELDET)
@require_GET
def vorgang_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Progress of a job that the person started; the fragment refreshes itself while the job runs."""
    vorgang = own_vorgang(request, public_id)
    template = "core/teile/vorgang.html" if request.headers.get("HX-Request") else "core/vorgang.html"
    return render(
        request,
        template,
        {"vorgang": vorgang, "weiter": vorgang.parameter.get("weiter", "")},
    )


@zugang(Zugang.ANGEMELDET)
@require_POST
def vorgang_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    cancel_vorgang(own_vorgang(request, public_id), request.user)
    return redirect("vorgang", public_id=public_id)


@zugang(Zugang.ANGEMELDET)
@require_POST
def vorgang_resume(request: HttpRequest, public_id: str) -> HttpResponse:
    resume_vorgang(own_vorgang(request, public_id), request.user)
    return redirect("vorgang", public_id=public_id)
