"""Every mistake in a config is told at its place, and all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from milestonebot.yamlfile import compose

if TYPE_CHECKING:
    from pathlib import Path

    from tests.config.conftest import Wrong

NETWORK = "networks:\n  - name: terminal\n    kind: console\n    "
IRC = "networks:\n  - name: n\n    kind: irc\n    nick: relbot\n    servers: [{host: irc}]\n    "
PACES = "standard, oftc, libera, {burst: …, every: …} or off"
MECHANISMS = "SCRAM-SHA-512, SCRAM-SHA-256, EXTERNAL, ECDSA-NIST256P-CHALLENGE or PLAIN"
ROOM = NETWORK + "rooms:\n      - "
PREFIX = 'expected one to three signs such as "!" or "%" (no letter, digit, space, /), not '
TIME = "expected a time: seconds as a number, or 30s, 15m, 2h, 1d"

MISTAKES = {
    # YAML's traps, as CONFIG.md lists them
    "prefix: no\n": ['1:9: expected text, and YAML reads no as false; write "no" in quotes'],
    "name: on\n": ['1:7: expected text, and YAML reads on as true; write "on" in quotes'],
    "name: 1.30\n": ['1:7: expected text, and YAML reads 1.30 as the number 1.3; write "1.30" in quotes'],
    "name: 14:00\n": ['1:7: YAML reads 14:00 as the number 840; write "14:00" in quotes if it is text'],
    "prefix: '!'\nprefix: '%'\n": ["2:1: the key 'prefix' stands twice, first on line 1"],
    "limits:\n\tper: 30s\n": ["2:1: a tab stands here; YAML is indented with spaces alone"],
    "on: x\n": ['1:1: YAML reads the key on as true; write "on" in quotes'],
    "prefix: !\n": ['1:9: a lone ! is a tag to YAML; if it is text, write "!" in quotes'],
    "prefix: %\n": ["1:9: a value cannot begin with % unless it is quoted"],
    "prefix:\n": ["1:8: expected text, and nothing is written here"],
    "": ["1:1: the file is empty; it should hold keys and values"],
    ROOM + "#nova\n": [
        '5:9: a room\'s name that begins with # must be quoted: write "#nova"; unquoted, it is'
    ],
    NETWORK + "rooms: [#a, '#b']\n": ['4:13: a room\'s name that begins with # must be quoted: write "#a"'],
    NETWORK + "rooms: #nova\n": ['4:12: a room\'s name that begins with # must be quoted: write "#nova"'],
    ROOM + "{name: #nova\n}\n": ['5:16: a room\'s name that begins with # must be quoted: write "#nova"'],
    # keys
    "perfix: x\n": ["1:1: unknown key 'perfix'; did you mean 'prefix'?"],
    "admin: []\n": ["1:1: unknown key 'admin'; did you mean 'admins'?"],
    "limits: {comands: 3}\n": ["1:10: unknown key 'comands'; did you mean 'commands'?"],
    ROOM + "{name: x, project: [nova]}\n": ["5:19: unknown key 'project'; did you mean 'projects'?"],
    "catalog: [{kind: openstack, path: x}]\n": ["1:29: unknown key 'path'"],
    # single values
    "name: milestone bot\n": [
        "1:7: 'milestone bot' is no name that people can call: no spaces, and none of : , ; @ /"
    ],
    "timezone: Europe/Pari\n": ["1:11: no time zone is called 'Europe/Pari'; did you mean Europe/Paris?"],
    "timezone: PST\n": [
        "1:11: no time zone is called 'PST'; write the zone of a place, as America/Los_Angeles"
    ],
    "timezone: 2\n": ['1:11: expected text, not the number 2; write "2" in quotes'],
    "source_code: example.org\n": ["1:14: 'example.org' is no link"],
    "prefix: ab\n": [f"1:9: {PREFIX}'ab'"],
    "prefix: '! '\n": [f"1:9: {PREFIX}'! '"],
    "prefix: /\n": [f"1:9: {PREFIX}'/'"],
    'prefix: ""\n': [f"1:9: {PREFIX}''"],
    'prefix: "1"\n': [f"1:9: {PREFIX}'1'"],
    "prefix: '!!!!'\n": [f"1:9: {PREFIX}'!!!!'"],
    "limits: {per: 3 weeks, silence: x}\n": [f"1:15: {TIME}", f"1:33: {TIME}"],
    "limits: {per: off}\n": [f"1:15: {TIME}"],
    "limits: {per: 0, silence: 400d}\n": [
        "1:15: expected a time of more than nothing, and of a year at most",
        "1:27: expected a time of more than nothing, and of a year at most",
    ],
    "limits: {per: -1}\n": ["1:15: expected a time of more than nothing"],
    "limits: {commands: 0}\n": ["1:20: expected 1 or more"],
    "limits: {commands: 0777}\n": ["1:20: YAML reads 0777 as the number 511"],
    "limits: {commands: '8'}\n": [
        '1:20: expected a whole number, and "8" in quotes is text; take the quotes away'
    ],
    "limits: on\n": ["1:9: expected keys and values or off, and YAML reads on as true"],
    # the catalog
    "catalog: openstack\n": ["1:10: expected a list, not 'openstack'"],
    "catalog: [openstack]\n": ["1:11: expected keys and values, not 'openstack'"],
    "catalog: [{kind: openstak}]\n": [
        "1:18: unknown kind 'openstak'; known: openstack, package.module, yaml; did you mean 'openstack'?"
    ],
    "catalog: [{kind: launchpad, projects: [nova]}]\n": [
        "1:18: unknown kind 'launchpad'; known: openstack, package.module, yaml"
    ],
    "catalog: [{path: x}]\n": ["1:11: the key 'kind' is missing"],
    "catalog: [{kind: no}]\n": ['1:18: expected text, and YAML reads no as false; write "no" in quotes'],
    "catalog: [{kind: a..b}]\n": ["1:18: 'a..b' is no module: write it as package.module"],
    "catalog: [{kind: yaml}]\n": ["1:11: the key 'path' is missing"],
    "catalog: [{kind: yaml, path: 3}]\n": [
        '1:30: expected text or a list, not the number 3; write "3" in quotes'
    ],
    "catalog: [{kind: yaml, path: []}]\n": ["1:30: expected 1 or more paths"],
    "catalog: [{kind: yaml, path: ''}]\n": ["1:30: expected a path"],
    "catalog:\n  - kind: yaml\n    path: no/*.yaml\n": ["3:11: 'no/*.yaml' matches no file in "],
    "catalog:\n  - kind: yaml\n    path: [config.yaml, no.yaml, '.']\n": [
        "3:25: there is no file 'no.yaml' in ",
        "3:34: '.' is a folder; write ./*.yaml for the files in it",
    ],
    f"catalog: [{{kind: yaml, path: {'x' * 5000}}}]\n": ["1:30: 'xxx"],
    "catalog: [{kind: yaml, path: *.yaml}]\n": ["1:30: a value that begins with * must be quoted"],
    # networks and rooms
    "networks: [{name: oftc, kind: xmpp, nick: x, servers: []}]\n": [
        "1:31: unknown kind 'xmpp'; known: console"
    ],
    "networks: [{name: x, kind: consol, rooms: [a]}]\n": ["1:28: unknown kind 'consol'; known: console"],
    "networks: [{name: a/b, kind: console, rooms: [a]}]\n": [
        "1:19: 'a/b' is no name of a network: it has letters, digits and . _ -"
    ],
    NETWORK + "rooms: []\n": ["4:12: expected 1 or more rooms"],
    ROOM + "'# a'\n": ["5:9: '# a' is no name of a room: it has no spaces, and 255 characters at most"],
    ROOM + "3\n": ['5:9: expected text or keys and values, not the number 3; write "3" in quotes'],
    ROOM + "x\n      - {name: x}\n": ["6:16: the room 'terminal/x' stands above already"],
    ROOM + "x\n  - {name: terminal, kind: console, rooms: [y]}\n": [
        "6:12: a network called 'terminal' stands above already"
    ],
    ROOM + "{name: x, projects: nova, group: ''}\n": [
        "5:29: expected a list, not 'nova'",
        "5:42: '' is no name",
    ],
    IRC + "pace: slow\n": [
        f"6:11: 'slow' is not known here; it is {PACES}",
    ],
    IRC + "pace: libra\n": [
        f"6:11: 'libra' is not known here; it is {PACES}; did you mean 'libera'?",
    ],
    IRC + "pace: on\n": [
        f"6:11: expected {PACES}, and YAML reads on as true",
    ],
    IRC + "nickserv: {password: {env: A}, services: libra}\n": [
        "6:26: the environment variable 'A' is not set, or is empty",
        "6:46: 'libra' is not known here; it is standard, oftc or libera; did you mean 'libera'?",
    ],
    IRC + "sasl: {username: a, mechanisms: [SCRAM-SHA512, hunter2]}\n": [
        f"6:38: 'SCRAM-SHA512' is not known here; it is {MECHANISMS}; did you mean 'SCRAM-SHA-512'?",
        f"6:52: expected {MECHANISMS}",
    ],
    # several rooms in one entry
    IRC + 'rooms: "#a,#b"\n': ['6:12: expected a list, not \'#a,#b\'; write 2 entries: ["#a", "#b"]'],
    IRC + 'rooms: "#a, #b"\n': ['6:12: expected a list, not \'#a, #b\'; write 2 entries: ["#a", "#b"]'],
    IRC + 'rooms: "#a hunter2"\n': [
        "6:12: expected a list, not this; write each room in quotes, with commas between them, in [ ]"
    ],
    IRC + 'rooms: "#a,#b hunter2"\n': ["6:12: expected a list, not this; write each room in quotes"],
    IRC + 'rooms: ["#a,#b"]\n': ['6:13: an entry is one room; write 2 entries: "#a", "#b"'],
    IRC + 'rooms: [{name: "#a, #b"}]\n': ['6:20: an entry is one room; write 2 entries: "#a", "#b"'],
    IRC + 'rooms: ["#a,#b hunter2,x"]\n': ['6:13: an entry is one room; write 2 entries: "#a", "#b"'],
    ROOM + "'#a:b.example,#c:b.example'\n": [
        '5:9: an entry is one room; write 2 entries: "#a:b.example", "#c:b.example"'
    ],
    "admins: 'n/a, n/b'\n": ["1:9: expected a list, not 'n/a, n/b'; write 2 entries: [n/a, n/b]"],
    ROOM + "a\n      - b\nannouncements:\n"
    "  - {name: x, kind: note, text: hi, cron: '0 1 * * *', rooms: ['terminal/a, terminal/b']}\n": [
        "8:64: no room 'terminal/a, terminal/b' stands under networks; write 2 entries"
    ],
    # keys and entries at a wrong place
    "servers: [{host: irc.oftc.net}]\n": ["1:1: unknown key 'servers'; it belongs in an entry of networks"],
    "host: irc.oftc.net\n": ["1:1: unknown key 'host'; it belongs in an entry of servers"],
    "rooms: ['#a']\n": [
        "1:1: unknown key 'rooms'; it belongs in an entry of networks or in an entry of announcements"
    ],
    IRC + "rooms: ['#a']\n    port: 6697\n": ["7:5: unknown key 'port'; it belongs in an entry of servers"],
    IRC + "rooms: ['#a']\n    mechanisms: [PLAIN]\n": ["7:5: unknown key 'mechanisms'; it belongs in sasl"],
    IRC + "rooms: [{name: '#a', timezone: UTC}]\n": [
        "6:26: unknown key 'timezone'; it belongs at the top, not indented"
    ],
    "networks: [{name: n, kind: irc, nick: x, servers: [{host: h.example.org, rooms: ['#a']}]}]\n": [
        "1:74: unknown key 'rooms'; it belongs in an entry of networks"
    ],
    "networks: [{name: n, kind: irc, nick: x, servers: irc.oftc.net}]\n": [
        "1:51: expected a list, not 'irc.oftc.net'; write [{host: irc.oftc.net}]"
    ],
    "networks: [{name: n, kind: irc, nick: x, servers: [irc.oftc.net]}]\n": [
        "1:52: expected keys and values, not 'irc.oftc.net'; write {host: irc.oftc.net}"
    ],
    "networks: [{name: n, kind: irc, nick: x, servers: {host: irc.oftc.net}}]\n": [
        "1:51: expected a list, not keys and values; begin each entry with a dash: - host: …"
    ],
    "networks: {oftc: {kind: irc, nick: x}}\n": [
        "1:11: expected a list, not keys and values; begin each entry with a dash: - name: oftc"
    ],
    # commands in a room
    ROOM + "{name: x, commands: {serch: off}}\n": [
        "5:30: no command is called 'serch'; did you mean 'search'?"
    ],
    ROOM + "{name: x, commands: {Help: h}}\n": ["5:30: no command is called 'Help'; did you mean 'help'?"],
    ROOM + "{name: x, commands: {'!help': h}}\n": [
        "5:30: '!help' is no command: write its name alone, as search",
        "5:30: no command is called '!help'; did you mean 'help'?",
    ],
    ROOM + "{name: x, commands: {help: search}}\n": ["5:36: another command is called 'search' here"],
    ROOM + "{name: x, commands: {help: a, search: a}}\n": [
        "5:36: another command is called 'a' here",
        "5:47: another command is called 'a' here",
    ],
    NETWORK + "commands: {help: a}\n    rooms: [{name: x, commands: {search: A}}]\n": [
        "5:42: another command is called 'A' here"
    ],
    ROOM + "{name: x, commands: {help: on, search: 'off', next: , when: a b}}\n": [
        "5:36: expected the name that the command has here, or off (without quotes)",
        "5:48: expected the name that the command has here, or off (without quotes)",
        "5:60: expected the name that the command has here, or off (without quotes)",
        "5:69: 'a b' is no command: write its name alone, as search",
    ],
    # bridges
    ROOM + "x\nbridged: [[terminal/x]]\n": ["6:11: expected 2 or more rooms"],
    ROOM + "aaa\nbridged: [[terminal/aaa, terminal/aab], [nowhere, terminal/aaa]]\n": [
        "6:26: no room 'terminal/aab' stands under networks; did you mean 'terminal/aaa'?",
        "6:42: no room 'nowhere' stands under networks; write network/room",
        "6:51: the room 'terminal/aaa' is bridged already; write all rooms of a bridge in one list",
    ],
    "bridged: [[1, 2]]\n": ["1:12: expected text", "1:15: expected text"],
}


@pytest.mark.parametrize("parser", ["_compose_fast", "_compose_pure"])
@pytest.mark.parametrize(("text", "expected"), MISTAKES.items(), ids=lambda each: repr(each)[-50:])
def test_each_mistake_is_told_at_its_place(
    wrong: Wrong, text: str, expected: list[str], parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose, "compose", getattr(compose, parser))
    told = wrong(text)
    assert len(told) == len(expected), told
    for said, begins in zip(told, expected, strict=True):
        assert said.startswith(begins)


MANY = """\
nme: x
timezone: Europe/Pari
on: 14:00
timezone: UTC
prefix: !
limits: {commands: no, per: 3 weeks}
catalog:
  - {kind: irc, nick: x}
  - {kind: yaml, path: [nothing/*.yaml, {env: NOPE}, {file: nope}, {fil: x}]}
  - {kind: no.such}
commands: [no.such]
networks:
  - name: terminal
    kind: console
    rooms: ["#a", {name: "#a", commands: {serch: off}}, {nam: x}, #nova
    ]
bridged:
  - [terminal/#a, terminal/#b]
"""


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(wrong: Wrong, tmp_path: Path) -> None:
    assert wrong(MANY) == [
        "1:1: unknown key 'nme'; did you mean 'name'?",
        '3:1: YAML reads the key on as true; write "on" in quotes',
        '3:5: YAML reads 14:00 as the number 840; write "14:00" in quotes if it is text',
        "4:1: the key 'timezone' stands twice, first on line 2",
        '5:9: a lone ! is a tag to YAML; if it is text, write "!" in quotes',
        "6:20: expected a whole number, and YAML reads no as false",
        f"6:29: {TIME}",
        "8:12: unknown kind 'irc'; known: openstack, package.module, yaml",
        f"9:25: 'nothing/*.yaml' matches no file in {tmp_path}",
        "9:41: the environment variable 'NOPE' is not set, or is empty",
        f"9:54: there is no file 'nope' in {tmp_path}",
        "9:68: expected one key, env or file, and text behind it: write {env: NAME} or {file: PATH}",
        "10:12: no module 'no'; is its package installed beside milestonebot?",
        "11:12: no module 'no'; is its package installed beside milestonebot?",
        "15:26: the room 'terminal/#a' stands above already",
        "15:43: no command is called 'serch'; did you mean 'search'?",
        "15:57: the key 'name' is missing",
        "15:58: unknown key 'nam'; did you mean 'name'?",
        "18:19: no room 'terminal/#b' stands under networks; did you mean 'terminal/#a'?",
    ]
