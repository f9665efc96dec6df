"""Reads: what visitors and partners may see of catalogues, modules and programmes."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from lms.konten.models import Person
from module.enums import Einordnung, VersionStatus
from module.models import (
    Baustein,
    Freigabe,
    Katalogpartner,
    Modul,
    Modulkatalog,
    ModulkatalogGroupObjectPermission,
    Modulversion,
    Programm,
    Programmversion,
)
from module.permissions import FREIGEBEN, kataloge_mit_recht

OEFFENTLICH = (VersionStatus.VEROEFFENTLICHT, VersionStatus.ABGELOEST)
#: What the partners made themselves first, then refugee social work, then Saxon rules; examples of form last.
_RANG = {wert: rang for rang, wert in enumerate(Einordnung.values, 1)}
_EIGENER_RANG = 0


# --- search ---------------------------------------------------------------------------------------------------------
def _variants(word: str) -> Iterable[str]:
    """SQLite compares letters beyond ASCII exactly, so those words are tried in their usual spellings."""
    return (word,) if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}


def text_filter(text: str, *fields: str) -> Q:
    """Every word must occur in at least one of the fields."""
    found = Q()
    for word in text.split()[:8]:
        one = Q()
        for variant in _variants(word):
            for name in fields:
                one |= Q(**{f"{name}__icontains": variant})
        found &= one
    return found


def _einordnung_rang(field: str) -> Case:
    whens = [When(**{field: wert, "then": Value(rang)}) for wert, rang in _RANG.items()]
    return Case(*whens, default=Value(_EIGENER_RANG), output_field=IntegerField())


def _current_bausteine() -> QuerySet[Baustein]:
    return Baustein.objects.filter(programmversion__status=VersionStatus.VEROEFFENTLICHT)


# --- public ---------------------------------------------------------------------------------------------------------
def veroeffentlichte_versionen() -> QuerySet[Modulversion]:
    """The published version of each module, with its catalogue and the programmes that use it."""
    programme = _current_bausteine().select_related("programmversion__programm").order_by("programmversion_id")
    return (
        Modulversion.objects.filter(status=VersionStatus.VEROEFFENTLICHT)
        .select_related("modul__katalog", "modul__verantwortlich")
        .prefetch_related(Prefetch("modul__bausteine", queryset=programme, to_attr="in_programmen"))
    )


def search_module(
    *,
    q: str = "",
    programm: str = "",
    einordnung: str = "",
    abschluss: str = "",
    ects_von: Decimal | None = None,
    ects_bis: Decimal | None = None,
) -> QuerySet[Modulversion]:
    """Published modules that match; modules near to refugee social work come first."""
    bausteine = _current_bausteine().filter(modul=OuterRef("modul"))
    rang = bausteine.annotate(rang=_einordnung_rang("programmversion__programm__einordnung")).order_by("rang")
    rows = veroeffentlichte_versionen().annotate(
        rang=Coalesce(Subquery(rang.values("rang")[:1]), _EIGENER_RANG),
        ohne_inhalte=Case(When(inhalte="", then=1), default=0, output_field=IntegerField()),
    )
    if q:
        in_programm = Exists(bausteine.filter(text_filter(q, "programmversion__programm__titel")))
        text = text_filter(q, "titel", "inhalte", "qualifikationsziele", "modul__code", "verwendbarkeit")
        rows = rows.filter(text | Q(in_programm))
    wanted = {
        "programmversion__programm__public_id": programm,
        "programmversion__programm__einordnung": einordnung,
        "programmversion__abschluss": abschluss,
    }
    wanted = {name: value for name, value in wanted.items() if value}
    if wanted:
        rows = rows.filter(Exists(bausteine.filter(**wanted)))
    if ects_von is not None:
        rows = rows.filter(ects__gte=ects_von)
    if ects_bis is not None:
        rows = rows.filter(ects__lte=ects_bis)
    return rows.order_by("rang", "ohne_inhalte", "modul__code", "id")


def veroeffentlichte_programme() -> QuerySet[Programmversion]:
    """The published version of each programme with the number of its parts and modules."""
    return (
        Programmversion.objects.filter(status=VersionStatus.VEROEFFENTLICHT)
        .select_related("programm__katalog", "anwesenheitsregel")
        .annotate(
            anzahl_teile=Count("bausteine"),
            anzahl_module=Count("bausteine__modul"),
            rang=_einordnung_rang("programm__einordnung"),
        )
        .annotate(ohne_teile=Case(When(anzahl_teile=0, then=1), default=0, output_field=IntegerField()))
        .order_by("ohne_teile", "rang", "programm__titel", "id")
    )


def search_programme(*, q: str = "", einordnung: str = "") -> QuerySet[Programmversion]:
    rows = veroeffentlichte_programme()
    if q:
        in_parts = Exists(Baustein.objects.filter(text_filter(q, "titel"), programmversion=OuterRef("pk")))
        text = text_filter(q, "programm__titel", "programm__einrichtung", "abschluss", "zielgruppe")
        rows = rows.filter(text | Q(in_parts))
    if einordnung:
        rows = rows.filter(programm__einordnung=einordnung)
    return rows


def modulversion_public_or_404(public_id: str, nummer: int | None = None) -> Modulversion:
    """The published version of a module, or a numbered version that is or was published."""
    rows = veroeffentlichte_versionen() if nummer is None else _any_public(nummer)
    return get_object_or_404(
        rows.select_related("notenskala", "anwesenheitsregel", "modul__katalog", "modul__verantwortlich"),
        modul__public_id=public_id,
    )


def _any_public(nummer: int) -> QuerySet[Modulversion]:
    programme = _current_bausteine().select_related("programmversion__programm").order_by("programmversion_id")
    return Modulversion.objects.filter(status__in=OEFFENTLICH, nummer=nummer).prefetch_related(
        Prefetch("modul__bausteine", queryset=programme, to_attr="in_programmen")
    )


def public_versionen_of(modul: Modul) -> QuerySet[Modulversion]:
    return modul.versionen.filter(status__in=OEFFENTLICH).order_by("-nummer")


def programmversion_public_or_404(public_id: str, nummer: int | None = None) -> Programmversion:
    rows = Programmversion.objects.select_related("programm__katalog", "anwesenheitsregel")
    if nummer is None:
        return get_object_or_404(rows, programm__public_id=public_id, status=VersionStatus.VEROEFFENTLICHT)
    return get_object_or_404(rows, programm__public_id=public_id, nummer=nummer, status__in=OEFFENTLICH)


def bausteine_of(programmversion: Programmversion) -> list[Baustein]:
    """Parts in order; `veroeffentlicht` says whether the part's module has a published version to link to."""
    published = Modulversion.objects.filter(modul=OuterRef("modul"), status=VersionStatus.VEROEFFENTLICHT)
    return list(programmversion.bausteine.select_related("modul").annotate(veroeffentlicht=Exists(published)))


# --- partners -------------------------------------------------------------------------------------------------------
def is_partner(person: Person) -> bool:
    return kataloge_mit_recht(person).exists()


def kataloge_for(person: Person) -> QuerySet[Modulkatalog]:
    """Catalogues in which the person works, with their partners and numbers."""
    return (
        kataloge_mit_recht(person)
        .annotate(
            anzahl_module=Count("module", distinct=True),
            anzahl_programme=Count("programme", distinct=True),
        )
        .prefetch_related(Prefetch("katalogpartner", queryset=Katalogpartner.objects.select_related("organisation")))
        .order_by("titel")
    )


def katalog_or_404(person: Person, public_id: str) -> Modulkatalog:
    return get_object_or_404(kataloge_for(person), public_id=public_id)


def modul_for_partner_or_404(person: Person, public_id: str) -> Modul:
    rows = Modul.objects.filter(katalog__in=kataloge_mit_recht(person)).select_related("katalog", "verantwortlich")
    return get_object_or_404(rows, public_id=public_id)


def module_of(katalog: Modulkatalog, *, q: str = "", status: str = "") -> QuerySet[Modul]:
    """Modules of a catalogue with their published and their open version."""
    rows = katalog.module.prefetch_related(
        Prefetch(
            "versionen",
            queryset=Modulversion.objects.exclude(status=VersionStatus.ABGELOEST).order_by("-nummer"),
            to_attr="aktuelle_versionen",
        )
    )
    if q:
        rows = rows.filter(text_filter(q, "titel", "code"))
    if status:
        rows = rows.filter(Exists(Modulversion.objects.filter(modul=OuterRef("pk"), status=status)))
    return rows.order_by("code")


def versionen_for(person: Person) -> QuerySet[Modulversion]:
    """Every version in the catalogues of the person, drafts included."""
    return Modulversion.objects.filter(modul__katalog__in=kataloge_mit_recht(person)).select_related(
        "modul__katalog", "modul__verantwortlich", "notenskala", "anwesenheitsregel", "bearbeitet_von"
    )


def version_or_404(person: Person, public_id: str) -> Modulversion:
    return get_object_or_404(versionen_for(person), public_id=public_id)


def visible_versionen(person: Person) -> QuerySet[Modulversion]:
    """For the API: what is or was published for everyone, and the drafts of the person's own catalogues."""
    own = Q(modul__katalog__in=kataloge_mit_recht(person)) if getattr(person, "pk", None) else Q()
    return Modulversion.objects.filter(
        Q(status__in=OEFFENTLICH) | own if own else Q(status__in=OEFFENTLICH)
    ).select_related("modul__katalog", "modul__verantwortlich", "notenskala", "anwesenheitsregel")


def versionen_zu_entscheiden(person: Person) -> QuerySet[Modulversion]:
    """Submitted versions on which a partner that the person may speak for has not decided in this round."""
    granted = ModulkatalogGroupObjectPermission.objects.filter(
        group__user=person,
        permission__codename=FREIGEBEN,
        content_object=OuterRef("katalog"),
        group__rollengruppe__organisation=OuterRef("organisation"),
    )
    decided = Freigabe.objects.filter(
        version=OuterRef(OuterRef("pk")), organisation=OuterRef("organisation"), runde=OuterRef(OuterRef("runde"))
    )
    waiting = Katalogpartner.objects.filter(Exists(granted), ~Exists(decided), katalog=OuterRef("modul__katalog"))
    return (
        Modulversion.objects.filter(Exists(waiting), status=VersionStatus.EINGEREICHT)
        .select_related("modul__katalog")
        .order_by("eingereicht_at")
    )


def versionen_zu_ueberarbeiten(person: Person) -> QuerySet[Modulversion]:
    """Returned versions that the person edited last."""
    return (
        versionen_for(person).filter(status=VersionStatus.ZURUECKGEGEBEN, bearbeitet_von=person).order_by("-updated_at")
    )


def previous_version(version: Modulversion, nummer: int | None = None) -> Modulversion | None:
    """The version to compare with: the numbered one, else the one before."""
    others = version.modul.versionen.select_related("notenskala", "anwesenheitsregel")
    if nummer is not None:
        return others.filter(nummer=nummer).exclude(pk=version.pk).first()
    return others.filter(nummer__lt=version.nummer).order_by("-nummer").first()


def runden_of(version: Modulversion) -> list[dict[str, Any]]:
    """History of the review, the newest round first: decisions of each round and who is still to decide."""
    decisions: dict[int, list[Freigabe]] = {}
    for row in version.freigaben.select_related("organisation", "person").order_by("runde", "id"):
        decisions.setdefault(row.runde, []).append(row)
    partner = list(version.modul.katalog.katalogpartner.select_related("organisation"))
    rounds = []
    for runde in range(version.runde, 0, -1):
        rows = decisions.get(runde, [])
        decided = {row.organisation_id for row in rows}
        current = runde == version.runde and version.status == VersionStatus.EINGEREICHT
        offen = [p.organisation for p in partner if p.organisation_id not in decided] if current else []
        rounds.append({"runde": runde, "freigaben": rows, "offen": offen})
    return rounds


def programme_of(katalog: Modulkatalog) -> QuerySet[Programm]:
    return katalog.programme.prefetch_related(
        Prefetch("versionen", queryset=Programmversion.objects.order_by("-nummer"), to_attr="alle_versionen")
    ).order_by("titel")


def programmversion_for_partner_or_404(person: Person, public_id: str) -> Programmversion:
    rows = Programmversion.objects.filter(programm__katalog__in=kataloge_mit_recht(person))
    return get_object_or_404(rows.select_related("programm__katalog", "anwesenheitsregel"), public_id=public_id)


def programm_for_partner_or_404(person: Person, public_id: str) -> Programm:
    return get_object_or_404(Programm.objects.filter(katalog__in=kataloge_mit_recht(person)), public_id=public_id)


def require_found(row: Any) -> Any:
    if row is None:
        raise Http404
    return row
