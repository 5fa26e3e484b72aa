-- inspect_migrations: the last migration applied; only for the role that owns the table
-- kind: read
-- columns: number integer       rows: 1
select coalesce(max(number), 0) as number from gatepost.migration
