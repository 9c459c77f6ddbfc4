-- What a production is proven against, and the certificates that were prepared for it.

create table production_checkpoint (
  production_id uuid primary key references production (id),
  tree_size bigint not null references checkpoint (tree_size)
);
comment on table production_checkpoint is 'The signed state of the log that a production''s proofs lead to.';

create table production_certificate (
  id uuid primary key,
  production_id uuid not null references production (id),
  custodian text not null check (btrim(custodian) <> ''),
  title text not null check (btrim(title) <> ''),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table production_certificate is 'Certificates that were prepared for somebody to sign: who, and the hash of the PDF.';
create index production_certificate_of on production_certificate (production_id, at);
comment on index production_certificate_of is 'The certificates of a production.';

revoke update, delete, truncate on production_checkpoint, production_certificate from plainview_app;
