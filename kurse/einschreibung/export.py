"""The list of participants as a file for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs

FORMATE = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def safe_cell(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) or text.startswith(("\t", "\r", "\n")) else text


def _rows(rows: Iterable[Einschreibung], mit_kontakt: bool) -> Iterator[list[str]]:
    head = [_("Nachname"), _("Vorname"), _("Arbeitgeber"), _("Stand"), _("Warteplatz"), _("angemeldet am")]
    yield head + ([_("E-Mail"), _("Geburtsdatum")] if mit_kontakt else [])
    for row in rows:
        waits = row.status == EinschreibungStatus.WARTELISTE
        cells = [
            row.person.nachname,
            row.person.vorname,
            row.arbeitgeber.name if row.arbeitgeber else "",
            str(row.get_status_display()),
            str(row.warteplatz) if waits else "",  # type: ignore[attr-defined]
            f"{timezone.localtime(row.beantragt_at):%d.%m.%Y}",
        ]
        if mit_kontakt:
            born = row.person.geburtsdatum
            cells += [row.person.email, f"{born:%d.%m.%Y}" if born else ""]
        yield [safe_cell(cell) for cell in cells]


def export_response(kurs: Kurs, rows: Iterable[Einschreibung], format: str, *, mit_kontakt: bool) -> HttpResponse:  # noqa: A002
    """CSV as Excel likes it (UTF-8 with mark, semicolons), or XLSX; `mit_kontakt` adds address and date of birth."""
    table = _rows(rows, mit_kontakt)
    content = _csv(table) if format == "csv" else _xlsx(table)
    name = "".join(c for c in kurs.nummer if c.isascii() and (c.isalnum() or c in "-_")) or kurs.public_id
    response = HttpResponse(content, content_type=FORMATE[format])
    response["Content-Disposition"] = f'attachment; filename="teilnehmende-{name}.{format}"'
    response["Cache-Control"] = "no-store"
    return response


def _csv(table: Iterable[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(table)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(table: Iterable[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Teilnehmende"))
    for row in table:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
