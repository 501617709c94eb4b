import type { JobState } from './slurmPrograms.ts';

/** Slurm's reasons why a job waits (squeue's man page, JOB REASON CODES), as a person would put them. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^None$|^$/, 'Slurm has not looked at it yet'],
  [/^Priority$/, 'others in its partition come first'],
  [/^Resources$/, 'what it asks for is in use'],
  [/^Nodes?Down$|^ReqNodeNotAvail/, 'the nodes that it could use are down, drained or reserved'],
  [
    /^PartitionConfig$|^PartitionNodeLimit$/,
    'more processors, memory or GPUs asked than any node of its partition has',
  ],
  [
    /^PartitionTimeLimit$/,
    'more time asked than its partition allows (`budget.wall`, for each run and evaluation of a seed)',
  ],
  [/^PartitionDown$|^PartitionInactive$/, 'its partition is closed'],
  [/^BadConstraints$|^FeatureNotAvail/, 'no node has what `constraint` asks for'],
  [/^BeginTime$/, 'its time to begin has not come; after Slurm put it back into its queue that takes two minutes'],
  [/^Dependency$|^DependencyNeverSatisfied$/, 'it depends on another job'],
  [/^JobHeldUser$/, 'you hold it (scontrol release lets it go on)'],
  [/^JobHeldAdmin$/, 'an administrator holds it'],
  [/launch failed|requeued held/i, 'Slurm holds it, since it could not be started (scontrol release tries again)'],
  [/^Licenses$/, 'all licences that it asks for are in use'],
  [/^Reservation/, 'its reservation has not begun, or is full'],
  [/^Invalid(?:Account|QOS)$|^AccountNotAllowed|^QOSNotAllowed/, 'its account or QOS may not be used here'],
  [
    /Minutes|RunMins|WallLimit|WallDuration|MaxWall/i,
    'your account or group has no hours left, or asks for more at a time than it may',
  ],
  [/MaxGRES|GrpGRES|GrpTRES.*gpu|MaxTRES.*gpu/i, 'your account or group uses as many GPUs as it may'],
  [/MaxCpu|GrpCpu|GrpTRES|MaxTRES|MaxMem|GrpMem|GrpNode|MaxNode/i, 'your account or group uses as much as it may'],
  [/MaxJobs|GrpJobs|JobsPerUser|JobsLimit/i, 'your account or group runs as many jobs as it may'],
];

/** Why a job waits, in words; Slurm's own word stands beside them. */
export function whyItWaits({ reason, state }: Pick<JobState, 'reason' | 'state'>): string {
  if (state === 'CONFIGURING') return 'its node is being started';
  if (state.startsWith('SUSPENDED')) return 'Slurm has suspended it';
  const plain = reason.replaceAll(/[()]/g, '').trim();
  const words = WORDS.find(([pattern]) => pattern.test(plain))?.[1];
  if (words === undefined) return `Slurm gives the reason ${plain}`;
  return plain === '' || plain === 'None' ? words : `${words} (${plain})`;
}
