import pytest

from tests.kurse.aufgaben.welt import build_welt


@pytest.fixture
def welt(db):
    return build_welt()
