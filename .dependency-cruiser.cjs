// How modules may depend on each other (docs/ARCHITECTURE.md, "Modules"). Run by `npm test`.
const modules =
  'pages|posts|comments|suggestions|captures|requests|retention|imports|alerts|outreach|investigations|vetting|personnel|public-site|department|archive|policy'
const spines = 'policy|archive|platforms'
const tests = '\\.test\\.tsx?$|^test/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Two files that need each other are one thing, or one of them knows too much.',
      severity: 'error',
      from: { pathNot: tests },
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'through-the-public-file',
      comment:
        'A module is called through the file that is named after it, never reached into. Its limits may also be read by scripts in the browser.',
      severity: 'error',
      from: { path: `^src/(${modules})/`, pathNot: tests },
      to: {
        path: `^src/(${modules})/`,
        pathNot: ['^src/$1/', `^src/(${modules})/\\1\\.tsx?$`, '/limits\\.ts$'],
      },
    },
    {
      name: 'platforms-by-contract',
      comment:
        'Above src/platforms nobody knows a platform by its name. The public site is the face of the own page.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(platforms|public-site)/', tests] },
      to: { path: '^src/platforms/[^/]+/' },
    },
    {
      name: 'spines-stand-below',
      comment: 'Policy, archive and platforms serve the modules and know none of them.',
      severity: 'error',
      from: { path: `^src/(${spines})/`, pathNot: ['/screens/', tests] },
      to: {
        path: '^src/(pages|posts|comments|suggestions|captures|requests|retention|imports|public-site|department|web|demo)/',
      },
    },
    {
      name: 'storage-stands-lowest',
      severity: 'error',
      comment: 'Storage keeps rows, files and jobs, and knows nothing of what they mean.',
      from: { path: '^src/storage/', pathNot: tests },
      to: { path: '^src/', pathNot: '^src/storage/' },
    },
    {
      name: 'rules-without-screens',
      comment: 'What a module does never depends on how it is shown.',
      severity: 'error',
      from: { path: `^src/(${modules})/[^/]+$`, pathNot: tests },
      to: { path: '/screens/|^src/web/' },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      comment: 'What only tests need stays with the tests.',
      from: { path: '^src/', pathNot: tests },
      to: { path: tests },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\+types/' },
    tsConfig: { fileName: 'tsconfig.json' },
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
