-- task_update: change what is given of one task of the caller, or tell whether it is somebody else's
-- kind: write
-- $1 uuid   the task
-- $2 text   title, or null to keep       $3 boolean   whether a description is given
-- $4 text   description, or null for none       $5 boolean   completed, or null to keep
-- columns: the task (nulls when it is not the caller's), foreign bool       rows: 1
with changed as (
    update gatepost.task
    set title = coalesce($2, title),
        description = case when $3 then $4 else description end,
        completed = coalesce($5, completed),
        updated_at = now()
    where uuid = $1 and user_id = current_setting('gatepost.user_id')
    returning id, uuid, user_id, title, description, completed, created_at, updated_at
)
select t.id, t.uuid, t.user_id, t.title, t.description, t.completed, t.created_at, t.updated_at,
       t.id is null and gatepost.task_is_foreign($1) as is_foreign
from (values (1)) as one
left join changed as t on true
