import type { TokenProposer } from '../../src/core/index.ts';
import type { LanguageModel, TokenId } from '../../src/index.ts';

export interface WatchedModel {
  readonly model: LanguageModel;
  /** Share of the proposed tokens that were written; NaN where nothing was proposed. Starts anew at each call. */
  takeAcceptance(): number;
}

/** Counts how many proposed tokens hold: those that the text that follows begins with. */
export function watchProposals(model: LanguageModel): WatchedModel {
  let proposed = 0;
  let held = 0;
  const count = (proposal: Proposal, tokens: readonly TokenId[]) => {
    const written = tokens.slice(proposal.at, proposal.at + proposal.tokens.length);
    const wrong = written.findIndex((token, i) => token !== proposal.tokens[i]);
    proposed += proposal.tokens.length;
    held += wrong < 0 ? written.length : wrong;
  };
  const watched: LanguageModel = {
    id: model.id,
    info: model.info,
    capabilities: model.capabilities,
    encode: (text) => model.encode(text),
    decode: (tokens) => model.decode(tokens),
    score: (prefix, continuation, options) => model.score(prefix, continuation, options),
    judge: (criterion) => model.judge?.(criterion),
    close: () => model.close(),
    async *generate(prefix, options) {
      const { proposers } = options;
      if (!proposers) return yield* model.generate(prefix, options);
      const proposals: Proposal[] = [];
      const written = [...prefix];
      const tokens = model.generate(prefix, {
        ...options,
        proposers: proposers.map((proposer) => watchProposer(proposer, proposals)),
      });
      try {
        for (;;) {
          const next = await tokens.next();
          if (next.done) return next.value;
          written.push(next.value.token);
          yield next.value;
        }
      } finally {
        await tokens.return('stop');
        for (const proposal of proposals) count(proposal, written);
      }
    },
  };
  return {
    model: watched,
    takeAcceptance() {
      const share = held / proposed;
      [proposed, held] = [0, 0];
      return share;
    },
  };
}

interface Proposal {
  /** Position of its first token in the text. */
  readonly at: number;
  readonly tokens: readonly TokenId[];
}

/** Keeps what is proposed in `proposals`. */
function watchProposer(proposer: TokenProposer, proposals: Proposal[]): TokenProposer {
  return {
    name: proposer.name,
    msPerToken: proposer.msPerToken,
    async propose(tokens, limit, signal) {
      const proposal = (await proposer.propose(tokens, limit, signal)).slice(0, limit);
      if (proposal.length > 0) proposals.push({ at: tokens.length, tokens: proposal });
      return proposal;
    },
  };
}
