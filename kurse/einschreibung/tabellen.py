"""Reads what Excel and its relatives write: bytes in, rows of text out. No database, no rules about people."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from lms.core.errors import DomainError

MAX_ZEILEN = 5000
MAX_SPALTEN = 60
#: A workbook is a ZIP file; more than this unpacked is no list of participants.
MAX_ENTPACKT = 100 * 1024 * 1024
TRENNER = (";", ",", "\t")

#: Header as people write it (letters only, folded) → field.
SPALTEN = {
    "vorname": "vorname",
    "vornamen": "vorname",
    "rufname": "vorname",
    "firstname": "vorname",
    "givenname": "vorname",
    "nachname": "nachname",
    "familienname": "nachname",
    "name": "nachname",
    "lastname": "nachname",
    "surname": "nachname",
    "familyname": "nachname",
    "email": "email",
    "emailadresse": "email",
    "emailaddress": "email",
    "mail": "email",
    "geburtsdatum": "geburtsdatum",
    "geburtstag": "geburtsdatum",
    "geboren": "geburtsdatum",
    "geborenam": "geburtsdatum",
    "dateofbirth": "geburtsdatum",
    "birthdate": "geburtsdatum",
    "birthday": "geburtsdatum",
    "arbeitgeber": "arbeitgeber",
    "träger": "arbeitgeber",
    "traeger": "arbeitgeber",
    "einrichtung": "arbeitgeber",
    "employer": "arbeitgeber",
}
PFLICHT = {"vorname": "Vorname", "nachname": "Nachname", "email": "E-Mail"}


@dataclass(frozen=True, slots=True)
class Rohzeile:
    """One line as it stands in the file; `nr` is the line number that people see in their program."""

    nr: int
    werte: dict[str, str]


def _field_of(header: str) -> str | None:
    return SPALTEN.get("".join(c for c in header.casefold() if c.isalpha()))


def read_tabelle(data: bytes) -> list[Rohzeile]:
    """Rows of a CSV or XLSX file, by content and not by name.

    Raises DomainError on field `datei`: `datei_leer`, `datei_format`, `datei_kaputt`, `datei_kodierung`,
    `spalten_fehlen`, `spalte_doppelt`, `zu_viele_zeilen`.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise _fault("datei_leer", _("Die Datei ist leer."))
    if data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise _fault("datei_format", _("Bitte speichern Sie die Liste als Excel-Mappe (.xlsx) oder als CSV."))
    rows = _xlsx_rows(data) if data.startswith(b"PK\x03\x04") else _csv_rows(_decode(data))
    return _with_header(rows)


def _fault(code: str, message: str) -> DomainError:
    return DomainError(code, message, field="datei")


def _decode(data: bytes) -> str:
    """UTF-8 with or without mark, UTF-16, or what German Windows writes (cp1252)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data[1:200:2].count(0) > 20:
        encodings = ["utf-16-le"]
    elif data[0:200:2].count(0) > 20:
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _fault(
        "datei_kodierung", _("Die Datei ist keine lesbare Tabelle. Bitte speichern Sie sie als CSV (UTF-8) oder .xlsx.")
    )


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0].strip()
    forced = first[4:5] if first.casefold().startswith("sep=") and len(first) >= 5 else ""
    skip = 1 if forced or first.casefold() == "sep=" else 0
    if skip:
        forced = forced or "\t"
        text = text.split("\n", 1)[1] if "\n" in text else ""
    trenner = forced or _guess_trenner(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=trenner, strict=True)
    try:
        for row in reader:
            yield reader.line_num + skip, row
    except csv.Error as exc:
        raise _fault(
            "datei_kaputt",
            _("Die Datei ist ab Zeile %(zeile)s nicht lesbar: Anführungszeichen oder Trennzeichen passen nicht.")
            % {"zeile": reader.line_num + skip},
        ) from exc


def _guess_trenner(text: str) -> str:
    """The separator under which most headers are known."""
    header = next((line for line in text.splitlines() if line.strip()), "")

    def known(trenner: str) -> int:
        return sum(_field_of(cell) is not None for cell in header.split(trenner))

    return max(TRENNER, key=known)


def _xlsx_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    kaputt = _fault(
        "datei_kaputt", _("Die Excel-Mappe ist beschädigt oder kennwortgeschützt. Bitte speichern Sie sie neu.")
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, OSError) as exc:
        raise kaputt from exc
    if size > MAX_ENTPACKT:
        raise _fault(
            "datei_zu_gross", _("Die Excel-Mappe ist entpackt zu groß. Bitte speichern Sie nur die Teilnehmendenliste.")
        )
    try:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()
        for nr, row in enumerate(sheet.iter_rows(max_col=MAX_SPALTEN, values_only=True), start=1):
            yield nr, [_cell(value) for value in row]
    except GeneratorExit:
        raise
    except Exception as exc:  # a broken workbook raises whatever the XML in it happens to trip
        raise kaputt from exc


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _with_header(rows: Iterable[tuple[int, list[str]]]) -> list[Rohzeile]:
    fields: list[str | None] = []
    found: list[Rohzeile] = []
    for nr, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if not fields:
            fields = _read_header(row)
            continue
        if len(found) >= MAX_ZEILEN:
            raise _fault(
                "zu_viele_zeilen",
                _("Die Liste hat mehr als %(n)s Zeilen. Bitte teilen Sie sie auf.") % {"n": MAX_ZEILEN},
            )
        pairs = zip(fields, row, strict=False)
        found.append(Rohzeile(nr, {field: cell for field, cell in pairs if field}))
    if not found:
        raise _fault("datei_leer", _("Die Liste enthält keine Zeilen mit Teilnehmenden."))
    return found


def _read_header(row: list[str]) -> list[str | None]:
    fields = [_field_of(cell) for cell in row[:MAX_SPALTEN]]
    missing = [label for field, label in PFLICHT.items() if field not in fields]
    if missing:
        raise _fault(
            "spalten_fehlen",
            _("In der ersten Zeile fehlen diese Überschriften: %(spalten)s.") % {"spalten": ", ".join(missing)},
        )
    known = [field for field in fields if field]
    if len(known) != len(set(known)):
        raise _fault(
            "spalte_doppelt", _("Eine Überschrift kommt doppelt vor. Bitte löschen Sie die überzählige Spalte.")
        )
    return fields


def parse_datum(text: str) -> date | None:
    """German (`31.12.1990`), ISO (`1990-12-31`, also with a time) or Excel's day number; None for an empty cell.

    Raises ValueError; two-digit years are refused, because nobody can know the century.
    """
    text = text.strip()
    if not text:
        return None
    if text.isdigit() and 4 <= len(text) <= 5:
        return date(1899, 12, 30) + timedelta(days=int(text))
    for pattern in ("%d.%m.%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise ValueError(text)
