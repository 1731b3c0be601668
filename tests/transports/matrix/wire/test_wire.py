"""What the outcome of a request means, and when one may send again."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from hypothesis import given, strategies as st
from nio.client.async_client import AsyncClient

from milestonebot.clock import at
from milestonebot.errors import InDoubt, NetworkError, Refused
from milestonebot.transports.matrix.wire.quota import Quota
from milestonebot.transports.matrix.wire.stopping import Stopping
from milestonebot.transports.matrix.wire.wire import Forbidden, LoggedOut, Wire
from tests.transports.matrix.faulty import BOT, Fault, Faulty, answer, hang, reset, truncated

CLOCK = at("2011-12-20")
KINDS = (InDoubt, Refused, LoggedOut)


@pytest.fixture
async def server() -> AsyncIterator[Faulty]:
    async with Faulty() as running:
        yield running


@pytest.fixture
async def wire(server: Faulty) -> AsyncIterator[Wire]:
    client = AsyncClient(server.url, BOT)
    client.access_token = "a-token-nobody-may-see"  # noqa: S105 - it is to be looked for in errors
    server.tokens.add(client.access_token)
    yield Wire(client, CLOCK)
    await client.close()


async def failure(wire: Wire) -> NetworkError:
    with pytest.raises(NetworkError) as raised:
        await wire.ask("PUT", ("rooms", "!x/y:z", "send", "m.room.message", "t?"), {"body": "x"})
    assert "nobody-may-see" not in str(raised.value)
    return raised.value


def error(code: str, **more: object) -> dict[str, object]:
    return {"errcode": code, "error": "?", **more}


async def test_what_is_asked_arrives_whole(server: Faulty, wire: Wire) -> None:
    told = await wire.ask("PUT", ("rooms", "!x/y:z", "send", "m.room.message", "t?"), {"body": "x"})
    assert told == {"event_id": "$0"}
    assert server.stream[0][0] == "!x/y:z"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (answer(500, error("M_UNKNOWN")), InDoubt),
        (answer(502, "<html>Bad Gateway"), InDoubt),
        (answer(504, "<html>Gateway Timeout"), InDoubt),
        (answer(200, "<html>Welcome"), InDoubt),
        (answer(200, [1]), InDoubt),
        (answer(200, "[" * 100_000), InDoubt),
        (truncated, InDoubt),
        (reset, InDoubt),
        (answer(403, error("M_FORBIDDEN")), Forbidden),
        (answer(404, error("M_NOT_FOUND")), Refused),
        (answer(413, error("M_TOO_LARGE")), Refused),
        (answer(401, error("M_UNKNOWN_TOKEN")), LoggedOut),
        (answer(400, error("M_UNKNOWN")), NetworkError),
        (answer(404, "<html>Not Found"), NetworkError),
        (answer(403, error("M_CONSENT_NOT_GIVEN")), NetworkError),
        (answer(403, ["M_FORBIDDEN"]), NetworkError),
    ],
)
async def test_an_outcome_is_sure_or_in_doubt_or_for_good(
    server: Faulty, wire: Wire, fault: Fault, kind: type[NetworkError]
) -> None:
    server.wrong("send", fault)
    raised = await failure(wire)
    assert type(raised) is kind
    assert raised.after is None


@pytest.mark.parametrize(
    ("fault", "after"),
    [
        (answer(429, error("M_LIMIT_EXCEEDED", retry_after_ms=2500)), 2.5),
        (answer(429, error("M_LIMIT_EXCEEDED", retry_after_ms=2500), **{"Retry-After": "9"}), 2.5),
        (answer(429, error("M_LIMIT_EXCEEDED"), **{"Retry-After": "9"}), 9.0),
        (answer(429, "<html>", **{"Retry-After": "Tue, 20 Dec 2011 00:00:30 GMT"}), 30.0),
        (answer(429, error("M_LIMIT_EXCEEDED", retry_after_ms=None), **{"Retry-After": "soon"}), 5.0),
        (answer(429, error("M_LIMIT_EXCEEDED", retry_after_ms=-1)), 5.0),
        (answer(429, error("M_LIMIT_EXCEEDED", retry_after_ms=1e300)), 3600.0),
        (answer(400, error("M_LIMIT_EXCEEDED")), 5.0),
    ],
)
async def test_a_limit_tells_how_long_to_wait(server: Faulty, wire: Wire, fault: Fault, after: float) -> None:
    server.wrong("send", fault)
    raised = await failure(wire)
    assert type(raised) is NetworkError
    assert raised.after == after


@pytest.mark.parametrize("soft", [True, False])
async def test_a_logout_is_soft_or_not(server: Faulty, wire: Wire, *, soft: bool) -> None:
    server.log_out(soft=soft)
    raised = await failure(wire)
    assert isinstance(raised, LoggedOut)
    assert raised.soft is soft


@pytest.mark.parametrize("times", [1, 2])
async def test_what_is_asked_for_long_ends_with_the_session(server: Faulty, wire: Wire, times: int) -> None:
    arrived = asyncio.Event()

    async def long(request: web.Request) -> web.StreamResponse:
        arrived.set()
        return await hang(request)

    server.wrong("sync", long)
    asking = asyncio.create_task(wire.ask_long(("sync",), {"timeout": "30000"}))
    await arrived.wait()
    server.log_out(soft=True)
    # Two answers may tell of the same end before anything else gets its turn.
    await asyncio.gather(*(failure(wire) for _ in range(times)))
    with pytest.raises(LoggedOut) as raised:
        await asyncio.wait_for(asking, 5)
    assert raised.value.soft


async def test_what_is_asked_for_long_is_answered_else(server: Faulty, wire: Wire) -> None:
    assert (await wire.ask_long(("account", "whoami"), {}))["user_id"] == BOT
    server.wrong("whoami", answer(500, "<html>"))
    with pytest.raises(InDoubt):
        await wire.ask_long(("account", "whoami"), {})


# --- stopping


async def test_a_wish_to_stop_cuts_a_request_short_and_all_that_come_later() -> None:
    stopping = Stopping()
    asking = asyncio.create_task(stopping.unless(asyncio.Event().wait()))
    await asyncio.sleep(0)
    stopping.set()
    stopping.set()
    assert await asyncio.wait_for(asking, 5) is None
    assert await asyncio.wait_for(stopping.unless(asyncio.Event().wait()), 5) is None


async def test_without_a_wish_to_stop_a_request_returns_and_raises_as_it_does() -> None:
    async def late() -> None:
        raise TimeoutError

    async def soon() -> str:
        return "told"

    assert await Stopping().unless(soon()) == "told"
    with pytest.raises(TimeoutError):
        await Stopping().unless(late())


async def test_where_nobody_listens_nothing_was_written(wire: Wire, server: Faulty) -> None:
    await server.__aexit__()
    raised = await failure(wire)
    assert type(raised) is NetworkError


async def test_a_second_try_that_is_not_heard_leaves_the_first_in_doubt(server: Faulty, wire: Wire) -> None:
    # The library itself tries again where a kept connection breaks: by then nobody listens here.
    await wire.ask("GET", ("account", "whoami"))

    async def die(request: web.Request) -> web.StreamResponse:
        await server.stop_listening()
        return await reset(request)

    server.wrong("send", die)
    assert isinstance(await failure(wire), InDoubt)


# --- the quota


def test_without_a_limit_nothing_waits() -> None:
    quota = Quota()
    assert quota.wait(10.0) == 0
    quota.taken()
    assert quota.wait(10.0) == 0


def test_a_limit_is_waited_for_by_all_one_after_another() -> None:
    quota = Quota()
    assert quota.limited(100.0, 5.0) == 5
    assert [quota.wait(101.0) for _ in range(3)] == [9, 14, 19]
    assert quota.wait(105.0) == 0


def test_after_a_limit_the_next_who_is_limited_waits_no_longer_than_asked() -> None:
    quota = Quota()
    assert quota.limited(100.0, 5.0) == 5
    assert quota.wait(105.0) == 0
    quota.taken()
    assert quota.limited(105.0, 5.0) == 5


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from(["wait", "limited", "taken"])), max_size=50))
def test_nobody_waits_for_ever_and_nobody_waits_less_than_asked(steps: list[tuple[float, str]]) -> None:
    quota, now, open_at = Quota(), 0.0, 0.0
    for step, what in steps:
        now += step
        if what == "taken":
            quota.taken()
            continue
        wait = quota.limited(now, 5.0) if what == "limited" else quota.wait(now)
        if what == "limited":
            open_at = max(open_at, now + 5.0)
        assert now + wait >= open_at - 1e-6 or wait == 0
        assert wait == 0 or wait <= 65
        assert (wait == 0) == (now >= open_at)


async def test_a_hanging_homeserver_is_given_up(
    server: Faulty, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milestonebot.transports.matrix.wire.wire._PATIENCE", 0.05)
    server.wrong("send", hang)
    assert isinstance(await failure(wire), InDoubt)
