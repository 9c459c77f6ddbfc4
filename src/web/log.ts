import pino, { type Logger } from 'pino'

/**
 * The installation's log: JSON lines appended to `file`. Nothing of what people typed belongs into it, so of an error
 * it keeps what it is, where, and its code: a database's details quote values.
 */
export function openLog(file: string, level: string): Logger {
  const destination = pino.destination({ dest: file, mode: 0o600 })
  // On a full disk lines are lost; the process is not.
  destination.on('error', () => {})
  return pino({ level, serializers: { err: withoutValues } }, destination)
}

function withoutValues(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, message, stack = '', cause, code } = error as Error & { code?: unknown }
  return {
    type: name,
    message: unquoted(message),
    ...(code === undefined ? {} : { code }),
    // Its first line repeats the message.
    stack: stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(cause === undefined ? {} : { cause: withoutValues(cause) }),
  }
}

/** PostgreSQL and parsers quote the value they could not take: `invalid input syntax for type date: "…"`. */
const unquoted = (message: string) => message.replaceAll(/(: )?"[^"]*"/g, '$1"…"').slice(0, 500)
