-- The machine's own operator captures pages on the command line, where nobody is signed in.

alter table capture alter column asked_by drop not null;
comment on column capture.asked_by is 'Who asked for it last; null for the operator on the command line.';
create index capture_of_the_machine on capture (asked_at) where asked_by is null and begun_at is null and failed_at is null;
comment on index capture_of_the_machine is 'What the command line asked for and nobody has begun: the command line puts nothing into the queue.';
