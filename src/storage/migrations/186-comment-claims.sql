-- Who looks at which comment just now.

create table comment_claim (
  comment uuid primary key references comment (id),
  person uuid not null references person (id),
  until timestamptz not null
);
comment on table comment_claim is 'Somebody is looking at a comment. It ends by itself, keeps nobody from deciding, and is no record.';
create unique index comment_claim_by_person on comment_claim (person);
comment on index comment_claim_by_person is 'A person looks at one comment at a time.';
