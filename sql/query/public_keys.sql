-- public_keys: the public halves of all keys that tokens may still be signed with, as they are published
-- kind: read
-- columns: id text, public_key text (a JWK), alg text, crv text       rows: few
select id, "publicKey", alg, crv from jwks
where "expiresAt" is null or "expiresAt" + interval '30 days' > now()
order by "createdAt", id
