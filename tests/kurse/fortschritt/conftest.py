import pytest

from kurse.fortschritt import nachweise
from tests.kurse.fortschritt.welt import Welt


@pytest.fixture
def welt(db):
    return Welt()


@pytest.fixture
def register():
    """The registry of certificates, put back afterwards."""
    before = (list(nachweise._providers), list(nachweise._bescheinigt))
    nachweise._providers.clear()
    nachweise._bescheinigt.clear()
    yield nachweise.register
    nachweise._providers[:], nachweise._bescheinigt[:] = before
