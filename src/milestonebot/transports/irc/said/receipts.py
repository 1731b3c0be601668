"""How the bot learns that the network has taken what it said.

Where the server labels and echoes, the echo under the label tells (IRCv3 labeled-response,
echo-message). Where it echoes alone, the echoes come in order. Where it does neither, a PING goes
behind what was said: servers do one thing after the other, so its PONG comes when all before it is
done, and a refusal would have come before.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from milestonebot.errors import InDoubt, NetworkError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from milestonebot.transports.irc.login.capabilities import Capabilities
    from milestonebot.transports.irc.wire.features import Features
    from milestonebot.transports.irc.wire.lines import Line

Settle: TypeAlias = "Callable[[str | NetworkError], None]"
"""Told once what became of it: the id that the network gave it (empty where it gives none), or why not."""

REFUSALS = frozenset({"401", "403", "408", "415", "486", "492", "531", "716"})
"""No such nick or channel; cannot send there: no colours, no private messages. Each names the target in
its second parameter."""
PASSING = frozenset({"404", "407", "439", "442", "477", "707"})
"""Cannot send there (moderated, as for a meeting, or banned: only its words tell which), too many targets,
too fast, not in the room, accounts only (services may be away): another time it may be taken."""

FENCE = "milestonebot-"
_MOST = 1000
"""Receipts waited for at once; older ones are given up, so that a server that tells nothing costs nothing."""


def of_colours(line: Line) -> bool:
    """Tell whether a refusal is of a text's formatting: channel mode +c, on many servers."""
    told = line.reason.lower()
    return line.command in {"404", "408"} and ("colo" in told or "control codes" in told)


@dataclass(slots=True, eq=False)
class _Receipt:
    target: str
    text: str
    settle: Settle | None


class Receipts:
    """What was said and is not confirmed yet."""

    def __init__(self, features: Features, capabilities: Capabilities) -> None:
        """Compare targets as `features` say; the way to confirm depends on `capabilities`."""
        self._features = features
        self._capabilities = capabilities
        self._labelled: OrderedDict[str, _Receipt] = OrderedDict()
        self._echoes: deque[_Receipt] = deque()
        self._unfenced: deque[_Receipt] = deque()
        self._fenced: deque[tuple[str, list[_Receipt]]] = deque()
        self._last = 0

    def said(self, target: str, text: str, settle: Settle | None, tag: str = "") -> str:
        """Take note that `text` goes to `target` now; return the tags that must stand before the line.

        `tag` is one of our own that goes along where the server takes tags.
        """
        label = self._labelled_as(target, text, settle)
        if tag and self._takes(tag):
            return f"@{label};{tag} " if label else f"@{tag} "
        return f"@{label} " if label else ""

    @property
    def labels(self) -> bool:
        """Tell whether the server says by a label which answer belongs to what."""
        return self._capabilities.labels

    @property
    def echoes(self) -> bool:
        """Tell whether the server sends back what we say, so that a refusal is known to be of it."""
        return "echo-message" in self._capabilities.enabled

    def _takes(self, tag: str) -> bool:
        name = tag.partition("=")[0]
        return "message-tags" in self._capabilities.enabled and self._features.passes_on(name)

    def _labelled_as(self, target: str, text: str, settle: Settle | None) -> str:
        labels = self._capabilities.labels
        if labels and settle is None:
            return ""
        receipt = _Receipt(self._features.fold(target), text, settle)
        if labels:
            self._last += 1
            label = str(self._last)
            self._labelled[label] = receipt
            while len(self._labelled) > _MOST:
                _give_up(self._labelled.popitem(last=False)[1:])
            return f"label={label}"
        # What nobody waits for is remembered too: its echo is not another's.
        echoes = "echo-message" in self._capabilities.enabled
        waiting = self._echoes if echoes else self._unfenced
        if echoes or settle is not None:
            waiting.append(receipt)
            if len(waiting) > _MOST:
                _give_up([waiting.popleft()])
        return ""

    def fence(self) -> str | None:
        """Return the PING to send behind what was said until now; None where nothing waits for one."""
        if not self._unfenced:
            return None
        self._last += 1
        token = f"{FENCE}{self._last}"
        self._fenced.append((token, list(self._unfenced)))
        self._unfenced.clear()
        while len(self._fenced) > _MOST:
            _give_up(self._fenced.popleft()[1])
        return f"PING :{token}"

    def echoed(self, line: Line, label: str) -> None:
        """PRIVMSG or NOTICE of our own."""
        id_ = line.tags.get("msgid", "")
        if label or self._capabilities.labels:
            self.answered(label, id_)
            return
        target = self._features.fold(line.param(0))
        mine = [receipt for receipt in self._echoes if receipt.target == target]
        if not mine:
            return
        # The server may alter a text; but where one comes back as it was, those before it are lost.
        same = next((number for number, receipt in enumerate(mine) if receipt.text == line.last), 0)
        for receipt in mine[: same + 1]:
            self._echoes.remove(receipt)
        _give_up(mine[:same])
        _settle(mine[same], id_)

    def answered(self, label: str, id_: str = "") -> None:
        """Take note that the answer under a label has come, or come to its end, and was no refusal."""
        receipt = self._labelled.pop(label, None)
        if receipt is not None:
            _settle(receipt, id_)

    def ponged(self, token: str) -> None:
        """PONG: all that was said before its PING, and not refused, is taken."""
        if all(token != each for each, _ in self._fenced):
            return
        passed = ""
        while passed != token:
            passed, receipts = self._fenced.popleft()
            for receipt in receipts:
                _settle(receipt, "")

    def refused(self, line: Line, label: str) -> None:
        """Take one of `REFUSALS` or `PASSING`, or a FAIL (IRCv3 standard-replies)."""
        # A text without colours may be taken.
        final = line.command in REFUSALS and not of_colours(line)
        error = (Refused if final else NetworkError)(f"{line.param(1)}: {line.reason} ({line.command})")
        receipt = self._labelled.pop(label, None) if label else self._oldest(line.param(1))
        if receipt is not None:
            _settle(receipt, error)

    def lost(self, error: NetworkError) -> None:
        """Give up on the rest: the connection is gone, and nobody knows what became of it."""
        doubt = InDoubt(str(error))
        fenced = [receipt for _, receipts in self._fenced for receipt in receipts]
        waiting = [*self._labelled.values(), *self._echoes, *self._unfenced, *fenced]
        for store in (self._labelled, self._echoes, self._unfenced, self._fenced):
            store.clear()
        for receipt in waiting:
            _settle(receipt, doubt)

    def _oldest(self, target: str) -> _Receipt | None:
        target = self._features.fold(target)
        for store in (self._echoes, *(receipts for _, receipts in self._fenced), self._unfenced):
            for receipt in store:
                if receipt.target == target:
                    store.remove(receipt)
                    return receipt
        return None


def _settle(receipt: _Receipt, outcome: str | NetworkError) -> None:
    if receipt.settle is not None:
        receipt.settle(outcome)


def _give_up(receipts: Iterable[_Receipt]) -> None:
    for receipt in receipts:
        _settle(receipt, InDoubt("the network did not confirm it"))
