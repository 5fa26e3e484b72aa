-- task_update: change what is given of one task of the caller, or tell whether it is somebody else's or has changed
-- kind: write
-- by: uuid id
-- $1   the task's {key}       $2 bigint[]   versions it may have, or null for any
-- $3 text   title, or null to keep       $4 boolean   whether a description is given
-- $5 text   description, or null for none       $6 boolean   completed, or null to keep
-- columns: the task (nulls when nothing was done), is_foreign bool, is_changed bool       rows: 1
with changed as (
    update gatepost.task
    set title = coalesce($3, title),
        description = case when $4 then $5 else description end,
        completed = coalesce($6, completed),
        updated_at = now()
    where {key} = $1 and user_id = current_setting('gatepost.user_id')
        and ($2::bigint[] is null or version = any ($2))
    returning id, uuid, user_id, title, description, completed, created_at, updated_at, version
)
select t.id, t.uuid, t.user_id, t.title, t.description, t.completed, t.created_at, t.updated_at, t.version,
       t.id is null and gatepost.task_is_foreign($1) as is_foreign,
       t.id is null and $2 is not null and exists (
           select from gatepost.task
           where {key} = $1 and user_id = current_setting('gatepost.user_id')) as is_changed
from (values (1)) as one
left join changed as t on true
