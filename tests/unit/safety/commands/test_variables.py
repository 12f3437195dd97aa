"""Which settings of environment variables count as a way to run something else."""

import pytest

from droid.safety.commands.variables import decides_code
from droid.safety.commands.words import UNKNOWN


@pytest.mark.parametrize(
    "assignment",
    [
        "NODE_OPTIONS=--max-old-space-size=4096", "NODE_OPTIONS=--max_old_space_size=4096 --no-warnings",
        "RUSTFLAGS=-D warnings", "RUSTFLAGS=-Dwarnings -C target-cpu=native", "RUSTFLAGS=--cfg tokio_unstable",
        "GOFLAGS=-mod=mod", "GOPROXY=direct", "GOPROXY=https://proxy.golang.org,direct", "CC=clang", "CC=gcc-13",
        "CXX=clang++-17", "CC=x86_64-linux-gnu-gcc", "CC=ccache gcc", "PYTHONUNBUFFERED=1",
        "PYTHONWARNINGS=ignore::DeprecationWarning", "MAVEN_OPTS=-Xmx2g", "JAVA_HOME=/usr/lib/jvm/java-17",
        "GIT_TRACE=1", "EDITOR=vim", "BROWSER=none", "HTTPS_PROXY=", "NO_PROXY=localhost,127.0.0.1",
        "AWS_PROFILE=dev", "MAKEFLAGS=-j8", "npm_config_yes=true", "KUBECONFIG=/home/ada/.kube/dev", "RUBYOPT=-W0",
        "GIT_PAGER=cat", "GIT_PAGER=", "PAGER=less -R", "BUNDLE_GEMFILE=gemfiles/a.gemfile", "CI=1",
    ],
)  # fmt: skip
def test_what_changes_no_program_is_harmless(assignment: str) -> None:
    name, _, value = assignment.partition("=")
    assert not decides_code(name, value)


@pytest.mark.parametrize(
    "assignment",
    [
        "NODE_OPTIONS=--require=./x", "NODE_OPTIONS=--max-old-space-size=1 -r ./x",
        "NODE_OPTIONS=--max-old-space-size=1x", "RUSTFLAGS=-C linker=./x", "RUSTFLAGS=-D warnings\n-Clinker=x",
        "GOFLAGS=-toolexec=./x", "GOPROXY=https://evil.io", "GOPROXY=direct,https://evil.io", "CC=./clang",
        "CC=sh -c gcc", "PYTHONPATH=src", "PYTHONWARNINGS=ignore::evil.X", "MAVEN_OPTS=-javaagent:x.jar",
        "JAVA_HOME=/opt/../tmp/x", "JAVA_HOME=./jdk", "GIT_TRACE=/etc/x", "EDITOR=./x", "EDITOR=vim -c !ls",
        "HTTPS_PROXY=http://x", "KUBECONFIG=/tmp/.kube/x", "PAGER=less -o/x", "GIT_SSH=", "PATH=", "LD_PRELOAD=x",
        "MAKEFLAGS=-f x", f"NODE_OPTIONS={UNKNOWN} --no-warnings", f"EDITOR={UNKNOWN}", "GIT_PAGER=./x",
        "BUNDLE_GEMFILE=../x", "BUNDLE_GEMFILE=/tmp/x", "AWS_PROFILE=a b",
    ],
)  # fmt: skip
def test_what_may_run_anything_is_not(assignment: str) -> None:
    name, _, value = assignment.partition("=")
    assert decides_code(name, value)
