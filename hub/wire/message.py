"""What every message shares."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Message(BaseModel):
    """A frozen JSON object; unknown fields are refused and absent ones stay absent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def wire(self) -> dict[str, Any]:
        """The JSON object as it crosses a process: no member is null."""
        return self.model_dump(mode="json", exclude_none=True)

    def json_text(self) -> str:
        """`wire()` as JSON text."""
        return self.model_dump_json(exclude_none=True)


#: A text by language code, for example {"zh": "企业开办", "en": "Company registration"}; Chinese is always there.
Names = dict[str, str]


class WaitRange(Message):
    """An estimated wait in whole minutes, from the hopeful to the careful end."""

    low: int = Field(ge=0)
    high: int = Field(ge=0)
