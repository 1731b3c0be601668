"""`milestonebot outbox`: what waits, what failed, what was announced; for when something is stuck."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from milestonebot import phrases
from milestonebot.announcement import GRACE
from milestonebot.clock import SystemClock
from milestonebot.config import load_config
from milestonebot.errors import MilestonebotError
from milestonebot.outbox import PENDING, Stage
from milestonebot.ports import Room
from milestonebot.render.clean import clean
from milestonebot.store import open_outbox, where
from milestonebot.store.problems import NothingKept
from milestonebot.zones import zone

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from milestonebot.config import Config
    from milestonebot.outbox import Delivery
    from milestonebot.store.database import DatabaseOutbox

DONE, NOT_DONE = 0, 1
_USUAL = "config.yaml"
_USED = frozenset(("database",))
"""It goes on no network."""
_STUCK = (*PENDING, Stage.FAILED)
_LONGEST = 90
"""Characters of what is said that a list shows."""
_NAMED = 20
"""So many keys are told where the beginning of one fits several."""


def run(parsed: Namespace) -> int:
    """Do what is asked; return 1 where KEY is not there, or not at a stage for that."""
    if parsed.at is not None:
        raise MilestonebotError("--at is for asking; deliveries go by the machine's clock")
    if (parsed.action == "list") != (parsed.key is None):
        raise MilestonebotError(
            "list takes no KEY; `show KEY` tells all of one"
            if parsed.key
            else f"{parsed.action} needs a KEY: `milestonebot outbox list` tells them"
        )
    config = load_config(Path(parsed.config or _USUAL), os.environ, _USED)
    return asyncio.run(_run(parsed, config))


async def _run(parsed: Namespace, config: Config) -> int:
    try:
        outbox = await open_outbox(where(config), exclusive=False)
    except NothingKept as nothing:
        print("[]" if parsed.json else f"{nothing}: the bot has announced nothing so far")
        return DONE
    try:
        if parsed.action == "list":
            return await _list(outbox, parsed, config)
        found = await _found(outbox, parsed.key)
        if found is None:
            print(
                f"milestonebot: no delivery has a key that begins with {_exactly(parsed.key)}",
                file=sys.stderr,
            )
            return NOT_DONE
        if parsed.action == "show":
            print(_as_json(found) if parsed.json else "\n".join(_shown(found, config)))
            return DONE
        doing = _retry if parsed.action == "retry" else _drop
        return await doing(outbox, found, config)
    finally:
        await outbox.close()


async def _found(outbox: DatabaseOutbox, key: str) -> Delivery | None:
    """Return the delivery under `key`, or under the only key that begins so."""
    if (exact := await outbox.find(key)) is not None:
        return exact
    keys = await outbox.keys(key, _NAMED + 1)
    if len(keys) > 1:
        told = "\n".join(f"  {_exactly(each)}" for each in keys[:_NAMED])
        more = "\n  …" if len(keys) > _NAMED else ""
        raise MilestonebotError(
            f"several keys begin with {_exactly(key)}; say more of the one:\n{told}{more}"
        )
    return await outbox.find(keys[0]) if keys else None


# --- list


async def _list(outbox: DatabaseOutbox, parsed: Namespace, config: Config) -> int:
    stages = [] if parsed.all else [Stage(each) for each in parsed.stage or _STUCK]
    found = await outbox.listed(stages, _room(parsed.room), parsed.most + 1)
    if parsed.json:
        print(json.dumps([_data(each) for each in found[: parsed.most]], indent=2, ensure_ascii=False))
        return DONE
    now = SystemClock().now()
    for each in found[: parsed.most]:
        print("\n".join(_line(each, config, now)))
    if len(found) > parsed.most:
        print(f"… and more, due before those: --most {parsed.most * 10} lists ten times as many")
    if not found:
        print(f"Nothing is {phrases.listed([each.value for each in stages or Stage], 'or')}.")
    counts = await outbox.counted()
    told = [f"{counts[each]:,} {each}" for each in Stage if each in counts]
    print(f"In all rooms: {phrases.listed(told)}." if told else "Nothing was announced so far.")
    return DONE


def _room(name: str | None) -> Room | None:
    if name is None:
        return None
    network, slash, room = name.partition("/")
    if not (network and slash and room):
        raise MilestonebotError(
            f"--room: expected NETWORK/NAME, such as libera/#openstack, not {clean(name)}"
        )
    return Room(network, room)


def _line(delivery: Delivery, config: Config, now: datetime) -> Iterator[str]:
    yield f"{delivery.stage.value:9}  {_moment(delivery.due, config)}  {clean(str(delivery.room))}"
    yield f"    {_exactly(delivery.key)}"
    tried = f"tried {phrases.count(delivery.attempts, 'time')}" if delivery.attempts else ""
    told = (_deadline(delivery, config, now), tried, _doubt(delivery, config), clean(delivery.problem))
    if any(told):
        yield f"    {'; '.join(filter(None, told))}"
    if words := _words(delivery, config):
        yield f"    “{words}”"


def _deadline(delivery: Delivery, config: Config, now: datetime) -> str:
    if delivery.stage not in PENDING:
        return ""
    until = _moment(delivery.until, config)
    if now < delivery.until:
        return f"made until {until}"
    return f"past its grace, which ended {until}: the bot sees to it at its next try"


def _doubt(delivery: Delivery, config: Config) -> str:
    if delivery.since is None:
        return ""
    # Whether a bot is saying it at this moment is not in the database.
    how = "being said, or in doubt," if delivery.stage is Stage.SENDING else "in doubt"
    return f"{how} since {_moment(delivery.since, config)}"


def _words(delivery: Delivery, config: Config) -> str:
    """Return the beginning of what is said; empty where that is not settled before it is said."""
    rule = next((each for each in config.announcements if each.name == delivery.announcement), None)
    text = (rule.text if rule is not None else None) or str(delivery.about.get("text") or "")
    words = clean(" ".join(" ".join(map(_body, delivery.parts or (text,))).split()))
    return f"{words[:_LONGEST]}…" if len(words) > _LONGEST else words


def _body(part: str) -> str:
    """Return what is read of a part; on Matrix it is the content of an event."""
    try:
        content = json.loads(part)
    except ValueError:
        return part
    return str(content.get("body", part)) if isinstance(content, dict) else part


# --- show


def _shown(delivery: Delivery, config: Config) -> Iterator[str]:
    at = f", since {_moment(delivery.at, config)}" if delivery.at else ""
    told = {
        "key": _exactly(delivery.key),
        "stage": f"{delivery.stage}{at}",
        "why": clean(delivery.problem),
        "room": clean(str(delivery.room)),
        "announcement": clean(delivery.announcement) or _by_hand(delivery),
        "occasion": delivery.occasion.value,
        "due": f"{_moment(delivery.due, config)}, made until {_moment(delivery.until, config)}",
        "tried": phrases.count(delivery.attempts, "time"),
        "doubt": _doubt(delivery, config),
        "event": clean(delivery.event or ""),
        "about": clean(json.dumps(dict(delivery.about), ensure_ascii=False)),
    }
    for name, value in told.items():
        if value:
            yield f"{name:13} {value}"
    for number, part in enumerate(delivery.parts or ()):
        arrived = "said" if number < delivery.said else "not said"
        if number == delivery.said and delivery.since is not None:
            arrived = "under way, or in doubt" if delivery.stage is Stage.SENDING else "in doubt"
        yield f"{f'part {number}':13} ({arrived}) {clean(part)}"


def _by_hand(delivery: Delivery) -> str:
    by = clean(str(delivery.about.get("by") or ""))
    return f"by hand, by {by}" if by else "by hand"


def _as_json(delivery: Delivery) -> str:
    return json.dumps(_data(delivery), indent=2, ensure_ascii=False)


def _data(delivery: Delivery) -> dict[str, Any]:
    """Return all of a delivery for programs; moments are ISO 8601, in UTC."""
    data = {each.name: getattr(delivery, each.name) for each in fields(delivery)}
    data |= {"room": str(delivery.room), "about": dict(delivery.about)}
    return {name: each.isoformat() if isinstance(each, datetime) else each for name, each in data.items()}


def _exactly(key: str) -> str:
    """Return `key` as it is typed, but for what could not be."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in key)


def _moment(moment: datetime, config: Config) -> str:
    name = config.settings.zone
    return f"{moment.astimezone(zone(name)):%Y-%m-%d %H:%M} {name}"


# --- retry, drop


async def _retry(outbox: DatabaseOutbox, delivery: Delivery, config: Config) -> int:
    now = SystemClock().now().astimezone(UTC)
    graces = {each.name: each.grace for each in config.announcements}
    until = now + timedelta(seconds=graces.get(delivery.announcement, GRACE))
    if not await outbox.retry(delivery.key, until, now):
        return _not_done(await outbox.find(delivery.key) or delivery, "planned again")
    room = clean(str(delivery.room))
    print(f"{_exactly(delivery.key)} is planned again, for {room}, until {_moment(until, config)}.")
    if delivery.since is not None:
        print("Whether it was said is in doubt: the bot looks in the room before it says it again.")
    print("A bot that runs takes it up within a minute, unless what it says is not true any more.")
    return DONE


async def _drop(outbox: DatabaseOutbox, delivery: Delivery, _config: Config) -> int:
    now = SystemClock().now().astimezone(UTC)
    if delivery.stage not in PENDING:
        return _not_done(delivery, "dropped")
    await outbox.finish(delivery.key, Stage.DROPPED, now, problem="dropped by an operator")
    dropped = await outbox.find(delivery.key) or delivery
    if (dropped.stage, dropped.at) != (Stage.DROPPED, now):
        return _not_done(dropped, "dropped")
    print(f"{_exactly(dropped.key)} is dropped: {clean(str(dropped.room))} will not hear it.")
    if dropped.since is not None:
        print("It was being said just then, or is in doubt: that part of it may be there all the same.")
    if dropped.said:
        print(f"{phrases.count(dropped.said, 'part')} of it had been said before.")
    return DONE


def _not_done(delivery: Delivery, what: str) -> int:
    said = " (all of it was said)" if delivery.parts and delivery.said >= len(delivery.parts) else ""
    print(
        f"milestonebot: {_exactly(delivery.key)} cannot be {what}: it is {delivery.stage}{said} already",
        file=sys.stderr,
    )
    return NOT_DONE
