const compaction = ['test/unit/agents/compaction.test.ts'];
const standstill = ['test/unit/agents/standstill.test.ts'];
const calls = ['test/unit/agents/toolCalls.test.ts'];
const looking = ['test/unit/agents/readingTools.test.ts'];
const budget = ['test/unit/session/budget.test.ts'];
const lending = ['test/unit/engine/lending.test.ts'];
const roles = ['test/unit/session/roles.test.ts'];
const prompts = ['test/unit/session/ownPrompt.test.ts'];
const failed = ['test/unit/session/failedRuns.test.ts'];

/** What keeps agents within their limits, and their conversations whole. @type {import('../mutants.mjs').Mutant[]} */
export const agentMutants = [
  {
    breaks: "the score of other code is told as the baseline's",
    file: 'src/session/baselineScore.ts',
    from: 'planned?.baseline.tree === tree',
    to: "planned?.baseline.tree !== ''",
    tests: ['test/unit/session/baselineScore.test.ts'],
  },
  {
    breaks: 'a defect that an agent reported is not handed on',
    file: 'src/session/handedOn.ts',
    from: '...reported])]',
    to: '...reported.slice(reported.length)])]',
    tests: ['test/unit/session/handedOn.test.ts'],
  },
  {
    breaks: "a run's failing line is looked up in the other arm's sources",
    file: 'src/session/failedRuns.ts',
    from: 'withSources(repository, failure.arm.commit,',
    to: "withSources(repository, failures[0]?.arm.commit ?? '',",
    tests: failed,
  },
  {
    breaks: 'a failure shows the lines of a hidden file',
    file: 'src/session/failedRuns.ts',
    from: 'exportTree(commit, scratch, { leaveOut })',
    to: 'exportTree(commit, scratch, { leaveOut: leaveOut.slice(leaveOut.length) })',
    tests: failed,
  },
  {
    breaks: 'an answer that nobody wants any more goes on in the editor',
    file: 'src/engine/lending.ts',
    from: "signal.addEventListener('abort', stop, { once: true });",
    to: 'void stop;',
    tests: lending,
  },
  {
    breaks: 'an editor that goes away leaves a session waiting for ever',
    file: 'src/engine/lending.ts',
    from: 'Promise.race([answer, closed])',
    to: 'Promise.race([answer])',
    tests: lending,
  },
  {
    breaks: 'a model of the editor is asked where nothing may leave this machine',
    file: 'src/session/model.ts',
    from: 'if (choice.localOnly) throw',
    to: 'if (!choice) throw',
    tests: ['test/unit/session/lentModel.test.ts'],
  },
  {
    breaks: 'a role is answered by the model of all',
    file: 'src/domain/role.ts',
    from: 'if (own === undefined) return choice;',
    to: 'if (own !== null) return choice;',
    tests: roles,
  },
  {
    breaks: 'a key that is kept for one host is sent to another',
    file: 'src/domain/keyNames.ts',
    from: "url.protocol === 'https:' && isOf(provider, url.hostname)",
    to: "url.protocol === 'https:'",
    tests: ['test/unit/models/keys.test.ts'],
  },
  {
    breaks: 'a context that was found out by trying is not kept to',
    file: 'src/session/endpointModel.ts',
    from: 'if (trial === null) return said;',
    to: 'if (trial !== null) return said;',
    tests: ['test/unit/session/endpointModel.test.ts'],
  },
  {
    breaks: 'a private session goes on with a model elsewhere',
    file: 'src/session/state.ts',
    from: 's.started.model.localOnly ?',
    to: '!s.started.model.localOnly ?',
    tests: ['test/unit/session/session.test.ts'],
  },
  {
    breaks: 'a summary parts a call from its result',
    file: 'src/agents/compaction.ts',
    from: "(i >= OPENING && message.role === 'assistant' ? [i] : [])",
    to: '(i >= OPENING ? [i] : [])',
    tests: compaction,
  },
  {
    breaks: 'a summary forgets which files were changed',
    file: 'src/agents/conversationFacts.ts',
    from: "changed === '' ? ''",
    to: "changed !== '' ? ''",
    tests: compaction,
  },
  {
    breaks: 'a request that is too long is not asked again with less',
    file: 'src/agents/loop.ts',
    from: 'if (!(await this.makeRoom())) throw error;',
    to: 'throw error;',
    tests: compaction,
  },
  {
    breaks: 'an agent may repeat itself for ever',
    file: 'src/agents/standstill.ts',
    from: 'if (known) this.stale++;',
    to: 'if (known) this.stale = 0;',
    tests: standstill,
  },
  {
    breaks: 'an agent may be refused for ever',
    file: 'src/agents/standstill.ts',
    from: 'if (this.refused >= REFUSED.stopped) {',
    to: 'if (this.refused < 0) {',
    tests: standstill,
  },
  {
    breaks: 'effects no longer happen in the order in which they were asked for',
    file: 'src/agents/toolCalls.ts',
    from: 'if (group?.every(looks) && looks(call)) group.push(call);',
    to: 'if (group) group.push(call);',
    tests: calls,
  },
  {
    breaks: 'a part of a long result is shown twice',
    file: 'src/agents/shownResult.ts',
    from: 'from + longest - 200',
    to: 'from + longest - 100',
    tests: calls,
  },
  {
    breaks: 'a limit is passed',
    file: 'src/session/budget.ts',
    from: 'if (used >= limit.most) throw',
    to: 'if (used >= 2 * limit.most) throw',
    tests: budget,
  },
  {
    breaks: "one phase's limit binds all",
    file: 'src/session/budget.ts',
    from: 'filter((limit) => limit.phase === null || limit.phase === phase)',
    to: 'filter((limit) => limit.phase === null || limit.phase !== null)',
    tests: budget,
  },
  {
    breaks: 'a search of the code shows what hidden files define',
    file: 'src/agents/searchCode.ts',
    from: 'found.filter(({ path }) => !isWithin(path, place.hidden))',
    to: 'found',
    tests: looking,
  },
  {
    breaks: 'a folder is profiled with the hidden files in it',
    file: 'src/agents/profileTool.ts',
    from: 'if (within === undefined) return',
    to: 'if (within !== null) return',
    tests: looking,
  },
  {
    breaks: 'a hidden file is profiled where the researcher has it',
    file: 'src/agents/profileTool.ts',
    from: 'await visiblePath(base, path, hidden)',
    to: 'await visiblePath(base, path, base === root ? hidden : [])',
    tests: looking,
  },
  {
    breaks: 'the map tells what hidden files hold',
    file: 'src/agents/mapInWords.ts',
    from: '!isWithin(path, hidden)),',
    to: "path !== ''),",
    tests: looking,
  },
  {
    breaks: 'two questions open one index at once',
    file: 'src/agents/codeIndex.ts',
    from: '(newest.get(folder) ?? Promise.resolve()).then(answer, answer)',
    to: 'answer()',
    tests: looking,
  },
  {
    breaks: 'a pilot of an earlier state is told as one of the change',
    file: 'src/agents/validate/pilotInWords.ts',
    from: 'pilot < 0 || pilot < edit',
    to: 'pilot < 0',
    tests: ['test/unit/agents/pilotInWords.test.ts'],
  },
  {
    breaks: 'a limit in money is taken where nobody knows the price',
    file: 'src/session/budget.ts',
    from: 'if (price !== null) return;',
    to: 'if (price !== undefined) return;',
    tests: budget,
  },
  {
    breaks: 'a prompt without a slot is sent without what belongs there',
    file: 'src/agents/prompt.ts',
    from: 'return missing === undefined ? null :',
    to: 'return missing !== null ? null :',
    tests: prompts,
  },
];
