"""What is stored of a ticket's holder, until the retention ends."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class PersonRow(SQLModel, table=True):
    """`id_hash` is keyed, `phone_sealed` is AES-GCM (nonce and ciphertext, hex); the keys are in the secret file."""

    __tablename__ = "person"

    ticket: str = Field(primary_key=True, foreign_key="ticket.id")
    id_hash: str | None = Field(default=None, index=True)
    id_tail: str | None = None
    phone_sealed: str | None = None
    phone_tail: str | None = None
    kept_at: int = Field(sa_type=BigInteger, index=True)
