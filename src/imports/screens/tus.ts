/** What every answer of the tus protocol carries. No answer may be kept: how far an upload is changes. */
export const tusHeaders = { 'Tus-Resumable': '1.0.0', 'Cache-Control': 'no-store' }
