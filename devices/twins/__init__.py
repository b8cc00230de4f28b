"""Virtual devices that speak the bytes of the real ones and can misbehave on request. Asked for by name only."""
