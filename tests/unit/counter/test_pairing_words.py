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
