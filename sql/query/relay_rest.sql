-- relay_rest: have whoever notes a change ring for the relay
-- kind: read
-- columns: horizon int8       rows: 1
select horizon::text::bigint as horizon from gatepost.relay_rest()
