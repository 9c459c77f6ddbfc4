-- The department also answers in a platform's own app, where nobody asks Plainview first.

alter table comment add column official boolean not null default false;
comment on column comment.official is 'The department wrote it: here (answered_by says who), or with the page''s account on its platform. Only what visitors write is moderated.';
update comment set official = true where answered_by is not null;
alter table comment add check (official or answered_by is null);

create table comment_answer_approval (
  comment uuid not null references comment (id),
  version int not null,
  by uuid not null references person (id),
  at timestamptz not null,
  primary key (comment, version)
);
comment on table comment_answer_approval is 'Who approved, afterwards, an answer that was given on a platform; a changed one needs its own.';
create index comment_official_elsewhere on comment (posted_at, id) where official and answered_by is null and deleted_at is null;
comment on index comment_official_elsewhere is 'Answers given on platforms, among which Today looks for those that nobody approved.';
