const CRITERIA = ['clarity', 'validity', 'rigor', 'innovativeness', 'generalizability', 'feasibility'] as const;

/** One idea as a model hands it in, with nothing cited. */
export function submittedIdea(title: string, score = 4) {
  const scores = Object.fromEntries(CRITERIA.map((name) => [name, { score, why: `Its ${name} could be more.` }]));
  return {
    ...{ title, hypothesis: 'It scores higher.', method: 'Raise the level.', rationale: 'It was left open.' },
    ...{ cites: [] as string[], plan: ['Raise it.'], ablations: [], risks: ['It may be luck.'], scores },
    measure: { metric: 'accuracy', minimum_effect: null, seeds: null, cost: 'Seconds.' },
    novelty: { closest: [] as { work: string; differs: string }[], verdict: 'New to the paper.' },
  };
}

/** What a model hands in with `submit_ideas`.
 *  @param quotation stands in the paper, or is said to */
export function submittedIdeas(quotation: string, ...titles: string[]) {
  const considered = [...titles, 'Do nothing', 'Do it all'].map((title, i) => ({
    ...{ title, mechanism: `Mechanism ${i + 1}.`, kept: i < titles.length, why: 'It is cheap, or it is not.' },
  }));
  return {
    ...{ tasks: ['levels'], gaps: [{ gap: 'which level', quotation }], keywords: ['level'], considered },
    ideas: titles.map((title) => submittedIdea(title)),
  };
}
