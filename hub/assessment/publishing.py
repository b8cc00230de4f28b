"""发布: a closed result on the hall's screens. Only what is frozen is published; reopening withdraws it."""

import json
from typing import Any

from hub.assessment.announcing import lines
from hub.assessment.awards import STARS_LEAST
from hub.assessment.offer import unit_names
from hub.assessment.periods import Period
from hub.assessment.scheme import Scheme
from hub.journal import RunSql
from hub.notices.verbs import put_up
from hub.problems import Invalid, NotAllowed
from hub.store import Tx
from hub.wire import PublishedLines, PublishResult

_CLOSED = """
SELECT document FROM period_closing WHERE scheme = :scheme AND period = :period AND reopened_at IS NULL
"""


def source_of(scheme: str, period: str) -> str:
    """What ties the notices of a result together."""
    return f"assessment {scheme} {period}"


def publish(tx: Tx, scheme: Scheme, period: Period, command: PublishResult) -> PublishedLines:
    """Raises NotAllowed (not closed, too many notices stand), Invalid (stars who may not be)."""
    tx.alone(f"assessment {scheme.code}")
    told = preview(tx.rows, scheme, period, command)
    put_up(tx, told.source, told.lines)
    tx.record("result_published", scheme=scheme.code, period=period.key, stars=len(command.stars))
    return told


def preview(run: RunSql, scheme: Scheme, period: Period, command: PublishResult) -> PublishedLines:
    """What `publish` would put up. Raises as it does."""
    if scheme.unit == "person":
        raise _refused("persons", "对个人的考核结果不在大屏公布。", "results of persons are not shown on screens.")
    rows = run(_CLOSED, scheme=scheme.code, period=period.key)
    if not rows:
        raise _refused("not_closed", "定稿后才能发布。", "only a closed result can be published.")
    document = json.loads(rows[0][0])[command.language]
    _may_be_stars(command.stars, document)
    told = lines(document, unit_names(run, scheme), command.stars, command.language)
    return PublishedLines(source=source_of(scheme.code, period.key), lines=told)


def _may_be_stars(stars: tuple[str, ...], document: dict[str, Any]) -> None:
    if not stars:
        return
    eligible = {one["clerk"] for one in document.get("stars", {}).get("candidates", []) if one["eligible"]}
    if strangers := sorted(set(stars) - eligible):
        raise Invalid("stars", f"不符合条件 · not eligible: {', '.join(strangers)}")
    if len(set(stars)) < max(len(stars), STARS_LEAST):
        raise Invalid("stars", f"每年至少 {STARS_LEAST} 人，不得重复 · at least {STARS_LEAST}, nobody twice")


def _refused(state: str, zh: str, en: str) -> NotAllowed:
    return NotAllowed(state=state, zh=zh, en=en)
