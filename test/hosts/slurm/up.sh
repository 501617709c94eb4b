#!/bin/sh
# up.sh DIR [CPUS]: a cluster of one node from nothing, with neither systemd nor control groups nor accounting. Needs
# Debian's slurm-wlm and munge. The node says that it has CPUS processors, so that as many jobs run at the same time.
# Afterwards SLURM_CONF=DIR/slurm.conf; down.sh DIR ends it. The daemons have a configuration of their own with more
# patience: on a busy machine they would otherwise take each other for dead, and a job is then held back for two minutes
# or its node taken out. Programs keep the little patience that lets them notice a lost controller.
set -e
dir=${1:?DIR}
rm -rf "$dir"
mkdir -p "$dir/ctl" "$dir/spool" "$dir/log" "$dir/munge"
dir=$(cd "$dir" && pwd)
chmod 755 "$dir" "$dir/munge"
cpus=${2:-$(nproc)}
host=$(hostname -s)
memory=$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
port=$((20000 + $$ % 20000))
head -c 128 /dev/urandom >"$dir/munge/key"
chmod 600 "$dir/munge/key"
munged --force --key-file="$dir/munge/key" --socket="$dir/munge/sock" --pid-file="$dir/munge/pid" \
  --log-file="$dir/munge/log" --seed-file="$dir/munge/seed"
cat >"$dir/slurm.conf" <<CONF
ClusterName=lab
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge/sock
CredType=cred/munge
SlurmctldPort=$port
SlurmdPort=$((port + 1))
StateSaveLocation=$dir/ctl
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=0,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
InactiveLimit=0
KillWait=2
MinJobAge=3600
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
MessageTimeout=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus Boards=1 SocketsPerBoard=1 CoresPerSocket=$cpus ThreadsPerCore=1 RealMemory=$((memory * 8)) State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
sed 's/^MessageTimeout=.*/MessageTimeout=90/' "$dir/slurm.conf" >"$dir/daemons.conf"
cat >>"$dir/daemons.conf" <<CONF
BatchStartTimeout=600
UnkillableStepTimeout=600
CONF
export SLURM_CONF="$dir/slurm.conf"
slurmctld -c -f "$dir/daemons.conf"
slurmd -f "$dir/daemons.conf"
for _ in $(seq 100); do
  sinfo -h -o %T 2>/dev/null | grep -q idle && exit 0
  sleep 0.1
done
tail -n 5 "$dir/log/slurmctld.log" "$dir/log/slurmd.log" >&2
echo "The cluster in $dir did not come up within 10 s." >&2
exit 1
