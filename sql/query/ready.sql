-- ready: the database answers and the migrations have been applied
-- kind: read
-- columns: ready bool       rows: 1
select to_regclass('gatepost.task') is not null as ready
