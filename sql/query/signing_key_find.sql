-- signing_key_find: the key pair that signs tokens now
-- kind: read
-- columns: id text, key_sealed text       rows: 0 or 1
select id, "privateKey" from jwks
where coalesce(alg, 'EdDSA') = 'EdDSA' and ("expiresAt" is null or "expiresAt" > now())
order by "createdAt" desc, id limit 1
