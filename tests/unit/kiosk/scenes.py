"""Every screen of the ticket machine as a state, for tests that look at what is drawn."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import get_args
from zoneinfo import ZoneInfo

import pygame

from devices.fonts import chinese_font
from hub.wire import (
    LEVELS,
    ClosedReason,
    Counter,
    HallAnswer,
    Language,
    Names,
    Opening,
    Priority,
    PublicTicket,
    Service,
    Ticket,
    WaitRange,
    Zone,
)
from kiosk.draw import Typeface
from kiosk.layout import lay_out
from kiosk.presented import Awaiting, Looking, Person, Placed, ScanCode, Unplaced
from kiosk.sheet import Glance, Sheet
from kiosk.state import Browsing, Code, Issuing, NoNumber, Paper, PrinterCode, Shown, State, Unprinted, Wish, a_kiosk

CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=CHINA)
SIZES = ((1080, 1920), (1920, 1080), (1280, 800), (1024, 768))

NAMES = {
    "A": ("企业开办与注销", "Company registration"),
    "B": ("社会保险", "Social insurance"),
    "C": ("不动产登记", "Real estate"),
    "D": ("医疗保障", "Medical insurance"),
    "E": ("户籍与居住证", "Household and residence"),
    "F": ("综合咨询", "General enquiries"),
}
LONG = (
    "建设工程消防设计审查验收及特殊建设工程消防设计审查意见书补办（含变更）",
    "Fire safety review and acceptance of construction projects, including replacement of lost review opinions",
)


def a_service(code: str = "A", names: tuple[str, str] | None = None, *, waiting: int = 3, **rest: object) -> Service:
    zh, en = names or NAMES.get(code, (f"业务{code}", f"Service {code}"))
    values: dict[str, object] = {
        "prefix": code[:1],
        "open": True,
        "wait_minutes": WaitRange(low=waiting * 2, high=waiting * 5) if waiting else WaitRange(low=0, high=0),
        "documents": [],
        "counters": ["1", "2", "3"],
    }
    return Service.model_validate({"code": code, "names": {"zh": zh, "en": en}, "waiting": waiting, **values, **rest})


def a_hall(
    *services: Service, opening: Opening | None = None, zones: int = 1, priorities: tuple[Priority, ...] = ()
) -> HallAnswer:
    if not services:
        services = tuple(a_service(code, waiting=at * 2) for at, code in enumerate(NAMES))
    counters = [
        Counter(code=code, label=code, state="open", services=[], waiting=0, evaluator_levels=list(LEVELS))
        for code in ("1", "2", "3", "4", "5")
    ]
    return HallAnswer(
        name="临江市政务服务中心",
        names={"zh": "临江市政务服务中心", "en": "Linjiang Government Service Hall"},
        time_zone="Asia/Shanghai",
        language="zh",
        time=NOON,
        speed=1.0,
        opening=opening or Opening(state="open", closes_at=NOON),
        zones=[
            Zone(code=f"Z{at}", names={"zh": f"{at}楼东区", "en": f"floor {at} east"}) for at in range(1, zones + 1)
        ],
        services=list(services),
        priorities=list(priorities),
        counters=counters,
    )


def a_ticket(number: str = "A007", /, **rest: object) -> Ticket:
    values: dict[str, object] = {
        "id": f"id-{number}",
        "number": number,
        "service": "A",
        "state": "waiting",
        "priority": "normal",
        "ahead": 3,
        "wait_minutes": {"low": 8, "high": 15},
        "counters": ["1", "2", "3"],
        "issued_at": NOON,
        "status_url": "http://hall.example:8000/t/3vQp8sLxk2mZr5Ty",
    }
    return Ticket.model_validate(values | rest)


def a_place(state: str = "waiting", /, **rest: object) -> PublicTicket:
    """What a scanned ticket's token leads to."""
    values: dict[str, object] = {
        "number": "A007",
        "state": state,
        "service_names": dict(zip(("zh", "en"), NAMES["A"], strict=True)),
        "hall_names": {"zh": "临江市政务服务中心", "en": "Linjiang Government Service Hall"},
        "counters": ["1", "2", "3"],
        "issued_at": NOON,
        **({"ahead": 3, "wait_minutes": {"low": 8, "high": 15}} if state == "waiting" else {}),
    }
    return PublicTicket.model_validate(values | rest)


def a_state(language: Language = "zh", **rest: object) -> State:
    """A machine that is connected and knows its hall."""
    state = a_kiosk(idle_s=8.0, languages=("zh", "en"), has_printer=True)
    values: dict[str, object] = {"hub": "there", "hall": a_hall(), "language": language}
    return replace(state, **(values | rest))  # type: ignore[arg-type]


DOCUMENTS = [{"zh": "身份证", "en": "ID card"}, {"zh": "营业执照副本", "en": "business licence"}]
TREE = (
    a_service("A", documents=DOCUMENTS),
    a_service("B"),
    a_service("B1", ("养老保险", "Pension"), parent="B"),
    a_service("B2", ("失业保险待遇申领", "Unemployment benefits"), parent="B", open=False),
    a_service("B3", ("工伤认定", "Work injury"), parent="B", waiting=0),
    a_service("C", open=False),
)
PRIORITIES = tuple(
    Priority(name=name, names={"zh": zh, "en": en}, head_start_minutes=minutes, at_kiosk=minutes == 15)
    for name, zh, en, minutes in (
        ("ordinary", "普通", "Ordinary", 0),
        ("elderly", "老年人", "Elderly", 15),
        ("disabled", "残疾人", "People with disabilities", 15),
        ("military", "军人及家属", "Military and their families", 15),
        ("pregnant", "孕妇", "Pregnant women", 15),
        ("green", "绿色通道", "Green channel", 30),
    )
)
#: Of a region that does not exist.
PERSON = Person("99000119900307123X")
CODE = Code("K7QM-3XRD", "hall-server.local:8443", "3F0A 77C2 91B4 0D5E A8E6 4C31 F27B 6690", 10)
NATIONAL_DAY = {"zh": "国庆节", "en": "National Day"}


def closed(reason: ClosedReason, opens: str = "", names: Names | None = None) -> Opening:
    """No numbers, for this reason, until that time on the hall's wall."""
    at = datetime.fromisoformat(opens).replace(tzinfo=CHINA) if opens else None
    return Opening(state="closed", reason=reason, names=names, next_opening=at)


#: A hall whose services are closed for every reason there is.
REASONS = (
    a_service("A", open=False, opening=closed("quota", "2026-03-02 13:30"), quota_left=0),
    a_service("B", open=False, opening=closed("cut_off", "2026-03-03 09:00")),
    a_service("C", open=False, opening=closed("lunch", "2026-03-02 13:30")),
    a_service("D", open=False, opening=closed("holiday", "2026-10-08 09:00", NATIONAL_DAY)),
    a_service("E", open=False, opening=closed("before_opening", "2026-03-02 14:00")),
    a_service("F", open=False, opening=closed("closed_day")),
    a_service("H", ("公安", "Police"), opening=closed("after_closing", "2026-03-03 09:00")),
    a_service("H1", ("户籍", "Household"), parent="H", open=False, opening=closed("after_closing", "2026-03-03 09:00")),
    a_service("K", ("出入境", "Entry and exit"), opening=Opening(state="open"), quota_left=3),
)
CLOSED = Opening(state="closed", next_opening=datetime(2026, 3, 3, 9, 0, tzinfo=CHINA))


def scenes(language: Language) -> dict[str, State]:
    """One state for every screen and for what makes it hard to lay out."""
    tree = a_hall(*TREE)
    many = a_hall(*(a_service(f"S{at}", LONG if at % 3 else None) for at in range(25)))
    wishing = a_hall(priorities=PRIORITIES)
    papers: tuple[tuple[Paper, PrinterCode], ...] = (
        ("printing", ""),
        ("printed", ""),
        ("not_printed", "paper_out"),
        ("unknown", "silent"),
        ("held", "paper_out"),
        ("none", ""),
    )
    shown = {
        paper: a_state(language, hall=tree, errand=Shown(a_ticket(), paper, 0.0, trouble)) for paper, trouble in papers
    }
    places = {
        "waiting": a_place(),
        "break": a_place(pause=closed("lunch", "2026-03-02 13:30")),
        "long": a_place(ahead=0, service_names={"zh": LONG[0], "en": LONG[1]}, counters=[*"12345789"]),
        "called": a_place("called", counter="2"),
        "missed": a_place("no_show", counter="2", may_return=True),
        "missed_for_good": a_place("no_show", counter="2"),
        "finished": a_place("finished", counter="2"),
    }
    return {
        "starting": replace(a_kiosk(idle_s=8, languages=("zh", "en"), has_printer=True), language=language),
        "services": a_state(language),
        "services_tree": a_state(language, hall=tree, printer="paper_out"),
        "services_inside": a_state(language, hall=tree, errand=Browsing(parent="B")),
        "services_many": a_state(language, hall=many, errand=Browsing(page=1), printer="near_end",
                                 unprinted=(Unprinted("A007", 60.0),)),
        "services_long": a_state(language, hall=a_hall(*(a_service(code, LONG, waiting=120) for code in "ABCDEFGH"))),
        "services_wishes": a_state(
            language, hall=wishing, printer="near_end", wish=Wish("military", ("C", "A"))
        ),
        "services_inside_wishes": a_state(
            language, hall=a_hall(*TREE, priorities=PRIORITIES), errand=Browsing(parent="B"), wish=Wish(None, ())
        ),
        "priorities": a_state(language, hall=wishing, errand=Browsing(priorities=True), wish=Wish("elderly")),
        "services_presenting": a_state(language, has_reader=True, has_scanner=True),
        "services_card": a_state(
            language, hall=wishing, person=PERSON, printer="near_end", wish=Wish("military", ("C", "A"))
        ),
        "services_inside_card": a_state(language, hall=tree, errand=Browsing(parent="B"), person=PERSON),
        "services_card_alone": a_state(language, has_reader=True, person=PERSON, printer="near_end"),
        "services_unread": a_state(language, has_reader=True, unread_until_s=8.0),
        "live_ticket": a_state(language, errand=NoNumber("A", "live_ticket_exists", 0.0, number="A007")),
        "card": a_state(language, has_reader=True, errand=Awaiting("A", 0.0)),
        "card_unread": a_state(language, has_reader=True, errand=Awaiting("A", 0.0), unread_until_s=8.0),
        "looking": a_state(language, errand=Looking("t", 0.0)),
        **{f"place_{name}": a_state(language, errand=Placed("t", place, 0.0)) for name, place in places.items()},
        **{f"unplaced_{code}": a_state(language, errand=Unplaced(code, 0.0)) for code in get_args(ScanCode)},
        "ticket_wishes": a_state(
            language,
            hall=wishing,
            errand=Shown(a_ticket(priority="disabled", services_left=["B", "C"]), "printed", 0.0),
        ),
        "issuing": a_state(language, errand=Issuing("A", "k", 0.0)),
        "issuing_again": a_state(language, errand=Issuing("A", "k", 0.0, tries=2)),
        **{f"ticket_{paper}": state for paper, state in shown.items()},
        "ticket_long": a_state(
            language,
            hall=a_hall(a_service("A", LONG, documents=DOCUMENTS * 2), zones=2),
            errand=Shown(
                a_ticket("AB1234", counters=["1", "2", "3", "4", "5", "7", "9", "11"], zone="Z2"), "unknown", 0, "lost"
            ),
        ),
        "no_number": a_state(language, errand=NoNumber("A", "service_closed", 0.0)),
        "no_answer": a_state(language, errand=NoNumber("A", "no_answer", 0.0, key="k")),
        "closed": a_state(language, hall=a_hall(opening=CLOSED)),
        "closed_holiday": a_state(language, hall=a_hall(opening=closed("holiday", "2026-10-08 09:00", NATIONAL_DAY))),
        "closed_lunch": a_state(language, hall=a_hall(opening=closed("lunch", "2026-03-02 13:30"))),
        "closed_unknown": a_state(language, hall=a_hall(opening=closed("after_closing"))),
        "services_reasons": a_state(language, hall=a_hall(*REASONS)),
        "no_number_quota": a_state(
            language, errand=NoNumber("A", "quota_reached", 0.0, opens_at=datetime(2026, 3, 2, 13, 30, tzinfo=CHINA))
        ),
        "empty": a_state(language, hall=a_hall(a_service("A", open=False))),
        "hub_away": a_state(language, hub="away", hall=None),
        "hub_refused": a_state(language, hub="refused", hall=None),
        "hub_untrusted": a_state(language, hub="untrusted", hall=None),
        "pairing": a_state(language, hub="pairing", hall=None, code=Code("K7QM-3XRD", "192.168.1.10:8000", "", 10)),
        "pairing_tls": a_state(language, hub="pairing", hall=None, code=CODE),
        "stopping": a_state(language, stopping=True),
    }  # fmt: skip


@cache
def the_face() -> Typeface:
    pygame.font.init()
    return Typeface(chinese_font())


def a_glance(state: State, size: tuple[int, int] = (1080, 1920), seconds_left: int | None = 8) -> Glance:
    clock = NOON if state.hub == "there" else None
    return Glance(state, *size, clock, seconds_left, the_face().width)


def a_sheet(state: State, size: tuple[int, int] = (1080, 1920)) -> Sheet:
    return lay_out(a_glance(state, size))
