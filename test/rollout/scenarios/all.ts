import { admission } from './admission.ts';
import { images } from './images.ts';
import { placement } from './placement.ts';
import { probes } from './probes.ts';
import { processes } from './processes.ts';
import type { Scenarios } from './scenario.ts';

export const scenarios: Scenarios = { ...images, ...processes, ...probes, ...placement, ...admission };
