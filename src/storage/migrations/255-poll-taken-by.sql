-- A process that lost the reading of a page to another must not bring in what it read before.

alter table comment_poll add column taken_by uuid;
comment on column comment_poll.taken_by is 'Which reading it is: one that lost the page to another writes nothing any more.';
