import type { Api } from './cluster/api.ts';
import { listOwned } from './cluster/apply.ts';
import { findSecrets } from './cluster/secrets.ts';
import { UserError } from './errors.ts';
import type { Inputs } from './inputs.ts';
import type { SecretPlan } from './resources/secret.ts';
import { formatDiagnostic } from './spec/diagnostic.ts';
import type { LocatedService } from './spec/service.ts';

function checkSecrets({ service, file, locate }: LocatedService, { missing }: SecretPlan, namespace: string): void {
  if (missing.length === 0) return;
  const diagnostics = missing.map((name) => ({
    file,
    ...locate(['secrets', service.secrets.indexOf(name)]),
    message: `the secret ${name} has no value: it is neither in the input secrets, nor in Secret ${service.name}-secrets or manual-secrets of namespace ${namespace}. Add "${name}=\${{ secrets.${name} }}" to the input secrets, or take it off the list.`,
  }));
  const lines = ['Secrets without a value; nothing was changed.', ...diagnostics.map(formatDiagnostic)];
  throw new UserError(lines.join('\n'), { diagnostics });
}

/** Asks the cluster what it holds of a service; the caller decides when it needs the answers. */
export function look(located: LocatedService, inputs: Inputs, namespace: string, connecting: Promise<Api>) {
  const { service } = located;
  const owned = connecting.then((api) => listOwned(api, namespace, service.name));
  const secrets = connecting.then(async (api) => {
    const found = await findSecrets(api, service, namespace, inputs.secrets, owned);
    checkSecrets(located, found.plan, namespace);
    return found;
  });
  // Whoever awaits them learns of a refusal; a run that ends before that must not end on it.
  for (const answer of [owned, secrets]) answer.catch(() => undefined);
  return { owned, secrets };
}
