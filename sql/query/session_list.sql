-- session_list: the live sessions of a user
-- kind: read
-- $1 text   user id
-- columns: id, token, userId, ipAddress, userAgent text, expiresAt, createdAt, updatedAt timestamptz       rows: up to 100
select id, token, "userId", "ipAddress", "userAgent",
       "expiresAt"::timestamptz, "createdAt"::timestamptz, "updatedAt"::timestamptz
from session
where "userId" = $1 and "expiresAt" > now()
order by "createdAt" desc, id
limit 100
