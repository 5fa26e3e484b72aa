-- task_delete: remove one task of the caller, or tell whether it is somebody else's
-- kind: write
-- $1 uuid   the task
-- columns: the task as it was (nulls when it is not the caller's), foreign bool       rows: 1
with removed as (
    delete from gatepost.task
    where uuid = $1 and user_id = current_setting('gatepost.user_id')
    returning id, uuid, user_id, title, description, completed, created_at, updated_at
)
select t.id, t.uuid, t.user_id, t.title, t.description, t.completed, t.created_at, t.updated_at,
       t.id is null and gatepost.task_is_foreign($1) as is_foreign
from (values (1)) as one
left join removed as t on true
