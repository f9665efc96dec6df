"""Hands the rooms' models on to Django; one app, one migration history."""

from kurse.anwesenheit.models import Anwesenheitsstand, Anwesenheitsvermerk, Listenereignis
from kurse.aufgaben.models import (
    Abgabe,
    Aufgabe,
    Bewertung,
    Fristverlaengerung,
    Modulergebnis,
)
from kurse.einschreibung.models import Angebotsregel, Einschreibung, Importlauf
from kurse.planung.models import (
    Kurs,
    KursGroupObjectPermission,
    KursUserObjectPermission,
    Lehrauftrag,
    Ort,
    Pause,
    Termin,
    Terminaenderung,
)

__all__ = [
    "Abgabe",
    "Angebotsregel",
    "Anwesenheitsstand",
    "Anwesenheitsvermerk",
    "Aufgabe",
    "Bewertung",
    "Einschreibung",
    "Fristverlaengerung",
    "Importlauf",
    "Kurs",
    "KursGroupObjectPermission",
    "KursUserObjectPermission",
    "Lehrauftrag",
    "Listenereignis",
    "Modulergebnis",
    "Ort",
    "Pause",
    "Termin",
    "Terminaenderung",
]
