-- user_password: the password that a user signs in with
-- kind: read
-- $1 text   user id
-- columns: password text (null without one)       rows: 0 or 1
select password from account
where "userId" = $1 and "providerId" = 'credential'
order by "createdAt" limit 1
