import { existsSync } from 'node:fs';
import path from 'node:path';
import { type ContractProposal, contractAgent } from '../agents/experiment/contractAgent.ts';
import { type Contract, concealed, primaryMetric } from '../domain/contract.ts';
import type { Idea } from '../domain/idea.ts';
import { ContractError, checkContract, parseContract } from '../evidence/contractFile.ts';
import { type PilotResult, pilot } from '../evidence/pilot.ts';
import { indexFolder } from './agentPlace.ts';
import { ledgeredMessage } from './commitMessage.ts';
import { consult } from './consult.ts';
import { contractAt, type Desk, pilotRequest, settleBaseline } from './desk.ts';
import { withEnvironments } from './environments.ts';
import { Interrupted, SessionError } from './errors.ts';
import { hiddenReadsBehind } from './hiddenReads.ts';
import { ownPrompt } from './ownPrompt.ts';
import { offerPackages } from './packagePhase.ts';

/** The contract of the workspace; where there is none, one the Experiment agent proposes, part of the baseline once
 *  the plan is approved. */
export async function settleContract(desk: Desk, idea: Idea): Promise<Contract> {
  const { session, repository } = desk;
  const baseline = await settleBaseline(desk);
  const found = await contractAt(desk, baseline.commit);
  if (found) {
    if (!session.state.contract) await session.append({ type: 'contract.fixed', yaml: found.yaml, from: 'workspace' });
    return found.contract;
  }
  const own = await ownPrompt(desk.ports.workspace, 'contract');
  const proposed = await consult(session, desk.ports, 'contract', {
    agent: 'experiment',
    define: (room) =>
      contractAgent({
        idea,
        workspace: desk.ports.workspace,
        index: indexFolder(desk.ports.workspace),
        check: (yaml, files) => refusal(desk, { yaml, files }),
        room,
        ...own,
      }),
  });
  const files = [{ path: 'mlr.yaml', content: proposed.yaml }, ...proposed.files];
  const tree = await repository.writeTreeWith(
    baseline.tree,
    files.map((file) => ({ path: path.posix.join(repository.folder, file.path), content: Buffer.from(file.content) })),
  );
  const commit = await repository.commitTree(
    tree,
    [baseline.commit],
    ledgeredMessage(session, 'Say how experiments are run and measured'),
  );
  await session.append({ type: 'contract.fixed', yaml: proposed.yaml, from: 'proposed' });
  await session.append({ type: 'baseline.fixed', commit, tree, why: 'the contract was added to it', call: 'contract' });
  return parseContract(proposed.yaml, 'mlr.yaml');
}

/** Why a proposed contract cannot be used, or null; new files must not replace what is there. */
function refusal(desk: Desk, { yaml, files }: ContractProposal): string | null {
  const there = (name: string) => existsSync(path.resolve(desk.ports.workspace, name));
  const replaced = files.find((file) => there(file.path));
  if (replaced) return `${replaced.path} exists already: leave it as it is, or give the new file another name.`;
  try {
    const exists = (name: string) => there(name) || files.some((file) => file.path === name);
    checkContract(parseContract(yaml, 'mlr.yaml'), exists, { text: yaml, fileName: 'mlr.yaml' });
    return null;
  } catch (error) {
    if (error instanceof ContractError) return error.all.join('\n');
    throw error;
  }
}

/** Asks whether the plan is worth what it costs; then proves that the unmodified baseline runs here at all.
 *  @throws SessionError `bad-input` when the baseline's pilot fails: the contract's to mend, not an agent's */
export async function approvePlan(desk: Desk, idea: Idea, contract: Contract): Promise<void> {
  const { session } = desk;
  const answer = await session.ask(
    {
      id: session.freshGate('approvePlan'),
      kind: 'approvePlan',
      question: 'Go ahead with this plan?',
      detail: [planText(idea, contract), ...(await seenInWords(desk, contract))].join('\n\n'),
      options: [
        { choice: 'approve', label: 'Go ahead' },
        { choice: 'stop', label: 'Stop here' },
      ],
    },
    { choice: 'approve' },
  );
  if (answer.choice === 'stop') {
    await session.append({ type: 'session.stopped', by: 'researcher' });
    throw new Interrupted('The plan was not approved.');
  }
  if (session.state.worktrees.length > 0) return;
  await proveBaseline(desk, contract);
}

/** Said before anything is spent: such a comparison can carry no claim. */
async function seenInWords({ session, ports }: Desk, contract: Contract): Promise<string[]> {
  const seen = await hiddenReadsBehind(
    { id: session.id, events: session.log.events },
    ports.workspace,
    concealed(contract),
  );
  if (seen.length === 0) return [];
  return [
    `**This comparison will be invalid**: ${seen.join(', ')}, which this contract hides. Commit the contract, and begin a new session, with an idea that it proposes itself or that a person wrote.`,
  ];
}

async function proveBaseline(desk: Desk, contract: Contract): Promise<void> {
  const { commit, tree } = await settleBaseline(desk);
  const plain = { name: 'baseline', revision: 'baseline', commit, tree };
  const prove = async (): Promise<PilotResult> => {
    const [arm = plain] = await withEnvironments(desk, contract, [plain]);
    return await pilot({ ...(await pilotRequest(desk, contract)), arm, name: 'baseline' });
  };
  let proof = await prove();
  while (!proof.ok && (await offerPackages(desk, contract, [{ id: proof.run.id, tree }]))) proof = await prove();
  if (proof.ok) return;
  const key = contract.pilot === undefined ? 'run' : 'pilot';
  throw new SessionError(
    'bad-input',
    `mlr.yaml: \`${key}\`: the unmodified baseline does not run here (${proof.reason}); mend the command, its inputs or the interpreter (\`python\`), commit, and begin again. Its output is in ${proof.log}.`,
  );
}

function planText(idea: Idea, contract: Contract): string {
  const seeds = typeof contract.seeds === 'number' ? contract.seeds : contract.seeds.length;
  const runs = seeds * 2;
  const { wall } = contract.budget;
  const metric = primaryMetric(contract);
  return [
    `**${idea.title}**`,
    idea.hypothesis,
    ...idea.plan.map((step, i) => `${i + 1}. ${step}`),
    `Measured: ${metric.name} (${metric.goal}), at least ${contract.minimum_effect} better, over ${seeds} seeds.`,
    `Cost: ${runs} runs of at most ${wall} s each and as many evaluations; ${contract.budget.gpus} GPUs.`,
    ...(contract.prepare === undefined ? [] : [`Before, with the network: \`${contract.prepare}\`.`]),
    `Runs: \`${contract.run}\`, then \`${contract.evaluate}\`.`,
  ].join('\n\n');
}
