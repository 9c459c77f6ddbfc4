import type { Role } from '../department/department.ts'

export type PersonKey =
  | 'chief'
  | 'lieutenant'
  | 'pio'
  | 'traffic'
  | 'community'
  | 'detective'
  | 'clerk'
  | 'dispatcher'
  | 'records'
  | 'systems'

export interface DemoPerson {
  key: PersonKey
  name: string
  title: string
  email: string
  roles: readonly Role[]
}

/** One password for everybody: this is a demonstration, on a machine of one's own. */
export const demoPassword = 'wexford falls demonstration'

export const department = {
  name: 'Wexford Falls Police Department',
  town: 'Wexford Falls',
  timeZone: 'America/New_York',
  website: 'https://police.wexfordfalls.example',
  contactPhone: '508-555-0142',
  contactEmail: 'police@wexfordfalls.example',
  contactAddress: '12 Common Street, Wexford Falls, MA 01599',
}

const person = (key: PersonKey, name: string, title: string, ...roles: Role[]): DemoPerson => ({
  key,
  name,
  title,
  email: `${name
    .toLowerCase()
    .replace(/[^a-z ]/g, '')
    .replace(' ', '.')}@wexfordfalls.example`,
  roles: [...roles, 'member'],
})

/** The department's people; the chief is first, because everybody else is invited. */
export const people: readonly DemoPerson[] = [
  person('chief', 'Elena Rivera', 'Chief of Police', 'chief-executive'),
  person('lieutenant', 'Kwame Osei', 'Lieutenant, Operations', 'supervisor', 'moderator'),
  person('pio', 'Nora Whitcombe', 'Sergeant, Public Information Officer', 'pio', 'author'),
  person('traffic', 'Luis Ferreira', 'Officer, Traffic Unit', 'author'),
  person('community', 'Hannah Brandt', 'Officer, Community Policing', 'author'),
  person('detective', 'Paul Kaczmarek', 'Detective Sergeant', 'author', 'investigator'),
  person('clerk', 'Joan Sullivan', 'Administrative Assistant', 'moderator'),
  person('dispatcher', 'Theo Marchetti', 'Senior Dispatcher', 'moderator'),
  person('records', 'Priya Raman', 'Records Access Officer', 'records-access-officer'),
  person('systems', 'Marcus Bell', 'Information Services', 'information-services'),
]

export const visitorFirstNames =
  'Karen Mike Denise Tom Priscilla Joey Marisol Dave Ellen Rashid Beth Anthony Colleen Wei Gary Fatima Doug Lucia Brendan Sheila Omar Patty Kevin Thuy Maureen Steve Ana Walter Nicole Hector Jill Ray Deborah Tyler Grace Manny Cheryl Owen Linda Samir Megan Frank Rosa Pete Yolanda Craig Alicia Vince Heather Ben Mai Donna Curtis Erin Luis Barbara Sean Tanya Art Monique'.split(
    ' ',
  )

export const visitorLastNames =
  'Doyle Santos Pelletier Nguyen Kowalski Brennan Oliveira Haddad Fitzgerald Greene Lombardi Chen Tavares Murphy Okafor Lindqvist Ramirez Sheehan Boucher Patel Gallagher Costa Whitman Russo Delaney Kim Fontaine Archer Medeiros Callahan Novak Pinto Hayes Beaulieu Ortiz Farley Singh Cormier Walsh Duarte Baker Lavoie Rossi Tran Keane Moore Silva Hutchins Abbott Mendes Foley Grant Leblanc Reyes Sawyer Cabral Dunn Thibault Price Amaral'.split(
    ' ',
  )

/** What people who don't give their name call themselves. */
export const visitorHandles = [
  'Mill Street Mom',
  'Old Post Road resident',
  'Falls_Native_81',
  'Concerned on Ashby Hill',
  'dogwalker01599',
  'Hollow Pond neighbor',
  'Coach B',
  'Retired teacher',
  'Tannery Row tenant',
  'WFHS parent',
  'night shift nurse',
  'Proud Wexford grandma',
  'J.T.',
  'bikes2work',
  'Anonymous taxpayer',
  'The Bagel Guy',
  'Elm Street abutter',
  'town meeting regular',
  'Lifelong Falls resident',
  'commuter from Grafton Corner',
]
