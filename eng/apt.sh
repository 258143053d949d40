#!/usr/bin/env bash
# apt.sh PACKAGE... : installs the Debian packages that are missing; silent when none is.
set -euo pipefail

missing=()
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

as_root=()
if [[ $EUID -ne 0 ]]; then
  command -v sudo >/dev/null || { echo "missing: ${missing[*]}; run as root, or install sudo"; exit 1; }
  as_root=(sudo)
fi
install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}
# Without a package list, or with an old one, the first attempt fails.
install || { "${as_root[@]}" apt-get update -q && install; }
