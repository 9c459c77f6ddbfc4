-- The department, its people, and how they sign in.

create table department (
  only boolean primary key default true check (only),
  name text not null check (name <> ''),
  town text not null,
  time_zone text not null,
  website text not null,
  contact_phone text not null default '',
  contact_email text not null default '',
  contact_address text not null default '',
  seal_blob text check (seal_blob ~ '^[0-9a-f]{64}$'),
  set_up_at timestamptz not null
);
comment on table department is 'The one department that this database belongs to.';

create table person (
  id uuid primary key,
  name text not null check (name <> ''),
  email text not null unique check (email = lower(email) and email like '%_@_%'),
  title text not null default '',
  roles text[] not null default '{}',
  -- Set for installations whose designees have no dates; an appointment in force counts as well.
  designee boolean not null default false,
  ended_at timestamptz,
  failures int not null default 0,
  locked_until timestamptz,
  email_verified boolean not null default true,
  image text,
  two_factor_enabled boolean default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table person is 'Who works with Plainview. Nobody is removed: records name them.';

create table designee_appointment (
  id uuid primary key,
  person uuid not null references person (id),
  from_day date not null,
  to_day date not null check (to_day >= from_day),
  appointed_by uuid not null references person (id),
  appointed_at timestamptz not null,
  ended_at timestamptz
);
comment on table designee_appointment is 'From when to when somebody decides for the chief executive.';

create table set_up_link (
  digest text primary key,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
comment on table set_up_link is 'The one-time links of the first run, by a keyed digest.';

create table invitation (
  id uuid primary key,
  email text not null check (email = lower(email)),
  name text not null check (name <> ''),
  title text not null default '',
  roles text[] not null,
  digest text not null unique,
  invited_by uuid references person (id),
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  withdrawn_at timestamptz
);
comment on table invitation is 'Links by which people join. Only a keyed digest of the link is kept.';
create unique index invitation_open on invitation (email) where used_at is null and withdrawn_at is null;
comment on index invitation_open is 'One open invitation an address.';
