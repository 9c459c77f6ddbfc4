-- What the program suggests about comments. Only places in the text are kept here, none of its words.

create table comment_look (
  comment uuid primary key references comment (id),
  -- The author's version that was looked at, and by which model and rules.
  version int not null,
  model text not null check (model <> ''),
  -- It may criticize officials.
  criticism boolean not null,
  -- ISO 639-1; null when it is too short to tell.
  language text,
  at timestamptz not null
);
comment on table comment_look is 'That a comment was looked at for suggestions: which version, and by which model.';

create table comment_suggestion (
  comment uuid not null references comment_look (comment) on delete cascade,
  category text not null,
  score real not null check (score between 0 and 1),
  -- Starts and ends of the words that weighed most, in UTF-16 units: start, end, start, end.
  places int[] not null,
  -- The pack's rule that found it; empty where only the model spoke.
  reason text not null default '',
  -- Not suggested after all, because the comment criticizes officials.
  withheld boolean not null,
  primary key (comment, category)
);
comment on table comment_suggestion is 'A hint for moderators at one category of a comment. A person decides.';
create index comment_suggestion_by_category on comment_suggestion (category, comment) where not withheld;
comment on index comment_suggestion_by_category is 'The queue, filtered by what is suggested.';
