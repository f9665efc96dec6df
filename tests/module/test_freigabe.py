"""From draft to publication: every way through the review, and who may walk it."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from lms.core.audit import audit_for
from lms.core.errors import DomainError
from lms.konten.enums import Rolle
from lms.konten.services import end_mitgliedschaft
from lms.post.models import Nachricht
from module import selectors, services
from module.enums import VersionStatus
from module.felder import GRUPPEN, fehlende_felder, hinweise
from module.models import Freigabe, Modul, Modulversion
from tests.factories import AnwesenheitsregelFactory, OrganisationFactory, PersonFactory, member
from tests.factories.katalog import katalog_of, pflichtfelder, redaktion

pytestmark = pytest.mark.django_db


def actions(version):
    return [row.aktion for row in audit_for(version).order_by("id")]


def test_published_only_when_every_partner_has_released(partner):
    version = partner.eingereicht()
    services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="freigegeben")
    version.refresh_from_db()
    assert version.status == VersionStatus.EINGEREICHT
    services.decide_freigabe(version, partner.hochschule, partner.anna, entscheidung="freigegeben")
    version.refresh_from_db()
    assert version.status == VersionStatus.VEROEFFENTLICHT
    assert version.veroeffentlicht_at
    assert version.gueltig_ab
    assert actions(version) == [
        "modulversion_eingereicht",
        "modulversion_freigegeben",
        "modulversion_freigegeben",
        "modulversion_veroeffentlicht",
    ]


def test_return_needs_a_comment_and_starts_a_new_round(partner):
    version = partner.eingereicht()
    with pytest.raises(DomainError) as error:
        services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="zurueckgegeben", kommentar=" ")
    assert (error.value.code, error.value.field) == ("kommentar_fehlt", "kommentar")
    services.decide_freigabe(version, partner.hochschule, partner.anna, entscheidung="freigegeben")
    services.decide_freigabe(
        version, partner.traeger, partner.ben, entscheidung="zurueckgegeben", kommentar="Mehr Praxis"
    )
    version.refresh_from_db()
    assert (version.status, version.runde) == (VersionStatus.ZURUECKGEGEBEN, 1)
    services.update_version(version, partner.anna, praxis_stunden=Decimal(10))
    version = services.submit_version(version, partner.anna)
    assert (version.status, version.runde) == (VersionStatus.EINGEREICHT, 2)
    # the release of round 1 does not count in round 2
    services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="freigegeben")
    version.refresh_from_db()
    assert version.status == VersionStatus.EINGEREICHT
    services.decide_freigabe(version, partner.hochschule, partner.anna, entscheidung="freigegeben")
    version.refresh_from_db()
    assert version.status == VersionStatus.VEROEFFENTLICHT
    assert [len(r["freigaben"]) for r in selectors.runden_of(version)] == [2, 2]


def test_a_partner_decides_once_per_round(partner):
    version = partner.eingereicht()
    first = services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="freigegeben")
    again = services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="freigegeben")
    assert again == first
    assert Freigabe.objects.count() == 1
    with pytest.raises(DomainError) as error:
        services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="zurueckgegeben", kommentar="doch")
    assert error.value.code == "schon_entschieden"


def test_a_new_partner_must_decide_too(partner):
    version = partner.eingereicht()
    services.decide_freigabe(version, partner.hochschule, partner.anna, entscheidung="freigegeben")
    third = OrganisationFactory(hochschule=True)
    carla = redaktion(third)
    services.add_katalogpartner(partner.katalog, third, partner.anna)
    services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="freigegeben")
    version.refresh_from_db()
    assert version.status == VersionStatus.EINGEREICHT
    services.decide_freigabe(version, third, carla, entscheidung="freigegeben")
    version.refresh_from_db()
    assert version.status == VersionStatus.VEROEFFENTLICHT


def test_only_the_leading_partner_adds_partners(partner):
    with pytest.raises(PermissionDenied):
        services.add_katalogpartner(partner.katalog, OrganisationFactory(), partner.ben)
    one = services.add_katalogpartner(partner.katalog, partner.traeger, partner.anna)
    assert one.federfuehrend is False
    assert partner.katalog.katalogpartner.count() == 2


def test_the_new_version_supersedes_the_old_one(partner):
    old = partner.veroeffentlicht()
    new = services.create_version(old.modul, partner.ben)
    assert (new.nummer, new.status, new.inhalte, new.ects) == (2, VersionStatus.ENTWURF, old.inhalte, old.ects)
    assert services.create_version(old.modul, partner.anna) == new  # the open draft, not a second one
    services.update_version(new, partner.ben, titel="Neuer Titel")
    partner.release(services.submit_version(new, partner.ben))
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status) == (VersionStatus.ABGELOEST, VersionStatus.VEROEFFENTLICHT)
    assert old.titel == "Modul M-1"
    assert Modul.objects.get(pk=old.modul_id).titel == "Neuer Titel"


@pytest.mark.parametrize("state", ["eingereicht", "veroeffentlicht"])
def test_what_is_submitted_or_published_cannot_be_edited(partner, state):
    version = getattr(partner, state)()
    with pytest.raises(DomainError) as error:
        services.update_version(version, partner.anna, titel="heimlich")
    assert error.value.code == "version_unveraenderlich"
    version.refresh_from_db()
    assert version.titel == "Modul M-1"


@pytest.mark.parametrize("name", [name for gruppe in GRUPPEN for name in gruppe.pflicht])
def test_each_mandatory_field_is_needed(partner, name):
    empty = None if name in ("ects", "notenskala", "praesenz_stunden", "selbststudium_stunden") else " "
    version = partner.entwurf(**pflichtfelder(**{name: empty}))
    with pytest.raises(DomainError) as error:
        services.submit_version(version, partner.anna)
    assert error.value.code == "pflichtfelder_fehlen"
    assert error.value.details == {"felder": [name]}
    version.refresh_from_db()
    assert (version.status, version.runde) == (VersionStatus.ENTWURF, 0)


def test_zero_is_a_statement(partner):
    assert fehlende_felder(partner.entwurf(**pflichtfelder(praesenz_stunden=Decimal(0)))) == []


def test_submitting_twice_is_the_same_round(partner):
    version = partner.eingereicht()
    assert services.submit_version(version, partner.anna).runde == 1


def test_published_version_cannot_be_submitted_again(partner):
    with pytest.raises(DomainError) as error:
        services.submit_version(partner.veroeffentlicht(), partner.anna)
    assert error.value.code == "uebergang_unzulaessig"


@pytest.mark.parametrize(
    ("felder", "wort"),
    [
        ({"ects": Decimal(3), "praesenz_stunden": Decimal(30), "selbststudium_stunden": Decimal(50)}, "Weniger als 5"),
        ({"praesenz_stunden": Decimal(20)}, "20,0 Stunden je ECTS-Punkt"),
        ({"selbststudium_stunden": Decimal(500)}, "je ECTS-Punkt"),
        ({"dauer_semester": 3}, "Länger als zwei Semester"),
    ],
)
def test_unusual_numbers_are_hints_not_errors(partner, felder, wort):
    version = partner.entwurf(**pflichtfelder(ue=Decimal(80), anwesenheitsregel=AnwesenheitsregelFactory(), **felder))
    assert [wort in text for text in hinweise(version)] == [True]
    assert services.submit_version(version, partner.anna).status == VersionStatus.EINGEREICHT


def test_usual_numbers_give_no_hint(partner):
    version = partner.entwurf(**pflichtfelder(ue=Decimal(80), anwesenheitsregel=AnwesenheitsregelFactory()))
    assert hinweise(version) == []


# --- who may --------------------------------------------------------------------------------------------------------
def outsiders(partner):
    return {
        "anonym": AnonymousUser(),
        "ohne Rolle": PersonFactory(),
        "fremde Organisation": redaktion(OrganisationFactory(hochschule=True)),
        "andere Rolle": member(partner.hochschule, Rolle.KURSVERWALTUNG),
    }


def test_outsiders_can_do_nothing(partner):
    draft, submitted = partner.entwurf("M-1"), partner.eingereicht("M-2")
    for person in outsiders(partner).values():
        for act in (
            lambda p: services.create_modul(p, partner.katalog, code="X", titel="X", verantwortlich=partner.hochschule),
            lambda p: services.update_version(draft, p, titel="X"),
            lambda p: services.submit_version(draft, p),
            lambda p: services.delete_entwurf(draft, p),
            lambda p: services.create_version(draft.modul, p),
            lambda p: services.decide_freigabe(submitted, partner.hochschule, p, entscheidung="freigegeben"),
        ):
            with pytest.raises(PermissionDenied):
                act(person)
    assert not Freigabe.objects.exists()
    assert Modulversion.objects.count() == 2


def test_nobody_decides_for_another_partner(partner):
    version = partner.eingereicht()
    with pytest.raises(PermissionDenied):
        services.decide_freigabe(version, partner.hochschule, partner.ben, entscheidung="freigegeben")
    stranger = OrganisationFactory(hochschule=True)
    with pytest.raises(PermissionDenied):
        services.decide_freigabe(version, stranger, redaktion(stranger), entscheidung="freigegeben")


def test_rights_on_one_catalogue_are_none_on_another(partner):
    other = OrganisationFactory(hochschule=True)
    katalog_of(other, titel="Anderer Katalog")
    with pytest.raises(PermissionDenied):
        services.update_version(partner.entwurf(), redaktion(other), titel="X")


def test_rights_end_with_the_membership(partner):
    version = partner.eingereicht()
    end_mitgliedschaft(partner.ben.mitgliedschaften.get(), None)
    with pytest.raises(PermissionDenied):
        services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="freigegeben")


# --- small rules ----------------------------------------------------------------------------------------------------
def test_codes_are_unique_in_the_catalogue(partner):
    partner.entwurf("M-1")
    with pytest.raises(DomainError) as error:
        partner.entwurf(" m-1 ")
    assert (error.value.code, error.value.field) == ("modulcode_vergeben", "code")


def test_only_partners_are_in_charge(partner):
    with pytest.raises(DomainError) as error:
        services.create_modul(partner.anna, partner.katalog, code="X", titel="X", verantwortlich=OrganisationFactory())
    assert error.value.code == "kein_katalogpartner"


@pytest.mark.parametrize(
    ("name", "value"),
    [("titel", ""), ("titel", "x" * 301), ("ects", Decimal(-1)), ("praxis_stunden", Decimal(-1)), ("quelle_url", "x")],
)
def test_bad_values_are_refused_with_their_field(partner, name, value):
    version = partner.entwurf()
    with pytest.raises(DomainError) as error:
        services.update_version(version, partner.anna, **{name: value})
    assert (error.value.code, error.value.field) == ("feld_ungueltig", name)


def test_stale_form_changes_nothing(partner):
    version = partner.entwurf()
    stand = services.stand_of(version)
    services.update_version(version, partner.ben, stand=stand, lehrformen="Werkstatt")
    with pytest.raises(DomainError) as error:
        services.update_version(version, partner.anna, stand=stand, lehrformen="Vorlesung")
    assert error.value.code == "inzwischen_geaendert"
    version.refresh_from_db()
    assert version.lehrformen == "Werkstatt"


def test_draft_is_discarded_only_before_the_first_submission(partner):
    draft = partner.entwurf("M-1")
    services.delete_entwurf(draft, partner.anna)
    assert not Modul.objects.filter(code="M-1").exists()
    version = partner.eingereicht("M-2")
    services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="zurueckgegeben", kommentar="nein")
    with pytest.raises(DomainError):
        services.delete_entwurf(version, partner.anna)
    assert Freigabe.objects.count() == 1


def test_partners_are_told(partner, django_capture_on_commit_callbacks):
    version = partner.eingereicht()
    assert list(Nachricht.objects.values_list("an", flat=True)) == [partner.ben.email]
    text = Nachricht.objects.get()
    assert version.titel in text.betreff
    assert f"/modulversionen/{version.public_id}/" in text.text
    services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="zurueckgegeben", kommentar="geheim")
    back = Nachricht.objects.exclude(pk=text.pk).get()
    assert back.an == partner.anna.email
    assert "geheim" not in back.text


def test_what_waits_for_whom(partner):
    version = partner.eingereicht()
    assert list(selectors.versionen_zu_entscheiden(partner.anna)) == [version]
    services.decide_freigabe(version, partner.hochschule, partner.anna, entscheidung="freigegeben")
    assert list(selectors.versionen_zu_entscheiden(partner.anna)) == []
    assert list(selectors.versionen_zu_entscheiden(partner.ben)) == [version]
    services.decide_freigabe(version, partner.traeger, partner.ben, entscheidung="zurueckgegeben", kommentar="x")
    assert list(selectors.versionen_zu_entscheiden(partner.ben)) == []
    assert list(selectors.versionen_zu_ueberarbeiten(partner.anna)) == [version]
