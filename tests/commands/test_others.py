"""`!series`, `!release`, `!project`, `!source`, `!about`, `!help`, `!more`."""

import pytest

from milestonebot.commands import FILES, router, router_of
from milestonebot.render.plain import render_plain
from milestonebot.settings import RoomSettings, Settings
from tests.asking import ROOM, ask, bot, document, message


@pytest.mark.parametrize(
    ("typed", "day", "answer"),
    [
        (
            "!series essex",
            "2011-12-20",
            "Essex (2012.1): in development · release Thu 5 Apr 2012, in 107 days",
        ),
        ("!series 2012.2", "2011-12-20", "Folsom (2012.2): in the future · release Thu 27 Sep 2012"),
        (
            "!series essex",
            "2026-11-22",
            "Essex (2012.1): released Thu 5 Apr 2012, 14 years ago · end of life Mon 6 May 2013",
        ),
        ("!series essex", "2012-06-01", "Essex (2012.1): released Thu 5 Apr 2012, 57 days ago"),
        ("!series hibiscus", "2026-11-22", "Hibiscus (2026.2): maintained"),
        ("!series", "2026-11-22", "Indri (2027.1): in development"),
        ("!series Antelope 2023.1", "2026-11-22", "Antelope (2023.1): unmaintained"),
    ],
)
async def test_a_series_is_told_as_of_the_day(typed: str, day: str, answer: str) -> None:
    assert (await ask(typed, day)).startswith(answer)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2011-05-01", "in the future"),
        ("2011-12-20", "in development"),
        ("2012-06-01", "released"),
        ("2026-11-22", "end of life"),
    ],
)
async def test_a_series_has_the_status_of_the_day_for_programs_too(day: str, status: str) -> None:
    assert (await document("!series essex", day)).data["status"] == status


async def test_a_series_without_a_version_says_why() -> None:
    assert "no coordinated version" in await ask("!series zed", "2026-11-22")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!release 2012.1", "openstack 2012.1 (essex): released Thu 5 Apr 2012, 14 years ago"),
        ("!release nova 2012.1", "nova 2012.1 (essex): released Thu 5 Apr 2012"),
        ("!release 2012.1 nova", "nova 2012.1 (essex): released Thu 5 Apr 2012"),
        ("!release nova 33.0.0", "nova 33.0.0 (gazpacho): released Wed 1 Apr 2026"),
        ("!release v33.0.0", "nova 33.0.0 (gazpacho): released Wed 1 Apr 2026"),
        ("!release 2027.1", "openstack 2027.1 (indri): Wed 24 Mar 2027, in 122 days"),
        ("!release liberty", "nova 12.0.0 (liberty): released Thu 15 Oct 2015"),
    ],
)
async def test_a_release_is_found_by_version_and_project(typed: str, answer: str) -> None:
    assert (await ask(typed, "2026-11-22")).startswith(answer)


async def test_a_release_that_a_project_did_not_make_is_told_so() -> None:
    assert (await ask("!release glance 2012.1")).endswith("no source has a release of glance by that version")
    assert await ask("!release 2012.9", "2026-11-22") != await ask("!release 2012.1", "2026-11-22")


async def test_a_project_tells_its_releases_and_what_is_next() -> None:
    answer = await ask("!project quantum", "2026-11-22")
    assert answer.startswith("neutron ")
    assert "also called quantum" in answer
    assert "next: indri-2, Thu 14 Jan 2027, in 53 days" in answer


async def test_a_source_tells_what_disagrees_and_what_is_believed() -> None:
    answer = await ask("!source ocata-2")
    assert answer.startswith(
        "ocata-2: Thu 15 Dec 2016, says openstack/releases:doc/source/ocata/schedule.rst"
    )
    assert "Disagrees" in answer
    assert (
        "the week of Mon 5 to Fri 9 Dec 2016, says openstack/releases:doc/source/ocata/schedule.yaml"
        in answer
    )
    assert "read Fri 21 Aug 2026" in answer


async def test_the_source_of_a_series_tells_what_its_parts_rest_on() -> None:
    answer = await ask("!source flamingo")
    assert answer.startswith("Flamingo 2025.2 release: Wed 1 Oct 2025, says openstack/releases")
    assert "begins Wed 2 Apr 2025; disagrees" in answer
    assert "Tue 2 Apr 2024" in answer


async def test_the_source_of_a_release_tells_of_tags_that_were_made_years_later() -> None:
    answer = await ask("!source nova 2010.1")
    assert answer.startswith("nova 2010.1: Thu 21 Oct 2010")
    assert "21 Feb 2018" in answer


async def test_a_blueprint_has_a_source_too() -> None:
    assert "nova/nova-rootwrap: https://ttx.re/ending-the-year-well" in await ask("!source nova-rootwrap")


async def test_about_tells_version_catalog_and_code() -> None:
    answer = await ask("!about")
    assert answer.startswith("milestonebot 0.1.0: up for 0 seconds")
    assert "19 blueprints" in answer
    assert "source code" in answer


async def test_help_lists_the_main_commands_and_all_of_them_on_demand() -> None:
    short, whole = await ask("!help"), await ask("!help all")
    assert "!milestone [NAME] [project] Tell when a milestone is or was" in short
    assert "!progress" not in short
    assert "!progress" in whole
    for route in router().routes.values():
        assert (f"!{route.name} " in whole) is not route.admin


@pytest.mark.parametrize(
    "route", [each for each in router().routes.values() if not each.admin], ids=lambda route: route.name
)
async def test_each_command_has_help(route: object) -> None:
    name = getattr(route, "name", "")
    answer = await ask(f"!help {name}")
    assert answer.startswith(f"{name}: ")
    assert f"Typed as !{name}" in answer
    assert len(answer.partition(" Typed as ")[0]) > len(name) + 20


async def test_help_of_an_unknown_command_suggests() -> None:
    assert (
        await ask("!help milstone") == "There is no command milstone. Did you mean !milestone or !milestones?"
    )


async def test_help_speaks_of_the_commands_as_they_are_called_in_the_room() -> None:
    settings = Settings(rooms={ROOM: RoomSettings(commands={"help": "mbhelp", "search": None}, limits=None)})
    answer = await bot(settings=settings).answer(message("!mbhelp"))
    assert answer is not None
    commands = answer.data["commands"]
    assert isinstance(commands, dict)
    assert "mbhelp" in commands
    assert "search" not in commands


async def test_more_gives_what_was_left_once() -> None:
    the_bot = bot()
    asked = message("!overview essex-2")
    rest = await document("!help")
    the_bot.keep(asked, rest)
    assert await the_bot.answer(message("!more")) is rest
    nothing = await the_bot.answer(message("!more"))
    assert nothing is not None
    assert not nothing.found


async def test_more_is_each_persons_own() -> None:
    the_bot = bot()
    the_bot.keep(message("!help", who="alpha"), await document("!help"))
    other = await the_bot.answer(message("!more", who="beta"))
    assert other is not None
    assert not other.found


def test_each_file_of_commands_is_listed_with_the_names_it_answers_to() -> None:
    from importlib import import_module
    from pathlib import Path

    import milestonebot.commands

    folder = Path(milestonebot.commands.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(FILES)
    for file, names in FILES.items():
        assert set(import_module(f"milestonebot.commands.{file}").router.names) == set(names)


def test_one_command_needs_one_file() -> None:
    assert set(router_of("when").names) == {"when", "countdown"}
    assert set(router_of("help").names) == set(router().names)
    assert set(router_of("nothing").names) == set(router().names)


@pytest.mark.parametrize(
    "name", ["when", "search", "blueprints", "blueprint", "source", "project", "release", "is"]
)
async def test_what_lacks_a_name_shows_what_can_be_typed_where_it_was_asked(name: str) -> None:
    settings = Settings(rooms={ROOM: RoomSettings(prefix="%")})
    told = await bot(settings=settings).answer(message(f"%{name}"))
    assert told is not None
    _, _, example = render_plain(told).partition("as in: ")
    assert example.startswith(f"%{name} ")
    for typed in example.split(", or: "):
        answer = await bot(settings=settings).answer(message(typed))
        assert answer is not None
        assert answer.found
