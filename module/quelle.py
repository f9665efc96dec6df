"""Reading a curricula file: every row is checked and turned into plain data before anything touches the database.

The file is JSON: `{"programmes": [{"id", "programme", "institution", "source_url", "relevance", "modules": […], …}]}`.
A number that is null stays unknown. A key that nobody knows is refused, so nothing is dropped in silence.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import slugify
from django.utils.translation import gettext as _

from module.enums import BausteinArt, Einordnung
from module.quelle_schluessel import (
    ART_JE_KIND,
    MODULANGABEN,
    MODULFELDER,
    OHNE_MODUL,
    PROGRAMMANGABEN,
    PROGRAMMFELDER,
    TEILE_OHNE_MODUL,
)

MAX_BYTES = 20 * 1024 * 1024
MAX_ZAHL = Decimal("9999.99")


class QuelleUnlesbar(Exception):
    """The file as a whole cannot be read; the message is for people."""


@dataclass(slots=True)
class Teil:
    """One part of a programme as the source states it."""

    schluessel: str
    titel: str
    code: str
    art: str
    mit_modul: bool
    themen: list[str]
    pruefungsform: str
    ue: Decimal | None
    stunden: Decimal | None
    ects: Decimal | None
    praesenz: Decimal | None
    selbststudium: Decimal | None
    dauer: str


@dataclass(slots=True)
class Zeile:
    """One programme of the file. With `fehler` it must not be written."""

    nummer: int
    schluessel: str
    titel: str
    fehler: list[str] = field(default_factory=list)
    programm: dict[str, Any] = field(default_factory=dict)
    version: dict[str, Any] = field(default_factory=dict)
    teile: list[Teil] = field(default_factory=list)


def read_quelle(path: str | Path) -> list[Zeile]:
    """All rows of the file, each with its errors. Raises `QuelleUnlesbar` if there are no rows to speak of."""
    try:
        raw = Path(path).read_bytes()
    except OSError as exc:
        raise QuelleUnlesbar(_("Die Datei lässt sich nicht lesen: %(grund)s") % {"grund": exc.strerror or exc}) from exc
    if len(raw) > MAX_BYTES:
        raise QuelleUnlesbar(_("Die Datei ist größer als 20 MB."))
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except UnicodeDecodeError as exc:
        raise QuelleUnlesbar(_("Die Datei ist nicht in UTF-8 gespeichert.")) from exc
    except (ValueError, RecursionError) as exc:
        raise QuelleUnlesbar(_("Die Datei ist kein gültiges JSON: %(grund)s") % {"grund": exc}) from exc
    return rows_from(data)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def rows_from(data: Any) -> list[Zeile]:
    programmes = data.get("programmes") if isinstance(data, dict) else None
    if not isinstance(programmes, list) or not programmes:
        raise QuelleUnlesbar(_("Die Datei enthält keine Liste „programmes“ mit mindestens einem Programm."))
    rows = [_row(index, item) for index, item in enumerate(programmes, 1)]
    seen: set[str] = set()
    for row in rows:
        if row.schluessel in seen and row.schluessel:
            row.fehler.append(_("Der Schlüssel „%(id)s“ kommt in der Datei mehrfach vor.") % {"id": row.schluessel})
        seen.add(row.schluessel)
    return rows


def _row(nummer: int, item: Any) -> Zeile:
    if not isinstance(item, dict):
        return Zeile(nummer, "", "", [_("Ein Programm muss ein Objekt mit Schlüsseln sein.")])
    reader = _Reader(item)
    schluessel = reader.text("id", 100, needed=True)
    if schluessel and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", schluessel):
        reader.refuse("id", _("nur Kleinbuchstaben, Ziffern und Bindestriche"))
    row = Zeile(nummer, schluessel, reader.text("programme", 300, needed=True), reader.fehler)
    reader.check_known({*PROGRAMMFELDER, *PROGRAMMANGABEN})
    url, quelle = _source(reader)
    einrichtung = reader.text("institution", 300, needed=True)
    row.programm = {
        "titel": row.titel,
        "einrichtung": einrichtung,
        "einordnung": reader.choice("relevance", Einordnung.values),
    }
    row.version = {
        "abschluss": reader.text("award", 300),
        "zielgruppe": reader.text("target_group", 5000),
        "zugang": reader.text("admission", 5000),
        "format": reader.text("format", 200),
        "dauer": reader.text("duration", 200),
        "ue_gesamt": reader.number("total_ue"),
        "stunden_gesamt": reader.number("total_workload_h"),
        "ects_gesamt": reader.number("total_ects"),
        "quelle": quelle,
        "quelle_url": url,
        "angaben": _angaben(reader, PROGRAMMANGABEN),
    }
    _read_teile(row, reader)
    return row


def _source(reader: "_Reader") -> tuple[str, str]:
    """The address of the source, and the whole entry when it says more than an address."""
    entry = reader.text("source_url", 500, needed=True)
    url, _blank, more = entry.partition(" ")
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        if entry:
            reader.refuse("source_url", _("muss mit einer Internetadresse beginnen"))
    return url, more.strip().strip("()")


def _angaben(reader: "_Reader", titles: dict[str, Any], praefix: str = "") -> list[dict[str, str]]:
    found = []
    for key, title in titles.items():
        text = reader.as_text(key)
        if text:
            found.append({"titel": f"{praefix}{title}", "text": text})
    return found


def _read_teile(row: Zeile, reader: "_Reader") -> None:
    modules = reader.item.get("modules")
    if not isinstance(modules, list):
        reader.refuse("modules", _("muss eine Liste sein (sie darf leer sein)"))
        return
    keys: set[str] = set()
    for index, item in enumerate(modules, 1):
        if not isinstance(item, dict):
            row.fehler.append(_("Teil %(nummer)s muss ein Objekt mit Schlüsseln sein.") % {"nummer": index})
            continue
        part = _Reader(item, _("Teil %(nummer)s") % {"nummer": index}, row.fehler)
        teil = _teil(row.schluessel, part)
        if teil.schluessel in keys:
            part.refuse("title", _("kommt in diesem Programm mehrfach vor"))
        keys.add(teil.schluessel)
        row.teile.append(teil)
        row.version["angaben"] += _angaben(part, MODULANGABEN, f"{teil.titel}: ")


def _teil(programm: str, part: "_Reader") -> Teil:
    part.check_known({*MODULFELDER, *MODULANGABEN})
    titel, code = part.text("title", 300, needed=True), part.text("code", 40)
    kind = part.choice("kind", ART_JE_KIND, needed=False)
    ohne_modul, art = _art(titel, kind)
    dauer = [
        _("%(zahl)s Monate") % {"zahl": part.as_text("duration_months")} if part.number("duration_months") else "",
        _("%(zahl)s Tage") % {"zahl": part.as_text("duration_days")} if part.number("duration_days") else "",
    ]
    return Teil(
        schluessel=f"{programm}/{slugify(code or titel)[:50]}",
        titel=titel,
        code=code,
        art=art,
        mit_modul=not ohne_modul,
        themen=part.texts("topics"),
        pruefungsform=part.text("assessment", 300),
        ue=part.number("ue"),
        stunden=part.number("workload_h"),
        ects=part.number("ects"),
        praesenz=part.number("hours_presence"),
        selbststudium=part.number("hours_self_study"),
        dauer=", ".join(filter(None, dauer)),
    )


def _art(titel: str, kind: str) -> tuple[bool, str]:
    """Is this part no module, and what kind of part is it? `kind` of the source decides, else its title."""
    if kind:
        return kind in OHNE_MODUL, ART_JE_KIND[kind]
    for pattern, art in TEILE_OHNE_MODUL:
        if re.match(pattern, titel):
            return True, art
    return False, BausteinArt.PFLICHT


def _storable(text: str) -> bool:
    """No NUL and no half characters: what every database can hold."""
    try:
        return "\x00" not in text and bool(text.encode() or True)
    except UnicodeEncodeError:
        return False


class _Reader:
    """Takes typed values out of one object and collects what is wrong with it."""

    def __init__(self, item: dict[str, Any], ort: str = "", fehler: list[str] | None = None) -> None:
        self.item, self.ort = item, f"{ort}: " if ort else ""
        self.fehler: list[str] = [] if fehler is None else fehler

    def refuse(self, key: str, grund: str) -> None:
        self.fehler.append(f"{self.ort}„{key}“ {grund}")

    def check_known(self, known: set[str]) -> None:
        for key in sorted(set(self.item) - known):
            self.refuse(key, _("ist ein unbekannter Schlüssel"))

    def text(self, key: str, limit: int, *, needed: bool = False) -> str:
        value = self.item.get(key)
        if value is None or value == "":
            if needed:
                self.refuse(key, _("fehlt"))
            return ""
        if not isinstance(value, str) or not _storable(value):
            self.refuse(key, _("muss ein Text sein"))
            return ""
        value = value.strip()
        if needed and not value:
            self.refuse(key, _("fehlt"))
        if len(value) > limit:
            self.refuse(key, _("ist länger als %(limit)s Zeichen") % {"limit": limit})
        return value

    def texts(self, key: str) -> list[str]:
        value = self.item.get(key) or []
        if not isinstance(value, list) or not all(isinstance(one, str) and _storable(one) for one in value):
            self.refuse(key, _("muss eine Liste von Texten sein"))
            return []
        return [one.strip() for one in value if one.strip()]

    def number(self, key: str) -> Decimal | None:
        value = self.item.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.refuse(key, _("muss eine Zahl oder null sein"))
            return None
        try:
            number = Decimal(value).quantize(Decimal("0.01"))
        except InvalidOperation:
            number = MAX_ZAHL + 1
        if not 0 <= number <= MAX_ZAHL or number != Decimal(value):
            self.refuse(key, _("muss zwischen 0 und 9999,99 liegen und höchstens zwei Nachkommastellen haben"))
            return None
        return number

    def choice(self, key: str, values: Any, *, needed: bool = True) -> str:
        value = self.text(key, 40, needed=needed)
        if value and value not in values:
            self.refuse(key, _("kennt nur: %(werte)s") % {"werte": ", ".join(sorted(map(str, values)))})
            return ""
        return value

    def as_text(self, key: str) -> str:
        """Any simple value as people read it; used for facts that have no field of their own."""
        value = self.item.get(key)
        if value is None or value == "" or value == []:
            return ""
        return self._plain(key, value)

    def _plain(self, key: str, value: Any) -> str:
        simple: dict[type, Callable[[Any], str]] = {
            bool: lambda v: _("ja") if v else _("nein"),
            int: str,
            Decimal: lambda v: str(v).replace(".", ","),
            str: lambda v: v.strip(),
        }
        if type(value) in simple and _storable(str(value)):
            return simple[type(value)](value)
        if isinstance(value, list) and all(type(one) in simple and _storable(str(one)) for one in value):
            return "\n".join(simple[type(one)](one) for one in value)
        self.refuse(key, _("muss ein Text, eine Zahl oder eine Liste von Texten sein"))
        return ""
