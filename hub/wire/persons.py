"""Who holds a ticket: said once, stored as little as matching needs, never told again in clear without a reason."""

from pydantic import Field

from hub.wire.message import Message


class Holder(Message):
    """公民身份号码 and telephone, both optional. They do not show in any log."""

    id_number: str | None = Field(default=None, max_length=40, repr=False)
    phone: str | None = Field(default=None, max_length=40, repr=False)


class HolderKept(Message):
    """What is known of a ticket's holder: masked, unless a reason was given.

    Of an ID number only a keyed hash and the last four characters are stored: nobody can read it again.
    """

    ticket: str
    number: str
    id_number: str | None = None
    phone: str | None = Field(default=None, repr=False)
    masked: bool
