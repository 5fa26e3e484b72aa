-- 003_caller: who a credential stands for, read from Better Auth's tables
--
-- The workers' role may not read these tables; each function answers one narrow question about one
-- row, and names the caller for the transaction in the same step. An unknown caller is named '',
-- which owns no task.

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

-- The caller who holds a live session token; nulls when there is none.
create function gatepost.caller_by_session(session_token text, out user_id text, out email text, out name text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC' -- a time without zone, as Prisma's tables have it, is UTC
    as $$
        #variable_conflict use_variable
        begin
            select u.id, u.email, u.name into user_id, email, name
            from public.session as s
            join public."user" as u on u.id = s."userId"
            where s.token = session_token and s."expiresAt" > now() and not gatepost.is_banned(to_jsonb(u));
            perform set_config('gatepost.user_id', coalesce(user_id, ''), true);
        end
    $$;
revoke all on function gatepost.caller_by_session(text) from public;

-- The caller of this id, while their row is there and not banned; nulls otherwise.
create function gatepost.caller_by_user(wanted text, out user_id text, out email text, out name text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC' -- a time without zone, as Prisma's tables have it, is UTC
    as $$
        #variable_conflict use_variable
        begin
            select u.id, u.email, u.name into user_id, email, name
            from public."user" as u
            where u.id = wanted and not gatepost.is_banned(to_jsonb(u));
            perform set_config('gatepost.user_id', coalesce(user_id, ''), true);
        end
    $$;
revoke all on function gatepost.caller_by_user(text) from public;

-- The public halves of Better Auth's signing keys. A key dies thirty days after it stopped signing,
-- as in Better Auth, so that what it signed last can be used up.
create function gatepost.verification_keys()
    returns table (key_id text, public_key text, alg text, dies_at timestamptz)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC' -- a time without zone, as Prisma's tables have it, is UTC
    as $$
        select id, "publicKey", k.alg, "expiresAt" + interval '30 days'
        from public.jwks as k
        where "expiresAt" is null or "expiresAt" + interval '30 days' > now()
        order by "createdAt" desc
    $$;
revoke all on function gatepost.verification_keys() from public;
