#!/bin/sh
# Ask the hundred questions of benchmarks/platforms.py on processors that QEMU emulates, and say what differs from this
# one: those of a Raspberry Pi 4 and 5, in a Debian for arm64, then x86-64 without AVX, and with AVX2 alone.
#
#     sudo benchmarks/emulated.sh [FOLDER] [RELEASE]
#
# On Debian or Ubuntu for x86-64, after: apt-get install qemu-user-static binfmt-support debootstrap
# FOLDER (var/emulated) keeps the system, the light installation in it, and the records: 1.2 GB; RELEASE is bookworm.
# PYTHON names the Python here (.venv/bin/python). Times are those of an emulation, and so is the memory: QEMU's own.
set -eu

skip() {
  echo "skipped: $1" >&2
  exit 0
}

project=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mkdir -p "${1:-var/emulated}" && cd "${1:-var/emulated}" && pwd)
release=${2:-bookworm}
python=${PYTHON:-$project/.venv/bin/python}
system=$folder/$release-arm64

[ "$(id -u)" = 0 ] || skip "only root may make a system of another processor"
[ "$(uname -m)" = x86_64 ] || skip "this is no x86-64"
for tool in debootstrap qemu-aarch64-static qemu-x86_64-static "$python"; do
  command -v "$tool" >/dev/null || skip "$tool is missing"
done
[ -e /proc/sys/fs/binfmt_misc/status ] || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc || skip "no binfmt_misc"
[ -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] || update-binfmts --enable qemu-aarch64 || skip "qemu-aarch64 is not registered"

inside() { # NAME=VALUE… COMMAND…
  chroot "$system" env -i PATH=/opt/venv/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"
}

if [ ! -e "$system/installed" ]; then
  rm -rf "$system"
  debootstrap --foreign --arch=arm64 --variant=minbase --include=python3,python3-venv,ca-certificates "$release" "$system"
  inside /debootstrap/debootstrap --second-stage
  cp /etc/resolv.conf "$system/etc/resolv.conf"
  cp /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/certs/ca-certificates.crt"
  mkdir "$system/opt/project"
  tar -C "$project" -c pyproject.toml constraints.txt README.md LICENSE NOTICE bot index | tar -C "$system/opt/project" -x
  inside python3 -m venv /opt/venv
  inside pip install --no-cache-dir -c /opt/project/constraints.txt /opt/project
  inside pip uninstall -y babillard # the questions are put to the sources, which may be newer
  touch "$system/installed"
fi
rm -rf "$system/opt/project"
mkdir "$system/opt/project"
tar -C "$project" -c bot index benchmarks seeds | tar -C "$system/opt/project" -x

cd "$project"
"$python" -m benchmarks.platforms ask "$folder/here.json" --name "this processor"
for processor in cortex-a72 cortex-a76; do
  inside QEMU_CPU="$processor" PYTHONPATH=/opt/project python -m benchmarks.platforms ask /root/record.json --name "$processor"
  mv "$system/root/record.json" "$folder/$processor.json"
done
for processor in Nehalem Haswell; do
  qemu-x86_64-static -cpu "$processor" "$python" -m benchmarks.platforms ask "$folder/$processor.json" --name "$processor"
done
cd "$folder"
PYTHONPATH=$project "$python" -m benchmarks.platforms compare here.json cortex-a72.json cortex-a76.json Nehalem.json Haswell.json
