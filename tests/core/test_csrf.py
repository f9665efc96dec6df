"""A form without a valid token answers with a page of this service; the verification page can be sent by a browser."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_a_form_without_token_says_what_to_do():
    answer = Client(enforce_csrf_checks=True).post(reverse("pruefen_start"), {"code": "k7qm-4t2x-9wrd-ab3c"})
    assert answer.status_code == 403
    assert "Bitte laden Sie sie neu" in answer.content.decode()


def test_pages_with_public_forms_let_browsers_name_their_origin():
    """With the policy "no-referrer" browsers send `Origin: null`, and every form of the page would be refused."""
    for url in (reverse("pruefen_start"), reverse("pruefen", args=["k7qm-4t2x-9wrd-ab3c"])):
        assert Client().get(url)["Referrer-Policy"] == "same-origin"
