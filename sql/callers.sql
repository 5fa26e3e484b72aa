-- callers: who a credential stands for, read from Better Auth's tables; brought up to date at every run
--
-- The workers' role may not read these tables; each function answers one narrow question about one
-- row, and names the caller for the transaction in the same step. An unknown caller is named '',
-- which owns no task.
--
-- A definer's function looks in no schema where others may make things, so each table is written with
-- its schema: ours where names.sql made a view of it, else public.

-- Whether a user may not sign in, by their row: without end, or to a time that is to come. Without a search path
-- or a time zone of its own, or PostgreSQL could not put it into the statements that use it, and would plan it anew
-- each time, which took longer than the rest of a session's look-up. So everything is named with its schema, and
-- whoever asks has UTC for a time without zone, as Prisma's tables have it.
create or replace function gatepost.is_banned(user_row jsonb) returns boolean
    language sql stable
    as $$
        select coalesce((user_row operator(pg_catalog.->>) 'banned')::pg_catalog.bool, false)
            and coalesce((user_row operator(pg_catalog.->>) 'banExpires')::pg_catalog.timestamptz operator(pg_catalog.>) pg_catalog.now(), true)
    $$;

do $make$
declare
    user_schema constant text := case when to_regclass('gatepost."user"') is null then 'public' else 'gatepost' end;
    session_schema constant text := case when to_regclass('gatepost.session') is null then 'public' else 'gatepost' end;
    jwks_schema constant text := case when to_regclass('gatepost.jwks') is null then 'public' else 'gatepost' end;
begin
    -- The caller who holds a live session token; nulls when there is none.
    execute format($function$
        create or replace function gatepost.caller_by_session(session_token text, out user_id text, out email text, out name text)
            language plpgsql volatile security definer
            set search_path = pg_catalog, pg_temp
            set timezone = 'UTC' -- a time without zone, as Drizzle's and Prisma's tables have it, is UTC
            as $$
                #variable_conflict use_variable
                begin
                    select u.id, u.email, u.name into user_id, email, name
                    from %1$I.session as s
                    join %2$I."user" as u on u.id = s."userId"
                    where s.token = session_token and s."expiresAt" > now() and not gatepost.is_banned(to_jsonb(u));
                    perform set_config('gatepost.user_id', coalesce(user_id, ''), true);
                end
            $$
        $function$, session_schema, user_schema);

    -- What rules of access ask about the caller whom caller_by_session has named: when the session
    -- ends, and of the user's row no more than the columns whose names are wanted, a list in JSON.
    execute format($function$
        create or replace function gatepost.caller_facts(session_token text, wanted jsonb, out expires_at timestamptz, out claims jsonb)
            language plpgsql stable security definer
            set search_path = pg_catalog, pg_temp
            set timezone = 'UTC' -- as above
            as $$
                #variable_conflict use_variable
                begin
                    select s."expiresAt", (select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(u)) where wanted ? key)
                    into expires_at, claims
                    from %1$I.session as s
                    join %2$I."user" as u on u.id = s."userId"
                    where s.token = session_token and u.id = current_setting('gatepost.user_id', true);
                end
            $$
        $function$, session_schema, user_schema);

    -- The caller of this id, while their row is there and not banned; nulls otherwise.
    execute format($function$
        create or replace function gatepost.caller_by_user(wanted text, out user_id text, out email text, out name text)
            language plpgsql volatile security definer
            set search_path = pg_catalog, pg_temp
            set timezone = 'UTC' -- as above
            as $$
                #variable_conflict use_variable
                begin
                    select u.id, u.email, u.name into user_id, email, name
                    from %I."user" as u
                    where u.id = wanted and not gatepost.is_banned(to_jsonb(u));
                    perform set_config('gatepost.user_id', coalesce(user_id, ''), true);
                end
            $$
        $function$, user_schema);

    -- The public halves of Better Auth's signing keys. A key dies thirty days after it stopped signing,
    -- as in Better Auth, so that what it signed last can be used up. Older tables lack the two columns
    -- that are read by way of jsonb.
    execute format($function$
        create or replace function gatepost.verification_keys()
            returns table (key_id text, public_key text, alg text, dies_at timestamptz)
            language sql stable security definer
            set search_path = pg_catalog, pg_temp
            set timezone = 'UTC' -- as above
            as $$
                select k.id, k."publicKey", to_jsonb(k) ->> 'alg', expires_at + interval '30 days'
                from %I.jwks as k,
                    lateral (select (to_jsonb(k) ->> 'expiresAt')::timestamptz as expires_at) as life
                where expires_at is null or expires_at + interval '30 days' > now()
                order by k."createdAt" desc
            $$
        $function$, jwks_schema);

    -- Of callers who stay connected those who may: which of these session tokens live, and which of these
    -- users are there and not banned. Both are lists in JSON.
    execute format($function$
        create or replace function gatepost.callers_left(sessions jsonb, users jsonb)
            returns table (is_session boolean, credential text)
            language sql stable security definer
            set search_path = pg_catalog, pg_temp
            set timezone = 'UTC' -- as above
            as $$
                select true, s.token
                from %1$I.session as s
                join %2$I."user" as u on u.id = s."userId"
                where s.token = any(array(select jsonb_array_elements_text(sessions)))
                    and s."expiresAt" > now() and not gatepost.is_banned(to_jsonb(u))
                union all
                select false, u.id
                from %2$I."user" as u
                where u.id = any(array(select jsonb_array_elements_text(users))) and not gatepost.is_banned(to_jsonb(u))
            $$
        $function$, session_schema, user_schema);

    revoke all on function gatepost.caller_by_session(text), gatepost.caller_by_user(text),
        gatepost.caller_facts(text, jsonb), gatepost.verification_keys(), gatepost.callers_left(jsonb, jsonb) from public;
end
$make$;
