-- user_create: a user with their password and, where one is wanted, a session; nothing where the address is taken
-- kind: write
-- $1 text   user id       $2 text   name       $3 text   e-mail address in lower case       $4 text   image, or null
-- $5 text   account id       $6 text   the password's hash
-- $7 text   session id, or null for no session       $8 text   its token       $9 bigint   seconds that it lives
-- $10 text   address       $11 text   user agent
-- columns: user (id, name, email, emailVerified bool, image, createdAt, updatedAt timestamptz), session
-- (id, token, userId, ipAddress, userAgent text, expiresAt, createdAt, updatedAt timestamptz)       rows: 0 or 1
with made as (
    insert into "user" (id, name, email, "emailVerified", image, "createdAt", "updatedAt")
    select $1::text, $2::text, $3::text, false, $4::text, date_trunc('milliseconds', now()), date_trunc('milliseconds', now())
    where not exists (select from "user" where email = $3::text)
    on conflict do nothing
    returning id, name, email, "emailVerified", image, "createdAt", "updatedAt"
), credential as (
    insert into account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    select $5::text, id, 'credential', id, $6::text, "createdAt", "updatedAt" from made
), begun as (
    insert into session (id, token, "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent")
    select $7::text, $8::text, id, date_trunc('milliseconds', now()) + make_interval(secs => $9::bigint),
           "createdAt", "updatedAt", $10::text, $11::text
    from made where $7::text is not null
    returning id, token, "userId", "ipAddress", "userAgent", "expiresAt", "createdAt", "updatedAt"
)
select m.id, m.name, m.email, m."emailVerified", m.image, m."createdAt"::timestamptz, m."updatedAt"::timestamptz,
       b.id, b.token, b."userId", b."ipAddress", b."userAgent",
       b."expiresAt"::timestamptz, b."createdAt"::timestamptz, b."updatedAt"::timestamptz
from made as m left join begun as b on true
