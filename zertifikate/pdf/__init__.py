"""Snapshot in, bytes out: the printed form of what is attested. No database, no HTTP, no Django."""
