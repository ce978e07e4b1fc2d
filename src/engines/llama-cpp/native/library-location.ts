import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CapabilityError, EngineError } from '../../../core/errors.ts';

/** The version whose struct layouts `structs.ts` describes. Its libllama calls itself v0.5.0. */
export const BINARY_VERSION = '3.22.1';

export type Backend = 'auto' | VariantBackend;
export type VariantBackend = 'cpu' | 'cuda' | 'vulkan' | 'metal';

export interface LibraryLocation {
  /** e.g. `linux-x64-cuda`. */
  readonly variant: string;
  readonly backend: VariantBackend;
  readonly directory: string;
  /** In loading order: each needs the ones before it. */
  readonly ggmlBase: string;
  readonly ggml: string;
  readonly llama: string;
  /** Of a build for GPUs: what ggml loads by itself, or leaves out in silence. */
  readonly gpuBackend?: string;
}

/** Prebuilt variants by platform, the best first; only the plain one comes with an install. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  'linux-x64': ['linux-x64-cuda', 'linux-x64-vulkan', 'linux-x64'],
  'linux-arm64': ['linux-arm64'],
  'darwin-arm64': ['mac-arm64-metal'],
  'darwin-x64': ['mac-x64'],
  'win32-x64': ['win-x64-cuda', 'win-x64-vulkan', 'win-x64'],
  'win32-arm64': ['win-arm64'],
};

/** Where this process looks. */
export interface Installation {
  /** e.g. `linux-x64`. */
  readonly platform: string;
  /** The `node_modules` folders, the nearest first. */
  readonly folders: readonly string[];
}

const HERE: Installation = {
  platform: `${process.platform}-${process.arch}`,
  folders: createRequire(import.meta.url).resolve.paths('@node-llama-cpp') ?? [],
};

/**
 * Finds the best prebuilt libllama among the installed `@node-llama-cpp/*` packages.
 *
 * @throws CapabilityError on a platform without one, EngineError when it is not installed or of another version
 */
export function locateLibrary(backend: Backend = 'auto', installation: Installation = HERE): LibraryLocation {
  const [{ variant, directory }] = installed(backend, installation);
  return describe(variant, directory);
}

/**
 * All that fit, the best first; each is looked at when it is reached.
 *
 * @throws what locateLibrary throws
 */
export function* locateLibraries(
  backend: Backend = 'auto',
  installation: Installation = HERE,
): Generator<LibraryLocation, void> {
  for (const { variant, directory } of installed(backend, installation)) yield describe(variant, directory);
}

interface Installed {
  readonly variant: string;
  readonly directory: string;
}

function installed(backend: Backend, { platform, folders }: Installation): [Installed, ...Installed[]] {
  const variants = candidates(backend, platform);
  const [first, ...others] = variants.flatMap((variant) => {
    const directory = packageDirectory(variant, folders);
    return directory === undefined ? [] : [{ variant, directory }];
  });
  if (first !== undefined) return [first, ...others];
  const wanted = variants.map((variant) => `@node-llama-cpp/${variant}@${BINARY_VERSION}`).join(' or ');
  throw new EngineError(
    'llama.cpp',
    'library-missing',
    `The llama.cpp library for ${platform} is not installed: run "npm install ${wanted}" (an install with --omit=optional leaves it out).`,
  );
}

/** Names of the variants that are installed here. */
export function installedVariants(): string[] {
  return (VARIANTS[HERE.platform] ?? []).filter((variant) => packageDirectory(variant, HERE.folders) !== undefined);
}

/** What `--backend` can name on this platform. */
export function offeredBackends(platform: string = HERE.platform): VariantBackend[] {
  return (VARIANTS[platform] ?? []).map(backendOf);
}

function candidates(backend: Backend, platform: string): readonly string[] {
  const all = VARIANTS[platform];
  if (!all) {
    const known = Object.keys(VARIANTS).join(', ');
    throw new CapabilityError(
      'unsupported-platform',
      `There is no prebuilt llama.cpp library for ${platform}, only for ${known}: use one of these machines.`,
    );
  }
  const fits = all.filter((variant) => backend === 'auto' || backendOf(variant) === backend);
  if (fits.length > 0) return fits;
  const offered = offeredBackends(platform).join(', ');
  throw new CapabilityError('unsupported-backend', `${platform} has no ${backend} backend: choose one of ${offered}.`);
}

function backendOf(variant: string): VariantBackend {
  return (['cuda', 'vulkan', 'metal'] as const).find((name) => variant.endsWith(name)) ?? 'cpu';
}

function packageDirectory(variant: string, folders: readonly string[]): string | undefined {
  return folders
    .map((folder) => join(folder, '@node-llama-cpp', variant))
    .find((path) => existsSync(join(path, 'package.json')));
}

function describe(variant: string, packagePath: string): LibraryLocation {
  const { version } = JSON.parse(readFileSync(join(packagePath, 'package.json'), 'utf8')) as { version: string };
  if (version !== BINARY_VERSION) {
    throw new EngineError(
      'llama.cpp',
      'library-version',
      `The installed @node-llama-cpp/${variant} is version ${version}, but this wellbegun knows only ${BINARY_VERSION}: run "npm install @node-llama-cpp/${variant}@${BINARY_VERSION}".`,
    );
  }
  const directory = join(packagePath, 'bins', variant);
  const files = readdirSync(directory);
  const find = (name: string) => {
    const pattern = new RegExp(`^(lib)?${name}(\\.[a-z]+)?(\\.v?[\\d.]+)?\\.(so|dylib|dll)$`);
    const file = files.find((candidate) => pattern.test(candidate));
    if (file !== undefined) return join(directory, file);
    throw new EngineError(
      'llama.cpp',
      'library-incomplete',
      `${directory} has no ${name} library: run "npm ci" again.`,
    );
  };
  const gpu = files.find((file) => /^(lib)?ggml-(cuda|vulkan|metal)\.(so|dylib|dll)$/.test(file));
  return {
    variant,
    backend: backendOf(variant),
    directory,
    ggmlBase: find('ggml-base'),
    ggml: find('ggml'),
    llama: find('llama'),
    ...(gpu !== undefined && { gpuBackend: join(directory, gpu) }),
  };
}
