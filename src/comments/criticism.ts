import type { Installation } from '../installation.ts'

/**
 * Whether a comment is protected as criticism of officials, so that hiding it takes two: the pack's words say so, or
 * the model that suggestions come from finds it more likely than not (policy IV.A.2.iv.1).
 */
export const isProtectedCriticism = (
  { policy, suggester }: Pick<Installation, 'policy' | 'suggester'>,
  text: string,
): boolean => policy.protectedCriticism(text) || suggester.suggestionsFor({ text }).likelyCriticism
