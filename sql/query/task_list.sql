-- task_list: the caller's tasks, newest first
-- kind: read
-- $1 bigint   most rows to return
-- columns: the task       rows: 0..$1
select id, uuid, user_id, title, description, completed, created_at, updated_at
from gatepost.task
where user_id = current_setting('gatepost.user_id')
order by created_at desc, id desc
limit $1
