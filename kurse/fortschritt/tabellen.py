"""Tables as XLSX and CSV that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A cell that begins like this would be computed when the file is opened (CSV injection).
_FORMELN = ("=", "+", "-", "@", "\t", "\r", "\n")
Row = Iterable[Any]


def safe_text(value: str) -> str:
    """Text that stays text: an apostrophe in front, and no control characters (openpyxl refuses them)."""
    if not value.isprintable():
        value = "".join(char if char.isprintable() else " " for char in value)
    return f"'{value}" if value.startswith(_FORMELN) or value.lstrip().startswith(_FORMELN) else value


def _xlsx_value(value: Any) -> Any:
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, datetime):
        return timezone.localdate(value)
    return value


def _csv_value(value: Any) -> str:
    """German notation: decimal comma, days as 24.11.2026."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f").replace(".", ",")
    if isinstance(value, datetime):
        return f"{timezone.localdate(value):%d.%m.%Y}"
    return safe_text(str(value))


def to_xlsx(sheets: Mapping[str, Iterable[Row]]) -> bytes:
    """One sheet per entry, the first row of each stays in sight."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title[:31])
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([_xlsx_value(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def to_csv(rows: Iterable[Row]) -> bytes:
    """Semicolons and a byte order mark, as German spreadsheets expect it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([_csv_value(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def download(sheets: dict[str, Iterator[Row]], name: str, fmt: str) -> HttpResponse:
    """The answer of an export; CSV holds all sheets below one another, with an empty line between."""
    if fmt == "xlsx":
        response = HttpResponse(to_xlsx(sheets), content_type=XLSX)
    else:
        parts: list[Row] = []
        for rows in sheets.values():
            parts += [[], *rows] if parts else list(rows)
        response = HttpResponse(to_csv(parts), content_type="text/csv; charset=utf-8")
    stamp = f"{timezone.localdate():%Y-%m-%d}"
    response["Content-Disposition"] = f'attachment; filename="{name}-{stamp}.{fmt}"'
    response["Cache-Control"] = "no-store"
    return response
