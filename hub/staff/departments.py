"""部门: those that services and counters name are in the register by themselves."""

from hub.store import Tx

_NAMED = """
INSERT INTO department (code, name, historical)
SELECT named.department, named.department, :historical
FROM (SELECT department FROM service UNION SELECT department FROM counter) named
WHERE named.department <> ''
ON CONFLICT (code) DO NOTHING
"""


def know_departments(tx: Tx) -> None:
    """A department's code is its name until somebody gives it another."""
    tx.rows(_NAMED, historical=False)
