"""ID cards and codes before the machine: whose number it is, where a ticket stands, and what is forgotten."""

from dataclasses import replace

import pytest

from hub.wire import Problem
from kiosk.cards import UNREAD_SAID_S
from kiosk.idling import UNHURRIED
from kiosk.place_page import place_lines
from kiosk.presented import (
    Awaiting,
    CardRead,
    CardUnread,
    Looking,
    LookUp,
    Person,
    Placed,
    PlaceTold,
    PlaceUntold,
    ReaderSeen,
    Scanned,
    Unplaced,
)
from kiosk.scans import kind_of
from kiosk.screens import screen_of, step
from kiosk.state import (
    Browsing,
    Effect,
    Errand,
    Event,
    HubMissing,
    Issue,
    IssueRefused,
    IssueUnanswered,
    Issuing,
    NoNumber,
    Paper,
    Shown,
    State,
    Ticked,
    TicketIssued,
    Touched,
)
from tests.unit.kiosk.scenes import CLOSED, PERSON, PRIORITIES, a_hall, a_place, a_sheet, a_state, a_ticket

NUMBER = PERSON.id_number
TOKEN = "3vQp8sLxk2mZr5Ty"
LINK = f"http://hall.example:8000/t/{TOKEN}"
READY = a_state(has_reader=True, has_scanner=True)


def after(state: State, *events: Event, at: float = 100.0) -> tuple[State, tuple[Effect, ...]]:
    """All events one second apart; the effects of the last."""
    effects: tuple[Effect, ...] = ()
    for later, event in enumerate(events):
        state, effects = step(state, event, at + later)
    return state, effects


def texts(state: State) -> str:
    return "\n".join(item.text for item in a_sheet(state).items)


def a_problem(**more: str) -> Problem:
    return Problem(title="no", status=409, code="live_ticket_exists", detail="句子", **more)


# --- cards -----------------------------------------------------------------------------------------------------------


def test_a_card_laid_before_choosing_goes_with_the_number_and_is_forgotten() -> None:
    state, _ = after(READY, CardRead(NUMBER, "k1"))
    assert "已读取身份证 尾号 123X" in texts(state)
    state, effects = after(state, Touched("service:A", "k2"))
    assert effects == (Issue("A", "k2", "zh", id_number=NUMBER),)
    assert after(state, TicketIssued("k2", a_ticket()))[0].person is None


def test_nothing_on_the_glass_and_no_repr_has_more_than_the_last_four() -> None:
    state, effects = after(READY, CardRead(NUMBER, "k1"), Touched("service:A", "k2"))
    for seen in (repr(state), repr(effects), repr(CardRead(NUMBER, "k")), texts(replace(state, errand=Browsing()))):
        assert NUMBER not in seen
        assert NUMBER[6:14] not in seen


def test_a_question_asked_again_says_the_same_person() -> None:
    state, first = after(READY, CardRead(NUMBER, "k1"), Touched("service:A", "k2"))
    state, again = after(state, IssueUnanswered("k2"), Ticked(), at=110.0)
    assert again == first
    tired = replace(state, errand=NoNumber("A", "no_answer", 110.0, key="k2"))
    assert after(tired, Touched("retry", "k9"), at=120.0)[1] == first


def test_where_cards_are_asked_for_the_card_laid_after_choosing_takes_the_number() -> None:
    asking = replace(READY, asks_card=True)
    state, effects = after(asking, Touched("service:A", "k1"))
    assert (screen_of(state), effects) == ("card", ())
    state, effects = after(state, CardRead(NUMBER, "k2"), at=105.0)
    assert (screen_of(state), effects) == ("issuing", (Issue("A", "k2", "zh", id_number=NUMBER),))


@pytest.mark.parametrize(
    ("touch", "effects"), [("without_card", (Issue("A", "k2", "zh"),)), ("back", ())], ids=["without", "back"]
)
def test_nobody_is_forced_to_lay_a_card(touch: str, effects: tuple[Effect, ...]) -> None:
    asked = after(replace(READY, asks_card=True), Touched("service:A", "k1"))[0]
    assert after(asked, Touched(touch, "k2"), at=105.0)[1] == effects


def test_a_reader_that_is_away_is_neither_offered_nor_asked_for() -> None:
    away, _ = after(replace(READY, asks_card=True), ReaderSeen("id_reader", False), ReaderSeen("scanner", False))
    assert "身份证" not in texts(away)
    assert "扫号票" not in texts(away)
    assert after(away, Touched("service:A", "k"))[1] == (Issue("A", "k", "zh"),)


def test_the_card_is_forgotten_when_nobody_touches_or_somebody_says_so() -> None:
    state, _ = after(READY, CardRead(NUMBER, "k1"))
    assert after(state, Ticked(), at=100.0 + READY.idle_s * UNHURRIED - 0.1)[0].person == PERSON
    assert after(state, Ticked(), at=100.0 + READY.idle_s * UNHURRIED)[0].person is None
    assert after(state, Touched("forget", "k"))[0].person is None
    assert after(state, HubMissing())[0].person is None


def test_the_next_citizens_card_takes_the_place_of_the_last() -> None:
    other = Person("990001199101011234")
    assert after(READY, CardRead(NUMBER, "k1"), CardRead(other.id_number, "k2"))[0].person == other


@pytest.mark.parametrize(("paper", "taken"), [("printed", True), ("printing", False), ("not_printed", False)])
def test_a_card_never_pushes_away_a_number_that_is_still_needed(paper: Paper, taken: bool) -> None:
    state, _ = after(replace(READY, errand=Shown(a_ticket(), paper, 90.0)), CardRead(NUMBER, "k"))
    assert (state.person is not None, screen_of(state) == "services") == (taken, taken)


@pytest.mark.parametrize(
    "state",
    [a_state(hub="away", hall=None), a_state(hall=a_hall(opening=CLOSED)), a_state(errand=Issuing("A", "k", 90.0))],
    ids=["away", "closed", "issuing"],
)
def test_a_card_where_no_number_is_given_is_not_kept(state: State) -> None:
    assert after(state, CardRead(NUMBER, "k")) == (state, ())


def test_a_card_that_cannot_be_read_is_told_for_a_while() -> None:
    state, _ = after(READY, CardUnread())
    assert "没有读出身份证" in texts(state)
    assert "没有读出" not in texts(after(state, Ticked(), at=100.0 + UNREAD_SAID_S)[0])


def test_who_holds_a_number_already_is_told_which() -> None:
    state, _ = after(
        READY, CardRead(NUMBER, "k1"), Touched("service:A", "k2"), IssueRefused("k2", a_problem(number="A007"))
    )
    assert screen_of(state) == "no_number"
    assert "您已有号票 A007" in texts(state)
    assert state.person is None


# --- codes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (LINK, ("ticket", TOKEN)),
        (f"https://other.example/t/{TOKEN}?x=1", ("ticket", TOKEN)),
        (f"/t/{TOKEN}", ("ticket", TOKEN)),
        (f"{LINK}/../../hall", ("unknown", "")),
        ("http://hall.example/t/", ("unknown", "")),
        ("http://hall.example/book/7Q2K", ("appointment", "")),
        ("YY20260302001", ("appointment", "")),
        ("预约20260302001", ("appointment", "")),
        ("6901234567892", ("unknown", "")),
        ("", ("unknown", "")),
    ],
)
def test_what_a_code_is(text: str, kind: tuple[str, str]) -> None:
    assert kind_of(text) == kind


def test_a_tickets_code_shows_its_place() -> None:
    state, effects = after(READY, Scanned(LINK))
    assert (screen_of(state), effects) == ("looking", (LookUp(TOKEN),))
    state, _ = after(state, PlaceTold(TOKEN, a_place()))
    assert screen_of(state) == "place"
    assert all(word in texts(state) for word in ("A007", "前面还有 3 人等候", "8–15 分钟", "1、2、3 号窗口"))
    assert TOKEN not in repr(state)


def test_a_missed_citizen_joins_again_with_one_touch() -> None:
    missed = replace(READY, errand=Placed(TOKEN, a_place("no_show", may_return=True), 90.0))
    state, effects = after(missed, Touched("rejoin", "k1"))
    assert (state.errand, effects) == (Looking(TOKEN, 100.0, rejoins=True), (LookUp(TOKEN, "k1"),))
    assert after(state, PlaceTold(TOKEN, a_place()))[0].errand == Placed(TOKEN, a_place(), 100.0)
    for_good = replace(READY, errand=Placed(TOKEN, a_place("no_show"), 90.0))
    assert after(for_good, Touched("rejoin", "k1"))[1] == ()
    assert "rejoin" not in [item.name for item in a_sheet(for_good).items]


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("called", "已叫到您，请到2 号窗口"),
        ("serving", "正在2 号窗口办理"),
        ("held", "窗口已为您保留，准备好后请回窗口"),
        ("finished", "这张号票已办理完毕"),
        ("cancelled", "这张号票已取消"),
        ("expired", "这张号票已过期"),
    ],
)
def test_a_ticket_that_waits_no_longer_says_where_it_is(state: str, says: str) -> None:
    assert place_lines(READY, a_place(state, counter="2")) == [says]


@pytest.mark.parametrize(
    ("text", "says"),
    [("YY20260302001", "尚未开通预约签到"), ("6901234567892", "没有认出这个码")],
)
def test_other_codes_get_a_sentence_and_the_way_back_to_the_services(text: str, says: str) -> None:
    state, effects = after(READY, Scanned(text))
    assert (screen_of(state), effects) == ("unplaced", ())
    assert says in texts(state)
    assert screen_of(after(state, Touched("done", "k"), at=110.0)[0]) == "services"


def test_an_unknown_ticket_and_a_silent_hub_are_told_apart() -> None:
    looking, _ = after(READY, Scanned(LINK))
    assert "没有找到" in texts(after(looking, PlaceUntold(TOKEN, "gone"))[0])
    assert "没有应答" in texts(after(looking, PlaceUntold(TOKEN, "no_answer"))[0])
    assert after(a_state(hub="away", hall=None), Scanned(LINK))[0].errand == Unplaced("no_answer", 100.0)


def test_an_answer_that_comes_too_late_or_for_another_code_changes_nothing() -> None:
    looking, _ = after(READY, Scanned(LINK))
    assert after(looking, PlaceTold("other-token", a_place())) == (looking, ())
    assert after(READY, PlaceTold(TOKEN, a_place())) == (READY, ())


@pytest.mark.parametrize(
    "errand",
    [Issuing("A", "k", 90.0), Shown(a_ticket(), "printing", 90.0), Awaiting("A", 90.0), Looking("t", 90.0),
     NoNumber("A", "no_answer", 90.0, key="k")],
)  # fmt: skip
def test_a_code_never_pushes_away_what_a_citizen_still_needs(errand: Errand) -> None:
    state = replace(READY, errand=errand)
    assert after(state, Scanned(LINK)) == (state, ())


def test_a_place_goes_away_by_itself_and_the_wish_with_it() -> None:
    state, _ = after(a_state(hall=a_hall(priorities=PRIORITIES)), Touched("priorities", "k"), Scanned(LINK))
    state, _ = after(state, PlaceTold(TOKEN, a_place()))
    back, _ = after(state, Ticked(), at=101.0 + state.idle_s * UNHURRIED)
    assert (back.errand, screen_of(back)) == (Browsing(), "services")
