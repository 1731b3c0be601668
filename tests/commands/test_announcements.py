"""`!announcements` over the Essex calendar, and `!announce` with a scripted outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

import pytest

from milestonebot.announcement import Announcement, Occasion, Scope
from milestonebot.bot import Bot
from milestonebot.clock import at
from milestonebot.commands import router
from milestonebot.errors import StoreError
from milestonebot.ports import Message, Nature, Room, Sender
from milestonebot.render.data import render_json
from milestonebot.render.plain import render_plain
from milestonebot.settings import Limits, RoomSettings, Settings
from tests import catalogs
from tests.asking import message, shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.catalog import Catalog

RELEASE, NOVA, MATRIX = (
    Room("oftc", "#openstack-release"),
    Room("oftc", "#nova"),
    Room("matrix", "#release:openstack.org"),
)
FOR = Scope("openstack")
COUNTDOWN = Announcement(
    "countdown", Occasion.COUNTDOWN, (RELEASE, MATRIX), FOR, at=time(14), before=(14, 7, 1, 0)
)
RULES = (
    COUNTDOWN,
    Announcement("landed", Occasion.RELEASED, (RELEASE,), FOR, zone="Europe/Paris", at=time(15)),
    Announcement("weekly", Occasion.DIGEST, (NOVA,), FOR, zone="AoE", cron="0 9 * * mon"),
    Announcement("dates", Occasion.CHANGED, (RELEASE,), FOR),
)
ADMIN = Sender("rm", "release-manager")


class Announced:
    """What announces by hand in tests."""

    def __init__(self) -> None:
        self.said: list[tuple[list[str], str, str]] = []
        self.by: list[str] = []
        self.fails = False

    async def announce(self, rooms: Sequence[Room], text: str, name: str, by: str) -> None:
        if self.fails:
            raise StoreError("the disk is full: /srv/state")
        self.said.append(([str(room) for room in rooms], text, name))
        self.by.append(by)


@pytest.fixture
def announced() -> Announced:
    return Announced()


def bot(
    announced: Announced | None = None,
    rules: Sequence[Announcement] = RULES,
    catalog: Catalog | None = None,
    limits: Limits | None = None,
) -> Bot:
    settings = Settings(
        default=RoomSettings(limits=limits),
        rooms=dict.fromkeys((RELEASE, NOVA, MATRIX), RoomSettings(limits=limits)),
        admins=frozenset({("oftc", "release-manager"), ("matrix", "@rm:openstack.org")}),
    )
    return Bot(
        router(),
        settings,
        at("2011-12-20"),
        catalog or shipped(),
        announcements=rules,
        announcing=announced,
    )


def typed(text: str, sender: Sender = ADMIN, *, room: Room = RELEASE, private: bool = False) -> Message:
    return replace(message(text, room=room, private=private), sender=sender)


async def told(bot: Bot, asked: Message) -> str:
    answer = await bot.answer(asked)
    assert answer is not None
    return render_plain(answer)


class TestAnnouncements:
    async def test_the_next_five_are_told_with_their_local_times(self) -> None:
        assert (await told(bot(), typed("!announcements", Sender("somebody")))).splitlines() == [
            "Coming here",
            "• Thu 12 Jan 2012, 14:00 UTC: essex-3 is in 14 days: Thu 26 Jan 2012 (countdown)",
            "• Thu 19 Jan 2012, 14:00 UTC: essex-3 is in 7 days: Thu 26 Jan 2012 (countdown)",
            "• Wed 25 Jan 2012, 14:00 UTC: essex-3 is tomorrow: Thu 26 Jan 2012 (countdown)",
            "• Thu 26 Jan 2012, 14:00 UTC: essex-3 is today: Thu 26 Jan 2012 (countdown)",
            "• Thu 26 Jan 2012, 15:00 Europe/Paris: essex-3, and what landed in it (landed)",
            "Also told once it is known: what is released and dates that change",
        ]

    async def test_each_room_is_told_its_own(self) -> None:
        assert (await told(bot(), typed("!announcements", room=NOVA))).splitlines() == [
            "Coming here",
            "• Mon 26 Dec 2011, 09:00 AoE: what comes next (weekly)",
        ]
        elsewhere = Room("oftc", "#elsewhere")
        assert await told(bot(), typed("!announcements", room=elsewhere)) == "None come here."
        private = typed("!announcements", room=Room("oftc", "rm"), private=True)
        assert await told(bot(), private) == "Announcements are for rooms; ask there."

    async def test_of_what_comes_every_minute_once_is_enough(self) -> None:
        rule = Announcement("often", Occasion.NOTE, (NOVA,), cron="* * * * *", text="word " * 30)
        rules = [rule, replace(COUNTDOWN, rooms=(NOVA,))]
        answer = await told(bot(rules=rules), typed("!announcements", room=NOVA))
        first, *others = answer.splitlines()[1:]
        assert len(others) == 4
        assert all(each.endswith("(countdown)") for each in others)
        assert first.startswith("• Tue 20 Dec 2011, 00:01 UTC: word word")
        assert first.endswith("word… (often)")

    async def test_nothing_due_within_a_year(self) -> None:
        rule = replace(RULES[1], scope=Scope("elsewhere"))
        nothing = "Nothing is due here within a year."
        assert (await told(bot(rules=[rule]), typed("!announcements"))).splitlines() == [
            nothing,
            "Also told once it is known: what is released",
        ]
        rule = replace(COUNTDOWN, scope=Scope("elsewhere"))
        assert await told(bot(rules=[rule]), typed("!announcements")) == nothing

    async def test_the_same_for_programs(self) -> None:
        answer = await bot().answer(typed("!announcements"))
        assert answer is not None
        assert '"due": "2012-01-12T14:00+00:00"' in render_json(answer)
        assert '"announcement": "countdown"' in render_json(answer)

    async def test_the_wording_of_a_rule_is_shown(self) -> None:
        rule = replace(COUNTDOWN, say="{milestone}: {days} days left")
        assert "UTC: essex-3: 14 days left (countdown)" in await told(
            bot(rules=[rule]), typed("!announcements")
        )


HERE = ["oftc/#openstack-release"]
SAID = {
    "!announce The gate is broken; see https://example.org/x?y=1!": (
        HERE,
        "The gate is broken; see https://example.org/x?y=1!",
    ),
    "!announce   two  spaces ": (HERE, "two  spaces"),
    "!announce is it for the gate, or of the gate?": (HERE, "is it for the gate, or of the gate?"),
    "!announce Note: the gate is broken": (HERE, "Note: the gate is broken"),
    "!announce here: countdown: no": (HERE, "countdown: no"),
    "!announce here: #nova: no": (HERE, "#nova: no"),
    "!announce here: #hugops to all": (HERE, "#hugops to all"),
    "!announce #nova: It moved": (["oftc/#nova"], "It moved"),
    "!announce #NOVA: It moved": (["oftc/#nova"], "It moved"),
    "!announce # 1 thing": (HERE, "# 1 thing"),
    "!announce !next tells it": (HERE, "!next tells it"),
    "!announce https://example.org/#news tells it": (HERE, "https://example.org/#news tells it"),
    "!announce HERE: x": (HERE, "x"),
    "!announce countdown: It moved": ([*HERE, "matrix/#release:openstack.org"], "It moved"),
    "!announce Countdown: It moved": ([*HERE, "matrix/#release:openstack.org"], "It moved"),
    "!announce oftc/#nova: Freeze!": (["oftc/#nova"], "Freeze!"),
    "!announce matrix/#release:openstack.org: Freeze": (["matrix/#release:openstack.org"], "Freeze"),
    "!announce and/or: a choice": (HERE, "and/or: a choice"),
    "!announce here:\none\ntwo": (HERE, "one\ntwo"),
    "milestonebot: announce the gate is broken, and nobody knows for how long": (
        HERE,
        "the gate is broken, and nobody knows for how long",
    ),
}


class TestAnnounce:
    @pytest.mark.parametrize("text", SAID)
    async def test_what_is_said_and_where(self, announced: Announced, text: str) -> None:
        asked = typed(text)
        rooms, said = SAID[text]
        answer = await told(bot(announced), asked)
        assert announced.said == [(rooms, said, asked.id)]
        assert announced.by == ["oftc/release-manager"]
        assert answer == f"On its way to {' and '.join(rooms)}."

    async def test_in_private_with_a_target(self, announced: Announced) -> None:
        private = Room("oftc", "rm")
        asked = typed("announce oftc/#nova: Freeze", room=private, private=True)
        assert await told(bot(announced), asked) == "On its way to oftc/#nova."
        for text in ("announce Freeze today", "announce here: Freeze"):
            answer = await told(bot(announced), typed(text, room=private, private=True))
            assert answer.startswith("In private there is no room to announce in. Write !announce network/ro")
        assert len(announced.said) == 1

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("!announce", "What is to be announced? Write !announce network/room: TEXT"),
            ("!announce countdown:", "What is to be announced?"),
            (
                "!announce countdown It moved",
                "A target ends with a colon: write `countdown: TEXT` for it, or `here",
            ),
            ("!announce oftc/#nova It moved", "A target ends with a colon: write `oftc/#nova: TEXT`"),
            (
                "!announce cuontdown: It moved",
                "There is no target cuontdown. Did you mean `countdown:`? To say",
            ),
            ("!announce oftc/#nvoa: It moved", "There is no target oftc/#nvoa. Did you mean `oftc/#nova:`?"),
            ("!announce oftc/#elsewhere: x", "There is no target oftc/#elsewhere. To say it in this room"),
            (
                "!announce #nova It moved",
                "A target ends with a colon: write `#nova: TEXT` for it, or `here: #nova …`",
            ),
            ("!announce #nvoa: It moved", "There is no target #nvoa. Did you mean `#nova:`? To say it in"),
            ("!announce #nvoa It moved", "There is no target #nvoa. Did you mean `#nova:`? To say it in"),
            ("!announce #nova:moved", "There is no target #nova:moved. Did you mean `#nova:`? To say it in"),
            ("!announce #nova, moved", "There is no target #nova,. Did you mean `#nova:`? To say it in"),
            ("!announce `#nova`: moved", "There is no target `#nova`. Did you mean `#nova:`? To say it in"),
            ("!announce @#nova: moved", "There is no target @ #nova. Did you mean `#nova:`? To say it in"),
            ("!announce oftc/#nvoa It moved", "There is no target oftc/#nvoa. Did you mean `oftc/#nova:`?"),
            (
                "!announce #secret: x",
                "There is no target #secret. To say it in this room as it stands: `here: #secret: …`",
            ),
            ("!announce &local: x", "There is no target &local. To say"),
            ("!announce #release:openstack.org: x", "There is no target #release:openstack.org. "),
            (
                "!announce https://matrix.to/#/#a:b.org open",
                "There is no target https://matrix.to/#/#a:b.org.",
            ),
            ("!announce " + "x" * 901, "That is too long to announce: 900 characters at most."),
            ("!announce " + "x " * 2000, "That is too long to announce: 900 characters at most."),
        ],
    )
    async def test_a_slip_announces_nothing(self, announced: Announced, text: str, problem: str) -> None:
        assert (await told(bot(announced), typed(text))).startswith(problem)
        assert announced.said == []

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("!announce #relaese:openstack.org: x", "Did you mean `#release:openstack.org:`?"),
            (
                "!announce #release:openstack.org x",
                "ends with a colon: write `#release:openstack.org: TEXT`",
            ),
            ("!announce #release: x", "Did you mean `#release:openstack.org:`?"),
            ("!announce !abc:openstack.org: x", "There is no target !abc:openstack.org. "),
            ("!announce !abc:openstack.org x", "There is no target !abc:openstack.org. "),
            (f"!announce !{'a' * 43}: x", "There is no target !aaa"),
            ("!announce #nova: x", "There is no target #nova. "),
        ],
    )
    async def test_a_slip_on_matrix_announces_nothing(
        self, announced: Announced, text: str, problem: str
    ) -> None:
        asked = typed(text, Sender("rm", "@rm:openstack.org"), room=MATRIX)
        assert problem in await told(bot(announced), asked)
        assert announced.said == []

    async def test_a_room_of_this_network_is_meant_by_its_name_alone(self, announced: Announced) -> None:
        elsewhere = Room("matrix", "!joined:openstack.org")
        admin = Sender("rm", "@rm:openstack.org")
        for text in ("#release:openstack.org: x", "matrix/#release:openstack.org: x"):
            await told(bot(announced), typed(f"!announce {text}", admin, room=elsewhere))
        await told(bot(announced), typed("!announce #nova: x", room=Room("oftc", "rm"), private=True))
        # A room that only `!join` named is one, where it is asked there.
        await told(bot(announced), typed(f"!announce {elsewhere.name}: x", admin, room=elsewhere))
        assert [rooms for rooms, *_ in announced.said] == [
            [str(MATRIX)],
            [str(MATRIX)],
            [str(NOVA)],
            [str(elsewhere)],
        ]

    async def test_in_private_no_word_of_a_room_that_is_not_there(self, announced: Announced) -> None:
        asked = typed("!announce #nvoa: x", room=Room("oftc", "rm"), private=True)
        assert await told(bot(announced), asked) == "There is no target #nvoa. Did you mean `#nova:`?"

    @pytest.mark.parametrize(
        "sender",
        [
            Sender("release-manager"),
            Sender("rm", "somebody-else"),
            Sender("release-manager", ""),
            Sender("rm", "@rm:openstack.org"),
        ],
    )
    @pytest.mark.parametrize("text", ["!announce x", "milestonebot: announce countdown: x", "!announce"])
    async def test_others_get_one_polite_line(self, announced: Announced, sender: Sender, text: str) -> None:
        assert await told(bot(announced), typed(text, sender)) == "Sorry, that is for my admins."
        assert announced.said == []

    async def test_an_account_is_one_of_its_own_network(self, announced: Announced) -> None:
        for sender in (ADMIN, Sender("@rm:openstack.org", "@RM:openstack.org")):
            answer = await told(bot(announced), typed("!announce x", sender, room=MATRIX))
            assert answer == "Sorry, that is for my admins."
        admin = Sender("@rm:openstack.org", "@rm:openstack.org")
        answer = await told(bot(announced), typed("!announce x", admin, room=MATRIX))
        assert answer == "On its way to matrix/#release:openstack.org."

    @pytest.mark.parametrize(
        "text",
        [
            "milestonebot announce is broken again",
            "announce x",
            "we should announce: x",
            "milestonebot announce x",
        ],
    )
    async def test_talk_about_it_announces_nothing(self, announced: Announced, text: str) -> None:
        await bot(announced).answer(typed(text))
        assert announced.said == []

    async def test_what_is_no_message_of_a_person_announces_nothing(self, announced: Announced) -> None:
        for nature in set(Nature) - {Nature.TEXT}:
            await bot(announced).answer(replace(typed("!announce x"), nature=nature))
        assert announced.said == []

    async def test_a_message_that_is_heard_again_announces_nothing(self, announced: Announced) -> None:
        one, asked = bot(announced), typed("!announce x")
        await one.answer(asked)
        assert await one.answer(asked) is None
        assert len(announced.said) == 1

    async def test_where_nothing_announces_it_says_so(self) -> None:
        for sender in (ADMIN, Sender("you")):
            assert (await told(bot(None), typed("!announce x", sender))).startswith(
                "Nothing is announced from here: only the running service announces"
            )

    async def test_a_full_disk_is_told_without_its_details(
        self, announced: Announced, caplog: pytest.LogCaptureFixture
    ) -> None:
        announced.fails = True
        answer = await told(bot(announced), typed("!announce x"))
        assert answer == "That cannot be kept now, so nothing is announced; my log says why."
        assert "the disk is full: /srv/state" in caplog.text

    async def test_many_rooms_are_counted(self, announced: Announced) -> None:
        rooms = tuple(Room("oftc", f"#{number}") for number in range(9))
        rules = [replace(COUNTDOWN, rooms=rooms)]
        assert (
            await told(bot(announced, rules), typed("!announce countdown: x"))
            == "On its way to oftc/#0, oftc/#1, oftc/#2, oftc/#3, oftc/#4 and 4 more rooms."
        )

    async def test_limits_do_not_hold_admins(self, announced: Announced) -> None:
        one = bot(announced, limits=Limits(commands=1))
        answers = [await one.answer(typed("!announce x")) for _ in range(4)]
        assert None not in answers
        others = [await one.answer(typed("!next", Sender("somebody"))) for _ in range(4)]
        assert others[2:] == [None, None]

    async def test_help_tells_admins_alone(self, announced: Announced) -> None:
        assert "!announce [TARGET:] TEXT" in await told(bot(announced), typed("!help all"))
        answer = await told(bot(announced), typed("!help announce"))
        assert answer.startswith("announce: Announce a text in this room")
        assert "!announce [" not in await told(bot(announced), typed("!help all", Sender("somebody")))
        answer = await told(bot(announced), typed("!help announce", Sender("somebody")))
        assert answer.startswith("There is no command announce.")


async def test_the_catalog_of_a_room_is_the_one_that_it_has(announced: Announced) -> None:
    rule = replace(COUNTDOWN, scope=Scope())
    answer = await told(bot(announced, [rule], catalogs.two_groups()), typed("!announcements"))
    assert "openstack essex-3 is in 14 days" in answer
