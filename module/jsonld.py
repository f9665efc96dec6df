"""schema.org/Course of a module page, as text that is safe inside a script element."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from module.felder import is_empty
from module.kursangebot import Angebot
from module.models import Modulversion

_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def modul_data(version: Modulversion, url: str, anbieter: str, angebote: list[Angebot], basis: str) -> dict[str, Any]:
    """The facts of a published version; what is unknown is left out, never guessed. `basis` prefixes course URLs."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": url,
        "url": url,
        "name": version.titel,
        "courseCode": version.modul.code,
        "inLanguage": "de",
        "description": version.qualifikationsziele or ", ".join(version.themen) or version.titel,
        "provider": {"@type": "Organization", "name": anbieter},
        "teaches": version.themen,
        "coursePrerequisites": version.voraussetzungen,
        "timeRequired": f"PT{version.arbeitsaufwand:.0f}H" if version.arbeitsaufwand else "",
        "version": str(version.nummer),
        "isBasedOn": version.quelle_url,
    }
    if version.ects is not None:
        credits_value = {"@type": "StructuredValue", "name": "ECTS", "value": str(version.ects.normalize())}
        data["numberOfCredits"] = credits_value
    data["hasCourseInstance"] = [_instance(angebot, basis) for angebot in angebote]
    return {key: value for key, value in data.items() if value and not is_empty(value)}


def _instance(angebot: Angebot, basis: str) -> dict[str, Any]:
    beginn = angebot.get("beginn")
    row = {
        "@type": "CourseInstance",
        "name": str(angebot["titel"]),
        "url": f"{basis}{angebot['url']}",
        "startDate": beginn.isoformat() if hasattr(beginn, "isoformat") else "",
        "courseMode": angebot.get("modus", ""),
        "location": angebot.get("ort", ""),
    }
    return {key: str(value) for key, value in row.items() if value}


def as_script_text(data: dict[str, Any]) -> SafeString:
    """JSON without any character that could end the script element or start a tag."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308
