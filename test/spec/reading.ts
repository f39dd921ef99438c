import { formatDiagnostic } from '../../src/spec/diagnostic.ts';
import { parseSpec, type SpecOptions } from '../../src/spec/parse.ts';
import type { LocatedService, Service } from '../../src/spec/service.ts';

export const options: SpecOptions = {
  file: 'service.yaml',
  parent: { domain: 'example.com', region: 'us-east-1' },
  env: { GITHUB_SHA: '4f2a9c', WORD: 'three' },
  variables: { max: '5', word: 'three', cpu: '250m', sticky: 'true' },
};

/** `name` and `image` on lines 1 and 2, then the given fields from line 3 on. */
export function withFields(...lines: readonly string[]): string {
  return ['name: hello', 'image: AUTO', ...lines, ''].join('\n');
}

/** The problems of a spec as `line:column: message`. */
export function problemsOf(text: string, given: Partial<SpecOptions> = {}): readonly string[] {
  const result = parseSpec(text, { ...options, ...given });
  if ('services' in result) return [];
  return result.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic).replace(/^service\.yaml:/, ''));
}

export function located(text: string, given: Partial<SpecOptions> = {}): LocatedService {
  const result = parseSpec(text, { ...options, ...given });
  if ('diagnostics' in result) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const [service] = result.services;
  if (!service) throw new Error('the spec has no service');
  return service;
}

export function serviceOf(text: string, given: Partial<SpecOptions> = {}): Service {
  return located(text, given).service;
}
