import { down, up } from './bed.ts';

/**
 * Brings the bed up for the tests, and takes it down afterwards if it was not up before. Tests find it in their
 * environment: what `npm run bed -- env` prints, and in BED_NO_PODS and BED_NO_BUILDS why this machine has none.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const log = (line: string) => console.log(line);
  const bed = await up({ log });
  const { pods, builds } = bed.capabilities;
  Object.assign(
    process.env,
    bed.env,
    pods !== true && { BED_NO_PODS: pods },
    builds !== true && { BED_NO_BUILDS: builds },
  );
  return bed.startedHere ? () => down({ log }) : undefined;
}
