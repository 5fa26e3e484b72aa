-- inspect_schema: what gatepost-migrate makes and this database lacks
-- kind: read
-- columns: missing text (null: nothing)       rows: 1
-- From the catalogue, which every role may read whatever it may use.
select string_agg(wanted.name, ', ') as missing
from (
    select format('table %I.%I', schema, name) as name, exists (
        select from pg_class
        where relnamespace = to_regnamespace(schema) and relname = wanted_table.name and relkind in ('r', 'p', 'v')) as found
    from (values ('public', 'user'), ('public', 'session'), ('public', 'account'), ('public', 'verification'), ('public', 'jwks'),
            ('gatepost', 'task'), ('gatepost', 'change')) as wanted_table (schema, name)
    union all
    select format('function gatepost.%s(%s)', name, arguments), exists (
        select from pg_proc
        where pronamespace = to_regnamespace('gatepost') and proname = wanted_function.name
            and oidvectortypes(proargtypes) = arguments)
    from (values ('task_is_foreign', 'uuid'), ('is_banned', 'jsonb'), ('task_is_foreign', 'bigint'), ('count_change', ''),
            ('caller_by_session', 'text'), ('caller_by_user', 'text'), ('caller_facts', 'text, jsonb'), ('verification_keys', ''),
            ('note_change', ''), ('relay_turn', 'xid8, boolean'), ('callers_left', 'jsonb, jsonb')) as wanted_function (name, arguments)
    union all
    select 'trigger ' || wanted_trigger.name, exists (
        select from pg_trigger join pg_class on pg_class.oid = tgrelid
        where tgname = wanted_trigger.name and tgenabled <> 'D' and relnamespace = to_regnamespace('gatepost') and relname = 'task')
    from (values ('task_version'), ('task_change')) as wanted_trigger (name)
) as wanted (name, found)
where not found
