"""Lines in and out."""

import pytest
from hypothesis import given, strategies as st

from milestonebot.transports.irc.wire.lines import Line, Unsendable, compose, encode, escape, parse


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("PING", Line("PING")),
        ("ping :a b", Line("PING", ("a b",))),
        (":irc.test 001 me :Welcome", Line("001", ("me", "Welcome"), "irc.test")),
        (":n!u@h  PRIVMSG   #a  ::)", Line("PRIVMSG", ("#a", ":)"), "n!u@h")),
        ("PRIVMSG #a :", Line("PRIVMSG", ("#a", ""))),
        ("PRIVMSG #a\u00a0b :x", Line("PRIVMSG", ("#a\u00a0b", "x"))),
        ("@a=1;b;c=  :s PING x", Line("PING", ("x",), "s", {"a": "1", "b": "", "c": ""})),
        (r"@a=\:\s\\\r\n\x\ PING", Line("PING", (), "", {"a": "; \\\r\nx"})),
    ],
)
def test_a_line_is_taken_apart(text: str, line: Line) -> None:
    assert parse(text) == line


@pytest.mark.parametrize("text", ["", " ", ":", ": ", "@", "@a", ":source", "@a :b", ":a :b", " :x"])
def test_what_has_no_command_is_no_line(text: str) -> None:
    assert parse(text) is None


def test_parts_that_are_missing_are_empty() -> None:
    line = Line("QUIT", source="n!u@h")
    assert (line.last, line.param(0), line.nick) == ("", "", "n")


def test_a_reason_in_a_log_is_short_and_plain() -> None:
    assert Line("ERROR", ("\x1b[31mred\n" + "x" * 999,)).reason == "?[31mred?" + "x" * 191
    told = Line("NOTICE", ("me", "Invalid password for \x02milestonebot\x02\x03,.\x0304,05 \x1dNo\x0f."))
    assert told.reason == "Invalid password for milestonebot,. No."


WORDS = st.text(st.characters(categories=("L", "N", "S"), exclude_characters="@:"), min_size=1, max_size=20)


TEXT = st.text(st.characters(exclude_characters="\r\n\0"), max_size=50)


@given(WORDS, st.lists(WORDS, max_size=15), TEXT, st.sampled_from(["", "n!u@h"]))
def test_whatever_is_composed_is_parsed_again(
    command: str, params: list[str], last: str, source: str
) -> None:
    text = compose(command.upper(), *params, last)
    line = parse(f":{source} {text}" if source else text)
    assert line == Line(command.upper(), (*params, last), source)


@given(st.text() | st.from_regex(r"(@[^ ]*)? *(:[^ ]*)? *[A-Za-z0-9]*( :?.*)*"))
def test_no_text_makes_it_fail(text: str) -> None:
    line = parse(text)
    assert line is None or line.command


def test_a_line_is_composed_so_that_it_is_parsed_again() -> None:
    assert compose("NOTICE", "#a", ":) x") == "NOTICE #a ::) x"
    assert parse(compose("KICK", "#a", "n", "")) == Line("KICK", ("#a", "n", ""))


@pytest.mark.parametrize("target", ["", "a b", ":a"])
def test_what_cannot_stand_in_the_middle_is_not_composed(target: str) -> None:
    with pytest.raises(Unsendable):
        compose("NOTICE", target, "x")


@pytest.mark.parametrize("character", ["\r", "\n", "\0"])
@pytest.mark.parametrize("where", ["NOTICE #a :x{}QUIT", "@label=1{} NOTICE #a :x", "{}"])
def test_nothing_with_a_line_end_or_nul_goes_out(where: str, character: str) -> None:
    with pytest.raises(Unsendable):
        encode(where.format(character))


def test_a_line_is_as_long_as_the_server_allows_and_not_longer() -> None:
    assert len(encode("x" * 510)) == 512
    assert encode("é" * 255) == "é".encode() * 255 + b"\r\n"
    assert encode("x" * 600, limit=1024).endswith(b"x\r\n")
    # Tags are counted apart.
    assert len(encode("@label=123 " + "x" * 510)) == 512 + 11
    for line in ("x" * 511, "é" * 256, "", "@label=1 ", "@" + "x" * 4096 + " PING"):
        with pytest.raises(Unsendable):
            encode(line)


@given(st.text())
def test_what_goes_out_is_one_line_whatever_was_meant(text: str) -> None:
    try:
        data = encode(text)
    except Unsendable:
        return
    assert data.endswith(b"\r\n")
    assert not {0, 10, 13} & set(data[:-2])


@given(st.text())
def test_what_is_escaped_in_a_tag_is_read_as_it_was(value: str) -> None:
    value = value.replace("\0", "")
    line = parse(f"@a={escape(value)} PING")
    assert line is not None
    assert line.tags == {"a": value}
