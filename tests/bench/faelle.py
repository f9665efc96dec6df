"""The cases over HTTP: which requests, by whom, with which aim. Addresses come from the service's own names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from kurse.einschreibung.models import Einschreibung
from module.models import Modulversion
from tests.bench.dienst import Dienst
from tests.bench.klient import Anfrage, Klient, cookie, encode
from tests.bench.messung import THREADS, WARM_UP, Ziel
from tests.bench.welt import Welt, sessions
from zertifikate.models import Zertifikat

SEITE = Ziel(queries=25, cpu_ms=20)
SPEICHERN = Ziel(queries=12, cpu_ms=15)
EXPORT = Ziel(queries=12, p95_ms=1000)


@dataclass(frozen=True, slots=True)
class Fall:
    """`anfragen` is called just before the measurement; `n` of its requests are timed one after the other."""

    name: str
    anfragen: Callable[[], list[Anfrage]]
    ziel: Ziel | None = SEITE
    n: int = 60
    einmalig: bool = False


class Faelle:
    """Builds the requests of all cases for one world and one running server."""

    def __init__(self, welt: Welt, dienst: Dienst, *, quick: bool) -> None:
        self.welt, self.dienst, self.quick = welt, dienst, quick
        staff = [welt.planung, welt.pruefungsamt, welt.landesfachstelle, *welt.arbeitgeber.values()]
        # employees of the largest employer: the first fifty look at their pages, the others enrol
        self.lernende = welt.personen[110:160]
        self.neue = welt.personen[160 : 160 + 200]
        self.keys = sessions([*staff, *welt.lehrende, *self.lernende, *self.neue])

    def alle(self) -> list[Fall]:
        found = [*self.oeffentlich(), *self.lernen(), *self.lehre(), *self.verwaltung(), *self.arbeitgeber()]
        found += self.pruefen()
        return [self._quick(fall) for fall in found] if self.quick else found

    def _quick(self, fall: Fall) -> Fall:
        return Fall(fall.name, fall.anfragen, fall.ziel, min(fall.n, 10), fall.einmalig)

    def _get(self, name: str, *args: Any, als: Any = None, suche: str = "", enthaelt: str = "") -> Anfrage:
        key = self.keys[als.pk] if als else ""
        return Anfrage(reverse(name, args=args) + suche, cookie(key), enthaelt=enthaelt)

    def _page(self, fall: str, name: str, *args: Any, ziel: Ziel | None = SEITE, n: int = 60, **get: Any) -> Fall:
        return Fall(fall, lambda: [self._get(name, *args, **get)], ziel, n)

    # --- anyone -------------------------------------------------------------------------------------------------------

    def oeffentlich(self) -> list[Fall]:
        kurs = self.welt.freie_kurse[0]
        version = Modulversion.objects.select_related("modul").get(pk=kurs.modulversion_id)
        return [
            self._page("katalog", "katalog", enthaelt="<h1"),
            self._page("modul_seite", "modul", version.modul.public_id, enthaelt=version.modul.code),
            self._page("programme", "programme", enthaelt="<h1"),
            self._page("kurssuche", "kurse", enthaelt="<h1"),
            self._page("kurs_seite", "kurs", kurs.public_id, enthaelt=kurs.nummer),
        ]

    # --- people who learn ---------------------------------------------------------------------------------------------

    def lernen(self) -> list[Fall]:
        def each(name: str) -> Callable[[], list[Anfrage]]:
            return lambda: [self._get(name, als=person) for person in self.lernende]

        return [
            Fall("startseite", each("start")),
            Fall("mein_weg", each("mein_weg")),
            Fall("meine_kurse", each("meine_kurse")),
            Fall("einschreiben_seite", lambda: [self._enrol_page(n) for n in range(len(self.neue))]),
            Fall("einschreiben", self._enrol, Ziel(cpu_ms=20), n=80, einmalig=True),
        ]

    def _enrol_page(self, n: int) -> Anfrage:
        kurs = self.welt.freie_kurse[n % len(self.welt.freie_kurse)]
        return self._get("einschreiben", kurs.public_id, als=self.neue[n])

    def _enrol(self) -> list[Anfrage]:
        klient, found = Klient(self.dienst.port), []
        for n in range(self._needed(80)):
            page = self._enrol_page(n)
            fields = klient.form(page, "csrfmiddlewaretoken")
            found.append(Anfrage(page.pfad, page.cookie, encode(fields), 302, reverse("meine_kurse")))
        return found

    def _needed(self, n: int) -> int:
        """Requests for a write that can be sent once: warm-up, latency, throughput."""
        return WARM_UP + THREADS + 10 if self.quick else WARM_UP + 2 * n

    # --- people who teach ---------------------------------------------------------------------------------------------

    def lehre(self) -> list[Fall]:
        lehrende = self.welt.lehrende[0]
        kurs = next(row for row in self.welt.kurse[60:] if self.welt.lehrt(row) == lehrende)
        return [
            self._page("startseite_lehrende", "start", als=lehrende),
            self._page("heute", "heute", als=lehrende),
            Fall("anwesenheit_oeffnen_30", lambda: [page for page, _t in self._lists(10)], n=80),
            Fall("anwesenheit_speichern_30", lambda: self._record("anwesend"), SPEICHERN, n=80, einmalig=True),
            Fall("anwesenheit_berichtigen_30", lambda: self._record("entschuldigt"), SPEICHERN, n=80, einmalig=True),
            self._page("anwesenheit_uebersicht", "anwesenheit_uebersicht", kurs.public_id, als=lehrende),
            self._page("teilnehmende_30", "teilnehmende", kurs.public_id, als=lehrende),
            self._page("aufgaben_30", "aufgaben", kurs.public_id, als=lehrende),
            self._page("kurs_fortschritt_30", "kurs_fortschritt", kurs.public_id, als=lehrende),
        ]

    def _lists(self, count: int) -> list[tuple[Anfrage, str]]:
        by_pk = {kurs.pk: kurs for kurs in self.welt.kurse}
        found = []
        for termin in self.welt.offene_termine[:count]:
            lehrt = self.welt.lehrt(by_pk[termin.kurs_id])
            found.append((self._get("anwesenheit", termin.public_id, als=lehrt, enthaelt='name="nonce"'), ""))
        return found

    def _record(self, status: str) -> list[Anfrage]:
        """Every person of a list gets a state by hand: thirty entries and thirty current states are written."""
        klient, found = Klient(self.dienst.port), []
        for page, _unused in self._lists(self._needed(80)):
            fields = klient.form(page, "nonce")
            people = [name.removeprefix("basis-") for name in fields if name.startswith("basis-")]
            assert len(people) == 30, page.pfad
            fields |= {f"status-{person}": status for person in people} | {"aktion": "speichern"}
            found.append(Anfrage(page.pfad, page.cookie, encode(fields), 302, page.pfad))
        return found

    # --- the provider and the state -----------------------------------------------------------------------------------

    def verwaltung(self) -> list[Fall]:
        planung, amt = self.welt.planung, self.welt.pruefungsamt
        over = self.welt.kurse[0]
        return [
            self._page("startseite_planung", "start", als=planung),
            self._page("planung", "planung", als=planung),
            self._page("planung_kurs", "planung_kurs", over.public_id, als=planung),
            self._page("ergebnisse_30", "ergebnisse", over.public_id, als=amt),
            self._page("kurs_zertifikate_30", "kurs_zertifikate", over.public_id, als=amt),
            self._page("zertifikatsregister", "zertifikatsregister", als=amt),
            self._page("landesfachstelle", "landesfachstelle", als=self.welt.landesfachstelle),
        ]

    # --- employers ----------------------------------------------------------------------------------------------------

    def arbeitgeber(self) -> list[Fall]:
        found = []
        for anzahl, person in self.welt.arbeitgeber.items():
            found.append(self._page(f"arbeitgeber_{anzahl}", "traeger_fortschritt", als=person))
        for anzahl, person in self.welt.arbeitgeber.items():
            for fmt in ("xlsx", "csv"):
                name = f"arbeitgeber_export_{anzahl}" + ("" if fmt == "xlsx" else "_csv")
                n = 20 if anzahl == 1000 else 50
                found.append(self._page(name, "traeger_export", fmt, als=person, ziel=EXPORT, n=n))
        found.append(self._page("genehmigungen", "genehmigungen", als=self.welt.arbeitgeber[1000]))
        return found

    # --- strangers ----------------------------------------------------------------------------------------------------

    def pruefen(self) -> list[Fall]:
        rows = list(Zertifikat.objects.select_related("person").order_by("pk")[:300])
        if not rows:
            return []
        get = [self._get("pruefen", row.pruefcode, enthaelt="<h1") for row in rows[:50]]
        post = [
            Anfrage(
                reverse("pruefen", args=[row.pruefcode]), cookie(), encode({"name": row.person.name}), 200, row.nummer
            )
            for row in rows
            if row.person
        ]
        return [
            Fall("pruefen", lambda: get, n=100),
            Fall("pruefen_mit_name", lambda: post, n=100, einmalig=True),
        ]


def check_world(welt: Welt) -> None:
    """A measurement of the wrong world is worthless."""
    assert len(welt.kurse) == 100
    assert Einschreibung.objects.filter(kurs__in=welt.kurse).count() == 3000
