-- 001_better_auth: the tables of Better Auth 1.7, where they do not exist
--
-- A real Better Auth may own these tables; an existing one is left exactly as it is, and so is a schema
-- in which none is missing: not even the right to make tables there is needed. Names of constraints and
-- indexes are those of its own migration, so that it starts on what we made. Runs each time, because a
-- tool of the application may have dropped a table that it does not know.
do $$
begin
    if to_regclass('public."user"') is null then
        create table public."user" (
            id text not null,
            name text not null,
            email text not null,
            "emailVerified" boolean not null,
            image text,
            "createdAt" timestamptz not null default current_timestamp,
            "updatedAt" timestamptz not null default current_timestamp,
            constraint user_pkey primary key (id),
            constraint user_email_key unique (email)
        );
    end if;

    -- An index belongs to the table made here: on somebody else's table it would be an alteration.
    if to_regclass('public.session') is null then
        create table public.session (
            id text not null,
            "expiresAt" timestamptz not null,
            token text not null,
            "createdAt" timestamptz not null default current_timestamp,
            "updatedAt" timestamptz not null,
            "ipAddress" text,
            "userAgent" text,
            "userId" text not null,
            constraint session_pkey primary key (id),
            constraint session_token_key unique (token),
            constraint "session_userId_fkey" foreign key ("userId") references public."user" (id) on delete cascade
        );
        create index "session_userId_idx" on public.session ("userId");
    end if;

    if to_regclass('public.account') is null then
        create table public.account (
            id text not null,
            "accountId" text not null,
            "providerId" text not null,
            "userId" text not null,
            "accessToken" text,
            "refreshToken" text,
            "idToken" text,
            "accessTokenExpiresAt" timestamptz,
            "refreshTokenExpiresAt" timestamptz,
            scope text,
            password text,
            "createdAt" timestamptz not null default current_timestamp,
            "updatedAt" timestamptz not null,
            constraint account_pkey primary key (id),
            constraint "account_userId_fkey" foreign key ("userId") references public."user" (id) on delete cascade
        );
        create index "account_userId_idx" on public.account ("userId");
    end if;

    if to_regclass('public.verification') is null then
        create table public.verification (
            id text not null,
            identifier text not null,
            value text not null,
            "expiresAt" timestamptz not null,
            "createdAt" timestamptz not null default current_timestamp,
            "updatedAt" timestamptz not null default current_timestamp,
            constraint verification_pkey primary key (id)
        );
        create index verification_identifier_idx on public.verification (identifier);
    end if;

    if to_regclass('public.jwks') is null then
        create table public.jwks (
            id text not null,
            "publicKey" text not null,
            "privateKey" text not null,
            "createdAt" timestamptz not null,
            "expiresAt" timestamptz,
            alg text,
            crv text,
            constraint jwks_pkey primary key (id)
        );
    end if;

    if to_regclass('public."rateLimit"') is null then
        create table public."rateLimit" (
            id text not null,
            key text not null,
            count integer not null,
            "lastRequest" bigint not null,
            constraint "rateLimit_pkey" primary key (id),
            constraint "rateLimit_key_key" unique (key)
        );
    end if;
end
$$;
