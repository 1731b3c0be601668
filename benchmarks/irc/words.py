"""What the bots of the benchmark are asked, what they answer, and what they ask of the server."""

from __future__ import annotations

ASKED = "!milestone essex-2"
EVERYWHERE = "!everywhere"
"""What makes a bot say NEWS in each of its rooms whose name begins with NEWSROOM."""
NEWSROOM = "#news"
NEWS = "essex-2 is in 2 days, on Thu 22 Dec 2011"
"""So short that 500 lines of it, labelled, fit into what InspIRCd reads at once (netbuffersize, 64 KiB).

What is over that waits for its next tick, a second later.
"""
CAPABILITIES = (
    "account-notify account-tag batch cap-notify chghost echo-message extended-join invite-notify "
    "labeled-response message-tags multi-prefix server-time setname"
)
"""What milestonebot asks for of what InspIRCd offers, so that all read the same tags and echoes."""
