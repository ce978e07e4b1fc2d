import { InvalidArgumentError, Option } from 'commander';
import { DEFAULT_LIMITS } from '../../server/gateway-options.ts';
import type { CommandValues } from '../commands/command-values.ts';
import type { ConfigFile } from './config-file.ts';
import { oneOf, whole, withDefaults } from './shared-options.ts';

/** What commander makes of `serveOptions`, `modelOptions` and `decodingOptions`. */
export interface ServeValues extends CommandValues {
  readonly host: string;
  readonly port: number;
  readonly parallel: number;
  readonly queue: number;
  readonly maxBody: number;
  readonly drainSeconds: number;
  readonly keepAliveSeconds: number;
  readonly stallSeconds: number;
  readonly apiKeys?: string;
  readonly requestsPerMinute?: number;
  readonly concurrentRequests?: number;
  readonly corsOrigin?: readonly string[];
  readonly logPrompts: 'on' | 'off';
  readonly debug?: boolean;
}

/** Options of the gateway itself. */
export function serveOptions(config: ConfigFile): Option[] {
  return [...placeOptions(config), ...limitOptions(config)];
}

function placeOptions(config: ConfigFile): Option[] {
  return withDefaults('Gateway:', config, [
    new Option('--host <address>', 'address to listen on; 0.0.0.0 is every one of the machine').default('127.0.0.1'),
    whole('--port <n>', 'port to listen on; 0 is any free one', 0, 65_535).default(8000),
    new Option(
      '--cors-origin <origin>',
      'web pages that may ask, such as https://example.org; may be given several times',
    ).argParser(origins()),
    oneOf('--log-prompts <state>', 'write prompts to the log', ['on', 'off']).default('off'),
    whole('--drain-seconds <n>', 'how long requests under way may take when the gateway is stopped', 0).default(
      DEFAULT_LIMITS.drainMs / 1000,
    ),
    whole('--keep-alive-seconds <n>', 'a silent stream gets a comment after so long', 1).default(
      DEFAULT_LIMITS.keepAliveMs / 1000,
    ),
    whole('--stall-seconds <n>', 'a stream that its client has stopped reading is ended after so long', 1).default(
      DEFAULT_LIMITS.stallMs / 1000,
    ),
  ]);
}

function limitOptions(config: ConfigFile): Option[] {
  return withDefaults('Limits:', config, [
    whole('--parallel <n>', 'responses that a pair decodes at the same time; they share its context', 1).default(4),
    whole('--queue <n>', 'requests to a pair that may wait; more are refused', 0).default(DEFAULT_LIMITS.waiting),
    whole('--max-body <bytes>', 'longest request', 1).default(DEFAULT_LIMITS.bodyBytes),
    new Option('--api-keys <file>', 'keys that may ask, as JSON; see docs/serving.md'),
    whole('--requests-per-minute <n>', 'of each key (default: no limit)', 1),
    whole('--concurrent-requests <n>', 'of each key, at the same time (default: no limit)', 1),
  ]);
}

/** Each time the option is given adds to the list. */
function origins() {
  const given: string[] = [];
  return (text: string): string[] => {
    if (!URL.canParse(text) || new URL(text).origin !== text) {
      throw new InvalidArgumentError(
        `--cors-origin must be an origin such as https://example.org, not ${JSON.stringify(text)}.`,
      );
    }
    given.push(text);
    return given;
  };
}
