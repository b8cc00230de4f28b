"""What a finding may say about an item, and who may review what. Pure."""

from collections.abc import Mapping
from fractions import Fraction

from hub.assessment.facts import Effect
from hub.assessment.scheme import Item, Kind, Scheme
from hub.problems import Invalid

#: What findings can do to an item of a kind; the first is what they do when they say nothing.
EFFECTS: Mapping[Kind, tuple[Effect, ...]] = {
    "rate": ("score",),
    "threshold": ("score",),
    "zero": ("zero",),
    "each": ("deduct",),
    "deduct": ("deduct",),
    "bonus": ("bonus",),
    "veto": ("veto",),
    "manual": ("score", "deduct", "zero"),
    "unknown": (),
    "part": (),
}


def checked_effect(scheme: Scheme, item: Item, effect: str | None, compare_to: str | None) -> Effect:
    """What the finding does. Raises Invalid for what the item does not know."""
    allowed = EFFECTS[item.kind]
    if item.by_analogy:
        allowed = EFFECTS[_compared(scheme, item, compare_to).kind]
    elif compare_to is not None and compare_to not in item.clauses:
        raise Invalid("compare_to", f"{item.code}: {' | '.join(item.clauses) or '—'}")
    if not allowed:
        raise Invalid("item", f"{item.code}: 原文没有计分规则 · the text has no rule for it")
    if effect is None:
        return allowed[0]
    for one in allowed:
        if one == effect:
            return one
    raise Invalid("effect", f"{item.code}: {' | '.join(allowed)}")


def checked_points(
    scheme: Scheme, item: Item, effect: Effect, points: str | None, compare_to: str | None
) -> Fraction | None:
    """The points for one; None takes the item's own. Raises Invalid for points that the text does not give."""
    given = None if points is None else Fraction(points)
    priced = _compared(scheme, item, compare_to) if item.by_analogy else item
    if effect == "score" or item.free_points or (effect == "deduct" and item.kind == "manual"):
        return _free(priced, effect, given)
    amounts = {*priced.tariff, *({priced.points} if priced.points is not None else set())}
    if given is None or effect in ("zero", "veto") or given in amounts:
        return None if effect in ("zero", "veto") else given
    told = " | ".join(f"{float(one):g}" for one in sorted(amounts))
    raise Invalid("points", f"{item.code}: {told}")


def checked_unit(scheme: Scheme, department: str | None, counter: str | None, clerk: str | None) -> None:
    """Raises Invalid when it is nobody's."""
    needed = {"department": department, "counter": counter or department, "person": clerk}[scheme.unit]
    if not needed:
        raise Invalid(scheme.unit, f"{scheme.code}: {scheme.unit}")


def may_review(reviewer: str, others: set[str | None]) -> bool:
    """复核 is somebody else's: neither who entered or confirmed the finding nor who appealed."""
    return reviewer not in others


def _free(item: Item, effect: Effect, given: Fraction | None) -> Fraction:
    if given is None:
        raise Invalid("points", f"{item.code}: 需要分数 · points are needed")
    if item.points is not None and given > item.points:
        raise Invalid("points", f"{item.code}: 0–{float(item.points):g}")
    if effect != "score" and given == 0:
        raise Invalid("points", f"{item.code}: > 0")
    return given


def _compared(scheme: Scheme, item: Item, compare_to: str | None) -> Item:
    """The clause that what is not named is compared to (泸州 第二十一条)."""
    if compare_to is None:
        raise Invalid("compare_to", f"{item.code}: 须写明比照的条款 · name the clause it is compared to")
    other = scheme.item(compare_to)
    if other.by_analogy or other.kind not in ("bonus", "deduct"):
        raise Invalid("compare_to", f"{compare_to}: 不是加分或减分条款 · neither bonus nor deduction")
    return other
