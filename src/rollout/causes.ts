import type { Cause } from './cause.ts';
import { admissionCauses } from './causes/admission.ts';
import { crashCauses } from './causes/crashes.ts';
import { imageCauses } from './causes/images.ts';
import { placementCauses } from './causes/placement.ts';
import { probeCauses } from './causes/probes.ts';
import { rolloutCauses } from './causes/rollout.ts';
import { startCauses } from './causes/start.ts';

/**
 * Everything that is known of why a rollout fails, one row a cause. Where several match, the first one counts: what
 * says more comes before what says less. The README's table is made of it.
 */
export const causes: readonly Cause[] = [
  ...placementCauses,
  ...imageCauses,
  ...startCauses,
  ...crashCauses,
  ...probeCauses,
  ...admissionCauses,
  ...rolloutCauses,
];
