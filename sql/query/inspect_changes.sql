-- inspect_changes: whether changes are noted, and what the role of this connection lacks to tell of them
-- kind: read
-- columns: lacking text (functions and tables; null: nothing), noted bool, relayed bool (some daemon moves them)       rows: 1
select (
           select string_agg('gatepost.' || wanted.name, ', ')
           from unnest(array['relay_begin', 'relay_turn', 'relay_rest', 'tasks_as_they_stand', 'task']) as wanted (name)
           where not exists (
                   select from pg_proc
                   where pronamespace = to_regnamespace('gatepost') and proname = wanted.name and has_function_privilege(oid, 'execute'))
               and not exists (
                   select from pg_class
                   where relnamespace = to_regnamespace('gatepost') and relname = wanted.name and has_table_privilege(oid, 'select'))
       ) as lacking,
       exists (
           select from pg_trigger join pg_class on pg_class.oid = tgrelid
           where tgname = 'task_change' and tgenabled in ('O', 'A') and relnamespace = to_regnamespace('gatepost') and relname = 'task'
       ) as noted,
       exists (
           select from pg_locks join pg_database on pg_database.oid = database
           where datname = current_database() and locktype = 'advisory' and classid = 1196445268 and objid = 1 and granted
       ) as relayed
