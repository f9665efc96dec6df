"""Verification without login: validity, kind and issuer for the code; name and details only for the right name."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext as _

from lms.core.audit import record_audit
from lms.core.errors import DomainError
from zertifikate.enums import ZertifikatStatus
from zertifikate.models import Zertifikat
from zertifikate.namen import names_match
from zertifikate.pdf.snapshot import Snapshot

#: Wrong names per certificate and requests per address, each within the window, before the door stays shut.
MAX_NAMES_PER_CODE = 10
MAX_REQUESTS_PER_ADDRESS = 60
WINDOW_SECONDS = 15 * 60
_DUMMY_SALT = "00" * 16
_DUMMY_DIGEST = "00" * 32


@dataclass(frozen=True, slots=True)
class Pruefergebnis:
    """`status` is gueltig, widerrufen or unbekannt. `details` is the snapshot, and only there after the right name."""

    status: str
    art: str = ""
    aussteller: str = ""
    widerrufen_am: datetime | None = None
    name_richtig: bool | None = None
    details: Snapshot | None = None


def _count(kind: str, value: str) -> int:
    key = f"pruefung:{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # expired between the two calls
        cache.set(key, 1, WINDOW_SECONDS)
        return 1


def _refuse() -> DomainError:
    return DomainError("zu_viele_versuche", _("Zu viele Versuche. Bitte versuchen Sie es in 15 Minuten wieder."))


def normalise_code(code: str) -> str:
    """What a person typed from paper: case, spaces and dashes do not matter."""
    letters = "".join(char for char in code.lower() if char.isalnum())[:16]
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def verify(code: str, name: str | None = None, *, address: str = "") -> Pruefergebnis:
    """Look a code up; with `name`, compare it. Unknown codes cost the same work as known ones.

    Raises DomainError `zu_viele_versuche` for an address or a certificate that was asked too often.
    """
    if _count("adresse", address) > MAX_REQUESTS_PER_ADDRESS:
        raise _refuse()
    code = normalise_code(code)
    if name is not None and _count("code", code) > MAX_NAMES_PER_CODE:
        raise _refuse()
    row = Zertifikat.objects.filter(pruefcode=code).first()
    right = None
    if name is not None:
        salt, digest = (row.name_salz, row.name_digest) if row else (_DUMMY_SALT, _DUMMY_DIGEST)
        right = names_match(name, salt, digest) and row is not None
    if row is None:
        return Pruefergebnis("unbekannt", name_richtig=right)
    if right:
        record_audit(None, "zertifikat_geprueft", row)
    return Pruefergebnis(
        status=row.status,
        art=row.get_art_display(),
        aussteller=row.snapshot["aussteller"]["name"],
        widerrufen_am=row.widerrufen_at,
        name_richtig=right,
        details=Snapshot.from_dict(row.snapshot) if right and row.status == ZertifikatStatus.GUELTIG else None,
    )
