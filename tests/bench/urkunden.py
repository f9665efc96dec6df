"""The cases of the certificates, in this process as in the worker: drawn, issued as a job, and the floor beneath."""

import time
from collections.abc import Callable
from io import BytesIO

from django.db import connection
from reportlab.pdfgen.canvas import Canvas

from kurse.einschreibung.models import Einschreibung
from lms.core.vorgaenge import run_vorgang
from tests.bench.messung import Messwert, Ziel, measure_calls, percentile
from tests.bench.welt import Welt
from zertifikate.enums import ZertifikatArt
from zertifikate.models import Zertifikat
from zertifikate.pdf.layout import PAGE_HEIGHT, PAGE_WIDTH
from zertifikate.pdf.render import render_zertifikat
from zertifikate.pdf.snapshot import Snapshot
from zertifikate.pdf.zertifikat import lay_out
from zertifikate.services import start_ausstellung

Zeilen = list[list[tuple[float, float, float, str]]]


def measure(welt: Welt, *, quick: bool) -> list[Messwert]:
    batch = _batch(welt, 30 if quick else 300)
    rows = Zertifikat.objects.order_by("pk")
    snapshots = [Snapshot.from_dict(row.snapshot) for row in rows[: 30 if quick else 200]]
    drawn = measure_calls("zertifikat_gezeichnet", [_draw(snapshot) for snapshot in snapshots])
    floor = measure_calls("zertifikat_untergrenze", [_plain(snapshot) for snapshot in snapshots])
    ratio = Messwert("verhaeltnis_gezeichnet_zu_untergrenze", len(snapshots), wert=drawn.rps / floor.rps)
    return [drawn, floor, ratio.judged(Ziel(mindestens=0.15)), batch]


def _draw(snapshot: Snapshot) -> Callable[[], bytes]:
    return lambda: render_zertifikat(snapshot)


def _plain(snapshot: Snapshot) -> Callable[[], bytes]:
    """The same words at the same places in a built-in font; no layout, no QR code, no fonts to embed."""
    pages: Zeilen = [
        [(text.x, text.y, text.size, _latin(text.shaped.text)) for text in page.texts] for page in lay_out(snapshot)
    ]

    def draw() -> bytes:
        output = BytesIO()
        canvas = Canvas(output, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), pageCompression=1)
        for page in pages:
            for x, y, size, text in page:
                canvas.setFont("Helvetica", size)
                canvas.drawString(x, y, text)
            canvas.showPage()
        canvas.save()
        return output.getvalue()

    return draw


def _latin(text: str) -> str:
    """What the built-in fonts can show; the other letters would cost them a search."""
    return text.encode("cp1252", "replace").decode("cp1252")


def _batch(welt: Welt, count: int) -> Messwert:
    """Issue and draw with the job's own handler: numbers, snapshots, files, audit trail and mails included.

    The time of one certificate is the distance to the one before it; queries are those per certificate.
    """
    assert welt.stapel is not None
    assert welt.pruefungsamt is not None
    chosen = list(Einschreibung.objects.filter(kurs=welt.stapel).order_by("pk")[:count])
    vorgang = start_ausstellung(welt.stapel, ZertifikatArt.MODUL, welt.pruefungsamt, chosen)
    queries = 0

    def counted(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    before = time.process_time()
    with connection.execute_wrapper(counted):
        run_vorgang(vorgang.pk)
    cpu = (time.process_time() - before) / count
    moments = list(
        Zertifikat.objects.filter(vorgang=vorgang).order_by("created_at").values_list("created_at", "sha256")
    )
    vorgang.refresh_from_db()
    assert len(moments) == count, (vorgang.status, vorgang.fehler[:3], vorgang.ergebnis)
    assert all(sha256 for _at, sha256 in moments), vorgang.fehler[:3]
    times = [(b[0] - a[0]).total_seconds() * 1000 for a, b in zip(moments, moments[1:], strict=False)]
    return Messwert(
        "zertifikat_stapel_300",
        count,
        percentile(times, 50),
        percentile(times, 95),
        1 / cpu,
        cpu * 1000,
        queries // count,
    )
