-- reset_request: a token for the user of this address, with which they can set a new password
-- kind: write
-- $1 text   e-mail address in lower case       $2 text   id of the row       $3 text   token       $4 bigint   seconds that it lives
-- columns: name text, email text       rows: 0 without such a user, else 1
with expired as (
    delete from verification where "expiresAt" < now()
), wanted as (
    select id, name, email from "user" where email = $1
), made as (
    insert into verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
    select $2::text, 'reset-password:' || $3::text, id, date_trunc('milliseconds', now()) + make_interval(secs => $4::bigint),
           date_trunc('milliseconds', now()), date_trunc('milliseconds', now())
    from wanted
)
select name, email from wanted
