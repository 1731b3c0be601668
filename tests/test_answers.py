"""What is remembered is what would be found anew: for every command, on any day, from any catalog."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings as budget, strategies as st

from milestonebot.announcement import Announcement, Occasion
from milestonebot.answers import Answers
from milestonebot.bot import Bot, Question
from milestonebot.catalog import Catalog
from milestonebot.commands import router
from milestonebot.document import say
from milestonebot.model import Facts, Milestone
from milestonebot.ports import Message, Room, Sender
from milestonebot.settings import Limits, RoomSettings, Settings
from milestonebot.zones import zone
from tests.asking import ROOM, UNLIMITED, message, shipped
from tests.catalogs import claims, essex, essex_facts, two_groups
from tests.examples import examples

if TYPE_CHECKING:
    from milestonebot.document import Document

START = datetime(2012, 1, 25, 22, tzinfo=UTC)
NAMES = (
    "",
    "essex-2",
    "essex-3",
    "essex",
    "2012.1",
    "nova",
    "lasterror",
    "zzz",
    "essex-3 out",
    "nova essex-2",
)
ADMIN = Sender("ann", "ann")


class Watch:
    """A clock that is set by hand."""

    def __init__(self, now: datetime = START) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment


def to_the_minute() -> Catalog:
    """Return Essex with milestones that are out at a minute of the day."""
    facts = essex_facts()

    def timed(each: Milestone) -> Milestone:
        when = each.when
        assert when is not None
        return replace(each, claims=claims(f"{when.first}T14:30+00:00"), released=True)

    return Catalog.of(replace(facts, milestones=tuple(timed(each) for each in facts.milestones)))


CATALOGS = {
    "shipped": shipped(),
    "essex": essex(),
    "to the minute": to_the_minute(),
    "two groups": two_groups(),
}
CONFIGS = (
    UNLIMITED,
    replace(UNLIMITED, zone="Asia/Kathmandu", admins=frozenset({(ROOM.network, "ann")})),
    replace(UNLIMITED, zone="America/St_Johns"),
    replace(
        UNLIMITED, zone="AoE", default=RoomSettings("?", group="openstack", projects=("nova",), limits=None)
    ),
)
RULES = (Announcement("weekly", Occasion.DIGEST, (ROOM,), cron="0 12 * * 1"),)
REST = say("the rest")
QUESTIONS = [f"{name} {about}".strip() for name in router().routes for about in NAMES]


def answering(clock: Watch, catalog: Catalog | None, config: Settings) -> Bot:
    bot = Bot(router(), config, clock, catalog)
    bot.started = START
    return bot


def put(text: str, config: Settings, *, private: bool, sender: Sender) -> Message:
    typed = text if private else f"{config.default.prefix}{text}"
    return replace(message(typed, private=private), sender=sender)


_steps = st.tuples(
    st.sampled_from((0, 1, 60, 3600, 40_000, -3600)) | st.integers(-100_000, 3_000_000),
    st.booleans(),
    st.sampled_from((Sender("bob"), ADMIN)),
    st.sampled_from((None, None, *CATALOGS)),
    st.sampled_from((None, None, *CONFIGS)),
)


@pytest.mark.parametrize("command", list(router().routes))
@budget(max_examples=examples(40))
@given(
    st.sampled_from(NAMES),
    st.lists(_steps, min_size=4, max_size=8),
    st.sampled_from(sorted(CATALOGS)),
    st.sampled_from(CONFIGS),
)
async def test_remembered_answers_are_those_found_anew(
    command: str,
    name: str,
    steps: list[tuple[int, bool, Sender, str | None, Settings | None]],
    begun: str,
    config: Settings,
) -> None:
    clock = Watch()
    bot = answering(clock, CATALOGS[begun], config)
    bot.announcements = RULES
    for later, private, sender, other, another in steps:
        clock.moment += timedelta(seconds=later)
        bot.catalog = CATALOGS[other] if other is not None else bot.catalog
        if another is not None:
            config = another
            bot.heed(router(), config, RULES)
        question = put(f"{command} {name}".strip(), config, private=private, sender=sender)
        bot.keep(question, REST if later % 2 else None)
        anew = answering(clock, bot.catalog, config)
        anew.announcements = RULES
        anew.keep(question, REST if later % 2 else None)
        assert await bot.answer(question) == await anew.answer(question), (clock.moment, private, sender)


@given(
    st.sampled_from(sorted(CATALOGS)),
    st.sampled_from([each for each in QUESTIONS if router().routes[each.split(maxsplit=1)[0]].lasting]),
    st.sampled_from(CONFIGS),
    st.datetimes(datetime(2010, 10, 1), datetime(2012, 12, 31)),  # noqa: DTZ001 - the zone comes below
    st.integers(0, 2 * 86_400),
)
@example("essex", "when essex-3", CONFIGS[2], datetime(2010, 11, 7, 2, 20), 15 * 60)  # noqa: DTZ001 - likewise
async def test_an_answer_stands_as_long_as_the_answers_hold(
    name: str, text: str, config: Settings, begin: datetime, later: int
) -> None:
    first = begin.replace(tzinfo=UTC)
    then = first + timedelta(seconds=later)
    catalog = CATALOGS[name]
    answers = Answers(catalog, first.astimezone(zone(config.zone)))
    if not answers.hold(catalog, then.timestamp()):
        return
    told = [
        await answering(Watch(at), catalog, config).answer(put(text, config, private=True, sender=ADMIN))
        for at in (first, then)
    ]
    assert told[0] == told[1]


def in_zone(name: str, *moment: int) -> datetime:
    return datetime(*moment, tzinfo=zone(name))  # type: ignore[arg-type, misc]  # year to minute


@pytest.mark.parametrize("name", ["UTC", "AoE", "Asia/Kathmandu", "America/St_Johns"])
def test_answers_hold_until_midnight(name: str) -> None:
    answers = Answers(None, in_zone(name, 2011, 12, 20, 15, 0))
    assert answers.hold(None, in_zone(name, 2011, 12, 20, 15, 0).timestamp())
    assert answers.hold(None, in_zone(name, 2011, 12, 21).timestamp() - 1)
    assert not answers.hold(None, in_zone(name, 2011, 12, 21).timestamp())


def test_nothing_holds_for_a_time_on_a_day_that_comes_back() -> None:
    # One minute into the 7th, clocks in Newfoundland went back to the 6th.
    answers = Answers(None, in_zone("America/St_Johns", 2010, 11, 7))
    assert not answers.hold(None, in_zone("America/St_Johns", 2010, 11, 7).timestamp())


def test_answers_hold_until_something_is_out() -> None:
    catalog = to_the_minute()
    answers = Answers(catalog, datetime(2012, 1, 26, 9, tzinfo=UTC))
    out = datetime(2012, 1, 26, 14, 30, tzinfo=UTC).timestamp()
    assert answers.hold(catalog, out - 1)
    assert not answers.hold(catalog, out)


def test_a_clock_set_back_is_believed() -> None:
    answers = Answers(None, datetime(2012, 1, 26, 9, tzinfo=UTC))
    assert not answers.hold(None, datetime(2012, 1, 26, 8, 59, tzinfo=UTC).timestamp())


async def ask(bot: Bot, text: str, who: str = "somebody", room: Room = ROOM) -> Document:
    answer = await bot.answer(message(text, who=who, room=room))
    assert answer is not None
    return answer


async def test_what_many_ask_is_found_once() -> None:
    bot = answering(Watch(), essex(), UNLIMITED)
    first = await ask(bot, "!milestone essex-2", "ann")
    assert await ask(bot, "!milestone essex-2", "bob") is first
    assert await ask(bot, "!milestone essex-2", room=Room(ROOM.network, "#other")) is first
    assert await ask(bot, "!about") is not await ask(bot, "!about")


async def test_a_room_with_settings_of_its_own_has_its_own_answers() -> None:
    other = Room(ROOM.network, "#nova")
    rooms = {other: RoomSettings(commands={"milestone": "next", "next": "milestone"}, limits=None)}
    bot = answering(Watch(), essex(), replace(UNLIMITED, rooms=rooms))
    assert await ask(bot, "!next essex") != await ask(bot, "!next essex", room=other)
    assert await ask(bot, "!milestone essex") == await ask(bot, "!next essex", room=other)


async def test_what_is_answered_in_private_alone_is_not_answered_in_a_room() -> None:
    networks = {ROOM.network: RoomSettings(commands={"next": None}, limits=None)}
    bot = answering(Watch(), essex(), replace(UNLIMITED, networks=networks))
    assert await bot.answer(message("!next", private=True)) is not None
    assert await bot.answer(message("!next")) is None


async def test_remembered_answers_are_limited_as_others_are() -> None:
    limited = Settings(default=RoomSettings(limits=Limits(commands=2, per=60, silence=60)))
    bot = answering(Watch(), essex(), limited)
    told = [await bot.answer(message("!next")) for _ in range(4)]
    assert told[0] is told[1]
    assert told[2] is not None
    assert told[2] is not told[1]
    assert told[3] is None


async def test_what_a_bridge_carries_over_is_answered_once_though_it_is_remembered() -> None:
    rooms = frozenset({ROOM, Room("libera", "#mirror")})
    bot = answering(Watch(), essex(), replace(UNLIMITED, bridged=(rooms,)))
    await ask(bot, "!next")
    assert await bot.answer(message("!next", room=Room("libera", "#mirror"))) is None
    assert await bot.answer(message("!next", name="1")) is not None
    assert await bot.answer(message("!next", name="1")) is None


async def test_a_reload_is_seen_at_once_also_while_the_answer_is_looked_for() -> None:
    bot = answering(Watch(), essex(), UNLIMITED)
    question = bot.hear(message("!milestone essex-2"))
    assert isinstance(question, Question)
    bot.catalog = Catalog.of(Facts())
    await bot.find(question)
    assert not (await ask(bot, "!milestone essex-2")).found


async def test_another_config_is_seen_at_once_also_while_the_answer_is_looked_for() -> None:
    bot = answering(Watch(), two_groups(), UNLIMITED)
    question = bot.hear(message("!next"))
    assert isinstance(question, Question)
    grouped = replace(UNLIMITED, default=RoomSettings(group="openstack", limits=None))
    bot.heed(router(), grouped, ())
    before = await bot.find(question)
    assert await ask(bot, "!next") == await ask(answering(Watch(), two_groups(), grouped), "!next") != before


def test_no_more_than_some_are_remembered() -> None:
    answers = Answers(None, START)
    for number in range(1000):
        answers.keep(number, None)  # type: ignore[arg-type]  # what it is does not matter
    assert len(answers._known) == 256  # noqa: SLF001 - its memory is what is tested


def test_what_depends_on_more_than_catalog_and_day_is_not_remembered() -> None:
    # On the asker, on what was said before, on the minute, or on the networks.
    fleeting = {name for name, route in router().routes.items() if not route.lasting}
    acting = {name for name, route in router().routes.items() if route.admin}
    assert fleeting == {"help", "more", "announcements", "about"} | acting
