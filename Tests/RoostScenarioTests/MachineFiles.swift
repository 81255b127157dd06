import Foundation
import RoostTesting

/// A root file system of some programs of this machine, in which an agent can run.
enum MachineFiles {
    private static let programs = [
        "bash", "sed", "id", "getent", "tr", "od", "uname", "env", "setpriv", "chown", "chmod", "cp", "mkdir", "cat",
        "rm",
        "grep", "ln", "dirname", "sleep", "touch", "ls",
    ]

    /// Makes one, with what else a program of this build needs, and with more programs.
    static func make(_ folder: String, for program: String, with more: [String] = []) throws {
        let line = """
            set -e
            mkdir -p "$1/etc" "$1/root" "$1/home/agent" "$1/bin" "$1/usr/bin" "$1/tmp" "$1/proc"
            for name in $3; do
                path=$(command -v "$name")
                cp --parents -L "$path" "$1"
                ldd "$path"
            done | sed -n 's,.* \\(/[^ ]*\\) (.*,\\1,p; s,^\\s*\\(/[^ ]*\\) (.*,\\1,p' | sort -u | while read -r file; do
                cp --parents -L "$file" "$1"
            done
            ldd "$2" | sed -n 's,.*=> \\(/[^ ]*\\) (.*,\\1,p' | while read -r file; do cp --parents -L "$file" "$1"; done
            [ -e "$1/bin/bash" ] || ln -s ../usr/bin/bash "$1/bin/bash"
            [ -e "$1/bin/sh" ] || ln -s bash "$1/bin/sh"
            printf 'root:x:0:0::/root:/bin/sh\\nagent:x:1:1::/home/agent:/bin/sh\\n' >"$1/etc/passwd"
            printf 'root:x:0:\\nagent:x:1:\\n' >"$1/etc/group"
            printf 'passwd: files\\ngroup: files\\nhosts: files dns\\n' >"$1/etc/nsswitch.conf"
            """
        let words = ["bash", "-c", line, "bash", folder, program, (programs + more).joined(separator: " ")]
        let (code, output) = try ShortCommand.run(words)
        guard code == 0 else { throw TestFailure("no base: \(String(decoding: output, as: UTF8.self))") }
    }
}
