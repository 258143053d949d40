#!/usr/bin/env bash
# crash.sh [KILLS [POWER_CUTS [POSTGRES_KILLS [AGENT_KILLS]]]] : the crash tests with full counts (200, 100, 50, 20), and their figures. Takes an hour
# and root. kill -9 of the server on SQLite; power cuts under SQLite (ext4 in a file, shut down without flushing its journal); kill -9 of PostgreSQL,
# and PostgreSQL hanging for 30 s (PERENNIAL_HANG_SECONDS);
# kill -9 of the device agent at every point of a roll, AGENT_KILLS times each.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
eng/apt.sh postgresql e2fsprogs clang zlib1g-dev softhsm2 opensc libengine-pkcs11-openssl
dotnet build tests/Perennial.Server.Tests -c Release -v quiet
report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
PERENNIAL_KILLS=${1:-200} PERENNIAL_POWER_CUTS=${2:-100} PERENNIAL_POSTGRES_KILLS=${3:-50} PERENNIAL_HANG_SECONDS=${PERENNIAL_HANG_SECONDS:-30} PERENNIAL_CRASH_REPORT=$report \
  dotnet test --project tests/Perennial.Server.Tests -c Release --no-build --no-progress --no-ansi --filter-class '*CrashTests' --filter-class '*PostgresOutageTests' || status=$?
cat "$report"
dotnet build tests/Perennial.Agent.Tests -c Release -v quiet
dotnet publish src/Perennial.Agent -c Release -v quiet --no-restore -o artifacts/agent
PERENNIAL_AGENT_KILLS=${4:-20} PERENNIAL_AGENT_BIN=$PWD/artifacts/agent/perennial-agent \
  dotnet test --project tests/Perennial.Agent.Tests -c Release --no-build --no-progress --no-ansi --filter-class '*KillTests' || status=$?
exit "$status"
