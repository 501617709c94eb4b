import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { cachedFolder, projectRoot } from './cacheFolder.ts';
import { HostError } from './hostError.ts';
import { npmInstall } from './npmInstall.ts';

const version = '147.0.0';
const fonts = 'dejavu-fonts-ttf@2.37.3';

/**
 * Starts a headless Chromium. `MLR_CHROMIUM` names one to use instead; on Linux x64 it is unpacked
 * from npm with its own libraries and fonts, elsewhere an installed Chrome is used.
 * @throws HostError `browser` when none can be started
 */
export async function launchChromium(): Promise<Browser> {
  const own = process.env.MLR_CHROMIUM;
  if (own) {
    if (existsSync(own)) return launch({ executablePath: own });
    throw new HostError('browser', `MLR_CHROMIUM names ${own}, which does not exist.`);
  }
  if (!fromNpm()) return launch({ channel: 'chrome' });
  const folder = await unpackedFolder();
  return launch({ executablePath: join(folder, 'chromium'), env: await ownLibraries(folder) });
}

/** Unpacks the browser if `launchChromium` is going to want it, so that this costs no test its time. */
export async function installChromium(): Promise<void> {
  if (!process.env.MLR_CHROMIUM && fromNpm()) await unpackedFolder();
}

function fromNpm(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

function unpackedFolder(): Promise<string> {
  return cachedFolder(`chromium-${version}`, `Chromium ${version}`, unpack);
}

interface Executable {
  executablePath?: string;
  channel?: string;
  env?: Record<string, string>;
}

async function launch(executable: Executable): Promise<Browser> {
  try {
    return await chromium.launch({
      ...executable,
      headless: true,
      // Playwright's own handlers would end the process before the server is stopped.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      ignoreDefaultArgs: ['--headless'],
      args: [
        '--headless=shell',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  } catch (error) {
    const where = executable.executablePath ?? 'the installed Chrome';
    throw new HostError('browser', `${where} did not start; set MLR_CHROMIUM to a Chromium that does.`, {
      cause: error,
    });
  }
}

/** The package unpacks to fixed names under TMPDIR and edits its environment: a process of its own. */
async function unpack(folder: string): Promise<void> {
  const script = `import(${JSON.stringify(packageUrl())}).then((m) => m.default.executablePath())`;
  const env = { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' };
  await promisify(execFile)(process.execPath, ['-e', script], { env });
  await npmInstall(folder, [fonts]);
  await mkdir(join(folder, 'fonts'), { recursive: true });
  await rename(join(folder, 'node_modules/dejavu-fonts-ttf/ttf'), join(folder, 'fonts/dejavu'));
  await rm(join(folder, 'node_modules'), { recursive: true });
  if (!existsSync(join(folder, 'chromium'))) {
    throw new HostError('browser', `@sparticuz/chromium ${version} unpacked no browser; run npm ci.`);
  }
}

function packageUrl(): string {
  const entry = join(projectRoot, 'node_modules/@sparticuz/chromium/build/esm/index.js');
  return pathToFileURL(entry).href;
}

/** The font settings hold absolute paths, so they are written anew each time: a checkout may move. */
async function ownLibraries(folder: string): Promise<Record<string, string>> {
  const settings = join(folder, 'fonts.conf');
  await writeFile(settings, fontSettings(folder));
  const libraries = [join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH];
  return {
    ...definedEnvironment(),
    LD_LIBRARY_PATH: libraries.filter(Boolean).join(':'),
    FONTCONFIG_FILE: settings,
  };
}

function fontSettings(folder: string): string {
  const prefer = (family: string, font: string): string =>
    `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>${folder}/fonts</dir>
<cachedir>${folder}/font-cache</cachedir>
${prefer('monospace', 'DejaVu Sans Mono')}
${prefer('sans-serif', 'Open Sans')}
${prefer('serif', 'DejaVu Serif')}
</fontconfig>
`;
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
