-- signing_key_create: a new pair of keys to sign tokens with
-- kind: write
-- $1 text   key id       $2 text   public JWK       $3 text   private JWK, sealed
-- columns: id text       rows: 1
insert into jwks (id, "publicKey", "privateKey", "createdAt", alg, crv)
values ($1, $2, $3, date_trunc('milliseconds', now()), 'EdDSA', 'Ed25519')
returning id
