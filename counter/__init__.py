"""Clerks: the keypad agent between FF68 keypads and the hub, and the clerk's console on the web (`web/`)."""
