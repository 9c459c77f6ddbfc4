-- An import that waits behind a long one is not put into the queue again and again.

alter table import add column swept_at timestamptz;
comment on column import.swept_at is 'When the sweeper last put it into the queue.';
