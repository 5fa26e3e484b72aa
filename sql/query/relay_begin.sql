-- relay_begin: become the one notifier that moves changes, where there is none
-- kind: read
-- columns: elected bool, horizon int8 (null where it is not elected)       rows: 1
select elected, horizon::text::bigint as horizon from gatepost.relay_begin()
