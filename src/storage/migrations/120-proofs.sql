-- What others say of the log: timestamps and cosignatures; and the keys that the log has had.

create table log_key (
  verifier text primary key,
  -- The key signs checkpoints of more records than this.
  after_size bigint not null unique check (after_size >= 0),
  -- The signed note by which it took over; the first key has none.
  rotation text,
  since timestamptz not null,
  check ((rotation is null) = (after_size = 0))
);
comment on table log_key is 'The public keys that have signed the log, one after the other. The private ones are files.';

create table timestamp_authority (
  id uuid primary key,
  url text not null check (url ~ '^https?://'),
  -- Certificates in PEM that its own has to lead to; empty: its word is kept, and named as unchecked.
  ca text not null default '',
  every_hours int not null check (every_hours between 1 and 8760),
  added_at timestamptz not null,
  ended_at timestamptz
);
comment on table timestamp_authority is 'Services that confirm the time of checkpoints (RFC 3161), as long as they are not ended.';
create unique index timestamp_authority_once on timestamp_authority (url) where ended_at is null;
comment on index timestamp_authority_once is 'No service is asked twice.';

create table log_witness (
  id uuid primary key,
  url text not null check (url ~ '^https?://'),
  verifier text not null,
  added_at timestamptz not null,
  ended_at timestamptz
);
comment on table log_witness is 'Those outside who watch that the log only grows (C2SP tlog-witness), as long as they are not ended.';
create unique index log_witness_once on log_witness (verifier) where ended_at is null;
comment on index log_witness_once is 'No witness is asked twice.';

create table checkpoint_timestamp (
  id uuid primary key,
  tree_size bigint not null references checkpoint (tree_size),
  authority uuid not null references timestamp_authority (id),
  -- The TimeStampToken as it came, in DER. Its imprint is the SHA-256 of the checkpoint's note.
  token bytea not null,
  said_at timestamptz not null,
  -- Who signed it, and whether that led to the certificates that were configured.
  signer text not null,
  trusted boolean not null,
  unique (tree_size, authority)
);
comment on table checkpoint_timestamp is 'Times at which an authority saw a checkpoint.';
create index checkpoint_timestamp_of_authority on checkpoint_timestamp (authority, tree_size desc);
comment on index checkpoint_timestamp_of_authority is 'The newest checkpoint that an authority confirmed.';

create table cosignature (
  tree_size bigint not null references checkpoint (tree_size),
  witness uuid not null references log_witness (id),
  -- The signature line as it stands under the checkpoint.
  line text not null,
  said_at timestamptz not null,
  primary key (tree_size, witness)
);
comment on table cosignature is 'Checkpoints that a witness found to be a continuation of what it had seen.';
create index cosignature_of_witness on cosignature (witness, tree_size desc);
comment on index cosignature_of_witness is 'The newest checkpoint that a witness signed.';

create table proof_trouble (
  -- The authority or witness.
  source uuid primary key,
  since timestamptz not null,
  last_at timestamptz not null,
  problem text not null
);
comment on table proof_trouble is 'Authorities and witnesses that fail now. A success takes the row away.';

revoke update, delete, truncate on log_key, checkpoint_timestamp, cosignature from plainview_app;
revoke delete, truncate on timestamp_authority, log_witness from plainview_app;
