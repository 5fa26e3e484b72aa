-- caller_by_session: name the holder of a session token as the caller of this transaction
-- kind: read
-- $1 text   raw session token
-- columns: user_id text (null when there is no such live session), email text, name text       rows: 1
select user_id, email, name from gatepost.caller_by_session($1)
