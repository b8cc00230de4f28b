"""A scheme's file into a Scheme: every mistake is named with its line, in both languages. Pure."""

import tomllib
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hub.assessment.leads import SIGHTS
from hub.assessment.metrics import METRICS
from hub.assessment.periods import PeriodKind, Quarters
from hub.assessment.readings import KNOWN, NUMBER, fits
from hub.assessment.scheme import (
    Awards,
    Basis,
    Group,
    Item,
    Kind,
    PeriodRule,
    Reading,
    Scheme,
    Unit,
    ZeroWith,
)
from hub.assessment.scheme_lines import Lines, lines_of
from hub.problems import BadLine, BadLines
from hub.wire import Names


def _number(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise ValueError("a number is needed")
    number = Fraction(value)
    if number < 0:
        raise ValueError("a number of 0 or more is needed")
    return number


Number = Annotated[Any, BeforeValidator(_number)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class _Head(_Table):
    code: Code
    names: Names
    source: Names
    unit: Unit
    quarters: Quarters = "calendar"
    points: Number = Fraction(100)
    bonus_cap: Number | None = None
    awards: Awards = ""


class _Period(_Table):
    kind: PeriodKind
    basis: Basis
    of: PeriodKind = "month"


class _Group(_Table):
    code: Code
    names: Names
    points: Number | None = None
    pool: bool = False
    available: Number | None = None


class _ZeroWith(_Table):
    item: str
    clause: str
    reading: str
    choice: str


class _Item(_Table):
    code: Code
    names: Names
    kind: Kind
    group: str
    article: str = ""
    evidence: str = ""
    points: Number | None = None
    metric: str = ""
    readings: tuple[str, ...] = ()
    tariff: tuple[Number, ...] = ()
    least: Number | None = None
    excess: Number | None = None
    cap: Number | None = None
    once: bool = False
    once_reading: str = ""
    step: int = Field(default=1, ge=1)
    step_reading: str = ""
    floor_reading: str = ""
    free_points: bool = False
    by_analogy: bool = False
    clauses: tuple[str, ...] = ()
    zero_with: _ZeroWith | None = None
    leads: tuple[str, ...] = ()


class _Reading(_Table):
    name: str
    names: Names
    default: str
    article: str = ""
    stated: bool = False
    choices: dict[str, Names] = {}


class _File(_Table):
    scheme: _Head
    period: tuple[_Period, ...] = ()
    group: tuple[_Group, ...] = ()
    item: tuple[_Item, ...] = ()
    reading: tuple[_Reading, ...] = ()
    classes: dict[str, Names] = {}


def parse_scheme(text: str, *, origin: str = "") -> Scheme:
    """Raises BadLines naming every mistake of the file."""
    try:
        document = tomllib.loads(text, parse_float=Fraction)
    except tomllib.TOMLDecodeError as error:
        raise BadLines([_not_toml(error)]) from error
    lines = lines_of(text)
    try:
        file = _File.model_validate(document)
    except ValidationError as error:
        raise BadLines([_in_words(one, lines) for one in error.errors()]) from error
    faults = [*_faults(file, lines)]
    if faults:
        raise BadLines(faults)
    return _scheme(file, origin)


def _scheme(file: _File, origin: str) -> Scheme:
    head = file.scheme
    return Scheme(
        code=head.code,
        names=head.names,
        source=head.source,
        unit=head.unit,
        quarters=head.quarters,
        points=head.points,
        bonus_cap=head.bonus_cap,
        awards=head.awards,
        periods=tuple(PeriodRule(one.kind, one.basis, one.of) for one in file.period),
        groups=tuple(Group(**_fields(one)) for one in file.group),
        items=tuple(Item(**(_fields(one) | {"zero_with": _zero_with(one)})) for one in file.item),
        readings=tuple(Reading(**_fields(one)) for one in file.reading),
        classes=file.classes,
        origin=origin,
    )


def _fields(table: _Table) -> dict[str, Any]:
    return {name: getattr(table, name) for name in type(table).model_fields}


def _zero_with(item: _Item) -> ZeroWith | None:
    return ZeroWith(**_fields(item.zero_with)) if item.zero_with else None


# -- what a file can have wrong


def _not_toml(error: tomllib.TOMLDecodeError) -> BadLine:
    told = str(error)
    _, _, rest = told.partition("at line ")
    line = int(rest.partition(",")[0]) if rest[:1].isdigit() else 1
    return BadLine(line, f"不是有效的 TOML：{told}", f"not valid TOML: {told}")


def _in_words(problem: Any, lines: Lines) -> BadLine:
    place = [str(part) for part in problem["loc"]]
    table, rest = place[0], place[1:]
    index = int(rest.pop(0)) if rest and rest[0].isdigit() else 0
    key = rest[0] if rest else ""
    where = ".".join([f"[[{table}]]" if table in ("item", "group", "period", "reading") else f"[{table}]", *rest])
    told = "unknown key" if problem["type"] == "extra_forbidden" else problem["msg"].removeprefix("Value error, ")
    zh = "没有这个键" if problem["type"] == "extra_forbidden" else f"填写有误（{told}）"
    return BadLine(lines.of(table, index, key), f"{where}：{zh}", f"{where}: {told}")


def _faults(file: _File, lines: Lines) -> Iterator[BadLine]:
    groups = {group.code: group for group in file.group}
    declared = {reading.name: reading for reading in file.reading}
    items = {item.code for item in file.item}
    for table, rows in (("period", file.period), ("group", file.group), ("item", file.item)):
        if not rows:
            yield BadLine(1, f"缺少 [[{table}]]", f"there is no [[{table}]]")
    yield from _twice("group", [one.code for one in file.group], lines)
    yield from _twice("item", [one.code for one in file.item], lines)
    yield from _twice("reading", [one.name for one in file.reading], lines)
    yield from _twice("period", [one.kind for one in file.period], lines)
    for index, reading in enumerate(file.reading):
        yield from _reading_faults(reading, lines, index)
    for index, item in enumerate(file.item):
        at = lines.of
        if item.group not in groups:
            zh, en = f"没有分组 {item.group}", f"there is no group {item.group}"
            yield BadLine(at("item", index, "group"), f"{item.code}：{zh}", f"{item.code}: {en}")
        else:
            yield from _item_faults(item, groups[item.group], lines, index)
        for name in _switches(item):
            if name not in declared:
                yield BadLine(
                    at("item", index, "readings"),
                    f"{item.code}：理解开关 {name} 没有声明，请加上 [[reading]]",
                    f"{item.code}: the reading {name} is not declared; add a [[reading]]",
                )
        if item.zero_with and item.zero_with.item not in items:
            told = item.zero_with.item
            yield BadLine(at("item", index, "zero_with"), f"没有指标 {told}", f"there is no item {told}")


def _twice(table: str, codes: list[str], lines: Lines) -> Iterator[BadLine]:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield BadLine(lines.of(table, index), f"{code} 重复", f"{code} stands twice")


def _switches(item: _Item) -> set[str]:
    named = {*item.readings, item.once_reading, item.step_reading, item.floor_reading}
    if item.zero_with:
        named.add(item.zero_with.reading)
    return named - {""}


def _reading_faults(reading: _Reading, lines: Lines, index: int) -> Iterator[BadLine]:
    known = KNOWN.get(reading.name)
    if known is None:
        told = "、".join(KNOWN)
        zh, en = f"没有理解开关 {reading.name}；可用：{told}", f"no such reading: {reading.name}; there are: {told}"
        yield BadLine(lines.of("reading", index, "name"), zh, en)
        return
    if not fits(reading.name, reading.default) or (known != NUMBER and reading.default not in reading.choices):
        allowed = "number" if known == NUMBER else " | ".join(reading.choices)
        told = f"{reading.name}: default = {reading.default!r} ({allowed})"
        yield BadLine(lines.of("reading", index, "default"), f"默认值不可用：{told}", f"cannot be the default: {told}")
    for choice in set(reading.choices) - set(known):
        allowed = "、".join(known)
        zh, en = f"{reading.name} 没有选项 {choice}（{allowed}）", f"{reading.name} has no choice {choice} ({allowed})"
        yield BadLine(lines.of("reading", index, "choices"), zh, en)


#: Kinds that need points, and those that can do with a metric only.
_NEED_POINTS = frozenset({"rate", "threshold", "zero", "each", "manual", "bonus"})


def _item_faults(item: _Item, group: _Group, lines: Lines, index: int) -> Iterator[BadLine]:
    for key, zh, en in _wrong(item, group):
        yield BadLine(lines.of("item", index, key), f"{item.code}：{zh}", f"{item.code}: {en}")


def _wrong(item: _Item, group: _Group) -> Iterator[tuple[str, str, str]]:
    metric = METRICS.get(item.metric)
    if item.metric and metric is None:
        told = "、".join(METRICS)
        yield "metric", f"没有数据 {item.metric}；可用：{told}", f"no such metric: {item.metric}; there are: {told}"
    if metric is not None and item.kind not in metric.gives:
        told = " | ".join(sorted(metric.gives))
        yield "metric", f"{item.metric} 只能用于 {told}", f"{item.metric} is for items of kind {told}"
    for lead in item.leads:
        if lead not in SIGHTS:
            told = "、".join(SIGHTS)
            yield "leads", f"没有线索 {lead}；可用：{told}", f"no such lead: {lead}; there are: {told}"
    if item.kind == "part":
        yield "kind", "part 只用于汇总，不能写在文件里", "part is for longer periods, not for a file"
    if item.kind in ("rate", "threshold") and not item.metric:
        yield "kind", f"{item.kind} 需要 metric", f"{item.kind} needs a metric"
    if item.kind == "threshold" and item.least is None:
        yield "kind", "threshold 需要 least（百分数）", "threshold needs least (percent)"
    if item.points is None and _lacks_points(item):
        yield "kind", "需要 points", "points are needed"
    if item.kind in ("rate", "threshold", "zero", "each", "manual", "bonus") and group.pool:
        yield "group", "pool 分组只能放 deduct、veto、unknown", "a pool holds deduct, veto and unknown items only"
    if item.kind == "veto" and not group.pool:
        yield "group", "veto 只能放在 pool 分组", "a veto stands in a pool"
    if group.pool and group.points is None:
        yield "group", f"pool 分组 {group.code} 需要 points", f"the pool {group.code} needs points"


def _lacks_points(item: _Item) -> bool:
    if item.kind == "deduct":
        return not (item.free_points or item.by_analogy)
    return item.kind in _NEED_POINTS and not item.free_points
