import unicodedata

import pytest
from hypothesis import given, strategies as st

from milestonebot.errors import ConfigError
from milestonebot.sources.post.text import LARGEST, clean, cut, decode


@pytest.mark.parametrize(
    ("data", "text", "remarked"),
    [
        ("Grüße — 12 €".encode(), "Grüße — 12 €", None),
        ("\ufeffTitle".encode(), "Title", None),
        ("Title".encode("utf-16"), "Title", None),
        (b"caf\xe9 \x80\x93", "café €“", "not UTF-8"),
        (b"a\r\nb\rc", "a\nb\nc", None),
    ],
)
def test_text_is_read_in_the_encodings_that_posts_have(data: bytes, text: str, remarked: str | None) -> None:
    read, remarks = decode(data, "post.md")
    assert read == text
    assert (
        [remarked in remark for remark in remarks] == ([True] if remarked else [])
        if remarked
        else not remarks
    )


@pytest.mark.parametrize(
    ("twice", "meant"),
    [
        ("of\u00c2\u00a0 a", "of\u00a0 a"),
        ("caf\u00c3\u00a9", "café"),
        ("it\u00e2\u20ac\u2122s", "it\u2019s"),
        ("\u00e2\u20ac\u0153said\u00e2\u20ac\u009d", "\u201csaid\u201d"),
    ],
)
def test_letters_that_were_encoded_twice_are_read_as_meant(twice: str, meant: str) -> None:
    text, (remark,) = decode(twice.encode(), "post.md")
    assert text == meant
    assert "encoded twice" in remark


@pytest.mark.parametrize("text", ["Ä", "façade", "Â and Ã", "日本語", "naïve café", "€", "±½"])
def test_letters_that_were_not_stay(text: str) -> None:
    assert decode(text.encode(), "post.md") == (text, ())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x" * (LARGEST + 1), "post.md: error: is larger than 2 MiB"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "post.md: error: is no text"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        decode(data, "post.md")
    assert str(caught.value).startswith(message)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text, _ = decode(data, "post.md")
    except ConfigError:
        return
    assert "\r" not in text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  two \n\t words\u00a0here ", "two words here"),
        ("a\u202eb\u200bc\x00d\x1b[1m", "abcd[1m"),
        ("one\u2028two\x85three", "one two three"),
        ("\u200b \u200b", ""),
        ("日本 語", "日本 語"),
    ],
)
def test_cleaning_leaves_what_can_be_seen_on_one_line(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text())
def test_what_is_clean_has_no_controls_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not [each for each in cleaned if unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abc def", 5) == "abc…"
