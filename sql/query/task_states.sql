-- task_states: tasks of several users as they stand, each looked for as its owner
-- kind: read
-- $1 jsonb   pairs of user and number: [["user",1],["user",2]]
-- columns: the task       rows: one for each that is there
select id, uuid, user_id, title, description, completed, created_at, updated_at, version
from gatepost.tasks_as_they_stand($1::jsonb)
