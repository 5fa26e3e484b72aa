-- password_reset: spend a token for a new password; of two who spend it at once one does
-- kind: write
-- $1 text   token       $2 text   id of an account, should the user have none with a password       $3 text   the new password's hash
-- $4 boolean   whether the user's sessions end
-- columns: user_id text       rows: 0 or 1
with spent as (
    delete from verification where identifier = 'reset-password:' || $1::text and "expiresAt" > now()
    returning value
), wanted as (
    select id from "user" where id = (select value from spent limit 1)
), changed as (
    update account
    set password = $3::text, "updatedAt" = date_trunc('milliseconds', now())
    where "userId" = (select id from wanted) and "providerId" = 'credential'
    returning id
), made as (
    insert into account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    select $2::text, id, 'credential', id, $3::text, date_trunc('milliseconds', now()), date_trunc('milliseconds', now())
    from wanted
    where not exists (
        select from account where "userId" = (select id from wanted) and "providerId" = 'credential')
), ended as (
    delete from session where $4::boolean and "userId" = (select id from wanted)
)
select id from wanted
