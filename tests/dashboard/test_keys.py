"""Keys say what a widget is for, not where it stands."""

from __future__ import annotations

import re

from dashboard import keys


def test_an_offer_has_its_key_for_itself_and_keeps_it() -> None:
    first = keys.repair("t1", "ticker", "Declare ticker as an input")
    assert first == keys.repair("t1", "ticker", "Declare ticker as an input")
    others = [
        keys.repair("t2", "ticker", "Declare ticker as an input"),
        keys.repair("t1", "dateCol", "Declare ticker as an input"),
        keys.repair("t1", "ticker", "Read data"),
        keys.repair("t1", "ticker", "Declare ticker as an input", twin=1),
        keys.repair(None, "ticker", "Declare ticker as an input"),
    ]
    assert len({first, *others}) == 1 + len(others)


def test_the_key_of_an_offer_is_plain_whatever_its_subject_is() -> None:
    assert re.fullmatch(r"repair_[0-9a-f]+", keys.repair("t1", "\ud800<b> .st-key", "a" * 10_000))
