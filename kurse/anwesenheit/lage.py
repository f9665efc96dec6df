"""What the database says about the people of one request, read after the lock in as few queries as possible."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q

from kurse.anwesenheit.eintrag import AnwesenheitEintrag, Inhalt
from kurse.anwesenheit.enums import WAR_DA
from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk
from kurse.anwesenheit.regeln import Pausen
from kurse.einschreibung.enums import NIMMT_TEIL
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Termin


@dataclass(slots=True)
class Lage:
    """One participant with the state that stands now; `vermerk_id` 0 means "not recorded"."""

    pk: int
    public_id: str
    status: str
    person_id: int = 0
    stand: Anwesenheitsstand | None = None
    inhalt: Inhalt | None = None

    @property
    def nimmt_teil(self) -> bool:
        return self.status in NIMMT_TEIL

    @property
    def vermerk_id(self) -> int:
        return self.stand.vermerk_id if self.stand else 0


@dataclass(slots=True)
class Bestand:
    """Participants by primary key and by public id, and the entries of the session by id and by client key."""

    personen: dict[int | str, Lage] = field(default_factory=dict)
    vermerke: dict[int, Anwesenheitsvermerk] = field(default_factory=dict)
    nach_schluessel: dict[str, Anwesenheitsvermerk] = field(default_factory=dict)


def load_bestand(termin: Termin, eintraege: Iterable[AnwesenheitEintrag]) -> Bestand:
    """Two queries, whatever the number of people."""
    eintraege = list(eintraege)
    pks = [e.einschreibung_id for e in eintraege if isinstance(e.einschreibung_id, int)]
    public_ids = [e.einschreibung_id for e in eintraege if isinstance(e.einschreibung_id, str)]
    rows = Einschreibung.objects.filter(Q(pk__in=pks) | Q(public_id__in=public_ids), kurs_id=termin.kurs_id)
    bestand = Bestand()
    for pk, public_id, status, person_id in rows.order_by().values_list("pk", "public_id", "status", "person_id"):
        bestand.personen[pk] = bestand.personen[public_id] = Lage(pk, public_id, status, person_id)
    for vermerk in Anwesenheitsvermerk.objects.filter(termin=termin).select_related("stand").order_by():
        bestand.vermerke[vermerk.pk] = bestand.nach_schluessel[vermerk.client_key] = vermerk
        lage = bestand.personen.get(vermerk.einschreibung_id)
        stand = _stand(vermerk)
        if lage and stand:
            lage.stand, lage.inhalt = stand, Inhalt.of(vermerk)
    return bestand


def _stand(vermerk: Anwesenheitsvermerk) -> Anwesenheitsstand | None:
    """The state row, when this is the entry that stands."""
    try:
        return vermerk.stand
    except ObjectDoesNotExist:
        return None


def load_pausen(termin: Termin, eintraege: Iterable[AnwesenheitEintrag]) -> Pausen:
    """Breaks matter only when somebody was there for a part of the time given by the clock."""
    if any(e.status in WAR_DA and (e.von or e.bis) for e in eintraege):
        return list(termin.pausen.values_list("beginn", "ende"))
    return []
