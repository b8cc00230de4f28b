"""What a counter program without a screen says while it waits for its pairing."""

import pytest

from counter.running import pairing_words
from hub.link import CodeShown
from hub.wire import Language


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("fingerprint", ["", "3F0A 77C2"])
def test_it_says_the_code_the_hub_and_what_to_compare(language: Language, fingerprint: str) -> None:
    text = pairing_words(CodeShown("K7QM-3XRD", "192.168.1.10:8000", fingerprint, 10), language)
    assert "hall pair K7QM-3XRD" in text
    assert "192.168.1.10:8000" in text
    assert ("3F0A 77C2" in text) is bool(fingerprint)


def test_one_of_several_counters_says_which_it_is() -> None:
    shown = CodeShown("K7QM-3XRD", "192.168.1.10:8000", "", 10)
    assert "7 号窗口" in pairing_words(shown, "zh", "7")
    assert "Counter 7" in pairing_words(shown, "en", "7")
