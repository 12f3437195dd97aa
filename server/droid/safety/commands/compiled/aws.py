"""Written from `programs/aws.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'aws': {'risk': 'high: changes a cloud',
         'bare': 'low',
         'help': ['--help', '--version'],
         'flags': {'--region, --profile, --output, --query, --endpoint-url, --cli-read-timeout, --cli-connect-timeout, --ca-bundle, --color, --page-size, --max-items, --max-results, --starting-token, --cli-binary-format, --filters, --filter, --instance-ids, --cluster, --cluster-name, --name, --names, --stack-name, --function-name, --bucket, --key, --prefix, --db-instance-identifier, --log-group-name, --log-stream-name, --table-name, --user-name, --role-name, --policy-arn, --secret-id, --since, --format': 'value',
                   '--debug, --no-verify-ssl, --no-paginate, --no-sign-request, --no-cli-pager, --cli-auto-prompt, --no-cli-auto-prompt, --recursive, --human-readable, --summarize, --follow': 'flag',
                   '--generate-cli-skeleton': 'optional; low: calls nothing',
                   '--dry-run': 'low: a dry run',
                   '--cli-input-json, --cli-input-yaml': 'value'},
         'commands': {'help|history list|history show|s3 ls|sts get-caller-identity|sts get-access-key-info|configure list|configure list-profiles|logs tail|cloudtrail lookup-events|iam get-account-password-policy|secretsmanager get-random-password|cloudformation validate-template|cloudformation estimate-template-cost|s3api head-object|s3api head-bucket|codecommit get-file|pricing get-products|ce get-cost-and-usage|secretsmanager describe-secret|secretsmanager list-secrets|iam get-credential-report|ssm list-commands|wizard|cloudwatch get-metric-statistics': 'low',
                      'configure get': {'risk': 'low',
                                        'rules': [{'operand': ['*secret*',
                                                               '*token*',
                                                               '*access_key*'],
                                                   'risk': 'high: shows a credential'}]},
                      'configure|configure set|configure import|configure sso|configure sso-session|configure export-credentials|configure add-model|sso login|sso logout|login|logout': 'high: '
                                                                                                                                                                                         'touches '
                                                                                                                                                                                         'credentials',
                      's3 cp|s3 sync': {'risk': 'medium: downloads',
                                        'operands': 'read write',
                                        'flags': {'--exclude, --include, --acl, --storage-class, --sse, --sse-c, --sse-kms-key-id, --grants, --cache-control, --content-type, --metadata, --metadata-directive, --expires, --source-region, --content-disposition, --content-encoding, --expected-size, --request-payer, --checksum-mode, --checksum-algorithm, --website-redirect': 'value',
                                                  '--dry-run': 'flag',
                                                  '--dryrun': 'low: a dry run; makes:operands=read',
                                                  '--quiet, --only-show-errors, --no-progress, --no-follow-symlinks, --follow-symlinks, --exact-timestamps, --size-only, --no-guess-mime-type, --force-glacier-transfer': 'flag',
                                                  '--delete': 'medium: removes what is not in the '
                                                              'source'},
                                        'rules': [{'operand': 's3://*',
                                                   'at': 1,
                                                   'without': '--dryrun',
                                                   'risk': 'high: sends data out or changes a '
                                                           'bucket'}]},
                      's3 rm|s3 mv': {'risk': 'high: changes a bucket',
                                      'flags': {'--dry-run': 'flag',
                                                '--dryrun': 'low: a dry run',
                                                '--exclude, --include': 'value'}},
                      's3 mb|s3 rb|s3 website|s3 presign': {'risk': 'high: changes a bucket or '
                                                                    'hands it out',
                                                            'flags': {'--dry-run': 'flag'}},
                      's3api get-object': {'risk': 'medium: downloads',
                                           'operands': 'write',
                                           'flags': {'--version-id, --range, --if-match, --expected-bucket-owner': 'value'}},
                      'secretsmanager get-secret-value|secretsmanager batch-get-secret-value|sts get-session-token|sts get-federation-token|ecr get-login-password|ecr get-login|ecr-public get-login-password|ecr get-authorization-token|ecr-public get-authorization-token|codeartifact get-authorization-token|eks get-token|ec2 get-password-data|redshift get-cluster-credentials|cognito-identity get-credentials-for-identity|lightsail get-instance-access-details|lightsail get-relational-database-master-user-password|sso get-role-credentials|iam get-service-linked-role-deletion-status|appconfig get-configuration': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                      'shows '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                      'credentials',
                      'ssm get-parameter|ssm get-parameters|ssm get-parameters-by-path|ssm get-parameter-history': {'risk': 'low',
                                                                                                                    'flags': {'--with-decryption': 'high: '
                                                                                                                                                   'shows '
                                                                                                                                                   'a '
                                                                                                                                                   'credential',
                                                                                                                              '--path': 'value'}},
                      '* help|* * help': 'low: shows help',
                      's3 cp help|s3 sync help|s3 rm help|s3 mv help|s3 mb help|s3 rb help|s3 website help|s3 presign help|configure help|configure set help|configure sso help|sso login help|s3api get-object help|secretsmanager get-secret-value help|ecr get-login-password help': 'low: '
                                                                                                                                                                                                                                                                                        'shows '
                                                                                                                                                                                                                                                                                        'help',
                      '* wait|* wait *': 'low: waits',
                      '* get-*token*|* get-*credential*|* get-*password*|* get-*secret*|* get-*login*': 'high: '
                                                                                                        'shows '
                                                                                                        'credentials',
                      '* describe-*|* list-*|* get-*|* batch-get-*|* head-*|* search-*|* lookup-*|* simulate-*|* filter-log-events|* scan|* query|* validate-*|* check-*|* estimate-*|* preview-*|* select-resource-config': 'low',
                      '* *': 'high: changes a cloud'}},
 'awslogs': {'risk': 'low: shows logs',
             'flags': {'-s, --start, -e, --end, -q, --query, --aws-region, --profile, -f, --filter-pattern': 'value'},
             'operands': 'value...'},
 's3cmd': {'risk': 'high: changes a bucket',
           'bare': 'low',
           'flags': {'-c, --config, --access_key, --secret_key, --region, --host, --host-bucket, --endpoint-url, --profile, --log, --numworkers, --stat, --credentials-file': 'value',
                     '-v, --verbose, -q, --quiet, -d, --debug, -H, --human-readable-sizes, -r, --recursive, --no-verify-ssl, --json, --no-sign-request': 'flag',
                     '-n, --dry-run': 'low: a dry run',
                     '--configure, --dump-config': 'high: touches credentials'},
           'commands': {'ls|la|du|info|head|accesslog|version|cat': 'low',
                        'get': {'risk': 'medium: downloads',
                                'operands': 'value write',
                                'flags': {'-f, --force, --skip-existing, --continue': 'flag'}}}}}
