-- email_verify: an address that has been proven
-- kind: write
-- $1 text   e-mail address in lower case
-- columns: id text, was_verified bool       rows: 0 without such a user, else 1
with wanted as (
    select id, "emailVerified" from "user" where email = $1
), changed as (
    update "user"
    set "emailVerified" = true, "updatedAt" = date_trunc('milliseconds', now())
    where id = (select id from wanted where not "emailVerified")
)
select id, "emailVerified" from wanted
