-- attempt_make: a task of anybody, named by its maker; for a transaction that is rolled back
-- kind: write
-- $1 text   whose       columns: uuid uuid       rows: 1
insert into gatepost.task (user_id, title) values ($1, 'gatepost-doctor') returning uuid
