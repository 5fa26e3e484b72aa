-- caller_by_user: name the caller of this transaction, if their row is there and not banned
-- kind: read
-- $1 text   id of the user       $2 text   the only user who is let in, or null for any
-- $3 boolean   whether only users with an e-mail address are let in
-- columns: user_id text (null when there is no such live user), email text, name text, let_in bool       rows: 1
select user_id, email, name,
       set_config('gatepost.user_id',
                  case when user_id = coalesce($2, user_id) and (email <> '' or not $3) then user_id else '' end,
                  true) = user_id as let_in
from gatepost.caller_by_user($1)
