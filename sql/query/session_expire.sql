-- session_expire: take away a session that is over
-- kind: write
-- $1 text   raw session token
-- columns: token text       rows: 0 or 1
delete from session where token = $1 and "expiresAt" < now() returning token
