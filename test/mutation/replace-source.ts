// Imported before the tests of a mutant: one module has another source.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const { url, source } = JSON.parse(readFileSync(process.env['MUTANT']!, 'utf8')) as Record<'url' | 'source', string>;

registerHooks({
  load: (asked, context, next) =>
    asked === url ? { format: 'module-typescript', source, shortCircuit: true } : next(asked, context),
});
