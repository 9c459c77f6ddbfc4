-- In a storm of comments, what may hurt somebody is read first.

alter table comment add column harm int not null default 0 check (harm >= 0);
comment on column comment.harm is 'How soon a moderator should look, from what is suggested about its newest version (src/comments/harm.ts); an order for reading, never a verdict.';
create index comment_waiting_by_harm on comment ((-harm), posted_at, id) where decided_at is null and deleted_at is null;
comment on index comment_waiting_by_harm is 'The moderators'' queue, the most harmful first.';
