import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** What the small pack has nothing of its own for, it takes from here. */
const whole = 'policy/4.37'

/** The smallest policy that can be loaded, of a department whose clauses have numbers of another kind. */
const files = {
  'pack.json': {
    id: '12',
    title: 'Online Conduct',
    issued: '2024-01-15',
    effective: '2024-02-01',
    accreditation: [],
  },
  'clauses.json': [
    { number: '12.1', title: 'Who may do what', summary: 'The sheriff decides.' },
    { number: '12.2', title: 'What is not said', summary: 'No bananas.' },
  ],
  'glossary.json': { clause: '12.1', terms: [{ term: 'Page', meaning: 'A place online.' }] },
  'removals.json': [{ id: 'spam', title: 'Spam', covers: 'Advertising.', clause: '12.2' }],
  'escalations.json': [
    {
      id: 'danger',
      title: 'Danger',
      covers: 'Somebody is in danger.',
      to: ['sheriff'],
      otherwise: ['sheriff'],
      receiver: 'the sheriff',
      withinMinutes: 0,
      clause: '12.1',
    },
  ],
  'commenting.json': { notice: 'We read along.', clauses: ['12.2'] },
  'appeals.json': {
    ...JSON.parse(await readFile(`${whole}/appeals.json`, 'utf8')),
    clauses: ['12.2'],
    blocks: { longestDays: 5, reasons: [] },
  },
  'reports.json': {
    ...JSON.parse(await readFile(`${whole}/reports.json`, 'utf8')),
    clauses: ['12.2'],
    reasons: [{ id: 'spam', title: 'It is spam', means: 'Advertising.', removal: 'spam' }],
  },
  'incidents.json': { ...JSON.parse(await readFile(`${whole}/incidents.json`, 'utf8')), holding: null },
  'disclosures.json': [
    { id: 'who', title: 'whose page it is', clause: '12.1', variants: ['By {departmentName}.'] },
  ],
  'exemptions.json': {
    law: 'Rev. Code 1',
    exemptions: [{ letter: 'a', title: 'Secret by law', covers: 'Such records.' }],
  },
  'retention.json': [
    {
      id: 'posts',
      title: 'Posts',
      kinds: ['post'],
      others: true,
      keep: { years: 3, from: 'last-record', counted: 'day' },
      permission: false,
      basis: 'The county.',
    },
  ],
  'records-law.json': {
    ...JSON.parse(await readFile(`${whole}/records-law.json`, 'utf8')),
    responseBusinessDays: 7,
  },
  'suggestions.json': {
    categories: [],
    automaticReview: { withinHours: 12, days: 30 },
    languages: ['en'],
    officials: ['sheriff'],
    screening: { abbreviations: [], lists: {}, parts: {}, rules: [] },
  },
  'redaction.json': { categories: [], patterns: [] },
  'screening.json': {
    categories: [{ id: 'fruit', title: 'Fruit', clauses: ['12.2'] }],
    lists: { fruit: ['banana', 'bananas'] },
    parts: {},
    abbreviations: [],
    rules: [
      {
        id: 'no-fruit',
        category: 'fruit',
        severity: 'stop',
        reason: 'No fruit.',
        patterns: ['\\b{fruit}\\b'],
      },
    ],
  },
  'criticism.json': {
    targets: ['sheriff'],
    addresses: ['you'],
    judgements: ['resign'],
    phrases: ['shame on you'],
    private: { names: ['Denise'], kin: ['your mother'], abuse: ['personal-attack'] },
    questions: ['when does'],
  },
} satisfies Record<string, unknown>

type JsonFile = keyof typeof files
type Change<File extends JsonFile> = (content: (typeof files)[File]) => unknown

/** The words of the rules' schema are the same for all packs: what can be asked is the software's, the answers are the pack's. */
const schema = await readFile(`${whole}/schema.cedarschema`, 'utf8')

export const sheriffDecides = (
  text = '@because("Only the sheriff does that.") @wayForward("Ask the sheriff.")',
) => {
  const actions = [...schema.matchAll(/"([a-z]+\.[A-Za-z]+)"/g)].map(([, name]) => `Action::"${name}"`)
  return `@id("sheriff") @clauses("12.1") ${text}
permit (principal is Person, action in [${actions.join(', ')}], resource)
when { principal.roles.contains("sheriff") };`
}

/**
 * Writes the small pack into a folder of its own, with changes to its JSON files, or other text in place of a file;
 * null leaves the file out. The folder goes when the test ends.
 */
export async function smallPack(
  changes: { [File in JsonFile]?: Change<File> } = {},
  texts: Record<string, string | null> = {},
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-pack-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(whole, folder, { recursive: true })
  const contents: Record<string, string | null> = {
    'rules.cedar': sheriffDecides(),
    ...Object.fromEntries(
      Object.entries(files).map(([file, content]) => {
        const change = changes[file as JsonFile] as ((content: unknown) => unknown) | undefined
        return [file, JSON.stringify(change ? change(structuredClone(content)) : content)]
      }),
    ),
    ...texts,
  }
  for (const [file, text] of Object.entries(contents))
    await (text === null ? rm(path.join(folder, file)) : writeFile(path.join(folder, file), text))
  return folder
}
