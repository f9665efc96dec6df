"""NUL in an address is a wrong address, on every database (PostgreSQL refuses it in every query)."""

import pytest

from lms.core.middleware import ZeichenMiddleware
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/module/%00/", 404),
        ("/organisationen/a%00b/", 404),
        ("/api/v1/kurse/%00/", 404),
        ("/?q=%00", 400),
        ("/kurse/?q=a%00b", 400),
        ("/api/v1/kurse/?kreis=%00", 400),
        ("/kurse/?q=a", 200),
    ],
)
def test_nul(client, path, status):
    client.force_login(PersonFactory())
    response = client.get(path)
    assert response.status_code == status
    if path.startswith("/api/"):
        assert response.json()["code"] in ("nicht_gefunden", "anfrage_ungueltig")


def test_an_ordinary_request_passes(rf):
    request = rf.get("/kurse/", {"q": "Ärzt\U0001f600"})
    assert ZeichenMiddleware(lambda _request: None).process_view(request, None, (), {}) is None
