"""What an attestation looks like: from the snapshot to rows. All words that are not in the snapshot stand here."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from zertifikate.pdf import layout
from zertifikate.pdf.layout import (
    ACCENT,
    MUTED,
    WIDTH,
    Cell,
    Graphic,
    Page,
    Row,
    Rule,
    Style,
    Text,
    aligned,
    cells_row,
    paginate,
    stacked,
    text_rows,
)
from zertifikate.pdf.qr import QUIET_ZONE, qr_path
from zertifikate.pdf.snapshot import TEILNAHMEBESCHEINIGUNG, Anrechnung, Person, Snapshot, Unterzeichnende
from zertifikate.pdf.text import clean, covering_face, fit, paragraphs, shape

_MONATE = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_QR_SIZE = 82.0
# 0.5 mm, so that a long address still reads from paper
_QR_SMALLEST_MODULE = 1.42
_VERIFICATION = "Die Prüfung zeigt, ob dieses Dokument gültig ist und wer es ausgestellt hat."
_LABEL_WIDTH = 126.0
_LONG_NAME_SIZE = 14.0

_ISSUER = Style("sans-bold", 10.5, 1.35, ACCENT)
_ISSUER_MORE = Style("sans", 8.5, 1.4, MUTED)
_TITLE = Style("serif", 32, 1.2, ACCENT, "center", smallest=20)
_CATALOGUE = Style("sans", 10, 1.4, MUTED, "center")
_INTRO = Style("serif", 10.5, 1.5, align="center")
_NAME = Style("serif-bold", 23, 1.25, align="center", smallest=15)
_BORN = Style("serif", 10.5, 1.4, align="center")
_MODULE = Style("serif-bold", 15.5, 1.3, ACCENT, "center", smallest=13.5)
_HEADING = Style("sans-bold", 9.5, 1.4, ACCENT)
_BODY = Style("serif", 9.5, 1.45)
_SMALL = Style("sans", 7.8, 1.45, MUTED)
_LABEL = Style("sans", 8.5, 1.5, MUTED)
_VALUE = Style("sans", 9, 1.42)
_HEAD_CELL = Style("sans", 8, 1.4, MUTED)
_CELL = Style("sans-bold", 10, 1.4)
_CODE = Style("sans-bold", 10.5, 1.5)
_PLACE = Style("serif", 10, 1.4)
_SIGNATORY = Style("sans", 9, 1.4)


def lay_out(snapshot: Snapshot) -> list[Page]:
    """The finished pages; raises GlyphMissingError for a letter that cannot be set."""
    rows = [
        *_issuer(snapshot),
        *_award(snapshot),
        *_results(snapshot),
        *_facts(snapshot),
        *_contents(snapshot),
        *_recognitions(snapshot),
        *_closing_words(snapshot),
    ]
    rows[-2:] = [replace(row, keep=True) for row in rows[-2:]]
    rows += _signatures(snapshot)
    pages = paginate(rows, _verification(snapshot), _continuation(snapshot))
    for number, page in enumerate(pages, start=1):
        page.place(_footer(snapshot, number, len(pages)), layout.MARGIN_BOTTOM - 14)
    return pages


def _issuer(snapshot: Snapshot) -> list[Row]:
    number = f"Nr.\u00a0{snapshot.nummer}"
    head = cells_row(
        (
            Cell(snapshot.aussteller.name, _ISSUER, 0, WIDTH - 160),
            Cell(number, replace(_ISSUER_MORE, align="right"), WIDTH - 150, 150),
        ),
        keep=True,
    )
    rows = [head]
    address = " · ".join(paragraphs(snapshot.aussteller.anschrift))
    if address:
        rows += text_rows(address, _ISSUER_MORE, keep=True)
    if snapshot.weitere_aussteller:
        rows += text_rows("gemeinsam mit " + ", ".join(snapshot.weitere_aussteller), _ISSUER_MORE, keep=True)
    return [*rows, Row(1, rules=(Rule(0, 0, WIDTH, 0.9, ACCENT),), gap=8, role="Artifact")]


def _award(snapshot: Snapshot) -> list[Row]:
    """Title, person and module: the centred part that one sees first."""
    rows = text_rows(snapshot.vorlage.ueberschrift, _TITLE, gap=26, stretch=30, role="H1", keep=True)
    if snapshot.katalog:
        rows += text_rows(snapshot.katalog, _CATALOGUE, gap=2, keep=True)
    rows += _name(snapshot.person)
    if snapshot.person.geburtsdatum:
        rows += text_rows(f"geboren am {long_date(snapshot.person.geburtsdatum)}", _BORN, gap=2, keep=True)
    for index, text in enumerate(paragraphs(snapshot.vorlage.einleitung)):
        rows += text_rows(text, _INTRO, x=34, width=WIDTH - 68, gap=13 if index == 0 else 4, stretch=14, keep=True)
    return rows + text_rows(snapshot.titel, _MODULE, gap=9, stretch=8, role="H2", keep=True)


def _name(person: Person) -> list[Row]:
    """On one line if it can be; else first and last names each begin a line of their own."""
    parts = [part for part in (person.vorname, person.nachname) if clean(part)]
    style = replace(_NAME, face=covering_face(full_name(person), _NAME.face))
    whole = text_rows(full_name(person), style, gap=20, stretch=26, keep=True)
    if len(whole) == 1 or len(parts) == 1:
        return whole
    size = min(fit(part, style.face, WIDTH, style.size, _LONG_NAME_SIZE).size for part in parts)
    style = replace(style, size=size, smallest=size)
    rows: list[Row] = []
    for part in parts:
        first = not rows
        rows += text_rows(part, style, gap=20 if first else 0, stretch=26 if first else 0, keep=True)
    return rows


def _results(snapshot: Snapshot) -> list[Row]:
    """The table: planned and attended units, credits, grade."""
    columns = [("UE geplant", decimal(snapshot.ue_geplant)), ("UE besucht", decimal(snapshot.ue_besucht))]
    if snapshot.ects is not None:
        columns.append(("ECTS-Punkte", decimal(snapshot.ects)))
    if snapshot.art != TEILNAHMEBESCHEINIGUNG:
        columns.append(("Note", snapshot.note or "unbenotet"))
    module = " · ".join(
        part for part in (snapshot.modulcode, snapshot.version and f"Version {snapshot.version}") if part
    )
    column_width = 78.0
    first = WIDTH - column_width * len(columns)
    head = [Cell("Modul" if module else "Veranstaltung", _HEAD_CELL, 0, first - 10)]
    body = [Cell(module or snapshot.titel, _CELL, 0, first - 10)]
    for index, (label, value) in enumerate(columns):
        x = first + column_width * index
        head.append(Cell(label, replace(_HEAD_CELL, align="right"), x, column_width))
        body.append(Cell(value, replace(_CELL, align="right"), x + 8, column_width - 8))
    head_row = cells_row(head, padding=4, gap=18, stretch=16, keep=True, role="TH")
    body_row = cells_row(body, padding=5, keep=True, role="TD")
    note = "UE: Unterrichtseinheit zu 45 Minuten." + (
        " ECTS: European Credit Transfer and Accumulation System." if snapshot.ects is not None else ""
    )
    return [
        replace(head_row, rules=(Rule(0, 0, WIDTH, 0.9, ACCENT), Rule(0, head_row.height, WIDTH))),
        replace(body_row, rules=(Rule(0, body_row.height, WIDTH, 0.9, ACCENT),)),
        *text_rows(note, _SMALL, gap=3),
    ]


def _facts(snapshot: Snapshot) -> list[Row]:
    facts = [
        ("Zeitraum", period(snapshot.beginn, snapshot.ende)),
        ("Anforderungen erfüllt am", long_date(snapshot.anforderungen_erfuellt_am)),
        ("Ergebnis", snapshot.ergebnis),
        ("Niveau", orientation(snapshot.niveau_orientierung)),
        ("Quelle", snapshot.quelle),
    ]
    rows: list[Row] = []
    for label, value in facts:
        if value:
            rows.append(_fact(label, value, gap=1.5 if rows else 10, stretch=0 if rows else 8))
    return rows


def _fact(label: str, value: str, **options: float) -> Row:
    cells = (Cell(label, _LABEL, 0, _LABEL_WIDTH - 8), Cell(value, _VALUE, _LABEL_WIDTH, WIDTH - _LABEL_WIDTH))
    return cells_row(cells, **options)


def _contents(snapshot: Snapshot) -> list[Row]:
    if not snapshot.inhalte:
        return []
    rows = text_rows("Inhalte", _HEADING, gap=14, stretch=12, keep=True, role="H3")
    for index, text in enumerate(snapshot.inhalte):
        item = text_rows(text, _BODY, x=14, width=WIDTH - 14, gap=2 if index == 0 else 1.5, role="LI")
        rows += [_bulleted(item[0]), *item[1:]] if item else []
    return rows


def _bulleted(row: Row) -> Row:
    bullet = Text(2, row.texts[0].y, shape("•", "serif"), _BODY.size, ACCENT)
    return replace(row, texts=(bullet, *row.texts))


def _recognitions(snapshot: Snapshot) -> list[Row]:
    """Parts replaced by recognition are shown with source and date."""
    if not snapshot.anrechnungen:
        return []
    rows = text_rows("Anrechnungen", _HEADING, gap=14, stretch=8, keep=True, role="H3")
    for item in snapshot.anrechnungen:
        rows += [
            _bulleted(row) if index == 0 else row
            for index, row in enumerate(text_rows(recognition(item), _BODY, x=14, width=WIDTH - 14, gap=1.5, role="LI"))
        ]
    return rows


def _closing_words(snapshot: Snapshot) -> list[Row]:
    rows: list[Row] = []
    for index, text in enumerate(paragraphs(snapshot.vorlage.schlusstext)):
        rows += text_rows(text, _BODY, gap=14 if index == 0 else 5, stretch=10 if index == 0 else 0)
    small = [*paragraphs(snapshot.rechtsgrundlage), *paragraphs(snapshot.hinweis)]
    for index, text in enumerate(small):
        rows += text_rows(text, _SMALL, gap=10 if index == 0 else 3)
    return rows


def _signatures(snapshot: Snapshot) -> list[Row]:
    """Place and date, then up to three signature lines side by side; together on one page if they fit on any."""
    place = f"{snapshot.aussteller.ort}, den {long_date(snapshot.ausgestellt_am)}"
    rows = text_rows(place, _PLACE, gap=22, stretch=26, keep=True)
    people = snapshot.unterzeichnende
    per_row = 3 if len(people) in (3, 5, 6) else 2
    for start in range(0, len(people), per_row):
        lines = _signature_lines(people[start : start + per_row], per_row)
        rows.append(replace(lines, keep=start + per_row < len(people)))
    return rows


def _signature_lines(people: tuple[Unterzeichnende, ...], per_row: int) -> Row:
    between = 28.0
    width = (WIDTH - between * (per_row - 1)) / per_row
    cells, rules = [], []
    for index, person in enumerate(people):
        x = index * (width + between)
        rules.append(Rule(x, 0, width, 0.6, MUTED))
        cells.append((Cell(person.name, _SIGNATORY, x, width), Cell(person.funktion, _SMALL, x, width)))
    names = cells_row([name for name, _ in cells], gap=3)
    functions = cells_row([function for _, function in cells])
    return stacked([Row(0, rules=tuple(rules)), names, functions], gap=40)


def _verification(snapshot: Snapshot) -> Row:
    """At the foot of the last page: how to check the document, with the QR code at the right."""
    code = qr_path(snapshot.pruef_url)
    size = max(_QR_SIZE, code.modules * _QR_SMALLEST_MODULE)
    quiet = size * QUIET_ZONE / code.modules
    width = WIDTH - size - 6
    address = snapshot.pruef_url.split("://", 1)[1]
    words = stacked(
        [
            *text_rows("Echtheit prüfen", _HEADING, width=width, role="H3"),
            _pair("Prüfcode", snapshot.pruefcode, _CODE, width),
            _pair("Prüfen unter", address, _VALUE, width),
            *text_rows(_VERIFICATION, _SMALL, width=width, gap=2),
        ]
    )
    height = max(size - quiet, words.height + 10)
    # The quiet zone reaches into the margins, so that the dark modules are flush with the type area.
    alt = f"QR-Code: {snapshot.pruef_url}"
    graphic = Graphic(WIDTH - size + quiet, height + quiet, size, code.modules, code.path, alt)
    texts = tuple(text.moved(0, 9) for text in words.texts)
    return Row(height, texts, (Rule(0, 0, width - 6),), (graphic,), gap=18)


def _pair(label: str, value: str, style: Style, width: float) -> Row:
    return cells_row((Cell(label, _LABEL, 0, 62), Cell(value, style, 66, width - 66)))


def _continuation(snapshot: Snapshot) -> Row:
    document = f"{snapshot.vorlage.ueberschrift} {snapshot.nummer}"
    words = text_rows(f"{document} · {full_name(snapshot.person)}", _ISSUER_MORE)
    if len(words) > 2:
        words = text_rows(document, _ISSUER_MORE)
    row = stacked(words, role="Artifact")
    return replace(row, height=row.height + 16, rules=(Rule(0, row.height + 4, WIDTH, 0.9, ACCENT),))


def _footer(snapshot: Snapshot, number: int, count: int) -> Row:
    y, size = 10.0, _SMALL.size
    left = clean(f"Nr. {snapshot.nummer}")
    right = f"Seite {number} von {count}"
    left_shaped = shape(left, covering_face(left, "sans"))
    right_shaped = shape(right, "sans")
    texts = (
        Text(0, y, left_shaped, size, MUTED),
        Text(aligned(right_shaped, size, "right", 0, WIDTH), y, right_shaped, size, MUTED),
    )
    return Row(12, texts, role="Artifact")


# --- words and numbers ---------------------------------------------------------------------------------------------


def full_name(person: Person) -> str:
    return clean(f"{person.vorname} {person.nachname}")


def long_date(day: date) -> str:
    """4. März 2026, with a no-break space after the day."""
    return f"{day.day}.\u00a0{_MONATE[day.month - 1]}\u00a0{day.year}"


def period(first: date, last: date) -> str:
    return long_date(first) if first == last else f"{long_date(first)} bis {long_date(last)}"


def decimal(number: Decimal) -> str:
    """German notation, no zeros at the end: 12.50 → 12,5."""
    digits = format(number, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits.replace(".", ",")


def orientation(level: str) -> str:
    """Never an official assignment to a level, only what the award is oriented to."""
    if not level:
        return ""
    return f"orientiert an {level}" if level.startswith("Niveau") else f"orientiert an Niveau {level}"


def recognition(item: Anrechnung) -> str:
    amounts = []
    if item.ue is not None:
        amounts.append(f"{decimal(item.ue)}\u00a0UE")
    if item.ects is not None:
        amounts.append(f"{decimal(item.ects)}\u00a0ECTS-Punkte")
    amount = f" ({', '.join(amounts)})" if amounts else ""
    return f"{item.bezeichnung}{amount}: angerechnet am {long_date(item.datum)}, {item.stelle}"
