"""Announcements, admins and the database: from the text of a config to what the core is told."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from milestonebot.announcement import Announcement, Occasion, Scope
from milestonebot.config import all_past, load_config, unknown_names
from milestonebot.config.cron import cron
from milestonebot.errors import ConfigError
from milestonebot.model import Facts, Kind, Origin, Project, ProjectGroup, Series
from milestonebot.ports import Room
from milestonebot.secret import Secret

if TYPE_CHECKING:
    from milestonebot.errors import Problem
    from tests.config.conftest import Load, Wrong

ROOMS = 'networks: [{name: t, kind: console, rooms: ["#a", "#b"]}]\n'
A, B = Room("t", "#a"), Room("t", "#b")


def one(rest: str, kind: str = "countdown") -> str:
    """Return a config with one announcement, which begins in column 3 of line 3."""
    return f'{ROOMS}announcements:\n- {{name: n, rooms: ["t/#a"], kind: {kind}, {rest}}}\n'


def read(load: Load, rest: str, kind: str = "countdown") -> Announcement:
    (announcement,) = load(one(rest, kind)).announcements
    return announcement


def test_a_countdown(load: Load) -> None:
    text = """
timezone: Europe/Paris
networks: [{name: t, kind: console, rooms: ["#a", {name: "#b"}]}]
announcements:
  - name: countdown
    kind: countdown
    for: openstack
    rooms: [t/#a, "t/#b"]
    before: [0d, 2w, 7d]
    at: "14:00"
    grace: 1h
    say: "{milestone} is {when}"
"""
    assert load(text).announcements == (
        Announcement(
            "countdown",
            Occasion.COUNTDOWN,
            (A, B),
            Scope(group="openstack"),
            zone="Europe/Paris",
            at=time(14),
            before=(14, 7, 0),
            say="{milestone} is {when}",
            grace=3600.0,
        ),
    )


def test_what_is_left_out_has_a_default(load: Load) -> None:
    assert read(load, "grace: 12h") == Announcement(
        "n", Occasion.COUNTDOWN, (A,), at=time(12), before=(7, 1, 0), grace=43200.0
    )
    assert read(load, "grace: 12h", "released") == Announcement("n", Occasion.RELEASED, (A,))
    assert read(load, "grace: 12h", "changed") == Announcement("n", Occasion.CHANGED, (A,))


@pytest.mark.parametrize(
    ("written", "scope"),
    [
        ("openstack", Scope("openstack")),
        ("{group: openstack}", Scope("openstack")),
        ("{projects: [nova, glance]}", Scope(projects=("nova", "glance"))),
        ("{series: essex}", Scope(series="essex")),
        ("{group: o, projects: [nova], series: essex}", Scope("o", ("nova",), "essex")),
        ("{}", Scope()),
    ],
)
def test_what_it_is_for(load: Load, written: str, scope: Scope) -> None:
    assert read(load, f"for: {written}").scope == scope


def test_a_digest_and_a_note_by_cron(load: Load) -> None:
    digest = read(load, 'cron: "0 14 * * MON", timezone: AoE', "digest")
    assert (digest.cron, digest.zone) == ("0 14 * * MON", "AoE")
    note = read(load, 'cron: "30  20 1-7 * 7", text: "  Two\\n\\n  lines "', "note")
    assert (note.cron, note.text, note.moments, note.at) == ("30 20 1-7 * 7", "Two\nlines", (), None)


def test_the_dates_of_a_note_are_moments_of_its_zone(load: Load) -> None:
    note = read(
        load,
        "text: x, timezone: Europe/Paris, at: '10:30', "
        "dates: [2026-12-02, 2026-12-01T14:00, 2026-12-03T14:00-05:00, '2026-07-01 09:15']",
        "note",
    )
    one, two = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))
    assert note.moments == (
        datetime(2026, 7, 1, 9, 15, tzinfo=two),
        datetime(2026, 12, 1, 14, 0, tzinfo=one),
        datetime(2026, 12, 2, 10, 30, tzinfo=one),
        datetime(2026, 12, 3, 19, 0, tzinfo=UTC),
    )
    assert read(load, "text: x, dates: [2026-12-01]", "note").moments == (
        datetime(2026, 12, 1, 12, tzinfo=UTC),
    )


def test_a_time_that_clocks_skip_or_show_twice_is_told(wrong: Wrong) -> None:
    text = one("text: x, timezone: Europe/Paris, dates: [2026-03-29T02:30, 2026-10-25T02:30]", "note")
    first, second = wrong(text)
    assert first.startswith(
        "3:83: there is no 2026-03-29 02:30 in Europe/Paris: clocks are set forward over it"
    )
    assert second.startswith("3:101: 2026-10-25 02:30 comes twice in Europe/Paris; write the time with its")


CRON = "expected five fields, minute hour day month weekday"
DAYS = "expected whole days, as 14d, 2w or 0d"
MISTAKES = {
    # The time of day: unquoted, YAML has made it 840 before anybody can look.
    one("at: 14:00"): ['3:51: YAML reads 14:00 as the number 840; write "14:00" in quotes if it is text'],
    one("at: '24:00'"): ["3:51: expected a time of day, from 00:00 to 23:59"],
    one("at: 14"): ['3:51: expected a time of day, in quotes: "14:00"'],
    # days
    one("before: [14d, 7, 36h, -1d, 53w]"): [
        f"3:61: {DAYS}; 7 would be seconds elsewhere",
        f"3:64: {DAYS}",
        f"3:69: {DAYS}",
        "3:74: expected a year at most",
    ],
    one("before: [7d, 1w]"): ["3:55: 7d stands twice"],
    one("before: []"): ["3:55: expected 1 or more days"],
    one("before: 14"): ["3:55: expected a list of whole days: write [14d]"],
    one("before: 7d"): ["3:55: expected a list, not '7d'; write [7d]"],
    one("text: x, dates: 2026-11-25", "note"): ["3:58: expected a list, not a date; write [2026-11-25]"],
    one("grace: 1d").replace('["t/#a"]', "t/#a"): [
        "3:20: expected a list, not 't/#a'; write [\"t/#a\"]",
    ],
    one("grace: 1d").replace('["t/#a"]', '["#a"]'): [
        "3:21: '#a' is no room: write network/#a, by the network's name"
    ],
    # keys by habit
    one("text: x, on: [2026-12-01]", "note"): ["3:51: unknown key 'on'; did you mean 'dates'?"],
    one("message: x, days: 3, tz: UTC, every: mon", "note"): [
        "3:3: the key 'text' is missing",
        "3:42: unknown key 'message'; did you mean 'text'?",
        "3:54: unknown key 'days'; did you mean 'dates'?",
        "3:63: unknown key 'tz'; did you mean 'timezone'?",
        "3:72: unknown key 'every'; did you mean 'cron'?",
    ],
    one("days: [7d]"): ["3:47: unknown key 'days'; did you mean 'before'?"],
    one("on: x"): ['3:47: YAML reads the key on as true; write "on" in quotes'],
    one("for: {group: A, number 0}"): [
        "3:63: unknown key 'number 0'; a comma ends a text within { }: if it is part of the text, quote"
    ],
    # what it is for
    one("kinds: [freze]"): ["3:55: 'freze' is not known here; did you mean freeze? It is one of: milestone"],
    one("kinds: [week, week]"): ["3:54: week stands twice"],
    one("kinds: []"): ["3:54: expected 1 or more kinds"],
    one("kinds: [freeze]", "released"): ["3:54: a freeze is never released; it is one of: milestone, rel"],
    one("kinds: [freeze], cron: '0 0 * * *'", "digest"): ["3:44: unknown key 'kinds'"],
    one("for: {project: [nova]}"): ["3:53: unknown key 'project'; did you mean 'projects'?"],
    one("for: {projects: nova}"): ["3:63: expected a list, not 'nova'"],
    one("for: 2012.1"): ["3:52: expected text or keys and values, not the number 2012.1"],
    # cron
    one('cron: "0 14 * * mno"', "digest"): [
        "3:50: the day of the week 'mno' is not 0 to 7, where 0 and 7 are Sunday, or sun to sat, nor a list"
    ],
    one('cron: "60 14 * * *"', "digest"): ["3:50: the minute '60' is not 0 to 59"],
    one('cron: "0 5-2 * * *"', "digest"): ["3:50: the hour '5-2' is not 0 to 23"],
    one('cron: "0 0 32 * *"', "digest"): ["3:50: the day of the month '32' is not 1 to 31"],
    one('cron: "0 0 * 0 *"', "digest"): ["3:50: the month '0' is not 1 to 12"],
    one('cron: "0 0 30 2 *"', "digest"): ["3:50: '0 0 30 2 *' names no day that any calendar has"],
    one('cron: "0 0 0 * * *"', "digest"): [f'3:50: {CRON}, as "0 14 * * mon"; 6 stand here'],
    one("cron: daily", "digest"): [f'3:50: {CRON}, as "0 14 * * mon"; 1 stand here'],
    one("say: x", "digest"): ["3:3: the key 'cron' is missing"],
    # keys that fit another kind
    one('cron: "0 0 * * *"'): ["3:47: unknown key 'cron'"],
    one("before: [1d]", "released"): ["3:46: unknown key 'before'"],
    one("at: '14:00'", "changed"): ["3:45: unknown key 'at'"],
    one("text: x, dates: [2026-12-01], for: openstack", "note"): ["3:72: unknown key 'for'"],
    one("text: x, dates: [2026-12-01], say: x", "note"): ["3:72: unknown key 'say'; did you mean 'text'?"],
    one("grace: 1d", "countdwn"): [
        "3:36: unknown kind 'countdwn'; known: changed, countdown, digest, note, released; did you mean 'cou"
    ],
    # notes
    one("text: x", "note"): [
        '3:3: a note is said at dates: [2026-12-01] or by cron: "0 14 * * mon"; write one'
    ],
    one("text: x, dates: [2026-12-01], cron: '0 0 * * *'", "note"): ["3:3: a note is said at dates: "],
    one("text: ' ', dates: [2026-12-01]", "note"): ["3:48: the text is empty; write what is to be said"],
    one('text: "a\\x1bb", dates: [2026-12-01]', "note"): [
        "3:48: the character U+001B is no text; take it out"
    ],
    one("text: x, dates: [2026-13-01]", "note"): ["3:59: 2026-13-01 is no day of the calendar"],
    one("text: x, dates: [2026-12-01T25:00, tomorrow, 9026-12-01]", "note"): [
        "3:59: '2026-12-01T25:00' is no date: hour must be in 0..23",
        "3:77: expected a date; write 2026-12-01, 2026-12-01T14:00 or 2026-12-01T14:00+01:00",
        "3:87: the year 9026 is none of 1970 to 2199",
    ],
    # wordings
    one('say: "{milestoen} is {when}"'): ["3:52: there is no field {milestoen}; did you mean 'milestone'?"],
    one('say: "{old}"'): ["3:52: there is no field {old}; there are: milestone, series"],
    one('say: "{milestone.origin}"'): ["3:52: {milestone.origin} is no plain field; write its name alone"],
    one('say: "{days:>9}"'): ["3:52: {days:>9} is no plain field"],
    one('say: "{days!r}"'): ["3:52: {days!r} is no plain field"],
    one('say: "{}"'): ["3:52: {} is no plain field"],
    one('say: "{0}"'): ["3:52: {0} is no plain field"],
    one('say: "{when"'): ['3:52: a lone { in the text; write "{{" for the sign itself'],
    one('say: "when}"'): ['3:52: a lone } in the text; write "}}" for the sign itself'],
    one('say: "a\\nb"'): ["3:52: expected one line of at most 400 characters"],
    one("say: {milestone}"): [
        "3:52: expected text; a value that begins with { must be quoted, if it is text"
    ],
    # times
    one("timezone: Europe/Pari"): ["3:57: no time zone is called 'Europe/Pari'; did you mean Europe/Paris?"],
    one("grace: 0"): ["3:54: expected a time of more than nothing, and of a year at most"],
    # rooms and names
    ROOMS + 'announcements: [{name: n, kind: changed, rooms: ["t/#c", t, "t/#a", "t/#a", "x/#a"]}]\n': [
        "2:50: no room 't/#c' stands under networks; did you mean 't/#",
        "2:58: 't' is no room: write network/t, by the network's name",
        "2:69: the room 't/#a' stands twice",
        "2:77: no room 'x/#a' stands under networks; did you mean 't/#a'?",
    ],
    ROOMS + "announcements: [{name: n, kind: changed, rooms: []}]\n": ["2:49: expected 1 or more rooms"],
    one("grace: 1d") + '- {name: N, rooms: ["t/#b"], kind: changed}\n': [
        "4:10: an announcement called 'N' stands on line 3 already"
    ],
    ROOMS + 'announcements: [{name: a/b, kind: changed, rooms: ["t/#a"]}]\n': [
        "2:24: 'a/b' is no name of an announcement: it has letters, digits and . _ -"
    ],
    ROOMS + 'announcements: [{name: Announce, kind: changed, rooms: ["t/#a"]}]\n': [
        "2:24: 'Announce' means something to !announce already; take another name"
    ],
    "announcements: [{name: n, kind: changed, rooms: [t/a]}]\n": [
        "1:50: no room 't/a' stands under networks"
    ],
    # admins
    ROOMS + 'admins: [t/nick!user@host, "t/*", t/, u/someone, someone, 3]\n': [
        "2:10: 'nick!user@host' is no account: write network/account, by the name that services know; a nick",
        "2:28: '*' is no account",
        "2:35: '' is no account",
        "2:39: no network 'u' stands under networks",
        "2:50: 'someone' is no admin: write network/account",
        '2:59: expected text, not the number 3; write "3" in quotes',
    ],
    # networks and sources
    "catalog: [{kind: yaml, path: config.yaml, refresh: often}]\n": [
        "1:52: expected a time: seconds as a number, or 30s, 15m, 2h, 1d"
    ],
    "catalog: [{kind: openstack, refresh: 5m}]\n": ["1:29: unknown key 'refresh'"],
}


@pytest.mark.parametrize("text", MISTAKES)
def test_each_mistake_is_told_at_its_place(wrong: Wrong, text: str) -> None:
    told = wrong(text)
    assert len(told) == len(MISTAKES[text]), told
    for line, expected in zip(told, MISTAKES[text], strict=True):
        assert line.startswith(expected), told


MATRIX = """networks:
- {name: m, kind: matrix, homeserver: https://example.org, user: "@bot:example.org", password: {env: P}}
- {name: i, kind: irc, nick: bot, servers: [{host: irc.example.org}]}
"""


def test_admins_are_accounts_that_a_network_vouches_for(load: Load, wrong: Wrong) -> None:
    settings = load(f'{MATRIX}admins: ["m/@rm:example.org", i/RM]\n', {"P": "x"}).settings
    assert settings.admins == {("m", "@rm:example.org"), ("i", "RM")}
    assert settings.is_admin("m", "@rm:example.org")
    assert not settings.is_admin("m", "@RM:example.org")
    assert not settings.is_admin("i", "@rm:example.org")
    assert settings.is_admin("i", "rm")
    assert not settings.is_admin("m", "rm")
    assert not settings.is_admin("i", None)
    (told,) = wrong(f"{MATRIX}admins: [m/rm]\n", {"P": "x"})
    assert told == "4:10: 'rm' is no user id: write network/@name:server, in quotes"


@pytest.mark.parametrize(("written", "repeats"), [("", True), ("repeat", True), ("skip", False)])
def test_what_is_done_in_doubt_is_told_to_the_networks(load: Load, written: str, *, repeats: bool) -> None:
    text = MATRIX.replace("}\n", f", in_doubt: {written}}}\n") if written else MATRIX
    settings = [network.settings for network in load(text, {"P": "x"}).networks]
    assert [each.repeat_in_doubt for each in settings if each is not None] == [repeats, repeats]


def test_anything_else_in_doubt_is_told(wrong: Wrong) -> None:
    (told, _) = wrong(MATRIX.replace("}\n", ", in_doubt: repaet}\n"), {"P": "x"})
    assert told == "2:116: 'repaet' is not known here; it is repeat or skip; did you mean 'repeat'?"


def test_the_database_is_a_secret(load: Load) -> None:
    url = "postgresql://bot:hunter2@db.example.org:5432/bot"
    config = load("database: {env: DATABASE_URL}\n", {"DATABASE_URL": url})
    assert config.database == Secret(url)
    assert "hunter2" not in repr(config)
    assert config.warnings == ()
    assert load("name: x\n").database is None
    (warning,) = load(f"database: {url}\n").warnings
    assert warning.message == "a secret in plain text; write {env: NAME} or {file: PATH} in its place"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://bot:hunter2@x/y",
        "postgres://hunter2@x/y",
        "hunter2",
        "postgresql://x:hunter2",
        "postgresql://x:h@nter/hunter2@127.0.0.1/y",
        "postgresql://x:h@hunter2@127.0.0.1/y",
        "postgresql://x:h/hunter2@127.0.0.1/y",
        "postgresql://x:h?hunter2@127.0.0.1/y",
        "postgresql://x:h#hunter2@127.0.0.1/y",
    ],
)
def test_a_database_of_another_kind_is_told_without_its_url(wrong: Wrong, url: str) -> None:
    (told,) = wrong("database: {env: U}\n", {"U": url})
    assert told.startswith(
        "1:11: expected the URL of a PostgreSQL database: postgresql://user:password@host/name"
    )
    assert "percent-encoded" in told
    assert "hunter2" not in told


def test_a_password_that_is_percent_encoded_is_taken(load: Load) -> None:
    url = "postgresql://x:h%40nter%2F2@127.0.0.1/y?options=-csearch_path%3Da"
    assert load("database: {env: U}\n", {"U": url}).database == Secret(url)


def test_how_often_sources_are_read(load: Load, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("milestones: {}\n", encoding="utf-8")
    entries = ", ".join(
        f"{{kind: yaml, path: a.yaml{refresh}}}" for refresh in ("", ", refresh: 15m", ", refresh: off")
    )
    catalog = load(f"catalog: [{entries}, {{kind: openstack}}]\n").catalog
    assert [each.refresh for each in catalog] == [300.0, 900.0, None, None]


def test_names_that_the_catalog_does_not_have_are_told_with_their_line(load: Load) -> None:
    text = f"""{ROOMS}announcements:
- {{name: a, kind: changed, rooms: ["t/#a"], for: opnstack}}
- {{name: b, kind: changed, rooms: ["t/#a"], for: nova}}
- name: c
  kind: changed
  rooms: ["t/#a"]
  for: {{group: OpenStack, projects: [Nova, glnce, nva], series: esex}}
"""
    origin = Origin("test")
    facts = Facts(
        groups=(ProjectGroup("openstack", origin),),
        projects=(Project("nova", "openstack", origin), Project("glance", "openstack", origin)),
        series=(Series("essex", "openstack", origin, title="Essex cycle", version="2012.1"),),
    )
    told = [f"{each.line}:{each.column}: {each.message}" for each in unknown_names(load(text), facts)]
    assert told == [
        "3:50: the catalog has no group 'opnstack'; did you mean 'openstack'?",
        "4:50: the catalog has no group 'nova'; it has a project of that name: write {projects: [nova]}",
        "8:44: the catalog has no project 'glnce'; did you mean 'glance'?",
        "8:51: the catalog has no project 'nva'; did you mean 'nova'?",
        "8:65: the catalog has no series 'esex'; did you mean 'essex'?",
    ]


@pytest.mark.parametrize("name", ["essex", "Essex", "'2012.1'", "Essex-cycle"])
def test_a_series_is_known_by_its_version_and_title_too(load: Load, name: str) -> None:
    essex = Series("essex", "openstack", Origin("test"), title="Essex cycle", version="2012.1")
    config = load(one(f"for: {{series: {name}}}"))
    assert [each.name for each in config.mentions] == [name.strip("'")]
    assert unknown_names(config, Facts(series=(essex,))) == ()


def test_two_rooms_of_a_bridge_would_be_told_twice(load: Load) -> None:
    text = one("grace: 1d").replace('rooms: ["t/#a"]', 'rooms: ["t/#a", "t/#b"]')
    assert load(text).warnings == ()
    (warning,) = load(f'{text}bridged: [["t/#a", "t/#b"]]\n').warnings
    assert (warning.line, warning.column) == (3, 29)
    assert warning.message == (
        "'t/#b' is bridged to a room before it, so this would stand in both twice; name one of them"
    )


NOTE = "text: x, cron: '0 0 * * *'"
DOUBTFUL = {
    one(f"{NOTE}, at: '10:00'", "note"): "3:74: at is for dates; beside cron, which has a time of its own",
    one("text: x, dates: [2030-12-01, 2030-12-01T12:00]", "note"): "3:71: this is a moment that stands be",
    one('cron: "0 9 1 * mon"', "digest"): "3:50: cron fires on day 1 of the month and on each mon besides",
    one("text: '{milestone} is near', dates: [2030-12-01]", "note"): "3:48: a note is said as it stands: {m",
    one('say: "%(milestone)s"'): "3:52: %(milestone)s is said as it stands; write {milestone} for the field",
    one('say: "$when"'): "3:52: $when is said as it stands; write {when} for",
    one("grace: 12"): "3:54: a grace of 12 seconds is soon over; write 12m or 12h if that is meant",
    f"{ROOMS}admins: [t/bob]\n": "2:10: nobody has an account at a terminal",
}
SOUND = [
    one(NOTE, "note"),
    one("text: x, dates: [2030-12-01, 2030-12-02], at: '10:00'", "note"),
    one("text: 'a {set} of $20', dates: [2030-12-01]", "note"),
    *(one(f'cron: "0 9 {days}"', "digest") for days in ("1 * *", "* * mon", "*/2 * mon")),
    one('say: "100% of {milestone}, $20"'),
    one("grace: 1m"),
]


@pytest.mark.parametrize(("text", "expected"), DOUBTFUL.items())
def test_what_is_hardly_meant_is_a_warning(load: Load, text: str, expected: str) -> None:
    (warning,) = load(text).warnings
    assert f"{warning.line}:{warning.column}: {warning.message}".startswith(expected)


@pytest.mark.parametrize("text", SOUND)
def test_what_may_be_meant_is_none(load: Load, text: str) -> None:
    assert load(text).warnings == ()


def test_a_note_whose_dates_are_all_past_is_told_of(load: Load) -> None:
    config = load(one("text: x, dates: [2026-12-01, 2026-12-03]", "note"))
    assert all_past(config, datetime(2026, 12, 3, 12, tzinfo=UTC)) == ()
    (warning,) = all_past(config, datetime(2026, 12, 3, 12, 1, tzinfo=UTC))
    assert (warning.line, warning.column, warning.severity) == (3, 58, "warning")
    assert warning.message == "these dates are past, so the note is said no more"


def test_of_a_room_that_is_a_comment_nothing_more_is_told(wrong: Wrong) -> None:
    text = """networks:
- name: t
  kind: console
  rooms:
  - #a
- {name: u, kind: console, rooms: [b]}
announcements:
- {name: n, kind: changed, rooms: [t/#a, u/c]}
bridged: [["t/#a", u/b]]
"""
    hidden, unknown = wrong(text)
    assert hidden.startswith('5:5: a room\'s name that begins with # must be quoted: write "#a"')
    assert unknown == "8:42: no room 'u/c' stands under networks; did you mean 'u/b'?"


def test_the_example_announces_on_every_occasion_in_both_rooms() -> None:
    config = load_config(Path(__file__).parents[2] / "config.example.yaml", {})
    assert {each.occasion for each in config.announcements} == set(Occasion)
    rooms = {str(room) for each in config.announcements for room in each.rooms}
    assert rooms == {"terminal/#general", "terminal/#nova"}


@given(st.text(alphabet="0123456789*/-,#lLwW monsunjafebdec²", max_size=30))
def test_any_cron_is_good_or_told(text: str) -> None:
    told = ""
    try:
        assert len(cron(text).split()) == 5
    except ValueError as error:
        told = str(error)
    assert told.isprintable()


@given(st.text(max_size=60))
def test_any_saying_is_good_or_told(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "said.yaml"
    path.write_text(one(f"say: {json.dumps(text)}"), encoding="utf-8")
    told: tuple[Problem, ...] = ()
    try:
        assert load_config(path, {}).announcements[0].say is not None
    except ConfigError as error:
        told = error.problems
    assert all(problem.line == 3 for problem in told)


NETWORKS = """
  - name: oftc
    kind: irc
    nick: bot
    servers: [{host: irc.example.org}]
    rooms: ["#openstack-release", "#nova"]
  - name: matrix
    kind: matrix
    homeserver: https://example.org
    user: "@bot:example.org"
    password: {env: P}
    rooms: ["#release:openstack.org"]
"""


def test_the_examples_of_the_guide_are_right(load: Load) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "announcements.md").read_text(encoding="utf-8")
    blocks = [block for block in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if "- name:" in block]
    rules = "".join(block.removeprefix("announcements:\n") for block in blocks)
    config = load(f"networks:{NETWORKS}announcements:\n{rules}", {"P": "x"})
    assert {each.occasion for each in config.announcements} == set(Occasion)
    assert config.warnings == ()
    (scopes,) = re.findall(r"```yaml\n(for: .*?)```", guide, re.DOTALL)
    for line in scopes.splitlines():
        assert read(load, line.partition("#")[0].strip(), "changed").scope != Scope()


def test_which_kinds_it_is_for(load: Load) -> None:
    assert read(load, "grace: 1h").kinds == (Kind.MILESTONE, Kind.RELEASE)
    assert read(load, "kinds: [freeze, Deadline]").kinds == (Kind.FREEZE, Kind.DEADLINE)
    assert read(load, "kinds: [week]", "changed").kinds == (Kind.WEEK,)
    assert read(load, "kinds: [release]", "released").kinds == (Kind.RELEASE,)
