"""`hall estimate`: how good the waiting times were that people were told."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hub.queue.backtest import Foretold
    from hub.settings import Settings
    from hub.store import Reader


def estimate(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="起始日期（含）· first day")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="截止日期（含）· last day")],
    form: Annotated[str, typer.Option("--format", help="text | json")] = "text",
) -> None:
    """等候预估的准确度，与简单估算对照 · How good the told waiting times were, beside a naive estimate."""
    from hub.commands import fail, language, settings_or_exit
    from hub.offline import look_beside
    from hub.problems import HallError

    if form not in ("text", "json"):
        raise typer.BadParameter("text | json", param_hint="--format")
    settings, chinese = settings_or_exit(), language() != "en"
    try:
        days = look_beside(settings, _days, settings, first.date(), last.date())
    except HallError as error:
        raise fail(error.sentence("zh" if chinese else "en")) from None
    if not any(days.values()):
        raise fail("这些天没有取号记录。" if chinese else "No ticket was journaled and called on these days.")
    sys.stdout.write(_text(days, chinese=chinese) if form == "text" else _json(days))


def _days(reader: Reader, settings: Settings, first: date, last: date) -> dict[str, list[Foretold]]:
    from hub.queue.hall import load_hall
    from hub.queue.replay import replay

    hall = load_hall(reader.rows, "", settings.queue, settings.calendar)
    return dict(replay(reader.rows, hall, first, last))


def _text(days: dict[str, list[Foretold]], *, chinese: bool) -> str:
    from hub.queue.backtest import score, table

    scored = [(day, found) for day, foretold in days.items() if (found := score(foretold))]
    everything = score([one for foretold in days.values() for one in foretold])
    if everything and len(scored) > 1:
        scored.append(("合计" if chinese else "all", everything))
    lines = table(scored, chinese=chinese, first="日期" if chinese else "day")
    return "\n".join([*lines, "", *(NOTES_ZH if chinese else NOTES_EN)]) + "\n"


def _json(days: dict[str, list[Foretold]]) -> str:
    from hub.queue.backtest import score

    everything = score([one for foretold in days.values() for one in foretold])
    document = {
        "days": [{"day": day, **found.rounded()} for day, foretold in days.items() if (found := score(foretold))],
        "all": everything.rounded() if everything else None,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


NOTES_ZH = (
    "等候和误差以分钟计；等候为取号至首次叫号。落入区间：实际等候在预估的 20% 至 80% 分位之间，理想为 60%。",
    "落入所示：在告知群众的取整区间之内。简单法：前面人数 × 平均办理时间 ÷ 开放窗口数。",
)
NOTES_EN = (
    "Waits and errors in minutes; the wait is from the issue to the first call. inside: the wait fell between the",
    "estimate's 20th and 80th percentile, ideally 60%. as told: inside the rounded range that people read.",
    "naive: people ahead × mean service time / open counters.",
)
