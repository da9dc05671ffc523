# Starts a server, says "ready" or "failed", and stops it as soon as its own input ends: when Heddle closes it or is gone.
# It outlives what ends Heddle, and pg_ctl gives the server a session of its own: Ctrl-C in a terminal reaches Heddle
# alone, which still needs its database for a moment.
pg_ctl=$1 data=$2 port=$3

named() { read -r number < "$data/postmaster.pid" && echo "$number"; } 2> /dev/null

# Also asked of the file: by now another Heddle may have stopped this server, and started its own there.
is_up() { kill -0 "$server" && [ "$(named)" = "$server" ]; }

# Sends the signal once, and waits for the server to end, at most so many tenths of a second.
stop() {
    tenths=$2
    ! is_up || kill -s "$1" "$server"
    while [ "$tenths" -gt 0 ] && is_up; do
        sleep 0.1
        tenths=$((tenths - 1))
    done
} 2> /dev/null

trap '' HUP INT PIPE TERM
result=ready
"$pg_ctl" start --silent --wait --pgdata="$data" --options="-p $port" --timeout=300 >&2 || result=failed
server=$(named)
echo $result
read -r _
stop INT 300
stop QUIT 100
