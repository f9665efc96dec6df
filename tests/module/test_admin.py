"""Operators see everything, but only catalogues, partners and rules can be written there."""

import pytest
from django.urls import reverse

from module import models
from module.permissions import FREIGEBEN, hat_katalogrecht
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.katalog import redaktion

MODELS = [
    models.Anwesenheitsregel,
    models.Modul,
    models.Modulkatalog,
    models.Modulversion,
    models.Notenskala,
    models.Programm,
    models.Programmversion,
]


@pytest.fixture
def operator(client, partner):
    client.force_login(PersonFactory(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", MODELS)
def test_lists_open(operator, partner, model):
    partner.veroeffentlicht()
    assert operator.get(reverse(f"admin:module_{model._meta.model_name}_changelist")).status_code == 200


def test_published_versions_are_read_only(operator, partner):
    version = partner.veroeffentlicht()
    url = reverse("admin:module_modulversion_change", args=[version.pk])
    assert operator.get(url).status_code == 200
    assert operator.post(url, {"titel": "heimlich"}).status_code == 403
    version.refresh_from_db()
    assert version.titel == "Modul M-1"


def test_a_partner_added_by_operators_gets_its_rights(operator, partner):
    third = OrganisationFactory(hochschule=True)
    carla = redaktion(third)
    rows = list(partner.katalog.katalogpartner.all())
    data = {"titel": partner.katalog.titel, "beschreibung": ""}
    data |= {"katalogpartner-TOTAL_FORMS": 3, "katalogpartner-INITIAL_FORMS": 2}
    for index, row in enumerate(rows):
        prefix = f"katalogpartner-{index}-"
        data |= {
            f"{prefix}id": row.pk,
            f"{prefix}katalog": row.katalog_id,
            f"{prefix}organisation": row.organisation_id,
        }
        if row.federfuehrend:
            data[f"{prefix}federfuehrend"] = "on"
    data |= {"katalogpartner-2-id": "", "katalogpartner-2-organisation": third.pk}
    response = operator.post(reverse("admin:module_modulkatalog_change", args=[partner.katalog.pk]), data)
    assert response.status_code == 302
    assert hat_katalogrecht(carla, FREIGEBEN, partner.katalog.pk)
