import pytest

from tests.kurse.planung.welt import Welt


@pytest.fixture
def welt(db):
    return Welt()
