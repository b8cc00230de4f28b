"""Idempotency-Keys: the same key and body give the same answer, once done, for 24 hours, also across a restart."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.clock import micros
from hub.problems import KeyReused
from hub.wire import Message

if TYPE_CHECKING:
    from hub.store import Tx

KEY_KEPT_HOURS = 24


class IdempotencyRow(SQLModel, table=True):
    """The answer that an Idempotency-Key got; kept in the verb's own transaction."""

    __tablename__ = "idempotency"

    scope: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    body_hash: str
    answer: str
    at: int = Field(sa_type=BigInteger, index=True)


@dataclass(frozen=True)
class Once:
    """An Idempotency-Key: same scope, key and body → the same answer, once done, for 24 hours."""

    scope: str
    key: str
    body_hash: str
    answer: type[Message]


_FIND_KEY = "SELECT body_hash, answer FROM idempotency WHERE scope = :scope AND key = :key AND at > :oldest"
_KEEP_KEY = (
    "INSERT INTO idempotency (scope, key, body_hash, answer, at) VALUES (:scope, :key, :body_hash, :answer, :at)"
    " ON CONFLICT (scope, key) DO UPDATE"
    " SET body_hash = excluded.body_hash, answer = excluded.answer, at = excluded.at"
)


def forget_keys(tx: "Tx") -> None:
    """Let go of Idempotency-Keys that are past their time."""
    oldest = micros(tx.now) - KEY_KEPT_HOURS * 3600 * 1_000_000
    tx.rows("DELETE FROM idempotency WHERE at <= :oldest", oldest=oldest)


def done_once(tx: "Tx", once: Once, verb: Callable[["Tx"], Any]) -> Any:
    """The verb's answer, or the kept one when this key was done already. Raises KeyReused."""
    oldest = micros(tx.now) - KEY_KEPT_HOURS * 3600 * 1_000_000
    kept = tx.rows(_FIND_KEY, scope=once.scope, key=once.key, oldest=oldest)
    if kept:
        if kept[0][0] != once.body_hash:
            raise KeyReused
        return once.answer.model_validate_json(kept[0][1])
    answer = verb(tx)
    tx.rows(
        _KEEP_KEY,
        scope=once.scope,
        key=once.key,
        body_hash=once.body_hash,
        answer=json.dumps(answer.wire(), ensure_ascii=False),
        at=micros(tx.now),
    )
    return answer
