import type { Channel } from '../store.ts'

/** How a request reached the department, as people call it. */
export const channels: Record<Channel, string> = {
  form: 'The form on this site',
  'in-person': 'In person',
  letter: 'Letter',
  email: 'E-mail',
  fax: 'Fax',
  telephone: 'Telephone',
}
