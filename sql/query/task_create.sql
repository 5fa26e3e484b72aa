-- task_create: a new task of the caller
-- kind: write
-- $1 text   title       $2 text   description, or null       $3 boolean   completed, or null for false
-- columns: the task       rows: 1
insert into gatepost.task (user_id, title, description, completed)
select current_setting('gatepost.user_id'), $1, $2, coalesce($3::boolean, false)
where current_setting('gatepost.user_id') <> '' -- an unknown session is nobody, and nobody has tasks
returning id, uuid, user_id, title, description, completed, created_at, updated_at, version
