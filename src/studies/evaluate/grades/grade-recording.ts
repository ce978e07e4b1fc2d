import { z } from 'zod';
import type { Grades } from '../../../benchmarks/benchmark.ts';
import { type Failure, isFailure } from '../../../recording/failure.ts';
import { lineParser } from '../../../recording/line-parser.ts';
import type { RecordingWords } from '../../../recording/lock-recording.ts';
import { openRecording, type Recording } from '../../../recording/open-recording.ts';
import { answerKey } from './answer-key.ts';

const place = {
  line: z.int().gte(1).describe('Of the items, from 1.'),
  by: z.string().describe('Who graded: the sandbox, or a judge by its name and protocol.'),
  of: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .describe('A hash of the response and of what else its grade depends on.'),
};

const judgment = z.object({
  grades: z.record(z.string(), z.number()).describe('By measure.'),
  games: z
    .array(
      z.object({
        answerFirst: z.boolean().describe("Whether the judge saw the answer before the baseline's."),
        outcome: z.number().gte(0).lte(1).describe('Of the answer: 1 won, 0 lost.'),
        weight: z.number(),
      }),
    )
    .optional()
    .describe('Of comparisons.'),
  missing: z.int().gte(0).describe('Questions to which the judge gave no verdict.'),
});

/** A line of a file of grades: of several of one grader for one line the last one counts. */
export const gradeLine = z.union([
  z.object({
    ...place,
    grades: z.record(z.string(), z.number()).describe('By measure.'),
    words: z.string().optional().describe('What the grader said of the response.'),
    judgments: z.array(judgment).optional().describe('Of a judge, one for each repeat; the grades are their means.'),
  }),
  z.object({ ...place, error: z.object({ code: z.string(), message: z.string() }) }),
]);

export type GradeLine = z.infer<typeof gradeLine>;

export interface Graded {
  readonly grades: Grades;
  readonly words?: string | undefined;
  readonly judgments?: JudgmentRecord[] | undefined;
}

/** One judgment of a response's answers. */
export type JudgmentRecord = z.infer<typeof judgment>;

/** Grades of one strategy's responses by those who take long: what the sandbox and judges said. */
export interface GradeRecording extends AsyncDisposable {
  /** @param source the grader, and all that its grades depend on besides the response */
  of(line: number, source: string, response: string): Graded | Failure | undefined;
  /** Resolves once it is on the disk. */
  append(line: number, source: string, response: string, outcome: Graded | Failure): Promise<void>;
}

/** @throws ConfigError for a file with other content, or one that is being written */
export async function openGrades(path: string, words: RecordingWords): Promise<GradeRecording> {
  const known = new Map<string, Graded | Failure>();
  const recording: Recording<GradeLine, string> = await openRecording<GradeLine, string>(path, {
    ...words,
    parse: lineParser(gradeLine),
    idOf: ({ line, by }) => `${line} ${by}`,
    onItem: (line) => void known.set(`${line.line} ${line.of}`, 'error' in line ? line.error : line),
  });
  return {
    of: (line, source, response) => known.get(`${line} ${answerKey(source, response)}`),
    async append(line, source, response, outcome) {
      const at = { line, by: source, of: answerKey(source, response) };
      await recording.append(isFailure(outcome) ? { ...at, error: outcome } : { ...at, ...outcome });
    },
    [Symbol.asyncDispose]: () => recording.close(),
  };
}
