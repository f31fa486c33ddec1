#!/usr/bin/env bash
# scan.sh SERVER TLS_FILES: openssl s_client and sslscan against the server, with certificates that
# the program TLS_FILES makes. Both tools begin with the handshake, so the server has to
# (handshake_first). Prints "N passed, N failed"; the status is 0 if nothing failed.
# shellcheck disable=SC2317  # most functions are called by check
set -uo pipefail
server=$1
tls_files=$2
patience=10

folder=$(mktemp -d "${TMPDIR:-/tmp}/gnatsd-scan-XXXXXX")
pids=()
cleanup() {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
    rm -rf "$folder"
}
trap cleanup EXIT

passed=0
failed=0
# check NAME COMMAND...: COMMAND's output is shown if it fails.
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        passed=$((passed + 1))
        echo "ok      $name"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n%s\n' "$name" "$output"
    fi
}

# start NAME MORE: a server with this in its tls block; its address is in $address then.
start() {
    local ports=$folder/$1.ports deadline=$((SECONDS + 2 * patience)) pid
    mkdir "$ports"
    cat >"$folder/$1.conf" <<END
tls { cert_file: "$folder/server.pem", key_file: "$folder/server.key", handshake_first: true $2 }
END
    "$server" -a 127.0.0.1 -p -1 --ports_file_dir "$ports" -c "$folder/$1.conf" &
    pid=$!
    pids+=("$pid")
    until address=$(grep -oshE '127\.0\.0\.1:[0-9]+' "$ports"/*_"$pid".ports); do
        if [ $SECONDS -gt $deadline ] || ! kill -0 "$pid" 2>/dev/null; then
            echo "FAILED  $server does not start"
            exit 1
        fi
        read -rt 0.01 <> <(:)
    done
}

# talk INPUT FLAGS...: what s_client shows until PONG, or the end.
talk() {
    local input=$1 line to from
    shift
    # Held open, so that the client does not take the end of its input for its own.
    exec {to}<>"$folder/input"
    exec {from}< <(exec openssl s_client -connect "$address" "$@" 2>&1 <&"$to")
    printf '%s\n' "$input" >&"$to"
    while IFS= read -rt "$patience" line <&"$from"; do
        printf '%s\n' "$line"
        [[ $line != PONG* ]] || break
    done
    kill "$!" 2>/dev/null
    wait "$!" 2>/dev/null
    exec {to}>&- {from}<&-
}

trusted=(-CAfile "$folder/ca.pem" -verify_hostname localhost -verify_return_error)
old=(-cipher ALL:@SECLEVEL=0)
hello=$'CONNECT {"verbose":false}\r\nPING\r'
# shows TEXT...: whether the standard input has all of these lines' parts.
shows() {
    local shown text
    shown=$(cat)
    printf '%s\n' "$shown"
    for text in "$@"; do
        grep -qF -- "$text" <<<"$shown" || { echo "-- without: $text" && return 1; }
    done
}

speaks() { talk "$hello" "-tls1_$1" "${trusted[@]}" | shows "TLSv1.$1" "Verification: OK" PONG; }
refuses() { talk "$hello" "$1" "${old[@]}" | shows "alert protocol version" "Cipher is (NONE)"; }

refuses_renegotiation() {
    talk R -tls1_2 "${trusted[@]}" | shows "Verification: OK" RENEGOTIATING "no renegotiation"
}

refuses_another_ca() {
    talk "$hello" -CAfile "$folder/stranger.pem" -verify_return_error |
        shows "certificate verify failed"
}

wants_a_certificate() { talk "$hello" "-tls1_$1" | shows "$2"; }
takes_the_certificate() {
    talk "$hello" "-tls1_$1" "${trusted[@]}" -cert "$folder/client.pem" -key "$folder/client.key" |
        shows PONG
}
refuses_a_stranger() {
    talk "$hello" "-tls1_$1" -cert "$folder/stranger.pem" -key "$folder/stranger.key" |
        shows "alert unknown ca"
}

scan() { sslscan --xml="$folder/scan.xml" "$address" >/dev/null && cat "$folder/scan.xml"; }
# scan_has LINE...: parts that the scan must have.
scan_has() { shows "$@" <"$folder/scan.xml"; }
protocols() {
    scan_has 'version="2" enabled="0"' 'version="3" enabled="0"' 'version="1.0" enabled="0"' \
        'version="1.1" enabled="0"' 'version="1.2" enabled="1"' 'version="1.3" enabled="1"'
}
ciphers() {
    local offered
    offered=$(grep -oP '<cipher .*? cipher="\K[^"]+' "$folder/scan.xml" | sort)
    diff <(printf '%s\n' ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 \
        ECDHE-ECDSA-CHACHA20-POLY1305 TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 \
        TLS_CHACHA20_POLY1305_SHA256) <(printf '%s\n' "$offered")
}
weaknesses() {
    scan_has '<renegotiation supported="0"' 'sslversion="TLSv1.2" vulnerable="0"' &&
        ! grep -E 'vulnerable="1"|<compression supported="1"|strength="(weak|medium|null|anonymous)' \
            "$folder/scan.xml"
}
certificate() {
    scan_has '<signature-algorithm>ecdsa-with-SHA256<' 'type="EC" curve_name="prime256v1"' \
        '<altnames><![CDATA[DNS:localhost, IP Address:127.0.0.1]]>' '<![CDATA[Test CA]]>' \
        '<expired>false<'
}

"$tls_files" "$folder" || exit 1
mkfifo "$folder/input"
start plain ""
check "TLS 1.3 is spoken" speaks 3
check "TLS 1.2 is spoken" speaks 2
check "TLS 1.1 is refused" refuses -tls1_1
check "TLS 1.0 is refused" refuses -tls1
check "renegotiation is refused" refuses_renegotiation
check "a server of another CA is not trusted" refuses_another_ca
check "sslscan runs" scan
check "scan: TLS 1.2 and 1.3 only" protocols
check "scan: only ciphers with forward secrecy and authentication" ciphers
check "scan: no weakness known to it" weaknesses
check "scan: the certificate as it was made" certificate
start verify ", ca_file: \"$folder/ca.pem\", verify: true"
check "TLS 1.3: a client's certificate is wanted" wants_a_certificate 3 "alert certificate required"
check "TLS 1.2: a client's certificate is wanted" wants_a_certificate 2 "alert handshake failure"
for version in 2 3; do
    check "TLS 1.$version: a client's certificate is taken" takes_the_certificate $version
    check "TLS 1.$version: one of another CA is refused" refuses_a_stranger $version
done
echo "$passed passed, $failed failed"
exit $((failed > 0))
