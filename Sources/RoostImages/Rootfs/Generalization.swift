import Foundation

/// Takes out of an image what only one machine may have, so that each machine of it makes its own.
struct Generalization {
    let sandbox: Sandbox

    /// What it does, as far as layers depend on it.
    static let digest = LayerKey.digest(["generalize", "1"])

    private static let machineID = "/etc/machine-id"
    /// What a machine keeps from its random source, and what it made once for itself.
    private static let own = [
        "/var/lib/dbus/machine-id", "/var/lib/systemd/random-seed", "/var/lib/systemd/credential.secret",
        "/var/lib/urandom/random-seed", "/var/lib/NetworkManager/secret_key", "/boot/loader/random-seed",
    ]
    private static let keyFolder = "/etc/ssh"

    /// Does it.
    ///
    /// - Returns: paths that are different now.
    /// - Throws: ``SandboxFailure``.
    func apply() throws -> [String] {
        var changed: [String] = []
        for path in Self.own + hostKeys where isFile(path) {
            try sandbox.remove(path)
            changed.append(path)
        }
        if try clearMachineID() { changed.append(Self.machineID) }
        if try addKeyMaker() { changed.append(Self.keyUnit) }
        return changed
    }

    private var hostKeys: [String] {
        guard let folder = try? sandbox.open(Self.keyFolder, O_RDONLY | O_DIRECTORY) else { return [] }
        let names = (try? FolderEntries.of(folder, Self.keyFolder).map(\.0)) ?? []
        return names.filter { name in
            name.hasPrefix("ssh_host_") && (name.hasSuffix("_key") || name.hasSuffix("_key.pub"))
        }.map { "\(Self.keyFolder)/\($0)" }
    }

    private var hasSystemd: Bool { isFile("/lib/systemd/systemd") || isFile("/usr/lib/systemd/systemd") }

    /// An empty file is what systemd fills at the next boot, and only if it is there.
    private func clearMachineID() throws -> Bool {
        let text = try? sandbox.contents(Self.machineID)
        guard text.map({ !$0.isEmpty }) ?? hasSystemd else { return false }
        if text != nil { try sandbox.remove(Self.machineID) }
        try sandbox.write([], to: Self.machineID, mode: 0o444)
        return true
    }

    // MARK: Keys of SSH

    private static let keyUnit = "/etc/systemd/system/roost-host-keys.service"
    private static let keyWish = "/etc/systemd/system/ssh.service.d/roost-host-keys.conf"
    private static let keyUnitText = """
        [Unit]
        Description=Make the host keys of SSH
        ConditionPathExistsGlob=!/etc/ssh/ssh_host_*_key
        Before=ssh.service

        [Service]
        Type=oneshot
        ExecStart=/usr/bin/ssh-keygen -A

        """

    /// Debian makes the keys once, when its package is installed, and its server does not start without them.
    private func addKeyMaker() throws -> Bool {
        guard hasSystemd, isFile("/usr/bin/ssh-keygen"), !isFile(Self.keyUnit),
            isFile("/lib/systemd/system/ssh.service") || isFile("/usr/lib/systemd/system/ssh.service")
        else { return false }
        try sandbox.makeFolder("/etc/systemd/system/ssh.service.d")
        try sandbox.write(Array(Self.keyUnitText.utf8), to: Self.keyUnit, mode: 0o644)
        let wish = "[Unit]\nWants=roost-host-keys.service\nAfter=roost-host-keys.service\n"
        try sandbox.write(Array(wish.utf8), to: Self.keyWish, mode: 0o644)
        return true
    }

    /// Whether there is something that is no folder and no link.
    private func isFile(_ path: String) -> Bool {
        guard let descriptor = try? sandbox.open(path, O_RDONLY | O_NOFOLLOW) else { return false }
        defer { close(descriptor) }
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
