"""Evaluation tablets 平板评价器 at the counters of this machine."""
