-- session_end: end a session, whoever holds it
-- kind: write
-- $1 text   raw session token
-- columns: userId text       rows: 0 or 1
delete from session where token = $1 returning "userId"
