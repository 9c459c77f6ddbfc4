alter table production add column formats text[] not null default '{}';
comment on column production.formats is 'The formats that are made beside the bag''s own, by the names of their folders in it.';
