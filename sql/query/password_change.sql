-- password_change: another password, if the one that was verified still holds; on wish with one new session for all old ones
-- kind: write
-- $1 text   user id       $2 text   the old password's hash       $3 text   the new one's
-- $4 text   new session's id, or null to leave sessions alone       $5 text   its token       $6 bigint   seconds that it lives
-- $7 text   address       $8 text   user agent
-- columns: userId text, session (id, token, userId, ipAddress, userAgent text, expiresAt, createdAt, updatedAt
-- timestamptz)       rows: 0 when the old password holds no more, else 1
with changed as (
    update account
    set password = $3, "updatedAt" = date_trunc('milliseconds', now())
    where "userId" = $1 and "providerId" = 'credential' and password = $2
    returning "userId"
), one as (
    select "userId" from changed limit 1
), ended as (
    delete from session where $4::text is not null and "userId" = (select "userId" from one)
), begun as (
    insert into session (id, token, "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent")
    select $4::text, $5::text, "userId", date_trunc('milliseconds', now()) + make_interval(secs => $6::bigint),
           date_trunc('milliseconds', now()), date_trunc('milliseconds', now()), $7::text, $8::text
    from one where $4::text is not null
    returning id, token, "userId", "ipAddress", "userAgent", "expiresAt", "createdAt", "updatedAt"
)
select o."userId", b.id, b.token, b."userId", b."ipAddress", b."userAgent",
       b."expiresAt"::timestamptz, b."createdAt"::timestamptz, b."updatedAt"::timestamptz
from one as o left join begun as b on true
