"""One demo login per role. All people and organisations of the demo world are invented."""

from dataclasses import dataclass

PASSWORD = "demo-demo-demo"  # noqa: S105  (printed on the start page of the demo)


@dataclass(frozen=True, slots=True)
class Login:
    email: str
    rolle: str


LOGINS = (
    Login("teilnehmerin@demo.example", "Quereinsteigerin (nimmt teil)"),
    Login("lehrende@demo.example", "Lehrende"),
    Login("kursverwaltung@demo.example", "Kursverwaltung des Bildungsträgers"),
    Login("pruefungsamt@demo.example", "Prüfungsamt des Bildungsträgers"),
    Login("katalog@demo.example", "Katalogredaktion der Hochschule"),
    Login("katalog2@demo.example", "Katalogredaktion der zweiten Hochschule"),
    Login("katalog3@demo.example", "Katalogredaktion des Bildungsträgers"),
    Login("katalog4@demo.example", "Katalogredaktion des zweiten Bildungsträgers"),
    Login("arbeitgeber@demo.example", "Personalverantwortung des Trägers"),
    Login("landesfachstelle@demo.example", "Landesfachstelle"),
    Login("betrieb@demo.example", "Betrieb (Django-Verwaltung)"),
)
