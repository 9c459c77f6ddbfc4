-- The department answers in the comments under its own posts.

alter table comment add column answered_by uuid references person (id);
comment on column comment.answered_by is 'Who wrote it for the department; null for what visitors write, which alone is moderated.';
