"""Written from `programs/clouds.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'doctl': {'risk': 'high: changes a cloud',
           'bare': 'low',
           'flags': {'-t, --access-token, -u, --api-url, -c, --config, --context, -o, --output, --http-retry-max, --http-retry-wait-max, --http-retry-wait-min, --format, --region, --tag-name': 'value',
                     '-v, --verbose, --trace, --interactive, --no-header': 'flag'},
           'commands': {'help|version|account get|account ratelimit|balance get|apps list|apps get|apps logs|apps list-deployments|apps get-deployment|apps list-regions|apps list-alerts|apps spec validate|projects list|projects get|databases list|databases get|databases backups|registry get|registry repository list|registry repository list-v2|registry repository list-tags|billing-history list|invoice list|invoice get|1-click list|vpcs list|vpcs get|serverless status|serverless functions list|monitoring alert list|auth list|kubernetes options versions|kubernetes options regions|kubernetes options sizes': 'low',
                        'compute * list|compute * get|kubernetes cluster list|kubernetes cluster get|compute * list-by-droplet|compute * neighbors|databases db list|databases user list|databases pool list|databases replica list|databases firewalls list': 'low',
                        '* * *|* *': 'high: changes a cloud'}},
 'heroku': {'risk': 'high: changes an app',
            'bare': 'low',
            'flags': {'-a, --app, -r, --remote, -t, --team, -s, --space, -n, --num, -p, --ps, -d, --dyno, --source, --stage': 'value',
                      '--json, --tail, --no-color, --all, -A, --prompt': 'flag'},
            'commands': {'help|version|status|which|commands|autocomplete|logs|apps:info|info|apps:errors|ps:type|releases:info|releases:output|addons:info|addons:plans|addons:services|addons:docs|domains:info|certs:info|pipelines:info|pipelines:diff|pg:info|pg:ps|pg:diagnose|pg:locks|pg:long-running-queries|pg:outliers|pg:bloat|pg:backups:info|pg:backups:schedules|pg:wait|redis:info|features:info|labs:info|stack|buildpacks:search|buildpacks:info|buildpacks:versions|plugins:inspect|regions|sessions|auth:whoami|whoami|drains:get|orgs|teams|usage:addons|spaces:info|maintenance:wait|webhooks:info|webhooks:events|reviewapps:wait|ci:info|ci:last': 'low',
                         'apps|list|ps|releases|addons|domains|certs|pipelines|pg|pg:backups|features|labs|buildpacks|plugins|drains|access|notifications|spaces|redis|maintenance|webhooks|reviewapps|ci|members|keys|clients|authorizations|container': {'risk': 'low',
                                                                                                                                                                                                                                                           'rules': [{'operand': '*',
                                                                                                                                                                                                                                                                      'risk': 'high: '
                                                                                                                                                                                                                                                                              'changes '
                                                                                                                                                                                                                                                                              'an '
                                                                                                                                                                                                                                                                              'app'}]},
                         'run|run:detached|run:inside|ps:exec': {'risk': 'high: runs a command in '
                                                                         'a live app',
                                                                 'remote': True,
                                                                 'options': 'first',
                                                                 'operands': 'words',
                                                                 'flags': {'-s, --size, --type, -e, --env, -x, --exit-code': 'value',
                                                                           '--no-tty, --no-notify, -v': 'flag'}},
                         'local|local:start': 'medium: runs the app'}},
 'flyctl': {'risk': 'high: changes an app',
            'bare': 'low',
            'flags': {'-t, --access-token, -a, --app, -c, --config, -o, --org, -r, --region': 'value',
                      '--verbose, --debug, -j, --json': 'flag'},
            'commands': {'help|version|status|logs|info|apps list|apps releases|releases|machine list|machine status|machines list|machines status|volumes list|volumes show|volume list|secrets list|secrets ls|ips list|certs list|certs show|certs check|regions list|scale show|config show|config validate|config env|platform regions|platform vm-sizes|platform status|postgres list|mpg list|orgs list|orgs show|auth whoami|checks list|services list|history|image show|doctor|dig|tokens list|redis list|redis status|storage list': 'low',
                         'ssh console|ssh|console|machine exec|machines exec|machine run|machines run': {'risk': 'high: '
                                                                                                                 'runs '
                                                                                                                 'a '
                                                                                                                 'command '
                                                                                                                 'in '
                                                                                                                 'a '
                                                                                                                 'live '
                                                                                                                 'app',
                                                                                                         'remote': True,
                                                                                                         'sends_stdin': True,
                                                                                                         'operands': 'value '
                                                                                                                     'code:shell',
                                                                                                         'flags': {'-C, --command': 'shell',
                                                                                                                   '-u, --user, -s, --select, --machine, --container, -A, --address': 'value',
                                                                                                                   '--pty, --quiet, -q': 'flag'}},
                         'config save|docs|ping|wireguard status': 'medium: writes files of the '
                                                                   'workspace'}},
 'vercel': {'risk': 'high: deploys or changes a project',
            'bare': 'high: deploys',
            'help': ['--help', '-h', '--version', '-v'],
            'flags': {'--cwd': 'folder',
                      '-A, --local-config, -Q, --global-config, -S, --scope, -t, --token, -T, --team, -m, --meta, -b, --build-env, -e, --env, --target, --next, -n, --name, --regions': 'value',
                      '-d, --debug, --no-color, -y, --yes, --prod, --public, --no-wait, -f, --force, --prebuilt, -C, --confirm, --skip-domain, --with-cache': 'flag'},
            'commands': {'help|ls|list|inspect|logs|log|whoami|env ls|env list|domains ls|domains inspect|dns ls|certs ls|alias ls|project ls|project inspect|projects ls|teams ls|teams list|target ls|integration list|telemetry status|bisect|rolling-release fetch|blob list|cache status': 'low',
                         'build|dev|develop|link|init|git connect': 'medium: builds or runs '
                                                                    'locally'}},
 'netlify': {'risk': 'high: deploys or changes a site',
             'bare': 'low',
             'flags': {'--cwd': 'folder',
                       '--auth, --http-proxy, --http-proxy-certificate-filename, --filter, -s, --site, --context, -m, --message, -d, --dir, -f, --functions, --alias': 'value',
                       '--debug, --json, --silent, -p, --prod': 'flag'},
             'commands': {'help|status|status:hooks|sites:list|functions:list|addons:list|teams:list|logs|logs:deploy|logs:function|recipes:list|watch|open|open:site|open:admin|completion|blobs:list|db:status': 'low',
                          'build|dev|dev:exec|serve|link|unlink|init|functions:build|functions:create|functions:serve|functions:invoke|lm:info|recipes|clone': 'medium: '
                                                                                                                                                               'builds '
                                                                                                                                                               'or '
                                                                                                                                                               'runs '
                                                                                                                                                               'locally'}},
 'wrangler': {'risk': 'high: deploys or changes a cloud',
              'bare': 'low',
              'flags': {'-c, --config, -e, --env, --cwd, --env-file, --name, --binding, --namespace-id, --database-id': 'value',
                        '-v, --experimental-json-config, -j, --remote, --local, --preview, --x-versions': 'flag'},
              'commands': {'help|whoami|tail|deployments list|deployments status|versions list|versions view|kv namespace list|kv key list|kv:namespace list|kv:key list|d1 list|d1 info|d1 insights|d1 migrations list|r2 bucket list|r2 bucket info|queues list|queues info|secret list|secret:list|pages project list|pages deployment list|pages deployment tail|dispatch-namespace list|vectorize list|hyperdrive list|ai models|docs|telemetry status|workflows list|check|zones list|mtls-certificate list': 'low',
                           'kv key get|kv:key get|r2 object get': 'medium: reads data of a cloud',
                           'dev|pages dev|types|init|generate|build|pages functions build|d1 migrations create|d1 export|setup': 'medium: '
                                                                                                                                 'builds '
                                                                                                                                 'or '
                                                                                                                                 'runs '
                                                                                                                                 'locally',
                           'deploy|publish|versions upload': {'risk': 'high: deploys',
                                                              'flags': {'--dry-run': 'low: a dry '
                                                                                     'run',
                                                                        '--outdir': 'write',
                                                                        '--compatibility-date, --compatibility-flags, --route, --routes, --var, --define, --tag, --message, --assets': 'value',
                                                                        '--minify, --keep-vars': 'flag'}}}},
 'firebase': {'risk': 'high: deploys or changes a project',
              'bare': 'low',
              'flags': {'-P, --project, --account, --token, -c, --config, --only, --except, -m, --message, -n, --lines': 'value',
                        '-j, --json, --non-interactive, -i, --interactive, --debug': 'flag'},
              'commands': {'help|projects:list|apps:list|functions:list|functions:log|hosting:sites:list|hosting:sites:get|hosting:channel:list|target|firestore:indexes|firestore:databases:list|firestore:databases:get|database:instances:list|remoteconfig:get|remoteconfig:versions:list|ext:list|ext:info|crashlytics:symbols:list|experiments:list|appdistribution:testers:list|login:list|apphosting:backends:list|open|functions:secrets:describe': 'low',
                           'use': {'risk': "medium: changes the project's settings", 'bare': 'low'},
                           'emulators:start|serve|init|functions:shell|setup:emulators:firestore|setup:emulators:database|setup:web|database:settings:get|dataconnect:sdk:generate': 'medium: '
                                                                                                                                                                                     'builds '
                                                                                                                                                                                     'or '
                                                                                                                                                                                     'runs '
                                                                                                                                                                                     'locally',
                           'emulators:exec': {'risk': 'medium: runs a command beside emulators',
                                              'operands': 'shell',
                                              'flags': {'--import': 'read',
                                                        '--export-on-exit': 'write',
                                                        '--ui': 'flag'}}}},
 'supabase': {'risk': 'high: changes a project',
              'bare': 'low',
              'flags': {'--workdir, --profile, --network-id, --dns-resolver, --create-ticket, -o, --output, --project-ref, --schema, -s, -p, --password, --db-url': 'value',
                        '--debug, --experimental, --yes, --local, --linked': 'flag'},
              'commands': {'help|status|projects list|orgs list|migration list|functions list|branches list|branches get|inspect|db lint|gen types|secrets list|domains get|services|sso list|network-restrictions get|completion|test db|snippets list|postgres-config get': 'low',
                           'init|start|stop|migration new|db diff|db dump|db pull|db start|functions new|functions serve|seed buckets|functions download|test new|migration squash': 'medium: '
                                                                                                                                                                                     'runs '
                                                                                                                                                                                     'the '
                                                                                                                                                                                     "project's "
                                                                                                                                                                                     'services'}},
 'railway': {'risk': 'high: deploys or changes a service',
             'bare': 'low',
             'flags': {'-s, --service, -e, --environment, -p, --project, -a, --app, -o, --output, --org': 'value',
                       '--json, -d, --debug, -v, --verbose': 'flag'},
             'commands': {'help|status|logs|whoami|list|services|version|docs|apps|app|env list|environments|instances|deploys list|projects list|projects|orgs|spaces|routes|domains|events|marketplace|buildpacks|stacks|target|activities|releases|stacks list|feature-flags': {'risk': 'low',
                                                                                                                                                                                                                                                                                   'rules': [{'operand': ['create',
                                                                                                                                                                                                                                                                                                          'delete',
                                                                                                                                                                                                                                                                                                          'rm',
                                                                                                                                                                                                                                                                                                          'add',
                                                                                                                                                                                                                                                                                                          'set',
                                                                                                                                                                                                                                                                                                          'update',
                                                                                                                                                                                                                                                                                                          'remove',
                                                                                                                                                                                                                                                                                                          'deploy',
                                                                                                                                                                                                                                                                                                          'restart',
                                                                                                                                                                                                                                                                                                          'cancel',
                                                                                                                                                                                                                                                                                                          'suspend',
                                                                                                                                                                                                                                                                                                          'resume',
                                                                                                                                                                                                                                                                                                          'new',
                                                                                                                                                                                                                                                                                                          'destroy',
                                                                                                                                                                                                                                                                                                          'transfer',
                                                                                                                                                                                                                                                                                                          'stop',
                                                                                                                                                                                                                                                                                                          'start'],
                                                                                                                                                                                                                                                                                              'risk': 'high: '
                                                                                                                                                                                                                                                                                                      'changes '
                                                                                                                                                                                                                                                                                                      'a '
                                                                                                                                                                                                                                                                                                      'service'}]},
                          'run|shell|ssh|exec': {'risk': "high: runs a command with a service's "
                                                         'credentials',
                                                 'options': 'first',
                                                 'operands': 'words'}}},
 'linode-cli': {'risk': 'high: changes a cloud',
                'bare': 'low',
                'flags': {'--as-user, --format, --region, --type, --image, -o, --output, --context, --config, --token, --endpoint, --profile, -p, --project, --org, --tenant, -q, --query, --api-key, --zone, -l, --selector, --project-id, --org-id, --page, --page-size, --order-by': 'value',
                          '--json, --text, --debug, --all, --no-headers, --pretty, --no-defaults, --suppress-warnings, -v, --verbose, --quiet': 'flag'},
                'commands': {'help|version|info|status|whoami|account list|auth whoami': 'low',
                             'context list|context active|config get|config list|config dump': 'low',
                             '* delete|* create|* rm|* remove|* destroy|* update|* rebuild|* reset|* reboot|* shutdown|* poweroff|* add-*|* remove-*|* set-*|* enable-*|* disable-*|* attach-*|* detach-*|* change-*|* ssh|* reset-password|* request-console|* password|* credential*|* kubeconfig*|* connect|* token*|* connection-string*': 'high: '
                                                                                                                                                                                                                                                                                                                                               'changes '
                                                                                                                                                                                                                                                                                                                                               'a '
                                                                                                                                                                                                                                                                                                                                               'cloud '
                                                                                                                                                                                                                                                                                                                                               'or '
                                                                                                                                                                                                                                                                                                                                               'shows '
                                                                                                                                                                                                                                                                                                                                               'credentials',
                             '* list|* ls|* describe|* show|* get|* view|* info|* types|* instance server list|instance server list|instance server get|instance ip list|rdb instance list|rdb instance get|k8s cluster list|k8s cluster get|registry namespace list|compute instance list|compute instance show|dbaas list|dbaas show|compute instance get|compute disk list|vpc network list|managed-kubernetes cluster list': 'low',
                             '* * *|* *': 'high: changes a cloud'}},
 'oci': {'risk': 'high: changes a cloud or a virtual machine',
         'bare': 'low',
         'flags': {'--profile, --region, --config-file, --compartment-id, -c, --output, -f, --format, --os-cloud, --os-region-name, --os-project-name, --os-auth-url, --os-username, --os-password, --query, --auth, --endpoint, --cli-rc-file, -q, --connect, -k, -u, --limit, --sort, --column, --name, --status, --project, -t, -T, --cloud': 'value',
                   '--all, -d, --debug, --long, --all-projects, --no-color, -r, --readonly, --json, -json, -v': 'flag'},
         'commands': {'help|version|list|dominfo|domstate|domblklist|domiflist|dumpxml|nodeinfo|capabilities|net-list|net-info|pool-list|pool-info|vol-list|snapshot-list|domstats|vcpuinfo|showvminfo|showhdinfo|about|ls|find|status|account show|regions|resource groups|plugin list|vm.info|host.info|datastore.info|datastore.ls|vm.list|ks cluster ls|ks cluster get|ks worker ls|cr images|cr namespaces|ce app list|ce project list|iam region list|os ns get|os object list|os bucket list|compute instance list|compute instance get|compute image list|compute shape list|network vcn list|network vcn get|network subnet list|db system list|ce cluster list|iam user list|iam compartment list|iam policy list|search resource structured-search': 'low',
                      'token issue|* delete|* create|* set|* unset|* add|* remove|* rebuild|* reboot|* start|* stop|* resize|* migrate|* suspend|* terminate|* update': 'high: '
                                                                                                                                                                        'changes '
                                                                                                                                                                        'a '
                                                                                                                                                                        'cloud',
                      'server list|server show|image list|image show|flavor list|flavor show|network list|network show|subnet list|subnet show|router list|router show|volume list|volume show|project list|project show|user list|user show|keypair list|security group list|security group show|security group rule list|port list|port show|floating ip list|floating ip show|hypervisor list|hypervisor show|hypervisor stats show|catalog list|endpoint list|service list|stack list|stack show|stack resource list|stack event list|availability zone list|quota show|limits show|console log show|compute service list|network agent list|object list|container list|loadbalancer list|loadbalancer show|server event list|aggregate list|role list|role assignment list|domain list|region list|usage show|usage list|extension list|versions show': 'low'}},
 'mc': {'risk': 'high: changes a bucket',
        'bare': 'low',
        'flags': {'-C, --config-dir, --resolve, --limit-upload, --limit-download, -H, --custom-header': 'value',
                  '-q, --quiet, --no-color, --json, --debug, --insecure, --disable-pager, --dp, -r, --recursive': 'flag'},
        'commands': {'help|ls|stat|du|tree|find|diff|head|cat|ping|ready|admin info|admin user list|admin policy list|admin trace|admin console|version info|ilm rule list|tag list|quota info|legalhold info|retention info|replicate status|event list|watch|support perf': {'risk': 'low',
                                                                                                                                                                                                                                                                               'flags': {'--exec': 'shell; '
                                                                                                                                                                                                                                                                                                   'medium: '
                                                                                                                                                                                                                                                                                                   'runs '
                                                                                                                                                                                                                                                                                                   'a '
                                                                                                                                                                                                                                                                                                   'command '
                                                                                                                                                                                                                                                                                                   'for '
                                                                                                                                                                                                                                                                                                   'each',
                                                                                                                                                                                                                                                                                         '--name, --older-than, --newer-than, --larger, --smaller, --path, --regex, --maxdepth, --print, -n': 'value'}}}},
 'stripe': {'risk': 'high: changes an account',
            'bare': 'low',
            'flags': {'--api-key, --color, --config, --device-name, --log-level, -p, --project-name, -l, --cli-log-level, -o, --cli-output-format, --profile, --target-org, --limit, --host': 'value',
                      '--json, --no-color, --silent, -v, --verbose': 'flag'},
            'commands': {'help|version|status|open|logs tail|events list|events retrieve|products list|products retrieve|prices list|prices retrieve|customers list|customers retrieve|charges list|charges retrieve|subscriptions list|invoices list|payment_intents list|payment_intents retrieve|balance retrieve|whoami|samples list|resources|phone-numbers:list|profiles:list|debugger:logs:list|api:core:messages:list|serverless:list|account:view|org list|org display|issue list|issue view|sprint list|board list|project list|project:list|build:list|build:view|update:list|channel:list|device:list|env:list|diagnostics|me|serverinfo|epic list|theme list|theme check|app info|flags list|environments list|projects list': 'low',
                         'get': 'low: reads',
                         'listen|serve|samples create|init|theme dev|app dev|app build|start|doctor|build:configure|project generate|dev': 'medium: '
                                                                                                                                           'runs '
                                                                                                                                           'locally'}},
 'promtool': {'risk': 'high: sends data out or puts load on a server',
              'bare': 'low',
              'flags': {'--url, --auth-token, --log-level, -o, --org, -p, --project, --header, --alertmanager.url, --addr, --config.file, -f, --format, --profile, --app, --api-key': 'value',
                        '--quiet, -v, --verbose': 'flag'},
              'commands': {'help|info|version|releases list|releases info|releases propose-version|organizations list|projects list|issues list|monitors list|debug-files check|debug-files find|difutil check|events list|deploys list|check config|check rules|check metrics|check web-config|query instant|query range|query labels|query series|query|labels|series|instant-query|stats|detected-fields|test rules|test|iac test|container test|code test|plugins ls|plugins list-remote|alert|alert query|silence query|config show|config routes|check-config|cluster show|config|whoami|inspect': 'low',
                           'query analyze|silence|silence add|silence expire|silence update|silence import|alert add|monitor|config set|config unset|config clear': 'high: '
                                                                                                                                                                    'changes '
                                                                                                                                                                    'an '
                                                                                                                                                                    'account'}},
 'locust': {'risk': 'high: puts load on a server',
            'flags': {'-f, -u, -r, -t, -H': 'value', '-V': 'low: shows its version'}}}
