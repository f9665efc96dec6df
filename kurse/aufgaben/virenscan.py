"""Virus scan by a clamd socket (`CLAMAV_SOCKET`). Without the setting nothing is scanned, and nothing claims so."""

import socket
import struct

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from lms.core.errors import DomainError

TIMEOUT_SECONDS = 30


def _connect(address: str) -> socket.socket:
    """`address` is the path of a Unix socket or `host:port`."""
    if address.startswith("/"):
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.settimeout(TIMEOUT_SECONDS)
        sock.connect(address)
        return sock
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), TIMEOUT_SECONDS)


def _ask_clamd(address: str, datei: File) -> str:
    """clamd's INSTREAM: chunks with their length, then a chunk of length zero, then one line of answer."""
    with _connect(address) as sock:
        sock.sendall(b"zINSTREAM\0")
        for chunk in datei.chunks(65536):
            sock.sendall(struct.pack("!L", len(chunk)) + chunk)
        sock.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and (part := sock.recv(4096)):
            answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def scan_datei(datei: File) -> None:
    """Refuse a file in which clamd finds something; when a scanner is configured but silent, nothing passes.

    Raises DomainError: `datei_mit_schadsoftware`, `virenscan_nicht_erreichbar`.
    """
    address = settings.CLAMAV_SOCKET
    if not address:
        return
    try:
        answer = _ask_clamd(address, datei)
    except (OSError, ValueError) as error:
        raise _unreachable() from error
    if answer.endswith(" FOUND"):
        raise DomainError(
            "datei_mit_schadsoftware",
            _("In der Datei wurde Schadsoftware gefunden. Sie wurde nicht gespeichert."),
            field="datei",
        )
    if not answer.endswith("OK"):
        raise _unreachable()


def _unreachable() -> DomainError:
    return DomainError(
        "virenscan_nicht_erreichbar",
        _("Die Virenprüfung ist gerade nicht erreichbar. Bitte geben Sie die Datei in einigen Minuten erneut ab."),
        field="datei",
    )
