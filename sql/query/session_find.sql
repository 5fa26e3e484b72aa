-- session_find: a session by its token, its user, and the key pair that signs tokens now
-- kind: read
-- $1 text   raw session token       $2 boolean   whether the key pair is wanted
-- columns: user (id, name, email, emailVerified bool, image, createdAt, updatedAt timestamptz),
-- session (id, token, userId, ipAddress, userAgent, expiresAt, createdAt, updatedAt), now timestamptz,
-- key_id text, key_sealed text       rows: 0 or 1
select u.id, u.name, u.email, u."emailVerified", u.image, u."createdAt"::timestamptz, u."updatedAt"::timestamptz,
       s.id, s.token, s."userId", s."ipAddress", s."userAgent",
       s."expiresAt"::timestamptz, s."createdAt"::timestamptz, s."updatedAt"::timestamptz,
       now(), k.id, k."privateKey"
from session as s
join "user" as u on u.id = s."userId" and not gatepost.is_banned(to_jsonb(u))
left join lateral (
    select id, "privateKey" from jwks
    where $2::boolean and coalesce(alg, 'EdDSA') = 'EdDSA' and ("expiresAt" is null or "expiresAt" > now())
    order by "createdAt" desc, id limit 1) as k on true
where s.token = $1
