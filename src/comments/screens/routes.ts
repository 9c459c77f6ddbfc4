import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('comments', 'queue.tsx'),
  route('comments/attention', 'attention.ts'),
  route('comments/:id', 'comment.tsx'),
  route('comments/:id/decision', 'decision.ts'),
  route('comments/:id/pictures/:number', 'picture.ts'),
  route('comments/:id/keeping', 'keeping.tsx'),
  route('comments/:id/removal', 'removal.tsx'),
  route('comments/:id/restoration', 'restoration.tsx'),
  route('comments/:id/reopening', 'reopening.tsx'),
  route('comments/:id/question', 'question.tsx'),
  route('comments/:id/question/withdrawal', 'question-withdrawal.tsx'),
  route('comments/:id/advice', 'advice.tsx'),
  route('comments/:id/escalation', 'new-escalation.tsx'),
  route('escalations', 'escalations.tsx'),
  route('escalations/:id', 'escalation.tsx'),
  route('escalations/:id/acknowledgement', 'escalation-acknowledgement.tsx'),
  route('escalations/:id/withdrawal', 'escalation-withdrawal.tsx'),
  route('escalations/:id/closure', 'escalation-closure.tsx'),
  route('automatic-hiding', 'automatic-hiding.tsx'),
  route('automatic-hiding/:category', 'automatic-category.tsx'),
  route('automatic-hiding/:category/end', 'automatic-end.ts'),
  route('automatic-hiding/reviews/:decision', 'automatic-review.ts'),
  route('comments/:id/author', 'author.tsx'),
  route('comments/:id/block', 'block-proposal.tsx'),
  route('blocks', 'blocks.tsx'),
  route('blocks/:id', 'block.tsx'),
  route('blocks/:id/agreement', 'block-agreement.tsx'),
  route('blocks/:id/refusal', 'block-refusal.tsx'),
  route('blocks/:id/end', 'block-end.tsx'),
  route('appeals', 'appeals.tsx'),
  route('appeals/:id', 'appeal.tsx'),
  route('appeals/:id/decision', 'appeal-decision.tsx'),
]

export const publicRoutes: RouteConfigEntry[] = [
  route('comment-appeals', 'public-appeals.tsx'),
  route('comment-appeals/new', 'public-appeal-by-address.tsx'),
  route('comment-appeals/:code', 'public-appeal.tsx'),
]
