-- names: Better Auth's tables under its own names of columns, brought up to date at every run
--
-- Drizzle's schemas write "emailVerified" as email_verified. Such a table gets a view of its name in our
-- schema that shows every column as Better Auth calls it and takes every statement that the table takes;
-- a connection that looks in our schema first finds the view. A table that has Better Auth's names gets
-- none, and loses one it had: PostgreSQL refuses many alterations of a table with a view on it.
do $$
declare
    one record;
    relation regclass;
    shown regclass;
    is_renamed boolean;
    wanted_names text[];
    columns text;
begin
    for one in
        select * from (values
            ('user', array['emailVerified', 'createdAt', 'updatedAt']),
            ('session', array['expiresAt', 'createdAt', 'updatedAt', 'ipAddress', 'userAgent', 'userId']),
            ('account', array['accountId', 'providerId', 'userId', 'accessToken', 'refreshToken', 'idToken',
                'accessTokenExpiresAt', 'refreshTokenExpiresAt', 'createdAt', 'updatedAt']),
            ('verification', array['expiresAt', 'createdAt', 'updatedAt']),
            ('jwks', array['publicKey', 'privateKey', 'createdAt', 'expiresAt'])
        ) as better_auth (name, own_columns)
    loop
        relation := to_regclass(format('public.%I', one.name));
        shown := to_regclass(format('gatepost.%I', one.name));

        -- Two columns that would come to the same name keep theirs.
        select bool_or(new_name <> name and new_name = any (one.own_columns)),
            array_agg(new_name order by attnum),
            string_agg(format('%I as %I', name, new_name), ', ' order by attnum)
        into is_renamed, wanted_names, columns
        from (
            select attnum, name, case when count(*) over (partition by camel_case) = 1 then camel_case else name end as new_name
            from (
                select attnum, attname::text as name
                from pg_attribute where attrelid = relation and attnum > 0 and not attisdropped
            ) as own,
            lateral (
                select case when name ~ '^[^_]+(_[^_]+)+$'
                    then string_agg(case when place = 1 then part else upper(left(part, 1)) || substr(part, 2) end, '' order by place)
                    else name end
                from unnest(string_to_array(name, '_')) with ordinality as parts (part, place)
            ) as camel (camel_case)
        ) as named;

        if shown is not null then
            -- Left alone where it shows what it should, of the table that has the name today.
            continue when is_renamed
                and wanted_names = (
                    select array_agg(attname::text order by attnum)
                    from pg_attribute where attrelid = shown and attnum > 0)
                and exists (
                    select from pg_depend join pg_rewrite on pg_rewrite.oid = objid
                    where classid = 'pg_rewrite'::regclass and ev_class = shown and refobjid = relation);
            execute format('drop view gatepost.%I', one.name);
        end if;
        if is_renamed then
            execute format('create view gatepost.%I as select %s from public.%I', one.name, columns, one.name);
            execute format('comment on view gatepost.%I is %L', one.name,
                format('public.%I under the names that Better Auth gives its columns; gatepost-migrate makes it anew.', one.name));
        end if;
    end loop;
end
$$;
