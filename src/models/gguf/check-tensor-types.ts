import { GgufFault } from './gguf-fault.ts';
import type { GgufHeader, GgufTensor } from './gguf-header.ts';
import { TENSOR_TYPES } from './tensor-types.ts';

const F32 = 0;
/** Vectors and small tables that llama.cpp adds, multiplies elementwise or scans, which it does in F32 only. */
const F32_ONLY =
  /(_norm(_\d+)?\.weight|\.bias|\.scale|^rope_\w+\.weight|rope_\w+\.weight|ssm_(a|d)|ssm_conv1d\.weight)$/;
const MATRIX =
  /(^|\.)(token_embd|output|attn_(q|k|v|qkv|output|gate)|ffn_(gate|up|down|gate_up)(_exps|_shexp)?|ssm_(in|out|x|dt))\.weight$/;

/** Refuses element types with which llama.cpp has no operation, because it aborts when it meets one. @throws GgufFault */
export function checkTensorTypes({ tensors }: GgufHeader): void {
  for (const tensor of tensors) checkTensorType(tensor);
}

function checkTensorType({ name, type }: GgufTensor): void {
  const { name: typeName, multiplies } = TENSOR_TYPES.get(type)!;
  const refused = F32_ONLY.test(name) ? type !== F32 : MATRIX.test(name) && !multiplies;
  if (refused) throw new GgufFault('unsupported-gguf', `the tensor ${name} has the type ${typeName}`);
}
