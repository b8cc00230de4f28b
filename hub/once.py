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


#: A row while the verb is done, kept with its answer when it is committed. On PostgreSQL another process that comes
#: with the same key waits here until the first one's transaction has ended. A key past its time is taken anew.
_TAKE_KEY = """
INSERT INTO idempotency (scope, key, body_hash, answer, at) VALUES (:scope, :key, :body_hash, '', :at)
ON CONFLICT (scope, key) DO UPDATE SET body_hash = excluded.body_hash, answer = '', at = excluded.at
WHERE idempotency.at <= :oldest
RETURNING key
"""
_FIND_KEY = "SELECT body_hash, answer FROM idempotency WHERE scope = :scope AND key = :key"
_KEEP_ANSWER = "UPDATE idempotency SET answer = :answer WHERE scope = :scope AND key = :key"


def forget_keys(tx: "Tx") -> None:
    """Let go of Idempotency-Keys that are past their time."""
    oldest = micros(tx.now) - KEY_KEPT_HOURS * 3600 * 1_000_000
    tx.rows("DELETE FROM idempotency WHERE at <= :oldest", oldest=oldest)


def done_once(tx: "Tx", once: Once, verb: Callable[["Tx"], Any]) -> Any:
    """The verb's answer, or the kept one when this key was done already. Raises KeyReused."""
    oldest = micros(tx.now) - KEY_KEPT_HOURS * 3600 * 1_000_000
    named = {"scope": once.scope, "key": once.key}
    if not tx.rows(_TAKE_KEY, **named, body_hash=once.body_hash, at=micros(tx.now), oldest=oldest):
        body_hash, answer = tx.rows(_FIND_KEY, **named)[0]
        if body_hash != once.body_hash:
            raise KeyReused
        return once.answer.model_validate_json(answer)
    done = verb(tx)
    tx.rows(_KEEP_ANSWER, **named, answer=json.dumps(done.wire(), ensure_ascii=False))
    return done
