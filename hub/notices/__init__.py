"""Notices 公告: lines of text that take turns on the hall's screens."""
