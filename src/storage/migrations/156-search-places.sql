-- One place of the log is enough: what a person has run counts as looked at.

alter table saved_search drop column seen_to;
comment on column saved_search.checked_to is 'Records before this place of the log were counted, or were there when the person last ran the search.';
