"""Checking an uploaded file: size, extension, and whether its content is what its name says."""

import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

import puremagic
from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from kurse.aufgaben.virenscan import scan_datei
from lms.core.errors import DomainError

HEAD_BYTES = 8192
#: What reading a damaged, encrypted or forged archive raises, one error per way to compress.
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, KeyError, OSError, RuntimeError, ValueError)
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13}


@dataclass(frozen=True, slots=True)
class GepruefteDatei:
    """A file that passed every check. `mime` comes from the table below, never from the browser."""

    name: str
    mime: str
    groesse: int
    sha256: str
    inhalt: File


def _by_magic(*mimes: str) -> Callable[[BinaryIO, bytes], bool]:
    def check(file: BinaryIO, head: bytes) -> bool:
        try:
            found = puremagic.magic_string(head)
        except (puremagic.PureError, ValueError):
            return False
        return any(match.mime_type in mimes for match in found)

    return check


def _zip_with(member: str, start: bytes = b"") -> Callable[[BinaryIO, bytes], bool]:
    """Office formats share the signature of ZIP, so only a member of the archive tells them apart."""

    def check(file: BinaryIO, head: bytes) -> bool:
        try:
            with zipfile.ZipFile(file) as archive, archive.open(member) as part:
                return part.read(len(start)) == start
        except _BROKEN_ZIP:
            return False

    return check


def _is_text(file: BinaryIO, head: bytes) -> bool:
    file.seek(0)
    return all(_CONTROL.isdisjoint(chunk) for chunk in iter(lambda: file.read(65536), b""))


#: extension → (MIME type for the download, check of the content)
TYPEN: dict[str, tuple[str, Callable[[BinaryIO, bytes], bool]]] = {
    "pdf": ("application/pdf", _by_magic("application/pdf")),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _zip_with("word/document.xml"),
    ),
    "odt": (
        "application/vnd.oasis.opendocument.text",
        _zip_with("mimetype", b"application/vnd.oasis.opendocument.text"),
    ),
    "jpg": ("image/jpeg", _by_magic("image/jpeg")),
    "jpeg": ("image/jpeg", _by_magic("image/jpeg")),
    "png": ("image/png", _by_magic("image/png")),
    "txt": ("text/plain; charset=utf-8", _is_text),
}


def erlaubte_endungen() -> list[str]:
    """The extensions that this service accepts (setting `ABGABE_DATEITYPEN`)."""
    return [ext for ext in settings.ABGABE_DATEITYPEN if ext in TYPEN]


def _clean_name(name: str, extension: str) -> str:
    stem = "".join(c for c in PurePath(name.replace("\\", "/")).stem if c.isprintable()).strip() or "abgabe"
    return f"{stem[: 190 - len(extension)]}.{extension}"


def _digest(datei: File) -> str:
    digest = hashlib.sha256()
    for chunk in datei.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def check_datei(datei: File) -> GepruefteDatei:
    """Check an upload before anything is stored.

    Raises DomainError: `datei_leer`, `datei_zu_gross`, `dateityp_unzulaessig`, `dateiinhalt_passt_nicht`,
    `datei_mit_schadsoftware`, `virenscan_nicht_erreichbar`.
    """
    name, size = datei.name or "", datei.size or 0
    if size == 0:
        raise DomainError("datei_leer", _("Die Datei ist leer. Bitte wählen Sie eine andere Datei."), field="datei")
    if size > settings.UPLOAD_MAX_BYTES:
        raise DomainError(
            "datei_zu_gross",
            _("Die Datei ist zu groß. Erlaubt sind höchstens %(megabyte)s MB.")
            % {"megabyte": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
            field="datei",
        )
    extension = PurePath(name).suffix.lstrip(".").lower()
    if extension not in erlaubte_endungen():
        raise DomainError(
            "dateityp_unzulaessig",
            _("Dieser Dateityp wird nicht angenommen. Erlaubt sind: %(typen)s.")
            % {"typen": ", ".join(erlaubte_endungen())},
            field="datei",
        )
    mime, matches = TYPEN[extension]
    datei.seek(0)
    head = datei.read(HEAD_BYTES)
    datei.seek(0)
    if not matches(datei, head):  # type: ignore[arg-type]
        raise DomainError(
            "dateiinhalt_passt_nicht",
            _("Der Inhalt der Datei passt nicht zur Endung „%(endung)s“. Bitte speichern Sie sie neu, etwa als PDF.")
            % {"endung": extension},
            field="datei",
        )
    datei.seek(0)
    scan_datei(datei)
    datei.seek(0)
    sha256 = _digest(datei)
    datei.seek(0)
    return GepruefteDatei(_clean_name(name, extension), mime, size, sha256, datei)
