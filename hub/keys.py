"""The hall's secret file: named random keys for the seal, for ID numbers and telephones; never in database or log.

Made on first use, readable by its owner only. Several machines on one PostgreSQL database need the same file: the
database knows its fingerprint, and a hub with another one is refused.
"""

import hashlib
import hmac
import secrets
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Field, SQLModel

from hub.journal import RunSql
from hub.private_files import create_once, others_may_read
from hub.settings import Settings, SettingsError, data_folder

if TYPE_CHECKING:
    from hub.store import Tx

KEY_BYTES = 32

_HEAD = """\
# 大厅的密钥文件：请另存一份副本，妥善保管，不要给任何人看；丢失后，已存的证件号和电话无法再核对或读取。
# The hall's secret keys: keep a copy in a safe place and show it to nobody. Without it, stored ID numbers and
# telephone numbers can be neither matched nor read. All hub machines of one hall need the same file.
"""


class SecretFileUnusable(SettingsError):
    """The secret file is missing where it must not be, damaged, open to others, or of another hall."""


class KeyMark(SQLModel, table=True):
    """The fingerprint of the keys that this database's hashes and seals were made with. One row."""

    __tablename__ = "key_mark"

    id: int = Field(primary_key=True)
    fingerprint: str


@dataclass(frozen=True, repr=False)
class Keys:
    """32 random bytes each; a key has one use. `request_hash` hashes request bodies under an Idempotency-Key."""

    seal: bytes
    person_hash: bytes
    person_encryption: bytes
    request_hash: bytes

    @property
    def name_hash(self) -> bytes:
        """Hashes log-in names that nobody has; made of another key, so that older secret files have it too."""
        return hmac.digest(self.request_hash, b"log-in names", "sha256")

    @property
    def fingerprint(self) -> str:
        """Tells key files apart and gives nothing away: the keys are random."""
        parts = b"".join(getattr(self, name) for name in KEY_NAMES)
        return hashlib.sha256(b"servicehall keys" + parts).hexdigest()[:32]


KEY_NAMES = tuple(field.name for field in fields(Keys))


def secret_path(settings: Settings) -> Path:
    """As configured, else beside the SQLite file, else in the user's data folder."""
    if settings.hub.secret_file:
        return Path(settings.hub.secret_file)
    url = settings.hub.database_url
    if url.startswith("sqlite:///"):
        database = Path(url.removeprefix("sqlite:///"))
        return database.with_name(f"{database.stem}.secret")
    return data_folder() / "hall.secret"


def load_keys(settings: Settings) -> Keys:
    """The hall's keys; the file is made if there is none. Raises SecretFileUnusable."""
    path = secret_path(settings)
    try:
        if not path.exists():
            create_once(path, _written(new_keys()))
        return _read(path)
    except OSError as error:
        raise SecretFileUnusable(
            f"{path}: the secret file cannot be used: {error.strerror or error}; let the hub's user own it, or choose"
            f" another [hub] secret_file / 密钥文件无法使用，请检查文件属主或更换 [hub] secret_file"
        ) from error


def _written(keys: Keys) -> str:
    return _HEAD + "".join(f'{name} = "{getattr(keys, name).hex()}"\n' for name in KEY_NAMES)


def new_keys() -> Keys:
    return Keys(**{name: secrets.token_bytes(KEY_BYTES) for name in KEY_NAMES})


def know_keys(tx: "Tx", keys: Keys, where: str) -> None:
    """Bind the database to these keys, once. Raises SecretFileUnusable when it belongs to others."""
    tx.rows(
        "INSERT INTO key_mark (id, fingerprint) VALUES (1, :fingerprint) ON CONFLICT (id) DO NOTHING",
        fingerprint=keys.fingerprint,
    )
    must_be_known(tx.rows, keys, where)


def must_be_known(run: RunSql, keys: Keys, where: str) -> None:
    """Raises SecretFileUnusable when the database was made with other keys; a new database takes any."""
    known = run("SELECT fingerprint FROM key_mark WHERE id = 1")
    if known and known[0][0] != keys.fingerprint:
        raise SecretFileUnusable(
            f"{where}: this secret file is not the one that the database was made with; copy the hall's own secret file"
            " (from the other hub machine or from the safe copy) to this place"
            " / 此密钥文件与数据库不符，请从另一台服务器或备份中复制原来的密钥文件"
        )


def _read(path: Path) -> Keys:
    if others_may_read(path):
        raise SecretFileUnusable(
            f"{path}: others on this machine may read the secret file; run: chmod 600 {path}"
            f" / 其他用户可以读取密钥文件，请执行：chmod 600 {path}"
        )
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        found = {name: bytes.fromhex(document[name]) for name in KEY_NAMES}
    except (KeyError, TypeError, ValueError) as error:  # TOML and Unicode errors are ValueErrors
        raise _damaged(path) from error
    if any(len(key) != KEY_BYTES for key in found.values()):
        raise _damaged(path)
    return Keys(**found)


def _damaged(path: Path) -> SecretFileUnusable:
    return SecretFileUnusable(
        f"{path}: the secret file is damaged; put the safe copy of it back in this place (a new one could neither match"
        " stored ID numbers nor prove the journal) / 密钥文件已损坏，请用备份副本恢复"
    )
