-- The department, its people, and how they sign in.

create table department (
  singleton boolean primary key default true check (singleton),
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
  joined_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
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

-- What the sign-in library keeps; its columns are its own, in our spelling.

create table sign_in_session (
  id uuid primary key,
  token text not null unique,
  user_id uuid not null references person (id),
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
comment on table sign_in_session is 'Who is signed in, and until when; half an hour without use ends it.';

create table sign_in_account (
  id uuid primary key,
  account_id text not null,
  provider_id text not null,
  user_id uuid not null references person (id),
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
comment on table sign_in_account is 'Passwords, hashed.';

create table sign_in_verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table sign_in_verification is 'Sign-ins that wait for their second step.';
create index sign_in_verification_by_identifier on sign_in_verification (identifier);
comment on index sign_in_verification_by_identifier is 'The second step finds its first.';

create table sign_in_two_factor (
  id uuid primary key,
  secret text not null,
  backup_codes text not null,
  user_id uuid not null references person (id),
  verified boolean default true,
  failed_verification_count int default 0,
  locked_until timestamptz
);
comment on table sign_in_two_factor is 'The secrets of code apps, encrypted.';

create table sign_in_passkey (
  id uuid primary key,
  name text,
  public_key text not null,
  user_id uuid not null references person (id),
  credential_id text not null unique,
  counter bigint not null,
  device_type text not null,
  backed_up boolean not null,
  transports text,
  created_at timestamptz,
  aaguid text
);
comment on table sign_in_passkey is 'Passkeys: public keys of the devices people sign in with.';
