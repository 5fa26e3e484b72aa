-- task_list: the caller's tasks, newest first
-- kind: read
-- $1 boolean   only those completed, or only those not; null for all
-- $2 bigint   most rows to return       $3 bigint   rows to leave out before
-- columns: the task       rows: 0..$2
select id, uuid, user_id, title, description, completed, created_at, updated_at, version
from gatepost.task
where user_id = current_setting('gatepost.user_id')
    and ($1::boolean is null or completed = $1)
order by created_at desc, id desc
limit $2 offset $3
