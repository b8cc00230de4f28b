"""Certificates told apart: the SHA-256 fingerprint, as people compare it and as programs keep it."""

import hashlib
import re
import ssl

#: Groups of four hexadecimal digits that people compare: 128 bits.
GROUPS = 8

_NOT_HEX = re.compile(r"[^0-9a-f]")


def fingerprint(pem: str) -> str:
    """SHA-256 of the certificate itself, 64 hexadecimal digits. Raises ValueError."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


def in_groups(whole: str) -> str:
    """The beginning of a fingerprint, as a screen shows it: `3F0A 77C2 …`."""
    digits = whole.upper()
    return " ".join(digits[at : at + 4] for at in range(0, GROUPS * 4, 4))


def plain(text: str) -> str:
    """A fingerprint that somebody wrote, with whatever between the digits; only its hexadecimal digits."""
    return _NOT_HEX.sub("", text.lower())


def certificate_in(text: str) -> str:
    """The first certificate of a PEM text that may hold a key too. Raises ValueError."""
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    _, found, rest = text.partition(begin)
    body, ended, _after = rest.partition(end)
    if not (found and ended):
        raise ValueError("no certificate in it")
    return f"{begin}{body}{end}\n"
