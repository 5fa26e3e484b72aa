-- Better Auth's tables as drizzle-kit writes them for the schema of a Drizzle application: columns in
-- snake_case, times without zone, some defaults in the application only. With the admin plugin's columns.
create table "user" (
	"id" text primary key not null,
	"name" text not null,
	"email" text not null,
	"email_verified" boolean default false not null,
	"image" text,
	"created_at" timestamp default now() not null,
	"updated_at" timestamp default now() not null,
	"role" text,
	"banned" boolean default false,
	"ban_reason" text,
	"ban_expires" timestamp,
	constraint "user_email_unique" unique ("email")
);
create table "session" (
	"id" text primary key not null,
	"expires_at" timestamp not null,
	"token" text not null,
	"created_at" timestamp default now() not null,
	"updated_at" timestamp not null,
	"ip_address" text,
	"user_agent" text,
	"user_id" text not null,
	"impersonated_by" text,
	constraint "session_token_unique" unique ("token")
);
create table "account" (
	"id" text primary key not null,
	"account_id" text not null,
	"provider_id" text not null,
	"user_id" text not null,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp,
	"refresh_token_expires_at" timestamp,
	"scope" text,
	"password" text,
	"created_at" timestamp default now() not null,
	"updated_at" timestamp not null
);
create table "verification" (
	"id" text primary key not null,
	"identifier" text not null,
	"value" text not null,
	"expires_at" timestamp not null,
	"created_at" timestamp default now() not null,
	"updated_at" timestamp default now() not null
);
create table "jwks" (
	"id" text primary key not null,
	"public_key" text not null,
	"private_key" text not null,
	"created_at" timestamp not null,
	"expires_at" timestamp,
	"alg" text,
	"crv" text
);
alter table "account" add constraint "account_user_id_user_id_fk" foreign key ("user_id") references "public"."user" ("id") on delete cascade;
alter table "session" add constraint "session_user_id_user_id_fk" foreign key ("user_id") references "public"."user" ("id") on delete cascade;
create index "account_userId_idx" on "account" using btree ("user_id");
create index "session_userId_idx" on "session" using btree ("user_id");
create index "verification_identifier_idx" on "verification" using btree ("identifier");
