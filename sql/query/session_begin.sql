-- session_begin: a session for a user whose password has been verified, if it still is their password
-- kind: write
-- $1 text   session id       $2 text   token       $3 text   user id       $4 bigint   seconds that it lives
-- $5 text   address       $6 text   user agent       $7 text   the password's hash that was verified
-- columns: id, token, userId, ipAddress, userAgent text, expiresAt, createdAt, updatedAt timestamptz       rows: 0 or 1
insert into session (id, token, "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent")
select $1::text, $2::text, $3::text, date_trunc('milliseconds', now()) + make_interval(secs => $4::bigint),
       date_trunc('milliseconds', now()), date_trunc('milliseconds', now()), $5::text, $6::text
where exists (
    select from account
    where "userId" = $3::text and "providerId" = 'credential' and "accountId" = $3::text and password = $7)
returning id, token, "userId", "ipAddress", "userAgent",
          "expiresAt"::timestamptz, "createdAt"::timestamptz, "updatedAt"::timestamptz
