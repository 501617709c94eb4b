/** What a run that goes on shows of itself, told from what it has printed by now. It is part of no record and decides
 *  nothing: a script may print what it likes. */
export interface RunPulse {
  /** The last line that it printed, as a terminal would show it; '' before the first. */
  readonly line: string;
  /** How far it says that it is, as `epoch 3/10`; '' where it says nothing. */
  readonly step: string;
  /** The same as a share, from 0 to 1, or that of its progress bar; null where it says nothing. */
  readonly share: number | null;
  /** A number that it prints again and again, its loss where it prints one: the newest, and a thinned course of all. */
  readonly metric: { readonly name: string; readonly newest: number; readonly course: readonly number[] } | null;
}
