"""Mails about the review of a module version; they say what to do and link to the page."""

from django.urls import reverse

from lms.konten.models import Person
from lms.post.services import queue_nachricht
from module.models import Freigabe, ModulkatalogGroupObjectPermission, Modulversion


def _freigebende(version: Modulversion) -> list[Person]:
    groups = ModulkatalogGroupObjectPermission.objects.filter(
        content_object_id=version.modul.katalog_id, permission__codename="freigeben"
    ).values("group_id")
    return list(Person.objects.filter(groups__in=groups, is_active=True).distinct())


def _kontext(version: Modulversion) -> dict[str, object]:
    return {"version": version, "pfad": reverse("modulversion", args=[version.public_id])}


def eingereicht(version: Modulversion, akteur: Person) -> None:
    for person in _freigebende(version):
        if person.pk != akteur.pk:
            key = f"modulversion:{version.public_id}:eingereicht:{version.runde}:{person.pk}"
            queue_nachricht(key, person, "modulversion_eingereicht", _kontext(version))


def zurueckgegeben(version: Modulversion, freigabe: Freigabe) -> None:
    if version.bearbeitet_von:
        key = f"modulversion:{version.public_id}:zurueck:{version.runde}"
        kontext = {**_kontext(version), "organisation": freigabe.organisation}
        queue_nachricht(key, version.bearbeitet_von, "modulversion_zurueckgegeben", kontext)


def veroeffentlicht(version: Modulversion) -> None:
    if version.bearbeitet_von:
        key = f"modulversion:{version.public_id}:veroeffentlicht"
        queue_nachricht(key, version.bearbeitet_von, "modulversion_veroeffentlicht", _kontext(version))
