"""Written from `programs/infrastructure.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'terraform': {'risk': 'high: this subcommand is not listed',
               'bare': 'low',
               'single_dash': True,
               'help': ['-help', '--help', '-h', '-version', '--version'],
               'flags': {'-chdir, -working-dir, -terragrunt-working-dir': 'folder',
                         '-config, -terragrunt-config, -log-level, -terragrunt-log-level, -iam-assume-role, -source, -tf-path, -terragrunt-tfpath, -parallelism, -lock-timeout, -backend-config, -target, -replace, -exclude, -queue-include-dir, -queue-exclude-dir, -terragrunt-include-dir, -terragrunt-exclude-dir': 'optional',
                         '-no-color, -non-interactive, -terragrunt-non-interactive, -json, -compact-warnings, -concise, -input, -lock, -refresh-only, -all, -queue-ignore-errors, -terragrunt-ignore-dependency-errors': 'optional',
                         '-var': 'value',
                         '-var-file': 'read'},
               'variables': {'TF_CLI_ARGS': 'value'},
               'commands': {'validate|show|graph|version|providers|providers schema|workspace list|workspace show|state list|state show|metadata functions|modules|output-module-groups|render-json|graph-dependencies|hclvalidate|validate-inputs|terragrunt-info|find|list|dag graph|info print|help|query': 'low',
                            'output': {'risk': 'low',
                                       'rules': [{'operand': ['*pass*',
                                                              '*secret*',
                                                              '*token*',
                                                              '*key*',
                                                              '*cred*'],
                                                  'risk': 'high: shows a credential'}],
                                       'flags': {'-raw': 'flag', '-state': 'read'}},
                            'plan|run-all plan|plan-all|run-all validate|run-all show|run-all output|run plan|validate-all': {'risk': 'low: '
                                                                                                                                      'a '
                                                                                                                                      'dry '
                                                                                                                                      'run',
                                                                                                                              'flags': {'-out': 'write',
                                                                                                                                        '-destroy, -detailed-exitcode, -refresh, -refresh=false': 'optional',
                                                                                                                                        '-state': 'read',
                                                                                                                                        '-generate-config-out': 'write',
                                                                                                                                        '-target, -replace': 'value'}},
                            'fmt|hclfmt|hcl fmt|hcl format': {'risk': 'medium: changes files of '
                                                                      'the workspace',
                                                              'flags': {'-check': 'low: only looks',
                                                                        '-write': 'optional',
                                                                        '-write=false': 'low: only '
                                                                                        'looks',
                                                                        '-diff, -list, -recursive': 'optional'}},
                            'init|run-all init|get|providers lock|providers mirror|workspace new|workspace select|console|hclgen|scaffold|catalog|render': {'risk': 'medium: '
                                                                                                                                                                    'fetches '
                                                                                                                                                                    'providers '
                                                                                                                                                                    'and '
                                                                                                                                                                    'modules',
                                                                                                                                                            'flags': {'-migrate-state, -force-copy, -reconfigure': 'high: '
                                                                                                                                                                                                                   'moves '
                                                                                                                                                                                                                   'the '
                                                                                                                                                                                                                   'state',
                                                                                                                                                                      '-upgrade, -get, -get-plugins, -backend': 'optional',
                                                                                                                                                                      '-from-module, -plugin-dir, -platform, -fs-mirror, -net-mirror': 'value',
                                                                                                                                                                      '-backend-config, -state': 'value'}},
                            'state pull': 'medium: prints the whole state, secrets included',
                            'apply|destroy|import|taint|untaint|refresh|state rm|state mv|state push|state replace-provider|workspace delete|force-unlock|login|logout|test|run-all apply|run-all destroy|apply-all|destroy-all|aws-provider-patch|cloud|run apply|run destroy|backend bootstrap|backend delete|backend migrate|rpcapi|exec|stack run|stack generate': 'high: '
                                                                                                                                                                                                                                                                                                                                                                       'changes '
                                                                                                                                                                                                                                                                                                                                                                       'infrastructure '
                                                                                                                                                                                                                                                                                                                                                                       'or '
                                                                                                                                                                                                                                                                                                                                                                       'its '
                                                                                                                                                                                                                                                                                                                                                                       'state'}},
 'terraform-docs': {'risk': 'low: looks for faults',
                    'flags': {'-c, --config, -f, --format, -o, --output, --path, --filter, --minimum-failure-severity, --framework, --chdir, -d, --directory, --check, --skip-check, -t, --template': 'value',
                              '--output-file, --out, --out-file, --output-file-path': 'write',
                              '--init': 'medium: installs plugins',
                              '--fix': 'medium: changes files of the workspace',
                              '--external-checks-git, --external-checks-dir': 'value; high: runs '
                                                                              'checks of its own'},
                    'operands': 'value...'},
 'pulumi': {'risk': 'high: this subcommand is not listed',
            'bare': 'low',
            'flags': {'-C, --cwd': 'folder',
                      '--color, -v, --verbose, --profiling, --tracing, -s, --stack, --memprofilerate': 'value',
                      '-e, --emoji, --logtostderr, --logflow, --non-interactive, --disable-integrity-checking, --fully-qualify-stack-names': 'flag'},
            'commands': {'refresh': {'risk': 'high: changes the state of a cloud',
                                     'flags': {'--preview-only': 'low: a preview',
                                               '-y, --yes, -f, --skip-preview, -d, --diff, -j, --json': 'flag',
                                               '-t, --target, -m, --message, -p, --parallel': 'value'}},
                         'help|preview|pre|version|whoami|stack ls|stack output|stack graph|stack history|stack tag ls|config get|logs|about|plugin ls|policy ls|org get-default|state graph|schema check|completion|gen-completion|package get-schema|env ls': {'risk': 'low',
                                                                                                                                                                                                                                                                 'flags': {'--show-secrets': 'high: '
                                                                                                                                                                                                                                                                                             'shows '
                                                                                                                                                                                                                                                                                             'credentials',
                                                                                                                                                                                                                                                                           '--save-plan': 'write',
                                                                                                                                                                                                                                                                           '-j, --json, --diff, -r, --refresh': 'flag',
                                                                                                                                                                                                                                                                           '-c, --config, -t, --target, --policy-pack': 'value'}},
                         'stack|config': {'risk': 'high: this subcommand is not listed',
                                          'bare': 'low',
                                          'flags': {'--show-secrets': 'high: shows credentials',
                                                    '-j, --json, -i, --show-ids, -u, --show-urns': 'flag'}},
                         'new|install|stack init|stack select|config set|config set-all|config rm|config cp|config refresh|plugin install|convert|gen-sdk|package add|package gen-sdk': {'risk': 'medium: '
                                                                                                                                                                                                 'changes '
                                                                                                                                                                                                 'the '
                                                                                                                                                                                                 'project',
                                                                                                                                                                                         'flags': {'--secret': 'high: '
                                                                                                                                                                                                               'stores '
                                                                                                                                                                                                               'a '
                                                                                                                                                                                                               'credential',
                                                                                                                                                                                                   '-y, --yes, -f, --force, -g, --generate-only': 'flag'}},
                         'stack export': {'risk': 'medium: prints the state',
                                          'flags': {'--show-secrets': 'high: shows credentials',
                                                    '--file': 'write'}}}},
 'cdk': {'risk': 'high: this subcommand is not listed',
         'bare': 'low',
         'flags': {'-a, --app, --plugin': 'value; medium: names what is run',
                   '-c, --context, --profile, -r, --role-arn, -o, --output, --proxy, --ca-bundle-path, --build, --log-level': 'value',
                   '--verbose, -v, --debug, --trace, --strict, --lookups, --ignore-errors, -j, --json, --path-metadata, --asset-metadata, --staging, --no-color, --ci, --notices, -i, --ec2creds, --version-reporting, --no-notices': 'flag',
                   '--all, -q, --quiet, -e, --exclusively': 'flag'},
         'commands': {'help|ls|list|diff|doctor|docs|doc|metadata|notices|ack|acknowledge|plan|output|flags|completion': 'low',
                      'synth|synthesize|init|context|get|provider|convert': 'medium: runs the '
                                                                            "project's code and "
                                                                            'writes its output'}},
 'ansible': {'risk': 'high: changes other machines',
             'flags': {'-i, --inventory': 'read',
                       '-u, --user, -f, --forks, -l, --limit, -t, --tree, -c, --connection, -T, --timeout, -e, --extra-vars, --become-method, --become-user, -B, --background, -P, --poll, --private-key, --key-file, --vault-id, --vault-password-file, --playbook-dir, -M, --module-path, --ssh-common-args, --ssh-extra-args, --scp-extra-args, --sftp-extra-args, --task-timeout': 'value',
                       '-m, --module-name': 'value',
                       '-m=ping, --module-name': 'value; low: only looks',
                       '-m=setup, --module-name': 'value; low: only looks',
                       '-m=gather_facts, --module-name': 'value; low: only looks',
                       '-m=debug, --module-name': 'value; low: only looks',
                       '-m=stat, --module-name': 'value; low: only looks',
                       '-m=ansible.builtin.ping, --module-name': 'value; low: only looks',
                       '-m=ansible.builtin.setup, --module-name': 'value; low: only looks',
                       '-a, --args': 'value',
                       '--list-hosts': 'low: lists',
                       '-C, --check': 'low: a dry run',
                       '-b, --become, -k, -K, --ask-pass, --ask-become-pass, -v, -vv, -vvv, -D, --diff, -o, --one-line': 'flag'}},
 'ansible-playbook': {'risk': 'high: changes other machines',
                      'flags': {'-i, --inventory': 'read',
                                '-u, --user, -f, --forks, -l, --limit, -c, --connection, -T, --timeout, -e, --extra-vars, --become-method, --become-user, --private-key, --key-file, --vault-id, --vault-password-file, -M, --module-path, -t, --tags, --skip-tags, --start-at-task, --ssh-common-args, --ssh-extra-args': 'value',
                                '-C, --check': 'low: a dry run',
                                '--syntax-check': 'low: only looks',
                                '--list-hosts, --list-tasks, --list-tags': 'low: lists',
                                '-b, --become, -k, -K, -v, -vv, -vvv, -D, --diff, --step, --flush-cache, --force-handlers': 'flag'},
                      'operands': 'run...'},
 'ansible-galaxy': {'risk': 'low: only looks',
                    'flags': {'-r, --role-file, --requirements-file, -p, --roles-path, -s, --server, -i, --inventory, --api-key, --token, -t, --type, --host, --vault-id, --vault-password-file': 'value',
                              '--output': 'write',
                              '--fix, --write': 'optional; medium: changes files of the workspace',
                              '-l, --list, --graph, -f, --force, -v, --yaml': 'flag'},
                    'operands': 'value...',
                    'rules': [{'operand': ['install',
                                           'download',
                                           'init',
                                           'build',
                                           'converge',
                                           'create',
                                           'prepare',
                                           'test',
                                           'verify',
                                           'lint'],
                               'risk': 'medium: changes the workspace'},
                              {'operand': ['publish',
                                           'remove',
                                           'delete',
                                           'import',
                                           'setup',
                                           'login',
                                           'destroy',
                                           'reset'],
                               'risk': 'high: publishes or removes'}]},
 'ansible-vault': {'risk': 'high: touches credentials or changes machines'},
 'packer': {'risk': 'high: this subcommand is not listed',
            'bare': 'low',
            'single_dash': True,
            'help': ['-help', '--help', '-h', '-version', '--version'],
            'flags': {'-machine-readable': 'flag', '-var': 'value', '-var-file': 'read'},
            'commands': {'help|validate|inspect|version|plugins installed|plugins required': 'low',
                         'fmt': {'risk': 'medium: changes files of the workspace',
                                 'flags': {'-check': 'low: only looks',
                                           '-write=false, -diff, -recursive': 'optional'}},
                         'init|fix|hcl2_upgrade|plugins install|plugins remove|console': 'medium: '
                                                                                         'installs '
                                                                                         'plugins '
                                                                                         'or '
                                                                                         'changes '
                                                                                         'files',
                         'build': 'high: builds images, in clouds as well'}},
 'vagrant': {'risk': 'high: this subcommand is not listed',
             'bare': 'low',
             'flags': {'--machine-readable, --color, --no-color, --timestamp, --debug, --no-tty': 'flag'},
             'commands': {'help|status|global-status|ssh-config|box list|box outdated|version|port|validate|snapshot list|plugin list|winrm-config|list-commands': 'low',
                          'up|halt|suspend|resume|reload|provision|init|box add|box update|snapshot save|snapshot push|rsync|rsync-auto|package': {'risk': 'medium: '
                                                                                                                                                           'starts '
                                                                                                                                                           'or '
                                                                                                                                                           'stops '
                                                                                                                                                           'a '
                                                                                                                                                           'virtual '
                                                                                                                                                           'machine',
                                                                                                                                                   'flags': {'--provider, --provision-with, --output, --base, --name, --box-version': 'value'}},
                          'ssh': {'risk': 'medium: runs a command in a virtual machine',
                                  'remote': True,
                                  'flags': {'-c, --command': 'shell',
                                            '-p, --plain, -t, --tty': 'flag'}},
                          'destroy|box remove|box prune|box repackage|snapshot restore|snapshot delete|snapshot pop|plugin install|plugin uninstall|plugin update|plugin repair|plugin expunge|login|cloud|upload|winrm|share|connect': 'high: '
                                                                                                                                                                                                                                        'removes '
                                                                                                                                                                                                                                        'a '
                                                                                                                                                                                                                                        'virtual '
                                                                                                                                                                                                                                        'machine, '
                                                                                                                                                                                                                                        'publishes '
                                                                                                                                                                                                                                        'or '
                                                                                                                                                                                                                                        'installs '
                                                                                                                                                                                                                                        'plugins'}},
 'knife': {'risk': 'high: changes other machines',
           'bare': 'high: changes this machine',
           'flags': {'-c, --config, -E, --environment, -s, --server-url, -u, --user, -k, --key, -F, --format, -o, -j, -r, -l, -L': 'value',
                     '-W, --why-run': 'low: a dry run',
                     '-V, --verbose, -z, --local-mode': 'flag'},
           'commands': {'help|status|node list|node show|role list|role show|environment list|environment show|cookbook list|cookbook show|client list|client show|search|data bag list|data bag show|tag list|recipe list|list|diff|show|env|version|cookbook test|check|outdated|info|viz|describe-cookbook|doctor': 'low',
                        'converge|create|setup|verify|test|login|install|update|package|vendor|generate|init|show-policy': 'medium: '
                                                                                                                           'builds '
                                                                                                                           'a '
                                                                                                                           'test '
                                                                                                                           'machine'}},
 'puppet': {'risk': 'high: changes this machine',
            'flags': {'--modulepath, --manifest, --environment, --config, --server, --certname, --logdest, -l, --hiera_config': 'value',
                      '--noop': 'low: a dry run',
                      '-v, --verbose, -d, --debug, -t, --test': 'flag'},
            'commands': {'help|parser validate|parser dump|module list|module search|config print|describe|facts show|doc|lookup|resource_type|node find|epp validate|version': 'low',
                         'module install|module build|strings|module generate': 'medium: installs '
                                                                                'modules',
                         'agent|apply|resource|device|cert|ca|ssl|config set|module uninstall|module upgrade|epp render|generate|filebucket|catalog|script|plugin|key|node clean|node deactivate|report': 'high: '
                                                                                                                                                                                                          'changes '
                                                                                                                                                                                                          'this '
                                                                                                                                                                                                          'machine'}},
 'salt': {'risk': 'high: changes other machines',
          'flags': {'-c, --config-dir, -t, --timeout, -b, --batch-size, -l, --log-level, --out, --output, -L, -G, -E, -N, -C, -I, -S, --roster-file': 'value'},
          'rules': [{'operand': ['test.ping',
                                 'test.version',
                                 'grains.items',
                                 'grains.get',
                                 'grains.ls',
                                 'pillar.ls',
                                 'sys.doc',
                                 'status.uptime',
                                 'disk.usage',
                                 'manage.status'],
                     'risk': 'low: only looks'},
                    {'operand': ['cmd.*', '*.run'],
                     'risk': 'high: runs a command on other machines'}]},
 'nomad': {'risk': 'high: changes a cluster',
           'bare': 'low',
           'single_dash': True,
           'help': ['-help', '--help', '-h', '-version', '--version'],
           'flags': {'-address, -http-addr, -region, -namespace, -token, -ca-cert, -ca-path, -client-cert, -client-key, -tls-server-name, -datacenter, -token-file, -ca-file, -partition, -addr': 'optional',
                     '-no-color, -force-color, -tls-skip-verify, -stale, -json, -verbose, -detailed, -short': 'optional'},
           'commands': {'help|status|version|job status|job history|job inspect|job plan|plan|job validate|validate|job allocs|job deployments|job scaling-events|node status|alloc status|alloc logs|alloc fs|logs|fs|eval status|eval list|deployment list|deployment status|server members|agent-info|operator raft list-peers|operator autopilot health|namespace list|namespace status|volume status|quota list|quota status|ui|members|catalog|catalog nodes|catalog services|catalog datacenters|kv get|kv export|info|operator raft|intention list|intention get|intention check|intention match|rtt|monitor|config list|config read|acl policy list|var list|snapshot inspect|peering list|targets list|sessions list|scopes list|users list|hosts list': 'low',
                        'fmt|job init|init|operator snapshot save|snapshot save': 'medium: writes '
                                                                                  'files'}},
 'vault': {'risk': 'high: touches credentials',
           'bare': 'low',
           'single_dash': True,
           'help': ['-help', '--help', '-h', '-version', '--version'],
           'flags': {'-address, -agent-address, -namespace, -ns, -ca-cert, -ca-path, -client-cert, -client-key, -tls-server-name, -format, -header, -mount, -field, -wrap-ttl, -mfa': 'optional',
                     '-tls-skip-verify, -output-curl-string, -non-interactive, -no-color, -detailed': 'optional'},
           'commands': {'help|status|version|version-history|secrets list|auth list|auth help|policy list|policy read|audit list|path-help|namespace list|plugin list|kv list|list|kv metadata get|operator members|operator raft list-peers|token capabilities': 'low'}},
 'serverless': {'risk': 'high: this subcommand is not listed',
                'bare': 'low',
                'flags': {'-s, --stage, -r, --region, --aws-profile, --profile, --param, -c, --config, --org, --app, --service, --config-env, --config-file, --project-dir, -t, --template, --template-file, -f, --function, --env, --stack-name, -n, --name': 'value',
                          '--verbose, --debug, --no-color, --beta-features, --no-beta-features': 'flag'},
                'commands': {'help|info|print|logs|tail|metrics|validate|status|list|list resources|list endpoints|list stack-outputs|version|deploy list|deploy list functions|plugin list|plugin search|support|doctor|diff|url|health|events|app ls|app show|svc ls|svc show|svc logs|svc status|env ls|env show|pipeline ls|traces|routes|show': 'low',
                             'package|build|local invoke|local start-api|local start-lambda|local generate-event|offline|invoke local|init|new-project|local|plugin install|generate-policy|gen-policy|test|types|generate-models|install|codegen|add|pull|mock|pipeline init|app init|svc init': {'risk': 'medium: '
                                                                                                                                                                                                                                                                                                           'builds '
                                                                                                                                                                                                                                                                                                           'or '
                                                                                                                                                                                                                                                                                                           'runs '
                                                                                                                                                                                                                                                                                                           'locally'}}}}
