import { setOutput } from '@actions/core';
import { formatImageRef } from '../image/image.ts';
import { hasChanged, type Report } from '../report.ts';
import { objectName } from '../resources/manifest.ts';

/** The part of a repository behind the registry's host: `prod/web`. It names no AWS account. */
function repositoryName(repository: string): string {
  return repository.slice(repository.indexOf('/') + 1);
}

/** Sets the step's outputs, as action.yml describes them. What there is none of is set to nothing. */
export function setOutputs(report: Report): void {
  const { image, changes, removed, outcome, urls } = report;
  const result = {
    service: report.service,
    namespace: report.namespace,
    state: outcome.state,
    repository: repositoryName(image.repository),
    image: formatImageRef(image),
    tag: image.tag ?? '',
    digest: image.digest ?? '',
    built: report.built,
    changes: Object.fromEntries([
      ...changes.map(({ manifest, action }) => [objectName(manifest), action]),
      ...removed.map((name) => [name, 'removed']),
    ]),
    rollout: outcome.message,
    urls,
  };
  const outputs = {
    docker_repo_url: report.dockerRepoUrl ?? '',
    current_image: formatImageRef(image),
    current_tag: image.tag ?? '',
    current_digest: image.digest ?? '',
    url: urls[0] ?? '',
    urls: JSON.stringify(urls),
    namespace: report.namespace,
    changed: String(hasChanged(report)),
    result: JSON.stringify(result),
  };
  for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
}
