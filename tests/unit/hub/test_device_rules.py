"""What reports of devices mean: nothing personal is kept, alerts begin and end by rule, shares of a day add up."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.alert_settings import DEFAULT_RULES, AlertRule
from hub.devices.rules import Seen, Spell, Standing, again_after, judge, seen, shares, uptime
from hub.devices.tally import Tally
from hub.settings import SettingsError, settings_from
from hub.wire import DeviceState

SECOND = 1_000_000
DOWN, NEAR_END = DEFAULT_RULES


def printer(state: str = "faulty", code: str = "paper_out") -> Seen:
    return Seen("kiosk-1", "kiosk", "printer", "generic", state, code)


def test_a_report_is_kept_without_anything_personal() -> None:
    told = DeviceState(
        name="printer", device="socket://192.168.1.50:9100", state="degraded", code="near_end",
        detail="110101199003078888  13800138000 left about 40",
    )  # fmt: skip
    assert seen("kiosk-1", "kiosk", told).detail == "*** *** left about 40"
    assert seen("kiosk-1", "kiosk", told).model == "socket://192.168.1.50:9100"


@pytest.mark.parametrize(
    ("state", "code", "for_s", "rules"),
    [
        ("faulty", "paper_out", 59, []),
        ("faulty", "paper_out", 60, ["device_down"]),
        ("silent", "station_away", 60, ["device_down"]),
        ("silent", "not_heard", 9999, []),
        ("silent", "one_way", 9999, []),
        ("degraded", "near_end", 0, ["paper_near_end"]),
        ("degraded", "damaged", 9999, []),
        ("fine", "", 9999, []),
    ],
)
def test_the_rules_of_a_hall_that_sets_none(state: str, code: str, for_s: int, rules: list[str]) -> None:
    judged = judge([Spell(printer(state, code), 0)], [], DEFAULT_RULES, {}, for_s * SECOND)
    assert [rule.name for rule, _, _ in judged.fresh] == rules


def test_a_device_that_turns_from_silent_to_faulty_was_not_well_in_between() -> None:
    first = judge([Spell(printer("silent", "silent"), 0)], [], [DOWN], {}, 50 * SECOND)
    then = judge([Spell(printer(), 50 * SECOND)], [], [DOWN], first.since, 60 * SECOND)
    assert [since for _, _, since in then.fresh] == [0]


def test_an_alert_is_told_once_and_ends_by_itself() -> None:
    standing = [Standing("a1", "device_down", "kiosk-1", "printer")]
    assert judge([Spell(printer(), 0)], standing, [DOWN], {}, 99 * SECOND).fresh == ()
    assert judge([Spell(printer("fine", ""), 0)], standing, [DOWN], {}, 99 * SECOND).over == ("a1",)
    assert judge([], standing, [DOWN], {}, 99 * SECOND).over == ("a1",)


def test_a_rule_can_be_for_one_device_and_one_code() -> None:
    rule = AlertRule(name="voice", devices=("voice",), codes=("port_missing",), after_seconds=0)
    spells = [Spell(Seen("d", "display", device, "", "faulty", code), 0) for device, code in
              (("voice", "port_missing"), ("voice", "rejected"), ("led", "port_missing"))]  # fmt: skip
    assert [told.device for _, told, _ in judge(spells, [], [rule], {}, 0).fresh] == ["voice"]


def test_a_rule_for_strips_is_for_the_strip_of_every_counter() -> None:
    rule = AlertRule(name="strips", devices=("led",), after_seconds=0)
    spells = [Spell(Seen("d", "display", device, "", "faulty", ""), 0) for device in ("led", "led-3", "ledger")]
    assert [told.device for _, told, _ in judge(spells, [], [rule], {}, 0).fresh] == ["led", "led-3"]


def test_the_share_of_a_day_counts_opening_hours_only() -> None:
    spells = [Spell(printer("fine", ""), 0, 60 * SECOND), Spell(printer(), 60 * SECOND, None)]
    windows = [(30 * SECOND, 70 * SECOND), (80 * SECOND, 200 * SECOND)]
    seconds = shares(spells, windows, 90 * SECOND)
    assert seconds == {"fine": 30.0, "degraded": 0.0, "faulty": 20.0, "silent": 0.0}
    assert uptime(seconds) == 60.0
    assert uptime(dict.fromkeys(seconds, 0.0)) is None


@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["fine", "faulty", "silent"])), max_size=20))
def test_the_shares_of_a_day_add_up_to_what_was_observed(changes: list[tuple[int, str]]) -> None:
    ends = sorted({at for at, _ in changes})
    spells = [
        Spell(printer(state), begin * SECOND, until * SECOND)
        for (begin, until), (_, state) in zip(pairwise(ends), changes, strict=False)
    ]
    seconds = shares(spells, [(0, 200 * SECOND), (200 * SECOND, 1000 * SECOND)], 1000 * SECOND)
    assert sum(seconds.values()) == sum((one.ended_at or 0) - one.begun_at for one in spells) / SECOND


def test_a_webhook_is_asked_again_ever_more_seldom() -> None:
    waits = [again_after(tries).total_seconds() for tries in range(1, 10)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (5, 3600)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"alerts": {"webhook_url": "http://192.168.1.9/x"}}, "webhook_secret"),
        ({"alerts": {"webhook_url": "ftp://x", "webhook_secret": "s"}}, "alerts.webhook_url"),
        ({"alert": [{"name": "a"}, {"name": "a"}]}, r"\[\[alert\]\] a stands twice"),
        ({"alert": [{"name": "a", "states": ["dead"]}]}, "alert.0.states"),
    ],
)
def test_wrong_alert_settings_are_named(document: dict[str, object], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        settings_from(document, origin="hall.toml")


def test_prometheus_hears_states_seconds_and_changes() -> None:
    tally = Tally()
    tally.look([printer("fine", "")], 10.0)
    tally.look([printer()], 14.0)
    tally.look([printer()], 15.5)
    lines = tally.lines()
    device = 'station="kiosk-1",device="printer"'
    assert f'hall_device_state{{{device},state="faulty"}} 1' in lines
    assert f'hall_device_state{{{device},state="fine"}} 0' in lines
    assert f'hall_device_seconds_total{{{device},state="fine"}} 4.0' in lines
    assert f'hall_device_seconds_total{{{device},state="faulty"}} 1.5' in lines
    assert f"hall_device_changes_total{{{device}}} 1" in lines
