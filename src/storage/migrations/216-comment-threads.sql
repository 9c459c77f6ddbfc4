-- Long conversations are read a page of threads at a time.

create index comment_threads on comment (publication, posted_at, id) where thread = id;
comment on index comment_threads is 'The first comments of the threads under a post, by time.';
