import Foundation
import RoostModel

/// User data of cloud-init with which a machine joins a pool when it first starts.
struct CloudConfig: Sendable {
    /// Where a machine without an agent gets one.
    struct Archive: Sendable, Hashable {
        var url: String
        /// Hexadecimal.
        var sha256: String
    }

    /// The server, as machines reach it.
    var url: String
    var pool: String
    /// The agent's name; nil lets the machine choose one.
    var agent: String?
    var token: Secret
    /// Who runs jobs.
    var user: String
    var archive: Archive?
    /// Whether jobs get containers, by an engine without a daemon, a socket or a group.
    var hasContainers: Bool

    private static let containerPackages = [
        "podman", "runc", "crun", "uidmap", "netavark", "aardvark-dns", "iptables", "slirp4netns",
    ]
    private static let ids = "100000-165535"

    var text: String {
        var values = ["ROOST_URL=\(url)", "ROOST_TOKEN=\(token.exposed)", "ROOST_POOL=\(pool)"]
        if let agent { values.append("ROOST_AGENT=\(agent)") }
        var lines = [
            "#cloud-config", "users:", "- default", "- name: \(user)", "  shell: /bin/bash", "  lock_passwd: true",
        ]
        if hasContainers { lines += ["packages:"] + Self.containerPackages.map { "- \($0)" } }
        lines += ["write_files:", "- path: /run/roost/boot", "  permissions: '0600'", "  content: |"]
        lines += values.map { "    \($0)" }
        lines += ["runcmd:"] + commands.map { "- \(Self.quoted($0))" }
        return lines.joined(separator: "\n") + "\n"
    }

    private var commands: [String] {
        var commands: [String] = []
        if hasContainers {
            commands.append(
                "grep -q '^\(user):' /etc/subuid || usermod --add-subuids \(Self.ids) --add-subgids \(Self.ids) \(user)"
            )
        }
        if let archive { commands.append(Self.fetching(archive, user)) }
        commands.append(Self.starting)
        return commands
    }

    /// Does nothing in an image that has an agent.
    private static func fetching(_ archive: Archive, _ user: String) -> String {
        let (file, folder) = ("/run/roost/agent.tar", "/opt/roost-agent")
        let steps = [
            "curl -fsSL --retry 5 -o \(file) \(word(archive.url))",
            "echo '\(archive.sha256)  \(file)' | sha256sum -c -",
            "mkdir -p \(folder)", "tar -C \(folder) -xf \(file)", "rm \(file)", "\(folder)/boot.sh install \(user)",
        ]
        return "test -x /etc/roost/boot || { \(steps.joined(separator: " && ")); }"
    }

    /// An agent that runs already goes on; one that waits to be tried again is started now.
    private static let starting = [
        "if [ -d /run/systemd/system ]; then systemctl daemon-reload; systemctl --no-block start roost-boot.service;",
        "else setsid /etc/roost/boot run >/dev/console 2>&1 & fi",
    ].joined(separator: " ")

    /// A word of a command line.
    private static func word(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

    /// A text as YAML has it between single quotes.
    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}
