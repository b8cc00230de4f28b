"""RFC 9457 problem documents."""

from pydantic import BaseModel, ConfigDict


class Problem(BaseModel):
    """`code` is stable and for programs; `detail` is a sentence in the reader's language that says what to do."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    field: str | None = None
