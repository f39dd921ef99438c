import type { Diagnostic } from '../spec/diagnostic.ts';
import { fields as schema } from '../spec/schema.ts';
import type { FieldPath, LocatedService } from '../spec/service.ts';
import type { Finding } from './cause.ts';
import type { Evidence } from './evidence.ts';

/** A failure as a person reads it. */
export interface Diagnosis {
  /** `web does not become ready: the image … does not exist in its registry.` */
  readonly headline: string;
  /** What to do, and the evidence; one line each. */
  readonly details: readonly string[];
  /** At the field of the spec that is to blame; at the top of the service where none is. */
  readonly diagnostic: Diagnostic;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The first of the fields that the spec has; none where it has none of them. */
function written({ locate }: LocatedService, fields: readonly FieldPath[]): FieldPath | undefined {
  const top = locate([]);
  return fields.find((path) => {
    const { line, column } = locate(path);
    return line !== top.line || column !== top.column;
  });
}

/** Puts a finding and its evidence into words, and finds the place in the spec. */
export function diagnose(located: LocatedService, finding: Finding, evidence: Evidence): Diagnosis {
  const { service, file } = located;
  const { advice } = finding;
  const fields = finding.fields.filter(([name]) => String(name) in schema);
  const field = written(located, fields);
  const unset = !field && fields[0] ? ` (\`${fields[0].join('.')}\` is not set here)` : '';
  const { pod, container, log, previous, state } = evidence;
  const ofPod = pod === undefined ? '' : ` of pod ${pod}`;
  return {
    headline: `${service.name} does not become ready: ${finding.sentence}.`,
    details: [
      `What to do: ${advice}`,
      `What Kubernetes says${ofPod}: ${state}`,
      ...(log.length > 0
        ? [
            `The last lines of ${previous ? 'the container before this one' : 'its container'}, ${container}:`,
            ...log.map((line) => `  ${line}`),
          ]
        : []),
    ],
    diagnostic: { file, ...located.locate(field ?? []), message: `${sentence(finding.sentence)} ${advice}${unset}` },
  };
}
