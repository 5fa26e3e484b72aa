-- user_delete: a user with all that belongs to them, if the password that was verified still holds
-- kind: write
-- $1 text   user id       $2 text   the password's hash that was verified, or null for any
-- columns: id text       rows: 0 or 1
with gone as (
    delete from "user"
    where id = $1 and ($2::text is null or exists (
        select from account where "userId" = $1 and "providerId" = 'credential' and password = $2::text))
    returning id
), sessions as (
    delete from session where "userId" = (select id from gone)
), accounts as (
    delete from account where "userId" = (select id from gone)
)
select id from gone
