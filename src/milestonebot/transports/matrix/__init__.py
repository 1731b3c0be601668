"""Matrix: one account on one homeserver. nio is imported when the transport is built, not before."""
