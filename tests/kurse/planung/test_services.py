import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from kurse.planung import ereignisse
from kurse.planung.enums import KursArt, KursStatus, Lehrrolle
from kurse.planung.models import Kurs, Lehrauftrag, Termin
from kurse.planung.services import (
    add_termine,
    assign_lehrauftrag,
    cancel_kurs,
    complete_kurs,
    create_kurs,
    create_ort,
    delete_ort,
    publish_kurs,
    remove_lehrauftrag,
    update_kurs,
    update_ort,
)
from lms.core.audit import audit_for
from lms.core.errors import DomainError
from lms.konten.enums import Kreis, Recht, Rolle
from lms.post.models import Nachricht
from module.enums import VersionStatus
from tests.factories import (
    EinschreibungFactory,
    ModulversionFactory,
    OrganisationFactory,
    PersonFactory,
    TerminFactory,
    member,
)


def code_of(excinfo) -> str:
    return excinfo.value.code


@pytest.fixture
def heard(monkeypatch):
    """Events of this test only."""
    monkeypatch.setattr(ereignisse, "_listeners", {})
    found = []
    for event in ereignisse.EREIGNISSE:
        ereignisse.on(event, lambda kurs, event=event: found.append((event, kurs.pk, kurs.kapazitaet)))
    return found


def test_create_proposes_number_and_title(welt):
    first, second = welt.kurs(), welt.kurs(titel="  Eigener Titel ")
    year = timezone.localdate().year
    assert (first.nummer, second.nummer) == (f"{year}-001", f"{year}-002")
    assert (first.titel, second.titel) == (welt.version.titel, "Eigener Titel")
    assert first.status == KursStatus.ENTWURF
    assert [a.aktion for a in audit_for(first)] == ["kurs_angelegt"]


@pytest.mark.parametrize(
    ("felder", "code", "field"),
    [
        ({"modulversion": None}, "modulversion_fehlt", "modulversion"),
        ({"kapazitaet": 3, "mindestteilnehmende": 4}, "mindestzahl_zu_gross", "mindestteilnehmende"),
        ({"anmeldung_bis": timezone.now() - dt.timedelta(days=9)}, "anmeldefenster", "anmeldung_bis"),
        ({"titel": "x" * 301}, "eingabe_ungueltig", "titel"),
        ({"kreis": "99999"}, "eingabe_ungueltig", "kreis"),
        ({"kapazitaet": 0, "mindestteilnehmende": 0}, "eingabe_ungueltig", "kapazitaet"),
    ],
)
def test_create_refuses_bad_input(welt, felder, code, field):
    with pytest.raises(DomainError) as excinfo:
        welt.kurs(**felder)
    assert (code_of(excinfo), excinfo.value.field) == (code, field)
    assert not Kurs.objects.exists()


def test_number_is_unique_per_provider(welt):
    welt.kurs(nummer="A1")
    with pytest.raises(DomainError) as excinfo:
        welt.kurs(nummer="A1")
    assert code_of(excinfo) == "kursnummer_vergeben"


@pytest.mark.parametrize("status", sorted(set(VersionStatus.values) - {"veroeffentlicht"}))
def test_only_published_versions_become_courses(welt, status):
    version = ModulversionFactory(modul=welt.version.modul, nummer=2, status=status)
    with pytest.raises(DomainError) as excinfo:
        welt.kurs(modulversion=version)
    assert code_of(excinfo) == "modulversion_nicht_freigegeben"


def test_provider_must_be_partner_of_the_catalogue(welt):
    with pytest.raises(DomainError) as excinfo:
        welt.kurs(modulversion=ModulversionFactory())
    assert code_of(excinfo) == "kein_katalogpartner"


def test_formats_without_module(welt):
    kurs = welt.kurs(art=KursArt.AUSTAUSCH, modulversion=None, titel="Netzwerktreffen")
    assert kurs.modulversion is None


@pytest.mark.parametrize("rolle", sorted(set(Rolle.values) - {"leitung", "kursverwaltung"}))
def test_other_roles_may_not_plan(welt, rolle):
    person = member(welt.org, rolle)
    kurs = welt.kurs()
    for act in (
        lambda: create_kurs(person, veranstalter=welt.org, kapazitaet=1),
        lambda: update_kurs(kurs, person, kapazitaet=1),
        lambda: publish_kurs(kurs, person),
        lambda: cancel_kurs(kurs, person, "Grund"),
        lambda: complete_kurs(kurs, person),
        lambda: assign_lehrauftrag(kurs, person, person),
        lambda: create_ort(person, organisation=welt.org, name="R", ort="D", kreis=Kreis.DRESDEN),
        lambda: update_ort(welt.ort, person, name="R"),
        lambda: delete_ort(welt.ort, person),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_an_employer_is_no_provider(db):
    org = OrganisationFactory(arbeitgeber=True)
    with pytest.raises(DomainError) as excinfo:
        create_kurs(member(org, Rolle.LEITUNG), veranstalter=org, art=KursArt.SEMINAR, titel="x", kapazitaet=1)
    assert code_of(excinfo) == "kein_veranstalter"


def test_publish_names_everything_that_is_missing(welt):
    kurs = welt.kurs()
    with pytest.raises(DomainError) as excinfo:
        publish_kurs(kurs, welt.planung)
    assert code_of(excinfo) == "kurs_unvollstaendig"
    assert excinfo.value.details == {"fehlt": ["termine", "ort", "barrierefreiheit", "lehrende"]}
    kurs.refresh_from_db()
    assert kurs.status == KursStatus.ENTWURF


def test_publish_once_and_the_version_is_pinned(welt, heard):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    publish_kurs(kurs, welt.planung)
    assert [h[0] for h in heard if h[0] == "kurs_veroeffentlicht"] == ["kurs_veroeffentlicht"]
    other = ModulversionFactory(modul__katalog=welt.katalog)
    for felder in ({"modulversion": other}, {"art": KursArt.SEMINAR}, {"modulversion": None}):
        with pytest.raises(DomainError) as excinfo:
            update_kurs(kurs, welt.planung, **felder)
        assert code_of(excinfo) == "modulversion_fest"
    assert update_kurs(kurs, welt.planung, modulversion=welt.version, titel="Neu").titel == "Neu"


def test_a_replaced_version_stays_on_running_courses(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    welt.version.status = VersionStatus.ABGELOEST
    welt.version.save()
    assert update_kurs(kurs, welt.planung, titel="Weiter").modulversion == welt.version
    draft = welt.kurs(art=KursArt.SEMINAR, titel="Seminar", modulversion=None)
    with pytest.raises(DomainError) as excinfo:
        update_kurs(draft, welt.planung, modulversion=welt.version)
    assert code_of(excinfo) == "modulversion_nicht_freigegeben"


def test_capacity_never_below_the_seats_taken(welt, heard):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    for _ in range(3):
        EinschreibungFactory(kurs=kurs)
    heard.clear()
    with pytest.raises(DomainError) as excinfo:
        update_kurs(kurs, welt.planung, kapazitaet=2)
    assert (code_of(excinfo), excinfo.value.field) == ("kapazitaet_unter_belegt", "kapazitaet")
    assert heard == []
    assert update_kurs(kurs, welt.planung, kapazitaet=3).belegt == 3
    update_kurs(kurs, welt.planung, kapazitaet=30)
    update_kurs(kurs, welt.planung, kapazitaet=30)
    assert heard == [("kapazitaet_geaendert", kurs.pk, 3), ("kapazitaet_geaendert", kurs.pk, 30)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Kurs.objects.filter(pk=kurs.pk).update(kapazitaet=2)


def test_a_stale_object_does_not_overwrite_the_seat_counter(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    stale = Kurs.objects.get(pk=kurs.pk)
    EinschreibungFactory(kurs=kurs)
    assert stale.belegt == 0
    update_kurs(stale, welt.planung, titel="Neuer Titel", kapazitaet=5)
    assert Kurs.objects.get(pk=kurs.pk).belegt == 1


def test_cancel_tells_everybody_once_and_names_no_reason(welt, heard):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    people = [EinschreibungFactory(kurs=kurs, status=s).person for s in ("zugelassen", "beantragt", "warteliste")]
    EinschreibungFactory(kurs=kurs, status="storniert")
    with pytest.raises(DomainError) as excinfo:
        cancel_kurs(kurs, welt.planung, "  ")
    assert code_of(excinfo) == "grund_fehlt"
    for _ in range(2):
        cancel_kurs(kurs, welt.planung, "Frau Lehr ist erkrankt")
    told = list(Nachricht.objects.filter(schluessel__startswith="kursabsage:"))
    assert {row.empfaenger for row in told} == {*people, welt.lehrende}
    assert len(told) == 4
    assert not any("erkrankt" in row.text + row.betreff for row in told)
    kurs.refresh_from_db()
    assert (kurs.status, kurs.absagegrund) == ("abgesagt", "Frau Lehr ist erkrankt")
    assert set(kurs.termine.values_list("status", flat=True)) == {"abgesagt"}
    assert kurs.beginn is not None
    assert [h[0] for h in heard].count("kurs_abgesagt") == 1
    with pytest.raises(DomainError) as excinfo:
        publish_kurs(kurs, welt.planung)
    assert code_of(excinfo) == "uebergang_unzulaessig"


def test_a_cancelled_draft_tells_nobody(welt):
    cancel_kurs(welt.fertiger_kurs(), welt.planung, "doch nicht")
    assert not Nachricht.objects.exists()


def test_cancelling_keeps_past_sessions(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    past = TerminFactory(kurs=kurs, beginn=timezone.now() - dt.timedelta(days=3))
    cancel_kurs(kurs, welt.planung, "Fördermittel entfallen")
    past.refresh_from_db()
    assert past.status == "geplant"


def test_complete_only_when_all_sessions_are_over(welt):
    kurs = publish_kurs(welt.fertiger_kurs(), welt.planung)
    with pytest.raises(DomainError) as excinfo:
        complete_kurs(kurs, welt.planung)
    assert code_of(excinfo) == "kurs_laeuft_noch"
    Termin.objects.update(beginn=timezone.now() - dt.timedelta(hours=5), ende=timezone.now() - dt.timedelta(hours=1))
    assert complete_kurs(complete_kurs(kurs, welt.planung), welt.planung).status == "abgeschlossen"
    with pytest.raises(DomainError) as excinfo:
        update_kurs(kurs, welt.planung, titel="zu spät")
    assert code_of(excinfo) == "kurs_beendet"
    with pytest.raises(DomainError) as excinfo:
        add_termine(kurs, welt.planung, [welt.entwurf(20)])
    assert code_of(excinfo) == "kurs_beendet"


def test_rights_come_and_go_with_the_assignment(welt):
    kurs, person = welt.kurs(), PersonFactory()
    auftrag = assign_lehrauftrag(kurs, person, welt.planung)
    assert assign_lehrauftrag(kurs, person, welt.planung) == auftrag
    names = ("leiten", "anwesenheit_erfassen", "bewerten")

    def held():
        fresh = type(person).objects.get(pk=person.pk)
        return [name for name in names if fresh.has_perm(f"kurse.{name}", kurs)]

    assert held() == list(names)
    assign_lehrauftrag(kurs, person, welt.planung, Lehrrolle.MITWIRKUNG)
    assert held() == ["anwesenheit_erfassen", "bewerten"]
    for _ in range(2):
        remove_lehrauftrag(auftrag, welt.planung)
    assert held() == []
    assert not Lehrauftrag.objects.exists()


def test_places(welt):
    ort = create_ort(welt.planung, organisation=welt.org, name="Saal", ort="Pirna", kreis=Kreis.DRESDEN)
    with pytest.raises(DomainError) as excinfo:
        create_ort(welt.planung, organisation=welt.org, name="Saal", ort="Pirna", kreis=Kreis.DRESDEN)
    assert code_of(excinfo) == "ort_vorhanden"
    assert update_ort(ort, welt.planung, barrierefreiheit="Aufzug").barrierefreiheit == "Aufzug"
    delete_ort(ort, welt.planung)
    welt.fertiger_kurs()
    with pytest.raises(DomainError) as excinfo:
        delete_ort(welt.ort, welt.planung)
    assert code_of(excinfo) == "ort_benutzt"


def test_recht_is_checked_on_the_provider_of_the_course(welt):
    stranger = member(OrganisationFactory(bildungstraeger=True), Rolle.LEITUNG)
    assert Recht.KURSE_VERWALTEN
    with pytest.raises(PermissionDenied):
        update_kurs(welt.kurs(), stranger, titel="fremd")
