const recorded = ['test/unit/models/recorded.test.ts'];
const nearlyJson = ['test/unit/models/nearlyJson.test.ts'];
const textTools = ['test/unit/models/textTools.test.ts'];
const faults = ['test/unit/models/faults.test.ts'];
const noToolCalling = ['test/unit/models/noToolCalling.test.ts'];
const prices = ['test/unit/models/prices.test.ts'];
const servers = ['test/unit/models/localServers.test.ts'];
const here = ['test/unit/session/modelsHere.test.ts'];
const everyFault = ['test/unit/models/everyFault.test.ts'];
const ollama = ['test/unit/models/ollamaChat.test.ts'];
const proxy = ['test/unit/models/proxy.test.ts'];
const localFetch = ['test/unit/models/localFetch.test.ts'];

/** How models are asked, found, paid and kept to what they may see. @type {import('../mutants.mjs').Mutant[]} */
export const modelMutants = [
  {
    breaks: 'the password of a proxy that a gateway quotes is printed and logged',
    file: 'src/models/explainFailure.ts',
    from: "'Basic [key]'",
    to: "'$&'",
    tests: everyFault,
  },
  {
    breaks: 'other programs are told that what has an unknown price was free',
    file: 'src/domain/cost.ts',
    from: 'usd: unknown ? null : row.usd',
    to: 'usd: row.usd',
    tests: ['test/unit/models/priceFile.test.ts'],
  },
  {
    breaks: 'Ollama holds what it likes, and drops the beginning of the rest',
    file: 'src/models/ollamaChat.ts',
    from: 'num_ctx: contextTokens,',
    to: '',
    tests: ollama,
  },
  {
    breaks: 'what does not fit is sent to Ollama, which cuts it off without a word',
    file: 'src/models/ollamaChat.ts',
    from: 'contextTokens * MOST_CHARACTERS_A_TOKEN) throw tooLong',
    to: 'contextTokens * 100) throw tooLong',
    tests: ollama,
  },
  {
    breaks: 'a key that a gateway quotes in an encoding is printed and logged',
    file: 'src/models/explainFailure.ts',
    from: 'return [key, ...encoded, ',
    to: 'return [key, ',
    tests: everyFault,
  },
  {
    breaks: 'a call is executed whose connection was dropped before its end',
    file: 'src/models/answerAssembly.ts',
    from: "if (this.ending === null) throw new BrokenAnswer('it broke off before its end');",
    to: '',
    tests: everyFault,
  },
  {
    breaks: 'a silence of 30 s in the middle of an answer is taken for its end',
    file: 'src/models/openaiCompatible.ts',
    from: 'options.betweenTokensSeconds ?? 120',
    to: 'options.betweenTokensSeconds ?? 29',
    tests: everyFault,
  },
  {
    breaks: 'what is on this machine is asked through a proxy elsewhere',
    file: 'src/models/proxy.ts',
    from: 'set === null || isLocal(hostname)',
    to: 'set === null',
    tests: proxy,
  },
  {
    breaks: 'a proxy is gone past where it is set',
    file: 'src/models/openaiCompatible.ts',
    from: '...(through && { fetch: through }),',
    to: '',
    tests: proxy,
  },
  {
    breaks: 'a conversation that must stay on this machine goes to another',
    file: 'src/models/localFetch.ts',
    from: 'throw elsewhere(host);',
    to: 'void elsewhere(host);',
    tests: localFetch,
  },
  {
    breaks: 'a question is put once more though the budget is used up',
    file: 'src/models/textTools.ts',
    from: 'request.mayAskAgain?.(first.usage) === false',
    to: 'request.mayAskAgain === null',
    tests: textTools,
  },
  {
    breaks: 'an edit that mends nothing passes for exact',
    file: 'src/models/modelTrial.ts',
    from: '=== MENDED',
    to: '!== MENDED.slice(1)',
    tests: ['test/unit/models/modelTrial.test.ts'],
  },
  {
    breaks: 'localhost may be another machine',
    file: 'src/models/localFetch.ts',
    from: 'else if (other) done(',
    to: 'else if (!first) done(',
    tests: localFetch,
  },
  {
    breaks: "a recording tells its maker's home folder",
    file: 'src/models/homePath.ts',
    from: 'return inTexts(value, (text) => text.replaceAll(pattern, PLACEHOLDER));',
    to: 'return value;',
    tests: recorded,
  },
  {
    breaks: 'what is missing between two values is made up',
    file: 'src/models/nearlyJson.ts',
    from: 'else if (after !== close) throw',
    to: "else if (after === '') throw",
    tests: nearlyJson,
  },
  {
    breaks: 'of two values one after the other the first is taken',
    file: 'src/models/nearlyJson.ts',
    from: "if (rest === '' || ",
    to: "if (rest !== '' || ",
    tests: nearlyJson,
  },
  {
    breaks: 'of two values for one name the last is taken',
    file: 'src/models/nearlyJson.ts',
    from: 'if (entries.has(name)) throw',
    to: 'if (entries.has(name) && false) throw',
    tests: nearlyJson,
  },
  {
    breaks: 'a model that thinks of a call has made it',
    file: 'src/models/callsInText.ts',
    from: "answer.indexOf('</think>') + '</think>'.length",
    to: '0',
    tests: textTools,
  },
  {
    breaks: 'what a model does about a result that it made up is done',
    file: 'src/models/callsInText.ts',
    from: 'scan.calls.length > 0)',
    to: 'scan.calls.length < 0)',
    tests: textTools,
  },
  {
    breaks: 'a block that a model forgot to close swallows the next',
    file: 'src/models/callsInText.ts',
    from: '```(?!\\w)',
    to: '```',
    tests: textTools,
  },
  {
    breaks: 'the answer that could not be read is not counted',
    file: 'src/models/textTools.ts',
    from: 'usage: sum(first.usage, again.usage)',
    to: 'usage: again.usage',
    tests: textTools,
  },
  {
    breaks: 'a model that was refused tools is offered them again and again',
    file: 'src/models/textTools.ts',
    from: 'inText = true;',
    to: '',
    tests: textTools,
  },
  {
    breaks: 'a server that says it has no tool calling is not understood',
    file: 'src/models/explainFailure.ts',
    from: 'if (NO_TOOLS.test(said)) {',
    to: 'if (NO_TOOLS.test(at.host)) {',
    tests: noToolCalling,
  },
  {
    breaks: 'a long prompt is counted at the price of a short one',
    file: 'src/models/profile.ts',
    from: 'promptTokens > above.promptTokens ? above : price',
    to: 'promptTokens > above.promptTokens ? price : price',
    tests: prices,
  },
  {
    breaks: 'a price of one endpoint is taken for another',
    file: 'src/models/profile.ts',
    from: 'host === url.host || host === url.hostname',
    to: 'host !== url.pathname',
    tests: prices,
  },
  {
    breaks: 'tokens that a model could take are told as those that its server takes',
    file: 'src/models/localServers.ts',
    from: 'contextTokens: loaded_context_length ?? null,',
    to: 'contextTokens: loaded_context_length ?? max_context_length,',
    tests: servers,
  },
  {
    breaks: 'an empty variable is listed as a key',
    file: 'src/models/keys.ts',
    from: '.filter((name) => environment[name])',
    to: '.filter((name) => environment[name] !== undefined)',
    tests: here,
  },
  {
    breaks: 'a conversation follows a redirect to another machine',
    file: 'src/models/openaiCompatible.ts',
    from: "redirect: 'manual'",
    to: "redirect: 'follow'",
    tests: faults,
  },
  {
    breaks: 'two calls of one answer share an id',
    file: 'src/models/answerAssembly.ts',
    from: 'const toolCalls = distinct(this.calls',
    to: 'const toolCalls = (this.calls',
    tests: faults,
  },
  {
    breaks: 'a word that stands for no key is struck out of every text',
    file: 'src/domain/keyNames.ts',
    from: 'return key.length >= SHORTEST_SECRET &&',
    to: 'return key.length >= 1 &&',
    tests: recorded,
  },
  {
    breaks: 'no key is taken for a secret',
    file: 'src/domain/keyNames.ts',
    from: 'return key.length >= SHORTEST_SECRET &&',
    to: 'return key.length < 0 &&',
    tests: recorded,
  },
];
