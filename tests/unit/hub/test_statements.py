"""Statements are written once: what PostgreSQL is given for them."""

import pytest

from hub.store.statements import for_postgresql


@pytest.mark.parametrize(
    ("written", "given", "names"),
    [
        ("SELECT 1", "SELECT 1", ()),
        ("SELECT a FROM t WHERE b = :b AND c = :c", "SELECT a FROM t WHERE b = $1 AND c = $2", ("b", "c")),
        ("SELECT :b, :c, :b", "SELECT $1, $2, $1", ("b", "c")),
        ("SELECT 's:' || service, ':x', 'it''s :y'", "SELECT 's:' || service, ':x', 'it''s :y'", ()),
        ("SELECT a::text, :b::bigint", "SELECT a::text, $1::bigint", ("b",)),
        ("SELECT 1 -- the :first of them\n, :b", "SELECT 1 -- the :first of them\n, $1", ("b",)),
        ("SELECT 1 /* not :this */", "SELECT 1 /* not :this */", ()),
        ('SELECT ":a" FROM t', 'SELECT ":a" FROM t', ()),
        ("SELECT a FROM t WHERE b LIKE '%' || :c", "SELECT a FROM t WHERE b LIKE '%' || $1", ("c",)),
    ],
)
def test_names_become_places_in_the_order_of_their_values(written: str, given: str, names: tuple[str, ...]) -> None:
    statement = for_postgresql(written, locking=True)
    assert (statement.sql, statement.names) == (given, names)


@pytest.mark.parametrize(
    ("comment", "lock"),
    [
        ("/* FOR UPDATE */", "FOR NO KEY UPDATE"),
        ("/*FOR UPDATE*/", "FOR NO KEY UPDATE"),
        ("/* FOR UPDATE SKIP LOCKED */", "FOR NO KEY UPDATE SKIP LOCKED"),
        ("/* FOR UPDATE OF v */", "FOR NO KEY UPDATE OF v"),
        ("/* for update of the list */", "/* for update of the list */"),
    ],
)
def test_the_comment_locks_rows_for_a_verb_and_never_for_a_query(comment: str, lock: str) -> None:
    sql = f"SELECT a FROM t v WHERE b = :b {comment}"
    assert for_postgresql(sql, locking=True).sql == f"SELECT a FROM t v WHERE b = $1 {lock}"
    assert for_postgresql(sql, locking=False).sql == f"SELECT a FROM t v WHERE b = $1 {comment}"


@pytest.mark.parametrize(
    ("sql", "silent"),
    [
        ("INSERT INTO t (a) VALUES (:a)", True),
        ("\nUPDATE t SET a = :a", True),
        ("DELETE FROM t", True),
        ("UPDATE t SET a = :a RETURNING a", False),
        ("SELECT a FROM t", False),
        ("WITH gone AS (DELETE FROM t RETURNING a) SELECT a FROM gone", False),
    ],
)
def test_what_gives_no_rows_need_not_be_waited_for(sql: str, silent: bool) -> None:
    assert for_postgresql(sql, locking=True).silent is silent
