import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openScriptedGateway } from '../test/fixtures/scripted-gateway.ts';

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

/** Metrics that a running gateway exports, as Prometheus names their series. */
async function exportedSeries(): Promise<Map<string, readonly string[]>> {
  const gateway = await openScriptedGateway();
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  await gateway.close();
  const types = [...text.matchAll(/^# TYPE (wellbegun_\w+) (\w+)$/gm)];
  return new Map(
    types.map(([, name = '', type]) => [
      name,
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    ]),
  );
}

test('the dashboard shows every metric of the gateway, and no other', async () => {
  const file = join(import.meta.dirname, 'grafana/dashboards/wellbegun.json');
  const { panels } = JSON.parse(await readFile(file, 'utf8')) as Dashboard;
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n');
  const shown = new Set([...expressions.matchAll(/\bwellbegun_\w+/g)].map(([name]) => name));
  const exported = await exportedSeries();
  const known = new Set([...exported.values()].flat());
  assert.deepEqual(
    [...shown].filter((series) => !known.has(series)),
    [],
  );
  const unseen = [...exported].filter(([, series]) => !series.some((name) => shown.has(name)));
  assert.deepEqual(
    unseen.map(([name]) => name),
    [],
  );
});
