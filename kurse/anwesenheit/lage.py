"""What the database says about the people of one request, read after the lock in as few queries as possible."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, FilteredRelation, Q

from kurse.anwesenheit.eintrag import AnwesenheitEintrag, Inhalt
from kurse.anwesenheit.enums import WAR_DA
from kurse.anwesenheit.models import Anwesenheitsvermerk
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
    stand_id: int | None = None
    vermerk_id: int = 0
    client_key: str = ""
    inhalt: Inhalt | None = None

    @property
    def nimmt_teil(self) -> bool:
        return self.status in NIMMT_TEIL


@dataclass(slots=True)
class Bestand:
    """Participants by primary key and by public id, and the entries that already carry one of the request's keys."""

    personen: dict[int | str, Lage] = field(default_factory=dict)
    nach_schluessel: dict[str, Anwesenheitsvermerk] = field(default_factory=dict)


_INHALT = ("status", "minuten", "von", "bis", "modus", "notiz")


def load_bestand(termin: Termin, eintraege: Iterable[AnwesenheitEintrag]) -> Bestand:
    """Two queries, whatever the number of people."""
    eintraege = list(eintraege)
    pks = [e.einschreibung_id for e in eintraege if isinstance(e.einschreibung_id, int)]
    public_ids = [e.einschreibung_id for e in eintraege if isinstance(e.einschreibung_id, str)]
    rows = (
        Einschreibung.objects.filter(Q(pk__in=pks) | Q(public_id__in=public_ids), kurs_id=termin.kurs_id)
        .annotate(stand=FilteredRelation("anwesenheitsstaende", condition=Q(anwesenheitsstaende__termin=termin)))
        .order_by()
        .values_list(
            "pk",
            "public_id",
            "status",
            "stand__pk",
            "stand__vermerk_id",
            "stand__vermerk__client_key",
            *(F(f"stand__vermerk__{name}") for name in _INHALT),
        )
    )
    bestand = Bestand()
    for pk, public_id, status, stand_id, vermerk_id, client_key, *inhalt in rows:
        lage = Lage(pk, public_id, status)
        if stand_id is not None:
            lage.stand_id, lage.vermerk_id, lage.client_key = stand_id, vermerk_id, client_key
            lage.inhalt = Inhalt(*inhalt)
        bestand.personen[pk] = bestand.personen[public_id] = lage
    keys = [e.client_key for e in eintraege]
    bestand.nach_schluessel = {v.client_key: v for v in Anwesenheitsvermerk.objects.filter(client_key__in=keys)}
    return bestand


def load_pausen(termin: Termin, eintraege: Iterable[AnwesenheitEintrag]) -> Pausen:
    """Breaks matter only when somebody was there for a part of the time given by the clock."""
    if any(e.status in WAR_DA and (e.von or e.bis) for e in eintraege):
        return list(termin.pausen.values_list("beginn", "ende"))
    return []
