"""References of a file: departments, counters, clerks and services by code or by name."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hub.imports.cells import TEXT_MOST, Unfit
from hub.journal import RunSql

WHAT = {
    "department": ("部门", "department"),
    "counter": ("窗口", "counter"),
    "clerk": ("窗口人员", "clerk"),
    "service": ("业务", "service"),
}
_HISTORIC = "SELECT code FROM historic WHERE kind = :kind"
_CLERKS = """
SELECT clerk AS code, clerk AS name FROM staff
UNION SELECT name, name FROM account UNION SELECT name, display_name FROM account
UNION SELECT clerk, clerk FROM counter WHERE clerk IS NOT NULL
UNION SELECT name, name FROM token WHERE role = 'clerk'
"""


@dataclass
class KnownNames:
    """What the hall knows; with `create` what it does not know is noted in `missing` and taken as it is written."""

    codes: dict[str, set[str]]
    by_name: dict[str, dict[str, set[str]]]
    create: bool = False
    missing: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in WHAT})

    def code(self, kind: str, text: str) -> str:
        if text in self.codes[kind] or text in self.missing[kind]:
            return text
        found = self.by_name[kind].get(text, set())
        if len(found) == 1:
            return next(iter(found))
        zh, en = WHAT[kind]
        if found:
            told = ", ".join(sorted(found))
            raise Unfit(
                f"“{text}”有多个{zh}（{told}），请写代码", f"{text!r} is the name of several ({told}); write the code"
            )
        if not self.create:
            raise Unfit(
                f"没有{zh}“{text}”；如属历史，请加 --create-missing",
                f"there is no {en} {text!r}; if it is history, add --create-missing",
            )
        if len(text) > TEXT_MOST:
            raise Unfit(f"{zh}名称过长", f"the name of the {en} is too long")
        self.missing[kind].add(text)
        return text


def load_names(run: RunSql, *, create: bool) -> KnownNames:
    pairs = {
        "department": list(run("SELECT code, name FROM department")),
        "counter": list(run("SELECT code, label FROM counter")),
        "clerk": list(run(_CLERKS)),
        "service": list(_services(run)),
    }
    known = KnownNames({kind: {code for code, _ in found} for kind, found in pairs.items()}, {}, create)
    for kind, found in pairs.items():
        known.by_name[kind] = _by_name(found)
        known.codes[kind] |= {code for (code,) in run(_HISTORIC, kind=kind)}
    return known


def _services(run: RunSql) -> Iterator[tuple[str, str]]:
    for code, names in run("SELECT code, names FROM service"):
        for name in json.loads(names).values():
            yield code, name


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    named: dict[str, set[str]] = {}
    for code, name in pairs:
        if name:
            named.setdefault(name, set()).add(code)
    return named
