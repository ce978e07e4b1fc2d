/** The arrows between the rooms of src/, as docs/architecture.md draws them. */

const rooms = [
  'core',
  'settings',
  'storage',
  'recording',
  'engines',
  'prompts',
  'strategies',
  'models',
  'assembly',
  'batch',
  'benchmarks',
  'judges',
  'preferences',
  'sandbox',
  'statistics',
  'studies',
  'traces',
  'training',
  'server',
  'ai-sdk',
  'cli',
];

/** Which rooms each room may import, besides itself. */
const arrows = {
  core: [],
  // What can be set, and how each surface calls it: it knows no one who uses a setting.
  settings: ['core'],
  // The trial of builds and files remembers its outcome in the cache of models.
  engines: ['core', 'models'],
  prompts: ['core'],
  strategies: ['core', 'prompts'],
  // Files that last: locks, replacements in one step.
  storage: ['core'],
  recording: ['core', 'settings', 'storage'],
  models: ['core', 'storage'],
  // What a run depends on is the fingerprint of its recording.
  assembly: ['core', 'settings', 'engines', 'prompts', 'strategies', 'models', 'recording'],
  // These stand on opened models, and keep what those say in recordings.
  batch: ['core', 'settings', 'storage', 'recording', 'assembly', 'prompts'],
  sandbox: ['core'],
  // It receives a ready strategy: it knows no engine.
  server: ['core', 'settings'],
  statistics: ['core'],
  // Benchmarks are values; answers and judgments are graded here, whoever wrote them. Their files are fetched as models are.
  benchmarks: ['core', 'models', 'sandbox', 'statistics'],
  // They stand on a chat endpoint, keep what it says, and grade what benchmarks ask.
  judges: ['core', 'settings', 'storage', 'recording', 'engines', 'models', 'assembly', 'statistics', 'benchmarks'],
  // Pairs that a draft is trained with. What benchmarks ask is looked for in them.
  preferences: ['core', 'settings', 'storage', 'recording', 'benchmarks', 'statistics'],
  studies: [
    'core',
    'settings',
    'storage',
    'recording',
    'assembly',
    'batch',
    'benchmarks',
    'judges',
    'sandbox',
    'statistics',
    'strategies',
    // Prompts that strategies answer, for pairs.
    'preferences',
  ],
  // What is made of finished responses: their traces are read, checked and drawn.
  traces: ['core', 'assembly', 'strategies'],
  // Recipes, pairs and the Python that trains by them.
  training: ['core', 'settings', 'models', 'storage'],
  // The library, in the words of the Vercel AI SDK.
  'ai-sdk': ['core', 'settings', 'assembly'],
  cli: rooms,
};

const forbiddenArrows = Object.entries(arrows).map(([room, allowed]) => ({
  name: `${room}-imports-only-${allowed.join('-') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
}));

/** What strategies need of the core besides the kit: types of what is passed, rules for numbers and texts, and the paper. */
const usedByStrategies = [
  'assert-gives-logprobs',
  'beginning-of-text',
  'criteria/(assert-supported|constant-criteria|windowed-confidence)',
  'decode-event',
  'decoding-strategy',
  'draft-until-switch',
  'draft-writer',
  'ends-sentence',
  'errors',
  'first-stop',
  'language-model',
  'mean',
  'number-rules',
  'prompt-format',
  'reward-model',
  'setting-name',
  'token-budget',
  'weak-to-strong',
  'whole-answer',
];

module.exports = {
  forbidden: [
    ...forbiddenArrows,
    {
      name: 'core-is-pure',
      comment: 'The paper is written in plain TypeScript: no platform, no packages.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'] },
    },
    {
      name: 'strategies-stand-on-the-kit',
      comment:
        "Streams, clocks, seeds, records and the making of chunks are the kit's: a strategy only says who writes what.",
      severity: 'error',
      from: { path: '^src/strategies/', pathNot: '\\.test\\.ts$|^src/strategies/index\\.ts$' },
      to: { path: '^src/core/', pathNot: `^src/core/(kit/|(${usedByStrategies.join('|')})\\.ts$)` },
    },
    {
      name: 'benches-import-entry-points',
      comment:
        'Benches, scripts and training use the library as everybody does, or the entry of the room that they measure.',
      severity: 'error',
      from: { path: '^(bench|scripts|train)/' },
      to: { path: '^src/', pathNot: '/index\\.ts$' },
    },
    {
      name: 'rows-on-demand-has-one-entrance',
      comment: 'Whoever reads the engine need not know how logits are made apart from their pass.',
      severity: 'error',
      from: { path: '^(src|bench|scripts)/', pathNot: '/rows-on-demand/' },
      to: { path: '/rows-on-demand/', pathNot: '/rows-on-demand/index\\.ts$' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'sources-need-no-dev-dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      // Types of an optional peer: whoever uses the AI SDK has them, and nothing of them is left when it runs.
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/|node_modules/@ai-sdk/provider/' },
    },
    {
      name: 'optional-peers-are-types-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: 'node_modules/@ai-sdk/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/log-softmax/assembly/|(^|/)\\.venv/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
