#!/usr/bin/env bash
# eng/package.sh           builds the server as one file and as a Debian package, both in artifacts/package.
# eng/package.sh --check   the same, then serves from the unpacked package on free ports; as root also installs, updates,
#                          removes and purges it in a copy of this system that is thrown away.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
check=
case ${1:-} in
  '') ;;
  --check) check=1 ;;
  --in-overlay) ;;
  *) echo "usage: eng/package.sh [--check]"; exit 2 ;;
esac

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en LC_ALL=C.UTF-8 MSBUILDDISABLENODEREUSE=1
out=artifacts/package
root=$out/root
version=$(sed -nE 's|.*<Version>([0-9.]+)</Version>.*|\1|p' Directory.Build.props)
deb=$out/perennial_${version}_amd64.deb

publish() {
  rm -rf "$out/linux-x64"
  dotnet publish src/Perennial.Server -c Release -v quiet -o "$out/linux-x64" -p:OneFile=true
  rm -f "$out"/linux-x64/*.pdb
}

# The one file and the native libraries that lie beside it.
lay_out() {
  rm -rf "$root"
  install -d "$root"/{DEBIAN,usr/bin,usr/lib/perennial,usr/share/doc/perennial,usr/lib/systemd/system,etc/default}
  install -m 755 "$out/linux-x64/perennial" "$root/usr/lib/perennial/perennial"
  find "$out/linux-x64" -maxdepth 1 -name '*.so' -exec install -m 644 -t "$root/usr/lib/perennial" {} +
  ln -s ../lib/perennial/perennial "$root/usr/bin/perennial"
  install -m 644 eng/debian/perennial.service "$root/usr/lib/systemd/system/perennial.service"
  install -m 644 eng/debian/default "$root/etc/default/perennial"
  install -m 644 docs/operations/{installing,monitoring}.md docs/monitoring/* LICENSE "$root/usr/share/doc/perennial"
  install -m 755 eng/debian/{postinst,prerm,postrm} "$root/DEBIAN"
  echo /etc/default/perennial >"$root/DEBIAN/conffiles"
  cat >"$root/DEBIAN/control" <<CONTROL
Package: perennial
Version: $version
Architecture: amd64
Section: net
Priority: optional
Maintainer: The Perennial authors <perennial@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: adduser, ca-certificates, libc6 (>= 2.28), libgcc-s1, libstdc++6, libssl3 | libssl3t64
Suggests: postgresql
Description: device provisioning service and IoT hubs that roll certificates
 Provisions IoT devices and rolls every X.509 certificate of a fleet without
 taking a device offline. Speaks the wire protocols of Azure's Device
 Provisioning Service and IoT Hub.
CONTROL
  (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
}

verify_unit() {
  command -v systemd-analyze >/dev/null || { echo "No systemd-analyze: the unit is not verified."; return 0; }
  systemd-analyze verify --root="$PWD/$1" --recursive-errors=no perennial.service
  systemd-analyze security --offline=true --root="$PWD/$1" --threshold=20 --no-pager perennial.service | tail -n 1
}

# Serves on free ports from the unpacked package until it is ready, asks for its health and its metrics, and ends it with SIGTERM.
serve_from() {
  local data portal pid
  data=$(mktemp -d)
  "$1/usr/bin/perennial" serve --data "$data" --host localhost --bind 127.0.0.1 \
    --mqtt-port 0 --amqp-port 0 --https-port 0 --portal-port 0 >"$data.log" 2>&1 &
  pid=$!
  trap 'kill -KILL '"$pid"' 2>/dev/null || true' EXIT
  for _ in {1..300}; do
    grep -q '^Ready' "$data.log" && break
    kill -0 "$pid" || break
    sleep 0.1
  done
  portal=$(sed -nE 's|^ *portal +(http://[^ ]+)/$|\1|p' "$data.log")
  [[ -n $portal ]] || { cat "$data.log"; return 1; }
  curl -fsS "$portal/healthz/ready"
  curl -fsS "$portal/metrics" | grep -m 1 '^perennial_connections{'
  kill -TERM "$pid"
  wait "$pid"
  trap - EXIT
  rm -rf "$data" "$data.log"
}

# In a mount namespace of its own: whatever dpkg and the scripts change lies in memory over this system, and goes with the namespace.
install_in_overlay() {
  local over=/mnt package
  package=$(readlink -f "$1")
  mount -t tmpfs tmpfs "$over"
  mkdir "$over"/{upper,work,root}
  cp "$package" "$over/perennial.deb"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$over/upper,workdir=$over/work" "$over/root"
  mount -t proc proc "$over/root/proc"
  mount --bind /dev "$over/root/dev"
  cp "$over/perennial.deb" "$over/root/root/perennial.deb"
  PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$over/root" bash -euo pipefail -c '
    dpkg -i /root/perennial.deb
    [[ $(getent passwd perennial | cut -d: -f6) == /var/lib/perennial ]]
    [[ $(readlink -f /usr/bin/perennial) == /usr/lib/perennial/perennial ]]
    install -d -o perennial -g perennial -m 700 /var/lib/perennial
    su -s /bin/bash perennial -c "perennial compute-device-key --help" | grep -q Usage
    echo "# the operator was here" >>/etc/default/perennial
    dpkg -i /root/perennial.deb
    tail -n 1 /etc/default/perennial | grep -q "the operator was here"
    dpkg -r perennial
    [[ ! -e /usr/bin/perennial && -f /etc/default/perennial ]]
    dpkg -P perennial
    [[ ! -e /etc/default/perennial && -d /var/lib/perennial ]] && getent passwd perennial >/dev/null
  '
  echo "installed, updated, removed and purged: $1"
}

check_package() {
  local scratch=$out/scratch
  rm -rf "$scratch"
  dpkg-deb --field "$deb" Package Version Architecture Depends
  dpkg-deb -x "$deb" "$scratch"
  dpkg-deb -e "$deb" "$scratch/DEBIAN"
  (cd "$scratch" && md5sum --quiet -c DEBIAN/md5sums)
  for script in postinst prerm postrm; do sh -n "$scratch/DEBIAN/$script"; done
  [[ $(<"$scratch/DEBIAN/conffiles") == /etc/default/perennial && -f $scratch/etc/default/perennial ]]
  (set -u && PERENNIAL_OPTIONS=unset && . "$scratch/etc/default/perennial" && [[ -z $PERENNIAL_OPTIONS ]])
  "$scratch/usr/bin/perennial" --help | grep -q '^  serve '
  serve_from "$scratch"
  verify_unit "$scratch"
  if [[ $EUID -eq 0 ]]; then
    unshare -m eng/package.sh --in-overlay "$deb"
  else
    echo "Not root: the package is not installed."
  fi
  rm -rf "$scratch"
  echo "checked: $deb"
}

if [[ ${1:-} == --in-overlay ]]; then
  install_in_overlay "$2"
  exit
fi

mkdir -p "$out"
publish
lay_out
dpkg-deb --root-owner-group -Zxz --build "$root" "$deb"
ls -l "$deb" "$out/linux-x64/perennial"
if [[ -n $check ]]; then
  check_package
fi
