const CODES = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST', 'ENOENT']);

/** Whether a folder for things that are merely handy cannot be used: then they are done without. */
export function cannotWrite(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CODES.has(String(error.code));
}
