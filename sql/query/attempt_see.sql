-- attempt_see: a task by its id, without saying whose; for a transaction that is rolled back
-- kind: read
-- $1 uuid   the task       columns: uuid uuid       rows: 0 or 1
select uuid from gatepost.task where uuid = $1
