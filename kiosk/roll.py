"""How much paper is left once the printer says that it nears its end. Pure; lengths in mm.

The sensor says one thing once: so much paper is left (a value of the printer's profile). From then on the slips are
counted off. It is an estimate: where the sensor sits differs from printer to printer.
"""

from dataclasses import dataclass, replace

#: Before any slip was measured: a ticket with its code on 80 mm paper.
USUAL_SLIP_MM = 125.0
#: How much the newest slip weighs in the usual length.
NEWEST = 0.2


@dataclass(frozen=True)
class Roll:
    """`left_mm` is None while the printer does not say that its paper nears the end, or its profile knows no length."""

    left_mm: float | None = None
    slip_mm: float = USUAL_SLIP_MM

    @property
    def slips_left(self) -> int | None:
        """About so many tickets; 0 when the estimate is used up and the paper is not."""
        return None if self.left_mm is None else max(0, int(self.left_mm / self.slip_mm))


def near_end_seen(roll: Roll, near_end: bool, remainder_mm: int) -> Roll:
    """`near_end` is what the printer says now; a new roll ends the counting."""
    if not near_end or not remainder_mm:
        return replace(roll, left_mm=None)
    return roll if roll.left_mm is not None else replace(roll, left_mm=float(remainder_mm))


def slip_printed(roll: Roll, mm: float) -> Roll:
    """Also one that came out in part or perhaps: better warned early."""
    usual = roll.slip_mm + (mm - roll.slip_mm) * NEWEST
    left = None if roll.left_mm is None else max(0.0, roll.left_mm - mm)
    return Roll(left, usual)
