-- relay_resync: have all notifiers tell their clients to read everything anew
-- kind: read
-- columns: told bool       rows: 1
select pg_notify('gatepost_change', 'resync') is not null as told
