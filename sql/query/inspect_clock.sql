-- inspect_clock: what time it is for the database
-- kind: read
-- columns: now_ms bigint (since the epoch)       rows: 1
select (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms
