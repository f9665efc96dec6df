"""Which kind of badge a state gets. Colour is never alone: each kind has its icon and the state is written out."""

_STATES = {
    "success": (
        "abgeschlossen aktiv anerkannt angenommen anwesend ausgestellt bestaetigt bestanden bewertet erfuellt erledigt "
        "erteilt fertig freigegeben genehmigt gesendet gueltig teilgenommen veroeffentlicht verifiziert "
        "vollstaendig zugelassen"
    ),
    "info": (
        "abgegeben angeboten angemeldet beantragt eingeladen eingereicht erstellt frei hybrid geplant gezeichnet "
        "in_arbeit in_bearbeitung in_freigabe in_pruefung laeuft laufend naechste neu offen online praesenz "
        "vorgeschlagen wartend"
    ),
    "warning": (
        "ausstehend entschuldigt frueher_gegangen geoeffnet nachzureichen teilweise ueberarbeiten unvollstaendig "
        "verlaengert verlegt verschoben verspaetet warteliste zur_ueberarbeitung zurueckgegeben zurueckgewiesen"
    ),
    "danger": (
        "abgelehnt abgesagt abwesend ausgefallen fehlend fehlgeschlagen fehlt gesperrt nicht_bestanden "
        "nicht_erfuellt unbekannt unentschuldigt ungueltig ueberfaellig widerrufen"
    ),
}
_KIND_OF = {state: kind for kind, states in _STATES.items() for state in states.split()}
#: Everything else (entwurf, nicht_erfasst, storniert, ersetzt, archiviert, beendet, abgebrochen …) is neutral.
NEUTRAL = "neutral"
ICONS = {"success": "success", "info": "info", "warning": "warning", "danger": "danger", NEUTRAL: "draft"}


def kind_of(state: str) -> str:
    return _KIND_OF.get(state, NEUTRAL)
