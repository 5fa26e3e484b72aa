-- 003_caller: whether a caller is let in at all; callers.sql has the functions that look them up

-- Whether a user's row says that they are banned (Better Auth's admin plugin); its columns may be missing.
create function gatepost.is_banned(user_row jsonb) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC' -- a time without zone, as Prisma's tables have it, is UTC
    as $$
        select coalesce((user_row ->> 'banned')::boolean, false)
            and coalesce((user_row ->> 'banExpires')::timestamptz > now(), true)
    $$;
revoke all on function gatepost.is_banned(jsonb) from public;
