-- inspect_role: what the role of this connection is, and what it may do with Better Auth's tables
-- kind: read
-- columns: name text, is_superuser bool, bypasses bool, owns_tasks bool, readable text (tables; null: none), lacking text (the same)       rows: 1
-- A table is used by way of its view in our schema where there is one (sql/names.sql).
with used as (
    select distinct on (name) name, pg_class.oid, pg_class.oid::regclass::text as shown
    from unnest(array['user', 'session', 'account', 'verification', 'jwks']) as name
    left join pg_class on relname = name and relkind in ('r', 'p', 'v')
        and relnamespace in (to_regnamespace('gatepost'), to_regnamespace('public'))
    order by name, relnamespace = to_regnamespace('gatepost') desc
)
select rolname::text as name, rolsuper as is_superuser, rolbypassrls as bypasses,
       exists (
           select from pg_class
           where relnamespace = to_regnamespace('gatepost') and relname = 'task' and pg_has_role(relowner, 'usage')) as owns_tasks,
       (select string_agg(pg_class.oid::regclass::text, ', ') from pg_class
           where relname = any (array['user', 'session', 'account', 'verification', 'jwks']) and relkind in ('r', 'p', 'v')
               and relnamespace in (to_regnamespace('gatepost'), to_regnamespace('public'))
               and has_any_column_privilege(pg_class.oid, 'select')) as readable,
       (select string_agg(coalesce(shown, name), ', ') from used
           where oid is null or not (has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert')
               and has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete'))) as lacking
from pg_roles where rolname = current_user
