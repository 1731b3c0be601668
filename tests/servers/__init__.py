"""Real IRC and Matrix servers on loopback, for the tests that need one (docs/testing.md)."""
