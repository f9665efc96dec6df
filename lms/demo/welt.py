"""The demo world: courses in the past, running, open, drafted and cancelled, with everything that belongs to them."""

from datetime import time, timedelta
from decimal import Decimal

from django.utils import timezone

from kurse.aufgaben.ergebnis import confirm_alle
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs
from kurse.planung.services import add_termine, cancel_kurs, complete_kurs, create_kurs
from kurse.planung.termine import cancel_termin, move_termin
from lms.demo.freigaben import build_freigaben
from lms.demo.grundlagen import Grundlagen
from lms.demo.kurse import Kursbau, Plan, hand_in
from lms.demo.zeit import am, heute, uhr
from lms.konten.enums import Kreis
from zertifikate.services import draw_zertifikat, issue_zertifikat, revoke_zertifikat
from zertifikate.voraussetzungen import check_einschreibungen, einschreibungen_of

SAAL = ("Seminarraum 2", "Leipzig")
HAUS = ("Haus der Begegnung, Raum Elbe", "Königstein")
BAUTZEN = ("Alte Schule, Zimmer 4", "Bautzen")
KINDHEIT, FSA = "sn-kindheitspaedagogik", "thws-fsa"
ABEND = {"beginn": time(17), "ende": time(20, 15), "pausen": ((time(18, 30), time(18, 45)),)}


def build_welt() -> Grundlagen:
    """Everything, once. Needs an empty database."""
    welt = Grundlagen()
    bau = Kursbau(welt)
    _past(welt, bau)
    _running(welt, bau)
    _open(welt, bau)
    _others(welt, bau)
    build_freigaben(welt)
    return welt


def _past(welt: Grundlagen, bau: Kursbau) -> None:
    """One course with certificates, one with results only, one whose results wait for the examination office."""
    done = bau.build(
        Plan(
            anbieter="bt1", modul=(KINDHEIT, 0), kreis=Kreis.LEIPZIG_STADT, ort=SAAL, tage=(-90, -83, -76, -69),
            lehrende=("lehrende",), personen=tuple(range(12)), aufgaben=("Lernportfolio: Eintrag zum Modul",),
        )
    )  # fmt: skip
    hand_in(done, grade=99, late=1)
    _finish(welt, done, "pruefungsamt")
    _certify(welt, done, "pruefungsamt")

    second = bau.build(
        Plan(
            anbieter="bt2", modul=(KINDHEIT, 1), kreis=Kreis.BAUTZEN, ort=BAUTZEN, tage=(-64, -63, -50, -49),
            lehrende=("lehrende3",), personen=(0, 3, *range(14, 24)), aufgaben=("Lernportfolio: Eintrag zum Modul",),
        )
    )  # fmt: skip
    hand_in(second, grade=99)
    _finish(welt, second, "pruefungsamt2")

    third = bau.build(
        Plan(
            anbieter="bt1", modul=(FSA, 3), kreis=Kreis.SAECHSISCHE_SCHWEIZ, ort=HAUS, tage=(-45, -38, -31, -24),
            lehrende=("lehrende2",), personen=tuple(range(20, 33)), aufgaben=("Fachbericht: Verfahren und Fristen",),
        )
    )  # fmt: skip
    hand_in(third, grade=99)


def _finish(welt: Grundlagen, kurs: Kurs, login: str) -> None:
    with am(uhr(heute() - timedelta(days=20), 10)):
        confirm_alle(kurs, welt.person[login])


def _certify(welt: Grundlagen, kurs: Kurs, login: str) -> None:
    """Certificates for everybody who can get one; the third is revoked and issued again."""
    amt = welt.person[login]
    with am(uhr(heute() - timedelta(days=12), 10)):
        complete_kurs(kurs, welt.person["kursverwaltung"])
        possible = [
            p.einschreibung
            for p in check_einschreibungen(kurs, "modulbescheinigung", einschreibungen_of(kurs))
            if p.moeglich
        ]
        issued = [draw_zertifikat(issue_zertifikat(row, "modulbescheinigung", amt).pk) for row in possible]
    with am(uhr(heute() - timedelta(days=10), 14)):
        revoke_zertifikat(issued[2], amt, "Schreibfehler im Namen; wird neu ausgestellt")
        draw_zertifikat(
            issue_zertifikat(Einschreibung.objects.get(pk=issued[2].einschreibung_id), "modulbescheinigung", amt).pk
        )
    with am(uhr(heute() - timedelta(days=9), 14)):
        revoke_zertifikat(issued[4], amt, "Leistung wurde nicht selbst erbracht")


def _running(welt: Grundlagen, bau: Kursbau) -> None:
    """A course with a session today, one whose last list is still open, an online course with work to grade."""
    now = timezone.localtime()
    start = min(max(now.hour - 1, 7), 18)
    bau.build(
        Plan(
            anbieter="bt1", modul=(FSA, 4), kreis=Kreis.LEIPZIG_STADT, ort=SAAL, tage=(-21, -14, -7, 0, 7, 14),
            beginn=time(start), ende=time(start + 4), pausen=((time(start + 1, 30), time(start + 1, 45)),),
            lehrende=("lehrende",), personen=(0, 1, 2, *range(5, 16)), aufgaben=("Reflexion einer eigenen Beratung",),
            anmeldung=(-75, -22),
        )
    )  # fmt: skip
    bau.build(
        Plan(
            anbieter="bt1", modul=(KINDHEIT, 2), kreis=Kreis.SAECHSISCHE_SCHWEIZ, ort=HAUS, tage=(-30, -16, -2, 12, 26),
            lehrende=("lehrende", "lehrende2"), personen=tuple(range(16, 30)), schliessen=False, anmeldung=(-75, -31),
        )
    )  # fmt: skip
    online = bau.build(
        Plan(
            anbieter="bt2", modul=(FSA, 2), kreis=Kreis.BAUTZEN, modus="online", tage=(-26, -19, -12, -5, 9), **ABEND,
            lehrende=("lehrende4",), personen=(3, *range(28, 40)), aufgaben=("Fallbeschreibung",), anmeldung=(-75, -27),
        )
    )  # fmt: skip
    hand_in(online, grade=6, late=3)
    moved = online.termine.order_by("beginn").last()
    move_termin(
        moved, welt.person["kursverwaltung2"], beginn=moved.beginn + timedelta(days=1),
        ende=moved.ende + timedelta(days=1), grund="Die Lehrende ist an diesem Tag verhindert.",
    )  # fmt: skip


def _open(welt: Grundlagen, bau: Kursbau) -> None:
    """Courses that one can enrol in: with free places, full with a waiting list, online, and without a module."""
    window = (-20, 25)
    bau.build(
        Plan(
            anbieter="bt1", modul=(KINDHEIT, 3), kreis=Kreis.LEIPZIG_STADT, ort=SAAL, tage=(40, 47, 54, 61),
            lehrende=("lehrende2",), personen=(6, 9, 12, 15, 16, 20), offene_antraege=3, anmeldung=window,
            entgelt=Decimal("240.00"),
        )
    )  # fmt: skip
    bau.build(
        Plan(
            anbieter="bt2", modul=(KINDHEIT, 4), kreis=Kreis.GOERLITZ, ort=("Bürgerhaus", "Görlitz"), tage=(36, 38, 43),
            plaetze=8, mindestens=4, lehrende=("lehrende3",), personen=tuple(range(24, 36)), anmeldung=window,
            genehmigung=False,
        )
    )  # fmt: skip
    bau.build(
        Plan(
            anbieter="bt2", modul=(FSA, 3), kreis=Kreis.BAUTZEN, modus="online", tage=(30, 37, 44, 51), **ABEND,
            lehrende=("lehrende4",), personen=(0, 33, 34), anmeldung=window,
        )
    )  # fmt: skip
    bau.build(
        Plan(
            anbieter="bt1", art="austausch", titel="Fachaustausch: Beratung im ländlichen Raum", kreis=Kreis.ERZGEBIRGSKREIS,
            ort=("Rathaus, Großer Saal", "Annaberg-Buchholz"), tage=(20,), ende=time(13), pausen=(), plaetze=40,
            lehrende=("lehrende",), personen=(0, 5, 8, 13, 21), anmeldung=(-20, 18), genehmigung=False,
            beschreibung="Handlungsentlasteter Austausch ohne Fallarbeit; bitte bringen Sie keine Daten von Adressat*innen mit.",
        )
    )  # fmt: skip


def _others(welt: Grundlagen, bau: Kursbau) -> None:
    """A cancelled course, a course with a cancelled session, a draft."""
    verwaltung = welt.person["kursverwaltung"]
    cancelled = bau.build(
        Plan(
            anbieter="bt1", modul=(KINDHEIT, 5), kreis=Kreis.CHEMNITZ, ort=("Kulturfabrik", "Chemnitz"), tage=(15, 16),
            lehrende=("lehrende2",), personen=(36, 37), anmeldung=(-30, 10), genehmigung=False,
        )
    )  # fmt: skip
    cancel_kurs(cancelled, verwaltung, "Die Mindestzahl der Teilnehmenden wurde nicht erreicht.")
    lecture = bau.build(
        Plan(
            anbieter="bt1", art="vortrag", titel="Vortrag: KomIntAVO und der Nachweis der Qualifikation", modus="online",
            kreis=Kreis.LEIPZIG_STADT, tage=(11, 18), **ABEND, plaetze=100, lehrende=("lehrende2",),
            personen=tuple(range(0, 40, 3)), anmeldung=(-30, 17), genehmigung=False,
        )
    )  # fmt: skip
    cancel_termin(lecture.termine.order_by("beginn").last(), verwaltung, "Der zweite Abend entfällt.")
    draft = create_kurs(
        verwaltung,
        veranstalter=welt.org["bt1"],
        modulversion=bau.version(Plan(anbieter="bt1", modul=(KINDHEIT, 6), kreis=Kreis.ZWICKAU, tage=(90,))),
        kreis=Kreis.ZWICKAU,
        kapazitaet=16,
        anmeldung_von=uhr(heute() + timedelta(days=20), 8),
        anmeldung_bis=uhr(heute() + timedelta(days=80), 18),
    )
    plan = Plan(anbieter="bt1", kreis=Kreis.ZWICKAU, tage=(90, 97))
    add_termine(draft, verwaltung, [bau.entwurf(plan, days, None, "") for days in plan.tage])
