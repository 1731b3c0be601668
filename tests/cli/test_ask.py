"""`milestonebot ask`: one answer on standard output, its exit code, its formats."""

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from milestonebot.cli import main

ESSEX = ["--at", "2011-12-20"]


def test_the_answer_is_on_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "!milestone essex-2", *ESSEX]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(
        "essex-2 (Essex, 2012.1): released Thu 15 Dec 2011, 5 days ago · 19 blueprints named"
    )
    assert out.count("\n") == 1
    assert err == ""


def test_the_words_of_a_question_need_no_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", *ESSEX, "when", "is", "essex-3?"]) == 0
    assert capsys.readouterr().out == "essex-3: Thu 26 Jan 2012, in 37 days (5 weeks and 2 days)\n"


@pytest.mark.parametrize(
    ("question", "code"),
    [("!next", 0), ("!milestone esex-2", 1), ("!foo", 1), ("what?", 1), ("!search qqqq", 1)],
)
def test_the_exit_code_tells_whether_it_was_answered(question: str, code: int) -> None:
    assert main(["ask", question, *ESSEX]) == code


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", "!next", "--at", "the 5th"], "--at: 'the 5th' is not a date"),
        (["ask", "!next", "--config", "nowhere.yaml"], "nowhere.yaml"),
        (["ask", "!next", "--data", "nowhere.yaml"], "nowhere.yaml"),
        (
            ["ask", "!next", "--config", "a.yaml", "--data", "b.yaml"],
            "--config and --data exclude each other",
        ),
        (["ask", "!next", "--room", "oftc/#nova"], "--room: the config has no room oftc/#nova; it has none"),
        (["ask", "  "], "there is no question in that"),
    ],
)
def test_what_cannot_be_asked_is_told_on_standard_error(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert "Traceback" not in err


def test_usage_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["ask"])
    assert stopped.value.code == 2
    assert "QUESTION" in capsys.readouterr().err


def test_json_gives_the_same_facts_with_iso_dates_and_origins(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "!milestone essex-2", "--format", "json", *ESSEX]) == 0
    answer = json.loads(capsys.readouterr().out)
    data = answer["data"]
    assert answer["found"] is True
    assert data["milestone"]["claims"][0]["when"]["date"] == "2011-12-15"
    assert data["milestone"]["claims"][0]["origin"]["confidence"] == "high"
    assert data["milestone"]["origin"]["source"] == "openstack"
    assert data["days"] == -5
    assert data["blueprints"]["projects"] == {"nova": 13, "horizon": 3, "keystone": 2, "glance": 1}
    assert data["next"][0]["milestone"]["name"] == "essex-3"
    assert data["next"][0]["days"] == 37


def test_as_of_an_earlier_day_facts_are_as_they_are_read_and_the_status_is_that_days(
    capsys: pytest.CaptureFixture[str],
) -> None:
    read = []
    for day in ("2011-12-14", "2011-12-15"):
        main(["ask", "!milestone essex-2", "--format", "json", "--at", day])
        read.append(json.loads(capsys.readouterr().out)["data"])
    before, after = read
    assert (before["status"], before["days"]) == ("due", 1)
    assert (after["status"], after["days"]) == ("released", 0)
    assert before["milestone"] == after["milestone"]


def test_json_of_a_list_has_each_blueprint_with_its_link(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "!blueprints essex-2", "--format", "json", *ESSEX]) == 0
    blueprints = json.loads(capsys.readouterr().out)["data"]["blueprints"]
    assert len(blueprints) == 19
    assert all(each["url"].endswith(f"/{each['project']}/+spec/{each['name']}") for each in blueprints)


def test_html_has_a_link_for_each_blueprint(capsys: pytest.CaptureFixture[str]) -> None:
    links: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "a":
                links.append(dict(attrs)["href"] or "")

    assert main(["ask", "!blueprints essex-2", "--format", "html", *ESSEX]) == 0
    Links().feed(capsys.readouterr().out)
    assert len(links) == 19
    assert all(link.startswith("https://blueprints.launchpad.net/") for link in links)


def test_irc_is_three_lines_at_most_and_names_more(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "!blueprints essex-2", "--format", "irc", *ESSEX]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[-1].endswith("!more)")
    assert all(len(line.encode()) <= 400 for line in lines)


def test_the_facts_of_a_file_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "group: {name: example}\n"
        "series: {first: {version: '1.0'}}\n"
        "milestones:\n"
        "  first-1: {series: first, date: 2026-12-01}\n"
    )
    assert main(["ask", "!next", "--data", str(file), "--at", "2026-11-22"]) == 0
    assert capsys.readouterr().out == "first-1: Tue 1 Dec 2026, in 9 days\n"
    assert main(["ask", "!milestone essex-2", "--data", str(file)]) == 1


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "milestonebot", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environ},
        timeout=50,
    )


def test_a_terminal_without_unicode_still_gets_the_answer() -> None:
    done = run("ask", "!milestone essex-2", *ESSEX, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert done.stdout.startswith(
        b"essex-2 (Essex, 2012.1): released Thu 15 Dec 2011, 5 days ago ? 19 blueprints"
    )


def test_a_reader_that_leaves_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "milestonebot", "ask", "!blueprints essex-2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as asking:
        assert asking.stdout is not None
        assert asking.stderr is not None
        asking.stdout.close()
        assert asking.stderr.read() == b""
        assert asking.wait(timeout=50) == 141


def test_without_the_compiled_data_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from milestonebot.sources.openstack import OpenStackSource

    monkeypatch.setattr(OpenStackSource.__init__, "__defaults__", (tmp_path / "openstack.json",))
    assert main(["ask", "!next"]) == 2
    assert "make install" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == "milestonebot 0.1.0\n"
