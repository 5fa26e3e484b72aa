-- task_get: one task of the caller, or whether it is somebody else's
-- kind: read
-- by: uuid id
-- $1   the task's {key}
-- columns: the task (nulls when it is not the caller's), is_foreign bool, is_changed bool       rows: 1
select t.id, t.uuid, t.user_id, t.title, t.description, t.completed, t.created_at, t.updated_at, t.version,
       t.id is null and gatepost.task_is_foreign($1) as is_foreign,
       false as is_changed
from (values (1)) as one
left join gatepost.task as t
    on t.{key} = $1 and t.user_id = current_setting('gatepost.user_id')
