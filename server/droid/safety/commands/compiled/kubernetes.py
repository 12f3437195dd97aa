"""Written from `programs/kubernetes.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'kubectl': {'risk': 'high: this subcommand is not listed, or is a plugin',
             'bare': 'low',
             'help': ['--help', '-h', '--version'],
             'flags': {'-n, --namespace, --context, --cluster, --user, -s, --server, --as, --as-group, --as-uid, --cache-dir, --request-timeout, --tls-server-name, -v, --v, --vmodule, --profile, --profile-output, --token, --username, --password, --log-dir, --log-file, --log-flush-frequency, --stderrthreshold, --loglevel': 'value',
                       '--kubeconfig, --certificate-authority, --client-certificate, --client-key, --config': 'value',
                       '--insecure-skip-tls-verify, --match-server-version, --warnings-as-errors, --disable-compression, --alsologtostderr, --logtostderr, --add-dir-header': 'optional',
                       '-o, --output, -l, --selector, --field-selector, --sort-by, -c, --container, --template, --chunk-size, -L, --label-columns, --field-manager, --since, --since-time, --tail, --limit-bytes, --timeout, --for, --max-log-requests, --pod-running-timeout, --api-group, --api-version, --verbs, --subresource, --concurrency, --show-labels-as, --types': 'value',
                       '-A, --all-namespaces, -w, --watch, --show-labels, --no-headers, --ignore-not-found, -R, --recursive, -p, --previous, --prefix, --all-containers, --timestamps, -q, --quiet, --show-kind, --watch-only, --show-managed-fields, --client, --namespaced, --cached, --short, --list': 'optional',
                       '--follow': 'optional'},
             'commands': {'get': {'risk': 'low',
                                  'flags': {'-f, --filename': 'read',
                                            '-k, --kustomize': 'read',
                                            '--raw': 'value',
                                            '--raw=*secrets*': 'value; high: shows credentials'},
                                  'rules': [{'operand': ['secret',
                                                         'secrets',
                                                         'secret/*',
                                                         'secrets/*',
                                                         'secret.*',
                                                         'secrets.*',
                                                         '*,secret',
                                                         '*,secrets',
                                                         'secret,*',
                                                         'secrets,*',
                                                         '*,secrets,*',
                                                         '*,secret,*',
                                                         'externalsecret/*'],
                                             'risk': 'high: shows credentials'}]},
                          'help|describe|top|top node|top nodes|top pod|top pods|explain|api-resources|api-versions|version|options|wait|events|completion|plugin list|kustomize|diff|auth can-i|auth whoami|rollout status|rollout history|cluster-info|config get-contexts|config current-context|config get-clusters|config get-users|status|projects|get-token-info|krew list|krew search|krew info|krew version|neat|tree|who-can|resource-capacity|df-pv|stern': {'risk': 'low',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'flags': {'-f, --filename': 'read',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  '-k, --kustomize': 'read',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  '--revision, --recursive': 'value'},
                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'operands': 'value...'},
                          'logs': {'risk': 'low', 'flags': {'-f': 'flag'}},
                          'cluster-info dump': {'risk': 'low',
                                                'flags': {'--output-directory': 'write',
                                                          '--namespaces': 'value'}},
                          'config view': {'risk': 'low',
                                          'flags': {'--raw': 'high: shows credentials',
                                                    '--minify, --flatten, --merge': 'flag'}},
                          'whoami': {'risk': 'low',
                                     'flags': {'-t, --show-token': 'high: shows a token',
                                               '-c, --show-context, --show-server, --show-console': 'flag'}},
                          'project': {'risk': "high: changes the person's settings",
                                      'bare': 'low: shows the project'},
                          'exec|rsh': {'risk': 'medium: runs a command in a pod',
                                       'remote': True,
                                       'operands': 'value words',
                                       'flags': {'-i, --stdin, -t, --tty': 'optional',
                                                 '-f, --filename': 'read',
                                                 '-q, --quiet': 'flag',
                                                 '--shell': 'value'}},
                          'port-forward|proxy': {'risk': 'medium: opens a tunnel to the cluster',
                                                 'flags': {'--address, --port, -p, --api-prefix, --www, --www-prefix, -u, --unix-socket, --accept-hosts, --accept-paths, --reject-paths, --reject-methods, --keepalive': 'value',
                                                           '--address=0.0.0.0': 'value; high: '
                                                                                'opens a tunnel '
                                                                                'for everybody',
                                                           '--disable-filter': 'high: opens the '
                                                                               'cluster to '
                                                                               'everybody'}},
                          'cp|rsync': {'risk': 'medium: copies from a pod',
                                       'operands': 'read write',
                                       'flags': {'--retries': 'value', '--no-preserve': 'optional'},
                                       'rules': [{'operand': '*:*',
                                                  'at': 1,
                                                  'risk': 'high: changes files of a pod'}]},
                          'apply|create|create *|delete|replace|patch|edit|scale|autoscale|expose|set|set *|label|annotate|taint|drain|cordon|uncordon|rollout restart|rollout undo|rollout pause|rollout resume|debug|attach|certificate approve|certificate deny|auth reconcile|apply set-last-applied|apply edit-last-applied|create deployment|create job|create cronjob|create configmap|create namespace|create ns|create service|create secret|create role|create rolebinding|create clusterrole|create clusterrolebinding|create serviceaccount|create sa|create ingress|create quota|create pdb|create priorityclass|create cm|create deploy|new-app|new-project|new-build|start-build|process|rollback|tag|import-image|adm|adm policy|idle': {'risk': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'changes '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'a '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'cluster',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         'flags': {'--dry-run': 'optional',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   '--dry-run=client': 'optional; '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'low: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'a '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'dry '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'run',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   '--dry-run=server': 'optional; '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'low: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'a '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'dry '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       'run',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   '--dry-run=true': 'optional; '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'low: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'a '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'dry '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'run',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   '-f, --filename': 'read',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   '-k, --kustomize': 'read',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   '-p, --patch, --patch-file, --type, --replicas, --image, --port, --target-port, --name, --from-literal, --from-file, --from-env-file, --from, --schedule, --grace-period, --cascade, --overrides, --restart, --env, --labels, -r, --requests, --limits, --min, --max, --cpu-percent, --to-revision, --current-replicas, --resource-version, --protocol, --external-ip, --load-balancer-ip, --cluster-ip, --validate, --target, --profile-debug, --copy-to, --set-image, --prune-allowlist, --tcp, --node-port, --rule, --class, --default-backend, --annotation, --verb, --resource, --resource-name, --clusterrole, --role, --serviceaccount, --group, --hard, --scopes, --docker-server, --docker-username, --docker-password, --docker-email, --cert, --key': 'value',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   '--force, --all, --now, --overwrite, --server-side, --prune, --save-config, --record, --local, -i, --stdin, -t, --tty, --rm, --expose, --attach, --ignore-daemonsets, --delete-emptydir-data, --windows-line-endings, --edit, --force-conflicts, --openapi-patch, --append-hash': 'optional'}},
                          'run': {'risk': 'high: changes a cluster',
                                  'remote': True,
                                  'operands': 'value words',
                                  'flags': {'--dry-run=client': 'optional; low: a dry run',
                                            '--dry-run=server': 'optional; low: a dry run',
                                            '--dry-run': 'optional',
                                            '--image, --port, --labels, -l, --env, --restart, --overrides, --limits, --requests, --serviceaccount, -f, --filename, --pod-running-timeout, --grace-period, --annotations, --image-pull-policy, --override-type': 'value',
                                            '-i, --stdin, -t, --tty, --rm, --attach, -q, --quiet, --command, --expose, --privileged, --leave-stdin-open': 'flag'}},
                          'create token|get-token|login|logout|config set|config set-context|config set-credentials|config set-cluster|config unset|config use-context|config use|config delete-context|config delete-cluster|config delete-user|config rename-context|krew install|krew uninstall|krew upgrade|krew update|krew index|plugin|registry login|extract|ctx|ns|sa|secrets|policy|cancel-build|image|alpha|convert': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                 'touches '
                                                                                                                                                                                                                                                                                                                                                                                                                                 'credentials, '
                                                                                                                                                                                                                                                                                                                                                                                                                                 'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                 "person's "
                                                                                                                                                                                                                                                                                                                                                                                                                                 'settings '
                                                                                                                                                                                                                                                                                                                                                                                                                                 'or '
                                                                                                                                                                                                                                                                                                                                                                                                                                 'plugins'}},
 'kubectx': {'risk': "high: changes the person's settings of kubectl",
             'bare': 'low: lists',
             'flags': {'-c, --current': 'low: shows the current one',
                       '-d': 'value; high: removes a context',
                       '-u, --unset': "high: changes the person's settings of kubectl"}},
 'k9s': {'risk': 'high: an interactive program that changes clusters',
         'flags': {'-n, --namespace, --context, --kubeconfig, -c, --command, -l, --logLevel, -r, --refresh': 'value',
                   '--readonly': 'low: only shows'},
         'rules': [{'operand': ['version', 'info', 'help'], 'at': 0, 'risk': 'low: only looks'}]},
 'stern': {'risk': 'low: shows logs',
           'flags': {'-n, --namespace, -l, --selector, --context, --tail, -s, --since, -c, --container, -o, --output, --template, -e, --exclude, -i, --include': 'value'},
           'operands': 'value...'},
 'kubeval': {'risk': 'low: looks for faults',
             'flags': {'-o, --output, --kubernetes-version, --schema-location, --skip, --policy, -p, -n, --summary': 'value'},
             'operands': 'read...'},
 'kustomize': {'risk': 'high: this subcommand is not listed',
               'bare': 'low',
               'flags': {'--stack-trace': 'flag'},
               'commands': {'help|version|cfg count|cfg tree|cfg cat|cfg grep|completion|openapi': 'low',
                            'build': {'risk': 'low: prints',
                                      'operands': 'read',
                                      'flags': {'-o, --output': 'write',
                                                '-e, --env, --load-restrictor, --mount, --network-name, --reorder, --as-current-user': 'value',
                                                '--enable-exec, --enable-alpha-plugins': 'high: '
                                                                                         'runs '
                                                                                         'plugins',
                                                '--enable-helm': 'medium: runs helm',
                                                '--helm-command': 'value; high: names a program to '
                                                                  'run',
                                                '--network, --enable-star': 'high: runs plugins'}},
                            'edit|create|localize|cfg': 'medium: changes files of the workspace',
                            'fn': 'high: runs plugins'}},
 'helm': {'risk': 'high: this subcommand is not listed, or is a plugin',
          'bare': 'low',
          'help': ['--help', '-h'],
          'flags': {'-n, --namespace, --kube-context, --kube-apiserver, --kube-as-group, --kube-as-user, --kube-ca-file, --kube-tls-server-name, --kube-token, --burst-limit, --qps, --registry-config, --repository-cache, --repository-config, --content-cache, --color': 'value',
                    '--kubeconfig': 'value',
                    '--debug, --kube-insecure-skip-tls-verify': 'flag',
                    '-o, --output, --time-format, -m, --max, --offset, -l, --selector, --revision, --template, -f, --filter, --version': 'value',
                    '-A, --all-namespaces, -a, --all, -q, --short, -d, --date, -r, --reverse, --deployed, --failed, --pending, --superseded, --uninstalled, --devel, --versions, --all-values': 'flag'},
          'commands': {'help|list|ls|status|history|hist|version|env|verify|lint|repo list|repo ls|search repo|search hub|show|show all|show chart|show readme|show values|show crds|inspect|get|get all|get hooks|get manifest|get metadata|get notes|get values|dependency list|dependency ls|dep list|dep ls|plugin list|plugin ls|completion|diff upgrade|diff release|diff revision|diff rollback|diff version': {'risk': 'low',
                                                                                                                                                                                                                                                                                                                                                                                                                       'flags': {'-f, --values': 'read',
                                                                                                                                                                                                                                                                                                                                                                                                                                 '--set, --set-string, --set-json, --set-literal, --repo, --username, --password, --ca-file, --cert-file, --key-file, --keyring': 'value',
                                                                                                                                                                                                                                                                                                                                                                                                                                 '--set-file': 'value',
                                                                                                                                                                                                                                                                                                                                                                                                                                 '--post-renderer': 'value; '
                                                                                                                                                                                                                                                                                                                                                                                                                                                    'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                    'runs '
                                                                                                                                                                                                                                                                                                                                                                                                                                                    'a '
                                                                                                                                                                                                                                                                                                                                                                                                                                                    'program'}},
                       'list|ls': {'risk': 'low', 'flags': {'-f, --filter': 'value'}},
                       'template': {'risk': 'low: prints',
                                    'flags': {'-f, --values': 'read',
                                              '--output-dir': 'write',
                                              '--set, --set-string, --set-json, --set-literal, --set-file, -s, --show-only, --name-template, -a, --api-versions, --kube-version, --repo, --release-name, --timeout, --keyring, --ca-file, --cert-file, --key-file, --username, --password, --description': 'value',
                                              '--post-renderer, --post-renderer-args': 'value; '
                                                                                       'high: runs '
                                                                                       'a program',
                                              '--validate, --include-crds, --no-hooks, --skip-crds, --skip-tests, --is-upgrade, --dependency-update, --disable-openapi-validation, --generate-name, -g': 'flag'}},
                       'install|upgrade|uninstall|delete|del|un|rollback|test': {'risk': 'high: '
                                                                                         'changes '
                                                                                         'a '
                                                                                         'cluster',
                                                                                 'flags': {'-f, --values': 'read',
                                                                                           '--dry-run': 'optional; '
                                                                                                        'low: '
                                                                                                        'a '
                                                                                                        'dry '
                                                                                                        'run',
                                                                                           '--dry-run=none': 'optional',
                                                                                           '--dry-run=false': 'optional',
                                                                                           '--dry-run=*\x00*': 'optional',
                                                                                           '--set, --set-string, --set-json, --set-literal, --set-file, --repo, --timeout, --description, --name-template, --history-max, --labels, --keyring, --ca-file, --cert-file, --key-file, --username, --password, --cascade': 'value',
                                                                                           '--post-renderer, --post-renderer-args': 'value; '
                                                                                                                                    'high: '
                                                                                                                                    'runs '
                                                                                                                                    'a '
                                                                                                                                    'program',
                                                                                           '-i, --install, --wait, --atomic, --create-namespace, --force, --reuse-values, --reset-values, --cleanup-on-fail, --wait-for-jobs, --keep-history, --no-hooks, --skip-crds, -g, --generate-name, --dependency-update': 'flag'}},
                       'repo add|repo update|repo up|repo index|repo remove|repo rm|dependency update|dependency build|dependency up|dep update|dep up|dep build|create|package|pull|fetch': {'risk': 'medium: '
                                                                                                                                                                                                      'changes '
                                                                                                                                                                                                      'the '
                                                                                                                                                                                                      'workspace '
                                                                                                                                                                                                      'or '
                                                                                                                                                                                                      'fetches '
                                                                                                                                                                                                      'charts',
                                                                                                                                                                                              'flags': {'-d, --destination, --untardir, --username, --password, --repo, --app-version, --keyring, --key, --passphrase-file, -p, --starter, --url, --merge, --ca-file, --cert-file, --key-file': 'value'}},
                       'push|registry login|registry logout|plugin install|plugin uninstall|plugin update|plugin remove|plugin add|secrets|s3|gcs|cm-push|mapkubeapis|2to3': 'high: '
                                                                                                                                                                             'publishes, '
                                                                                                                                                                             'touches '
                                                                                                                                                                             'credentials '
                                                                                                                                                                             'or '
                                                                                                                                                                             'installs '
                                                                                                                                                                             'plugins'}},
 'helmfile': {'risk': 'high: this subcommand is not listed',
              'bare': 'low',
              'flags': {'-f, --file, -e, --environment, -n, --namespace, -l, --selector, --kube-context, --state-values-set, --state-values-file, --log-level, -b, --helm-binary, -c, --chart, --color, -k, --kustomize-binary': 'value',
                        '--debug, -q, --quiet, --no-color, -i, --interactive, --allow-no-matching-release, --skip-deps, --enable-live-output, --disable-force-update': 'flag'},
              'commands': {'help|list|diff|template|lint|status|build|version|show-dag|print-env': 'low',
                           'deps|repos|fetch|cache|init|write-values': 'medium: fetches charts',
                           'apply|sync|destroy|delete|test|charts': 'high: changes a cluster'}},
 'tkn': {'risk': 'high: starts, changes or removes what runs in a cluster',
         'bare': 'low',
         'flags': {'-n, --namespace, -c, --context, -k, --kubeconfig': 'value',
                   '-C, --nocolour': 'flag'},
         'commands': {'help|version|completion|* list|* ls|* describe|* desc|* logs|* get|hub search|hub info': {'risk': 'low',
                                                                                                                 'flags': {'-n, --namespace, -L, --limit, -o, --output, --label, -t, --task': 'value'}}}},
 'opa': {'risk': 'low: evaluates policies and configurations',
         'flags': {'-d, --data, -i, --input, -b, --bundle, --schema, -J, --jpath': 'read',
                   '-o, --output, --output-file, -m, --multi, -c': 'write',
                   '-w, --write': 'medium: changes files; makes:operands=write',
                   '-f, --format, -e, --entrypoint, --ext-str, -V, --tla-str, -A, --target, -t, --timeout': 'value',
                   '-a, --addr': 'value; high: opens a port'},
         'operands': 'value...',
         'rules': [{'operand': ['build',
                                'sign',
                                'fmt',
                                'fix',
                                'mod',
                                'get',
                                'import',
                                'init',
                                'refactor',
                                'new',
                                'vet-fix'],
                    'at': 0,
                    'risk': 'medium: writes files'},
                   {'operand': ['run', 'repl'],
                    'at': 0,
                    'risk': 'medium: opens a prompt or a server'},
                   {'operand': ['cmd', 'login'],
                    'at': 0,
                    'risk': 'high: runs programs or touches credentials'},
                   {'operand': ['-s', '--server'], 'risk': 'high: opens a port'}]},
 'argocd': {'risk': 'high: this subcommand is not listed',
            'bare': 'low',
            'flags': {'--server, --auth-token, --config, --core-namespace, --grpc-web-root-path, --header, -H, --http-retry-max, --loglevel, --logformat, --port-forward-namespace, --kube-context, --controller-name, --redis-name, --server-name, --argocd-context, --client-crt, --client-crt-key, --server-crt': 'value',
                      '--core, --grpc-web, --insecure, --plaintext, --port-forward': 'flag'},
            'commands': {'help|version|app list|app get|app diff|app history|app manifests|app logs|app resources|app wait|appset list|appset get|proj list|proj get|repo list|repo get|cluster list|cluster get|account list|account get|account get-user-info|account can-i|cert list|gpg list|gpg get|completion': 'low',
                         'context': {'risk': "high: changes the person's settings",
                                     'bare': 'low'}}},
 'flux': {'risk': 'high: this subcommand is not listed',
          'bare': 'low',
          'flags': {'-n, --namespace, --context, --kubeconfig, --timeout, --as, --as-group, --cluster, --user, --token, --kube-api-burst, --kube-api-qps, --cache-dir, --server, --certificate-authority, --client-certificate, --client-key, --tls-server-name': 'value',
                    '--verbose, --insecure-skip-tls-verify': 'flag'},
          'commands': {'help|get|check|logs|events|tree|stats|version|diff|build|trace|debug|envsubst|completion|list|get *': 'low'}},
 'istioctl': {'risk': 'high: this subcommand is not listed',
              'bare': 'low',
              'flags': {'-n, --namespace, -c, --kubeconfig, --context, -i, --istioNamespace, --vklog, -o, --output, --revision, -r, --linkerd-namespace, -l, --as': 'value',
                        '--verbose': 'flag'},
              'commands': {'help|version|analyze|proxy-status|ps|proxy-config|pc|validate|describe|x describe|bug-report|profile list|profile dump|manifest generate|check|stat|viz stat|top|edges|status|observe|list|inject|kube-inject|completion|admin log': {'risk': 'low',
                                                                                                                                                                                                                                                                  'flags': {'-f, --filename': 'read'}}}},
 'skaffold': {'risk': 'high: this subcommand is not listed',
              'bare': 'low',
              'flags': {'-v, --verbosity, --color, -f, --filename, -p, --profile, -n, --namespace, --kube-context, -m, --module': 'value',
                        '--interactive, --debug': 'flag'},
              'commands': {'help|version|diagnose|render|config list|schema list|schema get|doctor|get|describe|logs|list|print|options|survey|completion|validate': 'low',
                           'build|test|init|fix|lint|find-configs|alpha': 'medium: builds images',
                           'run|dev|debug|deploy|apply|delete|down|up|ci|enter|exec|purge|verify|config set|trigger|login|destroy': 'high: '
                                                                                                                                    'changes '
                                                                                                                                    'a '
                                                                                                                                    'cluster'}},
 'eksctl': {'risk': 'high: changes a cluster',
            'bare': 'low',
            'flags': {'-v, --verbose, -C, --color, -p, --profile, -r, --region, --cluster, --name, -n, -o, --output, -f, --config-file, --timeout': 'value',
                      '-d, --dumpLogs': 'flag'},
            'commands': {'help|info|version|get|utils describe-stacks|utils describe-addon-versions|utils schema|completion': 'low'}},
 'kops': {'risk': 'high: changes a cluster',
          'bare': 'low',
          'flags': {'--name, --state, --config, -v, --kubeconfig, --v, -n, --nodes, -e, --endpoints, --context, --talosconfig, --namespace, --kubecontext, --request-timeout': 'value'},
          'commands': {'help|version|get|get clusters|get ig|validate cluster|config print|token list|certs check-expiration|status|backup get|backup describe|backup logs|restore get|restore describe|schedule get|services|dmesg|logs|health|memory|stats|disks|list|containers|processes|describe cluster|completion|upgrade plan': 'low',
                       'kubectl get|kubectl describe|kubectl logs|kubectl top|kubectl version|kubectl explain|kubectl cluster-info': {'risk': 'low',
                                                                                                                                      'rules': [{'operand': '*secret*',
                                                                                                                                                 'risk': 'high: '
                                                                                                                                                         'shows '
                                                                                                                                                         'credentials'}]},
                       'kubectl': 'high: may change a cluster'}},
 'kompose': {'risk': 'high: this subcommand is not listed',
             'bare': 'low',
             'flags': {'-f, --file': 'read',
                       '-p, --provider, -n': 'value',
                       '-v, --verbose, --error-on-warning, --suppress-warnings': 'flag'},
             'commands': {'help|version|completion': 'low',
                          'convert': {'risk': 'medium: writes manifests',
                                      'flags': {'-o, --out': 'write', '--stdout': 'flag'}}}}}
