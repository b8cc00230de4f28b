"""Code tables of other systems. They contradict each other, so names are stored and codes made here, on export only.

Pure. Sources: GB/T 39046—2020《政务服务平台基础数据规范》 tables A.6, A.8 and 9; the evaluation interface of the
national platform as Zhejiang publishes it (办件评价服务: `satisfaction`, `pf`, `promiseTime`). Their levels run in
opposite directions and so do their case kinds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from hub.wire import LEVELS

CodeTableName = Literal["gbt39046", "zhejiang"]
CODE_TABLES: tuple[CodeTableName, ...] = get_args(CodeTableName)


@dataclass(frozen=True)
class CodeTable:
    """Codes by our names; what has no code there is absent and exported empty."""

    levels: Mapping[str, str]
    channels: Mapping[str, str]
    kinds: Mapping[str, str]
    other_kind: str
    defaulted: str = ""
    """The channel of an evaluation that nobody gave (系统默认)."""

    def channel(self, channel: str | None, source: str | None) -> str:
        return self.defaulted if source == "default" else self.channels.get(channel or "", "")

    def kind(self, kind: str | None) -> str:
        return self.kinds.get(kind or "", self.other_kind) if kind else ""

    def level(self, level: str | None) -> str:
        return self.levels.get(level or "", "")


#: A key-pad is 政务大厅其他终端, an LCD evaluator 平板电脑; what was typed in from paper has no channel.
_AT_THE_HALL = {"web": "1", "qr": "3", "tablet": "4", "keypad": "5", "kiosk": "5"}

TABLES: dict[CodeTableName, CodeTable] = {
    "gbt39046": CodeTable(
        levels={level: str(place) for place, level in enumerate(LEVELS, 1)},
        channels={**_AT_THE_HALL, "phone": "6", "sms": "7"},
        kinds={"immediate": "1", "promised": "2"},
        other_kind="9",
    ),
    "zhejiang": CodeTable(
        levels={level: str(5 - place) for place, level in enumerate(LEVELS)},
        channels={**_AT_THE_HALL, "sms": "6"},
        kinds={"promised": "1", "immediate": "2"},
        other_kind="",
        defaulted="7",
    ),
}
