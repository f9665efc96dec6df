"""Whose address limits count: everybody's own, also behind a proxy, and never one that a client made up."""

import pytest
from axes.helpers import get_client_ip_address
from axes.models import AccessAttempt
from django.test import RequestFactory

from lms.core.adresse import client_address
from lms.konten.adapter import KontoAdapter

PROXY = "10.0.0.1"


def ask(forwarded=None):
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    return RequestFactory().get("/", REMOTE_ADDR=PROXY, **extra)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, PROXY),
        (0, "203.0.113.7", PROXY),
        (1, None, PROXY),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.9, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.9, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", PROXY),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "<script>", PROXY),
    ],
)
def test_one_answer_for_every_limit(settings, proxies, forwarded, expected):
    settings.PROXY_COUNT = proxies
    request = ask(forwarded)
    found = (client_address(request), get_client_ip_address(request), KontoAdapter(request).get_client_ip(request))
    assert found == (expected, expected, expected)


@pytest.mark.django_db
def test_lockout_behind_a_proxy_stops_one_address_and_not_the_account(settings, client):
    settings.PROXY_COUNT, settings.AXES_FAILURE_LIMIT = 1, 3
    data = {"login": "jemand@example.org", "password": "falsch"}
    answers = [
        client.post("/konto/login/", data, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}, 203.0.113.7").status_code
        for n in range(4)
    ]
    assert answers[-1] == 429
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"203.0.113.7"}
    assert client.post("/konto/login/", data, HTTP_X_FORWARDED_FOR="203.0.113.8").status_code == 200
