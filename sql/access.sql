-- access: roles and their rights, brought up to date at every run
--
-- Three roles, because the programs hold different secrets: the task API must not read password
-- hashes. Where the owner may not create roles (shared hosting gives one user), the programs connect
-- as the owner, and the forced row-level security of gatepost.task binds them all the same.
do $$
declare
    wanted text;
    relation text;
    need record;
    has_api boolean;
    has_auth boolean;
begin
    foreach wanted in array array['gatepost_api', 'gatepost_auth', 'gatepost_notify'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            begin
                execute format('create role %I login nosuperuser nobypassrls nocreatedb nocreaterole', wanted);
            exception when insufficient_privilege then
                raise notice 'role % not created: % may not create roles; the programs connect as %', wanted, current_user, current_user;
                continue;
            end;
        end if;
        if (select rolsuper or rolbypassrls from pg_roles where rolname = wanted) then
            raise exception 'role % can bypass row-level security', wanted
                using hint = format('run: alter role %I nosuperuser nobypassrls', wanted);
        end if;
        execute format('grant usage on schema gatepost to %I', wanted);
    end loop;

    has_api := exists (select from pg_roles where rolname = 'gatepost_api');
    has_auth := exists (select from pg_roles where rolname = 'gatepost_auth');

    -- What is granted below and nothing else, whatever a database grants by default.
    for relation, wanted in
        select format('gatepost.%I', relname), grantee
        from pg_class,
            lateral (
                select 'public'
                union all
                select rolname from pg_roles
                where rolname in ('gatepost_api', 'gatepost_auth', 'gatepost_notify') and oid <> relowner
            ) as grantees (grantee)
        where relnamespace = 'gatepost'::regnamespace and relkind in ('r', 'p', 'v') and pg_has_role(relowner, 'usage')
    loop
        execute format('revoke all on %s from %I', relation, wanted);
    end loop;

    if has_api then
        grant select, insert, update, delete on gatepost.task to gatepost_api;
        grant execute on function gatepost.task_is_foreign(uuid) to gatepost_api;
        grant execute on function gatepost.task_is_foreign(bigint) to gatepost_api;
        grant execute on function gatepost.caller_by_session(text) to gatepost_api;
        grant execute on function gatepost.caller_by_user(text) to gatepost_api;
        grant execute on function gatepost.caller_facts(text, jsonb) to gatepost_api;
        grant execute on function gatepost.verification_keys() to gatepost_api;
        grant execute on function gatepost.callers_left(jsonb, jsonb) to gatepost_api;
    end if;

    -- Whether a user is banned is for signing in to ask, too.
    if has_auth then
        grant execute on function gatepost.is_banned(jsonb) to gatepost_auth;
    end if;

    if exists (select from pg_roles where rolname = 'gatepost_notify') then
        grant select on gatepost.task to gatepost_notify;
        grant execute on function gatepost.tasks_as_they_stand(jsonb) to gatepost_notify;
        grant execute on function gatepost.relay_begin() to gatepost_notify;
        grant execute on function gatepost.relay_turn(xid8, boolean) to gatepost_notify;
        grant execute on function gatepost.relay_rest() to gatepost_notify;
        -- Who is calling is for the notifier to ask, too.
        grant execute on function gatepost.caller_by_session(text) to gatepost_notify;
        grant execute on function gatepost.caller_by_user(text) to gatepost_notify;
        grant execute on function gatepost.caller_facts(text, jsonb) to gatepost_notify;
        grant execute on function gatepost.verification_keys() to gatepost_notify;
        grant execute on function gatepost.callers_left(jsonb, jsonb) to gatepost_notify;
    end if;

    -- The views of names.sql.
    for relation in select format('gatepost.%I', relname) from pg_class where relnamespace = 'gatepost'::regnamespace and relkind = 'v' loop
        if has_auth then
            execute format('grant select, insert, update, delete on %s to gatepost_auth', relation);
        end if;
    end loop;

    if has_auth and not has_schema_privilege('gatepost_auth', 'public', 'usage') then
        begin
            grant usage on schema public to gatepost_auth;
        exception when insufficient_privilege then
            null;
        end;
        if not has_schema_privilege('gatepost_auth', 'public', 'usage') then
            raise notice 'the owner of schema public must run: grant usage on schema public to gatepost_auth';
        end if;
    end if;

    -- Better Auth's tables may not be ours. Rights on them are for gatepost_auth, or for the owner of the
    -- view that it uses in place of the table; and for the owner of the functions in callers.sql.
    for need in
        select format('public.%I', name) as table_name, grantee, rights
        from (values ('user', true), ('session', true), ('account', false), ('verification', false), ('jwks', true))
                as better_auth (name, has_function),
            lateral (select to_regclass(format('gatepost.%I', name))) as shown (view),
            lateral (
                select pg_get_userbyid(relowner), array['select', 'insert', 'update', 'delete'] from pg_class where oid = view
                union all
                select 'gatepost_auth', array['select', 'insert', 'update', 'delete'] where view is null and has_auth
                union all
                select pg_get_userbyid(proowner), array['select'] from pg_proc
                where oid = 'gatepost.caller_by_session(text)'::regprocedure and view is null and has_function
            ) as needs (grantee, rights)
    loop
        continue when (
            select bool_and(has_table_privilege(need.grantee, need.table_name, one_right)) from unnest(need.rights) as one_right);
        begin
            execute format('grant %s on %s to %I', array_to_string(need.rights, ', '), need.table_name, need.grantee);
        exception when insufficient_privilege then
            null;
        end;
        -- Whoever may use a table, and not pass that on, gets a warning and no error.
        if not (select bool_and(has_table_privilege(need.grantee, need.table_name, one_right)) from unnest(need.rights) as one_right) then
            raise notice 'the owner of % must run: grant % on % to %',
                need.table_name, array_to_string(need.rights, ', '), need.table_name, quote_ident(need.grantee);
        end if;
    end loop;

    -- PostgreSQL looks in a schema of the role's own name first; Drizzle's statements are for the tables.
    if exists (select from pg_class where relnamespace = 'gatepost'::regnamespace and relkind = 'v')
        and exists (select from pg_roles where rolname = 'gatepost' and coalesce(rolconfig::text, '') not like '%search_path=%') then
        raise notice 'an application that connects as gatepost finds our views before its tables; run: alter role gatepost set search_path = public';
    end if;

    -- The task API holds no right to them; a grant to everybody would give it one.
    foreach relation in array array['public."user"', 'public.session', 'public.account', 'public.verification', 'public.jwks'] loop
        if has_api and (has_any_column_privilege('gatepost_api', relation, 'select, insert, update, references')
            or has_table_privilege('gatepost_api', relation, 'delete, truncate, trigger')) then
            raise notice 'gatepost_api can use %; the owner of % must run: revoke all on % from public, gatepost_api',
                relation, relation, relation;
        end if;
    end loop;
end
$$;
