"""Written from `programs/google.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'gcloud': {'risk': 'high: changes a cloud',
            'bare': 'low',
            'help': ['--help', '-h', '--version', '-v'],
            'flags': {'--project, --account, --billing-project, --configuration, --flags-file, --format, --impersonate-service-account, --trace-token, --verbosity, --access-token-file, --zone, --zones, --region, --regions, --filter, --limit, --sort-by, --page-size, --location, --cluster, --service, --instance, --flatten, --order, --freshness, --policy-file, --organization, --folder, --secret': 'value',
                      '-q, --quiet, --log-http, --user-output-enabled, --no-user-output-enabled, --uri, --global': 'optional'},
            'commands': {'help|info|version|cheat-sheet|topic|feedback|auth list|config list|config get|config get-value|config configurations list|config configurations describe|components list|logging read|logging tail|logging logs list|app logs read|app logs tail|app browse|app describe|functions logs read|run services logs read|run jobs logs read|builds log|compute instances get-serial-port-output|compute project-info describe|compute os-login describe-profile|dns record-sets transaction describe|iam service-accounts keys list|container get-server-config|compute instance-groups managed list|compute instance-groups managed describe|compute instance-groups managed list-instances|compute backend-services get-health|compute networks subnets list|compute networks subnets describe|compute networks peerings list|compute os-login ssh-keys list|kms keys versions list|run jobs executions list|run jobs executions describe|iam workload-identity-pools providers list|app services list|spanner databases ddl describe|firestore indexes composite list|network-connectivity hubs list|compute sole-tenancy node-groups list|dataproc workflow-templates list|asset search-all-resources|storage ls|storage cat|storage du|storage hash|storage objects list|storage objects describe|deploy releases list|ai models list|monitoring dashboards list|projects get-ancestors|container images list-tags|artifacts docker images list|artifacts docker tags list|survey|meta list-from-search|billing accounts list|billing projects describe|kms keys list|kms keyrings list': 'low',
                         'secrets versions access|auth login|auth application-default|auth print-access-token|auth print-identity-token|auth revoke|auth activate-service-account|auth configure-docker|auth application-default login|auth application-default print-access-token|container clusters get-credentials|container hub memberships get-credentials|config set|config unset|config configurations activate|config configurations create|config configurations delete|components install|components update|components remove|init|iam service-accounts keys create|iam service-accounts keys get-public-key|container fleet memberships get-credentials|sql generate-login-token|redis instances get-auth-string|compute reset-windows-password': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'touches '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'credentials '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'or '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             "person's "
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'settings',
                         'compute ssh|alpha compute ssh|beta compute ssh|compute tpus tpu-vm ssh|cloud-shell ssh|workstations ssh': {'risk': 'high: '
                                                                                                                                             'runs '
                                                                                                                                             'a '
                                                                                                                                             'command '
                                                                                                                                             'on '
                                                                                                                                             'another '
                                                                                                                                             'machine',
                                                                                                                                     'remote': True,
                                                                                                                                     'sends_stdin': True,
                                                                                                                                     'operands': 'host '
                                                                                                                                                 'shell...',
                                                                                                                                     'flags': {'--command': 'shell',
                                                                                                                                               '--ssh-flag': 'value',
                                                                                                                                               '--ssh-key-file, --ssh-key-expiration, --ssh-key-expire-after, --container, --worker, --strict-host-key-checking, --network, --dest-group': 'value',
                                                                                                                                               '--dry-run, --plain, --internal-ip, --tunnel-through-iap, --force-key-file-overwrite, --troubleshoot, --authorize-session': 'flag'}},
                         'storage cp|storage rsync': {'risk': 'medium: downloads',
                                                      'operands': 'read write',
                                                      'flags': {'-r, -R, --recursive, -n, --no-clobber, -c, --continue-on-error': 'flag',
                                                                '-x, --exclude, --cache-control, --content-type, --storage-class': 'value',
                                                                '--delete-unmatched-destination-objects': 'high: '
                                                                                                          'removes '
                                                                                                          'what '
                                                                                                          'is '
                                                                                                          'not '
                                                                                                          'in '
                                                                                                          'the '
                                                                                                          'source'},
                                                      'rules': [{'operand': 'gs://*',
                                                                 'at': 1,
                                                                 'risk': 'high: sends data out or '
                                                                         'changes a bucket'}]},
                         '* delete|* create|* update|* undelete|* add-*|* remove-*|* set-*|* deploy|* submit|* patch|* restart|* reset|* start|* stop': 'high: '
                                                                                                                                                        'changes '
                                                                                                                                                        'a '
                                                                                                                                                        'cloud',
                         '* list|* describe|* list-*|* get-iam-policy|* * list|* * describe|* * list-*|* * get-iam-policy|* * get-health|* * get-status': 'low',
                         'alpha * * list|alpha * * describe|beta * * list|beta * * describe|alpha * list|beta * list': 'low',
                         '* * *|* *': 'high: changes a cloud'}},
 'gsutil': {'risk': 'high: changes a bucket',
            'bare': 'low',
            'flags': {'-o, -u, -i': 'value', '-h': 'value', '-D, -DD, -m, -q': 'flag'},
            'commands': {'ls|cat|du|stat|hash|version|help|iam get|acl get|cors get|lifecycle get|label get|logging get|versioning get|web get|ubla get|test': 'low',
                         'cp|rsync': {'risk': 'medium: downloads',
                                      'operands': 'read... write',
                                      'flags': {'-r, -R, -n, -c, -e, -p, -P, -v, -U, -C, -J': 'flag',
                                                '-d': 'high: removes what is not in the source',
                                                '-x, -a, -z, -j, -L, -s': 'value'},
                                      'rules': [{'operand': 'gs://*',
                                                 'at': 1,
                                                 'risk': 'high: sends data out or changes a '
                                                         'bucket'},
                                                {'operand': 'gs://*',
                                                 'at': 2,
                                                 'risk': 'high: sends data out or changes a '
                                                         'bucket'},
                                                {'operand': '*',
                                                 'at': 3,
                                                 'risk': 'high: may send data out'}]}}},
 'bq': {'risk': 'high: changes data of a cloud',
        'bare': 'low',
        'flags': {'--project_id, --dataset_id, --location, --format, --api, --bigqueryrc, --job_id, --credential_file, --service_account, --max_rows_per_request, -n, --max_results': 'value',
                  '--quiet, -q, --headless, --nouse_gce_service_account, --sync, --nosync, --synchronous_mode, --debug_mode, --fingerprint_job_id': 'optional'},
        'commands': {'ls|show|head|help|version|info|get-iam-policy|wait': 'low',
                     'query': {'risk': 'medium: runs a query',
                               'operands': 'code:sql-server...',
                               'stdin': 'code:sql-server',
                               'flags': {'--use_legacy_sql, --nouse_legacy_sql, --nouse_cache, --use_cache, --batch, --allow_large_results, --append_table, --noflatten_results': 'optional',
                                         '--dry_run': 'optional; low: a dry run',
                                         '--destination_table': 'value; high: writes a table',
                                         '--replace': 'optional; high: replaces a table',
                                         '--parameter, --maximum_bytes_billed, --label, --schedule, --display_name, --time_partitioning_field, --udf_resource, --clustering_fields': 'value'}}}}}
