-- caller_set: name the caller of this transaction, for the policies and the statements after it
-- kind: read
-- $1 text   id of the user
-- columns: user_id text       rows: 1
select set_config('gatepost.user_id', $1, true) as user_id
