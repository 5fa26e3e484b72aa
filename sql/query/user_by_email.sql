-- user_by_email: a user with the password that they sign in with
-- kind: read
-- $1 text   e-mail address in lower case
-- columns: user (id, name, email, emailVerified bool, image, createdAt, updatedAt timestamptz),
-- password text (null without one), banned bool       rows: 0 or 1
select u.id, u.name, u.email, u."emailVerified", u.image, u."createdAt"::timestamptz, u."updatedAt"::timestamptz,
       (select a.password from account as a
        where a."userId" = u.id and a."providerId" = 'credential' and a."accountId" = u.id
        order by a."createdAt" limit 1) as password,
       gatepost.is_banned(to_jsonb(u)) as banned
from "user" as u
where u.email = $1
