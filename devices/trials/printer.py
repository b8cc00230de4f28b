"""Prints a page that a person can judge, after saying what the printer says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from devices.errors import DeviceSilent
from devices.escpos_replies import PrinterStatus
from devices.printer import Printer, PrintOutcome
from devices.printer_page import printer_page
from devices.printer_profile import built_in
from devices.trials.trial import HOLDER, Trial

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "unknown": "未知",
        "yes": "是",
        "no": "否",
        "ok": "充足",
        "near_end": "将尽",
        "out": "缺纸",
        "online": "联机",
        "paper": "纸",
        "cover_open": "上盖打开",
        "cutter_jam": "切刀卡住",
        "error": "报错",
        "printed": "已打印，打印机已确认",
        "not_printed": "没有打印",
        "sent": "已发送；此打印机不会应答，请看纸",
        "unconfirmed": "已发送，打印机没有确认，请看纸",
        "no end": "打印机回答状态，但不回答打印是否完成：请试 --profile epson-tm，或在自己的配置里写 gs_r = false",
        "dropped": "已要求打印机丢弃留存未打的内容（有的型号不执行）；被丢弃的号票不会再打出",
        "judge": "请逐项对照纸上的七条；不对的，换一个 --profile 或 --paper-mm 再试：",
        "profiles": "可用配置：{names}，或自己的 .toml 文件",
    },
    "en": {
        "unknown": "unknown",
        "yes": "yes",
        "no": "no",
        "ok": "enough",
        "near_end": "nearly out",
        "out": "out",
        "online": "on-line",
        "paper": "paper",
        "cover_open": "cover open",
        "cutter_jam": "cutter jammed",
        "error": "error",
        "printed": "Printed; the printer confirms it",
        "not_printed": "Not printed",
        "sent": "Sent; this printer cannot answer, look at the paper",
        "unconfirmed": "Sent, and the printer did not confirm; look at the paper",
        "no end": "It tells its state, but not the end of a slip: try --profile epson-tm, or gs_r = false in your own",
        "dropped": "The printer was told to drop what it holds; some models do not obey. Those slips will not come out",
        "judge": "Compare the seven points on the paper; where one is wrong, try another --profile or --paper-mm:",
        "profiles": "Profiles: {names}, or a .toml file of your own",
    },
}


async def try_printer(trial: Trial) -> None:
    """Says the state, prints a test page, says what became of it. Raises DeviceError when it did not print."""
    words = trial.words(WORDS)
    printer = Printer(
        trial.url,
        paper_mm=58 if trial.settings.get("paper_mm") == "58" else 80,
        profile=trial.settings.get("profile", "generic"),
        baud=trial.baud,
        holder=HOLDER,
    )
    try:
        for line in describe(await printer.status(), words):
            trial.say(line)
        if trial.settings.get("held") == "drop":
            await printer.drop_held()
            trial.say(words["dropped"])
            return
        outcome = await printer.print_slip(printer_page(printer.profile, printer.paper_mm, trial.lang))
    finally:
        await printer.close()
    trial.say(_result(outcome, words))
    if isinstance(outcome.reason, DeviceSilent) and outcome.result == "unknown":
        trial.say(words["no end"])
    if outcome.reason:
        raise outcome.reason
    trial.say(words["judge"])
    trial.say(words["profiles"].format(names=", ".join(built_in())))


def describe(status: PrinterStatus, words: Mapping[str, str]) -> Iterator[str]:
    known = {True: words["yes"], False: words["no"], None: words["unknown"]}
    yield f"{words['online']}: {known[status.online]}"
    yield f"{words['paper']}: {words[status.paper or 'unknown']}"
    yield f"{words['cover_open']}: {known[status.cover_open]}"
    yield f"{words['cutter_jam']}: {known[status.cutter_jam]}"
    yield f"{words['error']}: {known[status.error]}"


def _result(outcome: PrintOutcome, words: Mapping[str, str]) -> str:
    if outcome.result == "unknown":
        return words["unconfirmed" if outcome.reason else "sent"]
    return words[outcome.result]
