"""The world that is measured: 100 courses × 30 people × 10 sessions, employers of 10, 100 and 1,000 people.

Written by bulk inserts into the migrated schema, so every constraint and trigger holds. Names are invented, the modules
are the real ones that the service ships. Courses 0 to 59 are over and decided, 60 to 99 run: half of their sessions are
recorded, the other half has been held and waits for its list.
"""

import datetime as dt
import itertools
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Permission
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk
from kurse.aufgaben.models import Abgabe, Aufgabe, Bewertung, Modulergebnis
from kurse.einschreibung.models import Einschreibung
from kurse.planung.models import Kurs, KursUserObjectPermission, Lehrauftrag, Ort, Termin
from lms.env import BASE_DIR
from lms.konten.enums import Datenkategorie, Kreis, Rolle
from lms.konten.models import Beschaeftigung, Einwilligung, Einwilligungstext, Organisation, Person
from lms.konten.services import add_mitgliedschaft, create_person
from lms.konten.texte import ensure_einwilligungstexte
from module.enums import VersionStatus
from module.models import Modulversion

KURSE, PERSONEN, TERMINE = 100, 30, 10
BEENDET = 60  # courses before this index are over
FREIE_KURSE = 10  # courses with open enrolment and free places, besides the hundred
STAPEL = 300  # people of the course for the batch of certificates
ARBEITGEBER = (10, 100, 1000)
OHNE_ARBEITGEBER = 190
MINUTEN = 180
VORNAMEN = ("Amira", "Jörg", "Zoë", "Mehmet", "Agnieszka", "Đorđe", "Frieda", "Yusuf", "Čeněk", "Leïla")
NACHNAMEN = ("Weiß", "Nguyễn", "Müller-Lüdenscheidt", "Žižka", "Al-Hariri", "Groß", "Ağaoğlu", "Sørensen", "Öztürk")


@dataclass(slots=True)
class Welt:
    arbeitgeber: dict[int, Person] = field(default_factory=dict)  # number of employees → who looks after them
    planung: Person | None = None
    pruefungsamt: Person | None = None
    landesfachstelle: Person | None = None
    lehrende: list[Person] = field(default_factory=list)
    personen: list[Person] = field(default_factory=list)
    kurse: list[Kurs] = field(default_factory=list)
    freie_kurse: list[Kurs] = field(default_factory=list)
    stapel: Kurs | None = None
    offene_termine: list[Termin] = field(default_factory=list)  # held, nothing recorded
    _schluessel: Any = field(default_factory=lambda: itertools.count(1))

    def lehrt(self, kurs: Kurs) -> Person:
        return self.lehrende[self.kurse.index(kurs) % len(self.lehrende)]


def sessions(personen: list[Person]) -> dict[int, str]:
    """Log people in: primary key of the person → key of a session as the login writes it."""
    rows, keys = [], {}
    for person in personen:
        store = SessionStore()
        keys[person.pk] = store._get_new_session_key()
        data = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        expires = timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
        rows.append(store.model(session_key=keys[person.pk], session_data=store.encode(data), expire_date=expires))
    SessionStore.get_model_class().objects.bulk_create(rows)
    return keys


def build() -> Welt:
    """Fill an empty, migrated database; a few seconds."""
    welt = Welt()
    with transaction.atomic():
        hochschule, traeger = _organisationen(welt)
        call_command(
            "import_katalog",
            str(BASE_DIR / "module" / "daten" / "curricula.json"),
            katalog="Gemeinsamer Modulkatalog",
            federfuehrend=hochschule.name,
            stdout=_Nowhere(),
        )
        _kurse(welt, traeger)
        _einschreibungen(welt)
        _anwesenheit(welt)
        _aufgaben(welt)
        _ergebnisse(welt)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return welt


class _Nowhere:
    def write(self, text: str) -> None: ...

    def flush(self) -> None: ...


def _organisationen(welt: Welt) -> tuple[Organisation, Organisation]:
    def organisation(name: str, kurz: str, **felder: Any) -> Organisation:
        return Organisation.objects.create(
            name=name, kurzname=kurz, kreis=Kreis.DRESDEN, ort="Dresden", plz="01067", strasse="Musterweg 1", **felder
        )

    def leitet(org: Organisation, login: str, rolle: str) -> Person:
        person = create_person(
            f"{login}@bench.example",
            "Berta",
            "Beispiel",
            geburtsdatum=dt.date(1980, 1, 1),
            email_bestaetigt=True,
        )
        add_mitgliedschaft(person, org, rolle)
        return person

    ensure_einwilligungstexte()
    hochschule = organisation("Hochschule Musterstadt (erfunden)", "HSM", ist_hochschule=True)
    traeger = organisation("Bildungswerk Elbe (erfunden)", "BWE", ist_bildungstraeger=True)
    welt.planung = leitet(traeger, "planung", Rolle.KURSVERWALTUNG)
    welt.pruefungsamt = leitet(traeger, "pruefungsamt", Rolle.PRUEFUNGSAMT)
    land = organisation("Landesfachstelle (erfunden)", "LFS", ist_landesfachstelle=True)
    welt.landesfachstelle = leitet(land, "fachstelle", Rolle.FACHSTELLE)
    welt.lehrende = [leitet(traeger, f"lehrende{n}", Rolle.LEHRENDE) for n in range(10)]
    for anzahl in ARBEITGEBER:
        org = organisation(f"Arbeitgeber mit {anzahl} (erfunden)", f"AG{anzahl}", ist_arbeitgeber=True)
        welt.arbeitgeber[anzahl] = leitet(org, f"personal{anzahl}", Rolle.PERSONALVERANTWORTUNG)
        _beschaeftigte(welt, org, anzahl)
    welt.personen += _personen(OHNE_ARBEITGEBER, "frei")
    return hochschule, traeger


def _personen(anzahl: int, prefix: str) -> list[Person]:
    return Person.objects.bulk_create(
        Person(
            email=f"{prefix}{n}@bench.example",
            password="!",
            vorname=VORNAMEN[n % len(VORNAMEN)],
            nachname=f"{NACHNAMEN[n % len(NACHNAMEN)]}-{NACHNAMEN[n // 7 % len(NACHNAMEN)]}",
            geburtsdatum=dt.date(1970, 1, 1) + dt.timedelta(days=7 * n),
        )
        for n in range(anzahl)
    )


def _beschaeftigte(welt: Welt, org: Organisation, anzahl: int) -> None:
    """Nine of ten let the employer see their progress, every second also the certificates."""
    people = _personen(anzahl, org.kurzname.lower())
    begun = timezone.localdate() - dt.timedelta(days=400)
    Beschaeftigung.objects.bulk_create(
        Beschaeftigung(
            person=person, arbeitgeber=org, von=begun, taetigkeit="Soziale Betreuung", bestaetigt_at=timezone.now()
        )
        for person in people
    )
    text = {row.kategorie: row for row in Einwilligungstext.objects.all()}
    given = [(Datenkategorie.FORTSCHRITT, [p for n, p in enumerate(people) if n % 10])]
    given.append((Datenkategorie.ZERTIFIKATE, people[::2]))
    Einwilligung.objects.bulk_create(
        Einwilligung(person=person, arbeitgeber=org, kategorie=kategorie, text=text[kategorie])
        for kategorie, chosen in given
        for person in chosen
    )
    welt.personen += people


def _kurs(n: int, version: Modulversion, org: Organisation, **felder: Any) -> Kurs:
    over = n < BEENDET
    first = timezone.now().replace(minute=0, second=0, microsecond=0) - dt.timedelta(days=300 if over else 40, hours=4)
    values: dict[str, Any] = {
        "veranstalter": org,
        "modulversion": version,
        "nummer": f"B{n:04d}",
        "titel": version.titel,
        "kreis": Kreis.values[n % len(Kreis.values)],
        "status": "abgeschlossen" if over else "veroeffentlicht",
        "kapazitaet": PERSONEN,
        "belegt": PERSONEN,
        "anmeldung_von": first - dt.timedelta(days=90),
        "anmeldung_bis": first - dt.timedelta(days=1),
        "beginn": first + dt.timedelta(minutes=n),
    }
    return Kurs(**{**values, **felder})


def _kurse(welt: Welt, org: Organisation) -> None:
    versions = list(
        Modulversion.objects.filter(status=VersionStatus.VEROEFFENTLICHT).select_related("anwesenheitsregel")
    )
    # modules of a programme with a rule first: their courses show most on the pages
    versions.sort(key=lambda version: version.anwesenheitsregel_id is None)
    now = timezone.now()
    ahead = {
        "status": "veroeffentlicht", "kapazitaet": 400, "belegt": 0, "beginn": now + dt.timedelta(days=60),
        "anmeldung_von": now - dt.timedelta(days=1), "anmeldung_bis": now + dt.timedelta(days=30),
    }  # fmt: skip
    rows = [_kurs(n, versions[n % len(versions)], org) for n in range(KURSE)]
    rows += [_kurs(KURSE + n, versions[n], org, **ahead) for n in range(FREIE_KURSE)]
    rows.append(_kurs(0, versions[0], org, nummer="STAPEL", kapazitaet=STAPEL, belegt=STAPEL))
    ort = Ort.objects.create(organisation=org, name="Raum 1", ort="Dresden", kreis=Kreis.DRESDEN)
    termine = []
    for row in rows:
        row.ende = row.beginn + dt.timedelta(days=7 if row.belegt == 0 else 4) * (TERMINE - 1)
    Kurs.objects.bulk_create(rows)
    for row in rows:
        termine += _termine(row, ort)
    Termin.objects.bulk_create(termine)
    welt.kurse, welt.freie_kurse, welt.stapel = rows[:KURSE], rows[KURSE:-1], rows[-1]
    _lehrauftraege(welt)


def _termine(kurs: Kurs, ort: Ort) -> list[Termin]:
    closed = timezone.now() if kurs.status == "abgeschlossen" else None
    step = (kurs.ende - kurs.beginn) / (TERMINE - 1)
    return [
        Termin(
            kurs=kurs,
            beginn=kurs.beginn + n * step,
            ende=kurs.beginn + n * step + dt.timedelta(minutes=MINUTEN),
            minuten=MINUTEN,
            thema=f"Thema {n + 1}",
            ort=ort,
            liste_geschlossen_at=closed,
        )
        for n in range(TERMINE)
    ]


def _lehrauftraege(welt: Welt) -> None:
    rechte = Permission.objects.filter(
        content_type__app_label="kurse", codename__in=("leiten", "anwesenheit_erfassen", "bewerten")
    )
    pairs = [(kurs, welt.lehrt(kurs)) for kurs in welt.kurse]
    Lehrauftrag.objects.bulk_create(Lehrauftrag(kurs=kurs, person=person) for kurs, person in pairs)
    KursUserObjectPermission.objects.bulk_create(
        KursUserObjectPermission(content_object=kurs, user=person, permission=recht)
        for kurs, person in pairs
        for recht in rechte
    )


def _einschreibungen(welt: Welt) -> None:
    """Everybody is in two or three courses; the batch course has the first people of the largest employer."""
    employer = dict(Beschaeftigung.objects.values_list("person_id", "arbeitgeber_id"))
    people = itertools.cycle(welt.personen)
    chosen = [(kurs, next(people)) for kurs in welt.kurse for _place in range(PERSONEN)]
    chosen += [(welt.stapel, person) for person in welt.personen[-OHNE_ARBEITGEBER - STAPEL : -OHNE_ARBEITGEBER]]
    Einschreibung.objects.bulk_create(
        Einschreibung(
            kurs=kurs,
            person=person,
            arbeitgeber_id=employer.get(person.pk),
            status="abgeschlossen" if kurs.status == "abgeschlossen" else "zugelassen",
            genehmigung="erteilt" if person.pk in employer else "nicht_noetig",
            zugelassen_at=kurs.anmeldung_bis,
        )
        for kurs, person in chosen
    )


def _anwesenheit(welt: Welt) -> None:
    """One in ten came late, one in ten was excused. Ledger and state as the service writes them."""
    people: dict[int, list[Einschreibung]] = {}
    for row in Einschreibung.objects.order_by("pk"):
        people.setdefault(row.kurs_id, []).append(row)
    vermerke = []
    for termin in Termin.objects.filter(kurs__in=people).select_related("kurs").order_by("kurs", "beginn"):
        if termin.kurs.status != "abgeschlossen" and termin.beginn > termin.kurs.beginn + dt.timedelta(days=18):
            welt.offene_termine.append(termin)
            continue
        for n, row in enumerate(people[termin.kurs_id]):
            status, minuten = (("teilweise", 120), ("entschuldigt", 0))[n % 10] if n % 10 < 2 else ("anwesend", MINUTEN)
            vermerke.append(
                Anwesenheitsvermerk(
                    termin=termin,
                    einschreibung=row,
                    status=status,
                    minuten=minuten,
                    erfasst_von=welt.planung,
                    client_key=f"bench-{next(welt._schluessel)}",
                )
            )
    Anwesenheitsvermerk.objects.bulk_create(vermerke, batch_size=4000)
    Anwesenheitsstand.objects.bulk_create(
        (
            Anwesenheitsstand(
                termin_id=v.termin_id,
                einschreibung_id=v.einschreibung_id,
                vermerk=v,
                status=v.status,
                minuten=v.minuten,
            )
            for v in vermerke
        ),
        batch_size=4000,
    )


def _aufgaben(welt: Welt) -> None:
    """Two assignments per course, handed in and passed in the courses that are over."""
    rows = Aufgabe.objects.bulk_create(
        Aufgabe(kurs=kurs, titel=f"Fachbericht {n}", faellig_at=kurs.ende + dt.timedelta(days=14))
        for kurs in welt.kurse
        for n in (1, 2)
    )
    people: dict[int, list[int]] = {}
    for kurs_id, pk in Einschreibung.objects.filter(status="abgeschlossen").values_list("kurs_id", "pk"):
        people.setdefault(kurs_id, []).append(pk)
    abgaben = Abgabe.objects.bulk_create(
        (
            Abgabe(aufgabe=row, einschreibung_id=pk, versuch=1, text="Mein Bericht.", status="bestanden")
            for row in rows
            for pk in people.get(row.kurs_id, ())
        ),
        batch_size=2000,
    )
    Bewertung.objects.bulk_create(
        (Bewertung(abgabe=row, ergebnis="bestanden", person=welt.planung) for row in abgaben), batch_size=2000
    )


def _ergebnisse(welt: Welt) -> None:
    ue = Decimal(TERMINE * MINUTEN) / 45
    Modulergebnis.objects.bulk_create(
        Modulergebnis(
            einschreibung=row,
            status="bestanden",
            note=Decimal("1.7"),
            ue_geplant=ue,
            ue_besucht=ue - 1,
            anforderungen_erfuellt_am=timezone.localdate() - dt.timedelta(days=30),
            bestaetigt_von=welt.pruefungsamt,
        )
        for row in Einschreibung.objects.filter(status="abgeschlossen")
    )
