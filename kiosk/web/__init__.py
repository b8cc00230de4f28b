"""Static pages for the citizen's phone; the hub serves them under `/t`."""
