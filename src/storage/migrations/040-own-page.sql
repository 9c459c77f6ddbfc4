-- The department's own pages: what is on them, kept in Plainview itself.

create table own_post (
  client_id text primary key,
  page uuid not null references page (id),
  text text not null,
  link text,
  -- [{blob, media_type, alt, width, height}] in order
  images jsonb not null,
  version int not null default 1,
  published_at timestamptz not null,
  edited_at timestamptz,
  deleted_at timestamptz
);
comment on table own_post is 'A post as visitors of the own page see it. A deleted one keeps its place and loses its words.';
create index own_post_by_page on own_post (page, published_at desc) where deleted_at is null;
comment on index own_post_by_page is 'A page, newest post first.';

create table own_profile (
  page uuid primary key references page (id),
  display_name text not null,
  description text not null
);
comment on table own_profile is 'The introduction and disclosures at the head of an own page.';
