"""One function builds one course through all its stages, at the moments when they would have happened."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from kurse.anwesenheit.eintrag import AnwesenheitEintrag
from kurse.anwesenheit.services import close_liste, record_anwesenheit
from kurse.aufgaben.bewertung import grade_abgabe
from kurse.aufgaben.models import Aufgabe
from kurse.aufgaben.services import create_aufgabe, submit_abgabe
from kurse.einschreibung.enums import EinschreibungStatus
from kurse.einschreibung.models import Einschreibung
from kurse.einschreibung.services import approve_einschreibung, enrol
from kurse.planung.feiertage import feiertag
from kurse.planung.models import Kurs, Ort, Termin
from kurse.planung.serie import TerminEntwurf, local_datetime
from kurse.planung.services import add_termine, assign_lehrauftrag, create_kurs, create_ort, publish_kurs
from lms.demo.grundlagen import Grundlagen
from lms.demo.zeit import am, heute, uhr
from lms.konten.models import Person
from module.enums import VersionStatus
from module.models import Modulversion

#: Attendance of the n-th person in the m-th session, in turn: mostly present, sometimes late, excused or away.
MUSTER = ("anwesend",) * 7 + ("teilweise", "anwesend", "entschuldigt", "anwesend", "anwesend", "abwesend")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a course of the demo is. `tage` are days from today; `personen` are numbers of participants."""

    anbieter: str
    titel: str = ""
    modul: tuple[str, int] | None = None
    art: str = "modulkurs"
    modus: str = "praesenz"
    kreis: str
    ort: tuple[str, str] | None = None
    tage: tuple[int, ...]
    beginn: time = time(9)
    ende: time = time(16, 15)
    pausen: tuple[tuple[time, time], ...] = ((time(10, 30), time(10, 45)), (time(12, 15), time(13)))
    plaetze: int = 18
    mindestens: int = 6
    lehrende: tuple[str, ...] = ()
    personen: tuple[int, ...] = ()
    genehmigung: bool = True
    aufgaben: tuple[str, ...] = ()
    beschreibung: str = ""
    entgelt: Decimal | None = None
    anmeldung: tuple[int, int] | None = None
    schliessen: bool = True
    offene_antraege: int = 0
    felder: dict[str, Any] = field(default_factory=dict)


class Kursbau:
    """Builds courses in the world of `Grundlagen`."""

    def __init__(self, welt: Grundlagen) -> None:
        self.welt = welt

    def verwaltung(self, plan: Plan) -> Person:
        return self.welt.person["kursverwaltung" if plan.anbieter == "bt1" else "kursverwaltung2"]

    def version(self, plan: Plan) -> Modulversion | None:
        if plan.modul is None:
            return None
        programm, number = plan.modul
        rows = Modulversion.objects.filter(
            modul__import_schluessel__startswith=programm, status=VersionStatus.VEROEFFENTLICHT
        ).order_by("modul__code")
        return rows[number]

    def build(self, plan: Plan) -> Kurs:
        """Plan, publish, enrol; then hold every session that is over and its list."""
        with am(uhr(self._start(plan) - timedelta(days=60), 10)):
            kurs = self._plan(plan)
        with am(uhr(self._start(plan) - timedelta(days=40), 11)):
            self._enrol(kurs, plan)
            for titel in plan.aufgaben:
                self._aufgabe(kurs, plan, titel)
        for number, termin in enumerate(kurs.termine.all()):
            if termin.ende <= self._now():
                self._hold(termin, number, close=plan.schliessen)
        return Kurs.objects.get(pk=kurs.pk)

    @staticmethod
    def _now() -> datetime:
        from django.utils import timezone

        return timezone.now()

    @staticmethod
    def _start(plan: Plan) -> date:
        return min(heute() + timedelta(days=plan.tage[0]), heute() + timedelta(days=30))

    def _ort(self, plan: Plan) -> Ort | None:
        if plan.ort is None:
            return None
        name, town = plan.ort
        org = self.welt.org[plan.anbieter]
        found = Ort.objects.filter(organisation=org, name=name, ort=town).first()
        return found or create_ort(
            self.verwaltung(plan), organisation=org, name=name, ort=town, kreis=plan.kreis, strasse="Beispielstraße 3",
            plz="01000", plaetze=24, barrierefreiheit="stufenlos, Aufzug, barrierefreies WC, Induktionsschleife",
        )  # fmt: skip

    def _plan(self, plan: Plan) -> Kurs:
        first, last = plan.anmeldung or (plan.tage[0] - 60, plan.tage[0] - 3)
        version = self.version(plan)
        kurs = create_kurs(
            self.verwaltung(plan),
            veranstalter=self.welt.org[plan.anbieter],
            art=plan.art,
            modulversion=version,
            titel=plan.titel or (version.titel if version else ""),
            beschreibung=plan.beschreibung,
            modus=plan.modus,
            kreis=plan.kreis,
            kapazitaet=plan.plaetze,
            mindestteilnehmende=plan.mindestens,
            anmeldung_von=uhr(heute() + timedelta(days=first), 8),
            anmeldung_bis=uhr(heute() + timedelta(days=last), 18),
            genehmigung_noetig=plan.genehmigung,
            entgelt=plan.entgelt,
            barrierefreiheit="Bitte melden Sie Ihren Bedarf; Gebärdensprache und Schriftdolmetschen sind möglich.",
            **plan.felder,
        )
        ort = self._ort(plan)
        link = "https://konferenz.demo.example/raum" if plan.modus != "praesenz" else ""
        add_termine(
            kurs,
            self.verwaltung(plan),
            [self.entwurf(plan, days, ort, link) for days in plan.tage],
            vergangen_erlaubt=True,
        )
        for login in plan.lehrende:
            assign_lehrauftrag(kurs, self.welt.person[login], self.verwaltung(plan))
        return publish_kurs(kurs, self.verwaltung(plan), vergangen_erlaubt=True)

    @staticmethod
    def entwurf(plan: Plan, days: int, ort: Ort | None, link: str) -> TerminEntwurf:
        tag = heute() + timedelta(days=days)
        while days > 0 and (tag.weekday() >= 5 or feiertag(tag)):
            tag += timedelta(days=1)
        pausen = tuple((local_datetime(tag, start), local_datetime(tag, end)) for start, end in plan.pausen)
        return TerminEntwurf(
            beginn=local_datetime(tag, plan.beginn),
            ende=local_datetime(tag, plan.ende),
            pausen=pausen,
            ort=ort,
            link=link,
        )

    def _enrol(self, kurs: Kurs, plan: Plan) -> None:
        """The last `offene_antraege` people still wait for their employer."""
        boss = {self.welt.org[f"ag{n}"].pk: self.welt.person[f"arbeitgeber{n if n > 1 else ''}"] for n in (1, 2, 3, 4)}
        decided = len(plan.personen) - plan.offene_antraege
        for position, n in enumerate(plan.personen):
            row = enrol(self.welt.teilnehmende[n], kurs, self.verwaltung(plan))
            if position < decided and row.status == EinschreibungStatus.BEANTRAGT and row.arbeitgeber_id:
                approve_einschreibung(row, boss[row.arbeitgeber_id])

    def _aufgabe(self, kurs: Kurs, plan: Plan, titel: str) -> Aufgabe:
        text = "Beschreiben Sie eine Situation aus Ihrer Praxis, ordnen Sie sie fachlich ein und ziehen Sie eine Folgerung."
        return create_aufgabe(
            kurs,
            self.welt.person[plan.lehrende[0]],
            titel=titel,
            art="fachbericht",
            beschreibung=f"{text} Bitte nennen Sie keine Namen von Adressat*innen.",
            faellig_at=uhr(heute() + timedelta(days=plan.tage[-1] + 10), 23, 59),
        )

    def _hold(self, termin: Termin, number: int, *, close: bool) -> None:
        lehrende = termin.kurs.lehrauftraege.order_by("id").first().person
        rows = Einschreibung.objects.filter(kurs=termin.kurs, status=EinschreibungStatus.ZUGELASSEN).order_by("id")
        with am(termin.ende - timedelta(minutes=5)):
            record_anwesenheit(termin, lehrende, [self._eintrag(termin, row, number, n) for n, row in enumerate(rows)])
        if close:
            with am(termin.ende + timedelta(minutes=5)):
                close_liste(termin, lehrende)

    @staticmethod
    def _eintrag(termin: Termin, row: Einschreibung, number: int, n: int) -> AnwesenheitEintrag:
        status = MUSTER[(3 * number + 5 * n) % len(MUSTER)] if n != 4 else ("abwesend" if number % 2 else "anwesend")
        von = termin.beginn + timedelta(minutes=35) if status == "teilweise" else None
        return AnwesenheitEintrag(row.pk, status, f"demo:{termin.public_id}:{row.public_id}", von=von)


def hand_in(kurs: Kurs, *, grade: int, late: int = 0) -> None:
    """Everybody hands in but the last `late`; the first `grade` submissions are graded, one of them is returned."""
    lehrende = kurs.lehrauftraege.order_by("id").first().person
    rows = list(Einschreibung.objects.filter(kurs=kurs, status=EinschreibungStatus.ZUGELASSEN).order_by("id"))
    end = kurs.ende or uhr(heute(), 12)
    for aufgabe in kurs.aufgaben.all():
        for n, row in enumerate(rows[: len(rows) - late]):
            with am(min(end + timedelta(days=3, minutes=n), uhr(heute(), 0))):
                abgabe = submit_abgabe(aufgabe, row, row.person, text=TEXT)
            if n < grade:
                with am(min(end + timedelta(days=9, minutes=n), uhr(heute(), 0) + timedelta(minutes=n))):
                    returned = n == 5 and grade < len(rows)
                    grade_abgabe(
                        abgabe,
                        lehrende,
                        ergebnis="ueberarbeiten" if returned else "bestanden",
                        kommentar="Bitte führen Sie die Folgerung aus."
                        if returned
                        else "Klar aufgebaut und gut begründet.",
                    )


TEXT = (
    "In der Beratung zeigte sich, dass ein Bescheid nicht verstanden worden war. Wir haben ihn gemeinsam gelesen, die Frist "
    "notiert und an die Fachberatung verwiesen. Ich folgere: Verweisberatung braucht Zeit und verlässliche Absprachen."
)
