#!/usr/bin/env bash
# A Spark cluster on this machine: a standalone master and some workers, on loopback alone, from pip's pyspark.
#
#   scripts/spark-cluster.sh start [WORKERS] [CORES] [MEMORY]   2 workers of 1 core and 1g each; prints the master's address
#   scripts/spark-cluster.sh stop
#
# CONFLICTDATA_SPARK_DIR is the folder for logs, scratch files and the process ids (master.pid, worker-1.pid, ...); where it
# is not set, a folder for this user under TMPDIR. PYTHON is the Python that has pyspark. Needs Java 17.
set -euo pipefail

folder=${CONFLICTDATA_SPARK_DIR:-${TMPDIR:-/tmp}/conflictdata-spark-$(id -u)}

# The port at which a daemon says that it listens.
port_of() {
  local log=$1 said=$2 pid=$3 port
  for _ in $(seq 600); do
    port=$(sed -n "s/.*${said}[^0-9]*\([0-9][0-9]*\)\.*\$/\1/p" "$log" | head -n 1)
    if [ -n "$port" ]; then
      echo "$port"
      return
    fi
    if ! kill -0 "$pid" 2>/dev/null; then break; fi
    sleep 0.2
  done
  echo "spark-cluster: no start; $log says:" >&2
  tail -n 5 "$log" >&2
  return 1
}

start() {
  local workers=${1:-2} cores=${2:-1} memory=${3:-1g} home number
  if [ -e "$folder/master.pid" ]; then
    echo "spark-cluster: $folder has a cluster already; stop it first" >&2
    return 2
  fi
  home=$("${PYTHON:-python3}" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))')
  mkdir -p "$folder"
  export SPARK_HOME=$home SPARK_LOCAL_IP=127.0.0.1 SPARK_MASTER_HOST=127.0.0.1 SPARK_NO_DAEMONIZE=1
  export SPARK_WORKER_DIR="$folder/work" SPARK_LOCAL_DIRS="$folder/scratch" SPARK_DAEMON_MEMORY=512m
  trap 'stop' ERR
  # Port 0: whichever is free.
  "$home/bin/spark-class" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 0 --webui-port 0 \
    >"$folder/master.log" 2>&1 </dev/null &
  echo $! >"$folder/master.pid"
  local url
  url="spark://127.0.0.1:$(port_of "$folder/master.log" "'sparkMaster' on port" "$(cat "$folder/master.pid")")"
  for number in $(seq "$workers"); do
    "$home/bin/spark-class" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --port 0 --webui-port 0 \
      --cores "$cores" --memory "$memory" "$url" >"$folder/worker-$number.log" 2>&1 </dev/null &
    echo $! >"$folder/worker-$number.pid"
  done
  for number in $(seq "$workers"); do
    registered "$folder/worker-$number.log" "$(cat "$folder/worker-$number.pid")"
  done
  trap - ERR
  echo "$url"
}

registered() {
  local log=$1 pid=$2
  for _ in $(seq 600); do
    if grep -q "Successfully registered with master" "$log"; then return; fi
    if ! kill -0 "$pid" 2>/dev/null; then break; fi
    sleep 0.2
  done
  echo "spark-cluster: a worker did not register; $log says:" >&2
  tail -n 5 "$log" >&2
  return 1
}

stop() {
  local file pid
  for file in "$folder"/worker-*.pid "$folder"/master.pid; do
    [ -e "$file" ] || continue
    pid=$(cat "$file")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
    rm -f "$file"
  done
  rm -rf "$folder/work" "$folder/scratch"
}

case ${1:-} in
  start) shift && start "$@" ;;
  stop) stop ;;
  *)
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
