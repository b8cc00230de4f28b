"""The ticket machine's behaviour, as (state, event) → (state, effects)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire import BoardService, Opening, Problem, WaitRange
from kiosk.idling import BOUNCE_S, PAPER_PATIENCE_S, UNHURRIED
from kiosk.screens import (
    ISSUE_PATIENCE_S,
    RETRY_AFTER_S,
    screen_of,
    step,
)
from kiosk.slips import UNPRINTED_SAID_S
from kiosk.state import (
    BoardSeen,
    Browsing,
    Effect,
    Event,
    HallRead,
    HallUnread,
    HubFound,
    HubMissing,
    Issue,
    IssueRefused,
    IssueUnanswered,
    Issuing,
    LoadHall,
    NoNumber,
    PaperDone,
    Print,
    PrinterSeen,
    Report,
    Shown,
    State,
    Stopping,
    Ticked,
    TicketIssued,
    Touched,
    a_kiosk,
)
from tests.unit.kiosk.scenes import CLOSED, TREE, a_hall, a_service, a_state, a_ticket

IDLE = 8.0
TICKET = a_ticket()


def a_problem(code: str, status: int = 409) -> Problem:
    return Problem(title=code, status=status, code=code, detail="句子")


def after(state: State, *events: Event, at: float = 100.0) -> tuple[State, tuple[Effect, ...]]:
    """All events at one moment; the effects of the last."""
    effects: tuple[Effect, ...] = ()
    for event in events:
        state, effects = step(state, event, at)
    return state, effects


ASKED = after(a_state(), Touched("service:A", "key-1"))[0]
PRINTING = after(ASKED, TicketIssued("key-1", TICKET))[0]
NOT_PRINTED = after(PRINTING, PaperDone(TICKET, "not_printed", "paper_out"))[0]
UNKNOWN = after(PRINTING, PaperDone(TICKET, "unknown", "silent"))[0]
PRINTED = after(PRINTING, PaperDone(TICKET, "printed"))[0]
NO_ANSWER = a_state(errand=NoNumber("A", "no_answer", 100.0, key="key-1"))


def test_one_touch_asks_for_a_number() -> None:
    state, effects = after(a_state(), Touched("service:A", "key-1"))
    assert screen_of(state) == "issuing"
    assert effects == (Issue("A", "key-1", "zh"),)


def test_a_heading_takes_a_second_touch() -> None:
    inside, none = after(a_state(hall=a_hall(*TREE)), Touched("service:B", "key-1"))
    assert (screen_of(inside), inside.errand, none) == ("services", Browsing(parent="B"), ())
    assert after(inside, Touched("service:B3", "key-2"))[1] == (Issue("B3", "key-2", "zh"),)


def test_a_second_touch_while_the_number_is_being_made_takes_no_second_number() -> None:
    state, effects = after(ASKED, Touched("service:A", "key-2"), Touched("service:B", "key-3"))
    assert (state.errand, effects) == (ASKED.errand, ())


def test_a_number_is_shown_while_its_paper_moves() -> None:
    state, effects = after(ASKED, TicketIssued("key-1", TICKET))
    assert isinstance(state.errand, Shown)
    assert (screen_of(state), state.errand.paper) == ("ticket", "printing")
    assert effects == (Print(TICKET, "zh"),)


def test_the_slip_is_in_the_language_the_citizen_chose() -> None:
    english = after(a_state(), Touched("language", ""))[0]
    asked, effects = after(english, Touched("service:A", "k"))
    assert effects == (Issue("A", "k", "en"),)
    assert after(asked, TicketIssued("k", TICKET))[1] == (Print(TICKET, "en"),)


@pytest.mark.parametrize(
    "name",
    ["service:C", "service:B2", "service:nobody", "page:x", "done", "reprint", "retry", "back", "number", "", "hall"],
)
def test_touches_that_mean_nothing_here_change_nothing(name: str) -> None:
    state = a_state(hall=a_hall(*TREE))
    changed, effects = after(state, Touched(name, "k"))
    assert (changed.errand, changed.language, effects) == (state.errand, state.language, ())


@pytest.mark.parametrize(
    "state",
    [
        a_kiosk(idle_s=IDLE, languages=("zh", "en"), has_printer=True),
        a_state(hub="away", hall=None),
        a_state(hub="refused", hall=None),
        a_state(hall=a_hall(opening=CLOSED)),
        a_state(opening=CLOSED),
        a_state(stopping=True),
    ],
    ids=["starting", "away", "refused", "closed", "closed by the board", "stopping"],
)
def test_no_number_is_asked_for_when_none_can_be_given(state: State) -> None:
    assert after(state, Touched("service:A", "k"))[1] == ()


def test_a_finger_that_bounces_does_not_close_the_ticket_it_just_got() -> None:
    bounced = step(PRINTING, Touched("done", "k"), 100.0 + BOUNCE_S / 2)[0]
    meant = step(PRINTING, Touched("done", "k"), 100.0 + BOUNCE_S)[0]
    assert (screen_of(bounced), screen_of(meant)) == ("ticket", "services")


def test_a_finger_that_bounces_on_done_takes_no_number_for_the_next_citizen() -> None:
    start = step(PRINTED, Touched("done", ""), 101.0)[0]
    assert step(start, Touched("service:A", "k"), 101.0 + BOUNCE_S / 2)[1] == ()
    assert step(start, Touched("service:A", "k"), 101.0 + BOUNCE_S)[1] == (Issue("A", "k", "zh"),)


def test_a_remote_touch_never_bounces() -> None:
    assert screen_of(after(PRINTING, Touched("done", "k", bouncing=False))[0]) == "services"


# --- no clear answer -------------------------------------------------------------------------------------------------


def test_an_unclear_answer_is_asked_again_with_the_same_key() -> None:
    waiting = after(ASKED, IssueUnanswered("key-1"))[0]
    assert step(waiting, Ticked(), 100.0 + RETRY_AFTER_S[0] / 2)[1] == ()
    again, effects = step(waiting, Ticked(), 100.0 + RETRY_AFTER_S[0])
    assert effects == (Issue("A", "key-1", "zh"),)
    assert step(again, Ticked(), 101.0)[1] == (), "one question at a time"


def unanswered_until_given_up(seconds_per_try: float) -> tuple[State, int]:
    state, now, asked = ASKED, 100.0, 1
    while isinstance(state.errand, Issuing):
        now += seconds_per_try
        state, _ = step(state, IssueUnanswered("key-1"), now)
        if isinstance(state.errand, Issuing) and state.errand.again_at_s is not None:
            now = state.errand.again_at_s
            state, effects = step(state, Ticked(), now)
            asked += len(effects)
    return state, asked


def test_it_gives_up_after_some_tries_and_says_that_there_is_no_number() -> None:
    state, asked = unanswered_until_given_up(0.1)
    assert asked == 1 + len(RETRY_AFTER_S)
    assert isinstance(state.errand, NoNumber)
    assert (state.errand.code, state.errand.key) == ("no_answer", "key-1")


def test_it_gives_up_sooner_when_each_try_is_slow() -> None:
    assert unanswered_until_given_up(ISSUE_PATIENCE_S / 2)[1] < 1 + len(RETRY_AFTER_S)


def test_trying_again_by_hand_uses_the_old_key_so_that_no_second_number_is_made() -> None:
    assert after(NO_ANSWER, Touched("retry", "key-2"))[1] == (Issue("A", "key-1", "zh"),)


def test_a_fault_inside_the_hub_is_asked_again_like_silence() -> None:
    state, _ = after(ASKED, IssueRefused("key-1", a_problem("store_unavailable", 503)))
    assert isinstance(state.errand, Issuing)
    assert state.errand.again_at_s == 100.0 + RETRY_AFTER_S[0]


def test_a_late_number_still_reaches_the_citizen_who_waits_for_it() -> None:
    state, effects = after(NO_ANSWER, TicketIssued("key-1", TICKET))
    assert (screen_of(state), effects) == ("ticket", (Print(TICKET, "zh"),))


def test_a_number_nobody_waits_for_any_more_is_printed_and_hides_nothing() -> None:
    state, effects = after(a_state(), TicketIssued("old", TICKET))
    assert (screen_of(state), effects) == ("services", (Print(TICKET, "zh"),))


def test_a_refusal_says_why_and_reads_the_hall_anew() -> None:
    state, effects = after(ASKED, IssueRefused("key-1", a_problem("service_closed")))
    assert isinstance(state.errand, NoNumber)
    assert (state.errand.code, state.errand.key, effects) == ("service_closed", None, (LoadHall(),))
    assert after(state, Touched("retry", "k"))[1] == ()


def test_an_answer_to_an_older_question_changes_nothing() -> None:
    for event in (IssueUnanswered("old"), IssueRefused("old", a_problem("service_closed"))):
        assert after(ASKED, event) == (ASKED, ())


# --- paper -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["printed", "not_printed", "unknown"])
@pytest.mark.parametrize("state", [PRINTING, a_state(), ASKED], ids=["shown", "start", "next citizen asks"])
def test_what_became_of_the_paper_is_always_reported(state: State, outcome: str) -> None:
    done = PaperDone(TICKET, outcome, "", "why")  # type: ignore[arg-type]
    assert after(state, done)[1] == (Report(TICKET.id, outcome, "why"),)  # type: ignore[arg-type]


def test_only_a_slip_that_surely_did_not_come_out_is_printed_again() -> None:
    moment = 100.0 + BOUNCE_S
    again, effects = step(NOT_PRINTED, Touched("reprint", "k"), moment)
    assert effects == (Report(TICKET.id, "reprinted"), Print(TICKET, "zh"))
    assert isinstance(again.errand, Shown)
    assert again.errand.paper == "printing"
    for state in (PRINTING, UNKNOWN, PRINTED, again):
        assert step(state, Touched("reprint", "k"), moment + 1)[1] == ()


def test_the_next_citizen_is_told_nothing_but_the_number_of_the_lost_slip() -> None:
    state, _ = after(a_state(), PaperDone(TICKET, "not_printed", "paper_out"))
    assert (screen_of(state), [one.number for one in state.unprinted]) == ("services", ["A007"])
    assert step(state, Ticked(), 100.0 + UNPRINTED_SAID_S)[0].unprinted == ()


def test_without_a_printer_the_number_is_shown_and_the_hub_is_told() -> None:
    bare = replace(ASKED, has_printer=False, printer="not_configured")
    state, effects = after(bare, TicketIssued("key-1", TICKET))
    assert isinstance(state.errand, Shown)
    assert state.errand.paper == "none"
    assert effects == (Report(TICKET.id, "not_printed", "no printer is configured"),)


def test_the_printers_state_is_kept_for_the_start_screen() -> None:
    assert after(a_state(), PrinterSeen("near_end"))[0].printer == "near_end"


# --- going back by itself --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "stays_s"),
    [
        (PRINTED, IDLE),
        (PRINTING, PAPER_PATIENCE_S),
        (NOT_PRINTED, IDLE * UNHURRIED),
        (UNKNOWN, IDLE * UNHURRIED),
        (NO_ANSWER, IDLE * UNHURRIED),
        (a_state(hall=a_hall(*TREE), errand=Browsing(parent="B"), touched_at_s=100.0), IDLE * UNHURRIED),
        (a_state("en", touched_at_s=100.0), IDLE * UNHURRIED),
    ],
    ids=["printed", "printing", "not printed", "unknown", "no number", "in a heading", "other language"],
)
def test_every_screen_goes_back_to_the_start_by_itself(state: State, stays_s: float) -> None:
    before = step(state, Ticked(), 100.0 + stays_s - 0.1)[0]
    assert before == state
    start = step(state, Ticked(), 100.0 + stays_s)[0]
    assert (screen_of(start), start.errand, start.language) == ("services", Browsing(), "zh")


def test_a_finger_on_the_screen_keeps_it_there() -> None:
    touched = step(PRINTED, Touched("language", ""), 105.0)[0]
    assert screen_of(step(touched, Ticked(), 105.0 + IDLE - 0.1)[0]) == "ticket"


def test_while_a_number_is_being_made_the_screen_stays() -> None:
    assert step(ASKED, Ticked(), 1e6)[0] == ASKED


# --- hub and hall ----------------------------------------------------------------------------------------------------


def test_the_hall_is_read_when_the_hub_is_found() -> None:
    fresh = a_kiosk(idle_s=IDLE, languages=("zh",), has_printer=True)
    assert screen_of(fresh) == "starting"
    found, effects = after(fresh, HubFound())
    assert (screen_of(found), effects) == ("starting", (LoadHall(),))
    assert screen_of(after(found, HallRead(a_hall()))[0]) == "services"


def test_a_hall_that_could_not_be_read_is_read_again() -> None:
    found = after(a_kiosk(idle_s=IDLE, languages=("zh",), has_printer=True), HubFound(), HallUnread())[0]
    assert step(found, Ticked(), 100.5)[1] == ()
    assert step(found, Ticked(), 110.0)[1] == (LoadHall(),)


def test_a_lost_hub_is_said_and_the_hall_forgotten() -> None:
    away = after(a_state(), HubMissing())[0]
    refused = after(a_state(), HubMissing("refused"))[0]
    assert (screen_of(away), away.hall, screen_of(refused)) == ("hub_away", None, "hub_refused")
    assert after(away, HallRead(a_hall()))[0].hall is None, "an answer from before the loss is old"


def test_a_shown_number_survives_the_hub() -> None:
    assert screen_of(after(PRINTING, HubMissing())[0]) == "ticket"


A_BOARD = BoardSeen({"A": BoardService(names={"zh": "甲"}, waiting=1)}, Opening(state="open"))


def test_counts_are_taken_from_the_board_without_reading_the_hall() -> None:
    seen = after(a_state(), A_BOARD)[0]
    seen = after(seen, HallRead(a_hall()))[0]
    busier = BoardSeen(
        {"A": BoardService(names={"zh": "甲"}, waiting=9, wait_minutes=WaitRange(low=1, high=2))}, A_BOARD.opening
    )
    state, effects = after(seen, busier)
    assert (state.live["A"].waiting, effects) == (9, ())


@pytest.mark.parametrize(
    "board",
    [
        BoardSeen(A_BOARD.services, CLOSED),
        BoardSeen({}, A_BOARD.opening),
        BoardSeen({"A": BoardService(names={"zh": "乙"}, waiting=1)}, A_BOARD.opening),
    ],
    ids=["hours", "services", "names"],
)
def test_the_hall_is_read_anew_when_the_board_tells_of_other_services_or_hours(board: BoardSeen) -> None:
    seen = after(a_state(), A_BOARD, HallRead(a_hall()))[0]
    assert after(seen, board)[1] == (LoadHall(),)


def test_a_change_during_a_reading_is_read_once_more() -> None:
    reading, _ = after(a_state(hub="away", hall=None), HubFound())
    reading, effects = after(reading, A_BOARD, BoardSeen({}, CLOSED))
    assert effects == ()
    assert after(reading, HallRead(a_hall()))[1] == (LoadHall(),)


def test_a_closed_board_closes_the_machine_at_once() -> None:
    seen = after(a_state(), A_BOARD, HallRead(a_hall()))[0]
    assert screen_of(after(seen, BoardSeen(A_BOARD.services, CLOSED))[0]) == "closed"


def test_a_hall_without_open_services_says_so() -> None:
    assert screen_of(a_state(hall=a_hall(a_service("A", open=False)))) == "empty"


def test_a_heading_that_lost_its_services_is_left() -> None:
    inside = a_state(hall=a_hall(*TREE), errand=Browsing(parent="B"))
    assert after(inside, HallRead(a_hall()))[0].errand == Browsing()


def test_a_machine_that_stops_gives_no_more_numbers_but_finishes_the_one_under_way() -> None:
    stopping = after(ASKED, Stopping())[0]
    state, effects = after(stopping, TicketIssued("key-1", TICKET))
    assert (screen_of(state), effects) == ("ticket", (Print(TICKET, "zh"),))
    assert screen_of(after(a_state(), Stopping())[0]) == "stopping"


# --- whatever happens ------------------------------------------------------------------------------------------------

EVENTS = st.sampled_from(
    [
        *(Touched(name, "") for name in ("service:A", "service:B", "done", "reprint", "retry", "language", "back")),
        Ticked(),
        HubFound(),
        HubMissing(),
        HallRead(a_hall()),
        HallUnread(),
        A_BOARD,
        BoardSeen({}, CLOSED),
        IssueRefused("", a_problem("quota_reached")),
        PaperDone(TICKET, "printed"),
        PaperDone(TICKET, "not_printed", "paper_out"),
        PaperDone(TICKET, "unknown", "silent"),
        PrinterSeen("paper_out"),
    ]
)


@given(st.lists(st.tuples(EVENTS, st.floats(0, 5)), max_size=40))
def test_a_number_is_asked_for_only_by_a_touch_and_shown_only_when_the_hub_gave_it(
    happenings: list[tuple[Event, float]],
) -> None:
    state, now, keys = a_state(), 0.0, set()
    for count, (event, pause) in enumerate(happenings):
        now += pause
        touched = replace(event, fresh_key=f"k{count}") if isinstance(event, Touched) else event
        state, effects = step(state, touched, now)
        for effect in effects:
            if isinstance(effect, Issue) and effect.key not in keys:
                assert isinstance(touched, Touched)
                keys.add(effect.key)
        assert not isinstance(state.errand, Shown), "no hub gave a number here"
