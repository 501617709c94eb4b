import { version as packageVersion } from '../../package.json';

/** The version of the package; package.json is the one place it is written. */
export const version: string = packageVersion;
