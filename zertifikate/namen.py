"""Comparing a typed name with the name on a certificate, also after the person has been erased.

The digest is a salted scrypt over a tolerant form of the name: case, accents and spaces do not matter, so that
somebody without the letters of DIN 91379 on the keyboard can still verify. It costs about ten milliseconds on purpose.
"""

import hashlib
import hmac
import unicodedata

#: Letters whose base form Unicode does not derive.
_BASE = str.maketrans({"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ħ": "h", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"})


def canonical_name(name: str) -> str:
    """`"  Žofia  ĐORĐEVIĆ-Weiß"` → `"zofia dordevic weiss"`."""
    folded = unicodedata.normalize("NFKD", name.casefold()).translate(_BASE)
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    words = "".join(char if char.isalnum() else " " for char in letters).split()
    return " ".join(words)


def name_digest(name: str, salt: str) -> str:
    raw = canonical_name(name).encode()
    return hashlib.scrypt(raw, salt=bytes.fromhex(salt), n=2**12, r=8, p=1, dklen=32).hex()


def names_match(typed: str, salt: str, digest: str) -> bool:
    return bool(canonical_name(typed)) and hmac.compare_digest(name_digest(typed, salt), digest)
