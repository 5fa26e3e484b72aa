-- inspect_row_security: how row-level security stands on the tasks
-- kind: read
-- columns: enabled bool, forced bool, guarded bool (the owners' policy is there), strange text (other policies; null: none)       rows: 0 or 1
select relrowsecurity as enabled, relforcerowsecurity as forced,
       exists (select from pg_policy where polrelid = pg_class.oid and polname = 'task_owner') as guarded,
       (select string_agg(polname, ', ') from pg_policy
           where polrelid = pg_class.oid and polpermissive and polname not in ('task_owner', 'task_existence')) as strange
from pg_class
where relnamespace = to_regnamespace('gatepost') and relname = 'task'
