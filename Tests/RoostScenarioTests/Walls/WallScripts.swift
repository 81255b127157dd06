/// The pipelines of a job that leaves secrets everywhere, and of one that looks for them.
enum WallScripts {
    /// Everything that is to be found begins with this; scripts put it together, so that they do not find themselves.
    static let mark = "hush-"

    /// Plants secrets, tells `ready`, and stays until somebody writes into `go`.
    static let first = """
        pool: first
        variables:
        - group: from-vault
        steps:
        - checkout: self
        - task: DownloadSecureFile@1
          name: file
          inputs: { secureFile: hush.txt }
        - task: InstallSSHKey@0
          inputs: { knownHostsEntry: 'example.test ssh-ed25519 AAAA', sshKeySecureFile: key.pem }
        - task: Cache@2
          inputs: { key: '"things"', path: $(Pipeline.Workspace)/cached }
        - bash: |
            set -e
            python3 plant.py "$MARK"
            mkdir -p "$CACHED" "$STAGED"
            echo "${MARK}cache" >"$CACHED/thing"
            echo "${MARK}artifact" >"$STAGED/thing"
            git config http.extraheader "AUTHORIZATION: ${MARK}git-config"
            PLANTED="${MARK}variable $FROM_VAULT" TOKEN="$TOKEN" setsid --fork python3 stay.py "$MARK" "${MARK}command-line" >/dev/null
            # The literal is what an input of a task looks like: hush-input
            printf '%s' "$TOKEN" >"$HOME/token-of-first"
          env:
            MARK: \(mark)
            TOKEN: $(System.AccessToken)
            FROM_VAULT: $(kept)
            CACHED: $(Pipeline.Workspace)/cached
            STAGED: $(Build.ArtifactStagingDirectory)/published
        - publish: $(Build.ArtifactStagingDirectory)/published
          artifact: things
        - bash: |
            # hush-input
            echo ready >"$HOME/ready"
            read -r go <"$HOME/go"
            cat "$HOME/exchange" 2>/dev/null || true
        """

    /// Leaves things in all places that outlive a process.
    static let plant = #"""
        import ctypes, os, sys
        mark = sys.argv[1]
        home, env = os.environ["HOME"], os.environ
        def put(path, word):
            with open(path, "w") as file: file.write(mark + word + "\n")
        put("secret.txt", "workspace")
        put(env["AGENT_TEMPDIRECTORY"] + "/left.txt", "temp")
        for name in ("tmp", "var/tmp", "dev/shm"): put("/" + name + "/roost-left-by-first", name)
        put(home + "/left-by-first", "home")
        put(env["AGENT_TOOLSDIRECTORY"] + "/left-by-first", "tools")
        libc = ctypes.CDLL(None, use_errno=True)
        key = libc.shmget(0x5ee, 4096, 0o1600)
        libc.shmat.restype = ctypes.c_void_p
        place = libc.shmat(key, None, 0)
        if key >= 0 and place not in (None, ctypes.c_void_p(-1).value):
            ctypes.memmove(place, (mark + "sysv").encode(), len(mark + "sysv"))
        add_key = {"x86_64": 248, "aarch64": 217}[os.uname().machine]
        text = (mark + "keyring").encode()
        # Into the ring of the user, by way of this process's.
        number = libc.syscall(add_key, b"user", b"roost-left-by-first", text, len(text), -2)
        keyctl = {"x86_64": 250, "aarch64": 219}[os.uname().machine]
        if number >= 0:
            libc.syscall(keyctl, 5, number, 0x3f3f0000)
            libc.syscall(keyctl, 8, number, -4)
            # It goes by itself.
            libc.syscall(keyctl, 15, number, 600)
        """#

    /// A process in the background that holds secrets in its environment, its command line and its memory, and outlives its step.
    static let stay = #"""
        import os, socket, sys
        kept = sys.argv[1] + "memory"
        server = socket.create_server(("127.0.0.1", 0))
        with open(os.environ["HOME"] + "/port-of-first", "w") as file: file.write(str(server.getsockname()[1]))
        while True:
            peer, _ = server.accept()
            peer.sendall((sys.argv[1] + "port").encode())
            peer.close()
        """#

    /// Looks for what the first job left, and for what its agent has.
    static let second = """
        pool: $POOL
        steps:
        - checkout: self
        - task: CopyFiles@2
          displayName: Copy the agent
          continueOnError: true
          inputs: { SourceFolder: $OTHER, Contents: '**', TargetFolder: $(Pipeline.Workspace)/stolen }
        - bash: ln -sfn "$OTHER" "$(Pipeline.Workspace)/link"
        - task: CopyFiles@2
          displayName: Copy through a link
          continueOnError: true
          inputs: { SourceFolder: $(Pipeline.Workspace)/link/_work, Contents: '**', TargetFolder: $(Pipeline.Workspace)/stolen-by-link }
        - bash: 'echo "##vso[task.uploadfile]$OTHER/.agent"'
          name: upload
          displayName: Upload a file of the agent
          continueOnError: true
        - task: Cache@2
          inputs: { key: '"things"', path: $(Pipeline.Workspace)/cached, cacheHitVar: HIT }
        - bash: python3 spy.py "$MARK" "$OTHER" $WHEN
          env:
            MARK: \(mark)
            TOKEN: $(System.AccessToken)
            STOLEN: $(Pipeline.Workspace)/stolen
            LINKED: $(Pipeline.Workspace)/stolen-by-link
            CACHED: $(Pipeline.Workspace)/cached
            COLLECTION: $(System.CollectionUri)
            FIRST_RUN: $RUN
            ENDPOINT: '$ENDPOINT'
        """

    static func second(pool: String, other: String, when: String, run: Int, endpoint: String) -> String {
        [
            "$POOL": pool, "$OTHER": other, "$WHEN": when, "$RUN": String(run), "$ENDPOINT": endpoint,
        ].reduce(second) { $0.replacing($1.key, with: $1.value) }
    }

    static let spy = #"""
        import ctypes, json, os, re, socket, subprocess, sys, urllib.error, urllib.request
        mark, other, when = sys.argv[1:4]
        env, home = os.environ, os.environ["HOME"]
        libc = ctypes.CDLL(None, use_errno=True)

        def has(data, word): return (mark + word).encode() in data
        def read(path):
            try:
                with open(path, "rb") as file: return file.read(1 << 22)
            except OSError: return b""
        def tree(folder):
            for place, _, names in os.walk(folder):
                for name in names: yield os.path.join(place, name)
        def any_file(folder, word): return any(has(read(path), word) for path in tree(folder))

        own = {os.getpid(), os.getppid()}
        def pids(): return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) not in own]
        def memory(pid, wanted):
            try:
                with open("/proc/%d/maps" % pid) as maps, open("/proc/%d/mem" % pid, "rb", 0) as mem:
                    for line in maps:
                        found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
                        if not found: continue
                        begin, end = (int(text, 16) for text in found.groups())
                        if end - begin > 1 << 26: continue
                        try:
                            mem.seek(begin)
                            if wanted in mem.read(end - begin): return True
                        except (OSError, ValueError, OverflowError): pass
            except OSError: pass
            return False
        def in_memory(wanted, is_agent):
            for pid in pids():
                line = read("/proc/%d/cmdline" % pid)
                # Those of the second job's own steps hold what it looks for.
                if (b"roost-agent" in line) == is_agent and b"spy.py" not in line and memory(pid, wanted): return True
            return False
        def run(*words, **more):
            try: return subprocess.run(words, capture_output=True, timeout=60, **more).stdout
            except (OSError, subprocess.TimeoutExpired): return b""
        def ask(path, **headers):
            request = urllib.request.Request(path if "://" in path else env["COLLECTION"] + path, headers=headers)
            try: return urllib.request.urlopen(request, timeout=30).read()
            except (OSError, urllib.error.HTTPError): return b""
        def api(path): return ask(path, Authorization="Bearer " + env["TOKEN"])
        def sysv():
            number = libc.shmget(0x5ee, 4096, 0)
            libc.shmat.restype = ctypes.c_void_p
            place = libc.shmat(number, None, 0o10000) if number >= 0 else None
            return place is not None and has(ctypes.string_at(place, 64), "sysv")
        def keyring():
            keyctl = {"x86_64": 250, "aarch64": 219}[os.uname().machine]
            for line in read("/proc/keys").decode(errors="replace").splitlines():
                buffer = ctypes.create_string_buffer(256)
                count = libc.syscall(keyctl, 11, int(line.split()[0], 16), buffer, 256)
                if count > 0 and has(buffer.raw, "keyring"): return True
            return False
        def agents_keys():
            for place, _, names in os.walk("/tmp"):
                if "ssh" in place or any("ssh" in name for name in names):
                    for name in names:
                        socket_path = os.path.join(place, name)
                        if "roost-ssh" in name and b"SHA256" in run("ssh-add", "-l", env=dict(env, SSH_AUTH_SOCK=socket_path)):
                            return True
            return False
        def mirror():
            for place, folders, names in os.walk(other + "/_work/_mirrors"):
                if "HEAD" in names and has(run("git", "--git-dir=" + place, "show", "refs/heads/main:known.txt"), "repository"): return True
            return False
        def port():
            try:
                with socket.create_connection(("127.0.0.1", int(read(home + "/port-of-first") or b"0")), 5) as peer: return has(peer.recv(64), "port")
            except OSError: return False
        def undone():
            look = "grep -rqs %sworkspace %s/_work" % (mark, other)
            tries = [
                ["unshare", "-Urm", "sh", "-c", "umount -l %s %s/_work/1; %s" % (other, other, look)],
                ["nsenter", "--target", "1", "--mount", "sh", "-c", look],
                ["sh", "-c", "grep -rqs %sworkspace /proc/1/root%s/_work" % (mark, other)],
                ["sudo", "-n", "sh", "-c", look],
            ]
            return any(subprocess.run(words, capture_output=True).returncode == 0 for words in tries if words[0] != "sudo" or os.path.exists("/usr/bin/sudo"))
        def replaced():
            # What stands where the agent works must be itself when the next job begins.
            work = other + "/_work"
            mine = env["PIPELINE_WORKSPACE"]
            try:
                os.rename(mine, mine + "-moved")
                os.rename(mine + "-moved", mine)
                return True
            except OSError: return False
        def stolen(folder):
            # What all jobs see may be copied.
            return any_file(folder, "workspace") or any_file(folder, "temp") or any("/.credentials" in path for path in tree(folder))
        def written(path):
            try:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "a") as file: return True
            except OSError: return False
        def metadata():
            address = env["ENDPOINT"]
            if not address: return False
            return b"access_token" in ask(address + "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=api", Metadata="true")

        attempts = {
            "environment": lambda: any(has(read("/proc/%d/environ" % pid), "variable") for pid in pids()),
            "vault-environment": lambda: any(has(read("/proc/%d/environ" % pid), "vault") for pid in pids()),
            "command-line": lambda: any(has(read("/proc/%d/cmdline" % pid), "command-line") for pid in pids()),
            "memory": lambda: in_memory((mark + "memory").encode(), False),
            "worker-memory": lambda: in_memory((mark + "vault").encode(), True),
            "agent-environment": lambda: any(has(read("/proc/%d/environ" % pid), "header") for pid in pids()),
            "workspace": lambda: any_file(other + "/_work", "workspace"),
            "git-config": lambda: any_file(other + "/_work", "git-config"),
            "temp": lambda: any_file(other + "/_work/_temp", "temp"),
            "secure-file": lambda: any_file(other + "/_work/_temp", "secure-file"),
            "input": lambda: any_file(other + "/_work/_temp", "input"),
            "ssh-agent": agents_keys,
            "mirror": mirror,
            "tmp": lambda: has(read("/tmp/roost-left-by-first"), "tmp"),
            "var-tmp": lambda: has(read("/var/tmp/roost-left-by-first"), "var/tmp"),
            "shm": lambda: has(read("/dev/shm/roost-left-by-first"), "dev/shm"),
            "sysv": sysv,
            "keyring": keyring,
            "key-file": lambda: b"privateExponent" in read(other + "/.credentials_rsaparams") or b'"d"' in read(other + "/.credentials_rsaparams"),
            "settings": lambda: len(read(other + "/.agent")) > 0,
            "settings-written": lambda: written(other + "/.env"),
            "diagnostics": lambda: any(len(read(path)) > 0 for path in tree(other + "/_diag")),
            "own-key": lambda: len(read(env["AGENT_HOMEDIRECTORY"] + "/.credentials_rsaparams")) > 0,
            "tasks-written": lambda: written(env["AGENT_WORKFOLDER"] + "/_tasks/left-by-second"),
            "copy-files": lambda: stolen(env["STOLEN"]),
            "copy-link": lambda: stolen(env["LINKED"]),
            "undone": undone,
            "replaced": replaced,
            "cache": lambda: any_file(env["CACHED"], "cache"),
            "artifact": lambda: b"things" in api("one/_apis/build/builds/%s/artifacts?api-version=7.1" % env["FIRST_RUN"]),
            "logs": lambda: b'"count"' in api("one/_apis/build/builds/%s/logs?api-version=7.1" % env["FIRST_RUN"]),
            "groups": lambda: b"kept" in api("one/_apis/distributedtask/variablegroups?api-version=7.1"),
            "secure-files": lambda: b"hush.txt" in api("one/_apis/distributedtask/securefiles?api-version=7.1"),
            "vault": lambda: has(ask(env["COLLECTION"].split("/")[0] + "//" + env["COLLECTION"].split("/")[2] + "/secrets/kept?api-version=7.4", Authorization="Bearer " + env["TOKEN"], Host="team.vault.test"), "vault"),
            "metadata": metadata,
            "port": port,
            "home": lambda: has(read(home + "/left-by-first"), "home"),
            "tools": lambda: any_file(other + "/_work/_tool", "tools"),
        }
        for name, attempt in attempts.items():
            print("ATTEMPT %s %s" % (name, "read" if attempt() else "no"), flush=True)
        """#
}
