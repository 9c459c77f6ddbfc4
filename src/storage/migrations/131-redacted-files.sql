create table redacted_file (
  source text not null check (source ~ '^[0-9a-f]{64}$'),
  -- Digest of what was taken out of it.
  marks text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  media_type text not null,
  primary key (source, marks)
);
comment on table redacted_file is 'Images and videos made anew without their marked areas, so that none is made twice.';
