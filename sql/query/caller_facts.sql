-- caller_facts: what rules of access ask about the holder of a session, who is this transaction's caller
-- kind: read
-- $1 text   raw session token       $2 text   names of the wanted columns of the user's row, a list in JSON
-- columns: expires_at timestamptz, claims text (an object in JSON; both null for another caller's session)       rows: 1
select expires_at, claims::text as claims
from gatepost.caller_facts($1, $2::jsonb)
