import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillSealed, isSealed, type Fill, type SealedFolder } from './sealed-folder.js';

let root: string;
let folder: SealedFolder;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sealed-folder-'));
  folder = { dir: join(root, 'data'), files: ['a', 'b'] };
});
afterEach(() => rm(root, { recursive: true }));

function filling(text: string): Fill {
  return async (content) => {
    await writeFile(join(content, 'a'), text);
    await writeFile(join(content, 'b'), text);
  };
}

describe('a sealed folder', () => {
  it('is not there before it is filled, and is as it was filled after', async () => {
    expect(await isSealed(folder)).toBe(false);
    await fillSealed(folder, filling('x'));
    expect(await isSealed(folder)).toBe(true);
    expect(await readdir(root)).toEqual(['data']);
  });

  it.each([
    ['changed', (file: string) => writeFile(file, 'y')],
    ['missing', (file: string) => rm(file)],
  ])('is broken when a file is %s', async (_how, breakIt) => {
    await fillSealed(folder, filling('x'));
    await breakIt(join(folder.dir, 'b'));
    expect(await isSealed(folder)).toBe(false);
  });

  it('does not come to be when filling fails or forgets a file', async () => {
    const failing = fillSealed(folder, () => Promise.reject(new Error('disk full')));
    await expect(failing).rejects.toThrow('disk full');
    const forgetful = fillSealed(folder, (content) => writeFile(join(content, 'a'), 'x'));
    await expect(forgetful).rejects.toThrow('ENOENT');
    expect(await readdir(root)).toEqual([]);
  });

  it('is kept as it is when another process was faster', async () => {
    await fillSealed(folder, async (content) => {
      await fillSealed(folder, filling('first'));
      await filling('second')(content, root);
    });
    expect(await readFile(join(folder.dir, 'a'), 'utf8')).toBe('first');
    expect(await readdir(root)).toEqual(['data']);
  });

  it('is cleared of what was abandoned an hour ago, not of what is under way', async () => {
    const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await mkdir(join(root, 'data.partial-old', 'content'), { recursive: true });
    await utimes(join(root, 'data.partial-old'), twoHoursAgo, twoHoursAgo);
    await mkdir(join(root, 'data.partial-new'));
    await fillSealed(folder, filling('x'));
    expect((await readdir(root)).sort()).toEqual(['data', 'data.partial-new']);
  });
});
