import pytest

from tests.factories.katalog import Partnerschaft


@pytest.fixture
def partner(db) -> Partnerschaft:
    return Partnerschaft()
