-- bootstrap: where the migrations that have been applied are written down; runs before them, each time
create schema if not exists gatepost;
create table if not exists gatepost.migration (
    number integer not null,
    name text not null,
    applied_at timestamptz not null default now(),
    constraint migration_pkey primary key (number)
);
