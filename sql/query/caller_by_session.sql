-- caller_by_session: name the holder of a session token as the caller of this transaction
-- kind: read
-- $1 text   raw session token       $2 text   the only user who is let in, or null for any
-- $3 boolean   whether only users with an e-mail address are let in
-- columns: user_id text (null when there is no such live session), email text, name text, let_in bool       rows: 1
select user_id, email, name,
       set_config('gatepost.user_id',
                  case when user_id = coalesce($2, user_id) and (email <> '' or not $3) then user_id else '' end,
                  true) = user_id as let_in
from gatepost.caller_by_session($1)
