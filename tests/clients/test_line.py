import pytest
from hypothesis import given, strategies as st

from tests.clients.line import parse


def test_a_line_is_taken_apart() -> None:
    line = parse(b"@time=2011-12-13T14:15:16.000Z;account=alice :alice!a@host PRIVMSG #room :hello : there ")
    assert line.tags == {"time": "2011-12-13T14:15:16.000Z", "account": "alice"}
    assert (line.source, line.nick, line.command) == ("alice!a@host", "alice", "PRIVMSG")
    assert line.parameters == ("#room", "hello : there ")
    assert line.text == "hello : there "


@pytest.mark.parametrize(
    ("raw", "command", "parameters"),
    [
        (b"PING x", "PING", ("x",)),
        (b"PING :", "PING", ("",)),
        (b":irc.test 005 me BOT=B :are supported", "005", ("me", "BOT=B", "are supported")),
        (b":a MODE #room  +o   a", "MODE", ("#room", "+o", "a")),
        (b"", "", ()),
        (b":only-a-source", "", ()),
    ],
)
def test_lines_of_every_form(raw: bytes, command: str, parameters: tuple[str, ...]) -> None:
    line = parse(raw)
    assert (line.command, line.parameters) == (command, parameters)


def test_tags_are_unescaped_once() -> None:
    assert parse(rb"@a=\:\s\\s\r\n;b;c=x\y\ X").tags == {"a": "; \\s\r\n", "b": "", "c": "xy"}


@given(st.binary())
def test_nothing_is_too_odd_to_be_read(raw: bytes) -> None:
    assert parse(raw).raw == raw
