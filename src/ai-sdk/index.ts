/** A provider for the Vercel AI SDK (`ai`) that runs a pair inside this process. */
export { createWellbegun, type WellbegunProvider } from './create-wellbegun.ts';
export { wellbegunModel } from './wellbegun-model.ts';
export type { WellbegunModelOptions } from './model-options.ts';
export type { WellbegunProviderOptions } from './provider-options.ts';
export type { ResponseMetadata } from './response-metadata.ts';
