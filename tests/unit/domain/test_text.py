"""Text from files and people: what is kept of it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.text import clean

awkward = st.text(
    st.one_of(st.characters(), st.sampled_from("a e\u0301 \u200b\u202e\x00\x1f\x85\u2003\u2000\ufeff\n\t"))
)


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("  Kind \u200bof\tBlue \n", "Kind of Blue"),
        ("a \x00 b", "a b"),
        ("e\x00\u0301", "\u00e9"),
        ("a\u2003b", "a b"),
        ("\ufeffname", "name"),
        ("\x1f", ""),
    ],
)
def test_what_is_kept(given_text, kept):
    assert clean(given_text) == kept


@given(awkward)
def test_what_is_clean_stays_as_it_is(text):
    assert clean(clean(text)) == clean(text)


@given(awkward)
def test_nothing_hidden_is_left(text):
    kept = clean(text)
    assert all(unicodedata.category(c) not in {"Cc", "Cs"} for c in kept)
    assert "  " not in kept
    assert kept == kept.strip()
