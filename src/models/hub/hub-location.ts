import { ConfigError } from '../../core/errors.ts';

/** One file in one repository of the Hugging Face hub; `revision` is a branch, tag or commit. */
export interface HubLocation {
  repository: string;
  file: string;
  revision?: string | undefined;
}

const NAME = /^(?!\.+$)[\w.-]{1,96}$/;
// Every segment becomes a folder or file in the cache, also on Windows.
const UNSAFE_SEGMENT = /^\.*$|[\u0000-\u001f\u007f\\:*?"<>|%]|[. ]$/;
const SPLIT_FILE = /-\d{5}-of-\d{5}\.gguf$/i;

/**
 * Reads `hf:owner/repo/path/file.gguf` or `hf:owner/repo@revision/path/file.gguf`.
 *
 * @throws ConfigError when the value has another form, or names one part of a split model.
 */
export function parseHubLocation(value: string): HubLocation {
  const [owner, repositoryAndRevision = '', ...path] = value.slice('hf:'.length).split('/');
  const [name, revision, ...more] = repositoryAndRevision.split('@');
  const names = revision === undefined ? [owner, name] : [owner, name, revision];
  const isNamed = more.length === 0 && names.every((part) => part !== undefined && NAME.test(part));
  const file = path.join('/');
  const isFile = /\.gguf$/i.test(file) && !path.some((segment) => UNSAFE_SEGMENT.test(segment));
  if (!isNamed || !isFile) {
    throw new ConfigError(
      'invalid-model',
      `"${value}" doesn't name a file on the hub: write hf:owner/repo/file.gguf or hf:owner/repo@revision/file.gguf.`,
    );
  }
  if (SPLIT_FILE.test(file)) {
    throw new ConfigError(
      'split-model',
      `"${value}" is one part of a split model, which wellbegun doesn't join: download all parts yourself, ` +
        'merge them with llama-gguf-split, and name the merged .gguf file.',
    );
  }
  return { repository: `${owner!}/${name!}`, file, revision };
}
