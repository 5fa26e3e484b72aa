-- caller_by_user: name the caller of this transaction, if their row is there and not banned
-- kind: read
-- $1 text   id of the user
-- columns: user_id text (null when there is no such live user), email text, name text       rows: 1
select user_id, email, name from gatepost.caller_by_user($1)
