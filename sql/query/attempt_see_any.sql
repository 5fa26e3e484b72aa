-- attempt_see_any: any task at all; for a transaction that is rolled back
-- kind: read
-- columns: uuid uuid       rows: 0 or 1
select uuid from gatepost.task limit 1
