"""Hall time that does not run backwards 大厅时间, pure: wall clock and monotonic seconds come in as arguments.

A clock that was set back by up to six hours is not followed at once: hall time goes on from where it was, at half
speed, until the wall clock has caught up. So no place in the queue, no wait and no hall day runs backwards, and the
hall still comes to the right time. Jumps forward and larger ones back are followed, and told like all others.
Everything is UTC: daylight saving is no jump.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Smaller differences are what a time service corrects all day long.
JUMP = timedelta(seconds=2)
#: A clock set back by more was wrong before: to hold on to it would keep the hall in the wrong day.
HELD_MOST = timedelta(hours=6)
#: How fast hall time runs while the wall clock is behind it.
SLOWED = 0.5
#: After a jump forward the end of the day waits so long: a slip of the hand is often mended within minutes.
SETTLED_AFTER_S = 300.0


@dataclass(frozen=True)
class Jump:
    """The clock was moved at hall time `at`, forward for a positive `by`; `held` = hall time does not follow it."""

    at: datetime
    by: timedelta
    held: bool
    restart: bool = False


class Steady:
    """Gives hall time; call `begin` once, then `time` as often as time is needed."""

    def __init__(self) -> None:
        self._wall: datetime | None = None
        self._monotonic_s = 0.0
        self._time: datetime | None = None
        self._forward_at_s: float | None = None

    def begin(self, wall: datetime, monotonic_s: float, last: datetime | None) -> Jump | None:
        """After a restart; `last` is the time of the newest journal entry. A jump forward looks like downtime."""
        self._wall, self._monotonic_s, self._time = wall, monotonic_s, wall
        if last is None or last <= wall:
            return None
        held = last - wall <= HELD_MOST
        if held:
            self._time = last
        return Jump(self._time, wall - last, held, restart=True) if last - wall > JUMP else None

    def time(self, wall: datetime, monotonic_s: float) -> tuple[datetime, Jump | None]:
        """Hall time now, and the jump that was noticed since the last call."""
        if self._wall is None or self._time is None:
            self.begin(wall, monotonic_s, None)
            return wall, None
        passed = timedelta(seconds=max(0.0, monotonic_s - self._monotonic_s))
        by = wall - self._wall - passed
        followed = self._time + passed - wall > HELD_MOST
        self._time = wall if followed else max(wall, self._time + passed * SLOWED)
        self._wall, self._monotonic_s = wall, monotonic_s
        if abs(by) <= JUMP:
            return self._time, None
        if by > JUMP:
            self._forward_at_s = monotonic_s
        return self._time, Jump(self._time, by, held=by < -JUMP and not followed)

    @property
    def ahead(self) -> timedelta:
        """How far hall time is ahead of the wall clock."""
        return self._time - self._wall if self._time and self._wall else timedelta(0)

    def settled(self, monotonic_s: float) -> bool:
        """Whether a day may end by this clock."""
        return self._forward_at_s is None or monotonic_s - self._forward_at_s >= SETTLED_AFTER_S
