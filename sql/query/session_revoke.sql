-- session_revoke: end sessions of a user: one of them, all, or all but one
-- kind: write
-- $1 text   user id       $2 text   the token of the only one, or null
-- $3 text   the token of the one that is kept, or null
-- columns: ended bigint       rows: 1
with ended as (
    delete from session
    where "userId" = $1 and token = coalesce($2::text, token) and token is distinct from $3::text
    returning 1
)
select count(*) as ended from ended
