-- verification_keys: the public keys in Better Auth's table that are alive
-- kind: read
-- columns: key_id text, public_key text (a JWK), alg text, dies_at timestamptz (null: never)       rows: few
select key_id, public_key, alg, dies_at from gatepost.verification_keys()
