"""Reading YAML: what it gives, where it stands, and every trap told at its place."""

from __future__ import annotations

import gc
from datetime import date
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings, strategies as st

from milestonebot.errors import ConfigError, Problem
from milestonebot.yamlfile import compose, read, read_file, read_yaml
from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from yaml.nodes import Node

BOTH = [getattr(compose, name) for name in ("_compose_fast", "_compose_pure") if hasattr(compose, name)]


@pytest.fixture(params=BOTH, ids=lambda function: function.__name__)
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the test with PyYAML's C parser and with the pure one."""
    monkeypatch.setattr(compose, "compose", request.param)


both = pytest.mark.usefixtures("_parser")


def wrong(text: str | bytes) -> list[str]:
    """Return the problems of `text`, as `line:column: message`."""
    with pytest.raises(ConfigError) as raised:
        read_yaml(text, "f.yaml")
    return [f"{each.line}:{each.column}: {each.message}" for each in raised.value.problems]


def test_the_c_parser_is_the_one_that_is_used() -> None:
    assert len(BOTH) == 2
    assert compose.compose is BOTH[0]


@both
def test_data_is_plain() -> None:
    text = (
        "text: nova\nquoted: 'no'\nnumber: -12\nfloat: 1.5\nyes_: on\nno_: off\nnull_: ~\nempty:\n"
        "day: 2012-04-05\nmoment: 2012-04-05 14:00:00\nmonth: 2012-04\nlist: [a, [1]]\nmap: {a: {b: c}}\n"
        "block: |\n  two\n  lines\nearly: 09:30\nhash: 1e3\nequals: =\nless: <<\n"
    )
    assert read_yaml(text, "f").data == {
        "text": "nova",
        "quoted": "no",
        "number": -12,
        "float": 1.5,
        "yes_": True,
        "no_": False,
        "null_": None,
        "empty": None,
        "day": date(2012, 4, 5),
        "moment": "2012-04-05 14:00:00",
        "month": "2012-04",
        "list": ["a", [1]],
        "map": {"a": {"b": "c"}},
        "block": "two\nlines\n",
        "early": "09:30",
        "hash": "1e3",
        "equals": "=",
        "less": "<<",
    }


@both
def test_places_count_from_one() -> None:
    located = read_yaml("a: 1\nrooms:\n  - x\n  - {name: y}\nnone:\nflow: {b: , c: 'ü', d: e}\n", "f")
    places = {
        (): (1, 1),
        ("a",): (1, 4),
        ("rooms",): (3, 3),
        ("rooms", 1, "name"): (4, 12),
        ("none",): (5, 6),
        ("flow", "b"): (6, 10),
        ("flow", "d"): (6, 24),
    }
    assert {loc: located.place(loc) for loc in places} == places
    assert located.key_place(("rooms", 1, "name")) == (4, 6)
    assert located.key_place(("rooms", 0)) == (3, 5)


def test_what_is_not_there_is_placed_at_its_nearest_parent() -> None:
    located = read_yaml("a: 1\nrooms:\n  - x\n", "f")
    assert located.place(("rooms", 7, "name")) == located.place(("rooms",)) == (3, 3)
    assert located.place(("nothing",)) == (1, 1)
    assert located.place(("a", "b")) == (1, 4)
    assert located.key_place(("rooms", "x")) == (2, 1)


def test_raw_is_the_value_as_written() -> None:
    located = read_yaml("version: 1.30\nquoted: '1.30'\nlist: [1]\n", "f")
    assert located.raw(("version",)) == "1.30"
    assert located.raw(("quoted",)) == "1.30"
    assert located.raw(("list",)) == ""
    assert not located.quoted(("version",))
    assert located.quoted(("quoted",))


TRAPS = {
    # duplicate keys, told both
    "a: 1\nb: 2\na: 3\nb: 4\n": [
        "3:1: the key 'a' stands twice",
        "4:1: the key 'b' stands twice, first on line 2",
    ],
    "m: {x: 1, x: 2}\n": ["1:11: the key 'x' stands twice"],
    # tabs
    "a:\n\t- b\n \t- c\n": ["2:1: a tab stands here; YAML is indented with spaces alone", "3:2: a tab"],
    # anchors, aliases, merge keys
    "a: &x [*x]\n": ["1:4: an alias in here repeats all of it without end"],
    "a: *b\n": ["1:4: no anchor (&) of this name stands above; a value that begins with * must be quoted"],
    "a: &x 1\nb: &x 2\n": ["2:4: this anchor stands twice"],
    "a: &x {b: 1}\nc:\n  <<: *x\n": ["3:3: merge keys (<<) are not read here; write the keys out"],
    # tags
    "a: !!python/object/apply:os.system ['true']\n": [
        "1:4: YAML tags are not read here; take out '!!python/object/apply:os.system', or quote the text"
    ],
    "a: !!str 1\n!!str b: !mine {c: !!set {d}}\n": [
        "1:4: YAML tags are not read here; take out '!!str'",
        "2:1: YAML tags are not read here; take out '!!str'",
        "2:10: YAML tags are not read here; take out '!mine'",
        "2:20: YAML tags are not read here; take out '!!set'",
    ],
    "a: !x!y z\n": ["1:4: YAML tags (!) are not read here"],
    "prefix: !\nb: ! no\n! c: [! , x]\n": [
        '1:9: a lone ! is a tag to YAML; if it is text, write "!" in quotes',
        "2:4: a lone !",
        "3:1: a lone !",
        "3:7: a lone !",
    ],
    "! a: b\n": ["1:1: a lone !"],
    # several documents
    "a: 1\n---\nb: 2\n": ["2:1: a second document begins here; a file holds one, so take out the ---"],
    # keys that are not text
    "no: 1\non: 2\n2012.1: x\n2012-04-05: y\n~: z\n": [
        '1:1: YAML reads the key no as false; write "no" in quotes',
        '2:1: YAML reads the key on as true; write "on" in quotes',
        '3:1: YAML reads the key 2012.1 as the number 2012.1; write "2012.1" in quotes',
        '4:1: YAML reads the key 2012-04-05 as a date; write "2012-04-05" in quotes',
        '5:1: YAML reads the key ~ as nothing; write "~" in quotes',
    ],
    "2011-02-30: x\n": ['1:1: YAML reads the key 2011-02-30 as a date; write "2011-02-30" in quotes'],
    "?\n: b\n": ["1:2: a key is missing before the colon"],
    "? [a]\n: b\n": ["1:3: a list or mapping cannot be a key; if this is text, quote it"],
    "14:00: x\n": ['1:1: YAML reads 14:00 as the number 840; write "14:00" in quotes if it is text'],
    # numbers that surprise
    "a: 14:00\nb: 0777\nc: 1_000\nd: 0x1F\ne: 0b11\nf: 1:30.5\n": [
        '1:4: YAML reads 14:00 as the number 840; write "14:00" in quotes if it is text',
        "2:4: YAML reads 0777 as the number 511",
        "3:4: YAML reads 1_000 as the number 1000",
        "4:4: YAML reads 0x1F as the number 31",
        "5:4: YAML reads 0b11 as the number 3",
        "6:4: YAML reads 1:30.5 as the number 90.5",
    ],
    "a: 0o777\nb: 08\nc: .inf\nd: .NaN\ne: 1.0e+999\nf: 1234567890123456789\n": [
        '1:4: some readers of YAML take 0o777 for a number; write "0o777" in quotes if it is text',
        "2:4: some readers of YAML take 08 for a number",
        "3:4: YAML reads .inf as no finite number",
        "4:4: YAML reads .NaN as no finite number",
        "5:4: YAML reads 1.0e+999 as no finite number",
        "6:4: YAML reads 1234567890123456789 as the number 1234567890123456789",
    ],
    f"a: {'9' * 5000}\n": ["1:4: YAML reads 99999999999999999999… as a number; write it in quotes"],
    # dates that are none
    "a: 2011-02-30\nb: 0000-01-01\n": [
        "1:4: 2011-02-30 is no day of the calendar",
        "2:4: 0000-01-01 is no day",
    ],
    # an unquoted # hides the closing bracket
    "rooms: [#general, b]\nc: d\n": [
        '1:9: a room\'s name that begins with # must be quoted: write "#general"; unquoted, it is a comment'
    ],
    "a: 1\nb: [c, #d]\n": ['2:8: text that begins with # must be quoted: write "#d"'],
    "a: {b: #c, d: e}\n": ['1:8: text that begins with # must be quoted: write "#c"'],
    "a: {b: c, d: e #f}\ng: h\n": [
        "1:16: a comment begins at this #, and hides the } behind it; quote the text"
    ],
    "a: [\n  'b #c]', d, #\n  e #f]\nd: e\n": ["3:5: a comment begins at this #, and hides the ]"],
    "a: ['b #c]'\nd: e\n": ["1:4: the list that opens here is not closed"],
    # bytes and characters
    b"\x89PNG\r\n\x1a\n\0\0": ["1:1: the file is no text"],
    "a: \0\nb: \x07\ufeff\n": [
        "1:4: the character U+0000 cannot stand in YAML; take it out",
        "2:4: the character U+0007",
        "2:5: the character U+FEFF",
    ],
    "a\r\nb\u2028": ["2:2: U+2028 breaks the line for YAML, and not for most editors; take it out"],
    b"a: 1\nb: caf\xe9\xff\n": [
        "2:7: the byte 0xE9 is not UTF-8; save the file as UTF-8",
        "2:8: the byte 0xFF",
    ],
    "a: b\n".encode("utf-16"): ["1:1: the file is written in UTF-16; save it as UTF-8"],
    "a: \ud800": ["1:4: the character U+D800"],
    'a: "\\ud800"\n': ["1:"],
    'a: "\\UFFFFFFFF"\n': ["1:"],
    # nesting
    "[" * 100_000: ["1:64: lists and mappings are nested more than 64 deep"],
    "a:\n" + "- " * 100_000: ["2:125: lists and mappings are nested more than 64 deep"],
    # nothing, or no mapping
    "": ["1:1: the file is empty; it should hold keys and values"],
    "# only a comment\n": ["1:1: the file is empty"],
    "- a\n": ["1:1: the file should hold keys and values, not a list"],
    "\ntext\n": ["2:1: the file should hold keys and values, not one value"],
    # what cannot be parsed
    "path: *.yaml\n": ["1:7: a value that begins with * must be quoted"],
    "path: &.yaml\n": ["1:7: a value that begins with & must be quoted"],
    "at: @here\nprefix: `\n": ["1:5: a value cannot begin with @ unless it is quoted"],
    "title: one: two\n": ["1:11: text that holds a colon and a space must be quoted"],
    "a: 1\n  b: 2\n": ["2:4: this line is indented too far, or the one above lacks its colon"],
    "a\nb: 1\n": ["2:2: this line is indented too far, or the one above lacks its colon"],
    'a: "b\nc: d\n': ["1:4: the quote that opens here is never closed"],
    "a: [b\nc: d\n": ["1:4: the list that opens here is not closed: a comma or ] is missing"],
    "a: {b: c\n": ["1:4: the mapping that opens here is not closed: a comma or } is missing"],
    "a: 'b' c\n": ["1:8: this does not fit the lines above"],
    "a:\n  b: {c} is d\n": ["2:6: a value that begins with { must be quoted, if it is text"],
    "a:\n  b: {c} is {d}\n": ["2:6: a value that begins with { must be quoted, if it is text"],
    "a:\n  - [c] d\n": ["2:5: a value that begins with [ must be quoted, if it is text"],
    "announcements:\n  - name: b\n    rooms: [#c]\n": [
        '3:13: a room\'s name that begins with # must be quoted: write "network/#c"; unquoted, it is'
    ],
    "a: 1\n- b\n": ["2:1: this does not fit the lines above"],
    "- a\nb: c\n": ["2:1: this does not fit the"],
    'a: "\\q"\n': ["1:"],
    "a: >x\n": ["1:4: a value cannot begin with | or > unless it is quoted"],
    "a: -\n": ["1:4: a list cannot begin here"],
    "a: ? \n": ["1:4: a value cannot begin with ? here unless it is quoted"],
    "a: ]\n": ["1:4: a value was expected here; if this is text, quote it"],
}


@both
@pytest.mark.parametrize(("text", "expected"), TRAPS.items(), ids=lambda each: repr(each)[:40])
def test_each_trap_is_told_at_its_place(text: str | bytes, expected: list[str]) -> None:
    told = wrong(text)
    assert len(told) == len(expected), told
    for said, begins in zip(told, expected, strict=True):
        assert said.startswith(begins)
        assert len(said) < 200


@both
def test_a_byte_order_mark_at_the_beginning_does_no_harm() -> None:
    located = read_yaml(b"\xef\xbb\xbfa: b\n", "f")
    assert located.data == {"a": "b"}
    assert located.place(("a",)) == (1, 4)


@both
def test_aliases_are_written_out_within_bounds() -> None:
    located = read_yaml("a: &x [1, {b: c}]\nd: *x\ne: &y text\nf: *y\n", "f")
    assert located.data == {"a": [1, {"b": "c"}], "d": [1, {"b": "c"}], "e": "text", "f": "text"}
    assert located.place(("d", 1, "b")) == (1, 15)


@both
def test_a_billion_laughs_are_refused_before_they_are_written_out() -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 40)]
    assert wrong("\n".join(lines)) == ["3:5: aliases repeat more than 10,000 values in all; write them out"]


@both
@pytest.mark.slow
def test_aliases_do_not_nest_without_bounds() -> None:
    lines = ["a0: &a0 [x]", *(f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 3000))]
    assert wrong("\n".join(lines)) == [
        "65:6: with its aliases this nests lists and mappings more than 64 deep",
        "140:7: aliases repeat more than 10,000 values in all; write them out",
    ]


def test_what_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "LARGEST", 100)
    path = tmp_path / "large.yaml"
    path.write_text("a: b\n" * 21)
    with pytest.raises(ConfigError, match=r"large\.yaml: error: is larger than"):
        read_file(path, "large.yaml")
    path.write_text("a: " + "b" * 97)
    assert read_file(path).data == {"a": "b" * 97}


def test_a_file_that_cannot_be_read_is_told_by_name(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none.yaml", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(ConfigError) as raised:
            read_file(path)
        assert str(raised.value) == f"{path}: error: cannot be read: {why}"


def test_no_more_than_a_hundred_problems_are_told_and_the_rest_counted() -> None:
    told = wrong("a: 1\n" + "a: 2\n" * 500)
    assert len(told) == 101
    assert told[-1] == "102:1: and 400 more problems from here on"
    told = wrong("a: 1\n" + "a: 2\n" * 5000)
    assert told[-1] == "102:1: and at least 900 more problems from here on"


LARGE = 300_000
HOSTILE = {
    "tabs": "a:\n" + "\t\n" * LARGE + "\tb",
    "the same key": "a: 1\n" * (LARGE // 10),
    "late repeated keys": "".join(f"k{i}: 1\n" for i in range(LARGE // 10)) + "k29999: 2\n" * (LARGE // 10),
    "odd numbers": f"a: [{'1_0,' * (LARGE // 10)}]",
    "open lists": "a: [" * LARGE,
    "unquoted rooms": "rooms: [" + "#a\n" * LARGE,
    "deep indents": "".join(" " * i + "a:\n" for i in range(1000)),
    "aliases": "a: &a [1, 2]\nb: [" + "*a," * (LARGE // 10) + "]",
    "controls": "\0" * LARGE,
    "tags": "! " * LARGE,
    "quoted comments": "a: [" + '" #]' * LARGE + "\n",
    "comments": "a: [" + " #b" * LARGE + "\n" + "c #d\n" * LARGE,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.slow
def test_a_hostile_file_takes_no_long_time(text: str) -> None:
    before = process_time()
    assert wrong(text)
    # Each takes under a second; where a check reads the file anew for each mistake, it takes minutes.
    assert process_time() - before < 10


def test_the_garbage_collector_rests_while_a_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    was_on = []
    parse = compose.compose

    def look(text: str) -> Node | None:
        was_on.append(gc.isenabled())
        return parse(text)

    monkeypatch.setattr(compose, "compose", look)
    read_yaml("a: b", "f")
    assert was_on == [False]


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.slow
def test_the_garbage_collector_is_left_as_it_was(*, on: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        read_yaml("a: b", "f")
        assert gc.isenabled() is on
        wrong("a: [")
        assert gc.isenabled() is on
    finally:
        (gc.enable if before else gc.disable)()


def leaves(data: object) -> Iterator[object]:
    """Yield all that is in `data`, itself included."""
    yield data
    for each in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from leaves(each)


PIECES = st.sampled_from(
    [
        *"-?:,[]{}#&*!|>'\"%@` \n\t\r=~<.0189abno\\é\0",
        *("- ", ": ", "\n  ", "<<: ", "&a ", "*a ", "!!", "---\n", "yes", "1.30", "14:00", "0x1"),
        *("2012-04-05", "\\ud800", "\\x00", "\ufeff", "\x85", "\ud800"),
    ]
)


@both
@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join), st.binary()))
@example("? a")
@example("a: !<tag:yaml.org,2002:int> x")
@settings(max_examples=examples(400), deadline=None)
def test_anything_is_read_or_told(text: str | bytes) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        located = read_yaml(text, "f")
    except ConfigError as error:
        problems = error.problems
    else:
        for each in leaves(located.data):
            assert each is None or type(each) in (dict, list, str, int, float, bool, date)
            str(each).encode()
    for problem in problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert len(str(problem)) < 300
        assert "\n" not in str(problem)
