"""A real device keeps the same promises as its twin."""

from tests.device_contract import (
    test_it_passes_its_trial_says_when_it_is_unplugged_and_passes_again,
    test_while_one_has_it_another_is_told_who,
)

__all__ = [
    "test_it_passes_its_trial_says_when_it_is_unplugged_and_passes_again",
    "test_while_one_has_it_another_is_told_who",
]
