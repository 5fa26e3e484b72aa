-- reset_find: whether a token for a new password is alive, and whose it is
-- kind: read
-- $1 text   token
-- columns: user_id text, user_exists bool       rows: 0 or 1
select v.value, exists (select from "user" as u where u.id = v.value)
from verification as v
where v.identifier = 'reset-password:' || $1::text and v."expiresAt" > now()
order by v."createdAt" desc limit 1
