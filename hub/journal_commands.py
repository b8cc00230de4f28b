"""`hall verify`: the journal and its seals, in words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands import fail, language, settings_or_exit

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.chain import Finding
    from hub.settings import Settings
    from hub.verification import SealFinding, Verified
    from hub.wire import Language

#: So many findings are told one by one.
TOLD_MOST = 40

_ENTRY_WORDS: dict[str, dict[Language, str]] = {
    "missing": {
        "zh": "第 {span} 条缺失（其后一条因此无法核对）",
        "en": "{span}: missing (so the one after it cannot be checked)",
    },
    "inserted": {"zh": "第 {span} 条之处多出一条不属于流水的记录", "en": "{span}: a row that does not belong there"},
    "changed": {
        "zh": "第 {span} 条与其哈希不符：内容被改动，或其前一条连同哈希被替换",
        "en": "{span}: does not match its hash; it was changed, or the one before it was replaced with its hash",
    },
    "hash_changed": {
        "zh": "第 {span} 条的哈希被改动，内容无误",
        "en": "{span}: its hash was changed; its content is sound",
    },
    "moved": {
        "zh": "第 {span} 条的位置上是第 {belongs} 条的内容（次序被调换）",
        "en": "{span}: entry {belongs} stands in its place (the order was changed)",
    },
    "tail_missing": {"zh": "末尾第 {span} 条缺失", "en": "{span}: the newest entries are missing"},
    "head_changed": {
        "zh": "第 {span} 条是最后一条，但与流水头记录的哈希不符：两者之一被改动",
        "en": "{span}: the newest entry does not match the journal's head row; one of them was changed",
    },
    "head_missing": {
        "zh": "流水头记录缺失（最后一条是第 {span} 条）",
        "en": "the journal's head row is missing (the newest entry is {span})",
    },
}
_SEAL_WORDS: dict[str, dict[Language, str]] = {
    "rewritten": {
        "zh": "{day} 的封存：第 {seq} 条与封存时不同，此前的流水在封存之后被重写",
        "en": "seal of {day}: entry {seq} is not the one that was sealed; the journal up to it was written anew",
    },
    "sealed_missing": {
        "zh": "{day} 的封存：流水中没有第 {seq} 条，已封存的记录被删除（或恢复了较早的备份）",
        "en": "seal of {day}: entry {seq} is not there; sealed entries were removed, or an older backup was restored",
    },
    "seals_differ": {
        "zh": "{day} 的封存：数据库与封存文件不一致",
        "en": "seal of {day}: database and seals file differ",
    },
    "not_told": {"zh": "{day} 的封存：封存文件中缺少", "en": "seal of {day}: missing in the seals file"},
    "not_stored": {"zh": "{day} 的封存：数据库中缺少", "en": "seal of {day}: missing in the database"},
    "gap": {
        "zh": "{day} 的封存：与前一封存不相接（从第 {seq} 条起），中间的封存被删除",
        "en": "seal of {day}: does not follow the one before it (from entry {seq}); a seal was taken away",
    },
    "forged": {
        "zh": "{day} 的封存：封印与本厅密钥不符，不是本系统所封",
        "en": "seal of {day}: it was not made with this hall's secret key",
    },
    "unreadable": {
        "zh": "封存文件第 {seq} 行无法识别：{text}",
        "en": "line {seq} of the seals file is no seal: {text}",
    },
    "no_file": {
        "zh": "有封存记录，但没有封存文件 {text}；用 --seals 指定您保管的副本",
        "en": "there are seals but no seals file {text}; name your copy with --seals",
    },
}


def verify(
    seals: Annotated[
        Path | None, typer.Option(help="封存文件（默认为数据库旁的文件）· seals file; default: the hall's own")
    ] = None,
) -> None:
    """逐条核对流水与每日封存 · Checks every entry of the journal, and its daily seals."""
    from hub.offline import look_beside
    from hub.problems import HallError
    from hub.seals import seals_path
    from hub.settings import SettingsError
    from hub.verification import verify as look

    told: Language = "en" if language() == "en" else "zh"
    settings = settings_or_exit()
    if seals is not None and not seals.is_file():
        typer.echo(f"{seals}: {'没有这个文件' if told == 'zh' else 'there is no such file'}", err=True)
        raise typer.Exit(2)
    file = seals or seals_path(settings)
    try:
        verified = look_beside(settings, lambda reader: look(reader.rows, file, _key(settings), progress=_progress()))
    except HallError as error:
        raise fail(error.sentence(told)) from None
    except (SettingsError, OSError) as error:
        raise fail(str(error)) from None
    for line in lines(verified, file, told):
        typer.echo(line)
    if not verified.sound:
        raise fail(_VERDICT[told])


_VERDICT: dict[Language, str] = {
    "zh": "流水被动过，或封存不完整。请保留现状，勿再启动服务，联系管理员与审计人员；必要时用 hall restore 恢复备份。",
    "en": "The journal or its seals were tampered with. Keep everything as it is and call the administrator and the"
    " auditor; if need be, restore a backup with hall restore.",
}


def _key(settings: Settings) -> bytes | None:
    """The key of the seals, where the secret file is; an auditor's computer may not have it."""
    from hub.keys import load_keys, secret_path

    return load_keys(settings).seal if secret_path(settings).exists() else None


def _progress() -> Callable[[int, int], None] | None:
    """On a screen, how far it is; elsewhere nothing."""
    if not sys.stderr.isatty():
        return None

    def show(seen: int, entries: int) -> None:
        sys.stderr.write(f"\r{seen:,} / {entries:,}" + ("\r" + " " * 30 + "\r" if seen >= entries else ""))

    return show


def lines(verified: Verified, file: Path, told: Language) -> list[str]:
    """The report, for a screen or a printer."""
    entries = [_entry_line(verified, finding, told) for finding in verified.findings]
    seals = [_seal_line(finding, told) for finding in verified.seal_findings]
    found = entries + seals
    rest = verified.unnamed + max(0, len(found) - TOLD_MOST)
    more = [f"✗ {'另有' if told == 'zh' else 'and more:'} {rest}"] if rest else []
    return [_first_line(verified, told), *found[:TOLD_MOST], *more, *_sealed_lines(verified, file, told)]


def _first_line(verified: Verified, told: Language) -> str:
    mark = "✗" if verified.findings else "✓"
    if told == "zh":
        return f"{mark} 流水：共 {verified.entries:,} 条，" + ("有问题" if verified.findings else "逐条核对无误")
    return f"{mark} journal: {verified.entries:,} entries, " + ("not sound" if verified.findings else "all sound")


def _entry_line(verified: Verified, finding: Finding, told: Language) -> str:
    span = str(finding.seq) if finding.seq == finding.last else f"{finding.seq}-{finding.last}"
    text = _ENTRY_WORDS[finding.kind][told].format(span=span, belongs=finding.belongs)
    day = verified.day(finding.at)
    return f"✗ {text}" + (f" [{day}]" if day != "?" else "")


def _seal_line(finding: SealFinding, told: Language) -> str:
    return "✗ " + _SEAL_WORDS[finding.kind][told].format(day=finding.day, seq=finding.seq, text=finding.text)


def _sealed_lines(verified: Verified, file: Path, told: Language) -> list[str]:
    chinese, sealed = told == "zh", verified.sealed
    report = []
    if sealed:
        mark = "✗" if verified.seal_findings else "✓"
        report.append(
            f"{mark} 每日封存：数据库 {len(verified.stored)} 个，文件 {len(verified.told)} 个（{file}）"
            if chinese
            else f"{mark} daily seals: {len(verified.stored)} in the database, {len(verified.told)} in {file}"
        )
        report.append("最近的封存（可打印签字存档）：" if chinese else "newest seal (print and sign it):")
        report.append(f"  {sealed.line()}")
    if not verified.key_known:
        report.append(
            "! 此处没有密钥文件，封印的真伪未核对"
            if chinese
            else "! no secret file here: the seals' key was not compared"
        )
    if verified.not_sealed:
        report.append(
            f"! 末尾 {verified.not_sealed:,} 条尚未封存（每日零点后封存）"
            if chinese
            else f"! the newest {verified.not_sealed:,} entries are not sealed yet (a day is sealed after its end)"
        )
    return report
