-- Uploads that come in pieces and may be continued: after a broken line, a restart, or on another day.

create table import_upload (
  -- The id that the import will have; its folder has this name already.
  id uuid primary key,
  page uuid not null references page (id),
  -- Who began it, as the policy saw them. Whoever may import may continue it.
  begun_by jsonb not null,
  begun_at timestamptz not null,
  file_name text not null check (file_name <> ''),
  bytes bigint not null check (bytes > 0),
  -- When the file was last changed on the sender's machine, by which the same file is known again; null when not told.
  modified timestamptz,
  -- So much of it is on the disk for sure; what lies behind it in the file came with a piece that was not finished.
  received bigint not null default 0 check (received between 0 and bytes),
  received_at timestamptz not null,
  -- A request is writing a piece, until then.
  taken_by uuid,
  taken_until timestamptz
);
comment on table import_upload is 'A file on its way to an import: how much of it has arrived. The row goes when the import begins or the upload is given up.';
create index import_upload_by_time on import_upload (received_at);
comment on index import_upload_by_time is 'What nobody has gone on with for long, for the job that takes it away.';
