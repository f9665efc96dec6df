"""schema.org/Course with its instance and sessions, for the public course page."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from kurse.planung.enums import KursStatus, Modus, TerminStatus
from kurse.planung.models import Kurs, Ort, Termin

_MODES = {Modus.PRAESENZ: "onsite", Modus.ONLINE: "online", Modus.HYBRID: "blended"}
_STATES = {KursStatus.ABGESAGT: "https://schema.org/EventCancelled"}


def _place(ort: Ort) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": ort.strasse,
        "postalCode": ort.plz,
        "addressLocality": ort.ort,
        "addressCountry": "DE",
    }
    return {"@type": "Place", "name": ort.name, "address": {key: value for key, value in address.items() if value}}


def _location(ort: Ort | None, url: str) -> dict[str, Any]:
    return _place(ort) if ort else {"@type": "VirtualLocation", "url": url}


def _session(termin: Termin, url: str) -> dict[str, Any]:
    cancelled = termin.status == TerminStatus.ABGESAGT
    return {
        "@type": "EducationEvent",
        "name": termin.thema or termin.kurs.titel,
        "startDate": termin.beginn.isoformat(),
        "endDate": termin.ende.isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if cancelled else 'Scheduled'}",
        "location": _location(termin.ort, url),
    }


def _offer(kurs: Kurs, url: str) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "url": url,
        "price": str(kurs.entgelt),
        "priceCurrency": "EUR",
        "category": "Paid" if kurs.entgelt else "Free",
        "availability": f"https://schema.org/{'InStock' if kurs.freie_plaetze else 'SoldOut'}",
        "validFrom": kurs.anmeldung_von.isoformat(),
        "validThrough": kurs.anmeldung_bis.isoformat(),
    }


def schema_org_of(kurs: Kurs, termine: Sequence[Termin]) -> dict[str, Any]:
    """Facts of a published course; what is unknown is left out. `termine` carry their place."""
    url = settings.BASE_URL + reverse("kurs", args=[kurs.public_id])
    places = {termin.ort_id: _place(termin.ort) for termin in termine if termin.ort}
    instance: dict[str, Any] = {
        "@type": "CourseInstance",
        "name": kurs.titel,
        "url": url,
        "courseMode": _MODES[Modus(kurs.modus)],
        "startDate": kurs.beginn.isoformat() if kurs.beginn else "",
        "endDate": kurs.ende.isoformat() if kurs.ende else "",
        "eventStatus": _STATES.get(KursStatus(kurs.status), "https://schema.org/EventScheduled"),
        "location": list(places.values()) or [_location(None, url)],
        "maximumAttendeeCapacity": kurs.kapazitaet,
        "remainingAttendeeCapacity": kurs.freie_plaetze,
        "subEvent": [_session(termin, url) for termin in termine],
        "organizer": {"@type": "Organization", "name": kurs.veranstalter.name},
    }
    version = kurs.modulversion
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": url,
        "url": url,
        "name": kurs.titel,
        "courseCode": version.modul.code if version else kurs.nummer,
        "inLanguage": "de",
        "description": kurs.beschreibung or (version.qualifikationsziele if version else "") or kurs.titel,
        "provider": {"@type": "Organization", "name": kurs.veranstalter.name},
        "hasCourseInstance": [{key: value for key, value in instance.items() if value not in ("", None)}],
    }
    if version and version.ects is not None:
        value = format(version.ects.normalize(), "f")
        data["numberOfCredits"] = {"@type": "StructuredValue", "name": "ECTS", "value": value}
    if kurs.entgelt is not None:
        data["offers"] = [_offer(kurs, url)]
    return data
