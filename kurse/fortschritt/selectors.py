"""Everything this room can tell. It owns no tables: all numbers are computed from the rooms below."""

from kurse.fortschritt.angebote import kataloge_landesweit, kurse_landesweit
from kurse.fortschritt.eigener import Fortschritt, fortschritt_of, naechste_termine
from kurse.fortschritt.kursstand import Kursfortschritt, kurs_fortschritt
from kurse.fortschritt.land import Landeszahlen, landes_zahlen
from kurse.fortschritt.traeger import Teamzeile, ansicht_of, own_beschaeftigung, team_for, traeger_fortschritt

__all__ = [
    "Fortschritt",
    "Kursfortschritt",
    "Landeszahlen",
    "Teamzeile",
    "ansicht_of",
    "fortschritt_of",
    "kataloge_landesweit",
    "kurs_fortschritt",
    "kurse_landesweit",
    "landes_zahlen",
    "naechste_termine",
    "own_beschaeftigung",
    "team_for",
    "traeger_fortschritt",
]
