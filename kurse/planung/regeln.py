"""Rules that a session must keep, whoever plans it."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from kurse.planung.models import Kurs
from kurse.planung.serie import TerminEntwurf, minuten_between, overlaps
from lms.core.errors import DomainError

#: Longer than any day of teaching; catches a wrong date or a swapped a.m./p.m.
MAX_STUNDEN = 12


def clean_or_raise(row: models.Model, *, exclude: Iterable[str] = ()) -> None:
    """Django's own validation (lengths, choices, unique rows) as a `DomainError("eingabe_ungueltig")`."""
    try:
        row.full_clean(exclude=set(exclude))
    except ValidationError as exc:
        field, messages = next(iter(exc.message_dict.items()))
        name = None if field == "__all__" else field
        raise DomainError("eingabe_ungueltig", messages[0], field=name) from exc


def require_grund(grund: str) -> str:
    """A reason people can read later. Raises DomainError `grund_fehlt`, `grund_zu_lang`."""
    text = " ".join(grund.split())
    if not text:
        raise DomainError("grund_fehlt", _("Bitte geben Sie einen Grund an."), field="grund")
    if len(text) > 300:
        raise DomainError("grund_zu_lang", _("Der Grund hat höchstens 300 Zeichen."), field="grund")
    return text


def check_entwurf(entwurf: TerminEntwurf, *, vergangen_erlaubt: bool = False) -> None:
    """Times, breaks and place of one session.

    Raises DomainError: `ende_vor_beginn`, `termin_zu_lang`, `termin_vergangen`, `pause_ungueltig`,
    `pause_ausserhalb`, `pausen_ueberschneiden`, `keine_unterrichtszeit`, `link_ungueltig`.
    """
    if entwurf.ende <= entwurf.beginn:
        raise DomainError("ende_vor_beginn", _("Das Ende muss nach dem Beginn liegen."), field="ende")
    if minuten_between(entwurf.beginn, entwurf.ende) > MAX_STUNDEN * 60:
        raise DomainError(
            "termin_zu_lang",
            _("Ein Termin dauert höchstens %(stunden)s Stunden.") % {"stunden": MAX_STUNDEN},
            field="ende",
        )
    if not vergangen_erlaubt and entwurf.beginn < timezone.now():
        raise DomainError(
            "termin_vergangen",
            _("Der Beginn am %(tag)s liegt in der Vergangenheit.")
            % {"tag": f"{timezone.localtime(entwurf.beginn):%d.%m.%Y}"},
            field="beginn",
        )
    _check_pausen(entwurf)
    if entwurf.link:
        _check_link(entwurf.link)


def _check_pausen(entwurf: TerminEntwurf) -> None:
    pausen = sorted(entwurf.pausen)
    for beginn, ende in pausen:
        if ende <= beginn:
            raise DomainError("pause_ungueltig", _("Eine Pause muss enden, nachdem sie begonnen hat."), field="pausen")
        if beginn < entwurf.beginn or ende > entwurf.ende:
            raise DomainError("pause_ausserhalb", _("Die Pausen müssen innerhalb des Termins liegen."), field="pausen")
    if any(first[1] > second[0] for first, second in pairwise(pausen)):
        raise DomainError("pausen_ueberschneiden", _("Die Pausen überschneiden sich."), field="pausen")
    if entwurf.minuten <= 0:
        raise DomainError("keine_unterrichtszeit", _("Neben den Pausen bleibt keine Unterrichtszeit."), field="pausen")


def _check_link(link: str) -> None:
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError as exc:
        raise DomainError(
            "link_ungueltig", _("Bitte geben Sie eine vollständige Webadresse an."), field="link"
        ) from exc
    if len(link) > 500:
        raise DomainError("link_ungueltig", _("Die Webadresse hat höchstens 500 Zeichen."), field="link")


def check_orte(kurs: Kurs, entwuerfe: Sequence[TerminEntwurf]) -> None:
    """Places belong to the provider. Raises DomainError `ort_fremd`."""
    if any(entwurf.ort and entwurf.ort.organisation_id != kurs.veranstalter_id for entwurf in entwuerfe):
        raise DomainError("ort_fremd", _("Dieser Ort gehört nicht zum Veranstalter."), field="ort")


def check_no_overlap(kurs: Kurs, entwuerfe: Sequence[TerminEntwurf], *, ohne_pk: int | None = None) -> None:
    """Sessions of one course never overlap; touching ends are fine. Raises DomainError `termin_ueberschneidung`."""
    saved = list(kurs.termine.filter(status="geplant").exclude(pk=ohne_pk or 0).values_list("beginn", "ende"))
    new = sorted((entwurf.beginn, entwurf.ende) for entwurf in entwuerfe)
    clashes = [first for first in new for second in saved if overlaps(*first, *second)]
    clashes += [second for first, second in pairwise(new) if overlaps(*first, *second)]
    if clashes:
        raise DomainError(
            "termin_ueberschneidung",
            _("Am %(tag)s gibt es in diesem Kurs schon einen Termin zu dieser Zeit.")
            % {"tag": f"{timezone.localtime(min(clashes)[0]):%d.%m.%Y}"},
            field="beginn",
        )
