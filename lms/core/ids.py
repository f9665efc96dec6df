"""Public identifiers: short, without look-alikes, not guessable in sequence."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def random_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_public_id() -> str:
    """12 characters, about 59 bits. Object access is always checked; the id is not a secret."""
    return random_code(12)
