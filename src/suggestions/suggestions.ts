/** Hints about comments: what a moderator may want to look at, and because of which words. A person decides. */
export {
  openSuggester,
  type Passage,
  type Remark,
  type Suggester,
  type Suggestion,
  type Suggestions,
} from './suggester.ts'
