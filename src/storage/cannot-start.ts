/** Why this process can't do its work, in a sentence for whoever started it: no stack trace is shown with it. */
export class CannotStart extends Error {
  override name = 'CannotStart'
}

/** The code of a system's or database's error, or ''. */
export const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '')
