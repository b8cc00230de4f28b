"""Every sentence of the ticket machine and of its slip, in Chinese and English. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime

from hub.wire import HallAnswer, Language, Names, WaitRange
from kiosk.state import Paper, PrinterCode

Pair = tuple[str, str]

#: Up to this many minutes nobody counts them.
SOON_MINUTES = 1

SENTENCES: dict[str, Pair] = {
    "machine": ("自助取号", "Take a number"),
    "choose": ("请选择您要办理的业务", "Please choose your service"),
    "choose_hint": ("轻触一下即可取号", "One touch gives you a number"),
    "choose_in": ("请选择具体事项", "Please choose what you need"),
    "choose_several": ("请依次选择，最多 {most} 项", "Choose up to {most}, in order"),
    "chosen": ("已选 {n} 项：{list}", "{n} chosen: {list}"),
    "nothing_chosen": ("用一个号码依次办理", "One number for all of them"),
    "several": ("一次办多项", "Several services"),
    "just_one": ("只办一项", "One service"),
    "take": ("取号（{n} 项）", "Take a number ({n})"),
    "priority": ("优先取号", "Priority"),
    "priority_is": ("{which}优先", "{which}"),
    "priority_hint": ("请如实选择，办理时请出示证件", "Please show your papers at the counter"),
    "no_priority": ("不需要优先", "No priority"),
    "has_priority": ("优先：{which}", "Priority: {which}"),
    "afterwards": ("之后办理：{list}", "Afterwards: {list}"),
    "language": ("English", "中文"),
    "back": ("返回", "Back"),
    "previous": ("上一页", "Previous"),
    "next": ("下一页", "Next"),
    "page": ("{page} / {pages}", "{page} / {pages}"),
    "items": ("共 {n} 项，点按选择", "{n} items, touch to choose"),
    "waiting": ("{n} 人等候", "{n} waiting"),
    "numbers_left": ("余 {n} 号", "{n} left"),
    "nobody_waits": ("无人等候", "Nobody waiting"),
    "minutes": ("约 {low}–{high} 分钟", "about {low}–{high} min"),
    "minutes_same": ("约 {high} 分钟", "about {high} min"),
    "minutes_within": ("{high} 分钟以内", "within {high} min"),
    "no_wait": ("无需等待", "no wait"),
    "soon": ("很快叫到", "very soon"),
    "starting": ("正在启动，请稍候", "Starting, please wait"),
    "starting_more": ("正在连接叫号系统。", "Connecting to the hall system."),
    "stopping": ("本机正在关闭", "This machine is being switched off"),
    "stopping_more": ("请使用其他取号机，或到导办台取号。", "Please use another machine or ask at the desk."),
    "hub_away": ("暂时不能取号", "No numbers at the moment"),
    "hub_away_more": (
        "与叫号系统的连接中断，正在自动恢复。\n请稍候，或到导办台咨询。",
        "The connection to the hall system is lost and is being restored.\nPlease wait or ask at the desk.",
    ),
    "hub_refused": ("本机不能取号", "This machine cannot give numbers"),
    "hub_refused_more": (
        "叫号系统没有认可这台取号机，请工作人员检查令牌设置。\n办事请到导办台取号。",
        "The hall system does not accept this machine: staff, please check its token.\n"
        "Visitors: please ask at the desk.",
    ),
    "hub_untrusted": ("不能确认服务端身份", "The hub cannot be trusted"),
    "hub_untrusted_more": (
        "服务端的证书与本机配对时的不同：可能已更换，也可能有人冒充。\n"
        "请管理员核对；证书确已更换的，请重新配对（hall kiosk --pair-again）。\n"
        "办事请到导办台取号。",
        "Its certificate is not the one of the pairing: it was changed, or somebody pretends to be the hub.\n"
        "Staff: find out which; if it was changed, pair again (hall kiosk --pair-again).\n"
        "Visitors: please ask at the desk.",
    ),
    "pairing": ("请管理员配对这台取号机", "A manager needs to pair this machine"),
    "pairing_how": (
        "十分钟内在管理页面“终端”中输入，或在服务端执行：\nhall pair {code}",
        "Within ten minutes, enter it on the page Stations, or run on the hub:\nhall pair {code}",
    ),
    "pairing_compare": (
        "确认前请逐组核对服务端证书指纹，不同则不要确认：",
        "Compare the hub's certificate before confirming; if it differs, do not confirm:",
    ),
    "pairing_hub": ("服务端 {hub}", "Hub: {hub}"),
    "pairing_visitors": ("本机尚未启用，办事请到导办台取号。", "Not in use yet. Visitors: please ask at the desk."),
    "empty": ("现在没有可以取号的业务", "No service gives numbers now"),
    "empty_more": ("请到导办台咨询。", "Please ask at the desk."),
    "issuing": ("正在取号，请稍候", "Getting your number"),
    "issuing_again": ("叫号系统应答较慢，正在重试，请不要离开", "The hall system is slow; trying again, please stay"),
    "your_number": ("您的号码", "Your number"),
    "ahead": ("前面还有 {n} 人等候", "{n} people ahead of you"),
    "ahead_one": ("前面还有 1 人等候", "1 person ahead of you"),
    "ahead_none": ("您是下一位", "You are next"),
    "wait": ("预计等候 {low}–{high} 分钟", "Expected wait {low}–{high} minutes"),
    "wait_same": ("预计等候约 {high} 分钟", "Expected wait about {high} minutes"),
    "wait_within": ("预计 {high} 分钟以内叫到您", "You will be called within {high} minutes"),
    "wait_none": ("预计很快叫到您", "You will be called soon"),
    "go": ("叫到号后，请到 {counters}", "When called, go to {counters}"),
    "go_open": ("叫到号后，请按屏幕提示的窗口办理", "When called, go to the counter shown on the screens"),
    "counters": ("{list} 号窗口", "counter {list}"),
    "watch": ("请留意屏幕和广播", "Please watch the screens and listen"),
    "bring": ("请备好：{list}", "Please have ready: {list}"),
    "scan": ("手机扫码查看排队进度", "Scan to follow the queue on your phone"),
    "slip_footer": ("过号请扫码或到导办台重新排队", "Missed? Scan, or ask at the desk"),
    "done": ("完成", "Done"),
    "done_in": ("完成（{s} 秒）", "Done ({s} s)"),
    "reprint": ("重新打印", "Print again"),
    "retry": ("再试一次", "Try again"),
    "no_number": ("没有取到号码", "No number was given"),
    "slips_left": ("，约还可打印 {n} 张", ": about {n} more tickets"),
    "present_card": ("可先放身份证，再选业务", "You may lay your ID card on the reader first"),
    "present_code": ("扫号票二维码可查排队进度", "scan a ticket to see its place"),
    "card_read": ("已读取身份证 尾号 {tail}", "ID card read, ending in {tail}"),
    "card_unread": ("没有读出身份证，请拿起后重新放置", "The card was not read: lift it and lay it down again"),
    "card": ("请放身份证", "Please lay your ID card"),
    "card_more": ("请平放在读卡区，读取后即取号。", "Lay it flat on the reader: you get your number at once."),
    "card_away": ("读卡器暂不可用，请直接取号。", "The reader does not work now: take a number without it."),
    "without_card": ("不用身份证取号", "Without a card"),
    "forget": ("不用身份证", "Without card"),
    "live_ticket_title": ("您已有号票 {number}", "You already hold {number}"),
    "live_ticket": (
        "这项业务请使用原号，\n叫到后按屏幕提示办理。\n号票丢失请到导办台。",
        "Please use it for this service.\nIf you lost the slip, ask at the desk.",
    ),
    "looking": ("正在查询，请稍候", "Looking it up"),
    "looking_more": ("正在查询这张号票的排队进度。", "Asking where this ticket stands."),
    "rejoin": ("重新排队", "Join the queue again"),
    "place_called": ("已叫到您，请到{counter}", "You have been called: go to {counter}"),
    "place_serving": ("正在{counter}办理", "Being served at {counter}"),
    "place_held": ("窗口已为您保留，准备好后请回窗口", "Kept for you: return to the counter when ready"),
    "place_no_show": ("您已过号", "Your call was missed"),
    "place_return": ("可以重新排队，无需再取号", "You may join the queue again with this number"),
    "place_no_return": ("不能再次排队，请到导办台", "It cannot return again; please ask at the desk"),
    "place_finished": ("这张号票已办理完毕", "This ticket has been served"),
    "place_cancelled": ("这张号票已取消", "This ticket was cancelled"),
    "place_expired": ("这张号票已过期", "This ticket is no longer valid"),
    "place_pause": ("现在休息，恢复后按原顺序叫号", "In a break: it goes on in the same order"),
    "place_counter": ("窗口", "the counter"),
    "unplaced_appointment": ("本大厅尚未开通预约签到", "Appointments cannot be checked in here yet"),
    "unplaced_appointment_more": ("请取普通号，直接选择业务即可。", "Please take an ordinary number instead."),
    "unplaced_unknown": ("没有认出这个码", "This code is not known here"),
    "unplaced_unknown_more": (
        "这里可以扫号票上的二维码，查看排队进度。\n取号请直接选择业务。",
        "Here you can scan the QR code of a ticket to see its place.\nFor a number, choose a service.",
    ),
    "unplaced_gone": ("没有找到这张号票", "This ticket was not found"),
    "unplaced_gone_more": (
        "可能不是本大厅的号票，或已经不能操作。\n请到导办台咨询。",
        "It may be another hall's, or its state has changed.\nPlease ask at the desk.",
    ),
    "unplaced_no_answer": ("暂时查不到", "No answer at the moment"),
    "unplaced_no_answer_more": (
        "叫号系统没有应答，请稍后再扫，或留意屏幕和广播。",
        "The hall system does not answer: scan again in a moment, or watch the screens.",
    ),
    "unprinted": ("{number} 号票没有打印成功，请到导办台", "Ticket {number} was not printed, please ask at the desk"),
}

#: The strip under the number: what the paper does. Always with the number and its QR beside it.
PAPER: dict[Paper, Pair] = {
    "none": (
        "本机不打印号票。\n请记住号码，或扫码、拍照保存。",
        "This machine prints no slip.\nRemember, scan or photograph it.",
    ),
    "printing": ("正在打印号票，请在出纸口取票。", "Printing your slip, please take it below."),
    "printed": ("号票已打印，请取走。", "Your slip is printed, please take it."),
    "not_printed": (
        "号票没有打印：{why}。\n号码有效，请扫码或拍照保存。",
        "Not printed: {why}.\nYour number is valid: scan or photograph it.",
    ),
    "unknown": (
        "不能确定号票是否打印：{why}，稍后可能自动补打。\n号码有效，请扫码或拍照保存。",
        "Not sure it was printed: {why}; it may still come out.\nYour number is valid: scan or photograph it.",
    ),
    "held": (
        "号票还没有打完：{why}。\n处理后会自动打出，请勿重复取号；号码有效，请扫码或拍照保存。",
        "Your slip is not finished: {why}.\nIt comes out once that is mended. Your number is valid: scan it.",
    ),
}

#: A printer that never answers was given the slip: nothing is wrong, but nobody knows more.
ONE_WAY: Pair = (
    "号票已送打印机，请在出纸口取票。\n没有出纸时请扫码或拍照保存号码。",
    "Your slip was sent to the printer, please take it below.\nIf none comes, scan or photograph your number.",
)

#: What is wrong with the printer, as a part of a sentence.
PRINTER: dict[PrinterCode, Pair] = {
    "": ("打印机正常", "the printer works"),
    "near_end": ("打印纸即将用完", "the paper is nearly used up"),
    "paper_out": ("打印机缺纸", "the printer is out of paper"),
    "cover_open": ("打印机上盖未关", "the printer's cover is open"),
    "cutter_jam": ("打印机切刀卡住", "the paper cutter is jammed"),
    "fault": ("打印机故障", "the printer reports an error"),
    "offline": ("打印机处于脱机状态", "the printer is off-line"),
    "silent": ("打印机没有应答", "the printer does not answer"),
    "missing": ("找不到打印机", "the printer is not there"),
    "busy": ("打印机被其他程序占用", "another program holds the printer"),
    "denied": ("没有打印机的使用权限", "no permission to use the printer"),
    "lost": ("与打印机的连接中断", "the printer was disconnected"),
    "garbled": ("打印机应答有误", "the printer's answer is damaged"),
    "queue_full": ("等待打印的号票过多", "too many slips are waiting to be printed"),
    "one_way": ("打印机不回报状态", "the printer tells nothing of itself"),
    "not_configured": ("本机未配置打印机", "no printer is set up"),
    "trouble": ("打印机异常", "the printer does not work"),
}

#: Why there is no number, by problem code; anything else is told in the hub's own sentence.
PROBLEMS: dict[str, Pair] = {
    "no_answer": (
        "叫号系统没有应答，本机没有收到号码。\n请再试一次，或到导办台咨询。",
        "The hall system does not answer and this machine got no number.\nPlease try again or ask at the desk.",
    ),
    "service_closed": (
        "这项业务现在停止取号，请选择其他业务或到导办台咨询。",
        "This service gives no numbers now. Please choose another or ask at the desk.",
    ),
    "quota_reached": (
        "这项业务今天的号已取完，请改日再来或到导办台咨询。",
        "All numbers of this service are taken today. Please come another day or ask at the desk.",
    ),
    "live_ticket_exists": (
        "您已有一张未办理的号票，请使用原来的号码。",
        "You already hold a number for this; please use that one.",
    ),
    "unknown_service": (
        "这项业务已不在名单中，请重新选择。",
        "This service is no longer offered; please choose again.",
    ),
    "unauthorized": (
        "叫号系统没有认可这台取号机，请到导办台取号。",
        "The hall system does not accept this machine; please ask at the desk.",
    ),
    "forbidden": (
        "叫号系统没有认可这台取号机，请到导办台取号。",
        "The hall system does not accept this machine; please ask at the desk.",
    ),
    "too_many_requests": (
        "取号的人太多，请稍等片刻再试。",
        "Too many requests just now; please try again in a moment.",
    ),
}

_WEEKDAYS = (
    ("星期一", "Monday"),
    ("星期二", "Tuesday"),
    ("星期三", "Wednesday"),
    ("星期四", "Thursday"),
    ("星期五", "Friday"),
    ("星期六", "Saturday"),
    ("星期日", "Sunday"),
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_NUMBERED = re.compile(r"第?\s*([A-Za-z0-9]+)\s*(?:号?\s*窗口|号)")

#: So few numbers of a quota are worth telling.
LEFT_TOLD_FROM = 10
#: More counters than these are told as ranges.
COUNTERS_IN_FULL = 4


def _pick(pair: Pair, lang: Language) -> str:
    return pair[1] if lang == "en" else pair[0]


def say(name: str, lang: Language, **values: object) -> str:
    """The sentence `name` with its gaps filled. KeyError for a sentence that does not exist."""
    return _pick(SENTENCES[name], lang).format(**values)


def name_of(names: Names, lang: Language) -> str:
    """A text by language; Chinese when there is no other."""
    return names.get(lang) or names["zh"]


def printer_words(code: PrinterCode, lang: Language) -> str:
    words = _pick(PRINTER[code], lang)
    return words[:1].upper() + words[1:]


def device_words(code: PrinterCode, slips_left: int | None, lang: Language) -> str:
    """For the staff: how it is, and how many tickets the paper is good for."""
    words = printer_words(code, lang)
    return words if slips_left is None else words + say("slips_left", lang, n=slips_left)


def paper_words(paper: Paper, code: PrinterCode, lang: Language) -> str:
    if code == "one_way":
        return _pick(ONE_WAY, lang)
    return _pick(PAPER[paper], lang).format(why=_pick(PRINTER[code or "trouble"], lang))


def problem_words(code: str, detail: str, lang: Language) -> str:
    """Our own sentence where the code has one; else the hub's, which is in the hall's language."""
    pair = PROBLEMS.get(code)
    return _pick(pair, lang) if pair else detail or say("empty_more", lang)


def waiting_words(waiting: int, wait: WaitRange | None, lang: Language, left: int | None = None) -> str:
    """What stands on a service's button; the last numbers of a quota are told instead of the wait."""
    people = say("waiting", lang, n=waiting) if waiting else say("nobody_waits", lang)
    if left is not None and left <= LEFT_TOLD_FROM:
        return f"{people} · {say('numbers_left', lang, n=left)}"
    if wait is None:
        return people
    key = _wait_key(wait, "soon" if waiting else "no_wait", "minutes")
    return f"{people} · {say(key, lang, low=wait.low, high=wait.high)}"


def _wait_key(wait: WaitRange, soon: str, minutes: str) -> str:
    if wait.high <= SOON_MINUTES:
        return soon
    return f"{minutes}_same" if wait.low == wait.high else minutes if wait.low else f"{minutes}_within"


def ahead_words(ahead: int, lang: Language) -> str:
    return say({0: "ahead_none", 1: "ahead_one"}.get(ahead, "ahead"), lang, n=ahead)


def wait_words(wait: WaitRange, lang: Language) -> str:
    return say(_wait_key(wait, "wait_none", "wait"), lang, low=wait.low, high=wait.high)


def go_words(labels: Sequence[str], lang: Language, *, zone: str = "") -> str:
    """Where to go when called: `1、2、3 号窗口`; labels that are no plain numbers stand as they are."""
    if not labels:
        return say("go_open", lang)
    labels = [number_of(label) for label in labels]
    comma = ", " if lang == "en" else "、"
    if all(label.isalnum() and label.isascii() for label in labels):
        counters = say("counters", lang, list=comma.join(_ranges(labels)))
    else:
        counters = comma.join(labels)
    where = f"{counters}, {zone}" if zone and lang == "en" else f"{zone} {counters}".strip()
    return say("go", lang, counters=where)


def number_of(label: str) -> str:
    """`1` of a counter called `1 号窗口`; a counter with a name of its own keeps it."""
    plain = _NUMBERED.fullmatch(label)
    return plain[1] if plain else label


def _ranges(labels: Sequence[str]) -> list[str]:
    """`1 2 3 4 5 8` → `1–5`, `8` once a list is long; short lists stay as they are."""
    if len(labels) <= COUNTERS_IN_FULL or not all(label.isdecimal() for label in labels):
        return list(labels)
    runs: list[list[int]] = []
    for number in sorted({int(label) for label in labels}):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"{run[0]}–{run[-1]}" if len(run) > 2 else part for run in runs for part in _parts(run)]


def _parts(run: list[int]) -> list[str]:
    return [str(run[0])] if len(run) > 2 else [str(number) for number in run]


def date_words(at: datetime, lang: Language) -> str:
    weekday = _pick(_WEEKDAYS[at.weekday()], lang)
    if lang == "en":
        return f"{weekday}, {at.day} {MONTHS[at.month - 1]}"
    return f"{at.month}月{at.day}日 {weekday}"


def service_name(code: str, hall: HallAnswer | None, lang: Language) -> str:
    services = hall.services if hall else []
    return next((name_of(service.names, lang) for service in services if service.code == code), code)


def hall_name(hall: HallAnswer | None, lang: Language) -> str:
    if hall is None:
        return say("machine", lang)
    return hall.names.get(lang) or hall.name
