-- relay_turn: tell all notifiers what has been noted
-- kind: read
-- $1 bigint   the first transaction that may not have been told yet       $2 boolean   whether the relay was asleep
-- columns: moved int8, oldest int8, floods bool (what was moved is not told, and there is more)       rows: 1
select moved, oldest::text::bigint as oldest, floods from gatepost.relay_turn($1::bigint::text::xid8, $2::boolean)
