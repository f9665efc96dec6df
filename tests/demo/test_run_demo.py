"""Starting the demo: a port that is taken is an error, not a second service behind the same address."""

import socket

import pytest
from django.core.management import CommandError, call_command


def test_taken_port_is_refused(settings):
    settings.BETRIEB = "demo"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CommandError, match="is in use"):
            call_command("run_demo", port=other.getsockname()[1])
