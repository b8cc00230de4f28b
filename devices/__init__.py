"""Bytes, not the hall: ports, frames, drivers and the twins that speak the same bytes."""
