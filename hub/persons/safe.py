"""The hashing and sealing of personal data with the hall's own keys."""

import hashlib
import hmac
from functools import cached_property
from typing import TYPE_CHECKING

from hub.keys import Keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Safe:
    """`Keys.person_hash` and `Keys.person_encryption` at work."""

    def __init__(self, keys: Keys) -> None:
        self._hash_key = keys.person_hash
        self._encryption_key = keys.person_encryption

    @cached_property
    def _cipher(self) -> "AESGCM":
        """Loaded with the first telephone number: a hall that asks for none starts sooner and smaller."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._encryption_key)

    def hash(self, id_number: str) -> str:
        """For matching only. Without the key the 10^17 ID numbers cannot be tried out."""
        return hmac.new(self._hash_key, b"id:" + id_number.encode(), hashlib.sha256).hexdigest()

    def seal(self, phone: str, ticket: str, nonce: bytes) -> str:
        """Bound to its ticket: moved to another row it cannot be opened. A nonce is used once."""
        return (nonce + self._cipher.encrypt(nonce, phone.encode(), ticket.encode())).hex()

    def open(self, sealed: str, ticket: str) -> str:
        """Raises cryptography's InvalidTag for data that was changed or sealed with another key."""
        data = bytes.fromhex(sealed)
        return self._cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], ticket.encode()).decode()
