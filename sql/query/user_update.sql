-- user_update: another name or image of a user
-- kind: write
-- $1 text   user id       $2 text   name, or null to keep it       $3 boolean   whether an image is given
-- $4 text   image, or null for none
-- columns: user (id, name, email, emailVerified bool, image, createdAt, updatedAt timestamptz)       rows: 0 or 1
update "user"
set name = coalesce($2, name),
    image = case when $3 then $4 else image end,
    "updatedAt" = date_trunc('milliseconds', now())
where id = $1
returning id, name, email, "emailVerified", image, "createdAt"::timestamptz, "updatedAt"::timestamptz
