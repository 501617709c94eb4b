#!/bin/sh
# down.sh DIR: ends what up.sh DIR started, by process id.
dir=${1:?DIR}
for file in slurmd.pid slurmctld.pid munge/pid; do
  [ -s "$dir/$file" ] || continue
  pid=$(cat "$dir/$file")
  kill "$pid" 2>/dev/null
  for _ in $(seq 50); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -9 "$pid" 2>/dev/null
done
exit 0
