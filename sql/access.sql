-- access: roles and their rights, brought up to date at every run
--
-- Three roles, because the programs hold different secrets: the task API must not read password
-- hashes. Where the owner may not create roles (shared hosting gives one user), the programs connect
-- as the owner, and the forced row-level security of gatepost.task binds them all the same.
do $$
declare
    wanted text;
    relation text;
    sign_in_relations constant text[] :=
        array['public."user"', 'public.session', 'public.account', 'public.verification', 'public.jwks', 'public."rateLimit"'];
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

    if exists (select from pg_roles where rolname = 'gatepost_api') then
        grant select, insert, update, delete on gatepost.task to gatepost_api;
        grant execute on function gatepost.task_is_foreign(uuid) to gatepost_api;
        grant execute on function gatepost.task_is_foreign(bigint) to gatepost_api;
        grant execute on function gatepost.caller_by_session(text) to gatepost_api;
        grant execute on function gatepost.caller_by_user(text) to gatepost_api;
        grant execute on function gatepost.verification_keys() to gatepost_api;
    end if;

    -- The functions that look callers and keys up run as their owner, who may not own Better Auth's tables.
    foreach relation in array array['public."user"', 'public.session', 'public.jwks'] loop
        if not has_table_privilege(current_user, relation, 'select') then
            raise notice 'the owner of % must run: grant select on % to %', relation, relation, quote_ident(current_user);
        end if;
    end loop;

    if exists (select from pg_roles where rolname = 'gatepost_notify') then
        grant select on gatepost.task to gatepost_notify;
    end if;

    if exists (select from pg_roles where rolname = 'gatepost_auth') then
        foreach relation in array sign_in_relations loop
            continue when (
                select bool_and(has_table_privilege('gatepost_auth', relation, one_right))
                from unnest(array['select', 'insert', 'update', 'delete']) as one_right);
            begin
                execute format('grant select, insert, update, delete on %s to gatepost_auth', relation);
            exception when insufficient_privilege then
                raise notice 'the owner of % must run: grant select, insert, update, delete on % to gatepost_auth', relation, relation;
            end;
        end loop;
    end if;
end
$$;
