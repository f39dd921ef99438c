// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the references of a spec.
import { describe, expect, test } from 'vitest';
import { problemsOf, withFields } from './reading.ts';

// With the values of `options` in reading.ts.
interface Case {
  readonly title: string;
  readonly spec: string;
  readonly problems: readonly string[];
}

const cases: Readonly<Record<string, readonly Case[]>> = {
  names: [
    {
      title: 'a misspelled name',
      spec: withFields('port: {http: 8080}', 'public_uri: "hello.{parent[domian]}"'),
      problems: [
        "4:20: `{parent[domian]}` has no value: `domian` is not in the action's input `parent`. Did you mean `{parent[domain]}`? There are `domain` and `region`.",
      ],
    },
    {
      title: 'a misspelled name, with a dot',
      spec: withFields('port: {http: 8080}', 'public_uri: hello.{parent.domian}/a'),
      problems: [
        "4:19: `{parent.domian}` has no value: `domian` is not in the action's input `parent`. Did you mean `{parent.domain}`? There are `domain` and `region`.",
      ],
    },
    {
      title: 'an unknown variable',
      spec: withFields('env_vars: {A: "{vars.nope}"}'),
      problems: [
        "3:16: `{vars.nope}` has no value: `nope` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
    {
      title: 'a variable of the job that is not set',
      spec: withFields('env_vars: {A: "{env.GITHUB_SHAA}"}'),
      problems: [
        "3:16: `{env.GITHUB_SHAA}` has no value: `GITHUB_SHAA` is not in the job's environment. Did you mean `{env.GITHUB_SHA}`? It can be set with `env:` on the step or the job.",
      ],
    },
    {
      title: 'a misspelled source',
      spec: withFields('env_vars: {A: "{var.max}"}'),
      problems: [
        '3:16: `{var.max}` cannot be filled in: there is no `var`, only `parent`, `vars` and `env`. Did you mean `{vars.max}`? To keep it as text, double the braces: `{{var.max}}`.',
      ],
    },
    {
      title: 'an unknown source',
      spec: withFields('env_vars: {A: "at {yyyy.MM.dd}"}'),
      problems: [
        '3:19: `{yyyy.MM.dd}` cannot be filled in: there is no `yyyy`, only `parent`, `vars` and `env`. To keep it as text, double the braces: `{{yyyy.MM.dd}}`.',
      ],
    },
    {
      title: 'another module',
      spec: withFields('env_vars: {A: "{module.database.db_host}"}'),
      problems: [
        '3:16: `{module.database.db_host}` cannot be filled in. Values of other modules are not supported yet: pass the value by the input `variables` and write `{vars.…}`.',
      ],
    },
    {
      title: 'a secret, as in a workflow',
      spec: withFields('env_vars: {A: "${{ secrets.TOKEN }}"}'),
      problems: [
        '3:16: `${{ secrets.TOKEN }}` cannot be filled in. Secrets are never part of a spec: list `TOKEN` under `secrets`, and the container gets it as an environment variable.',
      ],
    },
    {
      title: 'a context, as in a workflow',
      spec: withFields('env_vars: {A: "${{ github.sha }}", B: "${{ inputs.size }}"}'),
      problems: [
        "3:16: `${{ github.sha }}` cannot be filled in. GitHub's contexts end where the workflow does: write `{env.GITHUB_SHA}`.",
        "3:40: `${{ inputs.size }}` cannot be filled in. GitHub's contexts end where the workflow does: pass the value by the action's input `variables` and write `{vars.size}`.",
      ],
    },
    {
      title: 'an expression, as in a workflow',
      spec: withFields('env_vars: {A: "${{ github.ref == \'main\' }}"}'),
      problems: [
        "3:16: `${{ github.ref == 'main' }}` cannot be filled in. GitHub's contexts end where the workflow does: write `{env.GITHUB_…}`.",
      ],
    },
    {
      title: 'the long name of a source',
      spec: withFields('env_vars: {A: "{variables.max}"}'),
      problems: [
        "3:16: `{variables.max}` cannot be filled in. The values of the action's input `variables` are named `{vars.max}`.",
      ],
    },
    {
      title: 'no name',
      spec: withFields('env_vars: {A: "{vars.}"}'),
      problems: [
        '3:16: `{vars.}` cannot be filled in: a reference is `{vars.NAME}` or `{vars[NAME]}` and nothing more. To keep it as text, double the braces.',
      ],
    },
    {
      title: 'a default, as in a shell',
      spec: withFields('env_vars: {A: "${env.A:-b}"}'),
      problems: [
        '3:16: `${env.A:-b}` cannot be filled in: a reference is `{env.NAME}` or `{env[NAME]}` and nothing more. To keep it as text, double the braces.',
      ],
    },
    {
      title: 'never closed',
      spec: withFields('env_vars: {A: "{vars.max"}'),
      problems: [
        '3:16: `{vars.max` cannot be filled in: a reference is `{vars.NAME}` or `{vars[NAME]}` and nothing more. To keep it as text, double the braces.',
      ],
    },
  ],
  places: [
    {
      title: 'several in one text',
      spec: withFields('env_vars:', '  A: "{vars.a} and {vars.b} and {vars.a}"'),
      problems: [
        "4:7: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
        "4:20: `{vars.b}` has no value: `b` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
        "4:33: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
    {
      title: 'after a wide character',
      spec: withFields('env_vars: {A: "😀 {vars.a}"}'),
      problems: [
        "3:19: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
    {
      title: 'after an escape',
      spec: withFields('env_vars: {A: "\\t\\u0041{vars.a}"}'),
      problems: [
        "3:24: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
    {
      title: 'after a doubled quote',
      spec: withFields("env_vars: {A: 'it''s {vars.a}'}"),
      problems: [
        "3:22: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
    {
      title: 'after the same as text',
      spec: withFields('env_vars: {A: "{{vars.a}} {vars.a}"}'),
      problems: [
        "3:27: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
    {
      title: 'hidden by an escape: at the start of the value',
      spec: withFields('env_vars: {A: "x \\x7bvars.a}"}'),
      problems: [
        "3:15: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
    {
      title: 'in a block of lines',
      spec: withFields('env_vars:', '  A: |', '    one', '    two {vars.a}'),
      problems: [
        "6:9: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
    {
      title: 'in a folded block',
      spec: withFields('env_vars:', '  A: >-', '    one', '    two {vars.a}'),
      problems: [
        "6:9: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
    {
      title: 'in plain text over lines',
      spec: withFields('env_vars:', '  A: one', '    two {vars.a}'),
      problems: [
        "5:9: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
    {
      title: 'in an anchor that is used twice',
      spec: withFields('env_vars:', '  A: &a "x {vars.a}"', '  B: *a'),
      problems: [
        "4:12: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
    {
      title: 'in a list',
      spec: withFields('port: {http: 8080}', 'public_uri: [/a, "{parent.domian}"]'),
      problems: [
        "4:19: `{parent.domian}` has no value: `domian` is not in the action's input `parent`. Did you mean `{parent.domain}`? There are `domain` and `region`.",
      ],
    },
  ],
  'what they bring': [
    {
      title: 'not a number',
      spec: withFields('max_containers: "{vars.word}"'),
      problems: ['3:17: `max_containers` must be a whole number, 0 or more; found "three" (from "{vars.word}").'],
    },
    {
      title: 'not a number, from the environment: not shown',
      spec: withFields('max_containers: "{env.WORD}"'),
      problems: [
        '3:17: `max_containers` must be a whole number, 0 or more; found the value of "{env.WORD}" (not shown).',
      ],
    },
    {
      title: 'a name that needs change, from the environment: not shown',
      spec: ['name: "My {env.WORD}"', 'image: AUTO'].join('\n'),
      problems: [
        '1:7: `name` must be made of lower-case letters, digits and `-`, starting with a letter, ending with a letter or digit, at most 52 characters; found the value of "My {env.WORD}" (not shown).',
      ],
    },
    {
      title: 'a host outside the domain',
      spec: withFields('port: {http: 8080}', 'public_uri: "{vars.word}.example.org"'),
      problems: [
        '4:13: "three.example.org" (from "{vars.word}.example.org") in `public_uri` is outside the domain "example.com" (`parent.domain`). Write `"{parent[domain]}"` or a host below it, such as `"hello.{parent[domain]}"`.',
      ],
    },
    {
      title: 'the same address twice, from the environment: not shown',
      spec: withFields('port: {http: 8080}', 'public_uri: [/three, "/{env.WORD}"]'),
      problems: ['4:22: the value of "/{env.WORD}" (not shown) is in `public_uri` twice, first on line 4: keep one.'],
    },
    {
      title: 'one reference that fails beside other faults',
      spec: withFields('env_vars: {A: "{vars.a}", 9: 1}', 'max_containers: "{vars.b}"', 'min_containers: 4'),
      problems: [
        "3:16: `{vars.a}` has no value: `a` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
        '3:27: the name "9" in `env_vars` must be made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`. Write `_9`.',
        "4:18: `{vars.b}` has no value: `b` is not in the action's input `variables`. There are `cpu`, `max`, `sticky` and `word`.",
      ],
    },
  ],
};

describe.each(Object.entries(cases))('References that cannot be filled in: %s', (_, rows) => {
  test.each(rows)('$title', ({ spec, problems }) => {
    expect(problemsOf(spec)).toEqual(problems);
  });
});
