-- attempt_remove: remove a task by its id, without saying whose; for a transaction that is rolled back
-- kind: write
-- $1 uuid   the task       columns: uuid uuid       rows: 0 or 1
delete from gatepost.task where uuid = $1 returning uuid
