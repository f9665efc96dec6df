"""Organisations, people, catalogue: what the courses of the demo world stand on."""

from datetime import timedelta
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from lms.demo import stammdaten as daten
from lms.demo.logins import PASSWORD
from lms.demo.zeit import am, heute, uhr
from lms.env import BASE_DIR
from lms.konten.beschaeftigungen import add_beschaeftigung
from lms.konten.enums import Datenkategorie
from lms.konten.models import Beschaeftigung, Organisation, Person
from lms.konten.services import add_mitgliedschaft, give_einwilligung
from lms.konten.texte import ensure_einwilligungstexte
from module.import_katalog import import_datei
from module.models import Modulkatalog
from module.services import create_katalog


class Grundlagen:
    """Organisations by key, staff by login, participants in order."""

    def __init__(self) -> None:
        ensure_einwilligungstexte()
        self.org = {row.schluessel: _organisation(row) for row in daten.ORGANISATIONEN}
        self.person = {}
        for login, vorname, nachname, org, rolle in daten.MITARBEITENDE:
            self.person[login] = _person(f"{login}@demo.example", vorname, nachname)
            add_mitgliedschaft(self.person[login], self.org[org], rolle)
        betrieb = _person("betrieb@demo.example", "Bernd", "Betrieb")
        betrieb.is_staff = betrieb.is_superuser = True
        betrieb.save(update_fields=["is_staff", "is_superuser"])
        self.teilnehmende = [self._teilnehmende(n, name) for n, name in enumerate(daten.TEILNEHMENDE)]
        self.katalog = self._katalog()

    def _teilnehmende(self, n: int, name: str) -> Person:
        vorname, _space, nachname = name.partition(" ")
        email = "teilnehmerin@demo.example" if n == 0 else f"person{n:02d}@demo.example"
        person = _person(email, vorname, nachname, n, login=n < 3)
        if n % 11 == 10:  # some have no employer
            return person
        arbeitgeber = self.org[f"ag{1 + n % 4}"]
        add_beschaeftigung(
            person,
            arbeitgeber,
            von=heute() - timedelta(days=300 + 20 * n),
            taetigkeit=TAETIGKEITEN[n % 3],
            bestaetigt=True,
        )
        Beschaeftigung.objects.filter(person=person).update(qualifikationsstatus=daten.STATUS[n % 7])
        if n % 5 != 4:
            give_einwilligung(person, arbeitgeber, Datenkategorie.FORTSCHRITT)
        if n % 3 == 0:
            give_einwilligung(person, arbeitgeber, Datenkategorie.ZERTIFIKATE)
        return person

    def _katalog(self) -> Modulkatalog:
        katalog = create_katalog(
            titel=daten.KATALOG,
            beschreibung=daten.KATALOG_TEXT,
            federfuehrend=self.org["hs1"],
            partner=[self.org[key] for key in ("hs2", "bt1", "bt2")],
        )
        with am(uhr(heute() - timedelta(days=400), 9)):
            import_datei(CURRICULA, katalog)
        return katalog


#: The real programmes that this project ships, with their sources.
CURRICULA = BASE_DIR / "module" / "daten" / "curricula.json"
TAETIGKEITEN = ("Flüchtlingssozialarbeit", "Soziale Betreuung", "Integrationsbegleitung")


def _organisation(row: daten.Org) -> Organisation:
    return Organisation.objects.create(
        name=row.name,
        kurzname=row.kurzname,
        kreis=row.kreis,
        ort=row.ort,
        plz=row.plz,
        strasse="Musterweg 1",
        traegerart=row.traegerart,
        email=f"info@{row.schluessel}.demo.example",
        **{f"ist_{row.art}": True},
    )


@cache
def _password_hash() -> str:
    """Hashed once; hashing is slow on purpose and all demo logins share one password."""
    return make_password(PASSWORD)


def _person(email: str, vorname: str, nachname: str, n: int = 30, *, login: bool = True) -> Person:
    """A person with a verified address; without `login` the password can't be used."""
    person = Person.objects.create_user(
        email, None, vorname=vorname, nachname=nachname, geburtsdatum=daten.GEBURTSTAGE[n]
    )
    if login:
        Person.objects.filter(pk=person.pk).update(password=_password_hash())
        person.refresh_from_db()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person
