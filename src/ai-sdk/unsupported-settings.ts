import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider';
import { CapabilityError } from '../core/errors.ts';

/**
 * A warning for each setting of a call that has no effect here. Headers have none by the specification: they are for
 * providers behind HTTP.
 *
 * @throws CapabilityError where the call insists on a tool call
 */
export function unsupportedSettings(call: LanguageModelV4CallOptions): SharedV4Warning[] {
  const { frequencyPenalty, presencePenalty, reasoning = 'provider-default', responseFormat, tools, toolChoice } = call;
  if (toolChoice?.type === 'required' || toolChoice?.type === 'tool') {
    throw new CapabilityError('no-tools', `wellbegun calls no tools, and toolChoice is "${toolChoice.type}".`);
  }
  return [
    ...(frequencyPenalty ? [unsupported('frequencyPenalty', REPETITION)] : []),
    ...(presencePenalty ? [unsupported('presencePenalty', REPETITION)] : []),
    ...(tools?.length ? [unsupported('tools', 'The models are not shown them.')] : []),
    ...(responseFormat?.type === 'json' ? [unsupported('responseFormat', 'The response is not held to JSON.')] : []),
    ...(reasoning === 'provider-default' || reasoning === 'none' ? [] : [unsupported('reasoning')]),
  ];
}

const REPETITION = 'Use providerOptions.wellbegun.repetitionPenalty.';

function unsupported(feature: string, details?: string): SharedV4Warning {
  return { type: 'unsupported', feature, ...(details !== undefined && { details }) };
}
