-- ready: the database answers and the migrations have been applied
-- kind: read
-- columns: ready bool       rows: 1
-- What the last migration that this program needs has made; the others came before it.
select to_regprocedure('gatepost.task_is_foreign(bigint)') is not null as ready
