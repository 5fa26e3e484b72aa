-- relay_begin: become the one notifier that moves changes, where there is none
-- kind: read
-- columns: elected bool, horizon int8 (null where there is none to wait for)       rows: 1
select elected, case when not is_alone then horizon::text::bigint end as horizon from gatepost.relay_begin()
