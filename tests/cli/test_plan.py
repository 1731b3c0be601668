"""`milestonebot plan`: what will be announced, before it is."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from milestonebot.cli import main

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
catalog: [{kind: openstack}]
networks:
  - {name: terminal, kind: console, rooms: ["#general", "#nova"]}
announcements:
"""
COUNTDOWN = """
  - {name: countdown, kind: countdown, for: openstack, before: [7d, 0d], at: "14:00", timezone: Europe/Paris,
     rooms: ["terminal/#general", "terminal/#nova"]}
"""
RELEASED = '  - {name: out, kind: released, for: openstack, rooms: ["terminal/#general"]}\n'
TOKYO = """
  - {name: tokyo, kind: countdown, for: openstack, before: [0d], at: "08:00", timezone: Asia/Tokyo,
     rooms: ["terminal/#general"]}
"""
WEEKLY = (
    '  - {name: weekly, kind: digest, for: openstack, cron: "0 14 1 3 *", rooms: ["terminal/#general"]}\n'
)
CHANGED = '  - {name: dates, kind: changed, for: openstack, rooms: ["terminal/#general"]}\n'


class Plan:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.file = folder / "config.yaml"
        self._capsys = capsys

    def __call__(self, rules: str, *options: str, at: str = "2012-01-19", catalog: str = "") -> str:
        config = CONFIG.replace("{kind: openstack}", catalog or "{kind: openstack}")
        self.file.write_text(config + rules, encoding="utf-8")
        assert main(["plan", "--config", str(self.file), "--at", at, *options]) == 0
        return self._capsys.readouterr().out

    def data(self, rules: str, *options: str, at: str = "2012-01-19") -> Any:  # noqa: ANN401 - it is JSON
        return json.loads(self(rules, "--json", *options, at=at))


@pytest.fixture
def plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Plan:
    return Plan(tmp_path, capsys)


def test_it_tells_day_time_room_and_words(plan: Plan) -> None:
    assert plan(COUNTDOWN, "--days", "8") == (
        "From Thu 19 Jan 2012 to Fri 27 Jan 2012, as the catalog is now (UTC):\n"
        "\n"
        "Thu 19 Jan 2012\n"
        "  14:00 Europe/Paris, 13:00 UTC · countdown · terminal/#general, terminal/#nova\n"
        "    essex-3 is in 7 days: Thu 26 Jan 2012\n"
        "\n"
        "Thu 26 Jan 2012\n"
        "  14:00 Europe/Paris, 13:00 UTC · countdown · terminal/#general, terminal/#nova\n"
        "    essex-3 is today: Thu 26 Jan 2012\n"
        "\n"
        "What was announced, what expired and what failed: milestonebot outbox --all\n"
    )


def test_days_are_those_of_the_config_and_another_weekday_is_named(plan: Plan) -> None:
    told = plan(TOKYO, "--days", "8")
    assert "Wed 25 Jan 2012\n  Thu 08:00 Asia/Tokyo, 23:00 UTC · tokyo" in told


def test_what_is_due_just_now_is_to_come(plan: Plan) -> None:
    told = plan(RELEASED, "--days", "1", at="2012-01-26")
    assert "Thu 26 Jan 2012\n  00:00 UTC · out · terminal/#general\n    essex-3" in told
    assert plan.data(RELEASED, "--days", "1", at="2012-01-27")["deliveries"] == []


def test_long_words_are_cut_and_json_has_them(plan: Plan) -> None:
    told = plan(RELEASED, "--days", "1", at="2011-12-15")
    (delivery,) = plan.data(RELEASED, "--days", "1", at="2011-12-15")["deliveries"]
    lines = delivery["text"].splitlines()
    assert len(lines) > 20
    assert "".join(f"    {line}\n" for line in lines[:6]) in told
    assert f"… and {len(lines) - 6} lines more" in told
    assert lines[6] not in told


def test_rules_without_a_day_in_the_stretch_are_told(plan: Plan) -> None:
    told = plan(WEEKLY + RELEASED + CHANGED, "--days", "3")
    assert "Nothing is due in these days.\n" in told
    assert "weekly: nothing in these days; next on Thu 1 Mar 2012, 14:00 UTC\n" in told
    assert "out: also whenever a source says that something is out\n" in told
    assert "dates: whenever a date is set, moves or is withdrawn\n" in told


def test_what_has_no_day_and_what_announces_nothing_is_told(plan: Plan) -> None:
    (plan.file.parent / "data.yaml").write_text(
        "group: example\nseries:\n  first: {version: '1.0'}\n"
        "milestones:\n  first-1: {series: first, date: 2026-12}\n  first-2: {series: first}\n",
        encoding="utf-8",
    )
    data = "{kind: yaml, path: data.yaml}"
    rules = COUNTDOWN.replace("openstack", "example") + CHANGED
    told = plan(rules, catalog=data, at="2026-11-22")
    assert "first-1: no day is set to count down to (countdown)\n" in told
    assert "first-2: no day is set to count down to (countdown)\n" in told
    assert "countdown: nothing is ahead of it\n" in told
    assert "dates: announces nothing, since the catalog has nothing that it is for\n" in told


def test_json_tells_all_for_programs(plan: Plan) -> None:
    told = plan.data(COUNTDOWN + CHANGED, "--days", "1")
    assert (told["since"], told["until"]) == ("2012-01-19T00:00:00+00:00", "2012-01-20T00:00:00+00:00")
    first, second = told["deliveries"]
    assert second["room"] == "terminal/#nova"
    assert first.pop("data")["status"] == "due"
    assert first == {
        "key": "countdown/terminal/#general/openstack/essex/essex-3/2012-01-26/7d",
        "announcement": "countdown",
        "kind": "countdown",
        "room": "terminal/#general",
        "due": "2012-01-19T13:00:00+00:00",
        "local": "2012-01-19T14:00:00+01:00",
        "zone": "Europe/Paris",
        "until": "2012-01-20T01:00:00+00:00",
        "about": {
            "subject": "openstack/essex/essex-3",
            "group": "openstack",
            "series": "essex",
            "project": None,
            "milestone": "essex-3",
            "date": "2012-01-26",
            "days": 7,
        },
        "text": "essex-3 is in 7 days: Thu 26 Jan 2012",
    }
    assert [(each["name"], each["next"], each["void"]) for each in told["announcements"]] == [
        ("countdown", "2012-01-19T13:00:00+00:00", False),
        ("dates", None, False),
    ]


def test_without_announcements_it_says_what_is_needed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["plan"]) == 2
    assert "`announcements:`" in capsys.readouterr().err
    (tmp_path / "config.yaml").write_text("catalog: [{kind: openstack}]\n", encoding="utf-8")
    assert main(["plan"]) == 2
    assert "config.yaml has no announcements" in capsys.readouterr().err


@pytest.mark.parametrize("days", ["0", "-1", "3661", "a", "1" * 5000])
def test_days_are_few_enough(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["plan", f"--days={days}"])
    assert "expected 1 to 3660 days" in capsys.readouterr().err


def test_at_the_end_of_the_calendar_it_ends(plan: Plan) -> None:
    assert "Nothing is due" in plan(COUNTDOWN, "--days", "3660", at="9998-12-31")


@pytest.mark.slow
def test_it_imports_no_scheduler_and_no_database(plan: Plan) -> None:
    plan(COUNTDOWN)
    code = (
        "import sys; from milestonebot.cli import main; main(sys.argv[1:]);"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "plan", "--config", str(plan.file)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stderr.split()
    assert "milestonebot" in loaded
    assert not {"aiosqlite", "apscheduler", "nio", "irc", "rich"} & set(loaded)


def test_what_is_repeated_within_a_day_is_one_line(plan: Plan) -> None:
    often = (
        '  - {name: often, kind: note, text: Hello., cron: "*/30 * * * *", rooms: ["terminal/#general"]}\n'
    )
    told = plan(often + COUNTDOWN, "--days", "1", at="2012-01-19").splitlines()
    first, second = [line for line in told if "often" in line]
    assert first == "  00:00 UTC and 47 times more until 23:30 UTC · often · terminal/#general"
    assert second == "  00:00 UTC · often · terminal/#general"
    assert sum("countdown" in line for line in told) == 1
    assert len(plan.data(often, "--days", "1", at="2012-01-19")["deliveries"]) == 49
