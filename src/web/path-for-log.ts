/**
 * The path as it may stand in the log: without the query, and without the parts that let somebody in (links of
 * invitation and set-up, the code of a records request or an appeal). Ids are kept.
 */
export const pathForLog = (pathname: string): string =>
  pathname.replaceAll(/[^/]+/g, (part, at: number) =>
    secretAfter.some((prefix) => pathname.slice(0, at).endsWith(prefix)) ? '…' : part,
  )

const secretAfter = ['/set-up/', '/invitation/', '/records-requests/', '/comment-appeals/']
